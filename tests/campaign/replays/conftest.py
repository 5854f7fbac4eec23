"""Flights that several replays' tests begin from, flown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cosmodrome.campaign.replays import astra_lv0006, electron_f13, vega_vv15
from cosmodrome.campaign.replays.meteor_m_2_1 import Turning, planned_mission
from cosmodrome.flight import fly

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World


@pytest.fixture(scope="session")
def turning(shipped_world: World) -> Turning:
    """Meteor-M 2-1 as planned, cut at the end of the first burn of its upper stage."""
    return Turning.of(fly(planned_mission(), world=shipped_world), shipped_world)


@pytest.fixture(scope="session")
def electron(shipped_world: World) -> Flight:
    """Electron F13 as planned."""
    return fly(electron_f13.planned_mission(), world=shipped_world)


@pytest.fixture(scope="session")
def astra(shipped_world: World) -> Flight:
    """Astra LV0006 as planned."""
    return fly(astra_lv0006.planned_mission(), world=shipped_world)


@pytest.fixture(scope="session")
def vega(shipped_world: World) -> Flight:
    """Vega VV15 as planned."""
    return fly(vega_vv15.planned_mission(), world=shipped_world)
