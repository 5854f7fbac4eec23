"""The small namespace and its tables, against NumPy's own polynomials and exact cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import chebyshev as reference

from cosmodrome.errors import InputError
from cosmodrome.maths import (
    NUMPY,
    SCALAR,
    HingeTable,
    chebyshev,
    fit_matrix,
    gauss_fit,
    gauss_lobatto_points,
    lobatto,
    lobatto_basis,
    softplus,
)

small = st.floats(-3.0, 3.0)


@given(st.lists(small, min_size=1, max_size=12), st.floats(-1.0, 1.0))
def test_clenshaw_equals_numpy(coefficients: list[float], x: float) -> None:
    assert chebyshev(coefficients, x) == pytest.approx(
        float(reference.chebval(x, coefficients)), abs=1e-13
    )


@pytest.mark.parametrize("n", [2, 4, 7, 12])
def test_fit_matrix_recovers_polynomials(n: int) -> None:
    rng = np.random.default_rng(n)
    c = rng.standard_normal(n)
    values = reference.chebval(gauss_lobatto_points(n), c)
    assert np.allclose(fit_matrix(n) @ values, c, atol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 7, 16])
def test_gauss_fit_recovers_polynomials_from_zeros(n: int) -> None:
    c = np.random.default_rng(n).standard_normal(n)
    points, fit = gauss_fit(n)
    assert np.allclose(reference.chebval(points, [0.0] * n + [1.0]), 0.0, atol=1e-13)
    assert np.allclose(fit @ reference.chebval(points, c), c, atol=1e-13)


@pytest.mark.parametrize("points", [2, 3, 4, 5, 7])
def test_lobatto_integrates_to_its_order(points: int) -> None:
    scheme = lobatto(points)
    # the quadrature row is exact to degree 2 s - 3 (Hairer, Norsett & Wanner IV.5)
    for k in range(2 * points - 2):
        assert scheme.integral[-1] @ scheme.nodes**k == pytest.approx(1.0 / (k + 1), abs=1e-14)
    # and not one degree further
    k = 2 * points - 2
    assert abs(scheme.integral[-1] @ scheme.nodes**k - 1.0 / (k + 1)) > 1e-9
    # every row is exact for the interpolated degrees
    for k in range(points):
        assert np.allclose(
            scheme.integral @ scheme.nodes**k, scheme.nodes ** (k + 1) / (k + 1), atol=1e-14
        )


def test_lobatto_four_points_are_the_published_ones() -> None:
    # 1/2 -+ sqrt(5)/10: Hairer & Wanner, table IV.5.7 (Lobatto IIIA, order 6)
    assert np.allclose(
        lobatto(4).nodes, [0.0, 0.5 - math.sqrt(5) / 10, 0.5 + math.sqrt(5) / 10, 1.0], atol=1e-15
    )
    assert np.allclose(lobatto(4).integral[-1], [1 / 12, 5 / 12, 5 / 12, 1 / 12], atol=1e-15)


@given(st.floats(-800.0, 800.0))
def test_softplus_neither_overflows_nor_drifts(x: float) -> None:
    value = softplus(SCALAR, x)
    assert value >= max(x, 0.0)
    if abs(x) < 30.0:
        assert value == pytest.approx(math.log(1.0 + math.exp(x)), rel=1e-12)
    assert float(softplus(NUMPY, np.array(x))) == pytest.approx(value, rel=1e-15)


def test_hinge_table_passes_through_its_points_and_is_flat_outside() -> None:
    mach = [0.0, 0.6, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 30.0]
    cd = [0.3, 0.3, 0.36, 0.5, 0.58, 0.52, 0.44, 0.34, 0.28, 0.24, 0.22, 0.22]
    table = HingeTable.through(mach, cd)
    assert np.allclose(table(NUMPY, np.array(mach)), cd, atol=1e-12)
    between = table(NUMPY, np.linspace(0.0, 30.0, 3001))
    assert between.min() > 0.2
    assert between.max() < 0.6
    assert table(SCALAR, 300.0) == pytest.approx(table(SCALAR, 200.0), abs=1e-12)


def test_hinge_table_is_smooth_across_a_knot() -> None:
    table = HingeTable.through([0.0, 1.0, 2.0], [0.0, 1.0, 0.0])
    h = 1e-3
    x = 1.0 + h * np.arange(-200, 201)
    second = np.diff(table(NUMPY, x), 2) / h**2
    # a corner would show as one enormous value; a rounded one as a bounded bump
    assert np.abs(np.diff(second)).max() < 0.1


@pytest.mark.parametrize("x", [[0.0], [1.0, 0.0], [0.0, 0.0, 1.0]])
def test_hinge_table_refuses_unsorted_points(x: list[float]) -> None:
    with pytest.raises(InputError, match="strictly increasing"):
        HingeTable.through(x, [0.0] * len(x))


@given(st.tuples(small, small, small), st.tuples(small, small, small))
def test_vector_helpers_equal_numpy(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> None:
    assert SCALAR.dot(a, b) == pytest.approx(float(np.dot(a, b)), abs=1e-12)
    assert np.allclose(SCALAR.cross(a, b), np.cross(a, b), atol=1e-12)
    assert SCALAR.norm(a) == pytest.approx(float(np.linalg.norm(a)), abs=1e-12)


@pytest.mark.parametrize("points", [2, 4, 7])
def test_lobatto_basis_is_exact_for_its_polynomials(points: int) -> None:
    at = (0.0, 0.13, 0.5, 1.0)
    value, integral = lobatto_basis(points, at)
    nodes, t = lobatto(points).nodes, np.array(at)
    for k in range(points):
        assert np.allclose(value @ nodes**k, t**k, atol=1e-13)
        assert np.allclose(integral @ nodes**k, t ** (k + 1) / (k + 1), atol=1e-13)
    # and not beyond: one power more is missed between the nodes
    assert abs(value[1] @ nodes**points - t[1] ** points) > 1e-6


def test_a_curve_is_its_function() -> None:
    assert SCALAR.curve(lambda ops, x: ops.exp(x), 1.0) == math.e
    assert NUMPY.curve(lambda ops, x: (x, 2.0 * x), np.ones(2))[1].tolist() == [2.0, 2.0]
