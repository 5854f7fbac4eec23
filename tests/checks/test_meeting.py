"""The plane of an object to be met: published TLEs say where it was later; faults are seen."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.checks import run
from cosmodrome.checks.meeting import plane_at
from cosmodrome.checks.view import View
from cosmodrome.formats import tle
from cosmodrome.mission.nouns import Meet, Start, StartElements, StartState

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Finding, Flight
    from cosmodrome.world.world import World

DAY = 86_400.0
# the ISS, three days apart (NORAD), no manoeuvre between: as in tests/targets/test_rendezvous.py
ISS = (
    "1 25544U 98067A   20151.61686127  .00000168  00000-0  11087-4 0  9992\n"
    "2 25544  51.6444  75.4313 0002297  11.5525  50.1151 15.49398617229298\n",
    "1 25544U 98067A   20154.85125762  .00002004  00000-0  43906-4 0  9990\n"
    "2 25544  51.6443  59.4222 0002071  22.0017  92.6243 15.49416742229799\n",
)


@pytest.fixture(scope="module")
def view(clean: Flight, shipped_world: World) -> View:
    return View(clean, shipped_world)


def test_sgp4_leads_to_the_plane_of_the_later_tle(view: View) -> None:
    first, later = (tle.loads(text)[0] for text in ISS)
    plane = plane_at(view, Start(first.epoch, sgp4=first), later.epoch)
    own = plane_at(view, Start(later.epoch, sgp4=later), later.epoch)
    off = math.remainder(plane.raan_rad - own.raan_rad, math.tau)
    # measured 0.0055: the elements themselves, which drag and the tesserals move
    assert abs(math.degrees(off)) < 0.01
    assert math.degrees(plane.i_rad - own.i_rad) == pytest.approx(0.0, abs=0.002)
    # printed: mean equinox of date; the true one lies within 20 arcsec
    assert math.degrees(own.raan_rad) % 360.0 == pytest.approx(59.4222, abs=0.01)


def test_a_state_and_mean_elements_lead_to_the_plane_that_sgp4_does(
    view: View, shipped_world: World
) -> None:
    from sgp4.api import WGS72, Satrec

    first, later = (tle.loads(text)[0] for text in ISS)
    by_sgp4 = plane_at(view, Start(first.epoch, sgp4=first), later.epoch)
    record = Satrec.twoline2rv(*ISS[0].splitlines(), WGS72)
    _, r, v = record.sgp4_tsince(0.0)
    place, speed = np.array(r) * 1e3, np.array(v) * 1e3
    state = StartState("teme", tuple(place.tolist()), tuple(speed.tolist()))
    by_state = plane_at(view, Start(first.epoch, state=state), later.epoch)
    at = plane_at(view, Start(first.epoch, sgp4=first), first.epoch)
    mu = shipped_world.gravity().mu_m3_s2
    mean = StartElements("tod", (mu / first.n_rad_s**2) ** (1 / 3), first.e, at.i_rad,
                         at.raan_rad, 0.0, "mean", 0.0, mean=True)  # fmt: skip
    by_mean = plane_at(view, Start(first.epoch, elements=mean), later.epoch)
    for plane in (by_state, by_mean):
        off = math.remainder(plane.raan_rad - by_sgp4.raan_rad, math.tau)
        assert abs(math.degrees(off)) < 0.03
        assert math.degrees(plane.i_rad - by_sgp4.i_rad) == pytest.approx(0.0, abs=0.003)


def to_meet(view: View, *, node_deg: float = 0.0, tilt_deg: float = 0.0, after_s: float = DAY,
            higher_m: float = 100e3) -> Flight:  # fmt: skip
    """The clean flight, asked to meet an object that will be in its plane after a day."""
    mine, release = view.mean, view.around.path.start
    there = StartElements("tod", mine.a_m + higher_m, 0.0, mine.i_rad + math.radians(tilt_deg),
                          0.0, 0.0, "mean", 0.0, mean=True)  # fmt: skip
    plane = plane_at(view, Start(release + -DAY, elements=there), release + DAY)
    # node of the spacecraft a day on, midway between both rates
    g = view.world.gravity()

    def rate(a: float) -> float:
        n = math.sqrt(g.mu_m3_s2 / a**3)
        return -1.5 * n * g.zonal_j(2) * (g.radius_m / a) ** 2 * math.cos(mine.i_rad)

    met = mine.raan_rad + 0.5 * (rate(mine.a_m) + rate(mine.a_m + higher_m)) * DAY
    raan = met - plane.raan_rad + math.radians(node_deg)
    meet = Meet(Start(release + -DAY, elements=replace(there, raan_rad=raan)), after_s)
    flight = view.flight
    launch = replace(flight.mission.launch, meet=meet)
    return replace(flight, mission=replace(flight.mission, launch=launch))


def judged(flight: Flight, world: World) -> list[Finding]:
    return [f for f in run(flight, world, strict=True) if f.check == "meeting-plane"]


def test_a_plane_that_will_be_the_objects_holds(view: View, shipped_world: World) -> None:
    node, tilt = judged(to_meet(view), shipped_world)
    assert (node.verdict, tilt.verdict) == ("holds", "holds")
    assert node.measured < 0.01
    assert tilt.measured < 1e-6
    assert "secular rates" in node.why


@pytest.mark.parametrize(
    ("fault", "which"),
    [
        ({"node_deg": 0.6}, 0),
        ({"node_deg": -0.6}, 0),
        ({"tilt_deg": 0.1}, 1),
        # a month late: the higher object's node falls behind by 0.03 deg a day and more
        ({"after_s": 30.0 * DAY}, 0),
    ],
    ids=["node-ahead", "node-behind", "inclination", "a-month-late"],
)
def test_a_plane_that_is_missed_fails(
    view: View, shipped_world: World, fault: dict[str, float], which: int
) -> None:
    found = judged(to_meet(view, **fault), shipped_world)
    assert found[which].verdict == "fails", found[which]
    assert "deg from the object's" in found[which].why


def test_the_node_of_the_day_is_not_the_node_of_the_meeting(
    view: View, shipped_world: World
) -> None:
    """Released for a meeting after a day with an object 800 km higher, met after ten."""
    flight = to_meet(view, higher_m=800e3)
    later = flight.mission.launch.meet
    assert later is not None
    meet = replace(later, after_s=10.0 * DAY)
    launch = replace(flight.mission.launch, meet=meet)
    wrong = replace(flight, mission=replace(flight.mission, launch=launch))
    node, _ = judged(wrong, shipped_world)
    assert node.verdict == "fails"
