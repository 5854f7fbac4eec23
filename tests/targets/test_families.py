"""Designs against orbits in service, and promises held against 30 days in full dynamics."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import read_orbit
from cosmodrome.record.nouns import Elements
from cosmodrome.targets.families import Design, design, match
from cosmodrome.targets.promises import Kept, keep
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.sun import local_time_of_node_h

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
DAY = 86400.0
RE = 6378137.0


def designed(text: str, world: World) -> Design:
    return design(read_orbit(text).target, EPOCH, world)


def kept(text: str, world: World) -> Kept:
    found = keep(designed(text, world), world)
    print(text, {m.promise.key: m.value for m in found.measured})
    assert found.holds
    return found


def figure(found: Kept, key: str) -> float:
    (value,) = [m.value for m in found.measured if m.promise.key == key]
    return value


# --------------------------------------------------------------------------- the promises
@pytest.mark.parametrize(
    "text",
    [
        "sso repeat 233/16, ltdn 10:11",  # Landsat
        "sso repeat 143/10 ltdn 10:30",  # Sentinel-2
        "frozen repeat 385/27 sso ltdn 10:00",  # Sentinel-3
        "frozen repeat 412/29 sso ltdn 9:30",  # Metop
    ],
)
def test_sun_synchronous_orbits_keep_time_and_track(shipped_world: World, text: str) -> None:
    found = kept(text, shipped_world)
    assert figure(found, "ltan_drift_s") <= 30.0
    assert figure(found, "repeat_m") <= 1000.0
    if "frozen" in text:
        assert figure(found, "e_vector_ratio") <= 0.1


def test_topex_is_frozen_and_repeats(shipped_world: World) -> None:
    found = kept("frozen repeat 127/10 66.04 deg", shipped_world)
    assert figure(found, "repeat_m") <= 1000.0
    # e = 0.0001: a tenth of it is 77 m
    assert figure(found, "e_vector_ratio") <= 0.1
    # the navigation papers of TOPEX/Poseidon (JPL) have its e vector circle in 26.7 months
    period = designed("frozen repeat 127/10 66.04 deg", shipped_world).figures["loop_period_s"]
    assert period / (30.44 * DAY) == pytest.approx(26.7, rel=0.03)


def test_an_e_vector_off_the_frozen_point_circles_it(shipped_world: World) -> None:
    """Released as a circle, the orbit's e vector draws the design's circle at its pace."""
    frozen = designed("frozen repeat 233/16 sso ltdn 10:11", shipped_world)
    centre, turn = frozen.mean.e, 2.0 * math.pi / frozen.figures["loop_period_s"]
    found = keep(designed("sso repeat 233/16 ltdn 10:11", shipped_world), shipped_world)
    assert found.series is not None
    day = np.full(15, 1.0 / 15.0)  # fifteen revolutions: the m-dailies drop out
    ex, ey, t = (
        np.convolve(x, day, "valid") for x in (found.series.ex, found.series.ey, found.series.t_s)
    )
    radius = np.hypot(ex, ey - centre)
    assert radius == pytest.approx(np.full(len(ex), centre), rel=0.1)
    angle = np.unwrap(np.arctan2(ex, centre - ey))
    slope = abs(float(np.polyfit(t, angle, 1)[0]))
    print(f"circles in {2 * math.pi / slope / DAY:.1f} d, design {2 * math.pi / turn / DAY:.1f} d")
    assert slope == pytest.approx(turn, rel=0.1)


@pytest.mark.parametrize("raan", [0, 90, 200])
def test_molniya_holds_its_perigee(shipped_world: World, raan: int) -> None:
    found = kept(f"molniya raan {raan} deg", shipped_world)
    assert abs(figure(found, "argp_drift_rad")) <= math.radians(1.0)
    made = designed(f"molniya raan {raan} deg", shipped_world)
    # the Sun's and the Moon's part is stated apart, and it is most of what moves
    assert {"perigee_rate_sun_rad_s", "perigee_rate_moon_rad_s"} <= set(made.figures)
    off = found.figures["argp_drift_rad"] - found.figures["argp_drift_theory_rad"]
    assert abs(off) < math.radians(0.06)  # resonance with the tesserals


def test_what_thirty_days_do_to_a_geostationary_orbit(shipped_world: World) -> None:
    found = kept("geo longitude 19.2 deg", shipped_world)
    made = designed("geo longitude 19.2 deg", shipped_world)
    # flown longitude bends as the tesserals of the slot say
    assert found.figures["longitude_acceleration_rad_s2"] == pytest.approx(
        made.figures["longitude_acceleration_rad_s2"], rel=0.05
    )
    half = 0.5 * made.figures["longitude_acceleration_rad_s2"] * (30 * DAY) ** 2
    assert figure(found, "longitude_drift_rad") == pytest.approx(half, rel=0.15)
    # Soop (1994), sec. 4.5: 0.75 to 0.95 deg a year, and up to 0.04 deg a fortnight either way
    month = math.degrees(figure(found, "inclination_drift_rad"))
    assert 0.75 / 12.2 - 0.04 < month < 0.95 / 12.2 + 0.04


@pytest.mark.parametrize(
    ("text", "off_m"),
    [("gps", 1500.0), ("galileo", 1500.0), ("glonass", 1500.0), ("beidou", 1500.0)],
)
def test_navigation_orbits_repeat(shipped_world: World, text: str, off_m: float) -> None:
    found = kept(text, shipped_world)
    assert figure(found, "repeat_m") < off_m
    theory = found.figures["node_drift_theory_rad"]
    assert figure(found, "node_drift_rad") == pytest.approx(theory, rel=5e-3)


def test_a_tundra_stands_over_its_meridian(shipped_world: World) -> None:
    # Sirius Radio 1 to 3: a day, e 0.2684, 63.4 deg, apogee near 96 W
    made = designed("tundra longitude -96 deg", shipped_world)
    found = kept("tundra longitude -96 deg", shipped_world)
    nodes = found.path.columns_at(0.0)
    turn = shipped_world.orientation.itrf_from_gcrf(EPOCH).matrix
    fixed = turn @ nodes[:3]
    assert math.degrees(math.atan2(fixed[1], fixed[0])) == pytest.approx(-96.0, abs=0.2)
    assert made.mean.true_anomaly_rad == pytest.approx(math.pi, abs=1e-9)
    assert abs(math.degrees(figure(found, "argp_drift_rad"))) < 0.5


def test_a_tundra_of_a_given_node_waits_for_its_meridian(shipped_world: World) -> None:
    made = designed("tundra raan 30 deg longitude 135 deg", shipped_world)
    found = keep(made, shipped_world, days=6.0, settle=False)
    t = np.arange(0.0, 1.02 * DAY, 60.0)
    y = found.path.columns_at(t)
    k = int(np.argmax(np.linalg.norm(y[:, :3], axis=1)))
    turn = shipped_world.orientation.itrf_from_gcrf(EPOCH + float(t[k])).matrix
    fixed = turn @ y[k, :3]
    assert math.degrees(math.atan2(fixed[1], fixed[0])) == pytest.approx(135.0, abs=1.0)


# ----------------------------------------------------------------------------- the designs
def test_the_node_stands_at_its_local_time(shipped_world: World) -> None:
    made = designed("800 km sso ltdn 10:30", shipped_world)
    hours = local_time_of_node_h(made.mean.raan_rad, EPOCH, shipped_world.orientation)
    assert hours == pytest.approx(22.5, abs=1e-9)
    assert made.figures["ltan_s"] == pytest.approx(22.5 * 3600.0, abs=1e-5)


def test_figures_agree_with_each_other(shipped_world: World) -> None:
    made = designed("frozen repeat 143/10 sso", shipped_world)
    f = made.figures
    assert f["repeat_s"] == pytest.approx(10 * DAY, rel=1e-5)  # days of the Sun
    assert 143 * f["track_shift_rad"] == pytest.approx(10 * 2 * math.pi, rel=1e-5)
    assert f["track_spacing_m"] == pytest.approx(2 * math.pi * RE / 143)
    assert any("Cook 1966" in line for line in made.why)
    assert any("143 nodal periods" in line for line in made.why)


def test_high_orbits_close_within_their_half_width(shipped_world: World) -> None:
    for text, a_km in (("molniya", 26_553.6), ("tundra", 42_163.4), ("geo", 42_165.8)):
        made = designed(text, shipped_world)
        asked = made.target.semi_major_axis_m
        assert asked is not None
        assert made.mean.a_m / 1e3 == pytest.approx(a_km, abs=0.2)
        assert abs(made.mean.a_m - asked.value) < asked.tolerance


def test_the_state_belongs_to_the_aim(shipped_world: World) -> None:
    found = keep(designed("800 km frozen sso", shipped_world), shipped_world, days=5.0)
    mu = shipped_world.gravity().mu_m3_s2
    osculating = elements_from_state(found.state.r_m, found.state.v_m_s, mu)
    assert osculating.a_m == pytest.approx(found.aim.a_m, abs=20e3)
    assert found.state.epoch == EPOCH


def test_matching_a_known_orbit_gives_its_elements_back(shipped_world: World) -> None:
    known = Elements(6.79e6, 0.0007, math.radians(51.64), 2.0, 1.0, 0.4)
    made = match(known, EPOCH, shipped_world)
    assert made.mean == known
    assert made.target.raan_rad is not None
    assert made.target.raan_rad.value == 2.0
    # the ISS's node goes back 5 deg a day
    assert math.degrees(made.node_rate_rad_s) * DAY == pytest.approx(-5.0, abs=0.1)


def test_what_is_refused(shipped_world: World) -> None:
    with pytest.raises(InputError, match="asymptote"):
        designed("c3 10 km^2/s^2", shipped_world)
    with pytest.raises(InputError, match="leaves its inclination free"):
        design(read_orbit("gto").target, EPOCH, shipped_world)
    with pytest.raises(InfeasibleError, match="too short to judge"):
        keep(designed("800 km sso", shipped_world), shipped_world, days=1.0)
