"""What each engine does at an instant: by its own profile, or as the plan commands it.

A stage follows its throttle steps, its thrust curve, or - where its throttle is free - the
throttle programme of the plan, evaluated here. Main flow follows thrust at constant vacuum Isp.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev, legendre

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Burn, ThrottleProgramme

    Array = NDArray[np.float64]

__all__ = [
    "G0",
    "Engine",
    "commanded",
    "engine",
    "ignitions",
    "level",
    "lit_on_pad",
    "thrust_on_pad_n",
    "velocity_gained",
]

G0 = 9.80665
_SAME_S = 1e-9
# exact for straight lines and the cubics of a throttle programme
_NODES, _WEIGHTS = legendre.leggauss(4)
# F / m over an interval in which mass may fall to a tenth: 1e-11 of it
_FINE_NODES, _FINE_WEIGHTS = legendre.leggauss(20)


def commanded(programme: ThrottleProgramme, t_s: Array) -> Array:
    """The throttle a programme commands at seconds after lift-off, (N,)."""
    breaks = np.asarray(programme.breaks_s, dtype=np.float64)
    series = np.asarray(programme.coefficients, dtype=np.float64)
    k = np.clip(np.searchsorted(breaks, t_s, side="right") - 1, 0, len(breaks) - 2)
    x = 2.0 * (t_s - breaks[k]) / (breaks[k + 1] - breaks[k]) - 1.0
    terms = chebyshev.chebvander(x, series.shape[1] - 1)
    out: Array = np.einsum("nk,nk->n", terms, series[k])
    return out


def level(
    stage: Stage, t_s: Array, ignition_s: float, programme: ThrottleProgramme | None
) -> Array:
    """Parts of the stage's vacuum thrust at seconds after lift-off, (N,).

    ignition_s  its first; a stage lit before first motion counts from first motion
    """
    t = np.asarray(t_s, dtype=np.float64)
    since = t - max(ignition_s, 0.0)
    if stage.thrust_curve:
        at, levels = np.array(stage.thrust_curve).T
        return np.asarray(np.interp(since, at, levels, right=0.0), dtype=np.float64)
    if stage.throttle_range is not None and programme is not None:
        return commanded(programme, t)
    out = np.ones(t.shape)
    for when, value in stage.throttle:
        out[since >= when - _SAME_S] = value
    return out


def lit_on_pad(view: View) -> list[Stage]:
    """Stages that burn at first motion."""
    stages = view.mission.vehicle.stages
    return [s for s in stages if s.ignition.kind == "lift-off" and s.ignition.delay_s <= 0.0]


def thrust_on_pad_n(view: View, stage: Stage) -> float:
    """Of one unit at first motion: throttled vacuum thrust less back-pressure on the whole exit
    area."""
    programme = None if view.stack.plan is None else view.stack.plan.throttle
    vacuum = stage.thrust_vacuum_n
    throttled = float(level(stage, np.zeros(1), 0.0, programme)[0]) * vacuum
    return throttled - (vacuum - (stage.thrust_sea_level_n or vacuum))


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """All units of one stage in one burn. Thrust in N, flows in kg/s, area in m^2, s after
    lift-off; `first_s` is the stage's first ignition."""

    stage: Stage
    burn: Burn
    first_s: float
    programme: ThrottleProgramme | None

    @property
    def full_n(self) -> float:
        """Vacuum thrust at level 1."""
        return self.stage.count * self.stage.thrust_vacuum_n

    @property
    def full_kg_s(self) -> float:
        """Main flow at level 1."""
        return self.full_n / (G0 * self.stage.isp_vacuum_s)

    def consumables_kg(self, a: float, b: Array) -> Array:
        """What leaves without thrust from `a` to `b` (N,): each flow until its mass is gone."""
        out = np.zeros(b.shape)
        for flow, gone_s in self._flows():
            out += flow * np.maximum(np.minimum(b, gone_s) - a, 0.0)
        return out

    def _flows(self) -> list[tuple[float, float]]:
        """(flow in kg/s of all units, when it ends) of the consumables."""
        start = max(self.burn.start_s, 0.0)
        return [
            (self.stage.count * c.flow_kg_s, start + c.mass_kg / c.flow_kg_s)
            for c in self.stage.consumables
            if c.flow_kg_s
        ]

    @property
    def exit_area_m2(self) -> float:
        vacuum = self.stage.thrust_vacuum_n
        return self.stage.count * (vacuum - (self.stage.thrust_sea_level_n or vacuum)) / 101_325.0

    def level(self, t_s: Array) -> Array:
        return level(self.stage, t_s, self.first_s, self.programme)

    def marks(self) -> list[float]:
        """Where thrust steps or has a corner, the burn's two ends among them."""
        start = max(self.first_s, 0.0)
        inner = [start + at for at, _ in (*self.stage.throttle, *self.stage.thrust_curve)]
        if self.stage.throttle_range is not None and self.programme is not None:
            inner += [float(b) for b in self.programme.breaks_s]
        inner += [gone_s for _, gone_s in self._flows()]
        a, b = self.burn.start_s, self.burn.end_s
        return [a, *sorted(t for t in inner if a < t < b), b]

    def full_s(self, a: float, b: float) -> float:
        """Seconds at full thrust that the burn is worth between two instants."""
        a, b = max(a, self.burn.start_s), min(b, self.burn.end_s)
        if b <= a:
            return 0.0
        inner = [a, *(m for m in self.marks() if a < m < b), b]
        return float(sum(self._steady(p, np.array([q]))[0] for p, q in pairwise(inner)))

    def _steady(self, a: float, ends: Array) -> Array:
        """The same from `a` to several ends, none of them beyond the next mark."""
        half = 0.5 * (ends - a)
        t = a + half[:, None] * (1.0 + _NODES)
        out: Array = half * (self.level(t.ravel()).reshape(t.shape) @ _WEIGHTS)
        return out

    def used_kg(self, a: float, b: float) -> tuple[float, float]:
        """(main propellant, consumables) the burn uses between two instants."""
        first, last = max(a, self.burn.start_s), min(b, self.burn.end_s)
        other = float(self.consumables_kg(first, np.array([last]))[0]) if last > first else 0.0
        return self.full_kg_s * self.full_s(a, b), other


def ignitions(view: View, stage: str) -> list[float]:
    """When the ledger has a stage light, s after lift-off, in order."""
    return sorted(b.start_s for b in view.stack.ledger.burns if b.stage == stage)


def engine(view: View, burn: Burn) -> Engine:
    """The engine of a burn of the stack."""
    plan = view.stack.plan
    return Engine(
        view.mission.vehicle.stage(burn.stage),
        burn,
        ignitions(view, burn.stage)[0],
        None if plan is None else plan.throttle,
    )


def velocity_gained(engines: Iterable[Engine], a: float, b: float, mass_kg: float) -> float:
    """Integral of vacuum thrust over mass from `a` to `b`, m/s; `mass_kg` at `a`.

    Tsiolkovsky's formula where thrust is constant; no mark may lie inside.
    """
    half = 0.5 * (b - a)
    t = a + half * (1.0 + _FINE_NODES)
    force, gone = np.zeros(t.shape), np.zeros(t.shape)
    for e in engines:
        force += e.full_n * e.level(t)
        gone += e.full_kg_s * e._steady(a, t) + e.consumables_kg(a, t)
    return half * float(_FINE_WEIGHTS @ (force / (mass_kg - gone)))
