"""A flown ascent on another day: the same plan in its launch frame, another instant and plane.

The physics of an ascent is symmetric about the Earth's axis and its launch frame knows the pad's
meridian alone, so that what was optimised once is carried again on any day: only the instant of
lift-off, the axes fixed there and what follows the release are others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome import ascent, site
from cosmodrome.ascent.launch import launch_axes
from cosmodrome.errors import InputError
from cosmodrome.flight.again import Carried, Stretch, carried
from cosmodrome.flight.walk import groups_of
from cosmodrome.mission.steps import Coast, Manoeuvre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.mission.nouns import Mission
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

__all__ = ["on_another_day"]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a launch must know of an ascent (`site.launch`), read off one that was flown."""

    node_minus_pad_rad: float
    travel_s: float


def on_another_day(base: Flight, mission: Mission, world: World) -> tuple[Flight, Carried]:
    """What `base` carries, for a mission with another launch, node, spacecraft or plan.

    base     a flown mission with the same site, vehicle, masses and orbit but for its node
    mission  its plan holds coasts and burns alone, as the file tells them, a coast first
    Gives a flight without legs, which says what is intended and when it leaves, and what it
    carries: `flight.fly_again` executes it. The node of the mean orbit at release less the pad's
    right ascension at lift-off is that of the base.

    Raises InputError for another plan, InfeasibleError where the window holds no instant.
    """
    if base.launch is None or base.orbit is None:
        raise InputError(f"{base.mission.name!r} has no launch; give a flight from a pad")
    for step in mission.plan:
        if not isinstance(step, Coast | Manoeuvre):
            raise InputError(
                f"the plan holds a {type(step).__name__}, whose numbers are found on the way; an"
                " ascent on another day is followed by coasts and burns alone"
            )
    plan = carried(base).ascent
    assert plan is not None
    stack = next(g for g in base.legs if g.object == "stack")
    own = base.launch
    node = base.orbit.mean.raan_rad - site.pad_right_ascension(mission.site, own.epoch, world)
    shape = _Shape(math.remainder(node, math.tau), stack.end.epoch - stack.start.epoch)
    about = mission.launch.time or (mission.launch.window or (own.epoch,))[0]
    aim, *_ = ascent.aims(mission, about, world, site.cheapest_inclination(mission.site))
    launch = replace(
        site.launch(mission, aim, shape, world, own.plane_change),
        azimuth_relative_rad=own.azimuth_relative_rad,
        within_corridor=own.within_corridor,
    )
    axes = launch_axes(mission.site, launch.epoch, world)
    intended = replace(base, mission=mission, launch=launch, legs=(), findings=(), timing={})
    return intended, Carried(
        replace(plan, epoch=launch.epoch, launch_axes=axes), None, tuple(_stretches(mission))
    )


def _stretches(mission: Mission) -> Iterator[Stretch]:
    """What follows the release: every spacecraft coasts first, then the primary one goes on."""
    first, *rest = groups_of(mission.plan)
    for craft in mission.crafts:
        yield Stretch(craft.id, _chapter(first), first, "stack")
    for steps in rest:
        yield Stretch(mission.spacecraft.id, _chapter(steps), steps)


def _chapter(steps: tuple[Step, ...]) -> str:
    return "orbit" if isinstance(steps[0], Coast) else "transfer"
