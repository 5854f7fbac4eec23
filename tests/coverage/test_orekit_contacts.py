"""Contacts and eclipses of thirty days against Orekit (truth/coverage/make_orekit_contacts.py)."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path

import pytest

from cosmodrome.catalog.nouns import Station
from cosmodrome.coverage import contacts, eclipses
from cosmodrome.world.world import World

FOLDER = Path(__file__).parents[1] / "truth" / "coverage"
TRUTH = json.loads((FOLDER / "orekit_contacts.json").read_text())
EDGE_S = 0.010
EDGE_RAD = 1e-8
# a pass whose highest elevation is nearer to the mask than this is listed apart
APART_RAD = math.radians(0.01)


def paths():
    spec = importlib.util.spec_from_file_location("contact_paths", FOLDER / "contact_paths.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def same(mine, theirs) -> float:
    """As many windows with the same open ends; the largest distance of their edges, s."""
    assert len(mine) == len(theirs)
    worst = 0.0
    for a, b in zip(mine, theirs, strict=True):
        for x, y in zip(a, b, strict=True):
            assert (x is None) == (y is None)
            worst = max(worst, 0.0 if x is None else abs(x - y))
    return worst


@pytest.mark.truth
@pytest.mark.parametrize("name", ["leo", "molniya", "geo"])
def test_the_windows_of_thirty_days(name: str) -> None:
    """Equal in number, edges within 10 ms; docs/contacts.md says what was measured."""
    world = World.shipped()
    given = paths()
    flown = given.path(name, world)
    truth = TRUTH["orbits"][name]["windows"]
    stations = [
        Station(f"{station} {mask:g}", *map(math.radians, place[:2]), place[2], math.radians(mask))
        for station, place in given.STATIONS.items()
        for mask in given.MASKS_DEG
    ]
    found = contacts(flown, stations, world)
    edges, apart = {}, []
    for s in stations:
        mine = [c for c in found if c.station == s.id]
        apart += [c for c in mine if abs(c.highest.elevation_rad - s.mask_rad) < APART_RAD]
        rows = truth[s.id]
        if rows and rows[-1][1] is None and mine and not mine[-1].ends_early:
            pytest.fail("the last window is cut in one program only")
        if not rows:  # Orekit tells events, not states: all of the time, or none of it
            assert not mine or (mine[0].begins_late and mine[0].ends_early)
            continue
        edges[s.id] = same(
            [
                [None if c.begins_late else c.rise.t_s, None if c.ends_early else c.set.t_s]
                for c in mine
            ],
            rows,
        )
        for c in mine:  # an edge stands on the mask
            for at, cut in ((c.rise, c.begins_late), (c.set, c.ends_early)):
                assert cut or abs(at.elevation_rad - s.mask_rad) < EDGE_RAD
    shadows = eclipses(flown, world)
    for body in ("earth", "moon"):
        for kind in ("umbra", "penumbra"):
            mine = [
                [None if e.begins_late else e.start_t_s, None if e.ends_early else e.end_t_s]
                for e in shadows
                if (e.body, e.kind) == (body, kind)
            ]
            edges[f"{body} {kind}"] = same(mine, truth[f"{body} {kind}"])
    print(name, {k: f"{v * 1e3:.4f} ms" for k, v in edges.items()}, "apart", len(apart))
    assert max(edges.values()) <= EDGE_S
