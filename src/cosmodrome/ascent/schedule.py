"""From a plan and a vehicle to the sections of a guided flight, for the computer and for lanes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.dispersions import Draw
from cosmodrome.ascent.lane_timeline import LaneTimeline, Stretch, fixed_part
from cosmodrome.solvers.guided import Lanes, Mode, Section
from cosmodrome.vehicle import timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage, Vehicle
    from cosmodrome.record.nouns import Plan, PlanPhase

    Array = NDArray[np.float64]

__all__ = ["Schedule", "schedule"]

# one guidance cycle a step; coasts are above the air
_STEP_S = {Mode.TABLE: 1.0, Mode.GUIDED: 1.0, Mode.COAST: 20.0}
_SPARE_STEPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What follows from the vehicle, and what the plan adds to it.

    clock         name, seconds after lift-off, mass dropped in kg
    upper         the plan's phases of an upper stage, up to its last burn
    guided_s      when guidance takes over
    last_burn_s   nominal length of the last burn
    """

    vehicle: Vehicle
    payload_kg: float
    clock: tuple[tuple[str, float, float], ...]
    upper: tuple[PlanPhase, ...]
    guided_s: float
    last_burn_s: float

    def lanes(self, draw: Draw) -> tuple[list[Stretch], Lanes, Array]:
        """Stretches and lanes of `draw`, lane 0 nominal; and main flow over all flow at the end."""
        lanes = LaneTimeline(self.vehicle, draw)
        mass = lanes.mass_kg(self.payload_kg)
        stretches = fixed_part(lanes, self.clock)
        last = self.vehicle.stages[-1]
        usable = lanes.usable_kg(last)
        main = lanes.flow_kg_s(last)
        if self.upper:
            added, used = _upper_part(lanes, last, self.upper)
            stretches += added
            usable = usable - used
        share = main / stretches[-1].flow_kg_s
        zero = np.zeros(draw.count)
        lengths = [zero if s.length_s is None else s.length_s for s in stretches]
        return (
            stretches,
            Lanes(
                np.stack(lengths),
                np.stack([s.thrust_n for s in stretches]),
                np.stack([s.flow_kg_s for s in stretches]),
                np.stack([s.drop_kg for s in stretches]),
                mass,
                usable / share,
                draw.density,
                draw.drag,
                draw.wind,
                draw.tail_s,
                draw.navigation,
            ),
            share,
        )

    def sections(self) -> tuple[Section, ...]:
        """The nominal flight as the flight computer has it."""
        stretches, lanes, _ = self.lanes(Draw.nominal(self.vehicle))
        burns = [p.end_s - p.start_s for p in self.upper if p.burning] or [self.last_burn_s]
        opened = iter(burns)
        fixed = len(stretches) - len(self.upper)
        pushing = [k for k in range(fixed) if stretches[k].thrust_n[0] > 0.0]
        out: list[Section] = []
        now, mass, leg = 0.0, float(lanes.mass_kg[0]), -1
        for k, s in enumerate(stretches):
            thrust, flow = float(s.thrust_n[0]), float(s.flow_kg_s[0])
            length = next(opened) if s.length_s is None else float(s.length_s[0])
            if now >= self.guided_s - 1e-9 and k <= pushing[-1]:
                leg = 0
            elif s.length_s is None:
                leg = 1 + sum(x.open for x in out)
            else:
                leg = -1
            mode = Mode.COAST if thrust <= 0.0 else Mode.TABLE if leg < 0 else Mode.GUIDED
            steps = max(1, math.ceil(length / _STEP_S[mode]))
            out.append(
                Section(
                    s.name,
                    2 * steps + _SPARE_STEPS if s.length_s is None else steps,
                    mode,
                    leg,
                    s.length_s is None,
                    s.exit_area_m2,
                    thrust / flow if thrust > 0.0 else 0.0,
                    mass / flow if flow > 0.0 else 1.0,
                    length,
                )
            )
            now += length
            mass -= flow * length + float(s.drop_kg[0])
        return tuple(out)


def _upper_part(
    lanes: LaneTimeline, last: Stage, phases: tuple[PlanPhase, ...]
) -> tuple[list[Stretch], Array]:
    """An upper stage's coasts and burns, and what it uses beside the burns.

    Coasts last as planned, from the cut-off before them: an orbit reached late is then met at the
    same place between its apsides, where the plan's instant would not be.
    """
    n = lanes.draw.count
    zero = np.zeros(n)
    late = lanes.draw.ignition_delay_s[-1]
    loss = last.count * last.ignition_loss_kg
    out: list[Stretch] = []
    used = zero
    for k, phase in enumerate(phases):
        if phase.burning:
            out.append(
                Stretch(
                    phase.name,
                    None,
                    lanes.thrust_n(last),
                    lanes.flow_kg_s(last),
                    last.count * last.exit_area_m2,
                    zero,
                )
            )
            continue
        lights = phases[k + 1].burning != ()
        flow = last.count * last.settling_flow_kg_s if phase.settling else 0.0
        used = used + (flow * (phase.end_s - phase.start_s) + (loss if lights else 0.0))
        out.append(
            Stretch(
                phase.name,
                phase.end_s - phase.start_s + (late if lights else zero),
                zero,
                np.full(n, flow),
                0.0,
                np.full(n, loss if lights else 0.0),
            )
        )
    return out, used


def schedule(plan: Plan, vehicle: Vehicle, payload_kg: float, guided_s: float) -> Schedule:
    """The schedule of a plan in which guidance takes over at `guided_s`."""
    clock = [("guidance on", guided_s, 0.0)]
    for phase in plan.phases:
        if "fairing" in phase.drops_at_end and vehicle.fairing is not None:
            clock.append(("fairing jettison", phase.end_s, vehicle.fairing.mass_kg))
    tl = timeline(vehicle)
    burning = [p for p in plan.phases if p.burning]
    upper: tuple[PlanPhase, ...] = ()
    lit = tl.sections[-1].start_s
    if tl.upper:
        free_s = float(tl.sections[-1].end_s or 0.0)
        upper = tuple(p for p in plan.phases if free_s - 1e-6 <= p.start_s <= burning[-1].start_s)
    return Schedule(vehicle, payload_kg, tuple(clock), upper, guided_s, burning[-1].end_s - lit)
