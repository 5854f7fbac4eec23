"""Seams: at every joint the next piece begins exactly where the last one ended.

Limits (house rule): epoch 0 ns, place 1 mm, velocity 1 um/s, mass 1 g. They are the size of
rounding in a path of 1e7 m stored in doubles, so anything above is a fault in bookkeeping.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.series import seams
from cosmodrome.checks.small_forces import given_in
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.state import State

__all__ = ["inside_paths", "leg_ends", "parent_and_child", "release", "releases", "whole_mass"]

PLACE_M = 1e-3
VELOCITY_M_S = 1e-6
MASS_KG = 1e-3


def _compare(
    before: State, after: State, where: str, why: str, object: str, mass: bool = True
) -> Iterator[Judged]:
    """Four numbers between two states that should be one."""
    if before.frame != after.frame:
        yield Judged(
            "fails",
            None,
            None,
            "",
            None,
            where,
            f"{why}: frames {before.frame} and {after.frame} differ",
            object,
        )
        return
    gap_ns = abs(after.epoch.ns - before.epoch.ns)
    yield at_most(float(gap_ns), 0.0, "ns", where, f"{why}: epoch", object=object)
    yield at_most(
        float(np.linalg.norm(after.r_m - before.r_m)),
        PLACE_M,
        "m",
        where,
        f"{why}: place",
        object=object,
    )
    yield at_most(
        float(np.linalg.norm(after.v_m_s - before.v_m_s)),
        VELOCITY_M_S,
        "m/s",
        where,
        f"{why}: velocity",
        object=object,
    )
    if mass:
        yield at_most(
            abs(after.mass_kg - before.mass_kg),
            MASS_KG,
            "kg",
            where,
            f"{why}: mass",
            object=object,
        )


def leg_ends(view: View) -> Iterator[Judged]:
    """Each leg's start and end states are the ends of its path."""
    worst: dict[str, Judged] = {}
    for leg in view.flight.legs:
        path = view.inertial(leg.path)
        ends = (
            (leg.start, path.start, float(path.breaks_s[0]), "start"),
            (leg.end, path.end, float(path.breaks_s[-1]), "end"),
        )
        for state, epoch, t, name in ends:
            y = path.columns_at(t)
            where = f"{leg.chapter}/{leg.object} {name}"
            found = (
                ("ns", float(abs(state.epoch.ns - epoch.ns)), 1.0, "epoch"),
                ("m", float(np.linalg.norm(state.r_m - y[0:3])), PLACE_M, "place"),
                ("m/s", float(np.linalg.norm(state.v_m_s - y[3:6])), VELOCITY_M_S, "velocity"),
                # the end of the stack may be recorded after the release, hence with less mass
                ("kg", abs(state.mass_kg - float(y[6])), MASS_KG, "mass"),
            )
            for unit, value, limit, what in found:
                if unit == "kg" and leg.kind == "stack" and name == "end":
                    continue
                j = at_most(
                    value,
                    limit,
                    unit,
                    where,
                    f"largest gap in {what} between a leg's own state and its path, over"
                    f" {len(view.flight.legs)} legs",
                    object=leg.object,
                )
                if unit not in worst or (j.margin or -1.0) < (worst[unit].margin or -1.0):
                    worst[unit] = j
    yield from worst.values()


def inside_paths(view: View) -> Iterator[Judged]:
    """Place and velocity do not jump at any break inside a path; mass only falls.

    Where a leg says that it was given a small impulse, its velocity may jump: `impulse-units` holds
    the jump against the impulse.
    """
    place, velocity, gain = (0.0, ""), (0.0, ""), (0.0, "")
    count = 0
    for leg in view.flight.legs:
        path = view.inertial(leg.path)
        s = seams(path)
        if s.t_s.size == 0:
            continue
        count += s.t_s.size
        jump = s.after - s.before
        dr = np.linalg.norm(jump[:, 0:3], axis=1)
        dv = np.linalg.norm(jump[:, 3:6], axis=1)
        for _, event in given_in(leg):
            dv[np.abs(s.t_s - (event.epoch - path.epoch)) < 1e-6] = 0.0
        t = view.since_lift_off(path, s.t_s)
        for series, best in ((dr, place), (dv, velocity), (jump[:, 6], gain)):
            k = int(np.argmax(series))
            if not series[k] <= best[0]:
                found = (float(series[k]), f"{leg.object} at T+{t[k]:.3f} s")
                if series is dr:
                    place = found
                elif series is dv:
                    velocity = found
                else:
                    gain = found
    if count == 0:
        yield not_judged("no path has an inner break")
        return
    text = f"largest jump over {count} inner breaks of all paths"
    yield at_most(place[0], PLACE_M, "m", place[1], f"{text}: place")
    yield at_most(velocity[0], VELOCITY_M_S, "m/s", velocity[1], f"{text}: velocity")
    yield at_most(gain[0], MASS_KG, "kg", gain[1], f"largest gain of mass over {count} breaks")


def release(view: View) -> Iterator[Judged]:
    """The stack's last state, what is handed over, and the spacecraft's first state."""
    if view.released_early:
        yield from _early_release(view)
        return
    stack, orbit = view.stack, view.orbit
    where = f"release, {stack.end.epoch.utc(3)}"
    yield from _compare(
        stack.end, orbit.start, where, "stack's end to the orbit's start", orbit.object, mass=False
    )
    # what leaves at that instant beside the spacecraft: the upper stage, the adapter
    beside = [g for g in (*view.dropped, *view.others) if g.start.epoch == stack.end.epoch]
    total = orbit.start.mass_kg + sum(g.start.mass_kg for g in beside)
    path = view.inertial(stack.path)
    flown = float(path.columns_at(float(path.breaks_s[-1]))[6])
    candidates = {
        "spacecraft and what is left behind": total,
        "spacecraft alone": orbit.start.mass_kg,
    }
    name, value = min(candidates.items(), key=lambda c: abs(c[1] - flown))
    yield at_most(
        abs(value - flown),
        MASS_KG,
        "kg",
        where,
        f"mass of the stack at its end against {name}",
        object=orbit.object,
    )
    yield _weighs(view, where)
    if view.handover is None:
        yield not_judged("the stack records no handover", where=where)
    else:
        yield from _compare(
            view.handover.state,
            orbit.start,
            where,
            "handover to the orbit's start",
            orbit.object,
        )
    yield from _received(orbit, where)


def _received(orbit: Leg, where: str) -> Iterator[Judged]:
    """The state an orbit says it was handed, where it says one, against its own start."""
    if orbit.handover_in is not None:
        yield from _compare(
            orbit.handover_in.state,
            orbit.start,
            where,
            "handover received to the orbit's start",
            orbit.object,
        )


def releases(view: View) -> Iterator[Judged]:
    """Every spacecraft of the mission, in its order, and together or apart as it says."""
    mission = view.mission
    wanted = [c.id for c in mission.crafts]
    flown = {c: given.state.epoch for given in view.stack_released for c in given.attached}
    missing = [c for c in wanted if c not in flown]
    yield at_most(
        float(len(missing)),
        0.0,
        "1",
        "the whole flight",
        f"spacecraft never released: {', '.join(missing) or 'none'}, of {', '.join(wanted)}",
        object=view.stack.object,
    )
    if missing:
        return
    before = mission.spacecraft.id
    for p in mission.passengers:
        craft = p.spacecraft.id
        gap = flown[craft] - flown[before]
        where = f"release of {craft}, T+{flown[craft] - view.lift_off:.3f} s"
        if p.target is None:
            yield at_most(
                abs(gap - p.after_s),
                1e-6,
                "s",
                where,
                f"{gap:.6f} s after {before}, in the same orbit; the mission says {p.after_s:g} s",
                object=craft,
            )
        else:
            yield at_least(
                gap, 0.0, "s", where, f"seconds after {before}, on to another orbit", object=craft
            )
        before = craft


def _weighs(view: View, where: str) -> Judged:
    craft, payload = view.flight.mission.spacecraft, view.payload
    wanted = craft.mass_kg or payload.solved.get(craft.id, payload.mass_kg)
    return at_most(
        abs(view.orbit.start.mass_kg - wanted),
        MASS_KG,
        "kg",
        where,
        "mass of the released spacecraft against the mission's (or the solved capability)",
        object=view.orbit.object,
    )


def _early_release(view: View) -> Iterator[Judged]:
    """A spacecraft that leaves while the stack flies on: its first state lies on the stack's path.

    What the stack loses at that instant is judged with the separations.
    """
    given, orbit = view.handover, view.orbit
    assert given is not None
    path = view.inertial(view.stack.path)
    y = path.columns_at(view.in_path(path, view.release_s))
    there = replace(given.state, r_m=y[0:3], v_m_s=y[3:6])
    where = f"release of {orbit.object}, {given.state.epoch.utc(3)}"
    yield from _compare(
        there, orbit.start, where, "stack's path to the orbit's start", orbit.object, mass=False
    )
    yield _weighs(view, where)
    yield from _compare(
        given.state, orbit.start, where, "handover to the orbit's start", orbit.object
    )
    yield from _received(orbit, where)


def parent_and_child(view: View) -> Iterator[Judged]:
    """A body begins where the stack was, and the stack loses its mass at that instant."""
    bodies = view.dropped
    if view.stack_released:
        ends = [g for g in view.dropped if g.start.epoch >= view.stack.end.epoch]
        bodies = (*view.left_before_end, *ends)
    if not bodies:
        yield not_judged("no separated body was flown")
        return
    path = view.inertial(view.stack.path)
    s = seams(path)
    times = view.since_lift_off(path, s.t_s)
    lost = s.before[:, 6] - s.after[:, 6]
    end = view.since_lift_off(path, path.breaks_s[-1:])[0]
    explained = np.zeros(len(lost), dtype=bool)
    lit = 0.0
    by_instant: dict[int, list[Leg]] = {}
    for leg in bodies:
        by_instant.setdefault(leg.start.epoch.ns, []).append(leg)
    for legs in by_instant.values():
        t = legs[0].start.epoch - view.lift_off
        names = " and ".join(g.object for g in legs)
        where = f"separation of {names}, T+{t:.3f} s"
        if not 0.0 <= t <= end + 1e-6:
            yield Judged(
                "fails", t, end, "s", None, where, "a body leaves outside the stack's flight", names
            )
            continue
        y = path.columns_at(view.in_path(path, t))
        place = max(float(np.linalg.norm(g.start.r_m - y[0:3])) for g in legs)
        speed = max(float(np.linalg.norm(g.start.v_m_s - y[3:6])) for g in legs)
        yield at_most(
            place, PLACE_M, "m", where, "place of the body against the stack's", object=names
        )
        yield at_most(
            speed,
            VELOCITY_M_S,
            "m/s",
            where,
            "velocity of the body against the stack's",
            object=names,
        )
        if abs(t - end) < 1e-6:
            continue  # at the release, whose mass `release` judges
        near = np.abs(times - t) < 1e-6
        explained |= near
        jump = float(lost[near].sum())
        weight = sum(whole_mass(view, g) for g in legs)
        # a stage that lights at this very instant loses what an ignition loses
        spilt = _ignition_loss_kg(view, t)
        lit += spilt
        yield at_most(
            abs(jump - weight - spilt),
            MASS_KG,
            "kg",
            where,
            f"the stack loses {jump:.3f} kg where bodies of {weight:.3f} kg leave"
            + (f" and an ignition loses {spilt:.3f} kg" if spilt else ""),
            object=names,
        )

    # what leaves without a leg of its own must at least be on the ledger
    known = {g.object for g in bodies}
    rest = sum(
        kg
        for name, kg in view.stack.ledger.separated_kg.items()
        # settling flows out between breaks; `mass-between-burns` judges it
        if name not in known and not name.endswith(" settling")
    )
    rest -= lit
    silent = float(lost[~explained].sum())
    yield at_most(
        abs(silent - min((rest, 0.0), key=lambda kg: abs(silent - kg))),
        MASS_KG,
        "kg",
        "breaks of the stack's path without a separated body",
        f"mass jumps by {silent:.4f} kg in all where nothing is flown on; the ledger has"
        f" {rest:.4f} kg of separations without a flight of their own",
        object=view.stack.object,
    )


def _ignition_loss_kg(view: View, t_s: float) -> float:
    """What stages that light in flight at an instant lose, by the catalogue."""
    return sum(
        stage.count * stage.ignition_loss_kg
        for burn in view.stack.ledger.burns
        if t_s > 0.0 and abs(burn.start_s - t_s) < 1e-6
        for stage in (view.mission.vehicle.stage(burn.stage),)
    )


def whole_mass(view: View, leg: Leg) -> float:
    """Mass of all that a leg stands for: one leg may fly for a set of like bodies."""
    ledger = view.stack.ledger.separated_kg
    if leg.object not in ledger:
        return leg.start.mass_kg
    try:
        count = view.mission.vehicle.stage(leg.object).count
    except KeyError:
        fairing = view.mission.vehicle.fairing
        count = fairing.pieces if leg.object == "fairing" and fairing is not None else 1
    n = min((1, count), key=lambda k: abs(k * leg.start.mass_kg - ledger[leg.object]))
    return n * leg.start.mass_kg
