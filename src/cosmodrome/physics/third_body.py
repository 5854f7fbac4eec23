"""Attraction of distant bodies on a body in orbit round another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["acceleration"]


def acceleration(r_m: Array, s_m: Array, mu_m3_s2: float) -> Array:
    """Perturbing acceleration of a point mass at `s_m`, m/s^2, (..., 3).

    Direct minus indirect term without a difference of nearly equal vectors: Battin (1987),
    An Introduction to the Mathematics and Methods of Astrodynamics, eqs 8.60-8.62:
    a = -mu / d^3 (r + f(q) s), q = r . (r - 2 s) / s^2, f(q) = q (3 + 3 q + q^2) /
    (1 + (1 + q)^(3/2)), d = |r - s|.

    r_m, s_m  places of the orbiting and of the distant body from the central body, inertial
              axes, (..., 3)
    """
    d2 = np.sum((r_m - s_m) ** 2, axis=-1, keepdims=True)
    q = np.sum(r_m * (r_m - 2.0 * s_m), axis=-1, keepdims=True) / np.sum(
        s_m * s_m, axis=-1, keepdims=True
    )
    f = q * (3.0 + 3.0 * q + q * q) / (1.0 + (1.0 + q) ** 1.5)
    out: Array = -mu_m3_s2 / d2**1.5 * (r_m + f * s_m)
    return out
