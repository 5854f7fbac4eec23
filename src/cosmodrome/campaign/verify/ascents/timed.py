"""Faulted climbs by the plan's own timers, one at a time: for what guidance cannot fly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent import fly_stack
from cosmodrome.ascent.flaws import turned_axes
from cosmodrome.ascent.launch import pad_in_launch_frame
from cosmodrome.campaign.verify.ascents.faults import AXES
from cosmodrome.campaign.verify.nouns import Released
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.nouns import Mission
from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cosmodrome.catalog.nouns import DragTable, Stage, Vehicle
    from cosmodrome.record.faults import Fault
    from cosmodrome.record.nouns import Flight, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["executed"]


def executed(flight: Flight, fault: Fault, world: World, watch: Watch, why: str) -> Released:
    """The plan executed with another vehicle, or in turned axes; `why` guidance did not fly it.

    Raises InputError for a fault that no vehicle or plan can show open loop.
    """
    stop_if_cancelled(watch)
    mission, plan = flight.mission, flight.legs[0].plan
    assert plan is not None
    assert isinstance(mission, Mission)
    vehicle, plan = _faulted(mission, plan, fault, world)
    told = f"flown by the plan's timers: {why}"
    one = Released(fault, "flown", told, closed=False, effect_s=0.0)
    try:
        climbed = fly_stack(plan, replace(mission, vehicle=vehicle), world)
    except InfeasibleError:
        return _everyone(mission, replace(one, way="impact", why=f"meets the ground; {told}"), {})
    except InputError as refused:
        return _everyone(mission, replace(one, way="exhausted", why=f"{refused}; {told}"), {})
    leg = climbed.leg
    given = leg.released or ((leg.handover_out,) if leg.handover_out else ())
    last = vehicle.stages[-1]
    left = leg.ledger.propellant_kg.get(last.id, 0.0) - last.count * last.residual_kg
    if left < 0.0:
        why = f"the last stage burns {-left:.0f} kg more than it holds; {told}"
        one = replace(one, way="exhausted", why=why)
    states = {id_: h.state for h in given for id_ in h.attached}
    return _everyone(mission, replace(one, margin_kg=left), states, plan.epoch)


def _everyone(
    mission: Mission, one: Released, states: Mapping[str, State], zero: Epoch | None = None
) -> Released:
    """One end of a climb for each spacecraft, which `states` has as it was released."""
    each = []
    for craft in mission.crafts:
        state = states.get(craft.id)
        end_s = 0.0 if state is None or zero is None else state.epoch - zero
        each.append(replace(one, craft=craft.id, state=state, end_s=end_s))
    return replace(each[0], others=tuple(each[1:]))


def _faulted(mission: Mission, plan: Plan, fault: Fault, world: World) -> tuple[Vehicle, Plan]:
    vehicle = mission.vehicle
    match fault.path.split("."):
        case ["ascent", "stages", id_, name] if name in _CHANGED:
            stages = tuple(
                _CHANGED[name](s, fault.value) if s.id == id_ else s for s in vehicle.stages
            )
            return replace(vehicle, stages=stages), plan
        case ["ascent", "drag"]:
            after = tuple((id_, _dragging(t, fault.value)) for id_, t in vehicle.drag_after)
            drag = _dragging(vehicle.drag, fault.value)
            return replace(vehicle, drag=drag, drag_after=after), plan
        case ["ascent", "guidance", "alignment", axis] if axis in AXES:
            about = pad_in_launch_frame(mission.site, plan.epoch, world)[2][AXES.index(axis)]
            turn = turned_axes(fault.value * about[:, None]).reshape(3, 3)
            # directions in turned axes: what the plan calls its axes lies elsewhere
            return vehicle, replace(plan, launch_axes=turn @ np.asarray(plan.launch_axes))
        case _:
            raise InputError(
                f"fault {fault.id!r} cannot be flown by the plan's timers; take faults from"
                " ascent_faults(flight)"
            )


def _dragging(table: DragTable, factor: float) -> DragTable:
    return replace(table, cd=tuple(factor * c for c in table.cd))


def _thrust(s: Stage, x: float) -> Stage:
    """The same nozzle under another chamber pressure."""
    vacuum, at_sea = s.thrust_vacuum_n, s.thrust_sea_level_n
    lost = 0.0 if at_sea is None else vacuum - at_sea
    return replace(
        s,
        thrust_vacuum_n=x * vacuum,
        thrust_sea_level_n=None if at_sea is None else x * vacuum - lost,
    )


_CHANGED: dict[str, Callable[[Stage, float], Stage]] = {
    "thrust": _thrust,
    "isp": lambda s, x: replace(s, isp_vacuum_s=x * s.isp_vacuum_s),
    "dry_mass": lambda s, x: replace(s, dry_mass_kg=x * s.dry_mass_kg),
    "load": lambda s, x: replace(
        s, load_kg=x * s.load_kg, propellant_kg=max(s.propellant_kg, x * s.load_kg)
    ),
}
