"""The orbit to reach as equations in equinoctial elements, none of them with a singular angle."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cosmodrome.maths import Ops
    from cosmodrome.transfer.nouns import Goal

__all__ = ["FLIP", "conditions", "flipped", "turned"]

# half a turn about the x axis: inclination i becomes pi - i
FLIP = np.diag([1.0, -1.0, -1.0])
# beyond this inclination the elements of a path are written in flipped axes
_RETROGRADE = 0.6 * math.pi


def flipped(goal: Goal, i_rad: float) -> bool:
    """Are the elements better written in flipped axes, starting from inclination i_rad?"""
    ends = (i_rad, i_rad if goal.i_rad is None else goal.i_rad)
    return max(ends) > _RETROGRADE and math.pi - max(ends) < min(ends)


def turned(goal: Goal) -> Goal:
    """The same orbit told in flipped axes."""
    if goal.i_rad is None:
        return goal
    i = math.pi - goal.i_rad
    flat = min(i, goal.i_rad) < 1e-9
    raan = None if goal.raan_rad is None else math.pi - goal.raan_rad
    argp = None if goal.argp_rad is None else goal.argp_rad + math.pi
    if flat and argp is not None:
        # counted from the x axis, in the sense of motion
        argp = goal.argp_rad
    return replace(goal, i_rad=i, raan_rad=raan, argp_rad=argp)


def conditions(
    goal: Goal, unit_m: float, offset: Sequence[float] = ()
) -> Callable[[Ops, Sequence[Any]], list[Any]]:
    """(ops, (p, f, g, h, k, ...)) -> values that vanish on the orbit, lengths in `unit_m`.

    offset   added to them, in their order; none: zeros
    """
    a = None if goal.a_m is None else goal.a_m / unit_m
    e, i, raan, argp = goal.e, goal.i_rad, goal.raan_rad, goal.argp_rad
    flat = i is not None and i < 1e-9
    tan = None if i is None else math.tan(0.5 * i)

    def shape(x: Sequence[Any]) -> list[Any]:
        p, f, g = x[:3]
        if e is None:
            return [] if a is None else [p / a - (1.0 - f * f - g * g)]
        out = [] if a is None else [p / (a * (1.0 - e * e)) - 1.0]
        if e < 1e-9:
            return [*out, f, g]
        if argp is None:
            return [*out, 0.5 * (f * f + g * g - e * e) / e]
        return out

    def perigee(x: Sequence[Any]) -> list[Any]:
        if argp is None or e is None:
            return []
        f, g, h, k = x[1:5]
        known = 0.0 if flat else raan
        if known is not None:
            return [f - e * math.cos(argp + known), g - e * math.sin(argp + known)]
        # the node is free: components of the e vector along it and ahead of it, times tan(i / 2)
        assert tan is not None
        return [
            (f * h + g * k) / tan - e * math.cos(argp),
            (g * h - f * k) / tan - e * math.sin(argp),
        ]

    def plane(x: Sequence[Any]) -> list[Any]:
        h, k = x[3:5]
        if tan is None:
            return []
        if flat:
            return [h, k]
        if raan is not None:
            return [h - tan * math.cos(raan), k - tan * math.sin(raan)]
        return [0.5 * (h * h + k * k - tan * tan) / tan]

    def ends(ops: Ops, x: Sequence[Any]) -> list[Any]:
        found = [*shape(x), *perigee(x), *plane(x)]
        return [y + dy for y, dy in zip(found, offset, strict=True)] if offset else found

    return ends
