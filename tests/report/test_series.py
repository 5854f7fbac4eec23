"""Series: derived columns against independent formulas; the grid keeps every mark."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.report.series import Series, phases_of
from cosmodrome.report.tables import ABOUT, trajectory_columns
from tests.report import synthetic


@pytest.fixture(scope="module")
def series() -> tuple[Series, ...]:
    return report.series_of(synthetic.flight(), synthetic.world())


def test_every_event_and_boundary_is_a_row(series: tuple[Series, ...]) -> None:
    flight = synthetic.flight()
    for leg, s in zip(flight.legs, series, strict=True):
        assert np.all(np.diff(s.t_s) > 0.0)
        for mark in [e.t_s for e in leg.events] + [p.start_s for p in s.phases]:
            assert np.min(np.abs(s.t_s - mark)) < 1e-6
        assert s.t_s[0] == pytest.approx(leg.path.start - synthetic.LIFT_OFF)
        assert s.t_s[-1] == pytest.approx(leg.path.end - synthetic.LIFT_OFF)


def test_rows_agree_with_the_events(series: tuple[Series, ...]) -> None:
    # the events were derived one by one with direct ERFA rotations; the rows by the table
    flight = synthetic.flight()
    for leg, s in zip(flight.legs, series, strict=True):
        for e in leg.events:
            k = int(np.argmin(np.abs(s.t_s - e.t_s)))
            assert s.altitude_m[k] == pytest.approx(e.altitude_m, abs=1e-3)
            assert s.speed_inertial_m_s[k] == pytest.approx(e.speed_inertial_m_s, abs=1e-6)
            assert s.speed_relative_m_s[k] == pytest.approx(e.speed_relative_m_s, abs=1e-5)
            assert s.latitude_rad[k] == pytest.approx(e.latitude_rad, abs=1e-9)
            assert s.flight_path_angle_rad[k] == pytest.approx(e.flight_path_angle_rad, abs=1e-9)


def test_sensed_acceleration_is_thrust_over_mass_and_nothing_in_free_fall(
    series: tuple[Series, ...],
) -> None:
    stack = series[0]
    # burn 2 accelerates by 3 m/s^2 along the velocity of two-body motion; what is left of
    # gravity (J2, 1.5e-3 of it) stays below 2 cm/s^2
    burn = next(p for p in stack.phases if p.until == "burn 2")
    inside = (stack.t_s > burn.start_s + 1.0) & (stack.t_s < burn.end_s - 1.0)
    assert stack.acceleration_m_s2[inside] == pytest.approx(3.0, abs=0.02)
    # the synthetic orbit has no J2: the series shows just that difference, largest at the
    # pole where it is 3 J2 mu Re^2 / r^4 (= 2.1 cm/s^2 at 700 km)
    orbit = np.nan_to_num(series[-1].acceleration_m_s2)
    r = np.linalg.norm(series[-1].r_m, axis=1)
    largest = 3.0 * 1.0826e-3 * 3.986004415e14 * 6378136.3**2 / r**4
    assert np.all(orbit <= largest * 1.001)
    assert orbit.max() > 0.4 * largest.max()


def test_dynamic_pressure_by_the_standard_atmosphere(series: tuple[Series, ...]) -> None:
    # US Standard Atmosphere 1976, table I: rho(10 km) = 0.41351, rho(20 km) = 0.088910 kg/m^3
    stack = series[0]
    for altitude, rho in ((10e3, 0.41351), (20e3, 0.088910)):
        k = int(np.argmin(np.abs(stack.altitude_m[:200] - altitude)))
        v = stack.speed_relative_m_s[k]
        scale = 6300.0  # the row stands up to 200 m from the printed altitude
        rho_here = rho * np.exp(-(stack.altitude_m[k] - altitude) / scale)
        assert stack.dynamic_pressure_pa[k] == pytest.approx(0.5 * rho_here * v**2, rel=0.02)
    assert np.all(np.isnan(stack.mach[stack.altitude_m > 100e3]))
    assert series[-1].dynamic_pressure_pa.max() < 1e-2


def test_the_table_has_units_in_its_names_and_explains_itself(series: tuple[Series, ...]) -> None:
    columns = trajectory_columns(series, synthetic.LIFT_OFF)
    assert set(columns) == set(ABOUT)
    n = sum(s.t_s.size for s in series)
    assert {len(v) for v in columns.values()} == {n}
    units = ("_s", "_m", "_m_s", "_kg", "_deg", "_pa", "_m_s2", "_n", "_x", "_y", "_z", "_w")
    for name, values in columns.items():
        if isinstance(values, np.ndarray):
            assert name == "mach" or name.endswith(units), name
    assert set(columns["object"]) == {
        "stack",
        "strap-ons",
        "fairing",
        "core",
        "third",
        "spacecraft",
    }
    assert columns["utc"][0] == "2027-03-01T05:41:46.25Z"
    u = np.column_stack([columns[f"thrust_direction_{c}"] for c in "xyz"])
    known = ~np.isnan(u[:, 0])
    assert np.linalg.norm(u[known], axis=1) == pytest.approx(1.0, abs=1e-12)
    assert known.sum() == series[0].t_s.size  # only the stack is steered
    assert np.degrees(series[0].latitude_rad[0]) == pytest.approx(51.8844, abs=1e-6)
    # the phase at a boundary is the later one
    k = int(np.argmin(np.abs(series[0].t_s - 118.0)))
    assert series[0].phase_names()[k - 1 : k + 1] == ["strap-ons + core", "core"]


def test_a_leg_without_a_plan_is_one_phase() -> None:
    flight = synthetic.flight()
    (fall,) = phases_of(flight.legs[1], synthetic.LIFT_OFF)
    assert (fall.kind, fall.start_s) == ("fall", pytest.approx(118.0))
    (coast,) = phases_of(flight.legs[-1], synthetic.LIFT_OFF)
    assert coast.kind == "coast"
