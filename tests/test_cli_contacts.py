"""`cosmodrome contacts`."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from cosmodrome.catalog.nouns import Station
from cosmodrome.cli.app import run
from cosmodrome.coverage import contacts
from cosmodrome.dynamics.dynamics import Dynamics
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.formats import oem
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.world import World

START = Epoch.from_utc("2024-03-15T00:00:00Z")
SVALBARD = "svalbard, 78.23 deg, 15.39 deg, 450 m, 5 deg"


@pytest.fixture(scope="module")
def path():
    state = State(START, GCRF, np.array([6_878_137.0, 0.0, 0.0]), np.array([0.0, -990.0, 7_546.0]),
                  1_000.0)  # fmt: skip
    return propagate(state, Dynamics.earth(20), 43_200.0, world=World.shipped()).trajectory


@pytest.fixture(scope="module")
def message(path, tmp_path_factory) -> Path:
    """Half a day in two segments."""

    def segment(first: float, last: float) -> oem.Segment:
        points = tuple(
            oem.Point(path.epoch + float(t), tuple(y[:3]), tuple(y[3:6]))
            for t in np.arange(first, last + 1.0, 60.0)
            for y in (path.columns_at(float(t)).tolist(),)
        )
        return oem.Segment("sat", "sat", "EARTH", "GCRF", "UTC", points[0].epoch, points[-1].epoch,
                           points)  # fmt: skip

    out = tmp_path_factory.mktemp("oem") / "orbit.oem"
    halves = (segment(0.0, 21_600.0), segment(21_600.0, 43_200.0))
    oem.write(oem.Oem("TEST", "2024-03-15T00:00:00", halves), out)
    return out


def answer(capsys, *words: str) -> dict:
    assert run(["contacts", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_an_ephemeris_message(capsys, path, message) -> None:
    told = answer(capsys, str(message), "--station", SVALBARD, "--station", "vostochny")
    place = Station("svalbard", math.radians(78.23), math.radians(15.39), 450.0, math.radians(5.0))
    found = contacts(path, [place], World.shipped())
    mine = [c for c in told["contacts"] if c["station"] == "svalbard"]
    assert [c["rise_utc"] for c in mine] == [c.rise.epoch.utc(3) for c in found]
    assert [c["duration_s"] for c in mine] == pytest.approx([c.duration_s for c in found], abs=1e-4)
    assert [s["id"] for s in told["stations"]] == ["svalbard", "vostochny"]
    assert told["stations"][0]["passes"] == len(found)
    assert told["eclipse_summary"]["earth umbra"]["count"] == sum(
        e["kind"] == "umbra" for e in told["eclipses"]
    )
    assert 0.5 < told["sunlit_fraction"] < 0.75
    assert all(-90.0 <= b["beta_deg"] <= 90.0 for b in told["beta"])
    assert told["end_utc"] == (START + 43_200.0).utc(3)


def test_days_cut_and_days_flown_on(capsys, message) -> None:
    short = answer(capsys, str(message), "--station", SVALBARD, "--days", "0.25")
    assert short["end_utc"] == (START + 21_600.0).utc(3)
    assert run(["contacts", str(message), "--station", SVALBARD, "--days", "1", "--json"]) == 0
    out = capsys.readouterr()
    assert "flown on from" in out.err
    long = json.loads(out.out)
    assert long["end_utc"] == (START + 86_400.0).utc(3)
    whole = answer(capsys, str(message), "--station", SVALBARD)
    assert len(long["contacts"]) > len(whole["contacts"]) > len(short["contacts"])
    for a, b in zip(long["contacts"][:-1], whole["contacts"][:-1], strict=False):
        assert (a["station"], a["rise_utc"], a["set_utc"]) == (
            b["station"], b["rise_utc"], b["set_utc"],
        )  # fmt: skip


def test_a_run_directory_brings_its_stations(capsys, message) -> None:
    mission = Path(message.parent / "mission.yaml")
    from cosmodrome.mission import shipped_path

    text = shipped_path("vostochny-sso").read_text()
    mission.write_text(text + "\nstations: [{id: yakutsk, lat: 62 deg, lon: 129.7 deg}]\n")
    told = answer(capsys, str(message.parent))
    assert [s["id"] for s in told["stations"]] == ["yakutsk"]
    assert told["contacts"]


def test_tables_and_text(capsys, message, tmp_path) -> None:
    assert run(["contacts", str(message), "--station", SVALBARD, "--csv", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "svalbard" in out
    assert "earth umbra" in out
    assert "beta angle" in out
    rows = list(csv.DictReader((tmp_path / "contacts.csv").read_text().splitlines()))
    assert rows[0]["station"] == "svalbard"
    assert {f.name for f in tmp_path.iterdir()} == {"contacts.csv", "eclipses.csv", "beta.csv"}
    assert run(["contacts", str(message)]) == 0
    assert "no station is named" in capsys.readouterr().out


EQUIPPED = """
stations:
  - id: svalbard
    lat: 78.23 deg
    lon: 15.39 deg
    height: 450 m
    antenna: {diameter: 5 m, noise_temperature: 150 K}
"""
CRAFT = """\
  radio:
    downlink: {frequency: 8.2 GHz, data_rate: RATE, power: 8 W, required_ebn0: 4.4 dB, losses: 3 dB}
  power:
    array: {area: 1.2 m^2, efficiency: 29 %, pointing: one-axis}
    battery: {capacity: BATTERY}
    load: {sunlit: 150 W, eclipse: 120 W}
"""


@pytest.fixture
def equipped(tmp_path):
    from cosmodrome.mission import shipped_path

    def write(rate: str, battery: str) -> str:
        text = shipped_path("vostochny-sso").read_text()
        craft = CRAFT.replace("RATE", rate).replace("BATTERY", battery)
        file = tmp_path / "equipped.yaml"
        file.write_text(text.replace("launch:\n", craft + "launch:\n", 1) + EQUIPPED)
        return str(file)

    return write


def test_links_and_power_of_a_message_with_a_missions_equipment(
    capsys, message, equipped, tmp_path
) -> None:
    words = [str(message), "--mission", equipped("20 Mbit/s", "400 Wh"), "--link", "--power"]
    told = answer(capsys, *words)
    assert [r["rise_utc"] for r in told["link"]] == [c["rise_utc"] for c in told["contacts"]]
    for row, c in zip(told["link"], told["contacts"], strict=True):
        assert row["way"] == "down"
        assert row["best_margin_db"] > row["worst_margin_db"] > 0.0
        assert row["closest_range_m"] == pytest.approx(c["closest_range_m"], rel=1e-2)
        assert row["open_s"] == pytest.approx(c["duration_s"])
        assert row["data_volume_bit"] == pytest.approx(20e6 * c["duration_s"])
        assert row["doppler_highest_hz"] > 0.0 > row["doppler_lowest_hz"]
    assert sum(r["sunlit_s"] for r in told["power"]) == pytest.approx(
        told["sunlit_fraction"] * 43_200.0, abs=1e-3
    )
    assert told["power"][0]["beta_deg"] == pytest.approx(told["beta"][0]["beta_deg"])
    assert told["link_problems"] == told["power_problems"] == []
    assert run(["contacts", *words, "--csv", str(tmp_path / "csv")]) == 0
    out = capsys.readouterr().out
    assert "link down, 8.2 GHz, 20 Mbit/s: closes on" in out
    assert "power: deepest discharge" in out
    assert {"link.csv", "power.csv"} < {f.name for f in (tmp_path / "csv").iterdir()}


def test_what_does_not_close_and_what_runs_dry_end_with_1_and_reasons(
    capsys, message, equipped
) -> None:
    words = [str(message), "--mission", equipped("900 Gbit/s", "40 Wh"), "--link", "--power"]
    assert run(["contacts", *words, "--json"]) == 1
    out = capsys.readouterr()
    told = json.loads(out.out)
    (link,), (power,) = told["link_problems"], told["power_problems"]
    assert "dB short over svalbard" in link
    assert "The battery is empty at" in power
    assert link in out.err
    assert power in out.err


def test_light_below_and_imaging(capsys, message) -> None:
    site = "oslo, 59.9 deg, 10.7 deg, 100 m"
    wide = ["--off-nadir", "60 deg", "--sun", "-20 deg to 90 deg"]
    told = answer(capsys, str(message), "--lighting", "--imaging", site, *wide)
    spans = told["lighting"]
    assert {x["kind"] for x in spans} == {"day", "twilight", "night"}
    assert sum(x["duration_s"] for x in spans) == pytest.approx(43_200.0)
    assert told["imaging"]
    for p in told["imaging"]:
        assert p["best_off_nadir_deg"] <= min(60.0, p["start_off_nadir_deg"] + 1e-9)
        assert p["site"] == "oslo"
    assert run(["contacts", str(message), "--lighting", "--imaging", site, *wide]) == 0
    out = capsys.readouterr().out
    assert "under the spacecraft, earth: day" in out
    assert "oslo" in out
    assert run(["contacts", str(message), "--imaging", site, "--off-nadir", "0.01 deg"]) == 0
    assert "no overflight of oslo within 0.01 deg" in capsys.readouterr().out


def test_a_place_on_the_moon_from_lunar_orbit(capsys, tmp_path) -> None:
    """An orbit 100 km over the Moon: the place that lay below after an hour is looked at then."""
    a, mu = 1_837_400.0, 4.902_800_118e12
    n = math.sqrt(mu / a**3)
    points = tuple(
        oem.Point(
            START + t,
            (a * math.cos(n * t), 0.0, a * math.sin(n * t)),
            (-a * n * math.sin(n * t), 0.0, a * n * math.cos(n * t)),
        )
        for t in (60.0 * k for k in range(721))
    )
    file = tmp_path / "moon.oem"
    segment = oem.Segment("sat", "sat", "MOON", "GCRF", "UTC", points[0].epoch, points[-1].epoch,
                          points)  # fmt: skip
    oem.write(oem.Oem("TEST", "2024-03-15T00:00:00", (segment,)), file)
    from cosmodrome.coverage import ground_track
    from cosmodrome.formats import oem_path

    world = World.shipped()
    path = oem_path.trajectory(segment, world.orientation, 1.0)
    below = ground_track(path, world, step_s=3_600.0, body="moon")
    place = (
        f"below, {math.degrees(below.latitude_rad[1])} deg,"
        f" {math.degrees(below.longitude_rad[1])} deg"
    )
    words = ["--imaging", place, "--sun", "-90 deg to 90 deg", "--off-nadir", "30 deg"]
    told = answer(capsys, str(file), "--body", "moon", "--lighting", *words)
    first = told["imaging"][0]
    assert first["body"] == "moon"
    assert first["best_utc"][:22] == (START + 3_600.0).utc(3)[:22]
    assert first["best_off_nadir_deg"] < 0.01
    assert first["range_m"] == pytest.approx(100e3, abs=1.0)
    # 30 deg off nadir from 100 km: 59.2 km of ground to either side, passed at 1.545 km/s
    assert first["duration_s"] == pytest.approx(2.0 * 59.2e3 / 1_545.0, rel=0.02)
    # the Moon turns by 1.1 deg a revolution, 33 km of ground: seen once more from the next orbit
    assert 2 <= len(told["imaging"]) <= 3
    assert {x["kind"] for x in told["lighting"]} >= {"day", "night"}
    assert run(["contacts", str(file), "--body", "moon", "--lighting"]) == 0
    assert "under the spacecraft, moon: day" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--station", "nowhere"], "no station of the mission and no site"),
        (["--station", "a, 78.23, 15 deg"], "78.23"),
        (["--station", "a, 5 deg"], "write 'svalbard"),
        (["--station", "a, 95 deg, 5 deg"], "between -90 and 90 deg"),
        (["--days", "soon"], "above zero"),
        (["--days", "-1"], "above zero"),
        (["--station", SVALBARD, "--refraction", "wet"], "no refraction 'wet'"),
        (["--link"], "an ephemeris message tells no radio"),
        (["--power"], "an ephemeris message tells no power"),
        (["--power", "--mission", "vostochny-sso"], "has no power; add to the mission"),
        (["--link", "--mission", "vostochny-sso"], "has no radio; add to the mission"),
        (["--body", "mars"], "write earth or moon"),
        (["--imaging", "nowhere"], "no station of the mission and no site"),
        (["--imaging", "pole", "--body", "moon"], "write it out"),
        (["--imaging", SVALBARD, "--off-nadir", "30"], "--off-nadir '30'"),
        (["--imaging", SVALBARD, "--sun", "10 deg"], "write '10 deg to 90 deg'"),
        (["--imaging", SVALBARD, "--sun", "10 deg to 9 m"], "--sun"),
    ],
)
def test_refusals(capsys, message, words: list[str], told: str) -> None:
    assert run(["contacts", str(message), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_run_without_an_orbit(capsys, tmp_path) -> None:
    assert run(["contacts", str(tmp_path)]) == 2
    assert "holds no orbit.oem" in capsys.readouterr().err
