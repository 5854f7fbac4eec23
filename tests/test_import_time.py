"""`cosmodrome --help` answers at once, because it loads no number and no solver."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

HEAVY = {
    "casadi",
    "erfa",
    "numpy",
    "pint",
    "pyarrow",
    "pydantic",
    "pymsis",
    "rich",
    "scipy",
    "yaml",
}


def loaded_by(code: str) -> set[str]:
    """The top-level modules a fresh interpreter has after running `code`."""
    tail = (
        "\nimport sys\nprint('\\n'.join({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines())


@pytest.mark.parametrize(
    "code",
    [
        "import cosmodrome",
        "import cosmodrome.errors, cosmodrome.watch",
        "from cosmodrome.cli import main; main(['--help'])",
        "from cosmodrome.cli import main; main(['fly', '--help'])",
        "from cosmodrome.cli import main; main(['flyy'])",
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert loaded_by(code) & HEAVY == set()


@pytest.mark.parametrize(
    "room", ["ascent", "record", "mission", "catalog", "flight", "orbit", "campaign"]
)
def test_a_room_loads_no_solver_until_it_is_used(room: str) -> None:
    assert "casadi" not in loaded_by(f"import cosmodrome.{room}")


def test_help_costs_less_than_a_third_of_a_second_of_cpu() -> None:
    """The best of three: a shared machine can only make a run slower, never faster."""
    costs = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "cosmodrome", "--help"], check=True, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    assert min(costs) < 0.3
