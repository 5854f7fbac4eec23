"""A release in orbit: a spring pushes apart what was one, at one instant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.mission.nouns import Manoeuvre
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Handover, Ledger, Leg, Solve
from cosmodrome.transfer.burn import IMPULSE_S, axes_at, equator_axes
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.mission.steps import Release
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["execute"]


def execute(
    given: Handover, step: Release, mission: AnyMission, world: World, *, lift_off: Epoch
) -> Leg:
    """The carrier's leg of a nanosecond, in which it loses mass and recoils; `released` is what
    it let go, at the end of that leg, with its own tanks.

    The velocities part by `speed_m_s` along the direction, and the momentum of both stays what it
    was. Both are at one place: how far a mechanism holds them apart is not modelled.

    lift_off  instant from which event times count
    """
    craft, start = mission.spacecraft, given.state
    gone = craft.carried(step.object)
    mass = gone.mass_kg or 0.0
    burns = gone.engine is not None or gone.thrusters is not None
    tanks = {gone.id: gone.propellant_kg} if burns else {}
    along = Manoeuvre(step.direction, step.axes, delta_v_m_s=step.speed_m_s, impulsive=True)
    u = axes_at(along, start.r_m, start.v_m_s, equator_axes(step.axes, start.epoch, world))
    share = mass / start.mass_kg
    v = start.v_m_s - step.speed_m_s * share * u
    r = start.r_m + 0.5 * IMPULSE_S * (start.v_m_s + v)
    left = start.mass_kg - mass
    end = replace(start, epoch=start.epoch + IMPULSE_S, r_m=r, v_m_s=v, mass_kg=left)
    free = replace(end, v_m_s=start.v_m_s + step.speed_m_s * (1.0 - share) * u, mass_kg=mass)
    ends = np.array([[*s.r_m, *s.v_m_s, s.mass_kg] for s in (start, end)], dtype=np.float64)
    line = np.stack([0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0])])[None]
    attached = tuple(name for name in given.attached if name != step.object)
    return Leg(
        chapter="release",
        object=craft.id,
        kind="spacecraft",
        parent="",
        start=start,
        end=end,
        path=Trajectory(start.epoch, start.frame, np.array([0.0, IMPULSE_S]), line),
        events=(event_record(step.name, craft.id, end, lift_off, world),),
        ledger=Ledger(propellant_kg=dict(given.propellant_kg), separated_kg={step.object: mass}),
        solve=Solve("momentum of both kept", "at one instant"),
        handover_in=given,
        handover_out=replace(given, state=end, attached=attached),
        released=(Handover(free, (step.object,), tanks, {}),),
        steps=(step,),
    )
