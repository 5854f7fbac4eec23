"""A flight executed again from what it carries: no optimiser, no planner takes part.

A flown `Flight` holds what a flight computer and its crew would carry: the ascent's Plan, the
concrete coasts and burns of each leg, the plans of transfers and landings. `carried` takes it out;
`fly_again` executes it, changed or not, in the truth that the mission tells or in another one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cosmodrome import ascent, landing, orbit, transfer
from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.thrusting import steered
from cosmodrome.errors import (
    DataError,
    FellError,
    FrameMismatchError,
    InfeasibleError,
    InputError,
    OutOfPropellantError,
    SolverError,
)
from cosmodrome.flight.looking import with_overflights
from cosmodrome.flight.walk import with_tanks
from cosmodrome.landing.stepping import site_of
from cosmodrome.maths import remembered
from cosmodrome.mission import (
    Coast,
    Land,
    Manoeuvre,
    Mission,
    Release,
    Rise,
    Stay,
    Transfer,
)
from cosmodrome.transfer.burn import engine_of
from cosmodrome.transfer.flying import handed_on, thrusts
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cosmodrome.mission import AnyMission, Step
    from cosmodrome.record import Flight, Handover, Leg, OrbitRecord, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = [
    "Again",
    "Carried",
    "Ending",
    "Stretch",
    "carried",
    "climb_together",
    "flies_again",
    "flown_stretches",
    "fly_again",
]

# what execution says of a plan that cannot be flown
_REFUSED = (InfeasibleError, InputError, SolverError, DataError, FrameMismatchError)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What is carried for one leg after the launcher.

    steps   concrete coasts, one burn, a release, a landing, a stay or a transfer
    marks   steps that planned this leg among others; told, not flown
    plan    of a transfer or a landing
    parent  what the leg says it left
    handed  what the hand-over to this leg does to what the leg before hands on; None: nothing
    kept    a leg that is no execution of anything carried: the path of an object that is met
    """

    object: str
    chapter: str
    steps: tuple[Step, ...]
    parent: str = ""
    marks: tuple[Step, ...] = ()
    plan: Plan | None = None
    handed: Callable[[Handover], Handover] | None = None
    kept: Leg | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """All that a flight carries, in order of flight.

    ascent     the stack's plan; None where the mission begins in orbit
    start      what is handed over at the start in orbit; None from a pad
    stretches  of every spacecraft
    """

    ascent: Plan | None
    start: Handover | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an object did not fly on.

    way   "fell" to the air or the ground, "exhausted" before a burn ended, or "refused": nothing
          that could be flown
    """

    way: Literal["fell", "exhausted", "refused"]
    why: str

    @classmethod
    def of(cls, short: Exception) -> Ending:
        """What an execution says of itself."""
        if isinstance(short, FellError):
            return cls("fell", str(short))
        if isinstance(short, OutOfPropellantError):
            return cls("exhausted", str(short))
        return cls("refused", str(short))


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """A flight executed again.

    flight  its record, without findings; None where not even the stack could be flown
    ended   of each object that could not fly on, how and why ("stack" for the ascent)
    """

    flight: Flight | None
    ended: Mapping[str, Ending] = field(default_factory=dict)


def carried(flight: Flight) -> Carried:
    """What a flown flight carries."""
    stack = next((g for g in flight.legs if g.object == "stack"), None)
    flown = flown_stretches(flight)
    given = (legs[0].handover_in for stretch, legs in flown if stretch.kept is None)
    start = None if stack is not None else next((h for h in given if h is not None), None)
    return Carried(None if stack is None else stack.plan, start, tuple(s for s, _ in flown))


def flies_again(carries: Carried) -> bool:
    """Can all of it be executed? Low thrust is planned while it is flown."""
    steps = (step for stretch in carries.stretches for step in stretch.steps)
    return not any(isinstance(step, Transfer) and step.low_thrust for step in steps)


def flown_stretches(flight: Flight) -> tuple[tuple[Stretch, tuple[Leg, ...]], ...]:
    """Every stretch that is carried, in order of flight, and the legs that flew it: one for each
    body that it was counted from."""
    flown: list[list[Leg]] = []
    # of an object on its way over the edge of another body's sphere, its legs so far
    crossing: dict[str, list[Leg]] = {}
    for leg in flight.legs:
        if leg.chapter == "ascent":
            continue  # the stack has a plan, and what was dropped falls again by itself
        # it may have flown what the leg before it had left
        legs = crossing.pop(leg.object, None) if leg.steps else None
        if legs is None:
            legs = []
            flown.append(legs)
        legs.append(leg)
        if leg.left:
            crossing[leg.object] = legs
    return tuple((_stretch(legs), tuple(legs)) for legs in flown)


def _stretch(legs: Sequence[Leg]) -> Stretch:
    leg = legs[0]
    if not leg.steps:
        return Stretch(leg.object, leg.chapter, (), leg.parent, kept=leg)
    flown = [s for s in leg.steps if isinstance(s, _OWN[leg.chapter])]
    left = list(leg.left)
    if isinstance(flown[-1], Coast) and flown[-1].goes_on:
        # a coast that crossed a sphere: all of it here, and not its rest again
        flown[-1], left = replace(flown[-1], goes_on=False), left[1:]
    marks = tuple(s for g in legs for s in g.steps if not isinstance(s, _OWN[g.chapter]))
    plan = leg.plan if leg.chapter in ("transfer", "landing") else None
    return Stretch(leg.object, leg.chapter, (*flown, *left), leg.parent, marks, plan)


_OWN: dict[str, tuple[type, ...]] = {
    "orbit": (Coast,),
    "transfer": (Manoeuvre, Transfer),
    "release": (Release,),
    "landing": (Land, Stay, Rise),
}


def fly_again(
    flight: Flight,
    carries: Carried,
    world: World,
    watch: Watch = SILENT,
    *,
    truth: AnyMission | None = None,
) -> Again:
    """Execute what is carried.

    flight  whose mission, launch and payload the record repeats: what is intended; its ascent is
            taken over where neither the plan of it nor the truth is another
    world   the one it was flown in
    truth   vehicle, site, spacecraft, air and forces it is flown in; None: the mission's

    What could not be flown on ends its object there, with the reason in `ended`; low thrust is
    planned while it is flown and ends its object too. Never raises for what happens to the flight;
    raises Cancelled.
    """
    one = _Again(flight, carries, world, watch, truth or flight.mission)
    return one.flown()


def climb_together(
    flight: Flight, many: Sequence[Carried], world: World, watch: Watch = SILENT
) -> None:
    """Fly the ascents of several that are carried, and in one batch what falls from them.

    `fly_again` of each in the mission's own truth then finds it done, with the same answer to the
    last bit. What cannot be flown is left to it. Raises Cancelled.
    """
    mission = flight.mission
    flown = []
    for carries in many:
        stop_if_cancelled(watch)
        plan = carries.ascent
        if plan is None or not isinstance(mission, Mission):
            continue
        if any(g.plan is plan for g in flight.legs):
            continue  # the ascent is taken over
        try:
            climbed = ascent.fly_stack(plan, mission, world)
            flown.append(((climbed.leg, *climbed.dropped()), _loaded(mission, plan)))
        except _REFUSED:
            continue
    with suppress(*_REFUSED):
        ascent.fall_together(flown, world)


class _Again:
    """One execution, object by object."""

    def __init__(
        self, flight: Flight, carries: Carried, world: World, watch: Watch, truth: AnyMission
    ) -> None:
        self.flight, self.carries, self.world, self.watch = flight, carries, world, watch
        self.truth = self.asked = truth
        self.legs: list[Leg] = []
        self.given: dict[str, Handover] = {}
        self.first: dict[str, OrbitRecord] = {}
        self.reached: dict[str, OrbitRecord | None] = {}
        self.ended: dict[str, Ending] = {}
        self.zero: Epoch = flight.zero
        self.from_stack: set[str] = set()
        # what rose from the ground, by id, and what it left there
        self.risen: dict[str, str] = {}

    def flown(self) -> Again:
        launcher: tuple[Leg, ...] = ()
        if self.carries.ascent is not None:
            assert isinstance(self.truth, Mission)
            try:
                launcher = self._launched(self.carries.ascent, self.truth)
            except _REFUSED as short:
                return Again(None, {"stack": Ending.of(short)})
        elif self.carries.start is not None:
            given = self.carries.start
            self.zero = given.state.epoch
            self.given[self.truth.spacecraft.id] = given
        for stretch in self.carries.stretches:
            stop_if_cancelled(self.watch)
            if stretch.kept is not None:
                self.legs.append(stretch.kept)
            elif _from(stretch) in self.given and _from(stretch) not in self.ended:
                self._one(stretch)
        return Again(self._record(launcher), dict(self.ended))

    def _launched(self, plan: Plan, truth: Mission) -> tuple[Leg, ...]:
        """The stack and what it dropped; taken over where neither plan nor truth is another."""
        flown = tuple(g for g in self.flight.legs if g.chapter == "ascent")
        if self._climbs_again(plan):
            climbed = ascent.fly_stack(plan, truth, self.world)
            flown = (climbed.leg, *climbed.dropped())
        self.zero = plan.epoch
        stack = flown[0]
        released = stack.released or ((stack.handover_out,) if stack.handover_out else ())
        loaded = _loaded(truth, plan)
        for given in released:
            (craft,) = given.attached
            spacecraft = next(c for c in loaded.crafts if c.id == craft)
            self.given[craft] = with_tanks(given, spacecraft)
            self.from_stack.add(craft)
        self.truth = loaded
        return flown

    def _climbs_again(self, plan: Plan) -> bool:
        flown = next((g.plan for g in self.flight.legs if g.object == "stack"), None)
        return plan is not flown or self.asked is not self.flight.mission

    def _one(self, stretch: Stretch) -> None:
        name, whole = stretch.object, _from(stretch)
        given = self.given[whole]
        if stretch.handed is not None:
            given = stretch.handed(given)
        try:
            legs = self._legs(stretch, given)
        except _REFUSED as short:
            self.ended[whole] = Ending.of(short)
            return
        for leg in legs:
            self.legs.append(leg)
            assert leg.handover_out is not None
            self.given[name] = leg.handover_out
            if leg.chapter == "release":
                step = leg.steps[0]
                assert isinstance(step, Release)
                self.given[step.object] = leg.released[0]
            if orbit.fell(leg):
                self.ended[name] = Ending("fell", leg.solve.status)
            down = leg.chapter == "landing" and isinstance(leg.steps[0], Land)
            if down and leg.events[-1].name != "touchdown":
                self.ended[name] = Ending("refused", "the ground was not reached")

    def _mission(self, object: str) -> AnyMission:
        truth = self.truth
        return truth if object == truth.spacecraft.id else truth.of(object)

    def _legs(self, stretch: Stretch, given: Handover) -> list[Leg]:
        """The leg of a stretch, or one for each body that it is counted from."""
        name, world = stretch.object, self.world
        mission = self._mission(name)
        if stretch.chapter == "orbit":
            return self._coasted(stretch, given, mission)
        (step,) = stretch.steps
        if not (name in self.first or name in self.risen or isinstance(step, Stay | Rise)):
            self.first[name] = orbit.orbit_record(given.state, None, world)
        leg: Leg
        if isinstance(step, Manoeuvre):
            leg = transfer.burn.execute(
                given, step, mission, world, self.watch, lift_off=self.zero, parent=stretch.parent
            )
            self.reached[name] = None
        elif isinstance(step, Release):
            leg = transfer.release.execute(given, step, mission, world, lift_off=self.zero)
        elif isinstance(step, Stay):
            leg = landing.stay(given, step, name, world, lift_off=self.zero)
        elif isinstance(step, Land) and stretch.plan is not None:
            if name in self.reached and self.reached[name] is None:
                self.reached[name] = orbit.orbit_record(given.state, None, world)
            leg = self._landed(stretch.plan, step, given, mission)
        elif isinstance(step, Rise) and stretch.plan is not None:
            leg = self._rose(stretch.plan, step, given, stretch)
        elif isinstance(step, Transfer) and stretch.plan is not None:
            leg = self._moved(stretch.plan, given, mission)
            self.reached[name] = None
        else:
            called = step.name if isinstance(step, Transfer | Land) else stretch.chapter
            raise InfeasibleError(
                f"{called!r} is planned while it is flown; it"
                " cannot be flown again from what is carried"
            )
        leg = replace(leg, steps=(step, *stretch.marks), parent=stretch.parent)
        return [leg]

    def _coasted(self, stretch: Stretch, given: Handover, mission: AnyMission) -> list[Leg]:
        name, out = stretch.object, []
        coasts: Sequence[Step] = stretch.steps
        begun = coasts[0]
        if name not in self.first and isinstance(begun, Coast) and begun.part_of:
            # a step that plans begins in the orbit as it stands
            self.first[name] = orbit.orbit_record(given.state, None, self.world)
        while coasts:
            leg, record = orbit.execute(
                given,
                mission,
                self.world,
                self.watch,
                coasts=[s for s in coasts if isinstance(s, Coast)],
                lift_off=self.zero,
                parent=stretch.parent,
            )
            assert leg is not None
            self.first.setdefault(name, record)
            if name in self.reached and self.reached[name] is None:
                self.reached[name] = record
            assert leg.handover_out is not None
            given, coasts = leg.handover_out, leg.left
            out.append(leg)
        out[-1] = replace(out[-1], steps=(*out[-1].steps, *stretch.marks))
        return out

    def _dynamics(self, mission: AnyMission, state: State) -> Dynamics:
        return Dynamics.of(
            mission.physics, mission.spacecraft, mission.space_weather,
            centre=state.frame.centre,
        )  # fmt: skip

    def _landed(self, plan: Plan, step: Land, given: Handover, mission: AnyMission) -> Leg:
        """By the plan's own times, which count from the hand-over."""
        state = given.state
        engines = [engine_of(mission.spacecraft) for phase in plan.phases if phase.burning]
        leg = landing.execute(
            replace(plan, epoch=state.epoch), state, engines, site_of(step),
            self._dynamics(mission, state), self.world, self.watch,
            lift_off=self.zero, parent="", propellant_kg=given.propellant_kg,
        )  # fmt: skip
        out = replace(given, state=leg.end, propellant_kg=dict(leg.ledger.propellant_kg))
        return replace(leg, handover_in=given, handover_out=out)

    def _rose(self, plan: Plan, step: Rise, given: Handover, stretch: Stretch) -> Leg:
        """Up from the ground; what rises is what flies the rest of the plan."""
        name, whole = stretch.object, _from(stretch)
        leg = landing.execute_ascent(
            plan, given, step, self._mission(whole), self.world, self.watch, lift_off=self.zero
        )
        if name != whole:
            self.risen[name] = whole
        if whole not in self.first:
            self.first[whole] = orbit.orbit_record(leg.end, None, self.world)
        self.reached[name] = None
        return leg

    def _moved(self, plan: Plan, given: Handover, mission: AnyMission) -> Leg:
        """A transfer by burns; its plan's times count from the hand-over."""
        craft, state = mission.spacecraft, given.state
        engine = engine_of(craft)
        own = replace(plan, epoch=state.epoch)
        leg = transfer.execute(
            own, state, engine, self._dynamics(mission, state), self.world, self.watch,
            lift_off=self.zero, parent="",
        )  # fmt: skip
        held = given.propellant_kg.get(craft.id, 0.0)
        burnt = state.mass_kg - leg.end.mass_kg
        if burnt > held:
            raise OutOfPropellantError(
                f"the transfer burns {burnt:.2f} kg and {held:.2f} kg are left; load more"
                " propellant"
            )
        leg = replace(leg, path=steered(leg.path, thrusts(own, engine)))
        return handed_on(leg, given, craft.id, self.zero)

    # the record -----------------------------------------------------------------------------
    def _record(self, launcher: tuple[Leg, ...]) -> Flight:
        flight, primary = self.flight, self.truth.spacecraft.id
        for name, given in self.given.items():
            if name in self.from_stack and name not in self.first:
                self.first[name] = orbit.orbit_record(given.state, None, self.world)
            if name in self.reached and self.reached[name] is None:
                self.reached[name] = orbit.orbit_record(given.state, None, self.world)
        for name, whole in self.risen.items():
            self.reached[whole] = self.reached[name]
        orbits = dict(self.first)
        reaches = {name: record for name, record in self.reached.items() if record is not None}
        kept = flight.range_safety
        climbs = self.carries.ascent is not None and self._climbs_again(self.carries.ascent)
        if climbs and kept is not None and isinstance(self.truth, Mission):
            try:
                kept = ascent.range_safety(launcher, self.truth, self.world)
            except _REFUSED:
                kept = None  # what falls without an end falls nowhere
        launch = flight.launch
        if launch is not None and self.carries.ascent is not None:
            launch = replace(launch, epoch=self.zero)
        again = replace(
            flight,
            launch=launch,
            orbit=orbits.pop(primary, None),
            legs=(*launcher, *self.legs),
            findings=(),
            timing={},
            range_safety=kept,
            orbits=orbits,
            reached=reaches.pop(primary, None),
            reaches=reaches,
        )
        return with_overflights(again, self.world)


def _from(stretch: Stretch) -> str:
    """Whose hand-over a stretch begins with: what rises from the ground stood there in another."""
    rises = any(isinstance(s, Rise) and s.object for s in stretch.steps)
    return stretch.parent if rises else stretch.object


def _loaded(truth: Mission, plan: Plan) -> Mission:
    """With the mass that the plan was made for, where it was solved for."""
    if truth.spacecraft.mass_kg is not None or "payload_kg" not in plan.targets:
        return truth
    return _weighing(truth, plan.targets["payload_kg"])


@remembered(32, Mission)
def _weighing(truth: Mission, payload_kg: float) -> Mission:
    return truth.weighing(truth.spacecraft.id, payload_kg)
