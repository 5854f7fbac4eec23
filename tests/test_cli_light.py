"""`cosmodrome light`, and overflights of places on the Moon's terrain."""

from __future__ import annotations

import csv
import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.cli.app import run
from cosmodrome.coverage import showings
from cosmodrome.dynamics.presets import preset
from cosmodrome.dynamics.propagate import propagate
from cosmodrome.formats import oem
from cosmodrome.world import Epoch, State, World, fixed_from_gcrf, gcrf, skyline, terrain
from cosmodrome.world.bodies import MOON

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.world import Trajectory

SITE = "boguslawsky, -69.545 deg, 43.544 deg"
CRATER = "crater, -57.865 deg, 61.360 deg"
START = Epoch.from_utc("2023-08-29T00:00:00Z")
SPAN = 64_800.0


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert run(["light", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(list(words)) == 2
    out = capsys.readouterr()
    assert out.out == ""
    return out.err


def test_a_month_at_a_site(capsys) -> None:
    answer = told(capsys, SITE, "--start", "2023-08-15", "--days", "30", "--every", "2 days")
    world = World.shipped()
    edge = skyline(terrain("moon"), math.radians(-69.545), math.radians(43.544))
    start = Epoch.from_utc("2023-08-15T00:00:00Z")
    found = showings(edge, "sun", start, start + 30.0 * 86_400.0, world)
    mine = [r for r in answer["showings"] if r["body"] == "sun"]
    assert [(r["part"], r["start_utc"]) for r in mine] == [(x.part, x.start.utc(0)) for x in found]
    # Luna-25 was to land there on the morning of 21 August
    half = next(r for r in mine if r["part"] == "half")
    assert half["start_utc"][:10] == "2023-08-21"
    assert answer["up_s"]["earth"]["whole"] == pytest.approx(30.0 * 86_400.0)
    assert answer["lit_s"] == pytest.approx(half["duration_s"])
    assert answer["lit_fraction"] == pytest.approx(half["duration_s"] / (30.0 * 86_400.0))
    assert answer["eclipses"] == []
    assert len(answer["sky"]) == 16
    assert answer["site"]["ground_m"] == pytest.approx(edge.ground_m)
    assert len(answer["skyline"]) == 720
    for row in answer["sky"]:
        assert (row["sun_share"] > 0.5) == (half["start_utc"] < row["utc"] < half["end_utc"])
        # librations: eight degrees either way of the mean, which is the angle to the middle
        assert row["earth_elevation_deg"] == pytest.approx(14.7, abs=9.0)


def test_text_and_files(capsys, tmp_path) -> None:
    assert run(["light", SITE, "--start", "2023-08-15", "--csv", str(tmp_path)]) == 0
    out = capsys.readouterr()
    assert "sun    centre  2023-08-21T06:4" in out.out
    assert "Earth at" in out.out
    assert "ridges" not in out.err
    rows = list(csv.DictReader((tmp_path / "sky.csv").read_text().splitlines()))
    assert len(rows) == 31
    assert {p.name for p in tmp_path.iterdir()} == {
        "showings.csv", "eclipses.csv", "sky.csv", "skyline.csv",
    }  # fmt: skip


def test_near_ground_is_warned_of(capsys) -> None:
    assert run(["light", "rim, -89.45 deg, 222.69 deg", "--days", "3"]) == 0
    assert "ridges and rims narrower than that are not in the heights" in capsys.readouterr().err
    assert run(["light", "floor, -89.67 deg, 129.78 deg", "--days", "3"]) == 0
    assert "sun: never up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("rim",), "SITE 'rim': write name, latitude, longitude: 'boguslawsky, -69.545 deg"),
        (("rim, 3, 4 deg",), "SITE latitude '3': a bare number has no unit"),
        (("rim, -93 deg, 4 deg",), "a latitude lies between -90 and 90 deg"),
        ((SITE, "--start", "tomorrow"), "'tomorrow' is not an instant with a scale"),
        ((SITE, "--days", "-3"), "--days '-3': write a number of days above zero"),
        ((SITE, "--days", "1e9"), "the ephemeris spans a century"),
        ((SITE, "--every", "1 s"), "write a minute or more"),
        ((SITE, "--above", "-2 m"), "write a height between 0 and 100 km"),
        ((SITE, "--above", "two"), "--above 'two'"),
    ],
)
def test_refusals(capsys, words: tuple[str, ...], message: str) -> None:
    assert message in refused(capsys, "light", *words)


def test_beyond_the_ephemeris(capsys) -> None:
    assert run(["light", SITE, "--start", "2090-01-01"]) == 3
    assert "ask for an instant inside" in capsys.readouterr().err


# an orbiter that photographs a crater ----------------------------------------------------
@pytest.fixture(scope="module")
def orbiter():
    """18 hours of a polar orbit at 50 km, 40 deg from the Sun's meridian."""
    world = World.shipped()
    m = fixed_from_gcrf(world, "moon", "moon-me", START).matrix
    sun = m @ world.ephemeris.positions_m("sun", START, np.zeros(1), "moon")[0]
    lon = math.atan2(sun[1], sun[0]) + math.radians(40.0)
    r = (MOON.figure_m + 50e3) * np.array([math.cos(lon), math.sin(lon), 0.0])
    v = math.sqrt(MOON.mu_m3_s2 / float(np.linalg.norm(r))) * np.array([0.0, 0.0, 1.0])
    state = State(START, gcrf("moon"), m.T @ r, m.T @ v, 1_000.0)
    return propagate(state, preset("lunar"), SPAN, world=world).trajectory


def written(orbiter: Trajectory, end_s: float, out: Path) -> Path:
    points = tuple(
        oem.Point(orbiter.epoch + float(t), tuple(y[:3]), tuple(y[3:6]))
        for t in np.arange(0.0, end_s + 1.0, 60.0)
        for y in (orbiter.columns_at(float(t)).tolist(),)
    )
    segment = oem.Segment("lro", "lro", "MOON", "GCRF", "UTC", points[0].epoch, points[-1].epoch,
                          points)  # fmt: skip
    oem.write(oem.Oem("TEST", "2023-08-24T00:00:00", (segment,)), out)
    return out


@pytest.fixture(scope="module")
def message(orbiter, tmp_path_factory) -> Path:
    return written(orbiter, SPAN, tmp_path_factory.mktemp("moon") / "lro.oem")


def overflights(capsys, message: Path, site: str, *words: str) -> list[dict]:
    argv = ["contacts", str(message), "--imaging", site, "--body", "moon", "--off-nadir", "60 deg"]
    assert run([*argv, *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["imaging"]


def test_when_the_crater_can_be_photographed(capsys, orbiter, message) -> None:
    """Against a look each second by other formulas: the point below by spherical trigonometry,
    the crater's own height under it."""
    rows = overflights(capsys, message, f"{CRATER}, terrain", "--sun", "5 deg to 90 deg")
    world, ground = World.shipped(), terrain("moon")
    lat, lon = math.radians(-57.865), math.radians(61.360)
    t = np.arange(0.0, SPAN, 1.0)
    place = ground.place_m(lat, lon)
    up = place / np.linalg.norm(place)
    # an hour's turn is 0.5 deg: read linearly between hours the matrix is 1e-5 off
    hours = np.arange(0.0, SPAN + 1.0, 3_600.0)
    m = np.stack(
        [fixed_from_gcrf(world, "moon", "moon-me", START + float(x)).matrix for x in hours]
    )
    at = np.searchsorted(hours, t, side="right") - 1
    share = ((t - hours[at]) / 3_600.0)[:, None, None]
    turn = m[at] * (1.0 - share) + m[at + 1] * share
    r = np.einsum("nij,nj->ni", turn, orbiter.columns_at(t)[:, :3])
    far = np.linalg.norm(r, axis=1)
    below = np.arccos(np.clip(r @ up / far, -1.0, 1.0))
    p = float(np.linalg.norm(place))
    off = np.arctan2(p * np.sin(below), far - p * np.cos(below))
    sun = np.einsum("nij,nj->ni", turn, world.ephemeris.positions_m("sun", START, t, "moon"))
    height = np.degrees(np.arcsin(sun @ up / np.linalg.norm(sun, axis=1)))
    seen = (off < math.radians(60.0)) & (off + below < 0.5 * math.pi) & (height > 5.0)
    edges = np.flatnonzero(np.diff(seen.astype(int)))
    passes = edges.reshape(-1, 2)
    assert len(rows) == len(passes) == 9
    for row, (first, last) in zip(rows, passes, strict=True):
        assert Epoch.parse(row["start_utc"]) - START == pytest.approx(t[first] + 0.5, abs=1.0)
        assert Epoch.parse(row["end_utc"]) - START == pytest.approx(t[last] + 0.5, abs=1.0)
        k = first + 1 + int(np.argmin(off[first + 1 : last + 1]))
        assert row["best_off_nadir_deg"] == pytest.approx(math.degrees(off[k]), abs=0.03)
        assert row["sun_elevation_deg"] == pytest.approx(height[k], abs=0.01)
        d = math.sqrt(far[k] ** 2 + p**2 - 2.0 * far[k] * p * math.cos(below[k]))
        assert row["range_m"] == pytest.approx(d, rel=1e-3)
        assert row["sun_share"] == 1.0
        assert row["ground_m"] == pytest.approx(float(ground.height_m(lat, lon)))


def test_terrain_is_a_height(capsys, message) -> None:
    height = float(terrain("moon").height_m(math.radians(-57.865), math.radians(61.360)))
    words = ("--sun", "-90 deg to 90 deg")
    argv = [f"{CRATER}, {height!r} m", *words, "--imaging", "second, 0 deg, 90 deg, terrain"]
    rows = overflights(capsys, message, f"{CRATER.replace('crater', 'ground')}, terrain",
                       "--imaging", *argv)  # fmt: skip
    by = {name: [r for r in rows if r["site"] == name] for name in ("crater", "ground")}
    assert by["crater"]
    for a, b in zip(by["crater"], by["ground"], strict=True):
        assert (a["ground_m"], a["sun_share"]) == (None, None)
        assert {**a, "site": 0, "ground_m": 0, "sun_share": 0} == {
            **b, "site": 0, "ground_m": 0, "sun_share": 0,
        }  # fmt: skip


def test_a_lunar_path_is_flown_on_about_the_moon(capsys, orbiter, tmp_path) -> None:
    short = written(orbiter, 7_200.0, tmp_path / "short.oem")
    assert run(["contacts", str(short), "--days", "0.125", "--json"]) == 0
    out = capsys.readouterr()
    assert "flown on from 2023-08-29T02:00:00Z under gravity of degree 100" in out.err
    assert json.loads(out.out)["end_utc"] == (START + 10_800.0).utc(3)


def test_terrain_is_the_moons_alone(capsys, message) -> None:
    err = refused(capsys, "contacts", str(message), "--imaging", f"{CRATER}, terrain")
    assert "the ground's height is held for the Moon alone: add --body moon" in err


def test_the_shipped_orbiter_photographs_the_crater(capsys) -> None:
    """NASA did so on 24 August 2023; the Sun then stood 29 deg high, whatever the orbit."""
    assert run(["contacts", "lro-imaging", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["imaging_asked"]["body"] == "moon"
    assert answer["imaging_asked"]["limits"][0]["off_nadir_deg"] == pytest.approx(60.0)
    rows = answer["imaging"]
    best = min(rows, key=lambda r: r["best_off_nadir_deg"])
    # the node was made for 18:15; passes come two hours apart, and the Moon turns 1 deg between
    wanted = Epoch.from_utc("2023-08-24T18:15:00Z")
    assert abs(Epoch.parse(best["best_utc"]) - wanted) < 4_500.0
    assert best["best_off_nadir_deg"] < 15.0
    assert all(28.0 < r["sun_elevation_deg"] < 30.5 and r["sun_share"] == 1.0 for r in rows)
    assert len(rows) == 9
