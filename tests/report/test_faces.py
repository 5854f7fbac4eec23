"""Flight.export and Flight.plot: the promised ways out, from Python."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.errors import InputError, UnknownNameError
from cosmodrome.formats import oem
from tests.report import synthetic

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.record import Flight


@pytest.fixture(scope="module")
def flight() -> Flight:
    return synthetic.flight(days=0.1)


def test_the_ephemeris_is_the_path(flight: Flight, tmp_path: Path) -> None:
    text = flight.export("oem", to=tmp_path / "orbit.oem")
    assert (tmp_path / "orbit.oem").read_text("utf-8") == text
    assert [p.name for p in tmp_path.iterdir()] == ["orbit.oem"]
    first = oem.loads(text, "orbit.oem").segments[0].points[0]
    leg = next(leg for leg in flight.legs if leg.object == flight.mission.spacecraft.id)
    assert np.linalg.norm(np.asarray(first.r_m) - leg.start.r_m) < 1e-3


def test_json_is_the_contracts_record(flight: Flight) -> None:
    assert json.loads(flight.export("json"))["name"] == flight.mission.name


def test_the_page_is_one_file(flight: Flight, tmp_path: Path) -> None:
    path = flight.plot(tmp_path / "page.html", synthetic.world())
    assert path.read_text("utf-8").lstrip().lower().startswith("<!doctype html>")


def test_refusals_say_what_to_write(flight: Flight, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="oem"):
        flight.export("oen")
    with pytest.raises(InputError, match="make it first"):
        flight.export("oem", to=tmp_path / "nowhere" / "orbit.oem")
    bare = replace(flight, legs=flight.legs[:1])
    with pytest.raises(InputError, match="coast"):
        bare.export("oem")
