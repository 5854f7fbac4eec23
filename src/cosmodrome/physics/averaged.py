"""Zonal harmonics averaged over a revolution: how mean orbits drift, at any eccentricity.

The zonal potential is averaged over the mean anomaly by a quadrature that is exact. With the
e vector (ex, ey) along the node and 90 deg ahead of it, u the argument of latitude and
w = 1 + ex cos u + ey sin u = p/r, dM = r^2/(a^2 eta) du turns the average of

    R = -mu/r sum_l J_l (re/r)^l P_l(sin i sin u)

into that of a trigonometric polynomial in u of degree 2 l - 1, which evenly spaced points sum
without error: no series in e or i, and no special functions of Kaula (1966, sec. 3.3), whose
averaged terms these are. Lagrange's equations in ex and ey (Kaula 1966, eq. 3.38, with the e
vector for e and argp) then give the rates; the secular terms of J2^2 are Brouwer's (1959, AJ 64,
378, p. 393 ff.). Left out: long-period terms of J2^2 (e^2 of the secular ones), the Sun, the
Moon, and the tesseral harmonics, which average to nothing unless the orbit is in step with them.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.gravity import GravityField

__all__ = ["MeanRates", "mean_node_rate", "mean_rates", "zonals"]

#: frozen orbits in low orbit feel the zonals up to about here (Rosborough & Ocampo 1991)
_HIGHEST = 60


@dataclass(frozen=True, slots=True)
class MeanRates:
    """Rates of mean elements, per second.

    ex, ey         of the e vector along the node and 90 deg ahead of it
    i_rad_s        inclination
    node_rad_s     right ascension of the ascending node
    latitude_rad_s M + argp: its turn is the nodal period
    perigee_rad_s  argument of perigee, by the turn of the e vector; NaN for a circle
    """

    ex: float
    ey: float
    i_rad_s: float
    node_rad_s: float
    latitude_rad_s: float
    perigee_rad_s: float


@functools.lru_cache(maxsize=8)
def zonals(gravity: GravityField) -> tuple[float, ...]:
    """(0, 0, J_2, J_3, ...) of a field, as far as they matter to an orbit."""
    highest = min(gravity.degree, _HIGHEST)
    return (0.0, 0.0, *(gravity.zonal_j(k) for k in range(2, highest + 1)))


def _averaged(y: NDArray[np.complex128], gravity: GravityField) -> NDArray[np.complex128]:
    """<R>, m^2/s^2, of k orbits `y` (k, 4): a, ex, ey, i; analytic, so complex steps work."""
    j = zonals(gravity)
    points = 2 * len(j)
    u = np.arange(points) * (2.0 * math.pi / points)
    a, ex, ey, i = (y[:, k, None] for k in range(4))
    eta2 = 1.0 - ex * ex - ey * ey
    q = gravity.radius_m / (a * eta2) * (1.0 + ex * np.cos(u) + ey * np.sin(u))
    x = np.sin(i) * np.sin(u)
    below, here = np.ones_like(x), x
    power = np.ones_like(q)
    total = np.zeros_like(q * x)
    for degree in range(2, len(j)):
        below, here = here, ((2 * degree - 1) * x * here - (degree - 1) * below) / degree
        power = power * q
        total = total + j[degree] * power * here
    scale = -gravity.mu_m3_s2 * gravity.radius_m / (a * a * np.sqrt(eta2))
    averaged: NDArray[np.complex128] = np.mean(scale * total, axis=1)
    return averaged


def mean_rates(a_m: float, ex: float, ey: float, i_rad: float, gravity: GravityField) -> MeanRates:
    """Rates of the mean elements a, (ex, ey), i under every zonal harmonic of `gravity` up to J60.

    First order in each, and J2^2 for the secular part; a does not change. The mean elements are
    averages of the osculating ones over a revolution (`dynamics.mean`). e below 1, and i between
    0 and pi, both left out: there the node is no element.
    """
    mu, re = gravity.mu_m3_s2, gravity.radius_m
    base = np.array([a_m, ex, ey, i_rad], dtype=np.complex128)
    y = np.tile(base, (4, 1))
    y[np.arange(4), np.arange(4)] += 1e-30j * np.array([a_m, 1.0, 1.0, 1.0])
    by_a, by_ex, by_ey, by_i = _averaged(y, gravity).imag / 1e-30
    by_a /= a_m
    e2 = ex * ex + ey * ey
    eta = math.sqrt(1.0 - e2)
    n = math.sqrt(mu / a_m**3)
    na2 = n * a_m * a_m
    theta, sine = math.cos(i_rad), math.sin(i_rad)
    second_latitude, second_perigee, second_node = _second_order(
        gravity.zonal_j(2) * (re / a_m) ** 2, eta, theta
    )
    node = by_i / (na2 * eta * sine)
    turn = -theta * node + n * second_perigee
    ex_rate = -eta / na2 * by_ey - ey * turn
    ey_rate = eta / na2 * by_ex + ex * turn
    latitude = (
        n * (1.0 + second_latitude)
        - 2.0 / (n * a_m) * by_a
        + eta / ((1.0 + eta) * na2) * (ex * by_ex + ey * by_ey)
        - theta * node
    )
    return MeanRates(
        float(ex_rate),
        float(ey_rate),
        float(theta / (na2 * eta * sine) * (ex * by_ey - ey * by_ex)),
        float(node + n * second_node),
        float(latitude),
        float((ex * ey_rate - ey * ex_rate) / e2) if e2 > 0.0 else math.nan,
    )


def mean_node_rate(
    a_m: float, e: float, i_rad: float, argp_rad: tuple[float, ...], gravity: GravityField
) -> float:
    """`mean_rates(...).node_rad_s`, averaged over some arguments of perigee at once."""
    y = np.empty((len(argp_rad), 4), dtype=np.complex128)
    y[:, 0], y[:, 3] = a_m, i_rad + 1e-30j
    y[:, 1], y[:, 2] = e * np.cos(argp_rad), e * np.sin(argp_rad)
    by_i = float(np.mean(_averaged(y, gravity).imag)) / 1e-30
    eta = math.sqrt(1.0 - e * e)
    n = math.sqrt(gravity.mu_m3_s2 / a_m**3)
    k = gravity.zonal_j(2) * (gravity.radius_m / a_m) ** 2
    second = _second_order(k, eta, math.cos(i_rad))[2]
    return by_i / (n * a_m * a_m * eta * math.sin(i_rad)) + n * second


def _second_order(k: float, eta: float, theta: float) -> tuple[float, float, float]:
    """Secular J2^2 rates of M + argp, argp and node, of the mean motion; k = J2 (re/a)^2.

    Brouwer (1959, p. 393), gamma_2' = k / (2 eta^4).
    """
    g = 0.5 * k / eta**4
    t2, e2 = theta * theta, eta * eta
    anomaly = (
        3.0
        / 32.0
        * g**2
        * eta
        * (
            -15.0
            + 16.0 * eta
            + 25.0 * e2
            + (30.0 - 96.0 * eta - 90.0 * e2) * t2
            + (105.0 + 144.0 * eta + 25.0 * e2) * t2 * t2
        )
    )
    perigee = (
        3.0
        / 32.0
        * g**2
        * (
            -35.0
            + 24.0 * eta
            + 25.0 * e2
            + (90.0 - 192.0 * eta - 126.0 * e2) * t2
            + (385.0 + 360.0 * eta + 45.0 * e2) * t2 * t2
        )
    )
    node = (
        0.375
        * g**2
        * ((9.0 * e2 + 12.0 * eta - 5.0) + (-5.0 * e2 - 36.0 * eta - 35.0) * t2)
        * theta
    )
    return anomaly + perigee, perigee, node
