"""A single-fault sweep on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from cosmodrome.record.faults import FAMILIES
from cosmodrome.record.sweep import kinds_of, ranked
from cosmodrome.report.verify_words import (
    CONSEQUENCE_WORDS,
    SEEN_WORDS,
    is_plain,
    labels,
    losing_text,
    seen_by,
)
from cosmodrome.report.words import by_check, check_counts

if TYPE_CHECKING:
    from rich.console import Console

    from cosmodrome.record.faults import Outcome
    from cosmodrome.record.sweep import FaultKind, Seen, Sweep

__all__ = ["counted", "show"]

#: kinds and unseen faults that are listed; the rest are in verify.json
MOST = 24
_STYLE: dict[Seen, str] = {"before": "green", "after": "yellow", "none": "bold red"}


def counted(told: Sweep) -> str:
    """The sweep in one line."""
    by = told.by_seen
    seen = ", ".join(f"{n} {SEEN_WORDS[s]}" for s, n in reversed(by.items()) if n)
    hidden = f", {len(told.unobservable)} unobservable" if told.unobservable else ""
    losing = len(told.losing)
    tail = f": {seen}{hidden}" if losing else ""
    return f"{len(told.outcomes)} single faults, {losing} lose the mission{tail}"


def show(told: Sweep, console: Console) -> None:
    """The clean flight's checks, then what loses the mission, then what nobody sees."""
    counts = check_counts(told.findings)
    verdict = Text(f" {told.verdict.upper()} ", style="bold white on " + _colour(told))
    verdict.append(f"  {told.mission}", style="bold")
    verdict.append(
        f"   with nothing wrong {counts['holds']} checks hold, {counts['fails']} fail,"
        f" {counts['warns']} warn, {counts['not_judged']} not judged",
        style="not bold",
    )
    console.print()
    console.print(verdict)
    for f, n in by_check(told.failing):
        console.print(f"  ✗ {f.check}{f' ×{n}' if n > 1 else ''}: {f.why}", markup=False)
    console.print(f"\n{counted(told)}", markup=False)
    console.print(_consequences(told), style="dim", markup=False)
    kinds = kinds_of(told.outcomes)
    both = list(zip(kinds, labels(kinds), strict=True))
    named = [(k, name) for k, name in both if k.loses and not k.fault.unobservable]
    if named:
        folded = [k for k, _ in named if is_plain(k)]
        rows = [pair for pair in named if not is_plain(pair[0])]
        console.print(_kinds(rows[:MOST], folded))
        _more(console, len(rows), "kinds")
    if told.unseen:
        console.print(f"Seen by none ({len(told.unseen)})", style="bold red")
        for o in told.unseen[:MOST]:
            console.print(_unseen(o), markup=False)
        _more(console, len(told.unseen), "faults")
    hidden = [(k, name) for k, name in both if k.fault.unobservable]
    if hidden:
        console.print(_hidden(hidden))
        for n, why in enumerate(told.hidden, 1):
            console.print(f"  {n}  {why}", style="dim", markup=False)
    if not told.stations:
        console.print(
            "the mission names no stations: an orbit that is wrong is noticed by nobody in flight;"
            " write stations: [...] (docs/verify.md)",
            style="dim", markup=False,
        )  # fmt: skip


def _colour(told: Sweep) -> str:
    return "green" if told.verdict == "go" else "red"


def _consequences(told: Sweep) -> str:
    return ", ".join(f"{n} {CONSEQUENCE_WORDS[c]}" for c, n in told.counts.items() if n)


def _kinds(named: list[tuple[FaultKind, str]], folded: list[FaultKind]) -> Table:
    """What loses the mission, from which size on, what comes of it, who sees it; slips in the plan
    that are seen before flight by family."""
    table = Table(box=SIMPLE_HEAD, title="What loses the mission", title_justify="left",
                  title_style="bold")  # fmt: skip
    for head in ("", "fault", "lost", "at worst", "seen by"):
        table.add_column(head, overflow="fold")
    for kind, name in named:
        losing = [o for o in kind.outcomes if o.loses]
        table.add_row(
            Text("plan" if kind.fault.into == "plan" else "flight", style="dim"),
            Text(name),
            Text(losing_text(kind)),
            Text(CONSEQUENCE_WORDS[kind.worst.consequence]),
            Text(seen_by(losing), style=_STYLE[kind.seen]),
        )
    for family in FAMILIES:
        held = [k for k in folded if k.fault.family == family]
        if held:
            losing = [o for k in held for o in k.outcomes if o.loses]
            worst = ranked(losing)[0]
            table.add_row(
                Text("plan", style="dim"),
                Text(f"{family}: {len(held)} slips" if len(held) > 1 else f"{family}: 1 slip"),
                Text("in any case"),
                Text(CONSEQUENCE_WORDS[worst.consequence]),
                Text(seen_by(losing), style=_STYLE["before"]),
            )
    return table


def _hidden(named: list[tuple[FaultKind, str]]) -> Table:
    """What no data of the file can reveal: what comes of it, the number of the reason why, and who
    notices in flight."""
    table = Table(box=SIMPLE_HEAD, title="What nobody can see from the file", title_justify="left",
                  title_style="bold")  # fmt: skip
    for head in ("fault", "lost", "at worst", "why", "noticed in flight by"):
        table.add_column(head, overflow="fold")
    reasons: list[str] = []
    for kind, name in named:
        why = kind.fault.unobservable
        if why not in reasons:
            reasons.append(why)
        seen = [o for o in kind.outcomes if o.seen]
        table.add_row(
            Text(name),
            Text(losing_text(kind)),
            Text(CONSEQUENCE_WORDS[kind.worst.consequence]),
            Text(str(reasons.index(why) + 1)),
            Text(seen_by(seen) if seen else "nobody", style="dim"),
        )
    return table


def _unseen(o: Outcome) -> str:
    return f"  ✗ {o.fault.text}: {CONSEQUENCE_WORDS[o.consequence]}; {o.why}"


def _more(console: Console, count: int, what: str) -> None:
    if count > MOST:
        console.print(f"and {count - MOST} {what} more, in verify.json", style="dim", markup=False)
