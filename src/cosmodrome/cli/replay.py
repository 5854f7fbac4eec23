"""`cosmodrome replay NAME`: a past loss flown with its fault, beside what was published."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cosmodrome.cli.progress import RunWatch, stoppable

if TYPE_CHECKING:
    import argparse

    from cosmodrome.campaign.replays import Compared, Replay
    from cosmodrome.cli.voice import Voice

__all__ = ["replay"]


def replay(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome replay --help` and docs/replays.md."""
    from cosmodrome.campaign.replays import REPLAYS
    from cosmodrome.campaign.replays import replay as fly_again
    from cosmodrome.world.world import World

    if args.name is None:
        if voice.json:
            voice.answer({"replays": {name: text for name, (_, text) in REPLAYS.items()}})
        for name, (_, text) in REPLAYS.items():
            voice.say(f"{name}  {text}")
        return 0
    watch = RunWatch(None, voice)
    with watch, stoppable(watch, voice):
        told = fly_again(args.name, World.shipped(), watch)
    if voice.json:
        voice.answer(_told(told))
    elif voice.quiet:
        voice.say(f"{told.name}: {told.fault}")
    else:
        _show(told, voice)
    return 0


def _told(told: Replay) -> dict[str, Any]:
    return {
        "name": told.name,
        "title": told.title,
        "fault": told.fault,
        "cases": {
            name: [{**asdict(c), "inside": c.inside} for c in rows]
            for name, rows in told.cases.items()
        },
        "findings": [asdict(f) for f in told.findings],
        "notes": list(told.notes),
        "sources": list(told.sources),
    }


def _show(told: Replay, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    console = voice.console()
    console.print(f"\n[bold]{told.title}[/]: {told.fault}")
    for name, rows in told.cases.items():
        console.print(f"\n{name}", markup=False)
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for c in rows:
            table.add_row(
                Text(f"  {c.what}"),
                Text(f"{c.value:.6g} {c.unit}"),
                Text(c.role, style="dim"),
                Text(_published(c), style="" if c.inside is not False else "red"),
            )
        console.print(table)
    if told.findings:
        console.print("\nseen before it had its effect")
    for f in told.findings:
        console.print(f"  {f.check} {f.verdict}: {f.why} ({f.where})", markup=False)
    console.print()
    for note in told.notes:
        console.print(f"- {note}", markup=False)
    for source in told.sources:
        console.print(f"  {source}", style="dim", markup=False)


def _published(c: Compared) -> str:
    return "" if c.inside is None else f"published {c.low:g} to {c.high:g}"
