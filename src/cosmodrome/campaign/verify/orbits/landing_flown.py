"""A powered descent under closed-loop guidance, from where a faulted flight comes to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import landing
from cosmodrome.campaign.many_landings import SPARE, spared
from cosmodrome.campaign.verify.orbits.track import PLACES
from cosmodrome.landing.stepping import phases_of, site_of
from cosmodrome.transfer.burn import engine_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.campaign.verify.nouns import Way
    from cosmodrome.campaign.verify.orbits.track import Item
    from cosmodrome.landing import Draw, Guided, LandingProblem
    from cosmodrome.landing.reference import Path
    from cosmodrome.mission import Land
    from cosmodrome.record.faults import Fault
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Down", "Guidance"]

#: further from where braking was to begin than this, m and m/s, guidance is not asked: it was not
#: loaded for that place
_FAR_M, _FAR_M_S = 50e3, 100.0


@dataclass(frozen=True, slots=True)
class Down:
    """How a descent ended; `figures`: place_m from the site and the speeds, where it was flown."""

    way: Way
    why: str
    propellant_kg: float
    lasts_s: float
    figures: Mapping[str, float] = field(default_factory=dict)


class Guidance:
    """The guidance of one descent, as it was loaded for where the plan begins to brake.

    It keeps back what dispersed landings keep back of the thrust (`many_landings.SPARE`).
    """

    def __init__(self, item: Item, step: Land, world: World) -> None:
        self.item, self.step, self.world = item, step, world
        self._near: Path | None = None

    def __call__(self, state: State, held_kg: float, fault: Fault | None) -> Down:
        """One descent from a state at which braking begins; `fault` is one of its own, or None."""
        start = self.item.start
        off = float(np.linalg.norm(state.r_m - start.r_m))
        fast = float(np.linalg.norm(state.v_m_s - start.v_m_s))
        late = fault is not None and fault.path.endswith(".ignition")
        if not late and (off > _FAR_M or fast > _FAR_M_S):
            where = f"{off / 1e3:.0f} km and {fast:.0f} m/s"
            why = f"braking would begin {where} from where it was planned"
            return Down("lost", why, 0.0, 0.0)
        if self._near is None:
            self._near = landing.descent(self._problem(start, self.item.held_kg)).path
        problem = self._problem(state, held_kg)
        one = landing.landed_from(problem, _drawn(fault, problem), self._near)
        return _told(one, self.item.lasts_s)

    def _problem(self, state: State, held_kg: float) -> LandingProblem:
        step = self.step
        return landing.problem_at(
            state, site_of(step), engine_of(self.item.craft), spared(phases_of(step), SPARE),
            self.world, coast_s=(0.0, 0.0), sink_m_s=step.touchdown_m_s, propellant_kg=held_kg,
            reserve_kg=step.reserve_kg,
        )  # fmt: skip


def _drawn(fault: Fault | None, problem: LandingProblem) -> Draw:
    """What a fault of the descent makes different at ignition."""
    nothing = landing.Draw((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 0.0, 1.0, 1.0)
    if fault is None:
        return nothing
    *_, group, what = fault.path.split(".")
    if what == "thrust":
        return replace(nothing, thrust=fault.value)
    if what == "isp":
        return replace(nothing, isp=fault.value)
    if what == "mass":
        return replace(nothing, mass_kg=problem.mass_kg * (fault.value - 1.0))
    if what in PLACES:
        k = PLACES.index(what)
        x, y, z = (fault.value if c == k else 0.0 for c in range(3))
        if group == "place":
            return replace(nothing, place_m=(x, y, z))
        return replace(nothing, speed_m_s=(x, y, z))
    return nothing


def _told(one: Guided, lasts_s: float) -> Down:
    figures = {
        "place_m": one.place_m, "across_m_s": one.across_m_s, "sink_m_s": one.sink_m_s,
    }  # fmt: skip
    if one.outcome == "landed":
        return Down("flown", "", one.propellant_kg, lasts_s, figures)
    if one.outcome == "missed":
        return Down("impact", one.why, one.propellant_kg, lasts_s, figures)
    way: Way = "exhausted" if one.short_kg > 0.0 else "lost"
    return Down(way, f"guidance finds no way: {one.why}", one.propellant_kg, 0.0)
