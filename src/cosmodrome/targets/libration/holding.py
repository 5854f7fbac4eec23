"""From where a spacecraft really is onto a path near a libration orbit, with the least burn.

Arcs between fixed instants, as in `shooting`; but the first place is given, and what the first
velocity changes is the burn. Of all paths whose arcs meet, the one is taken whose burn and whose
departures from a guess are least together, each over its own weight: where departures are cheap
the burn is what an unstable orbit asks for, and no more (Howell & Pernicka 1993 weigh target points
so).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import SolverError
from cosmodrome.targets.libration.shooting import joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.targets.libration.shooting import Arcs
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = ["Held", "held"]

# jumps at the cuts that are promised, and what Newton's method is driven to
_PLACE_M, _SPEED_M_S = 0.1, 1e-7
# a burn that changes by less is found
_BURN_M_S = 1e-5
_MOST, _SHARES = 30, 8


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A path near a guess from a given place on.

    states      (n, 6) at the cuts, about the centre of the arcs; the first with the burn behind it
    burn_m_s    (3,) what the first velocity changes, GCRF axes
    jump_m, jump_m_s  the largest at the inner cuts
    """

    arcs: Arcs
    states: Array
    burn_m_s: Array
    jump_m: float
    jump_m_s: float
    iterations: int

    @property
    def path(self) -> Trajectory:
        """The arcs as one path."""
        return joined(self.arcs, self.states)


def held(arcs: Arcs, guess: Array, *, burn_m_s: float, place_m: float, speed_m_s: float) -> Held:
    """The path whose burn at the first cut is least, near a guess (n, 6).

    guess     about the centre of the arcs; its first row is the state before the burn
    burn_m_s, place_m, speed_m_s  what of each counts alike: of the burn, and of the departures of
              the later cuts from the guess

    Raises SolverError where the arcs do not meet within 0.1 m and 1e-7 m/s.
    """
    weights = np.array([[place_m] * 3 + [speed_m_s] * 3] * len(guess))
    weights[0] = [0.0] * 3 + [burn_m_s] * 3
    scale = np.array([place_m] * 3 + [speed_m_s] * 3)
    y = guess.copy()
    defects, matrices = arcs.defects(y)
    for iteration in range(1, _MOST + 1):
        wanted = _nearest(y, guess, defects, matrices, weights, scale)
        before = y
        y, defects, matrices = _tried(arcs, y, wanted - y, defects, scale)
        place = float(np.abs(defects[:, :3]).max())
        speed = float(np.abs(defects[:, 3:]).max())
        moved = float(np.abs(y[0, 3:] - before[0, 3:]).max())
        if place < _PLACE_M and speed < _SPEED_M_S and moved < _BURN_M_S:
            return Held(arcs, y, y[0, 3:] - guess[0, 3:], place, speed, iteration)
    raise SolverError(
        f"the {len(y) - 1} arcs do not meet: {place:.3g} m and {speed:.3g} m/s are left after"
        f" {_MOST} iterations; ask for fewer revolutions, or begin nearer to the orbit"
    )


def _nearest(
    y: Array, guess: Array, defects: Array, matrices: list[Array], weights: Array, scale: Array
) -> Array:
    """States (n, 6) nearest to the guess, over the weights, whose defects vanish linearly.

    With the conditions J dy = -d and y + dy = guess + W z, the least z is (J W)^T w, where
    J W (J W)^T w = -d - J (guess - y): block tridiagonal, solved by blocks of six.
    """
    n = len(defects)
    off = guess - y
    right = np.array([-defects[k] - matrices[k] @ off[k] + off[k + 1] for k in range(n)]) / scale
    phi = [m * weights[k][None, :] / scale[:, None] for k, m in enumerate(matrices)]
    out = [np.diag(weights[k + 1] / scale) for k in range(n)]
    pivots: list[Array] = []
    for k in range(n):
        block = phi[k] @ phi[k].T + out[k] @ out[k].T
        if k:
            # (k, k - 1) of the matrix: -phi_k W^T of the cut that both share
            cross = -phi[k] @ out[k - 1].T
            factor = np.linalg.solve(pivots[-1].T, cross.T).T
            block = block - factor @ cross.T
            right[k] -= factor @ right[k - 1]
        pivots.append(block)
    w = np.empty((n, 6))
    w[-1] = np.linalg.solve(pivots[-1], right[-1])
    for k in range(n - 2, -1, -1):
        w[k] = np.linalg.solve(pivots[k], right[k] + out[k] @ phi[k + 1].T @ w[k + 1])
    z = np.zeros((n + 1, 6))
    for k in range(n):
        z[k] += phi[k].T @ w[k]
        z[k + 1] -= out[k].T @ w[k]
    return np.asarray(guess + weights * z)


def _tried(
    arcs: Arcs, y: Array, step: Array, defects: Array, scale: Array
) -> tuple[Array, Array, list[Array]]:
    """States after as much of a step as does not make the defects larger, and those there."""
    before = float(np.linalg.norm(defects / scale))
    share, best = 1.0, None
    for _ in range(_SHARES):
        try:
            after, matrices = arcs.defects(y + share * step)
        except SolverError:
            share *= 0.5
            continue
        best = (y + share * step, after, matrices)
        # a path already flown is moved by rounding alone
        if float(np.linalg.norm(after / scale)) < max((1.0 - 0.1 * share) * before, 1e-6):
            return best
        share *= 0.5
    if best is None:
        raise SolverError("a path of the first guess meets a body; begin nearer to the orbit")
    return best
