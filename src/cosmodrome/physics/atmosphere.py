"""US Standard Atmosphere 1976 to 1000 km, smooth: infinitely differentiable everywhere.

The standard's corners (breaks of the temperature gradient) are rounded so that optimisers and
high-order integrators meet no hidden kinks. Pressure is one Chebyshev series of ln p over
ln(1 + h / 80 km); molecular-scale temperature T_M is a rounded broken line over geopotential
height; density follows from the gas law rho = p M0 / (R T_M). Fitted by least squares to the
defining formulas below 86 km and to the printed tables above.

Against the printed values of the standard: density and pressure within 1.3 %, temperature and
hence the speed of sound within 1 % (0.5 %), -1 to 1000 km; at sea level within 0.2 %.

Source: U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562 (equations 23, 33, 42, 50; table I).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.maths import HingeTable, chebyshev

if TYPE_CHECKING:
    from cosmodrome.maths import Ops

__all__ = ["LOWEST_M", "TOP_M", "density_pressure_sound", "molecular_temperature"]

LOWEST_M = -2_000.0
TOP_M = 1_000_000.0

_R = 8314.32  # J/(kmol K), the standard's own
_M0 = 28.9644  # kg/kmol at sea level
_GAMMA = 1.4
_GEOPOTENTIAL_RADIUS_M = 6_356_766.0

_SCALE_M = 80_000.0
_FIRST = math.log((_SCALE_M + LOWEST_M) / _SCALE_M)
_LAST = math.log((_SCALE_M + TOP_M) / _SCALE_M)
_LOG_PRESSURE = (
    -5.90344791,
    -15.6970444,
    3.07514941,
    0.0687441875,
    -0.788330904,
    0.635521057,
    0.192610245,
    -0.390363279,
    0.0194178423,
    0.207717222,
    -0.169567695,
    -0.0324786047,
    0.149244022,
    -0.0699118786,
    -0.0534114285,
    0.0796502831,
    -0.0146618205,
    -0.0477122849,
    0.0391818407,
    0.0089660274,
    -0.0319304348,
    0.0122944553,
    0.0148269075,
    -0.0157104919,
    -0.003388387,
    0.0141241939,
    -0.00489096452,
    -0.00915021004,
    0.00969476992,
    0.00113485404,
    -0.00863162916,
    0.0043638207,
    0.00433404313,
    -0.0060980195,
    0.000296951284,
    0.00471009453,
    -0.00321023628,
    -0.00163331945,
    0.00318415883,
    -0.000379964984,
    -0.00215220484,
    0.00136145674,
    0.00124725224,
    -0.00183633545,
    7.43452244e-05,
    0.00155981559,
    -0.000810454084,
    -0.000703162728,
    0.0011401013,
    0.000354974229,
    -0.00114715076,
    0.000604152998,
    0.000949039161,
    -0.000752533268,
    -4.47523853e-05,
    0.00107257384,
    0.000398693977,
)
# below the first knot the standard's -6.5 K/km; knots in km' (geopotential), slopes in K/km'
_TEMPERATURE = HingeTable(
    knots=(
        11,
        20,
        32,
        47,
        51,
        71,
        84.852,
        89.716,
        96.512,
        104.261,
        110.061,
        115.849,
        123.551,
        136.983,
        160.826,
        193.899,
        240.54,
        313.714,
        446.3,
        581.459,
        678.84,
        757.516,
    ),
    widths=(
        0.5,
        0.5,
        0.5,
        0.5,
        0.5,
        0.5,
        0.5,
        1.2,
        2,
        2,
        2,
        2,
        3,
        6,
        10,
        15,
        25,
        40,
        40,
        40,
        40,
        40,
    ),
    slopes=(
        6.5,
        1.0,
        1.8,
        -2.8,
        -2.8,
        0.8,
        2.07011,
        0.668373,
        1.93542,
        6.87398,
        9.31202,
        -4.82438,
        0.00524819,
        -3.33836,
        -2.60041,
        -2.10801,
        -2.29533,
        -2.83434,
        3.06635,
        16.5882,
        8.0207,
        -21.0083,
    ),
    start=288.15,
)
_LAPSE_K_KM = -6.5


def molecular_temperature(ops: Ops, h_m: Any) -> Any:
    """Molecular-scale temperature T_M = T M0 / M in K at geometric height `h_m`."""
    h = ops.fmin(ops.fmax(h_m, LOWEST_M), TOP_M)
    geopotential_km = _GEOPOTENTIAL_RADIUS_M * h / (_GEOPOTENTIAL_RADIUS_M + h) * 1e-3
    return _TEMPERATURE(ops, geopotential_km) + _LAPSE_K_KM * geopotential_km


def density_pressure_sound(ops: Ops, h_m: Any) -> tuple[Any, Any, Any]:
    """Density in kg/m^3, pressure in Pa and speed of sound in m/s at geometric height `h_m`.

    Held at -2 km and at 1000 km beyond them: an optimiser's wild guess below the ground then
    meets thick air and not infinity. Above 86 km the speed of sound is formal (gamma = 1.4).
    """
    h = ops.fmin(ops.fmax(h_m, LOWEST_M), TOP_M)
    x = (2.0 / (_LAST - _FIRST)) * (ops.log((h + _SCALE_M) / _SCALE_M) - _FIRST) - 1.0
    p = ops.exp(chebyshev(_LOG_PRESSURE, x))
    rt = (_R / _M0) * molecular_temperature(ops, h)
    return p / rt, p, ops.sqrt(_GAMMA * rt)
