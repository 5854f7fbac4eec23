"""Flying a state: the Python face of the compiled propagator.

Gauss-Legendre collocation in the core (see docs/propagation.md); the path that comes back is the
collocation polynomial itself, so it can be evaluated anywhere. Long flights and flights that change
their centre go leg by leg, each with tables of its own.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.dynamics.assembly import Assembly, Setting, heights
from cosmodrome.dynamics.events import DynamicsEvent, Event, Wanted
from cosmodrome.dynamics.forces import Thrust
from cosmodrome.dynamics.surfaces import Drag
from cosmodrome.errors import DataSpanError, FrameMismatchError, InputError
from cosmodrome.physics.thermosphere import LOWEST_M
from cosmodrome.record.nouns import ForceAudit
from cosmodrome.solvers import core
from cosmodrome.watch import SILENT, Watch, stop_if_cancelled
from cosmodrome.world.bodies import body, height_above
from cosmodrome.world.centre import offset, recentred
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics.dynamics import Dynamics

    Array = NDArray[np.float64]

__all__ = ["DEFAULT_SETTINGS", "Propagation", "propagate", "set_up"]

DEFAULT_SETTINGS = core.Settings()
# tables are built for so long at a time: memory stays bounded, and a cancel is heard
_LEG_S = 32.0 * 86_400.0
_EVERYWHERE = (LOWEST_M, math.inf)


@dataclass(frozen=True, eq=False)
class Propagation:
    """What was flown.

    arcs        paths in order of time, each in the frame of its own centre; none where no dense
                path was asked for
    end         where it ended (backward: at its earliest instant), about the start's centre
    events      in order of time
    audit       largest and mean acceleration of each force
    samples     (m, 7) at the `times` asked for, about the start's centre; shorter where it ended
                early
    stm         (6, 6) d(end) / d(start), or None
    partials    (6,) d(end) / d(factor on a force), by name
    stopped     kind of the event that ended it, or None
    notes       forces asked for that had no effect, and why
    data        data of the span that are predicted or extrapolated
    stats       segments, evaluations, SIMD level, sunlit fraction of the time
    """

    arcs: tuple[Trajectory, ...]
    end: State
    events: tuple[DynamicsEvent, ...]
    audit: tuple[ForceAudit, ...]
    samples: Array
    stm: Array | None = None
    partials: Mapping[str, Array] = field(default_factory=dict)
    stopped: str | None = None
    notes: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    stats: Mapping[str, Any] = field(default_factory=dict)
    world: World | None = field(default=None, repr=False)

    @functools.cached_property
    def trajectory(self) -> Trajectory:
        """The whole path about the start's centre.

        Arcs of another centre are refitted with the ephemeris, to the rounding of the distance.
        Raises InputError where no dense path was asked for.
        """
        if not self.arcs:
            raise InputError("no dense path was kept: propagate with dense=True, or give times")
        home = self.end.frame
        parts = [a if a.frame == home else _refitted(a, home.centre, self) for a in self.arcs]
        if len(parts) == 1:
            return parts[0]
        breaks = np.concatenate([parts[0].breaks_s[:1], *(p.breaks_s[1:] for p in parts)])
        return Trajectory(
            parts[0].epoch, home, breaks, np.concatenate([p.coefficients for p in parts])
        )


def _refitted(arc: Trajectory, centre: str, flown: Propagation) -> Trajectory:
    assert flown.world is not None
    ephemeris, of = flown.world.ephemeris, arc.frame.centre

    def columns(t: Array, _: int) -> Array:
        y = arc.columns_at(t).copy()
        y[:, :3] += ephemeris.positions_m(of, arc.epoch, t, centre)
        y[:, 3:6] += ephemeris.velocities_m_s(of, arc.epoch, t, centre)
        return y

    return Trajectory.fit(arc.epoch, gcrf(centre), arc.breaks_s, columns, arc.coefficients.shape[1])


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
) -> Setting:
    mu = body(dynamics.centre).mu_m3_s2
    span = heights_m or heights(y[:3], y[3:6], mu, open_ended=dynamics.first(Thrust) is not None)
    return Assembly(world, dynamics, epoch, min(t0, t1), max(t0, t1), span).setting()


def propagate(
    state: State,
    dynamics: Dynamics,
    until: Epoch | float | Event,
    events: Iterable[Event] = (),
    *,
    world: World | None = None,
    within_s: float = 30.0 * 86_400.0,
    count: int = 1,
    floor_m: float | None = None,
    dense: bool = True,
    times: Sequence[float] | Array = (),
    partials: Sequence[str] | None = None,
    settings: core.Settings = DEFAULT_SETTINGS,
    watch: Watch = SILENT,
) -> Propagation:
    """Fly `state` under `dynamics` until an instant, for a number of seconds, or to an event.

    state     in GCRF axes about any body; counted from the centre of `dynamics`
    until     an Epoch; seconds (negative: backward); or an event, such as "periapsis",
              Altitude(120e3), Distance("moon", 66e6): the path then ends at its `count`-th
              occurrence, within `within_s` seconds (negative: backward)
    events    names of events.KINDS or events.GROUPS, Altitude, Visibility, Distance
    floor_m   height at which the path ends on its way down; None: no floor
    dense     keep the whole path; without it memory does not grow with the span
    times     seconds after the start to sample, in order of flight
    partials  None; else the state-transition matrix, and d/d(factor) of the named forces out of
              "mu", "drag", "radiation", "thrust". Away from burns' own instants it is exact to
              1e-7 of itself
    world     None: the shipped world

    Raises FrameMismatchError for turning axes, InputError for an end at the start, a start below
    the ground, or an event that does not come; DataSpanError where the path falls below the
    density model; SolverError when no step is small enough or the budget of segments is spent.
    """
    world = World.shipped() if world is None else world
    if state.frame.axes != "gcrf":
        raise FrameMismatchError(
            f"propagation starts from a state in GCRF axes, not {state.frame}: rotate it first"
            " (cosmodrome.world.centre.expressed)"
        )
    state = recentred(state, dynamics.centre, world)
    stop: Event | None = None
    if isinstance(until, Epoch):
        duration = until - state.epoch
    elif isinstance(until, int | float):
        duration = float(until)
    else:
        stop, duration = until, float(within_s)
    if not math.isfinite(duration) or duration == 0.0:
        raise InputError(
            f"propagation from {state.epoch} for {duration:g} s: the end must lie after the start"
            " (or before it, to fly backward)"
        )
    sampled = np.asarray(times, dtype=np.float64)
    if sampled.ndim != 1 or not np.all(np.diff(sampled * math.copysign(1.0, duration)) >= 0.0):
        raise InputError("times to sample must be a list of seconds in order of flight")
    check_times(sampled, duration)
    stop_if_cancelled(watch)
    watch.begin("propagate", f"propagating {duration / 3600.0:.2f} h from {state.epoch}")
    flight = _Flight(
        state, dynamics, duration, tuple(events), world, floor_m, stop, count, settings
    )
    flight.keep(dense, sampled, None if partials is None else tuple(partials))
    flight.fly(watch)
    if stop is not None and flight.stopped_by != "until":
        if flight.stopped_by is None:
            raise InputError(
                f"no {stop!r} (number {count}) within {duration:g} s of {state.epoch}; ask for"
                " another event or raise within_s"
            )
        watch.tell("propagate", None, "the path met its floor first")
    result = flight.result(until if isinstance(until, Epoch) else None)
    for note in (*result.notes, *result.data):
        watch.tell("propagate", None, note)
    watch.end("propagate", f"{result.stats['segments']} segments")
    return result


def check_times(t_s: Array, duration_s: float) -> None:
    """Raise InputError for instants outside the span asked for."""
    inside = t_s / duration_s
    if t_s.size and not (np.all(np.isfinite(t_s)) and inside.min() >= 0.0 and inside.max() <= 1.0):
        raise InputError(
            f"times to sample from {t_s.min():.9g} to {t_s.max():.9g} s lie outside the span of"
            f" {duration_s:.9g} s; nothing is extrapolated"
        )


class _Flight:
    """One propagation, leg by leg."""

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
    ) -> None:
        self.start, self.home, self.world = state, dynamics, world
        self.duration, self.events, self.floor_m = duration, events, floor_m
        self.stop, self.left, self.settings = stop, count, settings
        self.t = 0.0
        self.y = np.concatenate([state.r_m, state.v_m_s, [state.mass_kg]])
        self.here = dynamics
        self.resume: tuple[float, list[float]] = (0.0, [])
        self.stopped: str | None = None
        self.stopped_by: str | None = None
        self.paths: list[tuple[str, core.CorePath]] = []
        self.found: list[DynamicsEvent] = []
        self.sizes: dict[str, tuple[float, float, str]] = {}
        self.notes: list[str] = []
        self.counts = dict.fromkeys(("segments", "rejected", "inner", "full"), 0)
        self.lit = 0.0

    def keep(self, dense: bool, times: Array, partials: tuple[str, ...] | None) -> None:
        """What to keep of the path."""
        self.dense, self.times, self.partials = dense, times, partials
        for name in partials or ():
            if name not in core.PARTIALS:
                raise InputError(f"no partial {name!r}; write one of {', '.join(core.PARTIALS)}")
        self.taken = 0
        self.samples: list[Array] = []
        self.matrix = np.eye(6)
        self.columns = np.zeros((6, len(partials or ())))

    def fly(self, watch: Watch) -> None:
        """To the end, or to what stops it."""
        self._enter()
        sense = math.copysign(1.0, self.duration)
        while sense * self.t < sense * self.duration and self.stopped_by is None:
            legs = math.floor(abs(self.t) / _LEG_S + 1e-9) + 1
            goal = sense * min(abs(self.duration), legs * _LEG_S)
            self._leg(goal)
            stop_if_cancelled(watch)
            if abs(self.duration) > _LEG_S:
                watch.tell("propagate", abs(self.t / self.duration), f"{self.t / 86400:.0f} days")

    def _enter(self) -> None:
        """A start inside a sphere belongs to its body; a start under the ground is refused."""
        for name, radius in self.home.spheres:
            r, v = self._offset(name, self.home.centre, 0.0)
            if float(np.linalg.norm(self.y[:3] - r)) < radius:
                self.here = self.home.about(name)
                self.y[:3] -= r
                self.y[3:6] -= v
        centre = self.here.centre
        from cosmodrome.world.body_orientation import fixed_from_gcrf

        fixed = fixed_from_gcrf(self.world, centre, None, self.start.epoch)
        height = float(height_above(centre, fixed.vector(self.y[:3])))
        figure = body(centre)
        if not height >= figure.lowest_m:
            raise InputError(
                f"the start lies {height / 1e3:.3f} km above the ellipsoid of the {centre}, below"
                f" its lowest ground at {figure.lowest_m / 1e3:.3f} km ({figure.terrain}): a path"
                " needs a place outside the body"
            )

    def _offset(self, name: str, centre: str, t: float) -> tuple[Array, Array]:
        return offset(self.world, name, centre, self.start.epoch + t)

    def _leg(self, goal: float) -> None:
        here, home = self.here, self.home
        # flown backward, a path that will come nearer goes farther
        into, out_of = ("nearer", "farther") if self.duration > 0.0 else ("farther", "nearer")
        if here.centre == home.centre:
            spheres = tuple((name, r, into) for name, r in home.spheres)
        else:
            spheres = ((here.centre, dict(home.spheres)[here.centre], out_of),)
        wanted = Wanted(
            self.events,
            here.centre,
            self.floor_m,
            self.stop,
            self.left,
            spheres,
            backward=self.duration < 0.0,
        )
        asked = replace(here, spheres=tuple((n, 1.0) for n in wanted.bodies() if n in _names(here)))
        for name in wanted.bodies():
            if name not in _names(here):
                raise InputError(
                    f"the distance from {name!r} was asked, which is not among the forces; add"
                    f" PointMass({name!r})"
                )
        epoch, lo = self.start.epoch, None
        setting = _assemble(self.world, asked, epoch, self.t, goal, self.y, lo)
        path = self._core(setting, wanted, goal)
        if path.below_density and setting.density is not None:
            # lower than the first orbit promised: once more with the whole table
            if setting.density.heights_m[0] > LOWEST_M * 1.001:
                setting = _assemble(self.world, asked, epoch, self.t, goal, self.y, _EVERYWHERE)
                path = self._core(setting, wanted, goal)
            if path.below_density:
                raise DataSpanError(
                    f"the path falls below {LOWEST_M / 1e3:.0f} km, where the density model ends,"
                    f" before {path.end_s:.0f} s; ask for floor_m={LOWEST_M:.0f} to end there, or"
                    " start from a higher perigee"
                )
        self._take(path, setting, wanted)

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
        if path.stopped is None:
            return
        # the last in order of flight
        kind, _, index = path.events[-1 if self.duration > 0.0 else 0]
        group = next(g for k, i, _, g in wanted.stops if (k, i) == (kind, index))
        if group == 2:
            self._change(here.centre, index, wanted)
            return
        self.stopped = kind
        self.stopped_by = "floor" if group == 1 else "until"

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
        for force in self.here.forces:
            for name, key in force.rows(self.here.centre):
                source = force.about.source
                if key in ("central", "harmonics"):
                    source = f"{name_of}; {source}"
                if path.largest[key] == 0.0:
                    word = name.split(" ")[0].split(",")[0]
                    why = next((n for n in setting.notes if n.startswith(word)), None)
                    source = f"{source} ({why or 'no effect on this path'})"
                largest, mean, said = self.sizes.get(name, (0.0, 0.0, source))
                self.sizes[name] = (
                    max(largest, path.largest[key]),
                    mean + path.mean[key] * span,
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
        lit = self.lit / span if self._shines() else math.nan
        stats = {
            **self.counts,
            "simd": core.simd_level(),
            "sunlit_fraction": lit,
            "ended_on_floor": self.stopped_by == "floor",
        }
        self.found.sort(key=lambda e: e.t_s)
        return Propagation(
            self._arcs(),
            end,
            tuple(self.found),
            tuple(
                ForceAudit(name, largest, total / span, source)
                for name, (largest, total, source) in self.sizes.items()
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

    def _shines(self) -> bool:
        return any(key == "radiation" for f in self.home.forces for _, key in f.rows("earth"))

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
        out: list[tuple[str, list[core.CorePath]]] = []
        for centre, path in self.paths:
            if out and out[-1][0] == centre:
                out[-1][1].append(path)
            else:
                out.append((centre, [path]))
        arcs = []
        for centre, paths in out:
            if self.duration < 0.0:
                paths.reverse()
            breaks = np.concatenate([paths[0].breaks_s[:1], *(p.breaks_s[1:] for p in paths)])
            coefficients = (
                paths[0].coefficients
                if len(paths) == 1
                else np.concatenate([p.coefficients for p in paths])
            )
            arcs.append(Trajectory(self.start.epoch, gcrf(centre), breaks, coefficients))
        return tuple(arcs if self.duration > 0.0 else reversed(arcs))


def _names(dynamics: Dynamics) -> set[str]:
    """Bodies whose places the dynamics know."""
    names: set[str] = {"sun"}
    for force in dynamics.forces:
        names.update([force.body] if hasattr(force, "body") else ())
        names.update(force.needs(dynamics.centre))
    return names
