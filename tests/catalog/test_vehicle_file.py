"""The vehicle and site format: what each key becomes."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cosmodrome import mission

sys.path.insert(0, str(Path(__file__).parents[1] / "mission"))
from bad_files import MISSION, SITE, VEHICLE

if TYPE_CHECKING:
    from cosmodrome.catalog import Site, Vehicle


def vehicle(folder: Path, text: str) -> Vehicle:
    (folder / "dart.yaml").write_text(text, "utf-8")
    return mission.loads(MISSION.replace("soyuz-2.1b-fregat", "dart.yaml"), folder=folder).vehicle


def site(folder: Path, text: str) -> Site:
    (folder / "cape.yaml").write_text(text, "utf-8")
    return mission.loads(MISSION.replace("site: vostochny", "site: cape.yaml"), folder=folder).site


def test_a_small_vehicle_in_si(tmp_path: Path) -> None:
    v = vehicle(tmp_path, VEHICLE)
    booster, upper = v.stages
    assert v.figures == {}
    assert v.adapter_kg == 0.0
    assert v.liftoff_mass_kg is None
    assert v.fairing is not None
    assert (v.fairing.mass_kg, v.fairing.time_s, v.fairing.heat_flux_w_m2) == (50.0, 150.0, None)
    assert v.fairing.pieces == 2
    assert v.drag.mach == (0.0, 1.0, 5.0)
    assert v.drag.area_m2 == 3.0
    assert booster.count == 2
    assert booster.usable_kg == 8910.0
    # (200 - 170) kN over one standard atmosphere
    assert booster.exit_area_m2 == pytest.approx(30_000.0 / 101_325.0)
    assert booster.mass_flow_kg_s == pytest.approx(200_000.0 / (9.80665 * 300.0))
    assert upper.residual_kg == 0.0
    assert upper.thrust_sea_level_n is None
    assert (upper.ignition.stage, upper.ignition.delay_s) == ("booster", 3.0)


def test_a_partial_load_leaves_the_tanks_as_they_are(tmp_path: Path) -> None:
    v = vehicle(tmp_path, VEHICLE.replace("propellant: 2 t", "propellant: 2 t\n    load: 1.2 t"))
    upper = v.stage("upper")
    assert (upper.propellant_kg, upper.load_kg) == (2000.0, 1200.0)
    assert v.stage("booster").load_kg == 9000.0


def test_usable_is_the_other_way_to_write_residual(tmp_path: Path) -> None:
    v = vehicle(tmp_path, VEHICLE.replace("residual: 90 kg", "usable: 8.91 t"))
    assert v.stage("booster").residual_kg == pytest.approx(90.0)


def test_what_is_burnt_on_the_pad_is_not_on_board_at_lift_off(tmp_path: Path) -> None:
    text = VEHICLE.replace("residual: 90 kg", "residual: 90 kg\n    burnt_before_liftoff: 100 kg")
    booster = vehicle(tmp_path, text).stage("booster")
    assert (booster.propellant_kg, booster.load_kg, booster.usable_kg) == (8900.0, 8900.0, 8810.0)


def test_every_other_key(tmp_path: Path) -> None:
    text = VEHICLE.replace(
        "    ignition: {after: booster, delay: 3 s}",
        """\
    ignition: {with: free}
    restarts: 4
    throttle: {range: [40 %, 100 %]}
    settling: {for: 20 s, flow: 0.1 kg/s}
    ignition_loss: 3 kg
    burn_time: 267 s
    separation_delay: 2 s
    consumables: [{name: helium, mass: 5 kg}, {name: peroxide, mass: 9 kg, flow: 0.1 kg/s}]
    jettisons: [{name: skirt, mass: 20 kg, after_ignition: 9 s}]
    interstage: 70 kg
    slew_rate: 2 deg/s
    attitude_reference: {zero: value, value: 45 deg}
    ballistic_cd_area: 4 m^2
    suborbital: true
limits: {axial_acceleration: 5 g0}
adapter: 30 kg
liftoff_mass: 23 t
notes: [small]
payloads: [{mass: 300 kg, orbit: 500 km, site: Cape, kind: rating}]""",
    ).replace("{with: lift-off}", "{with: lift-off, at: -3 s}\n    cutoff: {at: 100 s}")
    v = vehicle(tmp_path, text)
    upper, booster = v.stage("upper"), v.stage("booster")
    assert upper.ignition.kind == "free"
    assert upper.restarts == 4
    assert upper.throttle_range == pytest.approx((0.4, 1.0))
    assert (upper.settling_s, upper.settling_flow_kg_s) == (20.0, 0.1)
    assert upper.ignition_loss_kg == 3.0
    assert upper.burn_time_s == 267.0
    assert upper.separation_delay_s == 2.0
    assert [(c.name, c.mass_kg, c.flow_kg_s) for c in upper.consumables] == [
        ("helium", 5.0, None),
        ("peroxide", 9.0, 0.1),
        ("interstage", 70.0, None),
    ]
    assert upper.jettisons[0].after_ignition_s == 9.0
    assert upper.slew_rate_rad_s == pytest.approx(math.radians(2.0))
    assert upper.attitude_reference is not None
    assert upper.attitude_reference.value_rad == pytest.approx(math.radians(45.0))
    assert upper.ballistic_cd_area_m2 == 4.0
    assert upper.suborbital
    assert booster.ignition.delay_s == -3.0
    assert booster.cutoff_s == 100.0
    assert v.limits.axial_acceleration_m_s2 == pytest.approx(5 * 9.80665)
    assert (v.adapter_kg, v.liftoff_mass_kg) == (30.0, 23_000.0)
    assert v.notes == ("small", "300 kg rated to 500 km from Cape")
    assert v.payloads[0].mass_kg == 300.0
    assert v.payloads[0].figure is None


def test_the_least_free_flight_before_a_stage(tmp_path: Path) -> None:
    def upper(rule: str) -> tuple[str, str, float]:
        text = VEHICLE.replace("{after: booster, delay: 3 s}", rule)
        ignition = vehicle(tmp_path, text).stage("upper").ignition
        return ignition.kind, ignition.stage, ignition.delay_s

    assert upper("{with: free, delay: 20 s}") == ("free", "", 20.0)
    assert upper("{with: free}") == ("free", "", 0.0)
    assert upper("{after: booster, delay: -2 s}") == ("after", "booster", -2.0)


def test_a_solid_with_a_thrust_curve_and_one_lit_in_the_air(tmp_path: Path) -> None:
    text = VEHICLE.replace(
        "    thrust_sea_level: 170 kN",
        "    kind: solid\n    thrust_curve: [{at: 0 s, level: 90 %}, {at: 60 s, level: 1.2},"
        " {at: 130 s, level: 0}]",
    ).replace("{after: booster, delay: 3 s}", "{after: lift-off, delay: 25 s}")
    booster, upper = vehicle(tmp_path, text).stages
    assert booster.solid
    assert not upper.solid
    assert booster.thrust_curve == ((0.0, 0.9), (60.0, 1.2), (130.0, 0.0))
    assert (upper.ignition.kind, upper.ignition.stage) == ("after", "lift-off")
    assert upper.ignition.delay_s == 25.0


def test_a_thrust_curve_names_its_figures(tmp_path: Path) -> None:
    text = VEHICLE.replace(
        "    thrust_sea_level: 170 kN",
        "    thrust_curve: [{at: 0 s, level: 90 %}, {at: {value: 130 s, source: me, status:"
        " measured}, level: {value: 50 %, source: me, status: estimated}}]",
    )
    figures = vehicle(tmp_path, text).figures
    assert figures["stages.booster.thrust_curve.1.0"].text == "130 s"
    assert figures["stages.booster.thrust_curve.1.1"].status == "estimated"


def test_a_payload_figure_with_all_its_keys(tmp_path: Path) -> None:
    keys = "orbit: gto 1500 m/s 6 deg, site: kourou, kind: rating, confidence: B"
    more = "excluded: reusable, variant: landing at sea"
    text = VEHICLE + f"payloads: [{{mass: 300 kg, {keys}}}, {{mass: 200 kg, {keys}, {more}}}]\n"
    plain, reused = vehicle(tmp_path, text).payloads
    assert (plain.orbit, plain.site, plain.confidence) == ("gto 1500 m/s 6 deg", "kourou", "B")
    assert (plain.excluded, plain.variant, plain.judges) == (None, "", True)
    assert (reused.excluded, reused.variant, reused.judges) == ("reusable", "landing at sea", False)
    assert str(reused) == (
        "200 kg rated to gto 1500 m/s 6 deg from kourou, landing at sea (not compared: reusable)"
    )


def test_doubts_come_with_the_vehicle(tmp_path: Path) -> None:
    assert vehicle(tmp_path, VEHICLE).doubts == ()
    (doubt,) = vehicle(tmp_path, VEHICLE.replace("mass: 50 kg", "mass: 0.05 kg")).doubts
    assert doubt.startswith("fairing.mass_kg: a fairing mass of 0.05 kg")


def test_sources_are_spelt_out_once(tmp_path: Path) -> None:
    text = VEHICLE.replace(
        "mass: 50 kg", "mass: {value: 50 kg, source: me, status: measured, note: weighed}"
    )
    figure = vehicle(tmp_path, text + "sources: {me: My own scales}\n").figures["fairing.mass_kg"]
    assert (figure.source, figure.status, figure.note, figure.text) == (
        "My own scales",
        "measured",
        "weighed",
        "50 kg",
    )
    assert vehicle(tmp_path, text).figures["fairing.mass_kg"].source == "me"
    two = text.replace("source: me,", "source: me + you,")
    table = "sources: {me: My own scales, you: Your own scales}\n"
    both = vehicle(tmp_path, two + table).figures["fairing.mass_kg"]
    assert both.source == "My own scales; Your own scales"
    # a name that is not in the table is left as it stands
    assert vehicle(tmp_path, two).figures["fairing.mass_kg"].source == "me + you"


def test_a_longitude_past_the_date_line(tmp_path: Path) -> None:
    east = site(tmp_path, SITE.replace("longitude: 20 deg", "longitude: 200 deg"))
    assert math.degrees(east.longitude_rad) == pytest.approx(-160.0)
    assert east.pad == "main"
    assert east.country == "-"


def test_pads_and_inclinations_of_a_site(tmp_path: Path) -> None:
    east = site(
        tmp_path,
        SITE + "pads: [{id: LC-2, latitude: 11 deg, longitude: 200 deg}]\n"
        "inclinations: [{first: 51.7 deg}, {first: 60 deg, last: 98 deg}]\n",
    )
    assert math.degrees(east.at_pad("LC-2").longitude_rad) == pytest.approx(-160.0)
    degrees = [math.degrees(end) for ends in east.inclinations_rad for end in ends]
    assert degrees == pytest.approx([51.7, 51.7, 60.0, 98.0])
