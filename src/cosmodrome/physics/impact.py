"""Where a body falls when its thrust stops: the vacuum impact point in closed form, smooth.

For impact traces (NumPy, many states at once) and for drop zones as constraints (symbols).
No angle is unwrapped and nothing branches, so an optimiser may differentiate all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cosmodrome.maths import Ops, Vector
    from cosmodrome.physics.powered import Planet

__all__ = [
    "VacuumImpact",
    "convex_parts",
    "edge_normals",
    "edge_sines",
    "range_cosine",
    "vacuum_impact",
]

# where the conic clears the ground its sine is held at sqrt(_FLOOR / 2) instead of not a number;
# where it meets the ground the softening is worth (_FLOOR / reach)^2 / 8 of the sine
_FLOOR = 1e-8
# each pass gains a factor 300 tan(flight-path angle at impact): 1 mm from 2 deg upwards
_PASSES = 8


@dataclass(frozen=True, slots=True)
class VacuumImpact:
    """The impact point of one conic.

    direction  geocentric unit vector in axes that turn with the planet
    radius_m   distance of the place from the centre
    time_s     from the state to the impact
    reach      e^2 sin^2 of the true anomaly at impact: positive where the conic meets the ground
               at all; zero or below, the rest is a smooth continuation without meaning
    """

    direction: Vector
    radius_m: Any
    time_s: Any
    reach: Any


def vacuum_impact(
    ops: Ops,
    planet: Planet,
    r: Vector,
    v: Vector,
    height_m: Any = 0.0,
    elapsed_s: Any = 0.0,
) -> VacuumImpact:
    """The impact point of a body that falls from (r, v) without air, on the turning ellipsoid.

    r, v       m, m/s, inertial axes with z along the spin axis, above the ground
    height_m   of the impact, along the radius (`powered.height`): above zero it stands for drag,
               which ends the range where the vacuum path still is that high
    elapsed_s  since the axes of the answer stood along those of r and v

    Kepler's conic (Bate, Mueller & White 1971, ch. 6): e cos and e sin of both true anomalies
    give the turn without an inverse function; the radius of the ellipsoid under the impact is
    found by fixed-point passes; the time is Kepler's equation with anomalies counted from the
    apogee, where a suborbital arc cannot wrap. J2 is left out, as in real-time impact prediction
    (Montenbruck & Markgraf 2004, J. Spacecraft and Rockets 41:644; Ahn & Roh 2012, JGCD 35:645).

    Not for motion along the radius, nor for a circular orbit: neither has a transverse or a
    radial direction to count from.
    """
    mu = planet.mu
    d = ops.norm(r)
    rv = ops.dot(r, v)
    h = ops.cross(r, v)
    hh = ops.dot(h, h)
    up = (r[0] / d, r[1] / d, r[2] / d)
    out = ops.cross(h, up)
    out_size = ops.sqrt(hh)
    along = (out[0] / out_size, out[1] / out_size, out[2] / out_size)
    p = hh / mu
    cos_1, sin_1 = p / d - 1.0, out_size * rv / (mu * d)
    e_1 = ops.sqrt(cos_1 * cos_1 + sin_1 * sin_1)

    direction = up
    for _ in range(_PASSES):
        radius = _ground(ops, planet, direction) + height_m
        cos_2 = p / radius - 1.0
        reach = e_1 * e_1 - cos_2 * cos_2
        sin_2 = -_soft_root(ops, reach)
        size = e_1 * ops.sqrt(cos_2 * cos_2 + sin_2 * sin_2)
        c = (cos_1 * cos_2 + sin_1 * sin_2) / size
        s = (cos_1 * sin_2 - sin_1 * cos_2) / size
        direction = (
            c * up[0] + s * along[0],
            c * up[1] + s * along[1],
            c * up[2] + s * along[2],
        )

    a = 1.0 / (2.0 / d - ops.dot(v, v) / mu)
    root = ops.sqrt(mu * a)
    sin_e1, cos_e1 = rv / root, 1.0 - d / a
    sin_e2, cos_e2 = radius * mu / out_size * sin_2 / root, 1.0 - radius / a
    turn = ops.atan2(-sin_e2, -cos_e2) - ops.atan2(-sin_e1, -cos_e1)
    time_s = (turn - (sin_e2 - sin_e1)) * a * a / root
    spin = planet.omega_rad_s * (time_s + elapsed_s)
    cs, sn = ops.cos(spin), ops.sin(spin)
    x, y, z = direction
    return VacuumImpact((cs * x + sn * y, cs * y - sn * x, z), radius, time_s, reach)


def _ground(ops: Ops, planet: Planet, direction: Vector) -> Any:
    """Radius of the ellipsoid in a geocentric direction (unit vector)."""
    stretch = 1.0 / (1.0 - planet.flattening) ** 2 - 1.0
    return planet.equatorial_radius_m / ops.sqrt(1.0 + stretch * direction[2] * direction[2])


def _soft_root(ops: Ops, x: Any) -> Any:
    """sqrt(x) where x is positive, a small positive number where it is not; smooth."""
    return ops.sqrt(0.5 * (x + ops.sqrt(x * x + _FLOOR * _FLOOR)))


def edge_normals(corners: ArrayLike) -> NDArray[np.float64]:
    """Inward unit normals (n, 3) of the great circles through neighbouring corners.

    corners  (n, 3) geocentric directions of a convex polygon within a hemisphere, either way
             round; their lengths do not matter

    Raises InputError for fewer than three corners or a polygon that is not convex.
    """
    c = np.asarray(corners, dtype=np.float64)
    if c.ndim != 2 or c.shape[1:] != (3,) or c.shape[0] < 3:
        raise InputError(
            f"a zone needs three or more corners as rows of three components, got {c.shape}"
        )
    c = c / np.linalg.norm(c, axis=1, keepdims=True)
    normals: NDArray[np.float64] = np.cross(c, np.roll(c, -1, axis=0))
    size = np.linalg.norm(normals, axis=1, keepdims=True)
    if np.any(size < 1e-12):
        raise InputError("two neighbouring corners of the zone are one point; leave one out")
    normals = normals / size
    if float((normals @ c.mean(axis=0)).sum()) < 0.0:
        normals = -normals
    if np.any(normals @ c.T < -1e-9):
        raise InputError(
            "the zone is not convex, so that being inside is not being on the inner side of every"
            " edge; cut it into convex parts"
        )
    return normals


def convex_parts(corners: ArrayLike) -> list[NDArray[np.float64]]:
    """A polygon cut into convex ones: corners (k, 3) of each, along great circles between corners.

    corners  (n, 3) geocentric directions of a simple polygon within a hemisphere, either way round

    Ears are clipped (Meisters 1975, Am. Math. Monthly 82:648) and triangles joined again while
    they stay convex (Hertel & Mehlhorn 1983). A convex polygon comes back whole.
    Raises InputError for fewer than three corners, edges that cross, or corners that coincide.
    """
    c = np.asarray(corners, dtype=np.float64)
    if c.ndim != 2 or c.shape[1:] != (3,) or c.shape[0] < 3:
        raise InputError(
            f"a zone needs three or more corners as rows of three components, got {c.shape}"
        )
    c = c / np.linalg.norm(c, axis=1, keepdims=True)
    # on the gnomonic plane about their middle, where great circles are straight
    middle = c.mean(axis=0) / np.linalg.norm(c.mean(axis=0))
    east = np.cross(middle, np.eye(3)[int(np.argmin(np.abs(middle)))])
    east /= np.linalg.norm(east)
    p = c @ np.stack([east, np.cross(middle, east)], axis=1) / (c @ middle)[:, None]
    x, y = p.T
    ring = list(range(len(c)))
    if _crosses(p):
        raise InputError("the edges of the zone cross each other; list its corners in order")
    if float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) < 0.0:
        ring.reverse()
    parts = [ring] if _convex(p, ring) else _joined(p, _ears(p, ring))
    return [c[part] for part in parts]


def _left(p: NDArray[np.float64], i: int, j: int, k: int) -> float:
    """Twice the area of a triangle, positive anticlockwise."""
    (x1, y1), (x2, y2) = p[j] - p[i], p[k] - p[i]
    return float(x1 * y2 - x2 * y1)


def _crosses(p: NDArray[np.float64]) -> bool:
    """Do any two edges of the outline cross?"""
    n = len(p)
    for a in range(n):
        b = (a + 1) % n
        for c in range(a + 2, n if a else n - 1):
            d = (c + 1) % n
            if _left(p, a, b, c) * _left(p, a, b, d) < 0.0 > _left(p, c, d, a) * _left(p, c, d, b):
                return True
    return False


def _convex(p: NDArray[np.float64], ring: list[int]) -> bool:
    """Are all corners to the left of every edge? A star turns left everywhere and is not convex."""
    edges = [(ring[k - 1], ring[k]) for k in range(len(ring))]
    return all(_left(p, i, j, q) >= -1e-12 for i, j in edges for q in ring)


def _ears(p: NDArray[np.float64], ring: list[int]) -> list[list[int]]:
    """Triangles of an anticlockwise ring."""
    left, out = list(ring), []
    while len(left) > 3:
        for k in range(len(left)):
            i, j, m = left[k - 1], left[k], left[(k + 1) % len(left)]
            inside = (
                q
                for q in left
                if q not in (i, j, m)
                and min(_left(p, i, j, q), _left(p, j, m, q), _left(p, m, i, q)) > 0.0
            )
            if _left(p, i, j, m) > 0.0 and next(inside, None) is None:
                out.append([i, j, m])
                del left[k]
                break
        else:
            raise InputError(
                "some corners of the zone are one point or lie on one line; leave them out"
            )
    return [*out, left]


def _joined(p: NDArray[np.float64], parts: list[list[int]]) -> list[list[int]]:
    """Neighbours made one as long as that is convex."""
    for a, one in enumerate(parts):
        for b in range(a + 1, len(parts)):
            both = _along_an_edge(one, parts[b])
            if both is not None and _convex(p, both):
                rest = [part for k, part in enumerate(parts) if k not in (a, b)]
                return _joined(p, [both, *rest])
    return parts


def _along_an_edge(one: list[int], other: list[int]) -> list[int] | None:
    """Both rings as one where they share an edge, run through in opposite directions."""
    for k, j in enumerate(one):
        i = one[k - 1]
        if i in other and j in other and other[other.index(j) - len(other) + 1] == i:
            at = other.index(i)
            between = other[at + 1 :] + other[:at]
            return one[:k] + [q for q in between if q != j] + one[k:]
    return None


def edge_sines(ops: Ops, direction: Vector, normals: NDArray[np.float64]) -> list[Any]:
    """Sines of the angular distances of a direction from the edges, positive inside.

    The direction lies inside by a margin of m metres or more where every one of them is at
    least sin(m / radius): n smooth constraints, quadratic at most in what made the direction.
    """
    return [ops.dot(direction, (float(x), float(y), float(z))) for x, y, z in normals]


def range_cosine(ops: Ops, place: Vector, direction: Vector) -> Any:
    """Cosine of the central angle between two unit vectors.

    A range from a to b metres is cos(b / radius) <= range_cosine <= cos(a / radius): smooth
    everywhere, where the angle itself has a corner at the place.
    """
    return ops.dot(place, direction)
