"""Plant small defects, one at a time, and count how many the tests notice.

    python tools/mutate.py [--seed 1] [-n 50] [--list] physics site checks

A mutant is one change to one formula: + for -, * for /, a comparison turned round, `and` for
`or`, min for max, sine for cosine, a dropped minus sign, a constant ten per cent off. Mutants are
drawn with a seed, applied to a temporary copy of the package (never to the working tree), and the
tests of the room are run on the copy until the first failure. A survivor is a missing test or a
line that does nothing; each is printed with its place. Exit status 1 when fewer than nine in ten
are caught.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cosmodrome"
BAR = 0.9
# a literal below this is how closely something is iterated, not what is computed: ten per cent of
# it is no defect
SMALL = 1e-6

# tests of a room beyond its own: asked only about mutants the room's own tests let through
FURTHER = {"physics": ["solvers", "dynamics"], "site": ["targets"], "checks": []}

SWAPS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
SIGNS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Lt: "<",
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "and",
    ast.Or: "or",
}
NAMES = {"sin": "cos", "cos": "sin", "fmin": "fmax", "fmax": "fmin", "min": "max", "max": "min"}


@dataclass(frozen=True)
class Mutant:
    """One change: the `index`-th place of a file, and what it does, for people."""

    path: Path
    line: int
    index: int
    text: str

    @property
    def room(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0]

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.text}"


def places(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes of a module that compute something, in a fixed order.

    Left out: annotations, decorators, docstrings, exported names, imports, what an error says,
    and blocks for type checkers.
    """

    def walk(node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Assert):
            return
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id.startswith("__") for t in node.targets
        ):
            return
        yield node
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "type_comment"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from walk(child)

    yield from walk(tree)


def change(node: ast.AST, *, really: bool) -> str | None:
    """What a mutation of this node would do (and do it, when `really`); None: not a place."""
    told: str | None = None
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        other = SWAPS[type(node.op)]
        if isinstance(node, ast.BinOp) and any(
            isinstance(side, ast.Constant) and isinstance(side.value, str)
            for side in (node.left, node.right)
        ):
            return None
        told = f"{SIGNS[type(node.op)]} became {SIGNS[other]}"
        if really:
            node.op = other()
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        other = SWAPS[type(node.ops[0])]
        told = f"{SIGNS[type(node.ops[0])]} became {SIGNS[other]}"
        if really:
            node.ops[0] = other()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        told = f"minus dropped from {ast.unparse(node)}"
        if really:
            node.op = ast.UAdd()
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        told = f"{node.attr} became {NAMES[node.attr]}"
        if really:
            node.attr = NAMES[node.attr]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
        told = f"{node.func.id} became {NAMES[node.func.id]}"
        if really:
            node.func.id = NAMES[node.func.id]
    elif isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        value = node.value
        if 0.0 < abs(value) < SMALL:
            return None
        changed = value + 1 if isinstance(value, int) else (value * 1.1 or 1.0)
        told = f"{value!r} became {changed!r}"
        if really:
            node.value = changed
    return told


def mutants_of(path: Path) -> list[Mutant]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        Mutant(path, getattr(node, "lineno", 0), index, told)
        for index, node in enumerate(places(tree))
        if (told := change(node, really=False)) is not None
    ]


def source_of(mutant: Mutant) -> str:
    """The whole module with this one change."""
    tree = copy.deepcopy(ast.parse(mutant.path.read_text(encoding="utf-8")))
    node = next(n for i, n in enumerate(places(tree)) if i == mutant.index)
    change(node, really=True)
    return ast.unparse(ast.fix_missing_locations(tree))


class Copy:
    """A temporary copy of the package, the tests and what they read, to run tests on."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.package = where / "src" / "cosmodrome"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))
        core = importlib.util.find_spec("cosmodrome.solvers._core")
        if core is not None and core.origin is not None:
            shutil.copy(core.origin, self.package / "solvers")
        shutil.copytree(ROOT / "tests", where / "tests")
        shutil.copytree(ROOT / "missions", where / "missions")
        shutil.copy(ROOT / "pyproject.toml", where)

    def tests(self, room: str, module: str) -> list[str]:
        """The room's test files, the quickest to notice first."""
        files = sorted((self.where / "tests" / room).rglob("test_*.py"))
        files.sort(key=lambda f: (module.strip("_") not in f.stem, "frozen" not in f.stem))
        return [str(f.relative_to(self.where)) for f in files]

    def passes(self, tests: list[str], timeout: float) -> bool:
        """Do these tests pass here? Running past the time limit counts as noticing."""
        if not tests:
            return True
        # -S: an editable install must not point the copy's imports back at the working tree
        path = [str(self.where / "src"), *(p for p in sys.path if p and p != str(ROOT / "src"))]
        words = ["-q", "-x", "--no-header", "-p", "no:cacheprovider", "-m", "not slow", *tests]
        code = f"import sys; sys.path[:0] = {path}; import pytest; sys.exit(pytest.main({words}))"
        try:
            done = subprocess.run(
                [sys.executable, "-S", "-c", code],
                cwd=self.where,
                env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
                | {"PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def survives(mutant: Mutant, work: Copy, timeout: float) -> bool:
    spoilt = work.package / mutant.path.relative_to(PACKAGE)
    whole = spoilt.read_text(encoding="utf-8")
    spoilt.write_text(source_of(mutant), encoding="utf-8")
    try:
        rooms = [mutant.room, *FURTHER.get(mutant.room, [])]
        return all(work.passes(work.tests(r, mutant.path.stem), timeout) for r in rooms)
    finally:
        spoilt.write_text(whole, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("rooms", nargs="+", metavar="ROOM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-n", type=int, default=50, help="how many mutants (default 50)")
    parser.add_argument("--list", action="store_true", help="print the mutants, run nothing")
    args = parser.parse_args()

    found: list[Mutant] = []
    for room in args.rooms:
        files = sorted((PACKAGE / room).rglob("*.py"))
        if not files:
            parser.error(f"no room {room!r} under {PACKAGE.relative_to(ROOT)}")
        found += [m for f in files for m in mutants_of(f)]
    drawn = sorted(
        random.Random(args.seed).sample(found, min(args.n, len(found))),
        key=lambda m: (str(m.path), m.line, m.index),
    )
    print(f"{len(drawn)} of {len(found)} possible mutants, seed {args.seed}")
    if args.list:
        print("\n".join(map(str, drawn)))
        return 0

    survivors: list[Mutant] = []
    with tempfile.TemporaryDirectory(prefix="cosmodrome-mutants-") as folder:
        work = Copy(Path(folder))
        start = time.monotonic()
        for room in dict.fromkeys(r for m in drawn for r in (m.room, *FURTHER.get(m.room, []))):
            if not work.passes(work.tests(room, ""), 1800.0):
                print(f"the tests of {room} fail without any mutant: mend them first")
                return 2
        limit = 60.0 + 5.0 * (time.monotonic() - start)
        for mutant in drawn:
            alive = survives(mutant, work, limit)
            survivors += [mutant] * alive
            print(f"{'SURVIVED' if alive else 'caught  '}  {mutant}", flush=True)
    caught = len(drawn) - len(survivors)
    print(f"\n{caught} of {len(drawn)} caught")
    for mutant in survivors:
        print(f"survived: {mutant}")
    return 0 if caught >= BAR * len(drawn) else 1


if __name__ == "__main__":
    sys.exit(main())
