"""Events: the derived numbers against places and speeds known by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import FrameMismatchError
from cosmodrome.record import event_record, flight_path_angle
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, ITRF
from cosmodrome.world.geodesy import itrf_from_geodetic
from cosmodrome.world.state import State
from cosmodrome.world.world import World

LIFT_OFF = Epoch.from_utc("2027-03-01T05:41:46Z")


@pytest.fixture(scope="module")
def world() -> World:
    return World.shipped()


def standing(world: World, latitude: float, longitude: float, height: float, t: float) -> State:
    """At rest on the turning Earth, given in GCRF."""
    epoch = LIFT_OFF + t
    gcrf_from_itrf = world.orientation.itrf_from_gcrf(epoch).T
    r, v = gcrf_from_itrf.velocity(itrf_from_geodetic(latitude, longitude, height), np.zeros(3))
    return State(epoch, GCRF, r, v, 1000.0)


def test_a_body_at_rest_on_the_equator_moves_with_the_ground(world: World) -> None:
    event = event_record("lift-off", "stack", standing(world, 0.0, 1.0, 0.0, 12.5), LIFT_OFF, world)
    # 2 pi R / sidereal day: 465.1 m/s
    assert event.speed_inertial_m_s == pytest.approx(6378137.0 * 7.292115e-5, rel=1e-7)
    assert event.speed_relative_m_s < 1e-9
    assert event.t_s == 12.5
    assert abs(event.flight_path_angle_rad) < 1e-6


@given(
    latitude=st.floats(-1.57, 1.57),
    longitude=st.floats(-3.14, 3.14),
    height=st.floats(-100.0, 1e6),
)
def test_place_comes_back(latitude: float, longitude: float, height: float) -> None:
    world = World.shipped()
    event = event_record(
        "x", "stack", standing(world, latitude, longitude, height, 0.0), LIFT_OFF, world
    )
    assert event.latitude_rad == pytest.approx(latitude, abs=1e-11)
    assert event.altitude_m == pytest.approx(height, abs=1e-5)
    assert (
        abs(math.remainder(event.longitude_rad - longitude, 2 * math.pi)) * math.cos(latitude)
        < 1e-11
    )


def test_an_earth_fixed_state_is_refused(world: World) -> None:
    state = State(LIFT_OFF, ITRF, np.array([7e6, 0, 0]), np.array([0, 7e3, 0]), 1.0)
    with pytest.raises(FrameMismatchError, match="rotate it"):
        event_record("x", "stack", state, LIFT_OFF, world)


@given(st.floats(-1.57, 1.57), st.floats(0.0, 6.28))
def test_flight_path_angle_is_the_climb(gamma: float, azimuth: float) -> None:
    up = np.array([0.36, 0.48, 0.8])
    a = np.cross(up, [0.0, 0.0, 1.0])
    a /= np.linalg.norm(a)
    b = np.cross(up, a)
    flat = math.cos(azimuth) * a + math.sin(azimuth) * b
    v = 7500.0 * (math.sin(gamma) * up + math.cos(gamma) * flat)
    assert flight_path_angle(7e6 * up, v) == pytest.approx(gamma, abs=1e-12)


def test_straight_up_and_at_rest() -> None:
    r = np.array([0.0, 0.0, 7e6])
    assert flight_path_angle(r, np.array([0.0, 0.0, 3.0])) == pytest.approx(math.pi / 2)
    assert flight_path_angle(r, np.array([0.0, 0.0, -3.0])) == pytest.approx(-math.pi / 2)
    assert flight_path_angle(r, np.zeros(3)) == 0.0
