"""`cosmodrome burns FILE.oem`: the burns that an ephemeris shows, and whether it closes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.transfer.found import Arc, Burnt, Change, Found, Reading
    from cosmodrome.transfer.threaded import Closure
    from cosmodrome.world.epoch import Epoch

__all__ = ["burns"]


def burns(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome burns --help` and docs/lunar-flights.md."""
    from cosmodrome.formats import oem
    from cosmodrome.transfer.finding import find_burns
    from cosmodrome.transfer.threaded import through
    from cosmodrome.world.world import World

    path = Path(args.file)
    if not path.is_file():
        raise InputError(f"no file {args.file!r}: give an orbit ephemeris message (OEM, KVN)")
    span = _span(args.through)
    long_h = _hours(args.long)
    message, world = oem.read(path), World.shipped()
    told, watch = [], RunWatch(None, voice)
    with watch, stoppable(watch, voice):
        for segment in message.segments:
            found = find_burns(
                segment,
                world,
                forces=args.forces,
                reading=args.axes,
                long_h=long_h,
                watch=watch,
            )
            closure = None
            if span is not None and span[0] < segment.stop and segment.start < span[1]:
                closure = through(found, world, *span, forces=args.forces)
            told.append((segment.object_name, found, closure))
    if span is not None and all(closure is None for _, _, closure in told):
        first, last = message.segments[0].start, message.segments[-1].stop
        raise InputError(
            f"--through {args.through}: no segment of the file lies there; it spans"
            f" {first.utc(0)} to {last.utc(0)}"
        )
    if voice.json:
        voice.answer({"file": str(path), "segments": [_told(*t) for t in told]})
        return 0
    for name, found, closure in told:
        if voice.quiet:
            voice.say(
                f"{name}: {_several(len(found.burns), 'burn')},"
                f" {_several(len(found.changes), 'change')} of solution,"
                f" {_several(len(found.arcs), 'long arc')}"
            )
        else:
            _show(name, found, closure, voice)
    return 0


def _span(text: str | None) -> tuple[Epoch, Epoch] | None:
    from cosmodrome.world.epoch import Epoch

    if text is None:
        return None
    ends = [end.strip() for end in text.split("/")]
    if len(ends) != 2 or not all(ends):
        raise InputError(
            f"--through {text!r}: write two instants, like 2022-11-17T00:00Z/2022-11-20T00:00Z"
        )
    first, last = map(Epoch.parse, ends)
    if not first < last:
        raise InputError(f"--through {text!r}: the second instant must be the later; swap them")
    return first, last


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = math.nan
    if not 0.1 <= hours <= 10_000.0:
        raise InputError(f"--long {text!r}: write hours from 0.1 to 10000, like 15")
    return hours


def _told(name: str, found: Found, closure: Closure | None) -> dict[str, Any]:
    out: dict[str, Any] = {
        "object": name,
        "centre": found.rows.centre,
        "points": len(found.rows.t_s),
        "axes_read_as": found.rows.reading,
        "readings": [
            {"axes": r.axes, "long_arcs_m": r.arcs_m, "noise_m_s": r.noise_m_s}
            for r in found.readings
        ],
        "burns": [_burn(b) for b in found.burns],
        "changes": [_change(c) for c in found.changes],
        "arcs": [_arc(a) for a in found.arcs],
    }
    if closure is not None:
        out["through"] = {
            "start": closure.start.utc(3),
            "end": closure.end.utc(3),
            "ballistic_m": closure.ballistic_m,
            "with_burns_m": closure.burns_m,
            "with_corrections_m": closure.closed_m,
            "with_corrections_m_s": closure.closed_m_s,
            "largest_on_the_way_m": closure.away_m,
            "corrections": [
                {"utc": c.epoch.utc(3), "delta_v_m_s": c.delta_v_m_s.tolist()}
                for c in closure.corrections
            ],
        }
    return out


def _burn(b: Burnt) -> dict[str, Any]:
    return {
        "utc": b.epoch.utc(3),
        "sigma_s": b.sigma_s,
        "delta_v_m_s": b.delta_v_m_s.tolist(),
        "sigma_m_s": b.sigma_m_s.tolist(),
        "vnc_m_s": b.vnc_m_s.tolist(),
        "duration_s": b.duration_s,
        "sigma_duration_s": b.sigma_duration_s,
        "turned_deg": math.degrees(b.turned_rad),
        "misfit_m": b.misfit_m,
    }


def _change(c: Change) -> dict[str, Any]:
    return {
        "utc": c.epoch.utc(3),
        "jump_m": c.jump_m,
        "jump_m_s": c.jump_m_s,
        "nearest_utc": c.nearest.utc(3),
        "nearest_m": c.nearest_m,
    }


def _arc(a: Arc) -> dict[str, Any]:
    return {
        "start": a.start.utc(3),
        "end": a.end.utc(3),
        "area_m2_kg": a.area_m2_kg,
        "end_m": a.end_m,
        "worst_m": a.worst_m,
        "without_light_m": a.dark_m,
    }


def _show(name: str, found: Found, closure: Closure | None, voice: Voice) -> None:
    from rich.text import Text

    console = voice.console()
    console.print(
        f"\n[bold]{_several(len(found.burns), 'burn')}[/],"
        f" {_several(len(found.changes), 'change')} of solution"
        f" in {len(found.rows.t_s):,} points of",
        Text(name),
        end="\n",
    )
    console.print(
        f"axes read as {found.rows.reading.upper()}; {'; '.join(map(_closes, found.readings))}",
        style="dim",
        markup=False,
    )
    _table(
        voice,
        ("middle (UTC)", "sigma", "delta-v", "along v, r x v, across", "lasted", "turned"),
        [_burn_row(b) for b in found.burns],
    )
    _table(
        voice,
        ("change of solution (UTC)", "jumps", "and", "nearest", "at (UTC)"),
        [
            (c.epoch.utc(0), _length(c.jump_m), f"{c.jump_m_s:.3f} m/s", _length(c.nearest_m),
             c.nearest.utc(0))
            for c in found.changes
        ],
    )  # fmt: skip
    _table(
        voice,
        ("ballistic arc from (UTC)", "lasts", "Cr A / m", "without light", "at the end"),
        [
            (a.start.utc(0), f"{a.duration_s / 3600.0:.1f} h", f"{a.area_m2_kg:.5f} m^2/kg",
             _length(a.dark_m), _length(a.end_m))
            for a in found.arcs
        ],
    )  # fmt: skip
    if closure is not None:
        _show_closure(closure, voice)


def _closes(r: Reading) -> str:
    arcs = "" if r.arcs_m is None else f" long arcs to {_length(r.arcs_m)},"
    return f"{r.axes} closes{arcs} neighbours to {1e6 * r.noise_m_s:.2g} um/s"


def _burn_row(b: Burnt) -> tuple[str, ...]:
    x, y, z = b.vnc_m_s
    lasted = "" if b.duration_s is None else f"{b.duration_s:.2f} s"
    turned = "" if b.turned_rad == 0.0 else f"{math.degrees(b.turned_rad):.2f}°"
    size = float(np.linalg.norm(b.delta_v_m_s))
    return (
        b.epoch.utc(1),
        f"{b.sigma_s:.2g} s",
        f"{size:.4f} m/s",
        f"{x:+.3f} {y:+.3f} {z:+.3f}",
        lasted,
        turned,
    )


def _show_closure(c: Closure, voice: Voice) -> None:
    def said(x: float | None) -> str:
        return "meets a body" if x is None else _length(x)

    voice.say(
        f"\nFlown from {c.start.utc(0)} to {c.end.utc(0)}: ballistic {said(c.ballistic_m)} off at"
        f" the end,\nwith {_several(len(c.burns), 'burn')} {said(c.burns_m)}, with"
        f" {_several(len(c.corrections), 'correction')} over the changes of solution"
        f" {_length(c.closed_m)} and {c.closed_m_s * 1e3:.3g} mm/s."
    )
    _table(
        voice,
        ("correction (UTC)", "delta-v"),
        [
            (x.epoch.utc(0), f"{float(np.linalg.norm(x.delta_v_m_s)):.4f} m/s")
            for x in c.corrections
        ],
    )


def _table(voice: Voice, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    for k, head in enumerate(heads):
        table.add_column(Text(head, style="dim"), justify="left" if k == 0 else "right")
    for row in rows:
        table.add_row(*(Text(x) for x in row))
    voice.say("")
    voice.console().print(table)


def _several(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")


def _length(metres: float) -> str:
    if abs(metres) < 0.1:
        return f"{1e3 * metres:.3g} mm"
    return f"{metres:.3g} m" if abs(metres) < 1e3 else f"{1e-3 * metres:.3g} km"
