"""fly(mission): the whole story on one screen.

From a pad: the ascent to the orbit that was asked for (`flight.pad`), then the plan. A mission
that begins in orbit has no ascent; what follows a release and what follows a start in orbit is
the same walk through the plan (`flight.walk`). Checks read what was flown by other roads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import checks
from cosmodrome.errors import InputError
from cosmodrome.flight.looking import with_overflights
from cosmodrome.flight.pad import from_the_pad
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import CHAPTER_OF_STEP, from_orbit
from cosmodrome.mission import AnyMission, Mission, OrbitMission, load
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.record import Flight
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["CHAPTER_OF_STEP", "fly"]


def fly(
    mission: AnyMission | str | Path, *, world: World | None = None, watch: Watch = SILENT
) -> Flight:
    """Solve and fly a whole mission: pad, ascent, orbit, checks; or from a start in orbit on.

    mission  a loaded mission or the path of a mission file
    world    providers of Earth orientation, ephemerides and space weather; shipped by default
    watch    hears of progress and may cancel between stages

    Raises MissionFileError for bad input, InfeasibleError with what is short, SolverError
    when no answer was found within the budget.
    """
    from cosmodrome.world.world import World

    if not isinstance(mission, Mission | OrbitMission):
        mission = load(mission)
    run = Run(world or World.shipped(), watch)
    for step in mission.plan:
        if type(step) not in CHAPTER_OF_STEP:
            raise InputError(f"no chapter flies a {type(step).__name__} step")
    if isinstance(mission, OrbitMission):
        flight = from_orbit(mission, run)
    else:
        flight = from_the_pad(mission, run)
    if mission.imaging:
        with run.stage("imaging", "looking when the places below could be photographed"):
            flight = with_overflights(flight, run.world)
    with run.stage("checks", "checking what was flown by other roads"):
        findings = checks.run(flight, run.world)
    return replace(flight, findings=findings)
