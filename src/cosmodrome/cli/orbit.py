"""`cosmodrome orbit ORBIT`: the orbit of a family, why it is as it is, and whether it keeps it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission, Start

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.mission import Target
    from cosmodrome.targets.departures import Departure
    from cosmodrome.targets.families import Design
    from cosmodrome.targets.promises import Kept
    from cosmodrome.world.epoch import Epoch

__all__ = ["orbit"]

_EPOCH = "2027-03-01T00:00Z"
_DAY = 86_400.0


def orbit(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome orbit --help` and docs/families.md."""
    from cosmodrome.cli.libration import libration
    from cosmodrome.targets.departures import departure
    from cosmodrome.targets.families import design, match_state
    from cosmodrome.targets.libration import is_libration
    from cosmodrome.targets.promises import keep
    from cosmodrome.targets.start import start_state
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    text = " ".join(args.orbit)
    if is_libration(text):
        return libration(args, text, Epoch.parse(_instant(args.at or _EPOCH)), voice)
    if args.revolutions is not None or args.out is not None:
        raise InputError(
            f"--revolutions and --out belong to libration orbits, and {text!r} is none; leave them"
            " out, or write an orbit like nrho 9:2"
        )
    asked, epoch, notes = _asked(text, args.at)
    world = World.shipped()
    if not isinstance(asked, Start):
        if asked.c3_m2_s2 is not None:
            if args.check is not None:
                raise InputError("a departure promises nothing over a month; leave --check out")
            _show_departure(text, departure(asked, world), voice)
            return 0
        made = design(asked, epoch, world)
    else:
        made = match_state(start_state(asked, asked.mass_kg or 1.0, world), world)
    kept = None
    if args.check is not None:
        voice.note(f"flying {args.check} in full dynamics, drag off")
        kept = keep(made, world, _days(args.check))
    if voice.json:
        voice.answer(_told(text, made, notes, kept))
    elif voice.quiet:
        m = made.mean
        voice.say(f"a {m.a_m / 1e3:.3f} km, e {m.e:.6f}, i {math.degrees(m.i_rad):.4f} deg")
    else:
        _show(text, made, notes, kept, voice)
    return 0 if kept is None or kept.holds else 1


def _asked(text: str, at: str | None) -> tuple[Target | Start, Epoch, tuple[str, ...]]:
    """What a text, a mission or a standard message asks for, and the epoch."""
    from cosmodrome.mission import load, message_start, read_orbit, shipped_missions
    from cosmodrome.world.epoch import Epoch

    epoch = Epoch.parse(_instant(at or _EPOCH))
    start = message_start(Path(text))
    if start is not None:
        return _started(start, epoch if at else None), start.epoch, ()
    if text in shipped_missions() or text.endswith((".yaml", ".yml")) or Path(text).is_file():
        mission = load(text)
        if not isinstance(mission, Mission):
            if mission.target is not None:
                return mission.target, epoch if at else mission.start.epoch, ()
            return _started(mission.start, epoch if at else None), mission.start.epoch, ()
        launch = mission.launch
        first = launch.time if launch.window is None else launch.window[0]
        return mission.target, epoch if at or first is None else first, ()
    asked = read_orbit(text)
    return asked.target, epoch, asked.notes


def _started(start: Start, at: Epoch | None) -> Start:
    """A start, flown by SGP4 to another instant where that is asked for.

    Raises InputError for one about the Moon, whose mean elements no family here matches.
    """
    if start.centre != "earth":
        raise InputError(
            f"the orbit of {start.source} is about the Moon; families of orbits here are the"
            " Earth's: fly the mission to see its orbit, or use targets.lunar_frozen from Python"
        )
    if at is None:
        return start
    if start.sgp4 is None:
        raise InputError(
            f"--at: the orbit of {start.source} is known at {start.epoch.utc(0)}; only elements of"
            " a TLE or OMM are flown to another instant: leave --at out"
        )
    return replace(start, epoch=at)


def _instant(text: str) -> str:
    """A date alone means its first instant, UTC."""
    return f"{text}T00:00Z" if len(text) == 10 and text[4:5] == "-" else text


def _days(text: str) -> float:
    from cosmodrome.formats.quantity import TextFault, parse_quantity

    try:
        return parse_quantity(text, "time") / _DAY
    except TextFault as fault:
        raise InputError(
            f"--check {text!r} is no length of time: {fault.why}; write it like --check '30 days'"
        ) from None


def _degrees(made: Design) -> dict[str, float]:
    m = made.mean
    return {
        "i_deg": math.degrees(m.i_rad),
        "raan_deg": math.degrees(m.raan_rad),
        "argp_deg": math.degrees(m.argp_rad),
        "true_anomaly_deg": math.degrees(m.true_anomaly_rad),
    }


def _told(text: str, made: Design, notes: tuple[str, ...], kept: Kept | None) -> dict[str, Any]:
    out: dict[str, Any] = {
        "orbit": text,
        "kind": made.kind,
        "epoch": made.epoch.utc(3),
        "frame": "true equator and equinox of date",
        "mean": {"a_m": made.mean.a_m, "e": made.mean.e, **_degrees(made)},
        "repeat": None if made.repeat is None else list(made.repeat),
        "figures": made.figures,
        "why": list(made.why),
        "notes": list(notes),
    }
    if kept is not None:
        out["check"] = {
            "days": kept.days,
            "holds": kept.holds,
            "promises": [
                {
                    "key": m.promise.key,
                    "promise": m.promise.text,
                    "limit": m.promise.limit,
                    "measured": m.value,
                    "holds": m.holds,
                }
                for m in kept.measured
            ],
            "figures": kept.figures,
            "state": {
                "utc": kept.state.epoch.utc(),
                "frame": str(kept.state.frame),
                "r_m": kept.state.r_m.tolist(),
                "v_m_s": kept.state.v_m_s.tolist(),
            },
        }
    return out


def _show(text: str, made: Design, notes: tuple[str, ...], kept: Kept | None, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    console, m, f = voice.console(), made.mean, made.figures
    console.print(f"\n[bold]{made.kind}[/]  ", Text(text), end="\n")
    for note in notes:
        console.print(note, style="dim", markup=False)
    table = Table(box=None, show_header=False, padding=(0, 2))

    def row(label: str, value: str) -> None:
        table.add_row(Text(label, style="dim"), Text(value))

    row("Epoch", f"{made.epoch.utc(0)}; mean elements, true equator and equinox of date")
    row("Semi-major axis", f"{m.a_m / 1e3:,.3f} km ({f['altitude_m'] / 1e3:,.3f} km altitude)")
    row("Eccentricity", f"{m.e:.6f}")
    row(
        "Perigee, apogee",
        f"{f['perigee_altitude_m'] / 1e3:,.1f} × {f['apogee_altitude_m'] / 1e3:,.1f} km",
    )
    row("Inclination", f"{math.degrees(m.i_rad):.4f}°")
    node = f"{math.degrees(m.raan_rad):.4f}°"
    if made.target.ltan_s is not None:
        node += f" (LTAN {_clock(f['ltan_s'])})"
    t = made.target
    free = t.raan_rad is None and t.ltan_s is None and t.longitude_rad is None
    if not made.equatorial:
        row("Node", node + (" (free)" if free else ""))
    if m.e > 0.0:
        row("Argument of perigee", f"{math.degrees(m.argp_rad):.4f}°")
    nodal = "" if made.equatorial else f"; nodal {f['nodal_period_s']:,.2f} s"
    row("Period", f"{f['period_s']:,.2f} s{nodal}")
    if "track_shift_m" in f:
        row("Track moves", f"{math.degrees(f['track_shift_rad']):.4f}° west a revolution")
    if "ltan_drift_s" in f and made.target.turns_with_sun:
        row("Local time drifts", f"{f['ltan_drift_s']:+.1f} s in 30 days (Sun and Moon)")
    console.print(table)
    for line in made.why:
        console.print(f"- {line}", markup=False)
    if kept is not None:
        _show_kept(kept, voice)


def _clock(seconds: float) -> str:
    s = round(seconds) % 86_400
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def _show_kept(kept: Kept, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    console = voice.console()
    console.print(
        f"\nFlown for {kept.days:g} days: Earth 30x30, Sun and Moon; no air, no light pressure",
        markup=False,
    )
    table = Table(box=None, show_header=False, padding=(0, 2))
    words = {True: ("holds", "green"), False: ("fails", "red"), None: ("", "")}
    for m in kept.measured:
        said, style = words[m.holds]
        limit = "" if m.promise.limit is None else f"{_measure(m.promise.key, m.promise.limit)}:"
        table.add_row(
            Text(f"{m.promise.text} {limit}"),
            Text(_measure(m.promise.key, m.value)),
            Text(said, style=style),
        )
    console.print(table)


def _measure(key: str, value: float) -> str:
    """A measurement as people say it."""
    if key.endswith("_rad"):
        return f"{math.degrees(value):.4g}°"
    if key.endswith("_ratio"):
        return f"{100.0 * value:.3g} %"
    if key.endswith("_m"):
        return f"{value / 1e3:.3g} km"
    return f"{value:.3g} s"


def _show_departure(text: str, made: Departure, voice: Voice) -> None:
    if voice.json:
        voice.answer({"orbit": text, "kind": "c3", **made.told()})
        return
    voice.say(f"c3  {text}")
    for line in made.why:
        voice.say(f"- {line}")
