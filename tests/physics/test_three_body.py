"""The restricted problem of three bodies, held against its own definition and published figures."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.maths.ops import NUMPY, SCALAR
from cosmodrome.physics.three_body import acceleration, gradient, jacobi, libration_point

MU = 1.215058560962404e-02


def test_libration_points_of_the_catalogue_of_jpl() -> None:
    """L1, L2, L3 of Earth and Moon as the periodic-orbits catalogue of JPL prints them."""
    assert libration_point(1, MU)[0] == pytest.approx(0.836915125772357, abs=2e-15)
    assert libration_point(2, MU)[0] == pytest.approx(1.15568216544488, abs=5e-15)
    assert libration_point(3, MU)[0] == pytest.approx(-1.00506264581028, abs=5e-15)
    x, y, _ = libration_point(5, MU)
    assert (x, y) == pytest.approx((0.487849414390376, -0.866025403784439), abs=1e-15)


@pytest.mark.parametrize("mu", [3.0404e-6, MU, 0.1, 0.4])
@pytest.mark.parametrize("point", [1, 2, 3, 4, 5])
def test_a_body_at_rest_stays_there(mu: float, point: int) -> None:
    a = acceleration(SCALAR, libration_point(point, mu), (0.0, 0.0, 0.0), mu)
    assert np.linalg.norm(a) < 2e-13


def test_the_constant_is_that_of_the_catalogue() -> None:
    """Lyapunov orbits about L1 and L2 near 3.15: states and constants of the catalogue of JPL."""
    for x, vy, c in (
        (8.1596252146384562e-01, 2.0722124749217649e-01, 3.15001683280912),
        (1.1182825695532028, 1.8601928389638619e-01, 3.15000013081292),
    ):
        assert jacobi(SCALAR, (x, 0.0, 0.0), (0.0, vy, 0.0), MU) == pytest.approx(c, abs=5e-14)


def test_the_gradient_is_the_slope_of_the_acceleration() -> None:
    rng = np.random.default_rng(7)
    r = rng.uniform(-1.2, 1.2, (3, 200))
    far = (np.hypot(r[0] + MU, r[1]) > 0.2) & (np.hypot(r[0] - 1.0 + MU, r[1]) > 0.2)
    r, v = r[:, far], (0.0, 0.0, 0.0)
    xx, yy, zz, xy, xz, yz = gradient(NUMPY, tuple(r), MU)
    rows = ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))
    h = 1e-6
    for k in range(3):
        step = np.eye(3)[k][:, None] * h
        up = acceleration(NUMPY, tuple(r + step), v, MU)
        down = acceleration(NUMPY, tuple(r - step), v, MU)
        for j in range(3):
            slope = (np.asarray(up[j]) - np.asarray(down[j])) / (2.0 * h)
            np.testing.assert_allclose(rows[j][k], slope, rtol=1e-7, atol=1e-6)


def test_the_slope_of_the_constant_is_the_pull() -> None:
    """dC/dr is twice the acceleration of a body at rest: what holds C along every path."""
    r, h = (0.9, 0.2, 0.1), 1e-6
    a = acceleration(SCALAR, r, (0.0, 0.0, 0.0), MU)
    for k in range(3):
        up, down = list(r), list(r)
        up[k] += h
        down[k] -= h
        still = (0.0, 0.0, 0.0)
        slope = jacobi(SCALAR, tuple(up), still, MU) - jacobi(SCALAR, tuple(down), still, MU)
        assert slope / (2.0 * h) == pytest.approx(2.0 * a[k], rel=1e-8)
