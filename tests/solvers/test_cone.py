import numpy as np
import pytest
import scipy.sparse as sp

from cosmodrome.solvers.cone import solve


def test_the_lowest_point_of_a_disc_on_a_line():
    # minimise x + 2 y on x^2 + y^2 <= 1 with x >= -0.1 : at the border (-0.1, -sqrt(0.99))
    matrix = sp.csc_matrix(np.array([[-1.0, 0.0], [0.0, 0.0], [-1.0, 0.0], [0.0, -1.0]]))
    right = np.array([0.1, 1.0, 0.0, 0.0])
    found = solve(np.array([1.0, 2.0]), matrix, right, 0, 1, [3])
    assert found.solved
    assert found.x == pytest.approx([-0.1, -np.sqrt(0.99)], abs=1e-6)


def test_what_cannot_be_is_told():
    # x = 1 and x = 2
    matrix = sp.csc_matrix(np.array([[1.0], [1.0]]))
    found = solve(np.array([0.0]), matrix, np.array([1.0, 2.0]), 2, 0, [])
    assert not found.solved
    assert "nfeasible" in found.status
