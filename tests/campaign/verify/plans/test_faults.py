"""Faults of a plan: made from what is there, put in without touching the plan they are put into."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import mission
from cosmodrome.campaign.verify.plans.corrupted import corrupted, turned
from cosmodrome.campaign.verify.plans.faults import _SIZES, _marks, plan_faults
from cosmodrome.campaign.verify.plans.records import misrecorded, record_faults
from cosmodrome.errors import InputError
from cosmodrome.flight.again import Carried, carried, fly_again
from cosmodrome.flight.stages import Run
from cosmodrome.flight.walk import from_orbit
from cosmodrome.record.faults import Fault
from cosmodrome.record.nouns import AttitudeProgramme, Plan, PlanPhase
from cosmodrome.watch import SILENT
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

TEXT = """
schema: cosmodrome/1
name: up and round
start:
  elements: {epoch: 2026-03-01T00:00:00Z, frame: tod, perigee: 700 km, apogee: 720 km,
             inclination: 60 deg, raan: 30 deg, argument_of_perigee: 40 deg, true_anomaly: 10 deg}
spacecraft: {mass: 500 kg, engine: {thrust: 100 N, isp: 300 s}, propellant: 50 kg}
plan:
  - coast: {for: 30 min}
  - burn: {name: lift, delta_v: 12 m/s, direction: prograde}
  - coast: {until: apogee}
  - burn: {name: side, duration: 20 s, direction: [0.6, 0.8, 0], frame: vnc}
  - coast: {for: 2 h}
physics: {gravity: 4x4, drag: none}
"""


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    asked = mission.loads(TEXT, "test")
    return from_orbit(asked, Run(shipped_world, SILENT))  # type: ignore[arg-type]


def _fault(path: str, kind: str, value: float = 0.0) -> Fault:
    return Fault("plan", "burns", path, kind, value, "", "a test")


def test_the_list_is_the_missions_own(flight: Flight) -> None:
    faults = plan_faults(flight)
    ids = [f.id for f in faults]
    assert len(set(ids)) == len(ids)
    assert all(f.into == "plan" and f.text for f in faults)
    assert not [f for f in faults if f.path.startswith("ascent")]
    assert {"burns", "timers", "events", "frames", "units", "masses", "hand-overs"} <= {
        f.family for f in faults
    }
    coarse, fine = plan_faults(flight, "coarse"), plan_faults(flight, "fine")
    assert len(coarse) < len(faults) < len(fine)
    # a plan that only coasts has no fault of a burn
    alone = replace(flight, legs=flight.legs[:1])
    assert not [f for f in plan_faults(alone) if f.family in ("burns", "events")]


def test_every_fault_changes_what_is_carried_and_nothing_else(flight: Flight) -> None:
    carries = carried(flight)
    before = repr(carries)
    for fault in plan_faults(flight, "fine"):
        changed = corrupted(carries, fault)
        assert changed is not carries
        assert repr(changed) != before or fault.path.split(".")[2:3] == ["handed"]
    assert repr(carries) == before


def test_a_path_that_leads_nowhere(flight: Flight) -> None:
    carries = carried(flight)
    for path, kind in (
        ("ascent.epoch", "offset"),
        ("stretches.9", "omit"),
        ("stretches.1.steps.0.colour", "factor"),
        ("start.colour", "factor"),
        ("stretches.1.steps.0.delta_v_m_s", "colour"),
    ):
        with pytest.raises(InputError, match="leads to nothing"):
            corrupted(carries, _fault(path, kind))


def test_a_burn_in_feet_falls_short_by_as_much(flight: Flight, shipped_world: World) -> None:
    """Flown: the velocity that the burn gains is 0.3048 of what was carried (Tsiolkovsky)."""
    fault = _fault("stretches.1.steps.0.delta_v_m_s", "factor", 0.3048)
    again = fly_again(flight, corrupted(carried(flight), fault), shipped_world)
    assert again.flight is not None
    gained = [f.legs[1].ledger.delta_v_m_s for f in (flight, again.flight)]
    assert gained[1] / gained[0] == pytest.approx(0.3048, rel=1e-9)


def test_a_handed_over_state_is_changed_on_its_way(flight: Flight, shipped_world: World) -> None:
    fault = _fault("stretches.1.handed.r_m.xy", "set")
    again = fly_again(flight, corrupted(carried(flight), fault), shipped_world)
    assert again.flight is not None
    before, after = again.flight.legs[0].end, again.flight.legs[1].start
    assert after.r_m == pytest.approx(before.r_m[[1, 0, 2]])
    assert after.v_m_s == pytest.approx(before.v_m_s)


def test_frames_are_turned_by_what_they_are_apart(flight: Flight) -> None:
    """The equinox has moved by 50.3 arcsec a year since 2000 (general precession, IAU 2006); the
    ground moves by a day's turn in 86,164 s."""
    carries = carried(flight)
    assert carries.start is not None
    own = carries.start.state

    def read(axes: str) -> tuple[np.ndarray, np.ndarray]:
        told = corrupted(carries, _fault(f"start.axes.{axes}", "frame")).start
        assert told is not None
        return told.state.r_m, told.state.v_m_s

    r, v = read("tod")
    off = math.degrees(math.acos(float(r @ own.r_m / (own.r_m @ own.r_m))))
    assert 0.05 < off < 26.2 * 50.3 / 3600.0 + 0.01
    r, v = read("itrf")
    assert np.linalg.norm(r) == pytest.approx(np.linalg.norm(own.r_m))
    # seen from the ground a prograde orbit is slower, by up to 0.073 mrad/s times the radius
    assert 0.0 < np.linalg.norm(own.v_m_s) - np.linalg.norm(v) < 7.3e-5 * np.linalg.norm(r)


def test_about_the_moon_a_state_is_read_in_its_own_axes(flight: Flight) -> None:
    """Its equator lies 1.54 deg off the ecliptic (Cassini): 22 to 25 deg off the Earth's."""
    carries = carried(flight)
    assert carries.start is not None
    own = replace(
        carries.start.state, frame=gcrf("moon"), r_m=np.array([1.8e6, 0.0, 0.0]),
        v_m_s=np.array([0.0, 1600.0, 200.0]),
    )  # fmt: skip
    about = replace(carries, start=replace(carries.start, state=own))

    def read(axes: str) -> tuple[np.ndarray, np.ndarray]:
        told = corrupted(about, _fault(f"start.axes.{axes}", "frame")).start
        assert told is not None
        return told.state.r_m, told.state.v_m_s

    r, v = read("moon-equator")
    pole = np.cross(r, v)
    assert pole @ np.cross(own.r_m, own.v_m_s) < pole @ pole
    r, v = read("moon-me")
    # it turns once in 27.32 days: 4.8 m/s at 1,800 km, as seen from the ground
    assert np.linalg.norm(r) == pytest.approx(1.8e6)
    assert 2.0 < np.linalg.norm(own.v_m_s) - np.linalg.norm(v) < 4.8


# a climb by hand: a vertical burn, a coast, a burn along y
PLAN = Plan(
    "ascent", "stack", Epoch.from_utc("2026-03-01T00:00:00Z"),
    (
        PlanPhase("first", 0.0, 100.0, ("core",), ("core",)),
        PlanPhase("wait", 100.0, 400.0),
        PlanPhase("second", 400.0, 500.0, ("upper",), ("fairing",)),
    ),
    AttitudeProgramme(
        "launch", (0.0, 100.0, 400.0, 500.0),
        np.array(
            [
                [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
                [[0.5, 0.5, 0.0], [-0.5, 0.5, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
                [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
            ]
        ),
    ),
    1e5, np.eye(3), {"payload_kg": 100.0, "x_m": 6.6e6, "y_m": 0.0, "vx_m_s": 0.0},
)  # fmt: skip


def _changed(path: str, kind: str, value: float = 0.0) -> Plan:
    out = corrupted(Carried(PLAN, None, ()), _fault(path, kind, value)).ascent
    assert out is not None
    return out


def test_marks_and_drops_of_a_climb() -> None:
    late = _changed("ascent.phases.0.end_s", "offset", 2.0).phases
    assert (late[0].end_s, late[1].start_s, late[1].end_s) == (102.0, 102.0, 400.0)
    lost = _changed("ascent.phases.1.end_s", "omit").phases
    assert [p.name for p in lost] == ["first", "wait"]
    assert (lost[1].end_s, lost[1].burning, lost[1].drops_at_end) == (500.0, (), ("fairing",))
    assert _changed("ascent.phases.0.drops_at_end", "retain").phases[0].drops_at_end == ()
    moved = _changed("ascent.phases.0.drops_at_end", "offset", 1.0).phases
    assert (moved[0].drops_at_end, moved[1].drops_at_end) == ((), ("core",))
    assert _changed("ascent.phases.2.burning", "omit").phases[2].burning == ()


def test_only_what_can_be_throttled_is_commanded_another_thrust() -> None:
    def levels(plan: Plan) -> list[str]:
        return [f.path for f in _marks("x", plan, _SIZES["coarse"]) if "throttle" in f.path]

    assert levels(PLAN)
    assert levels(replace(PLAN, chapter="transfer")) == []


def test_an_alignment_turns_all_that_is_commanded() -> None:
    """A command along y, the axes turned about the vertical x: 20 deg towards z."""
    plan = _changed("ascent.axes.up", "turn", math.radians(20.0))
    flown = np.eye(3) @ np.asarray(plan.launch_axes).T @ np.array([0.0, 1.0, 0.0])
    assert flown == pytest.approx([0.0, math.cos(math.radians(20)), math.sin(math.radians(20))])
    assert turned(np.array([0.0, 0.0, 2.0]), 0.5 * math.pi) @ [1.0, 0.0, 0.0] == pytest.approx(
        [0.0, 1.0, 0.0]
    )


def test_a_plan_made_for_another_second_turns_with_the_earth() -> None:
    plan = _changed("ascent.epoch.axes", "offset", 37.0)
    assert plan.epoch - PLAN.epoch == pytest.approx(37.0)
    east = 7.292115e-5 * 37.0
    assert np.asarray(plan.launch_axes)[0] == pytest.approx([math.cos(east), math.sin(east), 0.0])
    assert np.asarray(_changed("ascent.epoch", "offset", 37.0).launch_axes) == pytest.approx(
        np.eye(3)
    )


def test_the_long_way_round_ends_where_it_should() -> None:
    plan = _changed("ascent.attitude.phase.1", "set")
    t = np.linspace(100.0, 400.0, 400)
    u = np.array([_direction(plan.attitude, float(x)) for x in t])
    assert u[0] == pytest.approx([1.0, 0.0, 0.0], abs=1e-3)
    assert u[-1] == pytest.approx([0.0, 1.0, 0.0], abs=1e-3)
    swept = np.degrees(np.arccos(np.clip(np.einsum("ij,ij->i", u[1:], u[:-1]), -1.0, 1.0))).sum()
    assert swept == pytest.approx(450.0, abs=1.0)


def _direction(attitude: AttitudeProgramme, t_s: float) -> np.ndarray:
    breaks = np.asarray(attitude.breaks_s)
    k = min(max(int(np.searchsorted(breaks, t_s, side="right")) - 1, 0), breaks.size - 2)
    x = (2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k])
    u = np.polynomial.chebyshev.chebval(x, np.asarray(attitude.coefficients)[k])
    return np.asarray(u / np.linalg.norm(u))


def test_slips_of_the_record(flight: Flight) -> None:
    faults = record_faults(flight)
    assert len({f.id for f in faults}) == len(faults)
    assert {"record.orbit.a", "record.burn.told", "file.plan.burn"} <= {f.path for f in faults}
    assert not [f for f in faults if "vehicle" in f.path or "ledger" in f.path]
    for fault in faults:
        assert misrecorded(flight, fault) is not flight
    with pytest.raises(InputError, match="has no place in this flight"):
        misrecorded(flight, replace(faults[0], path="record.launch.branch"))
    with pytest.raises(InputError, match="has no place in this flight"):
        misrecorded(flight, replace(faults[0], path="file.colour"))
