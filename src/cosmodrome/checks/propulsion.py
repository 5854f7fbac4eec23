"""The propellant ledger by catalogue figures: thrust x time, Tsiolkovsky, thrust felt.

The flow of every engine is F / (g0 Isp) from the catalogue, with its throttle steps; the mass
that left is read off the path. The two meet within a part in ten thousand or somebody is wrong.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.series import seams
from cosmodrome.checks.verdicts import Judged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Burn

__all__ = ["delta_v", "mass_between_burns", "mass_budget", "mass_flow", "thrust_felt", "throttle"]

G0 = 9.80665
# the path gives mass to a gram and instants to a microsecond; flows are constants of the file
FLOW_FRACTION = 2e-4
THRUST_FRACTION = 2e-3
DELTA_V_M_S = 0.5


def throttle(stage: Stage, t_s: float, ignition_s: float) -> float:
    """The stage's own throttle step at an instant, its profile counted from ignition."""
    fraction = 1.0
    for when, value in stage.throttle:
        if t_s - max(ignition_s, 0.0) >= when - 1e-9:
            fraction = value
    return fraction


def _flow(view: View, burn: Burn, a: float, b: float) -> tuple[float, float]:
    """(propellant, consumables) in kg that a burn's stage uses between two instants."""
    stage = view.flight.mission.vehicle.stage(burn.stage)
    a, b = max(a, burn.start_s), min(b, burn.end_s)
    if b <= a:
        return 0.0, 0.0
    first = min(x.start_s for x in view.stack.ledger.burns if x.stage == burn.stage)
    cuts = [max(first, 0.0) + when for when, _ in stage.throttle]
    marks = sorted({a, b, *(c for c in cuts if a < c < b)})
    full = stage.count * stage.thrust_vacuum_n / (G0 * stage.isp_vacuum_s)
    main = sum(full * throttle(stage, 0.5 * (p + q), first) * (q - p) for p, q in pairwise(marks))
    other = stage.count * sum(c.flow_kg_s or 0.0 for c in stage.consumables) * (b - a)
    return float(main), float(other)


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
            p, c = _flow(view, burn, a, b)
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
    s = seams(path)
    first = float(path.columns_at(float(path.breaks_s[0]))[6])
    last = float(path.columns_at(float(path.breaks_s[-1]))[6])
    known = {g.start.epoch - view.lift_off for g in view.dropped}
    times = view.since_lift_off(path, s.t_s)
    bodies = sum(
        float(before[6] - after[6])
        for t, before, after in zip(times, s.before, s.after, strict=True)
        if any(abs(t - k) < 1e-6 for k in known)
    )
    burnt = sum(b.propellant_kg + b.consumables_kg for b in burns)
    silent = first - last - bodies - burnt
    settled = lost = 0.0
    for stage in view.flight.mission.vehicle.stages:
        lit = sum(b.stage == stage.id for b in burns)
        settled += stage.count * max(lit - 1, 0) * stage.settling_s * stage.settling_flow_kg_s
        lost += stage.count * lit * stage.ignition_loss_kg
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
    first = float(path.columns_at(float(path.breaks_s[0]))[6])
    last = float(path.columns_at(float(path.breaks_s[-1]))[6])
    burnt = sum(b.propellant_kg for b in ledger.burns)
    spent = sum(b.consumables_kg for b in ledger.burns)
    dropped = sum(ledger.separated_kg.values())
    # when the ledger has the release too, what is left is the spacecraft
    final = view.flight.mission.vehicle.stages[-1].id
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
        marks = {a, b}
        for burn in running:
            stage = view.flight.mission.vehicle.stage(burn.stage)
            first = min(x.start_s for x in burns if x.stage == burn.stage)
            marks |= {burn.start_s, burn.end_s}
            marks |= {max(first, 0.0) + when for when, _ in stage.throttle}
        marks |= {float(t) for t in jump_t if a < t < b}
        inner = sorted(m for m in marks if a <= m <= b)
        gained = 0.0
        for p, q in pairwise(inner):
            if q - p < 1e-9:
                continue
            m0 = float(path.columns_at(view.in_path(path, p))[6])
            thrust = 0.0
            flow = 0.0
            for burn in running:
                main, other = _flow(view, burn, p, q)
                stage = view.flight.mission.vehicle.stage(burn.stage)
                thrust += main / (q - p) * G0 * stage.isp_vacuum_s
                flow += (main + other) / (q - p)
            if flow > 0.0:
                gained += thrust / flow * float(-np.log1p(-flow * (q - p) / m0))
        total += gained
        if len(running) == 1:
            burn = running[0]
            yield at_most(
                abs(burn.delta_v_m_s - gained),
                max(DELTA_V_M_S, 5e-4 * gained),
                "m/s",
                f"T+{a:.2f} .. T+{b:.2f} s, {burn.stage}",
                f"ledger {burn.delta_v_m_s:.2f} m/s, Tsiolkovsky {gained:.2f} m/s",
                object=burn.stage,
            )
    yield at_most(
        abs(ledger.delta_v_m_s - total),
        max(DELTA_V_M_S, 5e-4 * total),
        "m/s",
        "lift-off to release",
        f"ledger {ledger.delta_v_m_s:.2f} m/s in all, Tsiolkovsky with catalogue figures"
        f" {total:.2f} m/s",
        object=view.stack.object,
    )


def thrust_felt(view: View) -> Iterator[Judged]:
    """Thrust felt by the path itself, m |dv/dt - g|, against the catalogue, above the air."""
    from cosmodrome.checks.motion import felt_acceleration

    felt = felt_acceleration(view)
    strength = np.linalg.norm(felt, axis=1) * view.stack_samples.values[:, 6]
    t = view.stack_t_s
    high = view.air.h_m > 130_000.0
    any_burn = False
    for burn in sorted(view.stack.ledger.burns, key=lambda b: b.start_s):
        others = [
            x
            for x in view.stack.ledger.burns
            if x is not burn and x.start_s < burn.end_s and x.end_s > burn.start_s
        ]
        inside = (t > burn.start_s + 0.5) & (t < burn.end_s - 0.5) & high
        if others or inside.sum() < 5:
            continue
        any_burn = True
        stage = view.flight.mission.vehicle.stage(burn.stage)
        first = min(x.start_s for x in view.stack.ledger.burns if x.stage == burn.stage)
        wanted = np.array(
            [stage.count * stage.thrust_vacuum_n * throttle(stage, x, first) for x in t[inside]]
        )
        off = float(np.median(strength[inside] / wanted)) - 1.0
        yield at_most(
            100.0 * abs(off),
            100.0 * THRUST_FRACTION,
            "%",
            f"T+{burn.start_s:.1f} .. T+{burn.end_s:.1f} s, {burn.stage}",
            f"mass times (path's acceleration less gravity) is {100.0 * off:+.4f} % off the"
            f" catalogue's {stage.count * stage.thrust_vacuum_n / 1e3:.2f} kN",
            object=burn.stage,
        )
    if not any_burn:
        yield not_judged("no burn runs alone above 130 km")
