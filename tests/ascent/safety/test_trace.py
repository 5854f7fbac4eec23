"""The impact trace: its ends, its spacing, its drag-free points, its corridor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.ascent.safety.ground import corridor_margins
from cosmodrome.ascent.safety.trace import _from_states, _impacts
from cosmodrome.catalog.nouns import KeepOut
from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered
from cosmodrome.world.geodesy import surface_distance_m
from cosmodrome.world.ground_map import GroundMap

if TYPE_CHECKING:
    from cosmodrome.ascent.safety import Scattered
    from cosmodrome.record import RangeSafety
    from tests.ascent.conftest import Flown


def test_it_runs_from_the_pad_until_nothing_falls(sso: Flown, safety: RangeSafety) -> None:
    trace, site = safety.trace, sso.mission.site
    start = surface_distance_m(site.latitude_rad, site.longitude_rad, *trace.place_rad[0])
    assert start < 100.0
    assert np.all(np.diff(trace.t_s) > 0.0)
    # the upper stage's first burn, past the third stage's separation, raises the perigee
    assert sso.event("upper-stage burn 1 start") < trace.t_s[-1]
    assert trace.t_s[-1] < sso.event("upper-stage burn 1 end")
    apart = surface_distance_m(*trace.place_rad[:-1].T, *trace.place_rad[1:].T)
    assert apart.max() < 100e3


def test_what_leaves_the_earth_does_not_fall(spread_out: Scattered) -> None:
    """A departure's last states: an open orbit, its perigee below the ground or above it."""
    nominal, t = spread_out.nominal, np.array([300.0])
    y = nominal.columns(t)[0]
    up, level = y[:3, 0] / np.linalg.norm(y[:3, 0]), y[3:, 0]
    level = level - (level @ up) * up
    level = level / np.linalg.norm(level)
    for v in (9e3 * up + 9e3 * level, 3e3 * up + 12e3 * level):
        leaving = np.concatenate([y[:3, 0], v])[:, None]
        assert not _from_states(nominal, spread_out.ground, t, leaving)[2].any()
    assert _impacts(nominal, spread_out.ground, t)[2].all()


def test_points_are_where_a_vacuum_fall_ends(spread_out: Scattered, safety: RangeSafety) -> None:
    """DOP853 on the central force, in the launch frame, to the turning ellipsoid."""
    given, trace = spread_out, safety.trace
    planet = given.nominal.planet

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:], -planet.mu / np.linalg.norm(y[:3]) ** 3 * y[:3]])

    def ground(t: float, y: np.ndarray) -> float:
        return float(powered.height(NUMPY, planet, (y[0], y[1], y[2])))

    ground.terminal = True  # type: ignore[attr-defined]
    ground.direction = -1.0  # type: ignore[attr-defined]
    for k in range(5, trace.t_s.size, 40):
        t = trace.t_s[k]
        y = given.nominal.columns(np.array([t]))[0][:, 0]
        out = solve_ivp(rates, (t, t + 5e3), y, "DOP853", rtol=1e-12, atol=1e-6, events=ground)
        place = given.ground.places(out.y[:3, -1:], out.t[-1:])[0]
        # measured: 0.1 m; the last points graze
        assert surface_distance_m(*place, *trace.place_rad[k]) < 1.0
        assert trace.fall_s[k] == pytest.approx(out.t[-1] - t, abs=1e-3)


def test_the_corridor_is_three_sigma_of_flown_scatter(
    spread_out: Scattered, safety: RangeSafety
) -> None:
    """Monte Carlo of the ascent's errors, the impact of each in closed form."""
    from cosmodrome.physics.impact import vacuum_impact

    given, trace = spread_out, safety.trace
    rng = np.random.default_rng(7)
    for k in (20, 60, 110):
        t = trace.t_s[k]
        errors = given.moved.at(t)
        z = rng.standard_normal((4000, errors.shape[0]))
        y = given.nominal.columns(np.array([t]))[0] + (z @ errors).T
        hit = vacuum_impact(NUMPY, given.nominal.planet, tuple(y[:3]), tuple(y[3:]), elapsed_s=t)
        places = given.ground.turned_places(np.stack(hit.direction) * hit.radius_m)
        at = GroundMap(*trace.place_rad[k])
        before, after = (at.to_m(*trace.place_rad[j]) for j in (k - 1, k + 1))
        along = (after - before) / np.linalg.norm(after - before)
        across = at.to_m(*places.T) @ np.array([-along[1], along[0]])
        # 1.1 % is the samples' own error
        assert trace.lateral_m[k] == pytest.approx(across.std(), rel=0.05)
        left, right = at.to_m(*trace.left_rad[k]), at.to_m(*trace.right_rad[k])
        assert np.linalg.norm(left) == pytest.approx(3.0 * trace.lateral_m[k], rel=1e-6)
        assert left == pytest.approx(-right, abs=1.0)
        assert along[0] * left[1] - along[1] * left[0] > 0.0


def test_the_corridor_does_not_fold(safety: RangeSafety) -> None:
    """Both sides go forward with the trace: in coasts, where it stands still, it has no points."""
    trace = safety.trace
    for k in range(1, trace.t_s.size - 1):
        at = GroundMap(*trace.place_rad[k])
        along = at.to_m(*trace.place_rad[k + 1])
        if np.linalg.norm(along) < 100.0:  # the vertical rise, metres about the pad
            assert trace.t_s[k] < 15.0
            continue
        for side in (trace.left_rad, trace.right_rad):
            step = at.to_m(*side[k + 1]) - at.to_m(*side[k])
            assert step @ along >= 0.0, trace.t_s[k]


def test_corridor_margin_to_a_keep_out_zone(sso: Flown, safety: RangeSafety) -> None:
    from dataclasses import replace

    trace = safety.trace
    at = GroundMap(*trace.place_rad[60])
    beside = at.to_m(*trace.left_rad[60])
    beside = beside / np.linalg.norm(beside)
    corners = [
        60e3 * beside + np.array(c) for c in ((-5e3, -5e3), (5e3, -5e3), (5e3, 5e3), (-5e3, 5e3))
    ]
    zone = KeepOut("town", tuple((float(a), float(b)) for a, b in at.to_places(corners)))
    site = replace(sso.mission.site, keep_out=(zone,))
    (margin,) = corridor_margins(site, trace.place_rad, trace.lateral_m)
    assert 50e3 < margin.point_m < 56e3
    assert margin.closed_m is not None
    assert margin.closed_m == pytest.approx(margin.point_m - 3.0 * trace.lateral_m[60], abs=1.5e3)
