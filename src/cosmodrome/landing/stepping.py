"""A landing step of a plan: planned from what is handed over, then flown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.errors import InputError
from cosmodrome.landing.executing import execute
from cosmodrome.landing.flying import Drawn, aimed, drawn, engines_of, problem_at, written
from cosmodrome.landing.ground import Site
from cosmodrome.landing.lowering import as_it_is, lowered
from cosmodrome.landing.nouns import Engine, Gate, Phase
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import body
from cosmodrome.world.heights import terrain

if TYPE_CHECKING:
    from cosmodrome.landing.flying import Aimed
    from cosmodrome.landing.lowering import Insertion
    from cosmodrome.mission.nouns import AnyMission, Land
    from cosmodrome.record.nouns import Handover, Leg, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["Planned", "land", "phases_of", "plan_landing", "site_of"]

#: the descent is planned from so long before perilune, s: ignition may come from there on
_LEAD_S = 400.0
# where the high gate may lie above the height asked for, as a factor
_GATE = 3.0
# most between thrust and vertical in the approach and in the vertical end, rad
_APPROACH, _END = math.radians(65.0), math.radians(5.0)


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A whole landing: its plan from the state handed over, and what it was made of."""

    plan: Plan
    engines: tuple[Engine, ...]
    site: Site
    insertion: Insertion
    descent: Aimed


def site_of(step: Land) -> Site:
    """The site of a step, its height from the terrain where none is written."""
    height = step.height_m
    if height is None:
        height = float(terrain("moon").height_m(step.latitude_rad, step.longitude_rad))
    return Site(step.latitude_rad, step.longitude_rad, height)


def phases_of(step: Land) -> tuple[Phase, ...]:
    """Braking to the high gate, approach to the low gate over the site, the vertical end."""
    high = Gate(height_m=(step.high_gate_m, _GATE * step.high_gate_m))
    low = Gate(
        height_m=(step.low_gate_m, step.low_gate_m), range_m=0.0, across_m_s=0.0,
        sink_m_s=(0.0, step.sink_m_s),
    )  # fmt: skip
    rate = step.rate_rad_s
    held = step.throttle if step.braking is None else (step.braking, step.braking)
    return (
        Phase("braking", held, rate_rad_s=rate, gate=high),
        Phase(
            "approach", step.throttle, rate_rad_s=rate, tilt_rad=_APPROACH,
            glide_slope_rad=step.glide_slope_rad, gate=low,
        ),
        Phase("terminal", step.throttle, tilt_rad=_END),
    )  # fmt: skip


def _reach(engine: Engine, mass_kg: float, perilune_m: float, level: float) -> float:
    """About the angle flown while braking from perilune, rad: half the speed, all the burn."""
    low = body("moon").figure_m + perilune_m
    speed = math.sqrt(body("moon").mu_m3_s2 / low)
    lasts = engine.burnt_kg(mass_kg, 1.08 * speed) / (level * engine.flow_kg_s)
    return 0.55 * speed * lasts / low


def plan_landing(
    given: Handover, step: Land, mission: AnyMission, world: World, watch: Watch = SILENT
) -> Planned:
    """The descent orbit and the powered descent from the state that is handed over.

    Raises InputError for a craft without an engine or a state not about the Moon; what `lowered`
    and `aimed` raise.
    """
    craft, start = mission.spacecraft, given.state
    engine = craft.engine
    if engine is None:
        raise InputError(
            f"{craft.id} has no engine to land with; write engine: {{thrust: 6 kN, isp: 320 s}}"
            " and propellant under spacecraft"
        )
    if start.frame.centre != "moon":
        raise InputError(
            f"{step.name!r} begins about the {start.frame.centre.capitalize()}; land from an orbit"
            " about the Moon: write - to-moon: {orbit: {altitude: 100 km}} before it"
        )
    site = site_of(step)
    forces = Dynamics.of(mission.physics, craft, mission.space_weather, centre="moon")
    held = given.propellant_kg.get(craft.id, 0.0)
    ahead = _reach(engine, start.mass_kg, step.perilune_m, step.braking or 1.0)
    if step.insertion:
        orbit = lowered(
            start, site, engine, step.perilune_m, ahead, forces, world, watch,
            within_s=step.within_s, cross_m=step.cross_m, after_s=step.after_s, light=step.light,
            window=step.window,
        )  # fmt: skip
    else:
        orbit = as_it_is(
            start, site, ahead, forces, world, watch,
            within_s=step.within_s, cross_m=step.cross_m, after_s=step.after_s, light=step.light,
            window=step.window,
        )  # fmt: skip
    low = orbit.perilune
    lead = min(_LEAD_S, 0.5 * ((low.epoch - start.epoch) - orbit.end_s))
    begin = propagate(low, forces, -lead, world=world, dense=False).end
    left = held - orbit.propellant_kg
    problem = problem_at(
        begin, site, engine, phases_of(step), world, coast_s=(0.0, 2.0 * lead),
        sink_m_s=step.touchdown_m_s, propellant_kg=left, reserve_kg=step.reserve_kg,
    )  # fmt: skip
    descent = aimed(problem, begin, site, craft.id, forces, world, watch)
    after = begin.epoch - start.epoch
    parts = _parts(orbit, after, drawn(descent.landing, begin.epoch, world, after))
    told = {
        "propellant_kg": orbit.propellant_kg + descent.landing.propellant_kg,
        "cross_range_m": orbit.over.cross_m,
    }
    lowering = (engine,) if step.insertion else ()
    return Planned(
        written(parts, start.epoch, craft.id, start.mass_kg, told),
        (*lowering, *engines_of(descent.landing)), site, orbit, descent,
    )  # fmt: skip


def _parts(orbit: Insertion, after: float, descent: list[Drawn]) -> list[Drawn]:
    """Coast, the burn into the descent orbit where there is one, coast, and the descent."""

    def held(name: str, burning: bool, start: float, end: float) -> Drawn:
        t = np.linspace(start, end, 13)
        u = np.repeat(orbit.u[None], t.size, axis=0)
        return Drawn(name, burning, t, u, np.full(t.size, 1.0 if burning else 0.0))

    if orbit.end_s == 0.0:
        return [held("coast", False, 0.0, after), *descent]
    return [
        held("coast", False, 0.0, orbit.start_s),
        held("descent orbit insertion", True, orbit.start_s, orbit.end_s),
        held("coast", False, orbit.end_s, after),
        *descent,
    ]


def land(
    given: Handover,
    step: Land,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
) -> Leg:
    """Plan a landing and fly it to the ground; raises what `plan_landing` raises."""
    made = plan_landing(given, step, mission, world, watch)
    craft = mission.spacecraft
    forces = Dynamics.of(mission.physics, craft, mission.space_weather, centre="moon")
    leg = execute(
        made.plan, given.state, made.engines, made.site, forces, world, watch,
        lift_off=lift_off, parent="", propellant_kg=given.propellant_kg,
    )  # fmt: skip
    landing = made.descent.landing
    residuals = {
        **leg.solve.residuals,
        "mesh": landing.residuals["mesh"],
        "perilune_m": made.insertion.perilune_m,
        "cross_range_m": made.insertion.over.cross_m,
        "optimum_kg": landing.propellant_kg,
        "convexified_kg": landing.convex_kg,
    }
    solve = replace(leg.solve, residuals=residuals, budget={**leg.solve.budget, **landing.budget})
    assert leg.handover_out is not None
    out = replace(given, state=leg.end, propellant_kg=dict(leg.ledger.propellant_kg))
    return replace(leg, solve=solve, handover_in=given, handover_out=out, steps=(step,))
