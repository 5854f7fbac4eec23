"""A whole mission in a strong wind: go, by every check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome.flight import fly
from cosmodrome.mission import loads, scaffold
from cosmodrome.report.flight_record import flight_json

if TYPE_CHECKING:
    from cosmodrome.world.world import World


@pytest.mark.slow
def test_the_shipped_mission_across_a_january_envelope(shipped_world: World) -> None:
    wind = "wind: {profile: envelope, sigmas: 2, from: 250 deg}\n"
    limits = "limits: {dynamic_pressure: 45 kPa,"
    text = scaffold("vostochny-sso").replace(limits, f"{limits} q_alpha: 2500 Pa rad,") + wind
    flight = fly(loads(text), world=shipped_world)
    assert not [f for f in flight.findings if f.verdict == "fails"]
    assert flight.verdict == "go"
    for check in ("q-alpha", "dynamic-pressure", "losses", "fall-band", "thrust-in-air"):
        assert {f.verdict for f in flight.findings if f.check == check} == {"holds"}, check
    assert flight.legs[0].solve.residuals["position_m"] < 0.5
    assert flight_json(flight)["wind"]["text"] == "envelope, mean + 2 sigma from 250 deg"
    # some kilograms less than the 4,920 of still air
    assert 4_850.0 < flight.payload.capability_kg < 4_920.0
