"""The verbs and what each accepts. Nothing here may import a number or a solver."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from cosmodrome.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["VERBS", "Verb", "parse"]

_SITE_HELP = "a site of the catalogue, or the path of its file"
_VEHICLE_HELP = "a vehicle of the catalogue, or the path of its file"
_MISSION_HELP = "a mission file, or the name of a shipped mission (see `cosmodrome new --list`)"


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: the module that does it, one line of help, and its own arguments."""

    name: str
    home: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are InputErrors, so that every face of an error is the same."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; see `{self.prog} --help`")


def _mission(p: argparse.ArgumentParser) -> None:
    p.add_argument("mission", metavar="MISSION", help=_MISSION_HELP)


def _fly(p: argparse.ArgumentParser) -> None:
    _mission(p)
    p.add_argument(
        "--out", metavar="DIR", help="where to write (default: runs/<name>/<time of the start>)"
    )
    p.add_argument(
        "--strict", action="store_true", help="checks that warn or could not judge count as failed"
    )


def _windows(p: argparse.ArgumentParser) -> None:
    _mission(p)
    p.add_argument(
        "--quick", action="store_true", help="by the geometry of the pad alone, no ascent solved"
    )
    p.add_argument(
        "--cost",
        metavar="MASS",
        help="also the first and last lift-off of each day that hold the node for this much, like"
        " '20 kg', or for all of the margin: 'margin'",
    )
    p.add_argument("--out", metavar="DIR", help="also write windows.json and windows.svg there")


def _conditions(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--limit",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a flight limit as in a mission file, e.g. 'dynamic_pressure=45 kPa' or"
        " 'axial_acceleration=none' (repeatable; the vehicle's own otherwise)",
    )
    p.add_argument(
        "--wind",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="what blows, as in a mission file: profile=jet-stream, 'speed=60 m/s' and"
        " 'from=270 deg', or table=FILE.csv (repeatable; still air otherwise)",
    )


def _payload(p: argparse.ArgumentParser) -> None:
    p.add_argument("--site", metavar="SITE", required=True, help=_SITE_HELP)
    p.add_argument("--vehicle", metavar="VEHICLE", required=True, help=_VEHICLE_HELP)
    p.add_argument(
        "--orbit",
        metavar="ORBIT",
        required=True,
        help="'200x240 km 51.6 deg', '800 km sso', gto, 'gto 1500 m/s', geo, molniya,"
        " 'c3 10 km^2/s^2', escape, moon; see docs/payload.md",
    )
    _conditions(p)


def _reach(p: argparse.ArgumentParser) -> None:
    p.add_argument("--site", metavar="SITE", required=True, help=_SITE_HELP)
    p.add_argument("--vehicle", metavar="VEHICLE", help=f"{_VEHICLE_HELP}; without: headings alone")
    p.add_argument("--against", metavar="SITE", help="another site, for what each alone reaches")
    p.add_argument(
        "--inclinations",
        metavar="LIST",
        help="degrees: '51.7, 55:100:5' (default: every 5 from the pad's lowest on)",
    )
    p.add_argument("--altitudes", metavar="LIST", help="km: '200:1000:200' (default: 200:1400:300)")
    p.add_argument(
        "--out", metavar="DIR", help="where to write (default: runs/reach-.../<time of the start>)"
    )
    p.add_argument("--resume", action="store_true", help="keep what --out already holds")
    p.add_argument("--jobs", metavar="N", help="processes (default: one for each core)")
    _conditions(p)


def _coverage(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--walker",
        metavar="PATTERN",
        required=True,
        help="i: t/p/f, altitude: '53 deg: 40/5/1, 550 km', 'star 86.4 deg: 66/6/2, 780 km'",
    )
    p.add_argument(
        "--sensor",
        metavar="SENSOR",
        default="elevation 10 deg",
        help="'elevation 10 deg', 'cone 30 deg', 'swath -20 deg to 20 deg' (default: %(default)s)",
    )
    p.add_argument(
        "--grid",
        metavar="GRID",
        default="5 deg",
        help="'5 deg', '5 x 5 deg', '10000 points', or a CSV file of points (default: %(default)s)",
    )
    p.add_argument("--latitudes", metavar="S:N", help="rows of the grid from S to N, degrees")
    p.add_argument("--region", metavar="FILE", help="only points inside the polygons of a GeoJSON")
    p.add_argument("--days", metavar="N", default="1", help="how long (default: %(default)s)")
    p.add_argument(
        "--start",
        metavar="INSTANT",
        default="2027-01-01T00:00:00Z",
        help="epoch of the elements and start (default: %(default)s)",
    )
    p.add_argument(
        "--raan", metavar="DEG", default="0", help="node of the first plane (default: %(default)s)"
    )
    p.add_argument(
        "--forces", metavar="PRESET", default="fast", help="fast, two-body, ... (default: fast)"
    )
    p.add_argument(
        "--bands", metavar="DEG", default="10", help="bands of latitude of the table (default: 10)"
    )
    p.add_argument("--intervals", action="store_true", help="write every access as well")
    p.add_argument(
        "--out", metavar="DIR", help="where to write (default: runs/coverage/<time of the start>)"
    )


def _orbit(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "orbit",
        metavar="ORBIT",
        nargs="+",
        help="'sso repeat 233/16, ltdn 10:30', '800 km frozen sso', molniya, tundra, gps,"
        " 'geo longitude 19.2 deg', ... (as payload takes it), a mission,"
        " or a .tle, .omm, .oem or .opm to match; see docs/families.md. Libration orbits: 'nrho"
        " 9:2', 'halo sun-earth l1 az 120000 km', 'dro 70000 km'; see docs/deep-space.md",
    )
    p.add_argument(
        "--at", metavar="INSTANT", help="epoch of the elements, like 2027-03-01 (a mission's own)"
    )
    p.add_argument(
        "--check",
        metavar="TIME",
        nargs="?",
        const="30 days",
        help="fly it in full dynamics and hold its promises against it (default: 30 days)",
    )
    p.add_argument(
        "--revolutions",
        metavar="N",
        help="of a libration orbit: correct so many revolutions in full dynamics",
    )
    p.add_argument("--out", metavar="DIR", help="write those revolutions there as an .oem")


def _disperse(p: argparse.ArgumentParser) -> None:
    p.add_argument("mission", metavar="MISSION", help="a mission file with a landing step, or NAME")
    p.add_argument("-n", dest="number", metavar="N", default="100", help="how many landings (100)")
    p.add_argument("--seed", metavar="K", default="1", help="of the draws (default: %(default)s)")
    sizes = {
        "place": ("500 m", "of each component of the place at ignition"),
        "speed": ("2 m/s", "of each component of the velocity"),
        "mass": ("5 kg", "of the lander's mass"),
        "thrust": ("1 %", "of the engine's thrust"),
        "isp": ("0.3 %", "of its specific impulse"),
    }
    for name, (usual, what) in sizes.items():
        p.add_argument(f"--{name}", metavar="SIZE", default=usual, help=f"1 sigma {what}")
    p.add_argument("--spare", metavar="PART", default="5 %", help="of the thrust, in braking")
    p.add_argument("--resume", action="store_true", help="go on in --out DIR where a run stopped")
    p.add_argument("--jobs", metavar="N", help="processes (default: one a core)")
    p.add_argument("--out", metavar="DIR", help="where to write (default: runs/<name>/<time>)")


def _verify(p: argparse.ArgumentParser) -> None:
    _mission(p)
    p.add_argument(
        "--only", metavar="PARTS", help="of ascent, orbit, plan, with commas (default: all)"
    )
    p.add_argument(
        "--fineness",
        choices=("coarse", "normal", "fine"),
        default="normal",
        help="sizes of each fault: coarse, normal or fine (default: %(default)s)",
    )
    p.add_argument("--resume", action="store_true", help="go on in --out DIR where a run stopped")
    p.add_argument("--jobs", metavar="N", help="processes (default: one a core)")
    p.add_argument("--out", metavar="DIR", help="where to write (default: runs/<name>/<time>)")


def _porkchop(p: argparse.ArgumentParser) -> None:
    p.add_argument("home", metavar="FROM", help="a planet: earth")
    p.add_argument("target", metavar="TO", help="another: mars, venus, ...")
    for name, example in (("depart", "2026-09-01/2027-02-01"), ("arrive", "2027-05-01/2028-03-01")):
        p.add_argument(
            f"--{name}", metavar="SPAN", required=True, help=f"two dates, like {example}"
        )
    p.add_argument(
        "--step", metavar="DAYS", default="2", help="between points (default: %(default)s)"
    )
    p.add_argument("--site", metavar="SITE", help=_SITE_HELP)
    p.add_argument(
        "--vehicle", metavar="VEHICLE", help=f"{_VEHICLE_HELP}; with both, payload for each point"
    )
    p.add_argument("--out", metavar="DIR", help="write porkchop.json, .csv and .svg there")


def _new(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", metavar="FILE", nargs="?", help="the file to write (never overwritten)")
    p.add_argument(
        "--from",
        dest="source",
        metavar="NAME",
        default="vostochny-sso",
        help="the shipped mission to start from (default: %(default)s)",
    )
    p.add_argument("--list", action="store_true", help="list the shipped missions")


def _nothing(p: argparse.ArgumentParser) -> None:
    del p


def _catalog(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "kind", metavar="sites|vehicles|failures", nargs="?", help="which shelf (default: all)"
    )
    p.add_argument("name", metavar="NAME", nargs="?", help="one entry, every figure with source")
    p.add_argument("--yaml", action="store_true", help="the entry's own file, to start yours from")
    p.add_argument("--closure", action="store_true", help="how well the figures of vehicles agree")


def _diff(p: argparse.ArgumentParser) -> None:
    p.add_argument("a", metavar="A", help="a run directory or its flight.json")
    p.add_argument("b", metavar="B", help="another")
    p.add_argument(
        "--tolerance",
        metavar="UNIT=VALUE",
        action="append",
        default=[],
        help="another tolerance for a unit, e.g. m=0.5 (repeatable)",
    )


def _export(p: argparse.ArgumentParser) -> None:
    p.add_argument("flight", metavar="FLIGHT", help="a run directory")
    p.add_argument("--oem", action="store_true", help="CCSDS orbit ephemeris message")
    p.add_argument("--opm", action="store_true", help="CCSDS orbit parameter message at release")
    p.add_argument("--csv", action="store_true", help="the flown time series as text")
    p.add_argument("--geojson", action="store_true", help="fall areas and impact corridor")
    p.add_argument("--out", metavar="DIR", help="where to write (default: the run directory)")


def _contacts(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "source",
        metavar="FLIGHT|MISSION|FILE.oem",
        help="a run directory, an orbit ephemeris message, or a mission, which is flown first",
    )
    p.add_argument(
        "--station",
        metavar="STATION",
        action="append",
        default=[],
        help="a station of the mission or a site of the catalogue by its id, or"
        " 'name, 78.23 deg, 15.39 deg, 450 m, 5 deg': latitude, longitude, height, mask"
        " (repeatable; default: the mission's stations)",
    )
    p.add_argument(
        "--days", metavar="N", help="days looked at (default: the whole path); flown on if short"
    )
    p.add_argument(
        "--refraction",
        metavar="MODEL",
        default="none",
        help="none, optical or radio: masks are then apparent elevations (default: %(default)s)",
    )
    p.add_argument(
        "--link", action="store_true", help="the link budget of every pass, by the mission's radio"
    )
    p.add_argument(
        "--power", action="store_true", help="array, battery and loads revolution by revolution"
    )
    p.add_argument(
        "--mission", metavar="MISSION", help="whose stations, radio and power a message is given"
    )
    p.add_argument(
        "--lighting", action="store_true", help="day, twilight and night under the spacecraft"
    )
    p.add_argument(
        "--imaging",
        metavar="SITE",
        action="append",
        default=[],
        help="overflights of a site, by its id or as 'name, 10.5 deg, 20 deg, 100 m' (repeatable);"
        " on the Moon the height may be `terrain`",
    )
    p.add_argument(
        "--off-nadir",
        metavar="ANGLE",
        default="30 deg",
        help="the farthest look for --imaging (default: %(default)s)",
    )
    p.add_argument(
        "--sun",
        metavar="SPAN",
        default="10 deg to 90 deg",
        help="the Sun's elevation for --imaging (default: %(default)s)",
    )
    p.add_argument(
        "--body",
        metavar="BODY",
        default="earth",
        help="earth or moon: where --lighting and --imaging look (default: %(default)s)",
    )
    p.add_argument("--csv", metavar="DIR", help="also contacts.csv, eclipses.csv, beta.csv, ...")


def _light(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "site",
        metavar="SITE",
        help="a place on the Moon, mean-Earth axes: 'boguslawsky, -69.545 deg, 43.544 deg'",
    )
    p.add_argument(
        "--start",
        metavar="INSTANT",
        default="2027-01-01",
        help="from when, like 2023-08-01 or an instant (default: %(default)s)",
    )
    p.add_argument("--days", metavar="N", default="30", help="how long (default: %(default)s)")
    p.add_argument(
        "--every",
        metavar="TIME",
        default="1 day",
        help="step of the table of the sky (default: %(default)s)",
    )
    p.add_argument(
        "--above",
        metavar="HEIGHT",
        default="2 m",
        help="over the ground: a mast, a panel (default: %(default)s)",
    )
    p.add_argument("--csv", metavar="DIR", help="also showings.csv, eclipses.csv, sky.csv, ...")


def _burns(p: argparse.ArgumentParser) -> None:
    p.add_argument("file", metavar="FILE.oem", help="an orbit ephemeris message (CCSDS OEM, KVN)")
    p.add_argument(
        "--forces",
        metavar="PRESET",
        default="translunar",
        help="translunar, fast, standard, lunar, ...; air is left out (default: %(default)s)",
    )
    p.add_argument(
        "--axes",
        metavar="READING",
        default="auto",
        help="EME2000 axes as written, as icrf, or auto: what closes (default: %(default)s)",
    )
    p.add_argument(
        "--long", metavar="HOURS", default="15", help="arcs that are closed (default: %(default)s)"
    )
    p.add_argument(
        "--through",
        metavar="START/END",
        help="fly from one instant to another through the burns found, like"
        " 2022-11-17T00:00Z/2022-11-20T00:00Z",
    )


def _replay(p: argparse.ArgumentParser) -> None:
    p.add_argument("name", metavar="NAME", nargs="?", help="a past loss; without one: those held")


def _score(p: argparse.ArgumentParser) -> None:
    p.add_argument(
        "--seed", metavar="HEX", required=True,
        help="hex digits, of which the first eight count: those of the commit that is scored",
    )  # fmt: skip
    p.add_argument(
        "--clean", metavar="N", default="1000", help="clean missions (default: %(default)s)"
    )
    p.add_argument(
        "--faulted", metavar="N", default="2000", help="faulted ones (default: %(default)s)"
    )
    p.add_argument("--jobs", metavar="N", help="processes (default: one a core)")
    p.add_argument("--out", metavar="DIR", help="where to write (default: runs/...)")
    p.add_argument("--resume", action="store_true", help="go on where a run in --out stopped")


VERBS: dict[str, Verb] = {
    v.name: v
    for v in (
        Verb("fly", "cosmodrome.cli.fly", "solve and fly a whole mission", _fly),
        Verb("payload", "cosmodrome.cli.payload", "payload to an orbit, kg", _payload),
        Verb("reach", "cosmodrome.cli.reach", "payload over inclination and altitude", _reach),
        Verb(
            "coverage", "cosmodrome.cli.coverage", "what a constellation sees, and when", _coverage
        ),
        Verb("orbit", "cosmodrome.cli.orbit", "an orbit of a family, and why", _orbit),
        Verb(
            "porkchop",
            "cosmodrome.cli.porkchop",
            "when to leave for a planet, C3, payload",
            _porkchop,
        ),
        Verb("windows", "cosmodrome.cli.windows", "launch instants and azimuths", _windows),
        Verb("contacts", "cosmodrome.cli.contacts", "passes, eclipses, beta angle", _contacts),
        Verb("light", "cosmodrome.cli.light", "Sun and Earth over a place on the Moon", _light),
        Verb("burns", "cosmodrome.cli.burns", "burns found from an ephemeris", _burns),
        Verb("disperse", "cosmodrome.cli.disperse", "landings from unplanned states", _disperse),
        Verb("verify", "cosmodrome.cli.verify", "checks and the single-fault sweep", _verify),
        Verb("replay", "cosmodrome.cli.replay", "a past loss, flown with its fault", _replay),
        Verb("score", "cosmodrome.cli.score", "how surely the checks see a fault", _score),
        Verb("validate", "cosmodrome.cli.missions", "read a mission, fly nothing", _mission),
        Verb("new", "cosmodrome.cli.missions", "write a mission file to start from", _new),
        Verb("schema", "cosmodrome.cli.missions", "JSON Schema of mission files", _nothing),
        Verb("catalog", "cosmodrome.cli.catalogue", "what is shipped, with sources", _catalog),
        Verb("export", "cosmodrome.cli.export", "standard files from a flight", _export),
        Verb("diff", "cosmodrome.cli.diff", "compare two flights within tolerances", _diff),
        Verb("doctor", "cosmodrome.cli.doctor", "versions, data vintage, environment", _nothing),
    )
}


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="one JSON object on standard output")
    common.add_argument("--quiet", action="store_true", help="no progress, and results in brief")
    common.add_argument("--no-color", action="store_true", help="plain text (also: NO_COLOR)")
    parser = _Parser(
        prog="cosmodrome",
        description="Plan, fly and check a space mission end to end.",
        epilog="Exit status: 0 flown and no check fails; 1 a check fails or proven infeasible;"
        " 2 bad input; 3 no answer within budget; 130 interrupted.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=_Parser)
    for verb in VERBS.values():
        sub = verbs.add_parser(
            verb.name,
            help=verb.help,
            description=verb.help[0].upper() + verb.help[1:] + ".",
            parents=[common],
            allow_abbrev=False,
        )
        verb.arguments(sub)
    return parser


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The parsed command line; `verb` is None when only help or a version was wanted.

    Raises InputError, with the next step, for anything that no verb accepts.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    first = next((w for w in words if not w.startswith("-")), None)
    if first is not None and first not in VERBS:
        raise InputError(f"there is no verb {first!r}. {did_you_mean(first, VERBS)}")
    args = parser.parse_args(words)
    if args.verb is None and not args.version:
        parser.print_help()
    return args
