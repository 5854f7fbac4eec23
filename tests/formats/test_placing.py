"""A text file is written whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    from pathlib import Path


def test_the_text_arrives_byte_for_byte_and_alone(tmp_path: Path) -> None:
    assert place(tmp_path / "a.csv", "é,1\r\n2\n").read_bytes() == "é,1\r\n2\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_failure_on_the_way_leaves_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        place(target, "half of it\ud800")  # a lone surrogate has no UTF-8
    assert target.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
