"""Targets that leave quantities free: a departure's energy, a perigee at either node."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import orbit_reached
from cosmodrome.checks.verdicts import Judged, NotJudged
from cosmodrome.checks.view import View
from cosmodrome.mission import Quantity, Target

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


def aimed(clean: Flight, target: Target) -> Flight:
    return replace(clean, mission=replace(clean.mission, target=target))


def departure(c3: float, tolerance: float = 0.05e6) -> Target:
    return Target("c3", None, None, c3_m2_s2=Quantity(c3, tolerance))


def energy(clean: Flight, world: World) -> float:
    """Twice the energy of the stack's last state, by definition."""
    end = clean.leg("ascent", "stack").end
    return float(end.v_m_s @ end.v_m_s) - 2.0 * world.gravity().mu_m3_s2 / float(
        np.linalg.norm(end.r_m)
    )


@pytest.mark.parametrize(("off", "verdict"), [(0.0, "holds"), (0.04e6, "holds"), (0.2e6, "fails")])
def test_a_departure_is_judged_by_its_energy(
    clean: Flight, shipped_world: World, off: float, verdict: str
) -> None:
    c3 = energy(clean, shipped_world)
    view = View(aimed(clean, departure(c3 + off)), shipped_world)
    (found,) = orbit_reached.semi_major_axis(view)
    assert found.verdict == verdict
    assert found.unit == "km^2/s^2"
    assert found.measured == pytest.approx(abs(off) / 1e6, abs=1e-6)


def test_what_a_departure_leaves_free_is_not_judged(clean: Flight, shipped_world: World) -> None:
    view = View(aimed(clean, departure(-50e6)), shipped_world)
    with pytest.raises(NotJudged, match="leaves the eccentricity free"):
        list(orbit_reached.eccentricity(view))
    (plane,) = orbit_reached.inclination(view)
    assert plane.verdict == "not-judged"


def test_a_perigee_at_either_node(clean: Flight, shipped_world: World) -> None:
    mean = View(clean, shipped_world).mean

    def perigee(either: bool) -> Judged:
        target = replace(
            clean.mission.target,
            eccentricity=Quantity(mean.e, 0.01),
            argument_of_perigee_rad=Quantity(mean.argp_rad + math.pi, math.radians(5.0)),
            perigee_at_either_node=either,
        )
        view = View(aimed(clean, target), shipped_world)
        return list(orbit_reached.eccentricity(view))[1]

    assert perigee(either=True).verdict == "holds"
    opposite = perigee(either=False)
    assert opposite.verdict == "fails"
    assert opposite.measured == pytest.approx(180.0, abs=1e-6)
