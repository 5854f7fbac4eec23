"""A first guess of a halo orbit: Richardson's series of third order about L1 or L2.

Source: Richardson (1980), Analytic construction of periodic orbits about the collinear points,
Celestial Mechanics 22:241-253. Amplitudes are in units of the distance from the point to the
nearer body. What it leaves out grows with the fourth power of the amplitude.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics.three_body import libration_point

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Series", "halo_guess", "planar_guess", "series"]


@dataclass(frozen=True, slots=True)
class Series:
    """Coefficients of the expansion about one point, by the names of the paper.

    x      of the point; gamma: its distance from the smaller body
    rate   of the linear motion in the plane, and k its ratio of the axes y to x
    """

    x: float
    gamma: float
    rate: float
    k: float
    a: dict[int, float]
    b: dict[int, float]
    d: dict[int, float]
    s1: float
    s2: float
    l1: float
    l2: float
    detuning: float

    def planar_amplitude(self, az: float) -> float:
        """The amplitude along x that goes with one along z."""
        return math.sqrt((-self.l2 * az * az - self.detuning) / self.l1)


def _expansion(point: int, mu: float, gamma: float, n: int) -> float:
    """Legendre coefficient c_n of both pulls about the point."""
    if point == 1:
        far = (1.0 - mu) * gamma ** (n + 1) / (1.0 - gamma) ** (n + 1)
        return (mu + (-1.0) ** n * far) / gamma**3
    far = (1.0 - mu) * gamma ** (n + 1) / (1.0 + gamma) ** (n + 1)
    return (-1.0) ** n * (mu + far) / gamma**3


def series(point: int, mu: float) -> Series:
    """The expansion about L1 or L2."""
    x = libration_point(point, mu)[0]
    gamma = abs(x - 1.0 + mu)
    c2, c3, c4 = (_expansion(point, mu, gamma, n) for n in (2, 3, 4))
    lam2 = 0.5 * (2.0 - c2 + math.sqrt(9.0 * c2 * c2 - 8.0 * c2))
    lam = math.sqrt(lam2)
    k = 2.0 * lam / (lam2 + 1.0 - c2)
    k2 = k * k
    d1 = 3.0 * lam2 / k * (k * (6.0 * lam2 - 1.0) - 2.0 * lam)
    d2 = 8.0 * lam2 / k * (k * (11.0 * lam2 - 1.0) - 2.0 * lam)
    a, b, d = _second(c2, c3, lam, k, d1)
    _third(c2, c3, c4, lam, k, d2, a, b, d)
    scale = 1.0 / (2.0 * lam * (lam * (1.0 + k2) - 2.0 * k))
    s1 = scale * (
        1.5 * c3 * (2.0 * a[21] * (k2 - 2.0) - a[23] * (k2 + 2.0) - 2.0 * k * b[21])
        - 0.375 * c4 * (3.0 * k2 * k2 - 8.0 * k2 + 8.0)
    )
    s2 = scale * (
        1.5 * c3 * (2.0 * a[22] * (k2 - 2.0) + a[24] * (k2 + 2.0) + 2.0 * k * b[22] + 5.0 * d[21])
        + 0.375 * c4 * (12.0 - k2)
    )
    a1 = -1.5 * c3 * (2.0 * a[21] + a[23] + 5.0 * d[21]) - 0.375 * c4 * (12.0 - k2)
    a2 = 1.5 * c3 * (a[24] - 2.0 * a[22]) + 1.125 * c4
    l1, l2 = a1 + 2.0 * lam2 * s1, a2 + 2.0 * lam2 * s2
    return Series(x, gamma, lam, k, a, b, d, s1, s2, l1, l2, lam2 - c2)


def _second(
    c2: float, c3: float, lam: float, k: float, d1: float
) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    """Coefficients of second order of x, y and z."""
    lead = -3.0 * c3 * lam / (4.0 * k * d1)
    a = {
        21: 3.0 * c3 * (k * k - 2.0) / (4.0 * (1.0 + 2.0 * c2)),
        22: 3.0 * c3 / (4.0 * (1.0 + 2.0 * c2)),
        23: lead * (3.0 * k**3 * lam - 6.0 * k * (k - lam) + 4.0),
        24: lead * (2.0 + 3.0 * k * lam),
    }
    b = {21: -1.5 * c3 * lam / d1 * (3.0 * k * lam - 4.0), 22: 3.0 * c3 * lam / d1}
    return a, b, {21: -0.5 * c3 / (lam * lam)}


def _third(
    c2: float,
    c3: float,
    c4: float,
    lam: float,
    k: float,
    d2: float,
    a: dict[int, float],
    b: dict[int, float],
    d: dict[int, float],
) -> None:
    """Coefficients of third order, put beside those of second."""
    lam2, k2 = lam * lam, k * k
    wide, long = 9.0 * lam2 + 1.0 - c2, 9.0 * lam2 + 1.0 + 2.0 * c2
    one = 4.0 * c3 * (k * a[23] - b[21]) + k * c4 * (4.0 + k2)
    two = 3.0 * c3 * (2.0 * a[23] - k * b[21]) + c4 * (2.0 + 3.0 * k2)
    three = 4.0 * c3 * (k * a[24] - b[22]) + k * c4
    four = c3 * (k * b[22] + d[21] - 2.0 * a[24]) - c4
    a[31] = (-2.25 * lam * one + 0.5 * wide * two) / d2
    a[32] = -(2.25 * lam * three + 1.5 * wide * four) / d2
    b[31] = 0.375 / d2 * (-8.0 * lam * two + long * one)
    b[32] = (9.0 * lam * four + 0.375 * long * three) / d2
    d[31] = 3.0 / (64.0 * lam2) * (4.0 * c3 * a[24] + c4)
    d[32] = 3.0 / (64.0 * lam2) * (4.0 * c3 * (a[23] - d[21]) + c4 * (4.0 + k2))


def halo_guess(point: int, mu: float, az: float, *, north: bool) -> tuple[Array, float]:
    """State (6,) at the crossing of y = 0 where |z| is largest, and half the period.

    az  amplitude along z over the distance of the point to the smaller body
    That crossing lies on the side of the point away from the smaller body.
    """
    e = series(point, mu)
    ax = e.planar_amplitude(az)
    a, b, d = e.a, e.b, e.d
    # the phase is 0 for L1 and half a turn for L2: odd harmonics change their sign
    odd = 1.0 if point == 1 else -1.0
    x = (a[21] + a[23]) * ax**2 + (a[22] - a[24]) * az**2
    x += odd * (-ax + a[31] * ax**3 - a[32] * ax * az**2)
    z = odd * (az + d[32] * az * ax**2 - d[31] * az**3) - 2.0 * d[21] * ax * az
    speed = odd * (e.k * ax + 3.0 * (b[31] * ax**3 - b[32] * ax * az**2))
    speed += 2.0 * (b[21] * ax**2 - b[22] * az**2)
    rate = e.rate * (1.0 + e.s1 * ax**2 + e.s2 * az**2)
    side = math.copysign(1.0, z) * (1.0 if north else -1.0)
    first = e.gamma * np.array([x, 0.0, side * z, 0.0, rate * speed, 0.0])
    first[0] += e.x
    return first, math.pi / rate


def planar_guess(point: int, mu: float, ax: float) -> tuple[Array, float]:
    """As `halo_guess` for an orbit in the plane: the linear motion of amplitude `ax` along x."""
    e = series(point, mu)
    y0 = np.array([e.x - e.gamma * ax, 0.0, 0.0, 0.0, e.gamma * e.rate * e.k * ax, 0.0])
    return y0, math.pi / e.rate
