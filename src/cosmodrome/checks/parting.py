"""Releases in orbit: what parts, how fast, that momentum and mass stay whole, and that neither
comes back to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.burns_flown import direction_of
from cosmodrome.checks.plan_flown import MASS_KG, PLACE_M, VELOCITY_M_S, spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.steps import Release

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch

__all__ = ["parting"]

# how near one may come to the other again within a day; looked at so often, s
APART_M, DAY_S, STEP_S = 100.0, 86_400.0, 10.0


def parting(view: View) -> Iterator[Judged]:
    """Each release: both begin at one place, their velocities part as asked, their momentum and
    mass are those of the whole, and once they have parted they stay apart for a day."""
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
        yield from _staying_apart(view, leg, free, where)


def _staying_apart(view: View, leg: Leg, free: Sequence[Leg], where: str) -> Iterator[Judged]:
    """The least distance between both paths from where it first falls, for a day at the most."""
    begun = leg.end.epoch
    own = [
        g for g in view.flight.legs if g.object == leg.object and g.start.epoch.ns >= begun.ns
    ]  # fmt: skip
    if not own:
        return
    length = min(own[-1].end.epoch - begun, free[-1].end.epoch - begun, DAY_S)
    t = np.arange(STEP_S, length, STEP_S)
    both = [_places(view, legs, begun, t) for legs in (own, free)]
    apart = np.linalg.norm(both[1] - both[0], axis=1)
    t, apart = t[np.isfinite(apart)], apart[np.isfinite(apart)]
    if t.size < 2:
        return
    back = np.flatnonzero(np.diff(apart) < 0.0)
    k = int(back[0] + np.argmin(apart[back[0] :])) if back.size else int(t.size - 1)
    at = f"{t[k] / 60.0:.0f} min after"
    why = f"nearest {at} it, once they had parted" if back.size else f"apart {at} it, and further"
    yield at_least(
        float(apart[k]), APART_M, "m", where, why, object=free[0].object, otherwise="warns"
    )  # fmt: skip


def _places(
    view: View, legs: Sequence[Leg], begun: Epoch, t_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Places (N, 3) of what flew some legs, about the body of the first; elsewhere not a number."""
    out = np.full((t_s.size, 3), np.nan)
    for leg in legs:
        path = view.inertial(leg.path)
        t = t_s + (begun - path.epoch)
        inside = (t >= path.breaks_s[0]) & (t <= path.breaks_s[-1])
        if np.any(inside) and path.frame.centre == legs[0].path.frame.centre:
            out[inside] = path.columns_at(t[inside])[:, 0:3]
    return out
