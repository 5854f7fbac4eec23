"""docs/checks.md has a section for every check, and none for a check that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosmodrome.checks import CHECKS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"


@pytest.mark.skipif(not PAGE.exists(), reason="this copy carries no pages")
def test_every_check_has_its_section() -> None:
    sections = re.findall(r"^### ([a-z0-9-]+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sections == [c.name for c in CHECKS]
