"""How long an arc that climbs away stays in reach of the air: no table is made for the rest.

Density is tabulated over time; of a flight to the Moon only the first minutes need it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics.thermosphere import HIGHEST_M
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["in_air_s"]

# the air's top with room for what bends the arc
_ABOVE_M = EARTH_EQUATORIAL_RADIUS_M + HIGHEST_M + 500e3
# a circle and a parabola have no perigee to count from
_ROUND, _PARABOLA = 0.05, 1e-6
# the next perigee lies this much later than the end
_LATER = 1.5
# beyond, the Moon may turn an arc round unless its sphere ends it
_FAR_M = 2e8


def in_air_s(r_m: Array, v_m_s: Array, mu: float, span_s: float, *, moon_ends: bool) -> float:
    """Seconds for which an arc may meet the air: `span_s`, or less where it climbs away.

    r_m, v_m_s  (3,) about the Earth
    moon_ends   does the arc end at the Moon's sphere of influence?

    By Kepler's equation on the osculating orbit: where it climbs, and its next perigee lies half
    the span and more after the end, until it is 500 km above the model's top; 0 above that.
    """
    r, rate = float(np.linalg.norm(r_m)), float(r_m @ v_m_s)
    per_a = 2.0 / r - float(v_m_s @ v_m_s) / mu
    momentum = np.cross(r_m, v_m_s)
    e = math.sqrt(max(0.0, 1.0 - float(momentum @ momentum) / mu * per_a))
    if span_s <= 0.0 or rate <= 0.0 or e < _ROUND or abs(1.0 - e) < _PARABOLA:
        return span_s
    since = _since_perigee_s(r, per_a, e, mu)
    period = 2.0 * math.pi / math.sqrt(mu * per_a**3) if per_a > 0.0 else math.inf
    if period - since < _LATER * span_s:
        return span_s
    farthest = (1.0 + e) / per_a if per_a > 0.0 else math.inf
    if not moon_ends and farthest > _FAR_M:
        left = period if per_a <= 0.0 else 0.5 * period
        far = _since_perigee_s(_FAR_M, per_a, e, mu)
        if since + span_s > min(far, left):
            return span_s
    if farthest <= _ABOVE_M:
        return span_s
    if r >= _ABOVE_M:
        return 0.0
    return min(span_s, _since_perigee_s(_ABOVE_M, per_a, e, mu) - since)


def _since_perigee_s(r: float, per_a: float, e: float, mu: float) -> float:
    """Time from the perigee to a radius on the way out (Battin 1999, eqs. 4.14, 4.51)."""
    x = (1.0 - r * per_a) / e
    if per_a > 0.0:
        angle = math.acos(max(-1.0, min(1.0, x)))
        return (angle - e * math.sin(angle)) / math.sqrt(mu * per_a**3)
    angle = math.acosh(max(1.0, x))
    return (e * math.sinh(angle) - angle) / math.sqrt(-mu * per_a**3)
