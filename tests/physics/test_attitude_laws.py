import numpy as np
import pytest

from cosmodrome.physics import attitude_laws as laws

rng = np.random.default_rng(12)
R = rng.normal(size=(60, 3)) * 7e6
V = rng.normal(size=(60, 3)) * 7e3
S = rng.normal(size=(60, 3))
S /= np.linalg.norm(S, axis=1, keepdims=True)
OPEN = [
    laws.nadir(np.array([[7e6, 1e5, -2e6]]), np.array([[7.0, 0.1, -2.0]])),
    laws.nadir(np.array([[0.0, 0.0, 7e6]]), np.array([[0.0, 0.0, -7e3]])),
    laws.yaw_steering(np.array([[0.0, -7e6, 0.0]]), np.array([[0.0, 1.0, 0.0]])),
    laws.sun(np.array([[0.0, 0.0, 1.0]])),
    laws.sun(np.array([[0.0, 0.0, -1.0]])),
]


def right_handed(axes):
    np.testing.assert_allclose(
        axes @ np.swapaxes(axes, 1, 2), np.tile(np.eye(3), (len(axes), 1, 1)), atol=1e-14
    )
    np.testing.assert_allclose(np.linalg.det(axes), 1.0, rtol=1e-14)


@pytest.mark.parametrize("axes", [laws.nadir(R, V), laws.yaw_steering(R, S), laws.sun(S), *OPEN])
def test_axes_are_right_handed_even_where_open(axes):
    right_handed(axes)


def test_nadir():
    x, y, z = np.moveaxis(laws.nadir(R, V), 1, 0)
    np.testing.assert_allclose(z, -R / np.linalg.norm(R, axis=1, keepdims=True), atol=1e-15)
    h = np.cross(R, V)
    np.testing.assert_allclose(y, -h / np.linalg.norm(h, axis=1, keepdims=True), atol=1e-14)
    # ahead, and the velocity itself on a circle
    assert np.all(np.sum(x * V, axis=1) > 0.0)
    circle = laws.nadir(np.array([[7e6, 0, 0]]), np.array([[0, 0, 7.5e3]]))
    np.testing.assert_allclose(circle[0, 0], [0, 0, 1], atol=1e-15)


def test_yaw_steering_keeps_the_array_axis_square_to_the_sun():
    x, y, _ = np.moveaxis(laws.yaw_steering(R, S), 1, 0)
    np.testing.assert_allclose(np.sum(y * S, axis=1), 0.0, atol=1e-15)
    assert np.all(np.sum(x * S, axis=1) > 0.0)


def test_sun_pointing():
    x, y, z = np.moveaxis(laws.sun(S), 1, 0)
    np.testing.assert_array_equal(x, S)
    np.testing.assert_allclose(y[:, 2], 0.0, atol=1e-16)
    assert np.all(z[:, 2] > 0.0)


def test_inertial_stands_still():
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    np.testing.assert_array_equal(laws.inertial(turn, 3), np.stack([turn] * 3))


def test_open_axis_is_the_stated_one():
    # z_b = -z: components 0, 0, -1; the first of the smallest is x, z_b x x = -y
    axes = laws.nadir(np.array([[0.0, 0.0, 7e6]]), np.array([[0.0, 0.0, -7e3]]))[0]
    np.testing.assert_array_equal(axes[1], [0.0, -1.0, 0.0])
