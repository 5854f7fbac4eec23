"""Libration orbits in a plan: a start in one, the way to one, keeping it."""

from cosmodrome.transfer.libration.departing import Departure, departure, sped
from cosmodrome.transfer.libration.keeping import LibrationPlanner
from cosmodrome.transfer.libration.natural import Nearness, natural
from cosmodrome.transfer.libration.reference import Reference, begun, dynamics_near
from cosmodrome.transfer.libration.staying import Point
from cosmodrome.transfer.libration.way import WayPlanner

__all__ = [
    "Departure",
    "LibrationPlanner",
    "Nearness",
    "Point",
    "Reference",
    "WayPlanner",
    "begun",
    "departure",
    "dynamics_near",
    "natural",
    "sped",
]
