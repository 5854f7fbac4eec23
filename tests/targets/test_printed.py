"""Printed states: there and back, against places worked out by hand, and refusals."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.targets.printed import PRINTED, Printed, printed_of, printed_state, shifted
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from cosmodrome.world.world import World

AT = Epoch.from_utc("1969-07-19T17:21:50Z")
MOON = Printed(
    "moon", AT, -0.0274, -2.96, 160_568.4, 2514.6, -0.174, -1.096, 1_738_090.0, 0.0, None, "gcrf"
)
EARTH = Printed("earth", AT, 0.3, -0.6, 7.6e6, 7454.4, 0.8, 1.66)


@given(
    latitude=st.floats(-1.5, 1.5),
    longitude=st.floats(-3.1, 3.1),
    height=st.floats(-3e3, 4e8),
    speed=st.floats(1.0, 12e3),
    path=st.floats(-1.5, 1.5),
    heading=st.floats(-3.1, 3.1),
    like=st.sampled_from([MOON, EARTH]),
)
def test_there_and_back(
    shipped_world: World,
    latitude: float,
    longitude: float,
    height: float,
    speed: float,
    path: float,
    heading: float,
    like: Printed,
) -> None:
    numbers = (latitude, longitude, height, speed, path, heading)
    asked = replace(like, **dict(zip(PRINTED, numbers, strict=True)))
    back = printed_of(printed_state(asked, 1.0, shipped_world), like, shipped_world)
    close = [1e-9, 1e-9 / math.cos(latitude), 1e-4, 1e-8, 1e-7, 1e-7 / math.cos(latitude)]
    for name, there, tolerance in zip(PRINTED, numbers, close, strict=True):
        off = getattr(back, name) - there
        if name in ("longitude_rad", "heading_rad"):
            off = math.remainder(off, 2.0 * math.pi)
        assert abs(off) < tolerance, name


def test_the_place_on_the_earth_is_that_of_geodesy(shipped_world: Any) -> None:
    state = printed_state(EARTH, 1.0, shipped_world)
    fixed = fixed_from_gcrf(shipped_world, "earth", "itrf", AT).matrix @ state.r_m
    assert fixed == pytest.approx(itrf_from_geodetic(0.3, -0.6, 7.6e6), abs=1e-3)


def test_a_velocity_is_told_by_the_radius_and_the_pole(shipped_world: Any) -> None:
    state = printed_state(MOON, 1.0, shipped_world)
    radius = float(np.linalg.norm(state.r_m))
    assert radius == pytest.approx(1_738_090.0 + 160_568.4, abs=1e-6)
    assert float(np.linalg.norm(state.v_m_s)) == pytest.approx(2514.6, abs=1e-9)
    rate = float(state.r_m @ state.v_m_s) / radius
    assert rate == pytest.approx(2514.6 * math.sin(-0.174), abs=1e-9)
    # westward and northward, seen with the pole of the GCRF up
    east = np.cross([0.0, 0.0, 1.0], state.r_m)
    level = 2514.6 * math.cos(-0.174)
    assert float(state.v_m_s @ east) / float(np.linalg.norm(east)) == pytest.approx(
        level * math.sin(-1.096), abs=1e-9
    )
    # the Moon's own axis lies 22 degrees from that pole here
    tilted = printed_of(state, replace(MOON, north="axis"), shipped_world)
    assert 0.2 < abs(tilted.heading_rad - MOON.heading_rad) < 0.5


def test_shifts_walk_in_the_printed_digits() -> None:
    moved = shifted(MOON, [1e-4, -1e-4, 92.6, 0.015, 2e-4, -2e-4])
    assert moved.height_m == pytest.approx(160_661.0)
    assert moved.heading_rad == pytest.approx(-1.0962)
    assert moved.epoch == MOON.epoch


def test_refusals(shipped_world: Any) -> None:
    with pytest.raises(InputError, match=r"latitude_rad = 114\.592 deg; write -90 to 90 deg"):
        replace(MOON, latitude_rad=2.0)
    with pytest.raises(InputError, match="height_m = nan"):
        replace(MOON, height_m=math.nan)
    with pytest.raises(InputError, match="write the inertial speed, above 0"):
        replace(MOON, speed_m_s=-3.0)
    pole = replace(EARTH, latitude_rad=0.5 * math.pi)
    with pytest.raises(InputError, match="on the pole"):
        printed_state(pole, 1.0, shipped_world)
