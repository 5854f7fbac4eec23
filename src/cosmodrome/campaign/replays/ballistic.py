"""What the replays of lost launches share: a plan cut short or steered otherwise, and the fall of
what is left of the stack.

The flight up to the cut is `ascent.fly_stack` with the corrupted Plan; the fall is the one of
spent stages (drag, J2 to J4, DOP853).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome import mission as missions
from cosmodrome.ascent.engines import direction_at
from cosmodrome.ascent.integrate import fly_ballistic
from cosmodrome.ascent.launch import launch_axes, planet_of
from cosmodrome.checks import CHECKS
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InputError
from cosmodrome.flight import fly
from cosmodrome.maths import HingeTable, fit_matrix, gauss_lobatto_points
from cosmodrome.physics.powered import Body
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import AttitudeProgramme, Finding
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.frame import GCRF
from cosmodrome.world.geodesy import surface_distance_m
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.verdicts import Judged
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record.nouns import Event, Flight, Leg, Plan
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = [
    "Fall",
    "apsides_m",
    "as_planned",
    "cut_short",
    "engine_out",
    "event_at",
    "fall_of",
    "found",
    "off_km",
    "on_a_pad",
    "plan_of",
    "steered",
    "thrust_direction",
    "tumbling_m2",
]

_LONGEST_S = 7_200.0
# terms of an attitude programme's pieces, and how long one of a steady turn may be
_TERMS, _PIECE_S = 4, 4.0
_SAME_S = 1e-6


def cut_short(plan: Plan, end_s: float) -> Plan:
    """The plan up to `end_s`, s after lift-off: nothing is dropped there and no target is left.

    Raises InputError where the plan has ended by then.
    """
    if not 0.0 < end_s <= plan.phases[-1].end_s:
        raise InputError(
            f"a plan of {plan.phases[-1].end_s:.1f} s was to be cut at T+{end_s:.1f} s; write an"
            " instant within it"
        )
    phases = [p for p in plan.phases if p.start_s < end_s - _SAME_S]
    phases[-1] = replace(phases[-1], end_s=min(end_s, phases[-1].end_s))
    if phases[-1].end_s < plan.phases[len(phases) - 1].end_s - _SAME_S:
        phases[-1] = replace(phases[-1], name="thrust ends", drops_at_end=())
    return replace(plan, phases=tuple(phases), targets={"payload_kg": plan.targets["payload_kg"]})


def steered(plan: Plan, from_s: float, direction: Callable[[Array], Array]) -> Plan:
    """The plan with another thrust direction from `from_s`, a break of its attitude, to its end.

    direction  unit vectors (3, n) in the launch frame at seconds after lift-off (n,)
    Raises InputError where the attitude has no break at `from_s`.
    """
    breaks = np.asarray(plan.attitude.breaks_s)
    k = int(np.argmin(np.abs(breaks - from_s)))
    if abs(breaks[k] - from_s) > _SAME_S:
        raise InputError(
            f"the attitude was to be another from T+{from_s:.3f} s, inside a piece of the"
            f" programme; the nearest break is T+{breaks[k]:.3f} s"
        )
    end_s = plan.phases[-1].end_s
    count = max(1, math.ceil((end_s - breaks[k]) / _PIECE_S))
    marks = np.linspace(breaks[k], end_s, count + 1)
    points = 0.5 * (gauss_lobatto_points(_TERMS) + 1.0)
    pieces = [fit_matrix(_TERMS) @ direction(a + points * (b - a)).T for a, b in pairwise(marks)]
    coefficients = np.concatenate([np.asarray(plan.attitude.coefficients)[:k], np.array(pieces)])
    attitude = AttitudeProgramme(
        plan.attitude.frame,
        (*plan.attitude.breaks_s[:k], *(float(m) for m in marks)),
        coefficients,
    )
    return replace(plan, attitude=attitude)


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """A body on its way down, from where thrust ended.

    steps   (start, end, dense) of the integrator, s after lift-off, in the launch frame
    hit     did it meet the ground
    """

    body: str
    mass_kg: float
    lift_off: Epoch
    axes: Array
    world: World
    steps: tuple[tuple[float, float, Any], ...]
    hit: bool

    @property
    def start_s(self) -> float:
        """When thrust ended, s after lift-off."""
        return self.steps[0][0]

    @property
    def end_s(self) -> float:
        """When it met the ground, or was followed no more."""
        return self.steps[-1][1]

    def at(self, t_s: float, name: str = "falling") -> Event:
        """Height, speeds and place at an instant. Raises InputError outside the fall."""
        if not self.start_s <= t_s <= self.end_s:
            raise InputError(
                f"the fall lasts from T+{self.start_s:.1f} to T+{self.end_s:.1f} s; T+{t_s:.1f} s"
                " was asked for"
            )
        dense = next(d for _, b, d in self.steps if t_s <= b)
        y = dense(t_s)
        state = State(
            self.lift_off + t_s, GCRF, self.axes.T @ y[:3], self.axes.T @ y[3:], self.mass_kg
        )
        return event_record(name, self.body, state, self.lift_off, self.world)

    @property
    def impact(self) -> Event | None:
        """Where and when it met the ground."""
        return self.at(self.end_s, "impact") if self.hit else None

    def top(self) -> Event:
        """The highest point, to a hundredth of a second."""
        grid = np.linspace(self.start_s, self.end_s, 60)
        k = int(np.argmax([self.at(float(t)).altitude_m for t in grid]))
        low, high = float(grid[max(k - 1, 0)]), float(grid[min(k + 1, grid.size - 1)])
        ratio = 0.5 * (math.sqrt(5.0) - 1.0)
        while high - low > 0.01:
            a, b = high - ratio * (high - low), low + ratio * (high - low)
            if self.at(a).altitude_m > self.at(b).altitude_m:
                high = b
            else:
                low = a
        return self.at(0.5 * (low + high), "top")


def fall_of(
    stack: Leg,
    mission: Mission,
    world: World,
    cd_area_m2: float,
    body: str = "stack",
    mass_kg: float | None = None,
) -> Fall:
    """The fall of a body from the end of the stack's leg.

    cd_area_m2  drag coefficient times area, tumbling
    mass_kg     of the body; the whole stack's by default
    """
    lift_off = stack.start.epoch
    axes = launch_axes(mission.site, lift_off, world)
    mass = stack.end.mass_kg if mass_kg is None else mass_kg
    y = np.concatenate([axes @ stack.end.r_m, axes @ stack.end.v_m_s])
    steps, _, hit = fly_ballistic(
        planet_of(world, mission.wind),
        Body(cd_area_m2, HingeTable((), (), (), 1.0)),
        y,
        stack.end.epoch - lift_off,
        _LONGEST_S,
        mass,
    )
    return Fall(body, mass, lift_off, axes, world, tuple(steps), hit)


def tumbling_m2(stage: Stage) -> float:
    """Drag coefficient times area of a spent stage, by the catalogue."""
    area = stage.ballistic_cd_area_m2
    assert area is not None
    return area


def apsides_m(state: State, world: World) -> tuple[float, float]:
    """Osculating perigee and apogee, m above 6,378.137 km."""
    mu = world.gravity("earth", degree=2).mu_m3_s2
    el = elements_from_state(state.r_m, state.v_m_s, mu)
    return (
        el.a_m * (1.0 - el.e) - EARTH_EQUATORIAL_RADIUS_M,
        el.a_m * (1.0 + el.e) - EARTH_EQUATORIAL_RADIUS_M,
    )


def off_km(event: Event, latitude_deg: float, longitude_deg: float) -> float:
    """Distance of an event from a published place along the ground, km."""
    there = math.radians(latitude_deg), math.radians(longitude_deg)
    return float(surface_distance_m(event.latitude_rad, event.longitude_rad, *there)) / 1e3


def thrust_direction(plan: Plan, t_s: float) -> Array:
    """The unit vector (3,) of a plan's attitude at an instant, in the launch frame."""
    return direction_at(plan.attitude, t_s)


def on_a_pad(flight: Flight) -> Mission:
    """The mission of a flight that began on a pad."""
    return missions.on_a_pad(flight.mission, "a lost launch")


def as_planned(mission: Mission, world: World, watch: Watch) -> Flight:
    """The flight that the fault is put into."""
    watch.begin("replay", "planning and flying it as it should have flown")
    flight = fly(mission, world=world, watch=watch)
    watch.end("replay", "planned")
    return flight


def plan_of(flight: Flight) -> Plan:
    """What such a flight's stack carries."""
    plan = flight.legs[0].plan
    assert plan is not None
    return plan


def engine_out(flight: Flight, stage: str) -> tuple[Finding, ...]:
    """What `engine-out` says of a stage before flight."""
    return tuple(f for f in flight.findings if f.check == "engine-out" and f.object == stage)


def found(check: str, judged: Judged) -> Finding:
    """A judgement of a check of the table, as a finding."""
    (roads,) = (c.roads for c in CHECKS if c.name == check)
    return Finding(
        check,
        judged.verdict,
        judged.measured,
        judged.limit,
        judged.unit,
        judged.margin,
        judged.where,
        judged.why,
        roads,
        judged.object,
    )


def event_at(leg: Leg, t_s: float, world: World, name: str = "under way") -> Event:
    """Height, speeds and place along a leg from the pad, at seconds after lift-off."""
    lift_off = leg.start.epoch
    y = leg.path.columns_at(np.array([t_s]))[0]
    state = State(lift_off + t_s, GCRF, y[:3], y[3:6], float(y[6]))
    return event_record(name, leg.object, state, lift_off, world)
