"""Orbit families turned into what an upper stage must hit, and how their nodes drift."""

from cosmodrome.physics.mean_orbits import (
    MEAN_SUN_RATE_RAD_S,
    node_rate,
    sun_synchronous_inclination,
)
from cosmodrome.targets.insertion import Bias, Insertion, OrbitPoint, insertion
from cosmodrome.targets.printed import Printed, printed_of, printed_state
from cosmodrome.targets.rendezvous import Meeting, ObjectOrbit, meeting, meeting_asked
from cosmodrome.targets.sgp4 import sgp4_state, sgp4_teme
from cosmodrome.targets.start import start_state

__all__ = [
    "MEAN_SUN_RATE_RAD_S",
    "Bias",
    "Insertion",
    "Meeting",
    "ObjectOrbit",
    "OrbitPoint",
    "Printed",
    "insertion",
    "meeting",
    "meeting_asked",
    "node_rate",
    "printed_of",
    "printed_state",
    "sgp4_state",
    "sgp4_teme",
    "start_state",
    "sun_synchronous_inclination",
]
