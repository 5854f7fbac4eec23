"""The right-hand sides and path quantities of one collocation node, over `maths`.

Canonical units: length `planet.equatorial_radius_m`, mu 1. One formula per kind of phase, so
that a coast does not pay for what only a throttled burn needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.physics import aerodynamics, heating, powered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.maths import Ops
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.powered.phases import Phase

__all__ = ["NodeFormula", "Units"]


@dataclass(frozen=True, slots=True)
class Units:
    """Canonical units of a planet, SI."""

    length_m: float
    speed_m_s: float

    @property
    def time_s(self) -> float:
        """Length over speed."""
        return self.length_m / self.speed_m_s

    @classmethod
    def of(cls, planet: Planet) -> Units:
        """Equatorial radius, circular speed there."""
        length = planet.equatorial_radius_m
        return cls(length, float(np.sqrt(planet.mu / length)))


@dataclass(frozen=True, slots=True)
class NodeFormula:
    """Scaled rates times duration, and path quantities, at one node of a kind of phase.

    Unknowns of a copy: place and velocity (6), duration, mass (at the phase's start; at the node
    where throttled), thrust direction (3) where steered, throttle where throttled.
    """

    planet: Planet
    body: Body
    steered: bool
    sloped: bool
    throttled: bool

    @property
    def rates(self) -> int:
        """How many of the outputs are rates: place, velocity and, throttled, mass."""
        return 7 if self.throttled else 6

    @property
    def places(self) -> dict[str, int]:
        """Where the path quantities are among the outputs."""
        names = ["floor", "heat"]
        names += ["q", "q-alpha"] if self.steered else []
        names += ["axial"] if self.throttled else []
        return {name: self.rates + k for k, name in enumerate(names)}

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.rates + len(self.places)

    def parameters(
        self, phase: Phase, fraction: float, t_unit: float, m_unit: float
    ) -> list[float]:
        """The constants of one copy."""
        limit = phase.path
        out = [
            fraction,
            t_unit,
            m_unit,
            phase.thrust_vacuum_n,
            phase.exit_area_m2,
            phase.flow_kg_s,
            limit.dynamic_pressure_pa or 1e5,
            limit.q_alpha_pa_rad or 1e4,
            float(np.log(limit.heat_flux_w_m2 or 1e3)),
        ]
        if self.sloped:
            a, b = phase.since(fraction)
            out += [phase.thrust_slope_n_s, phase.flow_slope_kg_s2, a, b, phase.since(0.0)[1]]
        if self.throttled:
            assert phase.free is not None
            out += [phase.free.thrust_vacuum_n, phase.free.flow_kg_s, limit.axial_m_s2 or 1e3]
        return out

    def __call__(self, ops: Ops, z: Sequence[Any], par: Sequence[Any]) -> list[Any]:
        """Outputs of one copy."""
        units = Units.of(self.planet)
        tau, t_unit, m_unit, force, area, flow, q_unit, qa_unit, heat_log = par[:9]
        rest = list(par[9:])
        r = (z[0] * units.length_m, z[1] * units.length_m, z[2] * units.length_m)
        v = (z[3] * units.speed_m_s, z[4] * units.speed_m_s, z[5] * units.speed_m_s)
        duration, mass = z[6] * t_unit, z[7] * m_unit
        u = (z[8], z[9], z[10]) if self.steered else None
        spent = flow * tau * duration
        if self.sloped:
            thrust_slope, flow_slope, a, b, b0 = rest[:5]
            rest = rest[5:]
            since, start = a + b * duration, a + b0 * duration
            force = force + thrust_slope * since
            spent = (since - start) * (flow + 0.5 * flow_slope * (since + start))
            flow = flow + flow_slope * since
        if self.throttled:
            free_force, free_flow, axial = rest
            force = force + z[11] * free_force
            flow = flow + z[11] * free_flow
        else:
            mass = mass - spent
        parts = powered.accelerations(ops, self.planet, self.body, r, v, mass, u, force, area)
        h = duration / units.time_s
        g = units.time_s / units.speed_m_s
        total = parts.total
        out = [h * z[3], h * z[4], h * z[5], h * (g * total[0]), h * (g * total[1])]
        out.append(h * (g * total[2]))
        if self.throttled:
            out.append(-duration * flow / m_unit)
        # one on the ellipsoid: the ground, whatever the latitude
        f = 1.0 - self.planet.flattening
        out.append(z[0] * z[0] + z[1] * z[1] + z[2] * z[2] / (f * f))
        air = parts.air
        out.append(heating.log_free_molecular(ops, air.rho, air.speed) - heat_log)
        if u is not None:
            q = air.q
            s2 = aerodynamics.sin_alpha_squared(ops, u, air.w, air.speed)
            out += [q / q_unit, (q / qa_unit) * (q / qa_unit) * s2]
        if self.throttled:
            out.append((force - area * air.pressure) / (mass * axial))
        return out
