"""Libration orbits in full dynamics: arcs that meet, flown again; axes; the ephemeris written."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from cosmodrome.dynamics import Radiation, propagate
from cosmodrome.errors import InputError
from cosmodrome.formats import oem, oem_path
from cosmodrome.solvers.core import Settings
from cosmodrome.targets.libration import (
    EARTH_MOON,
    SUN_EARTH,
    correct,
    ephemeris,
    find,
    read_libration,
    turning,
)
from cosmodrome.targets.libration.shooting import _shortest
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

find_once = functools.cache(lambda text: find(read_libration(text)))
START = Epoch.parse("2027-03-01T00:00Z")


@pytest.fixture(scope="module")
def world() -> World:
    return World.shipped()


@pytest.mark.parametrize("rigid", [True, False])
@pytest.mark.parametrize("system", [EARTH_MOON, SUN_EARTH])
def test_the_axes_there_and_back(system, rigid: bool, world: World) -> None:  # type: ignore[no-untyped-def]
    axes = turning(system, START, world, rigid=rigid)
    y = np.array([1.02, 0.01, -0.18, 0.02, -0.1, 0.03])
    assert axes.back(axes.out(y)) == pytest.approx(y, abs=1e-12)
    assert axes.axes @ axes.axes.T == pytest.approx(np.eye(3), abs=1e-14)


def test_a_body_at_rest_in_the_axes_moves_with_both(world: World) -> None:
    """The velocity is the derivative of the place, while the distance breathes."""
    y = np.array([1.1, 0.05, 0.02, 0.0, 0.0, 0.0])
    h = 300.0
    places = [turning(EARTH_MOON, START + t, world).out(y)[:3] for t in (-h, h)]
    v = turning(EARTH_MOON, START, world).out(y)[3:]
    # what is left out is the turn of the Moon's plane, of the order of 1e-9 rad/s
    assert (places[1] - places[0]) / (2.0 * h) == pytest.approx(v, abs=0.05)


def test_the_shortest_step_is_the_least_squares_one() -> None:
    rng = np.random.default_rng(3)
    n = 5
    phi = [rng.normal(size=(6, 6)) for _ in range(n)]
    defects, scale = rng.normal(size=(n, 6)), np.ones(6)
    j = np.zeros((6 * n, 6 * (n + 1)))
    for k in range(n):
        j[6 * k : 6 * k + 6, 6 * k : 6 * k + 6] = phi[k]
        j[6 * k : 6 * k + 6, 6 * k + 6 : 6 * k + 12] = -np.eye(6)
    wanted = np.linalg.lstsq(j, -defects.ravel(), rcond=None)[0]
    assert _shortest(defects, phi, scale).ravel() == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "revolutions", "low_km", "high_km"),
    [
        ("nrho 9:2", 6, 2_400.0, 74_000.0),
        ("dro 70000 km", 6, 60_000.0, 110_000.0),
        ("halo l2 south az 15000 km", 4, 42_000.0, 82_000.0),
        ("halo sun-earth l1 south az 120000 km", 3, 1.2e6, 1.75e6),
        ("halo sun-earth l2 north az 300000 km", 2, 1.2e6, 1.80e6),
    ],
)
def test_a_flight_over_revolutions(
    text: str, revolutions: int, low_km: float, high_km: float, world: World
) -> None:
    """Jumps far under 1 m and 1e-6 m/s; every arc again by the propagator with another step."""
    design = find_once(text)
    made = correct(design, START, revolutions, world)
    assert made.jump_m.max() < 0.1
    assert made.jump_m_s.max() < 1e-7
    assert made.span_s == pytest.approx(revolutions * design.period_s, abs=1e-6)
    t = np.linspace(0.0, made.span_s, 3000)
    r = np.linalg.norm(made.path.columns_at(t)[:, :3], axis=1) / 1e3
    assert low_km < r.min() < r.max() < high_km
    fine = Settings(nodes=24, tolerance_m_s=1e-10)
    for k in (1, len(made.states) // 2):
        a, b = made.states[k], made.states[k + 1]
        again = propagate(a, made.dynamics, b.epoch, world=world, dense=False, settings=fine)
        place, speed = again.end.separation(b)
        assert place < 1.0
        assert speed < 1e-6
    # from its first state alone it stays at least a revolution
    assert made.stays_s >= design.period_s


def test_light_pressure_moves_it(world: World) -> None:
    design = find_once("halo sun-earth l2 az 300000 km")
    dark = correct(design, START, 1, world)
    lit = correct(design, START, 1, world, radiation=Radiation(100.0, 1.5))
    assert lit.jump_m.max() < 0.1
    apart = np.linalg.norm(lit.states[3].r_m - dark.states[3].r_m)
    assert 1e3 < apart < 2e7


def test_the_ephemeris_reads_back(world: World) -> None:
    """Interpolated between its lines it is the path, also where it passes the Moon."""
    made = correct(find_once("nrho 9:2"), START, 1, world)
    message = oem.loads(oem.dumps(ephemeris(made, "nrho", START, world)))
    segment = message.segments[0]
    assert (segment.center, segment.ref_frame) == ("EARTH", "GCRF")
    path = oem_path.trajectory(segment, world.orientation, 1.0)
    t = np.linspace(1.0, made.span_s - 1.0, 4001)
    moon = world.ephemeris.positions_m("moon", START, t)
    off = path.columns_at(t + (START - path.epoch))[:, :3] - moon
    off -= made.path.columns_at(t)[:, :3]
    assert np.linalg.norm(off, axis=1).max() < 1.0


def test_no_revolution_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="0 revolutions"):
        correct(find_once("dro 70000 km"), START, 0, world)
