"""The sequence of a launch that follows from loads, thrust and rules alone.

Fixed by the vehicle: throttle steps, thrust curves, depletion or commanded cut-offs,
separations, hot staging, air-lit boosters, jettisons. Left to a plan: when the fairing goes, how
deep a free throttle goes, and the tail - the stages that light when the plan says so, that can
light again, or that end the climb.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.vehicle.stack import (
    Tank,
    burn_profile,
    consumables_flow,
    full_tanks,
    thrusting,
)

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = [
    "Drop",
    "FreeThrust",
    "Section",
    "TailStage",
    "Timeline",
    "cutoff_after_s",
    "display_name",
    "tail_of",
    "timeline",
]

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
# marks closer together than this are one mark
_SAME_S = 1e-6


@dataclass(frozen=True, slots=True)
class Drop:
    """What leaves at the end of a section: its id, the stage it belongs to, its mass in kg."""

    id: str
    stage: str
    mass_kg: float


@dataclass(frozen=True, slots=True)
class FreeThrust:
    """What a plan may throttle in a section, all of it together.

    shares           ((stage id, part of flow_kg_s), ...)
    thrust_vacuum_n, flow_kg_s   vacuum thrust and main flow at full throttle
    lowest, highest  allowed throttle
    """

    shares: tuple[tuple[str, float], ...]
    thrust_vacuum_n: float
    flow_kg_s: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Section:
    """Between two marks: thrust and flow that are constant, or straight lines of time.

    thrust_vacuum_n, flow_kg_s   at the start, without what is free to throttle
    exit_area_m2     of all engines that run
    thrust_slope_n_s, flow_slope_kg_s2   their change per second
    flows            ((stage id, main flow at the start in kg/s), ...) of the steady engines
    free             engines whose throttle the plan chooses
    emptied          stages that have used their propellant when it ends; with a free throttle
                     that is what ends it, and `end_s` is only its time at full throttle
    """

    name: str
    start_s: float
    end_s: float
    burning: tuple[str, ...]
    thrust_vacuum_n: float
    exit_area_m2: float
    flow_kg_s: float
    drops: tuple[Drop, ...] = ()
    thrust_slope_n_s: float = 0.0
    flow_slope_kg_s2: float = 0.0
    flows: tuple[tuple[str, float], ...] = ()
    free: FreeThrust | None = None
    emptied: tuple[str, ...] = ()

    @property
    def stretches(self) -> bool:
        """Is its length a matter of throttling?"""
        return bool(self.emptied)


@dataclass(frozen=True, slots=True)
class TailStage:
    """A stage whose burns the plan disposes of.

    lit      it burns when the sections end, or has just been lit by rule
    delay_s  fixed coast before its first ignition, where a rule says so; None: free
    """

    stage: Stage
    lit: bool = False
    delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Sections in order, the stages left to the plan, and the tanks when the sections end."""

    sections: tuple[Section, ...]
    tail: tuple[TailStage, ...]
    tanks: dict[str, Tank]

    @property
    def end_s(self) -> float:
        """When the sections end, at full throttle."""
        return self.sections[-1].end_s

    def level_after(self, stage: Stage) -> float:
        """Part of its full thrust with which `stage` burns on when the sections end.

        The last section may end with a step of the stage's own profile.
        """
        lit_s = next((s.start_s for s in self.sections if stage.id in s.burning), self.end_s)
        push = thrusting(stage, self.end_s - lit_s)
        return push.thrust_vacuum_n / (stage.count * stage.thrust_vacuum_n)


def display_name(vehicle: Vehicle, stage: Stage) -> str:
    """How events call a stage: strap-on, core, third-stage, upper-stage, or its own id."""
    if stage.ignition.kind == "free" and stage is vehicle.stages[-1]:
        return "upper-stage"
    name = stage.id
    if stage.count > 1 and name.endswith("s"):
        name = name[:-1]
    return f"{name}-stage" if name in _ORDINALS else name


def cutoff_after_s(stage: Stage) -> float:
    """Seconds of burning until cut-off: the usable main propellant of each unit is gone."""
    return burn_profile(stage)[-1].end_s


def tail_of(vehicle: Vehicle) -> int:
    """Index of the first stage that is left to the plan.

    That is the first one that lights at a free moment or can light again, else the last stage;
    a last stage that is a solid lit by rule leaves nothing to the plan (the number of stages).
    """
    stages = vehicle.stages
    for k, s in enumerate(stages[1:], 1):
        if s.ignition.kind == "free" or (s.restarts > 0 and not s.solid):
            if any(x.ignition.kind == "lift-off" for x in stages[k:]):
                raise InputError(
                    f"vehicle {vehicle.id!r}: {s.id!r} lights when the plan says so, but a stage"
                    " after it lights at lift-off: list stages in firing order"
                )
            return k
    return len(stages) if stages[-1].solid else len(stages) - 1


def _tail(vehicle: Vehicle, first: int) -> tuple[TailStage, ...]:
    out: list[TailStage] = []
    for k, s in enumerate(vehicle.stages[first:], first):
        if s.ignition.kind == "free":
            if s.throttle:
                raise InputError(
                    f"stage {s.id!r} of {vehicle.id!r} lights when the plan says so and cannot"
                    " follow a throttle profile; write throttle: {range: [60 %, 100 %]}"
                )
            out.append(TailStage(s))
        elif k == first:
            out.append(TailStage(s, lit=True))
        elif s.ignition.stage != vehicle.stages[k - 1].id:
            raise InputError(
                f"stage {s.id!r} of {vehicle.id!r} lights after {s.ignition.stage!r}; the stage"
                f" before it, {vehicle.stages[k - 1].id!r}, ends when the plan says so: write"
                f" ignition: {{after: {vehicle.stages[k - 1].id}}} or {{with: free}}"
            )
        else:
            delay = max(s.ignition.delay_s, vehicle.stages[k - 1].separation_delay_s)
            out.append(TailStage(s, delay_s=delay))
    return tuple(out)


def _ignitions_and_cutoffs(vehicle: Vehicle, stages: list[Stage]) -> dict[str, tuple[float, float]]:
    times: dict[str, tuple[float, float]] = {}
    for s in stages:
        after = s.ignition.stage
        if s.ignition.kind == "lift-off":
            lit = max(0.0, s.ignition.delay_s)
        elif after == "lift-off":
            lit = s.ignition.delay_s
        elif after not in times:
            raise InputError(
                f"stage {s.id!r} lights after {after!r}, which is no earlier stage"
                f" of {vehicle.id!r}: name one listed before it"
            )
        else:
            lit = times[after][1] + s.ignition.delay_s
        times[s.id] = (lit, lit + cutoff_after_s(s))
    return times


@dataclass(slots=True)
class _Marks:
    """Instants and what happens at them, while they are gathered."""

    at: list[tuple[float, str]]
    jettisons: list[tuple[float, str, str, float]]  # time, id, stage, mass

    def names(self, at: float) -> list[str]:
        return [n for t, n in self.at if abs(t - at) <= _SAME_S and n]


def _marks(
    vehicle: Vehicle,
    fixed: list[Stage],
    open_end: Stage | None,
    times: dict[str, tuple[float, float]],
) -> _Marks:
    marks = _Marks([], [])
    for s in fixed:
        lit, off = times[s.id]
        name = display_name(vehicle, s)
        if lit > 0.0:
            marks.at.append((lit, f"{name} ignition"))
        previous = 1.0
        for at, level in s.throttle:
            if at > 0.0 and lit + at < off and level != previous:
                word = "reduction" if level < previous else "increase"
                marks.at.append((lit + at, f"{name} thrust {word}"))
            previous = level
        # a knot of a thrust curve, or the end of a consumable, is a mark without a name
        marks.at += [(lit + at, "") for at, _ in s.thrust_curve if at > 0.0 and lit + at < off]
        marks.at += [(lit + gone, "") for _, gone in consumables_flow(s) if lit + gone < off]
        for j in s.jettisons:
            marks.at.append((lit + j.after_ignition_s, f"{name} {j.name.replace('-', ' ')}"))
            marks.jettisons.append((lit + j.after_ignition_s, j.name, s.id, s.count * j.mass_kg))
        if s is not open_end:
            marks.at.append((off, f"{name} cut-off"))
            if s is not vehicle.stages[-1]:
                marks.at.append((off + s.separation_delay_s, f"{name} separation"))
    marks.at.sort(key=lambda m: m[0])
    return marks


def timeline(vehicle: Vehicle) -> Timeline:
    """The fixed part of the sequence, and who finishes the work.

    Sections end at the last mark that rules fix. A tail stage lit by rule burns on from there.
    Raises InputError for a vehicle whose rules make no sequence.
    """
    first = tail_of(vehicle)
    tail = _tail(vehicle, first)
    open_end = tail[0].stage if tail and tail[0].lit else None
    fixed = [*vehicle.stages[:first], *([open_end] if open_end else [])]
    if not fixed or fixed[0].ignition.kind != "lift-off":
        raise InputError(
            f"vehicle {vehicle.id!r}: its first stage must light at lift-off to leave the pad"
        )
    times = _ignitions_and_cutoffs(vehicle, fixed)
    marks = _marks(vehicle, fixed, open_end, times)
    throttled = _throttled(fixed, open_end, times)
    tanks = full_tanks(vehicle)
    jettisoned: dict[str, float] = {}
    gone: set[str] = set()
    sections: list[Section] = []
    start = 0.0
    for at in sorted({t for t, _ in marks.at}):
        if at <= start + _SAME_S:
            continue
        middle = 0.5 * (start + at)
        lit = [
            s
            for s in fixed
            if times[s.id][0] <= middle and (middle < times[s.id][1] or s is open_end)
        ]
        section = _section(lit, throttled, times, start, at, ", ".join(marks.names(at)))
        for s in lit:
            push = thrusting(s, start - times[s.id][0])
            length = at - start
            tanks[s.id] = tanks[s.id].less(
                (push.propellant_kg_s + 0.5 * push.propellant_slope_kg_s2 * length) * length,
                push.consumables_kg_s * length,
            )
        drops: list[Drop] = []
        for t, id_, stage_id, mass in marks.jettisons:
            if abs(t - at) <= _SAME_S:
                drops.append(Drop(id_, stage_id, mass))
                jettisoned[stage_id] = jettisoned.get(stage_id, 0.0) + mass
        for s in fixed:
            off = times[s.id][1] + s.separation_delay_s
            keeps = s is open_end or s is vehicle.stages[-1] or s.id in gone
            if not keeps and off <= at + _SAME_S:
                gone.add(s.id)
                tank = tanks[s.id]
                mass = s.count * s.dry_mass_kg - jettisoned.get(s.id, 0.0)
                drops.append(Drop(s.id, s.id, mass + tank.propellant_kg + tank.consumables_kg))
        # ignition losses of a stage that lights at this mark leave at the mark
        for s in fixed:
            if s.ignition_loss_kg and times[s.id][0] > 0.0 and abs(times[s.id][0] - at) <= _SAME_S:
                loss = s.count * s.ignition_loss_kg
                tanks[s.id] = tanks[s.id].less(loss)
                drops.append(Drop("", s.id, loss))
        sections.append(replace(section, drops=tuple(drops)))
        start = at
    return Timeline(tuple(sections), tail, tanks)


def _throttled(
    fixed: list[Stage], open_end: Stage | None, times: dict[str, tuple[float, float]]
) -> set[str]:
    """Stages whose throttle is free: all with a range, but not beside a stage that outlasts them.

    Throttling would move their cut-off past events that another stage fixes in time.
    """
    out = set()
    for s in fixed:
        off = times[s.id][1]
        beside = [
            x
            for x in fixed
            if x.throttle_range is None and times[x.id][0] < off < times[x.id][1] - _SAME_S
        ]
        if s.throttle_range is not None and (s is open_end or not beside):
            out.add(s.id)
    return out


def _section(
    lit: list[Stage],
    throttled: set[str],
    times: dict[str, tuple[float, float]],
    start: float,
    at: float,
    name: str,
) -> Section:
    """Thrust and flow of everything that burns from `start` to `at`, free throttles apart."""
    push = {s.id: thrusting(s, start - times[s.id][0]) for s in lit}
    ranged = [s for s in lit if s.id in throttled]
    free = None
    if ranged:
        flow = sum(s.count * s.mass_flow_kg_s for s in ranged)
        free = FreeThrust(
            tuple((s.id, s.count * s.mass_flow_kg_s / flow) for s in ranged),
            sum(s.count * s.thrust_vacuum_n for s in ranged),
            flow,
            max(s.throttle_range[0] for s in ranged if s.throttle_range),
            min(s.throttle_range[1] for s in ranged if s.throttle_range),
        )
        if free.lowest > free.highest:
            raise InputError(
                f"stages {', '.join(s.id for s in ranged)} burn together and their throttle"
                " ranges do not overlap: give them ranges that do"
            )
    steady = [push[s.id] for s in lit if s.id not in throttled]
    return Section(
        name,
        start,
        at,
        tuple(s.id for s in lit),
        sum(p.thrust_vacuum_n for p in steady),
        sum(p.exit_area_m2 for p in push.values()),
        sum(p.propellant_kg_s for p in steady) + sum(p.consumables_kg_s for p in push.values()),
        (),
        sum(p.thrust_slope_n_s for p in steady),
        sum(p.propellant_slope_kg_s2 for p in steady),
        tuple((s.id, push[s.id].propellant_kg_s) for s in lit if s.id not in throttled),
        free,
        tuple(s.id for s in ranged if s.cutoff_s is None and abs(times[s.id][1] - at) <= _SAME_S),
    )
