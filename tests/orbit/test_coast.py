"""The orbit chapter: flown orbits are the ones aimed at, and events happen where they should."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import orbit
from cosmodrome.catalog.nouns import DragTable, Site, Vehicle
from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.errors import FrameMismatchError, InputError
from cosmodrome.mission.nouns import (
    Coast,
    Launch,
    Mission,
    PhysicsModel,
    Quantity,
    Spacecraft,
    Target,
)
from cosmodrome.orbit import bias_from, orbit_record
from cosmodrome.record.nouns import Elements, Handover, Leg, OrbitRecord
from cosmodrome.targets import MEAN_SUN_RATE_RAD_S, insertion
from cosmodrome.world.bodies import SUN
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, TOD
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.targets import Insertion
    from cosmodrome.world.world import World

RE = 6378137.0
TURN = 2.0 * math.pi
EPOCH = Epoch.from_utc("2027-03-01T06:40:00Z")
KEPLER = PhysicsModel(0, 0, (), "none", False)
SSO = Target(
    "sun-synchronous",
    Quantity(RE + 820e3, 5e3),
    Quantity(0.0, 1e-3),
    ltan_s=Quantity(15 * 3600.0, 120.0),
)


def mission(target: Target = SSO, physics: PhysicsModel | None = None, *coasts: float) -> Mission:
    return Mission(
        "test",
        Site("pad", "Pad", "1", "", 0.9, 2.2, 0.0),
        Vehicle("v", "v", (), DragTable(1.0, (0.0,), (0.3,))),
        Spacecraft("sc", 2900.0, 12.0, 2.2, 12.0, 1.3),
        Launch(time=EPOCH),
        target,
        plan=tuple(Coast(c) for c in coasts),
        physics=physics or PhysicsModel(),
    )


def execute(
    start: State, flown: Mission, world: World, lift_off: Epoch | None = None
) -> tuple[Leg | None, OrbitRecord]:
    """All coasts of a mission from a state."""
    coasts = [step for step in flown.plan if isinstance(step, Coast)]
    return orbit.execute(
        Handover(start, (), {}, {}), flown, world, coasts=coasts, lift_off=lift_off
    )


def turned(r: np.ndarray, v: np.ndarray, world: World, epoch: Epoch = EPOCH) -> State:
    """A state given in the equator and equinox of date, in GCRF."""
    axes = world.orientation.tod_from_gcrf(epoch).matrix
    return State(epoch, GCRF, axes.T @ r, axes.T @ v, 2900.0)


def released(aim: Insertion, world: World, u: float = 1.9) -> State:
    raan = aim.raan_of(EPOCH)
    return turned(*aim.state_at(u, 1.0 if raan is None else raan), world)


@pytest.fixture(scope="module")
def day(shipped_world: World) -> tuple[Insertion, Leg, OrbitRecord]:
    """A day in the full model from the first aim."""
    aim = insertion(SSO, EPOCH, shipped_world)
    leg, record = execute(
        released(aim, shipped_world),
        mission(SSO, None, 86400.0),
        shipped_world,
        lift_off=EPOCH + -3600.0,
    )
    assert leg is not None
    return aim, leg, record


def test_the_first_aim_meets_the_target(day: tuple[Insertion, Leg, OrbitRecord]) -> None:
    aim, _, record = day
    # tesserals and J3 shift the mean orbit by their own first-order terms: 1e-6 R = tens of m
    assert record.mean.a_m == pytest.approx(aim.a_mean_m, abs=150.0)
    assert record.mean.i_rad == pytest.approx(aim.i_mean_rad, abs=2e-5)
    assert record.mean.e < 5e-5
    assert record.ltan_s == pytest.approx(15 * 3600.0, abs=1.0)
    assert record.perigee_altitude_m == pytest.approx(820e3, abs=500.0)
    assert record.apogee_altitude_m == pytest.approx(820e3, abs=500.0)
    assert record.perigee_altitude_m <= record.apogee_altitude_m
    assert "14 nodal revolutions" in record.mean_theory
    # the Moon's fortnight and the equinox's own drift stay below a thousandth
    assert record.node_rate_rad_s == pytest.approx(MEAN_SUN_RATE_RAD_S, rel=1e-3)


def test_one_correction_of_the_aim_is_enough(
    day: tuple[Insertion, Leg, OrbitRecord], shipped_world: World
) -> None:
    aim, _, record = day
    better = aim.with_bias(aim.bias + bias_from(record, aim))
    _, again = execute(released(better, shipped_world), mission(SSO, None, 86400.0), shipped_world)
    assert again.mean.a_m == pytest.approx(aim.a_mean_m, abs=2.0)
    assert again.mean.i_rad == pytest.approx(aim.i_mean_rad, abs=2e-8)
    assert again.mean.e < 1e-6
    assert again.ltan_s == pytest.approx(15 * 3600.0, abs=0.01)


def test_local_time_holds_over_the_day(
    day: tuple[Insertion, Leg, OrbitRecord], shipped_world: World
) -> None:
    """By the crossings alone: local mean solar time (UTC + longitude) at each ascending node."""
    _, leg, record = day
    clocks = []
    for e in leg.events:
        if e.name == "ascending node":
            day_part, fraction = e.epoch.jd_utc
            utc_h = ((day_part + 0.5) % 1.0 + fraction) * 24.0
            clocks.append((utc_h + math.degrees(e.longitude_rad) / 15.0) % 24.0 * 3600.0)
    assert len(clocks) == 14
    # the short-period terms vanish at the node; m-dailies move it by 1e-5 rad = 0.14 s
    assert np.array(clocks) == pytest.approx(record.ltan_s, abs=2.0)
    drift = np.polyfit(np.arange(14) / 14.2, clocks, 1)[0]
    assert abs(drift) < 1.0  # s of local time a day


def test_osculating_orbit_in_both_frames(
    day: tuple[Insertion, Leg, OrbitRecord], shipped_world: World
) -> None:
    _, leg, record = day
    mu = shipped_world.gravity().mu_m3_s2
    r, v = state_from_elements(record.osculating_gcrf, mu)
    assert r == pytest.approx(leg.start.r_m, abs=1e-6)
    assert v == pytest.approx(leg.start.v_m_s, abs=1e-9)
    axes = shipped_world.orientation.tod_from_gcrf(EPOCH).matrix
    r, v = state_from_elements(record.osculating, mu)
    assert axes.T @ r == pytest.approx(leg.start.r_m, abs=1e-6)
    # 27 years of precession separate the two nodes by a third of a degree
    apart = math.degrees(record.osculating.raan_rad - record.osculating_gcrf.raan_rad)
    assert 0.2 < apart < 0.5
    assert record.osculating.a_m == pytest.approx(record.osculating_gcrf.a_m, abs=1e-6)


def test_events_are_where_they_belong(
    day: tuple[Insertion, Leg, OrbitRecord], shipped_world: World
) -> None:
    _, leg, _ = day
    pole = shipped_world.orientation.cip_gcrf(EPOCH)
    assert [e.t_s for e in leg.events] == sorted(e.t_s for e in leg.events)
    for e in leg.events:
        s = leg.path.at(e.epoch)
        assert e.object == "sc"
        assert e.t_s == pytest.approx(3600.0 + (e.epoch - EPOCH), abs=1e-9)
        if "node" in e.name:
            assert abs(s.r_m @ pole) < 5.0  # the pole moves by 0.2 m a day at this radius
            assert (s.v_m_s @ pole > 0.0) == (e.name == "ascending node")
            assert abs(e.latitude_rad) < 5e-6  # polar motion
        if e.name in ("perigee", "apogee"):
            assert abs(s.r_m @ s.v_m_s) < 1e-3 * np.linalg.norm(s.r_m)
            near = [
                np.linalg.norm(leg.path.at(s.epoch + dt).r_m)
                for dt in (-60.0, 60.0)
                if leg.path.start <= s.epoch + dt <= leg.path.end
            ]
            for other in near:
                assert (other > np.linalg.norm(s.r_m)) == (e.name == "perigee")
    assert leg.events[-1].name == "end of coast"
    names = [e.name for e in leg.events]
    assert names.count("ascending node") == 14
    assert names.count("descending node") == 15
    for kind in ("umbra", "penumbra"):
        edges = [n for n in names if n.split()[0] == kind]
        assert len(edges) >= 28
        assert all(a != b for a, b in pairwise(edges))


def test_the_leg_tells_how_it_was_made(day: tuple[Insertion, Leg, OrbitRecord]) -> None:
    _, leg, _ = day
    assert (leg.chapter, leg.object, leg.kind, leg.parent) == ("orbit", "sc", "spacecraft", "stack")
    assert leg.start.epoch == EPOCH
    assert leg.end.epoch == EPOCH + 86400.0
    assert leg.end.mass_kg == 2900.0
    assert (
        np.array_equal(leg.path.at(leg.end.epoch).r_m, leg.end.r_m)
        or np.linalg.norm(leg.path.at(leg.end.epoch).r_m - leg.end.r_m) < 1e-6
    )
    assert leg.handover_in is not None
    assert leg.handover_in.state is leg.start
    assert leg.handover_out is not None
    assert leg.handover_out.state is leg.end
    forces = {a.force: a for a in leg.audit}
    # the mean radius of this orbit is a [1 - 3/2 k (1 - 3/2 sin^2 i)] = 7202.4 km
    central = forces["earth, central term"]
    assert central.mean_m_s2 == pytest.approx(3.986004415e14 / 7.2024e6**2, rel=1e-4)
    assert forces["sun"].mean_m_s2 < forces["moon"].mean_m_s2 < 1e-6
    assert 0.0 < forces["drag"].mean_m_s2 < 1e-7
    assert 0.0 < forces["radiation pressure"].largest_m_s2 < 1e-7
    assert leg.solve.status == "flown"
    assert leg.solve.budget["segments"] > 10
    assert any("Brouwer" in c for c in leg.citations)


def closed_form_eclipse(r: float, beta: float, distance: float, part: str) -> float:
    """Arc of orbit, rad, inside the shadow cone of a sphere, for a circular orbit.

    The cone's generator touches the sphere: asin(R/r) -+ asin((R_sun -+ R)/d) from the axis
    (umbra upper signs, penumbra lower); on the orbit cos(angle) = cos(beta) cos(u).
    """
    sign = -1.0 if part == "umbra" else 1.0
    angle = math.asin(RE / r) + sign * math.asin((SUN.radius_m + sign * RE) / distance)
    if math.cos(angle) >= math.cos(beta):
        return 0.0
    return 2.0 * math.acos(math.cos(angle) / math.cos(beta))


@pytest.mark.parametrize("raan_deg", [0.0, 35.0, 60.0, 75.0, 90.0, 200.0, 300.0])
def test_eclipse_durations_against_the_closed_form(shipped_world: World, raan_deg: float) -> None:
    a, i = RE + 700e3, math.radians(80.0)
    mu = shipped_world.gravity().mu_m3_s2
    r, v = state_from_elements(Elements(a, 0.0, i, math.radians(raan_deg), 0.0, 0.0), mu)
    leg, _ = execute(
        State(EPOCH, GCRF, r, v, 2900.0), mission(SSO, KEPLER, 4 * 5940.0), shipped_world
    )
    assert leg is not None
    normal = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    n = math.sqrt(mu / a**3)
    seen = 0
    for part in ("umbra", "penumbra"):
        spans = []
        opened = None
        for e in leg.events:
            if e.name == f"{part} entry":
                opened = e
            elif e.name == f"{part} exit" and opened is not None:
                spans.append((opened.epoch, e.t_s - opened.t_s))
        for start, lasted in spans:
            middle = start + 0.5 * lasted
            sun = shipped_world.ephemeris.position_m("sun", middle)
            distance = float(np.linalg.norm(sun))
            beta = math.asin(float(normal @ sun) / distance)
            arc = closed_form_eclipse(a, beta, distance, part)
            # the shadow moves on while it is crossed: the Sun's motion along the orbit
            rate = (shipped_world.ephemeris.velocity_m_s("sun", middle) @ np.cross(normal, sun)) / (
                distance * math.cos(beta)
            ) ** 2
            assert lasted == pytest.approx(arc / (n - rate), abs=0.05)
            seen += 1
    sun = shipped_world.ephemeris.position_m("sun", EPOCH)
    distance = float(np.linalg.norm(sun))
    beta = math.asin(float(normal @ sun) / distance)
    if closed_form_eclipse(a, beta, distance, "penumbra") == 0.0:
        assert not any("umbra" in e.name for e in leg.events)
    else:
        assert seen >= 2  # near 64 deg of beta the shadow is only grazed, and left within days


def test_an_orbit_across_the_terminator_is_never_dark(shipped_world: World) -> None:
    dawn = replace(
        SSO, ltan_s=Quantity(6 * 3600.0, 60.0), semi_major_axis_m=Quantity(RE + 1500e3, 5e3)
    )
    aim = insertion(dawn, EPOCH, shipped_world)
    leg, record = execute(released(aim, shipped_world), mission(dawn, None, 20000.0), shipped_world)
    assert leg is not None
    assert not any("umbra" in e.name for e in leg.events)
    assert record.ltan_s == pytest.approx(6 * 3600.0, abs=3.0)
    assert record.node_rate_rad_s is None  # less than a day is too short to tell


def test_without_a_plan_the_record_comes_from_theory(
    day: tuple[Insertion, Leg, OrbitRecord], shipped_world: World
) -> None:
    _, flown, averaged = day
    leg, record = execute(flown.start, mission(), shipped_world)
    assert leg is None
    assert "Brouwer" in record.mean_theory
    assert record.node_rate_rad_s is None
    # J2 alone knows 99.9 % of the 7 km between osculating and mean
    assert abs(averaged.osculating.a_m - averaged.mean.a_m) > 5e3
    assert record.mean.a_m == pytest.approx(averaged.mean.a_m, abs=150.0)
    assert record.mean.i_rad == pytest.approx(averaged.mean.i_rad, abs=2e-5)
    assert record.ltan_s == pytest.approx(averaged.ltan_s, abs=1.0)


def test_a_transfer_ellipse_closes_its_loop_too(shipped_world: World) -> None:
    rp, ra = RE + 250e3, RE + 35786e3
    a, e = 0.5 * (rp + ra), (ra - rp) / (ra + rp)
    target = Target("elliptic", Quantity(a, 20e3), Quantity(e, 2e-3), Quantity(0.45, 1e-3))
    aim = insertion(target, EPOCH, shipped_world)
    physics = PhysicsModel(20, 20, ("sun", "moon"), "none", True)
    miss = []
    for _ in range(4):
        _, record = execute(
            released(aim, shipped_world, u=0.1),
            mission(target, physics, 3 * 86400.0),
            shipped_world,
        )
        miss.append(abs(record.mean.a_m - a))
        aim = aim.with_bias(aim.bias + bias_from(record, aim))
    print("misses of a, m:", ", ".join(f"{m:.1f}" for m in miss))
    assert miss[0] > 10e3  # an osculating a near perigee is far from the mean one
    assert miss[-1] < 50.0
    assert record.mean.e == pytest.approx(e, abs=1e-5)
    assert record.mean.i_rad == pytest.approx(0.45, abs=1e-6)


def test_several_coasts_end_one_after_another(shipped_world: World) -> None:
    aim = insertion(SSO, EPOCH, shipped_world)
    leg, _ = execute(
        released(aim, shipped_world), mission(SSO, KEPLER, 1000.0, 500.0, 250.5), shipped_world
    )
    assert leg is not None
    ends = [(e.name, e.t_s) for e in leg.events if e.name.startswith("end of coast")]
    assert ends == [
        ("end of coast 1", 1000.0),
        ("end of coast 2", 1500.0),
        ("end of coast 3", 1750.5),
    ]
    assert leg.end.epoch == EPOCH + 1750.5
    # in the field of a point the Kepler orbit is the whole truth
    mu = shipped_world.gravity().mu_m3_s2
    before, after = (elements_from_state(s.r_m, s.v_m_s, mu) for s in (leg.start, leg.end))
    assert after.a_m == pytest.approx(before.a_m, rel=1e-12)
    assert after.e == pytest.approx(before.e, abs=1e-12)


def test_a_failed_insertion_falls_back(shipped_world: World) -> None:
    mu = shipped_world.gravity().mu_m3_s2
    rp, ra = RE - 20e3, RE + 200e3
    low = Elements(0.5 * (rp + ra), (ra - rp) / (ra + rp), 1.0, 0.0, 0.0, math.pi)
    start = turned(*state_from_elements(low, mu), shipped_world)
    leg, record = execute(start, mission(SSO, None, 86400.0), shipped_world)
    assert leg is not None
    assert leg.solve.status == "fell to the atmosphere"
    last = leg.events[-1]
    assert last.name == "re-entry"
    assert last.altitude_m == pytest.approx(121.92e3, abs=1.0)
    assert leg.end.epoch < EPOCH + 3000.0
    assert "end of coast" not in [e.name for e in leg.events]
    assert record.perigee_altitude_m < 0.0


def test_an_open_orbit_is_recorded_as_such(shipped_world: World) -> None:
    mu = shipped_world.gravity().mu_m3_s2
    r, v = state_from_elements(Elements(-2e7, 1.35, 0.5, 1.0, 2.0, 0.1), mu)
    record = orbit_record(turned(r, v, shipped_world), None, shipped_world)
    assert record.mean == record.osculating
    assert "open" in record.mean_theory
    assert record.apogee_altitude_m == math.inf
    assert record.perigee_altitude_m == pytest.approx(2e7 * 0.35 - RE, abs=1e-3)


def test_what_cannot_be_flown_is_refused(shipped_world: World) -> None:
    aim = insertion(SSO, EPOCH, shipped_world)
    start = released(aim, shipped_world)
    with pytest.raises(InputError, match="a coast of -5 s"):
        execute(start, mission(SSO, KEPLER, 100.0, -5.0), shipped_world)
    with pytest.raises(FrameMismatchError, match="rotate it"):
        orbit_record(State(EPOCH, TOD, start.r_m, start.v_m_s, 1.0), None, shipped_world)


def test_one_revolution_of_an_ellipse_is_left_to_theory(shipped_world: World) -> None:
    mu = shipped_world.gravity().mu_m3_s2
    r, v = state_from_elements(Elements(26060e3, 0.74, 1.096, 0.17, 4.89, 0.56), mu)
    start = turned(r, v, shipped_world)
    j2 = PhysicsModel(2, 0, (), "none", False)
    _, alone = execute(start, mission(SSO, j2), shipped_world)
    _, once = execute(start, mission(SSO, j2, 55_000.0), shipped_world)
    _, twice = execute(start, mission(SSO, j2, 90_000.0), shipped_world)
    assert once.mean == alone.mean
    assert "average" in twice.mean_theory
    assert twice.mean.a_m == pytest.approx(once.mean.a_m, abs=500.0)
