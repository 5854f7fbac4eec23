"""What missions of a corpus that begin in orbit are drawn with: orbits, craft, days, as text."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

__all__ = [
    "FIELD", "HIGH_FIELD", "MOON_FIELD", "MOON_MU", "MOON_RE_KM", "MU", "RE_KM", "Drawn",
    "OrbitKind", "circle", "clock", "coast", "craft", "day_of", "deg", "elements", "epoch",
    "instant", "low_orbit", "mass_of",
]  # fmt: skip

#: what a mission file holds beside its schema and name
Drawn = dict[str, Any]
MU, RE_KM = 398600.4418, 6378.137
MOON_MU, MOON_RE_KM = 4902.8, 1737.4


@dataclass(frozen=True, slots=True)
class OrbitKind:
    """One kind of mission; `share` of all, of any size."""

    name: str
    share: float
    make: Callable[[Generator], Drawn]


def deg(value: float, digits: int = 3) -> str:
    """An angle as a mission file has it."""
    return f"{value:.{digits}f} deg"


def clock(seconds: float) -> str:
    """A time of day as a mission file has it."""
    s = int(seconds) % 86_400
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def day_of(rng: Generator) -> dt.datetime:
    """A minute of the years 2024 to 2027 that the table of the Earth's rotation covers."""
    minutes = int(rng.integers(0, 1250 * 1440))
    return dt.datetime(2024, 1, 1) + dt.timedelta(minutes=minutes)


def instant(day: dt.datetime) -> str:
    """An instant of UTC as a mission file has it, to the minute."""
    return f"{day:%Y-%m-%dT%H:%M:00Z}"


def epoch(rng: Generator) -> str:
    """An instant of `day_of`."""
    return instant(day_of(rng))


def circle(at: str, height_km: float, i_deg: float, raan_deg: float, along_deg: float) -> Drawn:
    """A place on a circle about the Earth in mean elements of date."""
    return {
        "elements": {
            "epoch": at, "frame": "tod", "mean": "true", "altitude": f"{height_km:.2f} km",
            "inclination": deg(i_deg), "raan": deg(raan_deg % 360.0),
            "mean_anomaly": deg(along_deg % 360.0),
        }
    }  # fmt: skip


def elements(rng: Generator, perigee_km: float, apogee_km: float, i_deg: float) -> Drawn:
    """A start about the Earth; altitudes; node, perigee and place by lot."""
    return {
        "start": {
            "elements": {
                "epoch": epoch(rng), "frame": "tod", "perigee": f"{perigee_km:.2f} km",
                "apogee": f"{apogee_km:.2f} km", "inclination": deg(i_deg),
                "raan": deg(rng.uniform(0.0, 360.0)),
                "argument_of_perigee": deg(rng.uniform(0.0, 360.0)),
                "true_anomaly": deg(rng.uniform(0.0, 360.0)),
            }
        }
    }  # fmt: skip


def craft(rng: Generator, mass: float, m_s2: float = 0.2, part: float = 0.25) -> Drawn:
    """A spacecraft of a mass, kg; its thrust over its mass, and the part that is propellant."""
    return {
        "spacecraft": {
            "mass": f"{mass:.0f} kg",
            "drag_area": f"{0.004 * mass + 0.5:.2f} m^2",
            "reflectivity": f"{rng.uniform(1.0, 1.5):.2f}",
            "engine": {
                "thrust": f"{m_s2 * mass:.1f} N", "isp": f"{rng.uniform(220.0, 325.0):.0f} s",
            },
            "propellant": f"{part * mass:.1f} kg",
        }
    }  # fmt: skip


def mass_of(rng: Generator) -> float:
    """kg, from 80 to 4,000, evenly in the logarithm."""
    return float(math.exp(rng.uniform(math.log(80.0), math.log(4000.0))))


def coast(rng: Generator, low_h: float, high_h: float) -> Drawn:
    """A coast of hours."""
    return {"coast": {"for": f"{rng.uniform(low_h, high_h):.3f} h"}}


#: what is flown in: low about the Earth, in its geostationary orbit, about the Moon
FIELD: Drawn = {"physics": {"gravity": "20x20"}}
HIGH_FIELD: Drawn = {"physics": {"gravity": "8x8", "drag": "none"}}
MOON_FIELD: Drawn = {"physics": {"moon_gravity": "30x30", "gravity": "4x4"}}


def low_orbit(rng: Generator) -> Drawn:
    """A start in an almost circular orbit of 450 to 1,400 km."""
    height = rng.uniform(450.0, 1400.0)
    return elements(rng, height, height + rng.uniform(0.0, 40.0), rng.uniform(5.0, 110.0))
