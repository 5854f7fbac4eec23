"""Drag by configuration: what a vehicle file writes, what the noun holds, what is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import yaml

from cosmodrome import mission
from cosmodrome.errors import MissionFileError

sys.path.insert(0, str(Path(__file__).parents[1] / "mission"))
from bad_files import MISSION, VEHICLE

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle

ONE = "drag: {mach: [0, 1, 5], cd: [0.3, 0.5, 0.25]}\n"
LIST = """\
drag:
  - {mach: [0, 1, 5], cd: [0.3, 0.5, 0.25], until: booster, source: A, status: published}
  - {mach: [0, 6], cd: [0.4, 0.2], reference_area: 1.5 m^2, source: B, status: estimated}
"""


def read(folder: Path, drag: str) -> Vehicle:
    (folder / "dart.yaml").write_text(VEHICLE.replace(ONE, drag), "utf-8")
    text = MISSION.replace("soyuz-2.1b-fregat", "dart.yaml")
    return mission.loads(text, "mission.yaml", folder).vehicle


def test_one_table_serves_the_whole_ascent(tmp_path: Path) -> None:
    one = read(tmp_path, ONE)
    assert one.drag_after == ()
    assert one.drag_tables == (one.drag,)
    assert one.drag_index({"booster", "fairing"}) == 0
    assert read(tmp_path, ONE.replace("{", "[{").replace("}", "}]")).drag_tables == one.drag_tables


def test_each_configuration_has_its_table_and_area(tmp_path: Path) -> None:
    v = read(tmp_path, LIST)
    first, second = v.drag_tables
    assert first == v.drag
    assert (first.area_m2, second.area_m2) == (3.0, 1.5)
    assert (second.mach, second.cd) == ((0.0, 6.0), (0.4, 0.2))
    assert v.drag_after == (("booster", second),)
    assert [v.drag_index(gone) for gone in ((), ("fairing",), ("booster",))] == [0, 0, 1]
    assert (v.figures["drag.cd"].source, v.figures["drag.cd"].status) == ("A", "published")
    assert v.figures["drag_after.0.1.cd"].status == "estimated"


def test_the_fairing_may_end_a_configuration_and_order_holds(tmp_path: Path) -> None:
    three = """\
drag:
  - {mach: [0, 1], cd: [0.3, 0.5], until: booster}
  - {mach: [0, 1], cd: [0.2, 0.4], until: fairing}
  - {mach: [0, 1], cd: [0.1, 0.2]}
"""
    v = read(tmp_path, three)
    # what comes later waits for what comes before
    assert v.drag_index({"fairing"}) == 0
    assert v.drag_index({"booster"}) == 1
    assert v.drag_index({"booster", "fairing"}) == 2


def test_a_drag_area_that_grows_is_doubted(tmp_path: Path) -> None:
    v = read(tmp_path, LIST.replace("1.5 m^2", "15 m^2"))
    (doubt,) = [d for d in v.doubts if "drag area grows" in d]
    assert "when booster has gone" in doubt
    assert not [d for d in read(tmp_path, LIST).doubts if "drag area grows" in d]


def test_the_resolved_mission_keeps_the_tables_and_the_schema_knows_them(tmp_path: Path) -> None:
    (tmp_path / "dart.yaml").write_text(VEHICLE.replace(ONE, LIST), "utf-8")
    inline = yaml.safe_dump(yaml.load(VEHICLE.replace(ONE, LIST), yaml.BaseLoader))
    indented = "vehicle:\n" + "".join(f"  {line}\n" for line in inline.splitlines())
    text = MISSION.replace("vehicle: soyuz-2.1b-fregat\n", indented)
    first = mission.loads(text)
    assert mission.loads(first.resolved).vehicle.drag_tables == first.vehicle.drag_tables
    schema = mission.json_schema()
    jsonschema.validate(yaml.load(text, yaml.BaseLoader), schema)
    jsonschema.validate(
        yaml.load(text.replace("until: booster", ""), yaml.BaseLoader), schema
    )  # the order of separations is beyond a schema


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            ", until: booster",
            "",
            "dart.yaml:5:5: drag[0]: nothing says when this configuration ends."
            " Add until: booster.",
        ),
        (
            "until: booster",
            "until: boster",
            "dart.yaml:5:5: drag[0].until: read 'boster'; no such part separates. Write the stages"
            " and the fairing in the order they leave: booster, fairing.",
        ),
        (
            "until: booster",
            "until: upper",
            "dart.yaml:5:5: drag[0].until: read 'upper'; no such part separates. Write the stages"
            " and the fairing in the order they leave: booster, fairing.",
        ),
        (
            "reference_area: 1.5 m^2",
            "reference_area: 1.5 m^2, until: fairing",
            "dart.yaml:6:5: drag[1].until: read 'fairing'; the last configuration flies to the"
            " end. Remove until.",
        ),
        (
            "reference_area: 1.5 m^2",
            "reference_area: 1.5 m",
            "dart.yaml:6:52: drag[1].reference_area: read '1.5 m'; m is not an area. Write it like"
            " 12 m^2.",
        ),
        (
            "  - {mach: [0, 6]",
            "  - {mach: [0, 2], cd: [0.3, 0.3], until: booster}\n  - {mach: [0, 6]",
            "dart.yaml:6:5: drag[1].until: read 'booster'; it has separated by then. Write the"
            " stages and the fairing in the order they leave: booster, fairing.",
        ),
    ],
)
def test_exact_faults(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in LIST
    with pytest.raises(MissionFileError) as caught:
        read(tmp_path, LIST.replace(old, new, 1))
    assert [str(f) for f in caught.value.faults] == [expected]


def test_no_table_at_all(tmp_path: Path) -> None:
    with pytest.raises(MissionFileError) as caught:
        read(tmp_path, "drag: []\n")
    assert [f.why for f in caught.value.faults] == ["there is no table"]
