"""Plans cut short and steered otherwise, and falls, against the plan they were made from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.ascent import fly_stack
from cosmodrome.campaign.replays.ballistic import (
    apsides_m,
    cut_short,
    fall_of,
    off_km,
    steered,
    thrust_direction,
)
from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.campaign.replays.meteor_m_2_1 import Turning


def test_a_plan_cut_short_flies_as_the_whole_one_did(turning: Turning) -> None:
    whole = fly_stack(turning.plan, turning.mission, turning.world).leg
    # in the middle of a burn, where no phase ends
    cut = cut_short(turning.plan, 450.25)
    assert cut.phases[-1].name == "thrust ends"
    assert cut.phases[-1].end_s == 450.25
    assert not cut.phases[-1].drops_at_end
    leg = fly_stack(cut, turning.mission, turning.world).leg
    there = whole.path.columns_at(np.array([450.25]))[0]
    assert leg.end.r_m == pytest.approx(there[:3], abs=1e-2)
    assert leg.end.v_m_s == pytest.approx(there[3:6], abs=1e-5)
    assert leg.end.mass_kg == pytest.approx(there[6], abs=1e-6)
    with pytest.raises(InputError, match="write an instant within it"):
        cut_short(turning.plan, 5_000.0)


def test_steered_as_planned_it_flies_as_planned(turning: Turning) -> None:
    def planned(t_s: Any) -> Any:
        return np.stack([thrust_direction(turning.plan, float(t)) for t in t_s], axis=1)

    again = steered(turning.plan, turning.ignition_s, planned)
    one, other = (fly_stack(p, turning.mission, turning.world).leg for p in (turning.plan, again))
    assert other.end.r_m == pytest.approx(one.end.r_m, abs=1.0)
    assert other.end.v_m_s == pytest.approx(one.end.v_m_s, abs=0.02)
    with pytest.raises(InputError, match="the nearest break"):
        steered(turning.plan, turning.ignition_s + 1.0, planned)


def test_a_fall_by_scipy_in_vacuum(turning: Turning) -> None:
    """Above the air the fall is Kepler's and J2's: the same by SciPy's own integrator."""
    leg = fly_stack(cut_short(turning.plan, 450.0), turning.mission, turning.world).leg
    fall = fall_of(leg, turning.mission, turning.world, cd_area_m2=8.0)
    assert fall.impact is not None
    assert fall.impact.altitude_m == pytest.approx(0.0, abs=5.0)
    mu, re, j2 = 3.986004415e14, 6378136.3, 1.0826359e-3
    pole = fall.axes[2]

    def rates(_: float, y: Any) -> Any:
        r = y[:3]
        d, s = np.linalg.norm(r), float(r @ pole)
        a = -mu / d**3 * r
        k = 1.5 * j2 * mu * re**2 / d**5
        return np.concatenate([y[3:], a + k * ((5.0 * s * s / d**2 - 1.0) * r - 2.0 * s * pole)])

    y0 = np.concatenate([leg.end.r_m, leg.end.v_m_s])
    flown = solve_ivp(rates, (450.0, 560.0), y0, rtol=1e-10, atol=1e-4).y[:, -1]
    event = fall.at(560.0)
    assert event.altitude_m > 150e3
    # J3 and J4 are worth centimetres a second over these 110 s
    assert event.speed_inertial_m_s == pytest.approx(np.linalg.norm(flown[3:]), abs=0.05)
    top = fall.top()
    assert top.flight_path_angle_rad == pytest.approx(0.0, abs=3e-3)  # of the ellipsoid
    assert top.altitude_m >= max(fall.at(t).altitude_m for t in (450.0, 500.0, 600.0))
    with pytest.raises(InputError, match="was asked for"):
        fall.at(100.0)


def test_distances_and_apsides(turning: Turning) -> None:
    leg = fly_stack(turning.plan, turning.mission, turning.world).leg
    low, high = apsides_m(leg.end, turning.world)
    assert 140e3 < low < 250e3
    assert 780e3 < high < 860e3
    end = leg.events[-1]
    here = math.degrees(end.latitude_rad), math.degrees(end.longitude_rad)
    assert off_km(end, *here) == pytest.approx(0.0, abs=1e-6)
    assert off_km(end, here[0] - 1.0, here[1]) == pytest.approx(111.0, abs=1.0)
