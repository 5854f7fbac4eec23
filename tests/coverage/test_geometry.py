"""Beta angle, ground track, lighting and imaging: against closed forms and other roads."""

from __future__ import annotations

import math
from itertools import pairwise

import erfa
import numpy as np
import pytest

from cosmodrome.coverage import (
    beta_angle_rad,
    ground_track,
    imaging_passes,
    site_lighting,
    sub_satellite_lighting,
)
from cosmodrome.coverage.geometry import place_on, sun_elevation_rad
from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.presets import preset
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.errors import InputError
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.geodesy import enu_axes, geodetic_from_itrf
from cosmodrome.world.state import State

START = Epoch.from_utc("2024-03-15T00:00:00Z")


def test_beta_by_right_ascensions(world, low) -> None:
    """sin beta = cos d sin i sin(node - a) + sin d cos i."""
    t = np.linspace(0.0, low.breaks_s[-1], 9)
    for at, beta in zip(t, beta_angle_rad(low, t, world), strict=True):
        y = low.columns_at(float(at))
        h = np.cross(y[:3], y[3:6])
        h /= np.linalg.norm(h)
        i, node = math.acos(h[2]), math.atan2(h[0], -h[1])
        x, y_, z = world.ephemeris.positions_m("sun", low.epoch, np.array([at]))[0]
        a, d = math.atan2(y_, x), math.atan2(z, math.hypot(x, y_))
        sine = math.cos(d) * math.sin(i) * math.sin(node - a) + math.sin(d) * math.cos(i)
        assert beta == pytest.approx(math.asin(sine), abs=1e-12)


def test_the_ground_track(world, low_state, low) -> None:
    track = ground_track(low, world, step_s=20.0)
    assert track.t_s[0] == 0.0
    assert track.t_s[-1] == low.breaks_s[-1]
    # pieces follow each other and hold no jump
    assert track.pieces[0][0] == 0
    assert track.pieces[-1][1] == track.t_s.size
    assert len(track.pieces) > 25
    for a, b in track.pieces:
        assert np.all(np.abs(np.diff(track.longitude_rad[a:b])) < math.pi)
    m = world.orientation.itrf_from_gcrf_many(low.epoch, track.t_s).matrix
    lat, lon, h = geodetic_from_itrf(np.einsum("nij,nj->ni", m, low.columns_at(track.t_s)[:, :3]))
    assert track.latitude_rad == pytest.approx(lat, abs=1e-10)
    assert np.cos(track.longitude_rad - lon) == pytest.approx(np.ones(lon.size), abs=1e-12)
    assert track.height_m == pytest.approx(h, abs=1e-3)
    # nodes are of the spin axis, crossings of the ITRF equator: polar motion lies between
    nodes = propagate(low_state, Dynamics.earth(20), 2.0 * 86_400.0, ("nodes",), world=world).events
    own = [(c.t_s, c.northward) for c in track.crossings]
    theirs = [(e.t_s, e.kind == "ascending node") for e in nodes]
    own = own if len(own) == len(theirs) else own[1:]
    assert [x for x, _ in own] == pytest.approx([x for x, _ in theirs], abs=5e-3)
    assert [x for _, x in own] == [x for _, x in theirs]
    step = np.diff([c.longitude_rad for c in track.crossings if c.northward])
    # a low orbit's node goes west by some 23.7 deg a revolution
    assert np.degrees(np.mod(step, 2.0 * math.pi)) == pytest.approx(
        np.full(step.size, 336.3), abs=0.3
    )
    with pytest.raises(InputError, match="above zero"):
        ground_track(low, world, step_s=0.0)


def test_the_sun_where_erfa_sees_it(world) -> None:
    """ERFA's own Earth (epv00) and observed place (atco13, no air) for a site and a year.

    Light time and aberration, 20 arcsec, are theirs only.
    """
    lat, lon, height = math.radians(51.88), math.radians(128.33), 250.0
    place, up = place_on("earth", lat, lon, height), enu_axes(lat, lon)[2]
    for day in (10, 80, 172, 266, 355):
        epoch = Epoch.from_utc("2024-01-01T03:00:00Z") + 86_400.0 * day
        mine = sun_elevation_rad(world, "earth", place, up, epoch, np.zeros(1))[0]
        earth, _ = erfa.epv00(*epoch.jd_tdb)
        x = -np.asarray(earth["p"])
        ra, dec = math.atan2(x[1], x[0]), math.atan2(x[2], math.hypot(x[0], x[1]))
        dut1 = world.orientation.ut1_minus_utc_s(epoch)
        _, zenith, *_ = erfa.atco13(
            ra, dec, 0.0, 0.0, 0.0, 0.0, *epoch.jd_utc, dut1, lon, lat, height, 0.0, 0.0,
            0.0, 0.0, 0.0, 1.0,
        )  # fmt: skip
        # a star's place lacks the Sun's parallax of 8.8 arcsec
        parallax = math.radians(8.794 / 3600.0) * math.sin(zenith)
        assert mine == pytest.approx(0.5 * math.pi - zenith - parallax, abs=math.radians(0.007))


def test_days_at_a_place(world) -> None:
    """Near an equinox day and night are alike; in June Svalbard has no night, and no sunset."""
    begin, end = Epoch.from_utc("2024-03-19T00:00:00Z"), Epoch.from_utc("2024-03-22T00:00:00Z")
    spans = site_lighting(0.0, 0.3, 0.0, begin, end, world)
    assert spans[0].start_t_s == 0.0
    assert spans[-1].end_t_s == end - begin
    for a, b in pairwise(spans):
        assert a.end_t_s == b.start_t_s
        assert a.kind != b.kind
    days = [s.end_t_s - s.start_t_s for s in spans[1:-1] if s.kind == "day"]
    assert days == pytest.approx([43_200.0] * len(days), abs=60.0)
    # the Sun sinks straight down at the equator: 18 deg take 72 min
    dusk = [s.end_t_s - s.start_t_s for s in spans[1:-1] if s.kind == "twilight"]
    assert dusk == pytest.approx([4_320.0] * len(dusk), abs=20.0)
    june = Epoch.from_utc("2024-06-19T00:00:00Z")
    (polar,) = site_lighting(math.radians(78.23), 0.27, 0.0, june, june + 3.0 * 86_400.0, world)
    assert polar.kind == "day"
    with pytest.raises(InputError, match="after the start"):
        site_lighting(0.0, 0.0, 0.0, begin, begin, world)
    with pytest.raises(InputError, match="beyond a pole"):
        site_lighting(2.0, 0.0, 0.0, begin, end, world)


def test_a_day_on_the_moon(world) -> None:
    begin = Epoch.from_utc("2024-01-01T00:00:00Z")
    spans = site_lighting(0.0, 0.0, 0.0, begin, begin + 60.0 * 86_400.0, world, body="moon")
    days = [(s.end_t_s - s.start_t_s) / 86_400.0 for s in spans[1:-1] if s.kind == "day"]
    # half a synodic month of 29.53 days, uneven by the orbits of Moon and Earth
    assert days == pytest.approx([14.77] * len(days), abs=0.35)


def test_lighting_under_the_spacecraft(world, low) -> None:
    spans = sub_satellite_lighting(low, world)
    assert spans[0].start_t_s == low.breaks_s[0]
    assert spans[-1].end_t_s == low.breaks_s[-1]
    t = np.arange(5.0, low.breaks_s[-1], 97.0)
    m = world.orientation.itrf_from_gcrf_many(low.epoch, t).matrix
    r = np.einsum("nij,nj->ni", m, low.columns_at(t)[:, :3])
    lat, lon, _ = geodetic_from_itrf(r)
    sun = np.einsum("nij,nj->ni", m, world.ephemeris.positions_m("sun", low.epoch, t))
    up = enu_axes(lat, lon)[:, 2]
    # from the Earth's centre: parallax moves it by 8.8 arcsec at most
    e = np.degrees(np.arcsin(np.einsum("ij,ij->i", sun, up) / np.linalg.norm(sun, axis=1)))
    for at, elevation in zip(t, e, strict=True):
        (kind,) = {s.kind for s in spans if s.start_t_s <= at < s.end_t_s}
        if min(abs(elevation), abs(elevation + 18.0)) > 0.003:
            assert kind == (
                "day" if elevation > 0.0 else "twilight" if elevation > -18.0 else "night"
            )


def brute(path, world, body, axes, place, up, t):
    """(off-nadir, elevation, Sun) in rad at instants, on a sphere or a place near the equator."""
    y = path.columns_at(t)[:, :3]
    m = fixed_from_gcrf_many(world, body, axes, path.epoch, t).matrix
    r = np.einsum("nij,nj->ni", m, y)
    sun = np.einsum("nij,nj->ni", m, world.ephemeris.positions_m("sun", path.epoch, t, body))
    d = r - place
    n = np.linalg.norm(d, axis=1)
    off = np.arccos(np.einsum("ij,ij->i", d, r) / n / np.linalg.norm(r, axis=1))
    s = sun - place
    return (
        off,
        np.arcsin(d @ up / n),
        np.arcsin(s @ up / np.linalg.norm(s, axis=1)),
    )


def test_overflights_of_a_lunar_site(world) -> None:
    """A polar orbit 100 km high over a site near the equator, against a look each 2 s."""
    mu = 4.902800118e12
    r = 1_837_400.0
    v = math.sqrt(mu / r)
    # 50 deg from the Sun, which stands near the x axis
    out = np.array([0.64, 0.77, 0.0]) / math.hypot(0.64, 0.77)
    state = State(START, gcrf("moon"), r * out, np.array([0.0, 0.0, v]), 1_000.0)
    path = propagate(state, preset("lunar"), 3.0 * 86_400.0, world=world).trajectory
    # beside a lit crossing of the equator a day on
    lat = 0.02
    lon, sun = next(
        (c.longitude_rad + 0.01, e)
        for c in ground_track(path, world, body="moon").crossings
        for e in sun_elevation_rad(
            world, "moon", place_on("moon", 0.0, c.longitude_rad, 0.0),
            enu_axes(0.0, c.longitude_rad)[2], c.epoch, np.zeros(1),
        )
        if c.t_s > 86_400.0 and 0.2 < e < 1.0
    )  # fmt: skip
    low, high = math.radians(5.0), math.radians(60.0)
    limit = math.radians(40.0)
    found = imaging_passes(path, lat, lon, -500.0, world, body="moon", off_nadir_rad=limit,
                           sun_rad=(low, high), step_s=5.0)  # fmt: skip
    assert found
    place, up = place_on("moon", lat, lon, -500.0), enu_axes(lat, lon)[2]
    t = np.arange(0.0, path.breaks_s[-1], 2.0)
    off, elevation, sun = brute(path, world, "moon", "moon-me", place, up, t)
    good = (off < limit) & (elevation > 0.0) & (sun > low) & (sun < high)
    inside = np.zeros(t.size, dtype=bool)
    for p in found:
        inside[slice(*np.searchsorted(t, [p.start.t_s, p.end.t_s]))] = True
    assert np.array_equal(inside, good)
    for p in found:
        assert p.best.off_nadir_rad == min(i.off_nadir_rad for i in p.instants)
        assert p.best.range_m == pytest.approx(p.best.metres_per_rad)
        assert all(a.t_s < b.t_s for a, b in pairwise(p.instants))
        # the three directions at the site: no angle exceeds the sum of the other two
        zenith, solar = (
            0.5 * math.pi - p.best.elevation_rad,
            0.5 * math.pi - p.best.sun_elevation_rad,
        )
        assert abs(zenith - solar) <= p.best.phase_rad <= zenith + solar


def test_overflights_on_the_earth_and_refusals(world, low) -> None:
    found = imaging_passes(low, 0.9, 0.5, 0.0, world, off_nadir_rad=math.radians(45.0),
                           sun_rad=(math.radians(-90.0), math.radians(90.0)))  # fmt: skip
    assert found
    place, up = place_on("earth", 0.9, 0.5, 0.0), enu_axes(0.9, 0.5)[2]
    for p in found:
        off, elevation, sun = brute(
            low, world, "earth", "itrf", place, up, np.array([p.start.t_s, p.best.t_s])
        )
        # geodetic nadir and the centre lie up to 0.2 deg apart
        assert math.degrees(off[0]) == pytest.approx(45.0, abs=0.25)
        assert elevation[1] == pytest.approx(p.best.elevation_rad, abs=1e-8)
        assert sun[1] == pytest.approx(p.best.sun_elevation_rad, abs=1e-8)
        assert math.degrees(p.start.off_nadir_rad) == pytest.approx(45.0, abs=1e-5)
    night = imaging_passes(low, 0.9, 0.5, 0.0, world, sun_rad=(math.radians(80.0), 1.55))
    assert night == ()
    with pytest.raises(InputError, match="lower Sun below the upper"):
        imaging_passes(low, 0.9, 0.5, 0.0, world, sun_rad=(0.5, 0.4))
