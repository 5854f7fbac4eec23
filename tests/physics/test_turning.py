import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.maths import NUMPY
from cosmodrome.physics.harmonics import acceleration as harmonics
from cosmodrome.physics.turning import Globe, acceleration, quadrupole

MU, RADIUS_M = 4.9028e12, 1.738e6
C = np.zeros((3, 3))
S = np.zeros((3, 3))
C[0, 0], C[2] = 1.0, [-9.09e-5, 1.0e-9, 3.47e-5]
S[2] = [0.0, 2.0e-9, -1.0e-9]
# larger than the Moon's where these are next to nothing, so that a wrong sign shows
C[2, 1], S[2, 1], S[2, 2] = 2.0e-5, -3.0e-5, 1.5e-5


def test_the_second_degree_is_that_of_the_harmonics():
    rng = np.random.default_rng(3)
    r = rng.normal(size=(50, 3))
    r *= (1.7e6 + 2e5 * rng.random(50) / np.linalg.norm(r, axis=1))[:, None]
    rows = tuple(map(tuple, quadrupole(C[2].tolist(), S[2].tolist(), RADIUS_M)))
    zero = (np.zeros(50),) * 3
    ours = np.stack(acceleration(NUMPY, tuple(r.T), zero, Globe(MU, second=rows)), axis=-1)
    theirs = harmonics(r, MU, RADIUS_M, C, S)
    assert np.abs(ours - theirs).max() < 1e-13 * np.abs(theirs).max()


def test_turning_axes_fly_the_same_fall():
    spin = np.array([3e-4, -2e-4, 5e-4])
    globe = Globe(MU, tuple(spin))
    r0, v0 = np.array([1.8e6, 1e5, -2e5]), np.array([100.0, 1500.0, 300.0])

    def rates(t, y, globe):
        a = acceleration(NUMPY, tuple(y[:3]), tuple(y[3:]), globe)
        return [*y[3:], *a]

    def fall(y, globe):
        return solve_ivp(rates, (0, 800.0), y, "DOP853", rtol=1e-12, atol=1e-6, args=(globe,))

    inertial = fall(np.r_[r0, v0], Globe(MU)).y[:, -1]
    turning = fall(np.r_[r0, v0 - np.cross(spin, r0)], globe).y[:, -1]
    size = np.linalg.norm(spin)
    axis, angle = spin / size, size * 800.0
    back = inertial[:3]
    turned = (
        back * np.cos(angle)
        - np.cross(axis, back) * np.sin(angle)
        + axis * (axis @ back) * (1.0 - np.cos(angle))
    )
    assert turning[:3] == pytest.approx(turned, abs=1e-3)


def test_scaled_and_turned_it_is_the_same_body():
    rows = tuple(map(tuple, quadrupole(C[2].tolist(), S[2].tolist(), RADIUS_M)))
    globe = Globe(MU, (1e-6, 2e-6, -3e-6), rows)
    r, v = np.array([1.7e6, 2e5, 3e5]), np.array([10.0, 20.0, -1000.0])
    a = np.array(acceleration(NUMPY, tuple(r), tuple(v), globe))
    length, speed = 1e5, 1e3
    small = acceleration(NUMPY, tuple(r / length), tuple(v / speed), globe.scaled(length, speed))
    assert np.array(small) * speed**2 / length == pytest.approx(a, rel=1e-13)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    other = acceleration(NUMPY, tuple(turn @ r), tuple(turn @ v), globe.turned(turn))
    assert turn.T @ np.array(other) == pytest.approx(a, rel=1e-12)
