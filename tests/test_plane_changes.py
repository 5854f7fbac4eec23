"""Orbits whose planes never pass over the pad: flown, told and judged."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import run
from cosmodrome.flight import fly
from cosmodrome.mission import loads
from cosmodrome.report.flight_record import flight_json

if TYPE_CHECKING:
    from cosmodrome.record import Finding, Flight
    from cosmodrome.world.world import World

TEXT = """\
schema: cosmodrome/1
name: Baikonur to a plane it does not reach
site: baikonur
vehicle: {vehicle}
spacecraft: {{mass: {mass}}}
launch: {{window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}}
target: {target}
plan:
  - coast: {{for: 1 day}}
"""


def flown(vehicle: str, mass: str, target: str, world: World) -> Flight:
    return fly(loads(TEXT.format(vehicle=vehicle, mass=mass, target=target)), world=world)


@pytest.fixture(scope="module")
def gto(shipped_world: World) -> Flight:
    """450 kg from 46 deg north into a transfer orbit of 7 deg."""
    return flown("soyuz-2.1b-fregat", "450 kg", "{kind: gto, inclination: 7 deg}", shipped_world)


@pytest.fixture(scope="module")
def geo(shipped_world: World) -> Flight:
    return flown("proton-m", "2500 kg", "{kind: geostationary}", shipped_world)


def of(findings: tuple[Finding, ...], check: str) -> list[Finding]:
    return [f for f in findings if f.check == check]


def meets_its_target(flight: Flight) -> None:
    failed = [f for f in flight.findings if f.verdict == "fails"]
    assert not failed, failed
    for check in ("inclination", "semi-major-axis", "eccentricity", "planned-azimuth"):
        assert {f.verdict for f in of(flight.findings, check)} == {"holds"}, check


def test_a_transfer_orbit_of_seven_degrees(gto: Flight) -> None:
    meets_its_target(gto)
    change = gto.launch.plane_change
    assert change is not None
    assert math.degrees(change.reached_rad) == pytest.approx(7.0, abs=0.01)
    # no plane from the pad lies lower than its latitude, and the climb steers towards the node
    assert 45.8 < math.degrees(change.launched_rad) < 50.0
    # nearly all is turned where the stage is slowest, at the far node
    turns = [math.degrees(angle) for _, _, angle in change.burns]
    assert turns[-1] > 30.0
    assert sum(turns) < 45.0
    # flown in one stage: what it costs to turn at apogee, by the cosine rule
    stack = gto.legs[0]
    burn = stack.ledger.burns[-1]
    path = stack.path
    y = path.columns_at(np.array([burn.start_s, burn.end_s]))
    r, v = y[:, 0:3], y[:, 3:6]
    # along the horizon; what climbs is left to gravity
    a, b = np.linalg.norm(np.cross(r, v), axis=1) / np.linalg.norm(r, axis=1)
    angle = change.burns[-1][2]
    needed = math.sqrt(a * a + b * b - 2.0 * a * b * math.cos(angle))
    assert burn.delta_v_m_s == pytest.approx(needed, rel=0.03)


def test_the_record_says_how_the_plane_is_turned(gto: Flight) -> None:
    told = flight_json(gto)["launch"]
    assert told["plane_change"]["reached_i_deg"] == pytest.approx(7.0, abs=0.01)
    assert [b["stage"] for b in told["plane_change"]["burns"]] == ["fregat", "fregat"]
    assert "passes over the pad" in told["note"]
    assert told["alternatives"] == [] or told["alternatives"][0]["branch"] == told["branch"]


def test_a_wrong_heading_or_turn_is_seen(gto: Flight, shipped_world: World) -> None:
    launch = gto.launch
    change = launch.plane_change
    assert change is not None
    off = replace(launch, azimuth_inertial_rad=launch.azimuth_inertial_rad + math.radians(5.0))
    found = of(run(replace(gto, launch=off), shipped_world, strict=True), "planned-azimuth")
    assert [f.verdict for f in found] == ["fails", "holds", "holds"]
    stage, start, angle = change.burns[-1]
    for burns, verdicts in (
        ((change.burns[0], (stage, start, angle - 0.01)), ["holds", "holds", "fails"]),
        (((stage, start + 7.0, angle),), ["holds", "fails"]),
    ):
        told = replace(launch, plane_change=replace(change, burns=burns))
        found = of(run(replace(gto, launch=told), shipped_world, strict=True), "planned-azimuth")
        assert [f.verdict for f in found] == verdicts
    # a claim is held against what is flown
    untold = replace(launch, plane_change=None)
    found = of(run(replace(gto, launch=untold), shipped_world, strict=True), "planned-azimuth")
    assert [f.verdict for f in found] == ["not-judged"]


@pytest.mark.slow
def test_a_geostationary_orbit_from_46_degrees(geo: Flight) -> None:
    meets_its_target(geo)
    change = geo.launch.plane_change
    assert change is not None
    turned = math.degrees(sum(angle for _, _, angle in change.burns))
    # no less than the pad's latitude, no more than the plane of the corridor's heading of 65 deg
    steepest = math.degrees(math.acos(math.sin(math.radians(65.0)) * math.cos(math.radians(45.9))))
    assert 45.0 < turned < steepest
    # at rest over the ground at the end: the ledger closes all the same
    ledger = geo.legs[0].ledger
    closed = ledger.delta_v_m_s - sum(ledger.losses_m_s.values())
    assert abs(closed) < 1.0
    losses = of(geo.findings, "losses")
    assert losses[-1].verdict == "holds"
    assert losses[-1].measured is not None
    assert losses[-1].measured < 1e-3
    assert of(geo.findings, "orbit-nodes")[0].verdict == "not-judged"


@pytest.mark.slow
def test_the_node_stands_where_the_target_wants_it(shipped_world: World) -> None:
    flight = flown(
        "soyuz-2.1b-fregat",
        "3 t",
        "{kind: circular, altitude: 600 km, inclination: 40 deg, raan: 120 deg}",
        shipped_world,
    )
    meets_its_target(flight)
    assert {f.verdict for f in of(flight.findings, "node")} == {"holds"}
    assert flight.launch.plane_change is not None
