"""The ascent that releases a given payload soonest, over the ways the orbit may be met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosmodrome.ascent.coarse import attempt
from cosmodrome.ascent.guess import guess, ways_of
from cosmodrome.ascent.programme import fixed, soon
from cosmodrome.errors import CosmodromeError
from cosmodrome.watch import Watch, stop_if_cancelled

if TYPE_CHECKING:
    from cosmodrome.ascent.programme import Optimum, Programme
    from cosmodrome.ascent.shape import Way

__all__ = ["soonest"]

_ITERATIONS = 100
# from an ascent that keeps most propellant, which is not near the soonest
_ONWARD: dict[str, Any] = {"mu_strategy": "monotone", "mu_init": 1e-2}


def soonest(
    problem: Programme, thrifty: Optimum, wanted_kg: float, northbound: bool, watch: Watch
) -> Optimum:
    """The ascent with `wanted_kg` and the least time from lift-off to release.

    thrifty   the one that keeps most propellant; its own way is tried first, then the others,
              and the direct one always: without a coast it is mostly the soonest where it can be
    Never later than `thrifty`, which is returned where nothing sooner converges.
    """
    best = _sped_up(problem, thrifty, wanted_kg) or thrifty
    others: list[Way] = ["direct", *ways_of(problem)]
    for number, way in enumerate(dict.fromkeys(others)):
        if way == thrifty.way:
            continue
        stop_if_cancelled(watch)
        watch.tell("ascent", 0.5 + 0.02 * number, f"the soonest ascent, {way}")
        try:
            found = guess(problem, northbound, way, wanted_kg, 10 * problem.seed + 1)
        except CosmodromeError:
            continue  # this way there is none to begin with
        # the one that keeps most propellant is nearer to a guess than the soonest
        kept = attempt(problem, found.sequence, found.flight, fixed(wanted_kg, found.sequence))
        sped = _sped_up(problem, kept, wanted_kg) if kept.solved else None
        if sped is not None and _time_s(sped) < _time_s(best):
            best = sped
    return best


def _time_s(found: Optimum) -> float:
    return found.flight.arcs[-1].end_s


def _sped_up(problem: Programme, kept: Optimum, wanted_kg: float) -> Optimum | None:
    found = problem.again(
        kept, kept.flight, soon(wanted_kg, kept.sequence, problem.vehicle), _ITERATIONS, **_ONWARD
    )
    return found if found.solved else None
