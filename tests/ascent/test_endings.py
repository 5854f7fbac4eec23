"""Endings of departures, transfer orbits and the equator: true on the orbit, smooth beside it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cosmodrome.ascent.target import asymptote, reaches
from cosmodrome.maths import NUMPY, SCALAR
from cosmodrome.solvers.casadi_ops import CASADI
from cosmodrome.targets.insertion import Insertion

if TYPE_CHECKING:
    from numpy.typing import NDArray

MU, RE, J2 = 3.986004415e14, 6378136.3, 1.08262617e-3
LENGTH = 6_378_137.0
SPEED = math.sqrt(MU / LENGTH)
DEPARTURE = Insertion(MU, RE, J2, math.inf, 1.0, 0.9, 0.0, elliptic=True, c3_m2_s2=0.0)
TRANSFER = Insertion(
    MU, RE, J2, 24_396_137.0, 0.7283, 0.9, 0.0, elliptic=True, argp_rad=0.0,
    inclination_free=True, perigee_at_either_node=True,
)  # fmt: skip
EQUATOR = Insertion(MU, RE, J2, 42_164e3, 0.0, 0.0, 0.0)
C3 = st.floats(-40e6, 100e6)
# no further along the conic than a release ever is
ANOMALY = st.floats(-1.0, 1.0)
ANGLE = st.floats(0.0, 2.0 * math.pi)


def canonical(
    insertion: Insertion, u: float, node: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    r, v = insertion.state_at(u, node)
    return tuple(float(x) / LENGTH for x in r), tuple(float(x) / SPEED for x in v)


def outputs(insertion: Insertion, r: tuple[float, ...], v: tuple[float, ...]) -> list[float]:
    return [float(x) for x in reaches(insertion, LENGTH, MU).formula(SCALAR, r, v, 0.0)]


@given(C3, ANOMALY, ANGLE)
def test_a_departure_has_its_energy(c3: float, u: float, node: float) -> None:
    wanted = DEPARTURE.with_c3(c3)
    r, v = canonical(wanted, u, node)
    # by definition, before anything is scaled
    speed2 = sum(x * x for x in v) * SPEED**2
    distance = math.sqrt(sum(x * x for x in r)) * LENGTH
    assert speed2 - 2.0 * MU / distance == pytest.approx(c3, abs=1.0)
    assert np.allclose(outputs(wanted, r, v), 0.0, atol=1e-9)
    faster = tuple(1.001 * x for x in v)
    assert outputs(wanted, r, faster)[0] > 1e-4


@given(C3, ANOMALY, ANGLE)
def test_an_asymptote_is_a_direction(c3: float, u: float, node: float) -> None:
    r, v = canonical(DEPARTURE.with_c3(c3), u, node)
    s = asymptote(SCALAR, r, v, c3 / SPEED**2)
    assert math.sqrt(sum(float(x) ** 2 for x in s)) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("c3", [1e6, 10e6, 60e6])
def test_an_asymptote_is_where_it_flies_to(c3: float) -> None:
    """Two-body flight outwards: the velocity turns to the asymptote as 1 / distance."""
    wanted = DEPARTURE.with_c3(c3)
    r, v = canonical(wanted, 0.3, 1.1)
    s = np.array(asymptote(SCALAR, r, v, c3 / SPEED**2), dtype=float)

    def motion(_: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([y[3:], -y[:3] / np.linalg.norm(y[:3]) ** 3])

    far = solve_ivp(motion, (0.0, 1e7), np.array([*r, *v]), "DOP853", rtol=1e-11, atol=1e-9)
    end = far.y[3:, -1]
    end = end / np.linalg.norm(end)
    # measured 1e-6 to 4e-5: what a flight of 10^7 still has to turn
    assert np.linalg.norm(end - s) < 2e-4


@given(st.floats(0.5e6, 60e6), ANOMALY, ANGLE, st.floats(-1.5, 1.5))
def test_the_declination_of_a_departure(c3: float, u: float, node: float, argp: float) -> None:
    wanted = replace(DEPARTURE.with_c3(c3), argp_rad=argp)
    r, v = canonical(wanted, argp + u, node)
    s = asymptote(SCALAR, r, v, c3 / SPEED**2)
    # cos nu = -1/e where it leaves, seen from the node: sin(declination) = sin i sin(argp + nu)
    nu = math.acos(-1.0 / wanted.e_mean)
    sine = math.sin(0.9) * math.sin(argp + nu)
    assert float(s[2]) == pytest.approx(sine, abs=1e-9)
    there = replace(wanted, declination_rad=math.asin(sine))
    assert np.allclose(outputs(there, r, v), 0.0, atol=1e-8)


def test_a_bound_departure_points_to_its_apogee() -> None:
    wanted = DEPARTURE.with_c3(-2e6)
    r, _ = wanted.state_at(0.0, 0.0)
    at_perigee = np.asarray(r) / np.linalg.norm(r)
    s = asymptote(SCALAR, *canonical(wanted, 0.4, 0.0), -2e6 / SPEED**2)
    assert np.allclose(np.array(s, dtype=float), -at_perigee, atol=1e-9)


@given(ANOMALY, ANGLE, st.sampled_from([0.0, math.pi]), st.floats(0.0, 0.5))
def test_a_transfer_orbit_with_either_node(
    f: float, node: float, argp: float, higher: float
) -> None:
    """Perigee at the ascending or the descending node; any inclination from the cheapest up."""
    there = replace(TRANSFER, argp_rad=argp, i_mean_rad=0.9 + higher)
    wanted = reaches(TRANSFER, LENGTH, MU)
    got = np.array(outputs(TRANSFER, *canonical(there, argp + f, node)))
    assert np.all(got >= np.array(wanted.lower) - 1e-9)
    assert np.all(got <= np.array(wanted.upper) + 1e-9)
    lower = replace(TRANSFER, i_mean_rad=0.89)
    cheaper = np.array(outputs(TRANSFER, *canonical(lower, f, node)))
    assert np.any(cheaper > np.array(wanted.upper) + 1e-3)


def test_the_perigee_lies_on_the_side_that_is_said() -> None:
    south = replace(TRANSFER, argp_rad=math.radians(270.0), perigee_at_either_node=False)
    north = replace(south, argp_rad=math.radians(90.0))
    wanted = reaches(south, LENGTH, MU)
    right = np.array(outputs(south, *canonical(south, math.radians(270.0), 0.0)))
    wrong = np.array(outputs(south, *canonical(north, math.radians(90.0), 0.0)))
    assert np.all(right >= np.array(wanted.lower) - 1e-9)
    assert np.any(wrong < np.array(wanted.lower) - 0.5)


@given(ANGLE)
def test_the_equator(u: float) -> None:
    r, v = canonical(EQUATOR, u, 0.0)
    assert np.allclose(outputs(EQUATOR, r, v), 0.0, atol=1e-12)
    tilted = replace(EQUATOR, i_mean_rad=math.radians(0.5))
    off = outputs(EQUATOR, *canonical(replace(tilted, j2=0.0), u, 0.0))
    # half a degree of plane is seen in full, in whichever direction the plane leans
    assert math.hypot(off[3], off[4]) == pytest.approx(math.sin(math.radians(0.5)), rel=1e-6)


@pytest.mark.parametrize(
    ("wanted", "u"),
    [
        (replace(DEPARTURE.with_c3(10e6), declination_rad=0.2), 0.4),
        (replace(DEPARTURE.with_c3(-2e6), declination_rad=0.2), 0.4),
        (TRANSFER, 0.4),
        (replace(TRANSFER, argp_rad=1.0, perigee_at_either_node=False), 1.4),
        (EQUATOR, 2.0),
    ],
    ids=["departure", "bound", "either node", "one perigee", "equator"],
)
def test_derivatives_are_those_of_differences(wanted: Insertion, u: float) -> None:
    ca = pytest.importorskip("casadi")
    r, v = canonical(wanted, u, 0.7)
    point = np.array([*r, *v])
    x = ca.SX.sym("x", 6)
    parts = [x[k] for k in range(6)]
    formula = reaches(wanted, LENGTH, MU).formula
    out = ca.vertcat(*formula(CASADI, tuple(parts[:3]), tuple(parts[3:]), 0.0))
    exact = np.array(ca.Function("j", [x], [ca.jacobian(out, x)])(point))

    def at(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array(formula(NUMPY, tuple(y[:3]), tuple(y[3:]), 0.0), dtype=float)

    h = 1e-6
    columns = [(at(point + h * e) - at(point - h * e)) / (2.0 * h) for e in np.eye(6)]
    # measured below 4e-9
    assert np.allclose(np.column_stack(columns), exact, atol=5e-8)
