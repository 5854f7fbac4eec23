"""Mean elements, by two roads: the first-order theory of J2, and the average of a flown path.

Both mean the same thing: the osculating elements freed of what repeats with the mean anomaly.
Long-period parts (with the argument of perigee) stay in: single-primed elements in Brouwer's
notation, with the generating function centred so that its average over the mean anomaly is zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import true_from_mean
from cosmodrome.errors import InputError
from cosmodrome.maths.vectors import cross
from cosmodrome.record.nouns import Elements

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.orientation import EarthOrientation
    from cosmodrome.world.trajectory import Trajectory

__all__ = [
    "THEORY_ANALYTIC",
    "MeanFit",
    "Revolutions",
    "average",
    "by_revolution",
    "mean_from_osculating",
    "osculating_from_mean",
]

THEORY_ANALYTIC = "first-order J2 (Brouwer 1959, short-period terms, centred)"
_SIDEREAL_RATE_RAD_S = 7.292115e-5
_ELLIPTIC = 0.005


# the analytic road ---------------------------------------------------------------------


def _generator(y: NDArray[Any], mu: float, re: float, j2: float) -> Any:
    """Brouwer's short-period generating function S1 of place and velocity `y` (6,), m^2/s.

    S1 = mu^2 J2 R^2/(2 G^3) {(1 - 3/2 s^2)(f - l + e sin f)
         + 3/2 s^2 [1/2 sin 2u + e/2 sin(f + 2g) + e/6 sin(3f + 2g) - average over l]}
    (Brouwer 1959, eq. 15), in e cos f, e sin f, s sin u and s cos u, which exist for a circular
    and for an equatorial orbit as well. Complex `y` is fine: it is differentiated by complex
    steps.
    """
    r, v = y[:3], y[3:]
    radius = np.sqrt(r @ r)
    radial = (r @ v) / radius
    h_vector = cross(r, v)
    G = np.sqrt(h_vector @ h_vector)
    e_cos, e_sin = G * G / (mu * radius) - 1.0, G * radial / mu
    a = 1.0 / (2.0 / radius - (v @ v) / mu)
    eta = np.sqrt(G * G / (mu * a))
    r_z = r[2] / radius  # s sin u
    t_z = (v[2] - radial * r_z) * radius / G  # s cos u
    s2 = r_z * r_z + t_z * t_z
    sin_2u, cos_2u = 2.0 * r_z * t_z, t_z * t_z - r_z * r_z  # times s^2
    # eccentric anomaly: e cos E, e sin E; f - l = (f - E) + e sin E
    E_cos, E_sin = 1.0 - radius / a, radius * radial / np.sqrt(mu * a)
    centre = 2.0 * np.arctan(E_sin / (1.0 + eta - E_cos)) + E_sin
    sin_2g = 2.0 * (t_z * e_cos + r_z * e_sin) * (r_z * e_cos - t_z * e_sin)  # times s^2 e^2
    # <cos kf> over l is (-e/(1 + eta))^k (1 + k eta)
    offset = (
        (1.0 + 2.0 * eta) / (2.0 * (1.0 + eta) ** 2)
        - 0.5
        - (1.0 - eta) * (1.0 + 3.0 * eta) / (6.0 * (1.0 + eta) ** 2)
    )
    periodic = (
        0.5 * sin_2u
        + 0.5 * (sin_2u * e_cos - cos_2u * e_sin)
        + (sin_2u * e_cos + cos_2u * e_sin) / 6.0
        - offset * sin_2g
    )
    scale = mu * mu * j2 * re * re / (2.0 * G**3)
    return scale * ((1.0 - 1.5 * s2) * (centre + e_sin) + 1.5 * periodic)


def _displacement(y: NDArray[np.float64], mu: float, re: float, j2: float) -> NDArray[np.float64]:
    """Osculating minus mean place and velocity (6,): (-dS1/dv, dS1/dr), by complex steps."""
    gradient = np.empty(6)
    size = np.array([np.linalg.norm(y[:3])] * 3 + [np.linalg.norm(y[3:])] * 3)
    for j in range(6):
        step = np.zeros(6, dtype=np.complex128)
        step[j] = 1e-30j * size[j]
        gradient[j] = _generator(y + step, mu, re, j2).imag / (1e-30 * size[j])
    return np.concatenate([-gradient[3:], gradient[:3]])


def _needs_ellipse(r: NDArray[np.float64], v: NDArray[np.float64], mu: float) -> None:
    if 2.0 / float(np.linalg.norm(r)) - float(v @ v) / mu <= 0.0:
        raise InputError("mean elements exist for closed orbits only; this one escapes")


def osculating_from_mean(
    r: NDArray[np.float64], v: NDArray[np.float64], mu: float, re: float, j2: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Osculating place and velocity of the mean ones, (3,) m and (3,) m/s.

    z is the axis of the oblateness (the true equator). The canonical change of variables of the
    first-order generating function in Cartesian variables, carried through by one step of the
    classical Runge-Kutta method, so that it is canonical to high order and regular for circular
    and equatorial orbits. Error of second order in J2: tens of metres in low orbit.
    """
    _needs_ellipse(r, v, mu)
    y = np.concatenate([r, v])
    k1 = _displacement(y, mu, re, j2)
    k2 = _displacement(y + 0.5 * k1, mu, re, j2)
    k3 = _displacement(y + 0.5 * k2, mu, re, j2)
    k4 = _displacement(y + k3, mu, re, j2)
    y = y + (k1 + 2.0 * k2 + 2.0 * k3 + k4) / 6.0
    return y[:3], y[3:]


def mean_from_osculating(
    r: NDArray[np.float64], v: NDArray[np.float64], mu: float, re: float, j2: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean place and velocity of the osculating ones: the exact inverse of the above.

    By fixed-point iteration to 1e-9 m; `elements_from_state` of the answer gives the mean
    elements.
    """
    _needs_ellipse(r, v, mu)
    mean_r, mean_v = np.array(r, dtype=np.float64), np.array(v, dtype=np.float64)
    for _ in range(60):
        out_r, out_v = osculating_from_mean(mean_r, mean_v, mu, re, j2)
        miss_r, miss_v = r - out_r, v - out_v
        mean_r, mean_v = mean_r + miss_r, mean_v + miss_v
        if float(np.linalg.norm(miss_r)) < 1e-8 and float(np.linalg.norm(miss_v)) < 1e-11:
            break
    return mean_r, mean_v


# the road of the flown path ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeanFit:
    """Mean elements at the start of a path, and how fast they change.

    elements       mean, in the true equator and equinox of date
    ex, ey         mean e vector along the node and 90 deg ahead
    a_rate_m_s, i_rate_rad_s, node_rate_rad_s   secular trends over the averaged span
    revolutions    whole nodal revolutions averaged
    span_s         their length
    theory         in words
    """

    elements: Elements
    ex: float
    ey: float
    a_rate_m_s: float
    i_rate_rad_s: float
    node_rate_rad_s: float
    revolutions: int
    span_s: float
    theory: str


def _nonsingular(
    r: NDArray[np.float64], v: NDArray[np.float64], mu: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns a, ex, ey, i, raan (n, 5) and the mean argument of latitude M + argp (n,)."""
    radius = np.linalg.norm(r, axis=1)
    h_vector = np.cross(r, v)
    h = np.linalg.norm(h_vector, axis=1)
    radial = np.sum(r * v, axis=1) / radius
    a = 1.0 / (2.0 / radius - np.sum(v * v, axis=1) / mu)
    sin_i = np.hypot(h_vector[:, 0], h_vector[:, 1]) / h
    i = np.arctan2(sin_i, h_vector[:, 2] / h)
    raan = np.unwrap(np.arctan2(h_vector[:, 0], -h_vector[:, 1]))
    r_z = r[:, 2] / radius
    t_z = (v[:, 2] - radial * r_z) * radius / h
    u = np.unwrap(np.arctan2(r_z, t_z))
    e_cos, e_sin = h * h / (mu * radius) - 1.0, h * radial / mu
    ex = e_cos * np.cos(u) + e_sin * np.sin(u)
    ey = e_cos * np.sin(u) - e_sin * np.cos(u)
    eta = h / np.sqrt(mu * a)
    E_cos, E_sin = 1.0 - radius / a, radius * radial / np.sqrt(mu * a)
    centre = 2.0 * np.arctan(E_sin / (1.0 + eta - E_cos)) + E_sin
    return np.column_stack([a, ex, ey, i, raan]), u - centre


def average(
    path: Trajectory,
    orientation: EarthOrientation,
    mu: float,
    revolutions: int | None = None,
    *,
    axes: NDArray[np.float64] | None = None,
) -> MeanFit:
    """Mean elements at the start of a flown `path` (frame GCRF), by numerical averaging.

    axes   (3, 3) from GCRF, fixed, that the elements are told in; None: the Earth's axes of date.
           With them nothing is known of how the body turns, and there are no m-dailies

    Osculating a, e cos argp, e sin argp, i, raan and M + argp in the axes of date are sampled
    evenly in time over whole nodal revolutions (all that the path holds up to 16 unless
    `revolutions` says how many) and fitted by least squares with a constant, a linear trend and
    the harmonics of the mean argument of latitude (four for a circle, 4/(1 - e)^1.5 for an
    ellipse, whose e vector is fitted in axes that turn with its apsides); from 0.9 day and four
    revolutions on also with the first three harmonics of the Earth's turn against the node
    (m-dailies). The constant at the start is the mean element. Inclination must exceed about
    0.1 deg either way: the node is an element.

    Raises InputError when the path holds less than one revolution.
    """
    t0, t1 = float(path.breaks_s[0]), float(path.breaks_s[-1])
    start = path.columns_at(t0)
    here = elements_from_state(start[:3], start[3:6], mu)
    if here.a_m < 0.0:
        raise InputError("mean elements exist for closed orbits only; this one escapes")
    period = 2.0 * math.pi * math.sqrt(here.a_m**3 / mu)
    # what happens at perigee lasts (1 - e)^1.5 of the anomaly: harmonics enough to draw it
    harmonics = math.ceil(4.0 / (1.0 - min(here.e, 0.95)) ** 1.5)
    density = max(60, 5 * harmonics)
    first, last = (
        orientation.tod_from_gcrf(path.epoch + t).matrix if axes is None else axes for t in (t0, t1)
    )

    def sampled(
        until: float, n: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        t = np.linspace(t0, until, n, endpoint=True)
        y = path.columns_at(t)
        w = ((t - t0) / (t1 - t0))[:, None]
        # the axes of date turn by 1e-6 rad a day: between the ends a straight line will do
        r, v = (
            (1.0 - w) * (y[:, k : k + 3] @ first.T) + w * (y[:, k : k + 3] @ last.T) for k in (0, 3)
        )
        elements, latitude = _nonsingular(r, v, mu)
        return t, elements, latitude

    n = max(int(density * (t1 - t0) / period), 16)
    t, _, latitude = sampled(t1, n)
    turned = (latitude - latitude[0]) / (2.0 * math.pi)
    held = math.floor(turned[-1] + 1e-9)
    wanted = min(held, 16) if revolutions is None else revolutions
    if wanted < 1 or wanted > held:
        raise InputError(
            f"averaging needs {max(wanted, 1)} whole revolution(s) of {period / 60.0:.1f} min and"
            f" the path holds {turned[-1]:.2f}: coast longer"
        )
    until = float(np.interp(wanted, turned, t))
    t, elements, latitude = sampled(until, max(density * wanted, 64))
    tau = (t - t0) / (until - t0)
    columns = [np.ones_like(t), tau]
    for k in range(1, harmonics + 1):
        columns += [np.cos(k * latitude), np.sin(k * latitude)]
    span = until - t0
    # of a few long revolutions daily terms, trend and harmonics would tell the same story
    if axes is None and span >= 0.9 * 86400.0 and wanted >= 4:
        for m in range(1, 4):
            angle = m * _SIDEREAL_RATE_RAD_S * (t - t0) - m * (elements[:, 4] - elements[0, 4])
            columns += [np.cos(angle), np.sin(angle)]
    design = np.column_stack(columns)
    both = np.column_stack([elements, latitude])
    fit, *_ = np.linalg.lstsq(design, both, rcond=None)
    if here.e >= _ELLIPTIC:
        # the e vector turns with the apsides: a straight line fits it in axes that turn along
        (ex, ey), (ex_rate, ey_rate) = fit[0, 1:3], fit[1, 1:3]
        turn = -tau * (ex * ey_rate - ey * ex_rate) / (ex * ex + ey * ey)
        both[:, 1], both[:, 2] = (
            np.cos(turn) * elements[:, 1] - np.sin(turn) * elements[:, 2],
            np.sin(turn) * elements[:, 1] + np.cos(turn) * elements[:, 2],
        )
        fit, *_ = np.linalg.lstsq(design, both, rcond=None)
    a, ex, ey, i, raan, at_start = (float(x) for x in fit[0])
    if i < 0.0:
        # of an orbit in the equator the fitted line may pass below zero: the other node's name
        i, raan, at_start, ex, ey = -i, raan + math.pi, at_start + math.pi, -ex, -ey
    e, argp = math.hypot(ex, ey), math.atan2(ey, ex)
    two_pi = 2.0 * math.pi
    true_anomaly = true_from_mean(at_start - argp, e)
    return MeanFit(
        Elements(a, e, i, raan % two_pi, argp % two_pi, true_anomaly % two_pi),
        ex,
        ey,
        float(fit[1, 0]) / span,
        float(fit[1, 3]) / span,
        float(fit[1, 4]) / span,
        wanted,
        span,
        f"numerical average of the osculating elements over {wanted} nodal revolutions",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Revolutions:
    """Plain averages of the osculating elements over each revolution, axes of date.

    t_s           (n,) middle of each, seconds after the epoch of the path
    a_m, ex, ey   (n,) semi-major axis; e vector along the node and 90 deg ahead
    i_rad, raan_rad   (n,) inclination; node, without jumps
    """

    t_s: NDArray[np.float64]
    a_m: NDArray[np.float64]
    ex: NDArray[np.float64]
    ey: NDArray[np.float64]
    i_rad: NDArray[np.float64]
    raan_rad: NDArray[np.float64]


def by_revolution(
    path: Trajectory,
    orientation: EarthOrientation,
    mu: float,
    bounds_s: NDArray[np.float64],
) -> Revolutions:
    """Averages of a flown `path` (frame GCRF) between the instants `bounds_s` (n + 1,).

    bounds_s  whole revolutions apart, seconds after the path's epoch: its ascending nodes

    Evenly in time, at points enough to draw a perigee. The axes of date are turned to once a day
    and a straight line in between: within 1e-9 rad. The inclination must exceed about 0.1 deg.
    """
    days = np.arange(bounds_s[0], bounds_s[-1] + 86400.0, 86400.0)
    axes = orientation.tod_from_gcrf_many(path.epoch, days).matrix.reshape(-1, 9)
    start = path.columns_at(float(bounds_s[0]))
    e = elements_from_state(start[:3], start[3:6], mu).e
    points = math.ceil(48.0 / (1.0 - min(e, 0.95)) ** 1.5)
    steps = (np.arange(points) + 0.5) / points
    length = np.diff(bounds_s)
    t = (bounds_s[:-1, None] + length[:, None] * steps).ravel()
    y = path.columns_at(t)
    turned = np.column_stack([np.interp(t, days, column) for column in axes.T]).reshape(-1, 3, 3)
    r = np.einsum("nij,nj->ni", turned, y[:, 0:3])
    v = np.einsum("nij,nj->ni", turned, y[:, 3:6])
    elements, _ = _nonsingular(r, v, mu)
    mean = elements.reshape(len(length), points, 5).mean(axis=1)
    middle = 0.5 * (bounds_s[:-1] + bounds_s[1:])
    return Revolutions(middle, *mean.T)
