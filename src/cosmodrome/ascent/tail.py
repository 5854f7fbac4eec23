"""The burns a plan disposes of, over many dispersed flights: coasts, burns, separations.

Coasts last as planned, from the cut-off before them: an orbit reached late is then met at the same
place between its apsides, where the plan's instant would not be. A burn is cut off by energy; the
only burn of a stage that the plan empties, with another stage above it, runs to depletion. A burn
whose throttle moves is one phase a level: by the clock, or as its propellant goes in lanes that
pace, and cut off by energy in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.lane_timeline import LaneTimeline, Stretch
from cosmodrome.vehicle import display_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.record.nouns import PlanPhase

    Array = NDArray[np.float64]

__all__ = ["tail_part"]

# a stage that ends with less than this part of its usable propellant is emptied
_EMPTY = 0.01


@dataclass(slots=True, eq=False)
class _Tail:
    """The part of a plan after what rules fix, in the making.

    payload_kg    all that is carried, spacecraft and their adapters
    phases        of the plan, up to the release
    cargo         mass of what leaves on the way, by id
    waypoints     ends of phases at which the burn goes on to its next aim
    fairing_kg    its mass while it is on; in a lane that keeps it, to the end
    A stage of `lanes.burning` burns already when the first phase begins.
    """

    lanes: LaneTimeline
    payload_kg: float
    phases: Sequence[PlanPhase]
    fairing_kg: Array
    cargo: Mapping[str, float]
    waypoints: Sequence[float]
    out: list[Stretch] = field(default_factory=list)

    @property
    def nothing(self) -> Array:
        return np.zeros(self.lanes.draw.count)

    def burns_of(self, stage: Stage) -> list[PlanPhase]:
        return [p for p in self.phases if stage.id in p.burning]

    def spent_kg(self, stage: Stage) -> Array:
        """What `stage` uses beside its open burns: settling, ignitions, burns until a timer."""
        used = self.nothing
        for k, p in enumerate(self.phases):
            length = p.end_s - p.start_s
            if stage.id in p.settling:
                used = used + stage.count * stage.settling_flow_kg_s * length
            if stage.id in p.burning:
                if not self._continues(k - 1, stage) and not self.lit(k, stage):
                    used = used + stage.count * stage.ignition_loss_kg
                if self._continues(k + 1, stage) and not self.passes(k) and not self.cuts(k):
                    used = used + self.level(k, stage) * self.lanes.flow_kg_s(stage) * length
        return used

    def lit(self, k: int, stage: Stage) -> bool:
        """Does it burn on from what rules fix?"""
        return k == 0 and stage.id in self.lanes.burning

    def level(self, k: int, stage: Stage) -> float:
        """Of its thrust in phase k: that of what rules fix, where it burns on from there."""
        before = all(stage.id in p.burning for p in self.phases[: k + 1])
        fixed = self.lanes.burning.get(stage.id, 1.0) if before else 1.0
        return fixed * self.phases[k].throttle

    def cuts(self, k: int) -> bool:
        """Is phase k one of a burn whose throttle moves, and not the last of them?"""
        here, after = self.phases[k], self.phases[k + 1 : k + 2]
        return bool(after) and self.throttled(k) and after[0].burning == here.burning

    def throttled(self, k: int) -> bool:
        """Does the burn of phase k change its level?"""
        burning = self.phases[k].burning
        first = last = k
        while first > 0 and self.phases[first - 1].burning == burning:
            first -= 1
        while last + 1 < len(self.phases) and self.phases[last + 1].burning == burning:
            last += 1
        return len({p.throttle for p in self.phases[first : last + 1]}) > 1

    def passes(self, k: int) -> bool:
        """Does phase k end where the energy of a waypoint is met, the engine burning on?"""
        return self.phases[k].end_s in self.waypoints

    def _continues(self, k: int, stage: Stage) -> bool:
        return 0 <= k < len(self.phases) and stage.id in self.phases[k].burning

    def above_kg(self, stage: Stage) -> Array:
        """Mass that flies on when `stage` has gone."""
        lanes = self.lanes
        stages = lanes.vehicle.stages
        total = self.nothing + (lanes.vehicle.adapter_kg + self.payload_kg + self.fairing_kg)
        for s in stages[stages.index(stage) + 1 :]:
            total = total + lanes.dry_kg[s.id] + lanes.propellant_kg[s.id]
            total = total + lanes.consumables_kg[s.id]
        return total

    def leave(self, k: int, stretch: Stretch) -> None:
        """What phase k drops, and what an ignition right after it loses."""
        phase = self.phases[k]
        vehicle = self.lanes.vehicle
        released = sum(self.cargo.get(i, 0.0) for i in phase.drops_at_end)
        self.payload_kg -= released
        stretch.drop_kg = stretch.drop_kg + released
        if "fairing" in phase.drops_at_end:
            gone = self.fairing_kg * (1.0 - self.lanes.draw.flaws.fairing_kept)
            stretch.drop_kg = stretch.drop_kg + gone
            self.fairing_kg = self.fairing_kg - gone
        for s in vehicle.stages:
            if s.id in phase.drops_at_end:
                stays = self.lanes.flaw("retained", s) > 0.0
                stretch.after_kg = np.where(stays, -1e9, self.above_kg(s))
        lights = [
            i for p in self.phases[k + 1 : k + 2] for i in p.burning if i not in phase.burning
        ]
        loss = sum(vehicle.stage(i).count * vehicle.stage(i).ignition_loss_kg for i in lights)
        stretch.drop_kg = stretch.drop_kg + loss
        if stretch.after_kg is not None:
            stretch.after_kg = stretch.after_kg - loss

    def coast(self, k: int, number: int) -> None:
        """Phase k, before burn `number`."""
        phase, vehicle = self.phases[k], self.lanes.vehicle
        flow = sum(
            vehicle.stage(i).count * vehicle.stage(i).settling_flow_kg_s for i in phase.settling
        )
        length = self.nothing + (phase.end_s - phase.start_s)
        for i in self.phases[k + 1].burning if k + 1 < len(self.phases) else ():
            index = vehicle.stages.index(vehicle.stage(i))
            length = length + self.lanes.draw.ignition_delay_s[index]
            length = length + self.lanes.draw.flaws.burn_delay_s[number]
        stretch = Stretch(
            phase.name, length, self.nothing, self.nothing + flow, self.nothing, self.nothing
        )
        self.leave(k, stretch)
        self.out.append(stretch)

    def burn(self, k: int, number: int) -> None:
        """Phase k of burn `number`: until a timer, by depletion, or open."""
        phase, lanes = self.phases[k], self.lanes
        stage = lanes.vehicle.stage(phase.burning[0])
        if stage.solid:
            self.solid(k, stage, number)
            return
        level = self.level(k, stage)
        flow = level * lanes.flow_kg_s(stage)
        side = stage.count * sum(c.flow_kg_s or 0.0 for c in stage.consumables)
        first = self.burns_of(stage)[0] is phase
        usable = lanes.usable_kg(stage) - self.spent_kg(stage)
        length: Array | None = None
        flaws = lanes.draw.flaws
        late = flaws.burn_late_s[number]
        if self.passes(k):
            # no command, and so no tail-off
            late = -lanes.draw.tail_s
        elif self.cuts(k):
            slow = lanes.flow_kg_s(stage)
            length = np.where(lanes.paces, slow[0] / slow, 1.0) * (phase.end_s - phase.start_s)
        elif self._continues(k + 1, stage):
            length = self.nothing + (phase.end_s - phase.start_s)
            if "fairing" in phase.drops_at_end:
                length = np.maximum(length + flaws.fairing_s, 0.0)
        elif not self.throttled(k) and self.emptied(stage, usable):
            length = np.maximum(usable / flow + np.minimum(late, 0.0), 0.0)
        # a stage that burns on from what rules fix was lit there
        lights = flaws.burn_lights[number]
        if stage.id in lanes.burning:
            lights = lights * lanes.flaw("lights", stage)
        self.out.append(
            Stretch(
                phase.name,
                length,
                lights * (level * lanes.thrust_n(stage)),
                lights * (flow + side),
                lights * (stage.count * stage.exit_area_m2),
                self.nothing,
                usable_kg=usable * (flow + side) / flow if first else None,
                burn=number,
                nominal_s=phase.end_s - phase.start_s,
                gimbal=np.tan(lanes.flaw("gimbal", stage)),
                late_s=late,
                cuts=self.cuts(k) and not self.passes(k),
            )
        )
        self.leave(k, self.out[-1])

    def emptied(self, stage: Stage, usable: Array) -> bool:
        """Does the plan burn all of it, with a stage above to make up for what is missing?"""
        last = [
            (p.end_s - p.start_s) * self.level(k, stage)
            for k, p in enumerate(self.phases)
            if stage.id in p.burning and not self._continues(k + 1, stage)
        ]
        left = usable[0] - sum(last) * self.lanes.flow_kg_s(stage)[0]
        alone = stage is not self.lanes.vehicle.stages[-1] and len(last) == 1
        return alone and bool(left < _EMPTY * usable[0])

    def solid(self, k: int, stage: Stage, number: int) -> None:
        """All of a motor's curve when its first phase comes."""
        if self.burns_of(stage)[0] is not self.phases[k]:
            self.leave(k, self.out[-1])
            return
        lanes = self.lanes
        levels, pace = lanes.levels(stage), lanes.pace(stage)
        ends = [*(at for at, _ in levels[1:]), None]
        whole = lanes.burning_s(stage)
        lights = lanes.draw.flaws.burn_lights[number]
        for (at, level), end in zip(levels, ends, strict=True):
            length = (whole if end is None else pace * end) - pace * at
            self.out.append(
                Stretch(
                    display_name(lanes.vehicle, stage),
                    self.nothing + length,
                    lights * (level * lanes.thrust_n(stage)),
                    lights * (level * lanes.flow_kg_s(stage)),
                    lights * (stage.count * stage.exit_area_m2),
                    self.nothing,
                    burn=number,
                    gimbal=np.tan(lanes.flaw("gimbal", stage)),
                )
            )
        self.leave(k, self.out[-1])


def tail_part(
    lanes: LaneTimeline,
    payload_kg: float,
    phases: Sequence[PlanPhase],
    fairing_kg: float,
    cargo: Mapping[str, float],
    waypoints: Sequence[float],
) -> list[Stretch]:
    """Stretches of the plan's `phases` after what rules fix, burns counted."""
    flaws = lanes.draw.flaws
    fairing = lanes.vehicle.fairing
    mass_kg = fairing.mass_kg if fairing else 0.0
    # gone before the tail begins, but where it stays
    on = np.full(lanes.draw.count, fairing_kg) if fairing_kg else mass_kg * flaws.fairing_kept
    tail = _Tail(lanes, payload_kg, phases, on, cargo, waypoints)
    number = 0
    for k, phase in enumerate(phases):
        if phase.burning:
            tail.burn(k, number)
            number += k + 1 < len(phases) and phases[k + 1].burning != phase.burning
        else:
            tail.coast(k, number)
    return tail.out
