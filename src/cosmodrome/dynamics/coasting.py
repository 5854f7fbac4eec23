"""One coast of a plan: for a time, until an instant, or until an event.

A coast ends before its time at the edge of the Moon's sphere of influence, where the flight is
counted from the other body on; what is left of it is flown from there (`orbit.execute`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.events import Altitude
from cosmodrome.dynamics.ground import LOWEST_M, down_to_ground
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.errors import InfeasibleError, InputError, NoEventError
from cosmodrome.mission.nouns import Until
from cosmodrome.mission.steps import SPHERE
from cosmodrome.record.events import event_record
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred
from cosmodrome.world.centres import CENTRES, MOON_SPHERE_M, centre_named
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.dynamics.events import Event
    from cosmodrome.dynamics.flown import Propagation
    from cosmodrome.mission.nouns import Coast, PhysicsModel
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = [
    "APSIDES",
    "AT_ONCE_S",
    "FLOOR_M",
    "apsides",
    "centred",
    "coast",
    "coast_through",
    "edges_of",
    "floor_m",
    "left_of",
    "other_side",
]

#: what the apsides of an orbit about the Earth are called
APSIDES = {"periapsis": "perigee", "apoapsis": "apogee"}
#: the customary entry interface, 400,000 ft, m; the density model ends at 90 km
FLOOR_M = CENTRES["earth"].floor_m
_WANTED = ("nodes", "apsides", "eclipses")
#: an event this soon after the start of a coast is the one that ended the step before
AT_ONCE_S = 0.5
# an orbit whose apogee stays this near never meets the Moon's sphere: 356,400 km less 66,000
_NEAR_M = 250e6


def apsides(centre: str) -> dict[str, str]:
    """What the apsides of an orbit about a body are called."""
    told = centre_named(centre)
    return {"periapsis": told.low, "apoapsis": told.high}


def floor_m(centre: str) -> float:
    """Height at which a path about a body ends in any case: the entry interface; about the Moon
    below all its ground, on which `down_to_ground` ends it before."""
    return LOWEST_M if centre == "moon" else centre_named(centre).floor_m


def centred(state: State, physics: PhysicsModel, world: World) -> State:
    """The state about the body that its flight is counted from: the Moon within its sphere of
    influence, where the Moon acts at all; else the Earth."""
    if "moon" not in physics.third_bodies:
        return state
    here = state.frame.centre
    if here == "earth" and float(np.linalg.norm(state.r_m)) < _NEAR_M:
        return state
    about = recentred(state, "moon", world)
    inside = float(np.linalg.norm(about.r_m)) < MOON_SPHERE_M
    if inside == (here == "moon"):
        return state
    return about if inside else recentred(state, "earth", world)


def other_side(state: State, world: World) -> State:
    """A state at the edge of the Moon's sphere, counted from the other body."""
    return recentred(state, "earth" if state.frame.centre == "moon" else "moon", world)


def edges_of(start: State, dynamics: Dynamics) -> tuple[tuple[str, float, str], ...]:
    """Where the flight from `start` changes its centre; none for an orbit that stays near."""
    pulling = {getattr(f, "body", "") for f in dynamics.forces}
    if not {"earth", "moon"} <= pulling:
        return ()
    if dynamics.centre == "moon":
        return (("moon", MOON_SPHERE_M, "farther"),)
    r, v = start.r_m, start.v_m_s
    mu, radius = body("earth").mu_m3_s2, float(np.linalg.norm(r))
    h2 = float(np.sum(np.cross(r, v) ** 2))
    per_a = 2.0 / radius - float(v @ v) / mu
    e = float(np.sqrt(max(0.0, 1.0 - per_a * h2 / mu)))
    if per_a > 0.0 and max(radius, (1.0 + e) / per_a) < _NEAR_M:
        return ()
    return (("moon", MOON_SPHERE_M, "nearer"),)


def coast(
    start: State,
    step: Coast,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    *,
    dense: bool = True,
) -> Propagation:
    """One coast from a state; it ends early where it falls to the entry interface or the ground,
    and at the edge of the Moon's sphere of influence (`stats["ended_on_edge"]`).

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

    def fly(until: Epoch | float) -> Propagation:
        return propagate(
            start,
            dynamics,
            until,
            _WANTED if dense else (),
            world=world,
            floor_m=floor_m(dynamics.centre),
            edges=edges_of(start, dynamics),
            watch=watch,
            dense=dense,
        )

    return down_to_ground(fly(end), world, fly)


def left_of(step: Coast, start: State, flown: Propagation) -> Coast | None:
    """What is left of a coast from `start` that ended at the edge of the Moon's sphere.

    None where it was to end there.
    """
    until, spent = step.until, flown.end.epoch - start.epoch
    if step.impulses is not None:
        step = replace(step, impulses=step.impulses.after(flown.end.epoch))
    if isinstance(until, Epoch):
        return step if until > flown.end.epoch else None
    if not isinstance(until, Until):
        left = (step.duration_s or 0.0) - spent
        return replace(step, duration_s=left) if left > 0.0 else None
    seen = 0
    if until.kind == SPHERE:
        if until.count == 1:
            return None
        seen = 1
    elif until.about(start.frame.centre):
        seen = sum(e.kind.startswith(until.kind) and e.t_s > AT_ONCE_S for e in flown.events)
    kept = replace(until, count=until.count - seen, within_s=until.within_s - spent)
    return replace(step, until=kept)


def coast_through(
    start: State, step: Coast, about: Callable[[str], Dynamics], world: World
) -> State:
    """Where a coast ends, whatever bodies it is counted from on the way; no path is kept.

    about  the dynamics about a body
    """
    left: Coast | None = step
    while left is not None:
        flown = coast(start, left, about(start.frame.centre), world, dense=False)
        if not flown.stats["ended_on_edge"]:
            return flown.end
        left, start = left_of(left, start, flown), other_side(flown.end, world)
    return start


def _to_event(
    start: State, until: Until, dynamics: Dynamics, world: World, watch: Watch, dense: bool
) -> Propagation:
    edges = edges_of(start, dynamics)
    event: Event | float = until.kind
    if until.kind == "altitude":
        event = Altitude(until.altitude_m)
    elif until.kind == SPHERE or not until.about(dynamics.centre):
        # it lies beyond the edge
        event = until.within_s

    def fly(count: int, end: Event | float = event) -> Propagation:
        return propagate(
            start,
            dynamics,
            end,
            _WANTED if dense else (),
            world=world,
            within_s=until.within_s,
            count=count,
            floor_m=floor_m(dynamics.centre),
            edges=edges,
            watch=watch,
            dense=dense,
        )

    def grounded(out: Propagation) -> Propagation:
        return down_to_ground(out, world, lambda span: fly(1, span))

    if isinstance(event, float):
        out = grounded(fly(1))
        if not (out.stats["ended_on_edge"] or out.stats["ended_on_floor"]):
            raise InfeasibleError(
                f"the coast until {until} from {start.epoch.utc(0)} never ends: it does not cross"
                f" the edge of the Moon's sphere of influence within {until.within_s / 86400.0:g}"
                " days; raise at_most, or burn before it"
            )
        return out
    try:
        # one at the start itself ended the step before, and is none of those counted from here
        first = fly(1)
        met = first.stopped is not None and not first.stats["ended_on_edge"]
        held = int(met and first.end.epoch - start.epoch < AT_ONCE_S)
        if until.count + held == 1 or not met:
            return grounded(first)
        return grounded(fly(until.count + held))
    except NoEventError as missing:
        raise InfeasibleError(_why_never(start, until, dynamics, world, str(missing))) from None


def _why_never(start: State, until: Until, dynamics: Dynamics, world: World, missing: str) -> str:
    """What an event that does not come would need, in heights where it is one of height."""
    text = f"the coast until {until} from {start.epoch.utc(0)} never ends: {missing}"
    if until.kind != "altitude":
        return text
    floor = floor_m(dynamics.centre)
    span = propagate(start, dynamics, until.within_s, ("apsides",), world=world, floor_m=floor)
    heights = [
        event_record("", "", span.trajectory.at(e.epoch), start.epoch, world).altitude_m / 1e3
        for e in span.events
        if e.kind in APSIDES
    ]
    if not heights:
        return text
    return f"{text}; its apsides lie between {min(heights):.1f} and {max(heights):.1f} km"
