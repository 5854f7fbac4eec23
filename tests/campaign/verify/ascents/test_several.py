"""Faulted climbs of several spacecraft: each is flown to its release, and on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import flight
from cosmodrome.campaign.verify.ascents.faults import ascent_faults
from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.mission import load
from cosmodrome.record.faults import Fault, Outcome
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from cosmodrome.world.world import World

pytestmark = pytest.mark.slow
MU = 3.986004415e14
CRAFT = ("observer", "companion-1", "companion-2")


@pytest.fixture(scope="module")
def swept(shipped_world: World) -> Swept:
    """820 km with one, then two burns down to 600 km for two more."""
    flown = flight.fly(load("two-sun-synchronous"), world=shipped_world)
    return Swept(flown, shipped_world, WAYS)


def test_with_nothing_wrong_each_leaves_where_it_was_planned(swept: Swept) -> None:
    plain = Fault("truth", "environment", "ascent.air.wind", "factor", 1.0, "", "nothing")
    (first,) = fly_ascents(swept.flight, [plain], swept.world)
    each = (first, *first.others)
    assert [one.craft for one in each] == list(CRAFT)
    planned = {i: h.state for h in swept.flight.legs[0].released for i in h.attached}
    for one in each:
        assert one.closed
        assert (one.way, one.why) == ("flown", "")
        want = planned[one.craft]
        assert one.state is not None
        assert one.state.mass_kg == want.mass_kg
        assert one.state.epoch - want.epoch == pytest.approx(0.0, abs=1.0)
        a, b = (elements_from_state(s.r_m, s.v_m_s, MU) for s in (one.state, want))
        # measured 0.13 m, 1.8e-8, 1.3e-9 rad; 240 m, along the orbit
        assert a.a_m == pytest.approx(b.a_m, abs=50.0)
        assert a.e == pytest.approx(b.e, abs=1e-6)
        assert a.i_rad == pytest.approx(b.i_rad, abs=1e-6)
        assert np.linalg.norm(one.state.r_m - want.r_m) < 2e3


def outcome(swept: Swept, path: str, kind: str, value: float = 0.0) -> Outcome:
    (fault,) = [
        f for f in ascent_faults(swept.flight, 2, swept.world)
        if (f.path, f.kind) == (path, kind) and f.value == value
    ]  # fmt: skip
    (told,) = swept.outcomes(Batch("ascent", (fault,)), SILENT)
    assert "no_answer" not in told.figures
    return told


def test_the_one_that_fares_worst_is_judged_and_told(swept: Swept) -> None:
    assert tuple(swept.others) == CRAFT[1:]
    # the first is where it should be before the burn that the others need
    for burn in (2, 3):
        told = outcome(swept, f"ascent.burns.{burn}.ignition", "omit")
        assert told.consequence == "missed"
        assert told.why.startswith("companion-1: ")
        assert told.seen
    # what comes first loses all; of equals the first is told
    told = outcome(swept, "ascent.stages.third.ignition", "omit")
    assert told.consequence == "impact"
    assert told.why.startswith("observer: ")
    # closed-loop guidance makes up for it, for all three
    assert outcome(swept, "ascent.stages.third.thrust", "factor", 0.95).consequence == "met"


def test_a_burn_down_that_is_cut_off_late_lands_lower(swept: Swept) -> None:
    faults = [
        Fault("truth", "burns", "ascent.burns.3.cutoff", "offset", s, "s", "") for s in (0.5, -0.5)
    ]
    late, early = (
        elements_from_state(one.others[0].state.r_m, one.others[0].state.v_m_s, MU).a_m  # type: ignore[union-attr]
        for one in fly_ascents(swept.flight, faults, swept.world)
    )
    # Gauss: da = 2 a^2 v dv / mu, of a second of thrust over the mass that is left; seven tenths of
    # it brake, the rest turns the plane (direction at the end of the plan's burn)
    stage = swept.flight.mission.vehicle.stages[-1]  # type: ignore[union-attr]
    all_of_it = 2.0 * 6_978e3**2 * 7_558.0 * stage.thrust_vacuum_n / 3_390.0 / MU
    assert early - late == pytest.approx(0.708 * all_of_it, rel=0.03)  # measured 0.719
