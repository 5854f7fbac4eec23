"""Free returns: past the Moon and back to a perigee, with nothing done on the way.

One number is left when the perilune and the plane are met: the time of flight. The height of the
perigee that follows changes with it smoothly; its root is looked for among ways led to the Moon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq

from cosmodrome.dynamics import Distance, preset, propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import CosmodromeError, InfeasibleError, NoEventError
from cosmodrome.transfer.translunar.search import way
from cosmodrome.world.bodies import body
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.nouns import Cell, Translunar, TranslunarProblem
    from cosmodrome.world.state import State

__all__ = ["FreeReturn", "free_return", "perigee_after"]

_MU = body("earth").mu_m3_s2
_DAY_S = 86_400.0
# times of flight among which the root is looked for, and the step between them
_SHORTEST_S, _LONGEST_S, _STEP_S = 2.2 * _DAY_S, 4.6 * _DAY_S, 0.3 * _DAY_S
# by then the path has left the Moon's sphere, and the next perigee is yet to come
_AWAY_S, _HOME_S = 1.5 * _DAY_S, 12.0 * _DAY_S
_MET_M = 10.0
# below this a path is not flown to its perigee, which is told from the conic at half as much again
# as `_NEAR_M`: Sun and Moon move it by hundreds of km before
_LOWEST_M, _NEAR_M = 6.36e6, 3e7


@dataclass(frozen=True, slots=True, eq=False)
class FreeReturn:
    """A way to the Moon, and the perigee it comes back to.

    perigee   state there, about the Earth, GCRF axes
    """

    way: Translunar
    perigee: State

    @property
    def perigee_m(self) -> float:
        """Radius of the perigee."""
        return float(np.linalg.norm(self.perigee.r_m))

    @property
    def flight_s(self) -> float:
        """From the departure to the perigee."""
        return self.perigee.epoch - self.way.departure.epoch


def free_return(
    problem: TranslunarProblem,
    cell: Cell,
    perigee_m: float,
    dynamics: Dynamics | None = None,
    world: World | None = None,
) -> FreeReturn:
    """The way that comes back to a perigee of radius `perigee_m`, in the Earth's own sense.

    cell   departure, plane and side of the passage; its time of flight is looked for. The
           orbit of the problem says how the Moon is passed: against the Moon's turning

    Raises InfeasibleError where no time of flight between 2.2 and 4.6 days brings it back there.
    """
    world = World.shipped() if world is None else world
    dynamics = preset("translunar") if dynamics is None else dynamics

    def above(flight_s: float) -> float:
        try:
            one = way(problem, replace(cell, flight_s=flight_s), dynamics, world)
            return perigee_after(one.perilune, dynamics, world)[0] - perigee_m
        except CosmodromeError:
            return math.nan

    times = np.arange(_SHORTEST_S, _LONGEST_S, _STEP_S)
    before: tuple[float, float] | None = None
    nearest = math.inf
    for flight_s in times:
        here = above(float(flight_s))
        nearest = min(nearest, abs(here)) if math.isfinite(here) else nearest
        if before is not None and before[1] * here < 0.0:
            root = float(brentq(above, before[0], float(flight_s), xtol=1e-4, rtol=1e-14))
            one = way(problem, replace(cell, flight_s=root), dynamics, world)
            back = perigee_after(one.perilune, dynamics, world)[1]
            if back is not None and abs(float(np.linalg.norm(back.r_m)) - perigee_m) <= _MET_M:
                return FreeReturn(one, back)
        before = (float(flight_s), here) if math.isfinite(here) else None
    raise InfeasibleError(
        f"no time of flight from 2.2 to 4.6 days comes back to a perigee of {perigee_m / 1e3:.0f}"
        f" km (nearest: {nearest / 1e3:.0f} km off): pass the Moon retrograde, on the other side,"
        " or leave on another day"
    )


def perigee_after(perilune: State, dynamics: Dynamics, world: World) -> tuple[float, State | None]:
    """Radius of the perigee after a passage, negative against the Earth's turning, and the state
    there; none where it lies in the ground, where no field holds: the conic's on the way in."""
    away = propagate(perilune, dynamics, _AWAY_S, world=world, dense=False).end
    r, v = away.r_m, away.v_m_s
    sense = math.copysign(1.0, float(np.cross(r, v)[2]))
    orbit = elements_from_state(r, v, _MU)
    if orbit.e >= 1.0 and float(r @ v) > 0.0:
        raise InfeasibleError("the passage throws the path out of the Earth's reach")
    if orbit.a_m * (1.0 - orbit.e) < _NEAR_M:
        try:
            near = propagate(
                away, dynamics, Distance("earth", 1.5 * _NEAR_M), world=world, within_s=_HOME_S,
                dense=False,
            ).end  # fmt: skip
        except NoEventError:
            near = away
        inner = elements_from_state(near.r_m, near.v_m_s, _MU)
        osculating = inner.a_m * (1.0 - inner.e)
        if osculating < _LOWEST_M:
            return sense * osculating, None
        away = near
    back = propagate(away, dynamics, "periapsis", world=world, within_s=_HOME_S, dense=False).end
    return sense * float(np.linalg.norm(back.r_m)), back
