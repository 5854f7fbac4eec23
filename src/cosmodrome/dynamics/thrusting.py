"""A flown path with what pushed along it: thrust and direction beside place, velocity and mass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory, fit_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.forces import Thrust

    Array = NDArray[np.float64]

__all__ = ["steered"]


def steered(path: Trajectory, burns: Sequence[Thrust]) -> Trajectory:
    """The path with columns of thrust and its direction.

    burns  tables of GCRF directions, and of thrust where it is throttled, in order of time; the
           path has a break where one begins or ends
    """
    starts = np.array([b.start - path.epoch for b in burns])
    ends = np.array([b.end - path.epoch for b in burns])
    knots = [np.asarray(b.knots_s) + a for b, a in zip(burns, starts, strict=True)]
    tables = [np.asarray(b.direction, dtype=np.float64) for b in burns]
    forces = [
        np.broadcast_to(np.asarray(b.thrust_n, dtype=np.float64), k.shape)
        for b, k in zip(burns, knots, strict=True)
    ]

    nodes = path.coefficients.shape[1]
    at = fit_nodes(path.breaks_s, nodes)
    flown = path.columns_at(at.reshape(-1))[:, :7].reshape(*at.shape, 7)

    def columns(t: Array, segment: int) -> Array:
        middle = 0.5 * (path.breaks_s[segment] + path.breaks_s[segment + 1])
        k = max(int(np.searchsorted(starts, middle)) - 1, 0)
        lit = starts[k] < middle < ends[k]
        u = np.column_stack([np.interp(t, knots[k], c) for c in tables[k].T])
        u /= np.linalg.norm(u, axis=1)[:, None]
        force = np.interp(t, knots[k], forces[k]) if lit else np.zeros(len(t))
        return np.column_stack([flown[segment], u, force])

    return Trajectory.fit(path.epoch, path.frame, path.breaks_s, columns, nodes, STEERED_COLUMNS)
