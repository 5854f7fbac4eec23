"""At rest on the ground of the Moon: the leg of a lander that stands there."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.landing.ground import Site, facing, me_from_gcrf, me_from_gcrf_many
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Leg, Solve
from cosmodrome.world.bodies import body
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.steps import Stay
    from cosmodrome.record.nouns import Handover
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["resting", "site_under", "stay"]

# the Moon turns by 3 degrees in a piece: twelve terms of it are exact to a nanometre
_PIECE_S, _NODES = 6.0 * 3600.0, 12


def site_under(state: State, world: World) -> Site:
    """The place on the ground where a state about the Moon is."""
    place, _ = facing(state, world)
    radius = float(np.linalg.norm(place))
    return Site(
        math.asin(float(place[2]) / radius),
        math.atan2(float(place[1]), float(place[0])),
        radius - body("moon").figure_m,
    )


def resting(site: Site, epoch: Epoch, mass_kg: float, world: World) -> State:
    """The state at rest on a site."""
    r, v = me_from_gcrf(world, epoch).T.velocity(site.place_m, np.zeros(3))
    return State(epoch, gcrf("moon"), r, v, mass_kg)


def _path(site: Site, start: Epoch, end: Epoch, mass_kg: float, world: World) -> Trajectory:
    lasts = end - start

    def columns(t: Array, _: int) -> Array:
        turn = me_from_gcrf_many(world, start, t).T
        place = np.broadcast_to(site.place_m, (len(t), 3))
        r, v = turn.velocity(place, np.zeros((len(t), 3)))
        return np.column_stack([r, v, np.full(len(t), mass_kg)])

    pieces = max(1, math.ceil(lasts / _PIECE_S))
    breaks = np.linspace(0.0, lasts, pieces + 1)
    return Trajectory.fit(start, gcrf("moon"), breaks, columns, _NODES)


def stay(
    given: Handover, step: Stay, object: str, world: World, *, lift_off: Epoch | None = None
) -> Leg:
    """The leg of what stands where it is handed over, turning with the ground.

    What velocity it still has over the ground the legs take up.

    Raises InputError for a stay that ends before it begins.
    """
    state = given.state
    end = step.until if step.until is not None else state.epoch + (step.duration_s or 0.0)
    if not end > state.epoch:
        raise InputError(
            f"{step.name!r} is to end at {end.utc(3)}, and it begins at {state.epoch.utc(3)}; write"
            " a later instant, or for: 21.6 h"
        )
    site = site_under(state, world)
    path = _path(site, state.epoch, end, state.mass_kg, world)
    zero = lift_off or state.epoch
    start, last = path.at(path.start), path.at(path.end)
    return Leg(
        chapter="landing",
        object=object,
        kind="spacecraft",
        parent="",
        start=start,
        end=replace(last, epoch=end),
        path=path,
        events=(event_record(f"{step.name}, end", object, last, zero, world),),
        solve=Solve("at rest in the Moon's mean-Earth axes", "flown"),
        handover_in=replace(given, state=start),
        handover_out=replace(given, state=last),
        steps=(step,),
    )
