"""Rows of a cone programme while they are being laid down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cosmodrome.solvers import cone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.solvers.cone import Answer

    Array = NDArray[np.float64]

__all__ = ["Affine", "Programme"]

# column -> coefficient, and a constant: a linear expression
Affine = tuple[dict[int, float], float]


@dataclass(slots=True)
class Programme:
    """minimise cost . x over rows of three kinds; n unknowns."""

    n: int
    equal: list[Affine] = field(default_factory=list)
    positive: list[Affine] = field(default_factory=list)
    cones: list[list[Affine]] = field(default_factory=list)

    def zero(self, terms: dict[int, float], constant: float = 0.0) -> None:
        """terms . x + constant = 0."""
        self.equal.append((terms, constant))

    def least(self, terms: dict[int, float], constant: float = 0.0) -> None:
        """terms . x + constant >= 0."""
        self.positive.append((terms, constant))

    def cone(self, rows: Sequence[Affine]) -> None:
        """The first expression is no less than the length of the others."""
        self.cones.append(list(rows))

    def solve(self, cost: Array) -> Answer:
        """By Clarabel."""
        rows = [*self.equal, *self.positive, *(row for c in self.cones for row in c)]
        places: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for k, (terms, _) in enumerate(rows):
            places += [k] * len(terms)
            columns += terms
            values += terms.values()
        matrix: Any = sp.csc_matrix(
            (-np.array(values), (places, columns)), shape=(len(rows), self.n)
        )
        right = np.array([constant for _, constant in rows])
        sizes = [len(c) for c in self.cones]
        return cone.solve(cost, matrix, right, len(self.equal), len(self.positive), sizes)
