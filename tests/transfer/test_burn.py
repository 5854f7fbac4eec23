"""Burns as the plan says them: what they take, what they give, and when they are refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.catalog.nouns import DragTable, Site, Vehicle
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import (
    CraftEngine,
    Launch,
    Manoeuvre,
    Mission,
    PhysicsModel,
    Quantity,
    Spacecraft,
    Target,
)
from cosmodrome.record import Handover
from cosmodrome.transfer import burn
from cosmodrome.world.bodies import G0
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from cosmodrome.record import Leg
    from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2027-03-01T06:40:00Z")
KEPLER = PhysicsModel(0, 0, (), "none", False)
ENGINE = CraftEngine(400.0, 320.0)
C = 320.0 * G0
TARGET = Target("circular", Quantity(7e6, 5e3), Quantity(0.0, 1e-3), Quantity(1.0, 1e-3))


def mission(engine: CraftEngine | None = ENGINE, physics: PhysicsModel = KEPLER) -> Mission:
    return Mission(
        "test",
        Site("pad", "Pad", "1", "", 0.9, 2.2, 0.0),
        Vehicle("v", "v", (), DragTable(1.0, (0.0,), (0.3,))),
        Spacecraft("sc", 2900.0, 12.0, 2.2, 12.0, 1.3, engine=engine, propellant_kg=500.0),
        Launch(time=EPOCH),
        TARGET,
        physics=physics,
    )


def start(world: World, tank: float = 500.0) -> Handover:
    mu = world.gravity().mu_m3_s2
    r = np.array([5e6, 4e6, 3e6])
    along = np.cross([0.2, -0.3, 1.0], r)
    v = math.sqrt(mu / np.linalg.norm(r)) * along / np.linalg.norm(along) + 3e-5 * r
    return Handover(State(EPOCH, GCRF, r, v, 2900.0), ("sc",), {"sc": tank}, {})


def flown(step: Manoeuvre, world: World, tank: float = 500.0) -> Leg:
    return burn.execute(start(world, tank), step, mission(), world)


@pytest.mark.parametrize(
    ("axes", "direction"),
    [
        ("vnc", (1.0, 0.0, 0.0)),
        ("vnc", (0.3, -0.5, 0.8)),
        ("rtn", (0.3, -0.5, 0.8)),
        ("gcrf", (0.3, -0.5, 0.8)),
        ("tod", (0.3, -0.5, 0.8)),
    ],
)
def test_a_finite_burn_against_an_integration_of_its_own(
    axes: str, direction: tuple[float, float, float], shipped_world: World
) -> None:
    """Point mass, constant thrust along axes made here by Gram-Schmidt; DOP853."""
    step = Manoeuvre(direction, axes, delta_v_m_s=120.0)  # type: ignore[arg-type]
    leg = flown(step, shipped_world)
    mu = shipped_world.gravity().mu_m3_s2
    u = np.array(direction) / np.linalg.norm(direction)
    tod = shipped_world.orientation.tod_from_gcrf(EPOCH).matrix

    def motion(_: float, y: np.ndarray) -> np.ndarray:
        r, v, m = y[:3], y[3:6], y[6]
        if axes == "rtn":
            x = r / np.linalg.norm(r)
            t = v - (v @ x) * x
            t /= np.linalg.norm(t)
            along = u[0] * x + u[1] * t + u[2] * np.cross(x, t)
        elif axes == "vnc":
            x = v / np.linalg.norm(v)
            n = np.cross(r, v)
            n /= np.linalg.norm(n)
            along = u[0] * x + u[1] * n + u[2] * np.cross(x, n)
        else:
            along = tod.T @ u if axes == "tod" else u
        pull = -mu * r / np.linalg.norm(r) ** 3
        return np.concatenate([v, pull + ENGINE.thrust_n / m * along, [-ENGINE.thrust_n / C]])

    burnt = 2900.0 * (1.0 - math.exp(-120.0 / C))
    lasted = burnt * C / ENGINE.thrust_n
    y0 = np.concatenate([leg.start.r_m, leg.start.v_m_s, [2900.0]])
    own = solve_ivp(motion, (0.0, lasted), y0, method="DOP853", rtol=1e-12, atol=1e-7).y[:, -1]
    assert leg.end.epoch - EPOCH == pytest.approx(lasted, abs=1e-9)
    assert leg.end.r_m == pytest.approx(own[:3], abs=2e-3)
    assert leg.end.v_m_s == pytest.approx(own[3:6], abs=2e-6)
    assert leg.end.mass_kg == pytest.approx(2900.0 - burnt, abs=1e-6)
    (flown_one,) = leg.ledger.burns
    assert flown_one.delta_v_m_s == pytest.approx(120.0, rel=1e-12)
    assert flown_one.propellant_kg == pytest.approx(burnt, rel=1e-12)
    assert flown_one.impulse_n_s == pytest.approx(400.0 * lasted, rel=1e-12)
    assert leg.handover_out is not None
    assert leg.handover_out.propellant_kg["sc"] == pytest.approx(500.0 - burnt, abs=1e-9)
    # the path tells the thrust as it was flown
    y = leg.path.columns_at(0.5 * lasted)
    assert y[10] == pytest.approx(400.0, rel=1e-9)
    assert np.linalg.norm(y[7:10]) == pytest.approx(1.0, abs=1e-9)
    assert [e.name for e in leg.events] == ["burn ignition", "burn cut-off"]


def test_three_ways_to_say_one_burn(shipped_world: World) -> None:
    by_speed = flown(Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=50.0), shipped_world)
    (first,) = by_speed.ledger.burns
    by_mass = flown(Manoeuvre((1.0, 0.0, 0.0), propellant_kg=first.propellant_kg), shipped_world)
    by_time = flown(
        Manoeuvre((1.0, 0.0, 0.0), duration_s=first.propellant_kg * C / 400.0), shipped_world
    )
    for other in (by_mass, by_time):
        assert other.end.r_m == pytest.approx(by_speed.end.r_m, abs=1e-5)
        assert other.end.v_m_s == pytest.approx(by_speed.end.v_m_s, abs=1e-8)


def test_an_impulse_changes_the_velocity_and_nothing_else(shipped_world: World) -> None:
    step = Manoeuvre((0.0, 3.0, 4.0), "rtn", delta_v_m_s=200.0, impulsive=True)
    leg = flown(step, shipped_world)
    r, v = leg.start.r_m, leg.start.v_m_s
    gained = leg.end.v_m_s - v
    assert np.linalg.norm(gained) == pytest.approx(200.0, rel=1e-12)
    assert gained @ r == pytest.approx(0.0, abs=1e-3)
    n = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    assert gained @ n == pytest.approx(160.0, rel=1e-9)
    assert leg.end.r_m == pytest.approx(r, abs=1e-5)
    assert leg.end.mass_kg == pytest.approx(2900.0 * math.exp(-200.0 / C), rel=1e-12)
    # as long as an instant can be
    assert leg.end.epoch.ns - leg.start.epoch.ns == 1


def test_a_short_finite_burn_tends_to_the_impulse(shipped_world: World) -> None:
    given = start(shipped_world)
    strong = CraftEngine(4e6, 320.0)
    miss = []
    for engine in (ENGINE, strong):
        m = mission(engine)
        one = burn.execute(given, Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=5.0), m, shipped_world)
        two = burn.execute(
            given,
            Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=5.0, impulsive=True),
            m,
            shipped_world,
        )
        energy = [
            0.5 * float(x.end.v_m_s @ x.end.v_m_s)
            - shipped_world.gravity().mu_m3_s2 / float(np.linalg.norm(x.end.r_m))
            for x in (one, two)
        ]
        miss.append(abs(energy[0] - energy[1]))
    assert miss[1] < 1e-3 * miss[0]


def test_what_the_tank_does_not_hold_is_refused_in_kg_and_m_s(shipped_world: World) -> None:
    # 2900 kg at 320 s: 600 m/s take 504.5 kg, and 50 kg give 54.6 m/s (Tsiolkovsky)
    with pytest.raises(InfeasibleError) as caught:
        flown(Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=600.0, name="lift"), shipped_world, 50.0)
    text = str(caught.value)
    burnt, able = 2900.0 * (1.0 - math.exp(-600.0 / C)), C * math.log(2900.0 / 2850.0)
    assert f"'lift' takes {burnt:.2f} kg (600.00 m/s) and 50.00 kg are left" in text
    assert f"good for {able:.2f} m/s" in text
    assert f"{burnt - 50.0:.2f} kg or {600.0 - able:.2f} m/s are short" in text
    with pytest.raises(InfeasibleError, match="whole spacecraft weighs"):
        flown(Manoeuvre((1.0, 0.0, 0.0), propellant_kg=3000.0), shipped_world)


def test_a_spacecraft_without_engine_or_a_burn_without_size(shipped_world: World) -> None:
    with pytest.raises(InputError, match="sc has no engine"):
        burn.execute(
            start(shipped_world),
            Manoeuvre((1.0, 0.0, 0.0), delta_v_m_s=1.0),
            mission(None),
            shipped_world,
        )
    with pytest.raises(InputError, match="give one"):
        flown(Manoeuvre((1.0, 0.0, 0.0)), shipped_world)


def test_a_burn_into_the_air_is_refused(shipped_world: World) -> None:
    step = Manoeuvre((-1.0, 0.0, 0.0), delta_v_m_s=550.0, name="too far")
    weak = CraftEngine(400.0, 320.0)
    low = start(shipped_world)
    r = low.state.r_m * (6.51e6 / np.linalg.norm(low.state.r_m))
    state = State(EPOCH, GCRF, r, low.state.v_m_s * 1.04, 2900.0)
    with pytest.raises(InfeasibleError, match="'too far' falls to 122 km after"):
        burn.execute(
            Handover(state, ("sc",), {"sc": 500.0}, {}), step, mission(weak), shipped_world
        )
