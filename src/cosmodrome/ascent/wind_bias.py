"""The first stage's attitude table, cut again for a mean wind: the optimum's angle of attack kept.

The thrust is turned by what the wind turns the flow, u = u_opt + b (w_wind - w_still) of unit
vectors, made a unit vector. b = q^2 / (q^2 + q_0^2) leaves the pad alone, where a breeze is all the
flow there is, and gives the table back to the optimum where the air thins out. A gravity turn in
the wind drifts away with it; the pitch-over is made larger or smaller, in both directions, until
the velocity at the end of the table points where the optimum's does. The flow follows from the
flight and the flight from the table: flown again until they agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.shape import PITCH_OVER_S
from cosmodrome.maths import NUMPY, Cubics
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.powered.guided_flight import air_velocity, planet_of
from cosmodrome.solvers import guided as kernel
from cosmodrome.solvers.guided import AIR_SCALE_M, SECTION_ROWS, Lanes, Mode, Programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.solvers.guided import Section

    Array = NDArray[np.float64]
    Directions = Callable[[Array], Array]

__all__ = ["wind_biased"]

# assumed: a tenth of what max-q is flown with
_HALF_AT_PA = 3_000.0
_ROUNDS = 12
_NEWTON, _NUDGE, _LARGEST = 5, 1e-3, 0.02
_PIECE_S = 1.0


def wind_biased(
    core: Programme,
    lanes: Lanes,
    table: Callable[[Directions], Cubics],
    optimum: Directions,
    rise_s: float,
) -> Cubics:
    """The table for the mean wind of `core.surroundings`.

    lanes     the nominal flight, one lane
    table     makes a table from directions over time
    optimum   directions (3, n) of the plan at t (n,), unit vectors
    rise_s    when the pitch-over begins
    """
    still = _flown(core, lanes, table(optimum), 0.0)
    bias = _Bias(core, lanes, table, optimum, still, rise_s)
    forward = still.v[:, -1] / np.linalg.norm(still.v[:, -1])
    across = np.linalg.svd(forward[None])[2][1:]

    def miss(kick: Array) -> Array:
        out: Array = across @ (bias.fly(kick @ across).v[:, -1] - still.v[:, -1])
        return out

    kick = np.zeros(2)
    for _ in range(_NEWTON):
        here = miss(kick)
        slope = np.column_stack([(miss(kick + d) - here) / _NUDGE for d in _NUDGE * np.eye(2)])
        step = np.linalg.solve(slope, here)
        kick = kick - step * min(1.0, _LARGEST / float(np.linalg.norm(step)))
    bias.fly(kick @ across)
    return table(bias.directions)


class _Bias:
    """Tables for a wind, by the size of the pitch-over."""

    def __init__(
        self,
        core: Programme,
        lanes: Lanes,
        table: Callable[[Directions], Cubics],
        optimum: Directions,
        still: _Path,
        rise_s: float,
    ) -> None:
        self.core, self.lanes, self.table, self.optimum = core, lanes, table, optimum
        self.still = still
        self.directions = optimum
        self.blend = still.q * still.q / (still.q * still.q + _HALF_AT_PA**2)
        s = np.clip((still.t - rise_s) / PITCH_OVER_S, 0.0, 1.0)
        early = still.t < still.t[np.argmax(still.q)]
        self.ramp = np.where(early, (1.0 - self.blend) * s * s * (3.0 - 2.0 * s), 0.0)

    def fly(self, kick: Array) -> _Path:
        """The flight in the wind, with `kick` (3,) added to the pitch-over's direction."""
        for _ in range(_ROUNDS):
            windy = _flown(self.core, self.lanes, self.table(self.directions), 1.0)
            turn = self.blend * (windy.flow - self.still.flow) + np.outer(kick, self.ramp)
            self.directions = self._turned(turn)
        return _flown(self.core, self.lanes, self.table(self.directions), 1.0)

    def _turned(self, turn: Array) -> Directions:
        def directions(at: Array) -> Array:
            u = self.optimum(at) + np.stack([np.interp(at, self.still.t, row) for row in turn])
            out: Array = u / np.linalg.norm(u, axis=0)
            return out

        return directions


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """Times (n,), velocity and unit flow (3, n), dynamic pressure (n,)."""

    t: Array
    v: Array
    flow: Array
    q: Array


def _flown(core: Programme, lanes: Lanes, table: Cubics, wind: float) -> _Path:
    """The flight while the table steers, in `wind` times the mean wind."""
    fine, cut = _in_pieces(replace(core, attitude=table), replace(lanes, wind=np.array([wind])))
    marks = kernel.fly(fine, cut).marks[:, :, 0].T
    here = core.surroundings
    r, v = marks[1:4], marks[4:7]
    h = powered.height(NUMPY, planet_of(here), (r[0], r[1], r[2]))
    rho, _, _, east, north = here.air(h / (h + AIR_SCALE_M))
    w = air_velocity(here, r, v, wind * east, wind * north)
    speed = np.linalg.norm(w, axis=0)
    q = aerodynamics.dynamic_pressure(rho, speed * speed)
    return _Path(marks[0], v, w / speed, q)


def _in_pieces(core: Programme, lanes: Lanes) -> tuple[Programme, Lanes]:
    """The sections steered by table in pieces of a second, with a mark at the end of each."""
    sections: list[Section] = []
    rows: dict[str, list[Array]] = {name: [] for name in SECTION_ROWS}
    for k, s in enumerate(core.sections):
        if s.mode != Mode.TABLE:
            break
        n = max(1, math.ceil(s.duration_s / _PIECE_S))
        for j in range(n):
            sections.append(replace(s, steps=1, duration_s=s.duration_s / n))
            for name, row in rows.items():
                row.append(getattr(lanes, name)[k])
            rows["length_s"][-1] = lanes.length_s[k] / n
            rows["drop_kg"][-1] = lanes.drop_kg[k] * float(j + 1 == n)
    return (
        replace(core, sections=tuple(sections)),
        replace(lanes, **{name: np.array(row) for name, row in rows.items()}),
    )
