"""The ways of a sweep on real flights: what is carried wrong, and faulted climbs."""

from __future__ import annotations

import pytest

from cosmodrome import flight
from cosmodrome.campaign.verify import sweep as room
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.mission import load, loads
from cosmodrome.record.faults import FAMILIES
from cosmodrome.record.sweep import kinds_of
from cosmodrome.watch import SILENT
from tests.campaign.verify import doubles


@pytest.fixture(scope="module")
def burn(shipped_world):
    return Swept(flight.fly(loads(doubles.MISSION), world=shipped_world), shipped_world, WAYS)


def carried(burn, path, kind, value):
    """What comes of one fault of the plan."""
    listed = WAYS["plan"].faults(burn.flight, "normal")
    (fault,) = [
        f for f in listed
        if (f.path, f.kind) == (path, kind) and f.value == pytest.approx(value, rel=1e-6)
    ]  # fmt: skip
    (told,) = burn.outcomes(Batch("plan", (fault,)), SILENT)
    assert told.fault is fault
    return told


def test_a_burn_in_pounds_of_force_is_seen_before_flight(burn):
    told = carried(burn, "stretches.1.steps.0.delta_v_m_s", "factor", 4.4482216)
    assert told.consequence == "impact"  # 178 m/s from 493 km
    assert told.seen_before_effect
    names = [s.by for s in told.seen]
    assert "plan-flown" in names
    assert all(s.t_s is None for s in told.seen)
    # a check tells what it found, and nothing that holds in the flight with nothing wrong is told
    assert {f.check for f in told.findings} <= set(names)
    assert all(f.verdict == "fails" for f in told.findings)


def test_what_ends_early_is_seen_by_the_re_flight(burn):
    (told,) = burn.outcomes(
        Batch("plan", tuple(f for f in WAYS["plan"].faults(burn.flight, "normal")
                            if f.path == "start.r_m" and f.value == pytest.approx(0.3048))), SILENT,
    )  # fmt: skip
    assert told.loses
    assert "re-flight" in [s.by for s in told.seen]


def test_a_mission_in_orbit_has_no_climb(burn):
    assert WAYS["ascent"].faults(burn.flight, "fine") == ()
    families = {f.family for f in WAYS["orbit"].faults(burn.flight, "normal")}
    assert {"burns", "thrust", "timers", "angles", "masses"} <= families <= set(FAMILIES)


@pytest.mark.nightly
def test_a_launch_is_swept(shipped_world):
    told = room.sweep(
        load("vostochny-sso"), only=("ascent", "orbit"), fineness="coarse", jobs=2,
        world=shipped_world,
    )  # fmt: skip
    assert len(told.outcomes) > 100
    assert not [o for o in told.outcomes if "no_answer" in o.figures]
    assert told.unseen == ()  # the pad listens, and hears the orbit a revolution later
    by = {o.fault.id: o for o in told.outcomes}
    assert by["truth:ascent.burns.0.ignition:omit:0"].consequence == "impact"
    weak = [k for k in kinds_of(told.outcomes) if k.fault.path == "ascent.stages.third.thrust"]
    assert weak
    assert not any(k.loses for k in weak)  # the upper stage makes up for a tenth of thrust
