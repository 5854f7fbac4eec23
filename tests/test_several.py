"""The shipped mission with three spacecraft in two orbits: flown, and held against closed forms."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cosmodrome import checks, mission, report
from cosmodrome.cli import main
from cosmodrome.errors import InfeasibleError
from cosmodrome.flight import fly
from cosmodrome.formats import oem, opm
from cosmodrome.mission.nouns import Quantity

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.record import Finding, Flight, Leg
    from cosmodrome.world.world import World

G0 = 9.80665
CRAFTS = ("observer", "companion-1", "companion-2")


@pytest.fixture(scope="module")
def three(shipped_world: World) -> Flight:
    return fly("two-sun-synchronous", world=shipped_world)


def findings(flight: Flight, world: World, check: str, object: str = "") -> list[Finding]:
    found = checks.run(flight, world, strict=True)
    return [f for f in found if f.check == check and object in ("", f.object)]


# flown ------------------------------------------------------------------------------------------
def test_no_check_fails_and_every_orbit_is_judged(three: Flight) -> None:
    assert not [f for f in three.findings if f.verdict == "fails"]
    for craft in CRAFTS:
        for check in ("inclination", "semi-major-axis", "eccentricity", "reported-orbit"):
            own = [f for f in three.findings if f.check == check and f.object == craft]
            assert {f.verdict for f in own} == {"holds"}, (check, craft)
        for check in ("seam-release", "orbit-defect"):
            own = [f for f in three.findings if f.check == check and f.object == craft]
            assert {f.verdict for f in own} == {"holds"}, (check, craft)
    assert [f.verdict for f in three.findings if f.check == "releases"] == ["holds"] * 3


def test_every_release_is_reflown_within_a_metre(three: Flight) -> None:
    residuals = three.legs[0].solve.residuals
    for before in ("", "observer ", "observer-adapter ", "companion-1 "):
        assert residuals[f"{before}position_m"] < 1.0
        assert residuals[f"{before}velocity_m_s"] < 1e-3
    assert abs(residuals["mass_kg"]) < 1e-6


def test_they_leave_in_order_and_as_far_apart_as_the_mission_says(three: Flight) -> None:
    released = three.legs[0].released
    assert [g.attached for g in released] == [(c,) for c in CRAFTS]
    assert [g.state.mass_kg for g in released] == [2900.0, 300.0, 150.0]
    assert released[2].state.epoch - released[1].state.epoch == pytest.approx(30.0, abs=1e-8)
    assert three.legs[0].handover_out is released[2]
    names = [e.name for e in three.legs[0].events if e.name.startswith("separation of")]
    assert names == [
        "separation of observer",
        "separation of observer-adapter",
        "separation of companion-1",
        "separation of companion-2",
    ]
    adapter = next(leg for leg in three.legs if leg.object == "observer-adapter")
    assert adapter.start.mass_kg == pytest.approx(90.0)
    assert adapter.start.epoch - released[0].state.epoch == pytest.approx(30.0, abs=1e-8)


def test_each_orbit_is_met(three: Flight) -> None:
    assert three.orbit is not None
    assert three.orbit.mean.a_m == pytest.approx(6378137.0 + 820e3, abs=20.0)
    assert three.orbit.ltan_s == pytest.approx(15 * 3600.0, abs=1.0)
    assert list(three.orbits) == ["companion-1", "companion-2"]
    for orbit in three.orbits.values():
        assert orbit.mean.a_m == pytest.approx(6378137.0 + 600e3, abs=20.0)
        # Sun-synchronous at 600 km: 97.79 deg by J2 alone (Vallado 2013, eq. 11-15)
        assert math.degrees(orbit.mean.i_rad) == pytest.approx(97.79, abs=0.05)
        # nobody turns the node on the way: it stays in step with the first one's
        assert orbit.ltan_s == pytest.approx(15 * 3600.0, abs=5.0)


def best_of_two_impulses(mu: float, r1: float, r2: float, turn: float) -> float:
    """Both impulses between circles, the turn of the plane shared out at its best, m/s."""
    a = 0.5 * (r1 + r2)
    v1, v2 = math.sqrt(mu / r1), math.sqrt(mu / r2)
    t1, t2 = math.sqrt(mu * (2.0 / r1 - 1.0 / a)), math.sqrt(mu * (2.0 / r2 - 1.0 / a))
    x = np.linspace(0.0, 1.0, 10_001)
    first = np.sqrt(v1**2 + t1**2 - 2.0 * v1 * t1 * np.cos(turn * x))
    second = np.sqrt(v2**2 + t2**2 - 2.0 * v2 * t2 * np.cos(turn * (1.0 - x)))
    return float((first + second).min())


def test_the_burns_between_the_orbits_are_the_closed_form_s(three: Flight) -> None:
    """Hohmann with the plane turned on both burns, within a hundredth; here 0.03 % off."""
    burns = three.legs[0].ledger.burns[-2:]
    assert three.orbit is not None
    low = three.orbits["companion-1"].mean
    turn = three.orbit.mean.i_rad - low.i_rad
    wanted = best_of_two_impulses(3.986004415e14, three.orbit.mean.a_m, low.a_m, turn)
    assert sum(b.delta_v_m_s for b in burns) == pytest.approx(wanted, rel=0.01)
    # half a revolution of the ellipse between the middles of both burns
    a = 0.5 * (three.orbit.mean.a_m + low.a_m)
    between = 0.5 * (burns[1].start_s + burns[1].end_s - burns[0].start_s - burns[0].end_s)
    assert between == pytest.approx(math.pi * math.sqrt(a**3 / 3.986004415e14), rel=0.01)


def test_tsiolkovsky_gives_the_propellant_of_each_burn(three: Flight) -> None:
    stage = three.mission.vehicle.stage("fregat")
    path = three.legs[0].path
    for burn in three.legs[0].ledger.burns[-2:]:
        mass = float(path.columns_at(burn.start_s + 1e-6)[6])
        used = mass * -math.expm1(-burn.delta_v_m_s / (G0 * stage.isp_vacuum_s))
        assert burn.propellant_kg == pytest.approx(used, rel=1e-6)


def test_the_mass_ledger_closes(three: Flight) -> None:
    ledger, stack = three.legs[0].ledger, three.legs[0]
    assert ledger.separated_kg["observer"] == 2900.0
    assert ledger.separated_kg["observer-adapter"] == 90.0
    assert ledger.separated_kg["companion-1"] == 300.0
    burnt = sum(b.propellant_kg + b.consumables_kg for b in ledger.burns)
    total = stack.end.mass_kg + burnt + sum(ledger.separated_kg.values())
    assert total == pytest.approx(stack.start.mass_kg, abs=1e-3)
    # the propellant left is the margin and what cannot be used
    stage = three.mission.vehicle.stage("fregat")
    left = ledger.propellant_kg["fregat"] - stage.residual_kg
    assert left == pytest.approx(three.payload.margin_kg, abs=0.1)


def test_the_capability_is_the_primary_s_beside_the_others(three: Flight) -> None:
    alone = 4921.0  # of this vehicle to the first orbit alone
    assert three.payload.mass_kg == 2900.0
    assert 4200.0 < three.payload.capability_kg < alone - 540.0
    assert three.payload.expected_kg is None
    # what lies unused of 2,900 kg lifts 1,426 kg more: every kilogram of it goes through all burns
    spare = three.payload.capability_kg - three.payload.mass_kg
    assert 0.7 < spare / three.payload.margin_kg < 1.0


# written ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def run(three: Flight, shipped_world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "orbit-of-an-earlier-run.oem").write_text("stale")
    report.write(three, folder, shipped_world)
    return folder


def test_flight_json_has_every_release_and_every_orbit(run: Path) -> None:
    record = json.loads((run / "flight.json").read_text())
    assert record["spacecraft"] == "observer"
    assert [r["id"] for r in record["releases"]] == list(CRAFTS)
    assert record["releases"][0]["orbit"] == record["orbit"]
    rows = {o["id"]: o for o in record["objects"]}
    for r in record["releases"]:
        assert rows[r["id"]]["kind"] == "spacecraft"
        assert rows[r["id"]]["orbit"] == r["orbit"]
        assert rows[r["id"]]["mass_kg"] == r["mass_kg"] == r["state"]["mass_kg"]
    assert rows["observer-adapter"]["part"]
    assert rows["observer-adapter"]["orbit"]["perigee_altitude_m"] > 780e3


def test_each_spacecraft_has_its_ephemeris_and_parameters(run: Path, three: Flight) -> None:
    assert main(["export", str(run), "--oem", "--opm", "--quiet"]) == 0
    assert not (run / "orbit-of-an-earlier-run.oem").exists()
    for craft, given in zip(CRAFTS, three.legs[0].released, strict=True):
        name = "orbit" if craft == "observer" else f"orbit-{craft}"
        (segment,) = oem.read(run / f"{name}.oem").segments
        assert segment.object_name == craft
        assert segment.start == given.state.epoch
        at = opm.loads((run / f"{name}.opm").read_text())
        assert (at.object_name, at.mass_kg, at.epoch) == (
            craft,
            given.state.mass_kg,
            given.state.epoch,
        )
        assert at.r_m == pytest.approx(given.state.r_m, abs=1e-6)


def test_the_page_and_the_summary_name_everyone(run: Path, capsys: pytest.CaptureFixture) -> None:
    page = json.loads((run / "page.json").read_text())
    facts = {row["label"]: row["value"] for row in page["facts"]}
    assert facts["companion-1"].startswith("300 kg to 600 km SSO, released at T+2:1")
    assert facts["companion-2: flown"].startswith("600.0 × 600.0 km")
    assert {o["id"] for o in page["objects"]} >= {*CRAFTS, "observer-adapter"}
    # one line of burns and coasts: the stack's to its last release, the primary's from there
    rows = sorted(page["timeline"]["coasts"], key=lambda r: r["start_s"])
    assert all(b["start_s"] >= a["end_s"] - 1e-3 for a, b in pairwise(rows))
    assert len(page["timeline"]["burns"]) >= 7


def test_the_terminal_shows_each_orbit(three: Flight) -> None:
    from rich.console import Console

    console = Console(record=True, width=200, file=None, quiet=False)
    with console.capture() as shown:
        report.summary(three, console)
    text = shown.get()
    for craft in CRAFTS:
        assert f"{craft}: mean orbit" in text
        assert f"separation of {craft}" in text


# planted faults -----------------------------------------------------------------------------------
def altered(flight: Flight, object: str, **changes: Any) -> Flight:
    """The flight with other values in an orbit leg."""

    def leg(one: Leg) -> Leg:
        mine = one.object == object and one.chapter == "orbit"
        return replace(one, **changes) if mine else one

    return replace(flight, legs=tuple(leg(x) for x in flight.legs))


def failing(found: list[Finding]) -> list[Finding]:
    return [f for f in found if f.verdict == "fails"]


def test_a_spacecraft_that_never_left_is_missed(three: Flight, shipped_world: World) -> None:
    stack = replace(three.legs[0], released=three.legs[0].released[:2])
    short = replace(three, legs=(stack, *three.legs[1:]))
    (found,) = findings(short, shipped_world, "releases")
    assert found.verdict == "fails"
    assert "never released: companion-2" in found.why


def test_a_late_release_is_told(three: Flight, shipped_world: World) -> None:
    last = three.mission.passengers[1]
    asked = replace(last, after_s=29.0)
    other = replace(
        three, mission=replace(three.mission, passengers=(three.mission.passengers[0], asked))
    )
    (found,) = failing(findings(other, shipped_world, "releases"))
    assert found.object == "companion-2"
    assert found.measured == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("craft", CRAFTS)
def test_a_gap_at_any_release_is_found(three: Flight, shipped_world: World, craft: str) -> None:
    start = next(g.state for g in three.legs[0].released if g.attached == (craft,))
    moved = replace(start, r_m=start.r_m + np.array([0.01, 0.0, 0.0]))
    found = failing(
        findings(altered(three, craft, start=moved), shipped_world, "seam-release", craft)
    )
    assert {f.unit for f in found} == {"m"}
    lighter = replace(start, mass_kg=start.mass_kg - 0.01)
    found = failing(
        findings(altered(three, craft, start=lighter), shipped_world, "seam-release", craft)
    )
    assert {f.unit for f in found} == {"kg"}


def test_a_wrong_orbit_of_a_companion_alone_fails_for_it_alone(
    three: Flight, shipped_world: World
) -> None:
    first = three.mission.passengers[0]
    assert first.target is not None
    higher = replace(first.target, semi_major_axis_m=Quantity(6378137.0 + 610e3, 5e3))
    asked = replace(
        three.mission,
        passengers=(replace(first, target=higher), three.mission.passengers[1]),
    )
    found = findings(replace(three, mission=asked), shipped_world, "semi-major-axis")
    assert {f.object: f.verdict for f in found} == {
        "observer": "holds",
        "companion-1": "fails",
        "companion-2": "fails",
    }


def test_mass_that_leaves_with_nobody_is_found(three: Flight, shipped_world: World) -> None:
    """The stack's path still drops 2,900 kg; the leg on record weighs less."""
    lighter = altered(
        three,
        "observer",
        start=replace(three.legs[0].released[0].state, mass_kg=2899.0),
    )
    assert failing(findings(lighter, shipped_world, "seam-separations"))
    assert failing(findings(lighter, shipped_world, "lift-off"))
    assert failing(findings(lighter, shipped_world, "mass-between-burns"))


# again --------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_two_runs_give_the_same_bytes(three: Flight, shipped_world: World) -> None:
    def record(flight: Flight) -> str:
        out = report.flight_json(flight)
        out.pop("timing")
        return json.dumps(out)

    assert record(fly("two-sun-synchronous", world=shipped_world)) == record(three)


@pytest.mark.slow
def test_the_most_of_a_companion_leaves_no_propellant(shipped_world: World) -> None:
    text = mission.scaffold("two-sun-synchronous").replace("300 kg", "maximum")
    most = fly(mission.loads(text.replace("1 day", "3 h")), world=shipped_world)
    assert not failing(list(most.findings))
    assert most.payload.margin_kg == pytest.approx(0.0, abs=0.1)
    assert most.payload.capability_kg == most.payload.mass_kg == 2900.0
    (mass,) = most.payload.solved.values()
    assert most.legs[0].released[1].state.mass_kg == mass
    # 300 kg of it and what 300 kg left unused, which one burn more than the companion uses
    assert 1500.0 < mass < 2150.0


@pytest.mark.slow
def test_an_instant_holds_the_first_node_and_a_station_sees_the_second_release(
    three: Flight, shipped_world: World
) -> None:
    later = three.launch.epoch + 60.0
    text = mission.scaffold("two-sun-synchronous").replace("1 day", "3 h")
    window = text[text.index("  window:") : text.index("target:\n  kind")]
    text = text.replace(window, f"  {{time: {later.utc(3)}, node: held}}\n")
    # 22 deg north of where the release falls of itself: 5 deg high there is 19 deg away
    text += "stations: [{id: north, lat: 18 deg, lon: -72 deg, mask: 5 deg}]\n"
    text += "visibility: [{event: separation of companion-1, any_of: [north]}]\n"
    held = fly(mission.loads(text), world=shipped_world)
    assert not failing(list(held.findings))
    judged = {f.check: f for f in held.findings if f.object in ("stack", "observer")}
    assert abs(judged["local-time-of-node"].measured) < 0.1
    assert judged["visibility"].measured == pytest.approx(5.02, abs=0.01)
    # a turn of a quarter degree is shared by burns that are flown anyway
    assert 0.0 < three.payload.margin_kg - held.payload.margin_kg < 5.0
    released = [given.state.epoch - held.launch.epoch for given in held.legs[0].released]
    assert released[1] == pytest.approx(8201.0, abs=5.0)


@pytest.mark.slow
def test_the_corridor_and_a_drop_are_kept_on_the_way_to_two_orbits(
    three: Flight, shipped_world: World
) -> None:
    text = mission.scaffold("two-sun-synchronous").replace("1 day", "3 h")
    asked = mission.loads(text + "drops: [{body: core, range: {to: 1340 km}}]\n")
    # of itself it heads 342.7 deg, and its core falls 1,389 km away
    narrow = replace(asked.site.corridors[0], first_rad=math.radians(344.0))
    flown = fly(replace(asked, site=replace(asked.site, corridors=(narrow,))), world=shipped_world)
    assert not failing(list(flown.findings))
    judged = {(f.check, f.object): f for f in flown.findings}
    assert judged["corridor", "stack"].measured == pytest.approx(0.01, abs=0.005)
    assert judged["drop-zones", "core"].measured == pytest.approx(1.0, abs=0.2)
    assert 5.0 < three.payload.margin_kg - flown.payload.margin_kg < 50.0
    told = " ".join(flown.payload.limited_by)
    assert "holds the heading" in told
    assert "more room where core falls" in told


@pytest.mark.slow
def test_three_orbits_one_of_them_in_the_plane_of_the_one_before(shipped_world: World) -> None:
    text = mission.scaffold("two-sun-synchronous").replace(
        "  - id: companion-1",
        "  - id: between\n    mass: 100 kg\n"
        "    target: {kind: circular, altitude: 700 km, inclination: same}\n"
        "  - id: companion-1",
    )
    flown = fly(mission.loads(text.replace("1 day", "6 h")), world=shipped_world)
    assert not failing(list(flown.findings))
    assert flown.orbit is not None
    same, last = flown.orbits["between"].mean, flown.orbits["companion-1"].mean
    assert same.a_m == pytest.approx(6378137.0 + 700e3, abs=20.0)
    assert same.i_rad == pytest.approx(flown.orbit.mean.i_rad, abs=4e-6)
    assert last.a_m == pytest.approx(6378137.0 + 600e3, abs=20.0)
    burns = [b for b in flown.legs[0].ledger.burns if b.start_s > flown_s(flown, "observer")]
    assert len(burns) == 4
    # the first two are Hohmann's, in one plane
    wanted = best_of_two_impulses(3.986004415e14, flown.orbit.mean.a_m, same.a_m, 0.0)
    assert sum(b.delta_v_m_s for b in burns[:2]) == pytest.approx(wanted, rel=0.01)


@pytest.mark.slow
def test_one_burn_where_orbits_touch_at_a_wanted_perigee(shipped_world: World) -> None:
    text = mission.scaffold("two-sun-synchronous")
    start, rest = text.index("target: {kind: sun"), text.index("  - id: companion-2")
    text = (
        text[:start]
        + "target: {kind: elliptic, perigee: 500 km, apogee: 8000 km, inclination: 51.6 deg,"
        " argument_of_perigee: 270 deg}\n" + text[rest:]
    )
    target = text.index("target:\n")
    text = (
        text[:target].replace("vostochny", "baikonur")
        + "target: {kind: circular, altitude: 500 km, inclination: 51.6 deg}\n"
        + "plan: [{coast: {for: 12 h}}]\n"
    )
    flown = fly(mission.loads(text), world=shipped_world)
    assert not failing(list(flown.findings))
    burns = [b for b in flown.legs[0].ledger.burns if b.start_s > flown_s(flown, "observer")]
    assert len(burns) == 1
    ellipse = flown.orbits["companion-1"].mean
    assert math.degrees(ellipse.argp_rad) == pytest.approx(270.0, abs=0.05)
    # vis-viva at the perigee; the burn takes five minutes, which costs it some m/s
    mu, r, a = 3.986004415e14, 6878137.0, 6378137.0 + 4250e3
    wanted = math.sqrt(mu * (2.0 / r - 1.0 / a)) - math.sqrt(mu / r)
    assert 0.0 < burns[0].delta_v_m_s / wanted - 1.0 < 0.01


def flown_s(flight: Flight, craft: str) -> float:
    """When a spacecraft was released, s after lift-off."""
    given = next(g for g in flight.legs[0].released if g.attached == (craft,))
    return given.state.epoch - flight.launch.epoch


@pytest.mark.slow
def test_a_dispenser_releases_all_of_them_in_one_orbit(shipped_world: World) -> None:
    text = mission.scaffold("two-sun-synchronous").replace(
        "    target: {kind: sun-synchronous, altitude: 600 km +- 5 km}\n",
        "    after: 90 s\n    adapter: {mass: 60 kg}\n",
    )
    flown = fly(mission.loads(text.replace("1 day", "3 h")), world=shipped_world)
    assert not failing(list(flown.findings))
    at = [flown_s(flown, craft) for craft in CRAFTS]
    assert np.diff(at) == pytest.approx([90.0, 30.0], abs=1e-8)
    # two burns, as for one spacecraft; what stays on the stage weighs on it to the end
    assert sum(b.stage == "fregat" for b in flown.legs[0].ledger.burns) == 2
    stage = flown.mission.vehicle.stage("fregat")
    left = flown.legs[0].end.mass_kg - 150.0
    tanks = flown.legs[0].ledger.propellant_kg["fregat"]
    built = stage.dry_mass_kg + flown.mission.vehicle.adapter_kg + 60.0 + tanks
    assert left == pytest.approx(built, abs=1e-6)
    for orbit in flown.orbits.values():
        assert orbit.mean.a_m == pytest.approx(6378137.0 + 820e3, abs=100.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2900 kg", "4800 kg", r"^4800 kg of 'observer' cannot be carried through all 2 orbits by"),
        (
            "{kind: sun-synchronous, altitude: 600 km +- 5 km}",
            "{kind: circular, altitude: 800 km, inclination: 30 deg}",
            r"^Soyuz-2.1b / Fregat cannot go through all 2 orbits: 8\d\d\d m/s after the first",
        ),
    ],
)
def test_what_is_short_is_told_in_kilograms(
    shipped_world: World, old: str, new: str, told: str
) -> None:
    text = mission.scaffold("two-sun-synchronous").replace(old, new)
    with pytest.raises(InfeasibleError, match=told) as caught:
        fly(mission.loads(text), world=shipped_world)
    assert " kg short; lower " in str(caught.value)
