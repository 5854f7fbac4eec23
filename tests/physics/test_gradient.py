import numpy as np

from cosmodrome.physics import harmonics
from cosmodrome.world.gravity import earth


def places(n, seed):
    rng = np.random.default_rng(seed)
    r = rng.normal(size=(n, 3))
    r *= rng.uniform(6.6e6, 4e7, (n, 1)) / np.linalg.norm(r, axis=1, keepdims=True)
    r[:3] = [[0.0, 0.0, 6.8e6], [1e-3, 0.0, -6.8e6], [7e6, 0.0, 0.0]]
    return r


def test_gradient_of_a_point_mass_and_of_j2():
    mu, re, c20 = 3.986004415e14, 6_378_136.3, -4.84165e-4
    C, S = np.zeros((3, 3)), np.zeros((3, 3))
    C[0, 0] = 1.0
    r = places(20, 1)
    d = np.linalg.norm(r, axis=1)[:, None, None]
    n = r[:, :, None] / d
    point = mu / d**3 * (3.0 * n @ np.swapaxes(n, 1, 2) - np.eye(3))
    np.testing.assert_allclose(harmonics.gradient(r, mu, re, C, S), point, rtol=1e-14, atol=1e-21)
    C[2, 0] = c20
    got = harmonics.gradient(r, mu, re, C, S) - point
    # second derivatives of k (3 z^2 / r^5 - 1 / r^3), by hand
    k = 0.5 * np.sqrt(5.0) * c20 * mu * re**2
    x, y, z = r.T
    s = d[:, 0, 0]
    zz = k * (9.0 / s**5 - 90.0 * z**2 / s**7 + 105.0 * z**4 / s**9)
    xy = k * x * y * (105.0 * z**2 / s**9 - 15.0 / s**7)
    xz = k * x * z * (105.0 * z**2 / s**9 - 45.0 / s**7)
    for (i, j), want in {(2, 2): zz, (0, 1): xy, (0, 2): xz}.items():
        np.testing.assert_allclose(got[:, i, j], want, atol=3e-21)


def test_gradient_is_the_derivative_of_the_acceleration():
    field = earth().truncated(50)
    given = field.mu_m3_s2, field.radius_m, field.C, field.S
    r = places(25, 2)
    T = harmonics.gradient(r, *given)
    step = 60.0
    for j in range(3):
        e = step * np.eye(3)[j]
        near = harmonics.acceleration(r + e, *given) - harmonics.acceleration(r - e, *given)
        wide = harmonics.acceleration(r + 2 * e, *given) - harmonics.acceleration(r - 2 * e, *given)
        want = (8.0 * near - wide) / (12.0 * step)
        # measured: 2e-10, the rounding of the difference
        size = np.max(np.abs(T), axis=(1, 2))
        assert np.max(np.abs(T[:, :, j] - want) / size[:, None]) < 1e-9


def test_gradient_obeys_laplace():
    field = earth()
    T = harmonics.gradient(places(25, 3), field.mu_m3_s2, field.radius_m, field.C, field.S)
    size = np.max(np.abs(T), axis=(1, 2))
    # measured: 1.3e-15
    assert np.max(np.abs(np.trace(T, axis1=1, axis2=2)) / size) < 1e-14
    assert np.max(np.abs(T - np.swapaxes(T, 1, 2)) / size[:, None, None]) < 1e-15


def test_a_field_for_each_place():
    field = earth().truncated(8)
    r = places(6, 4)
    C = np.stack([field.C * (1.0 + 0.01 * k) for k in range(6)])
    S = np.stack([field.S * (1.0 - 0.02 * k) for k in range(6)])
    for what in (harmonics.acceleration, harmonics.potential, harmonics.gradient):
        many = what(r, field.mu_m3_s2, field.radius_m, C, S, 5)
        alone = [what(r[k], field.mu_m3_s2, field.radius_m, C[k], S[k], 5) for k in range(6)]
        np.testing.assert_allclose(many, alone, rtol=1e-14, atol=1e-20)
