"""The `start:` of a mission file: each way in, written out and back, and every teaching fault."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.formats import oem, omm, tle
from cosmodrome.formats.typed import Reading
from cosmodrome.formats.yaml_text import Mapping, as_yaml, read
from cosmodrome.mission.start_file import MODELS, WAYS, read_start, start_written
from cosmodrome.world.epoch import Epoch

sys.path.insert(0, str(Path(__file__).parent))
from typing import TYPE_CHECKING

from bad_starts import ELEMENTS, FILES, FIRST, OEM, SECOND, STATE, cases

if TYPE_CHECKING:
    from cosmodrome.errors import Fault
    from cosmodrome.mission.nouns import Start

CASES = cases()
T0 = Epoch.from_utc("2027-03-01T00:00:00Z")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    elements = tle.read(tmp_path / "iss.tle")[0]
    for form in omm.FORMS:
        omm.write(omm.Omm(elements, mass_kg=419_000.5), tmp_path / f"iss.{form}")
    return tmp_path


def given(folder: Path, text: str) -> tuple[Start | None, list[Fault]]:
    inline = text[0] in "[{" or ": " not in text
    written = f"start: {text}\n" if inline else f"start:\n  {text}\n"
    node, faults = read(written, "mission.yaml")
    assert not faults
    assert isinstance(node, Mapping)
    context = Reading("mission.yaml", folder)
    return read_start(node["start"], context, folder), context.faults


def sound(folder: Path, text: str) -> Start:
    start, faults = given(folder, text)
    assert not faults, [str(f) for f in faults]
    assert start is not None
    return start


def test_there_are_many_broken_starts_and_each_has_its_own_name() -> None:
    assert len(CASES) >= 60
    assert len({name for name, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("text", "expected"), [c[1:] for c in CASES], ids=[c[0].replace(" ", "-") for c in CASES]
)
def test_exact_faults(folder: Path, text: str, expected: tuple[str, ...]) -> None:
    start, faults = given(folder, text)
    assert start is None
    assert tuple(str(f) for f in faults) == expected
    for fault in faults:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.write.endswith((".", "?"))


def test_every_way_has_a_model() -> None:
    assert tuple(MODELS) == WAYS


def test_a_state(folder: Path) -> None:
    start = sound(folder, STATE.replace("1 km/s]", "1 km/s], mass: 2.9 t"))
    assert start.epoch == T0
    assert start.mass_kg == 2900.0
    assert start.state is not None
    assert start.state.axes == "gcrf"
    assert start.state.r_m == (7e6, 0.0, 0.0)
    assert start.state.v_m_s == (0.0, 7500.0, 1000.0)
    assert start.source == "state in gcrf at 2027-03-01T00:00:00Z"


def test_elements_by_heights(folder: Path) -> None:
    m = sound(folder, ELEMENTS).elements
    assert m is not None
    assert m.a_m * (1.0 - m.e) == pytest.approx(6_628_137.0, abs=1e-6)
    assert m.a_m * (1.0 + m.e) == pytest.approx(42_164_137.0, abs=1e-6)
    assert (m.i_rad, m.raan_rad) == (math.radians(6.0), math.radians(10.0))
    assert (m.anomaly, m.anomaly_rad, m.mean) == ("true", 0.0, False)


def test_elements_by_axis_and_of_a_circle(folder: Path) -> None:
    axis = ELEMENTS.replace(
        "perigee: 250 km, apogee: 35786 km", "semi_major_axis: 24396.137 km, eccentricity: 0.72831"
    )
    m = sound(folder, axis).elements
    assert m is not None
    assert (m.a_m, m.e) == (24_396_137.0, 0.72831)
    circle = (
        "elements: {epoch: 2027-03-01T00:00Z, frame: gcrf, altitude: 500 km, inclination: 97 deg,"
        " raan: 10 deg, mean_anomaly: 30 deg, mean: true}"
    )
    m = sound(folder, circle).elements
    assert m is not None
    assert (m.a_m, m.e, m.argp_rad) == (6_878_137.0, 0.0, 0.0)
    assert (m.axes, m.anomaly, m.mean) == ("gcrf", "mean", True)


def test_an_opm_brings_its_frame_and_its_mass(folder: Path) -> None:
    start = sound(folder, "opm: sat.opm")
    assert start.state is not None
    assert start.state.axes == "eme2000"
    assert start.state.v_m_s == (0.0, 7500.0, 1000.0)
    assert start.mass_kg == 2900.0
    assert start.source == "OPM of SAT in EME2000 at 2027-03-01T00:00:00Z, sat.opm"


def test_an_oem_begins_at_its_first_point_and_is_interpolated_within(folder: Path) -> None:
    first = sound(folder, "oem: sat.oem")
    assert first.state is not None
    assert first.epoch == T0
    assert first.state.r_m == (7e6, 0.0, 0.0)
    between = sound(folder, "oem: {file: sat.oem, epoch: 2027-03-01T00:01:30Z}")
    assert between.state is not None
    points = oem.loads(OEM).segments[0].points
    middle = 0.5 * (np.array(points[1].r_m) + np.array(points[2].r_m))
    # half of g t^2 of the sagitta between points a minute apart: 8.1/2 * 30^2 m
    sagitta = np.linalg.norm(np.array(between.state.r_m) - middle)
    assert sagitta == pytest.approx(0.5 * 8.1 * 900.0, rel=0.03)


def test_elements_of_sgp4_from_every_form_are_the_same(folder: Path) -> None:
    lines = sound(folder, f"tle: {{lines: [{FIRST}, {SECOND}]}}")
    named = sound(folder, "tle: iss.tle")
    assert lines.sgp4 is not None
    assert named.sgp4 is not None
    assert named.epoch == named.sgp4.epoch
    assert (named.sgp4.number, named.sgp4.name) == (25544, "ISS (ZARYA)")
    assert lines.sgp4.n_rad_s == named.sgp4.n_rad_s
    for form in omm.FORMS:
        start = sound(folder, f"omm: iss.{form}")
        assert start.sgp4 == named.sgp4
        assert start.mass_kg == 419_000.5
    assert sound(folder, "tle: {file: two.tle, number: 6251}").sgp4 != named.sgp4


def test_of_several_sets_of_one_object_the_nearest_is_taken(folder: Path) -> None:
    sets = [tle.read(folder / "iss.tle")[0]]
    late = FIRST.replace("04236.5", "04240.5").replace("9993", "9998")
    sets.append(tle.loads(f"{late}\n{SECOND}\n")[0])
    tle.write(sets, folder / "more.tle")
    start = sound(folder, "tle: {file: more.tle, epoch: 2004-08-27T00:00Z}")
    assert start.sgp4 is not None
    assert start.sgp4.epoch == sets[1].epoch
    assert "flown by SGP4 over -0.560 days, more.tle" in start.source


@pytest.mark.parametrize(
    "text",
    [
        STATE,
        STATE.replace("gcrf", "itrf").replace("1 km/s]", "1 km/s], mass: 2.9 t"),
        ELEMENTS,
        ELEMENTS.replace("true_anomaly: 0", "mean_anomaly: 33.3"),
        ELEMENTS.replace("0 deg}", "0 deg, mean: true, mass: 3 kg}"),
        "opm: sat.opm",
        "oem: {file: sat.oem, epoch: 2027-03-01T00:01:30Z}",
        "tle: iss.tle",
        f"tle: {{lines: [{FIRST}, {SECOND}], epoch: 2004-08-24T00:00:00.125TT}}",
        "omm: iss.xml",
    ],
)
def test_what_is_written_out_reads_back_to_the_same(folder: Path, text: str) -> None:
    start = sound(folder, text)
    node, faults = read(as_yaml({"start": start_written(start)}), "resolved.yaml")
    assert not faults
    assert isinstance(node, Mapping)
    context = Reading("resolved.yaml", None)
    again = read_start(node["start"], context, None)
    assert not context.faults
    assert again is not None
    for field in ("epoch", "state", "elements", "sgp4", "mass_kg"):
        assert getattr(again, field) == getattr(start, field)


LUNAR = (
    "elements: {epoch: 2027-03-01T00:00Z, frame: moon-equator, perilune: 100 km, apolune: 300 km,"
    " inclination: 86 deg, raan: 10 deg, argument_of_perilune: 270 deg, mean_anomaly: 30 deg}"
)
PRINTED = (
    "printed: {epoch: 2027-03-01T00:00Z, body: moon, latitude: -5 deg, longitude: 170 deg,"
    " altitude: 114 km, radius: 1738.09 km, speed: 1.66 km/s, flight_path_angle: -0.2 deg,"
    " heading: -95 deg, north: gcrf, mass: 900 kg}"
)


def test_elements_about_the_moon(folder: Path) -> None:
    start = sound(folder, LUNAR)
    m = start.elements
    assert m is not None
    assert start.centre == "moon"
    assert m.axes == "moon-equator"
    assert m.a_m * (1.0 - m.e) == pytest.approx(1_837_400.0, abs=1e-6)
    assert m.a_m * (1.0 + m.e) == pytest.approx(2_037_400.0, abs=1e-6)
    assert m.argp_rad == math.radians(270.0)


def test_a_printed_state(folder: Path) -> None:
    start = sound(folder, PRINTED)
    p = start.printed
    assert p is not None
    assert (start.centre, start.mass_kg) == ("moon", 900.0)
    assert (p.radius_m, p.speed_m_s, p.north) == (1_738_090.0, 1660.0, "gcrf")
    assert p.heading_rad == math.radians(-95.0)


@pytest.mark.parametrize(
    "text", [LUNAR, PRINTED, STATE.replace("frame: gcrf", "frame: moon/eme2000")]
)
def test_what_is_written_about_the_moon_reads_back(folder: Path, text: str) -> None:
    first = sound(folder, text)
    node, faults = read(as_yaml({"start": start_written(first)}), "again.yaml")
    assert not faults
    assert isinstance(node, Mapping)
    context = Reading("again.yaml", folder)
    again = read_start(node["start"], context, folder)
    assert not context.faults
    assert again is not None
    assert (again.state, again.elements, again.printed) == (
        first.state,
        first.elements,
        first.printed,
    )
    assert (again.epoch, again.mass_kg, again.centre) == (first.epoch, first.mass_kg, "moon")
