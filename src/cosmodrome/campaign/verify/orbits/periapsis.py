"""Which periapses an arc passes, and how low, by the osculating orbit at one of its ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.vectors import cross
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from cosmodrome.world.state import State

__all__ = ["lowest_passed_m", "next_m", "periapsis"]

# nearer to a parabola than this its time is taken on this side of it
_PARABOLA = 1e-9
# a state this near a periapsis, s, is on it
_AT_S = 0.5


def periapsis(state: State) -> tuple[float, float, float]:
    """Radius of the periapsis, m, seconds since it was passed and seconds until it is.

    Of a hyperbola one of the two is inf. By Kepler's equation, elliptic and hyperbolic (Battin
    1999, 4.14, 4.51).
    """
    mu = body(state.frame.centre).mu_m3_s2
    r, rate = float(np.linalg.norm(state.r_m)), float(state.r_m @ state.v_m_s)
    h = cross(state.r_m, state.v_m_s)
    p = float(h @ h) / mu
    per_a = 2.0 / r - float(state.v_m_s @ state.v_m_s) / mu
    e = math.sqrt(max(0.0, 1.0 - p * per_a))
    if abs(1.0 - e) < _PARABOLA:
        e = 1.0 - _PARABOLA
        per_a = (1.0 - e * e) / p
    low = p / (1.0 + e)
    if per_a > 0.0:
        root = math.sqrt(mu / per_a)
        sine, cosine = rate / root, 1.0 - r * per_a
        mean = (math.atan2(sine, cosine) - sine) % (2.0 * math.pi)
        pace = math.sqrt(mu * per_a**3)
        return low, mean / pace, (2.0 * math.pi - mean) / pace
    sine = rate / math.sqrt(-mu / per_a)  # e sinh F
    since = (sine - math.asinh(sine / e)) / math.sqrt(-mu * per_a**3)
    return (low, since, math.inf) if since >= 0.0 else (low, math.inf, -since)


def lowest_passed_m(begun: State, end: State) -> float:
    """Least height, m above the equatorial radius, of the periapses that an arc about one body
    passes; inf where it passes none.

    One is passed where both ends say so: far from it the Moon or the Sun bend the osculating orbit.
    Of a single passage the nearer end tells the height, of several both.
    """
    span = end.epoch - begun.epoch
    (first, gone, until), (last, since, left) = periapsis(begun), periapsis(end)
    # at an end that lies on a periapsis rounding would decide
    until = 0.0 if gone < _AT_S else until
    since = 0.0 if left < _AT_S else since
    if until > span or since > span:
        return math.inf
    if span < min(gone + until, since + left):
        low = first if until < since else last
    else:
        low = min(first, last)
    return low - centre_named(begun.frame.centre).radius_m


def next_m(state: State) -> float:
    """Height of the next periapsis; inf where none comes."""
    low, _, until = periapsis(state)
    return low - centre_named(state.frame.centre).radius_m if until < math.inf else math.inf
