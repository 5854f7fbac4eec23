"""The orbit chapter: what follows insertion, flown in the mission's full force model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.errors import InputError
from cosmodrome.orbit.record import orbit_record
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Handover, Leg, Solve
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.dynamics import Propagation
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.nouns import Event, OrbitRecord
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["execute"]

_WANTED = ("nodes", "apsides", "eclipses")
_EARTH_NAMES = {"periapsis": "perigee", "apoapsis": "apogee"}
_MEAN_CITATION = "mean elements: Kozai (1959), AJ 64, 367; Brouwer (1959), AJ 64, 378"
# the customary entry interface, 400,000 ft; the density model ends at 90 km
_FLOOR_M = 121_920.0
_INTEGRATOR = "Gauss-Legendre collocation with Picard iteration, events on its polynomials"


def execute(
    start: State,
    mission: Mission,
    world: World,
    watch: Watch = SILENT,
    *,
    lift_off: Epoch | None = None,
    parent: str = "stack",
) -> tuple[Leg | None, OrbitRecord]:
    """Coast from `start` (GCRF, the released spacecraft) through the mission's plan.

    lift_off  instant from which event times count; by default the epoch of `start`
    parent    the object it was released from

    Gives the spacecraft's leg and the record of its orbit at `start`. The leg's events: nodes
    (true equator of date), perigees and apogees (of the radius), entries into and exits from
    umbra and penumbra (conical shadow of a sphere of the equatorial radius), the end of every
    coast. It ends early, with the event "re-entry", where it falls to the entry interface of
    121.92 km. Without a plan there is no leg and the record's mean elements come from
    theory.

    Raises what `dynamics.propagate` raises.
    """
    durations = [step.duration_s for step in mission.plan]
    if any(d <= 0.0 for d in durations):
        raise InputError(
            f"a coast of {min(durations):g} s was asked; write a positive time such as 1 day"
        )
    if not durations:
        return None, orbit_record(start, None, world)
    dynamics = Dynamics.of(mission.physics, mission.spacecraft, mission.space_weather)
    flown = propagate(
        start,
        dynamics,
        start.epoch + sum(durations),
        _WANTED,
        world=world,
        floor_m=_FLOOR_M,
        watch=watch,
    )
    watch.tell("orbit", None, "reading the mean orbit off the flown path")
    record = orbit_record(start, flown.trajectory, world)
    leg = Leg(
        chapter="orbit",
        object=mission.spacecraft.id,
        kind="spacecraft",
        parent=parent,
        start=start,
        end=flown.end,
        path=flown.trajectory,
        events=_events(flown, durations, mission.spacecraft.id, lift_off or start.epoch, world),
        solve=Solve(
            method=_INTEGRATOR,
            status="fell to the atmosphere" if flown.stats["ended_on_floor"] else "flown",
            budget={
                name: float(flown.stats[name]) for name in ("segments", "rejected", "inner", "full")
            },
        ),
        audit=flown.audit,
        citations=_citations(dynamics),
        handover_in=Handover(start, (), {}, {}),
        handover_out=Handover(flown.end, (), {}, {}),
    )
    return leg, record


def _events(
    flown: Propagation, durations: list[float], name: str, lift_off: Epoch, world: World
) -> tuple[Event, ...]:
    start = flown.trajectory.epoch
    marks = [(e.epoch, e.t_s, _EARTH_NAMES.get(e.kind, e.kind)) for e in flown.events]
    passed = 0.0
    length = float(flown.trajectory.breaks_s[-1])
    for number, duration in enumerate(durations, 1):
        passed += duration
        if passed <= length:
            text = "end of coast" if len(durations) == 1 else f"end of coast {number}"
            marks.append((start + passed, passed, text))
    if flown.stats["ended_on_floor"]:
        marks = [m for m in marks if not m[2].startswith("altitude")]
        marks.append((flown.end.epoch, length, "re-entry"))
    marks.sort(key=lambda m: (m[0], m[2]))
    out = []
    for epoch, t_s, text in marks:
        # by the path's own time: the epoch is rounded to a nanosecond and may lie beyond its end
        y = flown.trajectory.columns_at(min(t_s, length))
        state = replace(flown.end, epoch=epoch, r_m=y[0:3], v_m_s=y[3:6], mass_kg=float(y[6]))
        out.append(event_record(text, name, state, lift_off, world))
    return tuple(out)


def _citations(dynamics: Dynamics) -> tuple[str, ...]:
    sources = dict.fromkeys(force.about.source for force in dynamics.forces)
    return (*sources, _MEAN_CITATION)
