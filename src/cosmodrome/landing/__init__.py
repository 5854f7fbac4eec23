"""Landing on the Moon and rising from it: descent orbit, powered descent, guidance, ascent.

`solve` finds the descent of least propellant, `aimed` one that meets its site in the full dynamics,
`execute` flies it to the ground; `dispersed` lands from states that were not planned, `lowered`
burns into the descent orbit and `rise` leaves the Moon. Importing this room loads no solver; the
first use of a name does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.landing.convex import Convex, Short, descent
    from cosmodrome.landing.executing import execute
    from cosmodrome.landing.flying import Aimed, aimed, engines_of, fly, plan, problem_at
    from cosmodrome.landing.ground import Site
    from cosmodrome.landing.lifting import LiftOff, lift_off, plan_lift_off
    from cosmodrome.landing.lowering import Insertion, Pass, lowered, passes
    from cosmodrome.landing.nouns import Arc, Engine, Gate, Landing, LandingProblem, Phase
    from cosmodrome.landing.optimum import solve
    from cosmodrome.landing.risen import execute_ascent
    from cosmodrome.landing.rising import Ascent, AscentProblem, ascent_at, rise
    from cosmodrome.landing.scattered import (
        Draw,
        Guided,
        Scatter,
        dispersed,
        drawn,
        guided,
        landed_from,
    )
    from cosmodrome.landing.staying import stay
    from cosmodrome.landing.stepping import land, plan_landing

__all__ = [
    "Aimed",
    "Arc",
    "Ascent",
    "AscentProblem",
    "Convex",
    "Draw",
    "Engine",
    "Gate",
    "Guided",
    "Insertion",
    "Landing",
    "LandingProblem",
    "LiftOff",
    "Pass",
    "Phase",
    "Scatter",
    "Short",
    "Site",
    "aimed",
    "ascent_at",
    "descent",
    "dispersed",
    "drawn",
    "engines_of",
    "execute",
    "execute_ascent",
    "fly",
    "guided",
    "land",
    "landed_from",
    "lift_off",
    "lowered",
    "passes",
    "plan",
    "plan_landing",
    "plan_lift_off",
    "problem_at",
    "rise",
    "solve",
    "stay",
]

_HOMES = {
    "convex": ("Convex", "Short", "descent"),
    "executing": ("execute",),
    "flying": ("Aimed", "aimed", "engines_of", "fly", "plan", "problem_at"),
    "ground": ("Site",),
    "scattered": (
        "Draw",
        "Guided",
        "Scatter",
        "dispersed",
        "drawn",
        "guided",
        "landed_from",
    ),
    "lifting": ("LiftOff", "lift_off", "plan_lift_off"),
    "lowering": ("Insertion", "Pass", "lowered", "passes"),
    "nouns": ("Arc", "Engine", "Gate", "Landing", "LandingProblem", "Phase"),
    "optimum": ("solve",),
    "staying": ("stay",),
    "stepping": ("land", "plan_landing"),
    "risen": ("execute_ascent",),
    "rising": ("Ascent", "AscentProblem", "ascent_at", "rise"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    import importlib

    if name in _HOME:
        module = importlib.import_module(f"cosmodrome.landing.{_HOME[name]}")
        return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
