"""Chebyshev series: evaluation over any `Ops`, and interpolation at the extrema or the zeros."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["chebyshev", "fit_matrix", "gauss_fit", "gauss_lobatto_points"]


def chebyshev(coefficients: Sequence[float], x: Any) -> Any:
    """Sum of c_k T_k(x), x in [-1, 1], by Clenshaw's recurrence (Clenshaw 1955).

    `x` may be a float, an array or a symbol; no branch depends on its value.
    """
    two_x = x + x
    b1: Any = 0.0 * x
    b2: Any = 0.0 * x
    if type(x) is float:
        # the same sum two terms at a time: re-flights spend much of their time here
        rest = coefficients[:0:-1]
        odd = len(rest) % 2
        for c in rest[:odd]:
            b1, b2 = c + two_x * b1 - b2, b1
        for c, d in zip(rest[odd::2], rest[odd + 1 :: 2], strict=True):
            b2 = c + two_x * b1 - b2
            b1 = d + two_x * b2 - b1
        return coefficients[0] + x * b1 - b2
    for c in reversed(coefficients[1:]):
        b1, b2 = c + two_x * b1 - b2, b1
    return coefficients[0] + x * b1 - b2


def gauss_lobatto_points(n: int) -> NDArray[np.float64]:
    """The n extrema of T_(n-1), from -1 to 1; (n,)."""
    points: NDArray[np.float64] = -np.cos(np.pi * np.arange(n) / (n - 1))
    # exact symmetry: the middle of an odd set is 0, not 6e-17
    return 0.5 * (points - points[::-1])


@lru_cache(maxsize=32)
def fit_matrix(n: int) -> NDArray[np.float64]:
    """(n, n): values at `gauss_lobatto_points(n)` -> Chebyshev coefficients.

    Discrete cosine transform of type I (Trefethen 2013, Approximation Theory, ch. 3).
    """
    theta = np.pi * np.arange(n) / (n - 1)
    m = 2.0 / (n - 1) * np.cos(np.outer(np.arange(n), theta))
    m[:, 0] *= 0.5
    m[:, -1] *= 0.5
    m[0] *= 0.5
    m[-1] *= 0.5
    out: NDArray[np.float64] = m[:, ::-1].copy()
    out.flags.writeable = False
    return out


@lru_cache(maxsize=32)
def gauss_fit(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The n zeros of T_n, falling, (n,), and (n, n): values there -> Chebyshev coefficients.

    Discrete cosine transform of type II (Mason & Handscomb 2003, Chebyshev Polynomials, 4.6).
    """
    theta = np.pi * (np.arange(n) + 0.5) / n
    points = np.cos(theta)
    m = 2.0 / n * np.cos(np.outer(np.arange(n), theta))
    m[0] *= 0.5
    points.flags.writeable = m.flags.writeable = False
    return points, m
