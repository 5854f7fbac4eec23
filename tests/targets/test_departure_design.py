"""Departures: energy at perigee, and the planes that hold an asymptote."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.ascent import towards
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.errors import InfeasibleError
from cosmodrome.mission import read_orbit
from cosmodrome.record.nouns import Elements
from cosmodrome.targets import insertion
from cosmodrome.targets.departures import asymptote_nodes, departure
from cosmodrome.world.epoch import Epoch

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


@pytest.mark.parametrize("branch", [0, 1])
def test_a_solved_departure_knows_its_node(shipped_world: World, branch: int) -> None:
    """The instant of launch turns a solved departure's asymptote to the wanted right ascension."""
    target = read_orbit("c3 10 km^2/s^2 51.6 deg declination -10 deg ra 200 deg").target
    epoch = Epoch.from_utc("2027-03-01T00:00:00Z")
    aim = insertion(target, epoch, shipped_world)
    assert aim.raan_of(epoch) is None  # until the ascent is solved
    mu, i = aim.mu, math.radians(51.6)
    # the same departure in a frame of its own: its asymptote 70 deg east of the x axis
    node = asymptote_nodes(math.radians(70.0), math.radians(-10.0), i)[branch]
    leaves = math.asin(math.sin(math.radians(-10.0)) / math.sin(i))
    u = leaves if branch == 0 else math.pi - leaves
    made = departure(target, shipped_world)
    a = -mu / made.c3_m2_s2
    r, v = state_from_elements(Elements(a, made.e, i, node, u - made.turn_rad, 0.3), mu)
    planet = SimpleNamespace(equatorial_radius_m=6378137.0, mu=mu)
    solution: Any = SimpleNamespace(planet=planet, r_m=r, v_m_s=v)
    wanted = towards(aim, solution).raan_of(epoch)
    assert wanted is not None
    nodes = asymptote_nodes(math.radians(200.0), math.radians(-10.0), i)
    assert wanted == pytest.approx(nodes[branch], abs=1e-9)
    assert made.nodes_rad == pytest.approx(nodes)


def test_a_departure_to_mars(shipped_world: World) -> None:
    # from 200 km: v_c 7.788 km/s and sqrt(10 + 2 v_c^2) = 11.46 km/s by hand
    made = departure(read_orbit("c3 10 km^2/s^2 28.5 deg").target, shipped_world)
    circle = math.sqrt(3.986004415e14 / 6_578_137.0)
    assert made.excess_m_s == pytest.approx(math.sqrt(10e6 + 2 * circle**2) - circle, abs=1e-6)
    assert made.v_infinity_m_s == pytest.approx(math.sqrt(10e6))
    assert math.cos(made.turn_rad) == pytest.approx(-1.0 / made.e)
    assert departure(read_orbit("moon").target, shipped_world).turn_rad == math.pi
