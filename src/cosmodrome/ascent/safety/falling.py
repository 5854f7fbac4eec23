"""Many falls to the ground at once: drag, wind, zonal gravity; each lane with its own step.

Dormand & Prince 5(4) (1980, J. Comp. Appl. Math. 6:19). Air in a table, as the search's lanes
have it. For dispersions, where DOP853 on single bodies (`ascent.integrate`) would take minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.lanes import coarse_planet, table_heights
from cosmodrome.errors import SolverError
from cosmodrome.maths import NUMPY, remembered, remembered_each
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.physics.atmosphere import TOP_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.physics.powered import Planet

    Array = NDArray[np.float64]

__all__ = ["WIND_PROFILE", "Bodies", "Landed", "fall", "fall_each"]

# a dispersed wind's strength over height, m, as a part of its strength at the jet
WIND_PROFILE = ((0.0, 0.35), (11e3, 1.0), (20e3, 0.4), (50e3, 1.0), (80e3, 1.0), (100e3, 0.0))

# error of one step, m and m/s
_ALLOWED = np.array([[0.01]] * 3 + [[1e-4]] * 3)
_FIRST_STEP_S = 1.0
_LONGEST_STEP_S = 60.0
_LANDED_M = 1e-3
_MOST_STEPS = 5_000

_A = (
    (),
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
# fifth less fourth order
_E = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """n bodies let go, one a lane.

    y                 (6, n) m, m/s: launch frame (inertial, z along the spin axis)
    ballistic_kg_m2   (n,) mass over drag coefficient times area
    density_factor    (n,) on the standard atmosphere
    wind_m_s          (2, n) towards east and north at the jet, `WIND_PROFILE` elsewhere; what is
                      added to the planet's own wind
    """

    y: Array
    ballistic_kg_m2: Array
    density_factor: Array
    wind_m_s: Array

    def __getitem__(self, lanes: NDArray[np.intp] | slice) -> Bodies:
        """Some of the lanes."""
        return Bodies(*(getattr(self, f.name)[..., lanes] for f in fields(self)))

    @classmethod
    def joined(cls, groups: list[Bodies]) -> Bodies:
        """All lanes of several groups."""
        return cls(
            *(np.concatenate([getattr(g, f.name) for g in groups], axis=-1) for f in fields(cls))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Landed:
    """Where the lanes came down: seconds after the start (n,), state (6, n), whether they did."""

    t_s: Array
    y: Array
    hit: NDArray[np.bool_]


@remembered_each(512)
def fall_each(planet: Planet, longest_s: float, groups: list[Bodies]) -> list[Landed]:
    """`fall` of each of several groups, all lanes in one batch."""
    landed = fall(planet, Bodies.joined(groups), longest_s)
    ends = np.cumsum([group.density_factor.size for group in groups])[:-1]
    split = [np.split(whole, ends, axis=-1) for whole in (landed.t_s, landed.y, landed.hit)]
    return [Landed(t, y, hit) for t, y, hit in zip(*split, strict=True)]


def fall(planet: Planet, bodies: Bodies, longest_s: float) -> Landed:
    """Fly every lane to the ellipsoid, or for `longest_s` where it stays up.

    Against DOP853 at 1e-9 on the same bodies: within 3 m and 0.01 s, over falls of up to 40 min.
    """
    sky = _sky(planet)
    n = bodies.ballistic_kg_m2.size
    t, y = np.zeros(n), bodies.y.astype(np.float64).copy()
    step = np.full(n, _FIRST_STEP_S)
    hit = np.zeros(n, dtype=bool)
    going = np.arange(n)
    # slopes where each lane is: a step that was taken ends with them, one that was not begins again
    here = _rates(sky, bodies, y, np.arange(n))
    for _ in range(_MOST_STEPS):
        if going.size == 0:
            return Landed(t, y, hit)
        h = np.minimum(step[going], longest_s - t[going])
        now = y[:, going]
        new, last, error = _step(sky, bodies[going], now, here[:, going], h)
        before, after = _height(planet, now), _height(planet, new)
        good = error <= 1.0
        below = good & (after < -_LANDED_M)
        moved = good & ~below
        y[:, going[moved]] = new[:, moved]
        here[:, going[moved]] = last[:, moved]
        t[going[moved]] += h[moved]
        factor = np.clip(0.9 * np.maximum(error, 1e-10) ** -0.2, 0.2, 5.0)
        # a step that ends below the ground is taken again, as long as the chord allows
        chord = before / np.where(below, before - after, 1.0)
        step[going] = np.minimum(h * np.where(below, chord, factor), _LONGEST_STEP_S)
        down = moved & (after <= _LANDED_M)
        hit[going[down]] = True
        going = going[~down & ~(moved & (t[going] >= longest_s))]
    raise SolverError(f"{going.size} falling bodies need more than {_MOST_STEPS} steps each")


@dataclass(frozen=True, slots=True, eq=False)
class _Sky:
    """The planet with its air and wind in tables, and of the air the density alone: its logarithm
    over heights_m."""

    planet: Planet
    heights_m: Array
    log_density: Array


@remembered(8)
def _sky(planet: Planet) -> _Sky:
    heights_m = table_heights(TOP_M)
    rho = planet.atmosphere(NUMPY, heights_m)[0]
    return _Sky(coarse_planet(planet, TOP_M), heights_m, np.log(rho))


def _step(
    sky: _Sky, bodies: Bodies, y: Array, slope: Array, h: Array
) -> tuple[Array, Array, Array]:
    """One step of length h (n,) each from slopes (6, n): new states, the slopes there, and the
    error over what is allowed."""
    slopes = [slope]
    blown = np.flatnonzero(bodies.wind_m_s.any(axis=0))
    for row in _A[1:]:
        new = _combined(row, slopes)
        new *= h
        new += y
        slopes.append(_rates(sky, bodies, new, blown))
    wrong = _combined(_E, slopes)
    wrong *= h
    return new, slopes[-1], np.sqrt(np.mean((wrong / _ALLOWED) ** 2, axis=0))


def _combined(weights: tuple[float, ...], slopes: list[Array]) -> Array:
    """The sum of slopes by their weights, from the first on."""
    first, *rest = [(w, k) for w, k in zip(weights, slopes, strict=True) if w]
    out = first[0] * first[1]
    part = np.empty_like(out)
    for w, k in rest:
        np.multiply(w, k, out=part)
        out += part
    return out


def _height(planet: Planet, y: Array) -> Array:
    out: Array = powered.height(NUMPY, planet, (y[0], y[1], y[2]))
    return out


def _rates(sky: _Sky, bodies: Bodies, y: Array, blown: NDArray[np.intp]) -> Array:
    """(6, n) slopes; `blown` are the lanes with a wind of their own."""
    planet = sky.planet
    r = (y[0], y[1], y[2])
    h = _height(planet, y)
    rho = np.exp(np.interp(h, sky.heights_m, sky.log_density)) * bodies.density_factor
    out = np.empty_like(y)
    out[:3] = y[3:]
    # velocity in the air, then the acceleration in its place
    w = out[3:]
    np.add(y[3], planet.omega_rad_s * y[1], out=w[0])
    np.subtract(y[4], planet.omega_rad_s * y[0], out=w[1])
    w[2] = y[5]
    own = _wind(y[:, blown], h[blown], bodies.wind_m_s[:, blown])
    if planet.wind is None:
        w[:, blown] -= own
    else:
        blows = np.stack(aerodynamics.wind_velocity(NUMPY, r, *planet.wind(NUMPY, h)))
        blows[:, blown] += own
        w -= blows
    drag = 0.5 * rho * np.sqrt(np.sum(w * w, axis=0)) / bodies.ballistic_kg_m2
    w *= drag
    for across, pulled in zip(w, powered.gravity(NUMPY, planet, r), strict=True):
        np.subtract(pulled, across, out=across)
    return out


def _wind(y: Array, h: Array, east_north: Array) -> Array:
    """(3, n) velocity of the wind in the launch frame, along the geocentric horizon."""
    heights, parts = zip(*WIND_PROFILE, strict=True)
    e, n = east_north * np.interp(h, heights, parts)
    across = np.maximum(np.hypot(y[0], y[1]), 1.0)
    d = np.hypot(across, y[2])
    ex, ey = -y[1] / across, y[0] / across
    lean = n * y[2] / d
    return np.stack([e * ex - lean * ey, e * ey + lean * ex, n * across / d])
