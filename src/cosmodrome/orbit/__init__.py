"""The orbit chapter: coasting in full dynamics, and which orbit was reached."""

from cosmodrome.orbit.coast import CROSSED, FELL, FELL_TO_GROUND, execute, fell
from cosmodrome.orbit.record import bias_from, orbit_record

__all__ = [
    "CROSSED",
    "FELL",
    "FELL_TO_GROUND",
    "bias_from",
    "execute",
    "fell",
    "orbit_record",
]
