"""An optimum solved again where it leaves its corridor, or drops something where it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosmodrome.ascent import falls
from cosmodrome.ascent.coarse import arrives, attempt, empty_in_words, short_in_words
from cosmodrome.ascent.corridor import keeps, nearest
from cosmodrome.ascent.programme import FINE_ITERATIONS, WARM, WIDE, WIDE_ITERATIONS
from cosmodrome.errors import InfeasibleError, SolverError

if TYPE_CHECKING:
    from cosmodrome.ascent.corridor import Course
    from cosmodrome.ascent.programme import Optimum, Programme, Task

__all__ = ["inside", "placed"]

# flights to the ground until zones are met; how finely a far one is approached
_FALL_ROUNDS, _SHORT_STEP, _SHORTEST_STEP = 12, 0.25, 0.1
# IPOPT from a flight that falls elsewhere
_FAR: dict[str, Any] = {"mu_strategy": "adaptive", "mu_max": 1e-2}


def inside(problem: Programme, best: Optimum, task: Task, options: tuple[Course, ...]) -> Optimum:
    """The optimum inside a corridor: `best` itself, or solved again with the nearest ends kept."""
    if problem.held is not None or keeps(problem, best.flight, options):
        return best
    problem.held = nearest(problem, best.flight, options)
    again = problem.run(best.sequence, best.flight, task, FINE_ITERATIONS, **WIDE)
    if not again.solved:
        again = attempt(problem, best.sequence, best.flight, task)
    corridor = problem.held.words(problem.mission.site)
    if not again.solved:
        raise SolverError(
            f"the ascent did not converge ({again.result.status}) inside the corridor {corridor},"
            " which it leaves of itself; nothing is proven: limits: {corridor: none} flies it"
            " without"
        )
    if not arrives(again):
        raise InfeasibleError(
            f"{problem.vehicle.name} cannot reach this orbit inside the corridor {corridor}: with"
            f" {empty_in_words(problem)} its best flight ends {short_in_words(problem, again)}"
        )
    return again


def placed(problem: Programme, best: Optimum, task: Task) -> Optimum:
    """The optimum with everything dropped where it may fall: `best` itself where it is so.

    Solved again and flown to the ground in turns, until the programme's impacts are the flown ones.
    Raises InfeasibleError where the orbit is not met so, SolverError where nothing converges.
    """
    if not falls.asked(problem):
        return best
    found: dict[str, falls.Fallen] | None = None
    for _ in range(_FALL_ROUNDS):
        found = falls.fallen(problem, best.flight, found)
        if falls.settled(problem, found):
            return best
        best = _moved(problem, best, task, falls.falls_for(problem, found), found)
    raise SolverError(
        f"where {falls.in_words(problem.falls)} did not settle within {_FALL_ROUNDS} flights to the"
        " ground; nothing is proven: widen the zones or the ranges"
    )


def _moved(
    problem: Programme,
    best: Optimum,
    task: Task,
    wanted: tuple[falls.Fall, ...],
    found: dict[str, falls.Fallen],
) -> Optimum:
    """Solved with other falls, from `best`: at once, or in steps that double while they succeed."""
    # what hardly moves is nearly the answer
    near = falls.near(wanted, found)
    part, step = 0.0, 1.0
    while part < 1.0:
        step = min(step, 1.0 - part)
        problem.falls = tuple(f.eased(found[f.body].direction, 1.0 - part - step) for f in wanted)
        again = problem.run(
            best.sequence, best.flight, task, FINE_ITERATIONS, **(WARM if near else _FAR)
        )
        if not again.solved and (near or step <= _SHORT_STEP):
            again = problem.again(again, best.flight, task, WIDE_ITERATIONS, **WIDE)
        if again.solved:
            best, part, step = again, part + step, 2.0 * step
            continue
        step *= 0.5
        if step < _SHORTEST_STEP:
            raise SolverError(
                f"the ascent did not converge ({again.result.status}) with"
                f" {falls.in_words(wanted)}, from one where {falls.off_in_words(wanted, found)};"
                " nothing is proven: ask for a zone or a range nearer to where it falls of itself"
            )
    if not arrives(best):
        raise InfeasibleError(
            f"{problem.vehicle.name} cannot reach this orbit with {falls.in_words(wanted)}: with"
            f" {empty_in_words(problem)} its best flight ends {short_in_words(problem, best)}, from"
            f" one where {falls.off_in_words(wanted, found)}"
        )
    return best
