"""A planned landing flown to the ground: the leg, its events and its ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.thrusting import steered
from cosmodrome.landing.flying import fly, thrusts
from cosmodrome.landing.ground import offsets
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Burn, Handover, Ledger, Leg, Solve
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.landing.ground import Site
    from cosmodrome.landing.nouns import Engine
    from cosmodrome.record.nouns import Event, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["execute"]

#: how long a lander falls freely after its last cut-off, looking for the ground
_FALL_S = 30.0
_SAMPLES = 400
_METHOD = "Gauss-Legendre collocation, thrust along chords of direction and throttle programmes"
_CITATIONS = (
    "convexification: Acikmese & Ploen (2007), JGCD 30, 1353",
    "collocation: Betts (2010), Practical Methods for Optimal Control, ch. 4",
)
_LOWERING = "descent orbit insertion"
# what begins where a phase of this name begins
_MARKS = {"approach": "high gate", "terminal": "low gate"}


def execute(
    plan: Plan,
    start: State,
    engines: Sequence[Engine],
    site: Site,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
    parent: str = "stack",
    propellant_kg: Mapping[str, float] | None = None,
) -> Leg:
    """The leg flown through a plan to the ground, without correction on the way.

    The path ends where it meets the site's level, engine on or, after the last cut-off, falling
    freely; `solve.residuals` say how far from the site and how fast across and down.

    engines    at full thrust, one for each burning phase of the plan
    lift_off   instant from which event times count; by default the epoch of `start`
    propellant_kg  by tank before the landing; none: not told
    """
    flown = fly(
        plan, start, engines, dynamics, world, watch, floor_m=site.height_m, more_s=_FALL_S
    )  # fmt: skip
    burns = thrusts(plan, engines)
    path = flown.trajectory
    end, zero = flown.end, lift_off or start.epoch
    length = float(path.breaks_s[-1])
    events = _events(plan, path, zero, world)
    name = "touchdown" if length < plan.phases[-1].end_s + _FALL_S - 1e-6 else "end, above ground"
    events.append(event_record(name, plan.object, end, zero, world))
    place, speed = offsets(end, site, world)
    residuals = {
        "place_m": float(np.linalg.norm(place[:2])),
        "height_m": float(place[2]),
        "across_m_s": float(np.linalg.norm(speed[:2])),
        "sink_m_s": -float(speed[2]),
    }
    pushed = steered(path, burns)
    ledger = _ledger(plan, engines, pushed, propellant_kg or {}, plan.epoch - zero)
    return Leg(
        chapter="landing",
        object=plan.object,
        kind="spacecraft",
        parent=parent,
        start=start,
        end=end,
        path=pushed,
        events=tuple(events),
        ledger=ledger,
        solve=Solve(_METHOD, "flown", residuals, {"segments": float(flown.stats["segments"])}),
        audit=flown.audit,
        citations=_CITATIONS,
        handover_in=Handover(start, (), dict(propellant_kg or {}), {}),
        handover_out=Handover(end, (), dict(ledger.propellant_kg), {}),
        plan=plan,
    )


def _events(plan: Plan, path: Trajectory, zero: Epoch, world: World) -> list[Event]:
    out: list[Event] = []
    length = float(path.breaks_s[-1])
    before = None
    for phase in plan.phases:
        if not phase.burning or phase.start_s >= length:
            continue
        if phase.name == _LOWERING:
            begun = path.at(path.epoch + phase.start_s)
            out.append(event_record(_LOWERING, plan.object, begun, zero, world))
            continue
        if before is None:
            name = "powered descent initiation"
        elif before.name != phase.name:
            name = _MARKS.get(phase.name, f"{phase.name}, start")
        else:
            name = "throttle down" if _level(plan, phase.start_s) < 0.0 else "throttle up"
        here = path.at(path.epoch + phase.start_s)
        out.append(event_record(name, plan.object, here, zero, world))
        before = phase
    return out


def _level(plan: Plan, t_s: float) -> float:
    """How the throttle changes at a switch."""
    assert plan.throttle is not None
    k = int(np.searchsorted(plan.throttle.breaks_s, t_s - 1e-9)) - 1
    ends = [np.polynomial.chebyshev.chebval(x, plan.throttle.coefficients[j]) for x, j in
            ((1.0, k), (-1.0, k + 1))]  # fmt: skip
    return float(ends[1] - ends[0])


def _ledger(
    plan: Plan,
    engines: Sequence[Engine],
    path: Trajectory,
    tanks: Mapping[str, float],
    after_s: float,
) -> Ledger:
    """Velocity and mass: delta-v is the inertial speed lost and what gravity and steering cost.

    Coasts, in which gravity gives and takes speed for nothing, are left out.

    after_s  the plan's epoch after lift-off, from which burns are timed
    """
    lit = [phase for phase in plan.phases if phase.burning]
    length = float(path.breaks_s[-1])
    burns, steering, slowed = [], 0.0, 0.0
    for phase, engine in zip(lit, engines, strict=True):
        end = min(phase.end_s, length)
        if end <= phase.start_s:
            continue
        # inside the phase: at its ends the columns may already be the next's
        inside = 1e-9 * (end - phase.start_s)
        t = np.linspace(phase.start_s + inside, end - inside, _SAMPLES)
        row = path.columns_at(t)
        mass, v, u, force = row[:, 6], row[:, 3:6], row[:, 7:10], row[:, 10]
        along = np.einsum("ij,ij->i", u, v) / np.linalg.norm(v, axis=1)
        speeds = np.linalg.norm(v, axis=1)
        slowed += float(speeds[0] - speeds[-1])
        steering += float(np.trapezoid(force / mass * (1.0 + along), t))
        spent = float(mass[0] - mass[-1])
        burns.append(
            Burn(
                plan.object, after_s + phase.start_s, after_s + end, spent, 0.0,
                spent * engine.exhaust_m_s,
                engine.delta_v_m_s(float(mass[0]), spent),
            )
        )  # fmt: skip
    total = sum(b.delta_v_m_s for b in burns)
    losses = {"gravity": total - steering - slowed, "steering": steering}
    left = {k: v - (sum(b.propellant_kg for b in burns) if k == plan.object else 0.0)
            for k, v in tanks.items()}  # fmt: skip
    return Ledger(total, losses, tuple(burns), left)
