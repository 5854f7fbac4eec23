"""Relativity in the motion of a satellite: the post-Newtonian terms of the IERS Conventions.

Petit & Luzum (2010), IERS Conventions, Technical Note 36, eq. 10.12 with beta = gamma = 1, its
three terms apart. Places and velocities are from the central body, inertial axes, (n, 3); the
formulas hold for any body. Low round the Earth they are 2e-8, 2e-10 and 4e-11 m/s^2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.bodies import C_M_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["EARTH_SPIN_M2_S", "de_sitter", "lense_thirring", "schwarzschild"]

# angular momentum of the Earth per unit of mass, m^2/s, along its axis (below eq. 10.12)
EARTH_SPIN_M2_S = 9.8e8

_C2 = C_M_S * C_M_S


def _dot(a: Array, b: Array) -> Array:
    out: Array = np.sum(a * b, axis=-1, keepdims=True)
    return out


def schwarzschild(r_m: Array, v_m_s: Array, mu_m3_s2: float) -> Array:
    """The body's mass: mu / (c^2 r^3) [(4 mu / r - v^2) r + 4 (r . v) v], m/s^2, (n, 3)."""
    r = np.sqrt(_dot(r_m, r_m))
    k = mu_m3_s2 / (_C2 * r**3)
    out: Array = k * (
        (4.0 * mu_m3_s2 / r - _dot(v_m_s, v_m_s)) * r_m + 4.0 * _dot(r_m, v_m_s) * v_m_s
    )
    return out


def lense_thirring(r_m: Array, v_m_s: Array, mu_m3_s2: float, spin_m2_s: Array) -> Array:
    """The body's rotation: 2 mu / (c^2 r^3) [3 / r^2 (r x v) (r . J) + v x J], m/s^2, (n, 3).

    spin_m2_s  J, the body's angular momentum per unit of mass, inertial axes, (3,) or (n, 3)
    """
    J = np.broadcast_to(spin_m2_s, r_m.shape)
    r2 = _dot(r_m, r_m)
    k = 2.0 * mu_m3_s2 / (_C2 * r2 * np.sqrt(r2))
    out: Array = k * (3.0 / r2 * np.cross(r_m, v_m_s) * _dot(r_m, J) + np.cross(v_m_s, J))
    return out


def de_sitter(v_m_s: Array, sun_m: Array, sun_velocity_m_s: Array, mu_sun: float) -> Array:
    """The body's fall round the Sun (geodesic precession): 3 [R' x (-mu_S R / (c^2 R^3))] x v.

    sun_m, sun_velocity_m_s  of the Sun from the central body, (n, 3); R = -sun_m

    m/s^2, (n, 3).
    """
    d = np.sqrt(_dot(sun_m, sun_m))
    # both R and R' change sign, their product does not
    turn = np.cross(sun_velocity_m_s, -mu_sun / (_C2 * d**3) * sun_m)
    out: Array = 3.0 * np.cross(turn, v_m_s)
    return out
