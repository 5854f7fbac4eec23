"""Many starts under one set of forces: the same flight as `propagate`, shared out to threads."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.assembly import Assembly, heights_of_all
from cosmodrome.dynamics.events import Wanted
from cosmodrome.dynamics.forces import Thrust
from cosmodrome.dynamics.legs import leg_end, sampled, under_the_ground
from cosmodrome.dynamics.propagate import DEFAULT_SETTINGS
from cosmodrome.errors import InputError
from cosmodrome.physics.thermosphere import HIGHEST_M, LOWEST_M
from cosmodrome.solvers import core
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.frame import Frame, gcrf
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["Ensemble", "cores", "propagate_many"]


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """What was flown of n starts.

    epoch    instant of t = 0; frame of all states
    t_s      (m,) seconds of the samples
    states   (n, m, 7) place, velocity, mass; not-a-number after the end of a path
    end_s    (n,) when each path ended, ends (n, 7) where
    stopped  (n,) kind of the event that ended it (the floor: "altitude downward", flown backward
             "altitude upward"), or None
    faults   (n,) why a start could not be flown; empty where it was
    notes    forces asked for that had no effect, and why
    data     data of the span that are predicted or extrapolated
    """

    epoch: Epoch
    frame: Frame
    t_s: Array
    states: Array
    end_s: Array
    ends: Array
    stopped: tuple[str | None, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def __repr__(self) -> str:
        n, m = self.states.shape[:2]
        return (
            f"Ensemble({n} starts from {self.epoch}, {self.frame.centre} {self.frame.axes},"
            f" {m} samples each, {sum(map(bool, self.faults))} faults)"
        )


def propagate_many(
    epoch: Epoch,
    starts: Array,
    dynamics: Dynamics,
    duration_s: float,
    *,
    times: Sequence[float] | Array = (),
    drag_factors: Array | None = None,
    radiation_factors: Array | None = None,
    floor_m: float | None = None,
    world: World | None = None,
    settings: core.Settings = DEFAULT_SETTINGS,
    threads: int | None = None,
    watch: Watch = SILENT,
) -> Ensemble:
    """Fly n starts at one instant, (n, 7): place m, velocity m/s (GCRF axes, centre of `dynamics`),
    mass kg, for `duration_s` (negative: backward).

    times    seconds after the start to sample, in order of flight
    *_factors  (n,) factors on drag and on radiation pressure
    threads  None: one for each core. The numbers do not depend on it

    A start that cannot be flown has a fault and stops no other: not a number, no mass, under the
    ground, below the density model, no step small enough. Raises InputError for shapes that do not
    fit or changes of centre, which an ensemble does not make.
    """
    world = World.shipped() if world is None else world
    if dynamics.spheres:
        raise InputError("an ensemble keeps its centre; leave the spheres out")
    if not math.isfinite(duration_s) or duration_s == 0.0:
        raise InputError(f"an ensemble over {duration_s!r} s: give a span that is not zero")
    if threads is not None and not 1 <= threads <= 1024:
        raise InputError(f"an ensemble on {threads} threads: write 1 to 1024, or leave it out")
    y = np.ascontiguousarray(np.atleast_2d(starts), dtype=np.float64).copy()
    if y.ndim != 2 or y.shape[1] != 7:
        raise InputError(f"starts of an ensemble are (n, 7), not {np.shape(starts)}")
    sense = math.copysign(1.0, duration_s)
    t_s = sampled(times, duration_s)
    flight = _Many(world, epoch, dynamics, settings, floor_m, y, t_s)
    flight.scale(drag_factors, radiation_factors)
    flight.look_at_starts()
    t, taken = 0.0, 0
    watch.begin("ensemble", f"{len(y)} starts over {duration_s / 86_400.0:.2f} days")
    while sense * t < sense * duration_s and flight.alive.size:
        stop_if_cancelled(watch)
        goal = leg_end(t, duration_s)
        count = int(np.searchsorted(sense * t_s[taken:], sense * goal, side="right"))
        flight.leg(t, goal, slice(taken, taken + count), threads or cores())
        t, taken = goal, taken + count
        watch.tell("ensemble", abs(t / duration_s), f"{flight.alive.size} on their way")
    watch.end("ensemble", f"{len(y) - sum(map(bool, flight.faults))} flown")
    return Ensemble(
        epoch,
        gcrf(dynamics.centre),
        t_s,
        flight.states,
        flight.end_s,
        flight.y,
        tuple(flight.stopped),
        tuple(flight.faults),
        tuple(flight.notes),
        world.notes(epoch, epoch + duration_s),
    )


def cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Many:
    """The starts on their way: y (n, 7) where each is now, alive the indices of those that fly."""

    def __init__(
        self,
        world: World,
        epoch: Epoch,
        dynamics: Dynamics,
        settings: core.Settings,
        floor_m: float | None,
        y: Array,
        t_s: Array,
    ) -> None:
        self.world, self.epoch, self.dynamics = world, epoch, dynamics
        self.settings, self.floor_m = settings, floor_m
        self.y, self.t_s = y, t_s
        n = len(y)
        self.states = np.full((n, t_s.size, 7), np.nan)
        self.end_s = np.zeros(n)
        self.stopped: list[str | None] = [None] * n
        self.faults = [""] * n
        self.alive = np.arange(n)
        self.notes: list[str] = []
        self.scales: Array | None = None

    def scale(self, drag: Array | None, radiation: Array | None) -> None:
        """Factors on drag and radiation pressure."""
        if drag is None and radiation is None:
            return
        self.scales = np.ones((len(self.y), 2))
        for k, (name, given) in enumerate((("drag", drag), ("radiation", radiation))):
            if given is None:
                continue
            factors = np.asarray(given, dtype=np.float64)
            if factors.shape != (len(self.y),) or not np.all(np.isfinite(factors)):
                raise InputError(
                    f"{name}_factors of shape {factors.shape} for {len(self.y)} starts: give one"
                    " finite number for each"
                )
            self.scales[:, k] = factors

    def look_at_starts(self) -> None:
        """Starts that are no starts have their fault at once."""
        for k, row in enumerate(self.y):
            if not np.all(np.isfinite(row)):
                self.faults[k] = f"the start {row!r} is not finite in all its numbers"
            elif not row[6] > 0.0:
                self.faults[k] = f"the mass of {row[6]!r} kg is not positive"
        sound = [k for k, f in enumerate(self.faults) if not f]
        below = under_the_ground(self.world, self.dynamics.centre, self.epoch, self.y[sound, :3])
        for k, fault in zip(sound, below, strict=True):
            self.faults[k] = fault
        self.alive = np.array([k for k in sound if not self.faults[k]], dtype=np.int64)

    def leg(self, t: float, goal: float, taken: slice, threads: int) -> None:
        """All that are alive from t to goal; those that come under the density table once more
        with the whole of it.
        """
        who = self.alive
        below = self._fly(who, t, goal, taken, threads, _heights(self.y[who], self.dynamics))
        again = who[below]
        if again.size:
            still = self._fly(again, t, goal, taken, threads, (LOWEST_M, HIGHEST_M))
            for k in again[still]:
                self.faults[k] = (
                    f"the path falls below {LOWEST_M / 1e3:.0f} km, where the density model ends;"
                    f" ask for floor_m={LOWEST_M:.0f} to end there"
                )
        self.alive = np.array(
            [k for k in who if not self.faults[k] and self.stopped[k] is None], dtype=np.int64
        )

    def _fly(
        self,
        who: NDArray[np.int64],
        t: float,
        goal: float,
        taken: slice,
        threads: int,
        heights_m: tuple[float, float],
    ) -> NDArray[np.bool_]:
        setting = Assembly(
            self.world, self.dynamics, self.epoch, min(t, goal), max(t, goal), heights_m
        ).setting()
        self.notes += [n for n in setting.notes if n not in self.notes]
        search = Wanted((), self.dynamics.centre, self.floor_m, backward=goal < t).search()
        out = core.ensemble(
            setting.model,
            self.y[who],
            t,
            goal,
            search,
            self.settings,
            times_s=self.t_s[taken],
            scales=None if self.scales is None else self.scales[who],
            threads=threads,
        )
        below = out.below_density if setting.density is not None else np.zeros(who.size, bool)
        for k, i in enumerate(who):
            if below[k]:
                continue
            self.states[i, taken] = out.states[k]
            self.faults[i], self.stopped[i] = out.faults[k], out.stopped[k]
            if not out.faults[k]:
                self.y[i], self.end_s[i] = out.ends[k], out.end_s[k]
        return below


def _heights(y: Array, dynamics: Dynamics) -> tuple[float, float]:
    """Heights that all the orbits span; burns and re-entries ask for the whole table."""
    if dynamics.first(Thrust) is not None:
        return LOWEST_M, HIGHEST_M
    return heights_of_all(y, body(dynamics.centre).mu_m3_s2)
