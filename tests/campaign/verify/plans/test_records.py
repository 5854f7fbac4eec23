"""Slips of records, files and tables: what each kind of mission has room for, and who sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import checks, mission
from cosmodrome.campaign.score.errands import ERRANDS
from cosmodrome.campaign.verify.plans.records import misread, misrecorded, record_faults
from cosmodrome.errors import InputError
from cosmodrome.flight import fly
from cosmodrome.formats.yaml_text import as_yaml

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

#: of one mission of a kind, the slips that one check alone sees
ALONE: dict[str, dict[str, str]] = {
    "an orbit is left": {
        "file.deorbit.perigee": "disposal",
        "file.craft.battery": "shadow",
        "record.start.axes": "seam-frames",
        "record.handover.attitude": "seam-attitudes",
        "record.handover.covariance": "seam-covariances",
        "world.ephemeris": "data-span",
    },
    "a craft with a plan of its own": {"file.release.speed": "parting"},
    "up from the Moon": {"file.rise.perilune": "lunar-ascent", "record.stay.drift": "at-rest"},
    "wheels unloaded": {
        "file.impulses.pounds": "impulse-units",
        "file.impulses.newtons": "impulse-units",
        "file.impulses.sign": "impulse-units",
        "file.impulses.exchanged": "impulse-units",
        "file.impulses.axes": "impulse-units",
        "file.impulses.open": "impulse-units",
        "file.impulses.thrusters": "impulse-units",
    },
    "places are looked at": {
        "record.imaging.lost": "overflights",
        "file.stations.height": "place-units",
        "file.avoid.object": "conjunctions",
    },
}


@pytest.fixture(scope="module")
def flown(shipped_world: World) -> dict[str, Flight]:
    out = {}
    for kind in ERRANDS:
        if kind.name in ALONE:
            tree = kind.make(np.random.default_rng([99, 0]))
            text = as_yaml({"schema": "cosmodrome/1", "name": kind.name, **tree})
            out[kind.name] = fly(mission.loads(text, kind.name), world=shipped_world)
    return out


@pytest.mark.parametrize("kind", ALONE)
def test_what_is_flown_is_sound(kind: str, flown: dict[str, Flight]) -> None:
    assert not [f for f in flown[kind].findings if f.verdict == "fails"]


@pytest.mark.parametrize(("kind", "path"), [(k, p) for k, row in ALONE.items() for p in row])
def test_one_check_alone_sees_it(
    kind: str, path: str, flown: dict[str, Flight], shipped_world: World
) -> None:
    flight = flown[kind]
    (fault,) = (f for f in record_faults(flight) if f.path == path)
    found = checks.run(misrecorded(flight, fault), misread(shipped_world, fault), strict=True)
    assert {f.check for f in found if f.verdict == "fails"} == {ALONE[kind][path]}


def test_what_there_is_no_room_for(flown: dict[str, Flight]) -> None:
    flight = flown["an orbit is left"]
    paths = {f.path for f in record_faults(flight)}
    assert not paths & {"file.landing.site", "record.stay.drift", "file.limits.q"}
    fault = next(f for f in record_faults(flight) if f.path == "file.deorbit.perigee")
    with pytest.raises(InputError, match="no place in this flight"):
        misrecorded(flight, replace(fault, path="file.landing.site"))
