"""Ascents in a wind: what it costs, what it does to the loads, and what falls in it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent
from cosmodrome.ascent.integrate import fly_ballistic
from cosmodrome.ascent.lanes import coarse_planet
from cosmodrome.ascent.launch import planet_of
from cosmodrome.ascent.safety.falling import Bodies, fall
from cosmodrome.catalog.nouns import Limits
from cosmodrome.checks.view import View
from cosmodrome.checks.winds import air_relative
from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY, HingeTable
from cosmodrome.mission.nouns import WindTable
from cosmodrome.mission.wind_profiles import profile_points
from cosmodrome.physics import aerodynamics, powered
from cosmodrome.physics.powered import Body
from cosmodrome.physics.wind import SmoothWind, components
from cosmodrome.world import geodesy
from tests.ascent.conftest import fly, mission, two_stages

if TYPE_CHECKING:
    from cosmodrome.record import Leg
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

Q_ALPHA = 2_500.0


def jet(speed_m_s: float, from_deg: float) -> WindTable:
    points = profile_points("jet-stream", speed_m_s)
    blows = [components(s, math.radians(from_deg)) for _, s in points]
    return WindTable(
        tuple(h for h, _ in points), tuple(e for e, _ in blows), tuple(n for _, n in blows), "jet"
    )


def loads(stack: Leg, wind: WindTable | None, world: World) -> tuple[float, float]:
    """Largest dynamic pressure, and its product with sin alpha, by the checks' own road."""

    class Only:
        zero = stack.path.epoch
        mission = type("M", (), {"wind": wind})
        legs = (stack,)

    view = View(Only(), world)  # type: ignore[arg-type]
    w = air_relative(view)
    speed = np.linalg.norm(w, axis=1)
    q = 0.5 * view.air.rho_kg_m3 * speed**2
    u = np.stack([view.column(n) for n in ("ux", "uy", "uz")], axis=1)
    sine = np.linalg.norm(np.cross(u, w), axis=1) / np.maximum(speed, 0.1)
    pushed = view.column("thrust_n") > 0.0
    return float(q[pushed].max()), float((q * sine)[pushed].max())


@pytest.fixture(scope="module")
def east(shipped_world: World) -> Flown:
    """Two stages from Kourou to the east, in still air."""
    limits = Limits(45e3, 1135.0)
    m = mission("soyuz-2.1b", "kourou", 14_000.0, 300e3, 5.5, limits)
    return fly(replace(m, vehicle=two_stages()), shipped_world)


@pytest.fixture(scope="module")
def headwind(east: Flown, shipped_world: World) -> Flown:
    return fly(replace(east.mission, wind=jet(70.0, 90.0)), shipped_world)


@pytest.fixture(scope="module")
def crosswind(east: Flown, shipped_world: World) -> Flown:
    return fly(replace(east.mission, wind=jet(70.0, 0.0)), shipped_world)


def test_a_headwind_costs_payload_and_a_tailwind_gives_some(
    east: Flown, headwind: Flown, shipped_world: World
) -> None:
    behind = fly(replace(east.mission, wind=jet(70.0, 270.0)), shipped_world)
    still = east.solution.capability_kg
    lost, won = still - headwind.solution.capability_kg, behind.solution.capability_kg - still
    assert 0.0 < won < lost < 0.05 * still
    # the same plan flown in all three: 70 m/s at the jet against some 500 m/s of flow
    drag = [
        ascent.execute(east.plan, f.mission, shipped_world)[0].ledger.losses_m_s["drag"]
        for f in (behind, east, headwind)
    ]
    assert drag == sorted(drag)
    assert drag[2] < 1.6 * drag[0]


def test_the_reflight_in_wind_meets_the_optimum(headwind: Flown, crosswind: Flown) -> None:
    for f in (headwind, crosswind):
        residuals = f.stack.solve.residuals
        assert residuals["position_m"] < 0.5
        assert residuals["velocity_m_s"] < 5e-4


def test_losses_close_along_the_velocity_over_ground(crosswind: Flown) -> None:
    ledger = crosswind.stack.ledger
    end = crosswind.stack.end
    axis = crosswind.world.orientation.cip_gcrf(crosswind.plan.epoch)
    w = end.v_m_s - 7.292115e-5 * np.cross(axis, end.r_m)
    closed = ledger.delta_v_m_s - sum(ledger.losses_m_s.values())
    assert closed == pytest.approx(float(np.linalg.norm(w)), abs=0.05)


@pytest.mark.parametrize("which", ["headwind", "crosswind"])
def test_a_plan_made_for_still_air_flies_worse_loads_in_the_wind(
    east: Flown, which: str, request: pytest.FixtureRequest, shipped_world: World
) -> None:
    aware: Flown = request.getfixturevalue(which)
    wind = aware.mission.wind
    blind = ascent.execute(east.plan, aware.mission, shipped_world)[0]
    _, made_for_it = loads(aware.stack, wind, shipped_world)
    _, not_made_for_it = loads(blind, wind, shipped_world)
    _, in_still_air = loads(east.stack, None, shipped_world)
    assert in_still_air < Q_ALPHA * 1.01
    assert made_for_it < Q_ALPHA * 1.02
    assert not_made_for_it > 1.5 * made_for_it


def test_guided_flights_are_in_the_wind_of_the_mission(crosswind: Flown) -> None:
    args = (crosswind.solution, crosswind.plan, crosswind.mission, crosswind.world)
    programme = ascent.guided_programme(*args)
    batch = ascent.fly_guided(programme, ascent.Draw.nominal(crosswind.mission.vehicle))
    assert batch.flown.all()
    q, q_alpha = loads(crosswind.stack, crosswind.mission.wind, crosswind.world)
    assert batch.max_q_pa[0] == pytest.approx(q, rel=5e-3)
    assert batch.max_q_alpha_pa_rad[0] == pytest.approx(q_alpha, rel=0.02)
    # without it the same table flies another angle of attack
    calm = ascent.Draw.nominal(crosswind.mission.vehicle)
    calm.wind[:] = 0.0
    assert ascent.fly_guided(programme, calm).max_q_alpha_pa_rad[0] > 1.5 * q_alpha

    assert batch.margin_kg[0] == pytest.approx(crosswind.solution.margin_kg, abs=30.0)

    def other(h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros_like(h), np.full_like(h, 10.0)

    with pytest.raises(InputError, match="mission's wind"):
        ascent.guided_programme(*args, wind=other)
    assert ascent.guided_programme(*args, wind=other, biased=False).core.aims


def test_a_body_falls_at_its_terminal_speed_and_drifts_with_a_constant_wind(
    shipped_world: World,
) -> None:
    """Closed form: sqrt(2 beta g / rho) down, the wind's velocity along the ground."""
    steady = replace(
        planet_of(shipped_world), omega_rad_s=0.0, wind=lambda ops, h: (12.0 + 0 * h, -5.0 + 0 * h)
    )
    r0 = geodesy.itrf_from_geodetic(0.7, 0.2, 12_000.0)
    beta = 50.0
    body = Body(1_000.0 / beta, HingeTable((), (), (), 1.0))
    steps, end, hit = fly_ballistic(steady, body, np.r_[r0, 0.0, 0.0, 0.0], 0.0, 3_600.0, 1_000.0)
    assert hit
    y = steps[-1][2](end)
    e, n, up = geodesy.enu_axes(0.7, float(np.arctan2(y[1], y[0])))
    rho = float(steady.atmosphere(NUMPY, 0.0)[0])
    # air thickens on the way: the speed lags by v^2 / (2 g H), half a per cent
    assert -float(up @ y[3:]) == pytest.approx(math.sqrt(2.0 * beta * 9.8015 / rho), rel=0.01)
    assert float(e @ y[3:]) == pytest.approx(12.0, abs=0.1)
    assert float(n @ y[3:]) == pytest.approx(-5.0, abs=0.2)
    along = float(e @ (y[:3] - r0))
    assert along == pytest.approx(12.0 * end, rel=0.03)
    # many at once, by the other integrator, in the same wind
    still = Bodies(
        np.r_[r0, 0.0, 0.0, 0.0][:, None], np.array([beta]), np.ones(1), np.zeros((2, 1))
    )
    landed = fall(steady, still, 3_600.0)
    assert np.linalg.norm(landed.y[:3, 0] - y[:3]) < 3.0
    assert landed.t_s[0] == pytest.approx(end, abs=0.05)


def test_dropped_stages_fall_in_the_wind(east: Flown, shipped_world: World) -> None:
    windy = replace(east.mission, wind=jet(70.0, 0.0))
    blown = ascent.execute(east.plan, windy, shipped_world)
    first, moved = (next(g for g in legs if g.object == "first") for legs in (east.legs, blown))
    assert first.impact is not None
    assert moved.impact is not None
    # to the south, by the wind on the way up and on the way down
    assert moved.impact.latitude_rad < first.impact.latitude_rad
    area = ascent.range_safety(blown, windy, shipped_world).areas[0]
    centre = np.array([moved.impact.latitude_rad, moved.impact.longitude_rad])
    assert area.object == "first"
    assert np.all(np.isfinite(centre))


def test_coarse_air_keeps_the_wind_and_still_air_stays_as_it_was(shipped_world: World) -> None:
    plain = planet_of(shipped_world)
    assert plain.wind is None
    assert coarse_planet(plain).wind is None
    table = jet(50.0, 300.0)
    windy = planet_of(shipped_world, table)
    curve = SmoothWind.through(table.altitude_m, table.east_m_s, table.north_m_s)
    assert windy.wind == curve
    h = np.linspace(0.0, 40e3, 333)
    tabled = coarse_planet(windy).wind
    assert tabled is not None
    for a, b in zip(tabled(NUMPY, h), curve(NUMPY, h), strict=True):
        assert np.allclose(a, b, atol=0.05)
    # the flow is the ground's less the wind
    r, v = (6.4e6, 0.0, 1e5), (10.0, 900.0, 20.0)
    still, blown = powered.air(NUMPY, plain, r, v).w, powered.air(NUMPY, windy, r, v).w
    at = powered.height(NUMPY, plain, r)
    assert np.subtract(still, blown) == pytest.approx(
        aerodynamics.wind_velocity(NUMPY, r, *curve(NUMPY, at))
    )
