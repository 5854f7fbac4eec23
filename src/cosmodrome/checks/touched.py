"""Touchdown on the Moon: where, how fast, and what the tank held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.steps import Land, Release
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.heights import terrain

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
        r, v = fixed_from_gcrf(view.world, "moon", "moon-me", end.epoch).velocity(
            end.r_m, end.v_m_s
        )
        height = step.height_m
        if height is None:
            height = float(terrain("moon").height_m(step.latitude_rad, step.longitude_rad))
        size = float(np.linalg.norm(r))
        up = r / size
        level = np.cos(step.latitude_rad)
        site = np.array(
            [
                level * np.cos(step.longitude_rad),
                level * np.sin(step.longitude_rad),
                np.sin(step.latitude_rad),
            ]
        )
        away = MOON_RADIUS_M * float(np.arctan2(np.linalg.norm(np.cross(site, up)), site @ up))
        yield at_most(away, _AWAY_M, "m", where, "along the ground from the site asked for")
        off = abs(size - MOON_RADIUS_M - height)
        yield at_most(off, _HEIGHT_M, "m", where, f"off the ground, at {height:.1f} m")
        sink = -float(v @ up)
        across = float(np.linalg.norm(v + sink * up))
        yield at_most(across, _SPEED_M_S, "m/s", where, "across the ground")
        most = step.touchdown_m_s + _SPEED_M_S
        yield at_most(sink, most, "m/s", where, f"down; {step.touchdown_m_s:g} m/s were asked for")
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
