"""The way to the Moon: departures from a parking orbit, led to a lunar orbit in full dynamics."""

from __future__ import annotations

from cosmodrome.transfer.translunar.forces import way_dynamics
from cosmodrome.transfer.translunar.low_energy import low_energy_ways
from cosmodrome.transfer.translunar.low_energy_nouns import (
    LowEnergyProblem,
    LowEnergyWay,
    LowEnergyWays,
)
from cosmodrome.transfer.translunar.nouns import (
    Cell,
    Departures,
    LunarOrbit,
    Refused,
    Translunar,
    TranslunarProblem,
)
from cosmodrome.transfer.translunar.planner import MoonPlanner
from cosmodrome.transfer.translunar.planners import planner
from cosmodrome.transfer.translunar.resumed import led_from, perigee_behind
from cosmodrome.transfer.translunar.search import departures, way

__all__ = [
    "Cell",
    "Departures",
    "LowEnergyProblem",
    "LowEnergyWay",
    "LowEnergyWays",
    "LunarOrbit",
    "MoonPlanner",
    "Refused",
    "Translunar",
    "TranslunarProblem",
    "departures",
    "led_from",
    "low_energy_ways",
    "perigee_behind",
    "planner",
    "way",
    "way_dynamics",
]
