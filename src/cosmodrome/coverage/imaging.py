"""Overflights of a place for imaging: near enough to nadir, above its horizon, well lit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.geometry import _map_axes, place_on
from cosmodrome.coverage.track import Track
from cosmodrome.errors import InputError
from cosmodrome.maths.crossings import positive_intervals
from cosmodrome.record.imaging import ImagingInstant, ImagingPass
from cosmodrome.world.bodies import body as body_of
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.geodesy import enu_axes, geodetic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["ImagingInstant", "ImagingPass", "imaging_passes"]


def imaging_passes(
    path: Trajectory,
    latitude_rad: float,
    longitude_rad: float,
    height_m: float,
    world: World,
    *,
    body: str = "earth",
    off_nadir_rad: float = math.radians(30.0),
    sun_rad: tuple[float, float] = (math.radians(10.0), 0.5 * math.pi),
    step_s: float = 10.0,
) -> tuple[ImagingPass, ...]:
    """When a place is seen within an off-nadir angle while the Sun stands between two elevations.

    body     "earth" (WGS84, ITRF) or another; the Moon's places are of its mean-Earth axes
    sun_rad  lowest and highest elevation of the Sun's centre at the place
    step_s   of the table of each pass; its ends and its best instant are always in it

    No terrain and no refraction. Raises InputError for limits that nothing can meet.
    """
    low, high = sun_rad
    if not (0.0 < off_nadir_rad < 0.5 * math.pi and low < high and step_s > 0.0):
        raise InputError(
            f"off-nadir {math.degrees(off_nadir_rad):g} deg with the Sun between"
            f" {math.degrees(low):g} and {math.degrees(high):g} deg each {step_s:g} s: give an"
            " off-nadir angle between 0 and 90 deg, a lower Sun below the upper, and a step above"
            " zero"
        )
    view = _View.of(path, latitude_rad, longitude_rad, height_m, world, body)
    limits = np.array([math.cos(off_nadir_rad), 0.0, math.sin(low), -math.sin(high)])

    def spare(owner: Ints, t: Array) -> Array:
        off, up, sun, _, _ = view.cosines(t.ravel())
        values = np.stack([off, up, sun, -sun]).reshape(4, *t.shape)
        out: Array = values[owner, np.arange(owner.size)] - limits[owner][:, None]
        return out

    breaks = view.track.breaks_s
    a, b = breaks[:-1], breaks[1:]
    for k in range(4):
        if k == 3 and high >= 0.5 * math.pi:
            continue  # the Sun is never above the zenith
        held = positive_intervals(spare, np.full(a.size, k), a, b)
        if not held.start.size:
            return ()
        cuts = np.unique(np.concatenate([a, b, held.start, held.end]))
        left, right = cuts[:-1], cuts[1:]
        middle = 0.5 * (left + right)
        inside = _within(middle, held.start, held.end) & _within(middle, a, b)
        a, b = left[inside], right[inside]
    if not a.size:
        return ()
    begins = np.append(True, a[1:] > b[:-1])
    starts, ends = a[begins], b[np.append(np.flatnonzero(begins)[1:] - 1, b.size - 1)]
    return tuple(
        _passed(view, path.epoch, float(s), float(e), step_s)
        for s, e in zip(starts, ends, strict=True)
    )


def _within(t: Array, start: Array, end: Array) -> NDArray[np.bool_]:
    k = np.searchsorted(start, t, side="right") - 1
    out: NDArray[np.bool_] = (k >= 0) & (t < end[np.maximum(k, 0)])
    return out


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    track: Track
    world: World
    place_m: Array
    up: Array

    @classmethod
    def of(
        cls, path: Trajectory, lat: float, lon: float, height: float, world: World, body: str
    ) -> _View:
        track = Track.of(path, world, body, _map_axes(body, None))
        return cls(track, world, place_on(body, lat, lon, height), enu_axes(lat, lon)[2])

    def cosines(self, t: Array) -> tuple[Array, Array, Array, Array, Array]:
        """Cosine of the off-nadir angle, sine of the elevations of spacecraft and Sun, cosine of
        the phase, range; (n,) each."""
        name = self.track.body
        figure = body_of(name)
        r = self.track.places(t)
        lat, lon, _ = geodetic(r, figure.figure_m, figure.flattening, name)
        zenith = enu_axes(lat, lon)[:, 2]
        d = r - self.place_m
        distance = np.linalg.norm(d, axis=1)
        line = d / distance[:, None]
        m = fixed_from_gcrf_many(self.world, name, self.track.axes, self.track.epoch, t).matrix
        sun = np.einsum(
            "nij,nj->ni", m, self.world.ephemeris.positions_m("sun", self.track.epoch, t, name)
        )
        sun = sun - self.place_m
        sun /= np.linalg.norm(sun, axis=1)[:, None]
        return (
            np.einsum("ij,ij->i", line, zenith),
            line @ self.up,
            sun @ self.up,
            np.einsum("ij,ij->i", line, sun),
            distance,
        )


def _passed(view: _View, epoch: Epoch, start: float, end: float, step_s: float) -> ImagingPass:
    fine = np.linspace(start, end, max(9, math.ceil((end - start) / 1.0) + 1))
    off = view.cosines(fine)[0]
    k = int(np.argmax(off))
    best = float(fine[k])
    if 0 < k < fine.size - 1:  # the vertex of the parabola through the best three
        y0, y1, y2 = off[k - 1 : k + 2]
        bend = y0 - 2.0 * y1 + y2
        if bend < 0.0:
            best += 0.5 * (y0 - y2) / bend * float(fine[1] - fine[0])
    t = np.unique(np.append(np.arange(start, end, step_s), [best, end]))
    o, u, s, p, d = view.cosines(t)
    rows = [
        ImagingInstant(
            epoch + float(t[i]),
            float(t[i]),
            *(
                float(x)
                for x in (
                    math.acos(min(1.0, o[i])),
                    math.asin(np.clip(u[i], -1.0, 1.0)),
                    math.asin(np.clip(s[i], -1.0, 1.0)),
                    math.acos(np.clip(p[i], -1.0, 1.0)),
                    d[i],
                    d[i],
                )
            ),
        )
        for i in range(t.size)
    ]
    return ImagingPass(rows[0], rows[int(np.searchsorted(t, best))], rows[-1], tuple(rows))
