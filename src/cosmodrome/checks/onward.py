"""Whole revolutions to average, flown on by the checks themselves where the plan flies fewer.

A mission may end at release, or coast for less than a revolution. Its orbit is judged all the
same: from the state at release SciPy flies it on (DOP853, J2 to J4, drag of the standard
atmosphere). What is left out, tesserals, Sun and Moon, is worth some ten metres in the mean
semi-major axis and 1e-3 deg in the plane over a few revolutions in low orbit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.mean import ascending_nodes, period_of
from cosmodrome.checks.motion import Ballistic
from cosmodrome.checks.verdicts import NotJudged
from cosmodrome.world.frame import GCRF
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["Around", "around"]

# three whole revolutions between four nodes, wherever on the orbit it begins
_REVOLUTIONS = 4.1
# where the standard atmosphere takes a satellite down within the revolution
_FLOOR_M = 120_000.0
_PIECES_PER_REVOLUTION = 48


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """A path around the Earth that begins at release.

    flown  True for the flight's own orbit leg, False for the checks' own
    """

    object: str
    path: Trajectory
    flown: bool

    @property
    def words(self) -> str:
        """Where the figures come from."""
        if self.flown:
            return "orbit leg"
        return "flown on from release by J2 to J4 and drag (the plan coasts less than a revolution)"


def around(view: View) -> Around:
    """The orbit leg where it holds a revolution from node to node, else the checks' own arc.

    NotJudged when nothing was released, the orbit is open, or it falls within the arc.
    """
    name = view.flight.mission.spacecraft.id
    try:
        leg = view.orbit
    except NotJudged:
        released = view.handover
        if released is None:
            raise
        return Around(name, _fly_on(view, released.state), flown=False)
    path = view.inertial(leg.path)
    if ascending_nodes(view, path).size >= 2:
        return Around(name, path, flown=True)
    return Around(name, _fly_on(view, leg.start), flown=False)


def _fly_on(view: View, start: State) -> Trajectory:
    if start.frame != GCRF:
        raise NotJudged(
            "the orbit about the Moon holds no revolution from node to node, and is not flown on"
        )
    craft = view.flight.mission.spacecraft
    mass = start.mass_kg if craft.mass_kg is None else craft.mass_kg
    motion = Ballistic(view, craft.drag_area_m2 * craft.drag_coefficient, mass)
    y0 = np.concatenate([start.r_m, start.v_m_s])
    until = _REVOLUTIONS * period_of(view, y0)

    def low(t: float, y: Array) -> float:
        return motion.ground(t, y) - _FLOOR_M

    low.terminal = True  # type: ignore[attr-defined]
    low.direction = -1.0  # type: ignore[attr-defined]
    out = solve_ivp(
        motion, (0.0, until), y0, method="DOP853", rtol=1e-10, atol=1e-5, dense_output=True,
        events=[low],
    )  # fmt: skip
    if not out.success:
        raise ArithmeticError(f"the orbit could not be flown on: {out.message}")
    if out.t_events[0].size:
        raise NotJudged(
            f"the orbit comes down to {_FLOOR_M / 1e3:.0f} km {out.t_events[0][0]:.0f} s after"
            " release: there is no revolution to average"
        )

    def columns(t: Array, _: int) -> Array:
        return np.column_stack([out.sol(t).T, np.full(len(t), mass)])

    pieces = int(np.ceil(_REVOLUTIONS * _PIECES_PER_REVOLUTION))
    return Trajectory.fit(start.epoch, GCRF, np.linspace(0.0, until, pieces + 1), columns, nodes=12)
