"""One sigma of everything that scatters impacts, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["ASSUMED_BAND", "BAND_SIGMAS", "STATED_BAND", "Dispersions"]

# low and high end of a body's ballistic coefficient over its nominal value: where its file
# states a drag area, and where the default of a tumbling shell stands in; assumed
STATED_BAND = (0.7, 1.4)
ASSUMED_BAND = (0.5, 2.0)
# the band's ends stand for three sigma of a lognormal coefficient
BAND_SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class Dispersions:
    """Independent errors, 1 sigma each. All are assumed: of the size open studies use, no
    maker's figures. They do not know the guidance: the plan's timers and attitude are flown as
    they stand, so ascent errors grow unchecked and the ellipses are on the large side.

    thrust       of each stage: level of thrust and flow together, for the same propellant, so
                 that the burn ends sooner or later; separations stay on their timers
    isp          of each stage: thrust at unchanged flow
    mass         of the stack: everything weighs more by this part
    drag         of the stack: coefficient and air on the way up
    pitch_rad, yaw_rad   constant error of attitude from lift-off on, in and across the plane
                 of the thrust and the vertical
    separation_m_s   velocity given at separation, each of three axes
    density      of the air the bodies fall through, at all heights alike
    wind_m_s     each of east and north, at the jet; `falling.WIND_PROFILE` elsewhere
    piece_m_s    not an error: the speed at which like pieces of one body (half-shells,
                 strap-ons) fly apart, square to the thrust
    """

    thrust: float = 0.005
    isp: float = 0.003
    mass: float = 0.002
    drag: float = 0.05
    pitch_rad: float = math.radians(0.2)
    yaw_rad: float = math.radians(0.2)
    separation_m_s: float = 1.0
    density: float = 0.10
    wind_m_s: float = 15.0
    piece_m_s: float = 3.0
