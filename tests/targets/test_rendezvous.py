"""The plane of an object in orbit: drift, phase, and where a spacecraft must go to meet it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import targets
from cosmodrome.errors import InputError
from cosmodrome.mission import Quantity, Target
from cosmodrome.targets import ObjectOrbit, meeting, node_rate
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, TOD
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.parse("2021-06-01T00:00:00Z")
RE = 6378137.0


def of_lines(one: str, two: str, world: World) -> ObjectOrbit:
    year = Epoch.parse(f"20{one[18:20]}-01-01T00:00:00Z")
    i, raan, argp, anomaly = (
        math.radians(float(two[a:b])) for a, b in ((8, 16), (17, 25), (34, 42), (43, 51))
    )
    return ObjectOrbit.of_tle(
        year + 86400.0 * (float(one[20:32]) - 1.0),
        float(two[52:63]) * math.tau / 86400.0,
        float("0." + two[26:33]),
        i,
        raan,
        argp,
        anomaly,
        world,
    )


# pairs of published TLEs of objects that did not manoeuvre between (NORAD / Space-Track)
PAIRS = {
    # Meteor-M 2-4, 125 days apart. Its inclination grew by 0.011 deg meanwhile (the Sun's pull at
    # this local time), which turns the node 0.6 deg/1000 faster at the end than at the start
    "meteor-m2-4": (
        "1 59051U 24039A   24119.18467111  .00000161  00000-0  91960-4 0  9991",
        "2 59051  98.5939  82.3205 0005866 270.9284  89.1222 14.22217075  8386",
        "1 59051U 24039A   24243.84785053  .00000201  00000-0  11004-3 0  9995",
        "2 59051  98.6047 203.9276 0005860 269.1480  90.9026 14.22257640 26102",
        0.10,
    ),
    # the ISS, three days apart
    "iss": (
        "1 25544U 98067A   20151.61686127  .00000168  00000-0  11087-4 0  9992",
        "2 25544  51.6444  75.4313 0002297  11.5525  50.1151 15.49398617229298",
        "1 25544U 98067A   20154.85125762  .00002004  00000-0  43906-4 0  9990",
        "2 25544  51.6443  59.4222 0002071  22.0017  92.6243 15.49416742229799",
        0.005,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_later_tle_lies_where_the_node_drifted(name: str, shipped_world: World) -> None:
    a1, a2, b1, b2, width_deg = PAIRS[name]
    first, later = of_lines(a1, a2, shipped_world), of_lines(b1, b2, shipped_world)
    off = math.remainder(first.raan_at(later.epoch) - later.raan_rad, math.tau)
    assert abs(math.degrees(off)) < width_deg


def test_the_phase_of_the_iss_three_days_later(shipped_world: World) -> None:
    a1, a2, b1, b2, _ = PAIRS["iss"]
    first, later = of_lines(a1, a2, shipped_world), of_lines(b1, b2, shipped_world)
    off = first.argument_of_latitude_at(later.epoch) - later.argument_of_latitude_at(later.epoch)
    # drag: n' of the first TLE is 3.4e-6 rev/day^2, the later one's 4e-5
    assert abs(math.degrees(math.remainder(off, math.tau))) < 0.2


def test_sgp4_size_of_a_tle_gives_back_its_mean_motion(shipped_world: World) -> None:
    """n (Kozai) = n0 (Brouwer) (1 + 3/4 J2 (R/a)^2 (3 cos^2 i - 1) / (1 - e^2)^1.5), STR#3."""
    orbit = of_lines(*PAIRS["meteor-m2-4"][:2], shipped_world)
    g = shipped_world.gravity()
    n0 = math.sqrt(g.mu_m3_s2 / orbit.a_m**3)
    shape = (3.0 * math.cos(orbit.i_rad) ** 2 - 1.0) / (1.0 - orbit.e**2) ** 1.5
    kozai = n0 * (1.0 + 0.75 * g.zonal_j(2) * (g.radius_m / orbit.a_m) ** 2 * shape)
    # the theory takes the size in the correction to first order only
    assert kozai * 86400.0 / math.tau == pytest.approx(14.22217075, rel=2e-6)
    assert n0 * 86400.0 / math.tau - 14.22217075 > 0.008


def test_an_orbit_from_a_state_is_the_mean_one(shipped_world: World) -> None:
    """A state made from mean elements by the near-circular relations comes back as those."""
    target = Target(
        "circular",
        Quantity(RE + 420e3, 1.0),
        Quantity(0.0, 1e-3),
        inclination_rad=Quantity(math.radians(51.64), 1e-3),
    )
    aim = targets.insertion(target, EPOCH, shipped_world)
    turn = shipped_world.orientation.tod_from_gcrf(EPOCH).T
    for u in (0.3, 2.0, 4.4):
        r, v = aim.state_at(u, 1.234)
        state = State(EPOCH, GCRF, turn.vector(r), turn.vector(v), 1.0)
        found = ObjectOrbit.of_state(state, shipped_world)
        assert found.raan_rad == pytest.approx(1.234, abs=2e-6)
        assert found.i_rad == pytest.approx(math.radians(51.64), abs=2e-6)
        assert found.a_m == pytest.approx(RE + 420e3, abs=60.0)
        assert found.argument_of_latitude_at(EPOCH) == pytest.approx(u, abs=2e-3)
    with pytest.raises(InputError, match="give it in earth/gcrf"):
        ObjectOrbit.of_state(State(EPOCH, TOD, r, v, 1.0), shipped_world)
    fast = State(EPOCH, GCRF, turn.vector(r), 1.1 * turn.vector(v), 1.0)
    with pytest.raises(InputError, match="only nearly circular"):
        ObjectOrbit.of_state(fast, shipped_world)


def test_both_planes_are_one_at_the_meeting(shipped_world: World) -> None:
    g = shipped_world.gravity()
    i, low, high = math.radians(51.64), RE + 220e3, RE + 420e3
    there = ObjectOrbit.mean(EPOCH, high, 0.0, i, 1.0, 0.0, 0.0, g)
    day = 86400.0
    aim = meeting(there, low, day, g)
    release = EPOCH + 0.5 * day
    # the spacecraft's node goes on at half the way between both rates until it is there
    rate = 0.5 * (node_rate(low, 0.0, i, g) + node_rate(high, 0.0, i, g))
    met = aim.raan_wanted(release) + rate * day
    off = math.remainder(met - there.raan_at(release + day), math.tau)
    assert abs(off) < 1e-12
    # a day in a lower orbit is a quarter of a degree of node: a minute of lift-off
    lead = math.remainder(aim.raan_wanted(release) - there.raan_at(release), math.tau)
    assert math.degrees(lead) == pytest.approx(0.26, abs=0.02)
    assert meeting(there, low, 0.0, g).raan_of(release) == there.raan_at(release)
    with pytest.raises(InputError, match="lies before it"):
        meeting(there, low, -1.0, g)


def test_phase_counts_ahead_of_the_spacecraft(shipped_world: World) -> None:
    g = shipped_world.gravity()
    there = ObjectOrbit.mean(EPOCH, RE + 420e3, 0.0, 0.9, 0.0, 0.0, 1.0, g)
    aim = meeting(there, RE + 200e3, 0.0, g)
    assert aim.phase_rad(EPOCH, 0.6) == pytest.approx(0.4)
    assert aim.phase_rad(EPOCH, 1.1) == pytest.approx(math.tau - 0.1)
    # it gains the difference of both mean motions, J2 moving the upper one a little
    gained = aim.phase_rad(EPOCH, 0.6) / aim.soonest_s(0.4) * 86400.0
    n = [math.sqrt(g.mu_m3_s2 / (RE + h) ** 3) for h in (200e3, 420e3)]
    assert gained == pytest.approx((n[0] - n[1]) * 86400.0, rel=0.02)
    assert meeting(there, RE + 500e3, 0.0, g).soonest_s(0.4) == math.inf
    with pytest.raises(InputError, match="is no ellipse"):
        ObjectOrbit.mean(EPOCH, -7e6, 1.2, 0.9, 0.0, 0.0, 0.0, g)
    assert np.isfinite(there.argp_rate_rad_s)
