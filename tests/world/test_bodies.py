"""Figures of the bodies, heights above them, and what is said of a span's data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.errors import InputError, UnknownNameError
from cosmodrome.world.bodies import BODIES, EARTH, JUPITER, MARS, MOON, SUN, height_above
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.geodesy import WGS84_A, WGS84_F, itrf_from_geodetic

if TYPE_CHECKING:
    from cosmodrome.world.world import World


def test_figures_are_the_published_ones() -> None:
    assert (EARTH.figure_m, EARTH.flattening) == (WGS84_A, WGS84_F)
    # IAU 2015 (Archinal et al. 2018), Table 4: polar radii in km
    polar = {"mercury": 2438.26, "mars": 3376.20, "jupiter": 66854, "saturn": 54364,
             "uranus": 24973, "neptune": 24341, "venus": 6051.8, "moon": 1737.4}  # fmt: skip
    for name, km in polar.items():
        b = BODIES[name]
        assert b.figure_m * (1.0 - b.flattening) == pytest.approx(km * 1e3, abs=1e-6)
    for b in BODIES.values():
        assert b.lowest_m <= 0.0
        assert b.terrain
    assert [b.lowest_m for b in (EARTH, MOON, MARS, SUN, JUPITER)] == [
        -430.0, -9120.0, -8200.0, 0.0, 0.0,
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(BODIES))
def test_height_is_along_the_normal(name: str) -> None:
    b = BODIES[name]
    e2 = b.flattening * (2.0 - b.flattening)
    lat = np.radians([-90.0, -60.0, -20.0, 0.0, 1e-6, 45.0, 80.0, 90.0])[:, None]
    h = b.figure_m * np.array([-0.03, -1e-3, 0.0, 1e-4, 0.1, 10.0])
    n = b.figure_m / np.sqrt(1.0 - e2 * np.sin(lat) ** 2)
    r = np.stack(
        [
            (n + h) * np.cos(lat) * np.cos(2.0),
            (n + h) * np.cos(lat) * np.sin(2.0),
            ((1.0 - e2) * n + h) * np.sin(lat),
        ],
        axis=-1,
    )
    # three bits of the radius; measured 2e-16 of it or less
    np.testing.assert_allclose(height_above(name, r), h + 0.0 * lat, atol=7e-16 * 11 * b.figure_m)


def test_heights_of_known_places() -> None:
    assert height_above("moon", [0.0, 0.0, 1_737_400.0]) == 0.0
    assert height_above(MOON, [1_728_280.0, 0.0, 0.0]) == MOON.lowest_m
    place = itrf_from_geodetic(0.9, 1.1, -415.0)
    assert height_above("earth", place) == pytest.approx(-415.0, abs=1e-8)
    assert height_above("mars", [[0.0, 0.0, 3_376_200.0], [3_396_190.0, 0.0, 0.0]]) == (
        pytest.approx([0.0, 0.0], abs=1e-8)
    )
    with pytest.raises(InputError, match="from the centre of 'moon' has no geodetic latitude"):
        height_above("moon", np.zeros(3))
    with pytest.raises(UnknownNameError, match="Did you mean 'moon'"):
        height_above("mooon", np.ones(3))


# notes of a span -----------------------------------------------------------------------
def test_an_observed_span_needs_no_note(shipped_world: World) -> None:
    day = Epoch.from_utc("2020-05-01T00:00:00Z")
    assert shipped_world.notes(day, day + 86400.0) == ()
    assert shipped_world.notes(day + 86400.0, day) == ()


def test_notes_say_what_is_not_observed(shipped_world: World) -> None:
    start = Epoch.from_utc("2020-05-01T00:00:00Z")
    both = shipped_world.notes(start, Epoch.from_utc("2027-03-01T00:00:00Z"))
    assert len(both) == 2
    assert both[0].startswith("Earth orientation is predicted at the end of the span: IERS")
    assert "m at the equator" in both[0]
    assert both[1].startswith("space weather is predicted at the end of the span: a prediction")
    later = shipped_world.notes(start, Epoch.from_utc("2050-01-01T00:00:00Z"))
    assert "Earth orientation is held" in later[0]
    assert "the last solar cycle repeated beyond the table's end on 2041-10-01" in later[1]
    # backward in time the later end still counts
    assert shipped_world.notes(Epoch.from_utc("2050-01-01T00:00:00Z"), start) == later


def test_the_turn_from_observed_to_predicted_is_on_its_day(shipped_world: World) -> None:
    weather = shipped_world.space_weather
    seen = dt.date.fromisoformat(weather.last_observed)
    noon = [
        Epoch.from_utc(f"{(seen + dt.timedelta(days=k)).isoformat()}T12:00:00Z") for k in (0, 1)
    ]
    assert [weather.status(e) for e in noon] == ["observed", "predicted"]
    assert [weather.at(e).kind for e in noon] == ["observed", "predicted"]
    far = Epoch.from_utc("2055-01-01T00:00:00Z")
    assert weather.status(far) == weather.at(far).kind == "extrapolated"
