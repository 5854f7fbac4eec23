"""Events against sampling by brute force."""

import numpy as np
import pytest

from cosmodrome.dynamics import Altitude, Dynamics, propagate
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.physics import radiation
from cosmodrome.world import bodies as sky
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.geodesy import geodetic_from_itrf
from cosmodrome.world.state import State

EPOCH = Epoch.from_utc("2027-03-20T18:00:00Z")
MU = 3.986004415e14


def orbit(a, e, inclination_deg, node_deg=0.0, argp_deg=0.0):
    """At perigee."""
    i, node, w = np.radians([inclination_deg, node_deg, argp_deg])
    r, v = a * (1 - e), np.sqrt(MU / a * (1 + e) / (1 - e))
    n = np.array([np.cos(node), np.sin(node), 0.0])
    m = np.array([-np.sin(node) * np.cos(i), np.cos(node) * np.cos(i), np.sin(i)])
    p, q = np.cos(w) * n + np.sin(w) * m, -np.sin(w) * n + np.cos(w) * m
    return State(EPOCH, GCRF, r * p, v * q, 1000.0)


CASES = {
    "sun-synchronous": (orbit(7.198e6, 0.001, 98.7, 40.0, 70.0), 20_000.0),
    "geostationary": (orbit(4.2164e7, 0.0005, 0.05, 10.0, 30.0), 2 * 86_400.0),
    "molniya": (orbit(2.656e7, 0.74, 63.4, 100.0, 270.0), 2 * 86_400.0),
}


def crossings(t, g):
    k = np.nonzero((g[:-1] >= 0) != (g[1:] >= 0))[0]
    return [(t[i] - g[i] * (t[i + 1] - t[i]) / (g[i + 1] - g[i]), g[i + 1] >= 0) for i in k]


@pytest.mark.parametrize("name", CASES)
def test_every_crossing_is_found_and_no_other(shipped_world, name):
    state, duration = CASES[name]
    d = Dynamics.earth(8, 8, radiation_pressure=True, srp_area_m2=20.0)
    h0 = 816e3 if name == "sun-synchronous" else 3.5786e7
    asked = ("nodes", "apsides", "eclipses", Altitude(h0))
    p = propagate(state, d, duration, asked, world=shipped_world)
    s = set_up(state, d, duration, shipped_world)
    t = np.arange(0.01, duration, 2.0)
    y = p.trajectory.columns_at(t)
    r, v = y[:, :3], y[:, 3:6]
    a, b, c = radiation.apparent_disks(
        r, s.bodies["sun"].at(t), sky.SUN.radius_m, sky.EARTH_EQUATORIAL_RADIUS_M
    )
    fixed = np.einsum("nij,nj->ni", s.rotation.matrix(t), r)
    functions = {
        ("ascending node", "descending node"): np.sum(r * s.rotation.pole.at(t), axis=1),
        ("periapsis", "apoapsis"): np.sum(r * v, axis=1),
        ("umbra exit", "umbra entry"): c - (b - a),
        ("penumbra exit", "penumbra entry"): c - (a + b),
        ("altitude upward", "altitude downward"): geodetic_from_itrf(fixed)[2] - h0,
    }
    total = 0
    for (up, down), g in functions.items():
        want = crossings(t, g)
        got = [(e.t_s, e.kind == up) for e in p.events if e.kind in (up, down)]
        assert [x[1] for x in got] == [x[1] for x in want], (up, got, want)
        # linear interpolation over 2 s is good to milliseconds at worst
        np.testing.assert_allclose([x[0] for x in got], [x[0] for x in want], atol=0.05)
        total += len(got)
    assert total == len(p.events) > 8
    assert [e.t_s for e in p.events] == sorted(e.t_s for e in p.events)


def test_events_are_polished(shipped_world):
    state, duration = CASES["sun-synchronous"]
    p = propagate(state, Dynamics.earth(8, 8), duration, ("nodes", "apsides"), world=shipped_world)
    for e in p.events:
        s = p.trajectory.at(e.epoch)
        if "node" in e.kind:
            z = s.r_m @ shipped_world.orientation.cip_gcrf(e.epoch)
            # a nanosecond of rounding at 7.4 km/s
            assert abs(z) < 2e-5
        else:
            assert abs(s.r_m @ s.v_m_s) < 1e-2


def test_only_what_was_asked_is_answered(shipped_world):
    state, _ = CASES["sun-synchronous"]
    p = propagate(state, Dynamics.earth(2, 0), 7000.0, ("ascending node",), world=shipped_world)
    assert {e.kind for e in p.events} == {"ascending node"}
    assert propagate(state, Dynamics.earth(2, 0), 7000.0, world=shipped_world).events == ()


def test_grazing_eclipse_between_samples(shipped_world):
    # tilt the plane until the orbit only touches the shadow: short eclipses must not be lost
    sun = shipped_world.ephemeris.position_m("sun", EPOCH)
    u = sun / np.linalg.norm(sun)
    shortest = np.inf
    a = 4.2164e7
    for beta in np.arange(8.2, 8.9, 0.01):
        # orbit normal at an angle beta above the plane across the Sun line
        side = np.cross(u, [0.0, 0.0, 1.0])
        side /= np.linalg.norm(side)
        up = np.cross(side, u)
        normal = np.cos(np.radians(beta)) * up + np.sin(np.radians(beta)) * u
        r = side
        v = np.cross(normal, r)
        state = State(EPOCH, GCRF, a * r, np.sqrt(MU / a) * v, 1000.0)
        p = propagate(state, Dynamics.earth(0, 0, ()), 86_164.0, ("penumbra",), world=shipped_world)
        assert len(p.events) in (0, 2)
        if p.events:
            shortest = min(shortest, p.events[1].t_s - p.events[0].t_s)
    # a sample every 700 s would see none of these
    assert shortest < 500.0
