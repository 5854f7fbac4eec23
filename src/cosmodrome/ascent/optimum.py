"""The optimal ascent: guess, coarse solve, refine, warm re-solve; then the payload capability."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent import corridor, falls
from cosmodrome.ascent.coarse import best_of_tries, carrying, goes_north, refuse_miss
from cosmodrome.ascent.keeping import inside, placed
from cosmodrome.ascent.manifest import only_one, priced
from cosmodrome.ascent.onward import found, refuse_restarts
from cosmodrome.ascent.prices import in_seconds, longer_burn, prices
from cosmodrome.ascent.programme import (
    FINE_ITERATIONS,
    WARM,
    WIDE,
    WIDE_ITERATIONS,
    Optimum,
    Programme,
    Task,
    fixed,
    free,
    second_kg,
    soon,
)
from cosmodrome.ascent.shape import Q_ALPHA_PA_RAD
from cosmodrome.ascent.sight import refuse_unseen
from cosmodrome.ascent.soonest import soonest
from cosmodrome.ascent.target import argument_of_latitude, node_angle
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths import NUMPY
from cosmodrome.powered.mesh import HEAT_ROUNDING, refine, regrid
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.catalog.nouns import Site
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.statement import Powered
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

__all__ = ["AscentSolution", "solve"]

_REFINEMENTS = 6
# sum of local errors along the whole ascent, m/s, below which the mesh is fine enough
_MESH_TOLERANCE_M_S = 2e-6
_MESH_SUM_M_S = 5e-5
# an optimum that moves by less than this part of a mass unit has settled, and is fine enough
# with this sum of errors: some centimetres after an hour
_STILL, _STILL_SUM_M_S = 1e-5, 2e-3
# courses tried where no heading lies straight inside, and how much farther off than the nearest
_COURSES, _AS_NEAR = 3, 1.5
# refined meshes until heading and falls stay where they may
_KEEPING_ROUNDS = 3
# local errors that nobody may be told of as an answer, m/s: some metres in an hour
_COARSE_SUM_M_S = 2e-2


@dataclass(frozen=True, slots=True, eq=False)
class AscentSolution:
    """The optimal ascent in the launch frame (z spin axis, x pad meridian at lift-off; inertial).

    flight             arcs with nodes, masses, controls (SI)
    sequence           phases' masses and indices
    bodies             what the air feels, configuration by configuration
    r_m, v_m_s, mass_kg   the optimiser's own state at release
    node_minus_pad_rad mean ascending node of the (first) orbit minus the pad's right ascension at
                       lift-off
    travel_s           lift-off to the (first) release
    payload_kg, capability_kg, margin_kg   separated mass; what could be carried; usable residual;
                       of several spacecraft, of `ascent.manifest.priced`
    way                how the orbit is met (`ascent.climb.Way`)
    multipliers        what margin (or payload, when it is free) gains per unit of a limit, kg;
                       with the objective "time" how much later the release is, s
    budget             iterations and grid sizes spent
    held               the course whose corridor bounds the heading; None: it lies inside of itself
    falls              where dropped bodies are held; (): they fall where they may of themselves
    """

    site: Site
    planet: Planet
    bodies: tuple[Body, ...]
    axes: NDArray[np.float64]
    flight: Powered
    sequence: Sequence
    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    mass_kg: float
    node_minus_pad_rad: float
    travel_s: float
    payload_kg: float
    capability_kg: float
    margin_kg: float
    northbound: bool
    way: str
    residuals: Mapping[str, float]
    multipliers: Mapping[str, float]
    budget: Mapping[str, float]
    held: corridor.Course | None = None
    falls: tuple[falls.Fall, ...] = ()


def _refined(problem: Programme, best: Optimum, task: Task, watch: Watch) -> tuple[Optimum, float]:
    """Split bad intervals and solve again, warm, until the local errors are small.

    Also until the optimum stands still: a throttle that switches inside an interval sharpens on
    every finer mesh and moves nothing else. Where a finer mesh does not converge, the
    last one that did is the answer, with its own error.
    """
    kept, kept_error = best, math.inf
    for round_ in range(_REFINEMENTS):
        stop_if_cancelled(watch)
        bodies = problem.bodies_along(best.sequence.phases)
        phases, error, heat = refine(problem.planet, bodies, best.flight, _MESH_TOLERANCE_M_S)
        moved = abs(best.result.objective - kept.result.objective)
        kept, kept_error = best, error
        fine = error <= _MESH_SUM_M_S
        still = round_ > 0 and moved < _STILL and error <= _STILL_SUM_M_S
        if ((fine or still) and heat <= HEAT_ROUNDING) or phases == best.sequence.phases:
            break
        seq = replace(best.sequence, phases=phases)
        watch.tell(
            "ascent", min(0.65 + 0.05 * round_, 0.95), f"mesh error {error:.1e} m/s: refining"
        )
        start = regrid(best.flight, phases)
        best = problem.run(seq, start, task, FINE_ITERATIONS, **WARM)
        if not best.solved:
            best = problem.again(best, start, task, WIDE_ITERATIONS, **WIDE)
        if not best.solved:
            break
    return kept, kept_error


def _fine(problem: Programme, best: Optimum, task: Task, watch: Watch) -> tuple[Optimum, float]:
    """`_refined`, or SolverError where nothing fine enough to be told of came out of it."""
    best, error = _refined(problem, best, task, watch)
    if not best.solved or error > _COARSE_SUM_M_S:
        raise SolverError(
            "the ascent was found on a coarse mesh and lost on a finer one (local errors of"
            f" {error:.1g} m/s are left); nothing is proven: please report this mission"
        )
    return best, error


def _task(problem: Programme, seq: Sequence) -> Task:
    wanted = priced(problem.mission).mass_kg
    if wanted is None:
        return free(seq)
    return soon(wanted, seq, problem.vehicle) if problem.hurries else fixed(wanted, seq)


def solve(
    mission: Mission,
    insertion: Insertion,
    world: World,
    watch: Watch = SILENT,
    previous: AscentSolution | None = None,
    seed: int = 0,
    onward: tuple[Insertion, ...] = (),
) -> AscentSolution:
    """The optimal ascent of `mission` to `insertion`, and what the vehicle could carry there.

    onward  where spacecraft go on to other orbits after the first release: those, in order

    A fixed payload maximises the last stage's usable residual at release, or with the objective
    "time" is released as soon as can be; `mass: maximum` maximises the payload. No guess is
    needed. `previous`, a solution of the same mission to a slightly different insertion, is
    started from, and its capability is kept for a fixed payload. Deterministic: budgets count
    iterations; `seed` draws other first guesses.

    Raises InfeasibleError saying what is short in kg when the payload is beyond the capability
    or a limit cannot be kept; SolverError when no answer is found within the budget.
    """
    watch.begin("ascent", f"optimal ascent of {mission.vehicle.name}")
    problem = Programme(mission, insertion, world, seed, onward)
    if problem.hurries:
        only_one(mission, "the soonest ascent")
    if problem.stops:
        refuse_restarts(problem)
    if previous is not None:
        problem.held, problem.falls = previous.held, previous.falls
        answer = _answer(problem, previous.northbound, watch, previous)
    else:
        answer = _by_courses(problem, watch)
    watch.end("ascent", f"optimal ascent found, capability {answer.capability_kg:.0f} kg")
    return _solution(problem, answer)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A refined optimum, what could be carried, its mesh error, the course and falls it keeps."""

    best: Optimum
    capability_kg: float
    mesh_m_s: float
    northbound: bool
    held: corridor.Course | None
    falls: tuple[falls.Fall, ...]


def _by_courses(problem: Programme, watch: Watch) -> _Answer:
    """The answer of the course that carries most, or is soonest, of those near the direct heading.

    Where the direct heading lies in a corridor the ascent is looked for without one, and held
    inside only where it leaves it. Where it does not, the ends are kept from the first guess on.
    """
    options = corridor.courses(problem)
    if not options:
        held = len(problem.branches) == 1
        return _answer(problem, problem.branches[0] if held else goes_north(problem), watch)
    if options[0].off_rad <= 0.0:
        return _answer(problem, options[0].northbound, watch)
    answers: list[_Answer] = []
    refused: InfeasibleError | SolverError | None = None
    for course in options[:_COURSES]:
        proven = answers or isinstance(refused, InfeasibleError)
        if proven and course.off_rad > _AS_NEAR * options[0].off_rad:
            break
        problem.held, problem.falls = course, ()
        try:
            answers.append(_answer(problem, course.northbound, watch))
        except (InfeasibleError, SolverError) as e:
            refused = refused or type(e)(f"{e}; {corridor.why_off(problem, course)}")
    if not answers:
        assert refused is not None
        raise refused
    if problem.hurries:
        return min(answers, key=lambda x: x.best.flight.arcs[-1].end_s)
    return max(answers, key=lambda x: x.capability_kg)


def _answer(
    problem: Programme,
    north: bool,
    watch: Watch,
    previous: AscentSolution | None = None,
) -> _Answer:
    """Coarse optimum, capability, wanted payload, refined mesh: on one branch."""
    wanted = priced(problem.mission).mass_kg
    options = corridor.courses(problem)
    best: Optimum | None = None
    capability: float | None = None
    if previous is not None:
        task = _task(problem, previous.sequence)
        again = problem.run(previous.sequence, previous.flight, task, FINE_ITERATIONS, **WARM)
        if not again.solved and problem.stops:
            again = problem.again(again, previous.flight, task, WIDE_ITERATIONS, **WIDE)
        if again.solved:
            best, capability = again, previous.capability_kg
    if best is None:
        # a guess knows nothing of where anything falls
        problem.falls = ()
        best = best_of_tries(problem, north, watch)
        best = inside(problem, best, free(best.sequence), options)
        corridor.refuse_upright(problem, best.flight)
        best = placed(problem, best, free(best.sequence, elastic=True))
        through = found(problem, best, north, wanted, watch) if problem.stops else None
        best = best if through is None else through.most
        if wanted is not None:
            stop_if_cancelled(watch)
            watch.tell("ascent", 0.4, "payload capability on a finer mesh")
            fine, _ = _refined(problem, best, free(best.sequence), watch)
            fine = placed(problem, fine, free(fine.sequence))
            capability = (fine if fine.solved else best).flight.payload_kg
            watch.tell("ascent", 0.5, f"the ascent with {wanted:.0f} kg")
            best = through.wanted if through else carrying(problem, best, wanted, north)
            if problem.hurries:
                best = soonest(problem, best, wanted, north, watch)
    task = _task(problem, best.sequence)
    best = placed(problem, inside(problem, best, task, options), task)
    watch.tell("ascent", 0.6, "refining the mesh")
    best, error = _fine(problem, best, task, watch)
    for _ in range(_KEEPING_ROUNDS):
        # the finer mesh may have moved the heading across an end, or what is dropped
        kept = placed(problem, inside(problem, best, task, options), task)
        if kept is best:
            break
        best, error = _fine(problem, kept, task, watch)
    refuse_miss(problem, best)
    _refuse_excess(problem, best.flight)
    refuse_unseen(problem.sights, best.flight, problem.planet)
    corridor.refuse_upright(problem, best.flight)
    if wanted is None or capability is None:
        capability = best.flight.payload_kg
    return _Answer(best, capability, error, north, problem.held, problem.falls)


def _refuse_excess(problem: Programme, flight: Powered) -> None:
    limits = problem.limits
    if flight.q_excess > 1e-4 and limits.dynamic_pressure_pa is not None:
        lowest = limits.dynamic_pressure_pa * (1.0 + flight.q_excess)
        raise InfeasibleError(
            f"dynamic pressure cannot be kept below {limits.dynamic_pressure_pa / 1e3:.1f} kPa:"
            f" the lowest reachable without throttling is about {lowest / 1e3:.1f} kPa; raise the"
            " limit or give the first stages a throttle profile"
        )
    most = limits.axial_acceleration_m_s2
    if most is not None:
        for arc in flight.arcs:
            if arc.phase.free is not None:
                continue
            thrust, mass = arc.steady(np.array([0.0, 1.0]))
            peak = float(np.max(thrust / mass))
            if peak > most:
                raise InfeasibleError(
                    f"axial acceleration reaches {peak / 9.80665:.2f} g0 at T+{arc.end_s:.1f} s"
                    f" ({', '.join(arc.phase.burning)}); the limit is {most / 9.80665:.2f} g0:"
                    " raise it or give the stage a throttle profile"
                )


def _solution(problem: Programme, answer: _Answer) -> AscentSolution:
    solved = answer.best
    flight = solved.flight
    final = flight.arcs[-1]
    r, v = final.r_m[-1].copy(), final.v_m_s[-1].copy()
    # the launch instant sets the node of the first orbit
    first = flight.arcs[solved.sequence.stops[0] if solved.sequence.stops else -1]
    r1, v1 = first.r_m[-1], first.v_m_s[-1]
    node = node_angle(r1, v1)
    if not problem.insertion.elliptic:
        cos_u, sin_u = argument_of_latitude(NUMPY, tuple(r1), tuple(v1))
        node -= float(problem.insertion.point(cos_u, sin_u).raan_shift_rad)
    transcription, result = solved.transcription, solved.result
    last = None if solved.sequence.last is None else solved.sequence.last.stage
    by_burning = 0.0
    if last is not None:
        held = result.lam_w[transcription.t_index] / transcription.t_unit
        by_burning = longer_burn(solved.sequence.phases, last, held, transcription.unit_kg)
    found = prices(
        transcription.names,
        result.lam_g,
        transcription.unit_kg,
        problem.limits,
        problem.heat_limit_w_m2,
        problem.limits.q_alpha_pa_rad or Q_ALPHA_PA_RAD,
        problem.planet,
        last,
        by_burning,
    )
    found |= corridor.corridor_prices(
        problem, flight, transcription.names, result.lam_g, transcription.unit_kg
    )
    found |= falls.fall_prices(transcription.names, result.lam_g, transcription.unit_kg)
    if problem.hurries:
        found = in_seconds(found, second_kg(problem.vehicle))
    violation = np.maximum(
        np.maximum(transcription.g_lower - result.g, result.g - transcription.g_upper), 0.0
    )
    return AscentSolution(
        site=problem.mission.site,
        planet=problem.planet,
        bodies=problem.bodies,
        axes=problem.axes,
        flight=flight,
        sequence=solved.sequence,
        r_m=r,
        v_m_s=v,
        mass_kg=final.end_mass_kg,
        node_minus_pad_rad=(node + math.pi) % (2.0 * math.pi) - math.pi,
        travel_s=first.end_s,
        payload_kg=flight.payload_kg,
        capability_kg=answer.capability_kg,
        margin_kg=max(flight.left_kg, 0.0),
        northbound=answer.northbound,
        way=solved.way,
        residuals={
            "mesh_velocity_m_s": answer.mesh_m_s,
            "constraint_violation": float(violation.max()),
        },
        multipliers=found,
        budget={
            "iterations": float(problem.iterations),
            "solves": float(problem.solves),
            "variables": float(transcription.n),
            "constraints": float(transcription.problem.m),
        },
        held=answer.held,
        falls=answer.falls,
    )
