"""Leading a burn back to a way that is known.

From the Earth to the Moon in three months a metre a second is a million kilometres. Newton's rule
from far off goes astray; to the places of the known way one after another it does not: each is a
small step from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Settings, propagate
from cosmodrome.errors import CosmodromeError, SolverError
from cosmodrome.transfer.translunar.correct import lead
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.backward import Back
    from cosmodrome.transfer.translunar.correct import Leaving, Led, Wanted
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Along"]

_DAY_S = 86_400.0
#: places of the way by shares of it, and how near they are met, m
_PLACES = ((0.04, 5e5), (0.12, 5e5), (0.4, 1e6), (0.7, 1e6), (0.9, 5e5))
_PASSES, _AHEAD_S = 12, 0.5 * _DAY_S
_SETTINGS = Settings(budget=800)


@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """Places of a way: instants, (3,) about the Earth, and how near each is met, m."""

    places: tuple[tuple[Epoch, Array, float], ...]

    @classmethod
    def of(cls, back: Back, dynamics: Dynamics, world: World) -> Along:
        """Of a way that was found, as it flies backward from its perilune."""
        out, state = [], back.perilune
        for share, near in reversed(_PLACES):
            at = back.departure.epoch + share * back.flight_s
            state = propagate(state, dynamics, at, world=world, dense=False).end
            out.append((at, recentred(state, "earth", world).r_m, near))
        return cls(tuple(reversed(out)))

    def lead(
        self, x: Array, leaving: Leaving, wanted: Wanted, dynamics: Dynamics, world: World
    ) -> Led:
        """The flight that arrives, from a guess (3,), along the way; directly where that does.

        Raises SolverError where it is not led there.
        """
        begins = leaving.state(x)[0].epoch
        for at, place, near in self.places:
            if at - begins > _AHEAD_S:
                x = _met(x, leaving, at, place, near, dynamics, world)
        return lead(x, leaving, wanted, dynamics, world)


def _met(
    x: Array,
    leaving: Leaving,
    at: Epoch,
    place: Array,
    near_m: float,
    dynamics: Dynamics,
    world: World,
) -> Array:
    """Unknowns (3,) that lead through a place. Raises SolverError where none are found."""
    best, base, step, share = np.inf, x, np.zeros(3), 1.0
    for _ in range(_PASSES):
        try:
            begun, slopes = leaving.state(x)
            done = propagate(
                begun, dynamics, at, world=world, dense=False, partials=(), settings=_SETTINGS
            )
            assert done.stm is not None
            rows = np.asarray(done.stm[:3] @ slopes)
            miss = recentred(done.end, "earth", world).r_m - place
            size = float(np.linalg.norm(miss))
        except CosmodromeError:
            size = np.inf
        if size <= near_m:
            return x
        if size >= best:
            share *= 0.35
        elif not np.isfinite(size):
            break
        else:
            best, base, share = size, x, 1.0
            step = np.asarray(np.linalg.lstsq(rows, -miss, rcond=1e-12)[0])
            step = step / max(1.0, float(np.max(np.abs(step * leaving.scale) / leaving.reach)))
        x = base + share * step * leaving.scale
    raise SolverError(f"no burn leads back to the way: {best / 1e3:.3g} km are left on {at.utc(0)}")
