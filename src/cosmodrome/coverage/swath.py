"""What a satellite sees of the ground: above an elevation, in a cone, in a swath."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cosmodrome.errors import InputError
from cosmodrome.solvers.core_coverage import CoreSensor
from cosmodrome.world.geodesy import WGS84_A

__all__ = ["Cone", "Elevation", "Footprint", "Sensor", "Swath", "footprint"]

_RIGHT_ANGLE = 0.5 * math.pi


def _mask(mask_rad: float) -> None:
    if not 0.0 <= mask_rad < _RIGHT_ANGLE:
        raise InputError(
            f"a least elevation of {math.degrees(mask_rad):g} deg: write 0 to less than 90 deg,"
            " above the horizon of the ellipsoid"
        )


@dataclass(frozen=True, slots=True)
class Elevation:
    """Every point that sees the satellite at or above `mask_rad` over the ellipsoid's horizon.

    Geometric: no refraction, no light time.
    """

    mask_rad: float = 0.0

    def __post_init__(self) -> None:
        _mask(self.mask_rad)

    def core(self) -> CoreSensor:
        """As the compiled core takes it."""
        return CoreSensor("elevation", self.mask_rad)

    def __str__(self) -> str:
        return f"elevation {math.degrees(self.mask_rad):g} deg"


@dataclass(frozen=True, slots=True)
class Cone:
    """A cone of `half_angle_rad` about the direction to the Earth's centre.

    mask_rad   also, the point sees the satellite at or above this elevation
    """

    half_angle_rad: float
    mask_rad: float = 0.0

    def __post_init__(self) -> None:
        _mask(self.mask_rad)
        if not 0.0 < self.half_angle_rad < _RIGHT_ANGLE:
            raise InputError(
                f"a cone of half-angle {math.degrees(self.half_angle_rad):g} deg: write more than"
                " 0 and less than 90 deg; for all that is above the horizon, an elevation"
            )

    def core(self) -> CoreSensor:
        """As the compiled core takes it."""
        return CoreSensor("cone", self.mask_rad, half_angle_rad=self.half_angle_rad)

    def __str__(self) -> str:
        return f"cone {math.degrees(self.half_angle_rad):g} deg"


@dataclass(frozen=True, slots=True)
class Swath:
    """What lies between off-nadir angles across the flight, and close to straight across.

    left_rad, right_rad   of the edges; to the right of the flight positive, to the left negative
    ahead_rad   half of the field of view along the flight
    mask_rad    also, the point sees the satellite at or above this elevation

    z points to the Earth's centre, y against the orbit's normal (inertial velocity), x ahead;
    the angles are those of the look vector's projections on the planes y-z and x-z.
    """

    left_rad: float
    right_rad: float
    ahead_rad: float = math.radians(0.05)
    mask_rad: float = 0.0

    def __post_init__(self) -> None:
        _mask(self.mask_rad)
        if not -_RIGHT_ANGLE < self.left_rad < self.right_rad < _RIGHT_ANGLE:
            raise InputError(
                f"a swath from {math.degrees(self.left_rad):g} to"
                f" {math.degrees(self.right_rad):g} deg off nadir: write rising angles between -90"
                " (left) and 90 deg (right of the flight)"
            )
        if not 1e-6 <= self.ahead_rad < _RIGHT_ANGLE:
            raise InputError(
                f"a field of view of {math.degrees(self.ahead_rad):g} deg ahead: write 0.0001 to"
                " less than 90 deg; a line that passes a point sees it for an instant only"
            )

    def core(self) -> CoreSensor:
        """As the compiled core takes it."""
        return CoreSensor(
            "swath",
            self.mask_rad,
            left=math.tan(self.left_rad),
            right=math.tan(self.right_rad),
            ahead=math.tan(self.ahead_rad),
        )

    def __str__(self) -> str:
        left, right = math.degrees(self.left_rad), math.degrees(self.right_rad)
        return f"swath {left:g} to {right:g} deg"


Sensor = Elevation | Cone | Swath


@dataclass(frozen=True, slots=True)
class Footprint:
    """What is seen at one instant from one height, on a sphere of radius 6,378,137 m.

    central_angle_rad  from below the satellite to the far edge
    off_nadir_rad      of that edge, elevation_rad there
    area_m2            of the ground seen
    share              of the Earth
    """

    central_angle_rad: float
    off_nadir_rad: float
    elevation_rad: float
    area_m2: float
    share: float


def footprint(sensor: Sensor, altitude_m: float) -> Footprint:
    """The footprint of a sensor (Wertz 2001, Mission Geometry, sec. 9.1).

    Elevation and Cone: a cap. Swath: the band its edges sweep, as long as its field of view at
    nadir ahead. Raises InputError for an altitude that is not positive.
    """
    if not altitude_m > 0.0:
        raise InputError(f"a footprint from {altitude_m:g} m: give a height above the ground")
    r = WGS84_A + altitude_m
    mask = sensor.mask_rad
    level = math.acos(WGS84_A * math.cos(mask) / r) - mask
    whole = 4.0 * math.pi * WGS84_A**2

    def angle_at(off: float) -> float:
        sine = r * math.sin(abs(off)) / WGS84_A
        angle = level if sine >= 1.0 else min(level, math.asin(sine) - abs(off))
        return math.copysign(angle, off)

    if isinstance(sensor, Swath):
        left, right = angle_at(sensor.left_rad), angle_at(sensor.right_rad)
        far = max(abs(left), abs(right))
        length = 2.0 * altitude_m * math.tan(sensor.ahead_rad)
        area = (math.sin(right) - math.sin(left)) * WGS84_A * length
    else:
        far = level if isinstance(sensor, Elevation) else angle_at(sensor.half_angle_rad)
        area = 0.5 * (1.0 - math.cos(far)) * whole
    off = math.atan2(WGS84_A * math.sin(far), r - WGS84_A * math.cos(far))
    return Footprint(far, off, _RIGHT_ANGLE - off - far, area, area / whole)
