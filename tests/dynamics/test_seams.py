"""Flights in one piece and in many: legs, stops, centres, threads and SIMD levels."""

from __future__ import annotations

import itertools
from importlib import import_module

import numpy as np
import pytest

from cosmodrome.dynamics import (
    Altitude,
    Distance,
    Drag,
    Dynamics,
    Gravity,
    PointMass,
    Radiation,
    Relativity,
    Thrust,
    Visibility,
    preset,
    propagate,
    propagate_many,
)
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.solvers import core
from cosmodrome.solvers.core import Settings
from cosmodrome.world.bodies import body
from cosmodrome.world.centre import offset
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from tests.dynamics.starts import DAY, EPOCH, LEO, orbit, seven
from tests.levels import available, fly

# the module, which the package's function of the same name hides
flights = import_module("cosmodrome.dynamics.legs")

FORCES = Dynamics((Gravity("earth", 8), PointMass("sun"), PointMass("moon"), Radiation(10.0, 1.3)))
ASKED = (
    "nodes",
    "apsides",
    "eclipses",
    Altitude(520e3),
    Visibility("here", 0.9, 0.4, 100.0, 0.1),
    Distance("moon", 3.8e8),
)
BURNS = (
    Thrust(EPOCH + 2_000.0, EPOCH + 2_400.0, 50.0, 300.0, (1.0, 0.0, 0.1), "vnc"),
    Thrust(EPOCH + 9_000.0, EPOCH + 9_100.0, 80.0, 300.0, (0.0, 1.0, 0.1), "rtn"),
)


def listed(p):
    return [(x.kind, x.what, x.value) for x in p.events], np.array([x.t_s for x in p.events])


def same_events(a, b, atol=1e-6):
    names, t = listed(a)
    others, u = listed(b)
    assert names == others
    np.testing.assert_allclose(t, u, rtol=0.0, atol=atol)


# --------------------------------------------------------------------------------------- legs
@pytest.mark.parametrize("sense", [1.0, -1.0], ids=["forward", "backward"])
@pytest.mark.parametrize(
    ("leg", "burns"),
    [
        pytest.param(401.0, (), id="401 s"),
        pytest.param(401.0, BURNS, id="401 s, burns"),
        pytest.param(5_003.0, (), id="5003 s"),
        pytest.param(9_050.0, BURNS, id="a seam inside a burn"),
        pytest.param(2_000.0, BURNS, id="a seam on the start of a burn"),
    ],
)
def test_legs_change_nothing(shipped_world, monkeypatch, leg, burns, sense):
    d = FORCES.with_thrust(*burns)
    # the orbit begins at a periapsis: flown back, the end must not lie there
    start, span = LEO, 19_990.0
    if sense < 0.0:
        start = propagate(LEO, d, 20_000.0, world=shipped_world).end
    times = sense * np.linspace(0.0, span, 41)
    whole = propagate(start, d, sense * span, ASKED, world=shipped_world, times=times)
    assert len(whole.events) > 15
    monkeypatch.setattr(flights, "LEG_S", leg)
    cut = propagate(start, d, sense * span, ASKED, world=shipped_world, times=times)
    same_events(whole, cut)
    # measured at most 1e-7 s of instants and 1e-5 m
    np.testing.assert_allclose(cut.samples[:, :3], whole.samples[:, :3], rtol=0.0, atol=3e-5)
    np.testing.assert_allclose(
        cut.trajectory.columns_at(times)[:, :3], whole.samples[:, :3], rtol=0.0, atol=3e-5
    )
    assert cut.end.mass_kg == pytest.approx(whole.end.mass_kg, abs=1e-12)


@pytest.mark.parametrize("off", [0.0, 1e-9, -1e-9, 1e-7, -1e-7, 1e-5, -1e-5])
def test_a_seam_on_an_event(shipped_world, monkeypatch, off):
    """An event at the very seam is answered once."""
    asked = ("nodes", "apsides", "eclipses", Altitude(520e3))
    whole = propagate(LEO, FORCES, 13_000.0, asked, world=shipped_world)
    for event in whole.events[:6]:
        monkeypatch.setattr(flights, "LEG_S", event.t_s + off)
        cut = propagate(LEO, FORCES, 13_000.0, asked, world=shipped_world)
        same_events(whole, cut)


# -------------------------------------------------------------------------------------- stops
@pytest.mark.parametrize(
    ("stop", "sense"),
    [
        ("apoapsis", 1.0),
        ("apoapsis", -1.0),
        ("ascending node", 1.0),
        ("ascending node", -1.0),
        ("penumbra entry", 1.0),
        ("penumbra entry", -1.0),
        (Altitude(520e3), 1.0),
        (Altitude(520e3), -1.0),
        ("nodes", 1.0),
        ("nodes", -1.0),
    ],
    ids=str,
)
def test_until_the_third_event(shipped_world, monkeypatch, stop, sense):
    kinds = {"nodes": ("ascending node", "descending node")}.get(
        stop, (stop,) if isinstance(stop, str) else ("altitude upward", "altitude downward")
    )
    long = propagate(LEO, FORCES, sense * 30_000.0, (stop,), world=shipped_world)
    t = [x.t_s for x in long.events if x.kind in kinds]
    t = t if sense > 0.0 else t[::-1]
    for leg in (32 * DAY, 4_001.0):
        monkeypatch.setattr(flights, "LEG_S", leg)
        for count in (1, 2, 3):
            p = propagate(LEO, FORCES, stop, world=shipped_world, within_s=sense * 3e5, count=count)
            # an end is kept to a nanosecond
            assert p.end.epoch - EPOCH == pytest.approx(t[count - 1], abs=1e-6)
            assert p.stopped in kinds
            assert len([x for x in p.events if x.kind in kinds]) == count


def test_a_chain_of_stops_sees_every_event_once(shipped_world):
    """Flown from apsis to apsis: the start on an event has none there, and none is lost."""
    whole = propagate(LEO, FORCES, 40_000.0, ("nodes", "apsides"), world=shipped_world)
    names, t = listed(whole)
    state, seen = LEO, []
    while True:
        p = propagate(state, FORCES, "apsides", ("nodes",), world=shipped_world)
        seen += [(x.kind, x.epoch - EPOCH) for x in p.events]
        state = p.end
        if state.epoch - EPOCH > 29_000.0:
            break
    assert [k for k, _ in seen] == [k for k, _, _ in names[: len(seen)]]
    np.testing.assert_allclose([x for _, x in seen], t[: len(seen)], atol=1e-5)


# ------------------------------------------------------------------------------------ centres
TRANSLUNAR = preset("translunar")


def lunar_transfer(world):
    """From a low Earth orbit past the Moon: aimed where it will be after three days."""
    t = 3.0 * DAY
    moon = world.ephemeris.position_m("moon", EPOCH + t)
    v = (world.ephemeris.position_m("moon", EPOCH + t + 60.0) - moon) / 60.0
    n = np.cross(moon, v)
    n /= np.linalg.norm(n)
    away = -moon / np.linalg.norm(moon)
    # perigee opposite to the meeting place, a little turned, so that it passes ahead of the Moon
    turn = np.radians(4.0)
    p = np.cos(turn) * away + np.sin(turn) * np.cross(n, away)
    q = 6_578e3
    a = 0.5 * (q + np.linalg.norm(moon) * 1.03)
    speed = np.sqrt(body("earth").mu_m3_s2 * (2 / q - 1 / a))
    return State(EPOCH, gcrf("earth"), q * p, speed * np.cross(n, p), 1_000.0)


def test_a_change_of_centre_is_no_jump(shipped_world):
    start = lunar_transfer(shipped_world)
    p = propagate(start, TRANSLUNAR, 6 * DAY, world=shipped_world)
    assert [a.frame.centre for a in p.arcs] == ["earth", "moon", "earth"]
    for before, after in itertools.pairwise(p.arcs):
        t = float(after.breaks_s[0])
        assert t == before.breaks_s[-1]
        r, v = offset(shipped_world, before.frame.centre, after.frame.centre, EPOCH + t)
        a, b = before.columns_at(t), after.columns_at(t)
        # measured 4e-8 m and 4e-13 m/s: rounding at the distance of the Moon
        assert np.linalg.norm(a[:3] + r - b[:3]) < 1e-6
        assert np.linalg.norm(a[3:6] + v - b[3:6]) < 1e-11


def test_two_centres_and_one(shipped_world):
    """The same forces counted from the Earth all the way. The Moon's place comes from the ephemeris
    and its acceleration from the forces declared: what these leave out (relativity, the Moon's
    figure on the Earth) is 1.6e-10 m/s^2, found by differentiating DE440, and carries 2 m in the
    day and a half about the Moon.
    """
    start = lunar_transfer(shipped_world)
    times = np.linspace(0.0, 6 * DAY, 61)
    asked = (Distance("moon", 50e6), Distance("earth", 3e8))
    p, one = (
        propagate(start, d, 6 * DAY, asked, world=shipped_world, times=times)
        for d in (TRANSLUNAR, Dynamics(TRANSLUNAR.forces))
    )
    assert p.samples.shape == one.samples.shape == (61, 7)
    miss = np.linalg.norm(p.samples[:, :3] - one.samples[:, :3], axis=1)
    moon = shipped_world.ephemeris.positions_m("moon", EPOCH, times)
    near = np.linalg.norm(one.samples[:, :3] - moon, axis=1) < 66e6
    assert near.sum() > 5
    first = int(np.argmax(near))
    # the segment before the sphere is solved up to it
    assert np.max(miss[:first]) < 1e-6
    # measured 2.0 m at the exit, 4.6 m two days later
    assert np.max(miss[near]) < 4.0
    assert np.max(miss) < 10.0
    same_events(p, one, 2e-3)
    # the path about the start's centre is refitted to the same places
    flown = p.trajectory.columns_at(times)
    # measured 1.4e-6 m
    assert np.max(np.abs(flown[:, :3] - p.samples[:, :3])) < 1e-5


@pytest.mark.parametrize("days", [3.0, 6.0])
def test_there_and_back_over_a_change_of_centre(shipped_world, days):
    start = lunar_transfer(shipped_world)
    p = propagate(start, TRANSLUNAR, days * DAY, world=shipped_world)
    back = propagate(p.end, TRANSLUNAR, EPOCH, world=shipped_world)
    assert [a.frame.centre for a in back.arcs] == [a.frame.centre for a in p.arcs]
    # about one centre it closes to 1e-7 m
    assert np.linalg.norm(back.end.r_m - start.r_m) < 1e-4


def test_there_and_back_about_one_centre(shipped_world):
    start, d = lunar_transfer(shipped_world), Dynamics(TRANSLUNAR.forces)
    p = propagate(start, d, 6 * DAY, world=shipped_world, dense=False)
    back = propagate(p.end, d, EPOCH, world=shipped_world, dense=False)
    # measured 8e-8 m
    assert np.linalg.norm(back.end.r_m - start.r_m) < 1e-5


def test_a_floor_flown_backward(shipped_world):
    """Eleven minutes ago it would have been under the floor, up to forty-one minutes ago."""
    rising = orbit(6_300e3, 0.05, 30.0, anomaly_deg=110.0)
    p = propagate(rising, FORCES, -3_000.0, world=shipped_world, floor_m=100e3)
    assert p.stats["ended_on_floor"]
    assert EPOCH - p.end.epoch == pytest.approx(676.5, abs=0.1)


# ---------------------------------------------------------------------------------------- air
def test_air_by_its_table_and_by_the_model(shipped_world):
    low = orbit(6_378e3 + 400e3, 0.001, 51.6)
    weather = SpaceWeather(150.0, 150.0, 15.0)
    for given in (weather, None):
        ends = {}
        for name, drag in (
            ("table", Drag(10.0, 2.2, space_weather=given)),
            ("direct", Drag(10.0, 2.2, space_weather=given, direct=True)),
            ("none", None),
        ):
            d = Dynamics((Gravity("earth", 4), *([drag] if drag else [])))
            ends[name] = propagate(low, d, 20_000.0, world=shipped_world, dense=False).end.r_m
        effect = np.linalg.norm(ends["none"] - ends["direct"])
        miss = np.linalg.norm(ends["table"] - ends["direct"])
        # measured 2.2e-5 (given indices) and 5e-6 of what the air does in four turns
        assert effect > 1_000.0
        assert miss < 1e-4 * effect


# ---------------------------------------------------------------------------------- ensembles
def many_starts(n=9):
    rng = np.random.default_rng(11)
    out = np.tile(seven(LEO), (n, 1))
    out[:, :3] += rng.normal(size=(n, 3)) * 1e3
    out[:, 3:6] += rng.normal(size=(n, 3))
    return out


@pytest.mark.parametrize("span", [20_000.0, -20_000.0])
def test_an_ensemble_is_its_flights_to_the_bit(shipped_world, span):
    y = many_starts()
    air = Drag(10.0, 2.2, space_weather=SpaceWeather(120.0, 120.0, 8.0))
    model = set_up(LEO, FORCES.plus(air), span, shipped_world, (300e3, 700e3)).model
    times = np.linspace(0.0, span, 12)
    search = core.Search(altitudes_m=(300e3,), stops=(("altitude downward", 0, 1, 0),))
    got = {
        n: core.ensemble(model, y, 0.0, span, search, Settings(), times_s=times, threads=n)
        for n in (1, 2, 4)
    }
    for k, row in enumerate(y):
        one = core.propagate(model, row, 0.0, span, search, Settings(), times_s=times, dense=False)
        for e in got.values():
            np.testing.assert_array_equal(e.states[k], one.states)
            np.testing.assert_array_equal(e.ends[k], one.end_state)
            assert e.faults[k] == ""
    # the face, over legs, and with factors
    face = [
        propagate_many(EPOCH, y, FORCES, span, times=times, world=shipped_world, threads=n)
        for n in (1, 2, 3)
    ]
    for e in face[1:]:
        np.testing.assert_array_equal(e.states, face[0].states)


def test_factors_of_an_ensemble(shipped_world):
    y = many_starts(4)
    k = np.array([0.5, 1.0, 2.0, 0.0])
    air = Drag(10.0, 2.2, space_weather=SpaceWeather(120.0, 120.0, 8.0))
    e = propagate_many(
        EPOCH, y, FORCES.plus(air), 20_000.0, world=shipped_world, drag_factors=k,
        radiation_factors=k[::-1],
    )  # fmt: skip
    for i, row in enumerate(y):
        state = State(EPOCH, gcrf("earth"), row[:3], row[3:6], row[6])
        d = Dynamics(
            (
                *FORCES.forces[:3],
                Radiation(10.0 * k[::-1][i], 1.3),
                Drag(10.0 * k[i], 2.2, space_weather=SpaceWeather(120.0, 120.0, 8.0)),
            )
        )
        p = propagate(state, d, 20_000.0, world=shipped_world)
        # measured 1.4e-4 m: the table of the air is laid for all the starts, or for one
        assert np.linalg.norm(p.end.r_m - e.ends[i, :3]) < 1e-3


def test_a_bad_start_stops_no_other(shipped_world):
    y = many_starts(5)
    y[2, 3:6] = 0.0  # falls
    e = propagate_many(EPOCH, y, FORCES, 3_000.0, world=shipped_world, floor_m=0.0)
    assert list(e.stopped) == [None, None, "altitude downward", None, None]
    assert e.end_s[2] < 1_000.0
    assert all(e.end_s[k] == 3_000.0 for k in (0, 1, 3, 4))


# ------------------------------------------------------------------------------------- levels
PROGRAM = """
import sys
import numpy as np
from cosmodrome.dynamics import *
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.world.world import World
from tests.dynamics.starts import LEO, LOW_LUNAR, seven
from tests.dynamics.test_forces import BOX

w = World.shipped()
d = Dynamics((Gravity("earth", 30), Gravity("moon", 8), PointMass("sun"), Tides(ocean=4),
              Relativity(lense_thirring=True, de_sitter=True),
              Drag(5.0, 2.2, space_weather=SpaceWeather(120.0, 120.0, 8.0)),
              Radiation(5.0, 1.3), Plates(BOX, "nadir")))
asked = ("nodes", "apsides", "eclipses", Altitude(520e3), Visibility("x", 0.9, 0.4))
out = {}
for k, (s, f) in enumerate(((LEO, d), (LOW_LUNAR, preset("lunar", radiation=Radiation(5.0, 1.3))))):
    p = propagate(s, f, 12_000.0, asked, world=w, partials=("mu", "radiation"))
    out[f"c{k}"], out[f"t{k}"] = p.trajectory.coefficients, [e.t_s for e in p.events]
    out[f"s{k}"] = p.stm
y = np.tile(seven(LEO), (3, 1))
e = propagate_many(LEO.epoch, y, d, 6_000.0, times=[100.0, 3_000.0], world=w)
np.savez(sys.argv[1], states=e.states, **out)
"""


def test_both_wide_levels_give_the_same_bytes(tmp_path):
    if "avx512" not in available():
        pytest.skip("no AVX-512 on this machine")
    flown = {level: fly(PROGRAM, level, tmp_path) for level in ("avx2", "avx512")}
    assert len(flown["avx2"]) == 7
    for name, a in flown["avx2"].items():
        assert a.tobytes() == flown["avx512"][name].tobytes(), name


@pytest.mark.parametrize(
    ("r_m", "v_m_s"),
    [
        (
            [-204079751.69557783, 40443673.33881495, 21236732.480922442],
            [-1526.8276850652624, -0.628383331996424, -26.072588038208306],
        ),
        (
            [-204079924.88238195, 40443708.62975147, 21235001.281860538],
            [-1526.8347423599532, -0.6284216136869358, -26.08517367012916],
        ),
    ],
)
def test_a_segment_that_resists_being_cut_at_a_change_of_centre_is_flown_in_pieces(
    r_m, v_m_s, shipped_world
):
    """Starts of a coast to the Moon whose last segment before its sphere was refused when cut."""
    start = State(
        Epoch.from_utc("1969-07-17T16:17:01.797110946Z"),
        gcrf("earth"),
        np.array(r_m),
        np.array(v_m_s),
        43_500.0,
    )
    # relativity is the centre's own, and would differ
    forces = preset("translunar").without(Relativity)
    whole = propagate(start, forces, 174_698.2, world=shipped_world)
    assert [arc.frame.centre for arc in whole.arcs] == ["earth", "moon"]
    # the same forces without a change of centre
    one = propagate(start, forces.about("earth"), 174_698.2, world=shipped_world)
    # 0.18 m: what the forces leave out of the motion of the Moon, as above
    assert whole.end.separation(one.end)[0] < 0.3
    back = propagate(whole.end, forces, -174_698.2, world=shipped_world, dense=False)
    assert back.end.separation(start)[0] < 0.1
