"""Missions of a corpus that go far, or slowly: by low thrust, to the Moon, round it and back.

They begin on their way, near where what is asked of them is decided: a way is found from there
within seconds, and what is carried and judged is of the same kind as of a whole voyage.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.campaign.score.drawing import (
    HIGH_FIELD,
    MOON_FIELD,
    Drawn,
    OrbitKind,
    coast,
    deg,
    elements,
    epoch,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["VOYAGES"]

_MU_MOON, _MOON_KM = 4902.800118, 1737.4
_DEG = math.pi / 180.0


def _state(at: str, frame: str, r_km: Array, v_km_s: Array) -> Drawn:
    """A start by place and velocity."""
    return {
        "start": {
            "state": {
                "epoch": at, "frame": frame,
                "position": [f"{x:.4f} km" for x in r_km],
                "velocity": [f"{x:.7f} km/s" for x in v_km_s],
            }
        }
    }  # fmt: skip


def _spiral(rng: Generator) -> Drawn:
    """Some revolutions of low thrust upwards, in the shadow or resting there."""
    mass, low = rng.uniform(300.0, 900.0), rng.uniform(800.0, 1200.0)
    up, i = low + rng.uniform(100.0, 150.0), rng.uniform(15.0, 100.0)
    to = {
        "perigee": f"{up:.2f} km +- 2 km", "apogee": f"{up:.2f} km +- 2 km",
        "inclination": f"{i:.2f} deg +- 0.05 deg",
    }  # fmt: skip
    rests = str(rng.uniform() < 0.5).lower()
    spacecraft = {
        "mass": f"{mass:.0f} kg", "drag_area": f"{rng.uniform(3.0, 9.0):.1f} m^2",
        "reflectivity": f"{rng.uniform(1.0, 1.5):.2f}",
        "engine": {
            "thrust": f"{0.003 * mass:.3f} N", "isp": f"{rng.uniform(1200.0, 2200.0):.0f} s",
        },
        "propellant": f"{0.06 * mass:.1f} kg",
    }  # fmt: skip
    step = {"name": "spiral", "to": to, "low_thrust": "true", "eclipses": rests}
    plan = [{"transfer": step}, coast(rng, 6.0, 12.0)]
    return elements(rng, low, low, round(i, 2)) | {
        "spacecraft": spacecraft, "plan": plan, **HIGH_FIELD,
    }  # fmt: skip


def _hyperbola(low_km: float, c3: float, hours: float, turn: Array) -> tuple[Array, Array]:
    """Place and velocity so many hours before the perilune of a hyperbola, km and km/s.

    c3    square of the speed far away, km^2/s^2
    turn  (3, 3), columns: towards the perilune, along the motion there, r x v

    Kepler's equation of the hyperbola, M = e sinh H - H, by Newton's rule.
    """
    a = _MU_MOON / c3
    e = 1.0 + low_km / a
    mean = -math.sqrt(_MU_MOON / a**3) * 3600.0 * hours
    h = math.asinh(mean / e)
    for _ in range(40):
        h -= (e * math.sinh(h) - h - mean) / (e * math.cosh(h) - 1.0)
    b = a * math.sqrt(e * e - 1.0)
    r = np.array([a * (e - math.cosh(h)), b * math.sinh(h), 0.0])
    rate = math.sqrt(_MU_MOON * a) / (a * (e * math.cosh(h) - 1.0))
    v = rate * np.array([-math.sinh(h), b / a * math.cosh(h), 0.0])
    return turn @ r, turn @ v


def _turned(i: float, raan: float, argp: float) -> Array:
    """The columns of `_hyperbola` in the axes that the angles count from, rad."""
    (ci, si), (co, so), (cw, sw) = ((math.cos(x), math.sin(x)) for x in (i, raan, argp))
    return np.array(
        [
            [co * cw - so * sw * ci, -co * sw - so * cw * ci, so * si],
            [so * cw + co * sw * ci, -so * sw + co * cw * ci, -co * si],
            [sw * si, cw * si, ci],
        ]
    )


def _in_at_the_moon(rng: Generator) -> Drawn:
    """Half a day before the Moon: a correction, and the burn into an orbit about it."""
    mass, low = rng.uniform(800.0, 3000.0), rng.uniform(80.0, 200.0)
    high, i = low + rng.uniform(10.0, 400.0), rng.uniform(60.0, 120.0)
    # what the way is off where it is begun
    passes = _MOON_KM + low + rng.uniform(-20.0, 60.0)
    plane = _turned(
        (i + rng.uniform(-2.0, 2.0)) * _DEG, rng.uniform(0.0, math.tau), rng.uniform(0.0, math.tau)
    )
    way = _hyperbola(passes, rng.uniform(0.64, 1.0), rng.uniform(9.0, 13.0), plane)
    spacecraft = {
        "mass": f"{mass:.0f} kg", "drag_area": "6 m^2",
        "engine": {"thrust": f"{mass:.0f} N", "isp": f"{rng.uniform(305.0, 325.0):.0f} s"},
        "propellant": f"{0.45 * mass:.0f} kg",
    }  # fmt: skip
    orbit = {
        "perilune": f"{low:.1f} km", "apolune": f"{high:.1f} km", "inclination": deg(i, 2),
    }  # fmt: skip
    plan = [{"to-moon": {"orbit": orbit, "corrections": ["1 h"]}}, coast(rng, 3.0, 8.0)]
    start = _state(epoch(rng), "moon-equator", *way)
    return start | {"spacecraft": spacecraft, "plan": plan} | MOON_FIELD


#: six hours after the departure from 200 km on a free return past 5,000 km above the Moon and back
#: to 50 km, found by `transfer.translunar.returning`: instant, place in km and velocity in km/s,
#: GCRF
_RETURNS: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = (
    ("2024-05-03T06:00:00Z", (83652.4405, -861.1909, -2965.6444),
     (2.64209403, 0.72691275, 0.31682187)),
    ("2025-02-11T06:00:00Z", (-71209.6587, 39500.8409, 21286.0127),
     (-2.69746316, 0.60963696, 0.32321747)),
    ("2026-04-03T06:00:00Z", (-55165.3438, -49623.9019, -39730.4788),
     (-1.14314812, -2.17366106, -1.31184693)),
    ("2027-03-09T06:00:00Z", (71497.6916, 19677.3349, 38849.5604),
     (2.05993401, 1.45050040, 1.12443185)),
)  # fmt: skip


def _round_the_moon(rng: Generator) -> Drawn:
    """On the way round the Moon and back: a correction to another passage and perigee."""
    at, r, v = _RETURNS[int(rng.integers(0, len(_RETURNS)))]
    mass = rng.uniform(5_000.0, 30_000.0)
    off = rng.uniform(-0.0005, 0.0005, 3)
    spacecraft = {
        "mass": f"{mass:.0f} kg", "drag_area": "12 m^2",
        "engine": {"thrust": f"{0.5 * mass:.0f} N", "isp": f"{rng.uniform(300.0, 325.0):.0f} s"},
        "propellant": f"{0.1 * mass:.0f} kg",
    }  # fmt: skip
    around = {
        "perilune": f"{rng.uniform(4500.0, 5500.0):.1f} km",
        "perigee": f"{rng.uniform(40.0, 60.0):.1f} km",
    }  # fmt: skip
    plan: list[Any] = [
        {"to-moon": {"around": around, "corrections": [f"{rng.uniform(4.0, 18.0):.2f} h"]}}
    ]
    start = _state(at, "gcrf", np.array(r), np.array(v) + off)
    field = {"physics": {"moon_gravity": "8x8", "gravity": "8x8", "drag": "none"}}
    return start | {"spacecraft": spacecraft, "plan": plan} | field


VOYAGES: tuple[OrbitKind, ...] = (
    OrbitKind("by low thrust", 0.25, _spiral),
    OrbitKind("into an orbit about the Moon", 0.4, _in_at_the_moon),
    OrbitKind("round the Moon and back", 0.2, _round_the_moon),
)
