"""Lobatto IIIA collocation: nodes, integration matrices, and interpolation on the nodes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import legendre

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LobattoScheme", "lobatto", "lobatto_basis", "lobatto_to_bernstein"]


@dataclass(frozen=True, slots=True, eq=False)
class LobattoScheme:
    """Lobatto IIIA with s points on [0, 1]; order 2 s - 2.

    nodes     (s,), both ends included
    integral  (s, s): y(c_j) = y(0) + h sum_k integral[j, k] f(c_k); row 0 is zero, the last
              row is the Lobatto quadrature
    to_chebyshev  (s, s): values at the nodes -> Chebyshev coefficients on [-1, 1]
    Source: Hairer, Norsett & Wanner, Solving ODEs II, section IV.5.
    """

    points: int
    nodes: NDArray[np.float64]
    integral: NDArray[np.float64]
    to_chebyshev: NDArray[np.float64]


@lru_cache(maxsize=16)
def lobatto(points: int) -> LobattoScheme:
    """The scheme with `points` nodes (2 <= points <= 12)."""
    n = points - 1
    # the roots are real; from NumPy 2.5 on they come in a complex type
    inner = np.real(legendre.legroots(legendre.legder([0.0] * n + [1.0]))) if n > 1 else np.zeros(0)
    x: NDArray[np.float64] = np.r_[-1.0, np.sort(inner), 1.0]
    x = 0.5 * (x - x[::-1])  # exact symmetry
    vandermonde = legendre.legvander(x, n)
    antiderivative = np.empty((points, points))
    for k in range(points):
        series = legendre.legint([0.0] * k + [1.0], lbnd=-1.0)
        antiderivative[:, k] = legendre.legval(x, series)
    integral = (0.5 * np.linalg.solve(vandermonde.T, antiderivative.T).T).astype(np.float64)
    integral[0] = 0.0
    to_chebyshev = np.linalg.inv(np.polynomial.chebyshev.chebvander(x, n)).astype(np.float64)
    nodes: NDArray[np.float64] = 0.5 * (x + 1.0)
    for array in (nodes, integral, to_chebyshev):
        array.flags.writeable = False
    return LobattoScheme(points, nodes, integral, to_chebyshev)


@lru_cache(maxsize=64)
def lobatto_basis(
    points: int, at: tuple[float, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lagrange basis on the Lobatto nodes at fractions `at` (k,), and its integral from 0.

    (k, points) each: value @ y(nodes) interpolates, integral @ y(nodes) integrates to `at`.
    """
    n = points - 1
    t = 2.0 * np.asarray(at) - 1.0
    inverse = np.linalg.inv(legendre.legvander(2.0 * lobatto(points).nodes - 1.0, n))
    antiderivative = np.empty((t.size, points))
    for k in range(points):
        antiderivative[:, k] = legendre.legval(t, legendre.legint([0.0] * k + [1.0], lbnd=-1.0))
    value, integral = legendre.legvander(t, n) @ inverse, 0.5 * antiderivative @ inverse
    for array in (value, integral):
        array.flags.writeable = False
    return value, integral


@lru_cache(maxsize=16)
def lobatto_to_bernstein(points: int) -> NDArray[np.float64]:
    """(points, points): values at the Lobatto nodes -> Bernstein coefficients on the interval.

    The polynomial lies between the least and the largest of them (Farouki 2012, The Bernstein
    polynomial basis: a centennial retrospective, sec. 3.3); the outer two are its end values.
    """
    n = points - 1
    x = lobatto(points).nodes[:, None]
    k = np.arange(points)
    choose = np.array([math.comb(n, i) for i in range(points)], dtype=np.float64)
    out = np.linalg.inv(choose * x**k * (1.0 - x) ** (n - k)).astype(np.float64)
    out.flags.writeable = False
    return out
