"""Which flights stay near a libration point: the edge between those that fall back and those that
leave.

Near L1 or L2 a flight with a little too little energy falls back to the smaller body, one with too
much leaves past the point; in between lie those that go round it (Conley 1968). So one number of a
departure or of a burn, everything else given, is found by halving: it puts the flight on the stable
manifold of whatever goes round the point there, halo or Lissajous, in full dynamics, from no guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.physics import three_body
from cosmodrome.targets.libration import turning
from cosmodrome.transfer.libration.flights import Flights

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.targets.libration import System
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Point"]

_DAY = 86_400.0
# a flight is over where it is as far out, or as far back on its way down, of the point's distance
_OUT, _BACK = 1.35, 0.6
# tables of the forces serve flights that begin so near to each other
_SOON_S = 10.0 * _DAY
_MOST = 70


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A libration point and what acts near it.

    number    1 or 2
    dynamics  about the system's body
    """

    system: System
    number: int
    dynamics: Dynamics
    world: World
    _kept: list[Flights] = field(default_factory=list, repr=False)

    @property
    def far_m(self) -> float:
        """Its distance from the smaller body, at the mean distance of both."""
        s = self.system
        x = three_body.libration_point(self.number, s.mu)[0]
        return abs(x - 1.0 + s.mu) * s.length_m

    def outward(self, epoch: Epoch, t_s: Array) -> Array:
        """Unit vectors (n, 3) from the smaller body to the point, GCRF axes, at seconds after."""
        s = self.system
        line = self.world.ephemeris.positions_m(s.smaller, epoch, t_s, s.larger)
        away = line if self.number == 2 else -line
        return np.asarray(away / np.linalg.norm(away, axis=1)[:, None])

    def turning(self, state: State) -> Array:
        """A state (6,) in the turning axes and units of the restricted problem."""
        y = np.concatenate([state.r_m, state.v_m_s])
        return turning(self.system, state.epoch, self.world).back(y)

    def side(self, state: State, span_s: float) -> int:
        """1 where a flight leaves past the point within a time, -1 where it falls back, else 0."""
        far = self.far_m
        flights = self.flights(state)
        try:
            for looks, y in flights.pieces(state, span_s):
                for look, row in zip(looks, y, strict=True):
                    # x of the turning axes runs from the larger body to the smaller
                    out = float(flights.axes(int(look)).axes[0] @ row[:3])
                    out = out if self.number == 2 else -out
                    if out > _OUT * far:
                        return 1
                    if out < _BACK * far and float(row[:3] @ row[3:]) < 0.0:
                        return -1
        except SolverError:
            # it falls onto the smaller body or the Moon
            return -1
        return 0

    def flights(self, state: State) -> Flights:
        """Flights from about the instant of a state on."""
        if self._kept and abs(state.epoch - self._kept[-1].epoch) > _SOON_S:
            self._kept.clear()
        if not self._kept:
            self._kept.append(Flights(self.system, self.dynamics, self.world, state.epoch))
        return self._kept[-1]

    def edge(
        self, flight: Callable[[float], State], low: float, high: float, span_s: float
    ) -> float:
        """The number between `low` (falls back) and `high` (leaves) whose flight stays for a time.

        flight  the state from which nothing more is done, of the number

        Raises InfeasibleError where both ends go the same way, SolverError where the resolution of
        a number does not suffice.
        """
        ends = self.side(flight(low), span_s), self.side(flight(high), span_s)
        for x, side in zip((low, high), ends, strict=True):
            if side == 0:
                return x
        if ends != (-1, 1):
            raise InfeasibleError(
                f"no flight between {low:g} and {high:g} stays near the point: all"
                f" {'leave past it' if ends[0] > 0 else 'fall back'}"
            )
        for _ in range(_MOST):
            middle = 0.5 * (low + high)
            side = self.side(flight(middle), span_s)
            if side == 0:
                return middle
            if side > 0:
                high = middle
            else:
                low = middle
        raise SolverError(
            f"no flight found that stays near the point for {span_s / _DAY:.0f} days; the nearest"
            f" have {low:.12g} and {high:.12g}"
        )

    def about_nothing(
        self, flight: Callable[[float], State], step: float, most: float, span_s: float
    ) -> float:
        """As `edge`, for a number near zero: the span looked at grows from a step on.

        Raises InfeasibleError where it would be larger than `most`.
        """
        side = self.side(flight(0.0), span_s)
        if side == 0:
            return 0.0
        near, far = 0.0, -side * step
        while abs(far) <= most:
            other = self.side(flight(far), span_s)
            if other == 0:
                return far
            if other != side:
                return self.edge(flight, min(near, far), max(near, far), span_s)
            near, far = far, 4.0 * far
        raise InfeasibleError(
            f"a burn of {most:g} m/s does not keep the flight near the point: it"
            f" {'leaves past it' if side > 0 else 'falls back'}"
        )
