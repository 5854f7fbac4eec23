"""Trajectory: exact where it is polynomial, silent nowhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import DataSpanError, InputError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.trajectory import STATE_COLUMNS, Trajectory

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")


def cubic(t: np.ndarray, segment: int) -> np.ndarray:
    powers = np.stack([t**0, t, t**2, t**3], axis=1)
    weights = np.array(
        [
            [7e6, 0.0, 0.0, 100.0, 200.0, 300.0, 1000.0],
            [10.0, 20.0, 30.0, 1.0, 2.0, 3.0, -0.5],
            [0.1, 0.2, 0.3, 0.01, 0.0, 0.0, 0.0],
            [1e-3, 0.0, -1e-3, 0.0, 0.0, 0.0, 0.0],
        ]
    )
    y = powers @ weights
    y[:, 6] -= 50.0 * segment  # a jettison at each break
    return y


PATH = Trajectory.fit(EPOCH, GCRF, [0.0, 10.0, 35.0, 100.0], cubic, nodes=8)


@given(st.floats(0.0, 100.0))
def test_a_polynomial_is_reproduced(t: float) -> None:
    segment = int(np.searchsorted([10.0, 35.0], t, side="right"))
    np.testing.assert_allclose(
        PATH.columns_at(t), cubic(np.array([t]), segment)[0], rtol=3e-15, atol=1e-9
    )


def test_a_smooth_function_converges_with_nodes() -> None:
    def circle(t: np.ndarray, segment: int) -> np.ndarray:
        y = np.zeros((t.size, 7))
        y[:, 0], y[:, 1], y[:, 6] = np.cos(t), np.sin(t), 1.0
        return y

    t = np.linspace(0.0, 3.0, 200)
    errors = []
    for n in (6, 10, 14):
        path = Trajectory.fit(EPOCH, GCRF, [0.0, 1.5, 3.0], circle, nodes=n)
        errors.append(np.abs(path.columns_at(t)[:, 0] - np.cos(t)).max())
    # interpolation error of cos on half-length 0.75: 0.75^n / (2^(n-1) n!)
    assert errors[0] < 3e-5
    assert errors[1] < 1e-10
    assert errors[2] < 1e-14  # rounding in sums of 14 terms


def test_breaks_belong_to_the_later_segment() -> None:
    assert PATH.column("mass_kg", 10.0) == pytest.approx(1000.0 - 5.0 - 50.0)
    assert PATH.column("mass_kg", np.nextafter(10.0, 0.0)) == pytest.approx(995.0)
    # at the very end the last segment answers
    assert PATH.column("mass_kg", 100.0) == pytest.approx(1000.0 - 50.0 - 100.0)


def test_array_and_scalar_agree() -> None:
    t = np.array([0.0, 9.0, 10.0, 34.0, 99.0])
    many = PATH.columns_at(t)
    assert many.shape == (5, 7)
    for k, each in enumerate(t):
        np.testing.assert_array_equal(PATH.columns_at(float(each)), many[k])


@pytest.mark.parametrize("t", [-1e-3, 100.001, 1e6])
def test_never_extrapolates(t: float) -> None:
    with pytest.raises(DataSpanError, match="never extrapolated"):
        PATH.columns_at(t)


def test_states_and_span() -> None:
    assert PATH.start == EPOCH
    assert PATH.end - EPOCH == 100.0
    state = PATH.at(EPOCH + 20.0)
    assert state.frame == GCRF
    assert state.mass_kg == pytest.approx(940.0)
    np.testing.assert_allclose(state.r_m, cubic(np.array([20.0]), 1)[0, :3], rtol=1e-14)
    with pytest.raises(DataSpanError):
        PATH.at(EPOCH + 101.0)


def test_refusals() -> None:
    c = np.zeros((2, 4, 7))
    with pytest.raises(InputError, match="strictly increasing"):
        Trajectory(EPOCH, GCRF, np.array([0.0, 1.0, 1.0]), c)
    with pytest.raises(InputError, match="has shape"):
        Trajectory(EPOCH, GCRF, np.array([0.0, 1.0]), c)
    with pytest.raises(InputError, match="disagree in number"):
        Trajectory(EPOCH, GCRF, np.array([0.0, 1.0, 2.0]), c, (*STATE_COLUMNS, "ux"))
    with pytest.raises(InputError, match="must begin with"):
        Trajectory(EPOCH, GCRF, np.array([0.0, 1.0, 2.0]), c, STATE_COLUMNS[::-1])
    with pytest.raises(InputError, match="no column 'speed'"):
        PATH.column("speed", 1.0)
    with pytest.raises(ValueError, match="read-only"):
        PATH.coefficients[0, 0, 0] = 1.0
