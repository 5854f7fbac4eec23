"""Constellations by rule: Walker delta and star patterns, and streets of coverage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.mean import osculating_from_mean
from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Elements
from cosmodrome.world.geodesy import WGS84_A

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["Constellation", "Street", "streets", "walker"]

_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Constellation:
    """Satellites by their mean elements at one instant.

    epoch     of the elements
    elements  mean (first order in J2, `dynamics.mean`), true equator and equinox of date
    names     one for each
    about     in words
    mass_kg   of each satellite
    """

    epoch: Epoch
    elements: tuple[Elements, ...]
    names: tuple[str, ...]
    about: str
    mass_kg: float = 500.0

    def __post_init__(self) -> None:
        if not self.elements or len(self.elements) != len(self.names):
            raise InputError(
                f"a constellation of {len(self.elements)} orbits with {len(self.names)} names:"
                " give one or more, and one name for each"
            )

    def __len__(self) -> int:
        return len(self.elements)

    def states(self, world: World) -> NDArray[np.float64]:
        """(n, 7) osculating places m, velocities m/s (GCRF) and masses kg at the epoch."""
        field = world.gravity("earth")
        mu, j2 = field.mu_m3_s2, field.zonal_j(2)
        gcrf_from_tod = world.orientation.tod_from_gcrf(self.epoch).matrix.T
        out = np.empty((len(self), 7))
        for row, elements in zip(out, self.elements, strict=True):
            mean = state_from_elements(elements, mu)
            r, v = osculating_from_mean(*mean, mu, field.radius_m, j2)
            row[:3], row[3:6], row[6] = gcrf_from_tod @ r, gcrf_from_tod @ v, self.mass_kg
        return out


def walker(
    inclination_rad: float,
    total: int,
    planes: int,
    phasing: int,
    altitude_m: float,
    epoch: Epoch,
    *,
    star: bool = False,
    raan_rad: float = 0.0,
    latitude_argument_rad: float = 0.0,
) -> Constellation:
    """The pattern i: t/p/f of circular orbits (Walker 1984, J. Brit. Interplanet. Soc. 37, 559).

    total t in p planes, whose ascending nodes are 2 pi / p apart (delta) or pi / p (star), t / p
    satellites evenly in each; a satellite is 2 pi f / t ahead of its neighbour in the plane to
    the west.
    altitude_m   mean semi-major axis less 6,378,137 m
    raan_rad, latitude_argument_rad   of the first satellite of the first plane

    Raises InputError for numbers that make no such pattern.
    """
    _sound(total, planes, phasing, altitude_m, inclination_rad)
    between = (math.pi if star else 2.0 * math.pi) / planes
    of_plane = total // planes
    elements, names = [], []
    for plane in range(planes):
        for place in range(of_plane):
            u = (
                latitude_argument_rad
                + 2.0 * math.pi * place / of_plane
                + 2.0 * math.pi * phasing * plane / total
            )
            raan = (raan_rad + plane * between) % (2.0 * math.pi)
            elements.append(
                Elements(WGS84_A + altitude_m, 0.0, inclination_rad, raan, 0.0, u % (2.0 * math.pi))
            )
            names.append(f"{plane + 1}-{place + 1}")
    kind = "star" if star else "delta"
    about = (
        f"Walker {kind} {math.degrees(inclination_rad):g} deg: {total}/{planes}/{phasing},"
        f" {altitude_m / 1e3:g} km"
    )
    return Constellation(epoch, tuple(elements), tuple(names), about)


def _sound(total: int, planes: int, phasing: int, altitude_m: float, inclination: float) -> None:
    if not 1 <= total <= _MOST:
        raise InputError(f"a constellation of {total} satellites: write 1 to {_MOST:,}")
    if not 1 <= planes <= total or total % planes:
        fitting = ", ".join(str(p) for p in range(1, total + 1) if total % p == 0)
        raise InputError(
            f"{total} satellites in {planes} planes: every plane has as many, so the number of"
            f" planes divides the total; {total} allows {fitting}"
        )
    if not 0 <= phasing < planes:
        raise InputError(
            f"phasing {phasing} with {planes} planes: f is 0 to p - 1, here 0 to {planes - 1}"
        )
    if not 100e3 <= altitude_m <= 1e9:
        raise InputError(
            f"an altitude of {altitude_m / 1e3:g} km: write 100 km to a million; lower, the air"
            " ends the orbit within hours"
        )
    if not 0.0 <= inclination <= math.pi:
        raise InputError(f"an inclination of {math.degrees(inclination):g} deg: write 0 to 180 deg")


@dataclass(frozen=True, slots=True)
class Street:
    """Streets of coverage of polar planes.

    central_angle_rad  from below a satellite to the edge of what it sees
    half_width_rad     of the street that one plane sees without a break; 0 where there is none
    needed_rad         what the streets must span, pi, and
    spanned_rad        what they span: (p - 1) (central angle + half width) + 2 half widths
    """

    central_angle_rad: float
    half_width_rad: float
    needed_rad: float
    spanned_rad: float

    @property
    def continuous(self) -> bool:
        """Is every place seen at every instant?"""
        return self.half_width_rad > 0.0 and self.spanned_rad >= self.needed_rad


def streets(total: int, planes: int, altitude_m: float, mask_rad: float) -> Street:
    """Does a polar star pattern see the whole Earth without a break?

    Spherical Earth of radius 6,378,137 m, polar circular orbits, planes spaced and phased for the
    best (Rider 1985, J. Astronaut. Sci. 33, 31). `cover` answers for real orbits.
    """
    _sound(total, planes, 0, altitude_m, math.pi / 2.0)
    if not 0.0 <= mask_rad < math.pi / 2.0:
        raise InputError(
            f"a least elevation of {math.degrees(mask_rad):g} deg: write 0 to less than 90 deg"
        )
    ratio = WGS84_A / (WGS84_A + altitude_m)
    angle = math.acos(ratio * math.cos(mask_rad)) - mask_rad
    along = math.pi / (total // planes)
    half = math.acos(math.cos(angle) / math.cos(along)) if along < angle else 0.0
    spanned = (planes - 1) * (angle + half) + 2.0 * half
    return Street(angle, half, math.pi, spanned)
