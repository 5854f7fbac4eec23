"""The force audit on paths that have no revolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome import checks
from cosmodrome.flight import fly
from cosmodrome.mission import loads

if TYPE_CHECKING:
    from cosmodrome.world.world import World

OPEN = """\
schema: cosmodrome/1
name: Leaving
start:
  state:
    epoch: "2027-03-01T00:00:00Z"
    frame: gcrf
    position: [7000 km, 0 km, 0 km]
    velocity: [0 km/s, 11.2 km/s, 0 km/s]
spacecraft: {mass: 500 kg}
plan:
  - coast: {for: 3 h}
physics: {gravity: 8x8, drag: none}
"""


def test_an_open_orbit_is_audited_too(shipped_world: World) -> None:
    flight = fly(loads(OPEN), world=shipped_world)
    found = [f for f in checks.run(flight, shipped_world, strict=True) if f.check == "force-audit"]
    assert [f.verdict for f in found if "asked for and not flown" in f.why] == ["holds"]
    assert not [f for f in found if f.verdict == "fails"]
