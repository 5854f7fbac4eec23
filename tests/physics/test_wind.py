"""The wind: which way it blows, how a table is smoothed, and what a body in it feels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.physics.wind import (
    FADE_M,
    FINEST_M,
    WIDTH_M,
    SmoothWind,
    broken_line,
    components,
    thinned,
)
from cosmodrome.world import geodesy

PLANET = powered.Planet(
    3.986004415e14, 6378136.3, 1.08262617e-3, 0.0, 0.0, 7.292115e-5, 6378137.0, 1 / 298.257223563
)
BODY = powered.Body(28.0, aerodynamics.cd_table([0.0, 1.0, 3.0], [0.3, 0.5, 0.3]))
JET = (
    (0.0, 3e3, 8e3, 11e3, 14e3, 20e3),
    (3.0, 10.0, 30.0, 55.0, 35.0, 8.0),
    (-2.0, 0.0, 5.0, -6.0, 1.0, 0.0),
)


@pytest.mark.parametrize(
    ("from_deg", "east", "north"),
    [(270.0, 10.0, 0.0), (180.0, 0.0, 10.0), (90.0, -10.0, 0.0), (0.0, 0.0, -10.0)],
)
def test_a_wind_is_named_by_where_it_comes_from(from_deg: float, east: float, north: float) -> None:
    assert components(10.0, math.radians(from_deg)) == pytest.approx((east, north), abs=1e-12)


@given(st.floats(-1.5, 1.5), st.floats(-3.14, 3.14), st.floats(0.0, 3e4))
def test_east_and_north_are_those_of_the_horizon(lat: float, lon: float, h: float) -> None:
    r = geodesy.itrf_from_geodetic(lat, lon, h)
    e, n, _ = geodesy.enu_axes(lat, lon)
    got = np.array(aerodynamics.wind_velocity(SCALAR, tuple(r), 30.0, -40.0))
    # the geocentric horizon leans by 0.193 deg at most
    assert np.linalg.norm(got - (30.0 * e - 40.0 * n)) < 40.0 * math.radians(0.193)
    assert np.linalg.norm(got) == pytest.approx(50.0)
    assert abs(got @ r) < 1e-6 * np.linalg.norm(r)


def test_what_rests_in_the_wind_feels_no_flow() -> None:
    curve = SmoothWind.through(*JET)
    planet = replace(PLANET, wind=curve)
    r = tuple(geodesy.itrf_from_geodetic(0.8, 0.4, 9_000.0))
    h = powered.height(SCALAR, planet, r)
    blows = aerodynamics.wind_velocity(SCALAR, r, *curve(SCALAR, h))
    turns = (-planet.omega_rad_s * r[1], planet.omega_rad_s * r[0], 0.0)
    v = tuple(a + b for a, b in zip(turns, blows, strict=True))
    assert np.linalg.norm(powered.air(SCALAR, planet, r, v).w) < 1e-9
    # and what turns with the Earth is blown along: drag is downwind
    pushed = powered.accelerations(SCALAR, planet, BODY, r, turns, 1_000.0).drag
    assert np.dot(pushed, blows) == pytest.approx(
        np.linalg.norm(pushed) * np.linalg.norm(blows), rel=1e-9
    )


def test_smoothing_is_the_average_of_the_broken_line_with_a_logistic_weight() -> None:
    curve = SmoothWind.through(*JET)
    h, east, north = broken_line(*JET)
    # by quadrature: mean of the line over height, weight 1 / (4 w cosh^2(x / 2w))
    x = np.linspace(-45.0 * WIDTH_M, 45.0 * WIDTH_M, 40_001)
    weight = 0.25 / WIDTH_M / np.cosh(0.5 * x / WIDTH_M) ** 2
    for at in (0.0, 2_900.0, 11_000.0, 12_345.0, 20_000.0, 25_000.0, 30_000.0):
        got = curve(SCALAR, at)
        for row, value in zip((east, north), got, strict=True):
            assert value == pytest.approx(
                np.trapezoid(weight * np.interp(at + x, h, row), x), abs=1e-4
            )


def test_the_error_of_smoothing_is_bounded() -> None:
    curve = SmoothWind.through(*JET)
    h, east, _ = broken_line(*JET)
    at = np.linspace(-2_000.0, 60_000.0, 62_001)
    off = np.abs(curve(NUMPY, at)[0] - np.interp(at, h, east))
    bend = np.abs(np.diff(np.r_[0.0, np.diff(east) / np.diff(h), 0.0]))
    # corners here are fifteen widths apart: each stands alone
    assert off.max() == pytest.approx(math.log(2.0) * WIDTH_M * bend.max(), rel=1e-3)
    assert at[off.argmax()] == 11_000.0
    away = np.min(np.abs(at[:, None] - h), axis=1) > 10.0 * WIDTH_M
    assert off[away].max() < 1e-3


@given(
    st.lists(st.floats(-80.0, 80.0), min_size=2, max_size=12),
    st.lists(st.floats(60.0, 4e3), min_size=12, max_size=12),
)
def test_a_smoothed_wind_never_leaves_the_range_of_the_table(
    east: list[float], gaps: list[float]
) -> None:
    h = np.cumsum(gaps)[: len(east)]
    curve = SmoothWind.through(list(h), east, [0.0] * len(east))
    got, north = curve(NUMPY, np.linspace(-5e3, 9e4, 3_001))
    assert got.min() > min(*east, 0.0) - 1e-6
    assert got.max() < max(*east, 0.0) + 1e-6
    assert np.abs(north).max() < 1e-9


def test_above_the_table_the_wind_fades_and_is_gone_in_orbit() -> None:
    curve = SmoothWind.through(*JET)
    top = JET[0][-1]
    assert curve(SCALAR, top + 0.5 * FADE_M)[0] == pytest.approx(0.5 * JET[1][-1], abs=1e-9)
    for h in (top + FADE_M + 20.0 * WIDTH_M, 2e5, 1e6):
        assert np.abs(curve(SCALAR, h)).max() < 1e-6
    low = curve(SCALAR, -3_000.0)
    assert low == pytest.approx((JET[1][0], JET[2][0]), abs=1e-5)


def test_a_fine_sounding_is_drawn_together_without_losing_wind() -> None:
    rng = np.random.default_rng(4)
    h = np.sort(rng.uniform(0.0, 25e3, 700))
    rows = np.stack([20.0 + 10.0 * np.sin(h / 4e3) + rng.normal(0.0, 1.5, h.size), 0.0 * h])
    grid, means = thinned(h, rows)
    assert np.diff(grid).min() >= FINEST_M
    assert grid.size < 110
    fine = np.linspace(h[0], h[-1], 200_001)
    whole = np.trapezoid(np.interp(fine, h, rows[0]), fine)
    assert np.trapezoid(means[0], grid) == pytest.approx(whole, rel=2e-3)
    curve = SmoothWind.through(list(h), list(rows[0]), list(rows[1]))
    smooth = curve(NUMPY, fine)[0]
    assert np.sqrt(np.mean((smooth - (20.0 + 10.0 * np.sin(fine / 4e3)))[2000:-2000] ** 2)) < 0.7
    same = np.array([0.0, 300.0, 1e3])
    assert thinned(same, rows[:, :3])[0] is same


def test_numpy_scalars_and_symbols_agree_in_the_wind() -> None:
    casadi = pytest.importorskip("casadi")
    from cosmodrome.solvers.casadi_ops import CASADI, Lifting

    planet = replace(PLANET, wind=SmoothWind.through(*JET))
    x = casadi.SX.sym("x", 6)

    def flow(ops: object) -> object:
        place, speed = (x[0], x[1], x[2]), (x[3], x[4], x[5])
        here = powered.air(ops, planet, place, speed)  # type: ignore[arg-type]
        return casadi.vertcat(*here.w, here.q, here.mach)

    lifting = Lifting.fresh()
    straight = casadi.Function("f", [x], [flow(CASADI)])
    lifted = casadi.Function("f", [x], [lifting.settled(flow(lifting), 0)])
    rng = np.random.default_rng(7)
    for _ in range(30):
        lat, lon, h = rng.uniform(-1.4, 1.4), rng.uniform(-3.0, 3.0), rng.uniform(0.0, 4e4)
        r = geodesy.itrf_from_geodetic(lat, lon, h)
        v = rng.normal(0.0, 800.0, 3)
        here = powered.air(NUMPY, planet, tuple(r), tuple(v))
        wanted = np.array([*here.w, here.q, here.mach])
        for f in (straight, lifted):
            assert np.allclose(np.array(f(np.r_[r, v])).ravel(), wanted, rtol=1e-12, atol=1e-9)
        plain = powered.air(SCALAR, planet, tuple(map(float, r)), tuple(map(float, v)))
        assert np.allclose([*plain.w, plain.q, plain.mach], wanted, rtol=1e-12, atol=1e-9)
