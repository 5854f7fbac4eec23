"""The timetable of a replay: what burns and what leaves when, from loads, thrust and rules alone.

No steering in it and nothing fitted: the vehicle's timeline, cut at the fairing's time, with the
last stage's burn left open for the rule that ends it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.vehicle import consumables_flow, display_name, liftoff_mass, timeline

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle
    from cosmodrome.vehicle import Section, Timeline

__all__ = ["Piece", "Timetable", "timetable"]

_SAME_S = 1e-6


@dataclass(frozen=True, slots=True)
class Piece:
    """Between two marks: thrust and flow that are straight lines of time.

    name     what happens at its end, several things joined by ", "
    drop_kg  mass that leaves at its end; `drops` are the ids of what does
    """

    name: str
    start_s: float
    end_s: float
    burning: tuple[str, ...]
    thrust_vacuum_n: float
    thrust_slope_n_s: float
    exit_area_m2: float
    flow_kg_s: float
    flow_slope_kg_s2: float
    drop_kg: float = 0.0
    drops: tuple[str, ...] = ()

    def cut(self, at_s: float, name: str, drop_kg: float, drops: tuple[str, ...]) -> list[Piece]:
        """The two halves; the first ends with what is given, the second as the whole did."""
        gone = at_s - self.start_s
        second = replace(
            self,
            start_s=at_s,
            thrust_vacuum_n=self.thrust_vacuum_n + self.thrust_slope_n_s * gone,
            flow_kg_s=self.flow_kg_s + self.flow_slope_kg_s2 * gone,
        )
        return [replace(self, name=name, end_s=at_s, drop_kg=drop_kg, drops=drops), second]


@dataclass(frozen=True, slots=True)
class Timetable:
    """Pieces in order; the last is the open burn, at its longest: until the stage is empty.

    open_stage   the stage that burns then
    """

    pieces: tuple[Piece, ...]
    open_stage: str
    liftoff_kg: float

    def at(self, name: str) -> float:
        """When something happens, s after lift-off. Raises KeyError."""
        for piece in self.pieces:
            if name in piece.name.split(", "):
                return piece.end_s
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """What happens, in order."""
        return tuple(n for p in self.pieces for n in p.name.split(", ") if n)


def timetable(vehicle: Vehicle, payload_kg: float) -> Timetable:
    """The marks of `vehicle` with `payload_kg` on top.

    Its last stage must light by a rule and its fairing must leave at a stated time: both are
    what a flight's record gives. Raises InputError where they do not.
    """
    told = timeline(vehicle)
    if len(told.tail) != 1 or not told.tail[0].lit:
        left = ", ".join(t.stage.id for t in told.tail) or "none"
        raise InputError(
            f"a replay of {vehicle.id!r} needs one stage left to end the ascent, lit by a rule;"
            f" left to the plan: {left}; write when each lights (`ignition: {{after: ...}}`)"
        )
    pieces = [_piece(s) for s in told.sections]
    pieces.append(_open(vehicle, told, told.tail[0].stage))
    fairing = vehicle.fairing
    if fairing is not None:
        if fairing.time_s is None:
            raise InputError(
                f"a replay of {vehicle.id!r} needs the time its fairing left:"
                " write `jettison: {at: 200 s}` in a variant of its file"
            )
        pieces = _without_fairing(pieces, fairing.time_s, fairing.mass_kg)
    return Timetable(tuple(pieces), told.tail[0].stage.id, liftoff_mass(vehicle, payload_kg))


def _piece(s: Section) -> Piece:
    free = s.free
    return Piece(
        s.name,
        s.start_s,
        s.end_s,
        s.burning,
        s.thrust_vacuum_n + (free.highest * free.thrust_vacuum_n if free else 0.0),
        s.thrust_slope_n_s,
        s.exit_area_m2,
        s.flow_kg_s + (free.highest * free.flow_kg_s if free else 0.0),
        s.flow_slope_kg_s2,
        sum(d.mass_kg for d in s.drops),
        tuple(d.id for d in s.drops if d.id),
    )


def _open(vehicle: Vehicle, told: Timeline, stage: Stage) -> Piece:
    """The last burn, at the level it has when the sections end, until the tank is dry."""
    last = told.sections[-1]
    full = stage.count * stage.mass_flow_kg_s
    level = told.level_after(stage)
    if stage.throttle_range is not None:
        level = stage.throttle_range[1]
    left = told.tanks[stage.id].propellant_kg - stage.count * stage.residual_kg
    flow = level * full
    lit_s = next((s.start_s for s in told.sections if stage.id in s.burning), last.end_s)
    beside = sum(
        f for f, gone_s in consumables_flow(stage) if lit_s + gone_s > last.end_s + _SAME_S
    )
    return Piece(
        f"{display_name(vehicle, stage)} cut-off",
        last.end_s,
        last.end_s + left / flow,
        (stage.id,),
        level * stage.count * stage.thrust_vacuum_n,
        0.0,
        stage.count * stage.exit_area_m2,
        flow + stage.count * beside,
        0.0,
    )


def _without_fairing(pieces: list[Piece], at_s: float, kg: float) -> list[Piece]:
    name = "fairing jettison"
    out: list[Piece] = []
    for p in pieces:
        if abs(p.end_s - at_s) <= _SAME_S:
            joined = ", ".join(n for n in (p.name, name) if n)
            out.append(replace(p, name=joined, drop_kg=p.drop_kg + kg, drops=(*p.drops, "fairing")))
        elif p.start_s + _SAME_S < at_s < p.end_s:
            out += p.cut(at_s, name, kg, ("fairing",))
        else:
            out.append(p)
    if not any("fairing" in p.drops for p in out):
        raise InputError(
            f"the fairing would leave at T+{at_s:.1f} s, outside the ascent, which ends by"
            f" T+{pieces[-1].end_s:.1f} s: state an earlier time"
        )
    return out
