"""Lambert's problem by its formulas alone: the specification of the compiled core.

Arrays of any one shape, lengths and times in the units of mu. Roots are bisected, so that nothing
here depends on a first guess or on a derivative being right; use `dynamics.lambert` for work.

The variable is x of Lancaster & Blanchard (NASA TN D-5368, 1969): a = s / (2 (1 - x^2)), s half
the perimeter of the triangle of centre, r1 and r2. lambda and the velocities are of Izzo
(Celest. Mech. Dyn. Astr. 121, 2015).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["least_x", "arc_time", "slope", "solve_x", "triangle", "velocities"]

# (psi - sin psi) / sin^3 psi = sum over k of c_k u^k, u = 1 - cos psi: from the equation
# (2 - u) u F' = 1 / (2 - u) - 3 (1 - u) F  of its derivative
_SERIES = 40


def _series() -> Array:
    c = [1.0 / 6.0]
    for k in range(1, _SERIES):
        c.append((0.5**k / 2.0 + (k + 2) * c[-1]) / (2 * k + 3))
    return np.array(c)


def sine_rest(cosine: Array) -> Array:
    """(2 psi - sin 2 psi) / sin^3 psi over cos psi > -1; hyperbolic above 1, 4/3 at 1.

    Battin's Q = 4/3 F(3, 1; 5/2; (1 - cos psi) / 2) (1999, ch. 7; Izzo 2015, eq. 20). The angle is
    halved, with sums of positive terms only, until a series holds; d: (psi - sin psi) / sin^3 psi.
    """
    halves = []
    c = np.asarray(cosine, dtype=np.float64)
    for _ in range(12):
        c = np.sqrt(np.maximum(0.5 * (1.0 + c), 1e-30))
        halves.append(c)
    d = np.polynomial.polynomial.polyval(1.0 - halves[-1], _series())
    for c in reversed(halves):
        d = (d + 1.0 / (1.0 + c)) / (4.0 * c**3)
    return 2.0 * d + 1.0 / halves[0] ** 2


def _shape(x: Array, lam: Array, kappa: Array) -> tuple[Array, Array, Array]:
    """1 - x^2, y and eta = y - lambda x."""
    e = (1.0 - x) * (1.0 + x)
    y = np.sqrt(np.where(e > 0.0, x * x + kappa * e, 1.0 - lam * lam * e))
    far = y + np.abs(lam * x)
    return e, y, np.where(lam * x > 0.0, kappa / far, far)


def arc_time(x: Array, lam: Array, kappa: Array, revolutions: Array) -> Array:
    """T = sqrt(2 mu / s^3) tof over x; kappa = 1 - lambda^2, given apart for its digits.

    Lagrange's form T = (S(x) - lambda^3 S(y)) / 2 + N pi / (1 - x^2)^(3/2), S as in `sine_rest`
    with cosines x and y (half of Lagrange's angles), where lambda < 0; eta (eta^2 S(c) / 2 + 2
    lambda), c = lambda + x eta (Izzo 2015, eq. 20), where it is positive: no difference of
    like terms in either.
    """
    e, y, eta = _shape(x, lam, kappa)
    forward = eta * (0.5 * eta * eta * sine_rest(lam + x * eta) + 2.0 * lam)
    back = 0.5 * (sine_rest(x) - lam**3 * sine_rest(y))
    with np.errstate(invalid="ignore", divide="ignore"):
        turns = np.where(revolutions > 0, revolutions * np.pi / np.abs(e) ** 1.5, 0.0)
    return np.where(lam > 0.0, forward, back) + turns


def slope(x: Array, lam: Array, kappa: Array, revolutions: Array) -> Array:
    """(1 - x^2) dT/dx = 3 T x - 2 + 2 lambda^3 x / y (Izzo 2015, eq. 22)."""
    _, y, eta = _shape(x, lam, kappa)
    return 3.0 * arc_time(x, lam, kappa, revolutions) * x - 2.0 * (eta + lam * kappa * x) / y


def _bisected(
    low: Array, high: Array, rising: NDArray[np.bool_] | None, f: Callable[[Array], Array]
) -> Array:
    """The root of f between low and high, where f rises (None: everywhere) or falls."""
    for _ in range(1100):
        mid = 0.5 * (low + high)
        if ((mid <= low) | (mid >= high)).all():
            break
        above = f(mid) > 0.0
        above = above if rising is None else above == rising
        low, high = np.where(above, low, mid), np.where(above, mid, high)
    return 0.5 * (low + high)


def least_x(lam: Array, kappa: Array, revolutions: Array) -> Array:
    """Where T of N > 0 revolutions is least: 0 < x < 1."""
    zero = np.zeros_like(lam)
    return _bisected(zero, zero + 1.0, None, lambda x: slope(x, lam, kappa, revolutions))


def solve_x(
    time: Array, lam: Array, kappa: Array, revolutions: Array, low: NDArray[np.bool_]
) -> Array:
    """x of T = time; low: which branch, not read for no revolution. Not-a-number: too soon."""
    round_trip = revolutions > 0
    fold = least_x(lam, kappa, np.maximum(revolutions, 1))
    soon = round_trip & (arc_time(fold, lam, kappa, revolutions) > time)
    start = np.where(round_trip & low, fold, -1.0)
    # T falls below 2 / x for no revolution, whatever lambda
    end = np.where(round_trip, np.where(low, 1.0, fold), 2.0 + 4.0 / time)
    rising = round_trip & low
    x = _bisected(start, end, rising, lambda x: arc_time(x, lam, kappa, revolutions) - time)
    return np.where(soon, np.nan, x)


def triangle(r1: Array, r2: Array, mu: float, sense: Array) -> tuple[Array, Array, Array]:
    """lambda, kappa = c / s, and T of one second; sense +1 less than half a turn, -1 more."""
    a, b = np.linalg.norm(r1, axis=1), np.linalg.norm(r2, axis=1)
    c = np.linalg.norm(r2 - r1, axis=1)
    s = 0.5 * (a + b + c)
    # sqrt(r1 r2) cos(theta / 2) / s, without the difference s - c
    inner, across = (r1 * r2).sum(1), np.linalg.norm(np.cross(r1, r2), axis=1)
    near = a * b + np.abs(inner)
    half = np.sqrt(0.5 * np.where(inner > 0.0, near, across**2 / near))
    return sense * half / s, c / s, np.sqrt(2.0 * mu / s**3)


def velocities(x: Array, r1: Array, r2: Array, mu: float, sense: Array) -> tuple[Array, Array]:
    """v1, v2 (n, 3) of the arc x (Izzo 2015, algorithm 1)."""
    lam, kappa, _ = triangle(r1, r2, mu, sense)
    a, b = np.linalg.norm(r1, axis=1), np.linalg.norm(r2, axis=1)
    c = np.linalg.norm(r2 - r1, axis=1)
    _, y, _ = _shape(x, lam, kappa)
    h = sense[:, None] * np.cross(r1, r2)
    h /= np.linalg.norm(h, axis=1)[:, None]
    rho = (a - b) / c
    gamma = np.sqrt(0.25 * mu * (a + b + c))
    sigma = np.sqrt(np.maximum(1.0 - rho * rho, 0.0))
    across = gamma * sigma * (y + lam * x)
    out = gamma * np.array(
        [(lam * y - x) - rho * (lam * y + x), (x - lam * y) - rho * (x + lam * y)]
    )

    def built(r: Array, size: Array, radial: Array) -> Array:
        up = r / size[:, None]
        whole: Array = (radial / size)[:, None] * up + (across / size)[:, None] * np.cross(h, up)
        return whole

    return built(r1, a, out[0]), built(r2, b, out[1])
