"""Many coarse ascents at once: what the first guess is searched with.

Each lane flies the vehicle's sections under a simple steering law: vertical, a pitch-over by a
kick angle, gravity turn to the first separation, then linear tangent in the target plane with
out-of-plane speed steered away. Runge-Kutta 4, fixed steps, tabulated air: good to a few m/s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.shape import PITCH_OVER_S
from cosmodrome.maths import NUMPY
from cosmodrome.physics import heating, powered

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from cosmodrome.maths import Ops
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.vehicle import Section

__all__ = [
    "BURN_STEP_S",
    "HEAT_AFTER_S",
    "HEAT_SPEED_M_S",
    "HEIGHTS_M",
    "HIGH_M",
    "MACH",
    "OVER",
    "STEPS_S",
    "Lanes",
    "Law",
    "Track",
    "air_rows",
    "coarse_body",
    "coarse_planet",
    "coast_steps",
    "drag_rows",
    "pushed",
    "steps_of",
    "table_heights",
]

# longest steps of a search: in the sections, low down and above; in the tail
STEPS_S = (4.0, 8.0)
BURN_STEP_S = 12.0
# knots of the tables of air and drag, as the core takes them
HEIGHTS_M = np.linspace(-2_000.0, 200_000.0, 2021)
MACH = np.linspace(0.0, 30.0, 601)
# the first tangent is carried past the last by no more than this part of the way between them
OVER = 1.3
# a fairing's heat rule is asked from this time on, above this speed
HEAT_AFTER_S = 60.0
HEAT_SPEED_M_S = 1_000.0
# out of the air: a fairing that no rule has dropped may go
HIGH_M = 105_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Steering parameters, (n,) each.

    rise_s     end of the vertical rise
    kick       rad from the vertical at the end of the pitch-over
    tan_start, tan_end   tangent of the pitch above the local horizontal at `turn_s` and `aim_s`
    """

    rise_s: float
    kick: NDArray[np.float64]
    tan_start: NDArray[np.float64]
    tan_end: NDArray[np.float64]
    turn_s: float
    aim_s: float


@dataclass(slots=True, eq=False)
class Track:
    """Recorded flight of the lanes: times, and r, v, u (3, n) at each."""

    t_s: list[float] = field(default_factory=list)
    r: list[NDArray[np.float64]] = field(default_factory=list)
    v: list[NDArray[np.float64]] = field(default_factory=list)
    u: list[NDArray[np.float64]] = field(default_factory=list)

    def at(self, t_s: NDArray[np.float64], lane: int = 0) -> tuple[NDArray[np.float64], ...]:
        """r, v, u (k, 3) of one lane, interpolated; u unit."""
        times = np.array(self.t_s)
        out = []
        for series in (self.r, self.v, self.u):
            values = np.array([s[:, lane] for s in series])
            out.append(np.column_stack([np.interp(t_s, times, values[:, c]) for c in range(3)]))
        norm = np.linalg.norm(out[2], axis=1, keepdims=True)
        out[2] = out[2] / np.where(norm > 1e-6, norm, 1.0)
        return tuple(out)


def air_rows(planet: Planet) -> NDArray[np.float64]:
    """(knots, 3) at `HEIGHTS_M`: logarithms of density and pressure, speed of sound."""
    rho, p, a = planet.atmosphere(NUMPY, HEIGHTS_M)
    return np.column_stack([np.log(rho), np.log(p), a])


def table_heights(top_m: float) -> NDArray[np.float64]:
    """Heights of a table of the air, m, up to `top_m`."""
    return np.linspace(-2_000.0, top_m, round((top_m + 2_000.0) / 100.0) + 1)


def coarse_planet(planet: Planet, top_m: float = 200_000.0) -> Planet:
    """The same planet with its air in tables up to `top_m`: thirty times cheaper over arrays."""
    h = table_heights(top_m)
    rho, p, a = planet.atmosphere(NUMPY, h)
    log_rho, log_p = np.log(rho), np.log(p)

    def air(ops: Ops, height: Any) -> tuple[Any, Any, Any]:
        return (
            np.exp(np.interp(height, h, log_rho)),
            np.exp(np.interp(height, h, log_p)),
            np.interp(height, h, a),
        )

    if planet.wind is None:
        return replace(planet, atmosphere=air)
    east, north = planet.wind(NUMPY, h)

    def wind(ops: Ops, height: Any) -> tuple[Any, Any]:
        return np.interp(height, h, east), np.interp(height, h, north)

    return replace(planet, atmosphere=air, wind=wind)


def drag_rows(body: Body) -> NDArray[np.float64]:
    """(knots, 1) drag coefficients at `MACH`."""
    return np.array(np.broadcast_to(body.cd(NUMPY, MACH), MACH.shape))[:, None]


def coarse_body(body: Body) -> Body:
    """The same body with its drag curve in a table."""
    cd = drag_rows(body)[:, 0]

    class _Table:
        def __call__(self, ops: Ops, m: Any) -> Any:
            return np.interp(m, MACH, cd)

    return replace(body, cd=_Table())  # type: ignore[arg-type]


def steps_of(section: Section, step_s: tuple[float, float]) -> int:
    """Steps a section is flown in, none longer than the first figure low down, the second above."""
    limit = step_s[0] if section.start_s < 110.0 else step_s[1]
    # the pitch-over begins and ends at step boundaries closely enough with these steps
    return max(1, math.ceil((section.end_s - section.start_s) / limit))


def coast_steps(seconds: float) -> int:
    """Steps a coast between stages is flown in."""
    return math.ceil(max(seconds, 0.0) / 15.0)


def pushed(section: Section) -> tuple[float, float]:
    """Thrust and flow at its start, free throttles wide open."""
    free = section.free
    if free is None:
        return section.thrust_vacuum_n, section.flow_kg_s
    return (
        section.thrust_vacuum_n + free.highest * free.thrust_vacuum_n,
        section.flow_kg_s + free.highest * free.flow_kg_s,
    )


class Lanes:
    """State of n coarse ascents in the launch frame: r, v (3, n), mass (n,).

    fairing_s   (n,) when the fairing went by its rule; high_s when the lane first was above
    `HIGH_M`, to the end of a step; not-a-number until then
    """

    def __init__(
        self,
        planet: Planet,
        body: Body,
        axes: NDArray[np.float64],
        r0: NDArray[np.float64],
        v0: NDArray[np.float64],
        mass_kg: NDArray[np.float64],
        normal: NDArray[np.float64],
        heading: NDArray[np.float64],
        record: bool = False,
    ) -> None:
        n = mass_kg.size
        self.planet, self.body, self.axes = planet, body, axes
        self.r = np.repeat(r0[:, None], n, axis=1)
        self.v = np.repeat(v0[:, None], n, axis=1)
        self.m = mass_kg.astype(np.float64).copy()
        self.normal, self.heading = normal, heading
        self.t = 0.0
        self.fairing_on = np.ones(n, dtype=bool)
        self.fairing_s = np.full(n, np.nan)
        self.high_s = np.full(n, np.nan)
        self.track = Track() if record else None

    # steering ------------------------------------------------------------------------
    def direction(self, law: Law, t: float, r: Any, v: Any) -> Any:
        """Unit thrust direction (3, n)."""
        up = self.axes[0]
        n = r.shape[1]
        if t < law.rise_s:
            return np.repeat(up[:, None], n, axis=1)
        if t < law.rise_s + PITCH_OVER_S:
            s = (t - law.rise_s) / PITCH_OVER_S
            s = s * s * (3.0 - 2.0 * s)
            slope = np.tan(law.kick) * s
            u = up[:, None] + slope * self.heading[:, None]
            return u / np.linalg.norm(u, axis=0)
        omega = self.planet.omega_rad_s
        if t < law.turn_s:
            w = np.stack([v[0] + omega * r[1], v[1] - omega * r[0], v[2]])
            return w / np.linalg.norm(w, axis=0)
        x = min((t - law.turn_s) / (law.aim_s - law.turn_s), OVER)
        tangent = law.tan_start + (law.tan_end - law.tan_start) * x
        r_hat = r / np.linalg.norm(r, axis=0)
        along = np.cross(self.normal[:, None], r_hat, axis=0)
        along /= np.linalg.norm(along, axis=0)
        yaw = np.clip(-(self.normal @ v) / 800.0, -0.6, 0.6)
        u = along + tangent * r_hat + yaw * self.normal[:, None]
        return u / np.linalg.norm(u, axis=0)

    # integration ---------------------------------------------------------------------
    def _acceleration(
        self, law: Law | None, t: float, r: Any, v: Any, m: Any, force: Any, area: float
    ) -> NDArray[np.float64]:
        u = None if law is None else self.direction(law, t, r, v)
        a = powered.accelerations(
            NUMPY,
            self.planet,
            self.body,
            (r[0], r[1], r[2]),
            (v[0], v[1], v[2]),
            m,
            None if u is None else (u[0], u[1], u[2]),
            force,
            area,
        )
        return np.stack(a.total)

    def follow(self, track: NDArray[np.float64], law: Law) -> None:
        """Record what was flown elsewhere: rows of time, place, velocity, 1 where steered."""
        here = self.t, self.r, self.v
        for row in track:
            self.t, self.r, self.v = float(row[0]), row[1:4, None], row[4:7, None]
            self.note(law if row[7] else None)
        self.t, self.r, self.v = here

    def note(self, law: Law | None) -> None:
        """Record where the lanes are, if they are recorded."""
        if self.track is not None:
            self.track.t_s.append(self.t)
            self.track.r.append(self.r.copy())
            self.track.v.append(self.v.copy())
            u = (
                np.zeros_like(self.r)
                if law is None
                else self.direction(law, self.t, self.r, self.v)
            )
            self.track.u.append(u)

    def step(
        self,
        law: Law | None,
        h: float,
        force: Any = 0.0,
        area: float = 0.0,
        flow: Any = 0.0,
        share: NDArray[np.float64] | None = None,
    ) -> None:
        """One Runge-Kutta step of all lanes.

        share   (n,) what part of the step each lane takes, along the chord: 0 rests; None: all
        """
        r, v, m, t = self.r, self.v, self.m, self.t
        a1 = self._acceleration(law, t, r, v, m, force, area)
        r2, v2, m2 = r + 0.5 * h * v, v + 0.5 * h * a1, m - 0.5 * h * flow
        a2 = self._acceleration(law, t + 0.5 * h, r2, v2, m2, force, area)
        r3, v3 = r + 0.5 * h * v2, v + 0.5 * h * a2
        a3 = self._acceleration(law, t + 0.5 * h, r3, v3, m2, force, area)
        r4, v4 = r + h * v3, v + h * a3
        a4 = self._acceleration(law, t + h, r4, v4, m - h * flow, force, area)
        new_r = r + h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
        new_v = v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        new_m = m - h * flow
        if share is None:
            self.r, self.v, self.m = new_r, new_v, new_m
        else:
            self.r, self.v, self.m = (
                np.where(share == 0.0, b, np.where(share == 1.0, c, b + share * (c - b)))
                for b, c in ((r, new_r), (v, new_v), (m, new_m))
            )
        self.t = t + h
        height = powered.height(NUMPY, self.planet, (self.r[0], self.r[1], self.r[2]))
        self.high_s = np.where(np.isnan(self.high_s) & (height > HIGH_M), self.t, self.high_s)

    def sections(
        self,
        sections: tuple[Section, ...],
        law: Law,
        fairing_kg: float,
        fairing_at: float | None,
        heat_w_m2: float | None,
        step_s: tuple[float, float] = STEPS_S,
    ) -> None:
        """Fly all sections, free throttles wide open; the fairing goes by its rule."""
        for s in sections:
            length = s.end_s - s.start_s
            count = steps_of(s, step_s)
            force, flow = pushed(s)
            for k in range(count):
                middle = (k + 0.5) * length / count
                self.note(law if s.burning else None)
                self.step(
                    law if s.burning else None,
                    length / count,
                    force + s.thrust_slope_n_s * middle,
                    s.exit_area_m2,
                    flow + s.flow_slope_kg_s2 * middle,
                )
                self.fairing(fairing_kg, fairing_at, heat_w_m2)
            self.m = self.m - sum(d.mass_kg for d in s.drops)
        self.note(None)

    def fairing(self, kg: float, at: float | None, heat: float | None) -> None:
        """Drop the fairing where its rule says so."""
        if kg <= 0.0 or not self.fairing_on.any():
            return
        if at is not None:
            now = np.full(self.m.size, self.t >= at)
        else:
            air = powered.air(NUMPY, self.planet, (self.r[0], self.r[1], self.r[2]), tuple(self.v))
            flux = heating.free_molecular(air.rho, air.speed)
            now = (flux < (heat or 0.0)) & (self.t > HEAT_AFTER_S) & (air.speed > HEAT_SPEED_M_S)
        now = now & self.fairing_on
        self.m = np.where(now, self.m - kg, self.m)
        self.fairing_s = np.where(now, self.t, self.fairing_s)
        self.fairing_on = self.fairing_on & ~now
