"""What is aimed at: flown in J2 by SciPy, its averages are the target's."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.dynamics.mean import mean_from_osculating
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.nouns import Quantity, Target
from cosmodrome.record.nouns import Elements
from cosmodrome.targets import Bias, Insertion, insertion
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.world import World

RE = 6378137.0
MU, R0, J2 = 3.986004415e14, 6378136.3, 1.0826261738522227e-3
EPOCH = Epoch.from_utc("2027-03-01T06:00:00Z")
TURN = 2.0 * math.pi


def aim(a: float = RE + 820e3, i: float = math.radians(98.71), **more: float) -> Insertion:
    return Insertion(MU, R0, J2, a, more.pop("e", 0.0), i, 0.0, **more)  # type: ignore[arg-type]


def j2_motion(t: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
    x, yy, z = y[:3]
    r = math.sqrt(x * x + yy * yy + z * z)
    k = -1.5 * J2 * MU * R0**2 / r**5
    q = 5.0 * z * z / r**2
    a = -MU / r**3 * y[:3] + k * np.array([(1 - q) * x, (1 - q) * yy, (3 - q) * z])
    return np.concatenate([y[3:], a])


def averages(r: NDArray[np.float64], v: NDArray[np.float64], a: float) -> NDArray[np.float64]:
    """a, i, e cos, e sin, raan at the start, by least squares over 8 revolutions of J2 motion.

    Written anew here, so that the averaging of the package is not its own witness.
    """
    span = 8 * TURN * math.sqrt(a**3 / MU)
    t = np.linspace(0.0, span, 800)
    run = solve_ivp(
        j2_motion, (0, span), np.concatenate([r, v]), "DOP853", t, rtol=1e-12, atol=1e-6
    )
    rows = []
    for y in run.y.T:
        el = elements_from_state(y[:3], y[3:], MU)
        u = el.argp_rad + el.true_anomaly_rad
        rows.append(
            (
                el.a_m,
                el.i_rad,
                el.e * math.cos(el.argp_rad),
                el.e * math.sin(el.argp_rad),
                el.raan_rad,
                u,
            )
        )
    table = np.array(rows)
    u = np.unwrap(table[:, 5])
    table[:, 4] = np.unwrap(table[:, 4])
    design = np.column_stack(
        [np.ones_like(t), t] + [g(k * u) for k in range(1, 5) for g in (np.cos, np.sin)]
    )
    fit, *_ = np.linalg.lstsq(design, table[:, :5], rcond=None)
    out: NDArray[np.float64] = fit[0]
    return out


@pytest.mark.parametrize("inclination", [98.71, 51.6, 90.0, 6.0, 140.0])
@pytest.mark.parametrize("u0", [0.0, 0.7, 1.6, 4.0])
def test_the_flown_averages_are_the_mean_elements_aimed_at(inclination: float, u0: float) -> None:
    i = math.radians(inclination)
    target = aim(i=i)
    r, v = target.state_at(u0, 1.0)
    a, inc, ex, ey, raan = averages(r, v, target.a_mean_m)
    # second order in J2: k^2 = 7e-7, times a = 5 m; the osculating elements swing by 9 km
    print(
        f"i {inclination} u {u0}: a {a - target.a_mean_m:+.2f} m, i {inc - i:+.1e} rad,"
        f" e {math.hypot(ex, ey):.1e}, raan {raan - 1.0:+.1e} rad"
    )
    assert abs(a - target.a_mean_m) < 15.0
    assert abs(inc - i) < 5e-7
    assert math.hypot(ex, ey) < 4e-6
    assert abs(raan - 1.0) < 5e-7


@given(st.floats(0.02, 3.12), st.floats(0.0, TURN), st.floats(0.0, TURN))
def test_the_theory_of_brouwer_sees_the_same_mean_orbit(i: float, u: float, raan: float) -> None:
    target = aim(i=i)
    mean = elements_from_state(*mean_from_osculating(*target.state_at(u, raan), MU, R0, J2), MU)
    assert mean.a_m == pytest.approx(target.a_mean_m, abs=30.0)
    assert mean.i_rad == pytest.approx(i, abs=2e-6)
    assert mean.e < 5e-6
    assert abs(math.remainder(mean.raan_rad - raan, TURN)) < 3e-6 / math.sin(i)


@given(st.floats(0.0, math.pi), st.floats(0.0, TURN), st.floats(0.0, 2e-3), st.floats(0.0, TURN))
def test_point_and_state_agree(i: float, u: float, e: float, argp: float) -> None:
    target = aim(i=i, e=e, argp_rad=argp)
    r, v = target.state_at(u, 0.3)
    at = target.point(math.cos(u), math.sin(u))
    radius = float(np.linalg.norm(r))
    assert radius == pytest.approx(at.radius_m, rel=1e-14)
    assert float(r @ v) / radius == pytest.approx(at.radial_m_s, abs=1e-10)
    h = np.cross(r, v)
    assert float(np.linalg.norm(h)) / radius == pytest.approx(at.transverse_m_s, rel=1e-14)
    found = math.atan2(math.hypot(h[0], h[1]), h[2])
    assert found == pytest.approx(at.inclination_rad % TURN, abs=1e-9)
    # the polynomials of the interface are the same numbers when there is no e
    if e == 0.0:
        (c0, c2), (t0, t2), (i0, i2) = target.radius, target.transverse_velocity, target.inclination
        assert at.radius_m == pytest.approx(c0 + c2 * math.cos(2 * u), rel=1e-15)
        assert at.transverse_m_s == pytest.approx(t0 + t2 * math.cos(2 * u), rel=1e-15)
        assert at.radial_m_s == pytest.approx(target.radial_velocity * math.sin(2 * u), abs=1e-9)
        assert at.inclination_rad == pytest.approx(i0 + i2 * math.cos(2 * u), abs=1e-15)
        assert at.raan_shift_rad == pytest.approx(target.raan_s2 * math.sin(2 * u), abs=1e-18)


@settings(max_examples=8)
@given(
    st.floats(-2e3, 2e3),
    st.floats(-1e-3, 1e-3),
    st.floats(-1e-3, 1e-3),
    st.floats(-1e-3, 1e-3),
)
def test_a_bias_shifts_the_flown_averages_by_itself(
    da: float, dex: float, dey: float, di: float
) -> None:
    target = aim(i=1.1).with_bias(Bias(da, dex, dey, di))
    a, i, ex, ey, _ = averages(*target.state_at(0.9, 1.0), target.a_mean_m)
    # e^2 a = 14 m at the corners
    assert a - target.a_mean_m == pytest.approx(da, abs=35.0)
    assert i - 1.1 == pytest.approx(di, abs=2e-6)
    assert ex == pytest.approx(dex, abs=8e-6)
    assert ey == pytest.approx(dey, abs=8e-6)


def test_biases_add_and_replace() -> None:
    one = Bias(1.0, 2.0, 3.0, 4.0, 5.0) + Bias(1.0, 1.0, 1.0, 1.0, 1.0)
    assert one == Bias(2.0, 3.0, 4.0, 5.0, 6.0)
    twice = aim().with_bias(Bias(9.0)).with_bias(one)
    assert twice.bias == one
    assert twice.a_mean_m == aim().a_mean_m
    assert twice.a_aim_m == aim().a_mean_m + 2.0


def sso(altitude: float = 820e3, **more: object) -> Target:
    return Target(
        "sun-synchronous",
        Quantity(RE + altitude, 5e3),
        Quantity(0.0, 1e-3),
        ltan_s=Quantity(15 * 3600.0, 120.0),
        **more,  # type: ignore[arg-type]
    )


def test_sun_synchronous_from_altitude_and_local_time(shipped_world: World) -> None:
    found = insertion(sso(), EPOCH, shipped_world)
    assert not found.elliptic
    assert found.a_mean_m == RE + 820e3
    assert math.degrees(found.i_mean_rad) == pytest.approx(98.71, abs=0.01)
    assert math.degrees(found.node_rate_rad_s) * 86400 == pytest.approx(0.985647, abs=1e-6)
    # local time 15 h: the node lies 45 deg east of the mean Sun. The mean Sun's longitude from
    # the mean equinox on 2027-03-01 6 h: 280.46062 + 36000.77005 T deg (Meeus 1998, ch. 25,
    # less 20.5 arcsec of aberration, and the equation of the equinoxes below 18 arcsec)
    T = (EPOCH.jd_tt[0] - 2451545.0 + EPOCH.jd_tt[1]) / 36525.0
    sun = 280.46062 + 36000.77005 * T
    raan = found.raan_of(EPOCH)
    assert raan is not None
    assert math.remainder(math.degrees(raan) - sun - 45.0, 360.0) == pytest.approx(0.0, abs=0.012)
    later = found.raan_of(EPOCH + 10 * 86400.0)
    assert later is not None
    assert math.degrees(later - raan) == pytest.approx(9.85647, abs=2e-4)
    shifted = found.with_bias(Bias(draan_rad=0.25)).raan_of(EPOCH)
    assert shifted is not None
    assert shifted - raan == pytest.approx(0.25, abs=1e-12)


def test_circular_with_and_without_a_node(shipped_world: World) -> None:
    target = Target("circular", Quantity(RE + 500e3, 5e3), Quantity(0.0, 1e-3), Quantity(0.9, 1e-3))
    free = insertion(target, EPOCH, shipped_world)
    assert free.raan_of(EPOCH) is None
    assert not free.node_fixed
    assert free.i_mean_rad == 0.9
    fixed = insertion(replace(target, raan_rad=Quantity(6.0, 0.1)), EPOCH, shipped_world)
    assert fixed.node_fixed
    assert fixed.raan_of(EPOCH) == 6.0
    assert fixed.raan_of(EPOCH + 1e6) == 6.0


def test_elliptic_aims_at_the_ellipse_itself(shipped_world: World) -> None:
    rp, ra = RE + 250e3, RE + 35786e3
    a, e = 0.5 * (rp + ra), (ra - rp) / (ra + rp)
    target = Target("elliptic", Quantity(a, 10e3), Quantity(e, 1e-3), Quantity(0.45, 1e-3))
    found = insertion(target, EPOCH, shipped_world)
    assert found.elliptic
    el = elements_from_state(*found.state_at(0.7, 2.0), found.mu)
    assert el.a_m == pytest.approx(a, rel=1e-13)
    assert el.e == pytest.approx(e, abs=1e-13)
    assert el.i_rad == pytest.approx(0.45, abs=1e-13)
    assert el.raan_rad == pytest.approx(2.0, abs=1e-13)
    with pytest.raises(InputError, match="near-circular relations do not hold"):
        found.point(1.0, 0.0)
    turned = insertion(
        replace(target, argument_of_perigee_rad=Quantity(1.5, 0.1)), EPOCH, shipped_world
    )
    assert elements_from_state(*turned.state_at(2.0, 2.0), found.mu).argp_rad == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("i", "unbiased", "biased"),
    # Brouwer (1959): kilometres without, to first order in e with it
    [
        (10.0, 8.28e3, -0.75e3),
        (40.0, 3.29e3, -0.30e3),
        (63.0, -1.66e3, 0.15e3),
        (98.0, -4.09e3, 0.37e3),
    ],
)
def test_a_touching_ellipse_breathes_like_the_circle(
    i: float, unbiased: float, biased: float
) -> None:
    low, high = RE + 600e3, RE + 1500e3

    def too_high_m(target: Insertion) -> float:
        """Mean perigee of a state at the osculating one, over all arguments of perigee."""
        out = []
        for argp in np.arange(16) * math.pi / 8.0:
            r, v = replace(target, argp_rad=float(argp)).state_at(float(argp), 1.0)
            mean = elements_from_state(*mean_from_osculating(r, v, MU, R0, J2), MU)
            out.append(mean.a_m * (1.0 - mean.e) - low)
        return float(np.mean(out))

    a, e = 0.5 * (low + high), (high - low) / (high + low)
    plain = replace(aim(a=a, i=math.radians(i)), e_mean=e, elliptic=True)
    assert too_high_m(plain) == pytest.approx(unbiased, abs=50.0)
    assert too_high_m(plain.breathing()) == pytest.approx(biased, abs=50.0)


def test_kepler_when_there_is_no_oblateness() -> None:
    """With J2 = 0 the relations are a circle, and to first order in e the ellipse."""
    round_earth = replace(aim(), j2=0.0, e_mean=1e-4, argp_rad=0.8)
    r, v = round_earth.state_at(2.0, 1.0)
    el = Elements(round_earth.a_mean_m, 1e-4, round_earth.i_mean_rad, 1.0, 0.8, 1.2)
    r2, v2 = state_from_elements(el, MU)
    assert np.linalg.norm(r - r2) < 3.0 * 1e-8 * 7.2e6
    assert np.linalg.norm(v - v2) < 3.0 * 1e-8 * 7.5e3


def test_the_impossible_is_refused(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match="no Sun-synchronous orbit"):
        insertion(sso(altitude=7000e3), EPOCH, shipped_world)
    with pytest.raises(InputError, match="inside the Earth"):
        insertion(sso(altitude=-100e3), EPOCH, shipped_world)
    with pytest.raises(InputError, match="needs an inclination"):
        insertion(Target("circular", Quantity(7e6, 1.0), Quantity(0.0, 1e-3)), EPOCH, shipped_world)
