"""fly(mission): the whole story on one screen.

The ascent is optimised in a launch frame that knows the pad's meridian but not the clock:
its physics is symmetric about the Earth's axis, so one optimum serves every launch instant.
The instant is then the one that turns the insertion node into the target plane. The flown
orbit, in full dynamics, says how far the mean orbit is from the target; that difference is
fed back as a bias of the insertion aim and the ascent is solved again from its own optimum.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cosmodrome import __version__, ascent, checks, orbit, site, targets
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import Coast, Mission, load
from cosmodrome.record import Flight, Payload
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.ascent import AscentSolution
    from cosmodrome.record import LaunchSolution, Leg, OrbitRecord
    from cosmodrome.targets import Insertion
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["CHAPTER_OF_STEP", "fly"]

# one table maps plan steps to the chapter that flies them
CHAPTER_OF_STEP = {Coast: orbit}

# the aim is corrected until the flown mean orbit is this close to the target
_AIM_A_M = 20.0
_AIM_I_RAD = 2e-6
_AIM_PASSES = 3


def fly(
    mission: Mission | str | Path, *, world: World | None = None, watch: Watch = SILENT
) -> Flight:
    """Solve and fly a whole mission: pad, ascent, orbit, checks.

    mission  a loaded Mission or the path of a mission file
    world    providers of Earth orientation, ephemerides and space weather; shipped by default
    watch    hears of progress and may cancel between stages

    Raises MissionFileError for bad input, InfeasibleError with what is short, SolverError
    when no answer was found within the budget.
    """
    from cosmodrome.world.world import World

    timing: dict[str, float] = {}
    if not isinstance(mission, Mission):
        mission = load(mission)
    world = world or World.shipped()
    for step in mission.plan:
        if type(step) not in CHAPTER_OF_STEP:
            raise InputError(f"no chapter flies a {type(step).__name__} step")

    solution, launch, legs, record = _fly_to_target(mission, world, watch, timing)
    flight = Flight(
        mission=mission,
        launch=launch,
        payload=_payload(mission, solution),
        orbit=record,
        legs=legs,
        provenance=_provenance(world),
        timing=timing,
    )
    with _stage(watch, timing, "checks", "checking what was flown by other roads"):
        findings = checks.run(flight, world)
    return replace(flight, findings=findings)


def _fly_to_target(
    mission: Mission, world: World, watch: Watch, timing: dict[str, float]
) -> tuple[AscentSolution, LaunchSolution, tuple[Leg, ...], OrbitRecord]:
    """Plan, execute, compare the flown mean orbit with the target, correct the aim, again."""
    about = mission.launch.time or (mission.launch.window or (None,))[0]
    if about is None:
        raise InputError(
            "the mission says no launch time and no window; write"
            " launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"
        )
    insertion: Insertion = targets.insertion(mission.target, about, world)
    solution: AscentSolution | None = None
    for attempt in range(_AIM_PASSES):
        stop_if_cancelled(watch)
        with _stage(watch, timing, "ascent", "optimising the ascent"):
            solution = ascent.solve(mission, insertion, world, watch, previous=solution)
        with _stage(watch, timing, "launch", "finding the launch instant"):
            launch = replace(
                site.launch(mission, insertion, solution, world),
                azimuth_relative_rad=ascent.planned_heading_rad(
                    solution, mission.vehicle.stages[0].id
                ),
            )
        flown = _mission_as_loaded(mission, solution)
        with _stage(watch, timing, "flight", "re-flying the plan"):
            legs = ascent.execute(ascent.plan(solution, launch.epoch, world), flown, world)
        handover = legs[0].handover_out
        if handover is None:
            raise InfeasibleError("the ascent released nothing; nothing can be flown on")
        with _stage(watch, timing, "orbit", "propagating the orbit"):
            leg, record = orbit.execute(handover.state, flown, world, watch, lift_off=launch.epoch)
        bias = orbit.bias_from(record, insertion)
        close = abs(bias.da_m) < _AIM_A_M and abs(bias.di_rad) < _AIM_I_RAD
        if close or attempt == _AIM_PASSES - 1:
            break
        insertion = insertion.with_bias(insertion.bias + bias)
    return solution, launch, legs if leg is None else (*legs, leg), record


def _mission_as_loaded(mission: Mission, solution: AscentSolution) -> Mission:
    """With `mass: maximum` the spacecraft weighs what the solution found."""
    if mission.spacecraft.mass_kg is not None:
        return mission
    return replace(mission, spacecraft=replace(mission.spacecraft, mass_kg=solution.payload_kg))


def _payload(mission: Mission, solution: AscentSolution) -> Payload:
    return Payload(
        mass_kg=solution.payload_kg,
        capability_kg=solution.capability_kg,
        margin_kg=solution.margin_kg,
        published=tuple(str(p) for p in mission.vehicle.payloads),
    )


def _provenance(world: World) -> dict[str, Any]:
    from cosmodrome.solvers.core import simd_level

    return {
        "cosmodrome": __version__,
        "simd": simd_level(),
        "data": [
            {"name": v.name, "sha256": v.sha256, "first": v.first, "last": v.last}
            for v in world.vintage()
        ],
    }


class _stage:  # noqa: N801 - reads as a statement
    """Times a stage and tells the watcher where it begins and ends."""

    def __init__(self, watch: Watch, timing: dict[str, float], name: str, text: str) -> None:
        self.watch, self.timing, self.name, self.text = watch, timing, name, text

    def __enter__(self) -> None:
        self.watch.begin(self.name, self.text)
        self.start = time.perf_counter()

    def __exit__(self, *exc: object) -> None:
        spent = time.perf_counter() - self.start
        key = f"{self.name}_s"
        self.timing[key] = self.timing.get(key, 0.0) + spent
        if exc[0] is None:
            self.watch.end(self.name, self.text)
