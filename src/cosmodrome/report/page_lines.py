"""The lines that the page can follow, each with its burns, coasts and eclipses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.report import words

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.report.series import Phase, Series

__all__ = ["lines_json", "phase_json", "timeline_json"]


def phase_json(p: Phase) -> dict[str, Any]:
    """A phase as the page shows it."""
    return {
        "name": p.name,
        "kind": p.kind,
        "until": p.until,
        "start_s": round(p.start_s, 3),
        "end_s": round(p.end_s, 3),
    }


def timeline_json(flight: Flight, series: tuple[Series, ...], freed: str = "") -> dict[str, Any]:
    """Rows burns, coasts and eclipses of a line: the stack, then the spacecraft, then what it let
    go under the name `freed`; "": the line of the spacecraft alone."""
    mission = flight.mission
    burns: list[dict[str, Any]] = []
    coasts: list[dict[str, Any]] = []
    # a stack that flies on to other orbits keeps the line until its last release
    flown_s = max((float(s.t_s[-1]) for s in series if s.kind == "stack"), default=-math.inf)
    line = _on_line(flight, series, freed)
    for s, on in zip(series, line, strict=True):
        if not on:
            continue
        for p in s.phases:
            row = {k: v for k, v in phase_json(p).items() if k != "until"}
            if flight.mission.passengers and s.kind != "stack":
                row["start_s"] = round(max(p.start_s, flown_s), 3)
                if row["start_s"] >= row["end_s"]:
                    continue
            if p.kind == "burn":
                row["name"] = " + ".join(words.stage_label(mission, b) for b in p.burning)
            rows = burns if p.kind == "burn" else coasts
            if (
                rows
                and rows[-1]["name"] == row["name"]
                and abs(rows[-1]["end_s"] - row["start_s"]) < 0.01
            ):
                rows[-1]["end_s"] = row["end_s"]
            else:
                rows.append(row)
    return {"burns": burns, "coasts": coasts, "eclipses": _eclipses(flight, series, line)}


def _on_line(flight: Flight, series: tuple[Series, ...], freed: str) -> list[bool]:
    """Which series make a line; with a released craft the carrier's end where it lets it go."""
    own = flight.flown_by
    starts = [float(s.t_s[0]) for s in series if freed and s.object == freed]
    parts = min(starts, default=math.inf)
    return [
        s.kind == "stack"
        or (s.object in own and float(s.t_s[0]) < parts - 1e-6)
        or (bool(freed) and s.object == freed)
        for s in series
    ]


def lines_json(flight: Flight, series: tuple[Series, ...]) -> list[dict[str, Any]]:
    """Lines to follow beside the primary one: of each craft that was released with a plan."""
    flown = {s.object for s in series}
    main = flight.mission.spacecraft
    return [
        {
            "id": craft.id,
            "primary": ["stack", main.id, craft.id],
            "timeline": timeline_json(flight, series, craft.id),
        }
        for craft in main.carries
        if craft.plan and craft.id in flown
    ]


def _eclipses(flight: Flight, series: tuple[Series, ...], line: list[bool]) -> list[dict[str, Any]]:
    """Spans of penumbra and umbra between the flown events that enter and leave them."""
    out: list[dict[str, Any]] = []
    for leg, s, on in zip(flight.legs, series, line, strict=True):
        if not on or s.kind == "stack":
            continue
        for shadow in ("penumbra", "umbra"):
            entered: float | None = None
            first = True
            for e in sorted(leg.events, key=lambda e: e.t_s):
                if _shadow_of(e.name) != shadow:
                    continue
                if "exit" in e.name.lower():
                    start = float(s.t_s[0]) if first else entered
                    if start is not None:
                        out.append(_span(shadow, start, e.t_s))
                    entered = None
                else:
                    entered = e.t_s
                first = False
            if entered is not None:
                out.append(_span(shadow, entered, float(s.t_s[-1])))
    return out


def _shadow_of(name: str) -> str:
    """Which shadow an event enters or leaves: "penumbra", "umbra" or ""."""
    low = name.lower()
    if "penumbra" in low:
        return "penumbra"
    return "umbra" if "umbra" in low or "eclipse" in low else ""


def _span(name: str, start_s: float, end_s: float) -> dict[str, Any]:
    return {"name": name, "kind": name, "start_s": round(start_s, 3), "end_s": round(end_s, 3)}
