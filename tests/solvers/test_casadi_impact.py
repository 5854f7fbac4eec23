"""The impact point as a constraint: symbols give NumPy's numbers, and right derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered
from cosmodrome.physics.impact import edge_normals, edge_sines, vacuum_impact

PLANET = powered.Planet(
    3.986004415e14, 6378136.3, 0.0, 0.0, 0.0, 7.292115e-5, 6378137.0, 1.0 / 298.257223563
)
NORMALS = edge_normals([[1.0, 0.0, 0.9], [1.0, 0.1, 0.9], [1.0, 0.05, 1.2]])


def states(n: int) -> np.ndarray:
    """Suborbital states (7, n): place, velocity, time since lift-off."""
    rng = np.random.default_rng(4)
    r = rng.standard_normal((3, n))
    r /= np.linalg.norm(r, axis=0)
    side = np.cross(r, rng.standard_normal((3, n)), axis=0)
    side /= np.linalg.norm(side, axis=0)
    angle = np.radians(rng.uniform(3.0, 60.0, n))
    v = rng.uniform(1000.0, 7000.0, n) * (np.sin(angle) * r + np.cos(angle) * side)
    return np.vstack([r * (6371e3 + rng.uniform(60e3, 200e3, n)), v, rng.uniform(0.0, 600.0, n)])


def test_symbols_give_the_same_impact_and_its_derivatives() -> None:
    ca = pytest.importorskip("casadi")

    from cosmodrome.solvers.casadi_ops import CASADI

    x = ca.SX.sym("x", 7)
    p = [x[i] for i in range(7)]
    hit = vacuum_impact(CASADI, PLANET, tuple(p[:3]), tuple(p[3:6]), 20e3, p[6])
    out = ca.vertcat(*hit.direction, hit.time_s, *edge_sines(CASADI, hit.direction, NORMALS))
    value = ca.Function("value", [x], [out])
    slope = ca.Function("slope", [x], [ca.jacobian(out, x)])
    curve = ca.Function("curve", [x], [ca.hessian(ca.sum1(out), x)[0]])

    def numeric(y: np.ndarray) -> np.ndarray:
        h = vacuum_impact(NUMPY, PLANET, tuple(y[:3]), tuple(y[3:6]), 20e3, y[6])
        return np.array([*h.direction, h.time_s, *edge_sines(NUMPY, h.direction, NORMALS)])

    steps = np.array([10.0] * 3 + [0.01] * 3 + [0.01])
    for y in states(60).T:
        there = np.array(value(y)).ravel()
        # sums of the same terms in another order: 2e-12 measured, in the time in seconds
        assert there == pytest.approx(numeric(y), rel=1e-11, abs=1e-11)
        jacobian = np.array(slope(y))
        for k, step in enumerate(steps):
            d = np.zeros(7)
            d[k] = step
            differences = (numeric(y + d) - numeric(y - d)) / (2.0 * step)
            size = np.abs(jacobian[:, k]).max()
            # truncation of the differences: 3e-6 of the column measured
            assert jacobian[:, k] == pytest.approx(differences, rel=1e-5, abs=2e-5 * size)
        assert np.all(np.isfinite(np.array(curve(y))))
