"""Sun and Earth over a place on the Moon: published angles, brute force, and closed forms."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from cosmodrome.coverage import lit_s, showings, site_eclipses, sky
from cosmodrome.errors import DataError, InputError
from cosmodrome.world import Epoch, skyline, terrain
from cosmodrome.world.bodies import SUN
from cosmodrome.world.body_orientation import fixed_from_gcrf

GROUND = terrain("moon")
DAY = 86_400.0


def edge_at(latitude: float, longitude: float, **kw: float):
    return skyline(GROUND, math.radians(latitude), math.radians(longitude), **kw)


# Apollo Lunar Surface Journal, "Sun and Earth: Altitudes and Azimuths at the Apollo Landing
# Sites" (Fjeld & Scotti 2009, spot checked with JPL Horizons): place, instant, Sun's altitude and
# azimuth, Earth's
JOURNAL = [
    (0.6875, 23.4333, "1969-07-20T20:17:39Z", 10.65, 88.81, 59.43, 272.16),
    (0.6875, 23.4333, "1969-07-21T02:39:33Z", 13.84, 88.84, 59.30, 272.88),
    (0.6875, 23.4333, "1969-07-21T05:11:13Z", 15.17, 88.85, 59.27, 273.17),
    (0.6875, 23.4333, "1969-07-21T17:54:00Z", 21.65, 88.91, 59.09, 274.58),
    (-3.1975, -23.3856, "1969-11-19T06:54:36Z", 5.19, 91.16, 61.56, 86.95),
    (-3.1975, -23.3856, "1969-11-20T14:25:47Z", 21.11, 90.33, 61.48, 90.88),
]


@pytest.mark.parametrize("row", JOURNAL, ids=[r[2] for r in JOURNAL])
def test_apollo_saw_them_there(world, row) -> None:
    latitude, longitude, utc, sun, sun_at, earth, earth_at = row
    edge = edge_at(latitude, longitude, points=8)
    at = Epoch.from_utc(utc)
    s, e = (sky(edge, name, at, [0.0], world) for name in ("sun", "earth"))
    found = np.degrees([s.elevation_rad[0], s.azimuth_rad[0], e.elevation_rad[0], e.azimuth_rad[0]])
    # the journal's Earth is seen from the Moon's centre, 0.12 to 0.14 deg higher; it allows its
    # two computations to differ by half a degree
    lower = (1_737_400.0 + edge.ground_m) / e.range_m[0] * math.cos(e.elevation_rad[0])
    found[2] += math.degrees(math.asin(lower))
    np.testing.assert_allclose(found, [sun, sun_at, earth, earth_at], rtol=0.0, atol=0.07)
    assert s.share[0] == e.share[0] == 1.0


def test_chandrayaan_3_landed_in_the_morning(world) -> None:
    """Sunlight from before 23 August 2023 for a fortnight; sunrise again early on 20 September,
    India's time (as ISRO expected it), which is late on the 19th, UTC."""
    edge = edge_at(-69.373, 32.319)
    found = showings(
        edge, "sun", Epoch.from_utc("2023-08-10T00:00:00Z"),
        Epoch.from_utc("2023-10-10T00:00:00Z"), world, parts=("half",),
    )  # fmt: skip
    first, second = found
    assert first.start.utc(0)[:10] == "2023-08-21"
    assert first.end.utc(0)[:10] == "2023-09-04"
    assert first.duration_s / DAY == pytest.approx(14.0, abs=0.5)
    assert second.start.utc(0)[:13] == "2023-09-19T22"
    landed = Epoch.from_utc("2023-08-23T12:32:00Z")
    assert first.start < landed < first.end


def reference_direction(world, edge, name: str, epoch: Epoch) -> tuple[float, float, float]:
    """Azimuth, elevation and angular radius from the point below the body: spherical
    trigonometry with parallax, and the orientation asked for a single instant."""
    r = world.ephemeris.positions_m(name, epoch, np.zeros(1), "moon")[0]
    x, y, z = fixed_from_gcrf(world, "moon", "moon-me", epoch).matrix @ r
    far = math.sqrt(x * x + y * y + z * z)
    below, meridian = math.asin(z / far), math.atan2(y, x)
    lat, hour = edge.latitude_rad, meridian - edge.longitude_rad
    up = math.sin(lat) * math.sin(below) + math.cos(lat) * math.cos(below) * math.cos(hour)
    east = math.cos(below) * math.sin(hour)
    north = math.cos(lat) * math.sin(below) - math.sin(lat) * math.cos(below) * math.cos(hour)
    p = float(np.linalg.norm(edge.place_m)) / far
    size = math.sqrt((up - p) ** 2 + east**2 + north**2)
    radius = SUN.radius_m if name == "sun" else 6_378_137.0
    return math.atan2(east, north), math.asin((up - p) / size), math.asin(radius / (size * far))


@pytest.mark.parametrize("name", ["sun", "earth"])
def test_random_instants_by_spherical_trigonometry(world, name: str) -> None:
    rng = np.random.default_rng(17)
    start = Epoch.from_utc("2027-01-01T00:00:00Z")
    for latitude, longitude in ((-69.545, 43.544), (89.6, -20.0), (3.0, 179.9)):
        edge = edge_at(latitude, longitude, points=90)
        t = np.sort(rng.uniform(0.0, 300.0 * DAY, 25))
        seen = sky(edge, name, start, t, world)
        for k, at in enumerate(t):
            azimuth, elevation, radius = reference_direction(world, edge, name, start + float(at))
            turn = math.remainder(azimuth - seen.azimuth_rad[k], 2.0 * math.pi)
            assert abs(turn * math.cos(elevation)) < 1e-10
            assert seen.elevation_rad[k] == pytest.approx(elevation, abs=1e-10)
            assert seen.radius_rad[k] == pytest.approx(radius, rel=1e-10)
            assert seen.edge_rad[k] == pytest.approx(float(edge.mask_rad(azimuth)), abs=1e-9)


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [(-69.545, 43.544, "sun"), (-89.45, 222.69, "sun"), (-89.45, 222.69, "earth")],
)
def test_no_rise_is_missed(world, latitude: float, longitude: float, name: str) -> None:
    """A look each two minutes for two months by the table of the sky."""
    edge = edge_at(latitude, longitude)
    start = Epoch.from_utc("2027-01-20T00:00:00Z")
    span = 60.0 * DAY
    found = showings(edge, name, start, start + span, world)
    t = np.arange(60.0, span, 120.0)
    seen = sky(edge, name, start, t, world)
    for part, limb in (("some", 1.0), ("half", 0.0), ("whole", -1.0)):
        up = seen.elevation_rad + limb * seen.radius_rad > seen.edge_rad
        mine = np.zeros(t.size, dtype=bool)
        for x in found:
            if x.part == part:
                mine |= (t >= x.start_t_s) & (t < x.end_t_s)
        assert np.array_equal(up, mine), part
        share = seen.share[up]
        assert np.all(share > {"some": 0.0, "half": 0.5, "whole": 1.0 - 1e-12}[part] - 1e-12)
    for x in found:  # at an edge the limb stands on the ground
        for at, cut in ((x.start_t_s, x.begins_late), (x.end_t_s, x.ends_early)):
            if not cut:
                s = sky(edge, name, start, [at], world)
                limb = {"some": 1.0, "half": 0.0, "whole": -1.0}[x.part] * s.radius_rad[0]
                assert s.elevation_rad[0] + limb == pytest.approx(s.edge_rad[0], abs=1e-9)
        first = sky(edge, name, start, [x.start_t_s], world).elevation_rad[0]
        assert x.highest_rad > first - 1e-9


def test_a_polar_year_in_closed_form(world) -> None:
    """A pole that looks level: the Sun's centre is up half the time, the limb a little longer."""
    edge = edge_at(-90.0, 0.0, points=8)
    level = dataclasses.replace(edge, elevation_rad=np.zeros(8))
    start = Epoch.from_utc("2027-01-01T00:00:00Z")
    year = 346.62 * DAY  # the Sun's way from node to node of the Moon's equator
    found = showings(level, "sun", start, start + year, world)
    up = {p: sum(x.duration_s for x in found if x.part == p) / year for p in ("some", "half")}
    assert up["half"] == pytest.approx(0.5, abs=0.02)
    # asin of 0.267 deg over the 1.54 deg the Sun comes up to, each side
    assert up["some"] - up["half"] == pytest.approx(math.asin(0.2666 / 1.543) / math.pi, abs=0.01)
    assert max(x.highest_rad for x in found) == pytest.approx(math.radians(1.55), abs=2e-3)


def test_the_floor_of_shackleton_is_dark(world) -> None:
    edge = edge_at(-89.67, 129.78)
    start = Epoch.from_utc("2027-01-01T00:00:00Z")
    assert showings(edge, "sun", start, start + 350.0 * DAY, world) == ()


def test_a_total_eclipse_of_the_moon_darkens_a_site(world) -> None:
    """14 March 2025: the umbra holds the whole Moon from 06:26 to 07:31 UTC (Espenak)."""
    edge = edge_at(0.0, 0.0, points=90)
    start = Epoch.from_utc("2025-03-10T00:00:00Z")
    found = site_eclipses(edge, start, start + 10.0 * DAY, world)
    assert [x.kind for x in found] == ["penumbra", "umbra"]
    umbra = found[1]
    assert umbra.start < Epoch.from_utc("2025-03-14T06:27:00Z")
    assert umbra.end > Epoch.from_utc("2025-03-14T07:30:00Z")
    # the middle of the disc from half way into the umbra (05:09 to 06:26) to half way out of it
    # (07:31 to 08:48): 142 min
    assert umbra.duration_s / 60.0 == pytest.approx(142.0, abs=6.0)
    up = showings(edge, "sun", start, start + 10.0 * DAY, world)
    half = sum(x.duration_s for x in up if x.part == "half")
    assert lit_s(up, found) == pytest.approx(half - umbra.duration_s, abs=1e-3)


def test_refusals(world) -> None:
    edge = edge_at(0.0, 0.0, points=8)
    start = Epoch.from_utc("2027-01-01T00:00:00Z")
    with pytest.raises(InputError, match=r"'mars' in the sky .* write one of sun, earth"):
        sky(edge, "mars", start, [0.0], world)
    with pytest.raises(InputError, match="the end must lie after the start"):
        showings(edge, "sun", start, start, world)
    with pytest.raises(InputError, match="part 'most' of a disc: write one of some, half, whole"):
        showings(edge, "sun", start, start + DAY, world, parts=("most",))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at no instant"):
        sky(edge, "sun", start, [], world)
    with pytest.raises(DataError, match="outside its span"):
        sky(edge, "sun", Epoch.from_utc("2090-01-01T00:00:00Z"), [0.0], world)
