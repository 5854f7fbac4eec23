"""Rotations: the algebra of names, and the transport theorem."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import FrameMismatchError
from cosmodrome.world.frame import GCRF, ITRF, TOD, Frame, Rotation

ANGLE = st.floats(-7.0, 7.0)


def turn(angle: float, axis: int) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    m = np.eye(3)
    m[i, i] = m[j, j] = c
    m[i, j], m[j, i] = s, -s
    return m


def moving(t: float, w: tuple[float, float, float]) -> np.ndarray:
    """An attitude whose three angles run at three steady rates."""
    return turn(w[2] * t, 2) @ turn(0.3 + w[0] * t, 0) @ turn(1.0 + w[1] * t, 2)


def rate_of(t: float, w: tuple[float, float, float]) -> np.ndarray:
    """Angular velocity of `moving` in its own axes, from the turns themselves."""
    r3, r1 = turn(w[2] * t, 2), turn(0.3 + w[0] * t, 0)
    return (
        np.array([0.0, 0.0, w[2]])
        + r3 @ np.array([w[0], 0.0, 0.0])
        + r3 @ r1 @ np.array([0.0, 0.0, w[1]])
    )


def test_names_must_meet() -> None:
    a = Rotation("itrf", "gcrf", turn(0.4, 2))
    b = Rotation("tod", "gcrf", turn(0.1, 0))
    with pytest.raises(FrameMismatchError, match=r"inner names 'gcrf' and 'tod' do not meet"):
        a @ b
    both = a @ b.T
    assert (both.to, both.of) == ("itrf", "tod")
    np.testing.assert_allclose(both.matrix, turn(0.4, 2) @ turn(0.1, 0).T, atol=1e-16)


@given(ANGLE, ANGLE, ANGLE)
def test_inverse_and_product(a: float, b: float, c: float) -> None:
    r = Rotation("b", "a", turn(a, 0) @ turn(b, 1), np.array([a, b, c]))
    s = Rotation("c", "b", turn(c, 2) @ turn(a, 1), np.array([c, a, b]))
    whole = s @ r
    assert (whole.to, whole.of) == ("c", "a")
    np.testing.assert_allclose((whole @ whole.T).matrix, np.eye(3), atol=1e-14)
    identity = (r.T @ r).rate
    assert identity is not None
    np.testing.assert_allclose(identity, 0.0, atol=1e-14)
    v = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(whole.vector(v), s.vector(r.vector(v)), atol=1e-14)
    # going there and back, by the inverse of the product and the product of inverses
    other = r.T @ s.T
    np.testing.assert_allclose(other.matrix, whole.T.matrix, atol=1e-14)
    assert other.rate is not None
    assert whole.T.rate is not None
    np.testing.assert_allclose(other.rate, whole.T.rate, atol=1e-13)


@given(ANGLE, st.tuples(ANGLE, ANGLE, ANGLE))
def test_transport_theorem_by_difference(t: float, w: tuple[float, float, float]) -> None:
    def place(at: float) -> np.ndarray:
        return np.array([7.0 + 0.3 * at, -2.0 * at, 1.0 + 0.1 * at**2])

    v = np.array([0.3, -2.0, 0.2 * t])
    r = Rotation("b", "a", moving(t, w), rate_of(t, w))
    r_b, v_b = r.velocity(place(t), v)
    h = 1e-5
    numeric = (moving(t + h, w) @ place(t + h) - moving(t - h, w) @ place(t - h)) / (2 * h)
    np.testing.assert_allclose(r_b, moving(t, w) @ place(t), rtol=1e-13, atol=1e-13)
    # the difference's own error: h^2 / 6 times a third derivative below 21^3 * 120
    np.testing.assert_allclose(v_b, numeric, atol=2e-4)
    back_r, back_v = r.T.velocity(r_b, v_b)
    np.testing.assert_allclose(back_r, place(t), atol=1e-11)
    np.testing.assert_allclose(back_v, v, atol=1e-11 * (1.0 + 21.0 * 100.0))


def test_rates_of_a_product_add() -> None:
    w = (0.2, -0.3, 0.5)
    spin = Rotation("c", "b", turn(0.7, 2), np.array([0.0, 0.0, 0.9]))
    slow = Rotation("b", "a", moving(1.0, w), rate_of(1.0, w))
    both = spin @ slow
    h = 1e-6

    def whole(at: float) -> np.ndarray:
        return turn(0.7 + 0.9 * at, 2) @ moving(1.0 + at, w)

    skew = -(whole(h) - whole(-h)) / (2 * h) @ whole(0.0).T
    assert both.rate is not None
    np.testing.assert_allclose(both.rate, [skew[2, 1], skew[0, 2], skew[1, 0]], atol=1e-9)


def test_many_at_once_equal_one_by_one() -> None:
    times = np.linspace(0.0, 3.0, 7)
    w = (0.2, -0.3, 0.5)
    many = Rotation(
        "b", "a", np.stack([moving(t, w) for t in times]), np.stack([rate_of(t, w) for t in times])
    )
    constant = Rotation("a", "z", turn(0.2, 1))
    r = np.arange(21.0).reshape(7, 3)
    v = r[::-1]
    r_b, v_b = many.velocity(r, v)
    product = many @ constant
    for k, t in enumerate(times):
        one = Rotation("b", "a", moving(t, w), rate_of(t, w))
        np.testing.assert_allclose(one.velocity(r[k], v[k])[0], r_b[k], atol=1e-13)
        np.testing.assert_allclose(one.velocity(r[k], v[k])[1], v_b[k], atol=1e-13)
        np.testing.assert_allclose((one @ constant).matrix, product.matrix[k], atol=1e-15)


def test_without_a_rate_velocity_only_turns() -> None:
    r = Rotation("b", "a", turn(0.4, 1))
    r_b, v_b = r.velocity(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0]))
    np.testing.assert_allclose(v_b, turn(0.4, 1) @ [3.0, 2.0, 1.0])
    np.testing.assert_allclose(r_b, turn(0.4, 1) @ [1.0, 2.0, 3.0])
    assert r.T.rate is None


def test_named_frames() -> None:
    assert GCRF.inertial
    assert not ITRF.inertial
    assert not TOD.inertial
    assert str(GCRF) == "earth/gcrf"
    assert Frame("earth", "gcrf", True) == GCRF
