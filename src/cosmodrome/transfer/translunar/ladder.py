"""Phasing loops as they are flown: from an ellipse, perigee by perigee, to the one from which the
Moon is met.

The apse line of an ellipse hardly turns. When the Moon will be on the far end of it is known: that
sets the instant of the last perigee, and the loops before it are made a little longer or shorter so
that they end there. Each burn is planned from the loop that was really reached.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.transfer.translunar.capture import apsides, insert
from cosmodrome.transfer.translunar.guess import ellipse
from cosmodrome.transfer.translunar.nouns import Cell, TranslunarProblem, going_of
from cosmodrome.transfer.translunar.search import way
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.transfer.translunar.capture import InsertionBurn
    from cosmodrome.transfer.translunar.nouns import LunarOrbit, Passing, Translunar
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Ladder", "next_perigee"]

_MU = body("earth").mu_m3_s2
_TURN = 2.0 * math.pi
# the Moon's pace along its orbit, rad/s: how the argument of perigee of a way moves with its day
_PACE = _TURN / (27.32 * 86_400.0)
_SECANTS, _CLOSE_RAD = 12, 2e-4
# loops are stretched by no more, and the plane may be off by so much
_LEAST, _MOST = 0.75, 1.35
_PLANE_RAD = math.radians(4.0)
_AHEAD = 0.3
# the instant of leaving is steady
_ROUNDS, _STEADY_S = 10, 60.0
# the Moon is looked for within half a month of where the loops end
_MONTH_S, _SCAN_S = 15.0 * 86_400.0, 6.0 * 3600.0


@dataclass(frozen=True, slots=True)
class Ladder:
    """A way up by loops.

    leaves     the last perigee, where it is left for the Moon
    paced      when two-body loops would have to end, so that they end then: Sun and Moon change
               the periods of high ones
    way        from there; None before it is found
    loops      radii of the apogees and revolutions of what is still to be flown
    passing    the side on which the Moon is passed
    orbit, flight_s   where to, and how long from the last perigee
    """

    leaves: Epoch
    paced: Epoch
    way: Translunar | None
    loops: tuple[tuple[float, int], ...]
    passing: Passing
    orbit: LunarOrbit
    flight_s: float

    @classmethod
    def found(
        cls,
        state: State,
        loops: Sequence[tuple[float, int]],
        orbit: LunarOrbit,
        passings: Sequence[Passing],
        flight_s: float,
        dynamics: Dynamics,
        world: World,
    ) -> Ladder:
        """From a state on the first ellipse; loops by the height of their apogee.

        Raises InfeasibleError where the Moon is on the far end of the apse line at another time, or
        the plane does not hold it then, with what would do.
        """
        perigee = next_perigee(state, dynamics, world)
        radius = float(np.linalg.norm(perigee.r_m))
        made = tuple((EARTH_EQUATORIAL_RADIUS_M + h, n) for h, n in loops)
        if apsides(perigee)[1] >= made[0][0]:
            raise InputError(
                "the first loop lies below the apogee that is already there: write higher loops"
            )
        best: tuple[float, Ladder] | None = None
        why = ""
        for passing in passings:
            ends = perigee.epoch + _span(radius, made)
            blank = cls(ends, ends, None, made, passing, orbit, flight_s)
            try:
                ladder, turned = blank.led(perigee, dynamics, world)
            except (InfeasibleError, SolverError) as e:
                why = str(e)
                continue
            if best is None or turned < best[0]:
                best = turned, ladder
        if best is None:
            raise InfeasibleError(f"no way leaves the last loop for the Moon: {why}")
        turned, ladder = best
        if turned > _PLANE_RAD:
            raise InfeasibleError(
                f"when the Moon is on the far end of the loops, on {ladder.leaves.utc(0)}, the way"
                f" to it is turned by {math.degrees(turned):.1f} deg from their plane: begin with"
                " another node, or on another day"
            )
        return ladder

    def led(self, perigee: State, dynamics: Dynamics, world: World) -> tuple[Ladder, float]:
        """The same with the instant at which the Moon is met, as the loops from the next perigee
        really turn; and the angle between the planes then, rad.

        Raises InfeasibleError where the loops would have to be stretched or shortened too far.
        """
        ladder, turned = self, 0.0
        for _ in range(_ROUNDS):
            last = _climbed(perigee, self.loops, ladder.paced, dynamics, world)
            at, one, turned = _met(last, ladder, dynamics, world)
            there = at - perigee.epoch
            lasts = _span(float(np.linalg.norm(perigee.r_m)), self.loops)
            if not _LEAST <= there / lasts <= _MOST:
                raise InfeasibleError(
                    f"the Moon is on the far end of the loops {there / 86_400.0:.1f} days after the"
                    f" next perigee, and they last {lasts / 86_400.0:.1f}: write more or fewer"
                    " revolutions, or begin on another day"
                )
            late = at - last.epoch
            ladder = replace(ladder, leaves=at, way=one)
            if abs(late) < _STEADY_S:
                break
            ladder = replace(ladder, paced=ladder.paced + late)
        return ladder, turned

    def burn(
        self, state: State, engine: Engine, dynamics: Dynamics, world: World
    ) -> tuple[InsertionBurn, Ladder]:
        """The burn at the next perigee onto the next loop, and what is left after it."""
        perigee = next_perigee(state, dynamics, world)
        ladder, _ = self.led(perigee, dynamics, world)
        radius = float(np.linalg.norm(perigee.r_m))
        apogee = _stretched(radius, perigee.epoch, self.loops, ladder.paced)
        made = insert(perigee, state.epoch, engine, apogee, dynamics, world)
        return made, replace(ladder, loops=self.loops[1:])


def next_perigee(state: State, dynamics: Dynamics, world: World, count: int = 1) -> State:
    """A perigee ahead, about the Earth; one that was just passed is not it."""
    low, high = apsides(state)
    period = _TURN * math.sqrt((0.5 * (low + high)) ** 3 / _MU)
    r, v = state.r_m, state.v_m_s
    if float(r @ v) >= 0.0:
        state = propagate(state, dynamics, _AHEAD * period, world=world, dense=False).end
    return propagate(
        state, dynamics, "periapsis", world=world, within_s=(count + 1) * period, count=count,
        dense=False,
    ).end  # fmt: skip


def _span(perigee_m: float, loops: Sequence[tuple[float, int]]) -> float:
    """How long loops last, s."""
    return sum(
        n * _TURN * math.sqrt((0.5 * (perigee_m + apogee)) ** 3 / _MU) for apogee, n in loops
    )


def _stretched(
    perigee_m: float, epoch: Epoch, loops: Sequence[tuple[float, int]], leaves: Epoch
) -> float:
    """Radius of the next apogee, with which loops in their proportions end in time."""
    share: float = (leaves - epoch) / _span(perigee_m, loops)
    a: float = 0.5 * (perigee_m + loops[0][0]) * share ** (2.0 / 3.0)
    return float(2.0 * a - perigee_m)


def _climbed(
    perigee: State,
    loops: Sequence[tuple[float, int]],
    paced: Epoch,
    dynamics: Dynamics,
    world: World,
) -> State:
    """The perigee after loops, by impulses."""
    here = perigee
    for k, (_, count) in enumerate(loops):
        r, v = here.r_m, here.v_m_s
        radius = float(np.linalg.norm(r))
        apogee = _stretched(radius, here.epoch, loops[k:], paced)
        speed = math.sqrt(2.0 * _MU * apogee / (radius * (radius + apogee)))
        faster = replace(here, v_m_s=v * (speed / np.linalg.norm(v)))
        here = next_perigee(faster, dynamics, world, count)
    return here


def _met(
    last: State, ladder: Ladder, dynamics: Dynamics, world: World
) -> tuple[Epoch, Translunar, float]:
    """When a way to the Moon has the argument of perigee of an ellipse, near to when it is there:
    the instant, the way, and the angle between the planes."""
    tod = np.asarray(world.orientation.tod_from_gcrf(last.epoch).matrix)
    here = elements_from_state(tod @ last.r_m, tod @ last.v_m_s, _MU)
    i, radius = here.i_rad, float(np.linalg.norm(last.r_m))
    going = going_of(here.argp_rad)

    def off(at: float) -> tuple[float, Translunar]:
        leaves = last.epoch + at
        asked = TranslunarProblem(radius, (i, i), leaves, leaves, ladder.orbit)
        one = way(asked, Cell(leaves, ladder.flight_s, going, ladder.passing), dynamics, world)
        return math.remainder(one.argp_rad - here.argp_rad, _TURN), one

    x = _opposite(last, ladder.flight_s, world)
    miss, one = off(x)
    y = x - miss / _PACE
    for _ in range(_SECANTS):
        if abs(miss) < _CLOSE_RAD:
            break
        before, behind = x, miss
        x = y
        miss, one = off(x)
        slope = (miss - behind) / (x - before) if x != before else _PACE
        y = x - miss / (slope if abs(slope) > 0.2 * _PACE else _PACE)
    else:
        raise SolverError("the Moon does not come to the far end of the loops")
    normal = np.cross(one.departure.r_m, one.departure.v_m_s)
    own = np.cross(last.r_m, last.v_m_s)
    cos = float(normal @ own / np.linalg.norm(normal) / np.linalg.norm(own))
    return last.epoch + x, one, math.acos(min(1.0, cos))


def _opposite(last: State, flight_s: float, world: World) -> float:
    """When the Moon will be where an arc from a perigee leads, seconds from that perigee: the
    nearest time, by the angle in the plane."""
    t = np.arange(-_MONTH_S, _MONTH_S, _SCAN_S)
    moon = world.ephemeris.positions_m("moon", last.epoch, t + flight_s)
    p = last.r_m / np.linalg.norm(last.r_m)
    n = np.cross(last.r_m, last.v_m_s)
    q = np.cross(n / np.linalg.norm(n), p)
    _, f = ellipse(
        float(np.linalg.norm(last.r_m)), float(np.linalg.norm(moon[len(t) // 2])), flight_s
    )
    off = np.unwrap(np.arctan2(moon @ q, moon @ p)) - f
    # brought to the turn in which the middle is nearest to none
    off -= _TURN * np.round(off[len(t) // 2] / _TURN)
    return float(np.interp(0.0, off, t))
