"""The path that goes round a libration point from a state on, and how near an orbit it is.

Halving finds the velocity along the line of the bodies with which a flight stays; from a quarter of
a period further on it is found again, so that the path goes on for as long as is asked. The small
jumps that leaves are taken out by multiple shooting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from cosmodrome.dynamics import propagate
from cosmodrome.targets.libration import Arcs, held
from cosmodrome.targets.libration.flow import sampled
from cosmodrome.transfer.libration.flights import EVERY_S
from cosmodrome.transfer.libration.reference import Reference
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.targets.libration import Held, LibrationOrbit
    from cosmodrome.transfer.libration.staying import Point
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["APART", "Nearness", "natural"]

#: of half its largest width: how far from an orbit a path near it may be where nothing is said
APART = 0.2
# of the period: flown at once, and how long a flight must stay to be taken
_PIECE, _STAYS = 0.25, 1.0
# arcs of a piece
_ARCS = 2
# first and largest velocity of a joint, m/s
_STEP_M_S, _MOST_M_S = 0.01, 200.0
# what counts alike in the shooting: of the burn, and of departures at the cuts
_BURN_M_S, _APART_M = 1e-4, 1e6
# of the orbit, and every how many looks at a flight
_POINTS, _LOOK = 2_000, 4


def natural(
    state: State, design: LibrationOrbit, point: Point, span_s: float, watch: Watch = SILENT
) -> tuple[Held, Reference]:
    """The path that goes round the point from a state on for a time, and the burn that begins it.

    Raises InfeasibleError where no burn of 200 m/s keeps the flight near the point, SolverError
    where the arcs do not meet.
    """
    piece, stays = _PIECE * design.period_s, _STAYS * design.period_s
    times, rows, here = [0.0], [np.concatenate([state.r_m, state.v_m_s])], state
    step = round(piece / _ARCS * 1e9) / 1e9
    while times[-1] < span_s:
        stop_if_cancelled(watch)
        along = point.outward(here.epoch, np.zeros(1))[0]
        at = here

        def kicked(x: float, at: State = at, along: Array = along) -> State:
            return replace(at, v_m_s=at.v_m_s + x * along)

        here = kicked(point.about_nothing(kicked, _STEP_M_S, _MOST_M_S, stays))
        watch.tell("libration", min(1.0, times[-1] / span_s), "going round the point")
        for _ in range(_ARCS):
            here = propagate(here, point.dynamics, step, world=point.world, dense=False).end
            times.append(times[-1] + step)
            rows.append(np.concatenate([here.r_m, here.v_m_s]))
    guess, cuts = np.array(rows), np.array(times)
    arcs = Arcs(point.dynamics, state.epoch, cuts, guess, point.world, state.mass_kg)
    speed = _APART_M * 2.0 * np.pi / design.period_s
    found = held(arcs, guess, burn_m_s=_BURN_M_S, place_m=_APART_M, speed_m_s=speed)
    path = found.path
    zero = state.epoch + -Nearness(design, point).phase(state) * design.period_s
    return found, Reference(design, zero, path, point.dynamics)


@dataclass(frozen=True, slots=True, eq=False)
class Nearness:
    """How near flights are to an orbit of the restricted problem, as a curve."""

    design: LibrationOrbit
    point: Point

    def tree(self) -> cKDTree:
        """Its points in the turning axes."""
        times = np.arange(_POINTS) * self.design.orbit.period / _POINTS
        return cKDTree(sampled(self.design.orbit.state, times, self.point.system.mu)[:, :3])

    @property
    def limit_m(self) -> float:
        """How far from it a flight may be where nothing is said: a fifth of half its width, m."""
        f = self.design.figures
        return APART * max(f["ax_m"], f["ay_m"], f["az_m"])

    def phase(self, state: State) -> float:
        """Share of a revolution at which the orbit is nearest to a state."""
        _, k = self.tree().query(self.point.turning(state)[:3])
        return float(k) / _POINTS

    def apart_m(self, state: State, first_s: float, last_s: float) -> float:
        """Largest distance of the flight from a state on, between two times after it, m."""
        flights = self.point.flights(state)
        rows = []
        for looks, y in flights.pieces(state, last_s):
            for look, row in zip(looks.tolist(), y, strict=True):
                after = look * EVERY_S - (state.epoch - flights.epoch)
                if after > first_s and look % _LOOK == 0:
                    rows.append(flights.axes(look).back(row)[:3])
        far, _ = self.tree().query(np.array(rows))
        return float(far.max()) * self.point.system.length_m
