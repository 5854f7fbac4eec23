"""Which vehicle of the catalogue carries what from where: the ascents a corpus draws from.

Payloads lie well inside what each can carry (the catalogue's ratings, and the ideal capability of
this program), inclinations inside what a site's corridors open. Nothing here is an aim of a check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["LAUNCHERS", "Kind", "Launcher"]

Kind = Literal["sso", "circular", "elliptic", "gto", "medium"]


@dataclass(frozen=True, slots=True)
class Launcher:
    """One row: every draw of it is a mission.

    mass_kg      (least, most)
    height_km    (lowest, highest) of the circle; of an ellipse, of its perigee
    apogee_km    of an ellipse
    inclination_deg  (least, most), where the kind asks for one
    """

    vehicle: str
    site: str
    kind: Kind
    mass_kg: tuple[float, float]
    height_km: tuple[float, float] = (0.0, 0.0)
    apogee_km: tuple[float, float] = (0.0, 0.0)
    inclination_deg: tuple[float, float] = (0.0, 0.0)


def _low(vehicle: str, site: str, mass: tuple[float, float], i: tuple[float, float]) -> Launcher:
    """An ellipse of some 200 km, which a vehicle without restarts ends its one burn in."""
    return Launcher(vehicle, site, "elliptic", mass, (195.0, 215.0), (230.0, 280.0), i)


LAUNCHERS: tuple[Launcher, ...] = (
    Launcher("soyuz-2.1b-fregat", "vostochny", "sso", (1500.0, 3500.0), (500.0, 830.0)),
    Launcher("soyuz-2.1b-fregat", "plesetsk", "sso", (1500.0, 3300.0), (550.0, 830.0)),
    Launcher(
        "soyuz-2.1b-fregat",
        "baikonur",
        "circular",
        (2000.0, 4500.0),
        (400.0, 1200.0),
        inclination_deg=(51.6, 70.0),
    ),
    Launcher("soyuz-st-b-fregat-mt", "kourou", "sso", (2000.0, 4000.0), (550.0, 830.0)),
    Launcher("soyuz-st-b-fregat-mt", "kourou", "gto", (1500.0, 2800.0)),
    Launcher("soyuz-st-b-fregat-mt", "kourou", "medium", (900.0, 1500.0)),
    _low("soyuz-2.1a", "baikonur", (5500.0, 7000.0), (51.6, 52.5)),
    _low("soyuz-2.1a", "plesetsk", (5000.0, 6500.0), (62.9, 66.0)),
    _low("soyuz-2.1a", "vostochny", (5500.0, 7000.0), (51.9, 53.0)),
    _low("soyuz-2.1b", "baikonur", (6000.0, 7800.0), (51.6, 52.5)),
    Launcher("vega", "kourou", "sso", (700.0, 1350.0), (500.0, 750.0)),
    Launcher("pslv-xl", "sriharikota", "sso", (900.0, 1600.0), (500.0, 650.0)),
    Launcher("h-iia-202", "tanegashima", "sso", (2000.0, 3800.0), (500.0, 800.0)),
    Launcher("falcon-9-b5", "vandenberg", "sso", (4000.0, 9000.0), (500.0, 750.0)),
    Launcher(
        "falcon-9-b5",
        "ccsfs",
        "circular",
        (8000.0, 15000.0),
        (250.0, 600.0),
        inclination_deg=(28.7, 55.0),
    ),
    Launcher("falcon-9-b5", "ccsfs", "gto", (4000.0, 6500.0)),
    Launcher(
        "atlas-v-551",
        "ccsfs",
        "circular",
        (9000.0, 15000.0),
        (250.0, 600.0),
        inclination_deg=(28.7, 50.0),
    ),
    Launcher("electron", "mahia", "sso", (80.0, 170.0), (450.0, 600.0)),
    Launcher("delta-ii-7920", "vandenberg", "sso", (1200.0, 2400.0), (550.0, 800.0)),
    _low("angara-a5-three-stage", "plesetsk", (15000.0, 22000.0), (63.0, 66.0)),
    Launcher("ariane-62", "kourou", "sso", (3000.0, 6000.0), (550.0, 800.0)),
)
