"""The least burns that arrive in a given time, by the slopes of flown paths.

Instants at which a burn may stand are laid over the first and the last revolution; the state
transition of the flown path tells what an impulse at each does to the elements at the end; the
least sum of velocity changes that meets them is found by reweighted least squares (Candes, Wakin &
Boyd 2008, J. Fourier Anal. Appl. 14, 877), which leaves a few burns; the path is flown again with
these, until it arrives, and they are moved in time for the least sum.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import CosmodromeError, SolverError
from cosmodrome.watch import stop_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.transfer.phase_problem import Impulse, PhaseProblem
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["INSTANTS", "least_impulses"]

_TURN = 2.0 * math.pi
# instants at which a burn may stand, in each of the first and the last revolution
_EACH = 16
INSTANTS = 2 * _EACH
# how the instants about a burn draw together
_FINER = (0.25, 0.0625)
_FLIGHTS = 14
_ROUNDS = 4


def _instants(problem: PhaseProblem) -> Array:
    """Seconds after the start at which a burn may stand: the first and the last revolution, in
    even steps of the eccentric anomaly from the perigee on."""
    lead, _ = problem.room_s()
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


def _seed(problem: PhaseProblem, t: Array) -> Array:
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


def least_impulses(problem: PhaseProblem, watch: Watch) -> list[Impulse]:
    """The burns of the least sum of velocity changes, as impulses in full dynamics: as few as
    arrive for hardly more than the least sum over many instants."""
    t = _instants(problem)
    spacing = float(np.median(np.diff(t)))
    dv, linear = _of_many(problem, t, _seed(problem, t), watch)
    least = float(np.linalg.norm(linear, axis=1).sum())
    best: list[Impulse] | None = None
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


def _sum(burns: Sequence[Impulse]) -> float:
    return sum(b.size for b in burns)


def _placed(
    problem: PhaseProblem, groups: list[tuple[float, Array]], spacing: float, watch: Watch
) -> list[Impulse]:
    """So many burns, moved in time for the least sum: by the slopes of instants about each, and
    flown again."""
    kept, scale = problem.kept, problem.accepted
    now = np.array([g[0] for g in groups])
    dv = np.array([g[1] for g in groups])
    dv, burns = _arrived(problem, now, dv, watch)
    first, last = problem.room_s()
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
        at, cost, x = _moved(
            a, wanted, at, [[int(j) for j in np.searchsorted(every, g)] for g in about]
        )
        if not math.isfinite(cost):
            break
        moved, made = _arrived(problem, every[at], x, watch)
        if _sum(made) < _sum(burns):
            now, dv, burns = every[at], moved, made
    return burns


def _moved(
    a: Array, wanted: Array, at: list[int], about: list[list[int]]
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
                trial = [*best[2][:k], j, *best[2][k + 1 :]]
                cost, x = solved(trial)
                if cost < best[0]:
                    best = (cost, x, trial)
        if not best[0] < before - 1e-6:
            break
    return best[2], best[0], best[1]


def _arrived(
    problem: PhaseProblem, t: Array, dv: Array, watch: Watch, spread: float = 1e-4
) -> tuple[Array, list[Impulse]]:
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


def _of_many(problem: PhaseProblem, t: Array, dv: Array, watch: Watch) -> tuple[Array, Array]:
    """Impulses at many instants of nearly the least sum that arrive, few of them; and those of the
    least sum by the slopes about them."""
    kept, scale = problem.kept, problem.accepted
    total = math.inf
    linear = dv
    for turn in range(_ROUNDS):
        off, slopes, _ = problem.flight(t, dv)
        a = slopes[kept]
        wanted = a @ dv.ravel() + off[kept]
        linear = _least(a, wanted, scale[kept])
        try:
            trial = _only_few(problem, t, _least(a, wanted, scale[kept], few=True), watch)
        except CosmodromeError:
            if turn > 0:
                break
            # too far from the first guess for a few burns: many small steps of all of them
            trial, _ = _arrived(problem, t, dv, watch, spread=1.0)
        before, total = total, float(np.linalg.norm(trial, axis=1).sum())
        if total < before:
            dv = trial
        if total > 0.998 * before:
            break
    return dv, linear


def _only_few(problem: PhaseProblem, t: Array, dv: Array, watch: Watch) -> Array:
    """Impulses (k, 3) that arrive with those alone that are of some size."""
    size = np.linalg.norm(dv, axis=1)
    held = size > 1e-5 * float(size.sum())
    out = np.zeros_like(dv)
    out[held], _ = _arrived(problem, t[held], dv[held], watch)
    return out


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
