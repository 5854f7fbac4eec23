"""A radio over its passes: rows, Doppler by another road, and what a link lacks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.catalog.antennas import GaussianBeam, GroundAntenna, Parabolic
from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts, look_angles
from cosmodrome.coverage.link_passes import (
    closing,
    link_passes,
    links_of,
    range_rate_m_s,
    rate_text,
)
from cosmodrome.errors import InputError
from cosmodrome.mission.onboard import Downlink, Radio, Uplink

GROUND = GroundAntenna(Parabolic(5.0), noise_temperature_k=150.0, power_w=50.0, line_loss_db=1.0)
SVALBARD = Station("svalbard", math.radians(78.23), math.radians(15.39), 450.0, math.radians(5.0),
                   antenna=GROUND)  # fmt: skip
RADIO = Radio(
    GaussianBeam(6.0, math.radians(70.0)),
    "nadir",
    Downlink(8.2e9, 20e6, 4.4, 3.0, power_w=8.0),
    Uplink(2.05e9, 4e3, 9.6, noise_temperature_k=600.0),
)


@pytest.fixture(scope="module")
def passes(world, low):
    return contacts(low, [SVALBARD], world)[:4]


def test_both_ways_of_every_pass(world, low, passes) -> None:
    rows = link_passes(low, [SVALBARD], passes, world, RADIO)
    assert [r.way for r in rows] == ["down", "up"] * len(passes)
    for r in rows:
        own = r.link.margin_db(r.table.range_m, r.table.off_nadir_rad)
        assert r.table.margin_db == pytest.approx(own)
        assert r.worst_margin_db == own.min()
        assert r.best_margin_db == own.max()
        assert r.open_s == pytest.approx(r.contact.duration_s)
        assert r.closes_from_rad == pytest.approx(math.radians(5.0), abs=1e-6)
    # by hand, overhead in the third pass: 8 W, 6 dBi, a dish of 5 m, 150 K, 3 dB
    down = rows[4]
    k = int(np.argmin(down.table.range_m))
    d, off = float(down.table.range_m[k]), math.degrees(down.table.off_nadir_rad[k])
    gain = 10.0 * math.log10(0.6 * (math.pi * 5.0 * 8.2e9 / 299_792_458.0) ** 2)
    hand = (
        9.031 + 6.0 - 12.0 * (off / 70.0) ** 2 - 3.0 - 20.0 * math.log10(d / 1e3) - 92.4478
        - 20.0 * math.log10(8.2) + gain - 21.761 + 228.599 - 73.010 - 4.4
    )  # fmt: skip
    assert down.table.margin_db[k] == pytest.approx(hand, abs=0.002)


def test_doppler_is_the_rate_of_the_range(world, low, passes) -> None:
    for r in link_passes(low, [SVALBARD], passes, world, RADIO):
        t = r.table.t_s[1:-1]
        h = 0.05
        far, near = (look_angles(low, SVALBARD, world, t + s)[2] for s in (h, -h))
        rate = (far - near) / (2.0 * h)
        assert range_rate_m_s(low, SVALBARD, world, t) == pytest.approx(rate, abs=1e-3)
        shift = -r.link.frequency_hz * rate / 299_792_458.0
        assert r.doppler_hz[1:-1] == pytest.approx(shift, abs=0.05)
        # blue on the way in, red on the way out
        assert r.doppler_hz[0] > 0.0 > r.doppler_hz[-1]


def test_a_link_that_never_closes_says_how_far_and_what_would(world, low, passes) -> None:
    assert closing(low, world, [SVALBARD], link_passes(low, [SVALBARD], passes, world, RADIO)) == ()
    down = replace(RADIO.downlink, data_rate_bit_s=20e9)
    greedy = replace(RADIO, downlink=down)
    rows = link_passes(low, [SVALBARD], passes, world, greedy)
    (lacks,) = closing(low, world, [SVALBARD], rows)
    best = max(r.best_margin_db for r in rows if r.way == "down")
    assert lacks.short_db == -best > 0.0
    assert str(lacks).startswith("The link down closes on no pass, at best -")
    # at the rate it names it closes just there
    slower = replace(greedy, downlink=replace(down, data_rate_bit_s=lacks.rate_bit_s))
    again = link_passes(low, [SVALBARD], passes, world, slower)
    assert max(r.best_margin_db for r in again if r.way == "down") == pytest.approx(0.0, abs=1e-9)
    whole = replace(greedy, downlink=replace(down, data_rate_bit_s=lacks.lowest_rate_bit_s))
    least = link_passes(low, [SVALBARD], passes, world, whole)
    assert min(r.worst_margin_db for r in least if r.way == "down") == pytest.approx(0.0, abs=1e-9)


def test_an_elevation_that_no_pass_reaches(world, low, passes) -> None:
    """Only the lowest pass: overhead the same link would close."""
    flat = min(passes, key=lambda c: c.highest.elevation_rad)
    (row,) = (r for r in link_passes(low, [SVALBARD], [flat], world, RADIO) if r.way == "down")
    down = replace(RADIO.downlink, data_rate_bit_s=20e6 * 10.0 ** (row.best_margin_db / 10.0 + 0.3))
    rows = link_passes(low, [SVALBARD], [flat], world, replace(RADIO, downlink=down))
    (lacks,) = closing(low, world, [SVALBARD], rows)
    assert lacks.short_db == pytest.approx(3.0)
    assert lacks.would_close_rad is not None
    assert lacks.elevation_rad < lacks.would_close_rad < math.radians(90.0)
    assert "of elevation on" in str(lacks)
    # 40 dB short is not to be had by standing overhead
    far = replace(down, data_rate_bit_s=down.data_rate_bit_s * 1e4)
    (none,) = closing(low, world, [SVALBARD], link_passes(low, [SVALBARD], [flat], world,
                      replace(RADIO, downlink=far)))  # fmt: skip
    assert none.would_close_rad is None
    assert "not even overhead" in str(none)


def test_figures_of_merit_stand_for_antennas(world, low, passes) -> None:
    ground = GroundAntenna(g_over_t_db_k=30.0, eirp_dbw=50.0)
    radio = Radio(
        downlink=Downlink(8e9, 1e6, 4.0, eirp_dbw=10.0), uplink=Uplink(2e9, 1e3, 9.6,
        g_over_t_db_k=-20.0),
    )  # fmt: skip
    links = links_of(radio, replace(SVALBARD, antenna=ground))
    assert float(links["down"].margin_db(1e6)) == pytest.approx(
        10.0 - 170.51 + 30.0 + 228.60 - 60.0 - 4.0, abs=0.01
    )
    assert float(links["up"].margin_db(1e6)) == pytest.approx(
        50.0 - 158.47 - 20.0 + 228.60 - 30.0 - 9.6, abs=0.01
    )


def test_refusals() -> None:
    with pytest.raises(InputError, match="station svalbard has no antenna"):
        links_of(RADIO, replace(SVALBARD, antenna=None))
    deaf = GroundAntenna(eirp_dbw=50.0)
    with pytest.raises(InputError, match="noise_temperature or g_over_t to hear"):
        links_of(replace(RADIO, uplink=None), replace(SVALBARD, antenna=deaf))
    assert list(links_of(RADIO, replace(SVALBARD, antenna=deaf))) == ["up"]


def test_rates_in_words() -> None:
    assert [rate_text(x) for x in (9600.0, 2.5e6, 1.25e9, 12.0)] == [
        "9.6 kbit/s", "2.5 Mbit/s", "1.25 Gbit/s", "12 bit/s",
    ]  # fmt: skip
