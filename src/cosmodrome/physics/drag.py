"""Drag of an atmosphere that turns with the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["acceleration", "relative_velocity"]


def relative_velocity(r_m: Array, v_m_s: Array, spin_rad_s: Array) -> Array:
    """Velocity against the co-rotating air, inertial components, (..., 3).

    Montenbruck & Gill (2000), Satellite Orbits, eq. 3.97: v - omega x r.
    """
    out: Array = v_m_s - np.cross(spin_rad_s, r_m)
    return out


def acceleration(
    r_m: Array,
    v_m_s: Array,
    density_kg_m3: Array | float,
    spin_rad_s: Array,
    cd_area_over_mass_m2_kg: float,
) -> Array:
    """Drag, m/s^2, inertial components, (..., 3): -1/2 rho (Cd A / m) |u| u.

    Montenbruck & Gill (2000), eq. 3.97. `spin_rad_s` is the body's angular velocity vector.
    """
    u = relative_velocity(r_m, v_m_s, spin_rad_s)
    rho = np.asarray(density_kg_m3)[..., None]
    out: Array = (
        -0.5 * rho * cd_area_over_mass_m2_kg * np.linalg.norm(u, axis=-1, keepdims=True) * u
    )
    return out
