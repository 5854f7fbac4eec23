"""The geostationary orbit, and what a transfer orbit still lacks to it.

Impulses in the point-mass field (Vallado 2013, section 6.3 and 6.5.1):

* apogee at or above the geostationary radius: one burn there lifts the perigee to that radius
  and turns the plane, dv^2 = v1^2 + v2^2 - 2 v1 v2 cos i; a second, at the new perigee, lowers
  the apogee. At the geostationary height itself the second is nothing.
* apogee below it: a burn at perigee lifts the apogee to it first.

The whole turn of the plane is made in the burn at apogee.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq

from cosmodrome.errors import InfeasibleError
from cosmodrome.world.bodies import EARTH, EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S

__all__ = [
    "GEOSTATIONARY_RADIUS_M",
    "HALF_DAY_AXIS_M",
    "delta_v_to_geostationary",
    "transfer_apogee",
    "transfer_inclination",
]

_MU = EARTH.mu_m3_s2
#: radius of a circle that turns with the Earth, m
GEOSTATIONARY_RADIUS_M = (_MU / OMEGA_EARTH_RAD_S**2) ** (1.0 / 3.0)
#: semi-major axis of half a sidereal day, m
HALF_DAY_AXIS_M = GEOSTATIONARY_RADIUS_M * 0.25 ** (1.0 / 3.0)
_CIRCULAR = math.sqrt(_MU / GEOSTATIONARY_RADIUS_M)
_LOWEST_APOGEE_M = EARTH_EQUATORIAL_RADIUS_M + 1_000e3
_HIGHEST_APOGEE_M = EARTH_EQUATORIAL_RADIUS_M + 380_000e3


def _speed(at_m: float, other_m: float) -> float:
    """Speed at one apsis, m/s, of the ellipse between two apsidal radii."""
    return math.sqrt(2.0 * _MU * other_m / (at_m * (at_m + other_m)))


def delta_v_to_geostationary(perigee_m: float, apogee_m: float, inclination_rad: float) -> float:
    """What remains from a transfer orbit to the geostationary one, m/s; radii in m."""
    to = GEOSTATIONARY_RADIUS_M
    lift = 0.0
    if apogee_m < to:
        lift = _speed(perigee_m, to) - _speed(perigee_m, apogee_m)
        apogee_m = to
    before, after = _speed(apogee_m, perigee_m), _speed(apogee_m, to)
    turn = math.sqrt(before**2 + after**2 - 2.0 * before * after * math.cos(inclination_rad))
    return lift + turn + _speed(to, apogee_m) - _CIRCULAR


def transfer_inclination(perigee_m: float, delta_v_m_s: float) -> float:
    """Inclination, rad, of the transfer orbit to that height that lacks `delta_v_m_s`.

    From the one burn at apogee: cos i = (v1^2 + v2^2 - dv^2) / (2 v1 v2).
    Raises InfeasibleError where no plane makes it so much, or so little.
    """
    to = GEOSTATIONARY_RADIUS_M
    before = _speed(to, perigee_m)
    least, most = _CIRCULAR - before, _CIRCULAR + before
    if not least <= delta_v_m_s <= most:
        raise InfeasibleError(
            f"a transfer orbit from {(perigee_m - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.0f} km to the"
            f" geostationary height lacks {least:.1f} m/s in the equator's plane and"
            f" {most:.1f} m/s against the Earth's turn, never {delta_v_m_s:g} m/s; say the"
            " inclination too, and a higher or lower apogee follows: gto 1400 m/s 6 deg"
        )
    cosine = (before**2 + _CIRCULAR**2 - delta_v_m_s**2) / (2.0 * before * _CIRCULAR)
    return math.acos(max(-1.0, min(1.0, cosine)))


def transfer_apogee(perigee_m: float, delta_v_m_s: float, inclination_rad: float) -> float:
    """Radius of the apogee, m, at which the transfer orbit lacks `delta_v_m_s`.

    Above 1,000 km and below the Moon's distance (380,000 km); raises InfeasibleError outside.
    """

    def excess(apogee_m: float) -> float:
        return delta_v_to_geostationary(perigee_m, apogee_m, inclination_rad) - delta_v_m_s

    most, least = excess(_LOWEST_APOGEE_M), excess(_HIGHEST_APOGEE_M)
    if not least <= 0.0 <= most:
        raise InfeasibleError(
            f"at {math.degrees(inclination_rad):.2f} deg a transfer orbit lacks between"
            f" {least + delta_v_m_s:.0f} m/s (apogee at 380,000 km) and"
            f" {most + delta_v_m_s:.0f} m/s (apogee at 1,000 km), not {delta_v_m_s:g} m/s; ask for"
            " a delta-v between the two"
        )
    return float(brentq(excess, _LOWEST_APOGEE_M, _HIGHEST_APOGEE_M, xtol=1e-3))
