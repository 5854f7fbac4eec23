"""When a place could be photographed on the way, and in what light; as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["ImagingInstant", "ImagingPass", "Overflight"]


@dataclass(frozen=True, slots=True)
class ImagingInstant:
    """What a camera would meet at an instant.

    off_nadir_rad      at the spacecraft, from the foot of the ellipsoid's normal to the place
    elevation_rad      of the spacecraft at the place
    sun_elevation_rad  of the Sun's centre at the place
    phase_rad          at the place, between the Sun and the spacecraft
    metres_per_rad     ground resolution per radian of the camera across the line of sight; along
                       it divide by the sine of the elevation
    """

    epoch: Epoch
    t_s: float
    off_nadir_rad: float
    elevation_rad: float
    sun_elevation_rad: float
    phase_rad: float
    range_m: float
    metres_per_rad: float


@dataclass(frozen=True, slots=True)
class ImagingPass:
    """One interval in which every limit holds; its ends and its lowest off-nadir angle among."""

    start: ImagingInstant
    best: ImagingInstant
    end: ImagingInstant
    instants: tuple[ImagingInstant, ...]

    @property
    def duration_s(self) -> float:
        return self.end.t_s - self.start.t_s


@dataclass(frozen=True, slots=True)
class Overflight:
    """A pass over a place that the mission wants photographed.

    site, body  the place's id, and what it lies on
    ground_m    the terrain there above the body's figure, and
    sun_share   how much of the Sun's disc ground around it leaves at the best instant; None where
                the place does not stand on the terrain
    """

    site: str
    body: str
    seen: ImagingPass
    ground_m: float | None = None
    sun_share: float | None = None
