"""The plane, and the phase, of an object that is already in orbit.

A spacecraft that is to meet it waits in a lower orbit, whose node turns faster. It is released
into the plane in which both will lie when they meet, not into the object's of the day:

    node at release = object's node at the meeting - (node rate on the way) (time to the meeting)

(W. Fehse 2003, Automated Rendezvous and Docking of Spacecraft, chapter 2, on the launch window and
the drift of nodes while phasing.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.dynamics.kepler import mean_from_true
from cosmodrome.errors import InputError
from cosmodrome.targets.secular import node_rate
from cosmodrome.targets.start import start_state
from cosmodrome.world.frame import GCRF
from cosmodrome.world.sun import mean_sun_right_ascension_rad

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Meet
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.gravity import GravityField
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["Meeting", "ObjectOrbit", "meeting", "meeting_asked"]

_TURN = 2.0 * math.pi
# the first-order relations in `of_state` leave out terms of the size of e J2
_NEARLY_CIRCULAR = 0.02
# a state carries a mass, and an orbit to be met has no use for it
_ANY_MASS_KG = 1.0


@dataclass(frozen=True, slots=True)
class ObjectOrbit:
    """Mean elements of an object at `epoch`, and how fast they turn; equator and equinox of date.

    node_rate_rad_s, argp_rate_rad_s, anomaly_rate_rad_s   secular rates, of node, argument of
        perigee and mean anomaly
    """

    epoch: Epoch
    a_m: float
    e: float
    i_rad: float
    raan_rad: float
    argp_rad: float
    mean_anomaly_rad: float
    node_rate_rad_s: float
    argp_rate_rad_s: float
    anomaly_rate_rad_s: float

    @classmethod
    def mean(
        cls,
        epoch: Epoch,
        a_m: float,
        e: float,
        i_rad: float,
        raan_rad: float,
        argp_rad: float,
        mean_anomaly_rad: float,
        gravity: GravityField,
        anomaly_rate_rad_s: float | None = None,
    ) -> ObjectOrbit:
        """From mean elements; rates of `node_rate`, and J2 alone for perigee and anomaly.

        anomaly_rate_rad_s  the perturbed mean motion where it is known (a TLE states it)
        Raises InputError for an orbit that is not an ellipse.
        """
        if not (0.0 <= e < 1.0 and a_m > 0.0):
            raise InputError(
                f"a = {a_m / 1e3:.1f} km with e = {e:.4f} is no ellipse; an object to be met must"
                " be in a closed orbit"
            )
        n = math.sqrt(gravity.mu_m3_s2 / a_m**3)
        g = 0.75 * n * gravity.zonal_j(2) * (gravity.radius_m / (a_m * (1.0 - e * e))) ** 2
        theta2 = math.cos(i_rad) ** 2
        anomaly = n + g * math.sqrt(1.0 - e * e) * (3.0 * theta2 - 1.0)
        return cls(
            epoch,
            a_m,
            e,
            i_rad,
            raan_rad % _TURN,
            argp_rad % _TURN,
            mean_anomaly_rad % _TURN,
            node_rate(a_m, e, i_rad, gravity),
            g * (5.0 * theta2 - 1.0),
            anomaly if anomaly_rate_rad_s is None else anomaly_rate_rad_s,
        )

    @classmethod
    def of_tle(
        cls,
        epoch: Epoch,
        mean_motion_rad_s: float,
        e: float,
        i_rad: float,
        raan_rad: float,
        argp_rad: float,
        mean_anomaly_rad: float,
        world: World,
    ) -> ObjectOrbit:
        """From the elements that a TLE or OMM prints (true equator, mean equinox).

        Its mean motion is the perturbed one (Kozai's); SGP4's own (Brouwer's), which the size and
        with it the node rate follow from, is recovered as in Hoots & Roehrich (1980, Spacetrack
        Report 3, section 6): it moves the node rate by up to 0.15 %. The node is moved to the
        true equinox.
        """
        gravity = world.gravity()
        a = float((gravity.mu_m3_s2 / mean_motion_rad_s**2) ** (1.0 / 3.0))
        shape = (3.0 * math.cos(i_rad) ** 2 - 1.0) / (1.0 - e * e) ** 1.5
        shape *= 0.75 * gravity.zonal_j(2)
        first = shape * (gravity.radius_m / a) ** 2
        a *= 1.0 - first / 3.0 - first**2 - 134.0 / 81.0 * first**3
        again = shape * (gravity.radius_m / a) ** 2
        a = float((gravity.mu_m3_s2 / (mean_motion_rad_s / (1.0 + again)) ** 2) ** (1.0 / 3.0))
        turn = mean_sun_right_ascension_rad(epoch, world.orientation)
        turn -= mean_sun_right_ascension_rad(epoch, world.orientation, equinox="mean")
        return cls.mean(
            epoch,
            a,
            e,
            i_rad,
            raan_rad + turn,
            argp_rad,
            mean_anomaly_rad,
            gravity,
            mean_motion_rad_s,
        )

    @classmethod
    def of_state(cls, state: State, world: World) -> ObjectOrbit:
        """From a GCRF state of a nearly circular orbit, freed of the first-order J2 oscillation.

        The relations of `targets.insertion`, read backwards; good to some hundredths of a degree
        of node for e < 0.02. Raises InputError for another frame or a larger eccentricity.
        """
        if state.frame != GCRF:
            raise InputError(f"the state is given in {state.frame}; give it in {GCRF}")
        gravity = world.gravity()
        turn = world.orientation.tod_from_gcrf(state.epoch)
        r, v = turn.vector(np.asarray(state.r_m)), turn.vector(np.asarray(state.v_m_s))
        osculating = elements_from_state(r, v, gravity.mu_m3_s2)
        if osculating.e > _NEARLY_CIRCULAR:
            raise InputError(
                f"the object's orbit has e = {osculating.e:.3f}; from a state only nearly circular"
                " ones (e < 0.02) are taken: give mean elements"
            )
        i = osculating.i_rad
        k = gravity.zonal_j(2) * (gravity.radius_m / osculating.a_m) ** 2
        u = (osculating.argp_rad + osculating.true_anomaly_rad) % _TURN
        c2, s2 = math.cos(2.0 * u), math.sin(2.0 * u)
        # the mean argument of latitude is the osculating one, less its own oscillation and the
        # node's: of the order of J2, a few kilometres along the track
        return cls.mean(
            state.epoch,
            osculating.a_m * (1.0 - 1.5 * k * math.sin(i) ** 2 * c2),
            0.0,
            i - 0.375 * k * math.sin(2.0 * i) * c2,
            osculating.raan_rad - 0.75 * k * math.cos(i) * s2,
            0.0,
            u,
            gravity,
        )

    def raan_at(self, epoch: Epoch) -> float:
        """Right ascension of the mean node, TOD, [0, 2 pi) rad."""
        return (self.raan_rad + self.node_rate_rad_s * (epoch - self.epoch)) % _TURN

    def argument_of_latitude_at(self, epoch: Epoch) -> float:
        """Perigee argument plus true anomaly, [0, 2 pi) rad; the centre to second order in e."""
        dt = epoch - self.epoch
        anomaly = self.mean_anomaly_rad + self.anomaly_rate_rad_s * dt
        e = self.e
        centre = 2.0 * e * math.sin(anomaly) + 1.25 * e * e * math.sin(2.0 * anomaly)
        return (self.argp_rad + self.argp_rate_rad_s * dt + anomaly + centre) % _TURN


@dataclass(frozen=True, slots=True)
class Meeting:
    """Release into a plane that will be the object's `after_s` later.

    i_mean_rad        mean inclination to release into
    way_rate_rad_s    node rate of the spacecraft, averaged over the way
    closing_rate_rad_s   how fast the spacecraft gains on the object in its first orbit
    """

    orbit: ObjectOrbit
    after_s: float
    i_mean_rad: float
    way_rate_rad_s: float
    closing_rate_rad_s: float

    def raan_wanted(self, epoch: Epoch) -> float:
        """Node to be released into at `epoch`, TOD, [0, 2 pi) rad."""
        there = self.orbit.raan_at(epoch + self.after_s)
        return (there - self.way_rate_rad_s * self.after_s) % _TURN

    def raan_of(self, epoch: Epoch) -> float:
        """The same: there is nothing to correct."""
        return self.raan_wanted(epoch)

    def phase_rad(self, release: Epoch, u_release_rad: float) -> float:
        """How far the object is ahead of a spacecraft released at argument of latitude u, rad.

        In [0, 2 pi), measured along the orbit.
        """
        return (self.orbit.argument_of_latitude_at(release) - u_release_rad) % _TURN

    def soonest_s(self, phase_rad: float) -> float:
        """How long the spacecraft needs at least to gain that phase: it stays where it is released.

        Infinite where the object is no higher.
        """
        rate = self.closing_rate_rad_s
        return phase_rad / rate if rate > 0.0 else math.inf


def meeting(
    orbit: ObjectOrbit, released_a_m: float, after_s: float, gravity: GravityField
) -> Meeting:
    """A meeting `after_s` seconds after release into a circle of mean radius `released_a_m`.

    On the way the spacecraft climbs from there to the object; its node is taken to turn at the
    rate midway between. Raises InputError for a negative time.
    """
    if after_s < 0.0:
        raise InputError(f"a meeting {after_s:g} s after release lies before it; write 0 s or more")
    below = node_rate(released_a_m, 0.0, orbit.i_rad, gravity)
    closing = math.sqrt(gravity.mu_m3_s2 / released_a_m**3) - orbit.anomaly_rate_rad_s
    way = 0.5 * (below + orbit.node_rate_rad_s)
    return Meeting(orbit, after_s, orbit.i_rad, way, closing)


def meeting_asked(asked: Meet, released_a_m: float, world: World) -> Meeting:
    """What a mission file asks to be met, for a release into a circle of that mean radius.

    Elements of a TLE or OMM, and mean elements of date, are taken as they are; a state, and
    osculating elements, through `ObjectOrbit.of_state`.
    Raises InputError for a departure (no such radius), or an object that `of_state` refuses.
    """
    if not 0.0 < released_a_m < math.inf:
        raise InputError("a departure leaves the Earth, and meets nothing in orbit about it")
    gravity = world.gravity()
    start = asked.start
    given = start.elements
    if start.sgp4 is not None:
        m = start.sgp4
        angles = (m.i_rad, m.raan_rad, m.argp_rad, m.mean_anomaly_rad)
        orbit = ObjectOrbit.of_tle(m.epoch, m.n_rad_s, m.e, *angles, world)
    elif given is not None and given.mean and given.axes == "tod":
        anomaly = given.anomaly_rad
        if given.anomaly == "true":
            anomaly = mean_from_true(anomaly, given.e)
        orbit = ObjectOrbit.mean(
            start.epoch,
            given.a_m,
            given.e,
            given.i_rad,
            given.raan_rad,
            given.argp_rad,
            anomaly,
            gravity,
        )
    else:
        orbit = ObjectOrbit.of_state(start_state(start, _ANY_MASS_KG, world), world)
    return meeting(orbit, released_a_m, asked.after_s, gravity)
