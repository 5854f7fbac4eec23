"""Transfers between orbits: impulses, finite burns, low thrust; planned, then flown."""

from __future__ import annotations

from cosmodrome.transfer import burn, targeting
from cosmodrome.transfer.aim import Aimed, aimed
from cosmodrome.transfer.finite import solve
from cosmodrome.transfer.flying import execute, fly, plan
from cosmodrome.transfer.nouns import Burning, Engine, Goal, TransferProblem, TransferSolution
from cosmodrome.transfer.raising import (
    Raising,
    RaisingProblem,
    Sunlight,
    edelbaum_m_s,
    raise_orbit,
)
from cosmodrome.transfer.reach import goal_of, reach
from cosmodrome.transfer.spiral import Spiral, fly_raising, raising_leg

__all__ = [
    "Aimed",
    "Burning",
    "Engine",
    "Goal",
    "Raising",
    "RaisingProblem",
    "Spiral",
    "Sunlight",
    "TransferProblem",
    "TransferSolution",
    "aimed",
    "burn",
    "edelbaum_m_s",
    "execute",
    "fly",
    "fly_raising",
    "goal_of",
    "plan",
    "raise_orbit",
    "reach",
    "raising_leg",
    "solve",
    "targeting",
]
