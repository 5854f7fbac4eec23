"""A low lunar orbit by GMAT R2026a: GRGM900C 100x100, Earth and Sun by DE405, one day at 100 km.

GRGM900C is not held here: it is flown with the shipped GRGM1200A, which is a later solution of the
same data, and with the GM of either (tests/truth/dynamics/llo.json).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cosmodrome.dynamics import Dynamics, Gravity, PointMass, tables
from cosmodrome.world.epoch import Epoch
from tests.dynamics.other_constants import BIAS, De405, Other
from tests.dynamics.truth_cases import TRUTH, misses, stored, worst

pytestmark = pytest.mark.truth

EPOCH = Epoch.from_utc("2027-01-01T00:00:00Z")
# GM of GRGM900C by its label (Lemoine et al. 2014, GRL 41:3382), m^3/s^2
GRGM900C_MU = 4902.79996708864e9


def flown(world: Any, mu: float | None = None, degree: int = 100) -> float:
    field = world.gravity("moon")
    if mu is not None:
        field = replace(field, mu_m3_s2=mu)
    forces = (Gravity("moon", degree), PointMass("earth"), PointMass("sun"))
    there = Other(world, {"moon": field})
    rows = stored("llo.json")
    return worst(
        misses(rows, Dynamics(forces, "moon"), EPOCH, 1000.0, there, rotation=BIAS, scale=1e3)
    )


def test_with_the_shipped_field(shipped_world: Any) -> None:
    # measured 11.2 m; GM differs by 3.2e-8, which is 9.6 m along the path
    assert flown(shipped_world) < 17.0


def test_with_the_gm_of_the_field_there(shipped_world: Any) -> None:
    # measured 3.36 m
    assert flown(shipped_world, GRGM900C_MU) < 5.0


def test_with_the_libration_there_too(shipped_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # measured 1.94 m, growing evenly: the two fields differ; not separated further
    axes = De405(TRUTH / "de405.npy", shipped_world.ephemeris).moon_fixed()
    monkeypatch.setattr(tables, "fixed_from_gcrf_many", axes)
    assert flown(shipped_world, GRGM900C_MU) < 3.0


def test_it_tells_degree_90_from_100(shipped_world: Any) -> None:
    # measured 12.1 m with 90x90, 35.7 m with 60x60
    assert flown(shipped_world, GRGM900C_MU, 90) > 2.0 * flown(shipped_world, GRGM900C_MU)
