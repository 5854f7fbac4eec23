"""Starts turned into states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.mean import mean_from_osculating
from cosmodrome.errors import InputError
from cosmodrome.formats import tle
from cosmodrome.mission.nouns import Start, StartElements, StartState
from cosmodrome.mission.starts import StartPrinted
from cosmodrome.targets import sgp4_state, start_state
from cosmodrome.world.centre import expressed
from cosmodrome.world.centres import moon_equator_from_gcrf
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import Frame, gcrf
from cosmodrome.world.state import State
from cosmodrome.world.world import World

T0 = Epoch.from_utc("2027-03-01T00:00:00Z")
GTO = StartElements("tod", 24_396_137.0, 0.7283, 0.105, 0.17, 3.1, "true", 0.4)


@pytest.fixture(scope="module")
def world() -> World:
    return World.shipped()


def test_a_state_in_gcrf_stays(world: World) -> None:
    state = start_state(
        Start(T0, StartState("gcrf", (7e6, 0.0, 0.0), (0.0, 7500.0, 1000.0))), 5.0, world
    )
    assert state.r_m.tolist() == [7e6, 0.0, 0.0]
    assert state.v_m_s.tolist() == [0.0, 7500.0, 1000.0]
    assert (state.mass_kg, str(state.frame)) == (5.0, "earth/gcrf")


def test_elements_of_date_come_back_in_the_axes_of_date(world: World) -> None:
    state = start_state(Start(T0, elements=GTO), 5.0, world)
    turn = world.orientation.tod_from_gcrf(T0)
    mu = world.gravity("earth", degree=2).mu_m3_s2
    back = elements_from_state(turn.vector(state.r_m), turn.vector(state.v_m_s), mu)
    assert back.a_m == pytest.approx(GTO.a_m, rel=1e-12)
    assert back.e == pytest.approx(GTO.e, abs=1e-12)
    for field, wanted in (
        ("i_rad", GTO.i_rad),
        ("raan_rad", GTO.raan_rad),
        ("argp_rad", GTO.argp_rad),
        ("true_anomaly_rad", 0.4),
    ):
        assert getattr(back, field) == pytest.approx(wanted, abs=1e-10), field


def test_elements_in_gcrf_differ_by_the_precession_since_2000(world: World) -> None:
    date = start_state(Start(T0, elements=GTO), 5.0, world)
    fixed = start_state(Start(T0, elements=replace(GTO, axes="gcrf")), 5.0, world)
    angle = np.linalg.norm(date.r_m - fixed.r_m) / np.linalg.norm(date.r_m)
    assert angle == pytest.approx(np.radians(50.29 * 27.16 / 3600.0), rel=0.05)


def test_a_mean_anomaly_is_solved_for(world: World) -> None:
    # Kepler's equation, both ways: M = E - e sin E
    E = 2.0 * np.arctan(np.sqrt((1.0 - GTO.e) / (1.0 + GTO.e)) * np.tan(0.2))
    M = E - GTO.e * np.sin(E)
    mean = replace(GTO, anomaly="mean", anomaly_rad=float(M))
    one, other = (start_state(Start(T0, elements=m), 5.0, world) for m in (GTO, mean))
    assert np.linalg.norm(one.r_m - other.r_m) < 1e-6


def test_mean_elements_are_freed_of_their_short_period_part(world: World) -> None:
    circle = StartElements("tod", 7_078_137.0, 0.001, 1.7, 0.2, 0.3, "true", 0.4, mean=True)
    state = start_state(Start(T0, elements=circle), 5.0, world)
    plain = start_state(Start(T0, elements=replace(circle, mean=False)), 5.0, world)
    assert 1e3 < np.linalg.norm(state.r_m - plain.r_m) < 20e3
    field = world.gravity("earth", degree=2)
    turn = world.orientation.tod_from_gcrf(T0)
    r, v = mean_from_osculating(
        turn.vector(state.r_m),
        turn.vector(state.v_m_s),
        field.mu_m3_s2,
        field.radius_m,
        field.zonal_j(2),
    )
    assert elements_from_state(r, v, field.mu_m3_s2).a_m == pytest.approx(7_078_137.0, abs=1e-3)


def test_two_line_elements_go_through_sgp4(world: World) -> None:
    elements = tle.loads(
        "1 06251U 62025E   06176.82412014  .00008885  00000-0  12808-3 0  3985\n"
        "2 06251  58.0579  54.0425 0030035 139.1568 221.1854 15.56387291  6774\n"
    )[0]
    at = elements.epoch + 1800.0
    state = start_state(Start(at, sgp4=elements), 5.0, world)
    wanted = sgp4_state(elements, at, 5.0, world.orientation)
    assert np.array_equal(state.r_m, wanted.r_m)


def test_a_start_inside_the_earth_is_refused(world: World) -> None:
    deep = replace(GTO, e=0.75, a_m=24e6, anomaly="mean", anomaly_rad=0.0)
    with pytest.raises(InputError, match=r"lies 6000\.0 km from the Earth's centre, inside it"):
        start_state(Start(T0, elements=deep, source="osculating elements"), 5.0, world)


def test_lunar_axes_are_those_of_the_world(world: World) -> None:
    """Each way of writing one lunar state leads to it, by `world.expressed`."""
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    r, v = np.array([1e6, -1.2e6, 1.1e6]), np.array([900.0, 1000.0, 300.0])
    here = State(epoch, gcrf("moon"), r, v, 1.0)
    for axes in ("moon-me", "moon-pa", "moon-equator", "moon/gcrf"):
        frame = gcrf("moon") if axes == "moon/gcrf" else Frame("moon", axes, inertial=False)
        seen = expressed(here, frame, world)
        (x, y, z), (u, w, q) = seen.r_m, seen.v_m_s
        start = Start(epoch, StartState(axes, (x, y, z), (u, w, q)))
        back = start_state(start, 1.0, world)
        assert back.frame == gcrf("moon")
        assert back.r_m == pytest.approx(here.r_m, abs=1e-6)
        assert back.v_m_s == pytest.approx(here.v_m_s, abs=1e-9)


def test_lunar_elements_by_hand(world: World) -> None:
    """At its ascending node at perilune: place along the node, speed by vis-viva."""
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    elements = StartElements("moon-equator", 1_937_400.0, 0.05, 1.2, 0.7, 0.0, "true", 0.0)
    state = start_state(Start(epoch, elements=elements), 1.0, world)
    pole, node = moon_equator_from_gcrf(epoch).matrix[2], moon_equator_from_gcrf(epoch).matrix[0]
    along = np.cos(0.7) * node + np.sin(0.7) * np.cross(pole, node)
    assert state.r_m == pytest.approx(1_937_400.0 * 0.95 * along, abs=1e-5)
    mu = world.gravity("moon").mu_m3_s2
    speed = np.sqrt(mu / 1_937_400.0 * 1.05 / 0.95)
    assert np.linalg.norm(state.v_m_s) == pytest.approx(speed, rel=1e-12)
    h = np.cross(state.r_m, state.v_m_s)
    assert h @ pole / np.linalg.norm(h) == pytest.approx(np.cos(1.2), abs=1e-12)


def test_a_printed_lunar_state_starts_a_mission(world: World) -> None:
    epoch = Epoch.from_utc("1969-07-19T17:21:50Z")
    printed = StartPrinted("moon", 0.02, -2.95, 160e3, 2500.0, -0.17, -1.09, 1_738_090.0)
    state = start_state(Start(epoch, printed=printed), 900.0, world)
    assert np.linalg.norm(state.r_m) == pytest.approx(1_898_090.0, abs=1e-6)
    assert np.linalg.norm(state.v_m_s) == pytest.approx(2500.0, abs=1e-9)
    up = state.r_m / np.linalg.norm(state.r_m)
    assert up @ state.v_m_s == pytest.approx(2500.0 * np.sin(-0.17), abs=1e-9)
