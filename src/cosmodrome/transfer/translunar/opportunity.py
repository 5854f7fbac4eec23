"""When an orbit about the Earth can be left for the Moon: its plane must hold the Moon to come.

The plane turns slowly by the Earth's oblateness; the Moon crosses it twice in a month. When the way
from that inclination has its node there, the search for ways tells; within the revolution the place
of the injection is its perigee.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import Distance, Gravity, PointMass, propagate
from cosmodrome.errors import InfeasibleError, NoEventError, SolverError
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.nouns import Cell, TranslunarProblem
from cosmodrome.transfer.translunar.search import way
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.transfer.translunar.nouns import Going, LunarOrbit, Passing, Translunar
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
# the plane is matched to this, by so many secants no longer than this, the first by so much
_MATCHED_RAD, _SECANTS, _FAR_S, _PROBE_S = 2e-4, 10, 2.0 * 86_400.0, 6.0 * 3600.0
_WITHIN_S = 12.0 * 86_400.0
_SPHERE_M = 66e6


@dataclass(frozen=True, slots=True, eq=False)
class Opportunity:
    """A place to leave from.

    before     state on the orbit, less than two revolutions earlier
    after_s    from there to the middle of the injection
    speed_m_s  its size, as an impulse
    arrival    at the Moon
    passing    the side on which it is passed
    """

    before: State
    after_s: float
    speed_m_s: float
    arrival: Epoch
    passing: Passing


def opportunities(
    state: State,
    orbit: LunarOrbit,
    passings: Sequence[Passing],
    flight_s: float,
    within_s: float,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
) -> list[Opportunity]:
    """The injections from an orbit within so long, in order of time.

    Raises InfeasibleError for an orbit that is no circle, more or less.
    """
    parked = _Parked(state, within_s, dynamics, world)
    moon = world.ephemeris.positions_m("moon", state.epoch, parked.times + flight_s)
    off = np.einsum("ij,ij->i", parked.normals, moon)
    rises = np.einsum("ij,ij->i", cross(parked.normals, moon), parked.poles)
    out = []
    for k in np.flatnonzero(off[:-1] * off[1:] <= 0.0):
        share = float(off[k] / (off[k] - off[k + 1])) if off[k] != off[k + 1] else 0.0
        at = float(parked.times[k]) + share * _STEP_S
        going: Going = "northbound" if rises[k] > 0.0 else "southbound"
        for passing in passings:
            stop_if_cancelled(watch)
            found = _matched(parked, orbit, at, flight_s, going, passing)
            if found is not None and found[0] < within_s:
                out.append(_left_at(parked, *found, flight_s, passing))
    return sorted(out, key=lambda o: o.arrival)


class _Parked:
    """An orbit about the Earth over a span, every six hours: its plane, true equator of date."""

    def __init__(self, state: State, within_s: float, dynamics: Dynamics, world: World) -> None:
        r, v = state.r_m, state.v_m_s
        radius = float(np.linalg.norm(r))
        e = float(np.linalg.norm(np.cross(v, np.cross(r, v)) / _MU - r / radius))
        if e > _ROUND:
            raise InfeasibleError(
                f"an orbit of eccentricity {e:.3f} is left for the Moon at its perigee alone, and"
                " the Moon need not be on the other side: begin on a circle, or on the way already"
            )
        self.state, self.dynamics, self.world = state, dynamics, world
        self.a_m = 1.0 / (2.0 / radius - float(v @ v) / _MU)
        self.period = _TURN * math.sqrt(self.a_m**3 / _MU)
        self.times = np.arange(0.0, within_s + _STEP_S, _STEP_S)
        # the Moon's own field is nothing here
        near = replace(
            dynamics,
            forces=tuple(
                PointMass("moon") if isinstance(f, Gravity) and f.body == "moon" else f
                for f in dynamics.forces
            ),
            spheres=(),
        )
        flown = propagate(
            state, near, float(self.times[-1]), world=world, times=self.times[1:], dense=False
        )
        rows = np.concatenate([np.concatenate([r, v])[None], flown.samples[:, :6]])
        normals = cross(rows[:, :3], rows[:, 3:])
        self.normals = normals / np.linalg.norm(normals, axis=1)[:, None]
        tod = np.asarray(world.orientation.tod_from_gcrf(state.epoch).matrix)
        self.poles = np.broadcast_to(tod[2], self.normals.shape)
        n = self.normals @ tod.T
        self.nodes = np.unwrap(np.arctan2(n[:, 0], -n[:, 1]))
        self.inclination = float(np.mean(np.arccos(n[:, 2])))

    def node(self, at_s: float) -> float:
        return float(np.interp(at_s, self.times, self.nodes))


def _matched(
    parked: _Parked,
    orbit: LunarOrbit,
    at_s: float,
    flight_s: float,
    going: Going,
    passing: Passing,
) -> tuple[float, Translunar] | None:
    """When the plane of a way to the Moon is that of the orbit, by the secant rule, and the way.

    None where no way leads there about then.
    """
    i = parked.inclination

    def off(at: float) -> tuple[float, Translunar]:
        leaves = parked.state.epoch + at
        asked = TranslunarProblem(parked.a_m, (i, i), leaves, leaves, orbit)
        cell = Cell(leaves, flight_s, going, passing)
        one = way(asked, cell, parked.dynamics, parked.world)
        return math.remainder(one.raan_rad - parked.node(at), _TURN), one

    try:
        before, miss = at_s, off(at_s)
        at = at_s + (_PROBE_S if at_s < _PROBE_S else -_PROBE_S)
        for _ in range(_SECANTS):
            here = off(at)
            if abs(here[0]) < _MATCHED_RAD:
                return at, here[1]
            step = -here[0] * (at - before) / (here[0] - miss[0])
            before, miss = at, here
            at += max(-_FAR_S, min(_FAR_S, step))
            if not 0.0 <= at <= float(parked.times[-1]):
                return None
    except (InfeasibleError, SolverError):
        pass
    return None


def _left_at(
    parked: _Parked, at_s: float, one: Translunar, flight_s: float, passing: Passing
) -> Opportunity:
    """The injection of the revolution nearest to an instant."""
    here = parked.state
    begins = max(at_s - parked.period, 0.0)
    if begins > 0.0:
        here = propagate(here, parked.dynamics, begins, world=parked.world, dense=False).end
    r, v = here.r_m, here.v_m_s
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal)
    toward = one.departure.r_m
    ahead = math.atan2(float(np.cross(r, toward) @ normal), float(r @ toward)) % _TURN
    # a burn needs time before its middle
    if ahead < 0.5 * math.pi:
        ahead += _TURN
    after = ahead / _TURN * parked.period
    return Opportunity(here, after, one.delta_v_m_s, here.epoch + after + flight_s, passing)


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
