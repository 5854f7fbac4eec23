"""Lambert's problem in the compiled core; the specification is dynamics.lambert_formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.solvers import _core
from cosmodrome.solvers.core_model import as_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["FAULTS", "PATHS", "SIDES", "least", "solve", "solve_every", "solve_one"]

# in the order of the core's enumerations
PATHS = {"prograde": 0, "retrograde": 1, "short": 2, "long": 3}
FAULTS = ("", "too soon", "no plane", "input", "lost")
_NO_NORMAL = np.zeros((0, 3))
SIDES = {"low": 1.0, "high": -1.0}

# (v1 (3,), v2 (3,), r1, r2, tof, mu, revolutions, path, side, normal or None) -> index into
# FAULTS; the velocities are written into the first two
solve_one = _core.lambert_one
# (v1 (k, 3), v2 (k, 3), faults (k,), r1, r2, tof, mu, every, path, normal or None), k = 2 every + 1
solve_every = _core.lambert_every


def solve(
    n: int,
    mu_m3_s2: float,
    path: int,
    r1_m: Array,
    r2_m: Array,
    tof_s: Array,
    revolutions: Array,
    side: Array,
    normal: Array | None,
    every: int = -1,
    level: str = "",
) -> tuple[Array, NDArray[np.uint8]]:
    """Velocities (n, k, 2, 3) and faults (n, k); arguments have n rows, or one for all.

    every  -1: what `revolutions` and `side` ask for, k = 1; else all solutions up to so many
           revolutions, k = 2 every + 1: none, then low and high of each
    level  picks the kernels
    """
    return _core.lambert(
        n,
        mu_m3_s2,
        path,
        _rows(r1_m, 3),
        _rows(r2_m, 3),
        _rows(tof_s, 1),
        _rows(revolutions, 1),
        _rows(side, 1),
        _NO_NORMAL if normal is None else _rows(normal, 3),
        every,
        level,
    )


def least(
    n: int,
    mu_m3_s2: float,
    path: int,
    r1_m: Array,
    r2_m: Array,
    revolutions: Array,
    normal: Array | None,
    level: str = "",
) -> Array:
    """Least times of flight (n,), s; 0 for no revolution, not-a-number where no plane is."""
    return _core.lambert_least(
        n,
        mu_m3_s2,
        path,
        _rows(r1_m, 3),
        _rows(r2_m, 3),
        _rows(revolutions, 1),
        _NO_NORMAL if normal is None else _rows(normal, 3),
        level,
    )


def _rows(x: Array, wide: int) -> Array:
    if x.ndim == 2 and x.flags.c_contiguous:
        return x
    return as_rows(x.reshape(-1, wide))
