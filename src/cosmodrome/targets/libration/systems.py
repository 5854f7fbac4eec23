"""Two bodies that stand for a restricted problem, and the units of it."""

from __future__ import annotations

from dataclasses import dataclass

from cosmodrome.errors import UnknownNameError, did_you_mean
from cosmodrome.world.bodies import AU_M, EARTH, EARTH_MOON_MASS_RATIO, MOON, SUN

__all__ = ["EARTH_MOON", "SUN_EARTH", "SYSTEMS", "System", "system"]


@dataclass(frozen=True, slots=True)
class System:
    """Two bodies on circles.

    larger, smaller  as the ephemeris knows them
    body             the one an orbit is told from: the smaller, or the largest of its parts
    mu               mass ratio of the smaller to both
    length_m         distance of the two
    gm_m3_s2         gravitational parameter of both
    nearest_m        distance from the smaller under which nothing is looked for
    """

    name: str
    larger: str
    smaller: str
    body: str
    mu: float
    length_m: float
    gm_m3_s2: float
    nearest_m: float

    @property
    def time_s(self) -> float:
        """Unit of time: the inverse of the rate of two bodies at that distance, s."""
        return float((self.length_m**3 / self.gm_m3_s2) ** 0.5)

    @property
    def speed_m_s(self) -> float:
        """Unit of speed, m/s."""
        return self.length_m / self.time_s

    @property
    def hill(self) -> float:
        """Hill's radius (mu / 3)^(1/3), in units of the distance."""
        return float((self.mu / 3.0) ** (1.0 / 3.0))


# 384,400 km: the customary length of papers on near-rectilinear orbits (Zimovan 2017), 375,190 s
EARTH_MOON = System(
    "earth-moon",
    "earth",
    "moon",
    "moon",
    1.0 / (1.0 + EARTH_MOON_MASS_RATIO),
    384_400e3,
    EARTH.mu_m3_s2 + MOON.mu_m3_s2,
    MOON.radius_m,
)
_PAIR = EARTH.mu_m3_s2 + MOON.mu_m3_s2
# Earth and Moon as one body at their barycentre
SUN_EARTH = System(
    "sun-earth",
    "sun",
    "emb",
    "earth",
    _PAIR / (SUN.mu_m3_s2 + _PAIR),
    AU_M,
    SUN.mu_m3_s2 + _PAIR,
    # deep inside the Moon's path, where the pair is no point
    100_000e3,
)
SYSTEMS = {s.name: s for s in (EARTH_MOON, SUN_EARTH)}


def system(name: str) -> System:
    """The system of that name. Raises UnknownNameError."""
    if name not in SYSTEMS:
        raise UnknownNameError(f"no system {name!r}. {did_you_mean(name, SYSTEMS)}")
    return SYSTEMS[name]
