"""Electron F13: how fast what is left falls, and what was known of the engine before.

Published: from 194 to 195 km to less than 165 km in about 90 s (SpaceNews, 5 July 2020; the
webcast).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.replays import replay
from cosmodrome.campaign.replays.ballistic import apsides_m
from cosmodrome.campaign.replays.electron_f13 import cut_at, seconds_to

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


def test_it_falls_as_it_fell(electron: Flight, shipped_world: World) -> None:
    leg, fall = cut_at(electron, 288.0, shipped_world)
    top = fall.top()
    assert top.altitude_m == pytest.approx(194.5e3, abs=500.0)  # the instant is fitted to it
    # and this is not: 89 s, and Galilei's law with the centrifugal part of the weight
    assert seconds_to(fall, 165e3) == pytest.approx(90.0, abs=5.0)
    lost = top.altitude_m - fall.at(top.t_s + 90.0).altitude_m
    assert lost > 29e3
    r = 6.366e6 + top.altitude_m
    weight = 3.986e14 / r**2 - top.speed_inertial_m_s**2 / r
    assert lost == pytest.approx(0.5 * weight * 90.0**2, rel=0.02)
    assert apsides_m(leg.end, shipped_world)[0] < -4e6


def test_the_stage_was_known_to_hang_on_one_engine(electron: Flight, shipped_world: World) -> None:
    found = {f.object: f for f in electron.findings if f.check == "engine-out"}
    assert found["stage-1"].verdict == "holds"  # eight of nine lift it
    assert found["stage-2"].verdict == "warns"
    burn = next(b for b in electron.legs[0].ledger.burns if b.stage == "stage-2")
    cut = burn.start_s + found["stage-2"].measured  # type: ignore[operator]
    # the same instant from the other side: cut there, the perigee lies about 80 km up
    low, high = (
        apsides_m(cut_at(electron, t, shipped_world)[0].end, shipped_world)[0]
        for t in (cut - 3.0, min(cut + 3.0, burn.end_s))
    )
    assert low < 80e3 < high
    assert np.isfinite(low)


@pytest.mark.nightly
def test_the_whole_replay(shipped_world: World) -> None:
    told = replay("electron-f13", shipped_world)
    assert [f.check for f in told.findings] == ["engine-out"]
    case = {c.what: c for c in told.cases["stopped so that it is highest where it was"]}
    assert case["from there down to 165 km"].inside
