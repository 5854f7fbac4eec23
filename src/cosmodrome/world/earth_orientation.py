"""Earth-orientation tables: IERS C04 and finals2000A read, joined and interpolated.

UT1 is kept as UT1 - TAI, which has no leaps. Between the daily values at 0h UTC every
column is interpolated by the four-point Lagrange polynomial the IERS recommends (IERS
Gazette 13, 1997). Diurnal and semidiurnal ocean tides and libration in polar motion and UT1
are not added: up to 0.6 mas and 0.05 ms, 2-3 cm on the ground.

Beyond the table: UT1 - TAI goes on with its mean slope over the table's last year for two
years, then is held (no leap second being known); polar motion and the pole offsets are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataError, DataSpanError
from cosmodrome.world import store
from cosmodrome.world.days import date_of_mjd, tai_minus_utc_at_0h, tt_of_mjd_utc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["COLUMNS", "EarthOrientationTable", "Parameters", "join", "read_c04", "read_finals"]

# arc seconds and seconds; kind 0 observed, 1 predicted; lod is seconds of excess a day
COLUMNS = (
    "mjd_utc", "ut1_minus_tai_s", "xp_as", "yp_as", "dx_as", "dy_as", "lod_s",
    "kind", "sigma_ut1_s", "sigma_pole_as",
)  # fmt: skip

_ARCSEC = np.pi / 648000.0
_DAY = 86400.0
EXTRAPOLATE_S = 2.0 * 365.25 * _DAY
# rms error of the rule, measured on 630 starts through C04 of 1974-2026: of UT1 - TAI while it
# runs, of UT1 - UTC once it is held (leap seconds then keep it bounded); days, seconds
_RULE_DAYS = (0.0, 30.0, 90.0, 182.0, 365.0, 548.0, 730.0, 1096.0)
_RULE_RMS_S = (0.0, 0.0124, 0.0318, 0.0496, 0.0866, 0.150, 0.217, 0.44)


def _table(rows: Sequence[tuple[float, ...]], what: str) -> NDArray[np.float64]:
    if len(rows) < 5:
        raise DataError(f"{what}: found {len(rows)} days; is this the file you meant?")
    table = np.array(rows, dtype=np.float64)
    if not np.all(np.diff(table[:, 0]) == 1.0):
        gap = int(table[np.flatnonzero(np.diff(table[:, 0]) != 1.0)[0], 0])
        raise DataError(f"{what}: days do not follow one another after {date_of_mjd(gap)}")
    table[:, 1] -= tai_minus_utc_at_0h(table[:, 0])
    return table


def read_c04(text: str) -> NDArray[np.float64]:
    """An IERS EOP 20 C04 series (text) -> (n, 10) table of COLUMNS.

    Raises DataError when nothing readable is found.
    """
    rows = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        f = line.split()
        if len(f) < 21:
            raise DataError(f"IERS C04: cannot read the line {line.strip()[:60]!r}")
        v = [float(w) for w in f[4:21]]
        rows.append((v[0], v[3], v[1], v[2], v[4], v[5], v[8], 0.0, v[11], max(v[9], v[10])))
    return _table(rows, "IERS C04")


def read_finals(text: str) -> NDArray[np.float64]:
    """IERS finals2000A (text, fixed columns, Bulletin A values) -> (n, 10) table of COLUMNS.

    Pole offsets not given at the end are held; a missing length of day is the slope of UT1.

    Raises DataError when nothing readable is found.
    """
    rows: list[tuple[float, ...]] = []
    dx = dy = 0.0
    for line in text.splitlines():
        if len(line) < 68 or not line[58:68].strip() or not line[18:27].strip():
            continue
        try:
            if line[97:106].strip():
                dx, dy = float(line[97:106]) * 1e-3, float(line[116:125]) * 1e-3
            lod = float(line[79:86]) * 1e-3 if line[79:86].strip() else np.nan
            predicted = float("P" in (line[16], line[57]))
            pole = max(float(line[27:36] or 0.0), float(line[46:55] or 0.0))
            rows.append(
                (
                    float(line[7:15]), float(line[58:68]), float(line[18:27]),
                    float(line[37:46]), dx, dy, lod, predicted, float(line[68:78] or 0.0), pole,
                )
            )  # fmt: skip
        except ValueError:
            raise DataError(f"finals2000A: cannot read the line {line.strip()[:60]!r}") from None
    table = _table(rows, "finals2000A")
    blank = np.isnan(table[:, 6])
    table[blank, 6] = -np.gradient(table[:, 1])[blank]
    return table


def join(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
    """C04 as far as it goes, then the days of finals2000A after it."""
    after = new[new[:, 0] > old[-1, 0]]
    if after.shape[0] == 0 or after[0, 0] != old[-1, 0] + 1.0:
        raise DataError(
            "the finals2000A file must reach beyond, and begin no later than the day after,"
            f" {date_of_mjd(int(old[-1, 0]))}; it spans {date_of_mjd(int(new[0, 0]))} .."
            f" {date_of_mjd(int(new[-1, 0]))}: give the full and newer finals2000A.all"
        )
    return np.concatenate([old, after])


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Earth-orientation parameters at n instants, radians and seconds, with their rates."""

    ut1_minus_tai_s: NDArray[np.float64]
    ut1_rate: NDArray[np.float64]  # d(UT1 - TAI)/dt, s/s: minus the excess length of day
    pole: NDArray[np.float64]  # (n, 4) xp, yp, dX, dY, rad
    pole_rate: NDArray[np.float64]  # (n, 4) rad/s


class EarthOrientationTable:
    """A daily table with its interpolation; immutable once made.

    Raises DataError when the table is not one value a day in COLUMNS.
    """

    def __init__(self, table: NDArray[np.float64]) -> None:
        if table.ndim != 2 or table.shape[1] != len(COLUMNS) or table.shape[0] < 366:
            raise DataError(
                f"an Earth-orientation table needs at least 366 days of {len(COLUMNS)} columns,"
                f" this one has shape {table.shape}"
            )
        self.mjd = np.array(table[:, 0])
        self.tt_s = tt_of_mjd_utc(self.mjd)
        # UT1 - TAI, xp, yp, dX, dY
        self.values = np.array(table[:, 1:6])
        self.values[:, 1:] *= _ARCSEC
        self.lod_s = np.array(table[:, 6])
        self.kind = np.array(table[:, 7])
        self.sigma_ut1_s = np.array(table[:, 8])
        self.sigma_pole_rad = np.array(table[:, 9]) * _ARCSEC
        span = self.tt_s[-1] - self.tt_s[-366]
        self.end_slope = float((self.values[-1, 0] - self.values[-366, 0]) / span)
        self.last_observed_mjd = float(self.mjd[self.kind == 0.0][-1])
        for a in (self.mjd, self.tt_s, self.values, self.lod_s, self.kind):
            a.flags.writeable = False

    @classmethod
    def shipped(cls) -> EarthOrientationTable:
        """The table in the package: C04 from 1962 joined to finals2000A."""
        return cls(np.asarray(store.open_array("earth_orientation")))

    @classmethod
    def read(cls, path: Path) -> EarthOrientationTable:
        """From a user's file: finals2000A text (joined to the shipped C04) or our own .npy."""
        if not path.is_file():
            raise DataError(f"no Earth-orientation file {str(path)!r}; give finals2000A.all")
        if path.suffix == ".npy":
            try:
                return cls(np.load(path, allow_pickle=False))
            except ValueError:
                raise DataError(
                    f"{path.name} is not a numeric .npy table; give finals2000A.all"
                ) from None
        try:
            text = path.read_text(encoding="ascii")
        except UnicodeDecodeError:
            raise DataError(
                f"{path.name} is not text; give the IERS file finals2000A.all"
            ) from None
        new = read_finals(text)
        # C04 stands to its end; the rapid days after it only where the file does not reach back
        shipped = np.asarray(store.open_array("earth_orientation"))
        c04 = shipped[:, 0] <= float(store.entry("earth_orientation")["layout"]["c04_last_mjd"])
        before = (shipped[:, 7] == 0.0) & (shipped[:, 0] < new[0, 0])
        return cls(join(shipped[c04 | before], new))

    @property
    def first_s(self) -> float:
        return float(self.tt_s[0])

    @property
    def last_s(self) -> float:
        return float(self.tt_s[-1])

    def at(self, tt_s: NDArray[np.float64]) -> Parameters:
        """Parameters at seconds of TT since J2000 (n,).

        Raises DataSpanError before the table begins.
        """
        t = np.asarray(tt_s, dtype=np.float64)
        if t.size and float(np.min(t)) < self.first_s:
            raise DataSpanError(
                "Earth orientation was asked before the table begins on"
                f" {date_of_mjd(int(self.mjd[0]))}; ask for a later instant"
            )
        inside = np.minimum(t, self.last_s)
        i = np.searchsorted(self.tt_s, inside, side="right") - 1
        i = np.clip(i - 1, 0, self.tt_s.size - 4)
        index = i[:, None] + np.arange(4)
        nodes = self.tt_s[index]
        w, dw = _lagrange(inside[:, None] - nodes)
        y = self.values[index]
        value = np.einsum("nk,nkc->nc", w, y)
        rate = np.einsum("nk,nkc->nc", dw, y)
        beyond = t > self.last_s
        if np.any(beyond):
            value[beyond] = self.values[-1]
            rate[beyond] = 0.0
            ahead = np.minimum(t[beyond] - self.last_s, EXTRAPOLATE_S)
            value[beyond, 0] += self.end_slope * ahead
            rate[beyond, 0] = np.where(
                t[beyond] - self.last_s <= EXTRAPOLATE_S, self.end_slope, 0.0
            )
        return Parameters(value[:, 0], rate[:, 0], value[:, 1:], rate[:, 1:])

    def status(self, tt_s: float) -> tuple[str, float]:
        """(kind, sigma of UT1 in s) at an instant."""
        if tt_s <= self.last_s:
            i = int(np.clip(np.searchsorted(self.tt_s, tt_s) - 1, 0, self.tt_s.size - 2))
            kind = "observed" if self.kind[i + 1] == 0.0 else "predicted"
            return kind, float(max(self.sigma_ut1_s[i], self.sigma_ut1_s[i + 1]))
        ahead = tt_s - self.last_s
        rule = float(np.interp(ahead / _DAY, _RULE_DAYS, _RULE_RMS_S))
        grown = float(np.hypot(self.sigma_ut1_s[-1], rule))
        return ("extrapolated" if ahead <= EXTRAPOLATE_S else "held"), grown


def _lagrange(d: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Four-point Lagrange weights and their derivatives; d = t - nodes, (n, 4)."""
    w = np.empty_like(d)
    dw = np.empty_like(d)
    for j in range(4):
        a, b, c = (k for k in range(4) if k != j)
        # node differences from the distances themselves: x_j - x_k = d_k - d_j
        base = (d[:, a] - d[:, j]) * (d[:, b] - d[:, j]) * (d[:, c] - d[:, j])
        w[:, j] = d[:, a] * d[:, b] * d[:, c] / base
        dw[:, j] = (d[:, a] * d[:, b] + d[:, a] * d[:, c] + d[:, b] * d[:, c]) / base
    return w, dw
