"""Costs off the instant: one curve for every day."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from cosmodrome import ascent, campaign, mission, site, targets
from cosmodrome.campaign.held import CostCurve
from cosmodrome.campaign.waiting import Wait
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import Launch
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

ABOUT = Epoch.parse("2027-03-01T05:37:18Z")
CURVE = CostCurve(((-6.0, 21.6), (-3.0, 5.4), (0.0, 0.0), (3.0, 6.3), (6.0, 28.8)), -6, 6, 28.8, "")


def test_between_solved_ascents_the_cost_is_nearly_a_parabola() -> None:
    for minutes, kg in CURVE.points:
        assert CURVE.lost_kg(minutes) == pytest.approx(kg)
    # 0.6 kg/min^2 before; from 0.7 to 0.8 after, and no dearer than that nearer the instant
    assert CURVE.lost_kg(-4.5) == pytest.approx(0.6 * 4.5**2)
    assert CURVE.lost_kg(4.5) == pytest.approx(0.75 * 4.5**2)
    assert CURVE.lost_kg(1.0) == pytest.approx(0.7)
    assert CURVE.lost_kg(6.1) == math.inf
    first, last = CURVE.around(ABOUT)
    assert (first.epoch - ABOUT, last.epoch - ABOUT) == (-360.0, 360.0)
    assert (first.lost_kg, last.lost_kg) == pytest.approx((21.6, 28.8))


@pytest.fixture
def parabola(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ascents that cost 0.8 kg for the square of each minute."""

    def held_costs(*_: Any, **__: Any) -> Any:
        return lambda minutes: Wait(ABOUT + 60.0 * minutes, minutes, 0.8 * minutes**2)

    monkeypatch.setattr("cosmodrome.campaign.held.held_costs", held_costs)


@pytest.mark.usefixtures("parabola")
def test_the_window_ends_where_the_margin_does(shipped_world: World) -> None:
    m = mission.load("vostochny-sso")
    aim = targets.insertion(m.target, ABOUT, shipped_world)
    best: Any = SimpleNamespace(margin_kg=180.0)
    curve = campaign.cost_curve(m, aim, best, ABOUT, None, shipped_world)
    assert (curve.of, curve.allowed_kg) == ("margin", 180.0)
    assert curve.closes_min == pytest.approx(15.0, rel=0.01)
    assert 0.98 * 180.0 < curve.lost_kg(curve.closes_min) <= 180.0
    assert curve.opens_min == -curve.closes_min
    assert campaign.cost_curve(m, aim, best, ABOUT, 20.0, shipped_world).closes_min == (
        pytest.approx(5.0, rel=0.01)
    )
    with pytest.raises(InfeasibleError, match=r"margin at the best instant is -3\.0 kg"):
        campaign.cost_curve(m, aim, SimpleNamespace(margin_kg=-3.0), ABOUT, None, shipped_world)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a cost of 0 kg buys no wait"):
        campaign.cost_curve(m, aim, best, ABOUT, 0.0, shipped_world)
    free = m.weighing(m.spacecraft.id, None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="there is no margin that could reach zero"):
        campaign.cost_curve(free, aim, best, ABOUT, None, shipped_world)


def test_every_day_of_the_solved_branch_gets_its_edges(shipped_world: World) -> None:
    m = mission.load("vostochny-sso")
    aim = targets.insertion(m.target, ABOUT, shipped_world)
    found = site.calendar(
        m.site, site.ways_by_geometry(m.site, aim.i_mean_rad), aim, m.launch, shipped_world
    )
    priced = campaign.with_costs(found, "ascending", CURVE)
    for before, after in zip(found.windows, priced.windows, strict=True):
        if after.branch == "ascending":
            assert after.opens is not None
            assert after.opens.epoch == before.epoch + -360.0
        else:
            assert after == before


@pytest.mark.slow
def test_the_curve_of_one_day_is_that_of_another(shipped_world: World) -> None:
    """Solved about 1 March, it gives what ascents held on 25 March cost: 0.01 kg off of 60."""
    m = mission.load("vostochny-sso")
    aim = targets.insertion(m.target, ABOUT, shipped_world)
    best = ascent.solve(m, aim, shipped_world)
    instant = site.launch(m, aim, best, shipped_world).epoch
    curve = campaign.cost_curve(m, aim, best, instant, 60.0, shipped_world)
    month = replace(
        m,
        launch=Launch(window=(Epoch.parse("2027-03-25T00:00Z"), Epoch.parse("2027-03-26T00:00Z"))),
    )
    later = site.launch(month, aim, best, shipped_world).epoch
    for minutes in (curve.opens_min, 0.5 * curve.opens_min, curve.closes_min):
        held = replace(m, launch=Launch(time=later + 60.0 * minutes, node="held"))
        solved = ascent.solve(held, aim, shipped_world, previous=best)
        lost = best.margin_kg - solved.margin_kg
        print(f"{minutes:+.2f} min: curve {curve.lost_kg(minutes):.2f} kg, solved {lost:.2f} kg")
        assert lost == pytest.approx(curve.lost_kg(minutes), abs=0.1)
