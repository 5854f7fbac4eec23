"""`cosmodrome light`: when the Sun and the Earth are up over a place on the Moon."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.cli.csv_tables import write_tables
from cosmodrome.cli.orbit_paths import days_of
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.cli.voice import Voice
    from cosmodrome.coverage import Eclipse, Showing
    from cosmodrome.world import Epoch, Skyline, World

__all__ = ["light"]

_BODY = "moon"
_SEEN = ("sun", "earth")
_FORM = "'boguslawsky, -69.545 deg, 43.544 deg'"
_WORDS = {"some": "upper limb", "half": "centre", "whole": "whole disc"}


# what is asked ---------------------------------------------------------------------------
def _quantity(text: str, option: str, kind: str, example: str) -> float:
    from cosmodrome.formats.quantity import TextFault, parse_quantity

    try:
        return parse_quantity(text, kind, example)
    except TextFault as fault:
        raise InputError(f"{option} {text!r}: {fault.why}. {fault.write}") from None


def _site(text: str) -> tuple[str, float, float]:
    """Name, latitude, longitude; rad. InputError."""
    parts = [p.strip() for p in text.split(",")]
    if len(parts) != 3 or not parts[0]:
        raise InputError(f"SITE {text!r}: write name, latitude, longitude: {_FORM}")
    lat = _quantity(parts[1], "SITE latitude", "angle", "-69.545 deg")
    lon = _quantity(parts[2], "SITE longitude", "angle", "43.544 deg")
    if abs(lat) > 0.5 * math.pi:
        raise InputError(f"SITE {text!r}: a latitude lies between -90 and 90 deg")
    return parts[0], lat, math.remainder(lon, 2.0 * math.pi)


def _skyline(args: argparse.Namespace, lat: float, lon: float) -> Skyline:
    from cosmodrome.world import skyline, terrain

    above = _quantity(args.above, "--above", "length", "2 m")
    if not 0.0 <= above <= 100e3:
        raise InputError(f"--above {args.above!r}: write a height between 0 and 100 km")
    return skyline(terrain(_BODY), lat, lon, above_m=above)


# what is answered ------------------------------------------------------------------------
def _showing_row(x: Showing) -> dict[str, Any]:
    return {
        "body": x.body,
        "part": x.part,
        "start_utc": x.start.utc(0),
        "end_utc": x.end.utc(0),
        "duration_s": x.duration_s,
        "highest_utc": x.highest.utc(0),
        "highest_elevation_deg": math.degrees(x.highest_rad),
        "begins_late": x.begins_late,
        "ends_early": x.ends_early,
    }


def _eclipse_row(x: Eclipse) -> dict[str, Any]:
    return {
        "kind": x.kind,
        "start_utc": x.start.utc(0),
        "end_utc": x.end.utc(0),
        "duration_s": x.duration_s,
    }


def _sky_rows(edge: Skyline, start: Epoch, t: NDArray[np.float64], world: World) -> list[Any]:
    from cosmodrome.coverage import sky

    seen = {name: sky(edge, name, start, t, world) for name in _SEEN}
    return [
        {
            "utc": (start + float(t[i])).utc(0),
            **{
                f"{name}_{what}": float(value[i])
                for name, s in seen.items()
                for what, value in (
                    ("azimuth_deg", np.degrees(s.azimuth_rad)),
                    ("elevation_deg", np.degrees(s.elevation_rad)),
                    ("edge_deg", np.degrees(s.edge_rad)),
                    ("share", s.share),
                )
            },
        }
        for i in range(t.size)
    ]


def _told(
    name: str, edge: Skyline, start: Epoch, days: float, step_s: float, world: World
) -> dict[str, Any]:
    from cosmodrome.coverage import SKY_PARTS, lit_s, showings, site_eclipses

    end = start + days * 86_400.0
    span = end - start
    found = {b: showings(edge, b, start, end, world) for b in _SEEN}
    dark = site_eclipses(edge, start, end, world)
    t = np.append(np.arange(0.0, span - 1e-6, step_s), span)
    deg = np.degrees
    return {
        "site": {
            "id": name,
            "body": edge.body,
            "latitude_deg": math.degrees(edge.latitude_rad),
            "longitude_deg": math.degrees(edge.longitude_rad),
            "axes": edge.axes,
            "ground_m": edge.ground_m,
            "above_m": edge.above_m,
        },
        "start_utc": start.utc(0),
        "end_utc": end.utc(0),
        "up_s": {
            b: {p: sum(x.duration_s for x in found[b] if x.part == p) for p in SKY_PARTS}
            for b in _SEEN
        },
        "lit_s": lit_s(found["sun"], dark),
        "lit_fraction": lit_s(found["sun"], dark) / span,
        "showings": [_showing_row(x) for b in _SEEN for x in found[b]],
        "eclipses": [_eclipse_row(x) for x in dark],
        "sky": _sky_rows(edge, start, t, world),
        "skyline": [
            {
                "azimuth_deg": float(a),
                "elevation_deg": float(e),
                "distance_m": float(d),
                "doubt_deg": float(w),
            }
            for a, e, d, w in zip(
                deg(edge.azimuth_rad), deg(edge.elevation_rad), edge.distance_m,
                deg(edge.doubt_rad), strict=True,
            )
        ],
    }  # fmt: skip


def light(args: argparse.Namespace, voice: Voice) -> int:
    """Sun and Earth over a place on the Moon, above its skyline."""
    from cosmodrome.world import Epoch, World

    name, lat, lon = _site(args.site)
    days = days_of(args.days) or 30.0
    if days > 40_000.0:
        raise InputError(f"--days {args.days!r}: the ephemeris spans a century; write fewer")
    step_s = _quantity(args.every, "--every", "time", "1 day")
    if not step_s >= min(60.0, days * 86_400.0) or days * 86_400.0 / step_s > 1e5:
        raise InputError(
            f"--every {args.every!r} over {days:g} days: write a minute or more, and no more than"
            " 100,000 rows in all"
        )
    text = args.start
    start = Epoch.parse(f"{text}T00:00:00Z" if len(text) == 10 and text[4] == "-" else text)
    edge = _skyline(args, lat, lon)
    told = _told(name, edge, start, days, step_s, World.shipped())
    if args.csv:
        told["written"] = write_tables(
            told, ("showings", "eclipses", "sky", "skyline"), Path(args.csv)
        )
    if voice.json:
        voice.answer(told)
    else:
        _print(told, edge, voice)
    return 0


# text ------------------------------------------------------------------------------------
def _lasting(seconds: float) -> str:
    return f"{seconds / 86_400.0:.2f} d" if seconds >= 86_400.0 else f"{seconds / 3_600.0:.2f} h"


def _print(told: dict[str, Any], edge: Skyline, voice: Voice) -> None:
    console = voice.console()
    site = told["site"]
    low, high = np.degrees([edge.elevation_rad.min(), edge.elevation_rad.max()])
    console.print(
        f"{site['id']}: {site['latitude_deg']:.4f}, {site['longitude_deg']:.4f} deg"
        f" ({site['axes']}), ground {site['ground_m']:.0f} m, seen from {site['above_m']:g} m"
        " above it",
        markup=False,
    )
    console.print(
        f"skyline {low:.2f} to {high:.2f} deg, {np.median(edge.distance_m) / 1e3:.1f} km away"
        f" (median); {edge.error_rms_m:.0f} m of doubt in heights turn it by"
        f" {math.degrees(float(np.median(edge.doubt_rad))):.2f} deg"
    )
    console.print(f"{told['start_utc']} to {told['end_utc']}")
    console.print()
    _show_showings(told["showings"], console)
    for e in told["eclipses"]:
        console.print(
            f"the Earth hides the Sun: {e['kind']} {e['start_utc'][:16]} to {e['end_utc'][:16]}"
        )
    console.print(
        f"lit (the Sun's centre up, no umbra) {100.0 * told['lit_fraction']:.2f} % of the time"
    )
    console.print()
    _show_sky(told["sky"], console)
    for line in told.get("written", ()):
        console.print(line, markup=False)
    if float(np.median(edge.distance_m)) < edge.cell_m:
        voice.note(
            f"the skyline is made by ground nearer than a cell of {edge.cell_m / 1e3:.1f} km:"
            " ridges and rims narrower than that are not in the heights, and light on them is"
            " underrated"
        )


def _table(console: Any, headings: Sequence[str], left: int, rows: list[list[str]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for k, heading in enumerate(headings):
        table.add_column(heading, no_wrap=True, justify="left" if k < left else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _show_showings(rows: list[dict[str, Any]], console: Any) -> None:
    """The intervals by the centre; where it never is up, by the upper limb."""
    shown = []
    for body in _SEEN:
        mine = [r for r in rows if r["body"] == body]
        part = next((p for p in ("half", "some") if any(r["part"] == p for r in mine)), None)
        if part is None:
            console.print(f"{body}: never up")
        shown += [r for r in mine if r["part"] == part]
    if not shown:
        return
    _table(
        console,
        ("up", "by", "from, UTC", "until, UTC", "lasts", "highest", "at, UTC"),
        4,
        [
            [
                r["body"],
                _WORDS[r["part"]],
                r["start_utc"][:16] + ("*" if r["begins_late"] else ""),
                r["end_utc"][:16] + ("*" if r["ends_early"] else ""),
                _lasting(r["duration_s"]),
                f"{r['highest_elevation_deg']:.2f} deg",
                r["highest_utc"][:16],
            ]
            for r in shown
        ],
    )
    if any(r["begins_late"] or r["ends_early"] for r in shown):
        console.print("* the span begins or ends inside")


def _show_sky(rows: list[dict[str, Any]], console: Any) -> None:
    _table(
        console,
        ("UTC", "Sun at", "elevation", "edge", "disc up", "Earth at", "elevation", "disc up"),
        1,
        [
            [
                r["utc"][:16],
                f"{r['sun_azimuth_deg']:.1f} deg",
                f"{r['sun_elevation_deg']:.2f} deg",
                f"{r['sun_edge_deg']:.2f} deg",
                f"{100.0 * r['sun_share']:.0f} %",
                f"{r['earth_azimuth_deg']:.1f} deg",
                f"{r['earth_elevation_deg']:.2f} deg",
                f"{100.0 * r['earth_share']:.0f} %",
            ]
            for r in rows
        ],
    )
