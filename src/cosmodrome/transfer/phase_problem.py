"""What a phase step must reach and when, what flights of impulses miss of it, and what is refused.

Six elements measure a miss: ln a, the e vector and the pole in equinoctial axes, and the mean
longitude, which a drift changes evenly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.coasting import FLOOR_M, floor_m
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import mean_from_true
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.burn import engine_of
from cosmodrome.transfer.equinoctial import equinoctial_from_state
from cosmodrome.transfer.followed import along, further_along, object_followed
from cosmodrome.transfer.quick import kepler
from cosmodrome.world.centres import centre_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.mission.steps import Phase
    from cosmodrome.record.nouns import Handover
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["LOWEST_M", "Impulse", "PhaseProblem", "tangential_m_s"]

_TURN = 2.0 * math.pi
#: no drift orbit comes lower: into the air, or to the summits of the Moon
LOWEST_M = {"earth": FLOOR_M, "moon": 11e3}
# a plane off by more is not phasing; a phase takes at least so many revolutions
_FARTHEST_PLANE_RAD = math.radians(10.0)
_LEAST_REVOLUTIONS = 1.25
# an orbit within this part of a sidereal day stays over its longitude well enough to have one
_SIDEREAL_DAY_S, _SYNCHRONOUS = 86_164.1, 0.05
# a burn that takes more of a revolution is no impulse any more
_LONGEST_BURN = 0.2
# conditions are met to this share of what is accepted
_MET = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Impulse:
    """An impulse: seconds after the start, GCRF m/s; place, and velocity before it, where it is."""

    t_s: float
    dv: Array
    r_m: Array
    v_m_s: Array

    @property
    def size(self) -> float:
        return float(np.linalg.norm(self.dv))


class PhaseProblem:
    """A phase step from a state: where it must arrive and when, and what it has to burn."""

    def __init__(self, given: Handover, step: Phase, mission: AnyMission, world: World) -> None:
        self.step, self.mission, self.world = step, mission, world
        self.start = given.state
        craft = mission.spacecraft
        self.engine = engine_of(craft)
        self.held = given.propellant_kg.get(craft.id, 0.0)
        centre = self.start.frame.centre
        self.dynamics = Dynamics.of(mission.physics, craft, mission.space_weather, centre=centre)
        self.mu = world.gravity(centre, degree=2).mu_m3_s2
        self.ground_m, self.floor_m = centre_named(centre).radius_m, LOWEST_M[centre]
        self.axes = _axes(self.start)
        x = elements_from_state(self.start.r_m, self.start.v_m_s, self.mu)
        if x.e >= 1.0:
            raise InfeasibleError(f"{step.name!r} begins on an open orbit, which has no phase")
        self.e = x.e
        self.period = _TURN * math.sqrt(x.a_m**3 / self.mu)
        self._judge_longitude()
        self.arrival = self._latest()
        follow = object_followed if step.object is not None else further_along
        self.followed = follow(step, self.start, self.arrival, self.dynamics, world)
        self.plane_rad = 0.0
        self.axis_m, self.drift_m = x.a_m, x.a_m
        self.gain_rad = 0.0

    @property
    def span_s(self) -> float:
        return self.arrival - self.start.epoch

    def _judge_longitude(self) -> None:
        """A longitude is a place on the orbit where the orbit turns with the Earth."""
        step, days = self.step, self.period / _SIDEREAL_DAY_S
        stays = abs(days - 1.0) < _SYNCHRONOUS
        if step.condition is None or step.condition.quantity != "longitude":
            return
        if step.at is None and not stays:
            raise InfeasibleError(
                f"{step.name!r}: the orbit takes {days:.3f} sidereal days and passes over every"
                " longitude again and again; say when it is to be over this one, at:"
                f" {self.start.epoch.utc(0)[:10]}T00:00Z, or write argument_of_latitude"
            )

    def _latest(self) -> Epoch:
        step, start = self.step, self.start.epoch
        if step.at is not None:
            end = step.at
            if end <= start:
                raise InfeasibleError(
                    f"{step.name!r} is to arrive at {end.utc(0)} and begins at {start.utc(0)};"
                    " write a later instant"
                )
        elif step.within_s is not None:
            end = start + step.within_s
        else:
            end = start + (step.revolutions or 1) * self.period
        least = _LEAST_REVOLUTIONS * self.period
        if step.revolutions is None and end - start < least:
            raise InfeasibleError(
                f"{step.name!r} has {(end - start) / 3600.0:.2f} h, and a drift orbit takes"
                f" {_LEAST_REVOLUTIONS} revolutions of {self.period / 3600.0:.2f} h at least; write"
                f" within: {math.ceil(least / 360.0) / 10.0:g} h or more"
            )
        return end

    def look(self) -> None:
        """Whether it can be done at all, how much drift it takes, and when it arrives.

        The drift by mean motion alone: one tangential impulse into an orbit of another period and
        one out of it (Curtis 2014, Orbital Mechanics for Engineering Students, section 6.5).
        """
        path = propagate(self.start, self.dynamics, self.arrival, world=self.world).trajectory
        wanted = self.followed.wanted(self.arrival)
        end = path.at(self.arrival)
        self.plane_rad = _between(_normal(end), _normal(wanted))
        if self.plane_rad > _FARTHEST_PLANE_RAD:
            turn = 2.0 * float(np.linalg.norm(end.v_m_s)) * math.sin(0.5 * self.plane_rad)
            raise InfeasibleError(
                f"{self.step.name!r}: the plane is {math.degrees(self.plane_rad):.2f} deg off at"
                f" the arrival, which a turn of {turn:.0f} m/s would mend; a phase step starts"
                f" within {math.degrees(_FARTHEST_PLANE_RAD):.0f} deg: write a transfer step to the"
                " object's inclination and raan before it"
            )
        n = max(int(8.0 * self.span_s / self.period), 16)
        t = np.linspace(0.0, self.span_s, n + 1)
        at = [self.start.epoch + float(x) for x in t]
        ahead = np.unwrap([along(path.at(e), self.followed.of_itself(e)) for e in at])
        offset = along(self.followed.of_itself(self.arrival), wanted)
        slope = float(np.polyfit(t, ahead, 1)[0])
        self._choose(t, ahead + offset, slope)

    def _choose(self, t: Array, gain: Array, slope: float) -> None:
        """The number of turns by which to drift, and the soonest arrival that costs no more."""
        n1 = _TURN / self.period
        a1 = self.axis_m
        a2 = a1 * (n1 / (n1 + slope)) ** (2.0 / 3.0)
        fixed = self.step.within_s is None
        best: tuple[float, int, float, float] | None = None
        blocked: tuple[float, float] | None = None
        revolutions = t / self.period
        for k in range(len(t)):
            last = k == len(t) - 1
            if revolutions[k] < min(_LEAST_REVOLUTIONS, revolutions[-1]) or (fixed and not last):
                continue
            for turns in (0, -1, 1):
                needed = float(gain[k]) + turns * _TURN
                n = n1 + needed / float(t[k])
                if n <= 0.25 * n1:
                    continue
                drift = a1 * (n1 / n) ** (2.0 / 3.0)
                cost = tangential_m_s(a1, drift, self.mu) + tangential_m_s(a2, drift, self.mu)
                low = min(drift, 2.0 * drift - a1) - self.e * a1
                if low < self.ground_m + self.floor_m:
                    if last and (blocked is None or cost < blocked[0]):
                        blocked = (cost, needed)
                    continue
                if best is None or cost < 0.999 * best[0] - 1e-3:
                    best = (cost, k, drift, needed)
        if best is None:
            self._too_soon(blocked)
            return
        _, k, self.drift_m, self.gain_rad = best
        if not fixed:
            self.arrival = self.start.epoch + float(t[k])

    def _too_soon(self, blocked: tuple[float, float] | None) -> None:
        needed = blocked[1] if blocked is not None else 0.0
        lowest = 0.5 * (self.ground_m + self.floor_m + self.axis_m * (1.0 + self.e))
        n1 = _TURN / self.period
        rate = n1 * ((self.axis_m / lowest) ** 1.5 - 1.0)
        able = rate * self.span_s
        days = abs(needed) / rate / 86_400.0
        raise InfeasibleError(
            f"{self.step.name!r} must gain {math.degrees(abs(needed)):.2f} deg in"
            f" {self.span_s / 86_400.0:.3f} days; the lowest drift orbit"
            f" ({self._low} {self.floor_m / 1e3:.0f} km) gains {math.degrees(able):.2f} deg:"
            f" {math.degrees(abs(needed) - able):.2f} deg are missing. Give it {days:.2f} days or"
            " more"
        )

    def flight(self, t: Array, dv: Array) -> tuple[Array, Array, list[Impulse]]:
        """Fly impulses (k, 3) at seconds (k,): what is missed in `elements` (6,), its slopes by
        the impulses (6, 3k), and those of any size with where they stand.

        Slopes at instants without an impulse are carried to the nearest one by two-body motion,
        over a revolution at most: good to a per cent, enough to choose instants by.
        """
        state = self.start
        slopes = np.zeros((len(t), 6, 3))
        burns: list[Impulse] = []
        active = [k for k in range(len(t)) if float(np.linalg.norm(dv[k])) > 1e-9]
        before = 0
        for k in [*active, len(t)]:
            end = self.arrival if k == len(t) else self.start.epoch + float(t[k])
            between = range(before, k)
            if end > state.epoch:
                flown = propagate(
                    state, self.dynamics, end, world=self.world, dense=False, floor_m=self._end_m(),
                    partials=(),
                )  # fmt: skip
                if flown.stats["ended_on_floor"]:
                    raise InfeasibleError(self._falls())
                assert flown.stm is not None
                slopes[:before] = flown.stm @ slopes[:before]
                self._carried(slopes, t, between, state, flown.end, flown.stm)
                state = flown.end
            if k < len(t):
                burns.append(Impulse(float(t[k]), dv[k], state.r_m, state.v_m_s))
                slopes[k] = np.eye(6)[:, 3:]
                state = replace(state, v_m_s=state.v_m_s + dv[k])
                before = k + 1
        wanted = self.followed.wanted(self.arrival)
        off, by_state = self._missed(state, wanted)
        return off, np.hstack([np.zeros((6, 0)), *(by_state @ slopes)]), burns

    def there_already(self) -> bool:
        """Does the spacecraft arrive without any burn?"""
        off, _, _ = self.flight(np.zeros(0), np.zeros((0, 3)))
        return self.met(off)

    def _carried(
        self, slopes: Array, t: Array, between: range, first: State, last: State, stm: Array
    ) -> None:
        """Slopes at the end of a coast by impulses at instants within it."""
        begun, ended = (s.epoch - self.start.epoch for s in (first, last))
        for k in between:
            since, until = float(t[k]) - begun, float(t[k]) - ended
            near, dt = (first, since) if since < -until else (last, until)
            there = np.linalg.inv(_two_body(near, dt, self.mu))
            slopes[k] = (stm @ there if near is first else there)[:, 3:]

    def _missed(self, state: State, wanted: State) -> tuple[Array, Array]:
        """What a state lacks to another, in `elements` (6,), and the slopes of these (6, 6)."""
        off = self.less(state, wanted)
        y = np.concatenate([state.r_m, state.v_m_s])
        scale = np.array([1.0] * 3 + [1e-3] * 3)
        columns = []
        for k in range(6):
            up, down = (self._elements(y + s * scale * np.eye(6)[k]) for s in (1.0, -1.0))
            d = up - down
            d[5] = math.remainder(d[5], _TURN)
            columns.append(d / (2.0 * scale[k]))
        return off, np.column_stack(columns)

    def less(self, state: State, wanted: State) -> Array:
        a, b = (self._elements(np.concatenate([s.r_m, s.v_m_s])) for s in (wanted, state))
        off = a - b
        off[5] = math.remainder(off[5], _TURN)
        return off

    def _elements(self, y: Array) -> Array:
        turned = np.concatenate([self.axes @ y[:3], self.axes @ y[3:]])
        return _elements(turned, self.mu)

    @property
    def _low(self) -> str:
        return centre_named(self.start.frame.centre).low

    def _end_m(self) -> float:
        """Height at which a flight ends: about the Moon below the ground, as a start may be low."""
        return floor_m(self.start.frame.centre)

    @property
    def kept(self) -> list[int]:
        """Which of the elements are matched."""
        return list(range(6)) if self.step.plane else [0, 1, 2, 5]

    @property
    def accepted(self) -> Array:
        """Half-width of each element: the phase, and what would swing or drift by it in a
        revolution."""
        width = self.step.tolerance_m / self.axis_m
        if self.step.condition is not None:
            width = self.step.condition.tolerance
        return width * np.array([2.0 / (3.0 * _TURN), 0.5, 0.5, 0.5, 0.5, 1.0])

    def met(self, off: Array, share: float = _MET) -> bool:
        return bool(np.all(np.abs(off[self.kept]) <= share * self.accepted[self.kept] + 1e-10))

    def room_s(self) -> tuple[float, float]:
        """First and last instant, seconds after the start, about which half a burn fits in."""
        lead = 1.0
        if not self.step.impulsive:
            size = tangential_m_s(self.axis_m, self.drift_m, self.mu)
            lead += 0.6 * self.burn_s(size, self.start.mass_kg)
        return lead, self.span_s - lead

    def burn_s(self, size: float, mass_kg: float) -> float:
        """How long a burn of so many m/s lasts; InfeasibleError where it is no impulse any more."""
        lasts = self.engine.burnt_kg(mass_kg, size) / self.engine.flow_kg_s
        if lasts > _LONGEST_BURN * self.period:
            raise InfeasibleError(
                f"{self.step.name!r}: a burn of {size:.1f} m/s lasts {lasts / 60.0:.0f} min at"
                f" {self.engine.thrust_n:g} N, more than {_LONGEST_BURN:.0%} of a revolution:"
                " give it more time, which lets it drift slower, or a stronger engine"
            )
        return lasts

    def above_air(self, burns: Sequence[Impulse]) -> None:
        """Raises InfeasibleError for an arc between burns whose perigee lies in the air."""
        low = min(
            _perigee(b.r_m, b.v_m_s + b.dv, self.mu) - self.ground_m for b in burns
        ) if burns else math.inf  # fmt: skip
        if low < self.floor_m:
            raise InfeasibleError(self._falls(low))

    def _falls(self, low: float | None = None) -> str:
        told = "below it" if low is None else f"at {low / 1e3:.0f} km"
        room = self.axis_m - 0.5 * (self.ground_m + self.floor_m + self.axis_m * (1.0 + self.e))
        factor = abs(self.axis_m - self.drift_m) / max(room, 1.0)
        days = max(factor, 1.05) * self.span_s / 86_400.0
        return (
            f"{self.step.name!r}: to gain {math.degrees(self.gain_rad):.2f} deg in"
            f" {self.span_s / 86_400.0:.3f} days the drift orbit's {self._low} would lie {told},"
            f" and {'the air begins' if self._low == 'perigee' else 'summits stand'} at"
            f" {self.floor_m / 1e3:.0f} km; give it {days:.2f} days or more"
        )

    def suffices(self, total: float) -> None:
        m0 = self.start.mass_kg
        burnt = self.engine.burnt_kg(m0, total)
        if burnt <= self.held:
            return
        able = self.engine.delta_v_m_s(m0, self.held)
        turn = 2.0 * float(np.linalg.norm(self.start.v_m_s)) * math.sin(0.5 * self.plane_rad)
        plane = ""
        if self.step.plane and turn > 0.05 * total:
            plane = (
                f" The plane is {math.degrees(self.plane_rad):.3f} deg off, which is {turn:.1f} m/s"
                " of it as one turn; plane: leave leaves it."
            )
        drift = 2.0 * tangential_m_s(self.axis_m, self.drift_m, self.mu)
        longer = ""
        if self.step.object is None and drift > 0.2 * total:
            days = self.span_s / 86_400.0 * total / max(able, 1e-3)
            longer = f" A longer drift takes less: {days:.1f} days about as much as there is."
        raise InfeasibleError(
            f"{self.step.name!r} takes {total:.2f} m/s by the best burns found, {burnt:.2f} kg;"
            f" {self.held:.2f} kg are left, good for {able:.2f} m/s: {total - able:.2f} m/s or"
            f" {burnt - self.held:.2f} kg are short.{plane}{longer} Load more, or give it more time"
        )


def _axes(start: State) -> Array:
    """(3, 3) axes that elements are told in: about the Earth GCRF's, about the Moon those of the
    orbit at the start, where orbits against its turning have elements as well."""
    if start.frame.centre == "earth":
        return np.eye(3)
    up = _normal(start)
    ahead = start.r_m / np.linalg.norm(start.r_m)
    return np.stack([ahead, cross(up, ahead), up])


def _normal(state: State) -> Array:
    h = cross(state.r_m, state.v_m_s)
    out: Array = h / np.linalg.norm(h)
    return out


def _between(a: Array, b: Array) -> float:
    return math.atan2(float(np.linalg.norm(cross(a, b))), float(a @ b))


def tangential_m_s(from_a: float, to_a: float, mu: float) -> float:
    """A tangential impulse from a circle into an orbit of another size, m/s."""
    return abs(math.sqrt(mu * (2.0 / from_a - 1.0 / to_a)) - math.sqrt(mu / from_a))


def _perigee(r: Array, v: Array, mu: float) -> float:
    x = elements_from_state(r, v, mu)
    return x.a_m * (1.0 - x.e)


def _two_body(state: State, dt: float, mu: float) -> Array:
    """(6, 6) state transition over a time, by central differences of Kepler's motion."""
    y = np.concatenate([state.r_m, state.v_m_s])
    step = np.array([10.0] * 3 + [1e-2] * 3)
    many = np.concatenate([y + np.diag(step), y - np.diag(step)])
    r, v = kepler(many[:, :3], many[:, 3:], np.full(12, dt), mu)
    out = np.hstack([r, v])
    return np.asarray(((out[:6] - out[6:]) / (2.0 * step[:, None])).T)


def _elements(y: Array, mu: float) -> Array:
    """(6,) ln a, f, g, h, k and the mean longitude of place and velocity: linear in drift.

    ln a, so that the step of the mean longitude over a coast is as linear in it as in nothing else.
    """
    p, f, g, h, k, longitude = equinoctial_from_state(y[:3], y[3:], mu)
    e2 = f * f + g * g
    if e2 >= 1.0:
        raise SolverError("an orbit on the way is open, and has no mean longitude; give more time")
    e = math.sqrt(e2)
    perigee = math.atan2(g, f)
    mean = mean_from_true(math.remainder(longitude - perigee, _TURN), e) + perigee
    return np.array([math.log(p / (1.0 - e2)), f, g, h, k, mean])
