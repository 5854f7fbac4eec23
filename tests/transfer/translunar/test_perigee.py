import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.transfer.translunar.geometry import since_periapsis
from cosmodrome.transfer.translunar.guess import start
from cosmodrome.transfer.translunar.perigee import Leaves, Perigee, conic
from tests.transfer.translunar.problems import EARTH_M, FIRST, MU_EARTH, SPARE, WORLD

RADIUS = EARTH_M + 200e3


def departing(c3, i=0.5, node=1.0, argp=2.0, perigee=RADIUS):
    return start(i, node, argp, perigee, math.sqrt(c3 + 2.0 * MU_EARTH / perigee))


@given(st.floats(-1.2e6, 0.2e6), st.floats(0.0, 60_000.0), st.floats(6.6e6, 4e7))
def test_time_since_the_perigee(c3, after, perigee):
    y = departing(c3, perigee=perigee)
    r, v = kepler_propagate(y[:3], y[3:], after, MU_EARTH)
    assert since_periapsis(r, v, MU_EARTH) == pytest.approx(after, rel=1e-6, abs=1e-6)
    assert conic(r, v)[0] == pytest.approx(perigee, rel=1e-9)


def gcrf_row(y):
    tod = np.asarray(WORLD.orientation.tod_from_gcrf(FIRST).matrix)
    return np.concatenate([tod.T @ y[:3], tod.T @ y[3:]])


def test_a_departure_as_asked_lacks_nothing():
    leaves = Leaves(RADIUS, (0.5, 0.5), (FIRST, FIRST), (1.0, 0.0))
    there = Perigee.of(gcrf_row(departing(-0.6e6)), FIRST, 0.0, leaves, SPARE, WORLD)
    assert there.miss == pytest.approx(np.zeros(5), abs=1e-6)


@pytest.mark.parametrize(
    ("change", "row", "said"),
    [
        ({"perigee": RADIUS + 1e3}, 0, 1e3),
        ({"i": 0.501}, 1, 2.0 * RADIUS * 1e-3),
        ({"node": 1.001}, 2, 2.0 * RADIUS * 1e-3 * math.sin(0.5)),
    ],
)
def test_what_a_departure_lacks_is_told_in_metres(change, row, said):
    leaves = Leaves(RADIUS, (0.5, 0.5), (FIRST, FIRST), (1.0, 0.0))
    there = Perigee.of(gcrf_row(departing(-0.6e6, **change)), FIRST, 0.0, leaves, SPARE, WORLD)
    assert abs(there.miss[row]) == pytest.approx(said, rel=2e-3)
    assert abs(there.miss[3]) < 1e-6


def test_an_inclination_within_the_range_and_an_instant_within_the_span_lack_nothing():
    leaves = Leaves(RADIUS, (0.4, 0.6), (FIRST + -60.0, FIRST + 60.0))
    there = Perigee.of(gcrf_row(departing(-0.6e6)), FIRST, 0.0, leaves, SPARE, WORLD)
    assert there.miss == pytest.approx(np.zeros(5), abs=1e-6)
    late = Leaves(RADIUS, (0.4, 0.6), (FIRST + 30.0, FIRST + 60.0))
    there = Perigee.of(gcrf_row(departing(-0.6e6)), FIRST, 0.0, late, SPARE, WORLD)
    assert there.miss[3] == pytest.approx(-30.0, abs=1e-6)


def test_a_node_turns_with_its_rate():
    leaves = Leaves(RADIUS, (0.5, 0.5), (FIRST, FIRST + 1e5), (1.0, 1e-6))
    row = gcrf_row(departing(-0.6e6, node=1.05))
    there = Perigee.of(row, FIRST + 5e4, 0.0, leaves, SPARE, WORLD)
    # precession in half a day is nothing to it
    assert abs(there.miss[2]) < 30.0
    assert leaves.node_at(FIRST + 5e4) == pytest.approx((1.05, 1e-6))
    assert leaves.wider(1e5).node_at(FIRST) == pytest.approx((1.0, 1e-6))
