"""Trajectory: a flown path, dense, evaluable anywhere in its span and nowhere else.

Piecewise Chebyshev series, one set of columns. Segments meet at breaks; at a break where a
column jumps (mass at a jettison) the later segment answers, except at the very end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataSpanError, InputError
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.frame import Frame

__all__ = ["STATE_COLUMNS", "STEERED_COLUMNS", "Trajectory", "fit_nodes"]

STATE_COLUMNS = ("x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s", "mass_kg")
# the body x axis (the thrust direction of a stage that does not gimbal) and the thrust
STEERED_COLUMNS = (*STATE_COLUMNS, "ux", "uy", "uz", "thrust_n")


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """A path as piecewise Chebyshev series.

    epoch         instant of t = 0
    frame         of place, velocity and direction columns
    breaks_s      (n + 1,) strictly increasing, seconds from `epoch`
    coefficients  (n, K, C): Chebyshev series of C columns on each segment mapped to [-1, 1]
    columns       names of the C columns; the first seven are STATE_COLUMNS
    """

    epoch: Epoch
    frame: Frame
    breaks_s: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    columns: tuple[str, ...] = STATE_COLUMNS

    def __post_init__(self) -> None:
        n = self.breaks_s.shape[0] - 1
        if n < 1 or not np.all(np.diff(self.breaks_s) > 0.0):
            raise InputError("Trajectory.breaks_s must be strictly increasing, two or more")
        if self.coefficients.ndim != 3 or self.coefficients.shape[0] != n:
            raise InputError(
                f"Trajectory.coefficients has shape {self.coefficients.shape},"
                f" needs ({n}, K, {len(self.columns)})"
            )
        if self.coefficients.shape[2] != len(self.columns):
            raise InputError("Trajectory.columns and coefficients disagree in number")
        if tuple(self.columns[:7]) != STATE_COLUMNS:
            raise InputError(f"Trajectory.columns must begin with {STATE_COLUMNS}")
        self.breaks_s.flags.writeable = False
        self.coefficients.flags.writeable = False

    def __repr__(self) -> str:
        return (
            f"Trajectory({self.start} to {self.end}, {self.frame.centre} {self.frame.axes},"
            f" {len(self.coefficients)} segments)"
        )

    @property
    def start(self) -> Epoch:
        return self.epoch + float(self.breaks_s[0])

    @property
    def end(self) -> Epoch:
        return self.epoch + float(self.breaks_s[-1])

    def columns_at(self, t_s: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """All columns at seconds from `epoch`: (C,) for a scalar, (n, C) for an array.

        Raises DataSpanError outside the span (beyond a nanosecond of rounding).
        """
        t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        lo, hi = float(self.breaks_s[0]), float(self.breaks_s[-1])
        slack = 1e-9 + 4.0 * np.finfo(float).eps * max(abs(lo), abs(hi))
        if t.size and (float(t.min()) < lo - slack or float(t.max()) > hi + slack):
            raise DataSpanError(
                f"asked at t = {float(t.min()):.9g} .. {float(t.max()):.9g} s; this path spans"
                f" {lo:.9g} .. {hi:.9g} s and is never extrapolated: ask inside, or fly longer"
            )
        k = np.clip(np.searchsorted(self.breaks_s, t, side="right") - 1, 0, len(self.breaks_s) - 2)
        left, right = self.breaks_s[k], self.breaks_s[k + 1]
        x = np.clip((2.0 * t - left - right) / (right - left), -1.0, 1.0)
        # Clenshaw over the series of each point's own segment
        c = self.coefficients
        b1 = np.zeros((t.size, c.shape[2]))
        b2 = np.zeros_like(b1)
        two_x = (2.0 * x)[:, None]
        for j in range(c.shape[1] - 1, 0, -1):
            b1, b2 = c[k, j] + two_x * b1 - b2, b1
        out: NDArray[np.float64] = c[k, 0] + x[:, None] * b1 - b2
        return out.reshape(-1) if np.ndim(t_s) == 0 else out

    def at(self, epoch: Epoch) -> State:
        """The state at an instant."""
        y = self.columns_at(epoch - self.epoch)
        return State(epoch, self.frame, y[0:3], y[3:6], float(y[6]))

    def column(self, name: str, t_s: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """One named column at seconds from `epoch`."""
        if name not in self.columns:
            raise InputError(f"no column {name!r} in this path; it has {', '.join(self.columns)}")
        out: NDArray[np.float64] = self.columns_at(t_s)[..., self.columns.index(name)]
        return out

    @classmethod
    def joined(cls, parts: Sequence[Trajectory]) -> Trajectory:
        """Paths that follow each other in one frame as one, counted from the epoch of the first.

        Columns that not all of them have are left out at the end.
        """
        if len(parts) == 1:
            return parts[0]
        first, most = parts[0], max(p.coefficients.shape[1] for p in parts)
        columns = min((p.columns for p in parts), key=len)
        breaks = np.concatenate(
            [first.breaks_s[:1], *(p.breaks_s[1:] + (p.epoch - first.epoch) for p in parts)]
        )
        coefficients = np.concatenate(
            [
                np.pad(
                    p.coefficients[..., : len(columns)],
                    ((0, 0), (0, most - p.coefficients.shape[1]), (0, 0)),
                )
                for p in parts
            ]
        )
        return cls(first.epoch, first.frame, breaks, coefficients, columns)

    @classmethod
    def fit(
        cls,
        epoch: Epoch,
        frame: Frame,
        breaks_s: Sequence[float] | NDArray[np.float64],
        f: Callable[[NDArray[np.float64], int], NDArray[np.float64]],
        nodes: int = 16,
        columns: tuple[str, ...] = STATE_COLUMNS,
    ) -> Trajectory:
        """Interpolate `f(t_s, segment) -> (len(t_s), C)` at Chebyshev-Gauss-Lobatto nodes.

        The end nodes are interpolated exactly, so neighbouring segments meet wherever `f`
        itself is continuous. The caller chooses `breaks_s` fine enough for its accuracy.
        """
        breaks = np.array(breaks_s, dtype=np.float64)
        n = nodes
        theta = np.pi * np.arange(n) / (n - 1)
        # discrete cosine transform of type I as a matrix: values at nodes -> coefficients
        m = 2.0 / (n - 1) * np.cos(np.outer(np.arange(n), theta))
        m[:, 0] *= 0.5
        m[:, -1] *= 0.5
        m[0] *= 0.5
        m[-1] *= 0.5
        coefficients = np.empty((len(breaks) - 1, n, len(columns)))
        for i, t in enumerate(fit_nodes(breaks, n)):
            coefficients[i] = m @ f(t, i)
        return cls(epoch, frame, breaks, coefficients, columns)


def fit_nodes(breaks_s: NDArray[np.float64], nodes: int) -> NDArray[np.float64]:
    """(segments, nodes) instants at which `Trajectory.fit` asks for each segment."""
    x = np.cos(np.pi * np.arange(nodes) / (nodes - 1))
    a, b = breaks_s[:-1, None], breaks_s[1:, None]
    out: NDArray[np.float64] = np.clip(0.5 * (a + b) + 0.5 * (b - a) * x, a, b)
    return out
