"""Where what is dropped comes down, and what to close below a launch, as data."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CLOSED_SIGMAS", "FallArea", "ImpactTrace", "RangeSafety", "Spread", "ZoneMargin"]

# ellipses and corridors are drawn, and judged, at so many sigma
CLOSED_SIGMAS = 3.0

Place = tuple[float, float]  # geodetic latitude, east longitude, rad


@dataclass(frozen=True, slots=True)
class Spread:
    """The scatter of an impact: mean place and covariance in metres east and north of it.

    sources_m  root of the trace of what each source alone adds to the covariance
    """

    centre: Place
    covariance_m2: tuple[tuple[float, float], tuple[float, float]]
    sources_m: Mapping[str, float] = field(default_factory=dict)

    @property
    def semi_axes_m(self) -> tuple[float, float]:
        """Major and minor semi-axis of the 1-sigma ellipse, m."""
        (ee, en), (_, nn) = self.covariance_m2
        middle, half = 0.5 * (ee + nn), math.hypot(0.5 * (ee - nn), en)
        return math.sqrt(middle + half), math.sqrt(max(middle - half, 0.0))

    @property
    def azimuth_rad(self) -> float:
        """Direction of the major axis, clockwise from north, in [0, pi)."""
        (ee, en), (_, nn) = self.covariance_m2
        return (0.5 * math.atan2(2.0 * en, nn - ee)) % math.pi


@dataclass(frozen=True, slots=True)
class ZoneMargin:
    """How an impact (or the corridor) lies to a zone, m.

    kind       "drop": where the body may fall; "keep-out": where nothing may
    point_m    of the nominal impact or trace: inside a drop zone, clear of a keep-out
    closed_m   the same of the 3-sigma ellipse or of the corridor's nearest edge; below zero
               it sticks out, or in. None where no spread is known
    """

    zone: str
    kind: Literal["drop", "keep-out"]
    point_m: float
    closed_m: float | None


@dataclass(frozen=True, slots=True)
class FallArea:
    """Where one dropped body comes down, with either end of its band.

    pieces            like pieces that fall on their own
    ballistic_kg_m2   of one piece: low, nominal, high (mass over drag coefficient times area)
    assumed           True where the vehicle's file states no drag area
    low, nominal, high   impacts with those coefficients
    thrown            impacts of the pieces thrown apart at separation, () for a single body
    spread            None where scattered bodies stay up or come down a sea apart (over 1,000 km
                      at 1 sigma): then there is no area to close
    vacuum_height_m   where the vacuum path comes as far as the body does with drag
    """

    object: str
    pieces: int
    ballistic_kg_m2: tuple[float, float, float]
    assumed: bool
    low: Place
    nominal: Place
    high: Place
    thrown: tuple[Place, ...]
    spread: Spread | None
    vacuum_height_m: float | None
    margins: tuple[ZoneMargin, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ImpactTrace:
    """The instantaneous impact point of the stack: where it would fall if thrust stopped then.

    In vacuum, without J2. All arrays have n rows; places (n, 2) geodetic latitude and east
    longitude, rad. `left_rad`, `right_rad` are 3 sigma off, seen along the trace; `below_rad`
    is under the vehicle, `fall_s` how long it would fall. It ends where the perigee leaves the
    ground: beyond, nothing falls any more.
    """

    t_s: Any
    place_rad: Any
    fall_s: Any
    lateral_m: Any
    left_rad: Any
    right_rad: Any
    below_rad: Any


@dataclass(frozen=True, slots=True, eq=False)
class RangeSafety:
    """What a launch closes: the fall areas, the impact trace with its corridor, and how near
    the corridor comes to the site's keep-out zones. `dispersions` are the 1-sigma inputs."""

    areas: tuple[FallArea, ...]
    trace: ImpactTrace
    margins: tuple[ZoneMargin, ...]
    dispersions: Mapping[str, float]
    method: str
