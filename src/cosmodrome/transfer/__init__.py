"""Transfers between orbits: impulses, finite burns, low thrust; planned, then flown.

`burn` flies one burn of a plan, `targeting` finds the free numbers of a sequence, `phasing` the
burns of a phase step, `upkeep` chooses the burns that keep an orbit or leave it, and `find_burns`
finds those that an ephemeris shows. Importing this room loads no solver; the first use of a name
does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.transfer import arriving, burn, phasing, release, targeting, translunar, upkeep
    from cosmodrome.transfer.aim import Aimed, aimed
    from cosmodrome.transfer.between import burn_between
    from cosmodrome.transfer.finding import find_burns
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
    from cosmodrome.transfer.reaching import goal_of, reach
    from cosmodrome.transfer.rows import burn_through
    from cosmodrome.transfer.spiral import Spiral, fly_raising, raising_leg
    from cosmodrome.transfer.threaded import through

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
    "arriving",
    "burn",
    "burn_between",
    "burn_through",
    "edelbaum_m_s",
    "execute",
    "find_burns",
    "fly",
    "fly_raising",
    "goal_of",
    "libration",
    "phasing",
    "plan",
    "raise_orbit",
    "raising_leg",
    "reach",
    "release",
    "solve",
    "targeting",
    "through",
    "translunar",
    "upkeep",
]

_ROOMS = (
    "arriving",
    "burn",
    "libration",
    "phasing",
    "release",
    "targeting",
    "translunar",
    "upkeep",
)
_HOMES = {
    "Aimed": "cosmodrome.transfer.aim",
    "Burning": "cosmodrome.transfer.nouns",
    "Engine": "cosmodrome.transfer.nouns",
    "Goal": "cosmodrome.transfer.nouns",
    "Raising": "cosmodrome.transfer.raising",
    "RaisingProblem": "cosmodrome.transfer.raising",
    "Spiral": "cosmodrome.transfer.spiral",
    "Sunlight": "cosmodrome.transfer.raising",
    "TransferProblem": "cosmodrome.transfer.nouns",
    "TransferSolution": "cosmodrome.transfer.nouns",
    "aimed": "cosmodrome.transfer.aim",
    "burn_between": "cosmodrome.transfer.between",
    "burn_through": "cosmodrome.transfer.rows",
    "edelbaum_m_s": "cosmodrome.transfer.raising",
    "execute": "cosmodrome.transfer.flying",
    "find_burns": "cosmodrome.transfer.finding",
    "fly": "cosmodrome.transfer.flying",
    "fly_raising": "cosmodrome.transfer.spiral",
    "goal_of": "cosmodrome.transfer.reaching",
    "plan": "cosmodrome.transfer.flying",
    "raise_orbit": "cosmodrome.transfer.raising",
    "raising_leg": "cosmodrome.transfer.spiral",
    "reach": "cosmodrome.transfer.reaching",
    "solve": "cosmodrome.transfer.finite",
    "through": "cosmodrome.transfer.threaded",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"cosmodrome.transfer.{name}")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
