import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.errors import InputError
from cosmodrome.physics import steering, thrust

KNOTS = np.array([0.0, 10.0, 40.0])
SIZES = np.array([100.0, 400.0, 250.0])
rng = np.random.default_rng(4)
R = rng.normal(size=(40, 3)) * 7e6
V = rng.normal(size=(40, 3)) * 7e3


def test_size_is_linear_and_ends():
    t = np.array([-1.0, 0.0, 5.0, 10.0, 25.0, 40.0, 40.1])
    got = steering.size(t, KNOTS, SIZES)
    np.testing.assert_allclose(got, [0.0, 100.0, 250.0, 400.0, 325.0, 250.0, 0.0], rtol=1e-15)


def test_direction_goes_along_the_chord():
    d = np.array([[1.0, 0, 0], [0, 2.0, 0], [0, 0, 3.0]])
    t = np.array([-5.0, 0.0, 5.0, 10.0, 17.5, 40.0, 99.0])
    got = steering.direction(t, KNOTS, d)
    half, w = np.sqrt(0.5), np.array([0.0, 0.75, 0.25])
    want = [[1, 0, 0], [1, 0, 0], [half, half, 0], [0, 1, 0], w / np.linalg.norm(w), [0, 0, 1],
            [0, 0, 1]]  # fmt: skip
    np.testing.assert_allclose(got, want, atol=1e-15)


@pytest.mark.parametrize("name", ["gcrf", "rtn", "vnc"])
def test_axes_are_right_handed(name):
    m = steering.axes(name, R, V)
    np.testing.assert_allclose(np.linalg.det(m), 1.0, rtol=1e-12)
    first = {"gcrf": np.tile([1.0, 0, 0], (40, 1)), "rtn": R, "vnc": V}[name]
    first = first / np.linalg.norm(first, axis=1, keepdims=True)
    np.testing.assert_allclose(m[:, 0], first, atol=1e-15)
    normal = {"gcrf": None, "rtn": m[:, 2], "vnc": m[:, 1]}[name]
    if normal is not None:
        h = np.cross(R, V)
        assert np.all(np.sum(normal * h, axis=1) > 0.999999999 * np.linalg.norm(h, axis=1))


def test_acceleration_has_the_size_and_lies_in_the_axes():
    t = np.linspace(0.0, 40.0, 40)
    d = np.array([[0, 1.0, 0], [0, 1.0, 1.0], [0, 0, 1.0]])
    mass = np.linspace(900.0, 800.0, 40)
    a = steering.acceleration(t, R, V, mass, KNOTS, SIZES, d, "rtn")
    np.testing.assert_allclose(
        np.linalg.norm(a, axis=1) * mass, steering.size(t, KNOTS, SIZES), rtol=1e-14
    )
    np.testing.assert_allclose(np.sum(a * R, axis=1), 0.0, atol=1e-8)


def test_mass_burnt_is_the_impulse():
    # the impulse of the table is the trapezia under it
    impulse = 10.0 * 250.0 + 30.0 * 325.0
    flow = steering.mass_flow(np.array([5.0]), KNOTS, SIZES, 310.0)
    assert flow[0] == -thrust.mass_flow(250.0, 310.0)
    burnt = sum(
        solve_ivp(
            lambda t, _: steering.mass_flow(np.array([t]), KNOTS, SIZES, 310.0),
            span,
            [0.0],
            rtol=1e-12,
        ).y[0, -1]
        for span in ((0.0, 10.0), (10.0, 40.0))
    )
    assert burnt == pytest.approx(-impulse / (thrust.G0_M_S2 * 310.0), rel=1e-12)


def test_what_is_refused():
    d = np.array([[1.0, 0, 0], [-1.0, 0, 1e-9]])
    with pytest.raises(InputError, match="opposite"):
        steering.direction(np.zeros(1), np.array([0.0, 1.0]), d)
    with pytest.raises(InputError, match=r"\(0, 0, 0\)"):
        steering.direction(np.zeros(1), np.array([0.0, 1.0]), np.zeros((2, 3)))
    with pytest.raises(InputError, match="each later"):
        steering.size(np.zeros(1), np.array([1.0, 1.0]), np.ones(2))
    with pytest.raises(InputError, match="'lvlh'"):
        steering.axes("lvlh", R, V)
