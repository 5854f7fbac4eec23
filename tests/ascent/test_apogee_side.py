"""Onto an ellipse whose perigee may lie anywhere: lifted last, on the better side of the apogee."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.random_ascents import ABOUT, case
from cosmodrome import ascent
from cosmodrome.ascent import coarse
from cosmodrome.ascent.apogee_side import mirrored
from cosmodrome.ascent.guess import ways_of
from cosmodrome.ascent.programme import Programme
from cosmodrome.targets import insertion
from cosmodrome.watch import SILENT
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.powered.statement import Arc
    from cosmodrome.world.world import World


def programme(k: int, world: World, seed: int = 0) -> Programme:
    m = case(k)
    return Programme(m, insertion(m.target, Epoch.parse(ABOUT), world), world, seed)


def from_apogee_rad(mu: float, arc: Arc) -> float:
    """How far past the apogee a burn starts, (-pi, pi]."""
    r, v = arc.r_m[0], arc.v_m_s[0]
    h = np.cross(r, v)
    e = np.cross(v, h) / mu - r / np.linalg.norm(r)
    cosine, sine = r @ e, r @ np.cross(h / np.linalg.norm(h), e)
    return math.atan2(-sine, -cosine)


def test_the_perigee_is_lifted_only_where_it_may_lie_anywhere(shipped_world: World) -> None:
    # 203: 362 x 19,738 km; 271: a circle
    assert "lift" in ways_of(programme(203, shipped_world))
    assert "lift" not in ways_of(programme(271, shipped_world))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_lifted_perigee_carries_more_whatever_the_seed(shipped_world: World, seed: int) -> None:
    """The ways by an apogee or a perigee burn ended at 7,842, 7,857 and 9,777 kg."""
    m = case(203)
    found = ascent.solve(
        m, insertion(m.target, Epoch.parse(ABOUT), shipped_world), shipped_world, seed=seed
    )
    assert found.way == "lift"
    assert found.payload_kg == pytest.approx(9_801.67, rel=1e-4)


def test_the_other_side_of_the_apogee(
    shipped_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2 s of 861 kN are more than the perigee lacks; before the apogee it costs less than after."""
    problem = programme(178, shipped_world, seed=2)
    mu = problem.planet.mu
    with monkeypatch.context() as only_one_side:
        only_one_side.setattr(coarse, "_better_side", lambda _, best: best)
        best = coarse.best_of_tries(problem, coarse.goes_north(problem), SILENT)
    assert best.flight.payload_kg == pytest.approx(3_015.0, rel=2e-4)
    k = best.sequence.burns[-1]
    late = from_apogee_rad(mu, best.flight.arcs[k])
    assert 0.5 < late < 0.5 * math.pi
    other = mirrored(problem, best)
    assert other is not None
    seq, start = other
    assert len(start.arcs) == len(seq.phases) == len(best.flight.arcs)
    assert from_apogee_rad(mu, start.arcs[k]) == pytest.approx(-late, abs=0.02)
    coast, phase = start.arcs[k - 1], seq.phases[k - 1]
    assert phase.lower_s <= coast.duration_s <= phase.upper_s
    # what came before is as it was
    assert start.arcs[k - 2].r_m == pytest.approx(best.flight.arcs[k - 2].r_m)
    # and the thrust pushes along the velocity as it did
    push = [
        float(np.mean(np.sum(a.u * a.v_m_s, axis=1) / np.linalg.norm(a.v_m_s, axis=1)))
        for a in (best.flight.arcs[k], start.arcs[k])
        if a.u is not None
    ]
    assert push[0] == pytest.approx(push[1], abs=0.05)
    found = coarse.best_of_tries(problem, coarse.goes_north(problem), SILENT)
    assert found.flight.payload_kg == pytest.approx(3_129.6, rel=2e-4)
    assert from_apogee_rad(mu, found.flight.arcs[k]) < 0.0


def test_a_burn_at_the_apogee_has_no_other_side(shipped_world: World) -> None:
    # 252 lifts the perigee 10 deg past the apogee
    problem = programme(252, shipped_world)
    best = coarse.best_of_tries(problem, coarse.goes_north(problem), SILENT)
    assert abs(from_apogee_rad(problem.planet.mu, best.flight.arcs[best.sequence.burns[-1]])) < 0.25
    assert mirrored(problem, best) is None
