"""Launch instants: the pad really is under the plane then, by another road."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import erfa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosmodrome.catalog.nouns import Corridor, DragTable, Site, Vehicle
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission.nouns import Launch, Mission, Quantity, Spacecraft, Target
from cosmodrome.record import PlaneChange
from cosmodrome.site import (
    launch,
    launch_azimuths,
    launch_instants,
    node_miss,
    pad_right_ascension,
    windows,
)
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.world.world import World

TURN = 2.0 * math.pi
DEG = math.pi / 180.0
OPENS = Epoch.from_utc("2027-03-01T00:00:00Z")
PAD = Site(
    "pad",
    "Somewhere",
    "1",
    "",
    51.884 * DEG,
    128.333 * DEG,
    200.0,
    (Corridor(340.0 * DEG, 95.0 * DEG),),
)


@dataclass(frozen=True)
class Fixed:
    """A plane with a node that stays, or moves with time, or is free."""

    i_mean_rad: float = 98.71 * DEG
    node_rad: float | None = 1.0
    rate_rad_s: float = 0.0
    correction_rad: float = 0.0

    def raan_wanted(self, epoch: Epoch) -> float | None:
        if self.node_rad is None:
            return None
        return (self.node_rad + self.rate_rad_s * (epoch - OPENS)) % TURN

    def raan_of(self, epoch: Epoch) -> float | None:
        wanted = self.raan_wanted(epoch)
        return None if wanted is None else (wanted + self.correction_rad) % TURN


@dataclass(frozen=True)
class Shape:
    node_minus_pad_rad: float
    travel_s: float


def mission(where: Launch, site: Site = PAD) -> Mission:
    return Mission(
        "test",
        site,
        Vehicle("v", "v", (), DragTable(1.0, (0.0,), (0.3,))),
        Spacecraft("sc", 1000.0, 1.0, 2.2, 1.0, 1.3),
        where,
        Target("circular", Quantity(7.2e6, 5e3), Quantity(0.0, 1e-3)),
    )


TWO_DAYS = Launch(window=(OPENS, OPENS + 2 * 86400.0))


def test_pad_right_ascension_against_sidereal_time(shipped_world: World) -> None:
    # apparent sidereal time (ERFA gst06a) plus longitude, polar motion apart (0.3 arcsec)
    tt1, tt2 = OPENS.jd_tt
    ut1 = tt2 + (-32.184 + shipped_world.orientation.ut1_minus_tai_s(OPENS)) / 86400.0
    expected = float(erfa.gst06a(tt1, ut1, tt1, tt2)) + PAD.longitude_rad
    found = pad_right_ascension(PAD, OPENS, shipped_world)
    assert abs(math.remainder(found - expected, TURN)) < 6e-6  # polar motion times tan(latitude)
    assert 0.0 <= found < TURN


@settings(max_examples=30)
@given(
    st.floats(0.0, TURN),
    st.floats(-math.pi, math.pi),
    st.floats(0.0, 20000.0),
    st.floats(-90.0, 90.0),
    st.floats(-180.0, 180.0),
)
def test_every_instant_meets_the_node(
    shipped_world: World, node: float, ahead: float, travel: float, lat: float, lon: float
) -> None:
    lat = max(-89.9, min(89.9, lat))
    site = replace(PAD, latitude_rad=lat * DEG, longitude_rad=lon * DEG)
    plane = Fixed(node_rad=node, rate_rad_s=1.991e-7)
    found = launch_instants(site, ahead, travel, plane.raan_of, TWO_DAYS, shipped_world)
    # two days hold two or three sidereal ones
    assert len(found) in (2, 3)
    for when in found:
        assert OPENS <= when <= OPENS + 2 * 86400.0
        # 7.29e-5 rad/s: a millisecond is 7.3e-8 rad
        miss = node_miss(site, ahead, travel, plane.raan_of, when, shipped_world)
        assert abs(miss) < 7.3e-8 * 0.01
        reached = pad_right_ascension(site, when, shipped_world) + ahead
        wanted = plane.raan_of(when + travel)
        assert wanted is not None
        assert abs(math.remainder(reached - wanted, TURN)) < 7.3e-10
    for one, other in pairwise(found):
        # a sidereal day of 86,164.09 s, longer as the node moves along with the Sun
        assert other - one == pytest.approx(TURN / (7.2921159e-5 - 1.991e-7), abs=0.05)


def test_the_plane_really_passes_over_the_pad(shipped_world: World) -> None:
    """At a geometric instant, the orbit plane in TOD contains the pad turned into TOD."""
    plane = Fixed(node_rad=5.5)
    for o in windows(mission(TWO_DAYS), plane, shipped_world, travel_s=0.0):
        rotation = (
            shipped_world.orientation.tod_from_gcrf(o.epoch).matrix
            @ shipped_world.orientation.itrf_from_gcrf(o.epoch).matrix.T
        )
        s, c = math.sin(PAD.latitude_rad), math.cos(PAD.latitude_rad)
        e2 = 0.0066943799901413165
        n = 6378137.0 / math.sqrt(1.0 - e2 * s * s)
        pad = rotation @ np.array(
            [
                (n + 200.0) * c * math.cos(PAD.longitude_rad),
                (n + 200.0) * c * math.sin(PAD.longitude_rad),
                (n * (1.0 - e2) + 200.0) * s,
            ]
        )
        sin_i, cos_i = math.sin(plane.i_mean_rad), math.cos(plane.i_mean_rad)
        normal = np.array([sin_i * math.sin(5.5), -sin_i * math.cos(5.5), cos_i])
        # polar motion (0.3 arcsec) moves the pad's true latitude by ten metres
        assert abs(normal @ pad) < 20.0
        heading = np.cross(normal, pad)
        assert (heading[2] > 0.0) == (o.branch == "ascending")


def test_windows_lists_both_branches_in_order_with_verdicts(shipped_world: World) -> None:
    table = windows(mission(TWO_DAYS), Fixed(), shipped_world)
    assert [o.branch for o in table].count("ascending") == 2
    assert [o.branch for o in table].count("descending") == 2
    assert list(table) == sorted(table, key=lambda o: o.epoch)
    for o in table:
        # northward at 344 deg lies in the corridor 340 -> 95 deg, southward at 196 does not
        assert o.within_corridor == (o.branch == "ascending")
        assert o.raan_rad == pytest.approx(1.0, abs=1e-8)
        assert abs(o.miss_rad) < 1e-9
    assert {round(o.azimuth_relative_rad / DEG, 1) for o in table} == {343.8, 196.2}


def test_windows_take_ten_minutes_of_travel_unless_told(shipped_world: World) -> None:
    moving = Fixed(rate_rad_s=1.0e-5)
    plain = windows(mission(TWO_DAYS), moving, shipped_world)
    told = windows(mission(TWO_DAYS), moving, shipped_world, travel_s=600.0)
    assert plain == told
    assert plain != windows(mission(TWO_DAYS), moving, shipped_world, travel_s=660.0)


def test_the_clock_of_the_note_turns_over_at_midnight(shipped_world: World) -> None:
    """A node whose local time rounds to midnight is told as 00:00:00."""
    first = windows(mission(TWO_DAYS), Fixed(), shipped_world)[0]
    way = launch_azimuths(PAD.latitude_rad, 98.71 * DEG, height_m=200.0)[0]
    short = (86399.7 - first.ltan_s) / 86400.0 * TURN
    shape = Shape(way.node_minus_pad_rad + short, 600.0)
    found = launch(mission(Launch(time=first.epoch)), Fixed(), shape, shipped_world)
    assert "local time 00:00:00" in found.note


def test_ltan_of_an_opportunity_is_local_mean_time_under_the_node(shipped_world: World) -> None:
    """By hand: where on Earth the node is at release, and what the mean clock says there."""
    o = windows(mission(TWO_DAYS), Fixed(), shipped_world, travel_s=1200.0)[0]
    release = o.epoch + 1200.0
    gast = shipped_world.orientation.gast_rad(release)
    longitude = math.remainder(o.raan_rad - gast, TURN)
    day, fraction = release.jd_utc
    clock_h = ((day + 0.5) % 1.0 + fraction) * 24.0 + longitude / DEG / 15.0
    # UT1 - UTC below 0.1 s here
    assert math.remainder(o.ltan_s / 3600.0 - clock_h, 24.0) * 3600.0 == pytest.approx(0, abs=0.2)


def test_launch_takes_the_branch_of_the_ascent(shipped_world: World) -> None:
    plane = Fixed()
    for way in launch_azimuths(PAD.latitude_rad, plane.i_mean_rad, height_m=200.0):
        shape = Shape(way.node_minus_pad_rad + 0.015, 3300.0)
        found = launch(mission(TWO_DAYS), plane, shape, shipped_world)
        assert found.branch == way.branch
        assert found.azimuth_inertial_rad == way.inertial_rad
        assert found.azimuth_relative_rad == way.relative_rad
        assert found.within_corridor == (way.branch == "ascending")
        miss = node_miss(
            PAD, shape.node_minus_pad_rad, 3300.0, plane.raan_of, found.epoch, shipped_world
        )
        assert abs(miss) < 1e-9
        assert found.note.endswith("as wanted")
        # the later instant of its own branch and two of the other
        assert sorted(b for _, _, b in found.alternatives) == sorted(
            [way.branch] + ["ascending" if way.branch == "descending" else "descending"] * 2
        )


def test_a_given_time_is_kept_and_its_price_told(shipped_world: World) -> None:
    plane = Fixed()
    way = launch_azimuths(PAD.latitude_rad, plane.i_mean_rad, height_m=200.0)[0]
    shape = Shape(way.node_minus_pad_rad, 600.0)
    exact = launch(mission(TWO_DAYS), plane, shape, shipped_world)
    late = launch(mission(Launch(time=exact.epoch + 240.0)), plane, shape, shipped_world)
    assert late.epoch == exact.epoch + 240.0
    # four minutes of the Earth's turn: 1.0027 deg of node, 4.01 min of local time
    assert "+4.01 min of local time (+1.003 deg)" in late.note
    assert late.alternatives == ()


def test_a_corrected_aim_moves_the_instant_and_not_the_target(shipped_world: World) -> None:
    """What is aimed at shifts by the correction; what is missed is counted from the target."""
    way = launch_azimuths(PAD.latitude_rad, 98.71 * DEG, height_m=200.0)[0]
    shape = Shape(way.node_minus_pad_rad, 600.0)
    plain = launch(mission(TWO_DAYS), Fixed(), shape, shipped_world)
    corrected = Fixed(correction_rad=1.0 * DEG)
    later = launch(mission(TWO_DAYS), corrected, shape, shipped_world)
    assert later.epoch - plain.epoch == pytest.approx(DEG / 7.2921159e-5, abs=1e-3)
    # lift-off at a given time: the aim has no say, the miss is that of the target
    given = mission(Launch(time=plain.epoch + 240.0))
    assert "(+1.003 deg)" in launch(given, corrected, shape, shipped_world).note
    (o,) = [o for o in windows(given, corrected, shipped_world) if o.branch == "ascending"]
    assert math.degrees(o.miss_rad) == pytest.approx(1.003, abs=1e-3)


def test_a_free_node_opens_the_window(shipped_world: World) -> None:
    plane = Fixed(node_rad=None)
    shape = Shape(0.0, 600.0)
    found = launch(mission(TWO_DAYS), plane, shape, shipped_world)
    assert found.epoch == OPENS
    assert found.note.startswith("the node is free")


def test_a_window_without_an_instant_names_the_nearest(shipped_world: World) -> None:
    plane = Fixed()
    (first, *_) = launch_instants(PAD, 0.2, 600.0, plane.raan_of, TWO_DAYS, shipped_world)
    early = Launch(window=(first + -7200.0, first + -3600.0))
    with pytest.raises(InfeasibleError, match=first.utc(0)):
        launch_instants(PAD, 0.2, 600.0, plane.raan_of, early, shipped_world)
    late = Launch(window=(first + 3600.0, first + 7200.0))
    with pytest.raises(InfeasibleError, match=first.utc(0)):
        launch_instants(PAD, 0.2, 600.0, plane.raan_of, late, shipped_world)
    # an instant on the very edge belongs to the window
    edge = Launch(window=(first + -1e-3, first + 1e-3))
    (found,) = launch_instants(PAD, 0.2, 600.0, plane.raan_of, edge, shipped_world)
    assert abs(found - first) < 1e-5


def test_neither_time_nor_window_is_refused(shipped_world: World) -> None:
    with pytest.raises(InputError, match="write launch: "):
        launch_instants(PAD, 0.0, 0.0, Fixed().raan_of, Launch(), shipped_world)


def test_windows_without_any_branch_tells_both(shipped_world: World) -> None:
    plane = Fixed()
    first = windows(mission(TWO_DAYS), plane, shipped_world)[0].epoch
    short = Launch(window=(first + 600.0, first + 900.0))
    with pytest.raises(InfeasibleError) as refused:
        windows(mission(short), plane, shipped_world)
    assert "ascending branch" in str(refused.value)
    assert "descending branch" in str(refused.value)


def test_a_plane_off_the_pad_is_launched_as_the_ascent_flies_it(shipped_world: World) -> None:
    """Below the pad's latitude there is no geometric heading: the flown one is told."""
    low = Fixed(i_mean_rad=7.0 * DEG)
    change = PlaneChange(
        95.0 * DEG, 97.0 * DEG, 52.1 * DEG, 7.0 * DEG, (("upper", 1_500.0, 45.3 * DEG),)
    )
    shape = Shape(0.4, 14_000.0)
    found = launch(mission(TWO_DAYS), low, shape, shipped_world, change)
    assert found.plane_change == change
    assert found.azimuth_inertial_rad == pytest.approx(95.0 * DEG)
    assert found.azimuth_relative_rad == pytest.approx(97.0 * DEG)
    assert found.branch == "descending"
    # the corridor runs to 95 deg, of the Earth-relative heading
    assert found.within_corridor is False
    assert found.note.startswith("no plane of this inclination passes over the pad")
    assert "45.30 deg by upper at T+1500 s" in found.note
    # the instant still puts the node where the target has it; one a day, and no other branch
    raan = pad_right_ascension(PAD, found.epoch, shipped_world) + shape.node_minus_pad_rad
    assert math.remainder(raan - 1.0, TURN) == pytest.approx(0.0, abs=1e-9)
    assert {branch for _, _, branch in found.alternatives} == {"descending"}
    with pytest.raises(InfeasibleError, match="lowest direct inclination"):
        launch(mission(TWO_DAYS), low, shape, shipped_world)
    # a plane over the pad is launched as ever, whatever the ascent turns
    high = launch(mission(TWO_DAYS), Fixed(), Shape(0.2, 600.0), shipped_world, change)
    assert high.plane_change is None
    assert high == launch(mission(TWO_DAYS), Fixed(), Shape(0.2, 600.0), shipped_world)
