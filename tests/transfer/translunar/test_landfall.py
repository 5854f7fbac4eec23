"""The plane of an arrival chosen for the landing after it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation, Slerp

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import Spacecraft
from cosmodrome.mission.steps import Land, ToMoon
from cosmodrome.physics.harmonics import acceleration
from cosmodrome.transfer.translunar import Cell, way
from cosmodrome.transfer.translunar.landfall import Landfall, flights_of
from cosmodrome.transfer.translunar.looked import nearest, one_a_departure
from cosmodrome.transfer.translunar.site_planes import Planes
from cosmodrome.world.body_orientation import fixed_from_gcrf
from cosmodrome.world.daylight import Light, sun_over
from cosmodrome.world.epoch import Epoch
from tests.transfer.translunar.problems import DAY, FULL, MOON_M, WORLD, polar, problem

LEAVES = Epoch.from_utc("2023-08-11T00:30:00Z")
SITE = (math.radians(-69.545), math.radians(43.544))
MORNING = Light((math.radians(1.0), math.radians(15.0)), "morning")
NEAR_POLAR = (math.radians(75.0), math.radians(105.0))


def arrived(inclination_deg=90.0, passing="north"):
    orbit = replace(polar(), inclination_rad=math.radians(inclination_deg))
    asked = problem(51.7, orbit, LEAVES)
    return way(asked, Cell(LEAVES, 5.36 * DAY, "southbound", passing), FULL, WORLD)


@pytest.fixture(scope="module")
def one():
    return arrived()


def land(**more):
    return Land(*SITE, **{"within_s": 28.0 * DAY, **more})


def sun_of_meeus(epoch):
    """(latitude, longitude), deg, of the point of the Moon below the Sun: Meeus (1998),
    Astronomical Algorithms, chapter 53, optical librations alone, from low-precision places."""
    t = (epoch - Epoch.parse("2000-01-01T12:00:00 TT")) / (36_525.0 * DAY)
    d = math.radians(297.8501921 + 445_267.1114034 * t)
    m = math.radians(357.5291092 + 35_999.0502909 * t)
    mp = math.radians(134.9633964 + 477_198.8675055 * t)
    f = 93.2720950 + 483_202.0175233 * t
    moon_lon = 218.3164477 + 481_267.88123421 * t
    moon_lon += 6.289 * math.sin(mp) + 1.274 * math.sin(2 * d - mp) + 0.658 * math.sin(2 * d)
    moon_lon += (
        0.214 * math.sin(2 * mp) - 0.186 * math.sin(m) - 0.114 * math.sin(2 * math.radians(f))
    )
    moon_lat = 5.128 * math.sin(math.radians(f))
    sun_lon = 280.46646 + 36_000.76983 * t + 1.915 * math.sin(m) + 0.020 * math.sin(2 * m)
    # the Sun seen from the Moon: 389 times as far, on the other side of the Earth
    ratio = 1.0 / 389.0
    dl = math.radians(sun_lon - moon_lon)
    lon = sun_lon + 180.0 + ratio * 57.296 * math.cos(math.radians(moon_lat)) * math.sin(dl)
    lat = ratio * moon_lat
    node = 125.0445479 - 1_934.1362891 * t
    i = math.radians(1.54242)
    w, b = math.radians(lon - node), math.radians(lat)
    a = math.atan2(
        math.sin(w) * math.cos(b) * math.cos(i) - math.sin(b) * math.sin(i),
        math.cos(w) * math.cos(b),
    )
    sub = math.asin(-math.sin(w) * math.cos(b) * math.sin(i) - math.sin(b) * math.cos(i))
    return math.degrees(sub), (math.degrees(a) - f + 180.0) % 360.0 - 180.0


def up_of(lat, lon):
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def normal_later(r, v, epoch, after_s):
    """(3,) of the plane of an orbit later: DOP853 over the specification's field to degree 6, the
    Moon turned evenly between places an hour apart, no Earth and no Sun."""
    field = WORLD.gravity("moon", degree=6)
    hours = np.arange(0.0, after_s + 7_200.0, 3_600.0)
    turns = [fixed_from_gcrf(WORLD, "moon", field.axes, epoch + float(t)).matrix for t in hours]
    turned = Slerp(hours, Rotation.from_matrix(np.array(turns)))

    def rates(t, y):
        m = turned(t).as_matrix()
        g = acceleration((m @ y[:3])[None], field.mu_m3_s2, field.radius_m, field.C, field.S)
        return np.concatenate([y[3:], m.T @ g[0]])

    end = solve_ivp(
        rates, (0.0, after_s), np.concatenate([r, v]), method="DOP853", rtol=1e-9, atol=1e-3
    ).y[:, -1]
    n = np.cross(end[:3], end[3:])
    return n / np.linalg.norm(n)


def test_the_site_lies_in_the_plane_when_it_is_wanted(one) -> None:
    window = (Epoch.from_utc("2023-08-18T12:00:00Z"), Epoch.from_utc("2023-08-18T18:00:00Z"))
    landfall = Landfall(land(window=window), NEAR_POLAR)
    there = one
    # the asymptote follows the plane a little
    for _ in range(2):
        plane = landfall.weigh(there.perilune, polar(), WORLD).plane()
        there = arrived(math.degrees(plane.orbit.inclination_rad), plane.passing)
    assert window[0] <= plane.touchdown <= window[1]
    assert there.lunar_inclination_rad == pytest.approx(plane.orbit.inclination_rad, abs=1e-6)
    r, v = there.perilune.r_m, there.perilune.v_m_s
    before = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    v = v * polar().perilune_speed_m_s() / np.linalg.norm(v)
    after = plane.touchdown - there.perilune.epoch
    n = normal_later(r, v, there.perilune.epoch, after)
    axes = fixed_from_gcrf(WORLD, "moon", "moon-me", plane.touchdown).matrix
    off, unturned = (MOON_M * math.asin(x @ (axes.T @ up_of(*SITE))) for x in (n, before))
    # the degrees that are left out turn it by 2.6 km
    assert abs(off) < 4e3
    assert abs(unturned) > 2.0 * abs(off)


def test_the_sun_stands_where_an_almanac_has_it() -> None:
    for days in (0.0, 6.5, 13.1, 21.7):
        epoch = LEAVES + days * DAY
        lat, lon = (math.radians(x) for x in sun_of_meeus(epoch))
        high = math.asin(float(up_of(lat, lon) @ up_of(*SITE)))
        there = sun_over(WORLD, *SITE, epoch, 0.0)
        assert float(there.elevation_rad[0]) == pytest.approx(high, abs=math.radians(0.1))
        later = sun_over(WORLD, *SITE, epoch, 3_600.0)
        rises = float(later.elevation_rad[0]) > float(there.elevation_rad[0])
        assert bool(there.morning[0]) == rises


def test_light_and_day_choose_and_what_is_in_the_way_is_told(one) -> None:
    def weigh(planes=NEAR_POLAR, passing=None, **more):
        return Landfall(land(**more), planes, passing).weigh(one.perilune, polar(), WORLD)

    lit = weigh(light=MORNING).plane()
    assert MORNING.sun_rad[0] <= lit.sun_rad <= MORNING.sun_rad[1]
    evening = weigh(light=replace(MORNING, half="evening")).plane()
    # half a month on, on the other half of the day
    assert 8.0 * DAY < evening.touchdown - lit.touchdown < 16.0 * DAY
    # without any wish the polar plane, when the site comes into it
    free = weigh().plane()
    assert math.degrees(free.orbit.inclination_rad) == pytest.approx(90.0, abs=0.2)
    # of the two planes that hold the site the side says which
    sides = [weigh(light=MORNING, passing=side).plane() for side in ("north", "south")]
    assert [x.passing for x in sides] == ["north", "south"]
    assert sides[0].orbit.inclination_rad < 0.5 * math.pi < sides[1].orbit.inclination_rad
    with pytest.raises(InfeasibleError, match=r"the Sun stands .* and 80 to 85 deg over the level"):
        weigh(light=Light((math.radians(80.0), math.radians(85.0)))).plane()
    early = (Epoch.from_utc("2023-08-01T00:00:00Z"), Epoch.from_utc("2023-08-02T00:00:00Z"))
    with pytest.raises(InfeasibleError, match="arrive earlier or later"):
        weigh(window=early).plane()
    with pytest.raises(InfeasibleError, match=r"hold the site are inclined .* and 1 to 20 deg are"):
        weigh(planes=(math.radians(1.0), math.radians(20.0)), light=MORNING).plane()
    # a narrow wish that a small turn would meet is told with its price
    day = (Epoch.from_utc("2023-08-21T00:00:00Z"), Epoch.from_utc("2023-08-21T06:00:00Z"))
    narrow = (math.radians(89.0), math.radians(91.0))
    with pytest.raises(
        InfeasibleError, match=r"turns the plane by \d+\.\d deg takes \d+ m/s more; 0 m/s are"
    ):
        weigh(planes=narrow, window=day).plane()
    with pytest.raises(InfeasibleError, match="a landing comes between"):
        late = (Epoch.from_utc("2023-12-01T00:00:00Z"), Epoch.from_utc("2023-12-02T00:00:00Z"))
        weigh(window=late).plane()


def test_what_was_weighed_is_told_day_by_day(one) -> None:
    weighed = Landfall(land(light=MORNING), NEAR_POLAR).weigh(one.perilune, polar(), WORLD)
    rows = weighed.rows(LEAVES, "southbound", 3_950.0)
    assert 27 <= len(rows) <= 29
    (taken,) = [r for r in rows if r.chosen]
    assert taken.why == ""
    assert taken.touchdown == weighed.plane().touchdown
    assert all(r.why for r in rows if not r.chosen)
    first = rows[0]
    assert "not in the light asked" in first.why
    assert "not in the light asked" in nearest([first])
    # of the departure that is taken nothing is told twice; of another the one that serves
    assert one_a_departure(rows, one.perilune.epoch, "southbound") == ()
    (other,) = one_a_departure(rows, one.perilune.epoch + DAY, "southbound")
    assert not other.chosen
    assert other.touchdown == taken.touchdown
    assert other.why == "serves; another departure was taken"


def test_the_terrain_stands_in_the_way_of_a_low_sun() -> None:
    level = Light((0.0, 0.5), "morning")
    edge = replace(level, terrain=True).edge("moon", *SITE)
    t = np.arange(8.0 * DAY, 12.0 * DAY, 3_600.0)
    plain, over = (sun_over(WORLD, *SITE, LEAVES, t, edge=e) for e in (None, edge))
    assert np.allclose(
        plain.height_rad - over.height_rad, edge.mask_rad(plain.azimuth_rad), atol=1e-12
    )
    assert level.edge("moon", *SITE) is None


def test_flights_are_tried_from_the_one_asked_for() -> None:
    step = ToMoon(100e3, 100e3, flight_s=4.5 * DAY, flights_s=(4.0 * DAY, 5.0 * DAY))
    assert np.array(flights_of(step)) / DAY == pytest.approx([4.5, 4.25, 4.75, 4.0, 5.0])
    assert flights_of(replace(step, flights_s=None)) == (4.5 * DAY,)


def test_a_plane_left_to_no_landing_is_refused() -> None:
    step = ToMoon(100e3, 100e3, planes_rad=NEAR_POLAR)
    with pytest.raises(InputError, match="none follows in the plan"):
        Landfall.of(step, (step,))
    assert Landfall.of(replace(step, planes_rad=None), (step,)) is None
    landfall = Landfall.of(step, (step, land(light=MORNING)))
    assert landfall is not None
    assert landfall.land.light == MORNING
    # or in the plan of a lander that is carried there
    lander = Spacecraft("lander", 1_700.0, 1.0, 2.2, 1.0, 1.3, plan=(land(light=MORNING),))
    carried = Landfall.of(step, (step,), (lander,))
    assert carried is not None
    assert carried.land.light == MORNING


def test_planes_of_both_senses_hold_the_place() -> None:
    there = arrived().perilune
    planes = Planes(there, polar(), SITE, np.array([2.0 * DAY, 3.0 * DAY]), WORLD)
    assert planes.inclination[0] + planes.inclination[1] == pytest.approx(math.pi)
    assert np.all(planes.south[0] != planes.south[1])


def test_the_crater_of_luna_25_tells_how_its_orbit_was_inclined() -> None:
    """Insertion on 16 August 2023 at 08:57, impact at 57.865 S 61.360 E three days later on the way
    south. "Near-polar" is all that was published; the day of the landing was to be 21 August."""
    arrives = Epoch.from_utc("2023-08-16T09:00:00Z")
    leaves = arrives + -5.4 * DAY
    cell = Cell(leaves, 5.4 * DAY, "southbound", "north")
    there = way(problem(51.7, first=leaves), cell, FULL, WORLD).perilune

    def held(latitude_deg, longitude_deg, epoch):
        """(inclination, deg, speed northward at the place) in both senses."""
        t = np.array([DAY, epoch - there.epoch])
        place = (math.radians(latitude_deg), math.radians(longitude_deg))
        planes = Planes(there, polar(), place, t, WORLD)
        axes = fixed_from_gcrf(WORLD, "moon", "moon-me", epoch).matrix
        out = []
        for sense in range(2):
            for _ in range(3):
                planes.fly(sense, 1)
            # the plane turns by less than a degree until then: its sense stays
            ahead = np.cross(planes.normals[sense, 1], axes.T @ up_of(*place))
            out.append((math.degrees(planes.inclination[sense, 1]), float(ahead @ axes[2])))
        return out

    (south,) = [i for i, north in held(-57.865, 61.360, Epoch.parse("2023-08-19T11:58:00Z"))
                if north < 0.0]  # fmt: skip
    assert 81.0 < south < 85.0
    # the planes that hold the planned site in the course of that day are such planes
    day = [
        next(i for i, north in held(*map(math.degrees, SITE), Epoch.parse(at)) if north < 0.0)
        for at in ("2023-08-21T00:00:00Z", "2023-08-21T12:00:00Z")
    ]
    assert min(day) < south < max(day)
