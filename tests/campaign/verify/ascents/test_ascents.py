"""Faulted climbs: the list made of a vehicle and a plan, and what comes of it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.campaign.verify.ascents.faults import ascent_faults
from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.campaign.verify.ascents.repeated import open_loop
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Mission, Passenger
from cosmodrome.record.faults import FAMILIES, Fault
from cosmodrome.record.nouns import Flight, LaunchSolution
from cosmodrome.world.trajectory import Trajectory
from tests.ascent.conftest import fly, mission

if TYPE_CHECKING:
    from cosmodrome.campaign.verify.nouns import Released
    from cosmodrome.record import Elements
    from cosmodrome.world.world import World

MU = 3.986004415e14
RADIUS = 6_378_137.0


@pytest.fixture(scope="module")
def flight(shipped_world: World) -> Flight:
    """2,900 kg on Soyuz-2.1b/Fregat to 820 km, Sun-synchronous: the launch alone."""
    flown = fly(mission(), shipped_world)
    launch = LaunchSolution(flown.plan.epoch, 0.0, 0.0, "ascending")
    return Flight(flown.mission, launch, None, None, flown.legs)


def one(flight: Flight, world: World, path: str, kind: str, value: float = 0.0) -> Released:
    (out,) = fly_ascents(flight, [Fault("truth", "burns", path, kind, value, "", path)], world)
    return out


def orbit(out: Released) -> Elements:
    assert out.state is not None
    return elements_from_state(out.state.r_m, out.state.v_m_s, MU)


# the list ------------------------------------------------------------------------------------
def test_the_list_is_made_from_every_part_of_the_flight(flight: Flight) -> None:
    faults = ascent_faults(flight)
    assert 200 <= len(faults) <= 1_000
    assert len({f.id for f in faults}) == len(faults)
    assert {f.into for f in faults} == {"truth"}
    assert {f.family for f in faults} <= set(FAMILIES)
    paths = {f.path for f in faults}
    for stage in flight.mission.vehicle.stages:  # type: ignore[union-attr]
        for name in ("thrust", "isp", "load", "dry_mass", "gimbal.pitch"):
            assert f"ascent.stages.{stage.id}.{name}" in paths
    for path in (
        "ascent.burns.0.cutoff", "ascent.burns.1.ignition", "ascent.fairing.separation",
        "ascent.guidance.alignment.up", "ascent.guidance.aims.apogee", "ascent.air.density",
        "ascent.stages.core.separation", "ascent.stages.third.ignition",
    ):  # fmt: skip
        assert path in paths
    turned = {round(math.degrees(f.value)) for f in faults if f.path.endswith("alignment.up")}
    assert {1, -1, 20, -20} <= turned
    assert {0.9, 1.1} <= {f.value for f in faults if f.path == "ascent.stages.core.thrust"}


def test_finer_lists_hold_the_coarser_ones(flight: Flight) -> None:
    ids = [{f.id for f in ascent_faults(flight, k)} for k in (1, 2, 3, 4)]
    assert all(a < b for a, b in pairwise(ids))
    with pytest.raises(InputError, match="write 1"):
        ascent_faults(flight, 5)


def test_no_launch_no_ascent(flight: Flight, shipped_world: World) -> None:
    afloat = replace(flight, launch=None)
    assert ascent_faults(afloat) == ()
    with pytest.raises(InputError, match="begins in orbit"):
        fly_ascents(afloat, [], shipped_world)


# flown ---------------------------------------------------------------------------------------
def test_all_of_them_are_flown_in_their_order(flight: Flight, shipped_world: World) -> None:
    faults = ascent_faults(flight, 1)
    out = fly_ascents(flight, faults, shipped_world)
    assert [o.fault for o in out] == list(faults)
    assert all(o.closed for o in out)
    ways = {o.way for o in out}
    assert {"flown", "impact"} <= ways <= {"flown", "impact", "exhausted"}
    for o in out:
        assert (o.state is None) == (o.way == "impact")
        assert o.effect_s is not None
        assert o.why or o.way == "flown"
    # a lane does not know its neighbours: any one of them alone is the same
    for k in (3, 40, len(faults) - 2):
        (alone,) = fly_ascents(flight, [faults[k]], shipped_world)
        assert alone.way == out[k].way
        assert alone.end_s == out[k].end_s
        if alone.state is not None:
            np.testing.assert_array_equal(alone.state.r_m, out[k].state.r_m)  # type: ignore[union-attr]


def test_nothing_wrong_is_the_flight_as_planned(flight: Flight, shipped_world: World) -> None:
    out = one(flight, shipped_world, "ascent.air.wind", "factor", 1.0)
    planned = flight.legs[0].handover_out
    assert planned is not None
    assert out.state is not None
    assert (out.way, out.why) == ("flown", "")
    assert out.state.mass_kg == planned.state.mass_kg
    assert abs(out.state.epoch - planned.state.epoch) < 1.0
    own = elements_from_state(planned.state.r_m, planned.state.v_m_s, MU)
    got = orbit(out)
    assert got.a_m == pytest.approx(own.a_m, abs=50.0)
    assert got.i_rad == pytest.approx(own.i_rad, abs=1e-6)
    assert got.raan_rad == pytest.approx(own.raan_rad, abs=1e-5)


def test_a_cut_off_that_does_not_come_and_one_that_is_early(
    flight: Flight, shipped_world: World
) -> None:
    first = one(flight, shipped_world, "ascent.burns.0.cutoff", "omit")
    # all of it gone in the first burn, past the orbit's energy: the second has nothing to burn
    assert first.margin_kg == pytest.approx(0.0, abs=1e-6)
    assert orbit(first).a_m > RADIUS + 5e6
    stuck = one(flight, shipped_world, "ascent.burns.1.cutoff", "omit")
    assert stuck.margin_kg == pytest.approx(0.0, abs=1e-6)
    assert orbit(stuck).a_m > RADIUS + 5e6
    late, early = (
        orbit(one(flight, shipped_world, "ascent.burns.1.cutoff", "offset", s)).a_m
        for s in (2.0, -2.0)
    )
    plain = orbit(one(flight, shipped_world, "ascent.air.wind", "factor", 1.0)).a_m
    # Gauss: da = 2 a^2 v dv / mu, with the thrust of the upper stage over its mass
    stage = flight.mission.vehicle.stages[-1]  # type: ignore[union-attr]
    dv = 2.0 * stage.thrust_vacuum_n / 6_584.0
    da = 2.0 * plain**2 * 7_435.0 * dv / MU
    assert late - plain == pytest.approx(da, rel=0.02)
    assert plain - early == pytest.approx(da, rel=0.02)


def test_a_wrong_aim_is_what_is_reached(flight: Flight, shipped_world: World) -> None:
    plain = orbit(one(flight, shipped_world, "ascent.air.wind", "factor", 1.0))
    aims = "ascent.guidance.aims"
    higher = orbit(one(flight, shipped_world, f"{aims}.perigee", "offset", 10e3))
    low = [o.a_m * (1.0 - o.e) for o in (higher, plain)]
    assert low[0] - low[1] == pytest.approx(10e3, abs=1.5e3)
    tilted = orbit(one(flight, shipped_world, f"{aims}.inclination", "turn", 2e-3))
    assert tilted.i_rad - plain.i_rad == pytest.approx(2e-3, abs=2e-5)
    with pytest.raises(InputError, match="guidance aims at no 'argument'"):
        one(flight, shipped_world, f"{aims}.argument", "turn", 0.1)


def test_engines_out_and_stages_kept_end_on_the_ground(
    flight: Flight, shipped_world: World
) -> None:
    half = one(flight, shipped_world, "ascent.stages.core.engines.0", "factor", 0.5)
    assert half.way == "impact"
    assert half.state is None
    # three minutes later the same core has done most of its work
    later = one(flight, shipped_world, "ascent.stages.core.engines.240", "factor", 0.5)
    assert later.way == "flown"
    assert later.effect_s == pytest.approx(240.0, abs=1.0)
    kept = one(flight, shipped_world, "ascent.stages.core.separation", "retain")
    assert kept.way == "impact"
    assert kept.end_s > 300.0


@pytest.mark.parametrize(
    "path",
    ["ascent.stages.fourth.thrust", "ascent.burns.7.cutoff", "ascent.guidance.alignment.left",
     "plan.1.duration_s"],
)  # fmt: skip
def test_what_no_part_answers_to_is_refused(
    flight: Flight, shipped_world: World, path: str
) -> None:
    with pytest.raises(InputError, match="take faults from ascent_faults"):
        one(flight, shipped_world, path, "factor", 1.0)


def test_an_engine_out_is_one_of_those_the_vehicle_file_tells(flight: Flight) -> None:
    def parts(engines: int) -> set[float]:
        own = flight.mission.vehicle
        stages = tuple(replace(s, engines=engines if s.id == "core" else 0) for s in own.stages)
        other = replace(
            flight, mission=replace(flight.mission, vehicle=replace(own, stages=stages))
        )
        return {
            f.value for f in ascent_faults(other) if f.path.startswith("ascent.stages.core.engines")
        }

    assert parts(5) == {0.8, 0.6}
    assert parts(2) == {0.5}
    assert parts(1) == set()
    assert parts(0) == {0.5, 0.8}  # not told: assumed


# by timers -----------------------------------------------------------------------------------
def test_what_guidance_cannot_fly_gets_the_faults_that_timers_show(
    flight: Flight, shipped_world: World
) -> None:
    """A path that no engine flies is not repeated by the law."""
    leg = flight.legs[0]
    plan = leg.plan
    assert plan is not None
    assert open_loop(flight, shipped_world) == ""
    # the path of the second burn, flown backwards
    burn = next(p for p in reversed(plan.phases) if p.burning)
    path, t = leg.path, 0.5 * (burn.start_s + burn.end_s)
    turned = Trajectory.fit(
        path.epoch, path.frame, path.breaks_s.tolist(),
        lambda s, k: path.columns_at(np.clip(2.0 * t - s, 0.0, path.breaks_s[-1])),
        nodes=12, columns=path.columns,
    )  # fmt: skip
    down = replace(flight, legs=(replace(leg, path=turned), *flight.legs[1:]))
    assert "with nothing wrong guidance" in open_loop(down, shipped_world)
    faults = ascent_faults(down, 1)
    assert faults
    assert {f.path.rsplit(".", 1)[-1] for f in faults} <= {
        *("thrust", "isp", "load", "dry_mass", "drag", "up", "east", "north"),
    }


def test_of_several_spacecraft_the_first_release_is_flown(
    flight: Flight, shipped_world: World
) -> None:
    m, leg = flight.mission, flight.legs[0]
    assert isinstance(m, Mission)
    assert leg.plan is not None
    alone = one(flight, shipped_world, "ascent.air.wind", "factor", 1.0)
    # 400 kg of it are another spacecraft, which leaves a minute after the first
    own = replace(m.spacecraft, mass_kg=2_500.0)
    second = Passenger(replace(own, id="second", mass_kg=400.0), None, 60.0)
    *before, last = leg.plan.phases
    phases = (
        *before,
        replace(last, drops_at_end=(own.id,)),
        replace(last, start_s=last.end_s, end_s=last.end_s + 60.0, drops_at_end=()),
    )
    shared = replace(
        flight,
        mission=replace(m, spacecraft=own, passengers=(second,)),
        legs=(replace(leg, plan=replace(leg.plan, phases=phases)), *flight.legs[1:]),
    )
    both = one(shared, shipped_world, "ascent.air.wind", "factor", 1.0)
    assert both.closed
    assert both.end_s == alone.end_s
    assert both.state is not None
    assert alone.state is not None
    assert both.state.mass_kg == 2_500.0
    np.testing.assert_allclose(both.state.r_m, alone.state.r_m, atol=1e-5)


def test_a_plan_by_timers_misses_what_guidance_mends(
    flight: Flight, shipped_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same fault of two per cent of thrust: closed-loop it is met, open loop it is not."""
    path = "ascent.stages.third.thrust"
    mended = one(flight, shipped_world, path, "factor", 0.98)

    def refused(*_: object) -> None:
        raise InputError("guidance is not to be had")

    monkeypatch.setattr("cosmodrome.campaign.verify.ascents.repeated.flown_programme", refused)
    plain = one(flight, shipped_world, "ascent.drag", "factor", 1.0)
    missed = one(flight, shipped_world, path, "factor", 0.98)
    assert not missed.closed
    assert "guidance is not to be had" in missed.why
    assert plain.way == "flown"
    # open loop and nothing wrong: the planned flight itself
    own = flight.legs[0].handover_out
    assert own is not None
    assert plain.state is not None
    np.testing.assert_allclose(plain.state.r_m, own.state.r_m, atol=1e-3)
    assert abs(orbit(mended).a_m - orbit(plain).a_m) < 2e3
    assert missed.way in {"exhausted", "impact"} or abs(orbit(missed).a_m - orbit(plain).a_m) > 20e3
    with pytest.raises(InputError, match="cannot be flown by the plan's timers"):
        one(flight, shipped_world, "ascent.fairing.separation", "retain")
