"""The plane of an arrival: what a hyperbola about the Moon comes to, and where to aim.

The B-plane (Kizner 1961, JPL TM 33-35, "A method of describing miss distances for lunar and
interplanetary trajectories"): through the Moon's centre, across the incoming asymptote S. T lies
in it along S x pole, R = S x T completes it; the pole is the Moon's (moon-me), so that with
B = b (cos theta T + sin theta R) the inclination is cos i = cos theta cos delta, delta being the
declination of S, and positive B.R passes south of the Moon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.vectors import cross
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.translunar.nouns import LunarOrbit, Passing

    Array = NDArray[np.float64]

__all__ = ["Arrival", "aim", "arrival", "held_misses", "out_of_reach", "since_periapsis"]

MU_MOON = body("moon").mu_m3_s2


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """Hyperbolas about the Moon, one a row; not-a-number where the motion is bound.

    s, t, r   (n, 3) the axes of the B-plane
    b         (n, 2) B.T and B.R, m
    v_infinity_m_s  (n,)
    since_s   (n,) time since the perilune, negative before it
    """

    s: Array
    t: Array
    r: Array
    b: Array
    v_infinity_m_s: Array
    since_s: Array


def arrival(y: Array, pole: Array) -> Arrival:
    """What states (n, 6) about the Moon, m and m/s, come to; `pole` (3,) in the same axes."""
    place, v = y[:, :3], y[:, 3:]
    radius = np.linalg.norm(place, axis=1)
    energy = np.einsum("ij,ij->i", v, v) - 2.0 * MU_MOON / radius
    with np.errstate(invalid="ignore"):
        v_infinity = np.sqrt(np.where(energy > 0.0, energy, np.nan))
    a = MU_MOON / v_infinity**2
    h = cross(place, v)
    size = np.linalg.norm(h, axis=1)
    n = h / size[:, None]
    e_vector = cross(v, h) / MU_MOON - place / radius[:, None]
    e = np.linalg.norm(e_vector, axis=1)
    p = e_vector / e[:, None]
    q = cross(n, p)
    side = np.sqrt(np.maximum(1.0 - 1.0 / e**2, 0.0))
    s = p / e[:, None] + side[:, None] * q
    b = (size / v_infinity)[:, None] * (side[:, None] * p - q / e[:, None])
    t = cross(s, np.broadcast_to(pole, s.shape))
    t = t / np.linalg.norm(t, axis=1)[:, None]
    r = cross(s, t)
    # e sinh F - F (Battin 1999, eq. 4.51), e sinh F from the radial speed
    e_sinh = np.einsum("ij,ij->i", place, v) / np.sqrt(MU_MOON * a)
    since = (e_sinh - np.arcsinh(e_sinh / e)) * np.sqrt(a**3 / MU_MOON)
    both = np.column_stack([np.einsum("ij,ij->i", b, t), np.einsum("ij,ij->i", b, r)])
    return Arrival(s, t, r, both, v_infinity, since)


def aim(there: Arrival, pole: Array, orbit: LunarOrbit, passing: Passing) -> Array:
    """(n, 2) B.T and B.R that lead to the perilune and inclination of an orbit.

    Where the inclination is out of reach of the asymptote, the nearest that is not.
    """
    size = orbit.perilune_m * np.sqrt(
        1.0 + 2.0 * MU_MOON / (orbit.perilune_m * there.v_infinity_m_s**2)
    )
    if orbit.inclination_rad is None:
        theta = np.full(len(size), math.pi if orbit.retrograde else 0.0)
    else:
        cos_delta = np.sqrt(np.maximum(1.0 - (there.s @ pole) ** 2, 1e-12))
        theta = np.arccos(np.clip(math.cos(orbit.inclination_rad) / cos_delta, -1.0, 1.0))
        theta = theta if passing == "south" else -theta
    return np.asarray(size[:, None] * np.column_stack([np.cos(theta), np.sin(theta)]))


def held_misses(y: Array, pole: Array, orbit: LunarOrbit) -> Array:
    """(n, 3) of states (n, 6) about the Moon, bound or not, near the perilune of an orbit: its
    radius, m, its inclination, m across the path there, and the time since it, s.

    Where the Moon nearly holds an arrival there is no asymptote, and no B-plane. The radius is told
    by the angular momentum, as metres of the miss distance.
    """
    place, v = y[:, :3], y[:, 3:]
    radius, speed = np.linalg.norm(place, axis=1), np.linalg.norm(v, axis=1)
    alpha = 2.0 / radius - speed**2 / MU_MOON
    h = cross(place, v)
    size = np.linalg.norm(h, axis=1)
    wanted = orbit.perilune_m * np.sqrt(
        np.maximum(2.0 * MU_MOON / orbit.perilune_m - MU_MOON * alpha, 0.0)
    )
    tilt = h @ pole / size - math.cos(orbit.inclination_rad or 0.0)
    return np.column_stack(
        [(size - wanted) / speed, tilt * wanted / speed, since_periapsis(place, v, MU_MOON)]
    )


def since_periapsis(place: Array, motion: Array, mu: float) -> Array:
    """Time since the periapsis, s, of conics of any kind, (..., 3) each, m and m/s.

    Universal variables (Battin 1999, sec. 4.5); exact to 1e-9 of itself within a quarter of an
    ellipse.
    """
    radius = np.linalg.norm(place, axis=-1)
    alpha = 2.0 / radius - np.sum(motion**2, axis=-1) / mu
    sigma = np.sum(place * motion, axis=-1) / math.sqrt(mu)
    p = np.sum(cross(place, motion) ** 2, axis=-1) / mu
    e = np.sqrt(np.maximum(1.0 - p * alpha, 1e-24))
    root = np.sqrt(np.abs(alpha))
    flat = root * np.abs(sigma) < 1e-5
    root = np.where(flat, 1.0, root)
    bent = sigma * root
    with np.errstate(over="ignore", invalid="ignore"):
        angle = np.where(alpha > 0.0, np.arctan2(bent, 1.0 - alpha * radius), np.arcsinh(bent / e))
    s = np.where(flat, sigma / e, angle / root)
    # (s - sin s) / s^3 and its like, by series: these conics are near parabolas
    z, c3 = alpha * s * s, np.zeros_like(s)
    term = np.full_like(s, 1.0 / 6.0)
    for k in range(12):
        c3 = c3 + term
        term = -term * z / ((2 * k + 4) * (2 * k + 5))
    return np.asarray((p / (1.0 + e) * s + e * s**3 * c3) / math.sqrt(mu))


def out_of_reach(there: Arrival, pole: Array, orbit: LunarOrbit) -> float:
    """How far the wanted inclination lies from those the asymptote allows, rad; 0 within."""
    if orbit.inclination_rad is None:
        return 0.0
    delta = abs(math.asin(max(-1.0, min(1.0, float(there.s[0] @ pole)))))
    i = min(orbit.inclination_rad, math.pi - orbit.inclination_rad)
    return max(delta - i, 0.0)
