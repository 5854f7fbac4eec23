"""Attitude laws: body axes from place, velocity and the Sun's direction.

Each gives the body's axes x_b, y_b, z_b as the rows of (n, 3, 3), inertial components, so that
`axes @ v` are the body components of an inertial vector. Where a law leaves its axis y_b open
(motion along the radius, the Sun in the zenith or at the pole) y_b is the unit vector along
z_b x e (x_b x e for `sun`), e being the inertial axis on which that vector has its smallest
component, the first of them where two are equal: defined, but with a jump next to it. An open
axis is one whose cross product of unit vectors is shorter than 1e-12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["inertial", "nadir", "sun", "yaw_steering"]

_OPEN = 1e-12


def _unit(v: Array) -> Array:
    out: Array = v / np.linalg.norm(v, axis=-1, keepdims=True)
    return out


def _across(cross: Array, along: Array) -> Array:
    """Unit vectors of `cross`; where it vanishes, across `along`."""
    size = np.linalg.norm(cross, axis=-1, keepdims=True)
    e = np.eye(3)[np.argmin(np.abs(along), axis=-1)]
    spare = _unit(np.cross(along, e))
    out: Array = np.where(size < _OPEN, spare, cross / np.where(size < _OPEN, 1.0, size))
    return out


def inertial(body_from_inertial: Array, n: int) -> Array:
    """A constant rotation (3, 3), n times."""
    return np.tile(body_from_inertial, (n, 1, 1))


def nadir(r_m: Array, v_m_s: Array) -> Array:
    """z_b = -r, y_b = -(r x v), x_b = y_b x z_b, near the velocity.

    Open where the velocity is along the radius.
    """
    z = -_unit(r_m)
    y = _across(np.cross(z, _unit(v_m_s)), z)
    return np.stack([np.cross(y, z), y, z], axis=-2)


def yaw_steering(r_m: Array, sun_direction: Array) -> Array:
    """z_b = -r, y_b = z_b x s, x_b = y_b x z_b, so that the Sun lies in the half plane +x_b.

    sun_direction  unit vectors s to the Sun, (n, 3). Open where the Sun is overhead or underfoot.
    """
    z = -_unit(r_m)
    y = _across(np.cross(z, sun_direction), z)
    return np.stack([np.cross(y, z), y, z], axis=-2)


def sun(sun_direction: Array) -> Array:
    """x_b = s, y_b = z_gcrf x s, z_b = x_b x y_b. Open where the Sun is at a celestial pole."""
    x = np.asarray(sun_direction, dtype=np.float64)
    pole = np.broadcast_to(np.array([0.0, 0.0, 1.0]), x.shape)
    y = _across(np.cross(pole, x), x)
    return np.stack([x, y, np.cross(x, y)], axis=-2)
