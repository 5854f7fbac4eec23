"""What `cosmodrome contacts` answers beside passes: links, power, light below, imaging."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.coverage import Contact, Eclipse
    from cosmodrome.mission.onboard import ImagedSite, PowerSystem, Radio
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["Imaging", "imaging_rows", "lighting_rows", "link_rows", "power_rows", "show", "span_of"]

_WH = 3_600.0
_WRITE_SPAN = "write '10 deg to 90 deg'"


@dataclass(frozen=True, slots=True)
class Imaging:
    """Places to be looked at, all on one body; heights that are None are the terrain's."""

    sites: tuple[ImagedSite, ...]

    @property
    def body(self) -> str:
        """What they lie on."""
        return self.sites[0].body

    def told(self) -> dict[str, Any]:
        """What was asked, as plain data: the widest limits, and each place's own."""
        deg = math.degrees
        return {
            "sites": [s.id for s in self.sites],
            "body": self.body,
            "off_nadir_deg": max(deg(s.off_nadir_rad) for s in self.sites),
            "sun_deg": [
                min(deg(s.sun_rad[0]) for s in self.sites),
                max(deg(s.sun_rad[1]) for s in self.sites),
            ],
            "limits": [
                {
                    "site": s.id,
                    "off_nadir_deg": deg(s.off_nadir_rad),
                    "sun_deg": [deg(x) for x in s.sun_rad],
                }
                for s in self.sites
            ],
        }


def span_of(text: str, option: str) -> tuple[float, float]:
    """Two angles with "to" between, rad. InputError."""
    from cosmodrome.formats.quantity import TextFault, parse_quantity

    parts = text.split(" to ")
    if len(parts) != 2:
        raise InputError(f"{option} {text!r}: two angles belong here; {_WRITE_SPAN}")
    try:
        low, high = (parse_quantity(p.strip(), "angle") for p in parts)
    except TextFault as fault:
        raise InputError(
            f"{option} {text!r}: {fault.why}. {fault.write} In all, {_WRITE_SPAN}"
        ) from None
    return low, high


# rows ------------------------------------------------------------------------------------
def link_rows(
    path: Trajectory,
    stations: Sequence[Station],
    passes: Sequence[Contact],
    world: World,
    radio: Radio,
) -> tuple[list[dict[str, Any]], list[str]]:
    """One row a pass and way; and in words what the ways lack that no pass closes."""
    from cosmodrome.coverage.link_passes import closing, link_passes

    found = link_passes(path, stations, passes, world, radio)
    rows = [
        {
            "station": p.contact.station,
            "way": p.way,
            "rise_utc": p.contact.rise.epoch.utc(3),
            "set_utc": p.contact.set.epoch.utc(3),
            "highest_elevation_deg": math.degrees(p.contact.highest.elevation_rad),
            "closest_range_m": float(p.table.range_m.min()),
            "farthest_range_m": float(p.table.range_m.max()),
            "frequency_hz": p.link.frequency_hz,
            "data_rate_bit_s": p.link.data_rate_bit_s,
            "best_margin_db": p.best_margin_db,
            "worst_margin_db": p.worst_margin_db,
            "closes_from_deg": None if (e := p.closes_from_rad) is None else math.degrees(e),
            "open_s": p.open_s,
            "doppler_highest_hz": float(p.doppler_hz.max()),
            "doppler_lowest_hz": float(p.doppler_hz.min()),
            "data_volume_bit": p.table.data_volume_bit,
        }
        for p in found
    ]
    return rows, [str(c) for c in closing(path, world, stations, found)]


def power_rows(
    path: Trajectory, world: World, system: PowerSystem, found: Sequence[Eclipse]
) -> tuple[list[dict[str, Any]], list[str]]:
    """One row a revolution; and in words what a battery needs that runs empty."""
    from cosmodrome.coverage.power_orbits import flat, power_orbits, power_story

    table = power_story(path, world, system, found)
    rows = [
        {
            "revolution": o.number,
            "start_utc": o.start.utc(3),
            "duration_s": o.duration_s,
            "whole": o.whole,
            "sunlit_s": o.lit_s,
            "beta_deg": math.degrees(o.beta_rad),
            "generated_wh": o.generated_j / _WH,
            "load_wh": o.load_j / _WH,
            "depth_of_discharge": o.depth,
            "lowest_charge": o.lowest,
            "last_charge": o.last,
            "shortfall_wh": o.shortfall_j / _WH,
        }
        for o in power_orbits(path, world, table, found)
    ]
    empty = flat(path, system, table, found)
    return rows, [] if empty is None else [str(empty)]


def lighting_rows(path: Trajectory, world: World, body: str) -> list[dict[str, Any]]:
    """Day, twilight and night under the spacecraft."""
    from cosmodrome.coverage import sub_satellite_lighting

    return [
        {
            "body": body,
            "kind": x.kind,
            "start_utc": x.start.utc(3),
            "end_utc": x.end.utc(3),
            "duration_s": x.end_t_s - x.start_t_s,
        }
        for x in sub_satellite_lighting(path, world, body=body)
    ]


def imaging_rows(path: Trajectory, world: World, asked: Imaging) -> list[dict[str, Any]]:
    """Overflights of each place within the limits, in order of time."""
    from cosmodrome.coverage import overflights
    from cosmodrome.report.overflight_table import overflight_rows

    return overflight_rows(overflights(path, asked.sites, world))


# text ------------------------------------------------------------------------------------
def show(told: dict[str, Any], console: Console) -> None:
    """The tables that were asked for."""
    for name, printed in (
        ("link", _show_link),
        ("power", _show_power),
        ("lighting", _show_lighting),
        ("imaging", _show_imaging),
    ):
        if name in told:
            console.print()
            printed(told, console)


def _table(console: Console, headings: Sequence[str], left: int, rows: list[list[str]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for k, heading in enumerate(headings):
        table.add_column(heading, no_wrap=True, justify="left" if k < left else "right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _size(bit: float) -> str:
    for factor, unit in ((1e12, "Tbit"), (1e9, "Gbit"), (1e6, "Mbit"), (1e3, "kbit")):
        if bit >= factor:
            return f"{bit / factor:.4g} {unit}"
    return f"{bit:.4g} bit"


def _show_link(told: dict[str, Any], console: Console) -> None:
    from cosmodrome.coverage.link_passes import rate_text

    if not told["link"]:
        console.print("link: no pass over a station")
        return
    headings = ("station", "rise, UTC", "highest", "range, km", "margin, dB", "from", "Doppler")
    for way in ("down", "up"):
        rows = [r for r in told["link"] if r["way"] == way]
        if not rows:
            continue
        total = _size(sum(r["data_volume_bit"] for r in rows))
        closed = sum(r["best_margin_db"] >= 0.0 for r in rows)
        rate = rate_text(rows[0]["data_rate_bit_s"])
        console.print(
            f"link {way}, {rows[0]['frequency_hz'] / 1e9:.6g} GHz, {rate}: closes on {closed} of"
            f" {len(rows)} passes, {total} in all"
        )
        _table(console, (*headings, "data"), 2, [_link_row(r) for r in rows])
    console.print(
        "from: the lowest elevation at which the margin is not negative; Doppler: the largest"
        " shift either way"
    )


def _link_row(r: dict[str, Any]) -> list[str]:
    shift = max(abs(r["doppler_highest_hz"]), abs(r["doppler_lowest_hz"]))
    return [
        r["station"],
        r["rise_utc"][:16],
        f"{r['highest_elevation_deg']:.1f} deg",
        f"{r['closest_range_m'] / 1e3:.0f} to {r['farthest_range_m'] / 1e3:.0f}",
        f"{r['worst_margin_db']:.1f} to {r['best_margin_db']:.1f}",
        "never" if r["closes_from_deg"] is None else f"{r['closes_from_deg']:.1f} deg",
        f"{shift / 1e3:.1f} kHz",
        _size(r["data_volume_bit"]),
    ]


def _show_power(told: dict[str, Any], console: Console) -> None:
    rows = told["power"]
    headings = ("rev", "start, UTC", "sunlit", "beta", "in", "out", "depth", "lowest", "at end")
    _table(
        console,
        headings,
        2,
        [
            [
                str(r["revolution"]) + ("" if r["whole"] else "*"),
                r["start_utc"][:19],
                f"{r['sunlit_s'] / 60.0:.1f} of {r['duration_s'] / 60.0:.1f} min",
                f"{r['beta_deg']:.1f} deg",
                f"{r['generated_wh']:.1f} Wh",
                f"{r['load_wh']:.1f} Wh",
                f"{100.0 * r['depth_of_discharge']:.1f} %",
                f"{100.0 * r['lowest_charge']:.1f} %",
                f"{100.0 * r['last_charge']:.1f} %",
            ]
            for r in rows
        ],
    )
    if not all(r["whole"] for r in rows):
        console.print("* the path ends inside the revolution")
    # the first of equals: rounding alone tells steady revolutions apart
    deepest = max(rows, key=lambda r: round(r["depth_of_discharge"], 4))
    lowest = min(rows, key=lambda r: round(r["lowest_charge"], 4))
    console.print(
        f"power: deepest discharge {100.0 * deepest['depth_of_discharge']:.1f} % of the battery in"
        f" revolution {deepest['revolution']}; least charge {100.0 * lowest['lowest_charge']:.1f} %"
        f" in revolution {lowest['revolution']}; {sum(r['generated_wh'] for r in rows):.1f} Wh in,"
        f" {sum(r['load_wh'] for r in rows):.1f} Wh out"
    )


def _show_lighting(told: dict[str, Any], console: Console) -> None:
    rows = told["lighting"]
    whole = sum(r["duration_s"] for r in rows)
    shares = ", ".join(
        f"{kind} {100.0 * sum(r['duration_s'] for r in rows if r['kind'] == kind) / whole:.2f} %"
        for kind in ("day", "twilight", "night")
    )
    console.print(f"under the spacecraft, {rows[0]['body']}: {shares}")
    _table(
        console,
        ("below", "from, UTC", "until, UTC", "lasts"),
        3,
        [
            [
                r["kind"],
                r["start_utc"][:19],
                r["end_utc"][:19],
                f"{r['duration_s'] / 60.0:.1f} min",
            ]
            for r in rows
        ],
    )


def _show_imaging(told: dict[str, Any], console: Console) -> None:
    from cosmodrome.report.overflight_table import show_overflights

    rows = told["imaging"]
    if not rows:
        asked = told["imaging_asked"]
        low, high = asked["sun_deg"]
        console.print(
            f"imaging: no overflight of {', '.join(asked['sites'])} within"
            f" {asked['off_nadir_deg']:g} deg of nadir with the Sun between {low:g} and {high:g}"
            " deg; allow a larger --off-nadir, a wider --sun, or more --days"
        )
        return
    show_overflights(rows, console)
