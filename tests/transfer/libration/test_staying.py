"""The edge between flights that fall back and flights that leave, and where to depart to it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.errors import InfeasibleError
from cosmodrome.targets.libration import SUN_EARTH, find, forces, read_libration
from cosmodrome.transfer.libration import Nearness, Point, departure, natural, sped
from cosmodrome.world.bodies import BODIES
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.world import World

DAY, DEG = 86_400.0, math.pi / 180.0
EPOCH = Epoch.parse("2021-12-25T12:46:00Z")


def perigee(angle: float, inclination: float = 5.5 * DEG) -> State:
    """At 6,578 km, in a plane whose node is at the equinox."""
    r = 6_578e3 * np.array(
        [
            math.cos(angle),
            math.sin(angle) * math.cos(inclination),
            math.sin(angle) * math.sin(inclination),
        ]
    )
    v = 11e3 * np.array(
        [
            -math.sin(angle),
            math.cos(angle) * math.cos(inclination),
            math.cos(angle) * math.sin(inclination),
        ]
    )
    return State(EPOCH, gcrf("earth"), r, v, 6_000.0)


@pytest.fixture(scope="module")
def point(shipped_world: World) -> Point:
    return Point(SUN_EARTH, 2, forces(SUN_EARTH), shipped_world)


def test_the_point_lies_where_it_lies(point: Point) -> None:
    # JPL: L2 of Sun and Earth-Moon at x = 1.0100752000 of the distance
    assert point.far_m == pytest.approx(0.0100782 * SUN_EARTH.length_m, rel=1e-4)
    sun = point.world.ephemeris.position_m("sun", EPOCH)
    out = point.outward(EPOCH, np.zeros(1))[0]
    assert out @ sun / np.linalg.norm(sun) == pytest.approx(-1.0, abs=1e-8)


def test_the_edge_is_where_both_sides_part(point: Point) -> None:
    def flight(c3: float) -> State:
        return sped(perigee(285.0 * DEG), c3)

    c3 = point.edge(flight, -1.5e6, 1e6, 220.0 * DAY)
    # energies to L2 are published as about -0.7 to -0.5 km^2/s^2
    assert -0.75e6 < c3 < -0.45e6
    assert point.side(flight(c3), 220.0 * DAY) == 0
    assert point.side(flight(c3 - 2e3), 400.0 * DAY) == -1
    assert point.side(flight(c3 + 2e3), 400.0 * DAY) == 1


def test_a_flight_on_the_edge_by_another_integrator(point: Point) -> None:
    """DOP853 over point masses of DE440 stays near the point too, and passes the same places."""
    state = sped(perigee(285.0 * DEG), point.edge(
        lambda x: sped(perigee(285.0 * DEG), x), -1.5e6, 1e6, 220.0 * DAY
    ))  # fmt: skip
    eph, names = point.world.ephemeris, ("sun", "moon", "venus", "mars", "jupiter")

    def rates(t: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
        r = y[:3]
        a = -BODIES["earth"].mu_m3_s2 * r / np.linalg.norm(r) ** 3
        for name in names:
            s = eph.positions_m(name, EPOCH, np.array([t]))[0]
            d = s - r
            mu = BODIES[name].mu_m3_s2
            a = a + mu * (d / np.linalg.norm(d) ** 3 - s / np.linalg.norm(s) ** 3)
        return np.concatenate([y[3:], a])

    y0 = np.concatenate([state.r_m, state.v_m_s])
    out = solve_ivp(
        rates, (0.0, 120.0 * DAY), y0, method="DOP853", rtol=1e-12, atol=1e-5, t_eval=[120.0 * DAY]
    )
    flights = point.flights(state)
    (*_, (looks, states)) = flights.pieces(state, 120.0 * DAY)
    assert looks[-1] == 240
    off = float(np.linalg.norm(out.y[:3, -1] - states[-1, :3]))
    # departures double in 17 days: metres at the perigee are kilometres here
    assert off < 50e3
    assert np.linalg.norm(states[-1, :3]) > 1.2e9


def test_both_ends_on_one_side_are_refused(point: Point) -> None:
    with pytest.raises(InfeasibleError, match="all fall back"):
        point.edge(lambda x: sped(perigee(285.0 * DEG), x), -1.5e6, -1.2e6, 100.0 * DAY)


def test_a_burn_about_nothing(point: Point) -> None:
    """A flight that lacks 0.5 m/s at its perigee gets it back by a burn along the velocity."""
    edge = point.edge(lambda x: sped(perigee(285.0 * DEG), x), -1.5e6, 1e6, 220.0 * DAY)
    short = sped(perigee(285.0 * DEG), edge - 2.0 * 11e3 * 0.5)

    def kicked(x: float) -> State:
        speed = float(np.linalg.norm(short.v_m_s))
        return replace(short, v_m_s=short.v_m_s * (1.0 + x / speed))

    assert point.about_nothing(kicked, 0.1, 10.0, 220.0 * DAY) == pytest.approx(0.5, abs=0.02)
    with pytest.raises(InfeasibleError, match="falls back"):
        point.about_nothing(kicked, 0.01, 0.2, 220.0 * DAY)


def test_the_best_departure_and_the_path_from_it(point: Point) -> None:
    design = find(read_libration("halo sun-earth l2 south az 350000 km"))
    near = Nearness(design, point)

    def window(angle: float) -> State | None:
        # three degrees of a turn are open
        return perigee(284.0 * DEG + angle) if angle < 3.0 * DEG else None

    best = departure(window, near, point)
    assert best.apart_m < near.limit_m
    (*_, (_, states)) = point.flights(best.state).pieces(best.state, 30.0 * DAY)
    there = State(EPOCH + 30.0 * DAY, gcrf("earth"), states[-1, :3], states[-1, 3:], 6_000.0)
    found, path = natural(there, design, point, 1.2 * design.period_s)
    assert found.jump_m < 0.1
    assert np.linalg.norm(found.burn_m_s) < 0.3
    # the path begins where the flight was and goes round for as long as was asked
    assert np.linalg.norm(path.at(there.epoch)[:3] - there.r_m) < 1e-3
    assert path.until - there.epoch > 1.2 * design.period_s
    record = path.told(there.epoch, path.until)
    assert record.orbit == "halo sun-earth l2 south az 350000 km"
    assert record.revolutions > 1.2


def test_a_plane_that_never_points_there_is_refused(point: Point) -> None:
    near = Nearness(find(read_libration("halo sun-earth l2 south az 350000 km")), point)

    def other(angle: float) -> State | None:
        return perigee(105.0 * DEG) if angle < 1.0 * DEG else None

    with pytest.raises(InfeasibleError, match="leave from another plane"):
        departure(other, near, point)
