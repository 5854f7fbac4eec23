"""A grid of transfers as a picture, as JSON and as a table; the lines of a level."""

from __future__ import annotations

import csv
import io
import math
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from cosmodrome.record.porkchop import Porkchop, Transfer
from cosmodrome.report.porkchop_picture import contour, porkchop_svg
from cosmodrome.report.porkchop_record import porkchop_csv, porkchop_json
from cosmodrome.world.epoch import Epoch

SVG = "{http://www.w3.org/2000/svg}"
ZERO = Epoch.parse("2026-09-01T00:00Z")
DAY = 86_400.0


def grid() -> Porkchop:
    departs = tuple(ZERO + 5.0 * DAY * k for k in range(12))
    arrives = tuple(ZERO + (40.0 + 20.0 * k) * DAY for k in range(15))
    x, y = np.meshgrid(np.arange(12.0), np.arange(15.0), indexing="ij")
    c3 = 9e6 + 0.3e6 * ((x - 6.0) ** 2 + (y - 8.0) ** 2)
    c3[11, 0] = math.nan
    turn = np.where(y > 7.0, 3.5, 2.5)
    best = Transfer(departs[6], arrives[8], 9e6, 0.3, 1.0, 3e3, 3.5)
    return Porkchop(
        "earth", "mars", departs, arrives, c3, 0.02 * x, 0.1 * y, 2.5e3 + 100.0 * y, turn, (best,)
    )


def test_a_level_of_a_plane_is_a_straight_line() -> None:
    x, y = np.arange(5.0), np.arange(4.0)
    field = x[:, None] + 2.0 * y[None, :]
    pieces = contour(x, y, field, 4.5)
    assert pieces
    for a, b, c, d in pieces:
        assert (a + 2.0 * b, c + 2.0 * d) == pytest.approx((4.5, 4.5))
    assert sum(math.hypot(c - a, d - b) for a, b, c, d in pieces) == pytest.approx(
        math.hypot(4.0, 2.0)
    )
    field[2, 1] = math.nan
    assert len(contour(x, y, field, 4.5)) < len(pieces)
    assert contour(x, y, field, 1e9) == []


def test_the_picture_names_its_best_and_its_lines() -> None:
    root = ET.fromstring(porkchop_svg(grid()))
    texts = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert "Earth to Mars: energy of departure" in texts
    assert any(t.startswith("type II: 2026-10-01") and "9.00 km²/s²" in t for t in texts)
    assert {"10", "11", "13", "3 km/s", "200 d"} <= set(texts)
    (ring,) = root.iter(f"{SVG}circle")
    # 6 of 11 steps across, 8 of 14 up
    assert float(ring.get("cx", "0")) == pytest.approx(96.0 + 860.0 * 6 / 11, abs=0.1)
    assert float(ring.get("cy", "0")) == pytest.approx(64.0 + 640.0 * 6 / 14, abs=0.1)


def test_the_table_has_a_row_for_each_arc() -> None:
    rows = list(csv.DictReader(io.StringIO(porkchop_csv(grid()))))
    assert len(rows) == 12 * 15 - 1
    row = next(
        r for r in rows if r["depart_utc"][:10] == "2026-10-01" and r["c3_m2_s2"] == "9000000.0"
    )
    assert row["type"] == "II"
    assert row["payload_kg"] == ""
    masses = np.full((12, 15), 2500.0)
    masses[0, 0] = math.nan
    rows = list(csv.DictReader(io.StringIO(porkchop_csv(replace(grid(), payload_kg=masses)))))
    assert (rows[0]["payload_kg"], rows[1]["payload_kg"]) == ("", "2500.0")


def test_the_value_holds_the_best() -> None:
    value = porkchop_json(grid())
    assert value["schema"] == "cosmodrome-porkchop/1"
    assert value["points"] == [12, 15]
    (best,) = value["best"]
    assert best["flight_days"] == pytest.approx(170.0)
    assert best["declination_deg"] == pytest.approx(math.degrees(0.3))
    assert best["payload_kg"] is None
