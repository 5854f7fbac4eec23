"""Where a search for the Moon begins: the ellipse from a perigee to where the Moon will be.

The Moon attracts nothing here. Its place at the arrival gives the planes (two, by a spherical
triangle), its distance and the time of flight give the energy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from cosmodrome.errors import InfeasibleError
from cosmodrome.targets.departures import asymptote_nodes
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.translunar.nouns import Going

    Array = NDArray[np.float64]

__all__ = ["ellipse", "plane", "start"]

_MU = body("earth").mu_m3_s2


def plane(
    toward: Array, inclination_rad: tuple[float, float], going: Going, apart_rad: float = 0.0
) -> tuple[float, float, float]:
    """Inclination, node, and angle from the node to a direction, rad.

    toward           (3,) where the Moon will be, true equator of date
    inclination_rad  (lowest, highest); the lowest is taken that passes the direction's
                     declination by `apart_rad`, or the highest

    Raises InfeasibleError where none holds the direction.
    """
    ra = math.atan2(toward[1], toward[0])
    dec = math.asin(toward[2] / float(np.linalg.norm(toward)))
    low, high = inclination_rad
    i = low
    if abs(dec) + apart_rad > min(low, math.pi - low):
        i = min(max(abs(dec) + apart_rad, low), high)
    if not low <= i <= high or abs(dec) > min(i, math.pi - i):
        raise InfeasibleError(
            f"the Moon stands {math.degrees(dec):.1f} deg from the equator at the arrival and the"
            f" parking orbit reaches {math.degrees(min(high, math.pi - low)):.1f} deg: leave on"
            " another day, or allow a higher inclination"
        )
    north, south = asymptote_nodes(ra, dec, i)
    u = math.asin(max(-1.0, min(1.0, math.sin(dec) / math.sin(i))))
    return (i, north, u) if going == "northbound" else (i, south, math.pi - u)


def ellipse(perigee_m: float, far_m: float, flight_s: float) -> tuple[float, float]:
    """Speed at the perigee and true anomaly at `far_m` of the conic that climbs there in time.

    Raises InfeasibleError where even the slowest, whose apogee lies there, is quicker.
    """
    slowest = (far_m - perigee_m) / (far_m + perigee_m)

    def late(e: float) -> float:
        return _climb_s(perigee_m, far_m, e)[0] - flight_s

    if late(slowest) < 0.0:
        # longer than half the ellipse: the apogee, and the Moon's pull does the rest
        return math.sqrt(_MU * (1.0 + slowest) / perigee_m), math.pi
    e = float(brentq(late, slowest, 3.0, xtol=1e-12))
    return math.sqrt(_MU * (1.0 + e) / perigee_m), _climb_s(perigee_m, far_m, e)[1]


def start(i: float, node: float, argp: float, perigee_m: float, speed_m_s: float) -> Array:
    """(6,) place and velocity at the perigee of that plane."""
    cos_o, sin_o, cos_i, sin_i = math.cos(node), math.sin(node), math.cos(i), math.sin(i)
    along = np.array([cos_o, sin_o, 0.0])
    up = np.array([-sin_o * cos_i, cos_o * cos_i, sin_i])
    p = math.cos(argp) * along + math.sin(argp) * up
    q = math.cos(argp) * up - math.sin(argp) * along
    return np.concatenate([perigee_m * p, speed_m_s * q])


def _climb_s(perigee_m: float, far_m: float, e: float) -> tuple[float, float]:
    """Time from the perigee to a radius, s, and the true anomaly there."""
    f = math.acos(max(-1.0, min(1.0, (perigee_m * (1.0 + e) / far_m - 1.0) / e)))
    a = perigee_m / abs(1.0 - e) if abs(1.0 - e) > 1e-9 else math.inf
    if not math.isfinite(a):
        half = math.tan(0.5 * f)
        return math.sqrt(2.0 * perigee_m**3 / _MU) * (half + half**3 / 3.0), f
    if e < 1.0:
        x = 2.0 * math.atan(math.sqrt((1.0 - e) / (1.0 + e)) * math.tan(0.5 * f))
        x = math.pi if f == math.pi else x
        return math.sqrt(a**3 / _MU) * (x - e * math.sin(x)), f
    x = 2.0 * math.atanh(math.sqrt((e - 1.0) / (e + 1.0)) * math.tan(0.5 * f))
    return math.sqrt(a**3 / _MU) * (e * math.sinh(x) - x), f
