"""What a spacecraft does after its release or its start in orbit, as flown, one by one.

Steps that a planner chose stand here as it chose them; a transfer or a landing is opened into
coasts and the burns of its plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome.dynamics import Thrust
from cosmodrome.dynamics.firing import lost_kg, thrusters_of
from cosmodrome.errors import InputError
from cosmodrome.flight.again import flown_stretches
from cosmodrome.landing import flying as landing_flying
from cosmodrome.mission import Coast, Land, Manoeuvre, Release, Rise, Stay, Transfer
from cosmodrome.transfer import flying as transfer_flying
from cosmodrome.transfer.burn import engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.flight.again import Stretch
    from cosmodrome.formats.impulses import Impulse
    from cosmodrome.mission import AnyMission, Spacecraft
    from cosmodrome.record import Flight, Leg
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

__all__ = ["PLACES", "Descent", "Firing", "Item", "Track", "planned_on_the_way", "track"]

#: the axes of a site, along which the state before a descent may be off
PLACES = ("east", "north", "up")


@dataclass(frozen=True, slots=True)
class Descent:
    """A powered descent, by closed-loop guidance."""

    step: Land


@dataclass(frozen=True, slots=True)
class Firing:
    """One small impulse of a coast, in axes of its file."""

    impulse: Impulse
    axes: str


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One thing a spacecraft does.

    does     a coast, a burn told by a rule, the burn of a plan (`Thrust`), a release, a descent, a
             small impulse, at which a coast is cut; None: a step that is planned while it is flown
    name     of the step
    number   which burn or release or descent of its spacecraft it is, from 1; else 0
    start    the state before it in the flight as planned, and what could be burnt then
    after    the state where its leg ended
    lasts_s  how long it lasted there
    before   the legs flown before it, that coast up to it; where it crosses the edge of the Moon's
             sphere there are two
    """

    does: Coast | Manoeuvre | Thrust | Release | Descent | Firing | None
    name: str
    number: int
    start: State
    held_kg: float
    after: State
    lasts_s: float
    craft: Spacecraft
    before: tuple[Leg, ...] = ()

    def earlier(self, seconds: float) -> State:
        """The state so long before it, as planned."""
        epoch = self.start.epoch + -seconds
        path = next(leg.path for leg in reversed(self.before) if leg.path.start <= epoch)
        return replace(path.at(min(epoch, path.end)), mass_kg=self.start.mass_kg)

    @property
    def coasts(self) -> bool:
        """Is it a coast?"""
        return isinstance(self.does, Coast)

    @property
    def burns(self) -> bool:
        """Is it a burn?"""
        return isinstance(self.does, Manoeuvre | Thrust)


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """All of one spacecraft, in order of flight.

    mission  its own: the forces it flies under
    """

    craft: str
    mission: AnyMission
    items: tuple[Item, ...]

    @property
    def first(self) -> int:
        """The first item from which on everything is concrete: after the last step that is
        planned while it is flown."""
        return max((k + 1 for k, item in enumerate(self.items) if item.does is None), default=0)

    def item(self, kind: type | tuple[type, ...], number: int) -> int:
        """Where the burn, release or descent of that number stands. Raises InputError."""
        for k, item in enumerate(self.items):
            if isinstance(item.does, kind) and item.number == number:
                return k
        raise InputError(f"{self.craft} has no number {number} of what a fault names in its flight")


def track(flight: Flight, craft: str) -> Track | None:
    """That of one spacecraft, and of what of the primary one rose from the ground; None: it flew
    nothing."""
    names = flight.flown_by if craft == flight.flown_by[0] else (craft,)
    items: list[Item] = []
    counts: dict[type, int] = {}
    before: tuple[Leg, ...] = ()
    for stretch, legs in flown_stretches(flight):
        if stretch.kept is not None or stretch.object not in names:
            continue
        own = _mission(flight, stretch.object).spacecraft
        if isinstance(stretch.steps[0], Stay):
            continue  # at rest: a flight that lands ends there, one that rises begins after it
        for item in _items(stretch, legs, own, before):
            kind = type(item.does)
            kind = Manoeuvre if item.burns else kind
            counts[kind] = counts.get(kind, 0) + 1
            items.append(replace(item, number=0 if kind is Coast else counts[kind]))
        before = legs if stretch.chapter == "orbit" else ()
    return Track(craft, _mission(flight, craft), tuple(items)) if items else None


def planned_on_the_way(step: object) -> bool:
    """Is a step planned while it is flown, so that nothing concrete is carried for it?"""
    return isinstance(step, Transfer) and step.low_thrust


def _mission(flight: Flight, craft: str) -> AnyMission:
    mission = flight.mission
    return mission if craft == mission.spacecraft.id else mission.of(craft)


def _items(
    stretch: Stretch, legs: tuple[Leg, ...], craft: Spacecraft, before: tuple[Leg, ...]
) -> Iterator[Item]:
    leg, last = legs[0], legs[-1]
    assert leg.handover_in is not None
    held = leg.handover_in.propellant_kg.get(craft.id, 0.0)

    def item(does: Coast | Manoeuvre | Release | None, name: str, lasts: float) -> Item:
        return Item(does, name, 0, leg.start, held, last.end, lasts, craft, before)

    spans = last.end.epoch - leg.start.epoch
    if stretch.chapter == "orbit":
        begun = leg.start.epoch
        ends = [e.epoch for g in legs for e in g.events if e.name.startswith("end of coast")]
        for number, step in enumerate(stretch.steps):
            assert isinstance(step, Coast)
            if step.impulses is None:
                yield item(step, "coast", spans)
            else:
                yield from _cut(item(step, "coast", spans), step, begun, legs)
            begun = ends[number] if number < len(ends) else last.end.epoch
        return
    (step,) = stretch.steps
    if isinstance(step, Manoeuvre | Release):
        yield item(step, step.name, spans)
    elif isinstance(step, Transfer | Land | Rise) and stretch.plan and not planned_on_the_way(step):
        yield from _opened(step, leg, craft, held, before)
    else:
        yield item(None, getattr(step, "name", stretch.chapter), spans)


def _cut(whole: Item, step: Coast, begun: Epoch, legs: tuple[Leg, ...]) -> Iterator[Item]:
    """A coast that begins at `begun` as pieces and the impulses between them."""
    given, first = step.impulses, begun
    assert given is not None
    start, held = whole.start, whole.held_kg
    for impulse in given.events:
        at = impulse.epoch
        piece = replace(step, duration_s=None, until=at, impulses=None)
        yield replace(whole, does=piece, start=start, held_kg=held, lasts_s=at - begun)
        path = next((g.path for g in reversed(legs) if g.path.start <= at <= g.path.end), None)
        if path is None:
            return  # it came down before
        firing = Firing(impulse, given.axes)
        lost = lost_kg(impulse, thrusters_of(whole.craft))
        yield replace(whole, does=firing, start=path.at(at), held_kg=held, lasts_s=0.0)
        start, held, begun = path.at(at), held - lost, at
    if step.duration_s is None:
        piece = replace(step, impulses=None)
        yield replace(whole, does=piece, start=start, held_kg=held)
        return
    rest = step.duration_s - (begun - first)
    piece = replace(step, duration_s=rest, impulses=None)
    yield replace(whole, does=piece, start=start, held_kg=held, lasts_s=rest)


def _opened(
    step: Transfer | Land | Rise,
    leg: Leg,
    craft: Spacecraft,
    held: float,
    before: tuple[Leg, ...],
) -> Iterator[Item]:
    """Coasts and burns of a plan; of a landing the burn into the descent orbit, and the descent."""
    assert leg.plan is not None
    burns = _burns(step, leg, craft)
    t = leg.start.epoch

    def place(epoch: Epoch) -> State:
        path = leg.path
        return path.at(min(max(epoch, path.start), path.end))

    for number, burn in enumerate(burns, 1):
        here = place(t)
        left = held - (leg.start.mass_kg - here.mass_kg)
        if burn.start - t > 0.0:
            coasts = burn.start - t
            yield Item(Coast(coasts), "coast", 0, here, left, leg.end, coasts, craft, before)
            before = (leg,)
        here = place(burn.start)
        left = held - (leg.start.mass_kg - here.mass_kg)
        if isinstance(step, Land) and number > int(step.insertion):
            lasts = leg.end.epoch - burn.start
            yield Item(Descent(step), step.name, 0, here, left, leg.end, lasts, craft, before)
            return
        name = step.name if len(burns) == 1 else f"{step.name}, burn {number}"
        yield Item(burn, name, 0, here, left, leg.end, burn.end - burn.start, craft, before)
        t, before = burn.end, (leg,)


def _burns(step: Transfer | Land | Rise, leg: Leg, craft: Spacecraft) -> tuple[Thrust, ...]:
    assert leg.plan is not None
    engine = engine_of(craft)
    if isinstance(step, Transfer):
        return transfer_flying.thrusts(leg.plan, engine)
    engines = [engine for phase in leg.plan.phases if phase.burning]
    return landing_flying.thrusts(leg.plan, engines)
