"""Radio link over a pass: what arrives, against what is needed.

    C/N0 = EIRP - L_fs - L + G/T - k        dB Hz, k = 10 log10(1.380649e-23) dBW/K/Hz
    L_fs = 20 log10(4 pi d f / c)           Friis (1946, Proc. IRE 34:254); ITU-R P.525-4, eq. 4
    Eb/N0 = C/N0 - 10 log10(data rate)

Straight lines in vacuum: rain, gases and scintillation are for the user to add as a loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.catalog.antennas import OMNI, Antenna, GaussianBeam, Isotropic, Parabolic, positive
from cosmodrome.coverage.contacts import look_angles
from cosmodrome.coverage.track import gcrf_places
from cosmodrome.errors import InputError
from cosmodrome.world.bodies import C_M_S
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from cosmodrome.catalog.nouns import Station
    from cosmodrome.coverage.contacts import Contact
    from cosmodrome.world.orientation import EarthOrientation
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "BOLTZMANN_DB",
    "Antenna",
    "GaussianBeam",
    "Isotropic",
    "Link",
    "LinkTable",
    "Parabolic",
    "data_volume_bit",
    "free_space_loss_db",
    "link_over",
]

# Boltzmann's constant, exact (SI 2019), dBW/K/Hz
BOLTZMANN_DB = 10.0 * math.log10(1.380649e-23)


def _db(x: ArrayLike) -> Array:
    return np.asarray(10.0 * np.log10(x))


def free_space_loss_db(range_m: ArrayLike, frequency_hz: float) -> Array:
    """Basic free-space transmission loss, dB (ITU-R P.525-4, eq. 4)."""
    return np.asarray(20.0 * np.log10(4.0 * math.pi * np.asarray(range_m) * frequency_hz / C_M_S))


@dataclass(frozen=True, slots=True)
class Link:
    """One way of a radio link.

    eirp_dbw            transmitted, or None: then power_w, transmit antenna and line loss say it
    g_over_t_db_k       of the receiver, or None: then receive antenna and noise temperature
    required_ebn0_db    for the wanted error rate, with its coding
    losses_db           all others: atmosphere, rain, polarisation, implementation
    spacecraft_points   "station" (its antenna is steered) or "nadir" (its axis is straight down)
    spacecraft_receives an uplink: the receive antenna is the spacecraft's
    """

    frequency_hz: float
    data_rate_bit_s: float
    required_ebn0_db: float
    power_w: float | None = None
    transmit: Antenna = OMNI
    line_loss_db: float = 0.0
    eirp_dbw: float | None = None
    receive: Antenna = OMNI
    noise_temperature_k: float | None = None
    g_over_t_db_k: float | None = None
    losses_db: float = 0.0
    spacecraft_points: str = "station"
    spacecraft_receives: bool = False

    def __post_init__(self) -> None:
        positive("Link", frequency_hz=self.frequency_hz, data_rate_bit_s=self.data_rate_bit_s)
        if (self.eirp_dbw is None) == (self.power_w is None):
            raise InputError("Link: give eirp_dbw, or power_w with a transmit antenna; one of them")
        if (self.g_over_t_db_k is None) == (self.noise_temperature_k is None):
            raise InputError(
                "Link: give g_over_t_db_k, or noise_temperature_k with a receive antenna; one of"
                " them"
            )
        if self.power_w is not None:
            positive("Link", power_w=self.power_w)
        if self.noise_temperature_k is not None:
            positive("Link", noise_temperature_k=self.noise_temperature_k)
        if self.spacecraft_points not in ("station", "nadir"):
            raise InputError(
                f"Link: spacecraft_points = {self.spacecraft_points!r}; write 'station' or 'nadir'"
            )

    def carrier_to_noise_db_hz(self, range_m: ArrayLike, off_nadir_rad: ArrayLike = 0.0) -> Array:
        """C/N0, dB Hz, at a range and an angle of the line of sight off nadir."""
        off = np.zeros(np.shape(range_m)) + (
            0.0 if self.spacecraft_points == "station" else np.asarray(off_nadir_rad)
        )
        none = np.zeros_like(off)
        sent, heard = (none, off) if self.spacecraft_receives else (off, none)
        eirp = (
            np.asarray(self.eirp_dbw)
            if self.eirp_dbw is not None
            else _db(self.power_w or 1.0)
            + self.transmit.gain_dbi(self.frequency_hz, sent)
            - self.line_loss_db
        )
        merit = (
            np.asarray(self.g_over_t_db_k)
            if self.g_over_t_db_k is not None
            else self.receive.gain_dbi(self.frequency_hz, heard)
            - _db(self.noise_temperature_k or 1.0)
        )
        loss = free_space_loss_db(range_m, self.frequency_hz)
        return np.asarray(eirp - loss - self.losses_db + merit - BOLTZMANN_DB)

    def margin_db(self, range_m: ArrayLike, off_nadir_rad: ArrayLike = 0.0) -> Array:
        """Eb/N0 less what is required, dB."""
        had = self.carrier_to_noise_db_hz(range_m, off_nadir_rad) - _db(self.data_rate_bit_s)
        return np.asarray(had - self.required_ebn0_db)

    def highest_rate_bit_s(self, range_m: ArrayLike, off_nadir_rad: ArrayLike = 0.0) -> Array:
        """Data rate at which the margin is zero."""
        cn0 = self.carrier_to_noise_db_hz(range_m, off_nadir_rad)
        return np.asarray(10.0 ** ((cn0 - self.required_ebn0_db) / 10.0))


@dataclass(frozen=True, slots=True, eq=False)
class LinkTable:
    """A link over one contact; (n,) each."""

    t_s: Array
    elevation_rad: Array
    range_m: Array
    off_nadir_rad: Array
    free_space_loss_db: Array
    carrier_to_noise_db_hz: Array
    ebn0_db: Array
    margin_db: Array
    data_volume_bit: float


def link_over(
    path: Trajectory,
    station: Station,
    contact: Contact,
    world: World,
    link: Link,
    *,
    step_s: float = 10.0,
) -> LinkTable:
    """The link each `step_s` of a contact and at its ends, and the data it carries.

    The axis of a "nadir" antenna points to the Earth's centre.
    """
    positive("link_over", step_s=step_s)
    first, last = contact.rise.t_s, contact.set.t_s
    t = np.append(np.arange(first, last - 1e-6, step_s), last)
    _, elevation, distance = look_angles(path, station, world, t)
    r = gcrf_places(path, t, world, "earth")
    off = _off_nadir(r, station, world.orientation, path, t)
    cn0 = link.carrier_to_noise_db_hz(distance, off)
    ebn0 = cn0 - _db(link.data_rate_bit_s)
    margin = ebn0 - link.required_ebn0_db
    return LinkTable(
        t,
        elevation,
        distance,
        off,
        free_space_loss_db(distance, link.frequency_hz),
        cn0,
        ebn0,
        margin,
        data_volume_bit(t, margin, link.data_rate_bit_s),
    )


def _off_nadir(
    r: Array, station: Station, orientation: EarthOrientation, path: Trajectory, t: Array
) -> Array:
    place = itrf_from_geodetic(station.latitude_rad, station.longitude_rad, station.height_m)
    m = orientation.itrf_from_gcrf_many(path.epoch, t).matrix
    d = np.einsum("nji,j->ni", m, place) - r
    # by the cross product: the arc cosine loses half its digits under the spacecraft
    across = np.linalg.norm(np.cross(d, r), axis=1)
    return np.asarray(np.arctan2(across, -np.einsum("ij,ij->i", d, r)))


def data_volume_bit(t_s: Array, margin_db: Array, data_rate_bit_s: float) -> float:
    """Bits carried at a constant rate while the margin is not negative (linear between rows)."""
    open_s = 0.0
    for a, b, x, y in zip(t_s[:-1], t_s[1:], margin_db[:-1], margin_db[1:], strict=True):
        if x >= 0.0 and y >= 0.0:
            open_s += b - a
        elif x >= 0.0 or y >= 0.0:
            open_s += (b - a) * max(x, y) / (max(x, y) - min(x, y))
    return float(open_s * data_rate_bit_s)
