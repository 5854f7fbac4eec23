"""Flying a corpus, clean and faulted, and asking the checks what they see.

A clean mission is planned, flown and checked. A faulted one is what the same mission carries with
one thing wrong in it, executed again and checked: the checks get that flight and nothing else.
"""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome import __version__, checks, mission
from cosmodrome.campaign.kept import Kept
from cosmodrome.campaign.processes import in_processes, shipped_world
from cosmodrome.campaign.score.corpus import Group, corpus
from cosmodrome.campaign.score.days import on_another_day
from cosmodrome.campaign.score.nouns import REFUSED, Case
from cosmodrome.campaign.verify.intent.faults import intent_faults
from cosmodrome.campaign.verify.intent.flown import fly_intent
from cosmodrome.campaign.verify.judging import Judge
from cosmodrome.campaign.verify.plans.faults import plan_faults
from cosmodrome.campaign.verify.plans.flown import fly_carried
from cosmodrome.campaign.verify.plans.records import misread, misrecorded, record_faults
from cosmodrome.campaign.verify.plans.written import written_faults
from cosmodrome.errors import CosmodromeError, InputError, SolverError
from cosmodrome.flight.again import Carried, carried, flies_again, fly_again
from cosmodrome.flight.looking import with_overflights
from cosmodrome.flight.pad import from_the_pad
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.mission.nouns import Mission
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.record.faults import Fault
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["group_cases", "score"]

_FILE = "cases.ndjson"
# draws that stand for one that cannot be flown at all
_ATTEMPTS = 6
# of all faults, how many are of the record alone, and how many of the mission's own intent
_OF_RECORDS, _OF_INTENT = 0.2, 0.03
_FAULT = 9


def score(
    seed: int,
    clean: int,
    faulted: int,
    *,
    keep: Path | None = None,
    resume: bool = False,
    jobs: int | None = None,
    watch: Watch = SILENT,
) -> tuple[Case, ...]:
    """Every case of the corpus of a seed, in order of mission.

    keep  folder in which each group of missions is written as it ends; `resume` goes on from there
    jobs  processes (default: one a core); they change the time alone

    Raises InputError for counts below 1 or a folder of another question; Cancelled between groups.
    """
    if clean < 1 or faulted < 0:
        raise InputError(
            f"{clean} clean and {faulted} faulted missions: give 1 clean or more, 0 faulted or more"
        )
    groups = corpus(seed, clean, faulted)
    question = {"seed": seed, "clean": clean, "faulted": faulted, "version": __version__}
    path = None if keep is None else keep / _FILE
    kept = Kept(path, resume, question, _row, _read, "scored missions", "seed, size")
    done = dict(kept.cases)
    todo = [g for g in groups if g.number not in done]
    watch.begin("score", f"{len(todo)} of {len(groups)} groups of missions")
    for group, cases in in_processes(_flown, todo, jobs or os.cpu_count() or 1):
        done[group.number] = cases
        kept.add((group.number, cases))
        watch.tell("score", len(done) / len(groups), _told(done))
        stop_if_cancelled(watch)
    watch.end("score", _told(done))
    return tuple(case for k in sorted(done) for case in done[k])


def _told(done: dict[int, list[Case]]) -> str:
    cases = [c for group in done.values() for c in group]
    clean = [c for c in cases if c.clean]
    losing = [c for c in cases if c.losing]
    return (
        f"{len(clean)} clean, {sum(bool(c.seen) for c in clean)} false alarms;"
        f" {len(cases) - len(clean)} faulted, {len(losing)} lose the mission,"
        f" {sum(not c.seen for c in losing)} of them missed"
    )


# one group -------------------------------------------------------------------------------------
def group_cases(group: Group, world: World) -> list[Case]:
    """The cases of one group, one mission after another; from a pad all by one optimum."""
    out: list[Case] = []
    if not group.from_pad:
        for k, (number, faulted) in enumerate(group.numbers):
            begun = time.process_time()
            flown = _first_that_flies(group, k, world)
            out += _cases(number, faulted, flown, carried(flown), group, world, begun)
        return out
    begun = time.process_time()
    base, files = _optimised(group, world)
    for (number, faulted), file in zip(group.numbers, files, strict=True):
        asked = mission.loads(file, f"mission {number}")
        assert isinstance(asked, Mission)
        intended, carries = on_another_day(base, asked, world)
        again = fly_again(intended, carries, world)
        if again.flight is None:
            raise SolverError(f"mission {number} does not fly clean: {again.ended}")
        out += _cases(number, faulted, again.flight, carries, group, world, begun)
        begun = time.process_time()
    return out


def _optimised(group: Group, world: World) -> tuple[Flight, tuple[str, ...]]:
    """The group's ascent, and its files; of draws that cannot be flown the next one."""
    why = ""
    for attempt in range(_ATTEMPTS):
        files = group.files(attempt)
        asked = mission.loads(files[0], f"group {group.number}")
        assert isinstance(asked, Mission)
        try:
            return from_the_pad(asked, Run(world, SILENT)), files
        except CosmodromeError as e:
            why = str(e)
    raise SolverError(f"group {group.number}: none of {_ATTEMPTS} draws can be flown; {why}")


def _first_that_flies(group: Group, k: int, world: World) -> Flight:
    why = ""
    for attempt in range(_ATTEMPTS):
        asked: AnyMission = mission.loads(group.files(attempt)[k], f"mission {group.numbers[k][0]}")
        try:
            return with_overflights(from_orbit(asked, Run(world, SILENT)), world)  # type: ignore[arg-type]
        except CosmodromeError as e:
            why = str(e)
    raise SolverError(f"mission {group.numbers[k][0]}: no draw can be flown; {why}")


def _cases(
    number: int,
    faulted: int,
    flown: Flight,
    carries: Carried,
    group: Group,
    world: World,
    begun: float,
) -> Iterator[Case]:
    """The clean case of a flight, which was planned from `begun` on, then those of the faults drawn
    for it."""
    yield _case(number, flown, None, checks.run(flown, world), begun)
    judge = Judge(flown, world)
    rng = np.random.default_rng([group.seed, _FAULT, number])
    of_records = _OF_RECORDS if flies_again(carries) else 1.0
    faults = _drawn(flown, faulted, rng, of_records)
    if number in group.every:
        own = (*written_faults(flown), *record_faults(flown))
        faults += [f for f in own if f not in faults]
    for fault in faults:
        begun = time.process_time()
        if fault.family == "records":
            wrong = misrecorded(flown, fault)
            yield _case(number, flown, fault, checks.run(wrong, misread(world, fault)), begun)
            continue
        if fault.family == "intent":
            # what is looked at before flight is that of the clean mission, to the last bit
            _, outcome = fly_intent(judge, carries, fault)
            yield _case(number, flown, fault, (), begun, outcome.consequence, outcome.why)
            continue
        again, outcome = fly_carried(judge, carries, fault)
        refused = again.flight is None or any(e.way == "refused" for e in again.ended.values())
        yield _case(
            number, flown, fault, outcome.findings, begun, outcome.consequence, outcome.why, refused
        )


def _drawn(
    flown: Flight, count: int, rng: np.random.Generator, of_records: float = _OF_RECORDS
) -> list[Fault]:
    """Faults of one mission: a family by lot, then one of it; of records and of intent a part of
    all."""
    if not count:
        return []
    families: dict[str, list[Fault]] = {}
    for fault in (*plan_faults(flown), *written_faults(flown)):
        families.setdefault(fault.family, []).append(fault)
    records, intent = record_faults(flown), intent_faults(flown)
    out: list[Fault] = []
    while len(out) < count:
        lot = rng.uniform()
        if intent and lot < _OF_INTENT:
            own = list(intent)
        elif lot < _OF_INTENT + of_records:
            own = list(records)
        else:
            own = families[sorted(families)[int(rng.integers(0, len(families)))]]
        one = own[int(rng.integers(0, len(own)))]
        if one not in out:
            out.append(one)
    return out


def _case(
    number: int,
    flown: Flight,
    fault: Fault | None,
    findings: Sequence[Finding],
    begun: float,
    consequence: str = "",
    why: str = "",
    refused: bool = False,
) -> Case:
    own = flown.mission
    fails = [f for f in findings if f.verdict == "fails"]
    broke = sorted({f.check for f in fails if "the check broke" in f.why})
    seen = sorted({f.check for f in fails} - set(broke))
    if fault is not None and refused:
        seen.append(REFUSED)
    return Case(
        mission=number,
        name=own.name,
        site=own.site.id if isinstance(own, Mission) else "",
        vehicle=own.vehicle.id if isinstance(own, Mission) else "",
        fault="" if fault is None else fault.id,
        family="" if fault is None else fault.family,
        text="" if fault is None else fault.text,
        unobservable="" if fault is None else fault.unobservable,
        consequence=consequence,
        why=why,
        seen=tuple(seen),
        broke=tuple(broke),
        cpu_s=round(time.process_time() - begun, 3),
    )


# many groups -----------------------------------------------------------------------------------
def _flown(group: Group) -> list[Case]:
    return group_cases(group, shipped_world())


def _row(told: tuple[int, list[Case]]) -> dict[str, Any]:
    number, cases = told
    return {"group": number, "cases": [asdict(c) for c in cases]}


def _read(told: dict[str, Any]) -> tuple[int, list[Case]]:
    return told["group"], [_case_of(c) for c in told["cases"]]


def _case_of(told: dict[str, Any]) -> Case:
    return Case(**{**told, "seen": tuple(told["seen"]), "broke": tuple(told["broke"])})
