"""One mission's programme: the statement, its solver, and what may be asked of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.launch import body_of, pad_in_launch_frame, planet_of
from cosmodrome.ascent.manifest import loaded, priced, stops
from cosmodrome.ascent.target import comes_down, reaches
from cosmodrome.ascent.transfers import burns_between
from cosmodrome.catalog.nouns import Limits
from cosmodrome.errors import InputError
from cosmodrome.powered.statement import Powered, Statement, Waypoint
from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Result, Solver

if TYPE_CHECKING:
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

__all__ = ["Optimum", "Programme", "Task", "fixed", "free", "tighter"]


# a flight that cannot arrive is made to by a last stage lighter by up to this part of its dry mass
_LIGHTER = 0.7
# price of waiting where several orbits are reached, mass units per thousand seconds: between
# circles in one plane any moment to burn is as good as another, and the optimum would drift
_WAITING = 1e-4


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
    """Carry as much as can be, with nothing left.

    The payload may come out negative: the last stage is that much too heavy to arrive empty.
    """
    return Task((-_LIGHTER * seq.last_dry_kg, seq.liftoff_dry_kg), (0.0, 0.0), (1.0, 0.0), elastic)


def fixed(payload_kg: float, seq: Sequence) -> Task:
    """Carry this payload and keep as much usable propellant as can be."""
    most = 0.0 if seq.last is None else seq.last.usable_kg
    return Task((payload_kg, payload_kg), (0.0, most), (0.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """A solved (or given-up) programme on its mesh, ready to be solved again.

    strained  is it held where it is by the reach it was given around its start?
    """

    sequence: Sequence
    transcription: Transcription
    ipopt: Solver
    result: Result
    flight: Powered
    strained: bool = False

    @property
    def solved(self) -> bool:
        return self.result.solved and not self.strained

    @property
    def way(self) -> str:
        return self.sequence.shape.way


class Programme:
    """Everything that stays the same over guesses, meshes and payloads."""

    def __init__(
        self,
        mission: Mission,
        insertion: Insertion,
        world: World,
        seed: int = 0,
        onward: tuple[Insertion, ...] = (),
    ) -> None:
        self.mission = mission
        self.insertion = insertion
        self.onward = onward
        self.stops = stops(mission)
        self.priced = priced(mission).id
        # the way to the first orbit leaves the last stage the ignitions that later ones need
        kept = sum(burns_between(insertion, onward))
        vehicle = loaded(mission, kept)
        self.vehicle = vehicle
        self.limits = tighter(vehicle.limits, mission.limits)
        fairing = vehicle.fairing
        heats = (fairing.heat_flux_w_m2 if fairing else None, self.limits.heat_flux_w_m2)
        self.heat_limit_w_m2 = min((x for x in heats if x is not None), default=None)
        self.planet = planet_of(world)
        self.body = body_of(vehicle)
        launch = mission.launch
        when = launch.time or (launch.window[0] if launch.window else None)
        if when is None:
            raise InputError(
                "the mission says no launch time and no window; write"
                " launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"
            )
        self.r0, self.v0, self.axes = pad_in_launch_frame(mission.site, when, world)
        self.targets = tuple(
            reaches(i, self.planet.equatorial_radius_m, self.planet.mu)
            for i in (insertion, *onward)
        )
        self.seed = seed
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
            (*(comes_down(i) for i in seq.low), *self._targets(seq)),
            seq.last,
            seq.spans,
            seq.budgets,
        )

    def _targets(self, seq: Sequence) -> tuple[Waypoint, ...]:
        """The orbits a sequence reaches; only the last of them may be missed at a price."""
        if not seq.stops:
            return self.targets[:1]
        return tuple(
            replace(target, phase=phase, elastic=phase == seq.stops[-1])
            for target, phase in zip(self.targets, seq.stops, strict=False)
        )

    def run(
        self,
        seq: Sequence,
        start: Powered,
        task: Task,
        iterations: int,
        ipopt: Solver | None = None,
        transcription: Transcription | None = None,
        reach: float = math.inf,
        **options: Any,
    ) -> Optimum:
        """Solve `task` on the mesh of `seq` from `start`; `ipopt` of the same mesh is reused.

        reach  how far places and velocities may go from the start, canonical units: in orbit a
               step that is right to first order leaves the orbit when it is long
        """
        if transcription is None or ipopt is None:
            transcription = Transcription(self.statement(seq))
            ipopt = Solver(transcription.problem)
        w0 = transcription.pack(start)
        lower, upper = transcription.bounds(task.payload_kg, task.left_kg, task.elastic, w0, reach)
        result = ipopt.solve(
            transcription.objective(*task.weights, _WAITING if seq.stops else 0.0),
            np.clip(w0, lower, upper),
            (lower, upper),
            (transcription.g_lower, transcription.g_upper),
            max_iter=iterations,
            **options,
        )
        self.iterations += result.iterations
        self.solves += 1
        strained = result.solved and transcription.strains(result.w, w0, reach)
        return Optimum(seq, transcription, ipopt, result, transcription.unpack(result.w), strained)

    def again(
        self,
        best: Optimum,
        start: Powered,
        task: Task,
        iterations: int,
        reach: float = math.inf,
        **options: Any,
    ) -> Optimum:
        """Another task on the very mesh of `best`."""
        mesh = best.ipopt, best.transcription
        return self.run(best.sequence, start, task, iterations, *mesh, reach, **options)


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
