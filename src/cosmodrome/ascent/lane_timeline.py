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


@dataclass(slots=True, eq=False)
class Stretch:
    """Between two events: rows over the lanes.

    length_s   None: until a cut-off by energy
    drop_kg    leaves at the end
    after_kg   or None: mass that flies on from the end, whatever was there
    usable_kg  or None: what may leave through the engines in open stretches from here on
    burn       of the tail stages, counted from 0; None: not a burn of theirs
    nominal_s  length of an open stretch in the plan
    """

    name: str
    length_s: Array | None
    thrust_n: Array
    flow_kg_s: Array
    exit_area_m2: float
    drop_kg: Array
    after_kg: Array | None = None
    usable_kg: Array | None = None
    burn: int | None = None
    nominal_s: float = 0.0


@dataclass(slots=True, eq=False)
class _Event:
    name: str
    at_s: Array
    happen: Callable[[], Array | None]


@dataclass(slots=True, eq=False)
class LaneTimeline:
    """Stages of a vehicle as `draw` has them, over its lanes; tanks as they stand.

    burning   what burns when the fixed part has been gone through, and at which level
    """

    vehicle: Vehicle
    draw: Draw
    propellant_kg: dict[str, Array] = field(init=False)
    consumables_kg: dict[str, Array] = field(init=False)
    dry_kg: dict[str, Array] = field(init=False)
    burning: dict[str, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.propellant_kg, self.consumables_kg, self.dry_kg = {}, {}, {}
        for k, s in enumerate(self.vehicle.stages):
            self.propellant_kg[s.id] = s.count * s.load_kg * self.draw.load[k]
            held = s.count * sum(c.mass_kg for c in s.consumables)
            self.consumables_kg[s.id] = np.full(self.draw.count, held)
            self.dry_kg[s.id] = s.count * s.dry_mass_kg * self.draw.dry_mass[k]

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
        left, flow = self.usable_kg(stage), self.flow_kg_s(stage)
        steps = self.levels(stage)
        out = np.full(self.draw.count, np.inf)
        ends = [*(start for start, _ in steps[1:]), np.inf]
        for (start, fraction), end in zip(steps, ends, strict=True):
            if fraction > 0.0:
                dry = start + left / (fraction * flow)
                out = np.where((out == np.inf) & (dry <= end), dry, out)
                left = left - fraction * flow * (end - start if end < np.inf else 0.0)
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
        if s.cutoff_s is not None:
            burning = np.minimum(s.cutoff_s, burning)
        times[s.id] = (lit, lit + burning)
    return times


class _Sequencer:
    """Who burns at which fraction, as the events pass."""

    def __init__(self, lanes: LaneTimeline) -> None:
        self.lanes = lanes
        self.burning: dict[str, float] = {}

    def throttle(self, stage: Stage, fraction: float) -> None:
        if stage.id in self.burning:
            self.burning[stage.id] = fraction

    def ignite(self, stage: Stage, fraction: float) -> Array | None:
        self.burning[stage.id] = fraction
        if not stage.ignition_loss_kg or stage.ignition.kind == "lift-off":
            return None
        loss = stage.count * stage.ignition_loss_kg
        self.lanes.propellant_kg[stage.id] = self.lanes.propellant_kg[stage.id] - loss
        return np.full(self.lanes.draw.count, loss)

    def cut(self, stage: Stage) -> None:
        self.burning.pop(stage.id, None)

    def separate(self, stage: Stage) -> Array:
        lanes = self.lanes
        return lanes.dry_kg[stage.id] + (
            lanes.propellant_kg[stage.id] + lanes.consumables_kg[stage.id]
        )

    def jettison(self, stage: Stage, mass_kg: float) -> Array:
        self.lanes.dry_kg[stage.id] = self.lanes.dry_kg[stage.id] - mass_kg
        return np.full(self.lanes.draw.count, mass_kg)

    def stretch(self, name: str, length_s: Array) -> Stretch:
        """What burns now, for `length_s`, out of the tanks."""
        lanes = self.lanes
        zero = np.zeros(lanes.draw.count)
        thrust, flow, area = zero, zero, 0.0
        for id_, fraction in self.burning.items():
            s = lanes.vehicle.stage(id_)
            share = fraction * self._lasting(s, fraction, length_s)
            main = share * lanes.flow_kg_s(s)
            side = self._side_flow(s, length_s)
            thrust = thrust + share * lanes.thrust_n(s)
            flow = flow + (main + side)
            area += s.count * s.exit_area_m2
            lanes.propellant_kg[id_] = lanes.propellant_kg[id_] - main * length_s
            lanes.consumables_kg[id_] = lanes.consumables_kg[id_] - side * length_s
        return Stretch(name, length_s, thrust, flow, area, zero)

    def _side_flow(self, stage: Stage, length_s: Array) -> Array:
        """Flow of consumables, spread over the stretch in which they are gone."""
        most = stage.count * sum(c.flow_kg_s or 0.0 for c in stage.consumables)
        stays = stage.count * sum(c.mass_kg for c in stage.consumables if not c.flow_kg_s)
        held = np.maximum(self.lanes.consumables_kg[stage.id] - stays, 0.0)
        return np.minimum(most, held / np.maximum(length_s, _SAME_S))

    def _lasting(self, stage: Stage, fraction: float, length_s: Array) -> Array:
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
        name = display_name(vehicle, s)
        ends = s is not open_end
        levels, pace = lanes.levels(s), lanes.pace(s)
        first = levels[0][1]
        if lit[0] <= 0.0:
            steps.ignite(s, first)
        else:
            out.append(_Event(f"{name} ignition", lit, partial(steps.ignite, s, first)))
        for at, fraction in levels[1:]:
            if not ends or lit[0] + at < off[0] - _SAME_S:
                mark = lit + pace * at
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
                at_s = off + s.separation_delay_s
                out.append(_Event(f"{name} separation", at_s, partial(steps.separate, s)))
    return out


def fixed_part(lanes: LaneTimeline, clock: Sequence[tuple[str, float, float]]) -> list[Stretch]:
    """Everything that follows from loads, thrust and rules, in the order of lane 0's events.

    clock  what the plan adds by the clock: name, seconds after lift-off, mass dropped in kg

    The tanks of `lanes` are left as they stand at the end. A lane in which two events would
    change places has the later-listed one at the instant of the earlier; an engine that runs dry
    before its mark gives what it has, spread over the stretch.
    """
    tl = timeline(lanes.vehicle)
    steps = _Sequencer(lanes)
    open_end = tl.tail[0].stage if tl.tail and tl.tail[0].lit else None
    events = _events(lanes, steps, open_end)
    n = lanes.draw.count
    events += [_Event(name, np.full(n, at), partial(np.full, n, kg)) for name, at, kg in clock]
    events.sort(key=lambda e: float(e.at_s[0]))
    out: list[Stretch] = []
    now = np.zeros(n)
    for event in events:
        at = np.maximum(event.at_s, now)
        stretch = steps.stretch(event.name, at - now)
        dropped = event.happen()
        if dropped is not None:
            stretch.drop_kg = dropped
        out.append(stretch)
        now = at
    lanes.burning = steps.burning
    return out
