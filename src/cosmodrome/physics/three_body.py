"""The circular restricted problem of three bodies: two on circles, and one without mass.

Units: the distance of the two, the inverse of their angular rate, and their mass together are
one. Axes turn with them about the barycentre: x from the larger to the smaller, z along their
angular momentum; the larger stands at x = -mu, the smaller at 1 - mu. Source: Szebehely (1967),
Theory of Orbits, ch. 1; signs of the constant as in the catalogue of periodic orbits of JPL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scipy.optimize import brentq

if TYPE_CHECKING:
    from cosmodrome.maths.ops import Ops, Vector

__all__ = ["acceleration", "gradient", "jacobi", "libration_point"]


def acceleration(ops: Ops, r: Vector, v: Vector, mu: Any) -> Vector:
    """Acceleration in the turning axes: Coriolis, centrifugal, and the pull of both bodies.

    r, v  place and velocity in the turning axes
    """
    x, y, z = r
    a, b = _pulls(ops, r, mu)
    return (
        2.0 * v[1] + x - a * (x + mu) - b * (x - 1.0 + mu),
        -2.0 * v[0] + y - (a + b) * y,
        -(a + b) * z,
    )


def _pulls(ops: Ops, r: Vector, mu: Any) -> tuple[Any, Any]:
    """Mass over the cube of the distance, of the larger and of the smaller body."""
    x, y, z = r
    d = ops.norm((x + mu, y, z))
    s = ops.norm((x - 1.0 + mu, y, z))
    return (1.0 - mu) / (d * d * d), mu / (s * s * s)


def gradient(ops: Ops, r: Vector, mu: Any) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Second derivatives xx, yy, zz, xy, xz, yz of the potential with its centrifugal part."""
    x, y, z = r
    a, b = _pulls(ops, r, mu)
    p, q = x + mu, x - 1.0 + mu
    rest = y * y + z * z
    # 3 m / d^5 of each body
    c, e = 3.0 * a / (p * p + rest), 3.0 * b / (q * q + rest)
    pull = a + b
    return (
        1.0 - pull + c * p * p + e * q * q,
        1.0 - pull + (c + e) * y * y,
        -pull + (c + e) * z * z,
        (c * p + e * q) * y,
        (c * p + e * q) * z,
        (c + e) * y * z,
    )


def jacobi(ops: Ops, r: Vector, v: Vector, mu: Any) -> Any:
    """Jacobi's constant x^2 + y^2 + 2 (1 - mu) / d + 2 mu / s - v^2, the only integral."""
    x, y, z = r
    d = ops.norm((x + mu, y, z))
    s = ops.norm((x - 1.0 + mu, y, z))
    speed2 = v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
    return x * x + y * y + 2.0 * (1.0 - mu) / d + 2.0 * mu / s - speed2


def libration_point(point: int, mu: float) -> tuple[float, float, float]:
    """Where a body at rest stays: L1 between the two, L2 beyond the smaller, L3, L4, L5."""
    if point >= 4:
        side = 1.0 if point == 4 else -1.0
        return 0.5 - mu, side * 0.75**0.5, 0.0

    def along(x: float) -> float:
        p, q = x + mu, x - 1.0 + mu
        return x - (1.0 - mu) * p / abs(p) ** 3 - mu * q / abs(q) ** 3

    # no nearer than a tenth of Hill's radius, no farther than three of it
    hill = (mu / 3.0) ** (1.0 / 3.0)
    moon = 1.0 - mu
    lo, hi = {
        1: (max(moon - 3.0 * hill, -mu + 1e-3), moon - 0.1 * hill),
        2: (moon + 0.1 * hill, moon + 3.0 * hill),
        3: (-2.0, -0.5),
    }[point]
    return float(brentq(along, lo, hi, xtol=1e-16, rtol=1e-15)), 0.0, 0.0
