"""The walk through a plan: leg by leg, each by the chapter of its step."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from cosmodrome import landing, orbit, targets, transfer
from cosmodrome.dynamics.coasting import centred
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.mission import (
    Coast,
    Deorbit,
    Land,
    Manoeuvre,
    Phase,
    Release,
    Rise,
    Solve,
    StationKeep,
    Stay,
    ToLibration,
    ToMoon,
    Transfer,
    Until,
)
from cosmodrome.record import Flight, Handover, Leg
from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import AnyMission, OrbitMission, Spacecraft, Step
    from cosmodrome.record import ArrivalLooked, LibrationRecord, OrbitRecord, UpkeepRecord
    from cosmodrome.transfer.libration import Reference
    from cosmodrome.world.epoch import Epoch

__all__ = [
    "CHAPTER_OF_STEP",
    "Walk",
    "coasts_first",
    "from_orbit",
    "groups_of",
    "longest_s",
    "with_tanks",
]

# one table maps plan steps to the chapter that flies them
CHAPTER_OF_STEP = {
    Coast: orbit,
    Manoeuvre: transfer,
    Solve: transfer,
    Transfer: transfer,
    Phase: transfer,
    Release: transfer,
    StationKeep: transfer,
    Deorbit: transfer,
    ToMoon: transfer,
    ToLibration: transfer,
    Land: landing,
    Stay: landing,
    Rise: landing,
}


def from_orbit(mission: OrbitMission, run: Run) -> Flight:
    """Walk through the plan from the start in orbit."""
    craft = mission.spacecraft
    if craft.mass_kg is None:
        raise InputError(f"{craft.id} begins in orbit with no mass; write mass: 2900 kg")
    with run.stage("start", "finding the state at the start"):
        near = None
        if mission.start.libration is None:
            state = targets.start_state(mission.start, craft.mass_kg, run.world)
        else:
            span = longest_s(mission.plan, mission.start.epoch)
            run.covers(mission.start.epoch, mission.start.epoch + span)
            state, near = transfer.libration.begun(mission, span, run.world, run.watch)
        state = centred(state, mission.physics, run.world)
    if not mission.plan:
        raise InputError(
            "a mission that begins in orbit needs a plan; write plan: [coast: {for: 1 day}]"
        )
    run.covers(state.epoch, state.epoch + longest_s(mission.plan, state.epoch, craft.carries))
    walk = Walk(mission, state.epoch, run, near)
    walk.fly(with_tanks(Handover(state, (craft.id,), {}, {}), craft), mission.plan)
    return Flight(
        mission=mission,
        launch=None,
        payload=None,
        orbit=walk.first,
        legs=tuple(walk.legs),
        provenance=run.provenance(),
        timing=run.timing,
        orbits=walk.orbits,
        reached=walk.reached,
        reaches=walk.reaches,
        upkeep=tuple(walk.upkeep),
        arrivals=tuple(walk.arrivals),
        libration=tuple(walk.libration),
    )


def coasts_first(plan: tuple[Step, ...]) -> tuple[Coast, ...]:
    """The coasts before anything else: from a release, the orbit that the ascent aims at."""
    return tuple(s for s in takewhile(lambda s: isinstance(s, Coast), plan) if isinstance(s, Coast))


def groups_of(plan: tuple[Step, ...]) -> list[tuple[Step, ...]]:
    """Steps by the leg that flies them: coasts that follow each other are one leg."""
    out: list[tuple[Step, ...]] = []
    for coasting, grouped in groupby(plan, lambda step: isinstance(step, Coast)):
        steps = tuple(grouped)
        out += [steps] if coasting else [(step,) for step in steps]
    return out


def with_tanks(given: Handover, craft: Spacecraft) -> Handover:
    """A spacecraft that goes on by itself: its own tanks are what it can burn from."""
    burns = craft.engine is not None or craft.thrusters is not None
    tanks = {craft.id: craft.propellant_kg} if burns else {}
    return Handover(given.state, (craft.id, *(c.id for c in craft.carries)), tanks, {})


class Walk:
    """The plan of one spacecraft, leg by leg; only a Handover crosses from one to the next.

    What it releases on the way walks on by itself, through a plan of its own where it has one.

    first    the orbit at the start of the walk
    reached  the orbit after the last burn; None without burns
    orbits   of what it released on the way, by id; `reaches`: those they reached by burns
    upkeep   what the steps that keep or leave an orbit came to
    arrivals at the Moon that were weighed for the sake of a landing
    near     the path near a libration orbit that it is on
    libration  which such orbits it was near, and when
    """

    def __init__(
        self, mission: AnyMission, zero: Epoch, run: Run, near: Reference | None = None
    ) -> None:
        self.mission, self.zero, self.run = mission, zero, run
        self.primary = mission.spacecraft.id
        self.legs: list[Leg] = []
        self.first: OrbitRecord | None = None
        self.reached: OrbitRecord | None = None
        self.burnt = False
        self.orbits: dict[str, OrbitRecord] = {}
        self.reaches: dict[str, OrbitRecord] = {}
        self._free: list[tuple[Release, Handover]] = []
        self.upkeep: list[UpkeepRecord] = []
        self.arrivals: list[ArrivalLooked] = []
        self.near, self.since = near, zero
        self.libration: list[LibrationRecord] = []

    def fly(self, given: Handover, plan: tuple[Step, ...]) -> None:
        """Fly steps from what is handed over."""
        groups = groups_of(plan)
        if groups and not isinstance(groups[0][0], Coast | Stay | Rise):
            self.first = orbit.orbit_record(given.state, None, self.run.world)
        for steps in groups:
            stop_if_cancelled(self.run.watch)
            (first, *_) = steps
            if not isinstance(first, Coast | Release | StationKeep):
                self._leaves(given.state.epoch)
            if isinstance(first, Solve):
                given, fell = self._solved(given, first)
            elif isinstance(first, Phase):
                given, fell = self._phased(given, first)
            elif isinstance(first, Release):
                given, fell = self._let_go(given, first)
            elif isinstance(first, StationKeep | Deorbit):
                given, fell = self._kept(given, first)
            elif isinstance(first, ToMoon):
                given, fell = self._to_the_moon(given, first)
            elif isinstance(first, ToLibration):
                given, fell = self._to_the_point(given, first)
            elif isinstance(first, Land):
                given, fell = self._landed(given, first)
            elif isinstance(first, Stay):
                given, fell = self._stayed(given, first)
            elif isinstance(first, Rise):
                given, fell = self._risen(given, first)
            else:
                given, fell = self._flown(given, steps)
            if fell:
                break
        self._leaves(given.state.epoch)
        if self.burnt and self.reached is None:
            self.reached = orbit.orbit_record(given.state, None, self.run.world)
        if self.reached is not None and self.mission.spacecraft.id != self.primary:
            self.reaches[self.mission.spacecraft.id] = self.reached
        for step, free in self._free:
            self._followed(step, free, given.state.epoch)

    def _leaves(self, epoch: Epoch) -> None:
        """The libration orbit it is near, if it is near one, is left here or no longer told."""
        if self.near is not None and epoch > self.since:
            self.libration.append(self.near.told(self.since, epoch))
        self.near = None

    def _let_go(self, given: Handover, step: Release) -> tuple[Handover, bool]:
        """A release; what is released is flown when the walk has come to its end."""
        leg = transfer.release.execute(
            given, step, self.mission, self.run.world, lift_off=self.zero
        )
        self.legs.append(leg)
        self._free.append((step, leg.released[0]))
        assert leg.handover_out is not None
        return leg.handover_out, False

    def _followed(self, step: Release, free: Handover, end: Epoch) -> None:
        """The walk of what was released: through its own plan, or coasting until its time is over
        or this walk is."""
        mission = self.mission.of(step.object)
        plan = mission.plan
        if not plan:
            spans = step.coast_s if step.coast_s is not None else end - free.state.epoch
            if spans <= 0.0:
                return  # the spacecraft fell at once: nothing flies on
            plan = (Coast(spans),)
        walk = Walk(mission, self.zero, self.run)
        try:
            walk.fly(free, plan)
        except (InfeasibleError, SolverError) as short:
            raise type(short)(f"{step.object}: {short}") from short
        carrier = self.mission.spacecraft.id
        self.legs += [
            replace(leg, parent=carrier) if leg.object == step.object else leg for leg in walk.legs
        ]
        self.upkeep += walk.upkeep
        if walk.first is not None:
            self.orbits[step.object] = walk.first
        if walk.reached is not None:
            self.reaches[step.object] = walk.reached

    def _solved(self, given: Handover, step: Solve) -> tuple[Handover, bool]:
        """Find the free numbers of a sequence, then fly it like any other."""
        with self.run.stage("target", f"finding {step.name}"):
            aims = transfer.arriving.asked(step, given.state)
            finder = transfer.arriving if aims else transfer.targeting
            found = finder.solve(given, step, self.mission, self.run.world, self.run.watch)
        given, fell = self._all_flown(given, found.steps)
        last = self.legs[-1]
        self.legs[-1] = replace(
            last, solve=transfer.targeting.told(step, found, last, self.run.world)
        )
        return given, fell

    def _phased(self, given: Handover, step: Phase) -> tuple[Handover, bool]:
        """Find the burns of a phase step, then fly them like any others."""
        with self.run.stage("phase", f"finding the burns of {step.name}"):
            found = transfer.phasing.find(given, step, self.mission, self.run.world, self.run.watch)
        given, fell = self._all_flown(given, found.steps)
        if fell:
            return given, fell
        self.legs[-1] = transfer.phasing.told(step, found, self.legs[-1], self.run.world)
        if step.object is not None:
            self.legs.append(transfer.phasing.object_leg(step, found, self.zero, self.run.world))
        return given, fell

    def _kept(self, given: Handover, step: StationKeep | Deorbit) -> tuple[Handover, bool]:
        """Coasts and burns as the step's planner chooses them, each from what was reached."""
        run = self.run
        planner = transfer.upkeep.planner(
            step, given, self.mission, run.world, run.watch, self.near
        )
        given, fell = self._as_planned(given, planner.next, "upkeep", step.name)
        self.upkeep.append(replace(planner.told(given), object=self.mission.spacecraft.id))
        return given, fell

    def _as_planned(
        self,
        given: Handover,
        following: Callable[[Handover], tuple[Step, ...]],
        stage: str,
        name: str,
    ) -> tuple[Handover, bool]:
        """Steps that a planner chooses, each from what was reached, until it chooses none."""
        fell = False
        while not fell:
            with self.run.stage(stage, f"planning {name}"):
                steps = following(given)
            if not steps:
                break
            given, fell = self._all_flown(given, steps)
        return given, fell

    def _to_the_moon(self, given: Handover, step: ToMoon) -> tuple[Handover, bool]:
        """Injection, corrections and capture, each planned from what was reached before it."""
        run = self.run
        planner = transfer.translunar.planner(step, given, self.mission, run.world, run.watch)
        given, fell = self._as_planned(given, planner.next, "translunar", step.name)
        if not fell:
            self.legs[-1] = planner.told(self.legs[-1])
        self.arrivals += planner.looked
        return given, fell

    def _to_the_point(self, given: Handover, step: ToLibration) -> tuple[Handover, bool]:
        """Injection and corrections, each planned from what was reached; the last enters a path
        near the orbit, which the flight is on from there."""
        run = self.run
        planner = transfer.libration.planner(step, given, self.mission, run.world, run.watch)
        given, fell = self._as_planned(given, planner.next, "libration", step.name)
        if not fell:
            self.legs[-1] = planner.told(self.legs[-1])
            self.near, self.since = planner.reference, planner.there
        return given, fell

    def _landed(self, given: Handover, step: Land) -> tuple[Handover, bool]:
        """Down to the ground; the orbit it reached is the one it left."""
        run = self.run
        if self.burnt and self.reached is None:
            self.reached = orbit.orbit_record(given.state, None, run.world)
        with run.stage("landing", f"planning and flying {step.name}"):
            leg = landing.land(given, step, self.mission, run.world, run.watch, lift_off=self.zero)
        self.legs.append(leg)
        assert leg.handover_out is not None
        return leg.handover_out, leg.events[-1].name != "touchdown"

    def _stayed(self, given: Handover, step: Stay) -> tuple[Handover, bool]:
        """At rest on the ground."""
        craft = self.mission.spacecraft.id
        leg = landing.stay(given, step, craft, self.run.world, lift_off=self.zero)
        self.legs.append(leg)
        assert leg.handover_out is not None
        return leg.handover_out, False

    def _risen(self, given: Handover, step: Rise) -> tuple[Handover, bool]:
        """Up from the ground; what rises is what flies the rest of the plan."""
        run = self.run
        with run.stage("landing", f"planning and flying {step.name}"):
            legs = landing.lift_off(given, step, self.mission, run.world, run.watch, zero=self.zero)
        self.legs += legs
        up = next(g for g in legs if step in g.steps)
        self.first = self.first or orbit.orbit_record(up.end, None, run.world)
        self.burnt, self.reached = True, None
        if step.object:
            self.mission = self.mission.of(step.object)
        assert up.handover_out is not None
        return up.handover_out, False

    def _all_flown(self, given: Handover, steps: tuple[Step, ...]) -> tuple[Handover, bool]:
        """What a planner found, leg by leg, until it falls to the atmosphere."""
        fell = False
        for group in groups_of(steps):
            given, fell = self._flown(given, group)
            if fell:
                break
        return given, fell

    def _flown(self, given: Handover, steps: tuple[Step, ...]) -> tuple[Handover, bool]:
        """One leg, or a leg for each body it is counted from; what it hands over, and whether it
        fell to the atmosphere or the ground."""
        fell = False
        while steps:
            leg, record = self._one(given, steps)
            self.legs.append(leg)
            if record is None:
                self.burnt, self.reached = True, None
            else:
                self.first = self.first or record
                if self.mission.spacecraft.id != self.primary:
                    self.orbits.setdefault(self.mission.spacecraft.id, record)
                if self.burnt and self.reached is None:
                    self.reached = record
            assert leg.handover_out is not None
            given, steps = leg.handover_out, leg.left
            fell = orbit.fell(leg)
        return given, fell

    def _one(self, given: Handover, steps: tuple[Step, ...]) -> tuple[Leg, OrbitRecord | None]:
        (first, *_) = steps
        if isinstance(first, Coast):
            with self.run.stage("orbit", "propagating the orbit"):
                leg, record = orbit.execute(
                    given,
                    self.mission,
                    self.run.world,
                    self.run.watch,
                    coasts=[s for s in steps if isinstance(s, Coast)],
                    lift_off=self.zero,
                    parent="",
                )
            assert leg is not None
            return leg, record
        if not isinstance(first, Manoeuvre | Transfer):
            raise TypeError("a sequence is solved before it is flown")
        if isinstance(first, Transfer):
            with self.run.stage("transfer", f"planning and flying {first.name}"):
                return transfer.reach(
                    given, first, self.mission, self.run.world, self.run.watch, lift_off=self.zero
                ), None
        with self.run.stage("transfer", f"flying {first.name}"):
            return transfer.burn.execute(
                given, first, self.mission, self.run.world, self.run.watch, lift_off=self.zero
            ), None


#: a coast whose time is to be found is not looked for beyond
_FREE_S = 10.0 * 86_400.0
# a revolution of a phase step, at most about
_DAY_S = 86_400.0


def longest_s(plan: tuple[Step, ...], start: Epoch, carries: tuple[Spacecraft, ...] = ()) -> float:
    """No flight of the plan takes longer, s, nor of the plans of what is carried."""
    longest = followed = 0.0
    planned = {craft.id: craft.plan for craft in carries}
    for step in plan:
        if isinstance(step, Solve):
            longest += longest_s(step.steps, start)
        elif isinstance(step, Transfer | Deorbit):
            longest += _FREE_S
        elif isinstance(step, Phase):
            longest += step.within_s or _DAY_S * (step.revolutions or 0)
            longest = max(longest, 0.0 if step.at is None else step.at - start)
        elif isinstance(step, Release):
            own = longest_s(planned.get(step.object, ()), start + longest)
            followed = max(followed, longest + (step.coast_s or 0.0) + own)
        elif isinstance(step, ToMoon):
            flies = step.flight_s if step.low_energy_s is None else step.low_energy_s[1]
            longest += step.within_s + flies + _FREE_S
        elif isinstance(step, ToLibration):
            longest += step.within_s + max(step.corrections_s, default=0.0) + _FREE_S
        elif isinstance(step, StationKeep):
            longest += step.duration_s
        elif isinstance(step, Land | Rise):
            longest += step.within_s + _DAY_S
        elif isinstance(step, Stay):
            longest += step.duration_s or 0.0
            longest = max(longest, 0.0 if step.until is None else step.until - start)
        elif isinstance(step, Manoeuvre):
            longest += step.duration_s or 0.0
        elif step.free:
            longest += _FREE_S
        elif isinstance(step.until, Until):
            longest += step.until.within_s
        elif step.until is not None:
            longest = max(longest, step.until - start)
        else:
            longest += step.duration_s or 0.0
    return max(longest, followed)
