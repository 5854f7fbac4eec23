"""Bodies and the constants of nature and convention used with them.

Gravitational parameters of the Sun, Moon and planets: DE440 (Park, Folkner, Williams & Boggs
2021, AJ 161:105, Table 2). The Earth's: EGM2008 (TT-compatible), to go with its harmonics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

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
    "height_above",
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

    name        as the ephemeris knows it
    mu_m3_s2    gravitational parameter; of the whole system for Mars to Neptune
    radius_m    mean equatorial radius
    source      of both figures
    figure_m    equatorial radius of the reference ellipsoid heights are counted from
    flattening  of that ellipsoid
    lowest_m    height above it of the lowest dry terrain: no state on the ground lies lower. 0
                where no figure is held, which takes the ellipsoid as the surface
    terrain     source of the ellipsoid and of the lowest terrain
    """

    name: str
    mu_m3_s2: float
    radius_m: float
    source: str
    figure_m: float
    flattening: float
    lowest_m: float
    terrain: str


_DE440 = "mu: DE440; radius: IAU WGCCRE 2015 (Archinal et al. 2018)"
_IAU = "IAU WGCCRE 2015 (Archinal et al. 2018)"
_LEVEL = f"{_IAU}; the ellipsoid stands for the surface"


def _planet(
    name: str, mu: float, radius: float, polar: float, lowest: float = 0.0, terrain: str = _LEVEL
) -> Body:
    return Body(name, mu, radius, _DE440, radius, (radius - polar) / radius, lowest, terrain)


# radius: IAU 2015 Resolution B3 nominal solar radius
SUN = Body(
    "sun", 1.32712440041279419e20, 695_700_000.0, "mu: DE440; radius: IAU 2015 B3",
    695_700_000.0, 0.0, 0.0, "IAU 2015 B3; the photosphere stands for the surface",
)  # fmt: skip
# the shore of the Dead Sea lies near 440 m below sea level and the geoid there some 18 m above
# the ellipsoid. Floors of mines, of lakes and of the sea lie lower and are not counted
EARTH = Body(
    "earth", 3.986004415e14, 6_378_136.3, "EGM2008 (Pavlis et al. 2012)",
    EARTH_EQUATORIAL_RADIUS_M, 1.0 / 298.257223563, -430.0,
    "WGS84 (NIMA TR8350.2); shore of the Dead Sea, rounded down",
)  # fmt: skip
MOON = _planet(
    "moon", 4.902800118e12, 1_737_400.0, 1_737_400.0, -9_120.0,
    f"{_IAU}; floor of Antoniadi, 70.4 S 172.6 W, by LRO LOLA (Smith et al. 2010, GRL 37:L18204)",
)  # fmt: skip
MERCURY = _planet("mercury", 2.2031868551e13, 2_440_530.0, 2_438_260.0)
VENUS = _planet("venus", 3.24858592e14, 6_051_800.0, 6_051_800.0)
# -8.2 km is counted from the areoid, which lies 0.5 km above the ellipsoid there (GMM-2B)
MARS = _planet(
    "mars", 4.2828375816e13, 3_396_190.0, 3_376_200.0, -8_200.0,
    f"{_IAU}; floor of Hellas by MGS MOLA (Smith et al. 2001, JGR 106:23689)",
)  # fmt: skip
JUPITER = _planet("jupiter", 1.267127641e17, 71_492_000.0, 66_854_000.0)
SATURN = _planet("saturn", 3.79405848418e16, 60_268_000.0, 54_364_000.0)
URANUS = _planet("uranus", 5.7945564e15, 25_559_000.0, 24_973_000.0)
NEPTUNE = _planet("neptune", 6.83652710058e15, 24_764_000.0, 24_341_000.0)

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


def height_above(name: str | Body, r_fixed_m: ArrayLike) -> NDArray[np.float64]:
    """Height in m of body-fixed places (..., 3) in m above the body's reference ellipsoid.

    Along the ellipsoid's normal (geodetic), below 1e-8 m of error for the Earth. Longitude does
    not matter: any axes with z along the spin axis serve.

    Raises UnknownNameError for an unknown body, InputError within a sixtieth of the radius of
    the centre, where the normal is ambiguous.
    """
    from cosmodrome.world.geodesy import geodetic

    of = name if isinstance(name, Body) else body(name)
    return geodetic(r_fixed_m, of.figure_m, of.flattening, of.name)[2]
