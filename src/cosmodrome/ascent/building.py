"""Phases in the making: the fixed part of a vehicle's sequence, then its tail."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from cosmodrome.ascent.shape import (
    FREE_FLIGHT_S,
    PITCH_OVER_S,
    Q_ALPHA_PA_RAD,
    RELEASE_S,
    vertical_rise_s,
)
from cosmodrome.errors import InputError
from cosmodrome.powered.phases import Path, Phase, uniform
from cosmodrome.powered.statement import Budget, Span
from cosmodrome.vehicle import FreeThrust, burn_profile, display_name, stage_gross, timeline

if TYPE_CHECKING:
    from cosmodrome.ascent.shape import Burn, Shape
    from cosmodrome.catalog.nouns import Limits, Stage, Vehicle
    from cosmodrome.vehicle import Section, TailStage, Timeline

__all__ = ["Builder", "intervals"]

_LONGEST_FREE_FLIGHT_S = 900.0
_SHORTEST_COAST_S = 60.0
_DIRECT_RELEASE_S = 3.0
_SHORTEST_BURN_S = 2.0
# the optimiser stays this far inside q and heat limits, which it knows on its nodes only
_LIMIT_MARGIN = 1e-3
# and this far above a floor of coasts
_FLOOR_MARGIN_M = 200.0
_AIR_ENDS_S = 160.0
_LONG_COAST_S = 3000.0


def intervals(start_s: float, length_s: float) -> tuple[tuple[float, ...], int]:
    """Mesh and points of a burning phase: finer in the air."""
    if length_s < 6.0:
        return uniform(1), 3
    step = 12.0 if start_s < 130.0 else 30.0
    return uniform(max(1, math.ceil(length_s / step))), 4


def _coast_mesh(length_s: float) -> tuple[float, ...]:
    """Finer at the start of a long coast, which is mostly low and fast."""
    if length_s <= FREE_FLIGHT_S:
        return uniform(1)
    mesh = uniform(max(2, min(6, round(length_s / 300.0))))
    return mesh if length_s < _LONG_COAST_S else tuple(x * x for x in mesh)


def _inside(limit: float | None) -> float | None:
    return None if limit is None else limit * (1.0 - _LIMIT_MARGIN)


def _cut(sections: list[Section], at_s: float, name: str) -> list[Section]:
    """The section that holds `at_s`, split there; its drops stay at its own end."""
    out = []
    for s in sections:
        if s.start_s < at_s < s.end_s:
            gone = at_s - s.start_s
            out.append(replace(s, name=name, end_s=at_s, drops=(), emptied=()))
            out.append(
                replace(
                    s,
                    start_s=at_s,
                    thrust_vacuum_n=s.thrust_vacuum_n + s.thrust_slope_n_s * gone,
                    flow_kg_s=s.flow_kg_s + s.flow_slope_kg_s2 * gone,
                )
            )
        else:
            out.append(s)
    return out


class Builder:
    """Phases in the making."""

    def __init__(self, vehicle: Vehicle, limits: Limits, shape: Shape) -> None:
        self.vehicle, self.limits, self.shape = vehicle, limits, shape
        self.timeline: Timeline = timeline(vehicle)
        self.rise_s = vertical_rise_s(vehicle)
        self.phases: list[Phase] = []
        self.spans: list[Span] = []
        self.burns: list[int] = []
        self.low: list[int] = []
        self.parked: list[int] = []
        self.fairing: int | None = None
        fairing = vehicle.fairing
        given = [] if fairing is None else [fairing.heat_flux_w_m2, limits.heat_flux_w_m2]
        self.heat = min((x for x in given if x is not None), default=None)
        self.tail_ids = {t.stage.id for t in self.timeline.tail}

    @property
    def now_s(self) -> float:
        return sum(p.duration_s for p in self.phases)

    def path(self, start_s: float, throttled: bool = False, parked: bool = False) -> Path:
        in_air = start_s < _AIR_ENDS_S
        q_alpha = self.limits.q_alpha_pa_rad or Q_ALPHA_PA_RAD
        axial = self.limits.axial_acceleration_m_s2
        floor = self.limits.coast_altitude_m if parked else None
        return Path(
            dynamic_pressure_pa=_inside(self.limits.dynamic_pressure_pa) if in_air else None,
            q_alpha_pa_rad=q_alpha if in_air else None,
            heat_flux_w_m2=_inside(self.heat),
            axial_m_s2=_inside(axial) if throttled else None,
            lowest_m=None if floor is None else floor + _FLOOR_MARGIN_M,
        )

    # the fixed part -------------------------------------------------------------------
    def sections(self) -> None:
        turned = self.rise_s + PITCH_OVER_S
        sections = _cut(list(self.timeline.sections), self.rise_s, "end of vertical rise")
        for s in _cut(sections, turned, "end of pitch-over"):
            length = s.end_s - s.start_s
            mesh, points = intervals(s.start_s, length)
            steering: Literal["held", "pitch-over", "free", "none"] = "free"
            ramp = (0.0, 1.0)
            if s.start_s < self.rise_s - 1e-9:
                steering = "held"
            elif s.start_s < turned - 1e-9:
                steering = "pitch-over"
                ramp = (
                    (s.start_s - self.rise_s) / PITCH_OVER_S,
                    (s.end_s - self.rise_s) / PITCH_OVER_S,
                )
            longest = length
            if s.emptied and s.free is not None:
                longest = length * s.free.highest / s.free.lowest + 1.0
            self.phases.append(
                Phase(
                    name=s.name,
                    duration_s=length,
                    lower_s=0.25 * length if s.stretches else length,
                    upper_s=longest,
                    thrust_vacuum_n=s.thrust_vacuum_n,
                    exit_area_m2=s.exit_area_m2,
                    flow_kg_s=s.flow_kg_s,
                    thrust_slope_n_s=s.thrust_slope_n_s,
                    flow_slope_kg_s2=s.flow_slope_kg_s2,
                    free=s.free,
                    draws=tuple(f for f in s.flows if f[0] in self.tail_ids),
                    drop_kg=sum(d.mass_kg for d in s.drops),
                    burning=s.burning,
                    drops=tuple(d.id for d in s.drops if d.id),
                    steering=steering if s.burning else "none",
                    ramp=ramp,
                    calm=True,
                    path=self.path(s.start_s, s.free is not None),
                    mesh=mesh,
                    points=points,
                )
            )

    # the tail ---------------------------------------------------------------------------
    def tail(self) -> None:
        tail = self.timeline.tail
        for k, entry in enumerate(tail):
            burns = [b for b in self.shape.burns if b.stage == entry.stage.id]
            if not burns:
                raise InputError(f"the plan never lights {entry.stage.id!r}")
            for j, burn in enumerate(burns):
                if not (j == 0 and entry.lit):
                    self.coast(entry, burn, j, len(burns))
                self.burn(entry.stage, burn, j, len(burns), entry.lit and j == 0)
            if k + 1 < len(tail):
                self.leave(entry.stage, tail[k + 1 :])

    def coast(self, entry: TailStage, burn: Burn, j: int, count: int) -> None:
        """The coast before a burn; settling thrusters run at the end of one before a restart."""
        stage = entry.stage
        name = display_name(self.vehicle, stage)
        label = f"{name} burn {j + 1} start" if count > 1 or not entry.lit else f"{name} ignition"
        loss = stage.count * stage.ignition_loss_kg
        settle = stage.settling_s if j > 0 else 0.0
        if j > 0:
            lower, upper = _SHORTEST_COAST_S, max(burn.most_coast_s - settle, _SHORTEST_COAST_S)
        elif entry.delay_s is not None:
            lower = upper = max(entry.delay_s - self.separated_s, 0.0)
            if upper == 0.0:
                self.phases[-1] = _losing(self.phases[-1], loss)
                return
        else:
            lower = stage.ignition.delay_s or FREE_FLIGHT_S
            upper = max(min(burn.most_coast_s, _LONGEST_FREE_FLIGHT_S), lower)
            if not math.isinf(burn.most_coast_s):
                upper = max(burn.most_coast_s, lower)
        guess = min(max(burn.coast_s - settle, lower), upper)
        # an orbit is meant before a restart, and where the plan parks before it goes on; what a
        # stage without a restart meets at the apogee of its climb may be an arc
        parks = self.shape.way in ("perigee", "node") and not math.isinf(burn.most_coast_s)
        parked = j > 0 or parks
        if parked:
            self.parked.append(len(self.phases) - 1)
        self.phases.append(
            Phase(
                f"{name} settling" if settle > 0.0 else label,
                guess,
                lower,
                upper,
                drop_kg=0.0 if settle > 0.0 else loss,
                path=self.path(math.inf, parked=parked),
                mesh=_coast_mesh(guess),
                points=7,
            )
        )
        if settle > 0.0:
            self.phases.append(
                Phase(
                    label,
                    settle,
                    settle,
                    settle,
                    flow_kg_s=stage.count * stage.settling_flow_kg_s,
                    draws=((stage.id, stage.count * stage.settling_flow_kg_s),),
                    drop_kg=loss,
                    settling=(stage.id,),
                    path=self.path(math.inf, parked=parked),
                    points=4,
                )
            )

    def burn(self, stage: Stage, burn: Burn, j: int, count: int, lit: bool) -> None:
        name = display_name(self.vehicle, stage)
        label = f"{name} cut-off" if lit and count == 1 else f"{name} burn {j + 1} end"
        if stage.solid:
            self.solid_burn(stage, label)
            return
        push, flow = stage.count * stage.thrust_vacuum_n, stage.count * stage.mass_flow_kg_s
        free = None
        if stage.throttle_range is not None:
            free = FreeThrust(((stage.id, 1.0),), push, flow, *stage.throttle_range)
        elif lit:
            level = self.timeline.level_after(stage)
            push, flow = level * push, level * flow
        longest = stage.count * stage.usable_kg / flow / (free.lowest if free else 1.0)
        guess = min(max(burn.burn_s, 2.0 * _SHORTEST_BURN_S), longest)
        start = self.now_s
        mesh, points = intervals(start, guess) if lit else (uniform(max(1, round(guess / 60.0))), 4)
        consumed = sum(c.flow_kg_s or 0.0 for c in stage.consumables) * stage.count
        self.burns.append(len(self.phases))
        self.phases.append(
            Phase(
                label,
                guess,
                _SHORTEST_BURN_S,
                longest,
                thrust_vacuum_n=0.0 if free else push,
                exit_area_m2=stage.count * stage.exit_area_m2,
                flow_kg_s=consumed + (0.0 if free else flow),
                free=free,
                draws=() if free else ((stage.id, flow),),
                burning=(stage.id,),
                steering="free",
                joined=lit,
                calm=True,
                path=self.path(start, free is not None),
                mesh=mesh,
                points=points,
            )
        )

    def solid_burn(self, stage: Stage, label: str) -> None:
        """A motor that burns out in one piece, along its curve."""
        profile = burn_profile(stage)
        push, flow = stage.count * stage.thrust_vacuum_n, stage.count * stage.mass_flow_kg_s
        self.burns.append(len(self.phases))
        for k, s in enumerate(profile):
            self.phases.append(
                Phase(
                    label if k + 1 == len(profile) else "",
                    s.length_s,
                    s.length_s,
                    s.length_s,
                    thrust_vacuum_n=s.first * push,
                    exit_area_m2=stage.count * stage.exit_area_m2,
                    flow_kg_s=s.first * flow,
                    thrust_slope_n_s=s.slope * push,
                    flow_slope_kg_s2=s.slope * flow,
                    burning=(stage.id,),
                    steering="free",
                    joined=k > 0,
                    calm=True,
                    path=self.path(self.now_s),
                    mesh=uniform(max(1, math.ceil(s.length_s / 30.0))),
                    points=4,
                )
            )

    separated_s = 0.0

    def leave(self, stage: Stage, above: tuple[TailStage, ...]) -> None:
        """A tail stage separates; what flies on weighs what is above it."""
        rest = sum(stage_gross(t.stage) for t in above) + self.vehicle.adapter_kg
        if stage.suborbital:
            self.low.append(len(self.phases) - 1)
        self.separated_s = stage.separation_delay_s
        leaving = {"drops": (stage.id,), "resets_to_kg": rest}
        name = f"{display_name(self.vehicle, stage)} separation"
        if self.separated_s <= 0.0:
            last = self.phases[-1]
            self.phases[-1] = replace(last, name=f"{last.name}, {name}", **leaving)  # type: ignore[arg-type]
            return
        self.phases.append(
            Phase(
                name,
                self.separated_s,
                self.separated_s,
                self.separated_s,
                path=self.path(math.inf),
                points=4,
                **leaving,  # type: ignore[arg-type]
            )
        )

    def release(self) -> None:
        last = self.vehicle.stages[-1]
        wait = RELEASE_S
        if last.ignition.kind != "free" and len(self.shape.burns) <= 1:
            wait = last.separation_delay_s or _DIRECT_RELEASE_S
        self.phases.append(
            Phase("spacecraft separation", wait, wait, wait, path=self.path(math.inf), points=4)
        )

    # all of it -------------------------------------------------------------------------------
    def _budget(self, stage: Stage, exact: bool) -> Budget:
        """Usable propellant less what the ignitions of a tail stage lose."""
        burns = sum(b.stage == stage.id for b in self.shape.burns)
        return Budget(
            stage.id, stage.count * (stage.usable_kg - burns * stage.ignition_loss_kg), exact
        )

    def budgets(self) -> tuple[Budget, ...]:
        emptied = {i for s in self.timeline.sections for i in s.emptied}
        throttled = {i for p in self.phases if p.free for i, _ in p.free.shares}
        return tuple(
            self._budget(stage, stage.id in emptied)
            for stage in self.vehicle.stages[:-1]
            if (stage.id in self.tail_ids and not stage.solid) or stage.id in throttled
        )

    def last(self) -> Budget | None:
        stage = self.vehicle.stages[-1]
        return None if stage.solid else self._budget(stage, False)

    def suborbital(self) -> None:
        """Phases at whose end a stage of the fixed part cuts off that must come down by itself."""
        for stage in self.vehicle.stages[:-1]:
            if stage.suborbital and stage.id not in self.tail_ids:
                self.low.append(max(i for i, p in enumerate(self.phases) if stage.id in p.burning))


def _losing(phase: Phase, kg: float) -> Phase:
    """The phase with another `kg` leaving at its end."""
    if phase.resets_to_kg is not None:
        return replace(phase, resets_to_kg=phase.resets_to_kg - kg)
    return replace(phase, drop_kg=phase.drop_kg + kg)
