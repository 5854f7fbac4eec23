"""Missions of a corpus that have an errand: something is met, kept, left, landed on or looked at.

Their numbers are found on the way, so that what they carry comes from every planner there is.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from cosmodrome.campaign.score.drawing import (
    FIELD,
    HIGH_FIELD,
    MOON_FIELD,
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

if TYPE_CHECKING:
    from numpy.random import Generator

__all__ = ["ERRANDS"]


def _meeting(rng: Generator) -> Drawn:
    """Behind an object that flies ahead in almost the same orbit."""
    height, i = rng.uniform(450.0, 900.0), rng.uniform(20.0, 105.0)
    raan = rng.uniform(0.0, 360.0)
    at, along = epoch(rng), rng.uniform(0.0, 360.0)
    other = height + rng.uniform(8.0, 25.0)
    there = circle(at, other, i, raan, along + rng.uniform(20.0, 60.0))
    plan = [
        coast(rng, 0.2, 1.0),
        {
            "phase": {
                "name": "to the station", "with": {"id": "station", **there},
                "behind": f"{rng.uniform(15.0, 40.0):.1f} km +- 0.5 km", "within": "1 day",
            }
        },
        coast(rng, 3.0, 8.0),
    ]  # fmt: skip
    start = {"start": circle(at, height, i, raan, along)}
    return start | craft(rng, mass_of(rng), 0.2) | {"plan": plan} | FIELD


def _sidereal_deg(day: dt.datetime) -> float:
    """Greenwich mean sidereal time of an instant of UTC, to some thousandths of a degree (Meeus
    1998, eq. 12.4)."""
    days = (day - dt.datetime(2000, 1, 1, 12)) / dt.timedelta(days=1)
    return (280.46061837 + 360.98564736629 * days) % 360.0


def _keeping(rng: Generator) -> Drawn:
    """Some days in a geostationary slot; then, of every second one, the graveyard."""
    day = day_of(rng)
    slot, raan = rng.uniform(0.0, 360.0), rng.uniform(0.0, 360.0)
    start = {
        "start": {
            "elements": {
                "epoch": instant(day), "frame": "tod",
                "semi_major_axis": "42165.8 km", "eccentricity": "0.00005",
                "inclination": "0.02 deg", "raan": deg(raan), "argument_of_perigee": "0 deg",
                "true_anomaly": deg((slot + _sidereal_deg(day) - raan) % 360.0),
            }
        }
    }  # fmt: skip
    keep = {
        "name": "the slot", "for": f"{rng.uniform(6.0, 12.0):.2f} days",
        "longitude": f"{deg(slot)} +- 0.1 deg", "inclination": "0.06 deg",
    }  # fmt: skip
    plan: list[Any] = [{"station-keep": keep}]
    if rng.uniform() < 0.5:
        plan.append({"deorbit": {"name": "the graveyard", "graveyard": "true"}})
    plan.append({"coast": {"for": "1 day"}})
    flown_by = craft(rng, rng.uniform(1500.0, 3000.0), 0.02, 0.05)
    return start | flown_by | {"plan": plan} | HIGH_FIELD


def _leaving(rng: Generator) -> Drawn:
    """The perigee is lowered into the upper air."""
    height = rng.uniform(320.0, 600.0)
    plan = [
        coast(rng, 1.0, 6.0),
        {"deorbit": {"name": "down", "perigee": f"{rng.uniform(190.0, 230.0):.1f} km +- 2 km"}},
        coast(rng, 3.0, 6.0),
    ]
    tree = elements(rng, height, height + rng.uniform(5.0, 30.0), rng.uniform(20.0, 105.0))
    return tree | craft(rng, mass_of(rng), 0.3) | {"plan": plan} | FIELD


def _on_its_own(rng: Generator) -> Drawn:
    """A carrier lets go of a craft that flies a plan of its own."""
    mass = rng.uniform(300.0, 900.0)
    own = rng.uniform(40.0, 90.0)
    plan = [
        coast(rng, 1.0, 3.0),
        {"burn": {"name": "its own burn", "delta_v": f"{rng.uniform(5.0, 25.0):.2f} m/s",
                  "direction": "prograde"}},
        coast(rng, 8.0, 14.0),
    ]  # fmt: skip
    child = {
        "id": "child", "mass": f"{own:.1f} kg", "drag_area": "0.4 m^2",
        "engine": {"thrust": f"{0.2 * own:.1f} N", "isp": "230 s"},
        "propellant": f"{0.1 * own:.1f} kg", "plan": plan,
    }  # fmt: skip
    tree = low_orbit(rng) | craft(rng, mass)
    tree["spacecraft"] |= {"id": "carrier", "carries": [child]}
    letting_go = {
        "object": "child", "speed": f"{rng.uniform(0.3, 2.0):.2f} m/s",
        "direction": str(rng.choice(["prograde", "retrograde", "radial-out"])),
    }  # fmt: skip
    tree["plan"] = [coast(rng, 0.5, 3.0), {"release": letting_go}, coast(rng, 8.0, 14.0)]
    return tree | FIELD


def _looking(rng: Generator) -> Drawn:
    """Two places are photographed, a station watches, an object is stayed away from."""
    height, i = rng.uniform(450.0, 900.0), rng.uniform(60.0, 105.0)
    at, raan, along = epoch(rng), rng.uniform(0.0, 360.0), rng.uniform(0.0, 360.0)
    places = [
        {
            "id": f"place-{k}", "body": "earth", "lat": deg(rng.uniform(-50.0, 50.0)),
            "lon": deg(rng.uniform(-180.0, 180.0)), "off_nadir": "50 deg", "sun_above": "5 deg",
        }
        for k in (1, 2)
    ]  # fmt: skip
    other = circle(at, height + 60.0, i, raan + 70.0, along)
    stations = [
        {"id": "north", "lat": deg(rng.uniform(20.0, 60.0)), "lon": deg(rng.uniform(-180, 180)),
         "height": "100 m", "mask": "5 deg"},
    ]  # fmt: skip
    return (
        {"start": circle(at, height, i, raan, along)}
        | craft(rng, mass_of(rng))
        | {
            "plan": [coast(rng, 20.0, 30.0)],
            "imaging": places,
            "stations": stations,
            "avoid": [{"name": "station", **other, "distance": "5 km", "for": "6 h"}],
            "space_weather": {"f107": f"{rng.uniform(80.0, 200.0):.0f}",
                              "f107a": f"{rng.uniform(90.0, 180.0):.0f}", "ap": "9"},
        }
        | FIELD
    )  # fmt: skip


def _landing(rng: Generator) -> Drawn:
    """Down to a place near the Moon's south, from a polar circle."""
    mass = rng.uniform(900.0, 1600.0)
    lon = rng.uniform(0.0, 360.0)
    start = {
        "start": {
            "elements": {
                "epoch": epoch(rng), "frame": "moon-equator", "perilune": "100 km",
                "apolune": "100 km", "inclination": "90 deg",
                "raan": deg(rng.uniform(0.0, 360.0)), "argument_of_perilune": "0 deg",
                "true_anomaly": deg(rng.uniform(0.0, 360.0)),
            }
        },
        "spacecraft": {
            "id": "lander", "mass": f"{mass:.0f} kg",
            "engine": {
                "thrust": f"{3.6 * mass:.0f} N", "isp": f"{rng.uniform(310.0, 325.0):.0f} s",
            },
            "propellant": f"{0.52 * mass:.0f} kg",
        },
    }  # fmt: skip
    down = {
        "site": {"lat": deg(-rng.uniform(60.0, 72.0)), "lon": deg(lon), "frame": "moon-me",
                 "height": "terrain"},
        "throttle": {"least": "20 %"}, "perilune": "18 km", "within": "30 days",
    }  # fmt: skip
    return start | {"plan": [{"landing": down}, {"stay": {"for": "6 h"}}]} | MOON_FIELD


def _rising(rng: Generator) -> Drawn:
    """Up from the ground of the Moon, after a stay."""
    mass = rng.uniform(3000.0, 6000.0)
    low = rng.uniform(16.0, 25.0)
    start = {
        "start": {
            "ground": {
                "epoch": epoch(rng), "lat": deg(rng.uniform(-40.0, 40.0)),
                "lon": deg(rng.uniform(-180.0, 180.0)), "frame": "moon-me", "height": "terrain",
            }
        },
        "spacecraft": {
            "id": "lander", "mass": f"{1.4 * mass:.0f} kg",
            "carries": [
                {
                    "id": "upper", "mass": f"{mass:.0f} kg",
                    "engine": {"thrust": f"{3.2 * mass:.0f} N", "isp": "311 s"},
                    "propellant": f"{0.5 * mass:.0f} kg",
                }
            ],
        },
    }  # fmt: skip
    orbit = {
        "perilune": f"{low:.1f} km", "apolune": f"{low + rng.uniform(40.0, 70.0):.1f} km",
        "sense": "prograde",
    }  # fmt: skip
    rise = {"object": "upper", "orbit": orbit, "turn_rate": "10 deg/s"}
    plan = [{"stay": {"for": f"{rng.uniform(2.0, 20.0):.2f} h"}}, {"lunar-ascent": rise},
            coast(rng, 3.0, 5.0)]  # fmt: skip
    return start | {"plan": plan} | MOON_FIELD


def _libration(rng: Generator) -> Drawn:
    """Some days on a near-rectilinear halo orbit."""
    start = {
        "start": {
            "libration": {
                "orbit": "nrho 9:2", "epoch": f"{day_of(rng):%Y-%m-%dT%H:%MZ}", "phase": "180 deg",
            }
        }
    }  # fmt: skip
    keep = {"for": f"{rng.uniform(8.0, 14.0):.2f} days", "orbit": "nrho 9:2"}
    return start | craft(rng, rng.uniform(500.0, 4000.0), 0.05) | {"plan": [{"station-keep": keep}]}


def _unloading(rng: Generator) -> Drawn:
    """Wheels unloaded twice a day on a high orbit, each time a little velocity left."""
    day, mass = day_of(rng), rng.uniform(300.0, 1500.0)
    thrust, axes = rng.uniform(0.5, 5.0), str(rng.choice(["gcrf", "rtn", "vnc"]))
    lines = ["object, spacecraft", f"axes, {axes}"]
    unit = str(rng.choice(["N s", "lbf s", "mN s"]))
    of_unit = {"N s": 1.0, "lbf s": 4.4482216152605, "mN s": 1e-3}[unit]
    lines.append("epoch [UTC], on time [s], " + ", ".join(f"{c} [{unit}]" for c in "xyz"))
    away = rng.normal(size=3)
    for k in range(int(rng.integers(4, 9))):
        at = day + dt.timedelta(hours=6.0 + 12.0 * k + float(rng.uniform(-1.0, 1.0)))
        open_s = rng.uniform(0.3, 3.0)
        u = away + rng.normal(size=3) * 0.2
        u *= rng.uniform(0.6, 0.95) * thrust * open_s / of_unit / float(math.hypot(*u))
        lines.append(f"{instant(at)}, {open_s:.4f}, " + ", ".join(f"{c:.6g}" for c in u))
    tree = elements(rng, rng.uniform(5e3, 1.5e4), rng.uniform(2e4, 4e4), rng.uniform(5.0, 110.0))
    tree["start"]["elements"]["epoch"] = instant(day)
    flown_by = {
        "spacecraft": {
            "mass": f"{mass:.0f} kg", "drag_area": f"{0.004 * mass + 0.5:.2f} m^2",
            "thrusters": {"thrust": f"{thrust:.3f} N", "isp": f"{rng.uniform(60.0, 230.0):.0f} s"},
            "propellant": f"{0.02 * mass:.2f} kg",
        }
    }  # fmt: skip
    plan = [{"coast": {"for": "4.5 days", "impulses": lines}}, coast(rng, 1.0, 6.0)]
    return tree | flown_by | {"plan": plan} | HIGH_FIELD


ERRANDS: tuple[OrbitKind, ...] = (
    OrbitKind("an object is met", 1.0, _meeting),
    OrbitKind("a slot is kept", 0.8, _keeping),
    OrbitKind("an orbit is left", 1.0, _leaving),
    OrbitKind("a craft with a plan of its own", 1.0, _on_its_own),
    OrbitKind("places are looked at", 1.0, _looking),
    OrbitKind("a landing", 0.6, _landing),
    OrbitKind("up from the Moon", 0.4, _rising),
    OrbitKind("a libration orbit", 0.4, _libration),
    OrbitKind("wheels unloaded", 0.8, _unloading),
)
