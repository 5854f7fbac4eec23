import json
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.physics import relativity
from cosmodrome.world.bodies import AU_M, C_M_S, SUN
from cosmodrome.world.epoch import Epoch

MU = 3.986004415e14
OREKIT = json.loads(
    (Path(__file__).parents[1] / "truth/physics/orekit_forces.json").read_text(encoding="ascii")
)


def error(got, want):
    return np.linalg.norm(got - want) / np.linalg.norm(want)


@pytest.mark.truth
@pytest.mark.parametrize("row", OREKIT["states"])
def test_against_orekit(shipped_world, row):
    r, v = np.array([row["r_m"]]), np.array([row["v_m_s"]])
    epoch = Epoch.from_utc(row["epoch"])
    assert error(relativity.schwarzschild(r, v, MU)[0], row["schwarzschild"]) < 1e-15
    axis = shipped_world.orientation.itrf_from_gcrf(epoch).matrix[2]
    spin = relativity.EARTH_SPIN_M2_S * axis
    # measured: 5e-10, the pole of Orekit
    assert error(relativity.lense_thirring(r, v, MU, spin)[0], row["lense_thirring"]) < 3e-9


@pytest.mark.truth
@pytest.mark.parametrize("row", OREKIT["states"])
def test_de_sitter_against_orekit(shipped_world, row):
    # Orekit 13.1 takes the Earth's place and velocity in axes of the Sun's equator, the
    # satellite's velocity in GCRF, and crosses the two; given the same mixture we get its numbers
    epoch, v = Epoch.from_utc(row["epoch"]), np.array([row["v_m_s"]])
    sun = shipped_world.ephemeris.position_m("sun", epoch)
    sun_v = shipped_world.ephemeris.velocity_m_s("sun", epoch)
    ra, dec = np.radians([286.13, 63.87])  # the Sun's pole (IAU WGCCRE)
    pole = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    node = np.array([-np.sin(ra), np.cos(ra), 0.0])
    axes = np.stack([node, np.cross(pole, node), pole])
    mixed = relativity.de_sitter(v, (axes @ sun)[None], (axes @ sun_v)[None], SUN.mu_m3_s2)
    assert error(mixed[0], row["de_sitter"]) < 1e-12
    ours = relativity.de_sitter(v, sun[None], sun_v[None], SUN.mu_m3_s2)
    assert error(ours[0], row["de_sitter"]) > 0.05


def test_geodesic_precession_is_19_milliarcseconds_a_year():
    # de Sitter (1916); 1.92 arcsec a century. The term is a Coriolis force: a = 2 Omega x v
    speed = np.sqrt(SUN.mu_m3_s2 / AU_M)
    sun, sun_v = np.array([[AU_M, 0.0, 0.0]]), np.array([[0.0, speed, 0.0]])
    v = np.array([[7_500.0, 0.0, 0.0]])
    a = relativity.de_sitter(v, sun, sun_v, SUN.mu_m3_s2)[0]
    rate = a[1] / (2.0 * 7_500.0)
    assert a[0] == a[2] == 0.0
    per_century = np.degrees(rate * 36_525.0 * 86_400.0) * 3_600.0
    assert per_century == pytest.approx(1.92, abs=0.005)


def secular(acceleration, r, v, mu, revolutions=1):
    """Change a revolution of argument of perigee and node by Gauss's equations, rad."""
    h_vec = np.cross(r, v)
    h = np.linalg.norm(h_vec)
    e_vec = np.cross(v, h_vec) / mu - r / np.linalg.norm(r)
    e, p = np.linalg.norm(e_vec), h * h / mu
    P, W = e_vec / e, h_vec / h
    Q = np.cross(W, P)
    f = np.linspace(0.0, 2.0 * np.pi, 721)[:-1]
    radius = p / (1.0 + e * np.cos(f))
    place = radius[:, None] * (np.cos(f)[:, None] * P + np.sin(f)[:, None] * Q)
    speed = mu / h * (-np.sin(f)[:, None] * P + (e + np.cos(f))[:, None] * Q)
    a = acceleration(place, speed)
    R = place / radius[:, None]
    T = np.cross(W, R)
    a_r, a_t, a_w = np.sum(a * R, 1), np.sum(a * T, 1), a @ W
    inclination = np.arccos(W[2])
    node = np.array([-W[1], W[0], 0.0]) / np.hypot(W[0], W[1])
    u = f + np.arctan2(P @ np.cross(W, node), P @ node)
    dt = radius**2 / h
    d_node = dt * radius * np.sin(u) / (h * np.sin(inclination)) * a_w
    d_omega = (
        dt / (e * h) * (-p * np.cos(f) * a_r + (p + radius) * np.sin(f) * a_t)
        - np.cos(inclination) * d_node
    )
    step = 2.0 * np.pi / 720.0
    return np.sum(d_omega) * step, np.sum(d_node) * step


def lageos():
    # a = 12,270 km, e = 0.0045, i = 109.84 deg (Ciufolini & Pavlis 2004, Nature 431:958)
    a, e, i = 12_270e3, 0.0045, np.radians(109.84)
    r = a * (1.0 - e) * np.array([1.0, 0.0, 0.0])
    v = np.sqrt(MU / a * (1.0 + e) / (1.0 - e)) * np.array([0.0, np.cos(i), np.sin(i)])
    # turned in its plane, so that neither node nor perigee is special
    turn = np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]])
    revolutions = 365.25 * 86_400.0 / (2.0 * np.pi * np.sqrt(a**3 / MU))
    return a, e, i, turn @ r, turn @ v, revolutions


def test_schwarzschild_turns_the_perigee():
    # 6 pi mu / (c^2 a (1 - e^2)) a revolution (Einstein 1915); 3.28 arcsec a year for LAGEOS
    a, e, _, r, v, revolutions = lageos()
    d_omega, d_node = secular(lambda x, y: relativity.schwarzschild(x, y, MU), r, v, MU)
    assert d_omega == pytest.approx(6.0 * np.pi * MU / (C_M_S**2 * a * (1 - e * e)), rel=1e-9)
    assert abs(d_node) < 1e-20
    assert np.degrees(d_omega * revolutions) * 3_600.0 == pytest.approx(3.28, abs=0.005)


def test_lense_thirring_turns_the_node_of_lageos():
    # 31 mas a year (Ciufolini & Pavlis 2004): 2 G J / (c^2 a^3 (1 - e^2)^1.5)
    a, e, i, r, v, revolutions = lageos()
    spin = np.array([0.0, 0.0, relativity.EARTH_SPIN_M2_S])
    d_omega, d_node = secular(lambda x, y: relativity.lense_thirring(x, y, MU, spin), r, v, MU)
    rate = 2.0 * MU * spin[2] / (C_M_S**2 * a**3 * (1.0 - e * e) ** 1.5)
    period = 2.0 * np.pi * np.sqrt(a**3 / MU)
    assert d_node == pytest.approx(rate * period, rel=1e-9)
    # and the perigee by -3 cos i times as much (Lense & Thirring 1918)
    assert d_omega == pytest.approx(-3.0 * np.cos(i) * rate * period, rel=1e-6)
    assert np.degrees(d_node * revolutions) * 3.6e6 == pytest.approx(31.0, abs=0.5)
