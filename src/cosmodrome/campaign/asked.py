"""A mission from a few words: site, vehicle, orbit, and whatever can be carried."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome import mission
from cosmodrome.catalog.files import resolve_site
from cosmodrome.errors import MissionFileError
from cosmodrome.formats.typed import Reading
from cosmodrome.formats.yaml_text import Place, Text, as_yaml
from cosmodrome.mission import Quantity, Target
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.catalog.nouns import Site
    from cosmodrome.mission import Mission

__all__ = ["REFERENCE_TEXT", "mission_to", "pad", "to_circle"]

#: A capability does not depend on the day: gravity is zonal and the air turns with the Earth.
#: Only polar motion moves the pad, by metres; this day stands for every other.
REFERENCE_TEXT = "2025-01-01T00:00Z"


def mission_to(
    site: str,
    vehicle: str,
    target: Mapping[str, str],
    limits: Mapping[str, str] | None = None,
    folder: Path | None = None,
    wind: Mapping[str, str] | None = None,
) -> Mission:
    """The mission that carries as much as can be carried to `target`.

    site, vehicle   ids of the catalogue, or paths from `folder` (the current one)
    target, limits, wind  keys and texts as in a mission file
    Raises MissionFileError with every fault.
    """
    tree = {
        "schema": "cosmodrome/1",
        "name": f"{vehicle} from {site}",
        "site": site,
        "vehicle": vehicle,
        "spacecraft": {"mass": "maximum"},
        "launch": {"time": REFERENCE_TEXT},
        "target": dict(target),
        **({"limits": dict(limits)} if limits else {}),
        **({"wind": dict(wind)} if wind else {}),
    }
    made = mission.loads(as_yaml(tree), "command line", folder or Path())
    return mission.on_a_pad(made, "a payload")


def pad(site: str, folder: Path | None = None) -> Site:
    """A site by its id or the path of its file. Raises MissionFileError."""
    context = Reading("command line", folder or Path())
    found, _ = resolve_site(Text(site, Place("", 1, 1, "site")), context)
    if found is None:
        raise MissionFileError(context.faults)
    return found


def to_circle(mission: Mission, inclination_rad: float, altitude_m: float) -> Mission:
    """The same mission to a circular orbit, with the half-widths a mission file has by default."""
    target = Target(
        "circular",
        Quantity(EARTH_EQUATORIAL_RADIUS_M + altitude_m, 5e3),
        Quantity(0.0, 1e-3),
        inclination_rad=Quantity(inclination_rad, math.radians(0.05)),
    )
    return replace(mission, target=target)
