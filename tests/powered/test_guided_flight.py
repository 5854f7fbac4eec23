"""The compiled kernel against its specification, lane by lane, and both against the formulas."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered
from cosmodrome.physics.atmosphere import density_pressure_sound
from cosmodrome.powered.guided_flight import air_velocity, fly_as_specified, planet_of
from cosmodrome.solvers import guided
from cosmodrome.solvers.guided import AIR_SCALE_M, MACH_SCALE, Lanes, Mode, Status
from tests.levels import available
from tests.powered.small_flights import (
    DRAG,
    SCALE,
    earth,
    first_section,
    same,
    scattered,
    some,
    two_stages,
)


def _faulted(truth: Lanes) -> Lanes:
    """Eleven lanes of which one has no thrust, one little propellant, one a heavy head."""
    wide = scattered(truth, 11)
    wide.thrust_n[:, 3] = 0.0
    wide.usable_kg[-1, 5] = 4_000.0
    wide.mass_kg[7] += 30_000.0
    return wide


def test_the_kernel_is_its_specification_lane_by_lane() -> None:
    programme, truth = two_stages()
    truth = _faulted(truth)
    spec, out = fly_as_specified(programme, truth), guided.fly(programme, truth)
    np.testing.assert_array_equal(out.status, spec.status)
    np.testing.assert_array_equal(out.unconverged, spec.unconverged)
    assert set(out.status) == {Status.FLOWN, Status.SHORT, Status.GROUND}
    for name, size in (("max_q_pa", 5e4), ("max_q_alpha_pa_rad", 5e3), ("left_kg", 1e3)):
        np.testing.assert_allclose(
            getattr(out, name), getattr(spec, name), rtol=0.0, atol=1e-10 * size
        )
    # measured 1.1e-8 m, 1.4e-11 m/s, 2e-11 kg; the logarithm is another library's
    np.testing.assert_allclose(out.marks / SCALE, spec.marks / SCALE, rtol=0.0, atol=2e-14)


def test_the_kernel_reads_the_drag_of_each_section() -> None:
    programme, truth = two_stages()
    here = programme.surroundings
    cd = here.drag.c
    several = replace(here.drag, c=np.concatenate([cd, 0.0 * cd, 3.0 * cd], axis=1))
    sections = tuple(replace(s, drag=(2, 1, 0)[k % 3]) for k, s in enumerate(programme.sections))
    other = replace(programme, surroundings=replace(here, drag=several), sections=sections)
    spec, out = fly_as_specified(other, truth), guided.fly(other, truth)
    np.testing.assert_array_equal(out.status, spec.status)
    np.testing.assert_allclose(out.marks / SCALE, spec.marks / SCALE, rtol=0.0, atol=2e-14)
    # three times the drag in the first section is felt, a curve of its own is the one table
    alike = replace(other, sections=programme.sections)
    same(guided.fly(alike, truth), guided.fly(programme, truth))
    assert np.abs(out.marks[0, 1:4] - guided.fly(programme, truth).marks[0, 1:4]).max() > 1.0
    with pytest.raises(InputError, match="drag curve"):
        guided.fly(replace(other, sections=(replace(sections[0], drag=3), *sections[1:])), truth)


def test_every_level_gives_the_same_bytes() -> None:
    programme, truth = two_stages()
    truth = _faulted(truth)
    first = guided.fly(programme, truth, "baseline")
    for level in available()[1:]:
        same(guided.fly(programme, truth, level), first)


def test_threads_fly_side_by_side() -> None:
    programme, truth = two_stages()
    halves = [scattered(truth, 64, seed) for seed in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda x: guided.fly(programme, x), halves))
    for x, out in zip(halves, together, strict=True):
        same(out, guided.fly(programme, x))


def test_many_lanes_need_no_more_stack_than_one() -> None:
    """A compiler that leaves arguments on the stack of every step would run out of it here."""
    programme, truth = two_stages()
    wide = scattered(truth, 1_024)
    for level in available():
        assert np.mean(guided.fly(programme, wide, level).status == Status.FLOWN) > 0.99


def test_a_lane_does_not_know_its_neighbours() -> None:
    programme, truth = two_stages()
    truth = _faulted(truth)
    together = guided.fly(programme, truth)
    order = np.random.default_rng(2).permutation(truth.count)
    mixed = guided.fly(programme, some(truth, order))
    for f in fields(together):
        np.testing.assert_array_equal(getattr(mixed, f.name), getattr(together, f.name)[..., order])
    alone = guided.fly(programme, some(truth, slice(4, 5)))
    np.testing.assert_array_equal(alone.marks[..., 0], together.marks[..., 4])


def test_the_cut_off_is_not_a_matter_of_the_cycle() -> None:
    """Energy at the cut-off is the aim's, wherever the second it falls into begins."""
    programme, truth = two_stages()
    wide = scattered(truth, 64)
    wide = replace(wide, tail_s=0.0 * wide.tail_s, navigation=0.0 * wide.navigation)
    out = guided.fly(programme, wide)
    assert np.all(out.status == Status.FLOWN)
    here, aim = programme.surroundings, programme.aims[0]
    r, v = out.marks[-1, 1:4], out.marks[-1, 4:7]
    energy = 0.5 * np.sum(v * v, axis=0) - here.mu / np.linalg.norm(r, axis=0)
    want = 0.5 * aim.speed_m_s**2 - here.mu / aim.radius_m
    # 1e-7 s of 30 m/s^2 times 7.8 km/s is 0.023 J/kg at most
    np.testing.assert_allclose(energy, want, rtol=0.0, atol=0.025)
    assert np.ptp(out.marks[-1, 0] % 1.0) > 0.5
    # measured 0.06 m and 2e-4 m/s in the radius and the radial speed
    assert np.abs(np.linalg.norm(r, axis=0) - aim.radius_m).max() < 1.0
    assert np.abs(np.sum(r * v, axis=0)).max() / aim.radius_m < 0.01


def test_a_tail_adds_its_own_velocity() -> None:
    programme, truth = two_stages()
    still = guided.fly(programme, truth)
    late = guided.fly(programme, replace(truth, tail_s=np.array([0.05])))
    mass = still.marks[-1, 7, 0]
    gained = np.linalg.norm(late.marks[-1, 4:7, 0]) - np.linalg.norm(still.marks[-1, 4:7, 0])
    assert gained == pytest.approx(0.05 * truth.thrust_n[-1, 0] / mass, rel=0.02)
    assert still.left_kg[0] - late.left_kg[0] == pytest.approx(1.0, rel=1e-9)


def test_tables_are_the_formulas() -> None:
    here = earth()
    h = np.random.default_rng(1).uniform(-1e3, 9e5, 3_000)
    found = here.air(h / (h + AIR_SCALE_M))
    for got, want in zip(found[:3], density_pressure_sound(NUMPY, h), strict=True):
        # measured 4.8e-9
        np.testing.assert_allclose(got, want, rtol=2e-8)
    mach = np.random.default_rng(1).uniform(0.0, 40.0, 3_000)
    np.testing.assert_allclose(
        here.drag(mach / (mach + MACH_SCALE))[0], DRAG(NUMPY, mach), rtol=2e-8
    )


def test_wind_comes_from_where_it_says() -> None:
    """A west wind at rest on turning ground blows towards the east: the flow comes from ahead."""
    here = earth()
    lat, lon = 0.9, 2.1
    r = 6.4e6 * np.array([[np.cos(lat) * np.cos(lon)], [np.cos(lat) * np.sin(lon)], [np.sin(lat)]])
    v = here.omega_rad_s * np.array([-r[1], r[0], 0.0 * r[0]])
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    w = air_velocity(here, r, v, np.array([20.0]), np.array([-5.0]))[:, 0]
    np.testing.assert_allclose(w, -20.0 * east + 5.0 * north, atol=1e-9)
    pole = air_velocity(here, np.array([[0.0], [0.0], [6.4e6]]), 0.0 * v, *np.full((2, 1), 9.0))
    np.testing.assert_array_equal(pole, 0.0)


def test_one_step_is_runge_kutta_of_the_shared_physics() -> None:
    """A single still-air second from the pad, against the optimiser's own right-hand side."""
    programme, truth = two_stages()
    still = replace(programme, surroundings=earth(wind=False))
    section = replace(still.sections[0], steps=1, duration_s=1.0)
    second = replace(first_section(truth), length_s=np.ones((1, 1)))
    out = guided.fly(replace(still, sections=(section,), aims=()), second)
    planet = planet_of(still.surroundings)
    body = powered.Body(10.0, DRAG)
    thrust, flow, mass = truth.thrust_n[0, 0], truth.flow_kg_s[0, 0], truth.mass_kg[0]

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        u = still.attitude(np.array([t]))[:, 0]
        a = powered.accelerations(
            NUMPY, planet, body, tuple(y[:3]), tuple(y[3:]), mass - flow * t,
            tuple(u / np.linalg.norm(u)), thrust, 1.0,
        ).total  # fmt: skip
        return np.r_[y[3:], a]

    y = still.start
    k1 = rates(0.0, y)
    k2 = rates(0.5, y + 0.5 * k1)
    k3 = rates(0.5, y + 0.5 * k2)
    k4 = rates(1.0, y + k3)
    want = y + (k1 + 2.0 * (k2 + k3) + k4) / 6.0
    # the shared physics keeps 0.1 m/s of air speed on the pad: measured 1.3e-7 m/s
    np.testing.assert_allclose(out.marks[0, 1:7, 0], want, rtol=1e-12, atol=3e-7)
    assert out.marks[0, 7, 0] == mass - flow


def test_what_does_not_fit_is_refused_with_the_next_step() -> None:
    programme, truth = two_stages()
    with pytest.raises(InputError, match="a row for each section and a column for each lane"):
        guided.fly(programme, replace(truth, drop_kg=truth.drop_kg[:2]))
    astray = replace(programme.sections[3], leg=4)
    with pytest.raises(InputError, match="give each guided section the index of its aim"):
        guided.fly(replace(programme, sections=(*programme.sections[:3], astray)), truth)
    table = replace(programme.sections[0], open=True)
    with pytest.raises(InputError, match="only a guided section can be"):
        guided.fly(replace(programme, sections=(table, *programme.sections[1:])), truth)
    wild = replace(programme.sections[0], steps=10**12)
    with pytest.raises(InputError, match="the number of steps of a section is out of range"):
        guided.fly(replace(programme, sections=(wild, *programme.sections[1:])), truth)
    with pytest.raises(InputError, match="finite"):
        guided.fly(programme, replace(truth, mass_kg=np.array([np.nan])))
    assert programme.sections[0].mode == Mode.TABLE
