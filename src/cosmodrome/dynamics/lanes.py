"""Spacecraft side by side, each at an instant of its own: what `propagate` does, in batches.

An ensemble begins at one instant and under one set of burns. Lanes need neither: what is flown
again with a burn cut off earlier or later, stronger or turned, goes on from another instant. Tables
of the world are made once for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.aloft import in_air_s
from cosmodrome.dynamics.assembly import Assembly, heights_of_all
from cosmodrome.dynamics.events import ENDED_BY, Wanted
from cosmodrome.dynamics.legs import LEG_S
from cosmodrome.dynamics.propagate import DEFAULT_SETTINGS
from cosmodrome.physics.thermosphere import HIGHEST_M, LOWEST_M
from cosmodrome.solvers import core
from cosmodrome.world.bodies import body
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.assembly import Setting
    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.dynamics.events import Event
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

__all__ = ["Lanes", "LanesFlown", "fly_lanes"]


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """n spacecraft about one body, on GCRF's axes.

    epoch        instant of t = 0
    t_s          (n,) when each is where `y` says
    y            (n, 7) place m, velocity m/s, mass kg
    drag, light  (n,) factors on drag and on radiation pressure
    """

    epoch: Epoch
    centre: str
    t_s: Array
    y: Array
    drag: Array
    light: Array

    @classmethod
    def of(cls, epoch: Epoch, states: Sequence[State]) -> Lanes:
        """Of states about one body, without factors."""
        ones = np.ones(len(states))
        return cls(
            epoch,
            states[0].frame.centre,
            np.array([s.epoch - epoch for s in states]),
            np.array([[*s.r_m, *s.v_m_s, s.mass_kg] for s in states]),
            ones,
            ones,
        )

    def __len__(self) -> int:
        return len(self.t_s)

    def taken(self, which: Indices) -> Lanes:
        """Some of them."""
        return replace(
            self, t_s=self.t_s[which], y=self.y[which], drag=self.drag[which],
            light=self.light[which],
        )  # fmt: skip

    def state(self, k: int) -> State:
        """Of one of them."""
        r, v, mass = self.y[k, :3], self.y[k, 3:6], float(self.y[k, 6])
        return State(self.epoch + float(self.t_s[k]), gcrf(self.centre), r, v, mass)


@dataclass(frozen=True, slots=True, eq=False)
class LanesFlown:
    """Where each ended, and by what.

    ended   "end" at the instant asked for, "event", "floor", "edge", or "fault"
    faults  why one could not be flown; empty where it was
    """

    lanes: Lanes
    ended: list[str]
    faults: list[str]


def fly_lanes(
    lanes: Lanes,
    dynamics: Dynamics,
    until_s: Array,
    world: World,
    *,
    stop: Event | None = None,
    count: int = 1,
    floor_m: float | None = None,
    edges: Sequence[tuple[str, float, str]] = (),
    burns: Sequence[core.Burn | None] = (),
    settings: core.Settings = DEFAULT_SETTINGS,
    threads: int = 1,
) -> LanesFlown:
    """Fly each lane on to an instant (n,) of its own, or to an event.

    until_s      s after the lanes' epoch; a lane that is there already stays where it is
    stop, count  the event at whose count-th occurrence a lane ends
    floor_m, edges  as of `propagate`: heights and distances at which a lane ends
    burns        n, of each lane its own, on the lanes' time, or None

    The numbers are those of `propagate`, to the bit where there is no air; with air the density
    table spans all lanes, which differs from that of one by less than its own accuracy. A lane
    that cannot be flown has a fault and stops no other.
    """
    goals = np.asarray(until_s, dtype=np.float64)
    flight = _Lanes(lanes, dynamics, goals, world, burns, settings, threads, bool(edges))
    wanted = Wanted((), lanes.centre, floor_m, stop, count, edges=edges)
    # an event that is counted is counted within one set of tables
    length = LEG_S if stop is None or count == 1 else np.inf
    while flight.alive.size:
        lo = float(flight.t_s[flight.alive].min())
        flight.leg(lo, min(lo + length, float(flight.until_s[flight.alive].max())), wanted)
    return LanesFlown(replace(lanes, t_s=flight.t_s, y=flight.y), flight.ended, flight.faults)


@dataclass(slots=True, eq=False)
class _Lanes:
    """The lanes on their way; alive: the indices of those that fly."""

    lanes: Lanes
    dynamics: Dynamics
    until_s: Array
    world: World
    burns: Sequence[core.Burn | None]
    settings: core.Settings
    threads: int
    moon_ends: bool
    t_s: Array = field(init=False)
    y: Array = field(init=False)
    ended: list[str] = field(init=False)
    faults: list[str] = field(init=False)
    alive: Indices = field(init=False)

    def __post_init__(self) -> None:
        self.t_s, self.y = self.lanes.t_s.copy(), self.lanes.y.copy()
        self.ended, self.faults = [""] * len(self.lanes), [""] * len(self.lanes)
        for k, row in enumerate(self.y):
            if not np.all(np.isfinite(row)) or not row[6] > 0.0:
                self._fault(k, f"the start {row!r} is no place, velocity and mass")
        self._settle()

    def _fault(self, k: int, why: str) -> None:
        self.ended[k], self.faults[k] = "fault", why

    def _settle(self) -> None:
        """Those that are where they were to be have ended."""
        for k in np.flatnonzero(self.t_s >= self.until_s):
            self.ended[k] = self.ended[k] or "end"
        self.alive = np.array([k for k, e in enumerate(self.ended) if not e], dtype=np.int64)

    def leg(self, lo: float, hi: float, wanted: Wanted) -> None:
        """All whose instants lie in lo .. hi, up to hi; those that come under the density table
        once more with the whole of it."""
        who = self.alive[self.t_s[self.alive] < hi]
        below = self._fly(who, lo, hi, wanted, whole=False)
        if below.size:
            for k in self._fly(below, lo, hi, wanted, whole=True):
                self._fault(
                    int(k), f"the path falls below {LOWEST_M / 1e3:.0f} km, where the density ends"
                )
        self._settle()

    def _fly(self, who: Indices, lo: float, hi: float, wanted: Wanted, *, whole: bool) -> Indices:
        setting = self._setting(who, lo, hi, wanted, whole=whole)
        ends = np.minimum(self.until_s[who], hi)
        out = core.ensemble(
            setting.model,
            self.y[who],
            lo,
            hi,
            wanted.search(),
            self.settings,
            scales=np.column_stack([self.lanes.drag[who], self.lanes.light[who]]),
            threads=self.threads,
            spans=np.column_stack([self.t_s[who], ends]),
            burns=[self.burns[k] for k in who] if self.burns else (),
        )
        under = out.below_density if setting.density is not None else np.zeros(who.size, bool)
        for i, k in enumerate(who):
            if under[i]:
                continue
            if out.faults[i]:
                self._fault(int(k), out.faults[i])
                continue
            self.y[k], self.t_s[k] = out.ends[i], out.end_s[i]
            if out.stopped[i] is not None:
                self.ended[k] = ENDED_BY.get(out.groups[i], "event")
        return who[np.flatnonzero(under)]

    def _setting(
        self, who: Indices, lo: float, hi: float, wanted: Wanted, *, whole: bool
    ) -> Setting:
        centre, mu = self.dynamics.centre, body(self.dynamics.centre).mu_m3_s2
        span, air_s = (LOWEST_M, HIGHEST_M), hi
        if centre == "earth" and not self.burns and not whole:
            rows = self.y[who]
            span = heights_of_all(rows, mu)
            air_s = max(
                t + in_air_s(y[:3], y[3:6], mu, hi - t, moon_ends=self.moon_ends)
                for t, y in zip(self.t_s[who], rows, strict=True)
            )
        return Assembly(
            self.world, self.dynamics, self.lanes.epoch, lo, hi, span, also=wanted.bodies(),
            air_hi_s=air_s,
        ).setting()  # fmt: skip
