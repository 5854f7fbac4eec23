"""Points of the ground, each with its share of the area: rings, spirals, lattices, lists."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.geodesy import WGS84_F, enu_axes, itrf_from_geodetic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Grid", "authalic_sine"]

_E = math.sqrt(WGS84_F * (2.0 - WGS84_F))
_GOLDEN = math.pi * (3.0 - math.sqrt(5.0))
_MOST = 20_000_000
_HIGHEST_M, _LOWEST_M = 30_000.0, -500.0


def authalic_sine(latitude_rad: Array) -> Array:
    """Sine of the authalic latitude: the ellipsoid's area from the equator to here over that to
    the pole (Snyder 1987, Map Projections, eqs. 3-11 and 3-12).
    """

    def zone(sine: Array) -> Array:
        es = _E * sine
        return np.asarray((1.0 - _E * _E) * (sine / (1.0 - es * es) + np.arctanh(es) / _E))

    return zone(np.sin(latitude_rad)) / zone(np.array(1.0))


def _latitude(authalic: Array) -> Array:
    """Geodetic latitude of a sine of the authalic one, by Newton's method; 1e-14 rad."""
    sine = np.array(authalic, dtype=np.float64)
    scale = float((1.0 - _E * _E) * (1.0 / (1.0 - _E * _E) + math.atanh(_E) / _E))
    for _ in range(6):
        es = _E * sine
        value = (1.0 - _E * _E) * (sine / (1.0 - es * es) + np.arctanh(es) / _E) / scale
        slope = 2.0 * (1.0 - _E * _E) / (1.0 - es * es) ** 2 / scale
        sine = np.clip(sine - (value - authalic) / slope, -1.0, 1.0)
    return np.arcsin(sine)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Points on the WGS84 ellipsoid.

    latitude_rad, longitude_rad   (n,) geodetic, longitude east
    height_m   (n,) above the ellipsoid
    share      (n,) of the grid's area, summing to 1: the weight in averages
    spacing_rad   about the distance of neighbours
    about      in words
    """

    latitude_rad: Array
    longitude_rad: Array
    height_m: Array
    share: Array
    spacing_rad: float
    about: str

    def __len__(self) -> int:
        return int(self.latitude_rad.size)

    def places_m(self) -> Array:
        """(n, 3) Earth-fixed."""
        return itrf_from_geodetic(self.latitude_rad, self.longitude_rad, self.height_m)

    def normals(self) -> Array:
        """(n, 3) unit vectors up, Earth-fixed."""
        return np.ascontiguousarray(enu_axes(self.latitude_rad, self.longitude_rad)[:, 2, :])

    # ways to make one ---------------------------------------------------------------------
    @classmethod
    def rings(
        cls, step_rad: float, south_rad: float = -0.5 * math.pi, north_rad: float = 0.5 * math.pi
    ) -> Grid:
        """Rings `step_rad` apart in latitude, each with as many points as keep cells alike.

        Cells of one ring have the same area; between rings they differ by a few per cent, near
        the poles by more, and `share` knows it.
        """
        rows = _rows(step_rad, south_rad, north_rad)
        latitudes, longitudes, shares = [], [], []
        for low, high in itertools.pairwise(rows):
            middle = 0.5 * (low + high)
            n = max(round(2.0 * math.pi * math.cos(middle) / (rows[1] - rows[0])), 3)
            latitudes.append(np.full(n, middle))
            longitudes.append((np.arange(n) + 0.5) * (2.0 * math.pi / n) - math.pi)
            shares.append(np.full(n, _zone(low, high) / n))
        about = f"rings every {math.degrees(step_rad):g} deg"
        return _made(latitudes, longitudes, shares, step_rad, about)

    @classmethod
    def lattice(
        cls,
        latitude_step_rad: float,
        longitude_step_rad: float,
        south_rad: float = -0.5 * math.pi,
        north_rad: float = 0.5 * math.pi,
    ) -> Grid:
        """Cells of equal steps in latitude and longitude; a point in the middle of each."""
        rows = _rows(latitude_step_rad, south_rad, north_rad)
        if not 0.0 < longitude_step_rad <= math.pi:
            raise InputError(
                f"a step of {math.degrees(longitude_step_rad):g} deg in longitude: write more"
                " than 0, up to 180 deg"
            )
        n = max(round(2.0 * math.pi / longitude_step_rad), 1)
        _few(n * (len(rows) - 1))
        longitude = np.asarray((np.arange(n) + 0.5) * (2.0 * math.pi / n) - math.pi, np.float64)
        pairs = list(itertools.pairwise(rows))
        about = (
            f"lattice of {math.degrees(latitude_step_rad):g}"
            f" x {math.degrees(longitude_step_rad):g} deg"
        )
        return _made(
            [np.full(n, 0.5 * (low + high)) for low, high in pairs],
            [longitude] * len(pairs),
            [np.full(n, _zone(low, high) / n) for low, high in pairs],
            max(latitude_step_rad, longitude_step_rad),
            about,
        )

    @classmethod
    def spiral(cls, points: int) -> Grid:
        """`points` points of exactly equal area along a Fibonacci spiral (Swinbank & Purser 2006,
        Q. J. R. Meteorol. Soc. 132, 1769), equal on the ellipsoid.
        """
        if points < 1:
            raise InputError(f"a spiral of {points} points: write 1 or more")
        _few(points)
        k = np.arange(points)
        latitude = _latitude((2.0 * k + 1.0) / points - 1.0)
        longitude = np.mod(k * _GOLDEN + math.pi, 2.0 * math.pi) - math.pi
        share = np.full(points, 1.0 / points)
        spacing = math.sqrt(4.0 * math.pi / points)
        return cls(latitude, longitude, np.zeros(points), share, spacing, f"{points:,} points")

    @classmethod
    def points(
        cls,
        latitude_rad: Array | Sequence[float],
        longitude_rad: Array | Sequence[float],
        height_m: Array | Sequence[float] | float = 0.0,
    ) -> Grid:
        """Points given one by one, of equal weight. Raises InputError beyond a pole, and for
        heights outside -500 m to 30 km.
        """
        latitude, longitude, height = (
            np.array(x, dtype=np.float64).reshape(-1)
            for x in np.broadcast_arrays(latitude_rad, longitude_rad, height_m)
        )
        n = latitude.size
        if n == 0:
            raise InputError("a grid of no points: give one or more")
        _few(n)
        if not all(np.all(np.isfinite(x)) for x in (latitude, longitude, height)):
            raise InputError("a point of the grid is not finite in all its numbers")
        if np.any(np.abs(latitude) > 0.5 * math.pi):
            worst = float(latitude[np.argmax(np.abs(latitude))])
            raise InputError(f"latitude {math.degrees(worst):g} deg lies beyond a pole")
        if np.any((height < _LOWEST_M) | (height > _HIGHEST_M)):
            worst = float(height[np.argmax(np.abs(height))])
            raise InputError(f"a ground point {worst:g} m high: write -500 m to 30 km")
        share = np.full(n, 1.0 / n)
        spacing = math.sqrt(4.0 * math.pi / max(n, 12))
        return cls(latitude, longitude, height, share, spacing, f"{n:,} points given")

    def inside(self, rings_deg: Sequence[Sequence[tuple[float, float]]]) -> Grid:
        """The points inside polygons of (longitude, latitude) in degrees; shares sum to 1 again.

        Edges are straight in longitude and latitude; a ring may cross the antimeridian (each edge
        runs the shorter way) but holds no pole. A point in an even number of rings is outside: a
        ring inside a ring is a hole. Raises InputError where no point is left.
        """
        keep = np.zeros(len(self), dtype=bool)
        for ring in rings_deg:
            keep ^= _in_ring(self, ring)
        if not np.any(keep):
            raise InputError(
                f"no point of {self.about} lies inside the polygon; use a finer grid, and check"
                " that positions are (longitude, latitude) in degrees"
            )
        share = self.share[keep]
        return Grid(
            self.latitude_rad[keep],
            self.longitude_rad[keep],
            self.height_m[keep],
            share / share.sum(),
            self.spacing_rad,
            f"{self.about}, inside a polygon",
        )


def _in_ring(grid: Grid, ring: Sequence[tuple[float, float]]) -> NDArray[np.bool_]:
    corners = np.radians(np.asarray(ring, dtype=np.float64).reshape(-1, 2))
    if len(corners) < 3 or not np.all(np.isfinite(corners)):
        raise InputError(f"a polygon of {len(corners)} corners: give three or more")
    x = np.unwrap(corners[:, 0])
    y = corners[:, 1]
    inside = np.zeros(len(grid), dtype=bool)
    middle = 0.5 * (x.min() + x.max())
    at = middle + np.mod(grid.longitude_rad - middle + math.pi, 2.0 * math.pi) - math.pi
    for k in range(len(x)):
        xa, ya, xb, yb = x[k - 1], y[k - 1], x[k], y[k]
        between = (ya > grid.latitude_rad) != (yb > grid.latitude_rad)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = xa + (grid.latitude_rad - ya) * (xb - xa) / (yb - ya)
        inside ^= between & (at < crossing)
    return inside


def _rows(step: float, south: float, north: float) -> Array:
    """Edges of rows of cells, evenly from south to north."""
    if not -0.5 * math.pi <= south < north <= 0.5 * math.pi:
        raise InputError(
            f"latitudes {math.degrees(south):g} to {math.degrees(north):g} deg: write a rising"
            " pair between -90 and 90 deg"
        )
    if not math.radians(0.01) <= step <= math.pi:
        raise InputError(
            f"a grid step of {math.degrees(step):g} deg: write 0.01 deg or more, up to 180 deg"
        )
    rows = max(round((north - south) / step), 1)
    return np.linspace(south, north, rows + 1)


def _zone(low: float, high: float) -> float:
    edges = authalic_sine(np.array([low, high]))
    return 0.5 * float(edges[1] - edges[0])


def _few(n: int) -> None:
    if n > _MOST:
        raise InputError(f"a grid of {n:,} points: write {_MOST:,} or fewer")


def _made(
    latitudes: list[Array], longitudes: list[Array], shares: list[Array], step: float, about: str
) -> Grid:
    latitude, longitude = np.concatenate(latitudes), np.concatenate(longitudes)
    _few(latitude.size)
    share = np.concatenate(shares)
    return Grid(latitude, longitude, np.zeros(latitude.size), share / share.sum(), step, about)
