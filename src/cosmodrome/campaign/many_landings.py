"""Landings of a mission from dispersed states at ignition, in all processes, kept as they end.

The mission is flown as planned up to its landing. The plan that is dispersed leaves the guidance
something to spare: less than the engine's full thrust.
"""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from cosmodrome import __version__, flight, landing
from cosmodrome.campaign.kept import Kept
from cosmodrome.campaign.processes import in_processes
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Land
from cosmodrome.record.landings import LandingCase, Landings
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cosmodrome.landing import LandingProblem, Phase, Scatter
    from cosmodrome.landing.reference import Path as Descent
    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.watch import Watch

__all__ = ["SPARE", "at_ignition", "landings", "spared"]

#: parts of the full thrust kept back in braking, and after it
SPARE = 0.05
_AFTER = 0.2
# landings that a process is asked for at once
_AT_ONCE = 8
_FILE = "cases.ndjson"


def at_ignition(
    mission: AnyMission, spare: float, world: World, watch: Watch = SILENT
) -> tuple[LandingProblem, Land]:
    """The powered descent of a mission's landing from its ignition on, with thrust to spare.

    The mission is flown up to there. Raises InputError for a mission without a landing, or a part
    to spare outside 0 to 0.5, and what flying and planning raise.
    """
    if not 0.0 <= spare <= 0.5:
        raise InputError(f"{spare:g} of the thrust to spare: give a part from 0 to 0.5, like 5 %")
    steps = [s for s in mission.plan if isinstance(s, Land)]
    if not steps:
        raise InputError(
            f"{mission.name!r} does not land: dispersed are landings alone so far; write a plan"
            " with - landing: {site: ...}"
        )
    step = steps[0]
    flown = flight.fly(
        replace(mission, plan=mission.plan[: mission.plan.index(step) + 1]),
        world=world, watch=watch,
    )  # fmt: skip
    leg = next(g for g in flown.legs if step in g.steps)
    assert leg.handover_in is not None
    made = landing.plan_landing(leg.handover_in, step, mission, world)
    whole = made.descent.landing.problem
    phases = spared(whole.phases, spare)
    planned = landing.solve(replace(whole, phases=phases, aim=(0.0,) * 6))
    first = next(a for a in planned.arcs if a.phase >= 0)
    return replace(
        planned.problem, r_m=first.r_m[0], v_m_s=first.v_m_s[0], coast_s=(0.0, 0.0)
    ), step  # fmt: skip


def spared(phases: Sequence[Phase], spare: float) -> tuple[Phase, ...]:
    """The phases of a descent with a part of the full thrust kept back in braking, and a fifth at
    the least after it."""
    return tuple(
        replace(p, throttle=_less(p.throttle, spare if k == 0 else max(spare, _AFTER)))
        for k, p in enumerate(phases)
    )


def _less(throttle: tuple[float, float], spare: float) -> tuple[float, float]:
    low, high = throttle
    if low == high:
        return throttle  # held there: nothing is steered by it
    return low, max((1.0 - spare) * high, low)


def landings(
    mission: AnyMission,
    scatter: Scatter,
    count: int,
    seed: int = 1,
    *,
    spare: float = SPARE,
    keep: Path | None = None,
    resume: bool = False,
    jobs: int | None = None,
    world: World | None = None,
    watch: Watch = SILENT,
) -> Landings:
    """`count` landings by convexified guidance; the k-th draw depends on seed and k alone.

    spare    part of the full thrust the guidance keeps back in braking; later a fifth
    keep     folder in which every landing is written as it ends; `resume` goes on from there
    jobs     processes (default: one a core); they change the time alone

    Raises InputError for a count below 1 or a folder of another question, what `at_ignition`
    raises, and Cancelled between landings.
    """
    if count < 1:
        raise InputError(f"{count} dispersed landings: give 1 or more")
    world = World.shipped() if world is None else world
    begun = time.perf_counter()
    problem, step = at_ignition(mission, spare, world, watch)
    nominal = landing.descent(problem)
    planned = time.perf_counter() - begun
    question = {
        "cosmodrome": __version__, "mission": mission.resolved, "seed": seed, "spare": spare,
        "scatter": asdict(scatter),
    }  # fmt: skip
    kept = Kept(
        None if keep is None else keep / _FILE, resume, question, _told, _read,
        "dispersed landings", "mission, seed, scatter or version",
    )  # fmt: skip
    done = {c.number: c for c in kept.cases if c.number < count}
    todo = [n for n in range(count) if n not in done]
    watch.begin("landing", f"{len(todo)} dispersed landings")
    asked = _Asked(problem, scatter, seed, nominal.path)
    for cases in _solved(asked, todo, jobs or os.cpu_count() or 1):
        for case in cases:
            done[case.number] = case
            kept.add(case)
        watch.tell("landing", len(done) / count, f"{len(done)} of {count}")
        stop_if_cancelled(watch)
    usable = (problem.propellant_kg or math.inf) - problem.reserve_kg
    out = Landings(
        mission=mission.name,
        step=step.name,
        seed=seed,
        scatter=asdict(scatter),
        spare={p.name: 1.0 - p.throttle[1] for p in problem.phases},
        planned_kg=nominal.propellant_kg,
        usable_kg=usable,
        cases=tuple(done[n] for n in range(count)),
        provenance={"cosmodrome": __version__, "guidance": "convexified, Clarabel"},
        timing={
            "planning_s": planned,
            "landings_s": time.perf_counter() - begun - planned,
            "cpu_s": _cpu_s(),
            "largest_process_bytes": _largest_bytes(),
        },
    )
    told = ", ".join(f"{n} {name}" for name, n in out.counts.items() if n)
    watch.end("landing", told)
    return out


class _Asked:
    """What a process needs to know, once."""

    def __init__(self, problem: LandingProblem, scatter: Scatter, seed: int, near: Descent) -> None:
        self.problem, self.scatter, self.seed, self.near = problem, scatter, seed, near

    def case(self, number: int) -> LandingCase:
        """One landing flown."""
        draw = landing.drawn(self.scatter, self.seed, number)
        one = landing.landed_from(self.problem, draw, self.near)
        down = one.outcome in ("landed", "missed")
        usable = (self.problem.propellant_kg or math.inf) - self.problem.reserve_kg
        return LandingCase(
            number=number,
            place_m=draw.place_m,
            speed_m_s=draw.speed_m_s,
            mass_kg=draw.mass_kg,
            thrust=draw.thrust,
            isp=draw.isp,
            outcome=one.outcome,
            why=one.why,
            propellant_kg=one.propellant_kg,
            left_kg=usable - one.propellant_kg if down and math.isfinite(usable) else None,
            short_kg=one.short_kg,
            short_m_s=one.short_m_s,
            east_m=one.east_m if down else None,
            north_m=one.north_m if down else None,
            across_m_s=one.across_m_s if down else None,
            sink_m_s=one.sink_m_s if down else None,
        )


_ASKED: list[_Asked] = []


def _ready(asked: _Asked) -> None:
    _ASKED[:] = [asked]


def _some(numbers: Sequence[int]) -> list[LandingCase]:
    return [_ASKED[0].case(n) for n in numbers]


def _solved(asked: _Asked, todo: list[int], jobs: int) -> Iterator[list[LandingCase]]:
    alone = jobs == 1 or len(todo) <= _AT_ONCE
    size = 1 if alone else _AT_ONCE
    groups = [todo[k : k + size] for k in range(0, len(todo), size)]
    for _, cases in in_processes(_some, groups, 1 if alone else jobs, _ready, (asked,)):
        yield cases


def _told(case: LandingCase) -> dict[str, Any]:
    return asdict(case)


def _read(told: dict[str, Any]) -> LandingCase:
    for name in ("place_m", "speed_m_s"):
        told[name] = tuple(told[name])
    return LandingCase(**told)


def _cpu_s() -> float:
    """Of this process and those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _largest_bytes() -> float:
    """Memory of the largest process at its largest."""
    unit = 1.0 if sys.platform == "darwin" else 1024.0
    return unit * max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
