"""From impulses to burns: which burn takes what part, and a first guess of every arc."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.powered.collocation import Track
from cosmodrome.transfer.equinoctial import (
    axes,
    equinoctial_from_state,
    longitude_rate,
    state_from_equinoctial,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.powered.collocation import Stretch
    from cosmodrome.transfer.impulses import Impulses

    Array = NDArray[np.float64]

__all__ = ["Kick", "Sizes", "burn_arc", "cuts", "kicks", "shares", "tracked"]

_TURN = 2.0 * math.pi
# no guessed burn sweeps more than this
_LONGEST_ARC = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Kick:
    """One burn as an impulse: longitude, orbits (6,) before and after it there, its size.

    `unit` (3,) its direction, inertial.
    """

    longitude: float
    before: Array
    after: Array
    size: float
    unit: Array


def shares(sizes: Array, arcs: Array, burns: int) -> list[int]:
    """How many burns each impulse is cut into: always the one with the longest part is cut on.

    arcs   what each impulse sweeps at a given thrust, in any unit
    Impulses too small to be worth a burn of their own join none: their count is 0.
    """
    counts = [1 if size > 1e-6 * sizes.sum() else 0 for size in sizes]
    while sum(counts) < burns:
        parts = [s / c if c else 0.0 for s, c in zip(arcs, counts, strict=True)]
        counts[int(np.argmax(parts))] += 1
    return counts


def cuts(found: Impulses, burns: int) -> list[list[int]]:
    """Ways to cut impulses into burns: by the arcs they sweep and by their sizes."""
    turns = np.array(
        [
            float(longitude_rate(NUMPY, [*orbit, longitude]))
            for orbit, longitude in zip(found.orbits[:-1], found.longitudes, strict=True)
        ]
    )
    ways = [shares(found.sizes, found.sizes * turns, burns)]
    by_size = shares(found.sizes, found.sizes, burns)
    return ways if by_size in ways else [*ways, by_size]


def kicks(found: Impulses, counts: list[int], from_longitude: float | None) -> list[Kick]:
    """The impulses as kicks in order of longitude, from a first longitude on (or free).

    counts   kicks of each impulse
    """
    out: list[Kick] = []
    at = from_longitude
    for j, count in enumerate(counts):
        if count == 0:
            continue
        place = np.append(found.orbits[j], found.longitudes[j])
        r, v = state_from_equinoctial(place, 1.0)
        radial, across, normal = axes(NUMPY, place[3], place[4], place[5])
        dv = found.dv[j] @ np.array([radial, across, normal])
        size = float(np.linalg.norm(dv))
        here = float(place[5])
        if at is not None:
            here = at + (here - at) % _TURN
        for part in range(count):
            before, after = (
                equinoctial_from_state(r, v + dv * (part + k) / count, 1.0) for k in (0, 1)
            )
            out.append(Kick(here + _TURN * part, before, after, size / count, dv / size))
        at = here + _TURN * (count - 1)
    return out


@dataclass(frozen=True, slots=True)
class Sizes:
    """Thrust over first mass and mass flow over it, canonical units; unit of the time state."""

    acceleration: float
    flow: float
    clock: float

    def stronger(self, factor: float) -> Sizes:
        """The same exhaust with more thrust."""
        return replace(self, acceleration=self.acceleration * factor, flow=self.flow * factor)


def burn_arc(kick: Kick, sizes: Sizes, mass: float) -> tuple[float, float]:
    """Duration of a kick's burn and the longitude it sweeps."""
    spent = mass * (1.0 - math.exp(-kick.size * sizes.flow / sizes.acceleration))
    duration = spent / sizes.flow
    rate = 0.5 * sum(
        float(longitude_rate(NUMPY, [*orbit[:5], kick.longitude]))
        for orbit in (kick.before, kick.after)
    )
    return duration, min(duration * rate, _LONGEST_ARC)


def _clock(x: Array, start: float, sizes: Sizes) -> Array:
    rate = 1.0 / longitude_rate(NUMPY, list(x[:, :6].T))
    steps = 0.5 * (rate[1:] + rate[:-1]) * np.diff(x[:, 5])
    out: Array = start + np.r_[0.0, np.cumsum(steps)] / sizes.clock
    return out


def tracked(
    stretches: tuple[Stretch, ...],
    plan: list[Kick],
    sizes: Sizes,
    start_longitude: float,
) -> list[Track]:
    """A guess of coast, burn, coast, burn ... on the stretches' meshes."""
    out: list[Track] = []
    longitude, mass, clock = start_longitude, 1.0, 0.0
    for j, kick in enumerate(plan):
        duration, arc = burn_arc(kick, sizes, mass)
        coast, burn = stretches[2 * j], stretches[2 * j + 1]
        begin = max(kick.longitude - 0.5 * arc, longitude)
        for stretch, lo, hi, burning in (
            (coast, longitude, begin, False),
            (burn, begin, begin + arc, True),
        ):
            f = stretch.node_fractions
            x = np.empty((f.size, 8))
            ends = (kick.before, kick.after if burning else kick.before)
            x[:, :5] = ends[0][:5] + f[:, None] * (ends[1][:5] - ends[0][:5])
            x[:, 5] = lo + f * (hi - lo)
            x[:, 6] = mass - (f * sizes.flow * duration if burning else 0.0)
            x[:, 7] = _clock(x, clock, sizes)
            u = np.zeros((f.size, 3 if burning else 0))
            if burning:
                for n, row in enumerate(x):
                    u[n] = np.array(axes(NUMPY, row[3], row[4], row[5])) @ kick.unit
            out.append(Track(stretch, hi - lo, x, u))
            mass, clock, longitude = float(x[-1, 6]), float(x[-1, 7]), hi
    return out
