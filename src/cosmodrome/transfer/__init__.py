"""Transfers between orbits: impulses, finite burns, low thrust; planned, then flown."""

from __future__ import annotations

from cosmodrome.transfer.aim import Aimed, aimed
from cosmodrome.transfer.finite import solve
from cosmodrome.transfer.flying import execute, fly, plan
from cosmodrome.transfer.nouns import Burning, Engine, Goal, TransferProblem, TransferSolution

__all__ = [
    "Aimed",
    "Burning",
    "Engine",
    "Goal",
    "TransferProblem",
    "TransferSolution",
    "aimed",
    "execute",
    "fly",
    "plan",
    "solve",
]
