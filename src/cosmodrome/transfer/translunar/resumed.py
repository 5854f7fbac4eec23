"""A way taken up again: from the perigee that was really flown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.transfer.translunar.backward import brought_in, led_back
from cosmodrome.transfer.translunar.geometry import since_periapsis
from cosmodrome.transfer.translunar.low_energy import told_of
from cosmodrome.transfer.translunar.perigee import Leaves
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.backward import Back, Hint
    from cosmodrome.transfer.translunar.low_energy_nouns import LowEnergyWay
    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["leaves_from", "led_from", "led_like", "perigee_behind"]

_MU = body("earth").mu_m3_s2
# the perigee is met to this, s, in so many passes
_PASSES, _AT_S = 4, 1e-3
# a hint may leave so much earlier or later
_WIDE_S = 2.0 * 86_400.0


def leaves_from(there: State, world: World) -> Leaves:
    """To leave from a place, when a path passes it, in its plane."""
    tod = np.asarray(world.orientation.tod_from_gcrf(there.epoch).matrix)
    here = elements_from_state(tod @ there.r_m, tod @ there.v_m_s, _MU)
    radius = float(np.linalg.norm(there.r_m))
    return Leaves(radius, (here.i_rad,) * 2, (there.epoch,) * 2, (here.raan_rad, 0.0))


def perigee_behind(state: State, dynamics: Dynamics, world: World) -> State:
    """Where a path that climbs from the Earth passed its perigee."""
    here = recentred(state, "earth", world)
    since = float(since_periapsis(here.r_m, here.v_m_s, _MU))
    if since <= 0.0:
        raise InfeasibleError("the path that is entered falls to the Earth: it was to climb")
    for _ in range(_PASSES):
        here = propagate(here, dynamics, -since, world=world, dense=False).end
        since = float(since_periapsis(here.r_m, here.v_m_s, _MU))
        if abs(since) < _AT_S:
            break
    return here


def led_like(
    hint: Hint, leaves: Leaves, orbit: LunarOrbit, dynamics: Dynamics, world: World
) -> Back:
    """A way from a perigee like another that leaves a little elsewhere; its node where that is in
    reach.

    Raises SolverError where none is.
    """
    free = replace(leaves, raan_rad=None)
    back = led_back(hint, orbit, free.wider(_WIDE_S), dynamics, world, whole=False)
    back = brought_in(back, orbit, free, dynamics, world)
    try:
        return led_back(back.hint, orbit, leaves, dynamics, world)
    except SolverError:
        return led_back(back.hint, orbit, free, dynamics, world)


def led_from(
    one: LowEnergyWay, perigee: State, orbit: LunarOrbit, dynamics: Dynamics, world: World
) -> LowEnergyWay:
    """The way like another from a perigee that was flown: its instant, radius and inclination.

    Raises SolverError where there is none.
    """
    leaves = replace(leaves_from(perigee, world), raan_rad=None)
    return told_of(led_like(one.hint, leaves, orbit, dynamics, world), orbit, dynamics, world)
