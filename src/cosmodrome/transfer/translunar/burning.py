"""Burns on the way to the Moon: the injection and the corrections, finite or at one instant.

A burn is three numbers: components of its velocity change, or its ignition and two of them. The
flight it begins is led to the Moon like a departure is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.transfer.burn import basis_of
from cosmodrome.transfer.translunar.correct import Leaving, Led, lead, lunar_axes
from cosmodrome.transfer.translunar.geometry import arrival
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.transfer.translunar.capture import Held
    from cosmodrome.transfer.translunar.correct import Wanted
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    # seconds to the ignition and components of the velocity change, of the unknowns
    Numbers = Callable[[Array], tuple[float, Array]]
    # from a first guess of the unknowns to the flight that arrives
    Leading = Callable[[Array, Leaving, Wanted, Dynamics, World], Led]

__all__ = [
    "BurnFlight",
    "WayBurn",
    "across",
    "alike",
    "corrected",
    "injected",
    "steps_of",
    "unlike",
]

# a burn shorter than a microsecond is no burn
_LEAST_S = 1e-6
# the flight is taken up again so long after the burn was thought to end
_AFTER_S = 600.0
_SMALL_M_S, _SMALL_S = 0.01, 0.5
# an injection keeps the arrival its plane was chosen for; a correction may come when it likes
_LATE_S, _ANY_TIME_S = 1e4, 1e9
# slopes are taken anew where an unknown has moved by so much of its scale
_NEAR = 0.03
# a finite burn is made like an impulse to this, rad and parts of the energy
_MATCHES, _ALIKE = 8, 1e-6
# the Moon is in sight so long before it is passed
_SIGHT_S = 12.0 * 3600.0
# by steps of no more, s and m/s; an orbit this flat is a circle
_MOST, _ROUND = 150.0, 0.05
_MU = body("earth").mu_m3_s2


@dataclass(frozen=True, slots=True, eq=False)
class WayBurn:
    """A burn that leads to the Moon.

    ignition     instant
    axes, components   of its velocity change, (3,) m/s
    led          the flight after it
    impulsive    at one instant
    """

    ignition: Epoch
    axes: Held
    components: tuple[float, float, float]
    led: Led
    impulsive: bool

    @property
    def delta_v_m_s(self) -> float:
        """Its size."""
        return math.hypot(*self.components)


def corrected(
    state: State,
    wanted: Wanted,
    dynamics: Dynamics,
    world: World,
    engine: Engine | None = None,
    *,
    leading: Leading = lead,
) -> WayBurn:
    """The least burn at the instant of a state that leads it to the Moon as wanted.

    engine   of the finite burn; None: an impulse
    leading  how a flight is led

    Raises SolverError where none is found.
    """
    start = recentred(state, "earth", world)
    impulse = BurnFlight(start, "gcrf", dynamics, world, None)
    scale, reach = np.full(3, 100.0), np.full(3, 100.0)
    leaving = impulse.leaving(_at_once, scale, reach, 0.0)
    led = leading(np.zeros(3), leaving, wanted, dynamics, world)
    x = led.x
    if engine is not None:
        lasts = engine.burnt_kg(state.mass_kg, float(np.linalg.norm(x))) / engine.flow_kg_s
        finite = BurnFlight(start, "gcrf", dynamics, world, engine)
        leaving = finite.leaving(_at_once, scale, reach, 1.5 * lasts + _AFTER_S)
        led = leading(x, leaving, wanted, dynamics, world)
        x = led.x
    return WayBurn(
        state.epoch, "gcrf", (float(x[0]), float(x[1]), float(x[2])), led, engine is None
    )


def injected(
    state: State,
    ignition_s: float,
    speed_m_s: float,
    wanted: Wanted,
    dynamics: Dynamics,
    world: World,
    engine: Engine | None = None,
    push: Array | None = None,
    *,
    leading: Leading = lead,
) -> WayBurn:
    """The injection from an orbit about the Earth.

    state       on that orbit, before the ignition
    ignition_s, speed_m_s   first estimates: of the middle of the burn, in seconds after the state,
                and of its size. Found are the ignition, the size, and the part across the plane
    push        (6,) of `unlike`: added to the state soon after a finite burn
    leading     how a flight is led

    Raises SolverError where none is found, InfeasibleError where it would begin before the state.
    """
    if ignition_s < 0.0:
        raise InfeasibleError(
            f"the injection would come {-ignition_s:.0f} s before the state it is to begin from:"
            " take a later revolution"
        )
    scale, reach = np.array([1e3, 3e2, 1e3]), np.array([400.0, 60.0, 60.0])
    impulse = BurnFlight(state, "vnc", dynamics, world, None)
    leaving = impulse.leaving(across, scale, reach, ignition_s + _AFTER_S)
    led = leading(np.array([ignition_s, speed_m_s, 0.0]), leaving, wanted, dynamics, world)
    if engine is not None:
        half = 0.5 * engine.burnt_kg(state.mass_kg, float(led.x[1])) / engine.flow_kg_s
        until = float(led.x[0]) + half + _AFTER_S
        if led.x[0] < half:
            raise InfeasibleError(
                f"the injection of {2.0 * half:.0f} s would begin {half - led.x[0]:.0f} s before"
                " the state it is to begin from: take a later revolution, or a stronger engine"
            )
        finite = BurnFlight(state, "vnc", dynamics, world, engine, push)
        x = alike(finite, led.x - np.array([half, 0.0, 0.0]), impulse, led.x, until)
        leaving = finite.leaving(across, scale, reach, until)
        try:
            led = leading(x, leaving, wanted, dynamics, world)
        except SolverError:
            if _eccentricity(state) <= _ROUND:
                raise
            # with the impulse's energy it passes near by: the rest is for a correction
            led = _passing(x, finite.flown(*across(x), until), wanted, dynamics, world)
    after_s, dv = across(led.x)
    return WayBurn(
        state.epoch + after_s,
        "vnc",
        (float(dv[0]), float(dv[1]), float(dv[2])),
        led,
        engine is None,
    )


def unlike(
    state: State, burn: WayBurn, dynamics: tuple[Dynamics, Dynamics], world: World, engine: Engine
) -> Array:
    """(6,) m and m/s that the second of two sets of forces adds to the first's state soon after a
    burn from a state before it: what air does that a search leaves out."""
    after = burn.ignition - state.epoch
    lasts = engine.burnt_kg(state.mass_kg, burn.delta_v_m_s) / engine.flow_kg_s
    ends = [
        BurnFlight(state, burn.axes, forces, world, engine).flown(
            after, np.array(burn.components), after + lasts + _AFTER_S
        )
        for forces in dynamics
    ]
    a, b = (np.concatenate([e.r_m, e.v_m_s]) for e in ends)
    return np.asarray(b - a)


def steps_of(burn: WayBurn, begun: Epoch, name: str) -> tuple[Coast | Manoeuvre, ...]:
    """The burn as plan steps, from an instant before it."""
    size = burn.delta_v_m_s
    out: list[Coast | Manoeuvre] = []
    if burn.ignition > begun:
        out.append(Coast(until=burn.ignition))
    if size > 0.0:
        a, b, c = (x / size for x in burn.components)
        out.append(
            Manoeuvre(
                (a, b, c), burn.axes, delta_v_m_s=size,
                impulsive=burn.impulsive, name=name,
            )
        )  # fmt: skip
    return tuple(out)


def _passing(x: Array, state: State, wanted: Wanted, dynamics: Dynamics, world: World) -> Led:
    """A flight as it passes the Moon, led or not. Raises SolverError where it meets the ground."""
    near = propagate(
        state, dynamics, wanted.arrival + -_SIGHT_S, world=world, dense=False
    ).end  # fmt: skip
    about = recentred(near, "moon", world)
    end = propagate(
        about, dynamics.about("moon"), "periapsis", world=world, within_s=4.0 * _SIGHT_S,
        floor_m=0.0, dense=False,
    )  # fmt: skip
    if end.stats["ended_on_floor"]:
        raise SolverError("the injection that was found meets the Moon")
    y = np.concatenate([end.end.r_m, end.end.v_m_s])[None]
    pole = lunar_axes(end.end.epoch, world)[2]
    return Led(x, state, end.end, arrival(y, pole))


def across(x: Array) -> tuple[float, Array]:
    """Ignition, and the parts along the velocity and across the plane."""
    return float(x[0]), np.array([x[1], x[2], 0.0])


def alike(finite: BurnFlight, x: Array, impulse: BurnFlight, like: Array, until_s: float) -> Array:
    """A finite burn that leaves the energy and the apse line of an impulse, by Newton's rule; from
    an ellipse, whose apse line a burn hardly turns, the energy alone."""
    wanted = _shape(impulse.flown(*across(like), until_s))
    side = np.cross(wanted[1:], _pole(finite))
    free = 1 if _eccentricity(finite.start) > _ROUND else 0

    def off(y: Array) -> Array:
        here = _shape(finite.flown(*across(y), until_s))
        return np.array([here[0] - wanted[0], here[1:] @ side])[: 2 - free]

    for _ in range(_MATCHES):
        here = off(x)
        if np.all(np.abs(here) < _ALIKE):
            break
        slopes = np.column_stack([off(x + step) - here for step in np.eye(3)[free:2]])
        step = np.linalg.lstsq(slopes, -here, rcond=1e-9)[0]
        moved = np.zeros(3)
        moved[free:2] = np.clip(step, -_MOST, _MOST)
        x = x + moved
    return x


def _eccentricity(state: State) -> float:
    r, v = state.r_m, state.v_m_s
    return float(np.linalg.norm(np.cross(v, np.cross(r, v)) / _MU - r / np.linalg.norm(r)))


def _pole(flight: BurnFlight) -> Array:
    h = np.cross(flight.start.r_m, flight.start.v_m_s)
    return np.asarray(h / np.linalg.norm(h))


def _shape(state: State) -> Array:
    """(4,) energy in units of a low orbit's, and the direction of the perigee."""
    r, v = state.r_m, state.v_m_s
    radius = float(np.linalg.norm(r))
    energy = float(v @ v) / 2.0 - _MU / radius
    e = np.cross(v, np.cross(r, v)) / _MU - r / radius
    return np.append(energy / 3e7, e / np.linalg.norm(e))


def _at_once(x: Array) -> tuple[float, Array]:
    return 0.0, x


class BurnFlight:
    """Flights from a state through one burn."""

    def __init__(
        self,
        start: State,
        axes: Held,
        dynamics: Dynamics,
        world: World,
        engine: Engine | None,
        push: Array | None = None,
    ) -> None:
        self.start, self.axes, self.engine, self.push = start, axes, engine, push
        self.dynamics, self.world = dynamics, world

    def leaving(self, numbers: Numbers, scale: Array, reach: Array, until_s: float) -> Leaving:
        """How a flight begins whose burn has `numbers` (ignition, components) of the unknowns."""
        small = np.full(scale.size, _SMALL_M_S)
        if numbers is across:
            small[0] = _SMALL_S

        def flown(x: Array) -> State:
            after, dv = numbers(x)
            return self.flown(after, dv, until_s)

        kept: list[tuple[Array, Array]] = []

        def state(x: Array) -> tuple[State, Array]:
            here = flown(x)
            # the slopes of a burn hardly change with it
            if not kept or np.max(np.abs(x - kept[-1][0]) / scale) > _NEAR:
                columns = []
                for h, s in zip(small, np.eye(x.size), strict=True):
                    ends = [flown(x + h * s), flown(x - h * s)]
                    y = [np.concatenate([e.r_m, e.v_m_s]) for e in ends]
                    columns.append((y[0] - y[1]) / (2.0 * h))
                kept.append((x.copy(), np.column_stack(columns) * scale))
            return here, kept[-1][1]

        return Leaving(state, scale, reach, _LATE_S if numbers is across else _ANY_TIME_S)

    def flown(self, after_s: float, dv: Array, until_s: float) -> State:
        """The state at `until_s`, with the burn behind it."""
        size = float(np.linalg.norm(dv))
        if self.engine is None or size == 0.0:
            return self._on(self._kicked(self._on(self.start, after_s), dv), until_s)
        lasts = self.engine.burnt_kg(self.start.mass_kg, size) / self.engine.flow_kg_s
        if after_s + lasts > until_s:
            raise InfeasibleError(
                f"a burn of {size:.0f} m/s lasts {lasts:.0f} s: too long for one on the way to the"
                " Moon; write several burns, or a stronger engine"
            )
        a, b, c = (float(x) for x in dv / size)
        begins = self.start.epoch + after_s
        push = Thrust(
            begins, begins + lasts, self.engine.thrust_n, self.engine.isp_s, (a, b, c), self.axes
        )
        end = self._on(self.start, until_s, self.dynamics.with_thrust(push))
        if self.push is None:
            return end
        return replace(end, r_m=end.r_m + self.push[:3], v_m_s=end.v_m_s + self.push[3:])

    def _on(self, state: State, until_s: float, dynamics: Dynamics | None = None) -> State:
        ahead = until_s - (state.epoch - self.start.epoch)
        if abs(ahead) < _LEAST_S:
            return state
        return propagate(state, dynamics or self.dynamics, ahead, world=self.world, dense=False).end

    def _kicked(self, state: State, dv: Array) -> State:
        """After an impulse of components (3,)."""
        basis = basis_of(self.axes, state.r_m, state.v_m_s, np.eye(3))
        return replace(state, v_m_s=state.v_m_s + dv @ basis)
