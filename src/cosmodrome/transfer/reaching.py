"""A transfer of a plan: the optimum found, aimed in full dynamics, flown as a leg."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.thrusting import steered
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission.steps import OF_THE_MOON
from cosmodrome.record.nouns import Solve
from cosmodrome.transfer.aim import aimed
from cosmodrome.transfer.burn import about_the_earth, engine_of
from cosmodrome.transfer.conditions import Frame, misses
from cosmodrome.transfer.finite import solve
from cosmodrome.transfer.flying import execute, handed_on, thrusts
from cosmodrome.transfer.nouns import Goal, TransferProblem, TransferSolution
from cosmodrome.transfer.raising import RaisingProblem
from cosmodrome.transfer.spiral import fly_raising, raising_leg, sunlight
from cosmodrome.watch import SILENT
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, Condition, CraftEngine, Transfer
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["goal_of", "in_time", "reach"]

_RE = EARTH_EQUATORIAL_RADIUS_M
# part of the duration with the least propellant down to which a transfer is hurried
_HURRIED = 0.8
# a limit is kept this far inside, so that the last digits of a solve do not cross it
_INSIDE = 1.0 - 1e-6


def goal_of(conditions: Sequence[Condition], mu: float, radius_m: float = _RE) -> Goal:
    """The orbit that conditions describe, as elements; what they leave open is free.

    radius_m  above which heights of apsides are counted

    Raises InfeasibleError where one of perigee and apogee stands alone: with nothing else it
    fixes neither a nor e, and the optimum has no use for it.
    """
    wanted = {OF_THE_MOON.get(c.quantity, c.quantity): c.value for c in conditions}
    a, e = wanted.get("semi_major_axis"), wanted.get("eccentricity")
    if "period" in wanted:
        a = (mu * (wanted["period"] / (2.0 * math.pi)) ** 2) ** (1.0 / 3.0)
    low, high = (radius_m + wanted[k] if k in wanted else None for k in ("perigee", "apogee"))
    if low is not None and high is not None:
        a, e = 0.5 * (low + high), (high - low) / (high + low)
    elif low is not None or high is not None:
        apsis, sign = (low, 1.0) if low is not None else (high, -1.0)
        assert apsis is not None
        if a is not None:
            e = sign * (1.0 - apsis / a)
        elif e is not None:
            a = apsis / (1.0 - sign * e)
        else:
            raise InfeasibleError(
                "a transfer to a perigee or an apogee alone leaves the size of the orbit open;"
                " write both, or semi_major_axis, period or eccentricity beside it"
            )
    return Goal(
        a_m=a,
        e=e,
        i_rad=wanted.get("inclination"),
        raan_rad=wanted.get("raan"),
        argp_rad=wanted.get("argument_of_perigee"),
    )


def reach(
    given: Handover,
    step: Transfer,
    mission: AnyMission,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
) -> Leg:
    """Plan the transfer from the state that is handed over, and fly it in full dynamics.

    Raises InfeasibleError where the propellant does not suffice, SolverError where no answer was
    found, and what the propagation raises.
    """
    craft, start = mission.spacecraft, given.state
    engine = engine_of(craft)
    zero = lift_off or start.epoch
    centre = start.frame.centre
    Frame(start.epoch, world, centre).refuse(step.conditions)
    if step.low_thrust:
        about_the_earth(step.name, "low thrust", start)
    dynamics = Dynamics.of(mission.physics, craft, mission.space_weather, centre=centre)
    task = _Task(start, step, engine, craft.id, dynamics, world, watch, zero)
    leg = _raised(task) if step.low_thrust else _burnt(task)
    held = given.propellant_kg.get(craft.id, 0.0)
    burnt = start.mass_kg - leg.end.mass_kg
    _suffices(step, engine, start.mass_kg, burnt, held)
    leg = handed_on(leg, given, craft.id, zero)
    frame = Frame(leg.end.epoch, world, centre)
    off = {c.quantity: x for c, x in misses(step.conditions, leg.end, frame)}
    return replace(
        leg,
        solve=replace(leg.solve, residuals={**leg.solve.residuals, **off}),
        steps=(step,),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """A transfer to be planned from a state, and flown."""

    start: State
    step: Transfer
    engine: CraftEngine
    name: str
    dynamics: Dynamics
    world: World
    watch: Watch
    zero: Epoch

    @property
    def field(self) -> GravityField:
        """What the optimum's own model knows of gravity: the central term and J2."""
        return self.world.gravity(self.start.frame.centre, degree=2)

    @property
    def goal(self) -> Goal:
        radius = centre_named(self.start.frame.centre).radius_m
        return goal_of(self.step.conditions, self.field.mu_m3_s2, radius)

    @property
    def axes(self) -> Array:
        """(3, 3) from GCRF: those of elements, at the start."""
        about = centre_named(self.start.frame.centre)
        return np.asarray(about.equator_from_gcrf(self.world, self.start.epoch).matrix)


def _suffices(step: Transfer, engine: CraftEngine, mass: float, burnt: float, held: float) -> None:
    if burnt <= held:
        return
    wanted, able = (engine.delta_v_m_s(mass, kg) for kg in (burnt, held))
    raise InfeasibleError(
        f"{step.name!r} takes {burnt:.1f} kg ({wanted:.1f} m/s) by the best answer found, and"
        f" {held:.1f} kg are left, good for {able:.1f} m/s: {burnt - held:.1f} kg or"
        f" {wanted - able:.1f} m/s are short. Load more, or ask for less"
    )


def _burnt(x: _Task) -> Leg:
    """By burns at full thrust: the optimum with J2, aimed in full dynamics."""
    problem = TransferProblem(
        x.field.mu_m3_s2,
        x.start.r_m,
        x.start.v_m_s,
        x.start.mass_kg,
        x.engine,
        x.goal,
        burns=x.step.burns,
        anomaly_free=False,
        j2=x.field.zonal_j(2),
        radius_m=x.field.radius_m,
    )
    near = None
    if x.step.within_s is not None:
        axes = x.axes
        problem = replace(problem, r_m=axes @ x.start.r_m, v_m_s=axes @ x.start.v_m_s)
        near = in_time(problem, x.step.within_s, x.watch)
        problem = near.problem
    found = aimed(problem, x.start, x.name, x.dynamics, x.world, watch=x.watch, near=near)
    leg = execute(
        found.plan, x.start, x.engine, x.dynamics, x.world, x.watch, lift_off=x.zero, parent=""
    )
    solution = found.solution
    return replace(
        leg,
        path=steered(leg.path, thrusts(found.plan, x.engine)),
        solve=Solve(
            f"{len(solution.burns)} burns by collocation over the longitude (J2), aimed"
            f" {len(found.misses)} times; {leg.solve.method}",
            "flown",
            solution.residuals,
            {
                **leg.solve.budget,
                **solution.budget,
                "impulsive_m_s": solution.impulsive_m_s,
            },
        ),
    )


def in_time(problem: TransferProblem, within_s: float, watch: Watch = SILENT) -> TransferSolution:
    """The least propellant of at most `problem.burns` burns that arrive within so long.

    Fewer burns go round less often. Those that would take longer of themselves are solved again
    with the limit, down to four fifths of the time that is cheapest for them.

    Raises InfeasibleError with the shortest of those times where it is none of them, and what
    `solve` raises where no number of burns has an answer.
    """
    best: TransferSolution | None = None
    soonest_s, refused = math.inf, None
    for burns in range(problem.burns, 0, -1):
        fewer = replace(problem, burns=burns, longest_s=None)
        try:
            found = solve(fewer, watch)
            soonest_s = min(soonest_s, found.duration_s)
            if found.duration_s > within_s:
                if within_s < _HURRIED * found.duration_s:
                    continue
                found = solve(replace(fewer, longest_s=within_s * _INSIDE), watch)
        except (InfeasibleError, SolverError) as e:
            refused = refused or e
            continue
        if best is None or found.propellant_kg < best.propellant_kg:
            best = found
    if best is not None:
        return best
    if refused is not None and math.isinf(soonest_s):
        raise refused
    raise InfeasibleError(
        f"a transfer within {within_s / 3600.0:.2f} h was asked; by up to {problem.burns} burns the"
        f" shortest of those with the least propellant takes {soonest_s / 3600.0:.2f} h, and is"
        f" hurried down to {_HURRIED * soonest_s / 3600.0:.2f} h: write within:"
        f" {math.ceil(_HURRIED * soonest_s / 360.0) / 10.0:g} h or more, or a stronger engine"
    )


def _raised(x: _Task) -> Leg:
    """By low thrust: the averaged optimum, flown and planned again on the way."""
    axes = x.axes
    problem = RaisingProblem(
        x.field.mu_m3_s2,
        axes @ x.start.r_m,
        axes @ x.start.v_m_s,
        x.start.mass_kg,
        x.engine,
        x.goal,
        j2=x.field.zonal_j(2),
        radius_m=x.field.radius_m,
        sunlight=sunlight(x.start.epoch, x.world, axes) if x.step.eclipses else None,
    )
    spiral = fly_raising(problem, x.start, x.name, x.dynamics, x.world, watch=x.watch)
    leg = raising_leg(
        spiral, x.start, x.name, x.world, parent="", lift_off=x.zero, label=x.step.name
    )
    return replace(leg, audit=spiral.last.flown.audit)
