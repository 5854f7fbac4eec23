"""Array and battery over orbits, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.coverage import Battery, SolarArray, beta_angle_rad, eclipses, power_over
from cosmodrome.coverage.power import SOLAR_CONSTANT_W_M2
from cosmodrome.errors import InputError
from cosmodrome.physics.radiation import visible_share

ARRAY = SolarArray(2.0, 0.3, 0.1)
BATTERY = Battery(500.0 * 3_600.0, 0.9, 0.8)


def orbit(world, low):
    """The span from one exit of penumbra to the next."""
    found = [e for e in eclipses(low, world) if e.body == "earth"]
    out = [e.end_t_s for e in found if e.kind == "penumbra"]
    return found, out[2], out[3]


def test_one_orbit_by_hand(world, low) -> None:
    """A tracking array: power times the lit time; what the dark takes is the depth of discharge."""
    found, a, b = orbit(world, low)
    table = power_over(low, world, ARRAY, BATTERY, lit_load_w=150.0, dark_load_w=100.0, found=found,
                       start_t_s=a, end_t_s=b, step_s=20.0)  # fmt: skip
    umbra = next(e for e in found if e.kind == "umbra" and a < e.start_t_s < b)
    penumbra = next(e for e in found if e.kind == "penumbra" and a < e.start_t_s < b)
    # in mid March the Sun is 0.9946 au away
    full = SOLAR_CONSTANT_W_M2 / 0.9946**2 * 2.0 * 0.3 * 0.9
    assert table.generated_w.max() == pytest.approx(full, rel=1e-3)
    # half the light of the penumbra, as the disk is covered evenly
    lit = (b - a) - 0.5 * (umbra.duration_s + penumbra.duration_s)
    assert table.generated_j == pytest.approx(full * lit, rel=1e-3)
    assert table.load_j == pytest.approx(150.0 * (b - a) - 50.0 * umbra.duration_s)
    # the battery gives the dark's load; in the penumbra the array mostly still carries its own
    depth = 100.0 * umbra.duration_s / 0.8 / BATTERY.capacity_j
    assert table.depth_of_discharge == pytest.approx(depth, rel=1e-3)
    assert table.balance_j == pytest.approx(table.generated_j - table.load_j)
    assert table.shortfall_j == 0.0
    assert table.stored_j[0] == BATTERY.capacity_j


def test_energy_is_kept_to_the_joule(world, low) -> None:
    found, a, b = orbit(world, low)
    whole = Battery(1e9, 1.0, 1.0)
    table = power_over(low, world, ARRAY, whole, lit_load_w=700.0, dark_load_w=700.0, found=found,
                       start_t_s=a, end_t_s=b, stored_j=5e8)  # fmt: skip
    assert table.stored_j[-1] - 5e8 == pytest.approx(table.balance_j, abs=1.0)


def test_a_small_battery_runs_dry(world, low) -> None:
    found, a, b = orbit(world, low)
    tiny = Battery(10.0 * 3_600.0, 1.0, 1.0)
    table = power_over(low, world, ARRAY, tiny, lit_load_w=150.0, dark_load_w=100.0, found=found,
                       start_t_s=a, end_t_s=b)  # fmt: skip
    umbra = next(e for e in found if e.kind == "umbra" and a < e.start_t_s < b)
    assert table.depth_of_discharge == 1.0
    assert table.shortfall_j == pytest.approx(100.0 * umbra.duration_s - 36_000.0, rel=0.03)


def test_fixed_and_turning_arrays(world, low) -> None:
    """One axis along the orbit normal sees cos(beta); along it, all; fixed to it, sin(beta)."""
    found, a, b = orbit(world, low)
    beta = float(beta_angle_rad(low, np.array([a]), world)[0])
    kept = {"lit_load_w": 0.0, "dark_load_w": 0.0, "found": found, "start_t_s": a, "end_t_s": b}

    def cosines(pointing: str, axis: tuple[float, float, float]) -> np.ndarray:
        array = SolarArray(1.0, 0.3, pointing=pointing, axis=axis)
        return power_over(low, world, array, BATTERY, **kept).cosine

    pitch = cosines("one-axis", (0.0, 0.0, 2.0))
    assert pitch == pytest.approx(np.full(pitch.size, math.cos(beta)), abs=1e-3)
    side = cosines("fixed", (0.0, 0.0, math.copysign(1.0, beta)))
    assert side == pytest.approx(np.full(side.size, abs(math.sin(beta))), abs=1e-3)
    zenith = cosines("fixed", (1.0, 0.0, 0.0))
    # from full at noon (times cos beta) to nothing
    assert zenith.max() == pytest.approx(math.cos(beta), abs=1e-3)
    assert zenith.min() == 0.0
    # mean of a half wave
    assert zenith.mean() == pytest.approx(math.cos(beta) / math.pi, abs=0.02)


def test_shares_of_a_disk() -> None:
    """Half hidden by a straight edge; half the area by a second disk; whole, ring, none."""
    a, b, c = (np.array(x) for x in zip(
        (1.0, 300.0, 300.0), (1.0, 1.0, 2.0), (2.0, 1.0, 0.0), (1.0, 2.0, 0.5), (1.0, 0.5, 0.2),
        (1.0, 1.0, 0.8079455065990344), strict=True))  # fmt: skip
    assert visible_share(a, b, c) == pytest.approx([0.5, 1.0, 0.75, 0.0, 0.75, 0.5], abs=1e-3)


def test_refusals(world, low) -> None:
    with pytest.raises(InputError, match="'sun', 'fixed' or 'one-axis'"):
        SolarArray(1.0, 0.3, pointing="nadir")
    with pytest.raises(InputError, match="area above zero"):
        SolarArray(0.0, 0.3)
    with pytest.raises(InputError, match="capacity above"):
        Battery(0.0)
    with pytest.raises(InputError, match="loads of zero"):
        power_over(low, world, ARRAY, BATTERY, lit_load_w=-1.0, dark_load_w=0.0, found=())
