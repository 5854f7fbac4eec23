"""Elements against textbook cases and against their own inverse over every kind of orbit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Elements

MU = 3.986004418e14


def test_vallado_example_2_5() -> None:
    # Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), example 2-5;
    # printed to the digits below; the book uses mu = 3.986004418e14
    r = np.array([6524.834e3, 6862.875e3, 6448.296e3])
    v = np.array([4.901327e3, 5.533756e3, -1.976341e3])
    el = elements_from_state(r, v, MU)
    assert el.a_m == pytest.approx(36127.343e3, rel=5e-7)
    assert el.e == pytest.approx(0.832853, abs=1e-6)
    assert math.degrees(el.i_rad) == pytest.approx(87.870, abs=1e-3)
    assert math.degrees(el.raan_rad) == pytest.approx(227.898, abs=1e-3)
    assert math.degrees(el.argp_rad) == pytest.approx(53.38, abs=1e-2)
    assert math.degrees(el.true_anomaly_rad) == pytest.approx(92.335, abs=1e-3)


def test_vallado_example_2_6() -> None:
    # Vallado (2013), example 2-6: p = 11067.790 km, e = 0.83285, i = 87.87, raan = 227.89,
    # argp = 53.38, f = 92.335 deg -> printed place and velocity (rounded elements: to ~1 km)
    e = 0.83285
    el = Elements(
        11067.790e3 / (1 - e * e),
        e,
        math.radians(87.87),
        math.radians(227.89),
        math.radians(53.38),
        math.radians(92.335),
    )
    r, v = state_from_elements(el, MU)
    assert r == pytest.approx(np.array([6525.344e3, 6861.535e3, 6449.125e3]), rel=1e-5)
    assert v == pytest.approx(np.array([4.902276e3, 5.533124e3, -1.975709e3]), rel=1e-5)


ANGLE = st.floats(0.0, 2.0 * math.pi, exclude_max=True)
INCLINATION = st.one_of(st.floats(0.0, math.pi), st.sampled_from([0.0, math.pi, math.pi / 2]))
ECCENTRICITY = st.one_of(
    st.floats(0.0, 0.95), st.floats(1.05, 5.0), st.sampled_from([0.0, 1e-14, 1e-9])
)


@given(ECCENTRICITY, INCLINATION, ANGLE, ANGLE, ANGLE)
def test_place_and_velocity_survive_the_round_trip(
    e: float, i: float, raan: float, argp: float, f: float
) -> None:
    if e > 1.0:
        f = 0.9 * math.acos(-1.0 / e) * math.sin(f)  # between the asymptotes
    perigee = 7.0e6
    el = Elements(perigee / (1.0 - e), e, i, raan, argp, f)
    r, v = state_from_elements(el, MU)
    again = elements_from_state(r, v, MU)
    r2, v2 = state_from_elements(again, MU)
    # 1 - e^2 from a and e loses digits next to the parabola only
    assert np.linalg.norm(r2 - r) <= 5e-13 * np.linalg.norm(r) / abs(1.0 - e)
    assert np.linalg.norm(v2 - v) <= 5e-13 * np.linalg.norm(v) / abs(1.0 - e)
    assert again.i_rad == pytest.approx(i, abs=1e-7 if min(i, math.pi - i) < 1e-6 else 1e-13)
    for angle in (again.raan_rad, again.argp_rad, again.true_anomaly_rad):
        assert 0.0 <= angle < 2.0 * math.pi


@given(st.floats(0.001, 0.9), st.floats(0.01, 3.13), ANGLE, ANGLE, ANGLE)
def test_elements_come_back(e: float, i: float, raan: float, argp: float, f: float) -> None:
    el = Elements(8.0e6, e, i, raan, argp, f)
    again = elements_from_state(*state_from_elements(el, MU), MU)
    assert again.a_m == pytest.approx(el.a_m, rel=1e-13 / (1.0 - e))
    assert again.e == pytest.approx(e, abs=1e-14 / (1.0 - e))
    for name, width in (
        ("raan_rad", 1e-14 / math.sin(i)),
        ("argp_rad", 1e-14 / math.sin(i) + 1e-14 / e),
        ("true_anomaly_rad", 1e-14 / e / (1.0 - e)),
    ):
        turn = getattr(again, name) - getattr(el, name)
        assert abs(math.remainder(turn, 2.0 * math.pi)) < 1e-14 + width


@pytest.mark.parametrize("sense", [1.0, -1.0])
def test_equatorial_and_circular_follow_the_stated_convention(sense: float) -> None:
    r = 7.0e6 * np.array([math.cos(0.3), sense * math.sin(0.3), 0.0])
    v = math.sqrt(MU / 7.0e6) * np.array([-math.sin(0.3), sense * math.cos(0.3), 0.0])
    el = elements_from_state(r, v, MU)
    assert el.raan_rad == 0.0
    assert el.i_rad == pytest.approx(0.0 if sense > 0 else math.pi, abs=1e-15)
    assert math.remainder(el.argp_rad + el.true_anomaly_rad - 0.3, 2 * math.pi) == pytest.approx(
        0.0, abs=1e-15
    )


def test_the_impossible_is_refused_with_the_next_step() -> None:
    r = np.array([7.0e6, 0.0, 0.0])
    with pytest.raises(InputError, match="give a velocity across the radius"):
        elements_from_state(r, np.array([1000.0, 0.0, 0.0]), MU)
    with pytest.raises(InputError, match="parabolic"):
        elements_from_state(r, np.array([0.0, 2.0, 0.0]), 1.4e7)
    with pytest.raises(InputError, match="negative for e > 1"):
        state_from_elements(Elements(7e6, 1.5, 0.1, 0.0, 0.0, 0.0), MU)
    with pytest.raises(InputError, match=r"asymptote at 131\.81"):
        state_from_elements(Elements(-7e6, 1.5, 0.1, 0.0, 0.0, 2.5), MU)
