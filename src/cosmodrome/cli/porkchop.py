"""`cosmodrome porkchop earth mars`: when to leave, with what energy, and how much is carried."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from cosmodrome.cli.fly import run_directory
from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.record.porkchop import Porkchop
    from cosmodrome.world.epoch import Epoch

__all__ = ["porkchop"]

_DAY = 86_400.0


def porkchop(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome porkchop --help` and docs/deep-space.md."""
    from cosmodrome.campaign.departing import departures, with_payload
    from cosmodrome.report.plain import dumps
    from cosmodrome.report.porkchop_picture import porkchop_svg
    from cosmodrome.report.porkchop_record import porkchop_csv, porkchop_json
    from cosmodrome.targets.porkchop import porkchop as solve
    from cosmodrome.world.world import World

    if (args.site is None) != (args.vehicle is None):
        raise InputError("--site and --vehicle go together: name both, or neither")
    step = _step(args.step)
    out, back = (_span(getattr(args, k), step, f"--{k}") for k in ("depart", "arrive"))
    world = World.shipped()
    chop = solve(args.home, args.target, out, back, world)
    if args.vehicle is not None:
        watch = RunWatch(None, voice)
        with watch, stoppable(watch, voice):
            made = departures(chop, args.site, args.vehicle, world, watch)
        chop = with_payload(chop, made)
    told = porkchop_json(chop)
    if args.out is not None:
        where = run_directory("porkchop", args.out, dt.datetime.now(dt.UTC))
        place(where / "porkchop.json", dumps(told) + "\n")
        place(where / "porkchop.csv", porkchop_csv(chop))
        place(where / "porkchop.svg", porkchop_svg(chop))
    if voice.json:
        voice.answer({**told, **({"out": args.out} if args.out else {})})
    elif voice.quiet:
        for t in chop.best:
            voice.say(f"{t.type} {t.depart.utc(0)[:10]} {t.c3_m2_s2 / 1e6:.3f} km^2/s^2")
    else:
        _show(chop, voice)
        if args.out is not None:
            voice.say(f"\nWritten to {args.out}; open {args.out}/porkchop.svg in a browser.")
    return 0


def _step(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not (math.isfinite(days) and days > 0.0):
        raise InputError(f"--step {text!r}: write days between the points, like 2")
    return days * _DAY


def _span(text: str, step_s: float, what: str) -> tuple[Epoch, ...]:
    """ "2026-09-01/2027-02-01" as instants a step apart, both ends included."""
    from cosmodrome.world.epoch import Epoch

    first, found, last = text.partition("/")
    if not found:
        raise InputError(
            f"{what} {text!r} has no second date; write it like {what} 2026-09-01/2027-02-01"
        )
    a, b = (Epoch.parse(_instant(t.strip())) for t in (first, last))
    span = b - a
    if span <= 0.0:
        raise InputError(f"{what} {text!r}: the second date must come after the first")
    count = math.ceil(span / step_s - 1e-9)
    return (*(a + k * step_s for k in range(count)), b)


def _instant(text: str) -> str:
    """A date alone means its first instant, UTC."""
    return f"{text}T00:00Z" if len(text) == 10 and text[4:5] == "-" else text


def _show(chop: Porkchop, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    console = voice.console()
    console.print(
        f"\n[bold]{chop.home.capitalize()} to {chop.target.capitalize()}[/]"
        f"  {len(chop.departs)} departures x {len(chop.arrives)} arrivals, DE440; C3 in"
        " km²/s², asymptote in GCRF axes"
    )
    table = Table(box=None, padding=(0, 1))
    heads = ["", "departs", "arrives", "days", "C3", "dec", "ra", "v∞ there"]
    for head in (*heads, *(["payload"] if chop.payload_kg is not None else [])):
        table.add_column(Text(head, style="dim"), justify="right", no_wrap=True)
    rows = [(f"{t.type}, least C3", t) for t in chop.best]
    rows += [(f"{t.type}, most kg", t) for t in chop.richest]
    for label, t in rows:
        cells = [
            label,
            t.depart.utc(0)[:10],
            t.arrive.utc(0)[:10],
            f"{t.flight_s / _DAY:.0f}",
            f"{t.c3_m2_s2 / 1e6:.3f}",
            f"{math.degrees(t.declination_rad):+.2f}°",
            f"{math.degrees(t.right_ascension_rad):.2f}°",
            f"{t.arrival_m_s / 1e3:.3f} km/s",
        ]
        if chop.payload_kg is not None:
            cells.append("-" if t.payload_kg is None else f"{t.payload_kg:,.0f} kg")
        table.add_row(*(Text(c) for c in cells))
    console.print(table)
    for line in chop.launcher:
        console.print(line, style="dim", markup=False)
