"""A launch into a way to the Moon by the Sun's pull.

As for a direct way the ascent is asked for an energy and a direction of the apogee. The way is
searched for once; when the ascent's own instant, perigee and plane are known, it is led from there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import site
from cosmodrome.dynamics import Drag
from cosmodrome.errors import InfeasibleError
from cosmodrome.flight.aiming import aimed_at, alike, flown_to
from cosmodrome.transfer.translunar import (
    LowEnergyProblem,
    LunarOrbit,
    led_from,
    low_energy_ways,
    perigee_behind,
    way_dynamics,
)
from cosmodrome.transfer.translunar.nouns import going_of
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.flight.aiming import P
    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission, ToMoon
    from cosmodrome.transfer.translunar import LowEnergyWay
    from cosmodrome.world.epoch import Epoch

__all__ = ["by_the_sun"]

# the perigee of the search; the rounds know the ascent's own
_PERIGEE_M = body("earth").radius_m + 200e3
# lift-off to injection, s
_CLIMB_S = 2_400.0
_HALF_DAY_S = 43_200.0
_WANTED, _ROUNDS = 2, 4


def by_the_sun(
    mission: Mission,
    step: ToMoon,
    about: Epoch,
    run: Run,
    fly: Callable[[Mission, Run, P | None], P],
) -> tuple[Mission, P]:
    """The mission with the energy and direction its ascent aims at, and that ascent flown; its step
    to the Moon knows the arrival that was aimed at.

    about  about when it is launched

    Raises InfeasibleError where no way leaves then, and what `fly` raises.
    """
    dynamics = way_dynamics(mission).without(Drag)
    problem = _problem(mission, step, about)
    with run.stage("translunar", "finding a low-energy way to the Moon"):
        table = low_energy_ways(problem, dynamics, run.world, run.watch)
    if not table.found:
        whys = list(dict.fromkeys(x.why for x in table.lost))[:3]
        raise InfeasibleError(
            f"no low-energy way to the Moon leaves about {about.utc(0)}:"
            f" {'; '.join(whys) or 'no arrival comes from the Earth then'}. Launch on another day,"
            " or widen flights"
        )
    best = table.found[0]
    passed: P | None = None
    for _ in range(_ROUNDS):
        stop_if_cancelled(run.watch)
        aimed = _aimed(mission, step, best)
        aimed, passed = flown_to(aimed, run, fly, passed)
        left = perigee_behind(passed.released(mission.spacecraft.id), dynamics, run.world)
        with run.stage("translunar", "leading the way from the ascent's perigee"):
            again = led_from(best, left, problem.orbit, dynamics, run.world)
        settled, best = alike(best, again), again
        if settled:
            break
    assert passed is not None
    return replace(aimed, plan=_aimed(mission, step, best).plan), passed


def _problem(mission: Mission, step: ToMoon, about: Epoch) -> LowEnergyProblem:
    given = mission.target.inclination_rad
    plane = site.cheapest_inclination(mission.site) if given is None else given.value
    first, last = mission.launch.window or (about + -_HALF_DAY_S, about + _HALF_DAY_S)
    assert step.low_energy_s is not None
    return LowEnergyProblem(
        _PERIGEE_M,
        (plane, plane),
        first + _CLIMB_S,
        last + _CLIMB_S,
        step.low_energy_s,
        LunarOrbit.of(step),
        wanted=_WANTED,
    )


def _aimed(mission: Mission, step: ToMoon, one: LowEnergyWay) -> Mission:
    """With the energy and direction that lead along a way, and the arrival it has."""
    hint = one.hint
    node, argp, speed = (float(c) for c in hint.x)
    knows = replace(step, aimed=(hint.arrival, node, argp, speed))
    plan = tuple(knows if s is step else s for s in mission.plan)
    aimed = aimed_at(mission, one, going_of(one.argp_rad))
    return replace(aimed, plan=plan)
