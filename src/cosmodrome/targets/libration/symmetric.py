"""Periodic orbits that mirror themselves in the plane y = 0: corrected, and followed in families.

An orbit that crosses the plane at right angles twice closes (mirror theorem: Roy & Ovenden 1955),
so half a period is enough. One family is one curve through the space of first crossings and half
periods, followed by pseudo-arclength (Keller 1977; for halo orbits Howell 1984).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import SolverError
from cosmodrome.maths.ops import SCALAR
from cosmodrome.physics import three_body
from cosmodrome.targets.libration.flow import flow, motion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    # value and gradient over the unknowns of what one member of a family is asked for
    Wish = Callable[["Curve", Array], tuple[float, Array]]

__all__ = ["Curve", "PeriodicOrbit", "along", "asked", "corrected"]

_MOST = 12
# of the crossing, in units of the curve's scale
_CLOSED = 1e-11
_MIRROR = np.diag([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])


@dataclass(frozen=True, slots=True)
class Curve:
    """The space a family lives in.

    mu     mass ratio
    scale  distance by which places and velocities are measured in a step along the family
    flat   in the plane of the two bodies: unknowns x, vy, half the period; else x, z, vy and that
    """

    mu: float
    scale: float
    flat: bool

    @property
    def free(self) -> list[int]:
        """Components of the first state that may move."""
        return [0, 4] if self.flat else [0, 2, 4]

    @property
    def nought(self) -> list[int]:
        """Components that vanish where the plane is crossed at right angles."""
        return [1, 3] if self.flat else [1, 3, 5]

    def state(self, u: Array) -> Array:
        """First state (6,) of unknowns."""
        y = np.zeros(6)
        y[self.free] = u[:-1] * self.scale
        return y

    def unknowns(self, y: Array, half: float) -> Array:
        """Unknowns of a first state and half a period."""
        return np.append(y[self.free] / self.scale, half)


@dataclass(frozen=True, slots=True, eq=False)
class PeriodicOrbit:
    """A periodic orbit of the restricted problem, in its units and turning axes.

    mu       mass ratio
    state    (6,) where it crosses y = 0 at right angles, at time 0
    across   (6,) at the other crossing, half a period later
    period   of the whole
    half     transition matrix (6, 6) over the first half
    """

    mu: float
    state: Array
    across: Array
    period: float
    half: Array

    @property
    def jacobi(self) -> float:
        """Jacobi's constant."""
        y = self.state.tolist()
        return float(three_body.jacobi(SCALAR, (y[0], y[1], y[2]), (y[3], y[4], y[5]), self.mu))

    @property
    def monodromy(self) -> Array:
        """Transition matrix (6, 6) over a period, from half of it by the mirror."""
        out: Array = _MIRROR @ np.linalg.solve(self.half, _MIRROR @ self.half)
        return out

    @property
    def stability(self) -> tuple[float, float]:
        """Both indices (|s| + 1 / |s|) / 2 of the two pairs of multipliers, the larger first.

        1: bounded to first order; above: a departure grows by s a period. Pairs on the unit
        circle count as 1, as in the catalogue of JPL. By the traces of the monodromy matrix
        (Broucke 1969), which the double multiplier 1 does not spoil.
        """
        m = self.monodromy
        a = 2.0 - float(np.trace(m))
        b = 0.5 * (a * a + 2.0 - float(np.trace(m @ m)))
        # s + 1/s of the two pairs are the roots of p^2 + a p + b - 2 = 0
        root = complex(a * a - 4.0 * (b - 2.0)) ** 0.5
        pairs = [0.5 * (-a + root), 0.5 * (-a - root)]
        sizes = sorted((_index(p) for p in pairs), reverse=True)
        return sizes[0], sizes[1]

    @property
    def closest(self) -> float:
        """The smaller of the two crossings' distances from the smaller body."""
        body = np.array([1.0 - self.mu, 0.0, 0.0])
        return float(
            min(np.linalg.norm(self.state[:3] - body), np.linalg.norm(self.across[:3] - body))
        )

    @property
    def farthest(self) -> float:
        """The larger of the two crossings' distances from the smaller body."""
        body = np.array([1.0 - self.mu, 0.0, 0.0])
        return float(
            max(np.linalg.norm(self.state[:3] - body), np.linalg.norm(self.across[:3] - body))
        )


def _index(pair: complex) -> float:
    """(|s| + 1 / |s|) / 2 of the pair with s + 1/s = `pair`."""
    s = 0.5 * (pair + (pair * pair - 4.0) ** 0.5)
    size = abs(s)
    return 0.5 * (size + 1.0 / size)


def _slopes(curve: Curve, y: Array, phi: Array) -> Array:
    """What should vanish at a crossing y, over the unknowns: (m, m + 1)."""
    rows = curve.nought
    return np.column_stack([phi[np.ix_(rows, curve.free)], motion(y, curve.mu)[rows] / curve.scale])


def corrected(curve: Curve, u: Array, wish: Wish | None = None) -> PeriodicOrbit:
    """The periodic orbit nearest to unknowns, or the one near them that fulfils a wish.

    Raises SolverError where Newton's method does not close it.
    """
    u = u.copy()
    for _ in range(_MOST):
        y, phi = flow(curve.state(u), float(u[-1]), curve.mu)
        value, matrix = y[curve.nought] / curve.scale, _slopes(curve, y, phi)
        if wish is not None:
            miss, row = wish(curve, u)
            value, matrix = np.append(value, miss), np.vstack([matrix, row])
        size = float(np.max(np.abs(value)))
        if size < _CLOSED:
            return PeriodicOrbit(curve.mu, curve.state(u), y, 2.0 * float(u[-1]), phi)
        step = np.linalg.lstsq(matrix, -value, rcond=None)[0]
        # no more than a tenth of the half period and of the size at once
        u += step * min(1.0, 0.1 * abs(float(u[-1])) / max(float(np.max(np.abs(step))), 1e-300))
        if not (np.all(np.isfinite(u)) and u[-1] > 0.0):
            break
    raise SolverError(
        f"no periodic orbit found near x = {u[0] * curve.scale:.6g}, half period {u[-1]:.6g}"
        f" (mass ratio {curve.mu:.6g}); ask for another member of the family"
    )


def along(
    curve: Curve, first: PeriodicOrbit, heading: Array, step: float
) -> Iterator[PeriodicOrbit]:
    """A member of a family and those that follow it, in steps that fit the family's bends.

    heading  (k,) roughly where to go, in the curve's unknowns
    step     the first one; it grows to sixteen times this where the family is straight
    Ends without a word where the family does: at a collision, or where no step closes.
    """
    member, tangent = first, heading / np.linalg.norm(heading)
    tangent = _tangent(curve, member, tangent)
    largest = 16.0 * step
    yield member
    while True:
        try:
            following = _stepped(curve, member, tangent, step)
        except SolverError:
            following = None
        ahead = None if following is None else _tangent(curve, following, tangent)
        if following is None or ahead is None or float(tangent @ ahead) < 0.9:
            step *= 0.5
            if step < largest / 512.0:
                return
            continue
        if float(tangent @ ahead) > 0.99:
            step = min(1.6 * step, largest)
        member, tangent = following, ahead
        yield member


def _stepped(curve: Curve, member: PeriodicOrbit, tangent: Array, step: float) -> PeriodicOrbit:
    u = curve.unknowns(member.state, 0.5 * member.period)

    def arc(_: Curve, at: Array) -> tuple[float, Array]:
        return float(tangent @ (at - u)) - step, tangent

    following = corrected(curve, u + step * tangent, arc)
    ahead = curve.unknowns(following.state, 0.5 * following.period)
    if float(np.linalg.norm(ahead - u)) > 2.0 * step:
        raise SolverError("the step left its family")
    return following


def _tangent(curve: Curve, member: PeriodicOrbit, before: Array) -> Array:
    """Unit direction of the family, on the side of the one before."""
    matrix = _slopes(curve, member.across, member.half)
    out: Array = np.linalg.svd(matrix)[2][-1]
    return out if float(out @ before) >= 0.0 else -out


def asked(
    family: Iterator[PeriodicOrbit],
    curve: Curve,
    measure: Callable[[PeriodicOrbit], float],
    wanted: float,
    wish: Wish,
) -> PeriodicOrbit | tuple[float, float]:
    """The first member of a family that measures as wanted; else the span the family has.

    measure  what is wanted of a member; wish: the same as an equation
    """
    before: PeriodicOrbit | None = None
    low, high = math.inf, -math.inf
    for member in family:
        here = measure(member)
        low, high = min(low, here), max(high, here)
        if before is not None and (measure(before) - wanted) * (here - wanted) <= 0.0:
            was = measure(before)
            part = (wanted - was) / (here - was) if here != was else 0.0
            ends = [curve.unknowns(o.state, 0.5 * o.period) for o in (before, member)]
            return corrected(curve, ends[0] + part * (ends[1] - ends[0]), wish)
        before = member
    return low, high
