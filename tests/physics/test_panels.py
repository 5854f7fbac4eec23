import json
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.physics import drag, panels, radiation
from cosmodrome.physics.panels import Panel
from cosmodrome.world.epoch import Epoch

OREKIT = json.loads(
    (Path(__file__).parents[1] / "truth/physics/orekit_forces.json").read_text(encoding="ascii")
)
FACES = (
    ((1, 0, 0), 4.0), ((-1, 0, 0), 4.0), ((0, 1, 0), 3.0), ((0, -1, 0), 3.0), ((0, 0, 1), 2.0),
    ((0, 0, -1), 2.0),
)  # fmt: skip
BOX = [Panel(area, normal, 0.3, 0.2) for normal, area in FACES]
ARRAY = Panel(20.0, specular=0.2, diffuse=0.1, tracking="sun", axis=(0, 1, 0))
PLAIN = np.eye(3)[None]


def toward(*v):
    return np.array([v]) / np.linalg.norm(v)


@pytest.mark.truth
@pytest.mark.parametrize("row", OREKIT["states"])
def test_against_orekit(shipped_world, row):
    # box with a turning solar array; Orekit's "absorption" and "reflection" leave the diffuse rest
    axes = np.array(OREKIT["body_from_gcrf"])[None]
    r, v = np.array([row["r_m"]]), np.array([row["v_m_s"]])
    d = shipped_world.ephemeris.position_m("sun", Epoch.from_utc(row["epoch"])) - r
    s = d / np.linalg.norm(d)
    light = panels.radiation_force([*BOX, ARRAY], axes, s, np.ones(1))[0]
    # measured: 8e-12, the place of the Sun
    np.testing.assert_allclose(light, row["panels_unit_pressure"], rtol=0, atol=3e-10)
    air = panels.drag_force(BOX, axes, s, v, np.array([1e-12]), 2.2)[0]
    want = np.array(row["box_drag"])
    assert np.linalg.norm(air - want) < 1e-14 * np.linalg.norm(want)


def sphere(specular, diffuse, n=20_000):
    """A ball of 1 m^2 cross-section as equal flat plates (Fibonacci's lattice)."""
    k = np.arange(n) + 0.5
    z, turn = 1.0 - 2.0 * k / n, np.pi * (1.0 + np.sqrt(5.0)) * k
    ring = np.sqrt(1.0 - z * z)
    return [
        Panel(4.0 / n, tuple(normal), specular, diffuse)
        for normal in np.stack([ring * np.cos(turn), ring * np.sin(turn), z], axis=1)
    ]


@pytest.mark.parametrize(
    # a ball feels P A Cr away from the Sun: Cr = 1 absorbing, 1 mirror, 1 + 4/9 diffuse
    # (Milani, Nobili & Farinella 1987)
    ("specular", "diffuse", "cr"),
    [(0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 13.0 / 9.0), (0.2, 0.3, 1.0 + 0.3 * 4.0 / 9.0)],
)
def test_a_ball_of_plates(specular, diffuse, cr):
    s = toward(0.3, -0.6, 0.7)
    force = panels.radiation_force(sphere(specular, diffuse, 4_000), PLAIN, s, np.ones(1))
    # measured: 2e-4 with these 4,000 plates
    np.testing.assert_allclose(force, -cr * s, atol=6e-4)


def test_a_ball_in_the_air_and_in_the_light_is_the_cannonball():
    u, rho, s = np.array([[7_500.0, 100.0, -300.0]]), np.array([3e-12]), toward(1.0, 0.0, 0.0)
    plates = sphere(0.0, 0.0, 4_000)
    force = panels.drag_force(plates, PLAIN, s, u, rho, 2.2)
    want = drag.acceleration(np.zeros((1, 3)), u, rho, np.zeros(3), 2.2 * 1.0)
    np.testing.assert_allclose(force, want, rtol=6e-4)
    d = np.array([[1.2e11, 5e10, 2e10]])
    size = np.linalg.norm(d, axis=1)
    p = panels.pressure(4.54e-6, 1.495978707e11, size)
    light = panels.radiation_force(plates, PLAIN, d / size[:, None], p)
    want = radiation.acceleration(np.zeros((1, 3)), d, 1.0, 1.0, 4.54e-6, 1.495978707e11)
    np.testing.assert_allclose(light, want, rtol=1e-3)


def test_one_plate_by_hand():
    # square to the Sun: (1 + rho_s + 2/3 rho_d) P A; edge on and from behind nothing
    plate = [Panel(2.0, (0, 0, 5), 0.3, 0.6)]
    pressure = np.array([4e-6])
    face = panels.radiation_force(plate, PLAIN, toward(0, 0, 1), pressure)
    np.testing.assert_allclose(face, [[0, 0, -2.0 * 4e-6 * (1.0 + 0.3 + 0.4)]], rtol=1e-15)
    for s in ((1, 0, 0), (0, 0, -1), (0.6, 0, -0.8)):
        assert np.all(panels.radiation_force(plate, PLAIN, toward(*s), pressure) == 0.0)
    # a mirror at 45 deg pushes along its normal only
    mirror = panels.radiation_force([Panel(1.0, (0, 0, 1), 1.0)], PLAIN, toward(1, 0, 1), pressure)
    np.testing.assert_allclose(mirror, [[0, 0, -4e-6]], atol=1e-20)


def test_tracking_plates():
    rng = np.random.default_rng(3)
    s = rng.normal(size=(50, 3))
    s /= np.linalg.norm(s, axis=1, keepdims=True)
    axes = np.linalg.qr(rng.normal(size=(50, 3, 3)))[0]
    free = panels.normals(Panel(1.0, tracking="sun"), axes, s)
    np.testing.assert_array_equal(free, s)
    axis = np.array([0.6, 0.0, 0.8])
    n = panels.normals(Panel(1.0, tracking="sun", axis=(3.0, 0.0, 4.0)), axes, s)
    a = np.einsum("nij,i->nj", axes, axis)
    np.testing.assert_allclose(np.linalg.norm(n, axis=1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(np.sum(n * a, axis=1), 0.0, atol=1e-14)
    # of all turns about the axis this one sees most of the Sun
    best = np.sum(n * s, axis=1)
    for angle in (0.1, -0.1, 1.0, 3.0):
        turned = np.cos(angle) * n + np.sin(angle) * np.cross(a, n)
        assert np.all(np.sum(turned * s, axis=1) < best + 1e-14)


def test_the_sun_on_the_axis_leaves_no_force():
    plate = Panel(3.0, tracking="sun", axis=(0, 0, 1))
    force = panels.radiation_force([plate], PLAIN, toward(0, 0, 1), np.ones(1))
    assert np.all(force == 0.0)
    # and nothing jumps on the way there
    near = panels.radiation_force([plate], PLAIN, toward(1e-9, 0, 1), np.ones(1))
    assert np.linalg.norm(near) < 1e-8


@pytest.mark.parametrize(
    ("bad", "match"),
    [
        ({"area_m2": -1.0}, "-1.0 m"),
        ({"area_m2": float("nan")}, "nan m"),
        ({"area_m2": 1.0, "specular": 0.7, "diffuse": 0.4}, "absorbed"),
        ({"area_m2": 1.0, "diffuse": -0.1}, "absorbed"),
        ({"area_m2": 1.0, "normal": (0, 0, 0)}, "no direction"),
        ({"area_m2": 1.0, "axis": (0, 0, 0)}, "no direction"),
        ({"area_m2": 1.0, "tracking": "moon"}, "'moon'"),
    ],
)
def test_panels_that_are_refused(bad, match):
    with pytest.raises(InputError, match=match):
        Panel(**bad)
