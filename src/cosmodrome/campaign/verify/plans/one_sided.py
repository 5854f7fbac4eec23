"""Slips that one look alone can see: small ones, and those of material that little else rests on.

Of grams in a ledger, of what a hand-over carries beside the state, of limits a flight was not told
of, of the plan's own words.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.campaign.verify.plans.slips import (
    ANY,
    FIRST,
    Slip,
    behind,
    first_dropped,
    first_orbit,
    is_shadow,
    launcher,
    longer,
    mine,
    of_last_burn,
    of_launch,
    of_limits,
    of_site,
    of_stage,
    of_vehicle,
    three,
    told_alike,
    with_leg,
    with_mission,
)
from cosmodrome.mission.nouns import Meet, Mission, Quantity
from cosmodrome.mission.starts import Start, StartBeside, StartElements, StartState
from cosmodrome.mission.steps import Coast, Manoeuvre, Phase, Until
from cosmodrome.world.frame import ITRF

if TYPE_CHECKING:
    from cosmodrome.campaign.verify.plans.slips import Make
    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.nouns import Flight

__all__ = ["OF_ONE_FILE", "OF_ONE_RECORD"]

_DEG = math.pi / 180.0
# a coast in which a stage has time to turn, and the slowest rate that any is told to turn at
_TURNS_S, _SLOWEST_RAD_S = 0.5, 0.075 * _DEG
_UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])
_KNOWN = np.diag([1e4, 1e4, 1e4, 1e-2, 1e-2, 1e-2])


# hand-overs -------------------------------------------------------------------------------------
def _carried(given: dict[str, Any], taken: dict[str, Any]) -> Make:
    """What the first orbit of the spacecraft was given and what it took, beside the state."""

    def make(flight: Flight) -> Flight | None:
        leg = next((g for g in mine(flight) if g.handover_in is not None), None)
        if leg is None or leg.handover_in is None:
            return None
        hand = replace(leg.handover_in, state=replace(leg.handover_in.state, **given))
        return with_leg(flight, leg, handover_in=hand, start=replace(leg.start, **taken))

    return make


def _turned(angle_rad: float) -> np.ndarray:
    return np.array([math.cos(0.5 * angle_rad), 0.0, 0.0, math.sin(0.5 * angle_rad)])


def _called_fixed(flight: Flight) -> Flight | None:
    """Inertial axes called Earth-fixed."""
    leg = next((g for g in mine(flight) if g.path.frame.centre == "earth"), None)
    return None if leg is None else with_leg(flight, leg, start=replace(leg.start, frame=ITRF))


def _last_end(flight: Flight) -> Flight | None:
    """The last state written with decimetres."""
    own = mine(flight)
    if not own:
        return None
    return with_leg(flight, own[-1], end=replace(own[-1].end, r_m=np.round(own[-1].end.r_m, 1)))


def _impact_late(flight: Flight) -> Flight | None:
    leg = next((g for g in flight.legs if g.impact is not None), None)
    if leg is None or leg.impact is None:
        return None
    return with_leg(flight, leg, impact=replace(leg.impact, epoch=leg.impact.epoch + 1.0))


def _dropped_grams(flight: Flight) -> Flight | None:
    leg = first_dropped(flight)
    if leg is None:
        return None
    return with_leg(flight, leg, start=replace(leg.start, mass_kg=leg.start.mass_kg + 0.02))


def _handed_on(**factors: float) -> Make:
    """What the last leg hands on, to whoever flies or tracks it next, in another unit."""

    def make(flight: Flight) -> Flight | None:
        own = mine(flight)
        given = own[-1].handover_out if own else None
        if given is None:
            return None
        told: dict[str, Any] = {k: by * getattr(given.state, k) for k, by in factors.items()}
        wrong = replace(given, state=replace(given.state, **told))
        return with_leg(flight, own[-1], handover_out=wrong)

    return make


# the plan and the ledger ----------------------------------------------------------------------
def _half_payload(flight: Flight) -> Flight | None:
    stack = launcher(flight)
    plan = None if stack is None else stack.plan
    if stack is None or plan is None or "payload_kg" not in plan.targets:
        return None
    halved = {**plan.targets, "payload_kg": 0.5 * plan.targets["payload_kg"]}
    return with_leg(flight, stack, plan=replace(plan, targets=halved))


def _axes(flight: Flight) -> Flight | None:
    """The launch axes of another alignment, 5 deg about the pad's meridian."""
    stack = launcher(flight)
    plan = None if stack is None else stack.plan
    if stack is None or plan is None:
        return None
    s, c = math.sin(5.0 * _DEG), math.cos(5.0 * _DEG)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return with_leg(
        flight, stack, plan=replace(plan, launch_axes=turn @ np.asarray(plan.launch_axes))
    )


def _metres_off(flight: Flight) -> Flight | None:
    """The optimiser's own insertion, told 500 m from what was flown."""
    stack = launcher(flight)
    if stack is None:
        return None
    own = stack.solve.residuals
    name = next((n for n in own if n.endswith("position_m")), None)
    if name is None:
        return None
    return with_leg(flight, stack, solve=replace(stack.solve, residuals={**own, name: 500.0}))


def _other_peak(flight: Flight) -> Flight | None:
    """Another event of the ascent bears the name of the greatest dynamic pressure."""
    stack = launcher(flight)
    if stack is None or not any(e.name == "max-q" for e in stack.events):
        return None
    other = next((e for e in stack.events if e.t_s > 100.0), None)
    if other is None:
        return None
    rest = [e for e in stack.events if e.name != "max-q"]
    told = sorted([*rest, replace(other, name="max-q")], key=lambda e: e.t_s)
    return with_leg(flight, stack, events=tuple(told))


def _other_name(flight: Flight) -> Flight | None:
    """The fairing's jettison and the event after it have changed names."""
    stack = launcher(flight)
    names = [] if stack is None else [e.name for e in stack.events]
    if stack is None or "fairing jettison" not in names[:-1]:
        return None
    k = names.index("fairing jettison")
    names[k], names[k + 1] = names[k + 1], names[k]
    told = tuple(replace(e, name=name) for e, name in zip(stack.events, names, strict=True))
    return with_leg(flight, stack, events=told)


def _shadows(flight: Flight) -> Flight | None:
    """The last crossing of the Earth's shadow is not told."""
    leg = first_orbit(flight)
    if leg is None:
        return None
    shade = [e for e in leg.events if is_shadow(e)]
    if len(shade) < 8:
        return None
    lost = shade[-4:]
    return with_leg(flight, leg, events=tuple(e for e in leg.events if e not in lost))


# steps that are told as the file has them -----------------------------------------------------
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


def _closer(step: Step) -> Step | None:
    """The half-width of a slot, its tenths of a degree read as thousandths: closer than the Moon
    and the Sun let a drift be stopped. Low orbits are left as closely as that."""
    own = step.condition if isinstance(step, Phase) else None
    if not isinstance(step, Phase) or own is None or own.quantity != "longitude":
        return None
    return replace(step, condition=replace(own, tolerance=0.01 * own.tolerance))


# files ------------------------------------------------------------------------------------------
def _half_as_many(stage: Stage) -> Stage | None:
    """Settling by half as many thrusters for twice as long, which takes as much propellant."""
    if not stage.restarts or not stage.settling_flow_kg_s:
        return None
    half = 0.5 * stage.settling_flow_kg_s
    return replace(stage, settling_s=2.0 * stage.settling_s, settling_flow_kg_s=half)


def _seat(flight: Flight) -> Flight | None:
    """What the fairing stands on is weighed with it, and not with the last stage."""
    vehicle = flight.mission.vehicle if isinstance(flight.mission, Mission) else None
    if vehicle is None or vehicle.fairing is None:
        return None
    *rest, last = vehicle.stages
    seat = 0.05 * min(vehicle.fairing.mass_kg, last.dry_mass_kg * last.count)
    lighter = replace(last, dry_mass_kg=last.dry_mass_kg - seat / last.count)
    fairing = replace(vehicle.fairing, mass_kg=vehicle.fairing.mass_kg + seat)
    told = replace(vehicle, stages=(*rest, lighter), fairing=fairing)
    return with_mission(flight, vehicle=told)


def _interstage(flight: Flight) -> Flight | None:
    """The interstage under the last stage is weighed with the stage below, and not with it."""
    if not isinstance(flight.mission, Mission) or len(flight.mission.vehicle.stages) < 2:
        return None
    vehicle = flight.mission.vehicle
    *rest, below, last = vehicle.stages
    kg = 0.05 * last.count * last.dry_mass_kg
    heavier = replace(below, dry_mass_kg=below.dry_mass_kg + kg / below.count)
    lighter = replace(last, dry_mass_kg=last.dry_mass_kg - kg / last.count)
    return with_mission(flight, vehicle=replace(vehicle, stages=(*rest, heavier, lighter)))


def _floor(flight: Flight) -> Flight | None:
    """A floor of perigees that the flight was not told of, just above its own."""
    if flight.orbit is None or flight.orbit.body != "earth" or flight.orbit.osculating.a_m < 0.0:
        return None
    own = flight.orbit.osculating
    low = own.a_m * (1.0 - own.e) - 6_378_137.0
    return of_limits(perigee_altitude_m=low + 5e3)(flight)


def _node_asked(flight: Flight) -> Flight | None:
    """A node that the file asked for too late: it was left free, and the pad turned on for a
    quarter of an hour."""
    target, own = flight.mission.target, flight.orbit
    if target is None or own is None or own.body != "earth" or own.mean.i_rad < 1.0 * _DEG:
        return None
    if target.raan_rad is not None or target.ltan_s is not None or target.plane_of is not None:
        return None
    asked = Quantity(own.mean.raan_rad + 3.76 * _DEG, 0.1 * _DEG)
    return with_mission(flight, target=replace(target, raan_rad=asked))


def _later(stage: Stage) -> Stage | None:
    if stage.ignition.kind != "after":
        return None
    late = replace(stage.ignition, delay_s=stage.ignition.delay_s + 2.0)
    return replace(stage, ignition=late)


def _spills(stage: Stage) -> Stage:
    """Two millionths of the load at each ignition, grams of a small stage."""
    spilt = stage.ignition_loss_kg + max(0.02, 2e-6 * stage.load_kg)
    return replace(stage, ignition_loss_kg=spilt)


def _beside(flight: Flight) -> Flight | None:
    """The start as a message that states elements beside its state, in another unit."""
    own = mine(flight)
    if isinstance(flight.mission, Mission) or not own or flight.mission.start.ground is not None:
        return None
    state = own[0].start
    if state.frame.centre != "earth":
        return None
    r, v = three(state.r_m), three(state.v_m_s)
    mu = 3.986004418e14
    a = 1.0 / (2.0 / float(np.linalg.norm(r)) - float(np.dot(v, v)) / mu)
    h = np.cross(r, v)
    i = math.atan2(math.hypot(h[0], h[1]), h[2])
    stated = StartBeside(1.609344 * a, 0.0, i, mu)
    start = Start(state.epoch, state=StartState("gcrf", r, v), beside=stated)
    return with_mission(flight, start=start)


def _isp(stage: Stage) -> Stage:
    return replace(stage, isp_vacuum_s=0.999 * stage.isp_vacuum_s)


def _derated(stage: Stage) -> Stage | None:
    """An engine that may burn no more at its full thrust."""
    if stage.throttle_range is None:
        return None
    return replace(stage, throttle_range=(stage.throttle_range[0], 0.95))


def _slow(flight: Flight) -> Flight | None:
    """A last stage that turns at two thirds of the rate its first ignition asks for."""
    stack = launcher(flight)
    if stack is None or not isinstance(flight.mission, Mission) or "ux" not in stack.path.columns:
        return None
    path, k, burns = stack.path, stack.path.columns.index("ux"), stack.ledger.burns
    name = flight.mission.vehicle.stages[-1].id
    lit = min((b.start_s for b in burns if b.stage == name), default=0.0)
    off = max((b.end_s for b in burns if b.end_s <= lit), default=lit)
    lag = stack.start.epoch - path.epoch
    if lit - off < _TURNS_S:
        return None
    u, w = (np.asarray(path.columns_at(lag + t))[k : k + 3] for t in (off - 1e-3, lit + 1e-3))
    rate = math.acos(min(1.0, float(u @ w))) / (lit - off) / 1.5
    if rate < _SLOWEST_RAD_S:
        return None
    return of_stage(lambda s: replace(s, slew_rate_rad_s=rate))(flight)


def _grammes(flight: Flight) -> Flight | None:
    """A payload that the vehicle's file tells of, in tonnes read as kg."""
    if not isinstance(flight.mission, Mission) or not flight.mission.vehicle.payloads:
        return None
    first, *rest = flight.mission.vehicle.payloads
    told = (replace(first, mass_kg=1e-3 * first.mass_kg), *rest)
    return with_mission(flight, vehicle=replace(flight.mission.vehicle, payloads=told))


def _corridor(flight: Flight) -> dict[str, Any] | None:
    """A published corridor that was turned by half a turn; no figure of it is an estimate."""
    turned = behind(flight)
    return None if turned is None else {**turned, "figures": {}}


def _fairing(flight: Flight) -> Flight | None:
    """The heat flux at which the fairing may go, in kW read as hundreds of W."""
    if not isinstance(flight.mission, Mission):
        return None
    vehicle = flight.mission.vehicle
    if vehicle.fairing is None or not vehicle.fairing.heat_flux_w_m2:
        return None
    told = replace(vehicle.fairing, heat_flux_w_m2=0.1 * vehicle.fairing.heat_flux_w_m2)
    return with_mission(flight, vehicle=replace(vehicle, fairing=told))


def _dark(flight: Flight) -> Flight | None:
    """A battery for a minute, told for an hour, where there is a shadow."""
    if not any(e.name == "umbra entry" for g in mine(flight) for e in g.events):
        return None
    return with_mission(flight, spacecraft=replace(flight.mission.spacecraft, shadow_s=60.0))


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
    return with_mission(flight, launch=replace(flight.mission.launch, meet=met))


def _little(flight: Flight) -> Flight | None:
    """Half of what the burns took is said to have been loaded."""
    craft = flight.mission.spacecraft
    burns = [g for g in mine(flight) if g.chapter == "transfer"]
    burnt = sum(g.start.mass_kg - g.end.mass_kg for g in burns)
    mass = craft.mass_kg or math.inf
    if craft.engine is None or 0.5 * burnt < 1.1e-3 * mass:
        return None
    return with_mission(flight, spacecraft=replace(craft, propellant_kg=0.5 * burnt))


OF_ONE_RECORD: dict[str, Slip] = {
    "handover.attitude": Slip(
        "an attitude turned by 2 deg on the way",
        _carried({"attitude": _UPRIGHT}, {"attitude": _turned(2.0 * _DEG)}),
    ),
    "handover.covariance": Slip(
        "a covariance in km^2 read as m^2",
        _carried({"covariance": _KNOWN}, {"covariance": 1e-6 * _KNOWN}),
    ),
    "start.axes": Slip("a first state called Earth-fixed", _called_fixed),
    "end.rounded": Slip("the last state written with decimetres", _last_end),
    "impact.late": Slip("an impact a leap second off", _impact_late),
    "dropped.grams": Slip("a dropped stage told 20 g heavier", _dropped_grams),
    "plan.payload": Slip("the plan's payload told half as heavy", _half_payload),
    "plan.axes": Slip("launch axes told 5 deg off", _axes),
    "ledger.grams": Slip(
        "the last burn's propellant told 5 g larger",
        of_last_burn(lambda b: replace(b, propellant_kg=b.propellant_kg + 0.005)),
    ),
    "solve.residual": Slip("the optimum told 500 m from what was flown", _metres_off),
    "launch.heading-4": Slip(
        "the relative heading told 4 deg off", of_launch(azimuth_relative_rad=4.0 * _DEG)
    ),
    "event.peak": Slip("another event bears the name of max-q", _other_peak),
    "event.shadow-few": Slip("the last shadow is not told", _shadows),
    "event.fairing": Slip(
        "fairing jettison and the next event under each other's name", _other_name
    ),
    "handover.on-mass": Slip("the last state handed on with a mass in t", _handed_on(mass_kg=1e-3)),
    "handover.on-place": Slip("the last state handed on in km", _handed_on(r_m=1e-3)),
}
OF_ONE_FILE: dict[str, Slip] = {
    "told.coast": Slip("a coast a minute longer, in file and record alike", told_alike(longer)),
    "told.event": Slip(
        "a coast to the other event, in file and record alike", told_alike(_other_end)
    ),
    "told.burn": Slip("a burn a tenth larger, in file and record alike", told_alike(_larger)),
    "told.direction": Slip("a burn across, in file and record alike", told_alike(_aside)),
    "limits.q": Slip("a bound of 6 kPa on dynamic pressure", of_limits(dynamic_pressure_pa=6e3)),
    "limits.q-alpha": Slip("a bound of 510 Pa rad on q alpha", of_limits(q_alpha_pa_rad=510.0)),
    "limits.flux": Slip("a bound of 150 W/m^2 on heat", of_limits(heat_flux_w_m2=150.0)),
    "limits.g": Slip("a bound of 1.5 g", of_limits(axial_acceleration_m_s2=14.7)),
    "vehicle.ignition": Slip("a stage lit 2 s later by its rule", of_stage(_later, ANY)),
    "vehicle.isp-little": Slip(
        "specific impulse of the first stage 0.1 % low", of_stage(_isp, FIRST)
    ),
    "vehicle.throttle": Slip("a throttled engine derated to 95 %", of_stage(_derated, ANY)),
    "vehicle.slow": Slip("a last stage that turns slower than it is asked to", _slow),
    "vehicle.spills": Slip("grams lost at every ignition, which were not", of_stage(_spills)),
    "vehicle.slimmer": Slip(
        "drag on 8 % less area", of_vehicle(drag=lambda d: replace(d, area_m2=0.92 * d.area_m2))
    ),
    "start.stated": Slip("elements beside a state in miles read as km", _beside),
    "vehicle.suborbital": Slip(
        "a first stage that must fall, told of the last",
        of_stage(lambda s: replace(s, suborbital=True)),
    ),
    "vehicle.payload": Slip("a payload in t read as kg", _grammes),
    "vehicle.fairing": Slip("the fairing's heat flux a tenth", _fairing),
    "site.corridor-published": Slip("a published corridor that is open behind", of_site(_corridor)),
    "craft.battery": Slip("a battery for a minute", _dark),
    "craft.loaded": Slip("half of the propellant that was burnt", _little),
    "vehicle.settles-half": Slip(
        "settling by half the thrusters for twice as long", of_stage(_half_as_many)
    ),
    "vehicle.seat": Slip("the last stage's seat of the fairing weighed with the fairing", _seat),
    "vehicle.interstage": Slip(
        "the last stage's interstage weighed with the stage below", _interstage
    ),
    "limits.perigee": Slip("a floor of perigees 5 km above the flown one", _floor),
    "phase.width": Slip("half-width of a slot a hundredth of its own", told_alike(_closer)),
    "target.node-asked": Slip("a node asked for of a flight that left it free", _node_asked),
    "launch.meet": Slip("the node of an object to be met 5 deg off", _meet),
}
