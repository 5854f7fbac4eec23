"""Faults that a mission file names: read with units, written as resolved, read again."""

from __future__ import annotations

import math

import pytest

from cosmodrome import mission
from cosmodrome.mission.planted_file import PlantedFault
from tests.campaign.verify.doubles import MISSION

PLANTED = """\
faults:
  - {path: burns.spacecraft.1.thrust, factor: 0.93}
  - {path: burns.spacecraft.1.cut-off, offset: 43 s}
  - {path: burns.spacecraft.1.direction.across, turn: -20 deg}
  - {in: plan, path: start.mass_kg, offset: 0.5 t}
"""


@pytest.mark.parametrize("text", [MISSION, mission.scaffold()], ids=["orbit", "pad"])
def test_faults_are_read_and_written(text: str) -> None:
    m = mission.loads(text + PLANTED)
    assert m.faults == (
        PlantedFault("truth", "burns.spacecraft.1.thrust", "factor", 0.93, ""),
        PlantedFault("truth", "burns.spacecraft.1.cut-off", "offset", 43.0, "s"),
        PlantedFault(
            "truth", "burns.spacecraft.1.direction.across", "turn", -math.radians(20.0), "rad"
        ),
        PlantedFault("plan", "start.mass_kg", "offset", 500.0, "kg"),
    )
    assert mission.loads(m.resolved).faults == m.faults
    assert "faults" not in mission.loads(text).resolved
