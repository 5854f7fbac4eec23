"""The mean Sun, sidereal time and UT1 by formulas older than the ones the world uses.

Aoki et al. (1982) for Greenwich mean sidereal time, hence the fictitious mean Sun; the four
largest nutation terms (IAU 1980) for the equation of the equinoxes. Good to 0.05 s of time
for a century around 2000, which is far below any tolerance they judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = [
    "MEAN_SUN_RATE_RAD_S",
    "apparent_sidereal_angle",
    "days_tt",
    "equation_of_equinoxes",
    "mean_sun_right_ascension",
    "ut1_days",
    "ut1_minus_utc_s",
]

TWO_PI = 2.0 * np.pi
DAY = 86400.0
# one turn against the equinox of date per tropical year (365.2421897 d)
MEAN_SUN_RATE_RAD_S = TWO_PI / (365.2421897 * DAY)


def ut1_days(epoch: Epoch, world: World) -> float:
    """UT1 as days since 2000-01-01T12:00 UT1, from the Earth rotation angle.

    ERA = 2 pi (0.7790572732640 + 1.00273781191135448 d) (Capitaine et al. 2000), inverted; the
    whole turns are counted with UTC, which is never a tenth of a turn away.
    """
    turns = float(world.orientation.era_rad(epoch)) / TWO_PI
    day, fraction = epoch.jd_utc
    d_utc = (day - 2451545.0) + fraction
    expected = 0.7790572732640 + 1.00273781191135448 * d_utc
    whole = round(expected - turns)
    # (turns + whole - expected) first: small numbers keep the microseconds
    return d_utc + (turns + whole - expected) / 1.00273781191135448


def ut1_minus_utc_s(epoch: Epoch, world: World) -> float:
    """UT1 - UTC in s, to about 10 us."""
    day, fraction = epoch.jd_utc
    return (ut1_days(epoch, world) - (day - 2451545.0) - fraction) * DAY


def days_tt(epoch: Epoch) -> float:
    """Days of TT since J2000."""
    day, fraction = epoch.jd_tt
    return (day - 2451545.0) + fraction


def mean_sun_right_ascension(d_ut1: float) -> float:
    """Right ascension of the fictitious mean Sun, mean equinox of date, rad (Aoki et al. 1982)."""
    t = d_ut1 / 36525.0
    seconds = 67310.54841 + (8640184.812866 + (0.093104 - 6.2e-6 * t) * t) * t
    # GMST - UT1 + 12 h with UT1 counted from noon; 67310.54841 s = 18h41m50.54841s
    return float(np.mod(seconds / DAY * TWO_PI, TWO_PI))


def equation_of_equinoxes(d_tt: float) -> float:
    """Apparent minus mean sidereal time, rad: the four largest terms of nutation in longitude."""
    t = d_tt / 36525.0
    node = np.radians(125.04452 - 1934.136261 * t)
    sun = np.radians(280.4665 + 36000.7698 * t)
    moon = np.radians(218.3165 + 481267.8813 * t)
    arcsec = (
        -17.20 * np.sin(node)
        - 1.32 * np.sin(2.0 * sun)
        - 0.23 * np.sin(2.0 * moon)
        + 0.21 * np.sin(2.0 * node)
    )
    return float(np.radians(arcsec / 3600.0) * np.cos(np.radians(23.4393 - 0.0130 * t)))


def apparent_sidereal_angle(epoch: Epoch, world: World) -> float:
    """Greenwich apparent sidereal time by the 1982 formula, rad."""
    d = ut1_days(epoch, world)
    mean = mean_sun_right_ascension(d) + TWO_PI * np.mod(d, 1.0)
    return float(np.mod(mean + equation_of_equinoxes(days_tt(epoch)), TWO_PI))
