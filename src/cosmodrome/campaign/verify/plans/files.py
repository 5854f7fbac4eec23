"""Slips in the files a flight is read with: the vehicle's, the site's, the mission's.

The flight was planned and flown by the right ones; what is looked at beside it is not.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.campaign.verify.plans.slips import (
    FIRST,
    Slip,
    behind,
    first_changed,
    launcher,
    longer,
    of_limits,
    of_site,
    of_stage,
    of_vehicle,
    with_mission,
)
from cosmodrome.campaign.verify.plans.units import FOOT_M, POUND_FORCE_N, POUND_KG
from cosmodrome.catalog.nouns import DropZone, KeepOut, Station
from cosmodrome.mission.nouns import AzimuthClaim, Mission, Quantity, Visibility
from cosmodrome.mission.steps import Manoeuvre

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.campaign.verify.plans.slips import Make
    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.mission.nouns import Target
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.nouns import Flight

__all__ = ["OF_FILES"]

_DEG = math.pi / 180.0


# the vehicle ------------------------------------------------------------------------------------
def _thrust(by: float) -> Callable[[Stage], Stage]:
    return lambda s: replace(s, thrust_vacuum_n=by * s.thrust_vacuum_n)


def _no_pressure(stage: Stage) -> Stage | None:
    if stage.thrust_sea_level_n is None:
        return None
    return replace(stage, thrust_sea_level_n=None)


def _turns_slowly(stage: Stage) -> Stage | None:
    """Degrees a second read as radians, the other way round."""
    rate = _DEG if stage.slew_rate_rad_s is None else stage.slew_rate_rad_s
    return replace(stage, slew_rate_rad_s=rate * 1e-3)


def _no_restart(stage: Stage) -> Stage | None:
    return replace(stage, restarts=0) if stage.restarts else None


# the site ---------------------------------------------------------------------------------------
def _own(flight: Flight) -> Mission:
    assert isinstance(flight.mission, Mission)
    return flight.mission


def _geocentric(flight: Flight) -> dict[str, Any] | None:
    geodetic = _own(flight).site.latitude_rad
    return {"latitude_rad": math.atan((1.0 - 6.694379990e-3) * math.tan(geodetic))}


def _box(place: tuple[float, float], half_deg: float) -> tuple[tuple[float, float], ...]:
    lat, lon = place
    h = half_deg * _DEG
    w = h / max(math.cos(lat), 0.1)
    return ((lat - h, lon - w), (lat - h, lon + w), (lat + h, lon + w), (lat + h, lon - w))


def _first_fall(flight: Flight) -> tuple[str, tuple[float, float]] | None:
    for leg in flight.legs:
        if leg.impact is not None and leg.kind in ("stage", "booster"):
            return leg.object, (leg.impact.latitude_rad, leg.impact.longitude_rad)
    return None


def _other_zone(flight: Flight) -> dict[str, Any] | None:
    """Latitude and longitude of a drop zone changed for each other."""
    fall = _first_fall(flight)
    if fall is None:
        return None
    name, (lat, lon) = fall
    swapped = (math.remainder(lon, math.pi) * 0.9, lat)
    return {"drop_zones": (DropZone("as told", name, _box(swapped, 0.5)),)}


def _town(flight: Flight) -> dict[str, Any] | None:
    """A keep-out zone left out when the ascent was planned: it lies where a stage falls."""
    fall = _first_fall(flight)
    return None if fall is None else {"keep_out": (KeepOut("town", _box(fall[1], 0.3)),)}


# what is wanted ---------------------------------------------------------------------------------
def _target(change: Callable[[Target], Target | None]) -> Make:
    def make(flight: Flight) -> Flight | None:
        target = flight.mission.target
        changed = None if target is None else change(target)
        return None if changed is None else with_mission(flight, target=changed)

    return make


def _higher(target: Target) -> Target | None:
    """Nautical miles and kilometres: a twentieth of the height is enough."""
    a = target.semi_major_axis_m
    if a is None:
        return None
    more = 0.05 * (a.value - 6_378_137.0)
    if more < 1.5 * a.tolerance:
        return None
    return replace(target, semi_major_axis_m=replace(a, value=a.value + more))


def _rounder(target: Target) -> Target | None:
    e = target.eccentricity
    if e is None:
        return None
    return replace(target, eccentricity=Quantity(e.value + 3.0 * e.tolerance, e.tolerance))


def _supplement(target: Target) -> Target | None:
    i = target.inclination_rad
    if i is None or abs(i.value - math.pi / 2.0) < i.tolerance:
        return None
    return replace(target, inclination_rad=replace(i, value=math.pi - i.value))


def _other_node(target: Target) -> Target | None:
    """The descending node's local time, or right ascension, told as the ascending one's."""
    if target.ltan_s is not None:
        ltan = (target.ltan_s.value + 43_200.0) % 86_400.0
        return replace(target, ltan_s=replace(target.ltan_s, value=ltan))
    if target.raan_rad is not None:
        return replace(
            target, raan_rad=replace(target.raan_rad, value=target.raan_rad.value + math.pi)
        )
    return None


def _with_the_sun(target: Target) -> Target | None:
    """Asked to keep pace with the Sun, which this orbit does not."""
    if target.turns_with_sun or target.semi_major_axis_m is None:
        return None
    return replace(target, sun_synchronous=True)


def _perigee(target: Target) -> Target | None:
    w = target.argument_of_perigee_rad
    if w is None or target.perigee_at_either_node:
        return None
    return replace(target, argument_of_perigee_rad=replace(w, value=w.value + math.pi / 2.0))


def _window(late_s: float) -> Make:
    def make(flight: Flight) -> Flight | None:
        if not isinstance(flight.mission, Mission) or flight.launch is None:
            return None
        at = flight.launch.epoch + late_s
        return with_mission(
            flight, launch=replace(flight.mission.launch, time=None, window=(at, at + 7200.0))
        )

    return make


def _claim(flight: Flight) -> Flight | None:
    """The inertial azimuth claimed as the relative one."""
    if not isinstance(flight.mission, Mission) or flight.launch is None:
        return None
    own = flight.launch
    off = math.remainder(own.azimuth_inertial_rad - own.azimuth_relative_rad, math.tau)
    if abs(off) < 2.0 * _DEG:
        return None
    claim = AzimuthClaim(own.azimuth_inertial_rad, "relative", 0.5 * _DEG)
    return with_mission(flight, launch=replace(flight.mission.launch, azimuth=claim))


def _out_of_sight(flight: Flight) -> Flight | None:
    """East and west of a station changed: the release is to be seen from the other side."""
    stack = launcher(flight)
    if not isinstance(flight.mission, Mission) or stack is None or not stack.events:
        return None
    last = stack.events[-1]
    away = Station("as told", -last.latitude_rad, last.longitude_rad + math.pi, 0.0, 5.0 * _DEG)
    return with_mission(flight, visibility=(Visibility(last.name, (away,)),))


def _physics(flight: Flight) -> Flight | None:
    """The file asks for more than was flown."""
    own = flight.mission.physics
    if flight.orbit is None or flight.orbit.body != "earth" or flight.orbit.osculating.a_m > 2e7:
        return None
    return with_mission(flight, physics=replace(own, gravity_degree=2, gravity_order=0))


def _plan(change: Callable[[Step], Step | None]) -> Make:
    """The first step of the file's plan that can be, told otherwise than it was carried."""

    def make(flight: Flight) -> Flight | None:
        found = first_changed(flight.mission.plan, change)
        return None if found is None else with_mission(flight, plan=found[2])

    return make


def _stronger(step: Step) -> Step | None:
    if not isinstance(step, Manoeuvre) or step.delta_v_m_s is None:
        return None
    return replace(step, delta_v_m_s=step.delta_v_m_s / FOOT_M)


def _elsewhere(step: Step) -> Step | None:
    if not isinstance(step, Manoeuvre):
        return None
    u = np.asarray(step.direction)
    return replace(step, direction=(float(-u[0]), float(-u[1]), float(-u[2])))


def _coasts_high(flight: Flight) -> Flight | None:
    """A floor of coasts, of a flight that coasts between two burns of one stage."""
    stack = launcher(flight)
    lit = [] if stack is None else [b.stage for b in stack.ledger.burns]
    if len(set(lit)) == len(lit):
        return None
    return of_limits(coast_altitude_m=2_000e3)(flight)


def _burns(flight: Flight) -> bool:
    own = flight.mission.spacecraft.id
    return any(g.chapter == "transfer" and g.object == own for g in flight.legs)


def _engine(flight: Flight) -> Flight | None:
    """The spacecraft's thrust in pounds of force."""
    craft = flight.mission.spacecraft
    if craft.engine is None or not _burns(flight):
        return None
    engine = replace(craft.engine, thrust_n=craft.engine.thrust_n / POUND_FORCE_N)
    return with_mission(flight, spacecraft=replace(craft, engine=engine))


def _load(flight: Flight) -> Flight | None:
    craft = flight.mission.spacecraft
    if craft.engine is None or not _burns(flight):
        return None
    return with_mission(
        flight, spacecraft=replace(craft, propellant_kg=POUND_KG * craft.propellant_kg)
    )


OF_FILES: dict[str, Slip] = {
    "vehicle.thrust": Slip("thrust of the last stage 2 % high", of_stage(_thrust(1.02))),
    "vehicle.thrust-pounds": Slip(
        "thrust of the last stage in pounds of force", of_stage(_thrust(1.0 / POUND_FORCE_N))
    ),
    "vehicle.first-thrust": Slip(
        "thrust of the first stage 5 % high", of_stage(_thrust(1.05), FIRST)
    ),
    "vehicle.isp": Slip(
        "specific impulse of the last stage 1 % low",
        of_stage(lambda s: replace(s, isp_vacuum_s=0.99 * s.isp_vacuum_s)),
    ),
    "vehicle.dry": Slip(
        "dry mass of the first stage 5 % high",
        of_stage(lambda s: replace(s, dry_mass_kg=1.05 * s.dry_mass_kg), FIRST),
    ),
    "vehicle.pressure": Slip("sea-level thrust taken for vacuum's", of_stage(_no_pressure, FIRST)),
    "vehicle.drag": Slip(
        "drag on half the area", of_vehicle(drag=lambda d: replace(d, area_m2=0.5 * d.area_m2))
    ),
    "vehicle.adapter": Slip("the adapter 50 kg heavier", of_vehicle(adapter_kg=lambda m: m + 50.0)),
    "vehicle.delay": Slip(
        "a stage's separation half a second later",
        of_stage(lambda s: replace(s, separation_delay_s=s.separation_delay_s + 0.5), FIRST),
    ),
    "vehicle.restarts": Slip("no restart allowed", of_stage(_no_restart)),
    "vehicle.residual": Slip(
        "unusable residual of the last stage as large as its load",
        of_stage(lambda s: replace(s, residual_kg=0.99 * s.load_kg)),
    ),
    "vehicle.settling": Slip(
        "a settling flow that was not flown",
        of_stage(
            lambda s: replace(s, settling_s=30.0, settling_flow_kg_s=0.3) if s.restarts else None
        ),
    ),
    "vehicle.slew": Slip("a turn rate a thousandth of its own", of_stage(_turns_slowly)),
    "site.latitude": Slip("geocentric latitude of the pad for geodetic", of_site(_geocentric)),
    "site.corridor": Slip("corridor counted from south", of_site(behind)),
    "site.zone": Slip("latitude and longitude of a drop zone changed", of_site(_other_zone)),
    "site.town": Slip("a town where a stage falls, left out of the plan", of_site(_town)),
    "target.altitude": Slip("height of the target a twentieth more", _target(_higher)),
    "target.eccentricity": Slip("another eccentricity", _target(_rounder)),
    "target.inclination": Slip("inclination as its supplement", _target(_supplement)),
    "target.node": Slip("descending node for ascending", _target(_other_node)),
    "target.sun": Slip("a node that was to turn with the Sun", _target(_with_the_sun)),
    "target.perigee": Slip("argument of perigee a quarter turn off", _target(_perigee)),
    "launch.window": Slip("window opens after lift-off by local time", _window(3600.0)),
    "launch.claim": Slip("inertial azimuth claimed as relative", _claim),
    "limits.pressure": Slip(
        "dynamic pressure in kPa read as Pa", of_limits(dynamic_pressure_pa=45.0)
    ),
    "limits.angle": Slip("q-alpha in degrees read as radians", of_limits(q_alpha_pa_rad=5.0)),
    "limits.heat": Slip("heat flux in kW read as W", of_limits(heat_flux_w_m2=1.135)),
    "limits.acceleration": Slip(
        "acceleration in g0 read as m/s^2", of_limits(axial_acceleration_m_s2=6.0)
    ),
    "limits.floor": Slip("floor of the parking orbit in another unit", _coasts_high),
    "stations.side": Slip("east and west of a station changed", _out_of_sight),
    "physics.field": Slip("the file asks for another gravity field", _physics),
    "plan.coast": Slip("a coast a minute longer in the file than carried", _plan(longer)),
    "plan.burn": Slip("a burn in feet a second in the file", _plan(_stronger)),
    "plan.direction": Slip("a burn the other way in the file", _plan(_elsewhere)),
    "craft.thrust": Slip("the spacecraft's thrust in pounds of force", _engine),
    "craft.load": Slip("the spacecraft's propellant in pounds", _load),
}
