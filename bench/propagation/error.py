"""A peer's error against its own tight run, over the whole path and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bench.propagation.cases import Case

INSTANTS = 200


def instants(span_s: float) -> np.ndarray:
    """Seconds after the start at which paths are compared; the last is the end."""
    return span_s * np.arange(1, INSTANTS + 1) / INSTANTS


def apart(states: np.ndarray, tight: np.ndarray) -> tuple[float, float]:
    """Largest distance on the path and distance at the end, m."""
    d = np.linalg.norm(states[:, :3] - tight[:, :3], axis=1)
    return float(d.max()), float(d[-1])


def starts(case: Case, count: int) -> np.ndarray:
    """(count, 6) starts of an ensemble: the case's own, then within 1 km and 1 m/s of it."""
    rng = np.random.default_rng(1)
    y0 = np.array([*case.r_m, *case.v_m_s])
    spread = np.array([1e3] * 3 + [1.0] * 3) * rng.uniform(-1.0, 1.0, (count, 6))
    spread[0] = 0.0
    return y0 + spread


def curve_point(label: Any, cpu_s: float, states: np.ndarray, tight: np.ndarray) -> dict[str, Any]:
    """One row of the work-precision curve."""
    path, end = apart(states, tight)
    return {"setting": label, "cpu_s": cpu_s, "path_m": path, "end_m": end}
