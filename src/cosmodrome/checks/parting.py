"""Releases in orbit: what parts, how fast, and that momentum and mass stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.burns_flown import direction_of
from cosmodrome.checks.plan_flown import MASS_KG, PLACE_M, VELOCITY_M_S, spans_of
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.mission.steps import Release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View

__all__ = ["parting"]


def parting(view: View) -> Iterator[Judged]:
    """Each release: both begin at one place, their velocities part as asked, their momentum and
    mass are those of the whole."""
    steps = [(s, legs[0]) for s, legs in spans_of(view) if isinstance(s, Release) and legs]
    if not steps:
        yield not_judged("the plan releases nothing")
        return
    craft = view.flight.mission.spacecraft
    for step, leg in steps:
        where = f"{step.name}, {leg.end.epoch.utc(3)}"
        free = [
            g for g in view.flight.legs if (g.object, g.parent) == (step.object, craft.id)
        ]  # fmt: skip
        if not free:
            yield Judged(
                "fails", None, None, "", None, where, f"{step.object} was not flown", step.object
            )
            continue
        path = view.inertial(leg.path)
        before, after = path.columns_at(path.breaks_s[[0, -1]])
        start = free[0].start
        asked = craft.carried(step.object).mass_kg or np.nan
        gone = float(before[6] - after[6])
        yield at_most(
            max(abs(start.mass_kg - asked), abs(gone - asked)),
            MASS_KG,
            "kg",
            where,
            f"{asked:g} kg by the mission; {start.mass_kg:.6g} kg fly on, and {craft.id} is"
            f" {gone:.6g} kg lighter",
            object=step.object,
        )
        tank = craft.carried(step.object).propellant_kg
        given = free[0].handover_in
        held = np.nan if given is None else given.propellant_kg.get(step.object, 0.0)
        yield at_most(
            abs(held - tank),
            MASS_KG,
            "kg",
            where,
            f"{held:.6g} kg of propellant handed to it, of {tank:g} kg by the mission",
            object=step.object,
        )
        late = abs(start.epoch.ns - leg.end.epoch.ns)
        yield at_most(float(late), 0.0, "ns", where, "epochs of both", object=step.object)
        apart = float(np.linalg.norm(start.r_m - after[:3]))
        yield at_most(apart, PLACE_M, "m", where, "places of both", object=step.object)
        whole = (start.mass_kg * start.v_m_s + after[6] * after[3:6]) / before[6]
        yield at_most(
            float(np.linalg.norm(whole - before[3:6])),
            VELOCITY_M_S,
            "m/s",
            where,
            "velocity of the centre of mass, before and after",
            object=step.object,
        )
        wanted = step.speed_m_s * direction_of(view, step, leg.start.epoch, before[None])[0]
        felt = start.v_m_s - after[3:6]
        yield at_most(
            float(np.linalg.norm(felt - wanted)),
            2.0 * VELOCITY_M_S,
            "m/s",
            where,
            f"velocities part by {float(np.linalg.norm(felt)):.4f} m/s, against"
            f" {step.speed_m_s:g} m/s along {step.direction} in {step.axes}",
            object=step.object,
        )
