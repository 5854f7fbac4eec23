"""The way to the Moon: departures from a parking orbit, led to a lunar orbit in full dynamics."""

from __future__ import annotations

from cosmodrome.transfer.translunar.forces import way_dynamics
from cosmodrome.transfer.translunar.nouns import (
    Cell,
    Departures,
    LunarOrbit,
    Refused,
    Translunar,
    TranslunarProblem,
)
from cosmodrome.transfer.translunar.planner import MoonPlanner, planner
from cosmodrome.transfer.translunar.search import departures, way

__all__ = [
    "Cell",
    "Departures",
    "LunarOrbit",
    "MoonPlanner",
    "Refused",
    "Translunar",
    "TranslunarProblem",
    "departures",
    "planner",
    "way",
    "way_dynamics",
]
