"""Rows and blocks of a programme while they are being laid down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from cosmodrome.solvers.nlp import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cosmodrome.maths import Ops

__all__ = ["Draft", "Rows"]


@dataclass(slots=True)
class Rows:
    """Constraint rows as they are laid down: bounds, names, and their linear parts."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    names: dict[str, list[int]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, name: str, lower: float, upper: float) -> int:
        """A new row with these bounds; its index."""
        self.names.setdefault(name, []).append(len(self.lower))
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def shift(self, row: int, value: float) -> None:
        """Move both bounds of a row by `value`."""
        self.lower[row] += value
        self.upper[row] += value

    def linear(self, row: int, column: int, value: float) -> None:
        """Add `value` times the unknown `column` to a row."""
        self.rows.append(row)
        self.columns.append(int(column))
        self.values.append(value)


@dataclass(slots=True)
class Draft:
    """A block as it grows: its copies, and where their outputs enter."""

    formula: Callable[[Ops, Sequence[Any], Sequence[Any]], Sequence[Any]]
    outputs: int
    index: list[list[int]] = field(default_factory=list)
    parameters: list[list[float]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def copy(self, index: list[int], parameters: list[float]) -> int:
        """One more copy over these unknowns; its number."""
        self.index.append(index)
        self.parameters.append(parameters)
        return len(self.index) - 1

    def enter(self, row: int, copy: int, output: int, weight: float = 1.0) -> None:
        """Add `weight` times an output of a copy to a row."""
        self.rows.append(row)
        self.columns.append(copy * self.outputs + output)
        self.values.append(weight)

    def block(self, m: int) -> Block:
        """The finished block of a programme with m rows."""
        return Block(
            self.formula,
            np.array(self.index, dtype=np.int64),
            np.array(self.parameters, dtype=np.float64),
            sp.csc_matrix(
                (self.values, (self.rows, self.columns)),
                shape=(m, len(self.index) * self.outputs),
            ),
        )
