"""The problems as every program gets them: in units near one, formulas over a namespace.

A formula takes (ops, x, u) or (ops, x), where `ops` has sqrt, exp, cos, sin and fmin for the
program's own kind of number. Constants from the sources named; the optima as published.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Pairs = tuple[tuple[float, float], ...]


def no_path(ops: Any, x: Sequence[Any], u: Sequence[Any]) -> list[Any]:
    return []


@dataclass(frozen=True)
class Phase:
    """rates (ops, x, u); bounds of duration, controls and path; `jump` added to x at the end.

    intervals   of the common mesh
    x0, x1, u0, u1   a straight line between these is the guess
    """

    rates: Callable[[Any, Any, Any], list[Any]]
    duration: tuple[float, float]
    guessed: float
    control: Pairs
    intervals: int
    x0: tuple[float, ...]
    x1: tuple[float, ...]
    u0: tuple[float, ...]
    u1: tuple[float, ...]
    path: Callable[[Any, Any, Any], list[Any]] = no_path
    path_limits: Pairs = ()
    jump: tuple[float, ...] = ()

    @property
    def directs(self) -> bool:
        """Is the control a direction, of length one?"""
        return len(self.control) == 3


@dataclass(frozen=True)
class Case:
    """What is sought: the largest last state `best`, or the shortest time where that is None.

    unit     of what is sought, in what `says` names; `published` in the same, with its digits
    place    (states, metres per unit) that a re-flown miss is measured in
    """

    name: str
    title: str
    phases: tuple[Phase, ...]
    start: tuple[float, ...]
    state: Pairs
    end: Callable[[Any, Any], list[Any]]
    best: int | None
    unit: float
    says: str
    published: float
    place: tuple[tuple[int, ...], float]
    end_count: int


# Delta III (Betts 2010, example 6.15; Benson 2005): the optimum 7529.712287 kg as distributed with
# yapss 0.2.3. Canonical units, mass in units of the one at lift-off
MU, RE, OMEGA, G0 = 3.986012e14, 6378145.0, 7.29211585e-5, 9.80665
V = math.sqrt(MU / RE)
T = RE / V
M = 301454.0
THRUST = (6 * 628500.0 + 1083100.0, 3 * 628500.0 + 1083100.0, 1083100.0, 110094.0)
_SRB, _FIRST, _SECOND = 17010.0 / 75.2, 95550.0 / 261.0, 16820.0 / 700.0
FLOW = (6 * _SRB + _FIRST, 3 * _SRB + _FIRST, _FIRST, _SECOND)
DROP = (6 * 2280.0, 3 * 2280.0, 8830.0, 0.0)
TIMES = (75.2, 75.2, 110.6, 700.0)
PERIGEE = 24361140.0 * (1.0 - 0.7308)


def _target() -> tuple[list[float], list[float], list[float], float]:
    """h, directions to perigee and 90 degrees ahead, e; canonical."""
    i, raan, argp = (math.radians(x) for x in (28.5, 269.8, 130.5))
    node = [math.cos(raan), math.sin(raan), 0.0]
    up = [-math.cos(i) * math.sin(raan), math.cos(i) * math.cos(raan), math.sin(i)]
    p = [math.cos(argp) * a + math.sin(argp) * b for a, b in zip(node, up, strict=True)]
    q = [-math.sin(argp) * a + math.cos(argp) * b for a, b in zip(node, up, strict=True)]
    size = math.sqrt(24361140.0 / RE * (1.0 - 0.7308**2))
    h = [size * (p[1] * q[2] - p[2] * q[1]), size * (p[2] * q[0] - p[0] * q[2]),
         size * (p[0] * q[1] - p[1] * q[0])]  # fmt: skip
    return h, p, q, 0.7308


H, P, Q, E = _target()


def _delta_rates(thrust: float, flow: float, air: float) -> Callable[[Any, Any, Any], list[Any]]:
    force, lost = thrust / M / (V / T), flow / M * T

    def rates(ops: Any, x: Any, u: Any) -> list[Any]:
        r = ops.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2])
        w = (x[3] + OMEGA * T * x[1], x[4] - OMEGA * T * x[0], x[5])
        # a millimetre a second keeps the speed smooth on the pad
        speed = ops.sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2] + (1e-3 / V) ** 2)
        drag = (
            air
            * 0.5
            * 1.225
            * 0.5
            * 4.0
            * math.pi
            * RE
            / M
            * ops.exp(ops.fmin((1.0 - r) * (RE / 7200.0), 0.5))
        )
        gravity = -1.0 / (r * r * r)
        a = [gravity * x[c] + (force * u[c] - drag * speed * w[c]) / x[6] for c in range(3)]
        return [x[3], x[4], x[5], a[0], a[1], a[2], -lost + 0.0 * x[6]]

    return rates


def _unit_and_floor(ops: Any, x: Any, u: Any) -> list[Any]:
    return [
        u[0] * u[0] + u[1] * u[1] + u[2] * u[2],
        x[0] * x[0] + x[1] * x[1] + x[2] * x[2],
    ]


def _delta_end(ops: Any, x: Any) -> list[Any]:
    h = [x[1] * x[5] - x[2] * x[4], x[2] * x[3] - x[0] * x[5], x[0] * x[4] - x[1] * x[3]]
    k = [x[4] * h[2] - x[5] * h[1], x[5] * h[0] - x[3] * h[2], x[3] * h[1] - x[4] * h[0]]
    r = ops.sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2])
    e = [k[c] - x[c] / r for c in range(3)]
    return [
        h[0] - H[0],
        h[1] - H[1],
        h[2] - H[2],
        e[0] * P[0] + e[1] * P[1] + e[2] * P[2] - E,
        e[0] * Q[0] + e[1] * Q[1] + e[2] * Q[2],
    ]


def delta_iii(air: float = 1.0, straight: bool = False) -> Case:
    """From a guess that stands on the pad, or straight from there to the perigee."""
    lat = math.radians(28.5)
    pad = (math.cos(lat), 0.0, math.sin(lat), 0.0, OMEGA * math.cos(lat) * T, 0.0)
    speed = math.sqrt(MU * (1.0 + E) / PERIGEE) / V
    aim = (*(PERIGEE / RE * a for a in P), *(speed * a for a in Q))
    phases, m, now = [], M, 0.0
    for i, (t, flow) in enumerate(zip(TIMES, FLOW, strict=True)):
        # no flight at all: every node on the pad, those of the last phase at the perigee
        t = min(t, 690.0)
        where = then = pad if i < 3 else aim
        if straight:
            where, then = (
                tuple(a + (b - a) * f / 951.0 for a, b in zip(pad, aim, strict=True))
                for f in (now, now + t)
            )
        now += t
        after = m - flow * t
        u = (1.0, 0.0, 0.0) if i < 2 else (0.0, 1.0, 0.0)
        phases.append(
            Phase(
                _delta_rates(THRUST[i], flow, air),
                (t / T, t / T) if i < 3 else (100.0 / T, 700.0 / T),
                t / T,
                ((-1.1, 1.1),) * 3,
                (6, 5, 5, 8)[i],
                (*where, m / M),
                (*then, after / M),
                u,
                u,
                _unit_and_floor,
                ((1.0, 1.0), (0.99999, 9.0)),
                (0.0,) * 6 + (-DROP[i] / M,) if DROP[i] else (),
            )
        )
        m = after - DROP[i]
    return Case(
        "delta-iii", "Delta III to a transfer orbit (Betts; Benson)", tuple(phases),
        (*pad, 1.0), ((-3.0, 3.0),) * 6 + ((0.01, 1.0),), _delta_end, 6, M, "kg left",
        7529.712287, ((0, 1, 2), RE), 5,
    )  # fmt: skip


# Goddard's rocket in three phases (Betts 2010; yapss 0.2.3): feet, pounds, seconds
SIGMA, EXHAUST, SCALE, GRAVITY, FULL = (
    5.49153484923381e-05, 1580.942527987656, 23800.0, 32.174, 193.044,
)  # fmt: skip
FEET, FPS, TENS = 1e4, 1e3, 10.0


def _goddard_drag(ops: Any, x: Any) -> Any:
    return SIGMA * FPS * FPS * x[1] * x[1] * ops.exp(x[0] * (-FEET / SCALE))


def _goddard_rates(ops: Any, x: Any, u: Any) -> list[Any]:
    force = (u[0] * FULL - _goddard_drag(ops, x)) / x[2]
    return [x[1] * (FPS * TENS / FEET), force * (TENS / FPS) - GRAVITY * TENS / FPS,
            u[0] * (-FULL / EXHAUST * TENS)]  # fmt: skip


def _singular(ops: Any, x: Any, u: Any) -> list[Any]:
    drag = _goddard_drag(ops, x)
    return [(x[2] * GRAVITY - drag - x[1] * drag * (FPS / EXHAUST)) * 0.02]


def goddard() -> Case:
    states = ((0.0, 0.3, 3.0), (0.6, 0.5, 2.3), (1.2, 0.5, 1.6), (1.8, 0.0, 1.0))
    controls = ((1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    phases = tuple(
        Phase(
            _goddard_rates, (0.1, 4.5), 1.5, (controls[i],), 8, states[i], states[i + 1],
            (1.0 - i / 2,), (1.0 - i / 2,), _singular if i == 1 else no_path,
            ((0.0, 0.0),) if i == 1 else (),
        )
        for i in range(3)
    )  # fmt: skip
    return Case(
        "goddard", "Goddard's rocket with its singular arc", phases, (0.0, 0.0, 3.0),
        ((0.0, 3.0), (0.0, 3.0), (1.0, 3.0)), lambda ops, x: [x[2] - 1.0], 0, FEET, "ft",
        18550.8718638, ((0,), FEET * 0.3048), 1,
    )  # fmt: skip


def landing() -> Case:
    """Meditch 1964, normalised; one switch, from free fall to full thrust."""

    def rates(ops: Any, x: Any, u: Any) -> list[Any]:
        return [x[1] + 0.0 * u[0], u[0] / x[2] - 1.0, u[0] * (-1.0 / 2.349)]

    states = ((1.0, -0.783, 1.0), (0.7, -1.0, 0.9), (0.0, 0.0, 0.5))
    control = ((0.0, 1.227),)
    phases = (
        Phase(rates, (0.05, 0.5), 0.3, control, 2, states[0], states[1], (0.1,), (0.1,)),
        Phase(rates, (0.5, 2.0), 1.1, control, 6, states[1], states[2], (1.0,), (1.0,)),
    )
    return Case(
        "moon-landing", "Landing on the Moon, throttle free (Meditch)", phases, states[0],
        ((-1.0, 2.0), (-3.0, 3.0), (0.05, 1.0)), lambda ops, x: [x[0], x[1]], 2, 1.0,
        "of the mass left", 0.3953543640, ((0,), 1.0), 2,
    )  # fmt: skip


def _climb(
    name: str, title: str, g: float, speed: float, thrust: float, m0: float, isp: float,
    rho0: float, published: float, guessed: float,
) -> Case:  # fmt: skip
    """Flat ground, one stage, shortest time to level flight at 185 km (dymos 1.15.1, ssto).

    Drag acts on each component of the velocity by itself, and flow is counted with the local
    gravity, as there.
    """
    length, time, high = 1e5, 100.0, 185e3
    v = length / time
    push, pull, flow = thrust / m0 * time / v, g * time / v, thrust / (g * isp) / m0 * time
    drag = 0.5 * 0.5 * 7.069 * rho0 * v * v / m0 * time / v

    def rates(ops: Any, x: Any, u: Any) -> list[Any]:
        thick = ops.exp(x[1] * (-length / 8440.0)) * drag
        ax = (push * ops.cos(u[0]) - thick * x[2] * x[2]) / x[4]
        ay = (push * ops.sin(u[0]) - thick * x[3] * x[3]) / x[4] - pull
        return [x[2] + 0.0 * u[0], x[3] + 0.0 * u[0], ax, ay, -flow + 0.0 * x[4]]

    start = (0.0, 0.0, 0.0, 0.0, 1.0)
    end = (
        0.5 * speed * guessed / length,
        high / length,
        speed / v,
        0.0,
        1.0 - flow * guessed / time,
    )
    phase = Phase(
        rates, (0.3, 8.0), guessed / time, ((-1.57, 1.57),), 12, start, end, (1.5,), (-0.7,),
    )  # fmt: skip
    return Case(
        name, title, (phase,), start,
        ((-5.0, 50.0), (-1.0, 5.0), (-5.0, 20.0), (-5.0, 10.0), (0.005, 1.0)),
        lambda ops, x: [x[1] - high / length, x[2] - speed / v, x[3]], None, time, "s", published,
        ((0, 1), length), 3,
    )  # fmt: skip


def ssto_earth() -> Case:
    return _climb(
        "ssto-earth", "One stage from a flat Earth with air, quickest (dymos)", 9.80665, 7796.6961,
        2.1e6, 117000.0, 265.2, 1.225, 143.0, 140.0,
    )  # fmt: skip


def ssto_moon() -> Case:
    return _climb(
        "ssto-moon", "One stage from a flat Moon, quickest (dymos)", 1.61544, 1627.0,
        3.0 * 50000.0 * 1.61544, 50000.0, 1e6, 0.0, 481.0, 450.0,
    )  # fmt: skip


def two_burns() -> Case:
    """Coplanar raising from r = 1 to 3 with two finite burns (dymos 1.15.1, orbit raise).

    Its 0.3995 of velocity, within 2e-3, is the mass left exp(-0.3995 / 1.5).
    """

    def rates(burning: float) -> Callable[[Any, Any, Any], list[Any]]:
        def formula(ops: Any, x: Any, u: Any) -> list[Any]:
            push, turn = burning * 0.1 / x[4], x[3] / x[0]
            return [
                x[2],
                turn,
                x[3] * turn - 1.0 / (x[0] * x[0]) + push * ops.sin(u[0]),
                push * ops.cos(u[0]) - x[2] * turn,
                burning * (-0.1 / 1.5) + 0.0 * x[4],
            ]

        return formula

    states = ((1.0, 0.0, 0.0, 1.0, 1.0), (1.1, 2.2, 0.1, 1.0, 0.85), (2.9, 5.0, 0.1, 0.5, 0.85),
              (3.0, 6.0, 0.0, 3.0**-0.5, 0.76))  # fmt: skip
    limits, times = ((0.5, 10.0), (0.5, 50.0), (0.5, 10.0)), (2.25, 10.0, 1.75)
    controls = (((-0.6, 0.6),), ((0.0, 0.0),), ((-3.2, 3.2),))
    phases = tuple(
        Phase(rates(0.0 if i == 1 else 1.0), limits[i], times[i], controls[i], (4, 8, 4)[i],
              states[i], states[i + 1], (0.0,), (0.0,))
        for i in range(3)
    )  # fmt: skip
    return Case(
        "two-burns", "Two finite burns from r = 1 to 3 (dymos)", phases, states[0],
        ((0.5, 5.0), (-1.0, 20.0), (-2.0, 2.0), (0.1, 2.0), (0.3, 1.0)),
        lambda ops, x: [x[0] - 3.0, x[2], x[3] - 3.0**-0.5], 4, 1.0, "of the mass left",
        math.exp(-0.3995 / 1.5), ((0,), 1.0), 3,
    )  # fmt: skip


ALL = {
    case.name: case
    for case in (delta_iii(), goddard(), landing(), ssto_earth(), ssto_moon(), two_burns())
}
