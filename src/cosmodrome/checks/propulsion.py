"""The propellant ledger by catalogue figures: thrust x time, Tsiolkovsky, thrust felt.

The flow of every engine is F / (g0 Isp) from the catalogue, by its steps, its curve or the throttle
the plan commands; the mass that left is read off the path. The two meet within a part in ten
thousand or somebody is wrong.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.continuity import whole_mass
from cosmodrome.checks.engines import engine, velocity_gained
from cosmodrome.checks.motion import felt_acceleration
from cosmodrome.checks.series import seams
from cosmodrome.checks.tanks import ignition_loss_kg, settling_kg
from cosmodrome.checks.verdicts import Judged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Burn

__all__ = [
    "delta_v",
    "mass_between_burns",
    "mass_budget",
    "mass_flow",
    "thrust_felt",
    "throttle_range",
]

# the path gives mass to a gram and instants to a microsecond; flows are constants of the file
FLOW_FRACTION = 2e-4
THRUST_FRACTION = 2e-3
# the optimum holds its bounds to 1e-8
THROTTLE_FRACTION = 1e-4
DELTA_V_M_S = 0.5
# at a step the path has both levels at one instant
MARK_S = 0.02


def mass_flow(view: View) -> Iterator[Judged]:
    """Mass that left through engines, from the path, against thrust x time / (g0 Isp)."""
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    if not burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    path = view.inertial(view.stack.path)
    s = seams(path)
    jump_t = view.since_lift_off(path, s.t_s)
    jump = s.before[:, 6] - s.after[:, 6]
    for a, b, running in _spans(burns):
        m0 = float(path.columns_at(view.in_path(path, a))[6])
        m1 = _mass_before(path, view.in_path(path, b), s.t_s, s.before[:, 6])
        inside = (jump_t > a + 1e-9) & (jump_t < b - 1e-9)
        gone = m0 - m1 - float(jump[inside].sum())
        main = other = 0.0
        for burn in running:
            p, c = engine(view, burn).used_kg(a, b)
            main, other = main + p, other + c
        names = " + ".join(dict.fromkeys(x.stage for x in running))
        yield at_most(
            abs(gone - main - other),
            max(1.0, FLOW_FRACTION * (main + other)),
            "kg",
            f"T+{a:.2f} .. T+{b:.2f} s, {names}",
            f"path loses {gone:.2f} kg; thrust x time / (g0 Isp) of the catalogue gives"
            f" {main:.2f} kg and consumables {other:.2f} kg",
            object=names,
        )


def mass_between_burns(view: View) -> Iterator[Judged]:
    """Mass that left outside burns and separations: settling and ignition, by the catalogue."""
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    if not burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    path = view.inertial(view.stack.path)
    first = view.first_mass_kg
    last = float(path.columns_at(float(path.breaks_s[-1]))[6])
    bodies = sum(
        whole_mass(view, g)
        for g in (view.left_before_end if view.stack_released else view.dropped)
        if view.stack.end.epoch - g.start.epoch > 1e-6
    )
    burnt = sum(b.propellant_kg + b.consumables_kg for b in burns)
    silent = first - last - bodies - burnt
    stages = view.mission.vehicle.stages
    settled = sum(settling_kg(view, stage) for stage in stages)
    lost = sum(ignition_loss_kg(view, stage) for stage in stages)
    yield at_most(
        abs(silent - settled - lost),
        0.01,
        "kg",
        "lift-off to release, outside burns and separations",
        f"path loses {silent:.3f} kg; settling before restarts needs {settled:.3f} kg and ignitions"
        f" {lost:.3f} kg",
        object=view.stack.object,
    )


def _spans(burns: list[Burn]) -> Iterator[tuple[float, float, list[Burn]]]:
    """Groups of overlapping burns as (start, end, burns): strap-ons with the core, and so on."""
    group: list[Burn] = []
    end = -np.inf
    for burn in burns:
        if group and burn.start_s >= end - 1e-9:
            yield max(0.0, min(b.start_s for b in group)), end, group
            group = []
            end = -np.inf
        group.append(burn)
        end = max(end, burn.end_s)
    if group:
        yield max(0.0, min(b.start_s for b in group)), float(end), group


def _mass_before(
    path: object, t: float, break_t: NDArray[np.float64], before: NDArray[np.float64]
) -> float:
    """Mass just before an instant, where a separation may coincide with it."""
    near = np.flatnonzero(np.abs(break_t - t) < 1e-9)
    if near.size:
        return float(before[near[0]])
    return float(path.columns_at(t)[6])  # type: ignore[attr-defined]


def mass_budget(view: View) -> Iterator[Judged]:
    """Lift-off mass = what burnt + what was spent + what was dropped + what is left, to 1 g."""
    ledger = view.stack.ledger
    if not ledger.burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    path = view.inertial(view.stack.path)
    first = view.first_mass_kg
    last = float(path.columns_at(float(path.breaks_s[-1]))[6])
    burnt = sum(b.propellant_kg for b in ledger.burns)
    spent = sum(b.consumables_kg for b in ledger.burns)
    dropped = sum(ledger.separated_kg.values())
    # when the ledger has the release too, what is left is the spacecraft
    final = view.mission.vehicle.stages[-1].id
    left = view.orbit.start.mass_kg if final in ledger.separated_kg else last
    yield at_most(
        abs(first - burnt - spent - dropped - left),
        1e-3,
        "kg",
        "lift-off to release",
        f"{first:.3f} kg = burnt {burnt:.3f} + consumables {spent:.3f} + separated {dropped:.3f}"
        f" + left {left:.3f}",
        object=view.stack.object,
    )


def delta_v(view: View) -> Iterator[Judged]:
    """Tsiolkovsky over each burn against the ledger and against the integral along the path."""
    ledger = view.stack.ledger
    burns = sorted(ledger.burns, key=lambda b: b.start_s)
    if not burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    path = view.inertial(view.stack.path)
    s = seams(path)
    jump_t = view.since_lift_off(path, s.t_s)
    total = 0.0
    for a, b, running in _spans(burns):
        engines = [engine(view, burn) for burn in running]
        marks = {a, b, *(m for e in engines for m in e.marks())}
        marks |= {float(t) for t in jump_t if a < t < b}
        gained = 0.0
        for p, q in pairwise(sorted(m for m in marks if a <= m <= b)):
            lit = [e for e in engines if e.burn.start_s <= p + 1e-9 and q <= e.burn.end_s + 1e-9]
            if q - p < 1e-9 or not lit:
                continue
            m0 = float(path.columns_at(view.in_path(path, p))[6])
            gained += velocity_gained(lit, p, q, m0)
        total += gained
        if len(running) == 1:
            burn = running[0]
            yield at_most(
                abs(burn.delta_v_m_s - gained),
                max(DELTA_V_M_S, 5e-4 * gained),
                "m/s",
                f"T+{a:.2f} .. T+{b:.2f} s, {burn.stage}",
                f"ledger {burn.delta_v_m_s:.2f} m/s, integral of F / m {gained:.2f} m/s",
                object=burn.stage,
            )
    yield at_most(
        abs(ledger.delta_v_m_s - total),
        max(DELTA_V_M_S, 5e-4 * total),
        "m/s",
        "lift-off to release",
        f"ledger {ledger.delta_v_m_s:.2f} m/s in all, integral of F / m with catalogue figures"
        f" {total:.2f} m/s",
        object=view.stack.object,
    )


def thrust_felt(view: View) -> Iterator[Judged]:
    """Thrust felt by the path itself, m |dv/dt - g|, against the catalogue, above the air."""
    felt = felt_acceleration(view)
    strength = np.linalg.norm(felt, axis=1) * view.stack_samples.values[:, 6]
    t, weights = view.stack_t_s, view.stack_samples.weights
    high = view.air.h_m > 130_000.0
    any_burn = False
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    for burn in burns:
        others = any(
            x is not burn and x.start_s < burn.end_s and x.end_s > burn.start_s for x in burns
        )
        inside = (t > burn.start_s + 0.5) & (t < burn.end_s - 0.5) & high
        if others or inside.sum() < 5:
            continue
        any_burn = True
        it = engine(view, burn)
        for mark in it.marks():
            inside &= np.abs(t - mark) > MARK_S
        wanted = it.full_n * it.level(t[inside])
        # a motor that burns out is judged by parts of a tenth of its thrust at the end
        off = (strength[inside] - wanted) / np.maximum(wanted, 0.1 * it.full_n)
        w = weights[inside]
        size = float(np.sqrt(w @ off**2 / w.sum()))
        mean = float(w @ off / w.sum())
        yield at_most(
            100.0 * size,
            100.0 * THRUST_FRACTION,
            "%",
            f"T+{burn.start_s:.1f} .. T+{burn.end_s:.1f} s, {burn.stage}",
            f"mass times (path's acceleration less gravity) is {100.0 * size:.4f} % (root mean"
            f" square; mean {100.0 * mean:+.4f} %) off the catalogue's {it.full_n / 1e3:.2f} kN at"
            " its level",
            object=burn.stage,
        )
    if not any_burn:
        yield not_judged("no burn runs alone above 130 km")


def throttle_range(view: View) -> Iterator[Judged]:
    """What the plan commands, inside what the engine can do."""
    any_burn = False
    for burn in sorted(view.stack.ledger.burns, key=lambda b: b.start_s):
        it = engine(view, burn)
        allowed = it.stage.throttle_range
        if allowed is None:
            continue
        any_burn = True
        t = np.linspace(max(burn.start_s, 0.0), burn.end_s, 801)[1:-1]
        told = it.level(t)
        beyond = np.maximum(allowed[0] - told, told - allowed[1])
        k = int(np.argmax(beyond))
        yield at_most(
            100.0 * max(float(beyond[k]), 0.0),
            100.0 * THROTTLE_FRACTION,
            "%",
            f"T+{t[k]:.1f} s, {burn.stage}",
            f"largest step of the commanded throttle ({100.0 * told.min():.1f} .."
            f" {100.0 * told.max():.1f} %) outside {100.0 * allowed[0]:.1f} .."
            f" {100.0 * allowed[1]:.1f} %",
            object=burn.stage,
        )
    if not any_burn:
        yield not_judged("no stage leaves its throttle to the plan")
