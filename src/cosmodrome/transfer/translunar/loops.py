"""Phasing loops: an ellipse raised step by step at its perigee, the last step to the Moon.

The chain is made from its end. A departure led to the Moon passes its perigee at a known instant;
with less speed there the path is the last loop, flown backward to the perigee before; and so on to
the orbit of the launch. Each burn is then at a perigee of the path as it is, and the Moon is there
when the last one is done, whatever the loops' periods.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import preset, propagate
from cosmodrome.errors import InputError, SolverError
from cosmodrome.transfer.translunar.search import way
from cosmodrome.world.bodies import body
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.nouns import Cell, Translunar, TranslunarProblem
    from cosmodrome.world.state import State

__all__ = ["Loop", "LoopBurn", "Looped", "looped"]

_MU = body("earth").mu_m3_s2
_PASSES = 6
_MET_M = 10.0


@dataclass(frozen=True, slots=True)
class Loop:
    """An ellipse about the Earth: radius of its apogee, and how often it is flown."""

    apogee_m: float
    revolutions: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class LoopBurn:
    """An impulse at a perigee: the state before it, and how much faster it leaves."""

    before: State
    delta_v_m_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Looped:
    """A way to the Moon with what comes before it.

    way     from the last perigee on; its own impulse is counted from a circle there
    burns   in order of time; the last is the departure
    """

    way: Translunar
    burns: tuple[LoopBurn, ...]

    @property
    def first(self) -> State:
        """At the perigee of the first burn, before it, about the Earth, GCRF axes."""
        return self.burns[0].before

    @property
    def delta_v_m_s(self) -> float:
        """Of all burns."""
        return sum(b.delta_v_m_s for b in self.burns)


def looped(
    problem: TranslunarProblem,
    cell: Cell,
    loops: Sequence[Loop],
    dynamics: Dynamics | None = None,
    world: World | None = None,
    *,
    first_perigee_m: float | None = None,
) -> Looped:
    """The burns that raise an orbit to the Moon, and where and when that orbit must be.

    cell    its departure is the last burn's
    loops   the orbit of the launch, then those raised to, each farther than the one before;
            flown so often each, the first from its perigee to its perigee
    first_perigee_m   radius of the perigee of the first burn. Sun and Moon move the perigees
            of the loops; the last one is shifted until the first is there. None: the last one is
            that of the problem

    Raises InputError for loops out of order, and as `way` does.
    """
    world = World.shipped() if world is None else world
    dynamics = preset("translunar") if dynamics is None else dynamics
    if not loops or any(b.apogee_m <= a.apogee_m for a, b in pairwise(loops)):
        raise InputError(
            "loops must be raised: write at least one apogee, each farther than the one before"
        )
    if any(x.revolutions < 1 for x in loops):
        raise InputError("a loop is flown at least once: write revolutions of 1 or more")
    perigee, off = problem.perigee_m, 0.0
    for _ in range(_PASSES):
        asked = replace(problem, perigee_m=perigee)
        one = way(asked, cell, dynamics, world)
        chain = Looped(one, _backward(one.departure, loops, dynamics, world))
        if first_perigee_m is None:
            return chain
        off = first_perigee_m - float(np.linalg.norm(chain.first.r_m))
        if abs(off) <= _MET_M:
            return chain
        perigee += off
    raise SolverError(
        f"the perigee of the first loop stays {off / 1e3:.1f} km from where it is wanted after"
        f" {_PASSES} passes: write fewer or lower loops"
    )


def _backward(
    after: State, loops: Sequence[Loop], dynamics: Dynamics, world: World
) -> tuple[LoopBurn, ...]:
    burns: list[LoopBurn] = []
    for loop in reversed(loops):
        r, v = after.r_m, after.v_m_s
        radius, speed = float(np.linalg.norm(r)), float(np.linalg.norm(v))
        a = 0.5 * (radius + loop.apogee_m)
        slower = math.sqrt(_MU * (2.0 / radius - 1.0 / a))
        before = replace(after, v_m_s=v * slower / speed)
        burns.append(LoopBurn(before, speed - slower))
        period = 2.0 * math.pi * math.sqrt(a**3 / _MU)
        # the perigee it stands at is none of those before it
        back = propagate(before, dynamics, -0.5 * period, world=world, dense=False).end
        after = propagate(
            back, dynamics, "periapsis", world=world, within_s=-float(loop.revolutions) * period,
            count=loop.revolutions, dense=False,
        ).end  # fmt: skip
    return tuple(reversed(burns))
