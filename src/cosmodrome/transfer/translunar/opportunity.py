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

from cosmodrome.dynamics import Distance, Drag, Gravity, PointMass, propagate
from cosmodrome.errors import InfeasibleError, InputError, NoEventError, SolverError
from cosmodrome.maths.vectors import cross
from cosmodrome.transfer.translunar.nouns import Cell, TranslunarProblem
from cosmodrome.transfer.translunar.search import way
from cosmodrome.watch import SILENT, stop_if_cancelled
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import recentred
from cosmodrome.world.centres import MOON_SPHERE_M

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.record.arrivals import ArrivalLooked
    from cosmodrome.transfer.translunar.landfall import Landfall
    from cosmodrome.transfer.translunar.nouns import Going, LunarOrbit, Passing, Translunar
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Opportunity", "Parked", "opportunities", "perilune_ahead", "revolution"]

_MU = body("earth").mu_m3_s2
# places of the plane, s apart
_STEP_S = 6.0 * 3600.0
# an orbit this flat is left from wherever the arc begins
_ROUND = 0.05
_TURN = 2.0 * math.pi
# the plane is matched to this, rad, by a revolution; then by the time of flight
_MATCHED_RAD, _CLOSE_RAD = 2e-3, 2e-5
# so many secants, none longer than this, the first by so much
_SECANTS, _FAR_S, _NEAR_S, _PROBE_S = 10, 2.0 * 86_400.0, 43_200.0, 6.0 * 3600.0
_WITHIN_S = 12.0 * 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class Opportunity:
    """A place to leave from.

    before     state on the orbit, less than two revolutions earlier
    after_s    from there to the middle of the injection
    speed_m_s  its size, as an impulse
    orbit      the one about the Moon, its inclination told where a landing chooses it
    way        the departure by an impulse that leads there: its perilune is the arrival
    """

    before: State
    after_s: float
    speed_m_s: float
    orbit: LunarOrbit
    way: Translunar

    @property
    def leaves(self) -> Epoch:
        """The middle of the injection."""
        return self.before.epoch + self.after_s

    @property
    def arrival(self) -> Epoch:
        """At the Moon."""
        return self.way.perilune.epoch

    @property
    def passing(self) -> Passing:
        """The side on which it is passed."""
        return self.way.cell.passing


def opportunities(
    state: State,
    orbit: LunarOrbit,
    passings: Sequence[Passing],
    flight_s: float,
    within_s: float,
    dynamics: Dynamics,
    world: World,
    watch: Watch = SILENT,
    landfall: Landfall | None = None,
    looked: list[ArrivalLooked] | None = None,
) -> list[Opportunity]:
    """The injections from an orbit within so long, in order of time.

    landfall  a landing whose place and light choose plane and passing; injections that do not serve
              it are left out
    looked    takes the arrivals that were weighed for it

    Raises InfeasibleError for an orbit that is no circle, more or less.
    """
    parked = Parked(state, within_s, dynamics, world)
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
            if found is not None and landfall is not None:
                found = _for_landing(parked, found, at, flight_s, landfall, looked)
            if found is not None and found.before.epoch - state.epoch + found.after_s < within_s:
                out.append(found)
    return sorted(out, key=lambda o: o.arrival)


class Parked:
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
        # the air of the departure's first minutes is nothing to the search, and slow
        self.state, self.dynamics, self.world = state, dynamics.without(Drag), world
        self.a_m = 1.0 / (2.0 / radius - float(v @ v) / _MU)
        self.period = _TURN * math.sqrt(self.a_m**3 / _MU)
        self.times = np.arange(0.0, within_s + _STEP_S, _STEP_S)
        # the Moon's own field is nothing here
        self.near = replace(
            dynamics,
            forces=tuple(
                PointMass("moon") if isinstance(f, Gravity) and f.body == "moon" else f
                for f in dynamics.forces
            ),
            spheres=(),
        )
        flown = propagate(
            state, self.near, float(self.times[-1]), world=world, times=self.times[1:], dense=False
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
    parked: Parked,
    orbit: LunarOrbit,
    at_s: float,
    flight_s: float,
    going: Going,
    passing: Passing,
) -> Opportunity | None:
    """The injection about an instant in whose plane the Moon is.

    First the departure is shifted until the node of the way is the orbit's; then it is put on a
    revolution, and the flight is made longer or shorter until it is so again. None where no way
    leads there about then.
    """
    i = parked.inclination

    def off(at: float, flight: float) -> tuple[float, Translunar]:
        leaves = parked.state.epoch + at
        asked = TranslunarProblem(parked.a_m, (i, i), leaves, leaves, orbit)
        cell = Cell(leaves, flight, going, passing)
        one = way(asked, cell, parked.dynamics, parked.world)
        return math.remainder(one.raan_rad - parked.node(at), _TURN), one

    def later(at: float) -> tuple[float, Translunar]:
        if not 0.0 <= at <= float(parked.times[-1]):
            raise InfeasibleError("the plane holds the Moon outside the time asked")
        return off(at, flight_s)

    try:
        probe = _PROBE_S if at_s < _PROBE_S else -_PROBE_S
        at, one = _secant(later, at_s, at_s + probe, _FAR_S, _MATCHED_RAD)
        before, after = revolution(parked, at, one.departure.r_m)
        passes = before.epoch - parked.state.epoch + after
        flight = flight_s + at - passes

        def longer(span: float) -> tuple[float, Translunar]:
            return off(passes, span)

        flight, one = _secant(longer, flight, flight + 600.0, _NEAR_S, _CLOSE_RAD)
        before, after = revolution(parked, at, one.departure.r_m)
    except (InfeasibleError, InputError, SolverError):
        return None
    # the orbit breathes: the energy of the way, from the radius and speed that are there
    there = propagate(before, parked.near, after, world=parked.world, dense=False).end
    needs = math.sqrt(one.c3_m2_s2 + 2.0 * _MU / float(np.linalg.norm(there.r_m)))
    size = needs - float(np.linalg.norm(there.v_m_s))
    return Opportunity(before, after, size, orbit, one)


def _for_landing(
    parked: Parked,
    found: Opportunity,
    at_s: float,
    flight_s: float,
    landfall: Landfall,
    looked: list[ArrivalLooked] | None,
) -> Opportunity | None:
    """The injection again, into the plane that the landing asks for; None where it cannot serve."""
    try:
        plane = landfall.weigh(found.way.perilune, found.orbit, parked.world).plane()
        going = found.way.cell.going
        served = _matched(parked, plane.orbit, at_s, flight_s, going, plane.passing)
    except InfeasibleError:
        served = None
    if looked is not None:
        told = found if served is None else served
        weighed = landfall.weigh(told.way.perilune, told.orbit, parked.world)
        looked += weighed.rows(told.leaves, told.way.cell.going, told.way.total_m_s)
    return served


def _secant(
    off: Callable[[float], tuple[float, Translunar]],
    first: float,
    second: float,
    longest: float,
    near: float,
) -> tuple[float, Translunar]:
    """Where `off` vanishes, and what stands there. Raises SolverError where it does not."""
    x, (miss, one) = first, off(first)
    if abs(miss) < near:
        return x, one
    y = second
    for _ in range(_SECANTS):
        here, one = off(y)
        if abs(here) < near:
            return y, one
        step = -here * (y - x) / (here - miss) if here != miss else longest
        x, miss = y, here
        y += max(-longest, min(longest, step))
    raise SolverError("the plane of the way does not meet that of the orbit")


def revolution(parked: Parked, at_s: float, toward: Array) -> tuple[State, float]:
    """The revolution nearest to an instant: a state before it, and the time from there to a place
    (3,)."""
    here = parked.state
    begins = max(at_s - parked.period, 0.0)
    if begins > 0.0:
        here = propagate(here, parked.near, begins, world=parked.world, dense=False).end
    r, v = here.r_m, here.v_m_s
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal)
    ahead = math.atan2(float(np.cross(r, toward) @ normal), float(r @ toward)) % _TURN
    # a burn needs time before its middle
    if ahead < 0.5 * math.pi:
        ahead += _TURN
    return here, ahead / _TURN * parked.period


def perilune_ahead(state: State, dynamics: Dynamics, world: World) -> State:
    """Where a path comes closest to the Moon, about the Moon.

    Raises InfeasibleError where it does not come into the Moon's sphere within 12 days.
    """
    about = recentred(state, "moon", world)
    if float(np.linalg.norm(about.r_m)) > MOON_SPHERE_M:
        try:
            edge = propagate(
                state, dynamics, Distance("moon", MOON_SPHERE_M), world=world, within_s=_WITHIN_S,
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
