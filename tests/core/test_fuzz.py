"""Nonsense to every entry of the compiled core, for a moment; CI gives it a minute."""

import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).parents[2] / "tools" / "ci" / "fuzz_core.py"


def test_the_core_survives_nonsense():
    run = subprocess.run(
        [sys.executable, str(FUZZ), "--seconds", "40", "--calls", "8000", "--seed", "1000"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    assert "propagate: done" in run.stdout
