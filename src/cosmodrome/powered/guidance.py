"""Explicit guidance by linear tangent steering, over many lanes at once: the specification.

The thrust points along lambda + (t - t_ref) lambda', made a unit vector; velocity and place to go
fix lambda and lambda' in closed form, and the cut-off time with them. It is the unified powered
flight guidance of Brand, Brown & Higgins (1973) as flown by the Shuttle (McHenry et al. 1979,
J. Astronautical Sciences 27, 1; Jaggers 1977, AIAA 77-1051), with three departures:

- the thrust integrals of a list of stages are moments of the acceleration about the present, so
  that a known coast between stages is one more stage without thrust;
- lambda' is square to lambda, and the second-order loss is in powers of lambda' itself: no
  arccosine, hence no corner where the turn vanishes;
- gravity is the zonal field, by four Gauss points on the cubic through the present state and the
  state aimed at, where the original coasts on a conic.

Vectors are (3, n), scalars (n,); SI, any inertial axes with z along the planet's spin axis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cosmodrome.maths import NUMPY
from cosmodrome.physics import zonal
from cosmodrome.solvers.guided import LARGEST_SWING, SHORT_S, Held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.solvers.guided import Aim, Section, Surroundings

    Array = NDArray[np.float64]

__all__ = [
    "Memory",
    "Moments",
    "Stage",
    "dot",
    "field",
    "gravity",
    "remaining",
    "start",
    "thrust_moments",
    "update",
]

FIRST_PASSES = 8
PASSES = 2
_SMALLEST_ACCELERATION = 1e-3
_MOST_OF_TAU = 0.98
# a pass that moves the cut-off by more than a hundredth of the time to go has not converged
_RELATIVE, _ABSOLUTE_S = 1e-2, 0.1
_LEAST_DOWNRANGE, _LEAST_ASIDE = 0.05, 0.1

_nodes, _weights = np.polynomial.legendre.leggauss(4)
GAUSS = tuple(
    (float(0.5 * (1.0 + x)), float(0.5 * w)) for x, w in zip(_nodes, _weights, strict=True)
)


class Stage(NamedTuple):
    """One stretch ahead: exhaust speed (0 = coast), mass over flow (n,) or float, time (n,);
    `cuts`: it may be cut off before that time."""

    exhaust_m_s: float
    tau_s: Array | float
    duration_s: Array | float
    cuts: bool = False


class Moments(NamedTuple):
    """Integrals of a, a t, a t^2, a t^3 over the time to go `t` from now; (n,)."""

    m0: Array
    m1: Array
    m2: Array
    m3: Array
    t: Array


@dataclass(slots=True, eq=False)
class Memory:
    """What a lane's guidance keeps from cycle to cycle.

    r_aim, v_aim          state aimed at
    vbias, rbias    what linear tangent steering loses of velocity and place to go
    cutoff          predicted, on the clock
    law, rate, at   lambda, lambda', and the time to which lambda belongs
    held            cycles on end whose answer was not taken; `missed` all of them
    sense           1 where the burn raises the energy, -1 where it lowers it
    """

    r_aim: Array
    v_aim: Array
    vbias: Array
    rbias: Array
    cutoff: Array
    law: Array
    rate: Array
    at: Array
    held: Array
    missed: Array
    sense: Array

    def direction(self, t: Array) -> Array:
        """Unit vector of the thrust at t."""
        u: Array = self.law + (t - self.at) * self.rate
        return u / np.sqrt(dot(u, u))


def dot(a: Array, b: Array) -> Array:
    """Scalar products of (3, n) with (3, n) or (3, 1)."""
    out: Array = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return out


def _aimed(aim: Aim, place: Array) -> tuple[Array, Array, Array]:
    """State aimed at below `place`, and the downrange direction there."""
    n = aim.normal[:, None]
    flat = place - dot(n, place) * n
    up = flat / np.sqrt(dot(flat, flat))
    ahead = np.stack(
        [n[1] * up[2] - n[2] * up[1], n[2] * up[0] - n[0] * up[2], n[0] * up[1] - n[1] * up[0]]
    )
    v_aim = aim.speed_m_s * (aim.sin_gamma * up + aim.cos_gamma * ahead)
    return aim.radius_m * up, v_aim, ahead


def _passing(here: Surroundings, aim: Aim, place: Array) -> tuple[Array, Array]:
    """State on the orbit of the aim at the radius of `place`: its energy and angular momentum."""
    below, _, ahead = _aimed(aim, place)
    up = below / aim.radius_m
    d = dot(up, place)
    energy = 0.5 * (aim.speed_m_s * aim.speed_m_s) - here.mu / aim.radius_m
    speed = np.sqrt(2.0 * (energy + here.mu / d))
    cosine = np.minimum(aim.radius_m * aim.speed_m_s * aim.cos_gamma / (d * speed), 1.0)
    sine = (-1.0 if aim.sin_gamma < 0.0 else 1.0) * np.sqrt(1.0 - cosine * cosine)
    return d * up, speed * (sine * up + cosine * ahead)


def start(
    aim: Aim, t: Array, r: Array, missed: Array | None = None, sense: Array | None = None
) -> Memory:
    """A memory before the first cycle of a leg that begins at t and r.

    Aimed as far ahead of r as the nominal flight goes.
    """
    zero = np.zeros((3, t.size))
    below, _, ahead = _aimed(aim, r)
    forward = math.cos(aim.ahead_rad) * below + (aim.radius_m * math.sin(aim.ahead_rad)) * ahead
    r_aim, v_aim, _ = _aimed(aim, forward)
    none = np.zeros(t.size)
    missed = none.copy() if missed is None else missed
    sense = np.full(t.size, aim.sense) if sense is None else sense
    law = (sense / aim.speed_m_s) * v_aim
    cutoff = t + aim.duration_s
    return Memory(r_aim, v_aim, zero, zero, cutoff, law, zero, t, none, missed, sense)


def field(here: Surroundings, r: Array) -> Array:
    """Gravity at r, m/s^2, (3, n)."""
    out: Array = np.stack(
        zonal.acceleration(
            NUMPY,
            (r[0], r[1], r[2]),
            (0.0, 0.0, 1.0),
            here.mu,
            here.gravity_radius_m,
            here.j2,
            here.j3,
            here.j4,
        )
    )
    return out


def gravity(
    here: Surroundings, r: Array, v: Array, r_aim: Array, v_aim: Array, t: Array
) -> tuple[Array, Array]:
    """Means of g and of (1 - x) g over x = 0 .. 1 of the way to go; m/s^2, (3, n).

    v_grav = mean t, r_grav = second mean t^2. On the Hermite cubic from (r, v) to (r_aim, v_aim).
    """
    first = np.zeros_like(r)
    second = np.zeros_like(r)
    for x, w in GAUSS:
        y = 1.0 - x
        p = (y * y * (1.0 + 2.0 * x)) * r + (x * x * (1.0 + 2.0 * y)) * r_aim
        p = p + t * ((x * y * y) * v - (x * x * y) * v_aim)
        g = field(here, p)
        first = first + w * g
        second = second + (w * y) * g
    return first, second


def remaining(
    sections: Sequence[Section], k: int, since: Array, acceleration: Array
) -> tuple[Stage, ...]:
    """The stages from section k to the end of its leg.

    since          seconds since section k began
    acceleration   of the thrust, as sensed: with the nominal exhaust speed it tells the present
                   mass over flow. What lies ahead is nominal.
    """
    out = []
    for j in range(k, len(sections)):
        s = sections[j]
        if s.leg != sections[k].leg:
            break
        if j == k:
            tau = s.exhaust_m_s / np.maximum(acceleration, _SMALLEST_ACCELERATION)
            out.append(Stage(s.exhaust_m_s, tau, np.maximum(s.duration_s - since, 0.0), s.open))
        else:
            out.append(Stage(s.exhaust_m_s, s.tau_s, s.duration_s, s.open))
    return tuple(out)


def thrust_moments(stages: Sequence[Stage], speed_to_go: Array) -> Moments:
    """Moments of the acceleration of all stages; the last burns until `speed_to_go` is reached, and
    so does one that `cuts` before it is over.

    Constant thrust: a = exhaust / (tau - t), whose moments follow from one another
    (m_k+1 = tau m_k - exhaust t^(k+1) / (k+1)); a later stage's are moved to the present.
    """
    m0 = m1 = m2 = m3 = from_now = np.zeros_like(speed_to_go)
    for j, (c, tau, burn, cuts) in enumerate(stages):
        b = burn
        if c > 0.0:
            if j + 1 == len(stages):
                i0 = np.maximum(speed_to_go - m0, 0.0)
                b = tau * (1.0 - np.exp(-i0 / c))
            else:
                b = np.minimum(burn, _MOST_OF_TAU * tau)
                i0 = c * np.log(tau / (tau - b))
                if cuts:
                    most = np.maximum(speed_to_go - m0, 0.0)
                    b = np.where(i0 > most, tau * (1.0 - np.exp(-most / c)), b)
                    i0 = np.minimum(i0, most)
            i1 = tau * i0 - c * b
            i2 = tau * i1 - c * (b * b) / 2.0
            i3 = tau * i2 - c * (b * b * b) / 3.0
            t = from_now
            m0 = m0 + i0
            m1 = m1 + (i1 + t * i0)
            m2 = m2 + (i2 + t * (2.0 * i1 + t * i0))
            m3 = m3 + (i3 + t * (3.0 * i2 + t * (3.0 * i1 + t * i0)))
        from_now = from_now + b
    return Moments(m0, m1, m2, m3, from_now)


def update(
    memory: Memory,
    here: Surroundings,
    aim: Aim,
    t: Array,
    r: Array,
    v: Array,
    stages: Sequence[Stage],
    passes: int,
    active: NDArray[np.bool_],
    largest_swing: float = LARGEST_SWING,
    short_s: float = SHORT_S,
) -> None:
    """One guidance cycle, in place, for the lanes of `active` (n,) bool.

    A lane whose last pass has not converged keeps its law; one that is not finite keeps its
    memory too. Neither is an exception.
    """
    r_aim, v_aim, vbias, rbias, cutoff = (
        memory.r_aim,
        memory.v_aim,
        memory.vbias,
        memory.rbias,
        memory.cutoff,
    )
    with np.errstate(all="ignore"):
        for _ in range(passes):
            togo = cutoff - t
            g0, g1 = gravity(here, r, v, r_aim, v_aim, togo)
            to_go = v_aim - v - togo * g0 + vbias
            speed = np.sqrt(dot(to_go, to_go))
            m = thrust_moments(stages, speed)
            law = to_go / speed
            turn = m.m1 / m.m0
            # place gained by thrust alone, by thrust growing with time, with its square
            s, q, p = m.t * m.m0 - m.m1, m.t * m.m1 - m.m2, m.t * m.m2 - m.m3
            _, _, ahead = _aimed(aim, r_aim)
            along = dot(law, ahead)
            drift = r + m.t * v + (m.t * m.t) * g1
            place = r_aim - drift + rbias
            if aim.held == Held.RADIUS:
                place = place - dot(ahead, place) * ahead
                place = place + ((s - dot(law, place)) / along) * ahead
                rate = (place - s * law) / (q - s * turn)
            else:
                # what turns the thrust out of its plane alone
                n = aim.normal[:, None]
                aside = dot(law, n)
                free = np.maximum(1.0 - aside * aside, _LEAST_ASIDE)
                wanted = (dot(n, place) - s * aside) / ((q - s * turn) * free)
                rate = wanted * (n - aside * law) * (aim.held == Held.PLANE)
                place = s * law + (q - s * turn) * rate
            swing = m.t * np.sqrt(dot(rate, rate))
            within = swing <= largest_swing
            most = np.where(m.t < short_s, 0.0, largest_swing)
            rate = np.where(within, 1.0, most / np.maximum(swing, largest_swing)) * rate
            half = 0.5 * dot(rate, rate)
            gained = m.m0 - half * (m.m2 - turn * m.m1)
            moved = (s - half * (p - turn * (2.0 * q - turn * s))) * law + (q - turn * s) * rate
            vbias = to_go - gained * law
            rbias = np.where(within, place - moved, 0.0)
            if aim.held == Held.RADIUS:
                r_aim, v_aim, _ = _aimed(aim, drift + moved)
            else:
                r_aim, v_aim = _passing(here, aim, drift + moved)
            change = np.abs(m.t - togo)
            cutoff = t + m.t
        total = r_aim + v_aim + vbias + rbias + rate + law
        finite = np.isfinite(total[0] + total[1] + total[2] + cutoff)
        good = (
            finite
            & (change <= _RELATIVE * m.t + _ABSOLUTE_S)
            & (memory.sense * along > _LEAST_DOWNRANGE)
        )
    keep, take = active & finite, active & good
    for name, new in (
        ("r_aim", r_aim),
        ("v_aim", v_aim),
        ("vbias", vbias),
        ("rbias", rbias),
        ("cutoff", cutoff),
    ):
        setattr(memory, name, np.where(keep, new, getattr(memory, name)))
    for name, new in (("law", law), ("rate", rate), ("at", t + turn)):
        setattr(memory, name, np.where(take, new, getattr(memory, name)))
    missed = active & ~good
    memory.held = np.where(take, 0.0, memory.held + missed)
    memory.missed = memory.missed + missed
