"""Masks that are tables over azimuth: passes above the table, inside passes above its lowest.

Inside a pass the path is cut where it crosses an azimuth of the table, so that between cuts the
mask is a smooth function of time, and the same certain search holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.refraction import geometric_elevation_rad
from cosmodrome.maths.crossings import Intervals, positive_intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.coverage.contacts import Refraction, _Ground
    from cosmodrome.coverage.track import Track

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["above_tables"]

_TURN = 2.0 * np.pi


def above_tables(
    track: Track,
    ground: _Ground,
    stations: Sequence[Station],
    found: Intervals,
    which: NDArray[np.bool_],
    refraction: Refraction,
) -> Intervals:
    """The passes with those of `which` cut down to what lies above their stations' tables.

    found  passes above each mask, and above each table's lowest elevation
    """
    parts = [_taken(found, np.flatnonzero(~which))]
    for k in np.unique(found.owner[which]):
        mine = np.flatnonzero(which & (found.owner == k))
        parts.append(_of_station(track, ground, stations[k], int(k), found, mine, refraction))
    return Intervals(
        np.concatenate([p.owner for p in parts]),
        np.concatenate([p.start for p in parts]),
        np.concatenate([p.end for p in parts]),
        np.concatenate([p.open_start for p in parts]),
        np.concatenate([p.open_end for p in parts]),
    )


def _taken(found: Intervals, k: Ints) -> Intervals:
    return Intervals(
        found.owner[k], found.start[k], found.end[k], found.open_start[k], found.open_end[k]
    )


def _of_station(
    track: Track,
    ground: _Ground,
    station: Station,
    k: int,
    found: Intervals,
    mine: Ints,
    refraction: Refraction,
) -> Intervals:
    azimuths, masks = _closed(station)
    own = np.full(1, k)

    def local(t: Array) -> Array:
        return ground.local(own, track.places(t).reshape(1, -1, 3)).reshape(*t.shape, 3)

    def side(owner: Ints, t: Array) -> Array:
        """Positive clockwise of the azimuth of the owner, in units of the range."""
        az = azimuths[owner][:, None]
        d = local(t)
        out: Array = (d[..., 0] * np.cos(az) - d[..., 1] * np.sin(az)) / np.linalg.norm(d, axis=2)
        return out

    def over(_: Ints, t: Array) -> Array:
        d = local(t)
        az = np.mod(np.arctan2(d[..., 0], d[..., 1]), _TURN)
        mask = geometric_elevation_rad(np.interp(az, azimuths, masks), refraction, station.height_m)
        out: Array = d[..., 2] / np.linalg.norm(d, axis=2) - np.sin(mask)
        return out

    left, right = _pieces(track, found.start[mine], found.end[mine])
    n = azimuths.size
    turns = positive_intervals(
        side, np.repeat(np.arange(n), left.size), np.tile(left, n), np.tile(right, n)
    )
    cuts = np.unique(np.concatenate([left, right, turns.start, turns.end]))
    # keep only what lies inside the passes
    a, b = cuts[:-1], cuts[1:]
    middle = 0.5 * (a + b)
    home = np.searchsorted(found.start[mine], middle, side="right") - 1
    inside = (home >= 0) & (middle < found.end[mine][np.maximum(home, 0)])
    a, b, home = a[inside], b[inside], home[inside]
    out = positive_intervals(over, home.astype(np.int64), a, b)
    whose = mine[out.owner]
    late = out.open_start & found.open_start[whose]
    early = out.open_end & found.open_end[whose]
    return Intervals(np.full(out.start.size, k, dtype=np.int64), out.start, out.end, late, early)


def _closed(station: Station) -> tuple[Array, Array]:
    """The table with its ends repeated a turn on, so that every azimuth lies inside."""
    table = np.array(station.mask_table_rad)
    az, mask = table[:, 0], table[:, 1]
    return (
        np.concatenate([[az[-1] - _TURN], az, [az[0] + _TURN]]),
        np.concatenate([[mask[-1]], mask, [mask[0]]]),
    )


def _pieces(track: Track, start: Array, end: Array) -> tuple[Array, Array]:
    """Passes cut at the breaks of the track: (left, right)."""
    breaks = track.breaks_s
    first = np.searchsorted(breaks, start, side="right")
    last = np.searchsorted(breaks, end, side="left")
    ends = [
        np.concatenate([[s], breaks[i:j], [e]])
        for s, e, i, j in zip(start, end, first, last, strict=True)
    ]
    return np.concatenate([e[:-1] for e in ends]), np.concatenate([e[1:] for e in ends])
