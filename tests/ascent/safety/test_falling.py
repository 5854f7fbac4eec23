"""Many falls at once against DOP853 on each, and against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.ascent.integrate import fly_ballistic
from cosmodrome.ascent.safety.falling import Bodies, fall
from cosmodrome.maths import HingeTable
from cosmodrome.physics.atmosphere import density_pressure_sound
from cosmodrome.physics.powered import Body
from tests.physics.test_impact import state
from tests.solvers.test_casadi_physics import PLANET


def bodies(
    rows: list[tuple[np.ndarray, float]], density: float = 1.0, wind: tuple[float, float] = (0, 0)
) -> Bodies:
    n = len(rows)
    return Bodies(
        np.array([y for y, _ in rows]).T,
        np.array([b for _, b in rows]),
        np.full(n, density),
        np.repeat(np.array(wind, dtype=float)[:, None], n, axis=1),
    )


def test_every_lane_lands_where_dop853_does() -> None:
    rng = np.random.default_rng(2)
    rows = []
    for _ in range(24):
        r, v = state(
            rng.uniform(40e3, 180e3), rng.uniform(800.0, 6500.0), rng.uniform(5.0, 60.0),
            rng.uniform(-75.0, 75.0), rng.uniform(0.0, 360.0),
        )  # fmt: skip
        rows.append(
            (np.concatenate([r, v]), math.exp(rng.uniform(math.log(10.0), math.log(500.0))))
        )
    landed = fall(PLANET, bodies(rows), 7200.0)
    assert landed.hit.all()
    for k, (y, b) in enumerate(rows):
        body = Body(1.0 / b, HingeTable((), (), (), 1.0))
        steps, end, hit = fly_ballistic(PLANET, body, y, 0.0, 7200.0, 1.0)
        assert hit
        # measured: 2.2 m (all of it along the fall) and 0.006 s at worst
        assert landed.t_s[k] == pytest.approx(end, abs=0.02)
        turned = PLANET.omega_rad_s * (end - landed.t_s[k])
        ground = steps[-1][2](end)[:3]
        ground[:2] += turned * np.array([ground[1], -ground[0]])
        assert np.linalg.norm(ground - landed.y[:3, k]) < 6.0


def test_what_stays_up_is_said_to() -> None:
    up = np.concatenate(state(300e3, 7800.0, 0.0, 20.0, 90.0))
    down = np.concatenate(state(50e3, 1500.0, 30.0, 20.0, 90.0))
    landed = fall(PLANET, bodies([(up, 100.0), (down, 100.0)]), 900.0)
    assert landed.hit.tolist() == [False, True]
    assert landed.t_s[0] == pytest.approx(900.0)


def test_last_speed_is_the_terminal_one() -> None:
    """sqrt(2 g B / rho) relative to the air, at the ground."""
    r, v = state(30e3, 900.0, 20.0, 45.0, 200.0)
    rows = [(np.concatenate([r, v]), b) for b in (20.0, 60.0)]
    rho = density_pressure_sound_at_ground()
    for density in (1.0, 1.3):
        landed = fall(PLANET, bodies(rows, density), 7200.0)
        spin = np.array([0.0, 0.0, PLANET.omega_rad_s])
        w = landed.y[3:].T - np.cross(spin, landed.y[:3].T)
        wanted = np.sqrt(2.0 * 9.806 * np.array([20.0, 60.0]) / (density * rho))
        # the air thickens on the way down, so that the speed lags its limit by 0.3 %
        assert np.linalg.norm(w, axis=1) == pytest.approx(wanted, rel=0.006)


def density_pressure_sound_at_ground() -> float:
    from cosmodrome.maths import SCALAR

    return float(density_pressure_sound(SCALAR, 0.0)[0])


def test_wind_carries_a_slow_body_along() -> None:
    """A body at its terminal speed drifts by the integral of the wind over its fall."""
    r, v = state(10e3, 0.0, 0.0, 40.0, 0.0)
    v = np.cross([0.0, 0.0, PLANET.omega_rad_s], r)
    rows = [(np.concatenate([r, v]), 5.0)]
    still = fall(PLANET, bodies(rows), 7200.0)
    east = fall(PLANET, bodies(rows, wind=(10.0, 0.0)), 7200.0)
    north = fall(PLANET, bodies(rows, wind=(0.0, 10.0)), 7200.0)
    # profile: 0.35 on the ground, 1 at 11 km; the body falls at sqrt(2 g B / rho(h))
    from cosmodrome.maths import NUMPY

    height = float(np.linalg.norm(r)) - float(np.linalg.norm(still.y[:3, 0]))
    h = np.linspace(0.0, height, 2001)
    rho = density_pressure_sound(NUMPY, h)[0]
    slowness = np.sqrt(rho / (2.0 * 9.79 * 5.0))
    drift = float(np.trapezoid(10.0 * (0.35 + 0.65 * h / 11e3) * slowness, h))
    up = r / np.linalg.norm(r)
    e = np.array([0.0, 1.0, 0.0])
    n = np.cross(up, e)
    for other, along in ((east, e), (north, n)):
        moved = float((other.y[:3, 0] - still.y[:3, 0]) @ along)
        assert moved == pytest.approx(drift, rel=0.02)
