"""Drag by configuration: the optimum, its re-flight, guided flights, scatter and checks alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent
from cosmodrome.ascent.launch import along, bodies_of
from cosmodrome.ascent.safety import scattered
from cosmodrome.ascent.safety.dispersions import Dispersions
from cosmodrome.catalog.nouns import DragTable
from cosmodrome.checks.losses import losses
from cosmodrome.checks.view import View
from cosmodrome.maths import NUMPY
from cosmodrome.physics import powered
from tests.ascent.conftest import fly, mission

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.checks.verdicts import Judged
    from cosmodrome.mission import Mission
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

# the strap-ons' separation at T+118 s is above most of the air: a heavy drag makes it visible
BLUNT = DragTable(400.0, (0.0, 1.0, 10.0), (0.8, 1.2, 1.0))
SLIM = DragTable(2.0, (0.0, 1.0, 10.0), (0.2, 0.3, 0.2))


def asked(*after: tuple[str, DragTable]) -> Mission:
    m = mission("soyuz-2.1b", "baikonur", 6_000.0, 300e3, 51.7)
    return replace(m, vehicle=replace(m.vehicle, drag_after=after))


@pytest.fixture(scope="module")
def plain(shipped_world: World) -> Flown:
    return fly(asked(), shipped_world)


@pytest.fixture(scope="module")
def blunt(shipped_world: World) -> Flown:
    return fly(asked(("strap-ons", BLUNT), ("fairing", SLIM)), shipped_world)


def test_bodies_follow_the_separations() -> None:
    vehicle: Vehicle = asked(("strap-ons", BLUNT), ("fairing", SLIM)).vehicle
    first, second, third = bodies_of(vehicle)
    assert second.area_m2 == 400.0
    drops = [("other",), ("strap-ons",), (), ("fairing", "core"), ()]
    assert along(vehicle, (first, second, third), drops) == (first, first, second, second, third)


def test_the_same_table_twice_is_the_same_flight(plain: Flown, shipped_world: World) -> None:
    twice = fly(asked(("strap-ons", plain.mission.vehicle.drag)), shipped_world)
    assert twice.solution.capability_kg == plain.solution.capability_kg
    assert twice.solution.margin_kg == plain.solution.margin_kg
    assert np.array_equal(twice.stack.end.r_m, plain.stack.end.r_m)


def test_a_blunt_core_costs_what_its_drag_takes(plain: Flown, blunt: Flown) -> None:
    lost = blunt.stack.ledger.losses_m_s["drag"] - plain.stack.ledger.losses_m_s["drag"]
    assert lost > 30.0
    assert blunt.solution.margin_kg < plain.solution.margin_kg - 50.0
    residuals = blunt.stack.solve.residuals
    assert residuals["position_m"] < 0.5
    assert residuals["velocity_m_s"] < 5e-4


def test_felt_acceleration_steps_where_the_strap_ons_leave(blunt: Flown) -> None:
    """Just after: the path's derivative less gravity and thrust is the new body's drag."""
    path, t = blunt.stack.path, blunt.event("strap-on separation")
    bodies = bodies_of(blunt.mission.vehicle)
    axes = np.asarray(blunt.plan.launch_axes)
    planet = blunt.solution.planet
    for at, body in ((t - 0.2, bodies[0]), (t + 0.2, bodies[1])):
        h = 1e-3
        y = path.columns_at(np.array([at - h, at, at + h]))
        slope = (y[2, 3:6] - y[0, 3:6]) / (2.0 * h)
        r, v, u = axes @ y[1, 0:3], axes @ y[1, 3:6], axes @ y[1, 7:10]
        a = powered.accelerations(
            NUMPY, planet, body, tuple(r), tuple(v), y[1, 6], tuple(u), y[1, 10], 0.0
        )
        # the column is thrust in the air already
        assert np.allclose(axes @ slope, a.total, atol=2e-4)
        assert np.linalg.norm(a.drag) > 0.01


def test_guided_flights_know_the_configurations(blunt: Flown) -> None:
    programme = ascent.guided_programme(blunt.solution, blunt.plan, blunt.mission, blunt.world)
    assert programme.core.sections[0].drag == 0
    assert {s.drag for s in programme.core.sections} == {0, 1, 2}
    batch = ascent.fly_guided(programme, ascent.Draw.nominal(blunt.mission.vehicle))
    assert batch.flown.all()
    assert batch.margin_kg[0] == pytest.approx(blunt.solution.margin_kg, abs=30.0)
    one = replace(
        programme,
        core=replace(
            programme.core,
            sections=tuple(replace(s, drag=0) for s in programme.core.sections),
        ),
    )
    light = ascent.fly_guided(one, ascent.Draw.nominal(blunt.mission.vehicle))
    assert light.margin_kg[0] > batch.margin_kg[0] + 50.0


def judged(flown: Flown, m: Mission) -> list[Judged]:
    class Only:
        zero = flown.plan.epoch
        mission = m
        legs = flown.legs

    return list(losses(View(Only(), flown.world)))  # type: ignore[arg-type]


def test_the_checks_find_the_wrong_table(plain: Flown, blunt: Flown) -> None:
    assert {j.verdict for j in judged(blunt, blunt.mission)} == {"holds"}
    wrong = judged(blunt, plain.mission)
    assert [j.where for j in wrong if j.verdict == "fails" and "drag" in j.where]


def test_scatter_of_the_ascent_knows_the_configurations(
    plain: Flown, blunt: Flown, shipped_world: World
) -> None:
    """A tenth more drag slows the blunt core by what its losses grow."""
    errors = Dispersions(drag=0.1)
    moved = {}
    for name, f in (("plain", plain), ("blunt", blunt)):
        given = scattered(f.legs, f.mission, shipped_world, errors)
        k = given.moved.names.index("drag on the way up")
        moved[name] = float(np.linalg.norm(given.moved.y[k, 3:, -1]))
        assert len(given.nominal.bodies) == len(given.nominal.changes_s) + 1
    assert moved["blunt"] > 1.2 * moved["plain"]
