"""The flight of an object in orbit that the mission meets and does not fly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Leg, Solve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["object_leg"]


def object_leg(
    object: str,
    source: str,
    path: Trajectory,
    zero: Epoch,
    world: World,
    residuals: Mapping[str, float] | None = None,
) -> Leg:
    """The leg of an object along its path.

    source     where its orbit is from, in words
    zero       instant from which event times count
    residuals  of what its path was fitted to
    """
    start, end = path.at(path.start), path.at(path.end)
    return Leg(
        chapter="orbit",
        object=object,
        kind="object",
        parent="",
        start=start,
        end=end,
        path=path,
        events=(event_record("found there", object, start, zero, world),),
        solve=Solve(
            f"{source}, flown in the forces of the mission", "flown", residuals=residuals or {}
        ),
    )
