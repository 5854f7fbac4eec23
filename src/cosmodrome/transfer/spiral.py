"""A low-thrust transfer flown: some revolutions at a time, steered by where it really is.

The steering vector lambda(t) of the averaged optimum gives the thrust direction at every place in
closed form, B(x, L)^T lambda with the flown elements x. Ahead of each cut of the path the law is
run through a model of thrust, central gravity and J2; the directions it finds are flown in full
dynamics by the core. The averaged optimum is solved again from where the flight stands, and the
last revolutions are solved without averaging and aimed at the goal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.dynamics.mean import mean_from_osculating
from cosmodrome.dynamics.thrusting import steered
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths import SCALAR
from cosmodrome.powered.collocation import Stretch, Track
from cosmodrome.powered.phases import uniform
from cosmodrome.record.events import event_record
from cosmodrome.record.nouns import Burn, Handover, Ledger, Leg, Solve
from cosmodrome.transfer.aim import aimed
from cosmodrome.transfer.equinoctial import (
    axes,
    equinoctial_from_state,
    j2_acceleration,
    rates,
)
from cosmodrome.transfer.flying import thrusts
from cosmodrome.transfer.goals import FLIP
from cosmodrome.transfer.model import model_of
from cosmodrome.transfer.nouns import TransferProblem, TransferSolution
from cosmodrome.transfer.raising import Sunlight, primer, raise_orbit
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.aim import Aimed
    from cosmodrome.transfer.raising import Raising, RaisingProblem
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Spiral", "fly_raising", "raising_leg", "sunlight"]

_TURN = 2.0 * math.pi
# steps of the steering law in a revolution; most of the path flown in one cut
_STEPS = 72
_CUT_S = 2.0 * 86_400.0
_MOST_TURNS = 5
# the averaged optimum is solved again when this part of what was left then is flown
_AGAIN = 0.3
# the last turns are solved without averaging
_LAST_TURNS = 1.6
# the averaged optimum is not solved again for fewer
_FEW_TURNS = 5.0
_METHOD = "averaged optimum, its steering law flown in cuts, the last revolutions aimed"
_CITATIONS = (
    "averaged optimum: Geffroy & Epenoy (1997), Acta Astronautica 41, 133",
    "averaged optimum: Kluever & Oleson (1998), J. Spacecraft and Rockets 35, 440",
)


@dataclass(frozen=True, slots=True, eq=False)
class Spiral:
    """A low-thrust transfer as flown in full dynamics.

    path       from the start to the last cut-off
    plans      the averaged optima in order, the first from the start
    last       the last revolutions, aimed at the goal
    burns      every burn flown, in order: direction tables in GCRF
    """

    path: Trajectory
    end: State
    plans: tuple[Raising, ...]
    last: Aimed
    burns: tuple[Thrust, ...]
    duration_s: float
    propellant_kg: float
    delta_v_m_s: float


def sunlight(epoch: Epoch, world: World, axes_from_gcrf: Array) -> Sunlight:
    """The Sun's direction over the year from an epoch, as a steady turn: within 2 degrees."""
    at = [world.ephemeris.position_m("sun", epoch + t) for t in (0.0, 90.0 * 86_400.0)]
    first, later = (axes_from_gcrf @ (r / np.linalg.norm(r)) for r in at)
    second = later - (later @ first) * first
    second /= np.linalg.norm(second)
    # a mean rate: of a whole turn a year
    rate = _TURN / (365.25636 * 86_400.0)
    return Sunlight(
        (float(first[0]), float(first[1]), float(first[2])),
        (float(second[0]), float(second[1]), float(second[2])),
        rate,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """The law ahead: t_s (n,), x (n, 8) p (unit), f, g, h, k, L, mass (kg), lit; u (n, 3) RTN."""

    t_s: Array
    x: Array
    u: Array
    directions: Array


class _Law:
    """The steering law in the model of thrust, central gravity and J2; units: metre-kilogram."""

    def __init__(self, plan: Raising, began_s: float) -> None:
        self.plan, self.began_s = plan, began_s
        problem = plan.problem
        self.unit = plan.unit_m
        self.clock = math.sqrt(self.unit**3 / problem.mu_m3_s2)
        self.push = problem.engine.thrust_n / (self.unit / self.clock**2)
        self.flow = problem.engine.flow_kg_s * self.clock
        self.strength = problem.j2 * (problem.radius_m / self.unit) ** 2
        self.sign = np.diag(FLIP) if plan.flip else np.ones(3)

    def steer(self, t_s: float) -> list[float]:
        at = min(max(t_s - self.began_s, 0.0), self.plan.duration_s)
        grid = self.plan.t_s
        k = min(int(at / grid[-1] * (len(grid) - 1)), len(grid) - 2)
        part = (at - grid[k]) / (grid[k + 1] - grid[k])
        table = self.plan.steering
        return list(table[k] + part * (table[k + 1] - table[k]))

    def lit(self, t_s: float, x: list[float]) -> bool:
        sun = self.plan.problem.sunlight
        if sun is None:
            return True
        angle = sun.rate_rad_s * (t_s - self.began_s)
        to_sun = self.sign * (
            math.cos(angle) * np.array(sun.first) + math.sin(angle) * np.array(sun.second)
        )
        radial = np.array(axes(SCALAR, x[3], x[4], x[5])[0])
        r = x[0] / (1.0 + x[1] * math.cos(x[5]) + x[2] * math.sin(x[5])) * self.unit
        along = r * float(to_sun @ radial)
        return along > 0.0 or r * r - along * along > self.plan.problem.radius_m**2

    def ahead(self, start: Array, t_s: float, span_s: float) -> _Run:
        """The law from elements `start` (7: p in metres ... L, mass in kg) for a time."""
        y = [float(v) for v in start[:7]]
        y[0] /= self.unit
        t, rows, us, lights, times = t_s, [], [], [], []
        step = _TURN / _STEPS

        def slope(y: list[float], t: float, lit: bool) -> tuple[list[float], list[float]]:
            u = primer(SCALAR, y, y[5], self.steer(t))
            size = math.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]) or 1.0
            unit = [c / size for c in u]
            push = self.push / y[6] if lit else 0.0
            a = j2_acceleration(SCALAR, y, self.strength)
            total = (a[0] + push * unit[0], a[1] + push * unit[1], a[2] + push * unit[2])
            *slow, turn = rates(SCALAR, y, total)
            flow = -self.flow / turn if lit else 0.0
            return [*(s / turn for s in slow), 1.0, flow, self.clock / turn], unit

        while True:
            lit = self.lit(t, y)
            state = [*y, t]
            k1, u = slope(y, t, lit)
            times.append(t)
            rows.append(list(y))
            us.append(u)
            lights.append(lit)
            if t >= t_s + span_s:
                break
            k2, _ = slope([a + 0.5 * step * b for a, b in zip(y, k1, strict=False)], t, lit)
            k3, _ = slope([a + 0.5 * step * b for a, b in zip(y, k2, strict=False)], t, lit)
            k4, _ = slope([a + step * b for a, b in zip(y, k3, strict=False)], t, lit)
            state = [
                s + step / 6.0 * (a + 2.0 * b + 2.0 * c + d)
                for s, a, b, c, d in zip(state, k1, k2, k3, k4, strict=True)
            ]
            y, t = state[:7], state[7]
        x = np.column_stack([np.array(rows), np.array(lights, dtype=np.float64)])
        inside = np.array(us)
        basis = np.array([axes(SCALAR, row[3], row[4], row[5]) for row in rows])
        directions = np.einsum("nbc,nb->nc", basis, inside) * self.sign
        return _Run(np.array(times), x, inside, directions)


def _burns(run: _Run, epoch: Epoch, plan: Raising, gcrf_from_axes: Array) -> list[Thrust]:
    """The lit stretches of a run as burns; `run.t_s` counts from `epoch`."""
    engine = plan.problem.engine
    u = run.directions @ gcrf_from_axes.T
    lit = run.x[:, 7] > 0.5
    edges = np.flatnonzero(np.diff(lit.astype(int)) != 0) + 1
    out = []
    for lo, hi in zip([0, *edges], [*edges, len(lit) - 1], strict=True):
        if not lit[lo] or hi <= lo:
            continue
        start, end = epoch + float(run.t_s[lo]), epoch + float(run.t_s[hi])
        knots = run.t_s[lo : hi + 1] - run.t_s[lo]
        knots[-1] = end - start
        out.append(
            Thrust(
                start, end, engine.thrust_n, engine.isp_s, u[lo : hi + 1].tolist(),
                knots_s=knots.tolist(),
            )
        )  # fmt: skip
    return out


def _state_row(state: State, axes_from_gcrf: Array, plan: Raising) -> Array:
    r, v = axes_from_gcrf @ state.r_m, axes_from_gcrf @ state.v_m_s
    if plan.flip:
        r, v = FLIP @ r, FLIP @ v
    return np.append(equinoctial_from_state(r, v, plan.problem.mu_m3_s2), state.mass_kg)


def _period(row: Array, mu: float) -> float:
    a = row[0] / (1.0 - row[1] ** 2 - row[2] ** 2)
    return _TURN * math.sqrt(float(a) ** 3 / mu)


def fly_raising(
    problem: RaisingProblem,
    start: State,
    name: str,
    dynamics: Dynamics,
    world: World,
    tolerance: float = 1e-5,
    watch: Watch = SILENT,
) -> Spiral:
    """Plan and fly a low-thrust transfer from `start` (GCRF) until the goal is met.

    problem    its place, velocity and mass are replaced by those of `start`, in the true equator
               and equinox of its date; where it has `sunlight`, that is taken from the ephemeris
    tolerance  of every condition of the goal, osculating at the last cut-off: see `aimed`

    The last revolutions thrust in the shadow as well. Raises what `raise_orbit`, `aimed` and the
    propagation raise.
    """
    turn = world.orientation.tod_from_gcrf(start.epoch).matrix
    if problem.sunlight is not None:
        problem = replace(problem, sunlight=sunlight(start.epoch, world, turn))
    plans: list[Raising] = []
    burns: list[Thrust] = []
    paths: list[Trajectory] = []
    here, due, base, left, period = start, 0.0, 0.0, 0.0, 0.0
    law: _Law | None = None
    while True:
        stop_if_cancelled(watch)
        t = here.epoch - start.epoch
        if law is None or (t >= due and left > _FEW_TURNS * period):
            flown_part = (t - base) / plans[-1].duration_s if plans else 0.0
            plan, base = _planned(problem, here, flown_part, turn, world, plans, watch), t
            law, due = _Law(plan, base), t + _AGAIN * plan.duration_s
        plan = plans[-1]
        row = _state_row(here, turn, plan)
        period = _period(row, problem.mu_m3_s2)
        left = plan.duration_s - (t - base)
        if left < _LAST_TURNS * period:
            break
        span = min(max(period, min(_MOST_TURNS * period, _CUT_S)), left - period)
        run = law.ahead(row, t, max(span, 0.5 * period))
        cut = _burns(run, start.epoch, plan, turn.T)
        end = start.epoch + float(run.t_s[-1])
        flown = propagate(here, dynamics.with_thrust(*cut), end, world=world)
        burns += cut
        paths.append(_shifted(flown.trajectory, start.epoch))
        here = flown.end
        watch.tell("transfer", t / (t + left), f"{t / 86400.0:.0f} days flown")
    last = _ended(problem, law, row, here, t, turn, name, dynamics, world, tolerance, watch)
    paths.append(_shifted(last.flown.trajectory, start.epoch))
    burns += thrusts(last.plan, problem.engine)
    final = last.flown.end
    spent = start.mass_kg - final.mass_kg
    return Spiral(
        Trajectory.joined(paths), final, tuple(plans), last, tuple(burns),
        final.epoch - start.epoch, spent, problem.engine.delta_v_m_s(start.mass_kg, spent),
    )  # fmt: skip


def raising_leg(
    flown: Spiral,
    start: State,
    name: str,
    world: World,
    parent: str = "stack",
    *,
    lift_off: Epoch | None = None,
    label: str = "low thrust",
) -> Leg:
    """The leg of a low-thrust transfer: all its burns as one in the ledger.

    lift_off  instant from which event times count; by default the epoch of `start`
    label     how its events call it
    """
    engine = flown.plans[0].problem.engine
    impulse = flown.propellant_kg * engine.exhaust_m_s
    burn = Burn(name, 0.0, flown.duration_s, flown.propellant_kg, 0.0, impulse, flown.delta_v_m_s)
    zero = lift_off or start.epoch
    marks = ((f"{label}, start", start), (f"{label}, end", flown.end))
    return Leg(
        chapter="transfer",
        object=name,
        kind="spacecraft",
        parent=parent,
        start=start,
        end=flown.end,
        path=steered(flown.path, flown.burns),
        events=tuple(event_record(text, name, at, zero, world) for text, at in marks),
        ledger=Ledger(delta_v_m_s=flown.delta_v_m_s, burns=(burn,)),
        solve=Solve(
            _METHOD,
            "flown",
            {"goal": flown.last.misses[-1]},
            {"plans": float(len(flown.plans)), "corrections": float(len(flown.last.misses))},
        ),
        citations=_CITATIONS,
        handover_in=Handover(start, (), {}, {}),
        handover_out=Handover(flown.end, (), {}, {}),
    )


def _shifted(path: Trajectory, epoch: Epoch) -> Trajectory:
    """The path counted from another epoch; segments shorter than a nanosecond are left out."""
    breaks = path.breaks_s + (path.epoch - epoch)
    long = np.append(np.diff(breaks) > 1e-9, True)
    kept = np.flatnonzero(long)
    return Trajectory(epoch, path.frame, breaks[kept], path.coefficients[kept[:-1]], path.columns)


def _planned(
    problem: RaisingProblem,
    here: State,
    part: float,
    turn: Array,
    world: World,
    plans: list[Raising],
    watch: Watch,
) -> Raising:
    """The averaged optimum from the mean orbit of `here`; `part` of the last plan is flown."""
    r, v = turn @ here.r_m, turn @ here.v_m_s
    if problem.j2 > 0.0:
        r, v = mean_from_osculating(r, v, problem.mu_m3_s2, problem.radius_m, problem.j2)
    light = problem.sunlight and sunlight(here.epoch, world, turn)
    now = replace(problem, r_m=r, v_m_s=v, mass_kg=here.mass_kg, sunlight=light)
    try:
        plan = raise_orbit(now, watch, plans[-1] if plans else None, part)
    except SolverError:
        if not plans:
            raise
        plan = raise_orbit(now, watch)
    plans.append(plan)
    return plan


def _ended(
    problem: RaisingProblem,
    law: _Law,
    row: Array,
    here: State,
    t_s: float,
    turn: Array,
    name: str,
    dynamics: Dynamics,
    world: World,
    tolerance: float,
    watch: Watch,
) -> Aimed:
    """The last revolutions without averaging, from the law's own prediction of them."""
    plan = law.plan
    mu = problem.mu_m3_s2
    left = max(plan.duration_s - (t_s - law.began_s), 0.3 * _period(row, mu))
    dark = replace(plan.problem, sunlight=None)
    run = _Law(replace(plan, problem=dark), law.began_s).ahead(row, t_s, left)
    transfer = TransferProblem(
        mu, turn @ here.r_m, turn @ here.v_m_s, here.mass_kg, problem.engine, problem.goal,
        burns=1, anomaly_free=False, j2=problem.j2, radius_m=problem.radius_m,
        lowest_m=1e5, highest_m=1e12,
    )  # fmt: skip
    arc = float(run.x[-1, 5] - run.x[0, 5])
    coast = Stretch(_none, (0.0, 1e-6), (), mesh=uniform(1), points=3)
    burn = Stretch(
        _none, (0.05, arc + 3.0 * _TURN), ((-1.1, 1.1),) * 3,
        mesh=uniform(max(4, math.ceil(arc / 0.4))), points=5,
    )  # fmt: skip
    seed = _seed(transfer, run, coast, burn, plan.unit_m)
    try:
        return aimed(transfer, here, name, dynamics, world, tolerance, watch, seed)
    except InfeasibleError as e:
        # what cannot be done by one impulse can by a burn of revolutions: nothing is proven
        raise SolverError(
            f"the last {arc / _TURN:.1f} revolutions of the low-thrust transfer were not found as"
            " one burn; nothing is proven: ask for an orbit ten km higher or lower, or write burns"
            " in the place of low_thrust where the transfer takes few revolutions"
        ) from e


def _none(*_: object) -> list[object]:
    return []


def _seed(
    problem: TransferProblem, run: _Run, coast: Stretch, burn: Stretch, unit_m: float
) -> TransferSolution:
    """A run of the law, p in `unit_m`, as a solution that others are started from."""
    model = model_of(problem)
    longitudes = run.x[:, 5]
    arc = longitudes[-1] - longitudes[0]
    at = longitudes[0] + burn.node_fractions * arc

    def columns(values: Array) -> Array:
        return np.column_stack([np.interp(at, longitudes, c) for c in values.T])

    clock = (run.t_s - run.t_s[0]) / model.clock_s
    x = columns(np.column_stack([run.x[:, :6], run.x[:, 6] / run.x[0, 6], clock]))
    x[:, 0] *= unit_m / model.unit_m
    u = columns(run.u)
    still = np.repeat(x[:1], coast.node_fractions.size, axis=0)
    tracks = (
        Track(coast, 0.0, still, np.zeros((len(still), 0))),
        Track(burn, float(arc), x, u / np.linalg.norm(u, axis=1)[:, None]),
    )
    empty = np.zeros(6)
    return TransferSolution(
        problem, (), 0.0, 0.0, 0.0, math.nan, empty, problem.mass_kg, tracks=tracks
    )
