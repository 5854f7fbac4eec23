"""An optimum flown again by another integrator: SciPy's DOP853 at 1e-12, piece by piece."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.integrate import solve_ivp

if TYPE_CHECKING:
    from bench.ascent.problems import Case

OPS = types.SimpleNamespace(sqrt=np.sqrt, exp=np.exp, cos=np.cos, sin=np.sin, fmin=np.fmin)


def lagrange(nodes: np.ndarray, values: np.ndarray, t: float) -> np.ndarray:
    """The polynomial through (nodes, values) at t; few nodes."""
    weights = np.ones(nodes.size)
    for k in range(nodes.size):
        others = np.delete(nodes, k)
        weights[k] = np.prod((t - others) / (nodes[k] - others))
    out: np.ndarray = weights @ values
    return out


def end(case: Case, pieces: list[list[dict[str, Any]]]) -> np.ndarray:
    """The last state; `pieces` of each phase: {lo, hi, t: nodes, u: (nodes, m)}, times from 0.

    Directions (a control that must have length one) are normalised as a vehicle would.
    """
    x = np.array(case.start)
    for phase, parts in zip(case.phases, pieces, strict=True):
        for part in parts:
            t, u = np.array(part["t"]), np.array(part["u"])

            def rates(now: float, x: np.ndarray, phase: Any, t: Any, u: Any) -> list[Any]:
                steer = lagrange(t, u, now)
                if phase.directs:
                    steer = steer / np.linalg.norm(steer)
                return list(phase.rates(OPS, x, steer))

            flown = solve_ivp(
                rates, (part["lo"], part["hi"]), x, "DOP853", args=(phase, t, u), rtol=1e-12,
                atol=1e-13,
            )  # fmt: skip
            x = flown.y[:, -1]
        x = x + np.array(phase.jump or 0.0)
    return x


def miss_m(case: Case, pieces: list[list[dict[str, Any]]], claimed: list[float]) -> float:
    """Metres between where the controls lead and where the optimum says they do."""
    states, unit = case.place
    index = list(states)
    return float(np.linalg.norm((end(case, pieces) - np.array(claimed))[index]) * unit)
