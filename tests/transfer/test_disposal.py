"""Leaving an orbit for good: how low, by how much, and what is said where it does not come off."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.errors import InfeasibleError
from cosmodrome.flight import fly
from cosmodrome.mission import (
    CraftEngine,
    Deorbit,
    OrbitMission,
    PhysicsModel,
    Spacecraft,
    SpaceWeather,
    Start,
    StartElements,
)
from cosmodrome.transfer.disposal import graveyard_rise_m
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.record import Finding, Flight
    from cosmodrome.world.world import World

RE, MU = 6_378_137.0, 3.986004418e14
EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
DAY, YEAR = 86_400.0, 365.25 * 86_400.0
CRAFT = Spacecraft(
    "old", 300.0, 3.0, 2.2, 3.0, 1.3, engine=CraftEngine(20.0, 220.0), propellant_kg=30.0
)


def mission(
    low_km: float, high_km: float, step: Deorbit, craft: Spacecraft = CRAFT
) -> OrbitMission:
    low, high = RE + low_km * 1e3, RE + high_km * 1e3
    a, e = 0.5 * (low + high), (high - low) / (high + low)
    elements = StartElements("tod", a, e, 1.2, 0.3, 0.5, "mean", 0.0, mean=True)
    return OrbitMission(
        name="disposal",
        start=Start(EPOCH, elements=elements),
        spacecraft=craft,
        plan=(step,),
        physics=PhysicsModel(gravity_degree=8, gravity_order=8),
        space_weather=SpaceWeather(120.0, 120.0, 9.0),
    )


def findings(flight: Flight, name: str) -> list[Finding]:
    return [f for f in flight.findings if f.check == name]


def test_a_perigee_is_lowered_at_the_apogee(shipped_world: World) -> None:
    """By vis-viva at the apogee, finite burns and J2 within two per cent."""
    flight = fly(mission(690, 800, Deorbit(perigee=(250e3, 1e3))), world=shipped_world)
    assert flight.verdict == "go"
    (kept,) = flight.upkeep
    high, a = RE + 800e3, RE + 745e3
    wanted = math.sqrt(MU * (2.0 / high - 1.0 / a)) - math.sqrt(
        2.0 * MU * (RE + 250e3) / (high * (high + RE + 250e3))
    )
    assert kept.delta_v_m_s == pytest.approx(wanted, rel=0.02)
    assert kept.burns == 3
    assert kept.propellant_kg == pytest.approx(
        300.0 * -math.expm1(-kept.delta_v_m_s / (220.0 * 9.80665)), rel=1e-6
    )
    (found,) = findings(flight, "disposal")
    assert found.verdict == "holds"
    assert found.measured is not None
    assert found.measured < 0.05


def test_within_a_time_it_decays_by_two_roads(shipped_world: World) -> None:
    flight = fly(mission(500, 520, Deorbit(within_s=0.5 * YEAR)), world=shipped_world)
    assert flight.verdict == "go"
    (kept,) = flight.upkeep
    assert kept.lifetime_s is not None
    # least lowering: it uses the time it is given
    assert 0.88 * 0.5 * YEAR < kept.lifetime_s < 0.5 * YEAR
    assert kept.untouched_s == math.inf
    whole, apart = findings(flight, "disposal")
    assert whole.verdict == apart.verdict == "holds"


def test_what_decays_by_itself_needs_no_burn_and_no_engine(shipped_world: World) -> None:
    flight = fly(
        mission(250, 260, Deorbit(within_s=YEAR), replace(CRAFT, engine=None)), world=shipped_world
    )
    assert flight.verdict == "go"
    (kept,) = flight.upkeep
    assert (kept.burns, kept.delta_v_m_s, kept.propellant_kg) == (0, 0.0, 0.0)
    assert "no burn is needed" in kept.notes[0]
    assert kept.lifetime_s is not None
    assert kept.lifetime_s < 60.0 * DAY


def test_without_an_engine_it_says_what_is_short(shipped_world: World) -> None:
    step = Deorbit(perigee=(200e3, 1e3))
    with pytest.raises(InfeasibleError, match=r"takes 1\d\d\.\d m/s, which old without an engine"):
        fly(mission(700, 710, step, replace(CRAFT, engine=None)), world=shipped_world)


def test_what_the_tank_lacks_is_told(shipped_world: World) -> None:
    step = Deorbit(perigee=(200e3, 1e3))
    with pytest.raises(InfeasibleError, match=r"m/s or \d+\.\d kg are short"):
        fly(mission(700, 710, step, replace(CRAFT, propellant_kg=5.0)), world=shipped_world)


def test_a_thrust_too_low_for_a_dozen_burns(shipped_world: World) -> None:
    weak = replace(CRAFT, engine=CraftEngine(0.5, 220.0))
    with pytest.raises(InfeasibleError, match="low_thrust: true"):
        fly(mission(700, 710, Deorbit(perigee=(200e3, 1e3)), weak), world=shipped_world)


def test_a_graveyard_is_above_the_geostationary_orbit(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match="write within: 25 years"):
        fly(mission(700, 710, Deorbit(graveyard=True)), world=shipped_world)


def test_the_rule_of_the_graveyard() -> None:
    """235 km + 1000 C_R A/m, in km: IADC Space Debris Mitigation Guidelines, 5.3.1."""
    assert graveyard_rise_m(1.3, 0.02) == pytest.approx(261e3)
