"""The mutation tool changes one thing, compiles, and leaves words and types alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tools import mutate

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = '''
"""1 + 1 in a docstring."""
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import numpy
__all__ = ["f"]
def f(x: Literal[3], ops) -> float:
    """2 - 2."""
    if x < 4.0:
        raise ValueError(f"{x + 1} is below {4.0}")
    return ops.sin(-x) * 0.5
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(mutate, "ROOT", tmp_path)
    monkeypatch.setattr(mutate, "PACKAGE", tmp_path)
    path = tmp_path / "room" / "module.py"
    path.parent.mkdir()
    path.write_text(SOURCE)
    return path


def test_what_is_mutated(module: Path) -> None:
    assert [m.text for m in mutate.mutants_of(module)] == [
        "< became >=",
        "4.0 became 4.4",
        "* became /",
        "sin became cos",
        "minus dropped from -x",
        "0.5 became 0.55",
    ]


def test_each_mutant_compiles_and_differs_in_one_place(module: Path) -> None:
    whole = ast.unparse(ast.parse(SOURCE)).splitlines()
    for mutant in mutate.mutants_of(module):
        spoilt = mutate.source_of(mutant).splitlines()
        compile("\n".join(spoilt), "mutant", "exec")
        assert sum(a != b for a, b in zip(whole, spoilt, strict=True)) == 1
    assert module.read_text() == SOURCE
