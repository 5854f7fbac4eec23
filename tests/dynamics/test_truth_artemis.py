"""Artemis I as flown by NASA (CCSDS OEM of 13 December 2022): arcs without a burn.

Between burns the file is an integration: neighbouring states agree with ballistic flight to 0.2 mm.
Each arc is flown from its first state with the forces of the preset "translunar" about the Earth
and one fitted number, Cr A / m (tests/truth/dynamics/artemis1.json). The file calls its axes
EME2000; it closes only as ICRF.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome.dynamics import Radiation, preset
from cosmodrome.world.epoch import Epoch
from tests.dynamics.other_constants import BIAS
from tests.dynamics.truth_cases import misses, stored, worst

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.truth

ARCS = stored("artemis1.json")
ZERO = Epoch.from_utc("2022-11-16T00:00:00Z")
MASS_KG = 25_000.0
# per arc: m, limit; behind it hours, what was measured, and distance from the Moon in 1,000 km.
# Arcs 2 and 5 keep a steady push of 2e-10 m/s^2, 1 % of that of light and across it: not explained
LIMITS = (
    0.01,  # 16.0 h, 0.0025 m, 317 to 275
    0.02,  # 22.8 h, 0.0055 m, 236 to 181
    1.5,  # 24.5 h, 0.913 m, 63 to 83
    0.15,  # 15.1 h, 0.064 m, 71 to 72
    0.1,  # 24.8 h, 0.040 m, 74 to 82
    1.0,  # 19.2 h, 0.583 m, 72 to 55
    0.05,  # 18.7 h, 0.015 m, 356 to 388
)


def closed(
    arc: Any, world: Any, rotation: NDArray[np.float64] | None = None
) -> tuple[float, float, float]:
    """Fitted Cr A / m in m^2/kg; the largest distance in m without light, and with it."""

    def off(area: float) -> NDArray[np.float64]:
        light = Radiation(area * MASS_KG, 1.0, ("earth", "moon")) if area else None
        d = replace(preset("translunar", radiation=light), spheres=())
        return misses(arc, d, ZERO, MASS_KG, world, rotation=rotation, scale=1e3)

    dark, trial = off(0.0), off(5e-3)
    # linear in the area
    slope = (trial - dark) / 5e-3
    area = -float(np.sum(slope * dark) / np.sum(slope * slope))
    return area, worst(dark), worst(off(area))


@pytest.mark.parametrize("number", range(len(LIMITS)))
def test_an_arc_closes_with_one_number(number: int, shipped_world: Any) -> None:
    area, dark, rest = closed(ARCS[number], shipped_world)
    assert rest < LIMITS[number]
    assert dark > 25.0  # 30 to 83 m
    assert 3.9e-3 < area < 5.2e-3  # as attitude and mass go; 0.0040 to 0.0051 m^2/kg


def test_the_axes_are_those_of_icrf(shipped_world: Any) -> None:
    # turned by the frame bias the arcs near the Moon miss by 0.3 to 2.2 m
    for number in (3, 4):
        here = closed(ARCS[number], shipped_world)[2]
        turned = closed(ARCS[number], shipped_world, BIAS)[2]
        assert turned > 4.0 * here  # measured 0.064 and 0.33 m, 0.040 and 1.24 m
