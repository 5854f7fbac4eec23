"""What comes of a mistake in a mission's intent.

Of an aim: the flight as planned, held against what was meant. Of a figure: what is carried,
executed in the truth; climbs and landings under closed-loop guidance where there is one. No
optimiser or planner takes part.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.campaign.verify.ascents.repeated import open_loop
from cosmodrome.campaign.verify.judging import ended_of
from cosmodrome.campaign.verify.orbits.flown import fly_on, fly_orbits
from cosmodrome.campaign.verify.plans.corrupted import turned
from cosmodrome.errors import InputError
from cosmodrome.flight.again import fly_again
from cosmodrome.mission.nouns import Mission
from cosmodrome.watch import SILENT
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from cosmodrome.campaign.verify.judging import Judge
    from cosmodrome.campaign.verify.nouns import Ended
    from cosmodrome.flight.again import Carried
    from cosmodrome.mission.nouns import AnyMission, Target
    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.record.nouns import Flight
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["fly_intent"]


def fly_intent(
    judge: Judge, carries: Carried, fault: Fault, watch: Watch = SILENT
) -> tuple[Ended | None, Outcome]:
    """What comes of one of `intent_faults`, and how it ended where it was flown in another truth.

    Raises InputError for a path that this mission has not, and Cancelled.
    """
    head, _, name = fault.path.removeprefix("intent.").partition(".")
    if fault.into == "plan" or head == "site":
        return None, judge.meant(fault, _shifts(judge.flight, head, name, fault))
    own = judge.flight.mission
    if name == "mass" and isinstance(own, Mission) and not open_loop(judge.flight, judge.world):
        ended = _climbed(judge, own, fault, watch)
        return ended, judge.judge(ended)
    if head == "spacecraft" and judge.landing is not None:
        ended = _down(judge, name, fault, watch)
        return ended, judge.judge(ended)
    true, carries = _in_truth(judge.flight.mission, carries, head, name, fault, judge.world)
    again = fly_again(judge.flight, carries, judge.world, watch, truth=true)
    ended = replace(ended_of(again, fault), effect_s=_effect_s(judge.flight, head, name))
    return ended, judge.judge(ended)


def _climbed(judge: Judge, own: Mission, fault: Fault, watch: Watch) -> Ended:
    """A payload of another mass under closed-loop guidance: to the climb it is as good as a last
    stage whose dry mass is off by as much."""
    last, mass_kg = own.vehicle.stages[-1], own.spacecraft.mass_kg
    assert mass_kg is not None
    more = (fault.value - 1.0) * mass_kg / (last.count * last.dry_mass_kg)
    path = f"ascent.stages.{last.id}.dry_mass"
    alike = replace(fault, path=path, kind="factor", value=1.0 + more)
    released = fly_ascents(judge.flight, (alike,), judge.world, watch)
    (ended,) = fly_on(judge.flight, released, judge.world, watch)
    return replace(ended, fault=fault)


def _down(judge: Judge, name: str, fault: Fault, watch: Watch) -> Ended:
    """A landing under closed-loop guidance, as a flight fault of the same figure is flown."""
    craft, x = judge.flight.mission.spacecraft, fault.value
    assert craft.mass_kg is not None
    path = f"spacecraft.{craft.id}.{name}"
    if name == "mass":
        path = f"spacecraft.{craft.id}.dry_mass"
        x = 1.0 + (x - 1.0) * craft.mass_kg / (craft.mass_kg - craft.propellant_kg)
    elif name in ("thrust", "isp"):
        path = f"landings.{craft.id}.1.{name}"
    alike = replace(fault, path=path, kind="factor", value=x)
    (ended,) = fly_orbits(judge.flight, (alike,), judge.world, watch)
    return replace(ended, fault=fault)


def _unknown(fault: Fault) -> InputError:
    return InputError(
        f"the fault {fault.path!r} ({fault.kind}) is of nothing that this mission's file tells"
        " once; generate the list from the flight itself with intent_faults"
    )


# aims -----------------------------------------------------------------------------------------
def _shifts(flight: Flight, head: str, name: str, fault: Fault) -> dict[str, float]:
    """Of each quantity that is judged, what was flown less what was meant."""
    value = fault.value
    if head == "target" and name == "altitude":
        return _of_height(flight, value)
    if head == "launch":
        return {}  # the next day's orbit is the same
    if head == "site":
        # an ascent is symmetric about the Earth's axis: all of it stands turned
        return {"raan_rad": value}
    if head == "plan":
        what = name.partition(".")[2]
        return {{"height": "a_m", "site": "place_rad", "perigee": "perigee_m"}[what]: value}
    if name == "local-time":
        return {"raan_rad": math.tau * value / 86_400.0}
    quantity = {"inclination": "i_rad", "node": "raan_rad", "perigee": "argp_rad"}.get(name)
    if head != "target" or quantity is None:
        raise _unknown(fault)
    return {quantity: value}


def _of_height(flight: Flight, more_m: float) -> dict[str, float]:
    """A height, and the inclination that goes with it where the node turns with the Sun: there
    cos i is as a^(7/2)."""
    target: Target | None = flight.mission.target
    orbit = flight.orbit
    if target is None or orbit is None:
        return {"a_m": more_m}
    if not target.turns_with_sun or target.inclination_rad is not None:
        return {"a_m": more_m}
    a, i = orbit.mean.a_m, orbit.mean.i_rad
    meant = math.acos(max(-1.0, math.cos(i) * (1.0 - more_m / a) ** 3.5))
    return {"a_m": more_m, "i_rad": i - meant}


# figures --------------------------------------------------------------------------------------
def _in_truth(
    own: AnyMission, carries: Carried, head: str, name: str, fault: Fault, world: World
) -> tuple[AnyMission, Carried]:
    """The mission as it is in truth, and what is carried from where it truly begins."""
    if head == "start":
        return own, _elsewhere(carries, name, fault, world)
    if head != "spacecraft":
        raise _unknown(fault)
    craft, x = own.spacecraft, fault.value
    more_kg = 0.0
    if name == "mass" and craft.mass_kg is not None:
        more_kg = (x - 1.0) * craft.mass_kg
        craft = replace(craft, mass_kg=craft.mass_kg + more_kg)
    elif name == "propellant" and craft.mass_kg is not None:
        more_kg = (x - 1.0) * craft.propellant_kg
        craft = replace(
            craft, mass_kg=craft.mass_kg + more_kg, propellant_kg=x * craft.propellant_kg
        )
    elif name == "drag_area":
        craft = replace(craft, drag_area_m2=x * craft.drag_area_m2)
    elif name in ("thrust", "isp") and craft.engine is not None:
        field = "thrust_n" if name == "thrust" else "isp_s"
        value = x * getattr(craft.engine, field)
        craft = replace(craft, engine=replace(craft.engine, **cast("Any", {field: value})))
    else:
        raise _unknown(fault)
    return replace(own, spacecraft=craft), _heavier(
        carries, more_kg, x if name == "propellant" else 1.0
    )


def _heavier(carries: Carried, more_kg: float, loaded: float) -> Carried:
    """The start in orbit with another mass and load; from a pad the truth has them."""
    start = carries.start
    if start is None:
        return carries
    state = replace(start.state, mass_kg=start.state.mass_kg + more_kg)
    tanks = {name: loaded * kg for name, kg in start.propellant_kg.items()}
    return replace(carries, start=replace(start, state=state, propellant_kg=tanks))


def _elsewhere(carries: Carried, name: str, fault: Fault, world: World) -> Carried:
    """The plan as it is, from the true start."""
    start = carries.start
    if start is None:
        raise _unknown(fault)
    state = start.state
    if name == "epoch":
        return replace(
            carries, start=replace(start, state=replace(state, epoch=state.epoch + fault.value))
        )
    pole = centre_named(state.frame.centre).equator_from_gcrf(world, state.epoch).matrix[2]
    turn = turned(np.asarray(pole), fault.value)
    state = replace(state, r_m=turn @ state.r_m, v_m_s=turn @ state.v_m_s)
    return replace(carries, start=replace(start, state=state))


def _effect_s(flight: Flight, head: str, name: str) -> float:
    """When it begins to tell: at once, or with the first burn of the craft's own engine."""
    craft = flight.mission.spacecraft.id
    if head == "start" or (name == "mass" and isinstance(flight.mission, Mission)):
        return 0.0
    legs = [g for g in flight.legs if g.object == craft]
    if name != "drag_area":
        legs = [g for g in legs if g.chapter in ("transfer", "landing")] or legs
    return legs[0].start.epoch - flight.zero if legs else 0.0
