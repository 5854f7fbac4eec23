"""Which libration orbit a flight was to stay near, and when; as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["LibrationRecord"]


@dataclass(frozen=True, slots=True)
class LibrationRecord:
    """A periodic orbit of a restricted problem, and from when until when a flight is near it.

    orbit            in words
    larger, smaller  the two bodies, as the ephemeris knows them; `body` the one it is told from
    mass_ratio       of the smaller to both; length_m and time_s are the problem's units
    apart_m          how far from it the path may be; None: a fifth of half its largest width
    state            (6,) at the first crossing, in those units and turning axes
    breathes         do lengths follow the distance of the bodies, or stay those of its mean?
    """

    orbit: str
    larger: str
    smaller: str
    body: str
    mass_ratio: float
    length_m: float
    time_s: float
    state: tuple[float, ...]
    period_s: float
    breathes: bool
    start: Epoch
    end: Epoch
    apart_m: float | None = None

    @property
    def revolutions(self) -> float:
        """How many of the orbit's periods that is."""
        return (self.end - self.start) / self.period_s
