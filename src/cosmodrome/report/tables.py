"""trajectory.parquet: one table of all objects, units in the column names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.formats import parquet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cosmodrome.report.series import Series
    from cosmodrome.world.epoch import Epoch

__all__ = ["ABOUT", "trajectory_columns", "write_trajectory"]

ABOUT = {
    "t_s": "seconds of TT since lift-off (first motion)",
    "utc": "the instant in UTC",
    "object": "the object: stack until release, then the spacecraft and what was dropped",
    "chapter": "the chapter of the flight (leg)",
    "phase": "the stages that burn, coast, orbit or fall",
    "centre": "the body that place, velocity, altitude, latitude and longitude are counted from",
    "x_m": "place from the centre of that body, GCRF axes",
    "y_m": "place from the centre of that body, GCRF axes",
    "z_m": "place from the centre of that body, GCRF axes",
    "vx_m_s": "inertial velocity about that body, GCRF axes",
    "vy_m_s": "inertial velocity about that body, GCRF axes",
    "vz_m_s": "inertial velocity about that body, GCRF axes",
    "mass_kg": "mass",
    "altitude_m": "geodetic altitude, WGS84; of the Moon over a sphere of 1,737.4 km",
    "latitude_deg": "geodetic latitude, WGS84; of the Moon in mean-Earth axes",
    "longitude_deg": "longitude, east positive",
    "speed_inertial_m_s": "inertial speed",
    "speed_relative_m_s": "speed relative to the turning body",
    "flight_path_angle_deg": "inertial flight-path angle above the local horizontal",
    "dynamic_pressure_pa": "0.5 rho v^2 relative to the air, US Standard Atmosphere 1976",
    "mach": "speed relative to the air over the speed of sound, below 100 km",
    "acceleration_m_s2": "sensed (non-gravitational) acceleration; null below 1e-3 m/s^2",
    "thrust_n": "thrust",
    "thrust_direction_x": "unit thrust direction, GCRF; null where unknown",
    "thrust_direction_y": "unit thrust direction, GCRF; null where unknown",
    "thrust_direction_z": "unit thrust direction, GCRF; null where unknown",
    "attitude_w": "quaternion body_from_gcrf, scalar part; null where unknown",
    "attitude_x": "quaternion body_from_gcrf, first vector part; null where unknown",
    "attitude_y": "quaternion body_from_gcrf, second vector part; null where unknown",
    "attitude_z": "quaternion body_from_gcrf, third vector part; null where unknown",
}


def trajectory_columns(
    series: Sequence[Series], lift_off: Epoch
) -> dict[str, NDArray[np.float64] | list[str]]:
    """All objects' series as one table; rows by leg, then by time."""

    def join(name: str) -> NDArray[np.float64]:
        return np.concatenate([np.asarray(getattr(s, name)) for s in series])

    r, v, u, q = join("r_m"), join("v_m_s"), join("u"), join("attitude")
    out: dict[str, NDArray[np.float64] | list[str]] = {
        "t_s": join("t_s"),
        "utc": [(lift_off + float(t)).utc() for s in series for t in s.t_s],
        "object": [s.object for s in series for _ in s.t_s],
        "chapter": [s.chapter for s in series for _ in s.t_s],
        "phase": [name for s in series for name in s.phase_names()],
        "centre": [s.centre for s in series for _ in s.t_s],
        "x_m": r[:, 0],
        "y_m": r[:, 1],
        "z_m": r[:, 2],
        "vx_m_s": v[:, 0],
        "vy_m_s": v[:, 1],
        "vz_m_s": v[:, 2],
        "mass_kg": join("mass_kg"),
        "altitude_m": join("altitude_m"),
        "latitude_deg": np.degrees(join("latitude_rad")),
        "longitude_deg": np.degrees(join("longitude_rad")),
        "speed_inertial_m_s": join("speed_inertial_m_s"),
        "speed_relative_m_s": join("speed_relative_m_s"),
        "flight_path_angle_deg": np.degrees(join("flight_path_angle_rad")),
        "dynamic_pressure_pa": join("dynamic_pressure_pa"),
        "mach": join("mach"),
        "acceleration_m_s2": join("acceleration_m_s2"),
        "thrust_n": join("thrust_n"),
        "thrust_direction_x": u[:, 0],
        "thrust_direction_y": u[:, 1],
        "thrust_direction_z": u[:, 2],
        "attitude_w": q[:, 0],
        "attitude_x": q[:, 1],
        "attitude_y": q[:, 2],
        "attitude_z": q[:, 3],
    }
    return out


def write_trajectory(path: Path, series: Sequence[Series], lift_off: Epoch) -> None:
    """Write trajectory.parquet."""
    parquet.write(path, trajectory_columns(series, lift_off), ABOUT)
