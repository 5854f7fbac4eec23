"""An ascent from the Moon as flown: the leg up, by what its plan carries.

Nothing is planned or corrected here: the plan's times count from the lift-off, and the craft rises
from where it stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.ground import LOWEST_M, down_to_ground
from cosmodrome.dynamics.thrusting import steered
from cosmodrome.errors import FellError, InputError, OutOfPropellantError
from cosmodrome.landing.flying import thrusts
from cosmodrome.landing.rising import FEWEST
from cosmodrome.landing.staying import resting, site_under
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Burn, Handover, Ledger, Leg, Solve
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.dynamics import Propagation
    from cosmodrome.mission.nouns import AnyMission, Spacecraft
    from cosmodrome.mission.steps import Rise
    from cosmodrome.record.nouns import Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["execute_ascent", "mass_rising_kg", "up"]

_SAMPLES = 400
_METHOD = "Gauss-Legendre collocation, thrust along chords of the direction programme"
_CITATION = "collocation: Betts (2010), Practical Methods for Optimal Control, ch. 4"


def mass_rising_kg(given: Handover, step: Rise, craft: Spacecraft) -> float:
    """Of what stands there: all of it, or the craft that leaves the rest behind."""
    if not step.object or craft.mass_kg is None:
        return given.state.mass_kg
    return craft.mass_kg


def execute_ascent(
    plan: Plan,
    given: Handover,
    step: Rise,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
) -> Leg:
    """The leg flown up through a plan, without correction on the way.

    plan      its times count from the epoch of `given`, at which the craft lifts off
    mission   of what stands on the ground
    lift_off  instant from which event times count; by default the epoch of `given`

    Raises FellError where it comes back to the ground, OutOfPropellantError where it burns more
    than the tanks hold, InputError for a state that is not about the Moon or a craft without an
    engine, and what the propagation raises.
    """
    craft = mission.of(step.object).spacecraft if step.object else mission.spacecraft
    state = given.state
    if craft.engine is None or state.frame.centre != "moon":
        raise InputError(
            f"{step.name!r} is flown from the ground of the Moon by an engine; {craft.id} is"
            f" about the {state.frame.centre.capitalize()}"
            f"{'' if craft.engine else ' and has none'}: land first, and write engine: {{...}}"
        )
    start = resting(
        site_under(state, world), state.epoch, mass_rising_kg(given, step, craft), world
    )
    own = replace(plan, epoch=start.epoch)
    burns = thrusts(own, [craft.engine for phase in own.phases if phase.burning], FEWEST)
    forces = Dynamics.of(mission.physics, craft, mission.space_weather, centre="moon")
    forces = forces.with_thrust(*burns)

    def flown_for(span: float) -> Propagation:
        return propagate(start, forces, span, world=world, watch=watch, floor_m=LOWEST_M)

    flown = down_to_ground(flown_for(own.phases[-1].end_s), world, flown_for)
    if flown.stats["ended_on_floor"]:
        after = flown.end.epoch - start.epoch
        raise FellError(
            f"{step.name!r}: {craft.id} is back on the ground of the Moon {after:.0f} s after its"
            " lift-off; look at when its engine burns and where it points"
        )
    whole = mission.spacecraft.id
    leg = up(start, flown, own, craft, given, step, whole, world, lift_off or state.epoch)
    left = leg.ledger.propellant_kg[craft.id]
    if left < 0.0:
        raise OutOfPropellantError(
            f"{step.name!r} burns {-left:.2f} kg more than {craft.id} holds; load more propellant"
        )
    return leg


def up(
    start: State,
    flown: Propagation,
    plan: Plan,
    craft: Spacecraft,
    given: Handover,
    step: Rise,
    whole: str,
    world: World,
    zero: Epoch,
) -> Leg:
    """The leg of an ascent as flown from `start` through `plan`; `whole` is the id of what stood on
    the ground, `zero` the instant from which event times count."""
    engine, id = craft.engine, craft.id
    assert engine is not None
    lit = [engine for phase in plan.phases if phase.burning]
    path = steered(flown.trajectory, thrusts(plan, lit, FEWEST))
    end = flown.end
    held = given.propellant_kg.get(id, craft.propellant_kg)
    tanks = {id: held - (start.mass_kg - end.mass_kg)}
    marks = [
        ("lift-off from the Moon", 0.0),
        ("end of the vertical rise", plan.phases[0].end_s),
        ("orbit insertion", float(path.breaks_s[-1])),
    ]
    events = tuple(
        event_record(name, id, path.at(path.epoch + t), zero, world) for name, t in marks
    )
    left = {whole: given.state.mass_kg - start.mass_kg} if step.object else {}
    own = Handover(start, (id,), {id: held}, {})
    return Leg(
        chapter="landing",
        object=id,
        kind="spacecraft",
        parent=whole if step.object else "",
        start=start,
        end=end,
        path=path,
        events=events,
        ledger=_ledger(craft, path, tanks, left, plan.epoch - zero),
        solve=Solve(_METHOD, "flown", budget={"segments": float(flown.stats["segments"])}),
        audit=flown.audit,
        citations=(_CITATION,),
        handover_in=own,
        handover_out=replace(own, state=end, propellant_kg=tanks),
        plan=plan,
        steps=(step,),
    )


def _ledger(
    craft: Spacecraft,
    path: Trajectory,
    tanks: dict[str, float],
    left: dict[str, float],
    after_s: float,
) -> Ledger:
    """Delta-v is the inertial speed gained and what gravity and steering cost; the burn is timed
    from `after_s` before the path begins."""
    engine, id = craft.engine, craft.id
    assert engine is not None
    end = float(path.breaks_s[-1])
    t = np.linspace(0.0, end, _SAMPLES)
    row = path.columns_at(t)
    mass, v, u, force = row[:, 6], row[:, 3:6], row[:, 7:10], row[:, 10]
    speed = np.linalg.norm(v, axis=1)
    along = np.einsum("ij,ij->i", u, v) / speed
    steering = float(np.trapezoid(force / mass * (1.0 - along), t))
    burnt = float(mass[0] - mass[-1])
    total = engine.delta_v_m_s(float(mass[0]), burnt)
    gained = float(speed[-1] - speed[0])
    burn = Burn(id, after_s, after_s + end, burnt, 0.0, burnt * engine.exhaust_m_s, total)
    losses = {"gravity": total - steering - gained, "steering": steering}
    return Ledger(total, losses, (burn,), tanks, left)
