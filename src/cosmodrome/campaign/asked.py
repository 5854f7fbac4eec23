"""A mission from a few words: site, vehicle, orbit, and whatever can be carried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome import mission
from cosmodrome.formats.yaml_text import as_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.mission import Mission

__all__ = ["REFERENCE_TEXT", "mission_to"]

#: A capability does not depend on the day: gravity is zonal and the air turns with the Earth.
#: Only polar motion moves the pad, by metres; this day stands for every other.
REFERENCE_TEXT = "2025-01-01T00:00Z"


def mission_to(
    site: str,
    vehicle: str,
    target: Mapping[str, str],
    limits: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Mission:
    """The mission that carries as much as can be carried to `target`.

    site, vehicle   ids of the catalogue, or paths from `folder` (the current one)
    target, limits  keys and texts as in a mission file
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
    }
    return mission.loads(as_yaml(tree), "command line", folder or Path())
