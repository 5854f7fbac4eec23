"""Density of the thermosphere: NRLMSISE-00 or NRLMSIS 2.1, tabulated once per mission.

Picone, Hedin, Drob & Aikin (2002), "NRLMSISE-00 empirical model of the atmosphere", JGR
107(A12), 1468; Emmert, Jones, Siskind et al. (2022), "NRLMSIS 2.1: an empirical model of nitric
oxide incorporated into MSIS", JGR Space Physics 127, e2022JA030896 (2.0: Emmert, Drob, Picone et
al. 2021, Earth and Space Science 8, e2020EA001321). Both through the `pymsis` package, driven by
the daily Ap as other propagators drive them (the storm mode, which weighs 3-hour ap, gives orbits
that differ by 1 % of the drag in quiet times). Both answer from the ground to any height: they
were fitted to data up to about 1,000 km. The models are slow and their indices step in time; the
table is a
uniform cubic B-spline of the logarithm of density over time, geodetic latitude, local solar time
(periodic) and the logarithm of geodetic height, twice continuously differentiable. The
specification and the compiled core evaluate the same coefficients.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cosmodrome.errors import DataSpanError, InputError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["MODELS", "DensityTable", "Sample", "direct", "nrlmsis21", "nrlmsise00"]

# name here: version number of `pymsis`
MODELS = {"nrlmsise00": 0, "nrlmsis2.1": 2.1}

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
    return _at_one_instant(epoch, latitude_rad, longitude_rad, height_m, sample, "nrlmsise00")


def nrlmsis21(
    epoch: Epoch, latitude_rad: Array, longitude_rad: Array, height_m: Array, sample: Sample
) -> Array:
    """Total mass density by NRLMSIS 2.1 itself, anomalous oxygen included; as `nrlmsise00`."""
    return _at_one_instant(epoch, latitude_rad, longitude_rad, height_m, sample, "nrlmsis2.1")


def direct(
    epoch: Epoch,
    t_s: Array,
    latitude_rad: Array,
    longitude_rad: Array,
    height_m: Array,
    indices: Callable[[Epoch], Sample],
    model: str = "nrlmsise00",
) -> Array:
    """Density by the model itself, kg/m^3, for n points each at an instant of its own, (n,).

    t_s      seconds of TT after `epoch`; the four arrays broadcast
    indices  solar and geomagnetic indices at an instant, asked once for each 3-hour slot of UT

    No table, no fade: where the indices step, so does the density. Costs some 10 us a point.
    Raises UnknownNameError for another model.
    """
    _known(model)
    t, lat, lon, h = (
        np.ravel(np.asarray(x, dtype=np.float64))
        for x in np.broadcast_arrays(t_s, latitude_rad, longitude_rad, height_m)
    )
    if t.size == 0:
        return np.empty(0)
    # the indices hold through a slot: its middle speaks for it
    _, fraction = epoch.jd_utc
    into = fraction * 86400.0 % _SLOT_S
    slot = np.floor((t + into) / _SLOT_S)
    slots, which = np.unique(slot, return_inverse=True)
    samples = [indices(epoch + float(_SLOT_S * (k + 0.5) - into)) for k in slots]
    when = _instant(epoch) + np.round(t * 1e6).astype("timedelta64[us]")
    return _call(
        model,
        when,
        lat,
        lon,
        h,
        np.array([s.f107 for s in samples])[which],
        np.array([s.f107a for s in samples])[which],
        np.array([s.ap for s in samples])[which],
    )


def _known(model: str) -> None:
    if model not in MODELS:
        raise UnknownNameError(
            f"no model of the thermosphere {model!r}. {did_you_mean(model, MODELS)}"
        )


def _instant(epoch: Epoch) -> np.datetime64:
    # datetime64 has no leap second; the second before it serves the models as well
    return np.datetime64(epoch.utc(6)[:-1].replace(":60", ":59"), "us")


def _at_one_instant(
    epoch: Epoch, lat: Array, lon: Array, height_m: Array, sample: Sample, model: str
) -> Array:
    n = np.size(height_m)
    return _call(
        model,
        np.full(n, _instant(epoch)),
        lat,
        lon,
        np.asarray(height_m),
        np.full(n, sample.f107),
        np.full(n, sample.f107a),
        np.tile(sample.ap, (n, 1)),
    )


def _call(
    model: str,
    when: NDArray[np.datetime64],
    lat: Array,
    lon: Array,
    height_m: Array,
    f107: Array,
    f107a: Array,
    ap: Array,
) -> Array:
    import pymsis  # slow to load; only those who tabulate pay for it

    out = pymsis.calculate(
        when,
        np.degrees(lon),
        np.degrees(lat),
        height_m / 1e3,
        f107,
        f107a,
        ap,
        version=MODELS[model],
        geomagnetic_activity=1,
    )
    # points aligned in time and place come as (n, 11), a single one as (1, 1, 1, 1, 11)
    density: Array = np.asarray(out, dtype=np.float64)[..., pymsis.Variable.MASS_DENSITY]
    return density.reshape(np.size(height_m))


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
        model: str = "nrlmsise00",
    ) -> DensityTable:
        """Tabulate a model from `start` to `end` between two geodetic heights.

        indices  solar and geomagnetic indices at an instant
        model    "nrlmsise00" or "nrlmsis2.1"

        Raises InputError for heights outside 90 .. 1,500 km, UnknownNameError for another model.
        """
        _known(model)
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
            rho = _at_one_instant(at, lat, longitude, height, indices(at), model)
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
