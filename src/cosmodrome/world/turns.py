"""Elementary turns of axes, and the 3-1-3 sequence that libration and IAU rotation share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["r1", "r2", "r3", "turns_313"]


def _turn(angle: Array, i: int, j: int) -> Array:
    out = np.zeros((angle.size, 3, 3))
    out[:] = np.eye(3)
    out[:, i, i] = out[:, j, j] = np.cos(angle)
    out[:, i, j] = np.sin(angle)
    out[:, j, i] = -np.sin(angle)
    return out


def r1(angle: Array) -> Array:
    """Axes turned about x by angles (n,) rad: matrices (n, 3, 3)."""
    return _turn(angle, 1, 2)


def r2(angle: Array) -> Array:
    """Axes turned about y by angles (n,) rad: matrices (n, 3, 3)."""
    return _turn(angle, 2, 0)


def r3(angle: Array) -> Array:
    """Axes turned about z by angles (n,) rad: matrices (n, 3, 3)."""
    return _turn(angle, 0, 1)


def turns_313(angles: Array, rates: Array) -> tuple[Array, Array]:
    """R3(psi) R1(theta) R3(phi) (n, 3, 3) and its angular velocity (n, 3) in the turned axes.

    angles, rates  (n, 3): phi, theta, psi in rad and rad/s
    """
    phi, theta, psi = angles.T
    d_phi, d_theta, d_psi = rates.T
    rate = np.stack(
        [
            d_phi * np.sin(theta) * np.sin(psi) + d_theta * np.cos(psi),
            d_phi * np.sin(theta) * np.cos(psi) - d_theta * np.sin(psi),
            d_phi * np.cos(theta) + d_psi,
        ],
        axis=-1,
    )
    return r3(psi) @ r1(theta) @ r3(phi), rate
