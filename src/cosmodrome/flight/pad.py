"""From the pad to the orbit that was asked for.

The ascent is optimised in a launch frame that knows the pad's meridian but not the clock:
its physics is symmetric about the Earth's axis, so one optimum serves every launch instant.
The instant is then the one that turns the insertion node into the target plane. The flown
orbit, in full dynamics, says how far the mean orbit is from the target; that difference is
fed back as a bias of the insertion aim and the ascent is solved again from its own optimum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome import ascent, orbit, site
from cosmodrome.ascent.rungs import solve_by_rungs
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.flight.moonward import towards_the_moon
from cosmodrome.flight.pointward import towards_the_point
from cosmodrome.flight.walk import Walk, coasts_first, longest_s, with_tanks
from cosmodrome.record import Flight, Payload
from cosmodrome.vehicle import liftoff_mass
from cosmodrome.vehicle.losses import GLOBAL, spent
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import G0, OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission
    from cosmodrome.record import ArrivalLooked, Handover, LaunchSolution, Ledger, Leg, OrbitRecord
    from cosmodrome.targets import Bias, Insertion
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["from_the_pad"]

# the aim is corrected until the flown mean orbit is this close to the target
_AIM_M = 20.0
_AIM_I_RAD = 2e-6
_AIM_PASSES = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Pass:
    """What one time through the chapters gave: `legs` are those in orbit."""

    solution: AscentSolution
    launch: LaunchSolution
    climbed: ascent.Climbed
    legs: tuple[Leg, ...]
    records: dict[str, OrbitRecord]
    held: str = ""

    def released(self, craft: str) -> State:
        """A spacecraft's state as the stack left it."""
        return next(g.state for g in _released(self.climbed.leg) if craft in g.attached)


def from_the_pad(mission: Mission, run: Run) -> Flight:
    """Plan and fly the ascent to the target, then the rest of the plan."""
    others: tuple[ArrivalLooked, ...] = ()
    if mission.target.kind == "lunar-orbit":
        mission, passed, others = towards_the_moon(mission, run, _fly_to_target)
    elif mission.target.kind == "libration":
        mission, passed = towards_the_point(mission, run, _fly_to_target)
    else:
        passed = _fly_to_target(mission, run)
    stack = passed.climbed.leg
    with run.stage("range-safety", "finding what falls where"):
        legs = (stack, *passed.climbed.dropped())
        safety = ascent.range_safety(legs, mission, run.world)
    zero, primary = passed.launch.epoch, mission.spacecraft.id
    walk = Walk(_mission_as_loaded(mission, passed.solution), zero, run)
    rest = mission.plan[len(coasts_first(mission.plan)) :]
    flown = next((g for g in passed.legs if g.object == primary), None)
    rest = (*(() if flown is None else flown.left), *rest)
    if rest and flown is None:
        (given,) = (g for g in _released(stack) if primary in g.attached)
        walk.fly(with_tanks(given, walk.mission.spacecraft), rest)
    elif rest and flown is not None and not orbit.fell(flown):
        assert flown.handover_out is not None
        walk.fly(flown.handover_out, rest)
    return Flight(
        mission=mission,
        launch=passed.launch,
        payload=_payload(mission, passed.solution, stack.ledger),
        orbit=passed.records.pop(primary),
        legs=(*legs, *passed.legs, *walk.legs),
        provenance=run.provenance(),
        timing=run.timing,
        range_safety=safety,
        orbits={**passed.records, **walk.orbits},
        reached=walk.reached,
        reaches=walk.reaches,
        upkeep=tuple(walk.upkeep),
        arrivals=(*others, *walk.arrivals),
        libration=tuple(walk.libration),
    )


def _released(stack: Leg) -> tuple[Handover, ...]:
    """Every spacecraft as the stack left it."""
    if stack.handover_out is None:
        raise InfeasibleError("the ascent released nothing; nothing can be flown on")
    return stack.released or (stack.handover_out,)


def _fly_to_target(mission: Mission, run: Run, previous: _Pass | None = None) -> _Pass:
    """Plan, execute, compare the flown mean orbit with the target, correct the aim, again.

    previous  the same mission flown to a target nearby, to start from
    """
    about = mission.launch.time or (mission.launch.window or (None,))[0]
    if about is None:
        raise InputError(
            "the mission says no launch time and no window; write"
            " launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"
        )
    _within_data(mission, about, run)
    _lifts_off(mission)
    world = run.world
    aims = ascent.aims(mission, about, world, site.cheapest_inclination(mission.site))
    # of each orbit, the spacecraft that tells how well it is met
    crafts = [s.craft for s in ascent.stops(mission)] or [mission.spacecraft.id]
    try:
        passed = _pass(mission, aims, previous, run)
    except InfeasibleError as short:
        raise _with_geometry(short, mission, aims[0]) from short
    for _ in range(_AIM_PASSES - 1):
        biases = [
            orbit.bias_from(passed.records[craft], aim)
            for craft, aim in zip(crafts, aims, strict=True)
        ]
        # a given instant may hold the node of the first orbit
        held = [mission.launch.node == "held", *(False for _ in aims[1:])]
        if all(_met(*x) for x in zip(biases, aims, held, strict=True)):
            break
        aims = tuple(aim.with_bias(aim.bias + bias) for bias, aim in zip(biases, aims, strict=True))
        passed = _pass(mission, aims, passed, run)
    return passed


def _met(bias: Bias, aim: Insertion, held: bool) -> bool:
    """Is the flown mean orbit as close to the target as is asked for; its node too, where held?"""
    e_m = aim.a_mean_m * math.hypot(bias.dex, bias.dey)
    plane = abs(bias.di_rad)
    if held:
        plane = max(plane, abs(bias.draan_rad) * math.sin(aim.i_mean_rad))
    return max(abs(bias.da_m), e_m) < _AIM_M and plane < _AIM_I_RAD


def _with_geometry(
    short: InfeasibleError, mission: Mission, insertion: Insertion
) -> InfeasibleError:
    """What is short, and beside it that no plane of this inclination passes over the pad."""
    pad = mission.site
    try:
        site.launch_azimuths(pad.latitude_rad, insertion.i_mean_rad, height_m=pad.height_m)
    except InfeasibleError as geometry:
        return InfeasibleError(f"{short}\n{geometry}")
    return short


def _lifts_off(mission: Mission) -> None:
    """InfeasibleError where the stack outweighs even the vacuum thrust it lifts off with."""
    vehicle, mass = mission.vehicle, ascent.priced(mission).mass_kg
    mass = (mass or 0.0) + ascent.cargo_kg(mission)
    thrust = sum(
        s.count * s.thrust_vacuum_n for s in vehicle.stages if s.ignition.kind == "lift-off"
    )
    stack = liftoff_mass(vehicle, mass)
    if stack * G0 > thrust:
        raise InfeasibleError(
            f"{vehicle.name} with {mass:.6g} kg of spacecraft weighs"
            f" {stack * G0 / 1e3:.6g} kN on the pad, more than the {thrust / 1e3:.6g} kN"
            " of vacuum thrust it lifts off with; lower the mass, or check the masses and thrusts"
            " in the vehicle's file"
        )


def _within_data(mission: Mission, about: Epoch, run: Run) -> None:
    """InputError for a flight that would leave the span of the ephemeris."""
    last = (mission.launch.window or (about, about))[1]
    run.covers(about, last + longest_s(mission.plan, last, mission.spacecraft.carries))


def _pass(
    mission: Mission,
    aims: tuple[Insertion, ...],
    previous: _Pass | None,
    run: Run,
) -> _Pass:
    """One time through the chapters: optimise, turn to the launch instant, re-fly, coast."""
    world, watch = run.world, run.watch
    stop_if_cancelled(run.watch)
    held = "" if previous is None else previous.held
    with run.stage("ascent", "optimising the ascent"):
        if previous is None and mission.launch.node == "held":
            solution, held = _at_the_instant(mission, aims, world, watch)
        elif previous is None:
            solution = solve_by_rungs(mission, aims[0], world, watch, aims[1:])
        else:
            solution = ascent.solve(
                mission, aims[0], world, watch, previous=previous.solution, onward=aims[1:]
            )
    with run.stage("launch", "finding the launch instant"):
        turned = ascent.plane_change(solution, mission.vehicle)
        heading = ascent.planned_heading_rad(solution, mission.vehicle)
        launch = replace(
            site.launch(mission, ascent.towards(aims[0], solution), solution, world, turned),
            azimuth_relative_rad=heading,
            within_corridor=site.heading_within(mission.site, heading),
        )
        launch = replace(launch, note=f"{launch.note}{held}")
    flown = _mission_as_loaded(mission, solution)
    with run.stage("flight", "re-flying the plan"):
        climbed = ascent.fly_stack(ascent.plan(solution, launch.epoch, world), flown, world)
    records, legs = {}, []
    for given in _released(climbed.leg):
        (craft,) = given.attached
        own = flown.of(craft)
        with run.stage("orbit", "propagating the orbit"):
            leg, records[craft] = orbit.execute(
                with_tanks(given, own.spacecraft),
                own,
                world,
                watch,
                coasts=coasts_first(mission.plan),
                lift_off=launch.epoch,
            )
        legs += [] if leg is None else [leg]
    return _Pass(solution, launch, climbed, tuple(legs), records, held)


def _at_the_instant(
    mission: Mission, aims: tuple[Insertion, ...], world: World, watch: Watch
) -> tuple[AscentSolution, str]:
    """The ascent that holds the node from the given instant, and what holding it costs in words."""
    when = mission.launch.time
    assert when is not None
    follows = replace(mission, launch=replace(mission.launch, node="follows"))
    free = solve_by_rungs(follows, aims[0], world, watch, aims[1:])
    miss = site.node_miss(
        mission.site, free.node_minus_pad_rad, free.travel_s, aims[0].raan_wanted, when, world
    )
    late_min = miss / OMEGA_EARTH_RAD_S / 60.0
    best = (when + -miss / OMEGA_EARTH_RAD_S).utc(0)
    instant = f"{abs(late_min):.2f} min {'after' if late_min > 0.0 else 'before'} the best, {best}"
    try:
        solution = solve_by_rungs(mission, aims[0], world, watch, aims[1:])
    except InfeasibleError as e:
        raise InfeasibleError(
            f"{e}; the lift-off given is {instant}, from which {free.capability_kg:.0f} kg can be"
            " carried: move it nearer, or leave out launch: node: held"
        ) from None
    if ascent.priced(mission).mass_kg is None:
        less, what = free.capability_kg - solution.capability_kg, "capability"
    else:
        less, what = free.margin_kg - solution.margin_kg, "margin"
    return solution, f"; {instant}, held there by turning the plane for {less:.1f} kg of {what}"


def _mission_as_loaded(mission: Mission, solution: AscentSolution) -> Mission:
    """With `mass: maximum` the spacecraft weighs what the solution found."""
    craft = ascent.priced(mission)
    return mission if craft.mass_kg is not None else mission.weighing(craft.id, solution.payload_kg)


def _payload(mission: Mission, solution: AscentSolution, ledger: Ledger) -> Payload:
    able = solution.capability_kg
    words = (*ascent.held_in_words(solution), *ascent.limits_in_words(solution.multipliers))
    if mission.passengers:
        primary = mission.spacecraft
        own = ascent.priced(mission) is primary
        mass = solution.payload_kg if own else primary.mass_kg or 0.0
        # beside a passenger that takes all there is, the primary has nothing to gain; no rating
        # is of several orbits, so nothing is expected with losses
        return Payload(
            mass_kg=mass,
            capability_kg=able if own else mass,
            margin_kg=solution.margin_kg,
            limited_by=words,
            solved={ascent.priced(mission).id: solution.payload_kg},
        )
    # at release the lighter spacecraft and what is left over stand for the heavier one
    released = solution.mass_kg - solution.payload_kg - solution.margin_kg + able
    expected, sigma = GLOBAL.payload(spent(mission.vehicle, ledger, able, released))
    return Payload(
        mass_kg=solution.payload_kg,
        capability_kg=able,
        margin_kg=solution.margin_kg,
        published=tuple(str(p) for p in mission.vehicle.payloads),
        limited_by=words,
        expected_kg=expected,
        expected_sigma_kg=sigma,
        expected_over=GLOBAL.vehicles,
    )
