"""The conditions of an insertion as the optimiser's ending: smooth, without angles' corners."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.powered.statement import Waypoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops, Vector
    from cosmodrome.targets.insertion import Insertion

__all__ = ["argument_of_latitude", "comes_down", "node_angle", "reaches"]


def argument_of_latitude(ops: Ops, r: Vector, v: Vector) -> tuple[Any, Any]:
    """(cos u, sin u) of a state, equator normal to z: smooth for every inclined orbit.

    cos u = r . n / r with n = z x h / |z x h|; sin u = (z / r) / sin i.
    """
    h = ops.cross(r, v)
    d = ops.norm(r)
    level = ops.sqrt(h[0] * h[0] + h[1] * h[1])
    cos_u = (r[1] * h[0] - r[0] * h[1]) / (d * level)
    return cos_u, r[2] * ops.norm(h) / (d * level)


def node_angle(r: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """Angle of the ascending node from the x axis, rad in (-pi, pi]."""
    h = np.cross(r, v)
    return math.atan2(h[0], -h[1])


def reaches(insertion: Insertion, length_m: float, mu: float) -> Waypoint:
    """What must hold at release, in canonical units (length `length_m`, mu 1).

    Near-circular: radius, radial and transverse speed and inclination as they depend on the
    argument of latitude. Elliptic: energy, angular momentum, inclination, and the argument of
    perigee where it is given (e-vector normal to the wanted line of apsides is zero).
    """
    speed = math.sqrt(mu / length_m)
    if insertion.elliptic:
        a = insertion.a_aim_m / length_m
        e = insertion.e_aim
        h_wanted = math.sqrt(a * (1.0 - e * e))
        cos_i = math.cos(insertion.i_aim_rad)
        argp = insertion.argp_rad

        def elliptic(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
            h = ops.cross(r, v)
            size = ops.norm(h)
            d = ops.norm(r)
            out = [
                0.5 * ops.dot(v, v) - 1.0 / d + 0.5 / a,
                size - h_wanted,
                h[2] / size - cos_i,
            ]
            if argp is not None:
                k = ops.cross(v, h)
                e_vec = (k[0] - r[0] / d, k[1] - r[1] / d, k[2] - r[2] / d)
                level = ops.sqrt(h[0] * h[0] + h[1] * h[1])
                node = (-h[1] / level, h[0] / level, 0.0 * h[0])
                ahead = ops.cross((h[0] / size, h[1] / size, h[2] / size), node)
                out.append(
                    math.cos(argp) * ops.dot(e_vec, ahead) - math.sin(argp) * ops.dot(e_vec, node)
                )
            return out

        n = 3 if argp is None else 4
        return Waypoint("target", -1, elliptic, (0.0,) * n, (0.0,) * n, elastic=True)

    def circular(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        cos_u, sin_u = argument_of_latitude(ops, r, v)
        at = insertion.point(cos_u, sin_u)
        h = ops.cross(r, v)
        size = ops.norm(h)
        d = ops.norm(r)
        return [
            d - at.radius_m / length_m,
            ops.dot(r, v) / d - at.radial_m_s / speed,
            size / d - at.transverse_m_s / speed,
            h[2] / size - ops.cos(at.inclination_rad),
        ]

    return Waypoint("target", -1, circular, (0.0,) * 4, (0.0,) * 4, elastic=True)


def _falls(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
    """v_r^2 at radius 1 of the vacuum arc: 2 E + 2 - h^2 >= 0 where it reaches the surface."""
    h = ops.cross(r, v)
    return [ops.dot(v, v) - 2.0 / ops.norm(r) + 2.0 - ops.dot(h, h)]


def comes_down(phase: int) -> Waypoint:
    """A stage that leaves at the end of `phase` must reach the ground by itself."""
    return Waypoint("suborbital", phase, _falls, (0.0,), (1e19,))
