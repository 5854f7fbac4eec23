"""Ways to the Moon that come back by themselves: flown again from their burns, with own forces.

The state after the injection (of a flight round the Moon: after its last correction) goes on by
DOP853 past the Moon to the next perigee: Earth and Moon with fields of low degree near them, the
Sun, and light without shadows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.forces import PRESSURE_N_M2
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.mission.nouns import Manoeuvre, ToMoon
from cosmodrome.physics import harmonics
from cosmodrome.world.bodies import AU_M, BODIES, EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["free_return"]

# the fields count within so far of their bodies
_FIELD_M, _DEGREE = {"earth": 5e8, "moon": 6e7}, {"earth": 16, "moon": 8}
_LONGEST_S = 20.0 * 86_400.0


class _Way:
    """d/dt of (r, v) about the Earth, GCRF, seconds after a state's epoch."""

    def __init__(self, view: View, start: State) -> None:
        self.world, self.epoch = view.world, start.epoch
        model = view.flight.mission.physics
        declared = {"earth": model.gravity_degree, "moon": model.moon_gravity_degree}
        self.fields = {
            name: view.field(name).truncated(min(_DEGREE[name], degree))
            for name, degree in declared.items()
        }
        craft = view.flight.mission.spacecraft
        lit = model.radiation_pressure
        self.light = lit * PRESSURE_N_M2 * craft.reflectivity * craft.srp_area_m2 / start.mass_kg

    def __call__(self, t: float, y: Array) -> Array:
        r, now = y[:3], self.epoch + float(t)
        ephemeris = self.world.ephemeris
        moon, sun = (np.asarray(ephemeris.position_m(b, now)) for b in ("moon", "sun"))
        mu = float(self.fields["moon"].mu_m3_s2)
        a = self._pull("earth", r, now) + self._pull("moon", r - moon, now)
        a = a - mu * moon / np.linalg.norm(moon) ** 3
        d = sun - r
        away = float(np.linalg.norm(d))
        a = a + BODIES["sun"].mu_m3_s2 * (d / away**3 - sun / np.linalg.norm(sun) ** 3)
        a = a - self.light * (AU_M / away) ** 2 * d / away
        return np.concatenate([y[3:], a])

    def _pull(self, body: str, s: Array, now: Epoch) -> Array:
        """Attraction at a place from a body's centre."""
        field, size = self.fields[body], float(np.linalg.norm(s))
        order = field.C.shape[0] - 1
        if size > _FIELD_M[body] or order < 2:
            return np.asarray(-field.mu_m3_s2 * s / size**3)
        if body == "earth":
            turn = np.asarray(self.world.orientation.itrf_from_gcrf(now).matrix)
        else:
            turn = np.asarray(fixed_from_gcrf(self.world, body, field.axes, now).matrix)
        g = harmonics.acceleration(
            (turn @ s)[None], field.mu_m3_s2, field.radius_m, field.C, field.S, order
        )
        return np.asarray(turn.T @ g[0])


def _flown(view: View, start: State) -> tuple[float, float, float, float]:
    """Least distance from the Moon's centre and when, radius of the perigee after it (negative
    against the Earth's turning) and when, s; not a number without one."""
    way = _Way(view, start)

    def from_moon(t: float, y: Array) -> float:
        now = way.epoch + float(t)
        h = 30.0
        place = view.world.ephemeris.positions_m("moon", now, np.array([-h, 0.0, h]))
        v = (place[2] - place[0]) / (2.0 * h)
        return float((y[:3] - place[1]) @ (y[3:] - v))

    def perigee(t: float, y: Array) -> float:
        return float(y[:3] @ y[3:])

    from_moon.direction = 1.0  # type: ignore[attr-defined]
    perigee.direction, perigee.terminal = 1.0, True  # type: ignore[attr-defined]
    y0 = np.concatenate([start.r_m, start.v_m_s])
    done = solve_ivp(
        way, (0.0, _LONGEST_S), y0, method="DOP853", rtol=1e-11, atol=1e-5,
        events=[from_moon, perigee],
    )  # fmt: skip
    passed, back = np.nan, np.nan
    when, home = np.nan, np.nan
    if done.t_events[0].size:
        when = float(done.t_events[0][0])
        moon = np.asarray(view.world.ephemeris.position_m("moon", way.epoch + when))
        passed = float(np.linalg.norm(done.y_events[0][0][:3] - moon))
    if done.t_events[1].size:
        home = float(done.t_events[1][0])
        r, v = np.split(done.y_events[1][0], 2)
        back = float(np.linalg.norm(r)) * float(np.sign(np.cross(r, v)[2]))
    return passed, when, back, home


def free_return(view: View) -> Iterator[Judged]:
    """Of each step whose way is to come back: its perilune and perigee."""
    asked = [(s, g) for s, g in spans_of(view) if isinstance(s, ToMoon) and s.perigee_m and g]
    if not asked:
        yield not_judged("no way comes back by itself")
        return
    for step, legs in asked:
        burn = _last_burn(step, legs)
        if burn is None:
            yield not_judged(f"no burn of {step.name!r} sends it on a way that comes back")
        else:
            yield from _again(view, step, burn)
        if step.around:
            yield from _as_flown(view, step, legs)


def _last_burn(step: ToMoon, legs: list[Leg]) -> Leg | None:
    """The burn after which nothing more is needed: round the Moon the last one, else the injection,
    which the first correction leaves."""
    burns = [(g, s) for g in legs for s in g.steps if isinstance(s, Manoeuvre)]
    if not step.around:
        burns = [(g, s) for g, s in burns if s.name.endswith("injection")]
    return burns[-1][0] if burns else None


def _again(view: View, step: ToMoon, burn: Leg) -> Iterator[Judged]:
    assert step.perigee_m is not None
    start = recentred(burn.end, "earth", view.world)
    passed, when, back, home = _flown(view, start)
    height = passed - BODIES["moon"].radius_m
    low = step.perilune_m if step.pass_m is None else step.pass_m
    at = "never" if np.isnan(when) else (start.epoch + when).utc(0)
    yield at_most(
        abs(height - low) / 1e3,
        max(step.tolerance_m, 10e3) / 1e3,
        "km",
        f"{step.name}, {at}",
        f"perilune flown again from the end of the burn on {start.epoch.utc(0)}:"
        f" {height / 1e3:.2f} km, {low / 1e3:g} km asked",
        object=burn.object,
    )
    perigee = back - EARTH_EQUATORIAL_RADIUS_M
    wanted, wide = step.perigee_m
    at = "never" if np.isnan(home) else (start.epoch + home).utc(0)
    yield at_most(
        abs(perigee - wanted) / 1e3,
        wide / 1e3,
        "km",
        f"{step.name}, {at}",
        f"perigee of the return {perigee / 1e3:.2f} km, {wanted / 1e3:g} km asked,"
        f" {home / 86_400.0:.3f} days after the burn, by DOP853 with nothing done on the way",
        object=burn.object,
    )


def _as_flown(view: View, step: ToMoon, legs: list[Leg]) -> Iterator[Judged]:
    """The passage on the path itself, and the conic where the flight ends."""
    assert step.perigee_m is not None
    near = [g for g in legs if g.path.frame.centre == "moon"]
    least = np.inf
    where = legs[-1].end.epoch.utc(0)
    for leg in near:
        path = view.inertial(leg.path)
        t = np.linspace(path.breaks_s[0], path.breaks_s[-1], 4001)
        r = np.linalg.norm(path.columns_at(t)[:, :3], axis=1)
        k = int(np.argmin(r))
        fine = np.linspace(t[max(k - 1, 0)], t[min(k + 1, len(t) - 1)], 2001)
        close = np.linalg.norm(path.columns_at(fine)[:, :3], axis=1)
        if float(close.min()) < least:
            least = float(close.min())
            where = (path.epoch + float(fine[int(np.argmin(close))])).utc(0)
    height = least - BODIES["moon"].radius_m
    yield at_most(
        abs(height - step.perilune_m) / 1e3,
        step.tolerance_m / 1e3,
        "km",
        f"{step.name}, {where}",
        f"least height of the path above 1,737.4 km {height / 1e3:.3f} km,"
        f" {step.perilune_m / 1e3:g} km asked",
        object=legs[-1].object,
    )
    end = recentred(legs[-1].end, "earth", view.world)
    mu = float(view.field("earth").mu_m3_s2)
    h = np.cross(end.r_m, end.v_m_s)
    energy = 0.5 * float(end.v_m_s @ end.v_m_s) - mu / float(np.linalg.norm(end.r_m))
    p = float(h @ h) / mu
    e = float(np.sqrt(max(0.0, 1.0 + 2.0 * energy * p / mu)))
    perigee = p / (1.0 + e) * float(np.sign(h[2])) - EARTH_EQUATORIAL_RADIUS_M
    wanted, wide = step.perigee_m
    yield at_most(
        abs(perigee - wanted) / 1e3,
        wide / 1e3,
        "km",
        f"{step.name}, {end.epoch.utc(0)}",
        f"perigee of the conic at the end {perigee / 1e3:.2f} km, {wanted / 1e3:g} km asked",
        object=legs[-1].object,
    )
