"""Burns that stop late, early, or as planned: how low the orbit comes that each would leave.

A burn whose cut-off fails ends by its timer, or when its tank is empty. It is flown on here by
SciPy from the state the path has at cut-off: zonal gravity (about the Moon its field of degree 8
and the Earth), full thrust, the direction as the mission says it, or held where a plan's own
programme ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome.checks.burns_flown import burns_of, direction_of, planned_of
from cosmodrome.checks.conics import FALLS_M, FLOORS_M, RADII_M, lowest_m, mu_of
from cosmodrome.checks.engines import G0
from cosmodrome.checks.motion import Ballistic, Lunar
from cosmodrome.checks.tanks import ignition_loss_kg, settling_kg
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.nouns import Deorbit, Land, Mission, ToMoon, Transfer
from cosmodrome.mission.steps import Rise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import Manoeuvre
    from cosmodrome.record.nouns import Burn, Leg
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]
    Pointing = Callable[[Array], Array]

__all__ = ["Stopped", "burn_floor", "burn_timeout", "early_cut_off", "ran_on"]

_SAMPLES = 33
# where the perigee is so far below the mean radius it is given up: a burn against the velocity
# would bring that to nothing, and its own direction with it
_DEEP_M = 50_000.0
# a burn that goes on for longer is flown about a point: who asks for its perilune to the metre?
_CLOSELY_S = 1_800.0
_LONGEST_S = 86_400.0
# burns without a timer that are flown on, of each object
_LOOKED_AT = 6
# a piece of a path shorter than this tells no rate
_SHORT_S = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Stopped:
    """A burn as flown, and what would go on if nothing stopped it.

    start_s, end_s  on the path
    thrust_n, flow_kg_s  all that burns
    left_kg     in the tank at the cut-off
    timer_s     the longest it may last from ignition, as the mission says; None: nothing is said
    along       unit direction of thrust (3,) at a state (1, 7)
    restart     was the stage lit before? Always so of a spacecraft's own engine
    """

    name: str
    object: str
    path: Trajectory
    start_s: float
    end_s: float
    thrust_n: float
    flow_kg_s: float
    left_kg: float
    timer_s: float | None
    along: Pointing
    restart: bool = True

    @property
    def lasts_s(self) -> float:
        return self.end_s - self.start_s

    @property
    def empty_s(self) -> float:
        """From ignition until the tank is empty."""
        return self.lasts_s + max(self.left_kg, 0.0) / self.flow_kg_s

    @property
    def body(self) -> str:
        """That it flies about."""
        return self.path.frame.centre

    @property
    def where(self) -> str:
        return f"{self.name}, {(self.path.epoch + self.start_s).utc(0)}"


def burn_floor(view: View) -> Iterator[Judged]:
    """The orbit after every burn of the plan, as flown, clears the ground and the air."""
    burns = [b for b in _burns(view) if b.object != "stack"]
    if not burns:
        yield not_judged("the plan burns nothing, or rises or comes down with it")
        return
    plan = view.flight.mission.plan
    if any(isinstance(s, Deorbit | Land) or (isinstance(s, ToMoon) and s.perigee_m) for s in plan):
        yield not_judged("the plan means to come down: an orbit that leads there is no fault")
        return
    yield min((_floored(view, b) for b in burns), key=lambda j: j.margin or 0.0)


def _floored(view: View, burn: Stopped) -> Judged:
    return at_least(
        _planned_m(view, burn) / 1e3,
        FLOORS_M[burn.body] / 1e3,
        "km",
        burn.where,
        f"{_low(burn.body)} of the conic through r and v where the burn ends, the lowest after any"
        " of them",
        object=burn.object,
    )


def _low(body: str) -> str:
    return "perilune" if body == "moon" else "perigee"


def burn_timeout(view: View) -> Iterator[Judged]:
    """The orbit after the longest burn that timer or tank permits, against the floor."""
    burns = _burns(view)
    if not burns:
        yield not_judged("nothing burns in orbit")
        return
    planned = [(_planned_m(view, b), b) for b in burns]
    for low, burn in planned:
        if burn.timer_s is not None:
            yield from _by_its_timer(view, burn, low)
    for object in dict.fromkeys(b.object for b in burns):
        untold = [
            (low, b)
            for low, b in planned
            if b.object == object and b.timer_s is None and low >= FLOORS_M[b.body]
        ]
        # of many burns those that leave the lowest orbits
        untold = sorted(untold, key=lambda u: u[0])[:_LOOKED_AT]
        if untold:
            yield _without_timer(view, [b for _, b in untold])


def _planned_m(view: View, burn: Stopped) -> float:
    """Height of the periapsis that a burn leaves as flown, m."""
    y = burn.path.columns_at(np.array([burn.end_s]))
    return float(lowest_m(y, mu_of(view, burn.path))[0]) - RADII_M[burn.body]


def _by_its_timer(view: View, burn: Stopped, planned: float) -> Iterator[Judged]:
    assert burn.timer_s is not None
    floor, name = FLOORS_M[burn.body], _low(burn.body)
    yield at_most(
        burn.lasts_s,
        burn.timer_s,
        "s",
        burn.where,
        f"it lasts {burn.lasts_s:.3f} s, and its timer ends it after {burn.timer_s:g} s",
        object=burn.object,
    )
    if planned < floor:
        yield not_judged(
            f"the {name} is {planned / 1e3:.1f} km as planned: it is meant to come down",
            where=burn.where,
            object=burn.object,
        )
        return
    longest = min(burn.timer_s, burn.empty_s)
    low = ran_on(view, burn, longest) - RADII_M[burn.body]
    yield at_least(
        low / 1e3,
        floor / 1e3,
        "km",
        burn.where,
        f"{name} if only the timer ended it, {_longer(burn, longest, low)};"
        f" {planned / 1e3:.1f} km as planned",
        object=burn.object,
    )


def _longer(burn: Stopped, longest_s: float, low_m: float) -> str:
    return (
        f"{longest_s:.1f} s instead of {burn.lasts_s:.1f} s: {_low(burn.body)} {low_m / 1e3:.1f} km"
    )


def _without_timer(view: View, burns: list[Stopped]) -> Judged:
    """Of burns of one object that only an empty tank would end: the one that comes lowest."""
    ends = [(ran_on(view, b, b.empty_s) - RADII_M[b.body], k) for k, b in enumerate(burns)]
    low, k = min(ends, key=lambda e: e[0] - FLOORS_M[burns[e[1]].body])
    burn = burns[k]
    floor, told = FLOORS_M[burn.body], _longer(burn, burn.empty_s, low)
    if low < floor:
        return not_judged(
            f"no timer is stated. If its cut-off failed the burn would go on until the tank is"
            f" empty, {told} (floor {floor / 1e3:g} km); say the longest it may last, burn:"
            " {..., timer: ...}",
            where=burn.where,
            object=burn.object,
        )
    return at_least(
        low / 1e3,
        floor / 1e3,
        "km",
        burn.where,
        f"no timer is stated; until the tank is empty, {told}, the lowest of"
        f" {len(burns)} {'burn' if len(burns) == 1 else 'burns'}",
        object=burn.object,
    )


def ran_on(view: View, burn: Stopped, longest_s: float) -> float:
    """Least radius, m, in and after a burn that goes on from its cut-off until `longest_s` after
    its ignition."""
    mu = mu_of(view, burn.path)
    y0 = burn.path.columns_at(burn.end_s)[:7]
    more = min(longest_s - burn.lasts_s, _LONGEST_S)
    if more <= 0.0:
        return float(lowest_m(y0[None], mu)[0])
    deep = RADII_M[burn.body] - _DEEP_M
    gravity: Callable[[float, Array], list[float]]
    if burn.body != "moon":
        gravity = Ballistic(view, 0.0, 1.0)
    elif more <= _CLOSELY_S:
        gravity = Lunar(view, burn.path.epoch + burn.end_s)
    else:
        gravity = _Point(mu)

    def rates(t: float, y: Array) -> Array:
        out = np.array([*gravity(t, y[:6]), -burn.flow_kg_s])
        out[3:6] += burn.thrust_n / y[6] * burn.along(y[None])
        return out

    def gone(t: float, y: Array) -> float:
        return float(lowest_m(y[None], mu)[0]) - deep

    gone.terminal = True  # type: ignore[attr-defined]
    arc = solve_ivp(rates, (0.0, more), y0, method="DOP853", rtol=1e-8, atol=1e-3, events=gone)
    on_the_way = float(np.linalg.norm(arc.y[:3], axis=0).min())
    return min(on_the_way, float(lowest_m(arc.y[:, -1:].T, mu)[0]))


class _Point:
    """Attraction by a point."""

    def __init__(self, mu: float) -> None:
        self.mu = mu

    def __call__(self, _: float, y: Array) -> list[float]:
        """d/dt of (r, v)."""
        k = -self.mu / float(y[:3] @ y[:3]) ** 1.5
        return [*(float(v) for v in y[3:6]), *(k * float(x) for x in y[:3])]


def early_cut_off(view: View) -> Iterator[Judged]:
    """Where any burn in orbit stops early: does the flight come down within a revolution?"""
    burns = [b for b in _burns(view) if b.restart]
    if not burns:
        yield not_judged("nothing burns in orbit")
        return
    found: list[Judged] = []
    for burn in burns:
        falls = FALLS_M[burn.body]
        t = np.linspace(burn.start_s, burn.end_s, _SAMPLES)
        # the end itself may be where the next piece begins
        t[-1] -= 1e-6 * burn.lasts_s
        low = lowest_m(burn.path.columns_at(t), mu_of(view, burn.path)) - RADII_M[burn.body]
        if low[-1] < falls:
            continue  # it is meant to come down
        k = int(np.argmin(low))
        falling = np.flatnonzero(low < falls)
        how = (
            f"stopped before {t[falling[-1]] - t[0]:.0f} s of {burn.lasts_s:.0f} s it falls"
            if falling.size
            else f"stopped after {t[k] - t[0]:.0f} s of {burn.lasts_s:.0f} s it is lowest"
        )
        found.append(
            at_least(
                float(low[k]) / 1e3,
                falls / 1e3,
                "km",
                burn.where,
                f"{_low(burn.body)} where the burn stops early: {how}",
                object=burn.object,
                otherwise="warns",
            )
        )
    if not found:
        yield not_judged("every burn in orbit is meant to come down")
    for object in dict.fromkeys(j.object for j in found):
        yield min((j for j in found if j.object == object), key=lambda j: j.margin or 0.0)


# ------------------------------------------------------------------- what burnt, and with what
def _burns(view: View) -> list[Stopped]:
    """Burns at full thrust in orbit: of the stack's last stage, then of the plan."""
    return [*_of_the_stack(view), *_of_the_plan(view)]


def _of_the_plan(view: View) -> Iterator[Stopped]:
    for leg, step in burns_of(view):
        if not step.impulsive:
            t0, t1 = (float(t) for t in leg.path.breaks_s[[0, -1]])
            yield _own(view, leg, step.name, t0, t1, step)
    for leg, phase in planned_of(view):
        if any(isinstance(s, Rise) or (isinstance(s, Transfer) and s.low_thrust)
               for s in leg.steps):  # fmt: skip
            continue
        path = view.inertial(leg.path)
        t0, t1 = (float(np.clip(t, *path.breaks_s[[0, -1]])) for t in (phase.start_s, phase.end_s))
        yield _own(view, leg, phase.name, t0, t1)


def _own(
    view: View, leg: Leg, name: str, start_s: float, end_s: float, step: Manoeuvre | None = None
) -> Stopped:
    """A burn of a spacecraft's own engine."""
    craft = view.craft_of(leg)
    engine = craft.engine
    assert engine is not None
    path = view.inertial(leg.path)
    y0, y1 = path.columns_at(np.array([start_s, end_s]))
    start = leg.handover_in or view.handover
    held = craft.propellant_kg if start is None else start.propellant_kg.get(craft.id)
    before = craft.propellant_kg if held is None else held
    # what earlier burns of this leg took
    before -= float(path.columns_at(float(path.breaks_s[0]))[6] - y0[6])
    if step is None:
        last = _pushed(path, end_s, view)
        along: Pointing = lambda y: last  # noqa: E731
    else:
        along = lambda y: direction_of(view, step, path.epoch, y)[0]  # noqa: E731
    return Stopped(
        name, leg.object, path, start_s, end_s, engine.thrust_n, engine.flow_kg_s,
        before - float(y0[6] - y1[6]), None if step is None else step.timer_s, along,
    )  # fmt: skip


def _pushed(path: Trajectory, t_s: float, view: View) -> Array:
    """The direction of thrust just before an instant, by the path's velocity less gravity."""
    widths = np.diff(path.breaks_s)
    # a path may hold pieces too short to tell a rate from
    h = 0.5 * min(1.0, float(widths[widths > _SHORT_S].min(initial=1.0)))
    t = np.array([t_s - 3.0 * h, t_s - h])
    y = path.columns_at(t)
    middle = 0.5 * (y[0] + y[1])
    r = middle[:3]
    felt = (y[1, 3:6] - y[0, 3:6]) / (t[1] - t[0])
    felt = felt + mu_of(view, path) / np.linalg.norm(r) ** 3 * r
    return np.asarray(felt / np.linalg.norm(felt))


def _of_the_stack(view: View) -> Iterator[Stopped]:
    mission = view.flight.mission
    given = view.handover
    if not isinstance(mission, Mission) or given is None:
        return
    if mission.spacecraft.id not in given.attached:
        return  # it was carried by what the stack released
    stage = mission.vehicle.stages[-1]
    if stage.solid or stage.restarts == 0:
        return
    burns: list[Burn] = sorted(
        (b for b in view.stack.ledger.burns if b.stage == stage.id), key=lambda b: b.start_s
    )
    path = view.inertial(view.stack.path)
    if "ux" not in path.columns:
        return
    at = path.columns.index("ux")
    lost = settling_kg(view, stage) + ignition_loss_kg(view, stage)
    tank = stage.count * stage.usable_kg - lost
    for k, burn in enumerate(burns):
        tank -= burn.propellant_kg
        t0, t1 = view.in_path(path, burn.start_s), view.in_path(path, burn.end_s)
        u = path.columns_at(t1 - 1e-6 * (t1 - t0))[at : at + 3]
        thrust = stage.count * stage.thrust_vacuum_n
        yield Stopped(
            f"{stage.id} burn {k + 1}", "stack", path, t0, t1, thrust,
            thrust / (G0 * stage.isp_vacuum_s), tank, None,
            lambda y, u=u: u, k > 0,  # type: ignore[misc]
        )  # fmt: skip
