"""From the pad to release: the optimal ascent, its plan, and its flight.

Two verbs: `plan` may follow an optimisation (`solve`), `execute` never optimises. Importing this
room loads no solver; the first `solve` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.ascent.corridor import held_in_words
    from cosmodrome.ascent.dispersions import Dispersions, Draw
    from cosmodrome.ascent.flying import Climbed, execute, fly_stack
    from cosmodrome.ascent.guided import GuidedBatch, flown_programme, fly_guided, guided_programme
    from cosmodrome.ascent.heading import plane_change, planned_heading_rad
    from cosmodrome.ascent.instant import towards
    from cosmodrome.ascent.manifest import aims, cargo_kg, priced, stops
    from cosmodrome.ascent.optimum import AscentSolution, solve
    from cosmodrome.ascent.planning import plan
    from cosmodrome.ascent.prices import limits_in_words
    from cosmodrome.ascent.safety import fall_together, range_safety

__all__ = [
    "AscentSolution",
    "Dispersions",
    "Draw",
    "GuidedBatch",
    "aims",
    "cargo_kg",
    "Climbed",
    "fall_together",
    "fly_stack",
    "execute",
    "flown_programme",
    "fly_guided",
    "guided_programme",
    "held_in_words",
    "limits_in_words",
    "plan",
    "plane_change",
    "planned_heading_rad",
    "priced",
    "range_safety",
    "solve",
    "stops",
    "towards",
]

_HOMES = {
    "AscentSolution": "cosmodrome.ascent.optimum",
    "Dispersions": "cosmodrome.ascent.dispersions",
    "Draw": "cosmodrome.ascent.dispersions",
    "GuidedBatch": "cosmodrome.ascent.guided",
    "aims": "cosmodrome.ascent.manifest",
    "cargo_kg": "cosmodrome.ascent.manifest",
    "Climbed": "cosmodrome.ascent.flying",
    "fly_stack": "cosmodrome.ascent.flying",
    "execute": "cosmodrome.ascent.flying",
    "flown_programme": "cosmodrome.ascent.guided",
    "fly_guided": "cosmodrome.ascent.guided",
    "guided_programme": "cosmodrome.ascent.guided",
    "held_in_words": "cosmodrome.ascent.corridor",
    "limits_in_words": "cosmodrome.ascent.prices",
    "plan": "cosmodrome.ascent.planning",
    "plane_change": "cosmodrome.ascent.heading",
    "planned_heading_rad": "cosmodrome.ascent.heading",
    "priced": "cosmodrome.ascent.manifest",
    "fall_together": "cosmodrome.ascent.safety",
    "range_safety": "cosmodrome.ascent.safety",
    "solve": "cosmodrome.ascent.optimum",
    "stops": "cosmodrome.ascent.manifest",
    "towards": "cosmodrome.ascent.instant",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'cosmodrome.ascent' has no attribute {name!r}")
