"""A given instant of lift-off and a wanted node: the plane becomes a condition of the ascent.

In the launch frame the pad stands still and the wanted node turns: it lies at its right ascension
less the pad's at lift-off. The ascent then turns its plane on the way where the instant is not
the best one, for payload; without a node to hold, it is solved once for every instant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cosmodrome.ascent.target import argument_of_latitude, asymptote, node_angle
from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY
from cosmodrome.powered.statement import Waypoint
from cosmodrome.site import launch_azimuths, pad_right_ascension

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.maths import Ops, Vector
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

__all__ = ["HeldNode", "held_node", "keeps_node", "northbound", "towards"]

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class HeldNode:
    """The wanted mean ascending node from the pad's meridian at lift-off.

    at_rad   for a release at lift-off, (-pi, pi]; rate_rad_s  by which it moves with the release
    """

    at_rad: float
    rate_rad_s: float


def held_node(mission: Mission, insertion: Insertion, world: World) -> HeldNode | None:
    """What a mission with `launch: {time, node: held}` holds; None where the node follows.

    Raises InputError where no instant is given or the target has no node.
    """
    launch = mission.launch
    if launch.node != "held":
        return None
    if launch.time is None:
        raise InputError(
            "launch: node: held needs the instant of lift-off; write launch: {time: ...}: a"
            " window holds an instant for every node"
        )
    first = insertion.raan_of(launch.time)
    later = insertion.raan_of(launch.time + _HOUR_S)
    if first is None or later is None:
        raise InputError(
            "launch: node: held, but the target names no node; give it raan or ltan, or leave"
            " node out"
        )
    pad = pad_right_ascension(mission.site, launch.time, world)
    rate = math.remainder(later - first, math.tau) / _HOUR_S
    return HeldNode(math.remainder(first - pad, math.tau), rate)


def towards(insertion: Insertion, solution: AscentSolution) -> Insertion:
    """A departure that knows by how much its asymptote leads its node, as it was solved.

    The launch frame turns with the instant of lift-off as a whole, so that the asymptote's right
    ascension fixes the node, whichever of the two planes through it the ascent has taken.
    """
    if insertion.right_ascension_rad is None or insertion.c3_m2_s2 is None:
        return insertion
    length, mu = solution.planet.equatorial_radius_m, solution.planet.mu
    r, v = solution.r_m / length, solution.v_m_s * math.sqrt(length / mu)
    leaving = asymptote(NUMPY, tuple(r), tuple(v), insertion.c3_m2_s2 * length / mu)
    east = math.atan2(float(leaving[1]), float(leaving[0])) - node_angle(r, v)
    return replace(insertion, asymptote_ahead_rad=math.remainder(east, math.tau))


def keeps_node(held: HeldNode, insertion: Insertion) -> Waypoint:
    """The mean node at release is the held one: sine of the difference zero, cosine above it.

    Of near-circular orbits the node osculates about its mean (`OrbitPoint.raan_shift_rad`).
    Missed together with the rest of the target, in place and velocity, while that may be.
    """

    def node(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        h = ops.cross(r, v)
        level = ops.sqrt(h[0] * h[0] + h[1] * h[1])
        x, y = -h[1] / level, h[0] / level
        wanted = held.at_rad + held.rate_rad_s * t
        if not insertion.elliptic:
            wanted = wanted + insertion.point(*argument_of_latitude(ops, r, v)).raan_shift_rad
        c, s = ops.cos(wanted), ops.sin(wanted)
        return [y * c - x * s, x * c + y * s]

    return Waypoint("node", -1, node, (0.0, 0.0), (0.0, 10.0), timed=True, elastic=True)


def northbound(held: HeldNode, mission: Mission, insertion: Insertion) -> bool:
    """The branch whose plane over the pad has its node nearer to the held one."""
    site = mission.site
    ways = launch_azimuths(site.latitude_rad, insertion.i_mean_rad, height_m=site.height_m)
    nearest = min(
        ways, key=lambda w: abs(math.remainder(w.node_minus_pad_rad - held.at_rad, math.tau))
    )
    return nearest.branch == "ascending"
