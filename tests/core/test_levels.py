"""The compiled core: SIMD levels, forced and compared."""

import os
import subprocess
import sys

import numpy as np
import pytest

from cosmodrome.solvers import core
from tests.levels import available, fly

PROGRAM = """
import sys
import numpy as np
from cosmodrome.dynamics import Dynamics, propagate
from cosmodrome.solvers import core
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World

state = State(Epoch.from_utc("2027-03-01T05:41:46Z"), GCRF, [7.198e6, 0, 10.0],
              [0.0, -1125.0, 7357.0], 2900.0)
d = Dynamics.earth(drag="nrlmsise00", radiation_pressure=True, drag_area_m2=12.0, srp_area_m2=12.0)
p = propagate(state, d, 20000.0, ("nodes", "eclipses"), world=World.shipped())
np.savez(sys.argv[1], level=core.simd_level(), c=p.trajectory.coefficients,
         r=p.end.r_m, v=p.end.v_m_s, t=[e.t_s for e in p.events])
"""


def test_every_level_of_this_machine_flies_the_same_path(tmp_path):
    levels = available()
    assert levels[0] == "baseline"
    assert core.simd_level() in levels
    flown = {level: fly(PROGRAM, level, tmp_path) for level in levels}
    for level, f in flown.items():
        assert str(f["level"]) == level
        # measured: baseline (no fused multiply-add) differs by 2e-6 m after 20,000 s
        assert np.linalg.norm(f["r"] - flown["baseline"]["r"]) < 1e-4
        np.testing.assert_allclose(f["t"], flown["baseline"]["t"], atol=1e-6)
    if "avx512" in flown:
        # lanes are collocation nodes and sums run over nodes in one order: equal to the bit
        np.testing.assert_array_equal(flown["avx2"]["c"], flown["avx512"]["c"])


def test_an_unknown_level_is_refused_with_the_next_step():
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, "nowhere.npz"],
        env={**os.environ, "COSMODROME_SIMD": "avx1024"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode != 0
    assert "InputError" in run.stderr
    assert "write baseline, avx2 or avx512" in run.stderr


def test_nonsense_is_refused_at_the_door():
    with pytest.raises(ValueError, match="order <= degree"):
        core.Field(1.0, 1.0, np.eye(3), np.zeros((3, 3)), 1, 2)
    with pytest.raises(ValueError, match="square"):
        core.Field(1.0, 1.0, np.ones((3, 4)), np.zeros((3, 4)), 1, 1)
