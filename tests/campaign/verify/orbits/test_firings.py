"""Small impulses in a sweep: many flights side by side are the one that was flown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import checks, mission
from cosmodrome.campaign.verify.orbits.faults import orbit_faults
from cosmodrome.campaign.verify.orbits.flown import fly_orbits
from cosmodrome.campaign.verify.orbits.track import Firing, track
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.mission import OrbitMission
from cosmodrome.record import Fault
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.record import Flight
    from cosmodrome.world.world import World

TEXT = """\
schema: cosmodrome/1
name: Impulses before a burn and after it
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, perigee: 900 km, apogee: 930 km,
             inclination: 98 deg, raan: 10 deg, argument_of_perigee: 90 deg, true_anomaly: 0 deg}
spacecraft:
  id: sat
  mass: 1000 kg
  engine: {thrust: 200 N, isp: 300 s}
  thrusters: {thrust: 5 N, isp: 200 s}
  propellant: 60 kg
plan:
  - coast: {for: 20 min}
  - coast:
      for: 40 min
      impulses:
        - object, sat
        - axes, rtn
        - "epoch [UTC], on time [s], x [N s], y [N s], z [N s]"
        - "2027-03-01T00:30:00Z, 200, 0, 800, 100"
        - "2027-03-01T00:45:00Z, 100, 300, 300, 0"
  - burn: {delta_v: 4 m/s, direction: prograde, name: up}
  - coast:
      until: 2027-03-01T05:00:00Z
      impulses:
        - object, sat
        - axes, gcrf
        - "epoch [UTC], on time [s], x [N s], y [N s], z [N s]"
        - "2027-03-01T03:00:00Z, 200, 0, 800, 100"
physics: {gravity: 8x8, drag: none, radiation_pressure: false}
"""


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    asked = mission.loads(TEXT)
    assert isinstance(asked, OrbitMission)
    return from_orbit(asked, Run(shipped_world, SILENT))


def test_burns_and_impulses_share_a_tank(flight: Flight, shipped_world: World) -> None:
    found = checks.run(flight, shipped_world, strict=True)
    assert not [f for f in found if f.verdict == "fails"]
    assert {f.verdict for f in found if f.check == "burn-tank"} == {"holds"}


def test_a_coast_is_cut_at_its_impulses(flight: Flight) -> None:
    found = track(flight, "sat")
    assert found is not None
    kinds = ["firing" if isinstance(i.does, Firing) else i.name for i in found.items]
    fired = ["coast", "firing"]
    assert kinds == ["coast", *fired, *fired, "coast", "up", *fired, "coast"]
    first = next(i for i in found.items if isinstance(i.does, Firing))
    assert first.held_kg == 60.0
    burn = found.items[kinds.index("up")]
    assert flight.legs[1].handover_in is not None
    assert burn.held_kg == flight.legs[1].handover_in.propellant_kg["sat"]
    assert found.items[kinds.index("up") - 1].lasts_s == pytest.approx(900.0)


def test_with_nothing_wrong_it_ends_where_it_ended(flight: Flight, shipped_world: World) -> None:
    nothing = Fault("truth", "masses", "spacecraft.sat.dry_mass", "factor", 1.0, "", "nothing")
    (ended,) = fly_orbits(flight, [nothing], shipped_world)
    planned = flight.legs[-1].end
    assert ended.end is not None
    assert ended.end.epoch == planned.epoch
    assert np.linalg.norm(ended.end.r_m - planned.r_m) < 0.01
    assert ended.end.mass_kg == pytest.approx(planned.mass_kg, abs=1e-9)
    assert flight.legs[-1].handover_out is not None
    left = flight.legs[-1].handover_out.propellant_kg["sat"]
    assert ended.left_kg == pytest.approx(left, abs=1e-9)


def test_a_fault_after_impulses_keeps_them(flight: Flight, shipped_world: World) -> None:
    """Without the burn: impulses alone move it from the conic of the start."""
    (missed,) = (f for f in orbit_faults(flight) if f.path.endswith("ignition") and not f.value)
    (ended,) = fly_orbits(flight, [missed], shipped_world)
    assert ended.end is not None
    burnt = flight.legs[1].ledger.burns[0].propellant_kg
    assert ended.end.mass_kg == pytest.approx(flight.legs[-1].end.mass_kg + burnt, abs=1e-9)
