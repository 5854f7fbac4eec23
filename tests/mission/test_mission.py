"""Missions: what is read, what is assumed, and that the resolved file says it all."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cosmodrome import catalog, mission
from cosmodrome.errors import MissionFileError, UnknownNameError
from cosmodrome.mission.target_file import highest_sun_synchronous_m
from cosmodrome.world.epoch import Epoch

sys.path.insert(0, str(Path(__file__).parent))
from bad_files import MISSION, SITE, VEHICLE

CIRCULAR = MISSION.replace(
    'kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"',
    "kind: circular\n  altitude: 400 km\n  inclination: 51.6 deg",
)
ELLIPTIC = MISSION.replace(
    'kind: sun-synchronous\n  altitude: 820 km +- 5 km\n  ltan: "15:00 +- 2 min"',
    "kind: elliptic\n  perigee: 250 km +- 10 km\n  apogee: 35786 km +- 100 km\n"
    "  inclination: 51.8 deg\n  argument_of_perigee: 270 deg",
)


def same(one: mission.Mission, other: mission.Mission) -> bool:
    """Equal but for the name of the file they were read from."""
    return dataclasses.replace(one, source="") == dataclasses.replace(other, source="")


def test_the_shipped_mission_in_si() -> None:
    m = mission.load("vostochny-sso")
    assert m.site is catalog.site("vostochny")
    assert m.vehicle is catalog.vehicle("soyuz-2.1b-fregat")
    assert m.spacecraft == mission.Spacecraft("spacecraft", 2900.0, 12.0, 2.2, 12.0, 1.3)
    assert m.launch.time is None
    assert m.launch.window == (
        Epoch.from_utc("2027-03-01T00:00:00Z"),
        Epoch.from_utc("2027-03-03T00:00:00Z"),
    )
    assert m.target.kind == "sun-synchronous"
    assert m.target.semi_major_axis_m == mission.Quantity(7_198_137.0, 5_000.0)
    assert m.target.ltan_s == mission.Quantity(54_000.0, 120.0)
    assert m.target.eccentricity == mission.Quantity(0.0, 0.001)
    assert m.target.inclination_rad is None
    assert m.target.inclination_tolerance_rad == pytest.approx(math.radians(0.05))
    assert m.limits.dynamic_pressure_pa == 45_000.0
    assert m.limits.heat_flux_w_m2 == 1135.0
    assert m.limits.axial_acceleration_m_s2 == pytest.approx(6 * 9.80665)
    assert m.limits.q_alpha_pa_rad is None
    assert m.plan == (mission.Coast(86_400.0),)
    assert m.physics == mission.PhysicsModel(70, 70, ("sun", "moon"), "nrlmsise00", True)


def test_the_shipped_missions_are_sound_and_can_be_scaffolded() -> None:
    assert "vostochny-sso" in mission.shipped_missions()
    for name in mission.shipped_missions():
        beside = mission.shipped_path(name).parent  # where the files it names are found
        assert same(mission.load(name), mission.loads(mission.scaffold(name), folder=beside))
    with pytest.raises(UnknownNameError, match="vostochny-sso"):
        mission.scaffold("vostochny-so")


@pytest.mark.parametrize("text", [MISSION, CIRCULAR, ELLIPTIC])
def test_resolved_loads_back_to_the_same_mission(text: str) -> None:
    first = mission.loads(text)
    second = mission.loads(first.resolved)
    assert same(first, second)
    assert second.resolved == first.resolved


def test_resolved_holds_a_vehicle_and_a_site_of_ones_own(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "dart.yaml").write_text(VEHICLE, "utf-8")
    (tmp_path / "cape.yaml").write_text(SITE, "utf-8")
    file = tmp_path / "trial.yaml"
    text = MISSION.replace("soyuz-2.1b-fregat", "mine/dart.yaml")
    file.write_text(text.replace("site: vostochny", "site: cape.yaml"), "utf-8")
    first = mission.load(file)
    assert first.vehicle.id == "dart"
    assert first.site.latitude_rad == pytest.approx(math.radians(10.5))
    assert first.site.drop_zones[0].polygon_rad[2] == pytest.approx(
        (math.radians(8.0), math.radians(22.0))
    )
    (town,) = first.site.keep_out
    assert town.name == "Town"
    assert town.polygon_rad[1] == pytest.approx((math.radians(11.0), math.radians(-179.0)))
    # the resolved text needs no other file, wherever it lies
    second = mission.loads(first.resolved, folder=tmp_path / "nowhere")
    assert same(first, second)


def test_every_default_is_written_out() -> None:
    text = MISSION.replace("limits: {dynamic_pressure: 45 kPa}\n", "")
    text = text[: text.index("plan:")].replace("  drag_area: 12 m^2\n", "")
    text = text.replace(" +- 5 km", "").replace(" +- 2 min", "")
    assert yaml.load(mission.loads(text).resolved, yaml.BaseLoader) == {
        "schema": "cosmodrome/1",
        "name": "Trial",
        "site": "vostochny",
        "vehicle": "soyuz-2.1b-fregat",
        "spacecraft": {
            "id": "spacecraft",
            "mass": "2900 kg",
            "drag_area": "10 m^2",
            "drag_coefficient": "2.2",
            "srp_area": "10 m^2",
            "reflectivity": "1.3",
        },
        "launch": {"window": "2027-03-01T00:00Z / 2027-03-03T00:00Z"},
        "objective": "margin",
        "target": {
            "kind": "sun-synchronous",
            "altitude": "820 km +- 5 km",
            "ltan": "15:00 +- 2 min",
            "eccentricity": "0 +- 0.001",
            "inclination_tolerance": "0.05 deg",
        },
        "limits": {"coast_altitude": "160 km", "corridor": "site"},
        "plan": [],
        "physics": {
            "gravity": "70x70",
            "third_bodies": ["sun", "moon"],
            "drag": "nrlmsise00",
            "radiation_pressure": "true",
        },
    }


def test_an_elliptic_target_from_its_two_altitudes() -> None:
    target = mission.loads(ELLIPTIC).target
    low, high = 6_378_137.0 + 250e3, 6_378_137.0 + 35_786e3
    a, e = target.semi_major_axis_m.value, target.eccentricity.value
    assert a * (1.0 - e) == pytest.approx(low)
    assert a * (1.0 + e) == pytest.approx(high)
    # both ends of the half-widths stay inside those of a and e
    for dp in (-10e3, 10e3):
        for da in (-100e3, 100e3):
            moved_a = 0.5 * (low + dp + high + da)
            moved_e = (high + da - low - dp) / (2.0 * moved_a)
            assert abs(moved_a - a) <= target.semi_major_axis_m.tolerance * (1 + 1e-12)
            assert abs(moved_e - e) <= target.eccentricity.tolerance * 1.01
    assert target.argument_of_perigee_rad is not None
    assert target.argument_of_perigee_rad.value == pytest.approx(1.5 * math.pi)
    assert target.raan_rad is None
    assert target.ltan_s is None


def test_the_highest_sun_synchronous_orbit() -> None:
    # Boain, "A-B-Cs of Sun-Synchronous Orbit Mission Design", AAS 04-108 (2004): the highest
    # circular one stands near 5,980 km, where the inclination reaches 180 deg
    assert highest_sun_synchronous_m() == pytest.approx(5_975e3, abs=10e3)


def test_limits_come_from_the_vehicle_unless_written_or_lifted(tmp_path: Path) -> None:
    limits = "limits: {dynamic_pressure: 40 kPa, q_alpha: 150 kPa deg}\n"
    (tmp_path / "dart.yaml").write_text(VEHICLE + limits, "utf-8")
    text = MISSION.replace("soyuz-2.1b-fregat", "dart.yaml")
    m = mission.loads(text, folder=tmp_path)
    assert m.limits.dynamic_pressure_pa == 45e3
    assert m.limits.q_alpha_pa_rad == pytest.approx(150e3 * math.pi / 180.0)
    assert same(m, mission.loads(m.resolved))
    lifted = mission.loads(
        text.replace("dynamic_pressure: 45 kPa", "q_alpha: none"), folder=tmp_path
    )
    assert lifted.limits.dynamic_pressure_pa == 40e3
    assert lifted.limits.q_alpha_pa_rad is None
    # nor does the vehicle hold it any more, for whoever asks for the stricter of the two
    assert lifted.vehicle.limits.stricter(lifted.limits).q_alpha_pa_rad is None
    assert lifted.vehicle.limits.dynamic_pressure_pa == 40e3
    assert same(lifted, mission.loads(lifted.resolved))


def test_a_floor_of_coasts_is_assumed_below_the_target(tmp_path: Path) -> None:
    assert mission.loads(MISSION).limits.coast_altitude_m == 160e3
    assert mission.loads(MISSION).limits.perigee_altitude_m is None
    low = MISSION.replace("kind: sun-synchronous", "kind: circular\n  inclination: 60 deg")
    low = low.replace("820 km +- 5 km", "155 km")
    assert mission.loads(low).limits.coast_altitude_m == pytest.approx(145e3)
    open_ = MISSION[: MISSION.index("target:")] + "target: {kind: c3, c3: 10 km^2/s^2}\n"
    assert mission.loads(open_).limits.coast_altitude_m == 160e3
    floors = "limits: {coast_altitude: 170 km, perigee: 180 km}\n"
    (tmp_path / "dart.yaml").write_text(VEHICLE + floors, "utf-8")
    text = MISSION.replace("soyuz-2.1b-fregat", "dart.yaml")
    m = mission.loads(text, folder=tmp_path)
    assert (m.limits.coast_altitude_m, m.limits.perigee_altitude_m) == (170e3, 180e3)
    assert same(m, mission.loads(m.resolved))
    lifted = text.replace("dynamic_pressure: 45 kPa", "coast_altitude: none, perigee: none")
    m = mission.loads(lifted, folder=tmp_path)
    assert (m.limits.coast_altitude_m, m.limits.perigee_altitude_m) == (None, None)
    assert same(m, mission.loads(m.resolved))


def test_the_objective_goes_with_the_mass() -> None:
    free = MISSION.replace("2900 kg", "maximum")
    assert mission.loads(MISSION).objective == "margin"
    assert mission.loads(free).objective == "payload"
    assert mission.loads(free + "objective: payload\n").objective == "payload"
    soon = mission.loads(MISSION + "objective: time\n")
    assert soon.objective == "time"
    assert same(soon, mission.loads(soon.resolved))
    for text in (free + "objective: time\n", free + "objective: margin\n"):
        with pytest.raises(MissionFileError, match="Write a mass, or objective: payload"):
            mission.loads(text)


def test_a_node_follows_the_instant_unless_it_is_held() -> None:
    window = "window: 2027-03-01T00:00Z / 2027-03-03T00:00Z"
    assert mission.loads(MISSION).launch.node == "follows"
    given_ = mission.loads(MISSION.replace(window, "time: 2027-03-01T05:40Z"))
    assert given_.launch.node == "follows"
    held = mission.loads(MISSION.replace(window, "time: 2027-03-01T05:40Z\n  node: held"))
    assert held.launch.node == "held"
    for m in (given_, held):
        assert same(m, mission.loads(m.resolved))


def test_stations_and_what_they_must_see() -> None:
    more = """\
stations: [{id: yakutsk, lat: 62 deg, lon: 230 deg, height: 100 m}]
visibility:
  - {event: spacecraft separation, any_of: [yakutsk, plesetsk]}
  - {from: fairing jettison, until: core separation, any_of: [vostochny], elevation: 12 deg}
"""
    m = mission.loads(MISSION + more)
    first, second = m.visibility
    assert str(first) == "spacecraft separation in view of yakutsk or plesetsk"
    assert str(second) == "from fairing jettison until core separation in view of vostochny"
    assert (first.event, first.since) == ("spacecraft separation", "")
    assert (second.event, second.since) == ("core separation", "fairing jettison")
    own, site = first.stations
    assert math.degrees(own.latitude_rad) == pytest.approx(62.0)
    assert math.degrees(own.longitude_rad) == pytest.approx(-130.0)
    assert own.height_m == 100.0
    assert math.degrees(own.mask_rad) == pytest.approx(5.0)
    assert site.id == "plesetsk"
    assert math.degrees(site.latitude_rad) == pytest.approx(62.9, abs=0.2)
    (pad,) = second.stations
    assert (pad.latitude_rad, pad.height_m) == (m.site.latitude_rad, m.site.height_m)
    assert math.degrees(pad.mask_rad) == pytest.approx(12.0)
    assert same(m, mission.loads(m.resolved))
    assert mission.loads(MISSION).visibility == ()


def test_a_stations_horizon_by_azimuth() -> None:
    more = """\
stations:
  - {id: yakutsk, lat: 62 deg, lon: 129 deg}
  - id: valley
    lat: 50 deg
    lon: 10 deg
    horizon: [{az: 0 deg, el: 3 deg}, {az: 180 deg, el: 12 deg}, {az: 270 deg, el: 5 deg}]
visibility: [{event: spacecraft separation, any_of: [valley]}]
"""
    m = mission.loads(MISSION + more)
    plain, valley = m.stations
    assert plain.mask_table_rad == ()
    degrees = [[math.degrees(x) for x in row] for row in valley.mask_table_rad]
    assert [x for row in degrees for x in row] == pytest.approx([0, 3, 180, 12, 270, 5])
    # a rule of the ascent asks for the highest of the table
    assert math.degrees(valley.mask_rad) == pytest.approx(12.0)
    assert m.visibility[0].stations == (valley,)
    assert same(m, mission.loads(m.resolved))
    assert mission.loads(m.resolved).stations == m.stations


def test_the_sites_corridor_is_kept_unless_lifted() -> None:
    kept = mission.loads(MISSION)
    assert kept.keeps_corridor
    assert yaml.load(kept.resolved, yaml.BaseLoader)["limits"]["corridor"] == "site"
    for word, keeps in (("site", True), ("none", False)):
        text = MISSION.replace("{dynamic_pressure", f"{{corridor: {word}, dynamic_pressure")
        m = mission.loads(text)
        assert m.keeps_corridor is keeps
        assert m.limits.dynamic_pressure_pa == 45e3
        assert same(m, mission.loads(m.resolved))
    # where a site has none there is nothing to write, but what was written stays
    bare = MISSION.replace("site: vostochny", "site: andoya")
    assert "corridor" not in mission.loads(bare).resolved
    lifted = bare.replace("{dynamic_pressure", "{corridor: none, dynamic_pressure")
    assert not mission.loads(mission.loads(lifted).resolved).keeps_corridor


def test_where_bodies_are_to_fall(tmp_path: Path) -> None:
    (tmp_path / "cape.yaml").write_text(SITE, "utf-8")
    (tmp_path / "dart.yaml").write_text(VEHICLE, "utf-8")
    text = MISSION.replace("vostochny", "cape.yaml").replace("soyuz-2.1b-fregat", "dart.yaml")
    m = mission.loads(
        text.replace(
            "plan:",
            "drops:\n  - {body: booster, zone: Sea}\n"
            "  - {body: fairing, range: {from: 30 km, to: 100 km}, margin: 5 km}\nplan:",
        ),
        folder=tmp_path,
    )
    sea, band = m.drops
    assert (sea.body, sea.name, sea.margin_m) == ("booster", "Sea", 1e3)
    assert sea.polygon_rad == m.site.drop_zones[0].polygon_rad
    assert (band.nearest_m, band.farthest_m, band.margin_m) == (30e3, 100e3, 5e3)
    assert band.polygon_rad == ()
    assert same(m, mission.loads(m.resolved, folder=tmp_path / "nowhere"))
    corners = "[{latitude: 60 deg, longitude: 179 deg}, {latitude: 60 deg, longitude: -179 deg},"
    own = mission.loads(
        MISSION.replace(
            "plan:",
            f"drops: [{{body: core, polygon: {corners}"
            " {latitude: 61 deg, longitude: 180 deg}]}]\nplan:",
        )
    )
    assert own.drops[0].polygon_rad[1] == pytest.approx((math.radians(60.0), math.radians(-179.0)))
    assert same(own, mission.loads(own.resolved))
    assert m.keeps_clear
    assert yaml.load(m.resolved, yaml.BaseLoader)["limits"]["keep_out"] == "site"
    lifted = mission.loads(
        text.replace("{dynamic_pressure", "{keep_out: none, dynamic_pressure"), folder=tmp_path
    )
    assert not lifted.keeps_clear


def test_maximum_mass_space_weather_and_a_claimed_azimuth() -> None:
    text = MISSION.replace("2900 kg", "maximum").replace(
        "target:", "  azimuth: {value: 343.7 deg, kind: relative}\ntarget:"
    )
    m = mission.loads(text + "space_weather: {f107: 150, f107a: 145.5, ap: 4}\n")
    assert m.spacecraft.mass_kg is None
    assert m.space_weather == mission.SpaceWeather(150.0, 145.5, 4.0)
    assert m.launch.azimuth is not None
    assert m.launch.azimuth.kind == "relative"
    assert m.launch.azimuth.value_rad == pytest.approx(math.radians(343.7))
    assert m.launch.azimuth.tolerance_rad == pytest.approx(math.radians(0.5))
    assert same(m, mission.loads(m.resolved))


def test_a_fixed_instant_in_any_scale() -> None:
    window = "window: 2027-03-01T00:00Z / 2027-03-03T00:00Z"
    utc = mission.loads(MISSION.replace(window, "time: 2027-03-01T05:41:46Z"))
    tai = mission.loads(MISSION.replace(window, "time: 2027-03-01T05:42:23TAI"))
    assert utc.launch.window is None
    assert utc.launch.time == tai.launch.time


@pytest.mark.parametrize(
    ("text", "expected"),
    [("two-body", (0, 0)), ("2x0", (2, 0)), ("20 x 10", (20, 10)), ("150x150", (150, 150))],
)
def test_gravity_fields(text: str, expected: tuple[int, int]) -> None:
    physics = mission.loads(MISSION.replace("70x70", text)).physics
    assert (physics.gravity_degree, physics.gravity_order) == expected


@given(
    st.floats(125.0, 5900.0),
    st.floats(0.01, 100.0),
    st.integers(0, 23),
    st.integers(0, 59),
    st.floats(1.0, 1e5),
)
def test_any_numbers_survive_the_round_trip(
    altitude: float, width: float, hour: int, minute: int, mass: float
) -> None:
    text = MISSION.replace("820 km +- 5 km", f"{altitude!r} km +- {width!r} km")
    text = text.replace("15:00", f"{hour:02d}:{minute:02d}").replace("2900 kg", f"{mass!r} kg")
    m = mission.loads(text)
    assert m.target.semi_major_axis_m.value == 6_378_137.0 + altitude * 1000.0
    assert m.target.ltan_s is not None
    assert m.target.ltan_s.value == 3600.0 * hour + 60.0 * minute
    assert m.spacecraft.mass_kg == mass
    assert same(m, mission.loads(m.resolved))


def test_the_json_schema_accepts_what_is_shipped_and_refuses_what_is_not() -> None:
    schema = mission.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    for name in mission.shipped_missions():
        text = mission.scaffold(name)
        for loader in (yaml.BaseLoader, yaml.SafeLoader):
            check.validate(yaml.load(text, loader))
        check.validate(yaml.load(mission.load(name).resolved, yaml.BaseLoader))
    for text in (MISSION, CIRCULAR, ELLIPTIC):
        check.validate(yaml.load(text, yaml.BaseLoader))
    own = yaml.load(MISSION, yaml.BaseLoader)
    own["vehicle"] = yaml.load(VEHICLE, yaml.BaseLoader)
    own["site"] = yaml.load(SITE, yaml.BaseLoader)
    check.validate(own)
    for old, new in (
        ("2900 kg", "2900"),
        ("launch:", "lunch:"),
        ("sun-synchronous", "lunar-orbit"),
        ("vostochny", "vostochni"),
        ("15:00", "3 pm"),
        ("+- 2 min", "about"),
        ("2027-03-01T00:00Z /", "2027-03-01T00:00 /"),
    ):
        with pytest.raises(jsonschema.ValidationError):
            check.validate(yaml.load(MISSION.replace(old, new, 1), yaml.BaseLoader))


def test_the_same_path_serves_every_way_to_name_a_vehicle(tmp_path: Path) -> None:
    shipped = catalog.vehicle("soyuz-2.1a")
    folder = Path(str(catalog.__file__)).parent / "data" / "vehicles"
    text = (folder / "soyuz-2.1a.yaml").read_text("utf-8")
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    by_path = mission.loads(
        MISSION.replace("soyuz-2.1b-fregat", "mine.yaml"), folder=tmp_path
    ).vehicle
    tree = yaml.load(MISSION, yaml.BaseLoader)
    tree["vehicle"] = yaml.load(text, yaml.BaseLoader)
    inline = mission.loads(yaml.dump(tree, sort_keys=False)).vehicle
    assert by_path == shipped
    assert inline == shipped


def test_the_nouns_come_without_pydantic_or_pint() -> None:
    code = (
        "import sys, cosmodrome.mission, cosmodrome.catalog;"
        "assert not {'pydantic', 'pint', 'yaml'} & set(sys.modules), 'loaded too early'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": _source()})


def _source() -> str:
    return str(Path(mission.__file__).parents[2])


def test_a_mission_error_is_one_error_with_every_fault() -> None:
    with pytest.raises(MissionFileError) as caught:
        mission.loads(MISSION.replace("2900 kg", "2900").replace("70x70", "70"))
    assert caught.value.exit_status == 2
    assert len(caught.value.faults) == 2
    assert str(caught.value).count("\n") == 1


def test_a_list_of_spacecraft_in_the_order_of_release() -> None:
    m = mission.load("two-sun-synchronous")
    assert m.spacecraft.id == "observer"
    assert (m.spacecraft.adapter_kg, m.spacecraft.adapter_leaves_s) == (90.0, 30.0)
    first, second = m.passengers
    assert first.target is not None
    assert first.target.semi_major_axis_m is not None
    assert first.target.semi_major_axis_m.value == 6378137.0 + 600e3
    assert (second.target, second.after_s, second.spacecraft.mass_kg) == (None, 30.0, 150.0)
    assert [c.id for c in m.crafts] == ["observer", "companion-1", "companion-2"]
    # each sees the mission as its own
    own = m.of("companion-2")
    assert own.spacecraft == second.spacecraft
    assert own.target == first.target
    assert own.passengers == ()
    assert m.of("observer").target == m.target
    with pytest.raises(KeyError):
        m.of("nobody")
    assert mission.loads(m.resolved).passengers == m.passengers
    assert mission.loads(m.resolved).spacecraft == m.spacecraft


def test_a_later_orbit_may_take_the_inclination_of_the_one_before() -> None:
    text = mission.scaffold("two-sun-synchronous")
    same = "{kind: circular, altitude: 600 km, inclination: same}"
    m = mission.loads(text.replace("{kind: sun-synchronous, altitude: 600 km +- 5 km}", same))
    target = m.passengers[0].target
    assert target is not None
    assert target.inclination_rad is None
    assert target.plane_of == m.target
    assert target.inclination_tolerance_rad == pytest.approx(math.radians(0.05))
    assert mission.loads(m.resolved).passengers == m.passengers
    # a transfer orbit that states none takes it as well: the site's cheapest is long past
    m = mission.loads(
        text.replace("{kind: sun-synchronous, altitude: 600 km +- 5 km}", "{kind: gto}")
    )
    assert m.passengers[0].target is not None
    assert m.passengers[0].target.plane_of == m.target


def test_a_list_of_one_is_that_one() -> None:
    text = mission.scaffold("vostochny-sso")
    listed = text.replace(
        "spacecraft:\n  mass: 2900 kg\n", "spacecraft:\n  - id: spacecraft\n    mass: 2900 kg\n"
    )
    for key in ("drag_area", "drag_coefficient", "reflectivity"):
        listed = listed.replace(f"\n  {key}", f"\n    {key}")
    one, other = mission.loads(text), mission.loads(listed)
    assert other.spacecraft == one.spacecraft
    assert other.passengers == ()
    assert other.resolved == one.resolved
