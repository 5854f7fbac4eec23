"""The mission's wind as the checks find it: on their own horizon, and in the first minute."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.checks.headings import FIRST_MINUTE_DEG, first_minute
from cosmodrome.checks.view import View
from cosmodrome.checks.winds import Blowing, air_relative
from cosmodrome.mission.nouns import WindTable
from cosmodrome.world import geodesy

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

WIND = WindTable((0.0, 30e3), (25.0, 25.0), (-10.0, -10.0), "steady")


@pytest.mark.parametrize("latitude", [-1.2, -0.3, 0.0, 0.9, 1.4])
def test_east_and_north_on_the_geodetic_horizon(latitude: float) -> None:
    r = geodesy.itrf_from_geodetic(latitude, 0.7, 9_000.0)
    east, north, _ = geodesy.enu_axes(latitude, 0.7)
    wanted = 25.0 * east - 10.0 * north
    blowing = Blowing(WIND, (0.0, 0.0, 1.0))
    assert blowing(r[None], np.array([9_000.0]))[0] == pytest.approx(wanted, abs=1e-3)
    assert blowing.at(tuple(r), 9_000.0) == pytest.approx(tuple(wanted), abs=1e-3)
    # about another axis the same, turned
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    other = Blowing(WIND, tuple(turn[:, 2]))
    assert other((turn @ r)[None], np.array([9_000.0]))[0] == pytest.approx(turn @ wanted, abs=1e-3)
    assert other.at(tuple(turn @ r), 9_000.0) == pytest.approx(tuple(turn @ wanted), abs=1e-3)
    assert blowing.at(tuple(r), 400e3) == (0.0, 0.0, 0.0)


def test_both_roads_to_the_airspeed_agree(clean: Flight, shipped_world: World) -> None:
    windy = replace(clean, mission=replace(clean.mission, wind=WIND))
    view, still = View(windy, shipped_world), View(clean, shipped_world)
    # inertial less the turning air, and Earth-fixed: polar motion and the axis of lift-off apart
    inertial = np.linalg.norm(air_relative(view), axis=1)
    assert np.allclose(inertial, view.air.speed_m_s, atol=0.02)
    low = view.air.h_m < 25e3
    assert np.abs(view.air.speed_m_s - still.air.speed_m_s)[low].max() > 5.0


def test_the_first_minute_allows_for_drift(clean: Flight, shipped_world: World) -> None:
    windy: Any = replace(clean, mission=replace(clean.mission, wind=WIND))
    (still,) = first_minute(View(clean, shipped_world))
    (blown,) = first_minute(View(windy, shipped_world))
    assert still.limit == FIRST_MINUTE_DEG
    assert blown.measured == still.measured
    azimuth, speed = View(clean, shipped_world).heading_at(60.0)
    east, north = speed * math.sin(azimuth) - 25.0, speed * math.cos(azimuth) + 10.0
    turned = math.degrees(math.remainder(math.atan2(east, north) - azimuth, 2.0 * math.pi))
    assert blown.limit == pytest.approx(FIRST_MINUTE_DEG + abs(turned), abs=0.01)
