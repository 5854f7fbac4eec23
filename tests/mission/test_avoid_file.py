"""Objects to stay away from, as mission files write them: read, refused, written out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION

ORBIT = (
    "elements: {epoch: 2027-03-01T00:00Z, frame: tod, altitude: 420 km, inclination: 51.6 deg,"
    " raan: 0 deg, true_anomaly: 0 deg}"
)
LUNAR = (
    "elements: {epoch: 2027-03-01T00:00Z, frame: moon-equator, perilune: 100 km, apolune: 100 km,"
    " inclination: 90 deg, raan: 0 deg, argument_of_perilune: 0 deg, true_anomaly: 0 deg}"
)


def test_an_object_is_read_with_its_defaults_and_written_out() -> None:
    read = mission.loads(f"{MISSION}avoid: [{{name: iss, {ORBIT}}}]\n")
    (object,) = read.avoid
    assert (object.name, object.distance_m, object.lasts_s) == ("iss", 200e3, 86_400.0)
    (again,) = mission.loads(read.resolved).avoid
    assert again.start.elements == object.start.elements
    assert replace(again, start=object.start) == object
    assert mission.loads(MISSION).avoid == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "avoid: [{name: iss}]",
            "mission.yaml:20:9: avoid[0]: nothing says where the object is. Write one of state,"
            " elements, opm, oem, tle, omm, like tle: {file: station.tle}.",
        ),
        (
            "avoid: [{name: iss, tle: {file: none.tle}}]",
            "mission.yaml:20:26: avoid[0].tle.file: read 'none.tle'; there is no such file. Check"
            " the path; it begins at the folder of the mission file.",
        ),
        (
            f"avoid: [{{name: iss, distance: 200, {ORBIT}}}]",
            "mission.yaml:20:31: avoid[0].distance: read '200'; a bare number has no unit. Write a"
            " length like 200 km.",
        ),
        (
            f"avoid:\n  - {{name: a, {ORBIT}}}\n  - {{name: a, {ORBIT}}}",
            "mission.yaml:22:5: avoid[1].name: read 'a'; two objects are called a. Give each its"
            " own name.",
        ),
        (
            f"avoid: [{{name: base, {LUNAR}}}]",
            "mission.yaml:20:9: avoid[0]: read 'base'; this object is not about the Earth. Leave it"
            " out.",
        ),
    ],
    ids=["nowhere", "no-file", "no-unit", "twice", "moon"],
)
def test_exact_faults(text: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(MissionFileError) as refused:
        mission.loads(f"{MISSION}{text}\n", "mission.yaml", tmp_path)
    assert [str(f) for f in refused.value.faults] == [fault]
