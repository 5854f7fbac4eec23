"""Missions on libration orbits, flown; and that the check sees a flight that is not on one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import run
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.flight import fly
from cosmodrome.mission import StationKeep, loads
from cosmodrome.mission.starts import Start, StartState
from cosmodrome.targets.libration import find, read_libration

if TYPE_CHECKING:
    from cosmodrome.record import Finding, Flight
    from cosmodrome.world.world import World

DAY = 86_400.0
NRHO = """\
schema: cosmodrome/1
name: In a near-rectilinear orbit
start: {libration: {orbit: "nrho 9:2", epoch: 2027-03-01T00:00Z}}
spacecraft: {mass: 2 t, engine: {thrust: 100 N, isp: 300 s}, propellant: 100 kg}
plan:
  - coast: {for: 1 day}
  - station-keep: {for: 20 days, orbit: "nrho 9:2", known: {position: 10 km, velocity: 10 cm/s}}
physics: {gravity: 8x8, moon_gravity: 20x20, drag: none}
"""
HALO = """\
schema: cosmodrome/1
name: In a halo orbit
start: {libration: {orbit: halo l2 az 15000 km, epoch: 2027-03-01T00:00Z, phase: 40 deg}}
spacecraft: {mass: 2 t, engine: {thrust: 100 N, isp: 300 s}, propellant: 100 kg}
plan: [{station-keep: {for: 45 days, orbit: halo l2 az 15000 km}}]
physics: {gravity: 8x8, moon_gravity: 20x20, drag: none}
"""


def findings(flight: Flight, world: World) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check == "libration-orbit"]


@pytest.fixture(scope="module")
def kept(shipped_world: World) -> Flight:
    return fly(loads(NRHO), world=shipped_world)


@pytest.fixture(scope="module")
def halo(shipped_world: World) -> Flight:
    return fly(loads(HALO), world=shipped_world)


def test_it_stays_near_the_orbit(kept: Flight, shipped_world: World) -> None:
    assert kept.verdict == "go"
    (near,) = kept.libration
    assert near.orbit == "nrho 9:2"
    assert near.end - near.start == pytest.approx(21.0 * DAY)
    closes, apart, turned, gap = findings(kept, shipped_world)
    assert {f.verdict for f in (closes, apart, turned, gap)} == {"holds"}
    # the corrected path lies some 2,500 km from the orbit of the restricted problem
    assert apart.measured is not None
    assert 500.0 < apart.measured < 4_000.0
    assert turned.measured == pytest.approx(near.revolutions, abs=0.1)
    assert gap.measured is not None
    assert gap.measured < 1e-4


def test_errors_cost_burns(kept: Flight) -> None:
    (told,) = kept.upkeep
    # once a revolution at the apolune
    assert told.burns == 3
    assert 0.002 < told.delta_v_m_s < 0.5
    assert "10 cm/s" in told.notes[0]


def test_without_errors_next_to_nothing_is_burnt(halo: Flight, shipped_world: World) -> None:
    assert halo.verdict == "go"
    (told,) = halo.upkeep
    # departures grow by 1,080 a revolution here: what cut-offs and forces left out make of it
    assert told.delta_v_m_s < 0.2
    assert {f.verdict for f in findings(halo, shipped_world)} == {"holds"}


def test_a_flight_that_leaves_is_seen(halo: Flight, shipped_world: World) -> None:
    """10 m/s off at the start and not kept: the flight leaves, and the check says where."""
    mission = halo.mission
    at = halo.legs[0].start
    r, v = at.r_m, at.v_m_s + np.array([10.0, 0.0, 0.0])
    axes = "gcrf" if at.frame.centre == "earth" else "moon/gcrf"
    state = StartState(axes, tuple(map(float, r)), tuple(map(float, v)))
    plan = (loads(NRHO).plan[0],)
    plan = (replace(plan[0], duration_s=45.0 * DAY),)
    lost = fly(replace(mission, start=Start(at.epoch, state), plan=plan), world=shipped_world)
    assert not lost.libration
    told = replace(lost, libration=halo.libration, mission=mission)
    _, apart, *_ = findings(told, shipped_world)
    assert apart.verdict == "fails"
    assert apart.measured is not None
    assert apart.limit is not None
    assert apart.measured > 3.0 * apart.limit


def test_another_orbit_is_seen(kept: Flight, shipped_world: World) -> None:
    """The same flight, said to be near a halo orbit that stays farther out."""
    other = find(read_libration("halo l2 az 15000 km"))
    (near,) = kept.libration
    state = tuple(float(x) for x in other.orbit.state)
    wrong = replace(near, orbit="halo", state=state, period_s=other.period_s)
    _, apart, *_ = findings(replace(kept, libration=(wrong,)), shipped_world)
    assert apart.verdict == "fails"
    # an orbit that does not close is none
    broken = replace(near, period_s=1.01 * near.period_s)
    closes, *_ = findings(replace(kept, libration=(broken,)), shipped_world)
    assert closes.verdict == "fails"


def test_keeping_what_the_flight_is_not_on(shipped_world: World) -> None:
    with pytest.raises(InputError, match="not on a path near 'dro 70000 km'"):
        fly(
            loads(HALO.replace("days, orbit: halo l2 az 15000 km", "days, orbit: dro 70000 km")),
            world=shipped_world,
        )


def test_a_dry_tank_is_told(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match="propellant runs out"):
        fly(
            loads(
                HALO.replace("propellant: 100 kg", "propellant: 1 g").replace(
                    "az 15000 km}}]",
                    "az 15000 km, known: {position: 1 km, velocity: 10 cm/s}}}]",
                )
            ),
            world=shipped_world,
        )


PARKED = """\
schema: cosmodrome/1
name: From a parking orbit to a halo orbit
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: tod, altitude: 200 km, inclination: 28.5 deg,
             raan: 180 deg, true_anomaly: 0 deg}
spacecraft: {mass: 8 t, engine: {thrust: 20 kN, isp: 320 s}, propellant: 5500 kg}
plan:
  - to-libration: {orbit: halo sun-earth l2 south az 350000 km, revolutions: 1, apart: 250000 km}
  - station-keep: {for: 200 days, orbit: halo sun-earth l2 south az 350000 km}
"""


@pytest.mark.nightly
def test_from_a_parking_orbit_to_a_halo_orbit(shipped_world: World) -> None:
    flight = fly(loads(PARKED), world=shipped_world)
    assert flight.verdict == "go"
    burns = {
        s.name: s.delta_v_m_s for g in flight.legs for s in g.steps if hasattr(s, "delta_v_m_s")
    }
    # 3.2 km/s from a low circle, a little of which a thrust of 20 kN loses
    assert 3_150.0 < burns["to the libration point 1, injection"] < 3_350.0
    assert sum(dv for n, dv in burns.items() if "correction" in n) < 5.0
    (near,) = flight.libration
    assert near.end - near.start > 140.0 * DAY
    # another orbit than the plane leads to is refused, with what can be had
    with pytest.raises(InfeasibleError, match="write apart"):
        fly(loads(PARKED.replace("raan: 180 deg", "raan: 60 deg")), world=shipped_world)


@pytest.mark.nightly
def test_webb(shipped_world: World) -> None:
    """Held against what was published of the orbit: at most 520,000 km off the ecliptic, 832,000
    km from L2 and 1.8 million from the Earth; lift-off in a window of half an hour."""
    flight = fly("webb", world=shipped_world)
    assert flight.verdict == "go"
    assert flight.mission.target.c3_m2_s2.value == pytest.approx(-0.62e6, abs=0.05e6)
    (near,) = flight.libration
    assert near.revolutions > 1.5
    far = 0.0
    for leg in flight.legs:
        if leg.object == "webb" and leg.chapter == "orbit":
            t = np.linspace(leg.path.breaks_s[0], leg.path.breaks_s[-1], 200)
            far = max(far, float(np.linalg.norm(leg.path.columns_at(t)[:, :3], axis=1).max()))
    assert 1.7e9 < far < 1.85e9
    assert any(isinstance(s, StationKeep) for s in flight.mission.plan)
