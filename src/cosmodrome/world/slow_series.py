"""Slow functions of time, tabulated once: precession-nutation, TDB - TT.

A costly smooth function of TT is interpolated on blocks of whole days that lie on a fixed grid,
each at Chebyshev nodes. A block is computed when it is first needed and kept, so that the second
propagation over the same days finds it ready; the blocks longest unused are dropped. The values
depend on nothing but the instant, so keeping them changes no result.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import erfa
import numpy as np

from cosmodrome.maths import gauss_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["TDB_MINUS_TT", "XYS", "SlowSeries", "xys"]

_J2000 = 2451545.0
_DAY = 86400.0


class SlowSeries:
    """A function of TT on Chebyshev blocks, kept while in use.

    function    (day (n,), seconds (n,)) -> (n, columns); day on TT since J2000 (noon)
    block_days  length of a block
    nodes       Chebyshev nodes a block
    columns     of the function
    keep        blocks kept
    """

    def __init__(
        self,
        function: Callable[[Array, Array], Array],
        block_days: int,
        nodes: int,
        columns: int,
        keep: int = 1024,
    ) -> None:
        self.function, self.block_days, self.nodes = function, block_days, nodes
        self.columns, self.keep = columns, keep
        points, self._dct = gauss_fit(nodes)
        self._into_s = 0.5 * (1.0 + points) * block_days * _DAY
        self._kept: OrderedDict[int, Array] = OrderedDict()

    def clear(self) -> None:
        """Forget every block."""
        self._kept.clear()

    def blocks(self, first: int, last: int) -> Array:
        """Coefficients (last - first + 1, nodes, columns) of consecutive blocks."""
        wanted = range(first, last + 1)
        found = {k: self._kept.get(k) for k in wanted}
        missing = [k for k in wanted if found[k] is None]
        if missing:
            day = np.repeat(np.array(missing, dtype=np.float64) * self.block_days, self.nodes)
            values = self.function(day, np.tile(self._into_s, len(missing)))
            # block by block: the last bit must not depend on what else was missing
            for k, one in zip(missing, values.reshape(-1, self.nodes, self.columns), strict=True):
                found[k] = self._dct @ one
        for k in wanted:
            self._kept[k] = found[k]  # type: ignore[assignment]
            self._kept.move_to_end(k)
        while len(self._kept) > self.keep:
            self._kept.popitem(last=False)
        return np.stack([found[k] for k in wanted])  # type: ignore[misc]

    def at(self, day: Array, s: Array) -> tuple[Array, Array]:
        """Values and slopes per second, (n, columns) each, at days and seconds on TT."""
        since = (day + s / _DAY) / self.block_days
        first, last = int(np.floor(since.min())), int(np.floor(since.max()))
        return evaluate(self.blocks(first, last), first * self.block_days, self.block_days, day, s)


def evaluate(
    series: Array, first_day: int, block_days: int, day: Array, s: Array
) -> tuple[Array, Array]:
    """Values and slopes per second of consecutive blocks beginning on `first_day`."""
    k = np.floor((day + s / _DAY) / block_days)
    first = first_day / block_days
    k = np.clip(k, first, first + series.shape[0] - 1.0)
    # whole days come off exactly
    u = (2.0 * ((day - k * block_days) + s / _DAY) / block_days - 1.0)[:, None]
    c = series[(k - first).astype(np.int64)]
    # Clenshaw, number by number: an instant's last bit does not depend on its company
    b1 = np.zeros((u.size, series.shape[2]))
    b2, d1, d2 = np.zeros_like(b1), np.zeros_like(b1), np.zeros_like(b1)
    two_u = 2.0 * u
    for j in range(series.shape[1] - 1, 0, -1):
        # the derivative's recurrence is the recurrence's derivative
        d1, d2 = 2.0 * b1 + two_u * d1 - d2, d1
        b1, b2 = c[:, j] + two_u * b1 - b2, b1
    value = c[:, 0] + u * b1 - b2
    slope = b1 + u * d1 - d2
    return value, slope * (2.0 / (block_days * _DAY))


def xys(day: Array, s: Array) -> Array:
    """X, Y, s (n, 3) of IAU 2006/2000A, rad, by ERFA `xys06a`."""
    return np.stack(erfa.xys06a(_J2000 + day, s / _DAY), axis=-1)


def _tdb_minus_tt(day: Array, s: Array) -> Array:
    ut = np.mod(s / _DAY + 0.5, 1.0)
    return np.asarray(erfa.dtdb(_J2000 + day, s / _DAY, ut, 0.0, 0.0, 0.0))[:, None]


# Both are exact to their last bits against ERFA over 1962-2060 (60 blocks, 1,200 instants:
# 3.8e-16 rad; 2.0e-16 s)
XYS = SlowSeries(xys, 4, 12, 3)
TDB_MINUS_TT = SlowSeries(_tdb_minus_tt, 4, 10, 1)
