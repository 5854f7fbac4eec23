import math
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.landing import Engine, Gate, LandingProblem, Phase
from cosmodrome.physics.turning import Globe

MU = 4.902800118e12
RADIUS_M = 1_737_400.0
SPIN = 2.6617e-6

LOW_GATE = Gate(height_m=(30.0, 30.0), range_m=0.0, across_m_s=0.0, sink_m_s=(0.0, 3.0))


def phases(least=0.2, most=(1.0, 1.0, 1.0)):
    """Braking, approach under a cone, and a vertical end; turning by 5 degrees a second at most."""
    rate = math.radians(5.0)
    return (
        Phase("braking", (least, most[0]), rate_rad_s=rate, gate=Gate(height_m=(1500.0, 4000.0))),
        Phase(
            "approach", (least, most[1]), rate_rad_s=rate,
            glide_slope_rad=math.radians(20.0), tilt_rad=math.radians(60.0), gate=LOW_GATE,
        ),
        Phase("terminal", (least, most[2]), tilt_rad=math.radians(5.0)),
    )  # fmt: skip


def polar(ahead_deg=16.0, spin=SPIN, **limits):
    """From perilune of 18 x 100 km, so many degrees before 89 S: 3 t, 11 kN, 325 s."""
    low, high = RADIUS_M + 18e3, RADIUS_M + 100e3
    speed = math.sqrt(MU * (2.0 / low - 2.0 / (low + high)))
    site, there = math.radians(-89.0), math.radians(-89.0 + ahead_deg)
    r = low * np.array([math.cos(there), 0.0, math.sin(there)])
    v = speed * np.array([math.sin(there), 0.0, -math.cos(there)])
    w = np.array([0.0, 0.0, spin])
    return LandingProblem(
        Globe(MU, (0.0, 0.0, spin)), r, v - np.cross(w, r), 3000.0,
        RADIUS_M * np.array([math.cos(site), 0.0, math.sin(site)]), Engine(11_000.0, 325.0),
        limits.pop("phases", (Phase("powered descent", (0.25, 1.0)),)), **limits,
    )  # fmt: skip


@pytest.fixture(scope="session")
def gated():
    return replace(polar(phases=phases()), sink_m_s=1.0)
