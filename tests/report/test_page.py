"""page.json: complete, small, and true to the series it was thinned from."""

from __future__ import annotations

import math
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.mission import Quantity, Target, read_orbit
from cosmodrome.report.plain import dumps
from cosmodrome.report.words import by_check, facts, stage_label, target_text
from tests.report import synthetic

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    flight, world = synthetic.flight(), synthetic.world()
    return report.page_json(flight, report.series_of(flight, world), world)


def test_every_key_is_documented(page: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "page-data.md").read_text()
    for key in page:
        assert f"`{key}`" in text, key
    for key in (*page["objects"][0], *page["objects"][0]["series"]):
        assert f"`{key}`" in text, key
    assert page["schema"] in text


def test_hermite_between_kept_rows_is_the_flown_path(page: dict[str, Any]) -> None:
    # what the page draws between its rows, against the dense path
    flight = synthetic.flight()
    for leg, o in zip(flight.legs, page["objects"], strict=True):
        s = o["series"]
        t = np.array(s["t_s"])
        r = np.array(s["r_km"]).reshape(-1, 3)
        v = np.array(s["v_km_s"]).reshape(-1, 3)
        h = np.diff(t)[:, None]
        middle = 0.5 * (r[:-1] + r[1:]) + h / 8.0 * (v[:-1] - v[1:])
        offset = leg.path.epoch - synthetic.LIFT_OFF
        exact = leg.path.columns_at(
            np.clip(0.5 * (t[1:] + t[:-1]) - offset, leg.path.breaks_s[0], leg.path.breaks_s[-1])
        )[:, :3]
        assert np.abs(middle - exact / 1e3).max() < 0.05  # km; a pixel is ten times that


def test_jumps_of_mass_stay_upright(page: dict[str, Any]) -> None:
    s = page["objects"][0]["series"]
    t, m = np.array(s["t_s"]), np.array(s["mass_kg"])
    k = int(np.argmin(np.abs(t - 118.0)))
    assert t[k] - t[k - 1] < 2e-3
    assert m[k - 1] - m[k] == pytest.approx(17000.0, abs=3.0)


def test_the_thrust_level_is_what_burns_of_its_rating(page: dict[str, Any]) -> None:
    """Above the air it is thrust over the rating of the stages that burn; in coasts it is 0."""
    vehicle = synthetic.flight().mission.vehicle
    leg = page["objects"][0]
    s = leg["series"]
    t, level, thrust = (np.array(s[k]) for k in ("t_s", "thrust_level_pct", "thrust_kn"))
    assert np.all((thrust > 0.0) == (level > 0.0))
    high = (np.array(s["altitude_km"]) > 150.0) & (level > 0.0)
    phases = [p for p in leg["phases"] if p["kind"] == "burn" and " + " not in p["name"]]
    seen = 0
    for p in phases:
        inside = high & (t > p["start_s"] + 0.01) & (t < p["end_s"] - 0.01)
        stage = vehicle.stage(p["name"])
        rating = stage.count * stage.thrust_vacuum_n / 1e3
        assert level[inside] == pytest.approx(100.0 * thrust[inside] / rating, abs=0.02)
        seen += int(inside.sum())
    assert seen > 20
    assert not np.array(page["objects"][-1]["series"]["thrust_level_pct"]).any()


def test_the_earth_turns_with_the_data(page: dict[str, Any]) -> None:
    # itrf_from_gcrf of the page after a day against direct ERFA: 1e-6 rad is 6 m
    earth = page["earth"]
    m0 = np.array(earth["itrf_from_gcrf_at_lift_off"]).reshape(3, 3)
    a = earth["spin_rad_s"] * 86400.0
    spin = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    exact = synthetic.world().orientation.itrf_from_gcrf(synthetic.LIFT_OFF + 86400.0).matrix
    assert np.abs(spin @ m0 - exact).max() < 2e-6
    lat = page["objects"][0]["series"]["latitude_deg"][0]
    assert lat == pytest.approx(page["site"]["latitude_deg"], abs=1e-4)


def test_red_comes_first_and_counts_agree(page: dict[str, Any]) -> None:
    verdicts = [f["verdict"] for f in page["findings"]]
    assert verdicts == ["fails", "warns", "not-judged", "holds"]
    assert page["checks"] == {"holds": 1, "fails": 1, "warns": 1, "not_judged": 1}


def test_limits_are_the_tighter_ones(page: dict[str, Any]) -> None:
    # the mission asks 40 kPa, the vehicle bears 45
    assert page["limits"] == {"dynamic_pressure_kpa": 40.0, "acceleration_g": None}


def test_the_timeline_joins_burns_and_pairs_shadows(page: dict[str, Any]) -> None:
    burns = page["timeline"]["burns"]
    assert [b["name"] for b in burns] == ["Strap-ons + Core", "Core", "Third stage", "Fregat"]
    assert (burns[1]["start_s"], burns[1]["end_s"]) == (118.0, 287.0)  # through the fairing
    shadows = page["timeline"]["eclipses"]
    assert len(shadows) == 14  # one a revolution of 101 minutes in a day, in this season
    for s in shadows:
        assert 20 * 60 < s["end_s"] - s["start_s"] < 40 * 60


def test_shadow_that_began_before_and_lasts_past_the_leg() -> None:
    flight = synthetic.flight()
    leg = flight.legs[-1]
    exits = [e for e in leg.events if "exit" in e.name]
    entries = [e for e in leg.events if "entry" in e.name]
    cut = replace(leg, events=(exits[0], entries[1]))
    flight = replace(flight, legs=(*flight.legs[:-1], cut))
    page = report.page_json(flight, report.series_of(flight, synthetic.world()), synthetic.world())
    first, last = page["timeline"]["eclipses"]
    t0, t1 = page["objects"][-1]["series"]["t_s"][0], page["objects"][-1]["series"]["t_s"][-1]
    assert first["start_s"] == pytest.approx(t0, abs=1e-3)
    assert first["end_s"] == pytest.approx(exits[0].t_s, abs=1e-3)
    assert last["end_s"] == pytest.approx(t1, abs=1e-3)


def test_the_page_is_small(page: dict[str, Any]) -> None:
    assert len(dumps(page, None)) < 600_000


def test_sources_show_the_estimated_figures_first(page: dict[str, Any]) -> None:
    assert [s["status"] for s in page["sources"]] == ["estimated", "published"]
    assert {d["name"] for d in page["data"]} >= {"de440", "egm2008", "earth_orientation"}


def test_targets_in_words() -> None:
    radius = 6378137.0
    a, e = Quantity(radius + 820e3, 5e3), Quantity(0.0, 1e-3)
    sso = Target("sun-synchronous", a, e, ltan_s=Quantity(54000.0, 120.0))
    assert target_text(sso) == "820 km SSO, LTAN 15:00"
    plain = Target("circular", a, e, Quantity(np.radians(51.6), 1e-3), Quantity(1.0, 0.1))
    assert target_text(plain) == "820 km circular, 51.60°, RAAN 57.30°"
    # 250 x 35,786 km: a = radius + 18,018 km, e = 17,768 / 24,396.137
    gto = Target("elliptic", Quantity(radius + 18018e3, 1e4), Quantity(17768e3 / 24396137.0, 1e-3))
    assert target_text(gto) == "250 × 35,786 km elliptic"
    assert target_text(read_orbit("gto 6 deg").target) == "250 × 35,786 km GTO, 6.00°"
    assert target_text(read_orbit("geo").target) == "35786 km geostationary, 0.00°"
    moving = read_orbit("c3 10 km^2/s^2 declination -10 deg").target
    assert target_text(moving) == "C3 10 km²/s², declination -10.00°"


def test_stages_have_short_labels() -> None:
    mission = synthetic.flight().mission
    core = replace(mission.vehicle.stages[1], name="Blok A with an RD-108A engine")
    third = replace(mission.vehicle.stages[2], name="Blok I with an RD-0124 engine")
    vehicle = replace(mission.vehicle, stages=(mission.vehicle.stages[0], core, third))
    mission = replace(mission, vehicle=vehicle)
    labels = [stage_label(mission, id) for id in ("strap-ons", "core", "third", "aft-section")]
    assert labels == ["Strap-ons", "Core", "Third stage", "Aft section"]


def test_facts_follow_the_flight() -> None:
    flight = synthetic.flight()
    said = dict(facts(flight))
    assert said["Site"] == "Vostochny 1S"
    assert said["Lift-off"] == "2027-03-01 05:41:46Z"
    assert said["Payload"] == "2\u202f900 kg (+410 ideal margin)"
    assert "With losses" not in said
    expected = replace(
        flight.payload, expected_kg=2_800.4, expected_sigma_kg=251.6, expected_over=8
    )
    told = dict(facts(replace(flight, payload=expected)))["With losses"]
    assert told == "2,800 ± 252 kg expected (1 sigma over 8 vehicles, leave-one-out)"
    assert said["LTAN flown"] == "15:00:03"
    assert "Flown" not in dict(facts(replace(flight, orbit=None)))


def test_a_slot_is_drifted_to() -> None:
    flight = synthetic.flight()
    assert "Slot" not in dict(facts(flight))
    target = read_orbit("geo longitude -75 deg").target
    assert target_text(target) == "35786 km geostationary, 0.00°, 75.00° W"
    craft = flight.mission.spacecraft.id
    some = flight.events[-1]
    over = replace(some, name=f"{craft} separation", longitude_rad=math.radians(10.0))
    legs = (replace(flight.legs[0], events=(over,)), *flight.legs[1:])
    there = replace(flight, mission=replace(flight.mission, target=target), legs=legs)
    told = "75.00° W; released over 10.00° E, 85.00° east of it: to be drifted to"
    assert dict(facts(there))["Slot"] == told


def test_each_check_once_by_its_worst_finding() -> None:
    f = synthetic.FINDINGS[0]
    findings = (
        replace(f, check="seam", margin=0.9, limit=1.0),
        replace(f, check="seam", margin=0.01, limit=1.0),
        replace(f, check="seam", margin=None, limit=None),
        replace(f, check="q", verdict="holds", margin=0.0, limit=40.0),
        replace(f, check="q", verdict="fails", margin=-1.0, limit=40.0),
    )
    (q, n), (seam, m) = by_check(findings)
    assert (q.check, q.verdict, n) == ("q", "fails", 2)
    assert (seam.margin, m) == (0.01, 3)


def test_the_summary_is_told_on_the_terminal() -> None:
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    flight = synthetic.flight()
    report.summary(flight, Console(file=out, width=150), [Path("runs/flight.json")])
    text = out.getvalue()
    for said in (
        "NO-GO",
        "Toy to 820 km",
        "1 fail",
        "2\u202f900 kg",
        "spacecraft separation",
        "46.2 kPa",
        "LTAN",
        "+3.4 s",
        "runs/flight.json",
        "Toy <rocket> & Sons",
        "T+1:58.0",
        "4700 kg",
    ):
        assert said in text, said
    assert text.index("dynamic pressure") < text.index("earth orientation")
    told = tuple(f"{k},000 kg rated ({'not compared: x' if k < 4 else 'y'})" for k in range(1, 7))
    out = StringIO()
    many = replace(flight, payload=replace(flight.payload, published=told))
    report.summary(many, Console(file=out, width=150))
    assert all(f"{k},000 kg" in out.getvalue() for k in (4, 5, 6))
    assert "1,000 kg" not in out.getvalue()
    assert "and 3 more" in out.getvalue()
    hostile = replace(flight, mission=replace(flight.mission, name="[red]x[/nonsense]"))
    report.summary(replace(hostile, orbit=None), Console(file=out, width=100))
    assert "[red]x[/nonsense]" in out.getvalue()


@pytest.mark.skipif(which("node") is None, reason="node is not installed")
def test_the_pages_pure_functions() -> None:
    run = subprocess.run(
        ["node", "--test", "test/"], cwd=ROOT / "web", capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stdout + run.stderr
