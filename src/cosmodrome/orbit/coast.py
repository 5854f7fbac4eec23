"""The orbit chapter: coasts in the mission's full force model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.coasting import apsides, coast, left_of, other_side
from cosmodrome.orbit.firing import firing, inside, ledger_of, pieces
from cosmodrome.orbit.record import orbit_record
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Handover, Leg, Solve
from cosmodrome.watch import SILENT
from cosmodrome.world.centres import centre_named
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.dynamics import DynamicsEvent, Propagation
    from cosmodrome.mission.nouns import AnyMission, Coast
    from cosmodrome.orbit.firing import Fired
    from cosmodrome.record.nouns import Event, ForceAudit, OrbitRecord
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["CROSSED", "FELL", "FELL_TO_GROUND", "execute", "fell"]

_MEAN_CITATION = "mean elements: Kozai (1959), AJ 64, 367; Brouwer (1959), AJ 64, 378"
_INTEGRATOR = "Gauss-Legendre collocation with Picard iteration, events on its polynomials"
#: status of a leg that came down before its end
FELL = "fell to the atmosphere"
FELL_TO_GROUND = "fell to the ground"
#: status of a leg that goes on about another body
CROSSED = "to the edge of the Moon's sphere of influence"
# an event this soon after the start of a coast is the one that ended the step before
_AT_ONCE_S = 0.5


def execute(
    given: Handover,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    coasts: Sequence[Coast],
    lift_off: Epoch | None = None,
    parent: str = "stack",
    label: str = "end of coast",
) -> tuple[Leg | None, OrbitRecord]:
    """Coast from the state that is handed over through coasts that follow each other.

    The state is in GCRF's axes about the Earth or the Moon, and so is the leg.

    lift_off  instant from which event times count; by default the epoch of that state
    parent    the object it was released from; "" where it goes on by itself
    label     how the end of the one coast is called; of several, a number follows

    Gives the spacecraft's leg and the record of its orbit at the start. The leg's events: nodes
    (true equator of date; about the Moon, of its field's principal axes), perigees and apogees (of
    the radius), entries into and exits from umbra and penumbra (conical shadow of a sphere of the
    equatorial radius), small impulses, the end of every coast. At an impulse the velocity of the
    path jumps and mass leaves the tank; the ledger holds each. It ends early, with the event
    "re-entry", where it falls to the entry interface of 121.92 km, and with "impact" on the Moon.
    At the edge of the Moon's sphere of influence the leg ends too: its handover is counted from the
    other body, and `left` says what is left of the coasts. Without coasts there is no leg and the
    record's mean elements come from theory.

    Raises InfeasibleError for an event that does not come, InputError for an impulse outside its
    coast, OutOfPropellantError where the tank does not hold it, and what `dynamics.propagate`
    raises.
    """
    start = given.state
    if not coasts:
        return None, orbit_record(start, None, world)
    craft, zero = mission.spacecraft, lift_off or start.epoch
    held = given.propellant_kg.get(craft.id, 0.0)
    centre = start.frame.centre
    dynamics = Dynamics.of(mission.physics, craft, mission.space_weather, centre=centre)
    flown = _Flown(start)
    steps, left, out = tuple(coasts), (), None
    for number, step in enumerate(coasts, 1):
        name = label if len(coasts) == 1 else f"{label} {number}"
        begun = flown.end
        inside(step, begun.epoch)
        for piece, impulse in pieces(step, begun.epoch):
            flown.add(coast(flown.end, piece, dynamics, world, watch), name if not impulse else "")
            if flown.ended:
                break
            if impulse is not None:
                left_kg = held - flown.lost_kg
                flown.fires(firing(step, impulse, flown.end, left_kg, craft, zero))
        if flown.fell:
            break
        if flown.crossed:
            more = left_of(step, begun, flown.parts[-1])
            flown.told[-1] = more is None
            steps = (*coasts[: number - 1], replace(step, goes_on=more is not None))
            left = (*(() if more is None else (more,)), *coasts[number:])
            out = other_side(flown.end, world)
            break
    watch.tell("orbit", None, "reading the mean orbit off the flown path")
    path = Trajectory.joined(flown.paths)
    record = orbit_record(start, path, world)
    ledger = ledger_of([f for f in flown.fired if f is not None], craft.id, held)
    tanks = {**given.propellant_kg, **ledger.propellant_kg}
    leg = Leg(
        chapter="orbit",
        object=craft.id,
        kind="spacecraft",
        parent=parent,
        start=start,
        end=flown.end,
        path=path,
        events=flown.events(craft.id, zero, world),
        ledger=ledger,
        solve=Solve(
            method=_INTEGRATOR,
            status=flown.status,
            budget=flown.budget,
        ),
        audit=flown.audit,
        citations=_citations(dynamics),
        handover_in=given,
        handover_out=replace(given, state=out or flown.end, propellant_kg=tanks),
        steps=steps,
        left=left,
    )
    return leg, record


def fell(leg: Leg) -> bool:
    """Did a leg come down before its end?"""
    return leg.solve.status in (FELL, FELL_TO_GROUND)


@dataclass(slots=True)
class _Flown:
    """Coasts as they were flown one after the other, from a start; told: those that ended; fired:
    the impulse where each ended, if it did at one."""

    start: State
    parts: list[Propagation] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)
    fired: list[Fired | None] = field(default_factory=list)

    def add(self, part: Propagation, name: str) -> None:
        self.parts.append(part)
        self.names.append(name)
        self.told.append(True)
        self.fired.append(None)

    def fires(self, fired: Fired) -> None:
        """At the end of the last part."""
        self.fired[-1] = fired

    @property
    def end(self) -> State:
        if not self.parts:
            return self.start
        fired = self.fired[-1]
        return self.parts[-1].end if fired is None else fired.after

    @property
    def lost_kg(self) -> float:
        """What impulses took so far."""
        return sum(f.burn.propellant_kg for f in self.fired if f is not None)

    @property
    def fell(self) -> bool:
        return bool(self.parts and self.parts[-1].stats["ended_on_floor"])

    @property
    def ended(self) -> bool:
        """Did it come down, or to the edge of the Moon's sphere?"""
        return self.fell or self.crossed

    @property
    def crossed(self) -> bool:
        return bool(self.parts and self.parts[-1].stats["ended_on_edge"])

    @property
    def status(self) -> str:
        if self.fell:
            return FELL if self.start.frame.centre == "earth" else FELL_TO_GROUND
        return CROSSED if self.crossed else "flown"

    @property
    def paths(self) -> list[Trajectory]:
        return [p.trajectory for p in self.parts]

    @property
    def budget(self) -> dict[str, float]:
        names = ("segments", "rejected", "inner", "full")
        return {name: float(sum(p.stats[name] for p in self.parts)) for name in names}

    @property
    def audit(self) -> tuple[ForceAudit, ...]:
        """Of each force the largest of all parts, and the mean over the whole time."""
        spans = [p.end.epoch - p.trajectory.start for p in self.parts]
        out = []
        for rows in zip(*(p.audit for p in self.parts), strict=True):
            mean = float(np.average([r.mean_m_s2 for r in rows], weights=spans))
            out.append(
                replace(rows[0], largest_m_s2=max(r.largest_m_s2 for r in rows), mean_m_s2=mean)
                if len(rows) > 1
                else rows[0]
            )
        return tuple(out)

    def events(self, craft: str, lift_off: Epoch, world: World) -> tuple[Event, ...]:
        out: list[Event] = []
        before: dict[str, Epoch] = {}
        rows = zip(self.parts, self.names, self.told, self.fired, strict=True)
        for part, name, told, fired in rows:
            for text, state in _marks(part, name if told else ""):
                # what ended one coast is found again at the start of the next
                if text in before and abs(state.epoch - before[text]) < _AT_ONCE_S:
                    continue
                before[text] = state.epoch
                out.append(event_record(text, craft, state, lift_off, world))
            if fired is not None:
                out.append(event_record(fired.name, craft, fired.after, lift_off, world))
        return tuple(out)


def _marks(part: Propagation, name: str) -> list[tuple[str, State]]:
    """Events of one coast by name, and the end under the name given, in order of time."""
    path = part.trajectory
    length = float(path.breaks_s[-1])
    about = centre_named(part.end.frame.centre)
    called = apsides(about.name)
    marks = [(e.epoch, e.t_s, _told(e, about.name, called)) for e in part.events]
    if part.stats["ended_on_floor"]:
        marks = [m for m in marks if not m[2].startswith("altitude")]
        marks.append((part.end.epoch, length, about.ended))
    elif name:
        marks.append((part.end.epoch, length, name))
    if part.stats["ended_on_edge"]:
        verb = "leaves" if about.name == "moon" else "enters"
        marks.append((part.end.epoch, length, f"{verb} the Moon's sphere of influence"))
    marks.sort(key=lambda m: (m[0], m[2]))
    out = []
    for epoch, t_s, text in marks:
        # by the path's own time: the epoch is rounded to a nanosecond and may lie beyond its end
        y = path.columns_at(min(t_s, length))
        out.append(
            (text, replace(part.end, epoch=epoch, r_m=y[0:3], v_m_s=y[3:6], mass_kg=float(y[6])))
        )
    return out


def _told(event: DynamicsEvent, centre: str, called: dict[str, str]) -> str:
    """What an event is called; of a shadow that is not the centre's, whose it is."""
    text = called.get(event.kind, event.kind)
    if "umbra" in event.kind and event.what != centre:
        return f"{text} of the {event.what.capitalize()}'s shadow"
    return text


def _citations(dynamics: Dynamics) -> tuple[str, ...]:
    sources = dict.fromkeys(force.about.source for force in dynamics.forces)
    return (*sources, _MEAN_CITATION)
