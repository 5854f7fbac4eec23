"""Libration orbits in a plan: a start in one, the way to one, keeping it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.mission.libration_text import read_wish
from cosmodrome.transfer.libration.departing import Departure, departure, sped
from cosmodrome.transfer.libration.keeping import LibrationPlanner
from cosmodrome.transfer.libration.lunar_way import LunarWayPlanner
from cosmodrome.transfer.libration.natural import Nearness, natural
from cosmodrome.transfer.libration.reference import Reference, begun, dynamics_near
from cosmodrome.transfer.libration.staying import Point
from cosmodrome.transfer.libration.way import WayPlanner

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import AnyMission, ToLibration
    from cosmodrome.record.nouns import Handover
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = [
    "Departure",
    "LibrationPlanner",
    "LunarWayPlanner",
    "Nearness",
    "Point",
    "Reference",
    "WayPlanner",
    "begun",
    "departure",
    "dynamics_near",
    "natural",
    "planner",
    "sped",
]


def planner(
    step: ToLibration, given: Handover, mission: AnyMission, world: World, watch: Watch
) -> WayPlanner | LunarWayPlanner:
    """The planner of a step from the state that is handed over, by the bodies of its orbit."""
    kind = LunarWayPlanner if read_wish(step.orbit).body == "moon" else WayPlanner
    return kind(step, given, mission, world, watch)
