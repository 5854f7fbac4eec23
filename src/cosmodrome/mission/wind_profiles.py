"""Named wind profiles: one speed over height, from one direction.

Source: Range Commanders Council, Meteorology Group, Range Reference Atmosphere for Vandenberg AFB,
California (station 72293), 2019 edition, table I-1: wind statistical parameters for January, mean
and standard deviation of the scalar wind speed, 1,116 soundings at 10 km; as distributed with
NASA's Earth-GRAM (T1vaf19.txt; the printed edition was not seen). Every second line of the table,
the core of the jet (11.5 km) and every fourth line above 20 km; the surface stands at the 100 m
line.
"""

from __future__ import annotations

__all__ = ["CORE_M", "PROFILES", "VANDENBERG_JANUARY", "profile_points"]

#: altitude m, mean scalar wind speed m/s, its standard deviation m/s
VANDENBERG_JANUARY: tuple[tuple[float, float, float], ...] = (
    (0.0, 4.09, 2.73),
    (1_000.0, 8.08, 4.73),
    (2_000.0, 9.84, 5.11),
    (3_000.0, 12.38, 6.34),
    (4_000.0, 15.04, 7.55),
    (5_000.0, 17.83, 9.24),
    (6_000.0, 20.43, 10.84),
    (7_000.0, 23.17, 12.01),
    (8_000.0, 26.05, 13.18),
    (9_000.0, 28.75, 14.23),
    (10_000.0, 31.26, 14.89),
    (11_000.0, 32.82, 15.49),
    (11_500.0, 32.98, 15.13),
    (12_000.0, 32.78, 14.93),
    (13_000.0, 30.98, 13.17),
    (14_000.0, 28.19, 11.37),
    (15_000.0, 24.98, 9.68),
    (16_000.0, 20.98, 8.28),
    (17_000.0, 17.11, 6.73),
    (18_000.0, 13.16, 5.51),
    (19_000.0, 10.13, 5.04),
    (20_000.0, 8.26, 4.53),
    (22_000.0, 7.32, 3.86),
    (24_000.0, 8.13, 4.75),
    (26_000.0, 10.08, 6.25),
    (28_000.0, 12.66, 8.16),
    (30_000.0, 15.77, 10.03),
)
#: where the mean of the profile is strongest
CORE_M = 11_500.0

#: name -> what it is, in words
PROFILES: dict[str, str] = {
    "jet-stream": "mean January winds over Vandenberg, scaled to a speed at the jet's core",
    "envelope": "January winds over Vandenberg, mean plus so many standard deviations",
    "uniform": "one speed at all heights to 30 km",
}


def profile_points(name: str, strength: float) -> tuple[tuple[float, float], ...]:
    """(altitude m, speed m/s) of a named profile.

    strength  m/s at the jet's core of `jet-stream`, m/s everywhere of `uniform`, standard
              deviations above the mean of `envelope` (a line that would blow backwards is calm)
    """
    if name == "uniform":
        return ((0.0, strength), (VANDENBERG_JANUARY[-1][0], strength))
    if name == "envelope":
        return tuple((h, max(m + strength * s, 0.0)) for h, m, s in VANDENBERG_JANUARY)
    core = next(m for h, m, _ in VANDENBERG_JANUARY if h == CORE_M)
    return tuple((h, m * strength / core) for h, m, _ in VANDENBERG_JANUARY)
