"""What a plan chooses of an ascent's sequence, and what is assumed of every one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.vehicle import liftoff_mass, timeline

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle

__all__ = [
    "FREE_FLIGHT_S",
    "PITCH_OVER_S",
    "Q_ALPHA_PA_RAD",
    "RELEASE_S",
    "Burn",
    "Shape",
    "Way",
    "vertical_rise_s",
]

# vertical until clear of the tower, then a smooth pitch-over; assumed, of R-7 practice
_LONGEST_RISE_S = 10.0
_SHORTEST_RISE_S = 4.0
_TOWER_M = 120.0
PITCH_OVER_S = 15.0
# an upper stage lights a minute after it is free (flown practice of Fregat from Kourou)
FREE_FLIGHT_S = 60.0
# spacecraft separation after the upper stage's last cut-off; assumed
RELEASE_S = 60.0
# q sin(alpha) where the vehicle's file states none: 2,500 Pa rad is 143 kPa deg
Q_ALPHA_PA_RAD = 2_500.0


# how the orbit is met: by the climb itself, at the apogee of its arc, by a burn at the perigee of
# a parking orbit, by burns at a node of a parking orbit and then at the apogee, or by a climb
# straight into an ellipse as high as the target, whose perigee is lifted at its apogee
Way = Literal["direct", "apogee", "perigee", "node", "lift"]


@dataclass(frozen=True, slots=True)
class Burn:
    """One burn of a tail stage: first guesses of the coast before it and of its length.

    most_coast_s  the longest coast allowed before it
    """

    stage: str
    coast_s: float
    burn_s: float
    most_coast_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Shape:
    """What a plan chooses of the sequence: about when the fairing goes, the tail's burns.

    way  how these burns meet the orbit
    """

    fairing_s: float
    burns: tuple[Burn, ...]
    way: Way = "direct"


def vertical_rise_s(vehicle: Vehicle) -> float:
    """Seconds until the stack has cleared the tower, within practice."""
    first = timeline(vehicle).sections[0]
    thrust = first.thrust_vacuum_n + (first.free.thrust_vacuum_n if first.free else 0.0)
    net = (thrust - 101_325.0 * first.exit_area_m2) / liftoff_mass(vehicle, 0.0) - G0_M_S2
    if net <= 0.0:
        return _LONGEST_RISE_S
    return min(max(math.sqrt(2.0 * _TOWER_M / net), _SHORTEST_RISE_S), _LONGEST_RISE_S)
