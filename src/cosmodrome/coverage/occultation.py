"""What of a pass the Moon hides: stations on the Earth do not see a spacecraft behind it.

Of a path that is counted from the Moon. The line from the spacecraft to the station is tested
against a sphere of 1,737.4 km: it is hidden where it has the Moon ahead on that line, and the line
passes the centre nearer than the radius. Each pass is cut where the Moon stands abeam, so that the
distance of the line is smooth on every part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.crossings import Intervals, positive_intervals
from cosmodrome.world.bodies import MOON

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.coverage.contacts import _Ground
    from cosmodrome.coverage.track import Track
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["not_behind_the_moon"]


def not_behind_the_moon(
    path: Trajectory, track: Track, ground: _Ground, found: Intervals, world: World
) -> Intervals:
    """The passes without what the Moon hides of them; a pass that it interrupts becomes several.

    found  passes of a path about the Moon, seen from the Earth's axes of `track`
    """
    if found.owner.size == 0:
        return found
    sight = _Sight(path, track, ground, found, world)
    home, left, right = _pieces(track, found)
    fronts = positive_intervals(sight.ahead, home, left, right)
    home, left, right = _cut(home, left, right, fronts)
    seen = positive_intervals(sight.clear, home, left, right)
    return Intervals(
        found.owner[seen.owner],
        seen.start,
        seen.end,
        seen.open_start & found.open_start[seen.owner],
        seen.open_end & found.open_end[seen.owner],
    )


class _Sight:
    """The line from the spacecraft to the station of a pass, beside the Moon."""

    def __init__(
        self, path: Trajectory, track: Track, ground: _Ground, found: Intervals, world: World
    ) -> None:
        self.path, self.track, self.ground, self.found = path, track, ground, found
        self.world = world

    def _along_and_place(self, home: Ints, t: Array) -> tuple[Array, Array]:
        """Along the line towards the station the place (m, n) from the Moon's centre, m; and its
        whole distance (m, n)."""
        turn = self.world.orientation.itrf_from_gcrf_many(self.path.epoch, t.ravel()).matrix
        r = self.path.columns_at(t.ravel())[:, :3]
        q = np.einsum("nij,nj->ni", turn, r).reshape(*t.shape, 3)
        station = self.ground.place_m[self.found.owner[home]][:, None, :]
        line = station - self.track.places(t)
        line /= np.linalg.norm(line, axis=2)[..., None]
        return np.einsum("mnc,mnc->mn", q, line), np.linalg.norm(q, axis=2)

    def ahead(self, home: Ints, t: Array) -> Array:
        """Positive where the spacecraft is on the Earth's side of the Moon."""
        along, distance = self._along_and_place(home, t)
        return np.asarray(along / distance)

    def clear(self, home: Ints, t: Array) -> Array:
        """Positive where the line is free, in radii of the Moon."""
        along, distance = self._along_and_place(home, t)
        across = np.sqrt(np.maximum(distance**2 - along**2, 0.0))
        return np.where(along > 0.0, distance, across) / MOON.figure_m - 1.0


def _pieces(track: Track, found: Intervals) -> tuple[Ints, Array, Array]:
    """Passes cut at the breaks of the track: (pass, left, right)."""
    ends = []
    for start, end in zip(found.start, found.end, strict=True):
        first = int(np.searchsorted(track.breaks_s, start, side="right"))
        last = int(np.searchsorted(track.breaks_s, end, side="left"))
        ends.append(np.concatenate([[start], track.breaks_s[first:last], [end]]))
    home = np.repeat(np.arange(len(ends)), [e.size - 1 for e in ends])
    return (
        home.astype(np.int64),
        np.concatenate([e[:-1] for e in ends]),
        np.concatenate([e[1:] for e in ends]),
    )


def _cut(home: Ints, left: Array, right: Array, at: Intervals) -> tuple[Ints, Array, Array]:
    """The pieces cut once more at the ends of intervals."""
    whose, a, b = [], [], []
    for k in np.unique(home):
        mine, cuts = home == k, at.owner == k
        t = np.unique(np.concatenate([left[mine], right[mine], at.start[cuts], at.end[cuts]]))
        whose.append(np.full(t.size - 1, k, dtype=np.int64))
        a.append(t[:-1])
        b.append(t[1:])
    return np.concatenate(whose), np.concatenate(a), np.concatenate(b)
