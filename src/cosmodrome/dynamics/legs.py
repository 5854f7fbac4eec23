"""One propagation, leg by leg: legs of 32 days, and a leg for every centre.

Each leg has tables of its own; it hands on the state, the length of the next segment and the values
of the event functions, so that nothing is lost or told twice at a seam.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.aloft import in_air_s
from cosmodrome.dynamics.assembly import Assembly, Setting, heights
from cosmodrome.dynamics.events import ENDED_BY, SPHERE, DynamicsEvent, Event, Wanted
from cosmodrome.dynamics.flown import Propagation
from cosmodrome.dynamics.forces import Thrust
from cosmodrome.dynamics.surfaces import Drag
from cosmodrome.errors import DataSpanError, InputError
from cosmodrome.physics.thermosphere import LOWEST_M
from cosmodrome.record.nouns import ForceAudit
from cosmodrome.solvers import core
from cosmodrome.watch import Watch, stop_if_cancelled
from cosmodrome.world.bodies import body, height_above
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centre import offset
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["LEG_S", "Flight", "leg_end", "sampled", "set_up", "under_the_ground"]

# tables are built for so long at a time: memory stays bounded, and a cancel is heard
LEG_S = 32.0 * 86_400.0
_EVERYWHERE = (LOWEST_M, math.inf)


def set_up(
    state: State,
    dynamics: Dynamics,
    duration_s: float,
    world: World,
    heights_m: tuple[float, float] | None = None,
) -> Setting:
    """Tables and the core's model for one leg of `duration_s` from `state` (negative: before)."""
    return _assemble(
        world,
        dynamics,
        state.epoch,
        0.0,
        duration_s,
        np.concatenate([state.r_m, state.v_m_s]),
        heights_m,
    )


def _assemble(
    world: World,
    dynamics: Dynamics,
    epoch: Epoch,
    t0: float,
    t1: float,
    y: Array,
    heights_m: tuple[float, float] | None = None,
    *,
    also: tuple[str, ...] = (),
    airless: bool = False,
) -> Setting:
    mu = body(dynamics.centre).mu_m3_s2
    thrusts = dynamics.first(Thrust) is not None
    span = heights_m or heights(y[:3], y[3:6], mu, open_ended=thrusts)
    air_s = t1 - t0
    if heights_m is None and not thrusts and dynamics.centre == "earth":
        moon_ends = any(name == "moon" for name, _ in dynamics.spheres)
        air_s = in_air_s(y[:3], y[3:6], mu, air_s, moon_ends=moon_ends)
    made = Assembly(
        world, dynamics, epoch, min(t0, t1), max(t0, t1), span, also=also, airless=airless,
        air_hi_s=None if air_s == t1 - t0 else t0 + air_s,
    )  # fmt: skip
    return made.setting()


def leg_end(t_s: float, duration_s: float) -> float:
    """Where the leg that begins t_s after the start ends."""
    legs = math.floor(abs(t_s) / LEG_S + 1e-9) + 1
    return math.copysign(min(abs(duration_s), legs * LEG_S), duration_s)


def sampled(times: Sequence[float] | Array, duration_s: float) -> Array:
    """Instants to sample; InputError where they are out of order or outside the span."""
    t_s = np.asarray(times, dtype=np.float64)
    if t_s.ndim != 1 or not np.all(np.diff(t_s * math.copysign(1.0, duration_s)) >= 0.0):
        raise InputError("times to sample must be a list of seconds in order of flight")
    inside = t_s / duration_s
    if t_s.size and not (np.all(np.isfinite(t_s)) and inside.min() >= 0.0 and inside.max() <= 1.0):
        raise InputError(
            f"times to sample from {t_s.min():.9g} to {t_s.max():.9g} s lie outside the span of"
            f" {duration_s:.9g} s; nothing is extrapolated"
        )
    return t_s


def under_the_ground(world: World, centre: str, epoch: Epoch, r_m: Array) -> list[str]:
    """Why each of the places (n, 3) is no start of a path; empty where it is one."""
    places = fixed_from_gcrf(world, centre, None, epoch).vector(r_m)
    return [_under_the_ground(centre, place) for place in places]


def _under_the_ground(centre: str, fixed_m: Array) -> str:
    try:
        height = float(height_above(centre, fixed_m))
    except InputError as e:
        return str(e)
    figure = body(centre)
    if height >= figure.lowest_m:
        return ""
    return (
        f"the start lies {height / 1e3:.3f} km above the ellipsoid of the {centre}, below"
        f" its lowest ground at {figure.lowest_m / 1e3:.3f} km ({figure.terrain}): a path"
        " needs a place outside the body"
    )


class Flight:
    """One propagation on its way; `result` tells what was flown."""

    def __init__(
        self,
        state: State,
        dynamics: Dynamics,
        duration: float,
        events: tuple[Event, ...],
        world: World,
        floor_m: float | None,
        stop: Event | None,
        count: int,
        settings: core.Settings,
        edges: tuple[tuple[str, float, str], ...] = (),
    ) -> None:
        self.start, self.home, self.world = state, dynamics, world
        self.duration, self.events, self.floor_m = duration, events, floor_m
        self.stop, self.left, self.settings, self.edges = stop, count, settings, edges
        self.t = 0.0
        self.y = np.concatenate([state.r_m, state.v_m_s, [state.mass_kg]])
        self.here = dynamics
        self.resume: tuple[float, list[float]] = (0.0, [])
        self.stopped: str | None = None
        self.stopped_by: str | None = None
        self.paths: list[tuple[str, core.CorePath]] = []
        self.found: list[DynamicsEvent] = []
        self.sizes: dict[str, tuple[float, float, float, str]] = {}
        self.notes: list[str] = []
        self.counts = dict.fromkeys(("segments", "rejected", "inner", "full"), 0)
        self.lit = 0.0

    def keep(self, dense: bool, times: Array, partials: tuple[str, ...] | None) -> None:
        """What to keep of the path."""
        self.dense, self.times, self.partials = dense, times, partials
        for name in partials or ():
            if name not in core.PARTIALS:
                raise InputError(f"no partial {name!r}; write one of {', '.join(core.PARTIALS)}")
        if "mu" in (partials or ()) and self.home.spheres:
            raise InputError("the partial by mu is that of one centre: leave it or the spheres out")
        self.taken = 0
        self.samples: list[Array] = []
        self.matrix = np.eye(6)
        self.columns = np.zeros((6, len(partials or ())))

    def fly(self, watch: Watch) -> None:
        """To the end, or to what stops it."""
        self._enter()
        sense = math.copysign(1.0, self.duration)
        while sense * self.t < sense * self.duration and self.stopped_by is None:
            self._leg(leg_end(self.t, self.duration))
            stop_if_cancelled(watch)
            if abs(self.duration) > LEG_S:
                watch.tell("propagate", abs(self.t / self.duration), f"{self.t / 86400:.0f} days")

    def _enter(self) -> None:
        """A start inside a sphere belongs to its body; a start under the ground is refused."""
        for name, radius in self.home.spheres:
            r, v = self._offset(name, self.home.centre, 0.0)
            if float(np.linalg.norm(self.y[:3] - r)) < radius:
                self.here = self.home.about(name)
                self.y[:3] -= r
                self.y[3:6] -= v
        (fault,) = under_the_ground(
            self.world, self.here.centre, self.start.epoch, self.y[None, :3]
        )
        if fault:
            raise InputError(fault)

    def _offset(self, name: str, centre: str, t: float) -> tuple[Array, Array]:
        return offset(self.world, name, centre, self.start.epoch + t)

    def _wanted(self) -> Wanted:
        """Events of this leg. Heights, stations and the floor belong to the home centre."""
        here, home = self.here, self.home
        # flown backward, a path that will come nearer goes farther
        into, out_of = ("nearer", "farther") if self.duration > 0.0 else ("farther", "nearer")
        if here.centre == home.centre:
            spheres = tuple((name, r, into) for name, r in home.spheres)
        else:
            spheres = ((here.centre, dict(home.spheres)[here.centre], out_of),)
        return Wanted(
            self.events,
            here.centre,
            self.floor_m,
            self.stop,
            self.left,
            spheres,
            home=home.centre,
            backward=self.duration < 0.0,
            edges=self.edges if here.centre == home.centre else (),
        )

    def _leg(self, goal: float) -> None:
        here, epoch, wanted = self.here, self.start.epoch, self._wanted()
        known = _names(here)
        for name in wanted.bodies():
            if name not in known:
                raise InputError(
                    f"the distance from {name!r} was asked, which is not among the forces; add"
                    f" PointMass({name!r})"
                )
        away = here.centre != self.home.centre

        def setting(heights_m: tuple[float, float] | None = None) -> Setting:
            return _assemble(
                self.world, here, epoch, self.t, goal, self.y, heights_m,
                also=wanted.bodies(), airless=away,
            )  # fmt: skip

        now = setting()
        path = self._core(now, wanted, goal)
        if path.below_density and now.density is not None:
            # lower than the first orbit promised: once more with the whole table
            if now.density.heights_m[0] > LOWEST_M * 1.001:
                now = setting(_EVERYWHERE)
                path = self._core(now, wanted, goal)
            if path.below_density:
                raise DataSpanError(
                    f"the path falls below {LOWEST_M / 1e3:.0f} km, where the density model ends,"
                    f" after {path.end_s:.0f} s; ask for floor_m={LOWEST_M:.0f} to end there, or"
                    " start from a higher perigee"
                )
        self._take(path, now, wanted)

    def _core(self, setting: Setting, wanted: Wanted, goal: float) -> core.CorePath:
        sense = math.copysign(1.0, self.duration)
        ahead = self.times[self.taken :]
        return core.propagate(
            setting.model,
            self.y,
            self.t,
            goal,
            wanted.search(),
            self.settings,
            dense=self.dense,
            times_s=ahead[sense * ahead <= sense * goal],
            partials=self.partials,
            resume=self.resume,
            first_mass_kg=self.start.mass_kg,
        )

    def _take(self, path: core.CorePath, setting: Setting, wanted: Wanted) -> None:
        epoch, here, began = self.start.epoch, self.here, self.t
        if self.dense:
            self.paths.append((here.centre, path))
        self.found += wanted.answers(path, epoch, setting.model.occulters)
        y = path.states
        if y.size and here.centre != self.home.centre:
            t = self.times[self.taken : self.taken + len(y)]
            eph = self.world.ephemeris
            y[:, :3] += eph.positions_m(here.centre, epoch, t, self.home.centre)
            y[:, 3:6] += eph.velocities_m_s(here.centre, epoch, t, self.home.centre)
        self.samples.append(y)
        self.taken += len(y)
        if path.variations is not None:
            phi = path.variations[:, :6]
            self.matrix = phi @ self.matrix
            self.columns = phi @ self.columns + path.variations[:, 6:]
        self._weigh(path, setting, abs(path.end_s - began))
        for key in self.counts:
            self.counts[key] += path.counts[key]
        self.lit += path.sunlit_fraction * abs(path.end_s - began)
        self.notes += [n for n in setting.notes if n not in self.notes]
        self.left -= sum((k, i) in wanted.until for k, _, i in path.events)
        self.t, self.y = path.end_s, path.end_state.copy()
        self.resume = path.resume
        if path.stop is None:
            return
        kind, index, group = path.stop
        if group == SPHERE:
            self._change(here.centre, index, wanted)
            return
        self.stopped = kind
        self.stopped_by = ENDED_BY.get(group, "until")

    def _change(self, centre: str, index: int, wanted: Wanted) -> None:
        """Another body takes over as the centre."""
        name = wanted.distances[index][0]
        to = name if centre == self.home.centre else self.home.centre
        r, v = self._offset(centre, to, self.t)
        self.y[:3] += r
        self.y[3:6] += v
        self.here = self.home if to == self.home.centre else self.home.about(to)
        self.resume = (0.0, [])

    def _weigh(self, path: core.CorePath, setting: Setting, span: float) -> None:
        name_of = setting.field.name if setting.field is not None else "DE440"
        for force, why in zip(self.here.forces, setting.said, strict=True):
            for name, key in force.rows(self.here.centre):
                source = force.about.source
                if key in ("central", "harmonics"):
                    source = f"{name_of}; {source}"
                if path.largest[key] == 0.0:
                    source = f"{source} ({why or 'no effect on this path'})"
                largest, total, acted, said = self.sizes.get(name, (0.0, 0.0, 0.0, source))
                self.sizes[name] = (
                    max(largest, path.largest[key]),
                    total + path.mean[key] * span,
                    acted + span,
                    said if largest > 0.0 else source,
                )

    def result(self, until: Epoch | None) -> Propagation:
        """What was flown, put together."""
        epoch, span = self.start.epoch, abs(self.t)
        y = self.y.copy()
        if self.here.centre != self.home.centre:
            r, v = self._offset(self.here.centre, self.home.centre, self.t)
            y[:3] += r
            y[3:6] += v
        at = until if until is not None and self.stopped_by is None else epoch + self.t
        end = State(at, gcrf(self.home.centre), y[0:3], y[3:6], float(y[6]))
        shines = self.sizes.get("radiation pressure", (0.0,))[0] > 0.0
        lit = self.lit / span if shines else math.nan
        stats = {
            **self.counts,
            "simd": core.simd_level(),
            "sunlit_fraction": lit,
            "ended_on_floor": self.stopped_by == "floor",
            "ended_on_edge": self.stopped_by == "edge",
        }
        self.found.sort(key=lambda e: e.t_s)
        return Propagation(
            self._arcs(),
            end,
            tuple(self.found),
            tuple(
                ForceAudit(name, largest, total / acted, source)
                for name, (largest, total, acted, source) in self.sizes.items()
            ),
            np.concatenate(self.samples) if self.samples else np.zeros((0, 7)),
            self.matrix if self.partials is not None else None,
            {name: self.columns[:, k] for k, name in enumerate(self._named())},
            self.stopped,
            tuple(self.notes),
            self._data(),
            stats,
            self.world,
        )

    def _named(self) -> tuple[str, ...]:
        """Partials in the order of the core's columns."""
        return tuple(p for p in core.PARTIALS if p in (self.partials or ()))

    def _data(self) -> tuple[str, ...]:
        notes = self.world.notes(self.start.epoch, self.start.epoch + self.t)
        earth = "earth" in _names(self.home)
        air = self.home.first(Drag)
        weather = air is not None and air.space_weather is None and isinstance(air.air, str)
        return tuple(
            n
            for n in notes
            if (n.startswith("Earth orientation") and earth)
            or (n.startswith("space weather") and weather)
        )

    def _arcs(self) -> tuple[Trajectory, ...]:
        """Legs of one centre joined, in order of time."""
        paths = self.paths if self.duration > 0.0 else reversed(self.paths)
        return tuple(
            Trajectory.joined(
                [
                    Trajectory(self.start.epoch, gcrf(centre), p.breaks_s, p.coefficients)
                    for _, p in group
                ]
            )
            for centre, group in itertools.groupby(paths, key=lambda one: one[0])
        )


def _names(dynamics: Dynamics) -> set[str]:
    """Bodies whose places the dynamics know."""
    # the Sun is always there
    names: set[str] = {"sun"} - {dynamics.centre}
    for force in dynamics.forces:
        names.update([force.body] if hasattr(force, "body") else ())
        names.update(force.needs(dynamics.centre))
    return names
