import numpy as np
import pytest

from cosmodrome.physics import harmonics
from cosmodrome.solvers.core import Field, simd_level
from cosmodrome.world.gravity import earth

LEVELS = [
    level
    for level in ("baseline", "avx2", "avx512")
    if simd_level()
    in {"baseline": ("baseline", "avx2", "avx512"), "avx2": ("avx2", "avx512")}.get(
        level, ("avx512",)
    )
]


def places(n, low, high, seed=0):
    rng = np.random.default_rng(seed)
    r = rng.normal(size=(n, 3))
    r *= (rng.uniform(low, high, n) / np.linalg.norm(r, axis=1))[:, None]
    # both poles, next to a pole, and on the equator
    r[:4] = [[0, 0, low], [0, 0, -low], [1e-3, -2e-3, low], [low, 0, 0]]
    return r


def test_central_term_is_newton():
    f = earth().truncated(0)
    r = places(20, 6.6e6, 5e7)
    d = np.linalg.norm(r, axis=1)[:, None]
    a = harmonics.acceleration(r, f.mu_m3_s2, f.radius_m, f.C, f.S)
    np.testing.assert_allclose(a, -f.mu_m3_s2 * r / d**3, rtol=1e-14, atol=1e-15)


def test_zonal_j2_in_closed_form():
    # Vallado (2013), Fundamentals of Astrodynamics, eq. 8-35
    f = earth().truncated(2, 0)
    r = places(50, 6.6e6, 2e7)
    x, y, z = r.T
    d = np.linalg.norm(r, axis=1)
    k = -1.5 * f.zonal_j(2) * f.mu_m3_s2 * f.radius_m**2 / d**5
    q = 5 * z**2 / d**2
    want = np.stack([k * x * (1 - q), k * y * (1 - q), k * z * (3 - q)], axis=1)
    want -= f.mu_m3_s2 * r / d[:, None] ** 3
    got = harmonics.acceleration(r, f.mu_m3_s2, f.radius_m, f.C, f.S)
    np.testing.assert_allclose(got, want, rtol=0, atol=3e-15 * 10)


def test_sectoral_c22_in_closed_form():
    # U = 3 mu R^2 / r^5 (C22 (x^2 - y^2) + 2 S22 x y), unnormalised (Kaula 1966, 1.31)
    f = earth().truncated(2)
    n22 = np.sqrt(5.0 / 12.0)
    c, s = n22 * f.C[2, 2], n22 * f.S[2, 2]
    r = places(50, 6.6e6, 2e7, 1)
    x, y, z = r.T
    d = np.linalg.norm(r, axis=1)
    k = 3 * f.mu_m3_s2 * f.radius_m**2
    p = c * (x * x - y * y) + 2 * s * x * y
    want = k * (
        np.stack([2 * c * x + 2 * s * y, -2 * c * y + 2 * s * x, 0 * z], 1) / d[:, None] ** 5
        - 5 * p[:, None] * r / d[:, None] ** 7
    )
    C, S = np.zeros((3, 3)), np.zeros((3, 3))
    C[2, 2], S[2, 2] = f.C[2, 2], f.S[2, 2]
    got = harmonics.acceleration(r, f.mu_m3_s2, f.radius_m, C, S)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-18)


def test_acceleration_is_the_gradient_of_the_potential():
    f = earth().truncated(40)
    r = places(30, 6.7e6, 9e6, 2)
    got = harmonics.acceleration(r, f.mu_m3_s2, f.radius_m, f.C, f.S)
    h = 100.0
    want = np.empty_like(got)
    for k in range(3):
        e = np.zeros(3)
        e[k] = h
        u = [
            harmonics.potential(r + j * e, f.mu_m3_s2, f.radius_m, f.C, f.S) for j in (-2, -1, 1, 2)
        ]
        want[:, k] = (u[0] - 8 * u[1] + 8 * u[2] - u[3]) / (12 * h)
    # rounding of a potential of 6e7 over 100 m
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-9)


def test_field_outside_the_body_is_harmonic():
    f = earth().truncated(30)
    r = places(20, 6.8e6, 9e6, 3)
    h = 200.0
    divergence = np.zeros(20)
    for k in range(3):
        e = np.zeros(3)
        e[k] = h
        a = [
            harmonics.acceleration(r + j * e, f.mu_m3_s2, f.radius_m, f.C, f.S)[:, k]
            for j in (-2, -1, 1, 2)
        ]
        divergence += (a[0] - 8 * a[1] + 8 * a[2] - a[3]) / (12 * h)
    assert np.max(np.abs(divergence)) < 1e-8 * f.mu_m3_s2 / 6.8e6**3


def test_order_cuts_the_tesserals():
    f = earth()
    r = places(5, 7e6, 8e6)
    a = harmonics.acceleration(r, f.mu_m3_s2, f.radius_m, f.C[:21, :21], f.S[:21, :21], order=0)
    cut = f.truncated(20, 0)
    b = harmonics.acceleration(r, cut.mu_m3_s2, cut.radius_m, cut.C, cut.S)
    np.testing.assert_array_equal(a, b)
    assert harmonics.acceleration(r[0], f.mu_m3_s2, f.radius_m, f.C, f.S).shape == (3,)


@pytest.mark.parametrize(
    ("degree", "order"), [(0, 0), (1, 1), (2, 0), (8, 5), (70, 70), (150, 150)]
)
@pytest.mark.parametrize("level", LEVELS)
def test_core_equals_the_specification(degree, order, level):
    f = earth()
    r = places(33, 6.5e6, 5e7, degree)
    got = Field(f.mu_m3_s2, f.radius_m, f.C, f.S, degree, order).acceleration(r, level)
    cut = f.truncated(degree, order)
    want = harmonics.acceleration(r, f.mu_m3_s2, f.radius_m, cut.C, cut.S)
    error = np.linalg.norm(got - want, axis=1) / np.linalg.norm(want, axis=1)
    # measured: 2.5e-15 at 150x150
    assert error.max() < 1e-14


@pytest.mark.skipif(len(LEVELS) < 3, reason="this machine has no AVX-512")
def test_wide_levels_agree_to_the_bit():
    f = earth()
    r = places(40, 6.5e6, 5e7, 9)
    field = Field(f.mu_m3_s2, f.radius_m, f.C, f.S, 70, 70)
    np.testing.assert_array_equal(field.acceleration(r, "avx2"), field.acceleration(r, "avx512"))
