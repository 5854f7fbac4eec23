"""`cosmodrome orbit "nrho 9:2"`: a libration orbit, and a flight near it in full dynamics."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse

    from rich.table import Table

    from cosmodrome.cli.voice import Voice
    from cosmodrome.targets.libration import Corrected, LibrationOrbit
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["libration"]

_DAY = 86_400.0
_MOST_REVOLUTIONS = 200


def libration(args: argparse.Namespace, text: str, epoch: Epoch, voice: Voice) -> int:
    """The orbit of a text that `is_libration`; see docs/deep-space.md."""
    from cosmodrome.targets.libration import correct, find, read_libration
    from cosmodrome.world.world import World

    if args.check is not None:
        raise InputError(
            "--check holds the promises of orbits round the Earth; a libration orbit is flown by"
            " --revolutions 6"
        )
    revolutions = _revolutions(args.revolutions)
    if args.out and not revolutions:
        raise InputError(
            "--out writes the flight in full dynamics: say how long by --revolutions 6"
        )
    world = World.shipped()
    design = find(read_libration(text))
    made = None
    if revolutions:
        voice.note(f"correcting {revolutions} revolutions from {epoch.utc(0)} in full dynamics")
        made = correct(design, epoch, revolutions, world)
    written = _written(Path(args.out), text, made, world) if args.out and made else None
    if voice.json:
        voice.answer(_told(text, epoch, design, made, written))
    elif voice.quiet:
        o = design.orbit
        voice.say(
            f"period {design.period_s / _DAY:.6f} days, jacobi {o.jacobi:.9f},"
            f" stability {o.stability[0]:.4f}"
        )
    else:
        _show(text, epoch, design, made, world, voice)
        if written:
            voice.say(f"\nWritten to {written}")
    return 0


def _revolutions(text: str | None) -> int:
    if text is None:
        return 0
    if not text.isdigit() or not 1 <= int(text) <= _MOST_REVOLUTIONS:
        raise InputError(
            f"--revolutions {text}: write a whole number from 1 to {_MOST_REVOLUTIONS}"
        )
    return int(text)


def _written(out: Path, text: str, made: Corrected, world: World) -> str:
    from cosmodrome.formats import oem
    from cosmodrome.formats.placing import place
    from cosmodrome.targets.libration import ephemeris
    from cosmodrome.world.epoch import Epoch

    name = re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")
    now = Epoch.parse(dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    message = oem.dumps(ephemeris(made, name, now, world))
    try:
        out.mkdir(parents=True, exist_ok=True)
        return str(place(out / f"{name}.oem", message))
    except OSError as e:
        raise InputError(f"cannot write to {out}: {e.strerror}; give another --out DIR") from None


def _told(
    text: str,
    epoch: Epoch,
    design: LibrationOrbit,
    made: Corrected | None,
    written: str | None,
) -> dict[str, Any]:
    out: dict[str, Any] = {"orbit": text, "kind": "libration", "epoch": epoch.utc(3)}
    out |= design.told()
    if made is not None:
        out["flown"] = {
            "revolutions": round(made.span_s / design.period_s),
            "span_s": made.span_s,
            "frame": str(made.states[0].frame),
            "jump_m": float(made.jump_m.max()),
            "jump_m_s": float(made.jump_m_s.max()),
            "iterations": made.iterations,
            "apart_m": made.apart_m,
            "stays_s": made.stays_s,
            "kept_m": made.kept_m,
            "nearest_m": _reach(made)[0],
            "farthest_m": _reach(made)[1],
            "states": [
                {"utc": s.epoch.utc(), "r_m": s.r_m.tolist(), "v_m_s": s.v_m_s.tolist()}
                for s in made.states
            ],
        }
    if written:
        out["written"] = written
    return out


def _reach(made: Corrected) -> tuple[float, float]:
    """Nearest to and farthest from the body on the flown path, m."""
    times = np.linspace(
        0.0, made.span_s, max(2000, round(200 * made.span_s / made.design.period_s))
    )
    r = np.linalg.norm(made.path.columns_at(times)[:, :3], axis=1)
    return float(r.min()), float(r.max())


def _table() -> Table:
    from rich.table import Table

    return Table(box=None, show_header=False, padding=(0, 2))


def _show(
    text: str,
    epoch: Epoch,
    design: LibrationOrbit,
    made: Corrected | None,
    world: World,
    voice: Voice,
) -> None:
    from rich.text import Text

    from cosmodrome.targets.libration import turning

    console, o, f, s = voice.console(), design.orbit, design.figures, design.system
    console.print(f"\n[bold]{design.wanted.kind}[/]  ", Text(text), end="\n")
    console.print(
        f"Restricted problem of {s.larger} and {s.smaller}: mass ratio {s.mu:.12f},"
        f" length {s.length_m / 1e3:,.0f} km, time {s.time_s:,.1f} s",
        style="dim",
        markup=False,
    )
    table = _table()

    def row(label: str, value: str) -> None:
        table.add_row(Text(label, style="dim"), Text(value))

    turns = f.get("revolutions_per_synodic_month")
    month = "" if turns is None else f" ({turns:.4f} in a synodic month)"
    row("Period", f"{design.period_s / _DAY:.4f} days{month}")
    row("Jacobi's constant", f"{o.jacobi:.9f}")
    one, two = o.stability
    doubling = f.get("doubling_s")
    grows = "" if doubling is None else f"; a departure doubles in {doubling / _DAY:.2f} days"
    row("Stability indices", f"{one:.4f}, {two:.4f}{grows}")
    row(f"From the {s.smaller}", f"{f['closest_m'] / 1e3:,.0f} to {f['farthest_m'] / 1e3:,.0f} km")
    row("Half widths x, y, z", " × ".join(f"{f[k] / 1e3:,.0f}" for k in ("ax_m", "ay_m", "az_m")))
    x, _, z, _, speed, _ = o.state
    row("First crossing", f"x {x:.12f}, z {z:.12f}, vy {speed:.12f}")
    y = turning(s, epoch, world).out(o.state)
    where = ", ".join(f"{c / 1e3:,.3f}" for c in y[:3])
    row(f"At {epoch.utc(0)}", f"{where} km from the {s.body}, GCRF axes")
    console.print(table)
    if made is not None:
        _show_flown(made, voice)


def _show_flown(made: Corrected, voice: Voice) -> None:
    from rich.text import Text

    console, table = voice.console(), _table()
    forces = ", ".join(str(getattr(f, "body", type(f).__name__)) for f in made.dynamics.forces)
    console.print(f"\nIn full dynamics: {forces}", markup=False)
    low, high = _reach(made)
    stays = made.stays_s / _DAY
    whole = made.stays_s >= made.span_s
    for label, value in (
        ("Span", f"{made.span_s / _DAY:.3f} days, {len(made.states)} states about the"
                 f" {made.states[0].frame.centre}"),
        ("Jumps at the cuts", f"at most {made.jump_m.max():.2g} m and {made.jump_m_s.max():.2g} m/s"
                              f" after {made.iterations} iterations"),
        ("Distance", f"{low / 1e3:,.0f} to {high / 1e3:,.0f} km"),
        ("Off the design", f"at most {made.apart_m / 1e3:,.0f} km"),
        ("From its first state", f"keeps within {made.kept_m / 1e3:,.0f} km for"
                                 + (" the whole span" if whole else f" {stays:.1f} days")),
    ):  # fmt: skip
        table.add_row(Text(label, style="dim"), Text(value))
    console.print(table)
