"""Engines as a plan runs them: thrust and flow as power series over stretches of time.

A stretch ends at every mark of the plan, of a stage's own profile and of the commanded throttle,
and where a tank runs dry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.vehicle import consumables_flow, thrusting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage, Vehicle
    from cosmodrome.record.nouns import AttitudeProgramme, Plan, PlanPhase, ThrottleProgramme
    from cosmodrome.vehicle import Tank

    Series = NDArray[np.float64]

__all__ = ["Engine", "Sub", "direction_at", "stretches", "throttle_at"]

_SAME_S = 1e-6
_DRY_KG = 1e-3


def _value(series: Series, x: float) -> float:
    return float(np.polynomial.polynomial.polyval(x, series))


def _integral(series: Series) -> Series:
    return np.asarray(np.polynomial.polynomial.polyint(series), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """All units of one stage over one stretch; series in seconds since its start.

    thrust_vacuum_n  power series (k,); propellant flows with it at constant vacuum Isp
    """

    thrust_vacuum_n: Series
    exit_area_m2: float
    isp_vacuum_s: float
    consumables_kg_s: float

    @property
    def flow_kg_s(self) -> Series:
        """Everything that leaves per second, as a series."""
        out = self.thrust_vacuum_n / (G0_M_S2 * self.isp_vacuum_s)
        out[0] += self.consumables_kg_s
        return out

    def propellant_kg(self, seconds: float) -> float:
        """Main propellant used in the first `seconds` of the stretch."""
        return _value(_integral(self.thrust_vacuum_n), seconds) / (G0_M_S2 * self.isp_vacuum_s)

    def dry_after_s(self, left_kg: float, seconds: float) -> float | None:
        """When `left_kg` is used, if within `seconds`."""
        if left_kg <= _DRY_KG:
            return 0.0
        if self.propellant_kg(seconds) <= left_kg:
            return None
        low, high = 0.0, seconds
        for _ in range(80):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.propellant_kg(middle) < left_kg else (low, middle)
        return high


@dataclass(slots=True, eq=False)
class Sub:
    """A stretch without a break in thrust: its engines and how long they ran."""

    start_s: float
    end_s: float
    engines: dict[str, Engine]
    mass_start_kg: float
    settling_kg_s: float = 0.0
    thrust_vacuum_n: Series = field(init=False)
    flow_kg_s: Series = field(init=False)

    def __post_init__(self) -> None:
        size = max([1, *(e.thrust_vacuum_n.size for e in self.engines.values())])
        self.thrust_vacuum_n, self.flow_kg_s = np.zeros(size), np.zeros(size)
        self.flow_kg_s[0] = self.settling_kg_s
        for engine in self.engines.values():
            k = engine.thrust_vacuum_n.size
            self.thrust_vacuum_n[:k] += engine.thrust_vacuum_n
            self.flow_kg_s[:k] += engine.flow_kg_s

    @property
    def exit_area_m2(self) -> float:
        """Of all engines that run."""
        return sum(e.exit_area_m2 for e in self.engines.values())

    @property
    def length_s(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s

    def mass_kg(self, t_s: float) -> float:
        """Mass at an instant of the stretch."""
        return self.mass_start_kg - _value(_integral(self.flow_kg_s), t_s - self.start_s)

    def gained_m_s(self) -> float:
        """Integral of vacuum thrust over mass: Tsiolkovsky with all that flows, by Gauss."""
        if not self.engines:
            return 0.0
        x, weights = np.polynomial.legendre.leggauss(20)
        t = 0.5 * self.length_s * (x + 1.0)
        force = np.polynomial.polynomial.polyval(t, self.thrust_vacuum_n)
        mass = self.mass_start_kg - np.polynomial.polynomial.polyval(t, _integral(self.flow_kg_s))
        return float(0.5 * self.length_s * (weights @ (force / mass)))


def throttle_at(programme: ThrottleProgramme | None, t_s: float) -> float:
    """Commanded throttle at an instant; 1 where nothing is commanded."""
    if programme is None:
        return 1.0
    breaks = np.asarray(programme.breaks_s)
    k = int(np.searchsorted(breaks, t_s, side="right")) - 1
    k = min(max(k, 0), len(breaks) - 2)
    x = (2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k])
    return float(np.polynomial.chebyshev.chebval(x, programme.coefficients[k]))


def direction_at(programme: AttitudeProgramme, t_s: float) -> Series:
    """Commanded thrust direction at an instant: the unit vector (3,), in the programme's frame."""
    breaks = np.asarray(programme.breaks_s)
    k = int(np.clip(np.searchsorted(breaks, t_s, side="right") - 1, 0, breaks.size - 2))
    x = (2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k])
    u = np.polynomial.chebyshev.chebval(x, np.asarray(programme.coefficients)[k])
    out: Series = u / np.linalg.norm(u)
    return out


def _commanded(programme: ThrottleProgramme, start_s: float) -> Series:
    """The programme's piece that begins at or before `start_s`, as a power series from there."""
    breaks = np.asarray(programme.breaks_s)
    k = int(np.searchsorted(breaks, start_s + _SAME_S, side="right")) - 1
    k = min(max(k, 0), len(breaks) - 2)
    half = 0.5 * (breaks[k + 1] - breaks[k])
    middle = 0.5 * (breaks[k + 1] + breaks[k])
    in_x = np.polynomial.Polynomial(
        np.polynomial.chebyshev.cheb2poly(np.asarray(programme.coefficients[k]))
    )
    shifted = in_x(np.polynomial.Polynomial([(start_s - middle) / half, 1.0 / half]))
    return np.asarray(shifted.coef, dtype=np.float64)


def _engine(stage: Stage, start_s: float, lit_s: float, plan: Plan, phase: PlanPhase) -> Engine:
    push = thrusting(stage, max(start_s - lit_s, 0.0), phase.throttle)
    series = np.array([push.thrust_vacuum_n])
    if push.thrust_slope_n_s != 0.0:
        series = np.array([push.thrust_vacuum_n, push.thrust_slope_n_s])
    elif stage.throttle_range is not None and plan.throttle is not None:
        full = stage.count * stage.thrust_vacuum_n * phase.throttle
        series = full * _commanded(plan.throttle, start_s)
    return Engine(series, push.exit_area_m2, stage.isp_vacuum_s, push.consumables_kg_s)


def _cuts(vehicle: Vehicle, plan: Plan, phase: PlanPhase, lit: dict[str, float]) -> list[float]:
    """Instants inside the phase at which thrust has a corner or a step."""
    cuts: set[float] = set()
    for id_ in phase.burning:
        stage = vehicle.stage(id_)
        cuts.update(lit[id_] + at for at, _ in (*stage.throttle, *stage.thrust_curve))
        cuts.update(lit[id_] + gone for _, gone in consumables_flow(stage))
        if stage.throttle_range is not None and plan.throttle is not None:
            cuts.update(plan.throttle.breaks_s)
    return sorted(t for t in cuts if phase.start_s + _SAME_S < t < phase.end_s - _SAME_S)


def stretches(
    vehicle: Vehicle,
    plan: Plan,
    phase: PlanPhase,
    lit: dict[str, float],
    tanks: dict[str, Tank],
) -> list[Sub]:
    """The phase in stretches without a break: steps, corners and dry tanks end one.

    lit  when each burning stage lit, s after lift-off
    """
    settling = sum(
        vehicle.stage(i).count * vehicle.stage(i).settling_flow_kg_s for i in phase.settling
    )
    marks = [phase.start_s, *_cuts(vehicle, plan, phase, lit), phase.end_s]
    left = {
        i: tanks[i].propellant_kg - vehicle.stage(i).count * vehicle.stage(i).residual_kg
        for i in phase.burning
    }
    subs = []
    for a, b in pairwise(marks):
        start = a
        while b - start > 1e-9:
            engines = {
                i: _engine(vehicle.stage(i), start, lit[i], plan, phase)
                for i in phase.burning
                if left[i] > -_DRY_KG
            }
            end = b
            for i, engine in engines.items():
                dry = engine.dry_after_s(left[i], end - start)
                if dry is not None and start + dry < end - _SAME_S:
                    end = start + max(dry, _SAME_S)
            for i, engine in engines.items():
                left[i] -= engine.propellant_kg(end - start)
                if end < b and left[i] <= _DRY_KG:
                    left[i] = -1.0
            subs.append(Sub(start, end, engines, 0.0, settling))
            start = end
    return subs
