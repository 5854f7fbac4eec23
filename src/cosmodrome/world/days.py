"""Days: Modified Julian Dates of UTC, their places on TT, and their calendar names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import erfa
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MJD_J2000", "date_of_mjd", "mjd_of_date", "tai_minus_utc_at_0h", "tt_of_mjd_utc"]

_ORIGIN = dt.date(1858, 11, 17).toordinal()
MJD_J2000 = 51544.5


def date_of_mjd(mjd: int) -> str:
    """Calendar date, ISO, of a whole Modified Julian Date."""
    return dt.date.fromordinal(_ORIGIN + mjd).isoformat()


def mjd_of_date(text: str) -> int:
    """Whole Modified Julian Date of an ISO calendar date."""
    return dt.date.fromisoformat(text).toordinal() - _ORIGIN


def tai_minus_utc_at_0h(mjd: NDArray[np.float64]) -> NDArray[np.float64]:
    """TAI - UTC in s at 0h UTC of each whole day (n,), from 1960 on.

    From 1972 by ERFA's table of leap seconds, no further ones being assumed; before that by
    ERFA `dat`, which knows the drifts and steps.
    """
    day = np.asarray(mjd, dtype=np.float64)
    table = erfa.leap_seconds.get()
    table = table[table["year"] >= 1972]
    since = np.array([erfa.cal2jd(int(r["year"]), int(r["month"]), 1)[1] for r in table])
    out: NDArray[np.float64] = np.array(table["tai_utc"], dtype=np.float64)[
        np.maximum(np.searchsorted(since, day, side="right") - 1, 0)
    ]
    early = day < since[0]
    if np.any(early):
        year, month, date, _ = erfa.jd2cal(2400000.5, day[early])
        out[early] = erfa.dat(year, month, date, 0.0)
    return out


def tt_of_mjd_utc(mjd: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds of TT since J2000 at 0h UTC of each whole day (n,); exact to 0.1 us."""
    return (np.asarray(mjd) - MJD_J2000) * 86400.0 + tai_minus_utc_at_0h(mjd) + 32.184
