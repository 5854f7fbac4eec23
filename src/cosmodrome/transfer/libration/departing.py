"""Where to leave for a libration point: the perigee whose flight goes round nearest to an orbit.

Every direction that points more or less to the point has an energy with which the flight stays
there; which one it is decides what it then goes round on. The directions of a family are tried, the
best is refined.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import CosmodromeError, InfeasibleError
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.transfer.libration.natural import Nearness
    from cosmodrome.transfer.libration.staying import Point
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State

__all__ = ["NEAR", "Departure", "departure", "sped"]

_MU = body("earth").mu_m3_s2
_DAY, _TURN = 86_400.0, 2.0 * math.pi
# v^2 - 2 mu / r between which the edge lies, m^2/s^2
_C3 = (-1.8e6, 1.5e6)
# the Earth has gone on by so long when the flight is near the point
_THERE_S = 60.0 * _DAY
# apogees farther than this from the line to the point are not tried; steps, and their last width
_WIDE_RAD, _STEP_RAD, _FINE_RAD = math.radians(65.0), math.radians(10.0), math.radians(1.0)
#: of the period: from when on the flight is near the point
NEAR = 0.45
# until when it is compared with the orbit; one that stays for longer is not yet leaving then
_UNTIL, _STAYS = 1.15, 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """A perigee, with its speed, whose flight stays near a point.

    angle    of the family it was taken from, rad
    apart_m  largest distance of the flight from the orbit that was asked for, on its first turn
    """

    angle: float
    state: State
    c3_m2_s2: float
    apart_m: float


def sped(state: State, c3_m2_s2: float) -> State:
    """A state with its speed changed to an energy."""
    v = float(np.linalg.norm(state.v_m_s))
    wanted = math.sqrt(c3_m2_s2 + 2.0 * _MU / float(np.linalg.norm(state.r_m)))
    return replace(state, v_m_s=state.v_m_s * (wanted / v))


def departure(
    perigee: Callable[[float], State | None],
    near: Nearness,
    point: Point,
    watch: Watch = SILENT,
) -> Departure:
    """The departure of a family that comes nearest to an orbit.

    perigee  the state, at a perigee and of any speed, of an angle over a whole turn; None where it
             may not be left from there

    Raises InfeasibleError where no apogee of the family points to the point.
    """

    def tried(angle: float) -> Departure | None:
        stop_if_cancelled(watch)
        state = perigee(angle % _TURN)
        if state is None or not _points(state, point):
            return None
        try:
            c3 = point.edge(lambda x: sped(state, x), *_C3, _STAYS * near.design.period_s)
            left = sped(state, c3)
            period = near.design.period_s
            apart = near.apart_m(left, NEAR * period, _UNTIL * period)
        except CosmodromeError:
            return None
        watch.tell("libration", None, f"{apart / 1e3:,.0f} km from the orbit")
        return Departure(angle, left, c3, apart)

    angles = np.arange(0.0, _TURN, _STEP_RAD)
    if perigee(_STEP_RAD) is None:
        # a short window
        angles = np.arange(0.0, _STEP_RAD, _FINE_RAD)
    found = [d for d in map(tried, map(float, angles)) if d is not None]
    if not found:
        raise InfeasibleError(
            f"no departure that is open stays near L{point.number}: none of its apogees comes"
            f" within {math.degrees(_WIDE_RAD):.0f} deg of it; leave from another plane, or on"
            " another day"
        )
    best = min(found, key=lambda d: d.apart_m)
    step = 0.5 * _STEP_RAD
    while step > _FINE_RAD:
        sides = [d for d in map(tried, (best.angle - step, best.angle + step)) if d is not None]
        best = min((best, *sides), key=lambda d: d.apart_m)
        step *= 0.5
    return best


def _points(perigee: State, point: Point) -> bool:
    """Is the apogee near the line to the point?"""
    toward = point.outward(perigee.epoch, np.array([_THERE_S]))[0]
    away = -perigee.r_m / np.linalg.norm(perigee.r_m)
    return float(away @ toward) > math.cos(_WIDE_RAD)
