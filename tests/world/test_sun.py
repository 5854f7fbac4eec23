"""The mean Sun and local times of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InputError
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.orientation import EarthOrientation
from cosmodrome.world.sun import (
    local_time_of_node_h,
    mean_sun_right_ascension_rad,
    node_of_local_time_rad,
)

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EARTH = EarthOrientation.shipped()
WHEN = st.integers(-37, 60).map(lambda y: Epoch(y * 31_557_600_000_000_000 + 77_777_777_777_777))


def turn(angle: float) -> float:
    return float(np.remainder(angle + np.pi, 2.0 * np.pi) - np.pi)


def test_newcombs_expression() -> None:
    # Newcomb's R.A. of the fictitious mean Sun, as in the definition of GMST of 1982 (Aoki et
    # al. 1982, A&A 105:359): 18h41m50.54841s + 8640184.812866 T + 0.093104 T^2, T in
    # Julian centuries of UT1 from 2000 January 1, 12h UT1
    for text in ("1985-06-01T12:00:00Z", "2000-01-01T12:00:00Z", "2027-03-01T05:41:46Z"):
        epoch = Epoch.from_utc(text)
        ut1_s = epoch.ns / 1e9 - 32.184 + EARTH.ut1_minus_tai_s(epoch)
        t = ut1_s / 86400.0 / 36525.0
        seconds = 18 * 3600 + 41 * 60 + 50.54841 + 8640184.812866 * t + 0.093104 * t**2
        expected = seconds * 2.0 * np.pi / 86400.0
        ours = mean_sun_right_ascension_rad(epoch, EARTH, equinox="mean")
        # IAU 2006 precession differs from that of 1976 by 0.3 arcsec a century
        assert abs(turn(ours - expected)) < 0.15 / 206264.8


def test_true_and_mean_equinox_differ_by_the_equation_of_the_equinoxes() -> None:
    epoch = Epoch.from_utc("2027-03-01T05:41:46Z")
    gap = turn(
        mean_sun_right_ascension_rad(epoch, EARTH)
        - mean_sun_right_ascension_rad(epoch, EARTH, equinox="mean")
    )
    assert gap == pytest.approx(float(erfa.ee06a(*epoch.jd_tt)), abs=1e-11)
    with pytest.raises(InputError, match="write 'true' or 'mean'"):
        mean_sun_right_ascension_rad(epoch, equinox="newcomb")  # type: ignore[arg-type]


@given(WHEN)
def test_without_orientation_ut1_is_utc(epoch: Epoch) -> None:
    if abs(EARTH.ut1_minus_utc_s(epoch)) < 0.9:
        gap = turn(mean_sun_right_ascension_rad(epoch) - mean_sun_right_ascension_rad(epoch, EARTH))
        assert abs(gap) < 1.8e-7


def test_the_equation_of_time(shipped_world: World) -> None:
    # apparent minus mean solar time (Nautical Almanac, to the minute): 11 February -14.2 min,
    # 14 May +3.7, 26 July -6.5, 3 November +16.4
    for day, minutes in (("02-11", -14.2), ("05-14", 3.7), ("07-26", -6.5), ("11-03", 16.4)):
        epoch = Epoch.from_utc(f"2027-{day}T12:00:00Z")
        x, y, _ = shipped_world.orientation.tod_from_gcrf(epoch).vector(
            shipped_world.ephemeris.position_m("sun", epoch)
        )
        apparent = np.arctan2(y, x)
        gap = turn(mean_sun_right_ascension_rad(epoch, EARTH) - apparent)
        assert gap * 720.0 / np.pi == pytest.approx(minutes, abs=0.1)


@given(WHEN, st.floats(0.0, 24.0, exclude_max=True))
def test_local_time_and_node_are_inverse(epoch: Epoch, hours: float) -> None:
    node = node_of_local_time_rad(hours, epoch, EARTH)
    back = local_time_of_node_h(node, epoch, EARTH)
    assert abs(np.remainder(back - hours + 12.0, 24.0) - 12.0) < 1e-12


@given(WHEN, st.floats(-np.pi, np.pi))
def test_local_time_is_ut1_plus_east_longitude(epoch: Epoch, node: float) -> None:
    # the meridian below the node has longitude RAAN - GAST; a mean-time clock there shows
    # UT1 + longitude
    longitude = node - EARTH.gast_rad(epoch)
    ut1_s = epoch.ns / 1e9 - 32.184 + EARTH.ut1_minus_tai_s(epoch) + 43200.0
    clock = np.mod(ut1_s / 3600.0 + np.degrees(longitude) / 15.0, 24.0)
    ours = local_time_of_node_h(node, epoch, EARTH)
    assert abs(np.remainder(ours - clock + 12.0, 24.0) - 12.0) < 1e-9
