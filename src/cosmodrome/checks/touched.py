"""Touchdown on the Moon: where, how fast, and what the tank held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.checks.phase_entry import level_m, over_site
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.steps import Land, Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View

__all__ = ["touchdown"]

# how far from the site, off its ground and beyond the speed asked for a landing still counts
_AWAY_M, _HEIGHT_M, _SPEED_M_S = 50.0, 1.0, 1.0


def touchdown(view: View) -> Iterator[Judged]:
    """Each landing: the end of its path on the site, at rest on the ground that turns under it, and
    the reserve in the tank by the mass that is left."""
    steps = [(s, legs[-1]) for s, legs in spans_of(view) if isinstance(s, Land) and legs]
    if not steps:
        yield not_judged("the plan does not land")
        return
    craft = view.flight.mission.spacecraft
    for step, leg in steps:
        end = leg.path.at(leg.path.end)
        where = f"{step.name}, {end.epoch.utc(3)}"
        seen = over_site(view, step, end)
        away = "along the ground from the site asked for"
        yield at_most(seen.range_m, _AWAY_M, "m", where, away)
        off = f"off the ground, at {level_m(step):.1f} m"
        yield at_most(abs(seen.height_m), _HEIGHT_M, "m", where, off)
        yield at_most(seen.across_m_s, _SPEED_M_S, "m/s", where, "across the ground")
        most, asked = step.touchdown_m_s + _SPEED_M_S, f"{step.touchdown_m_s:g} m/s were asked for"
        yield at_most(seen.sink_m_s, most, "m/s", where, f"down; {asked}")
        burnt = sum(
            g.start.mass_kg - g.end.mass_kg
            for g in view.flight.legs
            if g.object == craft.id
            and g.start.epoch <= leg.start.epoch
            and not any(isinstance(s, Release) for s in g.steps)
        )
        left = craft.propellant_kg - burnt
        why = f"of {craft.propellant_kg:g} kg, by the mass that is left"
        yield at_least(left, step.reserve_kg, "kg", where, why)
