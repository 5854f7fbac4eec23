"""Line of sight past the Earth: between two spacecraft, or from a place on the ground.

The line is free where it misses the ellipsoid. Stretched along the axis the ellipsoid is a sphere
and straight lines stay straight, so that with ra, rb the stretched distances from the centre, R the
equatorial radius and theta the angle between the two

    free  <=>  theta < acos(R / ra) + acos(R / rb)

for any two points on or outside it (Vallado 2013, Fundamentals, section 5.3.3, SIGHT).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage.track import Track
from cosmodrome.errors import InputError
from cosmodrome.maths.crossings import highest, positive_intervals
from cosmodrome.world.bodies import body as body_of
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Sight", "sights"]


@dataclass(frozen=True, slots=True)
class Sight:
    """One interval of free sight; t in seconds from the epoch of the first path."""

    start: Epoch
    closest: Epoch
    end: Epoch
    start_t_s: float
    closest_t_s: float
    end_t_s: float
    closest_m: float
    begins_late: bool = False
    ends_early: bool = False

    @property
    def duration_s(self) -> float:
        return self.end_t_s - self.start_t_s


def sights(path: Trajectory, other: Trajectory | Station, world: World) -> tuple[Sight, ...]:
    """When a path and another path, or a station, see each other past WGS84, in order of time.

    A station sees down to the dip of its own height; its mask is not used. Two paths are looked at
    over the span they share. No light time, no air.

    Raises InputError for paths that share no span, FrameMismatchError for turning axes.
    """
    figure = body_of("earth")
    stretch = np.array([1.0, 1.0, 1.0 / (1.0 - figure.flattening)])
    mine = Track.of(path, world)
    breaks = mine.breaks_s
    if isinstance(other, Station):
        place = itrf_from_geodetic(other.latitude_rad, other.longitude_rad, other.height_m)

        def theirs(t: Array) -> Array:
            return np.broadcast_to(place, (*t.shape, 3))

    else:
        track = Track.of(other, world)
        later = path.epoch - other.epoch
        both = np.unique(np.concatenate([breaks, track.breaks_s - later]))
        first = max(breaks[0], track.breaks_s[0] - later)
        last = min(breaks[-1], track.breaks_s[-1] - later)
        breaks = both[(both >= first) & (both <= last)]
        if breaks.size < 2:
            raise InputError(
                f"the paths share no span: one is {path.start} to {path.end}, the other"
                f" {other.start} to {other.end}"
            )

        def theirs(t: Array) -> Array:
            return track.places(t + later)

    def free(_: Ints, t: Array) -> Array:
        a, b = mine.places(t) * stretch, theirs(t) * stretch
        ra, rb = np.linalg.norm(a, axis=-1), np.linalg.norm(b, axis=-1)
        # at or under the surface the horizon is overhead
        sa, sb = np.minimum(figure.figure_m / ra, 1.0), np.minimum(figure.figure_m / rb, 1.0)
        ca, cb = np.sqrt(1.0 - sa**2), np.sqrt(1.0 - sb**2)
        out: Array = np.einsum("...i,...i->...", a, b) / (ra * rb) - (sa * sb - ca * cb)
        return out

    def nearness(_: Ints, t: Array) -> Array:
        out: Array = -np.linalg.norm(mine.places(t) - theirs(t), axis=-1)
        return out

    zero = np.zeros(breaks.size - 1, dtype=np.int64)
    found = positive_intervals(free, zero, breaks[:-1], breaks[1:])
    k = np.searchsorted(breaks, np.stack([found.start, found.end]))
    samples = (9 * (k[1] - k[0] + 1)).astype(np.int64)
    at, near = highest(nearness, found.owner, found.start, found.end, samples)
    e = path.epoch
    return tuple(
        Sight(e + s, e + c, e + f, s, c, f, -n, late, early)
        for s, c, f, n, late, early in zip(
            found.start.tolist(),
            at.tolist(),
            found.end.tolist(),
            near.tolist(),
            found.open_start.tolist(),
            found.open_end.tolist(),
            strict=True,
        )
    )
