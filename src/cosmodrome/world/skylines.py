"""What stands around a place: the elevation of the ground's edge over azimuth.

A point of the ground at radius q, an angle a along the great circle from a watcher at radius p
(up along the radius), is seen at elevation

    tan e = (q cos a - p) / (q sin a)

and the skyline towards an azimuth is the highest of them: curvature is in it, refraction is not,
as befits a body without air.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.geodesy import enu_axes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cosmodrome.world.heights import Terrain

    Array = NDArray[np.float64]

__all__ = ["Skyline", "skyline"]

_TURN = 2.0 * math.pi
# nearest ground looked at, m, and how fast the steps grow until they are an eighth of a cell
_NEAREST_M = 10.0
_GROWTH = 1.04
# places looked at in one go: bounds the memory to some tens of MB
_BATCH = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class Skyline:
    """The edge of the ground around a place.

    body, axes     whose ground, and the axes of `place_m`
    latitude_rad, longitude_rad  of the place
    ground_m       height of the ground there over the body's sphere
    above_m        height of the watcher over the ground
    place_m        (3,) the watcher, body-fixed
    enu            (3, 3) rows east, north, up at the place, body-fixed; up along the radius
    azimuth_rad    (n,) from north over east, equally spaced from 0 on
    elevation_rad  (n,) of the edge
    distance_m     (n,) along the sphere to the ground that makes the edge
    error_rms_m, cell_m  of the heights it was made from
    """

    body: str
    axes: str
    latitude_rad: float
    longitude_rad: float
    ground_m: float
    above_m: float
    place_m: Array
    enu: Array
    azimuth_rad: Array
    elevation_rad: Array
    distance_m: Array
    error_rms_m: float
    cell_m: float

    def mask_rad(self, azimuth_rad: ArrayLike) -> Array:
        """Elevation (...) of the edge towards azimuths (...), read linearly between its own."""
        az = np.mod(np.asarray(azimuth_rad, dtype=np.float64), _TURN)
        closed = np.append(self.azimuth_rad, _TURN)
        return np.asarray(
            np.interp(az, closed, np.append(self.elevation_rad, self.elevation_rad[0]))
        )

    @property
    def doubt_rad(self) -> Array:
        """(n,) angle that the rms error of the heights turns the edge by.

        Within a cell the ground is a smooth surface, whose errors are shared: no farther than a
        cell away they turn it no more, while what is smaller than a cell is not there at all.
        """
        return np.asarray(np.arctan2(self.error_rms_m, np.maximum(self.distance_m, self.cell_m)))


def skyline(
    ground: Terrain,
    latitude_rad: float,
    longitude_rad: float,
    *,
    above_m: float = 2.0,
    points: int = 720,
) -> Skyline:
    """The skyline of a place, in about half a second.

    above_m  height of the watcher (a lander's panels, an antenna) over the ground
    points   azimuths looked along, equally spaced; between them it is read linearly

    Looked at from 10 m on to where nothing the body holds can stand over the edge, in steps that
    grow by 4 % up to an eighth of a cell: within 0.01 deg of a hundred times finer ones.

    Raises InputError for a place beyond a pole, below the ground, or fewer than 8 azimuths.
    """
    if not above_m >= 0.0 or points < 8:
        raise InputError(
            f"a skyline {above_m!r} m over the ground along {points!r} azimuths: give a height of"
            " at least 0 m and at least 8 azimuths"
        )
    height = float(ground.height_m(latitude_rad, longitude_rad))
    enu = enu_axes(latitude_rad, longitude_rad)
    watcher = ground.radius_m + height + above_m
    arcs: Array = _arcs(ground, watcher)
    azimuth = np.linspace(0.0, _TURN, points, endpoint=False)
    elevation, distance = np.empty(points), np.empty(points)
    rows = max(1, _BATCH // arcs.size)
    for i in range(0, points, rows):
        part = slice(i, i + rows)
        e = _elevations(ground, enu, watcher, azimuth[part], arcs)
        k = np.argmax(e, axis=1)
        elevation[part] = np.take_along_axis(e, k[:, None], axis=1)[:, 0]
        distance[part] = arcs[k] * ground.radius_m
    return Skyline(
        ground.body, ground.axes, float(latitude_rad), float(longitude_rad), height,
        float(above_m), watcher * enu[2], enu, azimuth, elevation, distance, ground.error_rms_m,
        ground.cell_rad * ground.radius_m,
    )  # fmt: skip


def _arcs(ground: Terrain, watcher_m: float) -> Array:
    """Angles from the place at which the ground is looked at, rad."""
    floor = ground.radius_m + ground.lowest_m
    # two who see each other over the lowest sphere are no farther apart than this
    farthest = math.acos(min(1.0, floor / watcher_m)) + math.acos(
        floor / (ground.radius_m + ground.highest_m)
    )
    step = 0.125 * ground.cell_rad * ground.radius_m
    near = [_NEAREST_M]
    while near[-1] * (_GROWTH - 1.0) < step:
        near.append(near[-1] * _GROWTH)
    far = np.arange(near[-1] + step, farthest * ground.radius_m + step, step)
    out: Array = np.concatenate([near, far]) / ground.radius_m
    return out


def _elevations(
    ground: Terrain, enu: Array, watcher_m: float, azimuth: Array, arcs: Array
) -> Array:
    """(azimuths, arcs) elevation of the ground seen from the watcher, rad."""
    ahead = np.outer(np.sin(azimuth), enu[0]) + np.outer(np.cos(azimuth), enu[1])
    s, c = np.sin(arcs), np.cos(arcs)
    unit = s[None, :, None] * ahead[:, None, :] + c[None, :, None] * enu[2]
    latitude = np.arcsin(np.clip(unit[..., 2], -1.0, 1.0))
    longitude = np.arctan2(unit[..., 1], unit[..., 0])
    r = ground.radius_m + ground.height_m(latitude, longitude)
    return np.asarray(np.arctan2(r * c - watcher_m, r * s))
