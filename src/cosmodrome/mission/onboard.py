"""What a spacecraft talks with, lives on and looks at: radio, solar array, battery, places."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cosmodrome.catalog.antennas import OMNI
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.catalog.antennas import Antenna

__all__ = ["Battery", "Downlink", "ImagedSite", "PowerSystem", "Radio", "SolarArray", "Uplink"]


@dataclass(frozen=True, slots=True)
class Downlink:
    """What the spacecraft sends: `power_w` through its antenna, or `eirp_dbw` all around.

    required_ebn0_db  for the wanted error rate, with its coding
    losses_db         all but free space, line and off-axis gain: air, rain, polarisation,
                      implementation
    """

    frequency_hz: float
    data_rate_bit_s: float
    required_ebn0_db: float
    losses_db: float = 0.0
    power_w: float | None = None
    line_loss_db: float = 0.0
    eirp_dbw: float | None = None


@dataclass(frozen=True, slots=True)
class Uplink:
    """What the spacecraft hears: with its antenna at a system noise temperature, or by its G/T."""

    frequency_hz: float
    data_rate_bit_s: float
    required_ebn0_db: float
    losses_db: float = 0.0
    noise_temperature_k: float | None = None
    g_over_t_db_k: float | None = None


@dataclass(frozen=True, slots=True)
class Radio:
    """A spacecraft's radio.

    points  "station": its antenna follows the station; "nadir": its axis is straight down
    """

    antenna: Antenna = OMNI
    points: Literal["station", "nadir"] = "station"
    downlink: Downlink | None = None
    uplink: Uplink | None = None


@dataclass(frozen=True, slots=True)
class SolarArray:
    """A flat array.

    efficiency, degradation  shares: of the light at the beginning, lost since then
    pointing  "sun": always square to it; "fixed": `axis` is the array's normal; "one-axis": it
              turns about `axis` for the best
    axis      in orbit axes: radial outward, along track, orbit normal. A fixed array on the
              zenith side is (1, 0, 0)
    """

    area_m2: float
    efficiency: float
    degradation: float = 0.0
    pointing: str = "sun"
    axis: tuple[float, float, float] = (0.0, 0.0, 1.0)

    def __post_init__(self) -> None:
        if self.pointing not in ("sun", "fixed", "one-axis"):
            raise InputError(
                f"SolarArray pointing {self.pointing!r}: write 'sun', 'fixed' or 'one-axis'"
            )
        good = (
            self.area_m2 > 0.0
            and 0.0 < self.efficiency <= 1.0
            and 0.0 <= self.degradation < 1.0
            and math.hypot(*self.axis) > 0.0
        )
        if not good:
            raise InputError(
                f"SolarArray of {self.area_m2!r} m2, efficiency {self.efficiency!r}, degradation"
                f" {self.degradation!r}, axis {self.axis!r}: give an area above zero, shares"
                " between 0 and 1, and a direction"
            )


@dataclass(frozen=True, slots=True)
class Battery:
    """Capacity in J (1 Wh = 3600 J) and the shares kept in charging and in discharging."""

    capacity_j: float
    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95

    def __post_init__(self) -> None:
        shares = (self.charge_efficiency, self.discharge_efficiency)
        if not (self.capacity_j > 0.0 and all(0.0 < x <= 1.0 for x in shares)):
            raise InputError(
                f"Battery of {self.capacity_j!r} J, efficiencies {shares!r}: give a capacity above"
                " zero and shares between 0 and 1"
            )


@dataclass(frozen=True, slots=True)
class PowerSystem:
    """Array, battery and loads.

    lit_load_w, dark_load_w  outside and inside umbra
    to_bus                   share of the array's power that reaches loads and battery
    charged                  share of the capacity that is in the battery at the start
    """

    array: SolarArray
    battery: Battery
    lit_load_w: float
    dark_load_w: float
    to_bus: float = 1.0
    charged: float = 1.0


@dataclass(frozen=True, slots=True)
class ImagedSite:
    """A place to be photographed and the light it is wanted in.

    latitude_rad, longitude_rad  geodetic WGS84; of the Moon its mean-Earth axes
    height_m       above the ellipsoid; None: the body's terrain
    off_nadir_rad  the farthest look, at the spacecraft
    sun_rad        lowest and highest elevation of the Sun at the place
    body           "earth" or "moon"
    """

    id: str
    latitude_rad: float
    longitude_rad: float
    height_m: float | None
    off_nadir_rad: float
    sun_rad: tuple[float, float]
    body: Literal["earth", "moon"] = "earth"
