"""Vega VV15: the second stage that broke up 14 s after it was lit.

On 11 July 2019 (UTC) the forward dome of Vega's second stage, a solid motor, failed at T+130 s.
The launcher parted in two: the motor, and the third stage with all above it. The path was seen to
leave the planned one at T+135 s, the command to destroy went at T+213 s, the last telemetry came
at T+314 s; everything fell into the Atlantic.

The plan of the optimum is cut 14 s after the ignition of the second stage, and both parts fall.
Where they come down is set beside the point of the impact trace at that instant, which is what
range safety watches. Instants after the break-up are counted from it: the catalogue's first stage
burns a little shorter than the flown one, so that all comes some seconds early.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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
    off_km,
    on_a_pad,
    plan_of,
    tumbling_m2,
)
from cosmodrome.campaign.replays.told import Told
from cosmodrome.catalog.nouns import KeepOut
from cosmodrome.watch import SILENT
from cosmodrome.world.geodesy import surface_distance_m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.campaign.replays.ballistic import Fall
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.nouns import Event, Flight
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["Broken", "after_s", "broken", "planned_mission", "replayed", "trace_at"]

NAME, KM = "vega-vv15", 1e3
_MOTOR = "z23"
# third stage, fairing and all between them, tumbling; estimated
_UPPER_CD_AREA_M2 = 14.0
_TEXT = """
schema: cosmodrome/1
name: Vega VV15
site: kourou
vehicle: vega
spacecraft: {mass: 1197 kg, drag_area: 6 m^2, drag_coefficient: 2.2, reflectivity: 1.3}
launch: {time: "2019-07-11T01:53:03Z"}
target: {kind: circular, altitude: 611 km +- 5 km, inclination: 97.88 deg +- 0.05 deg}
# the limit on dynamic pressure is assumed, of the size of other launchers
limits: {dynamic_pressure: 45 kPa, heat_flux: 1135 W/m^2, corridor: none}
"""
#: places that nothing may come near: latitudes and longitudes of their boxes, deg
_TOWNS = {
    "Kourou": ((5.13, 5.19), (-52.70, -52.60)),
    "Paramaribo": ((5.77, 5.92), (-55.30, -55.05)),
    "Barbados": ((13.04, 13.34), (-59.66, -59.42)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Broken:
    """What the break-up made of the launcher.

    parted   the stack where the motor failed
    motor    the second stage and what it had not burnt, on its way down
    upper    the third stage and all above it
    """

    parted: Event
    motor: Fall
    upper: Fall


def planned_mission() -> Mission:
    """The mission as it should have flown, with some places to keep clear of."""
    made = missions.on_a_pad(missions.loads(_TEXT, "vega-vv15"), "a replay")
    return replace(made, site=replace(made.site, keep_out=tuple(_keep_outs())))


def _keep_outs() -> Iterator[KeepOut]:
    for name, ((south, north), (west, east)) in _TOWNS.items():
        corners = ((south, west), (south, east), (north, east), (north, west))
        yield KeepOut(name, tuple((math.radians(a), math.radians(b)) for a, b in corners))


def broken(flight: Flight, world: World) -> Broken:
    """Both parts from the break-up down to the sea."""
    mission, plan = on_a_pad(flight), plan_of(flight)
    lit = next(p for p in plan.phases if _MOTOR in p.burning).start_s
    leg = fly_stack(cut_short(plan, lit + Told(NAME).value("held")), mission, world).leg
    stage = mission.vehicle.stage(_MOTOR)
    burnt = sum(b.propellant_kg for b in leg.ledger.burns if b.stage == _MOTOR)
    motor_kg = stage.dry_mass_kg + stage.load_kg - burnt
    upper_kg = leg.end.mass_kg - motor_kg
    return Broken(
        leg.events[-1],
        fall_of(leg, mission, world, tumbling_m2(stage), _MOTOR, motor_kg),
        fall_of(leg, mission, world, _UPPER_CD_AREA_M2, "third stage and above", upper_kg),
    )


def after_s(instant: str) -> float:
    """A published instant, s after the break-up."""
    told = Told(NAME)
    return told.value(instant) - told.value("break-up")


def trace_at(flight: Flight, t_s: float) -> tuple[float, float]:
    """Latitude and longitude of the recorded impact trace at an instant under thrust, deg."""
    assert flight.range_safety is not None
    trace = flight.range_safety.trace
    places = (np.interp(t_s, trace.t_s, trace.place_rad[:, k]) for k in (0, 1))
    latitude, longitude = (math.degrees(float(p)) for p in places)
    return latitude, longitude


# ----------------------------------------------------------------------------------- replay
def replayed(world: World, watch: Watch = SILENT) -> Replay:
    """Planned, and broken."""
    flight = as_planned(planned_mission(), world, watch)
    watch.begin("replay", "flying it to the break-up")
    parts = broken(flight, world)
    watch.end("replay", f"T+{parts.parted.t_s:.1f} s")
    cases = {
        "as planned": tuple(_planned(flight, world)),
        "at the break-up": tuple(_parted(flight, parts)),
        "the second stage": tuple(_fallen(flight, parts.parted, parts.motor)),
        "the third stage and above": tuple(_fallen(flight, parts.parted, parts.upper)),
    }
    told = Told(NAME)
    return Replay(
        NAME,
        told.title,
        f"the second stage broke up {told.value('held'):g} s after it was lit",
        cases,
        _NOTES,
        told.sources,
        engine_out(flight, _MOTOR),
    )


def _planned(flight: Flight, world: World) -> Iterator[Compared]:
    leg = flight.legs[0]
    gone = next(e for e in leg.events if e.name == "p80 separation")
    band = Told(NAME).band
    yield Compared(
        "separation of the first stage", gone.t_s, "s", "predicted", *band("first-stage")
    )
    yield Compared(
        "height there", gone.altitude_m / 1e3, "km", "predicted", *band("first-stage-height", KM)
    )
    yield Compared(
        "speed there, Earth-relative",
        gone.speed_relative_m_s / 1e3,
        "km/s",
        "predicted",
        *band("first-stage-speed", KM),
    )
    yield Compared(
        "height at T+130 s", event_at(leg, 130.0, world).altitude_m / 1e3, "km", "predicted"
    )


def _parted(flight: Flight, parts: Broken) -> Iterator[Compared]:
    assert flight.range_safety is not None
    parted = parts.parted
    latitude, longitude = trace_at(flight, parted.t_s)
    band = Told(NAME).band
    yield Compared("break-up", parted.t_s, "s", "predicted", *band("break-up"))
    yield Compared(
        "speed, Earth-relative",
        parted.speed_relative_m_s / 1e3,
        "km/s",
        "predicted",
        *band("speed", KM),
    )
    yield Compared("height", parted.altitude_m / 1e3, "km", "predicted")
    yield Compared("latitude of the impact trace", latitude, "deg", "predicted")
    yield Compared("longitude of the impact trace", longitude, "deg", "predicted")
    nearest = min(m.closed_m for m in flight.range_safety.margins if m.closed_m is not None)
    yield Compared("corridor clear of the nearest town", nearest / 1e3, "km", "predicted")


def _fallen(flight: Flight, parted: Event, fall: Fall) -> Iterator[Compared]:
    top, impact = fall.top(), fall.impact
    assert impact is not None
    yield Compared("mass", fall.mass_kg / 1e3, "t", "predicted")
    yield Compared("highest point", top.altitude_m / 1e3, "km", "predicted")
    for instant, name in (
        ("destroyed", "the command to destroy"),
        ("silent", "the last telemetry"),
    ):
        event = fall.at(min(parted.t_s + after_s(instant), fall.end_s))
        yield Compared(f"height at {name}", event.altitude_m / 1e3, "km", "predicted")
    site = on_a_pad(flight).site
    place = site.latitude_rad, site.longitude_rad
    away = float(surface_distance_m(*place, impact.latitude_rad, impact.longitude_rad))
    yield Compared("from the break-up to the sea", impact.t_s - parted.t_s, "s", "predicted")
    yield Compared("falls at latitude", math.degrees(impact.latitude_rad), "deg", "predicted")
    yield Compared("falls at longitude", math.degrees(impact.longitude_rad), "deg", "predicted")
    yield Compared("from the pad", away / 1e3, "km", "predicted")
    # the trace is of a fall in vacuum: drag ends it earlier
    yield Compared(
        "short of the impact trace",
        off_km(impact, *trace_at(flight, parted.t_s)),
        "km",
        "predicted",
    )


_NOTES = (
    "no check of the material sees a weak dome: `engine-out` says that it hangs on one motor,"
    " and the impact trace with its corridor that whatever stops falls clear of the named towns",
    "the climb is the optimum under an assumed limit of 45 kPa; the flown one was steeper, and its"
    " first stage burned for 114 s, the catalogue's for 107 s",
    "both parts fall whole, without a push from the break-up; drag areas of tumbling bodies are"
    " estimated, that of the upper part here",
    "instants after the break-up are the published ones less 130 s",
)
