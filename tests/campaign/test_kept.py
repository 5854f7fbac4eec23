"""What a campaign keeps survives a kill at any byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosmodrome.campaign.kept import Kept

if TYPE_CHECKING:
    from pathlib import Path


def kept(path: Path, resume: bool) -> Kept[dict[str, Any]]:
    return Kept(path, resume, {"of": "a test"}, dict, dict, "cases", "test")


def test_a_case_cut_off_anywhere_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "cases.ndjson"
    cases = [{"n": n, "figures": {"a_m": 1.0}, "seen": [{"by": "x"}]} for n in range(3)]
    kept(path, False).add(*cases)
    whole = path.read_text()
    last = len(whole.splitlines()[-1]) + 1
    assert kept(path, True).cases == cases
    for cut in range(1, last):
        path.write_text(whole[: len(whole) - cut])
        begun = kept(path, True)
        assert begun.cases == cases[:2]
        # and the file goes on whole
        begun.add(cases[2])
        assert path.read_text() == whole
        assert kept(path, True).cases == cases
