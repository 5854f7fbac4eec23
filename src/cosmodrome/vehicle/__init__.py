"""The stack over time: what burns, what is attached, what it weighs, when it leaves."""

from cosmodrome.vehicle.stack import (
    Tank,
    Thrusting,
    full_tanks,
    liftoff_mass,
    stage_gross,
    thrusting,
)
from cosmodrome.vehicle.timeline import (
    Drop,
    Section,
    Timeline,
    cutoff_after_s,
    display_name,
    timeline,
    upper_stage,
)

__all__ = [
    "Drop",
    "Section",
    "Tank",
    "Thrusting",
    "Timeline",
    "cutoff_after_s",
    "display_name",
    "full_tanks",
    "liftoff_mass",
    "stage_gross",
    "thrusting",
    "timeline",
    "upper_stage",
]
