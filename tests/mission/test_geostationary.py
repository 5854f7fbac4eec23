"""What a transfer orbit lacks: the printed figure, vectors instead of the law of cosines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome.errors import InfeasibleError
from cosmodrome.mission.geostationary import (
    GEOSTATIONARY_RADIUS_M,
    delta_v_to_geostationary,
    transfer_apogee,
    transfer_inclination,
)

MU = 3.986004415e14  # EGM2008
RADIUS = 6_378_137.0
LOW = RADIUS + 250e3


def test_the_usual_transfer_orbit_from_the_cape() -> None:
    # Atlas V Launch Services User's Guide (2010): 185 x 35,786 km at 27.0 deg lacks 1,804 m/s
    lacks = delta_v_to_geostationary(RADIUS + 185e3, RADIUS + 35_786e3, math.radians(27.0))
    assert lacks == pytest.approx(1_804.0, abs=3.0)


def impulses(low: float, high: float, inclination: float) -> float:
    """The same manoeuvres as vectors, each speed from the energy of its ellipse."""
    to = GEOSTATIONARY_RADIUS_M

    def speed(at: float, other: float) -> float:
        return math.sqrt(2.0 * MU / at - 2.0 * MU / (at + other))

    total = 0.0
    if high < to:
        total += speed(low, to) - speed(low, high)
        high = to
    before = speed(high, low) * np.array([math.cos(inclination), math.sin(inclination)])
    total += float(np.linalg.norm(np.array([speed(high, to), 0.0]) - before))
    return total + abs(speed(to, high) - math.sqrt(MU / to))


@given(st.floats(150e3, 3e6), st.floats(5e6, 2e8), st.floats(0.0, 2.0))
def test_against_vectors(low: float, high: float, inclination: float) -> None:
    got = delta_v_to_geostationary(RADIUS + low, RADIUS + high, inclination)
    assert got == pytest.approx(impulses(RADIUS + low, RADIUS + high, inclination), abs=1e-6)


@given(st.floats(1_473.0, 3_000.0))
def test_the_inclination_gives_the_figure_back(lacks: float) -> None:
    i = transfer_inclination(LOW, lacks)
    assert delta_v_to_geostationary(LOW, GEOSTATIONARY_RADIUS_M, i) == pytest.approx(
        lacks, abs=1e-6
    )


@given(st.floats(0.0, 1.0), st.floats(1_440.0, 3_000.0))
def test_the_apogee_gives_the_figure_back(inclination: float, lacks: float) -> None:
    # at 1 rad even an apogee at 380,000 km lacks 1,437 m/s
    high = transfer_apogee(LOW, lacks, inclination)
    assert delta_v_to_geostationary(LOW, high, inclination) == pytest.approx(lacks, abs=1e-4)


def test_what_no_geometry_makes() -> None:
    with pytest.raises(InfeasibleError, match=r"lacks 1472\.0 m/s in the equator's plane"):
        transfer_inclination(LOW, 1_400.0)
    with pytest.raises(InfeasibleError, match="apogee at 380,000 km"):
        transfer_apogee(LOW, 1_000.0, math.radians(28.5))
