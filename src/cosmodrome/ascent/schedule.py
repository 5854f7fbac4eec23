"""From a plan and a vehicle to the sections of a guided flight, for the computer and for lanes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.dispersions import Draw
from cosmodrome.ascent.engines import throttle_at
from cosmodrome.ascent.flaws import turned_axes
from cosmodrome.ascent.lane_timeline import LaneTimeline, Stretch, fixed_part
from cosmodrome.ascent.tail import tail_part
from cosmodrome.solvers.guided import Lanes, Mode, Section
from cosmodrome.vehicle import tail_of, timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage, Vehicle
    from cosmodrome.record.nouns import Plan, PlanPhase, ThrottleProgramme

    Array = NDArray[np.float64]

__all__ = ["Schedule", "burns_of", "schedule"]

# one guidance cycle a step; coasts are above the air
_STEP_S = {Mode.TABLE: 1.0, Mode.GUIDED: 1.0, Mode.COAST: 20.0}
_SPARE_STEPS, _MOST_LOADED = 60, 1.1
_THROTTLE_STEP_S, _SAME_LEVEL, _LAST_LEVEL_S = 2.0, 2e-3, 30.0
_SAME_S = 1e-6
# a mark of the plan may be this far from the same mark of a throttle cut in steps
_LATE_S = 0.2
# a phase whose throttle is never below this is one at full thrust
_FULL = 1.0 - 5e-3
# of a mean over 0 .. 1
_GAUSS_2 = (0.5 - 0.5 / math.sqrt(3.0), 0.5 + 0.5 / math.sqrt(3.0))
_LONGEST_LEG_S, _SHORTEST_LEG_S = 600.0, 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What follows from the vehicle, and what the plan adds to it.

    clock      events of the fixed part: name, seconds after lift-off, mass dropped in kg
    tail       the plan's phases after the fixed part, up to the release
    tail_fairing_kg   mass of a fairing that is still on then
    guided_s   when guidance takes over
    legs       of guidance: when each begins and ends in the plan
    before     number of legs before that of the tail's first burn
    splits     instants of the fixed part at which another leg begins
    waypoints  instants of the tail's burns at which another leg begins
    gone       seconds after lift-off and id of everything the plan drops
    cargo      mass of spacecraft and adapters that leave on the way, by id; of `payload_kg`
    """

    vehicle: Vehicle
    payload_kg: float
    clock: tuple[tuple[str, float, float], ...]
    tail: tuple[PlanPhase, ...]
    tail_fairing_kg: float
    guided_s: float
    legs: tuple[tuple[float, float], ...]
    before: int
    splits: tuple[float, ...]
    waypoints: tuple[float, ...] = ()
    gone: tuple[tuple[float, str], ...] = ()
    cargo: Mapping[str, float] = field(default_factory=dict)

    def lanes(self, draw: Draw) -> tuple[list[Stretch], Lanes, Array]:
        """Stretches and lanes of `draw`, lane 0 nominal; main flow over all flow at the end."""
        lanes = LaneTimeline(self.vehicle, draw)
        mass = lanes.mass_kg(self.payload_kg)
        stretches = fixed_part(lanes, self.clock)
        stretches += tail_part(
            lanes, self.payload_kg, self.tail, self.tail_fairing_kg, self.cargo, self.waypoints
        )
        zero, none = np.zeros(draw.count), np.full(draw.count, -1.0)
        gimbal = np.stack([s.gimbal + np.zeros((2, draw.count)) for s in stretches], axis=1)
        truth = Lanes(
            np.stack([zero if s.length_s is None else s.length_s for s in stretches]),
            np.stack([s.thrust_n for s in stretches]),
            np.stack([s.flow_kg_s for s in stretches]),
            np.stack([s.drop_kg for s in stretches]),
            np.stack([none if s.after_kg is None else s.after_kg for s in stretches]),
            np.stack([none if s.usable_kg is None else s.usable_kg for s in stretches]),
            mass,
            draw.density,
            draw.drag,
            draw.wind,
            draw.tail_s,
            draw.navigation,
            turned_axes(draw.flaws.alignment),
            gimbal[0],
            gimbal[1],
            np.stack([s.late_s + zero for s in stretches]),
            np.stack([s.exit_area_m2 for s in stretches]),
        )
        last = self.vehicle.stages[-1]
        side = last.count * sum(c.flow_kg_s or 0.0 for c in last.consumables)
        flow = next(s.flow_kg_s for s in reversed(stretches) if s.thrust_n[0] > 0.0)
        share = np.where(flow > 0.0, 1.0 - side / np.where(flow > 0.0, flow, 1.0), 1.0)
        return stretches, truth, share

    def sections(self) -> tuple[Section, ...]:
        """The nominal flight as the flight computer has it."""
        stretches, lanes, _ = self.lanes(Draw.nominal(self.vehicle))
        out: list[Section] = []
        now, mass, usable = 0.0, float(lanes.mass_kg[0]), 0.0
        for s, leg in zip(stretches, self._legs(stretches), strict=True):
            thrust, flow = float(s.thrust_n[0]), float(s.flow_kg_s[0])
            length = s.nominal_s if s.length_s is None else float(s.length_s[0])
            mode = Mode.COAST if thrust <= 0.0 else Mode.TABLE if leg < 0 else Mode.GUIDED
            steps = max(1, math.ceil(length / _STEP_S[mode]))
            if s.cuts:
                # a lane may take longer, and closes in
                steps = 2 * steps + _SPARE_STEPS
            usable = usable if s.usable_kg is None else float(s.usable_kg[0])
            if s.length_s is None:
                # as long as the propellant lasts, and some steps to close in
                steps = math.ceil(_MOST_LOADED * usable / flow) + _SPARE_STEPS
            out.append(
                Section(
                    s.name,
                    steps,
                    mode,
                    leg,
                    s.length_s is None or s.cuts,
                    thrust / flow if thrust > 0.0 else 0.0,
                    mass / flow if flow > 0.0 else 1.0,
                    length,
                    self.vehicle.drag_index({i for t, i in self.gone if t < now + _LATE_S}),
                )
            )
            now += length
            mass -= flow * length + float(s.drop_kg[0])
            if s.after_kg is not None:
                mass = float(s.after_kg[0])
        return tuple(out)

    def _legs(self, stretches: list[Stretch]) -> list[int]:
        """The leg of each stretch; coasts at either end of a leg belong to none."""
        out: list[int] = []
        now, burnt = 0.0, False
        for s in stretches:
            piece = sum(now >= split - _SAME_S for split in self.splits)
            guided = now >= self.guided_s - _SAME_S and not burnt and piece < len(self.legs)
            out.append(piece if guided else -1)
            if s.burn is not None:
                passed = sum(now >= at - _LATE_S for at in self.waypoints)
                out[-1], burnt = self.before + s.burn + passed, True
            now += float(s.length_s[0]) if s.length_s is not None else s.nominal_s
        pushes = [s.thrust_n[0] > 0.0 for s in stretches]
        for leg in range(len(self.legs)):
            own = [k for k, x in enumerate(out) if x == leg]
            inside = [k for k in own if pushes[k]]
            for k in own:
                if not inside or k < inside[0] or k > inside[-1]:
                    out[k] = -1
        return out


def burns_of(plan: Plan, vehicle: Vehicle) -> tuple[tuple[str, float, float], ...]:
    """Stage, start and end of each burn that the plan disposes of, in the order of `Flaws`.

    The first may have been lit by a rule of the vehicle before.
    """
    end_s = timeline(vehicle).end_s
    out: list[tuple[str, float, float]] = []
    before: tuple[str, ...] = ()
    for phase in (p for p in plan.phases if p.end_s > end_s + _LATE_S):
        if phase.burning and phase.burning == before:
            out[-1] = (*out[-1][:2], phase.end_s)
        elif phase.burning:
            out.append((phase.burning[0], phase.start_s, phase.end_s))
        before = phase.burning
    return tuple(out)


def schedule(
    plan: Plan,
    vehicle: Vehicle,
    payload_kg: float,
    guided_s: float,
    waypoints: tuple[float, ...] = (),
    cargo: Mapping[str, float] | None = None,
) -> Schedule:
    """The schedule of a plan in which guidance takes over at `guided_s`.

    waypoints  instants at which a burn of the plan's own goes on with another leg
    cargo      of `payload_kg`, what leaves on the way, by id

    A throttle that the plan moves in a burn of its own makes phases of one level each.
    """
    ranged = {s.id for s in vehicle.stages if s.throttle_range is not None}
    vehicle = _throttled(vehicle, plan)
    tl = timeline(vehicle)
    lit = bool(tl.tail) and tl.tail[0].lit
    end_s = max(tl.end_s, guided_s) if lit else tl.end_s
    clock = [("guidance on", guided_s, 0.0)] if guided_s <= end_s + _SAME_S else []
    fairing_kg = vehicle.fairing.mass_kg if vehicle.fairing else 0.0
    kept_kg = fairing_kg
    for phase in plan.phases:
        if "fairing" in phase.drops_at_end and phase.end_s <= end_s + _SAME_S:
            clock.append(("fairing jettison", phase.end_s, fairing_kg))
            kept_kg = 0.0
    last = max(k for k, p in enumerate(plan.phases) if p.burning)
    first = next(k for k, p in enumerate(plan.phases) if p.end_s > end_s + _LATE_S)
    tail = plan.phases[first:]
    if lit:
        tail = (replace(tail[0], start_s=end_s), *tail[1:])
    waypoints = tuple(t for t in waypoints if t > tail[0].start_s)
    tail = _cut_at(tail, waypoints)
    # the burn that rules light has its levels from the vehicle as it is made here
    own = next((k for k, p in enumerate(tail) if not p.burning), len(tail)) if lit else 0
    tail = (*tail[:own], *_in_levels(tail[own:], plan, ranged))
    burns = _burns(plan.phases, first, last)
    steered = [
        k for k in range(first) if plan.phases[k].burning and plan.phases[k].end_s > guided_s
    ]
    ends = burns[0][1] if lit else steered[-1] if steered else None
    splits, fixed = _fixed_legs(plan.phases, guided_s, ends)
    legs = [(begin, plan.phases[k].end_s) for begin, k in fixed]
    before = len(legs) - 1 if lit else len(legs)
    legs += [
        (plan.phases[a].start_s, plan.phases[b].end_s) for a, b in (burns[1:] if lit else burns)
    ]
    return Schedule(
        vehicle=vehicle,
        payload_kg=payload_kg,
        clock=tuple(clock),
        tail=tail,
        tail_fairing_kg=kept_kg,
        guided_s=guided_s,
        legs=(*legs[:before], *_in_parts(legs[before:], waypoints)),
        before=before,
        splits=splits,
        waypoints=waypoints,
        gone=tuple((phase.end_s, id_) for phase in plan.phases for id_ in phase.drops_at_end),
        cargo=cargo or {},
    )


def _cut_at(phases: tuple[PlanPhase, ...], marks: tuple[float, ...]) -> tuple[PlanPhase, ...]:
    """The same phases with an end at each mark, where nothing leaves."""
    out: list[PlanPhase] = []
    for phase in phases:
        inside = [t for t in marks if phase.start_s < t < phase.end_s]
        for t in inside:
            out.append(replace(phase, end_s=t, drops_at_end=()))
            phase = replace(phase, start_s=t)
        out.append(phase)
    return tuple(out)


def _in_levels(
    phases: tuple[PlanPhase, ...], plan: Plan, ranged: set[str]
) -> tuple[PlanPhase, ...]:
    """Phases in which a stage of `ranged` burns, cut into phases of one commanded level each."""
    out: list[PlanPhase] = []
    for phase in phases:
        if plan.throttle is None or not ranged.intersection(phase.burning):
            out.append(phase)
            continue
        steps = _levels(plan.throttle, phase.start_s, phase.end_s)
        if min(level for _, level in steps) > _FULL:
            out.append(phase)
            continue
        ends = [*(t for t, _ in steps[1:]), phase.end_s]
        for (t, level), end in zip(steps, ends, strict=True):
            drops = phase.drops_at_end if end == phase.end_s else ()
            piece = replace(phase, start_s=t, end_s=end, throttle=level, drops_at_end=drops)
            out.append(piece)
    return tuple(out)


def _levels(throttle: ThrottleProgramme, start_s: float, end_s: float) -> list[tuple[float, float]]:
    """Means of a throttle over steps that end at its breaks; near ones are one step."""
    inside = [t for t in throttle.breaks_s if start_s + _SAME_S < t < end_s - _SAME_S]
    out: list[tuple[float, float]] = []
    begun = held = 0.0
    for a, b in pairwise([start_s, *inside, end_s]):
        marks = np.linspace(a, b, max(1, math.ceil((b - a) / _THROTTLE_STEP_S)) + 1).tolist()
        for t, end in pairwise(marks):
            level = float(np.mean([throttle_at(throttle, t + x * (end - t)) for x in _GAUSS_2]))
            if out and abs(level - out[-1][1]) <= _SAME_LEVEL:
                held += level * (end - t)
                out[-1] = (begun, round(held / (end - begun), 9))
            else:
                begun, held = t, level * (end - t)
                out.append((t, round(level, 9)))
    return out


def _in_parts(
    legs: list[tuple[float, float]], marks: tuple[float, ...]
) -> list[tuple[float, float]]:
    """Legs cut at the marks inside of them."""
    return [
        part
        for begin, end in legs
        for part in pairwise([begin, *(t for t in marks if begin < t < end), end])
    ]


def _fixed_legs(
    phases: tuple[PlanPhase, ...], guided_s: float, last: int | None
) -> tuple[tuple[float, ...], list[tuple[float, int]]]:
    """Splits of the fixed part, and its legs up to the end of phase `last`.

    A leg that takes long is flown stage by stage: guidance that sees a quarter of a turn ahead
    does not see it well.
    """
    if last is None:
        return (), []
    splits: list[float] = []
    if phases[last].end_s - guided_s > _LONGEST_LEG_S:
        splits = [
            p.end_s
            for p in phases[:last]
            if set(p.drops_at_end) - {"fairing"} and p.end_s > guided_s + _SHORTEST_LEG_S
        ]
    burning = [k for k in range(last + 1) if phases[k].burning]
    starts = [
        guided_s,
        *(min(phases[k].start_s for k in burning if phases[k].end_s > t + _SAME_S) for t in splits),
    ]
    ends = [*(max(k for k in burning if phases[k].end_s <= t + _SAME_S) for t in splits), last]
    return tuple(splits), list(zip(starts, ends, strict=True))


def _burns(
    phases: tuple[PlanPhase, ...], first: int, last: int, id_: str = ""
) -> list[tuple[int, int]]:
    """First and last index of each run of phases in which the same stages burn, or stage `id_`."""
    out: list[tuple[int, int]] = []
    for k in range(first, last + 1):
        if not phases[k].burning or (id_ and id_ not in phases[k].burning):
            continue
        same = id_ in phases[k - 1].burning if id_ else phases[k - 1].burning == phases[k].burning
        if out and out[-1][1] == k - 1 and same:
            out[-1] = (out[-1][0], k)
        else:
            out.append((k, k))
    return out


def _throttled(vehicle: Vehicle, plan: Plan) -> Vehicle:
    """The vehicle with the throttle that the plan commands as a profile of its own, in steps.

    That of what rules light; where guidance cuts it off, the last level holds from half a minute
    before. Burns of the plan's own have theirs in the phases of the tail.
    """
    if plan.throttle is None:
        return vehicle
    first = tail_of(vehicle)

    def stage(k: int, s: Stage) -> Stage:
        burning = [k for k, p in enumerate(plan.phases) if s.id in p.burning]
        if s.throttle_range is None or not burning:
            return s
        runs = _burns(plan.phases, burning[0], burning[-1], s.id)
        lit, off = plan.phases[runs[0][0]].start_s, plan.phases[runs[0][1]].end_s
        if s.ignition.kind == "free":
            return replace(s, throttle_range=None)
        from_s = 0.0 if s.ignition.kind == "lift-off" else lit
        until_s = off if k < first else max(off - _LAST_LEVEL_S, lit + _THROTTLE_STEP_S)
        return replace(s, throttle=_steps(plan, lit, until_s, from_s), throttle_range=None)

    return replace(vehicle, stages=tuple(stage(k, s) for k, s in enumerate(vehicle.stages)))


def _steps(
    plan: Plan, start_s: float, end_s: float, from_s: float
) -> tuple[tuple[float, float], ...]:
    """Commanded levels between two instants, as steps from `from_s`; equal ones are one."""
    out: list[tuple[float, float]] = []
    for t in np.arange(start_s, end_s, _THROTTLE_STEP_S).tolist():
        level = throttle_at(plan.throttle, t + 0.5 * _THROTTLE_STEP_S)
        if not out or abs(level - out[-1][1]) > _SAME_LEVEL:
            out.append((t - from_s, level))
    return tuple(out)
