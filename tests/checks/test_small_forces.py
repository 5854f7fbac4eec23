"""Impulses against thrust x time: sound files hold, each mistake of unit is seen and named."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from cosmodrome.checks.factors import FACTORS, explained
from cosmodrome.checks.small_forces import Thrusters, file_units
from cosmodrome.formats.impulses import Impulse, Impulses
from cosmodrome.world.epoch import Epoch

START = Epoch.from_utc("2027-03-01T00:00:00Z")
THRUSTERS = Thrusters(2.0)


def sound(left: float = 0.75) -> Impulses:
    """Thirty firings of 2 N of which so much is left over."""
    events = tuple(
        Impulse(
            START + 3600.0 * k, t, (left * 2.0 * t * math.cos(k), left * 2.0 * t * math.sin(k), 0.0)
        )
        for k in range(30)
        for t in (0.4 + 0.1 * (k % 5),)
    )
    return Impulses("craft", "gcrf", "N s", events)


def scaled(file: Impulses, factor: float) -> Impulses:
    events = tuple(
        replace(e, impulse_ns=tuple(factor * c for c in e.impulse_ns)) for e in file.events
    )
    return replace(file, events=events)


@pytest.mark.parametrize("left", [0.51, 0.75, 1.0])
def test_a_sound_file_holds(left: float) -> None:
    findings = file_units(sound(left), THRUSTERS)
    assert [f.verdict for f in findings] == ["holds", "holds"]
    assert all(f.margin is not None and f.margin > 0.0 for f in findings)


@pytest.mark.parametrize(
    ("factor", "named"),
    [
        (1.0 / 4.4482216152605, "pounds-force read as newtons"),
        (4.4482216152605, "newtons read as pounds-force"),
        (1e3, "a kilo- too many"),
        (1e-3, "a kilo- missing"),
        (9.80665, "newtons for kilograms-force"),
        (1.0 / 9.80665, "kilograms-force for newtons"),
    ],
)
def test_each_mistake_of_unit_fails_and_is_named(factor: float, named: str) -> None:
    failed = [f for f in file_units(scaled(sound(), factor), THRUSTERS) if f.verdict == "fails"]
    assert failed
    assert all(named in f.why for f in failed)
    assert {f.check for f in failed} == {"impulse-units"}


@pytest.mark.parametrize("left", [0.5, 0.6, 0.9, 1.09])
@pytest.mark.parametrize("factor", [1e3, 4.4482216152605, 9.80665])
def test_whatever_part_is_left_over(left: float, factor: float) -> None:
    for off in (factor, 1.0 / factor):
        found = file_units(scaled(sound(left), off), THRUSTERS)
        assert any(f.verdict == "fails" for f in found)


def test_what_no_unit_explains_is_told_as_such() -> None:
    (failed,) = (f for f in file_units(scaled(sound(), 1e-5), THRUSTERS) if f.verdict == "fails")
    assert "no mistake of unit explains it" in failed.why


def test_one_event_too_large_is_seen_among_many() -> None:
    file = sound()
    x, y, z = file.events[7].impulse_ns
    events = list(file.events)
    events[7] = replace(events[7], impulse_ns=(4.448 * x, 4.448 * y, 4.448 * z))
    each, total = file_units(replace(file, events=tuple(events)), THRUSTERS)
    assert (each.verdict, total.verdict) == ("fails", "holds")
    assert each.where == f"event of {events[7].epoch.utc(0)}"


def test_every_factor_is_its_own_explanation() -> None:
    for factor, text in FACTORS:
        assert explained(factor) == text
        assert explained(1.02 * factor) == text
    for ratio in (1.0, 0.0, -1.0, math.nan, math.inf, 200.0):
        assert explained(ratio) == ""
