"""What a lift-off costs off the best instant, solved once and used for every day.

Holding the node from another instant turns the plane on the way by the angle that the Earth has
turned meanwhile. Nothing else of the ascent knows the day: gravity is zonal there, and air and
wind turn with the Earth. So one curve over minutes serves a whole calendar; its ends are where
the cost reaches what is allowed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome import ascent
from cosmodrome.campaign.waiting import Wait, farthest, held_costs
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.record.windows import WindowCalendar, WindowEdge
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.windows import LaunchWindow
    from cosmodrome.targets import Insertion
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["CostCurve", "cost_curve", "with_costs"]


@dataclass(frozen=True, slots=True)
class CostCurve:
    """Solved costs over minutes from the best instant, and where the allowed one is reached.

    points        (minutes, kg) of solved ascents, in order, with (0, 0) among them
    opens_min, closes_min   first and last lift-off that cost no more than `allowed_kg`
    of            "margin" or "payload": what is lost
    """

    points: tuple[tuple[float, float], ...]
    opens_min: float
    closes_min: float
    allowed_kg: float
    of: str

    def lost_kg(self, minutes: float) -> float:
        """The cost so many minutes from the best instant; infinite beyond what was solved.

        Between solved ascents the cost over the square of the minutes is taken as straight: it is
        nearly constant.
        """
        if minutes == 0.0:
            return 0.0
        side = sorted((abs(m), kg / m**2) for m, kg in self.points if m * minutes > 0.0)
        if not side or abs(minutes) > side[-1][0] * (1.0 + 1e-9):
            return math.inf
        below = [s for s in side if s[0] <= abs(minutes)] or [side[0]]
        above = [s for s in side if s[0] >= abs(minutes)] or [side[-1]]
        (m0, k0), (m1, k1) = below[-1], above[0]
        part = 0.0 if m1 == m0 else (abs(minutes) - m0) / (m1 - m0)
        return (k0 + part * (k1 - k0)) * minutes**2

    def around(self, instant: Epoch) -> tuple[WindowEdge, WindowEdge]:
        """Opening and closing about the best instant of any day."""
        first, last = (
            WindowEdge(instant + 60.0 * m, m, self.lost_kg(m))
            for m in (self.opens_min, self.closes_min)
        )
        return first, last


def cost_curve(
    mission: Mission,
    insertion: Insertion,
    best: AscentSolution,
    instant: Epoch,
    allowed_kg: float | None,
    world: World,
    watch: Watch = SILENT,
    onward: tuple[Insertion, ...] = (),
) -> CostCurve:
    """The curve about one instant, to be used about every other.

    allowed_kg   what a lift-off may cost; None: all of the margin, so that the window opens and
                 closes where the margin reaches zero
    Other arguments as of `waiting.window_for`; no more than six ascents are solved on each side.
    Raises InfeasibleError where there is no margin, InputError for `mass: maximum` without a cost.
    """
    free = ascent.priced(mission).mass_kg is None
    if allowed_kg is None:
        if free:
            raise InputError(
                "with mass: maximum there is no margin that could reach zero; say what a lift-off"
                " may cost, like --cost '20 kg'"
            )
        allowed_kg = best.margin_kg
        if not allowed_kg > 0.0:
            raise InfeasibleError(
                f"the margin at the best instant is {allowed_kg:.1f} kg: there is none to wait on;"
                " lower the mass"
            )
    elif not allowed_kg > 0.0:
        raise InputError(f"a cost of {allowed_kg:g} kg buys no wait; write one above zero")
    solve = held_costs(mission, insertion, best, instant, world, watch, onward)
    points = {0.0: 0.0}

    def lost(minutes: float) -> Wait:
        found = solve(minutes)
        if math.isfinite(found.lost_kg):
            # the best instant's own ascent is an optimum to rounding: nothing is gained off it
            points[minutes] = max(found.lost_kg, 0.0)
        return found

    first, last = farthest(lost, -1.0, allowed_kg), farthest(lost, 1.0, allowed_kg)
    return CostCurve(
        tuple(sorted(points.items())),
        first.minutes,
        last.minutes,
        allowed_kg,
        "payload" if free else "margin",
    )


def with_costs(found: WindowCalendar, branch: str, curve: CostCurve) -> WindowCalendar:
    """The calendar with opening and closing of every window of the branch that was solved."""

    def priced(window: LaunchWindow) -> LaunchWindow:
        if window.branch != branch:
            return window
        first, last = curve.around(window.epoch)
        return replace(window, opens=first, closes=last)

    return replace(found, windows=tuple(priced(w) for w in found.windows))
