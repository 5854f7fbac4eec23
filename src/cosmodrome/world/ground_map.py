"""A flat map about one place on the ellipsoid, and polygons and ellipses laid out on it.

Everything that compares places on the ground does it here, in metres east and north of a place
nearby, so that neither the date line nor a pole is special.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.world.geodesy import (
    WGS84_A,
    WGS84_F,
    enu_axes,
    geodetic_from_itrf,
    itrf_from_geodetic,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["GroundMap", "ellipse_ring", "signed_distance_m"]

_E2 = WGS84_F * (2.0 - WGS84_F)
# an edge between corners farther apart than this gets corners in between
_LONGEST_EDGE_M = 50e3


class GroundMap:
    """The azimuthal equidistant map about a geodetic place (rad), east and north in metres.

    Directions are those of normal sections at the place, distances those on the sphere that
    osculates the ellipsoid along them (Euler's radius): the geodesic within 0.2 mm at 100 km and
    1.6 m at 1,000 km. The two ways invert each other within a centimetre up to there.

    Of n places (n,) it is n maps: what is laid out has a first axis of n then, one for each.
    """

    def __init__(self, latitude_rad: ArrayLike, longitude_rad: ArrayLike) -> None:
        self.centre = itrf_from_geodetic(latitude_rad, longitude_rad, 0.0)
        self.axes = enu_axes(latitude_rad, longitude_rad)
        # one by one: over arrays NumPy takes another power, and a map's last bit hung on the others
        w2 = 1.0 - _E2 * _power(np.sin(latitude_rad), 2)
        self._meridian_m = WGS84_A * (1.0 - _E2) / _power(w2, 1.5)
        self._vertical_m = WGS84_A / np.sqrt(w2)

    def _under(self, of_map: NDArray[np.float64], own: int, dimensions: int) -> Any:
        """What each map has, its last `own` axes its own, to be met with an array of so many."""
        maps = self.centre.ndim - 1
        between = (1,) * (dimensions - own - maps)
        return np.reshape(of_map, of_map.shape[:maps] + between + of_map.shape[maps:])

    def _radius_m(
        self, east: NDArray[np.float64], north: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Euler's radius of curvature towards (east, north), and their length."""
        size = np.hypot(east, north)
        safe = np.where(size > 0.0, size, 1.0)
        c2 = (north / safe) ** 2
        meridian_m, vertical_m = (
            self._under(radius, 0, np.ndim(c2)) for radius in (self._meridian_m, self._vertical_m)
        )
        return 1.0 / (c2 / meridian_m + (1.0 - c2) / vertical_m), size

    def to_m(self, latitude_rad: ArrayLike, longitude_rad: ArrayLike) -> NDArray[np.float64]:
        """(..., 2) metres east and north of the centre of geodetic places."""
        places = itrf_from_geodetic(latitude_rad, longitude_rad, 0.0)
        across = np.swapaxes(self._under(self.axes, 2, places.ndim), -1, -2)
        local = (places - self._under(self.centre, 1, places.ndim)) @ across
        e, n, u = np.moveaxis(local, -1, 0)
        radius, size = self._radius_m(e, n)
        scale = radius * np.arctan2(size, radius + u) / np.where(size > 0.0, size, 1.0)
        return np.stack([scale * e, scale * n], axis=-1)

    def to_places(self, east_north_m: ArrayLike) -> NDArray[np.float64]:
        """(..., 2) geodetic latitude and longitude, rad, of points of the map (..., 2)."""
        e, n = np.moveaxis(np.asarray(east_north_m, dtype=np.float64), -1, 0)
        radius, size = self._radius_m(e, n)
        angle = size / radius
        across = radius * np.sin(angle) / np.where(size > 0.0, size, 1.0)
        local = np.stack([across * e, across * n, radius * (np.cos(angle) - 1.0)], axis=-1)
        back = local @ self._under(self.axes, 2, local.ndim)
        latitude, longitude, _ = geodetic_from_itrf(self._under(self.centre, 1, back.ndim) + back)
        return np.stack([latitude, longitude], axis=-1)

    def ring_m(self, corners_rad: ArrayLike) -> NDArray[np.float64]:
        """A polygon of (latitude, longitude) corners laid out on the map, (n, 2) metres.

        Long edges get corners in between, on the plane through the centre of the Earth and both
        ends, so that a straight line of the map never stands for more than 50 km of them.
        """
        corners = np.asarray(corners_rad, dtype=np.float64)
        ends = itrf_from_geodetic(corners[:, 0], corners[:, 1], 0.0)
        points = []
        for a, b in zip(ends, np.roll(ends, -1, axis=0), strict=True):
            parts = max(1, int(np.ceil(np.linalg.norm(b - a) / _LONGEST_EDGE_M)))
            share = np.arange(parts)[:, None] / parts
            points.append(a + share * (b - a))
        latitude, longitude, _ = geodetic_from_itrf(np.vstack(points))
        return self.to_m(latitude, longitude)


def _power(x: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    return np.array([one**exponent for one in np.ravel(x)]).reshape(np.shape(x))


def signed_distance_m(points_m: ArrayLike, ring_m: ArrayLike) -> NDArray[np.float64]:
    """Distance (k,) of points (k, 2) from the edge of a polygon (n, 2): positive inside.

    Plane geometry, any units; the polygon may be concave, and is closed by itself.
    """
    p = np.atleast_2d(np.asarray(points_m, dtype=np.float64))[:, None, :]
    a = np.asarray(ring_m, dtype=np.float64)[None, :, :]
    edge = np.roll(a, -1, axis=1) - a
    from_a = p - a
    length2 = np.maximum(np.sum(edge * edge, axis=2), 1e-12)
    share = np.clip(np.sum(from_a * edge, axis=2) / length2, 0.0, 1.0)
    nearest = np.linalg.norm(from_a - share[..., None] * edge, axis=2).min(axis=1)
    # even-odd rule on the ray to the right
    y, ya, yb = p[..., 1], a[..., 1], a[..., 1] + edge[..., 1]
    crosses = (ya > y) != (yb > y)
    rise = np.where(crosses, edge[..., 1], 1.0)
    x = a[..., 0] + (y - ya) / rise * edge[..., 0]
    inside = np.sum(crosses & (p[..., 0] < x), axis=1) % 2 == 1
    out: NDArray[np.float64] = np.where(inside, nearest, -nearest)
    return out


def ellipse_ring(covariance: ArrayLike, sigmas: float, points: int = 72) -> NDArray[np.float64]:
    """(points, 2) corners of the ellipse x' C^-1 x = sigmas^2 about the origin, anticlockwise."""
    values, axes = np.linalg.eigh(np.asarray(covariance, dtype=np.float64))
    if np.linalg.det(axes) < 0.0:
        axes = axes * np.array([1.0, -1.0])
    angle = 2.0 * np.pi * np.arange(points) / points
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    out: NDArray[np.float64] = sigmas * (circle * np.sqrt(np.maximum(values, 0.0))) @ axes.T
    return out
