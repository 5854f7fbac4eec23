"""The propagator against closed forms and against DOP853 over the specification."""

import threading
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.dynamics import (
    Altitude,
    Drag,
    Dynamics,
    Gravity,
    PointMass,
    Thrust,
    propagate,
    propagate_many,
)
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.errors import (
    DataSpanError,
    FrameMismatchError,
    InputError,
    UnknownNameError,
)
from cosmodrome.mission.nouns import PhysicsModel, Spacecraft, SpaceWeather
from cosmodrome.physics import harmonics
from cosmodrome.solvers import core
from cosmodrome.solvers.core import Settings
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF, ITRF
from cosmodrome.world.state import State
from tests.dynamics.specification import Specification

EPOCH = Epoch.from_utc("2027-03-01T05:41:46Z")
MU = 3.986004415e14
TWO_BODY = Dynamics.earth(0, 0, third_bodies=())
FULL = Dynamics.earth(
    drag="nrlmsise00", radiation_pressure=True, drag_area_m2=12.0, srp_area_m2=12.0
)


def orbit(a, e=0.0, inclination_deg=98.7, mass=2900.0, frame=GCRF):
    """At perigee on the x axis."""
    i = np.radians(inclination_deg)
    r = a * (1 - e)
    v = np.sqrt(MU / a * (1 + e) / (1 - e))
    return State(EPOCH, frame, [r, 0.0, 0.0], [0.0, v * np.cos(i), v * np.sin(i)], mass)


SSO = orbit(7_198_137.0, 0.001)


@pytest.mark.parametrize(("a", "e"), [(7e6, 0.0), (7e6, 0.01), (2.44e7, 0.72), (4.2164e7, 0.3)])
def test_two_body_motion_closes(shipped_world, a, e):
    # Kepler's third law: after ten periods the body is where it began
    start = orbit(a, e)
    period = 2 * np.pi * np.sqrt(a**3 / MU)
    p = propagate(start, TWO_BODY, 10 * period, ("apsides",), world=shipped_world)
    miss = np.linalg.norm(p.end.r_m - start.r_m)
    # measured 1e-6 .. 2e-5 m
    assert miss < 2e-4
    if e > 0:
        periapses = [x.t_s for x in p.events if x.kind == "periapsis"]
        np.testing.assert_allclose(periapses, period * np.arange(1, len(periapses) + 1), atol=1e-6)


def test_hyperbolic_arc_keeps_energy_and_momentum(shipped_world):
    start = State(EPOCH, GCRF, [7e6, 0, 0], [0.0, 11_500.0, 500.0], 100.0)
    p = propagate(start, TWO_BODY, 86_400.0, world=shipped_world)
    t = np.linspace(0, 86_400.0, 200)
    y = p.trajectory.columns_at(t)
    r, v = y[:, :3], y[:, 3:6]
    energy = 0.5 * np.sum(v * v, axis=1) - MU / np.linalg.norm(r, axis=1)
    momentum = np.cross(r, v)
    np.testing.assert_allclose(energy, energy[0], rtol=1e-11)
    np.testing.assert_allclose(momentum, np.tile(momentum[0], (200, 1)), rtol=1e-11, atol=10.0)


def test_energy_in_the_turning_field_is_the_jacobi_integral(shipped_world):
    # v^2/2 - U - omega . (r x v) is constant in a field that turns steadily about a fixed axis
    # (Danby 1988, 8.1); polar motion and precession leave 1e-9 of it in a day
    d = Dynamics.earth(36, 36, third_bodies=())
    p = propagate(SSO, d, 86_400.0, world=shipped_world)
    f = shipped_world.gravity().truncated(36)
    t = np.linspace(0, 86_400.0, 100)
    y = p.trajectory.columns_at(t)
    s = set_up(SSO, d, 86_400.0, shipped_world)
    fixed = np.einsum("nij,nj->ni", s.rotation.matrix(t), y[:, :3])
    u = harmonics.potential(fixed, f.mu_m3_s2, f.radius_m, f.C, f.S)
    spin = s.rotation.rate_rad_s * s.rotation.pole.at(np.array([43_200.0]))[0]
    jacobi = 0.5 * np.sum(y[:, 3:6] ** 2, axis=1) - u - np.cross(y[:, :3], y[:, 3:6]) @ spin
    # tesseral terms exchange 1e4 times as much energy as is lost here
    assert np.ptp(jacobi) < 2e-9 * abs(jacobi[0])


def test_node_turns_as_j2_says(shipped_world):
    # secular rate -3/2 n J2 (R/p)^2 cos i (Kozai 1959); node taken at ascending passages, where
    # the short-period terms repeat; second-order terms are a thousandth of it
    d = Dynamics.earth(2, 0, third_bodies=())
    p = propagate(SSO, d, 3 * 86_400.0, ("ascending node",), world=shipped_world)
    f = shipped_world.gravity()
    at = [p.trajectory.at(x.epoch) for x in p.events]
    pole = shipped_world.orientation.cip_gcrf(EPOCH)
    east = np.cross([0.0, 0.0, 1.0], pole) if abs(pole[2]) < 1 else np.array([1.0, 0, 0])
    east = east / np.linalg.norm(east)
    north = np.cross(pole, east)
    raan = np.unwrap([np.arctan2(s.r_m @ north, s.r_m @ east) for s in at])
    rate = np.polyfit([x.t_s for x in p.events], raan, 1)[0]
    semi = 7_198_137.0
    mean = semi - _mean_shift(f, SSO)
    n = np.sqrt(MU / mean**3)
    cos_i = float(np.cross(at[0].r_m, at[0].v_m_s) @ pole) / np.linalg.norm(
        np.cross(at[0].r_m, at[0].v_m_s)
    )
    want = -1.5 * n * f.zonal_j(2) * (f.radius_m / mean) ** 2 * cos_i
    assert rate == pytest.approx(want, rel=4e-3)


def _mean_shift(f, state):
    """First-order short-period J2 variation of a at this state, near-circular (Kozai 1959)."""
    r = np.linalg.norm(state.r_m)
    h = np.cross(state.r_m, state.v_m_s)
    s2 = 1 - (h[2] / np.linalg.norm(h)) ** 2
    # at the node (u = 0): 3/2 J2 R^2 / a sin^2 i cos 2u, and the part free of u
    return 1.5 * f.zonal_j(2) * f.radius_m**2 / r * s2


@pytest.mark.parametrize(
    ("dynamics", "state"),
    [
        pytest.param(FULL, SSO, id="all-forces"),
        pytest.param(
            Dynamics.earth(20, 12, third_bodies=("moon",)), orbit(6.9e6, 0.01, 51.6), id="20x12"
        ),
        pytest.param(
            Dynamics.earth(12, 12, drag="nrlmsise00", drag_area_m2=30.0),
            orbit(6.68e6, 0.002, 97.0),
            id="low",
        ),
    ],
)
def test_forces_equal_the_specification(shipped_world, dynamics, state):
    setting = set_up(state, dynamics, 86_400.0, shipped_world)
    spec = Specification(setting, dynamics, shipped_world, state.epoch, state.mass_kg)
    rng = np.random.default_rng(0)
    n = 100
    t = rng.uniform(0, 86_400.0, n)
    u = rng.normal(size=(n, 3))
    radius = np.linalg.norm(state.r_m) + rng.uniform(15e3, 30e3, n)
    r = u / np.linalg.norm(u, axis=1)[:, None] * radius[:, None]
    v = rng.normal(size=(n, 3)) * 4_000.0
    got = setting.model.forces(t, r, v, np.full(n, state.mass_kg))
    want = spec.acceleration(t, r, v, shadow=False)
    error = np.linalg.norm(got - want, axis=1) / np.linalg.norm(want, axis=1)
    # measured 2.6e-15
    assert error.max() < 1e-13


def _reference(spec, state, duration, breaks, step):
    """DOP853 over the specification, restarted at the shadow boundaries where it would stumble."""
    y = np.concatenate([state.r_m, state.v_m_s])
    cuts = [0.0, *breaks, duration]
    for a, b in pairwise(cuts):
        run = solve_ivp(
            spec.rates, (a, b), y, method="DOP853", rtol=1e-13, atol=[1e-6] * 3 + [1e-9] * 3,
            max_step=step,
        )  # fmt: skip
        y = run.y[:, -1]
    return y


def _against_reference(world, state, dynamics, duration, step):
    p = propagate(state, dynamics, duration, ("eclipses",), world=world)
    setting = set_up(state, dynamics, duration, world)
    spec = Specification(setting, dynamics, world, state.epoch, state.mass_kg)
    y = _reference(spec, state, duration, [x.t_s for x in p.events], step)
    return float(np.linalg.norm(y[:3] - p.end.r_m)), float(np.linalg.norm(y[3:] - p.end.v_m_s))


def test_half_an_orbit_against_dop853_over_the_specification(shipped_world):
    place, speed = _against_reference(shipped_world, SSO, FULL, 3_000.0, 40.0)
    # measured 8e-8 m and 8e-11 m/s
    assert place < 2e-6
    assert speed < 2e-9


@pytest.mark.nightly
@pytest.mark.slow
def test_one_day_against_dop853_over_the_specification(shipped_world):
    place, speed = _against_reference(shipped_world, SSO, FULL, 86_400.0, 50.0)
    # measured 4e-5 m: DOP853's own rounding over 28,000 evaluations
    assert place < 1e-3
    assert speed < 1e-6


def test_eccentric_orbit_through_shadow_and_air(shipped_world):
    d = Dynamics.earth(12, 12, drag="nrlmsise00", radiation_pressure=True, drag_area_m2=5.0,
                 srp_area_m2=20.0)  # fmt: skip
    state = orbit(2.44e7, 0.73, 20.0, 1000.0)
    place, _ = _against_reference(shipped_world, state, d, 4_500.0, 40.0)
    # the knots of the density table at a perigee of 210 km; measured 3e-5 m
    assert place < 1e-3


def test_settings_converge_to_one_path(shipped_world):
    fine = propagate(SSO, FULL, 86_400.0, world=shipped_world, settings=Settings(48, 1e-10))
    t = np.random.default_rng(4).uniform(0, 86_400.0, 500)
    want = fine.trajectory.columns_at(t)
    for settings in (Settings(), Settings(24, 1e-7), Settings(32, 1e-5)):
        p = propagate(SSO, FULL, 86_400.0, world=shipped_world, settings=settings)
        miss = np.linalg.norm(p.trajectory.columns_at(t)[:, :3] - want[:, :3], axis=1)
        # measured 4e-6 .. 1e-5 m anywhere on the path, over a day
        assert miss.max() < 1e-4


def test_dense_path_is_smooth_and_meets_its_ends(shipped_world):
    p = propagate(SSO, FULL, 40_000.0, world=shipped_world)
    assert p.trajectory.start == EPOCH
    np.testing.assert_allclose(p.trajectory.columns_at(0.0)[:3], SSO.r_m, atol=1e-8)
    np.testing.assert_allclose(p.trajectory.columns_at(40_000.0)[:3], p.end.r_m, atol=1e-7)
    # velocity is the derivative of place, across seams too
    t = np.concatenate([np.linspace(10, 39_990, 400), p.trajectory.breaks_s[1:-1]])
    h = 0.5
    y = [p.trajectory.columns_at(t + k * h)[:, :3] for k in (-2, -1, 1, 2)]
    v = (y[0] - 8 * y[1] + 8 * y[2] - y[3]) / (12 * h)
    assert np.max(np.abs(v - p.trajectory.columns_at(t)[:, 3:6])) < 2e-7


def test_same_bytes_from_every_thread(shipped_world):
    out = {}

    def fly(k):
        p = propagate(SSO, FULL, 20_000.0, ("nodes", "eclipses"), world=shipped_world)
        out[k] = (p.trajectory.coefficients.tobytes(), tuple(x.t_s for x in p.events))

    threads = [threading.Thread(target=fly, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    fly("alone")
    assert len(set(out.values())) == 1


# --------------------------------------------------------------------------------- thrust
def test_tsiolkovsky_far_from_everything(shipped_world):
    # 1e9 m out the Earth pulls 4e-4 m/s^2: subtract a coast with the same start
    start = State(EPOCH, GCRF, [1e9, 0, 0], [0, 0, 100.0], 5000.0)
    burn = Thrust(EPOCH + 100.0, EPOCH + 700.0, 19_850.0, 333.2, (0.0, 3.0, 4.0))
    d = TWO_BODY.with_thrust(burn)
    p = propagate(start, d, 1000.0, world=shipped_world)
    coast = propagate(start, TWO_BODY, 1000.0, world=shipped_world)
    flow = 19_850.0 / (9.80665 * 333.2)
    assert p.end.mass_kg == pytest.approx(5000.0 - 600.0 * flow, rel=1e-14)
    dv = 9.80665 * 333.2 * np.log(5000.0 / p.end.mass_kg)
    np.testing.assert_allclose(
        p.end.v_m_s - coast.end.v_m_s, dv * np.array([0, 0.6, 0.8]), rtol=1e-6, atol=1e-6
    )
    assert [(x.kind, x.t_s) for x in p.events] == [("burn start", 100.0), ("burn-out", 700.0)]
    assert p.trajectory.column("mass_kg", 400.0) == pytest.approx(5000.0 - 300.0 * flow)
    assert {a.force for a in p.audit} >= {"thrust"}


@pytest.mark.parametrize("axes", ["vnc", "rtn"])
def test_burn_in_orbital_axes_against_dop853(shipped_world, axes):
    direction = (1.0, 0.1, 0.2) if axes == "vnc" else (0.2, 1.0, 0.1)
    burn = Thrust(EPOCH + 50.0, EPOCH + 450.0, 5_000.0, 320.0, direction, axes)
    p = propagate(SSO, TWO_BODY.with_thrust(burn), 600.0, world=shipped_world)

    def rates(_, y, on):
        r, v, m = y[:3], y[3:6], y[6]
        h = np.cross(r, v)
        h = h / np.linalg.norm(h)
        if axes == "vnc":
            first = v / np.linalg.norm(v)
            triad = (first, h, np.cross(first, h))
        else:
            first = r / np.linalg.norm(r)
            triad = (first, np.cross(h, first), h)
        u = sum(c * e for c, e in zip(burn.unit, triad, strict=True))
        a = -MU * r / np.linalg.norm(r) ** 3 + on * 5_000.0 / m * u
        return np.concatenate([v, a, [-on * burn.flow_kg_s]])

    y = np.concatenate([SSO.r_m, SSO.v_m_s, [SSO.mass_kg]])
    for a, b, on in ((0.0, 50.0, 0.0), (50.0, 450.0, 1.0), (450.0, 600.0, 0.0)):
        run = solve_ivp(rates, (a, b), y, "DOP853", args=(on,), rtol=1e-13, atol=1e-7, max_step=20)
        y = run.y[:, -1]
    assert np.linalg.norm(p.end.r_m - y[:3]) < 1e-5
    assert np.linalg.norm(p.end.v_m_s - y[3:6]) < 1e-7
    assert p.end.mass_kg == pytest.approx(y[6], abs=1e-9)


def test_an_engine_stops_when_its_propellant_is_gone(shipped_world):
    burn = Thrust(EPOCH + 10.0, EPOCH + 900.0, 5_000.0, 320.0, (1, 0, 0), "vnc", 250.0)
    p = propagate(SSO, TWO_BODY.with_thrust(burn), 1000.0, world=shipped_world)
    assert p.end.mass_kg == pytest.approx(SSO.mass_kg - 250.0, abs=1e-6)
    last = p.events[-1]
    assert last.kind == "burn-out"
    # 250 kg at F / (g0 Isp), to the nanosecond of an epoch
    assert last.t_s == pytest.approx(10.0 + 250.0 * 9.80665 * 320.0 / 5_000.0, abs=2e-9)


# ---------------------------------------------------------------------------- audit, refusals
def test_audit_names_every_force_and_its_size(shipped_world):
    p = propagate(SSO, FULL, 12_000.0, world=shipped_world)
    audit = {a.force: a for a in p.audit}
    assert list(audit) == [
        "earth, central term",
        "earth, harmonics to 70x70",
        "sun",
        "moon",
        "drag",
        "radiation pressure",
    ]
    r = np.linalg.norm(p.trajectory.columns_at(np.linspace(0, 12_000, 2000))[:, :3], axis=1)
    central = audit["earth, central term"]
    assert central.largest_m_s2 == pytest.approx((MU / r**2).max(), rel=1e-5)
    assert central.mean_m_s2 == pytest.approx((MU / r**2).mean(), rel=1e-4)
    # Montenbruck & Gill (2000), fig. 3.1: orders of magnitude at 800 km
    assert 5e-3 < audit["earth, harmonics to 70x70"].mean_m_s2 < 3e-2
    assert 1e-7 < audit["moon"].largest_m_s2 < 2e-6
    assert 1e-10 < audit["drag"].largest_m_s2 < 1e-7
    pressure = 1.3 * 12.0 / 2900.0 * 4.54e-6
    assert audit["radiation pressure"].largest_m_s2 == pytest.approx(pressure, rel=0.05)
    lit = p.stats["sunlit_fraction"]
    assert audit["radiation pressure"].mean_m_s2 == pytest.approx(
        lit * audit["radiation pressure"].largest_m_s2, rel=0.01
    )
    assert not p.notes


def test_a_force_without_effect_is_said_aloud(shipped_world):
    high = orbit(4.2164e7, 0.0)
    d = Dynamics.earth(4, 4, drag="nrlmsise00", drag_area_m2=5.0, radiation_pressure=True)
    p = propagate(high, d, 3600.0, world=shipped_world)
    assert len(p.notes) == 2
    assert any("NRLMSISE-00 ends" in n for n in p.notes)
    idle = {a.force: a for a in p.audit if a.largest_m_s2 == 0.0}
    assert set(idle) == {"drag", "radiation pressure"}
    assert "no effect" in idle["drag"].source
    assert "area 0 m^2" in idle["radiation pressure"].source


def test_what_is_refused(shipped_world):
    w = shipped_world
    with pytest.raises(FrameMismatchError, match="rotate it first"):
        propagate(orbit(7e6, frame=ITRF), TWO_BODY, 10.0, world=w)
    with pytest.raises(InputError, match="after the start"):
        propagate(SSO, TWO_BODY, EPOCH, world=w)
    with pytest.raises(InputError, match="after the start"):
        propagate(SSO, TWO_BODY, float("nan"), world=w)
    with pytest.raises(InputError, match="200x200 was asked"):
        propagate(SSO, Dynamics.earth(200, 200), 10.0, world=w)
    with pytest.raises(UnknownNameError, match="Did you mean 'nodes'"):
        propagate(SSO, TWO_BODY, 10.0, ("node",), world=w)
    with pytest.raises(UnknownNameError, match="venus"):
        propagate(SSO, Dynamics.earth(third_bodies=("vennus",)), 10.0, world=w)
    with pytest.raises(InputError, match="swap the two"):
        Thrust(EPOCH, EPOCH, 1.0, 300.0, (1, 0, 0))
    with pytest.raises(InputError, match="points nowhere"):
        Thrust(EPOCH, EPOCH + 1.0, 1.0, 300.0, (0, 0, 0))
    with pytest.raises(InputError, match="'gcrf', 'rtn' or 'vnc'"):
        Thrust(EPOCH, EPOCH + 1.0, 1.0, 300.0, (1, 0, 0), "lvlh")
    with pytest.raises(InputError, match="positive thrust"):
        Thrust(EPOCH, EPOCH + 1.0, 1.0, 0.0, (1, 0, 0))
    with pytest.raises(InputError, match="never lights"):
        Thrust(EPOCH, EPOCH + 1.0, 1.0, 300.0, (1, 0, 0), "gcrf", 0.0)
    with pytest.raises(UnknownNameError, match="Did you mean 'nrlmsise00'"):
        Dynamics.earth(drag="nrlmsise")
    with pytest.raises(InputError, match="must not be negative"):
        Dynamics.earth(drag_area_m2=-1.0)
    with pytest.raises(InputError, match="sun attracts twice"):
        Dynamics.earth(third_bodies=("sun", "sun"))


def test_the_core_takes_finite_numbers_only(shipped_world):
    """Not a number would reach an index of a table: the door refuses it."""
    model = set_up(SSO, TWO_BODY, 100.0, shipped_world).model
    y0 = np.concatenate([SSO.r_m, SSO.v_m_s, [SSO.mass_kg]])
    for k in range(7):
        bad = y0.copy()
        bad[k] = np.nan
        with pytest.raises(ValueError, match="finite in all its numbers"):
            core.propagate(model, bad, 0.0, 100.0, core.Search(), core.Settings())
    for span in ((0.0, np.inf), (np.nan, 100.0)):
        with pytest.raises(ValueError, match="span of a propagation is finite"):
            core.propagate(model, y0, *span, core.Search(), core.Settings())


def test_a_mission_declares_its_dynamics():
    craft = Spacecraft("s", 1000.0, 4.0, 2.1, 5.0, 1.4)
    weather = SpaceWeather(140.0, 141.0, 9.0)
    d = Dynamics.of(PhysicsModel(20, 10, ("moon",), "nrlmsise00", False), craft, weather)
    assert d.forces == (
        Gravity("earth", 20, 10),
        PointMass("moon"),
        Drag(4.0, 2.1, "nrlmsise00", weather),
    )


def test_a_path_lower_than_its_first_orbit_promised(shipped_world):
    # a retrograde burn drops the perigee under the table built for the first orbit
    burn = Thrust(EPOCH + 10.0, EPOCH + 400.0, 1_000.0, 320.0, (-1, 0, 0), "vnc")
    d = Dynamics.earth(8, 8, drag="nrlmsise00", drag_area_m2=10.0, thrust=(burn,))
    p = propagate(SSO, d, 4_000.0, ("apsides",), world=shipped_world)
    r = np.linalg.norm(p.trajectory.columns_at(np.linspace(0, 4000, 400))[:, :3], axis=1)
    assert r.min() < 6_378_137.0 + 400e3
    audit = {a.force: a for a in p.audit}
    # NRLMSISE-00 at 300 .. 400 km: 5e-12 .. 2e-11 kg/m^3 within a factor of three
    assert 1e-6 < audit["drag"].largest_m_s2 < 1e-4


def test_falling_under_the_density_model(shipped_world):
    down = State(EPOCH, GCRF, [6_578_137.0, 0, 0], [0.0, 6_500.0, 0.0], 1000.0)
    d = Dynamics.earth(4, 4, drag="nrlmsise00", drag_area_m2=5.0)
    with pytest.raises(DataSpanError, match="floor_m=90000"):
        propagate(down, d, 1500.0, world=shipped_world)
    p = propagate(down, d, 1500.0, world=shipped_world, floor_m=90_000.0)
    assert p.stats["ended_on_floor"]
    assert p.end.epoch - EPOCH < 1500.0
    assert p.trajectory.end == p.end.epoch


def test_floor_is_met_from_above(shipped_world):
    down = State(EPOCH, GCRF, [6_578_137.0, 0, 0], [0.0, 6_500.0, 0.0], 1000.0)
    p = propagate(down, TWO_BODY, 5000.0, (Altitude(150e3),), world=shipped_world, floor_m=0.0)
    from cosmodrome.world.geodesy import geodetic_from_itrf

    def height(state):
        r = shipped_world.orientation.itrf_from_gcrf(state.epoch).vector(state.r_m)
        return float(geodetic_from_itrf(r)[2])

    assert abs(height(p.end)) < 1e-3
    crossing = [x for x in p.events if x.kind == "altitude downward"]
    assert [x.value for x in crossing] == [150e3]
    assert height(p.trajectory.at(crossing[0].epoch)) == pytest.approx(150e3, abs=1e-3)


def test_results_say_what_they_are_in_a_line(shipped_world):
    d = Dynamics((Gravity("earth", 8),))
    flown = propagate(SSO, d, 600.0, world=shipped_world, times=[0.0, 600.0])
    assert repr(flown.trajectory) in repr(flown)
    assert f"end {flown.end.epoch} about earth" in repr(flown)
    assert "2 forces, 2 samples" in repr(flown)
    many = propagate_many(
        SSO.epoch,
        [[*SSO.r_m, *SSO.v_m_s, SSO.mass_kg]],
        d,
        600.0,
        times=[600.0],
        world=shipped_world,
    )
    assert "1 starts" in repr(many)
    assert "0 faults" in repr(many)
    assert max(len(repr(x)) for x in (flown, many, flown.trajectory)) < 300
