"""The optimal ascent: guess, coarse solve, refine, warm re-solve; then the payload capability."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.guess import guess
from cosmodrome.ascent.launch import body_of, pad_in_launch_frame, planet_of
from cosmodrome.ascent.sequence import Sequence
from cosmodrome.ascent.target import argument_of_latitude, ending, node_angle
from cosmodrome.catalog.nouns import Limits
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths import NUMPY
from cosmodrome.powered.mesh import refine, regrid
from cosmodrome.powered.transcription import Powered, Statement, Transcription
from cosmodrome.solvers.nlp import Result, Solver
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Site
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

__all__ = ["AscentSolution", "solve"]

_SEEDS = (1, 2)
_COARSE_ITERATIONS = 300
_FINE_ITERATIONS = 60
_REFINEMENTS = 6
# sum of local errors along the whole ascent, m/s, below which the mesh is fine enough
_MESH_TOLERANCE_M_S = 2e-5
_MESH_SUM_M_S = 5e-4
_PAYLOAD_MOST_KG = 60_000.0


@dataclass(frozen=True, slots=True, eq=False)
class AscentSolution:
    """The optimal ascent in the launch frame (z spin axis, x pad meridian at lift-off; inertial).

    flight             arcs with nodes, masses, controls (SI)
    sequence           phases' masses and indices
    r_m, v_m_s, mass_kg   the optimiser's own state at release
    node_minus_pad_rad mean ascending node of the orbit minus the pad's right ascension at lift-off
    travel_s           lift-off to release
    payload_kg, capability_kg, margin_kg   separated mass; what could be carried; usable residual
    multipliers        d(margin or payload in kg) per unit of the named limit
    budget             iterations and grid sizes spent
    """

    site: Site
    planet: Planet
    body: Body
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
    residuals: Mapping[str, float]
    multipliers: Mapping[str, float]
    budget: Mapping[str, float]


@dataclass(slots=True)
class _Solved:
    transcription: Transcription
    result: Result
    flight: Powered


class _Problem:
    """Everything that stays the same over guesses, meshes and payloads."""

    def __init__(self, mission: Mission, insertion: Insertion, world: World) -> None:
        vehicle = mission.vehicle
        self.vehicle = vehicle
        self.mission = mission
        self.insertion = insertion
        self.limits = _tighter(vehicle.limits, mission.limits)
        self.planet = planet_of(world)
        self.body = body_of(vehicle)
        launch = mission.launch
        when = launch.time or (launch.window[0] if launch.window else None)
        if when is None:
            raise InfeasibleError("the mission states neither a launch time nor a window")
        self.r0, self.v0, self.axes = pad_in_launch_frame(mission.site, when, world)
        self.ending = ending(insertion, self.planet.equatorial_radius_m, self.planet.mu)
        self.iterations = 0
        self.solves = 0

    def statement(self, seq: Sequence) -> Statement:
        return Statement(
            self.planet,
            self.body,
            seq.phases,
            self.r0,
            self.v0,
            self.axes,
            seq.liftoff_dry_kg,
            seq.end_dry_kg,
            self.ending,
        )

    def run(
        self,
        seq: Sequence,
        start: Powered,
        payload: tuple[float, float],
        left: tuple[float, float],
        weights: tuple[float, float],
        iterations: int,
        warm: bool = False,
        solver: tuple[Transcription, Solver] | None = None,
        lam: Any = None,
        **options: Any,
    ) -> tuple[_Solved, tuple[Transcription, Solver]]:
        if solver is None:
            transcription = Transcription(self.statement(seq))
            solver = (transcription, Solver(transcription.problem))
        transcription, ipopt = solver
        w0 = transcription.pack(start)
        lower, upper = transcription.bounds(payload, left)
        if warm:
            options = {"mu_init": 1e-5, **options}
        result = ipopt.solve(
            transcription.objective(*weights),
            np.clip(w0, lower, upper),
            (lower, upper),
            (transcription.g_lower, transcription.g_upper),
            lam,
            max_iter=iterations,
            **options,
        )
        self.iterations += result.iterations
        self.solves += 1
        return _Solved(transcription, result, transcription.unpack(result.w)), solver


def _tighter(a: Limits, b: Limits) -> Limits:
    def least(x: float | None, y: float | None) -> float | None:
        return min((v for v in (x, y) if v is not None), default=None)

    return Limits(
        least(a.dynamic_pressure_pa, b.dynamic_pressure_pa),
        least(a.heat_flux_w_m2, b.heat_flux_w_m2),
        least(a.axial_acceleration_m_s2, b.axial_acceleration_m_s2),
        least(a.q_alpha_pa_rad, b.q_alpha_pa_rad),
    )


def _northbound(problem: _Problem) -> tuple[bool, ...]:
    """Branches worth trying, the better first: those inside a corridor, northbound before."""
    from cosmodrome.ascent.guess import launch_heading

    site = problem.mission.site
    inside = []
    azimuths = []
    for north in (True, False):
        _, relative, azimuth = launch_heading(
            problem.r0,
            problem.axes,
            problem.planet.omega_rad_s,
            problem.insertion.i_aim_rad,
            north,
            math.sqrt(problem.planet.mu / problem.insertion.a_aim_m),
        )
        heading = math.atan2(float(relative @ problem.axes[1]), float(relative @ problem.axes[2]))
        azimuths.append(azimuth)
        inside.append(
            not site.corridors
            or any(
                (heading - c.first_rad) % (2 * math.pi)
                <= (c.last_rad - c.first_rad) % (2 * math.pi)
                if c.kind == "relative"
                else (azimuth - c.first_rad) % (2 * math.pi)
                <= (c.last_rad - c.first_rad) % (2 * math.pi)
                for c in site.corridors
            )
        )
    if inside[0] or not inside[1]:
        return (True,)
    return (False,)


def _first_payload(problem: _Problem) -> float:
    """A payload to guess with where it is solved for: three per cent of the lift-off mass."""
    from cosmodrome.vehicle import liftoff_mass

    upper = problem.vehicle.stages[-1].ignition.kind == "free"
    return (0.012 if upper else 0.024) * liftoff_mass(problem.vehicle, 0.0)


def _cold(
    problem: _Problem, payload_kg: float | None, northbound: bool, seed: int
) -> tuple[_Solved, Sequence, tuple[Transcription, Solver]]:
    """From a seeded guess to a coarse optimum; the fairing moves to the section it belongs to."""
    mass = payload_kg if payload_kg is not None else _first_payload(problem)
    found = guess(
        problem.planet,
        problem.body,
        problem.vehicle,
        problem.limits,
        problem.insertion,
        problem.axes,
        problem.r0,
        problem.v0,
        mass,
        northbound,
        seed,
    )
    seq, start = found.sequence, found.flight
    fixed = payload_kg is not None
    solved, solver = problem.run(
        seq,
        start,
        (mass, mass) if fixed else (0.0, _PAYLOAD_MOST_KG),
        (0.0, seq.left_max_kg) if fixed else (0.0, 0.0),
        (0.0, 1.0) if fixed else (1.0, 0.0),
        _COARSE_ITERATIONS,
    )
    return solved, seq, solver


def _refined(
    problem: _Problem,
    seq: Sequence,
    solved: _Solved,
    solver: tuple[Transcription, Solver],
    payload: tuple[float, float],
    left: tuple[float, float],
    weights: tuple[float, float],
    watch: Watch,
) -> tuple[_Solved, Sequence, tuple[Transcription, Solver], float]:
    """Split bad intervals and solve again, warm, until the local errors are small."""
    error = math.inf
    for round_ in range(_REFINEMENTS):
        stop_if_cancelled(watch)
        phases, error = refine(problem.planet, problem.body, solved.flight, _MESH_TOLERANCE_M_S)
        if error <= _MESH_SUM_M_S or phases == seq.phases:
            break
        seq = replace(seq, phases=phases)
        watch.tell("ascent", 0.4 + 0.05 * round_, f"mesh error {error:.1e} m/s: refining")
        start = regrid(solved.flight, phases)
        solved, solver = problem.run(
            seq, start, payload, left, weights, _FINE_ITERATIONS, warm=True
        )
        if not solved.result.solved:
            solved, solver = problem.run(
                seq, start, payload, left, weights, _COARSE_ITERATIONS, solver=solver
            )
    return solved, seq, solver, error


def solve(
    mission: Mission, insertion: Insertion, world: World, watch: Watch = SILENT
) -> AscentSolution:
    """The optimal ascent of `mission` to `insertion`, and what the vehicle could carry there.

    A fixed payload maximises the last stage's usable residual at release; `mass: maximum`
    maximises the payload. No guess is needed. Deterministic: budgets count iterations.

    Raises InfeasibleError saying what is short in kg when the payload is beyond the capability
    or a limit cannot be kept; SolverError when no answer is found within the budget.
    """
    watch.begin("ascent", f"optimal ascent of {mission.vehicle.name}")
    problem = _Problem(mission, insertion, world)
    wanted = mission.spacecraft.mass_kg
    northbound = _northbound(problem)[0]
    best: tuple[_Solved, Sequence, tuple[Transcription, Solver]] | None = None
    last_status = ""
    for seed in _SEEDS:
        stop_if_cancelled(watch)
        watch.tell("ascent", 0.1 * seed, f"guess {seed} and coarse optimum")
        try:
            candidate = _cold(problem, wanted, northbound, seed)
        except InfeasibleError as error:
            last_status = str(error)
            continue
        last_status = candidate[0].result.status
        if not candidate[0].result.solved:
            continue
        if best is None or candidate[0].result.objective < best[0].result.objective - 1e-7:
            best = candidate
    fixed = wanted is not None
    if best is None and fixed:
        # the payload may be beyond reach: ask what is not
        free = None
        for seed in _SEEDS:
            watch.tell("ascent", 0.3, "no ascent with this payload: solving for what could fly")
            free = _cold(problem, None, northbound, seed)
            if free[0].result.solved:
                break
        if free is not None and free[0].result.solved:
            capability = free[0].flight.payload_kg
            if wanted is not None and capability < wanted:
                raise InfeasibleError(
                    f"{wanted:.0f} kg cannot be carried to this orbit by {mission.vehicle.name}"
                    f" from {mission.site.name}: the capability is {capability:.0f} kg,"
                    f" {wanted - capability:.0f} kg short; lower the mass, the altitude or the"
                    " plane change, or take a stronger vehicle"
                )
    if best is None:
        raise SolverError(
            f"no ascent found within {_COARSE_ITERATIONS} iterations from {len(_SEEDS)} guesses"
            f" (last: {last_status}); nothing is proven: check thrust, masses and limits, or"
            " loosen the limits"
        )
    solved, seq, solver = best
    mass = float(wanted) if wanted is not None else 0.0
    payload = (mass, mass) if fixed else (0.0, _PAYLOAD_MOST_KG)
    left = (0.0, seq.left_max_kg) if fixed else (0.0, 0.0)
    weights = (0.0, 1.0) if fixed else (1.0, 0.0)
    watch.tell("ascent", 0.35, "refining the mesh")
    solved, seq, solver, error = _refined(
        problem, seq, solved, solver, payload, left, weights, watch
    )
    if not solved.result.solved:
        raise SolverError(
            f"the refined ascent did not converge ({solved.result.status}); nothing is proven:"
            " please report this mission"
        )
    _refuse_excess(problem, solved.flight)
    capability = solved.flight.payload_kg
    if fixed:
        stop_if_cancelled(watch)
        watch.tell("ascent", 0.75, "payload capability")
        capability = _capability(problem, seq, solved, solver)
    watch.end("ascent", f"optimal ascent found, capability {capability:.0f} kg")
    return _solution(problem, seq, solved, capability, northbound, error)


def _capability(
    problem: _Problem,
    seq: Sequence,
    solved: _Solved,
    solver: tuple[Transcription, Solver],
) -> float:
    """Payload with nothing left in the tanks, starting from the fixed-payload optimum."""
    free, _ = problem.run(
        seq,
        solved.flight,
        (0.0, _PAYLOAD_MOST_KG),
        (0.0, 0.0),
        (1.0, 0.0),
        _COARSE_ITERATIONS,
        solver=solver,
    )
    if not free.result.solved:
        cold, _, _ = _cold(problem, None, True, _SEEDS[0])
        if not cold.result.solved:
            raise SolverError(
                f"the payload capability did not converge ({free.result.status},"
                f" {cold.result.status}); nothing is proven"
            )
        return cold.flight.payload_kg
    return free.flight.payload_kg


def _refuse_excess(problem: _Problem, flight: Powered) -> None:
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
            peak = arc.phase.thrust_vacuum_n / arc.end_mass_kg
            if peak > most:
                raise InfeasibleError(
                    f"axial acceleration reaches {peak / 9.80665:.2f} g0 at T+{arc.end_s:.1f} s"
                    f" ({', '.join(arc.phase.burning)}); the limit is {most / 9.80665:.2f} g0:"
                    " raise it or give the stage a throttle profile"
                )


def _solution(
    problem: _Problem,
    seq: Sequence,
    solved: _Solved,
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
    lam = result.lam_g
    names = transcription.names
    multipliers = {}
    # canonical rows back to kg per unit of the limit
    if "heat" in names and problem.vehicle.fairing is not None:
        heat = problem.vehicle.fairing.heat_flux_w_m2 or 1.0
        multipliers["heat_flux_kg_per_W_m2"] = float(sum(lam[names["heat"]])) * 1000.0 / heat
    if "suborbital" in names:
        multipliers["suborbital_perigee"] = float(sum(lam[names["suborbital"]])) * 1000.0
    violation = np.maximum(
        np.maximum(transcription.g_lower - result.g, result.g - transcription.g_upper), 0.0
    )
    return AscentSolution(
        site=problem.mission.site,
        planet=problem.planet,
        body=problem.body,
        axes=problem.axes,
        flight=flight,
        sequence=seq,
        r_m=r,
        v_m_s=v,
        mass_kg=final.end_mass_kg,
        node_minus_pad_rad=(node + math.pi) % (2.0 * math.pi) - math.pi,
        travel_s=final.end_s,
        payload_kg=flight.payload_kg,
        capability_kg=capability,
        margin_kg=max(flight.left_kg, 0.0),
        northbound=northbound,
        residuals={
            "mesh_velocity_m_s": mesh_error,
            "constraint_violation": float(violation.max()),
        },
        multipliers=multipliers,
        budget={
            "iterations": float(problem.iterations),
            "solves": float(problem.solves),
            "variables": float(transcription.n),
            "constraints": float(transcription.problem.m),
        },
    )
