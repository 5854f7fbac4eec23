"""The ground of a body: heights, slopes, and where a line of sight meets it.

The Moon's are NASA's LOLA heights over the sphere of 1737.4 km, mean-Earth axes, as means over
cells of 1/8 deg (3.8 km at the equator). Between the centres of cells they are read by bicubic
convolution (Keys 1981, IEEE Trans. Acoust. 29:1153), so that height and slope are continuous; a
pole is reached by blending into the plane through the nearest ring of cells.
"""

from __future__ import annotations

import functools
import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, InputError
from cosmodrome.world import store
from cosmodrome.world.bodies import body as body_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["Terrain", "terrain"]

_HELD = {"moon": "moon_terrain"}
# cells added around the grid, so that the four neighbours each way are always there
_EDGE = 2
# places looked at in one go along lines of sight: bounds the memory of a step to some tens of MB
_BATCH = 400_000
# first look along a line from a place near the ground, m, and how fast the looks spread
_CLOSE_M = 10.0
_CLOSE_GROWTH = 1.04


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights of a body's ground over a sphere.

    body, axes       whose, and the body-fixed axes of latitudes, longitudes and places
    radius_m         of the sphere heights are counted from
    cell_rad         size of a cell in latitude and longitude
    lowest_m, highest_m  bounds of every height
    error_rms_m      how far heights lie off the true ground, rms (see docs/data.md)
    """

    body: str
    axes: str
    radius_m: float
    cell_rad: float
    lowest_m: float
    highest_m: float
    error_rms_m: float
    _cells: NDArray[np.float32]
    _poles: Array

    def height_m(self, latitude_rad: ArrayLike, longitude_rad: ArrayLike) -> Array:
        """Height (...) in m over the sphere at latitudes and east longitudes (...), broadcast.

        Raises InputError for a latitude beyond a pole, or what is no number.
        """
        lat, lon = np.broadcast_arrays(
            np.asarray(latitude_rad, dtype=np.float64), np.asarray(longitude_rad, dtype=np.float64)
        )
        bad = ~((np.abs(lat) <= 0.5 * math.pi + 1e-12) & np.isfinite(lon))
        if np.any(bad):
            k = int(np.argmax(bad))
            raise InputError(
                f"terrain at latitude {float(lat.flat[k])!r}, longitude {float(lon.flat[k])!r}"
                " rad: give a latitude between -pi/2 and pi/2 and a finite longitude (degrees"
                " must be converted)"
            )
        return self._read(lat.ravel(), lon.ravel()).reshape(lat.shape)

    def _read(self, lat: Array, lon: Array) -> Array:
        n = 1.0 / self.cell_rad
        row = np.clip((0.5 * math.pi - lat) * n, 0.0, math.pi * n) - 0.5
        column = np.mod(lon + math.pi, 2.0 * math.pi) * n - 0.5
        i, j = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
        down, across = _weights(row - i), _weights(column - j)
        width = self._cells.shape[1]
        flat = self._cells.ravel()
        corner = (i + _EDGE - 1) * width + j + _EDGE - 1
        out = np.zeros(lat.size)
        for a in range(4):
            line = np.zeros(lat.size)
            for b in range(4):
                line += across[b] * flat.take(corner + (a * width + b))
            out += down[a] * line
        # within the innermost ring neighbours across the pole depend on the longitude asked for:
        # blend them into one plane
        share = (0.5 * math.pi - np.abs(lat)) * (2.0 * n)
        near = np.flatnonzero(share < 1.0)
        if near.size:
            s = np.clip(share[near], 0.0, 1.0)
            level, x, y = self._poles[(lat[near] < 0.0).astype(np.int64)].T
            plane = level + s * (x * np.cos(lon[near]) + y * np.sin(lon[near]))
            keep = s * s * (3.0 - 2.0 * s)
            out[near] = keep * out[near] + (1.0 - keep) * plane
        return out

    def place_m(
        self, latitude_rad: ArrayLike, longitude_rad: ArrayLike, above_m: ArrayLike = 0.0
    ) -> Array:
        """Body-fixed place (..., 3) in m that lies `above_m` over the ground."""
        lat, lon = np.asarray(latitude_rad, np.float64), np.asarray(longitude_rad, np.float64)
        r = self.radius_m + self.height_m(lat, lon) + np.asarray(above_m, dtype=np.float64)
        c = np.cos(lat)
        out: Array = r[..., None] * np.stack(
            np.broadcast_arrays(c * np.cos(lon), c * np.sin(lon), np.sin(lat)), axis=-1
        )
        return out

    def above_ground_m(self, r_fixed_m: ArrayLike) -> Array:
        """Height (...) in m over the ground, along the radius, of body-fixed places (..., 3)."""
        r = np.asarray(r_fixed_m, dtype=np.float64)
        lat = np.arctan2(r[..., 2], np.hypot(r[..., 0], r[..., 1]))
        lon = np.arctan2(r[..., 1], r[..., 0])
        out: Array = np.linalg.norm(r, axis=-1) - self.radius_m - self.height_m(lat, lon)
        return out

    def normal(
        self, latitude_rad: ArrayLike, longitude_rad: ArrayLike, base_m: float = 200.0
    ) -> Array:
        """Unit normal (..., 3) of the ground, outward, body-fixed axes.

        base_m  length over which the slope is taken, east and north
        """
        if not base_m > 0.0:
            raise InputError(f"a slope over {base_m!r} m: give a length above zero")
        foot = self.place_m(latitude_rad, longitude_rad)
        up = foot / np.linalg.norm(foot, axis=-1, keepdims=True)
        # any two directions across the radius serve: the axis it is least along makes the first
        least = np.eye(3)[np.argmin(np.abs(up), axis=-1)]
        one = np.cross(least, up)
        one /= np.linalg.norm(one, axis=-1, keepdims=True)
        two = np.cross(up, one)

        def chord(way: Array) -> Array:
            return self._under(foot + 0.5 * base_m * way) - self._under(foot - 0.5 * base_m * way)

        out = np.cross(chord(one), chord(two))
        out /= np.linalg.norm(out, axis=-1, keepdims=True)
        return np.asarray(out)

    def _under(self, r: Array) -> Array:
        """The ground (..., 3) below places (..., 3)."""
        out: Array = r * (1.0 - self.above_ground_m(r) / np.linalg.norm(r, axis=-1))[..., None]
        return out

    def slope_rad(
        self, latitude_rad: ArrayLike, longitude_rad: ArrayLike, base_m: float = 200.0
    ) -> Array:
        """Angle (...) of the ground's normal from the radius. Cells hide what is steeper."""
        normal = self.normal(latitude_rad, longitude_rad, base_m)
        foot = self.place_m(latitude_rad, longitude_rad)
        sine = np.linalg.norm(np.cross(normal, foot), axis=-1)
        return np.asarray(np.arctan2(sine, np.einsum("...i,...i->...", normal, foot)))

    def hit_m(self, from_m: ArrayLike, towards: ArrayLike) -> Array:
        """Distance (...) in m along lines of sight to the ground; inf where they miss it.

        from_m   body-fixed places (..., 3), broadcast with
        towards  body-fixed directions (..., 3) of any length

        Looked at each eighth of a cell, more closely near the place, and then halved to a
        millimetre: ground that rises into the line for less than that may go unseen. 0 where the
        place is under the ground.
        """
        start, way = np.broadcast_arrays(
            np.asarray(from_m, dtype=np.float64), np.asarray(towards, dtype=np.float64)
        )
        shape = start.shape[:-1]
        start, way = start.reshape(-1, 3), way.reshape(-1, 3)
        size = np.linalg.norm(way, axis=1)
        if not np.all(size > 0.0):
            raise InputError("a line of sight of length 0 has no direction: give another")
        way = way / size[:, None]
        near, far = self._within(start, way)
        out = np.full(start.shape[0], np.inf)
        step = 0.125 * self.cell_rad * self.radius_m
        for k in np.flatnonzero(far > near):
            out[k] = self._first(start[k], way[k], float(near[k]), float(far[k]), step)
        return out.reshape(shape)

    def _within(self, start: Array, way: Array) -> tuple[Array, Array]:
        """Where lines are inside the shell that may hold ground: (n,), (n,); far <= near: never."""
        along = np.einsum("ij,ij->i", start, way)
        closest2 = np.einsum("ij,ij->i", start, start) - along**2

        def half(height_m: float) -> Array:
            reach = (self.radius_m + height_m) ** 2 - closest2
            return np.asarray(np.sqrt(np.maximum(reach, 0.0)))

        top, floor = half(self.highest_m), half(self.lowest_m)
        near, far = np.maximum(-along - top, 0.0), -along + top
        # past the sphere of the lowest ground nothing new is met
        down = -along - floor
        far = np.where((floor > 0.0) & (down > 0.0), np.minimum(far, down + 1.0), far)
        return near, far

    def _first(self, start: Array, way: Array, near: float, far: float, step: float) -> float:
        t = np.linspace(near, far, max(2, math.ceil((far - near) / step) + 1))
        if near == 0.0:
            close = _CLOSE_M * _CLOSE_GROWTH ** np.arange(
                math.log(step / ((_CLOSE_GROWTH - 1.0) * _CLOSE_M)) / math.log(_CLOSE_GROWTH)
            )
            t = np.unique(np.concatenate([t, close[close < far]]))
        for i in range(0, t.size, _BATCH):
            part = t[i : i + _BATCH + 1]
            under = self.above_ground_m(start + part[:, None] * way) <= 0.0
            if not under.any():
                continue
            k = int(np.argmax(under))
            if k == 0:
                return float(part[0])
            a, b = float(part[k - 1]), float(part[k])
            while b - a > 1e-3:
                middle = 0.5 * (a + b)
                if self.above_ground_m(start + middle * way) <= 0.0:
                    b = middle
                else:
                    a = middle
            return b
        return math.inf


def _weights(u: Array) -> Array:
    """(4, n): weights of the cells before, at, after and past a point at `u` between two."""
    u2, u3 = u * u, u * u * u
    return np.stack(
        [
            -0.5 * u + u2 - 0.5 * u3,
            1.0 - 2.5 * u2 + 1.5 * u3,
            0.5 * u + 2.0 * u2 - 1.5 * u3,
            -0.5 * u2 + 0.5 * u3,
        ]
    )


@functools.cache
def terrain(body: str = "moon") -> Terrain:
    """The ground of a body, unpacked when first asked for (0.1 s) and kept.

    Raises DataError for a body whose ground is not held, or a damaged file; UnknownNameError for
    no body.
    """
    name = body_of(body).name
    if name not in _HELD:
        raise DataError(
            f"no terrain of {name!r} is shipped, only of {', '.join(_HELD)}: give heights over"
            f" its ellipsoid, as `height_above({name!r}, r)` counts them"
        )
    layout = store.entry(_HELD[name])["layout"]
    cells = _unpacked(_HELD[name], layout)
    ring = np.linspace(-math.pi, math.pi, layout["columns"], endpoint=False) + (
        math.pi / layout["columns"]
    )
    poles = np.stack(
        [
            [edge.mean(), 2.0 * (edge * np.cos(ring)).mean(), 2.0 * (edge * np.sin(ring)).mean()]
            for edge in (cells[0].astype(np.float64), cells[-1].astype(np.float64))
        ]
    )
    # between cells a cubic overshoots by an eighth of their largest step, at most
    spare = 0.125 * max(float(np.abs(np.diff(cells, axis=k)).max()) for k in (0, 1))
    return Terrain(
        name,
        str(layout["axes"]),
        float(layout["radius_m"]),
        math.pi / int(layout["rows"]),
        float(cells.min()) - 2.0 * spare,
        float(cells.max()) + 2.0 * spare,
        float(layout["error_rms_m"]),
        _edged(cells),
        poles,
    )


def _unpacked(name: str, layout: dict[str, int | float | str]) -> NDArray[np.float32]:
    """Heights in m (rows from the north, columns from 180 W) of a packed data set."""
    rows, columns = int(layout["rows"]), int(layout["columns"])
    raw = zlib.decompress(store.open_array(name).tobytes())
    if len(raw) != 2 * rows * columns:
        raise DataError(
            f"shipped data set {name!r} unpacks to {len(raw)} bytes, its manifest says"
            f" {2 * rows * columns}: the file is damaged; install cosmodrome again"
        )
    low, high = np.frombuffer(raw, dtype=np.uint8).reshape(2, rows, columns).astype(np.int32)
    folded = low | high << 8
    rest = (folded >> 1) ^ -(folded & 1)
    np.cumsum(rest, axis=0, out=rest)
    np.cumsum(rest, axis=1, out=rest)
    return rest.astype(np.float32) * np.float32(layout["step_m"])


def _edged(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """The grid with its neighbours over the poles, half a turn on, and over the date line."""
    half = cells.shape[1] // 2
    north = np.roll(cells[:_EDGE][::-1], half, axis=1)
    south = np.roll(cells[-_EDGE:][::-1], half, axis=1)
    tall = np.concatenate([north, cells, south])
    out = np.concatenate([tall[:, -_EDGE:], tall, tall[:, :_EDGE]], axis=1)
    out.flags.writeable = False
    return out
