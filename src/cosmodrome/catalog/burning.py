"""How long a stage burns and when, from its load, flow and rules alone.

Thrust is a programme of levels over time: constant, in steps (`throttle`), or straight between
points (`thrust_curve`); a free range counts as full. Flow follows thrust.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = [
    "G0",
    "Times",
    "burn_time_s",
    "burnt_kg",
    "highest_level",
    "ideal_delta_v_m_s",
    "mass_without_spacecraft_kg",
    "timetable",
]


#: standard gravity, m/s^2 (CGPM 1901)
G0 = 9.80665


@dataclass(frozen=True, slots=True)
class _Piece:
    """Levels from `at` to `until`, straight from `first` to `last`."""

    at: float
    until: float
    first: float
    last: float

    def area(self, until: float) -> float:
        """Seconds at full flow that the piece is worth up to a time within it."""
        t = min(until, self.until) - self.at
        if t <= 0.0 or self.first == self.last == 0.0:
            return 0.0
        if self.first == self.last:
            return self.first * t
        slope = (self.last - self.first) / (self.until - self.at)
        return self.first * t + 0.5 * slope * t * t

    def when(self, area: float) -> float:
        """The time by which the piece is worth `area`, which lies within it."""
        if self.first == self.last:
            return self.at + area / self.first
        slope = (self.last - self.first) / (self.until - self.at)
        # first t + slope t^2 / 2 = area, in the form that keeps its digits for a flat slope
        root = math.sqrt(max(self.first**2 + 2.0 * slope * area, 0.0))
        return self.at + 2.0 * area / (self.first + root)


def _programme(stage: Stage) -> list[_Piece]:
    if stage.thrust_curve:
        return [_Piece(a, b, x, y) for (a, x), (b, y) in pairwise(stage.thrust_curve)]
    steps = [(0.0, 1.0), *stage.throttle, (math.inf, 0.0)]
    return [_Piece(a, b, x, x) for (a, x), (b, _) in pairwise(steps)]


def highest_level(stage: Stage, within_s: float) -> float:
    """The highest level of the programme in its first seconds."""
    pieces = [p for p in _programme(stage) if p.at < within_s]
    return max(max(p.first, p.last) for p in pieces)


def _depletion_s(stage: Stage) -> float:
    """Seconds of the programme until the usable load is gone.

    A thrust curve that ends before is the end of the burn; a profile that falls to zero flow
    before has none: inf.
    """
    left = stage.usable_kg / stage.mass_flow_kg_s
    pieces = _programme(stage)
    for piece in pieces:
        worth = piece.area(piece.until)
        if worth > 0.0 and left <= worth:
            return piece.when(left)
        left -= worth
    return pieces[-1].until


def burn_time_s(stage: Stage) -> float:
    """Seconds from lift-off or ignition to cut-off, from load, flow, programme and command."""
    depleted = _depletion_s(stage)
    return depleted if stage.cutoff_s is None else min(depleted, stage.cutoff_s)


def burnt_kg(stage: Stage, until_s: float) -> float:
    """Main propellant burnt per unit, up to a time of the stage's programme."""
    return stage.mass_flow_kg_s * sum(p.area(until_s) for p in _programme(stage))


@dataclass(frozen=True, slots=True)
class Times:
    """When a stage lights, stops and leaves, s after first motion."""

    ignition_s: float
    cutoff_s: float
    separation_s: float


def timetable(vehicle: Vehicle) -> dict[str, Times]:
    """Times of every stage that follow from loads, thrust and rules.

    Each stage burns in one piece; stages that light when the plan chooses, and those after
    them, are left out.
    """
    found: dict[str, Times] = {}
    for stage in vehicle.stages:
        lit = 0.0
        rule = stage.ignition
        if rule.kind == "free" or (
            rule.kind == "after" and rule.stage != "lift-off" and rule.stage not in found
        ):
            continue
        if rule.kind == "after":
            lit = rule.delay_s
            if rule.stage != "lift-off":
                lit += found[rule.stage].cutoff_s
        off = lit + _depletion_s(stage)
        if stage.cutoff_s is not None:
            off = min(off, stage.cutoff_s)
        found[stage.id] = Times(lit, off, off + stage.separation_delay_s)
    return found


def mass_without_spacecraft_kg(vehicle: Vehicle) -> float:
    """Everything on the pad at first motion but the spacecraft."""
    mass = vehicle.adapter_kg + (vehicle.fairing.mass_kg if vehicle.fairing else 0.0)
    for stage in vehicle.stages:
        carried = sum(c.mass_kg for c in stage.consumables)
        mass += stage.count * (stage.dry_mass_kg + stage.load_kg + carried)
    return mass


def _whole_timetable(vehicle: Vehicle) -> dict[str, Times]:
    """The timetable, with stages of the plan's choice lit as soon as the one before has left."""
    times = timetable(vehicle)
    for stage in vehicle.stages:
        if stage.id not in times:
            lit = max((t.separation_s for t in times.values()), default=0.0)
            off = lit + _depletion_s(stage)
            times[stage.id] = Times(lit, off, off + stage.separation_delay_s)
    return times


def ideal_delta_v_m_s(vehicle: Vehicle, payload_kg: float) -> float:
    """What all stages give in vacuum without gravity and drag (Tsiolkovsky 1903), m/s.

    Parallel stages burn at their mean flow; the fairing leaves with the first stage that does.
    inf where the figures leave no final mass, or a burn never ends.
    """
    times = _whole_timetable(vehicle)
    moments = sorted(
        {m for t in times.values() for m in (t.ignition_s, t.cutoff_s, t.separation_s)}
    )
    if math.isinf(moments[-1]):
        return math.inf  # a throttle profile that never empties its stage
    gone: set[str] = set()
    mass = payload_kg + mass_without_spacecraft_kg(vehicle)
    total = 0.0
    for begin, end in pairwise(moments):
        for stage in vehicle.stages:
            if times[stage.id].separation_s <= begin and stage.id not in gone:
                left = stage.dry_mass_kg + stage.residual_kg
                left += sum(c.mass_kg for c in stage.consumables)
                mass -= stage.count * left
                if not gone and vehicle.fairing:
                    mass -= vehicle.fairing.mass_kg
                gone.add(stage.id)
        thrust = flow = 0.0
        for stage in vehicle.stages:
            t = times[stage.id]
            if t.ignition_s <= begin and end <= t.cutoff_s:
                each = stage.count * stage.usable_kg / (t.cutoff_s - t.ignition_s)
                flow += each
                thrust += each * G0 * stage.isp_vacuum_s
        if flow > 0.0:
            after = mass - flow * (end - begin)
            if after <= 0.0:
                return math.inf
            total += thrust / flow * math.log(mass / after)
            mass = after
    return total
