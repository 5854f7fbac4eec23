"""Libration orbits in mission files: a start, a step there, keeping one; and what is refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from cosmodrome.errors import InputError, MissionFileError
from cosmodrome.mission import StationKeep, loads
from cosmodrome.mission.libration_text import EXAMPLES, read_wish
from cosmodrome.mission.steps import ToLibration
from cosmodrome.targets import start_state

if TYPE_CHECKING:
    from cosmodrome.world.world import World

NRHO = """\
schema: cosmodrome/1
name: In a near-rectilinear orbit
start: {libration: {orbit: "nrho 9:2", epoch: 2027-03-01T00:00Z, phase: 90 deg}}
spacecraft: {mass: 2 t, engine: {thrust: 100 N, isp: 300 s}, propellant: 100 kg}
plan:
  - station-keep: {for: 30 days, orbit: "nrho 9:2", known: {position: 10 km, velocity: 10 cm/s}}
"""
AWAY = """\
schema: cosmodrome/1
name: To L2
site: kourou
vehicle: ariane-5-eca
spacecraft: {mass: 6 t, engine: {thrust: 36 N, isp: 290 s}, propellant: 300 kg}
launch: {window: 2027-03-01T00:00Z / 2027-03-02T00:00Z}
target: {kind: libration}
plan:
  - to-libration: {orbit: halo sun-earth l2 south az 350000 km, apart: 200000 km}
"""


@pytest.mark.parametrize("text", EXAMPLES)
def test_words_are_read(text: str) -> None:
    wish = read_wish(text)
    assert wish.text == text
    assert wish.body == ("earth" if "sun-earth" in text else "moon")


def test_a_start_and_its_keeping() -> None:
    m = loads(NRHO)
    assert m.start.libration is not None
    assert m.start.libration.orbit == "nrho 9:2"
    assert m.start.libration.phase_rad == pytest.approx(0.5 * math.pi)
    assert m.start.centre == "moon"
    (keep,) = m.plan
    assert isinstance(keep, StationKeep)
    assert keep.orbit == "nrho 9:2"
    assert keep.known == (10e3, 0.1)
    assert keep.every_s is None
    again = loads(m.resolved)
    assert again.start.libration == m.start.libration
    assert again.plan == m.plan


def test_a_step_there() -> None:
    m = loads(AWAY)
    (step,) = m.plan
    assert isinstance(step, ToLibration)
    assert step.corrections_s == (43_200.0, 30.0 * 86_400.0)
    assert step.revolutions == 2
    assert step.apart_m == 200e6
    assert m.target.kind == "libration"
    assert loads(m.resolved).plan == m.plan


def test_a_step_to_the_moon() -> None:
    m = loads(AWAY.replace("halo sun-earth l2 south az 350000 km", "dro 70000 km"))
    (step,) = m.plan
    assert isinstance(step, ToLibration)
    assert step.corrections_s == (86_400.0,)
    assert step.within_s == 30.0 * 86_400.0
    assert loads(m.resolved).plan == m.plan


REFUSED = {
    "no such family": (NRHO, '"nrho 9:2", epoch', "halos 9:2, epoch", "'halos' is no family"),
    "no member": (NRHO, '"nrho 9:2", epoch', "nrho, epoch", "nothing says which member"),
    "an altitude beside it": (
        NRHO,
        "for: 30 days,",
        "for: 30 days, altitude: 500 km,",
        "a libration orbit has no altitude",
    ),
    "errors without an orbit": (
        NRHO,
        'orbit: "nrho 9:2", known',
        "altitude: 500 km, known",
        "known belongs to keeping a libration orbit",
    ),
    "round the Earth": (
        AWAY,
        "halo sun-earth l2 south az 350000 km",
        "dro sun-earth 1000000 km",
        "about L1 and L2 of Sun and Earth",
    ),
    "a wait to L2": (AWAY, "apart: 200000 km", "within: 3 days", "left within a revolution"),
    "falling times": (
        AWAY,
        "apart: 200000 km",
        "corrections: [2 days, 1 day]",
        "a correction comes after the one before it",
    ),
    "no correction": (AWAY, "apart: 200000 km", "corrections: []", "there must be one"),
    "no step": (
        AWAY,
        "to-libration: {orbit: halo sun-earth l2 south az 350000 km, apart: 200000 km}",
        "coast: {for: 1 day}",
        "does not begin with the step that goes on there",
    ),
    "a size in the target": (AWAY, "{kind: libration}", "{kind: libration, orbit: x}", "orbit"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    text, old, new, why = REFUSED[name]
    assert old in text
    with pytest.raises(MissionFileError) as caught:
        loads(text.replace(old, new))
    assert why in str(caught.value)
    assert ":" in str(caught.value.faults[0])


def test_such_a_start_needs_a_mission(shipped_world: World) -> None:
    start = loads(NRHO).start
    with pytest.raises(InputError, match="corrected in the forces of a mission"):
        start_state(start, 2_000.0, shipped_world)
