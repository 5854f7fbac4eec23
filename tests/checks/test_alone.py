"""Slips of records and files that one check alone sees: without it nobody would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cosmodrome.campaign.verify.plans.faults import plan_faults
from cosmodrome.campaign.verify.plans.records import misrecorded, record_faults
from cosmodrome.checks import run
from cosmodrome.mission.nouns import Mission

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

ALONE = {
    "record.event.fairing": "fairing-off",
    "record.event.shadow-lost": "eclipses",
    "record.launch.heading-4": "flown-heading",
    "record.path.lags": "seam-units",
    "file.vehicle.interstage": "dropped-mass",
    "file.vehicle.restarts": "restarts",
    "file.vehicle.seat": "fairing-off",
}


@pytest.fixture(scope="module")
def sound(clean: Flight, shipped_world: World) -> set[tuple[str, str]]:
    return _fails(run(clean, shipped_world, strict=True))


def _fails(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(f.check, f.object) for f in findings if f.verdict == "fails"}


@pytest.mark.parametrize("path", ALONE)
def test_one_check_alone_sees_it(
    path: str, clean: Flight, sound: set[tuple[str, str]], shipped_world: World
) -> None:
    assert not sound
    (fault,) = (f for f in record_faults(clean) if f.path == path)
    found = run(misrecorded(clean, fault), shipped_world, strict=True)
    assert {check for check, _ in _fails(found)} == {ALONE[path]}


def test_a_clock_nobody_can_tell_is_counted_apart(clean: Flight) -> None:
    """Plan and lift-off late alike: the local time of the node tells, a free one does not; nor does
    a window that is left."""

    def told(flight: Flight) -> set[bool]:
        faults = [f for f in plan_faults(flight) if f.path == "ascent.epoch.axes"]
        assert len(faults) == 7
        return {bool(f.unobservable) for f in faults}

    assert told(clean) == {False}
    own = clean.mission
    assert isinstance(own, Mission)
    free = replace(own, target=replace(own.target, ltan_s=None))
    assert told(replace(clean, mission=free)) == {True}
    at = clean.launch.epoch  # type: ignore[union-attr]
    short = replace(free, launch=replace(free.launch, window=(at + -0.5, at + 0.5)))
    assert told(replace(clean, mission=short)) == {False}
