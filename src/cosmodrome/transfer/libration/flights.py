"""Many flights of months from nearly one instant: tables of the forces are made once for all."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.legs import set_up
from cosmodrome.solvers import core
from cosmodrome.targets.libration import turning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.dynamics.assembly import Setting
    from cosmodrome.targets.libration import System, Turning
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["EVERY_S", "Flights"]

_DAY = 86_400.0
#: flights are looked at at these instants, so long apart
EVERY_S = 0.5 * _DAY
# tables reach over so many of them
_LOOKS = 60
_SETTINGS = core.Settings(tolerance_m_s=1e-9, budget=4_000)


@dataclass(slots=True, eq=False)
class Flights:
    """Flights under one set of forces, sampled at fixed instants.

    epoch  instants count from here
    """

    system: System
    dynamics: Dynamics
    world: World
    epoch: Epoch
    _tables: dict[int, Setting] = field(default_factory=dict)
    _axes: dict[int, Turning] = field(default_factory=dict)

    def pieces(self, state: State, span_s: float) -> Iterator[tuple[NDArray[np.int64], Array]]:
        """Numbers (n,) of the instants passed and states (n, 6) there, some weeks at a time.

        Raises SolverError where the flight meets a body.
        """
        t, end = state.epoch - self.epoch, state.epoch - self.epoch + span_s
        y = np.append(np.concatenate([state.r_m, state.v_m_s]), state.mass_kg)
        while t < end - 1.0:
            number = math.floor(t / (EVERY_S * _LOOKS) + 1e-12)
            until = min((number + 1) * EVERY_S * _LOOKS, end)
            looks = np.arange(
                math.floor(t / EVERY_S) + 1, math.floor(until / EVERY_S) + 1, dtype=np.int64
            )
            flown = core.propagate(
                self._setting(number, state).model, y, t - number * EVERY_S * _LOOKS,
                until - number * EVERY_S * _LOOKS, core.Search(), _SETTINGS, dense=False,
                times_s=np.asarray(looks * EVERY_S - number * EVERY_S * _LOOKS, dtype=np.float64),
            )  # fmt: skip
            yield looks, flown.states[:, :6]
            t, y = until, flown.end_state

    def axes(self, look: int) -> Turning:
        """The turning axes at an instant by its number."""
        if look not in self._axes:
            self._axes[look] = turning(self.system, self.epoch + look * EVERY_S, self.world)
        return self._axes[look]

    def _setting(self, number: int, state: State) -> Setting:
        if number not in self._tables:
            span = EVERY_S * _LOOKS
            begin = self.epoch + number * span
            like = type(state)(begin, state.frame, state.r_m, state.v_m_s, state.mass_kg)
            self._tables[number] = set_up(like, self.dynamics, span, self.world)
        return self._tables[number]
