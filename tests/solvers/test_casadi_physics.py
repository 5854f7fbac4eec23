"""One formula, two kinds of number: CasADi's answers are NumPy's; its derivatives are right."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.maths import NUMPY
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.solvers.nlp import Block, Problem, Solver

PLANET = powered.Planet(
    3.986004415e14,
    6378136.3,
    1.08262617e-3,
    -2.53241e-6,
    -1.61989e-6,
    7.292115e-5,
    6378137.0,
    1.0 / 298.257223563,
)
BODY = powered.Body(
    28.0,
    aerodynamics.cd_table(
        [0.0, 0.6, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 10.0, 30.0],
        [0.3, 0.3, 0.36, 0.5, 0.58, 0.52, 0.44, 0.34, 0.22, 0.22],
    ),
)


def test_numpy_and_casadi_agree_on_random_states() -> None:
    ca = pytest.importorskip("casadi")

    from cosmodrome.solvers.casadi_ops import CASADI

    x = ca.SX.sym("x", 10)
    parts = [x[i] for i in range(10)]
    a = powered.accelerations(
        CASADI, PLANET, BODY, tuple(parts[:3]), tuple(parts[3:6]), parts[9], tuple(parts[6:9]),
        4.2e6, 9.1,
    )  # fmt: skip
    f = ca.Function("f", [x], [ca.vertcat(*a.total)])
    rng = np.random.default_rng(11)
    n = 500
    r = rng.standard_normal((3, n))
    r *= (6.36e6 + rng.uniform(0.0, 9e5, n)) / np.linalg.norm(r, axis=0)
    v = rng.standard_normal((3, n)) * 3500.0
    u = rng.standard_normal((3, n))
    u /= np.linalg.norm(u, axis=0)
    m = rng.uniform(5e3, 3e5, n)
    symbolic = np.array(f.map(n)(np.vstack([r, v, u, m])))
    numeric = np.stack(
        powered.accelerations(
            NUMPY, PLANET, BODY, tuple(r), tuple(v), m, tuple(u), 4.2e6, 9.1
        ).total
    )
    # relative to the size of the acceleration; some hundred operations of rounding
    error = np.linalg.norm(symbolic - numeric, axis=0) / np.linalg.norm(numeric, axis=0)
    assert error.max() < 1e-13


def test_structured_programme_equals_a_hand_solution() -> None:
    import scipy.sparse as sp

    # nearest point on three unit spheres to a plane: minimise sum of x, |p_k|^2 = 1, x_k linked
    index = np.arange(6).reshape(3, 2)
    block = Block(
        lambda ops, z, par: [z[0] * z[0] + par[0] * z[1] * z[1]],
        index,
        np.array([[1.0], [4.0], [9.0]]),
        sp.csc_matrix((np.ones(3), (np.arange(3), np.arange(3))), shape=(3, 3)),
    )
    problem = Problem(6, 3, sp.coo_matrix((3, 6)), (block,))
    result = Solver(problem).solve(
        np.array([1.0, 1.0] * 3),
        np.full(6, -0.3),
        (np.full(6, -5.0), np.full(6, 5.0)),
        (np.ones(3), np.ones(3)),
    )
    assert result.solved
    for k, a in enumerate((1.0, 4.0, 9.0)):
        # Lagrange: x = -sqrt(a / (1 + a)), y = x / a on x^2 + a y^2 = 1
        x = -np.sqrt(a / (1.0 + a))
        assert np.allclose(result.w[index[k]], [x, x / a], atol=1e-8)
        # the multiplier is what the objective gains per unit of the constraint
        assert abs(result.lam_g[k] + 0.5 / x) < 1e-6


def test_an_unsolvable_programme_says_so() -> None:
    import scipy.sparse as sp

    block = Block(
        lambda ops, z, par: [z[0] * z[0]],
        np.array([[0]]),
        np.zeros((1, 1)),
        sp.csc_matrix(np.ones((1, 1))),
    )
    problem = Problem(1, 1, sp.coo_matrix((1, 1)), (block,))
    result = Solver(problem).solve(
        np.array([1.0]),
        np.array([0.5]),
        (np.array([-9.0]), np.array([9.0])),
        (np.array([-2.0]), np.array([-1.0])),
        max_iter=60,
    )
    assert not result.solved


def test_lifted_curves_have_the_derivatives_of_the_whole_formula() -> None:
    # air over height, drag coefficient over a Mach number that follows from that air: a curve
    # within a curve, against CasADi's own differentiation of everything written out
    ca = pytest.importorskip("casadi")

    from cosmodrome.solvers.casadi_ops import CASADI, Lifting

    x = ca.SX.sym("x", 10)
    p = ca.vertsplit(x)
    weights = ca.SX.sym("weights", 3)

    def total(ops: object) -> object:
        a = powered.accelerations(ops, PLANET, BODY, p[:3], p[3:6], p[9], p[6:9], 4.2e6, 9.1)  # type: ignore[arg-type]
        return ca.vertcat(*a.total)

    lifting = Lifting.fresh()
    plain, lifted = total(CASADI), total(lifting)
    assert len(lifting.lifted) == 2
    pairs = [(plain, lifting.settled(lifted, 0))]
    pairs.append((ca.jacobian(plain, x), lifting.settled(ca.jacobian(lifted, x), 1)))
    pairs.append(
        (
            ca.hessian(ca.dot(weights, plain), x)[0],
            lifting.settled(ca.hessian(ca.dot(weights, lifted), x)[0], 2),
        )
    )
    rng = np.random.default_rng(5)
    for _ in range(20):
        r = rng.standard_normal(3)
        r *= (6.378e6 + rng.uniform(0.0, 9e4)) / np.linalg.norm(r)
        u = rng.standard_normal(3)
        point = np.r_[r, rng.standard_normal(3) * 1500.0, u / np.linalg.norm(u), 2e5]
        for whole, short in pairs:
            f = ca.Function("f", [x, weights], [ca.densify(whole), ca.densify(short)])
            a, b = (np.array(y) for y in f(point, rng.standard_normal(3)))
            # by rows and columns: units differ by thirteen powers of ten
            size = np.abs(a).max()
            assert np.abs(a - b).max() <= 1e-12 * size
            assert np.allclose(a, b, rtol=1e-9, atol=1e-16 * size)


def test_equal_formulas_of_other_curves_are_not_confused() -> None:
    # differentiated functions are kept by what they compute; the text of these two is the same
    import scipy.sparse as sp

    def root(curve: object) -> float:
        block = Block(
            lambda ops, z, par: [ops.curve(curve, z[0])],
            np.array([[0]]),
            np.zeros((1, 1)),
            sp.csc_matrix(np.ones((1, 1))),
        )
        result = Solver(Problem(1, 1, sp.coo_matrix((1, 1)), (block,))).solve(
            np.zeros(1), np.array([1.0]), (np.zeros(1), np.full(1, 9.0)), (np.ones(1), np.ones(1))
        )
        assert result.solved
        return float(result.w[0])

    def square(ops: object, x: object) -> object:
        return 4.0 * x * x  # type: ignore[operator]

    def cube(ops: object, x: object) -> object:
        return 27.0 * x * x * x  # type: ignore[operator]

    for _ in range(2):  # the second time both are known
        assert root(square) == pytest.approx(0.5, abs=1e-9)
        assert root(cube) == pytest.approx(1.0 / 3.0, abs=1e-9)
    assert root(lambda ops, x: x * x) == pytest.approx(1.0, abs=1e-9)
