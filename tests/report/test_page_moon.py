"""The page of a flight to the Moon: its rows, the Moon's place and axes, the relief it carries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome import report
from cosmodrome.mission.onboard import ImagedSite
from cosmodrome.report.html import report_html
from cosmodrome.report.plain import dumps
from cosmodrome.report.tables import trajectory_columns
from cosmodrome.world import MOON_ME, World, expressed
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from tests.report import lunar, synthetic

if TYPE_CHECKING:
    from cosmodrome.report.series import Series

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def series() -> tuple[Series, ...]:
    return report.series_of(lunar.flight(), lunar.world())


@pytest.fixture(scope="module")
def page(series: tuple[Series, ...]) -> dict[str, Any]:
    return report.page_json(lunar.flight(), series, lunar.world())


def test_rows_about_the_moon_by_states_turned_one_by_one(
    series: tuple[Series, ...], shipped_world: World
) -> None:
    flight = lunar.flight()
    for leg, s in zip(flight.legs, series, strict=True):
        assert s.centre == leg.path.frame.centre
        if s.centre != "moon":
            continue
        for k in np.linspace(0, s.t_s.size - 1, 7).astype(int):
            state = leg.path.at(flight.zero + float(s.t_s[k]))
            fixed = expressed(state, MOON_ME, shipped_world)
            d = np.linalg.norm(fixed.r_m)
            assert s.altitude_m[k] == pytest.approx(d - 1_737_400.0, abs=1e-3)
            assert np.sin(s.latitude_rad[k]) == pytest.approx(fixed.r_m[2] / d, abs=1e-10)
            east = np.arctan2(fixed.r_m[1], fixed.r_m[0])
            assert np.exp(1j * s.longitude_rad[k]) == pytest.approx(np.exp(1j * east), abs=1e-8)
            assert s.speed_relative_m_s[k] == pytest.approx(np.linalg.norm(fixed.v_m_s), abs=1e-6)
            assert s.speed_inertial_m_s[k] == pytest.approx(np.linalg.norm(state.v_m_s))
        assert not s.dynamic_pressure_pa.any()
        assert np.isnan(s.mach).all()


def test_sensed_acceleration_about_the_moon_is_thrust_over_mass(series: tuple[Series, ...]) -> None:
    insertion = series[4]
    inside = (insertion.t_s > insertion.t_s[0] + 2.0) & (insertion.t_s < insertion.t_s[-1] - 2.0)
    expected = 3000.0 / insertion.mass_kg[inside]
    # what is left is the field of the Moon above the point: 1e-3 of 1.5 m/s^2 at this height
    assert insertion.acceleration_m_s2[inside] == pytest.approx(expected, abs=4e-3)
    # coasts of the whole way feel nothing, near the Moon or between the bodies
    for coast in (series[2], series[3], series[5]):
        assert np.isnan(coast.acceleration_m_s2).mean() > 0.999


def test_the_moon_between_its_samples(page: dict[str, Any]) -> None:
    moon, flight, world = page["moon"], lunar.flight(), lunar.world()
    t = np.array(moon["t_s"])
    r = np.array(moon["r_km"]).reshape(-1, 3)
    assert np.ptp(np.diff(t)) < 0.2
    assert t[0] < page["span_s"][0]
    assert t[-1] > page["span_s"][1]
    assert t[-1] - t[0] > 27.4 * 86_400.0
    # the cubic through four places, half way: the page's own formula
    half = (-r[:-3] + 9.0 * r[1:-2] + 9.0 * r[2:-1] - r[3:]) / 16.0
    middle = 0.5 * (t[1:-2] + t[2:-1])
    exact = world.ephemeris.positions_m("moon", flight.zero, middle) / 1e3
    assert np.linalg.norm(half - exact, axis=1).max() < 0.1
    turn = fixed_from_gcrf_many(world, "moon", "moon-me", flight.zero, middle).matrix
    for name, row in (("prime_gcrf", 0), ("pole_gcrf", 2)):
        u = np.array(moon[name]).reshape(-1, 3)
        mid = u[1:-2] + u[2:-1]
        mid /= np.linalg.norm(mid, axis=1, keepdims=True)
        assert np.linalg.norm(mid - turn[:, row], axis=1).max() < 5e-7  # 1 m on the ground


def test_keys_of_the_moon_are_documented(page: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "page-data.md").read_text()
    for key in page["moon"]:
        assert f"`{key}`" in text, key
    assert len(dumps(page["moon"], None)) < 40_000


def test_objects_tell_their_centre(page: dict[str, Any], series: tuple[Series, ...]) -> None:
    assert [o["centre"] for o in page["objects"]] == ["earth"] * 3 + ["moon"] * 6
    columns = trajectory_columns(series, lunar.flight().zero)
    assert set(columns["centre"]) == {"earth", "moon"}
    # where the centre changes the craft stands still: places differ by the Moon's own
    a, b = series[2], series[3]
    jump = a.r_m[-1] - b.r_m[0]
    moon = lunar.world().ephemeris.position_m("moon", lunar.flight().zero + float(a.t_s[-1]))
    assert np.linalg.norm(jump - moon) < 1e-3


def test_the_thrust_level_of_a_lander_is_of_its_own_engine(page: dict[str, Any]) -> None:
    landing = page["objects"][-1]["series"]
    level, thrust = (np.array(landing[k]) for k in ("thrust_level_pct", "thrust_kn"))
    inside = slice(1, -1)
    assert level[inside] == pytest.approx(100.0 * thrust[inside] / 3.0, abs=0.05)
    assert 30.0 < level[inside].min() < level[inside].max() < 100.0
    coast = page["objects"][3]["series"]
    assert not np.array(coast["thrust_level_pct"]).any()


def test_places_to_be_imaged_are_marked() -> None:
    flight = lunar.flight()
    site = ImagedSite("a-crater", np.radians(-57.865), np.radians(61.36), None, 1.0, (0.1, 1.5),
                      "moon")  # fmt: skip
    mission = replace(flight.mission, imaging=(site,))
    there = replace(flight, mission=mission, legs=flight.legs[3:])
    made = report.page_json(there, report.series_of(there, lunar.world()), lunar.world())
    expected = {"name": "a crater", "latitude_deg": -57.865, "longitude_deg": 61.36}
    assert made["moon"]["places"] == [expected]


def test_a_flight_that_goes_far_has_the_moon_without_flying_about_it() -> None:
    flight = lunar.flight()
    far = replace(flight, legs=flight.legs[:3])
    near = replace(flight, legs=flight.legs[:2])
    for some, shown in ((far, True), (near, False)):
        made = report.page_json(some, report.series_of(some, lunar.world()), lunar.world())
        assert (made["moon"] is not None) == shown


def test_only_a_page_that_shows_the_moon_carries_its_relief(page: dict[str, Any]) -> None:
    text = report_html(page)
    begin = text.index('id="moon-relief">') + len('id="moon-relief">')
    image = text[begin : text.index("</script>", begin)]
    assert image.startswith("data:image/webp;base64,UklGR")  # RIFF
    assert len(image) < 250_000
    flight, world = synthetic.flight(), synthetic.world()
    earth = report.page_json(flight, report.series_of(flight, world), world)
    assert earth["moon"] is None
    assert {o["centre"] for o in earth["objects"]} == {"earth"}
    assert '<script type="text/plain" id="moon-relief">' not in report_html(earth)
