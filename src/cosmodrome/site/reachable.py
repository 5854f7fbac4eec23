"""Which inclinations a pad reaches: directly within its corridors, with a dogleg, or not at all.

The geometry of `azimuths`, read the other way: a corridor's headings become inclinations by
cos i = cos(latitude) sin(azimuth), relative headings after the ground's own speed is added.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.catalog.nouns import Corridor
from cosmodrome.errors import InfeasibleError
from cosmodrome.site.azimuths import (
    PARKING_SPEED_M_S,
    LaunchAzimuth,
    in_corridor,
    launch_azimuths,
    within_corridors,
)
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Site

__all__ = [
    "Access",
    "InclinationRange",
    "access",
    "cheapest_inclination",
    "heading_within",
    "headings_of",
    "inclination_of_heading",
    "reachable_inclinations",
]

How = Literal["direct", "dogleg", "plane-change"]


@dataclass(frozen=True, slots=True)
class InclinationRange:
    """Inclinations, rad, that one corridor opens; `corridor` None where the site states none."""

    corridor: Corridor | None
    lowest_rad: float
    highest_rad: float


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """How a pad gets into an inclination.

    how       "direct": a heading inside a corridor (or no corridor is stated); "dogleg": the
              plane passes over the pad but both headings lie outside; "plane-change": no plane
              so near the equator passes over the pad
    way       the heading that serves, or that lies outside; None for a plane change
    corridor  index of the site's corridor that holds it
    """

    how: How
    way: LaunchAzimuth | None = None
    corridor: int | None = None


def _pad(site: Site) -> tuple[float, float]:
    """Cosine of the pad's geocentric latitude and its own speed eastward over PARKING_SPEED."""
    pad = itrf_from_geodetic(site.latitude_rad, 0.0, site.height_m)
    return (
        float(pad[0] / np.linalg.norm(pad)),
        OMEGA_EARTH_RAD_S * float(pad[0]) / PARKING_SPEED_M_S,
    )


def _inertial(heading_rad: float, ground: float) -> float:
    """Inertial azimuth, rad, of a relative heading at unit inertial speed."""
    s, c = math.sin(heading_rad), math.cos(heading_rad)
    gained = -ground * s + math.sqrt(1.0 - (ground * c) ** 2)
    return math.atan2(gained * s + ground, gained * c)


def inclination_of_heading(site: Site, heading_rad: float, kind: str = "relative") -> float:
    """Inclination, rad, of the plane that a heading from the pad leads into.

    kind  "inertial": azimuth of the orbital velocity; "relative": of the velocity to be gained
          over the turning Earth on the way to a low orbit
    """
    cos_lat, ground = _pad(site)
    azimuth = _inertial(heading_rad, ground) if kind == "relative" else heading_rad
    return math.acos(cos_lat * math.sin(azimuth))


def _heading(azimuth_rad: float, ground: float) -> float:
    """Relative heading, rad, of an inertial azimuth at unit inertial speed: `_inertial` undone."""
    return math.atan2(math.sin(azimuth_rad) - ground, math.cos(azimuth_rad))


def headings_of(site: Site, corridor: Corridor) -> tuple[float, float]:
    """First and last heading of the Earth-relative velocity that a corridor allows, rad.

    first in [0, 2 pi), last clockwise from it by less than a turn; by a whole one where the
    corridor is all around. The ends of an inertial corridor are azimuths of the orbital velocity;
    the ground's own speed is taken from them, as in `launch_azimuths`.
    """
    first, last = corridor.first_rad, corridor.last_rad
    if last - first >= math.tau:
        return 0.0, math.tau
    if corridor.kind == "inertial":
        _, ground = _pad(site)
        first, last = _heading(first, ground), _heading(last, ground)
    first %= math.tau
    return first, first + (last - first) % math.tau


def heading_within(site: Site, heading_rad: float) -> bool | None:
    """Does a corridor hold this heading at the end of the first stage? None: none is stated."""
    if not site.corridors:
        return None
    ends = (headings_of(site, corridor) for corridor in site.corridors)
    return any(in_corridor(heading_rad, Corridor(first, last)) for first, last in ends)


def _range(site: Site, corridor: Corridor) -> InclinationRange:
    cos_lat, ground = _pad(site)
    first, last = corridor.first_rad, corridor.last_rad
    whole = last - first >= math.tau
    if corridor.kind == "relative":
        first, last = _inertial(first, ground), _inertial(last, ground)
    width = math.tau if whole else (last - first) % math.tau

    def inside(azimuth: float) -> bool:
        return (azimuth - first) % math.tau <= width

    # due east and due west are the extremes; between them inclination follows the azimuth
    ends = [math.acos(cos_lat * math.sin(a)) for a in (first, last)]
    low = math.acos(cos_lat) if inside(0.5 * math.pi) else min(ends)
    high = math.pi - math.acos(cos_lat) if inside(1.5 * math.pi) else max(ends)
    return InclinationRange(corridor, low, high)


def reachable_inclinations(site: Site) -> tuple[InclinationRange, ...]:
    """The inclinations each corridor opens, in the order of the site's file.

    A site without corridors has one range: all that pass over the pad.
    """
    if not site.corridors:
        low = math.acos(_pad(site)[0])
        return (InclinationRange(None, low, math.pi - low),)
    return tuple(_range(site, corridor) for corridor in site.corridors)


def cheapest_inclination(site: Site) -> float:
    """The lowest inclination, rad, that a corridor of the pad allows: most gain from the ground."""
    return min(r.lowest_rad for r in reachable_inclinations(site))


def access(site: Site, inclination_rad: float) -> Access:
    """How the pad gets into planes of that inclination; the ascending way where both serve."""
    try:
        ways = launch_azimuths(site.latitude_rad, inclination_rad, height_m=site.height_m)
    except InfeasibleError:
        return Access("plane-change")
    if not site.corridors:
        return Access("direct", ways[0])
    for number, corridor in enumerate(site.corridors):
        for way in ways:
            if within_corridors(way, (corridor,)):
                return Access("direct", way, number)
    return Access("dogleg", ways[0])
