"""What a landing asks of the arrival before it: the plane that holds its site when it is wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.mission.steps import Land, ToMoon
from cosmodrome.transfer.translunar.weighing import Weighed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.mission.nouns import Spacecraft
    from cosmodrome.mission.steps import Step
    from cosmodrome.transfer.translunar.nouns import LunarOrbit, Passing
    from cosmodrome.world.skylines import Skyline
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Landfall", "flights_of", "landing_after"]

# times of flight, s apart
_APART_S = 6.0 * 3600.0


@dataclass(frozen=True, slots=True, eq=False)
class Landfall:
    """A landing that is to be made ready by the arrival.

    land        where, when and in what light
    planes_rad  (lowest, highest) inclination allowed; the one nearest to their middle is taken
    passing     None: either side
    edge        of the ground around the site, where elevations of the Sun are counted from it
    turn_m_s    the most that an insertion may take more to turn the plane, where none serves
    """

    land: Land
    planes_rad: tuple[float, float]
    passing: Passing | None = None
    edge: Skyline | None = None
    turn_m_s: float = 0.0

    @classmethod
    def of(
        cls, step: ToMoon, plan: Sequence[Step], carries: Sequence[Spacecraft] = ()
    ) -> Landfall | None:
        """What a step of a plan leaves to the landing after it; None where it leaves nothing.

        carries  the landing may be in the plan of what is carried there
        """
        if step.planes_rad is None:
            return None
        land = landing_after(step, plan, carries)
        if land is None:
            raise InputError(
                f"{step.name!r} leaves the inclination to a landing, and none follows in the plan:"
                " add - landing: {site: {lat: -69.545 deg, lon: 43.544 deg}}, or write the"
                " inclination"
            )
        light = land.light
        edge = None if light is None else light.edge("moon", land.latitude_rad, land.longitude_rad)
        return cls(land, step.planes_rad, step.passing, edge, step.turn_m_s)

    def first_guess(self, orbit: LunarOrbit) -> LunarOrbit:
        """The orbit with the inclination that is best where nothing is known yet."""
        return replace(orbit, inclination_rad=0.5 * sum(self.planes_rad))

    def weigh(self, perilune: State, orbit: LunarOrbit, world: World) -> Weighed:
        """Every instant at which the landing could come after an arrival.

        perilune  of a path that arrives nearby: its asymptote is what counts
        """
        return Weighed(self, perilune, orbit, world)


def landing_after(
    step: ToMoon, plan: Sequence[Step], carries: Sequence[Spacecraft] = ()
) -> Land | None:
    """The landing that follows a step in a plan, or in those of what is carried; None without."""
    later = plan[plan.index(step) + 1 :] if step in plan else ()
    every = (*later, *(s for craft in carries for s in craft.plan))
    return next((s for s in every if isinstance(s, Land)), None)


def flights_of(step: ToMoon) -> tuple[float, ...]:
    """Times of flight to be looked at, s: the one that is asked for, then its neighbours within
    the limits, the nearest first."""
    if step.flights_s is None:
        return (step.flight_s,)
    low, high = step.flights_s
    between = np.linspace(low, high, 1 + math.ceil((high - low) / _APART_S))
    apart = np.abs(between - step.flight_s)
    rest = between[np.argsort(apart, kind="stable")].tolist()
    return (step.flight_s, *(t for t in rest if t != step.flight_s))
