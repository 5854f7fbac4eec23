"""Where the orbit lies to the Sun and over the ground: beta angle, ground track, lighting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.track import Track
from cosmodrome.errors import InputError
from cosmodrome.maths.crossings import positive_intervals
from cosmodrome.world.bodies import body as body_of
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.geodesy import enu_axes, geodetic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = [
    "TWILIGHT_RAD",
    "EquatorCrossing",
    "GroundTrack",
    "Lighting",
    "beta_angle_rad",
    "ground_track",
    "place_on",
    "site_lighting",
    "sub_satellite_lighting",
    "sun_elevation_rad",
]

# Sun's centre below the horizon at which astronomical twilight ends, rad
TWILIGHT_RAD = math.radians(-18.0)
_DAY = 86_400.0


def beta_angle_rad(path: Trajectory, t_s: Array, world: World) -> Array:
    """Angle of the Sun above the osculating orbit plane, (n,), positive on the side of r x v.

    t_s  seconds from the path's epoch. The Sun is seen from the path's centre.
    """
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    y = path.columns_at(t)
    normal = np.cross(y[:, :3], y[:, 3:6])
    sun = world.ephemeris.positions_m("sun", path.epoch, t, path.frame.centre)
    sine = np.einsum("ij,ij->i", normal, sun)
    sine /= np.linalg.norm(normal, axis=1) * np.linalg.norm(sun, axis=1)
    return np.asarray(np.arcsin(np.clip(sine, -1.0, 1.0)))


@dataclass(frozen=True, slots=True)
class EquatorCrossing:
    """Where the sub-satellite point crosses the equator."""

    epoch: Epoch
    t_s: float
    longitude_rad: float
    northward: bool


@dataclass(frozen=True, slots=True, eq=False)
class GroundTrack:
    """The sub-satellite point over time, geodetic.

    t_s, latitude_rad, longitude_rad, height_m  (n,); longitude east in (-pi, pi]
    pieces     index ranges (first, past the last) between crossings of the date line, for maps
    crossings  of the equator, in order of time
    """

    body: str
    t_s: Array
    latitude_rad: Array
    longitude_rad: Array
    height_m: Array
    pieces: tuple[tuple[int, int], ...]
    crossings: tuple[EquatorCrossing, ...]


def ground_track(
    path: Trajectory,
    world: World,
    *,
    step_s: float = 30.0,
    body: str = "earth",
    axes: str | None = None,
) -> GroundTrack:
    """Sub-satellite points each `step_s` and at the end, on the ellipsoid of `body`.

    axes  body-fixed axes (Earth: ITRF; Moon: give "moon-me" for maps, which is the default)

    Raises InputError for a step that is not positive.
    """
    if not step_s > 0.0:
        raise InputError(f"step_s = {step_s!r}: give seconds above zero")
    track = Track.of(path, world, body, _map_axes(body, axes))
    first, last = float(track.breaks_s[0]), float(track.breaks_s[-1])
    t = np.append(np.arange(first, last - 1e-6, step_s), last)
    figure = body_of(body)
    lat, lon, height = geodetic(track.places(t), figure.figure_m, figure.flattening, body)
    jumps = np.flatnonzero(np.abs(np.diff(lon)) > math.pi) + 1
    ends = [0, *jumps.tolist(), t.size]
    left, right = track.breaks_s[:-1], track.breaks_s[1:]

    def north(_: Ints, at: Array) -> Array:
        r = track.places(at)
        out: Array = r[..., 2] / np.linalg.norm(r, axis=2)
        return out

    above = positive_intervals(north, np.zeros(left.size, dtype=np.int64), left, right)
    up, down = above.start[~above.open_start], above.end[~above.open_end]
    rows = sorted([(float(x), True) for x in up] + [(float(x), False) for x in down])
    where = track.places(np.array([x for x, _ in rows]).reshape(-1))
    crossings = tuple(
        EquatorCrossing(path.epoch + at, at, math.atan2(float(r[1]), float(r[0])), rising)
        for (at, rising), r in zip(rows, where, strict=True)
    )
    pieces = tuple(pairwise(ends))
    return GroundTrack(body, t, lat, lon, height, pieces, crossings)


def _map_axes(body: str, axes: str | None) -> str | None:
    return "moon-me" if axes is None and body == "moon" else axes


def place_on(body: str, latitude_rad: float, longitude_rad: float, height_m: float) -> Array:
    """Body-fixed place (3,) in m of a geodetic one on the body's ellipsoid."""
    figure = body_of(body)
    e2 = figure.flattening * (2.0 - figure.flattening)
    if not abs(latitude_rad) <= 0.5 * math.pi:
        raise InputError(
            f"latitude {latitude_rad!r} rad lies beyond a pole: give radians within a quarter turn"
        )
    up = enu_axes(latitude_rad, longitude_rad)[2]
    n = figure.figure_m / math.sqrt(1.0 - e2 * up[2] ** 2)
    out: Array = up * np.array([n + height_m, n + height_m, (1.0 - e2) * n + height_m])
    return out


def sun_elevation_rad(
    world: World, body: str, fixed_m: Array, up: Array, epoch: Epoch, t_s: Array
) -> Array:
    """Geometric elevation of the Sun's centre at body-fixed places (n, 3) with zenith `up`."""
    flat = np.atleast_1d(t_s)
    sun = world.ephemeris.positions_m("sun", epoch, flat, body)
    m = fixed_from_gcrf_many(world, body, _map_axes(body, None), epoch, flat).matrix
    d = np.einsum("nij,nj->ni", m, sun) - fixed_m
    sine = np.einsum("ij,ij->i", d, np.broadcast_to(up, d.shape)) / np.linalg.norm(d, axis=1)
    return np.asarray(np.arcsin(np.clip(sine, -1.0, 1.0)))


@dataclass(frozen=True, slots=True)
class Lighting:
    """An interval of one light: "day" (Sun's centre up), "twilight" (to 18 deg down), "night"."""

    kind: str
    start: Epoch
    end: Epoch
    start_t_s: float
    end_t_s: float


def sub_satellite_lighting(
    path: Trajectory, world: World, *, body: str = "earth"
) -> tuple[Lighting, ...]:
    """Day, twilight and night under the spacecraft, in order of time, without gaps.

    The Sun's centre over the horizon of the ellipsoid at the sub-satellite point, without
    refraction; on a body without air twilight is a name only.
    """
    axes = _map_axes(body, None)
    track = Track.of(path, world, body, axes)
    figure = body_of(body)

    def elevation(t: Array) -> Array:
        r = track.places(t)
        lat, lon, h = geodetic(r, figure.figure_m, figure.flattening, body)
        up = enu_axes(lat, lon)[:, 2]
        return sun_elevation_rad(world, body, r - h[:, None] * up, up, path.epoch, t)

    return _lighting(elevation, track.breaks_s, path.epoch)


def site_lighting(
    latitude_rad: float,
    longitude_rad: float,
    height_m: float,
    start: Epoch,
    end: Epoch,
    world: World,
    *,
    body: str = "earth",
) -> tuple[Lighting, ...]:
    """Day, twilight and night at a place, in order of time, without gaps.

    The Moon's places are of its mean-Earth axes. No terrain, no refraction.
    """
    span = end - start
    if not span > 0.0:
        raise InputError(f"lighting from {start} to {end}: the end must lie after the start")
    place = place_on(body, latitude_rad, longitude_rad, height_m)
    up = enu_axes(latitude_rad, longitude_rad)[2]
    breaks = np.linspace(0.0, span, max(2, math.ceil(span / (0.1 * _DAY)) + 1))
    return _lighting(lambda t: sun_elevation_rad(world, body, place, up, start, t), breaks, start)


def _lighting(
    elevation: Callable[[Array], Array], breaks: Array, epoch: Epoch
) -> tuple[Lighting, ...]:
    levels = np.sin([0.0, TWILIGHT_RAD])

    def over(owner: Ints, t: Array) -> Array:
        e = elevation(t.ravel()).reshape(t.shape)
        out: Array = np.sin(e) - levels[owner][:, None]
        return out

    left, right = breaks[:-1], breaks[1:]
    owner = np.repeat(np.arange(2), left.size)
    up = positive_intervals(over, owner, np.tile(left, 2), np.tile(right, 2))
    cuts = np.unique(np.concatenate([breaks[[0, -1]], up.start, up.end]))
    out: list[Lighting] = []
    for a, b in pairwise(cuts.tolist()):
        middle = 0.5 * (a + b)
        inside = [
            bool(np.any((up.owner == k) & (up.start <= middle) & (middle < up.end)))
            for k in range(2)
        ]
        kind = "day" if inside[0] else "twilight" if inside[1] else "night"
        if out and out[-1].kind == kind:
            last = out.pop()
            a = last.start_t_s
        out.append(Lighting(kind, epoch + a, epoch + b, a, b))
    return tuple(out)
