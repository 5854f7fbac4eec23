"""Which planner chooses the burns of a step that keeps an orbit or leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cosmodrome.mission.nouns import Deorbit, StationKeep
from cosmodrome.transfer.burn import about_the_earth
from cosmodrome.transfer.disposal import DisposalPlanner
from cosmodrome.transfer.keeping import AltitudePlanner
from cosmodrome.transfer.libration.keeping import LibrationPlanner
from cosmodrome.transfer.slot import SlotPlanner
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import AnyMission, Coast, Manoeuvre
    from cosmodrome.record.nouns import Handover
    from cosmodrome.record.upkeep import UpkeepRecord
    from cosmodrome.transfer.libration.reference import Reference
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["Planner", "planner"]


class Planner(Protocol):
    """Chooses what to fly next from what was really reached."""

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """Steps with every number in them; () when all is done."""

    def told(self, given: Handover) -> UpkeepRecord:
        """What the step came to, where it ends."""


def planner(
    step: StationKeep | Deorbit,
    given: Handover,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    reference: Reference | None = None,
) -> Planner:
    """The planner of a step from the state that is handed over (GCRF).

    reference  the path near a libration orbit that the flight is on

    Raises InputError about another body than the Earth, but for a libration orbit.
    """
    if isinstance(step, StationKeep) and step.orbit:
        return LibrationPlanner(step, given, mission, world, watch, reference)
    what = "disposal" if isinstance(step, Deorbit) else "station-keeping"
    about_the_earth(step.name, what, given.state)
    if isinstance(step, Deorbit):
        return DisposalPlanner(step, given, mission, world, watch)
    kind = SlotPlanner if step.altitude is None else AltitudePlanner
    return kind(step, given, mission, world, watch)
