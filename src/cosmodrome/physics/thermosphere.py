"""Density of the thermosphere: NRLMSISE-00, tabulated once per mission as a smooth table.

Picone, Hedin, Drob & Aikin (2002), "NRLMSISE-00 empirical model of the atmosphere", JGR
107(A12), 1468, through the `pymsis` package (model version 0), driven by the daily Ap as other
propagators drive it (its storm mode, which weighs 3-hour ap, gives orbits that differ by 1 % of
the drag in quiet times). The model is slow and its indices have steps in time; the table is a
uniform cubic B-spline of the logarithm of density over time, geodetic latitude, local solar time
(periodic) and the logarithm of geodetic height, twice continuously differentiable. The
specification and the compiled core evaluate the same coefficients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cosmodrome.errors import DataSpanError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["DensityTable", "Sample", "nrlmsise00"]

# where the model and this table are meant to be used, m
LOWEST_M = 90_000.0
HIGHEST_M = 1_500_000.0
# far above what the model was fitted to the density fades smoothly to nothing
FADE_M = (1_200_000.0, 1_500_000.0)

_SLOT_S = 10_800.0
_LATITUDES = 13
_HOURS = 16
_LOG_STEP = 0.045


class Sample(Protocol):
    """Indices at an instant: f107, f107a, ap (7,)."""

    @property
    def f107(self) -> float: ...
    @property
    def f107a(self) -> float: ...
    @property
    def ap(self) -> Array: ...


def nrlmsise00(
    epoch: Epoch, latitude_rad: Array, longitude_rad: Array, height_m: Array, sample: Sample
) -> Array:
    """Total mass density by NRLMSISE-00 itself, kg/m^3, for points at one instant, (n,).

    latitude_rad, height_m  geodetic; `sample` holds the indices, so nothing is fetched
    """
    import pymsis  # slow to load; only those who tabulate pay for it

    n = np.size(height_m)
    when = np.datetime64(epoch.utc(6)[:-1])
    out = pymsis.calculate(
        np.full(n, when),
        np.degrees(longitude_rad),
        np.degrees(latitude_rad),
        np.asarray(height_m) / 1e3,
        np.full(n, sample.f107),
        np.full(n, sample.f107a),
        np.tile(sample.ap, (n, 1)),
        version=0,
        geomagnetic_activity=1,
    )
    density: Array = np.asarray(out, dtype=np.float64)[:, pymsis.Variable.MASS_DENSITY]
    return density


def _solve(values: Array, axis: int) -> Array:
    """Uniform cubic B-spline coefficients (n + 2) through n values, not-a-knot at both ends."""
    v = np.moveaxis(values, axis, 0)
    n = v.shape[0]
    a = np.zeros((n + 2, n + 2))
    for k in range(n):
        a[k + 1, k : k + 3] = (1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0)
    # the third derivative passes through the first and the last inner knot
    a[0, :5] = (1.0, -4.0, 6.0, -4.0, 1.0)
    a[-1, -5:] = (1.0, -4.0, 6.0, -4.0, 1.0)
    b = np.zeros((n + 2, *v.shape[1:]))
    b[1:-1] = v
    c: Array = np.linalg.solve(a, b.reshape(n + 2, -1)).reshape(b.shape)
    return np.moveaxis(c, 0, axis)


def _solve_periodic(values: Array, axis: int) -> Array:
    """Coefficients (n) of a periodic spline through n values."""
    v = np.moveaxis(values, axis, 0)
    n = v.shape[0]
    a = np.zeros((n, n))
    for k in range(n):
        for j, w in enumerate((1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0)):
            a[k, (k + j) % n] += w
    c: Array = np.asarray(np.linalg.solve(a, v.reshape(n, -1))).reshape(v.shape)
    return np.moveaxis(c, 0, axis)


def _weights(u: Array, spans: int) -> tuple[NDArray[np.int64], Array]:
    """First coefficient (n,) and the four B-spline weights (n, 4) at u steps from the start."""
    k = np.clip(np.floor(u).astype(np.int64), 0, spans - 1)
    s = u - k
    w = np.stack(
        [(1 - s) ** 3, 4 - 6 * s**2 + 3 * s**3, 1 + 3 * s + 3 * s**2 - 3 * s**3, s**3], axis=-1
    )
    return k, w / 6.0


@dataclass(frozen=True, slots=True, eq=False)
class DensityTable:
    """Log density over (time, latitude, local solar time, log height).

    epoch         instant of t = 0
    start, step   of the four axes: s after `epoch`, rad, rad, natural log of m
    coefficients  (times, latitudes, hours, heights), natural log of kg/m^3
    solar0_rad    local solar angle = longitude + solar0_rad + 2 pi t / 86400
    """

    epoch: Epoch
    start: tuple[float, float, float, float]
    step: tuple[float, float, float, float]
    coefficients: Array
    solar0_rad: float

    SOLAR_RATE_RAD_S = 2.0 * math.pi / 86400.0

    @classmethod
    def build(
        cls,
        start: Epoch,
        end: Epoch,
        heights_m: tuple[float, float],
        indices: Callable[[Epoch], Sample],
    ) -> DensityTable:
        """Tabulate NRLMSISE-00 from `start` to `end` between two geodetic heights.

        indices  solar and geomagnetic indices at an instant

        Raises InputError for heights outside 90 .. 1,500 km.
        """
        low, high = heights_m
        if not LOWEST_M <= low < high <= HIGHEST_M:
            raise InputError(
                f"density was asked between {low / 1e3:.1f} and {high / 1e3:.1f} km;"
                f" the table serves {LOWEST_M / 1e3:.0f} .. {HIGHEST_M / 1e3:.0f} km"
            )
        # the middles of the 3-hour slots of UT, one before and one after
        _, fraction = start.jd_utc
        into = fraction * 86400.0 % _SLOT_S
        first = -into - 0.5 * _SLOT_S
        times = first + _SLOT_S * np.arange(max(5, math.ceil((end - start - first) / _SLOT_S) + 1))
        latitudes = np.linspace(-0.5 * np.pi, 0.5 * np.pi, _LATITUDES)
        hours = 2.0 * np.pi * np.arange(_HOURS) / _HOURS
        n = max(5, math.ceil(math.log(high / low) / _LOG_STEP) + 1)
        logs = np.linspace(math.log(low), math.log(high), n)
        # UTC counts from 0 h; in steps of a mean day it drifts less than a leap second
        solar0 = 2.0 * math.pi * (fraction % 1.0)
        lat, hour, height = (
            x.ravel() for x in np.meshgrid(latitudes, hours, np.exp(logs), indexing="ij")
        )
        values = np.empty((times.size, _LATITUDES, _HOURS, n))
        for i, t in enumerate(times):
            at = start + float(t)
            longitude = hour - solar0 - cls.SOLAR_RATE_RAD_S * t
            longitude = np.mod(longitude + np.pi, 2.0 * np.pi) - np.pi
            rho = nrlmsise00(at, lat, longitude, height, indices(at))
            values[i] = np.log(rho).reshape(values.shape[1:])
        c = _solve(_solve_periodic(_solve(_solve(values, 0), 1), 2), 3)
        c = np.ascontiguousarray(c)
        c.flags.writeable = False
        return cls(
            start,
            (float(times[0]), float(latitudes[0]), 0.0, float(logs[0])),
            (
                _SLOT_S,
                float(latitudes[1] - latitudes[0]),
                2.0 * math.pi / _HOURS,
                float(logs[1] - logs[0]),
            ),
            c,
            solar0,
        )

    @property
    def heights_m(self) -> tuple[float, float]:
        """Lowest and highest geodetic height held."""
        top = self.start[3] + (self.coefficients.shape[3] - 3) * self.step[3]
        return math.exp(self.start[3]), math.exp(top)

    def density(
        self, t_s: Array, latitude_rad: Array, longitude_rad: Array, height_m: Array
    ) -> Array:
        """kg/m^3 at geodetic places, (n,); 0 above the table's top.

        Raises DataSpanError below its bottom.
        """
        t, lat, lon, h = (
            np.atleast_1d(np.asarray(x, dtype=np.float64))
            for x in np.broadcast_arrays(t_s, latitude_rad, longitude_rad, height_m)
        )
        bottom, top = self.heights_m
        if np.any(h < bottom * (1.0 - 1e-9)):
            raise DataSpanError(
                f"density was asked at {float(h.min()) / 1e3:.3f} km; this table begins at"
                f" {bottom / 1e3:.3f} km: build it from a lower height"
            )
        c = self.coefficients
        x0, dx = self.start, self.step
        kt, wt = _weights((t - x0[0]) / dx[0], c.shape[0] - 3)
        kl, wl = _weights((lat - x0[1]) / dx[1], c.shape[1] - 3)
        angle = np.mod(lon + self.solar0_rad + self.SOLAR_RATE_RAD_S * t, 2.0 * np.pi)
        ks, ws = _weights(angle / dx[2], c.shape[2])
        kh, wh = _weights((np.log(np.maximum(h, bottom)) - x0[3]) / dx[3], c.shape[3] - 3)
        four = np.arange(4)
        block = c[
            (kt[:, None] + four)[:, :, None, None, None],
            (kl[:, None] + four)[:, None, :, None, None],
            ((ks[:, None] + four) % c.shape[2])[:, None, None, :, None],
            (kh[:, None] + four)[:, None, None, None, :],
        ]
        # no force ends in a step: see FADE_M
        x = np.clip((FADE_M[1] - h) / (FADE_M[1] - FADE_M[0]), 0.0, 1.0)
        fade = x**3 * (10.0 + x * (6.0 * x - 15.0))
        log_rho = np.einsum("ntlsh,nt,nl,ns,nh->n", block, wt, wl, ws, wh, optimize=True)
        return np.where(h >= top, 0.0, fade * np.exp(log_rho))
