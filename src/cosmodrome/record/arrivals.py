"""Arrivals at the Moon that were looked at for the sake of a landing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch

__all__ = ["ArrivalLooked"]


@dataclass(frozen=True, slots=True)
class ArrivalLooked:
    """A touchdown that an arrival leads to, as it was weighed before it was flown.

    leaves, arrives  the injection and the perilune
    going            "northbound" or "southbound" where the Earth is left; "": already on the way
    touchdown        when it would be
    inclination_rad  of the plane that holds the site then, to the Moon's equator, and on which side
                     of the equator the path comes in to it (`passing`)
    sun_rad          elevation of the Sun over the site, above the edge it is counted from
    delta_v_m_s      departure, where it is still to come, and insertion, as impulses
    why              not; empty where it serves
    chosen           is it the one that was flown to?
    """

    leaves: Epoch
    arrives: Epoch
    going: str
    touchdown: Epoch
    inclination_rad: float
    passing: str
    sun_rad: float
    delta_v_m_s: float
    why: str = ""
    chosen: bool = False
