"""Aiming at the Moon from a way to it: free numbers of a sequence that ends at the perilune.

What is asked of the arrival is turned into a place in the B-plane (Kizner 1961), which answers to a
burn on the way almost linearly where perilune and inclination do not. It is met first where the
path enters the Moon's sphere, then at the perilune, by Newton's rule in full dynamics with finite
burns; where more is free than is asked the least velocity change is kept to by weights (Lawson
1961: the least sum by least squares).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.coasting import coast_through
from cosmodrome.errors import CosmodromeError, InputError, SolverError
from cosmodrome.mission.nouns import Coast, Until
from cosmodrome.mission.steps import B_PLANE, SPHERE
from cosmodrome.transfer.burn import flown_burn
from cosmodrome.transfer.conditions import Frame, misses
from cosmodrome.transfer.targeting import Found, Problem
from cosmodrome.transfer.translunar.geometry import aim, arrival, out_of_reach
from cosmodrome.transfer.translunar.nouns import LunarOrbit
from cosmodrome.transfer.unknowns import filled, number, split
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, Solve
    from cosmodrome.record.nouns import Handover
    from cosmodrome.transfer.translunar.nouns import Passing
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["asked", "solve"]

_RADIUS_M = body("moon").radius_m
#: what may be asked of an arrival
_MAY = ("perilune", "inclination", *B_PLANE)
#: steps of the differences, and what the unknowns are counted in: m/s, s
_BURN_M_S, _COAST_S = 0.02, 20.0
_STEPS = 25
# what is left at the edge of the sphere, and at the perilune, m
_NEAR_M = (5e4, 1.0)
# a free coast before a burn: shares of the way that are tried first, the least of it, s, and how
# many times between them
_SHARES, _SOON_S, _TRIES = (0.02, 0.1, 0.25, 0.45, 0.65, 0.85), 60.0, 12
# a burn this small keeps its direction; less gained by another step is nothing
_LEAST_M_S, _GAIN_M_S = 1e-4, 1e-3


def asked(step: Solve, state: State) -> bool:
    """Does a sequence end at the perilune, and begin about the Earth?"""
    last = step.steps[-1]
    return (
        state.frame.centre == "earth"
        and isinstance(last, Coast)
        and isinstance(last.until, Until)
        and (last.until.kind, last.until.body) == ("periapsis", "moon")
    )


def solve(
    given: Handover, step: Solve, mission: AnyMission, world: World, watch: Watch = SILENT
) -> Found:
    """The free numbers of a sequence whose last step is the coast to the perilune.

    Raises InputError for conditions that an arrival does not have; SolverError where the path is
    not led there, or does not come near the Moon to begin with; InfeasibleError where the
    propellant does not suffice, with what is short.
    """
    _refuse(step)
    problem = Problem(given, step, mission, world)
    sides: tuple[Passing, ...] = ("north", "south")
    if not any(c.quantity == "inclination" for c in step.conditions):
        sides = sides[:1]
    best: tuple[float, Array] | None = None
    why: SolverError | None = None
    for side in sides:
        stop_if_cancelled(watch)
        watch.tell("transfer", None, f"aiming {step.name}, passing {side}")
        try:
            x = _Aimed(problem, side).found()
        except SolverError as lost:
            why = lost
            continue
        total = problem.total(x)
        if best is None or total < best[0]:
            best = total, x
    if best is None:
        assert why is not None
        raise why
    total, x = best
    problem.suffices(total)
    method = f"Newton's rule in the B-plane, full dynamics; {x.size} free"
    return Found(filled(problem.steps, x), total, method)


def _refuse(step: Solve) -> None:
    names = [c.quantity for c in step.conditions]
    strange = [n for n in names if n not in _MAY]
    if strange:
        raise InputError(
            f"{step.name!r}: {strange[0]} cannot be aimed at from the way to the Moon, where only"
            f" {', '.join(_MAY)} can; let a burn after the perilune see to it, in a target step of"
            " its own"
        )
    if "inclination" in names and "perilune" not in names:
        raise InputError(
            f"{step.name!r}: an inclination alone does not say how near to pass; add perilune, or"
            " write b_dot_t and b_dot_r"
        )
    if set(names) & {"perilune", "inclination"} and set(names) & set(B_PLANE):
        raise InputError(
            f"{step.name!r}: perilune and inclination say the same as b_dot_t and b_dot_r; keep one"
            " pair"
        )


class _Aimed:
    """The sequence, passing one side of the Moon.

    Where its burns alone are enough for the conditions, coasts whose time is free are chosen so
    that the burns are least; else they help to meet them.
    """

    def __init__(self, problem: Problem, side: Passing) -> None:
        self.problem, self.side = problem, side
        self.wanted = {c.quantity: c.value for c in problem.conditions}
        self.burns = np.array(
            [not isinstance(s, Coast) for s in problem.steps for _ in range(number(s))]
        )
        self.scale = np.where(self.burns, _BURN_M_S, _COAST_S)
        rows = 1 if len(self.wanted) == 1 else 2
        self.turned = self.burns if self.burns.sum() >= rows else np.ones_like(self.burns)

    def found(self) -> Array:
        x = self._chosen(self._seed())
        end = self._flown(x, 1)
        frame = Frame(end.epoch, self.problem.world, "moon")
        for c, off in misses(self.problem.conditions, end, frame):
            if not abs(off) <= c.tolerance:
                raise SolverError(
                    f"{self.problem.step.name!r}: {c.quantity} stays {off:+.6g} from"
                    f" {c.value:.6g} (m, rad); {self._reach(end, frame)}"
                )
        return x

    def _chosen(self, x: Array) -> Array:
        """Met, with the least sum of burns over free coasts: one after the other, by a table of
        times and then between its neighbours (Brent 1973)."""
        free = np.flatnonzero(~self.turned)
        if not free.size:
            return self._met(x)
        lasts = self._flown(x, 1).epoch - self.problem.start.epoch
        best = self._met(x)
        for k in np.tile(free, 1 if free.size == 1 else 2):
            best = self._timed(best, int(k), lasts)
        return best

    def _timed(self, x: Array, k: int, lasts_s: float) -> Array:
        from scipy.optimize import minimize_scalar

        kept: dict[float, Array] = {}

        def cost(t: float) -> float:
            trial = x.copy()
            trial[k] = t
            try:
                kept[t] = self._met(trial)
            except CosmodromeError:
                return math.inf
            return self.problem.total(kept[t])

        others = float(x[~self.burns].sum() - x[k])
        grid = [max(s * lasts_s - others, _SOON_S) for s in _SHARES]
        costs = [cost(t) for t in grid]
        costs.append(cost(float(x[k])))
        grid.append(float(x[k]))
        order = sorted(zip(grid, costs, strict=True))
        here = min(range(len(order)), key=lambda j: order[j][1])
        low, high = order[max(here - 1, 0)][0], order[min(here + 1, len(order) - 1)][0]
        minimize_scalar(
            cost, bounds=(low, high), method="bounded",
            options={"xatol": 0.002 * lasts_s, "maxiter": _TRIES},
        )  # fmt: skip
        return min(kept.values(), key=self.problem.total)

    def _met(self, x: Array) -> Array:
        for stage, near in enumerate(_NEAR_M):
            x = self._led(x, stage, near)
        return x

    def _seed(self) -> Array:
        """Coasts of a day between them, burns of hardly anything."""
        coasts = max(1, int(np.sum(~self.burns)))
        out: list[float] = []
        for s in self.problem.steps:
            n = number(s)
            if isinstance(s, Coast):
                out += [86_400.0 / coasts] * n
            else:
                out += [_LEAST_M_S, 0.0, 0.0][:n]
        return np.array(out)

    def _flown(self, x: Array, stage: int) -> State:
        """About the Moon, where the path enters its sphere (0) or at the perilune (1)."""
        problem = self.problem
        state = problem.start
        *before, last = filled(problem.steps, x)
        for s in before:
            if isinstance(s, Coast):
                state = coast_through(state, s, problem.about, problem.world)
            else:
                state = flown_burn(state, s, problem.mission, problem.world, dense=False).end
        assert isinstance(last, Coast)
        assert isinstance(last.until, Until)
        if stage == 0:
            if state.frame.centre == "moon":
                return state
            last = replace(last, until=Until(SPHERE, within_s=last.until.within_s))
        return coast_through(state, last, problem.about, problem.world)

    def _misses(self, x: Array, stage: int) -> Array:
        """(m,) in the B-plane, m."""
        state = self._flown(x, stage)
        pole = Frame(state.epoch, self.problem.world, "moon").equator[2]
        there = arrival(np.concatenate([state.r_m, state.v_m_s])[None], pole)
        if not np.all(np.isfinite(there.b)):
            raise SolverError(
                f"{self.problem.step.name!r}: the path is bound to the Moon where it should pass"
                " it; burn less, or earlier"
            )
        wanted = self.wanted
        if "perilune" not in wanted:
            rows = [there.b[0, k] - wanted[b] for k, b in enumerate(B_PLANE) if b in wanted]
            return np.array(rows)
        radius = _RADIUS_M + wanted["perilune"]
        orbit = LunarOrbit(radius, radius, wanted.get("inclination"))
        point = aim(there, pole, orbit, self.side)[0]
        if "inclination" not in wanted:
            return np.array([np.linalg.norm(there.b[0]) - np.linalg.norm(point)])
        return np.asarray(there.b[0] - point)

    def _led(self, x: Array, stage: int, near_m: float) -> Array:
        """Steps towards no miss; at the perilune on until the sum of the burns is least too."""
        origin = np.where(self.burns, 0.0, x)
        turned = np.flatnonzero(self.turned)
        miss = self._misses(x, stage)
        last = math.inf
        for _ in range(_STEPS):
            met = float(np.max(np.abs(miss))) <= near_m
            total = self.problem.total(x)
            if met and (stage == 0 or turned.size == miss.size or last - total < _GAIN_M_S):
                return x
            if met:
                last = total
            # the least of the whole change, not of this step: coasts are counted from where they
            # began, and burns weigh by their size, so that the sum is least and not that of squares
            weights = self._weights(x)
            part = np.zeros((miss.size, x.size))
            for k in turned:
                nudged = x.copy()
                nudged[k] += self.scale[k]
                slope = (self._misses(nudged, stage) - miss) / self.scale[k]
                part[:, k] = slope * weights[k]
            goal = np.linalg.pinv(part, rcond=1e-9) @ (part @ ((x - origin) / weights) - miss)
            step = np.where(self.turned, origin + weights * goal - x, 0.0)
            x, miss = self._shortened(x, step, miss, stage)
        if float(np.max(np.abs(miss))) <= near_m:
            return x
        raise SolverError(
            f"{self.problem.step.name!r}: {np.max(np.abs(miss)) / 1e3:.3g} km are left in the"
            f" B-plane after {_STEPS} steps; give the burn more time before the Moon"
        )

    def _weights(self, x: Array) -> Array:
        """(k,) by which unknowns are counted: the roots of the burns' sizes."""
        out: list[float] = []
        for s, row in split(self.problem.steps, x[None]):
            n = number(s)
            if isinstance(s, Coast):
                out += [600.0] * n
            else:
                out += [math.sqrt(max(float(np.linalg.norm(row[0])), 0.01))] * n
        return np.array(out)

    def _shortened(self, x: Array, step: Array, miss: Array, stage: int) -> tuple[Array, Array]:
        share, size = 1.0, float(np.linalg.norm(miss))
        while share > 1e-3:
            trial = x + share * step
            try:
                new = self._misses(trial, stage)
                if float(np.linalg.norm(new)) < size or float(np.linalg.norm(new)) < 1e3:
                    return trial, new
            except CosmodromeError:
                pass  # through a body, or past the sphere
            share *= 0.4
        raise SolverError(
            f"{self.problem.step.name!r}: {size / 1e3:.3g} km are left in the B-plane and no"
            " smaller step helps; give the sequence more freedom"
        )

    def _reach(self, end: State, frame: Frame) -> str:
        """What the asymptote allows."""
        there = arrival(np.concatenate([end.r_m, end.v_m_s])[None], frame.equator[2])
        if "inclination" in self.wanted:
            radius = _RADIUS_M + self.wanted["perilune"]
            orbit = LunarOrbit(radius, radius, self.wanted["inclination"])
            lacks = math.degrees(out_of_reach(there, frame.equator[2], orbit))
            if lacks > 0.0:
                return f"the way it comes allows no inclination nearer than {lacks:.2f} deg to it"
        return "give the sequence more freedom"
