"""A transfer as a plan, and the plan flown: no optimiser takes part in the flight."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev
from scipy.interpolate import CubicSpline

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.errors import InputError
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import (
    AttitudeProgramme,
    Burn,
    Handover,
    Ledger,
    Leg,
    Plan,
    PlanPhase,
    Solve,
)
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics, Propagation
    from cosmodrome.transfer.nouns import Engine, TransferSolution
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["directions", "execute", "fly", "handed_on", "plan", "thrusts"]

# pieces of a burn's direction, terms of each
_PIECES, _TERMS = 8, 8
# knots of a flown burn: chords of its direction
_KNOTS = 241
_METHOD = "Gauss-Legendre collocation, thrust along the chords of the direction programme"
_CITATIONS = (
    "elements: Walker, Ireland & Owens (1985), Celestial Mechanics 36, 409",
    "collocation: Betts (2010), Practical Methods for Optimal Control, ch. 4",
)


def plan(
    solution: TransferSolution, epoch: Epoch, name: str, gcrf_from_axes: Array | None = None
) -> Plan:
    """What the flight computer carries: burn times in seconds after `epoch`, the direction.

    epoch           the start of the solution
    gcrf_from_axes  (3, 3) from the problem's axes; None: they are GCRF's
    """
    turn = np.eye(3) if gcrf_from_axes is None else gcrf_from_axes
    breaks, phases = [0.0], []
    pieces: list[Array] = []
    for number, burn in enumerate(solution.burns, 1):
        u = burn.directions @ turn.T
        if burn.start_s > breaks[-1]:
            before = u[0] if not pieces else chebyshev.chebval(1.0, pieces[-1])
            chord = np.zeros((_TERMS, 3))
            chord[0], chord[1] = 0.5 * (u[0] + before), 0.5 * (u[0] - before)
            pieces.append(chord)
            breaks.append(burn.start_s)
        spline = CubicSpline(burn.t_s, u)
        marks = np.linspace(burn.start_s, burn.end_s, _PIECES + 1)
        for lo, hi in pairwise(marks):
            x = chebyshev.chebpts2(_TERMS)
            values = spline(0.5 * (lo + hi) + 0.5 * (hi - lo) * x)
            pieces.append(chebyshev.chebfit(x, values, _TERMS - 1))
            breaks.append(float(hi))
        phases.append(PlanPhase(f"burn {number}", burn.start_s, burn.end_s, (name,)))
    return Plan(
        chapter="transfer",
        object=name,
        epoch=epoch,
        phases=tuple(phases),
        attitude=AttitudeProgramme("gcrf", tuple(breaks), np.array(pieces)),
        initial_mass_kg=solution.problem.mass_kg,
        launch_axes=np.eye(3),
        targets={"propellant_kg": solution.propellant_kg, "duration_s": solution.duration_s},
    )


def directions(programme: AttitudeProgramme, t_s: Array) -> Array:
    """(n, 3) unit vectors of a programme at seconds after its epoch."""
    breaks = np.asarray(programme.breaks_s)
    k = np.clip(np.searchsorted(breaks, t_s, side="right") - 1, 0, breaks.size - 2)
    x = (2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k])
    basis = chebyshev.chebvander(np.clip(x, -1.0, 1.0), programme.coefficients.shape[1] - 1)
    u: Array = np.einsum("nk,nkc->nc", basis, programme.coefficients[k])
    unit: Array = u / np.linalg.norm(u, axis=1)[:, None]
    return unit


def thrusts(plan: Plan, engine: Engine) -> tuple[Thrust, ...]:
    """The burns of a plan as forces."""
    out = []
    for phase in plan.phases:
        if not phase.burning:
            continue
        start, end = plan.epoch + phase.start_s, plan.epoch + phase.end_s
        # epochs are whole nanoseconds
        knots = np.linspace(0.0, end - start, _KNOTS)
        # within the burn: at its very ends the programme may already turn to the next
        at = np.linspace(phase.start_s, phase.end_s * (1.0 - 1e-15), _KNOTS)
        u = directions(plan.attitude, at)
        out.append(
            Thrust(start, end, engine.thrust_n, engine.isp_s, u.tolist(), knots_s=knots.tolist())
        )
    return tuple(out)


def fly(
    plan: Plan,
    start: State,
    engine: Engine,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
) -> Propagation:
    """The path from `start`, at the plan's epoch, to the last cut-off."""
    if start.epoch != plan.epoch:
        raise InputError(
            f"the transfer is planned from {plan.epoch} and the state is of {start.epoch}: plan"
            " again from this state, or propagate it there"
        )
    end = plan.epoch + plan.phases[-1].end_s
    return propagate(
        start, dynamics.with_thrust(*thrusts(plan, engine)), end, world=world,
        watch=watch,
    )  # fmt: skip


def execute(
    plan: Plan,
    start: State,
    engine: Engine,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
    parent: str = "stack",
) -> Leg:
    """The leg flown through a plan in the full dynamics, without correction on the way.

    lift_off   instant from which event times count; by default the epoch of `start`
    """
    flown = fly(plan, start, engine, dynamics, world, watch)
    path = flown.trajectory
    zero = lift_off or start.epoch
    events, burns = [], []
    length = float(path.breaks_s[-1])
    mass = start.mass_kg
    for phase in plan.phases:
        after = mass - (phase.end_s - phase.start_s) * engine.flow_kg_s
        burns.append(
            Burn(
                plan.object, phase.start_s, phase.end_s, mass - after, 0.0,
                engine.thrust_n * (phase.end_s - phase.start_s),
                engine.delta_v_m_s(mass, mass - after),
            )
        )  # fmt: skip
        mass = after
        for t, text in ((phase.start_s, "start"), (phase.end_s, "end")):
            here = path.at(path.epoch + min(t, length))
            events.append(event_record(f"{phase.name}, {text}", plan.object, here, zero, world))
    return Leg(
        chapter="transfer",
        object=plan.object,
        kind="spacecraft",
        parent=parent,
        start=start,
        end=flown.end,
        path=path,
        events=tuple(events),
        ledger=Ledger(delta_v_m_s=sum(b.delta_v_m_s for b in burns), burns=tuple(burns)),
        solve=Solve(_METHOD, "flown", budget={"segments": float(flown.stats["segments"])}),
        audit=flown.audit,
        citations=_CITATIONS,
        handover_in=Handover(start, (), {}, {}),
        handover_out=Handover(flown.end, (), {}, {}),
        plan=plan,
    )


def handed_on(leg: Leg, given: Handover, craft: str, zero: Epoch) -> Leg:
    """The leg between its hand-overs: burns by the clock of the flight, s after `zero`, and what
    the tank of `craft` holds after them (below zero where they burn more than it had)."""
    burnt = given.state.mass_kg - leg.end.mass_kg
    left = {**given.propellant_kg, craft: given.propellant_kg.get(craft, 0.0) - burnt}
    shift = given.state.epoch - zero
    burns = tuple(
        replace(b, start_s=b.start_s + shift, end_s=b.end_s + shift) for b in leg.ledger.burns
    )
    return replace(
        leg,
        ledger=replace(leg.ledger, burns=burns, propellant_kg=left),
        handover_in=given,
        handover_out=replace(given, state=leg.end, propellant_kg=left),
    )
