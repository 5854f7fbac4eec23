"""A given instant of lift-off with the node held: symmetric about the best one, and priced."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome import ascent, site
from cosmodrome.ascent import limits_in_words
from cosmodrome.ascent.instant import HeldNode, held_node, keeps_node, northbound
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.flight import fly as fly_whole
from cosmodrome.maths import SCALAR
from cosmodrome.mission.nouns import Launch, Quantity, Target
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S
from tests.ascent.conftest import mission

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

LENGTH = 6_378_137.0


def at(when: Epoch, m: Mission | None = None) -> Mission:
    return replace(m or mission(), launch=Launch(time=when, node="held"))


def best_instant(sso: Flown) -> Epoch:
    """When the plain optimum leads to the wanted node, in its window."""
    (first, *_) = site.launch_instants(
        sso.mission.site,
        sso.solution.node_minus_pad_rad,
        sso.solution.travel_s,
        sso.insertion.raan_of,
        sso.mission.launch,
        sso.world,
    )
    return first


@given(
    st.floats(0.0, 2.0 * math.pi),
    st.floats(-math.pi, math.pi),
    st.floats(-0.5, 0.5),
    st.floats(0.0, 2e4),
)
def test_the_condition_is_the_node_of_the_elements(
    shipped_world: World, u: float, node: float, off: float, t: float
) -> None:
    aim = insertion(mission().target, mission().launch.window[0], shipped_world)
    held = HeldNode(node, 2e-7)
    r, v = aim.state_at(u, node + held.rate_rad_s * t + off)
    speed = math.sqrt(aim.mu / LENGTH)
    x = tuple(float(c) / LENGTH for c in r)
    sine, cosine = keeps_node(held, aim).formula(SCALAR, x, tuple(float(c) / speed for c in v), t)
    assert (sine, cosine) == (
        pytest.approx(math.sin(off), abs=1e-9), pytest.approx(math.cos(off), abs=1e-9)
    )  # fmt: skip


def test_what_cannot_be_held_is_refused(sso: Flown, shipped_world: World) -> None:
    aim = sso.insertion
    assert held_node(mission(), aim, shipped_world) is None
    windowed = replace(mission(), launch=replace(mission().launch, node="held"))
    with pytest.raises(InputError, match="needs the instant of lift-off"):
        held_node(windowed, aim, shipped_world)
    open_ = replace(aim, ltan_s=None, raan_rad=None)
    with pytest.raises(InputError, match="the target names no node"):
        held_node(at(best_instant(sso)), open_, shipped_world)


def test_the_branch_is_the_one_that_passes_the_node(sso: Flown, shipped_world: World) -> None:
    m = at(best_instant(sso))
    held = held_node(m, sso.insertion, shipped_world)
    assert held is not None
    assert northbound(held, m, sso.insertion)
    assert math.remainder(
        held.at_rad + held.rate_rad_s * sso.solution.travel_s - sso.solution.node_minus_pad_rad,
        math.tau,
    ) == pytest.approx(0.0, abs=2e-5)
    # half a turn of the Earth on, the plane passes over the pad the other way
    later = replace(held, at_rad=math.remainder(held.at_rad - math.pi, math.tau))
    assert not northbound(later, m, sso.insertion)


def solved(minutes: float, sso: Flown) -> AscentSolution:
    m = at(best_instant(sso) + 60.0 * minutes)
    return ascent.solve(m, sso.insertion, sso.world)


def test_off_the_best_instant_the_plane_is_turned_for_propellant(sso: Flown) -> None:
    best = best_instant(sso)
    early, late, later = (solved(x, sso) for x in (-5.0, 5.0, 10.0))
    for minutes, s in ((-5.0, early), (5.0, late), (10.0, later)):
        when = best + 60.0 * minutes
        pad, wanted = sso.mission.site, sso.insertion.raan_of
        miss = site.node_miss(pad, s.node_minus_pad_rad, s.travel_s, wanted, when, sso.world)
        assert abs(miss) < 1e-6
        turned = math.remainder(s.node_minus_pad_rad - sso.solution.node_minus_pad_rad, math.tau)
        assert turned == pytest.approx(-60.0 * minutes * OMEGA_EARTH_RAD_S, abs=2e-4)
    cost = [sso.solution.margin_kg - s.margin_kg for s in (early, late, later)]
    # as much before as after, and as the square of the wait
    assert cost[0] == pytest.approx(cost[1], rel=0.02)
    assert cost[2] == pytest.approx(4.0 * cost[1], rel=0.1)
    # and the price is the slope of that parabola
    prices = [s.multipliers["lift_off_kg_per_min"] for s in (early, late, later)]
    for minutes, kg, price in zip((-5.0, 5.0, 10.0), cost, prices, strict=True):
        assert price == pytest.approx(-2.0 * kg / minutes, rel=0.05)
    said = limits_in_words({"lift_off_kg_per_min": prices[1]})
    assert said == (f"1 min more wait before lift-off: {prices[1]:+.1f} kg",)
    # turned all at once by the burn at the apogee it costs v1^2 + v2^2 - 2 v1 v2 cos of the turn:
    # the optimum, which may do that, cannot be worse, nor for nothing
    for minutes, kg in zip((-5.0, 10.0), (cost[0], cost[2]), strict=True):
        assert 0.0 < kg < impulse_kg(sso, 60.0 * abs(minutes) * OMEGA_EARTH_RAD_S)


def impulse_kg(sso: Flown, node_rad: float) -> float:
    """Propellant for turning the node at the last burn of the plain optimum, by impulses."""
    arc = sso.solution.flight.arcs[sso.solution.sequence.burns[-1]]
    r, v = arc.r_m[0], arc.v_m_s[0]
    turn = node_rad * math.sin(sso.insertion.i_mean_rad)
    first = float(np.linalg.norm(v))
    second = math.sqrt(sso.solution.planet.mu / float(np.linalg.norm(r)))
    dv = math.sqrt(first**2 + second**2 - 2.0 * first * second * math.cos(turn))
    ve = 9.80665 * sso.mission.vehicle.stages[-1].isp_vacuum_s
    return arc.mass_kg * (math.exp(-(second - first) / ve) - math.exp(-dv / ve))


def test_a_raan_is_held_as_well_and_an_ellipse(shipped_world: World, sso: Flown) -> None:
    when = best_instant(sso)
    target = Target(
        "elliptic", Quantity(LENGTH + 600e3, 5e3), Quantity(0.05, 1e-3),
        inclination_rad=Quantity(1.1, 1e-3), raan_rad=Quantity(0.4, 1e-2),
    )  # fmt: skip
    aim = insertion(target, when, shipped_world)
    held = held_node(at(when, replace(mission(), target=target)), aim, shipped_world)
    assert held is not None
    assert held.rate_rad_s == 0.0
    pad = site.pad_right_ascension(sso.mission.site, when, shipped_world)
    assert math.remainder(held.at_rad + pad - 0.4, math.tau) == pytest.approx(0.0, abs=1e-12)
    r, v = aim.state_at(1.0, held.at_rad)
    speed = math.sqrt(aim.mu / LENGTH)
    got = keeps_node(held, aim).formula(
        SCALAR, tuple(float(c) / LENGTH for c in r), tuple(float(c) / speed for c in v), 0.0
    )
    assert got == [pytest.approx(0.0, abs=1e-12), pytest.approx(1.0)]


def test_hours_off_it_says_how_far_and_what_would_carry(sso: Flown, shipped_world: World) -> None:
    when = best_instant(sso) + 7_200.0
    with pytest.raises(
        InfeasibleError,
        match=r"\d+ kg short; .* 119\.\d\d min after the best, 2027-03-01T05:.* kg can be carried",
    ):
        fly_whole(at(when), world=shipped_world)


def test_a_flown_mission_holds_its_node(sso: Flown, shipped_world: World) -> None:
    flight = fly_whole(at(best_instant(sso) + 300.0), world=shipped_world)
    (found, *_) = [f for f in flight.findings if f.check == "local-time-of-node"]
    assert found.verdict == "holds"
    assert found.measured < 1.0
    assert "min after the best" in flight.launch.note
    assert "kg of margin" in flight.launch.note
