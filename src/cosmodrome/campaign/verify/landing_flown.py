"""A powered descent under closed-loop guidance, from where a faulted flight comes to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import landing
from cosmodrome.campaign.many_landings import SPARE, spared
from cosmodrome.campaign.verify.track import PLACES
from cosmodrome.landing.stepping import phases_of, site_of
from cosmodrome.transfer.burn import engine_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.campaign.verify.nouns import Way
    from cosmodrome.campaign.verify.track import Item
    from cosmodrome.landing import Draw, Guided, LandingProblem
    from cosmodrome.mission import Land
    from cosmodrome.record.faults import Fault
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Down", "landed"]

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


def landed(
    item: Item, step: Land, state: State, held_kg: float, fault: Fault | None, world: World
) -> Down:
    """One descent from a state at which braking begins; `fault` is one of its own, or None.

    It keeps back what dispersed landings keep back of the thrust (`many_landings.SPARE`).
    """
    off = float(np.linalg.norm(state.r_m - item.start.r_m))
    fast = float(np.linalg.norm(state.v_m_s - item.start.v_m_s))
    wait = state.epoch - item.start.epoch
    if fault is None or not fault.path.endswith(".ignition"):
        # by the plan's timer: at its instant after what came before
        wait = 0.0
    if wait == 0.0 and (off > _FAR_M or fast > _FAR_M_S):
        why = f"braking would begin {off / 1e3:.0f} km and {fast:.0f} m/s from where it was planned"
        return Down("lost", why, 0.0, 0.0)
    problem = _problem(item, step, state, held_kg, world)
    draw = _drawn(fault, problem)
    one = landing.landed_from(problem, draw)
    return _told(one, item.lasts_s)


def _problem(item: Item, step: Land, state: State, held_kg: float, world: World) -> LandingProblem:
    return landing.problem_at(
        state, site_of(step), engine_of(item.craft), spared(phases_of(step), SPARE), world,
        coast_s=(0.0, 0.0), sink_m_s=step.touchdown_m_s, propellant_kg=held_kg,
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
        return Down("flown", "landed", one.propellant_kg, lasts_s, figures)
    if one.outcome == "missed":
        return Down("impact", one.why, one.propellant_kg, lasts_s, figures)
    way: Way = "exhausted" if one.short_kg > 0.0 else "lost"
    return Down(way, f"guidance finds no way: {one.why}", one.propellant_kg, 0.0)
