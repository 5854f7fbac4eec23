"""The sequence of a launch as it follows from loads, thrust and rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cosmodrome import catalog
from cosmodrome.catalog.nouns import Consumable, DragTable, Ignition, Jettison, Stage, Vehicle
from cosmodrome.errors import InputError
from cosmodrome.vehicle import (
    Tank,
    burn_profile,
    cutoff_after_s,
    display_name,
    full_tanks,
    liftoff_mass,
    stage_gross,
    tail_of,
    thrusting,
    timeline,
)

G0 = 9.80665


def stage(id_: str, **kwargs: object) -> Stage:
    base: dict[str, object] = {
        "id": id_,
        "name": id_,
        "count": 1,
        "propellant_kg": 10_000.0,
        "load_kg": 10_000.0,
        "residual_kg": 0.0,
        "dry_mass_kg": 1_000.0,
        "thrust_vacuum_n": 100.0 * G0 * 300.0,  # 100 kg/s
        "isp_vacuum_s": 300.0,
        "ignition": Ignition("lift-off"),
    }
    return Stage(**{**base, **kwargs})  # type: ignore[arg-type]


def vehicle(*stages: Stage) -> Vehicle:
    return Vehicle("test", "Test", stages, DragTable(1.0, (0.0, 1.0), (0.3, 0.3)), adapter_kg=50.0)


def test_flown_timeline_of_soyuz() -> None:
    # Soyuz CSG User's Manual, figures 2.3.1a and 3.2.1a: strap-on separation T+118.1 s, core
    # separation T+287.6 s, aft section T+300.4 s, third stage cut-off T+558.6 s; Luna-25: 274 s
    ends = {s.name: s.end_s for s in timeline(catalog.vehicle("soyuz-2.1b-fregat")).sections}
    assert ends["strap-on separation"] == pytest.approx(118.1, abs=0.5)
    assert ends["core separation"] == pytest.approx(287.6, abs=1.0)
    assert ends["third-stage aft section"] == pytest.approx(300.4, abs=1.0)
    assert ends["third-stage cut-off"] == pytest.approx(560.0, abs=3.0)


def test_masses_close_through_the_whole_sequence() -> None:
    v = catalog.vehicle("soyuz-2.1b-fregat")
    tl = timeline(v)
    mass = liftoff_mass(v, 2_900.0)
    for s in tl.sections:
        assert s.end_s is not None
        mass -= s.flow_kg_s * (s.end_s - s.start_s) + sum(d.mass_kg for d in s.drops)
    fairing = v.fairing.mass_kg if v.fairing else 0.0
    assert mass == pytest.approx(stage_gross(v.stages[-1]) + fairing + v.adapter_kg + 2_900.0)


def test_names_of_stages() -> None:
    v = catalog.vehicle("soyuz-2.1b-fregat")
    assert [display_name(v, s) for s in v.stages] == [
        "strap-on",
        "core",
        "third-stage",
        "upper-stage",
    ]
    assert tail_of(v) == 3
    assert [(t.stage.id, t.lit) for t in timeline(v).tail] == [("fregat", False)]
    assert [(t.stage.id, t.lit) for t in timeline(catalog.vehicle("soyuz-2.1a")).tail] == [
        ("third", True)
    ]


def test_depletion_through_a_throttle_profile() -> None:
    # 30 s at 100 kg/s, then at half: 7,000 kg last another 140 s
    s = stage("one", throttle=((30.0, 0.5),))
    assert cutoff_after_s(s) == pytest.approx(170.0)
    assert thrusting(s, 29.0).propellant_kg_s == pytest.approx(100.0)
    assert thrusting(s, 31.0).propellant_kg_s == pytest.approx(50.0)
    assert thrusting(s, 31.0, throttle=0.5).thrust_vacuum_n == pytest.approx(25.0 * G0 * 300.0)


def test_a_profile_that_ends_at_zero_with_propellant_left_is_refused() -> None:
    with pytest.raises(InputError, match="ends at zero with 7000"):
        cutoff_after_s(stage("one", throttle=((30.0, 0.0),)))


def test_hot_staging_overlap_and_jettison() -> None:
    v = vehicle(
        stage("one", separation_delay_s=1.5),
        stage(
            "two",
            ignition=Ignition("after", "one", -2.0),
            jettisons=(Jettison("skirt", 200.0, 10.0),),
        ),
    )
    tl = timeline(v)
    assert [(t.stage.id, t.lit) for t in tl.tail] == [("two", True)]
    burning = [(s.start_s, s.end_s, s.burning) for s in tl.sections]
    assert burning[0] == (0.0, 98.0, ("one",))
    assert burning[1] == (98.0, 100.0, ("one", "two"))
    assert burning[2] == (100.0, 101.5, ("two",))
    dropped = {d.id: d.mass_kg for s in tl.sections for d in s.drops}
    assert dropped == {"one": pytest.approx(1_000.0), "skirt": 200.0}
    assert tl.end_s == 108.0
    # two has burnt from T+98 to the last mark, T+108, at 100 kg/s
    assert tl.tanks["two"].propellant_kg == pytest.approx(9_000.0)


def test_what_a_dropped_stage_weighs() -> None:
    spent = stage(
        "one",
        count=2,
        residual_kg=300.0,
        consumables=(Consumable("peroxide", 150.0, 1.0), Consumable("gas", 20.0)),
    )
    tl = timeline(vehicle(spent, stage("two", ignition=Ignition("after", "one", 0.0))))
    (drop,) = [d for s in tl.sections for d in s.drops]
    # per unit: dry, residual, peroxide not used in 97 s, gas
    assert drop.mass_kg == pytest.approx(2 * (1_000.0 + 300.0 + (150.0 - 97.0) + 20.0))
    assert full_tanks(vehicle(spent))["one"] == Tank(20_000.0, 340.0)


def test_a_consumable_flows_until_it_is_gone() -> None:
    """Ullage motors of four seconds at the start of a burn of a hundred."""
    s = stage("one", consumables=(Consumable("ullage", 600.0, 150.0),))
    assert thrusting(s, 3.9).consumables_kg_s == pytest.approx(150.0)
    assert thrusting(s, 4.0).consumables_kg_s == 0.0
    tl = timeline(vehicle(s, stage("two", ignition=Ignition("after", "one", 0.0))))
    assert [t.end_s for t in tl.sections] == pytest.approx([4.0, 100.0])
    assert [t.flow_kg_s for t in tl.sections] == pytest.approx([250.0, 100.0])
    assert [d.mass_kg for d in tl.sections[1].drops] == pytest.approx([1_000.0])


def test_a_command_cuts_before_depletion() -> None:
    tl = timeline(
        vehicle(stage("one", cutoff_s=80.0), stage("two", ignition=Ignition("after", "one", 0.0)))
    )
    assert tl.sections[0].end_s == 80.0
    assert sum(d.mass_kg for s in tl.sections for d in s.drops) == pytest.approx(3_000.0)


def test_what_cannot_fly_is_refused() -> None:
    free = Ignition("free")
    with pytest.raises(InputError, match="list stages in firing order"):
        timeline(vehicle(stage("one"), stage("two", ignition=free), stage("three")))
    with pytest.raises(InputError, match="ends when the plan says so"):
        after = Ignition("after", "one", 3.0)
        timeline(vehicle(stage("one"), stage("two", ignition=free), stage("three", ignition=after)))
    with pytest.raises(InputError, match="cannot follow a throttle profile"):
        timeline(vehicle(stage("one"), stage("two", ignition=free, throttle=((9.0, 0.5),))))
    slow = stage("one", throttle_range=(0.4, 0.5))
    with pytest.raises(InputError, match="do not overlap"):
        timeline(vehicle(slow, stage("side", throttle_range=(0.6, 1.0)), stage("two")))
    with pytest.raises(InputError, match="must light at lift-off"):
        timeline(vehicle(stage("one", ignition=free)))
    with pytest.raises(InputError, match="no earlier stage"):
        timeline(vehicle(stage("one"), stage("two", ignition=Ignition("after", "three", 0.0))))


def test_air_lit_boosters_and_a_dead_core_carried_on() -> None:
    v = vehicle(
        stage("core", separation_delay_s=40.0),
        stage(
            "side",
            propellant_kg=5_000.0,
            load_kg=5_000.0,
            ignition=Ignition("after", "lift-off", 70.0),
        ),
        stage("two", ignition=Ignition("after", "side", 21.0)),
    )

    burning = [(s.start_s, s.end_s, s.burning) for s in timeline(v).sections]
    assert burning == [
        (0.0, 70.0, ("core",)),
        (70.0, 100.0, ("core", "side")),
        (100.0, 120.0, ("side",)),
        (120.0, 140.0, ()),
        (140.0, 141.0, ()),
    ]


def test_a_thrust_curve_is_flown_point_by_point() -> None:
    # 0.5 to 1.5 over 60 s, then down to nothing at 100 s: 60 + 30 s at full, 9,000 kg
    s = stage("one", thrust_curve=((0.0, 0.5), (60.0, 1.5), (100.0, 0.0)), solid=True)
    first, last = burn_profile(s)
    assert (first.end_s, last.end_s) == (60.0, 100.0)
    assert first.full_s == pytest.approx(60.0)
    assert last.full_s == pytest.approx(30.0)
    assert thrusting(s, 30.0).propellant_kg_s == pytest.approx(100.0)
    assert thrusting(s, 80.0).propellant_kg_s == pytest.approx(75.0)
    assert thrusting(s, 100.0).thrust_vacuum_n == 0.0
    # 7,000 kg are gone when 10 of the last 30 full seconds are burnt:
    short = burn_profile(replace(s, load_kg=7_000.0))
    x = short[-1].end_s - 60.0
    assert 1.5 * x - 1.5 / 40.0 * x * x / 2.0 == pytest.approx(10.0)
    tl = timeline(vehicle(s, stage("two", ignition=Ignition("after", "one", 0.0))))
    assert [(t.start_s, t.end_s) for t in tl.sections] == [(0.0, 60.0), (60.0, 100.0)]
    assert tl.sections[1].flow_slope_kg_s2 == pytest.approx(-100.0 * 1.5 / 40.0)
    assert sum(d.mass_kg for d in tl.sections[1].drops) == pytest.approx(2_000.0)


def test_a_free_throttle_stretches_the_section_it_empties() -> None:
    v = vehicle(
        stage("core", throttle_range=(0.6, 1.0)),
        stage("side", propellant_kg=5_000.0, load_kg=5_000.0),
        stage("two", ignition=Ignition("after", "core", 1.0), restarts=2),
    )
    tl = timeline(v)
    beside, alone = tl.sections[:2]
    assert (beside.stretches, alone.stretches) == (False, True)
    assert alone.emptied == ("core",)
    assert beside.free is not None
    assert beside.flow_kg_s == pytest.approx(100.0)  # the side booster's
    assert beside.free.flow_kg_s == pytest.approx(100.0)
    assert tl.tail[0].lit


def test_the_last_stage_burns_on_with_its_last_step() -> None:
    two = stage("two", ignition=Ignition("after", "one", 0.0), throttle=((0.0, 0.5), (30.0, 0.8)))
    tl = timeline(vehicle(stage("one"), two))
    # the last section is the one before the step, and is no measure of what comes after it
    assert tl.sections[-1].flow_kg_s == pytest.approx(50.0)
    assert tl.end_s == pytest.approx(130.0)
    assert tl.level_after(two) == pytest.approx(0.8)
    full = stage("two", ignition=Ignition("after", "one", 0.0))
    assert timeline(vehicle(stage("one"), full)).level_after(full) == 1.0


def test_exit_area_does_not_throttle() -> None:
    s = replace(stage("one"), thrust_sea_level_n=0.8 * 100.0 * G0 * 300.0)
    assert thrusting(s, 1.0, throttle=0.5).exit_area_m2 == thrusting(s, 1.0).exit_area_m2 > 0.0
