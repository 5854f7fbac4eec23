"""Bernstein coefficients of values at Lobatto nodes: known ones, and the hull they promise."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.maths import lobatto, lobatto_basis, lobatto_to_bernstein


def test_bernstein_coefficients_of_powers() -> None:
    """x^2 has k (k - 1) / (n (n - 1)), x has k / n, one has ones (Farouki 2012, sec. 3.1)."""
    for points in (3, 4, 6):
        n, k, x = points - 1, np.arange(points), lobatto(points).nodes
        matrix = lobatto_to_bernstein(points)
        assert matrix @ np.ones(points) == pytest.approx(np.ones(points), abs=1e-13)
        assert matrix @ x == pytest.approx(k / n, abs=1e-13)
        assert matrix @ x**2 == pytest.approx(k * (k - 1) / (n * (n - 1)), abs=1e-13)


def test_a_switch_overshoots_unless_its_coefficients_are_held() -> None:
    """Nodes within 0.6 .. 1 are not enough: the cubic between them passes 1."""
    nodes = np.array([0.6, 0.6, 1.0, 1.0])
    fine = lobatto_basis(4, tuple(np.linspace(0.0, 1.0, 401)))[0]
    assert (fine @ nodes).max() > 1.04
    coefficients = lobatto_to_bernstein(4) @ nodes
    assert coefficients.max() > 1.04
    held = np.linalg.solve(lobatto_to_bernstein(4), np.clip(coefficients, 0.6, 1.0))
    assert (fine @ held).max() <= 1.0 + 1e-12
    assert (fine @ held).min() >= 0.6 - 1e-12
