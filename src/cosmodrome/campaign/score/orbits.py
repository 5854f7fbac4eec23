"""Missions of a corpus that begin in orbit: coasts and burns of all kinds, about Earth and Moon."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from cosmodrome.campaign.score.drawing import (
    FIELD,
    HIGH_FIELD,
    MOON_FIELD,
    MOON_MU,
    MOON_RE_KM,
    MU,
    RE_KM,
    Drawn,
    OrbitKind,
    circle,
    coast,
    craft,
    day_of,
    deg,
    elements,
    epoch,
    instant,
    low_orbit,
    mass_of,
)
from cosmodrome.campaign.score.errands import ERRANDS
from cosmodrome.campaign.score.voyages import VOYAGES

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["ORBITS"]


def _coasting(rng: Generator) -> Drawn:
    perigee = rng.uniform(400.0, 20000.0)
    apogee = perigee + rng.choice([0.0, 500.0, 5000.0, 20000.0]) * rng.uniform(0.2, 1.0)
    tree = elements(rng, perigee, apogee, rng.uniform(1.0, 120.0)) | craft(rng, mass_of(rng))
    return tree | {"plan": [coast(rng, 24.0, 60.0)]} | FIELD


def _burns(rng: Generator) -> Drawn:
    """Burns told in every way, in every axes, upwards or across; none comes near the floor."""
    mass = mass_of(rng)
    ways: list[Drawn] = [
        {"direction": "prograde"},
        {"direction": "normal"},
        {"direction": "anti-normal"},
        {"direction": "radial-out"},
        {"direction": [0.9, 0.3, round(float(rng.uniform(-0.3, 0.3)), 3)], "frame": "vnc"},
        {"direction": [round(float(rng.uniform(-0.2, 0.2)), 3), 1.0, 0.1], "frame": "rtn"},
        {"direction": [0.0, 0.0, 1.0], "frame": "tod"},
        {"direction": [round(float(rng.uniform(-1.0, 1.0)), 3), 0.2, 0.9], "frame": "gcrf"},
    ]
    plan: list[Any] = [coast(rng, 0.3, 3.0)]
    for number in range(int(rng.integers(1, 4))):
        size = rng.integers(0, 3)
        told: Drawn
        if size == 0:
            told = {"delta_v": f"{rng.uniform(3.0, 30.0):.2f} m/s"}
        elif size == 1:
            told = {"duration": f"{rng.uniform(15.0, 150.0):.1f} s"}
        else:
            told = {"propellant": f"{mass * rng.uniform(0.002, 0.012):.3f} kg"}
        way = ways[int(rng.integers(0, len(ways)))]
        plan.append({"burn": {"name": f"burn {number + 1}", **told, **way}})
        until = str(rng.choice(["apogee", "perigee", "ascending node", "descending node"]))
        plan.append({"coast": {"until": until}} if rng.uniform() < 0.5 else coast(rng, 1.0, 5.0))
    plan.append(coast(rng, 10.0, 24.0))
    return low_orbit(rng) | craft(rng, mass) | {"plan": plan} | FIELD


def _hohmann(rng: Generator) -> Drawn:
    """From one circle to another by numbers worked out by hand, judged against a target."""
    low, up = rng.uniform(500.0, 900.0), rng.uniform(40.0, 200.0)
    i = rng.uniform(20.0, 105.0)
    r1, r2 = RE_KM + low, RE_KM + low + up
    dv1 = 1e3 * math.sqrt(MU / r1) * (math.sqrt(2.0 * r2 / (r1 + r2)) - 1.0)
    dv2 = 1e3 * math.sqrt(MU / r2) * (1.0 - math.sqrt(2.0 * r1 / (r1 + r2)))
    at = epoch(rng)
    start = {"start": circle(at, low, i, rng.uniform(0.0, 360.0), rng.uniform(0.0, 360.0))}
    half_h = math.pi * math.sqrt((0.5 * (r1 + r2)) ** 3 / MU) / 3600.0
    plan = [
        coast(rng, 0.5, 6.0),
        {"burn": {"name": "raise", "delta_v": f"{dv1:.3f} m/s", "direction": "prograde"}},
        {"coast": {"for": f"{half_h:.5f} h"}},
        {"burn": {"name": "round", "delta_v": f"{dv2:.3f} m/s", "direction": "prograde"}},
        coast(rng, 20.0, 30.0),
    ]
    target = {
        "kind": "circular", "altitude": f"{low + up:.2f} km +- 8 km",
        "inclination": f"{i:.3f} deg +- 0.05 deg", "eccentricity": "0 +- 0.003",
    }  # fmt: skip
    flown_by = craft(rng, mass_of(rng), 1.0)
    return start | flown_by | {"target": target, "plan": plan} | FIELD


def _aimed(rng: Generator) -> Drawn:
    """A sequence whose numbers the program finds, to conditions in the file."""
    low = rng.uniform(500.0, 900.0)
    up = low + rng.uniform(60.0, 300.0)
    i = rng.uniform(20.0, 105.0)
    steps = [
        {"burn": {"name": "raise", "delta_v": "free", "direction": "prograde"}},
        {"coast": {"until": "apogee"}},
        {"burn": {"name": "round", "delta_v": "free", "direction": "prograde"}},
    ]
    meet = {"perigee": f"{up - 10.0:.2f} km +- 1 km", "apogee": f"{up + 10.0:.2f} km +- 1 km"}
    plan = [
        coast(rng, 0.5, 4.0),
        {"target": {"name": "higher orbit", "steps": steps, "meet": meet}},
        coast(rng, 12.0, 24.0),
    ]
    tree = elements(rng, low - 5.0, low + 5.0, i) | craft(rng, mass_of(rng), 1.0)
    return tree | {"plan": plan} | FIELD


def _slot(rng: Generator) -> Drawn:
    """A geostationary satellite goes to another slot."""
    start = {
        "start": {
            "elements": {
                "epoch": epoch(rng), "frame": "tod", "semi_major_axis": "42165.8 km",
                "eccentricity": "0.0002", "inclination": "0.05 deg",
                "raan": deg(rng.uniform(0.0, 360.0)), "argument_of_perigee": "20 deg",
                "true_anomaly": deg(rng.uniform(0.0, 360.0)),
            }
        }
    }  # fmt: skip
    longitude = deg(rng.uniform(0.0, 360.0), 1)
    plan = [
        {
            "phase": {
                "name": "to the slot",
                "longitude": f"{longitude} +- 0.1 deg",
                "within": "25 days",
            }
        },
        {"coast": {"for": "2 days"}},
    ]
    return start | craft(rng, rng.uniform(1500.0, 3000.0), 0.01, 0.1) | {"plan": plan} | HIGH_FIELD


def _place(rng: Generator) -> Drawn:
    """To another place along a low orbit."""
    start = day_of(rng)
    at = start + dt.timedelta(hours=float(rng.uniform(24.0, 40.0)))
    plan = [
        coast(rng, 0.5, 3.0),
        {
            "phase": {
                "name": "along the orbit", "at": instant(at),
                "argument_of_latitude": f"{rng.uniform(0.0, 360.0):.1f} deg +- 0.5 deg",
            }
        },
        coast(rng, 10.0, 20.0),
    ]  # fmt: skip
    tree = low_orbit(rng) | craft(rng, mass_of(rng), 0.3)
    tree["start"]["elements"]["epoch"] = instant(start)
    return tree | {"plan": plan} | FIELD


def _transfer(rng: Generator) -> Drawn:
    """By two burns with the least propellant."""
    low = rng.uniform(450.0, 800.0)
    up = low + rng.uniform(80.0, 400.0)
    i = rng.uniform(30.0, 100.0)
    to = {"perigee": f"{up - 5.0:.2f} km", "apogee": f"{up + 5.0:.2f} km", "inclination": deg(i)}
    plan = [
        coast(rng, 0.5, 3.0),
        {"transfer": {"name": "higher orbit", "to": to, "burns": "2"}},
        coast(rng, 12.0, 24.0),
    ]
    tree = elements(rng, low - 4.0, low + 4.0, i) | craft(rng, mass_of(rng), 0.5)
    return tree | {"plan": plan} | FIELD


def _letting_go(rng: Generator) -> Drawn:
    """A carrier lets go of a small one, each way along the track, and burns."""
    mass = rng.uniform(150.0, 900.0)
    tree = low_orbit(rng) | craft(rng, mass)
    tree["spacecraft"]["id"] = "carrier"
    tree["spacecraft"]["carries"] = [
        {"id": "cubesat", "mass": f"{rng.uniform(4.0, 20.0):.1f} kg", "drag_area": "0.1 m^2"}
    ]
    way = str(rng.choice(["prograde", "retrograde"]))
    release = {
        "object": "cubesat", "speed": f"{rng.uniform(0.3, 2.0):.2f} m/s", "direction": way,
        "coast": "6 h",
    }  # fmt: skip
    plan = [
        coast(rng, 0.5, 3.0),
        {"release": release},
        coast(rng, 3.0, 8.0),
        {"burn": {"delta_v": f"{rng.uniform(2.0, 20.0):.2f} m/s", "direction": "prograde"}},
        coast(rng, 10.0, 20.0),
    ]
    return tree | {"plan": plan} | FIELD


def _about_the_moon(rng: Generator) -> Drawn:
    low = rng.uniform(80.0, 250.0)
    mass = rng.uniform(200.0, 2000.0)
    start = {
        "start": {
            "elements": {
                "epoch": epoch(rng), "frame": "moon-equator", "perilune": f"{low:.1f} km",
                "apolune": f"{low + rng.uniform(20.0, 400.0):.1f} km",
                "inclination": deg(rng.uniform(20.0, 160.0)),
                "raan": deg(rng.uniform(0.0, 360.0)),
                "argument_of_perilune": deg(rng.uniform(0.0, 360.0)),
                "true_anomaly": deg(rng.uniform(0.0, 360.0)),
            }
        }
    }  # fmt: skip
    plan = [
        coast(rng, 0.5, 3.0),
        {"coast": {"until": str(rng.choice(["perilune", "apolune"]))}},
        {
            "burn": {
                "name": "burn",
                "duration": f"{rng.uniform(20.0, 90.0):.1f} s",
                "direction": "prograde",
            }
        },
        coast(rng, 10.0, 24.0),
    ]
    return start | craft(rng, mass, 0.3) | {"plan": plan} | MOON_FIELD


def _low_over_the_moon(rng: Generator) -> Drawn:
    """From a circle of 100 km to a perilune of 20 km, as a landing begins; it stays there."""
    high, low = rng.uniform(95.0, 105.0), rng.uniform(17.0, 24.0)
    r1, r2 = MOON_RE_KM + high, MOON_RE_KM + low
    dv = 1e3 * math.sqrt(MOON_MU / r1) * (1.0 - math.sqrt(2.0 * r2 / (r1 + r2)))
    start = {
        "start": {
            "elements": {
                "epoch": epoch(rng), "frame": "moon-equator", "perilune": f"{high - 1.0:.1f} km",
                "apolune": f"{high + 1.0:.1f} km", "inclination": deg(rng.uniform(60.0, 100.0)),
                "raan": deg(rng.uniform(0.0, 360.0)), "argument_of_perilune": "0 deg",
                "true_anomaly": deg(rng.uniform(0.0, 360.0)),
            }
        }
    }  # fmt: skip
    burn = {"name": "down", "delta_v": f"{dv:.3f} m/s", "direction": "retrograde"}
    plan = [coast(rng, 0.5, 3.0), {"burn": burn}, coast(rng, 3.0, 6.0)]
    return start | craft(rng, rng.uniform(500.0, 2000.0), 0.5) | {"plan": plan} | MOON_FIELD


ORBITS: dict[str, OrbitKind] = {
    kind.name: kind
    for kind in (
        OrbitKind("coasts", 2.0, _coasting),
        OrbitKind("burns of all kinds", 4.0, _burns),
        OrbitKind("between two circles", 2.5, _hohmann),
        OrbitKind("numbers to be found", 0.4, _aimed),
        OrbitKind("another slot", 1.0, _slot),
        OrbitKind("another place along the orbit", 1.0, _place),
        OrbitKind("a transfer", 0.5, _transfer),
        OrbitKind("letting go", 1.0, _letting_go),
        OrbitKind("about the Moon", 1.5, _about_the_moon),
        OrbitKind("low over the Moon", 0.6, _low_over_the_moon),
        *ERRANDS,
        *VOYAGES,
    )
}
