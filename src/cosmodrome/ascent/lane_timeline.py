"""The sequence of a launch over many dispersed flights: one order of events, times of each lane.

The events and rules are `vehicle.timeline`'s, with a mark for every single event: what falls on
one instant nominally (a cut-off and the ignition that follows it) may come apart in a lane.
Lane 0 is the nominal flight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.vehicle import burn_profile, cutoff_after_s, display_name, tail_of, timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.ascent.dispersions import Draw
    from cosmodrome.catalog.nouns import Stage, Vehicle

    Array = NDArray[np.float64]

__all__ = ["LaneTimeline", "Stretch", "fixed_part"]

# a tank this near to empty is empty, and marks this near are one
_SAME_KG, _SAME_S = 1e-6, 1e-6
_CURVE_STEP_S = 4.0
_LONG_S = 1e6


@dataclass(slots=True, eq=False)
class Stretch:
    """Between two events: rows over the lanes.

    length_s   None: until a cut-off by energy
    drop_kg    leaves at the end
    after_kg   or None: mass that flies on from the end, whatever was there
    exit_area_m2  of the nozzles that work
    usable_kg  or None: what may leave through the engines in open stretches from here on
    burn       of the tail stages, counted from 0; None: not a burn of theirs
    nominal_s  length of an open stretch in the plan
    gimbal     (2, n): tangents of the thrust's angle to the body's axis, up and to the left
    late_s     of the cut-off by energy, where it does not come when it should
    cuts       is it cut off by energy, where that is reached before `length_s`?
    """

    name: str
    length_s: Array | None
    thrust_n: Array
    flow_kg_s: Array
    exit_area_m2: Array
    drop_kg: Array
    after_kg: Array | None = None
    usable_kg: Array | None = None
    burn: int | None = None
    nominal_s: float = 0.0
    gimbal: Array | float = 0.0
    late_s: Array | float = 0.0
    cuts: bool = False


@dataclass(slots=True, eq=False)
class _Event:
    name: str
    at_s: Array
    happen: Callable[[], Array | None]


@dataclass(slots=True, eq=False)
class LaneTimeline:
    """Stages of a vehicle as `draw` has them, over its lanes; tanks as they stand.

    burning   what burns when the fixed part has been gone through, and at which level
    kept_kg   of stages that should have left: they leave with the next one
    """

    vehicle: Vehicle
    draw: Draw
    propellant_kg: dict[str, Array] = field(init=False)
    consumables_kg: dict[str, Array] = field(init=False)
    dry_kg: dict[str, Array] = field(init=False)
    burning: dict[str, float] = field(init=False, default_factory=dict)
    kept_kg: Array = field(init=False)

    def __post_init__(self) -> None:
        self.propellant_kg, self.consumables_kg, self.dry_kg = {}, {}, {}
        for k, s in enumerate(self.vehicle.stages):
            self.propellant_kg[s.id] = s.count * s.load_kg * self.draw.load[k]
            held = s.count * sum(c.mass_kg for c in s.consumables)
            self.consumables_kg[s.id] = np.full(self.draw.count, held)
            self.dry_kg[s.id] = s.count * s.dry_mass_kg * self.draw.dry_mass[k]
        self.kept_kg = np.zeros(self.draw.count)

    def thrust_n(self, stage: Stage) -> Array:
        """Vacuum thrust of all units at full throttle."""
        k = self.vehicle.stages.index(stage)
        out: Array = stage.count * stage.thrust_vacuum_n * self.draw.thrust[k]
        return out

    def flow_kg_s(self, stage: Stage) -> Array:
        """Main flow of all units at full throttle: F / (g0 Isp)."""
        k = self.vehicle.stages.index(stage)
        out: Array = self.thrust_n(stage) / (G0_M_S2 * stage.isp_vacuum_s * self.draw.isp[k])
        return out

    def flaw(self, name: str, stage: Stage) -> Array:
        """The row of a flaw of this stage."""
        out: Array = getattr(self.draw.flaws, name)[..., self.vehicle.stages.index(stage), :]
        return out

    def runs(self, stage: Stage, a: Array, b: Array) -> Array:
        """Mean part of the engines that run between a and b, s after ignition; 1 in lanes well."""
        part, from_s = self.flaw("engines", stage), self.flaw("engines_s", stage)
        well = np.clip((from_s - a) / np.maximum(b - a, _SAME_S), 0.0, 1.0)
        return np.where(part == 1.0, 1.0, well + (1.0 - well) * part)

    def left_behind(self, stage: Stage, kg: Array) -> Array:
        """What leaves when `stage` of `kg` does: all that hangs on it too, or nothing."""
        stays = self.flaw("retained", stage) > 0.0
        whole = kg + self.kept_kg
        self.kept_kg = np.where(stays, whole, 0.0)
        return np.where(stays, 0.0, whole)

    def usable_kg(self, stage: Stage) -> Array:
        """Main propellant that may still be burnt."""
        return self.propellant_kg[stage.id] - stage.count * stage.residual_kg

    def mass_kg(self, payload_kg: float) -> Array:
        """Of the whole stack, as the tanks stand now."""
        fairing = self.vehicle.fairing.mass_kg if self.vehicle.fairing else 0.0
        parts = [self.propellant_kg, self.consumables_kg, self.dry_kg]
        held: Array = np.sum([kg for part in parts for kg in part.values()], axis=0)
        return held + (fairing + self.vehicle.adapter_kg + payload_kg)

    def levels(self, stage: Stage) -> list[tuple[float, float]]:
        """Nominal seconds since lift-off or ignition, and the level of thrust from there on.

        A thrust curve goes in steps of its mean.
        """
        if not stage.thrust_curve:
            steps = [*stage.throttle]
            return steps if steps and steps[0][0] <= 0.0 else [(0.0, 1.0), *steps]
        out = []
        for s in burn_profile(stage):
            count = 1 if s.slope == 0.0 else math.ceil(s.length_s / _CURVE_STEP_S)
            step = s.length_s / count
            out += [
                (s.start_s + k * step, s.level(s.start_s + (k + 0.5) * step)) for k in range(count)
            ]
        return out

    def pace(self, stage: Stage) -> Array | float:
        """How much longer than nominal a solid's thrust curve takes, burning what it holds."""
        if not stage.thrust_curve:
            return 1.0
        nominal = stage.usable_kg / stage.mass_flow_kg_s
        out: Array = self.usable_kg(stage) / self.flow_kg_s(stage) / nominal
        return out

    def burning_s(self, stage: Stage) -> Array:
        """Seconds of burning until the usable main propellant is gone, or the curve has ended."""
        if stage.thrust_curve:
            return np.ones(self.draw.count) * (self.pace(stage) * cutoff_after_s(stage))
        whole = self._lasting_s(stage, 1.0)
        part = self.flaw("engines", stage)
        if np.any(part != 1.0):
            fewer = self._lasting_s(stage, part)
            # with no engine left the sequence goes on by the clock
            whole = np.where(np.isfinite(fewer), fewer, whole)
        return np.where(self.paces, self._paced_s(stage)[-1], whole)

    @property
    def paces(self) -> NDArray[np.bool_]:
        """Lanes whose throttle marks follow what has been burnt."""
        return self.draw.flaws.paced > 0.0

    def marks_s(self, stage: Stage) -> list[Array]:
        """When each of `levels` after the first begins, s after ignition."""
        later = [at for at, _ in self.levels(stage)[1:]]
        by_clock = [self.pace(stage) * at + np.zeros(self.draw.count) for at in later]
        if stage.thrust_curve or not np.any(self.paces):
            return by_clock
        burnt = self._paced_s(stage)
        return [np.where(self.paces, x, y) for x, y in zip(burnt, by_clock, strict=False)]

    def _paced_s(self, stage: Stage) -> list[Array]:
        """When each level ends, if by the part of the usable propellant burnt in the plan."""
        steps = self.levels(stage)
        nominal_kg, flow_kg_s = stage.usable_kg, stage.mass_flow_kg_s
        usable, flow = self.usable_kg(stage), self.flow_kg_s(stage)
        part, from_s = self.flaw("engines", stage), self.flaw("engines_s", stage)
        now, left = np.zeros(self.draw.count), 1.0
        out: list[Array] = []
        ends = [*(at for at, _ in steps[1:]), np.inf]
        for (start, level), end in zip(steps, ends, strict=True):
            share = left
            if end < np.inf:
                share = min(left, level * flow_kg_s * (end - start) / nominal_kg)
            left -= share
            rate = level * flow
            if level <= 0.0:
                now = now + (end - start)
            else:
                need = share * usable
                well = np.maximum(from_s - now, 0.0)
                rest = np.maximum(need - rate * well, 0.0)
                slow = np.divide(rest, rate * part, out=rest / rate, where=part > 0.0)
                now = now + np.minimum(need / rate, well) + slow
            out.append(now)
        return out

    def _lasting_s(self, stage: Stage, part: Array | float) -> Array:
        """Seconds of burning by the clock, `part` of the engines from the lane's instant on."""
        left, flow = self.usable_kg(stage), self.flow_kg_s(stage)
        from_s = self.flaw("engines_s", stage)
        steps = self.levels(stage)
        out = np.full(self.draw.count, np.inf)
        ends = [*(start for start, _ in steps[1:]), np.inf]
        for (start, fraction), end in zip(steps, ends, strict=True):
            turn = np.clip(from_s, start, end)
            first, last = np.full_like(out, start), np.full_like(out, end)
            for a, b, share in ((first, turn, 1.0), (turn, last, part)):
                rate = fraction * share * flow
                lasts = np.full_like(out, np.inf)
                np.divide(left, rate, out=lasts, where=rate > 0.0)
                dry = a + lasts
                out = np.where((out == np.inf) & (dry <= b), dry, out)
                left = left - rate * np.minimum(b - a, _LONG_S)
        return out


def _times(lanes: LaneTimeline, fixed: Sequence[Stage]) -> dict[str, tuple[Array, Array]]:
    """Ignition and cut-off of each stage."""
    times: dict[str, tuple[Array, Array]] = {}
    for s in fixed:
        late = lanes.draw.ignition_delay_s[lanes.vehicle.stages.index(s)]
        if s.ignition.kind == "lift-off":
            lit = np.full(lanes.draw.count, max(0.0, s.ignition.delay_s))
        elif s.ignition.stage == "lift-off":
            lit = s.ignition.delay_s + late
        else:
            lit = times[s.ignition.stage][1] + s.ignition.delay_s + late
        burning = lanes.burning_s(s)
        late = lanes.flaw("cutoff_s", s)
        commanded = burning if s.cutoff_s is None else np.minimum(s.cutoff_s, burning)
        burning = np.maximum(np.minimum(commanded + late, burning), 0.0)
        times[s.id] = (lit, lit + burning)
    return times


class _Sequencer:
    """Who burns at which fraction, as the events pass."""

    def __init__(self, lanes: LaneTimeline) -> None:
        self.lanes = lanes
        self.burning: dict[str, float] = {}
        self.lit_s: dict[str, Array] = {}

    def throttle(self, stage: Stage, fraction: float) -> None:
        if stage.id in self.burning:
            self.burning[stage.id] = fraction

    def ignite(self, stage: Stage, fraction: float) -> Array | None:
        self.burning[stage.id] = fraction
        if not stage.ignition_loss_kg or stage.ignition.kind == "lift-off":
            return None
        loss = stage.count * stage.ignition_loss_kg * self.lanes.flaw("lights", stage)
        self.lanes.propellant_kg[stage.id] = self.lanes.propellant_kg[stage.id] - loss
        return loss

    def cut(self, stage: Stage) -> None:
        self.burning.pop(stage.id, None)

    def separate(self, stage: Stage) -> Array:
        lanes = self.lanes
        own = lanes.dry_kg[stage.id] + (
            lanes.propellant_kg[stage.id] + lanes.consumables_kg[stage.id]
        )
        return lanes.left_behind(stage, own)

    def jettison(self, stage: Stage, mass_kg: float) -> Array:
        self.lanes.dry_kg[stage.id] = self.lanes.dry_kg[stage.id] - mass_kg
        return np.full(self.lanes.draw.count, mass_kg)

    def stretch(self, name: str, begin_s: Array, length_s: Array) -> Stretch:
        """What burns from `begin_s` on, for `length_s`, out of the tanks."""
        lanes = self.lanes
        zero = np.zeros(lanes.draw.count)
        thrust, flow, area = zero, zero, zero
        aside = np.zeros((2, lanes.draw.count))
        for id_, fraction in self.burning.items():
            s = lanes.vehicle.stage(id_)
            since = begin_s - self.lit_s[id_]
            works = lanes.flaw("lights", s) * lanes.runs(s, since, since + length_s)
            share = fraction * works * self._lasting(s, fraction * works, length_s)
            main = share * lanes.flow_kg_s(s)
            side = self._side_flow(s, length_s)
            push = share * lanes.thrust_n(s)
            thrust = thrust + push
            aside = aside + push * np.tan(lanes.flaw("gimbal", s))
            flow = flow + (main + side)
            # an engine that stands still has the air before it and behind it
            area = area + works * (s.count * s.exit_area_m2)
            lanes.propellant_kg[id_] = lanes.propellant_kg[id_] - main * length_s
            lanes.consumables_kg[id_] = lanes.consumables_kg[id_] - side * length_s
        gimbal = aside / np.where(thrust > 0.0, thrust, 1.0)
        return Stretch(name, length_s, thrust, flow, area, zero, gimbal=gimbal)

    def _side_flow(self, stage: Stage, length_s: Array) -> Array:
        """Flow of consumables, spread over the stretch in which they are gone."""
        most = stage.count * sum(c.flow_kg_s or 0.0 for c in stage.consumables)
        stays = stage.count * sum(c.mass_kg for c in stage.consumables if not c.flow_kg_s)
        held = np.maximum(self.lanes.consumables_kg[stage.id] - stays, 0.0)
        return np.minimum(most, held / np.maximum(length_s, _SAME_S))

    def _lasting(self, stage: Stage, fraction: Array, length_s: Array) -> Array:
        """The part of `length_s` that the propellant lasts: 1 but where events change places."""
        need = fraction * self.lanes.flow_kg_s(stage) * length_s
        have = np.maximum(self.lanes.usable_kg(stage), 0.0)
        out: Array = np.ones_like(need)
        return np.divide(have, need, out=out, where=need > have + _SAME_KG)


def _events(lanes: LaneTimeline, steps: _Sequencer, open_end: Stage | None) -> list[_Event]:
    vehicle = lanes.vehicle
    fixed = [*vehicle.stages[: tail_of(vehicle)], *([open_end] if open_end else [])]
    times = _times(lanes, fixed)
    out: list[_Event] = []
    for s in fixed:
        lit, off = times[s.id]
        steps.lit_s[s.id] = lit
        name = display_name(vehicle, s)
        ends = s is not open_end
        levels = lanes.levels(s)
        first = levels[0][1]
        if lit[0] <= 0.0:
            steps.ignite(s, first)
        else:
            out.append(_Event(f"{name} ignition", lit, partial(steps.ignite, s, first)))
        for (at, fraction), since in zip(levels[1:], lanes.marks_s(s), strict=True):
            if not ends or lit[0] + at < off[0] - _SAME_S:
                mark = lit + since
                out.append(
                    _Event(
                        f"{name} throttle",
                        np.minimum(mark, off) if ends else mark,
                        partial(steps.throttle, s, fraction),
                    )
                )
        for j in s.jettisons:
            out.append(
                _Event(
                    f"{name} {j.name}",
                    lit + j.after_ignition_s,
                    partial(steps.jettison, s, s.count * j.mass_kg),
                )
            )
        if ends:
            out.append(_Event(f"{name} cut-off", off, partial(steps.cut, s)))
            if s is not vehicle.stages[-1]:
                at_s = np.maximum(off + s.separation_delay_s + lanes.flaw("separation_s", s), 0.0)
                out.append(_Event(f"{name} separation", at_s, partial(steps.separate, s)))
    return out


def fixed_part(lanes: LaneTimeline, clock: Sequence[tuple[str, float, float]]) -> list[Stretch]:
    """Everything that follows from loads, thrust and rules, in the order of lane 0's events.

    clock  what the plan adds by the clock: name, seconds after lift-off, mass dropped in kg (the
           fairing's: it alone weighs something)

    The tanks of `lanes` are left as they stand at the end. A lane in which two events would
    change places has the later-listed one at the instant of the earlier; an engine that runs dry
    before its mark gives what it has, spread over the stretch.
    """
    tl = timeline(lanes.vehicle)
    steps = _Sequencer(lanes)
    open_end = tl.tail[0].stage if tl.tail and tl.tail[0].lit else None
    events = _events(lanes, steps, open_end)
    n = lanes.draw.count
    flaws = lanes.draw.flaws
    for name, planned_s, kg in clock:
        late = flaws.fairing_s if kg > 0.0 else np.zeros(n)
        gone = kg * (1.0 - flaws.fairing_kept)
        events.append(_Event(name, planned_s + late, gone.copy))
    events.sort(key=lambda e: float(e.at_s[0]))
    out: list[Stretch] = []
    now = np.zeros(n)
    for event in events:
        at = np.maximum(event.at_s, now)
        stretch = steps.stretch(event.name, now, at - now)
        dropped = event.happen()
        if dropped is not None:
            stretch.drop_kg = dropped
        out.append(stretch)
        now = at
    lanes.burning = steps.burning
    return out
