"""Ariane VA241 flown again: published figures, and who would have seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.replays import Replay, replay

if TYPE_CHECKING:
    from cosmodrome.world.world import World


@pytest.fixture(scope="module")
def va241(shipped_world: World) -> Replay:
    return replay("ariane-va241", shipped_world)


@pytest.mark.slow
@pytest.mark.truth
def test_the_published_orbit_comes_out_of_the_alignment(va241: Replay) -> None:
    rows = {c.what: c for c in va241.cases["aligned 20 deg off"]}
    # 20.64 deg, 235 x 43,150 km (two-line elements); measured 20.89, 218.0, 43,023
    for name, bar in (
        ("inclination", (20.14, 21.14)),
        ("perigee", (215.0, 255.0)),
        ("apogee", (41_855.5, 44_444.5)),
    ):
        assert (rows[name].low, rows[name].high) == pytest.approx(bar)
        assert rows[name].inside
        assert rows[name].role == "predicted"
    # 20 deg to the south of due east, from the first seconds on
    assert rows["heading at T+60 s"].value == pytest.approx(114.0, abs=3.0)


@pytest.mark.slow
def test_it_is_no_rotation_of_the_path(va241: Replay) -> None:
    planned = {c.what: c.value for c in va241.cases["as planned"]}
    assert planned["inclination"] == pytest.approx(3.0, abs=0.01)
    assert planned["perigee"] == pytest.approx(250.0, abs=1.0)
    assert planned["apogee"] == pytest.approx(45_000.0, abs=20.0)
    turned = {c.what: c.value for c in va241.cases["if it were a rotation of the path"]}
    flown = {c.what: c.value for c in va241.cases["aligned 20 deg off"]}
    # a rotation keeps the apogee, and its inclination lies outside of what was flown
    assert turned["apogee"] == planned["apogee"]
    assert turned["apogee"] - flown["apogee"] > 1_500.0
    assert not 20.14 <= turned["inclination"] <= 21.14


@pytest.mark.slow
def test_the_axes_stop_the_countdown(va241: Replay) -> None:
    assert {f.check for f in va241.findings} == {"alignment"}
    first = va241.findings[0]
    assert first.where == "before lift-off"
    assert first.measured == pytest.approx(20.0, abs=1e-3)
    assert "+20.000 deg about the vertical" in first.why
    assert np.isfinite([c.value for case in va241.cases.values() for c in case]).all()
