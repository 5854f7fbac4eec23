"""A phase step: the burns that bring a spacecraft to another place along its orbit, or to an object.

At any instant the place to be is known (`followed`): the problem is a rendezvous in a given time.
Instants at which a burn may stand are laid over the first and the last revolution; the state
transition of the flown path tells what an impulse at each does to the six elements at the end; the
least sum of velocity changes that meets them is found by reweighted least squares (Candes, Wakin &
Boyd 2008, J. Fourier Anal. Appl. 14, 877), which leaves a few burns; the path is flown again with
these, until it arrives. Finer instants follow about those burns; last, the burns are flown as the
engine makes them, and corrected by what the flight misses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.coasting import FLOOR_M, coast
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import mean_from_true
from cosmodrome.errors import CosmodromeError, InfeasibleError, SolverError
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.transfer.burn import basis_of, engine_of, flown_burn
from cosmodrome.transfer.equinoctial import equinoctial_from_state
from cosmodrome.transfer.followed import Followed, along, further_along, object_followed
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.mission.steps import Phase
    from cosmodrome.record.nouns import Handover
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Found", "find"]

_TURN = 2.0 * math.pi
_RE = EARTH_EQUATORIAL_RADIUS_M
# instants at which a burn may stand, in each of the first and the last revolution
_EACH = 16
# how the instants about a burn draw together
_FINER = (0.25, 0.0625)
_FLIGHTS = 14
_ROUNDS = 4
_CORRECTIONS = 12
# a plane off by more is not phasing; a phase takes at least so many revolutions
_FARTHEST_PLANE_RAD = math.radians(10.0)
_LEAST_REVOLUTIONS = 1.25
# a burn that takes more of a revolution is no impulse any more
_LONGEST_BURN = 0.2
# conditions are met to this share of what is accepted
_MET = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """steps with every number in them, their velocity change in m/s, what they go after, how many
    revolutions they take, the plane's part of it (m/s, as one turn), and how they were found."""

    steps: tuple[Coast | Manoeuvre, ...]
    delta_v_m_s: float
    followed: Followed
    revolutions: float
    plane_rad: float
    method: str


def find(
    given: Handover, step: Phase, mission: AnyMission, world: World, watch: Watch = SILENT
) -> Found:
    """The burns of a phase step from the state that is handed over.

    Raises InfeasibleError where the time, the plane, the height of the drift orbit or the
    propellant do not suffice, with what is short; SolverError where no burns were found.
    """
    problem = _Problem(given, step, mission, world)
    watch.tell("transfer", None, f"looking for {step.name}")
    problem.look()
    burns = _impulses(problem, watch)
    problem.above_air(burns)
    problem.suffices(sum(b.size for b in burns))
    steps, total = _flown_as_asked(problem, burns, watch)
    problem.suffices(total)
    fit = problem.followed.fit_m
    method = (
        f"{len(burns)} burns by reweighted least squares over {2 * _EACH} instants and finer,"
        " corrected in full dynamics"
    )
    if fit:
        method += f"; the object flown within {fit:.0f} m (rms) of SGP4"
    spent = problem.arrival - problem.start.epoch
    return Found(
        steps, total, problem.followed, spent / problem.period, problem.plane_rad, method
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Burn:
    """An impulse: seconds after the start, GCRF m/s, and where it stands (place, velocity before)."""

    t_s: float
    dv: Array
    r_m: Array
    v_m_s: Array

    @property
    def size(self) -> float:
        return float(np.linalg.norm(self.dv))


class _Problem:
    """A phase step from a state: where it must arrive and when, and what it has to burn."""

    def __init__(self, given: Handover, step: Phase, mission: AnyMission, world: World) -> None:
        self.step, self.mission, self.world = step, mission, world
        self.start = given.state
        craft = mission.spacecraft
        self.engine = engine_of(craft)
        self.held = given.propellant_kg.get(craft.id, 0.0)
        self.dynamics = Dynamics.of(mission.physics, craft, mission.space_weather)
        self.mu = world.gravity("earth", degree=2).mu_m3_s2
        x = elements_from_state(self.start.r_m, self.start.v_m_s, self.mu)
        if x.e >= 1.0:
            raise InfeasibleError(f"{step.name!r} begins on an open orbit, which has no phase")
        self.e = x.e
        self.period = _TURN * math.sqrt(x.a_m**3 / self.mu)
        self.arrival = self._latest()
        follow = object_followed if step.object is not None else further_along
        self.followed = follow(step, self.start, self.arrival, self.dynamics, world)
        self.plane_rad = 0.0
        self.axis_m, self.drift_m = x.a_m, x.a_m
        self.gain_rad = 0.0

    @property
    def span_s(self) -> float:
        return self.arrival - self.start.epoch

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
                f"{self.step.name!r}: the plane is {math.degrees(self.plane_rad):.2f} deg off at the"
                f" arrival, which a turn of {turn:.0f} m/s would mend; a phase step starts within"
                f" {math.degrees(_FARTHEST_PLANE_RAD):.0f} deg: write a transfer step to the"
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
                cost = _tangential(a1, drift, self.mu) + _tangential(a2, drift, self.mu)
                low = min(drift, 2.0 * drift - a1) - self.e * a1
                if low < _RE + FLOOR_M:
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
        lowest = 0.5 * (_RE + FLOOR_M + self.axis_m * (1.0 + self.e))
        n1 = _TURN / self.period
        rate = n1 * ((self.axis_m / lowest) ** 1.5 - 1.0)
        able = rate * self.span_s
        days = abs(needed) / rate / 86_400.0
        raise InfeasibleError(
            f"{self.step.name!r} must gain {math.degrees(abs(needed)):.2f} deg in"
            f" {self.span_s / 86_400.0:.3f} days; the lowest drift orbit (perigee"
            f" {FLOOR_M / 1e3:.0f} km) gains {math.degrees(able):.2f} deg:"
            f" {math.degrees(abs(needed) - able):.2f} deg are missing. Give it {days:.2f} days or"
            " more"
        )

    def flight(self, t: Array, dv: Array) -> tuple[Array, Array, list[_Burn]]:
        """Fly impulses (k, 3) at seconds (k,): what is missed in `elements` (6,), its slopes by
        the impulses (6, 3k), and the burns with where they stand."""
        state = self.start
        slopes: list[Array] = []
        burns: list[_Burn] = []
        for k, at in enumerate([*t, self.span_s]):
            end = self.arrival if k == len(t) else self.start.epoch + float(at)
            if end > state.epoch:
                flown = propagate(
                    state, self.dynamics, end, world=self.world, dense=False, floor_m=FLOOR_M,
                    partials=(),
                )  # fmt: skip
                if flown.stats["ended_on_floor"]:
                    raise InfeasibleError(self._falls())
                assert flown.stm is not None
                slopes = [flown.stm @ s for s in slopes]
                state = flown.end
            if k < len(t):
                burns.append(_Burn(float(at), dv[k], state.r_m, state.v_m_s))
                slopes.append(np.eye(6)[:, 3:])
                state = replace(state, v_m_s=state.v_m_s + dv[k])
        wanted = self.followed.wanted(self.arrival)
        off, by_state = self._missed(state, wanted)
        return off, by_state @ np.hstack(slopes), burns

    def _missed(self, state: State, wanted: State) -> tuple[Array, Array]:
        """What a state lacks to another, in `elements` (6,), and the slopes of these (6, 6)."""
        off = self._less(state, wanted)
        y = np.concatenate([state.r_m, state.v_m_s])
        scale = np.array([1.0] * 3 + [1e-3] * 3)
        columns = []
        for k in range(6):
            up, down = (_elements(y + s * scale * np.eye(6)[k], self.mu) for s in (1.0, -1.0))
            d = up - down
            d[5] = math.remainder(d[5], _TURN)
            columns.append(d / (2.0 * scale[k]))
        return off, np.column_stack(columns)

    def _less(self, state: State, wanted: State) -> Array:
        a, b = (
            _elements(np.concatenate([s.r_m, s.v_m_s]), self.mu) for s in (wanted, state)
        )
        off = a - b
        off[5] = math.remainder(off[5], _TURN)
        return off

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

    def above_air(self, burns: Sequence[_Burn]) -> None:
        """Raises InfeasibleError for an arc between burns whose perigee lies in the air."""
        low = min(
            _perigee(b.r_m, b.v_m_s + b.dv, self.mu) for b in burns
        ) if burns else math.inf  # fmt: skip
        if low < FLOOR_M:
            raise InfeasibleError(self._falls(low))

    def _falls(self, low: float | None = None) -> str:
        told = "below it" if low is None else f"at {low / 1e3:.0f} km"
        room = self.axis_m - 0.5 * (_RE + FLOOR_M + self.axis_m * (1.0 + self.e))
        factor = abs(self.axis_m - self.drift_m) / max(room, 1.0)
        days = max(factor, 1.05) * self.span_s / 86_400.0
        return (
            f"{self.step.name!r}: to gain {math.degrees(self.gain_rad):.2f} deg in"
            f" {self.span_s / 86_400.0:.3f} days the drift orbit's perigee would lie {told}, and"
            f" the air begins at {FLOOR_M / 1e3:.0f} km; give it {days:.2f} days or more"
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
        drift = 2.0 * _tangential(self.axis_m, self.drift_m, self.mu)
        longer = ""
        if self.step.object is None and drift > 0.2 * total:
            days = self.span_s / 86_400.0 * total / max(able, 1e-3)
            longer = f" A longer drift takes less: {days:.1f} days about as much as there is."
        raise InfeasibleError(
            f"{self.step.name!r} takes {total:.2f} m/s by the best burns found, {burnt:.2f} kg;"
            f" {self.held:.2f} kg are left, good for {able:.2f} m/s: {total - able:.2f} m/s or"
            f" {burnt - self.held:.2f} kg are short.{plane}{longer} Load more, or give it more time"
        )


def _normal(state: State) -> Array:
    h = cross(state.r_m, state.v_m_s)
    out: Array = h / np.linalg.norm(h)
    return out


def _between(a: Array, b: Array) -> float:
    return math.atan2(float(np.linalg.norm(cross(a, b))), float(a @ b))


def _tangential(from_a: float, to_a: float, mu: float) -> float:
    """A tangential impulse from a circle into an orbit of another size, m/s."""
    return abs(math.sqrt(mu * (2.0 / from_a - 1.0 / to_a)) - math.sqrt(mu / from_a))


def _perigee(r: Array, v: Array, mu: float) -> float:
    x = elements_from_state(r, v, mu)
    return x.a_m * (1.0 - x.e) - _RE


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


def _instants(problem: _Problem) -> Array:
    """Seconds after the start at which a burn may stand: the first and the last revolution, in
    even steps of the eccentric anomaly from the perigee on."""
    # half a burn fits in before and after
    size = 2.0 * _tangential(problem.axis_m, problem.drift_m, problem.mu)
    lead = 1.0
    if not problem.step.impulsive:
        burnt = problem.engine.burnt_kg(problem.start.mass_kg, min(size, 1e4))
        lead += 0.6 * burnt / problem.engine.flow_kg_s
    span = problem.span_s
    if span < 2.1 * problem.period:
        return np.linspace(lead, span - lead, 2 * _EACH)
    first = _even(problem.start, problem.mu) + lead
    last = span - lead - _even(problem.followed.wanted(problem.arrival), problem.mu, -1.0)
    return np.concatenate([first, last[::-1]])


def _even(state: State, mu: float, sense: float = 1.0) -> Array:
    """Seconds from a state through one revolution, in even steps of the eccentric anomaly."""
    x = elements_from_state(state.r_m, state.v_m_s, mu)
    e = x.e
    f = math.remainder(x.true_anomaly_rad, _TURN)
    anomaly = 2.0 * math.atan2(
        math.sqrt(1.0 - e) * math.sin(0.5 * f), math.sqrt(1.0 + e) * math.cos(0.5 * f)
    )
    step = _TURN / _EACH
    marks = np.arange(_EACH) * step
    if e > 0.05:  # apsides among them
        offset = (math.ceil(sense * anomaly / step) * step - sense * anomaly) % step
        marks = marks + offset
    there = anomaly + sense * marks
    mean = there - e * np.sin(there) - (anomaly - e * math.sin(anomaly))
    out: Array = sense * mean * math.sqrt(x.a_m**3 / mu)
    return out


def _least(slopes: Array, wanted: Array, scale: Array, few: bool = False) -> Array:
    """Impulses (k, 3) of the least sum of sizes that make a linear change, nearly.

    few  where many sets of burns come to nearly the same sum, one of few burns
    """
    a, b = slopes / scale[:, None], wanted / scale
    k = a.shape[1] // 3
    weight = np.ones(k)
    x = np.zeros(3 * k)
    floor = 1.0
    for turn in range(80):
        w = np.repeat(np.sqrt(weight), 3)
        x = w * np.linalg.lstsq(a * w, b, rcond=1e-12)[0]
        size = np.linalg.norm(x.reshape(k, 3), axis=1)
        size = size / max(float(size.max()), 1e-12)
        floor = max(0.7 * floor, 1e-7)
        weight = (size + floor) ** (1.5 if few and turn >= 40 else 1.0)
    return x.reshape(k, 3)


def _seed(problem: _Problem, t: Array) -> Array:
    """Two tangential impulses: into the drift orbit at the first instant, out of it at the last."""
    dv = np.zeros((len(t), 3))
    state = propagate(
        problem.start, problem.dynamics, problem.start.epoch + float(t[0]), world=problem.world,
        dense=False,
    ).end  # fmt: skip
    end = problem.followed.wanted(problem.arrival)
    for k, s, a, sign in ((0, state, problem.axis_m, 1.0), (-1, end, problem.axis_m, -1.0)):
        dv[k] = sign * _into(s, a, problem.drift_m, problem.mu)
    return dv


def _into(state: State, from_a: float, to_a: float, mu: float) -> Array:
    """The tangential impulse that changes the size of the orbit as much, (3,) m/s."""
    speed = float(np.linalg.norm(state.v_m_s))
    r = float(np.linalg.norm(state.r_m))
    x = elements_from_state(state.r_m, state.v_m_s, mu)
    wanted = math.sqrt(max(mu * (2.0 / r - from_a / (to_a * x.a_m)), 1.0))
    out: Array = state.v_m_s / speed * (wanted - speed)
    return out


def _impulses(problem: _Problem, watch: Watch) -> list[_Burn]:
    """The burns of the least sum of velocity changes, as impulses in full dynamics: as few as
    arrive for hardly more than the least sum over many instants."""
    t = _instants(problem)
    spacing = float(np.median(np.diff(t)))
    dv, linear = _of_many(problem, t, _seed(problem, t), watch)
    least = float(np.linalg.norm(linear, axis=1).sum())
    best: list[_Burn] | None = None
    for groups in (_groups(t, dv, 1.5 * spacing), _groups(t, linear, 1.5 * spacing)):
        order = sorted(range(len(groups)), key=lambda k: -float(np.linalg.norm(groups[k][1])))
        for n in range(min(2, len(groups)), len(groups) + 1):
            try:
                burns = _placed(problem, [groups[k] for k in sorted(order[:n])], spacing, watch)
            except CosmodromeError:
                continue
            if best is None or _sum(burns) < 0.998 * _sum(best) - 0.005:
                best = burns
            if _sum(best) <= 1.005 * least + 0.01:
                return best
    if best is None:
        size = np.linalg.norm(dv, axis=1)
        held = size > 1e-4 * float(size.sum())
        return _arrived(problem, t[held], dv[held], watch)[1]
    return best


def _sum(burns: Sequence[_Burn]) -> float:
    return sum(b.size for b in burns)


def _placed(
    problem: _Problem, groups: list[tuple[float, Array]], spacing: float, watch: Watch
) -> list[_Burn]:
    """So many burns, moved in time for the least sum: by the slopes of instants about each, and
    flown again."""
    kept, scale = problem.kept, problem.accepted
    now = np.array([g[0] for g in groups])
    dv = np.array([g[1] for g in groups])
    dv, burns = _arrived(problem, now, dv, watch)
    first, last = 1.0, problem.span_s - 1.0
    for share in _FINER:
        about = [
            np.unique(np.clip(at + share * spacing * np.arange(-4, 5), first, last)) for at in now
        ]
        every = np.unique(np.concatenate([*about, now]))
        pushes = np.zeros((len(every), 3))
        pushes[np.searchsorted(every, now)] += dv
        off, slopes, _ = problem.flight(every, pushes)
        a = slopes[kept] / scale[kept, None]
        wanted = a @ pushes.ravel() + off[kept] / scale[kept]
        at = [int(np.searchsorted(every, x)) for x in now]
        at, cost, x = _moved(a, wanted, at, [np.searchsorted(every, g) for g in about])
        if not math.isfinite(cost):
            break
        moved, made = _arrived(problem, every[at], x, watch)
        if _sum(made) < _sum(burns):
            now, dv, burns = every[at], moved, made
    return burns


def _moved(
    a: Array, wanted: Array, at: list[int], about: list[Array]
) -> tuple[list[int], float, Array]:
    """One instant of each list, one list after the other, for the least sum of a linear change."""

    def solved(chosen: list[int]) -> tuple[float, Array]:
        if len(set(chosen)) < len(chosen) or sorted(chosen) != chosen:
            return math.inf, np.zeros((len(chosen), 3))
        cut = np.hstack([a[:, 3 * k : 3 * k + 3] for k in chosen])
        x, weight = np.zeros(3 * len(chosen)), np.ones(len(chosen))
        for _ in range(1 if len(chosen) == 2 else 12):
            w = np.repeat(np.sqrt(weight), 3)
            x = w * np.linalg.lstsq(cut * w, wanted, rcond=1e-10)[0]
            size = np.linalg.norm(x.reshape(-1, 3), axis=1)
            weight = size + 1e-3 * float(size.max())
        miss = float(np.max(np.abs(cut @ x - wanted)))
        return (float(size.sum()) if miss < 0.1 else math.inf), x.reshape(-1, 3)

    best = (*solved(at), at)
    for _ in range(8):
        before = best[0]
        for k, others in enumerate(about):
            for j in others:
                trial = [*best[2][:k], int(j), *best[2][k + 1 :]]
                cost, x = solved(trial)
                if cost < best[0]:
                    best = (cost, x, trial)
        if not best[0] < before - 1e-6:
            break
    return best[2], best[0], best[1]


def _arrived(
    problem: _Problem, t: Array, dv: Array, watch: Watch, spread: float = 1e-4
) -> tuple[Array, list[_Burn]]:
    """Impulses at the given instants that arrive: by steps of least change, small where an impulse
    is small, from flight to flight.

    spread  how much of a mean impulse one of no size may take
    """
    kept, scale = problem.kept, problem.accepted
    best = math.inf
    held, move, share = dv, np.zeros_like(dv), 1.0
    for _ in range(_FLIGHTS):
        stop_if_cancelled(watch)
        try:
            off, slopes, burns = problem.flight(t, dv)
        except CosmodromeError:
            if not share > 0.1 or not math.isfinite(best):
                raise
            share *= 0.4
            dv = held + share * move
            continue
        if problem.met(off):
            return dv, burns
        now = float(np.max(np.abs(off[kept]) / scale[kept]))
        if now > 0.9 * best and share > 0.1:
            # too far for the slopes: part of the way
            share *= 0.4
            dv = held + share * move
            continue
        size = np.linalg.norm(dv, axis=1)
        w = np.repeat(np.sqrt(size + spread * float(size.mean()) + 1e-6), 3)
        a, b = slopes[kept] / scale[kept, None], off[kept] / scale[kept]
        move = (w * np.linalg.lstsq(a * w, b, rcond=1e-10)[0]).reshape(-1, 3)
        best, held, share = min(best, now), dv, 1.0
        dv = held + move
    raise SolverError(
        f"{problem.step.name!r}: no burns were found that arrive, within {_FLIGHTS} flights of"
        f" {problem.span_s / 86_400.0:.2f} days (the nearest misses by {best:.2g} of what is"
        " accepted); nothing is proven. Give it more time, or a wider tolerance"
    )


def _of_many(problem: _Problem, t: Array, dv: Array, watch: Watch) -> tuple[Array, Array]:
    """Impulses at many instants of nearly the least sum that arrive, few of them; and those of the
    least sum by the slopes about them."""
    kept, scale = problem.kept, problem.accepted
    dv, _ = _arrived(problem, t, dv, watch, spread=1.0)
    total = math.inf
    linear = dv
    for _ in range(_ROUNDS):
        off, slopes, _ = problem.flight(t, dv)
        a = slopes[kept]
        wanted = a @ dv.ravel() + off[kept]
        linear = _least(a, wanted, scale[kept])
        try:
            trial, _ = _arrived(problem, t, _least(a, wanted, scale[kept], few=True), watch)
        except CosmodromeError:
            break
        before, total = total, float(np.linalg.norm(trial, axis=1).sum())
        if total < before:
            dv = trial
        if total > 0.998 * before:
            break
    return dv, linear


def _groups(t: Array, dv: Array, near_s: float) -> list[tuple[float, Array]]:
    """Impulses that stand beside each other as one: (seconds, m/s)."""
    size = np.linalg.norm(dv, axis=1)
    held = [k for k in range(len(t)) if size[k] > 1e-4 * float(size.sum())]
    groups: list[list[int]] = []
    for k in held:
        if groups and t[k] - t[groups[-1][-1]] <= near_s:
            groups[-1].append(k)
        else:
            groups.append([k])
    return [
        (float(np.average(t[g], weights=size[g])), np.asarray(dv[g].sum(axis=0))) for g in groups
    ]


def _flown_as_asked(
    problem: _Problem, burns: list[_Burn], watch: Watch
) -> tuple[tuple[Coast | Manoeuvre, ...], float]:
    """The burns as the engine makes them, about the same instants, corrected by what the flight
    misses with the slopes of the impulses; and their sum, m/s."""
    step = problem.step
    axes = [basis_of("rtn", b.r_m, b.v_m_s + 0.5 * b.dv, np.eye(3)) for b in burns]
    x = np.array([basis @ b.dv for basis, b in zip(axes, burns, strict=True)])
    starts = _ignitions(problem, burns)
    _, slopes, _ = problem.flight(np.array([b.t_s for b in burns]), np.array([b.dv for b in burns]))
    turned = np.hstack(
        [slopes[:, 3 * k : 3 * k + 3] @ basis.T for k, basis in enumerate(axes)]
    )[problem.kept]  # fmt: skip
    scale = problem.accepted[problem.kept]
    best: tuple[float, tuple[Coast | Manoeuvre, ...], float] | None = None
    for _ in range(_CORRECTIONS):
        stop_if_cancelled(watch)
        made = _steps(problem, starts, x)
        end = _end(problem, made)
        off = problem._less(end, problem.followed.wanted(end.epoch))
        missed = float(np.max(np.abs(off[problem.kept]) / scale))
        total = float(np.linalg.norm(x, axis=1).sum())
        if best is None or missed < best[0]:
            best = (missed, made, total)
        if problem.met(off):
            problem.arrival = end.epoch
            return made, total
        w = np.repeat(np.sqrt(np.linalg.norm(x, axis=1) + 1e-3), 3)
        move = np.linalg.lstsq(turned / scale[:, None] * w, off[problem.kept] / scale, rcond=1e-10)
        x = x + (w * move[0]).reshape(-1, 3)
    assert best is not None
    if best[0] <= 0.2:
        return best[1], best[2]
    raise SolverError(
        f"{step.name!r}: flown by the engine the burns miss by {best[0]:.2g} of what is accepted"
        f" after {_CORRECTIONS} corrections; burns are long for impulses here: write more time, a"
        " wider tolerance, or a stronger engine"
    )


def _ignitions(problem: _Problem, burns: list[_Burn]) -> list[Epoch]:
    """When each burn begins: half of it before its impulse's instant."""
    start = problem.start
    if problem.step.impulsive:
        return [start.epoch + b.t_s for b in burns]
    mass = start.mass_kg
    spans: list[tuple[float, float]] = []
    for b in burns:
        burnt = problem.engine.burnt_kg(mass, b.size)
        lasts = burnt / problem.engine.flow_kg_s
        mass -= burnt
        if lasts > _LONGEST_BURN * problem.period:
            raise InfeasibleError(
                f"{problem.step.name!r}: a burn of {b.size:.1f} m/s lasts {lasts / 60.0:.0f} min at"
                f" {problem.engine.thrust_n:g} N, more than {_LONGEST_BURN:.0%} of a revolution:"
                " give it more time, which lets it drift slower, or a stronger engine"
            )
        spans.append((max(b.t_s - 0.5 * lasts, 0.0), lasts))
    for (a, lasts), (b_s, _) in pairwise(spans):
        if a + lasts >= b_s:
            raise InfeasibleError(
                f"{problem.step.name!r}: burns of {lasts:.0f} s would overlap; give it more time,"
                " or a stronger engine"
            )
    return [start.epoch + a for a, _ in spans]


def _steps(
    problem: _Problem, starts: list[Epoch], x: Array
) -> tuple[Coast | Manoeuvre, ...]:
    """Coasts and burns of radial, transverse and normal velocity changes (k, 3)."""
    step = problem.step
    out: list[Coast | Manoeuvre] = []
    for number, (begins, dv) in enumerate(zip(starts, x, strict=True), 1):
        if begins > problem.start.epoch:
            out.append(Coast(until=begins))
        size = float(np.linalg.norm(dv))
        a, b, c = (float(u) for u in dv / size)
        out.append(
            Manoeuvre(
                (a, b, c), "rtn", delta_v_m_s=size, impulsive=step.impulsive,
                name=f"{step.name}, burn {number}",
            )
        )  # fmt: skip
    if step.at is not None:
        out.append(Coast(until=step.at))
    return tuple(out)


def _end(problem: _Problem, steps: tuple[Coast | Manoeuvre, ...]) -> State:
    """Where steps end in full dynamics."""
    state = problem.start
    for step in steps:
        if isinstance(step, Coast):
            if step.until is not None and step.until == state.epoch:
                continue
            state = coast(state, step, problem.dynamics, problem.world, dense=False).end
        else:
            state = flown_burn(state, step, problem.mission, problem.world, dense=False).end
    return state
