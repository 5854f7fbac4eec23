"""Mean elements: theory against numerical averaging of SciPy's own J2 motion, and inverses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.dynamics.mean import average, mean_from_osculating, osculating_from_mean
from cosmodrome.errors import InputError
from cosmodrome.record.nouns import Elements
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, Rotation
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

MU, RE, J2 = 3.986004415e14, 6378136.3, 1.0826355e-3


class Still:
    """Axes of date that never move: GCRF itself."""

    def tod_from_gcrf(self, epoch: Epoch) -> Rotation:
        return Rotation("tod", "gcrf", np.eye(3))


def j2_motion(t: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two bodies and J2 from the textbook (Vallado 2013, eq. 8-30)."""
    x, yy, z = y[:3]
    r = math.sqrt(x * x + yy * yy + z * z)
    k = -1.5 * J2 * MU * RE**2 / r**5
    q = 5.0 * z * z / r**2
    a = -MU / r**3 * y[:3] + k * np.array([(1 - q) * x, (1 - q) * yy, (3 - q) * z])
    return np.concatenate([y[3:], a])


def fly(r: NDArray[np.float64], v: NDArray[np.float64], span_s: float) -> Trajectory:
    y0 = np.concatenate([r, v])
    run = solve_ivp(
        j2_motion, (0.0, span_s), y0, "DOP853", rtol=3e-13, atol=1e-7, dense_output=True
    )

    def columns(t: NDArray[np.float64], segment: int) -> NDArray[np.float64]:
        return np.column_stack([run.sol(t).T, np.full(t.size, 1000.0)])

    breaks = np.linspace(0.0, span_s, max(2, int(span_s / 400.0)))
    return Trajectory.fit(Epoch.from_tt("2027-03-01T00:00:00TT"), GCRF, breaks, columns, 12)


ORBITS = [
    # a, e, i, argp, f; the last figure: allowed gap of a in m, second order in J2
    pytest.param(7198137.0, 0.0, 98.7, 0.0, 1.1, 25.0, id="sun-synchronous circle"),
    pytest.param(6878137.0, 0.002, 51.6, 40.0, 2.0, 25.0, id="low"),
    pytest.param(7500e3, 0.05, 20.0, 200.0, 4.0, 30.0, id="slightly elliptic"),
    pytest.param(24396e3, 0.7283, 28.5, 178.0, 0.3, 150.0, id="GTO"),
    pytest.param(26554e3, 0.72, 63.4, 270.0, 2.9, 100.0, id="Molniya"),
]


@pytest.mark.parametrize(("a", "e", "i", "argp", "f", "gap_m"), ORBITS)
def test_theory_and_average_of_the_flown_path_agree(
    a: float, e: float, i: float, argp: float, f: float, gap_m: float
) -> None:
    mean = Elements(a, e, math.radians(i), 1.0, math.radians(argp), f)
    r, v = osculating_from_mean(*state_from_elements(mean, MU), MU, RE, J2)
    osculating = elements_from_state(r, v, MU)
    period = 2 * math.pi * math.sqrt(a**3 / MU)
    fit = average(fly(r, v, 5.2 * period), Still(), MU)  # type: ignore[arg-type]
    k = J2 * (RE / a / (1 - e * e)) ** 2
    wanted_ex, wanted_ey = e * math.cos(mean.argp_rad), e * math.sin(mean.argp_rad)
    print(
        f"mean a off {fit.elements.a_m - a:+.2f} m (osculating {osculating.a_m - a:+.0f} m),"
        f" i {fit.elements.i_rad - mean.i_rad:+.2e} rad,"
        f" e {math.hypot(fit.ex - wanted_ex, fit.ey - wanted_ey):.2e},"
        f" raan {fit.elements.raan_rad - 1.0:+.2e}, k^2 {k * k:.1e}"
    )
    assert fit.revolutions == 5
    assert abs(fit.elements.a_m - a) < gap_m
    # second order in J2, taken at perigee where the disturbance is (1 + e)^3 larger
    second = 10.0 * k * k * (1.0 + e) ** 3
    assert abs(fit.elements.i_rad - mean.i_rad) < second
    assert abs(fit.elements.raan_rad - 1.0) < second
    assert abs(fit.ex - wanted_ex) < second
    assert abs(fit.ey - wanted_ey) < second
    # first-order secular rate (Kozai 1959)
    n = math.sqrt(MU / a**3)
    rate = -1.5 * n * k * math.cos(mean.i_rad)
    assert fit.node_rate_rad_s == pytest.approx(rate, rel=10 * k)
    assert abs(fit.i_rate_rad_s) < 10 * n * k * k
    along = math.remainder(
        (fit.elements.argp_rad + fit.elements.true_anomaly_rad) - (mean.argp_rad + f), 2 * math.pi
    )
    assert abs(along) < 10 * second / (1 - e) ** 2


def test_two_revolutions_of_half_a_day_hold_no_daily_terms() -> None:
    # trend, daily terms and a perigee at the ends of the span once told 15 km of a among them
    mean = Elements(26078e3, 0.74, math.radians(62.8), 1.0, math.radians(280.0), 0.56)
    r, v = osculating_from_mean(*state_from_elements(mean, MU), MU, RE, J2)
    fit = average(fly(r, v, 88_000.0), Still(), MU)  # type: ignore[arg-type]
    assert fit.revolutions == 2
    assert fit.span_s > 0.9 * 86400.0
    assert abs(fit.elements.a_m - mean.a_m) < 500.0


@settings(max_examples=40)
@given(
    st.floats(0.0, 0.7),
    st.floats(0.0, math.pi),
    st.floats(0.0, 6.28),
    st.floats(0.0, 6.28),
)
def test_the_transformation_and_its_inverse(e: float, i: float, argp: float, f: float) -> None:
    el = Elements(7.0e6 / (1.0 - e), e, i, 2.0, argp, f)
    r, v = state_from_elements(el, MU)
    back = osculating_from_mean(*mean_from_osculating(r, v, MU, RE, J2), MU, RE, J2)
    assert np.linalg.norm(back[0] - r) < 1e-6
    assert np.linalg.norm(back[1] - v) < 1e-9


@settings(max_examples=40)
@given(st.floats(0.0, 0.6), st.floats(0.0, math.pi), st.floats(0.0, 6.28), st.floats(0.0, 6.28))
def test_osculating_a_follows_from_energy(e: float, i: float, argp: float, f: float) -> None:
    """The J2 motion conserves v^2/2 - mu/r + potential; to first order its mean part is -mu/2a
    plus the average of the potential, so a_osc - a_mean is known without any theory of periods.
    """
    mean = Elements(7.0e6 / (1.0 - e), e, i, 0.5, argp, f)
    r, v = osculating_from_mean(*state_from_elements(mean, MU), MU, RE, J2)
    radius = float(np.linalg.norm(r))
    here = MU * J2 * RE**2 / radius**3 * (1.5 * (r[2] / radius) ** 2 - 0.5)
    p = mean.a_m * (1 - e * e)
    average_potential = (
        MU * J2 * RE**2 / (mean.a_m**3 * (1 - e * e) ** 1.5) * (0.75 * math.sin(i) ** 2 - 0.5)
    )
    energy = 0.5 * float(v @ v) - MU / radius + here
    k = J2 * (RE / p) ** 2
    assert energy == pytest.approx(
        -0.5 * MU / mean.a_m + average_potential, rel=40 * k * k / (1 - e) ** 2
    )


def test_short_and_open_paths_are_refused() -> None:
    r, v = state_from_elements(Elements(7e6, 0.0, 1.0, 0.0, 0.0, 0.0), MU)
    with pytest.raises(InputError, match=r"holds 0\.\d+: coast longer"):
        average(fly(r, v, 3000.0), Still(), MU)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="escapes"):
        mean_from_osculating(r, 2.0 * v, MU, RE, J2)
    with pytest.raises(InputError, match="escapes"):
        average(fly(r, 1.5 * v, 3000.0), Still(), MU)  # type: ignore[arg-type]
