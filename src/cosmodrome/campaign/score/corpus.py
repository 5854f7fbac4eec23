"""A corpus of missions from a seed: mission files over sites, vehicles, orbits and plans.

A mission depends on the seed and its own number alone. Of ascents, one optimum serves every
instant of launch (`flight.pad`), so that those of a group share vehicle, site, masses and orbit and
differ in the day, the node, what the spacecraft is and what it does after its release; each is a
flight of its own. Missions that begin in orbit share nothing. No check is known here: the corpus
is made before anybody looks at it.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.campaign.score.drawing import FIELD, clock, day_of, deg
from cosmodrome.campaign.score.launchers import LAUNCHERS, Launcher
from cosmodrome.campaign.score.orbits import ORBITS
from cosmodrome.formats.yaml_text import as_yaml

if TYPE_CHECKING:
    from numpy.random import Generator

    from cosmodrome.campaign.score.drawing import OrbitKind

__all__ = ["EVERY", "GROUP", "Group", "corpus"]

#: missions of a group
GROUP = 10
#: missions from which on one of each kind has every slip of its record
EVERY = 100
#: of all missions, how many climb from a pad
_FROM_PADS = 0.45
#: of launches to circles, how many carry a second spacecraft
_SHARED = 0.25
#: days in which one optimum is flown: polar motion moves a pad by some metres a month
_SEASON_DAYS = 40
# streams of chance
_ASCENT, _ORBIT, _WHICH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Group:
    """Missions that are flown by one process one after another.

    numbers  of the missions, and how many faulted twins are drawn of each
    every    numbers of those into whose record every slip is put that there is room for
    """

    seed: int
    number: int
    from_pad: bool
    numbers: tuple[tuple[int, int], ...]
    every: frozenset[int] = frozenset()

    def files(self, attempt: int = 0) -> tuple[str, ...]:
        """The mission files, one a number; of ascents all serve one optimum.

        attempt  where what was drawn cannot be flown at all, the next draw stands for it
        """
        if not self.from_pad:
            return tuple(_orbit(self.seed, n, attempt) for n, _ in self.numbers)
        return _ascents(self.seed, self.number, attempt, [n for n, _ in self.numbers])


def corpus(seed: int, clean: int, faulted: int) -> tuple[Group, ...]:
    """`clean` missions, and `faulted` faults of them spread as evenly as can be.

    From EVERY missions on the first of each kind has every slip of its record besides: of kinds
    that are rare, a lot of a few would leave out most.
    """
    counts = [faulted // clean + (1 if k < faulted % clean else 0) for k in range(clean)]
    whole = -(-clean // GROUP)
    out = []
    met: set[str] = set() if clean >= EVERY else _kinds()
    for k in range(whole):
        # groups of both kinds take turns, so that a run that is cut short holds both
        from_pad = math.floor((k + 1) * _FROM_PADS) > math.floor(k * _FROM_PADS)
        numbers = range(k * GROUP, min((k + 1) * GROUP, clean))
        every = set()
        for n in numbers:
            kind = _row(seed, k, 0).kind if from_pad else _kind(seed, n, 0)[0].name
            if kind not in met:
                met.add(kind)
                every.add(n)
        told = tuple((n, counts[n]) for n in numbers)
        out.append(Group(seed, k, from_pad, told, frozenset(every)))
    return tuple(out)


def _kinds() -> set[str]:
    return {*(k.name for k in ORBITS.values()), *(row.kind for row in LAUNCHERS)}


def _row(seed: int, group: int, attempt: int) -> Launcher:
    """Every row is met before one is met again."""
    order = np.random.default_rng([seed, _WHICH, group // (2 * len(LAUNCHERS))])
    rows = order.permutation(len(LAUNCHERS))
    return LAUNCHERS[int(rows[(int(group * _FROM_PADS) + attempt) % len(LAUNCHERS)])]


def _ascents(seed: int, group: int, attempt: int, numbers: list[int]) -> tuple[str, ...]:
    rng = np.random.default_rng([seed, _ASCENT, group, attempt])
    row = _row(seed, group, attempt)
    mass = float(round(rng.uniform(*row.mass_kg)))
    target = _target(row, rng)
    season = day_of(rng)
    rider_kg = 0.0
    if row.kind in ("sso", "circular") and rng.uniform() < _SHARED:
        rider_kg = float(round(rng.uniform(0.04, 0.12) * mass))
    out = []
    for number in numbers:
        own = np.random.default_rng([seed, _ORBIT, number, attempt])
        opens = season + dt.timedelta(minutes=int(own.integers(0, _SEASON_DAYS * 1440)))
        tree = _launched(row, mass - rider_kg, opens, _turned(target, row, own), own)
        out.append(as_yaml(_with_rider(tree, rider_kg, own) if rider_kg else tree))
    return tuple(out)


def _with_rider(tree: dict[str, Any], mass: float, rng: Generator) -> dict[str, Any]:
    """A second spacecraft in the same orbit, let go of after the first; both coast."""
    rider = {
        "id": "rider", "mass": f"{mass:g} kg",
        "drag_area": f"{rng.uniform(0.002, 0.006) * mass + 0.3:.2f} m^2", "after": "30 s",
    }  # fmt: skip
    crafts = [{"id": "spacecraft", **tree["spacecraft"]}, rider]
    return tree | {"spacecraft": crafts, "plan": tree["plan"][:1]}


def _target(row: Launcher, rng: Generator) -> dict[str, str]:
    """What the ascent is optimised for: everything but the node."""
    height = rng.uniform(*row.height_km)
    inclination = deg(rng.uniform(*row.inclination_deg), 2)
    if row.kind == "sso":
        return {"kind": "sun-synchronous", "altitude": f"{height:.1f} km +- 5 km"}
    if row.kind == "circular":
        return {"kind": "circular", "altitude": f"{height:.1f} km", "inclination": inclination}
    if row.kind == "elliptic":
        return {
            "kind": "elliptic", "perigee": f"{height:.1f} km",
            "apogee": f"{rng.uniform(*row.apogee_km):.1f} km", "inclination": inclination,
        }  # fmt: skip
    if row.kind == "medium":
        return {"kind": "medium", "system": "galileo"}
    return {"kind": "gto", "apogee": f"{rng.uniform(35000.0, 36500.0):.0f} km"}


def _turned(target: dict[str, str], row: Launcher, rng: Generator) -> dict[str, str]:
    """The same orbit with a node of its own, in three cases of four."""
    if row.kind == "gto" or rng.uniform() < 0.25:
        return target
    if row.kind == "sso":
        seconds = float(rng.uniform(0.0, 86_400.0))
        return {**target, "ltan": f"{clock(seconds)} +- 2 min"}
    return {**target, "raan": deg(rng.uniform(0.0, 360.0), 1)}


def _launched(
    row: Launcher, mass: float, opens: dt.datetime, target: dict[str, str], rng: Generator
) -> dict[str, Any]:
    closes = opens + dt.timedelta(days=2)
    craft: dict[str, Any] = {
        "mass": f"{mass:g} kg",
        "drag_area": f"{rng.uniform(0.002, 0.006) * mass + 1.0:.1f} m^2",
        "reflectivity": f"{rng.uniform(1.0, 1.5):.2f}",
    }
    plan: list[Any] = [{"coast": {"for": f"{rng.uniform(0.7, 1.2):.3f} days"}}]
    if row.kind in ("gto", "medium"):
        plan = [{"coast": {"for": f"{rng.uniform(2.2, 3.0):.2f} days"}}]
    elif rng.uniform() < 0.4:
        craft |= {
            "engine": {"thrust": f"{rng.uniform(0.1, 0.3) * mass:.0f} N", "isp": "300 s"},
            "propellant": f"{rng.uniform(0.05, 0.1) * mass:.0f} kg",
        }
        plan += _little_burn(rng)
    return {
        "schema": "cosmodrome/1",
        "name": f"{row.vehicle} from {row.site}",
        "site": row.site,
        "vehicle": row.vehicle,
        "spacecraft": craft,
        "launch": {
            "window": f"{opens:%Y-%m-%dT%H:%MZ} / {closes:%Y-%m-%dT%H:%MZ}",
        },
        "target": target,
        "plan": plan,
        **FIELD,
    }


def _little_burn(rng: Generator) -> list[Any]:
    """A correction of the spacecraft's own after its release, upwards: in any orbit it is safe."""
    until = str(rng.choice(["apogee", "ascending node", "descending node"]))
    return [
        {"coast": {"until": until}},
        {
            "burn": {
                "name": "correction", "delta_v": f"{rng.uniform(2.0, 15.0):.2f} m/s",
                "direction": "prograde",
            }
        },
        {"coast": {"for": f"{rng.uniform(4.0, 12.0):.2f} h"}},
    ]  # fmt: skip


def _kind(seed: int, number: int, attempt: int) -> tuple[OrbitKind, Generator]:
    """The kind of a mission that begins in orbit, and the chance that makes it."""
    rng = np.random.default_rng([seed, _ORBIT, number, attempt])
    kinds = tuple(ORBITS.values())
    share = np.array([k.share for k in kinds])
    return kinds[int(rng.choice(len(kinds), p=share / share.sum()))], rng


def _orbit(seed: int, number: int, attempt: int) -> str:
    kind, rng = _kind(seed, number, attempt)
    return as_yaml({"schema": "cosmodrome/1", "name": kind.name, **kind.make(rng)})
