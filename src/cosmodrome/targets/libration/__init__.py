"""Libration orbits: periodic orbits of two bodies' restricted problem, and flights near them."""

from cosmodrome.targets.libration.asked import EXAMPLES, is_libration, read_libration
from cosmodrome.targets.libration.ephemeris import ephemeris
from cosmodrome.targets.libration.families import (
    FAMILIES,
    LibrationOrbit,
    Wanted,
    family,
    find,
)
from cosmodrome.targets.libration.holding import Held, held
from cosmodrome.targets.libration.shooting import Arcs, Corrected, correct, forces
from cosmodrome.targets.libration.symmetric import PeriodicOrbit
from cosmodrome.targets.libration.systems import EARTH_MOON, SUN_EARTH, SYSTEMS, System, system
from cosmodrome.targets.libration.turning import Turning, turning

__all__ = [
    "EARTH_MOON",
    "EXAMPLES",
    "FAMILIES",
    "SUN_EARTH",
    "SYSTEMS",
    "Arcs",
    "Corrected",
    "Held",
    "LibrationOrbit",
    "PeriodicOrbit",
    "System",
    "Turning",
    "Wanted",
    "correct",
    "ephemeris",
    "family",
    "find",
    "forces",
    "held",
    "is_libration",
    "read_libration",
    "system",
    "turning",
]
