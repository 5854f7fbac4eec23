"""What the tests of the way to the Moon share."""

from __future__ import annotations

import math

from cosmodrome.dynamics import Dynamics, Gravity, PointMass, preset
from cosmodrome.transfer.translunar import LunarOrbit, TranslunarProblem
from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

DAY = 86_400.0
EARTH_M, MOON_M = 6_378_137.0, body("moon").radius_m
MU_EARTH, MU_MOON, MU_SUN = (body(n).mu_m3_s2 for n in ("earth", "moon", "sun"))
WORLD = World.shipped()
FULL = preset("translunar")
# as little as an independent road can write down again
SPARE = Dynamics(
    (Gravity("earth", 2, 0), PointMass("moon"), PointMass("sun")), "earth", (("moon", 66e6),)
)
FIRST = Epoch.from_utc("2027-03-01T00:00:00Z")


def polar(height_m=100e3):
    return LunarOrbit(MOON_M + height_m, MOON_M + height_m, 0.5 * math.pi)


def problem(inclination_deg=28.5, orbit=None, first=FIRST, last=None, **more):
    low, high = inclination_deg if isinstance(inclination_deg, tuple) else (inclination_deg,) * 2
    more.setdefault("perigee_m", EARTH_M + 200e3)
    return TranslunarProblem(
        inclination_rad=(math.radians(low), math.radians(high)),
        first=first,
        last=last or first,
        orbit=orbit or polar(),
        **more,
    )
