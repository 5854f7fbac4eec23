"""Does a design keep its promise? Flown in full dynamics, without air or light.

First the design is settled: the mean elements of the theory, which know neither tesseral
harmonics nor terms of third order, are shifted until the flown averages are those that the
design wants. Then the same flight says what is kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.mean import by_revolution, osculating_from_mean
from cosmodrome.errors import InfeasibleError
from cosmodrome.physics.mean_orbits import MEAN_SUN_RATE_RAD_S
from cosmodrome.record.nouns import Elements
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M, OMEGA_EARTH_RAD_S
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics.mean import Revolutions
    from cosmodrome.targets.families import Design, Promise
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["Kept", "Measured", "keep"]

_TURN = 2.0 * math.pi
_DAY = 86_400.0
_DEGREE = 30
# averages of the start: whole days take the m-dailies out, and whole revolutions the rest
_START_S = 2.0 * _DAY
_PASSES = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """A promise and what was flown; holds None where nothing bounds it."""

    promise: Promise
    value: float
    holds: bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a flight of a design says.

    state      osculating, GCRF: where the settled design starts
    aim        mean elements (J2 theory) of that state: design plus shift
    days       flown
    measured   each promise
    figures    everything measured, SI
    path       what was flown
    series     averages of each revolution; None in the equator's plane
    """

    state: State
    aim: Elements
    days: float
    measured: tuple[Measured, ...]
    figures: dict[str, float]
    path: Trajectory
    series: Revolutions | None = field(default=None)

    @property
    def holds(self) -> bool:
        """Does every bounded promise hold?"""
        return all(m.holds is not False for m in self.measured)


@dataclass(frozen=True, slots=True)
class _Shift:
    da_m: float = 0.0
    dex: float = 0.0
    dey: float = 0.0
    di_rad: float = 0.0
    draan_rad: float = 0.0

    def plus(self, *by: float) -> _Shift:
        now = (self.da_m, self.dex, self.dey, self.di_rad, self.draan_rad)
        return _Shift(*(a + b for a, b in zip(now, by, strict=True)))


def keep(
    design: Design,
    world: World,
    days: float = 30.0,
    dynamics: Dynamics | None = None,
    settle: bool = True,
) -> Kept:
    """Settle a design, fly it for `days`, and measure its promises.

    dynamics  None: the field to 30x30, Sun and Moon
    settle    False: the design as the theory has it, through J2's short-period terms alone

    A repeat cycle longer than the flight is held against the grid of its crossings. Raises
    InfeasibleError for an orbit that falls, or too short a flight.
    """
    if days * _DAY < 2.0 * design.figures["nodal_period_s"] + _START_S:
        raise InfeasibleError(
            f"{days:g} days are too short to judge this orbit: ask for at least"
            f" {math.ceil(2.0 + 2.0 * design.figures['nodal_period_s'] / _DAY)}"
        )
    forces = Dynamics.earth(_DEGREE) if dynamics is None else dynamics
    shift = _Shift()
    for number in range(_PASSES if settle else 1):
        aim = _aimed(design, shift)
        state = _state(aim, design, world)
        flown = _Flown(design, state, forces, days, world)
        if number == _PASSES - 1 or not settle:
            break
        step = flown.miss()
        if abs(step[0]) < 0.1 and max(abs(s) for s in step[1:]) < 1e-7:
            break
        shift = shift.plus(*step)
    figures = flown.figures()
    measured = tuple(
        Measured(p, figures[p.key], None if p.limit is None else abs(figures[p.key]) <= p.limit)
        for p in design.promises
        if p.key in figures
    )
    return Kept(state, aim, days, measured, figures, flown.path, flown.series)


def _aimed(design: Design, by: _Shift) -> Elements:
    m = design.mean
    ex, ey = design.e_vector
    ex, ey = ex + by.dex, ey + by.dey
    e, argp = math.hypot(ex, ey), math.atan2(ey, ex) % _TURN
    # the mean argument of latitude stays where the design has it, to first order in e
    anomaly = m.argp_rad + m.true_anomaly_rad - argp
    return Elements(
        m.a_m + by.da_m, e, m.i_rad + by.di_rad, m.raan_rad + by.draan_rad, argp, anomaly
    )


def _state(mean: Elements, design: Design, world: World) -> State:
    """Osculating, GCRF, of mean elements in the axes of date."""
    gravity = world.gravity()
    r, v = state_from_elements(mean, gravity.mu_m3_s2)
    r, v = osculating_from_mean(r, v, gravity.mu_m3_s2, gravity.radius_m, gravity.zonal_j(2))
    back = world.orientation.tod_from_gcrf(design.epoch).matrix.T
    return State(design.epoch, GCRF, back @ r, back @ v, 1.0)


class _Flown:
    """One flight of a design, and what its averages say."""

    def __init__(
        self, design: Design, state: State, forces: Dynamics, days: float, world: World
    ) -> None:
        self.design, self.world = design, world
        self.equatorial = design.equatorial
        flight = propagate(
            state,
            forces,
            days * _DAY,
            () if self.equatorial else ("ascending node",),
            world=world,
            floor_m=80e3,
        )
        self.path = flight.arcs[0]
        if flight.stopped is not None:
            raise InfeasibleError(
                f"this orbit falls within {(flight.end.epoch - state.epoch) / _DAY:.1f} days; ask"
                " for a higher perigee"
            )
        self.series: Revolutions | None = None
        if self.equatorial:
            self._follow_longitude(days * _DAY)
            return
        self.nodes_s = np.array([e.t_s for e in flight.events if e.kind == "ascending node"])
        mu = world.gravity().mu_m3_s2
        self.series = by_revolution(self.path, world.orientation, mu, self.nodes_s)
        r = self.path.columns_at(self.nodes_s)[:, :3]
        turn = world.orientation.itrf_from_gcrf_many(self.path.epoch, self.nodes_s).matrix
        fixed = np.einsum("nij,nj->ni", turn, r)
        self.longitude = np.unwrap(np.arctan2(fixed[:, 1], fixed[:, 0]))

    def _follow_longitude(self, span_s: float) -> None:
        """Geographic longitude and inclination, averaged over each sidereal day."""
        day = _TURN / OMEGA_EARTH_RAD_S
        whole = int(span_s / day)
        t: NDArray[np.float64] = np.arange(whole * 48, dtype=np.float64) * (day / 48)
        y = self.path.columns_at(t)
        turn = self.world.orientation.itrf_from_gcrf_many(self.path.epoch, t).matrix
        r = np.einsum("nij,nj->ni", turn, y[:, :3])
        longitude = np.unwrap(np.arctan2(r[:, 1], r[:, 0]))
        self.days_s = (np.arange(whole) + 0.5) * day
        self.longitude = longitude.reshape(whole, 48).mean(axis=1)
        axes = self.world.orientation.tod_from_gcrf(self.path.epoch).matrix
        pole = np.cross(y[:, :3], y[:, 3:6]) @ axes.T
        pole = (pole / np.linalg.norm(pole, axis=1)[:, None]).reshape(whole, 48, 3).mean(axis=1)
        self.pole = pole[:, :2]

    # what to shift ---------------------------------------------------------------------
    def miss(self) -> tuple[float, float, float, float, float]:
        """Wanted less flown: a, ex, ey, i, node."""
        d, mean = self.design, self.design.mean
        if self.equatorial:
            # the first days' drift, free of the tesseral pull that bends it
            rate = np.polyfit(self.days_s, self.longitude, 2)[1]
            return float(rate) * mean.a_m / (1.5 * OMEGA_EARTH_RAD_S), 0.0, 0.0, 0.0, 0.0
        assert self.series is not None
        s = self.series
        first = s.t_s - s.t_s[0] < max(_START_S, 2.0 * d.figures["nodal_period_s"])
        wanted_x, wanted_y = d.e_vector
        turned = d.perigee_rate_rad_s * s.t_s[first] if mean.e > 0.01 else 0.0 * s.t_s[first]
        wx = wanted_x * np.cos(turned) - wanted_y * np.sin(turned)
        wy = wanted_x * np.sin(turned) + wanted_y * np.cos(turned)
        dex, dey = float(np.mean(wx - s.ex[first])), float(np.mean(wy - s.ey[first]))
        node = mean.raan_rad + d.node_rate_rad_s * s.t_s[first] - s.raan_rad[first]
        draan = float(np.mean(np.remainder(node + math.pi, _TURN) - math.pi))
        if d.target.turns_with_sun:
            rate = float(np.polyfit(s.t_s, s.raan_rad, 1)[0])
            # d(rate)/di = -rate tan i
            di = (rate - MEAN_SUN_RATE_RAD_S) / (rate * math.tan(mean.i_rad))
        else:
            di = mean.i_rad - float(np.mean(s.i_rad[first]))
        if d.repeat is not None:
            off = self._off_grid()
            slope = float(np.polyfit(self.nodes_s, off, 1)[0])
            # a longer period sets the crossings further west
            da = slope * mean.a_m / (1.5 * (OMEGA_EARTH_RAD_S - d.node_rate_rad_s))
        else:
            da = mean.a_m - float(np.mean(s.a_m[first]))
        return da, dex, dey, di, draan

    def _off_grid(self) -> NDArray[np.float64]:
        """East of the repeating grid through the first crossing, rad, of each."""
        assert self.design.repeat is not None
        revolutions, days = self.design.repeat
        k = np.arange(len(self.longitude))
        step = _TURN * days / revolutions
        off = self.longitude + k * step
        # unwrapped by less than half a turn a crossing: take whole turns out
        out: NDArray[np.float64] = np.unwrap(np.remainder(off - off[0] + math.pi, _TURN) - math.pi)
        return out

    def _daily(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Running mean over a day's revolutions: the m-dailies of the tesserals are no drift."""
        n = max(1, round(_DAY / self.design.figures["nodal_period_s"]))
        return np.convolve(x, np.full(n, 1.0 / n), "valid")

    # what is kept ----------------------------------------------------------------------
    def figures(self) -> dict[str, float]:
        d = self.design
        if self.equatorial:
            moved = self.pole - self.pole[0]
            return {
                "longitude_drift_rad": float(np.max(np.abs(self.longitude - self.longitude[0]))),
                "longitude_acceleration_rad_s2": 2.0
                * float(np.polyfit(self.days_s, self.longitude, 2)[0]),
                "inclination_drift_rad": float(np.linalg.norm(moved[-1])),
            }
        assert self.series is not None
        s = self.series
        span = float(s.t_s[-1] - s.t_s[0])
        ltan = s.raan_rad - s.raan_rad[0] - MEAN_SUN_RATE_RAD_S * (s.t_s - s.t_s[0])
        out = {
            "a_m": float(np.mean(s.a_m)),
            "node_drift_rad": float(s.raan_rad[-1] - s.raan_rad[0]),
            "node_drift_theory_rad": d.node_rate_rad_s * span,
            "inclination_drift_rad": float(s.i_rad[-1] - s.i_rad[0]),
            "ltan_drift_s": float(np.max(np.abs(ltan))) / _TURN * _DAY,
        }
        if d.mean.e > 0.01:
            argp = np.unwrap(np.arctan2(s.ey, s.ex))
            out["argp_drift_rad"] = float(argp[np.argmax(np.abs(argp - argp[0]))] - argp[0])
            out["argp_drift_theory_rad"] = d.perigee_rate_rad_s * span
            out["argp_drift_zonal_rad"] = d.rates.perigee_rad_s * span
        ex, ey = d.e_vector
        away = np.hypot(self._daily(s.ex) - ex, self._daily(s.ey) - ey)
        out["e_vector_away"] = float(np.max(away))
        if d.mean.e > 0.0:
            out["e_vector_ratio"] = float(np.max(away)) / d.mean.e
        if d.repeat is not None:
            off = self._off_grid() * EARTH_EQUATORIAL_RADIUS_M
            out["track_m"] = float(0.5 * (off.max() - off.min()))
            n = d.repeat[0]
            if len(off) > n:
                out["return_m"] = float(np.max(np.abs(off[n:] - off[:-n])))
            out["repeat_m"] = max(out["track_m"], out.get("return_m", 0.0))
        return out
