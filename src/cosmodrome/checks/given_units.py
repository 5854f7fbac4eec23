"""Figures that come from outside, against what such things can be: is one in another unit?

Each figure that a file gives is turned into one that hardly differs from thing to thing - a ratio
to a neighbour, a mass over an area, a time that a tank lasts - and held against a band that every
vehicle of the catalogue and every shipped mission keeps. A figure outside it fails, with the
mistake of unit that would explain it. What lies inside its band after a mistake stays unseen: the
bands, and what they miss, are in docs/checks.md.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.catalog import misfits, site, site_names
from cosmodrome.catalog.plausible import doubts
from cosmodrome.checks.factors import NO_MISTAKE, named, usual_if
from cosmodrome.checks.places import great_circle_m
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most
from cosmodrome.mission.nouns import Mission
from cosmodrome.world.bodies import G0

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cosmodrome.catalog.nouns import DragTable, Limits, Site, Stage, Station, Vehicle
    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import PhysicsModel, Spacecraft, WindTable

__all__ = ["Figure", "air_units", "craft_units", "place_units", "vehicle_units"]

# parts by which figures that close on each other may disagree
_CLOSED = 0.4
# what a cut-off leaves is a small difference of large figures: `tanks` judges it
_LEFT = "propellant at cut-off"
# a pad that bears a catalogue's name lies there, and so high
_PAD_M, _PAD_HEIGHT_M = 100e3, 300.0
# no chemical engine gives so long an impulse, s, and no electric one pushes so hard, m/s^2
_ELECTRIC_S, _ELECTRIC_M_S2 = 600.0, 0.02


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure made of what a file gives, and the band that it lies in. Bands begin above zero;
    a figure of zero is none and is not judged.
    """

    what: str
    value: float
    low: float
    high: float
    unit: str

    @property
    def outside(self) -> bool:
        return self.value != 0.0 and not self.low <= self.value <= self.high

    def judged(self, where: str) -> Judged:
        why = f"{self.what}: {self.value:.4g} {self.unit}, between {self.low:g} and {self.high:g}"
        if self.outside:
            mistake = usual_if(abs(self.value), self.low, self.high, self.unit)
            why += f" expected; {mistake or NO_MISTAKE}"
        if self.value > self.high:
            return at_most(self.value, self.high, self.unit, where, why)
        return at_least(self.value, self.low, self.unit, where, why)


def _told(figures: Iterable[Figure | Judged], where: str) -> Iterator[Judged]:
    """The figures that lie outside; one finding that all lie inside, where they do."""
    count = 0
    wrong: list[Judged] = []
    for f in figures:
        count += 1
        if isinstance(f, Judged):
            wrong += [f] if f.verdict == "fails" else []
        elif f.outside:
            wrong.append(f.judged(where))
    yield from wrong
    if not wrong:
        why = f"{count} figures that follow from what is given lie where such figures do"
        yield at_most(0.0, 0.0, "figures", where, why)


# ------------------------------------------------------------------------------- the vehicle
def vehicle_units(view: View) -> Iterator[Judged]:
    """Closures and neighbours of the vehicle's figures."""
    vehicle = view.mission.vehicle
    yield from _told(_vehicle(vehicle), vehicle.id)


def _vehicle(vehicle: Vehicle) -> Iterator[Figure | Judged]:
    for doubt in doubts(vehicle):
        if doubt.certain:
            yield Judged("fails", None, None, "", None, vehicle.id, str(doubt), vehicle.id)
    for row in (r for r in misfits(vehicle, _CLOSED) if r.quantity != _LEFT):
        why = f"{row.quantity}: {row.computed:.4g} {row.unit} by the other figures,"
        why += f" {named(1.0 + row.misfit)}"
        where = " ".join((vehicle.id, row.stage)).strip()
        yield at_most(abs(row.misfit), _CLOSED, "1", where, why, object=row.stage or vehicle.id)
    for stage in vehicle.stages:
        yield from _stage(stage)
    for table in vehicle.drag_tables:
        yield from _drag(table)
    yield from _limits(vehicle.limits, "vehicle")
    cover = vehicle.fairing
    if cover is not None:
        yield Figure(
            "heat flux that lets the fairing go", cover.heat_flux_w_m2 or 0.0, 1e2, 5e4, "W/m^2"
        )
        yield Figure("time of the fairing", cover.time_s or 0.0, 40.0, 1_500.0, "s")
        area = (cover.ballistic_cd_area_m2 or 0.0) / vehicle.drag.area_m2
        yield Figure("drag area of a falling fairing over the vehicle's", area, 0.05, 20.0, "1")
        yield Figure(
            "mass of the fairing by area",
            cover.mass_kg / vehicle.drag.area_m2,
            4.0,
            1_000.0,
            "kg/m^2",
        )
    full = sum(s.count * (s.load_kg + s.dry_mass_kg) for s in vehicle.stages)
    yield Figure("mass on the pad by area", full / vehicle.drag.area_m2, 4e3, 9e4, "kg/m^2")
    yield Figure("adapter over all stages", vehicle.adapter_kg / full, 1e-5, 0.02, "1")
    for rating in vehicle.payloads:
        yield Figure("payload over all stages", rating.mass_kg / full, 1e-4, 0.07, "1")


def _stage(stage: Stage) -> Iterator[Figure]:
    at, load = f"of {stage.id}", stage.load_kg
    lasts = stage.usable_kg / stage.mass_flow_kg_s
    yield Figure(f"residual {at} over its load", stage.residual_kg / load, 1e-5, 0.25, "1")
    yield Figure(
        f"burnt on the pad {at} over its load", stage.burnt_before_liftoff_kg / load, 1e-4, 0.2, "1"
    )
    yield Figure(
        f"lost at ignition {at} over its load", stage.ignition_loss_kg / load, 1e-6, 0.1, "1"
    )
    settled = stage.settling_s * stage.settling_flow_kg_s
    yield Figure(f"settling {at} over its load", settled / load, 1e-7, 0.1, "1")
    yield Figure(f"settling time {at}", stage.settling_s, 0.5, 2_000.0, "s")
    yield Figure(f"separation {at} after its cut-off", stage.separation_delay_s, 0.02, 120.0, "s")
    yield Figure(f"slew rate {at}", stage.slew_rate_rad_s or 0.0, 1.2e-3, 0.4, "rad/s")
    if stage.ballistic_cd_area_m2:
        falling = stage.dry_mass_kg / stage.ballistic_cd_area_m2
        yield Figure(f"dry mass {at} by its drag area falling", falling, 15.0, 1_300.0, "kg/m^2")
    if stage.ignition.kind == "lift-off":
        cut = (stage.cutoff_s or 0.0) / lasts
        yield Figure(f"commanded cut-off {at} over its burn", cut, 0.3, 20.0, "1")
    for part in stage.consumables:
        yield Figure(f"{part.name} {at} over its load", part.mass_kg / load, 1e-5, 0.2, "1")
        if part.flow_kg_s:
            time = part.mass_kg / part.flow_kg_s / lasts
            yield Figure(f"{part.name} {at}: time it lasts over the burn", time, 5e-3, 10.0, "1")
    for thrown in stage.jettisons:
        yield Figure(
            f"{thrown.name} {at} over its dry mass",
            thrown.mass_kg / stage.dry_mass_kg,
            1e-3,
            1.0,
            "1",
        )


def _drag(table: DragTable) -> Iterator[Figure]:
    yield Figure("largest drag coefficient", max(table.cd), 0.15, 3.0, "1")
    yield Figure("smallest drag coefficient", min(table.cd), 0.02, 1.5, "1")
    # the rise at Mach 1, where the table has one
    rise = max(zip(table.cd, table.mach, strict=True))[1] if len(set(table.cd)) > 1 else 0.0
    yield Figure("Mach number of the largest drag", rise, 0.3, 3.0, "1")
    yield Figure("last Mach number of the drag table", table.mach[-1], 0.9, 60.0, "1")


def _limits(limits: Limits, whose: str) -> Iterator[Figure]:
    yield Figure(
        f"dynamic pressure the {whose} bears", limits.dynamic_pressure_pa or 0.0, 5e3, 2e5, "Pa"
    )
    yield Figure(f"heat flux the {whose} bears", limits.heat_flux_w_m2 or 0.0, 1e2, 1e5, "W/m^2")
    yield Figure(
        f"acceleration the {whose} bears",
        limits.axial_acceleration_m_s2 or 0.0,
        14.0,
        250.0,
        "m/s^2",
    )
    yield Figure(
        f"pressure times angle the {whose} bears", limits.q_alpha_pa_rad or 0.0, 5e2, 3e4, "Pa rad"
    )


# ---------------------------------------------------------------------------- the spacecraft
def craft_units(view: View) -> Iterator[Judged]:
    """Areas, masses and engines of every spacecraft, one to another."""
    mission = view.flight.mission
    for craft in mission.crafts:
        mass = _mass_kg(view, craft)
        figures = [*_craft(craft, mass), *_faces(craft, mass, mission.physics)]
        yield from _told(figures, craft.id)
        for carried in craft.carries:
            yield from _told(_craft(carried, _mass_kg(view, carried)), carried.id)


def _mass_kg(view: View, craft: Spacecraft) -> float | None:
    if craft.mass_kg is not None:
        return craft.mass_kg
    return next((g.start.mass_kg for g in view.flight.legs if g.object == craft.id), None)


def _craft(craft: Spacecraft, mass: float | None) -> Iterator[Figure]:
    yield Figure("drag coefficient", craft.drag_coefficient, 1.0, 4.5, "1")
    yield Figure("reflectivity", craft.reflectivity, 0.3, 2.01, "1")
    if mass is None:
        return
    yield Figure("mass of a spacecraft", mass, 0.1, 1e6, "kg")
    yield Figure("adapter over the spacecraft", craft.adapter_kg / mass, 1e-3, 1.0, "1")
    yield Figure("propellant over the spacecraft", craft.propellant_kg / mass, 1e-3, 0.97, "1")
    engine = craft.engine
    if engine is None:
        return
    push = engine.thrust_n / mass
    electric = engine.isp_s > _ELECTRIC_S and push < _ELECTRIC_M_S2
    isp = (_ELECTRIC_S, 10_000.0) if electric else (60.0, 480.0)
    yield Figure("specific impulse", engine.isp_s, *isp, "s")
    yield Figure("thrust by mass", push, 2e-6 if electric else 1e-4, 40.0, "m/s^2")
    if craft.propellant_kg:
        lasts = craft.propellant_kg * engine.isp_s * G0 / engine.thrust_n
        yield Figure("time that the propellant lasts", lasts, 5.0, 2e8 if electric else 2e6, "s")


def _faces(craft: Spacecraft, mass: float | None, acting: PhysicsModel) -> Iterator[Figure]:
    """What air and light act on, where they act: a cubesat has 100 kg/m^2, a station 200."""
    air = craft.drag_area_m2 if acting.drag != "none" else 0.0
    light = craft.srp_area_m2 if acting.radiation_pressure else 0.0
    for area, name in ((air, "drag area"), (light, "area in the light")):
        if area and mass is not None:
            yield Figure(f"mass by {name}", mass / area, 1.0, 6_000.0, "kg/m^2")
    if air and light:
        yield Figure("area in the light over area in the air", light / air, 0.02, 50.0, "1")


# ------------------------------------------------------------------------------ the ground
def place_units(view: View) -> Iterator[Judged]:
    """Heights, masks and angles of the site and of stations; a pad of the catalogue's name."""
    mission = view.flight.mission
    stations = mission.stations
    pad = mission.site if isinstance(mission, Mission) else None
    if not stations and pad is None:
        raise NotJudged("the mission names no place on the ground")
    if pad is not None:
        yield from _told(_pad(pad), pad.id)
    for station in stations:
        yield from _told(_station(station), station.id)


def _ground(latitude_rad: float, longitude_rad: float, height_m: float) -> Iterator[Judged]:
    """Angles within a turn, and heights where ground is: the Dead Sea to the highest
    observatories."""
    where = "place on the ground"
    yield at_most(
        abs(latitude_rad), 0.5 * math.pi, "rad", where, "latitude, a quarter turn at most"
    )
    yield at_most(abs(longitude_rad), 2.0 * math.pi, "rad", where, "longitude, a turn at most")
    low, high = -450.0, 6_000.0
    mistake = usual_if(abs(height_m), 1.0, high, "m")
    why = f"height {height_m:g} m over the ellipsoid; ground lies between {low:g} and {high:g} m"
    yield at_most(height_m, high, "m", where, f"{why}; {mistake}")
    yield at_least(height_m, low, "m", where, f"{why}; {mistake}")


def _pad(pad: Site) -> Iterator[Judged]:
    yield from _ground(pad.latitude_rad, pad.longitude_rad, pad.height_m)
    if pad.id not in site_names():
        return
    known = site(pad.id)
    away = great_circle_m(
        pad.latitude_rad, pad.longitude_rad, known.latitude_rad, known.longitude_rad
    )
    where = f"{pad.id} of the catalogue"
    yield at_most(away, _PAD_M, "m", where, "distance from the catalogue's place of that name")
    off = abs(pad.height_m - known.height_m)
    why = "height off the catalogue's"
    if known.height_m and pad.height_m / known.height_m > 0.0:
        why += f"; {named(pad.height_m / known.height_m)}"
    yield at_most(off, _PAD_HEIGHT_M, "m", where, why)


def _station(station: Station) -> Iterator[Figure | Judged]:
    yield from _ground(station.latitude_rad, station.longitude_rad, station.height_m)
    yield Figure("elevation mask", abs(station.mask_rad), 1e-3, 0.8, "rad")


# --------------------------------------------------------------------------------- the air
def air_units(view: View) -> Iterator[Judged]:
    """Winds, the Sun's activity, and the limits that the mission sets."""
    mission = view.flight.mission
    figures = [*_wind(mission.wind), *_activity(view)]
    if isinstance(mission, Mission):
        figures += _limits(mission.limits, "mission")
    if not figures:
        raise NotJudged("the mission gives no wind, no activity of the Sun and no limits")
    yield from _told(figures, "mission file")


def _wind(wind: WindTable | None) -> Iterator[Figure]:
    """Jet streams reach 110 m/s; between lines of a sounding it shears by 0.1 /s at most."""
    if wind is None:
        return
    speeds = [math.hypot(e, n) for e, n in zip(wind.east_m_s, wind.north_m_s, strict=True)]
    yield Figure("strongest wind", max(speeds), 0.05, 120.0, "m/s")
    yield Figure("top of the wind table", max(wind.altitude_m), 100.0, 150e3, "m")
    yield Figure(
        "wind near the ground", speeds[0] if wind.altitude_m[0] < 500.0 else 0.0, 0.01, 45.0, "m/s"
    )
    lines = list(zip(wind.altitude_m, wind.east_m_s, wind.north_m_s, strict=True))
    shears = [
        math.hypot(b[1] - a[1], b[2] - a[2]) / (b[0] - a[0]) for a, b in itertools.pairwise(lines)
    ]
    yield Figure("shear of the wind", max(shears, default=0.0), 1e-6, 0.15, "1/s")


def _activity(view: View) -> Iterator[Figure]:
    given = view.flight.mission.space_weather
    if given is None:
        return
    yield Figure("F10.7", given.f107, 55.0, 400.0, "sfu")
    yield Figure("mean F10.7", given.f107a, 55.0, 300.0, "sfu")
    yield Figure("Ap", given.ap, 0.1, 400.0, "1")
