"""What a phase step goes after: an object, or the spacecraft itself further along its orbit.

The same orbit at another phase is the spacecraft's own path, taken earlier or later and turned
about the pole by what the node drifts meanwhile: in the field of the zonals that is an exact motion
again, of the same mean elements. What the field's turning part, the Sun and the Moon do to it is
then flown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics import propagate
from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.dynamics.kepler import mean_from_true
from cosmodrome.dynamics.mean import mean_from_osculating
from cosmodrome.errors import InputError
from cosmodrome.maths.vectors import cross
from cosmodrome.physics.mean_orbits import node_rate
from cosmodrome.targets.sgp4 import sgp4_state
from cosmodrome.targets.start import start_state
from cosmodrome.transfer.conditions import Frame, misses
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.dynamics import Dynamics
    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.mission.steps import Phase
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Followed", "further_along", "object_followed"]

_TURN = 2.0 * math.pi
_STEPS = 8
# SGP4 is fitted over so many revolutions on both sides of the arrival, at so many instants
_FIT_REVOLUTIONS, _FIT_POINTS, _FIT_STEPS = 3.0, 48, 4


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """A motion in GCRF and where beside it to arrive.

    path           of the object, or of the spacecraft further along its orbit
    node_rate_rad_s  secular, of its orbit
    fit_m          root mean square of what a fit to SGP4 left; 0 without one
    """

    path: Trajectory
    step: Phase
    world: World
    mu: float
    node_rate_rad_s: float
    fit_m: float = 0.0

    def of_itself(self, epoch: Epoch) -> State:
        """The object, not the place beside it."""
        return self.path.at(epoch)

    def wanted(self, epoch: Epoch) -> State:
        """Where to be at an instant, and how fast: the followed orbit, earlier or later on it."""
        now = self.path.at(epoch)
        rate = float(np.linalg.norm(cross(now.r_m, now.v_m_s)) / (now.r_m @ now.r_m))
        tau = self.step.behind_m / (rate * float(np.linalg.norm(now.r_m)))
        for _ in range(_STEPS):
            state = self._earlier(epoch, tau)
            step = self._ahead(state, now, epoch) / rate
            tau += step
            if abs(step) < 1e-9:
                break
        state = self._earlier(epoch, tau)
        return self._lowered(state) if self.step.below_m else state

    def _earlier(self, epoch: Epoch, tau: float) -> State:
        """The path `tau` s earlier, turned to where its plane is at `epoch`."""
        then = self.path.at(epoch + -tau)
        turn = _about_pole(self.world, epoch, self.node_rate_rad_s * tau)
        return replace(then, epoch=epoch, r_m=turn @ then.r_m, v_m_s=turn @ then.v_m_s)

    def _ahead(self, state: State, now: State, epoch: Epoch) -> float:
        """How far a state is ahead of where it should be along the track, rad."""
        if self.step.condition is not None:
            ((_, off),) = misses((self.step.condition,), state, Frame(epoch, self.world))
            return float(off)
        return along(now, state) + self.step.behind_m / float(np.linalg.norm(state.r_m))

    def _lowered(self, state: State) -> State:
        """On the coelliptic orbit below: a e and the apsides' line the same."""
        x = elements_from_state(state.r_m, state.v_m_s, self.mu)
        a = x.a_m - self.step.below_m
        r, v = state_from_elements(replace(x, a_m=a, e=x.e * x.a_m / a), self.mu)
        return replace(state, r_m=r, v_m_s=v)


def along(of: State, other: State) -> float:
    """By what angle `other` is ahead of `of`, in the plane of `of`, rad in (-pi, pi]."""
    radial = of.r_m / np.linalg.norm(of.r_m)
    h = cross(of.r_m, of.v_m_s)
    across = cross(h / np.linalg.norm(h), radial)
    return math.atan2(float(other.r_m @ across), float(other.r_m @ radial))


def _about_pole(world: World, epoch: Epoch, angle: float) -> Array:
    """(3, 3) turn about the pole of date by an angle, in GCRF."""
    x, y, z = (float(c) for c in world.orientation.cip_gcrf(epoch))
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    out: Array = np.eye(3) + math.sin(angle) * k + (1.0 - math.cos(angle)) * (k @ k)
    return out


def _node_rate(state: State, world: World) -> float:
    """Secular, by the mean elements of a state (GCRF), rad/s."""
    field = world.gravity("earth", degree=2)
    axes = np.asarray(world.orientation.tod_from_gcrf(state.epoch).matrix)
    r, v = axes @ state.r_m, axes @ state.v_m_s
    r, v = mean_from_osculating(r, v, field.mu_m3_s2, field.radius_m, field.zonal_j(2))
    x = elements_from_state(r, v, field.mu_m3_s2)
    return node_rate(x.a_m, x.e, x.i_rad, world.gravity())


def _margin_s(step: Phase, state: State) -> float:
    """How much longer than to the arrival a path must be, for places beside it."""
    speed = float(np.linalg.norm(state.v_m_s))
    return 1.2 * abs(step.behind_m) / speed + 900.0


def further_along(
    step: Phase, start: State, end: Epoch, dynamics: Dynamics, world: World
) -> Followed:
    """The spacecraft of `start`, as far along its orbit as the condition asks for at `end`."""
    assert step.condition is not None
    mu = world.gravity("earth", degree=2).mu_m3_s2
    rate = _node_rate(start, world) if dynamics_turns(dynamics) else 0.0
    unburnt = propagate(start, dynamics, end, world=world, dense=False).end
    ((_, ahead),) = misses((step.condition,), unburnt, Frame(end, world))
    x = elements_from_state(unburnt.r_m, unburnt.v_m_s, mu)
    now, then = (mean_from_true(f, x.e) for f in (x.true_anomaly_rad, x.true_anomaly_rad - ahead))
    period = _TURN * math.sqrt(x.a_m**3 / mu)
    shift = math.remainder(then - now, _TURN) / _TURN * period
    there = start if shift == 0.0 else propagate(
        start, dynamics, start.epoch + shift, world=world, dense=False
    ).end  # fmt: skip
    turn = _about_pole(world, start.epoch, -rate * shift)
    begun = replace(start, r_m=turn @ there.r_m, v_m_s=turn @ there.v_m_s)
    path = _path(begun, end + 0.1 * period, dynamics, world)
    return Followed(path, step, world, mu, rate)


def dynamics_turns(dynamics: Dynamics) -> bool:
    """Does its gravity turn the plane of an orbit?"""
    return any(getattr(f, "degree", 0) >= 2 for f in dynamics.forces)


def _path(begun: State, end: Epoch, dynamics: Dynamics, world: World) -> Trajectory:
    return propagate(begun, dynamics, end, world=world).trajectory


def object_followed(
    step: Phase, start: State, end: Epoch, dynamics: Dynamics, world: World
) -> Followed:
    """The object that a step names, flown from the epoch of `start` beyond `end` in the forces of
    the mission, with the spacecraft's own drag and mass.

    Elements of SGP4 are taken as the motion in those forces that stays nearest to SGP4's over three
    revolutions on both sides of `end`: a single state of theirs, a kilometre off, would drift.
    """
    given = step.object
    assert given is not None
    centre = start.frame.centre
    if given.centre != centre:
        raise InputError(
            f"{step.name!r}: {step.object_id} flies about the {given.centre.capitalize()}, and this"
            f" spacecraft about the {centre.capitalize()}; write an orbit about the same body"
        )
    mu = world.gravity(centre, degree=2).mu_m3_s2
    left = 0.0
    if given.sgp4 is not None:
        state, left = _fitted(given.sgp4, end, start.mass_kg, dynamics, world)
    else:
        state = start_state(given, start.mass_kg, world)
    if state.epoch != start.epoch:
        state = replace(
            propagate(state, dynamics, start.epoch, world=world, dense=False).end,
            epoch=start.epoch,
        )
    path = _path(state, end + _margin_s(step, state), dynamics, world)
    # about the Moon the node turns by a degree a day at the most, and places beside are minutes off
    turns = centre == "earth" and dynamics_turns(dynamics)
    rate = _node_rate(state, world) if turns else 0.0
    return Followed(path, step, world, mu, rate, left)


def _fitted(
    elements: MeanElements, end: Epoch, mass_kg: float, dynamics: Dynamics, world: World
) -> tuple[State, float]:
    """State in the middle of a fit of a flown path to SGP4's places, and what is left, m."""
    half = _FIT_REVOLUTIONS * _TURN / elements.n_rad_s
    t = np.linspace(-half, half, _FIT_POINTS)
    places = np.array(
        [sgp4_state(elements, end + float(x), mass_kg, world.orientation).r_m for x in t]
    )
    state = sgp4_state(elements, end + -half, mass_kg, world.orientation)
    scale = np.array([100.0] * 3 + [0.1] * 3)

    def flown(y: Array) -> Array:
        begun = State(state.epoch, GCRF, y[:3], y[3:], mass_kg)
        out = propagate(
            begun, dynamics, float(2.0 * half), world=world, dense=False, times=t[1:-1] + half
        )
        return np.vstack([y[:3], out.samples[:, :3], out.end.r_m])

    y = np.concatenate([state.r_m, state.v_m_s])
    left = math.inf
    for _ in range(_FIT_STEPS):
        here = flown(y)
        off = (places - here).ravel()
        now = float(np.sqrt(np.mean(off**2) * 3.0))
        if now > 0.999 * left:
            break
        left = now
        slopes = np.column_stack(
            [((flown(y + scale * e) - here).ravel()) for e in np.eye(6)]
        )  # per unit of scale
        y = y + scale * np.linalg.lstsq(slopes, off, rcond=None)[0]
    best = State(state.epoch, GCRF, y[:3], y[3:], mass_kg)
    if float(np.linalg.norm(best.r_m)) < EARTH_EQUATORIAL_RADIUS_M:
        raise InputError(f"the elements of {elements} lead into the Earth at {end}")
    return best, left
