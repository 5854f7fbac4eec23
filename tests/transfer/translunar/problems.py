"""What the tests of the way to the Moon share."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

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


def by_another_road(start, span_s, rtol, atol, knots):
    """(3,) place about the Moon, m, of a state about the Earth after a span: SciPy's DOP853 over
    point masses of DE440 and J2, written here; `knots` of the splines of Moon and Sun."""
    field = WORLD.gravity("earth", degree=2)
    j2 = -field.C[2, 0] * math.sqrt(5.0)
    pole = np.asarray(WORLD.orientation.itrf_from_gcrf(start.epoch).matrix)[2]
    t = np.linspace(0.0, span_s, knots)
    places = {n: WORLD.ephemeris.positions_m(n, start.epoch, t) for n in ("moon", "sun")}
    moon, sun = (CubicSpline(t, places[n]) for n in ("moon", "sun"))

    def rate(s, y):
        r = y[:3]
        d = np.linalg.norm(r)
        z = r @ pole
        a = -field.mu_m3_s2 * r / d**3
        k = 1.5 * field.mu_m3_s2 * j2 * field.radius_m**2 / d**5
        a -= k * ((1.0 - 5.0 * z * z / d**2) * r + 2.0 * z * pole)
        for mu, where in ((MU_MOON, moon(s)), (MU_SUN, sun(s))):
            w = where - r
            a += mu * (w / np.linalg.norm(w) ** 3 - where / np.linalg.norm(where) ** 3)
        return np.concatenate([y[3:], a])

    y0 = np.concatenate([start.r_m, start.v_m_s])
    done = solve_ivp(rate, (0.0, span_s), y0, method="DOP853", rtol=rtol, atol=atol)
    return done.y[:3, -1] - places["moon"][-1]
