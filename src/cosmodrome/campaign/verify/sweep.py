"""Single faults of a mission, each flown through the rest of it: what comes of it, who sees it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from cosmodrome import __version__, flight
from cosmodrome.campaign.kept import Kept
from cosmodrome.campaign.verify import batches as many
from cosmodrome.campaign.verify.noticed import listeners
from cosmodrome.campaign.verify.planted import with_planted
from cosmodrome.campaign.verify.swept import FINENESS, Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.errors import InputError, did_you_mean
from cosmodrome.record.faults import Fault, Outcome, Sighting
from cosmodrome.record.nouns import Finding
from cosmodrome.record.sweep import PARTS, Sweep
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from cosmodrome.campaign.verify.swept import Fineness, Way
    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.record.sweep import Part
    from cosmodrome.watch import Watch

__all__ = ["sweep"]

_FILE = "faults.ndjson"


def sweep(
    mission: AnyMission,
    *,
    fineness: Fineness = "normal",
    only: Sequence[Part] = (),
    keep: Path | None = None,
    resume: bool = False,
    jobs: int | None = None,
    world: World | None = None,
    watch: Watch = SILENT,
    ways: Mapping[Part, Way] = WAYS,
) -> Sweep:
    """Fly a mission, then every single fault that it can have, and say who would see each.

    fineness  how closely sizes of faults follow each other
    only      of PARTS: what is swept; empty: all that the mission has
    keep      folder in which every outcome is written as it ends; `resume` goes on from there
    jobs      processes (default: one a core); they change the time alone
    ways      how faults are listed and flown, by part

    Raises InputError for a fineness, part or folder that does not fit, what `fly` raises of the
    mission with nothing wrong, and Cancelled.
    """
    for asked, known in ((fineness, FINENESS), *((part, PARTS) for part in only)):
        if asked not in known:
            raise InputError(
                f"{asked!r} is none of {', '.join(known)}. {did_you_mean(asked, known)}"
            )
    world = World.shipped() if world is None else world
    begun = time.perf_counter()
    flown = flight.fly(mission, world=world, watch=watch)
    clean_s = time.perf_counter() - begun
    parts = tuple(p for p in PARTS if p in ways and (not only or p in only))
    question = {
        "cosmodrome": __version__, "mission": mission.resolved, "fineness": fineness,
        "data": flown.provenance.get("data"),
    }  # fmt: skip
    kept = Kept(
        None if keep is None else keep / _FILE, resume, question, _row, _outcome,
        "outcomes of faults", "mission, fineness, data or version",
    )  # fmt: skip
    swept = Swept(flown, world, ways)
    lists = {}
    for part in PARTS if mission.faults else parts:
        stop_if_cancelled(watch)
        if part in ways:
            lists[part] = ways[part].faults(flown, fineness)
    lists = with_planted(lists, mission.faults)
    listed: dict[str, Fault] = {}
    batches: list[Batch] = []
    for part in parts:
        # what two of a list would tell once is flown once
        mine = {f.id: f for f in lists[part] if f.id not in listed}
        listed |= mine
        batches += _batches(part, tuple(mine.values()), ways[part].at_once)
    done = {o.fault.id: o for o in kept.cases if o.fault.id in listed}
    # a batch is flown whole or not at all: what its faults fly beside stays the same
    todo = [b for b in batches if any(f.id not in done for f in b.faults)]
    watch.begin("faults", f"{sum(len(b.faults) for b in todo)} single faults")
    for outcomes in many.flown(swept, todo, jobs or os.cpu_count() or 1, watch):
        kept.add(*outcomes)
        done |= {o.fault.id: o for o in outcomes}
        watch.tell("faults", len(done) / len(listed), f"{len(done)} of {len(listed)} faults")
        stop_if_cancelled(watch)
    told = Sweep(
        mission=mission.name,
        zero=flown.zero,
        verdict=flown.verdict,
        findings=flown.findings,
        fineness=fineness,
        parts=parts,
        outcomes=tuple(done[name] for name in listed),
        stations=tuple(s.id for s in listeners(flown)),
        provenance=flown.provenance,
        timing={"clean_s": clean_s, "faults_s": time.perf_counter() - begun - clean_s},
        planned=swept.judge.figures,
    )
    watch.end("faults", f"{len(told.outcomes)} faults flown, {len(told.losing)} lose the mission")
    return told


def _batches(part: Part, faults: tuple[Fault, ...], at_once: int) -> Iterable[Batch]:
    return (Batch(part, faults[k : k + at_once]) for k in range(0, len(faults), at_once))


def _row(o: Outcome) -> dict[str, Any]:
    """An outcome as a line of JSON."""
    return {
        "fault": _fields(o.fault),
        "consequence": o.consequence,
        "why": o.why,
        "effect_s": o.effect_s,
        "end_s": o.end_s,
        "figures": dict(o.figures),
        "seen": [_fields(s) for s in o.seen],
        "findings": [_fields(f) for f in o.findings],
    }


def _fields(noun: Fault | Sighting | Finding) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in noun.__dataclass_fields__}


def _outcome(row: dict[str, Any]) -> Outcome:
    """The outcome of such a line. Raises KeyError or TypeError for another."""
    findings = [{**f, "roads": tuple(f["roads"])} for f in row["findings"]]
    return Outcome(
        Fault(**row["fault"]), row["consequence"], row["why"], row["effect_s"], row["end_s"],
        row["figures"], tuple(Sighting(**s) for s in row["seen"]),
        tuple(Finding(**f) for f in findings),
    )  # fmt: skip
