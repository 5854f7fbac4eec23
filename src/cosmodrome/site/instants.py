"""When to lift off: the instants at which the turning Earth carries the pad under the plane."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.catalog.nouns import Site
    from cosmodrome.mission.nouns import Launch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["launch_instants", "node_miss", "pad_right_ascension"]

_SETTLED_S = 1e-6


def _signed(angle: float) -> float:
    """The shortest signed turn, [-pi, pi]."""
    return math.remainder(angle, math.tau)


def pad_right_ascension(site: Site, epoch: Epoch, world: World) -> float:
    """Right ascension of the pad, [0, 2 pi) rad, from the true equinox of date (TOD).

    With the real rotation of the Earth: UT1, polar motion, precession and nutation.
    """
    pad = itrf_from_geodetic(site.latitude_rad, site.longitude_rad, site.height_m)
    to_tod = world.orientation.tod_from_gcrf(epoch) @ world.orientation.itrf_from_gcrf(epoch).T
    place = to_tod.vector(pad)
    return math.atan2(float(place[1]), float(place[0])) % math.tau


def node_miss(
    site: Site,
    node_minus_pad_rad: float,
    travel_s: float,
    raan_of: Callable[[Epoch], float | None],
    lift_off: Epoch,
    world: World,
) -> float:
    """Node that a lift-off at `lift_off` leads to, minus the wanted one, signed, rad.

    node_minus_pad_rad  node of the insertion orbit minus the pad's right ascension at lift-off
    travel_s            from lift-off to release, where the wanted node is taken
    Zero when the node is free.
    """
    wanted = raan_of(lift_off + travel_s)
    if wanted is None:
        return 0.0
    return _signed(pad_right_ascension(site, lift_off, world) + node_minus_pad_rad - wanted)


def launch_instants(
    site: Site,
    node_minus_pad_rad: float,
    travel_s: float,
    raan_of: Callable[[Epoch], float | None],
    launch: Launch,
    world: World,
) -> tuple[Epoch, ...]:
    """All instants of first motion in the window that put the insertion node on the target.

    The pad's right ascension grows with the Earth's turn and the wanted node hardly at all, so
    there is one instant each (about sidereal) day; found to a microsecond. A `launch.time` is
    returned as it is (ask `node_miss` what it costs). A free node gives the window's opening.

    Raises InfeasibleError when the window holds no such instant, naming the nearest one;
    InputError when the launch has neither time nor window.
    """
    if launch.time is not None:
        return (launch.time,)
    if launch.window is None:
        raise InputError(
            "the mission says no launch time and no window; write"
            " launch: {window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}"
        )
    opens, closes = launch.window
    if raan_of(opens + travel_s) is None:
        return (opens,)

    def miss(epoch: Epoch) -> float:
        return node_miss(site, node_minus_pad_rad, travel_s, raan_of, epoch, world)

    def settle(epoch: Epoch) -> Epoch:
        for _ in range(20):
            step = -miss(epoch) / OMEGA_EARTH_RAD_S
            epoch = epoch + step
            if abs(step) < _SETTLED_S:
                return epoch
        raise SolverError(f"the launch instant near {epoch} did not settle within 20 passes")

    day = math.tau / OMEGA_EARTH_RAD_S
    # the last instant before the window opens, then one turn of the Earth after another
    when = settle(opens + (-(miss(opens) % math.tau) / OMEGA_EARTH_RAD_S))
    before = when
    found: list[Epoch] = []
    while when <= closes:
        if when >= opens and (not found or when - found[-1] > 1.0):
            found.append(when)
        before = when
        when = settle(when + day)
    if not found:
        nearest = before if (opens - before) < (when - closes) else when
        raise InfeasibleError(
            f"no lift-off between {opens.utc(0)} and {closes.utc(0)} reaches the target plane"
            f" from {site.name}; the nearest instant is {nearest.utc(0)}: move or widen the"
            " window to hold it (one instant comes each sidereal day)"
        )
    return tuple(found)
