import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.dynamics import Dynamics, PointMass
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InputError
from cosmodrome.transfer import aimed, execute, fly, plan
from cosmodrome.transfer.flying import directions
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World
from tests.transfer.conftest import GEO_M, MU

EPOCH = Epoch.parse("2025-03-01T00:00:00Z")


@pytest.fixture(scope="module")
def world():
    return World.shipped()


def test_the_plan_carries_the_directions_of_the_optimum(gto_fixed):
    made = plan(gto_fixed, EPOCH, "satellite")
    for burn in gto_fixed.burns:
        inside = slice(1, -1)
        found = directions(made.attitude, burn.t_s[inside])
        assert np.abs(found - burn.directions[inside]).max() < 1e-6
    assert [p.name for p in made.phases] == ["burn 1", "burn 2", "burn 3"]


def test_flown_in_the_model_of_the_optimum_it_ends_where_that_says(gto_fixed, gto_problem, world):
    made = plan(gto_fixed, EPOCH, "satellite")
    start = State(EPOCH, GCRF, gto_problem.r_m, gto_problem.v_m_s, gto_problem.mass_kg)
    leg = execute(
        made, start, gto_problem.engine, Dynamics((PointMass("earth"),)), world, parent="stage"
    )
    # 1.5 days and three burns later, by the core's own integrator along chords of the direction
    assert np.linalg.norm(leg.end.r_m - gto_fixed.final[:3]) < 1.0
    assert np.linalg.norm(leg.end.v_m_s - gto_fixed.final[3:]) < 1e-4
    assert leg.end.mass_kg == pytest.approx(gto_fixed.final_mass_kg, abs=1e-6)
    assert leg.ledger.delta_v_m_s == pytest.approx(gto_fixed.delta_v_m_s, rel=1e-9)
    assert [e.name for e in leg.events][:2] == ["burn 1, start", "burn 1, end"]


def test_a_state_of_another_instant_is_refused(gto_fixed, gto_problem, world):
    start = State(EPOCH + 1.0, GCRF, gto_problem.r_m, gto_problem.v_m_s, gto_problem.mass_kg)
    with pytest.raises(InputError, match="plan again"):
        fly(plan(gto_fixed, EPOCH, "x"), start, gto_problem.engine, Dynamics.earth(2), world)


def test_aimed_again_it_arrives_in_full_dynamics(gto_problem, gto_fixed, world):
    gravity = world.gravity()
    tod = world.orientation.tod_from_gcrf(EPOCH).matrix
    start = State(
        EPOCH, GCRF, tod.T @ gto_problem.r_m, tod.T @ gto_problem.v_m_s, gto_problem.mass_kg
    )
    problem = replace(gto_problem, j2=gravity.zonal_j(2), radius_m=gravity.radius_m)
    found = aimed(problem, start, "satellite", Dynamics.earth(20), world, near=gto_fixed)
    # the first flight misses by what Sun, Moon and the higher field do in 1.5 days
    assert found.misses[0] > 1e-4
    assert found.misses[-1] < 1e-6
    there = world.orientation.tod_from_gcrf(found.flown.end.epoch).matrix
    end = elements_from_state(there @ found.flown.end.r_m, there @ found.flown.end.v_m_s, MU)
    assert end.a_m == pytest.approx(GEO_M, abs=100.0)
    assert end.e < 2e-6
    assert end.i_rad < math.radians(2e-4)
