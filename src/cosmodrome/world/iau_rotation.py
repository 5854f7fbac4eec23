"""Rotation of the Sun, the planets and the Moon as the IAU working group gives it.

Pole right ascension alpha, declination delta and prime meridian W against ICRF (Archinal et al.
2018, Celest. Mech. Dyn. Astron. 130:22, with its correction of 2019; the Moon's from Archinal et
al. 2011, ibid. 109:101, the last report that has them):

    alpha = a0 + a1 T + sum A sin(theta),   delta = d0 + d1 T + sum D cos(theta)
    W = w0 + w1 d + w2 d^2 + sum P sin(theta),   theta = t0 + t1 T

T in Julian centuries of 36,525 days and d in days of TDB since J2000, degrees. The fixed axes
are R3(W) R1(90 deg - delta) R3(90 deg + alpha) of the ICRF.

"iau-mars-1991" are the older axes of Mars (Davies et al. 1992, ibid. 53:377), whose prime
meridian lies 0.24 deg (14 km) from today's: gravity fields before about 2002 belong to them. They
are taken as they lay on the ground at J2000, within a year of those fields' data, and turn as Mars
is known to turn today; the report's own rate would carry them 0.2 millidegrees a year off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.turns import turns_313

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["IAU", "Elements", "fixed_from_icrf"]

_DEG = np.pi / 180.0
_DAY = 86400.0
_CENTURY_DAYS = 36525.0


@dataclass(frozen=True, slots=True)
class Elements:
    """Degrees; rates of the pole per century, of the meridian per day (and day squared).

    ra, dec, w  coefficients of the periodic terms, one for each of `theta` (or none)
    theta       (constant, rate per century) of each argument
    """

    pole: tuple[float, float, float, float]
    meridian: tuple[float, float, float]
    theta: tuple[tuple[float, float], ...] = ()
    ra: tuple[float, ...] = ()
    dec: tuple[float, ...] = ()
    w: tuple[float, ...] = ()


_MERCURY_THETA = tuple(
    (t0, rate * _CENTURY_DAYS)
    for t0, rate in (
        (174.7910857, 4.092335),
        (349.5821714, 8.184670),
        (164.3732571, 12.277005),
        (339.1643429, 16.369340),
        (153.9554286, 20.461675),
    )
)
_O5 = (0.0,) * 5

IAU: dict[str, Elements] = {
    "iau-sun": Elements((286.13, 0.0, 63.87, 0.0), (84.176, 14.1844, 0.0)),
    "iau-mercury": Elements(
        (281.0103, -0.0328, 61.4155, -0.0049),
        (329.5988, 6.1385108, 0.0),
        _MERCURY_THETA,
        w=(0.01067257, -0.00112309, -0.00011040, -0.00002539, -0.00000571),
    ),
    "iau-venus": Elements((272.76, 0.0, 67.16, 0.0), (160.20, -1.4813688, 0.0)),
    "iau-mars": Elements(
        (317.269202, -0.10927547, 54.432516, -0.05827105),
        (176.049863, 350.891982443297, 0.0),
        (
            (198.991226, 19139.4819985), (226.292679, 38280.8511281),
            (249.663391, 57420.7251593), (266.183510, 76560.6367950), (79.398797, 0.5042615),
            (122.433576, 19139.9407476), (43.058401, 38280.8753272),
            (57.663379, 57420.7517205), (79.476401, 76560.6495004), (166.325722, 0.5042615),
            (129.071773, 19140.0328244), (36.352167, 38281.0473591),
            (56.668646, 57420.9295360), (67.364003, 76560.2552215),
            (104.792680, 95700.4387578), (95.391654, 0.5042615),
        ),
        ra=(0.000068, 0.000238, 0.000052, 0.000009, 0.419057, *_O5, *_O5, 0.0),
        dec=(*_O5, 0.000051, 0.000141, 0.000031, 0.000005, 1.591274, *_O5, 0.0),
        w=(*_O5, *_O5, 0.000145, 0.000157, 0.000040, 0.000001, 0.000001, 0.584542),
    ),
    "iau-mars-1991": Elements((317.681, -0.108, 52.886, -0.061), (176.868, 350.8919830, 0.0)),
    "iau-jupiter": Elements(
        (268.056595, -0.006499, 64.495303, 0.002413),
        (284.95, 870.5360000, 0.0),
        (
            (99.360714, 4850.4046), (175.895369, 1191.9605), (300.323162, 262.5475),
            (114.012305, 6070.2476), (49.511251, 64.3000),
        ),
        ra=(0.000117, 0.000938, 0.001432, 0.000030, 0.002150),
        dec=(0.000050, 0.000404, 0.000617, -0.000013, 0.000926),
    ),
    "iau-saturn": Elements((40.589, -0.036, 83.537, -0.004), (38.90, 810.7939024, 0.0)),
    "iau-uranus": Elements((257.311, 0.0, -15.175, 0.0), (203.81, -501.1600928, 0.0)),
    "iau-neptune": Elements(
        (299.36, 0.0, 43.46, 0.0),
        (249.978, 541.1397757, 0.0),
        ((357.85, 52.316),),
        ra=(0.70,),
        dec=(-0.51,),
        w=(-0.48,),
    ),
    "iau-moon": Elements(
        (269.9949, 0.0031, 66.5392, 0.0130),
        (38.3213, 13.17635815, -1.4e-12),
        (
            (125.045, -1935.5364525), (250.089, -3871.0729050), (260.008, 475263.3328725),
            (176.625, 487269.6299850), (357.529, 35999.0509575), (311.589, 964468.4993100),
            (134.963, 477198.8693250), (276.617, 12006.3007650), (34.226, 63863.5132425),
            (15.134, -5806.6093575), (119.743, 131.8406400), (239.961, 6003.1503825),
            (25.053, 473327.7964200),
        ),
        ra=(
            -3.8787, -0.1204, 0.0700, -0.0172, 0.0, 0.0072, 0.0, 0.0, 0.0, -0.0052, 0.0, 0.0,
            0.0043,
        ),
        dec=(
            1.5419, 0.0239, -0.0278, 0.0068, 0.0, -0.0029, 0.0009, 0.0, 0.0, 0.0008, 0.0, 0.0,
            -0.0009,
        ),
        w=(
            3.5610, 0.1208, -0.0642, 0.0158, 0.0252, -0.0066, -0.0047, -0.0046, 0.0028, 0.0052,
            0.0040, 0.0019, -0.0044,
        ),
    ),
}  # fmt: skip

# older axes, fixed to the ground as they lay at J2000
_ON_TODAYS = {"iau-mars-1991": "iau-mars"}


def fixed_from_icrf(axes: str, day: Array, s: Array) -> tuple[Array, Array]:
    """Matrices (n, 3, 3) and rates (n, 3) at TDB in two parts: days since J2000 and seconds."""
    if axes in _ON_TODAYS:
        matrix, rate = _elements(IAU[_ON_TODAYS[axes]], day, s)
        zero = np.zeros(1)
        old, new = (_elements(IAU[a], zero, zero)[0][0] for a in (axes, _ON_TODAYS[axes]))
        turn = old @ new.T
        return turn @ matrix, rate @ turn.T
    return _elements(IAU[axes], day, s)


def _elements(e: Elements, day: Array, s: Array) -> tuple[Array, Array]:
    d = day + s / _DAY
    T = d / _CENTURY_DAYS
    a0, a1, d0, d1 = e.pole
    w0, w1, w2 = e.meridian
    # whole degrees of whole days are taken off exactly: W grows to 2e7 deg
    turned = np.mod(np.mod(np.trunc(w1) * day, 360.0) + (w1 - np.trunc(w1)) * day, 360.0)
    alpha, delta = a0 + a1 * T, d0 + d1 * T
    w = w0 + turned + w1 * (s / _DAY) + w2 * d * d
    rates = np.stack([np.full_like(d, a1), np.full_like(d, -d1)], axis=-1) / _CENTURY_DAYS
    d_w = w1 + 2.0 * w2 * d
    d_alpha, d_theta = rates[:, 0], rates[:, 1]
    if e.theta:
        t0, t1 = np.array(e.theta).T
        angle = _DEG * (t0 + t1 * T[:, None])
        per_day = _DEG * t1 / _CENTURY_DAYS
        sin, cos = np.sin(angle), np.cos(angle)
        if e.ra:
            alpha = alpha + sin @ np.array(e.ra)
            d_alpha = d_alpha + cos @ (per_day * np.array(e.ra))
        if e.dec:
            delta = delta + cos @ np.array(e.dec)
            d_theta = d_theta + sin @ (per_day * np.array(e.dec))
        if e.w:
            w = w + sin @ np.array(e.w)
            d_w = d_w + cos @ (per_day * np.array(e.w))
    angles = _DEG * np.stack([90.0 + alpha, 90.0 - delta, w], axis=-1)
    return turns_313(angles, _DEG / _DAY * np.stack([d_alpha, d_theta, d_w], axis=-1))
