"""A landing as a plan, and the plan flown: no optimiser takes part in the flight."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.errors import InputError, SolverError
from cosmodrome.landing.ground import facing, globe, me_from_gcrf_many, offsets
from cosmodrome.landing.nouns import Engine, Landing, LandingProblem
from cosmodrome.landing.optimum import solve
from cosmodrome.record.nouns import AttitudeProgramme, Plan, PlanPhase, ThrottleProgramme
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics, Propagation
    from cosmodrome.landing.ground import Site
    from cosmodrome.landing.nouns import Phase
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "Aimed",
    "Drawn",
    "aimed",
    "drawn",
    "engines_of",
    "fly",
    "plan",
    "problem_at",
    "thrusts",
    "written",
]

# terms of a piece of the programmes
_TERMS = 8
# chords of direction and throttle in a flown piece: s at the most, at the least so many
_CHORD_S, _FEWEST = 1.0, 8
# misses that need no further correction
_NEAR_M, _NEAR_M_S = 0.5, 0.02
_MOST = 8
# a stretch no longer than this is none
_NONE_S = 1e-9


def problem_at(
    state: State,
    site: Site,
    engine: Engine,
    phases: Sequence[Phase],
    world: World,
    **limits: object,
) -> LandingProblem:
    """The landing from a state about the Moon (GCRF axes) to a site.

    limits   of `LandingProblem`: coast_s, sink_m_s, propellant_kg, reserve_kg

    Raises FrameMismatchError for a state in another frame.
    """
    r, v = facing(state, world)
    return LandingProblem(
        globe(world, state.epoch), r, v, state.mass_kg, site.place_m, engine, tuple(phases),
        **limits,  # type: ignore[arg-type]
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A stretch of a plan being written: times after the plan's epoch, direction in GCRF axes.

    t_s (n,), u (n, 3), throttle (n,): over the stretch; t_s from its start to its end, evenly
    within each of `pieces`
    """

    name: str
    burning: bool
    t_s: Array
    u: Array
    throttle: Array
    pieces: int = 1


def drawn(landing: Landing, epoch: Epoch, world: World, after_s: float = 0.0) -> list[Drawn]:
    """The stretches of a landing; `epoch` the start of its problem, `after_s` the plan's start."""
    out = []
    for arc in landing.arcs:
        if arc.t_s[-1] - arc.t_s[0] < _NONE_S:
            continue
        turn = me_from_gcrf_many(world, epoch, arc.t_s).matrix
        u = np.einsum("nji,nj->ni", turn, arc.u)
        name = "coast" if arc.phase < 0 else landing.problem.phases[arc.phase].name
        out.append(Drawn(name, arc.phase >= 0, arc.t_s + after_s, u, arc.throttle, arc.pieces))
    return out


def written(
    parts: Sequence[Drawn], epoch: Epoch, name: str, mass_kg: float, targets: dict[str, float]
) -> Plan:
    """What the flight computer carries: times in seconds after `epoch`."""
    phases, breaks, pieces, levels = [], [0.0], [], []
    for part in parts:
        start, end = float(part.t_s[0]), float(part.t_s[-1])
        step = (part.t_s.size - 1) // part.pieces
        for k in range(part.pieces):
            inside = slice(k * step, (k + 1) * step + 1)
            x = np.linspace(-1.0, 1.0, step + 1)
            pieces.append(chebyshev.chebfit(x, part.u[inside], _TERMS - 1))
            levels.append(chebyshev.chebfit(x, part.throttle[inside], _TERMS - 1))
            breaks.append(float(part.t_s[(k + 1) * step]))
        phases.append(PlanPhase(part.name, start, end, (name,) if part.burning else ()))
    return Plan(
        chapter="landing",
        object=name,
        epoch=epoch,
        phases=tuple(phases),
        attitude=AttitudeProgramme("gcrf", tuple(breaks), np.array(pieces)),
        initial_mass_kg=mass_kg,
        launch_axes=np.eye(3),
        targets=targets,
        throttle=ThrottleProgramme(tuple(breaks), np.array(levels)),
    )


def plan(landing: Landing, epoch: Epoch, name: str, world: World) -> Plan:
    """A landing's plan; `epoch` is the start of its problem."""
    told = {"propellant_kg": landing.propellant_kg, "duration_s": landing.touchdown_s}
    return written(drawn(landing, epoch, world), epoch, name, landing.problem.mass_kg, told)


def _at(breaks_s: Sequence[float], coefficients: Array, t_s: Array) -> Array:
    """Values (n, ...) of a programme at seconds after its epoch."""
    breaks = np.asarray(breaks_s)
    k = np.clip(np.searchsorted(breaks, t_s, side="right") - 1, 0, breaks.size - 2)
    x = (2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k])
    basis = chebyshev.chebvander(np.clip(x, -1.0, 1.0), coefficients.shape[1] - 1)
    return np.asarray(np.einsum("nk,nk...->n...", basis, coefficients[k]))


def thrusts(plan: Plan, engines: Sequence[Engine], fewest: int = _FEWEST) -> tuple[Thrust, ...]:
    """The burning phases of a plan as forces; `engines` at full thrust, one for each of them.

    fewest    chords of direction and throttle in a piece of the programmes, at the least
    """
    out = []
    lit = [phase for phase in plan.phases if phase.burning]
    assert plan.throttle is not None
    for phase, engine in zip(lit, engines, strict=True):
        start, end = plan.epoch + phase.start_s, plan.epoch + phase.end_s
        if not end - start > 0.0:
            continue  # epochs are whole nanoseconds
        at = _knots(plan, phase, fewest)
        knots = np.clip(at - phase.start_s, 0.0, end - start)
        knots[-1] = end - start
        # within the phase: at its very ends the programmes may already be the next's
        inside = 1e-9 * (phase.end_s - phase.start_s)
        at = np.clip(at, phase.start_s + inside, phase.end_s - inside)
        u = _at(plan.attitude.breaks_s, plan.attitude.coefficients, at)
        u /= np.linalg.norm(u, axis=1)[:, None]
        level = np.clip(_at(plan.throttle.breaks_s, plan.throttle.coefficients, at), 0.0, 1.0)
        if not np.any(level > 1e-9):
            continue
        out.append(
            Thrust(
                start, end, (engine.thrust_n * level).tolist(), engine.isp_s, u.tolist(),
                knots_s=knots.tolist(),
            )
        )  # fmt: skip
    return tuple(out)


def _knots(plan: Plan, phase: PlanPhase, fewest: int) -> Array:
    """Instants of a phase between which direction and throttle are flown along chords."""
    breaks = np.array(plan.attitude.breaks_s)
    edges = breaks[(breaks > phase.start_s + _NONE_S) & (breaks < phase.end_s - _NONE_S)]
    out = [np.array([phase.start_s])]
    for lo, hi in pairwise([phase.start_s, *edges.tolist(), phase.end_s]):
        n = max(fewest, math.ceil((hi - lo) / _CHORD_S))
        out.append(np.linspace(lo, hi, n + 1)[1:])
    return np.concatenate(out)


def engines_of(landing: Landing) -> tuple[Engine, ...]:
    """The engine of each burning arc: its specific impulse may differ by phase."""
    problem = landing.problem
    return tuple(
        replace(problem.engine, isp_s=problem.isp_s(problem.phases[arc.phase]))
        for arc in landing.arcs
        if arc.phase >= 0 and arc.t_s[-1] - arc.t_s[0] >= _NONE_S
    )


def fly(
    plan: Plan,
    start: State,
    engines: Sequence[Engine],
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    floor_m: float | None = None,
    more_s: float = 0.0,
    fewest: int = _FEWEST,
) -> Propagation:
    """The path from `start`, at the plan's epoch, to its last cut-off and `more_s` after it.

    floor_m   height above 1,737.4 km the path ends at; None: it flies through the ground
    fewest    as in `thrusts`
    """
    if start.epoch != plan.epoch:
        raise InputError(
            f"the landing is planned from {plan.epoch} and the state is of {start.epoch}: plan"
            " again from this state, or propagate it there"
        )
    end = plan.epoch + (plan.phases[-1].end_s + more_s)
    return propagate(
        start, dynamics.with_thrust(*thrusts(plan, engines, fewest)), end, world=world,
        watch=watch, floor_m=floor_m,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Aimed:
    """A landing that ends on its site in the full dynamics.

    landing, plan   with the aim shifted by what the optimised model leaves out
    place_m, speed_m_s   (3,) what the flown plan lacks at its last cut-off: east, north, up
    before_m        distance it missed by before the aim was shifted
    corrections     times the aim was shifted
    """

    landing: Landing
    plan: Plan
    place_m: Array
    speed_m_s: Array
    before_m: float
    corrections: int

    @property
    def miss_m(self) -> float:
        """Length of the miss."""
        return float(np.linalg.norm(self.place_m))

    @property
    def miss_m_s(self) -> float:
        """Size of the velocity's miss."""
        return float(np.linalg.norm(self.speed_m_s))


def aimed(
    problem: LandingProblem,
    start: State,
    site: Site,
    name: str,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
) -> Aimed:
    """Solve, fly the plan in the full dynamics, shift the aim by the miss, until it lands.

    What the model leaves out - the field above degree 2, Earth and Sun, librations - comes to
    hundreds of metres; the shift makes the flown plan, not the model, meet the site.

    Raises what `optimum.solve` raises; SolverError where the shifts do not settle.
    """
    landing = solve(problem, watch)
    before = math.nan
    for k in range(_MOST):
        stop_if_cancelled(watch)
        carried = plan(landing, start.epoch, name, world)
        flown = fly(carried, start, engines_of(landing), dynamics, world)
        place, speed = offsets(flown.end, site, world)
        speed = speed + np.array([0.0, 0.0, problem.sink_m_s])
        miss, slip = float(np.linalg.norm(place)), float(np.linalg.norm(speed))
        before = miss if k == 0 else before
        watch.tell("landing", None, f"flown plan misses by {miss:.2f} m, {slip:.3f} m/s")
        if miss < _NEAR_M and slip < _NEAR_M_S:
            return Aimed(landing, carried, place, speed, before, k)
        off = np.concatenate([place, speed])
        aim = tuple(float(a - d) for a, d in zip(landing.problem.aim, off, strict=True))
        landing = solve(replace(landing.problem, aim=aim), near=landing)
    raise SolverError(
        f"the flown landing still misses by {miss:.1f} m and {slip:.2f} m/s after {_MOST} shifts of"
        " the aim; nothing is proven"
    )
