"""What follows the climb of the first guess: coasts and burns, flown coarsely one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.climb import shape_of
from cosmodrome.ascent.shape import RELEASE_S, Burn
from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.errors import SolverError
from cosmodrome.vehicle import stage_gross

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.ascent.climb import Climb
    from cosmodrome.ascent.lanes import Lanes

    Vector = NDArray[np.float64]

__all__ = ["After", "tail_burns"]

_SAMPLES = 80
_CAP_REVOLUTIONS = 0.72
_STEP_S = 5.0
_TOUCH_S = 4.0


def tail_burns(climb: Climb, last: int, wanted: int) -> tuple[str, ...] | None:
    """Stages of the burns after a climb that tail stage `last` ended; None: there are not enough.

    Stages not yet lit must burn once each; the rest are restarts, of `last` first.
    """
    tail = climb.timeline.tail
    if not tail:
        return () if wanted == 0 else None
    above = [t.stage.id for t in tail[last + 1 :]]
    extra = max(wanted - len(above), 0)
    again = min(extra, tail[last].stage.restarts)
    if again < extra and above:
        more = min(extra - again, tail[-1].stage.restarts)
        above += [above[-1]] * more
        again += more
    if again < extra:
        return None
    own = min(extra, tail[last].stage.restarts)
    return (*[tail[last].stage.id] * own, *above)


@dataclass(slots=True)
class After:
    """One lane being flown on from the end of its climb, recorded on its track."""

    climb: Climb
    lanes: Lanes
    burns: list[Burn]

    @property
    def _mu(self) -> float:
        return self.climb.planet.mu

    @property
    def _now(self) -> tuple[Vector, Vector]:
        return self.lanes.r[:, 0], self.lanes.v[:, 0]

    def fly(self, stages: tuple[str, ...]) -> None:
        """All burns after the climb, by the climb's way."""
        way = self.climb.way
        for k, id_ in enumerate(stages):
            if way in ("apogee", "lift") or (way == "node" and k > 0):
                self._at_apogee(id_, first=k == 0 or way == "node")
            elif way == "node":
                self._at_node(id_)
            else:
                self._at_perigee(id_)
        for _ in range(4):
            self.lanes.note(None)
            self.lanes.step(None, RELEASE_S / 4)
        self.lanes.note(None)

    def touch(self, id_: str, coast_s: float) -> None:
        """A short burn along the velocity, soon after the stage below has left."""
        tail = [t.stage for t in self.climb.timeline.tail]
        above = tail[[t.id for t in tail].index(id_) :]
        mass = self.climb.payload_kg + self.climb.vehicle.adapter_kg
        self.lanes.m = np.full_like(self.lanes.m, mass + sum(stage_gross(t) for t in above))
        self._coast(coast_s, dips=False)

        self._burn(id_, coast_s, _TOUCH_S, _along, math.inf)

    # where the burns are -------------------------------------------------------------------
    def _at_apogee(self, id_: str, first: bool) -> None:
        """Coast to the apogee, then onto the orbit there, in its plane."""
        r, v = self._now
        _, h, apogee, _ = shape_of(self._mu, self.lanes.r, self.lanes.v)
        d = float(np.linalg.norm(r))
        energy = min(0.5 * float(v @ v) - self._mu / d, -1e5)
        a = -0.5 * self._mu / energy
        e_cos, e_sin = 1.0 - d / a, float(r @ v) / math.sqrt(self._mu * a)
        e = min(math.hypot(e_cos, e_sin), 0.999)
        anomaly = math.atan2(e_sin, e_cos)
        if anomaly > 0.98 * math.pi:
            anomaly -= 2.0 * math.pi
        n = math.sqrt(self._mu / a**3)
        to_apogee = (math.pi - (anomaly - e * math.sin(anomaly))) / n
        at_m = {"apogee": self.climb.enter_m, "lift": self.climb.apogee_m}.get(
            self.climb.way, self.climb.target_a_m
        )
        wanted = math.sqrt(self._mu * (2.0 / at_m - 1.0 / self.climb.target_a_m))
        speed = float(h[0] / max(apogee[0], at_m))
        if not first:
            speed = wanted  # nothing is left but a touch
        burn_s = self._length(id_, max(wanted - speed, 5.0))
        coast = min(max(to_apogee - 0.5 * burn_s, 120.0), 0.7 * 2.0 * math.pi / n)
        # an arc that falls short of the orbit will be longer than it is now
        a_up = max(a, 0.5 * (d + at_m))
        period = 2.0 * math.pi * math.sqrt(a_up**3 / self._mu)
        dips = a * (1.0 - e) < self.climb.planet.equatorial_radius_m + 50_000.0
        self._coast(coast, dips)

        def aimed(r: Vector, v: Vector) -> Vector:
            return self._onto(r, v, wanted)

        dv = self._onto_dv(*self._now, wanted) if self.climb.way == "node" else None
        if dv is not None:
            burn_s = self._length(id_, max(float(np.linalg.norm(dv)), 5.0))
        self._burn(id_, coast, burn_s, aimed, _CAP_REVOLUTIONS * period)

    def _at_perigee(self, id_: str) -> None:
        """From a parking orbit onto the target at its perigee, where the argument asks for it."""
        r, v = self._now
        argp = self.climb.insertion.argp_rad
        speed = math.sqrt(self._mu * (2.0 / self.climb.enter_m - 1.0 / self.climb.target_a_m))
        burn_s = self._length(id_, max(speed - float(np.linalg.norm(v)), 5.0))
        turn = 0.5 if argp is None else (argp - _latitude_argument(r, v)) % (2.0 * math.pi)
        self._coast_and_push(id_, turn, burn_s)

    def _at_node(self, id_: str) -> None:
        """From a parking orbit, at the next node, onto an arc whose apogee touches the target."""
        r, v = self._now
        u = _latitude_argument(r, v)
        turn = min((x - u) % (2.0 * math.pi) for x in (0.0, math.pi))
        d = float(np.linalg.norm(r))
        speed = math.sqrt(2.0 * self._mu * (1.0 / d - 1.0 / (d + self.climb.target_a_m)))
        burn_s = self._length(id_, max(speed - float(np.linalg.norm(v)), 5.0))
        self._coast_and_push(id_, turn if turn > 0.1 else turn + math.pi, burn_s)

    def _coast_and_push(self, id_: str, turn_rad: float, burn_s: float) -> None:
        """Coast through an angle, then burn along the velocity; centred on the angle."""
        r, v = self._now
        d = float(np.linalg.norm(r))
        rate = float(np.linalg.norm(np.cross(r, v))) / (d * d)
        coast = max(turn_rad / rate - 0.5 * burn_s, 60.0)
        self._coast(coast, dips=False)

        self._burn(id_, coast, burn_s, _along, 1.05 * 2.0 * math.pi / rate)

    # how they are flown -----------------------------------------------------------------------
    def _length(self, id_: str, dv: float) -> float:
        stage = self.climb.vehicle.stage(id_)
        ve = 9.80665 * stage.isp_vacuum_s
        mass = float(self.lanes.m[0])
        flow = stage.count * stage.mass_flow_kg_s
        needed = mass * (1.0 - math.exp(-dv / ve)) / flow
        spent = sum(b.burn_s for b in self.burns if b.stage == id_)
        left = stage.usable_kg / stage.mass_flow_kg_s - spent
        return max(min(needed, 0.98 * left), 2.0)

    def _onto_dv(self, r: Vector, v: Vector, speed: float) -> Vector:
        """Velocity of the target orbit here, horizontal and in its inclination, less this one."""
        r_hat = r / float(np.linalg.norm(r))
        latitude = math.asin(max(-1.0, min(1.0, float(r_hat[2]))))
        sine = math.cos(self.climb.insertion.i_aim_rad) / max(math.cos(latitude), 1e-9)
        azimuth = math.asin(max(-1.0, min(1.0, sine)))
        if float(v[2]) < 0.0:
            azimuth = math.pi - azimuth
        north = np.array([0.0, 0.0, 1.0]) - r_hat[2] * r_hat
        north /= np.linalg.norm(north)
        east = np.cross(north, r_hat)
        out: Vector = speed * (math.cos(azimuth) * north + math.sin(azimuth) * east) - v
        return out

    def _onto(self, r: Vector, v: Vector, speed: float) -> Vector:
        if self.climb.way != "node":
            along = np.cross(np.cross(r, v), r)
            flat: Vector = along / np.linalg.norm(along)
            return flat
        dv = self._onto_dv(r, v, speed)
        out: Vector = dv / max(float(np.linalg.norm(dv)), 1e-9)
        return out

    def _coast(self, seconds: float, dips: bool) -> None:
        """Along a conic; on a circle instead of an arc that would meet the ground or run away."""
        times = [seconds * k / _SAMPLES for k in range(1, _SAMPLES + 1)]
        try:
            states = self._circle(times) if dips else self._conic(times)
        except SolverError:
            states = self._circle(times)
        t0 = self.lanes.t
        self.lanes.note(None)
        for dt, (r, v) in zip(times, states, strict=True):
            self.lanes.r, self.lanes.v = r[:, None], v[:, None]
            self.lanes.t = t0 + dt
            self.lanes.note(None)

    def _conic(self, times: list[float]) -> list[tuple[Vector, Vector]]:
        r, v = self._now
        return [kepler_propagate(r, v, dt, self._mu) for dt in times]

    def _circle(self, times: list[float]) -> list[tuple[Vector, Vector]]:
        r, v = self._now
        d = float(np.linalg.norm(r))
        normal = np.cross(r, v)
        normal = normal / np.linalg.norm(normal)
        rate = math.sqrt(self._mu / d) / d
        out = []
        for dt in times:
            there = math.cos(rate * dt) * r + math.sin(rate * dt) * np.cross(normal, r)
            out.append((there, rate * np.cross(normal, there)))
        return out

    def _burn(
        self,
        id_: str,
        coast_s: float,
        burn_s: float,
        direction: Callable[[Vector, Vector], Vector],
        most_coast_s: float,
    ) -> None:
        stage = self.climb.vehicle.stage(id_)
        push, flow = stage.count * stage.thrust_vacuum_n, stage.count * stage.mass_flow_kg_s
        if stage.solid:
            burn_s = stage.usable_kg / stage.mass_flow_kg_s
        u = direction(*self._now)
        lanes = self.lanes
        steered, lanes.direction = lanes.direction, _held(u)  # type: ignore[method-assign]
        law = self.climb.law(np.zeros((3, 1)))
        count = max(4, int(burn_s / _STEP_S))
        for _ in range(count):
            lanes.note(law)
            lanes.step(law, burn_s / count, push, 0.0, flow)
        lanes.note(law)
        lanes.direction = steered  # type: ignore[method-assign]
        self.burns.append(Burn(id_, coast_s, burn_s, most_coast_s))


def _along(r: Vector, v: Vector) -> Vector:
    """Along the velocity."""
    return v / float(np.linalg.norm(v))


def _held(u: Vector) -> Callable[..., Vector]:
    """A fixed thrust direction for every lane."""

    def direction(law: object, t: float, r: Vector, v: Vector) -> Vector:
        return np.repeat(u[:, None], r.shape[1], axis=1)

    return direction


def _latitude_argument(r: Vector, v: Vector) -> float:
    """Argument of latitude, rad."""
    h = np.cross(r, v)
    node = np.array([-h[1], h[0], 0.0])
    size = float(np.linalg.norm(node))
    if size < 1e-9 * float(np.linalg.norm(h)):
        return math.atan2(float(r[1]), float(r[0]))
    node /= size
    ahead = np.cross(h / np.linalg.norm(h), node)
    return math.atan2(float(r @ ahead), float(r @ node))
