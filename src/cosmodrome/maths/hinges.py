"""Smooth broken lines: tables whose corners are rounded, infinitely differentiable everywhere.

An optimiser and a high-order integrator both assume smoothness; a piecewise-linear table or a
cubic spline breaks that assumption silently at its knots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log1p
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.maths.ops import SCALAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.maths.ops import Ops

__all__ = ["HingeTable", "softplus"]


#: so many widths away a rounded corner is the broken line to the last digit (e^-40 = 4e-18)
_FAR = 40.0


def softplus(ops: Ops, x: Any) -> Any:
    """log(1 + e^x), written so that it neither overflows nor loses digits."""
    return ops.fmax(x, 0.0 * x) + ops.log1p(ops.exp(-ops.fabs(x)))


@dataclass(frozen=True, slots=True)
class HingeTable:
    """y(x) = start + sum of s_k w_k softplus((x - x_k) / w_k): a rounded broken line.

    knots, widths, slopes   (n,) each; `slopes` are changes of slope at the knots
    start                   value far below the first knot
    corners                 (n) knot, width, change of slope times width: what a sum of floats takes
    """

    knots: tuple[float, ...]
    widths: tuple[float, ...]
    slopes: tuple[float, ...]
    start: float
    corners: tuple[tuple[float, float, float], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = zip(self.knots, self.widths, self.slopes, strict=True)
        corners = tuple((knot, width, slope * width) for knot, width, slope in rows)
        object.__setattr__(self, "corners", corners)

    def __call__(self, ops: Ops, x: Any) -> Any:
        """The table at `x` (a float, an array or a symbol)."""
        y: Any = self.start
        if ops is SCALAR:
            # the same sum without calls: re-flights spend much of their time here
            x = float(x)
            for knot, width, rise in self.corners:
                z = (x - knot) / width
                if z > 0.0:
                    y += rise * (z if z > _FAR else z + log1p(exp(-z)))
                elif z > -_FAR:
                    y += rise * log1p(exp(z))
            return y
        for knot, width, slope in zip(self.knots, self.widths, self.slopes, strict=True):
            y = y + (slope * width) * softplus(ops, (x - knot) / width)
        return y

    @classmethod
    def through(cls, x: Sequence[float], y: Sequence[float], rounding: float = 0.2) -> HingeTable:
        """The rounded broken line that passes exactly through the points (x, y).

        Constant far outside the points (slopes sum to zero). `rounding` is the width of a
        corner in units of the shorter neighbouring interval.
        """
        xs = np.asarray(x, dtype=np.float64)
        ys = np.asarray(y, dtype=np.float64)
        if xs.ndim != 1 or xs.shape != ys.shape or xs.size < 2 or not np.all(np.diff(xs) > 0.0):
            raise InputError(
                f"a table needs two or more points with strictly increasing x; got x = {list(x)}"
                f" and {ys.size} values: sort the points and remove repeated x"
            )
        gaps = np.diff(xs)
        widths = rounding * np.minimum(np.r_[gaps[0], gaps], np.r_[gaps, gaps[-1]])
        arg = (xs[:, None] - xs[None, :]) / widths
        basis = widths * (np.maximum(arg, 0.0) + np.log1p(np.exp(-np.abs(arg))))
        n = xs.size
        system = np.zeros((n + 1, n + 1))
        system[:n, :n] = basis
        system[:n, n] = 1.0
        system[n, :n] = 1.0
        solution = np.linalg.solve(system, np.r_[ys, 0.0])
        return cls(
            tuple(float(v) for v in xs),
            tuple(float(v) for v in widths),
            tuple(float(v) for v in solution[:n]),
            float(solution[n]),
        )
