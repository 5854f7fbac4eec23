"""What is asked of a low-energy way to the Moon, and what was found: frozen, SI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.transfer.translunar.backward import Hint
from cosmodrome.transfer.translunar.nouns import judge_parking

if TYPE_CHECKING:
    from cosmodrome.transfer.translunar.nouns import LunarOrbit
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

__all__ = ["LowEnergyProblem", "LowEnergyWay", "LowEnergyWays", "Lost", "Side"]

#: does the way climb to the side of the Earth where the Sun is, or away from it?
Side = Literal["sunward", "outward"]
_DAY_S = 86_400.0
_SHORTEST_S, _LONGEST_S = 60.0 * _DAY_S, 180.0 * _DAY_S


@dataclass(frozen=True, slots=True)
class LowEnergyProblem:
    """A search for ways that the Sun's pull bends to the Moon.

    perigee_m        radius of the (circular) parking orbit; the impulse is at its end
    inclination_rad  (lowest, highest) of the parking orbit to the true equator of date
    first, last      span of the departures
    flight_s         (shortest, longest) from the departure to the perilune
    orbit            the orbit about the Moon, with its inclination
    raan_rad         node of the parking orbit at `first`, true equator of date, rad, and its rate,
                     rad/s; None: any
    every_s          from one arrival looked at to the next
    starts           arrivals thrown at each
    wanted           so many ways are led to the end, the cheapest first

    Raises InputError for a span or a time that is none.
    """

    perigee_m: float
    inclination_rad: tuple[float, float]
    first: Epoch
    last: Epoch
    flight_s: tuple[float, float]
    orbit: LunarOrbit
    raan_rad: tuple[float, float] | None = None
    every_s: float = 2.0 * _DAY_S
    starts: int = 2_048
    wanted: int = 12

    def __post_init__(self) -> None:
        judge_parking(self.inclination_rad, self.perigee_m)
        if self.last < self.first or not self.every_s > 0.0:
            raise InputError(
                f"departures from {self.first} to {self.last}, arrivals every {self.every_s:g} s:"
                " write a later end and a positive step"
            )
        low, high = self.flight_s
        if not _SHORTEST_S <= low <= high <= _LONGEST_S:
            raise InputError(
                f"a flight of {low / _DAY_S:g} to {high / _DAY_S:g} days: write the shortest first,"
                " 60 to 180 days; the Sun needs about 80 to bend a way to the Moon"
            )
        if self.orbit.inclination_rad is None:
            raise InputError(
                "a low-energy way to an orbit of no inclination: write the inclination to the"
                " Moon's equator"
            )
        if self.starts < 64 or self.wanted < 1:
            raise InputError(
                f"{self.starts} arrivals thrown and {self.wanted} ways wanted: write at least 64"
                " and 1"
            )


@dataclass(frozen=True, slots=True, eq=False)
class LowEnergyWay:
    """A way by the Sun's pull, in full dynamics.

    inclination_rad, raan_rad, argp_rad   the departure's plane and perigee, true equator and
                     equinox of date
    departure        state at the perigee, just after the impulse, about the Earth, GCRF axes
    delta_v_m_s      the impulse from the circular parking orbit
    c3_m2_s2         v^2 - 2 mu / r after it
    apogee_ra_rad, apogee_dec_rad   direction opposite to the perigee, true equator and equinox of
                     date: what a launch to it aims at
    far, far_m       when it is farthest from the Earth, and how far
    side             where the Sun stands from there
    moon_m           how close it passes the Moon on the way out; below 66,000 km the Moon helps
    perilune         state at the perilune, about the Moon, GCRF axes
    arrival_c3_m2_s2   v^2 - 2 mu / r there: negative where the Moon holds it already
    lunar_inclination_rad, lunar_node_rad, lunar_argp_rad   plane about the Moon and place in it,
                     moon-me axes of that instant
    insertion_m_s    impulse at the perilune into the wanted orbit
    beta_rad         angle of the Sun to the plane about the Moon, positive on the side of its pole
    passes           propagations it took
    """

    inclination_rad: float
    raan_rad: float
    argp_rad: float
    departure: State
    delta_v_m_s: float
    c3_m2_s2: float
    apogee_ra_rad: float
    apogee_dec_rad: float
    far: Epoch
    far_m: float
    side: Side
    moon_m: float
    perilune: State
    arrival_c3_m2_s2: float
    lunar_inclination_rad: float
    lunar_node_rad: float
    lunar_argp_rad: float
    insertion_m_s: float
    beta_rad: float
    passes: int

    @property
    def hint(self) -> Hint:
        """To begin a way like it."""
        arrives = float(np.linalg.norm(self.perilune.v_m_s))
        x = np.array([self.lunar_node_rad, self.lunar_argp_rad, arrives])
        return Hint(self.perilune.epoch, x, self.departure.epoch)

    @property
    def flight_s(self) -> float:
        """From the departure to the perilune."""
        return self.perilune.epoch - self.departure.epoch

    @property
    def total_m_s(self) -> float:
        """Departure and insertion together."""
        return self.delta_v_m_s + self.insertion_m_s


@dataclass(frozen=True, slots=True)
class Lost:
    """A way that was seen from afar and not led to the end.

    kind  "perigee": no correction brings the perigee to the parking orbit and its plane; "time":
          it leaves outside the span, or flies too long or too short
    """

    arrival: Epoch
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class LowEnergyWays:
    """What was found, the cheapest first, and what was not and why; `thrown` arrivals were flown
    backward, `seen` of them pass the Earth near enough to be led."""

    found: tuple[LowEnergyWay, ...]
    lost: tuple[Lost, ...]
    thrown: int
    seen: int

    def cheapest(self) -> LowEnergyWay:
        """The way of the least departure and insertion together.

        Raises InputError where none was found, with the reasons.
        """
        if not self.found:
            whys = dict.fromkeys(x.why for x in self.lost)
            told = "; ".join(list(whys)[:3]) or (
                f"of {self.thrown} arrivals flown backward none comes from the Earth"
            )
            raise InputError(
                f"no low-energy way in this search: {told}. Widen the span of departures, the"
                " flight times or the inclinations"
            )
        return self.found[0]
