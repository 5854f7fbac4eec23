"""Which planner a step to the Moon has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.transfer.translunar.homeward import HomewardPlanner
from cosmodrome.transfer.translunar.low_energy_planner import LowEnergyPlanner
from cosmodrome.transfer.translunar.planner import MoonPlanner
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import AnyMission, ToMoon
    from cosmodrome.record.nouns import Handover
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["planner"]


def planner(
    step: ToMoon, given: Handover, mission: AnyMission, world: World, watch: Watch = SILENT
) -> MoonPlanner:
    """The planner of a step from the state that is handed over."""
    if step.low_energy_s is not None:
        return LowEnergyPlanner(step, given, mission, world, watch)
    if step.perigee_m is not None:
        return HomewardPlanner(step, given, mission, world, watch)
    return MoonPlanner(step, given, mission, world, watch)
