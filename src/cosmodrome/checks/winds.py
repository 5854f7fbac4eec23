"""The mission's wind along a path, on the geodetic horizon.

The table's smooth curve is the specification's; which way is east and north is found here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.places import F
from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.physics.wind import FADE_M, SmoothWind
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import WindTable

    Array = NDArray[np.float64]

__all__ = ["Blowing", "air_relative"]


@lru_cache(maxsize=8)
def _curve(table: WindTable) -> SmoothWind:
    return table.curve()


class Blowing:
    """The wind of a mission in inertial axes with a given spin axis."""

    def __init__(self, table: WindTable, axis: tuple[float, float, float]) -> None:
        self.curve = _curve(table)
        self.axis = axis
        self.top_m = table.altitude_m[-1] + 2.0 * FADE_M

    def __call__(self, r: Array, h_m: Array) -> Array:
        """Velocity of the wind (N, 3) at inertial places (N, 3), `h_m` (N,) above the ellipsoid."""
        k = np.asarray(self.axis)
        z = r @ k
        level = r - np.outer(z, k)
        p = np.linalg.norm(level, axis=1)
        out_of_axis = level / p[:, None]
        latitude = np.arctan2(z, p * (1.0 - F) ** 2)
        north = np.outer(np.cos(latitude), k) - np.sin(latitude)[:, None] * out_of_axis
        e, n = self.curve(NUMPY, h_m)
        blows: Array = e[:, None] * np.cross(k, out_of_axis) + n[:, None] * north
        return blows

    def at(self, r: tuple[float, float, float], h_m: float) -> tuple[float, float, float]:
        """The same for one place, on plain floats."""
        if h_m > self.top_m:
            return 0.0, 0.0, 0.0
        a, b, c = self.axis
        x, y, z = r
        along = a * x + b * y + c * z
        lx, ly, lz = x - along * a, y - along * b, z - along * c
        p = SCALAR.sqrt(lx * lx + ly * ly + lz * lz)
        lx, ly, lz = lx / p, ly / p, lz / p
        slope = along / (p * (1.0 - F) ** 2)
        cosine = 1.0 / SCALAR.sqrt(1.0 + slope * slope)
        sine = slope * cosine
        e, n = self.curve(SCALAR, h_m)
        return (
            e * (b * lz - c * ly) + n * (cosine * a - sine * lx),
            e * (c * lx - a * lz) + n * (cosine * b - sine * ly),
            e * (a * ly - b * lx) + n * (cosine * c - sine * lz),
        )


def air_relative(view: View) -> Array:
    """Velocity of the stack against the air at its samples (N, 3), GCRF axes, m/s."""
    s = view.stack_samples
    r, v = s.values[:, 0:3], s.values[:, 3:6]
    w: Array = v - OMEGA_EARTH_RAD_S * np.cross(view.axis, r)
    wind = view.flight.mission.wind
    if wind is not None:
        axis = (float(view.axis[0]), float(view.axis[1]), float(view.axis[2]))
        w = w - Blowing(wind, axis)(r, view.air.h_m)
    return w
