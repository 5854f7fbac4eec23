"""A path read off its own Chebyshev series: values, time derivatives and both sides of a break.

`Trajectory.columns_at` answers from the later segment at a break; a seam check needs the
limit from either side, and the felt acceleration needs the derivative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.trajectory import Trajectory

__all__ = ["Samples", "Seams", "sample", "seams"]


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A path at m points of each of its n segments, ends included, flattened in time order.

    t_s (N,) seconds from the path's epoch, values (N, C), rates (N, C) per second,
    weights (N,) Clenshaw-Curtis quadrature weights in s (their sum is the span), segment (N,).
    """

    t_s: NDArray[np.float64]
    values: NDArray[np.float64]
    rates: NDArray[np.float64]
    weights: NDArray[np.float64]
    segment: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Seams:
    """The inner breaks of a path: t_s (n - 1,), before and after (n - 1, C)."""

    t_s: NDArray[np.float64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def _clenshaw_curtis(m: int) -> NDArray[np.float64]:
    """Quadrature weights on [-1, 1] at the m Chebyshev-Lobatto points (Clenshaw, Curtis 1960)."""
    k = np.arange(0, m, 2)
    moments = 2.0 / (1.0 - k.astype(float) ** 2)
    theta = np.pi * np.arange(m) / (m - 1)
    c = np.cos(np.outer(theta, k)) * moments
    c[:, 0] *= 0.5
    if k[-1] == m - 1:
        c[:, -1] *= 0.5
    w = 2.0 / (m - 1) * c.sum(axis=1)
    w[0] *= 0.5
    w[-1] *= 0.5
    out: NDArray[np.float64] = w
    return out


def sample(path: Trajectory, m: int = 9) -> Samples:
    """Values and rates at m Chebyshev-Lobatto points of every segment of a path."""
    n = path.coefficients.shape[0]
    x = -np.cos(np.pi * np.arange(m) / (m - 1))
    k = path.coefficients.shape[1]
    v = chebyshev.chebvander(x, k - 1)
    half = 0.5 * np.diff(path.breaks_s)
    middle = 0.5 * (path.breaks_s[1:] + path.breaks_s[:-1])
    values = np.einsum("mk,nkc->nmc", v, path.coefficients)
    if k > 1:
        slope = chebyshev.chebder(path.coefficients, axis=1)
        rates = np.einsum("mk,nkc->nmc", v[:, : k - 1], slope) / half[:, None, None]
    else:
        rates = np.zeros_like(values)
    t = middle[:, None] + half[:, None] * x
    t[:, 0], t[:, -1] = path.breaks_s[:-1], path.breaks_s[1:]
    weights = half[:, None] * _clenshaw_curtis(m)
    columns = values.shape[2]
    return Samples(
        t.ravel(),
        values.reshape(-1, columns),
        rates.reshape(-1, columns),
        weights.ravel(),
        np.repeat(np.arange(n), m),
    )


def seams(path: Trajectory) -> Seams:
    """Both sides of every inner break of a path."""
    c = path.coefficients
    sign = np.where(np.arange(c.shape[1]) % 2 == 0, 1.0, -1.0)
    left_ends = np.einsum("k,nkc->nc", sign, c)
    right_ends = c.sum(axis=1)
    return Seams(path.breaks_s[1:-1], right_ends[:-1], left_ends[1:])
