"""Real launches against the program's own: when to lift off, and which plane results.

    python -m bench.launches --solve     solve the ascents again (minutes) and store their shapes
    python -m bench.launches             write the table in docs/windows.md from what is stored

What was flown, with sources: tests/truth/launches. Stored: bench/launches.json.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome import catalog
from cosmodrome.formats.placing import place
from cosmodrome.site import pad_right_ascension
from cosmodrome.targets import ObjectOrbit, meeting, sun_synchronous_inclination
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Site

ROOT = Path(__file__).parents[1]
TRUTH = ROOT / "tests" / "truth" / "launches" / "launches.json"
STORED = Path(__file__).with_suffix(".json")
DOCUMENT = ROOT / "docs" / "windows.md"
BEGIN, END = "<!-- launches: begin -->", "<!-- launches: end -->"

# bars of the comparison
SECONDS, DEGREES = 60.0, 0.2


@dataclass(frozen=True)
class Ascent:
    """What is solved for one kind of flight.

    heading     the corridor (relative, deg) that the first stage is kept to, where it is
    cutoff_s    published cut-off of a first stage that keeps propellant for its landing
    restarts    of the last stage, where it flew with fewer than it has
    """

    site: str
    pad: tuple[float, float] | None
    vehicle: str
    altitude_km: float
    inclination_deg: float
    mass_kg: float
    heading: tuple[float, float] | None = None
    cutoff_s: float | None = None
    restarts: int | None = None


_39A, _4E, _FLP = (28.6083, -80.6041), (34.632, -120.611), (13.7331, 80.2347)
_SOYUZ = ("soyuz-2.1a", 221.0, 51.64, 7200.0)
ASCENTS = {
    "soyuz-1/5": Ascent("baikonur", (45.92, 63.342), *_SOYUZ),
    "soyuz-31/6": Ascent("baikonur", None, *_SOYUZ),
    # Demo-2: separation at T+2:36; Axiom 2 and Crew-11 returned to the launch site
    "f9-39a": Ascent("ccsfs", _39A, "falcon-9-b5", 200.0, 51.64, 12500.0, cutoff_s=153.0),
    "f9-39a-back": Ascent("ccsfs", _39A, "falcon-9-b5", 200.0, 51.64, 12500.0, cutoff_s=143.0),
    "f9-40-back": Ascent("ccsfs", None, "falcon-9-b5", 210.0, 51.64, 9000.0, cutoff_s=138.0),
    "s2a": Ascent("kourou", None, "vega", 786.0, 98.57, 1140.0, heading=(349.5, 93.5)),
    "m2-4": Ascent("vostochny", None, "soyuz-2.1b-fregat", 823.0, 98.57, 3200.0),
    "m2-3": Ascent("vostochny", None, "soyuz-2.1b-fregat", 818.0, 98.76, 3200.0),
    "f9-sso-a": Ascent(
        "vandenberg", _4E, "falcon-9-b5", 578.0, 97.69, 4000.0, cutoff_s=144.0, restarts=0
    ),
    # the Western Range's easternmost heading then: 158 deg
    "jason-3": Ascent("vandenberg", _4E, "falcon-9-b5", 1320.0, 66.05, 553.0, (158.0, 201.0)),
    "pslv-c38": Ascent("sriharikota", _FLP, "pslv-xl", 505.0, 97.45, 955.0, (90.0, 140.0), None, 0),
    "pslv-c20": Ascent("sriharikota", _FLP, "pslv-xl", 785.0, 98.63, 669.0, (90.0, 140.0), None, 0),
}


def pad_of(name: str) -> Site:
    """The site of an ascent, at its own pad."""
    ascent = ASCENTS[name]
    site = catalog.site(ascent.site)
    if ascent.pad is None:
        return site
    latitude, longitude = map(math.radians, ascent.pad)
    return replace(site, latitude_rad=latitude, longitude_rad=longitude)


def solved(name: str, world: World) -> dict[str, float]:
    """The shape of one ascent: node minus pad (deg) and travel (s)."""
    from cosmodrome import ascent as chapter
    from cosmodrome.catalog.nouns import Corridor
    from cosmodrome.mission import loads

    asked = ASCENTS[name]
    free = ", corridor: none" if asked.heading is None else ""
    mission = loads(
        f"schema: cosmodrome/1\nname: {name}\nsite: {asked.site}\nvehicle: {asked.vehicle}\n"
        f"spacecraft: {{mass: {asked.mass_kg} kg}}\n"
        "launch: {window: 2020-01-01T00:00Z / 2020-01-03T00:00Z}\n"
        f"target: {{kind: circular, altitude: {asked.altitude_km} km,"
        f" inclination: {asked.inclination_deg} deg}}\n"
        f"limits: {{heat_flux: 1135 W/m^2{free}}}\n"
    )
    site = pad_of(name)
    if asked.heading is not None:
        first, last = map(math.radians, asked.heading)
        site = replace(site, corridors=(Corridor(first, last, "relative"),))
    vehicle = mission.vehicle
    first, *between, last = vehicle.stages
    if asked.cutoff_s is not None:
        first = replace(first, cutoff_s=asked.cutoff_s)
    if asked.restarts is not None:
        last = replace(last, restarts=asked.restarts)
    vehicle = replace(vehicle, stages=(first, *between, last))
    mission = replace(mission, site=site, vehicle=vehicle)
    (aim,) = chapter.aims(mission, Epoch.parse("2020-01-01T00:00Z"), world)
    found = chapter.solve(mission, aim, world)
    return {
        "node_minus_pad_deg": round(math.degrees(found.node_minus_pad_rad), 5),
        "travel_s": round(found.travel_s, 2),
    }


def stored() -> dict[str, dict[str, float]]:
    """The solved shapes by name."""
    out: dict[str, dict[str, float]] = json.loads(STORED.read_text(encoding="utf-8"))["ascents"]
    return out


def truth() -> list[dict[str, Any]]:
    """The flown launches."""
    out: list[dict[str, Any]] = json.loads(TRUTH.read_text(encoding="utf-8"))["launches"]
    return out


def orbit_of(lines: list[str], world: World) -> ObjectOrbit:
    """The two lines of a TLE as an orbit."""
    one, two = lines
    year = Epoch.parse(f"20{one[18:20]}-01-01T00:00:00Z")
    return ObjectOrbit.of_tle(
        year + 86400.0 * (float(one[20:32]) - 1.0),
        float(two[52:63]) * math.tau / 86400.0,
        float("0." + two[26:33]),
        *(math.radians(float(two[a:b])) for a, b in ((8, 16), (17, 25), (34, 42), (43, 51))),
        world,
    )


@dataclass(frozen=True)
class Compared:
    """One launch: flown minus computed, in s of lift-off and degrees of node and inclination."""

    launch: dict[str, Any]
    late_s: float
    node_deg: float
    inclination_deg: float
    instant: Epoch

    @property
    def hours(self) -> float:
        """From lift-off to the meeting, h; infinite without one."""
        met: float = self.launch.get("meets", {}).get("after_h", math.inf)
        return met

    @property
    def held(self) -> bool:
        """Within the bars; the instant counts where the plane prescribes it."""
        node = abs(self.node_deg) <= DEGREES and abs(self.inclination_deg) <= DEGREES
        return node and (not self.launch["plane_constrained"] or abs(self.late_s) <= SECONDS)


def compared(launch: dict[str, Any], shape: dict[str, float], world: World) -> Compared:
    """A flown launch against the plane and the ascent."""
    site = pad_of(launch["ascent"])
    asked = ASCENTS[launch["ascent"]]
    flown = Epoch.parse(launch["lift_off"])
    release = flown + shape["travel_s"]
    orbit = orbit_of(launch["tle"], world)
    gravity = world.gravity()
    a = EARTH_EQUATORIAL_RADIUS_M + 1e3 * asked.altitude_km
    if "meets" in launch:
        aim = meeting(orbit, a, 3600.0 * launch["meets"]["after_h"] - shape["travel_s"], gravity)
        wanted = aim.raan_wanted(release)
        planned = math.radians(asked.inclination_deg)
    else:
        wanted = orbit.raan_at(release)
        planned = (
            sun_synchronous_inclination(a, 0.0, gravity)
            if launch["target"]["kind"] == "sun-synchronous"
            else math.radians(launch["target"]["inclination_deg"])
        )
    reached = pad_right_ascension(site, flown, world) + math.radians(shape["node_minus_pad_deg"])
    node = math.remainder(reached - wanted, math.tau)
    late = node / (OMEGA_EARTH_RAD_S - orbit.node_rate_rad_s)
    return Compared(
        launch,
        late,
        math.degrees(node),
        math.degrees(orbit.i_rad - planned),
        flown + -late,
    )


def table(rows: list[Compared]) -> str:
    """The rows as Markdown."""
    lines = [
        "| launch | vehicle, pad | flown, UTC | computed | late, s | node | inclination | plane"
        " from | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        one = r.launch
        what = "the ISS" if "meets" in one else "its first TLEs"
        flown = one["lift_off"].replace("T", " ").rstrip("Z")
        flown = flown[:16] if one["known_to"] == "min" else flown[:19]
        late = f"{r.late_s:+.0f}" if one["plane_constrained"] else f"({r.late_s:+.0f})"
        lines.append(
            f"| {one['name']} | {one['vehicle']}, {one['pad']} | {flown} |"
            f" {r.instant.utc(0)[11:19]} | {late} | {r.node_deg:+.3f}° |"
            f" {r.inclination_deg:+.3f}° | {what} | {'holds' if r.held else '**misses**'} |"
        )
    return "\n".join(lines) + "\n"


def tables(rows: list[Compared]) -> str:
    """The table, how many hold, and the reasons of those that do not."""
    held = [r for r in rows if r.held]
    exact = sum(r.launch["known_to"] == "s" for r in held)
    misses = "".join(f"- {r.launch['name']}: {r.launch['miss']}.\n" for r in rows if not r.held)
    count = f"{len(held)} of {len(rows)} hold, {exact} of them with a lift-off known to the second"
    return f"{count}.\n\n{table(rows)}\nWhat misses, and why:\n\n{misses}"


def all_compared(world: World) -> list[Compared]:
    """Every launch whose ascent is stored."""
    shapes = stored()
    return [compared(x, shapes[x["ascent"]], world) for x in truth()]


def main() -> None:
    """Solve if asked, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--solve", nargs="*", help="names of ascents to solve; none: all")
    args = parser.parse_args()
    world = World.shipped()
    if args.solve is not None:
        shapes = stored() if STORED.exists() else {}
        for name in args.solve or ASCENTS:
            shapes[name] = solved(name, world)
            print(name, shapes[name], flush=True)
            place(STORED, json.dumps({"ascents": shapes}, indent=1) + "\n")
    text = tables(all_compared(world))
    print(text)
    document = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = document.partition(BEGIN)
    _, _, tail = rest.partition(END)
    place(DOCUMENT, f"{head}{BEGIN}\n{text}{END}{tail}")


if __name__ == "__main__":
    main()
