"""Powered descents over a Moon that does not turn, as plain numbers for every program."""

from __future__ import annotations

import math
from dataclasses import dataclass

MU = 4.902800118e12
RADIUS_M = 1_737_400.0
G0 = 9.80665


@dataclass(frozen=True)
class Case:
    """From perilune, level; throttle between two limits; down to rest on the ground.

    ahead_rad  the site, along the ground; None: wherever it is cheapest
    throttles  (lowest, highest) of pieces that follow each other, each as long as it wants
    """

    name: str
    height_m: float
    speed_m_s: float
    mass_kg: float
    thrust_n: float
    isp_s: float
    ahead_rad: float | None
    throttles: tuple[tuple[float, float], ...]


def _perilune(low_m: float, high_m: float) -> float:
    low, high = RADIUS_M + low_m, RADIUS_M + high_m
    return math.sqrt(MU * (2.0 / low - 2.0 / (low + high)))


_WIDE = (0.25, 1.0)
CASES = (
    Case(
        "3 t lander, 18 x 100 km, site 15.3 deg ahead", 18e3, _perilune(18e3, 100e3), 3000.0,
        11_000.0, 325.0, math.radians(15.3), (_WIDE, _WIDE, _WIDE),
    ),
    Case(
        "the same, site free", 18e3, _perilune(18e3, 100e3), 3000.0, 11_000.0, 325.0, None,
        (_WIDE,),
    ),
    # Apollo 11's lunar module where its descent began (MSC-00171): 14.88 km, 1,696 m/s
    Case(
        "Apollo 11's lunar module, site free", 14_880.0, 1_696.0, 15_150.7, 46_706.0, 311.0, None,
        ((0.1, 1.0),),
    ),
    Case(
        "the same, at most 92.5 % of thrust, site 17 deg ahead", 14_880.0, 1_696.0, 15_150.7,
        46_706.0, 311.0, math.radians(17.0), ((0.1, 0.925),) * 3,
    ),
)  # fmt: skip
