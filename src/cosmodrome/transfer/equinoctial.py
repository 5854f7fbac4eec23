"""Modified equinoctial elements: conversions, rates under thrust and J2, what an impulse does.

p, f, g, h, k and the true longitude L of Walker, Ireland & Owens (1985), Celestial Mechanics 36,
409: regular for circular and equatorial orbits and through e = 1; singular at an inclination of
180 degrees only. Units in which mu is 1 wherever a formula takes no mu.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops, Vector

__all__ = [
    "after_impulse",
    "axes",
    "equinoctial_from_state",
    "j2_acceleration",
    "longitude_rate",
    "rates",
    "state_from_equinoctial",
]


def equinoctial_from_state(
    r: NDArray[np.float64], v: NDArray[np.float64], mu: float
) -> NDArray[np.float64]:
    """(6,) p, f, g, h, k, L of place (3,) and velocity (3,); L in [0, 2 pi).

    p in the unit of `r`. The inclination must differ from 180 degrees.
    """
    radius = math.sqrt(float(r @ r))
    h_vector = np.cross(r, v)
    size = math.sqrt(float(h_vector @ h_vector))
    n = h_vector / size
    h, k = -n[1] / (1.0 + n[2]), n[0] / (1.0 + n[2])
    f_axis, g_axis, _ = _equinoctial_axes(h, k)
    e_vector = np.cross(v, h_vector) / mu - r / radius
    longitude = math.atan2(float(r @ g_axis), float(r @ f_axis)) % (2.0 * math.pi)
    return np.array(
        [size * size / mu, float(e_vector @ f_axis), float(e_vector @ g_axis), h, k, longitude]
    )


def state_from_equinoctial(
    x: Sequence[float] | NDArray[np.float64], mu: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place (3,) and velocity (3,) of p, f, g, h, k, L."""
    p, f, g, h, k, longitude = (float(value) for value in x[:6])
    f_axis, g_axis, _ = _equinoctial_axes(h, k)
    cos_l, sin_l = math.cos(longitude), math.sin(longitude)
    w = 1.0 + f * cos_l + g * sin_l
    speed = math.sqrt(mu / p)
    r = (p / w) * (cos_l * f_axis + sin_l * g_axis)
    v = speed * (-(g + sin_l) * f_axis + (f + cos_l) * g_axis)
    return r, v


def _equinoctial_axes(h: float, k: float) -> NDArray[np.float64]:
    s2 = 1.0 + h * h + k * k
    return (
        np.array(
            [
                [1.0 + h * h - k * k, 2.0 * h * k, -2.0 * k],
                [2.0 * h * k, 1.0 - h * h + k * k, 2.0 * h],
                [2.0 * k, -2.0 * h, 1.0 - h * h - k * k],
            ]
        )
        / s2
    )


def axes(ops: Ops, h: Any, k: Any, longitude: Any) -> tuple[Vector, Vector, Vector]:
    """Radial, transverse and normal unit vectors in inertial axes."""
    cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
    s2 = 1.0 + h * h + k * k
    f_axis = ((1.0 + h * h - k * k) / s2, 2.0 * h * k / s2, -2.0 * k / s2)
    g_axis = (2.0 * h * k / s2, (1.0 - h * h + k * k) / s2, 2.0 * h / s2)
    radial = tuple(cos_l * a + sin_l * b for a, b in zip(f_axis, g_axis, strict=True))
    across = tuple(cos_l * b - sin_l * a for a, b in zip(f_axis, g_axis, strict=True))
    normal = (2.0 * k / s2, -2.0 * h / s2, (1.0 - h * h - k * k) / s2)
    return (radial[0], radial[1], radial[2]), (across[0], across[1], across[2]), normal


def longitude_rate(ops: Ops, x: Sequence[Any]) -> Any:
    """dL/dt without a force but the central one."""
    p, f, g, _, _, longitude = x[:6]
    w = 1.0 + f * ops.cos(longitude) + g * ops.sin(longitude)
    return ops.sqrt(p) * (w / p) * (w / p)


def rates(ops: Ops, x: Sequence[Any], a: Vector) -> tuple[Any, ...]:
    """d(p, f, g, h, k, L)/dt under the acceleration `a`, radial, transverse, normal (eq. 9)."""
    p, f, g, h, k, longitude = x[:6]
    ar, at, an = a
    cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
    w = 1.0 + f * cos_l + g * sin_l
    root = ops.sqrt(p)
    z = (h * sin_l - k * cos_l) * an / w
    turn = root * (1.0 + h * h + k * k) * an / (2.0 * w)
    return (
        2.0 * p * root * at / w,
        root * (ar * sin_l + ((w + 1.0) * cos_l + f) * at / w - g * z),
        root * (-ar * cos_l + ((w + 1.0) * sin_l + g) * at / w + f * z),
        turn * cos_l,
        turn * sin_l,
        root * (w / p) * (w / p) + root * z,
    )


def j2_acceleration(ops: Ops, x: Sequence[Any], strength: float) -> Vector:
    """Acceleration of the oblateness, radial, transverse, normal; strength = J2 (R / unit)^2.

    The axis of the oblateness is z (Kechichian 1997, J. Guidance 20, 804, eq. 51 to 53).
    """
    p, f, g, h, k, longitude = x[:6]
    cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
    s2 = 1.0 + h * h + k * k
    up = (h * sin_l - k * cos_l) / s2
    ahead = (h * cos_l + k * sin_l) / s2
    q = (1.0 + f * cos_l + g * sin_l) / p
    size = strength * q * q * q * q
    return (
        -1.5 * size * (1.0 - 12.0 * up * up),
        -12.0 * size * up * ahead,
        -6.0 * size * ((1.0 - h * h - k * k) / s2) * up,
    )


def after_impulse(ops: Ops, x: Sequence[Any], dv: Vector) -> tuple[Any, ...]:
    """(6,) elements after the velocity change `dv`, radial, transverse, normal.

    L may differ from that before by whole turns.
    """
    p, f, g, h, k, longitude = x[:6]
    cos_l, sin_l = ops.cos(longitude), ops.sin(longitude)
    w = 1.0 + f * cos_l + g * sin_l
    speed = 1.0 / ops.sqrt(p)
    radius = p / w
    vr, vt = speed * (f * sin_l - g * cos_l) + dv[0], speed * w + dv[1]
    vn = dv[2]
    radial, across, normal = axes(ops, h, k, longitude)
    # angular momentum r (vt n - vn t), its direction, and the new elements of the plane
    across_speed = ops.sqrt(vt * vt + vn * vn)
    cos_b, sin_b = vt / across_speed, vn / across_speed
    n = [cos_b * c - sin_b * b for b, c in zip(across, normal, strict=True)]
    t = [cos_b * b + sin_b * c for b, c in zip(across, normal, strict=True)]
    h1, k1 = -n[1] / (1.0 + n[2]), n[0] / (1.0 + n[2])
    s2 = 1.0 + h1 * h1 + k1 * k1
    f_axis = ((1.0 + h1 * h1 - k1 * k1) / s2, 2.0 * h1 * k1 / s2, -2.0 * k1 / s2)
    cos_1 = ops.dot(radial, f_axis)
    sin_1 = -(t[0] * f_axis[0] + t[1] * f_axis[1] + t[2] * f_axis[2])
    momentum = radius * across_speed
    p1 = momentum * momentum
    e_cos, e_sin = p1 / radius - 1.0, momentum * vr
    return (
        p1,
        e_cos * cos_1 + e_sin * sin_1,
        e_cos * sin_1 - e_sin * cos_1,
        h1,
        k1,
        ops.atan2(sin_1, cos_1),
    )
