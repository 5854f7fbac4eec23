"""`cosmodrome catalog`: what is shipped, every figure with its source and status."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import argparse

    from rich.console import Console

    from cosmodrome.catalog import Failure, Site, Vehicle
    from cosmodrome.cli.voice import Voice

__all__ = ["catalog", "plain", "value_at"]

_SHELVES = ("sites", "vehicles", "failures")
# figures that disagree by more are marked; the documentation gives a reason for each
_MISFIT = 0.02

# ending of a field's name -> (unit shown, SI value of one such unit)
_SHOWN = {
    "_kg_s": ("kg/s", 1.0),
    "_kg": ("kg", 1.0),
    "_rad_s": ("deg/s", math.pi / 180.0),
    "_rad": ("deg", math.pi / 180.0),
    "_m_s2": ("m/s^2", 1.0),
    "_w_m2": ("W/m^2", 1.0),
    "_m2": ("m^2", 1.0),
    "_pa": ("Pa", 1.0),
    "_n": ("kN", 1e3),
    "_m": ("m", 1.0),
    "_s": ("s", 1.0),
}


def _shelf(kind: str) -> dict[str, Site] | dict[str, Vehicle] | dict[str, Failure]:
    from cosmodrome import catalog

    if kind == "failures":
        return {name: catalog.failure(name) for name in catalog.failure_names()}
    if kind == "sites":
        return {name: catalog.site(name) for name in catalog.site_names()}
    return {name: catalog.vehicle(name) for name in catalog.vehicle_names()}


def plain(thing: Any) -> Any:
    """A catalogue noun as plain JSON values, in SI, field names as they are."""
    if is_dataclass(thing):
        return {f.name: plain(getattr(thing, f.name)) for f in fields(thing)}
    if isinstance(thing, tuple | list):
        return [plain(v) for v in thing]
    if hasattr(thing, "items"):
        return {str(k): plain(v) for k, v in thing.items()}
    return thing


def value_at(thing: Any, path: str) -> Any:
    """The value a figure's dotted path names; None when it is not a field of the noun.

    A word picks a field, or the item of a list that has it as id or name, or its number.
    """
    for word in path.split("."):
        if isinstance(thing, tuple):
            named = [v for v in thing if word in (getattr(v, "id", ""), getattr(v, "name", ""))]
            if not named and word.isdigit() and int(word) < len(thing):
                named = [thing[int(word)]]
            if not named:
                return None
            thing = named[0]
        else:
            thing = getattr(thing, word, None)
    return thing


def _shown(path: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if not isinstance(value, int | float):
        return "" if is_dataclass(value) or isinstance(value, tuple) else str(value)
    field = path.rstrip(".0123456789")  # the field of an item of a list of numbers
    unit, one = next((u for e, u in _SHOWN.items() if field.endswith(e)), ("", 1.0))
    return f"{value / one:,.10g} {unit}".strip()


def catalog(args: argparse.Namespace, voice: Voice) -> int:
    """List the shelves, one shelf, or one entry."""
    if args.kind is not None and args.kind not in _SHELVES:
        raise UnknownNameError(
            f"the catalogue has no shelf {args.kind!r}. {did_you_mean(args.kind, _SHELVES)}"
        )
    from cosmodrome.catalog.nouns import Failure

    if args.closure:
        return _closure(args, voice)
    shelves = [args.kind] if args.kind else list(_SHELVES)
    if args.name is None:
        return _list(shelves, voice)
    shelf = _shelf(args.kind)
    if args.name not in shelf:
        raise UnknownNameError(
            f"the catalogue has no {args.kind.removesuffix('s')} called {args.name!r}."
            f" {did_you_mean(args.name, shelf)}"
        )
    entry = shelf[args.name]
    if args.yaml:
        return _file(args.kind, args.name, voice)
    if voice.json:
        voice.answer(plain(entry))
    elif isinstance(entry, Failure):
        _print_failure(entry, voice)
    else:
        _print_entry(entry, voice)
    return 0


def _list(shelves: list[str], voice: Voice) -> int:
    held = {kind: _shelf(kind) for kind in shelves}
    if voice.json:
        voice.answer(
            {k: [{"id": i, "name": e.name} for i, e in s.items()] for k, s in held.items()}
        )
        return 0
    for kind, shelf in held.items():
        voice.say(kind)
        width = max((len(i) for i in shelf), default=0)
        for i, entry in shelf.items():
            estimated = sum(f.status == "estimated" for f in entry.figures.values())
            voice.say(
                f"  {i:{width}}  {entry.name}"
                f"  ({len(entry.figures)} figures with source, {estimated} estimated)"
            )
    return 0


def _closure(args: argparse.Namespace, voice: Voice) -> int:
    """What follows from a vehicle's figures beside what it states, row by row."""
    from cosmodrome import catalog

    if args.kind in ("sites", "failures"):
        raise InputError(
            "only vehicles state more figures than they need."
            " Write: cosmodrome catalog vehicles --closure"
        )
    vehicles = [args.name] if args.name else catalog.vehicle_names()
    rows = [row for name in vehicles for row in catalog.closure(catalog.vehicle(name))]
    if voice.json:
        voice.answer({"closure": [plain(r) | {"misfit": r.misfit} for r in rows]})
        return 0
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))
    for heading in ("vehicle", "stage", "quantity"):
        table.add_column(heading)
    for heading in ("computed", "stated", "misfit"):
        table.add_column(heading, justify="right", no_wrap=True)
    for r in rows:
        table.add_row(
            r.vehicle,
            r.stage,
            r.quantity,
            f"{r.computed:,.2f} {r.unit}",
            f"{r.stated:,.2f} {r.unit}",
            f"{r.misfit:+.2%}",
            style="yellow" if r.judges and abs(r.misfit) > _MISFIT else None,
        )
    voice.console().print(table)
    return 0


def _file(kind: str, name: str, voice: Voice) -> int:
    from cosmodrome.catalog.files import shipped_text

    text = shipped_text(kind, name)
    if voice.json:
        voice.answer({"kind": kind, "name": name, "yaml": text})
    else:
        voice.say(text.rstrip("\n"))
    return 0


def _group(path: str) -> tuple[str, str]:
    """("stages.core", "dry_mass_kg") of a figure's path: its part of the whole, and the rest."""
    words = path.split(".")
    cut = 2 if words[0] == "stages" else min(1, len(words) - 1)
    return ".".join(words[:cut]), ".".join(words[cut:])


def _print_entry(entry: Site | Vehicle, voice: Voice) -> None:
    from rich.table import Table

    console = voice.console()
    console.print(f"[bold]{entry.id}[/]  {entry.name}")
    sources: dict[str, int] = {}
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))
    table.add_column("figure", overflow="fold")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("source", justify="right", no_wrap=True)
    table.add_column("note", overflow="fold")
    last = ""
    for path, figure in sorted(entry.figures.items(), key=lambda item: _group(item[0])[0]):
        group, rest = _group(path)
        if group != last:
            table.add_row(f"[bold]{group}[/]")
            last = group
        number = sources.setdefault(figure.source, len(sources) + 1)
        table.add_row(
            f"  {rest}" if group else rest,
            _shown(path, value_at(entry, path)),
            figure.status,
            f"({number})",
            figure.note,
            style="yellow" if figure.status == "estimated" else None,
        )
    console.print(table)
    _print_sources(sources, entry.notes, console)


def _print_sources(numbers: dict[str, int], notes: tuple[str, ...], console: Console) -> None:
    for source, number in numbers.items():
        console.print(f"({number}) {source}", markup=False)
    for note in notes:
        console.print(f"- {note}", markup=False)


def _print_failure(loss: Failure, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    from cosmodrome.campaign.replays import REPLAYS

    console = voice.console()
    console.print(Text.assemble((loss.id, "bold"), f"  {loss.name}, {loss.date}"))
    console.print(f"{loss.vehicle} from {loss.site}", markup=False)
    for word in ("planned", "happened", "cause"):
        console.print(Text.assemble((f"{word}: ", "bold"), getattr(loss, word)))
    numbers = {source: k for k, source in enumerate(loss.sources, 1)}
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))
    for heading in ("figure", "published", "status", "source", "note"):
        table.add_column(heading, no_wrap=heading != "note")
    for one in loss.published:
        table.add_row(
            Text(one.what),
            Text(one.text),
            one.figure.status,
            f"({numbers[one.figure.source]})",
            Text(one.figure.note),
            style="yellow" if one.figure.status == "estimated" else None,
        )
    console.print(table)
    _print_sources(numbers, loss.notes, console)
    if loss.id in REPLAYS:
        console.print(f"cosmodrome replay {loss.id} flies it again", markup=False)
