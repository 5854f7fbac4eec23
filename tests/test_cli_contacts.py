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
    ],
)
def test_refusals(capsys, message, words: list[str], told: str) -> None:
    assert run(["contacts", str(message), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_run_without_an_orbit(capsys, tmp_path) -> None:
    assert run(["contacts", str(tmp_path)]) == 2
    assert "holds no orbit.oem" in capsys.readouterr().err
