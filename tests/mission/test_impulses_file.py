"""Small impulses in mission files: a file beside it, its lines in it, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.mission.published import json_schema
from cosmodrome.mission.steps import Coast

if TYPE_CHECKING:
    from pathlib import Path

CSV = """# unloadings
object, orbiter
axes, rtn
epoch [UTC], on time [s], x [lbf s], y [lbf s], z [lbf s]
2027-03-01T06:00:00Z, 1.25, 0.0, -0.15, 0.05
2027-03-01T18:00:00Z, 0.75, 0.0, -0.10, 0.03
"""
SOUND = """schema: cosmodrome/1
name: unloadings
start:
  elements: {epoch: 2027-03-01T00:00:00Z, frame: tod, perigee: 30000 km, apogee: 120000 km,
             inclination: 30 deg, raan: 40 deg, argument_of_perigee: 10 deg, true_anomaly: 20 deg}
spacecraft:
  id: orbiter
  mass: 640 kg
  thrusters: {thrust: 0.9 N, isp: 220 s}
  propellant: 5 kg
plan:
  - coast: {for: 1 day, impulses: unloadings.csv}
"""


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "unloadings.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def written(beside: Path, text: str) -> Path:
    path = beside / "mission.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_beside_the_mission_is_read(beside: Path) -> None:
    found = mission.load(written(beside, SOUND))
    (step,) = found.plan
    assert isinstance(step, Coast)
    assert step.impulses is not None
    assert (step.impulses.axes, step.impulses.unit) == ("rtn", "lbf s")
    assert step.impulses.events[0].impulse_ns[1] == pytest.approx(-0.15 * 4.4482216152605)
    assert found.spacecraft.thrusters is not None
    assert found.spacecraft.thrusters.thrust_n == 0.9
    in_a_mapping = SOUND.replace("unloadings.csv", "{file: unloadings.csv}")
    assert mission.load(written(beside, in_a_mapping)).plan == found.plan
    # written out, it needs the file no longer
    assert mission.loads(found.resolved).plan == found.plan
    assert mission.loads(found.resolved).spacecraft == found.spacecraft


@pytest.mark.parametrize(
    ("part", "by", "fault"),
    [
        (
            "impulses: unloadings.csv",
            "impulses: unloading.csv",
            "mission.yaml:12:35: plan[0].coast.impulses: read 'unloading.csv'; there is no such"
            " file. Write the path of a file of impulses, from this file's folder, or a list of"
            " its lines.",
        ),
        (
            "impulses: unloadings.csv",
            "impulses: {path: unloadings.csv}",
            "mission.yaml:12:35: plan[0].coast.impulses: read 'a mapping'; no file of impulses"
            " stands here. Write the path of a file of impulses, from this file's folder, or a"
            " list of its lines.",
        ),
        (
            "for: 1 day",
            "for: 15 h",
            "mission.yaml:12:34: plan[0].coast.impulses: read 'unloadings.csv'; the impulse of"
            " 2027-03-01T18:00:00Z is outside its coast, which is flown from 2027-03-01T00:00:00Z"
            " to 2027-03-01T15:00:00Z. Give each coast the impulses that are inside it.",
        ),
        (
            "plan:\n  - coast: {for: 1 day",
            "  carries: [{id: cubesat, mass: 6 kg}]\nplan:\n  - coast: {for: 5 h}\n"
            "  - release: {object: cubesat}\n  - coast: {for: 2 h}\n"
            "  - coast: {for: 1 day",
            "mission.yaml:16:35: plan[3].coast.impulses: read 'unloadings.csv'; the impulse of"
            " 2027-03-01T06:00:00Z is outside its coast, which is flown from 2027-03-01T07:00:00Z"
            " to 2027-03-02T07:00:00Z. Give each coast the impulses that are inside it.",
        ),
        (
            "for: 1 day",
            "until: apogee",
            "mission.yaml:12:38: plan[0].coast.impulses: read 'unloadings.csv'; the coast ends at"
            " an event, and impulses at their instants. Write for: 1 day, or until: an instant"
            " after the last of them.",
        ),
        (
            "for: 1 day",
            "until: 2027-03-01T12:00Z",
            "mission.yaml:12:49: plan[0].coast.impulses: read 'unloadings.csv'; the last impulse,"
            " of 2027-03-01T18:00:00Z, is not before the end of the coast. Write a later end,"
            " or take out of the file what comes after.",
        ),
        (
            "  thrusters: {thrust: 0.9 N, isp: 220 s}\n  propellant: 5 kg\n",
            "",
            "mission.yaml:10:35: plan[0].coast.impulses: read 'unloadings.csv'; orbiter has no"
            " thrusters to give impulses with. Give it some: spacecraft: {thrusters: {thrust: 0.9"
            " N, isp: 220 s}}.",
        ),
        (
            "  propellant: 5 kg\n",
            "",
            "mission.yaml:9:14: spacecraft.thrusters: nothing says how much propellant the"
            " thrusters have. Add propellant: 500 kg, which is part of the mass.",
        ),
        (
            "id: orbiter",
            "id: probe",
            "mission.yaml:12:35: plan[0].coast.impulses: read 'unloadings.csv'; the impulses are"
            " those of 'orbiter', and the spacecraft is 'probe'. Write object, probe in the file,"
            " or id: orbiter under spacecraft.",
        ),
    ],
)
def test_exact_faults(part: str, by: str, fault: str, beside: Path) -> None:
    assert part in SOUND
    with pytest.raises(MissionFileError) as raised:
        mission.load(written(beside, SOUND.replace(part, by)))
    assert str(raised.value).replace(f"{beside}/", "") == fault


@pytest.mark.parametrize(
    ("part", "by", "fault"),
    [
        (
            " [lbf s]",
            "",
            "unloadings.csv:4:1: read 'x'; the unit of x is missing. Write 'x [N s]'.",
        ),
        (
            "axes, rtn\n",
            "",
            "unloadings.csv:3:1: read 'epoch [UTC], on time [s], x [lbf s], y [lbf s], z [lbf s]';"
            " axes belongs here. Write 'axes, gcrf'.",
        ),
        (
            "axes, rtn",
            "axes, body",
            "unloadings.csv:3:1: read 'body'; axes 'body' are not read here: a coast has no"
            " attitude to turn them by. Write one of gcrf, rtn, vnc.",
        ),
    ],
)
def test_faults_of_the_file_stand_in_the_file(part: str, by: str, fault: str, beside: Path) -> None:
    (beside / "unloadings.csv").write_text(CSV.replace(part, by), encoding="utf-8")
    with pytest.raises(MissionFileError) as raised:
        mission.load(written(beside, SOUND))
    assert str(raised.value) == fault


def test_faults_of_lines_stand_at_the_line(beside: Path) -> None:
    lines = "\n".join(f'      - "{line}"' for line in CSV.replace("1.25", "soon").splitlines())
    text = SOUND.replace("{for: 1 day, impulses: unloadings.csv}", f"\n      for: 1 day\n{' ' * 6}")
    text = text.rstrip() + f"\n      impulses:\n{lines}\n"
    with pytest.raises(MissionFileError) as raised:
        mission.loads(text, "mission.yaml")
    (fault,) = raised.value.faults
    assert (fault.line, fault.path) == (19, "plan[0].coast.impulses[4]")
    assert fault.why == "on time is no number"


def test_what_is_found_by_trying_has_none(beside: Path) -> None:
    step = "{steps: [{coast: {for: 1 day, impulses: unloadings.csv}}], meet: {}}"
    text = SOUND.replace("coast: {for: 1 day, impulses: unloadings.csv}", f"target: {step}")
    with pytest.raises(MissionFileError, match="what is found by trying has no small impulses"):
        mission.load(written(beside, text))


def test_the_schema_knows_both_ways_to_write_them() -> None:
    coast = json_schema()["$defs"]["CoastFile"]["properties"]["impulses"]
    kinds = [one.get("type") for one in coast["anyOf"][0]["anyOf"]]
    assert kinds == ["string", "array", "object"]
