"""How long a lift-off may wait: what holding the node from another instant costs, and for how much.

A node is met for nothing at one instant a day. Before and after it the ascent turns its plane on
the way, which costs about as the square of the minutes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome import ascent
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.nouns import Launch
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.targets import Insertion
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["Wait", "farthest", "held_costs", "window_for"]

_FIRST_MIN = 5.0
_LONGEST_MIN = 120.0
_NEAR = 0.01
_MOST_SOLVES = 6


@dataclass(frozen=True, slots=True)
class Wait:
    """A lift-off off the best instant: by minutes (negative: before it), and what it costs.

    lost_kg  of margin, or of payload where the mass is free
    """

    epoch: Epoch
    minutes: float
    lost_kg: float


def window_for(
    mission: Mission,
    insertion: Insertion,
    best: AscentSolution,
    instant: Epoch,
    cost_kg: float,
    world: World,
    watch: Watch = SILENT,
    onward: tuple[Insertion, ...] = (),
) -> tuple[Wait, Wait]:
    """The first and the last lift-off about `instant` that cost no more than `cost_kg`.

    best, instant   the ascent of `mission` to `insertion`, and when it leads to the wanted node
    onward          the orbits after the first, of several spacecraft
    Each cost is that of a solved ascent, within 1 % of what was asked. No wait is longer than two
    hours. Raises InputError for a target without a node, or a cost that is not above zero.
    """
    if not cost_kg > 0.0:
        raise InputError(f"a cost of {cost_kg:g} kg buys no wait; write one above zero, like 20 kg")
    lost = held_costs(mission, insertion, best, instant, world, watch, onward)
    return farthest(lost, -1.0, cost_kg), farthest(lost, 1.0, cost_kg)


def held_costs(
    mission: Mission,
    insertion: Insertion,
    best: AscentSolution,
    instant: Epoch,
    world: World,
    watch: Watch = SILENT,
    onward: tuple[Insertion, ...] = (),
) -> Callable[[float], Wait]:
    """What a lift-off so many minutes after `instant` costs: a solved ascent for each asked.

    Arguments as of `window_for`. An infinite cost where the node cannot be held at all.
    Raises InputError for a target without a node.
    """
    if insertion.raan_of(instant) is None:
        raise InputError(
            "the target names no node, so every instant serves alike; give it raan or ltan"
        )

    def lost(minutes: float) -> Wait:
        stop_if_cancelled(watch)
        epoch = instant + 60.0 * minutes
        held = replace(mission, launch=Launch(time=epoch, node="held"))
        watch.begin("ascent", f"holding the node from {minutes:+.1f} min")
        try:
            found = ascent.solve(held, insertion, world, previous=best, onward=onward)
        except InfeasibleError:
            return Wait(epoch, minutes, math.inf)
        if ascent.priced(mission).mass_kg is None:
            return Wait(epoch, minutes, best.payload_kg - found.payload_kg)
        return Wait(epoch, minutes, best.margin_kg - found.margin_kg)

    return lost


def farthest(lost: Callable[[float], Wait], side: float, cost_kg: float) -> Wait:
    """The wait on one side that costs `cost_kg`: along the parabola, between what is known."""
    inner, outer = 0.0, math.inf
    best: Wait | None = None
    minutes = _FIRST_MIN
    for _ in range(_MOST_SOLVES):
        found = lost(side * minutes)
        if found.lost_kg <= cost_kg:
            best, inner = found, minutes
            if found.lost_kg >= (1.0 - _NEAR) * cost_kg or minutes >= _LONGEST_MIN:
                break
        else:
            outer = minutes
        if 0.0 < found.lost_kg < math.inf:
            # a little inside, so that it is not above what was asked
            ahead = minutes * math.sqrt((1.0 - 0.4 * _NEAR) * cost_kg / found.lost_kg)
        else:
            ahead = 0.5 * (inner + outer)
        if not inner < ahead < outer:
            ahead = 0.5 * (inner + min(outer, 2.0 * _LONGEST_MIN))
        minutes = min(ahead, _LONGEST_MIN)
    if best is None:
        found = lost(0.0)
        return replace(found, lost_kg=max(found.lost_kg, 0.0))
    return best
