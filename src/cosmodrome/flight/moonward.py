"""A launch to the Moon: what the ascent aims at follows from when and where it injects.

The ascent delivers onto an ellipse told by its energy and by where its apogee stands; both follow
from the Moon's place at the arrival, and that from the instant of the injection, which the ascent
itself decides. A few rounds agree to the fraction of a degree that the spacecraft corrects.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cosmodrome import site
from cosmodrome.dynamics import Drag
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import CosmodromeError, InfeasibleError, InputError, SolverError
from cosmodrome.flight.loopward import Passed, by_loops
from cosmodrome.flight.sunward import by_the_sun
from cosmodrome.mission import Quantity, ToMoon
from cosmodrome.transfer.translunar import Cell, LunarOrbit, TranslunarProblem, way, way_dynamics
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission
    from cosmodrome.transfer.translunar import Translunar
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

__all__ = ["towards_the_moon"]

_MU = body("earth").mu_m3_s2
# the perigee of the first round; the next know the ascent's own
_PERIGEE_M = body("earth").radius_m + 200e3
# lift-off to injection in the first round
_CLIMB_S = 2_400.0
_DAY_S = 86_400.0
_ROUNDS = 5
# the aim is kept where it changes by less: 1 m/s of a correction
_AIM_RAD, _AIM_C3 = math.radians(0.05), 0.005e6


P = TypeVar("P", bound=Passed)


def towards_the_moon(
    mission: Mission, run: Run, fly: Callable[[Mission, Run, P | None], P]
) -> tuple[Mission, P]:
    """The mission with the energy and direction its ascent aims at, and that ascent flown.

    Raises InfeasibleError where no plane from the pad holds the Moon then, InputError without a
    launch time or window, and what `fly` raises.
    """
    step = next((s for s in mission.plan if isinstance(s, ToMoon)), None)
    about = mission.launch.time or (mission.launch.window or (None,))[0]
    if step is None or about is None:
        raise InputError(
            "a launch to the Moon needs a window and a plan that begins with to-moon; write"
            " launch: {window: 2027-03-01T00:00Z / 2027-03-02T00:00Z}"
        )
    if step.loops:
        return by_loops(mission, step, about, run, fly)
    if step.low_energy_s is not None:
        return by_the_sun(mission, step, about, run, fly)
    if mission.launch.window is not None:
        # the instants of a day are spread over it
        first, last = mission.launch.window
        about = first + min(0.5 * (last - first), 0.5 * _DAY_S)
    given = mission.target.inclination_rad
    low = site.cheapest_inclination(mission.site) if given is None else given.value
    planes = (low, 0.5 * math.pi if given is None else low)
    leaves, perigee, going = about + _CLIMB_S, _PERIGEE_M, ""
    passed: P | None = None
    for _ in range(_ROUNDS):
        stop_if_cancelled(run.watch)
        with run.stage("translunar", "finding the way to the Moon"):
            best = _way(mission, step, leaves, perigee, planes, going, run)
        aimed = _aimed(mission, best)
        try:
            passed = fly(aimed, run, passed)
        except (InfeasibleError, SolverError):
            # the other of the two places on the parking orbit may be the one in reach
            aimed = replace(aimed, target=replace(aimed.target, going=None))
            passed = fly(aimed, run, passed)
        leaves, perigee, planes, going = _left(passed.released(mission.spacecraft.id), run)
        with run.stage("translunar", "finding the way to the Moon"):
            again = _way(mission, step, leaves, perigee, planes, going, run)
        if _alike(best, again):
            break
    assert passed is not None
    return aimed, passed


def _way(
    mission: Mission,
    step: ToMoon,
    leaves: Epoch,
    perigee_m: float,
    planes: tuple[float, float],
    going: str,
    run: Run,
) -> Translunar:
    """The cheapest way from a perigee at an instant."""
    orbit = LunarOrbit.of(step)
    problem = TranslunarProblem(perigee_m, planes, leaves, leaves, orbit)
    # the air of the climb's last minutes moves the aim by less than the spacecraft corrects
    dynamics = way_dynamics(mission).without(Drag)
    passings = (step.passing,) if step.passing is not None else ("north", "south")
    found: list[Translunar] = []
    why: list[str] = []
    for bound in ("northbound", "southbound"):
        if going not in ("", bound):
            continue
        for passing in passings:
            try:
                cell = Cell(leaves, step.flight_s, bound, passing)  # type: ignore[arg-type]
                found.append(way(problem, cell, dynamics, run.world))
            except CosmodromeError as e:
                why.append(str(e))
    if not found:
        raise InfeasibleError(
            f"no way to the Moon leaves at {leaves.utc(0)}: {'; '.join(dict.fromkeys(why))}"
        )
    return min(found, key=lambda one: one.total_m_s)


def _aimed(mission: Mission, one: Translunar) -> Mission:
    """With the energy and direction that lead along a way.

    In no plane where none was asked for: the ascent takes the cheapest that holds the direction.
    """
    target = replace(
        mission.target,
        c3_m2_s2=Quantity(one.c3_m2_s2, 0.05e6),
        declination_rad=Quantity(one.apogee_dec_rad, math.radians(0.5)),
        right_ascension_rad=Quantity(one.apogee_ra_rad, math.radians(0.5)),
        going=one.cell.going,
    )
    return replace(mission, target=target)


def _left(state: State, run: Run) -> tuple[Epoch, float, tuple[float, float], str]:
    """When a flown departure passed its perigee, that radius, its plane, and which way it goes."""
    tod = np.asarray(run.world.orientation.tod_from_gcrf(state.epoch).matrix)
    here = elements_from_state(tod @ state.r_m, tod @ state.v_m_s, _MU)
    f, e = here.true_anomaly_rad, here.e
    if not 0.0 < e < 1.0:
        raise InfeasibleError("the ascent leaves the Earth for good: it was to reach the Moon")
    x = 2.0 * math.atan(math.sqrt((1.0 - e) / (1.0 + e)) * math.tan(0.5 * f))
    since = math.sqrt(here.a_m**3 / _MU) * (x - e * math.sin(x))
    # at the apogee the path goes north where its argument of latitude is in a quarter about 0
    north = math.cos(here.argp_rad + math.pi) > 0.0
    return (
        state.epoch + -since,
        here.a_m * (1.0 - e),
        (here.i_rad, here.i_rad),
        "northbound" if north else "southbound",
    )


def _alike(one: Translunar, other: Translunar) -> bool:
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
