"""What the Sun and the Moon do to a mean orbit, and the equator's bulges to a geostationary one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.physics import harmonics
from cosmodrome.physics.averaged import MeanRates
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.record.nouns import Elements
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.world import World

__all__ = ["longitude_acceleration", "stable_longitudes", "third_body_rates"]

_STEP_S = 10_800.0
_SLOT_DEGREE = 8


def third_body_rates(
    name: str,
    mean: Elements,
    epoch: Epoch,
    span_s: float,
    world: World,
    node_rate_rad_s: float = 0.0,
) -> MeanRates:
    """What a body ("sun", "moon") adds to the rates of mean elements, averaged over `span_s`.

    mean             in the true equator and equinox of date of `epoch`
    node_rate_rad_s  by which the node turns meanwhile

    The second-degree part of its attraction averaged over the satellite's revolution (Kozai 1973,
    SAO Special Report 349; Chao 2005, Applied Orbit Perturbation and Maintenance, ch. 4),

        R = mu3 a^2 / (2 r3^3) {3/2 [(1 - e^2) (sx^2 + sy^2) + 5 (ex sx + ey sy)^2] - 1 - 3/2 e^2},

    sx, sy being the body's direction along the node and 90 deg ahead in the orbit's plane, with
    its place from the ephemeris every three hours: not averaged over its own revolution, so that
    a month's rate is that of the month. The next degree is smaller by a / r3: 7 % (Moon) at 12 h.
    """
    mu, third = world.gravity().mu_m3_s2, body(name).mu_m3_s2
    a, i = mean.a_m, mean.i_rad
    ex, ey = mean.e * math.cos(mean.argp_rad), mean.e * math.sin(mean.argp_rad)
    t = np.linspace(0.0, span_s, max(8, math.ceil(span_s / _STEP_S)))
    axes = world.orientation.tod_from_gcrf(epoch + 0.5 * span_s)
    place = axes.vector(world.ephemeris.positions_m(name, epoch, t))
    distance = np.linalg.norm(place, axis=1)
    s = place / distance[:, None]
    scale = third * a * a / (2.0 * distance**3)

    def averaged(y: NDArray[np.complex128]) -> complex:
        x_, y_, tilt, turn = y
        node = mean.raan_rad + node_rate_rad_s * t + turn
        along = np.cos(node) * s[:, 0] + np.sin(node) * s[:, 1]
        across = -np.sin(node) * s[:, 0] + np.cos(node) * s[:, 1]
        ahead = np.cos(tilt) * across + np.sin(tilt) * s[:, 2]
        e2 = x_ * x_ + y_ * y_
        lit = (1.0 - e2) * (along**2 + ahead**2) + 5.0 * (x_ * along + y_ * ahead) ** 2
        return complex(np.mean(scale * (1.5 * lit - 1.0 - 1.5 * e2)))

    base = np.array([ex, ey, i, 0.0], dtype=np.complex128)
    value = averaged(base).real
    slopes = []
    for k in range(4):
        step = base.copy()
        step[k] += 1e-30j
        slopes.append(averaged(step).imag / 1e-30)
    by_ex, by_ey, by_i, by_node = slopes
    e2 = ex * ex + ey * ey
    eta = math.sqrt(1.0 - e2)
    n = math.sqrt(mu / a**3)
    na2 = n * a * a
    theta, sine = math.cos(i), max(math.sin(i), 1e-6)
    node_rate = by_i / (na2 * eta * sine)
    ex_rate = -eta / na2 * by_ey + ey * theta * node_rate
    ey_rate = eta / na2 * by_ex - ex * theta * node_rate
    by_argp = ex * by_ey - ey * by_ex
    return MeanRates(
        ex_rate,
        ey_rate,
        (theta * by_argp - by_node) / (na2 * eta * sine),
        node_rate,
        -4.0 * value / na2
        + eta / ((1.0 + eta) * na2) * (ex * by_ex + ey * by_ey)
        - theta * node_rate,
        (ex * ey_rate - ey * ex_rate) / e2 if e2 > 0.0 else math.nan,
    )


def longitude_acceleration(longitude_rad: float, radius_m: float, gravity: GravityField) -> float:
    """Acceleration of the mean longitude of a geostationary satellite, rad/s^2, eastward positive.

    A satellite that keeps its longitude feels the sectoral and tesseral harmonics as a steady
    push along its orbit, T eastward; that raises the orbit and slows it: d2(longitude)/dt2 =
    -3 T / r (Kaula 1966, sec. 3.6; Soop 1994, Handbook of Geostationary Orbits, sec. 4.3).
    Harmonics to degree 8; radius_m: of the orbit.
    """
    field = gravity.truncated(min(_SLOT_DEGREE, gravity.degree))
    east = np.array([-math.sin(longitude_rad), math.cos(longitude_rad), 0.0])
    place = radius_m * np.array([[math.cos(longitude_rad), math.sin(longitude_rad), 0.0]])
    push = harmonics.acceleration(place, field.mu_m3_s2, field.radius_m, field.C, field.S)
    return -3.0 * float(np.asarray(push).reshape(-1) @ east) / radius_m


def stable_longitudes(radius_m: float, gravity: GravityField) -> tuple[float, ...]:
    """Geographic longitudes, [0, 2 pi) rad, to which geostationary satellites are drawn."""
    grid = np.linspace(0.0, 2.0 * math.pi, 361)
    pull = [longitude_acceleration(float(x), radius_m, gravity) for x in grid]
    found = []
    for k in range(len(grid) - 1):
        if pull[k] > 0.0 >= pull[k + 1]:
            w = pull[k] / (pull[k] - pull[k + 1])
            found.append(float(grid[k] + w * (grid[k + 1] - grid[k])))
    return tuple(found)
