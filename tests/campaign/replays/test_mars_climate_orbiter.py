"""Mars Climate Orbiter flown again: the size of the pushes by the B-plane, and the check on them.

Published: 226 km believed at the last correction, 57 km flown, factor 4.45 (Mishap Investigation
Board, Phase I report, 10 November 1999; JPL).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.campaign.replays import replay
from cosmodrome.campaign.replays.mars_climate_orbiter import (
    FACTOR,
    THRUSTERS,
    Setting,
    cruise_of,
    end_of,
    file_of,
    misread,
)
from cosmodrome.checks.small_forces import file_units

if TYPE_CHECKING:
    from cosmodrome.campaign.replays import Replay

CASE = "two unloadings a day from 25 July on"
MU, MARS_M = 4.2828375816e13, 3_396_190.0


@pytest.fixture(scope="module")
def told(shipped_world: Any) -> Replay:
    return replay("mars-climate-orbiter", shipped_world)


def value(told: Replay, what: str, case: str = CASE) -> float:
    (found,) = (c.value for c in told.cases[case] if c.what == what)
    return found


def test_the_one_scale_and_the_two_periapses(told: Replay) -> None:
    assert value(told, "periapsis flown") == pytest.approx(57.0, abs=0.01)
    assert value(told, "impulse of each") == pytest.approx(0.5479, abs=0.002)
    assert value(told, "true over read") == pytest.approx(FACTOR, rel=1e-10)
    # launched with C3 = 10.9 km^2/s^2; far from Mars as fast as the conic of the cruise says
    assert value(told, "speed far from Mars") == pytest.approx(3.346, abs=0.02)
    # twice as large and half as often is the same
    assert value(told, "sum of the impulses, one a day", "other histories") == pytest.approx(
        1.0, abs=1e-4
    )
    assert all(c.inside is not False for rows in told.cases.values() for c in rows)


def test_the_size_by_the_b_plane(told: Replay, shipped_world: Any) -> None:
    """Each push moves the aim by its velocity times the time that is left; two-body geometry."""
    setting, cruise = Setting(), cruise_of(shipped_world)
    size = value(told, "impulse of each")
    file = file_of(cruise, setting, size)
    end = cruise.periapsis(setting.believed_m, setting.mass_kg).epoch
    unknown = size * (1.0 - 1.0 / FACTOR) / setting.mass_kg
    moved = sum(unknown * (end - e.epoch) for e in file.events) * -float(cruise.push @ cruise.aim)
    v2 = float(cruise.v_infinity_m_s @ cruise.v_infinity_m_s)

    def aim(height_km: float) -> float:
        r = MARS_M + 1e3 * height_km
        return r * math.sqrt(1.0 + 2.0 * MU / (r * v2))

    # the Sun bends the two paths alike, but for some percent
    assert moved == pytest.approx(aim(226.0) - aim(57.0), rel=0.05)


def test_the_true_path_by_scipy(told: Replay, shipped_world: Any) -> None:
    """DOP853 with Mars and the Sun as points, from the same state and pushes."""
    from cosmodrome.campaign.replays import mars_climate_orbiter as mco

    setting, cruise = Setting(), cruise_of(shipped_world)
    file = file_of(cruise, setting, value(told, "impulse of each"))
    known = cruise.periapsis(setting.believed_m, setting.mass_kg)
    y = np.concatenate([known.r_m, known.v_m_s])
    epoch = known.epoch

    def rates(t: float, y: Any) -> Any:
        r = y[:3]
        sun = shipped_world.ephemeris.position_m("sun", epoch + t, "mars")
        off = sun - r
        pull = 1.32712440041e20 * (off / np.linalg.norm(off) ** 3 - sun / np.linalg.norm(sun) ** 3)
        return np.concatenate([y[3:], -MU * r / np.linalg.norm(r) ** 3 + pull])

    def carried(y: Any, events: Any, sense: float) -> Any:
        t = 0.0 if sense < 0.0 else setting.since - epoch
        for event in events:
            y = solve_ivp(
                rates, (t, event.epoch - epoch), y, method="DOP853", rtol=1e-11, atol=1e-3
            ).y[:, -1]
            y[3:] += sense * np.array(event.impulse_ns) / setting.mass_kg
            t = event.epoch - epoch
        last = setting.since - epoch if sense < 0.0 else t
        if last != t:
            y = solve_ivp(rates, (t, last), y, method="DOP853", rtol=1e-11, atol=1e-3).y[:, -1]
        return y

    y = carried(y, misread(file).events[::-1], -1.0)
    y = carried(y, file.events, 1.0)
    # the conic from the last push on misses the Sun's pull of two days: carry it to an hour before
    t = file.events[-1].epoch - epoch
    y = solve_ivp(rates, (t, -3_600.0), y, method="DOP853", rtol=1e-11, atol=1e-3).y[:, -1]
    h = np.cross(y[:3], y[3:])
    e = np.linalg.norm(np.cross(y[3:], h) / MU - y[:3] / np.linalg.norm(y[:3]))
    height = float(h @ h) / MU / (1.0 + float(e)) - MARS_M
    # the flattening of Mars and the planets, left out here, on both ways
    assert height == pytest.approx(
        mco._height_m(end_of(cruise, setting, file.events[0].size_ns, shipped_world)), abs=3e3
    )


def test_the_check_fires_on_the_first_week_and_names_the_factor(told: Replay) -> None:
    (seen,) = told.findings
    assert (seen.check, seen.verdict) == ("impulse-units", "fails")
    assert "1/4.448: pounds-force read as newtons" in seen.why
    assert seen.where == "14 events in N s"
    assert seen.measured == pytest.approx(0.8 / FACTOR, rel=1e-9)


def test_the_file_as_it_should_have_been_read_holds(shipped_world: Any) -> None:
    file = file_of(cruise_of(shipped_world), Setting(), 0.55)
    assert [f.verdict for f in file_units(file, THRUSTERS)] == ["holds", "holds"]
    # also when only one event is there to be seen
    one = replace(file, events=file.events[:1])
    assert [f.verdict for f in file_units(misread(one), THRUSTERS)] == ["holds", "fails"]
