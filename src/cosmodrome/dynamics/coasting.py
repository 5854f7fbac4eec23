"""One coast of a plan: for a time, until an instant, or until an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.dynamics.events import Altitude
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.errors import InfeasibleError, InputError, NoEventError
from cosmodrome.mission.nouns import Until
from cosmodrome.record.events import event_record
from cosmodrome.watch import SILENT
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.dynamics.flown import Propagation
    from cosmodrome.mission.nouns import Coast
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["APSIDES", "FLOOR_M", "coast"]

#: what the apsides of an orbit about the Earth are called
APSIDES = {"periapsis": "perigee", "apoapsis": "apogee"}
#: the customary entry interface, 400,000 ft, m; the density model ends at 90 km
FLOOR_M = 121_920.0
_WANTED = ("nodes", "apsides", "eclipses")
# an event this soon after the start of a coast is the one that ended the step before
_AT_ONCE_S = 0.5


def coast(
    start: State,
    step: Coast,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    *,
    dense: bool = True,
) -> Propagation:
    """One coast from a state; it ends early where it falls to the entry interface.

    dense  keep the path and its nodes, apsides and eclipses; without it the end alone is told

    Raises InfeasibleError for an event that does not come, with why.
    """
    until = step.until
    if isinstance(until, Until):
        return _to_event(start, until, dynamics, world, watch, dense)
    if isinstance(until, Epoch):
        duration = until - start.epoch
        if duration <= 0.0:
            raise InputError(
                f"a coast until {until.utc(3)} was asked, and it begins at {start.epoch.utc(3)};"
                " write a later instant, or remove the step"
            )
        end = until
    else:
        duration = step.duration_s or 0.0
        if duration <= 0.0:
            raise InputError(
                f"a coast of {duration:g} s was asked; write a positive time such as 1 day"
            )
        end = start.epoch + duration
    return propagate(
        start,
        dynamics,
        end,
        _WANTED if dense else (),
        world=world,
        floor_m=FLOOR_M,
        watch=watch,
        dense=dense,
    )


def _to_event(
    start: State, until: Until, dynamics: Dynamics, world: World, watch: Watch, dense: bool
) -> Propagation:
    event = Altitude(until.altitude_m) if until.kind == "altitude" else until.kind

    def fly(count: int) -> Propagation:
        return propagate(
            start,
            dynamics,
            event,
            _WANTED if dense else (),
            world=world,
            within_s=until.within_s,
            count=count,
            floor_m=FLOOR_M,
            watch=watch,
            dense=dense,
        )

    try:
        # one at the start itself ended the step before, and is none of those counted from here
        first = fly(1)
        held = int(first.stopped is not None and first.end.epoch - start.epoch < _AT_ONCE_S)
        if until.count + held == 1:
            return first
        return fly(until.count + held)
    except NoEventError as missing:
        raise InfeasibleError(_why_never(start, until, dynamics, world, str(missing))) from None


def _why_never(start: State, until: Until, dynamics: Dynamics, world: World, missing: str) -> str:
    """What an event that does not come would need, in heights where it is one of height."""
    text = f"the coast until {until} from {start.epoch.utc(0)} never ends: {missing}"
    if until.kind != "altitude":
        return text
    span = propagate(start, dynamics, until.within_s, ("apsides",), world=world, floor_m=FLOOR_M)
    heights = [
        event_record("", "", span.trajectory.at(e.epoch), start.epoch, world).altitude_m / 1e3
        for e in span.events
        if e.kind in APSIDES
    ]
    if not heights:
        return text
    return f"{text}; its apsides lie between {min(heights):.1f} and {max(heights):.1f} km"
