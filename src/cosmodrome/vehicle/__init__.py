"""The stack over time: what burns, what is attached, what it weighs, when it leaves."""

from cosmodrome.vehicle.stack import (
    Stretch,
    Tank,
    Thrusting,
    burn_profile,
    consumables_flow,
    full_tanks,
    liftoff_mass,
    stage_gross,
    thrusting,
)
from cosmodrome.vehicle.timeline import (
    Drop,
    FreeThrust,
    Section,
    TailStage,
    Timeline,
    cutoff_after_s,
    display_name,
    tail_of,
    timeline,
)

__all__ = [
    "Drop",
    "FreeThrust",
    "Section",
    "Stretch",
    "TailStage",
    "Tank",
    "Thrusting",
    "Timeline",
    "burn_profile",
    "consumables_flow",
    "cutoff_after_s",
    "display_name",
    "full_tanks",
    "liftoff_mass",
    "stage_gross",
    "tail_of",
    "thrusting",
    "timeline",
]
