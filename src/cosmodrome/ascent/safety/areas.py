"""The fall area of each dropped body: band of impacts, scatter, pieces thrown apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.safety.dispersions import BAND_SIGMAS
from cosmodrome.ascent.safety.falling import Bodies, Landed, fall_each
from cosmodrome.ascent.safety.ground import area_margins
from cosmodrome.maths import NUMPY
from cosmodrome.physics.impact import vacuum_impact
from cosmodrome.record.safety import FallArea, Spread
from cosmodrome.world.geodesy import surface_distance_m
from cosmodrome.world.ground_map import GroundMap

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.ascent.safety.dispersions import Dispersions
    from cosmodrome.ascent.safety.ground import Ground
    from cosmodrome.catalog.nouns import Site
    from cosmodrome.physics.powered import Planet

    Array = NDArray[np.float64]

__all__ = ["LONGEST_FALL_S", "Drop", "fall_areas", "fallen", "vacuum_height_m"]

LONGEST_FALL_S = 7_200.0
_OWN = ("separation x", "separation y", "separation z", "ballistic coefficient", "density",
        "wind east", "wind north")  # fmt: skip
# squared step of the divided differences, the best for normal errors (their kurtosis is 3)
_H2 = 3.0
# a larger sigma than this, m, is no ellipse any more but part of an orbit
_WIDEST_M = 1e6
_VACUUM_HEIGHTS_M = (-30e3, 120e3)


@dataclass(frozen=True, slots=True, eq=False)
class Drop:
    """A body let go: when, in which state (6,), and what is not known of it.

    moved   (S, 6) change of state for one sigma of each error of the ascent, `sources` their
            names; thrust (3,) unit vector of the stack's thrust at separation
    band    ends of the ballistic coefficient over its nominal value
    """

    object: str
    t_s: float
    y: Array
    thrust: Array
    pieces: int
    ballistic_kg_m2: float
    band: tuple[float, float]
    assumed: bool
    sources: tuple[str, ...]
    moved: Array
    errors: Dispersions

    @property
    def names(self) -> tuple[str, ...]:
        """All sources of error, in the order of `dispersed`'s columns."""
        return (*self.sources, *_OWN)

    @property
    def log_sigma(self) -> float:
        """One sigma of the logarithm of the ballistic coefficient."""
        return math.log(self.band[1] / self.band[0]) / (2.0 * BAND_SIGMAS)

    @property
    def _middle(self) -> float:
        """Median of the ballistic coefficient: the band's own middle."""
        return self.ballistic_kg_m2 * math.sqrt(self.band[0] * self.band[1])

    def dispersed(self, z: Array) -> Bodies:
        """Bodies whose errors are `z` (n, len(names)) sigma each."""
        n, split = z.shape[0], len(self.sources)
        own = z[:, split:].T
        y = self.y[:, None] + (z[:, :split] @ self.moved).T
        y[3:] += self.errors.separation_m_s * own[:3]
        return Bodies(
            y,
            self._middle * np.exp(self.log_sigma * own[3]),
            1.0 + self.errors.density * own[4],
            self.errors.wind_m_s * own[5:7].reshape(2, n),
        )

    def ends(self) -> Bodies:
        """Undispersed bodies: nominal, low and high coefficient, then the pieces thrown apart."""
        thrown = self.pieces if self.pieces > 1 else 0
        n = 3 + thrown
        y = np.repeat(self.y[:, None], n, axis=1)
        side = np.cross(self.y[:3], self.thrust)
        side /= np.linalg.norm(side)
        other = np.cross(self.thrust, side)
        for k in range(thrown):
            a = 2.0 * math.pi * k / thrown
            y[3:, 3 + k] += self.errors.piece_m_s * (math.cos(a) * side + math.sin(a) * other)
        part = np.array([1.0, *self.band, *[1.0] * thrown])
        return Bodies(y, self.ballistic_kg_m2 * part, np.ones(n), np.zeros((2, n)))


def fall_areas(
    planet: Planet, ground: Ground, site: Site, drops: list[Drop]
) -> tuple[FallArea, ...]:
    """All bodies and all their deviations, flown to the ground in one batch.

    A body that stays up with an end of its band has no area.
    """
    if not drops:
        return ()
    landed = fall_each(planet, LONGEST_FALL_S, fallen(drops))
    out = []
    for drop, ends, others in zip(drops, landed[0::2], landed[1::2], strict=True):
        if ends.hit.all():
            spread = None
            if others.hit.all():
                spread = _spread(_places(ground, drop, others), drop.names)
                spread = spread if spread.semi_axes_m[0] < _WIDEST_M else None
            places = _places(ground, drop, ends)
            out.append(_area(planet, ground, site, drop, places, spread))
    return tuple(out)


def fallen(drops: list[Drop]) -> list[Bodies]:
    """What is flown to the ground: of each body the undispersed ones, then the scattered."""
    return [group for drop in drops for group in (drop.ends(), _scattered(drop))]


def _scattered(drop: Drop) -> Bodies:
    """The undispersed body, then each source a step up, then each a step down."""
    steps = math.sqrt(_H2) * np.eye(len(drop.names))
    return drop.dispersed(np.vstack([np.zeros((1, len(drop.names))), steps, -steps]))


def _places(ground: Ground, drop: Drop, landed: Landed) -> Array:
    return ground.places(landed.y[:3], drop.t_s + landed.t_s)


def _spread(places: Array, names: tuple[str, ...]) -> Spread:
    """Mean and covariance from places at 0, +h and -h sigma of each source in turn.

    Divided differences of second order (Norgaard, Poulsen & Ravn 2000, Automatica 36:1627):
    the mean and the covariance carry what each source's curvature adds.
    """
    at = GroundMap(*places[0])
    xy = at.to_m(places[:, 0], places[:, 1])
    n = len(names)
    plus, minus = xy[1 : n + 1], xy[n + 1 :]
    odd, even = plus - minus, plus + minus
    mean = even.sum(axis=0) / (2.0 * _H2)
    own = (
        odd[:, :, None] * odd[:, None, :] / (4.0 * _H2)
        + even[:, :, None] * even[:, None, :] * (_H2 - 1.0) / (4.0 * _H2**2)
    )  # fmt: skip
    (ee, en), (_, nn) = own.sum(axis=0).tolist()
    latitude, longitude = at.to_places(mean).tolist()
    return Spread(
        (latitude, longitude),
        ((ee, en), (en, nn)),
        {name: math.sqrt(float(np.trace(c))) for name, c in zip(names, own, strict=True)},
    )


def _area(
    planet: Planet, ground: Ground, site: Site, drop: Drop, ends: Array, spread: Spread | None
) -> FallArea:
    nominal, low, high, *thrown = [(float(a), float(b)) for a, b in ends]
    b = drop.ballistic_kg_m2
    return FallArea(
        object=drop.object,
        pieces=drop.pieces,
        ballistic_kg_m2=(b * drop.band[0], b, b * drop.band[1]),
        assumed=drop.assumed,
        low=low,
        nominal=nominal,
        high=high,
        thrown=tuple(thrown),
        spread=spread,
        vacuum_height_m=_vacuum_height_m(planet, ground, drop, nominal),
        margins=area_margins(site, drop.object, nominal, spread),
    )


def _vacuum_height_m(
    planet: Planet, ground: Ground, drop: Drop, impact: tuple[float, float]
) -> float | None:
    below = ground.places(drop.y[:3, None], np.array([drop.t_s]))[0]

    def range_m(place: Array | tuple[float, float]) -> float:
        return float(surface_distance_m(below[0], below[1], place[0], place[1]))

    def turned_range_m(place: Array) -> float:
        return range_m(ground.turned_places(place[:, None])[0])

    return vacuum_height_m(planet, drop.y, drop.t_s, turned_range_m, range_m(impact))


def vacuum_height_m(
    planet: Planet, y: Array, t_s: float, range_m: Callable[[Array], float], wanted_m: float
) -> float | None:
    """Height at which the vacuum path from the state y (6,) at `t_s` is `wanted_m` away.

    range_m  of a place (3,) in axes that have turned with the Earth since lift-off
    None where no height between -30 and 120 km is.
    """
    r, v = tuple(y[:3]), tuple(y[3:])

    def excess(height_m: float) -> float:
        hit = vacuum_impact(NUMPY, planet, r, v, height_m, t_s)
        return range_m(np.stack(hit.direction) * hit.radius_m) - wanted_m

    low, high = _VACUUM_HEIGHTS_M
    if not excess(low) > 0.0 > excess(high):
        return None
    while high - low > 1.0:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)
