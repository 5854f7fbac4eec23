"""What no fault of a sweep is flown through, in words: what is not told is taken for harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.campaign.verify.ascents.repeated import open_loop
from cosmodrome.campaign.verify.crafts import steered_late
from cosmodrome.mission import Mission, StationKeep, ToLibration, ToMoon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cosmodrome.record import Flight
    from cosmodrome.record.sweep import Part
    from cosmodrome.world.world import World

__all__ = ["unswept"]


def unswept(flight: Flight, parts: Sequence[Part], world: World) -> tuple[str, ...]:
    """Of the parts that are swept, what is left out, and why."""
    return tuple(_told(flight, parts, world))


def _told(flight: Flight, parts: Sequence[Part], world: World) -> Iterator[str]:
    late = " and ".join(map(repr, steered_late(flight)))
    if late and ("orbit" in parts or "plan" in parts):
        yield (
            f"{late}: planned while it is flown; no fault of the plan, nor one of what comes before"
            " it, is flown through it"
        )
    mission = flight.mission
    mends = [s.name for s in mission.plan if isinstance(s, ToMoon | ToLibration | StationKeep)]
    if mends and ("orbit" in parts or "ascent" in parts):
        yield (
            f"what corrections could still mend: those of {' and '.join(map(repr, mends))} are"
            " flown as they were planned, whatever came before them"
        )
    if "ascent" not in parts or not isinstance(mission, Mission):
        return
    if flight.legs[0].plan is None:
        return
    if why := open_loop(flight, world):
        yield f"guidance cannot fly this climb ({why}): only what its timers can be flown with"
