"""Sequences over lanes: each lane is what `vehicle.timeline` makes of that lane's vehicle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import catalog
from cosmodrome.ascent.dispersions import Dispersions, Draw
from cosmodrome.ascent.lane_timeline import LaneTimeline, fixed_part
from cosmodrome.catalog.nouns import Ignition, Stage
from cosmodrome.vehicle import burn_profile, liftoff_mass, timeline

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle

VEHICLES = ("soyuz-2.1a", "soyuz-2.1b", "soyuz-2.1b-fregat", "saturn-v-as506")


def lane_vehicle(vehicle: Vehicle, draw: Draw, lane: int) -> Vehicle:
    """The vehicle of one lane, as a vehicle."""

    def stage(k: int, s: Stage) -> Stage:
        thrust = s.thrust_vacuum_n * draw.thrust[k, lane]
        at_sea = s.thrust_sea_level_n
        ignition = s.ignition
        if ignition.kind == "after":
            late = ignition.delay_s + draw.ignition_delay_s[k, lane]
            ignition = replace(ignition, delay_s=late)
        return replace(
            s,
            thrust_vacuum_n=thrust,
            # the same nozzle
            thrust_sea_level_n=None if at_sea is None else at_sea - s.thrust_vacuum_n + thrust,
            isp_vacuum_s=s.isp_vacuum_s * draw.isp[k, lane],
            dry_mass_kg=s.dry_mass_kg * draw.dry_mass[k, lane],
            load_kg=s.load_kg * draw.load[k, lane],
            ignition=ignition,
        )

    return replace(vehicle, stages=tuple(stage(k, s) for k, s in enumerate(vehicle.stages)))


@pytest.mark.parametrize("name", VEHICLES)
def test_each_lane_is_its_vehicles_timeline(name: str) -> None:
    vehicle = catalog.vehicle(name)
    draw = Dispersions().draw(vehicle, 12).after(Draw.nominal(vehicle))
    lanes = LaneTimeline(vehicle, draw)
    mass = lanes.mass_kg(1_000.0)
    stretches = fixed_part(lanes, ())
    for lane in range(13):
        alone = lane_vehicle(vehicle, draw, lane)
        want = timeline(alone)
        assert mass[lane] == pytest.approx(liftoff_mass(alone, 1_000.0), rel=1e-13)
        now, impulse, flown = 0.0, 0.0, float(mass[lane])
        for s in stretches:
            assert s.length_s is not None
            now += s.length_s[lane]
            impulse += s.length_s[lane] * s.thrust_n[lane]
            flown -= s.length_s[lane] * s.flow_kg_s[lane] + s.drop_kg[lane]
        closed = want.sections
        assert now == pytest.approx(want.end_s, rel=1e-13)
        pushed = sum((s.end_s - s.start_s) * s.thrust_vacuum_n for s in closed)
        assert impulse == pytest.approx(pushed, rel=1e-13)
        burnt = sum((s.end_s - s.start_s) * s.flow_kg_s for s in closed)
        gone = burnt + sum(d.mass_kg for s in closed for d in s.drops)
        assert flown == pytest.approx(mass[lane] - gone, rel=1e-12)
        last = alone.stages[-1].id
        left = want.tanks[last].propellant_kg
        assert lanes.propellant_kg[last][lane] == pytest.approx(left, rel=1e-12)
    assert set(lanes.burning) == {t.stage.id for t in want.tail if t.lit}


def test_events_by_the_clock_split_what_burns_through_them() -> None:
    vehicle = catalog.vehicle("soyuz-2.1b")
    draw = Draw.nominal(vehicle)
    plain = fixed_part(LaneTimeline(vehicle, draw), ())
    cut = fixed_part(LaneTimeline(vehicle, draw), (("mark", 50.0, 0.0), ("fairing", 200.0, 1700.0)))
    assert [s.name for s in cut if s.name not in {p.name for p in plain}] == ["mark", "fairing"]
    assert sum(float(s.length_s[0]) for s in cut if s.length_s is not None) == pytest.approx(
        sum(float(s.length_s[0]) for s in plain if s.length_s is not None), rel=1e-14
    )
    (fairing,) = [s for s in cut if s.name == "fairing"]
    assert fairing.drop_kg[0] == 1700.0


def test_a_lane_whose_events_would_change_places_keeps_the_order() -> None:
    """A core with three tenths of its load is dry before the strap-ons leave."""
    vehicle = catalog.vehicle("soyuz-2.1b")
    fault = Draw.nominal(vehicle)
    fault.load[1] = 0.3
    draw = fault.after(Draw.nominal(vehicle))
    stretches = fixed_part(LaneTimeline(vehicle, draw), ())
    lengths = np.array([s.length_s for s in stretches if s.length_s is not None])
    assert np.all(lengths >= 0.0)
    # its mark waits for theirs
    names = [s.name for s in stretches]
    at = np.cumsum(lengths, axis=0)[:, 1]
    assert at[names.index("core cut-off")] == at[names.index("strap-on separation")]
    # and no more than its usable load has been burnt
    core = vehicle.stage("core")
    burnt = sum(
        float(s.length_s[1] * s.thrust_n[1]) for s in stretches[: names.index("core cut-off") + 1]
        if s.length_s is not None
    )  # fmt: skip
    boosters = sum(
        (b - a) * f
        for a, b, f in ((0.0, 6.0, 0.78), (6.0, 112.0, 1.0), (112.0, 117.7, 0.81))
    ) * 4.0 * vehicle.stage("strap-ons").thrust_vacuum_n  # fmt: skip
    usable = 0.3 * core.load_kg - core.residual_kg
    assert burnt - boosters == pytest.approx(usable * 9.80665 * core.isp_vacuum_s, rel=1e-9)


def test_a_solid_keeps_its_impulse_and_its_pace() -> None:
    """Two air-lit motors with a thrust curve: a faster one is shorter by as much."""
    curve = ((0.0, 1.0), (20.0, 1.05), (50.0, 0.85), (70.0, 0.5), (75.0, 0.0))
    usable = 75.0 * 0.75 * 1.4e6 / (9.80665 * 275.0)
    base = catalog.vehicle("soyuz-2.1b")
    solids = Stage(
        "solids", "solids", 2, usable, usable, 0.0, 4e3, 1.4e6, 275.0,
        Ignition("after", "lift-off", 30.0), thrust_curve=curve, solid=True,
        separation_delay_s=2.0,
    )  # fmt: skip
    vehicle = replace(base, stages=(base.stages[0], solids, *base.stages[1:]))
    draw = Draw.nominal(vehicle, 1)
    draw.thrust[1, 0] = 1.02
    lanes = LaneTimeline(vehicle, draw.after(Draw.nominal(vehicle)))
    stretches = fixed_part(lanes, ())
    times = {s.name: np.zeros(2) for s in stretches}
    now = np.zeros(2)
    for s in stretches:
        assert s.length_s is not None
        now = now + s.length_s
        times[s.name] = now
    burning = times["solid cut-off"] - times["solid ignition"]
    assert times["solid ignition"][0] == 30.0
    assert burning[0] / burning[1] == pytest.approx(1.02, rel=1e-12)
    # nominally what `vehicle.timeline` has, the curve in steps of its mean
    (apart,) = [s for s in timeline(vehicle).sections if s.name.startswith("solid separation")]
    assert times["solid separation"][0] == pytest.approx(apart.end_s, rel=1e-12)
    spent = 2.0 * usable - lanes.propellant_kg["solids"]
    assert spent[1] == pytest.approx(spent[0], rel=1e-12)
    full_s = sum(s.full_s for s in burn_profile(solids))
    assert spent[0] == pytest.approx(2.0 * full_s * solids.mass_flow_kg_s, rel=1e-12)


def test_draws_repeat_and_have_their_size() -> None:
    vehicle = catalog.vehicle("soyuz-2.1b")
    a, b = (Dispersions().draw(vehicle, 4_000, 7) for _ in range(2))
    np.testing.assert_array_equal(a.thrust, b.thrust)
    # 12,000 draws: their standard deviation is known to 0.65 % (1 sigma)
    assert a.thrust.std() == pytest.approx(0.005, rel=0.03)
    assert a.density.std() == pytest.approx(0.10, rel=0.05)
    assert np.all(a.ignition_delay_s >= 0.0)
    assert np.any(Dispersions().draw(vehicle, 4_000, 8).thrust != a.thrust)
