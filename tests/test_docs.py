"""Documentation that is run: a block marked `run` works as printed, and links lead somewhere.

A block opens with ```bash run or ```python run (`slow` added where it flies). The blocks of one
page run in order, in one empty directory in which `missions` and the environment's commands are
found as the page says.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(bash|python) run( slow)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, *, slow: bool) -> list[tuple[str, str]]:
    """(language, text) of the blocks to run; quick pages leave the slow blocks out."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(language, text) for language, is_slow, text in found if slow or not is_slow]


def workplace(where: Path) -> None:
    """A directory that looks like a checkout from within: missions, and .venv/bin's commands."""
    (where / "missions").symlink_to(ROOT / "missions")
    programs = where / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, words in {"cosmodrome": "-m cosmodrome", "python": ""}.items():
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        program.chmod(0o755)


def run(page: Path, where: Path, *, slow: bool) -> None:
    workplace(where)
    found = blocks(page, slow=slow)
    python = "\n".join(text for language, text in found if language == "python")
    bash = "\n".join(text for language, text in found if language == "bash")
    for words in (["bash", "-euo", "pipefail", "-c", bash], [sys.executable, "-W", "error"]):
        text = None if words[0] == "bash" else python
        done = subprocess.run(
            words,
            input=text,
            cwd=where,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{page.relative_to(ROOT)}:\n{done.stdout}\n{done.stderr}"


def named(pages: list[Path]) -> list[str]:
    return [str(p.relative_to(ROOT)) for p in pages]


QUICK = [p for p in PAGES if blocks(p, slow=False)]
SLOW = [p for p in PAGES if len(blocks(p, slow=True)) > len(blocks(p, slow=False))]


@pytest.mark.parametrize("page", QUICK, ids=named(QUICK))
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    run(page, tmp_path, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", SLOW, ids=named(SLOW))
def test_a_page_that_flies_does_what_it_says(page: Path, tmp_path: Path) -> None:
    run(page, tmp_path, slow=True)


@pytest.mark.parametrize("page", PAGES, ids=named(PAGES))
def test_no_block_escapes(page: Path) -> None:
    """Every bash or python block is run; the README's two commands are run by .ci/run."""
    text = re.sub(r"<!-- command: \d -->\n```bash\n", "", page.read_text(encoding="utf-8"))
    assert re.findall(r"^```(?:bash|python|sh|py)$", text, re.MULTILINE) == []


def test_some_pages_are_run() -> None:
    assert ROOT / "README.md" in QUICK
    assert SLOW


@pytest.mark.parametrize("page", PAGES, ids=named(PAGES))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_the_readme_has_its_two_commands() -> None:
    """One line each; .ci/run runs them as printed."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- command: (\d) -->\n```bash\n(.*?)^```$", text, re.M | re.S)
    assert [number for number, _ in found] == ["1", "2"]
    for _, command in found:
        assert command.count("\n") == 1
    assert found[0][1].rstrip().endswith("cosmodrome fly missions/vostochny-sso.yaml")
    assert "-m pytest " in found[1][1]


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    headings = re.findall(r"^## \[(.+?)\](.*)$", text, re.MULTILINE)
    for version, date in headings[1:]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert re.fullmatch(r" - \d{4}-\d\d-\d\d", date)
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_decisions_are_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(p.name for p in folder.glob("[0-9]*.md"))
    for name in listed:
        assert (folder / name).read_text().startswith(f"# {name[:4]} ")
