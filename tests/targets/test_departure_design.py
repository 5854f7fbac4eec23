"""Departures: energy at perigee, and the planes that hold an asymptote."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InfeasibleError
from cosmodrome.mission import read_orbit
from cosmodrome.targets.departures import asymptote_nodes, departure

if TYPE_CHECKING:
    from cosmodrome.world.world import World


@given(st.floats(0.0, 6.28), st.floats(-1.4, 1.4), st.floats(0.0, 1.0))
def test_both_planes_hold_the_direction(ra: float, dec: float, part: float) -> None:
    low = abs(dec) + 1e-6
    i = low + part * (math.pi - 2 * low)
    s = np.array([math.cos(dec) * math.cos(ra), math.cos(dec) * math.sin(ra), math.sin(dec)])
    going = []
    for node in asymptote_nodes(ra, dec, i):
        pole = np.array([math.sin(i) * math.sin(node), -math.sin(i) * math.cos(node), math.cos(i)])
        assert abs(float(pole @ s)) < 1e-7
        going.append(float(np.cross(pole, s)[2]))  # northward speed there
    assert going[0] > -1e-6
    assert going[1] < 1e-6


def test_no_plane_reaches_so_far_from_the_equator() -> None:
    with pytest.raises(InfeasibleError, match="raise the inclination"):
        asymptote_nodes(0.0, math.radians(40.0), math.radians(28.5))


def test_a_departure_to_mars(shipped_world: World) -> None:
    # from 200 km: v_c 7.788 km/s and sqrt(10 + 2 v_c^2) = 11.46 km/s by hand
    made = departure(read_orbit("c3 10 km^2/s^2 28.5 deg").target, shipped_world)
    circle = math.sqrt(3.986004415e14 / 6_578_137.0)
    assert made.excess_m_s == pytest.approx(math.sqrt(10e6 + 2 * circle**2) - circle, abs=1e-6)
    assert made.v_infinity_m_s == pytest.approx(math.sqrt(10e6))
    assert math.cos(made.turn_rad) == pytest.approx(-1.0 / made.e)
    assert departure(read_orbit("moon").target, shipped_world).turn_rad == math.pi
