"""Every check has a page with its four parts and a line in the index; no page is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosmodrome.checks import CHECKS, CLASSES

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = DOCS / "checks"
PARTS = ("Asserts", "Two roads", "Would have seen", "Limits")

with_pages = pytest.mark.skipif(not PAGES.exists(), reason="this copy carries no pages")


def wrong_with(page: str, name: str) -> list[str]:
    """What a check's page lacks: its title, a part, a word in a part."""
    wrong = [] if page.startswith(f"# {name}\n") else ["title"]
    found = re.findall(r"^\*([A-Z][a-z ]+)\*: ", page, re.MULTILINE)
    wrong += [] if tuple(found) == PARTS else [f"parts {found}"]
    texts = re.split(r"^\*[A-Z][a-z ]+\*: ", page, flags=re.MULTILINE)[1:]
    return wrong + [
        f"{part} says nothing"
        for part, text in zip(found, texts, strict=True)
        if len(text.split()) < 2
    ]


@with_pages
def test_every_check_has_its_page_and_every_page_its_check() -> None:
    assert sorted(p.stem for p in PAGES.glob("*.md")) == sorted(c.name for c in CHECKS)


@with_pages
@pytest.mark.parametrize("name", [c.name for c in CHECKS])
def test_a_page_has_its_four_parts(name: str) -> None:
    assert wrong_with((PAGES / f"{name}.md").read_text(encoding="utf-8"), name) == []


def test_a_page_without_a_part_is_seen() -> None:
    page = "# sample\n\n" + "".join(f"*{part}*: something said.\n\n" for part in PARTS)
    assert wrong_with(page, "sample") == []
    assert wrong_with(page, "other") == ["title"]
    for part in PARTS:
        assert wrong_with(page.replace(f"*{part}*: something said.\n\n", ""), "sample")
        silent = page.replace(f"*{part}*: something said.", f"*{part}*: ")
        assert wrong_with(silent, "sample") == [f"{part} says nothing"]


def test_every_check_is_of_one_class() -> None:
    named = [name for names in CLASSES.values() for name in names]
    assert sorted(named) == sorted(c.name for c in CHECKS)
    assert {c.of for c in CHECKS} == {of for of, names in CLASSES.items() if names}


@with_pages
def test_the_index_has_each_check_under_its_class() -> None:
    index = (DOCS / "checks.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ([a-z]+)$", index, flags=re.MULTILINE)[1:]
    rows = {
        of: tuple(re.findall(r"^\| \[([a-z0-9-]+)\]\(checks/\1\.md\) \|", text, re.MULTILINE))
        for of, text in zip(sections[::2], sections[1::2], strict=True)
    }
    assert rows == {of: names for of, names in CLASSES.items() if names}
