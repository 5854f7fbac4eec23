"""Ops: the elementary functions a physical formula may use.

A formula written over `Ops` runs on Python floats (`SCALAR`, fastest for one state), on NumPy
arrays (`NUMPY`, many states at once: the specification) and on CasADi symbols
(`solvers.casadi_ops.CASADI`). A vector is a tuple of three components of whatever kind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NUMPY", "SCALAR", "Ops", "Vector"]

Vector = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Ops:
    """Elementary functions of one kind of number; every other operation is Python's own."""

    name: str
    sqrt: Callable[[Any], Any]
    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    log1p: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    cos: Callable[[Any], Any]
    tanh: Callable[[Any], Any]
    atan2: Callable[[Any, Any], Any]
    fabs: Callable[[Any], Any]
    fmin: Callable[[Any, Any], Any]
    fmax: Callable[[Any, Any], Any]

    def curve(self, f: Callable[[Ops, Any], Any], x: Any) -> Any:
        """f(ops, x): one value, or a tuple of values, over a single variable; f hashable.

        Said this way for long formulas: an optimiser then differentiates f along x once, instead
        of along each of the unknowns that x depends on.
        """
        return f(self, x)

    @staticmethod
    def dot(a: Vector, b: Vector) -> Any:
        """Scalar product of two vectors."""
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

    @staticmethod
    def cross(a: Vector, b: Vector) -> Vector:
        """Vector product."""
        return (
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        )

    def norm(self, a: Vector) -> Any:
        """Length of a vector."""
        return self.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


NUMPY = Ops(
    "numpy",
    np.sqrt,
    np.exp,
    np.log,
    np.log1p,
    np.sin,
    np.cos,
    np.tanh,
    np.arctan2,
    np.abs,
    np.minimum,
    np.maximum,
)
SCALAR = Ops(
    "scalar",
    math.sqrt,
    math.exp,
    math.log,
    math.log1p,
    math.sin,
    math.cos,
    math.tanh,
    math.atan2,
    abs,
    min,
    max,
)
