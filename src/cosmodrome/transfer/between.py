"""The burn between two printed states: what it took to turn the one's velocity into the other's.

Two printed places differ from a flown arc by their rounding and by whatever solution each comes
from; speed, path angle and heading belong to the orbit at the place. So the burn is flown for its
own duration, in full dynamics, from the first state, with a thrust fixed in inertial axes and of
such a size that speed, path angle and heading after it are the printed ones. How far the place is
off then is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.errors import InputError, SolverError
from cosmodrome.targets.printed import printed_of
from cosmodrome.world.bodies import G0
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.targets.printed import Printed
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Between", "burn_between", "profile_of", "rtn_of", "shaped"]

_ROUNDS = 20
_CLOSE_M_S = 1e-6
_STEP_M_S = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """A burn between printed states.

    delta_v_m_s   g0 Isp ln(m0 / m1)
    direction     (3,) unit vector in GCRF
    rtn_m_s       (3,) of the delta-v, by the axes at ignition
    thrust_n      mean over the burn
    propellant_kg burnt
    end           the state after the burn
    height_off_m, place_off_m  how far the printed height and place are from it
    """

    delta_v_m_s: float
    direction: Array
    rtn_m_s: Array
    thrust_n: float
    propellant_kg: float
    end: State
    height_off_m: float
    place_off_m: float


def burn_between(
    start: State,
    goal: Printed,
    duration_s: float,
    isp_s: float,
    dynamics: Dynamics,
    world: World,
    *,
    throttle: Sequence[tuple[float, float]] = (),
) -> Between:
    """The burn of `duration_s` from `start` after which the velocity is as printed.

    throttle  (s after ignition, share of the largest thrust) from 0 to the end, linear between
              them; none: constant. Only its shape counts: its size is what is sought

    Raises InputError for a duration or a throttle that is none, SolverError where no burn is found.
    """
    if not duration_s > 0.0:
        raise InputError(f"a burn of {duration_s:g} s: write how long it lasted, above 0")
    profile = profile_of(throttle, duration_s)
    start = recentred(start, dynamics.centre, world)

    def flown(push: Array) -> State:
        with_burn = dynamics.with_thrust(shaped(start, push, profile, isp_s))
        return propagate(start, with_burn, duration_s, world=world, dense=False).end

    def miss(push: Array) -> Array:
        now = printed_of(flown(push), goal, world)
        turn = math.remainder(now.heading_rad - goal.heading_rad, 2.0 * math.pi)
        return np.array(
            [
                now.speed_m_s - goal.speed_m_s,
                goal.speed_m_s * (now.path_rad - goal.path_rad),
                goal.speed_m_s * math.cos(goal.path_rad) * turn,
            ]
        )

    push = _solved(miss, _first(start, goal, world))
    end, speed = flown(push), float(np.linalg.norm(push))
    there = printed_of(end, goal, world)
    radius = float(np.linalg.norm(end.r_m))
    turn = math.remainder(there.longitude_rad - goal.longitude_rad, 2.0 * math.pi)
    off = math.hypot(there.latitude_rad - goal.latitude_rad, turn * math.cos(goal.latitude_rad))
    burnt = start.mass_kg - end.mass_kg
    return Between(
        speed,
        push / speed,
        rtn_of(start) @ push,
        burnt / duration_s * isp_s * G0,
        burnt,
        end,
        there.height_m - goal.height_m,
        radius * off,
    )


def profile_of(throttle: Sequence[tuple[float, float]], duration_s: float) -> tuple[Array, Array]:
    """Knots s after ignition, and shares of the mean thrust there; InputError."""
    rows = np.array(throttle or [(0.0, 1.0), (duration_s, 1.0)], dtype=np.float64)
    t, share = rows[:, 0], rows[:, 1]
    ends = t[0] == 0.0 and abs(t[-1] - duration_s) < 1e-9 and bool(np.all(np.diff(t) > 0.0))
    mean = float(np.sum(0.5 * (share[1:] + share[:-1]) * np.diff(t))) / duration_s
    if not (ends and np.all(share >= 0.0) and mean > 0.0):
        raise InputError(
            f"a throttle of {list(map(tuple, rows.tolist()))} over {duration_s:g} s: times must"
            " rise from 0 to the end of the burn, and shares not be negative"
        )
    return t, share / mean


def shaped(start: State, push: Array, profile: tuple[Array, Array], isp_s: float) -> Thrust:
    """The burn from `start` whose ideal delta-v is `push` (3,) in GCRF, with a throttle's shape."""
    knots, shares = profile
    speed, lasts = float(np.linalg.norm(push)), float(knots[-1])
    burnt = start.mass_kg * (1.0 - math.exp(-speed / (isp_s * G0)))
    # shares have a mean of 1
    thrust = burnt / lasts * isp_s * G0 * shares
    return Thrust(
        start.epoch,
        start.epoch + lasts,
        thrust.tolist(),
        isp_s,
        tuple(push),
        knots_s=knots.tolist(),
    )


def rtn_of(state: State) -> Array:
    """Radial, transverse and normal unit vectors as rows (3, 3), GCRF."""
    up = state.r_m / np.linalg.norm(state.r_m)
    normal = np.cross(state.r_m, state.v_m_s)
    normal = normal / np.linalg.norm(normal)
    return np.array([up, np.cross(normal, up), normal])


def _first(start: State, goal: Printed, world: World) -> Array:
    """The velocity wanted less the one there, both by the axes at ignition."""
    now = printed_of(start, goal, world)
    up, ahead, normal = rtn_of(start)
    turn = math.remainder(now.heading_rad - goal.heading_rad, 2.0 * math.pi)
    level = goal.speed_m_s * math.cos(goal.path_rad)
    wanted = goal.speed_m_s * math.sin(goal.path_rad) * up + level * (
        math.cos(turn) * ahead + math.sin(turn) * normal
    )
    push: Array = wanted - start.v_m_s
    return push


def _solved(miss: Callable[[Array], Array], push: Array) -> Array:
    """Zero of miss(push) by Newton with differences."""
    for _ in range(_ROUNDS):
        left = miss(push)
        if float(np.max(np.abs(left))) < _CLOSE_M_S:
            return push
        slope = [(miss(push + _STEP_M_S * e) - left) / _STEP_M_S for e in np.eye(3)]
        push = push - np.linalg.solve(np.column_stack(slope), left)
    raise SolverError(
        f"no burn leads to the printed velocity in {_ROUNDS} rounds; the nearest leaves"
        f" {float(np.max(np.abs(left))):.3g} m/s: look at the headings' north"
    )
