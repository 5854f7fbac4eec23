"""A score in words: Markdown for people, one object for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cosmodrome.campaign.score.confusion import ALARMS, DETECTION, needed_by_none

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from cosmodrome.campaign.score.confusion import Table

__all__ = ["as_json", "as_text"]


def as_text(found: Table, seed: str, checks: Sequence[str], only_warn: Collection[str] = ()) -> str:
    """The whole table as Markdown; `checks` are all there are, of which some `only_warn`."""
    faulted = sum(r.of for r in found.by_family.values()) + sum(found.unobservable.values())
    lines = [
        f"Seed {seed}: {found.clean} clean and {faulted} faulted missions, {found.cpu_s:.0f} s of"
        " processor time.",
        "",
        "| | seen | not seen | rate, 95 % bounds |",
        "|---|---|---|---|",
    ]
    rows = [
        (f"faults that lose the mission (bar {100 * DETECTION:g} %)", found.losing),
        ("of them, whose plan can be executed: by checks", found.executed),
        *((f"what comes of it: {name}", r) for name, r in found.by_consequence.items() if r.of),
        ("slips of records and files", found.records),
        (f"clean missions, alarms (bar {100 * ALARMS:g} %)", found.alarm),
    ]
    lines += [f"| {name} | {r.hits} | {r.of - r.hits} | {r} |" for name, r in rows]
    lines += ["", "| family | all observable | that lose the mission |", "|---|---|---|"]
    lines += [
        f"| {name} | {r} | {found.losing_by_family[name]} |" for name, r in found.by_family.items()
    ]
    lines += ["", f"Missed, losing: {len(found.missed)}."]
    for (family, what), count in sorted(Counter(map(_class, found.missed)).items()):
        lines.append(f"- {family}: {what} ({count})")
    lines += ["", f"False alarms: {len(found.alarms)}."]
    for name, count in Counter(n for c in found.alarms for n in c.seen).most_common():
        lines.append(f"- {name} ({count})")
    if found.unobservable:
        lines += _hidden(found)
    if found.broke:
        lines += ["", f"Checks that broke, an error of the program: {len(found.broke)}."]
        lines += [f"- {', '.join(c.broke)} on mission {c.mission} {c.fault}" for c in found.broke]
    lines += _of_checks(found, checks, only_warn)
    return "\n".join(lines) + "\n"


def _hidden(found: Table) -> Iterator[str]:
    """What nobody can see from the file, with the reason."""
    losing = found.hidden_losing
    yield from (
        "",
        f"Unobservable, counted apart: {sum(found.unobservable.values())}, of which"
        f" {sum(losing.values())} lose the mission. No data of the file can reveal them:",
        "",
        "| why | faults | lose the mission |",
        "|---|---|---|",
    )
    for reason, count in found.unobservable.items():
        yield f"| {reason} | {count} | {losing.get(reason, 0)} |"


def _of_checks(found: Table, checks: Sequence[str], only_warn: Collection[str]) -> Iterator[str]:
    """What each check sees, what it alone sees, and which ones nothing rests on."""
    yield from ("", "| check | sees | alone | alone, losing |", "|---|---|---|---|")
    able = [name for name in checks if name not in only_warn]
    unseen = [name for name in able if name not in found.saw]
    for name in (*found.saw, *unseen):
        losing, every = found.alone.get(name, (0, 0))
        yield f"| {name} | {found.saw.get(name, 0)} | {every} | {losing} |"
    none = needed_by_none(found, able)
    yield from (
        "",
        f"Of {len(able)} checks that can fail {len(able) - len(none)} are needed: without them a"
        " fault of this corpus is not seen.",
        "",
        f"Needed by no fault of this corpus: {', '.join(none) or 'none'}.",
        "",
        f"Cannot lower it, they only warn: {', '.join(sorted(only_warn)) or 'none'}.",
    )


def _class(case: Any) -> tuple[str, str]:
    """Family and kind of fault, without the numbers."""
    path = ".".join("*" if part.isdigit() else part for part in case.fault.split(":")[1].split("."))
    return case.family, f"{path} {case.fault.split(':')[2]}"


def as_json(
    found: Table, seed: str, checks: Sequence[str] = (), only_warn: Collection[str] = ()
) -> dict[str, Any]:
    """The same as one JSON object."""
    able = [name for name in checks if name not in only_warn]
    return {
        "schema": "cosmodrome/score-1",
        "seed": seed,
        "meets_bars": found.meets_bars,
        "losing": found.losing.as_json(),
        "executed": found.executed.as_json(),
        "alarms": found.alarm.as_json(),
        "records": found.records.as_json(),
        "by_consequence": {k: r.as_json() for k, r in found.by_consequence.items()},
        "by_family": {
            k: {"all": r.as_json(), "losing": found.losing_by_family[k].as_json()}
            for k, r in found.by_family.items()
        },
        "missed": [asdict(c) for c in found.missed],
        "false_alarms": [asdict(c) for c in found.alarms],
        "unobservable": found.unobservable,
        "unobservable_losing": found.hidden_losing,
        "broke": [asdict(c) for c in found.broke],
        "checks": {
            name: {
                "sees": count,
                "alone": found.alone.get(name, (0, 0))[1],
                "alone_losing": found.alone.get(name, (0, 0))[0],
            }
            for name, count in found.saw.items()
        },
        "needed_by_none": list(needed_by_none(found, able)),
        "only_warn": sorted(only_warn),
        "timing": {"cpu_s": round(found.cpu_s, 1)},
    }
