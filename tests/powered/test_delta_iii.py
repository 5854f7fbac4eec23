"""The published optimum of the Delta III benchmark, from a guess that flies nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.powered.mesh import interval_errors, refine, regrid, sample
from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Solver
from tests.powered import delta_iii as d3

if TYPE_CHECKING:
    from cosmodrome.powered.statement import Powered


def solve(st: d3.Statement, start: Powered, **options: object) -> Powered:
    t = Transcription(st)
    lower, upper = t.bounds((d3.PAYLOAD, d3.PAYLOAD), (0.0, 16820.0))
    result = Solver(t.problem).solve(
        t.objective(0.0, 1.0),
        np.clip(t.pack(start), lower, upper),
        (lower, upper),
        (t.g_lower, t.g_upper),
        max_iter=200,
        **options,
    )
    assert result.solved
    return t.unpack(result.w)


@pytest.fixture(scope="module")
def optimum() -> Powered:
    st = d3.statement()
    flight = solve(st, d3.rough_guess(st))
    for _ in range(3):
        phases, error, _ = refine(d3.PLANET, d3.BODY, flight, 1e-6)
        if error < 1e-5:
            break
        flight = solve(
            replace(st, phases=phases),
            regrid(flight, phases),
            mu_strategy="monotone",
            mu_init=1e-7,
        )
    return flight


def final_mass(flight: Powered) -> float:
    return flight.payload_kg + 2480.0 + flight.left_kg


def test_published_optimum(optimum: Powered) -> None:
    # 7529.712287 kg at 924.139204 s
    assert final_mass(optimum) == pytest.approx(d3.OPTIMUM_KG, abs=1e-4)
    assert optimum.arcs[-1].end_s == pytest.approx(d3.OPTIMUM_S, abs=1e-4)


def test_published_states_at_the_phase_ends(optimum: Powered) -> None:
    # yapss 0.2.3, LGL: states at 75.2, 150.4 and 261 s
    published = [
        ((5620592.2, 55607.86, 3051681.78), (409.179, 1266.552, 220.496)),
        ((5653810.4, 204767.4, 3069483.5), (514.919, 2948.156, 274.436)),
        ((5691680.4, 636820.5, 3089251.0), (204.323, 5180.738, 101.064)),
    ]
    for arc, (r, v) in zip(optimum.arcs, published, strict=False):
        assert np.abs(arc.r_m[-1] - r).max() < 5.0
        assert np.abs(arc.v_m_s[-1] - v).max() < 0.05


def test_masses_of_the_benchmark(optimum: Powered) -> None:
    # yapss: 158183.885 kg after the first boosters, 72783.77 after the second, 23464.0 upper
    after = [arc.mass_kg for arc in optimum.arcs[1:]]
    assert after == pytest.approx([158183.885, 72783.77, 23464.0], abs=0.02)


def test_the_optimum_is_flown_by_its_own_polynomials(optimum: Powered) -> None:
    total = sum(interval_errors(d3.PLANET, d3.BODY, arc)[0].sum() for arc in optimum.arcs)
    assert total < 1e-5
    for arc in optimum.arcs:
        there = sample(arc, arc.phase.node_fractions)
        r, v, u = there.r_m, there.v_m_s, there.u
        assert np.abs(r - arc.r_m).max() < 1e-6
        assert np.abs(v - arc.v_m_s).max() < 1e-9
        assert u is not None
        assert np.abs(u - arc.u).max() < 1e-8


def test_coarse_meshes_are_seen_through() -> None:
    st = d3.statement((1, 1, 1, 2))
    flight = solve(st, d3.rough_guess(st))
    # "solved", and yet kilograms or metres off: the error estimate must say so
    phases, error, _ = refine(d3.PLANET, d3.BODY, flight, 1e-6)
    assert error > 1e-2
    assert sum(p.intervals for p in phases) > 5
