"""Masses between the ascents that were solved; the ascents themselves are those of `payload`."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cosmodrome.campaign import departing
from cosmodrome.campaign.departing import Departures, departures, with_payload
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.record.porkchop import Porkchop, Transfer
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

LOW = math.radians(28.5)


def test_an_exponential_comes_back() -> None:
    """Payload that falls exponentially with C3 is a straight line in what is interpolated."""
    c3 = np.linspace(8e6, 28e6, 4)
    made = Departures("A vehicle", "a pad", c3, 5000.0 * np.exp(-c3 / 30e6), LOW)
    at = np.array([8e6, 11e6, 20.5e6, 28e6])
    assert made.mass(at, np.zeros(4)) == pytest.approx(5000.0 * np.exp(-at / 30e6))
    assert np.isnan(made.mass(np.array([30e6]), np.zeros(1)))[0]
    assert "4 kg" not in made.told()[0]


def test_a_steep_declination_costs() -> None:
    c3 = np.array([8e6, 18e6])
    masses = np.array([4000.0, 3000.0])
    made = Departures("V", "p", c3, masses, LOW, math.radians(48.5), 0.8 * masses)
    declinations = np.radians([0.0, -28.5, 38.5, -48.5, 60.0])
    got = made.mass(np.full(5, 8e6), declinations) / 4000.0
    part = (math.cos(LOW) - math.cos(math.radians(38.5))) / (
        math.cos(LOW) - math.cos(math.radians(48.5))
    )
    assert got == pytest.approx([1.0, 1.0, 0.8**part, 0.8, 0.8])
    assert "48.5°" in made.told()[1]


def grid(steepest: float) -> Porkchop:
    zero = Epoch.parse("2026-09-01T00:00Z")
    departs = (zero, zero + 10 * 86_400.0)
    arrives = (zero + 200 * 86_400.0, zero + 300 * 86_400.0)
    c3 = np.array([[9e6, 12e6], [10e6, 60e6]])
    declination = np.radians([[0.0, 10.0], [steepest, 80.0]])
    turn = np.array([[3.0, 3.3], [3.0, 3.3]])
    best = Transfer(departs[0], arrives[0], 9e6, 0.0, 0.0, 3e3, 3.0)
    return Porkchop(
        "earth", "mars", departs, arrives, c3, declination, turn, 3e3 + 0.0 * c3, turn, (best,)
    )


def test_a_few_ascents_are_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def solved(_site: str, _vehicle: str, orbit: str, *_: Any, **__: Any) -> Any:
        asked.append(orbit)
        words = orbit.split()
        mass = 6000.0 * math.exp(-float(words[1]) / 30.0)
        mass *= 0.9 if "deg" in words else 1.0
        return SimpleNamespace(
            capability_kg=mass, mission=SimpleNamespace(vehicle=SimpleNamespace(name="V"))
        )

    monkeypatch.setattr(departing, "payload", solved)
    world = World.shipped()
    made = departures(grid(20.0), "ccsfs", "v", world)
    assert len(asked) == 4
    assert made.steep_rad is None
    full = with_payload(grid(20.0), made)
    assert full.payload_kg is not None
    assert full.payload_kg[0, 0] == pytest.approx(6000.0 * math.exp(-0.3))
    assert np.isnan(full.payload_kg[1, 1])
    assert full.best[0].payload_kg == pytest.approx(6000.0 * math.exp(-0.3))
    assert [t.type for t in full.richest] == ["I", "II"]
    # a declination above the pad's latitude asks for a steeper plane
    asked.clear()
    steep = departures(grid(-40.0), "ccsfs", "v", world)
    assert len(asked) == 8
    assert sum("40.010 deg" in a for a in asked) == 4
    there = with_payload(grid(-40.0), steep).payload_kg
    assert there is not None
    assert there[1, 0] == pytest.approx(0.9 * 6000.0 * math.exp(-10.0 / 30.0), rel=1e-3)


def test_what_cannot_be_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise InfeasibleError("too much")

    monkeypatch.setattr(departing, "payload", refused)
    with pytest.raises(InfeasibleError, match="name a larger vehicle"):
        departures(grid(0.0), "ccsfs", "v", World.shipped())
    with pytest.raises(InputError, match="leaves the Earth, not mars"):
        departures(replace(grid(0.0), home="mars"), "ccsfs", "v", World.shipped())
