"""Which day and which flight a launch to the Moon takes for the sake of a landing; the ascent is a
stand-in that injects where it is told."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

from cosmodrome.errors import InfeasibleError
from cosmodrome.flight.departed import departed
from cosmodrome.flight.moonward import towards_the_moon
from cosmodrome.flight.stages import Run
from cosmodrome.mission import loads, shipped_path
from cosmodrome.targets.departures import asymptote_nodes
from cosmodrome.transfer.translunar.guess import start
from cosmodrome.watch import SILENT
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from tests.transfer.translunar.problems import DAY, EARTH_M, MU_EARTH, WORLD

LUNA_25 = shipped_path("luna-25").read_text("utf-8")
PLANE = math.radians(51.7)


@dataclass(frozen=True)
class StandIn:
    """What an ascent would have left: the ellipse that was aimed at, from its perigee."""

    state: State

    def released(self, craft):
        return self.state


def ascends(mission, run, previous):
    """Into the ellipse with the energy and apogee that are asked for, 40 min after the middle of
    the window."""
    target, (first, last) = mission.target, mission.launch.window
    epoch = first + (0.5 * (last - first) + 2_400.0)
    ra, dec = target.right_ascension_rad.value, target.declination_rad.value
    north, south = asymptote_nodes(ra, dec, PLANE)
    u = math.asin(math.sin(dec) / math.sin(PLANE))
    node, u = (north, u) if target.going == "northbound" else (south, math.pi - u)
    perigee = EARTH_M + 200e3
    speed = math.sqrt(target.c3_m2_s2.value + 2.0 * MU_EARTH / perigee)
    y = start(PLANE, node, u - math.pi, perigee, speed)
    tod = np.asarray(WORLD.orientation.tod_from_gcrf(epoch).matrix)
    return StandIn(State(epoch, gcrf("earth"), tod.T @ y[:3], tod.T @ y[3:], 1_750.0))


def aimed(aside_deg=2, **changed):
    planes = f"from: {90 - aside_deg} deg, to: {90 + aside_deg} deg"
    text = LUNA_25.replace("from: 80 deg, to: 90 deg", planes)
    for old, new in changed.values():
        assert old in text
        text = text.replace(old, new)
    mission = loads(text)
    made, passed, others = towards_the_moon(mission, Run(WORLD, SILENT), ascends)
    return made, departed(passed.state, WORLD), others


WINDOW = "2023-08-10T12:00Z / 2023-08-11T12:00Z"


def test_the_day_is_chosen_whose_plane_holds_the_site_when_it_is_wanted():
    # a polar plane holds it on 19 and 20 August after a launch on 10 or 11 August
    made, left, others = aimed(days=(WINDOW, "2023-08-09T12:00Z / 2023-08-13T12:00Z"))
    assert made.launch.window[0] == Epoch.from_utc("2023-08-11T12:00:00Z")
    assert made.launch.window[1] == Epoch.from_utc("2023-08-12T12:00:00Z")
    assert left.going == made.target.going
    assert left.perigee_m == pytest.approx(EARTH_M + 200e3, abs=1.0)
    assert left.at_perigee() - left.epoch == pytest.approx(0.0, abs=1e-3)
    # of the days before it is told why not
    days = {x.leaves.utc(0)[:10] for x in others}
    assert {"2023-08-10", "2023-08-11"} <= days
    assert all(not x.chosen and x.why for x in others)


def test_a_shorter_flight_serves_where_the_day_is_given():
    flight = "flight: 5.36 days"
    made, _, others = aimed(
        4, flights=(flight, f"{flight}\n  flights: {{from: 4.5 days, to: 5.5 days}}")
    )
    assert made.launch.window[0] == Epoch.from_utc("2023-08-10T12:00:00Z")
    spans = sorted({round((x.arrives - x.leaves) / DAY, 2) for x in others})
    # the one that was asked for and its neighbours did not serve
    assert 5.36 in spans
    assert len(spans) > 2


def test_where_none_serves_the_nearest_is_told():
    with pytest.raises(InfeasibleError, match=r"of \d+ landings that were looked at none is as"):
        aimed()
