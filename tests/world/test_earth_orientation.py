"""Earth-orientation files: reading, joining, interpolation, and a user's newer file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import erfa
import numpy as np
import pytest

from cosmodrome.errors import DataError
from cosmodrome.world.days import date_of_mjd, mjd_of_date, tai_minus_utc_at_0h, tt_of_mjd_utc
from cosmodrome.world.earth_orientation import (
    COLUMNS,
    EarthOrientationTable,
    join,
    read_c04,
    read_finals,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.orientation import EarthOrientation

if TYPE_CHECKING:
    from pathlib import Path

ARCSEC = np.pi / 648000.0
Line = Callable[..., str]
# a line in the layout of IERS C04 20, with figures that tell the columns apart
C04_LINE = (
    "{y}   1   1   0  {mjd}.00    0.079000    0.263000   0.5900000    0.000100   -0.000200"
    "    0.000100    0.000200   0.0012000    0.000030    0.000040   0.0000100    0.000050"
    "    0.000060    0.000070    0.000080   0.0000090"
)


def test_c04_columns() -> None:
    first = mjd_of_date("2017-01-01")
    text = "# header\n" + "\n".join(C04_LINE.format(y=2017, mjd=first + k) for k in range(5))
    table = read_c04(text)
    row = dict(zip(COLUMNS, table[0], strict=True))
    assert row["mjd_utc"] == first
    # TAI - UTC = 37 s from 2017-01-01
    assert row["ut1_minus_tai_s"] == pytest.approx(0.59 - 37.0)
    assert (row["xp_as"], row["yp_as"]) == (0.079, 0.263)
    assert (row["dx_as"], row["dy_as"]) == (0.0001, -0.0002)
    assert row["lod_s"] == 0.0012
    assert row["kind"] == 0.0
    assert row["sigma_ut1_s"] == 1e-5
    assert row["sigma_pole_as"] == 4e-5


def test_finals_columns_and_blanks(finals_line: Line) -> None:
    first = 61406  # 2027-01-01
    lines = [finals_line(first + k) for k in range(4)]
    lines += [finals_line(first + 4 + k, flag="P", nutation=False, lod=False) for k in range(4)]
    lines += [" " * 187]  # days without values close the file
    table = read_finals("\n".join(lines))
    assert table.shape == (8, len(COLUMNS))
    row = dict(zip(COLUMNS, table[0], strict=True))
    assert row["ut1_minus_tai_s"] == pytest.approx(-37.02)
    assert (row["xp_as"], row["yp_as"]) == (0.1, 0.3)
    assert (row["dx_as"], row["dy_as"]) == pytest.approx((0.0002, -0.0001))
    assert row["lod_s"] == pytest.approx(1e-3)
    np.testing.assert_array_equal(table[:, COLUMNS.index("kind")], [0] * 4 + [1] * 4)
    # held offsets, and the length of day from the slope of UT1
    np.testing.assert_allclose(table[4:, COLUMNS.index("dx_as")], 0.0002)
    np.testing.assert_allclose(table[4:, COLUMNS.index("lod_s")], 1e-3, atol=1e-9)


def test_files_that_are_not_eop_are_refused(tmp_path: Path, finals_line: Line) -> None:
    with pytest.raises(DataError, match="cannot read the line"):
        read_c04("2017 1 1 0 57754.00 0.1")
    with pytest.raises(DataError, match="found 0 days"):
        read_finals("nothing\n")
    with pytest.raises(DataError, match="cannot read the line"):
        read_finals("x" * 187)
    with pytest.raises(DataError, match="do not follow one another after 2027-01-03"):
        read_finals("\n".join(finals_line(61406 + k) for k in (0, 1, 2, 4, 5, 6)))
    with pytest.raises(DataError, match="no Earth-orientation file"):
        EarthOrientationTable.read(tmp_path / "missing.all")
    odd = tmp_path / "odd.all"
    odd.write_bytes(bytes(range(256)) * 10)
    with pytest.raises(DataError, match="is not text"):
        EarthOrientationTable.read(odd)
    words = tmp_path / "words.npy"
    np.save(words, np.array(["a", "b"], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="not a numeric"):
        EarthOrientationTable.read(words)
    stale = tmp_path / "stale.all"
    stale.write_text("\n".join(finals_line(59000 + k) for k in range(90)), encoding="ascii")
    with pytest.raises(DataError, match="give the full and newer"):
        EarthOrientationTable.read(stale)
    with pytest.raises(DataError, match="at least 366 days"):
        EarthOrientationTable(np.zeros((10, 10)))
    old = read_finals("\n".join(finals_line(61406 + k) for k in range(6)))
    gap = read_finals("\n".join(finals_line(61416 + k) for k in range(6)))
    with pytest.raises(DataError, match="2027-01-06; it spans 2027-01-11"):
        join(old, gap)


def test_a_users_newer_file_takes_over(tmp_path: Path, finals_line: Line) -> None:
    shipped = EarthOrientationTable.shipped()
    newer = tmp_path / "finals2000A.all"
    newer.write_text("\n".join(finals_line(61200 + k) for k in range(900)), encoding="ascii")
    table = EarthOrientationTable.read(newer)
    assert table.mjd[0] == shipped.mjd[0]
    assert table.mjd[-1] == 62099
    # C04 ends on 2026-09-29 (MJD 61312) and stands; the file serves from the day after
    at = np.flatnonzero(table.mjd == 61313)[0]
    np.testing.assert_array_equal(table.values[:at], shipped.values[:at])
    np.testing.assert_allclose(table.values[at:, 1], 0.1 * ARCSEC)
    status = EarthOrientation.read(newer).status(Epoch.from_utc("2028-06-01T00:00:00Z"))
    assert status.kind == "observed"
    # a file of the last days only is joined to the rapid days observed before it
    late = tmp_path / "finals2000A.daily"
    late.write_text("\n".join(finals_line(61330 + k) for k in range(90)), encoding="ascii")
    joined = EarthOrientationTable.read(late)
    np.testing.assert_array_equal(joined.values[: at + 17], shipped.values[: at + 17])
    assert joined.mjd[-1] == 61419
    # and the npy form of the same table
    packed = tmp_path / "mine.npy"
    columns = np.column_stack(
        [
            table.mjd, table.values[:, 0], table.values[:, 1:] / ARCSEC, table.lod_s, table.kind,
            table.sigma_ut1_s, table.sigma_pole_rad / ARCSEC,
        ]
    )  # fmt: skip
    np.save(packed, columns)
    again = EarthOrientationTable.read(packed)
    np.testing.assert_allclose(again.values, table.values, atol=1e-15)


def test_interpolation_passes_through_the_days_and_is_cubic() -> None:
    table = EarthOrientationTable.shipped()
    pick = slice(1, -1, 977)
    p = table.at(table.tt_s[pick])
    np.testing.assert_allclose(p.ut1_minus_tai_s, table.values[pick, 0], atol=1e-12)
    np.testing.assert_allclose(p.pole, table.values[pick, 1:], atol=1e-18)
    # a cubic in time comes back exactly between the days, with its slope
    t = (table.tt_s - table.tt_s[0]) / 1e9
    cubic = 1.0 + 2.0 * t - 3.0 * t**2 + 0.5 * t**3
    rows = np.zeros((table.mjd.size, 10))
    rows[:, 0], rows[:, 1], rows[:, 2] = table.mjd, cubic, cubic
    other = EarthOrientationTable(rows)
    at = np.linspace(table.tt_s[0], table.tt_s[-1], 1003)
    x = (at - table.tt_s[0]) / 1e9
    q = other.at(at)
    np.testing.assert_allclose(
        q.ut1_minus_tai_s, 1.0 + 2.0 * x - 3.0 * x**2 + 0.5 * x**3, atol=1e-11
    )
    np.testing.assert_allclose(q.ut1_rate, (2.0 - 6.0 * x + 1.5 * x**2) * 1e-9, atol=1e-14)


def test_length_of_day_agrees_with_the_slope_of_ut1() -> None:
    table = EarthOrientationTable.shipped()
    # from 1990 on the two published columns describe one curve; zonal tides leave 0.05 ms
    pick = (table.mjd > 47900) & (table.mjd < 61300)
    slope = table.at(table.tt_s[pick]).ut1_rate * 86400.0
    assert np.sqrt(np.mean((slope + table.lod_s[pick]) ** 2)) < 5e-5


def test_table_is_continuous_where_the_series_are_joined() -> None:
    table = EarthOrientationTable.shipped()
    second = np.diff(table.values[:, 0], n=2)
    # UT1 - TAI has no leap: its second difference is the change of the day's length
    day = table.mjd[1:-1]
    # C04 itself steps by 2 ms over the turn of 1983 to 1984 (MJD 45700)
    calm = (day > 41684) & (np.abs(day - 45699.5) > 1.0)
    assert np.abs(second[calm]).max() < 1e-3
    assert np.abs(second).max() < 4e-3
    assert np.all(np.diff(table.mjd) == 1.0)
    kinds = table.kind
    assert np.all(np.diff(kinds) >= 0.0)


def test_days() -> None:
    assert date_of_mjd(51544) == "2000-01-01"
    assert mjd_of_date("1858-11-17") == 0
    days = np.array([37665.0, 39126.0, 41316.0, 41317.0, 50000.0, 57753.0, 57754.0, 70000.0])
    ours = tai_minus_utc_at_0h(days)
    for day, value in zip(days[:-1], ours[:-1], strict=True):
        y, m, d, _ = erfa.jd2cal(2400000.5, day)
        assert value == pytest.approx(float(erfa.dat(y, m, d, 0.0)), abs=1e-9)
    assert ours[-1] == 37.0
    for day in days[:-1]:
        epoch = Epoch.from_utc(date_of_mjd(int(day)) + "T00:00:00Z")
        assert tt_of_mjd_utc(np.array([day]))[0] == pytest.approx(epoch.ns / 1e9, abs=1e-6)
