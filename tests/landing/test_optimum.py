import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve

from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.landing import Engine, Gate, LandingProblem, Phase, solve
from cosmodrome.maths import SCALAR
from cosmodrome.physics.turning import Globe, acceleration
from tests.landing.conftest import MU, RADIUS_M, phases, polar

G0 = 9.80665


def reflown(landing):
    """(7,) place, velocity and mass at the touchdown, by another integrator along the samples."""
    problem = landing.problem
    y = np.r_[problem.r_m, problem.v_m_s, problem.mass_kg]
    for arc in landing.arcs:
        thrust = problem.engine.thrust_n
        isp = problem.isp_s(problem.phases[arc.phase]) if arc.phase >= 0 else 1.0

        def rates(t, y, arc=arc, thrust=thrust, isp=isp):
            u = np.array([np.interp(t, arc.t_s, c) for c in arc.u.T])
            force = thrust * np.interp(t, arc.t_s, arc.throttle)
            a = acceleration(SCALAR, tuple(y[:3]), tuple(y[3:6]), problem.globe)
            push = force / y[6] * u / np.linalg.norm(u)
            return [*y[3:6], *(np.array(a) + push), -force / (G0 * isp)]

        span = (float(arc.t_s[0]), float(arc.t_s[-1]))
        if span[1] > span[0]:
            y = solve_ivp(rates, span, y, rtol=1e-9, atol=1e-6, max_step=10.0).y[:, -1]
    return y


def test_meditch():
    # Meditch 1964 as in dymos 1.15.1: m_f 0.3953543640, one switch at 0.2392591. The flat Moon is
    # a globe of a thousand million lengths
    big = 1e9
    problem = LandingProblem(
        Globe(big**2), np.array([0.0, 0.0, big + 1.0]), np.array([0.0, 0.0, -0.783]), 1.0,
        np.array([0.0, 0.0, big]), Engine(1.227, 2.349 / G0),
        (Phase("fall and burn", duration_s=(0.05, 3.0)),),
    )  # fmt: skip
    found = solve(problem)
    assert 1.0 - found.propellant_kg == pytest.approx(0.3953543640, abs=1e-7)
    assert [a.throttle.mean() for a in found.arcs] == pytest.approx([0.0, 1.0], abs=1e-4)
    assert found.arcs[1].t_s[0] == pytest.approx(0.2392591086, abs=1e-6)
    assert found.touchdown_s == pytest.approx(1.3968080891, abs=1e-6)


def test_the_polar_descent():
    # 1,274.235 kg by another collocation and 1,274.33 kg convexified were found for this lander
    # from 18 x 100 km to 89 S; where on the orbit it ignited was not kept, here 15.3 degrees before
    found = solve(polar(15.3))
    assert found.propellant_kg == pytest.approx(1274.235, rel=2e-4)
    # the independent road: gravity and masses iterated on sixty nodes
    assert found.convex_kg == pytest.approx(found.propellant_kg, rel=1e-4)
    assert [round(float(a.throttle.mean()), 3) for a in found.arcs] == [1.0, 0.25, 1.0]
    end = reflown(found)
    assert np.linalg.norm(end[:3] - found.problem.site_m) < 1.0
    assert np.linalg.norm(end[3:6]) < 0.01
    assert 3000.0 - end[6] == pytest.approx(found.propellant_kg, abs=1e-4)


def beside(ahead, low_m, speed, mass, engine, throttle):
    """From perilune over a Moon that does not turn, level; the site so many radians ahead."""
    r = (RADIUS_M + low_m) * np.array([-math.sin(ahead), 0.0, math.cos(ahead)])
    v = speed * np.array([math.cos(ahead), 0.0, math.sin(ahead)])
    site = np.array([0.0, 0.0, RADIUS_M])
    return LandingProblem(
        Globe(MU, (0.0, 0.0, 0.0)), r, v, mass, site, engine, (Phase("powered descent", throttle),)
    )


@pytest.mark.parametrize(
    ("problem", "kg", "sides"),
    [
        # propellant and angle by yapss 0.2.3 on 60 points a piece (bench/landing): with 3 x 60 a
        # tenth of a kilogram may be left, so ours may be below but never above
        (beside(math.radians(15.3), 18e3, 1690.1855, 3000.0, Engine(11_000.0, 325.0),
                (0.25, 1.0)), 1274.399, [1.0, 0.25, 1.0]),
        (beside(0.3508804, 18e3, 1690.1855, 3000.0, Engine(11_000.0, 325.0), (0.25, 1.0)),
         1274.017, [0.25, 1.0]),
        # Apollo 11's lunar module: 10 s of full thrust at the start, which a mesh hardly shows
        (beside(0.4077462, 14_880.0, 1696.0, 15_150.7, Engine(46_706.0, 311.0), (0.1, 1.0)),
         6692.670, [1.0, 0.1, 1.0]),
        (beside(math.radians(17.0), 14_880.0, 1696.0, 15_150.7, Engine(46_706.0, 311.0),
                (0.1, 0.925)), 6722.145, [0.925, 0.1, 0.925]),
    ],
)  # fmt: skip
def test_another_program_finds_no_less(problem, kg, sides):
    found = solve(problem)
    assert [float(a.throttle.mean()) for a in found.arcs] == pytest.approx(sides, abs=1e-3)
    assert -5e-4 * kg < found.propellant_kg - kg < 1e-3
    assert found.convex_kg == pytest.approx(found.propellant_kg, rel=1e-4)


def indirect():
    """(burn s, angle flown): full thrust from perilune of 18 x 100 km by the primer vector.

    Lawden 1963: the thrust lies along p, p'' = G(r) p; where the site is free p' has no part along
    the ground at the end. Planar, no rotation.
    """
    low, high = RADIUS_M + 18e3, RADIUS_M + 100e3
    speed = math.sqrt(MU * (2.0 / low - 2.0 / (low + high)))
    flow = 11_000.0 / (G0 * 325.0)

    def fly(x):
        angle, rate = x[0], x[1:3] * 1e-3
        y0 = [0.0, low, speed, 0.0, -math.cos(angle), math.sin(angle), *rate]

        def rates(t, y):
            r, p = np.array(y[:2]), np.array(y[4:6])
            size = math.hypot(*r)
            g = -MU / size**3
            a = g * r + 11_000.0 / (3000.0 - flow * t) * p / math.hypot(*p)
            bend = g * (p - 3.0 * r * (r @ p) / size**2)
            return [*y[2:4], *a, *y[6:8], *bend]

        lasts = 300.0 * x[3]
        return solve_ivp(rates, (0.0, lasts), y0, "DOP853", rtol=1e-11, atol=1e-9).y[:, -1]

    def lacks(x):
        y = fly(x)
        size = math.hypot(*y[:2])
        along = (y[1] * y[6] - y[0] * y[7]) / size
        return [(size - RADIUS_M) * 1e-5, y[2] * 1e-3, y[3] * 1e-3, along * 1e3]

    x, _, ok, why = fsolve(lacks, [0.0, 0.0, 0.5, 1.25], full_output=True, xtol=1e-12)
    assert ok == 1, why
    y = fly(x)
    return 300.0 * x[3], math.atan2(y[0], y[1])


def test_the_primer_vector_leads_to_the_same():
    lasts, angle = indirect()
    problem = polar(math.degrees(angle), spin=0.0, phases=(Phase("full", (1.0, 1.0)),))
    found = solve(problem)
    assert found.touchdown_s == pytest.approx(lasts, abs=1e-4)
    assert found.propellant_kg == pytest.approx(lasts * 11_000.0 / (G0 * 325.0), abs=1e-3)


def test_phases_keep_their_limits(gated):
    found = solve(gated)
    assert found.convex_kg == pytest.approx(found.propellant_kg, rel=1e-3)
    site = gated.site_m
    up = site / np.linalg.norm(site)
    radius = np.linalg.norm(site)
    for arc in found.arcs:
        place = arc.r_m - site
        high = place @ up
        level = np.linalg.norm(place - high[:, None] * up, axis=1)
        assert np.all((arc.throttle > 0.2 - 1e-6) & (arc.throttle < 1.0 + 1e-6))
        if arc.phase == 1:
            assert np.all(high > math.tan(math.radians(20.0)) * level - 0.1)
            # limits hold at nodes; where the turn ends it overshoots by 0.2 degrees
            assert np.all(arc.u @ up > math.cos(math.radians(60.0)) - 5e-3)
            turns = np.linalg.norm(np.diff(arc.u, axis=0), axis=1) / np.diff(arc.t_s)
            # limited from node to node; between two the parabola may turn by a little more
            assert turns.max() < math.radians(5.0) * 1.2
    last = [[a for a in found.arcs if a.phase == k][-1] for k in range(3)]
    heights = [np.linalg.norm(arc.r_m[-1]) - radius for arc in last]
    assert 1500.0 - 0.01 < heights[0] < 4000.0 + 0.01
    assert heights[1] == pytest.approx(30.0, abs=1e-3)
    assert heights[2] == pytest.approx(0.0, abs=1e-3)
    sink = -last[1].v_m_s[-1] @ up
    assert -1e-3 < sink < 3.0 + 1e-3
    assert np.linalg.norm(last[1].v_m_s[-1] + sink * up) < 1e-3
    assert last[2].v_m_s[-1] @ up == pytest.approx(-1.0, abs=1e-4)
    end = reflown(found)
    assert np.linalg.norm(end[:3] - site) < 1.0


def test_the_time_of_ignition_is_found():
    # from the same perilune, long before the site: coasting first is cheaper than burning at once
    one = (Phase("powered descent", (0.25, 1.0)),)
    free = solve(polar(25.0, phases=one, coast_s=(0.0, 600.0)))
    at_once = solve(polar(25.0, phases=one))
    assert free.arcs[0].phase == -1
    assert free.propellant_kg <= at_once.propellant_kg + 1e-3
    near = solve(replace(free.problem, mass_kg=3010.0), near=free)
    assert near.propellant_kg == pytest.approx(free.propellant_kg * 3010 / 3000, rel=2e-3)
    assert near.budget["convex"] == 0.0


def test_an_engine_that_burns_fully_or_far_below():
    # the Apollo descent engine: fixed throttle in braking, 10 to 60 % after it
    low = Gate(height_m=(30.0, 30.0), range_m=0.0, across_m_s=0.0, sink_m_s=(0.0, 3.0))
    own = (
        Phase("braking", (0.925, 0.925), gate=Gate(height_m=(2000.0, 3000.0))),
        Phase("approach", (0.1, 0.6), isp_s=300.0, tilt_rad=math.radians(70.0), gate=low),
        Phase("terminal", (0.1, 0.6), isp_s=300.0, tilt_rad=math.radians(5.0)),
    )
    problem = replace(
        polar(16.0, phases=own, coast_s=(0.0, 200.0), sink_m_s=1.0),
        mass_kg=15_150.7, engine=Engine(46_706.0, 311.0),
    )  # fmt: skip
    found = solve(problem)
    full = [a for a in found.arcs if a.phase == 0]
    assert all(np.ptp(a.throttle) < 1e-9 and abs(a.throttle[0] - 0.925) < 1e-9 for a in full)
    rest = np.concatenate([a.throttle for a in found.arcs if a.phase > 0])
    assert rest.min() > 0.1 - 1e-6
    assert rest.max() < 0.6 + 1e-6


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"propellant_kg": 1270.0}, r"short of 13\.\d kg of propellant \(2\d\.\d m/s\)"),
        ({"engine": Engine(2500.0, 325.0), "propellant_kg": 1400.0}, "N are short"),
        (
            {"phases": phases(0.3)},
            r"by 1\d\.\d m. Throttled down to 0.3 the engine gives 3300 N",
        ),
    ],
)
def test_what_cannot_be_says_what_is_short(gated, change, told):
    with pytest.raises(InfeasibleError, match=told):
        solve(replace(gated, **change))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: Phase("x", (0.6, 0.3)), "a throttle from 0.6 to 0.3"),
        (lambda: Phase("x", tilt_rad=2.0), "a tilt of 114.592 deg"),
        (lambda: Phase("x", duration_s=(5.0, 2.0)), "a duration from 5.0 to 2.0 s"),
        (lambda: Phase("x", rate_rad_s=0.0), "turning by 0.0 rad/s"),
        (lambda: Gate(height_m=(30.0, 20.0)), "swap the two"),
        (lambda: Gate(range_m=-1.0), "range_m of -1.0"),
        (lambda: polar(phases=()), "needs a phase"),
        (lambda: polar(coast_s=(5.0, 1.0)), "a coast from 5.0 to 1.0 s"),
        (lambda: polar(propellant_kg=100.0, reserve_kg=120.0), "a reserve of 120.0 kg"),
    ],
)
def test_what_is_refused(wrong, told):
    with pytest.raises(InputError, match=told):
        wrong()


def apollo_11(phases_flown, coast_s=(0.0, 400.0)):
    """The lunar module at 14.88 km and 1,696 m/s over Tranquility, 15,150.7 kg, 46,706 N, 311 s."""
    radius = RADIUS_M - 1930.0
    a = math.radians(20.0)
    r = (radius + 14.88e3) * np.array([math.cos(a), math.sin(a), 0.0])
    w = np.array([0.0, 0.0, 2.6617e-6])
    v = 1696.0 * np.array([math.sin(a), -math.cos(a), 0.0]) - np.cross(w, r)
    return LandingProblem(
        Globe(MU, (0.0, 0.0, 2.6617e-6)), r, v, 15_150.7, np.array([radius, 0.0, 0.0]),
        Engine(46_706.0, 311.0), phases_flown, coast_s=coast_s, sink_m_s=0.5,
    )  # fmt: skip


def test_apollo_11_descends():
    # flown (MSC-00171, TN D-6846): throttle-up at 26 s, down at 386 s, high gate at 506 s with
    # 2,173 m and 38.1 m/s down, P66 from 125 m with 18.4 m/s across, touchdown at 754.8 s;
    # 15,150.7 kg after the descent orbit insertion, 7,327 kg landed. Of the throttle after 386 s
    # only the last 160 s were recorded: it is free here, the times and gates are the flight's
    rate = math.radians(5.0)
    part = {"throttle": (0.1, 0.65), "isp_s": 295.0, "rate_rad_s": rate}
    high = Gate(height_m=(2173.0, 2173.0), sink_m_s=(38.1, 38.1))
    hover = Gate(height_m=(125.0, 125.0), sink_m_s=(3.0, 3.0), across_m_s=18.4)
    flown = (
        Phase("ignition", (0.1, 0.1), isp_s=285.0, duration_s=(26.0, 26.0)),
        Phase("full", (0.925, 0.925), rate_rad_s=rate, duration_s=(360.0, 360.0)),
        Phase("throttled", duration_s=(120.0, 120.0), gate=high, **part),
        Phase("P64", duration_s=(98.0, 98.0), gate=hover, **part),
        Phase("P66", duration_s=(150.8, 150.8), tilt_rad=math.radians(25.0), **part),
    )
    found = solve(apollo_11(flown))
    assert found.touchdown_s - found.ignition_s == pytest.approx(754.8, abs=0.01)
    # 7,646 kg were found
    assert found.propellant_kg == pytest.approx(15_150.7 - 7327.0, rel=0.03)
    assert found.convex_kg == pytest.approx(found.propellant_kg, rel=3e-3)
    # the optimum beside it: at full thrust all the way
    ideal = solve(apollo_11((Phase("descent", (0.925, 0.925)),)))
    assert 0.85 < ideal.propellant_kg / found.propellant_kg < 0.9
