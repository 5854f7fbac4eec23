"""Signed angles that are right across 0/360, headings from vectors, azimuths of great circles.

Everything here is the checks' own: the rooms that plan use theirs. Angles in rad; azimuths
clockwise from north.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "E2",
    "azimuth_of",
    "azimuth_with_the_ground",
    "great_circle_azimuths",
    "north_east_up",
    "signed_turn",
    "turn_of",
    "vertical",
    "within_arc",
]

TWO_PI = 2.0 * np.pi
# circular speed 200 km up: what an inertial azimuth of a pad is counted with
LOW_ORBIT_M_S = 7784.0
# of the WGS84 ellipsoid, the eccentricity squared
E2 = 6.69437999014e-3


def turn_of(angle: ArrayLike) -> NDArray[np.float64]:
    """The same direction as an angle in [0, 2 pi)."""
    turned = np.mod(np.asarray(angle, dtype=np.float64), TWO_PI)
    # mod of a tiny negative rounds up to the modulus itself
    out: NDArray[np.float64] = np.where(turned >= TWO_PI, 0.0, turned)
    return out


def signed_turn(to: ArrayLike, of: ArrayLike = 0.0) -> NDArray[np.float64]:
    """The shortest signed turn that leads from `of` to `to`, in (-pi, pi]; exact half: +pi."""
    d = turn_of(np.asarray(to, dtype=np.float64) - np.asarray(of, dtype=np.float64))
    out: NDArray[np.float64] = np.where(d > np.pi, d - TWO_PI, d)
    return out


def within_arc(angle: float, first: float, last: float) -> float:
    """How far inside the clockwise arc `first` .. `last` an angle lies, rad.

    Positive: inside, the distance to the nearer end; negative: outside, likewise. An arc whose
    ends coincide is one direction; 340 .. 95 deg passes through north.
    """
    span = float(turn_of(last - first))
    into = float(turn_of(angle - first))
    if into <= span:
        return min(into, span - into)
    return -min(into - span, TWO_PI - into)


def north_east_up(latitude: float, longitude: float) -> NDArray[np.float64]:
    """(3, 3) rows north, east, up in Earth-fixed axes at a geodetic latitude and longitude."""
    sin_lat, cos_lat = np.sin(latitude), np.cos(latitude)
    sin_lon, cos_lon = np.sin(longitude), np.cos(longitude)
    return np.array(
        [
            [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            [-sin_lon, cos_lon, 0.0],
            [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
        ]
    )


def vertical(latitude: float, longitude: float) -> NDArray[np.float64]:
    """The last row of `north_east_up`: fixed to the body, geodetic on the Earth."""
    up: NDArray[np.float64] = north_east_up(latitude, longitude)[2]
    return up


def azimuth_of(
    vector: NDArray[np.float64], latitude: float, longitude: float
) -> tuple[float, float]:
    """(azimuth in [0, 2 pi), horizontal length) of an Earth-fixed vector at a place."""
    north, east, _ = north_east_up(latitude, longitude) @ vector
    return float(turn_of(np.arctan2(east, north))), float(np.hypot(north, east))


def great_circle_azimuths(latitude: float, inclination: float) -> tuple[float, float] | None:
    """The two inertial azimuths (northbound, southbound) of a plane through a latitude.

    sin Az = cos i / cos lat (Napier's rule; Vallado 2013, eq. 6-9); None when the plane never
    reaches the latitude. Northbound in [-90, 90] deg of north, southbound its mirror.
    """
    s = np.cos(inclination) / np.cos(latitude)
    if abs(s) > 1.0 + 1e-12:
        return None
    north = float(np.arcsin(np.clip(s, -1.0, 1.0)))
    return float(turn_of(north)), float(turn_of(np.pi - north))


def azimuth_with_the_ground(latitude: float, heading: float) -> float:
    """Inertial azimuth of a low orbit whose velocity is gained along a relative heading.

    The law of sines in the triangle of the orbital velocity, the ground's eastward speed and
    the velocity to be gained: sin(azimuth - heading) = (ground / orbital speed) cos heading.
    """
    s, c = np.sin(latitude), np.cos(latitude)
    ground = OMEGA_EARTH_RAD_S * EARTH_EQUATORIAL_RADIUS_M * c / np.sqrt(1.0 - E2 * s * s)
    return float(heading + np.arcsin(ground / LOW_ORBIT_M_S * np.cos(heading)))
