"""Numbers of a sequence that are to be found: against impulses whose size has a closed form."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.dynamics.elements import elements_from_state, state_from_elements
from cosmodrome.dynamics.kepler import kepler_propagate
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.mission import (
    Coast,
    Condition,
    CraftEngine,
    Manoeuvre,
    OrbitMission,
    PhysicsModel,
    Solve,
    Spacecraft,
    Start,
    StartState,
    Until,
)
from cosmodrome.record import Elements, Handover
from cosmodrome.transfer import burn, quick, targeting
from cosmodrome.transfer.conditions import Frame, misses
from cosmodrome.transfer.unknowns import filled
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T00:00:00Z")
RE = 6_378_137.0
KEPLER = PhysicsModel(0, 0, (), "none", False)
GEO = RE + 35_786e3
DEG = math.pi / 180.0
FREE = Manoeuvre((1.0, 0.0, 0.0), free_size=True, free_direction=True, impulsive=True)
ALONG = Manoeuvre((1.0, 0.0, 0.0), free_size=True, impulsive=True)


def mission(tank: float = 1800.0) -> OrbitMission:
    engine = CraftEngine(400.0, 320.0)
    craft = Spacecraft("sc", 4000.0, 10.0, 2.2, 10.0, 1.3, engine=engine, propellant_kg=tank)
    start = Start(EPOCH, StartState("gcrf", (RE, 0.0, 0.0), (0.0, 1.0, 0.0)))
    return OrbitMission("test", start, craft, physics=KEPLER)


def handed(world: World, elements: Elements, tank: float = 1800.0) -> Handover:
    mu = world.gravity("earth", degree=2).mu_m3_s2
    axes = world.orientation.tod_from_gcrf(EPOCH).matrix
    r, v = state_from_elements(elements, mu)
    return Handover(State(EPOCH, GCRF, axes.T @ r, axes.T @ v, 4000.0), ("sc",), {"sc": tank}, {})


def ellipse(perigee: float, apogee: float, i: float, argp: float, f: float = 0.0) -> Elements:
    a = RE + 0.5 * (perigee + apogee)
    return Elements(a, 0.5 * (apogee - perigee) / a, i, 0.2, argp, f)


def found(
    world: World, start: Elements, steps: tuple[Coast | Manoeuvre, ...], *wanted: Condition
) -> targeting.Found:
    return targeting.solve(handed(world, start), Solve(steps, wanted), mission(), world)


def vis_viva(mu: float, r: float, a: float) -> float:
    return math.sqrt(mu * (2.0 / r - 1.0 / a))


def test_a_hohmann_transfer_is_found_at_its_closed_size(shipped_world: World) -> None:
    """From a circle at 300 km to one at 1,000 km: Hohmann (1925); start and phase free."""
    mu = shipped_world.gravity("earth", degree=2).mu_m3_s2
    got = found(
        shipped_world,
        ellipse(300e3, 300e3, 0.9, 0.0),
        (Coast(free=True), FREE, Coast(free=True), FREE),
        Condition("perigee", 1000e3, 1.0),
        Condition("apogee", 1000e3, 1.0),
        Condition("inclination", 0.9, 1e-5),
    )
    r1, r2 = RE + 300e3, RE + 1000e3
    a = 0.5 * (r1 + r2)
    closed = (vis_viva(mu, r1, a) - vis_viva(mu, r1, r1)) + (
        vis_viva(mu, r2, r2) - vis_viva(mu, r2, a)
    )
    assert closed - 0.01 < got.delta_v_m_s < 1.005 * closed
    assert all(not getattr(s, "free", False) for s in got.steps)


def test_the_apogee_burn_to_the_equator_has_its_closed_size(shipped_world: World) -> None:
    """Transfer orbit of 6 deg, node at apogee: dv^2 = v1^2 + v2^2 - 2 v1 v2 cos i."""
    mu = shipped_world.gravity("earth", degree=2).mu_m3_s2
    got = found(
        shipped_world,
        ellipse(250e3, 35_786e3, 6.0 * DEG, math.pi),
        (Coast(until=Until("apoapsis")), FREE),
        Condition("semi_major_axis", GEO, 100.0),
        Condition("inclination", 0.0, 1e-4),
    )
    v1 = vis_viva(mu, GEO, RE + 0.5 * (250e3 + 35_786e3))
    v2 = vis_viva(mu, GEO, GEO)
    closed = math.sqrt(v1**2 + v2**2 - 2.0 * v1 * v2 * math.cos(6.0 * DEG))
    assert got.delta_v_m_s == pytest.approx(closed, abs=0.02)


def test_a_size_along_a_line_may_be_found_to_point_back(shipped_world: World) -> None:
    mu = shipped_world.gravity("earth", degree=2).mu_m3_s2
    got = found(
        shipped_world,
        ellipse(800e3, 900e3, 1.0, 0.3, math.pi),
        (ALONG,),
        Condition("perigee", 500e3, 10.0),
    )
    (back,) = got.steps
    r = RE + 900e3
    closed = vis_viva(mu, r, RE + 850e3) - vis_viva(mu, r, RE + 700e3)
    assert back.direction == (-1.0, 0.0, 0.0)
    assert back.delta_v_m_s == pytest.approx(closed, abs=1e-2)


def test_finite_burns_in_full_dynamics_meet_the_conditions_too(shipped_world: World) -> None:
    push = Manoeuvre((1.0, 0.0, 0.0), free_size=True, free_direction=True)
    wanted = (
        Condition("perigee", 6_000e3, 1e3),
        Condition("inclination", 5.0 * DEG, 1e-3 * DEG),
        Condition("argument_of_perigee", 178.5 * DEG, 0.01 * DEG),
    )
    full = OrbitMission(
        "test", mission().start, mission().spacecraft, physics=PhysicsModel(8, 8, ("moon",), "none")
    )
    given = handed(shipped_world, ellipse(250e3, 35_786e3, 6.0 * DEG, 178.0 * DEG))
    step = Solve((Coast(until=Until("apoapsis")), push), wanted)
    got = targeting.solve(given, step, full, shipped_world)
    # flown by the plain steps
    from cosmodrome import orbit

    leg, _ = orbit.execute(given, full, shipped_world, coasts=[got.steps[0]])  # type: ignore[list-item]
    assert leg is not None
    assert leg.handover_out is not None
    burnt = burn.execute(leg.handover_out, got.steps[1], full, shipped_world)  # type: ignore[arg-type]
    rows = misses(wanted, burnt.end, Frame(burnt.end.epoch, shipped_world))
    for condition, off in rows:
        assert abs(off) < 0.02 * condition.tolerance
    assert burnt.end.epoch - burnt.start.epoch > 3000.0


def test_what_one_burn_cannot_do_is_told_with_the_nearest(shipped_world: World) -> None:
    """Apogee 2 deg off the node: no burn there lies in the equator's plane."""
    with pytest.raises(SolverError) as caught:
        found(
            shipped_world,
            ellipse(250e3, 35_786e3, 6.0 * DEG, 178.0 * DEG),
            (Coast(until=Until("apoapsis")), FREE),
            Condition("perigee", 35_786e3, 100.0),
            Condition("inclination", 0.0, 1e-4),
        )
    text = str(caught.value)
    assert "nothing is proven" in text
    assert "The nearest misses perigee by" in text
    assert "inclination by +0.2" in text  # 6 deg sin 2 deg = 0.209 deg at the least


def test_an_empty_tank_is_told_in_m_s(shipped_world: World) -> None:
    step = Solve((Coast(until=Until("apoapsis")), FREE), (Condition("perigee", 20_000e3, 1e3),))
    given = handed(shipped_world, ellipse(250e3, 35_786e3, 6.0 * DEG, math.pi), tank=100.0)
    with pytest.raises(InfeasibleError, match=r"m/s or [0-9.]+ kg are short"):
        targeting.solve(given, step, mission(100.0), shipped_world)


def test_quick_kepler_is_kepler(shipped_world: World) -> None:
    mu = shipped_world.gravity("earth", degree=2).mu_m3_s2
    rng = np.random.default_rng(3)
    rows = [
        state_from_elements(
            Elements(
                float(rng.uniform(7e6, 5e7)),
                float(rng.uniform(0.0, 0.9)),
                *(float(x) for x in rng.uniform(0.1, 3.0, 4)),
            ),
            mu,
        )
        for _ in range(200)
    ]
    r, v = (np.array([row[k] for row in rows]) for k in (0, 1))
    dt = rng.uniform(-1e5, 3e5, 200)
    got_r, got_v = quick.kepler(r, v, dt, mu)
    for k in range(200):
        want_r, want_v = kepler_propagate(r[k], v[k], float(dt[k]), mu)
        assert got_r[k] == pytest.approx(want_r, abs=1e-9 * np.linalg.norm(want_r) + 1e-3)
        assert got_v[k] == pytest.approx(want_v, abs=1e-6)


def test_quick_kepler_on_hyperbolas() -> None:
    mu = 4.9028e12
    rng = np.random.default_rng(5)
    r = rng.normal(size=(60, 3))
    r *= (rng.uniform(1.8e6, 6e7, 60) / np.linalg.norm(r, axis=1))[:, None]
    v = rng.normal(size=(60, 3))
    escape = np.sqrt(2.0 * mu / np.linalg.norm(r, axis=1))
    v *= (escape * rng.uniform(1.05, 2.0, 60) / np.linalg.norm(v, axis=1))[:, None]
    dt = rng.uniform(-2e5, 2e5, 60)
    assert np.all(np.isnan(quick.kepler(r, v, dt, mu)[0]))
    got_r, got_v = quick.kepler(r, v, dt, mu, hyperbolas=True)
    for k in range(60):
        want_r, want_v = kepler_propagate(r[k], v[k], float(dt[k]), mu)
        assert got_r[k] == pytest.approx(want_r, abs=1e-9 * np.linalg.norm(want_r) + 1e-3)
        assert got_v[k] == pytest.approx(want_v, abs=1e-6)


@pytest.mark.parametrize("kind", quick.SUPPORTED)
def test_quick_events_are_where_they_belong(kind: str, shipped_world: World) -> None:
    start = ellipse(400e3, 9_000e3, 0.8, 1.1, 2.0)
    given = handed(shipped_world, start).state
    frame = Frame(EPOCH, shipped_world)
    steps = (Coast(until=Until(kind, count=2)),)
    r, v, t, _ = quick.run(steps, np.zeros((1, 0)), given.r_m, given.v_m_s, frame, 4000.0, 3138.0)
    at = elements_from_state(frame.equator @ r[0], frame.equator @ v[0], frame.mu)
    period = 2.0 * math.pi * math.sqrt(start.a_m**3 / frame.mu)
    assert period < t[0] < 2.0 * period
    f, u = at.true_anomaly_rad, (at.argp_rad + at.true_anomaly_rad)
    angle = {
        "periapsis": f,
        "apoapsis": f - math.pi,
        "ascending node": u,
        "descending node": u - math.pi,
    }[kind]
    assert math.remainder(angle, 2.0 * math.pi) == pytest.approx(0.0, abs=1e-9)


def test_what_was_found_is_put_in_its_place() -> None:
    steps = (Coast(free=True), ALONG, FREE, Coast(60.0))
    done = filled(steps, np.array([100.0, -5.0, 0.0, 3.0, 4.0]))
    assert done[0] == Coast(100.0)
    assert done[1].direction == (-1.0, 0.0, 0.0)  # type: ignore[union-attr]
    assert done[1].delta_v_m_s == 5.0  # type: ignore[union-attr]
    assert done[2].direction == (0.0, 3.0, 4.0)  # type: ignore[union-attr]
    assert done[2].delta_v_m_s == 5.0  # type: ignore[union-attr]
    assert done[3] == Coast(60.0)
