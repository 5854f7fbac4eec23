"""A steady horizontal wind over height: a table, smoothed.

Components are interpolated, not speed and direction, so that a wind that backs through north needs
no unwrapping. The broken line through the table is averaged over height with a logistic weight:
infinitely differentiable, as an optimiser and a high-order integrator need, never beyond the
largest and the smallest values of the table, and equal to it where its shear does not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.maths import softplus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops

    Array = NDArray[np.float64]

__all__ = ["FADE_M", "FINEST_M", "WIDTH_M", "SmoothWind", "broken_line", "components", "thinned"]

# above its last line a table fades to still air over this height
FADE_M = 10_000.0
# scale of the average; its standard deviation is pi / sqrt(3) of it, 360 m. A vehicle at Mach 1
# crosses that in a second, and soundings do not agree on finer structure from hour to hour
WIDTH_M = 200.0
# lines nearer than this are drawn together: they cost time and are averaged out anyhow
FINEST_M = 250.0


def components(speed_m_s: Any, from_rad: Any) -> tuple[Any, Any]:
    """Wind to the east and to the north, m/s, of a speed and the azimuth it blows *from*.

    The meteorological convention (WMO-No. 8, Guide to Instruments and Methods of Observation,
    part I, ch. 5): clockwise from north; 270 deg is a wind from the west, to the east.
    """
    return -speed_m_s * np.sin(from_rad), -speed_m_s * np.cos(from_rad)


def broken_line(
    altitude_m: Sequence[float], east_m_s: Sequence[float], north_m_s: Sequence[float]
) -> tuple[Array, Array, Array]:
    """The table as a broken line (n,) each: held below its first line, `FADE_M` to still air above.

    Between and beyond these points it is what `numpy.interp` gives.
    """
    h, east, north = (np.asarray(x, dtype=np.float64) for x in (altitude_m, east_m_s, north_m_s))
    if east[-1] != 0.0 or north[-1] != 0.0:
        h, east, north = np.r_[h, h[-1] + FADE_M], np.r_[east, 0.0], np.r_[north, 0.0]
    return h, east, north


def thinned(h: Array, rows: Array) -> tuple[Array, Array]:
    """Points no nearer than `FINEST_M`, (n,) and (k, n).

    Where a table has closer ones, an even grid of means of the broken line over `FINEST_M`.
    """
    if h.size < 3 or np.min(np.diff(h)) >= FINEST_M:
        return h, rows
    cells = max(int((h[-1] - h[0]) / FINEST_M), 1)
    grid = np.linspace(h[0], h[-1], cells + 1)
    fine = np.union1d(h, np.r_[grid - 0.5 * FINEST_M, grid + 0.5 * FINEST_M])
    ends = [np.searchsorted(fine, grid + side * FINEST_M) for side in (-0.5, 0.5)]
    means = []
    for row in rows:
        y = np.interp(fine, h, row)
        area = np.r_[0.0, np.cumsum(0.5 * (y[1:] + y[:-1]) * np.diff(fine))]
        means.append((area[ends[1]] - area[ends[0]]) / (fine[ends[1]] - fine[ends[0]]))
    means_ = np.stack(means)
    # the two ends are held beyond, and the upper one may be the end of the fade
    means_[:, 0], means_[:, -1] = rows[:, 0], rows[:, -1]
    return grid, means_


@dataclass(frozen=True, slots=True)
class SmoothWind:
    """Wind to the east and to the north over height; a curve for `Ops.curve`.

    knots         (n,) m, where the shear changes
    east, north   (n,) by how much, 1/s
    start         both components far below the first knot, m/s
    """

    knots: tuple[float, ...]
    east: tuple[float, ...]
    north: tuple[float, ...]
    start: tuple[float, float]

    def __call__(self, ops: Ops, h_m: Any) -> tuple[Any, Any]:
        """(to the east, to the north) in m/s at height `h_m` above the ellipsoid."""
        e: Any = self.start[0] + 0.0 * h_m
        n: Any = self.start[1] + 0.0 * h_m
        for knot, de, dn in zip(self.knots, self.east, self.north, strict=True):
            # a ramp averaged with the logistic weight is the softplus function
            ramp = WIDTH_M * softplus(ops, (h_m - knot) / WIDTH_M)
            e = e + de * ramp
            n = n + dn * ramp
        return e, n

    @classmethod
    def through(
        cls,
        altitude_m: Sequence[float],
        east_m_s: Sequence[float],
        north_m_s: Sequence[float],
    ) -> SmoothWind:
        """Of a table's lines (n,) each, altitudes increasing; one line stands for all below it.

        Off the broken line by at most ln 2 x `WIDTH_M` x the change of shear at the nearest
        corner, and what corners within a few widths add to it: 1.4 m/s for 10 m/s a kilometre.
        """
        h, *rows = broken_line(altitude_m, east_m_s, north_m_s)
        h, values = thinned(h, np.stack(rows))
        shear = np.diff(values, axis=1) / np.diff(h)
        bend = np.diff(np.pad(shear, ((0, 0), (1, 1))), axis=1)
        east, north = (tuple(float(x) for x in row) for row in bend)
        knots = tuple(float(x) for x in h)
        return cls(knots, east, north, (float(values[0, 0]), float(values[1, 0])))
