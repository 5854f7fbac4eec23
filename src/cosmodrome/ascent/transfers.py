"""From one orbit to the next by one or two impulses: a guess, and what it needs.

Two coaxial impulses half a turn apart (Hohmann 1925; Vallado 2013, sec. 6.3), the plane turned
with whichever is farther out; one impulse where the orbits touch at an apsis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.target import argument_of_latitude
from cosmodrome.dynamics.kepler import kepler_propagate, mean_from_true
from cosmodrome.errors import InputError
from cosmodrome.maths import SCALAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.targets.insertion import Insertion

    Vector = NDArray[np.float64]

__all__ = ["Impulse", "after", "burns_between", "hohmann_m_s", "transfer"]

# an impulse smaller than this is none: the burn beside it does its part
_NOTHING_M_S = 1.0
# a plane turned by less is left to the burns where they are
_SAME_PLANE_RAD = 1e-4
# from a release to the next ignition at least, and where nothing says where to burn
_SOONEST_S, _SOON_S = 300.0, 600.0


@dataclass(frozen=True, slots=True, eq=False)
class Impulse:
    """A change of velocity `dv_m_s` (3,) after `coast_s` from the impulse (or state) before.

    anytime  one moment is as good as another: between circles in one plane
    """

    coast_s: float
    dv_m_s: Vector
    anytime: bool = False

    @property
    def size_m_s(self) -> float:
        """Its length."""
        return float(np.linalg.norm(self.dv_m_s))


def hohmann_m_s(mu: float, r1_m: float, r2_m: float) -> tuple[float, float]:
    """Both impulses between coplanar circles (Vallado 2013, algorithm 36), without sign, m/s."""
    a = 0.5 * (r1_m + r2_m)
    first = math.sqrt(mu * (2.0 / r1_m - 1.0 / a)) - math.sqrt(mu / r1_m)
    second = math.sqrt(mu / r2_m) - math.sqrt(mu * (2.0 / r2_m - 1.0 / a))
    return abs(first), abs(second)


def after(mu: float, r: Vector, v: Vector, impulses: tuple[Impulse, ...]) -> tuple[Vector, Vector]:
    """The state after all impulses, on conics."""
    for impulse in impulses:
        r, v = kepler_propagate(r, v, impulse.coast_s, mu)
        v = v + impulse.dv_m_s
    return r, v


def burns_between(first: Insertion, onward: tuple[Insertion, ...]) -> tuple[int, ...]:
    """Burns of the impulsive transfer to each later orbit.

    Raises InputError where two orbits in a row are the same.
    """
    if not onward:
        return ()
    now, state = first, first.state_at(0.0, 0.0)
    out = []
    for k, to in enumerate(onward):
        hops = transfer(first.mu, *state, now, to)
        now = to
        if not hops:
            raise InputError(
                f"orbit {k + 2} of the mission is orbit {k + 1} again: leave `target` out of that"
                " spacecraft; it is then released with the one before"
            )
        out.append(len(hops))
        state = after(first.mu, *state, hops)
    return tuple(out)


def _speed(mu: float, r: float, other: float) -> float:
    """Speed at an apsis `r` of an orbit whose other apsis is `other`."""
    return math.sqrt(2.0 * mu * other / (r * (r + other)))


def transfer(mu: float, r: Vector, v: Vector, now: Insertion, to: Insertion) -> tuple[Impulse, ...]:
    """Impulses from a state (3,), (3,) of the orbit `now` onto `to`; () where they are the same.

    The axis of z is the equator's. Of the ways between apsides the cheapest is taken; from a
    circle the first burn lies where the wanted perigee is, else at a node where the plane turns.
    """
    tilt = to.i_mean_rad - now.i_mean_rad
    here, there = _apsides(now), _apsides(to)
    x, y, sizes = _cheapest(mu, here, there, tilt)
    if max(sizes) < _NOTHING_M_S:
        return ()
    turns = abs(tilt) > _SAME_PLANE_RAD
    coast = _until(mu, r, v, to, here[0] == here[1], x == here[0], y == there[0], turns)
    half = math.pi * math.sqrt((0.5 * (x + y)) ** 3 / mu)
    out: list[Impulse] = []
    waited = coast
    for k, size in enumerate(sizes):
        if size >= _NOTHING_M_S:
            r, v = kepler_propagate(r, v, waited, mu)
            d = float(np.linalg.norm(r))
            # the plane turns with the outer burn, which is the cheaper one
            plane = to.i_aim_rad if turns and (k == 0) == (x > y) else None
            other = y if k == 0 else there[1] if y == there[0] else there[0]
            dv = _level(r, v, _speed(mu, d, other), plane) - v
            anytime = not out and here[0] == here[1] and there[0] == there[1] and not turns
            out.append(Impulse(waited, dv, anytime))
            v, waited = v + dv, 0.0
        waited += half
    return tuple(out)


def _apsides(orbit: Insertion) -> tuple[float, float]:
    """Radii of perigee and apogee of the wanted mean orbit, m."""
    e = orbit.e_mean if orbit.elliptic else 0.0
    return orbit.a_mean_m * (1.0 - e), orbit.a_mean_m * (1.0 + e)


def _cheapest(
    mu: float, here: tuple[float, float], there: tuple[float, float], tilt: float
) -> tuple[float, float, tuple[float, ...]]:
    """Apsis to leave from, the opposite one to arrive at, and both impulses, by their sum."""
    ways: list[tuple[float, float, tuple[float, ...]]] = []
    for k, x in enumerate(here):
        for m, y in enumerate(there):
            turns = (tilt, 0.0) if x > y else (0.0, tilt)
            pairs = (
                (_speed(mu, x, here[1 - k]), _speed(mu, x, y), turns[0]),
                (_speed(mu, y, x), _speed(mu, y, there[1 - m]), turns[1]),
            )
            costs = tuple(
                math.sqrt(max(p * p + q * q - 2.0 * p * q * math.cos(t), 0.0)) for p, q, t in pairs
            )
            ways.append((x, y, costs))
    least = min(sum(costs) for _, _, costs in ways)
    # of ways that cost the same, the one that need not wait for the other apsis
    return max((w for w in ways if sum(w[2]) < least + 1e-6), key=lambda w: w[2][0])


def _until(
    mu: float,
    r: Vector,
    v: Vector,
    to: Insertion,
    circle: bool,
    from_low: bool,
    to_low: bool,
    turns: bool,
) -> float:
    """Seconds to the first impulse."""
    a = 1.0 / (2.0 / float(np.linalg.norm(r)) - float(v @ v) / mu)
    period = 2.0 * math.pi * math.sqrt(a**3 / mu)
    if not circle:
        e_vec = np.cross(v, np.cross(r, v)) / mu - r / np.linalg.norm(r)
        e = float(np.linalg.norm(e_vec))
        nu = math.atan2(
            float(np.cross(e_vec, r) @ np.cross(r, v)) / float(np.linalg.norm(np.cross(r, v))),
            float(e_vec @ r),
        )
        wanted = 0.0 if from_low else math.pi
        turn = (mean_from_true(wanted, e) - mean_from_true(nu, e)) % (2.0 * math.pi)
        wait = turn / (2.0 * math.pi) * period
        return wait if wait > _SOONEST_S else wait + period
    u = _latitude_argument(r, v)
    if to.elliptic and to.argp_rad is not None:
        # the perigee is where the burn is, or half a turn on
        places = [to.argp_rad + (math.pi if to_low else 0.0)]
        if to.perigee_at_either_node:
            places.append(places[0] + math.pi)
    elif turns:
        places = [0.0, math.pi]
    else:
        return _SOON_S
    waits = [((x - u) % (2.0 * math.pi)) / (2.0 * math.pi) * period for x in places]
    return min(w if w > _SOONEST_S else w + period for w in waits)


def _level(r: Vector, v: Vector, speed: float, inclination: float | None) -> Vector:
    """A horizontal velocity of this size, in the plane of (r, v) or in another inclination."""
    r_hat = r / np.linalg.norm(r)
    along: Vector = np.cross(np.cross(r, v), r)
    if inclination is not None:
        latitude = math.asin(max(-1.0, min(1.0, float(r_hat[2]))))
        sine = max(-1.0, min(1.0, math.cos(inclination) / max(math.cos(latitude), 1e-9)))
        azimuth = math.asin(sine)
        north = np.array([0.0, 0.0, 1.0]) - r_hat[2] * r_hat
        north /= np.linalg.norm(north)
        if float(along @ north) < 0.0:
            azimuth = math.pi - azimuth
        along = math.cos(azimuth) * north + math.sin(azimuth) * np.cross(north, r_hat)
    out: Vector = speed * along / np.linalg.norm(along)
    return out


def _latitude_argument(r: Vector, v: Vector) -> float:
    """Argument of latitude, rad; of an orbit in the equator's plane, the right ascension."""
    h = np.cross(r, v)
    if math.hypot(float(h[0]), float(h[1])) < 1e-9 * float(np.linalg.norm(h)):
        return math.atan2(float(r[1]), float(r[0]))
    cos_u, sin_u = argument_of_latitude(SCALAR, _three(r), _three(v))
    return math.atan2(sin_u, cos_u)


def _three(x: Vector) -> tuple[float, float, float]:
    return float(x[0]), float(x[1]), float(x[2])
