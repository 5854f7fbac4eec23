"""Radio links, against figures of a textbook and of ITU-R."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import (
    GaussianBeam,
    Isotropic,
    Link,
    Parabolic,
    contacts,
    free_space_loss_db,
    link_over,
)
from cosmodrome.coverage.link import data_volume_bit
from cosmodrome.errors import InputError

SVALBARD = Station("svalbard", math.radians(78.23), math.radians(15.39), 450.0, math.radians(5.0))


def test_free_space_loss_as_itu_writes_it() -> None:
    """P.525-4, eq. 6: 32.4 + 20 log f(MHz) + 20 log d(km), rounded to 0.05 dB there."""
    for mhz, km in ((145.0, 800.0), (2_200.0, 2_000.0), (26_000.0, 40_000.0)):
        itu = 32.4 + 20.0 * math.log10(mhz) + 20.0 * math.log10(km)
        assert float(free_space_loss_db(km * 1e3, mhz * 1e6)) == pytest.approx(itu, abs=0.06)


def test_an_uplink_of_the_textbook() -> None:
    """Maral & Bousquet (2009), example of section 5.2: 100 W into a 4 m dish of 0.6 at 14 GHz sends
    73.1 dBW; over 40,000 km 207.4 dB are lost. Noise of 800 K behind a satellite antenna of
    38.2 dBi makes the C/N0 follow from them."""
    dish = Parabolic(4.0, 0.6)
    assert float(dish.gain_dbi(14e9)) == pytest.approx(53.1, abs=0.06)
    assert float(free_space_loss_db(40e6, 14e9)) == pytest.approx(207.4, abs=0.05)
    link = Link(
        14e9, 1e6, 5.0, power_w=100.0, transmit=dish, receive=Isotropic(38.2),
        noise_temperature_k=800.0,
    )  # fmt: skip
    by_hand = 73.1 - 207.4 + 38.2 - 10.0 * math.log10(800.0) + 228.6
    assert float(link.carrier_to_noise_db_hz(40e6)) == pytest.approx(by_hand, abs=0.15)
    assert float(link.margin_db(40e6)) == pytest.approx(by_hand - 60.0 - 5.0, abs=0.15)
    rate = float(link.highest_rate_bit_s(40e6))
    assert 10.0 * math.log10(rate) == pytest.approx(by_hand - 5.0, abs=0.15)


def test_beams() -> None:
    """Half the power at half the width; a pointing error of a quarter of it costs 0.75 dB."""
    beam = GaussianBeam(20.0, math.radians(10.0))
    assert beam.gain_dbi(1e9, np.radians([0.0, 5.0, 180.0])) == pytest.approx([20.0, 17.0, -40.0])
    dish = Parabolic(2.0)
    width = dish.half_power_rad(8e9)
    assert math.degrees(width) == pytest.approx(70.0 * 0.0374741 / 2.0, rel=1e-5)
    off = Parabolic(2.0, pointing_error_rad=0.25 * width)
    assert float(dish.gain_dbi(8e9) - off.gain_dbi(8e9)) == pytest.approx(0.75)
    assert float(dish.gain_dbi(8e9) - dish.gain_dbi(8e9, 0.5 * width)) == pytest.approx(3.0)
    assert Isotropic().gain_dbi(1e9, np.zeros(3)).tolist() == [0.0, 0.0, 0.0]


def test_data_over_a_margin_that_opens_and_closes() -> None:
    t, margin = np.array([0.0, 10.0, 20.0, 30.0]), np.array([-1.0, 1.0, 1.0, -3.0])
    assert data_volume_bit(t, margin, 2.0) == pytest.approx(2.0 * (5.0 + 10.0 + 2.5))
    assert data_volume_bit(t, np.full(4, -1.0), 2.0) == 0.0


def test_a_link_over_a_pass(world, low) -> None:
    c = contacts(low, [SVALBARD], world)[1]
    link = Link(8.2e9, 100e6, 4.0, eirp_dbw=15.0, g_over_t_db_k=30.0, losses_db=3.0)
    table = link_over(low, SVALBARD, c, world, link, step_s=5.0)
    assert table.t_s[0] == c.rise.t_s
    assert table.t_s[-1] == c.set.t_s
    assert table.range_m.min() >= c.closest.range_m - 1e-3
    assert table.margin_db == pytest.approx(link.margin_db(table.range_m))
    assert table.ebn0_db - table.margin_db == pytest.approx(np.full(table.t_s.size, 4.0))
    hand = 15.0 - table.free_space_loss_db - 3.0 + 30.0 + 228.5992
    assert table.carrier_to_noise_db_hz == pytest.approx(hand, abs=1e-3)
    assert np.argmax(table.margin_db) == np.argmin(table.range_m)
    assert table.data_volume_bit == pytest.approx(100e6 * c.duration_s)
    # the triangle of centre, station and spacecraft: sin(off nadir) r = cos(elevation) R, to the
    # part that the vertical is off the centre, 0.2 deg
    r = np.linalg.norm(low.columns_at(table.t_s)[:, :3], axis=1)
    sine = np.cos(table.elevation_rad) * 6_357_800.0 / r
    assert np.sin(table.off_nadir_rad) == pytest.approx(sine, abs=4e-3)


def test_an_antenna_fixed_to_nadir_loses_at_the_horizon(world, low) -> None:
    c = contacts(low, [SVALBARD], world)[1]
    beam = GaussianBeam(6.0, math.radians(90.0))
    kept = {"noise_temperature_k": 100.0, "power_w": 5.0}
    down = Link(2.2e9, 1e6, 4.0, transmit=beam, receive=Parabolic(5.0), spacecraft_points="nadir",
                **kept)  # fmt: skip
    steered = Link(2.2e9, 1e6, 4.0, transmit=beam, receive=Parabolic(5.0), **kept)
    up = Link(2.2e9, 1e6, 4.0, transmit=Parabolic(5.0), receive=beam, spacecraft_points="nadir",
              spacecraft_receives=True, **kept)  # fmt: skip
    one, two, three = (link_over(low, SVALBARD, c, world, k) for k in (down, steered, up))
    lost = two.margin_db - one.margin_db
    assert lost == pytest.approx(12.0 * (np.degrees(one.off_nadir_rad) / 90.0) ** 2)
    assert lost[0] > 5.0
    # antennas serve both ways
    assert three.margin_db == pytest.approx(one.margin_db)


def test_refusals() -> None:
    with pytest.raises(InputError, match="one of them"):
        Link(1e9, 1e6, 4.0, g_over_t_db_k=10.0)
    with pytest.raises(InputError, match="noise_temperature_k"):
        Link(1e9, 1e6, 4.0, eirp_dbw=10.0)
    with pytest.raises(InputError, match="'station' or 'nadir'"):
        Link(1e9, 1e6, 4.0, eirp_dbw=1.0, g_over_t_db_k=1.0, spacecraft_points="sun")
    with pytest.raises(InputError, match=r"data_rate_bit_s = 0\.0"):
        Link(1e9, 0.0, 4.0, eirp_dbw=1.0, g_over_t_db_k=1.0)
    with pytest.raises(InputError, match="at most 1"):
        Parabolic(1.0, 1.2)
    with pytest.raises(InputError, match="half_power_rad"):
        GaussianBeam(3.0, 0.0)


# Published link budgets, figures as printed there.
# NOAA/NWS, "EMWIN-N link budget" (GOES, 41,127 km at 5 deg),
# www.nws.noaa.gov/emwin/emwin-n-link-budget.htm
# dBm are dBW + 30; "Implementation Loss" and degradations are in the required Eb/N0 there
EMWIN_UP = Link(
    2034.70e6, 9600.0, 5.6, eirp_dbw=46.7, g_over_t_db_k=-14.2, losses_db=0.5 + 0.4 + 0.2
)
EMWIN_DOWN = Link(1692.70e6, 9600.0, 5.6, eirp_dbw=14.8, g_over_t_db_k=-0.3, losses_db=0.4 + 0.2)


def test_published_up_and_down_to_the_geostationary_orbit() -> None:
    """Within the tenths of a dB that are printed."""
    d = 41_127e3
    assert float(free_space_loss_db(d, 2034.70e6)) == pytest.approx(190.9, abs=0.05)
    assert float(free_space_loss_db(d, 1692.70e6)) == pytest.approx(189.3, abs=0.05)
    up = float(EMWIN_UP.carrier_to_noise_db_hz(d))
    down = float(EMWIN_DOWN.carrier_to_noise_db_hz(d))
    assert up == pytest.approx(69.1, abs=0.1)
    assert down == pytest.approx(53.2, abs=0.1)
    # a bent pipe: the noises add up. Printed: C/N0 53.1, Eb/N0 13.3, margin 7.7
    both = -10.0 * math.log10(10.0 ** (-up / 10.0) + 10.0 ** (-down / 10.0))
    assert both == pytest.approx(53.1, abs=0.1)
    assert float(EMWIN_DOWN.margin_db(d)) - down + both == pytest.approx(7.7, abs=0.1)


def test_a_published_link_from_low_orbit() -> None:
    """EURASIP J. Wirel. Commun. Netw. 2020, s13638-020-01674-9, table 1: 2.2 GHz, 3.4 Mbit/s,
    38.3 dBm, 162.2 dB of space, 10 dB off axis, 5 m at 50 %, 130 K; demodulation takes 6 dB."""
    dish = Parabolic(5.0, efficiency=0.5)
    assert float(dish.gain_dbi(2.2e9)) == pytest.approx(38.2, abs=0.05)
    link = Link(2.2e9, 3.4e6, 7.0 + 6.0, eirp_dbw=8.3, receive=dish, noise_temperature_k=130.0,
                losses_db=10.0)  # fmt: skip
    d = 10.0 ** (162.2 / 20.0) * 299_792_458.0 / (4.0 * math.pi * 2.2e9)
    assert float(link.carrier_to_noise_db_hz(d)) == pytest.approx(81.8, abs=0.1)
    # printed Eb/N0 16.5
    assert float(link.margin_db(d)) + 13.0 == pytest.approx(16.5, abs=0.1)
    assert float(link.margin_db(d)) == pytest.approx(3.5, abs=0.1)
