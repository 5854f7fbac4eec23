"""What leaves the stack: does it stay away, and does the fairing leave when it should?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.continuity import MASS_KG, whole_mass
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg

    Array = NDArray[np.float64]

__all__ = ["fairing_off", "recontact"]

#: how near bodies may come once they were PARTED_M apart, and how long it is looked at
APART_M, PARTED_M, WATCHED_S = 10.0, 30.0, 600.0
_STEP_S = 0.5
#: the optimum holds the rule at an instant of its mesh; an event and a path carry nanoseconds
FLUX, TOLD_S = 0.02, 1e-6


def recontact(view: View) -> Iterator[Judged]:
    """Each dropped body and the stack, by both paths: once apart, they stay apart."""
    bodies = [g for g in view.dropped if g.start.epoch < view.stack.end.epoch]
    beside: list[str] = []
    worst: Judged | None = None
    for leg in bodies:
        found = _nearest(view, leg)
        if found is None:
            beside.append(leg.object)
            continue
        away_s, near_m, at_s = found
        j = at_least(
            near_m,
            APART_M,
            "m",
            f"{leg.object}, {at_s:.1f} s after its separation",
            f"least distance from the stack once they were {PARTED_M:g} m apart, {away_s:.1f} s"
            f" after the separation; the nearest of {len(bodies)} bodies",
            object=leg.object,
        )
        if worst is None or near_m < (worst.measured or np.inf):
            worst = j
    if worst is not None:
        yield worst
    if beside or not bodies:
        names = ", ".join(beside)
        yield not_judged(
            f"{names}: no push parts them and nothing burns while both are followed"
            if beside
            else "nothing was dropped on the way",
            object=beside[0] if beside else "",
        )


def _nearest(view: View, leg: Leg) -> tuple[float, float, float] | None:
    """When a body first is PARTED_M from the stack, the least distance from then on, and when; s
    after the separation. None where it never is."""
    stack = view.inertial(view.stack.path)
    path = view.inertial(leg.path)
    begun = leg.start.epoch
    a, b = begun - stack.epoch, begun - path.epoch
    span = min(WATCHED_S, float(stack.breaks_s[-1]) - a, float(path.breaks_s[-1]) - b)
    if span < 2.0 * _STEP_S:
        return None
    t = np.arange(_STEP_S, span, _STEP_S)
    apart = np.linalg.norm(
        stack.columns_at(a + t)[:, 0:3] - path.columns_at(b + t)[:, 0:3], axis=1
    )  # fmt: skip
    away = np.flatnonzero(apart >= PARTED_M)
    if away.size == 0:
        return None
    first = int(away[0])
    k = first + int(np.argmin(apart[first:]))
    return float(t[first]), float(apart[k]), float(t[k])


def fairing_off(view: View) -> Iterator[Judged]:
    """The fairing leaves before the release, whole, and not before the air allows it."""
    fairing = view.mission.vehicle.fairing
    if fairing is None:
        yield not_judged("the vehicle has no fairing")
        return
    legs = [g for g in view.dropped if g.object == "fairing"]
    told = view.event("fairing jettison")
    booked = view.stack.ledger.separated_kg.get("fairing")
    gone_s = legs[0].start.epoch - view.lift_off if legs else told.t_s if told else None
    gone = booked is not None and gone_s is not None and gone_s <= view.release_s + 1e-6
    yield at_least(
        1.0 if gone else 0.0,
        1.0,
        "fairings",
        "lift-off to release",
        "the fairing's jettison is on record, and its mass in the ledger",
        object="fairing",
    )
    if not gone or gone_s is None or booked is None:
        return
    weighs = whole_mass(view, legs[0]) if legs else booked
    yield at_most(
        max(abs(weighs - fairing.mass_kg), abs(booked - fairing.mass_kg)),
        MASS_KG,
        "kg",
        f"T+{gone_s:.1f} s",
        f"{weighs:.3f} kg leave, {booked:.3f} kg by the ledger; the fairing weighs"
        f" {fairing.mass_kg:.1f} kg",
        object="fairing",
    )
    if legs and told is not None:
        yield at_most(
            abs(told.t_s - gone_s),
            TOLD_S,
            "s",
            f"T+{gone_s:.1f} s",
            f"the jettison is told at T+{told.t_s:.3f} s; the fairing's own path begins at"
            f" T+{gone_s:.3f} s",
            object="fairing",
        )
    limit = fairing.heat_flux_w_m2
    if limit is not None:
        air = view.air
        flux = 0.5 * air.rho_kg_m3 * air.speed_m_s**3
        here = float(np.interp(gone_s, view.stack_t_s, flux))
        yield at_most(
            here,
            limit * (1.0 + FLUX),
            "W/m^2",
            f"T+{gone_s:.1f} s",
            "0.5 rho v^3 where the fairing leaves, against the vehicle's rule",
            object="fairing",
        )
