"""One mission's programme: the statement, its solver, and what may be asked of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.corridor import course_held
from cosmodrome.ascent.falls import fall_rows
from cosmodrome.ascent.heading import first_stage_ends
from cosmodrome.ascent.instant import held_node, keeps_node, northbound
from cosmodrome.ascent.launch import (
    along,
    bodies_of,
    launch_axes,
    pad_in_launch_frame,
    planet_of,
)
from cosmodrome.ascent.manifest import loaded, priced, stops
from cosmodrome.ascent.sight import sights, waypoints
from cosmodrome.ascent.target import comes_down, keeps_perigee, reaches
from cosmodrome.ascent.transfers import burns_between
from cosmodrome.errors import InputError
from cosmodrome.powered.statement import Powered, Statement
from cosmodrome.powered.transcription import Transcription
from cosmodrome.site import access
from cosmodrome.solvers.nlp import Result, Solver

if TYPE_CHECKING:
    from cosmodrome.ascent.corridor import Course
    from cosmodrome.ascent.falls import Fall
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.physics.powered import Body
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Waypoint
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

__all__ = [
    "FINE_ITERATIONS",
    "WARM",
    "WIDE",
    "WIDE_ITERATIONS",
    "Optimum",
    "Programme",
    "Task",
    "fixed",
    "free",
    "second_kg",
    "soon",
]

FINE_ITERATIONS, WIDE_ITERATIONS = 60, 100
# IPOPT for a start that is nearly the answer, and for one that is less so
WARM: dict[str, Any] = {"reach": 1.0, "mu_strategy": "monotone", "mu_init": 1e-6}
WIDE: dict[str, Any] = {"reach": 1.0, "mu_strategy": "monotone", "mu_init": 1e-3}
# what the re-flight of a plan may move a perigee by
_PERIGEE_MARGIN_M = 10.0
# a flight that cannot arrive is made to by a last stage lighter by up to this part of its dry mass
_LIGHTER = 0.7
# price of waiting where several orbits are reached, mass units per thousand seconds: between
# circles in one plane any moment to burn is as good as another, and the optimum would drift
_WAITING = 1e-4


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a solve: ranges of payload and left-over in kg, and their weights.

    second_kg  what a second until release costs beside them
    elastic    may the target be missed at a price, so that what is short is found as a number?
    """

    payload_kg: tuple[float, float]
    left_kg: tuple[float, float]
    weights: tuple[float, float]
    elastic: bool = False
    second_kg: float = 0.0


def free(seq: Sequence, elastic: bool = False) -> Task:
    """Carry as much as can be, with nothing left.

    The payload may come out negative: the last stage is that much too heavy to arrive empty.
    """
    return Task((-_LIGHTER * seq.last_dry_kg, seq.liftoff_dry_kg), (0.0, 0.0), (1.0, 0.0), elastic)


def fixed(payload_kg: float, seq: Sequence) -> Task:
    """Carry this payload and keep as much usable propellant as can be."""
    most = 0.0 if seq.last is None else seq.last.usable_kg
    return Task((payload_kg, payload_kg), (0.0, most), (0.0, 1.0))


def soon(payload_kg: float, seq: Sequence, vehicle: Vehicle) -> Task:
    """Carry this payload and release it as soon as can be."""
    return replace(fixed(payload_kg, seq), weights=(0.0, 0.0), second_kg=second_kg(vehicle))


def second_kg(vehicle: Vehicle) -> float:
    """What a second is worth: what the last stage burns in it, so that turning costs as much."""
    last = vehicle.stages[-1]
    return last.count * last.mass_flow_kg_s


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
    """Everything that stays the same over guesses, meshes and payloads.

    hurries    is the release to be as soon as can be?
    held       the course whose corridor the programme keeps; None: it knows of no corridor
    held_node  where a given lift-off holds the node; None: the node follows
    branches   northbound or not, that may be flown: one alone where a node is held and
               the plane passes over the pad
    falls      where dropped bodies must come down, as the programme knows it
    """

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
        self.limits = vehicle.limits.stricter(mission.limits)
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
        self.sights = (
            sights(
                mission.visibility, launch_axes(mission.site, when, world), when, self.planet, world
            )
            if mission.visibility
            else ()
        )
        self.held_node = held_node(mission, insertion, world)
        self.node: tuple[Waypoint, ...] = ()
        self.branches: tuple[bool, ...] = (True, False)
        if self.held_node is not None:
            self.node = (keeps_node(self.held_node, insertion),)
            if access(mission.site, insertion.i_mean_rad).how != "plane-change":
                self.branches = (northbound(self.held_node, mission, insertion),)
        self.targets = tuple(
            reaches(i, self.planet.equatorial_radius_m, self.planet.mu)
            for i in (insertion, *onward)
        )
        self.hurries = mission.objective == "time" and priced(mission).mass_kg is not None
        self.seed = seed
        self.held: Course | None = None
        self.falls: tuple[Fall, ...] = ()
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
            (
                *(comes_down(i) for i in seq.low),
                *self._corridor(seq),
                *self._falls(seq),
                *self._parked(seq),
                *waypoints(self.sights, seq.phases),
                *self._targets(seq),
            ),
            seq.last,
            seq.spans,
            seq.budgets,
            self.bodies_along(seq.phases),
        )

    def _targets(self, seq: Sequence) -> tuple[Waypoint, ...]:
        """The orbits a sequence reaches, and the node of the first where it is held.

        Only the last orbit may be missed at a price.
        """
        found = []
        for k, phase in enumerate(seq.stops or (-1,)):
            last = not seq.stops or phase == seq.stops[-1]
            points = (*(self.node if k == 0 else ()), self.targets[k])
            found += [replace(point, phase=phase, elastic=last) for point in points]
        return tuple(found)

    def _corridor(self, seq: Sequence) -> tuple[Waypoint, ...]:
        ends = first_stage_ends(seq.phases, self.vehicle)
        if self.held is None or ends is None:
            return ()
        return course_held(self.planet, self.held, ends)

    def _falls(self, seq: Sequence) -> tuple[Waypoint, ...]:
        rows = (fall_rows(self.planet, one, seq.phases) for one in self.falls)
        return tuple(row for row in rows if row is not None)

    def _parked(self, seq: Sequence) -> tuple[Waypoint, ...]:
        floor = self.limits.perigee_altitude_m
        if floor is None:
            return ()
        above = (floor + _PERIGEE_MARGIN_M) / self.planet.equatorial_radius_m
        return tuple(keeps_perigee(i, above) for i in seq.parked)

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
        bounds = transcription.bounds(task.payload_kg, task.left_kg, task.elastic)
        w0 = np.clip(transcription.pack(start), *bounds)
        later = 1e3 * task.second_kg / transcription.unit_kg + (_WAITING if seq.stops else 0.0)
        result = ipopt.solve(
            transcription.objective(*task.weights, later),
            w0,
            transcription.within(bounds, w0, reach),
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
