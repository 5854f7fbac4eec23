"""What is shipped: whole, small, sourced; and the world that bundles it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import world as room
from cosmodrome.errors import DataError, InputError, UnknownNameError
from cosmodrome.world import store
from cosmodrome.world.bodies import (
    AU_M,
    BODIES,
    C_M_S,
    EARTH,
    EARTH_MOON_MASS_RATIO,
    MOON,
    SOLAR_PRESSURE_N_M2,
    SUN,
    body,
)
from cosmodrome.world.coastlines import coastlines
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.gravity import GravityField
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(str(resources.files("cosmodrome.world").joinpath("data")))
MANIFEST = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_each_file_is_whole_and_sourced(name: str) -> None:
    item = MANIFEST["files"][name]
    raw = (FOLDER / item["file"]).read_bytes()
    assert len(raw) == item["bytes"]
    assert hashlib.sha256(raw).hexdigest() == item["sha256"]
    for key in ("source", "licence", "note", "maker"):
        assert item[key], key
    maker = Path(__file__).parents[2] / item["maker"]
    assert maker.is_file()


def test_nothing_unlisted_is_shipped_and_all_is_small() -> None:
    listed = {item["file"] for item in MANIFEST["files"].values()} | {"manifest.json"}
    found = {p.name for p in FOLDER.iterdir()}
    assert found == listed
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 25e6


def test_vintage_lists_every_file_verified(shipped_world: World) -> None:
    seen = shipped_world.vintage()
    assert {v.name for v in seen} == set(MANIFEST["files"])
    for v in seen:
        assert v.sha256 == MANIFEST["files"][v.name]["sha256"]
        assert "/" not in v.file
    spans = {v.name: (v.first, v.last) for v in seen}
    assert spans["de440"] == ("1961-12-01", "2061-02-01")
    assert spans["earth_orientation"][0] == "1962-01-01"


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for p in FOLDER.iterdir():
        if p.name != "de440.npy":
            (tmp_path / p.name).write_bytes(p.read_bytes())
    monkeypatch.setattr(store, "_folder", lambda: tmp_path)
    store._manifest.cache_clear()
    yield tmp_path
    store._manifest.cache_clear()


def test_damage_is_noticed(damaged: Path) -> None:
    whole = (damaged / "egm2008.npy").read_bytes()
    (damaged / "egm2008.npy").write_bytes(whole[:-8])
    with pytest.raises(DataError, match="has 364936 bytes, its manifest says 364944"):
        store.open_array("egm2008")
    # one bit, the size kept: the checksum tells
    flipped = bytearray(whole)
    flipped[5000] ^= 1
    (damaged / "egm2008.npy").write_bytes(bytes(flipped))
    with pytest.raises(DataError, match=r"egm2008\.npy has sha256"):
        store.shipped_vintage("egm2008")
    with pytest.raises(DataError, match=r"de440\.npy is missing"):
        store.open_array("de440")
    with pytest.raises(UnknownNameError, match="Did you mean 'egm2008'"):
        store.entry("egm2000")
    (damaged / "manifest.json").unlink()
    store._manifest.cache_clear()
    with pytest.raises(DataError, match="no manifest"):
        store.entry("egm2008")


def test_data_are_read_from_a_zipped_package_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "package.zip"
    with zipfile.ZipFile(packed, "w") as z:
        for name in ("manifest.json", "egm2008.npy"):
            z.write(FOLDER / name, f"data/{name}")
        whole = (FOLDER / "coastlines.npy").read_bytes()
        z.writestr("data/coastlines.npy", whole[:-6])
    expected = np.array(store.open_array("egm2008"))
    monkeypatch.setattr(store, "_folder", lambda: zipfile.Path(packed, "data/"))
    array = store.open_array("egm2008")
    np.testing.assert_array_equal(array, expected)
    assert not array.flags.writeable
    assert store.shipped_vintage("egm2008").file == "egm2008.npy"
    with pytest.raises(DataError, match="the file is damaged"):
        store.open_array("coastlines")


def test_data_are_read_only(shipped_world: World) -> None:
    for array in (store.open_array("de440"), shipped_world.gravity().C):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_a_users_files_are_named_in_the_vintage(
    tmp_path: Path, finals_line: Callable[..., str], weather_text: Callable[..., str]
) -> None:
    eop, weather = tmp_path / "finals2000A.all", tmp_path / "SW-All.csv"
    eop.write_text("\n".join(finals_line(61200 + k) for k in range(900)), encoding="ascii")
    weather.write_text(weather_text(), encoding="ascii")
    world = World.shipped({"earth_orientation": eop, "space_weather": weather})
    seen = {v.name: v for v in world.vintage()}
    assert seen["earth_orientation"].file == "finals2000A.all"
    assert seen["earth_orientation"].sha256 == hashlib.sha256(eop.read_bytes()).hexdigest()
    assert seen["space_weather"].source == "file given by the user"
    assert seen["de440"].source.startswith("JPL")


def test_world_refuses_names_it_does_not_know() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'space_weather'"):
        World.shipped({"spaceweather": Path("x")})
    with pytest.raises(UnknownNameError, match="no gravity field of 'venus' is shipped"):
        World.shipped().gravity("venus")


def test_importing_the_world_reads_no_data() -> None:
    code = (
        "import sys, cosmodrome.world, cosmodrome.world.world\n"
        "assert 'casadi' not in sys.modules and 'scipy' not in sys.modules\n"
        "from cosmodrome.world import store\n"
        "assert store._manifest.cache_info().currsize == 0\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_room_exports_its_names() -> None:
    for name in room.__all__:
        assert getattr(room, name).__module__.startswith("cosmodrome.world") or name in (
            "GCRF", "ITRF", "TOD", "MOON_ME", "MOON_PA",
        )  # fmt: skip
    with pytest.raises(AttributeError, match="no 'Mars'"):
        _ = room.Mars


# gravity -------------------------------------------------------------------------------
def test_egm2008_is_the_published_tide_free_field(shipped_world: World) -> None:
    field = shipped_world.gravity()
    assert (field.degree, field.tide_system) == (150, "tide-free")
    # EGM2008_to2190_TideFree, first lines as published by NGA
    assert field.C[2, 0] == -0.484165143790815e-03
    assert field.C[2, 1] == -0.206615509074176e-09
    assert field.S[2, 1] == 0.138441389137979e-08
    assert field.C[2, 2] == 0.243938357328313e-05
    assert field.S[2, 2] == -0.140027370385934e-05
    assert field.C[3, 0] == 0.957161207093473e-06
    assert field.C[0, 0] == 1.0
    assert not np.any(field.C[1])
    assert not np.any(np.triu(field.C, 1))
    assert not np.any(np.triu(field.S, 1))
    assert not np.any(field.S[:, 0])
    assert field.mu_m3_s2 == EARTH.mu_m3_s2 == 3.986004415e14
    assert field.radius_m == EARTH.radius_m
    # J2 in the size every textbook gives, and Kaula's rule for the power of a degree
    assert field.zonal_j(2) == pytest.approx(1.08262617e-3, rel=1e-8)
    assert field.zonal_j(3) == pytest.approx(-2.5324e-6, rel=1e-4)
    for n in (20, 60, 150):
        power = np.sqrt(np.sum(field.C[n] ** 2 + field.S[n] ** 2) / (2 * n + 1))
        assert 0.3 < power / (1e-5 / n**2) < 1.5


def test_truncation(shipped_world: World) -> None:
    field = shipped_world.gravity()
    cut = field.truncated(20, 10)
    assert cut.C.shape == (21, 21)
    assert not np.any(cut.C[:, 11:])
    np.testing.assert_array_equal(cut.C[:, :11], field.C[:21, :11])
    assert np.any(field.C[12, 11:13])  # the source is left as it was
    with pytest.raises(InputError, match="holds up to 150x150"):
        field.truncated(200)
    with pytest.raises(InputError, match="20x30 was asked"):
        field.truncated(20, 30)
    with pytest.raises(InputError, match="J_2 to J_20"):
        cut.zonal_j(21)
    with pytest.raises(DataError, match="needs"):
        GravityField(1.0, 1.0, 3, field.C, field.S, "tide-free", "x", "y")


# bodies --------------------------------------------------------------------------------
def test_bodies_hang_together() -> None:
    # DE440's own mass ratio ties the Moon to the Earth (TDB-compatible 398600.435507 km3/s2)
    assert 398600.435507e9 / MOON.mu_m3_s2 == pytest.approx(EARTH_MOON_MASS_RATIO, rel=1e-10)
    # and TT-compatible EGM2008 differs from it by L_B = 1.55e-8 (IAU 2006 B3)
    assert EARTH.mu_m3_s2 / 398600.435507e9 - 1.0 == pytest.approx(1.55e-8, abs=5e-10)
    # Kepler's third law with the length of the sidereal year (365.25636 d)
    year = 2.0 * np.pi * np.sqrt(AU_M**3 / (SUN.mu_m3_s2 + EARTH.mu_m3_s2 + MOON.mu_m3_s2))
    assert year / 86400.0 == pytest.approx(365.25636, abs=2e-3)
    # Montenbruck & Gill (2000), sect. 3.4: P = 4.56e-6 N/m2 with the older 1367 W/m2
    assert pytest.approx(4.54e-6, rel=1e-3) == SOLAR_PRESSURE_N_M2
    assert C_M_S == 299_792_458.0
    assert {b.name for b in BODIES.values()} == set(BODIES)
    assert body("mars").mu_m3_s2 == pytest.approx(4.2828e13, rel=1e-4)
    with pytest.raises(UnknownNameError, match="Did you mean 'venus'"):
        body("venuss")


# coastlines ----------------------------------------------------------------------------
@pytest.mark.parametrize(("scale", "points"), [("110m", 5000), ("50m", 60_000)])
def test_coastlines(scale: str, points: int) -> None:
    lines = coastlines(scale)  # type: ignore[arg-type]
    assert sum(len(x) for x in lines) == pytest.approx(points, rel=0.1)
    for line in lines:
        assert line.ndim == 2
        assert line.shape[1] == 2
        assert len(line) >= 2
        assert np.abs(line[:, 0]).max() <= 180.0
        assert np.abs(line[:, 1]).max() < 89.9
        # no line leaps over the antimeridian or runs along it
        assert np.abs(np.diff(line[:, 0])).max() < 40.0
        side = np.abs(line[:, 0]) > 179.99
        assert not np.any(side[1:] & side[:-1])
    # the Cape of Good Hope's neighbour, Cape Agulhas, 20.0 E 34.8 S, lies on a line
    every = np.concatenate(lines)
    gap = np.hypot(every[:, 0] - 20.0, every[:, 1] + 34.83)
    assert gap.min() < (1.2 if scale == "110m" else 0.2)
    with pytest.raises(InputError, match="'110m' or '50m'"):
        coastlines("10m")  # type: ignore[arg-type]


def test_epoch_of_the_first_and_last_day_is_served(shipped_world: World) -> None:
    for text in ("1962-01-01T00:00:10Z", "2060-12-31T23:59:59Z"):
        epoch = Epoch.from_utc(text)
        assert shipped_world.orientation.itrf_from_gcrf(epoch).matrix.shape == (3, 3)
        assert np.linalg.norm(shipped_world.ephemeris.position_m("moon", epoch)) > 3.5e8
        assert shipped_world.space_weather.at(epoch).f107 > 60.0
