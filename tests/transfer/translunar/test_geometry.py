import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.transfer.translunar.geometry import aim, arrival, held_misses, out_of_reach
from cosmodrome.transfer.translunar.guess import ellipse, plane, start
from cosmodrome.transfer.translunar.nouns import LunarOrbit
from tests.transfer.translunar.problems import MOON_M, MU_EARTH, MU_MOON

POLE = np.array([0.0, 0.0, 1.0])


def hyperbola(v_infinity, perilune, i, node, argp):
    """Place and velocity at the perilune."""
    e = 1.0 + perilune * v_infinity**2 / MU_MOON
    speed = math.sqrt(MU_MOON * (1.0 + e) / perilune)
    y = start(i, node, argp, perilune, speed)
    return y[:3], y[3:]


angles = st.floats(0.05, 3.0)


@given(st.floats(500.0, 1500.0), st.floats(1.75e6, 2e7), angles, angles, angles)
def test_the_plane_of_an_arrival_is_the_same_all_along_a_hyperbola(v, perilune, i, node, argp):
    r0, v0 = hyperbola(v, perilune, i, node, argp)
    early = [kepler_propagate(r0, v0, -t, MU_MOON) for t in (10.0, 7200.0, 86_400.0)]
    rows = arrival(np.array([[*a, *b] for a, b in early]), POLE)
    assert rows.v_infinity_m_s == pytest.approx(v, rel=1e-9)
    assert rows.since_s == pytest.approx([-10.0, -7200.0, -86_400.0], rel=1e-7)
    # b^2 = rp^2 + 2 mu rp / v^2 by energy and angular momentum
    b = math.sqrt(perilune**2 + 2.0 * MU_MOON * perilune / v**2)
    assert np.linalg.norm(rows.b, axis=1) == pytest.approx(b, rel=1e-9)
    # far out the path runs along the asymptote, b beside the Moon
    _, far_v = kepler_propagate(r0, v0, -3e7, MU_MOON)
    assert far_v / np.linalg.norm(far_v) == pytest.approx(rows.s[0], abs=0.05)
    beside = rows.b[0, 0] * rows.t[0] + rows.b[0, 1] * rows.r[0]
    assert np.cross(beside, rows.s[0]) @ np.cross(r0, v0) > 0.0
    assert beside @ r0 > 0.0


@given(st.floats(600.0, 1400.0), st.floats(0.3, 2.8), angles, st.sampled_from(["north", "south"]))
def test_where_to_aim_gives_perilune_inclination_and_side(v, i, node, passing):
    there = arrival(np.array([np.concatenate(hyperbola(v, 5e6, 1.2, node, 0.4))]), POLE)
    orbit = LunarOrbit(MOON_M + 100e3, MOON_M + 100e3, i)
    wanted = aim(there, POLE, orbit, passing)[0]
    b = wanted[0] * there.t[0] + wanted[1] * there.r[0]
    h = np.cross(b, there.s[0])
    reached = math.acos(h[2] / np.linalg.norm(h))
    assert abs(reached - i) == pytest.approx(out_of_reach(there, POLE, orbit), abs=1e-7)
    assert (wanted[1] > 0.0) == (passing == "south") or abs(wanted[1]) < 1.0
    size = np.linalg.norm(wanted)
    a = MU_MOON / v**2
    assert math.hypot(a, size) - a == pytest.approx(orbit.perilune_m, rel=1e-9)


@pytest.mark.parametrize("days", [1.8, 2.5, 3.0, 4.0, 4.9])
def test_the_first_guess_climbs_to_the_distance_in_the_time(days):
    speed, f = ellipse(6_578e3, 385e6, days * 86_400.0)
    y = start(0.5, 1.0, 2.0, 6_578e3, speed)
    r, _ = kepler_propagate(y[:3], y[3:], days * 86_400.0, MU_EARTH)
    assert np.linalg.norm(r) == pytest.approx(385e6, rel=1e-9)
    turned = math.acos(r @ y[:3] / (np.linalg.norm(r) * 6_578e3))
    assert turned == pytest.approx(f, abs=1e-7)


def test_a_flight_longer_than_half_the_ellipse_begins_from_half_of_it():
    speed, f = ellipse(6_578e3, 385e6, 6.0 * 86_400.0)
    assert f == math.pi
    assert speed == pytest.approx(math.sqrt(2.0 * MU_EARTH * (1 / 6_578e3 - 1 / 391.578e6)))


@pytest.mark.parametrize("going", ["northbound", "southbound"])
def test_both_planes_hold_the_moon(going):
    toward = np.array([3e8, -1e8, -1.2e8])
    i, node, u = plane(toward, (math.radians(28.5), math.radians(40.0)), going)
    assert i == math.radians(28.5)
    y = start(i, node, u, 7e6, 1.0)
    assert y[:3] / 7e6 == pytest.approx(toward / np.linalg.norm(toward), abs=1e-12)
    assert (y[5] > 0.0) == (going == "northbound")


@given(st.floats(-0.3e6, 0.3e6), st.floats(1.75e6, 2e7), angles, angles, angles)
def test_an_arrival_near_a_parabola_is_told_without_an_asymptote(c3, perilune, i, node, argp):
    """Ellipses, parabolas and hyperbolas in one: met by the path that meets it, all along it."""
    speed = math.sqrt(c3 + 2.0 * MU_MOON / perilune)
    y = start(i, node, argp, perilune, speed)
    before = (0.0, 10.0, 7_200.0, 54_000.0)
    rows = np.array([np.concatenate(kepler_propagate(y[:3], y[3:], -t, MU_MOON)) for t in before])
    off = held_misses(rows, POLE, LunarOrbit(perilune, perilune, i))
    assert off[:, :2] == pytest.approx(0.0, abs=1e-2)
    assert off[:, 2] == pytest.approx([-t for t in before], rel=1e-7, abs=1e-6)
    # a perilune that is 10 km lower is told as too low
    low = held_misses(rows, POLE, LunarOrbit(perilune + 1e4, perilune + 1e4, i))
    assert np.all(low[:, 0] < 0.0)
