"""Several orbits: impulses between them, who leaves where, and what is refused before any solve."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import mission, targets
from cosmodrome.ascent.manifest import aims, cargo_kg, loaded, only_one, priced, stops
from cosmodrome.ascent.onward import refuse_restarts
from cosmodrome.ascent.optimum import solve
from cosmodrome.ascent.programme import Programme
from cosmodrome.ascent.transfers import after, burns_between, hohmann_m_s, transfer
from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import Quantity
from cosmodrome.powered.phases import Phase
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Mission, Target
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World

RE = 6378137.0
ABOUT = Epoch.parse("2027-03-01T00:00Z")
HEAD = """\
schema: cosmodrome/1
name: Several
site: {site}
vehicle: {vehicle}
spacecraft:
{crafts}
launch: {{window: 2027-03-01T00:00Z / 2027-03-03T00:00Z}}
target: {{kind: circular, altitude: 500 km, inclination: 51.6 deg}}
"""


def several(crafts: str, vehicle: str = "soyuz-2.1b-fregat", site: str = "baikonur") -> Mission:
    return mission.loads(HEAD.format(crafts=crafts, vehicle=vehicle, site=site))


def orbit(world: World, **keys: float) -> Insertion:
    """A mean orbit between two heights in km, at an inclination in degrees."""
    low, high = RE + 1e3 * keys["low"], RE + 1e3 * keys.get("high", keys["low"])
    a, e = 0.5 * (low + high), (high - low) / (high + low)
    m = several("  - {id: a, mass: 1 t}")
    argp = keys.get("argp")
    target: Target = replace(
        m.target,
        kind="elliptic" if e else "circular",
        semi_major_axis_m=Quantity(a, 5e3),
        eccentricity=Quantity(e, 1e-3),
        inclination_rad=Quantity(math.radians(keys.get("i", 51.6)), 1e-3),
        argument_of_perigee_rad=None if argp is None else Quantity(math.radians(argp), 0.02),
    )
    return targets.insertion(target, ABOUT, world)


def elements(mu: float, r: np.ndarray, v: np.ndarray) -> tuple[float, float, float]:
    """Perigee and apogee radius in m and inclination in rad."""
    h = np.cross(r, v)
    e = float(np.linalg.norm(np.cross(v, h) / mu - r / np.linalg.norm(r)))
    a = 1.0 / (2.0 / float(np.linalg.norm(r)) - float(v @ v) / mu)
    return a * (1 - e), a * (1 + e), math.acos(h[2] / np.linalg.norm(h))


# impulses -------------------------------------------------------------------------------------
def test_hohmann_is_the_textbook_s() -> None:
    """Vallado (2013), example 6-1: 191.34411 to 35,781.34857 km, 2.457038 and 1.478187 km/s."""
    first, second = hohmann_m_s(3.986004415e14, 6569.4810e3, 42159.4855e3)
    assert first == pytest.approx(2457.038, abs=0.5)
    assert second == pytest.approx(1478.187, abs=0.5)


@pytest.mark.parametrize(("low", "high"), [(500.0, 1200.0), (820.0, 600.0), (300.0, 20_000.0)])
def test_between_circles_in_one_plane_it_is_hohmann(
    shipped_world: World, low: float, high: float
) -> None:
    now, to = orbit(shipped_world, low=low), orbit(shipped_world, low=high)
    r, v = now.state_at(0.7, 0.3)
    hops = transfer(now.mu, r, v, now, to)
    # the state is the osculating one: J2 moves it by some km and m/s from the mean circle
    for hop, wanted in zip(hops, hohmann_m_s(now.mu, now.a_mean_m, to.a_mean_m), strict=True):
        assert hop.size_m_s == pytest.approx(wanted, abs=12.0)
    assert hops[0].anytime
    assert not hops[1].anytime
    low_m, high_m, i = elements(now.mu, *after(now.mu, r, v, hops))
    assert low_m == pytest.approx(to.a_mean_m, rel=3e-3)
    assert high_m == pytest.approx(to.a_mean_m, rel=3e-3)
    assert i == pytest.approx(math.radians(51.6), abs=2e-4)


@pytest.mark.parametrize(("low", "high"), [(600.0, 1500.0), (400.0, 600.0)])
def test_onto_an_ellipse_that_touches_one_burn_is_enough_and_comes_soon(
    shipped_world: World, low: float, high: float
) -> None:
    now, to = orbit(shipped_world, low=600.0), orbit(shipped_world, low=low, high=high)
    r, v = now.state_at(0.7, 0.3)
    (hop,) = transfer(now.mu, r, v, now, to)
    # where it burns is not all the same: a circle breathes with the latitude
    assert not hop.anytime
    assert hop.coast_s == 600.0
    a = to.a_mean_m
    wanted = math.sqrt(to.mu * (2.0 / now.a_mean_m - 1.0 / a)) - math.sqrt(to.mu / now.a_mean_m)
    assert hop.size_m_s == pytest.approx(abs(wanted), abs=12.0)


def test_where_the_perigee_is_asked_for_the_burn_waits(shipped_world: World) -> None:
    now = orbit(shipped_world, low=600.0)
    to = orbit(shipped_world, low=600.0, high=1500.0, argp=90.0)
    r, v = now.state_at(0.7, 0.3)
    (hop,) = transfer(now.mu, r, v, now, to)
    assert not hop.anytime
    r1, _ = after(now.mu, r, v, (hop,))
    # the perigee lies as far north as the orbit goes
    assert math.asin(r1[2] / np.linalg.norm(r1)) == pytest.approx(math.radians(51.6), abs=0.01)


def test_a_plane_is_turned_at_a_node_by_the_outer_burn(shipped_world: World) -> None:
    now, to = orbit(shipped_world, low=500.0), orbit(shipped_world, low=1200.0, i=53.0)
    r, v = now.state_at(1.0, 0.0)
    hops = transfer(now.mu, r, v, now, to)
    assert not hops[0].anytime
    r1, v1 = after(now.mu, r, v, hops[:1])
    assert abs(r1[2]) < 2e4  # on the equator
    assert elements(now.mu, r1, v1)[2] == pytest.approx(math.radians(51.6), abs=5e-4)
    assert elements(now.mu, *after(now.mu, r, v, hops))[2] == pytest.approx(
        math.radians(53.0), abs=5e-4
    )
    # law of cosines between both speeds at the outer apsis
    a = 0.5 * (now.a_mean_m + to.a_mean_m)
    p = math.sqrt(now.mu * (2.0 / to.a_mean_m - 1.0 / a))
    q = math.sqrt(now.mu / to.a_mean_m)
    wanted = math.sqrt(p * p + q * q - 2.0 * p * q * math.cos(math.radians(1.4)))
    assert hops[1].size_m_s == pytest.approx(wanted, rel=0.03)


def test_orbits_that_touch_take_one_burn(shipped_world: World) -> None:
    circle = orbit(shipped_world, low=500.0)
    ellipse = orbit(shipped_world, low=500.0, high=8000.0)
    wide = orbit(shipped_world, low=2000.0, high=8000.0)
    far = orbit(shipped_world, low=1000.0, high=9000.0)
    assert burns_between(circle, (ellipse, wide, far)) == (1, 1, 2)
    hops = transfer(circle.mu, *circle.state_at(0.0, 0.0), circle, ellipse)
    low_m, high_m, _ = elements(circle.mu, *after(circle.mu, *circle.state_at(0.0, 0.0), hops))
    assert low_m - RE == pytest.approx(500e3, abs=25e3)
    assert high_m - RE == pytest.approx(8000e3, abs=60e3)


@pytest.mark.parametrize("argp", [0.0, 90.0, 200.0])
def test_the_perigee_comes_to_lie_where_it_is_wanted(shipped_world: World, argp: float) -> None:
    circle = orbit(shipped_world, low=500.0)
    to = orbit(shipped_world, low=500.0, high=8000.0, argp=argp)
    r, v = after(circle.mu, *circle.state_at(0.4, 0.0), transfer(
        circle.mu, *circle.state_at(0.4, 0.0), circle, to
    ))  # fmt: skip
    h = np.cross(r, v)
    e = np.cross(v, h) / circle.mu - r / np.linalg.norm(r)
    node = np.array([-h[1], h[0], 0.0])
    flown = math.atan2(np.cross(node, e) @ h / np.linalg.norm(h), node @ e)
    assert abs(math.remainder(flown - math.radians(argp), math.tau)) < math.radians(2.0)


# who leaves where -------------------------------------------------------------------------------
def test_releases_in_order_of_time_with_their_adapters() -> None:
    m = several(
        "  - {id: a, mass: 1000 kg, adapter: {mass: 80 kg, jettison: 20 s}}\n"
        "  - {id: b, mass: 200 kg, after: 30 s}\n"
        "  - {id: c, mass: 150 kg}\n"
        "  - {id: d, mass: 100 kg, target: {kind: circular, altitude: 700 km, inclination: same},"
        " adapter: {mass: 40 kg}}"
    )
    first, second = stops(m)
    assert [x.ids for x in first.leavings] == [("a",), ("a-adapter",), ("b", "c")]
    assert [x.wait_s for x in first.leavings] == [0.0, 20.0, 10.0]
    assert [x.kg for x in first.leavings] == [0.0, 80.0, 350.0]  # a is the optimiser's payload
    assert [x.priced for x in first.leavings] == [True, False, False]
    assert [x.ids for x in second.leavings] == [("d",)]
    assert cargo_kg(m) == 80.0 + 200.0 + 150.0 + 100.0 + 40.0
    assert priced(m).id == "a"
    flown = loaded(m, 2)
    assert flown.adapter_kg == m.vehicle.adapter_kg + cargo_kg(m)
    assert flown.stages[-1].restarts == m.vehicle.stages[-1].restarts - 2


def test_the_free_mass_is_the_payload_whoever_has_it() -> None:
    m = several(
        "  - {id: a, mass: 1000 kg}\n"
        "  - {id: b, mass: maximum, target: {kind: circular, altitude: 700 km, inclination: same}}"
    )
    assert priced(m).id == "b"
    assert cargo_kg(m) == 1000.0
    assert m.weighing("b", 5.0).passengers[0].spacecraft.mass_kg == 5.0


def test_one_spacecraft_is_flown_as_ever() -> None:
    one = several("  - {id: a, mass: 1000 kg}")
    assert stops(one) == ()
    assert loaded(one) is one.vehicle
    only_one(one, "a replay")


def test_the_same_plane_is_the_inclination_of_the_orbit_before(shipped_world: World) -> None:
    m = several(
        "  - {id: a, mass: 1 t}\n"
        "  - {id: b, mass: 1 t, target: {kind: sun-synchronous, altitude: 600 km}}\n"
        "  - {id: c, mass: 1 t, target: {kind: circular, altitude: 700 km, inclination: same}}\n"
        "  - {id: d, mass: 1 t, target: {kind: gto}}"
    )
    first, sso, third, fourth = aims(m, ABOUT, shipped_world, math.radians(51.0))
    assert first.i_mean_rad == pytest.approx(math.radians(51.6))
    assert third.i_mean_rad == sso.i_mean_rad
    assert fourth.i_mean_rad == sso.i_mean_rad
    assert third.raan_rad is None


def test_a_phase_that_releases_the_payload_loses_it() -> None:
    phase = Phase("x", 1.0, 1.0, 1.0, drop_kg=40.0)
    assert phase.mass_after_kg(1000.0, 300.0) == 960.0
    assert replace(phase, drops_payload=True).mass_after_kg(1000.0, 300.0) == 660.0
    assert replace(phase, resets_to_kg=500.0).mass_after_kg(1000.0, 300.0) == 800.0


# refused before any solve -----------------------------------------------------------------------
TWO_MORE = (
    "  - {id: a, mass: 500 kg}\n"
    "  - {id: b, mass: 50 kg, target: {kind: circular, altitude: 600 km, inclination: same}}\n"
    "  - {id: c, mass: 50 kg, target: {kind: circular, altitude: 700 km, inclination: same}}"
)


def refusal(m: Mission, world: World) -> str:
    with pytest.raises(InputError) as caught:
        first, *rest = aims(m, ABOUT, world)
        refuse_restarts(Programme(m, first, world, onward=tuple(rest)))
    return str(caught.value)


def test_too_few_restarts_are_counted_up_front(shipped_world: World) -> None:
    told = refusal(several(TWO_MORE, "pslv-xl", "sriharikota"), shipped_world)
    assert told.startswith(
        "4 restarts of 'ps4' needed after the first release (2 to the orbit of b, 2 to the orbit"
        " of c), 2 available: "
    )


def test_a_solid_last_stage_goes_nowhere_else(shipped_world: World) -> None:
    m = several(TWO_MORE)
    solid = replace(m.vehicle.stages[-1], solid=True)
    m = replace(m, vehicle=replace(m.vehicle, stages=(*m.vehicle.stages[:-1], solid)))
    assert "is a solid and burns once" in refusal(m, shipped_world)


def test_the_same_orbit_again_is_refused(shipped_world: World) -> None:
    m = several(
        "  - {id: a, mass: 500 kg}\n"
        "  - {id: b, mass: 50 kg, target: {kind: circular, altitude: 500 km, inclination: same}}"
    )
    told = refusal(m, shipped_world)
    assert told.startswith("orbit 2 of the mission is orbit 1 again: leave `target` out")


def test_a_departure_beside_another_is_refused(shipped_world: World) -> None:
    m = several(TWO_MORE)
    m = replace(m, target=replace(m.target, kind="c3", c3_m2_s2=Quantity(10e6, 5e4)))
    with pytest.raises(InputError, match=r"one of them to C3 = 10 km\^2/s\^2: a departure is"):
        aims(m, ABOUT, shipped_world)


def test_what_flies_one_spacecraft_says_so() -> None:
    with pytest.raises(InputError, match=r"^a guided flight releases one spacecraft, and mission"):
        only_one(several(TWO_MORE), "a guided flight")


def test_the_soonest_of_several_is_refused(shipped_world: World) -> None:
    m = replace(several(TWO_MORE), objective="time")
    first, *onward = aims(m, ABOUT, shipped_world)
    with pytest.raises(InputError, match=r"^the soonest ascent releases one spacecraft, and"):
        solve(m, first, shipped_world, onward=tuple(onward))


def test_coasts_are_assumed_to_stay_below_the_lowest_perigee_of_all() -> None:
    low = (
        "  - {id: a, mass: 1 t}\n  - {id: b, mass: 1 t, target: {kind: circular, altitude: 150 km,"
    )
    assert several(TWO_MORE).limits.coast_altitude_m == pytest.approx(160e3)
    assert several(f"{low} inclination: same}}}}").limits.coast_altitude_m == pytest.approx(140e3)
