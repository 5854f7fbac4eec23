"""Overflights of a mission's own places: told by the flight, judged by the check."""

import json
import math
from dataclasses import replace

import pytest

from cosmodrome import checks, report
from cosmodrome.coverage import overflights, overflights_of
from cosmodrome.flight import fly
from cosmodrome.mission import load, shipped_path
from cosmodrome.world.world import World


@pytest.fixture(scope="module")
def world():
    return World.shipped()


@pytest.fixture(scope="module")
def flight(world):
    return fly(load(shipped_path("lro-imaging")), world=world)


def judged(flight, world):
    return [f for f in checks.run(flight, world, strict=True) if f.check == "overflights"]


def test_the_flight_tells_when_the_crater_can_be_photographed(flight, world):
    record = report.flight_json(flight)
    rows = record["overflights"]
    assert len(rows) == len(flight.overflights) == 9
    assert [r["start_utc"] for r in rows] == sorted(r["start_utc"] for r in rows)
    assert all(r["body"] == "moon" and r["sun_share"] == 1.0 for r in rows)
    assert all(r["best_off_nadir_deg"] < 60.0 for r in rows)
    # the page and the terminal show the same rows
    page = report.page_json(flight, report.series_of(flight, world), world)
    assert page["overflights"] == json.loads(json.dumps(rows))


def test_paths_that_follow_each_other_are_looked_at_as_one(flight, world):
    (leg,) = [g for g in flight.legs if g.chapter == "orbit"]
    sites = flight.mission.imaging
    assert overflights_of([leg.path], sites, world) == flight.overflights
    (site,) = sites
    on_earth = replace(site, body="earth", height_m=0.0)
    assert overflights_of([leg.path], [on_earth], world) == ()
    narrow = replace(site, off_nadir_rad=math.radians(13.0))
    best = [o.seen.best.off_nadir_rad for o in overflights(leg.path, [narrow], world)]
    assert len(best) == 2
    assert max(best) < math.radians(13.0)


def test_the_check_holds_and_sees_what_is_wrong(flight, world):
    assert [f.verdict for f in judged(flight, world)] == ["holds", "holds"]
    lost = replace(flight, overflights=flight.overflights[1:])
    counted, angles = judged(lost, world)
    assert counted.verdict == "fails"
    assert counted.measured >= 1.0
    assert angles.verdict == "holds"
    # east and west changed in what the flight tells of
    (site,) = flight.mission.imaging
    west = replace(site, longitude_rad=-site.longitude_rad)
    mirrored = replace(flight, mission=replace(flight.mission, imaging=(west,)))
    assert "fails" in {f.verdict for f in judged(mirrored, world)}
    # an instant when nothing was flown
    first = flight.overflights[0]
    late = replace(first.seen.best, epoch=first.seen.best.epoch + 1e6)
    spoilt = replace(first, seen=replace(first.seen, best=late))
    assert judged(replace(flight, overflights=(spoilt,)), world)[1].verdict == "fails"


def test_nothing_is_asked_where_nothing_is_to_be_photographed(flight, world):
    none = replace(flight, mission=replace(flight.mission, imaging=()), overflights=())
    assert judged(none, world) == []
    assert "overflights" not in report.flight_json(none)
