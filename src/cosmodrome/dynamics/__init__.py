"""Motion in space: what acts, the path that follows, what happens on it, orbital elements."""

from __future__ import annotations

from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.ensemble import Ensemble, propagate_many
from cosmodrome.dynamics.events import Altitude, Distance, DynamicsEvent, Visibility
from cosmodrome.dynamics.forces import (
    About,
    Force,
    Gravity,
    PointMass,
    Relativity,
    Thrust,
    Tides,
)
from cosmodrome.dynamics.presets import PRESETS, preset
from cosmodrome.dynamics.propagate import Propagation, propagate
from cosmodrome.dynamics.surfaces import Drag, ExponentialAir, Panel, Plates, Radiation
from cosmodrome.solvers.core import Settings

__all__ = [
    "About",
    "Altitude",
    "Distance",
    "Drag",
    "Dynamics",
    "DynamicsEvent",
    "Ensemble",
    "ExponentialAir",
    "Force",
    "Gravity",
    "PRESETS",
    "Panel",
    "Plates",
    "PointMass",
    "Propagation",
    "Radiation",
    "Relativity",
    "Settings",
    "Thrust",
    "Tides",
    "Visibility",
    "preset",
    "propagate",
    "propagate_many",
]
