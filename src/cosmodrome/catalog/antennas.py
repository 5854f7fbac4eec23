"""Antennas and the ground's radio equipment: gains over angle, what is sent and how it is heard."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.bodies import C_M_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = [
    "OMNI",
    "Antenna",
    "GaussianBeam",
    "GroundAntenna",
    "Isotropic",
    "Parabolic",
    "positive",
]


def positive(what: str, **values: float) -> None:
    """InputError for the first of `values` that is no number above zero."""
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"{what}: {name} = {value!r}; give a number above zero")


class Antenna(Protocol):
    """An antenna: its gain in dBi at angles off its axis, rad."""

    def gain_dbi(self, frequency_hz: float, off_axis_rad: ArrayLike = 0.0) -> Array:
        """Gain, dBi, of the shape of `off_axis_rad`."""


@dataclass(frozen=True, slots=True)
class Isotropic:
    """The same gain everywhere; 0 dBi unless given (an omnidirectional antenna's worst case)."""

    gain: float = 0.0

    def gain_dbi(self, frequency_hz: float, off_axis_rad: ArrayLike = 0.0) -> Array:
        del frequency_hz
        return np.full(np.shape(off_axis_rad), self.gain)


#: the antenna that stands where none is told
OMNI = Isotropic()


def _beam(peak: float, half_power_rad: float, off_axis_rad: ArrayLike) -> Array:
    """-3 dB at half the beam width, a parabola in dB; no more than 60 dB down."""
    drop = 12.0 * (np.asarray(off_axis_rad, dtype=np.float64) / half_power_rad) ** 2
    return np.asarray(peak - np.minimum(drop, 60.0))


@dataclass(frozen=True, slots=True)
class GaussianBeam:
    """A beam of given gain, dBi, and full width at half power: G - 12 (theta / width)^2 dB."""

    gain: float
    half_power_rad: float

    def __post_init__(self) -> None:
        positive("GaussianBeam", half_power_rad=self.half_power_rad)

    def gain_dbi(self, frequency_hz: float, off_axis_rad: ArrayLike = 0.0) -> Array:
        del frequency_hz
        return _beam(self.gain, self.half_power_rad, off_axis_rad)


@dataclass(frozen=True, slots=True)
class Parabolic:
    """A dish: gain eta (pi D f / c)^2, width at half power 70 c / (f D) degrees.

    pointing_error_rad  takes 12 (error / width)^2 dB off every gain

    Maral & Bousquet (2009, Satellite Communications Systems, 5th ed., eqs. 5.3, 5.4, 5.5).
    """

    diameter_m: float
    efficiency: float = 0.6
    pointing_error_rad: float = 0.0

    def __post_init__(self) -> None:
        positive("Parabolic", diameter_m=self.diameter_m, efficiency=self.efficiency)
        if self.efficiency > 1.0:
            raise InputError(f"Parabolic efficiency {self.efficiency!r}: a share, at most 1")

    def half_power_rad(self, frequency_hz: float) -> float:
        """Full width at half power."""
        return math.radians(70.0 * C_M_S / (frequency_hz * self.diameter_m))

    def gain_dbi(self, frequency_hz: float, off_axis_rad: ArrayLike = 0.0) -> Array:
        ratio = math.pi * self.diameter_m * frequency_hz / C_M_S
        peak = 10.0 * math.log10(self.efficiency * ratio**2)
        width = self.half_power_rad(frequency_hz)
        loss = 12.0 * (self.pointing_error_rad / width) ** 2
        return _beam(peak - loss, width, off_axis_rad)


@dataclass(frozen=True, slots=True)
class GroundAntenna:
    """What a station hears and sends with; it follows the spacecraft.

    antenna              None: its figures of merit say all
    noise_temperature_k  of the whole receiving system, or g_over_t_db_k; both None: it hears not
    power_w              at the transmitter, less `line_loss_db` at the antenna, or eirp_dbw; both
                         None: it does not transmit
    """

    antenna: Antenna | None = None
    noise_temperature_k: float | None = None
    g_over_t_db_k: float | None = None
    power_w: float | None = None
    line_loss_db: float = 0.0
    eirp_dbw: float | None = None

    @property
    def hears(self) -> bool:
        """Can it receive?"""
        return self.noise_temperature_k is not None or self.g_over_t_db_k is not None

    @property
    def sends(self) -> bool:
        """Can it transmit?"""
        return self.power_w is not None or self.eirp_dbw is not None
