"""The map of a coverage: round steps where few far values would leave the rest in one colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from cosmodrome.coverage import Grid, cover
from cosmodrome.coverage.asked import read_sensor, read_walker
from cosmodrome.dynamics import preset
from cosmodrome.report.coverage_picture import _steps, coverage_svg
from cosmodrome.world.epoch import Epoch

SVG = "{http://www.w3.org/2000/svg}"


def test_steps_at_round_durations_spread_what_lies_near_each_other() -> None:
    values = np.concatenate([np.linspace(0.0, 1_100.0, 99), [4_272.0]])
    seen = np.ones(100, dtype=bool)
    seen[0] = False
    edges, colour = _steps(values, seen, rounded=True)
    assert edges[0] == values[1]
    assert edges[-1] == 4_272.0
    assert all(x in (30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0)
               for x in edges[1:-1])  # fmt: skip
    assert colour[0] == -1
    counts = np.bincount(colour[1:])
    # evenly over the values the first two of eight colours would hold 98 of 99
    assert np.count_nonzero(counts) >= 6
    for k, c in enumerate(colour[1:], 1):
        assert edges[c] <= values[k] <= edges[c + 1]


@pytest.mark.parametrize("rounded", [True, False])
def test_steps_of_alike_values_are_even(rounded: bool) -> None:
    values = np.linspace(3_600.0, 7_200.0, 50)
    edges, colour = _steps(values, np.ones(50, dtype=bool), rounded)
    assert np.diff(edges) == pytest.approx(np.full(8, 450.0))
    assert colour.min() == 0
    assert colour.max() == 7
    flat, one = _steps(np.full(5, 7.0), np.ones(5, dtype=bool), rounded)
    assert flat.tolist() == [7.0, 7.0]
    assert one.tolist() == [0] * 5


def test_the_legend_names_the_figure_and_the_span_is_of_what_is_seen() -> None:
    epoch = Epoch.parse("2027-03-01T00:00:00Z")
    found = cover(
        read_walker("53 deg: 6/3/1, 1200 km", epoch),
        Grid.rings(0.2, -1.5, 1.5),
        read_sensor("elevation 10 deg"),
        7_200.0,
        dynamics=preset("fast"),
    )
    root = ET.fromstring(coverage_svg(found))
    said = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert "longest gap" in said
    (below,) = (s for s in said if "rings every" in s)
    assert below.endswith("where seen")
    # the poles are never seen: their gap, the whole span, is none of the map's
    assert any(s.startswith("never seen") for s in said)
    assert "background:#0f141d" in root.attrib["style"]
