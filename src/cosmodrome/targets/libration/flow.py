"""Flights in the restricted problem of three bodies, with what they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import DOP853

from cosmodrome.errors import SolverError
from cosmodrome.maths.ops import SCALAR
from cosmodrome.physics import three_body

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["flow", "motion", "sampled"]

# the rounding of what is integrated
_TOLERANCE = 1e-13
_MOST_STEPS = 20_000


def motion(y: Array, mu: float) -> Array:
    """Rates (6,) of place and velocity (6,) in the turning axes."""
    x = y.tolist()
    a = three_body.acceleration(SCALAR, (x[0], x[1], x[2]), (x[3], x[4], x[5]), mu)
    return np.array([x[3], x[4], x[5], *a])


def _with_variations(mu: float, y: Array) -> Array:
    """Rates (42,) of the state and of its transition matrix, rows one after the other."""
    x = y[:6].tolist()
    r = (x[0], x[1], x[2])
    a = three_body.acceleration(SCALAR, r, (x[3], x[4], x[5]), mu)
    xx, yy, zz, xy, xz, yz = three_body.gradient(SCALAR, r, mu)
    phi = y[6:].reshape(6, 6)
    out = np.empty(42)
    out[:6] = (x[3], x[4], x[5], *a)
    rate = out[6:].reshape(6, 6)
    rate[:3] = phi[3:]
    rate[3:] = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) @ phi[:3]
    rate[3] += 2.0 * phi[4]
    rate[4] -= 2.0 * phi[3]
    return out


def flow(y0: Array, span: float, mu: float) -> tuple[Array, Array]:
    """State (6,) and transition matrix (6, 6) a time `span` after y0 (6,); negative: before.

    Dormand & Prince 8(5,3) at a tolerance of 1e-13. Raises SolverError where it meets a body.
    """
    start = np.concatenate([y0, np.eye(6).ravel()])
    solver = DOP853(
        lambda _, y: _with_variations(mu, y), 0.0, start, span, rtol=_TOLERANCE, atol=_TOLERANCE
    )
    _to_the_end(solver, y0)
    return solver.y[:6].copy(), solver.y[6:].reshape(6, 6).copy()


def sampled(y0: Array, times: Array, mu: float) -> Array:
    """States (n, 6) at rising times (n,) from 0 on."""
    solver = DOP853(
        lambda _, y: motion(y, mu), 0.0, y0, float(times[-1]), rtol=_TOLERANCE, atol=_TOLERANCE
    )
    out = np.empty((times.size, 6))
    done = int(np.searchsorted(times, 0.0, side="right"))
    out[:done] = y0
    while solver.status == "running":
        _step(solver, y0)
        to = int(np.searchsorted(times, solver.t, side="right"))
        if to > done:
            out[done:to] = solver.dense_output()(times[done:to]).T
            done = to
    return out


def _to_the_end(solver: DOP853, y0: Array) -> None:
    for _ in range(_MOST_STEPS):
        if solver.status != "running":
            return
        _step(solver, y0)
    raise SolverError(
        f"the flight from {y0.tolist()} of the restricted problem takes more than"
        f" {_MOST_STEPS} steps; ask for a shorter span"
    )


def _step(solver: DOP853, y0: Array) -> None:
    solver.step()
    if solver.status == "failed":
        raise SolverError(
            f"the flight from {y0.tolist()} of the restricted problem falls onto a body at"
            f" {solver.t:.6g}; begin farther out"
        )
