"""Slips that one look alone can see: small ones, and those of material that little else rests on.

Of grams in a ledger, of what a hand-over carries beside the state, of limits a flight was not told
of, of the plan's own words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.mission.nouns import Meet, Mission
from cosmodrome.mission.starts import Start, StartBeside, StartElements, StartState
from cosmodrome.mission.steps import Coast, Manoeuvre, Until
from cosmodrome.world.frame import ITRF

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.nouns import Event, Flight, Leg

    Make = Callable[[Flight], Flight | None]

__all__ = ["OF_ONE_FILE", "OF_ONE_RECORD"]

_DEG = math.pi / 180.0
_UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
_KNOWN = np.diag([1e4, 1e4, 1e4, 1e-2, 1e-2, 1e-2])


@dataclass(frozen=True, slots=True)
class _Slip:
    text: str
    make: Make


def _with(flight: Flight, leg: Leg, **changes: Any) -> Flight:
    legs = tuple(replace(g, **changes) if g is leg else g for g in flight.legs)
    return replace(flight, legs=legs)


def _mission(flight: Flight, **changes: Any) -> Flight:
    return replace(flight, mission=replace(flight.mission, **changes))


def _stack(flight: Flight) -> Leg | None:
    return next((g for g in flight.legs if g.object == "stack"), None)


def _own(flight: Flight) -> list[Leg]:
    return [g for g in flight.legs if g.object == flight.mission.spacecraft.id]


# hand-overs -------------------------------------------------------------------------------------
def _carried(given: dict[str, Any], taken: dict[str, Any]) -> Make:
    """What the first orbit of the spacecraft was given and what it took, beside the state."""

    def make(flight: Flight) -> Flight | None:
        leg = next((g for g in _own(flight) if g.handover_in is not None), None)
        if leg is None or leg.handover_in is None:
            return None
        hand = replace(leg.handover_in, state=replace(leg.handover_in.state, **given))
        return _with(flight, leg, handover_in=hand, start=replace(leg.start, **taken))

    return make


def _turned(angle_rad: float) -> np.ndarray:
    return np.array([math.cos(0.5 * angle_rad), 0.0, 0.0, math.sin(0.5 * angle_rad)])


def _called_fixed(flight: Flight) -> Flight | None:
    """Inertial axes called Earth-fixed."""
    leg = next((g for g in _own(flight) if g.path.frame.centre == "earth"), None)
    return None if leg is None else _with(flight, leg, start=replace(leg.start, frame=ITRF))


def _last_end(flight: Flight) -> Flight | None:
    """The last state written with decimetres."""
    mine = _own(flight)
    if not mine:
        return None
    return _with(flight, mine[-1], end=replace(mine[-1].end, r_m=np.round(mine[-1].end.r_m, 1)))


def _impact_late(flight: Flight) -> Flight | None:
    leg = next((g for g in flight.legs if g.impact is not None), None)
    if leg is None or leg.impact is None:
        return None
    return _with(flight, leg, impact=replace(leg.impact, epoch=leg.impact.epoch + 1.0))


def _dropped_grams(flight: Flight) -> Flight | None:
    leg = next((g for g in flight.legs if g.kind in ("stage", "booster")), None)
    if leg is None:
        return None
    return _with(flight, leg, start=replace(leg.start, mass_kg=leg.start.mass_kg + 0.02))


# the plan and the ledger ----------------------------------------------------------------------
def _half_payload(flight: Flight) -> Flight | None:
    stack = _stack(flight)
    plan = None if stack is None else stack.plan
    if stack is None or plan is None or "payload_kg" not in plan.targets:
        return None
    halved = {**plan.targets, "payload_kg": 0.5 * plan.targets["payload_kg"]}
    return _with(flight, stack, plan=replace(plan, targets=halved))


def _axes(flight: Flight) -> Flight | None:
    """The launch axes of another alignment, 5 deg about the pad's meridian."""
    stack = _stack(flight)
    plan = None if stack is None else stack.plan
    if stack is None or plan is None:
        return None
    s, c = math.sin(5.0 * _DEG), math.cos(5.0 * _DEG)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return _with(flight, stack, plan=replace(plan, launch_axes=turn @ np.asarray(plan.launch_axes)))


def _grams(flight: Flight) -> Flight | None:
    stack = _stack(flight)
    if stack is None or not stack.ledger.burns:
        return None
    *rest, last = stack.ledger.burns
    told = replace(last, propellant_kg=last.propellant_kg + 0.005)
    return _with(flight, stack, ledger=replace(stack.ledger, burns=(*rest, told)))


def _metres_off(flight: Flight) -> Flight | None:
    """The optimiser's own insertion, told 500 m from what was flown."""
    stack = _stack(flight)
    if stack is None:
        return None
    own = stack.solve.residuals
    name = next((n for n in own if n.endswith("position_m")), None)
    if name is None:
        return None
    return _with(flight, stack, solve=replace(stack.solve, residuals={**own, name: 500.0}))


def _heading(flight: Flight) -> Flight | None:
    own = flight.launch
    if own is None:
        return None
    told = own.azimuth_relative_rad + 4.0 * _DEG
    return replace(flight, launch=replace(own, azimuth_relative_rad=told))


def _other_peak(flight: Flight) -> Flight | None:
    """Another event of the ascent bears the name of the greatest dynamic pressure."""
    stack = _stack(flight)
    if stack is None or not any(e.name == "max-q" for e in stack.events):
        return None
    other = next((e for e in stack.events if e.t_s > 100.0), None)
    if other is None:
        return None
    rest = [e for e in stack.events if e.name != "max-q"]
    told = sorted([*rest, replace(other, name="max-q")], key=lambda e: e.t_s)
    return _with(flight, stack, events=tuple(told))


def _shadows(flight: Flight) -> Flight | None:
    """The last crossing of the Earth's shadow is not told."""
    leg = next((g for g in _own(flight) if g.chapter == "orbit"), None)
    if leg is None:
        return None
    shade = [e for e in leg.events if _is_shadow(e)]
    if len(shade) < 8:
        return None
    lost = shade[-4:]
    return _with(flight, leg, events=tuple(e for e in leg.events if e not in lost))


def _is_shadow(event: Event) -> bool:
    return "umbra" in event.name and "Moon" not in event.name


# steps that are told as the file has them -----------------------------------------------------
def _asked(change: Callable[[Step], Step | None]) -> Make:
    """The first step that can be is told otherwise, in the file and with the legs alike."""

    def make(flight: Flight) -> Flight | None:
        own = flight.mission.plan
        for k, step in enumerate(own):
            changed = change(step)
            if changed is None:
                continue
            legs = tuple(
                replace(g, steps=tuple(changed if s == step else s for s in g.steps))
                for g in flight.legs
            )
            told = _mission(flight, plan=(*own[:k], changed, *own[k + 1 :]))
            return replace(told, legs=legs)
        return None

    return make


def _longer(step: Step) -> Step | None:
    if not isinstance(step, Coast) or step.duration_s is None:
        return None
    return replace(step, duration_s=step.duration_s + 60.0)


def _other_end(step: Step) -> Step | None:
    other = {"apoapsis": "periapsis", "periapsis": "apoapsis",
             "ascending node": "descending node", "descending node": "ascending node"}  # fmt: skip
    if not isinstance(step, Coast) or not isinstance(step.until, Until):
        return None
    if step.until.kind not in other:
        return None
    return replace(step, until=replace(step.until, kind=other[step.until.kind]))


def _larger(step: Step) -> Step | None:
    if not isinstance(step, Manoeuvre):
        return None
    if step.delta_v_m_s is not None:
        return replace(step, delta_v_m_s=1.1 * step.delta_v_m_s)
    if step.duration_s is not None:
        return replace(step, duration_s=1.1 * step.duration_s)
    return None


def _aside(step: Step) -> Step | None:
    if not isinstance(step, Manoeuvre):
        return None
    x, y, z = step.direction
    return replace(step, direction=(y, z, x))


# files ------------------------------------------------------------------------------------------
def _limit(name: str, value: float) -> Make:
    """A limit that the file did not hold when the flight was planned."""

    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        return _mission(flight, limits=replace(flight.mission.limits, **{name: value}))

    return make


def _stage(change: Callable[[Stage], Stage | None], last: bool = True) -> Make:
    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        vehicle = flight.mission.vehicle
        stages = list(vehicle.stages)
        k = len(stages) - 1 if last else 0
        changed = change(stages[k])
        if changed is None:
            return None
        stages[k] = changed
        return _mission(flight, vehicle=replace(vehicle, stages=tuple(stages)))

    return make


def _later(stage: Stage) -> Stage | None:
    if stage.ignition.kind != "after":
        return None
    late = replace(stage.ignition, delay_s=stage.ignition.delay_s + 2.0)
    return replace(stage, ignition=late)


def _any_stage(change: Callable[[Stage], Stage | None]) -> Make:
    """The first stage that can be, told otherwise."""

    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission):
            return None
        vehicle = flight.mission.vehicle
        stages = list(vehicle.stages)
        for k, stage in enumerate(stages):
            changed = change(stage)
            if changed is not None:
                stages[k] = changed
                return _mission(flight, vehicle=replace(vehicle, stages=tuple(stages)))
        return None

    return make


def _settles(seconds: float, flow_kg_s: float) -> Callable[[Stage], Stage | None]:
    def change(stage: Stage) -> Stage | None:
        if not stage.restarts:
            return None
        return replace(stage, settling_s=seconds, settling_flow_kg_s=flow_kg_s)

    return change


def _slimmer(flight: Flight) -> Flight | None:
    if not isinstance(flight.mission, Mission):
        return None
    vehicle = flight.mission.vehicle
    drag = replace(vehicle.drag, area_m2=0.92 * vehicle.drag.area_m2)
    return _mission(flight, vehicle=replace(vehicle, drag=drag))


def _beside(flight: Flight) -> Flight | None:
    """The start as a message that states elements beside its state, in another unit."""
    mine = _own(flight)
    if isinstance(flight.mission, Mission) or not mine or flight.mission.start.ground is not None:
        return None
    state = mine[0].start
    if state.frame.centre != "earth":
        return None
    r, v = _three(state.r_m), _three(state.v_m_s)
    mu = 3.986004418e14
    a = 1.0 / (2.0 / float(np.linalg.norm(r)) - float(np.dot(v, v)) / mu)
    h = np.cross(r, v)
    i = math.atan2(math.hypot(h[0], h[1]), h[2])
    stated = StartBeside(1.609344 * a, 0.0, i, mu)
    start = Start(state.epoch, state=StartState("gcrf", r, v), beside=stated)
    return _mission(flight, start=start)


def _three(vector: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(c) for c in vector)
    return x, y, z


def _isp(stage: Stage) -> Stage:
    return replace(stage, isp_vacuum_s=0.999 * stage.isp_vacuum_s)


def _narrow(stage: Stage) -> Stage | None:
    if stage.throttle_range is None:
        return None
    return replace(stage, throttle_range=(0.995, 1.0))


def _grammes(flight: Flight) -> Flight | None:
    """A payload that the vehicle's file tells of, in tonnes read as kg."""
    if not isinstance(flight.mission, Mission) or not flight.mission.vehicle.payloads:
        return None
    first, *rest = flight.mission.vehicle.payloads
    told = (replace(first, mass_kg=1e-3 * first.mass_kg), *rest)
    return _mission(flight, vehicle=replace(flight.mission.vehicle, payloads=told))


def _corridor(flight: Flight) -> Flight | None:
    """A published corridor that was turned by half a turn; no figure of it is an estimate."""
    from cosmodrome.catalog.nouns import Corridor

    if not isinstance(flight.mission, Mission) or flight.launch is None:
        return None
    back = flight.launch.azimuth_relative_rad + math.pi
    site = flight.mission.site
    behind = (Corridor(back - 0.5, back + 0.5, "relative"),)
    return _mission(flight, site=replace(site, corridors=behind, figures={}))


def _fairing(flight: Flight) -> Flight | None:
    """The heat flux at which the fairing may go, in kW read as hundreds of W."""
    if not isinstance(flight.mission, Mission):
        return None
    vehicle = flight.mission.vehicle
    if vehicle.fairing is None or not vehicle.fairing.heat_flux_w_m2:
        return None
    told = replace(vehicle.fairing, heat_flux_w_m2=0.1 * vehicle.fairing.heat_flux_w_m2)
    return _mission(flight, vehicle=replace(vehicle, fairing=told))


def _dark(flight: Flight) -> Flight | None:
    """A battery for a minute, told for an hour, where there is a shadow."""
    if not any(e.name == "umbra entry" for g in _own(flight) for e in g.events):
        return None
    return _mission(flight, spacecraft=replace(flight.mission.spacecraft, shadow_s=60.0))


def _meet(flight: Flight) -> Flight | None:
    """An object to be met whose node is another one's."""
    if not isinstance(flight.mission, Mission) or flight.orbit is None or flight.launch is None:
        return None
    if flight.mission.launch.meet is not None or flight.orbit.body != "earth":
        return None
    own, at = flight.orbit.mean, flight.launch.epoch
    there = StartElements(
        "tod", own.a_m, own.e, own.i_rad, own.raan_rad + 5.0 * _DEG, 0.0, "mean", 0.0, mean=True
    )
    met = Meet(Start(at, elements=there, source="elements"), 21_600.0)
    return _mission(flight, launch=replace(flight.mission.launch, meet=met))


def _little(flight: Flight) -> Flight | None:
    """Half of what the burns took is said to have been loaded."""
    craft = flight.mission.spacecraft
    burns = [g for g in _own(flight) if g.chapter == "transfer"]
    burnt = sum(g.start.mass_kg - g.end.mass_kg for g in burns)
    mass = craft.mass_kg or math.inf
    if craft.engine is None or 0.5 * burnt < 1.1e-3 * mass:
        return None
    return _mission(flight, spacecraft=replace(craft, propellant_kg=0.5 * burnt))


OF_ONE_RECORD: dict[str, _Slip] = {
    "handover.attitude": _Slip(
        "an attitude turned by 2 deg on the way",
        _carried({"attitude": _UPRIGHT}, {"attitude": _turned(2.0 * _DEG)}),
    ),
    "handover.covariance": _Slip(
        "a covariance in km^2 read as m^2",
        _carried({"covariance": _KNOWN}, {"covariance": 1e-6 * _KNOWN}),
    ),
    "start.axes": _Slip("a first state called Earth-fixed", _called_fixed),
    "end.rounded": _Slip("the last state written with decimetres", _last_end),
    "impact.late": _Slip("an impact a leap second off", _impact_late),
    "dropped.grams": _Slip("a dropped stage told 20 g heavier", _dropped_grams),
    "plan.payload": _Slip("the plan's payload told half as heavy", _half_payload),
    "plan.axes": _Slip("launch axes told 5 deg off", _axes),
    "ledger.grams": _Slip("the last burn's propellant told 5 g larger", _grams),
    "solve.residual": _Slip("the optimum told 500 m from what was flown", _metres_off),
    "launch.heading-4": _Slip("the relative heading told 4 deg off", _heading),
    "event.peak": _Slip("another event bears the name of max-q", _other_peak),
    "event.shadow-few": _Slip("the last shadow is not told", _shadows),
}
OF_ONE_FILE: dict[str, _Slip] = {
    "told.coast": _Slip("a coast a minute longer, in file and record alike", _asked(_longer)),
    "told.event": _Slip("a coast to the other event, in file and record alike", _asked(_other_end)),
    "told.burn": _Slip("a burn a tenth larger, in file and record alike", _asked(_larger)),
    "told.direction": _Slip("a burn across, in file and record alike", _asked(_aside)),
    "limits.q": _Slip("a bound of 6 kPa on dynamic pressure", _limit("dynamic_pressure_pa", 6e3)),
    "limits.q-alpha": _Slip("a bound of 510 Pa rad on q alpha", _limit("q_alpha_pa_rad", 510.0)),
    "limits.flux": _Slip("a bound of 150 W/m^2 on heat", _limit("heat_flux_w_m2", 150.0)),
    "limits.g": _Slip("a bound of 1.5 g", _limit("axial_acceleration_m_s2", 14.7)),
    "vehicle.ignition": _Slip("a stage lit 2 s later by its rule", _any_stage(_later)),
    "vehicle.isp-little": _Slip(
        "specific impulse of the first stage 0.1 % low", _stage(_isp, last=False)
    ),
    "vehicle.throttle": _Slip("an engine that hardly throttles", _any_stage(_narrow)),
    "vehicle.slow": _Slip(
        "a turn rate of 0.08 deg/s", _stage(lambda s: replace(s, slew_rate_rad_s=1.4e-3))
    ),
    "vehicle.settles": _Slip(
        "20 g lost while settling, which were not", _stage(_settles(20.0, 0.001))
    ),
    "vehicle.slimmer": _Slip("drag on 8 % less area", _slimmer),
    "start.stated": _Slip("elements beside a state in miles read as km", _beside),
    "vehicle.suborbital": _Slip(
        "a first stage that must fall, told of the last",
        _stage(lambda s: replace(s, suborbital=True)),
    ),
    "vehicle.payload": _Slip("a payload in t read as kg", _grammes),
    "vehicle.fairing": _Slip("the fairing's heat flux a tenth", _fairing),
    "site.corridor-published": _Slip("a published corridor that is open behind", _corridor),
    "craft.battery": _Slip("a battery for a minute", _dark),
    "craft.loaded": _Slip("half of the propellant that was burnt", _little),
    "launch.meet": _Slip("the node of an object to be met 5 deg off", _meet),
}
