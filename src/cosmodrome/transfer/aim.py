"""Planned in the optimiser's model, flown in all that acts, aimed again until it arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import SolverError
from cosmodrome.maths import NUMPY
from cosmodrome.transfer.equinoctial import equinoctial_from_state
from cosmodrome.transfer.finite import solve
from cosmodrome.transfer.flying import fly, plan
from cosmodrome.transfer.goals import FLIP, conditions, flipped, turned
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics, Propagation
    from cosmodrome.record.nouns import Plan
    from cosmodrome.transfer.nouns import Goal, TransferProblem, TransferSolution
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Aimed", "aimed", "miss"]

_TOLERANCE = 1e-6
_ROUNDS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Aimed:
    """A transfer that arrives in the full dynamics.

    misses   the largest condition of the goal missed in each round: parts of a, of e, of tan(i/2)
    """

    solution: TransferSolution
    plan: Plan
    flown: Propagation
    misses: tuple[float, ...]


def miss(goal: Goal, r_m: Array, v_m_s: Array, mu: float, from_i_rad: float) -> Array:
    """What place and velocity, in axes with z along the pole, lack to the goal.

    In the order of `goals.conditions`: parts of a and p, components of the e vector, tan(i/2).
    """
    if flipped(goal, from_i_rad):
        goal, r_m, v_m_s = turned(goal), FLIP @ r_m, FLIP @ v_m_s
    x = equinoctial_from_state(r_m, v_m_s, mu)
    return np.array(conditions(goal, 1.0)(NUMPY, list(x)))


def aimed(
    problem: TransferProblem,
    start: State,
    name: str,
    dynamics: Dynamics,
    world: World,
    tolerance: float = _TOLERANCE,
    watch: Watch = SILENT,
    near: TransferSolution | None = None,
) -> Aimed:
    """Solve, fly, shift the aim by what was missed, solve again, until it is met.

    problem   its place, velocity and mass are replaced by those of `start` (GCRF), in the true
              equator and equinox of its date (about the Moon, in its equator of date); its start
              is fixed there. The goal is judged by the
              osculating elements at the last cut-off, in the axes of that date
    tolerance of every condition of the goal
    near      a like solution to start from

    Raises what `solve` and the propagation raise; SolverError where the rounds do not close.
    """
    about = centre_named(start.frame.centre)
    axes = about.equator_from_gcrf(world, start.epoch).matrix
    r, v = axes @ start.r_m, axes @ start.v_m_s
    mu = problem.mu_m3_s2
    problem = replace(problem, r_m=r, v_m_s=v, mass_kg=start.mass_kg, anomaly_free=False)
    momentum = np.cross(r, v)
    i0 = float(np.arctan2(np.hypot(momentum[0], momentum[1]), momentum[2]))
    solution = near
    misses: list[float] = []
    offset: Array | None = None
    for number in range(_ROUNDS):
        stop_if_cancelled(watch)
        if offset is not None:
            problem = replace(problem, offset=tuple(float(x) for x in offset))
        solution = solve(problem, watch, solution)
        made = plan(solution, start.epoch, name, axes.T)
        flown = fly(made, start, problem.engine, dynamics, world, watch)
        there = about.equator_from_gcrf(world, flown.end.epoch).matrix
        lack = miss(problem.goal, there @ flown.end.r_m, there @ flown.end.v_m_s, mu, i0)
        misses.append(float(np.abs(lack).max()))
        watch.tell("transfer", None, f"round {number + 1}: the goal is missed by {misses[-1]:.1e}")
        if misses[-1] <= tolerance:
            return Aimed(solution, made, flown, tuple(misses))
        offset = lack if offset is None else offset + lack
    raise SolverError(
        f"the transfer flown in full dynamics misses its goal by {misses[-1]:.1e} after"
        f" {_ROUNDS} corrections ({', '.join(f'{m:.1e}' for m in misses)}): allow a larger"
        " tolerance, or a shorter transfer"
    )
