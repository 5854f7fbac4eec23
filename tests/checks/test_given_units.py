"""Figures in another unit: each number that a file gives, times each factor of its kind.

The catalogue and the shipped missions hold; what is seen of the mistakes is counted, so that a band
that is widened shows here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from cosmodrome import catalog
from cosmodrome.checks import given_units
from cosmodrome.checks.factors import FACTORS, usual_if
from cosmodrome.checks.verdicts import Judged, NotJudged
from cosmodrome.mission import load
from cosmodrome.mission.nouns import (
    CraftEngine,
    Limits,
    Mission,
    PhysicsModel,
    Spacecraft,
    SpaceWeather,
    WindTable,
)
from cosmodrome.mission.reader import shipped_missions, shipped_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.catalog.nouns import Vehicle

POUND_FORCE, KGF, FOOT2 = 4.4482216152605, 9.80665, 0.09290304
BY_KIND = {
    "mass": (1e3, 1e-3),
    "force": (1e3, 1e-3, POUND_FORCE, 1.0 / POUND_FORCE, KGF, 1.0 / KGF),
    "time": (60.0, 1.0 / 60.0, 1e3, 1e-3),
    "isp": (KGF, 1.0 / KGF),
    "rate": (180.0 / math.pi, math.pi / 180.0),
    "area": (FOOT2, 1.0 / FOOT2),
}
OF_A_STAGE = {
    "propellant_kg": "mass",
    "dry_mass_kg": "mass",
    "residual_kg": "mass",
    "burnt_before_liftoff_kg": "mass",
    "thrust_vacuum_n": "force",
    "thrust_sea_level_n": "force",
    "isp_vacuum_s": "isp",
    "isp_sea_level_s": "isp",
    "burn_time_s": "time",
    "cutoff_s": "time",
    "separation_delay_s": "time",
    "slew_rate_rad_s": "rate",
    "ballistic_cd_area_m2": "area",
}
#: part of the mistakes that is seen, at least; the catalogue's 23 vehicles
SEEN = {
    "propellant_kg": 1.0,
    "dry_mass_kg": 1.0,
    "residual_kg": 0.64,
    "burnt_before_liftoff_kg": 1.0,
    "thrust_vacuum_n": 0.96,
    "thrust_sea_level_n": 1.0,
    "isp_vacuum_s": 1.0,
    "isp_sea_level_s": 1.0,
    "burn_time_s": 1.0,
    "cutoff_s": 1.0,
    "separation_delay_s": 0.69,
    "slew_rate_rad_s": 1.0,
    "ballistic_cd_area_m2": 0.6,
}


def view(mission: Any) -> Any:
    """What these checks look at: the mission alone."""
    flight = SimpleNamespace(mission=mission, legs=())
    return SimpleNamespace(flight=flight, mission=mission)


def wrong(judged: Iterator[Judged]) -> list[Judged]:
    try:
        return [j for j in judged if j.verdict == "fails"]
    except NotJudged:
        return []


def of_vehicle(vehicle: Vehicle) -> list[Judged]:
    return wrong(given_units.vehicle_units(view(SimpleNamespace(vehicle=vehicle))))


@pytest.mark.parametrize("name", catalog.vehicle_names())
def test_every_vehicle_of_the_catalogue_holds(name: str) -> None:
    assert not of_vehicle(catalog.vehicle(name))


@pytest.mark.parametrize("name", shipped_missions())
def test_every_shipped_mission_holds(name: str) -> None:
    seen = view(load(shipped_path(name)))
    for check in (given_units.craft_units, given_units.place_units, given_units.air_units):
        assert not wrong(check(seen))


def test_every_figure_of_every_stage_times_every_factor() -> None:
    tried: dict[str, int] = defaultdict(int)
    seen: dict[str, int] = defaultdict(int)
    for vehicle in map(catalog.vehicle, catalog.vehicle_names()):
        for k, stage in enumerate(vehicle.stages):
            for name, kind in OF_A_STAGE.items():
                value = getattr(stage, name)
                for factor in BY_KIND[kind] if value else ():
                    changes = {name: factor * value}
                    if name == "propellant_kg":
                        changes["load_kg"] = factor * stage.load_kg
                    stages = list(vehicle.stages)
                    stages[k] = replace(stage, **changes)
                    tried[name] += 1
                    seen[name] += bool(of_vehicle(replace(vehicle, stages=tuple(stages))))
    assert set(tried) == set(SEEN)
    shares = {name: seen[name] / tried[name] for name in tried}
    assert all(shares[name] >= SEEN[name] for name in SEEN), shares


@pytest.mark.parametrize("name", catalog.vehicle_names())
def test_every_drag_table_times_every_factor(name: str) -> None:
    v = catalog.vehicle(name)
    for factor in (1e3, 1e-3, FOOT2, 1.0 / FOOT2):
        drag = replace(v.drag, cd=tuple(factor * c for c in v.drag.cd))
        assert of_vehicle(replace(v, drag=drag))
        assert of_vehicle(replace(v, drag=replace(v.drag, area_m2=factor * v.drag.area_m2)))
    for factor in (340.0, 1.0 / 340.0):
        drag = replace(v.drag, mach=tuple(factor * m for m in v.drag.mach))
        assert of_vehicle(replace(v, drag=drag))


def test_the_rest_of_a_vehicle_and_the_factor_that_is_named() -> None:
    v = catalog.vehicle("soyuz-2.1b-fregat")
    assert v.fairing is not None
    for vehicle, factor in (
        (replace(v, drag=replace(v.drag, area_m2=v.drag.area_m2 / FOOT2)), ""),
        (replace(v, adapter_kg=1e3 * v.adapter_kg), ""),
        (replace(v, drag=replace(v.drag, cd=tuple(100.0 * c for c in v.drag.cd))), ""),
        (replace(v, fairing=replace(v.fairing, heat_flux_w_m2=1.135)), "kilo- missing"),
        (replace(v, fairing=replace(v.fairing, heat_flux_w_m2=1.135e6)), "kilo- too many"),
        (replace(v, liftoff_mass_kg=313.0), ""),
        (replace(v, limits=Limits(dynamic_pressure_pa=45.0)), "kilo- missing"),
        (replace(v, limits=Limits(axial_acceleration_m_s2=6.0)), "kilograms-force"),
        (
            replace(v, stages=(*v.stages[:-1], replace(v.stages[-1], slew_rate_rad_s=1.0))),
            "degrees",
        ),
    ):
        found = of_vehicle(vehicle)
        assert found
        assert any(factor in j.why for j in found)
        assert all(j.margin is None or j.margin < 0.0 for j in found)


@dataclass
class _Flown:
    mission: Any
    legs: tuple[Any, ...] = ()


CRAFT = Spacecraft("sat", 1_200.0, 6.0, 2.2, 9.0, 1.3, 20.0, None, CraftEngine(400.0, 320.0), 500.0)


def crafts(craft: Spacecraft) -> list[Judged]:
    acting = PhysicsModel(radiation_pressure=True)
    return wrong(given_units.craft_units(view(SimpleNamespace(crafts=(craft,), physics=acting))))


def test_a_sound_spacecraft_holds() -> None:
    assert not crafts(CRAFT)
    ion = replace(CRAFT, engine=CraftEngine(0.2, 3_000.0))
    assert not crafts(ion)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"mass_kg": 1.2}, "kilo- missing"),
        ({"mass_kg": 1.2e6}, "kilo- too many"),
        ({"drag_area_m2": 6e6}, "two kilo- missing"),
        ({"srp_area_m2": 9e-6}, ""),
        ({"drag_coefficient": 0.22}, ""),
        ({"propellant_kg": 5e5}, "kilo- too many"),
        ({"propellant_kg": 0.5}, "kilo- missing"),
        ({"adapter_kg": 2e4}, "kilo- too many"),
        ({"engine": CraftEngine(400.0, 320.0 * KGF)}, "seconds of impulse"),
        ({"engine": CraftEngine(400.0, 320.0 / KGF)}, "m/s"),
        ({"engine": CraftEngine(4e5, 320.0)}, "kilo- too many"),
    ],
)
def test_a_spacecraft_in_another_unit_is_seen(changes: dict[str, Any], named: str) -> None:
    found = crafts(replace(CRAFT, **changes))
    assert found
    assert any(named in j.why for j in found)


def air(**given: Any) -> list[Judged]:
    mission = load(shipped_path("vostochny-sso"))
    assert isinstance(mission, Mission)
    return wrong(given_units.air_units(view(replace(mission, **given))))


WIND = WindTable((0.0, 5e3, 12e3, 20e3), (5.0, 20.0, 48.0, 12.0), (1.0, 4.0, 9.0, 2.0))


def winds(factor: float, heights: float = 1.0) -> WindTable:
    return WindTable(
        tuple(heights * h for h in WIND.altitude_m),
        tuple(factor * x for x in WIND.east_m_s),
        tuple(factor * x for x in WIND.north_m_s),
    )


def test_winds_activity_and_limits() -> None:
    assert not air(wind=WIND, space_weather=SpaceWeather(150.0, 150.0, 8.0))
    for factor in (1e3, 1e-3, 3.6):
        assert air(wind=winds(factor))
    for heights in (1e3, 1e-3):
        assert air(wind=winds(1.0, heights))
    assert air(space_weather=SpaceWeather(1.5e6, 150.0, 8.0))
    assert air(space_weather=SpaceWeather(150.0, 1.5, 8.0))
    assert air(space_weather=SpaceWeather(150.0, 150.0, 8e3))
    assert air(limits=Limits(dynamic_pressure_pa=45e6))
    assert air(limits=Limits(axial_acceleration_m_s2=6.0 * KGF**2))


def place(**changes: Any) -> list[Judged]:
    mission = load(shipped_path("vostochny-sso"))
    assert isinstance(mission, Mission)
    site = replace(mission.site, **changes)
    return wrong(given_units.place_units(view(replace(mission, site=site))))


def test_the_site_against_the_catalogue_and_the_ground() -> None:
    site = catalog.site("vostochny")
    assert not place()
    assert place(latitude_rad=math.degrees(site.latitude_rad))
    assert place(latitude_rad=math.radians(site.latitude_rad))
    assert place(longitude_rad=-site.longitude_rad)
    assert place(height_m=1e3 * site.height_m)
    # one of another name is held against the ground alone
    assert place(id="elsewhere", height_m=1e5)
    assert not place(id="elsewhere", height_m=500.0)
    assert not place(id="elsewhere", latitude_rad=0.1)


def test_what_is_usual_but_for_one_mistake() -> None:
    assert usual_if(1.135e6, 1e2, 5e4).startswith("1000:")
    assert usual_if(-1.0, 1.0, 2.0) == ""
    assert usual_if(1e30, 1.0, 2.0) == ""
    assert len({f for f, _ in FACTORS}) == len(FACTORS)
