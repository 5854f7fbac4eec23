"""Many starts under one set of forces: the same flight as `propagate`, shared out to threads."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.assembly import Assembly
from cosmodrome.dynamics.events import Wanted
from cosmodrome.dynamics.forces import Thrust
from cosmodrome.dynamics.propagate import DEFAULT_SETTINGS, check_times
from cosmodrome.errors import InputError
from cosmodrome.physics.thermosphere import HIGHEST_M, LOWEST_M
from cosmodrome.solvers import core
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled
from cosmodrome.world.frame import Frame, gcrf
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["Ensemble", "propagate_many"]

_LEG_S = 32.0 * 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """What was flown of n starts.

    epoch    instant of t = 0; frame of all states
    t_s      (m,) seconds of the samples
    states   (n, m, 7) place, velocity, mass; not-a-number after the end of a path
    end_s    (n,) when each path ended, ends (n, 7) where
    stopped  (n,) kind of the event that ended it ("altitude downward": the floor), or None
    faults   (n,) why a start could not be flown; empty where it was
    notes    forces asked for that had no effect, and why
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

    A start that cannot be flown has a fault and stops no other. Raises InputError for shapes that
    do not fit or changes of centre, which an ensemble does not make.
    """
    world = World.shipped() if world is None else world
    y = np.ascontiguousarray(np.atleast_2d(starts), dtype=np.float64).copy()
    n = y.shape[0]
    if y.ndim != 2 or y.shape[1] != 7:
        raise InputError(f"starts of an ensemble are (n, 7), not {np.shape(starts)}")
    if dynamics.spheres:
        raise InputError("an ensemble keeps its centre; leave the spheres out")
    if not math.isfinite(duration_s) or duration_s == 0.0:
        raise InputError(f"an ensemble over {duration_s!r} s: give a span that is not zero")
    sense = math.copysign(1.0, duration_s)
    t_s = np.asarray(times, dtype=np.float64)
    if t_s.ndim != 1 or not np.all(np.diff(sense * t_s) >= 0.0):
        raise InputError("times to sample must be a list of seconds in order of flight")
    check_times(t_s, duration_s)
    scales = None
    if drag_factors is not None or radiation_factors is not None:
        scales = np.ones((n, 2))
        for k, given in enumerate((drag_factors, radiation_factors)):
            if given is not None:
                scales[:, k] = given
    workers = threads or os.cpu_count() or 1
    states = np.full((n, t_s.size, 7), np.nan)
    end_s, ends = np.zeros(n), y.copy()
    stopped: list[str | None] = [None] * n
    faults = [""] * n
    alive = np.arange(n)
    notes: tuple[str, ...] = ()
    t, taken = 0.0, 0
    watch.begin("ensemble", f"{n} starts over {duration_s / 86_400.0:.2f} days")
    while sense * t < sense * duration_s and alive.size:
        stop_if_cancelled(watch)
        legs = math.floor(abs(t) / _LEG_S + 1e-9) + 1
        goal = sense * min(abs(duration_s), legs * _LEG_S)
        heights = _heights(y[alive], dynamics)
        setting = Assembly(world, dynamics, epoch, min(t, goal), max(t, goal), heights).setting()
        notes = setting.notes
        count = int(np.searchsorted(sense * t_s[taken:], sense * goal, side="right"))
        search = Wanted((), dynamics.centre, floor_m, backward=sense < 0.0).search()
        out = core.ensemble(
            setting.model,
            y[alive],
            t,
            goal,
            search,
            settings,
            times_s=t_s[taken : taken + count],
            scales=None if scales is None else scales[alive],
            threads=workers,
        )
        states[alive, taken : taken + count] = out.states
        for k, i in enumerate(alive):
            faults[i] = out.faults[k]
            stopped[i] = out.stopped[k]
        flown = np.array([not f for f in out.faults])
        y[alive[flown]] = out.ends[flown]
        ends[alive[flown]] = out.ends[flown]
        end_s[alive[flown]] = out.end_s[flown]
        alive = alive[flown & np.array([s is None for s in out.stopped])]
        t, taken = goal, taken + count
        watch.tell("ensemble", abs(t / duration_s), f"{alive.size} on their way")
    watch.end("ensemble", f"{n - sum(map(bool, faults))} flown")
    return Ensemble(
        epoch,
        gcrf(dynamics.centre),
        t_s,
        states,
        end_s,
        ends,
        tuple(stopped),
        tuple(faults),
        notes,
    )


def _heights(y: Array, dynamics: Dynamics) -> tuple[float, float]:
    """Heights that all the orbits span; burns and re-entries ask for the whole table."""
    from cosmodrome.dynamics.assembly import heights
    from cosmodrome.world.bodies import body

    if dynamics.first(Thrust) is not None:
        return LOWEST_M, HIGHEST_M
    mu = body(dynamics.centre).mu_m3_s2
    spans = [heights(row[:3], row[3:6], mu, open_ended=False) for row in y]
    lowest = min(s[0] for s in spans)
    # a path may sink below what its first orbit promised; the table bears 40 km of it, and all
    # where it is so low that it will
    return (LOWEST_M if lowest < 200e3 else lowest), max(s[1] for s in spans)
