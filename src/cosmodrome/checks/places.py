"""Geodetic places and distances by the checks' own formulas (WGS84)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "bearing",
    "destination",
    "fixed_point",
    "geodesic_m",
    "geodetic",
    "great_circle_m",
    "inside_polygon_m",
    "on_sphere",
]

A = 6378137.0
F = 1.0 / 298.257223563
E2 = F * (2.0 - F)
MEAN_RADIUS = 6371008.8  # (2 a + b) / 3


def geodetic(
    r: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Geodetic latitude, longitude (rad) and height (m) of Earth-fixed places (N, 3) or (3,).

    Bowring's parametric-latitude iteration (Bowring 1976), three rounds: below a nanometre
    from the ground to the Moon; regular at the poles.
    """
    r = np.atleast_2d(r)
    x, y, z = r[:, 0], r[:, 1], r[:, 2]
    p = np.hypot(x, y)
    b = A * (1.0 - F)
    beta = np.arctan2(A * z, b * p)
    latitude = beta
    for _ in range(3):
        latitude = np.arctan2(
            z + E2 / (1.0 - E2) * b * np.sin(beta) ** 3, p - E2 * A * np.cos(beta) ** 3
        )
        beta = np.arctan2((1.0 - F) * np.sin(latitude), np.cos(latitude))
    s, c = np.sin(latitude), np.cos(latitude)
    # p cos + z sin - a sqrt(1 - e2 sin^2): no division, so no trouble at poles or equator
    h = p * c + z * s - A * np.sqrt(1.0 - E2 * s * s)
    return latitude, np.arctan2(y, x), h


def on_sphere(
    r: NDArray[np.float64], radius_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The same on a sphere."""
    r = np.atleast_2d(r)
    across = np.hypot(r[:, 0], r[:, 1])
    height = np.hypot(across, r[:, 2]) - radius_m
    return np.arctan2(r[:, 2], across), np.arctan2(r[:, 1], r[:, 0]), height


def fixed_point(latitude: float, longitude: float, h_m: float = 0.0) -> NDArray[np.float64]:
    """Earth-fixed place (3,) of geodetic coordinates."""
    n = A / np.sqrt(1.0 - E2 * np.sin(latitude) ** 2)
    return np.array(
        [
            (n + h_m) * np.cos(latitude) * np.cos(longitude),
            (n + h_m) * np.cos(latitude) * np.sin(longitude),
            (n * (1.0 - E2) + h_m) * np.sin(latitude),
        ]
    )


def great_circle_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance on the mean sphere, m (haversine; good to 0.5 % of the distance)."""
    h = (
        np.sin(0.5 * (lat2 - lat1)) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin(0.5 * (lon2 - lon1)) ** 2
    )
    return float(2.0 * MEAN_RADIUS * np.arcsin(min(1.0, np.sqrt(h))))


def geodesic_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance on the ellipsoid, m: Lambert 1942, within some 20 m over thousands of km.

    The great circle between reduced latitudes, corrected to first order in the flattening.
    """
    b1, b2 = (float(np.arctan((1.0 - F) * np.tan(x))) for x in (lat1, lat2))
    angle = great_circle_m(b1, lon1, b2, lon2) / MEAN_RADIUS
    if angle == 0.0:
        return 0.0
    p, q = 0.5 * (b1 + b2), 0.5 * (b2 - b1)
    x = (angle - np.sin(angle)) * (np.sin(p) * np.cos(q) / np.cos(0.5 * angle)) ** 2
    y = (angle + np.sin(angle)) * (np.cos(p) * np.sin(q) / np.sin(0.5 * angle)) ** 2
    return float(A * (angle - 0.5 * F * (x + y)))


def bearing(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Azimuth of the great circle from the first place to the second, rad."""
    east = np.sin(lon2 - lon1) * np.cos(lat2)
    north = np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(lon2 - lon1)
    return float(np.arctan2(east, north))


def destination(
    latitude: float, longitude: float, azimuth: float, distance_m: float
) -> tuple[float, float]:
    """The place a distance away along a great circle of the mean sphere (good to 0.5 % of it)."""
    angle = distance_m / MEAN_RADIUS
    s = np.sin(latitude) * np.cos(angle) + np.cos(latitude) * np.sin(angle) * np.cos(azimuth)
    turn = np.arctan2(
        np.sin(azimuth) * np.sin(angle) * np.cos(latitude), np.cos(angle) - np.sin(latitude) * s
    )
    return float(np.arcsin(np.clip(s, -1.0, 1.0))), float(longitude + turn)


def inside_polygon_m(
    latitude: float, longitude: float, polygon: tuple[tuple[float, float], ...]
) -> float:
    """Distance from a place to the edge of a polygon, m: positive inside, negative outside.

    The polygon's (latitude, longitude) corners are laid on the plane of the gnomonic
    projection about the place itself, where great circles are straight and the place is the
    origin; so neither the date line nor a pole is special. Corners beyond 80 deg are refused
    by being taken as outside.
    """
    lat = np.array([c[0] for c in polygon])
    lon = np.array([c[1] for c in polygon]) - longitude
    cos_c = np.sin(latitude) * np.sin(lat) + np.cos(latitude) * np.cos(lat) * np.cos(lon)
    if np.any(cos_c < np.cos(np.radians(80.0))):
        nearest = float(np.max(cos_c))
        return -MEAN_RADIUS * float(np.arccos(np.clip(nearest, -1.0, 1.0)))
    x = MEAN_RADIUS * np.cos(lat) * np.sin(lon) / cos_c
    y = (
        MEAN_RADIUS
        * (np.cos(latitude) * np.sin(lat) - np.sin(latitude) * np.cos(lat) * np.cos(lon))
        / cos_c
    )
    x2, y2 = np.roll(x, -1), np.roll(y, -1)
    # winding by summed signed angles about the origin
    winding = np.arctan2(x * y2 - x2 * y, x * x2 + y * y2).sum()
    dx, dy = x2 - x, y2 - y
    length2 = np.maximum(dx * dx + dy * dy, 1e-12)
    s = np.clip(-(x * dx + y * dy) / length2, 0.0, 1.0)
    edge = float(np.min(np.hypot(x + s * dx, y + s * dy)))
    return edge if abs(winding) > np.pi else -edge
