"""What a launcher carries over a grid of departures: a few ascents solved, the rest between them.

Payload falls smoothly with C3, so a few energies are enough: the logarithm of the mass is
interpolated by a monotone cubic (PCHIP: Fritsch & Carlson 1980), or a straight line between two.
The declination counts where no direct launch into the pad's cheapest plane holds the asymptote:
the plane must then be inclined by the declination, and the same energies are solved for the highest
declination of the grid. Between the two planes the logarithm goes linearly with the cosine of the
inclination, as the speed does that the turning Earth gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from cosmodrome import site
from cosmodrome.campaign.asked import pad
from cosmodrome.campaign.capability import payload
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.record.porkchop import Porkchop, Transfer
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Departures", "departures", "with_payload"]

_POINTS = 4
# energies farther above the least than this are nobody's launch
_ABOVE_LEAST_M2_S2 = 20e6
# a plane is asked this much above the declination it must hold
_ROOM_RAD = math.radians(0.01)


@dataclass(frozen=True, slots=True, eq=False)
class Departures:
    """Masses solved, and the rule between them.

    c3_m2_s2          (k,) rising; masses_kg (k,) into the cheapest plane
    inclination_rad   of that plane
    steep_rad         the highest declination of the grid where it asks for a steeper plane, else
                      None; steep_kg (k,) into that plane
    """

    vehicle: str
    pad: str
    c3_m2_s2: Array
    masses_kg: Array
    inclination_rad: float
    steep_rad: float | None = None
    steep_kg: Array | None = None

    def mass(self, c3_m2_s2: Array, declination_rad: Array) -> Array:
        """Payload, kg; not-a-number beyond the energies solved."""
        low = _between(self.c3_m2_s2, self.masses_kg)(c3_m2_s2)
        if self.steep_rad is None or self.steep_kg is None:
            return low
        high = _between(self.c3_m2_s2, self.steep_kg)(c3_m2_s2)
        east = math.cos(self.inclination_rad)
        lost = (east - np.cos(declination_rad)) / (east - math.cos(self.steep_rad))
        part = np.clip(lost, 0.0, 1.0)
        out: Array = np.exp((1.0 - part) * np.log(low) + part * np.log(high))
        return out

    def told(self) -> tuple[str, ...]:
        """The launcher and how the masses were found, in words."""
        solved = ", ".join(
            f"{m:,.0f} kg at {c / 1e6:.1f}"
            for c, m in zip(self.c3_m2_s2, self.masses_kg, strict=True)
        )
        lines = [
            f"{self.vehicle} from {self.pad}: {solved} km²/s² (solved at"
            f" {math.degrees(self.inclination_rad):.1f}° inclination; between them the logarithm of"
            " the mass by a monotone cubic)"
        ]
        if self.steep_rad is not None and self.steep_kg is not None:
            lines.append(
                "Declinations above that take a plane as steep:"
                f" {', '.join(f'{m:,.0f}' for m in self.steep_kg)} kg at"
                f" {math.degrees(self.steep_rad):.1f}°, between linearly in its cosine"
            )
        return tuple(lines)


def _between(c3: Array, masses: Array) -> Callable[[Array], Array]:
    curve = PchipInterpolator(c3, np.log(masses), extrapolate=False)

    def mass(at: Array) -> Array:
        out: Array = np.exp(curve(at))
        return out

    return mass


def departures(
    chop: Porkchop, site_name: str, vehicle: str, world: World, watch: Watch = SILENT
) -> Departures:
    """Ascents to a few of a grid's energies, from the least to 20 km^2/s^2 above it.

    Energies the vehicle cannot reach are left out. Raises InfeasibleError where fewer than two of
    them can be flown, InputError for another home than the Earth or an unknown name.
    """
    if chop.home != "earth":
        raise InputError(f"a launcher leaves the Earth, not {chop.home}; leave --vehicle out")
    ground = pad(site_name)
    cheapest = site.cheapest_inclination(ground)
    least = float(np.nanmin(chop.c3_m2_s2))
    least = min([least, *(t.c3_m2_s2 for t in chop.best)])
    energies = np.linspace(least, least + _ABOVE_LEAST_M2_S2, _POINTS)
    inside = chop.c3_m2_s2 <= energies[-1]
    steepest = float(np.max(np.abs(chop.declination_rad[inside]), initial=0.0))
    reached, masses, title = _solved(energies, None, site_name, vehicle, world, watch)
    if len(reached) < 2:
        raise InfeasibleError(
            f"{vehicle} from {site_name} carries nothing to {least / 1e6:.1f} km^2/s^2 and a few"
            " above; name a larger vehicle"
        )
    made = Departures(title, ground.name, reached, masses, cheapest)
    if steepest <= cheapest:
        return made
    steep = min(steepest + _ROOM_RAD, 0.5 * math.pi)
    also, steep_kg, _ = _solved(reached, steep, site_name, vehicle, world, watch)
    if len(also) != len(reached):
        both = np.isin(reached, also)
        made = replace(made, c3_m2_s2=reached[both], masses_kg=masses[both])
        if len(also) < 2:
            raise InfeasibleError(
                f"{vehicle} from {site_name} reaches no plane of {math.degrees(steep):.1f} deg,"
                " which the highest declination of this grid asks for; narrow the dates"
            )
    return replace(made, steep_rad=steep, steep_kg=steep_kg)


def _solved(
    energies: Array,
    inclination_rad: float | None,
    site_name: str,
    vehicle: str,
    world: World,
    watch: Watch,
) -> tuple[Array, Array, str]:
    """The energies that can be reached, and what is carried there; the vehicle's name."""
    plane = "" if inclination_rad is None else f" {math.degrees(inclination_rad):.3f} deg"
    reached, masses, title = [], [], vehicle
    for c3 in energies:
        try:
            found = payload(
                site_name, vehicle, f"c3 {c3 / 1e6:.6f} km^2/s^2{plane}", world, watch=watch
            )
        except InfeasibleError:
            # more energy is not easier
            break
        reached.append(float(c3))
        masses.append(found.capability_kg)
        title = found.mission.vehicle.name
    return np.array(reached), np.array(masses), title


def with_payload(chop: Porkchop, made: Departures) -> Porkchop:
    """The grid with masses, and the heaviest departure of each type."""
    masses = made.mass(chop.c3_m2_s2, chop.declination_rad)
    full = replace(chop, payload_kg=masses, launcher=made.told())
    best = tuple(replace(t, payload_kg=_one(made, t)) for t in chop.best)
    richest: list[Transfer] = []
    for inside in (chop.turn_rad < math.pi, chop.turn_rad >= math.pi):
        held = np.where(inside & np.isfinite(masses), masses, -math.inf)
        i, j = np.unravel_index(int(np.argmax(held)), held.shape)
        if math.isfinite(held[i, j]):
            richest.append(full.at(int(i), int(j)))
    return replace(full, best=best, richest=tuple(richest))


def _one(made: Departures, t: Transfer) -> float | None:
    mass = float(made.mass(np.array([t.c3_m2_s2]), np.array([t.declination_rad]))[0])
    return mass if math.isfinite(mass) else None
