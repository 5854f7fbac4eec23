"""A launch into a way to the Moon by the Sun's pull.

As for a direct way the ascent is asked for an energy and a direction of the apogee. The way is
searched for once; when the ascent's own instant, perigee and plane are known, it is led from there.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cosmodrome import site
from cosmodrome.dynamics import Drag
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.flight.loopward import Passed
from cosmodrome.mission import Quantity, ToMoon
from cosmodrome.transfer.translunar import (
    LowEnergyProblem,
    LunarOrbit,
    led_from,
    low_energy_ways,
    perigee_behind,
    way_dynamics,
)
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission
    from cosmodrome.transfer.translunar import LowEnergyWay
    from cosmodrome.world.epoch import Epoch

__all__ = ["by_the_sun"]

# the perigee of the search; the rounds know the ascent's own
_PERIGEE_M = body("earth").radius_m + 200e3
# lift-off to injection, s
_CLIMB_S = 2_400.0
_HALF_DAY_S = 43_200.0
_WANTED, _ROUNDS = 2, 4
# the aim is kept where it changes by less: a metre a second of a correction, and C3 as little
_AIM_RAD, _AIM_C3 = math.radians(0.05), 0.005e6

P = TypeVar("P", bound=Passed)


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
        try:
            passed = fly(aimed, run, passed)
        except (InfeasibleError, SolverError):
            # the other of the two places on the parking orbit may be the one in reach
            aimed = replace(aimed, target=replace(aimed.target, going=None))
            passed = fly(aimed, run, passed)
        left = perigee_behind(passed.released(mission.spacecraft.id), dynamics, run.world)
        with run.stage("translunar", "leading the way from the ascent's perigee"):
            again = led_from(best, left, problem.orbit, dynamics, run.world)
        settled, best = _alike(best, again), again
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
    north = math.cos(one.argp_rad + math.pi) > 0.0
    target = replace(
        mission.target,
        c3_m2_s2=Quantity(one.c3_m2_s2, 0.05e6),
        declination_rad=Quantity(one.apogee_dec_rad, math.radians(0.5)),
        right_ascension_rad=Quantity(one.apogee_ra_rad, math.radians(0.5)),
        going="northbound" if north else "southbound",
    )
    hint = one.hint
    node, argp, speed = (float(c) for c in hint.x)
    knows = replace(step, aimed=(hint.arrival, node, argp, speed))
    plan = tuple(knows if s is step else s for s in mission.plan)
    return replace(mission, target=target, plan=plan)


def _alike(one: LowEnergyWay, other: LowEnergyWay) -> bool:
    """Would an ascent aimed at one do for the other?"""
    a, b = (
        np.array(
            [
                math.cos(w.apogee_dec_rad) * math.cos(w.apogee_ra_rad),
                math.cos(w.apogee_dec_rad) * math.sin(w.apogee_ra_rad),
                math.sin(w.apogee_dec_rad),
            ]
        )
        for w in (one, other)
    )
    turned = float(np.linalg.norm(a - b))
    return turned < _AIM_RAD and abs(one.c3_m2_s2 - other.c3_m2_s2) < _AIM_C3
