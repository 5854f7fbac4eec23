"""Contacts of random orbits and sites against a look each second.

    python -m bench.contacts.brute [--pairs 1000] [--hours 24]

Each orbit (low, medium, transfer, highly eccentric, geosynchronous; any inclination) is flown in a
20x20 field with Sun and Moon; each site is anywhere, its mask between -1 and 60 deg. The look takes
another road: places at whole seconds, turned by the interpolated rotation table, elevations by
arc sines. A run of seconds above the mask that no window covers is a miss; a window without a
second in it must be shorter than one.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts
from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.world import bodies
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World

START = Epoch.from_utc("2024-03-01T00:00:00Z")
# an elevation nearer to its mask than this may fall either side, rad
TIE_RAD = 1e-9
# perigee and apogee altitude, km: lowest and highest of each
KINDS = {
    "low": ((250.0, 1_500.0), (0.0, 100.0)),
    "medium": ((2_000.0, 24_000.0), (0.0, 2_000.0)),
    "transfer": ((200.0, 600.0), (20_000.0, 36_000.0)),
    "eccentric": ((500.0, 1_500.0), (38_000.0, 40_000.0)),
    "geosynchronous": ((35_600.0, 35_780.0), (0.0, 200.0)),
}


@dataclass
class Tally:
    """What was compared."""

    pairs: int = 0
    windows: int = 0
    grazing: int = 0
    misses: list[str] = field(default_factory=list)
    shortest_s: float = math.inf


def random_state(rng: np.random.Generator) -> tuple[str, State]:
    kind = str(rng.choice(list(KINDS)))
    low, more = KINDS[kind]
    rp = bodies.EARTH_EQUATORIAL_RADIUS_M + 1e3 * rng.uniform(*low)
    ra = rp + 1e3 * rng.uniform(*more)
    i, W, w = math.acos(rng.uniform(-1.0, 1.0)), *rng.uniform(0.0, 2.0 * math.pi, 2)
    nu = rng.uniform(0.0, 2.0 * math.pi)
    e, u = (ra - rp) / (ra + rp), w + nu
    p = rp * (1.0 + e)
    node = np.array([math.cos(W), math.sin(W), 0.0])
    across = np.array([-math.sin(W) * math.cos(i), math.cos(W) * math.cos(i), math.sin(i)])
    out = math.cos(u) * node + math.sin(u) * across
    on = math.cos(u) * across - math.sin(u) * node
    v = math.sqrt(bodies.EARTH.mu_m3_s2 / p) * (
        e * math.sin(nu) * out + (1 + e * math.cos(nu)) * on
    )
    return kind, State(START, GCRF, p / (1 + e * math.cos(nu)) * out, v, 1000.0)


def random_station(rng: np.random.Generator) -> Station:
    return Station(
        "site",
        math.asin(rng.uniform(-1.0, 1.0)),
        rng.uniform(-math.pi, math.pi),
        rng.uniform(-100.0, 5_000.0),
        math.radians(rng.choice([0.0, 5.0, 10.0, rng.uniform(-1.0, 60.0)])),
    )


def elevations(station: Station, fixed: np.ndarray) -> np.ndarray:
    """Elevation of body-fixed places (n, 3), by the normal of the ellipsoid written out."""
    lat, lon = station.latitude_rad, station.longitude_rad
    a, e2 = bodies.EARTH.figure_m, bodies.EARTH.flattening * (2.0 - bodies.EARTH.flattening)
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    n = a / math.sqrt(1.0 - e2 * math.sin(lat) ** 2)
    place = np.array([n + station.height_m, n + station.height_m,
                      n * (1.0 - e2) + station.height_m]) * up  # fmt: skip
    d = fixed - place
    return np.arcsin(np.clip(d @ up / np.linalg.norm(d, axis=1), -1.0, 1.0))


def compare(pairs: int, hours: float, seed: int, world: World, each_s: float = 1.0) -> Tally:
    rng = np.random.default_rng(seed)
    span = hours * 3_600.0
    t = np.arange(0.0, span + 0.5, each_s)
    turn = world.orientation.itrf_from_gcrf_many(START, t).matrix
    tally = Tally()
    for number in range(pairs):
        kind, state = random_state(rng)
        station = random_station(rng)
        path = propagate(state, Dynamics.earth(20), span, world=world).trajectory
        fixed = np.einsum("nij,nj->ni", turn, path.columns_at(t)[:, :3])
        spare = elevations(station, fixed) - station.mask_rad
        found = contacts(path, [station], world)
        tally.pairs += 1
        tally.windows += len(found)
        what = f"pair {number} ({kind}, mask {math.degrees(station.mask_rad):.3f} deg)"
        inside = np.zeros(t.size, dtype=bool)
        for c in found:
            k = slice(*np.searchsorted(t, [c.rise.t_s, c.set.t_s]))
            inside[k] = True
            tally.shortest_s = min(tally.shortest_s, c.duration_s)
            tally.grazing += abs(c.highest.elevation_rad - station.mask_rad) < math.radians(0.01)
        wrong = np.flatnonzero((inside != (spare > 0.0)) & (np.abs(spare) > TIE_RAD))
        # the last sample stands on the end of the path
        wrong = wrong[wrong < t.size - 1]
        tally.misses += [f"{what}: at {t[k]:.0f} s by {spare[k]:.3g} rad" for k in wrong[:3]]
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=1)
    ask = parser.parse_args()
    tally = compare(ask.pairs, ask.hours, ask.seed, World.shipped())
    told: dict[str, Any] = dict(vars(tally), misses=tally.misses[:20], missed=len(tally.misses))
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
