"""What the catalogue ships: sources, agreement of its figures, and the timeline that follows."""

from __future__ import annotations

import contextlib
import functools
import math
import re
from typing import Any

import jsonschema
import pytest

from cosmodrome import catalog
from cosmodrome.catalog.burning import burn_time_s
from cosmodrome.catalog.files import leaves_of, shipped_text
from cosmodrome.errors import UnknownNameError
from cosmodrome.formats.quantity import DIMENSIONS, TextFault, parse_number, parse_quantity
from cosmodrome.formats.yaml_text import read
from cosmodrome.mission.published import json_schema

SOYUZ = ("soyuz-2.1a", "soyuz-2.1b", "soyuz-2.1b-fregat")
VEHICLES = catalog.vehicle_names()
SITES = catalog.site_names()
G0 = 9.80665


def test_what_is_shipped() -> None:
    assert set(VEHICLES) == {
        *SOYUZ,
        *("soyuz-st-b-fregat-mt", "soyuz-2.1v", "angara-1.2", "angara-a5", "proton-m"),
        *("angara-a5-three-stage", "pslv-xl", "gslv-mk2", "lvm3", "h-iia-202", "vega"),
        *("ariane-5-eca", "ariane-62", "ariane-64", "falcon-9-b5", "electron", "atlas-v-551"),
        *("delta-ii-7920", "delta-iii-betts", "saturn-v-as506", "astra-rocket-3"),
    }
    assert set(SITES) == {
        *("vostochny", "baikonur", "plesetsk", "kourou", "ccsfs", "vandenberg", "wallops"),
        *("sriharikota", "tanegashima", "uchinoura", "mahia", "jiuquan", "taiyuan", "xichang"),
        *("wenchang", "haikou", "naro", "alcantara", "kodiak", "andoya", "esrange", "saxavord"),
        *("starbase", "sealaunch"),
    }
    assert [s.id for s in catalog.vehicle("soyuz-2.1b-fregat").stages] == [
        "strap-ons",
        "core",
        "third",
        "fregat",
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("vehicles", v) for v in VEHICLES] + [("sites", s) for s in SITES],
)
def test_every_figure_has_a_readable_source_and_a_status(kind: str, name: str) -> None:
    leaves = leaves_of(kind, name)
    assert len(leaves) >= 3
    for path, leaf in leaves:
        if path.startswith(("drag.mach", "drag.cd")) or path == "fairing.pieces":
            continue  # the table has one source of its own; pieces are no measure
        assert leaf.status in {"published", "estimated", "measured"}, path
        assert leaf.source is not None, path
        # a citation a person can follow, not a key or an address
        assert len(leaf.source.split()) >= 3, path
        assert not re.search(r"https?:|@|/", leaf.source), path
        if leaf.status == "estimated" and "estimate of this project" in leaf.source:
            assert leaf.note or path.endswith(_EVIDENT), path


# estimates that the documentation explains for all vehicles, or the line beside them does
_EVIDENT = (".level", ".at", ".0", ".1", "_delay_s", "delay_s", "slew_rate_rad_s", "settling_s")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("vehicles", v) for v in VEHICLES] + [("sites", s) for s in SITES],
)
def test_every_file_fits_the_published_schema(kind: str, name: str) -> None:
    node, faults = read(shipped_text(kind, name), f"{name}.yaml")
    assert not faults
    _schema(kind).validate(node)


@functools.cache
def _schema(kind: str) -> jsonschema.Draft202012Validator:
    whole = json_schema()
    model = {"vehicles": "VehicleFile", "sites": "SiteFile"}[kind]
    part = {"$ref": f"#/$defs/{model}", "$defs": whole["$defs"]}
    return jsonschema.Draft202012Validator(part)


def test_the_published_schema_refuses_what_the_reader_refuses() -> None:
    text = shipped_text("vehicles", "vega").replace("confidence: B", "confidence: D")
    node, _ = read(text, "vega.yaml")
    with pytest.raises(jsonschema.ValidationError):
        _schema("vehicles").validate(node)


@pytest.mark.parametrize("name", VEHICLES)
def test_every_figure_names_its_place_in_the_noun(name: str) -> None:
    vehicle = catalog.vehicle(name)
    assert len(vehicle.figures) > 25
    judged = 0
    for path, figure in vehicle.figures.items():
        value = _at(vehicle, path)
        if path == "drag.cd":
            continue  # a table
        if path.endswith(".propellant_kg"):
            # the file has the load at engine start, the noun what is on board at lift-off
            value += _at(vehicle, path.replace("propellant", "burnt_before_liftoff"))
        assert any(value == pytest.approx(v, abs=1e-12) for v in _readings(figure.text)), path
        judged += 1
    assert judged >= 25


def _at(thing: Any, path: str) -> Any:
    for word in path.split("."):
        if isinstance(thing, tuple):
            named = [v for v in thing if word in (getattr(v, "id", ""), getattr(v, "name", ""))]
            thing = named[0] if named else thing[int(word)]
        else:
            thing = getattr(thing, word)
    return thing


def _readings(text: str) -> list[float]:
    """What a text may mean, in any dimension that takes it."""
    found: list[float] = []
    for dimension in DIMENSIONS:
        try:
            found.append(parse_quantity(text, dimension))
        except TextFault:
            continue
    with contextlib.suppress(TextFault):
        found.append(parse_number(text))
    return found


@pytest.mark.parametrize("name", SITES)
def test_every_figure_of_a_site_names_its_place_in_the_noun(name: str) -> None:
    site = catalog.site(name)
    for path, figure in site.figures.items():
        value = _at(site, path)
        assert any(value == pytest.approx(v, abs=1e-12) for v in _readings(figure.text)), path


def test_the_three_vehicles_share_their_lower_stages() -> None:
    a, b, f = (catalog.vehicle(v) for v in SOYUZ)
    st = catalog.vehicle("soyuz-st-b-fregat-mt")
    assert st.stages[:3] == f.stages[:3]
    assert (st.fairing, st.drag, st.adapter_kg) == (f.fairing, f.drag, f.adapter_kg)
    assert a.stages[:2] == b.stages[:2] == f.stages[:2]
    assert a.fairing == b.fairing == f.fairing
    assert a.drag == b.drag == f.drag
    # with Fregat the third stage also carries the interstage
    third, under = b.stage("third"), f.stage("third")
    assert sum(c.mass_kg for c in under.consumables) == 400.0 + sum(
        c.mass_kg for c in third.consumables
    )
    assert not third.suborbital
    assert under.suborbital


def test_loads_thrusts_and_consumables_of_the_r7() -> None:
    # Soyuz CSG User's Manual and the SpaceBallistics model: peroxide and nitrogen are beyond
    # fuel and oxidiser, about nine tonnes in all
    v = catalog.vehicle("soyuz-2.1b")
    strap, core, third = v.stages
    lower = [(strap.count, c) for c in strap.consumables] + [(1, c) for c in core.consumables]
    assert sum(n * c.mass_kg for n, c in lower) == pytest.approx(9050.0, abs=10.0)
    assert strap.count == 4
    assert strap.throttle == ((0.0, 0.78), (6.0, 1.0), (112.0, 0.81))
    assert strap.cutoff_s == 117.7
    assert third.usable_kg == pytest.approx(22_946.0)
    assert third.jettisons[0].mass_kg == 441.0
    # the command comes before the usable propellant ends, and not by much
    spent = strap.mass_flow_kg_s * (0.78 * 6.0 + 106.0 + 0.81 * 5.7)
    assert 0.0 < strap.usable_kg - spent < 0.005 * strap.load_kg


def _step_depletion(usable: float, flow: float, at: float, level: float) -> float:
    """When a tank runs dry that is emptied at full flow until `at` and at `level` after it."""
    assert flow * at < usable
    return at + (usable - flow * at) / (level * flow)


def test_the_timeline_follows_from_loads_thrust_and_rules() -> None:
    # by hand from the published figures: load at engine start, less 15 s at a quarter of full
    # flow on the core, less the unusable remains; 985.8 kN at 320.6 s; verniers alone (4 x 10.72
    # of 320.8 kg/s) from T+281.4 s
    flow = 985_800.0 / (G0 * 320.6)
    usable = 63_709.0 + 26_848.0 - 15.0 * 0.25 * flow - 950.0
    core_off = _step_depletion(usable, flow, 281.4, 4 * 10.72 / 320.8)
    third_off = core_off + 22_946.0 / (294_300.0 / (G0 * 359.0))

    v = catalog.vehicle("soyuz-2.1b-fregat")
    strap, core, third, fregat = v.stages
    assert strap.cutoff_s is not None
    assert burn_time_s(core) == pytest.approx(core_off, abs=0.1)
    assert (core.ignition.kind, third.ignition.kind) == ("lift-off", "after")
    assert third.ignition.stage == "core"
    assert fregat.ignition.kind == "free"
    lit = burn_time_s(core) + third.ignition.delay_s
    assert lit + burn_time_s(third) == pytest.approx(third_off, abs=0.1)

    # Soyuz CSG User's Manual, typical mission: 118.1, 286, 287.6, 300.4, 558.6 and 561.9 s;
    # Luna-25: third stage and Fregat part at T+564 s
    assert strap.cutoff_s + strap.separation_delay_s == pytest.approx(118.1, abs=0.5)
    assert burn_time_s(core) == pytest.approx(286.0, abs=0.5)
    assert burn_time_s(core) + core.separation_delay_s == pytest.approx(287.6, abs=0.5)
    assert lit + third.jettisons[0].after_ignition_s == pytest.approx(300.4, abs=0.5)
    assert lit + burn_time_s(third) == pytest.approx(558.6, abs=3.0)
    assert lit + burn_time_s(third) == pytest.approx(560.0, abs=3.0)
    assert lit + burn_time_s(third) + third.separation_delay_s == pytest.approx(564.0, abs=1.0)


def test_the_older_third_stage_stops_when_it_did_on_soyuz_ms_25() -> None:
    # flown times of Soyuz MS-25 (23 March 2024): core separation 287.7 s, cut-off 525.93 s
    core, third = catalog.vehicle("soyuz-2.1a").stages[1:]
    cutoff = burn_time_s(core) + third.ignition.delay_s + burn_time_s(third)
    assert cutoff == pytest.approx(525.93, abs=3.0)


def test_acceleration_before_the_strap_ons_throttle() -> None:
    # Soyuz CSG User's Manual, typical mission: 3.981 g at T+112 s; drag is below one per cent
    v = catalog.vehicle("soyuz-2.1b-fregat")
    strap, core = v.stages[:2]
    mass = 1_700.0 + v.adapter_kg + 2_900.0
    for s in v.stages:
        mass += s.count * (s.dry_mass_kg + s.load_kg + sum(c.mass_kg for c in s.consumables))
    thrust = 0.0
    for s in (strap, core):
        thrust += s.count * s.thrust_vacuum_n
        peroxide = sum(c.flow_kg_s or 0 for c in s.consumables)
        ramp = 0.22 * 6.0 if s is strap else 0.0  # below full thrust for six seconds
        mass -= s.count * ((112.0 - ramp) * s.mass_flow_kg_s + 112.0 * peroxide)
    assert thrust / mass / G0 == pytest.approx(3.981, rel=0.05)


@pytest.mark.parametrize("name", SOYUZ)
def test_it_lifts_off(name: str) -> None:
    # on the intermediate level thrust just passes weight, also with ten tonnes on top;
    # at full thrust the R-7 has about 1.4 times its weight
    v = catalog.vehicle(name)
    assert v.liftoff_mass_kg is not None
    mass = v.adapter_kg + 1_700.0 + 10_000.0
    for s in v.stages:
        mass += s.count * (s.dry_mass_kg + s.load_kg + sum(c.mass_kg for c in s.consumables))
    strap, core = v.stages[:2]
    lost = 101_325.0 * (4 * strap.exit_area_m2 + core.exit_area_m2)
    partly = 4 * 0.78 * strap.thrust_vacuum_n + core.thrust_vacuum_n - lost
    assert 1.03 < partly / (mass * G0) < 1.08
    full = 4 * strap.thrust_vacuum_n + core.thrust_vacuum_n - lost
    assert 1.3 < full / (v.liftoff_mass_kg * G0) < 1.4


@pytest.mark.parametrize("name", SOYUZ)
def test_closure_stays_within_what_the_docs_list(name: str) -> None:
    rows = catalog.closure(catalog.vehicle(name))
    by = {(r.stage, r.quantity): r.misfit for r in rows}
    assert len(rows) >= 9
    assert abs(by["strap-ons", "sea-level Isp"]) < 3e-4
    assert abs(by["core", "sea-level Isp"]) < 1e-4
    assert by["strap-ons", "full-flow burn time"] == pytest.approx(-0.023, abs=0.001)
    assert abs(by["core", "burn time, by its thrust programme"]) < 1e-3
    assert abs(by["third", "burn time"]) < 7.5e-3
    # a sum of masses without spacecraft lies below the stated mass, by less than 12 t
    assert -0.0386 < by["", "lift-off mass without spacecraft"] < 0.0
    if name.endswith("fregat"):
        # 5,350 kg at 19.85 kN and 333.2 s last 881 s, not the 920 s printed
        assert by["fregat", "burn time"] == pytest.approx(-0.052, abs=0.001)


@pytest.mark.parametrize(
    ("name", "pad", "latitude", "longitude", "first", "last"),
    [
        ("vostochny", "1S", 51.88435, 128.33475, 340.0, 95.0),
        ("baikonur", "31/6", 45.9959, 63.56448, 355.0, 65.0),
        ("plesetsk", "43/3", 62.92689, 40.45097, 330.0, 90.0),
    ],
)
def test_sites(
    name: str, pad: str, latitude: float, longitude: float, first: float, last: float
) -> None:
    site = catalog.site(name)
    assert site.pad == pad
    assert math.degrees(site.latitude_rad) == pytest.approx(latitude, abs=1e-12)
    assert math.degrees(site.longitude_rad) == pytest.approx(longitude, abs=1e-12)
    (corridor,) = site.corridors
    assert math.degrees(corridor.first_rad) == pytest.approx(first)
    assert math.degrees(corridor.last_rad) == pytest.approx(last)
    assert site.figures["corridors.0.first_rad"].status == "estimated"


def test_vostochny_names_its_drop_zones_without_polygons() -> None:
    zones = catalog.site("vostochny").drop_zones
    assert {z.body for z in zones} == {"strap-ons", "core", "fairing"}
    assert all(z.polygon_rad == () for z in zones)


def test_other_pads_of_a_site() -> None:
    cape = catalog.site("ccsfs")
    assert [p.id for p in cape.pads] == ["LC-39A", "SLC-41", "SLC-37B"]
    apollo = cape.at_pad("LC-39A")
    assert math.degrees(apollo.latitude_rad) == pytest.approx(28.6083)
    assert math.degrees(apollo.longitude_rad) == pytest.approx(-80.6041)
    assert (apollo.pad, apollo.height_m, apollo.corridors) == (
        "LC-39A",
        cape.height_m,
        cape.corridors,
    )
    assert cape.at_pad("SLC-40") is cape
    with pytest.raises(KeyError):
        cape.at_pad("LC-34")


def test_inclinations_named_for_a_site() -> None:
    named = catalog.site("vostochny").inclinations_rad
    assert [math.degrees(low) for low, _ in named] == pytest.approx([51.7, 64.8, 98.0])
    assert all(low == high for low, high in named)
    ((low, high),) = catalog.site("andoya").inclinations_rad
    assert (math.degrees(low), math.degrees(high)) == pytest.approx((87.4, 108.0))


@pytest.mark.parametrize("name", SITES)
def test_no_site_is_asked_for_an_inclination_below_its_latitude(name: str) -> None:
    # spherical geometry: no direct launch reaches an inclination below the latitude; the lists
    # round, and measure the latitude at other pads
    site = catalog.site(name)
    for low, _ in site.inclinations_rad:
        assert math.degrees(low) > abs(math.degrees(site.latitude_rad)) - 1.4


def test_unknown_names_teach() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'soyuz-2\.1b-fregat'"):
        catalog.vehicle("soyuz-2.1b-fregatt")
    with pytest.raises(UnknownNameError, match="Did you mean 'plesetsk'"):
        catalog.site("plesetks")


def test_listing_shows_every_figure_and_what_is_estimated() -> None:
    entries = {e.id: e for e in catalog.listing()}
    assert list(entries) == [*SITES, *VEHICLES]
    fregat = entries["soyuz-2.1b-fregat"]
    figures = dict(fregat.figures)
    assert figures["stages.fregat.propellant_kg"].text == "5350 kg"
    assert "stages.fregat.slew_rate_rad_s" in fregat.estimated
    assert "drag.cd" in fregat.estimated
    assert "stages.core.thrust_vacuum_n" not in fregat.estimated
    assert entries["vostochny"].kind == "site"
    assert entries["vostochny"].notes
