"""The dependency rule holds, and each of its contracts refuses one planted bad import."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cosmodrome"
# -S: an editable install must not point the copy's imports back at the checkout
LINT = """
import sys
sys.path[:0] = {path}
from importlinter.cli import lint_imports_command
lint_imports_command()
"""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def lint(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package under `where`/src with `where`/pyproject.toml."""
    path = [str(where / "src"), *(p for p in sys.path if p)]
    return subprocess.run(
        [sys.executable, "-S", "-c", LINT.format(path=path), "--no-cache", *arguments],
        cwd=where,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's Python source and the contracts, to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        PACKAGE,
        tmp_path / "src" / "cosmodrome",
        ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")],
    )
    return tmp_path


def plant(where: Path, module: str, line: str) -> None:
    path = where / "src" / "cosmodrome" / module
    path.write_text(path.read_text() + f"\n{line}\n")


def test_the_package_keeps_its_contracts() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        # a lower room reaches up
        ("layers", "world/__init__.py", "import cosmodrome.mission"),
        # strangers meet
        ("layers", "site/__init__.py", "import cosmodrome.vehicle"),
        # a check reaches what it checks: directly
        ("independent-checks", "checks/__init__.py", "import cosmodrome.dynamics"),
        # ... and through a room that it may know
        ("independent-checks", "record/__init__.py", "import cosmodrome.solvers"),
        ("units-at-the-door", "orbit/__init__.py", "import pint"),
        ("units-at-the-door", "world/__init__.py", "import pydantic"),
        ("solvers-own-casadi", "ascent/__init__.py", "import casadi"),
    ],
)
def test_a_planted_import_is_refused(copy: Path, contract: str, module: str, line: str) -> None:
    if contract == "independent-checks" and module.startswith("record"):
        plant(copy, "checks/__init__.py", "import cosmodrome.record")
    plant(copy, module, line)
    done = lint(copy, "--contract", contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_every_contract_has_a_planted_import() -> None:
    """A contract that nothing was seen to break may be a contract that cannot break."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = {c["id"] for c in table["tool"]["importlinter"]["contracts"]}
    marks = test_a_planted_import_is_refused.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == named


@pytest.mark.parametrize(
    "line",
    ["import casadi", "from cosmodrome.solvers import _core", "import cosmodrome.solvers._core"],
)
def test_ruff_refuses_a_solver_outside_its_room(tmp_path: Path, line: str) -> None:
    """import-linter does not see compiled modules: ruff's banned names do."""
    for room, refused in (("physics", True), ("solvers", False)):
        module = tmp_path / "src" / "cosmodrome" / room / "planted.py"
        module.parent.mkdir(parents=True)
        module.write_text(f"{line}\n")
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", module],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 1) is refused, done.stdout + done.stderr


def imported(path: Path) -> set[str]:
    """Every dotted name a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_only_solvers_imports_a_solver() -> None:
    """The same rule by a road that no lint setting can switch off."""
    guilty = {
        str(path.relative_to(PACKAGE)): sorted(bad)
        for path in modules()
        if path.relative_to(PACKAGE).parts[0] != "solvers"
        and (
            bad := {
                name
                for name in imported(path)
                if name.split(".")[0] in {"casadi", "dask"}
                or name.startswith("cosmodrome.solvers._core")
            }
        )
    }
    assert guilty == {}


CLOCKS = {
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("_dt", "now"),
}


# an OEM must state when it was made; nothing that was flown depends on it
MAY_READ_THE_CALENDAR = {PACKAGE / "report" / "writing.py"}


def test_only_the_command_line_reads_the_calendar() -> None:
    """No result may depend on the day of the run: perf_counter is fine, a date is not."""
    guilty = []
    for path in modules():
        if path.relative_to(PACKAGE).parts[0] == "cli" or path in MAY_READ_THE_CALENDAR:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = owner.attr if isinstance(owner, ast.Attribute) else None
                name = owner.id if isinstance(owner, ast.Name) else name
                if (name, node.attr) in CLOCKS:
                    guilty.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                bad = {a.name for a in node.names} & {"time", "time_ns", "localtime", "gmtime"}
                guilty += [f"{path.relative_to(PACKAGE)}:{node.lineno}" for _ in bad]
    assert guilty == []


def test_nothing_opens_a_socket() -> None:
    """Nothing touches the network: no module of the package imports a way to."""
    ways = {"socket", "ssl", "http", "ftplib", "requests", "httpx", "aiohttp"}
    guilty = {
        str(path.relative_to(PACKAGE)): sorted(bad)
        for path in modules()
        if (bad := {n for n in imported(path) if n.split(".")[0] in ways or n == "urllib.request"})
    }
    assert guilty == {}


def test_modules_stay_readable() -> None:
    """No kernel over 500 lines; a module aims at 400 and is split by meaning before 550."""
    kernels = sorted((ROOT / "core").glob("*.[ch]pp"))
    long = {
        str(path.relative_to(ROOT)): n
        for path, most in [*((m, 550) for m in modules()), *((k, 500) for k in kernels)]
        if (n := len(path.read_text().splitlines())) > most
    }
    assert long == {}
