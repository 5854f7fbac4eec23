"""Many flights of one timetable at once, each with its own steering: what a fit is made of.

Runge-Kutta 4 in steps of a few seconds over the ascent's own physics with tabulated air. Good to
some tens of metres; a fitted flight is flown again by `ascent.execute`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.ascent.replay.pieces import Piece, Timetable
    from cosmodrome.ascent.replay.steering import Steering
    from cosmodrome.physics.powered import Body, Planet

    Array = NDArray[np.float64]

__all__ = ["CutOff", "Place", "Track", "fly"]

# in the air and above it
_STEPS_S = (2.0, 5.0)
_AIR_ENDS_S = 120.0
_SAME_S = 1e-6
_SECANTS = 6
_BEYOND = 0.25


@dataclass(frozen=True, slots=True)
class CutOff:
    """What ends the last burn: the orbit's energy, as guidance does, or a time.

    semi_major_axis_m   cut off when the motion has it
    at_s                cut off then
    """

    semi_major_axis_m: float | None = None
    at_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where n flights are at a mark: time (n,), r and v (3, n), mass (n,)."""

    t_s: Array
    r: Array
    v: Array
    mass_kg: Array


@dataclass(slots=True, eq=False)
class Track:
    """Places by the name of what happened (the first of a name), and flight 0 step by step.

    steps  (start, end, r, v at the start) of flight 0
    """

    places: dict[str, Place] = field(default_factory=dict)
    steps: list[tuple[float, float, Array, Array]] = field(default_factory=list)


class _Flights:
    def __init__(
        self,
        planet: Planet,
        bodies: Sequence[Body],
        steering: Steering,
        start: tuple[Array, Array],
        mass_kg: float,
    ) -> None:
        n = steering.numbers.shape[1]
        self.planet, self.body, self.steering = planet, bodies[0], steering
        self.r = np.repeat(start[0][:, None], n, axis=1)
        self.v = np.repeat(start[1][:, None], n, axis=1)
        self.m = np.full(n, mass_kg)
        self.t = 0.0
        self.track = Track()

    def air_velocity(self, r: Array, v: Array) -> Array:
        omega = self.planet.omega_rad_s
        return np.stack([v[0] + omega * r[1], v[1] - omega * r[0], v[2]])

    def _rates(self, p: Piece, t: float, inside: float, r: Array, v: Array, m: Any) -> Array:
        u = None
        if p.burning:
            d = self.steering.direction(t, inside, r, self.air_velocity(r, v))
            u = (d[0], d[1], d[2])
        force = p.thrust_vacuum_n + p.thrust_slope_n_s * (t - p.start_s)
        a = powered.accelerations(
            NUMPY,
            self.planet,
            self.body,
            (r[0], r[1], r[2]),
            (v[0], v[1], v[2]),
            m,
            u,
            force,
            p.exit_area_m2,
        )
        return np.stack(a.total)

    def ahead(self, p: Piece, h: Any) -> tuple[Array, Array, Array]:
        """r, v, m after a step of `h` seconds (one for all, or one each)."""
        r, v, m, t = self.r, self.v, self.m, self.t
        half = 0.5 * h
        size = float(np.max(h))
        inside = t + 0.5 * size
        # flow is a straight line of time: mass is exact
        rate = p.flow_kg_s + p.flow_slope_kg_s2 * (t - p.start_s)
        m2 = m - (rate + 0.5 * p.flow_slope_kg_s2 * half) * half
        m4 = m - (rate + 0.5 * p.flow_slope_kg_s2 * h) * h
        a1 = self._rates(p, t, inside, r, v, m)
        v2 = v + half * a1
        a2 = self._rates(p, t + 0.5 * size, inside, r + half * v, v2, m2)
        v3 = v + half * a2
        a3 = self._rates(p, t + 0.5 * size, inside, r + half * v2, v3, m2)
        v4 = v + h * a3
        a4 = self._rates(p, t + size, inside, r + h * v3, v4, m4)
        return (
            r + h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4),
            v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4),
            np.asarray(m4),
        )

    def mark(self, name: str, t: Array | None = None) -> None:
        when = np.full(self.m.size, self.t) if t is None else t
        for part in name.split(", "):
            if part:
                self.track.places.setdefault(part, Place(when, self.r, self.v, self.m))

    def step(self, p: Piece, h: float) -> None:
        self.track.steps.append((self.t, self.t + h, self.r[:, 0].copy(), self.v[:, 0].copy()))
        self.r, self.v, self.m = self.ahead(p, h)
        self.t += h

    def through(self, p: Piece, breaks: list[float]) -> None:
        """A whole piece, in steps that end at every break."""
        marks = [p.start_s, *(b for b in breaks if p.start_s + _SAME_S < b < p.end_s - _SAME_S)]
        for a, b in zip(marks, [*marks[1:], p.end_s], strict=True):
            self.tell(a)
            limit = _STEPS_S[a >= _AIR_ENDS_S]
            count = max(1, int(np.ceil((b - a) / limit - 1e-9)))
            for _ in range(count):
                self.step(p, (b - a) / count)
            self.t = b
            if b in breaks:
                self.mark(f"T+{b:g}")
        self.tell(p.end_s)
        self.mark(p.name)
        if p.end_s in breaks:
            self.mark(f"T+{p.end_s:g}")
        self.m = self.m - p.drop_kg

    def tell(self, t: float) -> None:
        self.steering.reach(t, self.r, self.air_velocity(self.r, self.v))

    def until_energy(self, p: Piece, breaks: list[float], a_m: float) -> None:
        """The open piece, each flight stopped where its motion has the semi-major axis `a_m`.

        The burn goes on past the empty tank, up to a quarter longer: a fit needs residuals that
        are smooth there, and what is missing comes out as propellant.
        """
        p = replace(p, end_s=p.end_s + _BEYOND * (p.end_s - p.start_s))
        wanted = -0.5 * self.planet.mu / a_m
        n = self.m.size
        done = np.zeros(n, dtype=bool)
        ends = np.full(n, p.end_s)
        final = [self.r.copy(), self.v.copy(), self.m.copy()]
        inner = [b for b in breaks if p.start_s + _SAME_S < b < p.end_s - _SAME_S]
        self.tell(p.start_s)
        for a, b in zip([p.start_s, *inner], [*inner, p.end_s], strict=True):
            count = max(1, int(np.ceil((b - a) / _STEPS_S[1] - 1e-9)))
            h = (b - a) / count
            for _ in range(count):
                r, v, m = self.ahead(p, h)
                now = ~done & (self._energy(r, v) >= wanted)
                if now.any():
                    length = self._crossing(p, h, wanted)
                    kept = self.ahead(p, length)
                    for whole, part in zip(final, kept, strict=True):
                        whole[..., now] = part[..., now]
                    ends = np.where(now, self.t + length, ends)
                    done |= now
                state = (self.r[:, 0].copy(), self.v[:, 0].copy())
                self.track.steps.append((self.t, self.t + h, *state))
                self.r, self.v, self.m, self.t = r, v, m, self.t + h
                if done.all():
                    break
            if done.all():
                break
            self.t = b
            if b in breaks:
                self.mark(f"T+{b:g}")
        # a flight that never gets there is left at its end, for a finite difference to see
        for whole, part in zip(final, (self.r, self.v, self.m), strict=True):
            whole[..., ~done] = part[..., ~done]
        self.r, self.v, self.m = final
        self.mark(p.name, ends)

    def _energy(self, r: Array, v: Array) -> Array:
        return np.asarray(0.5 * np.sum(v * v, axis=0) - self.planet.mu / np.linalg.norm(r, axis=0))

    def _crossing(self, p: Piece, h: float, wanted: float) -> Array:
        """Length of the part of a step at whose end the energy is met, by regula falsi."""
        low = np.zeros(self.m.size)
        high = np.full(self.m.size, h)
        f_low = self._energy(self.r, self.v) - wanted
        r, v, _ = self.ahead(p, high)
        f_high = self._energy(r, v) - wanted
        x = high
        for _ in range(_SECANTS):
            span = f_high - f_low
            part = np.divide(f_low, span, out=np.zeros_like(span), where=span != 0.0)
            x = np.clip(low - part * (high - low), 0.0, h)
            r, v, _ = self.ahead(p, x)
            f = self._energy(r, v) - wanted
            low, f_low = np.where(f < 0.0, x, low), np.where(f < 0.0, f, f_low)
            high, f_high = np.where(f < 0.0, high, x), np.where(f < 0.0, f_high, f)
        return x


def fly(
    timetable: Timetable,
    steering: Steering,
    cut_off: CutOff,
    planet: Planet,
    bodies: Sequence[Body],
    start: tuple[Array, Array],
    also_s: tuple[float, ...] = (),
) -> Track:
    """Fly all lanes of `steering` from `start` (r, v of the pad, launch frame) to the cut-off.

    bodies   what the air feels in each piece of the timetable

    The track has a `Place` for every event of the timetable and, as "T+60", for every second of
    `also_s` that was reached.
    """
    flights = _Flights(planet, bodies, steering, start, timetable.liftoff_kg)
    breaks = sorted({*steering.layout.breaks_s, *also_s})
    for p, flights.body in zip(timetable.pieces[:-1], bodies[:-1], strict=True):
        flights.through(p, breaks)
    last, flights.body = timetable.pieces[-1], bodies[-1]
    if cut_off.semi_major_axis_m is not None:
        flights.until_energy(last, breaks, cut_off.semi_major_axis_m)
    else:
        end = min(cut_off.at_s or last.end_s, last.end_s)
        flights.through(replace(last, end_s=end), breaks)
    return flights.track
