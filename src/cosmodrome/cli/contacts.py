"""`cosmodrome contacts`: what is seen from the ground, and when the Sun is hidden."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cosmodrome.cli.csv_tables import write_tables
from cosmodrome.cli.orbit_paths import days_of, flown, spanned
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.cli import contact_tables
    from cosmodrome.cli.voice import Voice
    from cosmodrome.coverage import Contact, Eclipse
    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.mission.onboard import ImagedSite
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["contacts", "look"]

_DAY = 86_400.0
_FORM = "'svalbard, 78.23 deg, 15.39 deg, 450 m, 5 deg'"
_NAMES = ("contacts", "eclipses", "beta", "link", "power", "lighting", "imaging")
_RADIO = (
    "spacecraft: {radio: {downlink: {frequency: 8.2 GHz, data_rate: 100 Mbit/s, power: 8 W,"
    " required_ebn0: 4.4 dB}}}"
)
_POWER = (
    "spacecraft: {power: {array: {area: 2 m^2, efficiency: 30 %}, battery: {capacity: 500 Wh},"
    " load: {sunlit: 250 W}}}"
)


# stations --------------------------------------------------------------------------------
def _station(
    text: str, own: tuple[Station, ...], option: str = "--station", catalogued: bool = True
) -> Station:
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
        if not catalogued:
            raise InputError(f"{option} {text!r}: write it out: {_FORM}, without a mask")
        if text in names("sites"):
            site = shipped_site(text)
            return Station(
                site.id, site.latitude_rad, site.longitude_rad, site.height_m, math.radians(5.0)
            )
        raise InputError(
            f"{option} {text!r}: no station of the mission and no site of the catalogue."
            f" {did_you_mean(text, [*known, *names('sites')])} Or write it out: {_FORM}."
        )
    if not 3 <= len(parts) <= 5 or not parts[0]:
        raise InputError(f"{option} {text!r}: write {_FORM}; height and mask may be left out")
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
            raise InputError(f"{option} {text!r}: {word!r}: {fault.why}. {fault.write}") from None
    lat, lon, height, mask = values
    if abs(lat) > 0.5 * math.pi or not -0.2 < mask < 1.5:
        raise InputError(
            f"{option} {text!r}: a latitude lies between -90 and 90 deg, a mask between -10 and"
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
    path: Trajectory,
    stations: tuple[Station, ...],
    world: World,
    refraction: str,
    more: Callable[[Sequence[Contact], Sequence[Eclipse]], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Contacts, eclipses and beta angle of a path as plain data; angles in degrees.

    more  what else is told, from the passes and eclipses found
    """
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
        **({} if more is None else more(passes, found)),
        "notes": list(world.notes(path.start, path.end)[:1]),
    }


def contacts(args: argparse.Namespace, voice: Voice) -> int:
    """Passes over stations, eclipses and the beta angle of a path."""
    from cosmodrome.world.world import World

    days = days_of(args.days)
    world = World.shipped()
    imaging = _imaging(args)
    path, intent = flown(args.source, world, voice)
    if args.mission:
        from cosmodrome.mission import load

        intent = load(args.mission)
    imaging = imaging or _wanted(intent, path.frame.centre)
    own = () if intent is None else intent.stations
    stations = tuple(_station(t, own) for t in args.station) or own
    _equipped(args, intent, stations)
    path = spanned(path, days, world, voice)

    def more(passes: Sequence[Contact], found: Sequence[Eclipse]) -> dict[str, Any]:
        return _more(args, imaging, path, intent, stations, world, passes, found)

    told = look(path, stations, world, args.refraction, more)
    if args.csv:
        told["written"] = write_tables(told, _NAMES, Path(args.csv))
    if voice.json:
        voice.answer(told)
    else:
        _print(told, voice)
    problems = [*told.get("link_problems", ()), *told.get("power_problems", ())]
    for line in problems:
        voice.complain(line)
    return 1 if problems else 0


def _imaging(args: argparse.Namespace) -> contact_tables.Imaging | None:
    """What --imaging and its limits ask for."""
    from cosmodrome.cli import contact_tables
    from cosmodrome.formats.quantity import TextFault, parse_quantity

    if args.body not in ("earth", "moon"):
        raise InputError(f"--body {args.body!r}: write earth or moon")
    if not args.imaging:
        return None
    try:
        off_nadir = parse_quantity(args.off_nadir, "angle", "30 deg")
    except TextFault as fault:
        raise InputError(f"--off-nadir {args.off_nadir!r}: {fault.why}. {fault.write}") from None
    sun = contact_tables.span_of(args.sun, "--sun")
    sites = tuple(_imaged(t, args.body, off_nadir, sun) for t in args.imaging)
    return contact_tables.Imaging(sites)


def _imaged(
    text: str, body: Literal["earth", "moon"], off_nadir: float, sun: tuple[float, float]
) -> ImagedSite:
    """A place of --imaging, whose height may be the word `terrain`."""
    from cosmodrome.mission.onboard import ImagedSite

    parts = text.split(",")
    ground = len(parts) > 3 and parts[3].strip() == "terrain"
    if ground and body != "moon":
        raise InputError(
            f"--imaging {text!r}: the ground's height is held for the Moon alone: add --body moon,"
            " or write a height like 450 m"
        )
    place = ",".join(parts[:3]) if ground else text
    s = _station(place, (), "--imaging", body == "earth")
    height = None if ground else s.height_m
    return ImagedSite(s.id, s.latitude_rad, s.longitude_rad, height, off_nadir, sun, body)


def _wanted(intent: AnyMission | None, body: str) -> contact_tables.Imaging | None:
    """What the mission itself wants photographed on the body that its path ends about."""
    from cosmodrome.cli import contact_tables

    sites = () if intent is None else tuple(s for s in intent.imaging if s.body == body)
    return contact_tables.Imaging(sites) if sites else None


def _equipped(
    args: argparse.Namespace, intent: AnyMission | None, stations: tuple[Station, ...]
) -> None:
    """InputError where what a table needs is not told; before anything is searched."""
    for wanted, key, write in ((args.link, "radio", _RADIO), (args.power, "power", _POWER)):
        if not wanted:
            continue
        if intent is None:
            raise InputError(
                f"--{'link' if key == 'radio' else key}: an ephemeris message tells no {key} of its"
                " spacecraft; add --mission FILE, a mission whose spacecraft has it"
            )
        if getattr(intent.spacecraft, key) is None:
            raise InputError(
                f"--{'link' if key == 'radio' else key}: the spacecraft of {intent.name} has no"
                f" {key}; add to the mission {write}"
            )
    if args.link and not stations:
        raise InputError(
            "--link: no station is given to talk with; list some under `stations:` of the mission,"
            " each with `antenna: {diameter: 5 m, noise_temperature: 150 K}`"
        )


def _more(
    args: argparse.Namespace,
    imaging: contact_tables.Imaging | None,
    path: Trajectory,
    intent: AnyMission | None,
    stations: tuple[Station, ...],
    world: World,
    passes: Sequence[Contact],
    found: Sequence[Eclipse],
) -> dict[str, Any]:
    """The tables beside passes, eclipses and beta that were asked for."""
    from cosmodrome.cli import contact_tables as tables

    out: dict[str, Any] = {}
    craft = None if intent is None else intent.spacecraft
    if args.link and craft is not None and craft.radio is not None:
        out["link"], out["link_problems"] = tables.link_rows(
            path, stations, passes, world, craft.radio
        )
    if args.power and craft is not None and craft.power is not None:
        out["power"], out["power_problems"] = tables.power_rows(path, world, craft.power, found)
    if args.lighting:
        out["lighting"] = tables.lighting_rows(path, world, args.body)
    if imaging is not None:
        out["imaging"] = tables.imaging_rows(path, world, imaging)
        out["imaging_asked"] = imaging.told()
    return out


def _print(told: dict[str, Any], voice: Voice) -> None:
    from rich.table import Table

    from cosmodrome.cli.contact_tables import show

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
    show(told, console)
    for line in told.get("written", ()):
        console.print(line, markup=False)
    for note in told["notes"]:
        voice.note(note)
