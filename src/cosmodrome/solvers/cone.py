"""Cone programmes: a thin seam to Clarabel (Goulart & Chen 2024, arXiv:2405.12762).

    minimise c . x   subject to   A x + s = b,  s in a product of cones

Importing this module loads Clarabel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import clarabel
import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Answer", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """x (n,); `solved` where Clarabel met its tolerances, fully or nearly; iterations."""

    x: NDArray[np.float64]
    solved: bool
    status: str
    iterations: int


def solve(
    cost: NDArray[np.float64],
    matrix: Any,
    right: NDArray[np.float64],
    equalities: int,
    inequalities: int,
    cones: Sequence[int],
) -> Answer:
    """The minimum; rows of the sparse matrix (m, n) stand in the order of the arguments.

    equalities    rows with s = 0
    inequalities  rows with s >= 0
    cones         sizes of second-order cones: s_0 >= |(s_1, ...)|
    """
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_iter = 100
    settings.max_threads = 1
    # ten times the default: with less, one step in four of a descent makes no progress any more
    settings.static_regularization_constant = 1e-7
    kinds = [clarabel.ZeroConeT(equalities), clarabel.NonnegativeConeT(inequalities)]
    kinds += [clarabel.SecondOrderConeT(size) for size in cones]
    n = cost.size
    nothing = sp.csc_matrix((n, n))
    found = clarabel.DefaultSolver(
        nothing, cost, sp.csc_matrix(matrix), right, kinds, settings
    ).solve()
    status = str(found.status)
    return Answer(
        np.array(found.x), status in ("Solved", "AlmostSolved"), status, int(found.iterations)
    )
