"""Adapters. Each has `solve(problem) -> Answer`; it times itself without what is set up once."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np

EPOCH = "2026-06-01T00:00:00"  # UTC


@dataclass
class Problem:
    """states (n, 6) GCRF, two-body; points (p, 2) geodetic latitude and longitude, deg; mu."""

    states: np.ndarray
    points: np.ndarray
    mu: float
    span_s: float
    mask_deg: float
    folder: Path


@dataclass
class Answer:
    """rows (a, 4): point, satellite, start, stop in s; the clocks of the search alone."""

    rows: np.ndarray
    wall_s: float
    cpu_s: float
    settings: str
    version: str
    notes: list[str] = field(default_factory=list)


@contextmanager
def clock() -> Iterator[list[float]]:
    """[wall, CPU of all threads] of the block, filled at its end."""
    told: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()
    yield told
    told += [time.perf_counter() - wall, time.process_time() - cpu]
