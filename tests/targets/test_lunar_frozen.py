"""Frozen orbits about the Moon, against published inclinations and against flight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.targets.lunar_frozen import (
    FrozenLunar,
    e_vector_of_turns,
    frozen_about_moon,
    settled,
)
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

A_100 = 1_838e3
WHEN = Epoch.from_utc("2027-03-01T00:00:00Z")


def low(world: World, a_m: float, degrees: float) -> FrozenLunar:
    (found,) = frozen_about_moon(a_m, math.radians(degrees), world.gravity("moon"))
    return found


@pytest.mark.parametrize("degrees", [27.0, 50.0, 76.0, 86.0])
def test_the_low_inclinations_that_are_published(shipped_world: World, degrees: float) -> None:
    """27, 50, 76 and 86 deg hold low orbits (Bell, NASA Science, 2006; Konopliv's finding): at
    100 km all of them stay well above the ground, near circles."""
    frozen = low(shipped_world, A_100, degrees)
    assert frozen.e < 0.013
    assert frozen.perilune_altitude_m > 70e3
    assert frozen.loop_s < 20.0 * 365.0 * 86_400.0


def test_the_commissioning_orbit_of_lro(shipped_world: World) -> None:
    """30 x 216 km with its perilune over the south pole was quasi-frozen: a = 1,860.4 km, e 0.05,
    argp 270 deg; the point it circles lies near by."""
    frozen = low(shipped_world, 1_860.4e3, 90.0)
    assert frozen.argp_rad == pytest.approx(1.5 * math.pi)
    assert frozen.e == pytest.approx(0.0392, abs=2e-4)
    assert abs(frozen.e - 0.05) < 0.015


def test_none_where_the_perilune_would_lie_in_the_ground(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match="27, 50, 76 and 85 deg hold low"):
        low(shipped_world, 1_787.4e3, 90.0)
    with pytest.raises(InputError, match="give an axis above"):
        low(shipped_world, 1_700e3, 90.0)


@pytest.mark.parametrize(
    ("a_m", "degrees", "moves"), [(1_860.4e3, 90.0, 5e-4), (A_100, 86.0, 1e-3)]
)
def test_flown_from_turn_to_turn_it_stands(
    shipped_world: World, a_m: float, degrees: float, moves: float
) -> None:
    # measured: 2.1e-4 and 6e-4 from one turn to the next, 0.4 and 1.1 km of perilune
    frozen = low(shipped_world, a_m, degrees)
    dynamics = Dynamics.moon(60)
    start = settled(frozen, WHEN, 2.0, 1_000.0, dynamics, shipped_world)
    turns = e_vector_of_turns(start, dynamics, 2, shipped_world)
    assert turns[0] == pytest.approx([0.0, frozen.ey], abs=2e-4)
    assert float(np.linalg.norm(turns[1] - turns[0])) < moves


def test_off_the_point_it_goes_round(shipped_world: World) -> None:
    """Released 0.02 off, the e vector moves as the averaged rates say: round the point."""
    frozen = low(shipped_world, A_100, 86.0)
    away = FrozenLunar(A_100, frozen.i_rad, frozen.ey + 0.02, math.inf)
    dynamics = Dynamics.moon(60)
    start = settled(away, WHEN, 2.0, 1_000.0, dynamics, shipped_world)
    first, second = e_vector_of_turns(start, dynamics, 2, shipped_world)
    # measured 0.0055 against 0.0046
    moved = float(np.linalg.norm(second - first))
    assert moved == pytest.approx(0.02 * 2.0 * math.pi * 27.32 * 86_400.0 / frozen.loop_s, rel=0.25)
