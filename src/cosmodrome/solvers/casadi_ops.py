"""`Ops` on CasADi symbols. Importing this module loads CasADi."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import casadi as ca

from cosmodrome.maths import Ops

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CASADI", "Lifted", "Lifting"]

CASADI = Ops(
    "casadi",
    ca.sqrt,
    ca.exp,
    ca.log,
    ca.log1p,
    ca.sin,
    ca.cos,
    ca.tanh,
    ca.atan2,
    ca.fabs,
    ca.fmin,
    ca.fmax,
)


@lru_cache(maxsize=64)
def _jet(f: Callable[[Ops, Any], Any]) -> tuple[Any, bool]:
    """Value, slope and curvature of a curve, (n_out, 3), at one place; is it a tuple?"""
    x = ca.SX.sym("x")
    y = f(CASADI, x)
    several = isinstance(y, tuple)
    value = ca.vertcat(*y) if several else ca.SX(y)
    slope = ca.jacobian(value, x)
    jet = ca.horzcat(value, slope, ca.jacobian(slope, x))
    return ca.Function("jet", [x], [ca.densify(jet)], {"cse": True}), several


@dataclass(frozen=True, slots=True, eq=False)
class Lifted:
    """A curve that was met at place `x`: its symbols stand for that place and the jet there."""

    f: Callable[[Ops, Any], Any]
    x: Any
    place: Any
    jet: Any


@dataclass(frozen=True, slots=True)
class Lifting(Ops):
    """CasADi symbols, with each curve replaced by its parabola at the place where it is met.

    The parabola has the curve's value, slope and curvature there, so that first and second
    derivatives of a formula come out exactly, and the curve's own formula is differentiated
    along its single variable only.
    """

    lifted: list[Lifted] = field(default_factory=list)

    @classmethod
    def fresh(cls) -> Lifting:
        """With no curve met yet."""
        return cls(**{f.name: getattr(CASADI, f.name) for f in fields(CASADI)})

    def curve(self, f: Callable[[Ops, Any], Any], x: Any) -> Any:
        """The parabola of the curve at `x`."""
        function, several = _jet(f)
        place, jet = ca.SX.sym("place"), ca.SX.sym("jet", *function.size_out(0))
        self.lifted.append(Lifted(f, x, place, jet))
        dx = x - place
        y = ca.vertsplit(jet[:, 0] + dx * (jet[:, 1] + 0.5 * dx * jet[:, 2]))
        return tuple(y) if several else y[0]

    def settled(self, expression: Any, order: int) -> Any:
        """A formula's derivative of this order (0, 1, 2), every curve's symbols replaced."""
        symbols: list[Any] = []
        values: list[Any] = []
        for met in self.lifted:
            # a curve may be met at a place that follows from another curve
            (place,) = ca.substitute([met.x], symbols, values)
            jet = _jet(met.f)[0](place)
            jet[:, order + 1 :] = 0.0
            symbols += [met.place, met.jet]
            values += [place, jet]
        return ca.substitute([expression], symbols, values)[0]
