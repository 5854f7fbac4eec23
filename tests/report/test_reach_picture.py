"""Reach maps as pictures and tables: well-formed, complete, and nothing from outside."""

from __future__ import annotations

import io
import math
from xml.etree import ElementTree

import pytest
from rich.console import Console

from cosmodrome import catalog
from cosmodrome.record.reach import Band, Comparison, ReachCell, ReachMap
from cosmodrome.report.reach_picture import comparison_svg, reach_svg
from cosmodrome.report.reach_table import cell_text, comparison_table, cost_text, reach_table

SVG = "{http://www.w3.org/2000/svg}"
INCLINATIONS = tuple(math.radians(d) for d in (50.5, 51.7, 60.0, 98.0))
ALTITUDES = (200e3, 600e3)


def sample(
    site: str, gain_kg: float, dogleg_above_deg: float, vehicle: bool = True, off: str = "dogleg"
) -> ReachMap:
    cells = []
    for k, i in enumerate(INCLINATIONS):
        for row, h in enumerate(ALTITUDES):
            how = off if math.degrees(i) > dogleg_above_deg else "direct"
            kg = 8_000.0 - 300.0 * k - 2_000.0 * row + gain_kg
            solved = vehicle and (k, row) != (2, 1)
            cells.append(
                ReachCell(
                    i,
                    h,
                    how,  # type: ignore[arg-type]
                    1.0,
                    "carried" if solved else "no-answer",  # type: ignore[arg-type]
                    kg if solved else None,
                )
            )
    return ReachMap(
        catalog.site(site),
        catalog.vehicle("soyuz-2.1b") if vehicle else None,
        INCLINATIONS,
        ALTITUDES,
        tuple(cells),
        (Band("340° to 95° relative", math.radians(51.7), math.radians(101.0)),),
        ((200e3, math.radians(96.3)), (600e3, math.radians(97.8))),
    )


ONE, OTHER = sample("vostochny", 0.0, 120.0), sample("baikonur", 40.0, 90.0)
LIFTED = sample("baikonur", 40.0, 90.0, off="outside")


def texts(svg: str) -> list[str]:
    return [t.text or "" for t in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_map_shows_every_number() -> None:
    svg = reach_svg(ONE)
    shown = texts(svg)
    assert shown[0] == "Soyuz-2.1b from Vostochny: payload to a circle, kg"
    for cell in ONE.cells:
        assert cell_text(cell) in shown
    assert {"50.5°", "98°", "200 km", "600 km", "Sun-synchronous"} <= set(shown)
    assert any("inclinations 51.7° to 101.0°" in t for t in shown)
    assert reach_svg(ONE) == svg


@pytest.mark.parametrize("svg", [reach_svg(ONE), comparison_svg(Comparison(ONE, OTHER))])
def test_nothing_comes_from_outside(svg: str) -> None:
    assert "href" not in svg
    assert "<script" not in svg
    assert svg.count("http") == 1  # the namespace


def test_the_most_is_the_brightest() -> None:
    boxes = list(ElementTree.fromstring(reach_svg(ONE)).iter(f"{SVG}rect"))
    fills = [b.get("fill") for b in boxes if b.get("stroke")]
    kg = [c.capability_kg for c in ONE.cells]
    most = max(range(len(kg)), key=lambda k: kg[k] or 0.0)
    assert fills[most] == "#4fc3ff"
    assert fills.count("#4fc3ff") == 1


@pytest.mark.parametrize(("shown", "text"), [(OTHER, "7\u202f140"), (LIFTED, "≤7\u202f140")])
def test_a_dogleg_is_hatched_and_at_most_where_it_is_left_out(shown: ReachMap, text: str) -> None:
    svg = reach_svg(shown)
    boxes = list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))
    assert sum(b.get("fill") == "url(#dogleg)" for b in boxes) == 2
    assert text in texts(svg)


def test_two_pads_compared() -> None:
    pair = Comparison(ONE, OTHER)
    assert cost_text(pair, 0, 0) == "+40"
    assert cost_text(Comparison(OTHER, ONE), 0, 0) == "\u221240"
    assert cost_text(pair, 2, 1) == "-"
    assert cost_text(pair, 3, 0) == "+40"
    pair = Comparison(ONE, LIFTED)
    assert cost_text(pair, 3, 0) == "only Vostochny"
    assert cost_text(Comparison(LIFTED, ONE), 3, 0) == "only Vostochny"
    assert pair.cost_kg(3, 0) is None
    shown = texts(comparison_svg(pair))
    assert shown[0] == "Soyuz-2.1b: what Vostochny costs against Baikonur, kg"
    assert shown.count("only Vostochny") == 2
    assert shown.count("+40") == 5


def test_headings_without_a_vehicle() -> None:
    one, other = sample("vostochny", 0.0, 120.0, False), sample("baikonur", 0.0, 90.0, False)
    assert "57°" in texts(reach_svg(one))
    assert cost_text(Comparison(one, other), 0, 0) == "both"


def test_tables() -> None:
    out = io.StringIO()
    console = Console(file=out, width=120)
    reach_table(OTHER, console)
    reach_table(LIFTED, console)
    comparison_table(Comparison(ONE, LIFTED), console)
    told = out.getvalue()
    for piece in (
        "98.0°",
        "dogleg",
        "outside",
        "≤7\u202f140",
        "8\u202f040",
        "only Vostochny",
        "+40",
        "51.70°",
    ):
        assert piece in told
