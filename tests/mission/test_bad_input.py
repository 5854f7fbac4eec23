"""Every broken file gets its exact teaching faults, and never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cosmodrome import mission
from cosmodrome.errors import MissionFileError

if TYPE_CHECKING:
    from cosmodrome.errors import Fault

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import CASES, MISSION, SITE, VEHICLE


def faults(folder: Path, text: str) -> tuple[Fault, ...]:
    """Faults of a mission text whose relative paths begin in `folder`."""
    with pytest.raises(MissionFileError) as caught:
        mission.loads(text, "mission.yaml", folder)
    return caught.value.faults


def broken(folder: Path, kind: str, old: str, new: str) -> str:
    """The mission text of a case; its vehicle or site file is written into `folder`."""
    texts = {"mission": MISSION, "vehicle": VEHICLE, "site": SITE}
    assert old in texts[kind]
    texts[kind] = texts[kind].replace(old, new, 1)
    (folder / "dart.yaml").write_text(texts["vehicle"], "utf-8")
    (folder / "cape.yaml").write_text(texts["site"], "utf-8")
    text = texts["mission"]
    if kind == "vehicle":
        return text.replace("soyuz-2.1b-fregat", "dart.yaml")
    return text.replace("site: vostochny", "site: cape.yaml") if kind == "site" else text


def test_the_files_are_sound_before_they_are_broken(tmp_path: Path) -> None:
    for kind in ("mission", "vehicle", "site"):
        mission.loads(broken(tmp_path, kind, "name", "name"), "mission.yaml", tmp_path)


def test_the_table_is_long_enough_and_names_its_cases_once() -> None:
    assert len(CASES) >= 45
    assert len({case[0] for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0].replace(" ", "-") for case in CASES],
)
def test_exact_faults(
    tmp_path: Path, kind: str, old: str, new: str, expected: tuple[str, ...]
) -> None:
    found = faults(tmp_path, broken(tmp_path, kind, old, new))
    assert tuple(str(f) for f in found) == expected
    for fault in found:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.why
        assert fault.write.endswith((".", "?"))


def test_all_faults_come_in_one_go(tmp_path: Path) -> None:
    text = (
        MISSION.replace("2900 kg", "2900")
        .replace("820 km +- 5 km", "820")
        .replace("70x70", "70")
        .replace("vostochny", "vostochni")
        .replace("1 day", "1 dai")
        .replace("soyuz-2.1b-fregat", "dart.yaml")
    )
    (tmp_path / "dart.yaml").write_text(VEHICLE.replace("300 s", "300"), "utf-8")
    where = [(f.file, f.line) for f in faults(tmp_path, text)]
    assert where == [
        ("mission.yaml", 3),
        ("mission.yaml", 6),
        ("mission.yaml", 12),
        ("mission.yaml", 16),
        ("mission.yaml", 18),
        ("dart.yaml", 17),
    ]


def test_validate_reports_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert mission.validate("missing.yaml")[0].why == "there is no such file"
    assert mission.validate(tmp_path)[0].why == "this is a folder"
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("name: Bäikonur".encode("latin-1"))
    assert mission.validate(latin)[0].why == "the file is not UTF-8 text (byte 7)"
    deep = tmp_path / "deep.yaml"
    deep.write_text("a: " + "[" * 40 + "]" * 40, "utf-8")
    assert mission.validate(deep)[0].why == "the file is nested deeper than 24 levels"
    large = tmp_path / "large.yaml"
    large.write_text("#" * 2_000_001, "utf-8")
    assert "more than 2000000" in mission.validate(large)[0].why


def test_a_sound_mission_has_no_faults() -> None:
    assert mission.validate("vostochny-sso") == []


@pytest.mark.parametrize("start", range(0, len(MISSION), 7))
def test_a_mission_cut_short_never_shows_a_traceback(tmp_path: Path, start: int) -> None:
    text = MISSION[:start]
    try:
        mission.loads(text, "mission.yaml", tmp_path)
    except MissionFileError as error:
        assert error.faults  # noqa: PT017
