"""The mean elements of SGP4, as two-line elements and Orbit Mean-Elements Messages carry them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["DAY_S", "MeanElements", "in_degrees", "in_rev_day"]

DAY_S = 86_400.0
_TURN = 2.0 * math.pi
_LAUNCH = re.compile(r"\d{4}-\d{3}[A-Z]{1,3}$")


@dataclass(frozen=True, slots=True)
class MeanElements:
    """One element set. Meant for SGP4 (WGS-72) alone; in the true equator, mean equinox of date.

    name          as listed, or empty
    designator    international, such as 1998-067A; empty where unknown
    number        in the catalogue (NORAD), 0 where unknown
    n_rad_s       mean motion in Kozai's sense, as SGP4 takes it
    bstar         drag term, per Earth radius of WGS-72 (6,378.135 km)
    n_dot_rad_s2, n_ddot_rad_s3  as printed: in a TLE a half and a sixth of the derivatives of the
                  mean motion. SGP4 does not use them
    ephemeris_type  0 or 2 is SGP4; 4 is SGP4-XP, which the library here does not hold
    """

    epoch: Epoch
    n_rad_s: float
    e: float
    i_rad: float
    raan_rad: float
    argp_rad: float
    mean_anomaly_rad: float
    bstar: float = 0.0
    n_dot_rad_s2: float = 0.0
    n_ddot_rad_s3: float = 0.0
    number: int = 0
    name: str = ""
    designator: str = ""
    classification: str = "U"
    element_set: int = 0
    revolution: int = 0
    ephemeris_type: int = 0

    def __str__(self) -> str:
        called = f"{self.name} ({self.number})" if self.name else f"object {self.number}"
        return f"{called} of {self.epoch}"

    @property
    def launched(self) -> bool:
        """Is the designator one of a launch, year-number-piece?"""
        return _LAUNCH.match(self.designator) is not None


def in_degrees(angle_rad: float) -> float:
    """Degrees to 15 digits: what was read in degrees comes out as it was written."""
    return float(f"{math.degrees(angle_rad):.15g}")


def in_rev_day(rate: float, power: int = 1) -> float:
    """rad/s (rad/s^power) in revolutions per day^power, to 15 digits."""
    return float(f"{rate * DAY_S**power / _TURN:.15g}")
