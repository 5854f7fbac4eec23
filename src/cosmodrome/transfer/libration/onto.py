"""From a circle about the Earth onto a path near a libration orbit of Earth and Moon: two burns.

The path is known, so the way there is a flight between two places at two instants. Of the Earth
alone the conic from a perigee to a place of the path at a time says what both burns take; the
cheapest places are then met in full dynamics by Newton's rule, and shifted until nothing is gained.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Drag, propagate
from cosmodrome.errors import CosmodromeError, InfeasibleError, SolverError
from cosmodrome.targets.libration import turning
from cosmodrome.targets.libration.flow import sampled
from cosmodrome.targets.libration.shooting import rules_alone
from cosmodrome.transfer.translunar.burning import BurnFlight, across, alike
from cosmodrome.transfer.translunar.guess import ellipse
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import offset, recentred
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.targets.libration import LibrationOrbit
    from cosmodrome.transfer.libration.reference import Reference
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Meeting", "corrected_onto", "finite", "meetings", "on_path"]

_MU = body("earth").mu_m3_s2
_TURN, _HOUR = 2.0 * math.pi, 3_600.0
# departures are looked at so often, and flights so long
_STEP_S = 3.0 * _HOUR
_FLIGHTS_S = tuple(float(24.0 * _HOUR * d) for d in np.arange(2.5, 7.01, 0.5))
# of a revolution
_PHASES = 24
# the place lies no farther from the plane of the departure
_OUT_RAD = math.radians(1.0)
# so many of the cheapest are flown, each half a day or a tenth of a revolution from the others
_FLOWN, _APART_S = 8, 11.0 * _HOUR
# the place is met to this, m
_MET_M, _MOST = 1.0, 25
_AFTER_S = 600.0
_SCALE, _REACH = np.array([1e3, 3e2, 1e3]), np.array([400.0, 60.0, 60.0])


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """A flight from a circle to a place of a path.

    before      on the circle, less than two revolutions before the burn
    numbers     (3,) seconds from there to the ignition (of an impulse: to it), its parts along the
                velocity and across the plane, m/s
    arrival     instant of the place; `insertion_m_s` (3,) what the velocity lacks there, GCRF axes
    """

    before: State
    numbers: Array
    arrival: Epoch
    insertion_m_s: Array
    flight: BurnFlight = field(repr=False)

    @property
    def injection_m_s(self) -> float:
        """Size of the first burn."""
        return float(np.linalg.norm(self.numbers[1:]))

    @property
    def total_m_s(self) -> float:
        """Both burns."""
        return self.injection_m_s + float(np.linalg.norm(self.insertion_m_s))


def on_path(path: Reference, epoch: Epoch, mass_kg: float, world: World) -> State:
    """The state of a path at an instant, about the Earth."""
    y = path.at(epoch)
    state = State(epoch, gcrf(path.dynamics.centre), y[:3], y[3:], mass_kg)
    return recentred(state, "earth", world)


def meetings(
    state: State,
    design: LibrationOrbit,
    path_from: Callable[[Epoch], Reference],
    within_s: float,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
) -> list[tuple[Meeting, Reference]]:
    """Flights that begin within a time of a state on a circle, as impulses, each with the path it
    comes to; the cheapest first.

    path_from  the path near the orbit that passes its first crossing at an instant, about so
    dynamics   about the Earth, with the Moon's sphere; the air acts on the wait alone

    Raises InfeasibleError where the plane never holds a place of the orbit, SolverError where no
    flight is found.
    """
    starts = np.arange(_STEP_S, within_s, _STEP_S)
    parked = propagate(
        state, dynamics, float(starts[-1]) + 1.0, world=world, dense=False, times=starts
    ).samples
    normals = np.cross(parked[:, :3], parked[:, 3:6])
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    rough = _rough(state, design, starts, parked, normals, world)
    if not rough:
        raise InfeasibleError(
            f"the plane of the start holds no place of {design.wanted.text!r} within"
            f" {within_s / 86_400.0:g} days: write a longer within, or another plane"
        )
    found: list[tuple[Meeting, Reference]] = []
    for one in _apart(sorted(rough)):
        stop_if_cancelled(watch)
        k = one.index
        begun = State(
            state.epoch + float(starts[k]), gcrf("earth"), parked[k, :3], parked[k, 3:6],
            state.mass_kg,
        )  # fmt: skip
        try:
            arrival = begun.epoch + one.flight_s
            path = path_from(arrival + -one.phase * design.period_s)
            met = _met(begun, normals[k], one.flight_s, path, dynamics.without(Drag), world)
        except CosmodromeError:
            continue
        watch.tell("libration", None, f"{met.total_m_s:.0f} m/s onto the orbit")
        found.append((met, path))
    if not found:
        raise SolverError(f"no flight onto {design.wanted.text!r} converged; write a longer within")
    return sorted(found, key=lambda x: x[0].total_m_s)


@dataclass(frozen=True, slots=True, order=True)
class _Rough:
    """A conic about the Earth alone: both burns, m/s; which departure; how long; the place."""

    cost: float
    index: int
    flight_s: float
    phase: float


def _rough(
    state: State,
    design: LibrationOrbit,
    starts: Array,
    parked: Array,
    normals: Array,
    world: World,
) -> list[_Rough]:
    out = []
    radius = float(np.linalg.norm(parked[0, :3]))
    circle = math.sqrt(_MU / radius)
    phases = np.arange(_PHASES) / _PHASES
    once = sampled(design.orbit.state, phases * design.orbit.period, design.system.mu)
    rigid = rules_alone(design)
    for j in range(starts.size + round(_FLIGHTS_S[-1] / _STEP_S)):
        at = state.epoch + float(starts[0]) + j * _STEP_S
        axes = turning(design.system, at, world, rigid=rigid)
        moon = np.concatenate(offset(world, "moon", "earth", at))
        places = np.array([axes.out(y) + moon for y in once])
        for flight in _FLIGHTS_S:
            k = j - round(flight / _STEP_S)
            if not 0 <= k < starts.size:
                continue
            normal = normals[k]
            for phase, there in zip(phases, places, strict=True):
                far = float(np.linalg.norm(there[:3]))
                toward = there[:3] / far
                if abs(float(normal @ toward)) > math.sin(_OUT_RAD):
                    continue
                cost = _cost(radius, far, flight, normal, toward, there[3:])
                out.append(_Rough(cost - circle, k, flight, float(phase)))
    return out


def _cost(
    radius: float, far: float, flight_s: float, normal: Array, toward: Array, wanted: Array
) -> float:
    """Speed at the perigee, and what the velocity lacks at the place, m/s."""
    speed, f = ellipse(radius, far, flight_s)
    h, e = speed * radius, speed**2 * radius / _MU - 1.0
    across = normal - (normal @ toward) * toward
    across = across / np.linalg.norm(across)
    arrives = (_MU / h * e * math.sin(f)) * toward + (h / far) * np.cross(across, toward)
    return speed + float(np.linalg.norm(wanted - arrives))


def _apart(rough: list[_Rough]) -> list[_Rough]:
    """The cheapest that differ in place or time of flight."""
    out: list[_Rough] = []
    for one in rough:
        if all(
            abs(one.flight_s - x.flight_s) > _APART_S
            or abs(math.remainder(one.phase - x.phase, 1.0)) > 0.1
            or abs(one.index - x.index) > 8
            for x in out
        ):
            out.append(one)
        if len(out) == _FLOWN:
            break
    return out


def _met(
    begun: State,
    normal: Array,
    flight_s: float,
    path: Reference,
    dynamics: Dynamics,
    world: World,
) -> Meeting:
    arrival = begun.epoch + flight_s
    there = on_path(path, arrival, begun.mass_kg, world)
    radius, far = float(np.linalg.norm(begun.r_m)), float(np.linalg.norm(there.r_m))
    speed, f = ellipse(radius, far, flight_s)
    toward = there.r_m - (there.r_m @ normal) * normal
    out = begun.r_m / radius
    ahead = math.atan2(float(np.cross(out, toward) @ normal), float(out @ toward))
    after = ((ahead - f) % _TURN) / math.sqrt(_MU / radius**3)
    guess = np.array([after, speed - math.sqrt(_MU / radius), 0.0])
    flight = BurnFlight(begun, "vnc", dynamics, world, None)
    return _newton(flight, guess, arrival + after, path, after + _AFTER_S)


def _newton(
    flight: BurnFlight, x: Array, arrival: Epoch, path: Reference, until_s: float
) -> Meeting:
    """The burn along the velocity whose flight comes to the path, whenever that is.

    Unknown are the ignition, the size and the arrival: the path moves with the Moon across the
    plane of the departure, a burn across it would hardly. Raises SolverError.
    """
    leaving = flight.leaving(across, _SCALE, _REACH, until_s)
    step: Array = np.zeros(3)
    best, base, share = math.inf, (x, arrival), 1.0
    late_s = 3.0 * _HOUR
    for _ in range(_MOST):
        begun, slopes = leaving.state(x)
        done = propagate(
            begun, flight.dynamics, arrival, world=flight.world, dense=False, partials=()
        )
        assert done.stm is not None
        end = recentred(done.end, "earth", flight.world)
        there = on_path(path, arrival, end.mass_kg, flight.world)
        miss = end.r_m - there.r_m
        size = float(np.linalg.norm(miss))
        if size < _MET_M:
            return Meeting(flight.start, x, arrival, there.v_m_s - end.v_m_s, flight)
        if size >= best:
            share *= 0.4
        else:
            best, base, share = size, (x, arrival), 1.0
            columns = np.column_stack(
                [(done.stm @ slopes)[:3, :2], (end.v_m_s - there.v_m_s) * late_s]
            )
            found = np.asarray(np.linalg.solve(columns, -miss))
            reach = np.append(_REACH[:2] / _SCALE[:2], 1.0)
            step = found / max(1.0, float(np.max(np.abs(found) / reach)))
        x = base[0] + share * np.append(step[:2], 0.0) * _SCALE
        arrival = base[1] + share * float(step[2]) * late_s
    raise SolverError(f"{best / 1e3:.3g} km are left of the way onto the path")


def finite(meeting: Meeting, engine: Engine, path: Reference) -> Meeting:
    """The same with a finite injection.

    Raises SolverError where none is found, InfeasibleError where it would begin before the state.
    """
    one = meeting.flight
    half = 0.5 * engine.burnt_kg(one.start.mass_kg, meeting.injection_m_s) / engine.flow_kg_s
    x = meeting.numbers - np.array([half, 0.0, 0.0])
    if x[0] < 0.0:
        raise InfeasibleError(
            f"the injection of {2.0 * half:.0f} s would begin {-x[0]:.0f} s before the state it is"
            " to begin from: take a stronger engine"
        )
    flight = BurnFlight(one.start, "vnc", one.dynamics, one.world, engine)
    until = float(x[0]) + 2.0 * half + 2.0 * _AFTER_S
    # first with the energy and the apse line of the impulse
    x = alike(flight, x, one, meeting.numbers, until)
    return _newton(flight, x, meeting.arrival, path, until)


def corrected_onto(
    state: State, arrival: Epoch, path: Reference, dynamics: Dynamics, world: World
) -> Array:
    """The velocity change (3,) now that leads to the place of a path at an instant, GCRF axes.

    Raises SolverError where none is found.
    """
    start = recentred(state, "earth", world)
    there = on_path(path, arrival, state.mass_kg, world)
    dv: Array = np.zeros(3)
    for _ in range(_MOST):
        kicked = State(start.epoch, start.frame, start.r_m, start.v_m_s + dv, start.mass_kg)
        done = propagate(kicked, dynamics, arrival, world=world, dense=False, partials=())
        assert done.stm is not None
        miss = recentred(done.end, "earth", world).r_m - there.r_m
        if float(np.linalg.norm(miss)) < _MET_M:
            return dv
        dv = np.asarray(dv + np.linalg.solve(done.stm[:3, 3:6], -miss))
    raise SolverError(f"{np.linalg.norm(miss) / 1e3:.3g} km are left of the way onto the path")
