"""The soonest ascent with a given payload: equal to the thriftiest where time is propellant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome import ascent
from cosmodrome.ascent import limits_in_words
from cosmodrome.ascent.prices import in_seconds
from cosmodrome.catalog.nouns import Limits
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.epoch import Epoch
from tests.ascent.conftest import fly, mission, two_stages

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

ABOUT = Epoch.parse("2027-03-01T05:41:46Z")


def solved(m: Mission, world: World) -> AscentSolution:
    return ascent.solve(m, insertion(m.target, ABOUT, world), world)


def low(kg: float, limits: Limits) -> Mission:
    m = mission("soyuz-2.1b", "baikonur", kg, 220e3, 51.7, limits)
    return replace(m, vehicle=two_stages())


def test_where_time_is_propellant_soonest_is_thriftiest(shipped_world: World) -> None:
    """Nothing coasts and the last stage pushes evenly: release = fixed times + burn."""
    thrifty_ = low(15_000.0, Limits(None, 1135.0))
    thrifty = solved(thrifty_, shipped_world)
    soon = solved(replace(thrifty_, objective="time"), shipped_world)
    assert soon.way == thrifty.way == "direct"
    assert soon.travel_s == pytest.approx(thrifty.travel_s, abs=2e-3)
    flow = thrifty_.vehicle.stages[-1].mass_flow_kg_s
    assert soon.margin_kg == pytest.approx(thrifty.margin_kg, abs=2e-3 * flow)
    assert soon.capability_kg == pytest.approx(thrifty.capability_kg, abs=1e-6)


def test_the_price_is_the_time_a_looser_limit_saves(shipped_world: World) -> None:
    def at(q_pa: float) -> AscentSolution:
        m = low(15_000.0, Limits(q_pa, 1135.0))
        return solved(replace(m, objective="time"), shipped_world)

    free = solved(replace(low(15_000.0, Limits(None, 1135.0)), objective="time"), shipped_world)
    tight, loose = at(38e3), at(39e3)
    price = tight.multipliers["dynamic_pressure_s_per_kPa"]
    assert price < 0.0
    assert price == pytest.approx(loose.travel_s - tight.travel_s, rel=0.3)
    assert free.travel_s < loose.travel_s < tight.travel_s
    said = limits_in_words({"dynamic_pressure_s_per_kPa": -2.04})
    assert said == ("1 kPa more dynamic pressure: -2.0 s",)
    assert in_seconds({"heat_flux_kg_per_W_m2": 3.0}, 150.0) == {"heat_flux_s_per_W_m2": -0.02}


def test_an_upper_stage_burns_through_instead_of_coasting(sso: Flown, shipped_world: World) -> None:
    soon = fly(replace(mission(), objective="time"), shipped_world)
    assert soon.solution.way == "direct"
    assert soon.solution.travel_s < 0.5 * sso.solution.travel_s
    assert 0.0 <= soon.solution.margin_kg < sso.solution.margin_kg
    assert soon.solution.payload_kg == 2_900.0
    miss = soon.stack.solve.residuals
    assert miss["position_m"] < 1.0
    assert miss["velocity_m_s"] < 1e-3
