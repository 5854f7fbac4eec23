"""Mean orbits that keep something: pace with the Sun, their perigee, their ground track.

All are zeros of the averaged rates of `physics.averaged`. What the Sun, the Moon and the tesseral
harmonics add is left to the flight in full dynamics.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from scipy.optimize import brentq

from cosmodrome.errors import InfeasibleError
from cosmodrome.physics.averaged import mean_node_rate, mean_rates
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from cosmodrome.world.gravity import GravityField

__all__ = [
    "MEAN_SUN_RATE_RAD_S",
    "TROPICAL_YEAR_D",
    "frozen_eccentricity",
    "node_rate",
    "repeat_axis",
    "sun_synchronous_inclination",
    "sun_synchronous_repeat",
]

# mean tropical year at J2000, days of 86,400 s: Simon et al. (1994), A&A 282, 663
TROPICAL_YEAR_D = 365.24219
# the fictitious mean Sun goes once round the equinox of date in a tropical year
MEAN_SUN_RATE_RAD_S = 2.0 * math.pi / (TROPICAL_YEAR_D * 86400.0)
_HALF_PI = 0.5 * math.pi
# a perigee that turns is met at evenly spaced places; long-period terms above go with e^8
_PERIGEES = tuple(2.0 * math.pi * k / 8 for k in range(8))
# a frozen e vector longer than this belongs to the critical inclination, where none is held
_LONGEST = 0.05
_FLOOR_M = EARTH_EQUATORIAL_RADIUS_M + 100e3


def node_rate(
    a_m: float, e: float, i_rad: float, gravity: GravityField, argp_rad: float | None = None
) -> float:
    """Secular rate of the right ascension of the ascending node, rad/s.

    a_m, e, i_rad  mean elements
    argp_rad       where the perigee is held; None: the average over all its places
    Zonals to J60 and J2^2 (`averaged.mean_rates`). The Sun and the Moon are left out: about 2e-5
    of the rate of a low orbit.
    """
    # of an equatorial orbit the limit: there the node's rate is that of its neighbours
    i = min(max(i_rad, 1e-6), math.pi - 1e-6)
    perigees = (0.0,) if e == 0.0 else _PERIGEES if argp_rad is None else (argp_rad,)
    return mean_node_rate(a_m, e, i, perigees, gravity)


def sun_synchronous_inclination(
    a_m: float, e: float, gravity: GravityField, argp_rad: float | None = None
) -> float:
    """Mean inclination, rad, at which the node keeps pace with the mean Sun.

    argp_rad as in `node_rate`. Raises InfeasibleError above the height where even the best
    inclination turns too slowly.
    """

    def rate(i: float) -> float:
        return node_rate(a_m, e, i, gravity, argp_rad)

    # dOmega/dt ~ -cos i grows from 0 at 90 deg to its largest near 180 deg
    low, high = _HALF_PI, math.pi
    if rate(high) < MEAN_SUN_RATE_RAD_S:
        fastest = math.degrees(rate(high)) * 86400.0
        wanted = math.degrees(MEAN_SUN_RATE_RAD_S) * 86400.0
        top = (
            1.5
            * gravity.zonal_j(2)
            * gravity.radius_m**2
            * math.sqrt(gravity.mu_m3_s2)
            / MEAN_SUN_RATE_RAD_S
        ) ** (2.0 / 7.0)
        raise InfeasibleError(
            f"no Sun-synchronous orbit at a = {a_m / 1e3:.1f} km: the node turns by at most"
            f" {fastest:.4f} deg a day there and the mean Sun by {wanted:.4f}; ask for an altitude"
            f" below about {(top - 6378137.0) / 1e3:.0f} km"
        )
    return float(brentq(lambda i: rate(i) - MEAN_SUN_RATE_RAD_S, low, high, xtol=1e-13))


@functools.lru_cache(maxsize=64)
def frozen_eccentricity(a_m: float, i_rad: float, gravity: GravityField) -> float:
    """ey of the mean e vector (0, ey) that stands still: positive at argp 90 deg, negative at 270.

    The odd zonals push the e vector along the node and the even ones turn it; it rests where the
    two cancel (Cook 1966, Planet. Space Sci. 14, 433; Rosborough & Ocampo 1991, AAS 91-428: by
    the field to high degree). To J3 alone it is -J3/(2 J2) (re/a) sin i.

    Raises InfeasibleError near the critical inclinations 63.43 and 116.57 deg, where nothing
    turns it back, and close to the equator's plane, where nothing pushes.
    """

    def push(ey: float) -> float:
        return mean_rates(a_m, 0.0, ey, i_rad, gravity).ex

    here = 0.0
    slope = (push(1e-4) - push(-1e-4)) / 2e-4
    for _ in range(20):
        step = push(here) / slope if slope != 0.0 else math.inf
        if not abs(here - step) <= _LONGEST:
            raise InfeasibleError(
                f"no orbit of small eccentricity is frozen at i = {math.degrees(i_rad):.3f} deg:"
                " near 63.43 and 116.57 deg the perigee hardly turns, and an e vector of more than"
                f" {_LONGEST:g} would be needed to balance the odd zonals. At the critical"
                " inclination the perigee stands at any eccentricity: write kind: molniya or"
                " kind: elliptic; else ask for an inclination a degree or more away"
            )
        here -= step
        if abs(step) < 1e-13:
            break
    return here


@functools.lru_cache(maxsize=64)
def repeat_axis(
    revolutions: int,
    days: int,
    i_rad: float,
    gravity: GravityField,
    e: float = 0.0,
    argp_rad: float = _HALF_PI,
) -> float:
    """Mean a, m, whose ground track closes after `revolutions` in `days` turns under the node.

    Days are nodal: turns of the Earth against the orbit's node (a mean solar day where the orbit
    is Sun-synchronous). (M + argp)' / (omega - node') = revolutions / days.
    Raises InfeasibleError where such an orbit would lie inside the Earth.
    """
    ratio = revolutions / days
    guess = (gravity.mu_m3_s2 / (ratio * OMEGA_EARTH_RAD_S) ** 2) ** (1.0 / 3.0)
    if not guess * (1.0 - e) > _FLOOR_M:
        raise InfeasibleError(
            f"{revolutions} orbits in {days} day{'s' * (days > 1)} is {ratio:.3f} a day: a mean"
            f" altitude of {(guess - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.0f} km; ask for fewer than"
            " 16.5 a day"
        )
    ex, ey = e * math.cos(argp_rad), e * math.sin(argp_rad)

    def excess(a: float) -> float:
        rates = mean_rates(a, ex, ey, i_rad, gravity)
        return rates.latitude_rad_s / (OMEGA_EARTH_RAD_S - rates.node_rad_s) - ratio

    low, high = max(0.98 * guess, _FLOOR_M / (1.0 - e) - 50e3), 1.02 * guess
    if excess(low) * excess(high) > 0.0:
        raise InfeasibleError(
            f"no orbit of {math.degrees(i_rad):.2f} deg repeats after {revolutions} revolutions in"
            f" {days} days above {(_FLOOR_M - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.0f} km; ask for"
            " fewer revolutions a day"
        )
    return float(brentq(excess, low, high, xtol=1e-4, rtol=1e-15))


@functools.lru_cache(maxsize=64)
def sun_synchronous_repeat(
    revolutions: int, days: int, gravity: GravityField, *, frozen: bool = False
) -> tuple[float, float, float]:
    """Mean a (m), ey at argp 90 deg, and i (rad) of a Sun-synchronous orbit that repeats.

    frozen  with the frozen e vector instead of none
    """
    ey, i = 0.0, math.radians(98.0)
    a = repeat_axis(revolutions, days, i, gravity)
    for _ in range(30):
        before = a
        i = sun_synchronous_inclination(a, abs(ey), gravity, math.copysign(_HALF_PI, ey))
        if frozen:
            ey = frozen_eccentricity(a, i, gravity)
        a = repeat_axis(revolutions, days, i, gravity, abs(ey), math.copysign(_HALF_PI, ey))
        if abs(a - before) < 1e-3:
            break
    return a, ey, i
