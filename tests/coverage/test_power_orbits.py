"""Power turn by turn, against the energy balance of a design book, and a battery that runs dry."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.coverage import eclipses
from cosmodrome.coverage.power_orbits import flat, power_orbits, power_story, revolutions_s
from cosmodrome.mission.onboard import Battery, PowerSystem, SolarArray

SYSTEM = PowerSystem(
    SolarArray(1.2, 0.29, 0.1, "one-axis"), Battery(400.0 * 3600.0), 150.0, 120.0, to_bus=0.85
)


@pytest.fixture(scope="module")
def found(world, low):
    return eclipses(low, world)


def test_turns_are_counted_along_the_orbit(low) -> None:
    cuts = revolutions_s(low)
    r = low.columns_at(cuts)[:, :3]
    r /= np.linalg.norm(r, axis=1)[:, None]
    # back at the first place but for what the plane turns (1 deg a day) and the node with it
    assert np.einsum("ij,ij->i", r[:-2], r[1:-1]) == pytest.approx(np.ones(len(cuts) - 2), abs=1e-5)
    # the anomalistic period of 500 km is 94.6 min
    assert np.diff(cuts)[:-1] / 60.0 == pytest.approx(94.6, abs=0.5)
    assert cuts[0] == low.breaks_s[0]
    assert cuts[-1] == low.breaks_s[-1]


def test_each_turn_adds_up(world, low, found) -> None:
    table = power_story(low, world, SYSTEM, found)
    rows = power_orbits(low, world, table, found)
    assert sum(o.generated_j for o in rows) == pytest.approx(table.generated_j, rel=1e-9)
    assert sum(o.load_j for o in rows) == pytest.approx(table.load_j, rel=1e-9)
    assert all(o.whole for o in rows[:-1])
    assert not rows[-1].whole
    assert rows[-1].last == pytest.approx(table.stored_j[-1] / table.capacity_j)
    for o in rows[:-1]:
        # loads by the clock: 150 W in the light, 120 W in umbra
        assert o.load_j == pytest.approx(150.0 * o.lit_s + 120.0 * (o.duration_s - o.lit_s))
        # what the dark takes, through a discharge at 95 %, is the depth. Dawn and dusk, where the
        # penumbra's array does not yet carry the loads, take a little more
        dark = 120.0 * (o.duration_s - o.lit_s) / 0.95 / table.capacity_j
        assert o.depth == pytest.approx(dark, rel=0.02)
        assert o.lowest == pytest.approx(1.0 - o.depth, abs=1e-12)
        assert o.last == 1.0
        assert o.shortfall_j == 0.0
    assert flat(low, SYSTEM, table, found) is None


def test_the_array_that_a_design_book_asks_for_just_balances(world, low, found) -> None:
    """P_sa = (P_e T_e / X_e + P_d T_d / X_d) / T_d (Wertz & Larson 1999, SMAD, eq. 11-5) with
    its shares for direct energy transfer, X_e = 0.65, X_d = 0.85."""
    cuts = revolutions_s(low)
    a, b = cuts[2], cuts[3]
    dark = sum(e.duration_s for e in found if e.kind == "umbra" and a < e.start_t_s < b)
    lit = b - a - dark
    needed_w = (120.0 * dark / 0.65 + 150.0 * lit / 0.85) / lit
    kept = math.sqrt(0.65 / 0.85)  # what the battery keeps of what goes in, and of what comes out
    battery = Battery(300.0 * 3600.0, kept, kept)
    # in mid March the Sun is 0.9946 au away
    array = SolarArray(needed_w / (1361.0 / 0.9946**2 * 0.3), 0.3)
    system = PowerSystem(array, battery, 150.0, 120.0, to_bus=0.85, charged=0.6)
    rows = power_orbits(low, world, power_story(low, world, system, found), found)
    # half charged, so that nothing is thrown away: each turn gives back what it took, to the 0.4 %
    # of the penumbra and of the Sun's distance over two days
    drift = (rows[-2].last - rows[1].last) / (len(rows) - 3)
    cycle = np.mean([o.depth for o in rows[1:-1]])
    assert abs(drift) < 0.01 * cycle
    weak = replace(system, array=replace(array, area_m2=0.97 * array.area_m2))
    weaker = power_orbits(low, world, power_story(low, world, weak, found), found)
    assert (weaker[-2].last - weaker[1].last) / (len(rows) - 3) < -0.03 * cycle


def test_a_battery_that_runs_dry_says_when_and_what_would_do(world, low, found) -> None:
    small = replace(SYSTEM, battery=replace(SYSTEM.battery, capacity_j=50.0 * 3600.0))
    table = power_story(low, world, small, found)
    empty = flat(low, small, table, found)
    assert empty is not None
    first = next(e for e in found if e.kind == "umbra")
    # 50 Wh through 95 % at 120 W last 23.75 min of the first umbra, less what the penumbra took
    into = (empty.epoch - first.start) / 60.0
    assert 23.2 < into < 23.75
    assert empty.dark
    assert empty.short_j == pytest.approx(120.0 * (first.duration_s - 60.0 * into), rel=0.03)
    assert empty.total_j == table.shortfall_j > empty.short_j
    text = str(empty)
    assert "in umbra" in text
    assert "Wh are short until it charges again" in text
    # what it says would do does, and a hundredth less does not
    for factor, lasts in ((1.0, True), (0.99, False)):
        bigger = replace(
            small, battery=replace(small.battery, capacity_j=empty.capacity_j * factor)
        )
        story = power_story(low, world, bigger, found)
        assert (story.shortfall_j == 0.0) is lasts
    for factor, lasts in ((1.0, True), (1.01, False)):
        w = empty.loads * factor
        lighter = replace(small, lit_load_w=150.0 * w, dark_load_w=120.0 * w)
        assert (power_story(low, world, lighter, found).shortfall_j == 0.0) is lasts
    # no array helps in the dark
    assert empty.array is None


def test_an_array_too_small_is_told_from_a_battery_too_small(world, low, found) -> None:
    weak = replace(SYSTEM, array=replace(SYSTEM.array, area_m2=0.7))
    empty = flat(low, weak, power_story(low, world, weak, found), found)
    assert empty is not None
    assert empty.orbit > 2
    assert empty.capacity_j is None
    stronger = replace(weak, array=replace(weak.array, area_m2=0.7 * empty.array))
    assert power_story(low, world, stronger, found).shortfall_j == 0.0
    assert f"{empty.array:.3f} times as large" in str(empty)
