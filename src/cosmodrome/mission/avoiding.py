"""Objects in orbit that a flight must stay away from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.mission.starts import Start

__all__ = ["Avoid"]


@dataclass(frozen=True, slots=True)
class Avoid:
    """An object, and how far from it everything that is launched must stay.

    start       where it is, as a start in orbit is told
    distance_m  from it, in all directions
    lasts_s     how long after the release (or the start in orbit) it is looked at
    """

    name: str
    start: Start
    distance_m: float
    lasts_s: float
