"""Explicit high-order integration of powered and ballistic flight, piece by piece.

The same physics as the optimiser's, by another integrator: DOP853 (Hairer, Norsett & Wanner
1993, Solving ODEs I) at 1e-10, in the launch frame, on plain floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.integrate import DOP853

from cosmodrome.errors import SolverError
from cosmodrome.maths import NUMPY, SCALAR, remembered
from cosmodrome.physics import powered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.engines import Sub
    from cosmodrome.physics.powered import Body, Planet

__all__ = ["ATOL", "RTOL", "Piece", "fly_ballistic", "fly_piece"]

RTOL = 1e-10
# metres, metres a second
ATOL = np.array([1e-5, 1e-5, 1e-5, 1e-8, 1e-8, 1e-8])
_FALL_RTOL = 1e-9
_MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One integrator step: dense place and velocity, the engines' stretch, one steering polynomial,
    and what the air feels.

    steering (K, 3) Chebyshev over [steer_start_s, steer_end_s]; the direction flown is its unit
    vector
    """

    start_s: float
    end_s: float
    dense: Any
    sub: Sub
    steering: NDArray[np.float64]
    steer_start_s: float
    steer_end_s: float
    body: Body

    @property
    def pushing(self) -> bool:
        """Does an engine run?"""
        return bool(self.sub.engines)

    @property
    def exit_area_m2(self) -> float:
        """Of all engines that run."""
        return self.sub.exit_area_m2

    def thrust_n(self, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Vacuum thrust of all engines."""
        since = t_s - self.sub.start_s
        return np.asarray(
            np.polynomial.polynomial.polyval(since, self.sub.thrust_vacuum_n), dtype=np.float64
        )

    def state(self, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """(6, n) place and velocity in the launch frame."""
        out: NDArray[np.float64] = self.dense(t_s)
        return out

    def mass(self, t_s: NDArray[np.float64] | float) -> Any:
        """Mass in kg."""
        spent = np.polynomial.polynomial.polyint(self.sub.flow_kg_s)
        return self.sub.mass_start_kg - np.polynomial.polynomial.polyval(
            t_s - self.sub.start_s, spent
        )

    def direction(self, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """(3, n) unit vectors."""
        x = (2.0 * t_s - self.steer_start_s - self.steer_end_s) / (
            self.steer_end_s - self.steer_start_s
        )
        u = np.polynomial.chebyshev.chebval(x, self.steering)
        out: NDArray[np.float64] = u / np.linalg.norm(u, axis=0)
        return out


@remembered(1024)
def fly_piece(
    planet: Planet,
    body: Body,
    y: NDArray[np.float64],
    start_s: float,
    end_s: float,
    sub: Sub,
    steering: NDArray[np.float64],
    steer_s: tuple[float, float],
) -> tuple[tuple[Piece, ...], NDArray[np.float64]]:
    """Fly from `start_s` to `end_s`, inside one stretch of engines, under one steering polynomial.

    Gives the pieces and the end state.
    """
    scale = 2.0 / (steer_s[1] - steer_s[0])
    middle = 0.5 * (steer_s[0] + steer_s[1])
    series = [[float(c) for c in row] for row in steering]
    pushing = bool(sub.engines)
    area = sub.exit_area_m2
    force = [float(c) for c in sub.thrust_vacuum_n]
    spent = [float(c) for c in np.polynomial.polynomial.polyint(sub.flow_kg_s)]
    mass_kg, since = sub.mass_start_kg, sub.start_s
    sqrt = SCALAR.sqrt

    def rates(t: float, s: NDArray[np.float64]) -> list[float]:
        x0, x1, x2, v0, v1, v2 = s.tolist()
        u = None
        elapsed = t - since
        gone = thrust = 0.0
        for term in reversed(spent):
            gone = gone * elapsed + term
        if pushing:
            for term in reversed(force):
                thrust = thrust * elapsed + term
            x = (t - middle) * scale
            two_x = x + x
            out = []
            for c in range(3):
                b1 = b2 = 0.0
                for k in range(len(series) - 1, 0, -1):
                    b1, b2 = series[k][c] + two_x * b1 - b2, b1
                out.append(series[0][c] + x * b1 - b2)
            size = sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2])
            u = (out[0] / size, out[1] / size, out[2] / size)
        a = powered.accelerations(
            SCALAR,
            planet,
            body,
            (x0, x1, x2),
            (v0, v1, v2),
            mass_kg - gone,
            u,
            thrust,
            area,
        ).total
        return [v0, v1, v2, a[0], a[1], a[2]]

    first = min(end_s - start_s, 30.0)
    solver = DOP853(rates, start_s, y, end_s, first_step=first, rtol=RTOL, atol=ATOL)
    pieces = []
    while solver.status == "running":
        t0 = solver.t
        message = solver.step()
        if solver.status == "failed":
            raise SolverError(f"the re-flight stopped at T+{t0:.3f} s: {message}")
        pieces.append(
            Piece(
                float(t0),
                float(solver.t),
                solver.dense_output(),
                sub,
                steering,
                steer_s[0],
                steer_s[1],
                body,
            )
        )
    return tuple(pieces), np.array(solver.y)


def fly_ballistic(
    planet: Planet,
    body: Body,
    y: NDArray[np.float64],
    start_s: float,
    longest_s: float,
    mass_kg: float,
) -> tuple[list[tuple[float, float, Any]], float, bool]:
    """Fall with drag to the ground, or for `longest_s`: dense steps, the end, and whether it hit.

    The ground is the ellipsoid. Times in seconds after lift-off.
    """

    def rates(t: float, s: NDArray[np.float64]) -> list[float]:
        x0, x1, x2, v0, v1, v2 = s.tolist()
        a = powered.accelerations(SCALAR, planet, body, (x0, x1, x2), (v0, v1, v2), mass_kg).total
        return [v0, v1, v2, a[0], a[1], a[2]]

    def height(s: NDArray[np.float64]) -> float:
        return float(powered.height(NUMPY, planet, (s[0], s[1], s[2])))

    solver = DOP853(
        rates,
        start_s,
        y,
        start_s + longest_s,
        first_step=1.0,
        rtol=_FALL_RTOL,
        atol=ATOL * 1e2,
        max_step=120.0,
    )
    steps: list[tuple[float, float, Any]] = []
    for _ in range(_MOST_STEPS):
        t0 = float(solver.t)
        message = solver.step()
        if solver.status == "failed":
            raise SolverError(f"a falling body stopped at T+{t0:.3f} s: {message}")
        dense = solver.dense_output()
        if height(solver.y) <= 0.0:
            low, high = t0, float(solver.t)
            for _ in range(80):
                middle = 0.5 * (low + high)
                if height(dense(middle)) > 0.0:
                    low = middle
                else:
                    high = middle
            hit = round(high, 9)
            steps.append((t0, hit, dense))
            return steps, hit, True
        steps.append((t0, float(solver.t), dense))
        if solver.status == "finished":
            return steps, float(solver.t), False
    raise SolverError(f"a falling body needs more than {_MOST_STEPS} steps")
