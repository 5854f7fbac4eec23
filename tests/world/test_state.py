"""State refuses what it cannot know."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.errors import FrameMismatchError, InputError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, ITRF
from cosmodrome.world.state import State

R = np.array([7.0e6, 0.0, 0.0])
V = np.array([0.0, 7.5e3, 0.0])


def test_fields_are_kept_and_frozen() -> None:
    r = R.copy()
    state = State(Epoch(0), GCRF, r, V, 2900.0, attitude=[1.0, 0.0, 0.0, 0.0])
    r[0] = 0.0
    assert state.r_m[0] == 7.0e6
    with pytest.raises(ValueError, match="read-only"):
        state.r_m[0] = 1.0
    assert state.attitude is not None
    assert state.attitude.dtype == np.float64


@pytest.mark.parametrize("mass", [0.0, -1.0, np.nan, np.inf])
def test_refuses_a_mass_that_is_none(mass: float) -> None:
    with pytest.raises(InputError, match="mass_kg"):
        State(Epoch(0), GCRF, R, V, mass)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("r_m", np.zeros(2), "shape"),
        ("v_m_s", np.array([0.0, np.nan, 0.0]), "not finite"),
        ("attitude", np.zeros(3), "shape"),
        ("rate_rad_s", np.array([np.inf, 0.0, 0.0]), "not finite"),
        ("covariance", np.zeros((3, 3)), "shape"),
    ],
)
def test_refuses_misshapen_or_infinite_values(field: str, value: np.ndarray, says: str) -> None:
    good: dict[str, object] = {
        "epoch": Epoch(0), "frame": GCRF, "r_m": R, "v_m_s": V, "mass_kg": 1.0,
    }  # fmt: skip
    with pytest.raises(InputError, match=f"State.{field}.*{says}"):
        State(**{**good, field: value})  # type: ignore[arg-type]


def test_nothing_that_matters_has_a_default() -> None:
    with pytest.raises(TypeError):
        State(Epoch(0), GCRF, R, V)  # type: ignore[call-arg]


def test_separation() -> None:
    a = State(Epoch(0), GCRF, R, V, 10.0)
    b = State(Epoch(0), GCRF, R + np.array([3.0, 4.0, 0.0]), V + np.array([0.0, 0.0, 2.0]), 10.0)
    assert a.separation(b) == (5.0, 2.0)
    with pytest.raises(FrameMismatchError, match="rotate one of them first"):
        a.separation(State(Epoch(0), ITRF, R, V, 10.0))
    with pytest.raises(InputError, match="one instant"):
        a.separation(State(Epoch(1), GCRF, R, V, 10.0))
