"""A step to a libration orbit, planned from what was really reached: injection, then corrections,
the last of them onto the path that is followed.

Each burn is found when the one before it has been flown. What comes out are coasts and burns like
any others.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.targets.libration import find, read_libration
from cosmodrome.transfer.burn import engine_of
from cosmodrome.transfer.libration.departing import NEAR, departure
from cosmodrome.transfer.libration.natural import Nearness, natural
from cosmodrome.transfer.libration.reference import AHEAD, Reference, dynamics_near
from cosmodrome.transfer.libration.spending import Spending
from cosmodrome.transfer.libration.staying import Point
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, ToLibration
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["WayPlanner"]

_MU = body("earth").mu_m3_s2
_TURN = 2.0 * math.pi
# an orbit with an apogee beyond is a way out
_ON_THE_WAY_M = 700e6
# the injection is looked for from so long after the step begins
_EARLY_S = 3_600.0
# a finite injection against the impulse it stands for
_LESS, _MORE = 0.99, 1.15
# so long a flight must stay near the point, of the orbit's period
_STAYS = 1.2
# first and largest size of a correction, m/s; below the last none is flown
_STEP_M_S, _MOST_M_S, _NOTHING_M_S = 0.5, 400.0, 1e-3
# beyond this share of the point's distance the unstable direction is the line to it
_FAR = 0.5


class WayPlanner:
    """Chooses the burns of a step to a libration orbit.

    reference  the path that the last of them enters; None before it
    there      when that path is near the orbit
    """

    def __init__(
        self,
        step: ToLibration,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        self.step, self.mission, self.world, self.watch = step, mission, world, watch
        self.engine = engine_of(mission.spacecraft)
        self.spending = Spending(step, mission.spacecraft.id, self.engine, watch)
        if "moon" not in mission.physics.third_bodies or "sun" not in mission.physics.third_bodies:
            raise InputError(
                f"{step.name!r} needs the attraction of Sun and Moon: write physics:"
                " {third_bodies: [sun, moon]}"
            )
        self.design = find(read_libration(step.orbit))
        dynamics = dynamics_near(mission, self.design)
        self.point = Point(self.design.system, self.design.wanted.point, dynamics, world)
        self.near = Nearness(self.design, self.point)
        self.corrections = list(step.corrections_s)
        self.zero: Epoch | None = None
        self.reference: Reference | None = None
        self.there = given.state.epoch

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """The injection; then a correction at a time, with the coast before it.

        Raises InfeasibleError where geometry or propellant do not suffice, SolverError where no
        path is found.
        """
        stop_if_cancelled(self.watch)
        state = given.state
        if self.zero is None and not self._on_the_way(state):
            return self._injection(given)
        if self.zero is None:
            self.zero = state.epoch
        while self.corrections:
            at = self.zero + self.corrections[0]
            if at > state.epoch:
                return (Coast(until=at, part_of=self.step.name),)
            self.corrections.pop(0)
            burn = self._correction(given) if self.corrections else self._entered(given)
            if burn:
                return burn
        return ()

    def told(self, last: Leg) -> Leg:
        """The last leg with how the step was found and what its burns took."""
        found = "halving between falling back and leaving, the path by multiple shooting"
        return self.spending.told(last, found)

    def _on_the_way(self, state: State) -> bool:
        r, v = state.r_m, state.v_m_s
        radius = float(np.linalg.norm(r))
        per_a = 2.0 / radius - float(v @ v) / _MU
        e = np.cross(v, np.cross(r, v)) / _MU - r / radius
        return per_a <= 0.0 or (1.0 + float(np.linalg.norm(e))) / per_a > _ON_THE_WAY_M

    def _injection(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """From an orbit about the Earth, at its first pass of the best place."""
        state = given.state
        a = 1.0 / (2.0 / float(np.linalg.norm(state.r_m)) - float(state.v_m_s @ state.v_m_s) / _MU)
        period = _TURN * math.sqrt(a**3 / _MU)

        def passed(angle: float) -> State:
            return self._on(state, _EARLY_S + (angle % _TURN) / _TURN * period)

        best = departure(passed, self.near, self.point, self.watch)
        self._near_enough(best.apart_m)
        perigee = passed(best.angle)
        size = float(np.linalg.norm(best.state.v_m_s) - np.linalg.norm(perigee.v_m_s))
        middle = perigee.epoch - state.epoch
        self.spending.notes.append(
            f"C3 {best.c3_m2_s2 / 1e6:.4f} km^2/s^2, {best.apart_m / 1e3:,.0f} km from the orbit"
        )
        ignition = perigee.epoch
        if not self.step.impulsive:
            half = 0.5 * self.spending.lasts(state, size)
            begin = self._on(state, middle - half)
            ignition = begin.epoch
            size = self.point.edge(
                lambda x: self._burnt(begin, (1.0, 0.0, 0.0), "vnc", x),
                _LESS * size,
                _MORE * size,
                _STAYS * self.design.period_s,
            )
        lasts = 0.0 if self.step.impulsive else self.spending.lasts(state, size)
        self.zero = ignition + lasts
        burn = self.spending.burn(given, (1.0, 0.0, 0.0), "vnc", size, "injection")
        return self.spending.own((Coast(until=ignition), burn))

    def _near_enough(self, apart_m: float) -> None:
        """Raises InfeasibleError where the best departure does not come near the orbit."""
        limit = self.near.limit_m if self.step.apart_m is None else self.step.apart_m
        if apart_m > limit:
            raise InfeasibleError(
                f"{self.step.name!r}: the best departure from this plane goes round L"
                f"{self.point.number} up to {apart_m / 1e3:,.0f} km from {self.step.orbit!r},"
                f" {limit / 1e3:,.0f} km are allowed: ask for another orbit or another node of the"
                f" plane, or write apart: {1.1 * apart_m / 1e3:.0f} km"
            )

    def _correction(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """Along the velocity, or the line to the point, by as much as keeps the flight there."""
        state, number = given.state, len(self.step.corrections_s) - len(self.corrections)
        along = state.v_m_s / np.linalg.norm(state.v_m_s)
        if float(np.linalg.norm(state.r_m)) > _FAR * self.point.far_m:
            along = self.point.outward(state.epoch, np.zeros(1))[0]
        a, b, c = (float(x) for x in along)
        size = self.point.about_nothing(
            lambda x: self._burnt(state, (a, b, c), "gcrf", x),
            _STEP_M_S,
            _MOST_M_S,
            _STAYS * self.design.period_s,
        )
        return self._burning(given, np.array([a, b, c]) * size, f"correction {number}")

    def _entered(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """The last correction, onto the path near the orbit that is then followed."""
        period = self.design.period_s
        span = (self.step.revolutions + AHEAD) * period
        found, path = natural(given.state, self.design, self.point, span, self.watch)
        assert self.zero is not None
        self.there = self.zero + NEAR * period
        self.reference = replace(path, apart_m=self.step.apart_m)
        self.spending.notes.append(
            f"{len(found.states) - 1} arcs meet within {found.jump_m:.1g} m,"
            f" {found.jump_m_s:.1g} m/s"
        )
        number = len(self.step.corrections_s)
        return self._burning(given, found.burn_m_s, f"correction {number}, into the orbit")

    def _burning(
        self, given: Handover, burn_m_s: Array, name: str
    ) -> tuple[Coast | Manoeuvre, ...]:
        size = float(np.linalg.norm(burn_m_s))
        if size < _NOTHING_M_S:
            self.spending.count(name, 0.0)
            return ()
        a, b, c = (float(x) for x in burn_m_s / size)
        return self.spending.own((self.spending.burn(given, (a, b, c), "gcrf", size, name),))

    def _on(self, state: State, ahead_s: float) -> State:
        # whole nanoseconds, which an Epoch can say
        ahead = round(ahead_s * 1e9) / 1e9
        return propagate(state, self.point.dynamics, ahead, world=self.world, dense=False).end

    def _burnt(
        self, state: State, along: tuple[float, float, float], axes: str, size: float
    ) -> State:
        """The state after a burn along (above zero) or against a direction."""
        if self.step.impulsive or size == 0.0:
            turn = 1.0 if axes == "gcrf" else 1.0 / float(np.linalg.norm(state.v_m_s))
            way = np.array(along) if axes == "gcrf" else state.v_m_s
            return replace(state, v_m_s=state.v_m_s + size * turn * way)
        sign = math.copysign(1.0, size)
        a, b, c = (sign * x for x in along)
        lasts = self.spending.lasts(state, abs(size))
        push = Thrust(
            state.epoch, state.epoch + lasts, self.engine.thrust_n, self.engine.isp_s, (a, b, c),
            axes,  # type: ignore[arg-type]
        )  # fmt: skip
        dynamics = self.point.dynamics.with_thrust(push)
        return propagate(state, dynamics, lasts, world=self.world, dense=False).end
