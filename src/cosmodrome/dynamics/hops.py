"""Many short flights inside one span: tables are built once for all of them.

`propagate` builds its tables for every path; where a path is compared with an ephemeris point by
point, thousands of flights of minutes share one set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.legs import LEG_S, set_up
from cosmodrome.dynamics.propagate import DEFAULT_SETTINGS
from cosmodrome.errors import InputError
from cosmodrome.solvers import core

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Hops"]


class Hops:
    """Flights between any two instants of a span, ballistic, about one centre.

    first       a state at the beginning of the span, in GCRF axes about the centre of the forces;
                its mass is that of every flight
    duration_s  length of the span, above 0

    Raises InputError for forces that change their centre, and for a state about another.
    """

    def __init__(self, first: State, dynamics: Dynamics, duration_s: float, world: World) -> None:
        if dynamics.spheres or first.frame.centre != dynamics.centre or not duration_s > 0.0:
            raise InputError(
                f"hops from {first.epoch} about {first.frame.centre} for {duration_s:g} s: they"
                f" keep their centre ({dynamics.centre}, no spheres) and need a span above 0 s"
            )
        self._mass = first.mass_kg
        self._duration = duration_s
        # (start, end, model) of each block of tables, its times counted from its own start
        self._blocks: list[tuple[float, float, core.Model]] = []
        start = 0.0
        while start < duration_s:
            end = min(start + LEG_S, duration_s)
            at = _moved(first, start)
            self._blocks.append((start, end, set_up(at, dynamics, end - start, world).model))
            start = end

    def fly(
        self, y: Array, t0_s: float, t1_s: float, times: Sequence[float] | Array = ()
    ) -> tuple[Array, Array]:
        """The end (6,) and samples (m, 6) at `times` of a flight from y (6,): m, m/s.

        t0_s, t1_s, times  seconds after the start of the span, in order of flight, which may be
                           backward

        Raises InputError outside the span.
        """
        t = np.asarray(times, dtype=np.float64)
        sense = 1.0 if t1_s >= t0_s else -1.0
        ends = sorted((t0_s, t1_s))
        if not (ends[0] >= -1e-6 and ends[1] <= self._duration + 1e-6):
            raise InputError(
                f"a flight from {t0_s:.9g} to {t1_s:.9g} s leaves the span of"
                f" 0 to {self._duration:.9g} s: ask inside it"
            )
        y = np.array(y, dtype=np.float64)
        now, rows, taken = t0_s, [], 0
        while sense * now < sense * t1_s:
            start, end, model = self._block(now, sense)
            goal = min(t1_s, end) if sense > 0.0 else max(t1_s, start)
            count = int(np.searchsorted(sense * t[taken:], sense * goal, side="right"))
            path = core.propagate(
                model,
                np.append(y, self._mass),
                now - start,
                goal - start,
                core.Search(),
                DEFAULT_SETTINGS,
                dense=False,
                times_s=t[taken : taken + count] - start,
                first_mass_kg=self._mass,
            )
            rows.append(path.states[:, :6])
            y, now, taken = path.end_state[:6].copy(), goal, taken + count
        still = np.broadcast_to(y, (t.size - taken, 6))
        return y, np.concatenate([*rows, still])

    def _block(self, t_s: float, sense: float) -> tuple[float, float, core.Model]:
        for start, end, model in self._blocks:
            if (start <= t_s < end) if sense > 0.0 else (start < t_s <= end):
                return start, end, model
        return self._blocks[0] if t_s <= 0.0 else self._blocks[-1]


def _moved(first: State, by_s: float) -> State:
    """The first state at another instant: tables ask of it the epoch alone, and heights."""
    from dataclasses import replace

    return first if by_s == 0.0 else replace(first, epoch=first.epoch + by_s)
