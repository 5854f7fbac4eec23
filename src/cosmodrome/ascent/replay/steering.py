"""How a replay steers: few numbers, the same law for all flights.

Vertical rise, a pitch-over, thrust along the flow (no lift) until `turn_s`; from there a pitch
above the local horizon that is straight between knots, beginning where the flow left it. The
horizontal part of the thrust follows the ground track (the horizontal velocity against the
air), turned by a yaw that is even over stretches. A pitch table printed for a flight can stand
in for everything up to its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.shape import PITCH_OVER_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Layout", "Steering"]


@dataclass(frozen=True, slots=True)
class Layout:
    """What is steered when: the structure of the law, not its numbers.

    rise_s      end of the vertical rise
    turn_s      end of flight along the flow, or of the printed table
    knots_s     times of the pitch knots after it
    yaw_s       starts of stretches of even yaw to the right; none: thrust stays above the track
    table       ((t in s, pitch above the horizon in rad), ...) printed for this flight; replaces
                pitch-over and flight along the flow, up to one bias for what its printing leaves
                open (it grows with the tilt and is whole at 45 degrees and below)
    azimuth_rad launch azimuth where the record prints it; None: fitted
    """

    rise_s: float
    turn_s: float
    knots_s: tuple[float, ...]
    yaw_s: tuple[float, ...] = ()
    table: tuple[tuple[float, float], ...] = ()
    azimuth_rad: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The fitted numbers, in the order of the vector that holds them; all are rad."""
        return (
            "table's bias" if self.table else "kick",
            *(() if self.azimuth_rad is not None else ("azimuth",)),
            *(f"pitch at T+{t:.0f} s" for t in self.knots_s),
            *(f"yaw from T+{t:.0f} s" for t in self.yaw_s),
        )

    @property
    def breaks_s(self) -> tuple[float, ...]:
        """Where the law changes or has a corner."""
        start = (
            tuple(t for t, _ in self.table)
            if self.table
            else (self.rise_s, self.rise_s + PITCH_OVER_S)
        )
        return (*start, self.turn_s, *self.knots_s, *self.yaw_s)


@dataclass(slots=True, eq=False)
class Steering:
    """The law with its numbers, for n flights at once.

    axes     (3, 3) rows up, east, north at the pad, launch frame
    numbers  (len(layout.names), n)
    """

    layout: Layout
    axes: Array
    numbers: Array
    _first: Array | None = field(default=None, init=False)

    def _part(self, name: str) -> Array:
        return np.asarray(self.numbers[self.layout.names.index(name)])

    def heading(self) -> Array:
        """(3, n) horizontal unit vectors at the pad along the launch azimuth."""
        layout = self.layout
        azimuth = (
            np.full(self.numbers.shape[1], layout.azimuth_rad)
            if layout.azimuth_rad is not None
            else self._part("azimuth")
        )
        east, north = self.axes[1][:, None], self.axes[2][:, None]
        return np.asarray(np.sin(azimuth) * east + np.cos(azimuth) * north)

    def reach(self, t_s: float, r: Array, w: Array) -> None:
        """Told at each break where the flights are: the pitch goes on from where the turn ends."""
        if abs(t_s - self.layout.turn_s) < 1e-9:
            if self.layout.table:
                self._first = self._tabled(t_s)
            else:
                up = r / np.linalg.norm(r, axis=0)
                rise = np.sum(w * up, axis=0)
                self._first = np.arcsin(np.clip(rise / np.linalg.norm(w, axis=0), -1.0, 1.0))

    def direction(self, t_s: float, inside_s: float, r: Array, w: Array) -> Array:
        """Unit thrust directions (3, n) at `t_s`; `inside_s` says in which stretch of the law.

        r, w   (3, n) place and velocity against the air, launch frame
        """
        layout = self.layout
        if inside_s >= layout.turn_s:
            return self._pitched(t_s, inside_s, r, w)
        up = np.repeat(self.axes[0][:, None], r.shape[1], axis=1)
        if layout.table:
            normal = np.cross(up, self.heading(), axis=0)
            here = r / np.linalg.norm(r, axis=0)
            along = np.cross(normal, here, axis=0)
            along /= np.linalg.norm(along, axis=0)
            angle = self._tabled(t_s)
            return np.asarray(np.cos(angle) * along + np.sin(angle) * here)
        if inside_s < layout.rise_s:
            return up
        if inside_s < layout.rise_s + PITCH_OVER_S:
            s = (t_s - layout.rise_s) / PITCH_OVER_S
            u = up + np.tan(self._part("kick")) * (s * s * (3.0 - 2.0 * s)) * self.heading()
            return np.asarray(u / np.linalg.norm(u, axis=0))
        return np.asarray(w / np.linalg.norm(w, axis=0))

    def _tabled(self, t_s: float) -> Array:
        """Pitch of the printed table with its bias, (n,)."""
        times, pitch = np.array(self.layout.table).T
        angle = float(np.interp(t_s, times, pitch))
        tilt = min((0.5 * np.pi - angle) / (0.25 * np.pi), 1.0)
        return np.asarray(angle + tilt * self._part("table's bias"))

    def _pitched(self, t_s: float, inside_s: float, r: Array, w: Array) -> Array:
        layout = self.layout
        if self._first is None:
            raise ValueError("the flights were not told where the turn ended")
        times = np.array([layout.turn_s, *layout.knots_s])
        first = len(layout.names) - len(layout.knots_s) - len(layout.yaw_s)
        values = np.vstack([self._first, self.numbers[first : first + len(layout.knots_s)]])
        k = int(np.clip(np.searchsorted(times, t_s, side="right") - 1, 0, len(times) - 2))
        x = min(max((t_s - times[k]) / (times[k + 1] - times[k]), 0.0), 1.0)
        pitch: Any = (1.0 - x) * values[k] + x * values[k + 1]
        up = r / np.linalg.norm(r, axis=0)
        along = w - np.sum(w * up, axis=0) * up
        along = along / np.linalg.norm(along, axis=0)
        begun = [i for i, t in enumerate(layout.yaw_s) if t <= inside_s]
        if begun:
            yaw = self.numbers[first + len(layout.knots_s) + begun[-1]]
            along = np.cos(yaw) * along + np.sin(yaw) * np.cross(along, up, axis=0)
        return np.asarray(np.cos(pitch) * along + np.sin(pitch) * up)
