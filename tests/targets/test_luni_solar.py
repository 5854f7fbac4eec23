"""The Sun's and the Moon's pull on mean elements, flown; longitudes where satellites rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, PointMass, propagate
from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.dynamics.mean import by_revolution
from cosmodrome.record.nouns import Elements
from cosmodrome.targets.luni_solar import (
    longitude_acceleration,
    stable_longitudes,
    third_body_rates,
)
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
MONTH_S = 30 * 86400.0
GEO = 42_164_170.0


@pytest.mark.parametrize("body", ["sun", "moon"])
@pytest.mark.parametrize("raan", [0.3, 2.0])
def test_against_a_flight_about_a_point(shipped_world: World, body: str, raan: float) -> None:
    """Point-mass Earth and one body: whatever drifts is that body's."""
    mu = shipped_world.gravity().mu_m3_s2
    mean = Elements(26.55e6, 0.7, math.radians(63.4), raan, math.radians(270.0), math.pi / 2)
    r, v = state_from_elements(mean, mu)
    back = shipped_world.orientation.tod_from_gcrf(EPOCH).matrix.T
    flown = propagate(
        State(EPOCH, GCRF, back @ r, back @ v, 1.0),
        Dynamics((PointMass("earth"), PointMass(body))),
        MONTH_S,
        ("ascending node",),
        world=shipped_world,
    )
    nodes = np.array([event.t_s for event in flown.events])
    path = by_revolution(flown.arcs[0], shipped_world.orientation, mu, nodes)
    span = float(path.t_s[-1] - path.t_s[0])
    got = third_body_rates(body, mean, EPOCH, MONTH_S, shipped_world)
    # what the next degree of the Moon's attraction adds, and the axes of date, which turn
    size = 0.12 if body == "moon" else 0.05
    scale = abs(got.node_rad_s) + abs(got.i_rad_s) + abs(got.perigee_rad_s)
    argp = np.unwrap(np.arctan2(path.ey, path.ex))
    for rate, series in (
        (got.node_rad_s, path.raan_rad),
        (got.i_rad_s, path.i_rad),
        (got.perigee_rad_s, argp),
    ):
        assert rate == pytest.approx((series[-1] - series[0]) / span, abs=size * scale)


def test_the_resting_places_of_geostationary_satellites(shipped_world: World) -> None:
    # Soop (1994), sec. 4.3: stable at 75.1 E and 105.3 W, unstable at 11.5 W and 161.9 E;
    # the pull is at most about 0.0018 deg/day^2
    gravity = shipped_world.gravity()
    east, west = stable_longitudes(GEO, gravity)
    assert math.degrees(east) == pytest.approx(75.1, abs=0.5)
    assert math.degrees(west) - 360.0 == pytest.approx(-105.3, abs=0.5)
    for unstable in (-11.5, 161.9):
        x = math.radians(unstable)
        assert longitude_acceleration(x - 0.02, GEO, gravity) < 0.0
        assert longitude_acceleration(x + 0.02, GEO, gravity) > 0.0
    grid = np.radians(np.arange(0.0, 360.0, 2.0))
    pull = [longitude_acceleration(float(x), GEO, gravity) for x in grid]
    most = math.degrees(max(map(abs, pull))) * 86400.0**2
    assert most == pytest.approx(0.0018, abs=0.0003)


@pytest.mark.parametrize(("year", "deg"), [(2006, 0.941), (2015, 0.751)])
def test_how_much_a_geostationary_plane_tilts_in_a_year(
    shipped_world: World, year: int, deg: float
) -> None:
    """Most where the Moon's orbit leans farthest from the equator, least nine years later: 0.75 to
    0.95 deg (E. M. Soop)."""
    mean = Elements(GEO, 1e-4, 1e-3, 0.0, 0.0, 0.0)
    span = 365.25 * 86_400.0
    start = Epoch.from_utc(f"{year}-01-01T00:00:00Z")
    pulls = [third_body_rates(b, mean, start, span, shipped_world) for b in ("sun", "moon")]
    tilt = math.hypot(sum(p.i_rad_s for p in pulls), 1e-3 * sum(p.node_rad_s for p in pulls))
    assert 0.74 < math.degrees(tilt) * span < 0.95
    assert math.degrees(tilt) * span == pytest.approx(deg, abs=0.002)


# deg east: tangential acceleration, 1e-9 m/s^2 eastward (Soop 1983, Handbook of Geostationary
# Orbits, table 2, as copied at server-sky.com/Soop)
SOOP = {
    0: -21.3, -15: 6.3, -30: 29.6, -60: 46.5, -75: 38.7, -90: 22.3, -105: 0.3, -120: -23.3,
    -135: -43.0, -165: -50.8, 180: -34.2, 165: -6.6, 150: 25.3, 135: 52.3, 120: 65.3, 105: 58.9,
    90: 34.5, 75: 0.0, 60: -33.0, 45: -54.3, 30: -58.3, 15: -45.5,
}  # fmt: skip


def test_the_pull_along_the_geostationary_orbit_is_the_published_one(shipped_world: World) -> None:
    gravity = shipped_world.gravity()

    def pull(degrees: float) -> float:
        return longitude_acceleration(math.radians(degrees), GEO, gravity)

    for degrees, published in SOOP.items():
        assert -pull(degrees) * GEO / 3.0 * 1e9 == pytest.approx(published, abs=0.06)
    # at these two the copy's acceleration (43.5, -54.4) contradicts its own 0.001 deg/day^2
    for degrees, published in ((-45.0, -1.33), (-150.0, 1.63)):
        found = math.degrees(pull(degrees)) * 86_400.0**2 * 1e3
        assert found == pytest.approx(published, abs=0.006)
