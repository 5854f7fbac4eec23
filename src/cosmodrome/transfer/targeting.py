"""Finding the free numbers of a sequence so that the orbit it leaves meets conditions.

First as two-body arcs and impulses: many starts are led towards the conditions together, the best
of them to the least velocity change (SLSQP, Kraft 1988); then in full dynamics with finite burns,
by steps of least change (Newton's rule with the pseudo-inverse); where more is free than is asked,
down the velocity change once more in full dynamics. The numbers found are flown by the plain
steps like any others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.coasting import coast_through
from cosmodrome.errors import CosmodromeError, InfeasibleError, SolverError
from cosmodrome.mission.nouns import Coast, Solve, Until
from cosmodrome.mission.steps import QUANTITIES
from cosmodrome.transfer import quick
from cosmodrome.transfer.burn import engine_of, flown_burn
from cosmodrome.transfer.conditions import Frame, misses, residuals
from cosmodrome.transfer.unknowns import filled, number, split
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, Condition, Manoeuvre
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.record.nouns import Solve as Solved
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Found", "Problem", "solve", "told"]

_UNITS = {
    name: {"length": "m", "ratio": "1", "time": "s", "angle": "rad"}[dimension]
    for name, dimension in QUANTITIES.items()
}
_STARTS = 48
_ENOUGH = 4
# velocity changes that are tried first, as shares of the speed at the start
_SHARES = (0.02, 0.1, 0.3)
_LEADING_STEPS = 60
_QUICK_STEPS = 100
_NEWTON_STEPS = 25
_POLISH_STEPS = 12
# conditions are met to this share of what is accepted
_MET = 0.01
# scales of the unknowns: a burn's components and a coast
_BURN_M_S, _COAST_S = 10.0, 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """steps with every number in them, the velocity change in m/s, and how they were found."""

    steps: tuple[Coast | Manoeuvre, ...]
    delta_v_m_s: float
    method: str


def solve(
    given: Handover, step: Solve, mission: AnyMission, world: World, watch: Watch = SILENT
) -> Found:
    """The free numbers of `step`, from the state that is handed over.

    Raises SolverError where no start leads to the conditions, with the nearest that was found;
    InfeasibleError where the propellant does not suffice, with what is short.
    """
    problem = Problem(given, step, mission, world)
    problem.frame.refuse(step.conditions)
    watch.tell("transfer", None, f"looking for {step.name}")
    seeds, nearest = _seeds(problem, watch)
    best: tuple[float, Array] | None = None
    for seed in seeds[:_ENOUGH]:
        stop_if_cancelled(watch)
        x = _corrected(problem, seed)
        if x is None:
            continue
        total = problem.total(x)
        if best is None or total < best[0]:
            best = (total, x)
        if total <= 1.02 * problem.quick_total(seeds[0]) + 1.0:
            break  # as good as the two-body answer: the rest were worse ones
    if best is None:
        raise SolverError(_not_found(problem, nearest))
    total, x = best
    if x.size > problem.width:
        x = _polished(problem, x, watch)
        total = problem.total(x)
    problem.suffices(total)
    steps = filled(problem.steps, x)
    free = f"{x.size} free, {problem.width} to meet"
    return Found(steps, total, f"two-body seeds by SLSQP, corrected in full dynamics; {free}")


def told(step: Solve, found: Found, last: Leg, world: World) -> Solved:
    """How a sequence that was found ended, beside how its last leg was flown."""
    frame = Frame(last.start.epoch, world, last.end.frame.centre)
    off = {
        f"{c.quantity} ({_UNITS[c.quantity]})": x
        for c, x in misses(step.conditions, last.end, frame)
    }
    budget = {**last.solve.budget, "delta_v_m_s": found.delta_v_m_s}
    method = f"{last.solve.method}; {step.name} found by {found.method}"
    return replace(
        last.solve, method=method, residuals={**last.solve.residuals, **off}, budget=budget
    )


class Problem:
    """A sequence from a state: where it ends for given unknowns, quickly and in full."""

    def __init__(self, given: Handover, step: Solve, mission: AnyMission, world: World) -> None:
        self.given, self.step, self.mission, self.world = given, step, mission, world
        self.start = given.state
        self.frame = Frame(self.start.epoch, world, self.start.frame.centre)
        craft = mission.spacecraft
        self.engine = engine_of(craft)
        self.exhaust = self.engine.exhaust_m_s
        self.held = given.propellant_kg.get(craft.id, 0.0)
        self._dynamics: dict[str, Dynamics] = {}
        self.steps = step.steps
        # a burn told by its time is told by its propellant
        flow = self.engine.flow_kg_s
        self.told = tuple(
            replace(s, duration_s=None, propellant_kg=s.duration_s * flow)
            if not isinstance(s, Coast) and s.duration_s is not None
            else s
            for s in step.steps
        )
        self.conditions: tuple[Condition, ...] = step.conditions
        self.scale = np.concatenate(
            [
                np.full(number(s), _COAST_S if isinstance(s, Coast) else _BURN_M_S)
                for s in self.steps
            ]
        )
        r = self.start.r_m[None], self.start.v_m_s[None], np.zeros(1)
        self.width = residuals(self.conditions, *r, self.frame).shape[1]

    @property
    def size(self) -> int:
        return self.scale.size

    def quick(self, x: Array) -> tuple[Array, Array]:
        """Velocity change (n,) and residuals (n, m) of variants (n, k), two-body."""
        r, v, t, total = quick.run(
            self.told,
            x,
            self.start.r_m,
            self.start.v_m_s,
            self.frame,
            self.start.mass_kg,
            self.exhaust,
        )
        return total, residuals(self.conditions, r, v, t, self.frame)

    def quick_total(self, x: Array) -> float:
        return float(self.quick(x[None])[0][0])

    def fly(self, x: Array) -> State:
        """Where the sequence ends in full dynamics."""
        state = self.start
        for step in filled(self.steps, x):
            if isinstance(step, Coast):
                state = coast_through(state, step, self.about, self.world)
            else:
                state = flown_burn(state, step, self.mission, self.world, dense=False).end
        if state.frame != self.start.frame:
            raise InfeasibleError(
                f"{self.step.name!r} begins about the {self.start.frame.centre} and ends about the"
                f" {state.frame.centre}: its conditions are told about one body"
            )
        return state

    def about(self, centre: str) -> Dynamics:
        """The mission's dynamics about a body."""
        if centre not in self._dynamics:
            m = self.mission
            self._dynamics[centre] = Dynamics.of(
                m.physics, m.spacecraft, m.space_weather, centre=centre
            )
        return self._dynamics[centre]

    def full(self, x: Array) -> Array:
        """Residuals (m,) in full dynamics."""
        end = self.fly(x)
        t = np.array([end.epoch - self.frame.epoch])
        out: Array = residuals(self.conditions, end.r_m[None], end.v_m_s[None], t, self.frame)[0]
        return out

    def jacobian(self, x: Array, at: Array) -> Array:
        """d residuals / d (x / scale), forward differences."""
        out = np.empty((at.size, x.size))
        for k in range(x.size):
            step = x.copy()
            h = 1e-4 * max(abs(x[k]) / self.scale[k], 1.0) * self.scale[k]
            step[k] += h
            out[:, k] = (self.full(step) - at) / (h / self.scale[k])
        return out

    def total(self, x: Array) -> float:
        """Sum of the velocity changes, m/s."""
        total = 0.0
        mass = np.array([self.start.mass_kg])
        for step, own in split(self.told, x[None]):
            if isinstance(step, Coast):
                continue
            dv = float(np.linalg.norm(quick.vector(step, own, mass, self.exhaust)))
            mass = mass * math.exp(-dv / self.exhaust)
            total += dv
        return total

    def met(self, state: State) -> bool:
        return all(
            abs(off) <= max(_MET * c.tolerance, 1e-9)
            for c, off in misses(self.conditions, state, self.frame)
        )

    def suffices(self, total: float) -> None:
        m0 = self.start.mass_kg
        burnt = self.engine.burnt_kg(m0, total)
        if burnt <= self.held:
            return
        able = self.engine.delta_v_m_s(m0, self.held)
        raise InfeasibleError(
            f"{self.step.name!r} takes {total:.1f} m/s by the best sequence found, {burnt:.1f} kg"
            f" of propellant; {self.held:.1f} kg are left, good for {able:.1f} m/s:"
            f" {total - able:.1f} m/s or {burnt - self.held:.1f} kg are short. Load more, ask for"
            " less, or give the sequence more freedom"
        )


def _seeds(problem: Problem, watch: Watch) -> tuple[list[Array], Array | None]:
    """Two-body answers, least velocity change first; and the nearest where there is none."""
    rng = np.random.default_rng(20_270_301)
    starts = np.array([_start(problem, rng, k) for k in range(_STARTS)])
    if any(
        isinstance(s, Coast) and isinstance(s.until, Until) and s.until.kind not in quick.SUPPORTED
        for s in problem.steps
    ):
        # no closed form of the event: the full model begins from the raw starts
        return list(starts), None
    found: list[tuple[float, Array]] = []
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        led, miss = _led(problem, starts, watch)
        order = np.argsort(np.where(np.isfinite(miss), miss, np.inf))
        totals, _ = problem.quick(led)
        good = [k for k in order if miss[k] < 1e-3]
        good.sort(key=lambda k: float(totals[k]))
        for x in _distinct([led[k] for k in good], problem.scale)[:_ENOUGH]:
            stop_if_cancelled(watch)
            # conditions that touch instead of crossing are lost on the way to the least
            found.append(_least(problem, x) or (problem.quick_total(x), x))
    found.sort(key=lambda f: f[0])
    return _distinct([x for _, x in found], problem.scale), led[order[0]]


def _slopes(problem: Problem, x: Array) -> tuple[Array, Array, Array, Array]:
    """Velocity change (n,), residuals (n, m), and their slopes by x / scale (n, k), (n, m, k)."""
    n, k = x.shape
    h = 1e-6 * np.maximum(np.abs(x) / problem.scale, 1.0)
    variants = np.concatenate(
        [x[:, None, :], x[:, None, :] + h[:, :, None] * (np.eye(k) * problem.scale)], axis=1
    )
    total, rest = problem.quick(variants.reshape(-1, k))
    total, rest = total.reshape(n, k + 1), rest.reshape(n, k + 1, -1)
    slope = (rest[:, 1:] - rest[:, :1]) / h[:, :, None]
    return (
        total[:, 0],
        rest[:, 0],
        (total[:, 1:] - total[:, :1]) / h,
        np.swapaxes(slope, 1, 2),
    )


def _led(problem: Problem, x: Array, watch: Watch) -> tuple[Array, Array]:
    """Starts (n, k) led towards the conditions and a small velocity change, all at once; and the
    largest residual of each (n,).

    Each step is the least change that meets the linearised conditions and, in what they leave
    free, one down the velocity change, within a reach that shrinks where it does not help.
    """
    scale = problem.scale
    n = len(x)
    reach, best, miss = np.full(n, 50.0), x.copy(), np.full(n, np.inf)
    coasting = np.array(
        [isinstance(s, Coast) for s in problem.steps for _ in range(number(s))], dtype=bool
    )
    for turn in range(_LEADING_STEPS):
        stop_if_cancelled(watch)
        total, rest, gradient, slopes = _slopes(problem, x)
        sound = np.isfinite(total) & np.all(np.isfinite(rest), axis=1)
        sound &= np.all(np.isfinite(slopes), axis=(1, 2)) & np.all(np.isfinite(gradient), axis=1)
        here = np.where(sound, np.max(np.abs(np.nan_to_num(rest, nan=1e9)), axis=1), np.inf)
        better = (here < miss) | (here < 1e-4)
        best[better], miss[better] = x[better], here[better]
        reach = np.where(better, np.minimum(1.5 * reach, 200.0), 0.5 * reach)
        # one that went astray goes back to where it was best, by shorter steps
        x = np.where(sound[:, None], x, best)
        slopes, gradient = np.nan_to_num(slopes), np.nan_to_num(gradient)
        inverse = np.linalg.pinv(slopes, rcond=1e-6)
        onto = -np.einsum("nkm,nm->nk", inverse, np.nan_to_num(rest))
        free = gradient - np.einsum("nkm,nmj,nj->nk", inverse, slopes, gradient)
        step = onto - (2.0 if turn < _LEADING_STEPS - 15 else 0.0) * free
        size = np.linalg.norm(step, axis=1)
        step *= np.minimum(1.0, reach / np.maximum(size, 1e-12))[:, None]
        x = x + step * scale
        x[:, coasting] = np.maximum(x[:, coasting], 1.0)
    return best, miss


def _least(problem: Problem, x: Array) -> tuple[float, Array] | None:
    """The least velocity change near a start, two-body (SLSQP); None where it is lost."""
    from scipy.optimize import minimize

    scale = problem.scale
    kept: dict[bytes, tuple[Array, Array, Array, Array]] = {}

    def at(z: Array) -> tuple[Array, Array, Array, Array]:
        key = z.tobytes()
        if key not in kept:
            kept.clear()
            kept[key] = _slopes(problem, (z * scale)[None])
        return kept[key]

    out = minimize(
        lambda z: np.nan_to_num(at(z)[0][0], nan=1e6) / 100.0,
        x / scale,
        jac=lambda z: np.nan_to_num(at(z)[2][0]) / 100.0,
        bounds=[
            (1.0 / _COAST_S, None) if isinstance(s, Coast) else (None, None)
            for s in problem.steps
            for _ in range(number(s))
        ],
        constraints={
            "type": "eq",
            "fun": lambda z: np.nan_to_num(at(z)[1][0], nan=10.0),
            "jac": lambda z: np.nan_to_num(at(z)[3][0]),
        },
        method="SLSQP",
        options={"maxiter": _QUICK_STEPS, "ftol": 1e-9},
    )
    total, rest = problem.quick((out.x * scale)[None])
    if not (np.isfinite(total[0]) and np.max(np.abs(rest)) < 1e-6):
        return None
    return float(total[0]), out.x * scale


def _distinct(seeds: list[Array], scale: Array) -> list[Array]:
    """Seeds without those that are the same as one before."""
    out: list[Array] = []
    for x in seeds:
        if all(float(np.max(np.abs((x - y) / scale))) > 0.1 for y in out):
            out.append(x)
    return out


def _start(problem: Problem, rng: np.random.Generator, k: int) -> Array:
    """Somewhere to begin: coasts within a revolution or so, burns along their axes' first."""
    speed = float(np.linalg.norm(problem.start.v_m_s))
    radius = float(np.linalg.norm(problem.start.r_m))
    per_a = 2.0 / radius - speed**2 / problem.frame.mu
    if per_a > 0.0:
        period = 2.0 * math.pi * math.sqrt(1.0 / (problem.frame.mu * per_a**3))
    else:
        # open: hours, or as long as a circle here takes
        period = 1e5 if k % 2 else 2.0 * math.pi * math.sqrt(radius**3 / problem.frame.mu)
    share = _SHARES[k % len(_SHARES)] * speed
    out: list[float] = []
    for step in problem.steps:
        size = number(step)
        if isinstance(step, Coast):
            out += [period * float(rng.uniform(0.05, 1.2))] * size
            continue
        along = np.array([1.0 if k % 2 == 0 else -1.0, 0.0, 0.0]) + 0.5 * rng.normal(size=3)
        out += [float(x) for x in (share * along / np.linalg.norm(along))[:size]]
    return np.array(out)


def _corrected(problem: Problem, seed: Array) -> Array | None:
    """Unknowns that meet the conditions in full dynamics, by steps of least change; or None."""
    x = seed.copy()
    try:
        rest = problem.full(x)
        for _ in range(_NEWTON_STEPS):
            if problem.met(problem.fly(x)):
                return x
            slopes = problem.jacobian(x, rest)
            step = -np.linalg.pinv(slopes, rcond=1e-5) @ rest * problem.scale
            share = 1.0
            while True:
                trial = x + share * step
                try:
                    new = problem.full(trial)
                    better = float(np.linalg.norm(new)) < (1.0 - 0.1 * share) * float(
                        np.linalg.norm(rest)
                    )
                except CosmodromeError:
                    better = False
                if better:
                    break
                share *= 0.5
                if share < 1e-3:
                    return None
            x, rest = trial, new
    except CosmodromeError:
        return None
    return x if problem.met(problem.fly(x)) else None


def _polished(problem: Problem, x: Array, watch: Watch) -> Array:
    """The least velocity change in full dynamics from unknowns that meet the conditions.

    Steps of projected gradients: along what the conditions leave free, then back onto them.
    """
    scale = problem.scale
    best, cost = x, problem.total(x)
    reach = 5.0
    for _ in range(_POLISH_STEPS):
        stop_if_cancelled(watch)
        rest = problem.full(best)
        slopes = problem.jacobian(best, rest)
        gradient = np.empty(x.size)
        for k in range(x.size):
            step = best.copy()
            step[k] += 1e-4 * scale[k]
            gradient[k] = (problem.total(step) - cost) / 1e-4
        _, s, rows = np.linalg.svd(slopes)
        null = rows[int(np.sum(s > 1e-10 * s[0])) :]
        way = -null.T @ (null @ gradient)
        size = float(np.linalg.norm(way))
        if size < 1e-6:
            break
        moved = False
        while reach > 1e-3:
            trial = _corrected(problem, best + reach * way / size * scale)
            if trial is not None and problem.total(trial) < cost - 1e-6:
                best, cost, moved = trial, problem.total(trial), True
                reach *= 2.0
                break
            reach *= 0.25
        if not moved:
            break
    return best


def _not_found(problem: Problem, nearest: Array | None) -> str:
    text = (
        f"{problem.step.name!r}: no numbers were found that meet its conditions, from {_STARTS}"
        " starts; nothing is proven"
    )
    try:
        rows = (
            []
            if nearest is None
            else misses(problem.conditions, problem.fly(nearest), problem.frame)
        )
    except CosmodromeError:
        rows = []
    if not rows:
        return f"{text}. Give the sequence more freedom: another coast or burn with free numbers"
    told = ", ".join(f"{c.quantity} by {_written(c, off)}" for c, off in rows)
    return (
        f"{text}. The nearest misses {told}; give the sequence more freedom: another coast or burn"
        " with free numbers, or an event where the burn can do it"
    )


def _written(condition: Condition, off: float) -> str:
    if condition.quantity in ("eccentricity",):
        return f"{off:+.6f}"
    if condition.quantity == "period":
        return f"{off:+.1f} s"
    if QUANTITIES[condition.quantity] == "length":
        return f"{off / 1e3:+.3f} km"
    return f"{math.degrees(off):+.4f} deg"
