"""Where along its orbit a phase step was to bring a spacecraft, and how far off a flight comes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.campaign.verify.crafts import mission_of, names_of
from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.mission import Coast, Phase, Release, Stay
from cosmodrome.transfer.followed import along
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from cosmodrome.record import Flight, Leg
    from cosmodrome.world.state import State

__all__ = ["Placed", "placed"]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """The place that the last burns of a plan bring to.

    legs         of the spacecraft as planned, from the phase step on
    arrived      the state there after its last burn
    lasts_s      how long the step takes
    tolerance_rad  half-width of the place along the orbit
    """

    legs: tuple[Leg, ...]
    arrived: State
    lasts_s: float
    tolerance_rad: float

    def worst_rad(self, arrived: State, end: State | None) -> float | None:
        """The greater of how far off it comes, and how far off it is where the plan ends: one that
        drifts does not stay."""
        offs = [self.off_rad(s) for s in (arrived, end) if s is not None]
        known = [x for x in offs if x is not None]
        return max(known, key=abs) if known else None

    def off_rad(self, at: State) -> float | None:
        """How far a flight that ends its last burn at `at` is ahead of the planned one; None where
        the plan says nothing of that instant.

        One that burns earlier drifts on until the planned end of the burns, by Kepler's motion.
        """
        if at.frame.centre != self.arrived.frame.centre:
            return None
        short = self.arrived.epoch - at.epoch
        if short > 0.0:
            mu = body(at.frame.centre).mu_m3_s2
            r, v = kepler_propagate(at.r_m, at.v_m_s, short, mu)
            at = replace(at, epoch=self.arrived.epoch, r_m=r, v_m_s=v)
        path = next((g.path for g in self.legs if g.path.start <= at.epoch <= g.path.end), None)
        return None if path is None else along(path.at(at.epoch), at)

    def cost_m_s(self, off_rad: float) -> float:
        """What it takes to make good so much within the time that the step took: onto a drift of
        3/2 n da/a, and off it again."""
        r = float(np.linalg.norm(self.arrived.r_m))
        return 2.0 / 3.0 * r * abs(off_rad) / self.lasts_s


def placed(flight: Flight, craft: str) -> Placed | None:
    """That of a spacecraft whose last burns are those of a phase step; None of any other."""
    steps = mission_of(flight, craft).plan
    burning = [s for s in steps if not isinstance(s, Coast | Release | Stay)]
    step = burning[-1] if burning else None
    if not isinstance(step, Phase):
        return None
    names = names_of(flight, craft)
    mine = [g for g in flight.legs if g.object in names and g.kind != "object"]
    burns = [k for k, g in enumerate(mine) if g.chapter == "transfer"]
    if not burns or burns[-1] + 1 == len(mine):
        return None
    first = next((k for k, g in enumerate(mine) if _of(g, step.name)), burns[0])
    arrived = mine[burns[-1]].end
    radius = float(np.linalg.norm(arrived.r_m))
    part = step.tolerance_m / radius if step.condition is None else step.condition.tolerance
    return Placed(
        tuple(mine[first:]), arrived, arrived.epoch - mine[first].start.epoch,
        min(part, math.pi),
    )  # fmt: skip


def _of(leg: Leg, name: str) -> bool:
    return any(getattr(s, "part_of", "") == name for s in leg.steps)
