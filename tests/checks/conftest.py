"""The clean flight, flown once, and the shipped world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.checks import synthetic

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


@pytest.fixture(scope="session")
def flown(shipped_world: World) -> Any:
    return synthetic.fly(shipped_world, synthetic.LIFT_OFF, synthetic.AZIMUTH)


@pytest.fixture(scope="session")
def clean(flown: Any) -> Flight:
    return synthetic.assemble(flown)
