"""Faults of a climb whose second stage throttles after a coast, flown closed-loop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.ascent import Draw, flown_programme, fly_guided
from cosmodrome.campaign.verify.ascents.faults import ascent_faults
from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.catalog.nouns import Limits
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.mission.nouns import Quantity
from cosmodrome.record.faults import Fault
from cosmodrome.record.nouns import Flight, LaunchSolution
from tests.ascent.conftest import fly, mission

if TYPE_CHECKING:
    from cosmodrome.world.world import World

MU, RADIUS = 3.986004415e14, 6_378_137.0


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    """8 t on Falcon 9 to 300 x 8,000 km within 4.5 g: both of its burns end throttled."""
    limits = Limits(None, 1135.0, 4.5 * 9.80665)
    m = mission("falcon-9-b5", "ccsfs", 8_000.0, 0.0, 28.6, limits)
    low, high = RADIUS + 300e3, RADIUS + 8_000e3
    a, e = Quantity(0.5 * (low + high), 10e3), Quantity((high - low) / (high + low), 1e-3)
    m = replace(m, target=replace(m.target, kind="elliptic", semi_major_axis_m=a, eccentricity=e))
    flown = fly(m, shipped_world)
    launch = LaunchSolution(flown.plan.epoch, 0.0, 0.0, "ascending")
    return Flight(flown.mission, launch, None, None, flown.legs)


def test_nothing_wrong_is_the_flight_as_planned(flight: Flight, shipped_world: World) -> None:
    """Closed-loop and unfaulted, against the plan executed by its timers."""
    programme = flown_programme(flight, shipped_world)
    own = programme.core.sections[-2]
    assert own.leg == 1
    stage = flight.mission.vehicle.stages[-1]  # type: ignore[union-attr]
    _, truth, _ = programme.schedule.lanes(Draw.nominal(programme.schedule.vehicle))
    assert truth.thrust_n[-2, 0] < 0.7 * stage.thrust_vacuum_n
    batch = fly_guided(programme, Draw.nominal(programme.schedule.vehicle))
    leg = flight.legs[0]
    assert leg.handover_out is not None
    want = leg.handover_out.state
    back = np.asarray(leg.plan.launch_axes).T  # type: ignore[union-attr]
    got = elements_from_state(back @ batch.release_r_m[:, 0], back @ batch.release_v_m_s[:, 0], MU)
    own_elements = elements_from_state(want.r_m, want.v_m_s, MU)
    # measured 0.0 m, 9e-9, 3e-8 rad, 0.03 kg; as for vehicles at full thrust
    assert got.a_m == pytest.approx(own_elements.a_m, abs=50.0)
    assert got.e == pytest.approx(own_elements.e, abs=1e-6)
    assert got.i_rad == pytest.approx(own_elements.i_rad, abs=1e-6)
    assert got.raan_rad == pytest.approx(own_elements.raan_rad, abs=1e-5)
    left = leg.ledger.propellant_kg[stage.id] - stage.residual_kg
    assert batch.margin_kg[0] == pytest.approx(left, abs=2.0)


def test_its_faults_fly_closed_loop(flight: Flight, shipped_world: World) -> None:
    faults = ascent_faults(flight, 1)
    assert any(f.path.startswith("ascent.burns.1.") for f in faults)
    out = fly_ascents(flight, faults, shipped_world)
    assert all(o.closed for o in out)
    assert {o.way for o in out} >= {"flown", "impact"}

    def apsides(path: str, kind: str, value: float) -> tuple[float, float]:
        (one,) = fly_ascents(
            flight, [Fault("truth", "thrust", path, kind, value, "", path)], shipped_world
        )
        assert one.state is not None
        found = elements_from_state(one.state.r_m, one.state.v_m_s, MU)
        return found.a_m * (1.0 - found.e), found.a_m * (1.0 + found.e)

    plain = apsides("ascent.air.wind", "factor", 1.0)
    # a weak or strong second stage is mended, throttle marks and all
    for x in (0.98, 1.02):
        mended = apsides("ascent.stages.stage-2.thrust", "factor", x)
        assert mended == pytest.approx(plain, abs=5e3)
    # no cut-off: until the propellant ends
    stuck = apsides("ascent.burns.1.cutoff", "omit", 0.0)
    assert stuck[1] > plain[1] + 1_000e3 or stuck[1] < 0.0
