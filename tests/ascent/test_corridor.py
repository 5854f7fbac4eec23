"""The corridor as a constraint: rows, courses, doglegs and their price, by other roads."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cosmodrome import ascent, catalog
from cosmodrome.ascent.corridor import Course, course_held, courses
from cosmodrome.ascent.heading import first_stage_ends
from cosmodrome.ascent.launch import planet_of
from cosmodrome.ascent.programme import Programme
from cosmodrome.catalog.nouns import Corridor, Figure
from cosmodrome.errors import InfeasibleError
from cosmodrome.maths import SCALAR
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.geodesy import enu_axes, itrf_from_geodetic
from tests.ascent.conftest import fly, mission

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

DEG = math.pi / 180.0
SPIN = 7.292115e-5


def with_corridors(m: Mission, *degrees: tuple[float, float], kind: str = "relative") -> Mission:
    made = tuple(Corridor(a * DEG, b * DEG, kind) for a, b in degrees)  # type: ignore[arg-type]
    return replace(m, site=replace(m.site, corridors=made, figures={}))


def solved(m: Mission, world: World) -> AscentSolution:
    aim = insertion(m.target, m.launch.window[0], world)  # type: ignore[index]
    return ascent.solve(m, aim, world)


def heading_deg(solution: AscentSolution) -> float:
    """At the end of the first stage, from the velocity over the turning sphere's own horizon."""
    arcs = solution.flight.arcs
    arc = next(a for a in arcs if "strap-ons" in a.phase.drops)
    r, v = arc.r_m[-1], arc.v_m_s[-1]
    w = v - SPIN * np.array([-r[1], r[0], 0.0])
    # geodetic latitude of a point near the ground: tan = z / (1 - e^2) / level
    level = math.hypot(r[0], r[1])
    latitude = math.atan2(r[2] / (1.0 - 6.69437999014e-3), level)
    east = np.array([-r[1], r[0], 0.0]) / level
    south = math.sin(latitude) * np.array([r[0], r[1], 0.0]) / level
    north = np.array([0.0, 0.0, math.cos(latitude)]) - south
    return math.degrees(math.atan2(w @ east, w @ north)) % 360.0


def great_circle(latitude_deg: float, inclination_deg: float, north: bool) -> float:
    """Relative azimuth, deg, of cos i = cos lat' sin azimuth less the ground's eastward speed."""
    e2 = 6.69437999014e-3
    s, c = math.sin(latitude_deg * DEG), math.cos(latitude_deg * DEG)
    geocentric = math.atan((1.0 - e2) * s / c)
    sine = math.cos(inclination_deg * DEG) / math.cos(geocentric)
    ground = SPIN * 6_378_137.0 * c / math.sqrt(1.0 - e2 * s * s) / 7784.0
    cosine = math.sqrt(1.0 - sine * sine) * (1.0 if north else -1.0)
    return math.degrees(math.atan2(sine - ground, cosine)) % 360.0


# rows ----------------------------------------------------------------------------------------
@given(
    st.floats(0.0, 360.0), st.floats(0.5, 359.0), st.floats(-85.0, 85.0), st.floats(0.0, 360.0),
    st.floats(0.0, 360.0), st.floats(0.0, 90e3),
)  # fmt: skip
def test_rows_hold_where_the_heading_is_inside(
    shipped_world: World,
    first: float, width: float, latitude: float, longitude: float, heading: float, height: float,
) -> None:  # fmt: skip
    planet = planet_of(shipped_world)
    course = Course(True, 0, first * DEG, (first + width) * DEG, 0.7, 0.0)
    into = (heading - first) % 360.0
    inside = min(into, width - into) if into <= width else -min(into - width, 360.0 - into)
    assert math.degrees(course.inside_rad(heading * DEG)) == pytest.approx(inside, abs=1e-9)
    # what lies within the margin of an end is neither here nor there
    assume(abs(inside) > 0.02)
    r = itrf_from_geodetic(latitude * DEG, longitude * DEG, height)
    east, north, up = enu_axes(latitude * DEG, longitude * DEG)
    w = 900.0 * (math.sin(heading * DEG) * east + math.cos(heading * DEG) * north) + 700.0 * up
    v = w + planet.omega_rad_s * np.array([-r[1], r[0], 0.0])
    length, speed = planet.equatorial_radius_m, math.sqrt(planet.mu / planet.equatorial_radius_m)
    held = course_held(planet, course, 3)
    values = [p.formula(SCALAR, tuple(r / length), tuple(v / speed), 0.0)[0] * speed for p in held]
    kept = all(x >= 0.0 for x in values)
    if width < 179.9:
        assert kept == (inside > 0.0)
    elif kept:
        assert inside > 0.0
    # a row is the horizontal speed times the sine of the angle inside the end, but for the margin
    # and what the normal leans above the ellipsoid
    if width < 179.9:
        to_first, to_last = into * DEG, (width - into) * DEG
        assert values == pytest.approx(
            [900.0 * math.sin(to_first), 900.0 * math.sin(to_last)], abs=0.25
        )


def test_a_corridor_of_one_heading(shipped_world: World) -> None:
    planet = planet_of(shipped_world)
    level, ahead = course_held(planet, Course(True, 0, 1.0, 1.0, 0.7, 0.0), 3)
    r = (0.6, 0.0, 0.8)
    _, east, north = (0.0, (0.0, 1.0, 0.0), (-0.8, 0.0, 0.6))
    for sign in (1.0, -1.0):
        w = sign * (math.sin(1.0) * np.array(east) + math.cos(1.0) * np.array(north))
        spin = planet.omega_rad_s * math.sqrt(planet.equatorial_radius_m**3 / planet.mu)
        v = tuple(w + spin * np.array([0.0, r[0], 0.0]))
        # the sphere's north leans by 0.19 deg
        assert level.formula(SCALAR, r, v, 0.0)[0] == pytest.approx(0.0, abs=5e-3)
        assert sign * ahead.formula(SCALAR, r, v, 0.0)[0] == pytest.approx(1.0, abs=1e-4)
    assert (level.lower, level.upper) == ((0.0,), (0.0,))
    assert ahead.lower == (0.0,)


def test_a_corridor_all_around_needs_no_row(shipped_world: World) -> None:
    everywhere = Course(True, 0, 0.0, math.tau, 0.7, 0.0)
    assert course_held(planet_of(shipped_world), everywhere, 3) == ()
    assert everywhere.inside_rad(2.0) > 0.0


# courses -------------------------------------------------------------------------------------
def programme(m: Mission, world: World) -> Programme:
    return Programme(m, insertion(m.target, m.launch.window[0], world), world)  # type: ignore[index]


def test_courses_by_spherical_trigonometry(shipped_world: World) -> None:
    m = mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0)
    found = courses(programme(m, shipped_world))
    assert [c.northbound for c in found] == [True, False]
    for course in found:
        wanted = great_circle(45.9959, 98.0, course.northbound)
        # the horizon's lean, and the speed of the orbit instead of 200 km's
        assert math.degrees(course.direct_rad) == pytest.approx(wanted, abs=0.05)
    assert math.degrees(found[0].off_rad) == pytest.approx(
        355.0 - great_circle(45.9959, 98.0, True), abs=0.05
    )
    two = courses(programme(with_corridors(m, (60.0, 90.0), (180.0, 190.0)), shipped_world))
    assert [(c.northbound, c.number) for c in two][:2] == [(False, 1), (True, 0)]
    assert courses(programme(replace(m, keeps_corridor=False), shipped_world)) == ()
    assert courses(programme(with_corridors(m), shipped_world)) == ()


def test_no_plane_over_the_pad_has_one_way_only(shipped_world: World) -> None:
    m = mission("soyuz-2.1b", "vostochny", None, 200e3, 50.5)
    (due_east,) = courses(programme(m, shipped_world))
    assert due_east.northbound


# optima --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def dogleg(shipped_world: World) -> Flown:
    """Baikonur to 98 deg: the straight heading lies 8 deg west of what the corridor allows."""
    return fly(mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0), shipped_world)


@pytest.fixture(scope="module")
def straight(shipped_world: World) -> AscentSolution:
    m = mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0)
    return solved(replace(m, keeps_corridor=False), shipped_world)


def test_the_heading_is_held_and_the_plane_is_met(dogleg: Flown) -> None:
    s = dogleg.solution
    assert heading_deg(s) == pytest.approx(355.01, abs=3e-3)
    h = np.cross(s.r_m, s.v_m_s)
    inclination = math.degrees(math.acos(h[2] / np.linalg.norm(h)))
    # the osculating inclination differs from the mean one by some hundredths
    assert inclination == pytest.approx(98.0, abs=0.03)
    # the plane no longer passes over the pad: that is what a dogleg is
    pad = s.flight.arcs[0].r_m[0]
    assert abs(pad @ h) / np.linalg.norm(pad) / np.linalg.norm(h) > 0.5 * DEG
    assert dogleg.stack.solve.residuals["position_m"] < 0.1
    (words,) = ascent.held_in_words(s)
    assert words.startswith("corridor 355 .. 65 deg (relative, estimated) holds the heading, 8.")


def test_flown_as_held(dogleg: Flown) -> None:
    """From the flown path, by the Earth's real rotation."""
    path = dogleg.stack.path
    (epoch,) = [g.start.epoch for g in dogleg.legs if g.object == "strap-ons"]
    state = path.at(epoch)
    turn = dogleg.world.orientation.itrf_from_gcrf(epoch)
    r = turn.vector(state.r_m)
    step = 1e-3
    later = dogleg.world.orientation.itrf_from_gcrf(epoch + step).vector(
        state.r_m + step * state.v_m_s
    )
    w = (later - r) / step
    longitude = math.atan2(r[1], r[0])
    latitude = math.atan2(r[2] / (1.0 - 6.69437999014e-3), math.hypot(r[0], r[1]))
    east, north, _ = enu_axes(latitude, longitude) @ w
    assert math.degrees(math.atan2(east, north)) % 360.0 == pytest.approx(355.01, abs=5e-3)


def test_what_a_dogleg_costs(dogleg: Flown, straight: AscentSolution) -> None:
    """Against a turn on the way: the velocity at the drop heads theta off the one that is wanted.

    From w at the drop to W at release the straight way gains W - w, the turned one the third
    side of the triangle; the payload pays for it by the rocket equation of what burns after.
    """
    s = dogleg.solution
    off = (heading_deg(s) - heading_deg(straight)) % 360.0 * DEG
    k = first_stage_ends((a.phase for a in s.flight.arcs), dogleg.mission.vehicle)
    assert k is not None
    drop, last = s.flight.arcs[k], s.flight.arcs[-1]
    w = drop.v_m_s[-1] - SPIN * np.array([-drop.r_m[-1][1], drop.r_m[-1][0], 0.0])
    up = drop.r_m[-1] / np.linalg.norm(drop.r_m[-1])
    level = float(np.linalg.norm(w - (w @ up) * up))
    most = float(np.linalg.norm(last.v_m_s[-1]))
    more = math.sqrt(most**2 + level**2 - 2.0 * most * level * math.cos(off)) - (most - level)
    third = dogleg.mission.vehicle.stage("third")
    per_m_s = s.mass_kg / (9.80665 * third.isp_vacuum_s)
    lost = straight.capability_kg - s.capability_kg
    # turned at once, where it is, it would cost the chord
    assert lost < 2.0 * level * math.sin(0.5 * off) * per_m_s
    # and a vehicle that had no weight to carry meanwhile would lose the least (measured: 31 % less)
    assert 1.0 < lost / (more * per_m_s) < 1.5
    # quadratic in the angle: half of the last degree's price times the angle
    price = s.multipliers["corridor_first_kg_per_deg"]
    assert lost == pytest.approx(0.5 * price * off / DEG, rel=0.02)


def test_a_degree_more_buys_what_is_said(dogleg: Flown, shipped_world: World) -> None:
    wider = with_corridors(dogleg.mission, (354.0, 65.0))
    more = solved(wider, shipped_world)
    gained = more.capability_kg - dogleg.solution.capability_kg
    here = dogleg.solution.multipliers["corridor_first_kg_per_deg"]
    there = more.multipliers["corridor_first_kg_per_deg"]
    # between two slopes: about their mean. A price is the slope of the objective, in which the
    # turning of the thrust counts as well: 1 % here
    assert here > gained > there > 0.0
    assert gained == pytest.approx(0.5 * (here + there), rel=0.02)
    said = ascent.limits_in_words(dogleg.solution.multipliers)
    assert f"1 deg more corridor at its first end: {here:+.1f} kg" in said


def test_an_optimum_inside_is_the_same_to_the_last_bit(shipped_world: World) -> None:
    m = mission("soyuz-2.1b", "vostochny", None, 200e3, 64.8)
    kept, without = solved(m, shipped_world), solved(with_corridors(m), shipped_world)
    assert kept.held is None
    assert kept.capability_kg == without.capability_kg
    for a, b in zip(kept.flight.arcs, without.flight.arcs, strict=True):
        assert np.array_equal(a.r_m, b.r_m)
    assert not any("corridor" in name for name in kept.multipliers)


def test_an_end_that_only_the_optimum_crosses(shipped_world: World) -> None:
    """The straight heading lies inside, the yaw of the optimum leads out: held there."""
    m = mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0)
    direct = great_circle(45.9959, 98.0, True)
    free = solved(with_corridors(m), shipped_world)
    end = 0.5 * (direct + heading_deg(free))
    assert heading_deg(free) < end < direct
    s = solved(with_corridors(m, (end, 65.0)), shipped_world)
    assert s.held is not None
    assert heading_deg(s) == pytest.approx(end + 0.01, abs=3e-3)
    assert 0.0 < free.capability_kg - s.capability_kg < 5.0
    assert ascent.held_in_words(s)[0].endswith("holds the heading")
    # a warm solve keeps what held the one it starts from
    aim = insertion(m.target, m.launch.window[0], shipped_world)  # type: ignore[index]
    again = ascent.solve(with_corridors(m, (end, 65.0)), aim, shipped_world, previous=s)
    assert again.held == s.held
    assert again.capability_kg == pytest.approx(s.capability_kg, abs=1e-3)


def test_the_nearer_of_two_corridors(shipped_world: World) -> None:
    m = with_corridors(
        mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0), (5.0, 65.0), (150.0, 190.0)
    )
    s = solved(m, shipped_world)
    assert s.held is not None
    assert (s.held.number, s.northbound) == (1, False)
    assert heading_deg(s) == pytest.approx(189.99, abs=3e-3)


def test_an_inertial_corridor_and_a_wide_one(shipped_world: World) -> None:
    m = mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0)
    s = solved(with_corridors(m, (358.0, 90.0), kind="inertial"), shipped_world)
    # tan heading = (sin azimuth - ground) / cos azimuth
    ground = SPIN * 6_378_137.0 * math.cos(45.8036 * DEG) / 7784.0
    wanted = math.degrees(math.atan2(math.sin(358.0 * DEG) - ground, math.cos(358.0 * DEG)))
    assert heading_deg(s) == pytest.approx(wanted % 360.0 + 0.01, abs=0.02)
    wide = solved(with_corridors(m, (355.0, 190.0)), shipped_world)
    assert wide.held is not None
    assert wide.held.kept_ends() == (False, True)
    assert heading_deg(wide) == pytest.approx(189.99, abs=3e-3)


@pytest.mark.slow
def test_a_corridor_that_is_kept_by_climbing_straight_up(shipped_world: World) -> None:
    m = with_corridors(mission("soyuz-2.1b", "baikonur", None, 200e3, 98.0), (85.0, 95.0))
    with pytest.raises(InfeasibleError) as caught:
        solved(m, shipped_world)
    said = str(caught.value)
    assert said.startswith("inside the corridor 85 .. 95 deg (relative) of Baikonur no heading is")
    assert "climbs straight up until its first stage is gone and carries 4" in said
    assert "limits: {corridor: none}" in said


def test_a_load_that_only_the_straight_way_carries(
    dogleg: Flown, straight: AscentSolution, shipped_world: World
) -> None:
    between = 0.5 * (dogleg.solution.capability_kg + straight.capability_kg)
    m = mission("soyuz-2.1b", "baikonur", between, 200e3, 98.0)
    with pytest.raises(InfeasibleError, match=r"kg short.*355 \.\. 65 deg \(relative, estimated\)"):
        solved(m, shipped_world)
    free = solved(replace(m, keeps_corridor=False), shipped_world)
    assert free.margin_kg > 0.0


def test_published_ends_are_not_called_estimated(shipped_world: World) -> None:
    site = catalog.site("baikonur")
    course = courses(programme(mission("soyuz-2.1b", "baikonur", None), shipped_world))[0]
    told = {f"corridors.0.{end}_rad": Figure("a manual", "published") for end in ("first", "last")}
    assert course.words(replace(site, figures=told)) == "355 .. 65 deg (relative)"
