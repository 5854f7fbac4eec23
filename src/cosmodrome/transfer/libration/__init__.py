"""Libration orbits in a plan: a start in one, keeping it."""

from cosmodrome.transfer.libration.keeping import LibrationPlanner
from cosmodrome.transfer.libration.reference import Reference, begun, dynamics_near

__all__ = ["LibrationPlanner", "Reference", "begun", "dynamics_near"]
