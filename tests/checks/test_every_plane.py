"""Plane and node are recovered for every inclination and node, on both sides of 0/360."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.checks.angles import signed_turn
from cosmodrome.checks.orbit_reached import inclination, local_time, node, semi_major_axis
from cosmodrome.checks.view import View
from cosmodrome.mission.nouns import Launch, Mission, Quantity, Target
from cosmodrome.record.nouns import Flight, LaunchSolution, Leg, Payload
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.sun import local_time_of_node_h
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World
from tests.checks import synthetic

DEG = np.pi / 180.0


@functools.cache
def shipped() -> World:
    # not a fixture: hypothesis would print it with every example
    return World.shipped()


def kepler_flight(i: float, raan: float, e: float) -> Flight:
    """Four revolutions on a conic in the true equator of date, started 40 deg past the node."""
    world = shipped()
    epoch = Epoch.parse("2031-09-05T11:00:00Z")
    mu = float(world.gravity().mu_m3_s2)
    a, argp = 7.6e6, 0.7
    n = np.sqrt(mu / a**3)
    p = np.array([np.cos(raan), np.sin(raan), 0.0])
    q = np.array([-np.cos(i) * np.sin(raan), np.cos(i) * np.cos(raan), np.sin(i)])
    px, qx = np.cos(argp) * p + np.sin(argp) * q, np.cos(argp) * q - np.sin(argp) * p
    back = world.orientation.tod_from_gcrf(epoch).matrix.T

    def f(t: np.ndarray, k: int) -> np.ndarray:
        m = n * t
        big = m.copy()
        for _ in range(50):
            big = m + e * np.sin(big)
        s, c = np.sin(big), np.cos(big)
        root = np.sqrt(1.0 - e * e)
        r = a * ((c - e)[:, None] * px + (root * s)[:, None] * qx)
        rate = n / (1.0 - e * c)
        v = a * rate[:, None] * (-s[:, None] * px + (root * c)[:, None] * qx)
        return np.column_stack([r @ back.T, v @ back.T, np.full(len(t), 1000.0)])

    span = 4.3 * 2.0 * np.pi / n
    path = Trajectory.fit(epoch, GCRF, np.linspace(0.0, span, 44), f, nodes=16)
    leg = Leg(
        "orbit", "spacecraft", "spacecraft", "stack", path.at(path.start),
        path.at(path.epoch + span), path,
    )  # fmt: skip
    hours = local_time_of_node_h(raan, epoch, world.orientation)
    target = Target(
        "circular", Quantity(a, 1.0), Quantity(e, 1e-6), Quantity(i, 1e-6),
        Quantity(raan, 1e-6), ltan_s=Quantity(hours * 3600.0, 0.2),
    )  # fmt: skip
    mission = Mission(
        "conic", synthetic.SITE, synthetic.VEHICLE, synthetic.SPACECRAFT, Launch(), target
    )
    launch = LaunchSolution(epoch, 0.0, 0.0, "ascending")
    return Flight(mission, launch, Payload(1000.0, 1000.0, 0.0), None, (leg,))


@settings(max_examples=40)
@given(st.floats(1.0, 179.0), st.floats(0.0, 359.999), st.floats(0.0, 0.02))
def test_a_conic_is_read_back(i: float, raan: float, e: float) -> None:
    view = View(kepler_flight(i * DEG, raan * DEG, e), shipped())
    m = view.mean
    assert m.i_rad == pytest.approx(i * DEG, abs=1e-9)
    assert float(signed_turn(m.raan_rad, raan * DEG)) == pytest.approx(
        0.0, abs=1e-8 / np.sin(i * DEG) + 1e-6
    )
    assert m.a_m == pytest.approx(7.6e6, abs=0.1)
    assert m.e == pytest.approx(e, abs=1e-8)
    for check in (inclination, semi_major_axis):
        assert [j.verdict for j in check(view)] == ["holds"]


@settings(max_examples=25)
@given(st.floats(10.0, 170.0), st.sampled_from([0.0, 1e-7, 90.0, 180.0, 270.0, 359.9999999, 12.3]))
def test_nodes_and_local_times_at_the_seams_of_the_circle(i: float, raan: float) -> None:
    flight = kepler_flight(i * DEG, raan * DEG, 0.001)
    view = View(flight, shipped())
    assert view.mean.revolutions in (3, 4)
    for off, verdict in ((0.0, "holds"), (1.5, "fails"), (-1.5, "fails"), (360.0, "holds")):
        target = flight.mission.target
        moved = replace(
            target,
            raan_rad=Quantity(raan * DEG + off * DEG, 0.5 * DEG),
            ltan_s=Quantity((target.ltan_s.value + off * 240.0) % 86400.0, 120.0),
        )
        v = View(replace(flight, mission=replace(flight.mission, target=moved)), shipped())
        assert next(iter(node(v))).verdict == verdict
        assert next(iter(local_time(v))).verdict == verdict
