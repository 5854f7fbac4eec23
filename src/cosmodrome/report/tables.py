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
    "x_m": "place, GCRF, centre of the Earth",
    "y_m": "place, GCRF, centre of the Earth",
    "z_m": "place, GCRF, centre of the Earth",
    "vx_m_s": "inertial velocity, GCRF",
    "vy_m_s": "inertial velocity, GCRF",
    "vz_m_s": "inertial velocity, GCRF",
    "mass_kg": "mass",
    "altitude_m": "geodetic altitude, WGS84",
    "latitude_deg": "geodetic latitude, WGS84",
    "longitude_deg": "longitude, east positive",
    "speed_inertial_m_s": "inertial speed",
    "speed_relative_m_s": "speed relative to the turning Earth",
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
#: the same of a flight that is not counted from the Earth throughout
_ABOUT_BODIES = ABOUT | {
    "centre": "the body that place, speeds, altitude, latitude and longitude are about",
    "x_m": "place, GCRF's axes, centre of the body",
    "y_m": "place, GCRF's axes, centre of the body",
    "z_m": "place, GCRF's axes, centre of the body",
    "altitude_m": "geodetic altitude, WGS84; about the Moon above 1,737.4 km",
    "latitude_deg": "geodetic latitude, WGS84; about the Moon in mean-Earth axes",
    "longitude_deg": "longitude, east positive; about the Moon in mean-Earth axes",
    "speed_relative_m_s": "speed relative to the turning body",
}


def trajectory_columns(
    series: Sequence[Series], lift_off: Epoch
) -> dict[str, NDArray[np.float64] | list[str]]:
    """All objects' series as one table; rows by leg, then by time.

    The column `centre` is there where some leg is not counted from the Earth.
    """

    def join(name: str) -> NDArray[np.float64]:
        return np.concatenate([np.asarray(getattr(s, name)) for s in series])

    r, v, u, q = join("r_m"), join("v_m_s"), join("u"), join("attitude")
    out: dict[str, NDArray[np.float64] | list[str]] = {
        "t_s": join("t_s"),
        "utc": [(lift_off + float(t)).utc() for s in series for t in s.t_s],
        "object": [s.object for s in series for _ in s.t_s],
        "chapter": [s.chapter for s in series for _ in s.t_s],
        "phase": [name for s in series for name in s.phase_names()],
        **(_centres(series) if _wanders(series) else {}),
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
    about = _ABOUT_BODIES if _wanders(series) else ABOUT
    parquet.write(path, trajectory_columns(series, lift_off), about)


def _wanders(series: Sequence[Series]) -> bool:
    """Is some leg counted from another body than the Earth?"""
    return any(s.centre != "earth" for s in series)


def _centres(series: Sequence[Series]) -> dict[str, list[str]]:
    return {"centre": [s.centre for s in series for _ in s.t_s]}
