"""Thrust given by tables: size and direction against time, in named axes.

Between knots the size is linear and the direction goes along the chord between two unit vectors
and is made a unit vector again. Mass flow is F / (g0 Isp), see `thrust.mass_flow`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.physics.thrust import G0_M_S2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["acceleration", "axes", "direction", "mass_flow", "size"]


def _knots(knots_s: Array) -> Array:
    k = np.asarray(knots_s, dtype=np.float64)
    if k.ndim != 1 or k.size < 2 or not np.all(np.diff(k) > 0.0):
        raise InputError(
            f"a table of thrust has its knots at {k.tolist()!r} s; give at least two, each later"
            " than the one before"
        )
    return k


def size(t_s: Array, knots_s: Array, thrust_n: Array) -> Array:
    """Thrust in N at t, (n,): linear between knots, zero before the first and after the last.

    Raises InputError when the knots do not rise.
    """
    out: Array = np.interp(t_s, _knots(knots_s), thrust_n, left=0.0, right=0.0)
    return out


def direction(t_s: Array, knots_s: Array, directions: Array) -> Array:
    """Unit vectors at t, (n, 3), components in the table's axes.

    directions  (knots, 3), made unit vectors; held before the first and after the last knot

    With w = (t - t_k) / (t_k+1 - t_k): (1 - w) d_k + w d_k+1, over its length. Raises InputError
    when the knots do not rise, a direction has no length or two neighbours are opposite to within
    1e-6.
    """
    k = _knots(knots_s)
    d = np.asarray(directions, dtype=np.float64)
    length = np.linalg.norm(d, axis=1, keepdims=True)
    if np.any(length == 0.0):
        raise InputError("a direction of thrust is (0, 0, 0); give three numbers that point")
    d = d / length
    facing = np.linalg.norm(d[1:] + d[:-1], axis=1)
    if np.any(facing < 1e-6):
        at = float(k[int(np.argmin(facing))])
        raise InputError(
            f"the direction of thrust after {at:g} s is opposite to the one before: no arc between"
            " them is meant; put a knot between"
        )
    t = np.clip(np.asarray(t_s, dtype=np.float64), k[0], k[-1])
    i = np.clip(np.searchsorted(k, t, side="right") - 1, 0, k.size - 2)
    w = ((t - k[i]) / (k[i + 1] - k[i]))[:, None]
    chord = (1.0 - w) * d[i] + w * d[i + 1]
    out: Array = chord / np.linalg.norm(chord, axis=1, keepdims=True)
    return out


def axes(name: str, r_m: Array, v_m_s: Array) -> Array:
    """Axes of thrust as the rows of (n, 3, 3), inertial components.

    "gcrf"  the inertial axes themselves
    "rtn"   along r; along n x r, the transverse; n along r x v
    "vnc"   along v; n along r x v; along v x n

    Undefined (not a number) where v is along r. Raises InputError for another name.
    """
    if name == "gcrf":
        return np.tile(np.eye(3), (np.shape(r_m)[0], 1, 1))
    if name not in ("rtn", "vnc"):
        raise InputError(f"thrust axes {name!r} are not known; write 'gcrf', 'rtn' or 'vnc'")
    first = r_m if name == "rtn" else v_m_s
    a = first / np.linalg.norm(first, axis=1, keepdims=True)
    h = np.cross(r_m, v_m_s)
    n = h / np.linalg.norm(h, axis=1, keepdims=True)
    if name == "rtn":
        return np.stack([a, np.cross(n, a), n], axis=1)
    return np.stack([a, n, np.cross(a, n)], axis=1)


def acceleration(
    t_s: Array,
    r_m: Array,
    v_m_s: Array,
    mass_kg: Array,
    knots_s: Array,
    thrust_n: Array,
    directions: Array,
    axes_name: str,
) -> Array:
    """F / m along the direction, m/s^2, inertial components, (n, 3)."""
    f = size(t_s, knots_s, thrust_n) / mass_kg
    d = direction(t_s, knots_s, directions)
    out: Array = f[:, None] * np.einsum("nij,ni->nj", axes(axes_name, r_m, v_m_s), d)
    return out


def mass_flow(t_s: Array, knots_s: Array, thrust_n: Array, isp_s: float) -> Array:
    """Rate of the mass, kg/s, (n,), never above zero: -F / (g0 Isp)."""
    out: Array = -size(t_s, knots_s, thrust_n) / (G0_M_S2 * isp_s)
    return out
