"""The checks' own engines against closed forms."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.catalog.nouns import Consumable
from cosmodrome.checks.engines import Engine, commanded, level, velocity_gained
from cosmodrome.record.nouns import Burn, ThrottleProgramme
from tests.checks import synthetic

G0 = 9.80665
CURVE = ((0.0, 0.9), (20.0, 1.2), (100.0, 0.6), (110.0, 0.0))
MOTOR = replace(synthetic.BOOSTERS, throttle=(), thrust_curve=CURVE, solid=True, consumables=())


def burn(start: float, end: float) -> Burn:
    return Burn("boosters", start, end, 0.0, 0.0, 0.0, 0.0)


def test_a_curve_is_straight_between_its_points_and_nothing_after_the_last() -> None:
    t = np.array([30.0, 40.0, 50.0, 90.0, 135.0, 140.0, 150.0])
    told = level(MOTOR, t, 30.0, None)
    assert told == pytest.approx([0.9, 1.05, 1.2, 0.9, 0.3, 0.0, 0.0])


def test_a_curve_burns_the_area_under_it() -> None:
    motor = Engine(MOTOR, burn(30.0, 140.0), 30.0, None)
    area = 0.5 * (0.9 + 1.2) * 20.0 + 0.5 * (1.2 + 0.6) * 80.0 + 0.5 * 0.6 * 10.0
    main, other = motor.used_kg(0.0, 500.0)
    assert main == pytest.approx(area * 4 * 1_020_000.0 / (G0 * 320.0), rel=1e-12)
    assert other == 0.0
    # from 40 to 60 s: 1.05 to 1.2 over ten seconds, 1.2 to 1.125 over ten more
    part = motor.full_s(40.0, 60.0)
    assert part == pytest.approx(11.25 + 11.625, rel=1e-12)


@pytest.mark.parametrize("stretch", [(30.0, 50.0), (50.0, 130.0), (130.0, 140.0)])
def test_velocity_gained_is_tsiolkovskys_for_any_thrust(stretch: tuple[float, float]) -> None:
    """With one Isp, v = g0 Isp ln(m0 / m1) however thrust is spread over time (1903)."""
    motor = Engine(MOTOR, burn(30.0, 140.0), 30.0, None)
    used, _ = motor.used_kg(*stretch)
    gained = velocity_gained([motor], *stretch, 200e3)
    wanted = G0 * 320.0 * math.log(200e3 / (200e3 - used))
    assert gained == pytest.approx(wanted, rel=1e-10)


def test_consumables_flow_from_ignition_until_they_are_gone() -> None:
    """609 kg at 152 kg/s, as on the S-II: four seconds of a long burn."""
    stage = replace(MOTOR, count=2, consumables=(Consumable("ullage", 609.0, 152.0),))
    motor = Engine(stage, burn(30.0, 140.0), 30.0, None)
    assert motor.used_kg(30.0, 32.0)[1] == pytest.approx(2 * 2 * 152.0)
    assert motor.used_kg(33.0, 140.0)[1] == pytest.approx(2 * (609.0 - 3 * 152.0))
    assert motor.used_kg(60.0, 70.0)[1] == 0.0
    assert 30.0 + 609.0 / 152.0 in motor.marks()


def test_a_programme_is_read_in_its_pieces() -> None:
    """T2(x) = 2 x^2 - 1; the later piece at a break, the ends held."""
    programme = ThrottleProgramme((0.0, 10.0, 20.0), np.array([[0.9, 0.1, 0.0], [0.8, 0.0, 0.1]]))
    told = commanded(programme, np.array([0.0, 5.0, 10.0, 12.5, 15.0, 20.0]))
    assert told == pytest.approx([0.8, 0.9, 0.9, 0.75, 0.7, 0.9])


def test_a_throttle_is_the_plans_and_full_without_one() -> None:
    stage = replace(synthetic.UPPER, throttle_range=(0.6, 1.0))
    programme = ThrottleProgramme((0.0, 400.0), np.array([[0.8, -0.2]]))
    t = np.array([0.0, 200.0, 300.0])
    assert level(stage, t, 0.0, programme) == pytest.approx([1.0, 0.8, 0.7])
    assert level(stage, t, 0.0, None) == pytest.approx([1.0, 1.0, 1.0])
    # and not of a stage without a range
    assert level(synthetic.UPPER, t, 0.0, programme) == pytest.approx([1.0, 1.0, 1.0])
