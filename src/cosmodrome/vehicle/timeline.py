"""The sequence of a launch that follows from loads, thrust and rules alone.

Everything up to the last stage's own ignition is fixed by the vehicle: throttle steps, depletion
or commanded cut-offs, separations, hot staging, jettisons. What a plan may choose - when the
fairing goes, how long the last stage burns, when an upper stage lights - is left to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.vehicle.stack import Tank, full_tanks, thrusting

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = [
    "Drop",
    "Section",
    "Timeline",
    "cutoff_after_s",
    "display_name",
    "timeline",
    "upper_stage",
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
class Section:
    """Between two marks: constant thrust and flow.

    end_s None: the plan chooses (the last stage's own burn)
    """

    name: str
    start_s: float
    end_s: float | None
    burning: tuple[str, ...]
    thrust_vacuum_n: float
    exit_area_m2: float
    flow_kg_s: float
    drops: tuple[Drop, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Sections in order, and the tanks when the last of them begins.

    last      the stage whose cut-off the plan chooses
    upper     True when that stage lights at a moment of its own choice, after `sections`;
              False when it is already burning in the last section
    """

    sections: tuple[Section, ...]
    tanks: dict[str, Tank]
    last: Stage
    upper: bool


def display_name(vehicle: Vehicle, stage: Stage) -> str:
    """How events call a stage: strap-on, core, third-stage, upper-stage, or its own id."""
    if upper_stage(vehicle) is stage:
        return "upper-stage"
    name = stage.id
    if stage.count > 1 and name.endswith("s"):
        name = name[:-1]
    return f"{name}-stage" if name in _ORDINALS else name


def upper_stage(vehicle: Vehicle) -> Stage | None:
    """The stage that lights at moments the plan chooses, or None."""
    free = [s for s in vehicle.stages if s.ignition.kind == "free"]
    if not free:
        return None
    if len(free) > 1 or free[0] is not vehicle.stages[-1]:
        raise InputError(
            f"vehicle {vehicle.id!r}: stages {', '.join(s.id for s in free)} light at a free"
            " moment; only the last stage may: give the others `ignition: {after: ...}`"
        )
    return free[0]


def cutoff_after_s(stage: Stage) -> float:
    """Seconds of burning until the usable main propellant of each unit is gone."""
    left = stage.usable_kg
    steps = [*stage.throttle]
    if not steps or steps[0][0] > 0.0:
        steps = [(0.0, 1.0), *steps]
    for (start, fraction), following in zip(
        steps, [*[s for s, _ in steps[1:]], float("inf")], strict=True
    ):
        flow = fraction * stage.mass_flow_kg_s
        if flow <= 0.0:
            continue
        if left <= flow * (following - start):
            return start + left / flow
        left -= flow * (following - start)
    raise InputError(
        f"stage {stage.id!r}: its throttle profile ends at zero with {left:.1f} kg of usable"
        " propellant left: end it with a positive fraction or state `cutoff`"
    )


def _ignitions_and_cutoffs(vehicle: Vehicle, stages: list[Stage]) -> dict[str, tuple[float, float]]:
    times: dict[str, tuple[float, float]] = {}
    for s in stages:
        if s.ignition.kind == "lift-off":
            lit = max(0.0, s.ignition.delay_s)
        else:
            if s.ignition.stage not in times:
                raise InputError(
                    f"stage {s.id!r} lights after {s.ignition.stage!r}, which is no earlier stage"
                    f" of {vehicle.id!r}: name one listed before it"
                )
            lit = times[s.ignition.stage][1] + s.ignition.delay_s
        depleted = lit + cutoff_after_s(s)
        off = depleted if s.cutoff_s is None else min(s.cutoff_s, depleted)
        times[s.id] = (lit, off)
    return times


def timeline(vehicle: Vehicle) -> Timeline:
    """The fixed part of the sequence, and who finishes the work.

    A stage with `ignition: free` is the upper stage: the sections end when the stage before it
    has separated. Without one the last stage's own burn is the last section, its end open.
    """
    upper = upper_stage(vehicle)
    fixed = [s for s in vehicle.stages if s is not upper]
    if not fixed or fixed[0].ignition.kind != "lift-off":
        raise InputError(
            f"vehicle {vehicle.id!r}: its first stage must light at lift-off to leave the pad"
        )
    times = _ignitions_and_cutoffs(vehicle, fixed)
    last = upper or fixed[-1]
    marks: list[tuple[float, str]] = []
    drops: list[tuple[float, str, str, float]] = []  # time, id, stage, mass of a named jettison
    for s in fixed:
        lit, off = times[s.id]
        name = display_name(vehicle, s)
        if lit > 0.0:
            marks.append((lit, f"{name} ignition"))
        previous = 1.0
        for at, fraction in s.throttle:
            if at > 0.0 and lit + at < off and fraction != previous:
                word = "reduction" if fraction < previous else "increase"
                marks.append((lit + at, f"{name} thrust {word}"))
            previous = fraction
        for j in s.jettisons:
            marks.append((lit + j.after_ignition_s, f"{name} {j.name.replace('-', ' ')}"))
            drops.append((lit + j.after_ignition_s, j.name, s.id, s.count * j.mass_kg))
        if s is not last:
            marks.append((off, f"{name} cut-off"))
            marks.append((off + s.separation_delay_s, f"{name} separation"))
    marks.sort(key=lambda m: m[0])

    tanks = full_tanks(vehicle)
    by_id = {s.id: s for s in fixed}
    jettisoned: dict[str, float] = {}
    sections: list[Section] = []
    start = 0.0
    lit_now = [s for s in fixed if times[s.id][0] <= _SAME_S]
    gone: set[str] = set()
    final_lit = times[last.id][0] if not upper else float("inf")
    while marks:
        at = marks[0][0]
        names = [n for t, n in marks if t <= at + _SAME_S]
        marks = [m for m in marks if m[0] > at + _SAME_S]
        middle = 0.5 * (start + at)
        lit_now = [
            s
            for s in fixed
            if times[s.id][0] <= middle and (middle < times[s.id][1] or (s is last and not upper))
        ]
        push = {s.id: thrusting(s, middle - times[s.id][0]) for s in lit_now}
        for s in lit_now:
            p = push[s.id]
            tanks[s.id] = tanks[s.id].less(
                p.propellant_kg_s * (at - start), p.consumables_kg_s * (at - start)
            )
        dropped: list[Drop] = []
        for t, id_, stage_id, mass in drops:
            if abs(t - at) <= _SAME_S:
                dropped.append(Drop(id_, stage_id, mass))
                jettisoned[stage_id] = jettisoned.get(stage_id, 0.0) + mass
        for s in fixed:
            off = times[s.id][1] + s.separation_delay_s
            if s is not last and s.id not in gone and off <= at + _SAME_S:
                gone.add(s.id)
                tank = tanks[s.id]
                mass = s.count * s.dry_mass_kg - jettisoned.get(s.id, 0.0)
                dropped.append(Drop(s.id, s.id, mass + tank.propellant_kg + tank.consumables_kg))
        # ignition losses of a stage that lights at this mark leave at the mark
        for s in fixed:
            if s.ignition_loss_kg and times[s.id][0] > 0.0 and abs(times[s.id][0] - at) <= _SAME_S:
                loss = s.count * s.ignition_loss_kg
                tanks[s.id] = tanks[s.id].less(loss)
                dropped.append(Drop("", s.id, loss))
        sections.append(
            Section(
                ", ".join(names),
                start,
                at,
                tuple(s.id for s in lit_now),
                sum(p.thrust_vacuum_n for p in push.values()),
                sum(p.exit_area_m2 for p in push.values()),
                sum(p.flow_kg_s for p in push.values()),
                tuple(dropped),
            )
        )
        start = at
    if not upper:
        since = start - final_lit
        p = thrusting(by_id[last.id], since + _SAME_S)
        sections.append(
            Section(
                f"{display_name(vehicle, last)} cut-off",
                start,
                None,
                (last.id,),
                p.thrust_vacuum_n,
                p.exit_area_m2,
                p.flow_kg_s,
            )
        )
    return Timeline(tuple(sections), tanks, last, upper is not None)
