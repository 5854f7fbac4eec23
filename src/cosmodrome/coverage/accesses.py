"""cover: every access of every point by every satellite, and what it amounts to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.coverage.paths import sky
from cosmodrome.coverage.walker import Constellation
from cosmodrome.dynamics.ensemble import cores
from cosmodrome.errors import InputError
from cosmodrome.solvers import core_coverage
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.coverage.grid import Grid
    from cosmodrome.coverage.swath import Sensor
    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["Coverage", "Intervals", "cover"]

# points x satellites x days of a call of the core: about a second
_CHUNK = 2_000_000
_FEWEST, _LARGEST = 1024, 262_144
_LONGEST_S = 400.0 * 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Accesses, by point, then start.

    point, satellite   (n,) indices
    start_s, stop_s    (n,) seconds from the start of the span; an access that an end of the
                       span cuts begins or ends there
    first              (points + 1,) where each point's accesses begin
    """

    point: NDArray[np.int64]
    satellite: NDArray[np.int64]
    start_s: Array
    stop_s: Array
    first: NDArray[np.int64]

    def of(self, point: int) -> tuple[NDArray[np.int64], Array, Array]:
        """Satellites, starts and stops of one point."""
        rows = slice(int(self.first[point]), int(self.first[point + 1]))
        return self.satellite[rows], self.start_s[rows], self.stop_s[rows]


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """What was seen over a span; every array is (points,).

    accesses         of all satellites, each counted by itself
    access_s         their durations added, longest_access_s the longest
    gaps             stretches with nothing in view, those cut by an end of the span included
    longest_gap_s    0 where the point is never out of view, the whole span where it is never seen
    gap2_s2          squares of the gaps, added
    most             satellites in view at once, at most
    fold_s           (points, folds) time with at least 1, 2, ... satellites in view
    intervals        the accesses, where they were kept
    notes            data of the span that are predicted or extrapolated
    """

    grid: Grid
    sensor: Sensor
    satellites: int
    about: str
    start: Epoch
    span_s: float
    accesses: Array
    access_s: Array
    longest_access_s: Array
    gaps: Array
    longest_gap_s: Array
    gap2_s2: Array
    most: Array
    fold_s: Array
    intervals: Intervals | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def covered_s(self) -> Array:
        """Time with something in view."""
        out: Array = self.fold_s[:, 0]
        return out

    @property
    def fraction(self) -> Array:
        """Part of the span with something in view."""
        return self.covered_s / self.span_s

    @property
    def mean_gap_s(self) -> Array:
        """Mean length of a gap; 0 where there is none."""
        return (self.span_s - self.covered_s) / np.maximum(self.gaps, 1.0)

    @property
    def time_average_gap_s(self) -> Array:
        """Mean over time of the length of the gap one is in, 0 in view (Wertz & Larson 1999,
        Space Mission Analysis and Design, sec. 7.2.3).
        """
        return self.gap2_s2 / self.span_s

    @property
    def mean_response_s(self) -> Array:
        """Mean over time of the wait until something is in view; the end of the span ends a
        wait too.
        """
        return 0.5 * self.gap2_s2 / self.span_s

    def __repr__(self) -> str:
        return (
            f"Coverage({len(self.grid):,} points, {self.satellites} satellites,"
            f" {self.span_s / 86_400.0:g} days from {self.start})"
        )


def cover(
    satellites: Constellation | Sequence[Trajectory],
    grid: Grid,
    sensor: Sensor,
    duration_s: float,
    *,
    start: Epoch | None = None,
    dynamics: Dynamics | None = None,
    folds: int = 4,
    keep: bool = False,
    world: World | None = None,
    threads: int | None = None,
    watch: Watch = SILENT,
) -> Coverage:
    """Accesses of every point of a grid by every satellite, and their statistics.

    satellites  a Constellation, flown here under `dynamics` (default: the preset "fast"); or
                dense paths in GCRF about the Earth
    sensor      what each satellite sees: Elevation, Cone or Swath
    start       of the span; default: the constellation's epoch, the first path's start
    folds       count the time with 1 .. `folds` satellites in view
    keep        keep every access; without it memory does not grow with their number
    threads     None: one for each core. The numbers do not depend on it

    WGS84 ellipsoid, the Earth's real orientation, geometric lines of sight: no refraction, no
    terrain, no light time. Starts and stops are zeros of the sensor's gauge to 1e-7 s on the
    path; docs/coverage.md tells what that was held against. Every piece of the span is proven to
    hold no zero, or one, or is halved down to 1 ms: two zeros closer than that may be lost.

    Raises InputError for a span that is not positive or beyond 400 days, and what `coverage.paths`
    raises for paths that cannot be used.
    """
    world = World.shipped() if world is None else world
    if not 0.0 < duration_s <= _LONGEST_S:
        raise InputError(
            f"coverage over {duration_s!r} s: give a span of more than 0, up to 400 days"
        )
    if not 1 <= folds <= 100:
        raise InputError(f"folds = {folds}: write 1 to 100 satellites in view at once")
    if threads is not None and not 1 <= threads <= 1024:
        raise InputError(f"coverage on {threads} threads: write 1 to 1024, or leave it out")
    if len(satellites) == 0:
        raise InputError("coverage by no satellites: give one path or more")
    if isinstance(satellites, Constellation):
        first, about = satellites.epoch, satellites.about
    else:
        first, about = satellites[0].start, f"{len(satellites)} paths"
    start = first if start is None else start
    threads = threads or cores()
    watch.begin("coverage", f"{len(grid):,} points under {len(satellites)} satellites")
    above = sky(satellites, start, duration_s, dynamics, world, threads, watch)
    figures, intervals = _covered(above, grid, sensor, folds, keep, threads, watch)
    columns = len(core_coverage.FIGURES)
    named = {name: figures[:, k] for k, name in enumerate(core_coverage.FIGURES)}
    found = Coverage(
        grid,
        sensor,
        len(satellites),
        about,
        start,
        duration_s,
        **named,
        fold_s=figures[:, columns:],
        intervals=intervals,
        notes=world.notes(start, start + duration_s),
    )
    watch.end("coverage", f"{len(grid):,} points, {int(found.accesses.sum()):,} accesses")
    return found


def _covered(
    above: core_coverage.CoreSky,
    grid: Grid,
    sensor: Sensor,
    folds: int,
    keep: bool,
    threads: int,
    watch: Watch,
) -> tuple[Array, Intervals | None]:
    """The figures of all points, and their accesses, a chunk of points at a time."""
    satellites, blocks = above.power.shape[:2]
    work = satellites * max(blocks * above.block_s / 86_400.0, 0.01)
    chunk = int(min(max(_CHUNK / work, _FEWEST), _LARGEST))
    figures = np.empty((len(grid), len(core_coverage.FIGURES) + folds))
    places, normals = grid.places_m(), grid.normals()
    seen = []
    for first in range(0, len(grid), chunk):
        stop_if_cancelled(watch)
        rows = slice(first, first + chunk)
        out = core_coverage.cover(
            above,
            sensor.core(),
            places[rows],
            normals[rows],
            folds=folds,
            kept=keep,
            threads=threads,
        )
        figures[rows] = out.figures
        if keep:
            out.seen[:, 0] += first
            seen.append(out.seen)
        done = min(first + chunk, len(grid))
        watch.tell("coverage", done / len(grid), f"{done:,} of {len(grid):,} points")
    return figures, _intervals(np.concatenate(seen), len(grid)) if keep else None


def _intervals(rows: Array, points: int) -> Intervals:
    point = rows[:, 0].astype(np.int64)
    first = np.searchsorted(point, np.arange(points + 1)).astype(np.int64)
    return Intervals(
        point, rows[:, 1].astype(np.int64), rows[:, 2].copy(), rows[:, 3].copy(), first
    )
