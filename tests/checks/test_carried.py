"""What a state carries across a seam, on flights that stand as well as fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome import checks, mission
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.world.world import World

#: among the highest ground of the Moon: 6.8 km above 1737.4 km
STANDS = """
schema: cosmodrome/1
name: on a height
start:
  ground: {epoch: '2025-07-09T14:43Z', lat: -10.651 deg, lon: -151.814 deg, height: terrain}
spacecraft: {mass: 4595 kg}
plan: [{stay: {for: 2 h}}]
"""


def test_what_rests_on_a_height_does_not_have_to_fall(shipped_world: World) -> None:
    flight = from_orbit(mission.loads(STANDS, "height.yaml"), Run(shipped_world, SILENT))  # type: ignore[arg-type]
    found = [f for f in checks.run(flight, shipped_world) if f.check == "seam-frames"]
    assert [f.verdict for f in found] == ["holds", "not-judged"]
    # it is at-rest that holds it to the turn of the ground
    rests = [f.verdict for f in checks.run(flight, shipped_world) if f.check == "at-rest"]
    assert set(rests) == {"holds"}
