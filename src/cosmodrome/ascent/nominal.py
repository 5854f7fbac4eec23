"""The flight that guidance is to repeat: from the optimum, or from a flight that was flown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cosmodrome.ascent.launch import bodies_of, planet_of
from cosmodrome.errors import InputError
from cosmodrome.powered.mesh import sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.record.nouns import Leg, Plan
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Flown", "Nominal", "Optimal", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """A phase of the plan: seconds after lift-off, what leaves at its end, does an engine burn?"""

    start_s: float
    end_s: float
    drops: tuple[str, ...]
    burning: bool


class Nominal(Protocol):
    """Places and velocities in the launch frame, phase by phase of the plan."""

    @property
    def planet(self) -> Planet: ...

    @property
    def bodies(self) -> tuple[Body, ...]: ...

    @property
    def payload_kg(self) -> float: ...

    @property
    def parts(self) -> tuple[Part, ...]: ...

    def states(self, k: int, fractions: Array) -> tuple[Array, Array]:
        """(n, 3) m and m/s at fractions (n,) of phase k."""

    def end(self, k: int) -> tuple[Array, Array]:
        """(3,) m and m/s at the end of phase k."""


@dataclass(frozen=True, slots=True, eq=False)
class Optimal:
    """The optimiser's own path."""

    solution: AscentSolution

    @property
    def planet(self) -> Planet:
        return self.solution.planet

    @property
    def bodies(self) -> tuple[Body, ...]:
        return self.solution.bodies

    @property
    def payload_kg(self) -> float:
        return self.solution.payload_kg

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(a.start_s, a.end_s, a.phase.drops, a.u is not None)
            for a in self.solution.flight.arcs
        )

    def states(self, k: int, fractions: Array) -> tuple[Array, Array]:
        at = sample(self.solution.flight.arcs[k], fractions)
        return at.r_m, at.v_m_s

    def end(self, k: int) -> tuple[Array, Array]:
        arc = self.solution.flight.arcs[k]
        return arc.r_m[-1], arc.v_m_s[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Flown:
    """The stack's leg of a flight, and the plan in it: what a flight computer would carry.

    Differs from the optimum by the residual of its re-flight.
    """

    leg: Leg
    mission: Mission
    world: World

    def __post_init__(self) -> None:
        if self.leg.plan is None:
            raise InputError(
                f"the leg of {self.leg.object!r} carries no plan: guidance starts from the stack's"
                " leg of a flight that was launched"
            )

    @property
    def plan(self) -> Plan:
        assert self.leg.plan is not None
        return self.leg.plan

    @property
    def planet(self) -> Planet:
        return planet_of(self.world, self.mission.wind)

    @property
    def bodies(self) -> tuple[Body, ...]:
        return bodies_of(self.mission.vehicle)

    @property
    def payload_kg(self) -> float:
        return float(self.plan.targets["payload_kg"])

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(p.start_s, p.end_s, p.drops_at_end, bool(p.burning)) for p in self.plan.phases
        )

    def _at(self, t_s: Array) -> tuple[Array, Array]:
        path = self.leg.path
        y = path.columns_at(t_s + (self.plan.epoch - path.epoch))
        axes = np.asarray(self.plan.launch_axes)
        return y[:, 0:3] @ axes.T, y[:, 3:6] @ axes.T

    def states(self, k: int, fractions: Array) -> tuple[Array, Array]:
        p = self.plan.phases[k]
        return self._at(p.start_s + fractions * (p.end_s - p.start_s))

    def end(self, k: int) -> tuple[Array, Array]:
        r, v = self._at(np.array([self.plan.phases[k].end_s]))
        return r[0], v[0]
