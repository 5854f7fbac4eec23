"""Astra LV0006: one of five engines out within a second of lift-off.

On 28 August 2021 one of the five engines of Astra's Rocket 3.3 stopped less than a second after
lift-off from Kodiak. Four of them hardly carried the vehicle: it hovered and slid aside for nearly
20 s, then climbed along its programme, late and slow, until the range had the engines shut down at
about T+2:28; it had reached 33 km (20.5 miles) and culminated at about 50 km (31 miles).

The truth that is flown has four fifths of the thrust and flow from T+0.8 s on; the plan's attitude
is held upright until the vehicle is as fast as planned at the end of its vertical rise, and from
there is the planned programme, read either at the same time since or at the same speed. The masses
of the vehicle are estimates chosen so that four engines hold it and do not lift it: the hover is
fitted, heights are predicted. The slide aside is not modelled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome import mission as missions
from cosmodrome.ascent import fly_stack
from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.ballistic import (
    as_planned,
    cut_short,
    engine_out,
    event_at,
    fall_of,
    on_a_pad,
    plan_of,
    steered,
    thrust_direction,
    tumbling_m2,
)
from cosmodrome.campaign.replays.told import Told
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import G0, OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cosmodrome.campaign.replays.ballistic import Fall
    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.nouns import Flight, Leg, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Struck", "flown", "held_until_s", "lifts_after_s", "planned_mission", "replayed"]

NAME, KM = "astra-lv0006", 1e3
#: one of so many engines stopped at this instant, assumed; the range stopped the others, s after
#: lift-off
ENGINES, OUT_S, SHUTDOWN_S = 5, 0.8, Told("astra-lv0006").value("shutdown")
# upright for longer than this it would not have flown as far as it did
_LONGEST_HOLD_S = 60.0
_GRID_S, _ROUNDS = 1.0, 5
Reading = Literal["time", "speed", "height", "upright"]
#: where the planned programme is read, once it is as fast as planned after the vertical rise
READINGS: dict[Reading, str] = {
    "time": "at the same time since",
    "speed": "at the same speed",
    "height": "at the same height",
    "upright": "not at all: upright to the end",
}
_TEXT = """
schema: cosmodrome/1
name: Astra LV0006
site: kodiak
vehicle: astra-rocket-3
# a test payload of the Space Force (estimated), to an orbit of the class of LV0007's
spacecraft: {mass: 5 kg, drag_area: 1 m^2, drag_coefficient: 2.2, reflectivity: 1.3}
launch: {time: "2021-08-28T22:35:00Z"}
target: {kind: circular, altitude: 450 km +- 20 km, inclination: 86 deg +- 0.2 deg}
limits: {heat_flux: 1135 W/m^2, corridor: none}
"""


@dataclass(frozen=True, slots=True, eq=False)
class Struck:
    """The planned flight, and the vehicle that has lost an engine.

    plan     as carried, with its own attitude
    mission  with the truth's vehicle
    rise_s   end of the planned vertical rise
    times_s, speeds_m_s, heights_m  (n,) of the planned first stage from there on: when, how fast
             relative to the ground, how high
    """

    plan: Plan
    mission: Mission
    world: World
    rise_s: float
    times_s: Array
    speeds_m_s: Array
    heights_m: Array

    @classmethod
    def of(cls, flight: Flight, world: World) -> Struck:
        """From the planned flight."""
        mission, leg, plan = on_a_pad(flight), flight.legs[0], plan_of(flight)
        first, *others = mission.vehicle.stages
        stages = (_with_four(first), *others)
        struck = replace(mission, vehicle=replace(mission.vehicle, stages=stages))
        rise_s, end_s = plan.phases[0].end_s, plan.phases[2].end_s
        times = np.linspace(rise_s, end_s, 120)
        told = [event_at(leg, float(t), world) for t in times]
        speeds = np.array([e.speed_relative_m_s for e in told])
        heights = np.array([e.altitude_m for e in told])
        return cls(plan, struck, world, rise_s, times, speeds, heights)

    def upright(self, t_s: Array) -> Array:
        """The pad's vertical as it turns with the Earth, (3, n)."""
        return self.turned(thrust_direction(self.plan, 1e-3), t_s)

    @staticmethod
    def turned(direction: Array, by_s: Array) -> Array:
        """A direction (3,) or (3, n) of the launch frame carried on with the Earth's turn."""
        angle = OMEGA_EARTH_RAD_S * np.asarray(by_s)
        x, y, z = (np.broadcast_to(c, angle.shape) for c in direction)
        c, s = np.cos(angle), np.sin(angle)
        return np.stack([c * x - s * y, s * x + c * y, z])


def _with_four(stage: Stage) -> Stage:
    """The stage with its nozzles but one; until that is out the others stand for its thrust."""
    left = (ENGINES - 1) / ENGINES
    vacuum, ground = stage.thrust_vacuum_n, stage.thrust_sea_level_n or stage.thrust_vacuum_n
    # so that level x vacuum thrust less the pressure on four nozzles is the thrust of five
    five = 1.0 + (1.0 / left - 1.0) * ground / vacuum
    return replace(
        stage,
        engines=ENGINES - 1,
        thrust_vacuum_n=left * vacuum,
        thrust_sea_level_n=left * ground,
        throttle=((0.0, five), (OUT_S, 1.0)),
    )


def planned_mission() -> Mission:
    """The mission as it should have flown."""
    return missions.on_a_pad(missions.loads(_TEXT, "astra-lv0006"), "a replay")


def lifts_after_s(struck: Struck) -> float:
    """When four engines have burnt enough to lift what is left, s after lift-off."""
    first = struck.mission.vehicle.stages[0]
    over = _mass_when_out_kg(struck) - _thrust_n(first) / G0
    return OUT_S + max(over, 0.0) / first.mass_flow_kg_s


def _thrust_n(stage: Stage) -> float:
    """At sea level."""
    return stage.thrust_sea_level_n or stage.thrust_vacuum_n


def _mass_when_out_kg(struck: Struck) -> float:
    first = struck.mission.vehicle.stages[0]
    return struck.plan.initial_mass_kg - first.throttle[0][1] * first.mass_flow_kg_s * OUT_S


def held_until_s(struck: Struck) -> float:
    """When it is as fast as planned at the end of the vertical rise, held upright until then."""
    plan = steered(cut_short(struck.plan, _LONGEST_HOLD_S), 0.0, struck.upright)
    leg = fly_stack(plan, struck.mission, struck.world).leg
    low, high = struck.rise_s, _LONGEST_HOLD_S
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        speed = event_at(leg, middle, struck.world).speed_relative_m_s
        low, high = (middle, high) if speed < struck.speeds_m_s[0] else (low, middle)
    return high


def flown(struck: Struck, reading: Reading, watch: Watch = SILENT) -> tuple[Leg, Fall]:
    """The stack's leg to the shutdown and its fall, the programme read as `READINGS` say."""
    held = held_until_s(struck)
    short = cut_short(struck.plan, SHUTDOWN_S)

    def flight(when: Callable[[Array], Array]) -> Leg:
        """With the planned direction of the instants `when`, carried on with the pad."""

        def direction(t_s: Array) -> Array:
            at = when(t_s)
            planned = np.stack([thrust_direction(struck.plan, float(t)) for t in at], axis=1)
            out: Array = np.where(t_s < held, struck.upright(t_s), struck.turned(planned, t_s - at))
            return out

        return fly_stack(steered(short, 0.0, direction), struck.mission, struck.world).leg

    def late(t_s: Array) -> Array:
        return np.maximum(t_s - (held - struck.rise_s), 0.0)

    leg = flight(late if reading == "time" else np.zeros_like)
    if reading in ("speed", "height"):
        grid = np.append(np.arange(0.0, SHUTDOWN_S, _GRID_S), SHUTDOWN_S)
        # what is read hangs on the steering a little: read off, fly, read off again
        for _ in range(_ROUNDS):
            stop_if_cancelled(watch)
            told = [event_at(leg, float(t), struck.world) for t in grid]
            if reading == "speed":
                flown_at, planned_at = [e.speed_relative_m_s for e in told], struck.speeds_m_s
            else:
                flown_at, planned_at = [e.altitude_m for e in told], struck.heights_m
            leg = flight(_table(grid, np.interp(flown_at, planned_at, struck.times_s)))
    area = tumbling_m2(struck.mission.vehicle.stages[0])
    return leg, fall_of(leg, struck.mission, struck.world, area)


def _table(grid_s: Array, times_s: Array) -> Callable[[Array], Array]:
    def when(t_s: Array) -> Array:
        out: Array = np.interp(t_s, grid_s, times_s)
        return out

    return when


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """Planned; with an engine out, by several ways of reading the programme."""
    flight = as_planned(planned_mission(), world, watch)
    struck = Struck.of(flight, world)
    cases = {"as planned": tuple(_planned(flight, struck))}
    for reading, name in READINGS.items():
        watch.begin("replay", f"flying it with four engines, its programme read {name}")
        leg, fall = flown(struck, reading, watch)
        cases[f"four engines, the programme read {name}"] = tuple(_told(struck, leg, fall))
        watch.end("replay", f"highest at {fall.top().altitude_m / 1e3:.1f} km")
    return Replay(
        NAME,
        Told(NAME).title,
        "one of five engines stopped within a second of lift-off",
        cases,
        _NOTES,
        Told(NAME).sources,
        engine_out(flight, "stage-1"),
    )


def _planned(flight: Flight, struck: Struck) -> Iterator[Compared]:
    weight = struck.plan.initial_mass_kg * G0
    thrust = _thrust_n(on_a_pad(flight).vehicle.stages[0])
    at = event_at(flight.legs[0], SHUTDOWN_S, struck.world)
    yield Compared("mass at lift-off", struck.plan.initial_mass_kg / 1e3, "t", "fitted")
    yield Compared("thrust to weight, five engines", thrust / weight, "1", "fitted")
    yield Compared("height at T+148 s", at.altitude_m / 1e3, "km", "predicted")
    yield Compared(
        "speed at T+148 s, Earth-relative", at.speed_relative_m_s / 1e3, "km/s", "predicted"
    )


def _told(struck: Struck, leg: Leg, fall: Fall) -> Iterator[Compared]:
    weight = _mass_when_out_kg(struck) * G0
    ratio = _thrust_n(struck.mission.vehicle.stages[0]) / weight
    yield Compared("thrust to weight, four engines", ratio, "1", "fitted")
    yield Compared("four engines lift it from", lifts_after_s(struck), "s", "predicted")
    ground = struck.mission.site.height_m
    for t in (10.0, 20.0):
        height = event_at(leg, t, struck.world).altitude_m - ground
        yield Compared(f"height over the pad at T+{t:.0f} s", height, "m", "predicted")
    yield Compared("upright until", held_until_s(struck), "s", "predicted")
    end, top = fall.at(fall.start_s), fall.top()
    band = Told(NAME).band
    yield Compared(
        "height at the shutdown",
        end.altitude_m / 1e3,
        "km",
        "predicted",
        *band("shutdown-height", KM),
    )
    yield Compared(
        "speed at the shutdown, Earth-relative", end.speed_relative_m_s / 1e3, "km/s", "predicted"
    )
    yield Compared("highest point", top.altitude_m / 1e3, "km", "predicted", *band("top", KM))
    impact = fall.impact
    assert impact is not None
    yield Compared("latitude of the fall", math.degrees(impact.latitude_rad), "deg", "predicted")
    yield Compared("time of the fall after lift-off", impact.t_s / 60.0, "min", "predicted")


_NOTES = (
    "masses, specific impulses and drag of the vehicle are estimates of this project; the lift-off"
    " mass is chosen so that four engines hold it and do not lift it. Heights hang on them"
    " and on how the programme was read: the published ones lie between the programme at the same"
    " speed and no programme at all",
    "the engine is taken to stop at T+0.8 s ('less than one second')",
    "held upright until it is as fast as planned after the vertical rise; then the planned"
    " programme, at the same time since or at the same speed: how the computer read it is not told",
    "the slide aside, and thrust that is out of line with four engines, are not modelled",
    "`engine-out` warns only: few launchers lift off with an engine out",
)
