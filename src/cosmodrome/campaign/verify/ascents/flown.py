"""Faulted climbs, flown: closed-loop in batches where guidance can, else by the plan's timers.

A fault becomes a lane of `ascent.Draw`, or another aim; all lanes fly together in the compiled
kernel. Missions that guidance cannot fly (`repeated.open_loop`) are executed one by one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent import Draw, fly_guided
from cosmodrome.ascent.guided import marked
from cosmodrome.ascent.launch import pad_in_launch_frame
from cosmodrome.ascent.schedule import burns_of
from cosmodrome.campaign.verify.ascents.aimed_wrong import aimed_wrong
from cosmodrome.campaign.verify.ascents.faults import AXES
from cosmodrome.campaign.verify.ascents.repeated import repeated
from cosmodrome.campaign.verify.ascents.timed import executed
from cosmodrome.campaign.verify.nouns import Released
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission
from cosmodrome.solvers.guided import Status
from cosmodrome.vehicle import timeline
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.ascent import GuidedBatch
    from cosmodrome.ascent.guided import GuidedProgramme
    from cosmodrome.campaign.verify.nouns import Way
    from cosmodrome.record.faults import Fault
    from cosmodrome.record.nouns import Flight, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["fly_ascents"]

_LANES = 512
_FOREVER_S = 1e6
# no propellant left, and so much of the energy aimed at missing: it ran dry before its cut-off
_NONE_KG, _SHORT = 1e-3, 1e-5
_TOLD = {
    Status.LATE: "a cut-off did not come: the engine gave too little",
    Status.LOST: "guidance did not converge for 20 cycles on end; its last law was held",
}


def fly_ascents(
    flight: Flight, faults: Sequence[Fault], world: World, watch: Watch = SILENT
) -> tuple[Released, ...]:
    """How each faulted climb ends, in the order of `faults`: the primary spacecraft's release, and
    in `others` those of all that it shares the launch with.

    Raises InputError for a fault whose path or kind is not of `ascent_faults`, or of a mission
    that begins in orbit; nothing that happens to a flight is an exception.
    """
    mission, plan = flight.mission, flight.legs[0].plan
    if plan is None or flight.launch is None or not isinstance(mission, Mission):
        raise InputError(f"mission {mission.name!r} begins in orbit: there is no ascent to fault")
    try:
        programme = repeated(flight, world)
    except InputError as why:
        return tuple(executed(flight, f, world, watch, str(why)) for f in faults)
    fleet = _Fleet(mission, plan, programme, world)
    found: dict[int, Released] = {}
    for kind, members in _grouped(faults).items():
        for k in range(0, len(members), _LANES):
            stop_if_cancelled(watch)
            some = members[k : k + _LANES]
            flown = fleet.fly([faults[i] for i in some], kind)
            found |= dict(zip(some, flown, strict=True))
    return tuple(found[k] for k in range(len(faults)))


def _grouped(faults: Sequence[Fault]) -> dict[str, list[int]]:
    """Indices of what flies with one programme: plain, with marks, and by each wrong aim."""
    out: dict[str, list[int]] = {}
    for k, fault in enumerate(faults):
        words = fault.path.split(".")
        kind = "plain"
        if "engines" in words and words[-1] != "0":
            kind = "marked"
        elif "aims" in words:
            kind = fault.id
        out.setdefault(kind, []).append(k)
    return out


class _Fleet:
    """Faults of one flight as lanes."""

    def __init__(
        self,
        mission: Mission,
        plan: Plan,
        programme: GuidedProgramme,
        world: World,
    ) -> None:
        self.plan, self.programme = plan, programme
        self.vehicle = mission.vehicle
        self.ids = [s.id for s in self.vehicle.stages]
        self.burns = burns_of(plan, self.vehicle)
        self.axes = pad_in_launch_frame(mission.site, plan.epoch, world)[2]
        self.from_gcrf = np.asarray(plan.launch_axes)
        priced_kg = float(plan.targets["payload_kg"])
        self.mass_kg = {c.id: c.mass_kg or priced_kg for c in mission.crafts}
        self.lit_s = self._ignitions()
        self.fairing_s = next(
            (p.end_s for p in plan.phases if "fairing" in p.drops_at_end), math.inf
        )

    def _ignitions(self) -> dict[str, tuple[float, float]]:
        """First start and last end of burning of each stage in the plan."""
        out: dict[str, tuple[float, float]] = {}
        for p in self.plan.phases:
            for id_ in p.burning:
                out[id_] = (out.get(id_, (p.start_s, 0.0))[0], p.end_s)
        return out

    def fly(self, faults: Sequence[Fault], kind: str) -> list[Released]:
        """All of `faults`, which fly with one programme."""
        draw = Draw.nominal(self.vehicle, len(faults))
        draw.flaws.paced[:] = 1.0
        marks: set[float] = set()
        effects = [self._write(draw, lane, f, marks) for lane, f in enumerate(faults)]
        programme = self.programme
        if kind == "marked":
            end_s = timeline(self.vehicle).end_s
            programme = marked(programme, tuple(sorted(t for t in marks if 0.0 < t < end_s)))
        elif kind != "plain":
            programme = aimed_wrong(programme, faults[0])
        batch = fly_guided(programme, draw)
        return [
            self._released(fault, effect, batch, lane)
            for lane, (fault, effect) in enumerate(zip(faults, effects, strict=True))
        ]

    def _released(self, fault: Fault, effect_s: float, batch: GuidedBatch, k: int) -> Released:
        """The primary spacecraft, and all others of the launch."""
        first, *others = (
            self._left(craft, fault, effect_s, batch, k) for craft, _ in self.programme.releases
        )
        return replace(first, others=tuple(others))

    # a fault as a lane -----------------------------------------------------------------
    def _write(self, draw: Draw, lane: int, fault: Fault, marks: set[float]) -> float:
        """Write a fault into a lane; when it has its effect, s after lift-off."""
        match fault.path.split("."):
            case ["ascent", "stages", id_, *what] if id_ in self.ids:
                return self._stage(draw, lane, fault, id_, what, marks)
            case ["ascent", "burns", number, what] if number.isdigit():
                if int(number) < len(self.burns):
                    return self._burn(draw, lane, fault, int(number), what)
            case ["ascent", "fairing", "separation"]:
                if fault.kind == "retain":
                    draw.flaws.fairing_kept[lane] = 1.0
                else:
                    draw.flaws.fairing_s[lane] = fault.value
                return self.fairing_s + min(0.0, fault.value)
            case ["ascent", "guidance", "alignment", axis] if axis in AXES:
                draw.flaws.alignment[:, lane] = fault.value * self.axes[AXES.index(axis)]
                return 0.0
            case ["ascent", "guidance", "aims", _]:
                return self.programme.schedule.guided_s
            case ["ascent", "navigation", "place" | "velocity" as of, axis] if axis in AXES:
                rows = slice(0, 3) if of == "place" else slice(3, 6)
                draw.navigation[rows, lane] = fault.value * self.axes[AXES.index(axis)]
                return self.programme.schedule.guided_s
            case ["ascent", "air", "density" | "wind" as name] | ["ascent", "drag" as name]:
                getattr(draw, name)[lane] = fault.value
                return 0.0
            case _:
                pass
        raise _unknown(fault)

    def _stage(
        self, draw: Draw, lane: int, fault: Fault, id_: str, what: list[str], marks: set[float]
    ) -> float:
        k, flaws = self.ids.index(id_), draw.flaws
        lit, off = self.lit_s.get(id_, (0.0, 0.0))
        match (what, fault.kind):
            case [["thrust" | "isp" | "load" | "dry_mass" as name], "factor"]:
                getattr(draw, name)[k, lane] = fault.value
                return 0.0 if name in {"load", "dry_mass"} else lit
            case [["units"], "factor"]:
                flaws.lights[k, lane] = fault.value
                return lit
            case [["engines", since], "factor"] if since.isdigit():
                flaws.engines[k, lane], flaws.engines_s[k, lane] = fault.value, float(since)
                marks.add(lit + float(since))
                return lit + float(since)
            case [["gimbal", "pitch" | "yaw" as axis], "turn"]:
                flaws.gimbal[0 if axis == "pitch" else 1, k, lane] = fault.value
                return lit
            case [["ignition"], "omit"]:
                flaws.lights[k, lane] = 0.0
                return lit
            case [["ignition"], "offset"]:
                draw.ignition_delay_s[k, lane] = fault.value
                return lit
            case [["cutoff"], "offset"]:
                flaws.cutoff_s[k, lane] = fault.value
                return off + min(fault.value, 0.0)
            case [["separation"], "retain"]:
                flaws.retained[k, lane] = 1.0
                return off
            case [["separation"], "offset"]:
                flaws.separation_s[k, lane] = fault.value
                return off
            case _:
                raise _unknown(fault)

    def _burn(self, draw: Draw, lane: int, fault: Fault, number: int, what: str) -> float:
        flaws = draw.flaws
        _, start, end = self.burns[number]
        match (what, fault.kind):
            case ("ignition", "omit"):
                flaws.burn_lights[number, lane] = 0.0
                return start
            case ("ignition", "offset"):
                flaws.burn_delay_s[number, lane] = fault.value
                return start
            case ("cutoff", "omit"):
                flaws.burn_late_s[number, lane] = _FOREVER_S
                return end
            case ("cutoff", "offset"):
                flaws.burn_late_s[number, lane] = fault.value
                return end + min(fault.value, 0.0)
            case _:
                raise _unknown(fault)

    # what came of it -------------------------------------------------------------------
    def _left(
        self, craft: str, fault: Fault, effect_s: float, batch: GuidedBatch, k: int
    ) -> Released:
        """How one spacecraft left the stack in a lane."""
        seconds, place, velocity = batch.releases[craft]
        t = float(seconds[k])
        way, why = self._way(craft, batch, k)
        back = self.from_gcrf.T
        r, v = back @ place[:, k], back @ velocity[:, k]
        state = None
        if way != "impact" and np.all(np.isfinite(r)) and np.all(np.isfinite(v)):
            # to the nanosecond, as all instants are
            state = State(self.plan.epoch + round(t, 9), GCRF, r, v, self.mass_kg[craft])
        figures = {
            "max_q_pa": float(batch.max_q_pa[k]),
            "max_q_alpha_pa_rad": float(batch.max_q_alpha_pa_rad[k]),
            "cycles_missed": float(batch.unconverged[k]),
        }
        left_kg = float(batch.margin_kg[k])
        return Released(fault, way, why, state, t, effect_s, left_kg, figures, craft=craft)

    def _way(self, craft: str, batch: GuidedBatch, k: int) -> tuple[Way, str]:
        """How a lane went up to a release. A stage that ran dry below another is no end, if that
        one made up for it."""
        status, t = Status(int(batch.status[k])), float(batch.releases[craft][0][k])
        if status == Status.GROUND:
            if t >= float(batch.release_s[k]):
                return "impact", f"meets the ground at T+{t:.0f} s"
            # on the ground after it let this one go
            status = Status.FLOWN
        leg = self.programme.leg_of(craft)
        aim, mu = self.programme.core.aims[leg], self.programme.core.surroundings.mu
        wanted = 0.5 * aim.speed_m_s**2 - mu / aim.radius_m
        missing = wanted - float(batch.energies_j_kg[leg, k])
        if aim.sense < 0.0:
            # it ran dry on its way down, or up from below
            missing = abs(missing)
        if float(batch.margin_kg[k]) < _NONE_KG and missing > _SHORT * abs(wanted):
            at = float(batch.cutoffs_s[leg, k])
            return "exhausted", (
                f"the last stage's propellant ends at T+{at:.0f} s, before its cut-off"
            )
        return "flown", _TOLD.get(status, "")


def _unknown(fault: Fault) -> InputError:
    return InputError(
        f"fault {fault.id!r} was to be flown in an ascent; no stage, burn, axis or figure of this"
        " flight answers to it: take faults from ascent_faults(flight)"
    )
