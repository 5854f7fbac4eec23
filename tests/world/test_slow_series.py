"""Slow series: the same values as the direct theory, computed once."""

from __future__ import annotations

import erfa
import numpy as np
import pytest

from cosmodrome.errors import DataSpanError
from cosmodrome.world import slow_series
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.orientation import EarthOrientation
from cosmodrome.world.slow_series import TDB_MINUS_TT, XYS, SlowSeries

J2000 = 2451545.0


@pytest.fixture(scope="module")
def earth() -> EarthOrientation:
    return EarthOrientation.shipped()


def test_values_and_slopes_equal_erfa() -> None:
    rng = np.random.default_rng(11)
    for centre in rng.integers(-13_800, 22_000, 25):
        # across block edges too
        day = centre + rng.integers(-3, 4, 40).astype(np.float64)
        s = rng.uniform(0.0, 86400.0, 40)
        value, slope = XYS.at(day, s)
        direct = np.stack(erfa.xys06a(J2000 + day, s / 86400.0), axis=-1)
        assert np.abs(value - direct).max() < 2e-15  # measured 4e-16
        h = 3600.0
        near = [
            np.stack(erfa.xys06a(J2000 + day, (s + k * h) / 86400.0), -1) for k in (-2, -1, 1, 2)
        ]
        difference = (8.0 * (near[2] - near[1]) - (near[3] - near[0])) / (12.0 * h)
        # its truncation, h^4 / 30 of the fifth derivative: 2e-20 rad/s; noise 1e-16 / h
        assert np.abs(slope - difference).max() < 5e-19
        shift, rate = TDB_MINUS_TT.at(day, s)
        ut = np.mod(s / 86400.0 + 0.5, 1.0)
        tdb = erfa.dtdb(J2000 + day, s / 86400.0, ut, 0.0, 0.0, 0.0)
        assert np.abs(shift[:, 0] - tdb).max() < 2e-15  # s; measured 2e-16
        # Fairhead & Bretagnon (1990): 1.657 ms a year, so 3.3e-10 s/s, and little more
        assert np.abs(rate).max() < 3.6e-10


def test_a_block_is_computed_once_and_the_longest_unused_goes() -> None:
    asked: list[int] = []

    def cubic(day: np.ndarray, s: np.ndarray) -> np.ndarray:
        asked.append(day.size)
        t = day + s / 86400.0
        return np.stack([t**3, -t], axis=-1)

    series = SlowSeries(cubic, block_days=2, nodes=5, columns=2, keep=3)
    day, s = np.array([-1.0, 0.0, 3.0]), np.array([0.0, 43200.0, 86399.0])
    value, slope = series.at(day, s)
    t = day + s / 86400.0
    np.testing.assert_allclose(value, np.stack([t**3, -t], axis=-1), rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(slope[:, 0] * 86400.0, 3.0 * t**2, rtol=1e-13, atol=1e-13)
    assert asked == [15]  # blocks -1, 0, 1 in one call
    series.at(day, s)
    assert asked == [15]
    series.blocks(2, 2)  # a fourth: block -1, the longest unused, is dropped
    series.blocks(0, 2)
    assert asked == [15, 5]
    series.blocks(-1, -1)
    assert asked == [15, 5, 5]
    series.clear()
    series.blocks(0, 0)
    assert asked[-1] == 5
    assert len(asked) == 4


def test_an_instant_does_not_depend_on_its_company() -> None:
    rng = np.random.default_rng(4)
    day, s = rng.integers(9000, 9040, 60).astype(np.float64), rng.uniform(0.0, 86400.0, 60)
    XYS.clear()
    together = XYS.at(day, s)
    XYS.clear()
    for k in (0, 17, 59):
        alone = XYS.at(day[k : k + 1], s[k : k + 1])
        np.testing.assert_array_equal(alone[0][0], together[0][k])
        np.testing.assert_array_equal(alone[1][0], together[1][k])


def test_a_second_table_asks_the_theory_nothing(
    earth: EarthOrientation, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Epoch.from_utc("2027-03-01T05:41:46Z")
    first = earth.table(start, start + 10 * 86400.0).matrix(np.array([0.0, 5e5]))

    def refuse(*_: object) -> None:
        raise AssertionError("the theory was asked again")

    monkeypatch.setattr(XYS, "function", refuse)
    again = earth.table(start, start + 10 * 86400.0).matrix(np.array([0.0, 5e5]))
    np.testing.assert_array_equal(first, again)
    with pytest.raises(AssertionError, match="asked again"):
        earth.table(start + 1000 * 86400.0, start + 1001 * 86400.0)
    assert slow_series.XYS is XYS


def test_spin_axes_of_many_instants(earth: EarthOrientation) -> None:
    for text in ("1963-05-01T00:00:00Z", "2027-03-01T05:41:46Z", "2050-01-01T00:00:00Z"):
        epoch = Epoch.from_utc(text)
        t = np.array([-4.0e5, -1.0, 0.0, 3600.0, 1.0e6])
        many = earth.cip_gcrf_many(epoch, t)
        one = np.array([earth.cip_gcrf(epoch + float(x)) for x in t])
        assert np.abs(many - one).max() < 2e-15  # measured 4e-16
        np.testing.assert_allclose(np.linalg.norm(many, axis=1), 1.0, atol=2e-16)
        # the third row of the true equator's matrices is the same axis
        np.testing.assert_allclose(
            many, earth.tod_from_gcrf_many(epoch, t).matrix[:, 2], atol=2e-15
        )
    assert earth.cip_gcrf_many(epoch, np.empty(0)).shape == (0, 3)
    with pytest.raises(DataSpanError, match="begins on 1962-01-01"):
        earth.cip_gcrf_many(Epoch.from_tt("1961-06-01T00:00:00TT"), np.zeros(1))


def test_tdb_of_few_and_of_many_instants_is_the_same() -> None:
    epoch = Epoch.from_tt("2029-06-01T07:00:00TT")
    t = np.linspace(-3.0e6, 3.0e6, 400)
    day, s = tdb_clock(epoch, t)
    for k in (0, 133, 399):
        one_day, one_s = tdb_clock(epoch, t[k : k + 1])
        assert one_day[0] == day[k]
        assert one_s[0] == pytest.approx(s[k], abs=3e-11)  # last bit of seconds of the day
    assert tdb_clock(epoch, np.empty(0))[0].shape == (0,)
