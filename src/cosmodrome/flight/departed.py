"""What an ascent left on a way out: its ellipse in the true equator of date."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError
from cosmodrome.transfer.translunar.nouns import going_of
from cosmodrome.world.bodies import body

if TYPE_CHECKING:
    from cosmodrome.record import Elements
    from cosmodrome.transfer.translunar.nouns import Going
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Departed", "departed"]

_MU = body("earth").mu_m3_s2


@dataclass(frozen=True, slots=True)
class Departed:
    """Osculating elements of a state about the Earth, true equator and equinox of date."""

    epoch: Epoch
    elements: Elements

    @property
    def perigee_m(self) -> float:
        """Radius of the perigee."""
        return self.elements.a_m * (1.0 - self.elements.e)

    @property
    def apogee_m(self) -> float:
        """Radius of the apogee."""
        return self.elements.a_m * (1.0 + self.elements.e)

    @property
    def going(self) -> Going:
        """Is the apogee passed going north or south?"""
        return going_of(self.elements.argp_rad)

    def at_perigee(self) -> Epoch:
        """When the nearest perigee is passed. Raises InfeasibleError for an open orbit."""
        f, e = self.elements.true_anomaly_rad, self.elements.e
        if not 0.0 < e < 1.0:
            raise InfeasibleError(
                "the ascent leaves the Earth for good: it was to stay bound to it"
            )
        x = 2.0 * math.atan(math.sqrt((1.0 - e) / (1.0 + e)) * math.tan(0.5 * f))
        since = math.sqrt(self.elements.a_m**3 / _MU) * (x - e * math.sin(x))
        return self.epoch + -since


def departed(state: State, world: World) -> Departed:
    """The ellipse of a state about the Earth in GCRF axes."""
    tod = np.asarray(world.orientation.tod_from_gcrf(state.epoch).matrix)
    return Departed(state.epoch, elements_from_state(tod @ state.r_m, tod @ state.v_m_s, _MU))
