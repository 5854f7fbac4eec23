"""Disposal: does what was left behind decay in time, or stay out of the way?

The lifetime is found by Gauss's equations in Kepler's elements, every force of `physics` summed
over the true anomaly, carried over the years by SciPy: another form of the equations, other sums,
other means of the Sun's activity and other mean elements than the planner's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.conics import eccentricity
from cosmodrome.checks.forces import PRESSURE_N_M2, sunlit_fraction
from cosmodrome.checks.motion import Ballistic, fly
from cosmodrome.checks.places import geodetic
from cosmodrome.checks.plan_flown import spans_of
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.maths import NUMPY
from cosmodrome.mission.nouns import Coast, Deorbit
from cosmodrome.physics import thermosphere, third_body, zonal
from cosmodrome.world.bodies import AU_M, EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S, body
from cosmodrome.world.space_weather import SpaceWeatherSample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.record.upkeep import UpkeepRecord
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["disposal", "lifetime_s"]

RE = EARTH_EQUATORIAL_RADIUS_M
DAY, YEAR = 86_400.0, 365.25 * 86_400.0
#: the customary entry interface, 400,000 ft
FLOOR_M = 121_920.0
POINTS = 48
SOLAR_CYCLE_DAYS = 4018
# circle that turns with the Earth: (mu / omega^2)^(1/3)
GEOSTATIONARY_M = 42_164.17e3
#: Inter-Agency Space Debris Coordination Committee, Mitigation Guidelines 5.3.1
RISE_M, LIGHT_M, ROUND = 235e3, 1e6, 0.003
#: how far two roads to a lifetime may be apart: means of the activity, sums, mean elements
APART = 0.15


def disposal(view: View) -> Iterator[Judged]:
    """Each disposal of the plan by its own rule, read off where its flight ended."""
    craft = view.flight.mission.spacecraft.id
    told = {u.step: u for u in view.flight.upkeep if u.object == craft}
    judged = False
    for step, legs in spans_of(view):
        if not isinstance(step, Deorbit) or not legs:
            continue
        judged = True
        last = legs[-1]
        burnt = any(not isinstance(s, Coast) for g in legs for s in g.steps)
        if step.within_s is not None:
            yield from _decays(view, step, last, told.get(step.name))
        elif step.graveyard:
            yield from _away(view, step, last)
        elif step.perigee is not None:
            low = _perigee_m(view, last.end) - RE
            wanted, width = step.perigee
            off = abs(low - wanted) if burnt else max(low - wanted, 0.0)
            yield at_most(
                off / 1e3,
                width / 1e3,
                "km",
                f"{step.name}, {last.end.epoch.utc(0)}",
                f"perigee of the conic at the end, {low / 1e3:.2f} km, against the"
                f" {wanted / 1e3:g} km asked",
                object=last.object,
            )
    if not judged:
        yield not_judged("the plan disposes of nothing")


def _decays(view: View, step: Deorbit, last: Leg, told: UpkeepRecord | None) -> Iterator[Judged]:
    assert step.within_s is not None
    down = _perigee_m(view, last.end) < RE
    # what falls has no mean orbit
    found = 0.0 if down else lifetime_s(view, last.end, 1.3 * step.within_s)
    where = f"{step.name}, {last.end.epoch.utc(0)}"
    seen = f"{found / YEAR:.2f} years" if np.isfinite(found) else "longer than was looked at"
    yield at_most(
        found / YEAR,
        step.within_s / YEAR,
        "years",
        where,
        f"lifetime by Gauss's equations in Kepler's elements: {seen};"
        f" {step.within_s / YEAR:g} years asked",
        object=last.object,
    )
    if told is not None and told.lifetime_s is not None and np.isfinite(told.lifetime_s):
        # of a disposal without burns the planner counts from where it began
        planned = told.lifetime_s - (0.0 if told.burns else last.end.epoch - told.start)
        yield at_most(
            abs(found / planned - 1.0),
            APART,
            "1",
            where,
            f"lifetime {seen} against the planner's {planned / YEAR:.2f} years",
            object=last.object,
            # years in the pull of Sun and Moon part two sound roads by more than this
            otherwise="warns",
        )


def _away(view: View, step: Deorbit, last: Leg) -> Iterator[Judged]:
    """Above the geostationary orbit: perigee and eccentricity of the mean orbit."""
    craft = view.flight.mission.spacecraft
    low = _perigee_m(view, last.end)
    rise = RISE_M + LIGHT_M * craft.reflectivity * craft.srp_area_m2 / last.end.mass_kg
    where = f"{step.name}, {last.end.epoch.utc(0)}"
    if low < RE:
        why = "perigee of the conic at the end above the geostationary orbit: it falls"
        yield at_least((low - GEOSTATIONARY_M) / 1e3, rise / 1e3, "km", where, why)
        return
    a, e, _, _, _ = _mean(view, last.end)
    yield at_least(
        (a * (1.0 - e) - GEOSTATIONARY_M) / 1e3,
        rise / 1e3,
        "km",
        where,
        "perigee above the geostationary orbit against 235 km + 1000 C_R A/m ="
        f" {rise / 1e3:.1f} km",
        object=last.object,
    )
    yield at_most(e, ROUND, "1", where, "eccentricity of the orbit left behind", object=last.object)


def _axes(view: View, epoch: Epoch) -> Array:
    return np.asarray(view.world.orientation.tod_from_gcrf(epoch).matrix, dtype=np.float64)


def _perigee_m(view: View, state: State) -> float:
    mu = float(view.world.gravity().mu_m3_s2)
    r, v = state.r_m, state.v_m_s
    h = np.cross(r, v)
    return float(h @ h) / mu / (1.0 + eccentricity(r, v, mu))


def _mean(view: View, state: State) -> tuple[float, float, float, float, float]:
    """a, e, i, node, argument of perigee: averages over a revolution flown in the zonal field."""
    mu = float(view.world.gravity().mu_m3_s2)
    turn = _axes(view, state.epoch)
    motion = Ballistic(view, 0.0, 1.0)
    y = np.concatenate([state.r_m, state.v_m_s])
    a0 = 1.0 / (2.0 / np.linalg.norm(y[:3]) - float(y[3:] @ y[3:]) / mu)
    step = 2.0 * np.pi * np.sqrt(a0**3 / mu) / 64.0
    rows = []
    for _ in range(64):
        rows.append(y)
        _, y = fly(motion, y, step, rtol=1e-9, atol=1e-3)
    path = np.array(rows)
    r, v = path[:, :3] @ turn.T, path[:, 3:] @ turn.T
    h = np.cross(r, v)
    radius = np.linalg.norm(r, axis=1)
    a = float(np.mean(1.0 / (2.0 / radius - np.einsum("ij,ij->i", v, v) / mu)))
    e = np.mean(np.cross(v, h) / mu - r / radius[:, None], axis=0)
    plane = np.mean(h / np.linalg.norm(h, axis=1)[:, None], axis=0)
    plane = plane / np.linalg.norm(plane)
    node = np.array([-plane[1], plane[0], 0.0])
    node = node / max(float(np.linalg.norm(node)), 1e-12)
    return (
        a,
        float(np.linalg.norm(e)),
        float(np.arccos(plane[2])),
        float(np.arctan2(node[1], node[0])),
        float(np.arctan2(e @ np.cross(plane, node), e @ node)),
    )


def lifetime_s(view: View, state: State, at_most_s: float) -> float:
    """From a state in GCRF until the mean perigee is at 121.92 km; infinite beyond `at_most_s`."""
    a, e, i, node, perigee = _mean(view, state)
    years = _Years(view, state)

    def down(t: float, y: Array) -> float:
        return float(y[0] * (1.0 - y[1]) - 1.0 - FLOOR_M / RE)

    down.terminal = True  # type: ignore[attr-defined]
    down.direction = -1.0  # type: ignore[attr-defined]
    out = solve_ivp(
        years,
        (0.0, at_most_s / DAY),
        [a / RE, e, i, node, perigee],
        method="RK23",
        rtol=1e-4,
        atol=[1e-5, 1e-5, 1e-3, 0.03, 0.03],
        first_step=0.2,
        max_step=20.0,
        events=down,
    )
    return float(out.t_events[0][0]) * DAY if len(out.t_events[0]) else np.inf


class _Years:
    """Mean rates of a / RE, e, i, node and argument of perigee, per day, t in days."""

    def __init__(self, view: View, state: State) -> None:
        mission = view.flight.mission
        craft, physics = mission.spacecraft, mission.physics
        self.world, self.epoch, self.weather = view.world, state.epoch, mission.space_weather
        self.turn = _axes(view, state.epoch)
        self.gast = float(view.world.orientation.gast_rad(state.epoch))
        field = view.world.gravity()
        self.mu, self.radius = float(field.mu_m3_s2), float(field.radius_m)
        self.j = tuple(float(field.zonal_j(n)) for n in (2, 3, 4))
        self.k = (
            0.0
            if physics.drag == "none"
            else craft.drag_coefficient * craft.drag_area_m2 / state.mass_kg
        )
        self.light = (
            PRESSURE_N_M2 * AU_M**2 * craft.reflectivity * craft.srp_area_m2 / state.mass_kg
            if physics.radiation_pressure
            else 0.0
        )
        # the Moon stands for its month at four places, the Sun for itself
        self.pulls = [
            (name, body(name).mu_m3_s2, steps)
            for name, steps in (("sun", (0.0,)), ("moon", (-10.2, -3.4, 3.4, 10.2)))
            if name in physics.third_bodies
        ]
        table = view.world.space_weather.table
        self.first_mjd = int(table[0, 0])
        sums = np.cumsum(np.vstack([np.zeros(2), table[:, [10, 9]]]), axis=0)
        self.sums = sums

    def activity(self, day: float) -> SpaceWeatherSample:
        """81-day means of F10.7 and Ap about a day after the start."""
        if self.weather is not None:
            return self.weather.sample()
        k = round(self.epoch.jd_utc[0] - 2400000.5 + day) - self.first_mjd
        while k >= len(self.sums) - 1:
            k -= SOLAR_CYCLE_DAYS
        low, high = max(k - 40, 0), min(k + 41, len(self.sums) - 1)
        flux, ap = (self.sums[high] - self.sums[low]) / (high - low)
        return SpaceWeatherSample(float(flux), float(flux), np.full(7, float(ap)), "mean")

    def density(self, day: float, r: Array) -> Array:
        """Air at places (n, 3) of one revolution, each at another hour of the day."""
        hours = (np.arange(len(r)) * 7 % len(r)) / len(r) * DAY
        angle = self.gast + OMEGA_EARTH_RAD_S * (day * DAY + hours)
        lat, lon, h = geodetic(r)
        now = self.activity(day)
        lon = np.arctan2(np.sin(lon - angle), np.cos(lon - angle))
        low = np.maximum(h, 90e3)
        rho = thermosphere.direct(self.epoch + day * DAY, hours, lat, lon, low, lambda _: now)
        return np.where(h < 1_200e3, rho, 0.0)

    def __call__(self, day: float, y: Array) -> Array:
        # a step tried past the end is not to leave the numbers' own bounds
        a, e = max(float(y[0]), 0.95) * RE, float(np.clip(y[1], 1e-6, 0.99))
        i, node, perigee = (float(x) for x in y[2:])
        p = a * (1.0 - e * e)
        h = np.sqrt(self.mu * p)
        f = (np.arange(POINTS) + 0.5) * (2.0 * np.pi / POINTS)
        r = p / (1.0 + e * np.cos(f))
        share = r * r / h * (2.0 * np.pi / POINTS) / (2.0 * np.pi * np.sqrt(a**3 / self.mu))
        u = f + perigee
        cu, su, ci, si = np.cos(u), np.sin(u), np.cos(i), np.sin(i)
        cn, sn = np.cos(node), np.sin(node)
        out = np.stack([cn * cu - sn * ci * su, sn * cu + cn * ci * su, si * su], axis=1)
        ahead = np.stack([-cn * su - sn * ci * cu, -sn * su + cn * ci * cu, si * cu], axis=1)
        normal = np.array([si * sn, -si * cn, ci])
        place = out * r[:, None]
        push = self._push(
            day,
            place,
            out * (h / p * e * np.sin(f))[:, None] + ahead * (h / r)[:, None],
            p,
            e,
            ci,
            cu,
            su,
        )
        R, T = np.einsum("ij,ij->i", push, out), np.einsum("ij,ij->i", push, ahead)
        N = push @ normal
        # Gauss's planetary equations (Vallado 2013, eqs 9-24)
        node_rate = share @ (r * su * N) / (h * np.sign(si) * max(abs(si), 1e-3))
        rates = np.array(
            [
                share @ (2.0 * a * a / h * (e * np.sin(f) * R + p / r * T)) / RE,
                share @ (p * np.sin(f) * R + ((p + r) * np.cos(f) + r * e) * T) / h,
                share @ (r * cu * N) / h,
                node_rate,
                share @ (-p * np.cos(f) * R + (p + r) * np.sin(f) * T) / (h * max(e, 1e-3))
                - ci * node_rate,
            ]
        )
        out_: Array = rates * DAY
        return out_

    def _push(
        self,
        day: float,
        place: Array,
        v: Array,
        p: float,
        e: float,
        ci: float,
        cu: Array,
        su: Array,
    ) -> Array:
        """Accelerations (n, 3) beside the central term: zonals, Sun, Moon, air."""
        x = (place[:, 0], place[:, 1], place[:, 2])
        axis = (0.0, 0.0, 1.0)
        zonals = (
            np.stack(zonal.acceleration(NUMPY, x, axis, self.mu, self.radius, *self.j), axis=1)
            + self.mu * place / np.linalg.norm(place, axis=1)[:, None] ** 3
        )
        push = zonals
        for name, mu, steps in self.pulls:
            t = DAY * (day + np.array(steps))
            for s in self.world.ephemeris.positions_m(name, self.epoch, t):
                push = push + third_body.acceleration(place, self.turn @ s, mu) / len(steps)
        if self.light > 0.0:
            sun = self.turn @ self.world.ephemeris.position_m("sun", self.epoch + day * DAY)
            away = place - sun
            lit = sunlit_fraction(place, np.broadcast_to(sun, place.shape))
            push = (
                push + self.light * lit[:, None] * away / np.linalg.norm(away, axis=1)[:, None] ** 3
            )
        if self.k > 0.0 and p / (1.0 + e) < RE + 1_200e3:
            # osculating radius beside the mean one's (Kozai 1959, AJ 64, 367)
            radius = np.linalg.norm(place, axis=1)
            eta, tilt = np.sqrt(1.0 - e * e), 1.0 - ci * ci
            swollen = radius + self.j[0] * self.radius**2 / p * (
                0.25 * tilt * (cu * cu - su * su)
                - (0.5 - 0.75 * tilt)
                * (1.0 + (p / radius - 1.0) / (1.0 + eta) + 2.0 * eta * radius / p)
            )
            rho = self.density(day, place * (swollen / radius)[:, None])
            air = v - OMEGA_EARTH_RAD_S * np.stack([-place[:, 1], place[:, 0], 0.0 * radius], 1)
            push = push - 0.5 * self.k * (rho * np.linalg.norm(air, axis=1))[:, None] * air
        out: Array = push
        return out
