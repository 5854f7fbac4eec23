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
from cosmodrome.targets import sgp4_state, start_state
from cosmodrome.world.epoch import Epoch
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
