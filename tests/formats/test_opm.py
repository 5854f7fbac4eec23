"""OPM: valid messages read, broken ones are refused with their line, and round trips are equal."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import MissionFileError
from cosmodrome.formats import opm
from cosmodrome.world.epoch import Epoch

TRUTH = Path(__file__).parent.parent / "truth" / "ccsds"


@pytest.mark.parametrize(
    "name",
    [
        "OPMExample1.txt",
        "OPMExample2.txt",
        "OPMExample3.txt",
        "OPMExample4.txt",
        "OPMExample5.txt",
        "OPMExamplePartialManeuver.txt",
        "OPM-dummy-emb.txt",
    ],
)
def test_valid_messages_read_back_equal(name: str) -> None:
    message = opm.read(TRUTH / name)
    assert opm.loads(opm.dumps(message)) == message


def test_values_are_those_of_the_file_in_si() -> None:
    m = opm.read(TRUTH / "OPMExample2.txt")
    # printed: X = 6655.9942 km, X_DOT = 3.11548208 km/s, a = 41399.5123 km, i = 0.117746 deg
    assert m.r_m == (6655994.2, -40218575.1, -82917.7)
    assert m.v_m_s == (3115.48208, 470.42605, -1.01495)
    assert m.epoch == Epoch.from_utc("2006-06-03T00:00:00Z")
    assert m.keplerian is not None
    assert m.keplerian.a_m == 41399512.3
    assert m.keplerian.i_rad == pytest.approx(math.radians(0.117746), rel=1e-15)
    assert m.keplerian.anomaly == "true"
    assert m.keplerian.mu_m3_s2 == 3.986004415e14
    assert (m.mass_kg, m.solar_area_m2, m.drag_coefficient) == (1913.0, 10.0, 2.3)
    first, second = m.maneuvers
    assert first.dv_m_s == (-23.257, 16.8316, -8.93444)
    assert (first.duration_s, first.delta_mass_kg, first.frame) == (132.6, -18.418, "J2000")
    assert (second.duration_s, second.frame) == (0.0, "RTN")


def test_the_printed_elements_and_state_of_a_message_agree() -> None:
    # an independent road through the file: the vis-viva energy of the printed state
    # (CCSDS 502.0-B, figure 3-2) against its printed semi-major axis
    m = opm.read(TRUTH / "OPMExample2.txt")
    assert m.keplerian is not None
    r, v = np.linalg.norm(m.r_m), np.linalg.norm(m.v_m_s)
    a = 1.0 / (2.0 / r - v**2 / m.keplerian.mu_m3_s2)
    assert a == pytest.approx(m.keplerian.a_m, rel=2e-6)


def test_covariance_units() -> None:
    m = opm.read(TRUTH / "OPMExample4.txt")
    assert m.covariance is not None
    # printed in km^2, km^2/s, km^2/s^2: each is 1e6 in m
    assert m.covariance[0][0] == pytest.approx(333.1349476038534, rel=1e-15)
    assert m.covariance[5][2] == m.covariance[2][5] == pytest.approx(3.540310904497689e-1)
    assert m.covariance_frame == "RTN"
    assert m.user_defined == (("USER_DEFINED_OBJ1_TIME_LASTOB_START", "2020-01-29T13:30:00"),)


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("OPM-incompatible-units.txt", 20, "fixes the unit of SOLAR_RAD_AREA to 'm**2', not 's'"),
        ("OPM-wrong-keyword.txt", 11, "WRONG_KEYWORD is not a keyword"),
        ("OPM-unknown-frame.txt", 7, "'ZZRF'"),
        ("OPM-unknown-frame-mapper.txt", 12, "'ZZRF'"),
        ("OPM-frame-mapper-gcrf.txt", 42, "'ZZRF'"),
        ("OPM-number-format-error.txt", 8, "'MET'"),
        ("OPMExample6.txt", 13, "'GMST'"),
    ],
)
def test_broken_messages_are_refused_with_their_line(name: str, line: int, says: str) -> None:
    with pytest.raises(MissionFileError) as e:
        opm.read(TRUTH / name)
    assert (e.value.faults[0].file, e.value.faults[0].line) == (name, line)
    assert says in str(e.value)


GOOD = (TRUTH / "OPMExample2.txt").read_text()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("CCSDS_OPM_VERS    = 3.0", "CCSDS_OEM_VERS = 2.0", "does not begin with CCSDS_OPM_VERS"),
        ("Z                 =    -82.9177        [km]\n", "", "Z must stand above"),
        ("MASS              =", "MASS = 1\nMASS =", "stands twice"),
        ("GM                =  398600.4415       [km**3/s**2]\n", "", "missing: GM"),
        ("TRUE_ANOMALY      =      41.922339     [deg]\n", "", "carry one anomaly, read 0"),
        ("6655.9942", "abc", "not a finite number"),
        ("[km/s]", "[m/s]", "fixes the unit of X_DOT to 'km/s', not 'm/s'"),
        ("2006-06-03T00:00:00.000", "2006-06-03", "instant"),
        ("=     -18.418", "= 18.418", "cannot add mass"),
        ("MAN_DV_1          =      -0.02325700   [km/s]\n", "", "MAN_DV_1 must stand above"),
        ("ORIGINATOR        = GSOC\n", "", "ORIGINATOR must stand above"),
        ("DRAG_COEFF", "DRAG_COEF", "Did you mean 'DRAG_COEFF'"),
    ],
)
def test_single_faults_are_named(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(MissionFileError, match=says.replace("*", r"\*")):
        opm.loads(GOOD.replace(old, new))


def test_parts_that_need_each_other() -> None:
    short = (TRUTH / "OPMExample1.txt").read_text()
    with pytest.raises(MissionFileError, match="begins with MAN_EPOCH_IGNITION"):
        opm.loads(short + "MAN_DURATION = 3\n")
    with pytest.raises(MissionFileError, match="anomaly without elements"):
        opm.loads(short + "MEAN_ANOMALY = 3\n")
    with pytest.raises(MissionFileError, match="covariance frame without"):
        opm.loads(short + "COV_REF_FRAME = RTN\n")
    with pytest.raises(MissionFileError, match="missing: CY_X"):
        opm.loads(short + "CX_X = 3\n")


numbers = st.floats(-1e11, 1e11, allow_nan=False).filter(lambda x: x == 0.0 or abs(x) > 1e-9)
vectors = st.tuples(numbers, numbers, numbers)


@given(
    vectors,
    vectors,
    st.floats(0.1, 1e6),
    st.integers(-800_000_000_000_000_000, 1_800_000_000_000_000_000),
    st.sampled_from(["UTC", "TAI", "TT", "GPS"]),
    st.floats(0.0, 0.9),
    st.floats(0.0, 6.28),
)
def test_what_is_written_reads_back_equal(
    r: opm.Vector, v: opm.Vector, mass: float, ns: int, system: str, e: float, angle: float
) -> None:
    epoch = Epoch(ns)
    if system == "UTC" and ns < -880_000_000_000_000_000:
        return
    written = opm.Opm(
        "COSMODROME",
        "2027-03-01T00:00:00",
        "Метеор",
        "2027-001A",
        "EARTH",
        "GCRF",
        system,
        epoch,
        r,
        v,
        keplerian=opm.Keplerian(7.2e6, e, angle / 2, angle, angle, "mean", angle, 3.986e14),
        mass_kg=mass,
        maneuvers=(opm.Maneuver(epoch, "RTN", v),),
    )
    back = opm.loads(opm.dumps(written))
    assert back.epoch == written.epoch
    assert back.maneuvers[0].ignition == epoch
    # 16 printed digits; angles pass through degrees, two more roundings
    assert np.allclose(back.r_m, r, rtol=6e-16, atol=0.0)
    assert np.allclose(back.v_m_s, v, rtol=6e-16, atol=0.0)
    assert back.mass_kg == pytest.approx(mass, rel=6e-16)
    assert back.keplerian is not None
    assert back.keplerian.raan_rad == pytest.approx(angle, rel=2e-15)
    assert back.keplerian.e == pytest.approx(e, rel=6e-16)


def test_files_are_written_and_read(tmp_path: Path) -> None:
    message = opm.read(TRUTH / "OPMExample4.txt")
    opm.write(message, tmp_path / "a.opm")
    assert opm.read(tmp_path / "a.opm") == message
