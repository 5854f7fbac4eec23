"""The optimal ascent: guess, coarse solve, refine, warm re-solve; then the payload capability."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.coarse import COARSE_ITERATIONS, best_of_tries, carrying, goes_north
from cosmodrome.ascent.prices import prices
from cosmodrome.ascent.programme import Optimum, Programme, Task, fixed, free
from cosmodrome.ascent.shape import Q_ALPHA_PA_RAD
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

_FINE_ITERATIONS = 60
_REFINEMENTS = 6
# sum of local errors along the whole ascent, m/s, below which the mesh is fine enough
_MESH_TOLERANCE_M_S = 2e-6
_MESH_SUM_M_S = 5e-5
# an optimum that moves by less than this part of a mass unit has settled, and is fine enough
# with this sum of errors: some centimetres after an hour
_STILL, _STILL_SUM_M_S = 1e-5, 2e-3
# IPOPT for a start that is nearly the answer, and for one that is less so
_WARM: dict[str, Any] = {"mu_strategy": "monotone", "mu_init": 1e-6}
_WIDE: dict[str, Any] = {"mu_strategy": "monotone", "mu_init": 1e-3}


@dataclass(frozen=True, slots=True, eq=False)
class AscentSolution:
    """The optimal ascent in the launch frame (z spin axis, x pad meridian at lift-off; inertial).

    flight             arcs with nodes, masses, controls (SI)
    sequence           phases' masses and indices
    bodies             what the air feels, configuration by configuration
    r_m, v_m_s, mass_kg   the optimiser's own state at release
    node_minus_pad_rad mean ascending node of the orbit minus the pad's right ascension at lift-off
    travel_s           lift-off to release
    payload_kg, capability_kg, margin_kg   separated mass; what could be carried; usable residual
    way                how the orbit is met (`ascent.climb.Way`)
    multipliers        what margin (or payload, when it is free) gains per unit of a limit
    budget             iterations and grid sizes spent
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
        best = problem.run(seq, start, task, _FINE_ITERATIONS, **_WARM)
        if not best.solved:
            best = problem.again(best, start, task, COARSE_ITERATIONS, **_WIDE)
        if not best.solved:
            break
    return kept, kept_error


def _task(wanted_kg: float | None, seq: Sequence) -> Task:
    return free(seq) if wanted_kg is None else fixed(wanted_kg, seq)


def solve(
    mission: Mission,
    insertion: Insertion,
    world: World,
    watch: Watch = SILENT,
    previous: AscentSolution | None = None,
    seed: int = 0,
) -> AscentSolution:
    """The optimal ascent of `mission` to `insertion`, and what the vehicle could carry there.

    A fixed payload maximises the last stage's usable residual at release; `mass: maximum`
    maximises the payload. No guess is needed. `previous`, a solution of the same mission to a
    slightly different insertion, is started from, and its capability is kept for a fixed
    payload. Deterministic: budgets count iterations; `seed` draws other first guesses.

    Raises InfeasibleError saying what is short in kg when the payload is beyond the capability
    or a limit cannot be kept; SolverError when no answer is found within the budget.
    """
    watch.begin("ascent", f"optimal ascent of {mission.vehicle.name}")
    problem = Programme(mission, insertion, world, seed)
    wanted = mission.spacecraft.mass_kg
    northbound = goes_north(problem) if previous is None else previous.northbound
    best: Optimum | None = None
    capability: float | None = None
    if previous is not None:
        task = _task(wanted, previous.sequence)
        again = problem.run(previous.sequence, previous.flight, task, _FINE_ITERATIONS, **_WARM)
        if again.solved:
            best, capability = again, previous.capability_kg
    if best is None:
        best = best_of_tries(problem, northbound, watch)
        if wanted is not None:
            stop_if_cancelled(watch)
            watch.tell("ascent", 0.4, "payload capability on a finer mesh")
            fine, _ = _refined(problem, best, free(best.sequence), watch)
            capability = (fine if fine.solved else best).flight.payload_kg
            watch.tell("ascent", 0.5, f"the ascent with {wanted:.0f} kg")
            best = carrying(problem, best, wanted, northbound)
    task = _task(wanted, best.sequence)
    watch.tell("ascent", 0.6, "refining the mesh")
    best, error = _refined(problem, best, task, watch)
    if not best.solved:
        raise SolverError(
            f"the refined ascent did not converge ({best.result.status}); nothing is proven:"
            " please report this mission"
        )
    _refuse_excess(problem, best.flight)
    if wanted is None or capability is None:
        capability = best.flight.payload_kg
    watch.end("ascent", f"optimal ascent found, capability {capability:.0f} kg")
    return _solution(problem, best, capability, northbound, error)


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


def _solution(
    problem: Programme,
    solved: Optimum,
    capability: float,
    northbound: bool,
    mesh_error: float,
) -> AscentSolution:
    flight = solved.flight
    final = flight.arcs[-1]
    r, v = final.r_m[-1].copy(), final.v_m_s[-1].copy()
    node = node_angle(r, v)
    if not problem.insertion.elliptic:
        cos_u, sin_u = argument_of_latitude(NUMPY, tuple(r), tuple(v))
        node -= float(problem.insertion.point(cos_u, sin_u).raan_shift_rad)
    transcription, result = solved.transcription, solved.result
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
        travel_s=final.end_s,
        payload_kg=flight.payload_kg,
        capability_kg=capability,
        margin_kg=max(flight.left_kg, 0.0),
        northbound=northbound,
        way=solved.way,
        residuals={
            "mesh_velocity_m_s": mesh_error,
            "constraint_violation": float(violation.max()),
        },
        multipliers=prices(
            transcription.names,
            result.lam_g,
            transcription.unit_kg,
            problem.limits,
            problem.heat_limit_w_m2,
            problem.limits.q_alpha_pa_rad or Q_ALPHA_PA_RAD,
        ),
        budget={
            "iterations": float(problem.iterations),
            "solves": float(problem.solves),
            "variables": float(transcription.n),
            "constraints": float(transcription.problem.m),
        },
    )
