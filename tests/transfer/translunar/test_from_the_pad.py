"""From a pad into an orbit about the Moon: three ascents are solved on the way to the aim."""

from itertools import pairwise

import numpy as np
import pytest

from cosmodrome.flight import fly
from cosmodrome.mission import loads
from cosmodrome.transfer.translunar.capture import apsides
from tests.transfer.translunar.problems import MOON_M, WORLD

MISSION = """\
schema: cosmodrome/1
name: From the Cape to the Moon
site: ccsfs
vehicle: falcon-9-b5
spacecraft: {mass: 3000 kg, engine: {thrust: 4 kN, isp: 320 s}, propellant: 1200 kg}
launch: {window: 2027-03-01T00:00Z / 2027-03-02T00:00Z}
target: {kind: lunar-orbit}
plan:
  - to-moon:
      orbit: {altitude: 100 km, inclination: 90 deg}
      corrections: [6 h, 2 days]
      capture: [5000 km]
physics: {gravity: 30x30, moon_gravity: 60x60, drag: none}
"""


@pytest.mark.nightly
def test_from_the_cape_to_a_polar_orbit_about_the_moon():
    flight = fly(loads(MISSION), world=WORLD)
    target = flight.mission.target
    # the target is resolved to what the ascent aims at
    assert target.kind == "c3"
    assert target.c3_m2_s2.value == pytest.approx(-1.83e6, abs=0.05e6)
    low, high = apsides(flight.legs[-1].end)
    assert low == pytest.approx(MOON_M + 100e3, abs=2e3)
    assert high == pytest.approx(MOON_M + 100e3, abs=2e3)
    burns = [s for g in flight.legs for s in g.steps if hasattr(s, "delta_v_m_s")]
    sizes = {b.name: b.delta_v_m_s for b in burns}
    # what the ascent and the rounds of the aim leave to correct
    assert sizes["to the Moon 1, correction 1"] < 15.0
    assert sizes.get("to the Moon 1, correction 2", 0.0) < 0.5
    assert 780.0 < sum(dv for n, dv in sizes.items() if "insertion" in n) < 900.0
    # one kilogram is lost nowhere
    masses = [g for g in flight.legs if g.object == flight.mission.spacecraft.id]
    for before, after in pairwise(masses):
        assert np.isclose(before.end.mass_kg, after.start.mass_kg, atol=1e-3)
    found = [f for f in flight.findings if f.check in ("lunar-orbit", "semi-major-axis")]
    assert {f.verdict for f in found} == {"holds"}
