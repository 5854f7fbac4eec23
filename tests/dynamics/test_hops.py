"""Flights between any two instants of a span, on one set of tables."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, PointMass, preset, propagate
from cosmodrome.dynamics.hops import Hops
from cosmodrome.errors import InputError
from tests.dynamics.starts import DAY, LEO

FAR = Dynamics((PointMass("earth"), PointMass("moon"), PointMass("sun")))


def start(state):
    return np.concatenate([state.r_m, state.v_m_s])


def test_a_hop_is_the_flight_of_propagate(shipped_world):
    d = Dynamics.earth(20)
    times = np.array([100.0, 2_000.0, 5_400.0])
    flown = propagate(LEO, d, 6_000.0, world=shipped_world, dense=False, times=times)
    y, rows = Hops(LEO, d, 6_000.0, shipped_world).fly(start(LEO), 0.0, 6_000.0, times)
    assert np.linalg.norm(y[:3] - flown.end.r_m) < 1e-5
    assert np.max(np.abs(rows - flown.samples[:, :6])) < 1e-5


def test_a_chain_of_hops_there_and_back(shipped_world):
    hops = Hops(LEO, Dynamics.earth(20), 6_000.0, shipped_world)
    y = start(LEO)
    ends = (0.0, 700.0, 701.0, 3_000.0, 6_000.0)
    for a, b in itertools.pairwise(ends):
        y, rows = hops.fly(y, a, b)
        assert rows.shape == (0, 6)
    back, rows = hops.fly(y, 6_000.0, 0.0, [6_000.0, 3_000.0, 0.0])
    assert np.max(np.abs(back[:3] - LEO.r_m)) < 1e-4
    assert rows[-1] == pytest.approx(back, abs=1e-6)
    still, rows = hops.fly(y, 6_000.0, 6_000.0, [6_000.0])
    assert np.array_equal(still, y)
    assert np.array_equal(rows[0], y)


def test_spans_longer_than_one_set_of_tables(shipped_world):
    far = propagate(LEO, FAR, 10.0, world=shipped_world, dense=False).end
    high = start(far)
    # a wide orbit: 70 days cross two seams
    high[:3] *= 30.0
    high[3:] *= 30.0**-0.5
    hops = Hops(far, FAR, 70 * DAY, shipped_world)
    times = np.linspace(0.0, 70.0, 15)[1:] * DAY
    whole, rows = hops.fly(high, 0.0, 70 * DAY, times)
    assert rows.shape == (14, 6)
    assert rows[-1] == pytest.approx(whole, rel=1e-12)
    middle, _ = hops.fly(high, 0.0, 40 * DAY)
    last, _ = hops.fly(middle, 40 * DAY, 70 * DAY)
    assert np.linalg.norm(last[:3] - whole[:3]) < 1e-2
    back, _ = hops.fly(whole, 70 * DAY, 0.0)
    assert np.linalg.norm(back[:3] - high[:3]) < 1e-1


def test_what_is_no_span_is_refused(shipped_world):
    hops = Hops(LEO, FAR, 100.0, shipped_world)
    with pytest.raises(InputError, match="leaves the span of 0 to 100 s"):
        hops.fly(start(LEO), 0.0, 101.0)
    with pytest.raises(InputError, match="keep their centre"):
        Hops(LEO, preset("translunar"), 100.0, shipped_world)
    with pytest.raises(InputError, match="above 0 s"):
        Hops(LEO, FAR, 0.0, shipped_world)
