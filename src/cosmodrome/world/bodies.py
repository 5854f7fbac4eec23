"""Bodies and the constants of nature and convention used with them.

Gravitational parameters of the Sun, Moon and planets: DE440 (Park, Folkner, Williams & Boggs
2021, AJ 161:105, Table 2). The Earth's: EGM2008 (TT-compatible), to go with its harmonics.
"""

from __future__ import annotations

from dataclasses import dataclass

from cosmodrome.errors import UnknownNameError, did_you_mean

__all__ = [
    "AU_M",
    "BODIES",
    "C_M_S",
    "EARTH",
    "EARTH_EQUATORIAL_RADIUS_M",
    "EARTH_MOON_MASS_RATIO",
    "G0",
    "JUPITER",
    "MARS",
    "MERCURY",
    "MOON",
    "NEPTUNE",
    "OMEGA_EARTH_RAD_S",
    "SATURN",
    "SOLAR_PRESSURE_N_M2",
    "SUN",
    "URANUS",
    "VENUS",
    "Body",
    "body",
]

# Standard gravity, m/s^2 (CGPM 1901)
G0 = 9.80665
# Astronomical unit, m (IAU 2012 Resolution B2)
AU_M = 149_597_870_700.0
# Speed of light, m/s (SI)
C_M_S = 299_792_458.0
# Nominal mean angular velocity of the Earth, rad/s (IERS Conventions 2010, Table 1.1)
OMEGA_EARTH_RAD_S = 7.292115e-5
# Equatorial radius above which orbit heights are counted, m (WGS84)
EARTH_EQUATORIAL_RADIUS_M = 6_378_137.0
# Radiation pressure on a perfectly absorbing surface at 1 au, N/m^2: the total solar
# irradiance 1361 W/m^2 (IAU 2015 Resolution B3, nominal) over the speed of light
SOLAR_PRESSURE_N_M2 = 1361.0 / C_M_S
# Mass ratio of Earth and Moon in DE440
EARTH_MOON_MASS_RATIO = 81.3005682214972154


@dataclass(frozen=True, slots=True)
class Body:
    """A celestial body.

    name       as the ephemeris knows it
    mu_m3_s2   gravitational parameter; of the whole system for Mars to Neptune
    radius_m   mean equatorial radius
    source     of both figures
    """

    name: str
    mu_m3_s2: float
    radius_m: float
    source: str


_DE440 = "mu: DE440; radius: IAU WGCCRE 2015 (Archinal et al. 2018)"

# radius: IAU 2015 Resolution B3 nominal solar radius
SUN = Body("sun", 1.32712440041279419e20, 695_700_000.0, "mu: DE440; radius: IAU 2015 B3")
EARTH = Body("earth", 3.986004415e14, 6_378_136.3, "EGM2008 (Pavlis et al. 2012)")
MOON = Body("moon", 4.902800118e12, 1_737_400.0, _DE440)
MERCURY = Body("mercury", 2.2031868551e13, 2_440_530.0, _DE440)
VENUS = Body("venus", 3.24858592e14, 6_051_800.0, _DE440)
MARS = Body("mars", 4.2828375816e13, 3_396_190.0, _DE440)
JUPITER = Body("jupiter", 1.267127641e17, 71_492_000.0, _DE440)
SATURN = Body("saturn", 3.79405848418e16, 60_268_000.0, _DE440)
URANUS = Body("uranus", 5.7945564e15, 25_559_000.0, _DE440)
NEPTUNE = Body("neptune", 6.83652710058e15, 24_764_000.0, _DE440)

BODIES = {
    b.name: b for b in (SUN, MERCURY, VENUS, EARTH, MOON, MARS, JUPITER, SATURN, URANUS, NEPTUNE)
}


def body(name: str) -> Body:
    """The body of that name.

    Raises UnknownNameError with the closest known name.
    """
    if name not in BODIES:
        raise UnknownNameError(f"no body {name!r}. {did_you_mean(name, BODIES)}")
    return BODIES[name]
