"""One mission's programme: the statement, its solver, and what may be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.launch import along, bodies_of, pad_in_launch_frame, planet_of
from cosmodrome.ascent.target import comes_down, reaches
from cosmodrome.catalog.nouns import Limits
from cosmodrome.errors import InputError
from cosmodrome.powered.statement import Powered, Statement
from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Result, Solver

if TYPE_CHECKING:
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.physics.powered import Body
    from cosmodrome.powered.phases import Phase
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

__all__ = ["Optimum", "Programme", "Task", "fixed", "free", "tighter"]


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a solve: ranges of payload and left-over in kg, and their weights.

    elastic  may the target be missed at a price, so that what is short is found as a number?
    """

    payload_kg: tuple[float, float]
    left_kg: tuple[float, float]
    weights: tuple[float, float]
    elastic: bool = False


def free(seq: Sequence, elastic: bool = False) -> Task:
    """Carry as much as can be, with nothing left."""
    return Task((0.0, seq.liftoff_dry_kg), (0.0, 0.0), (1.0, 0.0), elastic)


def fixed(payload_kg: float, seq: Sequence) -> Task:
    """Carry this payload and keep as much usable propellant as can be."""
    most = 0.0 if seq.last is None else seq.last.usable_kg
    return Task((payload_kg, payload_kg), (0.0, most), (0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """A solved (or given-up) programme on its mesh, ready to be solved again."""

    sequence: Sequence
    transcription: Transcription
    ipopt: Solver
    result: Result
    flight: Powered

    @property
    def solved(self) -> bool:
        return self.result.solved

    @property
    def way(self) -> str:
        return self.sequence.shape.way


class Programme:
    """Everything that stays the same over guesses, meshes and payloads."""

    def __init__(self, mission: Mission, insertion: Insertion, world: World, seed: int = 0) -> None:
        vehicle = mission.vehicle
        self.vehicle = vehicle
        self.mission = mission
        self.insertion = insertion
        self.limits = tighter(vehicle.limits, mission.limits)
        fairing = vehicle.fairing
        heats = (fairing.heat_flux_w_m2 if fairing else None, self.limits.heat_flux_w_m2)
        self.heat_limit_w_m2 = min((x for x in heats if x is not None), default=None)
        self.planet = planet_of(world, mission.wind)
        self.bodies = bodies_of(vehicle)
        # the first guess knows the whole vehicle only
        self.body = self.bodies[0]
        launch = mission.launch
        when = launch.time or (launch.window[0] if launch.window else None)
        if when is None:
            raise InputError(
                "the mission says no launch time and no window; write"
                " launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"
            )
        self.r0, self.v0, self.axes = pad_in_launch_frame(mission.site, when, world)
        self.target = reaches(insertion, self.planet.equatorial_radius_m, self.planet.mu)
        self.seed = seed
        self.iterations = 0
        self.solves = 0

    def bodies_along(self, phases: tuple[Phase, ...]) -> tuple[Body, ...]:
        """What the air feels in each phase."""
        return along(self.vehicle, self.bodies, (p.drops for p in phases))

    def statement(self, seq: Sequence) -> Statement:
        return Statement(
            self.planet,
            self.body,
            seq.phases,
            self.r0,
            self.v0,
            self.axes,
            seq.liftoff_dry_kg,
            (*(comes_down(i) for i in seq.low), self.target),
            seq.last,
            seq.spans,
            seq.budgets,
            self.bodies_along(seq.phases),
        )

    def run(
        self,
        seq: Sequence,
        start: Powered,
        task: Task,
        iterations: int,
        ipopt: Solver | None = None,
        transcription: Transcription | None = None,
        **options: Any,
    ) -> Optimum:
        """Solve `task` on the mesh of `seq` from `start`; `ipopt` of the same mesh is reused."""
        if transcription is None or ipopt is None:
            transcription = Transcription(self.statement(seq))
            ipopt = Solver(transcription.problem)
        w0 = transcription.pack(start)
        lower, upper = transcription.bounds(task.payload_kg, task.left_kg, task.elastic)
        result = ipopt.solve(
            transcription.objective(*task.weights),
            np.clip(w0, lower, upper),
            (lower, upper),
            (transcription.g_lower, transcription.g_upper),
            max_iter=iterations,
            **options,
        )
        self.iterations += result.iterations
        self.solves += 1
        return Optimum(seq, transcription, ipopt, result, transcription.unpack(result.w))

    def again(
        self, best: Optimum, start: Powered, task: Task, iterations: int, **options: Any
    ) -> Optimum:
        """Another task on the very mesh of `best`."""
        return self.run(
            best.sequence, start, task, iterations, best.ipopt, best.transcription, **options
        )


def tighter(a: Limits, b: Limits) -> Limits:
    """The stricter of two sets of limits, one by one."""

    def least(x: float | None, y: float | None) -> float | None:
        return min((v for v in (x, y) if v is not None), default=None)

    return Limits(
        least(a.dynamic_pressure_pa, b.dynamic_pressure_pa),
        least(a.heat_flux_w_m2, b.heat_flux_w_m2),
        least(a.axial_acceleration_m_s2, b.axial_acceleration_m_s2),
        least(a.q_alpha_pa_rad, b.q_alpha_pa_rad),
    )
