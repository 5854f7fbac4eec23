"""The calendar as a picture and as JSON: every window, and why it does not serve."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from cosmodrome.record.windows import LaunchWindow, WindowCalendar, WindowEdge
from cosmodrome.report.windows_picture import windows_svg
from cosmodrome.report.windows_record import calendar_json
from cosmodrome.world.epoch import Epoch

SVG = "{http://www.w3.org/2000/svg}"
NOON = Epoch.parse("2027-03-01T12:00:00Z")
ONE = LaunchWindow(NOON, "ascending", 6.0, 6.1, True, 0.4, 54000.0, 0.3, 1.0, 0.7, 3241.0, 0.28)


def calendar() -> WindowCalendar:
    edges = {
        "opens": WindowEdge(NOON + -1800.0, -30.0, 19.0),
        "closes": WindowEdge(NOON + 3600.0, 60.0, 20.0),
    }
    windows = (
        replace(ONE, **edges),
        replace(ONE, epoch=NOON + 2 * 86400.0, excluded=("Sun < beta & more", "shadow")),
    )
    basis = (("ascending", "solved ascent"),)
    return WindowCalendar("A pad", NOON, NOON + 3 * 86400.0, windows, basis)


def test_a_bar_spans_its_window_and_a_ring_says_why_not() -> None:
    root = ET.fromstring(windows_svg(calendar(), "Here & there"))
    days = [t.text for t in root.iter(f"{SVG}text") if (t.text or "").startswith("2027")]
    assert days == ["2027-03-01", "2027-03-02", "2027-03-03"]
    told = {e.tag: e for parent in root for e in parent if e.tag == f"{SVG}title"}
    assert told
    (bar,) = [r for r in root.iter(f"{SVG}rect") if len(r)]
    # 720 points are a day: from 11:30 to 13:00
    assert float(bar.attrib["width"]) == pytest.approx(45.0)
    assert float(bar.attrib["x"]) == pytest.approx(96.0 + 11.5 * 30.0)
    (ring,) = [c for c in root.iter(f"{SVG}circle") if len(c)]
    assert float(ring.attrib["cx"]) == pytest.approx(96.0 + 360.0)
    assert ring[0].text is not None
    assert ring[0].text.endswith("Sun < beta & more; shadow")


def test_json_has_every_window_with_its_edges() -> None:
    first, last = calendar_json(calendar())
    assert first["utc"] == "2027-03-01T12:00:00Z"
    assert first["basis"] == "solved ascent"
    assert first["opens"] == {"utc": "2027-03-01T11:30:00Z", "minutes": -30.0, "lost_kg": 19.0}
    assert (first["serves"], last["serves"]) == (True, False)
    assert last["excluded"] == ["Sun < beta & more", "shadow"]
    assert last["opens"] is None


def test_a_long_reason_is_told_whole_and_the_picture_is_as_wide_as_it_needs() -> None:
    found = calendar()
    why = "Sun at the pad -28.0 deg, asked 10 to 90 deg; released in shadow (0 % of the Sun seen)"
    windows = (found.windows[0], replace(found.windows[1], excluded=(why,)))
    told = windows_svg(replace(found, windows=windows), "Here")
    root = ET.fromstring(told)
    assert why in [t.text for t in root.iter(f"{SVG}text")]
    wide = float(root.attrib["viewBox"].split()[2])
    assert wide > 96.0 + 720.0 + 5.6 * len(why)
    served = windows_svg(replace(found, windows=found.windows[:1]), "Here")
    assert float(ET.fromstring(served).attrib["viewBox"].split()[2]) < 860.0
    # beyond any margin: cut, with the whole in the mark's own title
    long = replace(found, windows=(replace(found.windows[1], excluded=("x" * 400,)),))
    told = windows_svg(long, "Here")
    assert "x" * 119 + "…<" in told
    assert "x" * 400 in told
    assert "none serves" in told
