"""Flights side by side through the same steps, each from a state and an instant of its own.

What `orbit.execute` and `transfer.burn.execute` do for one flight is done here for many: nothing is
kept of the paths but where each step ends. Events are judged again in every flight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.campaign.verify.orbits.periapsis import lowest_passed_m
from cosmodrome.dynamics import Altitude, Drag, Dynamics, Plates, Radiation, propagate
from cosmodrome.dynamics.coasting import AT_ONCE_S, coast, edges_of, floor_m, left_of, other_side
from cosmodrome.dynamics.ground import down_to_ground
from cosmodrome.dynamics.lanes import Lanes, fly_lanes
from cosmodrome.errors import DataError, InfeasibleError, InputError, SolverError
from cosmodrome.mission.nouns import Coast, Until
from cosmodrome.mission.steps import SPHERE
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centres import centre_named
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.campaign.verify.nouns import Way
    from cosmodrome.dynamics import Thrust
    from cosmodrome.dynamics.events import Event
    from cosmodrome.dynamics.lanes import LanesFlown
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]

__all__ = ["Fleet", "Start"]

# the highest summit of the Moon, m above its sphere: what comes lower is flown over its terrain
_SUMMIT_M = 11_500.0
# an event is looked for so long first, times what it took in the flight as planned
_LIKELY, _LIKELY_S = 1.5, 7_200.0
_REFUSED = (InfeasibleError, InputError, SolverError, DataError)


@dataclass(frozen=True, slots=True)
class Start:
    """Where one flight begins.

    held_kg      what it can burn
    drag, light  factors on drag and on radiation pressure
    """

    state: State
    held_kg: float
    drag: float = 1.0
    light: float = 1.0


class Fleet:
    """Flights on their way.

    epoch    of t = 0; t_s (n,) where each is in time, y (n, 7) place, velocity, mass
    centre   (n,) the body that each is counted from
    held_kg  (n,) what each can still burn
    lowest_m (n,) least height of the periapses passed, above the equatorial radius; inf: none
    way      how each ended; "" while it flies. `why` in words, `end_s` when it ended
    """

    def __init__(
        self,
        epoch: Epoch,
        starts: Sequence[Start],
        about: Callable[[str], Dynamics],
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        n = len(starts)
        self.epoch, self.about, self.world, self.watch = epoch, about, world, watch
        self.t_s = np.array([s.state.epoch - epoch for s in starts])
        self.y = np.array([[*s.state.r_m, *s.state.v_m_s, s.state.mass_kg] for s in starts])
        self.centre = np.array([s.state.frame.centre for s in starts], dtype=object)
        self.held_kg = np.array([s.held_kg for s in starts])
        self.drag = np.array([s.drag for s in starts])
        self.light = np.array([s.light for s in starts])
        self.lowest_m = np.full(n, np.inf)
        self.way: list[Way | str] = [""] * n
        self.why = [""] * n
        self.end_s = np.full(n, np.nan)
        self._arc: dict[int, State] = {}

    def __len__(self) -> int:
        return len(self.t_s)

    def state(self, k: int) -> State:
        """Where one is."""
        y = self.y[k]
        return State(
            self.epoch + float(self.t_s[k]), gcrf(str(self.centre[k])), y[:3], y[3:6], float(y[6])
        )

    def flying(self, which: Indices) -> Indices:
        """Those of them that have not ended."""
        return np.array([k for k in which if not self.way[k]], dtype=np.int64)

    def end(self, k: int, way: Way, why: str) -> None:
        """One ends where it is."""
        self.way[k], self.why[k], self.end_s[k] = way, why, self.t_s[k]

    # coasts -------------------------------------------------------------------------------------
    def coast(self, which: Indices, step: Coast, likely_s: float) -> None:
        """One coast of a plan; `likely_s` as long as it took in the flight as planned."""
        which = self.flying(which)
        if not which.size:
            return
        stop_if_cancelled(self.watch)
        self._arcs_begin(which)
        if isinstance(step.until, Until):
            self._to_event(which, step.until, likely_s)
        elif step.until is not None:
            # a timer that has run out already lets the next step begin at once
            self._to_instants(which, np.full(which.size, step.until - self.epoch))
        else:
            self._to_instants(which, self.t_s[which] + (step.duration_s or 0.0))
        self._arcs_end(which)

    def wait(self, seconds: Mapping[int, float]) -> None:
        """Some of them, by number, so long without thrust."""
        which = self.flying(np.array(list(seconds), dtype=np.int64))
        if not which.size:
            return
        self._arcs_begin(which)
        self._to_instants(which, self.t_s[which] + np.array([seconds[int(k)] for k in which]))
        self._arcs_end(which)

    def _to_instants(self, which: Indices, goals_s: Array) -> None:
        begun = {int(k): self.state(int(k)) for k in which if self.centre[k] == "moon"}
        goal = dict(zip(which.tolist(), goals_s.tolist(), strict=True))
        todo = which
        while todo.size:
            more: list[int] = []
            for ids, edges, low in self._groups(todo):
                if low:
                    for k in ids:
                        step = Coast(until=self.epoch + goal[int(k)])
                        self._alone(int(k), begun.get(int(k), self.state(int(k))), step)
                    continue
                goals = np.array([goal[int(k)] for k in ids])
                flown = self._fly(ids, goals, edges)
                more += self._after(ids, flown, begun, goal)
            todo = np.array(more, dtype=np.int64)

    def _after(
        self, ids: Indices, flown: LanesFlown, begun: dict[int, State], goal: dict[int, float]
    ) -> list[int]:
        """What became of some; those that go on about another body."""
        more = []
        for i, k in enumerate(ids.tolist()):
            if flown.ended[i] == "floor" and self.centre[k] == "moon":
                self._alone(k, begun.get(k, self.state(k)), Coast(until=self.epoch + goal[k]))
                continue
            self._take(k, flown, i)
            if flown.ended[i] == "edge":
                self._crosses(k)
                more.append(k)
        return more

    def _take(self, k: int, flown: LanesFlown, i: int) -> None:
        self.t_s[k], self.y[k] = flown.lanes.t_s[i], flown.lanes.y[i]
        if flown.ended[i] == "floor":
            self.end(k, "impact", _down(str(self.centre[k])))
        elif flown.ended[i] == "fault":
            self.end(k, "lost", flown.faults[i])

    def _crosses(self, k: int) -> None:
        self._arcs_end([k])
        state = other_side(self.state(k), self.world)
        self.centre[k] = state.frame.centre
        self.y[k, :3], self.y[k, 3:6] = state.r_m, state.v_m_s
        self._arcs_begin([k])

    def _groups(
        self, which: Indices
    ) -> Iterator[tuple[Indices, tuple[tuple[str, float, str], ...], bool]]:
        """Those that are flown under one setting, and whether they are to be flown one by one:
        they begin under the summits of the Moon."""
        found: dict[tuple[str, tuple[tuple[str, float, str], ...], bool], list[int]] = {}
        for k in which.tolist():
            centre = str(self.centre[k])
            edges = edges_of(self.state(k), self.about(centre))
            height = float(np.linalg.norm(self.y[k, :3])) - body(centre).figure_m
            low = centre == "moon" and height < _SUMMIT_M
            found.setdefault((centre, edges, low), []).append(k)
        for (_, edges, low), ids in found.items():
            yield np.array(ids, dtype=np.int64), edges, low

    def _fly(
        self,
        ids: Indices,
        goals_s: Array,
        edges: tuple[tuple[str, float, str], ...],
        stop: Event | None = None,
        count: int = 1,
    ) -> LanesFlown:
        centre = str(self.centre[ids[0]])
        return fly_lanes(
            self._lanes(ids), self.about(centre), goals_s, self.world,
            stop=stop, count=count, floor_m=_floor_m(centre), edges=edges,
        )  # fmt: skip

    def _lanes(self, ids: Indices) -> Lanes:
        return Lanes(
            self.epoch, str(self.centre[ids[0]]), self.t_s[ids], self.y[ids], self.drag[ids],
            self.light[ids],
        )  # fmt: skip

    # events -------------------------------------------------------------------------------------
    def _to_event(self, which: Indices, until: Until, likely_s: float) -> None:
        begun = {int(k): self.state(int(k)) for k in which}
        first = np.minimum(until.within_s, _LIKELY * likely_s + _LIKELY_S)
        missing = self._sought(which, until, begun, first, until.count)
        if missing and first < until.within_s:
            for k in missing:
                self._put(k, begun[k])
            ids = np.array(missing, dtype=np.int64)
            missing = self._sought(ids, until, begun, until.within_s, until.count)
        for k in missing:
            self.end(
                k, "lost",
                f"the coast until {until} never ends: it does not come within"
                f" {until.within_s / 86400.0:g} days",
            )  # fmt: skip

    def _put(self, k: int, state: State) -> None:
        self.centre[k], self.t_s[k] = state.frame.centre, state.epoch - self.epoch
        self.y[k] = [*state.r_m, *state.v_m_s, state.mass_kg]

    def _sought(
        self, which: Indices, until: Until, begun: dict[int, State], span_s: float, count: int
    ) -> list[int]:
        """Flies to the event; gives those that did not meet it within the span."""
        missing: list[int] = []
        at_once: list[int] = []
        todo = which
        goal = {int(k): float(self.t_s[k]) + span_s for k in which}
        while todo.size:
            more: list[int] = []
            for ids, edges, low in self._groups(todo):
                # occurrences before an edge are counted by the one road that tells them
                if low or (edges and count > 1):
                    for k in ids.tolist():
                        self._alone(k, begun[k], Coast(until=until))
                    continue
                centre = str(self.centre[ids[0]])
                stop = _event(until) if until.about(centre) else None
                goals = np.array([goal[int(k)] for k in ids])
                flown = self._fly(ids, goals, edges, stop, count)
                for i, k in enumerate(ids.tolist()):
                    ended = flown.ended[i]
                    if ended == "floor" and centre == "moon":
                        self._alone(k, begun[k], Coast(until=until))
                        continue
                    self._take(k, flown, i)
                    if ended == "end":
                        missing.append(k)
                    elif ended == "edge":
                        self._crosses(k)
                        if until.kind != SPHERE:
                            more.append(k)
                    elif ended == "event" and self._just_begun(k, begun[k]):
                        at_once.append(k)
            todo = np.array(more, dtype=np.int64)
        if at_once:
            # one at the start itself ended the step before, and is none of those counted from here
            for k in at_once:
                self._put(k, begun[k])
            ids = np.array(at_once, dtype=np.int64)
            missing += self._sought(ids, until, begun, span_s, count + 1)
        return missing

    def _just_begun(self, k: int, begun: State) -> bool:
        return float(self.t_s[k]) - (begun.epoch - self.epoch) < AT_ONCE_S

    # one by one ---------------------------------------------------------------------------------
    def _alone(self, k: int, start: State, step: Coast) -> None:
        """A coast by `dynamics.coasting`, down to the terrain of the Moon."""
        left: Coast | None = step
        self._arc.pop(k, None)
        try:
            while left is not None:
                if isinstance(left.until, Epoch) and left.until <= start.epoch:
                    break
                forces = self._own(k, start.frame.centre)
                flown = coast(start, left, forces, self.world)
                self._passed(k, start, flown.end)
                if flown.stats["ended_on_floor"]:
                    self._put(k, flown.end)
                    self.end(k, "impact", _down(start.frame.centre))
                    return
                if not flown.stats["ended_on_edge"]:
                    start = flown.end
                    break
                left, start = left_of(left, start, flown), other_side(flown.end, self.world)
            self._put(k, start)
        except _REFUSED as short:
            self._put(k, start)
            self.end(k, "lost", str(short))

    def _own(self, k: int, centre: str) -> Dynamics:
        """The forces on one of them, with its factors."""
        dynamics = self.about(centre)
        if self.drag[k] == 1.0 and self.light[k] == 1.0:
            return dynamics
        forces = []
        for force in dynamics.forces:
            if isinstance(force, Plates):
                raise InputError("factors on drag and light are those of a sphere, not of plates")
            if isinstance(force, Drag):
                force = replace(force, area_m2=force.area_m2 * float(self.drag[k]))
            elif isinstance(force, Radiation):
                force = replace(force, area_m2=force.area_m2 * float(self.light[k]))
            forces.append(force)
        return replace(dynamics, forces=tuple(forces))

    # burns --------------------------------------------------------------------------------------
    def burn(self, which: Indices, burns: Sequence[Thrust]) -> None:
        """A burn of each of them, from where it is: its thrust begins there."""
        keep = [(int(k), b) for k, b in zip(which, burns, strict=True) if not self.way[k]]
        if not keep:
            return
        stop_if_cancelled(self.watch)
        by_id = dict(keep)
        for ids, _, low in self._groups(np.array(list(by_id), dtype=np.int64)):
            if low:
                for k in ids.tolist():
                    self._burn_alone(k, by_id[k])
                continue
            own = [by_id[int(k)] for k in ids]
            lanes = self._lanes(ids)
            centre = lanes.centre
            flown = fly_lanes(
                lanes, self.about(centre),
                np.array([b.burn_out - self.epoch for b in own]), self.world,
                floor_m=_floor_m(centre), burns=[b.on(self.epoch) for b in own],
            )  # fmt: skip
            for i, k in enumerate(ids.tolist()):
                if flown.ended[i] == "floor" and centre == "moon":
                    self._burn_alone(k, by_id[k])
                    continue
                mass = float(self.y[k, 6])
                self._take(k, flown, i)
                self.held_kg[k] -= mass - float(self.y[k, 6])

    def _burn_alone(self, k: int, burn: Thrust) -> None:
        start = self.state(k)
        dynamics = self._own(k, start.frame.centre).with_thrust(burn)
        floor = floor_m(start.frame.centre)
        try:
            flown = down_to_ground(
                propagate(start, dynamics, burn.burn_out, world=self.world, floor_m=floor),
                self.world,
                lambda span: propagate(start, dynamics, span, world=self.world, floor_m=floor),
            )
        except _REFUSED as short:
            self.end(k, "lost", str(short))
            return
        self._put(k, flown.end)
        self.held_kg[k] -= start.mass_kg - flown.end.mass_kg
        if flown.stats["ended_on_floor"]:
            self.end(k, "impact", f"{_down(start.frame.centre)} while it burns")

    def kick(self, k: int, delta_v_m_s: Array, burnt_kg: float, lost_kg: float = 0.0) -> None:
        """A change of velocity (3,) in GCRF at one instant, and mass that goes: burnt, let go."""
        self.y[k, 3:6] += delta_v_m_s
        self.y[k, 6] -= burnt_kg + lost_kg
        self.held_kg[k] -= burnt_kg

    # how low ------------------------------------------------------------------------------------
    def _arcs_begin(self, which: Iterable[int]) -> None:
        for k in which:
            self._arc[int(k)] = self.state(int(k))

    def _arcs_end(self, which: Iterable[int]) -> None:
        for k in which:
            begun = self._arc.pop(int(k), None)
            if begun is not None:
                self._passed(int(k), begun, self.state(int(k)))

    def _passed(self, k: int, begun: State, end: State) -> None:
        """The periapses that an arc passed, by the osculating orbits at its two ends."""
        self.lowest_m[k] = min(self.lowest_m[k], lowest_passed_m(begun, end))


def _down(centre: str) -> str:
    if centre == "moon":
        return "it meets the ground of the Moon"
    about = centre_named(centre)
    return f"{about.ended} at {about.floor_m / 1e3:.0f} km"


def _floor_m(centre: str) -> float:
    return _SUMMIT_M if centre == "moon" else floor_m(centre)


def _event(until: Until) -> Event | None:
    if until.kind == SPHERE:
        return None
    return Altitude(until.altitude_m) if until.kind == "altitude" else until.kind
