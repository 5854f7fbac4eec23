"""A launch into the ellipse from which phasing loops lead to the Moon.

Where the perigee of that ellipse stands in its plane is the ascent's own choice; it says on which
day of the month the Moon will be on the far end. The chain of loops, made backward from there, says
which node the ellipse must have at the launch.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import site
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.flight.departed import departed
from cosmodrome.mission import Quantity
from cosmodrome.transfer.translunar import Cell, LunarOrbit, TranslunarProblem, way_dynamics
from cosmodrome.transfer.translunar.loops import Loop, looped
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, body

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.flight.aiming import P
    from cosmodrome.flight.departed import Departed
    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission, ToMoon
    from cosmodrome.transfer.translunar.loops import Looped
    from cosmodrome.world.epoch import Epoch

__all__ = ["by_loops"]

_MU = body("earth").mu_m3_s2
_TURN = 2.0 * math.pi
# how the argument of perigee of a way moves with its day
_PACE = _TURN / (27.32 * 86_400.0)
_ROUNDS, _MATCHES = 4, 8
_CLOSE_RAD, _NODE_RAD = math.radians(0.1), math.radians(0.3)
# loops are stretched by the step; a launch that would need more is on another day
_LEAST, _MOST = 0.75, 1.35


def by_loops(
    mission: Mission,
    step: ToMoon,
    about: Epoch,
    run: Run,
    fly: Callable[[Mission, Run, P | None], P],
) -> tuple[Mission, P]:
    """The mission with the ellipse its ascent aims at, node and all, and that ascent flown.

    about  about when it is launched

    Raises InfeasibleError where the Moon is on the far end of the loops at another time, with when
    to launch, and what `fly` raises.
    """
    target = mission.target
    aimed = replace(
        mission, target=replace(target, kind="elliptic", inclination_rad=_plane(mission))
    )
    passed = fly(aimed, run, None)
    for _ in range(_ROUNDS):
        stop_if_cancelled(run.watch)
        flown = departed(passed.released(mission.spacecraft.id), run.world)
        with run.stage("translunar", "finding the loops to the Moon"):
            chain = _chain(mission, step, flown, run)
        there = departed(chain.first, run.world).elements
        # the node moves by a fraction of a degree from the launch to the first perigee
        off = math.remainder(there.raan_rad - flown.elements.raan_rad, _TURN)
        if abs(off) < _NODE_RAD:
            break
        wanted = Quantity(there.raan_rad % _TURN, math.radians(0.5))
        aimed = replace(aimed, target=replace(aimed.target, raan_rad=wanted))
        passed = fly(aimed, run, passed)
    return aimed, passed


def _plane(mission: Mission) -> Quantity:
    given = mission.target.inclination_rad
    if given is not None:
        return given
    return Quantity(site.cheapest_inclination(mission.site), math.radians(0.05))


def _chain(mission: Mission, step: ToMoon, flown: Departed, run: Run) -> Looped:
    """The chain whose first ellipse has its perigee where the flown one has it."""
    orbit = LunarOrbit.of(step)
    perigee, epoch = flown.perigee_m, flown.epoch
    own = Loop(flown.apogee_m, 1)
    loops = [own, *(Loop(EARTH_EQUATORIAL_RADIUS_M + h, n) for h, n in step.loops)]
    if any(x.apogee_m <= own.apogee_m for x in loops[1:]):
        raise InputError("the loops begin below the apogee of the launch: write higher ones")
    lasts = sum(
        x.revolutions * _TURN * math.sqrt((0.5 * (perigee + x.apogee_m)) ** 3 / _MU) for x in loops
    )
    passing = step.passing or "south"
    dynamics = way_dynamics(mission)
    leaves, i, pace = epoch + lasts, flown.elements.i_rad, _PACE
    before: tuple[Epoch, float] | None = None
    for _ in range(_MATCHES):
        asked = TranslunarProblem(perigee, (i, i), leaves, leaves, orbit)
        cell = Cell(leaves, step.flight_s, flown.going, passing)
        chain = looped(asked, cell, loops, dynamics, run.world)
        there = departed(chain.first, run.world).elements
        off = math.remainder(there.argp_rad - flown.elements.argp_rad, _TURN)
        if abs(off) < _CLOSE_RAD:
            break
        if before is not None and abs(before[1] - off) > 1e-6:
            slope = (off - before[1]) / (leaves - before[0])
            pace = slope if slope > 0.3 * _PACE else pace
        before = leaves, off
        leaves = leaves + -off / pace
    else:
        raise SolverError("the loops do not lead to the Moon from where the ascent has its perigee")
    share = (leaves - epoch) / lasts
    if not _LEAST <= share <= _MOST:
        raise InfeasibleError(
            f"the Moon is on the far end of the loops {(leaves - epoch) / 86_400.0:.1f} days after"
            f" a launch on {epoch.utc(0)}, and they last {lasts / 86_400.0:.1f}: launch"
            f" {abs(leaves - epoch - lasts) / 86_400.0:.0f} days"
            f" {'later' if share > 1.0 else 'earlier'}, or write other revolutions"
        )
    return chain
