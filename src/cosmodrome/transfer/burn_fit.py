"""One burn between points of an ephemeris: when, how much, whither, and how long it lasted.

Within one step the six numbers that the points differ by give four: the middle of the burn and its
delta-v; two are left over and judge it. Over more steps the ends of the burn are told too. Thrust
is constant and fixed in inertial axes; where that leaves too much, the exhaust speed that makes the
acceleration grow is fitted with it, and then an even turn of the direction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Thrust, propagate
from cosmodrome.transfer.burn import basis_of
from cosmodrome.transfer.found import Burnt
from cosmodrome.world.bodies import G0
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.dynamics.hops import Hops
    from cosmodrome.transfer.found import Break, Rows
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Fit", "fit_burn", "gauss_newton"]

# of a storable bipropellant, m/s: it bends the thrust by a per cent in a minute
EXHAUST_M_S = 3_100.0
_ROUNDS = 25
# s, m/s: steps of the differences
_TIME_STEP, _SPEED_STEP = 0.02, 1e-3
# squares, in sigmas, that a simpler burn may leave at each number
_ENOUGH = 1.0
_KNOTS = 17


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Parameters (p,), their covariance (p, p), and the residuals (n,) left, in sigmas."""

    x: Array
    covariance: Array
    left: Array


def gauss_newton(f: Callable[[Array], Array], x0: Array, steps: Array) -> Fit:
    """Least squares of f(x) -> (n,), in sigmas, by Gauss and Newton with differences.

    steps  (p,) of the differences. A round that does not lower the sum is halved; the covariance
           is widened where what is left exceeds the sigmas.
    """
    x, left = np.array(x0), f(x0)
    for _ in range(_ROUNDS):
        jacobian = np.column_stack(
            [(f(x + step * e) - left) / step for step, e in zip(steps, np.eye(x.size), strict=True)]
        )
        move = np.linalg.lstsq(jacobian, -left, rcond=1e-14)[0]
        for _ in range(12):
            tried = f(x + move)
            if tried @ tried <= left @ left or np.all(np.abs(move) < 1e-6 * steps):
                break
            move = 0.5 * move
        else:
            break
        x, left = x + move, tried
        if np.all(np.abs(move) < 1e-5 * steps):
            break
    jacobian = np.column_stack(
        [
            (f(x + step * e) - f(x - step * e)) / (2.0 * step)
            for step, e in zip(steps, np.eye(x.size), strict=True)
        ]
    )
    spare = max(left.size - x.size, 1)
    wide = max(1.0, float(left @ left) / spare)
    covariance: Array = wide * np.linalg.pinv(jacobian.T @ jacobian)
    return Fit(x, covariance, left)


def fit_burn(
    rows: Rows,
    at: Break,
    hops: Hops,
    dynamics: Dynamics,
    noise_m_s: float,
    mass_kg: float,
    world: World,
) -> Burnt:
    """The burn of a break. `noise_m_s` is what neighbours beside it lack to ballistic flight."""
    once, misfit = _impulse(rows, at, hops, noise_m_s)
    if at.last - at.first == 1:
        return _told(rows, at, once, hops, misfit)
    return _long(rows, at, hops, dynamics, noise_m_s, mass_kg, world, once)


def _sigmas(rows: Rows, at: Break, noise_m_s: float) -> Array:
    """One sigma of the six numbers at each row after the first, (n, 6)."""
    t = rows.t_s[at.first + 1 : at.last + 1] - rows.t_s[at.first]
    return np.column_stack(
        [np.repeat(noise_m_s * t[:, None], 3, axis=1), np.full((t.size, 3), noise_m_s)]
    )


def _impulse(rows: Rows, at: Break, hops: Hops, noise_m_s: float) -> tuple[Fit, float]:
    """Instant (s after the first row of the break) and delta-v (3,) of one impulse in it, and
    the distance left after it, m.
    """
    t0, t1 = rows.t_s[at.first], rows.t_s[at.last]
    start, goal = rows.y[at.first], rows.y[at.last]
    sigma = _sigmas(rows, at, noise_m_s)[-1]

    def left(x: Array) -> Array:
        when = min(max(t0 + x[0], t0), t1)
        y, _ = hops.fly(start, t0, when)
        y[3:] += x[1:]
        # beyond the ends of the break the impulse acts outside it, along a straight line
        y[:3] += (when - t0 - x[0]) * x[1:]
        y, _ = hops.fly(y, when, t1)
        out: Array = (y - goal) / sigma
        return out

    ballistic, _ = hops.fly(start, t0, t1)
    gap = goal - ballistic
    push = gap[3:]
    lever = float(gap[:3] @ push) / float(push @ push)
    first = np.array([min(max(t1 - t0 - lever, 0.0), t1 - t0), *push])
    speed = max(_SPEED_STEP * float(np.linalg.norm(push)), 1e-6)
    fit = gauss_newton(left, first, np.array([_TIME_STEP, speed, speed, speed]))
    return fit, float(np.linalg.norm((fit.left * sigma)[:3]))


class _Long:
    """A burn over several steps.

    Parameters: start s, duration s, delta-v (3,) m/s along the middle direction; then, as far as
    they are given, the exhaust speed km/s, and the turn of the direction over the burn (2,) rad
    across it.
    """

    def __init__(
        self, rows: Rows, at: Break, dynamics: Dynamics, mass_kg: float, world: World
    ) -> None:
        self.t = rows.t_s[at.first : at.last + 1] - rows.t_s[at.first]
        self.y = rows.y[at.first : at.last + 1]
        self.epoch = rows.epoch + float(rows.t_s[at.first])
        frame = gcrf(rows.centre)
        self.start = State(self.epoch, frame, self.y[0, :3], self.y[0, 3:], mass_kg)
        self.dynamics, self.world = dynamics, world

    def thrust(self, x: Array) -> Thrust:
        # a burn needs a length, and an exhaust its speed
        begin, duration, push = float(x[0]), max(float(x[1]), 1e-3), x[2:5]
        exhaust = 1e3 * max(float(x[5]), 0.1) if x.size > 5 else EXHAUST_M_S
        flow = (1.0 - math.exp(-float(np.linalg.norm(push)) / exhaust)) / duration
        # a direction that turns evenly: knots close enough for their chords
        tilt = x[6:] @ _across(push) if x.size > 6 else np.zeros(3)
        angle = float(np.linalg.norm(tilt))
        knots = np.linspace(0.0, 1.0, _KNOTS if angle > 0.0 else 2)
        aside = tilt / angle if angle > 0.0 else tilt
        unit = push / np.linalg.norm(push)
        return Thrust(
            self.epoch + begin,
            self.epoch + (begin + duration),
            [self.start.mass_kg * flow * exhaust] * knots.size,
            exhaust / G0,
            (unit + np.tan((knots - 0.5) * angle)[:, None] * aside).tolist(),
            knots_s=(knots * duration).tolist(),
        )

    def gap(self, x: Array) -> Array:
        """What the flight through the burn differs by at each row after the first, (n, 6)."""
        path = propagate(
            self.start,
            self.dynamics.with_thrust(self.thrust(x)),
            float(self.t[-1]),
            world=self.world,
            dense=False,
            times=self.t[1:],
        )
        out: Array = path.samples[:, :6] - self.y[1:]
        return out


def _across(push: Array) -> Array:
    """Two unit vectors across a direction, (2, 3)."""
    unit = push / np.linalg.norm(push)
    one = np.cross(unit, np.eye(3)[int(np.argmin(np.abs(unit)))])
    one /= np.linalg.norm(one)
    return np.array([one, np.cross(unit, one)])


def _long(
    rows: Rows,
    at: Break,
    hops: Hops,
    dynamics: Dynamics,
    noise_m_s: float,
    mass_kg: float,
    world: World,
    once: Fit,
) -> Burnt:
    """A burn over several steps; its direction may turn where a fixed one leaves too much."""
    burn = _Long(rows, at, dynamics, mass_kg, world)
    sigma = _sigmas(rows, at, noise_m_s)

    def left(x: Array) -> Array:
        out: Array = (burn.gap(x) / sigma).ravel()
        return out

    x, steps = _first_guess(rows, at, hops, once), np.array([_TIME_STEP] * 2 + [0.0] * 3)
    steps[2:] = 1e-4 * float(np.linalg.norm(x[2:]))
    found = gauss_newton(left, x, steps)
    # the exhaust, then a turn, are asked for where the points tell of them
    for more, by in (([1e-3 * EXHAUST_M_S], [0.01]), ([1e-3, 1e-3], [1e-4, 1e-4])):
        spare = found.left.size - found.x.size - len(more)
        if spare > 0 and float(found.left @ found.left) > _ENOUGH * found.left.size:
            steps = np.append(steps, by)
            found = gauss_newton(left, np.append(found.x, more), steps)
    # the middle and the delta-v of the parameters
    turn = np.zeros((4, found.x.size))
    turn[0, :2] = 1.0, 0.5
    turn[1:, 2:5] = np.eye(3)
    told = Fit(turn @ found.x, turn @ found.covariance @ turn.T, found.left)
    misfit = float(np.linalg.norm(burn.gap(found.x)[:, :3], axis=1).max())
    lasted = float(found.x[1]), math.sqrt(float(found.covariance[1, 1]))
    turned = float(np.linalg.norm(found.x[6:]))
    return _told(rows, at, told, hops, misfit, lasted, turned, burn.thrust(found.x))


def _first_guess(rows: Rows, at: Break, hops: Hops, once: Fit) -> Array:
    """From the middles of the thrust in the first and the last step: it reaches from twice its
    distance to the inner end of the one to twice that of the other.
    """
    t = rows.t_s[at.first : at.last + 1]
    levers = []
    for k in (at.first, at.last - 1):
        y, _ = hops.fly(rows.y[k], rows.t_s[k], rows.t_s[k + 1])
        gap = rows.y[k + 1] - y
        levers.append(float(gap[:3] @ gap[3:]) / float(gap[3:] @ gap[3:]))
    first, last = float(t[1] - t[0]), float(t[-1] - t[-2])
    before = min(max(2.0 * levers[0], 0.1), first)
    after = min(max(2.0 * (last - levers[1]), 0.1), last)
    duration = before + float(t[-2] - t[1]) + after
    return np.array([first - before, duration, *once.x[1:]])


def _told(
    rows: Rows,
    at: Break,
    fit: Fit,
    hops: Hops,
    misfit_m: float,
    duration: tuple[float, float] | None = None,
    turned_rad: float = 0.0,
    thrust: Thrust | None = None,
) -> Burnt:
    """A burn of a fit whose parameters are its middle and its delta-v."""
    t0, push = float(rows.t_s[at.first]), np.array(fit.x[1:])
    middle = min(max(t0 + float(fit.x[0]), t0), float(rows.t_s[at.last]))
    y, _ = hops.fly(rows.y[at.first], t0, middle)
    sigma = np.sqrt(np.diag(fit.covariance))
    return Burnt(
        at,
        rows.epoch + (t0 + float(fit.x[0])),
        float(sigma[0]),
        push,
        sigma[1:],
        basis_of("vnc", y[:3], y[3:], np.eye(3)) @ push,
        None if duration is None else duration[0],
        None if duration is None else duration[1],
        turned_rad,
        misfit_m,
        thrust,
    )
