"""A flown path in axes that turn with a body: what every look from or to the ground starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataSpanError, FrameMismatchError
from cosmodrome.maths.chebyshev import fit_matrix, gauss_lobatto_points
from cosmodrome.world.body_orientation import axes_of, fixed_from_gcrf_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Track", "gcrf_places", "panels"]

_NODES = 14
_POINTS = gauss_lobatto_points(_NODES)
_FIT = fit_matrix(_NODES)
# turn about the centre on one piece; the series then falls below a micrometre in low orbit
_TURN_RAD = 0.5
# a piece is halved while its last coefficients are larger, m, but not below this many seconds
_TAIL_M = 1e-4
_SHORTEST_S = 0.5


def panels(path: Trajectory, turn_rad: float = _TURN_RAD) -> Array:
    """Breaks, s, that cut every segment of a path into parts of at most `turn_rad`."""
    breaks = path.breaks_s
    u = np.linspace(0.0, 1.0, 9)
    t = breaks[:-1, None] + np.diff(breaks)[:, None] * u
    y = path.columns_at(np.clip(t, breaks[0], breaks[-1]).ravel()).reshape(*t.shape, -1)
    rate = np.linalg.norm(y[..., 3:6], axis=2) / np.linalg.norm(y[..., 0:3], axis=2)
    parts = np.maximum(1, np.ceil(rate.max(axis=1) * np.diff(breaks) / turn_rad)).astype(int)
    ends = [np.linspace(breaks[i], breaks[i + 1], n + 1)[:-1] for i, n in enumerate(parts)]
    return np.append(np.concatenate(ends), breaks[-1])


def gcrf_places(path: Trajectory, t_s: Array, world: World, body: str) -> Array:
    """Places (n, 3) in m relative to `body`, GCRF axes, at seconds from the path's epoch.

    Raises FrameMismatchError for a path in turning axes.
    """
    if path.frame.axes != "gcrf":
        raise FrameMismatchError(
            f"this path is in {path.frame.axes} axes; give one in GCRF axes, as `propagate` and"
            " `tabulated` do"
        )
    r = path.columns_at(t_s)[:, :3]
    if path.frame.centre != body:
        r = r + world.ephemeris.positions_m(path.frame.centre, path.epoch, t_s, body)
    return r


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Body-fixed places along a path as piecewise Chebyshev series.

    epoch         instant of t = 0
    breaks_s      (n + 1,) seconds from `epoch`
    coefficients  (n, K, 3) m
    """

    epoch: Epoch
    body: str
    axes: str
    breaks_s: Array
    coefficients: Array

    @classmethod
    def of(
        cls, path: Trajectory, world: World, body: str = "earth", axes: str | None = None
    ) -> Track:
        """The path seen from axes fixed in `body` (Earth: ITRF), within 0.1 mm.

        Raises FrameMismatchError for a path in turning axes, UnknownNameError for a body or axes.
        """
        axes = axes or axes_of(body)[0]
        left = panels(path)
        left, right = left[:-1], left[1:]
        kept = []
        while left.size:
            t = 0.5 * (left + right)[:, None] + 0.5 * (right - left)[:, None] * _POINTS
            # a node on a break belongs to the segment before it, for the last of a piece
            t[:, 0], t[:, -1] = left, np.nextafter(right, left)
            r = gcrf_places(path, t.ravel(), world, body)
            m = fixed_from_gcrf_many(world, body, axes, path.epoch, t.ravel()).matrix
            fixed = np.einsum("nij,nj->ni", m, r).reshape(-1, _NODES, 3)
            c = np.einsum("kn,pnc->pkc", _FIT, fixed)
            good = (np.abs(c[:, -2:]).max(axis=(1, 2)) < _TAIL_M) | (right - left < _SHORTEST_S)
            kept.append((left[good], right[good], c[good]))
            left, right = left[~good], right[~good]
            middle = 0.5 * (left + right)
            left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        a, b, c = (np.concatenate(x) for x in zip(*kept, strict=True))
        order = np.argsort(a)
        return cls(path.epoch, body, axes, np.append(a[order], b[order[-1]]), c[order])

    def places(self, t_s: Array) -> Array:
        """Body-fixed places (..., 3) in m at seconds (...) from `epoch`.

        Raises DataSpanError outside the span.
        """
        return self._evaluate(t_s, self.coefficients)

    def _evaluate(self, t_s: Array, c: Array) -> Array:
        t = np.asarray(t_s, dtype=np.float64)
        flat = t.ravel()
        lo, hi = float(self.breaks_s[0]), float(self.breaks_s[-1])
        if flat.size and (flat.min() < lo - 1e-6 or flat.max() > hi + 1e-6):
            raise DataSpanError(
                f"asked at t = {flat.min():.9g} .. {flat.max():.9g} s; this path spans"
                f" {lo:.9g} .. {hi:.9g} s: ask inside, or fly longer"
            )
        k = np.clip(
            np.searchsorted(self.breaks_s, flat, side="right") - 1, 0, len(self.breaks_s) - 2
        )
        a, b = self.breaks_s[k], self.breaks_s[k + 1]
        x = np.clip((2.0 * flat - a - b) / (b - a), -1.0, 1.0)
        two_x = (2.0 * x)[:, None]
        b1 = np.zeros((flat.size, c.shape[2]))
        b2 = np.zeros_like(b1)
        for j in range(c.shape[1] - 1, 0, -1):
            b1, b2 = c[k, j] + two_x * b1 - b2, b1
        out: Array = c[k, 0] + x[:, None] * b1 - b2
        return out.reshape(*t.shape, c.shape[2])

    @property
    def radii_m(self) -> tuple[Array, Array]:
        """(n,), (n,): lower and upper bounds of the distance from the centre on each piece."""
        fine = gauss_lobatto_points(2 * _NODES - 1)
        t_k = np.cos(np.outer(np.arccos(fine), np.arange(_NODES)))
        values = np.einsum("nk,pkc->pnc", t_k, self.coefficients)
        c = (values**2).sum(axis=2) @ fit_matrix(2 * _NODES - 1).T
        spread = np.abs(c[:, 1:]).sum(axis=1)
        return np.sqrt(np.maximum(c[:, 0] - spread, 0.0)), np.sqrt(c[:, 0] + spread)
