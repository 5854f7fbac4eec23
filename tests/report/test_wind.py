"""The wind in the report: told where there is one, absent where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.mission import WindTable
from cosmodrome.report.flight_record import flight_json
from cosmodrome.report.words import facts
from cosmodrome.world import geodesy
from tests.report import synthetic

# to the east all the way up
WIND = WindTable((0.0, 30e3), (40.0, 40.0), (0.0, 0.0), "uniform, 40 m/s from 270 deg")


def test_still_air_adds_nothing() -> None:
    flight = synthetic.flight()
    assert "wind" not in flight_json(flight)
    assert "Wind" not in dict(facts(flight))


def test_a_wind_is_recorded_and_told() -> None:
    flight = synthetic.flight()
    windy = replace(flight, mission=replace(flight.mission, wind=WIND))
    assert flight_json(windy)["wind"] == {
        "text": WIND.text,
        "altitude_m": [0.0, 30e3],
        "east_m_s": [40.0, 40.0],
        "north_m_s": [0.0, 0.0],
    }
    assert dict(facts(windy))["Wind"] == "uniform, 40 m/s from 270 deg"


def test_dynamic_pressure_is_relative_to_the_air_and_speeds_to_the_ground() -> None:
    flight, world = synthetic.flight(), synthetic.world()
    windy = replace(flight, mission=replace(flight.mission, wind=WIND))
    still, blown = (report.series_of(f, world)[0] for f in (flight, windy))
    assert np.array_equal(still.speed_relative_m_s, blown.speed_relative_m_s)
    low = np.flatnonzero((still.altitude_m < 28e3) & (still.speed_relative_m_s > 50.0))
    path = flight.legs[0].path
    assert low.size > 20
    for k in low[::10]:
        t = np.array([still.t_s[k] - (path.epoch - synthetic.LIFT_OFF)])
        turn = world.orientation.itrf_from_gcrf_many(path.epoch, t)
        _, v = turn.velocity(still.r_m[k : k + 1], still.v_m_s[k : k + 1])
        east = geodesy.enu_axes(still.latitude_rad[k], still.longitude_rad[k])[0]
        wanted = np.linalg.norm(v[0] - 40.0 * east) / np.linalg.norm(v[0])
        assert blown.dynamic_pressure_pa[k] == pytest.approx(
            wanted**2 * still.dynamic_pressure_pa[k], rel=1e-9
        )
        assert blown.mach[k] == pytest.approx(wanted * still.mach[k], rel=1e-9)
    high = still.altitude_m > 60e3
    assert np.allclose(still.dynamic_pressure_pa[high], blown.dynamic_pressure_pa[high], rtol=1e-9)
