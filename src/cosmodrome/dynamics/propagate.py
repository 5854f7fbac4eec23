"""Flying a state: the Python face of the compiled propagator.

Gauss-Legendre collocation in the core (see docs/propagation.md); the path that comes back is the
collocation polynomial itself, so it can be evaluated anywhere.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, TypeVar

from cosmodrome.dynamics.events import Altitude, Distance, Event, Visibility
from cosmodrome.dynamics.flown import Propagation
from cosmodrome.dynamics.legs import Flight, sampled, set_up
from cosmodrome.errors import FrameMismatchError, InputError, NoEventError
from cosmodrome.solvers import core
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled
from cosmodrome.world.centre import recentred
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["DEFAULT_SETTINGS", "Propagation", "propagate", "set_up"]

T = TypeVar("T")
DEFAULT_SETTINGS = core.Settings()


def propagate(
    state: State,
    dynamics: Dynamics,
    until: Epoch | float | Event,
    events: Iterable[Event] = (),
    *,
    world: World | None = None,
    within_s: float = 30.0 * 86_400.0,
    count: int = 1,
    floor_m: float | None = None,
    edges: Sequence[tuple[str, float, str]] = (),
    dense: bool = True,
    times: Sequence[float] | Array = (),
    partials: Sequence[str] | None = None,
    settings: core.Settings = DEFAULT_SETTINGS,
    watch: Watch = SILENT,
) -> Propagation:
    """Fly `state` under `dynamics` until an instant, for a number of seconds, or to an event.

    state     in GCRF axes about any body; counted from the centre of `dynamics`
    until     an Epoch; seconds (negative: backward); or an event, such as "periapsis",
              Altitude(120e3), Distance("moon", 66e6): the path then ends at its `count`-th
              occurrence, within `within_s` seconds (negative: backward)
    events    names of events.KINDS or events.GROUPS, Altitude, Visibility, Distance. Heights,
              stations and the floor are those of the centre of `dynamics`, also where a sphere
              hands the flight to another
    floor_m   height at which the path ends on its way down (in the sense of flight); None: no
              floor. A start under it is no fault: the path ends when it comes down again
    edges     (body, distance m, "nearer" or "farther"): crossings at which the path ends
    dense     keep the whole path; without it memory does not grow with the span
    times     seconds after the start to sample, in order of flight
    partials  None; else the state-transition matrix, and d/d(factor) of the named forces out of
              "mu", "drag", "radiation", "thrust". Away from burns' own instants it is exact to
              1e-7 of itself
    world     None: the shipped world

    Raises FrameMismatchError for turning axes, InputError for an end at the start or a start below
    the ground, NoEventError for an event that does not come, DataSpanError where the path falls
    below the density model, SolverError when no step is small enough or the budget of segments
    is spent.
    """
    world = World.shipped() if world is None else world
    if state.frame.axes != "gcrf":
        raise FrameMismatchError(
            f"propagation starts from a state in GCRF axes, not {state.frame}: rotate it first"
            " (cosmodrome.world.centre.expressed)"
        )
    state = recentred(state, dynamics.centre, world)
    stop: Event | None = None
    if isinstance(until, Epoch):
        duration = until - state.epoch
    elif isinstance(until, Real):
        duration = float(until)
    elif isinstance(until, str | Altitude | Visibility | Distance):
        stop, duration = until, float(within_s)
    else:
        raise InputError(
            f"until = {until!r} is no end of a path; give an Epoch, seconds, or an event"
        )
    if count < 1:
        raise InputError(f"count = {count}: the first occurrence is number 1")
    if not math.isfinite(duration) or duration == 0.0:
        raise InputError(
            f"propagation from {state.epoch} for {duration:g} s: the end must lie after the start"
            " (or before it, to fly backward)"
        )
    t_s = sampled(times, duration)
    stop_if_cancelled(watch)
    watch.begin("propagate", f"propagating {duration / 3600.0:.2f} h from {state.epoch}")
    flight = Flight(
        state, dynamics, duration, _listed(events), world, floor_m, stop, count, settings,
        tuple(edges),
    )  # fmt: skip
    flight.keep(dense, t_s, None if partials is None else _listed(partials))
    flight.fly(watch)
    if stop is not None and flight.stopped_by != "until":
        if flight.stopped_by is None:
            raise NoEventError(
                f"no {stop!r} (number {count}) within {duration:g} s of {state.epoch}; ask for"
                " another event or raise within_s"
            )
        watch.tell("propagate", None, f"the path met its {flight.stopped_by} first")
    result = flight.result(until if isinstance(until, Epoch) else None)
    for note in (*result.notes, *result.data):
        watch.tell("propagate", None, note)
    watch.end("propagate", f"{result.stats['segments']} segments")
    return result


def _listed(given: Iterable[T] | T) -> tuple[T, ...]:
    """A tuple; one name or event stands for a list of it."""
    if isinstance(given, str | Altitude | Visibility | Distance):
        return (given,)
    return tuple(given)  # type: ignore[arg-type]
