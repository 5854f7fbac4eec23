"""Fit, fly again, and set the optimum beside: one flight's results as plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.flights.cases import case_of, webcast_case
from cosmodrome import ascent
from cosmodrome.ascent import replay
from cosmodrome.ascent.rungs import solve_by_rungs
from cosmodrome.campaign.asked import mission_to
from cosmodrome.campaign.capability import aim
from cosmodrome.errors import CosmodromeError
from cosmodrome.mission import read_orbit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.flights.records import Record
    from cosmodrome.ascent.replay import Replay
    from cosmodrome.record import Event, Leg
    from cosmodrome.world.world import World

__all__ = ["Beside", "Flown", "beside", "fitted", "flown_again", "state_of"]

# a change of pitch rate by 0.1 deg/s counts as much as being one off
_SMOOTH = 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """A fitted flight and its re-flight by `ascent.execute`."""

    record: Record
    replay: Replay
    stack: Leg

    def event(self, name: str) -> Event:
        """Our event of that name, as flown again."""
        return next(e for e in self.stack.events if e.name == name)


@dataclass(frozen=True, slots=True)
class Beside:
    """The optimum with the same payload: what it keeps, and its events (name -> event)."""

    margin_kg: float
    capability_kg: float
    events: Mapping[str, Event]
    trouble: str = ""


def fitted(record: Record, world: World) -> Replay:
    """The steering nearest to the record."""
    webcast = "points" in record.told
    case = webcast_case(record) if webcast else case_of(record)
    return replay.fit(
        record.mission,
        record.lift_off,
        world,
        case.layout,
        case.cut_off,
        case.observations,
        case.guess,
        case.also_s,
        _SMOOTH,
        case.bounds,
    )


def flown_again(record: Record, found: Replay, world: World) -> Flown:
    """The fitted plan flown by the road every ascent takes."""
    plan = replay.plan_of(found, record.mission, record.lift_off, world)
    return Flown(record, found, ascent.execute(plan, record.mission, world)[0])


def beside(record: Record, world: World) -> Beside:
    """The optimum to the same orbit with the same vehicle and payload.

    An ascent that cannot be solved says why in `trouble`.
    """
    asked = read_orbit(record.told["orbit"])
    blank = mission_to(record.told["site"], record.told["vehicle"], asked.file)
    mission = replace(
        blank,
        site=record.mission.site,
        vehicle=_restartable(record),
        spacecraft=record.mission.spacecraft,
        launch=record.mission.launch,
        keeps_corridor=False,
    )
    try:
        solution = solve_by_rungs(mission, aim(mission, world), world)
    except CosmodromeError as e:
        return Beside(math.nan, math.nan, {}, str(e))
    plan = ascent.plan(solution, record.lift_off, world)
    stack = ascent.execute(plan, mission, world)[0]
    events: dict[str, Event] = {}
    for e in stack.events:
        events.setdefault(e.name, e)
    return Beside(solution.margin_kg, solution.capability_kg, events)


def _restartable(record: Record) -> Any:
    """The record's vehicle; a departure needs the last stage's restarts back."""
    vehicle = record.mission.vehicle
    if not str(record.told["orbit"]).startswith("c3"):
        return vehicle
    last = replace(vehicle.stages[-1], restarts=2)
    return replace(vehicle, stages=(*vehicle.stages[:-1], last))


def state_of(found: Replay, name: str) -> dict[str, float]:
    """Time, height, speeds, path angle and mass of a fitted flight at an event or "T+60"."""
    place = found.track.places[name]
    quantities = (
        "altitude_m",
        "speed_inertial_m_s",
        "speed_relative_m_s",
        "path_angle_rad",
        "inclination_rad",
    )
    out = {q: float(replay.measured(found.planet, place, q)[0]) for q in quantities}
    return {"t_s": float(np.ravel(place.t_s)[0]), "mass_kg": float(place.mass_kg[0]), **out}
