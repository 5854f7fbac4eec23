"""Steps phase and release, and what a spacecraft carries: as written, as read, and every fault."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError
from cosmodrome.world.epoch import Epoch

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION
from bad_starts import ELEMENTS

ABOARD = """\
  drag_area: 12 m^2
  engine: {thrust: 400 N, isp: 320 s}
  propellant: 500 kg
  carries: [{id: cubesat-1, mass: 6 kg}]"""
SOUND = MISSION.replace("  drag_area: 12 m^2", ABOARD)
COAST = "- coast: {for: 1 day}"

# what is replaced, by what, the faults
CASES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "nowhere": (
        COAST,
        "- phase: {within: 1 day}",
        (
            "mission.yaml:19:12: plan[0].phase: nothing says where along the orbit. Write it like"
            " {longitude: 110 deg, within: 5 days}.",
        ),
    ),
    "no time": (
        COAST,
        "- phase: {longitude: 110 deg}",
        (
            "mission.yaml:19:12: plan[0].phase: nothing says by when: the longer a drift, the less"
            " it takes. Add within: 5 days, revolutions: 3, or at: 2027-03-03T00:00Z.",
        ),
    ),
    "two times": (
        COAST,
        "- phase: {longitude: 110 deg, within: 1 day, revolutions: 3}",
        (
            "mission.yaml:19:48: plan[0].phase.revolutions: within and revolutions both say by"
            " when. Keep one of the two.",
        ),
    ),
    "two places": (
        COAST,
        "- phase: {longitude: 1 deg, with: {tle: x}, within: 1 day}",
        (
            "mission.yaml:19:31: plan[0].phase.with: longitude and with both say where to. Keep"
            " one of the two.",
            "mission.yaml:19:43: plan[0].phase.with.tle.file: read 'x'; there is no such file."
            " Check the path; it begins at the folder of the mission file.",
        ),
    ),
    "a latitude at no instant": (
        COAST,
        "- phase: {argument_of_latitude: 120 deg, within: 1 day}",
        (
            "mission.yaml:19:35: plan[0].phase.argument_of_latitude: read '120 deg'; an argument"
            " of latitude runs through 360 deg with every revolution. Say when it is to be so: at:"
            " 2027-03-03T00:00Z, instead of within or revolutions.",
        ),
    ),
    "behind nothing": (
        COAST,
        "- phase: {longitude: 110 deg, behind: 10 km, within: 1 day}",
        (
            "mission.yaml:19:41: plan[0].phase.behind: read '10 km'; behind is beside an object,"
            " and there is none. Remove behind, or write with: {tle: {file: station.tle}}.",
        ),
    ),
    "an object in no orbit": (
        COAST,
        "- phase: {with: {id: station}, within: 1 day}",
        (
            "mission.yaml:19:19: plan[0].phase.with: no way to start is written. Write one of"
            " state, elements, printed, libration, ground, opm, oem, tle, omm, like start: {tle:"
            " {file:"
            " station.tle}}.",
        ),
    ),
    "an object by its name alone": (
        COAST,
        "- phase: {with: station.tle, within: 1 day}",
        (
            "mission.yaml:19:19: plan[0].phase.with: read 'station.tle'; a mapping says which"
            " object it is. Write with: {id: station, tle: {file: station.tle}}.",
        ),
    ),
    "an object called like the spacecraft": (
        COAST,
        f"- phase: {{with: {{id: cubesat-1, {ELEMENTS}}}, within: 1 day}}",
        (
            "mission.yaml:19:12: plan[0].phase.with: read 'cubesat-1'; this is the name of what"
            " flies. Give the object another id, like station.",
        ),
    ),
    "another word for it": (
        COAST,
        "- phase: {slot: 110 deg, within: 1 day}",
        ("mission.yaml:19:13: plan[0].phase.slot: there is no such key here. Write longitude.",),
    ),
    "another way with the plane": (
        COAST,
        "- phase: {longitude: 110 deg, within: 1 day, plane: keep}",
        (
            "mission.yaml:19:55: plan[0].phase.plane: read 'keep'; there is no such way with the"
            " plane. Write match or leave.",
        ),
    ),
    "released and never flown": (
        COAST,
        "- release: {object: cubesat-1}",
        (
            "mission.yaml:19:14: plan[0].release.object: read 'cubesat-1'; the mission ends at"
            " this release, and what is released would not fly at all. Add coast: 1 day to the"
            " release, or - coast: {for: 1 day} after it.",
        ),
    ),
    "released and not aboard": (
        COAST,
        "- release: {object: cubesat-2, coast: 1 day}",
        (
            "mission.yaml:19:14: plan[0].release.object: read 'cubesat-2'; spacecraft carries"
            " nothing of this name. Did you mean 'cubesat-1'? Or add it: spacecraft: {carries:"
            " [{id: cubesat-2, mass: 6 kg}]}.",
        ),
    ),
    "released twice": (
        COAST,
        "- release: {object: cubesat-1}\n  - release: {object: cubesat-1, coast: 1 h}",
        (
            "mission.yaml:20:14: plan[1].release.object: read 'cubesat-1'; it is released already."
            " Remove the second release of it.",
        ),
    ),
    "released along three numbers": (
        COAST,
        "- release: {object: cubesat-1, direction: [1, 0, 0], coast: 1 day}",
        (
            "mission.yaml:19:45: plan[0].release.direction: read 'a list'; three numbers need the"
            " axes they belong to. Add frame: vnc, rtn, gcrf, tod, moon-equator.",
        ),
    ),
    "carried under a name that is taken": (
        "id: cubesat-1",
        "id: spacecraft",
        (
            "mission.yaml:10:13: spacecraft.carries[0].id: read 'spacecraft'; this name is taken"
            " already. Give everything that flies an id of its own.",
        ),
    ),
    "carried beyond the mass": (
        "mass: 6 kg",
        "mass: 2500 kg",
        (
            "mission.yaml:6:3: spacecraft.carries: read '2500 kg'; what is carried and the"
            " propellant are part of the mass, which is 2900 kg. Write the mass with everything"
            " aboard.",
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_exact_faults(name: str) -> None:
    old, new, expected = CASES[name]
    assert old in SOUND
    with pytest.raises(MissionFileError) as caught:
        mission.loads(SOUND.replace(old, new, 1), "mission.yaml")
    assert tuple(str(f) for f in caught.value.faults) == expected


def test_what_is_written_is_read() -> None:
    plan = f"""\
- phase: {{longitude: 110 deg +- 0.05 deg, within: 5 days}}
  - phase: {{argument_of_latitude: 120 deg, at: 2027-03-03T00:00Z, impulsive: true}}
  - phase: {{name: to it, with: {{id: station, {ELEMENTS}}}, ahead: 10 km +- 2 km, below: 3 km,
            revolutions: 30, plane: leave}}
  - release: {{object: cubesat-1, speed: 1.5 m/s, direction: [0, 0, 1], frame: rtn, coast: 2 days}}
"""
    read = mission.loads(SOUND.replace(COAST, plan))
    slot, place, meet, release = read.plan
    assert slot == mission.Phase(
        mission.Condition("longitude", math.radians(110.0), math.radians(0.05)),
        within_s=5 * 86_400.0,
        name="phase 1",
    )
    assert isinstance(place, mission.Phase)
    assert place.at == Epoch.from_utc("2027-03-03T00:00:00Z")
    assert place.impulsive
    assert isinstance(meet, mission.Phase)
    assert (meet.behind_m, meet.below_m, meet.tolerance_m) == (-10e3, 3e3, 2e3)
    assert (meet.object_id, meet.revolutions, meet.plane) == ("station", 30, False)
    assert meet.object is not None
    assert release == mission.Release(
        "cubesat-1", 1.5, (0.0, 0.0, 1.0), "rtn", 2 * 86_400.0, "release of cubesat-1"
    )
    assert [c.id for c in read.spacecraft.carries] == ["cubesat-1"]
    again = mission.loads(read.resolved)
    for one, other in zip(again.plan, read.plan, strict=True):
        if isinstance(one, mission.Phase) and one.object is not None:
            assert isinstance(other, mission.Phase)
            assert other.object is not None
            assert one.object.elements == other.object.elements
        else:
            assert one == other
    assert again.spacecraft == read.spacecraft
