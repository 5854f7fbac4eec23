"""Astra LV0006: it hovers, climbs late, and ends between two readings of its programme.

Published: hover of nearly 20 s (SpaceNews), 33 km at the shutdown (J. McDowell; 20.5 miles,
Space.com), highest at about 50 km (Astra Space), all of 28 August 2021.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.replays import replay
from cosmodrome.campaign.replays.astra_lv0006 import Struck, flown, lifts_after_s
from cosmodrome.campaign.replays.ballistic import event_at
from cosmodrome.checks.engines import G0

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


def test_four_engines_hold_it_and_do_not_lift_it(astra: Flight, shipped_world: World) -> None:
    (found,) = (f for f in astra.findings if f.check == "engine-out" and f.object == "stage-1")
    assert found.verdict == "warns"
    assert 0.98 < found.measured < 1.0
    lift_off = next(f for f in astra.findings if f.check == "lift-off")
    assert lift_off.verdict in ("holds", "not-judged")  # with all five nobody would have asked
    struck = Struck.of(astra, shipped_world)
    assert 2.0 < lifts_after_s(struck) < 4.0
    stage = struck.mission.vehicle.stages[0]
    # until the fifth is out its thrust is that of five at sea level
    back = stage.thrust_vacuum_n - stage.thrust_sea_level_n  # type: ignore[operator]
    five = stage.throttle[0][1] * stage.thrust_vacuum_n - back
    assert five == pytest.approx(astra.mission.vehicle.stages[0].thrust_sea_level_n)  # type: ignore[union-attr]


def test_it_hovers_and_the_published_heights_lie_between(
    astra: Flight, shipped_world: World
) -> None:
    struck = Struck.of(astra, shipped_world)
    leg, fall = flown(struck, "time")
    pad = struck.mission.site.height_m
    heights = [event_at(leg, t, shipped_world).altitude_m - pad for t in (5.0, 10.0, 20.0)]
    assert 0.0 < heights[0] < heights[1] < heights[2] < 100.0
    # four nozzles at the pressure on the pad against the weight that is left at T+10 s
    mass = event_at(leg, 10.0, shipped_world).mass_kg
    stage = struck.mission.vehicle.stages[0]
    speeds = [event_at(leg, t, shipped_world).speed_relative_m_s for t in (9.9, 10.1)]
    felt = stage.thrust_sea_level_n / mass - G0  # type: ignore[operator]
    assert (speeds[1] - speeds[0]) / 0.2 == pytest.approx(felt, abs=0.03)
    _, upright = flown(struck, "upright")
    ends = [f.at(f.start_s).altitude_m for f in (fall, upright)]
    tops = [f.top().altitude_m for f in (fall, upright)]
    assert ends[0] < 33e3 < ends[1]
    assert tops[0] < 50e3 < tops[1]
    assert np.isfinite(tops).all()


@pytest.mark.nightly
def test_the_whole_replay(shipped_world: World) -> None:
    told = replay("astra-lv0006", shipped_world)
    assert len(told.cases) == 5
    assert [f.verdict for f in told.findings] == ["warns"]
