"""The mean orbit read off what was flown, by averaging whole revolutions.

No mean-element theory: the r x v direction, the osculating semi-major axis and the eccentricity
vector are averaged over time between ascending nodes, revolution by revolution; a straight line
through the averages is read at the instant of release (the turn of the node itself by the
first-order rate where there is no line, or the plane is the equator's). The first-order
short-period terms of J2 average out over a revolution, which is what "mean" means here
(Kozai 1959); what stays is below 10 m in a and 1e-4 deg in the angles for near-circular orbits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.forces import contributions
from cosmodrome.checks.verdicts import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.world.trajectory import Trajectory

    Array = NDArray[np.float64]

__all__ = [
    "MeanOrbit",
    "ascending_nodes",
    "crossings",
    "mean_orbit",
    "period_of",
    "swayed_m",
    "turned_rad",
]

_POINTS = 240  # per revolution
_MOST_REVOLUTIONS = 16  # a day in low orbit: longer only costs time
# sine of the inclination below which Sun and Moon turn the node as much as the Earth does
_AT_THE_POLE = 0.01
_LONG_S = 2.0 * 86400.0  # high up fewer, in which Sun and Moon turn the plane evenly enough,
_LEAST_REVOLUTIONS = 4  # but what a line asks for


@dataclass(frozen=True, slots=True, eq=False)
class MeanOrbit:
    """Averages at the instant of release, in the true equator and equinox of date; about the Moon
    in its equator of date.

    raan_rate_rad_s is the slope of the same line, None from fewer than three revolutions;
    a_step_m the largest change of the averaged a from one revolution to the next (of one
    revolution: of the osculating a from node to node);
    ex, ey the eccentricity vector along the node and 90 deg ahead of it in the plane;
    nodes_s seconds from the orbit path's epoch of the ascending nodes.
    """

    a_m: float
    ex: float
    ey: float
    i_rad: float
    raan_rad: float
    raan_rate_rad_s: float | None
    a_step_m: float
    revolutions: int
    nodes_s: Array
    lowest_m: float
    highest_m: float

    @property
    def e(self) -> float:
        return float(np.hypot(self.ex, self.ey))

    @property
    def argp_rad(self) -> float:
        return float(np.mod(np.arctan2(self.ey, self.ex), 2.0 * np.pi))


def crossings(f: Callable[[Array], Array], t: Array) -> tuple[Array, Array]:
    """Instants where f(t) rises through zero, and where it falls, from dense samples `t`.

    Bracketed by the samples and refined by eight rounds of regula falsi (Illinois), vectorised.
    """
    y = f(t)
    up = np.flatnonzero((y[:-1] < 0.0) & (y[1:] >= 0.0))
    down = np.flatnonzero((y[:-1] > 0.0) & (y[1:] <= 0.0))
    return _refine(f, t, y, up), _refine(f, t, y, down)


def _refine(f: Callable[[Array], Array], t: Array, y: Array, k: NDArray[np.intp]) -> Array:
    if k.size == 0:
        return np.empty(0)
    a, b, fa, fb = t[k].copy(), t[k + 1].copy(), y[k].copy(), y[k + 1].copy()
    x = b
    for _ in range(8):
        gap = np.where(fb == fa, 1.0, fb - fa)
        x = np.where(fb == fa, a, b - fb * (b - a) / gap)
        fx = f(x)
        crossed = fx * fb < 0.0
        a = np.where(crossed, b, a)
        fa = np.where(crossed, fb, 0.5 * fa)  # Illinois: halve the stale end
        b, fb = x, fx
    return x


def period_of(view: View, y: Array) -> float:
    """Period, s, of the conic through (r, v); NotJudged on an open orbit."""
    mu = float(view.field(view.centre).mu_m3_s2)
    energy = 0.5 * float(y[3:6] @ y[3:6]) - mu / float(np.linalg.norm(y[0:3]))
    if energy >= 0.0:
        raise NotJudged("the spacecraft left on an open orbit; there is no revolution to average")
    return float(2.0 * np.pi * np.sqrt((-mu / (2.0 * energy)) ** 3 / mu))


def ascending_nodes(view: View, path: Trajectory, *, every: bool = False) -> Array:
    """Seconds from the path's epoch of its ascending nodes, those of a day in low orbit.

    every  those of the whole path
    """
    turn = view.equator
    first, last = float(path.breaks_s[0]), float(path.breaks_s[-1])
    period = period_of(view, path.columns_at(first))
    turns = min(max(_LONG_S / period, _LEAST_REVOLUTIONS), _MOST_REVOLUTIONS)
    until = last if every else min(last, first + (turns + 1.2) * period)

    def height(t: Array) -> Array:
        out: Array = path.columns_at(t)[:, 0:3] @ turn[2]
        return out

    steps = max(8, int(np.ceil((until - first) / period * 48)))
    return crossings(height, np.linspace(first, until, steps))[0]


def _step(by_turn: Array, path: Trajectory, nodes: Array, mu: float) -> float:
    """How far the mean semi-major axis moves from one revolution to the next, m; of one
    revolution, how far the osculating one does from node to node."""
    if len(by_turn) > 1:
        return float(np.abs(np.diff(by_turn)).max())
    y = path.columns_at(nodes[:2])
    speed2 = np.einsum("ij,ij->i", y[:, 3:6], y[:, 3:6])
    a = 1.0 / (2.0 / np.linalg.norm(y[:, 0:3], axis=1) - speed2 / mu)
    return abs(float(a[1] - a[0]))


def _drift(view: View, path: Trajectory, t_s: Array, y: Array, mu: float) -> tuple[float, Array]:
    """How fast the air moves the semi-major axis, m/s, and all but the centre's field the pole
    (3,), rad/s in the equator of date, on average over samples of a revolution: 2 a^2/mu of the
    work, the torque over the angular momentum. Not read off the path, where the turning field
    moves the axis from node to node by as much as thin air does; what Sun and Moon do to it within
    a revolution they undo."""
    forces = contributions(view, path, t_s, y)
    r, v = y[:, 0:3], y[:, 3:6]
    a = 1.0 / (2.0 / np.linalg.norm(r, axis=1) - np.einsum("ij,ij->i", v, v) / mu)
    a_rate = 2.0 * a**2 / mu * np.einsum("ij,ij->i", forces.get("drag", np.zeros_like(r)), v)
    push = sum(list(forces.values())[1:], np.zeros_like(r))  # the first is the field
    h = np.cross(r, v)
    size = np.linalg.norm(h, axis=1)[:, None]
    torque = np.cross(r, push) / size
    torque -= h * (np.einsum("ij,ij->i", torque, h)[:, None] / size**2)
    pole_rate: Array = view.equator @ torque.mean(axis=0)
    return float(a_rate.mean()), pole_rate


def mean_orbit(view: View) -> MeanOrbit:
    """The mean orbit at release of what was flown around the Earth, or flown on by the checks."""
    path = view.around.path
    turn = view.equator
    mu = float(view.field(view.centre).mu_m3_s2)
    first = float(path.breaks_s[0])
    nodes = ascending_nodes(view, path)
    if nodes.size < 2:
        raise NotJudged("the orbit holds no revolution from node to node")
    fractions = np.arange(_POINTS) / _POINTS
    t = nodes[:-1, None] + np.diff(nodes)[:, None] * fractions
    y = path.columns_at(t.ravel())
    r, v = y[:, 0:3] @ turn.T, y[:, 3:6] @ turn.T
    radius = np.linalg.norm(r, axis=1)
    h = np.cross(r, v)
    normal = h / np.linalg.norm(h, axis=1)[:, None]
    a = 1.0 / (2.0 / radius - np.einsum("ij,ij->i", v, v) / mu)
    e_vector = np.cross(v, h) / mu - r / radius[:, None]
    along = np.stack([-normal[:, 1], normal[:, 0], np.zeros(len(t.ravel()))], axis=1)
    along /= np.linalg.norm(along, axis=1)[:, None]
    ahead = np.cross(normal, along)
    ex = np.einsum("ij,ij->i", e_vector, along)
    ey = np.einsum("ij,ij->i", e_vector, ahead)

    n = len(nodes) - 1

    def by_turn(x: Array) -> Array:
        out: Array = x.reshape(n, _POINTS, *x.shape[1:]).mean(axis=1)
        return out

    mean_normal = by_turn(normal)
    mean_normal /= np.linalg.norm(mean_normal, axis=1)[:, None]
    inclination = np.arctan2(np.hypot(mean_normal[:, 0], mean_normal[:, 1]), mean_normal[:, 2])
    middle = 0.5 * (nodes[1:] + nodes[:-1])

    def at_release(x: Array) -> float:
        if n < 3:
            return float(x[0])
        return float(np.polyfit(middle - first, x, 1)[1])

    raan = np.unwrap(np.arctan2(mean_normal[:, 0], -mean_normal[:, 1]))
    rate = float(np.polyfit(middle - first, raan, 1)[0]) if n >= 3 else None
    # The pole of the plane, not its angles: beside the equator's a node turns by any angle. Its own
    # turn about the axis is taken out before, so that a line fits what is left; of one or two
    # revolutions, which give no line, it is all there is to carry back by.
    turns = rate
    if turns is None or float(np.hypot(*mean_normal[0, :2])) < _AT_THE_POLE:
        mean_a, mean_i = float(by_turn(a)[0]), float(inclination[0])
        mean_p = mean_a * (1.0 - float(by_turn(ex)[0]) ** 2 - float(by_turn(ey)[0]) ** 2)
        field = view.field(view.centre)
        j2 = float(field.zonal_j(2))
        slow = -1.5 * np.sqrt(mu / mean_a**3) * j2 * (float(field.radius_m) / mean_p) ** 2
        turns = float(slow * np.cos(mean_i))
    back = -turns * (middle - first)
    px, py = mean_normal[:, 0], mean_normal[:, 1]
    steady = np.column_stack(
        [
            np.cos(back) * px - np.sin(back) * py,
            np.sin(back) * px + np.cos(back) * py,
            mean_normal[:, 2],
        ]
    )
    pole = np.array([at_release(x) for x in steady.T])
    a_m = at_release(by_turn(a))
    if n < 3 and view.centre == "earth":
        # one or two revolutions tell no trend: what air, Sun and Moon do until their middle
        a_rate, pole_rate = _drift(view, path, t[0], y[:_POINTS], mu)
        a_m -= a_rate * float(middle[0] - first)
        pole = pole - pole_rate * float(middle[0] - first)
    return MeanOrbit(
        a_m=a_m,
        ex=at_release(by_turn(ex)),
        ey=at_release(by_turn(ey)),
        i_rad=float(np.arctan2(np.hypot(pole[0], pole[1]), pole[2])),
        raan_rad=float(np.mod(np.arctan2(pole[0], -pole[1]), 2.0 * np.pi)),
        raan_rate_rad_s=rate,
        a_step_m=_step(by_turn(a), path, nodes, mu),
        revolutions=n,
        nodes_s=nodes,
        lowest_m=float(radius.min()),
        highest_m=float(radius.max()),
    )


#: Moon and Sun at their nearest: mass over the Earth's, distance, m
_NEAREST = ((1.0 / 81.30, 356.4e6), (332_946.0, 1.471e11))


def swayed_m(a_m: float) -> float:
    """How far Sun and Moon sway the osculating a of a circle within a revolution, at most, m.

    E + R is constant while they stand still, and R = mu3 a^2 / (2 d^3) (3 cos^2 psi - 1) departs
    from its mean by 3/4 mu3 a^2 / d^3: 3/2 (mu3 / mu) (a / d)^3 of a, at their nearest.
    """
    return a_m * sum(1.5 * ratio * (a_m / d) ** 3 for ratio, d in _NEAREST)


def turned_rad(a_m: float, e: float) -> float:
    """How far Sun and Moon turn a plane in half a revolution, at most, rad: what a mean plane of an
    instant is known to, since their pull changes within days as revolutions do.

    Their torque is at most 3/2 mu3 r^2 / d^3, r^2 is a^2 (1 + 3/2 e^2) on average, and the angular
    momentum sqrt(mu a (1 - e^2)): 3/2 pi (mu3 / mu) (a / d)^3 (1 + 3/2 e^2) / sqrt(1 - e^2).
    """
    pull = sum(ratio * (a_m / d) ** 3 for ratio, d in _NEAREST)
    return float(1.5 * np.pi * pull * (1.0 + 1.5 * e * e) / np.sqrt(1.0 - e * e))
