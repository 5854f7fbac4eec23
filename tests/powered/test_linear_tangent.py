"""Vacuum, nearly uniform gravity: the optimal thrust direction is Lawden's linear tangent."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import fsolve

from cosmodrome.maths import HingeTable
from cosmodrome.physics.powered import Body, Planet
from cosmodrome.powered.phases import Phase, uniform
from cosmodrome.powered.statement import Arc, Budget, Powered, Statement, Waypoint
from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Solver

# ten Earth radii with Earth's surface gravity: curvature is worth 1e-4 over this short climb
RADIUS, G = 6.4e7, 9.8
MU = G * RADIUS**2
FORCE, FLOW, MASS = 20_000.0, 6.0, 1000.0
ALTITUDE, SPEED = 8_000.0, 400.0

PLANET = Planet(
    MU, RADIUS, 0.0, 0.0, 0.0, 0.0, RADIUS, 0.0, lambda ops, h: (0.0 * h, 0.0 * h, 300.0 + 0.0 * h)
)
BODY = Body(0.0, HingeTable((), (), (), 0.0))


def closed_form(
    altitude: float = ALTITUDE,
    speed: float = SPEED,
    guess: tuple[float, float, float] = (3.0, 0.06, 55.0),
) -> tuple[float, float, float]:
    """(tan at start, slope, time): Bryson & Ho 1975, section 2.4, with the mass falling."""

    def residual(p: np.ndarray) -> list[float]:
        a, b, t_end = p

        def integral(f: object) -> float:
            return float(quad(f, 0.0, t_end, epsabs=1e-8, epsrel=1e-11)[0])  # type: ignore[arg-type]

        def accel(t: float) -> float:
            return FORCE / (MASS - FLOW * t)

        def up(t: float) -> float:
            tangent = a - b * t
            return accel(t) * tangent / math.sqrt(1.0 + tangent * tangent) - G

        along = integral(lambda t: accel(t) / math.sqrt(1.0 + (a - b * t) ** 2))
        return [
            along - speed,
            integral(up),
            (integral(lambda t: (t_end - t) * up(t)) - altitude) / 100.0,
        ]

    a, b, t_end = fsolve(residual, list(guess), xtol=1e-12)
    return float(a), float(b), float(t_end)


def test_linear_tangent_law() -> None:
    a, b, t_end = closed_form()
    n = 8
    phase = Phase(
        "climb", 60.0, 10.0, 150.0, thrust_vacuum_n=FORCE, flow_kg_s=FLOW, burning=("engine",),
        draws=(("engine", FLOW),), steering="free", mesh=uniform(n),
    )  # fmt: skip
    # canonical: radius, along-track speed and no radial speed at the end; cross-track is nothing
    unit = math.sqrt(MU / RADIUS)

    def formula(ops: object, r: tuple, v: tuple, _: object) -> list:  # type: ignore[type-arg]
        d = ops.norm(r)  # type: ignore[attr-defined]
        radial = ops.dot(r, v) / d  # type: ignore[attr-defined]
        h = ops.norm(ops.cross(r, v)) / d  # type: ignore[attr-defined]
        return [
            (d - 1.0 - ALTITUDE / RADIUS) * 100.0,
            (radial) * 100.0,
            (h - SPEED / unit) * 100.0,
        ]

    r0 = np.array([RADIUS, 0.0, 0.0])
    # a little along-track speed keeps |r x v| differentiable at the start
    v0 = np.array([0.0, 0.0, 0.0])
    end = Waypoint("target", -1, formula, (0.0,) * 3, (0.0,) * 3)
    statement = Statement(
        PLANET, BODY, (phase,), r0, v0, np.eye(3), MASS, (end,), Budget("engine", 900.0)
    )
    t = Transcription(statement)
    k = phase.node_fractions
    r = r0 + np.outer(k, [ALTITUDE, 1e4, 0.0])
    v = np.outer(np.sin(math.pi * k), [150.0, 0.0, 0.0]) + np.outer(k, [0.0, SPEED, 0.0])
    u = np.repeat([[0.9, 0.43588989, 0.0]], k.size, axis=0)
    guess = Powered((Arc(phase, 0.0, 60.0, MASS, r, v, u),), 0.0, 400.0, np.zeros(2))
    lower, upper = t.bounds((0.0, 0.0), (0.0, 900.0))
    result = Solver(t.problem).solve(
        t.objective(0.0, 1.0), t.pack(guess), (lower, upper), (t.g_lower, t.g_upper), max_iter=200
    )
    assert result.solved
    arc = t.unpack(result.w).arcs[0]
    assert arc.duration_s == pytest.approx(t_end, rel=5e-4)
    assert arc.u is not None
    radial = arc.r_m / np.linalg.norm(arc.r_m, axis=1)[:, None]
    sine = np.sum(arc.u * radial, axis=1)
    tangent = sine / np.sqrt(1.0 - sine**2)
    line = a - b * k * arc.duration_s
    assert np.abs(tangent - line).max() < 5e-3 * a
    # and it is a line: the second difference over equal times vanishes
    ends = tangent[:: phase.points - 1]
    assert np.abs(np.diff(ends, 2)).max() < 2e-3
