"""The flown Sun-synchronous ascent with its errors carried along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome.ascent.safety import Dispersions, range_safety, scattered

if TYPE_CHECKING:
    from cosmodrome.ascent.safety import Scattered
    from cosmodrome.record import RangeSafety
    from tests.ascent.conftest import Flown


@pytest.fixture(scope="session")
def spread_out(sso: Flown) -> Scattered:
    """Before the falls."""
    return scattered(sso.legs, sso.mission, sso.world, Dispersions())


@pytest.fixture(scope="session")
def safety(sso: Flown) -> RangeSafety:
    """After them."""
    return range_safety(sso.legs, sso.mission, sso.world)
