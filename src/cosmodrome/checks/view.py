"""What the checks look at: the legs by their part in the story, and the sampled paths, once.

Nothing is taken from a chapter: only the record, the mission and the world.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from cosmodrome.checks.angles import azimuth_of
from cosmodrome.checks.mean import MeanOrbit, mean_orbit
from cosmodrome.checks.onward import Around, around
from cosmodrome.checks.places import geodetic, on_sphere
from cosmodrome.checks.series import Samples, sample
from cosmodrome.checks.verdicts import NotJudged
from cosmodrome.mission.nouns import Mission, OrbitMission
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centres import CENTRES
from cosmodrome.world.frame import GCRF

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Limits
    from cosmodrome.mission.nouns import Spacecraft, Target
    from cosmodrome.record.nouns import Event, Flight, Handover, LaunchSolution, Leg, Payload
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["MOON_RADIUS_M", "Airspeed", "View", "moon_equator"]

T = TypeVar("T")

#: heights and apsides about the Moon are above this sphere (IAU 2015)
MOON_RADIUS_M = 1_737_400.0


def moon_equator(world: World, epoch: Epoch) -> NDArray[np.float64]:
    """(3, 3) from GCRF: z along the pole of the mean-Earth axes, x at the ascending node of their
    equator on the GCRF's."""
    z = fixed_from_gcrf(world, "moon", "moon-me", epoch).matrix[2]
    x = np.cross([0.0, 0.0, 1.0], z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])


class Airspeed:
    """The stack's flight seen from the rotating Earth at the samples of its path.

    h_m (N,) above the ellipsoid, v_m_s (N, 3) Earth-relative, rho_kg_m3 (N,)
    speed_m_s (N,) relative to the air: to the Earth, but for the mission's wind
    """

    def __init__(self, view: View) -> None:
        from cosmodrome.maths import NUMPY
        from cosmodrome.physics import atmosphere

        s = view.stack_samples
        r, v = view.earth_fixed(view.stack.path, s.t_s, s.values)
        self.latitude_rad, self.longitude_rad, self.h_m = geodetic(r)
        self.r_m, self.v_m_s = r, v
        wind = view.flight.mission.wind
        if wind is not None:
            from cosmodrome.checks.winds import Blowing

            v = v - Blowing(wind, (0.0, 0.0, 1.0))(r, self.h_m)
        self.speed_m_s = np.linalg.norm(v, axis=1)
        h = np.clip(self.h_m, 0.0, 999_000.0)
        rho, pressure, _ = atmosphere.density_pressure_sound(NUMPY, h)
        self.rho_kg_m3 = np.asarray(rho, dtype=np.float64)
        self.pressure_pa = np.asarray(pressure, dtype=np.float64)


class View:
    """A flight and the world it was flown in, with what several checks share computed once.

    Of several spacecraft the view is that of the primary; `of` gives that of another one.
    """

    def __init__(self, flight: Flight, world: World, orbit: Leg | None = None) -> None:
        self.flight = flight
        self.world = world
        self._orbit = orbit
        self._found: dict[Callable[[View], Any], Any] = {}

    def of(self, craft: str) -> View:
        """The flight as another of its spacecraft sees it: its own target, plan and orbits."""
        mission, orbit = self.flight.mission.of(craft), self.flight.orbits.get(craft)
        reached = self.flight.reaches.get(craft)
        return View(replace(self.flight, mission=mission, orbit=orbit, reached=reached), self.world)

    def after_burns(self) -> View | None:
        """The flight from its last burn on: the orbit it reached; None without burns."""
        mine = [g for g in self.flight.legs if g.object == self.flight.mission.spacecraft.id]
        burns = [k for k, g in enumerate(mine) if g.chapter == "transfer"]
        if not burns or self.flight.reached is None:
            return None
        rest = [g for g in mine[burns[-1] + 1 :] if g.chapter == "orbit"]
        if not rest:
            return None
        return View(replace(self.flight, orbit=self.flight.reached), self.world, rest[0])

    # what was intended ------------------------------------------------------------------
    @property
    def mission(self) -> Mission:
        """The mission from a pad."""
        if not isinstance(self.flight.mission, Mission):
            raise NotJudged("the mission begins in orbit: it has no pad and no vehicle")
        return self.flight.mission

    @property
    def target(self) -> Target:
        """The wanted orbit."""
        if self.flight.mission.target is None:
            raise NotJudged("the mission asks for no orbit")
        return self.flight.mission.target

    @property
    def launch(self) -> LaunchSolution:
        """When and where to it left the pad."""
        if self.flight.launch is None:
            raise NotJudged("the mission begins in orbit: there was no launch")
        return self.flight.launch

    @property
    def payload(self) -> Payload:
        """What was carried, and could be."""
        if self.flight.payload is None:
            raise NotJudged("the mission begins in orbit: nothing was carried there")
        return self.flight.payload

    # legs -------------------------------------------------------------------------------
    def craft_of(self, leg: Leg) -> Spacecraft:
        """The spacecraft that flies a leg: the mission's, or what rose from the ground in it."""
        craft = self.flight.mission.spacecraft
        return next((c for c in craft.carries if c.id == leg.object), craft)

    @property
    def lift_off(self) -> Epoch:
        """First motion, or the start in orbit: the instant from which times count."""
        return self.flight.zero

    @cached_property
    def stack(self) -> Leg:
        """The vehicle from first motion to release."""
        for leg in self.flight.legs:
            if leg.chapter == "ascent" and leg.kind == "stack":
                return leg
        raise NotJudged("no ascent of a stack was flown")

    @cached_property
    def orbit(self) -> Leg:
        """The primary spacecraft's orbit: from its release, its start or its last burn on."""
        if self._orbit is not None:
            return self._orbit
        wanted = self.flight.mission.spacecraft.id
        for leg in self.flight.legs:
            if leg.chapter in ("transfer", "release") and leg.object == wanted:
                break  # it burns or recoils at once: what follows is another orbit
            if leg.chapter == "orbit" and leg.object == wanted:
                return leg
        raise NotJudged(f"no orbit leg of {wanted!r} was flown before its first burn or release")

    @cached_property
    def dropped(self) -> tuple[Leg, ...]:
        """Legs of what was separated from the stack on the way, in order of time."""
        main = {"stack", self.flight.mission.spacecraft.id}
        main |= {craft for given in self.stack_released for craft in given.attached}
        main |= {g.object for g in self.flight.legs if g.kind in ("stack", "object")}
        main |= {c.id for c in self.flight.mission.spacecraft.carries}
        legs = [g for g in self.flight.legs if g.object not in main]
        return tuple(sorted(legs, key=lambda g: g.start.epoch))

    @cached_property
    def dropped_s(self) -> dict[str, float]:
        """When each of them left, seconds after first motion."""
        return {leg.object: leg.start.epoch - self.lift_off for leg in self.dropped}

    # several spacecraft -------------------------------------------------------------------
    @cached_property
    def stack_released(self) -> tuple[Handover, ...]:
        """Of several spacecraft, each as the stack released it; () where it was one."""
        legs = (g for g in self.flight.legs if g.chapter == "ascent" and g.kind == "stack")
        return next((g.released for g in legs), ())

    @cached_property
    def others(self) -> tuple[Leg, ...]:
        """Orbit legs of the other spacecraft of the flight."""
        mine = self.flight.mission.spacecraft.id
        theirs = {c for given in self.stack_released for c in given.attached} - {mine}
        return tuple(g for g in self.flight.legs if g.chapter == "orbit" and g.object in theirs)

    @cached_property
    def handover(self) -> Handover | None:
        """This spacecraft as it was released."""
        mine = self.flight.mission.spacecraft.id
        if isinstance(self.flight.mission, OrbitMission):
            return next((g.handover_in for g in self.flight.legs if g.object == mine), None)
        for given in self.stack_released:
            if mine in given.attached:
                return given
        return self.stack.handover_out

    @property
    def released_early(self) -> bool:
        """Did the stack fly on after it had released this spacecraft?"""
        given = self.handover if self.stack_released else None
        return given is not None and given.state.epoch < self.stack.end.epoch

    @cached_property
    def release_s(self) -> float:
        """When this spacecraft was released, seconds after first motion."""
        early = self.released_early and self.handover is not None
        return (self.handover.state if early else self.stack.end).epoch - self.lift_off  # type: ignore[union-attr]

    @cached_property
    def left_before_end(self) -> tuple[Leg, ...]:
        """Legs of everything that left the stack before its end, other spacecraft too."""
        end = self.stack.end.epoch
        early = (self.orbit,) if self.released_early else ()
        legs = (*self.dropped, *(g for g in (*early, *self.others) if g.start.epoch < end))
        return tuple(sorted(legs, key=lambda g: g.start.epoch))

    @property
    def limits(self) -> Limits:
        """The stricter of the mission's limits and the vehicle's, one by one."""
        m, v = self.mission.limits, self.mission.vehicle.limits
        return m.stricter(v)

    # time -------------------------------------------------------------------------------
    def since_lift_off(self, path: Trajectory, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds since first motion of seconds from a path's epoch."""
        return t_s + (path.epoch - self.lift_off)

    def in_path(self, path: Trajectory, t_s: float) -> float:
        """Seconds from a path's epoch of seconds since first motion, clipped to its span."""
        return float(self.all_in_path(path, np.float64(t_s)))

    def all_in_path(
        self, path: Trajectory, t_s: NDArray[np.float64] | np.float64
    ) -> NDArray[np.float64]:
        """The same of several."""
        t = t_s - (path.epoch - self.lift_off)
        return np.asarray(np.clip(t, path.breaks_s[0], path.breaks_s[-1]))

    def event(self, *names: str, leg: Leg | None = None) -> Event | None:
        """The first event of a leg (default: the stack's) with one of these names."""
        for event in sorted((leg or self.stack).events, key=lambda e: e.t_s):
            if event.name in names:
                return event
        return None

    # frames -----------------------------------------------------------------------------
    def inertial(self, path: Trajectory) -> Trajectory:
        """The path itself, when it is given in GCRF's axes about the Earth or the Moon."""
        if path.frame.axes != GCRF.axes or path.frame.centre not in CENTRES:
            raise NotJudged(
                f"the path is given in {path.frame}; the checks read {GCRF} and moon/gcrf"
            )
        return path

    def earth_fixed(
        self, path: Trajectory, t_s: NDArray[np.float64], values: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Place and velocity (N, 3), in the axes that turn with the body the path is about (ITRF,
        the Moon's mean-Earth axes), of path values at seconds from its epoch."""
        self.inertial(path)
        turn = CENTRES[path.frame.centre].fixed_from_gcrf_many(self.world, path.epoch, t_s)
        return turn.velocity(values[:, 0:3], values[:, 3:6])

    def place(
        self, path: Trajectory, fixed: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Latitude, longitude and height of places of `earth_fixed`; the Moon is a sphere."""
        if path.frame.centre == "moon":
            return on_sphere(fixed, MOON_RADIUS_M)
        return geodetic(fixed)

    def field(self, centre: str) -> GravityField:
        """The gravity field of the Earth or the Moon."""
        return self.world.gravity() if centre == "earth" else self.world.gravity(centre)

    def equator_of(self, path: Trajectory, epoch: Epoch) -> NDArray[np.float64]:
        """(3, 3) from GCRF of the axes that elements about the path's body are told in."""
        if path.frame.centre == "moon":
            return moon_equator(self.world, epoch)
        return np.asarray(self.world.orientation.tod_from_gcrf(epoch).matrix)

    @property
    def centre(self) -> str:
        """The body that the orbit goes round."""
        try:
            return self.orbit.path.frame.centre
        except NotJudged:
            return "earth"

    @cached_property
    def equator(self) -> NDArray[np.float64]:
        """(3, 3) true equator and equinox of date from GCRF, at release (or lift-off); about the
        Moon its equator of date."""
        try:
            orbit = self.orbit
        except NotJudged:
            try:
                epoch = self.stack.end.epoch
            except NotJudged:
                epoch = self.lift_off
            return np.asarray(self.world.orientation.tod_from_gcrf(epoch).matrix)
        return self.equator_of(orbit.path, orbit.start.epoch)

    @cached_property
    def axis(self) -> NDArray[np.float64]:
        """The spin axis at lift-off, a GCRF unit vector (3,)."""
        out: NDArray[np.float64] = np.asarray(self.world.orientation.cip_gcrf(self.lift_off))
        return out

    # the stack's path -------------------------------------------------------------------
    @cached_property
    def stack_samples(self) -> Samples:
        return sample(self.inertial(self.stack.path), 9)

    @cached_property
    def stack_t_s(self) -> NDArray[np.float64]:
        """Seconds since first motion at the stack's samples."""
        return self.since_lift_off(self.stack.path, self.stack_samples.t_s)

    @cached_property
    def first_mass_kg(self) -> float:
        """Mass of the stack at first motion, by its path."""
        path = self.inertial(self.stack.path)
        return float(path.columns_at(float(path.breaks_s[0]))[6])

    @property
    def around(self) -> Around:
        """Whole revolutions from release: the orbit leg's, or the checks' own where it has none."""
        return self._once(around)

    @property
    def mean(self) -> MeanOrbit:
        """The mean orbit by averaging whole revolutions."""
        return self._once(mean_orbit)

    def _once(self, work: Callable[[View], T]) -> T:
        """What a piece of work finds, or why it finds nothing, worked out once."""
        if work not in self._found:
            try:
                self._found[work] = work(self)
            except NotJudged as why:
                self._found[work] = NotJudged(str(why))
        found: T | NotJudged = self._found[work]
        if isinstance(found, NotJudged):
            raise NotJudged(str(found))
        return found

    @cached_property
    def air(self) -> Airspeed:
        return Airspeed(self)

    def column(self, name: str) -> NDArray[np.float64]:
        """A named column at the stack's samples."""
        columns = self.stack.path.columns
        if name not in columns:
            raise NotJudged(f"the stack's path has no column {name!r}")
        return self.stack_samples.values[:, columns.index(name)]

    def drag_index(self, t_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Which of the vehicle's drag tables holds at instants (N,), s after lift-off."""
        out = np.zeros(np.shape(t_s), dtype=np.int64)
        before = -np.inf
        for k, (id_, _) in enumerate(self.mission.vehicle.drag_after):
            times = [
                leg.start.epoch - self.lift_off
                for leg in self.dropped
                if leg.object == id_ or leg.object.startswith(id_ + "-")
            ]
            before = max(before, min(times, default=np.inf))
            out = np.where(np.asarray(t_s) >= before, k + 1, out)
        return out

    def heading_at(self, t_s: float) -> tuple[float, float]:
        """(azimuth, horizontal speed) of the stack's Earth-relative velocity, t after lift-off."""
        path = self.inertial(self.stack.path)
        t = np.array([self.in_path(path, t_s)])
        r, v = self.earth_fixed(path, t, path.columns_at(t))
        latitude, longitude, _ = geodetic(r)
        return azimuth_of(v[0], float(latitude[0]), float(longitude[0]))

    @cached_property
    def first_stage_end_s(self) -> float:
        """When the first stage leaves (strap-ons, else the stage lit at lift-off), s."""
        lit = [s.id for s in self.mission.vehicle.stages if s.ignition.kind == "lift-off"]
        times = [leg.start.epoch - self.lift_off for leg in self.dropped if leg.object in lit] or [
            leg.start.epoch - self.lift_off
            for leg in self.dropped
            if any(leg.object.startswith(name) for name in lit)
        ]
        if not times:
            raise NotJudged("no first-stage separation was recorded")
        return min(times)
