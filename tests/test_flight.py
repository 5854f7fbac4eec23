"""The main job: one file from Vostochny's pad to a Sun-synchronous orbit, flown and judged.

The bars are those of the flown practice of Soyuz-2.1b / Fregat: the manual's typical timeline
(Soyuz CSG User's Manual, Issue 2, fig. 3.2.1a: strap-ons 118.1 s, core 287.6 s, third stage
cut-off 558.6 s) and Luna-25's fairing at 211.95 s.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.catalog import vehicle
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.flight import fly
from cosmodrome.mission import Coast, Launch, Quantity, load
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.mission import Mission
    from cosmodrome.record import Event, Flight
    from cosmodrome.world.world import World


@pytest.fixture(scope="module")
def mission() -> Mission:
    return load("vostochny-sso")


@pytest.fixture(scope="module")
def flight(mission: Mission, shipped_world: World) -> Flight:
    return fly(mission, world=shipped_world)


def event(flight: Flight, name: str) -> Event:
    return next(e for e in flight.legs[0].events if e.name == name)


def test_no_check_fails(flight: Flight) -> None:
    failed = [f for f in flight.findings if f.verdict == "fails"]
    assert not failed, failed
    assert flight.verdict == "go"
    assert len({f.check for f in flight.findings if f.verdict == "holds"}) >= 12


@pytest.mark.parametrize(
    ("name", "flown_s", "within_s"),
    [
        ("strap-on cut-off", 117.7, 0.1),
        ("strap-on separation", 118.1, 3.0),
        ("core separation", 287.6, 3.0),
        ("third-stage cut-off", 558.6, 3.0),
        ("third-stage separation", 564.0, 3.0),
    ],
)
def test_the_timeline_follows_flown_practice(
    flight: Flight, name: str, flown_s: float, within_s: float
) -> None:
    assert event(flight, name).t_s == pytest.approx(flown_s, abs=within_s)


def test_the_optimum_is_reflown(flight: Flight) -> None:
    residuals = flight.legs[0].solve.residuals
    assert residuals["position_m"] < 50.0
    assert residuals["velocity_m_s"] < 0.05


def test_the_mean_orbit_meets_the_target(flight: Flight) -> None:
    orbit = flight.orbit
    assert orbit is not None
    assert orbit.mean.a_m == pytest.approx(6378137.0 + 820e3, abs=20.0)
    assert orbit.mean.e < 1e-4
    assert orbit.ltan_s == pytest.approx(15 * 3600.0, abs=1.0)
    # a node that turns with the mean Sun: 360 deg in 365.2422 days, to a minute of local time
    # in a month
    sun = 2.0 * math.pi / (365.2422 * 86400.0)
    assert orbit.node_rate_rad_s is not None
    drift_min_per_month = (orbit.node_rate_rad_s - sun) * 30.0 * 86400.0 / (2 * math.pi) * 1440.0
    assert abs(drift_min_per_month) < 1.0


def test_the_third_stage_is_left_suborbital_and_falls(flight: Flight, shipped_world: World) -> None:
    stage = flight.leg("ascent", "third")
    mu = shipped_world.gravity().mu_m3_s2
    r, v = stage.start.r_m, stage.start.v_m_s
    h = np.cross(r, v)
    e = np.linalg.norm(np.cross(v, h) / mu - r / np.linalg.norm(r))
    perigee = float(h @ h) / mu / (1.0 + float(e)) - 6378137.0
    assert perigee <= 0.0
    assert stage.impact is not None
    assert stage.impact.range_m > 2e6


def test_only_the_handover_crosses(flight: Flight) -> None:
    release = flight.legs[0].handover_out
    orbit = flight.leg("orbit", "spacecraft")
    assert release is not None
    assert orbit.start.epoch == release.state.epoch
    np.testing.assert_array_equal(orbit.start.r_m, release.state.r_m)
    np.testing.assert_array_equal(orbit.start.v_m_s, release.state.v_m_s)
    assert orbit.start.mass_kg == 2900.0


def test_mass_is_conserved_from_pad_to_release(flight: Flight) -> None:
    stack = flight.legs[0]
    burnt = sum(b.propellant_kg + b.consumables_kg for b in stack.ledger.burns)
    parted = sum(stack.ledger.separated_kg.values())
    assert stack.start.mass_kg - burnt - parted == pytest.approx(stack.end.mass_kg, abs=1e-3)


def test_the_margin_is_what_is_left_to_burn(flight: Flight, mission: Mission) -> None:
    fregat = mission.vehicle.stage("fregat")
    left = flight.legs[0].ledger.propellant_kg["fregat"]
    assert flight.payload.margin_kg == pytest.approx(left - fregat.residual_kg, abs=0.01)
    # a kilogram of propellant left over carries less than a kilogram of payload
    assert 0.0 < flight.payload.capability_kg - 2900.0 < flight.payload.margin_kg


def test_the_flight_answers_for_any_instant_flown(flight: Flight) -> None:
    lift_off = flight.launch.epoch
    assert flight.at(lift_off + 300.0).mass_kg < flight.at(lift_off).mass_kg
    late = flight.at((lift_off + 40_000.0).utc())
    assert np.linalg.norm(late.r_m) == pytest.approx(7198137.0, abs=25e3)
    with pytest.raises(ValueError, match="flown"):
        flight.at(lift_off + -10.0)


def test_lift_off_lies_in_the_window(flight: Flight, mission: Mission) -> None:
    assert mission.launch.window is not None
    first, last = mission.launch.window
    assert first <= flight.launch.epoch <= last


def test_too_heavy_a_spacecraft_is_refused_with_what_is_short(
    mission: Mission, shipped_world: World
) -> None:
    heavy = replace(mission, spacecraft=replace(mission.spacecraft, mass_kg=9000.0))
    with pytest.raises(InfeasibleError, match=r"kg short"):
        fly(heavy, world=shipped_world)


def test_a_mission_without_a_launch_is_told_what_to_write(
    mission: Mission, shipped_world: World
) -> None:
    silent = replace(mission, launch=replace(mission.launch, window=None, time=None))
    with pytest.raises(InputError, match="write"):
        fly(silent, world=shipped_world)


@pytest.mark.parametrize("when", ["1961-11-30T23:00:00Z", "2065-03-01T00:00:00Z"])
def test_a_date_outside_the_ephemeris_is_bad_input_with_the_span(
    mission: Mission, shipped_world: World, when: str
) -> None:
    far = replace(mission, launch=Launch(time=Epoch.parse(when)))
    with pytest.raises(InputError, match=r"1961-12-01 \.\. 2061-02-01"):
        fly(far, world=shipped_world)


def test_a_plan_that_outlasts_the_ephemeris_is_bad_input(
    mission: Mission, shipped_world: World
) -> None:
    late = Launch(time=Epoch.parse("2061-01-20T00:00:00Z"))
    with pytest.raises(InputError, match="reaches 2061-02-19"):
        fly(replace(mission, launch=late, plan=(Coast(30 * 86400.0),)), world=shipped_world)


def test_a_spacecraft_heavier_than_the_thrust_is_refused_at_once(
    mission: Mission, shipped_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosmodrome.ascent.solve", lambda *a, **k: pytest.fail("was solved"))
    heavy = replace(mission.spacecraft, mass_kg=1e303)
    with pytest.raises(InfeasibleError, match=r"more than the 5070.2 kN of vacuum thrust"):
        fly(replace(mission, spacecraft=heavy), world=shipped_world)
    first, *others = mission.vehicle.stages
    lead = replace(mission.vehicle, stages=(replace(first, dry_mass_kg=1e12), *others))
    anything = replace(mission.spacecraft, mass_kg=None)
    with pytest.raises(InfeasibleError, match=r"check the masses and thrusts in the vehicle"):
        fly(replace(mission, vehicle=lead, spacecraft=anything), world=shipped_world)


def test_a_plane_that_nothing_turns_is_refused_with_what_is_short_and_why(
    mission: Mission, shipped_world: World
) -> None:
    low = replace(
        mission.target,
        kind="circular",
        semi_major_axis_m=Quantity(6_678_137.0, 5e3),
        ltan_s=None,
        inclination_rad=Quantity(math.radians(10.0), math.radians(0.05)),
        inclination_tolerance_rad=None,
    )
    with pytest.raises(InfeasibleError) as refused:
        fly(replace(mission, target=low, vehicle=vehicle("soyuz-2.1b")), world=shipped_world)
    assert "cannot reach this orbit from Vostochny" in str(refused.value)
    assert "lowest direct inclination from 51.88 N" in str(refused.value)


ON = """
import os, runpy, sys
os.sched_setaffinity(0, {cpus!r})
sys.argv = ["cosmodrome", "fly", "vostochny-sso", "--quiet", "--out", {folder!r}]
runpy.run_module("cosmodrome", run_name="__main__")
"""


def run(folder: Path, cpus: set[int]) -> dict[str, object]:
    """`cosmodrome fly` in a process of its own on the given processors."""
    done = subprocess.run(
        [sys.executable, "-c", ON.format(cpus=cpus, folder=str(folder))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    record: dict[str, object] = json.loads((folder / "flight.json").read_text())
    del record["timing"]
    return record


@pytest.mark.slow
def test_the_same_bytes_again_and_on_any_number_of_processors(tmp_path: Path) -> None:
    every = os.sched_getaffinity(0)
    one = run(tmp_path / "one", {min(every)})
    all_ = run(tmp_path / "all", every)
    assert json.dumps(one) == json.dumps(all_)


@pytest.mark.slow
def test_a_given_instant_is_flown_and_its_node_is_the_price(
    mission: Mission, shipped_world: World
) -> None:
    # half an hour after the instant that meets 15:00: the node follows the clock
    meets = fly(mission, world=shipped_world).launch.epoch
    late = replace(mission, launch=replace(mission.launch, window=None, time=meets + 1800.0))
    flown = fly(late, world=shipped_world)
    assert flown.launch.epoch == meets + 1800.0
    assert flown.orbit is not None
    assert flown.orbit.ltan_s == pytest.approx(15.5 * 3600.0, abs=10.0)
    assert flown.verdict == "no-go"
    assert any(f.check == "local-time-of-node" and f.verdict == "fails" for f in flown.findings)


def test_epochs_of_events_agree_with_their_times(flight: Flight) -> None:
    for e in flight.events:
        assert e.epoch - flight.launch.epoch == pytest.approx(e.t_s, abs=2e-9)
    assert flight.launch.epoch > Epoch.from_utc("2027-03-01T00:00:00Z")
