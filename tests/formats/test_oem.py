"""OEM: valid messages read, broken ones are refused with their line, and round trips are equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import FrameMismatchError, MissionFileError
from cosmodrome.formats import oem
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, ITRF

TRUTH = Path(__file__).parent.parent / "truth" / "ccsds"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("OEMExample1.txt", [4, 4, 5]),
        ("OEMExample3.txt", [3, 3, 3]),
        ("OEMExample4.txt", [3]),
        ("OEMExample5ITRF.txt", [49]),
        ("OEMExample8.txt", [4, 4]),
        ("oemLowerCaseValue.oem", [6]),
        ("test_cov.oem", [2]),
        ("ISS.resampled.truncated.txt", [25]),
    ],
)
def test_valid_messages_read_and_read_back_equal(name: str, lines: list[int]) -> None:
    message = oem.read(TRUTH / name)
    assert [len(s.points) for s in message.segments] == lines
    again = oem.loads(oem.dumps(message))
    assert [s.points[0].epoch for s in again.segments] == [
        s.points[0].epoch for s in message.segments
    ]
    for a, b in zip(message.segments, again.segments, strict=True):
        # 16 digits of the largest coordinate: half a unit in the 16th digit
        assert np.allclose(a.r_m, b.r_m, rtol=6e-16, atol=0.0)
        assert np.allclose(a.v_m_s, b.v_m_s, rtol=6e-16, atol=0.0)
        assert a.covariances == b.covariances
        assert (a.metadata_comments, a.comments) == (b.metadata_comments, b.comments)
        assert (a.interpolation, a.interpolation_degree, a.useable) == (
            b.interpolation,
            b.interpolation_degree,
            b.useable,
        )


def test_values_are_those_of_the_file_in_si() -> None:
    message = oem.read(TRUTH / "OEMExample1.txt")
    first, *_, last = message.segments
    # printed: 1996-12-18T12:00:00.331 2789.619 -280.045 -1746.755 4.73372 -2.49586 -1.04195
    assert first.points[0].r_m == (2789619.0, -280045.0, -1746755.0)
    assert first.points[0].v_m_s == (4733.72, -2495.86, -1041.95)
    assert first.points[0].epoch == Epoch.from_utc("1996-12-18T12:00:00.331Z")
    assert (first.object_name, first.center) == ("MARS GLOBAL SURVEYOR", "MARS BARYCENTER")
    assert (first.interpolation, first.interpolation_degree) == ("HERMITE", 7)
    # printed there: accelerations 0.001 0.001 0.001 km/s^2 on one line of the second segment
    second = oem.read(TRUTH / "OEMExampleWithHeaderComment.txt").segments[1]
    assert second.points[0].a_m_s2 == (1.0, 1.0, 1.0)
    assert second.points[1].a_m_s2 is None
    # printed: 3.3313494e-04 and, last, 6.2244443e-10, km^2
    c = last.covariances[0]
    assert c.matrix[0][0] == pytest.approx(333.13494, rel=1e-15)
    assert c.matrix[5][5] == pytest.approx(6.2244443e-4, rel=1e-15)
    assert np.array_equal(np.array(c.matrix), np.array(c.matrix).T)


BROKEN = [
    ("OEM-covariance-number-format-error.txt", 52, "not a finite number"),
    ("OEM-ephemeris-number-format-error.txt", 44, "not a finite number"),
    ("OEM-inconsistent-time-systems.txt", 33, "'TCG'"),
    ("OEM-keyword-within-covariance.txt", 91, "six rows"),
    ("OEM-keyword-within-ephemeris.txt", 24, "cannot stand among ephemeris lines"),
    ("OEM-too-few-covariance-columns.txt", 55, "has 5 numbers, read 4"),
    ("OEM-too-large-covariance-dimension.txt", 91, "six rows"),
    ("OEM-too-many-covariance-columns.txt", 51, "has 1 numbers, read 6"),
    ("OEM-too-small-covariance-dimension.txt", 89, "row 5 of 6"),
    ("OEM-wrong-keyword.txt", 19, "WRONG_KEYWORD is not a keyword"),
    ("OEMExample2.txt", 13, "one of UTC, TAI, TT, TDB, GPS"),
    ("OEMExample3.xml", 1, "only KVN"),
]


@pytest.mark.parametrize(("name", "line", "says"), BROKEN)
def test_broken_messages_are_refused_with_their_line(name: str, line: int, says: str) -> None:
    with pytest.raises(MissionFileError) as e:
        oem.read(TRUTH / name)
    fault = e.value.faults[0]
    assert (fault.file, fault.line) == (name, line)
    assert says in str(fault)
    assert fault.write  # every refusal says what to write


GOOD = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2027-03-01T00:00:00
ORIGINATOR = TEST
META_START
OBJECT_NAME = A
OBJECT_ID = 2027-001A
CENTER_NAME = EARTH
REF_FRAME = GCRF
TIME_SYSTEM = UTC
START_TIME = 2027-03-01T00:00:00
STOP_TIME = 2027-03-01T00:02:00
META_STOP
2027-03-01T00:00:00 7000.0 0.0 0.0 0.0 7.5 0.0
2027-03-01T00:01:00 6990.0 450.0 0.0 -0.5 7.4 0.0
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("CCSDS_OEM_VERS = 2.0", "CCSDS_OEM_VERS = 9.0", "version is not known"),
        ("ORIGINATOR = TEST\n", "", "ORIGINATOR must stand above"),
        ("CREATION_DATE = 2027-03-01T00:00:00", "CREATION_DATE = yesterday", "not an instant"),
        ("META_STOP\n", "", "META_START is never closed|among|no 'KEYWORD"),
        ("REF_FRAME = GCRF", "REF_FRAME = GCFR", "Did you mean 'GCRF'"),
        ("REF_FRAME = GCRF", "REF_FRAM = GCRF", "Did you mean 'REF_FRAME'"),
        ("OBJECT_NAME = A", "OBJECT_NAME =", "value is missing"),
        ("OBJECT_NAME = A", "OBJECT_NAME = A\nOBJECT_NAME = B", "stands twice"),
        ("TIME_SYSTEM = UTC\n", "", "TIME_SYSTEM must stand above"),
        ("STOP_TIME = 2027-03-01T00:02:00", "STOP_TIME = 2027-02-01T00:02:00", "before START_TIME"),
        ("STOP_TIME = 2027-03-01T00:02:00", "STOP_TIME = 2027-03-01T00:00:30", "lies outside"),
        ("START_TIME = 2027-03-01T00:00:00", "START_TIME = 2027-03-32T00:00:00", "write a day"),
        ("2027-03-01T00:01:00 6990.0", "2027-03-01T00:00:00 6990.0", "must increase"),
        ("6990.0 450.0 0.0 -0.5 7.4 0.0", "6990.0 450.0 0.0 -0.5 7.4", "holds an instant and 6"),
        ("6990.0", "NaN", "not a finite number"),
        ("6990.0", "1e999", "not a finite number"),
        ("META_STOP\n", "INTERPOLATION_DEGREE = 0\nMETA_STOP\n", "whole number from 1"),
        ("7.4 0.0\n", "7.4 0.0\nMETA_STOP\n", "neither a covariance nor"),
        ("7.4 0.0\n", "7.4 0.0\nCOVARIANCE_START\n", "never closed"),
    ],
)
def test_single_faults_are_named(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(MissionFileError, match=says):
        oem.loads(GOOD.replace(old, new))


def test_a_message_without_segments_or_points_is_refused() -> None:
    with pytest.raises(MissionFileError, match="has no segment"):
        oem.loads("\n".join(GOOD.splitlines()[:3]))
    with pytest.raises(MissionFileError, match="no ephemeris line"):
        oem.loads("\n".join(GOOD.splitlines()[:12]))
    with pytest.raises(MissionFileError, match="does not begin with CCSDS_OEM_VERS"):
        oem.loads("")


def test_one_time_system_for_the_whole_message() -> None:
    block = "\n".join(GOOD.splitlines()[3:])
    with pytest.raises(MissionFileError, match="first segment is in UTC"):
        oem.loads(GOOD + block.replace("TIME_SYSTEM = UTC", "TIME_SYSTEM = TAI"))


def test_day_of_year_and_long_fractions() -> None:
    text = GOOD.replace("2027-03-01T00:01:00 ", "2027-060T00:01:00.0000000005 ")
    point = oem.loads(text).segments[0].points[1]
    assert point.epoch == Epoch(Epoch.from_utc("2027-03-01T00:01:00Z").ns + 1)
    with pytest.raises(MissionFileError, match="has no day 366"):
        oem.loads(GOOD.replace("START_TIME = 2027-03-01", "START_TIME = 2027-366"))


def test_gps_time_is_nineteen_seconds_behind_tai() -> None:
    # IS-GPS-200: GPS time is TAI - 19 s
    text = GOOD.replace("TIME_SYSTEM = UTC", "TIME_SYSTEM = GPS")
    assert oem.loads(text).segments[0].start == Epoch.from_tai("2027-03-01T00:00:19TAI")


def test_frames_that_mean_ours_and_those_that_do_not() -> None:
    (segment,) = oem.loads(GOOD).segments
    assert segment.frame() == GCRF
    assert segment.states(100.0)[1].r_m.tolist() == [6.99e6, 450e3, 0.0]
    assert segment.t_s.tolist() == [0.0, 60.0]
    (fixed,) = oem.loads(GOOD.replace("GCRF", "ITRF2014")).segments
    assert fixed.frame() == ITRF
    # EME2000 is 23 mas from GCRF (0.8 m in low orbit): never taken for it in silence
    (mean,) = oem.loads(GOOD.replace("GCRF", "EME2000")).segments
    with pytest.raises(FrameMismatchError, match="EME2000"):
        mean.states(100.0)


numbers = st.floats(-1e12, 1e12, allow_nan=False).filter(lambda x: x == 0.0 or abs(x) > 1e-12)
vectors = st.tuples(numbers, numbers, numbers)


@st.composite
def segments(draw: st.DrawFn, system: str) -> oem.Segment:
    start = Epoch(draw(st.integers(-800_000_000, 1_800_000_000)) * 10**9)
    steps = draw(st.lists(st.integers(1, 10**13), min_size=1, max_size=5))
    at, points = start, []
    for step in steps:
        a = draw(st.one_of(st.none(), vectors))
        points.append(oem.Point(at, draw(vectors), draw(vectors), a))
        at = Epoch(at.ns + step)
    n = draw(st.integers(0, 2))
    triangle = [[draw(numbers) for _ in range(i + 1)] for i in range(6)]
    matrix = tuple(tuple(triangle[max(i, j)][min(i, j)] for j in range(6)) for i in range(6))
    return oem.Segment(
        draw(st.sampled_from(["ISS", "A B C", "Метеор"])),
        "2027-001A",
        "EARTH",
        draw(st.sampled_from(["GCRF", "EME2000", "ITRF2014"])),
        system,
        start,
        points[-1].epoch,
        tuple(points),
        interpolation_degree=draw(st.one_of(st.none(), st.integers(1, 20))),
        covariances=tuple(oem.Covariance(start, "RTN", matrix) for _ in range(n)),
        comments=tuple(draw(st.lists(st.sampled_from(["", "one", "a = b", "META_STOP"])))),
    )


@given(st.data(), st.sampled_from(["UTC", "TAI", "TT", "GPS"]))
def test_what_is_written_reads_back_equal(data: st.DataObject, system: str) -> None:
    written = oem.Oem(
        "COSMODROME",
        "2027-03-01T00:00:00",
        tuple(data.draw(st.lists(segments(system), min_size=1, max_size=2))),
        comments=("said",),
    )
    back = oem.loads(oem.dumps(written))
    assert back.comments == written.comments
    for a, b in zip(written.segments, back.segments, strict=True):
        assert [p.epoch for p in a.points] == [p.epoch for p in b.points]
        # 16 printed digits: half a unit of the 16th, at most 5e-16 of the value
        assert np.allclose(a.r_m, b.r_m, rtol=6e-16, atol=0.0)
        assert np.allclose(a.v_m_s, b.v_m_s, rtol=6e-16, atol=0.0)
        for p, q in zip(a.points, b.points, strict=True):
            assert (p.a_m_s2 is None) == (q.a_m_s2 is None)
            if p.a_m_s2 is not None and q.a_m_s2 is not None:
                assert np.allclose(p.a_m_s2, q.a_m_s2, rtol=6e-16, atol=0.0)
        for c, d in zip(a.covariances, b.covariances, strict=True):
            assert np.allclose(c.matrix, d.matrix, rtol=6e-16, atol=0.0)
        assert a.comments == b.comments
        assert (a.object_name, a.ref_frame) == (b.object_name, b.ref_frame)


@given(st.integers(-1_000_000_000, 2_000_000_000))
def test_tdb_instants_come_back_within_a_nanosecond(seconds: int) -> None:
    epoch = Epoch(seconds * 10**9 + 123_456_789)
    segment = oem.Segment(
        "A",
        "A",
        "EARTH",
        "GCRF",
        "TDB",
        epoch,
        epoch,
        (oem.Point(epoch, (7e6, 0.0, 0.0), (0.0, 7e3, 0.0)),),
    )
    back = oem.loads(oem.dumps(oem.Oem("X", "2027-03-01T00:00:00", (segment,))))
    assert abs(back.segments[0].start.ns - epoch.ns) <= 1


def test_text_cannot_break_out_of_its_line() -> None:
    evil = oem.loads(GOOD)
    evil = oem.Oem(
        "A\nMETA_START", "2027-03-01T00:00:00", evil.segments, comments=("x\nORIGINATOR = B",)
    )
    back = oem.loads(oem.dumps(evil))
    assert back.originator == "A META_START"
    assert back.comments == ("x", "ORIGINATOR = B")


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (segment,) = oem.loads(GOOD).segments
    with pytest.raises(ValueError, match="ORIGINATOR is empty"):
        oem.dumps(oem.Oem("  ", "2027-03-01T00:00:00", (segment,)))
    oem.write(oem.loads(GOOD), tmp_path / "a.oem")
    assert oem.read(tmp_path / "a.oem") == oem.loads(GOOD)
