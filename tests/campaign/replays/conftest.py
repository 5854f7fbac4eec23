"""Flights that several replays' tests begin from, flown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome.campaign.replays.meteor_m_2_1 import Turning, planned_mission
from cosmodrome.flight import fly

if TYPE_CHECKING:
    from cosmodrome.world.world import World


@pytest.fixture(scope="session")
def turning(shipped_world: World) -> Turning:
    """Meteor-M 2-1 as planned, cut at the end of the first burn of its upper stage."""
    return Turning.of(fly(planned_mission(), world=shipped_world), shipped_world)
