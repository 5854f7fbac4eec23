"""Contacts: when a flown path is in view of places on the ground, and how it passes.

The elevation above the local horizon (normal of WGS84) is a smooth function of time along the
body-fixed path; every sign change of its sine less that of the mask is found by
`maths.crossings`, which halves panels until it is certain. Straight lines, no light time.
Refraction, where asked for, turns the mask: what is seen at an apparent elevation stands lower.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.coverage.refraction import geometric_elevation_rad
from cosmodrome.coverage.track import Track
from cosmodrome.errors import InputError
from cosmodrome.maths.crossings import highest, positive_intervals
from cosmodrome.world.geodesy import enu_axes, itrf_from_geodetic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.maths.crossings import Intervals
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Contact", "Look", "Refraction", "contacts", "look_angles"]

Refraction = Literal["none", "optical", "radio"]
# pairs of station and piece looked over at once
_BATCH = 4_000_000
# samples a piece (0.4 rad of turn) when the highest elevation of a pass is looked for
_SAMPLES = 9


@dataclass(frozen=True, slots=True)
class Look:
    """Where a station sees the spacecraft at an instant.

    t_s            seconds from the path's epoch
    azimuth_rad    from north over east, [0, 2 pi)
    elevation_rad  geometric, above the plane normal to the ellipsoid's normal
    """

    epoch: Epoch
    t_s: float
    azimuth_rad: float
    elevation_rad: float
    range_m: float


@dataclass(frozen=True, slots=True)
class Contact:
    """One pass over one station.

    highest      at the largest elevation
    closest      at the smallest range
    begins_late, ends_early  the path begins or ends inside the pass: `rise` or `set` is its end
    """

    station: str
    rise: Look
    highest: Look
    closest: Look
    set: Look
    begins_late: bool = False
    ends_early: bool = False

    @property
    def duration_s(self) -> float:
        return self.set.t_s - self.rise.t_s


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """Stations in arrays: places (n, 3) m and east, north, up (n, 3, 3), body-fixed."""

    place_m: Array
    axes: Array

    @classmethod
    def of(cls, stations: Sequence[Station]) -> _Ground:
        lat, lon, height = (
            np.array([getattr(s, k) for s in stations])
            for k in ("latitude_rad", "longitude_rad", "height_m")
        )
        return cls(itrf_from_geodetic(lat, lon, height), enu_axes(lat, lon))

    def local(self, which: Ints, fixed_m: Array) -> Array:
        """East, north, up (m, n, 3) in m of places (m, n, 3) seen from stations (m,)."""
        d = fixed_m - self.place_m[which][:, None, :]
        out: Array = np.einsum("mij,mnj->mni", self.axes[which], d)
        return out


def contacts(
    path: Trajectory,
    stations: Iterable[Station],
    world: World,
    *,
    refraction: Refraction = "none",
) -> tuple[Contact, ...]:
    """Every pass of a flown path over ground stations, in order of rise.

    path        dense, GCRF axes, any centre; the whole of it is searched
    stations    places on WGS84 with a mask: one elevation, or a table over azimuth read linearly
    refraction  "none" (default); "optical" (Bennett 1982) or "radio" (ITU-R P.834): masks are
                then apparent elevations. Elevations answered are geometric in any case

    Of a path about the Moon what stands behind it is not in view: such a pass becomes several.
    Instants are good to 1 us of the path. A pass shorter than 10 us may go unseen; that is an
    elevation within 1e-13 rad of the mask in low orbit. No light time, no aberration.

    Raises InputError where no station is given or two have one id, FrameMismatchError for a path
    in turning axes.
    """
    places = tuple(stations)
    _distinct(places)
    track = Track.of(path, world)
    ground = _Ground.of(places)
    masks = np.array([_least_mask_rad(s, refraction) for s in places])
    if not np.all(np.abs(masks) < 0.5 * math.pi):
        raise InputError("a mask is an elevation between -90 and 90 deg")
    sines = np.sin(masks)

    def over(owner: Ints, t: Array) -> Array:
        local = ground.local(owner, track.places(t))
        out: Array = local[..., 2] / np.linalg.norm(local, axis=2) - sines[owner][:, None]
        return out

    owner, piece = _candidates(track, ground, sines)
    found = positive_intervals(over, owner, track.breaks_s[piece], track.breaks_s[piece + 1])
    tabled = np.array([bool(s.mask_table_rad) for s in places])
    if tabled.any():
        from cosmodrome.coverage.horizon import above_tables

        found = above_tables(track, ground, places, found, tabled[found.owner], refraction)
    if path.frame.centre == "moon":
        from cosmodrome.coverage.occultation import not_behind_the_moon

        found = not_behind_the_moon(path, track, ground, found, world)
    return _told(path, places, track, ground, found)


def look_angles(
    path: Trajectory, station: Station, world: World, t_s: Array
) -> tuple[Array, Array, Array]:
    """Azimuth, geometric elevation (rad) and range (m) of the path at seconds from its epoch."""
    ground = _Ground.of([station])
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    local = ground.local(np.zeros(1, dtype=np.int64), Track.of(path, world).places(t)[None])[0]
    return _angles(local)


def _distinct(places: Sequence[Station]) -> None:
    if not places:
        raise InputError(
            "no station is given, so nothing can see the path; name one, or list some under"
            " `stations:` of the mission"
        )
    ids = [s.id for s in places]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise InputError(f"two stations are called {', '.join(twice)}; give each its own id")


def _least_mask_rad(station: Station, refraction: Refraction) -> float:
    lowest = min((e for _, e in station.mask_table_rad), default=station.mask_rad)
    return float(geometric_elevation_rad(lowest, refraction, station.height_m))


def _candidates(track: Track, ground: _Ground, sines: Array) -> tuple[Ints, Ints]:
    """(station, piece) pairs that may hold a view: the others are certainly below the mask.

    On a piece the height over the horizon plane is at most the sum of its series; it must reach
    the sine of the mask times the smallest (negative masks: largest) distance.
    """
    lower, upper = track.radii_m
    far = np.linalg.norm(ground.place_m, axis=1)
    ups = ground.axes[:, 2]
    c = track.coefficients
    base = np.einsum("ij,ij->i", ground.place_m, ups)
    owners, pieces = [], []
    size = max(1, _BATCH // (c.shape[0] * c.shape[1]))
    for first in range(0, len(sines), size):
        part = slice(first, first + size)
        along = c @ ups[part].T  # (pieces, K, stations)
        top = along[:, 0] - base[part] + np.abs(along[:, 1:]).sum(axis=1)
        nearest = np.maximum(
            0.0, np.maximum(lower[:, None] - far[part], far[part] - upper[:, None])
        )
        farthest = upper[:, None] + far[part]
        needed = np.where(sines[part] >= 0.0, sines[part] * nearest, sines[part] * farthest)
        k, s = np.nonzero(top >= needed - 1.0)
        owners.append(s + first)
        pieces.append(k)
    return np.concatenate(owners).astype(np.int64), np.concatenate(pieces).astype(np.int64)


def _angles(local: Array) -> tuple[Array, Array, Array]:
    """Azimuth, elevation, range of (..., 3) east, north, up."""
    east, north, up = local[..., 0], local[..., 1], local[..., 2]
    azimuth = np.mod(np.arctan2(east, north), 2.0 * math.pi)
    return azimuth, np.arctan2(up, np.hypot(east, north)), np.linalg.norm(local, axis=-1)


def _told(
    path: Trajectory,
    places: Sequence[Station],
    track: Track,
    ground: _Ground,
    found: Intervals,
) -> tuple[Contact, ...]:
    owner, start, end = found.owner, found.start, found.end
    k = np.searchsorted(track.breaks_s, np.stack([start, end]))
    samples = (_SAMPLES * (k[1] - k[0] + 1)).astype(np.int64)

    def sine(i: Ints, t: Array) -> Array:
        local = ground.local(owner[i], track.places(t))
        out: Array = local[..., 2] / np.linalg.norm(local, axis=2)
        return out

    def nearness(i: Ints, t: Array) -> Array:
        out: Array = -np.linalg.norm(ground.local(owner[i], track.places(t)), axis=2)
        return out

    each = np.arange(owner.size)
    top, _ = highest(sine, each, start, end, samples)
    close, _ = highest(nearness, each, start, end, samples)
    t = np.stack([start, top, close, end], axis=1)
    az, el, rng = _angles(ground.local(owner, track.places(t)))

    def look(i: int, j: int) -> Look:
        at = float(t[i, j])
        return Look(path.epoch + at, at, float(az[i, j]), float(el[i, j]), float(rng[i, j]))

    return tuple(
        Contact(
            places[owner[i]].id,
            look(i, 0),
            look(i, 1),
            look(i, 2),
            look(i, 3),
            bool(found.open_start[i]),
            bool(found.open_end[i]),
        )
        for i in np.lexsort((owner, start))
    )
