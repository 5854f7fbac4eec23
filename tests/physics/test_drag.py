import numpy as np

from cosmodrome.physics import drag

SPIN = np.array([0.0, 0.0, 7.292115e-5])


def test_air_that_turns_with_the_craft_does_not_brake():
    r = np.array([7e6, 1e6, 2e6])
    np.testing.assert_array_equal(drag.acceleration(r, np.cross(SPIN, r), 1e-12, SPIN, 0.01), 0.0)


def test_drag_of_a_known_stream():
    r = np.array([7e6, 0.0, 0.0])
    v = np.array([0.0, 7500.0, 0.0])
    wind = 7500.0 - 7.292115e-5 * 7e6
    a = drag.acceleration(r, v, 2e-12, SPIN, 0.022)
    np.testing.assert_allclose(a, [0.0, -0.5 * 2e-12 * 0.022 * wind**2, 0.0], rtol=1e-15)


def test_drag_opposes_the_relative_velocity():
    rng = np.random.default_rng(0)
    r, v = rng.normal(size=(2, 50, 3)) * np.array([7e6, 5e3])[:, None, None]
    a = drag.acceleration(r, v, rng.uniform(1e-14, 1e-11, 50), SPIN, 0.02)
    u = drag.relative_velocity(r, v, SPIN)
    cosine = np.sum(a * u, axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(u, axis=1)
    np.testing.assert_allclose(cosine, -1.0, rtol=1e-13)
