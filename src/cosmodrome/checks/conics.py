"""The conic through place and velocity: its size, and how low a flight comes without a burn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.orbit_reached import PERIGEE_FLOOR_M, TO_THE_MOON_M
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = [
    "FALLS_M",
    "FLOORS_M",
    "RADII_M",
    "axis_m",
    "eccentricity",
    "lowest_m",
    "mu_of",
    "period_s",
]

#: above which heights of apsides are told
RADII_M = {"earth": EARTH_EQUATORIAL_RADIUS_M, "moon": MOON_RADIUS_M}
#: the lowest perigee that lasts for hours; the lowest perilune that clears the highest ground of
#: the Moon (10.8 km, LOLA)
FLOORS_M = {"earth": PERIGEE_FLOOR_M, "moon": 11_000.0}
#: below which a perigee (perilune) ends the flight within a revolution
FALLS_M = {"earth": 80_000.0, "moon": 0.0}


def mu_of(view: View, path: Trajectory) -> float:
    """Gravitational parameter of the body a path is about."""
    return float(view.field(path.frame.centre).mu_m3_s2)


def axis_m(r: Array, v: Array, mu: float) -> float:
    """Semi-major axis; below zero, or infinite, on an open orbit."""
    per_a = 2.0 / float(np.linalg.norm(r)) - float(v @ v) / mu
    return 1.0 / per_a if per_a else np.inf


def eccentricity(r: Array, v: Array, mu: float) -> float:
    """Length of the vector to the periapsis."""
    return float(np.linalg.norm(np.cross(v, np.cross(r, v)) / mu - r / np.linalg.norm(r)))


def period_s(r: Array, v: Array, mu: float) -> float:
    """Of a revolution; infinite on an open orbit."""
    a = axis_m(r, v, mu)
    return np.inf if a <= 0.0 else 2.0 * np.pi * float(np.sqrt(a**3 / mu))


def lowest_m(y: Array, mu: float) -> Array:
    """Least radius ahead (N,) of states (N, 6 or more): of the periapsis, or where it is, of what
    has its periapsis behind it and leaves: on an open orbit, or so far out that the Moon turns the
    conic before it comes back."""
    r, v = y[:, 0:3], y[:, 3:6]
    radius = np.linalg.norm(r, axis=1)
    h = np.cross(r, v)
    h2 = np.einsum("ij,ij->i", h, h)
    energy = 0.5 * np.einsum("ij,ij->i", v, v) - mu / radius
    e = np.sqrt(np.maximum(0.0, 1.0 + 2.0 * energy * h2 / mu**2))
    periapsis = h2 / mu / (1.0 + e)
    farthest = np.full_like(energy, np.inf)
    np.divide(-mu * (1.0 + e), 2.0 * energy, out=farthest, where=energy < 0.0)
    leaving = (farthest > TO_THE_MOON_M) & (np.einsum("ij,ij->i", r, v) > 0.0)
    out: Array = np.where(leaving, radius, periapsis)
    return out
