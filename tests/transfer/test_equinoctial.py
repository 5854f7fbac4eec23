import math

import numpy as np
import pytest

from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.physics import zonal
from cosmodrome.transfer.equinoctial import (
    after_impulse,
    axes,
    equinoctial_from_state,
    j2_acceleration,
    longitude_rate,
    rates,
    state_from_equinoctial,
)


def some(rng, n=50):
    """p, f, g, h, k, L of ellipses and hyperbolas, none near 180 degrees."""
    return np.column_stack(
        [rng.uniform(0.2, 3.0, n), rng.uniform(-0.6, 0.6, (n, 2)), rng.normal(0.0, 0.7, (n, 2)),
         rng.uniform(0.0, 2.0 * math.pi, n)]
    )  # fmt: skip


def test_elements_and_states_are_two_ways_to_say_it(rng):
    for x in some(rng):
        again = equinoctial_from_state(*state_from_equinoctial(x, 1.0), 1.0)
        assert again == pytest.approx(x, abs=1e-12)


def test_rates_are_those_of_the_cartesian_motion(rng):
    # the independent road: place and velocity moved by a short step of r'' = -r/r^3 + a
    for x in some(rng, 20):
        a = rng.normal(0.0, 0.1, 3)
        r, v = state_from_equinoctial(x, 1.0)
        basis = np.array(axes(SCALAR, x[3], x[4], x[5]))
        force = -r / np.linalg.norm(r) ** 3 + a @ basis
        dt = 1e-5
        ahead = equinoctial_from_state(r + dt * v + 0.5 * dt**2 * force, v + dt * force, 1.0)
        behind = equinoctial_from_state(r - dt * v + 0.5 * dt**2 * force, v - dt * force, 1.0)
        step = ahead - behind
        step[5] = math.remainder(step[5], 2.0 * math.pi)
        assert np.array(rates(SCALAR, x, a)) == pytest.approx(step / (2.0 * dt), abs=2e-7)


def test_longitude_turns_as_without_a_force(rng):
    x = some(rng, 5).T
    nothing = (0.0, 0.0, 0.0)
    assert longitude_rate(NUMPY, list(x)) == pytest.approx(rates(NUMPY, list(x), nothing)[5])


def test_oblateness_is_that_of_the_specification(rng):
    for x in some(rng, 20):
        r, _ = state_from_equinoctial(x, 1.0)
        basis = np.array(axes(SCALAR, x[3], x[4], x[5]))
        j2, radius = 1.0826e-3, 0.9
        pole = (0.0, 0.0, 1.0)
        whole = np.array(zonal.acceleration(SCALAR, tuple(r), pole, 1.0, radius, j2))
        point = np.array(zonal.acceleration(SCALAR, tuple(r), pole, 1.0, radius, 0.0))
        found = np.array(j2_acceleration(SCALAR, x, j2 * radius**2)) @ basis
        size = float(np.linalg.norm(whole - point))
        assert found == pytest.approx(whole - point, abs=1e-12 + 1e-9 * size)


def test_an_impulse_changes_the_velocity_alone(rng):
    for x in some(rng, 30):
        dv = rng.normal(0.0, 0.2, 3)
        r, v = state_from_equinoctial(x, 1.0)
        basis = np.array(axes(SCALAR, x[3], x[4], x[5]))
        r1, v1 = state_from_equinoctial(after_impulse(SCALAR, x, dv), 1.0)
        assert r1 == pytest.approx(r, abs=1e-11)
        assert v1 == pytest.approx(v + dv @ basis, abs=1e-11)
