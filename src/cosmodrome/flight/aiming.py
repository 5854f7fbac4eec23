"""What an ascent is asked for so that it leaves along a way found in advance."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission
    from cosmodrome.transfer.translunar.nouns import Going
    from cosmodrome.world.state import State

__all__ = ["P", "Passed", "Way", "aimed_at", "alike", "flown_to"]

# half-widths of what is asked
_HALF_C3, _HALF_RAD = 0.05e6, math.radians(0.5)
# the aim is kept where it changes by less: 1 m/s of a correction
_AIM_RAD, _AIM_C3 = math.radians(0.05), 0.005e6


class Passed(Protocol):
    """What one time through the chapters gave."""

    def released(self, craft: str) -> State:
        """A spacecraft's state as the stack left it."""


P = TypeVar("P", bound=Passed)


class Way(Protocol):
    """A way away from the Earth: its energy and where its apogee stands, true equator of date."""

    @property
    def c3_m2_s2(self) -> float:
        """Twice the energy."""

    @property
    def apogee_dec_rad(self) -> float:
        """Declination."""

    @property
    def apogee_ra_rad(self) -> float:
        """Right ascension."""


def aimed_at(mission: Mission, way: Way, going: Going) -> Mission:
    """With the energy and direction that lead along a way, its apogee passed in that sense.

    In no plane where none was asked for: the ascent takes the cheapest that holds the direction.
    """
    target = replace(
        mission.target,
        c3_m2_s2=Quantity(way.c3_m2_s2, _HALF_C3),
        declination_rad=Quantity(way.apogee_dec_rad, _HALF_RAD),
        right_ascension_rad=Quantity(way.apogee_ra_rad, _HALF_RAD),
        going=going,
    )
    return replace(mission, target=target)


def alike(one: Way, other: Way) -> bool:
    """Would an ascent aimed at one do for the other?"""
    turned = float(np.linalg.norm(_apogee(one) - _apogee(other)))
    return turned < _AIM_RAD and abs(one.c3_m2_s2 - other.c3_m2_s2) < _AIM_C3


def _apogee(way: Way) -> NDArray[np.float64]:
    level = math.cos(way.apogee_dec_rad)
    ra = way.apogee_ra_rad
    return np.array([level * math.cos(ra), level * math.sin(ra), math.sin(way.apogee_dec_rad)])


def flown_to(
    aimed: Mission, run: Run, fly: Callable[[Mission, Run, P | None], P], passed: P | None
) -> tuple[Mission, P]:
    """The ascent to what is asked, from the one before; where none is found, from the other of the
    two places on the parking orbit, which may be the one in reach."""
    try:
        return aimed, fly(aimed, run, passed)
    except (InfeasibleError, SolverError):
        aimed = replace(aimed, target=replace(aimed.target, going=None))
        return aimed, fly(aimed, run, passed)
