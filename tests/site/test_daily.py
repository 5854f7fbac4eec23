"""A calendar of windows: instants as ever, and Sun, shadow and phase by other roads."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import catalog, mission, site, targets
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import Launch, WindowConditions
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.geodesy import itrf_from_geodetic

if TYPE_CHECKING:
    from cosmodrome.mission import Mission
    from cosmodrome.record.windows import WindowCalendar
    from cosmodrome.targets import Insertion
    from cosmodrome.world.world import World

RE = 6378137.0


def asked(ltan: str, window: str, altitude: str = "820 km") -> Mission:
    text = mission.scaffold("vostochny-sso")
    text = text.replace("2027-03-01T00:00Z / 2027-03-03T00:00Z", window)
    return mission.loads(text.replace("15:00 +- 2 min", ltan).replace("820 km +- 5 km", altitude))


def calendar_of(
    m: Mission, world: World, conditions: WindowConditions | None = None
) -> tuple[WindowCalendar, Insertion]:
    assert m.launch.window is not None
    aim = targets.insertion(m.target, m.launch.window[0], world)
    launch = m.launch if conditions is None else replace(m.launch, conditions=conditions)
    ways = site.ways_by_geometry(m.site, aim.i_mean_rad)
    return site.calendar(m.site, ways, aim, launch, world), aim


MONTH = "2027-03-01T00:00Z / 2027-03-31T00:00Z"


@pytest.fixture(scope="module")
def month(shipped_world: World) -> tuple[WindowCalendar, Insertion]:
    return calendar_of(asked("15:00", MONTH), shipped_world)


def test_every_day_has_both_branches_at_their_instants(
    month: tuple[WindowCalendar, Insertion], shipped_world: World
) -> None:
    found, aim = month
    assert len(found.windows) == 60
    m = asked("15:00", MONTH)
    known = site.windows(m, aim, shipped_world)
    assert [(w.epoch, w.branch) for w in found.windows] == [(o.epoch, o.branch) for o in known]
    assert all(w.ltan_s == pytest.approx(54000.0, abs=0.05) for w in found.windows)
    assert found.serving == found.windows


@pytest.mark.parametrize("degrees", [52.5, 64.8, 90.0, 98.7, 125.0])
@pytest.mark.parametrize("name", ["vostochny", "mahia"])
def test_a_way_begins_over_the_pad(name: str, degrees: float) -> None:
    """Its argument of latitude, less the arc of the ascent, is the pad's own, north or south."""
    pad = catalog.site(name)
    i = math.radians(degrees)
    place = itrf_from_geodetic(pad.latitude_rad, 0.0, pad.height_m)
    place = place / np.linalg.norm(place)
    for way in site.ways_by_geometry(pad, i):
        u, node = way.u_release_rad - 0.35, way.node_minus_pad_rad
        along = np.array([math.cos(node), math.sin(node), 0.0])
        ahead = np.array([-math.cos(i) * math.sin(node), math.cos(i) * math.cos(node), math.sin(i)])
        assert math.cos(u) * along + math.sin(u) * ahead == pytest.approx(place, abs=1e-9)
        # northward over the pad on the ascending branch
        northward = math.cos(u) * math.sin(i)
        assert (northward > 0.0) == (way.branch == "ascending")


def low_precision_sun(epoch: Epoch) -> tuple[float, float]:
    """Right ascension and declination of date, rad, to 0.01 deg (Astronomical Almanac, C5)."""
    n = (epoch - Epoch.parse("2000-01-01T12:00:00 TT")) / 86400.0
    g = math.radians(357.528 + 0.9856003 * n)
    longitude = math.radians(280.460 + 0.9856474 * n + 1.915 * math.sin(g))
    longitude += math.radians(0.020 * math.sin(2.0 * g))
    tilt = math.radians(23.439 - 4e-7 * n)
    ra = math.atan2(math.cos(tilt) * math.sin(longitude), math.cos(longitude))
    return ra, math.asin(math.sin(tilt) * math.sin(longitude))


def test_the_sun_stands_where_the_almanac_has_it(
    month: tuple[WindowCalendar, Insertion], shipped_world: World
) -> None:
    found, aim = month
    pad = catalog.site("vostochny")
    for w in found.windows[::7]:
        ra, declination = low_precision_sun(w.epoch)
        hour_angle = shipped_world.orientation.gast_rad(w.epoch) + pad.longitude_rad - ra
        sine = math.sin(pad.latitude_rad) * math.sin(declination)
        sine += math.cos(pad.latitude_rad) * math.cos(declination) * math.cos(hour_angle)
        assert math.degrees(w.sun_elevation_rad) == pytest.approx(
            math.degrees(math.asin(sine)), abs=0.02
        )
        # sin beta = cos d sin i sin(raan - ra) + sin d cos i (Vallado 2013, 5.3.4)
        i = aim.i_mean_rad
        sine = math.cos(declination) * math.sin(i) * math.sin(w.raan_rad - ra)
        sine += math.sin(declination) * math.cos(i)
        assert math.degrees(w.beta_rad) == pytest.approx(math.degrees(math.asin(sine)), abs=0.02)


def test_shadow_lasts_as_behind_a_cylinder(month: tuple[WindowCalendar, Insertion]) -> None:
    """Half-angle acos(sqrt(1 - (R/a)^2) / cos beta); the penumbra adds the Sun's 0.53 deg."""
    found, aim = month
    for w in found.windows[::9]:
        ratio = math.sqrt(1.0 - (RE / aim.a_mean_m) ** 2) / math.cos(w.beta_rad)
        cylinder = math.acos(ratio) / math.pi
        assert 0.0 < w.shadow_part - cylinder < 0.006
        assert w.first_shadow_s is not None
        assert w.first_shadow_s < math.tau * math.sqrt(aim.a_mean_m**3 / aim.mu)


def test_dawn_and_dusk_are_free_of_eclipses_but_for_a_season(shipped_world: World) -> None:
    """At 18:00 and 820 km the Sun leaves the orbit only around the June solstice's opposite.

    The plane's normal of a node at 18:00 points 8.7 deg off the Sun's equator crossing: beta is
    least, 90 - 23.4 - 8.7 = 57.9 deg, at one solstice, and the Earth is 62.4 deg wide there.
    """
    asks = WindowConditions(eclipse_free_orbits=3.0)
    lit, _ = calendar_of(
        asked("18:00", "2027-03-20T00:00Z / 2027-03-23T00:00Z"), shipped_world, asks
    )
    assert all(w.serves and w.first_shadow_s is None for w in lit.windows)
    june, _ = calendar_of(
        asked("18:00", "2027-06-20T00:00Z / 2027-06-23T00:00Z"), shipped_world, asks
    )
    december, _ = calendar_of(
        asked("18:00", "2027-12-20T00:00Z / 2027-12-23T00:00Z"), shipped_world, asks
    )
    seasons = {"june": june, "december": december}
    dark = [k for k, c in seasons.items() if any(not w.serves for w in c.windows)]
    assert len(dark) == 1
    found = seasons[dark[0]].windows[0]
    assert math.degrees(found.beta_rad) == pytest.approx(57.9, abs=0.3)
    assert "min after release, asked 3 orbits without" in found.excluded[0]


def test_conditions_exclude_and_say_why(
    month: tuple[WindowCalendar, Insertion], shipped_world: World
) -> None:
    m = asked("15:00", "2027-03-01T00:00Z / 2027-03-03T00:00Z")
    found, _ = calendar_of(
        m,
        shipped_world,
        WindowConditions(
            sun_elevation_rad=(0.0, 1.0),
            beta_rad=(-1.0, 0.0),
            release="shadow",
            branch="ascending",
            inside_corridor=True,
        ),
    )
    north, south = found.windows[0], found.windows[1]
    assert north.branch == "ascending"
    assert [w.split(" ")[0] for w in north.excluded] == ["beta", "released"]
    assert [w.split(" ")[0] for w in south.excluded][:3] == ["descending", "heading", "Sun"]
    assert "Sun at the pad -28" in south.excluded[2]
    assert "asked 0 to 57.2958 deg" in south.excluded[2]


def test_phase_is_an_arc_that_may_pass_through_north(shipped_world: World) -> None:
    m = asked("15:00", "2027-03-01T00:00Z / 2027-03-02T00:00Z")
    assert m.launch.window is not None
    aim = targets.insertion(m.target, m.launch.window[0], shipped_world)
    ways = site.ways_by_geometry(m.site, aim.i_mean_rad)[:1]
    for phase, limits, serves in ((0.1, (6.0, 0.2), True), (3.0, (6.0, 0.2), False)):
        launch = replace(m.launch, conditions=WindowConditions(phase_rad=limits))
        found = site.calendar(
            m.site, ways, aim, launch, shipped_world, phase_of=lambda _t, _u, p=phase: p
        )
        assert found.windows[0].phase_rad == phase
        assert found.windows[0].serves is serves


class Ascent:
    """A release 0.4 rad along an orbit of the target's inclination, from a node 12 deg east."""

    node_minus_pad_rad = math.radians(12.0)
    travel_s = 600.0

    def __init__(self, i: float) -> None:
        node, u = self.node_minus_pad_rad, 0.4
        along = np.array([math.cos(node), math.sin(node), 0.0])
        ahead = np.array([-math.cos(i) * math.sin(node), math.cos(i) * math.cos(node), math.sin(i)])
        self.r_m = 7.2e6 * (math.cos(u) * along + math.sin(u) * ahead)
        self.v_m_s = 7.4e3 * (math.cos(u) * ahead - math.sin(u) * along)


def test_a_launch_takes_the_first_instant_that_its_conditions_leave(shipped_world: World) -> None:
    """At 18:00 the Sun goes down earlier each day of October at 52 degrees north."""
    m = asked("18:00", "2027-10-08T00:00Z / 2027-10-12T00:00Z")
    assert m.launch.window is not None
    aim = targets.insertion(m.target, m.launch.window[0], shipped_world)
    ascent = Ascent(aim.i_mean_rad)
    way = site.way_of_ascent("ascending", (6.0, 6.0), True, ascent)
    assert way.u_release_rad == pytest.approx(0.4, abs=1e-12)

    def flown(low_deg: float, high_deg: float) -> Epoch:
        height = (math.radians(low_deg), math.radians(high_deg))
        launch = replace(m.launch, conditions=WindowConditions(sun_elevation_rad=height))
        return site.launch(replace(m, launch=launch), aim, ascent, shipped_world).epoch

    found = site.calendar(m.site, (way,), aim, m.launch, shipped_world)
    heights = [math.degrees(w.sun_elevation_rad) for w in found.windows]
    assert heights == sorted(heights, reverse=True)
    # the fourth is the first one below the height between it and the third
    assert flown(-90.0, 0.5 * (heights[2] + heights[3])) == found.windows[3].epoch
    with pytest.raises(InfeasibleError, match="none of 4 instants of the window meets its cond"):
        flown(60.0, 90.0)


def test_what_cannot_be_listed(shipped_world: World) -> None:
    m = asked("15:00", "2027-03-01T06:00Z / 2027-03-01T07:00Z")
    assert m.launch.window is not None
    aim = targets.insertion(m.target, m.launch.window[0], shipped_world)
    ways = site.ways_by_geometry(m.site, aim.i_mean_rad)
    with pytest.raises(InfeasibleError, match="ascending branch: no lift-off between"):
        site.calendar(m.site, ways, aim, m.launch, shipped_world)
    with pytest.raises(InputError, match="a calendar needs a span"):
        site.calendar(m.site, ways, aim, Launch(time=m.launch.window[0]), shipped_world)
    with pytest.raises(InputError, match="every instant serves alike"):
        site.calendar(m.site, ways, replace(aim, ltan_s=None), m.launch, shipped_world)
