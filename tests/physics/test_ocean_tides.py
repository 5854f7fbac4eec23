import json
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.errors import DataError, InputError
from cosmodrome.physics import harmonics, tides
from cosmodrome.physics.ocean_tides import OceanTides, _shares, doodson_rad
from cosmodrome.physics.tide_tables import DIURNAL
from cosmodrome.physics.tide_waves import MAIN, MINOR
from cosmodrome.world.epoch import Epoch

MU, RADIUS = 3.986004415e14, 6_378_136.3
OREKIT = json.loads(
    (Path(__file__).parents[1] / "truth/physics/orekit_forces.json").read_text(encoding="ascii")
)
SHIFT = np.array([0, 5, 5, 5, 5, 5])
FES_LINES = (
    ("055575", 2, 0, (0.06330, 0.0, 0.0, 0.0)),
    ("075555", 2, 0, (-9.80623, -2.87460, 0.0, 0.0)),
    ("165555", 2, 1, (20.22034, 18.62745, -9.55722, -10.28875)),
    ("255555", 3, 1, (-2.97668, 12.33708, 18.47672, 24.89254)),
    ("255555", 2, 2, (-39.36214, 46.75729, 9.57270, 5.24459)),
    ("255555", 30, 30, (0.05785, -0.20805, -0.40369, 0.05493)),
    ("455555", 4, 4, (-0.00469, -0.02672, 0.00985, -0.01877)),
)
HEAD = "Coefficients (unit = 10^-11)\nDoodson Darw  l   m  DelC+  DelS+  DelC-  DelS-\n"


def write(folder, text):
    path = folder / "fes2004_Cnm-Snm.dat"
    path.write_text(text, encoding="ascii")
    return path


def test_doodson_and_delaunay_are_two_ways_to_one_argument():
    rng = np.random.default_rng(1)
    gmst, delaunay = rng.uniform(0, 6, 4), rng.uniform(0, 6, (4, 5))
    beta = doodson_rad(gmst, delaunay)
    # O1 is 145.555 (l, l', F, D, Omega = 0 0 2 0 2), psi1 166.554 (0 -1 0 0 0): table 6.5a
    for multipliers, deg_h in (((1, -1, 0, 0, 0, 0), 13.94303), ((1, 1, 1, 0, 0, -1), 15.08214)):
        line = DIURNAL[np.argmin(np.abs(DIURNAL[:, 0] - deg_h))]
        want = gmst + np.pi - delaunay @ line[1:6]
        np.testing.assert_allclose(beta @ np.array(multipliers), want, atol=1e-12)


def test_one_wave_by_hand(tmp_path):
    # M2 (255.555) on degree 2, order 2
    path = write(tmp_path, HEAD + "255.555 M2   2   2   -3.0   1.0   0.5   -0.25\n")
    ocean = OceanTides.read(path, 4, admittance=False)
    assert ocean.degree == 2
    np.testing.assert_array_equal(ocean.waves, [[2, 0, 0, 0, 0, 0]])
    gmst, delaunay = np.array([0.4]), np.array([[0.1, 0.2, 0.3, 0.4, 0.5]])
    theta = 2.0 * (0.4 + np.pi - (0.3 + 0.5))
    # eq. 6.15: dC - i dS = (C+ - i S+) exp(i theta) + (C- + i S-) exp(-i theta)
    want = 1e-11 * ((-3.0 - 1.0j) * np.exp(1j * theta) + (0.5 - 0.25j) * np.exp(-1j * theta))
    dC, dS = ocean.corrections(gmst, delaunay)
    assert dC[0, 2, 2] - 1j * dS[0, 2, 2] == pytest.approx(want, rel=1e-12)
    assert np.count_nonzero(dC) == np.count_nonzero(dS) == 1


@pytest.mark.truth
def test_against_orekit_reading_the_same_file(tmp_path, shipped_world):
    ocean = OceanTides.read(write(tmp_path, "\n".join(OREKIT["fes"]) + "\n"), 6, admittance=False)
    assert (ocean.degree, ocean.waves.shape) == (6, (5, 6))
    for row in OREKIT["states"]:
        epoch = Epoch.from_utc(row["epoch"])
        dC, dS = tides.corrections(
            shipped_world, epoch, np.zeros(1), solid=False, pole=False, ocean=ocean
        )
        turn = shipped_world.orientation.itrf_from_gcrf(epoch).matrix
        a = turn.T @ harmonics.acceleration(turn @ np.array(row["r_m"]), MU, RADIUS, dC[0], dS[0])
        want = np.array(row["ocean"])
        # measured: 7e-10
        assert np.linalg.norm(a - want) < 3e-9 * np.linalg.norm(want)


def test_a_higher_degree_makes_room(tmp_path, shipped_world):
    ocean = OceanTides.read(write(tmp_path, "\n".join(OREKIT["fes"]) + "\n"), 6)
    epoch = Epoch.from_utc("2025-01-03T18:40:12Z")
    whole = tides.corrections(shipped_world, epoch, np.zeros(2), ocean=ocean)
    solid = tides.corrections(shipped_world, epoch, np.zeros(2))
    assert whole[0].shape == (2, 7, 7)
    alone = tides.corrections(
        shipped_world, epoch, np.zeros(2), solid=False, pole=False, ocean=ocean
    )
    np.testing.assert_allclose(whole[0][:, :5, :5] - alone[0][:, :5, :5], solid[0], atol=1e-24)


def test_a_lower_degree_cuts(tmp_path):
    path = write(tmp_path, "\n".join(OREKIT["fes"]) + "\n")
    high, low = OceanTides.read(path, 6), OceanTides.read(path, 3)
    np.testing.assert_array_equal(low.C_plus, high.C_plus[:, :4, :4])
    # the motion of the geocentre is no change of the field
    assert np.all(high.C_plus[:, :2] == 0.0)


def test_fes2004_as_printed():
    # lines of fes2004_Cnm-Snm.dat, IERS Conventions 2010, chapter 6, of 2011-09-23
    fes = OceanTides.shipped(30)
    assert fes.C_plus.shape == (18, 31, 31)
    waves = ["".join(str(int(k)) for k in w + SHIFT) for w in fes.waves]
    for wave, n, m, printed in FES_LINES:
        k = waves.index(wave)
        held = [part[k, n, m] for part in (fes.C_plus, fes.S_plus, fes.C_minus, fes.S_minus)]
        np.testing.assert_allclose(held, 1e-11 * np.array(printed), atol=1e-20)
    # what is not held by a triangle, or is no change of the field
    assert np.all(np.triu(np.ones((31, 31)), 1) * fes.C_plus == 0.0)
    assert np.all(fes.C_plus[:, :2] == 0.0)
    low = OceanTides.shipped(5)
    np.testing.assert_array_equal(low.S_minus, fes.S_minus[:, :6, :6])
    for degree in (1, 31):
        with pytest.raises(InputError, match="from 2 to 30"):
            OceanTides.shipped(degree)


def test_minor_waves_follow_the_main_ones():
    fes = OceanTides.shipped(10)
    assert fes.minor.shape == (112, 6)
    rates = np.array([14.49205212, 0.54901653, 0.04106864, 0.00464183, 0.00220641, 0.00000196])
    speed, small = fes.waves @ rates, fes.minor @ rates
    # all shares times the amplitudes are the minor wave's amplitude and first moment
    numbers = ["".join(str(int(k)) for k in w + SHIFT) for w in fes.waves]
    h = np.array([MAIN.get(n, 0.0) for n in numbers])
    minor = [MINOR["".join(str(int(k)) for k in w + SHIFT)] for w in fes.minor]
    np.testing.assert_allclose(fes.shares @ h, minor, rtol=1e-12)
    np.testing.assert_allclose(fes.shares @ (h * speed), minor * small, rtol=1e-10, atol=1e-14)
    # never out of the band
    outside = fes.waves[:, 0][None] != fes.minor[:, 0][:, None]
    assert np.all(fes.shares[outside] == 0.0)


@pytest.mark.parametrize(
    # waves that FES2004 knows, found from the two beside them; measured 3.4 %, 4.9 % and 7.4 %
    ("wave", "others", "limit"),
    [
        ("163555", ("145555", "165555"), 0.05),
        ("273555", ("255555", "275555"), 0.07),
        ("085455", ("075555", "093555"), 0.10),
    ],
)
def test_admittance_finds_tabulated_waves(wave, others, limit):
    fes = OceanTides.shipped(10)
    numbers = ["".join(str(int(k)) for k in w + SHIFT) for w in fes.waves]
    _, shares = _shares(list(others), {wave: MAIN[wave]})
    parts = np.stack([fes.C_plus, fes.S_plus, fes.C_minus, fes.S_minus])
    want = parts[:, numbers.index(wave)]
    got = np.tensordot(parts[:, [numbers.index(n) for n in others]], shares[0], axes=(1, 0))
    assert np.linalg.norm(got - want) < limit * np.linalg.norm(want)


def test_minor_waves_summed_one_by_one():
    fes = OceanTides.shipped(4)
    gmst, delaunay = np.array([0.7, 2.0]), np.array([[0.1, 0.2, 0.3, 0.4, 0.5], [5, 4, 3, 2, 1.0]])
    beta = doodson_rad(gmst, delaunay)
    plus, minus = fes.C_plus - 1j * fes.S_plus, fes.C_minus + 1j * fes.S_minus
    want = np.zeros((2, 5, 5), dtype=complex)
    waves = [(w, np.eye(18)[k]) for k, w in enumerate(fes.waves)]
    for w, share in [*waves, *zip(fes.minor, fes.shares, strict=True)]:
        turn = np.exp(1j * (beta @ w))[:, None, None]
        want += turn * np.tensordot(share, plus, 1) + np.tensordot(share, minus, 1) / turn
    dC, dS = fes.corrections(gmst, delaunay)
    np.testing.assert_allclose(dC - 1j * dS, want, rtol=1e-10, atol=1e-24)


def test_fes2004_has_the_size_of_ocean_tides(shipped_world):
    # Petit & Luzum (2010), 6.3: ocean tides are some 15 % of the solid tides' effect on an orbit
    epoch = Epoch.from_utc("2024-05-10T00:00:00Z")
    t = np.arange(0.0, 30 * 86_400.0, 3_600.0)
    ocean = tides.corrections(shipped_world, epoch, t, solid=False, pole=False, ocean=2)
    solid = tides.corrections(shipped_world, epoch, t, pole=False)
    size = [np.sqrt(np.mean(sum(x[:, 2, 2] ** 2 for x in pair))) for pair in (ocean, solid)]
    assert 0.05 < size[0] / size[1] < 0.25


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("nothing here\n", "no line of coefficients"),
        ("255.555 M2 2 2 1 1 1 1\n", "unit = 10"),
        (HEAD + "255.555 M2 2 2 1 1 1\n", "cannot read the line '255.555 M2 2 2 1 1 1'"),
        (HEAD + "255.555 M2 2 2 1 1 1 1\nand so on\n", "cannot read the line 'and so on'"),
    ],
)
def test_files_that_are_refused(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        OceanTides.read(write(tmp_path, text))


def test_what_else_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"give the IERS file fes2004_Cnm-Snm\.dat"):
        OceanTides.read(tmp_path / "missing.dat")
    with pytest.raises(InputError, match="begin at 2"):
        OceanTides.read(write(tmp_path, HEAD), 1)
    binary = tmp_path / "binary.dat"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not text"):
        OceanTides.read(binary)
