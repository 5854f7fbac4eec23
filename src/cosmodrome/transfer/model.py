"""A transfer in units and axes of its own, in which elements are near one and regular."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError
from cosmodrome.transfer.equinoctial import equinoctial_from_state
from cosmodrome.transfer.goals import FLIP, flipped, turned
from cosmodrome.transfer.guess import Sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.transfer.nouns import Goal, TransferProblem

    Array = NDArray[np.float64]

__all__ = ["Model", "finish", "model_of"]

_TURN = 2.0 * math.pi
# the radius not to go below, where none is given, as a part of the lowest perigee: on a circle at
# the limit itself every place would be a corner
_BELOW = 0.995
# and not to go beyond on the way to an open orbit, in perigees
_FAR = 30.0


@dataclass(frozen=True, slots=True)
class Model:
    """The problem in canonical units, in axes in which the elements are regular."""

    problem: TransferProblem
    goal: Goal
    unit_m: float
    sizes: Sizes
    start: Array
    lowest: float
    highest: float
    strength: float
    flip: bool

    @property
    def time_s(self) -> float:
        """Unit of time."""
        return math.sqrt(self.unit_m**3 / self.problem.mu_m3_s2)

    @property
    def clock_s(self) -> float:
        """Unit of the time state."""
        return self.sizes.clock * self.time_s

    @property
    def speed_m_s(self) -> float:
        """Unit of speed."""
        return math.sqrt(self.problem.mu_m3_s2 / self.unit_m)


def finish(goal: Goal, start: Array, unit_m: float) -> Array:
    """(5,) elements of some orbit that meets the goal, what it leaves free as at the start."""
    p, f, g, h, k = start[:5]
    e0, tan0 = math.hypot(f, g), math.hypot(h, k)
    raan0 = math.atan2(k, h) if tan0 > 1e-9 else 0.0
    e = e0 if goal.e is None else goal.e
    if goal.a_m is not None and goal.e is None and (goal.a_m < 0.0) != (e0 > 1.0):
        e = 1.1 if goal.a_m < 0.0 else 0.5
    a = p / (1.0 - e0 * e0) if goal.a_m is None else goal.a_m / unit_m
    tan = tan0 if goal.i_rad is None else math.tan(0.5 * goal.i_rad)
    raan = raan0 if goal.raan_rad is None else goal.raan_rad
    longitude = math.atan2(g, f) if goal.argp_rad is None else raan + goal.argp_rad
    p = a * (1.0 - e * e)
    return np.array(
        [
            p if p > 0.0 else start[0],
            e * math.cos(longitude),
            e * math.sin(longitude),
            tan * math.cos(raan),
            tan * math.sin(raan),
        ]
    )


def model_of(problem: TransferProblem) -> Model:
    """The problem in units and axes of its own."""
    mu = problem.mu_m3_s2
    r, v = np.asarray(problem.r_m, dtype=np.float64), np.asarray(problem.v_m_s, dtype=np.float64)
    here = elements_from_state(r, v, mu)
    goal = problem.goal
    flip = flipped(goal, here.i_rad)
    if flip:
        goal, r, v = turned(goal), FLIP @ r, FLIP @ v
    start = equinoctial_from_state(r, v, mu)
    there = finish(goal, np.append(start[0], start[1:]), 1.0)
    unit = math.sqrt(start[0] * abs(there[0]))
    start[0] /= unit
    there[0] /= unit
    ends = np.array([start[:5], there])
    e = np.hypot(ends[:, 1], ends[:, 2])
    perigees = ends[:, 0] / (1.0 + e)
    apogees = np.where(e < 1.0, ends[:, 0] / np.maximum(1.0 - e, 1e-3), 0.0)
    lowest = _BELOW * perigees.min() if problem.lowest_m is None else problem.lowest_m / unit
    if lowest > perigees.min() * (1.0 + 1e-9):
        raise InfeasibleError(
            f"a radius of at least {lowest * unit / 1e3:.0f} km was asked, and the perigee of the"
            f" first or of the wanted orbit lies at {perigees.min() * unit / 1e3:.0f} km: lower"
            " the limit or raise that perigee"
        )
    highest = 1.5 * float(apogees.max())
    if problem.highest_m is not None:
        highest = problem.highest_m / unit
    elif np.any(e >= 1.0):
        # along the longitude a path may run through its asymptote if nothing ends it before
        highest = max(highest, _FAR * float(perigees.max()))
    engine = problem.engine
    clock_s = math.sqrt(unit**3 / mu)
    sizes = Sizes(
        engine.thrust_n / problem.mass_kg / (unit / clock_s**2),
        engine.flow_kg_s / problem.mass_kg * clock_s,
        _TURN,
    )
    strength = problem.j2 * (problem.radius_m / unit) ** 2
    return Model(problem, goal, unit, sizes, start, float(lowest), highest, strength, flip)
