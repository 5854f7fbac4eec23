"""Impulses against thrust x time: sound files hold, each mistake of unit is seen and named.

Then flown: what the path and the tank did against the file, each fault both ways.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import checks, flight, mission
from cosmodrome.checks.factors import FACTORS, explained
from cosmodrome.checks.small_forces import Thrusters, file_units
from cosmodrome.formats.impulses import Impulse, Impulses
from cosmodrome.mission.steps import Coast
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.record import Flight, Leg
    from cosmodrome.world.world import World

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


# flown ----------------------------------------------------------------------------------------
TEXT = """\
schema: cosmodrome/1
name: unloadings
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, perigee: 9000 km, apogee: 30000 km,
             inclination: 40 deg, raan: 40 deg, argument_of_perigee: 10 deg, true_anomaly: 20 deg}
spacecraft:
  id: orbiter
  mass: 640 kg
  thrusters: {thrust: 0.9 N, isp: 220 s}
  propellant: 1 kg
plan:
  - coast:
      for: 1 day
      impulses:
        - object, orbiter
        - axes, AXES
        - "epoch [UTC], on time [s], x [UNIT], y [UNIT], z [UNIT]"
        - "2027-03-01T06:00:00Z, 1.25, 0.20, -0.71, 0.57"
        - "2027-03-01T18:00:00Z, 1.00, 0.10, -0.51, 0.57"
physics: {gravity: 8x8, drag: none}
"""


def asked(axes: str = "rtn", unit: str = "N s") -> mission.AnyMission:
    return mission.loads(TEXT.replace("AXES", axes).replace("UNIT", unit))


@pytest.fixture(scope="module")
def flown(shipped_world: World) -> Flight:
    return flight.fly(asked(), world=shipped_world)


def failing(found: Flight, world: World) -> set[str]:
    return {f.check for f in checks.run(found, world, strict=True) if f.verdict == "fails"}


@pytest.mark.parametrize("axes", ["gcrf", "rtn", "vnc"])
def test_what_was_flown_as_the_file_says_holds(axes: str, shipped_world: World) -> None:
    found = flight.fly(asked(axes), world=shipped_world)
    judged = [f for f in found.findings if f.check == "impulse-units"]
    assert [f.verdict for f in judged] == ["holds"] * 7
    jump, lost = judged[2], judged[3]
    # 1 um/s of a craft of 640 kg, and rounding
    assert jump.measured is not None
    assert jump.measured < 1e-6
    assert lost.measured is not None
    assert lost.measured < 1e-10


@pytest.mark.parametrize("unit", ["lbf s", "mN s"])
def test_a_file_of_another_unit_flown_whole_is_seen_by_this_check_alone(
    unit: str, shipped_world: World
) -> None:
    """The file is misread by mission and flight alike: both agree, and only the thrusters tell."""
    found = flight.fly(asked(unit=unit), world=shipped_world)
    failed = [f for f in found.findings if f.verdict == "fails"]
    assert {f.check for f in failed} == {"impulse-units"}
    if unit == "lbf s":
        assert all("4.448: newtons read as pounds-force" in f.why for f in failed)


def told(found: Flight, **changes: object) -> Flight:
    (leg,) = found.legs
    return replace(found, legs=(replace(leg, **changes),))  # type: ignore[arg-type]


def file_of(leg: Leg) -> Impulses:
    (step,) = leg.steps
    assert isinstance(step, Coast)
    assert step.impulses is not None
    return step.impulses


def said(change: Callable[[Impulses], Impulses]) -> Callable[[Flight], Flight]:
    """A file told otherwise in the mission and with the leg alike; what was flown stays."""

    def plant(found: Flight) -> Flight:
        (leg,) = found.legs
        (step,) = leg.steps
        steps = (replace(step, impulses=change(file_of(leg))),)  # type: ignore[call-arg]
        return replace(told(found, steps=steps), mission=replace(found.mission, plan=steps))

    return plant


def events(change: Callable[[Impulse], Impulse]) -> Callable[[Impulses], Impulses]:
    return lambda file: replace(file, events=tuple(change(e) for e in file.events))


def opposite(e: Impulse) -> Impulse:
    x, y, z = e.impulse_ns
    return replace(e, impulse_ns=(-x, -y, -z))


def exchanged(e: Impulse) -> Impulse:
    x, y, z = e.impulse_ns
    return replace(e, impulse_ns=(y, x, z))


def other_thruster(found: Flight) -> Flight:
    craft = found.mission.spacecraft
    assert craft.thrusters is not None
    other = replace(craft.thrusters, isp_s=9.80665 * craft.thrusters.isp_s)
    return replace(
        found, mission=replace(found.mission, spacecraft=replace(craft, thrusters=other))
    )


def fuller(found: Flight) -> Flight:
    (leg,) = found.legs
    assert leg.handover_out is not None
    return told(found, handover_out=replace(leg.handover_out, propellant_kg={"orbiter": 1.0}))


def handed_of(found: Flight, loaded_kg: float) -> Flight:
    """So much is said to have been there before the leg, and after it what that leaves."""
    (leg,) = found.legs
    assert leg.handover_in is not None
    assert leg.handover_out is not None
    less = 1.0 - loaded_kg
    halves = {
        name: replace(h, propellant_kg={"orbiter": h.propellant_kg["orbiter"] - less})
        for name, h in (("handover_in", leg.handover_in), ("handover_out", leg.handover_out))
    }
    return told(found, **halves)


def emptier(found: Flight) -> Flight:
    """Less was loaded than was lost, and all records agree about it."""
    craft = replace(found.mission.spacecraft, propellant_kg=1e-5)
    handed = handed_of(found, 1e-5)
    return replace(handed, mission=replace(found.mission, spacecraft=craft))


def pushed(found: Flight) -> Flight:
    """The path jumps by 20 um/s more than the impulse gives."""
    (leg,) = found.legs
    t = file_of(leg).events[0].epoch - leg.path.epoch
    k = int(np.argmin(np.abs(leg.path.breaks_s - t)))
    c = leg.path.coefficients.copy()
    c[k:, 0, 4] += 2e-5
    path = Trajectory(leg.path.epoch, leg.path.frame, leg.path.breaks_s.copy(), c, leg.path.columns)
    return told(found, path=path, end=path.at(path.end))


PLANTED: dict[str, Callable[[Flight], Flight]] = {
    "the wrong way": said(events(opposite)),
    "x and y changed": said(events(exchanged)),
    "other axes": said(lambda file: replace(file, axes="vnc")),
    "instants of TAI": said(events(lambda e: replace(e, epoch=e.epoch + 37.0))),
    "times open in ms": said(events(lambda e: replace(e, on_time_s=1e3 * e.on_time_s))),
    "times open in hours": said(events(lambda e: replace(e, on_time_s=e.on_time_s / 3600.0))),
    "4.448 too large": said(lambda file: scaled(file, 4.4482216152605)),
    "4.448 too small": said(lambda file: scaled(file, 1.0 / 4.4482216152605)),
    "exhaust velocity for specific impulse": other_thruster,
    "nothing taken out of the tank": fuller,
    "out of an empty tank": emptier,
    "half of the load handed over": lambda found: handed_of(found, 0.5),
    "a jump that is too large": pushed,
}


@pytest.mark.parametrize("name", PLANTED)
def test_each_fault_is_seen(name: str, flown: Flight, shipped_world: World) -> None:
    assert not failing(flown, shipped_world)
    assert "impulse-units" in failing(PLANTED[name](flown), shipped_world)


def test_a_mission_without_impulses_is_not_asked(shipped_world: World) -> None:
    head, _, tail = TEXT.partition("      impulses:")
    plain = head + tail[tail.index("physics:") :]
    found = flight.fly(mission.loads(plain), world=shipped_world)
    assert not [f for f in found.findings if f.check == "impulse-units"]
