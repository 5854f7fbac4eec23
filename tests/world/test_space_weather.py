"""Space weather: the arrays NRLMSIS asks for, and honest labels beyond the observations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.errors import DataError, DataSpanError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.space_weather import COLUMNS, SpaceWeatherTable, read_celestrak

if TYPE_CHECKING:
    from pathlib import Path

Text = Callable[..., str]


def test_the_storm_of_may_2024() -> None:
    # CelesTrak, from GFZ Potsdam: 2024-05-10 ap = 12 12 9 7 22 179 300 300 (daily 105),
    # 2024-05-11 ap = 400 236 236 400 300 236 179 179 (daily 271); F10.7 of 10 May: 223.4
    sample = SpaceWeatherTable.shipped().at(Epoch.from_utc("2024-05-11T08:00:00Z"))
    assert sample.kind == "observed"
    np.testing.assert_array_equal(sample.ap[:5], [271.0, 236.0, 236.0, 400.0, 300.0])
    # 12-33 h before 06-09 h: from 300 of 10 May, 18-21 h, back through eight values
    assert sample.ap[5] == np.mean([300.0, 179.0, 22.0, 7.0, 9.0, 12.0, 12.0, sample_before()])
    assert sample.f107 == 223.4
    assert sample.f107a == 177.1


def sample_before() -> float:
    """Ap of the last three hours of 2024-05-09."""
    return float(SpaceWeatherTable.shipped().at(Epoch.from_utc("2024-05-09T22:00:00Z")).ap[1])


def test_the_seven_aps_are_those_nrlmsis_defines(weather_text: Text) -> None:
    # ap of day k, slot i is 8 k + i: the value names its own place
    table = SpaceWeatherTable(read_celestrak(weather_text()))
    sample = table.at(Epoch.from_utc("2026-01-11T13:30:00Z"))  # day 10, slot 4: 84
    assert sample.ap[0] == (80 + 87) // 2
    np.testing.assert_array_equal(sample.ap[1:5], [84.0, 83.0, 82.0, 81.0])
    # 12 to 33 h before: slots 4 to 11 back; 36 to 57 h before: slots 12 to 19 back
    assert sample.ap[5] == np.mean(np.arange(84 - 11, 84 - 3))
    assert sample.ap[6] == np.mean(np.arange(84 - 19, 84 - 11))
    # the previous day's flux and the day's own centred mean
    assert sample.f107 == 109.0
    assert sample.f107a == 111.0


def test_slots_begin_on_the_hour(weather_text: Text) -> None:
    table = SpaceWeatherTable(read_celestrak(weather_text()))
    for text, value in (
        ("2026-01-11T00:00:00Z", 80.0),
        ("2026-01-11T02:59:59.999Z", 80.0),
        ("2026-01-11T03:00:00Z", 81.0),
        ("2026-01-11T23:59:59.999Z", 87.0),
    ):
        assert table.at(Epoch.from_utc(text)).ap[1] == value


def test_kinds_in_order_of_time() -> None:
    shipped = SpaceWeatherTable.shipped()
    kinds = [
        shipped.at(Epoch.from_utc(t)).kind
        for t in (
            "1962-03-01T00:00:00Z",
            "2026-08-01T00:00:00Z",
            "2026-09-20T00:00:00Z",
            "2030-01-01T00:00:00Z",
            "2045-01-01T00:00:00Z",
            "2060-12-31T00:00:00Z",
        )
    ]
    assert kinds == ["observed", "observed", *["predicted"] * 2, *["extrapolated"] * 2]
    assert shipped.first == "1957-10-01"
    assert shipped.last == "2041-10-01"


def test_monthly_predictions_are_interpolated(weather_text: Text) -> None:
    table = SpaceWeatherTable(read_celestrak(weather_text()))
    assert table.last == "2026-06-01"
    # half way from 1 May to 1 June (31 days): f107a between 150 and 160
    sample = table.at(Epoch.from_utc("2026-05-17T00:00:00Z"))
    assert sample.kind == "predicted"
    assert sample.f107a == pytest.approx(150.0 + 10.0 * 16 / 31, abs=0.06)
    assert sample.f107 == pytest.approx(200.0 + 10.0 * 15 / 31, abs=0.06)


def test_beyond_the_table_the_last_cycle_repeats() -> None:
    shipped = SpaceWeatherTable.shipped()
    late = shipped.at(Epoch.from_utc("2042-05-01T12:00:00Z"))
    # 4,018 days before 2042-05-01 is 2031-05-01
    early = shipped.at(Epoch.from_utc("2031-05-01T12:00:00Z"))
    assert late.kind == "extrapolated"
    assert late.f107 == early.f107
    assert late.f107a == early.f107a
    np.testing.assert_array_equal(late.ap, early.ap)
    two = shipped.at(Epoch.from_utc("2053-05-01T12:00:00Z"))
    assert two.f107a == pytest.approx(early.f107a, abs=3.0)


def test_every_value_is_plausible() -> None:
    table = SpaceWeatherTable.shipped().table
    flux = table[:, COLUMNS.index("f107_observed")]
    # as published: seven readings taken during flares exceed 450 sfu (up to 938.6 on
    # 2011-03-07) and two are low outliers (53.5 on 1997-03-01, 56.8 on 1998-03-02)
    assert np.count_nonzero(flux < 63.0) <= 2
    assert np.count_nonzero(flux > 450.0) <= 7
    assert flux.min() > 50.0
    assert flux.max() < 1000.0
    ap = table[:, 1:9]
    assert ap.min() >= 0.0
    assert ap.max() == 400.0
    # the shipped mean over 81 days is the mean of the shipped days, where all are observed
    k = 20_000
    centred = table[:, COLUMNS.index("f107_centred81")]
    assert flux[k - 40 : k + 41].mean() == pytest.approx(centred[k], abs=1.0)


def test_refusals(tmp_path: Path, weather_text: Text) -> None:
    table = SpaceWeatherTable(read_celestrak(weather_text()))
    with pytest.raises(DataSpanError, match="begins on 2026-01-01 and three days before"):
        table.at(Epoch.from_utc("2026-01-03T00:00:00Z"))
    short = SpaceWeatherTable(read_celestrak(weather_text(monthly=False)))
    with pytest.raises(DataSpanError, match="too short to repeat"):
        short.at(Epoch.from_utc("2030-01-01T00:00:00Z"))
    with pytest.raises(DataError, match="no column 'AP1'"):
        read_celestrak("DATE,F10.7_DATA_TYPE\n")
    with pytest.raises(DataError, match="no column"):
        read_celestrak("")
    with pytest.raises(DataError, match="cannot read the line"):
        read_celestrak(weather_text() + "2026-07-01,what\n")
    lines = weather_text().splitlines()
    with pytest.raises(DataError, match="day by day"):
        read_celestrak("\n".join([*lines[:30], *lines[31:]]))
    with pytest.raises(DataError, match="no space-weather file"):
        SpaceWeatherTable.read(tmp_path / "missing.csv")
    odd = tmp_path / "odd.csv"
    odd.write_bytes(bytes(range(256)))
    with pytest.raises(DataError, match="is not text"):
        SpaceWeatherTable.read(odd)
    with pytest.raises(DataError, match="columns"):
        SpaceWeatherTable(np.zeros((3, 4)))


def test_means_over_a_turn_of_the_sun(weather_text: Text) -> None:
    table = SpaceWeatherTable.shipped()
    epoch = Epoch.from_utc("2024-05-11T12:00:00Z")
    got = table.mean(epoch)
    days = [table.at(epoch + 86_400.0 * k) for k in range(-12, 15)]
    # `at` gives the flux of the day before
    assert got.f107 == pytest.approx(np.mean([d.f107 for d in days]), rel=1e-12)
    assert np.ptp(got.ap) == 0.0
    assert got.ap[0] == pytest.approx(
        np.mean([table.at(epoch + 86_400.0 * k).ap[0] for k in range(-13, 14)]), rel=1e-12
    )
    assert got.kind == "observed"
    # beyond the table: a cycle before, and it says so
    last = Epoch.from_utc(f"{table.last}T00:00:00Z")
    far, near = table.mean(last + 4018 * 86_400.0), table.mean(last)
    assert far.f107 == near.f107
    assert far.kind == "extrapolated"
    with pytest.raises(DataSpanError, match="begins on 2026-01-01"):
        SpaceWeatherTable(read_celestrak(weather_text())).mean(Epoch.from_utc("2020-01-01T00:00Z"))
    short = SpaceWeatherTable(read_celestrak(weather_text(monthly=False)))
    with pytest.raises(DataSpanError, match="too short to repeat"):
        short.mean(Epoch.from_utc("2030-01-01T00:00:00Z"))
