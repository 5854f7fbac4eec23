"""Kepler motion against a textbook case, its invariants, and high-precision arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.dynamics.kepler import kepler_propagate, mean_from_true, true_from_mean
from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Elements

MU = 3.986004418e14
ANGLE = st.floats(0.0, 6.28)


def test_vallado_example_2_4() -> None:
    # Vallado (2013), example 2-4: 40 min of Kepler motion, printed to the metre
    r, v = kepler_propagate(
        np.array([1131.340e3, -2282.343e3, 6672.423e3]),
        np.array([-5643.05, 4303.33, 2428.79]),
        2400.0,
        MU,
    )
    assert r == pytest.approx(np.array([-4219.7527e3, 4363.0292e3, -3958.7666e3]), abs=0.5)
    assert v == pytest.approx(np.array([3689.866, -1916.735, -6112.511]), abs=1e-2)


@given(
    st.one_of(st.floats(0.0, 0.97), st.floats(1.02, 4.0)),
    st.floats(-1.0, 1.0),
    st.floats(-3.0, 3.0),
)
def test_the_road_through_the_mean_anomaly_agrees(e: float, where: float, when: float) -> None:
    # independent of the universal variables: elements, Kepler's equation, elements
    a = 7.0e6 / (1.0 - e)
    reach = math.pi if e < 1.0 else 0.95 * math.acos(-1.0 / e)
    el = Elements(a, e, 0.9, 1.0, 2.0, where * reach)
    n = math.sqrt(MU / abs(a) ** 3)
    dt = when / n
    r, v = kepler_propagate(*state_from_elements(el, MU), dt, MU)
    f = true_from_mean(mean_from_true(el.true_anomaly_rad, e) + n * dt, e)
    r2, v2 = state_from_elements(Elements(a, e, 0.9, 1.0, 2.0, f), MU)
    # at e -> 1 the elements themselves lose the digits that 1 - e has lost
    loss = 1e-13 / abs(1.0 - e) * max(1.0, float(np.linalg.norm(r) / 7.0e6))
    assert np.linalg.norm(r - r2) <= 10 * loss * np.linalg.norm(r)
    assert np.linalg.norm(v - v2) <= 10 * loss * np.linalg.norm(v)


@given(st.floats(-0.6, 0.6), st.floats(0.7, 1.8), st.floats(-4e4, 4e4))
def test_there_and_back_and_what_is_conserved(climb: float, speed: float, dt: float) -> None:
    # speeds from 0.7 to 1.8 of circular: ellipses, near-parabolas (1.414) and hyperbolas
    r0 = np.array([6.9e6, 1.0e6, -2.0e6])
    radius = float(np.linalg.norm(r0))
    across = np.cross(np.array([0.2, -0.4, 0.9]), r0)
    across /= np.linalg.norm(across)
    circular = math.sqrt(MU / radius)
    v0 = speed * circular * (math.cos(climb) * across + math.sin(climb) * r0 / radius)
    r1, v1 = kepler_propagate(r0, v0, dt, MU)
    h0, h1 = np.cross(r0, v0), np.cross(r1, v1)
    assert np.linalg.norm(h1 - h0) <= 2e-13 * np.linalg.norm(h0) * (1 + np.linalg.norm(r1) / radius)
    energy = [0.5 * v @ v - MU / np.linalg.norm(r) for r, v in ((r0, v0), (r1, v1))]
    # scale: kinetic energy at whichever end is deeper
    scale = max(float(v0 @ v0), float(v1 @ v1))
    assert abs(energy[1] - energy[0]) <= 2e-13 * scale
    r2, _ = kepler_propagate(r1, v1, -dt, MU)
    # an error of energy grows along the orbit with n dt; it must not grow faster
    n = math.sqrt(MU / min(radius, float(np.linalg.norm(r1))) ** 3)
    assert np.linalg.norm(r2 - r0) <= 3e-14 * radius * (10 + n * abs(dt)) * (
        1 + np.linalg.norm(r1) / radius
    )


def test_thirteen_digits_on_a_circle_after_a_day() -> None:
    a = 7.2e6
    n = math.sqrt(MU / a**3)
    r, _ = kepler_propagate(np.array([a, 0, 0]), np.array([0, n * a, 0]), 86400.0, MU)
    angle = math.remainder(n * 86400.0, 2.0 * math.pi)
    assert r == pytest.approx(
        a * np.array([math.cos(angle), math.sin(angle), 0.0]), abs=1e-13 * a * 100
    )


def test_parabola_against_barker() -> None:
    # Barker's equation: tan(f/2) + tan^3(f/2)/3 = 2 sqrt(mu/p^3) (t - T); Vallado (2013) sec. 2.2
    p = 1.4e7
    f = 1.1
    t = 0.5 * math.sqrt(p**3 / MU) * (math.tan(f / 2) + math.tan(f / 2) ** 3 / 3)
    r, _ = kepler_propagate(
        np.array([p / 2, 0.0, 0.0]), np.array([0.0, 2.0 * math.sqrt(MU / p), 0.0]), t, MU
    )
    radius = p / (1 + math.cos(f))
    assert r == pytest.approx(radius * np.array([math.cos(f), math.sin(f), 0]), rel=1e-12)


@given(st.floats(0.0, 0.99), st.floats(-20.0, 20.0))
def test_kepler_equation_both_ways_on_the_ellipse(e: float, m: float) -> None:
    f = true_from_mean(m, e)
    assert mean_from_true(f, e) == pytest.approx(m, abs=1e-13 / (1.0 - e))
    # the true anomaly stays within half a turn of the mean one: no turn is lost
    assert abs(f - m) < math.pi


@given(st.floats(1.01, 10.0), st.floats(-30.0, 30.0))
def test_kepler_equation_both_ways_on_the_hyperbola(e: float, m: float) -> None:
    f = true_from_mean(m, e)
    # near the asymptote the anomaly itself resolves m only to eps times dm/df
    el = Elements(7e6 / (1 - e), e, 0.0, 0.0, 0.0, f)
    radius = float(np.linalg.norm(state_from_elements(el, MU)[0]))
    assert mean_from_true(f, e) == pytest.approx(
        m, abs=1e-14 * (radius / 7e6) ** 2 / (e - 1) ** 2 + 1e-12
    )


def test_zero_time_is_the_same_state_and_the_centre_is_refused() -> None:
    r, v = np.array([7e6, 0, 0]), np.array([0, 7.5e3, 1e2])
    r1, v1 = kepler_propagate(r, v, 0.0, MU)
    assert np.array_equal(r, r1)
    assert np.array_equal(v, v1)
    with pytest.raises(InputError, match="centre of attraction"):
        kepler_propagate(np.zeros(3), v, 1.0, MU)
    with pytest.raises(InputError, match="no mean anomaly"):
        mean_from_true(0.1, 1.0)
    with pytest.raises(InputError, match="no mean anomaly"):
        true_from_mean(0.1, 1.0)
    with pytest.raises(InputError, match="asymptote"):
        mean_from_true(3.0, 2.0)


def test_whole_periods_are_exact() -> None:
    el = Elements(9e6, 0.2, 1.0, 2.0, 3.0, 0.5)
    r, v = state_from_elements(el, MU)
    period = 2 * math.pi * math.sqrt(el.a_m**3 / MU)
    r1, _ = kepler_propagate(r, v, 100 * period, MU)
    assert np.linalg.norm(r1 - r) < 1e-4  # a, hence the period, is known to a few 1e-16 only
    assert elements_from_state(r1, v, MU).e == pytest.approx(0.2, abs=1e-10)
