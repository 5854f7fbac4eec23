"""Transfers between planets as data: one, and a grid of departures and arrivals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = ["Porkchop", "Transfer"]


@dataclass(frozen=True, slots=True)
class Transfer:
    """One ballistic transfer about the Sun, from the centre of one planet to another's.

    c3_m2_s2        square of the speed left far from the planet of departure
    declination_rad, right_ascension_rad   of the departing asymptote, GCRF axes
    arrival_m_s     speed relative to the planet of arrival, far from it
    turn_rad        angle about the Sun; under pi: type I, over it: type II
    payload_kg      what a launcher carries there, or None where none was named
    """

    depart: Epoch
    arrive: Epoch
    c3_m2_s2: float
    declination_rad: float
    right_ascension_rad: float
    arrival_m_s: float
    turn_rad: float
    payload_kg: float | None = None

    @property
    def flight_s(self) -> float:
        """Time of flight, s."""
        return self.arrive - self.depart

    @property
    def type(self) -> str:
        """ "I" for less than half a turn about the Sun, else "II"."""
        return "I" if self.turn_rad < math.pi else "II"


@dataclass(frozen=True, slots=True, eq=False)
class Porkchop:
    """A grid of transfers.

    home, target   names as the ephemeris has them
    departs        (n,); arrives (m,)
    c3_m2_s2, declination_rad, right_ascension_rad, arrival_m_s, turn_rad   (n, m), as in Transfer;
                   not-a-number where the arrival comes too soon after the departure
    payload_kg     (n, m) or None; not-a-number where nothing can be carried
    best           the least energy of each type there is, refined between the points of the grid
    richest        the most payload of each type, of the points of the grid; () without a launcher
    launcher       what carries it, in words, and how the masses were found
    """

    home: str
    target: str
    departs: tuple[Epoch, ...]
    arrives: tuple[Epoch, ...]
    c3_m2_s2: Array
    declination_rad: Array
    right_ascension_rad: Array
    arrival_m_s: Array
    turn_rad: Array
    best: tuple[Transfer, ...]
    payload_kg: Array | None = None
    richest: tuple[Transfer, ...] = ()
    launcher: tuple[str, ...] = ()

    def at(self, i: int, j: int) -> Transfer:
        """The transfer of one point of the grid."""
        carried = None if self.payload_kg is None else float(self.payload_kg[i, j])
        return Transfer(
            self.departs[i],
            self.arrives[j],
            float(self.c3_m2_s2[i, j]),
            float(self.declination_rad[i, j]),
            float(self.right_ascension_rad[i, j]),
            float(self.arrival_m_s[i, j]),
            float(self.turn_rad[i, j]),
            carried,
        )
