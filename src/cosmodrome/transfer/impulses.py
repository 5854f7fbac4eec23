"""The best few impulses between two orbits, free of phase: where a finite burn starts from.

A small programme per number of impulses, solved from the apsides and nodes and from random
places; the best answer is kept. Two-body motion, mu = 1 within.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cosmodrome.maths import NUMPY
from cosmodrome.powered.drafting import Draft, Rows
from cosmodrome.solvers.nlp import Problem, Solver
from cosmodrome.transfer.equinoctial import after_impulse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops

    Array = NDArray[np.float64]
    Ends = Callable[[Ops, Sequence[Any]], Sequence[Any]]

__all__ = ["Impulses", "best_impulses", "impulses"]

_HUGE = 1e19
# sizes are rounded off below this, so that an impulse may vanish smoothly
_SMALL = 1e-4
_ENOUGH = 1e-3
_ARRIVED = 1e-6
# tries by the number of impulses
_TRIES = {1: 4, 2: 10, 3: 14}


@dataclass(frozen=True, slots=True, eq=False)
class Impulses:
    """Impulses in order: longitudes (n,), dv (n, 3) radial, transverse, normal, orbits (n + 1, 5).

    total is the sum of their sizes, in circular speeds of the unit of length.
    """

    longitudes: Array
    dv: Array
    orbits: Array
    total: float

    @property
    def sizes(self) -> Array:
        """(n,)."""
        out: Array = np.linalg.norm(self.dv, axis=1)
        return out


def _hit(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    """Elements after an impulse less those said, and its size less that said."""
    x, dv, after, size = z[:6], z[6:9], z[9:14], z[14]
    new = after_impulse(ops, x, (dv[0], dv[1], dv[2]))
    length = ops.sqrt(ops.dot(dv, dv) + _SMALL * _SMALL)  # type: ignore[arg-type]
    return [*(a - b for a, b in zip(new[:5], after, strict=True)), length - size]


def _between(ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
    """How far perigee and apogee of an orbit keep from their limits."""
    p, f, g = z[:3]
    e = ops.sqrt(f * f + g * g + 1e-12)
    return [p / par[0] - (1.0 + e), par[1] * (1.0 - e) / p - 1.0]


class _Programme:
    """n impulses from a given orbit to conditions on the last."""

    def __init__(
        self, start: Array, ends: Ends, n: int, lowest: float, highest: float, bound: bool
    ) -> None:
        self.n, self.start = n, start
        # each impulse: L, dv, size, elements after
        rows = Rows()
        hit, kept = Draft(_hit, 6), Draft(_between, 2)
        closing = Draft(
            lambda ops, z, par: list(ends(ops, z)), len(ends(NUMPY, [1.0, 0.1, 0.1, 0.1, 0.1]))
        )
        self.size = 5 + 10 * n
        orbit = list(range(5))
        for j in range(n):
            first = 5 + 10 * j
            after = list(range(first + 5, first + 10))
            copy = hit.copy([*orbit, first, first + 1, first + 2, first + 3, *after, first + 4], [])
            for c in range(5):
                hit.enter(rows.add("hit", 0.0, 0.0), copy, c)
            hit.enter(rows.add("size", -_HUGE, 0.0), copy, 5)
            if j < n - 1:
                copy = kept.copy(after[:3], [lowest, highest])
                kept.enter(rows.add("lowest", 0.0, _HUGE), copy, 0)
                if bound:
                    kept.enter(rows.add("highest", 0.0, _HUGE), copy, 1)
            orbit = after
        copy = closing.copy(orbit, [])
        for c in range(closing.outputs):
            closing.enter(rows.add("end", 0.0, 0.0), copy, c)
        m = len(rows.lower)
        drafts = [hit, closing] if n == 1 else [hit, kept, closing]
        blocks = tuple(d.block(m) for d in drafts)
        self.limits = np.array(rows.lower), np.array(rows.upper)
        self.problem = Problem(self.size, m, sp.coo_matrix((m, self.size)), blocks)
        self.solver = Solver(self.problem, 1e-7, {"max_iter": 70})
        self.lower, self.upper = np.full(self.size, -_HUGE), np.full(self.size, _HUGE)
        self.lower[:5] = self.upper[:5] = start[:5]
        self.cost = np.zeros(self.size)
        for j in range(n):
            first = 5 + 10 * j
            self.lower[first + 4], self.upper[first + 4] = 0.0, 20.0
            self.lower[first + 1 : first + 4], self.upper[first + 1 : first + 4] = -20.0, 20.0
            self.lower[first + 5] = 1e-3
            self.cost[first + 4] = 1.0

    def solved(self, longitudes: Sequence[float], orbits: Array) -> Impulses | None:
        """From impulses at these longitudes onto these orbits (n, 5)."""
        w = np.zeros(self.size)
        w[:5] = self.start[:5]
        for j in range(self.n):
            first = 5 + 10 * j
            w[first], w[first + 4] = longitudes[j], 0.3
            w[first + 1 : first + 4] = (0.01, 0.1, 0.01)
            w[first + 5 : first + 10] = orbits[j]
        result = self.solver.solve(self.cost, w, (self.lower, self.upper), self.limits)
        # a seed need not be optimal to the last digit, but it must arrive
        low, high = self.limits
        short = np.maximum(np.maximum(low - result.g, result.g - high), 0.0)
        if not (result.solved or float(short.max()) < _ARRIVED):
            return None
        x = result.w[5:].reshape(self.n, 10)
        dv = x[:, 1:4]
        return Impulses(
            x[:, 0].copy(),
            dv.copy(),
            np.vstack([result.w[:5], x[:, 5:]]),
            float(np.linalg.norm(dv, axis=1).sum()),
        )


def _by_a_great_height(start: Array, finish: Array, top: float, first: float) -> Array:
    """(2, 5) both ellipses of a bi-elliptic transfer whose perigee lies at longitude `first`."""
    e0, e1 = np.hypot(*start[1:3]), np.hypot(*finish[1:3])
    perigees = np.array([start[0] / (1.0 + e0), finish[0] / (1.0 + e1)])
    if not math.isfinite(top):
        top = 4.0 * float(perigees.max())
    e = np.maximum(top - perigees, 0.0) / (top + perigees)
    planes = np.vstack([start[3:5], finish[3:5]])
    return np.column_stack([perigees * (1.0 + e), e * math.cos(first), e * math.sin(first), planes])


def impulses(
    start: Array,
    finish: Array,
    ends: Ends,
    n: int,
    lowest: float,
    highest: float,
    seed: int = 1,
) -> Impulses | None:
    """The best of n impulses from the orbit `start` (5,) onto `ends`; None where none was found.

    finish   (5,) an orbit near those asked for: where guesses lead. Two tries that agree end the
             search of one or two; three have more local optima
    lowest, highest   perigee and apogee of the orbits between
    """
    problem = _Programme(np.asarray(start), ends, n, lowest, highest, math.isfinite(highest))
    rng = np.random.default_rng(seed)
    first = math.atan2(start[2], start[1]) if np.hypot(start[1], start[2]) > 1e-6 else 0.0
    best: Impulses | None = None
    for k in range(_TRIES.get(n, 8)):
        if k < 4:
            at = first + math.pi * (np.arange(n) + k % 2) + (0.5 * math.pi if k > 1 else 0.0)
            share = np.arange(1, n + 1) / n
        else:
            at = rng.uniform(-math.pi, math.pi, n)
            share = np.append(np.sort(rng.uniform(0.0, 1.0, n - 1)), 1.0)
        orbits = start[:5] + share[:, None] * (finish[:5] - start[:5])
        if n == 3 and k < 2:
            orbits[:2] = _by_a_great_height(start, finish, highest * (1.0 - 0.4 * k), first)
            at = first + math.pi * np.arange(3)
        orbits[:, 1:3] += rng.normal(0.0, 0.05, (n, 2)) * (k > 0)
        found = problem.solved(list(at), orbits)
        if found is None:
            continue
        if n < 3 and best is not None and abs(found.total / best.total - 1.0) < _ENOUGH:
            return best
        if best is None or found.total < best.total:
            best = found
    return best


def best_impulses(
    start: Array,
    finish: Array,
    ends: Ends,
    most: int,
    lowest: float,
    highest: float,
    seed: int = 1,
) -> Impulses | None:
    """The best of at most `most` impulses; a further one counts where it saves 0.1 per cent."""
    best: Impulses | None = None
    for n in range(1, min(most, 3) + 1):
        found = impulses(start, finish, ends, n, lowest, highest, seed)
        if found is None:
            continue
        if best is None or found.total < 0.999 * best.total:
            best = found
        elif n == 2:
            break
    return best
