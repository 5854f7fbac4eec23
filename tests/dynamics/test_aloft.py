"""How long an arc that climbs away may meet the air: Kepler's time; its path does not change."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.dynamics import Drag, Dynamics, Gravity, PointMass, propagate
from cosmodrome.dynamics import legs as legs_module
from cosmodrome.dynamics.aloft import in_air_s
from cosmodrome.dynamics.elements import Elements, state_from_elements
from cosmodrome.world import GCRF, Epoch, State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

MU, R = 3.986004415e14, 6_378_137.0
DAY = 86_400.0


def rising(perigee_m: float, a_m: float, f: float) -> tuple[np.ndarray, np.ndarray]:
    e = 1.0 - perigee_m / a_m
    return state_from_elements(Elements(a_m, e, 0.9, 0.3, 1.1, f), MU)


@given(
    st.floats(150e3, 900e3),
    st.one_of(st.floats(30e6, 2e8), st.floats(-2e8, -1e7)),
    st.floats(0.01, 1.0),
)
def test_the_air_ends_where_the_radius_says(height: float, a_m: float, f: float) -> None:
    perigee = R + height
    r, v = rising(perigee, a_m, f)
    e = 1.0 - perigee / a_m
    period = 2.0 * math.pi * math.sqrt(a_m**3 / MU) if a_m > 0.0 else math.inf
    span = min(3.0 * DAY, 0.25 * period)
    air = in_air_s(r, v, MU, span, moon_ends=True)
    assert 0.0 <= air <= span
    if air in (0.0, span):
        return
    # by another road: the two-body path integrated in true anomaly reaches 2,000 km then
    p = perigee * (1.0 + e)
    top = math.acos((p / (R + 2_000e3) - 1.0) / e)
    nu = np.linspace(f, top, 20_001)
    rate = math.sqrt(p * MU) / (p / (1.0 + e * np.cos(nu))) ** 2
    assert air == pytest.approx(float(np.trapezoid(1.0 / rate, nu)), rel=1e-6)


@pytest.mark.parametrize("f", [-0.5, math.pi + 0.5])
def test_an_arc_on_its_way_down_may_meet_it_to_the_end(f: float) -> None:
    r, v = rising(R + 200e3, 5e7, f)
    assert in_air_s(r, v, MU, 1000.0, moon_ends=True) == 1000.0


def test_a_perigee_soon_after_the_end_keeps_the_air() -> None:
    r, v = rising(R + 200e3, 2e7, 0.5)
    period = 2.0 * math.pi * math.sqrt(2e7**3 / MU)
    assert in_air_s(r, v, MU, 0.9 * period, moon_ends=True) == 0.9 * period
    assert in_air_s(r, v, MU, 0.4 * period, moon_ends=True) < 0.1 * period


def test_beyond_the_moon_an_arc_may_be_turned_round() -> None:
    r, v = rising(R + 200e3, 2.2e8, 0.5)
    assert in_air_s(r, v, MU, 5.0 * DAY, moon_ends=False) == 5.0 * DAY
    assert in_air_s(r, v, MU, 5.0 * DAY, moon_ends=True) < 3600.0


def test_the_path_is_that_of_the_whole_table(
    shipped_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    r, v = rising(R + 190e3, 1.0e8, 0.05)
    start = State(Epoch.from_utc("2024-03-01T00:00:00Z"), GCRF, r, v, 1000.0)
    forces = Dynamics((Gravity("earth", 4), PointMass("moon"), Drag(20.0)))
    airless = Dynamics((Gravity("earth", 4), PointMass("moon")))

    def end(dynamics: Dynamics) -> np.ndarray:
        return propagate(start, dynamics, 2.0 * DAY, world=shipped_world, dense=False).end.r_m

    short = end(forces)
    monkeypatch.setattr(legs_module, "in_air_s", lambda r, v, mu, span, moon_ends: span)
    whole = end(forces)
    felt = float(np.linalg.norm(whole - end(airless)))
    assert felt > 100.0
    # the two tables are splines through other instants
    assert float(np.linalg.norm(short - whole)) < 1e-3 * felt
