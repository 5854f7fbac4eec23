"""Where smooth functions of time are positive: every sign change found, none by luck of sampling.

Each function is interpolated by Chebyshev series on panels, which are halved until the series has
converged and either cannot vanish on the panel (its constant outweighs all the rest) or is
monotone there (the same of its derivative). What is left is one bracketed root a panel, found by
Chandrupatla's method (1997, Adv. Eng. Software 28:145). The idea is that of the colleague-free
subdivision of Boyd (2006, Appl. Numer. Math. 56:1077). All panels of all functions are worked on
together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths.chebyshev import fit_matrix, gauss_lobatto_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Ints = NDArray[np.int64]
    # f(owner (m,), t (m, n)) -> (m, n)
    Functions = Callable[[Ints, Array], Array]

__all__ = ["Intervals", "bracketed_root", "highest", "positive_intervals"]

_NODES = 17
_POINTS = gauss_lobatto_points(_NODES)
_FIT = fit_matrix(_NODES)
# panels worked on at once: bounds the memory of a step to some tens of MB
_BATCH = 20_000


def _derivative_matrix(n: int) -> Array:
    """(n, n): Chebyshev coefficients of a series -> those of its derivative on [-1, 1]."""
    m = np.zeros((n, n))
    for k in range(n):
        for j in range(k + 1, n, 2):
            m[k, j] = 2.0 * j
    m[0] *= 0.5
    return m


_SLOPE = _derivative_matrix(_NODES) @ _FIT


@dataclass(frozen=True, slots=True)
class Intervals:
    """Where functions are positive, in order of owner and time.

    owner        (n,) which function
    start, end   (n,)
    open_start, open_end  (n,) whether the interval begins or ends with the panels, not at a root
    """

    owner: Ints
    start: Array
    end: Array
    open_start: NDArray[np.bool_]
    open_end: NDArray[np.bool_]


def positive_intervals(
    f: Functions,
    owner: Ints,
    left: Array,
    right: Array,
    *,
    tail: float = 1e-11,
    shortest: float = 1e-5,
    tolerance: float = 1e-7,
) -> Intervals:
    """Where each function is positive on its panels.

    f          f(owner (m,), t (m, n)) -> (m, n), smooth on every panel
    owner, left, right  (m,) panels. Where the panels of an owner leave a gap the function counts
               as negative
    tail       magnitude of a last coefficient below which a series has converged
    shortest   width below which a panel is not halved: a shorter interval may go unseen
    tolerance  of the roots
    """
    order = np.lexsort((left, owner))
    owner, left, right = owner[order], left[order], right[order]
    parts = [
        _leaves(f, owner[i : i + _BATCH], left[i : i + _BATCH], right[i : i + _BATCH],
                tail, shortest, tolerance)
        for i in range(0, owner.size, _BATCH)
    ]  # fmt: skip
    if not parts:
        none, no = np.empty(0), np.empty(0, dtype=bool)
        return Intervals(np.empty(0, dtype=np.int64), none, none, no, no)
    o, a, b, sa, sb, root = (np.concatenate(x) for x in zip(*parts, strict=True))
    return _joined(o, a, b, sa, sb, root)


def _leaves(
    f: Functions, owner: Ints, a: Array, b: Array, tail: float, shortest: float, tolerance: float
) -> tuple[Ints, Array, Array, NDArray[np.bool_], NDArray[np.bool_], Array]:
    """Panels on which the sign changes at most once: (owner, a, b, sign at a, at b, root)."""
    done: list[tuple[Ints, Array, Array, Array, Array, NDArray[np.bool_]]] = []
    while owner.size:
        t = 0.5 * (a + b)[:, None] + 0.5 * (b - a)[:, None] * _POINTS
        t[:, 0], t[:, -1] = a, b
        v = f(owner, t)
        c = np.abs(v @ _FIT.T)
        constant, rest, last = c[:, 0], c[:, 1:].sum(axis=1), c[:, -3:].max(axis=1)
        never = constant > rest + 8.0 * last
        slope = np.abs(v @ _SLOPE.T)
        steady = slope[:, 0] > slope[:, 1:].sum(axis=1) + 8.0 * _NODES**2 * last
        good = never | ((last < tail) & steady) | (b - a < shortest)
        changes = (v[:, 0] > 0.0) != (v[:, -1] > 0.0)
        done.append(
            (owner[good], a[good], b[good], v[good, 0], v[good, -1], (changes & ~never)[good])
        )
        owner, a, b = owner[~good], a[~good], b[~good]
        middle = 0.5 * (a + b)
        owner = np.concatenate([owner, owner])
        a, b = np.concatenate([a, middle]), np.concatenate([middle, b])
    o, left, right, fl, fr, has = (np.concatenate(x) for x in zip(*done, strict=True))
    root = np.full(o.size, np.nan)
    if has.any():
        own = o[has]
        root[has] = bracketed_root(
            lambda i, x: f(own[i], x[:, None])[:, 0],
            left[has], right[has], fl[has], fr[has], tolerance,
        )  # fmt: skip
    return o, left, right, fl > 0.0, fr > 0.0, root


def _joined(
    owner: Ints,
    a: Array,
    b: Array,
    sa: NDArray[np.bool_],
    sb: NDArray[np.bool_],
    root: Array,
) -> Intervals:
    """Intervals from leaves: the sign after each instant, runs of equal sign joined."""
    order = np.lexsort((a, owner))
    owner, a, b = owner[order], a[order], b[order]
    sa, sb, root = sa[order], sb[order], root[order]
    # a leaf without a root has one sign; where neighbours disagree at their common end, by
    # rounding, the change is there
    sb = np.where(np.isnan(root), sa, sb)
    last = np.append((owner[1:] != owner[:-1]) | (a[1:] > b[:-1]), True)
    n = owner.size
    # three entries a leaf: its start, its root, and its end where no leaf follows
    own = np.repeat(owner, 3)
    at = np.stack([a, np.where(np.isnan(root), a, root), b], axis=1).ravel()
    kept = np.stack([np.ones(n, bool), ~np.isnan(root), last], axis=1).ravel()
    positive = np.stack([sa, sb, np.zeros(n, bool)], axis=1).ravel()
    edge = np.stack([np.append(True, last[:-1]), np.zeros(n, bool), last], axis=1).ravel()
    own, at, positive, edge = own[kept], at[kept], positive[kept], edge[kept]
    before = np.append(False, positive[:-1])
    before[np.append(True, own[1:] != own[:-1])] = False
    opens, closes = positive & ~before, ~positive & before
    return Intervals(own[opens], at[opens], at[closes], edge[opens], edge[closes])


def bracketed_root(
    f: Callable[[Ints, Array], Array],
    a: Array,
    b: Array,
    fa: Array,
    fb: Array,
    tolerance: float,
) -> Array:
    """One root in each bracket [a, b], where fa and fb differ in sign; all (n,).

    f  f(index (m,), x (m,)) -> (m,), of the brackets still open. Chandrupatla (1997): inverse
       quadratic interpolation where it is safe, halving elsewhere.
    """
    x1, x2, f1, f2 = b.copy(), a.copy(), fb.copy(), fa.copy()
    x3, f3 = x2.copy(), f2.copy()
    out = np.where(np.abs(f1) < np.abs(f2), x1, x2)
    live = np.arange(a.size)
    step = np.full(a.size, 0.5)
    for _ in range(100):
        x = x1 + step * (x2 - x1)
        fx = f(live, x)
        same = (fx > 0.0) == (f1 > 0.0)
        x3, f3 = np.where(same, x1, x2), np.where(same, f1, f2)
        x2, f2 = np.where(same, x2, x1), np.where(same, f2, f1)
        x1, f1 = x, fx
        out[live] = np.where(np.abs(f1) < np.abs(f2), x1, x2)
        width = np.abs(x2 - x1)
        least = 0.5 * tolerance + 4e-16 * np.abs(x1)
        going = (width > 2.0 * least) & (f1 != 0.0) & (f2 != 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            xi, phi = (x1 - x2) / (x3 - x2), (f1 - f2) / (f3 - f2)
            safe = (1.0 - np.sqrt(1.0 - xi) < phi) & (phi < np.sqrt(xi))
            step = f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * (
                f2 / (f3 - f2)
            )
        step = np.where(safe & np.isfinite(step), step, 0.5)
        low = np.minimum(0.5, least / np.where(width > 0.0, width, 1.0))
        step = np.clip(step, low, 1.0 - low)
        if not going.any():
            break
        live = live[going]
        x1, x2, x3, f1, f2, f3, step = (v[going] for v in (x1, x2, x3, f1, f2, f3, step))
    return out


def highest(
    f: Functions, owner: Ints, start: Array, end: Array, samples: Ints, tolerance: float = 1e-4
) -> tuple[Array, Array]:
    """Where each function is largest between `start` and `end`, and its value; (n,), (n,).

    samples  (n,) points looked at in each interval: the peak about the best of them is followed
             (golden section), so they must tell the peaks apart
    """
    count = np.maximum(samples, 3)
    which = np.repeat(np.arange(owner.size), count)
    within = np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)
    step = ((end - start) / (count - 1))[which]
    t = np.minimum(start[which] + within * step, end[which])
    v = np.empty(t.size)
    for i in range(0, t.size, 400_000):
        part = slice(i, i + 400_000)
        v[part] = f(owner[which[part]], t[part, None])[:, 0]
    order = np.lexsort((v, which))
    best = order[np.cumsum(count) - 1]
    gap = (end - start) / (count - 1)
    at, value = t[best].copy(), v[best].copy()
    a, b = np.maximum(at - gap, start), np.minimum(at + gap, end)
    g = 0.3819660112501051
    x1, x2 = a + g * (b - a), b - g * (b - a)
    f1, f2 = f(owner, x1[:, None])[:, 0], f(owner, x2[:, None])[:, 0]
    for _ in range(80):
        if not np.any(b - a > tolerance):
            break
        left = f1 > f2
        a, b = np.where(left, a, x1), np.where(left, x2, b)
        probe = np.where(left, a + g * (b - a), b - g * (b - a))
        fp = f(owner, probe[:, None])[:, 0]
        x1, x2 = np.where(left, probe, x2), np.where(left, x1, probe)
        f1, f2 = np.where(left, fp, f2), np.where(left, f1, fp)
    middle = 0.5 * (a + b)
    fm = f(owner, middle[:, None])[:, 0]
    better = fm > value
    return np.where(better, middle, at), np.where(better, fm, value)
