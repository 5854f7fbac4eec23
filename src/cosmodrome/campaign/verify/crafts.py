"""Which spacecraft of a flight a fault may lose, and which bodies fly the plan of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.mission import Mission, Transfer

if TYPE_CHECKING:
    from cosmodrome.mission import AnyMission
    from cosmodrome.record import Flight

__all__ = ["crafts_of", "mission_of", "names_of", "planned_on_the_way", "steered_late"]

_OWN = ("transfer", "landing")


def crafts_of(flight: Flight) -> tuple[str, ...]:
    """The primary spacecraft, those released beside it, and those that leave it for burns or a
    landing of their own. What is let go to coast has no aim that it could miss."""
    beside: tuple[str, ...] = ()
    if isinstance(flight.mission, Mission):
        beside = tuple(p.spacecraft.id for p in flight.mission.passengers)
    own = (
        leg.object
        for leg in flight.legs
        if leg.chapter in _OWN and leg.steps and leg.object not in flight.flown_by
    )
    return tuple(dict.fromkeys((flight.mission.spacecraft.id, *beside, *own)))


def names_of(flight: Flight, craft: str) -> tuple[str, ...]:
    """The bodies that fly its plan, one after another: itself, and what of the primary spacecraft
    rose from the ground."""
    return flight.flown_by if craft == flight.mission.spacecraft.id else (craft,)


def mission_of(flight: Flight, craft: str) -> AnyMission:
    """The mission as it sees it."""
    mission = flight.mission
    return mission if craft == mission.spacecraft.id else mission.of(craft)


def planned_on_the_way(step: object) -> bool:
    """Is a step planned while it is flown, so that nothing concrete is carried for it?"""
    return isinstance(step, Transfer) and step.low_thrust


def steered_late(flight: Flight) -> tuple[str, ...]:
    """Names of the steps flown that are planned on the way: no fault is flown through them."""
    steps = (step for leg in flight.legs for step in leg.steps if planned_on_the_way(step))
    return tuple(dict.fromkeys(step.name for step in steps if isinstance(step, Transfer)))
