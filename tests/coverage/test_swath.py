"""Footprints against published figures, and texts for sensors."""

import math

import pytest

from cosmodrome.coverage import Cone, Elevation, Swath, footprint
from cosmodrome.coverage.asked import read_grid, read_sensor
from cosmodrome.errors import InputError


def test_the_footprint_of_a_horizon():
    """Wertz & Larson 1999, SMAD, table at the back cover: at 800 km a satellite sees to a central
    angle of 27.31 deg, 5.6 % of the Earth; at 700 km and 5 deg of elevation 21.4 deg.
    """
    seen = footprint(Elevation(0.0), 800e3)
    assert math.degrees(seen.central_angle_rad) == pytest.approx(27.31, abs=0.01)
    assert seen.share == pytest.approx(0.5 * (1.0 - math.cos(math.radians(27.31))), rel=1e-3)
    assert seen.elevation_rad == pytest.approx(0.0, abs=1e-12)


def test_a_cone_and_its_elevation_are_the_two_ends_of_one_line():
    cone = footprint(Cone(math.radians(45.0)), 700e3)
    again = footprint(Elevation(cone.elevation_rad), 700e3)
    assert cone.off_nadir_rad == pytest.approx(math.radians(45.0))
    assert again.central_angle_rad == pytest.approx(cone.central_angle_rad)
    assert again.area_m2 == pytest.approx(cone.area_m2)
    # wider than the Earth: all that is above the horizon
    wide = footprint(Cone(math.radians(80.0)), 700e3)
    assert wide.central_angle_rad == footprint(Elevation(0.0), 700e3).central_angle_rad


def test_a_swath_of_landsat():
    """Landsat 8's OLI, 15 deg wide from 705 km, sees 185 km (USGS, Landsat 8 Data Users Handbook,
    2019, sec. 2.1).
    """
    sensor = Swath(math.radians(-7.5), math.radians(7.5), math.radians(0.01))
    seen = footprint(sensor, 705e3)
    assert 2.0 * seen.central_angle_rad * 6_378_137.0 == pytest.approx(185e3, rel=0.02)
    length = 2.0 * 705e3 * math.tan(math.radians(0.01))
    assert seen.area_m2 == pytest.approx(186.5e3 * length, rel=0.01)


def test_sensors_as_texts():
    assert read_sensor("elevation 10 deg") == Elevation(math.radians(10.0))
    assert read_sensor("cone 30 deg above 5 deg") == Cone(math.radians(30.0), math.radians(5.0))
    swath = read_sensor("swath -20 deg to 20 deg ahead 0.1 deg above 2 deg")
    assert swath == Swath(*map(math.radians, (-20.0, 20.0, 0.1, 2.0)))
    for text in ("", "lens 3 deg", "cone", "cone 30", "swath 3 deg", "elevation 3 deg above 1 deg"):
        with pytest.raises(InputError, match="write"):
            read_sensor(text)


def test_grids_as_texts(tmp_path):
    assert len(read_grid("10,000 points")) == 10_000
    assert len(read_grid("5 x 5 deg")) == 36 * 72
    assert len(read_grid("5 deg")) == 1654
    assert len(read_grid("5 deg", -0.5, 0.5)) < 900
    file = tmp_path / "places.csv"
    file.write_text("latitude_deg,longitude_deg\n51.88,128.33\n5.24,-52.77\n")
    assert len(read_grid(str(file))) == 2
    file.write_text("latitude_deg,longitude_deg\n51.88,east\n")
    with pytest.raises(InputError, match=r"places.csv:2: longitude_deg reads 'east'"):
        read_grid(str(file))
    for text in ("5", "0 points", "fine", str(tmp_path / "none.csv")):
        with pytest.raises(InputError):
            read_grid(text)
