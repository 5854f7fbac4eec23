"""How fast a mean orbit's node turns, and which inclination turns it with the mean Sun."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.optimize import brentq

from cosmodrome.errors import InfeasibleError

if TYPE_CHECKING:
    from cosmodrome.world.gravity import GravityField

__all__ = ["MEAN_SUN_RATE_RAD_S", "TROPICAL_YEAR_D", "node_rate", "sun_synchronous_inclination"]

# mean tropical year at J2000, days of 86,400 s: Simon et al. (1994), A&A 282, 663
TROPICAL_YEAR_D = 365.24219
# the fictitious mean Sun goes once round the equinox of date in a tropical year
MEAN_SUN_RATE_RAD_S = 2.0 * math.pi / (TROPICAL_YEAR_D * 86400.0)
_HIGHEST_EVEN = 20


def _legendre(n: int, x: float) -> tuple[float, float]:
    """P_n(x) and its derivative by the three-term recursion (no division at x = +-1)."""
    p0, p1 = 1.0, x
    d0, d1 = 0.0, 1.0
    for k in range(2, n + 1):
        p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
        d0, d1 = d1, d0 + (2 * k - 1) * p0
    return p1, d1


def node_rate(a_m: float, e: float, i_rad: float, gravity: GravityField) -> float:
    """Secular rate of the right ascension of the ascending node, rad/s.

    a_m, e, i_rad: mean elements. Brouwer (1959, AJ 64, 378) for J2, J2^2 and J4 at any
    eccentricity; the even zonals from J6 to J20 by the averaged potential of a circular orbit,
    dOmega/dt = n sum J_l (R/a)^l P_l(0) P_l'(cos i) (Kaula 1966, sec. 3.3 with e = 0), which
    leaves their e^2 part out: below 1e-4 of the rate for e < 0.2. The Sun and the Moon are left
    out: about 2e-5 of the rate of a low orbit.
    """
    mu, re = gravity.mu_m3_s2, gravity.radius_m
    n = math.sqrt(mu / a_m**3)
    theta = math.cos(i_rad)
    eta2 = 1.0 - e * e
    eta = math.sqrt(eta2)
    ratio = re / a_m
    g2 = 0.5 * gravity.zonal_j(2) * ratio**2 / eta2**2
    g4 = -0.375 * gravity.zonal_j(4) * ratio**4 / eta2**4 if gravity.degree >= 4 else 0.0
    rate = (
        -3.0 * g2
        + 0.375
        * g2**2
        * ((9.0 * eta2 + 12.0 * eta - 5.0) + (-5.0 * eta2 - 36.0 * eta - 35.0) * theta**2)
        + 1.25 * g4 * (5.0 - 3.0 * eta2) * (3.0 - 7.0 * theta**2)
    ) * theta
    for degree in range(6, min(gravity.degree, _HIGHEST_EVEN) + 1, 2):
        at_zero, _ = _legendre(degree, 0.0)
        _, slope = _legendre(degree, theta)
        rate += gravity.zonal_j(degree) * ratio**degree * at_zero * slope
    return n * rate


def sun_synchronous_inclination(a_m: float, e: float, gravity: GravityField) -> float:
    """Mean inclination, rad, at which the node keeps pace with the mean Sun.

    Raises InfeasibleError above the height where even the best inclination turns too slowly.
    """

    def excess(i: float) -> float:
        return node_rate(a_m, e, i, gravity) - MEAN_SUN_RATE_RAD_S

    # dOmega/dt ~ -cos i grows from 0 at 90 deg to its largest near 180 deg
    low, high = 0.5 * math.pi, math.pi
    if excess(high) < 0.0:
        fastest = math.degrees(node_rate(a_m, e, high, gravity)) * 86400.0
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
    return float(brentq(excess, low, high, xtol=1e-14))
