"""Far orbits by way of nearer ones: a ladder of energies, each rung solved from the last.

An ascent to a departure is a long way from any guess, and a short way from the ascent to a
slightly slower one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome import ascent
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission import Mission
    from cosmodrome.targets import Insertion
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["energies", "solve_by_rungs"]

# a transfer orbit to the geostationary height is found from nothing; the rungs above it are as
# far apart as a warm start was seen to follow
_FIRST_M2_S2 = -16e6
_RUNG_M2_S2 = 2e6


def energies(c3_m2_s2: float) -> tuple[float, ...]:
    """C3 of the rungs up to the one wanted, which is the last, m^2/s^2."""
    count = max(0, -int((_FIRST_M2_S2 - c3_m2_s2) // _RUNG_M2_S2) - 1)
    return (*(_FIRST_M2_S2 + k * _RUNG_M2_S2 for k in range(count)), c3_m2_s2)


def solve_by_rungs(
    mission: Mission, insertion: Insertion, world: World, watch: Watch = SILENT
) -> AscentSolution:
    """The capability to `insertion`; a departure comes from the last of its rungs.

    Raises what `ascent.solve` raises.
    """
    if insertion.c3_m2_s2 is None:
        return ascent.solve(mission, insertion, world, watch)
    solution = None
    steps = energies(insertion.c3_m2_s2)
    for number, c3 in enumerate(steps, 1):
        watch.tell("ascent", None, f"C3 {c3 / 1e6:g} km^2/s^2, {number} of {len(steps)}")
        rung = insertion if number == len(steps) else insertion.with_c3(c3)
        solution = ascent.solve(mission, rung, world, watch, previous=solution)
    assert solution is not None
    return solution
