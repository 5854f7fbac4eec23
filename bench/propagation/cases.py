"""The cases, as plain data: they cross to workers in other interpreters as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

# the next instants lie in one daily record of every table, and in IERS predictions
EPOCH_UTC = "2026-11-10T00:00:00"
_MU = {"earth": 3.986004415e14, "moon": 4.9028001224453001e12}
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Light:
    """Sunlight on a sphere with the central body's shadow; the pressure is 1361 W/m^2 / c."""

    area_m2: float = 12.0
    reflectivity: float = 1.3


@dataclass(frozen=True, slots=True)
class Air:
    """Drag in NRLMSISE-00 at fixed solar and geomagnetic activity."""

    area_m2: float = 12.0
    coefficient: float = 2.2
    f107: float = 150.0
    ap: float = 4.0


@dataclass(frozen=True, slots=True)
class Case:
    """One flight.

    r_m, v_m_s    in GCRF axes, from the centre
    degree        of the field: EGM2008 round the Earth, GRGM1200A round the Moon
    bodies        that attract as points, DE440
    target_m      error that the cheapest setting must meet, anywhere on the path
    samples       0: one flight. Else an ensemble: so many starts within 1 km and 1 m/s, each with
                  its states every `every_s`, in m and s
    """

    name: str
    title: str
    centre: str
    epoch_utc: str
    r_m: tuple[float, float, float]
    v_m_s: tuple[float, float, float]
    span_s: float
    degree: int
    bodies: tuple[str, ...]
    target_m: float
    light: Light | None = None
    air: Air | None = None
    mass_kg: float = 1000.0
    samples: int = 0
    every_s: float = 0.0

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Case:
        light, air = plain["light"], plain["air"]
        return cls(
            **{
                **plain,
                "r_m": tuple(plain["r_m"]),
                "v_m_s": tuple(plain["v_m_s"]),
                "bodies": tuple(plain["bodies"]),
                "light": None if light is None else Light(**light),
                "air": None if air is None else Air(**air),
            }
        )


def start(
    centre: str, periapsis_m: float, e: float, i_deg: float, node_deg: float = 0.0
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Place and velocity at the periapsis, which lies on the ascending node."""
    i, node = math.radians(i_deg), math.radians(node_deg)
    v = math.sqrt(_MU[centre] * (1.0 + e) / periapsis_m)
    c, s = math.cos(node), math.sin(node)
    x, y, z = 0.0, v * math.cos(i), v * math.sin(i)
    return (
        (periapsis_m * c, periapsis_m * s, 0.0),
        (c * x - s * y, s * x + c * y, z),
    )


SUN_MOON = ("sun", "moon")
LEO = start("earth", 6_878_137.0, 0.001, 97.4, 250.0)
GTO = start("earth", 6_378_137.0 + 250_000.0, 0.729, 6.0, 40.0)
GEO = start("earth", 42_164_172.0, 1e-4, 0.1, 0.0)
LLO = start("moon", 1_838_000.0, 0.001, 90.0, 30.0)


def _leo(name: str, title: str, degree: int, days: float = 1.0, **more: Any) -> Case:
    return Case(name, title, "earth", EPOCH_UTC, *LEO, days * _DAY, degree, SUN_MOON, **more)


def _moon(degree: int) -> Case:
    title = f"Moon 100 km polar, {degree}x{degree}, Earth, Sun, 10 days"
    return Case(
        f"moon-{degree}", title, "moon", EPOCH_UTC, *LLO, 10 * _DAY, degree, ("earth", "sun"), 1e-3
    )


ALL = (
    _leo("leo-70", "LEO 500 km SSO, 70x70, Sun, Moon, light, 1 day", 70, light=Light(),
         target_m=1e-3),
    _leo("leo-20", "LEO 500 km SSO, 20x20, Sun, Moon, light, 1 day", 20, light=Light(),
         target_m=1e-3),
    _leo("leo-70-drag", "LEO 500 km SSO, 70x70, Sun, Moon, light, NRLMSISE-00, 1 day", 70,
         light=Light(), air=Air(), target_m=1e-3),
    _leo("leo-20-drag", "LEO 500 km SSO, 20x20, Sun, Moon, light, NRLMSISE-00, 1 day", 20,
         light=Light(), air=Air(), target_m=1e-3),
    Case("gto-20", "GTO, 20x20, Sun, Moon, light, 10 days", "earth", EPOCH_UTC, *GTO, 10 * _DAY,
         20, SUN_MOON, light=Light(), target_m=1e-3),
    _moon(50),
    _moon(100),
    _leo("ensemble-20", "1,000 samples, LEO 20x20, Sun, Moon, 1 day, states each 60 s", 20,
         target_m=1e-3, samples=1000, every_s=60.0),
    _leo("ensemble-70", "1,000 samples, LEO 70x70, Sun, Moon, 1 day, states each 60 s", 70,
         target_m=1e-3, samples=1000, every_s=60.0),
)  # fmt: skip
