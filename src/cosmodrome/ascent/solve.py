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
