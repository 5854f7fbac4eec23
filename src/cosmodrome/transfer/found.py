"""What an ephemeris tells of the flight it came from: arcs, burns, changes of solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Thrust
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["MASS_KG", "Arc", "Break", "Burnt", "Change", "Found", "Reading", "Rows"]

#: an ephemeris tells no mass: light acts by Cr A / m and a burn by its acceleration alone
MASS_KG = 1_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The points of an ephemeris in GCRF axes.

    epoch   instant of t = 0, the first point
    centre  body that places are counted from
    t_s     (n,) rising
    y       (n, 6) m, m/s
    reading how the axes of the message were taken: "icrf", or the name it uses
    """

    epoch: Epoch
    centre: str
    t_s: Array
    y: Array
    reading: str


@dataclass(frozen=True, slots=True)
class Break:
    """Neighbouring points that no ballistic flight joins: from row `first` to row `last`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Arc:
    """Points that agree with ballistic flight, flown from the first of them.

    first, last       rows
    area_m2_kg        Cr A / m fitted to the whole arc; 0 where light was not fitted
    end_m, worst_m    distance from the ephemeris at its end, and the largest on the way
    dark_m            the largest without light
    """

    first: int
    last: int
    start: Epoch
    end: Epoch
    area_m2_kg: float
    end_m: float
    worst_m: float
    dark_m: float

    @property
    def duration_s(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class Burnt:
    """A burn between two points of an ephemeris, fitted in full dynamics.

    epoch, sigma_s          middle of the burn, one sigma
    delta_v_m_s, sigma_m_s  (3,) in GCRF; velocity gained at that middle
    vnc_m_s                 (3,) along the velocity about the centre, along r x v, and their product
    duration_s, sigma_duration_s  None where the points do not tell it: within one step only the
                            middle and the delta-v do
    turned_rad              how far the thrust turned in inertial axes over the burn; 0: fixed, or
                            not to be told
    misfit_m                largest distance left at the points after the fit
    thrust                  the burn as it was fitted, of MASS_KG; None within one step
    steps                   steps of the ephemeris that it touches
    """

    at: Break
    epoch: Epoch
    sigma_s: float
    delta_v_m_s: Array
    sigma_m_s: Array
    vnc_m_s: Array
    duration_s: float | None
    sigma_duration_s: float | None
    turned_rad: float
    misfit_m: float
    thrust: Thrust | None = None

    @property
    def steps(self) -> int:
        return self.at.last - self.at.first


@dataclass(frozen=True, slots=True)
class Change:
    """A jump of the ephemeris to another solution: the place jumps farther than the jump of the
    velocity could carry it.

    jump_m, jump_m_s  between the two solutions at the first point of the new one
    nearest, nearest_m  where the two pass nearest to each other between the neighbouring breaks
    """

    at: Break
    epoch: Epoch
    jump_m: float
    jump_m_s: float
    nearest: Epoch
    nearest_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found in one segment of an ephemeris.

    area_m2_kg  Cr A / m that the burns were fitted with: the median of the arcs'
    readings    of the axes that were tried
    """

    rows: Rows
    arcs: tuple[Arc, ...]
    burns: tuple[Burnt, ...]
    changes: tuple[Change, ...]
    area_m2_kg: float
    readings: tuple[Reading, ...]

    @property
    def noise_m_s(self) -> float:
        """What neighbours lack to ballistic flight, in the reading that was taken."""
        return next(r.noise_m_s for r in self.readings if r.axes == self.rows.reading)


@dataclass(frozen=True, slots=True)
class Reading:
    """How well the points close with their axes read in one way.

    arcs_m     root mean square of the long arcs' largest distances; None without such arcs
    noise_m_s  median over the steps of the velocity that neighbours lack to ballistic flight
    """

    axes: str
    arcs_m: float | None
    noise_m_s: float
