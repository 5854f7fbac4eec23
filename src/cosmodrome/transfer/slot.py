"""Keeping a geostationary slot: east-west and north-south, by the classical cycles.

The natural flight ahead, in full dynamics, says when the longitude or the inclination nears the
edge of its band. A burn along the motion then sends the satellite back across the band, at the
hour that leads the e vector to where sunlight holds it (Soop 1994, Handbook of Geostationary
Orbits, ch. 7; Li 2014, Geostationary Satellites Collocation, ch. 4); a burn along the normal puts
the pole where it drifts through the allowed circle for the longest time (Chao 2005, Applied Orbit
Perturbation and Maintenance).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.errors import InfeasibleError
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.geostationary import GEOSTATIONARY_RADIUS_M
from cosmodrome.targets.lifetime import mean_orbit
from cosmodrome.transfer.keeping import GUARD, Keeper
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import AU_M, OMEGA_EARTH_RAD_S, SOLAR_PRESSURE_N_M2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, Coast, Manoeuvre, StationKeep
    from cosmodrome.record.nouns import Handover
    from cosmodrome.record.upkeep import UpkeepRecord
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["SlotPlanner"]

_DAY = 86_400.0
_AHEAD_S = 75.0 * _DAY
_STEP_S = 1_200.0
_SOON_S = 600.0
_NEAR_M = 500e3
#: sizes of burns along the motion that are tried, m/s: fine where they are small
_SIZES = np.concatenate([-np.geomspace(3.0, 1e-3, 150), np.geomspace(1e-3, 3.0, 150)])
_LEAST_STAY_S = 1.5 * _DAY
#: of the half-width: what a burn waits for, and what it may use of the band; between them a swing
#: that comes back by itself is let go
_EDGE, _ROOM = 1.0 - 0.4 * GUARD, 1.0 - 0.8 * GUARD
#: and for how long after a burn it may use more
_LAST, _BACK_S = 1.0 - 0.1 * GUARD, 1.2 * _DAY
_WAITED = 1.0 - 0.05 * GUARD
#: hours before the edge that are tried, and what of the longest stay is good enough
_WINDOW_S, _HOURS, _NEARLY = 1.25 * _DAY, 31, 0.85


@dataclass(frozen=True, slots=True, eq=False)
class _Ahead:
    """The natural flight from now on, evenly sampled.

    t_s         (n,) seconds from now
    off_rad     (n,) longitude of the sub-satellite point less the slot's; NaN without a slot
    pole        (n, 2) x and y of the unit vector r x v, true equator and equinox of date
    ra_rad      (n,) right ascension of the satellite
    e           (n, 2) x and y of the osculating e vector
    speed_m_s, radius_m  at the start
    """

    t_s: Array
    off_rad: Array
    pole: Array
    ra_rad: Array
    e: Array
    speed_m_s: float
    radius_m: float

    @property
    def tilt_rad(self) -> Array:
        return np.asarray(np.arcsin(np.minimum(np.hypot(self.pole[:, 0], self.pole[:, 1]), 1.0)))


class SlotPlanner(Keeper):
    """Longitude, inclination or both in their bands."""

    def __init__(
        self,
        step: StationKeep,
        given: Handover,
        mission: AnyMission,
        world: World,
        watch: Watch = SILENT,
    ) -> None:
        super().__init__(step, given, mission, world, watch)
        self.along = self.across = 0.0
        self.counts = [0, 0]
        self.looked = False
        self.turned_s = -math.inf

    def next(self, given: Handover) -> tuple[Coast | Manoeuvre, ...]:
        """A coast and a burn that turns back what is about to leave its band; at last a coast.

        Raises InfeasibleError for a start outside the band, a band too narrow, an empty tank.
        """
        stop_if_cancelled(self.watch)
        left = self.left_s(given.state)
        if left == 0.0:
            return ()
        ahead = self._ahead(given.state, min(left, _AHEAD_S))
        if not self.looked:
            self._begins(given.state, ahead)
            self.looked = True
        slot, tilt = self.step.longitude, self.step.inclination
        # what the last burn was chosen to allow is not turned back by the next
        back = ahead.t_s < _BACK_S - (given.state.epoch - self.begun.epoch - self.turned_s)
        edge = np.where(back, _WAITED, _EDGE)
        east = _first(np.abs(ahead.off_rad) > edge * slot[1]) if slot else None
        north = _first(ahead.tilt_rad > _EDGE * tilt) if tilt else None
        if east is None and north is None:
            return (self.coast(float(ahead.t_s[-1])),)
        # along the motion the best hour lies in the day before: it goes first where both are near
        if east is not None and (north is None or ahead.t_s[east] - _WINDOW_S <= ahead.t_s[north]):
            return self._east_west(given, ahead, east)
        assert north is not None
        return self._north_south(given, ahead, north)

    def told(self, given: Handover) -> UpkeepRecord:
        """What it came to, along and across."""
        years = max(given.state.epoch - self.begun.epoch, 1.0) / (365.25 * _DAY)
        for name, total, count in (
            ("east-west", self.along, self.counts[0]),
            ("north-south", self.across, self.counts[1]),
        ):
            if count:
                self.notes.append(
                    f"{name}: {count} burn{'s' * (count > 1)}, {total:.3f} m/s,"
                    f" {total / years:.2f} m/s a year"
                )
        return super().told(given)

    def _begins(self, state: State, ahead: _Ahead) -> None:
        orbit = mean_orbit(state, self.world)
        off = orbit.a_m - GEOSTATIONARY_RADIUS_M
        if abs(off) > _NEAR_M:
            raise InfeasibleError(
                f"{self.step.name!r} holds a geostationary orbit, and this one has a mean a of"
                f" {orbit.a_m / 1e3:.1f} km, {off / 1e3:+.1f} km from it; write a transfer before"
                " it, or altitude for a low orbit"
            )
        slot, tilt = self.step.longitude, self.step.inclination
        if slot is not None and abs(ahead.off_rad[0]) > slot[1]:
            raise InfeasibleError(
                f"{self.step.name!r} begins {math.degrees(ahead.off_rad[0]):+.3f} deg from the slot"
                f" at {math.degrees(slot[0]):g} deg, outside +- {math.degrees(slot[1]):g} deg;"
                " write a target step that meets the longitude before it, or another slot"
            )
        if tilt is not None and ahead.tilt_rad[0] > tilt:
            here = float(ahead.tilt_rad[0])
            need = 2.0 * ahead.speed_m_s * math.sin(0.5 * (here - tilt))
            raise InfeasibleError(
                f"{self.step.name!r} begins at an inclination of {math.degrees(here):.4f} deg,"
                f" above the {math.degrees(tilt):g} deg asked: {need:.2f} m/s away; write a target"
                " step with a normal burn at the node before it, or a larger inclination"
            )

    def _ahead(self, state: State, span_s: float) -> _Ahead:
        path = propagate(
            state, self.dynamics, span_s, world=self.world, watch=self.watch
        ).trajectory
        end = float(path.breaks_s[-1])
        t = np.linspace(0.0, end, max(int(end / _STEP_S), 8) + 1)
        y = path.columns_at(t)
        fixed = self.world.orientation.itrf_from_gcrf_many(path.epoch, t).vector(y[:, 0:3])
        tod = np.asarray(self.world.orientation.tod_from_gcrf_many(path.epoch, t).matrix)
        r = np.einsum("nij,nj->ni", tod, y[:, 0:3])
        v = np.einsum("nij,nj->ni", tod, y[:, 3:6])
        h = cross(r, v)
        radius = np.linalg.norm(r, axis=1)
        e = cross(v, h) / self.mu - r / radius[:, None]
        pole = h / np.linalg.norm(h, axis=1)[:, None]
        slot = self.step.longitude
        off = np.full(len(t), np.nan)
        if slot is not None:
            off = np.unwrap(np.arctan2(fixed[:, 1], fixed[:, 0]) - slot[0])
            off = off - 2.0 * math.pi * round(float(off[0]) / (2.0 * math.pi))
        return _Ahead(
            t,
            off,
            pole[:, :2],
            np.unwrap(np.arctan2(r[:, 1], r[:, 0])),
            e[:, :2],
            float(np.linalg.norm(v[0])),
            float(radius[0]),
        )

    # along the motion -------------------------------------------------------------------
    def _east_west(
        self, given: Handover, ahead: _Ahead, exit_: int
    ) -> tuple[Coast | Manoeuvre, ...]:
        """A burn within thirty hours before the edge: how much, and at which hour."""
        t = ahead.t_s
        last = max(float(t[exit_]), _SOON_S)
        hours = np.linspace(max(last - _WINDOW_S, _SOON_S), last, _HOURS)
        tried = [self._longest(ahead, float(at)) for at in hours]
        stays = np.array([stay for _, stay in tried])
        sizes = np.array([size for size, _ in tried])
        # a burn forward moves the e vector towards where it is made, by 2 dv / v
        ra = np.interp(hours, t, ahead.ra_rad)
        e = np.stack([np.interp(hours, t, ahead.e[:, k]) for k in (0, 1)], axis=1)
        way = np.stack([np.cos(ra), np.sin(ra)], axis=1)
        after = e + (2.0 * sizes / ahead.speed_m_s)[:, None] * way
        off = np.linalg.norm(after - self._held_e(given.state, last), axis=1)
        k = int(np.argmin(np.where(stays >= _NEARLY * stays.max(), off, np.inf)))
        at, size, stay = float(hours[k]), float(sizes[k]), float(stays[k])
        if stay < min(_LEAST_STAY_S, 0.9 * (float(t[-1]) - at)):
            swing = 2.0 * float(np.hypot(*e[k]))
            assert self.step.longitude is not None
            raise InfeasibleError(
                f"{self.step.name!r}: no burn keeps the longitude within"
                f" +- {math.degrees(self.step.longitude[1]):g} deg for more than"
                f" {stay / 3600:.0f} h: the eccentricity alone swings it by"
                f" +- {math.degrees(swing):.3f} deg a day; write a wider band, or round the orbit"
                " before"
            )
        self.along += abs(size)
        self.turned_s = given.state.epoch - self.begun.epoch + at
        self.counts[0] += 1
        return self._at(given, at, abs(size), (math.copysign(1.0, size), 0.0, 0.0))

    def _longest(self, ahead: _Ahead, at_s: float) -> tuple[float, float]:
        """Velocity change along the motion at an instant after which the band is held longest, and
        for how long; the smallest of those that hold it to the end of what is seen.

        A burn of dv moves the longitude by dv/a (4/n sin n t - 3 t) (Clohessy & Wiltshire 1960).
        """
        assert self.step.longitude is not None
        after = ahead.t_s >= at_s
        tau, off = ahead.t_s[after] - at_s, ahead.off_rad[after]
        if len(tau) < 2:
            return 0.0, 0.0
        n = OMEGA_EARTH_RAD_S
        moves = (4.0 / n * np.sin(n * tau) - 3.0 * tau) / ahead.radius_m
        # at the edge itself the way back counts, not the instant
        limit = np.where(tau < _BACK_S, _LAST, _ROOM) * self.step.longitude[1]
        out = np.abs(off[None, :] + _SIZES[:, None] * moves[None, :]) > limit[None, :]
        first = np.where(out.any(axis=1), out.argmax(axis=1), len(tau) - 1)
        stay = tau[first]
        best = stay >= stay.max() - 1.0
        k = int(np.flatnonzero(best)[np.argmin(np.abs(_SIZES[best]))])
        return float(_SIZES[k]), float(stay[k])

    def _held_e(self, state: State, after_s: float) -> Array:
        """Where sunlight holds the e vector: towards the Sun, as long as its own circle.

        e_c = 3 P / (2 v n_sun), P the acceleration by light (Soop 1994, sec. 4.4); shorter where
        the band has no room for its swing.
        """
        assert self.step.longitude is not None
        epoch = state.epoch + after_s + 7.0 * _DAY
        axes = self.world.orientation.tod_from_gcrf(epoch)
        sun = axes.vector(self.world.ephemeris.position_m("sun", epoch))
        length = 0.0
        if self.mission.physics.radiation_pressure:
            push = SOLAR_PRESSURE_N_M2 * self.craft.reflectivity * self.craft.srp_area_m2
            push *= (AU_M / float(np.linalg.norm(sun))) ** 2 / state.mass_kg
            speed = math.sqrt(self.mu / GEOSTATIONARY_RADIUS_M)
            length = 1.5 * push / speed / (2.0 * math.pi / (365.25 * _DAY))
        length = min(length, 0.15 * self.step.longitude[1])
        return np.asarray(length * sun[:2] / np.hypot(sun[0], sun[1]))

    # along the normal -------------------------------------------------------------------
    def _north_south(
        self, given: Handover, ahead: _Ahead, exit_: int
    ) -> tuple[Coast | Manoeuvre, ...]:
        """A burn where the old plane and the wanted one cross, within half a day of the edge."""
        assert self.step.inclination is not None
        t = ahead.t_s
        last = max(float(t[exit_]), _SOON_S)
        begin = max(last - 0.5 * _DAY, _SOON_S)
        k = int(np.searchsorted(t, 0.5 * (begin + last)))
        wanted = self._pole(ahead, k)
        change = wanted - ahead.pole[k]
        size = 2.0 * ahead.speed_m_s * math.sin(0.5 * float(np.hypot(*change)))
        # d(r x v) = -(dv / v) along the motion: northwards where the motion is against the change
        north = math.atan2(change[0], -change[1])
        turned = (ahead.ra_rad - north) / math.pi
        # the first passage of either crossing after `begin`
        at = float(np.interp(math.ceil(float(np.interp(begin, t, turned))), turned, t))
        sense = 1.0 if round(float(np.interp(at, t, turned))) % 2 == 0 else -1.0
        self.across += size
        self.counts[1] += 1
        return self._at(given, at, size, (0.0, sense, 0.0))

    def _pole(self, ahead: _Ahead, k: int) -> Array:
        """Where to put the pole: its drift then stays in the circle for the longest time.

        The centre of the smallest circle round the drift from there on; where the drift to the
        end fits, the least change that lets it.
        """
        assert self.step.inclination is not None
        radius = (1.0 - 1.5 * GUARD) * self.step.inclination
        drift = ahead.pole[k:] - ahead.pole[k]
        low, high = 1, len(drift)
        centre, size = _circle(drift)
        if size > radius:
            while high - low > 1:
                middle = (low + high) // 2
                if _circle(drift[:middle])[1] <= radius:
                    low = middle
                else:
                    high = middle
            centre, _ = _circle(drift[:low])
            return np.asarray(-centre)
        here, best = ahead.pole[k], -centre
        for share in np.linspace(0.0, 1.0, 101):
            start = here + share * (best - here)
            if np.hypot(*(start + drift).T).max() <= radius:
                return np.asarray(start)
        return np.asarray(best)

    def _at(
        self, given: Handover, at_s: float, size: float, along: tuple[float, float, float]
    ) -> tuple[Coast | Manoeuvre, ...]:
        lasts = self.lasts(given.state.mass_kg, size)
        self.affords(given, size)
        return (
            self.coast(max(at_s - 0.5 * lasts, _SOON_S)),
            self.burn(given, size, along),
        )


def _first(flags: NDArray[np.bool_]) -> int | None:
    return int(np.argmax(flags)) if bool(np.any(flags)) else None


def _circle(points: Array) -> tuple[Array, float]:
    """Centre and radius of the smallest circle round points (n, 2), to a thousandth.

    Badoiu & Clarkson (2003): step after step towards the farthest.
    """
    centre = points.mean(axis=0)
    for k in range(1, 400):
        d = np.hypot(*(points - centre).T)
        centre = centre + (points[int(np.argmax(d))] - centre) / (k + 1.0)
    return centre, float(np.hypot(*(points - centre).T).max())
