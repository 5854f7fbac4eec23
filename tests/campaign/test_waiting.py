"""How long a lift-off may wait: found along a parabola, and held against solved ascents."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome import ascent, campaign, catalog, mission, site, targets
from cosmodrome.campaign.waiting import Wait, farthest
from cosmodrome.cli import main
from cosmodrome.errors import InputError
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

ABOUT = Epoch.parse("2027-03-01T00:00Z")


@given(
    st.floats(0.01, 20.0), st.floats(0.5, 500.0), st.floats(1.6, 2.4), st.sampled_from([-1.0, 1.0])
)
def test_the_longest_wait_for_a_cost(rate: float, cost: float, power: float, side: float) -> None:
    asked: list[float] = []

    def lost(minutes: float) -> Wait:
        asked.append(minutes)
        kg = rate * abs(minutes) ** power
        return Wait(ABOUT, minutes, kg if kg < 2_000.0 else math.inf)

    found = farthest(lost, side, cost)
    exact = (cost / rate) ** (1.0 / power)
    assert found.lost_kg <= cost
    assert all(m * side > 0.0 for m in asked)
    assert len(asked) <= 6
    if exact < 110.0:
        assert abs(found.minutes) == pytest.approx(exact, rel=0.03)
    else:
        assert abs(found.minutes) > 100.0
    assert abs(found.minutes) <= 120.0


def test_what_cannot_be_asked(shipped_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    m = mission.load("vostochny-sso")
    free = mission.loads(
        mission.scaffold("vostochny-sso").replace('  ltan: "15:00 +- 2 min"\n', "")
    )
    aims = [targets.insertion(x.target, ABOUT, shipped_world, 0.9) for x in (free, m)]
    with pytest.raises(InputError, match="names no node, so every instant serves alike"):
        campaign.window_for(free, aims[0], None, ABOUT, 20.0, shipped_world)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a cost of 0 kg buys no wait"):
        campaign.window_for(m, aims[1], None, ABOUT, 0.0, shipped_world)  # type: ignore[arg-type]
    assert main(["windows", "vostochny-sso", "--quick", "--cost", "20 kg"]) == 2
    assert "leave out --quick" in capsys.readouterr().err
    assert main(["windows", "vostochny-sso", "--cost", "20"]) == 2
    assert "--cost '20': a bare number has no unit" in capsys.readouterr().err
    # told at once, before any ascent is solved
    assert main(["windows", "vostochny-sso", "--cost", "0 kg"]) == 2
    assert capsys.readouterr().err.startswith("--cost '0 kg': it buys no wait")


@pytest.mark.slow
def test_twenty_kilograms_from_vostochny(shipped_world: World) -> None:
    m = mission.load("vostochny-sso")
    aim = targets.insertion(m.target, ABOUT, shipped_world, catalog.site("vostochny").latitude_rad)
    best = ascent.solve(m, aim, shipped_world)
    instant = site.launch(m, aim, best, shipped_world).epoch
    first, last = campaign.window_for(m, aim, best, instant, 20.0, shipped_world)
    for wait in (first, last):
        assert 19.0 < wait.lost_kg <= 20.0
    # as long before as after; 16.2 kg in five minutes are 20 kg in 5.55
    assert -first.minutes == pytest.approx(last.minutes, rel=0.01)
    assert last.minutes == pytest.approx(5.0 * math.sqrt(20.0 / 16.2), rel=0.03)
    assert last.epoch - instant == pytest.approx(60.0 * last.minutes, abs=1e-6)
