"""Kepler elements from place and velocity and back; no acos, no quadrant switches.

Where an angle does not exist the convention is: an equatorial orbit (sin i below 1e-12) has its
node on the x axis (raan = 0), measured in the direction of motion; a circular orbit (e below
1e-13) has its perigee at the node (argp = 0). Place and velocity survive the round trip in
every case. a is negative on a hyperbola; a parabola has no a and is refused.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Elements

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["elements_from_state", "state_from_elements"]

_TWO_PI = 2.0 * math.pi
_EQUATORIAL = 1e-12
_CIRCULAR = 1e-13


def _turn(angle: float) -> float:
    """An angle in [0, 2 pi): the remainder of a tiny negative one would round to 2 pi."""
    turned = angle % _TWO_PI
    return 0.0 if turned >= _TWO_PI else turned


def elements_from_state(r: NDArray[np.float64], v: NDArray[np.float64], mu: float) -> Elements:
    """Osculating elements of place `r` (3,) m and velocity `v` (3,) m/s, mu in m^3/s^2.

    In the axes of `r` and `v`; angles in [0, 2 pi), inclination in [0, pi]. Raises InputError
    for a rectilinear or exactly parabolic orbit (Vallado 2013, algorithm 9, by atan2).
    """
    radius = float(np.linalg.norm(r))
    h_vector = np.cross(r, v)
    h = float(np.linalg.norm(h_vector))
    if h <= 1e-13 * radius * float(np.linalg.norm(v)) or radius == 0.0:
        raise InputError(
            f"place and velocity are parallel (h = {h:.3e} m^2/s): a fall along a line has no"
            " orbit plane and no elements; give a velocity across the radius"
        )
    r_hat, h_hat = r / radius, h_vector / h
    t_hat = np.cross(h_hat, r_hat)
    # e vector in the orbit plane: e cos f along the radius, e sin f from the radial speed
    e_cos, e_sin = h * h / (mu * radius) - 1.0, h * float(r @ v) / (radius * mu)
    # 1 - e^2 without cancellation near a circle: 2/r - v^2/mu is 1/a
    inverse_a = 2.0 / radius - float(v @ v) / mu
    if inverse_a == 0.0:
        raise InputError(
            "the orbit is exactly parabolic and has no semi-major axis; keep place and velocity"
        )
    e = math.hypot(e_cos, e_sin)
    sin_i = math.hypot(h_hat[0], h_hat[1])
    i = math.atan2(sin_i, h_hat[2])
    if sin_i < _EQUATORIAL:
        raan, node = 0.0, np.array([1.0, 0.0, 0.0])
    else:
        raan = math.atan2(h_hat[0], -h_hat[1])
        node = np.array([-h_hat[1], h_hat[0], 0.0]) / sin_i
    u = math.atan2(-float(node @ t_hat), float(node @ r_hat))
    f = math.atan2(e_sin, e_cos) if e >= _CIRCULAR else u
    return Elements(1.0 / inverse_a, e, i, _turn(raan), _turn(u - f), _turn(f))


def state_from_elements(
    elements: Elements, mu: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place (3,) m and velocity (3,) m/s of Kepler elements, in the axes these belong to.

    Raises InputError where a and e contradict each other (a > 0 needs e < 1, a < 0 e > 1) and
    for a true anomaly beyond the asymptote of a hyperbola.
    """
    p = elements.a_m * (1.0 - elements.e**2)
    if not (p > 0.0 and elements.e >= 0.0):
        raise InputError(
            f"a = {elements.a_m:.6g} m with e = {elements.e:.9g} is no orbit: a must be positive"
            " for e < 1 and negative for e > 1"
        )
    cos_f, sin_f = math.cos(elements.true_anomaly_rad), math.sin(elements.true_anomaly_rad)
    if 1.0 + elements.e * cos_f <= 0.0:
        raise InputError(
            f"true anomaly {math.degrees(elements.true_anomaly_rad):.6f} deg lies beyond the"
            f" asymptote at {math.degrees(math.acos(-1.0 / elements.e)):.6f} deg"
        )
    radius = p / (1.0 + elements.e * cos_f)
    speed = math.sqrt(mu / p)
    u = elements.argp_rad + elements.true_anomaly_rad
    cos_o, sin_o = math.cos(elements.raan_rad), math.sin(elements.raan_rad)
    cos_i, sin_i = math.cos(elements.i_rad), math.sin(elements.i_rad)
    along = np.array([cos_o, sin_o, 0.0])
    ahead = np.array([-cos_i * sin_o, cos_i * cos_o, sin_i])
    r_hat = math.cos(u) * along + math.sin(u) * ahead
    t_hat = -math.sin(u) * along + math.cos(u) * ahead
    v = speed * (elements.e * sin_f * r_hat + (1.0 + elements.e * cos_f) * t_hat)
    return radius * r_hat, v
