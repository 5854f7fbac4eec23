"""`cosmodrome contacts`: what is seen from the ground, and when the Sun is hidden."""

from __future__ import annotations

import csv
import io
import math
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.trajectory import STATE_COLUMNS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.cli.voice import Voice
    from cosmodrome.coverage import Contact, Eclipse
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["contacts", "look"]

_DAY = 86_400.0
_FORM = "'svalbard, 78.23 deg, 15.39 deg, 450 m, 5 deg'"
# an ephemeris tells no mass, and nothing here depends on it
_ANY_MASS_KG = 1.0
_NAMES = ("contacts", "eclipses", "beta")


# where the path comes from ---------------------------------------------------------------
def _joined(paths: Sequence[Trajectory], where: str) -> Trajectory:
    """Paths that follow each other as one, counted from the first one's epoch."""
    from cosmodrome.world.trajectory import Trajectory

    first = paths[0]
    for a, b in pairwise(paths):
        if a.end != b.start or a.frame != b.frame:
            raise InputError(
                f"{where}: one part ends at {a.end}, the next begins at {b.start}; give a path"
                " without a gap, in one frame"
            )
    k = max(p.coefficients.shape[1] for p in paths)
    parts = []
    for p in paths:
        c = p.coefficients[..., : len(STATE_COLUMNS)]
        breaks = p.breaks_s + (p.epoch - first.epoch)
        c = np.pad(c, ((0, 0), (0, k - c.shape[1]), (0, 0)))
        parts.append(Trajectory(first.epoch, first.frame, breaks, c))
    return Trajectory.joined(parts)


def _from_oem(file: Path, world: World) -> Trajectory:
    from cosmodrome.coverage import tabulated
    from cosmodrome.formats import oem

    segments = oem.read(file).segments
    return _joined([tabulated(s.states(_ANY_MASS_KG), world) for s in segments], str(file))


def _flown(name: str, world: World, voice: Voice) -> tuple[Trajectory, tuple[Station, ...]]:
    """The path in orbit and the stations of what the command line names."""
    from cosmodrome.mission import load

    path = Path(name)
    if path.is_dir() or path.name == "flight.json":
        run = path if path.is_dir() else path.parent
        file = run / "orbit.oem"
        if not file.is_file():
            raise InputError(
                f"{run} holds no orbit.oem: give the directory of a run whose mission goes on after"
                " release (`plan: [{coast: {for: 1 day}}]`)"
            )
        mission = run / "mission.yaml"
        own = load(mission).stations if mission.is_file() else ()
        return _from_oem(file, world), own
    if path.is_file() and path.suffix.lower() in (".oem", ".txt"):
        return _from_oem(path, world), ()
    from cosmodrome.flight import fly
    from cosmodrome.world.frame import GCRF

    intent = load(name)
    voice.note("flying the mission first; give a run directory to leave that out")
    flight = fly(intent)
    craft = intent.spacecraft.id
    legs = [leg for leg in flight.legs if leg.object == craft and leg.path.frame == GCRF]
    if not legs:
        raise InputError(
            f"{intent.name} ends at release: its mission has no `plan`, so no orbit was flown; add"
            " `plan: [{coast: {for: 1 day}}]`"
        )
    return _joined([leg.path for leg in legs], intent.name), intent.stations


def _days(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not (math.isfinite(days) and days > 0.0):
        raise InputError(f"--days {text!r}: write a number of days above zero, like 30")
    return days


def _spanned(path: Trajectory, days: float | None, world: World, voice: Voice) -> Trajectory:
    """The first days of a path; flown on from its end where it is shorter."""
    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.dynamics.propagate import propagate
    from cosmodrome.world.trajectory import Trajectory

    if days is None:
        return path
    wanted = days * _DAY
    have = float(path.breaks_s[-1] - path.breaks_s[0])
    if wanted > have + 1e-3:
        voice.note(
            f"the path ends after {have / _DAY:.3f} days; flown on from {path.end} under gravity of"
            " degree 70, the Sun and the Moon, without drag"
        )
        on = propagate(path.at(path.end), Dynamics.earth(70), wanted - have, world=world)
        return _joined([path, on.trajectory], "the path flown on")
    if wanted >= have:
        return path
    end = float(path.breaks_s[0]) + wanted
    last = int(np.searchsorted(path.breaks_s, end, side="left"))
    breaks = np.append(path.breaks_s[:last], end)
    if breaks.size < 2:
        breaks = np.array([path.breaks_s[0], end])

    def columns(t: NDArray[np.float64], _: int) -> NDArray[np.float64]:
        return path.columns_at(t)[:, : len(STATE_COLUMNS)]

    nodes = path.coefficients.shape[1]
    cut = Trajectory.fit(path.epoch, path.frame, breaks[-2:], columns, nodes)
    if breaks.size == 2:
        return cut
    whole = path.coefficients[: breaks.size - 2, :, : len(STATE_COLUMNS)]
    return Trajectory.joined([Trajectory(path.epoch, path.frame, breaks[:-1], whole), cut])


# stations --------------------------------------------------------------------------------
def _station(text: str, own: tuple[Station, ...]) -> Station:
    """A station by id, or written out."""
    from cosmodrome.catalog.files import names, shipped_site
    from cosmodrome.catalog.nouns import Station
    from cosmodrome.errors import did_you_mean
    from cosmodrome.formats.quantity import TextFault, parse_measure

    parts = [p.strip() for p in text.split(",")]
    if len(parts) == 1:
        known = {s.id: s for s in own}
        if text in known:
            return known[text]
        if text in names("sites"):
            site = shipped_site(text)
            return Station(
                site.id, site.latitude_rad, site.longitude_rad, site.height_m, math.radians(5.0)
            )
        raise InputError(
            f"--station {text!r}: no station of the mission and no site of the catalogue."
            f" {did_you_mean(text, [*known, *names('sites')])} Or write it out: {_FORM}."
        )
    if not 3 <= len(parts) <= 5 or not parts[0]:
        raise InputError(f"--station {text!r}: write {_FORM}; height and mask may be left out")
    kinds = (
        ("angle", "78.23 deg"),
        ("angle", "15.39 deg"),
        ("length", "450 m"),
        ("angle", "5 deg"),
    )
    values = [0.0, 0.0, 0.0, math.radians(5.0)]
    for k, (word, (kind, example)) in enumerate(zip(parts[1:], kinds, strict=False)):
        try:
            values[k] = parse_measure(word, kind, example).value
        except TextFault as fault:
            raise InputError(f"--station {text!r}: {word!r}: {fault.why}. {fault.write}") from None
    lat, lon, height, mask = values
    if abs(lat) > 0.5 * math.pi or not -0.2 < mask < 1.5:
        raise InputError(
            f"--station {text!r}: a latitude lies between -90 and 90 deg, a mask between -10 and"
            " 85 deg"
        )
    return Station(parts[0], lat, math.remainder(lon, 2.0 * math.pi), height, mask)


# what is answered ------------------------------------------------------------------------
def _contact_row(c: Contact) -> dict[str, Any]:
    def deg(x: float) -> float:
        return math.degrees(x)

    return {
        "station": c.station,
        "rise_utc": c.rise.epoch.utc(3),
        "set_utc": c.set.epoch.utc(3),
        "duration_s": c.duration_s,
        "rise_azimuth_deg": deg(c.rise.azimuth_rad),
        "highest_utc": c.highest.epoch.utc(3),
        "highest_elevation_deg": deg(c.highest.elevation_rad),
        "highest_azimuth_deg": deg(c.highest.azimuth_rad),
        "closest_range_m": c.closest.range_m,
        "set_azimuth_deg": deg(c.set.azimuth_rad),
        "begins_late": c.begins_late,
        "ends_early": c.ends_early,
    }


def _eclipse_row(e: Eclipse) -> dict[str, Any]:
    return {
        "kind": e.kind,
        "body": e.body,
        "start_utc": e.start.utc(3),
        "end_utc": e.end.utc(3),
        "duration_s": e.duration_s,
        "begins_late": e.begins_late,
        "ends_early": e.ends_early,
    }


def look(
    path: Trajectory, stations: tuple[Station, ...], world: World, refraction: str
) -> dict[str, Any]:
    """Contacts, eclipses and beta angle of a path as plain data; angles in degrees."""
    from cosmodrome import coverage

    first, last = float(path.breaks_s[0]), float(path.breaks_s[-1])
    passes = (
        coverage.contacts(path, stations, world, refraction=refraction)  # type: ignore[arg-type]
        if stations
        else ()
    )
    found = coverage.eclipses(path, world)
    t = np.append(np.arange(first, last - 1e-6, min(_DAY, max(60.0, (last - first) / 8.0))), last)
    beta = np.degrees(coverage.beta_angle_rad(path, t, world))
    lit = coverage.in_sunlight_s(found, first, last)
    kinds = {
        f"{body} {kind}": [e.duration_s for e in found if (e.body, e.kind) == (body, kind)]
        for body in ("earth", "moon")
        for kind in coverage.ECLIPSE_KINDS
    }
    return {
        "start_utc": path.start.utc(3),
        "end_utc": path.end.utc(3),
        "refraction": refraction,
        "stations": [
            {
                "id": s.id,
                "latitude_deg": math.degrees(s.latitude_rad),
                "longitude_deg": math.degrees(s.longitude_rad),
                "height_m": s.height_m,
                "mask_deg": math.degrees(s.mask_rad),
                "horizon_deg": [[math.degrees(x) for x in row] for row in s.mask_table_rad],
                "passes": sum(c.station == s.id for c in passes),
                "total_s": sum(c.duration_s for c in passes if c.station == s.id),
            }
            for s in stations
        ],
        "contacts": [_contact_row(c) for c in passes],
        "eclipse_summary": {
            name: {"count": len(d), "longest_s": max(d), "total_s": sum(d)}
            for name, d in kinds.items()
            if d
        },
        "sunlit_fraction": lit / (last - first),
        "eclipses": [_eclipse_row(e) for e in found],
        "beta": [
            {"utc": (path.epoch + float(a)).utc(0), "beta_deg": float(b)}
            for a, b in zip(t, beta, strict=True)
        ],
        "notes": list(world.notes(path.start, path.end)[:1]),
    }


def _write_csv(told: dict[str, Any], folder: Path) -> list[str]:
    from cosmodrome.formats.placing import place

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _NAMES:
            rows = told[name]
            text = io.StringIO(newline="")
            if rows:
                writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
            place(folder / f"{name}.csv", text.getvalue())
            written.append(str(folder / f"{name}.csv"))
    except OSError as e:
        raise InputError(
            f"cannot write to {folder}: {e.strerror}; give another --csv DIR"
        ) from None
    return written


def contacts(args: argparse.Namespace, voice: Voice) -> int:
    """Passes over stations, eclipses and the beta angle of a path."""
    from cosmodrome.world.world import World

    days = _days(args.days)
    world = World.shipped()
    path, own = _flown(args.source, world, voice)
    stations = tuple(_station(t, own) for t in args.station) or own
    told = look(_spanned(path, days, world, voice), stations, world, args.refraction)
    if args.csv:
        told["written"] = _write_csv(told, Path(args.csv))
    if voice.json:
        voice.answer(told)
        return 0
    _print(told, voice)
    return 0


def _print(told: dict[str, Any], voice: Voice) -> None:
    from rich.table import Table

    console = voice.console()
    console.print(f"{told['start_utc']} to {told['end_utc']}")
    if told["stations"]:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in (
            "station",
            "rise, UTC",
            "azimuth",
            "highest",
            "closest",
            "azimuth",
            "lasts",
        ):
            table.add_column(
                heading, no_wrap=True, justify="left" if len(table.columns) < 2 else "right"
            )
        for c in told["contacts"]:
            table.add_row(
                c["station"],
                c["rise_utc"][:19] + ("*" if c["begins_late"] else ""),
                f"{c['rise_azimuth_deg']:.1f} deg",
                f"{c['highest_elevation_deg']:.2f} deg",
                f"{c['closest_range_m'] / 1e3:.0f} km",
                f"{c['set_azimuth_deg']:.1f} deg",
                f"{c['duration_s'] / 60.0:.1f} min" + ("*" if c["ends_early"] else ""),
            )
        console.print(table)
        if any(c["begins_late"] or c["ends_early"] for c in told["contacts"]):
            console.print("* the path begins or ends inside the pass")
        for s in told["stations"]:
            console.print(
                f"{s['id']}: {s['passes']} passes, {s['total_s'] / 3600.0:.2f} h in all",
                markup=False,
            )
    else:
        console.print("no station is named; add --station, or `stations:` to the mission")
    for name, e in told["eclipse_summary"].items():
        console.print(
            f"{name}: {e['count']}, the longest {e['longest_s'] / 60.0:.2f} min,"
            f" {e['total_s'] / 3600.0:.2f} h in all"
        )
    if not told["eclipse_summary"]:
        console.print("no eclipse")
    beta = [row["beta_deg"] for row in told["beta"]]
    console.print(
        f"sunlit {100.0 * told['sunlit_fraction']:.2f} % of the time; beta angle"
        f" {beta[0]:.2f} deg at the start, {beta[-1]:.2f} deg at the end"
        f" ({min(beta):.2f} to {max(beta):.2f})"
    )
    for line in told.get("written", ()):
        console.print(line, markup=False)
    for note in told["notes"]:
        voice.note(note)
