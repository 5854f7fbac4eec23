"""What is asked of a way to the Moon, and what was found: frozen, SI."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cosmodrome.errors import InputError
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.mission.steps import ToMoon
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = [
    "Cell",
    "Departures",
    "Going",
    "LunarOrbit",
    "Passing",
    "Refused",
    "Translunar",
    "TranslunarProblem",
    "going_of",
    "judge_parking",
]

#: does the Moon lie on the northbound or the southbound half of the departure's plane?
Going = Literal["northbound", "southbound"]
#: on which side of the Moon's equator does the path come closest?
Passing = Literal["north", "south"]
_MOON = body("moon")


@dataclass(frozen=True, slots=True)
class LunarOrbit:
    """The orbit wanted about the Moon.

    perilune_m, apolune_m   radii from the Moon's centre
    inclination_rad   to the Moon's equator (moon-me), 0 to pi; None: the one closest to that
                      equator which the arrival allows without turning the plane
    retrograde        with no inclination: against the Moon's own turning

    Raises InputError for radii out of order or below the ground.
    """

    perilune_m: float
    apolune_m: float
    inclination_rad: float | None = None
    retrograde: bool = False

    def __post_init__(self) -> None:
        ground = _MOON.radius_m
        if not ground < self.perilune_m <= self.apolune_m < 66e6:
            raise InputError(
                f"a lunar orbit of {(self.perilune_m - ground) / 1e3:g} x"
                f" {(self.apolune_m - ground) / 1e3:g} km: write heights above 0, the perilune"
                " first, and an apolune below 64,000 km, where the Earth takes over"
            )
        i = self.inclination_rad
        if i is not None and not 0.0 <= i <= math.pi:
            raise InputError(f"an inclination of {i!r} rad: write 0 to pi (0 to 180 deg)")

    @classmethod
    def of(cls, step: ToMoon) -> LunarOrbit:
        """The orbit that a step of a plan asks for."""
        ground = _MOON.radius_m
        return cls(
            ground + step.perilune_m, ground + step.apolune_m, step.inclination_rad, step.retrograde
        )

    @property
    def semi_major_axis_m(self) -> float:
        """Half the sum of the radii."""
        return 0.5 * (self.perilune_m + self.apolune_m)

    def perilune_speed_m_s(self) -> float:
        """Speed at the perilune."""
        mu = _MOON.mu_m3_s2
        return math.sqrt(mu * (2.0 / self.perilune_m - 1.0 / self.semi_major_axis_m))


def judge_parking(inclination_rad: tuple[float, float], perigee_m: float) -> None:
    """Raises InputError for a departure that none can be: its plane's limits, its radius."""
    low, high = inclination_rad
    if not 0.0 <= low <= high <= math.pi:
        raise InputError(
            f"a parking orbit inclined {math.degrees(low):g} to {math.degrees(high):g} deg:"
            " write the lowest first, from 0 to 180 deg"
        )
    if not 6.4e6 < perigee_m < 5e7:
        raise InputError(
            f"a parking orbit of radius {perigee_m / 1e3:g} km: write a radius from the"
            " Earth's centre, 6,400 to 50,000 km"
        )


def going_of(argp_rad: float) -> Going:
    """Which way the apogee of an ellipse is passed, by the argument of its perigee: north where the
    apogee's argument of latitude lies in a quarter about 0."""
    return "northbound" if math.cos(argp_rad + math.pi) > 0.0 else "southbound"


@dataclass(frozen=True, slots=True)
class TranslunarProblem:
    """A search for ways from a parking orbit to the Moon.

    perigee_m        radius of the (circular) parking orbit; the impulse is at its end
    inclination_rad  (lowest, highest) of the parking orbit to the true equator of date; the
                     lowest that holds the Moon is taken
    first, last      span of the departures
    step_s           from one departure to the next
    flight_s         times from the departure to the perilune
    orbit            the orbit about the Moon
    goings, passings which ways are looked for
    beta_rad         (lowest, highest) angle of the Sun to the plane about the Moon at arrival, of
                     its absolute value; None: any
    site_rad         latitude and longitude (moon-me) whose Sun is told
    sun_rad          (lowest, highest) elevation of the Sun there at arrival; None: any

    Raises InputError for a span or a time that is none.
    """

    perigee_m: float
    inclination_rad: tuple[float, float]
    first: Epoch
    last: Epoch
    orbit: LunarOrbit
    step_s: float = 86_400.0
    flight_s: tuple[float, ...] = (4.0 * 86_400.0,)
    goings: tuple[Going, ...] = ("northbound", "southbound")
    passings: tuple[Passing, ...] = ("north", "south")
    beta_rad: tuple[float, float] | None = None
    site_rad: tuple[float, float] | None = None
    sun_rad: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        judge_parking(self.inclination_rad, self.perigee_m)
        if self.last < self.first or not self.step_s > 0.0:
            raise InputError(
                f"departures from {self.first} to {self.last} every {self.step_s:g} s: write a"
                " later end and a positive step"
            )
        for flight in self.flight_s:
            if not 1.5 * 86_400.0 <= flight <= 8.0 * 86_400.0:
                raise InputError(
                    f"a flight of {flight / 86_400.0:g} days: write 1.5 to 8; a direct way takes"
                    " 2.5 to 6, and the slower ones by the Sun's pull are low_energy_ways"
                )
        if self.sun_rad is not None and self.site_rad is None:
            raise InputError("the Sun's elevation is asked for no site; write site_rad")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the search: when, how long, and which of the four ways."""

    departure: Epoch
    flight_s: float
    going: Going
    passing: Passing


@dataclass(frozen=True, slots=True, eq=False)
class Translunar:
    """A way to the Moon in full dynamics.

    cell             where in the search it lies
    inclination_rad, raan_rad, argp_rad   the departure's plane and perigee, true equator and
                     equinox of date
    departure        state just after the impulse, about the Earth, GCRF axes
    delta_v_m_s      the impulse from the circular parking orbit
    c3_m2_s2         v^2 - 2 mu / r after it
    apogee_ra_rad, apogee_dec_rad   direction of the apogee, true equator and equinox of date
    perilune         state at the perilune, about the Moon, GCRF axes
    v_infinity_m_s   speed of the arrival far from the Moon
    lunar_inclination_rad, lunar_node_rad   plane about the Moon, moon-me axes of that instant
    insertion_m_s    impulse at the perilune into the wanted orbit
    beta_rad         angle of the Sun to the plane about the Moon, positive on the side of its pole
    sun_rad          elevation of the Sun at the site at the arrival; None without one
    passes           propagations it took
    """

    cell: Cell
    inclination_rad: float
    raan_rad: float
    argp_rad: float
    departure: State
    delta_v_m_s: float
    c3_m2_s2: float
    apogee_ra_rad: float
    apogee_dec_rad: float
    perilune: State
    v_infinity_m_s: float
    lunar_inclination_rad: float
    lunar_node_rad: float
    insertion_m_s: float
    beta_rad: float
    sun_rad: float | None
    passes: int

    @property
    def total_m_s(self) -> float:
        """Departure and insertion together."""
        return self.delta_v_m_s + self.insertion_m_s


@dataclass(frozen=True, slots=True)
class Refused:
    """A place of the search without a way.

    kind  "geometry": no plane of the parking orbit holds the Moon then, or no plane about the
          Moon of the wanted inclination holds the arrival; "light"; "lost": no convergence
    """

    cell: Cell
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Departures:
    """The launch-window table: what was found, in order of departure, and what was not and why."""

    found: tuple[Translunar, ...]
    refused: tuple[Refused, ...]

    def cheapest(self) -> Translunar:
        """The way of the least departure and insertion together.

        Raises InputError where none was found, with the reasons.
        """
        if not self.found:
            whys = dict.fromkeys(r.why for r in self.refused)
            raise InputError(
                "no way to the Moon in this search: " + "; ".join(list(whys)[:3]) + ". Widen the"
                " span of departures, the inclinations or the flight times"
            )
        return min(self.found, key=lambda way: way.total_m_s)
