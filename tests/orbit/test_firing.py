"""Small impulses in a coast: against conics joined by hand, and told in ledger, events and tank."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import checks, flight, mission
from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.errors import InputError, OutOfPropellantError
from cosmodrome.flight.again import carried, fly_again
from cosmodrome.mission.steps import Coast

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

MU = 3.986004415e14
G0 = 9.80665
KICKS = """\
        - "2027-03-01T03:00:00Z, 40, 3.0, -30.0, 9.0"
        - "2027-03-01T09:30:00.25Z, 25, -2.0, 14.0, 12.0"
"""
FILE = """\
schema: cosmodrome/1
name: unloadings
start:
  state: {{epoch: 2027-03-01T00:00:00Z, frame: gcrf, position: [20000 km, 3000 km, 1000 km],
          velocity: [-0.5 km/s, 4 km/s, 1.5 km/s]}}
spacecraft:
  id: orbiter
  mass: 640 kg
  thrusters: {{thrust: 0.9 N, isp: 220 s}}
  propellant: {propellant}
plan:
  - coast:
      for: 12 h
      impulses:
        - object, orbiter
        - axes, {axes}
        - "epoch [UTC], on time [s], x [N s], y [N s], z [N s]"
{kicks}  - coast: {{for: 1 h}}
physics: {{gravity: 0x0, third_bodies: [], drag: none, radiation_pressure: false}}
"""


def text(axes: str = "rtn", kicks: str = KICKS, propellant: str = "1 kg") -> str:
    return FILE.format(axes=axes, kicks=kicks, propellant=propellant)


def flown(world: World, **changes: str) -> Flight:
    return flight.fly(mission.loads(text(**changes)), world=world)


def by_hand(axes: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Place, velocity and mass after 13 h: three conics, and a step of velocity between them."""
    r, v = np.array([20e6, 3e6, 1e6]), np.array([-500.0, 4000.0, 1500.0])
    mass, before = 640.0, 0.0
    for t, open_s, given in (
        (10800.0, 40.0, (3.0, -30.0, 9.0)),
        (34200.25, 25.0, (-2.0, 14.0, 12.0)),
    ):
        r, v = kepler_propagate(r, v, t - before, MU)
        lost = 0.9 * open_s / (G0 * 220.0)
        h = np.cross(r, v)
        rows = {
            "gcrf": np.eye(3),
            "rtn": np.stack([r, np.cross(h, r), h]),
            "vnc": np.stack([v, h, np.cross(v, h)]),
        }[axes]
        for size, row in zip(given, rows, strict=True):
            v = v + size * row / np.linalg.norm(row) / (mass - 0.5 * lost)
        mass, before = mass - lost, t
    r, v = kepler_propagate(r, v, 46800.0 - before, MU)
    return r, v, mass


@pytest.mark.parametrize("axes", ["gcrf", "rtn", "vnc"])
def test_a_path_of_impulses_is_conics_joined_by_hand(axes: str, shipped_world: World) -> None:
    end = flown(shipped_world, axes=axes).legs[-1].end
    r, v, mass = by_hand(axes)
    assert np.linalg.norm(end.r_m - r) < 1e-3
    assert np.linalg.norm(end.v_m_s - v) < 1e-6
    assert end.mass_kg == pytest.approx(mass, abs=1e-9)
    # without them it would be somewhere else
    nobody, _ = kepler_propagate(
        np.array([20e6, 3e6, 1e6]), np.array([-500.0, 4000.0, 1500.0]), 46800.0, MU
    )
    assert np.linalg.norm(end.r_m - nobody) > 500.0


def test_each_is_told_in_ledger_events_and_tank(shipped_world: World) -> None:
    asked = mission.loads(text().replace("gravity: 0x0", "gravity: 4x4"))
    found = flight.fly(asked, world=shipped_world)
    (leg,) = found.legs
    assert [e.name for e in leg.events if e.name.startswith("impulse")] == [
        "impulse 1",
        "impulse 2",
    ]
    assert [round(b.start_s, 6) for b in leg.ledger.burns] == [10800.0, 34200.25]
    assert [b.impulse_n_s for b in leg.ledger.burns] == pytest.approx(
        [math.sqrt(990.0), math.sqrt(344.0)]
    )
    lost = 0.9 * 65.0 / (G0 * 220.0)
    assert leg.handover_out is not None
    assert leg.handover_out.propellant_kg["orbiter"] == pytest.approx(1.0 - lost, abs=1e-12)
    assert leg.ledger.delta_v_m_s == pytest.approx(
        sum(b.impulse_n_s for b in leg.ledger.burns) / 640.0, rel=1e-4
    )
    assert found.verdict == "go"
    judged = [f for f in found.findings if f.check == "impulse-units"]
    assert {f.verdict for f in judged} == {"holds"}
    assert len(judged) == 7


def test_it_is_executed_again_as_it_was(shipped_world: World) -> None:
    found = flown(shipped_world)
    again = fly_again(found, carried(found), shipped_world).flight
    assert again is not None
    assert np.array_equal(again.legs[-1].end.r_m, found.legs[-1].end.r_m)
    assert again.legs[-1].ledger == found.legs[-1].ledger


def test_the_mission_written_out_is_the_same_mission() -> None:
    asked = mission.loads(text())
    assert mission.loads(asked.resolved).plan == asked.plan
    first = asked.plan[0]
    assert isinstance(first, Coast)
    assert first.impulses is not None
    left = first.impulses.after(first.impulses.events[0].epoch)
    assert left is not None
    assert (left.first, left.events) == (2, first.impulses.events[1:])
    assert first.impulses.after(first.impulses.events[-1].epoch) is None


MOON = """\
schema: cosmodrome/1
name: away from the Moon
start:
  state: {epoch: 2027-03-01T00:00:00Z, frame: moon-equator, position: [2000 km, 0 km, 0 km],
          velocity: [0 km/s, 2.35 km/s, 0.3 km/s]}
spacecraft:
  id: orbiter
  mass: 640 kg
  thrusters: {thrust: 0.9 N, isp: 220 s}
  propellant: 1 kg
plan:
  - coast:
      for: 2 days
      impulses:
        - object, orbiter
        - axes, rtn
        - "epoch [UTC], on time [s], x [N s], y [N s], z [N s]"
        - "2027-03-01T06:00:00Z, 40, 3.0, -30.0, 9.0"
        - "2027-03-02T06:00:00Z, 40, 3.0, -30.0, 9.0"
physics: {gravity: 4x4, drag: none, moon_gravity: 8x8}
"""


def test_a_coast_over_the_edge_of_the_moons_sphere_takes_the_rest_along(
    shipped_world: World,
) -> None:
    found = flight.fly(mission.loads(MOON), world=shipped_world)
    assert [leg.start.frame.centre for leg in found.legs] == ["moon", "earth"]
    names = [[e.name for e in leg.events if "impulse" in e.name] for leg in found.legs]
    assert names == [["impulse 1"], ["impulse 2"]]
    assert found.verdict == "go"
    assert sum(f.check == "impulse-units" for f in found.findings) == 12
    again = fly_again(found, carried(found), shipped_world).flight
    assert again is not None
    assert np.array_equal(again.legs[-1].end.r_m, found.legs[-1].end.r_m)


@pytest.mark.parametrize(
    ("kicks", "propellant", "kind", "words"),
    [
        (KICKS.replace("T03", "T13"), "1 kg", InputError, "the line before"),
        (
            KICKS.replace("2027-03-01T09", "2027-03-01T12"),
            "1 kg",
            InputError,
            "is outside its coast, which is flown from 2027-03-01T00:00:00Z to"
            " 2027-03-01T12:00:00Z",
        ),
        (KICKS.replace("-01T03", "-01T00"), "1 kg", InputError, "is outside its coast"),
        (KICKS, "20 g", OutOfPropellantError, "takes 0.0104289 kg in 25 s and 0.00331"),
        (KICKS.replace(", 40,", ", 40e6,"), "600 kg", OutOfPropellantError, "is in s"),
    ],
)
def test_what_cannot_be_flown_is_refused(
    kicks: str, propellant: str, kind: type[Exception], words: str, shipped_world: World
) -> None:
    with pytest.raises(kind, match=words):
        flown(shipped_world, kicks=kicks, propellant=propellant)


def test_a_jump_that_no_impulse_explains_is_still_seen(shipped_world: World) -> None:
    found = flown(shipped_world)
    (leg,) = found.legs
    first = leg.steps[0]
    assert isinstance(first, Coast)
    silent = replace(leg, steps=(replace(first, impulses=None), *leg.steps[1:]))
    failed = {
        f.check
        for f in checks.run(replace(found, legs=(silent,)), shipped_world)
        if f.verdict == "fails"
    }
    assert {"seam-inside-paths", "plan-flown"} <= failed
