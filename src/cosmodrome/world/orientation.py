"""Orientation of the Earth: GCRF to ITRF and to the true equator and equinox of date.

IAU 2006/2000A, CIO based (IERS Conventions 2010, chapter 5), by ERFA:

    itrf_from_gcrf = pom00(xp, yp, s') . R3(ERA(UT1)) . c2ixys(X + dX, Y + dY, s)

with X, Y, s from `xys06a` and xp, yp, UT1, dX, dY from the Earth-orientation table. The true
equator and equinox frame shares the same pole: tod_from_gcrf = R3(EO) . c2ixys(...), EO the
equation of the origins, so that itrf_from_tod = pom00 . R3(GAST).

Rates are complete: the Earth Rotation Angle's rate along the pole, (1 + d(UT1-TAI)/dt) times
7.292115146706979e-5 rad/s, and the slow motions of pole and origin (1e-11 rad/s).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import erfa
import numpy as np

from cosmodrome.errors import DataSpanError
from cosmodrome.world.days import date_of_mjd
from cosmodrome.world.earth_orientation import EarthOrientationTable, Parameters
from cosmodrome.world.frame import Rotation
from cosmodrome.world.slow_series import XYS, evaluate
from cosmodrome.world.slow_series import xys as _xys

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

__all__ = ["ERA_RATE_RAD_S", "EarthOrientation", "OrientationStatus", "RotationTable"]

# dERA/dUT1 = 2 pi 1.00273781191135448 / 86400 (IERS Conventions 2010, eq. 5.15)
ERA_RATE_RAD_S = 2.0 * np.pi * 1.00273781191135448 / 86400.0

_J2000 = 2451545.0
_DAY = 86400.0
_DAY_NS = 86_400_000_000_000
# step of the central difference that turns X, Y, s and matrices into rates
_STEP_S = 600.0


@dataclass(frozen=True, slots=True)
class OrientationStatus:
    """How well the Earth's orientation is known at an instant.

    kind         "observed", "predicted", "extrapolated" (UT1 linear, up to two years past the
                 table) or "held" (UT1 - UTC constant after that)
    sigma_ut1_s  one sigma of UT1; 1 ms is 0.46 m at the equator
    note         a sentence for the report
    """

    kind: str
    sigma_ut1_s: float
    note: str


class _Slow(Protocol):
    def __call__(
        self, day: NDArray[np.float64], s: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n, 3) X, Y, s of the theory and their rates per second."""


@dataclass(frozen=True, slots=True, eq=False)
class EarthOrientation:
    """Rotations between GCRF, ITRF and the true equator and equinox of date.

    parameters  daily Earth-orientation table with its interpolation
    """

    parameters: EarthOrientationTable

    @classmethod
    def shipped(cls) -> EarthOrientation:
        """With the table in the package."""
        return cls(EarthOrientationTable.shipped())

    @classmethod
    def read(cls, path: Path) -> EarthOrientation:
        """With a user's finals2000A file."""
        return cls(EarthOrientationTable.read(path))

    # one instant -----------------------------------------------------------------------
    def itrf_from_gcrf(self, epoch: Epoch) -> Rotation:
        """Direct ERFA rotation with its complete rate.

        Raises DataSpanError before 1962-01-01.
        """
        return _itrf_at(self.parameters, epoch)

    def tod_from_gcrf(self, epoch: Epoch) -> Rotation:
        """True equator and equinox of date (observed pole offsets included), with rate.

        Orbital elements of date take the axes as frozen: turn place and velocity by `vector`.
        """
        return _tod_at(self.parameters, epoch)

    def cip_gcrf(self, epoch: Epoch) -> NDArray[np.float64]:
        """Unit vector of the spin axis (celestial intermediate pole) in GCRF, (3,)."""
        day, s = _clock(epoch, np.zeros(1))
        xys, _ = _direct(day, s)
        p = self.parameters.at(day * _DAY + s)
        x, y = xys[0, 0] + p.pole[0, 2], xys[0, 1] + p.pole[0, 3]
        return np.array([x, y, np.sqrt(1.0 - x * x - y * y)])

    def cip_gcrf_many(self, epoch0: Epoch, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Unit vectors of the spin axis in GCRF, (n, 3), at seconds of TT after `epoch0`.

        Within 1e-15 rad of `cip_gcrf`. Raises DataSpanError before 1962-01-01.
        """
        t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        if t.size == 0:
            return np.empty((0, 3))
        day, s = _clock(epoch0, t)
        xys, _ = XYS.at(day, s)
        cip = xys[:, :2] + self.parameters.at(day * _DAY + s).pole[:, 2:]
        z = np.sqrt(1.0 - cip[:, 0] ** 2 - cip[:, 1] ** 2)
        return np.column_stack([cip, z])

    def era_rad(self, epoch: Epoch) -> float:
        """Earth Rotation Angle, [0, 2 pi)."""
        day, s = _clock(epoch, np.zeros(1))
        return float(_era(day, s, self.parameters.at(day * _DAY + s))[0])

    def gast_rad(self, epoch: Epoch) -> float:
        """Greenwich apparent sidereal time, [0, 2 pi): ITRF's turn against the TOD frame."""
        day, s = _clock(epoch, np.zeros(1))
        eo = self._equation_of_origins(day, s)
        return float(np.mod(self.era_rad(epoch) - eo[0], 2.0 * np.pi))

    def ut1_minus_tai_s(self, epoch: Epoch) -> float:
        """UT1 - TAI in seconds; it has no leaps."""
        day, s = _clock(epoch, np.zeros(1))
        return float(self.parameters.at(day * _DAY + s).ut1_minus_tai_s[0])

    def ut1_minus_utc_s(self, epoch: Epoch) -> float:
        """UT1 - UTC in seconds, within 0.9 s by the definition of UTC since 1972."""
        return self.ut1_minus_tai_s(epoch) + epoch.tai_minus_utc_s

    def polar_motion_rad(self, epoch: Epoch) -> NDArray[np.float64]:
        """Polar motion (xp, yp), (2,) rad."""
        day, s = _clock(epoch, np.zeros(1))
        return np.array(self.parameters.at(day * _DAY + s).pole[0, :2])

    def status(self, epoch: Epoch) -> OrientationStatus:
        """How the orientation at an instant is known."""
        day, s = _clock(epoch, np.zeros(1))
        kind, sigma = self.parameters.status(float(day[0] * _DAY + s[0]))
        seen = date_of_mjd(int(self.parameters.last_observed_mjd))
        end = date_of_mjd(int(self.parameters.mjd[-1]))
        note = {
            "observed": f"observed (table observed to {seen})",
            "predicted": f"IERS prediction (observed to {seen}, predicted to {end})",
            "extrapolated": f"UT1 extrapolated linearly beyond the table's end on {end};"
            " give a newer finals2000A file",
            "held": f"more than two years beyond the table's end on {end}: UT1 - UTC held;"
            " give a newer finals2000A file",
        }[kind]
        return OrientationStatus(kind, sigma, note)

    # many instants ---------------------------------------------------------------------
    def itrf_from_gcrf_many(self, epoch0: Epoch, t_s: NDArray[np.float64]) -> Rotation:
        """Rotations (n, 3, 3) and rates (n, 3) at seconds after `epoch0`.

        The interpolated table over the span asked, within 1e-11 rad of `itrf_from_gcrf`; few
        instants far apart are computed directly.
        """
        t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        if t.size == 0:
            return Rotation("itrf", "gcrf", np.empty((0, 3, 3)), np.empty((0, 3)))
        segments = 1.0 + float(np.ptp(t)) / (XYS.block_days * _DAY)
        if 3 * t.size < XYS.nodes * segments:
            return Rotation("itrf", "gcrf", *_itrf(self.parameters, _direct, *_clock(epoch0, t)))
        table = self.table(epoch0 + float(t.min()), epoch0 + float(t.max()))
        return table.rotation(t + (epoch0 - table.epoch))

    def tod_from_gcrf_many(self, epoch0: Epoch, t_s: NDArray[np.float64]) -> Rotation:
        """True equator and equinox of date at seconds after `epoch0`, (n, 3, 3), no rate."""
        return Rotation("tod", "gcrf", _tod(self.parameters, *_clock(epoch0, np.atleast_1d(t_s))))

    def table(self, start: Epoch, end: Epoch) -> RotationTable:
        """Fast interpolated rotations over a span."""
        return RotationTable.build(self.parameters, start, end)

    # the true equator and equinox ------------------------------------------------------
    def _equation_of_origins(
        self, day: NDArray[np.float64], s: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        xys = _xys(day, s)
        rnpb = erfa.pnm06a(_J2000 + day, s / _DAY)
        out: NDArray[np.float64] = np.asarray(erfa.eors(rnpb, xys[:, 2]))
        return out


@dataclass(frozen=True, slots=True, eq=False)
class RotationTable:
    """Rotations itrf_from_gcrf over a span, fast: the spin exact, the slow part interpolated.

    epoch        instant of t = 0 (the start asked for)
    end_s        last t answered
    first_day    day on TT since J2000 (noon) where the first block begins
    series       (blocks, nodes, 3) Chebyshev coefficients of X, Y, s of the IAU theory
    parameters   the Earth-orientation table: UT1, polar motion and pole offsets are not
                 interpolated twice
    """

    epoch: Epoch
    end_s: float
    first_day: int
    series: NDArray[np.float64]
    parameters: EarthOrientationTable

    @classmethod
    def build(cls, parameters: EarthOrientationTable, start: Epoch, end: Epoch) -> RotationTable:
        """Gather X, Y, s over a span; they are computed once a block of days and kept."""
        span = end - start
        if span < 0.0:
            raise DataSpanError(f"a table from {start} to {end} runs backwards; swap the two")
        size = XYS.block_days * _DAY_NS
        first, last = start.ns // size, end.ns // size
        series = XYS.blocks(first, last)
        series.flags.writeable = False
        return cls(start, span, first * XYS.block_days, series, parameters)

    def matrix(self, t_s: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Matrices (n, 3, 3), or (3, 3) for a scalar, at seconds after `epoch`."""
        out = self._evaluate(t_s, rates=False)[0]
        return out[0] if np.ndim(t_s) == 0 else out

    def rotation(self, t_s: NDArray[np.float64] | float) -> Rotation:
        """Rotation itrf_from_gcrf with its rate at seconds after `epoch`."""
        matrix, rate = self._evaluate(t_s, rates=True)
        if np.ndim(t_s) == 0:
            return Rotation("itrf", "gcrf", matrix[0], rate[0])
        return Rotation("itrf", "gcrf", matrix, rate)

    def _evaluate(
        self, t_s: NDArray[np.float64] | float, *, rates: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        if t.size and (float(t.min()) < -1e-6 or float(t.max()) > self.end_s + 1e-6):
            raise DataSpanError(
                f"rotations were asked at t = {float(t.min()):.9g} .. {float(t.max()):.9g} s;"
                f" this table spans 0 .. {self.end_s:.9g} s: build a longer one"
            )
        day, s = _clock(self.epoch, t)
        return _itrf(self.parameters, self._slow, day, s, rates=rates)

    def _slow(
        self, day: NDArray[np.float64], s: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return evaluate(self.series, self.first_day, XYS.block_days, day, s)


# ---------------------------------------------------------------------------------------
def _clock(
    epoch: Epoch, t_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(days since J2000, seconds) on TT, two parts, so that no nanosecond is lost."""
    day, rest = divmod(epoch.ns, _DAY_NS)
    t = np.asarray(t_s, dtype=np.float64)
    whole = np.floor(t / _DAY)
    return float(day) + whole, rest / 1e9 + (t - whole * _DAY)


def _direct(
    day: NDArray[np.float64], s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    value = _xys(day, s)
    after = _xys(day, s + _STEP_S)
    before = _xys(day, s - _STEP_S)
    return value, (after - before) / (2.0 * _STEP_S)


def _era(day: NDArray[np.float64], s: NDArray[np.float64], p: Parameters) -> NDArray[np.float64]:
    # UT1 = TT - 32.184 s + (UT1 - TAI)
    out: NDArray[np.float64] = np.asarray(
        erfa.era00(_J2000 + day, (s + (p.ut1_minus_tai_s - 32.184)) / _DAY)
    )
    return out


def _spin(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """R3(angle) as matrices (n, 3, 3)."""
    c, s = np.cos(angle), np.sin(angle)
    out = np.zeros((*angle.shape, 3, 3))
    out[..., 0, 0] = c
    out[..., 0, 1] = s
    out[..., 1, 0] = -s
    out[..., 1, 1] = c
    out[..., 2, 2] = 1.0
    return out


def _axial(m: NDArray[np.float64], dm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angular velocity of the `to` axes in `to` components: [w x] = -dM/dt M^T."""
    w = -dm @ np.swapaxes(m, -1, -2)
    return 0.5 * np.stack(
        [w[..., 2, 1] - w[..., 1, 2], w[..., 0, 2] - w[..., 2, 0], w[..., 1, 0] - w[..., 0, 1]],
        axis=-1,
    )


@lru_cache(maxsize=2048)
def _itrf_at(parameters: EarthOrientationTable, epoch: Epoch) -> Rotation:
    """One instant is asked for again and again: by a path, its events, and all that judges it."""
    matrix, rate = _itrf(parameters, _direct, *_clock(epoch, np.zeros(1)))
    return _kept(Rotation("itrf", "gcrf", matrix[0], rate[0]))


@lru_cache(maxsize=2048)
def _tod_at(parameters: EarthOrientationTable, epoch: Epoch) -> Rotation:
    m = _tod(parameters, *_clock(epoch, np.array([-_STEP_S, 0.0, _STEP_S])))
    return _kept(Rotation("tod", "gcrf", m[1], _axial(m[1], (m[2] - m[0]) / (2.0 * _STEP_S))))


def _kept(rotation: Rotation) -> Rotation:
    """Shared by all who asked: read only."""
    rotation.matrix.flags.writeable = False
    assert rotation.rate is not None
    rotation.rate.flags.writeable = False
    return rotation


def _tod(
    parameters: EarthOrientationTable, day: NDArray[np.float64], s: NDArray[np.float64]
) -> NDArray[np.float64]:
    xys = _xys(day, s)
    p = parameters.at(day * _DAY + s)
    cirs = erfa.c2ixys(xys[:, 0] + p.pole[:, 2], xys[:, 1] + p.pole[:, 3], xys[:, 2])
    rnpb = erfa.pnm06a(_J2000 + day, s / _DAY)
    out: NDArray[np.float64] = _spin(np.asarray(erfa.eors(rnpb, xys[:, 2]))) @ cirs
    return out


def _itrf(
    parameters: EarthOrientationTable,
    slow: _Slow,
    day: NDArray[np.float64],
    s: NDArray[np.float64],
    *,
    rates: bool = True,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Matrices (n, 3, 3) and rates (n, 3) from the slow part and the table."""
    p = parameters.at(day * _DAY + s)
    xys, xys_rate = slow(day, s)
    cip = xys[:, :2] + p.pole[:, 2:]
    cirs = erfa.c2ixys(cip[:, 0], cip[:, 1], xys[:, 2])
    spin = _spin(_era(day, s, p))
    sp = erfa.sp00(_J2000 + day, s / _DAY)
    pom = erfa.pom00(p.pole[:, 0], p.pole[:, 1], sp)
    matrix = pom @ spin @ cirs
    if not rates:
        return matrix, np.empty((0, 3))
    h = _STEP_S
    cip_rate = xys_rate[:, :2] + p.pole_rate[:, 2:]
    ahead = cip + h * cip_rate, xys[:, 2] + h * xys_rate[:, 2]
    back = cip - h * cip_rate, xys[:, 2] - h * xys_rate[:, 2]
    d_cirs = (
        erfa.c2ixys(ahead[0][:, 0], ahead[0][:, 1], ahead[1])
        - erfa.c2ixys(back[0][:, 0], back[0][:, 1], back[1])
    ) / (2.0 * h)
    d_pom = (
        erfa.pom00(p.pole[:, 0] + h * p.pole_rate[:, 0], p.pole[:, 1] + h * p.pole_rate[:, 1], sp)
        - erfa.pom00(p.pole[:, 0] - h * p.pole_rate[:, 0], p.pole[:, 1] - h * p.pole_rate[:, 1], sp)
    ) / (2.0 * h)
    # angular velocities add once each is carried into ITRF components
    w = np.einsum("nij,nj->ni", spin, _axial(cirs, d_cirs))
    w[:, 2] += ERA_RATE_RAD_S * (1.0 + p.ut1_rate)
    rate = _axial(pom, d_pom) + np.einsum("nij,nj->ni", pom, w)
    return matrix, rate
