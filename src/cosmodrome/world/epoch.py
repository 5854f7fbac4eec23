"""Epoch: one clock with explicit doors.

An instant is an integer number of nanoseconds of Terrestrial Time since J2000
(2000-01-01T12:00:00 TT). UTC is for input and output only: there is no UTC arithmetic here.

Sources: leap seconds and the pre-1972 rate steps of UTC from IERS/ERFA (`dat`); TT = TAI +
32.184 s (IAU 1991); TDB - TT by ERFA `dtdb` (Fairhead & Bretagnon 1990) at the geocentre,
below 2 ms; the geocentric form is good to a few microseconds.
"""

from __future__ import annotations

import datetime as _dt
import functools
import re
from dataclasses import dataclass

import erfa
import numpy as np

from cosmodrome.errors import EpochError

__all__ = ["Epoch"]

_NS = 1_000_000_000
_DAY_NS = 86_400 * _NS
_TT_MINUS_TAI_NS = 32_184_000_000
_J2000_DAY = _dt.date(2000, 1, 1).toordinal()
_J2000_JD = 2451545.0

_FORM = re.compile(
    r"^\s*(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*"
    r"(Z|UTC|TAI|TT|TDB)\s*$"
)


@functools.cache
def _steps() -> tuple[tuple[int, int], ...]:
    """(day ordinal, TAI - UTC in whole seconds) from 1972 on, as ERFA knows them."""
    table = erfa.leap_seconds.get()
    return tuple(
        (_dt.date(int(row["year"]), int(row["month"]), 1).toordinal(), round(row["tai_utc"]))
        for row in table
        if int(row["year"]) >= 1972
    )


def _tai_minus_utc_ns(ordinal: int, fraction: float) -> int:
    """TAI - UTC on a UTC day; before 1972 it drifts within the day (ERFA `dat`)."""
    steps = _steps()
    if ordinal >= steps[0][0]:
        value = steps[0][1]
        for day, seconds in steps:
            if ordinal < day:
                break
            value = seconds
        return value * _NS
    date = _dt.date.fromordinal(ordinal)
    if ordinal < _dt.date(1960, 1, 1).toordinal():
        raise EpochError(
            f"UTC did not exist on {date.isoformat()} (it begins on 1960-01-01);"
            " write the instant in TAI or TT"
        )
    return round(float(erfa.dat(date.year, date.month, date.day, fraction)) * 1e9)


def _day_length_ns(ordinal: int) -> int:
    """Length of a UTC day in ns of UTC: 86,401 s on the day of a leap second.

    Before 1972 UTC was also stepped by fractions of a second at the end of a day.
    """
    at_end = 1.0 if ordinal < _steps()[0][0] else 0.0
    return _DAY_NS + _tai_minus_utc_ns(ordinal + 1, 0.0) - _tai_minus_utc_ns(ordinal, at_end)


def _read(text: str) -> tuple[int, int, str]:
    """(day ordinal, ns into the day, scale) of a written instant."""
    m = _FORM.match(text)
    if m is None:
        raise EpochError(
            f"{text!r} is not an instant with a scale; write it like 2027-03-01T05:41:46Z,"
            " ending in Z (UTC), TAI, TT or TDB"
        )
    year, month, day, hour, minute = (int(m.group(i)) for i in range(1, 6))
    second = int(m.group(6) or 0)
    ns = int((m.group(7) or "0").ljust(9, "0"))
    scale = {"Z": "UTC"}.get(m.group(8), m.group(8))
    try:
        ordinal = _dt.date(year, month, day).toordinal()
    except ValueError as e:
        raise EpochError(f"{text!r}: {e}; write a day that exists") from None
    if hour > 23 or minute > 59 or second > 60:
        raise EpochError(f"{text!r}: write hours 00-23, minutes 00-59 and seconds 00-59")
    into = ((hour * 60 + minute) * 60 + second) * _NS + ns
    if second == 60 and (
        scale != "UTC" or (hour, minute) != (23, 59) or into >= _day_length_ns(ordinal)
    ):
        raise EpochError(
            f"{text!r}: there is no leap second on that day; leap seconds exist in UTC only,"
            " at 23:59:60 on the days IERS announced"
        )
    if scale == "UTC" and (hour, minute) == (23, 59) and into >= _day_length_ns(ordinal):
        raise EpochError(
            f"{text!r}: UTC was stepped back at the end of that day, which ended"
            f" {(_DAY_NS - _day_length_ns(ordinal)) / _NS:g} s early; write the instant in TAI"
        )
    return ordinal, into, scale


def _write(ordinal: int, into: int) -> str:
    seconds, ns = divmod(into, _NS)
    if seconds >= 86_400:  # inside a leap second
        hour, minute, second = 23, 59, 60 + seconds - 86_400
    else:
        hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    date = _dt.date.fromordinal(ordinal).isoformat()
    tail = f".{ns:09d}".rstrip("0") if ns else ""
    return f"{date}T{hour:02d}:{minute:02d}:{second:02d}{tail}"


@dataclass(frozen=True, order=True, slots=True)
class Epoch:
    """An instant: integer ns since 2000-01-01T12:00:00 TT, on TT.

    epoch + seconds -> Epoch (rounded to the ns); epoch - epoch -> seconds of TT (float).
    """

    ns: int

    def __post_init__(self) -> None:
        if not isinstance(self.ns, int):
            raise EpochError(
                f"Epoch takes integer nanoseconds on TT, got {type(self.ns).__name__}; use"
                " Epoch.from_utc('2027-03-01T05:41:46Z') or another door"
            )

    # doors in --------------------------------------------------------------------------
    @classmethod
    def parse(cls, text: str) -> Epoch:
        """Any written instant; its ending (Z, TAI, TT, TDB) says the scale."""
        ordinal, into, scale = _read(text)
        days = ordinal - _J2000_DAY
        clock = days * _DAY_NS + into - _DAY_NS // 2
        if scale == "TT":
            return cls(clock)
        if scale == "TAI":
            return cls(clock + _TT_MINUS_TAI_NS)
        if scale == "TDB":
            tt = clock
            for _ in range(3):
                tt = clock - _tdb_minus_tt_ns(tt)
            return cls(tt)
        offset = _tai_minus_utc_ns(ordinal, min(into / _DAY_NS, 1.0))
        return cls(clock + offset + _TT_MINUS_TAI_NS)

    @classmethod
    def _door(cls, text: str, scale: str) -> Epoch:
        if _read(text)[2] != scale:
            raise EpochError(
                f"{text!r} is not in {scale}; end it in {'Z' if scale == 'UTC' else scale},"
                " or use Epoch.parse, which reads the scale from the ending"
            )
        return cls.parse(text)

    @classmethod
    def from_utc(cls, text: str) -> Epoch:
        """From UTC, e.g. "2027-03-01T05:41:46Z"; 23:59:60 only where a leap second was."""
        return cls._door(text, "UTC")

    @classmethod
    def from_tai(cls, text: str) -> Epoch:
        """From TAI, e.g. "2027-03-01T05:42:23TAI"."""
        return cls._door(text, "TAI")

    @classmethod
    def from_tt(cls, text: str) -> Epoch:
        """From TT, e.g. "2000-01-01T12:00:00TT" (J2000, ns = 0)."""
        return cls._door(text, "TT")

    @classmethod
    def from_tdb(cls, text: str) -> Epoch:
        """From TDB, e.g. "2000-01-01T12:00:00TDB"; geocentric, to a few microseconds."""
        return cls._door(text, "TDB")

    @classmethod
    def from_jd_tt(cls, jd1: float, jd2: float = 0.0) -> Epoch:
        """From a two-part Julian date on TT; whole days in `jd1` keep it exact to ~10 ns."""
        days, rest = divmod(jd1 - _J2000_JD, 1.0)
        return cls(int(days) * _DAY_NS + round((rest + jd2) * _DAY_NS))

    # doors out -------------------------------------------------------------------------
    def _utc_parts(self) -> tuple[int, int]:
        """(day ordinal, ns into that UTC day)."""
        tai = self.ns - _TT_MINUS_TAI_NS + _DAY_NS // 2
        ordinal = _J2000_DAY + (tai // _DAY_NS)
        # TAI - UTC is positive since 1961: UTC's day is this TAI day or the one before
        for candidate in (ordinal + 1, ordinal, ordinal - 1):
            base = (candidate - _J2000_DAY) * _DAY_NS
            offset = _tai_minus_utc_ns(candidate, 0.0)
            into = tai - base - offset
            if into < 0:
                continue
            if candidate < _steps()[0][0]:
                for _ in range(3):  # the drift within the day before 1972
                    fraction = min(max(into / _DAY_NS, 0.0), 1.0)
                    into = tai - base - _tai_minus_utc_ns(candidate, fraction)
            return candidate, into
        raise EpochError(f"{self.ns} ns from J2000 lies before UTC begins (1960-01-01)")

    def utc(self, digits: int = 9) -> str:
        """UTC text ending in Z, rounded to `digits` of a second, trailing zeros dropped."""
        step = 10 ** (9 - digits)
        ordinal, into = self._utc_parts()
        # the grid is UTC's: TT is 0.184 s off it
        into = (into + step // 2) // step * step
        if step > 1 and into >= _day_length_ns(ordinal):
            ordinal, into = ordinal + 1, 0
        return _write(ordinal, into) + "Z"

    def _plain(self, ns: int) -> str:
        clock = ns + _DAY_NS // 2
        return _write(_J2000_DAY + clock // _DAY_NS, clock % _DAY_NS)

    def tt(self) -> str:
        return self._plain(self.ns) + "TT"

    def tai(self) -> str:
        return self._plain(self.ns - _TT_MINUS_TAI_NS) + "TAI"

    def tdb(self) -> str:
        return self._plain(self.ns + _tdb_minus_tt_ns(self.ns)) + "TDB"

    @property
    def jd_tt(self) -> tuple[float, float]:
        """Two-part Julian date on TT: a half-integer-free whole day and a fraction."""
        days, rest = divmod(self.ns, _DAY_NS)
        return _J2000_JD + days, rest / _DAY_NS

    @property
    def jd_utc(self) -> tuple[float, float]:
        """Two-part quasi-Julian date on UTC in ERFA's convention (leap-second days stretched)."""
        ordinal, into = self._utc_parts()
        return _J2000_JD - 0.5 + (ordinal - _J2000_DAY), into / _day_length_ns(ordinal)

    @property
    def jd_tdb(self) -> tuple[float, float]:
        day, fraction = self.jd_tt
        return day, fraction + _tdb_minus_tt_ns(self.ns) / _DAY_NS

    @property
    def tai_minus_utc_s(self) -> float:
        ordinal, into = self._utc_parts()
        return _tai_minus_utc_ns(ordinal, min(into / _DAY_NS, 1.0)) / _NS

    # arithmetic ------------------------------------------------------------------------
    def __add__(self, seconds: float) -> Epoch:
        whole = int(seconds // 1.0)
        return Epoch(self.ns + whole * _NS + round((seconds - whole) * 1e9))

    def __sub__(self, other: Epoch) -> float:
        if not isinstance(other, Epoch):
            raise EpochError("subtract an Epoch to get seconds; to step back add -seconds")
        whole, rest = divmod(self.ns - other.ns, _NS)
        return whole + rest / _NS

    def __str__(self) -> str:
        return self.utc()

    def __repr__(self) -> str:
        return f"Epoch({self.ns})"


@functools.lru_cache(maxsize=4096)
def _tdb_minus_tt_ns(ns: int) -> int:
    days, rest = divmod(ns, _DAY_NS)
    fraction = rest / _DAY_NS
    # UT1 enters only through the topocentric terms, which vanish at the geocentre
    value = erfa.dtdb(_J2000_JD + days, fraction, float(np.mod(fraction + 0.5, 1.0)), 0.0, 0.0, 0.0)
    return round(float(value) * 1e9)
