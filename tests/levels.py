"""Programs run at a forced SIMD level, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.solvers import core

if TYPE_CHECKING:
    from pathlib import Path


def fly(program: str, level: str, folder: Path) -> dict[str, Any]:
    """What a program that writes the .npz file of its first argument wrote."""
    out = folder / f"{level}.npz"
    subprocess.run(
        [sys.executable, "-c", program, str(out)],
        env={**os.environ, "COSMODROME_SIMD": level},
        check=True,
        timeout=120,
    )
    return dict(np.load(out))


def available() -> list[str]:
    """Levels of this machine; one that it lacks is refused, so asking is safe."""
    found = []
    field = core.Field(3.986e14, 6.378e6, np.eye(1), np.zeros((1, 1)), 0, 0)
    for level in ("baseline", "avx2", "avx512"):
        try:
            field.acceleration(np.array([[7e6, 0.0, 0.0]]), level)
        except RuntimeError:
            continue
        found.append(level)
    return found
