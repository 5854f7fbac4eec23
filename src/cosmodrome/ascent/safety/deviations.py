"""How errors of the ascent move the stack: linear, along the flown path.

x'' = G x + D x' + b: the change of acceleration b that one sigma of a source makes on the flown
path, carried on by the gradients of gravity, drag and back-pressure. Attitude and separations stay
where the plan has them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from cosmodrome.ascent.safety.dispersions import Dispersions
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.record import Burn, Leg

    Array = NDArray[np.float64]

__all__ = ["Deviations", "Nominal", "deviations"]

_STEP_S = 2.0
# just inside a stretch: at its ends the path's columns may jump
_INSIDE_S = 1e-6
# instants closer than this are one
_SAME_S = 4e-6
_OF_THE_STACK = ("mass", "drag on the way up", "pitch", "yaw")


@dataclass(frozen=True, slots=True, eq=False)
class Nominal:
    """The flown stack in the launch frame, and what the air and the planet are to it.

    bodies of the configurations in order, the next from each of changes_s on;
    axes (3, 3) launch_from_gcrf; exit_area_m2 of all engines of a stage, by its id; times in
    seconds after lift-off, the epoch of the path
    """

    stack: Leg
    axes: Array
    planet: Planet
    bodies: tuple[Body, ...]
    changes_s: tuple[float, ...]
    exit_area_m2: Mapping[str, float]

    def columns(self, t_s: Array) -> tuple[Array, Array, Array, Array]:
        """State (6, n), mass (n,), thrust direction (3, n), thrust in N (n,)."""
        c = self.stack.path.columns_at(t_s).T
        y = np.concatenate([self.axes @ c[0:3], self.axes @ c[3:6]])
        return y, c[6], self.axes @ c[7:10], c[10]


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """What one sigma of each source does to the stack.

    names (S,), t_s (T,), y (S, 6, T) change of state in the launch frame
    """

    names: tuple[str, ...]
    t_s: Array
    y: Array

    def at(self, t_s: float) -> Array:
        """(S, 6) at one of the instants asked for."""
        out: Array = self.y[:, :, int(np.argmin(np.abs(self.t_s - t_s)))]
        return out


def deviations(nominal: Nominal, errors: Dispersions, t_s: Array) -> Deviations:
    """Integrate all sources from lift-off and give them at the instants `t_s` (increasing)."""
    burns = [b for b in nominal.stack.ledger.burns if b.start_s < t_s[-1]]
    stages = tuple(dict.fromkeys(b.stage for b in burns))
    names = (*(f"{s} {what}" for s in stages for what in ("thrust", "isp")), *_OF_THE_STACK)
    starts, lengths = _steps(burns, t_s)
    # the three instants of Runge-Kutta 4 in every step
    parts = [
        _gradients_and_push(nominal, burns, stages, errors, starts + f * lengths + inside)
        for f, inside in ((0.0, _INSIDE_S), (0.5, 0.0), (1.0, -_INSIDE_S))
    ]
    x = np.zeros((6, len(names)))
    t, states = [0.0], [x]
    for k, (start, h) in enumerate(zip(starts, lengths, strict=True)):
        x = _runge_kutta([tuple(p[..., k] for p in part) for part in parts], x, float(h))
        for burn in burns:
            if abs(burn.end_s - (start + h)) <= _SAME_S:
                x[3:, names.index(f"{burn.stage} thrust")] -= errors.thrust * _gain(nominal, burn)
        t.append(float(start + h))
        states.append(x)
    wanted = [int(np.argmin(np.abs(np.array(t) - at))) for at in t_s]
    return Deviations(names, t_s, np.stack([states[k].T for k in wanted], axis=-1))


def _steps(burns: list[Burn], t_s: Array) -> tuple[Array, Array]:
    """Starts and lengths of steps; one ends at every instant wanted and at either end of a burn."""
    marks = {0.0, *t_s.tolist(), *(x for b in burns for x in (b.start_s, b.end_s))}
    nodes = [m for m in sorted(marks) if 0.0 <= m <= t_s[-1]]
    spans = [(a, b, int(np.ceil((b - a) / _STEP_S))) for a, b in pairwise(nodes) if b - a > _SAME_S]
    return (
        np.concatenate([a + (b - a) * np.arange(n) / n for a, b, n in spans]),
        np.concatenate([np.full(n, (b - a) / n) for a, b, n in spans]),
    )


def _gain(nominal: Nominal, burn: Burn) -> Array:
    """(3,) velocity that the whole impulse of a burn would give the stack at its end.

    A part more of thrust and flow ends the burn that part sooner, as soon as the propellant
    does: to first order this part of it is missing at the end.
    """
    _, mass, u, _ = nominal.columns(np.array([burn.end_s - _INSIDE_S]))
    out: Array = burn.impulse_n_s / mass[0] * u[:, 0]
    return out


def _runge_kutta(matrices: list[tuple[Array, ...]], x: Array, h: float) -> Array:
    def slope(k: int, at: Array) -> Array:
        by_place, by_velocity, push = matrices[k]
        return np.vstack([at[3:], by_place @ at[:3] + by_velocity @ at[3:] + push])

    k1 = slope(0, x)
    k2 = slope(1, x + 0.5 * h * k1)
    k3 = slope(1, x + 0.5 * h * k2)
    k4 = slope(2, x + h * k3)
    return x + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


def _gradients_and_push(
    nominal: Nominal,
    burns: list[Burn],
    stages: tuple[str, ...],
    errors: Dispersions,
    t: Array,
) -> tuple[Array, Array, Array]:
    """d a / d r and d a / d v (3, 3, n), and each source's change of a (3, S, n).

    Stages that burn together share the thrust as their means over their burns do.
    """
    y, mass, u, thrust = nominal.columns(t)
    planet = nominal.planet

    running = _running(burns, stages, t)
    exit_area = np.array([nominal.exit_area_m2[s] for s in stages]) @ running

    which = np.searchsorted(nominal.changes_s, t, side="right")

    def by_air(r: Array, v: Array) -> powered.Accelerations:
        """Drag, and as its thrust what back-pressure takes."""
        found = [
            powered.accelerations(
                NUMPY, planet, body, tuple(r), tuple(v), mass, tuple(u), 0.0, exit_area
            )
            for body in nominal.bodies
        ]
        if len(found) == 1:
            return found[0]
        drags = [np.choose(which, [np.stack(a.drag)[c] for a in found]) for c in range(3)]
        return replace(found[0], drag=(drags[0], drags[1], drags[2]))

    def gradient(step: float, moved: Callable[[Array], powered.Accelerations]) -> Array:
        """(3, 3, n) derivative along the three axes, by central differences."""
        ends = [[moved(sign * step * e[:, None]) for sign in (1.0, -1.0)] for e in np.eye(3)]
        return np.stack(
            [
                (np.stack(a.drag) + np.stack(a.thrust) - np.stack(b.drag) - np.stack(b.thrust))
                / (2.0 * step)
                for a, b in ends
            ],
            axis=1,
        )

    r, v = y[:3], y[3:]
    drag = np.stack(by_air(r, v).drag)
    by_place = gradient(10.0, lambda e: by_air(r + e, v))
    by_velocity = gradient(0.1, lambda e: by_air(r, v + e))
    d = np.linalg.norm(r, axis=0)
    by_place += 3.0 * planet.mu / d**5 * r[:, None] * r[None, :]
    by_place -= planet.mu / d**3 * np.eye(3)[:, :, None]

    push = thrust / mass * u
    force = _mean_thrust(burns, stages) * running
    shares = force / np.maximum(force.sum(axis=0), 1.0)
    changes = []
    for stage, share in zip(stages, shares, strict=True):
        flowed = _burnt(burns, stage, t)
        changes.append(errors.thrust * (push * share + (push + drag) * flowed / mass))
        changes.append(errors.isp * push * share)
    changes.append(-errors.mass * (push + drag))
    changes.append(errors.drag * drag)
    # the thrust turned about the horizontal square to it, and about what is square to both
    side = np.cross(r, u, axis=0)
    side /= np.maximum(np.linalg.norm(side, axis=0), 1e-6 * d)
    changes.append(errors.pitch_rad * np.cross(side, push, axis=0))
    changes.append(errors.yaw_rad * np.linalg.norm(push, axis=0) * side)
    return by_place, by_velocity, np.stack(changes, axis=1)


def _running(burns: list[Burn], stages: tuple[str, ...], t: Array) -> Array:
    """(stages, n) 1 while a stage burns, else 0."""
    out = np.zeros((len(stages), t.size))
    for b in burns:
        out[stages.index(b.stage)] += (t >= b.start_s) & (t <= b.end_s)
    return out


def _mean_thrust(burns: list[Burn], stages: tuple[str, ...]) -> Array:
    """(stages, 1) mean vacuum thrust of each stage while it burns, N."""
    mean = []
    for stage in stages:
        own = [b for b in burns if b.stage == stage]
        mean.append(sum(b.impulse_n_s for b in own) / sum(b.end_s - b.start_s for b in own))
    return np.array(mean)[:, None]


def _burnt(burns: list[Burn], stage: str, t: Array) -> Array:
    """(n,) what a stage has burnt of the burn it is in, kg, at that burn's mean flow."""
    burnt = np.zeros_like(t)
    for b in burns:
        if b.stage == stage:
            runs = (t >= b.start_s) & (t <= b.end_s)
            burnt += runs * b.propellant_kg * (t - b.start_s) / (b.end_s - b.start_s)
    return burnt
