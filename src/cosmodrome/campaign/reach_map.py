"""What a pad reaches: payload over inclination and altitude, solved column by column.

A column is one inclination: its lowest altitude is solved from nothing, each next one from the
one below. Columns know nothing of each other, so the answer is the same for any number of
processes, and each is kept in a file of its own as soon as it is done.
"""

from __future__ import annotations

import math
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cosmodrome import __version__, site, targets
from cosmodrome.campaign.asked import REFERENCE_TEXT, mission_to
from cosmodrome.campaign.asked import pad as pad_named
from cosmodrome.campaign.columns import Columns, Task
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import read_orbit
from cosmodrome.record.reach import Band, ReachCell, ReachMap
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cosmodrome.catalog.nouns import Corridor, Site
    from cosmodrome.watch import Watch

__all__ = ["Grid", "default_grid", "reach"]

ALTITUDES_M = (200e3, 500e3, 800e3, 1100e3, 1400e3)
_LINE_POINTS = 25
_STEP_DEG = 5
_HIGHEST_DEG = 105


@dataclass(frozen=True, slots=True)
class Grid:
    """Inclinations in rad and altitudes in m, each rising. Raises InputError for any other."""

    inclinations_rad: tuple[float, ...]
    altitudes_m: tuple[float, ...]

    def __post_init__(self) -> None:
        for name, values in (
            ("inclinations", self.inclinations_rad),
            ("altitudes", self.altitudes_m),
        ):
            if not values or any(b <= a for a, b in pairwise(values)):
                raise InputError(f"the {name} of a grid rise and hold one value at least")
        # what no mission file may ask for is refused in its words
        degrees = [f"{math.degrees(i):g} deg" for i in self.inclinations_rad]
        heights = [f"{h / 1e3:g} km" for h in self.altitudes_m]
        for text in (*(f"200 km {d}" for d in degrees), *(f"{h} 90 deg" for h in heights)):
            read_orbit(text)


def default_grid(pads: tuple[Site, ...]) -> Grid:
    """From the lowest inclination of the pads, upwards in steps of 5 deg to 105 deg.

    The lowest inclination of each pad's corridors is a column of its own, rounded up to 0.1 deg.
    Altitudes: 200 to 1,400 km in steps of 300 km.
    """
    lowest = {math.ceil(math.degrees(site.cheapest_inclination(p)) * 10.0 - 1e-6) for p in pads}
    first = min(lowest) / 10.0
    steps = (float(d) for d in range(0, _HIGHEST_DEG + 1, _STEP_DEG) if d > first)
    degrees = sorted({*(k / 10.0 for k in lowest), *steps})
    return Grid(tuple(math.radians(d) for d in degrees), ALTITUDES_M)


def reach(
    site_name: str,
    vehicle: str | None,
    grid: Grid | None = None,
    *,
    limits: Mapping[str, str] | None = None,
    wind: Mapping[str, str] | None = None,
    folder: Path | None = None,
    keep: Path | None = None,
    resume: bool = False,
    jobs: int | None = None,
    watch: Watch = SILENT,
) -> ReachMap:
    """The reach of a pad, by its headings; with a vehicle, what it carries to each orbit.

    site_name, vehicle   catalogue ids, or paths from `folder`
    grid     default_grid of the pad otherwise
    limits, wind   as `payload` has them
    keep     folder for finished columns; `resume` reads those of the same question again
    jobs     processes (default: one a core); they change the time alone
    Raises InputError for what cannot be read. A cell that has no answer says so itself.
    """
    pad = pad_named(site_name, folder)
    grid = grid or default_grid((pad,))
    kept = (limits or {}).get("corridor") != "none"
    empty = tuple(_cell(pad, i, h, kept) for i in grid.inclinations_rad for h in grid.altitudes_m)
    cells, rocket, provenance = empty, None, _provenance({}, kept)
    if vehicle is not None:
        mission = mission_to(site_name, vehicle, _TARGET, limits, folder, wind)
        rocket, provenance = mission.vehicle, _provenance(asdict(mission.limits), kept)
        provenance["wind"] = mission.air
        rows = len(grid.altitudes_m)
        tasks = tuple(
            Task(mission.resolved, empty[k : k + rows]) for k in range(0, len(empty), rows)
        )
        columns = Columns(keep, resume, jobs or os.cpu_count() or 1)
        cells = tuple(c for column in columns.solve(tasks, watch) for c in column)
    return ReachMap(
        site=pad,
        vehicle=rocket,
        inclinations_rad=grid.inclinations_rad,
        altitudes_m=grid.altitudes_m,
        cells=cells,
        bands=_bands(pad),
        sun_synchronous=_sun_synchronous(grid.altitudes_m),
        provenance=provenance,
    )


# any orbit: each cell puts its own in its place
_TARGET = {"kind": "circular", "altitude": "200 km", "inclination": "90 deg"}
_WHY = {
    "plane-change": "no plane so near the equator passes over the pad: the ascent turns",
    "dogleg": "both headings lie outside the corridors: the ascent turns after its first stage",
    "outside": "both headings lie outside the corridors, which are lifted",
    "direct": "",
}


def _cell(pad: Site, inclination_rad: float, altitude_m: float, kept: bool) -> ReachCell:
    """What geometry alone says of a cell; `kept`: are the corridors?"""
    way = site.access(pad, inclination_rad)
    how = "outside" if way.how == "dogleg" and not kept else way.how
    return ReachCell(
        inclination_rad,
        altitude_m,
        how,
        None if way.way is None else way.way.relative_rad,
        "not-asked",
        why=_WHY[how],
    )


def _bands(pad: Site) -> tuple[Band, ...]:
    return tuple(
        Band(_heading_words(r.corridor), r.lowest_rad, r.highest_rad)
        for r in site.reachable_inclinations(pad)
    )


def _sun_synchronous(altitudes_m: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """The line of Sun-synchronous circles through the grid's altitudes, where there are such."""
    gravity = World.shipped().gravity()
    low, high = altitudes_m[0], altitudes_m[-1]
    out = []
    for k in range(_LINE_POINTS):
        altitude = low + (high - low) * k / (_LINE_POINTS - 1)
        with suppress(InfeasibleError):
            a = EARTH_EQUATORIAL_RADIUS_M + altitude
            out.append((altitude, targets.sun_synchronous_inclination(a, 0.0, gravity)))
    return tuple(out)


def _heading_words(corridor: Corridor | None) -> str:
    if corridor is None:
        return "no corridor stated"
    first, last = math.degrees(corridor.first_rad), math.degrees(corridor.last_rad)
    return f"{first:g}° to {last:g}° {corridor.kind}"


def _provenance(limits: dict[str, float | None], kept: bool) -> dict[str, Any]:
    return {
        "cosmodrome": __version__,
        "reference_day": REFERENCE_TEXT,
        "limits": limits,
        "corridor": "site" if kept else "none",
        "assumed": [
            "circular orbits; the vehicle's own sequence; node and local time free",
            "corridors hold the heading at the end of the first stage; beyond it the ascent turns"
            if kept
            else "corridors by geometry of the heading; what keeping to them costs is left out",
        ],
    }
