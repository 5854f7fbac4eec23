"""The smooth atmosphere, frozen far below its distance from the standard it follows.

tests/physics/test_atmosphere.py holds it to the printed tables within 1.3 %, which is what a smooth
formula can do; a coefficient mistyped by a tenth would hide in there. Made by
`python -m tests.physics.test_frozen` once that was so; the changelog says why when one moves.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.maths import NUMPY
from cosmodrome.physics import atmosphere
from cosmodrome.physics.powered import Accelerations, Air

FROZEN = Path(__file__).with_name("frozen_atmosphere.json")
HEIGHTS_KM = [
    *np.arange(-1.5, 12.0, 1.5),
    *np.arange(12.0, 130.0, 2.0),
    *np.arange(130.0, 1000.0, 30.0),
]


def table() -> list[list[float]]:
    """km, kg/m^3, Pa, m/s."""
    h = np.array(HEIGHTS_KM) * 1e3
    rho, p, a = atmosphere.density_pressure_sound(NUMPY, h)
    return np.column_stack([HEIGHTS_KM, rho, p, a]).tolist()  # type: ignore[no-any-return]


def test_the_atmosphere_stays() -> None:
    frozen = np.array(json.loads(FROZEN.read_text()))
    assert np.array(table()) == pytest.approx(frozen, rel=1e-8)


def test_a_sum_of_accelerations_is_by_component() -> None:
    air = Air(*([0.0] * len(Air.__dataclass_fields__)))
    parts = Accelerations((1.0, 2.0, 4.0), (8.0, 16.0, 32.0), (64.0, 128.0, 256.0), air)
    assert parts.total == (73.0, 146.0, 292.0)


if __name__ == "__main__":
    FROZEN.write_text(json.dumps(table(), indent=0) + "\n")
