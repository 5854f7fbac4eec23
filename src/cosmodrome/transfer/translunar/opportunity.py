"""When an orbit about the Earth can be left for the Moon: its plane must hold the Moon to come.

The plane turns slowly by the Earth's oblateness; the Moon crosses it twice in a month. Within the
revolution the place of the injection is where the arc to the Moon begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Distance, propagate
from cosmodrome.errors import InfeasibleError, NoEventError
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.guess import ellipse
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Opportunity", "opportunities", "perilune_ahead"]

_MU = body("earth").mu_m3_s2
# places of the plane, s apart
_STEP_S = 6.0 * 3600.0
# an orbit this flat is left from wherever the arc begins
_ROUND = 0.05
_TURN = 2.0 * math.pi
_WITHIN_S = 12.0 * 86_400.0
_SPHERE_M = 66e6


@dataclass(frozen=True, slots=True, eq=False)
class Opportunity:
    """A place to leave from.

    before     state on the orbit, less than two revolutions earlier
    after_s    from there to the middle of the injection
    speed_m_s  its size, two-body
    arrival    at the Moon
    """

    before: State
    after_s: float
    speed_m_s: float
    arrival: Epoch


def opportunities(
    state: State,
    flight_s: float,
    within_s: float,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
) -> list[Opportunity]:
    """The injections from an orbit within so long, in order of time.

    Raises InfeasibleError for an orbit that is no circle, more or less.
    """
    mu, r, v = _MU, state.r_m, state.v_m_s
    radius = float(np.linalg.norm(r))
    e_vector = np.cross(v, np.cross(r, v)) / mu - r / radius
    e = float(np.linalg.norm(e_vector))
    if e > _ROUND:
        raise InfeasibleError(
            f"an orbit of eccentricity {e:.3f} is left for the Moon at its perigee alone, and the"
            " Moon need not be on the other side: begin on a circle, or on the way already"
        )
    a = 1.0 / (2.0 / radius - float(v @ v) / mu)
    period = _TURN * math.sqrt(a**3 / mu)
    times = np.arange(0.0, within_s + _STEP_S, _STEP_S)
    flown = propagate(state, dynamics, float(times[-1]), world=world, times=times[1:], dense=False)
    rows = np.concatenate([np.concatenate([r, v])[None], flown.samples[:, :6]])
    normals = cross(rows[:, :3], rows[:, 3:])
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    moon = world.ephemeris.positions_m("moon", state.epoch, times + flight_s)
    off = np.einsum("ij,ij->i", normals, moon)
    out = []
    for k in np.flatnonzero(off[:-1] * off[1:] <= 0.0):
        stop_if_cancelled(watch)
        share = float(off[k] / (off[k] - off[k + 1])) if off[k] != off[k + 1] else 0.0
        at = float(times[k]) + share * _STEP_S
        if at < within_s:
            out.append(_left_at(state, max(at - period, 0.0), flight_s, dynamics, world))
    return out


def _left_at(
    state: State, at_s: float, flight_s: float, dynamics: Dynamics, world: World
) -> Opportunity:
    """The injection of the revolution after `at_s`."""
    here = state
    if at_s > 0.0:
        here = propagate(state, dynamics, at_s, world=world, dense=False).end
    arrival = here.epoch + flight_s
    moon = world.ephemeris.position_m("moon", arrival)
    r, v = here.r_m, here.v_m_s
    radius = float(np.linalg.norm(r))
    speed, f = ellipse(radius, float(np.linalg.norm(moon)), flight_s)
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal)
    there = math.atan2(float(np.cross(r, moon) @ normal), float(r @ moon))
    rate = math.sqrt(_MU / radius**3)
    ahead = (there - f) % _TURN
    # a burn needs time before its middle
    if ahead < 0.5 * math.pi:
        ahead += _TURN
    return Opportunity(here, ahead / rate, speed - math.sqrt(_MU / radius), arrival + ahead / rate)


def perilune_ahead(state: State, dynamics: Dynamics, world: World) -> State:
    """Where a path comes closest to the Moon, about the Moon.

    Raises InfeasibleError where it does not come into the Moon's sphere within 12 days.
    """
    about = recentred(state, "moon", world)
    if float(np.linalg.norm(about.r_m)) > _SPHERE_M:
        try:
            edge = propagate(
                state, dynamics, Distance("moon", _SPHERE_M), world=world, within_s=_WITHIN_S,
                dense=False,
            ).end  # fmt: skip
        except NoEventError:
            raise InfeasibleError(
                "the way that is entered does not come within 66,000 km of the Moon in 12 days: it"
                " was to lead there at another time, or misses it by more"
            ) from None
        about = recentred(edge, "moon", world)
    return propagate(
        about, dynamics.about("moon"), "periapsis", world=world, within_s=_WITHIN_S, dense=False
    ).end
