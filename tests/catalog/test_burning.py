"""How long stages burn: closed forms, and the event times of real flights."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome import catalog
from cosmodrome.catalog.burning import (
    burn_time_s,
    burnt_kg,
    highest_level,
    ideal_delta_v_m_s,
    mass_without_spacecraft_kg,
    timetable,
)

G0 = 9.80665


def test_burn_time_with_steps_commands_and_a_closed_valve() -> None:
    stage = replace(catalog.vehicle("soyuz-2.1b").stage("third"), load_kg=1271.0)
    flow = stage.mass_flow_kg_s
    assert burn_time_s(stage) == pytest.approx(1000.0 / flow)
    half = replace(stage, throttle=((5.0, 0.5),))
    assert burn_time_s(half) == pytest.approx(5.0 + (1000.0 - 5.0 * flow) / (0.5 * flow))
    assert burn_time_s(replace(half, cutoff_s=7.0)) == 7.0
    assert burn_time_s(replace(stage, cutoff_s=1e4)) == pytest.approx(1000.0 / flow)
    assert burn_time_s(replace(stage, throttle=((5.0, 0.0),))) == math.inf
    assert burn_time_s(replace(stage, throttle=((5.0, 0.0),), cutoff_s=9.0)) == 9.0


def test_a_thrust_curve_burns_its_area() -> None:
    stage = replace(
        catalog.vehicle("vega").stage("z23"),
        thrust_curve=((0.0, 0.5), (10.0, 1.5), (40.0, 0.9), (60.0, 0.0)),
    )
    flow = stage.mass_flow_kg_s
    # areas by hand: 10 + 36 + 9 full-flow seconds
    assert burnt_kg(stage, 10.0) == pytest.approx(10.0 * flow)
    assert burnt_kg(stage, 60.0) == pytest.approx(55.0 * flow)
    assert burnt_kg(stage, 1e3) == pytest.approx(55.0 * flow)
    # 10 + 1.5 t - 0.02 t^2 / 2 = 30 full-flow seconds
    t = (1.5 - math.sqrt(1.5**2 - 4 * 0.01 * 20.0)) / 0.02
    assert burn_time_s(replace(stage, load_kg=30.0 * flow)) == pytest.approx(10.0 + t)
    # a load that the curve does not use up: the burn ends with the curve
    assert burn_time_s(replace(stage, load_kg=56.0 * flow)) == 60.0
    assert highest_level(stage, 5.0) == 1.5
    assert highest_level(catalog.vehicle("soyuz-2.1a").stage("strap-ons"), 5.0) == 1.0


def test_a_curve_against_plain_integration() -> None:
    points = ((0.0, 0.2), (3.0, 1.3), (30.0, 1.3), (55.0, 0.7), (80.0, 0.1))
    stage = replace(catalog.vehicle("vega").stage("z23"), thrust_curve=points)
    t = np.linspace(0.0, 80.0, 800_001)
    level = np.interp(t, [at for at, _ in points], [part for _, part in points])
    area = np.concatenate([[0.0], np.cumsum(0.5 * (level[1:] + level[:-1]) * np.diff(t))])
    for load_s in (0.3, 10.0, 40.0, 60.0, 70.0):
        loaded = replace(stage, load_kg=load_s * stage.mass_flow_kg_s)
        assert burn_time_s(loaded) == pytest.approx(np.interp(load_s, area, t), abs=2e-4)


@pytest.mark.parametrize(
    ("vehicle", "stage", "event", "published", "within"),
    [
        # ISRO brochure of PSLV-C52
        ("pslv-xl", "psom-ground", "separation", 69.9, 4.0),
        ("pslv-xl", "psom-air", "separation", 92.0, 4.0),
        ("pslv-xl", "ps1", "separation", 109.68, 4.0),
        ("pslv-xl", "ps2", "ignition", 109.88, 4.0),
        ("pslv-xl", "ps2", "separation", 262.46, 2.5),
        # MHI manual, typical flight to transfer orbit
        ("h-iia-202", "srb-a", "cutoff", 99.0, 4.0),
        ("h-iia-202", "srb-a", "separation", 106.0, 4.0),
        ("h-iia-202", "stage-1", "cutoff", 396.0, 3.5),
        ("h-iia-202", "stage-2", "ignition", 410.0, 3.5),
        # Atlas V with Juno; times count from a second before first motion
        ("atlas-v-551", "srb", "separation", 103.0, 4.0),
        ("atlas-v-551", "ccb", "cutoff", 266.2, 2.0),
        ("atlas-v-551", "centaur", "ignition", 282.2, 2.0),
        # Saturn V AS-506, from range zero, 0.3 s before first motion
        ("saturn-v-as506", "s-ic", "cutoff", 161.33, 0.5),
        ("saturn-v-as506", "s-ii", "ignition", 162.7, 0.5),
        ("saturn-v-as506", "s-ii", "cutoff", 547.92, 2.0),
        ("saturn-v-as506", "s-ivb", "ignition", 551.9, 2.0),
        # Ariane 6 flight VA263
        ("ariane-62", "esr", "separation", 138.0, 1.0),
        ("ariane-62", "llpm", "separation", 466.0, 8.0),
        # Electron user's guide
        ("electron", "stage-1", "cutoff", 155.0, 3.0),
        ("electron", "stage-2", "cutoff", 535.0, 4.0),
        # Proton Mission Planner's Guide: main engine off at 576.4 s, verniers at 588.3 s
        ("proton-m", "stage-3", "cutoff", 588.3, 5.0),
    ],
)
def test_published_event_times_follow(
    vehicle: str, stage: str, event: str, published: float, within: float
) -> None:
    times = timetable(catalog.vehicle(vehicle))[stage]
    assert getattr(times, f"{event}_s") == pytest.approx(published, abs=within)


def test_a_burnt_core_falls_with_the_strap_ons_that_outlast_it() -> None:
    times = timetable(catalog.vehicle("gslv-mk2"))
    assert times["core"].cutoff_s < times["strap-ons"].cutoff_s - 40.0
    assert 0.0 < times["core"].separation_s - times["strap-ons"].separation_s < 0.6
    assert times["gs2"].ignition_s == times["strap-ons"].cutoff_s


def test_boosters_lit_in_the_air() -> None:
    times = timetable(catalog.vehicle("delta-ii-7920"))
    assert times["gem-air"].ignition_s == 65.5
    assert times["gem-ground"].cutoff_s < 65.5 < times["gem-ground"].separation_s
    lvm3 = timetable(catalog.vehicle("lvm3"))
    assert lvm3["l110"].ignition_s < lvm3["s200"].cutoff_s < lvm3["s200"].separation_s
    # a stage of the plan's choice has no time of its own
    assert "kick" not in timetable(catalog.vehicle("electron"))


def test_ideal_velocity_of_a_serial_vehicle_by_hand() -> None:
    # Tsiolkovsky stage by stage; the fairing leaves with the first stage
    vehicle = catalog.vehicle("angara-1.2")
    lower, upper = vehicle.stages
    assert vehicle.fairing is not None
    on_top = 2_000.0
    begin = mass_without_spacecraft_kg(vehicle) + on_top
    first = begin - lower.usable_kg
    second = first - lower.residual_kg - lower.dry_mass_kg - vehicle.fairing.mass_kg
    by_hand = G0 * 337.5 * math.log(begin / first)
    by_hand += G0 * 359.0 * math.log(second / (second - upper.usable_kg))
    assert ideal_delta_v_m_s(vehicle, on_top) == pytest.approx(by_hand, rel=1e-12)


def test_ideal_velocity_with_boosters_by_hand() -> None:
    # Delta III of the benchmark, whose phases are 75.2, 75.2, 110.6 and 700 s
    vehicle = catalog.vehicle("delta-iii-betts")
    srb, core, upper = 628_500.0, 1_083_100.0, 110_094.0
    srb_flow, core_flow = 17_010.0 / 75.2, 95_550.0 / 261.0
    mass, total = 301_454.0, 0.0
    for thrust, flow, time, dropped in (
        (6 * srb + core, 6 * srb_flow + core_flow, 75.2, 6 * 2_280.0),
        (3 * srb + core, 3 * srb_flow + core_flow, 75.2, 3 * 2_280.0),
        (core, core_flow, 110.6, 8_830.0),
        (upper, 16_820.0 / 700.0, 700.0, 0.0),
    ):
        after = mass - flow * time
        total += thrust / flow * math.log(mass / after)
        mass = after - dropped
    assert ideal_delta_v_m_s(vehicle, 4_164.0) == pytest.approx(total, rel=1e-9)
