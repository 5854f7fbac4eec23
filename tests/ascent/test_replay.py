"""Replays: timetable, steering law, cut-off by energy, fit, and the plan that is flown again."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent, catalog
from cosmodrome.ascent.launch import pad_in_launch_frame
from cosmodrome.ascent.replay import (
    CutOff,
    Layout,
    Observation,
    fit,
    measured,
    plan_of,
    timetable,
)
from cosmodrome.ascent.replay.steering import Steering
from cosmodrome.ascent.shape import PITCH_OVER_S
from cosmodrome.errors import InputError
from cosmodrome.world.epoch import Epoch
from tests.ascent.conftest import mission

if TYPE_CHECKING:
    from cosmodrome.ascent.replay import Replay
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.world import World

LIFT_OFF = Epoch.parse("2024-03-23T12:36:10Z")
LAYOUT = Layout(rise_s=10.0, turn_s=150.0, knots_s=(286.0, 526.0))
A_M = 6_599_137.0
TRUE = {"kick": 0.095, "azimuth": 1.08, "pitch at T+286 s": 0.34, "pitch at T+526 s": -0.02}


def crewed() -> Vehicle:
    """Soyuz-2.1a whose fairing leaves at a stated time."""
    soyuz = catalog.vehicle("soyuz-2.1a")
    assert soyuz.fairing is not None
    return replace(soyuz, fairing=replace(soyuz.fairing, heat_flux_w_m2=None, time_s=153.33))


def soyuz_mission() -> Mission:
    return replace(mission("soyuz-2.1a", "baikonur", 7_152.0, 220e3, 51.65), vehicle=crewed())


def replayed(observations: tuple[Observation, ...], guess: dict[str, float], w: World) -> Replay:
    return fit(
        soyuz_mission(), LIFT_OFF, w, LAYOUT, CutOff(semi_major_axis_m=A_M), observations, guess
    )


@pytest.fixture(scope="module")
def known(shipped_world: World) -> tuple[Replay, tuple[Observation, ...]]:
    """A flight with the numbers of TRUE, and what would be seen of it."""
    # nothing to fit: the numbers stay where they are guessed
    flown = replayed((Observation("core separation", "radius_m", 1.0, 1e30),), TRUE, shipped_world)
    seen = []
    for at, quantity, scale in (
        ("strap-on separation", "altitude_m", 1e3),
        ("core separation", "altitude_m", 1e3),
        ("core separation", "speed_inertial_m_s", 30.0),
        ("third-stage cut-off", "path_angle_rad", 2e-3),
        ("third-stage cut-off", "inclination_rad", 4e-4),
    ):
        value = float(measured(flown.planet, flown.track.places[at], quantity)[0])  # type: ignore[arg-type]
        seen.append(Observation(at, quantity, value, scale))  # type: ignore[arg-type]
    return flown, tuple(seen)


def test_what_is_left_at_the_end_is_what_was_never_dropped() -> None:
    vehicle = crewed()
    table = timetable(vehicle, 7_152.0)
    mass = table.liftoff_kg
    for p in table.pieces:
        length = p.end_s - p.start_s
        mass -= (p.flow_kg_s + 0.5 * p.flow_slope_kg_s2 * length) * length + p.drop_kg
    third = vehicle.stage("third")
    aft = sum(j.mass_kg for j in third.jettisons)
    kept = sum(c.mass_kg for c in third.consumables)
    assert mass == pytest.approx(7_152.0 + third.dry_mass_kg - aft + third.residual_kg + kept)
    assert table.at("fairing jettison") == 153.33
    assert sum("fairing" in p.drops for p in table.pieces) == 1


def test_a_fairing_that_leaves_at_a_mark_does_not_make_a_piece_of_no_length() -> None:
    soyuz = crewed()
    assert soyuz.fairing is not None
    at_mark = replace(soyuz, fairing=replace(soyuz.fairing, time_s=112.0))
    table = timetable(at_mark, 0.0)
    assert len(table.pieces) == len(timetable(soyuz, 0.0).pieces) - 1
    assert table.at("fairing jettison") == table.at("strap-on thrust reduction") == 112.0


def test_a_heat_flux_is_no_time() -> None:
    with pytest.raises(InputError, match="needs the time its fairing left"):
        timetable(catalog.vehicle("soyuz-2.1a"), 7_000.0)


def test_a_stage_lit_at_will_cannot_be_replayed() -> None:
    with pytest.raises(InputError, match="left to the plan: fregat"):
        timetable(catalog.vehicle("soyuz-2.1b-fregat"), 2_000.0)


def test_the_law_in_its_stretches(shipped_world: World) -> None:
    _, _, axes = pad_in_launch_frame(catalog.site("baikonur"), LIFT_OFF, shipped_world)
    layout = Layout(10.0, 100.0, (200.0, 300.0), yaw_s=(250.0,))
    numbers = np.radians([[5.0], [60.0], [30.0], [10.0], [20.0]])
    law = Steering(layout, axes, numbers)
    up, east, north = axes
    r = 6.5e6 * up[:, None]
    w = (800.0 * north + 600.0 * up)[:, None]
    assert law.direction(5.0, 5.0, r, w)[:, 0] == pytest.approx(up)
    # the kick leans by its own angle towards the azimuth, and stays there
    end = 10.0 + PITCH_OVER_S
    kicked = law.direction(end, end - 1.0, r, w)[:, 0]
    assert math.degrees(math.acos(kicked @ up)) == pytest.approx(5.0)
    assert math.degrees(math.atan2(kicked @ east, kicked @ north)) == pytest.approx(60.0)
    assert law.direction(50.0, 50.0, r, w)[:, 0] == pytest.approx(w[:, 0] / 1000.0)
    # pitch goes on from the flow's 36.87 deg and is straight to the first knot
    law.reach(100.0, r, w)
    flow = math.degrees(math.atan2(600.0, 800.0))
    for t, pitch in ((100.0, flow), (150.0, 0.5 * (flow + 30.0)), (200.0, 30.0), (240.0, 22.0)):
        u = law.direction(t, t, r, w)[:, 0]
        assert math.degrees(math.asin(u @ up)) == pytest.approx(pitch)
        assert u @ east == pytest.approx(0.0, abs=1e-12)
    # yaw to the right of northward is eastward
    u = law.direction(275.0, 275.0, r, w)[:, 0]
    assert math.degrees(math.atan2(u @ east, u @ north)) == pytest.approx(20.0)


def test_a_printed_table_is_flown_in_the_plane_of_its_azimuth(shipped_world: World) -> None:
    _, _, axes = pad_in_launch_frame(catalog.site("ccsfs"), LIFT_OFF, shipped_world)
    table = ((0.0, math.radians(90.0)), (100.0, math.radians(40.0)))
    layout = Layout(10.0, 100.0, (200.0,), table=table, azimuth_rad=math.radians(72.0))
    law = Steering(layout, axes, np.radians([[0.5], [10.0]]))
    up, east, north = axes
    u = law.direction(90.0, 90.0, 6.4e6 * up[:, None], east[:, None])[:, 0]
    # 45 deg by the table and the whole bias
    assert math.degrees(math.asin(u @ up)) == pytest.approx(45.5)
    assert math.degrees(math.atan2(u @ east, u @ north)) == pytest.approx(72.0)


def test_the_burn_ends_with_the_orbits_energy(
    known: tuple[Replay, tuple[Observation, ...]],
) -> None:
    flown, _ = known
    end = flown.track.places["third-stage cut-off"]
    r, v = end.r[:, 0], end.v[:, 0]
    a = 1.0 / (2.0 / np.linalg.norm(r) - v @ v / flown.planet.mu)
    assert a == pytest.approx(A_M, abs=1.0)
    third = crewed().stage("third")
    spent = third.mass_flow_kg_s * (flown.cut_off_s - flown.timetable.at("third-stage ignition"))
    assert flown.left_kg == pytest.approx(third.usable_kg - spent, abs=0.01)


def test_a_fit_finds_the_angles_that_were_flown(
    known: tuple[Replay, tuple[Observation, ...]], shipped_world: World
) -> None:
    _, seen = known
    guess = {"kick": 0.08, "azimuth": 1.0, "pitch at T+286 s": 0.3, "pitch at T+526 s": 0.05}
    found = replayed(seen, guess, shipped_world)
    for name, value in TRUE.items():
        # measured: within 3e-7 rad
        assert found.numbers[name] == pytest.approx(value, abs=1e-5)
    for o, off in zip(seen, found.residuals, strict=True):
        assert abs(off) < 1e-3 * o.scale


def test_the_plan_of_a_replay_flies_the_same_flight(
    known: tuple[Replay, tuple[Observation, ...]], shipped_world: World
) -> None:
    flown, _ = known
    m = soyuz_mission()
    stack = ascent.execute(plan_of(flown, m, LIFT_OFF, shipped_world), m, shipped_world)[0]
    assert stack.solve is not None
    # measured: 3 m, 8 mm/s after 527 s, between Runge-Kutta 4 with tabled air and DOP853
    assert stack.solve.residuals["position_m"] < 15.0
    assert stack.solve.residuals["velocity_m_s"] < 0.04
    assert abs(stack.solve.residuals["mass_kg"]) < 1e-3


def test_payload_and_events_must_be_known(shipped_world: World) -> None:
    m = replace(soyuz_mission(), spacecraft=replace(soyuz_mission().spacecraft, mass_kg=None))
    cut_off = CutOff(semi_major_axis_m=A_M)
    with pytest.raises(InputError, match="write its mass in kg"):
        fit(m, LIFT_OFF, shipped_world, LAYOUT, cut_off, (), TRUE)
    stray = Observation("moon landing", "altitude_m", 0.0, 1.0)
    with pytest.raises(InputError, match=r"'moon landing', which 'soyuz-2\.1a' does not do"):
        replayed((stray,), TRUE, shipped_world)
