"""The finite-burn optimum: burns and coasts along the true longitude, by collocation.

State: the elements p, f, g, h, k, L, the mass in first masses and the time. Along L a coast has
constant elements, or slowly changing ones under J2, and no phase of the motion has to be guessed;
the time is an integral beside them. Started from the best impulses, cold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths import NUMPY
from cosmodrome.powered.collocation import Course, Optimum, Stretch, Track, optimum
from cosmodrome.powered.phases import uniform
from cosmodrome.transfer.equinoctial import (
    axes,
    j2_acceleration,
    rates,
    state_from_equinoctial,
)
from cosmodrome.transfer.goals import FLIP, conditions
from cosmodrome.transfer.guess import burn_arc, cuts, kicks, tracked
from cosmodrome.transfer.impulses import best_impulses
from cosmodrome.transfer.model import Model, finish, model_of
from cosmodrome.transfer.nouns import Burning, TransferSolution
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops
    from cosmodrome.transfer.guess import Kick, Sizes
    from cosmodrome.transfer.impulses import Impulses
    from cosmodrome.transfer.nouns import TransferProblem
    from cosmodrome.watch import Watch

    Array = NDArray[np.float64]

__all__ = ["solve"]

_TURN = 2.0 * math.pi
_TOLERANCE = 1e-8
_SHORTEST = 1e-4
_SAMPLES = 241
# arcs swept in one interval, radians, and nodes in it
_BURN_STEP, _BURN_POINTS = 0.35, 5
_COAST_STEP, _COAST_POINTS = 0.9, 7
_ITERATIONS = 150
# a burn lasts no more of a revolution
_LONGEST_TURN = 0.75


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A way to come from impulses to burns.

    seed      of the impulses' search
    arc       a seed whose arcs are longer is first solved with more thrust
    upward    and one whose arcs are shorter with less: a burn that is nearly an impulse is stiff
    barrier   IPOPT's for the first solve
    """

    seed: int
    arc: float
    upward: bool
    barrier: dict[str, Any]


_WARM: dict[str, Any] = {"mu_strategy": "monotone", "mu_init": 1e-3}
_ATTEMPTS = (
    _Attempt(1, 1.2, False, _WARM),
    _Attempt(1, 0.4, True, {}),
    _Attempt(2, 0.7, True, _WARM),
)


# the statement ---------------------------------------------------------------------------


def _flight(
    model: Model, sizes: Sizes, burning: bool
) -> Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]]:
    """Rates along the longitude of a burn or a coast."""

    def formula(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
        a = (0.0, 0.0, 0.0)
        if model.strength != 0.0:
            a = j2_acceleration(ops, x, model.strength)
        if burning:
            push = sizes.acceleration / x[6]
            a = (a[0] + push * u[0], a[1] + push * u[1], a[2] + push * u[2])
        *slow, turn = rates(ops, x, a)
        flow = -sizes.flow if burning else 0.0
        one = x[5] * 0.0 + 1.0
        return [*(s / turn for s in slow), one, flow * one / turn, one / (sizes.clock * turn)]

    return formula


def _kept(
    model: Model, burning: bool
) -> tuple[
    Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]], tuple[tuple[float, float], ...]
]:
    """Limits at nodes: radius, and the length of the direction."""

    def formula(ops: Ops, x: Sequence[Any], u: Sequence[Any]) -> Sequence[Any]:
        p, f, g, longitude = x[0], x[1], x[2], x[5]
        w = 1.0 + f * ops.cos(longitude) + g * ops.sin(longitude)
        out = [p / model.lowest - w, w - p / model.highest]
        if burning:
            out.append(u[0] * u[0] + u[1] * u[1] + u[2] * u[2])
        return out

    limits = [(-1e-6, 1e19)] * 2
    return formula, (*limits, (1.0, 1.0)) if burning else tuple(limits)


def _stretches(model: Model, sizes: Sizes, plan: list[Kick], first: float) -> tuple[Stretch, ...]:
    out = []
    mass, longitude = 1.0, first
    for j, kick in enumerate(plan):
        _, arc = burn_arc(kick, sizes, mass)
        mass *= math.exp(-kick.size * sizes.flow / sizes.acceleration)
        gap = max(kick.longitude - 0.5 * arc - longitude, 0.0)
        longitude = kick.longitude + 0.5 * arc
        path, limits = _kept(model, False)
        fixed = j == 0 and not model.problem.anomaly_free
        most = gap + math.pi if j or fixed else _TURN
        out.append(
            Stretch(
                _flight(model, sizes, False), (0.0, most), (), path, limits,
                mesh=uniform(max(2, math.ceil(gap / _COAST_STEP))), points=_COAST_POINTS,
            )
        )  # fmt: skip
        path, limits = _kept(model, True)
        out.append(
            Stretch(
                _flight(model, sizes, True), (_SHORTEST, max(_TURN, 2.0 * arc)),
                ((-1.1, 1.1),) * 3, path, limits,
                mesh=uniform(max(3, math.ceil(arc / _BURN_STEP))), points=_BURN_POINTS,
            )
        )  # fmt: skip
    return tuple(out)


def _course(model: Model, stretches: tuple[Stretch, ...], first: float) -> Course:
    problem = model.problem
    longest = 1e6
    if problem.longest_s is not None:
        longest = problem.longest_s / model.clock_s
    second = problem.second_kg / problem.mass_kg * model.clock_s
    huge = 1e6
    state = (
        (1e-3, huge), (-20.0, 20.0), (-20.0, 20.0), (-50.0, 50.0), (-50.0, 50.0),
        (-huge, huge), (1e-3, 1.0), (0.0, longest),
    )  # fmt: skip
    start = (*(float(x) for x in model.start[:5]), first, 1.0, 0.0)
    cost = (0.0,) * 6 + (-1.0, second)
    ends = conditions(model.goal, model.unit_m, problem.offset)
    return Course(stretches, start, state, ends, cost)


# solving ---------------------------------------------------------------------------------


def _regridded(track: Track, stretch: Stretch) -> Track:
    """A track on another stretch's mesh."""
    return Track(stretch, track.duration, *track.sample(stretch.node_fractions))


def _solved(
    model: Model, plan: list[Kick], first: float, attempt: _Attempt, watch: Watch
) -> tuple[Optimum, int]:
    """The optimum from a seed: at once, or by way of thrusts at which its arcs are short."""
    arcs = [burn_arc(kick, model.sizes, 1.0)[1] for kick in plan]
    factors = [1.0]
    way = max(arcs) / attempt.arc
    if way > 1.0 or (attempt.upward and way < 1.0):
        n = math.ceil(abs(math.log(way, 1.8 if way > 1.0 else 4.0)))
        factors = list(np.geomspace(way, 1.0, n + 1))
    last: Optimum | None = None
    iterations = 0
    for factor in factors:
        stop_if_cancelled(watch)
        sizes = model.sizes.stronger(factor)
        stretches = _stretches(model, sizes, plan, first)
        course = _course(model, stretches, first)
        options: dict[str, Any] = {"max_iter": _ITERATIONS}
        if last is None:
            guess = tracked(stretches, plan, sizes, first)
            options |= attempt.barrier
        else:
            guess = [_regridded(t, s) for t, s in zip(last.tracks, stretches, strict=True)]
            options |= {"mu_strategy": "monotone", "mu_init": 1e-3}
        found = optimum(course, guess, _TOLERANCE if factor == 1.0 else None, **options)
        iterations += found.iterations
        if not found.solved:
            if factor != 1.0 or len(factors) == 1:
                last = None if not found.solved else found
            if factor == 1.0:
                return found, iterations
            continue
        last = found
    assert last is not None
    return last, iterations


def _again(model: Model, near: TransferSolution) -> Optimum:
    """From the solution of a like problem."""
    stretches = []
    for j, track in enumerate(near.tracks):
        burning = j % 2 == 1
        path, limits = _kept(model, burning)
        stretches.append(
            replace(
                track.stretch,
                rates=_flight(model, model.sizes, burning),
                path=path,
                path_limits=limits,
            )
        )
    guess = [Track(s, t.duration, t.x, t.u) for s, t in zip(stretches, near.tracks, strict=True)]
    first = float(model.start[5])
    if model.problem.anomaly_free:
        first = float(near.tracks[0].x[0, 5])
    else:
        first += _TURN * round((float(near.tracks[0].x[0, 5]) - first) / _TURN)
    course = _course(model, tuple(stretches), first)
    return optimum(course, guess, _TOLERANCE, max_iter=80, mu_strategy="monotone", mu_init=1e-6)


def solve(
    problem: TransferProblem, watch: Watch = SILENT, near: TransferSolution | None = None
) -> TransferSolution:
    """The transfer of least propellant (and time, where it has a price), from no guess.

    Seeds are the best one to three impulses (Hohmann, bi-elliptic and split plane changes among
    them), cut into `problem.burns` burns at successive passages; the refined mesh keeps local
    errors of 1e-8 of the units of the elements.

    near   the solution of a like problem, with as many burns: started from first

    Raises InfeasibleError where orbit and limits contradict each other, or the propellant is too
    little, saying by how much; SolverError where no transfer was found within the budget.
    """
    watch.begin("transfer", f"transfer by {problem.burns} burns")
    model = model_of(problem)
    found: Optimum | None = None
    iterations, impulsive = 0, math.nan
    if near is not None and len(near.tracks) == 2 * problem.burns:
        found, impulsive = _again(model, near), near.impulsive_m_s
        iterations = found.iterations
    if found is None or not found.solved:
        found, impulsive, used = _cold(model, watch)
        iterations += used
    if not found.solved:
        raise SolverError(
            f"no transfer by {problem.burns} burns was found from {impulsive:.0f} m/s by impulses"
            f" and {problem.engine.thrust_n:.3g} N on {problem.mass_kg:.0f} kg"
            f" ({found.status}): allow more burns, or more time"
        )
    answer = _told(model, found, impulsive, iterations)
    if problem.propellant_kg is not None and answer.propellant_kg > problem.propellant_kg:
        short = answer.propellant_kg - problem.propellant_kg
        raise InfeasibleError(
            f"the transfer takes {answer.propellant_kg:.1f} kg ({answer.delta_v_m_s:.0f} m/s) and"
            f" there are {problem.propellant_kg:.1f} kg: {short:.1f} kg are short; load more, or"
            " ask for a nearer orbit"
        )
    watch.end("transfer", f"{answer.propellant_kg:.1f} kg, {answer.delta_v_m_s:.0f} m/s")
    return answer


def _cold(model: Model, watch: Watch) -> tuple[Optimum, float, int]:
    """The best optimum from impulses, what these cost in m/s, iterations.

    Where none is found at once, from more thrust down, and then from other impulses.
    """
    free, start = model.problem.anomaly_free, float(model.start[5])
    best: Optimum | None = None
    iterations, impulsive = 0, math.nan
    refused: InfeasibleError | None = None
    for attempt in _ATTEMPTS:
        found, cost = _seed(model, attempt.seed)
        impulsive = cost if math.isnan(impulsive) else min(cost, impulsive)
        watch.tell("transfer", None, f"{cost:.0f} m/s by impulses")
        for counts in cuts(found, model.problem.burns):
            stop_if_cancelled(watch)
            plan = kicks(found, counts, None if free else start)
            try:
                _refuse_spirals(model, plan)
            except InfeasibleError as e:
                refused = refused or e
                continue
            first = plan[0].longitude - math.pi if free else start
            answer, used = _solved(model, plan, first, attempt, watch)
            iterations += used
            better = best is None or (answer.solved, -answer.cost) > (best.solved, -best.cost)
            best = answer if better else best
        if best is None:
            assert refused is not None
            raise refused
        if best.solved:
            break
    assert best is not None
    return best, impulsive, iterations


def _refuse_spirals(model: Model, plan: list[Kick]) -> None:
    """A burn that lasts nearly as long as its orbits go round is no burn at a place."""
    worst, lasts, mass = 0.0, 0.0, 1.0
    for kick in plan:
        duration, _ = burn_arc(kick, model.sizes, mass)
        mass *= math.exp(-kick.size * model.sizes.flow / model.sizes.acceleration)
        period = 0.0
        for orbit in (kick.before, kick.after):
            e2 = float(orbit[1] ** 2 + orbit[2] ** 2)
            turn = _TURN * (float(orbit[0]) / (1.0 - e2)) ** 1.5 if e2 < 1.0 else math.inf
            period = max(period, turn)
        if duration / period > worst:
            worst, lasts = duration / period, duration
    if worst > _LONGEST_TURN:
        engine = model.problem.engine
        raise InfeasibleError(
            f"{engine.thrust_n:.3g} N on {model.problem.mass_kg:.0f} kg would burn for"
            f" {lasts * model.time_s / 3600.0:.1f} h, {worst:.2f} revolutions, in one of"
            f" {len(plan)} burns, and a burn at one place of an orbit lasts less than"
            f" {_LONGEST_TURN:g}: allow about {math.ceil(len(plan) * worst / 0.4)} burns, raise"
            " the thrust, or ask for a low-thrust transfer"
        )


def _seed(model: Model, seed: int) -> tuple[Impulses, float]:
    problem = model.problem
    goal = model.goal
    there = finish(goal, model.start, model.unit_m)
    found = best_impulses(
        model.start, there, conditions(goal, model.unit_m), problem.burns,
        model.lowest, model.highest, seed,
    )  # fmt: skip
    if found is None:
        raise InfeasibleError(
            f"{problem.burns} burn(s) cannot lead from the first orbit to the wanted one between"
            f" {model.lowest * model.unit_m / 1e3:.0f} and"
            f" {model.highest * model.unit_m / 1e3:.0f} km from the centre: two orbits that do"
            " not meet need two burns or more; allow another, or widen the limits"
        )
    return found, found.total * model.speed_m_s


# the answer ------------------------------------------------------------------------------


def _told(model: Model, best: Optimum, impulsive: float, iterations: int) -> TransferSolution:
    problem = model.problem
    engine = problem.engine
    turn = FLIP if model.flip else np.eye(3)
    second = model.clock_s

    def state(x: Array) -> Array:
        row = np.array([x[0] * model.unit_m, *x[1:6]])
        r, v = state_from_equinoctial(row, problem.mu_m3_s2)
        return np.concatenate([turn @ r, turn @ v])

    burns = []
    for track in best.tracks[1::2]:
        x, u = track.sample(np.linspace(0.0, 1.0, _SAMPLES))
        radial, across, normal = axes(NUMPY, x[:, 3], x[:, 4], x[:, 5])
        basis = np.stack([np.stack(b, axis=-1) for b in (radial, across, normal)], axis=1)
        directions = np.einsum("nbc,nb->nc", basis, u) @ turn.T
        directions /= np.linalg.norm(directions, axis=1)[:, None]
        masses = track.x[[0, -1], 6] * problem.mass_kg
        burns.append(
            Burning(
                float(track.x[0, 7] * second),
                float(track.x[-1, 7] * second),
                x[:, 7] * second,
                directions,
                float(masses[0]),
                state(track.x[0]),
                state(track.x[-1]),
                float(masses[0] - masses[1]),
                engine.delta_v_m_s(masses[0], masses[0] - masses[1]),
            )
        )
    last = best.tracks[-1].x[-1]
    mass = float(last[6] * problem.mass_kg)
    return TransferSolution(
        problem,
        tuple(burns),
        float(last[7] * second),
        problem.mass_kg - mass,
        engine.delta_v_m_s(problem.mass_kg, problem.mass_kg - mass),
        impulsive,
        state(last),
        mass,
        {"mesh": best.error},
        {"iterations": float(iterations), "meshes": float(best.meshes)},
        best.tracks,
    )
