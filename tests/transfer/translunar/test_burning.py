import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cosmodrome.dynamics import propagate
from cosmodrome.errors import InfeasibleError
from cosmodrome.transfer import Engine
from cosmodrome.transfer.translunar import Cell, LunarOrbit, way
from cosmodrome.transfer.translunar.burning import corrected, injected
from cosmodrome.transfer.translunar.capture import apsides, capture, perilune_aim
from cosmodrome.transfer.translunar.correct import Wanted
from cosmodrome.transfer.translunar.loops import Loop, looped
from cosmodrome.transfer.translunar.plane_turns import dearer_m_s
from cosmodrome.transfer.translunar.returning import free_return
from cosmodrome.world.epoch import Epoch
from tests.transfer.translunar.problems import DAY, EARTH_M, FULL, MOON_M, WORLD, polar, problem

LEAVES = Epoch.from_utc("2027-03-09T00:00:00Z")
CRAFT = Engine(4_500.0, 320.0)


@pytest.fixture(scope="module")
def out():
    """Four days from 190 km to a perilune of 100 km over the poles."""
    asked = problem(32.5, first=LEAVES, perigee_m=EARTH_M + 190e3)
    return way(asked, Cell(LEAVES, 4.0 * DAY, "southbound", "south"), FULL, WORLD)


@pytest.fixture(scope="module")
def parked(out):
    """The orbit it leaves from, 90 minutes earlier, with 20 t."""
    v = out.departure.v_m_s
    slower = v * (1.0 - out.delta_v_m_s / np.linalg.norm(v))
    at = replace(out.departure, v_m_s=slower, mass_kg=20_000.0)
    return propagate(at, FULL, -5_400.0, world=WORLD, dense=False).end


@pytest.fixture(scope="module")
def arriving(out):
    early = propagate(out.perilune, FULL, -3.0 * 3600.0, world=WORLD, dense=False).end
    return replace(early, mass_kg=3_000.0)


def wanted(out, timed=False):
    return Wanted(polar(), "south", out.perilune.epoch, timed)


def test_an_impulse_is_the_departure_itself(out, parked):
    burn = injected(parked, 5_398.0, out.delta_v_m_s + 1.0, wanted(out), FULL, WORLD)
    # the arrival is free by hours, so that neighbours serve as well
    assert burn.ignition - parked.epoch == pytest.approx(5_400.0, abs=10.0)
    assert burn.delta_v_m_s == pytest.approx(out.delta_v_m_s, abs=2.0)
    assert np.linalg.norm(burn.led.perilune.r_m) == pytest.approx(MOON_M + 100e3, abs=1.0)


def test_a_finite_injection_loses_what_it_must_and_arrives(out, parked):
    burn = injected(
        parked, 5_400.0, out.delta_v_m_s, wanted(out), FULL, WORLD, Engine(100e3, 340.0)
    )
    # 407 s in which the angle to the horizon grows: Robbins (1966), 1/24 (mu / r^3) t^2 dv for a
    # burn held along the motion in a circle, 13.7 m/s, and the climb beside
    lasts = 20_000.0 * (1.0 - math.exp(-burn.delta_v_m_s / 340.0 / 9.80665)) * 340.0 * 9.80665e-5
    circle = 3.986004415e14 / (EARTH_M + 190e3) ** 3
    robbins = out.delta_v_m_s * circle * lasts**2 / 24.0
    assert burn.delta_v_m_s - out.delta_v_m_s == pytest.approx(robbins, rel=0.6)
    assert np.linalg.norm(burn.led.perilune.r_m) == pytest.approx(MOON_M + 100e3, abs=1.0)
    assert burn.led.perilune.mass_kg < 8_000.0
    with pytest.raises(InfeasibleError, match="later revolution"):
        injected(parked, 100.0, out.delta_v_m_s, wanted(out), FULL, WORLD, Engine(100e3, 340.0))


def test_a_correction_undoes_what_was_off(out):
    day = propagate(out.departure, FULL, DAY, world=WORLD, dense=False).end
    off = np.array([1.0, -0.5, 0.7])
    disturbed = replace(day, v_m_s=day.v_m_s + off, mass_kg=3_000.0)
    back = corrected(disturbed, wanted(out, timed=True), FULL, WORLD)
    assert np.array(back.components) == pytest.approx(-off, abs=1e-4)
    # with the time left free it is smaller; a finite one is as large
    least = corrected(disturbed, wanted(out), FULL, WORLD)
    assert least.delta_v_m_s < 0.85 * back.delta_v_m_s
    finite = corrected(disturbed, wanted(out), FULL, WORLD, Engine(440.0, 320.0))
    assert finite.delta_v_m_s == pytest.approx(least.delta_v_m_s, rel=5e-3)
    assert np.linalg.norm(finite.led.perilune.r_m) == pytest.approx(MOON_M + 100e3, abs=1.0)


def test_a_capture_in_steps(out, arriving):
    steps = [LunarOrbit(MOON_M + 100e3, MOON_M + h) for h in (5_000e3, 1_000e3, 100e3)]
    burns = capture(arriving, CRAFT, steps, FULL, WORLD)
    low, high = apsides(burns[-1].cut_off)
    assert low == pytest.approx(MOON_M + 100e3, abs=2e3)
    assert high == pytest.approx(MOON_M + 100e3, abs=2e3)
    total = sum(b.delta_v_m_s for b in burns)
    assert total == pytest.approx(out.insertion_m_s, abs=4.0)
    assert burns[0].apolune_m == pytest.approx(MOON_M + 5_000e3, abs=2.0)
    # against the motion, about the perilune: half of the burn on either side of it
    assert burns[0].direction == (-1.0, 0.0, 0.0)
    middle = burns[0].ignition.epoch + 0.5 * burns[0].duration_s
    assert middle - out.perilune.epoch == pytest.approx(0.0, abs=20.0)
    for before, after in pairwise(burns):
        assert after.ignition.epoch > before.cut_off.epoch
        assert after.ignition.mass_kg == pytest.approx(before.cut_off.mass_kg, abs=1e-9)


@pytest.mark.parametrize("turn_deg", [6.0, -3.0])
def test_an_insertion_that_turns_the_plane(out, arriving, turn_deg):
    turn = math.radians(turn_deg)
    circle = [polar()]
    straight = capture(arriving, CRAFT, circle, FULL, WORLD)[0]
    burn = capture(arriving, CRAFT, circle, FULL, WORLD, turn_rad=turn)[0]
    n, m = (np.cross(x.cut_off.r_m, x.cut_off.v_m_s) for x in (straight, burn))
    cos = float(n @ m) / float(np.linalg.norm(n) * np.linalg.norm(m))
    assert math.degrees(math.acos(cos)) == pytest.approx(abs(turn_deg), abs=0.05)
    # towards r x v at the perilune of the arrival
    assert float(burn.cut_off.v_m_s @ np.cross(out.perilune.r_m, out.perilune.v_m_s)) * turn > 0.0
    # a longer arc moves the apsis it is about a little more
    assert burn.apolune_m == pytest.approx(straight.apolune_m, abs=6e3)
    # what it takes more is what an impulse takes more
    before = float(np.linalg.norm(out.perilune.v_m_s))
    dearer = dearer_m_s(turn, before, polar().perilune_speed_m_s())
    assert burn.delta_v_m_s - straight.delta_v_m_s == pytest.approx(dearer, rel=0.1)


def test_a_weak_engine_needs_more_burns(arriving):
    circle = [LunarOrbit(MOON_M + 100e3, MOON_M + 100e3)]
    with pytest.raises(InfeasibleError, match=r"write more burns|below the Moon"):
        capture(arriving, Engine(400.0, 320.0), circle, FULL, WORLD)


def test_the_perilune_to_aim_at_allows_for_the_burn(out):
    """LRO's four thrusters of 88 N sink by 200 km in 40 minutes."""
    orbit = LunarOrbit(MOON_M + 216e3, MOON_M + 3_081e3)
    engine = Engine(352.0, 229.0)
    at = replace(out.perilune, mass_kg=1_896.0)
    radius = perilune_aim(at, engine, orbit, FULL.about("moon"), WORLD)
    assert 50e3 < radius - orbit.perilune_m < 400e3
    higher = problem(32.5, replace(polar(), perilune_m=radius, apolune_m=radius), LEAVES,
                     perigee_m=EARTH_M + 190e3)  # fmt: skip
    arrives = way(higher, Cell(LEAVES, 4.0 * DAY, "southbound", "south"), FULL, WORLD)
    early = propagate(arrives.perilune, FULL, -2.0 * 3600.0, world=WORLD, dense=False).end
    (burn,) = capture(replace(early, mass_kg=1_896.0), engine, [orbit], FULL, WORLD, near_m=5e3)
    assert burn.perilune_m == pytest.approx(orbit.perilune_m, abs=2e3)
    assert burn.apolune_m == pytest.approx(orbit.apolune_m, abs=2.0)
    # flown: 567 m/s
    assert burn.delta_v_m_s == pytest.approx(567.0, rel=0.03)


def test_a_free_return():
    """Like Apollo's: three days out, retrograde round the Moon, 137 h in all (Apollo 8 to 11 had
    free returns of 136 to 138 h)."""
    orbit = LunarOrbit(MOON_M + 250e3, MOON_M + 250e3, None, retrograde=True)
    asked = problem(32.5, orbit, LEAVES, perigee_m=EARTH_M + 190e3)
    back = free_return(asked, Cell(LEAVES, 3.0 * DAY, "southbound", "south"), EARTH_M + 50e3,
                       FULL, WORLD)  # fmt: skip
    assert back.perigee_m == pytest.approx(EARTH_M + 50e3, abs=10.0)
    assert back.way.cell.flight_s / 3600.0 == pytest.approx(71.9, abs=0.2)
    assert back.flight_s / 3600.0 == pytest.approx(138.0, abs=2.0)
    r, v = back.perigee.r_m, back.perigee.v_m_s
    assert np.cross(r, v)[2] > 0.0
    # the other way round the Moon throws it out
    prograde = replace(asked, orbit=replace(orbit, retrograde=False))
    with pytest.raises(InfeasibleError, match="pass the Moon retrograde"):
        free_return(prograde, Cell(LEAVES, 3.0 * DAY, "southbound", "south"), EARTH_M + 50e3,
                    FULL, WORLD)  # fmt: skip


def test_chandrayaan_3():
    """Launched on 14 July 2023 into 170 x 36,500 km, raised to 41,762, 42,000, 51,400, 71,351 and
    127,603 km, sent to the Moon on 31 July at about 18:30 UTC, there on 5 August (ISRO's notices).
    The loops' counts are those the dates allow; nothing else is given."""
    leaves = Epoch.from_utc("2023-07-31T18:30:00Z")
    orbit = LunarOrbit(MOON_M + 164e3, MOON_M + 18_074e3, 0.5 * math.pi)
    asked = problem(21.3, orbit, leaves, perigee_m=EARTH_M + 288e3)
    heights = ((36_500e3, 1), (41_762e3, 3), (42_000e3, 2), (51_400e3, 3), (71_351e3, 3))
    loops = [Loop(EARTH_M + h, n) for h, n in (*heights, (127_603e3, 5))]
    cell = Cell(leaves, 4.72 * DAY, "northbound", "south")
    chain = looped(asked, cell, loops, FULL, WORLD, first_perigee_m=EARTH_M + 170e3)
    # the launch was to have its perigee near the node, argument 178 deg
    assert math.degrees(chain.way.argp_rad) == pytest.approx(178.0, abs=6.0)
    assert np.linalg.norm(chain.first.r_m) == pytest.approx(EARTH_M + 170e3, abs=10.0)
    # within 17 h of the injection by the launcher
    assert abs(chain.first.epoch - Epoch.from_utc("2023-07-14T09:21:00Z")) < 17.0 * 3600.0
    a = -3.986004415e14 / chain.way.c3_m2_s2
    apogee = 2.0 * a - float(np.linalg.norm(chain.way.departure.r_m)) - EARTH_M
    assert apogee == pytest.approx(369_328e3, rel=0.02)
    # each burn leaves the loop it is to leave, and the next perigee is that of the next burn
    burns = chain.burns
    for burn, after, loop in zip(burns, burns[1:], loops[1:], strict=False):
        v = burn.before.v_m_s
        faster = replace(burn.before, v_m_s=v * (1.0 + burn.delta_v_m_s / np.linalg.norm(v)))
        flown = propagate(
            faster, FULL, after.before.epoch, world=WORLD, dense=False, events=("apsides",)
        )
        assert flown.end.r_m == pytest.approx(after.before.r_m, abs=2.0)
        assert sum(e.kind == "apoapsis" for e in flown.events) == loop.revolutions
    with pytest.raises(ValueError, match="each farther"):
        looped(asked, cell, loops[::-1], FULL, WORLD)
