"""Random problems of Lambert: the set that the solver is held to, and what is hard about it.

Radii 0.01 to 100 of each other, directions uniform over the sphere, half prograde and half
retrograde, 0 to 20 revolutions on both branches. With revolutions the time is 1.001 to 10 times
the minimum, uniform in the logarithm of what is above the minimum; without, 0.03 to 100 of
sqrt(s^3 / (2 mu)), s half the perimeter (the parabola takes 0 to 1.33 of it).

Beyond that set a velocity in double precision no longer says where the spacecraft will be to 1e-9:
`floor` measures it, by turning the last bit of v1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.lambert.kepler import propagate
from cosmodrome.dynamics.lambert import minimum_time

Array = NDArray[np.float64]
PATHS = ("prograde", "retrograde")


@dataclass(frozen=True)
class Problems:
    r1: Array
    r2: Array
    tof: Array
    revolutions: Array
    branch: list[str]
    path: str
    mu: float = 1.0

    @property
    def many(self) -> dict[str, Any]:
        """As lambert_many takes them beside places and times."""
        return {"revolutions": self.revolutions, "branch": self.branch, "path": self.path}


def directions(g: np.random.Generator, n: int) -> Array:
    u = g.normal(size=(n, 3))
    return u / np.linalg.norm(u, axis=1)[:, None]


def draw(
    n: int,
    seed: int,
    path: str = "prograde",
    *,
    none: float = 0.25,
    most: int = 20,
    above: tuple[float, float] = (1e-3, 9.0),
    direct: tuple[float, float] = (0.03, 100.0),
) -> Problems:
    """n problems; `none` the part without revolutions."""
    g = np.random.default_rng(seed)
    r1 = directions(g, n)
    r2 = directions(g, n) * (10.0 ** g.uniform(-2.0, 2.0, n))[:, None]
    turns = np.where(g.random(n) < none, 0, g.integers(1, most + 1, n)).astype(float)
    branch = [("low", "high")[k] for k in g.integers(0, 2, n)]
    c = np.linalg.norm(r2 - r1, axis=1)
    s = 0.5 * (1.0 + np.linalg.norm(r2, axis=1) + c)
    free = np.sqrt(0.5 * s**3) * np.exp(g.uniform(*np.log(direct), n))
    least = minimum_time(r1, r2, 1.0, turns, path=path)  # type: ignore[arg-type]
    tof = np.where(turns > 0, least * (1.0 + np.exp(g.uniform(*np.log(above), n))), free)
    return Problems(r1, r2, tof, turns, branch, path)


def miss(p: Problems, v1: Array) -> Array:
    """|r(tof) - r2| / max(r1, r2), flown in extended precision."""
    there, _ = propagate(p.r1, v1, p.tof, p.mu)
    size = np.maximum(np.linalg.norm(p.r1, axis=1), np.linalg.norm(p.r2, axis=1))
    gap = (there - p.r2).astype(np.float64)
    return np.asarray(np.linalg.norm(gap, axis=1) / size)


def floor(p: Problems, v1: Array) -> Array:
    """How far the place at arrival moves, same measure, when v1 moves by half its last bits: what
    the best rounding of an exact v1 may miss by, the three components added.
    """
    there, _ = propagate(p.r1, v1, p.tof, p.mu)
    size = np.maximum(np.linalg.norm(p.r1, axis=1), np.linalg.norm(p.r2, axis=1))
    total = np.zeros(len(p.tof))
    for k in range(3):
        moved = v1.astype(np.longdouble)
        moved[:, k] += 0.5 * np.spacing(np.abs(v1[:, k]))
        other, _ = propagate(p.r1, moved, p.tof, p.mu)
        total += np.linalg.norm((other - there).astype(np.float64), axis=1) / size
    return total
