"""Geodesy on the WGS84 ellipsoid: places, local axes, distances over the ground.

Latitudes are geodetic, longitudes east, both in radians; heights in metres above the
ellipsoid; Earth-fixed axes are those of the ITRF (WGS84 agrees with it to centimetres).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = [
    "WGS84_A",
    "WGS84_F",
    "enu_axes",
    "geodetic",
    "geodetic_from_itrf",
    "itrf_from_geodetic",
    "surface_distance_m",
]

# NIMA TR8350.2 (2000): semi-major axis in m, flattening
WGS84_A = 6_378_137.0
WGS84_F = 1.0 / 298.257223563

_E2 = WGS84_F * (2.0 - WGS84_F)
_B = WGS84_A * (1.0 - WGS84_F)
_EP2 = _E2 / (1.0 - _E2)
# below this part of the radius the evolute makes the normal ambiguous (Earth: 106 km)
_INNERMOST = 1.0 / 60.0
_PASSES = 3


def geodetic_from_itrf(
    r: ArrayLike,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Geodetic latitude, east longitude in (-pi, pi] and height of Earth-fixed places.

    r  (..., 3) m in ITRF axes -> three arrays of shape (...), rad, rad, m.

    Bowring's (1976) iteration on the parametric latitude, three passes: below 1e-13 rad and
    1e-8 m from 100 km below the surface out to 1e9 m. On the axis the longitude is 0.

    Raises InputError within 106 km of the centre, where the answer is ambiguous.
    """
    return geodetic(r, WGS84_A, WGS84_F, "earth")


def geodetic(
    r: ArrayLike, equatorial_m: float, flattening: float, body: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The same for any ellipsoid of revolution: latitude, east longitude, height.

    Raises InputError within a sixtieth of the radius of the centre.
    """
    a, f = equatorial_m, flattening
    b, e2 = a * (1.0 - f), f * (2.0 - f)
    ep2 = e2 / (1.0 - e2)
    r = np.asarray(r, dtype=np.float64)
    x, y, z = r[..., 0], r[..., 1], r[..., 2]
    p = np.hypot(x, y)
    distance = np.hypot(p, z)
    if np.any(distance < a * _INNERMOST):
        raise InputError(
            f"a place {float(np.min(distance)):.6g} m from the centre of {body!r} has no geodetic"
            f" latitude; give a place in metres, farther than {a * _INNERMOST:.6g} m from it"
        )
    longitude = np.arctan2(y, x)
    # start: reduced latitude of the point scaled down to the ellipsoid (Bowring 1985)
    tan_top = z * (1.0 + ep2 * b / distance)
    sb, cb = _unit((1.0 - f) * tan_top, p)
    for _ in range(_PASSES if f < 0.01 else _PASSES + 3):
        top = z + ep2 * b * sb**3
        bottom = p - e2 * a * cb**3
        sb, cb = _unit((1.0 - f) * top, bottom)
    top = z + ep2 * b * sb**3
    bottom = p - e2 * a * cb**3
    s, c = _unit(top, bottom)
    latitude = np.arctan2(s, c)
    # height by the formula that is stationary in the latitude's error
    height = p * c + z * s - a * np.sqrt(1.0 - e2 * s**2)
    return latitude, longitude, height


def _unit(
    s: NDArray[np.float64], c: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    n = np.hypot(s, c)
    return s / n, c / n


def itrf_from_geodetic(
    latitude: ArrayLike, longitude: ArrayLike, height: ArrayLike
) -> NDArray[np.float64]:
    """Earth-fixed place (..., 3) in m of geodetic latitude, east longitude (rad), height (m).

    Raises InputError for a latitude beyond the poles (degrees given for radians, mostly).
    """
    lat = np.asarray(latitude, dtype=np.float64)
    if np.any(np.abs(lat) > 0.5 * np.pi + 1e-12):
        raise InputError(
            f"latitude {float(lat.flat[np.argmax(np.abs(lat))])!r} rad lies beyond a pole:"
            " give radians between -pi/2 and pi/2 (degrees must be converted)"
        )
    lon = np.asarray(longitude, dtype=np.float64)
    h = np.asarray(height, dtype=np.float64)
    s, c = np.sin(lat), np.cos(lat)
    n = WGS84_A / np.sqrt(1.0 - _E2 * s**2)
    return np.stack(
        np.broadcast_arrays(
            (n + h) * c * np.cos(lon),
            (n + h) * c * np.sin(lon),
            ((1.0 - _E2) * n + h) * s,
        ),
        axis=-1,
    )


def enu_axes(latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
    """East, north and up unit vectors as rows, Earth-fixed components: (..., 3, 3).

    `enu_axes(lat, lon) @ v` gives the local components of an Earth-fixed vector. Up is the
    normal of the ellipsoid. At the poles east is along longitude + 90 deg.
    """
    lat, lon = np.broadcast_arrays(
        np.asarray(latitude, dtype=np.float64), np.asarray(longitude, dtype=np.float64)
    )
    s, c = np.sin(lat), np.cos(lat)
    sl, cl = np.sin(lon), np.cos(lon)
    zero = np.zeros_like(s)
    return np.stack(
        [
            np.stack([-sl, cl, zero], axis=-1),
            np.stack([-s * cl, -s * sl, c], axis=-1),
            np.stack([c * cl, c * sl, s], axis=-1),
        ],
        axis=-2,
    )


def surface_distance_m(
    lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike
) -> NDArray[np.float64]:
    """Length in m of the geodesic between points on the ellipsoid; radians, broadcast.

    Vincenty (1975, Survey Review 23:88) inverse formula, better than 0.1 mm. Within about
    half a degree of the antipode it does not converge and the mean-radius great circle of
    the reduced latitudes answers instead, good to 0.3 %.
    """
    lat1, lon1, lat2, lon2 = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (lat1, lon1, lat2, lon2))
    )
    u1 = np.arctan2((1.0 - WGS84_F) * np.sin(lat1), np.cos(lat1))
    u2 = np.arctan2((1.0 - WGS84_F) * np.sin(lat2), np.cos(lat2))
    s1, c1, s2, c2 = np.sin(u1), np.cos(u1), np.sin(u2), np.cos(u2)
    turn = np.remainder(lon2 - lon1 + np.pi, 2.0 * np.pi) - np.pi
    lam = turn.copy()
    change = np.full(lam.shape, np.inf)
    for _ in range(60):
        sl, cl = np.sin(lam), np.cos(lam)
        sin_sigma = np.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl)
        cos_sigma = s1 * s2 + c1 * c2 * cl
        sigma = np.arctan2(sin_sigma, cos_sigma)
        safe = np.where(sin_sigma > 0.0, sin_sigma, 1.0)
        sin_alpha = np.where(sin_sigma > 0.0, c1 * c2 * sl / safe, 0.0)
        cos2_alpha = 1.0 - sin_alpha**2
        on_equator = cos2_alpha < 1e-15
        cos_2sm = np.where(
            on_equator, 0.0, cos_sigma - 2.0 * s1 * s2 / np.where(on_equator, 1.0, cos2_alpha)
        )
        cc = WGS84_F / 16.0 * cos2_alpha * (4.0 + WGS84_F * (4.0 - 3.0 * cos2_alpha))
        new = turn + (1.0 - cc) * WGS84_F * sin_alpha * (
            sigma + cc * sin_sigma * (cos_2sm + cc * cos_sigma * (2.0 * cos_2sm**2 - 1.0))
        )
        change = np.abs(new - lam)
        lam = new
        if np.all(change < 1e-13):
            break
    k = cos2_alpha * _EP2
    a = 1.0 + k / 16384.0 * (4096.0 + k * (-768.0 + k * (320.0 - 175.0 * k)))
    b = k / 1024.0 * (256.0 + k * (-128.0 + k * (74.0 - 47.0 * k)))
    d_sigma = (
        b
        * sin_sigma
        * (
            cos_2sm
            + b
            / 4.0
            * (
                cos_sigma * (2.0 * cos_2sm**2 - 1.0)
                - b / 6.0 * cos_2sm * (4.0 * sin_sigma**2 - 3.0) * (4.0 * cos_2sm**2 - 3.0)
            )
        )
    )
    geodesic = _B * a * (sigma - d_sigma)
    round_sigma = np.arctan2(
        np.hypot(c2 * np.sin(turn), c1 * s2 - s1 * c2 * np.cos(turn)),
        s1 * s2 + c1 * c2 * np.cos(turn),
    )
    failed = (change > 1e-10) | (np.abs(lam) > np.pi)
    out: NDArray[np.float64] = np.where(failed, round_sigma * (2.0 * WGS84_A + _B) / 3.0, geodesic)
    return out
