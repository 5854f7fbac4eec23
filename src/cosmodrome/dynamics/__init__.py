"""Motion in space: what acts, the path that follows, what happens on it, orbital elements."""

from __future__ import annotations

from cosmodrome.dynamics.events import Altitude, DynamicsEvent
from cosmodrome.dynamics.forces import Dynamics, Thrust
from cosmodrome.dynamics.propagate import Propagation, propagate

__all__ = ["Altitude", "Dynamics", "DynamicsEvent", "Propagation", "Thrust", "propagate"]
