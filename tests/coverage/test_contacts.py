"""Passes over stations: against the propagator's own events, and a look each second."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bench.contacts.brute import compare, elevations
from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts, look_angles
from cosmodrome.coverage.refraction import bending_rad, geometric_elevation_rad
from cosmodrome.coverage.track import Track
from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.events import Visibility
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.errors import DataSpanError, FrameMismatchError, InputError, UnknownNameError
from cosmodrome.world.frame import ITRF
from cosmodrome.world.trajectory import Trajectory


def station(id: str, lat: float, lon: float, height: float, mask: float, table=()) -> Station:
    rows = tuple((math.radians(a), math.radians(e)) for a, e in table)
    return Station(id, math.radians(lat), math.radians(lon), height, math.radians(mask), rows)


SVALBARD = station("svalbard", 78.23, 15.39, 450.0, 5.0)
HARTEBEESTHOEK = station("hartebeesthoek", -25.89, 27.69, 1_540.0, 10.0)


def test_the_propagators_own_search_agrees(world, low_state, low) -> None:
    """Another search (core/events.cpp) on another table of rotations."""
    asked = [
        Visibility(s.id, s.latitude_rad, s.longitude_rad, s.height_m, s.mask_rad)
        for s in (SVALBARD, HARTEBEESTHOEK)
    ]
    events = propagate(low_state, Dynamics.earth(20), 2.0 * 86_400.0, asked, world=world).events
    found = contacts(low, [SVALBARD, HARTEBEESTHOEK], world)
    for s in (SVALBARD, HARTEBEESTHOEK):
        for kind in ("rise", "set"):
            theirs = [e.t_s for e in events if (e.kind, e.what) == (kind, s.id)]
            mine = [
                getattr(c, kind).t_s
                for c in found
                if c.station == s.id and not (c.begins_late if kind == "rise" else c.ends_early)
            ]
            assert mine == pytest.approx(theirs, abs=1e-6)


def test_no_random_pair_is_missed(world) -> None:
    """Orbits and sites against a look each five seconds; bench/contacts/brute.py has 1,000."""
    tally = compare(25, 8.0, 11, world, 5.0)
    assert tally.windows > 20
    assert not tally.misses


@pytest.mark.slow
def test_no_random_pair_is_missed_each_second(world) -> None:
    tally = compare(150, 24.0, 5, world)
    assert not tally.misses


def test_a_pass_just_over_the_mask_is_found_and_one_just_under_is_not(world, low) -> None:
    """The mask at the highest elevation of a pass, less and more 1e-9 rad."""
    passes = contacts(low, [SVALBARD], world)
    top = passes[2].highest
    for more, there in ((-1e-9, True), (1e-9, False)):
        mask = math.degrees(top.elevation_rad + more)
        again = contacts(low, [station("svalbard", 78.23, 15.39, 450.0, mask)], world)
        near = [c for c in again if abs(c.highest.t_s - top.t_s) < 60.0]
        assert bool(near) is there
        if near:
            # for sin E'' = -1e-5 /s^2 the pass lasts 2 sqrt(2 1e-9 / 1e-5), some 0.03 s
            assert 1e-3 < near[0].duration_s < 1.0


def test_what_a_pass_tells(world, low) -> None:
    c = max(contacts(low, [SVALBARD], world), key=lambda c: c.duration_s)
    t = np.linspace(c.rise.t_s, c.set.t_s, 4_001)
    azimuth, elevation, distance = look_angles(low, SVALBARD, world, t)
    assert c.highest.elevation_rad == pytest.approx(elevation.max(), abs=1e-6)
    assert c.highest.elevation_rad >= elevation.max() - 1e-12
    assert c.closest.range_m == pytest.approx(distance.min(), abs=1.0)
    assert c.rise.azimuth_rad == pytest.approx(azimuth[0], abs=1e-9)
    assert c.set.azimuth_rad == pytest.approx(azimuth[-1], abs=1e-9)
    assert c.rise.elevation_rad == pytest.approx(SVALBARD.mask_rad, abs=1e-8)
    assert c.set.elevation_rad == pytest.approx(SVALBARD.mask_rad, abs=1e-8)
    assert c.rise.epoch == low.epoch + c.rise.t_s
    # the same elevations by another formula
    turn = world.orientation.itrf_from_gcrf_many(low.epoch, t).matrix
    fixed = np.einsum("nij,nj->ni", turn, low.columns_at(t)[:, :3])
    assert elevation == pytest.approx(elevations(SVALBARD, fixed), abs=1e-9)


def test_a_geostationary_spacecraft_stays(world, low_state) -> None:
    r = 42_164_169.6
    v = math.sqrt(3.986004415e14 / r)
    s = type(low_state)(low_state.epoch, low_state.frame, np.array([r, 0.0, 0.0]),
                        np.array([0.0, v, 0.0]), 1_000.0)  # fmt: skip
    path = propagate(s, Dynamics.earth(8), 3.0 * 86_400.0, world=world).trajectory
    lon = math.degrees(math.atan2(*Track.of(path, world).places(np.zeros(1))[0, 1::-1]))
    (c,) = contacts(path, [station("under", 10.0, lon, 0.0, 5.0)], world)
    assert c.begins_late
    assert c.ends_early
    assert c.duration_s == pytest.approx(3.0 * 86_400.0)


def test_a_level_table_is_a_plain_mask(world, low) -> None:
    level = station("svalbard", 78.23, 15.39, 450.0, 7.0, [(20.0, 7.0), (130.0, 7.0), (300.0, 7.0)])
    plain = station("svalbard", 78.23, 15.39, 450.0, 7.0)
    one, other = contacts(low, [level], world), contacts(low, [plain], world)
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert a.rise.t_s == pytest.approx(b.rise.t_s, abs=1e-6)
        assert a.set.t_s == pytest.approx(b.set.t_s, abs=1e-6)
        assert a.begins_late == b.begins_late


def test_a_horizon_of_mountains_against_a_look_each_second(world, low) -> None:
    """A table with teeth, so that passes are cut in pieces; with a plain station beside it."""
    table = [(float(a), 2.0 + 18.0 * (k % 2)) for k, a in enumerate(range(0, 360, 24))]
    table = table[:-1]  # an even number of teeth closes around north
    rough = station("rough", 78.23, 15.39, 450.0, 20.0, table)
    t = np.arange(0.0, low.breaks_s[-1], 1.0)
    azimuth, elevation, _ = look_angles(low, rough, world, t)
    az, el = np.array(table).T
    spare = np.degrees(elevation) - np.interp(np.degrees(azimuth), az, el, period=360.0)
    found = [c for c in contacts(low, [rough, HARTEBEESTHOEK], world) if c.station == "rough"]
    inside = np.zeros(t.size, dtype=bool)
    for c in found:
        inside[slice(*np.searchsorted(t, [c.rise.t_s, c.set.t_s]))] = True
    assert len(found) > len(contacts(low, [SVALBARD], world))
    assert not np.any((inside != (spare > 0.0)) & (np.abs(spare) > 1e-7))


def test_refraction_of_bennett_as_printed() -> None:
    """Meeus (1998, Astronomical Algorithms, example 16.a): 28.754' at an apparent 0.5 deg."""
    minutes = math.degrees(float(bending_rad(math.radians(0.5), "optical"))) * 60.0
    assert minutes == pytest.approx(28.754, abs=0.002)
    assert float(bending_rad(0.5 * math.pi, "optical")) == pytest.approx(0.0, abs=1e-7)
    assert float(geometric_elevation_rad(math.radians(0.5), "none")) == math.radians(0.5)


@pytest.mark.truth
@pytest.mark.parametrize(
    ("height_m", "geometric_deg", "bending_deg", "within_deg"),
    [
        (0.0, 1.0, 0.433589, 0.01),
        (0.0, 5.0, 0.186419, 0.01),
        (500.0, 1.0, 0.409749, 0.01),
        (500.0, 5.0, 0.173348, 0.01),
        (2_500.0, 5.0, 0.130205, 0.01),
        (0.0, 20.0, 0.036440, 0.003),
        (500.0, 60.0, 0.005241, 0.003),
    ],
)
def test_refraction_of_itu_beside_orekits_integral(
    height_m: float, geometric_deg: float, bending_deg: float, within_deg: float
) -> None:
    """Orekit 13.1.9, ITURP834AtmosphericRefraction, integrates what the formula is a fit of."""
    seen = math.radians(geometric_deg + bending_deg)
    mine = math.degrees(float(bending_rad(seen, "radio", height_m)))
    assert mine == pytest.approx(bending_deg, abs=within_deg)
    back = math.degrees(float(geometric_elevation_rad(seen, "radio", height_m)))
    assert back == pytest.approx(geometric_deg, abs=within_deg)


def test_refraction_lengthens_passes_and_tells_geometric_elevations(world, low) -> None:
    plain = contacts(low, [SVALBARD], world)
    for model in ("optical", "radio"):
        bent = contacts(low, [SVALBARD], world, refraction=model)
        assert len(bent) >= len(plain)
        assert sum(c.duration_s for c in bent) > sum(c.duration_s for c in plain)
        lower = float(bending_rad(SVALBARD.mask_rad, model, SVALBARD.height_m))
        assert 0.1 < math.degrees(lower) < 0.25
        c = bent[1]
        assert c.rise.elevation_rad == pytest.approx(SVALBARD.mask_rad - lower, abs=1e-8)
    with pytest.raises(UnknownNameError, match="optical"):
        contacts(low, [SVALBARD], world, refraction="opticle")


def test_refusals(world, low) -> None:
    with pytest.raises(InputError, match="no station is given"):
        contacts(low, [], world)
    with pytest.raises(InputError, match="two stations are called svalbard"):
        contacts(low, [SVALBARD, SVALBARD], world)
    with pytest.raises(InputError, match="between -90 and 90"):
        contacts(low, [station("up", 0.0, 0.0, 0.0, 90.0)], world)
    turning = Trajectory(low.epoch, ITRF, low.breaks_s, low.coefficients, low.columns)
    with pytest.raises(FrameMismatchError, match="GCRF axes"):
        contacts(turning, [SVALBARD], world)
    with pytest.raises(DataSpanError, match="fly longer"):
        look_angles(low, SVALBARD, world, np.array([1e9]))


def test_the_track_is_the_path(world, low) -> None:
    track = Track.of(low, world)
    t = np.random.default_rng(2).uniform(0.0, low.breaks_s[-1], 2_000)
    turn = world.orientation.itrf_from_gcrf_many(low.epoch, t).matrix
    fixed = np.einsum("nij,nj->ni", turn, low.columns_at(t)[:, :3])
    assert np.abs(track.places(t) - fixed).max() < 1e-4
    lower, upper = track.radii_m
    k = np.searchsorted(track.breaks_s, t, side="right") - 1
    r = np.linalg.norm(fixed, axis=1)
    assert np.all((r > lower[k] - 1e-3) & (r < upper[k] + 1e-3))
    assert np.all(upper - lower < 60e3)
