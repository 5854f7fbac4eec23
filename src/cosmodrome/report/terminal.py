"""The summary of a flight on the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cosmodrome.report import words
from cosmodrome.report.arrivals import HEADS, arrival_rows
from cosmodrome.report.flight_record import orbit_of
from cosmodrome.report.overflight_table import overflight_rows, show_overflights
from cosmodrome.report.plain import clock_text, since_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from cosmodrome.mission import Target
    from cosmodrome.record import Finding, Flight, OrbitRecord

__all__ = ["summary"]

_STYLE = {"holds": "green", "fails": "bold red", "warns": "yellow", "not-judged": "dim"}
_MOST_PUBLISHED = 3
_MOST_OVERFLIGHTS = 20
_MARK = {"holds": "✓", "fails": "✗", "warns": "!", "not-judged": "·"}


def summary(flight: Flight, console: Console, files: Iterable[Path] = ()) -> None:
    """Print verdict, payload, launch, orbit against target, events, findings, files written."""
    console.print()
    console.print(_headline(flight))
    console.print(_facts(flight))
    for craft in flight.mission.crafts:
        orbit = orbit_of(flight, craft.id)
        if orbit is not None:
            several = f"{craft.id}: " if flight.mission.passengers else ""
            target = flight.mission.of(craft.id).target
            if target is not None:
                later = flight.reached
                # a target is an orbit about the body that it was flown to
                end = orbit if later is None or later.body != orbit.body else later
                console.print(_orbit(end, target, several))
    if flight.arrivals:
        console.print(_arrivals(flight))
    console.print(_events(flight))
    if flight.mission.imaging:
        _imaged(flight, console)
    console.print(_findings(flight))
    for path in files:
        console.print(f"  {path}", style="dim", markup=False, highlight=False, soft_wrap=True)


def _headline(flight: Flight) -> Text:
    from rich.text import Text

    counts = words.check_counts(flight.findings)
    style = "bold white on green" if flight.verdict == "go" else "bold white on red"
    line = Text(f" {flight.verdict.upper()} ", style=style)
    line.append(f"  {flight.mission.name}", style="bold")
    line.append(
        f"   {counts['holds']} checks hold, {counts['fails']} fail, {counts['warns']} warn,"
        f" {counts['not_judged']} not judged",
        style="not bold",
    )
    return line


def _table(*heads: str, right: tuple[int, ...] = (), title: str = "") -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    for k, head in enumerate(heads):
        table.add_column(head, justify="right" if k in right else "left")
    return table


def _facts(flight: Flight) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2))
    for label, value in words.facts(flight):
        table.add_row(Text(label, style="dim"), Text(value))
    payload, launch = flight.payload, flight.launch
    if payload is None or launch is None:
        return table
    for text in payload.limited_by:
        table.add_row(Text("Limited by", style="dim"), Text(text))
    # what compares with the capability comes first
    published = sorted(payload.published, key=lambda text: "not compared" in text)
    for text in published[:_MOST_PUBLISHED]:
        table.add_row(Text("Published", style="dim"), Text(text))
    if len(published) > _MOST_PUBLISHED:
        more = f"and {len(published) - _MOST_PUBLISHED} more, in flight.json"
        table.add_row("", Text(more, style="dim"))
    for epoch, azimuth, branch in launch.alternatives:
        table.add_row(
            Text("Also possible", style="dim"),
            Text(f"{epoch.utc(0)} at {math.degrees(azimuth):.2f}° relative, {branch}"),
        )
    if launch.note:
        table.add_row(Text("Note", style="dim"), Text(launch.note))
    return table


def _orbit(orbit: OrbitRecord, target: Target, whose: str = "") -> Table:
    table = _table(f"{whose}mean orbit", "flown", "wanted", "off by", "allowed", right=(1, 2, 3, 4))

    def row(name: str, unit: str, scale: float, digits: int, flown: float, want: object) -> None:
        if want is None:
            table.add_row(name, f"{flown * scale:.{digits}f} {unit}", "free", "", "")
            return
        value, tolerance = want.value, want.tolerance  # type: ignore[attr-defined]
        table.add_row(
            name,
            f"{flown * scale:.{digits}f} {unit}",
            f"{value * scale:.{digits}f} {unit}",
            f"{(flown - value) * scale:+.{digits}f}",
            f"± {tolerance * scale:.{digits}f}",
        )

    row("semi-major axis", "km", 1e-3, 3, orbit.mean.a_m, target.semi_major_axis_m)
    row("eccentricity", "", 1.0, 6, orbit.mean.e, target.eccentricity)
    row("inclination", "°", math.degrees(1.0), 4, orbit.mean.i_rad, target.inclination_rad)
    row("node (RAAN)", "°", math.degrees(1.0), 4, orbit.mean.raan_rad, target.raan_rad)
    if target.ltan_s is not None and orbit.ltan_s is not None:
        off = (orbit.ltan_s - target.ltan_s.value + 43_200.0) % 86_400.0 - 43_200.0
        table.add_row(
            "LTAN",
            clock_text(orbit.ltan_s, 1),
            clock_text(target.ltan_s.value, 1),
            f"{off:+.1f} s",
            f"± {target.ltan_s.tolerance:.0f} s",
        )
    return table


def _arrivals(flight: Flight) -> Table:
    """What was weighed for a landing, and why the rest was not taken."""
    table = _table(*HEADS, right=(2, 4, 5), title="Arrivals weighed for the landing")
    rows = arrival_rows(flight.arrivals)
    for row in rows:
        table.add_row(*row)
    if len(flight.arrivals) > len(rows):
        more = f"and {len(flight.arrivals) - len(rows)} more, in flight.json"
        table.add_row("", more, "", "", "", "", "", style="dim")
    return table


def _events(flight: Flight) -> Table:
    from rich.text import Text

    table = _table(
        "time",
        "event",
        "altitude km",
        "inertial m/s",
        "relative m/s",
        "mass kg",
        right=(2, 3, 4, 5),
    )
    release = max(
        (leg.end.epoch - flight.zero for leg in flight.legs if leg.kind == "stack"), default=0.0
    )
    steps = ("transfer", "release", "landing")
    main = ("stack", flight.mission.spacecraft.id)
    burns = {e for leg in flight.legs if leg.chapter in steps for e in leg.events}
    later = 0
    crafts = {c.id for c in flight.mission.crafts}
    for e in flight.events:
        if e.object not in ("stack", *crafts) and e.name == "separation":
            continue  # told once, by the vehicle
        in_orbit = bool(flight.mission.passengers) and e.object in crafts
        if (e.t_s > release + 1.0 or in_orbit) and e not in burns:
            later += 1
            continue
        own = e.object == "stack" or (e in burns and e.object in main)
        name = e.name if own else f"{e.object}: {e.name}"
        table.add_row(
            Text(since_text(e.t_s), style="dim"),
            Text(name),
            f"{round(e.altitude_m / 1e3, 2) + 0.0:.2f}",
            f"{e.speed_inertial_m_s:.1f}",
            f"{e.speed_relative_m_s:.1f}",
            f"{e.mass_kg:.1f}",
        )
    if later:
        table.add_row(
            "",
            Text(f"and {later} {'more' if burns else 'later'}, in flight.json", style="dim"),
            "",
            "",
            "",
            "",
        )
    return table


def _imaged(flight: Flight, console: Console) -> None:
    """When the places that the mission wants photographed are flown over in their light."""
    found = flight.overflights
    if found:
        show_overflights(overflight_rows(found[:_MOST_OVERFLIGHTS]), console)
        if len(found) > _MOST_OVERFLIGHTS:
            more = f"and {len(found) - _MOST_OVERFLIGHTS} more, in flight.json"
            console.print(more, style="dim", markup=False, highlight=False)
        return
    sites = ", ".join(s.id for s in flight.mission.imaging)
    console.print(f"  no overflight of {sites} within its limits of look and light", markup=False)


def _findings(flight: Flight) -> Table:
    """What fails or warns in full; what holds or was not judged once for each check."""
    from rich.text import Text

    table = _table("", "check", "measured", "limit", "why", right=(2, 3))
    rows = [(f, 1) for f in words.red_first(flight.findings) if f.verdict in ("fails", "warns")]
    quiet = tuple(f for f in flight.findings if f.verdict not in ("fails", "warns"))
    for f, n in [*rows, *words.by_check(quiet)]:
        table.add_row(
            Text(_MARK.get(f.verdict, "?"), style=_STYLE.get(f.verdict, "")),
            Text(
                f"{f.check} ×{n}" if n > 1 else f.check,
                style=_STYLE.get(f.verdict, "") if f.verdict != "holds" else "",
            ),
            _with_unit(f.measured, f),
            _with_unit(f.limit, f),
            Text(
                f.why,
                style="dim" if f.verdict == "holds" else "",
                overflow="ellipsis",
                no_wrap=f.verdict == "holds",
            ),
        )
    return table


def _with_unit(value: float | None, finding: Finding) -> str:
    if value is None:
        return ""
    unit = "" if finding.unit == "1" else finding.unit
    digits = 4 if finding.verdict == "holds" else 7
    return f"{value:.{digits}g} {unit}".strip()
