"""Faults of a carrier: what becomes of the spacecraft that it lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import flight
from cosmodrome.campaign.verify.orbits.flown import fly_orbits
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.mission import loads
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.record.faults import Fault, Outcome
    from cosmodrome.world.world import World

MISSION = """
schema: cosmodrome/1
name: A tug and what it carries
start:
  elements:
    epoch: "2027-03-01T00:00:00Z"
    frame: tod
    semi_major_axis: 6978 km
    eccentricity: 0.001
    inclination: 51.6 deg
    raan: 10 deg
    argument_of_perigee: 0 deg
    true_anomaly: 0 deg
spacecraft:
  id: tug
  mass: 500 kg
  engine: {thrust: 400 N, isp: 300 s}
  propellant: 60 kg
  carries: [{id: cube, mass: 50 kg, drag_area: 0.1 m^2}]
plan:
  - coast: {for: 20 min}
  - burn: {duration: 40 s, direction: prograde, name: raise}
  - coast: {for: 20 min}
  - release: {object: cube, speed: 1 m/s, direction: retrograde}
  - coast: {for: 30 min}
  - burn: {duration: 40 s, direction: retrograde, name: lower}
  - coast: {for: 1 h}
physics: {gravity: 2x0, third_bodies: [], drag: none, radiation_pressure: false}
"""


@pytest.fixture(scope="module")
def swept(shipped_world: World) -> Swept:
    return Swept(flight.fly(loads(MISSION), world=shipped_world), shipped_world, WAYS)


def fault(swept: Swept, path: str, kind: str, value: float = 0.0) -> Fault:
    return next(
        f for f in WAYS["orbit"].faults(swept.flight, "normal")
        if (f.path, f.kind) == (path, kind) and (not value or f.value == pytest.approx(value))
    )  # fmt: skip


def told(swept: Swept, *args: object) -> Outcome:
    (one,) = swept.outcomes(Batch("orbit", (fault(swept, *args),)), SILENT)  # type: ignore[arg-type]
    assert "no_answer" not in one.figures
    return one


def test_each_is_flown_on_from_where_it_was_let_go(swept: Swept) -> None:
    assert list(swept.let_go) == ["cube"]
    # a spring that pushes backward: what the carrier of 436 kg loses, the cube gains
    wrong = fault(swept, "releases.tug.1.kick", "sign")
    (ended,) = fly_orbits(swept.flight, [wrong], swept.world)
    free = ended.let_go["cube"]
    own = next(leg.released[0].state for leg in swept.flight.legs if leg.released)
    assert free is not None
    assert free.mass_kg == 50.0
    apart = free.v_m_s - own.v_m_s
    before = next(leg.start for leg in swept.flight.legs if leg.released)
    share = 1.0 - 50.0 / before.mass_kg
    assert np.linalg.norm(apart) == pytest.approx(2.0 * share, rel=1e-6)
    assert apart @ before.v_m_s > 0.0


def test_the_worst_of_carrier_and_carried_is_told(swept: Swept) -> None:
    # a burn before the release is missed: both are off, each by what it has flown since
    missed = told(swept, "burns.tug.1.ignition", "omit")
    assert missed.loses
    kept = told(swept, "releases.tug.1.separation", "retain")
    assert (kept.consequence, kept.why) == ("lost", "cube: is not let go")
    # what hardly matters is met by both
    assert told(swept, "spacecraft.tug.dry_mass", "factor", 1.01).consequence == "met"
    # after the release the carrier alone is off
    (late,) = fly_orbits(swept.flight, [fault(swept, "burns.tug.2.ignition", "omit")], swept.world)
    assert late.let_go == {}
    assert told(swept, "burns.tug.2.ignition", "omit").why.split(":")[0] not in {"cube", "tug"}
