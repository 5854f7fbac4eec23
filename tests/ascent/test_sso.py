"""The main job: Vostochny to a Sun-synchronous orbit, solved, planned, flown again."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent
from cosmodrome.errors import InfeasibleError
from cosmodrome.maths import NUMPY
from cosmodrome.physics import heating, powered
from cosmodrome.world import bodies
from cosmodrome.world.frame import GCRF

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Mission
    from tests.ascent.conftest import Flown

G0 = 9.80665


def launch_columns(sso: Flown, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """r, v, mass of the flown path in the launch frame."""
    y = sso.stack.path.columns_at(t)
    axes = np.asarray(sso.plan.launch_axes)
    return (axes @ y[:, :3].T), (axes @ y[:, 3:6].T), y[:, 6]


def air(sso: Flown, t: np.ndarray) -> powered.Air:
    r, v, _ = launch_columns(sso, t)
    return powered.air(NUMPY, sso.solution.planet, tuple(r), tuple(v))


def test_reflight_meets_the_optimum(sso: Flown) -> None:
    # the bar is 50 m and 5 cm/s after more than an hour; the mesh is refined well below it
    residuals = sso.stack.solve.residuals
    assert residuals["position_m"] < 1.0
    assert residuals["velocity_m_s"] < 1e-3
    assert abs(residuals["mass_kg"]) < 1e-6


def test_timeline_of_flown_practice(sso: Flown) -> None:
    # Soyuz CSG User's Manual, as quoted in SpaceBallistics; Luna-25 for the third stage
    assert sso.event("strap-on separation") == pytest.approx(118.0, abs=3.0)
    assert sso.event("core separation") == pytest.approx(287.0, abs=3.0)
    assert sso.event("third-stage cut-off") == pytest.approx(560.0, abs=3.0)
    # typical 208.4 s, Luna-25 211.95 s; seen between 157 and 228 s
    assert 195.0 < sso.event("fairing jettison") < 228.0
    # typical 72 s
    assert sso.event("max-q") == pytest.approx(72.0, abs=8.0)


def test_events_are_complete_and_in_order(sso: Flown) -> None:
    names = [e.name for e in sso.stack.events]
    for name in (
        "lift-off",
        "max-q",
        "strap-on thrust reduction",
        "strap-on cut-off",
        "strap-on separation",
        "fairing jettison",
        "core cut-off",
        "core separation",
        "third-stage ignition",
        "third-stage aft section",
        "third-stage cut-off",
        "third-stage separation",
        "upper-stage burn 1 start",
        "upper-stage burn 1 end",
        "upper-stage burn 2 start",
        "upper-stage burn 2 end",
        "spacecraft separation",
    ):
        assert names.count(name) == 1, name
    times = [e.t_s for e in sso.stack.events]
    assert times == sorted(times)
    pad = sso.mission.site
    first = sso.stack.events[0]
    assert first.altitude_m == pytest.approx(pad.height_m, abs=0.01)
    assert first.latitude_rad == pytest.approx(pad.latitude_rad, abs=1e-9)
    assert first.longitude_rad == pytest.approx(pad.longitude_rad, abs=1e-9)
    assert first.speed_relative_m_s < 0.01


def test_insertion_is_the_target(sso: Flown) -> None:
    end = sso.stack.end
    axes = np.asarray(sso.plan.launch_axes)
    r, v = axes @ end.r_m, axes @ end.v_m_s
    h = np.cross(r, v)
    node = np.array([-h[1], h[0], 0.0]) / math.hypot(h[0], h[1])
    d = float(np.linalg.norm(r))
    cos_u, sin_u = float(r @ node) / d, float(np.cross(h, node) @ r) / d / float(np.linalg.norm(h))
    at = sso.insertion.point(cos_u, sin_u)
    assert d == pytest.approx(at.radius_m, abs=1.0)
    assert float(r @ v) / d == pytest.approx(at.radial_m_s, abs=2e-3)
    assert float(np.linalg.norm(h)) / d == pytest.approx(at.transverse_m_s, abs=2e-3)
    assert math.acos(h[2] / float(np.linalg.norm(h))) == pytest.approx(at.inclination_rad, abs=1e-6)


def test_node_and_travel_for_the_launch_instant(sso: Flown) -> None:
    s = sso.solution
    end = sso.stack.end
    assert end.epoch - sso.plan.epoch == pytest.approx(s.travel_s, abs=1e-8)
    # node of the flown orbit in the equator of date against the pad's right ascension at lift-off
    z = sso.world.orientation.cip_gcrf(sso.plan.epoch)
    h = np.cross(end.r_m, end.v_m_s)
    node = np.cross(z, h)
    x, y, _ = np.asarray(sso.plan.launch_axes)
    flown = math.atan2(float(node @ y), float(node @ x))
    # osculating against mean: 3/4 J2 (R/a)^2 cos i at most
    assert flown == pytest.approx(s.node_minus_pad_rad, abs=1.3e-4)
    # northbound to a retrograde orbit: the pad lies on the ascending half
    assert s.northbound


def test_limits_are_kept(sso: Flown) -> None:
    t = np.arange(1.0, 500.0, 0.25)
    here = air(sso, t)
    assert here.q.max() < 45e3
    bare = np.arange(sso.event("fairing jettison") + 0.01, sso.plan.phases[-1].end_s, 1.0)
    gas = air(sso, bare)
    flux = heating.free_molecular(gas.rho, gas.speed)
    assert flux.max() < 1135.0 * 1.001
    y = sso.stack.path.columns_at(np.arange(0.0, 560.0, 0.5))
    assert (y[:, 10] / y[:, 6]).max() < 6.0 * G0


def test_fairing_goes_as_soon_as_it_may(sso: Flown) -> None:
    gas = air(sso, np.array([sso.event("fairing jettison")]))
    # the optimiser keeps a thousandth inside the limit
    flux = float(heating.free_molecular(gas.rho, gas.speed)[0])
    assert flux == pytest.approx(0.999 * 1135.0, rel=1e-4)


def test_third_stage_stays_suborbital(sso: Flown) -> None:
    (third,) = [leg for leg in sso.legs if leg.object == "third"]
    r, v = third.start.r_m, third.start.v_m_s
    mu = sso.solution.planet.mu
    d = float(np.linalg.norm(r))
    a = 1.0 / (2.0 / d - float(v @ v) / mu)
    e = float(np.linalg.norm(np.cross(v, np.cross(r, v)) / mu - r / d))
    assert a * (1.0 - e) <= 6_378_137.0 + 100.0
    assert third.impact is not None


def test_ledger_closes(sso: Flown) -> None:
    books = sso.stack.ledger
    start, end = sso.stack.start, sso.stack.end
    # Earth-relative, by the frame's own rotation: at rest on the pad
    turn = sso.world.orientation.itrf_from_gcrf(end.epoch)
    gained = float(np.linalg.norm(turn.velocity(end.r_m, end.v_m_s)[1]))
    assert books.delta_v_m_s - sum(books.losses_m_s.values()) == pytest.approx(gained, abs=1e-3)
    burnt = sum(b.propellant_kg + b.consumables_kg for b in books.burns)
    shed = sum(books.separated_kg.values())
    assert start.mass_kg - burnt - shed == pytest.approx(end.mass_kg, abs=1e-6)
    assert all(x > 0.0 for x in books.losses_m_s.values())
    # of the order that is flown: the climb off the pad is gravity's loss, not steering's
    assert books.losses_m_s["steering"] < 300.0
    assert 100.0 < books.losses_m_s["drag"] < 200.0


def test_burns_obey_tsiolkovsky(sso: Flown) -> None:
    vehicle = sso.mission.vehicle
    for burn in sso.stack.ledger.burns:
        stage = vehicle.stage(burn.stage)
        assert burn.impulse_n_s == pytest.approx(burn.propellant_kg * G0 * stage.isp_vacuum_s)
        if burn.stage != "fregat":
            continue
        # rocket equation between the masses on the path
        m0 = float(sso.stack.path.columns_at(burn.start_s)[6])
        m1 = m0 - burn.propellant_kg
        assert burn.delta_v_m_s == pytest.approx(
            G0 * stage.isp_vacuum_s * math.log(m0 / m1), rel=1e-9
        )
        assert burn.propellant_kg == pytest.approx(
            stage.mass_flow_kg_s * (burn.end_s - burn.start_s), rel=1e-9
        )


def test_margin_is_what_is_left_in_the_tank(sso: Flown) -> None:
    fregat = sso.mission.vehicle.stage("fregat")
    left = sso.stack.ledger.propellant_kg["fregat"] - fregat.residual_kg
    assert left == pytest.approx(sso.solution.margin_kg, abs=1e-3)
    # the spare propellant, burnt to empty, is worth about its own mass in payload
    assert 0.6 < (sso.solution.capability_kg - 2_900.0) / sso.solution.margin_kg < 1.1


def test_handover_is_the_spacecraft_alone(sso: Flown) -> None:
    handover = sso.stack.handover_out
    assert handover is not None
    assert handover.state.frame == GCRF
    assert handover.state.mass_kg == 2_900.0
    assert handover.attached == ("spacecraft",)
    assert handover.state.separation(sso.stack.path.at(sso.stack.end.epoch)) == (
        pytest.approx(0.0, abs=1e-6),
        pytest.approx(0.0, abs=1e-9),
    )


def test_dropped_bodies_come_down_in_order(sso: Flown) -> None:
    fallen = {leg.object: leg for leg in sso.legs[1:]}
    assert set(fallen) == {"strap-ons", "fairing", "core", "aft-section", "third", "fregat"}
    assert fallen["fregat"].impact is None
    ranges = []
    for name in ("strap-ons", "fairing", "core", "third"):
        impact = fallen[name].impact
        assert impact is not None
        assert abs(fallen[name].events[-1].altitude_m) < 5.0
        ranges.append(impact.range_m)
    assert ranges == sorted(ranges)
    # strap-ons of this line come down 300 to 370 km out on the eastern pads; here well inside
    assert 200e3 < ranges[0] < 450e3


def test_attitude_is_flyable(sso: Flown) -> None:
    t = np.arange(0.0, 560.0, 0.25)
    u = sso.stack.path.columns_at(t)[:, 7:10]
    assert np.abs(np.linalg.norm(u, axis=1) - 1.0).max() < 1e-9
    rate = np.degrees(np.linalg.norm(np.diff(u, axis=0), axis=1)) / 0.25
    assert rate.max() < 2.0
    # vertical first
    up = np.asarray(sso.plan.launch_axes).T @ sso.solution.axes[0]
    assert np.abs(u[t < 9.9] - up).max() < 1e-9
    here = air(sso, t[t > 40.0])
    axes = np.asarray(sso.plan.launch_axes)
    w = np.array(here.w)
    sine = np.linalg.norm(np.cross((axes @ u[t > 40.0].T).T, w.T), axis=1) / here.speed
    assert (here.q * sine).max() < 2_500.0 * 1.01


def test_heading_is_northbound_and_retrograde(sso: Flown) -> None:
    # the end of the first stage: heading of the Earth-relative velocity, 340..360 deg
    r, v, _ = launch_columns(sso, np.array([117.0]))
    w = v[:, 0] - np.cross([0.0, 0.0, bodies.OMEGA_EARTH_RAD_S], r[:, 0])
    east = np.cross([0.0, 0.0, 1.0], r[:, 0])
    east /= np.linalg.norm(east)
    north = np.cross(r[:, 0] / np.linalg.norm(r[:, 0]), east)
    heading = math.degrees(math.atan2(w @ east, w @ north)) % 360.0
    assert 335.0 < heading < 352.0


def test_execute_is_deterministic_and_so_is_the_plan(sso: Flown) -> None:
    again = ascent.execute(sso.plan, sso.mission, sso.world)
    assert np.array_equal(again[0].path.coefficients, sso.stack.path.coefficients)
    assert np.array_equal(again[0].end.r_m, sso.stack.end.r_m)
    plan = ascent.plan(sso.solution, sso.plan.epoch, sso.world)
    assert np.array_equal(plan.attitude.coefficients, sso.plan.attitude.coefficients)
    assert plan.phases == sso.plan.phases


def test_the_same_plan_flies_at_another_hour(sso: Flown) -> None:
    later = sso.plan.epoch + 86_164.0 / 3.0
    plan = ascent.plan(sso.solution, later, sso.world)
    stack = ascent.execute(plan, sso.mission, sso.world)[0]
    assert stack.solve.residuals["position_m"] < 1.0
    assert stack.solve.residuals["velocity_m_s"] < 1e-3


def weaker(sso: Flown, fraction: float) -> Mission:
    """The same mission with a third stage of less thrust."""
    vehicle = sso.mission.vehicle
    stages = tuple(
        replace(s, thrust_vacuum_n=fraction * s.thrust_vacuum_n) if s.id == "third" else s
        for s in vehicle.stages
    )
    return replace(sso.mission, vehicle=replace(vehicle, stages=stages))


def test_a_weaker_engine_is_flown_as_it_is(sso: Flown) -> None:
    stack = ascent.execute(sso.plan, weaker(sso, 0.999), sso.world)[0]
    # a thousandth of 3.7 km/s at cut-off grows to kilometres and more on the way
    assert stack.solve.residuals["velocity_m_s"] > 3.0
    assert stack.solve.residuals["position_m"] > 2_000.0
    # the timer cuts it: what the smaller flow left stays in the tank
    (third,) = [b for b in stack.ledger.burns if b.stage == "third"]
    assert third.propellant_kg == pytest.approx(0.999 * 22_946.0, abs=0.1)


def test_a_stronger_engine_runs_dry_before_its_timer(sso: Flown) -> None:
    stack = ascent.execute(sso.plan, weaker(sso, 1.002), sso.world)[0]
    (third,) = [b for b in stack.ledger.burns if b.stage == "third"]
    assert third.propellant_kg == pytest.approx(22_946.0, abs=0.01)
    assert third.end_s == pytest.approx(
        sso.event("third-stage cut-off") - 274.49 * (1.0 - 1.0 / 1.002), abs=0.01
    )


def test_a_plan_that_meets_the_ground_says_so(sso: Flown) -> None:
    with pytest.raises(InfeasibleError, match="meets the ground before"):
        ascent.execute(sso.plan, weaker(sso, 0.97), sso.world)
