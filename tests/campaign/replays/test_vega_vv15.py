"""Vega VV15: where its parts fall, against the impact trace that was planned with.

Published: break-up 14 s after ignition, at T+130 s; last telemetry at T+314 s (inquiry commission,
5 September 2019).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome.ascent import fly_stack
from cosmodrome.campaign.replays import replay
from cosmodrome.campaign.replays.ballistic import cut_short, fall_of, off_km, on_a_pad
from cosmodrome.campaign.replays.vega_vv15 import after_s, broken, trace_at

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


def test_the_parts_are_the_whole_and_fall_short_of_the_trace(
    vega: Flight, shipped_world: World
) -> None:
    parts = broken(vega, shipped_world)
    assert parts.motor.mass_kg + parts.upper.mass_kg == pytest.approx(parts.parted.mass_kg)
    # 14 of 77 s of 23.8 t were burnt
    assert parts.motor.mass_kg == pytest.approx(2_486.0 + 23_814.0 * 63.1 / 77.1, rel=1e-3)
    # 8.5 t of motor and its load, 1.4 t, 10.6 t; 1.3 t AVUM; 540 kg of fairing; 1,197 kg
    above = 1_433.0 + 10_567.0 + 688.0 + 577.0 + 540.0 + 1_197.0
    assert parts.upper.mass_kg == pytest.approx(above, rel=1e-6)
    there = trace_at(vega, parts.parted.t_s)
    for fall, most in ((parts.motor, 20.0), (parts.upper, 30.0)):
        assert fall.impact is not None
        assert 5.0 < off_km(fall.impact, *there) < most
        assert math.degrees(fall.impact.latitude_rad) < there[0]  # northbound, drag falls short
    # aloft when telemetry ended
    assert parts.upper.at(parts.parted.t_s + after_s("silent")).altitude_m > 10e3


def test_without_air_it_would_fall_on_the_trace(vega: Flight, shipped_world: World) -> None:
    """DOP853 with J2 to J4 against the closed form of the trace, a cone section without J2."""
    plan, mission = vega.legs[0].plan, on_a_pad(vega)
    assert plan is not None
    leg = fly_stack(cut_short(plan, 126.5), mission, shipped_world).leg
    fall = fall_of(leg, mission, shipped_world, cd_area_m2=1e-6)
    assert fall.impact is not None
    assert off_km(fall.impact, *trace_at(vega, 126.5)) < 1.0


def test_range_safety_had_it_in_view(vega: Flight) -> None:
    found = [f for f in vega.findings if f.check in ("keep-out", "impact-trace")]
    assert {f.check for f in found} == {"keep-out", "impact-trace"}
    assert {f.verdict for f in found} == {"holds"}
    (hangs,) = (f for f in vega.findings if f.check == "engine-out" and f.object == "z23")
    assert hangs.verdict == "warns"
    assert hangs.measured == pytest.approx(77.1, abs=0.1)


@pytest.mark.nightly
def test_the_whole_replay(shipped_world: World) -> None:
    told = replay("vega-vv15", shipped_world)
    assert set(told.cases) == {
        "as planned",
        "at the break-up",
        "the second stage",
        "the third stage and above",
    }
    assert [f.check for f in told.findings] == ["engine-out"]
