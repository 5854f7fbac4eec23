from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.errors import InputError
from cosmodrome.landing import Gate, Phase, Scatter, descent, dispersed, guided
from cosmodrome.landing.scattered import told
from tests.landing.conftest import phases, polar

SPARE = (0.95, 0.8, 0.8)


def brief():
    """Braking to a point above the site, and a vertical end."""
    gate = Gate(height_m=(100.0, 100.0), range_m=0.0, across_m_s=0.0, sink_m_s=(0.0, 10.0))
    return (
        Phase("braking", (0.2, 0.9), gate=gate),
        Phase("terminal", (0.2, 0.8), tilt_rad=0.1),
    )


def checked(problem, found):
    """Each lands softly on the site or says what is short."""
    assert {g.outcome for g in found} <= {"landed", "infeasible"}
    for g in found:
        if g.outcome == "landed":
            assert g.place_m < 2.0
            assert g.across_m_s < 0.1
            assert g.sink_m_s == pytest.approx(1.0, abs=0.1)
            assert g.propellant_kg < problem.propellant_kg
        else:
            assert "kg of propellant (" in g.why


def test_fifty_dispersed_landings():
    problem = replace(polar(phases=brief()), sink_m_s=1.0, propellant_kg=1296.0)
    found = dispersed(problem, Scatter(), 50, seed=11)
    checked(problem, found)
    # the tank was chosen so that both occur
    assert 5 <= sum(g.outcome == "infeasible" for g in found) <= 45
    again = dispersed(problem, Scatter(), 3, seed=11)
    assert again == found[:3]


@pytest.mark.nightly
def test_a_thousand_dispersed_landings():
    problem = replace(polar(phases=phases(0.2, SPARE)), sink_m_s=1.0, propellant_kg=1293.0)
    found = dispersed(problem, Scatter(), 1000, seed=7)
    checked(problem, found)
    assert sum(g.outcome == "landed" for g in found) > 500


def test_what_is_short_beside_propellant():
    problem = replace(polar(phases=phases(0.2, SPARE)), sink_m_s=1.0)
    far = replace(problem, r_m=problem.r_m - 150e3 * problem.v_m_s / np.linalg.norm(problem.v_m_s))
    assert guided(far, 1.0, 1.0).outcome == "landed"
    # too near to stop before the site
    near = replace(problem, r_m=problem.r_m + 250e3 * problem.v_m_s / np.linalg.norm(problem.v_m_s))
    short = descent(replace(near, phases=tuple(replace(p, lowest_m=None) for p in near.phases)))
    assert short.propellant_kg > descent(problem).propellant_kg + 100.0
    heavy = guided(replace(problem, mass_kg=20_000.0), 1.0, 1.0)
    assert heavy.outcome == "infeasible"
    assert "N" in heavy.why or "thrust" in heavy.why


def test_a_weaker_engine_than_told_is_seen_and_met():
    problem = replace(polar(phases=phases(0.2, SPARE)), sink_m_s=1.0)
    weak, fit = guided(problem, 0.97, 0.99), guided(problem, 1.0, 1.0)
    assert weak.outcome == fit.outcome == "landed"
    assert weak.propellant_kg > fit.propellant_kg + 5.0
    assert told([weak, fit]) == "2 landed"


def test_what_is_refused():
    problem = polar(phases=brief(), coast_s=(0.0, 10.0))
    with pytest.raises(InputError, match="burns at once"):
        dispersed(problem, Scatter(), 2, seed=1)
    with pytest.raises(InputError, match="0 dispersed landings"):
        dispersed(polar(phases=brief()), Scatter(), 0, seed=1)
    with pytest.raises(InputError, match="give sizes of 0 or more"):
        Scatter(place_m=-1.0)
