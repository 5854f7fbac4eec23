"""The orbit chapter: coasting in full dynamics, and which orbit was reached."""

from cosmodrome.orbit.coast import CROSSED, FELL, execute
from cosmodrome.orbit.record import bias_from, orbit_record

__all__ = ["CROSSED", "FELL", "bias_from", "execute", "orbit_record"]
