"""The mean orbit read by averaging: against first-order theory on a J2 to J4 orbit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome import checks, mission
from cosmodrome.checks.mean import crossings, turned_rad
from cosmodrome.checks.orbit_reached import (
    secular_node_rate,
    sun_synchronous_inclination,
)
from cosmodrome.checks.reported import reported_orbit
from cosmodrome.checks.series import sample, seams
from cosmodrome.checks.verdicts import NotJudged
from cosmodrome.checks.view import View
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.watch import SILENT
from cosmodrome.world.frame import GCRF
from cosmodrome.world.trajectory import Trajectory
from tests.checks import synthetic

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


def test_averages_meet_the_theory(clean: Flight, flown: Any, shipped_world: World) -> None:
    m = View(clean, shipped_world).mean
    theory, _ = synthetic.mean_by_theory(flown)
    assert m.revolutions == 13
    # second order in J2 and J2 times e are left: 1e-6 of the radius and of a turn
    assert m.a_m == pytest.approx(theory.a_m, abs=150.0)
    assert m.i_rad == pytest.approx(theory.i_rad, abs=5e-6)
    assert m.raan_rad == pytest.approx(theory.raan_rad, abs=5e-6)
    # dRAAN/dt = -3/2 n J2 (Re/p)^2 cos i, first order; J4 and J2^2 are worth 0.3 % here
    field = shipped_world.gravity()
    n = np.sqrt(field.mu_m3_s2 / m.a_m**3)
    rate = -1.5 * n * field.zonal_j(2) * (field.radius_m / m.a_m) ** 2 * np.cos(m.i_rad)
    assert m.raan_rate_rad_s == pytest.approx(rate, rel=3e-3)


def test_eccentricity_leaves_out_what_j2_does_within_a_revolution(
    clean: Flight, shipped_world: World
) -> None:
    m = View(clean, shipped_world).mean
    # radii swing by +- a e about the mean; J2 adds +- Re^2/a J2 sin^2 i / 4 at twice the rate
    swing = 0.5 * (m.highest_m - m.lowest_m)
    twice = 0.25 * 1.0826e-3 * 6378137.0**2 / m.a_m * np.sin(m.i_rad) ** 2
    assert abs(swing - m.a_m * m.e) < 1.2 * twice


def without(clean: Flight, pieces: int) -> Flight:
    """The flight with its orbit cut to the first pieces of ten minutes; none: no orbit leg."""
    orbit = clean.leg("orbit", "spacecraft")
    others = tuple(leg for leg in clean.legs if leg is not orbit)
    if not pieces:
        return replace(clean, legs=others)
    p = orbit.path
    path = Trajectory(
        p.epoch, p.frame, p.breaks_s[: pieces + 1].copy(), p.coefficients[:pieces].copy(),
        p.columns,
    )  # fmt: skip
    return replace(clean, legs=(*others, replace(orbit, path=path)))


@pytest.mark.parametrize(("pieces", "in_leg"), [(18, True), (9, False), (0, False)])
def test_one_revolution_is_enough_and_less_is_flown_on(
    clean: Flight, shipped_world: World, pieces: int, in_leg: bool
) -> None:
    view = View(without(clean, pieces), shipped_world)
    whole = View(clean, shipped_world).mean
    assert view.around.flown is in_leg
    assert view.around.object == "spacecraft"
    assert view.mean.revolutions == (1 if in_leg else 3)
    assert (view.mean.raan_rate_rad_s is None) is in_leg
    assert view.mean.raan_rad == pytest.approx(whole.raan_rad, abs=2e-5)
    assert view.mean.i_rad == pytest.approx(whole.i_rad, abs=2e-5)
    assert view.mean.a_m == pytest.approx(whole.a_m, abs=100.0)


def test_a_mission_that_ends_at_release_is_judged_all_the_same(
    clean: Flight, shipped_world: World
) -> None:
    target = clean.mission.target
    assert target.ltan_s is not None
    # an hour off in local time, and the plan flies nothing that would show it
    late = replace(target, ltan_s=replace(target.ltan_s, value=target.ltan_s.value - 3600.0))
    cut = without(clean, 0)
    for wanted, verdict in ((target, "holds"), (late, "fails")):
        flight = replace(cut, mission=replace(cut.mission, plan=(), target=wanted))
        found = {f.check: f for f in reversed(checks.run(flight, shipped_world, strict=True))}
        assert found["local-time-of-node"].verdict == verdict
        for check in ("inclination", "semi-major-axis", "eccentricity", "reported-orbit"):
            assert found[check].verdict == "holds", found[check]
    assert found["local-time-of-node"].measured == pytest.approx(3600.0, abs=10.0)


def test_an_orbit_that_comes_down_within_the_arc_is_not_averaged(
    clean: Flight, shipped_world: World
) -> None:
    with pytest.raises(NotJudged, match="comes down to 120 km"):
        _ = View(released(clean, 0.95), shipped_world).mean


def released(clean: Flight, pace: float) -> Flight:
    """The flight without its orbit leg, released `pace` times as fast."""
    cut = without(clean, 0)
    stack = next(leg for leg in cut.legs if leg.kind == "stack")
    assert stack.handover_out is not None
    state = stack.handover_out.state
    fast = replace(state, v_m_s=pace * state.v_m_s)
    sent = replace(stack, handover_out=replace(stack.handover_out, state=fast))
    return replace(cut, legs=tuple(sent if leg is stack else leg for leg in cut.legs))


def test_one_revolution_of_an_ellipse_gives_the_node_at_release(
    clean: Flight, shipped_world: World
) -> None:
    # 1.3 times as fast: e = 0.69, where the node moves 3.6 times as fast as on a circle of that a
    several = View(released(clean, 1.3), shipped_world)
    assert several.mean.e == pytest.approx(0.69, abs=0.01)
    path = several.around.path
    pieces = int(len(path.breaks_s) * 2.0 / 4.1)
    one = Trajectory(
        path.epoch, path.frame, path.breaks_s[: pieces + 1].copy(),
        path.coefficients[:pieces].copy(), path.columns,
    )  # fmt: skip
    orbit = clean.leg("orbit", "spacecraft")
    start = path.at(path.start)
    legs = (*released(clean, 1.3).legs, replace(orbit, start=start, path=one))
    view = View(replace(clean, legs=legs), shipped_world)
    assert view.around.flown
    assert view.mean.revolutions == 1
    assert np.degrees(view.mean.raan_rad - several.mean.raan_rad) == pytest.approx(0.0, abs=2e-3)


def test_a_mean_axis_that_moves_by_more_than_the_limit_is_not_held_against_the_report(
    clean: Flight, shipped_world: World
) -> None:
    def judged(area: float) -> list[str]:
        craft = replace(clean.mission.spacecraft, drag_area_m2=area)
        flight = replace(clean, mission=replace(clean.mission, spacecraft=craft))
        found = checks.run(without(flight, 0), shipped_world, strict=True)
        return [f.verdict for f in found if f.check == "reported-orbit"]

    assert judged(12.0) == ["holds"] * 4
    # the area of a town: hundreds of metres a revolution even at 820 km
    assert judged(1e8)[0] == "not-judged"


def test_sun_synchronous_inclination_of_known_orbits() -> None:
    # Vallado 2013, example 11-2 (800 km, e = 0): 98.6 deg; Landsat 8 at 705 km: 98.2 deg
    mu, re, j2 = 3.986004415e14, 6378136.3, 1.0826e-3
    for altitude, degrees in ((800e3, 98.60), (705e3, 98.20)):
        i = sun_synchronous_inclination(6378137.0 + altitude, 0.0, mu, re, j2)
        assert np.degrees(i) == pytest.approx(degrees, abs=0.03)
    assert np.isnan(sun_synchronous_inclination(13e6, 0.0, mu, re, j2))


def test_closed_form_of_the_node_rate_is_that_of_the_flown_orbit(
    clean: Flight, shipped_world: World
) -> None:
    """J2 to J4 flown for a day by SciPy: the slope of the averaged node is the closed form's."""
    m = View(clean, shipped_world).mean
    f = shipped_world.gravity()
    rate = secular_node_rate(
        m.a_m, m.e, m.i_rad, f.mu_m3_s2, f.radius_m, f.zonal_j(2), f.zonal_j(4)
    )
    assert m.raan_rate_rad_s == pytest.approx(rate, rel=3e-5)
    # without J4 it is a part in five hundred off: the test would see a lost term
    lost = secular_node_rate(m.a_m, m.e, m.i_rad, f.mu_m3_s2, f.radius_m, f.zonal_j(2))
    assert lost != pytest.approx(rate, rel=1e-3)


@pytest.mark.parametrize("altitude", [300e3, 820e3, 1500e3])
@pytest.mark.parametrize("e", [0.0, 0.1])
def test_sun_synchronous_inclination_turns_with_the_sun(altitude: float, e: float) -> None:
    mu, re, j2, j4 = 3.986004415e14, 6378136.3, 1.0826e-3, -1.62e-6
    a = 6378137.0 + altitude
    i = sun_synchronous_inclination(a, e, mu, re, j2, j4)
    rate = secular_node_rate(a, e, i, mu, re, j2, j4)
    # 360 deg per tropical year
    assert np.degrees(rate) * 86400.0 == pytest.approx(0.98564736, rel=1e-8)
    assert 95.0 < np.degrees(i) < 105.0


def test_crossings_are_found_to_rounding() -> None:
    t = np.linspace(0.0, 20.0, 30)
    up, down = crossings(lambda x: np.sin(x) - 0.3, t)
    root = np.arcsin(0.3)
    assert up == pytest.approx(root + 2.0 * np.pi * np.arange(4), abs=1e-10)
    assert down == pytest.approx(np.pi - root + 2.0 * np.pi * np.arange(3), abs=1e-10)


def test_series_give_values_rates_and_both_sides_of_a_break() -> None:
    epoch = synthetic.LIFT_OFF

    def f(t: np.ndarray, k: int) -> np.ndarray:
        mass = np.full_like(t, 100.0 if k == 0 else 60.0)
        return np.column_stack([t**3, t**2, t, 3 * t**2, 2 * t, np.ones_like(t), mass])

    path = Trajectory.fit(epoch, GCRF, [0.0, 2.0, 5.0], f, nodes=6)
    s = sample(path, 7)
    assert s.values[:, 0] == pytest.approx(s.t_s**3, abs=1e-11)
    assert s.rates[:, 0] == pytest.approx(3.0 * s.t_s**2, abs=1e-10)
    # Clenshaw-Curtis of 7 points is exact for degree 6
    assert float(s.weights @ s.values[:, 0]) == pytest.approx(5.0**4 / 4.0, rel=1e-13)
    assert float(s.weights @ s.t_s**6) == pytest.approx(5.0**7 / 7.0, rel=1e-13)
    joint = seams(path)
    assert joint.t_s == pytest.approx([2.0])
    assert joint.before[0, 6] == pytest.approx(100.0)
    assert joint.after[0, 6] == pytest.approx(60.0)
    assert joint.before[0, 0] == pytest.approx(8.0)


def flown_in_orbit(world: World, elements: str, days: float, physics: str) -> Flight:
    asked = mission.loads(
        f"""
schema: cosmodrome/1
name: averaged
start: {{elements: {{epoch: '2024-11-08T02:45Z', frame: tod, mean: false, {elements}}}}}
spacecraft: {{mass: 2000 kg, drag_area: 9 m^2, drag_coefficient: 2.2, srp_area: 9 m^2}}
plan: [{{coast: {{for: {days} days}}}}]
physics: {{{physics}}}
""",
        "averaged.yaml",
    )
    return from_orbit(asked, Run(world, SILENT))  # type: ignore[arg-type]


def test_a_plane_beside_the_equators_is_carried_back_by_its_pole(shipped_world: World) -> None:
    """0.02 deg beside the pole Sun and Moon turn the node by tens of degrees within days."""
    flight = flown_in_orbit(
        shipped_world,
        "semi_major_axis: 42165.8 km, eccentricity: 5e-5, inclination: 0.02 deg, raan: 280.9 deg,"
        " argument_of_perigee: 0 deg, true_anomaly: 256 deg",
        9.6,
        "gravity: 8x8, third_bodies: [sun, moon], drag: none",
    )
    view = View(flight, shipped_world)
    m = view.mean
    path = view.around.path
    y = path.columns_at(float(path.breaks_s[0]))
    h = np.cross(view.equator @ y[0:3], view.equator @ y[3:6])
    normal = np.sin(m.i_rad) * np.array([np.sin(m.raan_rad), -np.cos(m.raan_rad)])
    # Moon and Sun sway the plane by 0.001 deg within a revolution, and turn it by as much in five
    # hours; a line through its angles is 0.01 deg off
    off = np.degrees(np.linalg.norm(normal - h[:2] / np.linalg.norm(h)))
    assert off < 2e-3


def test_what_the_turning_field_does_in_one_revolution_is_not_taken_for_drag(
    shipped_world: World,
) -> None:
    """The mean of one revolution is that of a day, wherever the Earth stands below, though the
    osculating a moves by tens of metres from node to node."""
    elements = (
        "semi_major_axis: 7041 km, eccentricity: 0.0015, inclination: 98 deg, raan: {} deg,"
        " argument_of_perigee: 0 deg, true_anomaly: 10 deg"
    )
    off, swung = [], []
    for raan in (0.0, 60.0, 120.0, 180.0, 240.0, 300.0):
        short, long = (
            View(
                flown_in_orbit(
                    shipped_world, elements.format(raan), days, "gravity: 20x20, drag: nrlmsise00"
                ),
                shipped_world,
            ).mean
            for days in (0.18, 1.0)
        )
        assert short.revolutions == 1
        off.append(short.a_m - long.a_m)
        swung.append(short.a_step_m)
    assert max(swung) > 50.0
    assert max(abs(x) for x in off) < 0.1 * max(swung)


def test_what_the_air_takes_in_one_revolution_is_carried_back(shipped_world: World) -> None:
    """At 200 km a circle sinks by kilometres a revolution; its mean a at release is told within
    a tenth of that."""
    elements = (
        "semi_major_axis: 6588 km, eccentricity: 0.001, inclination: 51.6 deg, raan: 10 deg,"
        " argument_of_perigee: 0 deg, true_anomaly: 10 deg"
    )
    flights = {
        air: flown_in_orbit(shipped_world, elements, 0.13, f"gravity: 4x0, drag: {air}")
        for air in ("nrlmsise00", "none")
    }
    sinking, still = (View(f, shipped_world).mean for f in flights.values())
    assert sinking.revolutions == still.revolutions == 1
    assert sinking.a_step_m > 300.0
    assert sinking.a_m == pytest.approx(still.a_m, abs=0.1 * sinking.a_step_m)


def test_one_revolution_far_out_is_carried_back_by_the_torque_of_sun_and_moon(
    shipped_world: World,
) -> None:
    """They turn a plane with an apogee of 90,000 km by 0.05 deg in half a revolution."""
    elements = (
        "semi_major_axis: 54773 km, eccentricity: 0.767, inclination: 61 deg, raan: {} deg,"
        " argument_of_perigee: 40 deg, true_anomaly: 170 deg"
    )
    for raan, days in ((260.0, 3.2), (140.0, 4.6), (140.0, 9.0)):
        flight = flown_in_orbit(
            shipped_world, elements.format(raan), days, "gravity: 8x8, drag: none"
        )
        view = View(flight, shipped_world)
        plane = next(x for x in reported_orbit(view) if "plane" in x.why)
        assert plane.verdict == "holds", plane
        assert plane.limit == pytest.approx(0.047, abs=0.003)
        if days < 4.0:
            # without the torque 0.038 deg
            assert view.mean.revolutions == 1
            assert plane.measured is not None
            assert plane.measured < 0.005


def test_how_far_sun_and_moon_turn_a_plane() -> None:
    # Vallado 2013, 9.6: a geostationary plane turns by 0.75 to 0.95 deg a year, on average over
    # months; half a revolution at most is several times that mean rate
    a_year = np.degrees(turned_rad(42_164e3, 0.0)) * 2.0 * 365.24
    assert 2.0 * 0.95 < a_year < 8.0 * 0.95
    assert np.degrees(turned_rad(6_778e3, 0.0)) < 1e-4
