"""The conditions of an insertion as the optimiser's waypoint: smooth, without angles' corners.

Everything here is in canonical units: lengths in `length_m`, mu = 1.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.powered.statement import Waypoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops, Vector
    from cosmodrome.targets.insertion import Insertion

__all__ = [
    "argument_of_latitude",
    "asymptote",
    "comes_down",
    "keeps_perigee",
    "eccentricity_vector",
    "node_angle",
    "reaches",
]

# below this inclination the node stands nowhere: the plane is aimed at by its normal
_EQUATORIAL_RAD = 1e-3


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


def eccentricity_vector(ops: Ops, r: Vector, v: Vector) -> Vector:
    """v x h - r / |r| (mu = 1): towards the perigee, as long as the eccentricity."""
    d = ops.norm(r)
    k = ops.cross(v, ops.cross(r, v))
    return k[0] - r[0] / d, k[1] - r[1] / d, k[2] - r[2] / d


def asymptote(ops: Ops, r: Vector, v: Vector, c3: float) -> Vector:
    """The direction a departure of energy C3 / 2 leaves in; unit where the energy is just that.

    With e^2 = 1 + C3 h^2 the outgoing asymptote is S = (sqrt(C3) h x e - e) / e^2 (Vallado 2013,
    section 12.3, as vectors: at cos nu = -1/e). At C3 = 0 it is the far end of the parabola's
    axis; below, C3 is taken as zero there and S points to the apogee.
    """
    e = eccentricity_vector(ops, r, v)
    if c3 <= 0.0:
        size = ops.norm(e)
        return -e[0] / size, -e[1] / size, -e[2] / size
    across = ops.cross(ops.cross(r, v), e)
    root, square = math.sqrt(c3), ops.dot(e, e)
    return (
        (root * across[0] - e[0]) / square,
        (root * across[1] - e[1]) / square,
        (root * across[2] - e[2]) / square,
    )


def reaches(insertion: Insertion, length_m: float, mu: float) -> Waypoint:
    """What must hold at release.

    Near-circular: radius, radial and transverse speed and inclination as they depend on the
    argument of latitude. Elliptic: the same at a free true anomaly; where the argument of perigee
    is given, energy, angular momentum, inclination and that (e-vector normal to the wanted line of
    apsides is zero, and not against it unless either node will do). In the equator's plane: radius,
    speeds, and h along z.
    A departure: energy, inclination, and the declination of its asymptote where it is given, passed
    going north or south where that is asked.

    A free inclination is only kept from falling below the cheapest one.
    """
    if insertion.c3_m2_s2 is not None:
        return _departure(insertion, length_m / mu * insertion.c3_m2_s2)
    if insertion.elliptic:
        return _elliptic(insertion, length_m)
    if insertion.i_aim_rad < _EQUATORIAL_RAD:
        return _equatorial(insertion, length_m, mu)
    return _circular(insertion, length_m, mu)


# bounds of an output: zero, or to one side of it (no output is larger than this)
_ZERO, _BELOW, _ABOVE = (0.0, 0.0), (-10.0, 0.0), (0.0, 10.0)


def _bounded(formula: Any, *bounds: tuple[float, float]) -> Waypoint:
    lower, upper = zip(*bounds, strict=True)
    return Waypoint("target", -1, formula, lower, upper, elastic=True)


def _inclination(insertion: Insertion) -> tuple[float, float]:
    """Bounds of cos i less the one aimed at."""
    return _BELOW if insertion.inclination_free else _ZERO


def _elliptic(insertion: Insertion, length_m: float) -> Waypoint:
    if insertion.argp_rad is None:
        return _ellipse_anywhere(insertion, length_m)
    a = insertion.a_aim_m / length_m
    e = insertion.e_aim
    h_wanted = math.sqrt(a * (1.0 - e * e))
    cos_i = math.cos(insertion.i_aim_rad)
    cos_w, sin_w = math.cos(insertion.argp_rad), math.sin(insertion.argp_rad)
    one_side = not insertion.perigee_at_either_node

    def elliptic(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        h = ops.cross(r, v)
        size = ops.norm(h)
        e_vec = eccentricity_vector(ops, r, v)
        level = ops.sqrt(h[0] * h[0] + h[1] * h[1])
        node = (-h[1] / level, h[0] / level, 0.0 * h[0])
        ahead = ops.cross((h[0] / size, h[1] / size, h[2] / size), node)
        x, y = ops.dot(e_vec, node), ops.dot(e_vec, ahead)
        out = [
            0.5 * ops.dot(v, v) - 1.0 / ops.norm(r) + 0.5 / a,
            size - h_wanted,
            h[2] / size - cos_i,
            cos_w * y - sin_w * x,
        ]
        return [*out, cos_w * x + sin_w * y] if one_side else out

    return _bounded(elliptic, _ZERO, _ZERO, _inclination(insertion), _ZERO, *[_ABOVE] * one_side)


def _ellipse_anywhere(insertion: Insertion, length_m: float) -> Waypoint:
    """An ellipse whose perigee may lie anywhere, met at a true anomaly that is an unknown.

    Energy and angular momentum alone would say the same, but their gradients grow alike as e
    vanishes: the solver stalls on ellipses that are nearly circles.
    """
    e = insertion.e_aim
    p = insertion.a_aim_m / length_m * (1.0 - e * e)
    speed = 1.0 / math.sqrt(p)
    cos_i = math.cos(insertion.i_aim_rad)

    def ellipse(ops: Ops, r: Vector, v: Vector, t: Any, anomaly: Any) -> Sequence[Any]:
        h = ops.cross(r, v)
        size, d = ops.norm(h), ops.norm(r)
        ahead = 1.0 + e * ops.cos(anomaly)
        return [
            d - p / ahead,
            ops.dot(r, v) / d - speed * e * ops.sin(anomaly),
            size / d - speed * ahead,
            h[2] / size - cos_i,
        ]

    def met(r: Vector, v: Vector) -> tuple[float]:
        h = NUMPY.cross(r, v)
        d = float(NUMPY.norm(r))
        size = float(NUMPY.norm(h))
        return (math.atan2(size * float(NUMPY.dot(r, v)) / d, size * size / d - 1.0),)

    point = _bounded(ellipse, _ZERO, _ZERO, _ZERO, _inclination(insertion))
    return replace(point, own=met)


def _departure(insertion: Insertion, c3: float) -> Waypoint:
    cos_i = math.cos(insertion.i_aim_rad)
    declination, going, u = (
        insertion.declination_rad,
        insertion.going,
        insertion.asymptote_u_rad,
    )
    cos_u, sin_u = (0.0, 0.0) if u is None else (math.cos(u), math.sin(u))

    def departure(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        h = ops.cross(r, v)
        size = ops.norm(h)
        out = [0.5 * (ops.dot(v, v) - c3) - 1.0 / ops.norm(r), h[2] / size - cos_i]
        if declination is None and u is None:
            return out
        leaving = asymptote(ops, r, v, c3)
        if declination is not None:
            out.append(leaving[2] - math.sin(declination))
        if going is not None and u is None:
            out.append(ops.cross(h, leaving)[2] / size)
        if u is not None:
            level = ops.sqrt(h[0] * h[0] + h[1] * h[1])
            x = (h[0] * leaving[1] - h[1] * leaving[0]) / level
            y = leaving[2] * size / level
            out += [y * cos_u - x * sin_u, x * cos_u + y * sin_u]
        return out

    rows = [_ZERO] * (declination is not None)
    if going is not None and u is None:
        rows.append(_ABOVE if going == "northbound" else _BELOW)
    if u is not None:
        rows += [_ZERO, _ABOVE]
    return _bounded(departure, _ZERO, _inclination(insertion), *rows)


def _equatorial(insertion: Insertion, length_m: float, mu: float) -> Waypoint:
    speed = math.sqrt(mu / length_m)
    at = insertion.point(1.0, 0.0)  # the same all around where the inclination is nothing
    radius, across = at.radius_m / length_m, at.transverse_m_s / speed

    def equatorial(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        h = ops.cross(r, v)
        size = ops.norm(h)
        d = ops.norm(r)
        return [d - radius, ops.dot(r, v) / d, size / d - across, h[0] / size, h[1] / size]

    return _bounded(equatorial, *[_ZERO] * 5)


def _circular(insertion: Insertion, length_m: float, mu: float) -> Waypoint:
    speed = math.sqrt(mu / length_m)

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

    return _bounded(circular, *[_ZERO] * 4)


def _falls(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
    """v_r^2 at radius 1 of the vacuum arc: 2 E + 2 - h^2 >= 0 where it reaches the surface."""
    h = ops.cross(r, v)
    return [ops.dot(v, v) - 2.0 / ops.norm(r) + 2.0 - ops.dot(h, h)]


def comes_down(phase: int) -> Waypoint:
    """A stage that leaves at the end of `phase` must reach the ground by itself."""
    return Waypoint("suborbital", phase, _falls, (0.0,), (1e19,))


# rounds the tip of the cone that the perigee is over circles: as if e were at least this
_ROUND_E = 1e-4


def keeps_perigee(phase: int, floor: float) -> Waypoint:
    """The osculating perigee where `phase` ends lies at least `floor` above radius one.

    r_p = h^2 / (1 + e), e^2 the square of the eccentricity vector: on every conic, with no wrong
    branch. The polynomial h^2 - 2 rp - 2 E rp^2 = (r_p - rp)(r_a - rp) / a also holds where rp
    is above the apogee, and has no slope at a circle of radius rp, where the optimum likes to
    be. e itself has a corner there, which is rounded to the safe side: 0.64 km at a circle,
    0.3 m at e = 0.1.
    """

    def perigee(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        h = ops.cross(r, v)
        e = eccentricity_vector(ops, r, v)
        return [ops.dot(h, h) / (1.0 + ops.sqrt(ops.dot(e, e) + _ROUND_E * _ROUND_E))]

    return Waypoint("perigee", phase, perigee, (1.0 + floor,), (1e19,))
