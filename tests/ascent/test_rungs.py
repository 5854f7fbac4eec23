"""The ladder to a departure: which rungs, and (slow) that it arrives."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.ascent.rungs import energies, solve_by_rungs, turns
from cosmodrome.ascent.target import asymptote, reaches
from cosmodrome.campaign import mission_to
from cosmodrome.campaign.capability import aim, flown_again
from cosmodrome.catalog.nouns import Limits
from cosmodrome.dynamics.elements import Elements, state_from_elements
from cosmodrome.maths import SCALAR
from cosmodrome.mission import read_orbit
from cosmodrome.targets import Insertion
from tests.ascent.conftest import two_stages

if TYPE_CHECKING:
    from cosmodrome.world.world import World


def insertion_of(c3: float) -> Insertion:
    """A departure of that energy, and nothing else asked."""
    mu = 3.986004415e14
    return Insertion(mu, 6_378_136.3, 0.0, -mu / c3, 0.9, 0.9, 0.0, c3_m2_s2=c3)


@given(st.floats(-60e6, 100e6))
def test_rungs_rise_to_the_energy_wanted(c3: float) -> None:
    steps = energies(c3)
    assert steps[-1] == c3
    assert all(0.0 < b - a <= 2e6 for a, b in pairwise(steps))
    assert steps[0] == (c3 if c3 <= -16e6 else -16e6)


@given(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_turns_end_at_the_direction_wanted(natural: float, wanted: float) -> None:
    steps = turns(natural, wanted)
    assert steps[-1] == pytest.approx(wanted, abs=1e-12)
    every = [natural, *steps]
    assert all(abs(b - a) <= math.radians(5.0) + 1e-9 for a, b in pairwise(every))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["escape", "c3 10 km^2/s^2 declination 20 deg"])
def test_a_departure_is_reached_and_flown_again(text: str, shipped_world: World) -> None:
    asked = read_orbit(text)
    m = replace(
        mission_to("baikonur", "soyuz-2.1b", asked.file), vehicle=two_stages(), limits=Limits()
    )
    solution = solve_by_rungs(m, aim(m, shipped_world), shipped_world)
    _, miss_m, miss_m_s = flown_again(m, solution, shipped_world)
    assert (miss_m < 1.0, miss_m_s < 1e-3) == (True, True)
    r, v, mu = solution.r_m, solution.v_m_s, solution.planet.mu
    wanted = asked.target.c3_m2_s2
    assert wanted is not None
    c3 = float(v @ v) - 2.0 * mu / float(np.linalg.norm(r))
    assert c3 == pytest.approx(wanted.value, abs=1.0)
    # 6.8 t to escape; an asymptote that a direct ascent does not meet of itself costs half of it
    assert 2_500.0 < solution.capability_kg < 7_500.0
    declination = asked.target.declination_rad
    if declination is not None:
        length = 6_378_137.0
        speed = math.sqrt(mu / length)
        x, y, z = (float(c) / length for c in r)
        vx, vy, vz = (float(c) / speed for c in v)
        away = asymptote(SCALAR, (x, y, z), (vx, vy, vz), c3 / speed**2)
        assert float(away[2]) == pytest.approx(math.sin(declination.value), abs=1e-8)


@pytest.mark.parametrize("going", ["northbound", "southbound"])
@pytest.mark.parametrize("u_deg", [23.0, 157.0, 290.0])
def test_a_departure_knows_on_which_side_its_asymptote_passes(going: str, u_deg: float) -> None:
    """Rows of the waypoint at states of known argument of latitude, built by elements."""
    i, length, mu = math.radians(51.8), 6_378_137.0, 3.986004415e14
    c3 = -1.9e6
    a, perigee = -mu / c3, length + 200e3
    e = 1.0 - perigee / a
    # the apogee stands half a turn after the perigee
    argp = math.radians(u_deg) - math.pi
    r, v = state_from_elements(Elements(a, e, i, 0.7, argp, 0.3), mu)
    state = (tuple(r / length), tuple(v / math.sqrt(mu / length)))
    base = replace(
        insertion_of(c3), i_mean_rad=i, inclination_free=False, going=going,
        declination_rad=math.asin(math.sin(i) * math.sin(math.radians(u_deg))),
    )  # fmt: skip
    energy, plane, declination, side = reaches(base, length, mu).formula(SCALAR, *state, 0.0)
    assert (energy, plane, declination) == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    north = math.cos(math.radians(u_deg)) > 0.0
    assert (side > 0.0) == north
    low, high = reaches(base, length, mu).lower[-1], reaches(base, length, mu).upper[-1]
    assert (low <= side <= high) == (north == (going == "northbound"))
    along = replace(base, declination_rad=None, asymptote_u_rad=math.radians(u_deg))
    *_, across, ahead = reaches(along, length, mu).formula(SCALAR, *state, 0.0)
    assert (across, ahead) == pytest.approx((0.0, 1.0), abs=1e-9)
