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

__all__ = ["lowest_m", "periapsis"]

# nearer to a parabola than this its time is taken on this side of it
_PARABOLA = 1e-9


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


def lowest_m(state: State, *, ahead_s: float = 0.0, behind_s: float = 0.0) -> float:
    """Height of the periapsis above the equatorial radius where it lies within so many seconds
    after or before a state; inf where it does not."""
    low, since, until = periapsis(state)
    if until > ahead_s and since > behind_s:
        return math.inf
    return low - centre_named(state.frame.centre).radius_m
