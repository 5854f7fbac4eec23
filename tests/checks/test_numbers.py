"""What the checks measure is right by other formulas, and their limits are those on the page."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.catalog.nouns import Station
from cosmodrome.checks import run
from cosmodrome.checks.engines import engine, level
from cosmodrome.checks.forces import discs, sunlit_fraction
from cosmodrome.checks.motion import Ballistic, felt_acceleration, fly, zonal_gravity
from cosmodrome.checks.orbit_reached import _apsides
from cosmodrome.checks.parking import parking_orbit
from cosmodrome.checks.sight import visibility
from cosmodrome.checks.verdicts import at_least, at_most, not_judged
from cosmodrome.checks.view import View
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.mission.nouns import AzimuthClaim, Visibility
from cosmodrome.world.geodesy import enu_axes, geodetic_from_itrf, itrf_from_geodetic
from tests.checks import synthetic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.verdicts import Judged
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

G0 = 9.80665
RE = 6378137.0


@pytest.fixture(scope="module")
def found(clean: Flight, shipped_world: World) -> tuple[Finding, ...]:
    return run(clean, shipped_world, strict=True)


@pytest.fixture(scope="module")
def view(clean: Flight, shipped_world: World) -> View:
    return View(clean, shipped_world)


def one(found: tuple[Finding, ...], check: str, unit: str, where: str = "") -> Finding:
    return next(f for f in found if f.check == check and f.unit == unit and where in f.where)


# (check, unit) -> limits, as docs/checks has them; mission and vehicle limits left out
LIMITS = {
    ("inclination", "deg"): [0.05],
    ("local-time-of-node", "s"): [120.0, 3.0],
    ("semi-major-axis", "km"): [5.0],
    ("reported-orbit", "m"): [200.0, 1.0],
    ("reported-orbit", "deg"): [0.01],
    ("perigee-floor", "km"): [150.0, 110.0, 150.0],
    ("launch-window", "ns"): [0.0],
    ("launch-window", "min"): [0.0],
    ("on-the-pad", "m"): [50.0],
    ("on-the-pad", "m/s"): [1.0],
    ("planned-azimuth", "deg"): [2.0],
    ("flown-heading", "deg"): [5.0, 0.5],
    ("corridor", "deg"): [0.0],
    ("seam-leg-ends", "m"): [1e-3],
    ("seam-leg-ends", "m/s"): [1e-6],
    ("seam-leg-ends", "kg"): [1e-3],
    ("seam-inside-paths", "m"): [1e-3],
    ("seam-inside-paths", "m/s"): [1e-6],
    ("seam-inside-paths", "kg"): [1e-3],
    ("seam-release", "ns"): [0.0, 0.0, 0.0],
    ("seam-release", "m"): [1e-3] * 3,
    ("seam-release", "m/s"): [1e-6] * 3,
    ("seam-release", "kg"): [1e-3] * 4,
    ("event-states", "m"): [1.0],
    ("event-states", "m/s"): [1e-3, 1e-3],
    ("event-states", "deg"): [1e-4],
    ("event-states", "s"): [1e-6],
    ("lift-off", "1"): [1.0],
    ("lift-off", "kg"): [1e-3],
    ("mass-between-burns", "kg"): [0.01],
    ("mass-budget", "kg"): [1e-3],
    ("thrust-felt", "%"): [0.2, 0.2],
    ("payload-margin", "kg"): [0.5, -0.5],
    ("max-q-event", "%"): [0.5],
    ("heat-flux", "W/m^2"): [1135.0 * 1.005],
    ("optimum-reflown", "m"): [50.0],
    ("optimum-reflown", "m/s"): [0.05],
    ("coast-reflown", "m"): [20.0],
    ("coast-reflown", "m/s"): [0.02],
    ("orbit-defect", "m"): [1.0],
    ("drop-points", "km"): [3.0, 3.0, 3.0],
    ("fall-band", "km"): [3.0] * 6,
    ("fall-band", "%"): [10.0] * 3,
    ("impact-trace", "km"): [0.1] * 6,
    ("spent-stage-perigee", "km"): [0.1],
    ("above-ground", "m"): [-50.0, -0.5],
    ("orbit-nodes", "s"): [0.05, 0.05],
    ("frames", "1"): [1e-13, 1e-7],
    ("frames", "arcsec"): [1.0],
    ("frames", "s"): [0.9],
    ("earth-orientation", "m"): [100.0, 100.0],
}


@pytest.mark.parametrize("key", LIMITS, ids=lambda k: " ".join(k))
def test_limit_is_the_documented_one(key: tuple[str, str], found: tuple[Finding, ...]) -> None:
    limits = [f.limit for f in found if (f.check, f.unit) == key]
    assert limits == pytest.approx(LIMITS[key], rel=1e-12)


def test_node_rate_limit_follows_from_the_tolerances(
    found: tuple[Finding, ...], view: View
) -> None:
    """d(rate)/rate = -tan i di - 7/2 da/a for rate ~ a^-7/2 cos i, and 0.004 deg/day."""
    sun = 360.0 / 365.2421897
    i = view.mean.i_rad
    wanted = sun * (abs(np.tan(i)) * np.radians(0.05) + 3.5 * 5e3 / (RE + 820e3)) + 0.004
    assert one(found, "node-rate", "deg/day").limit == pytest.approx(wanted, rel=1e-9)


def test_corridor_margin_is_the_angle_to_its_nearer_end(
    found: tuple[Finding, ...], flown: Any
) -> None:
    heading = np.degrees(synthetic.relative_azimuth(flown, 115.5))
    assert one(found, "corridor", "deg").measured == pytest.approx(heading - 325.0, abs=1e-6)


def test_first_minute_by_the_worlds_geodesy(
    found: tuple[Finding, ...], flown: Any, clean: Flight
) -> None:
    off = synthetic.relative_azimuth(flown, 60.0) - clean.launch.azimuth_relative_rad
    assert one(found, "flown-heading", "deg", "T+60 s").measured == pytest.approx(
        abs(np.degrees(off)), abs=1e-6
    )


def test_perigee_after_the_last_burn_is_that_of_the_elements(
    found: tuple[Finding, ...], flown: Any, shipped_world: World
) -> None:
    mu = float(shipped_world.gravity().mu_m3_s2)
    s = flown.state(flown.end2)
    r, v = s.r_m, s.v_m_s
    e = np.linalg.norm(np.cross(v, np.cross(r, v)) / mu - r / np.linalg.norm(r))
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / mu)
    perigee = a * (1.0 - e) - RE
    assert one(found, "perigee-floor", "km", "last burn").measured == pytest.approx(
        perigee / 1e3, abs=1e-6
    )
    t = np.linspace(flown.end1, flown.start2, 4001)
    turn = shipped_world.orientation.itrf_from_gcrf_many(flown.lift_off, t)
    h = geodetic_from_itrf(turn.vector(flown.stack_path.columns_at(t)[:, :3]))[2]
    assert one(found, "perigee-floor", "km", "coast").measured == pytest.approx(
        float(np.min(h)) / 1e3, abs=0.01
    )


def test_coasts_against_the_elements(clean: Flight, flown: Any, shipped_world: World) -> None:
    limits = replace(clean.mission.limits, coast_altitude_m=110e3, perigee_altitude_m=90e3)
    asked = replace(clean, mission=replace(clean.mission, limits=limits))
    lowest, perigee = parking_orbit(View(asked, shipped_world))
    t = np.linspace(flown.end1, flown.start2, 20_001)
    r = np.linalg.norm(flown.stack_path.columns_at(t)[:, :3], axis=1)
    assert lowest.measured == pytest.approx(float(r.min() - RE) / 1e3, abs=1e-3)
    s = flown.state(flown.end1)
    e = elements_from_state(s.r_m, s.v_m_s, float(shipped_world.gravity().mu_m3_s2))
    assert perigee.measured == pytest.approx((e.a_m * (1.0 - e.e) - RE) / 1e3, abs=1e-6)
    assert (lowest.limit, perigee.limit) == (110.0, 90.0)


def test_a_long_coast_to_the_apogee_of_a_climb_only_warns(
    clean: Flight, shipped_world: World
) -> None:
    """The second burn by a stage that was not lit before; then a coast too short to be one."""
    limits = replace(clean.mission.limits, coast_altitude_m=400e3)

    def with_burn(start_s: float) -> Iterator[Judged]:
        stack = next(g for g in clean.legs if g.kind == "stack")
        *others, last = sorted(stack.ledger.burns, key=lambda b: b.start_s)
        burns = (*others, replace(last, stage="kick", start_s=start_s))
        legs = tuple(
            replace(g, ledger=replace(g.ledger, burns=burns)) if g is stack else g
            for g in clean.legs
        )
        changed = replace(clean, legs=legs, mission=replace(clean.mission, limits=limits))
        return parking_orbit(View(changed, shipped_world))

    stack = next(g for g in clean.legs if g.kind == "stack")
    *_, one, two = sorted(stack.ledger.burns, key=lambda b: b.start_s)
    (low,) = with_burn(two.start_s)
    assert low.verdict == "warns"
    assert not list(with_burn(one.end_s + 800.0))


def test_elevations_against_the_horizon(clean: Flight, flown: Any, shipped_world: World) -> None:
    """Straight up is 90 deg; a place on the horizon plane is 0; what is seen is the best of two."""
    event = next(e for e in clean.legs[0].events if "fairing" in e.name)
    under = Station("under", event.latitude_rad, event.longitude_rad, 0.0, 0.1)
    far = Station("far", -event.latitude_rad, event.longitude_rad - 3.0, 0.0, 0.1)

    def seen(rule: Visibility) -> Judged:
        asked = replace(clean, mission=replace(clean.mission, visibility=(rule,)))
        (found,) = visibility(View(asked, shipped_world))
        return found

    found = seen(Visibility(event.name, (far, under)))
    assert found.measured == pytest.approx(90.0, abs=1e-3)
    assert found.verdict == "holds"
    hidden = seen(Visibility(event.name, (far,)))
    assert hidden.verdict == "fails"
    assert hidden.measured < -60.0
    # from lift-off on the pad sees it well, and worst at the end
    site = clean.mission.site
    pad = Station("pad", site.latitude_rad, site.longitude_rad, site.height_m, 0.1)
    span = seen(Visibility(event.name, (pad,), "lift-off"))
    alone = seen(Visibility(event.name, (pad,)))
    assert span.measured == pytest.approx(alone.measured, abs=1e-6)
    # by the law of cosines in the triangle of centre, pad and stack, on the ellipsoid's normal
    s = flown.state(event.t_s)
    turn = shipped_world.orientation.itrf_from_gcrf(s.epoch)
    d = turn.vector(s.r_m) - itrf_from_geodetic(pad.latitude_rad, pad.longitude_rad, pad.height_m)
    up = enu_axes(pad.latitude_rad, pad.longitude_rad)[2]
    by_hand = 90.0 - math.degrees(math.acos(float(d @ up) / float(np.linalg.norm(d))))
    assert alone.measured == pytest.approx(by_hand, abs=1e-6)
    assert seen(Visibility("no such event", (pad,))).verdict == "not-judged"


def test_loads_by_hand(found: tuple[Finding, ...], flown: Any, shipped_world: World) -> None:
    """Greatest felt acceleration: boosters and core at T+100 s, thrust less back-pressure."""
    m = float(flown.stack_path.column("mass_kg", 99.9999))
    thrust = 4 * 1_020_000.0 + 986_000.0
    # lift-off mass less 100 s of all flows
    boosters, core, other = 4 * 1_020_000.0 / (G0 * 320.0), 986_000.0 / (G0 * 320.0), 36.0
    parts = (
        4 * (3800.0 + 39000.0 + 1200.0) + 6500.0 + 90000.0 + 2500.0 + 30000.0
        + 1700.0 + 110.0 + 2900.0
    )  # fmt: skip
    assert m == pytest.approx(parts - 99.9999 * (boosters + core + other), abs=1e-3)
    column = [f for f in found if f.check == "axial-acceleration"][1]
    assert column.measured == pytest.approx(thrust / m / G0, rel=2e-6)
    path = next(f for f in found if f.check == "axial-acceleration")
    assert column.measured * 0.97 < path.measured < column.measured
    assert one(found, "lift-off", "1").measured == pytest.approx(
        (4 * 840_000.0 + 792_000.0) / (parts * G0), rel=1e-12
    )
    assert one(found, "axial-acceleration", "g0").limit == pytest.approx(6.0 * 1.002)
    assert one(found, "dynamic-pressure", "kPa").limit == pytest.approx(60.0 * 1.002)


def test_dynamic_pressure_and_heat_flux_by_the_flights_own_air(
    found: tuple[Finding, ...], flown: Any, shipped_world: World
) -> None:
    planet = synthetic._Planet(shipped_world, flown.lift_off)
    q, flux = [], []
    for t in np.linspace(40.0, 100.0, 601):
        y = flown.stack_path.columns_at(float(t))
        rho, _, _, w, _ = planet.air(y[0:3], y[3:6])
        q.append(0.5 * rho * float(w @ w))
    for t in np.linspace(185.0, 285.0, 101):
        y = flown.stack_path.columns_at(float(t))
        rho, _, _, w, _ = planet.air(y[0:3], y[3:6])
        flux.append(0.5 * rho * float(np.linalg.norm(w)) ** 3)
    assert one(found, "dynamic-pressure", "kPa").measured == pytest.approx(max(q) / 1e3, rel=1e-3)
    assert one(found, "heat-flux", "W/m^2").measured == pytest.approx(max(flux), rel=5e-3)


def test_felt_acceleration_is_thrust_over_mass_in_vacuum(view: View) -> None:
    inside = (view.stack_t_s > 300.0) & (view.stack_t_s < 500.0)
    felt = np.linalg.norm(felt_acceleration(view)[inside], axis=1)
    mass = view.stack_samples.values[inside, 6]
    assert felt * mass == pytest.approx(np.full(inside.sum(), 350_000.0), rel=1e-5)
    u = view.stack_samples.values[inside, 7:10]
    along = np.einsum("ij,ij->i", felt_acceleration(view)[inside], u)
    assert along == pytest.approx(felt, rel=1e-5)


def test_zonal_gravity_at_pole_and_equator(view: View, shipped_world: World) -> None:
    """-mu/r^2 (1 + c J2 (Re/r)^2), c = 3/2 at the equator, -3 at the poles (J4 apart)."""
    f = shipped_world.gravity()
    axis = view.axis
    side = np.cross(axis, [1.0, 0.0, 0.0])
    side /= np.linalg.norm(side)
    r = 7.0e6
    for direction, c in ((side, 1.5), (axis, -3.0)):
        g = zonal_gravity(view, (r * direction)[None, :])[0]
        wanted = f.mu_m3_s2 / r**2 * (1.0 + c * f.zonal_j(2) * (f.radius_m / r) ** 2)
        assert -g @ direction == pytest.approx(wanted, rel=2e-5)


def test_a_stone_falls_as_galilei_says(view: View) -> None:
    """1 km of fall near the pole without air: t = sqrt(2 h / g), g = 9.832 at the pole."""
    motion = Ballistic(view, 0.0, 1.0)
    b = RE * (1.0 - 1.0 / 298.257223563)
    y0 = np.concatenate([view.axis * (b + 1000.0), np.zeros(3)])
    t, y = fly(motion, y0, 100.0, ground=motion.ground)
    assert t == pytest.approx(np.sqrt(2000.0 / 9.8306), rel=2e-4)
    assert motion.height(*y[:3]) == pytest.approx(0.0, abs=1e-3)
    # in air a body of ballistic coefficient m / (Cd A) falls at sqrt(2 m g / (rho Cd A)) at last
    motion = Ballistic(view, 2.0, 100.0)
    y0 = np.concatenate([view.axis * (b + 3000.0), np.zeros(3)])
    t, y = fly(motion, y0, 1000.0, ground=motion.ground)
    assert np.linalg.norm(y[3:6]) == pytest.approx(
        np.sqrt(2.0 * 100.0 * 9.832 / (1.225 * 2.0)), rel=0.01
    )


def test_a_fall_from_high_comes_to_its_terminal_speed_without_a_warning() -> None:
    """Its last free steps are long: the ones tried run into the ground, where air has no number."""

    def falls(t: float, y: Any) -> list[float]:
        height, speed = y
        return [speed, -9.8 - 0.01 * np.exp(-height / 7e3) * speed * abs(speed)]

    t, y = fly(falls, np.array([3e5, 500.0]), 7200.0, ground=lambda t, y: float(y[0]), rtol=1e-9)
    assert 600.0 < t < 720.0
    # the scale height is 140 terminal depths: the air thickens slowly beside the fall
    assert y[1] == pytest.approx(-math.sqrt(9.8 / 0.01), rel=5e-3)


def test_the_sun_goes_behind_the_earth() -> None:
    """Umbra and penumbra of a point 7000 km out: half-angle of the Earth's disc 65.65 deg."""
    sun = np.array([149.6e9, 0.0, 0.0])

    def lit(angle_deg: float) -> float:
        a = np.radians(angle_deg)
        r = 7.0e6 * np.array([-np.cos(a), np.sin(a), 0.0])
        return float(sunlit_fraction(r[None, :], sun[None, :])[0])

    edge = np.degrees(np.arcsin(6378137.0 / 7.0e6))
    disc = np.degrees(695.7e6 / 149.6e9)
    assert lit(0.0) == 0.0
    assert lit(180.0) == 1.0
    assert lit(edge - 1.1 * disc) == 0.0
    assert lit(edge + 1.1 * disc) == 1.0
    # at the edge of a disc much larger than the Sun's, half of the Sun is seen
    assert lit(edge) == pytest.approx(0.5, abs=6e-3)
    # a quarter of the diameter out: (arccos x - x sqrt(1 - x^2)) / pi at x = 1/2
    wanted = 1.0 - (np.arccos(0.5) - 0.5 * np.sqrt(0.75)) / np.pi
    assert lit(edge + 0.5 * disc) == pytest.approx(wanted, abs=6e-3)
    c, a, b = discs(np.array([[0.0, 7.0e6, 0.0]]), sun[None, :])
    assert np.degrees(c[0]) == pytest.approx(90.0, abs=0.01)
    assert np.degrees(a[0]) == pytest.approx(disc, rel=1e-4)
    assert np.degrees(b[0]) == pytest.approx(edge, rel=1e-9)


def test_orbit_defect_grows_with_what_is_left_out(clean: Flight, shipped_world: World) -> None:
    """Sunlight on a large body left out of the path: a steady push in one direction shifts the
    eccentricity vector, which moves the body by about 3/2 (a / n) t."""
    mission = clean.mission
    physics = replace(mission.physics, radiation_pressure=True)
    craft = replace(mission.spacecraft, srp_area_m2=290.0)
    flight = replace(clean, mission=replace(mission, physics=physics, spacecraft=craft))
    f = one(run(flight, shipped_world, strict=True), "orbit-defect", "m")
    assert f.verdict == "fails"
    # 4.54e-6 N/m^2 x 1.3 x 290 m^2 / 2900 kg for one revolution of 6085 s
    push = 4.54e-6 * 1.3 * 0.1
    size = 1.5 * push * 6085.0 / (2.0 * np.pi / 6085.0)
    assert 0.4 * size < f.measured < 1.2 * size


def test_verdicts_at_their_edges() -> None:
    assert at_most(1.0, 1.0, "m", "", "").verdict == "holds"
    assert at_most(1.0 + 1e-12, 1.0, "m", "", "").verdict == "fails"
    assert at_most(2.0, 1.0, "m", "", "", otherwise="warns").verdict == "warns"
    assert at_least(1.0, 1.0, "m", "", "").verdict == "holds"
    assert at_least(0.9, 1.0, "m", "", "").verdict == "fails"
    assert at_least(3.0, 1.0, "m", "", "").margin == pytest.approx(2.0)
    assert at_most(3.0, 1.0, "m", "", "").margin == pytest.approx(-2.0)
    for bad in (float("nan"), float("inf")):
        judged = at_most(bad, 1.0, "m", "", "")
        assert judged.verdict == "fails"
        assert judged.margin is None
        assert judged.measured is None
    assert not_judged("why").verdict == "not-judged"


def test_apsides_of_known_conics() -> None:
    """250 x 35,786 km by vis-viva; and an escape at 1.2 times the escape speed."""
    mu = 3.986004415e14
    rp, ra = RE + 250e3, RE + 35_786e3
    v = np.sqrt(2.0 * mu / rp - 2.0 * mu / (rp + ra))
    r0 = np.array([0.0, rp, 0.0])
    perigee, apogee = _apsides(r0, np.array([0.0, 0.0, v]), mu)
    assert perigee == pytest.approx(rp, abs=1e-3)
    assert apogee == pytest.approx(ra, abs=1e-2)
    perigee, apogee = _apsides(r0, np.array([0.0, 0.0, 1.2 * np.sqrt(2.0 * mu / rp)]), mu)
    assert perigee == pytest.approx(rp, abs=1e-3)
    assert apogee == float("inf")


def test_throttle_steps_count_from_ignition() -> None:
    stage = replace(synthetic.UPPER, throttle=((10.0, 0.5), (20.0, 0.8)))
    told = level(stage, np.array([300.0, 309.9, 310.0, 319.9, 320.0, 400.0]), 300.0, None)
    assert list(told) == [1.0, 1.0, 0.5, 0.5, 0.8, 0.8]
    # a stage that is lit before first motion counts from first motion
    first = replace(synthetic.BOOSTERS, throttle=((0.0, 0.75), (6.0, 1.0)))
    assert list(level(first, np.array([0.0, 5.9, 6.0]), -15.0, None)) == [0.75, 0.75, 1.0]


def test_flow_over_a_throttle_step(view: View) -> None:
    """Boosters from T+90 to T+110: ten seconds full, ten at 80 %, and 9 kg/s of peroxide each."""
    burn = next(b for b in view.stack.ledger.burns if b.stage == "boosters")
    main, other = engine(view, burn).used_kg(90.0, 110.0)
    assert main == pytest.approx(18.0 * 4 * 1_020_000.0 / (G0 * 320.0), rel=1e-12)
    assert other == pytest.approx(20.0 * 36.0)
    # no more than the burn itself
    assert engine(view, burn).used_kg(114.0, 130.0)[1] == pytest.approx(36.0)
    assert engine(view, burn).used_kg(116.0, 130.0) == (0.0, 0.0)


def test_flow_of_a_stage_lit_before_first_motion(view: View) -> None:
    """Lit at T-15 s, throttled from T+100 s on: the step does not come 15 s early."""
    burns = view.stack.ledger.burns
    early = tuple(replace(b, start_s=-15.0) if b.stage == "boosters" else b for b in burns)
    ledger = replace(view.stack.ledger, burns=early)
    legs = tuple(replace(g, ledger=ledger) if g.object == "stack" else g for g in view.flight.legs)
    other = View(replace(view.flight, legs=legs), view.world)
    assert engine(other, early[0]).used_kg(84.0, 101.0)[0] == pytest.approx(
        (16.0 + 0.8) * 4 * 1_020_000.0 / (G0 * 320.0), rel=1e-12
    )


def test_ignitions_and_settling_are_counted_stage_by_stage(
    clean: Flight, shipped_world: World
) -> None:
    """Nothing was lost in this flight: what the catalogue asks for is what is missing."""
    for changes, missing in (
        # what an ignition on the pad loses is gone before first motion
        ({"core": {"ignition_loss_kg": 1.0}, "upper": {"ignition_loss_kg": 0.5}}, 1.0),
        ({"upper": {"ignition_loss_kg": 1.0}}, 2.0),  # lit twice
        ({"upper": {"settling_s": 50.0, "settling_flow_kg_s": 0.1}}, 5.0),  # one restart
    ):
        stages = tuple(replace(s, **changes.get(s.id, {})) for s in clean.mission.vehicle.stages)
        vehicle = replace(clean.mission.vehicle, stages=stages)
        flight = replace(clean, mission=replace(clean.mission, vehicle=vehicle))
        f = one(run(flight, shipped_world, strict=True), "mass-between-burns", "kg")
        assert f.verdict == "fails"
        assert f.measured == pytest.approx(missing, abs=1e-6)


def test_an_inertial_claim_is_held_against_the_northbound_way_into_the_plane(
    clean: Flight, view: View, shipped_world: World
) -> None:
    """cos i = cos(geocentric latitude) sin(azimuth), the solution that heads north."""
    latitude = clean.mission.site.latitude_rad
    geocentric = np.arctan((1.0 - 1.0 / 298.257223563) ** 2 * np.tan(latitude))
    north = np.arcsin(np.cos(view.mean.i_rad) / np.cos(geocentric)) % (2.0 * np.pi)
    for azimuth, verdict in ((north, "holds"), ((np.pi - north) % (2.0 * np.pi), "fails")):
        claim = AzimuthClaim(azimuth, "inertial", np.radians(0.01))
        launch = replace(clean.mission.launch, azimuth=claim)
        claimed = replace(clean, mission=replace(clean.mission, launch=launch))
        assert one(run(claimed, shipped_world), "claimed-azimuth", "deg").verdict == verdict


def test_a_moved_impact_is_measured_in_kilometres(clean: Flight, shipped_world: World) -> None:
    leg = next(x for x in clean.legs if x.object == "core" and x.impact is not None)
    assert leg.impact is not None
    moved = replace(leg.impact, latitude_rad=leg.impact.latitude_rad + 20e3 / 6371e3)
    legs = tuple(replace(x, impact=moved) if x is leg else x for x in clean.legs)
    seen = run(replace(clean, legs=legs), shipped_world)
    measured = [f.measured for f in seen if f.check == "drop-points" and f.object == "core"]
    assert measured == [pytest.approx(20.0, rel=0.01)]
