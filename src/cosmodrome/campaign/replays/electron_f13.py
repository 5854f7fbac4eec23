"""Electron F13, "Pics or it didn't happen": the second stage that stopped early.

On 4 July 2020 a connection in the power supply of Electron's second stage came loose and its one
engine stopped. The webcast showed the speed decrease while the height still grew from about T+5:30,
the picture of the rocket frozen at T+5:45, then the height fall from 194 or 195 km to less than
165 km in about a minute and a half, until the numbers were taken away at about T+7:45.

Flown is the plan of the optimum, cut at an instant; what is left falls. The orbit that the second
stage is to reach, from which the kick stage would have gone on, is assumed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome import mission as missions
from cosmodrome.ascent import fly_stack
from cosmodrome.campaign.replays import Compared, Replay
from cosmodrome.campaign.replays.ballistic import (
    apsides_m,
    as_planned,
    cut_short,
    engine_out,
    event_at,
    fall_of,
    on_a_pad,
    plan_of,
    tumbling_m2,
)
from cosmodrome.campaign.replays.told import Told
from cosmodrome.errors import SolverError
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.campaign.replays.ballistic import Fall
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.nouns import Flight, Leg
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["cut_at", "cut_for_top", "planned_mission", "replayed", "seconds_to"]

NAME, KM = "electron-f13", 1e3
_TOP_CLOSE_M = 20.0
_TEXT = """
schema: cosmodrome/1
name: "Electron F13, Pics or it didn't happen"
site: mahia
vehicle: electron
# seven spacecraft of about 105 kg, what holds them, and the kick stage (estimated)
spacecraft: {mass: 170 kg, drag_area: 1 m^2, drag_coefficient: 2.2, reflectivity: 1.3}
launch: {time: "2020-07-04T21:19:36Z"}
# the orbit in which the kick stage is left (assumed), of which it makes 500 km
target:
  kind: elliptic
  perigee: 200 km +- 10 km
  apogee: 500 km +- 10 km
  inclination: 97.4 deg +- 0.1 deg
limits: {heat_flux: 1135 W/m^2, corridor: none}
"""


def planned_mission() -> Mission:
    """To the orbit of the second stage; the kick stage and its load are what it carries."""
    made = missions.on_a_pad(missions.loads(_TEXT, "electron-f13"), "a replay")
    return replace(made, vehicle=replace(made.vehicle, stages=made.vehicle.stages[:2]))


def cut_at(flight: Flight, cut_s: float, world: World) -> tuple[Leg, Fall]:
    """The stack's leg to the stop of its engine, s after lift-off, and its fall."""
    mission = on_a_pad(flight)
    leg = fly_stack(cut_short(plan_of(flight), cut_s), mission, world).leg
    return leg, fall_of(leg, mission, world, tumbling_m2(mission.vehicle.stages[-1]))


def cut_for_top(
    flight: Flight, top_m: float, world: World, watch: Watch = SILENT
) -> tuple[float, Fall]:
    """The instant of the stop after which the fall culminates at `top_m`, and that fall.

    Raises SolverError where none between the stages' separation and T+400 s does.
    """
    low, high = 200.0, 400.0
    for _ in range(40):
        stop_if_cancelled(watch)
        middle = 0.5 * (low + high)
        _, fall = cut_at(flight, middle, world)
        off = fall.top().altitude_m - top_m
        if abs(off) < _TOP_CLOSE_M:
            return middle, fall
        low, high = (middle, high) if off < 0.0 else (low, middle)
    raise SolverError(f"no stop before T+400 s leads to a highest point of {top_m / 1e3:g} km")


def seconds_to(fall: Fall, altitude_m: float) -> float:
    """From the highest point down to a height, s."""
    top = fall.top().t_s
    low, high = top, fall.end_s
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if fall.at(middle).altitude_m > altitude_m else (low, middle)
    return low - top


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """Planned; stopped where the speed fell, and where the picture froze; fitted to the top."""
    told = Told(NAME)
    flight = as_planned(planned_mission(), world, watch)
    cases = {"as planned": _planned(flight, world)}
    for instant, why in (("slower", "the speed fell"), ("frozen", "the picture froze")):
        cut_s = told.value(instant)
        watch.begin("replay", f"stopped where {why}")
        leg, fall = cut_at(flight, cut_s, world)
        cases[f"stopped at T+{cut_s:.0f} s, where {why}"] = tuple(_told(leg, fall, world))
        watch.end("replay", f"highest at {fall.top().altitude_m / 1e3:.1f} km")
    watch.begin("replay", "the stop that ends where it was highest")
    cut_s, fall = cut_for_top(flight, told.value("top"), world, watch)
    cases["stopped so that it is highest where it was"] = tuple(_fitted(cut_s, fall))
    watch.end("replay", f"T+{cut_s:.1f} s")
    return Replay(
        NAME,
        told.title,
        "the one engine of the second stage stopped early",
        cases,
        _NOTES,
        told.sources,
        engine_out(flight, "stage-2"),
    )


def _planned(flight: Flight, world: World) -> tuple[Compared, ...]:
    cut = next(p for p in plan_of(flight).phases if p.name == "stage-2 cut-off")
    at = event_at(flight.legs[0], Told(NAME).value("slower"), world)
    return (
        Compared("cut-off of the second stage", cut.end_s, "s", "predicted"),
        Compared("height at T+330 s", at.altitude_m / 1e3, "km", "predicted"),
        Compared(
            "speed at T+330 s, Earth-relative",
            at.speed_relative_m_s / 1e3,
            "km/s",
            "predicted",
        ),
    )


def _told(leg: Leg, fall: Fall, world: World) -> Iterator[Compared]:
    top, impact, told = fall.top(), fall.impact, Told(NAME)
    assert impact is not None
    least = told.value("top") - told.value("below")
    lost = top.altitude_m - fall.at(top.t_s + 90.0).altitude_m
    yield Compared("highest point", top.altitude_m / 1e3, "km", "predicted", *told.band("top", KM))
    yield Compared("when it is highest", top.t_s, "s", "predicted")
    yield Compared("height lost in the 90 s after it", lost / 1e3, "km", "predicted")
    yield Compared("published, at least", least / 1e3, "km", "given")
    yield Compared("perigee after the stop", apsides_m(leg.end, world)[0] / 1e3, "km", "predicted")
    yield Compared("latitude of the fall", math.degrees(impact.latitude_rad), "deg", "predicted")
    yield Compared("time of the fall after lift-off", impact.t_s / 60.0, "min", "predicted")


def _fitted(cut_s: float, fall: Fall) -> Iterator[Compared]:
    top, told = fall.top(), Told(NAME)
    yield Compared("highest point", top.altitude_m / 1e3, "km", "fitted", *told.band("top", KM))
    yield Compared("stop of the engine", cut_s, "s", "fitted")
    yield Compared("when it is highest", top.t_s, "s", "predicted")
    down = seconds_to(fall, told.value("below"))
    yield Compared("from there down to 165 km", down, "s", "predicted", *told.band("fall"))
    yield Compared(
        "height when the numbers were removed",
        fall.at(told.value("removed")).altitude_m / 1e3,
        "km",
        "predicted",
    )


_NOTES = (
    "no check of the material can see a connection that comes loose: what `engine-out` says before"
    " flight is that this stage hangs on one engine, and until when a stop of it loses all",
    "the orbit of the second stage (200 x 500 km) and what it carries (170 kg) are assumed; the"
    " climb is the cheapest to that orbit, the flown one was another",
    "the catalogue's second stage is throttled to 71 % so that its load lasts as flown",
    "when it was highest is not published; numbers were frozen for some seconds about T+6:00",
)
