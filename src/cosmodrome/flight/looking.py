"""When the places below a flight could be photographed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import coverage

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

__all__ = ["with_overflights"]


def with_overflights(flight: Flight, world: World) -> Flight:
    """With the passes of the primary spacecraft over the places that the mission wants."""
    if not flight.mission.imaging:
        return flight
    paths = [leg.path for leg in flight.legs if leg.object in flight.flown_by]
    seen = coverage.overflights_of(paths, flight.mission.imaging, world)
    return replace(flight, overflights=seen)
