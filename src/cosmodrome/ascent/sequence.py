"""From a vehicle's timeline to the phases the optimiser flies.

Adds what the timeline leaves to the plan: the vertical rise and the pitch-over, the burns and
coasts of the tail, the fairing somewhere inside, and the release.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from cosmodrome.errors import InputError
from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.powered.phases import Path, Phase, uniform
from cosmodrome.powered.statement import Budget, Span
from cosmodrome.vehicle import (
    burn_profile,
    display_name,
    liftoff_mass,
    stage_gross,
    timeline,
)

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Limits, Stage, Vehicle
    from cosmodrome.vehicle import Section, TailStage, Timeline

__all__ = [
    "COAST_CAP_REVOLUTIONS",
    "FREE_FLIGHT_S",
    "PITCH_OVER_S",
    "Q_ALPHA_PA_RAD",
    "RELEASE_S",
    "Burn",
    "Sequence",
    "Shape",
    "sequence",
    "vertical_rise_s",
]

# vertical until clear of the tower, then a smooth pitch-over; assumed, of R-7 practice
_LONGEST_RISE_S = 10.0
_SHORTEST_RISE_S = 4.0
_TOWER_M = 120.0
PITCH_OVER_S = 15.0
# an upper stage lights a minute after it is free (flown practice of Fregat from Kourou)
FREE_FLIGHT_S = 60.0
_LONGEST_FREE_FLIGHT_S = 900.0
_SHORTEST_COAST_S = 60.0
# spacecraft separation after the upper stage's last cut-off; assumed
RELEASE_S = 60.0
_DIRECT_RELEASE_S = 3.0
# q sin(alpha) where the vehicle's file states none: 2,500 Pa rad is 143 kPa deg
Q_ALPHA_PA_RAD = 2_500.0
# longer coasts between two burns hold local optima that cost payload
COAST_CAP_REVOLUTIONS = 0.72
_SHORTEST_BURN_S = 2.0
_SHORTEST_SPLIT_S = 5.0
# the optimiser stays this far inside q and heat limits, which it knows on its nodes only
_LIMIT_MARGIN = 1e-3
_AIR_ENDS_S = 160.0


@dataclass(frozen=True, slots=True)
class Burn:
    """One burn of a tail stage: first guesses of the coast before it and of its length.

    most_coast_s  the longest coast allowed before it
    """

    stage: str
    coast_s: float
    burn_s: float
    most_coast_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Shape:
    """What a plan chooses of the sequence: about when the fairing goes, the tail's burns.

    way  how these burns meet the orbit (`climb.Way`)
    """

    fairing_s: float
    burns: tuple[Burn, ...]
    way: str = "direct"


@dataclass(frozen=True, slots=True)
class Sequence:
    """The phases of one ascent and the masses they do not show.

    spans, budgets   durations tied together; propellant that is shared out over phases
    last             the last stage's propellant, what is left of which is the margin
    liftoff_dry_kg   the stack at lift-off without payload
    burns            indices of the tail's burns
    low              indices of phases that must end with the vacuum perigee below ground
    fairing          index of the phase that ends with the fairing's jettison
    """

    phases: tuple[Phase, ...]
    spans: tuple[Span, ...]
    budgets: tuple[Budget, ...]
    last: Budget | None
    liftoff_dry_kg: float
    burns: tuple[int, ...]
    low: tuple[int, ...]
    fairing: int | None
    shape: Shape


def vertical_rise_s(vehicle: Vehicle) -> float:
    """Seconds until the stack has cleared the tower, within practice."""
    first = timeline(vehicle).sections[0]
    thrust = first.thrust_vacuum_n + (first.free.thrust_vacuum_n if first.free else 0.0)
    net = (thrust - 101_325.0 * first.exit_area_m2) / liftoff_mass(vehicle, 0.0) - G0_M_S2
    if net <= 0.0:
        return _LONGEST_RISE_S
    return min(max(math.sqrt(2.0 * _TOWER_M / net), _SHORTEST_RISE_S), _LONGEST_RISE_S)


def _intervals(start_s: float, length_s: float) -> tuple[tuple[float, ...], int]:
    """Mesh and points of a burning phase: finer in the air."""
    if length_s < 6.0:
        return uniform(1), 3
    step = 12.0 if start_s < 130.0 else 30.0
    return uniform(max(1, math.ceil(length_s / step))), 4


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


class _Builder:
    """Phases in the making."""

    def __init__(self, vehicle: Vehicle, limits: Limits, shape: Shape) -> None:
        self.vehicle, self.limits, self.shape = vehicle, limits, shape
        self.timeline: Timeline = timeline(vehicle)
        self.rise_s = vertical_rise_s(vehicle)
        self.phases: list[Phase] = []
        self.spans: list[Span] = []
        self.burns: list[int] = []
        self.low: list[int] = []
        self.fairing: int | None = None
        fairing = vehicle.fairing
        given = [] if fairing is None else [fairing.heat_flux_w_m2, limits.heat_flux_w_m2]
        self.heat = min((x for x in given if x is not None), default=None)
        self.tail_ids = {t.stage.id for t in self.timeline.tail}

    @property
    def now_s(self) -> float:
        return sum(p.duration_s for p in self.phases)

    def path(self, start_s: float, throttled: bool = False) -> Path:
        in_air = start_s < _AIR_ENDS_S
        q_alpha = self.limits.q_alpha_pa_rad or Q_ALPHA_PA_RAD
        axial = self.limits.axial_acceleration_m_s2
        return Path(
            dynamic_pressure_pa=_inside(self.limits.dynamic_pressure_pa) if in_air else None,
            q_alpha_pa_rad=q_alpha if in_air else None,
            heat_flux_w_m2=_inside(self.heat),
            axial_m_s2=axial if throttled else None,
        )

    # the fixed part -------------------------------------------------------------------
    def sections(self) -> None:
        turned = self.rise_s + PITCH_OVER_S
        sections = _cut(list(self.timeline.sections), self.rise_s, "end of vertical rise")
        for s in _cut(sections, turned, "end of pitch-over"):
            length = s.end_s - s.start_s
            mesh, points = _intervals(s.start_s, length)
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
        self.phases.append(
            Phase(
                f"{name} settling" if settle > 0.0 else label,
                guess,
                lower,
                upper,
                drop_kg=0.0 if settle > 0.0 else loss,
                path=self.path(math.inf),
                mesh=uniform(1 if guess <= FREE_FLIGHT_S else max(2, min(6, round(guess / 300.0)))),
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
                    path=self.path(math.inf),
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
            from cosmodrome.vehicle import FreeThrust

            free = FreeThrust(((stage.id, 1.0),), push, flow, *stage.throttle_range)
        elif lit:
            last = self.timeline.sections[-1]
            level = dict(last.flows).get(stage.id, flow) / flow
            push, flow = level * push, level * flow
        longest = stage.count * stage.usable_kg / flow / (free.lowest if free else 1.0)
        guess = min(max(burn.burn_s, 2.0 * _SHORTEST_BURN_S), longest)
        start = self.now_s
        mesh, points = (
            _intervals(start, guess) if lit else (uniform(max(1, round(guess / 60.0))), 4)
        )
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

    # the fairing ---------------------------------------------------------------------------
    def drop_fairing(self) -> None:
        fairing = self.vehicle.fairing
        if fairing is None:
            return
        by_rule = fairing.time_s is None
        if self.heat is None and by_rule:
            raise InputError(
                f"vehicle {self.vehicle.id!r}: its fairing has neither a heat-flux limit nor a"
                " time; write `jettison: {heat_flux: 1135 W/m^2}` or `jettison: {time: 200 s}`"
            )
        when = self.shape.fairing_s if by_rule else float(fairing.time_s or 0.0)
        k, at_s = self._phase_for_fairing(when) if by_rule else self._phase_at(when)
        self._split(k, at_s, by_rule, fairing.mass_kg)
        for j in range(k):
            self._covered(j)

    def _phase_at(self, when_s: float) -> tuple[int, float]:
        """The phase that holds an instant, and how far into it that is."""
        start = 0.0
        for k, phase in enumerate(self.phases[:-1]):
            if start <= when_s < start + phase.duration_s:
                return k, when_s - start
            start += phase.duration_s
        raise InputError(
            f"the fairing of {self.vehicle.id!r} would leave at T+{when_s:.1f} s, after the last"
            f" burn ends at T+{start:.1f} s: state an earlier time or a heat flux"
        )

    def _phase_for_fairing(self, when_s: float) -> tuple[int, float]:
        """A burn long enough to hold the fairing's jettison, at or next to an instant."""
        starts = [0.0]
        for phase in self.phases:
            starts.append(starts[-1] + phase.duration_s)
        long = [
            k
            for k, p in enumerate(self.phases)
            if p.steering == "free" and p.duration_s > _SHORTEST_SPLIT_S
        ]
        if not long:
            raise InputError(
                f"no burn of {self.vehicle.id!r} is long enough for its fairing to leave during it:"
                " check loads and thrusts"
            )
        k = min(long, key=lambda i: max(starts[i] - when_s, when_s - starts[i + 1], 0.0))
        length = self.phases[k].duration_s
        return k, min(max(when_s - starts[k], 0.1 * length), 0.9 * length)

    def _covered(self, j: int) -> None:
        """Before the fairing goes: no heat limit, and its weight on board."""
        phase = self.phases[j]
        kept = phase.resets_to_kg
        assert self.vehicle.fairing is not None
        self.phases[j] = replace(
            phase,
            path=replace(phase.path, heat_flux_w_m2=None),
            resets_to_kg=None if kept is None else kept + self.vehicle.fairing.mass_kg,
        )

    def _split(self, k: int, at_s: float, free: bool, kg: float) -> None:
        phase = self.phases[k]
        length = phase.duration_s
        gap = min(0.5, 0.05 * length)
        first = at_s
        start = sum(p.duration_s for p in self.phases[:k])
        meshes = [_intervals(start, x) for x in (first, length - first)]
        if not phase.burning:
            meshes = [(phase.mesh, phase.points)] * 2
        tied = phase.fixed
        halves = [
            replace(
                phase,
                name="fairing jettison",
                duration_s=first,
                lower_s=gap if free else first,
                upper_s=phase.upper_s - gap if free else first,
                drop_kg=kg,
                resets_to_kg=None,
                drops=("fairing",),
                path=replace(phase.path, heat_flux_w_m2=None),
                mesh=meshes[0][0],
                points=meshes[0][1],
            ),
            replace(
                phase,
                duration_s=length - first,
                lower_s=gap if free or not tied else length - first,
                upper_s=phase.upper_s - gap if free or not tied else length - first,
                slopes_end_s=length if phase.sloped else None,
                joined=True,
                mesh=meshes[1][0],
                points=meshes[1][1],
            ),
        ]
        self.phases[k : k + 1] = halves
        self.burns = [i + (i >= k) for i in self.burns]
        self.low = [i + (i >= k) for i in self.low]
        if free and tied:
            self.spans.append(Span(k, k + 1, length))
        elif not free and not all(p.fixed for p in self.phases[: k + 1]):
            self.phases[k] = replace(halves[0], lower_s=gap, upper_s=phase.upper_s)
            self.spans.append(Span(0, k, start + at_s))
        self.fairing = k

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


def sequence(vehicle: Vehicle, limits: Limits, shape: Shape) -> Sequence:
    """The phases, with first guesses of what the plan chooses.

    Raises InputError where the fairing has no rule or its time lies outside.
    """
    build = _Builder(vehicle, limits, shape)
    build.sections()
    build.tail()
    build.release()
    build.suborbital()
    build.drop_fairing()
    return Sequence(
        tuple(build.phases),
        tuple(build.spans),
        build.budgets(),
        build.last(),
        liftoff_mass(vehicle, 0.0),
        tuple(build.burns),
        tuple(build.low),
        build.fairing,
        shape,
    )
