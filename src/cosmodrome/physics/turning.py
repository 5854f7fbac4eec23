"""Free fall near a turning body, in axes that turn with it: what a landing flies in.

The body is a point mass with the second degree of its field and turns uniformly. Higher degrees,
other bodies and librations are left to the propagator: near the Moon they come to 2e-3 m/s^2, some
hundred metres over a powered descent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops, Vector

    Array = NDArray[np.float64]

__all__ = ["Globe", "acceleration", "quadrupole"]


@dataclass(frozen=True, slots=True)
class Globe:
    """A turning body, any consistent units, any axes fixed in it with the origin at its centre.

    mu      gravitational parameter
    spin    (3,) angular velocity
    second  (3, 3) rows of `quadrupole`; empty: a point mass
    """

    mu: float
    spin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    second: tuple[tuple[float, float, float], ...] = ()

    def scaled(self, length: float, speed: float) -> Globe:
        """The same body in units of this length and speed."""
        a, b, c = (w * length / speed for w in self.spin)
        area = length * length
        rows = tuple((x / area, y / area, z / area) for x, y, z in self.second)
        return Globe(self.mu / (length * speed * speed), (a, b, c), rows)

    def turned(self, matrix: Array) -> Globe:
        """The same body in other fixed axes; `matrix` (3, 3) takes components from these there."""
        a, b, c = (float(w) for w in matrix @ np.array(self.spin))
        if not self.second:
            return Globe(self.mu, (a, b, c))
        q = matrix @ np.array(self.second) @ matrix.T
        rows = tuple((float(x), float(y), float(z)) for x, y, z in q)
        return Globe(self.mu, (a, b, c), rows)


def quadrupole(c: Sequence[float], s: Sequence[float], radius_m: float) -> Array:
    """(3, 3) Q in m^2, symmetric and free of trace: the field's second degree is mu r.Qr / r^5.

    c, s   fully normalised C20, C21, C22 and S20, S21, S22, of reference radius `radius_m`, in the
           field's axes (Heiskanen & Moritz 1967, Physical Geodesy, 2-5 with full normalisation)
    """
    x, y = math.sqrt(5.0), math.sqrt(15.0)
    zonal, across, along = 0.5 * x * c[0], 0.5 * y * c[2], 0.5 * y * s[2]
    tilt = (0.5 * y * c[1], 0.5 * y * s[1])
    out = np.array(
        [
            [across - zonal, along, tilt[0]],
            [along, -across - zonal, tilt[1]],
            [tilt[0], tilt[1], 2.0 * zonal],
        ]
    )
    return radius_m * radius_m * out


def acceleration(ops: Ops, r: Vector, v: Vector, globe: Globe) -> tuple[Any, Any, Any]:
    """Acceleration of a free body relative to the turning axes: attraction, Coriolis, centrifugal.

    r, v   place from the centre and velocity relative to the axes
    """
    square = ops.dot(r, r)
    pull = -globe.mu / (square * ops.sqrt(square))
    a = [pull * x for x in r]
    if globe.second:
        q = [sum(row[c] * r[c] for c in range(3)) for row in globe.second]
        shape = sum(r[c] * q[c] for c in range(3)) / square
        factor = -pull / square
        a = [a[c] + factor * (2.0 * q[c] - 5.0 * shape * r[c]) for c in range(3)]
    w = globe.spin
    if w != (0.0, 0.0, 0.0):
        carried = ops.cross(w, r)
        x, y, z = (2.0 * v[c] + carried[c] for c in range(3))
        swung = ops.cross(w, (x, y, z))
        a = [a[c] - swung[c] for c in range(3)]
    return a[0], a[1], a[2]
