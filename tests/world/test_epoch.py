"""Epoch against ERFA and the IERS list of leap seconds, by every door."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import EpochError
from cosmodrome.world.epoch import Epoch

# IERS Bulletin C / Leap_Second.dat: the days that ended with a leap second
LEAP_DAYS = [
    "1972-06-30", "1972-12-31", "1973-12-31", "1974-12-31", "1975-12-31", "1976-12-31",
    "1977-12-31", "1978-12-31", "1979-12-31", "1981-06-30", "1982-06-30", "1983-06-30",
    "1985-06-30", "1987-12-31", "1989-12-31", "1990-12-31", "1992-06-30", "1993-06-30",
    "1994-06-30", "1995-12-31", "1997-06-30", "1998-12-31", "2005-12-31", "2008-12-31",
    "2012-06-30", "2015-06-30", "2016-12-31",
]  # fmt: skip
YEAR_NS = 31_557_600_000_000_000
SINCE_1972 = st.integers(-28 * YEAR_NS, 60 * YEAR_NS)


def by_erfa(year: int, month: int, day: int, hour: int, minute: int, second: float) -> int:
    """ns of TT since J2000 of a UTC instant through ERFA's own chain."""
    utc = erfa.dtf2d("UTC", year, month, day, hour, minute, second)
    tt1, tt2 = erfa.taitt(*erfa.utctai(*utc))
    return round((tt1 - 2451545.0) * 86400e9) + round(tt2 * 86400e9)


@pytest.mark.parametrize(("count", "day"), list(enumerate(LEAP_DAYS)))
def test_each_leap_second(count: int, day: str) -> None:
    before = Epoch.from_utc(f"{day}T23:59:59Z")
    inside = Epoch.from_utc(f"{day}T23:59:60Z")
    late = Epoch.from_utc(f"{day}T23:59:60.999999999Z")
    following = (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    after = Epoch.from_utc(f"{following}T00:00:00Z")
    assert inside - before == 1.0
    assert after - inside == 1.0
    assert after.ns - late.ns == 1
    # TAI - UTC began at 10 s in 1972
    assert before.tai_minus_utc_s == 10 + count
    assert inside.tai_minus_utc_s == 10 + count
    assert after.tai_minus_utc_s == 11 + count
    for epoch, text in (
        (before, f"{day}T23:59:59Z"),
        (inside, f"{day}T23:59:60Z"),
        (late, f"{day}T23:59:60.999999999Z"),
        (after, f"{following}T00:00:00Z"),
    ):
        assert epoch.utc() == text
    y, m, d = (int(x) for x in day.split("-"))
    for epoch, second in ((before, 59.0), (inside, 60.0)):
        assert abs(epoch.ns - by_erfa(y, m, d, 23, 59, second)) <= 20_000
    # rounding inside the leap second stays on UTC's own grid
    assert late.utc(0) == f"{following}T00:00:00Z"
    assert inside.utc(3) == f"{day}T23:59:60Z"


def test_the_list_is_the_one_iers_publishes() -> None:
    iers = pytest.importorskip("astropy_iers_data")
    lines = Path(iers.IERS_LEAP_SECOND_FILE).read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    first = [dt.date(int(r[3]), int(r[2]), int(r[1])) for r in rows][1:]
    ours = [dt.date.fromisoformat(d) + dt.timedelta(days=1) for d in LEAP_DAYS]
    assert ours == first[: len(ours)]


def test_no_leap_second_where_none_was() -> None:
    days = {dt.date(y, m, d) for y in range(1972, 2027) for m, d in ((6, 30), (12, 31))}
    for day in sorted(days - {dt.date.fromisoformat(d) for d in LEAP_DAYS}):
        with pytest.raises(EpochError, match="no leap second on that day"):
            Epoch.from_utc(f"{day.isoformat()}T23:59:60Z")


@pytest.mark.parametrize(
    "when",
    [
        (1960, 3, 1, 6, 0, 0.0), (1961, 1, 1, 0, 0, 0.0), (1961, 7, 31, 12, 30, 1.5),
        (1962, 1, 1, 0, 0, 0.0), (1963, 11, 1, 0, 0, 0.0), (1964, 9, 1, 23, 59, 59.0),
        (1965, 7, 1, 0, 0, 0.0), (1966, 1, 1, 0, 0, 0.0), (1968, 2, 1, 0, 0, 0.0),
        (1968, 12, 21, 12, 51, 0.0), (1969, 7, 20, 20, 17, 40.0), (1971, 12, 31, 23, 59, 59.0),
        (1972, 1, 1, 0, 0, 0.0),
    ],
)  # fmt: skip
def test_utc_before_1972_drifts_as_erfa_says(when: tuple[int, int, int, int, int, float]) -> None:
    y, m, d, hh, mm, ss = when
    second = f"{ss:09.6f}"
    epoch = Epoch.from_utc(f"{y:04d}-{m:02d}-{d:02d}T{hh:02d}:{mm:02d}:{second}Z")
    # two-part days carry about 10 ns through ERFA's chain
    assert abs(epoch.ns - by_erfa(*when)) <= 50
    assert Epoch.from_utc(epoch.utc()).ns == epoch.ns


def test_fractional_steps_of_1961_to_1971() -> None:
    # UTC stepped forward 0.1 s at the end of 1963-10-31 and back 0.1 s after 1968-01-31
    # (IERS, UTC-TAI history): the first day has 86,400.1 s, the second 86,399.9 s
    late = Epoch.from_utc("1963-10-31T23:59:60.05Z")
    assert late.utc() == "1963-10-31T23:59:60.05Z"
    # seconds of UTC were 1.3e-8 longer than those of TAI
    assert Epoch.from_utc("1963-11-01T00:00:00Z") - late == pytest.approx(0.05, abs=1e-8)
    with pytest.raises(EpochError, match="no leap second"):
        Epoch.from_utc("1963-10-31T23:59:60.2Z")
    with pytest.raises(EpochError, match="stepped back"):
        Epoch.from_utc("1968-01-31T23:59:59.95Z")


def test_j2000_by_every_door() -> None:
    # IAU: J2000.0 = 2000-01-01T12:00:00 TT = 11:59:27.816 TAI = 11:58:55.816 UTC
    assert Epoch.from_tt("2000-01-01T12:00:00TT").ns == 0
    assert Epoch.from_tai("2000-01-01T11:59:27.816TAI").ns == 0
    assert Epoch.from_utc("2000-01-01T11:58:55.816Z").ns == 0
    assert Epoch.from_utc("2000-01-01T11:58:55.816UTC").ns == 0
    assert Epoch(0).tt() == "2000-01-01T12:00:00TT"
    assert Epoch(0).tai() == "2000-01-01T11:59:27.816TAI"
    assert Epoch(0).utc() == "2000-01-01T11:58:55.816Z"
    assert Epoch(0).jd_tt == (2451545.0, 0.0)


def test_tdb_is_erfas() -> None:
    for year in (1965, 1990, 2000, 2027, 2058):
        epoch = Epoch.from_tt(f"{year}-04-03T07:00:00TT")
        tt1, tt2 = epoch.jd_tt
        ut = (tt2 + 0.5) % 1.0
        expected = erfa.dtdb(tt1, tt2, ut, 0.0, 0.0, 0.0)
        back = Epoch.from_tt(epoch.tdb().replace("TDB", "TT"))
        assert back - epoch == pytest.approx(expected, abs=1.1e-9)
        t1, t2 = epoch.jd_tdb
        # rounded to the ns: half of one is 5.8e-15 d
        assert (t1 - tt1) + (t2 - tt2) == pytest.approx(expected / 86400.0, abs=6e-15)
        # the annual term of TDB - TT is 1.657 ms (Fairhead & Bretagnon 1990)
        assert abs(back - epoch) < 1.7e-3


@given(SINCE_1972)
def test_round_trips(ns: int) -> None:
    epoch = Epoch(ns)
    assert Epoch.parse(epoch.utc()) == epoch
    assert Epoch.parse(epoch.tt()) == epoch
    assert Epoch.parse(epoch.tai()) == epoch
    assert abs(Epoch.parse(epoch.tdb()).ns - ns) <= 1


@given(st.integers(-38 * YEAR_NS, -28 * YEAR_NS))
def test_round_trip_before_1972(ns: int) -> None:
    # one count of UTC is up to 1.3e-8 longer than a TAI ns: rounding may move one ns
    assert abs(Epoch.parse(Epoch(ns).utc()).ns - ns) <= 1


@given(SINCE_1972, st.integers(0, 8))
def test_rounded_text_is_the_nearest(ns: int, digits: int) -> None:
    epoch = Epoch(ns)
    assert abs(Epoch.parse(epoch.utc(digits)) - epoch) <= 0.5 * 10.0**-digits + 1e-9


def test_whole_seconds_are_rounded_on_utc() -> None:
    # TT is 0.184 s off the second of UTC: rounding there first would say :11
    assert Epoch.from_utc("2027-03-01T00:00:10.4Z").utc(0) == "2027-03-01T00:00:10Z"


@given(SINCE_1972, st.floats(-1e9, 1e9))
def test_adding_and_subtracting_seconds(ns: int, seconds: float) -> None:
    epoch = Epoch(ns)
    moved = epoch + seconds
    assert moved - epoch == pytest.approx(seconds, abs=1.5e-7)
    assert (moved > epoch) == (moved.ns > ns)


@given(SINCE_1972)
def test_julian_dates_agree_with_erfa(ns: int) -> None:
    epoch = Epoch(ns)
    u1, u2 = epoch.jd_utc
    tt1, tt2 = erfa.taitt(*erfa.utctai(u1, u2))
    assert abs((tt1 - 2451545.0) * 86400.0 + tt2 * 86400.0 - ns / 1e9) < 1e-6
    assert Epoch.from_jd_tt(*epoch.jd_tt) == epoch or (
        abs(Epoch.from_jd_tt(*epoch.jd_tt).ns - ns) <= 20
    )


def test_a_fraction_in_the_first_part_of_a_julian_date_is_kept() -> None:
    epoch = Epoch.from_jd_tt(2451545.0 + 0.123456, 0.0)
    assert epoch - Epoch(0) == pytest.approx(0.123456 * 86400.0, abs=1e-4)
    assert Epoch.from_jd_tt(2451545.25, 0.5) - Epoch(0) == 64800.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2027-03-01T05:41:46", "not an instant with a scale"),
        ("2027-03-01", "not an instant with a scale"),
        ("2027-03-01T05:41:46+03:00", "not an instant with a scale"),
        ("2027-03-01T05:41:46GPS", "not an instant with a scale"),
        ("2027-02-29T05:41:46Z", "write a day that exists"),
        ("2027-13-01T05:41:46Z", "write a day that exists"),
        ("2027-03-01T24:00:00Z", "hours 00-23"),
        ("2027-03-01T05:60:00Z", "hours 00-23"),
        ("2027-03-01T05:41:61Z", "hours 00-23"),
        ("2027-03-01T05:41:60Z", "no leap second"),
        ("2016-12-31T23:59:60TT", "no leap second"),
        ("2016-12-31T23:59:60TAI", "no leap second"),
        ("1959-12-31T00:00:00Z", "UTC did not exist"),
        ("", "not an instant with a scale"),
    ],
)
def test_refusals_teach(text: str, says: str) -> None:
    with pytest.raises(EpochError, match=says):
        Epoch.parse(text)


def test_doors_refuse_another_scale() -> None:
    with pytest.raises(EpochError, match="not in UTC"):
        Epoch.from_utc("2027-03-01T05:41:46TT")
    with pytest.raises(EpochError, match="not in TT"):
        Epoch.from_tt("2027-03-01T05:41:46Z")
    with pytest.raises(EpochError, match="not in TDB"):
        Epoch.from_tdb("2027-03-01T05:41:46TAI")
    with pytest.raises(EpochError, match="integer nanoseconds"):
        Epoch(1.5)  # type: ignore[arg-type]
    with pytest.raises(EpochError, match="integer nanoseconds"):
        Epoch(dt.datetime(2027, 3, 1))  # type: ignore[arg-type]
    with pytest.raises(EpochError, match="subtract an Epoch"):
        Epoch(0) - 3.0  # type: ignore[operator]
    with pytest.raises(EpochError, match="UTC did not exist on 1950-01-01"):
        Epoch.from_tt("1950-01-01T00:00:00TT").utc()


def test_order_and_text() -> None:
    a, b = Epoch.from_utc("2027-03-01T00:00Z"), Epoch.from_utc("2027-03-01T00:00:00.5Z")
    assert a < b
    assert str(b) == "2027-03-01T00:00:00.5Z"
    assert eval(repr(a), {"Epoch": Epoch}) == a
    assert len({a, Epoch(a.ns)}) == 1
    assert np.isclose(b - a, 0.5)
