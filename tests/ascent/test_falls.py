"""Where dropped bodies fall as constraints: rows, zones, ranges and keep-outs, by other roads."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent
from cosmodrome.ascent import falls
from cosmodrome.ascent.programme import Programme
from cosmodrome.catalog.nouns import KeepOut
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths import SCALAR
from cosmodrome.mission.nouns import DropTarget
from cosmodrome.targets.insertion import insertion
from tests.ascent.conftest import fly, mission

if TYPE_CHECKING:
    from cosmodrome.mission.nouns import Mission
    from cosmodrome.record import Impact
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown

DEG = math.pi / 180.0
Polygon = tuple[tuple[float, float], ...]


def asked(*drops: DropTarget, **site: object) -> Mission:
    m = mission("soyuz-2.1b", "vostochny", None, 200e3, 98.0)
    return replace(m, drops=drops, site=replace(m.site, **site))  # type: ignore[arg-type]


def impact(flown: Flown, body: str) -> Impact:
    (leg,) = [g for g in flown.legs if g.object == body]
    assert leg.impact is not None
    return leg.impact


def box(latitude: float, longitude: float, high: float, wide: float) -> Polygon:
    """Corners about a place, everything in degrees."""
    sides = ((-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0))
    return tuple(((latitude + a * high) * DEG, (longitude + b * wide) * DEG) for a, b in sides)


def holds(polygon: Polygon, at: Impact) -> bool:
    """Even-odd rule in plain latitude and longitude: good to metres for edges of tens of km."""
    inside = False
    y, x = at.latitude_rad, at.longitude_rad
    for (y1, x1), (y2, x2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def km_from_pad(at: Impact) -> float:
    """Andoyer 1932, in geodetic latitudes: some tens of metres over 2,000 km."""
    a, f = 6_378.137, 1.0 / 298.257223563
    lat1, lon1 = 51.88435 * DEG, 128.33475 * DEG
    p, q, lam = (0.5 * (lat1 + at.latitude_rad), 0.5 * (lat1 - at.latitude_rad),
                 0.5 * (lon1 - at.longitude_rad))  # fmt: skip
    s = (math.sin(q) * math.cos(lam)) ** 2 + (math.cos(p) * math.sin(lam)) ** 2
    c = (math.cos(q) * math.cos(lam)) ** 2 + (math.sin(p) * math.sin(lam)) ** 2
    w = math.atan2(math.sqrt(s), math.sqrt(c))
    r = math.sqrt(s * c) / w
    h1, h2 = (3.0 * r - 1.0) / (2.0 * c), (3.0 * r + 1.0) / (2.0 * s)
    return (
        2.0
        * w
        * a
        * (
            1.0
            + f * h1 * (math.sin(p) * math.cos(q)) ** 2
            - f * h2 * (math.cos(p) * math.sin(q)) ** 2
        )
    )


@pytest.fixture(scope="module")
def free(shipped_world: World) -> Flown:
    """Soyuz-2.1b from Vostochny to 200 km, 98 deg; whatever falls falls where it likes."""
    return fly(asked(), shipped_world)


@pytest.fixture(scope="module")
def farther(free: Flown, shipped_world: World) -> Flown:
    """The core 45 km or more beyond where it falls of itself."""
    start = 1e3 * math.floor(km_from_pad(impact(free, "core")))
    return fly(
        asked(DropTarget("core", nearest_m=start + 45e3, farthest_m=start + 60e3)), shipped_world
    )


def programme(m: Mission, world: World) -> Programme:
    return Programme(m, insertion(m.target, m.launch.window[0], world), world)  # type: ignore[index]


# the flight to the ground, and the rows ------------------------------------------------------
def test_falls_from_the_nodes_are_the_flown_ones(free: Flown, shipped_world: World) -> None:
    found = falls.fallen(programme(free.mission, shipped_world), free.solution.flight)
    assert set(found) == {"strap-ons", "fairing", "core", "aft-section"}
    for body, one in found.items():
        at = impact(free, body)
        x, y, z = one.direction
        latitude = math.atan2(z / (1.0 - 6.69437999014e-3), math.hypot(x, y))
        longitude = math.atan2(y, x) + 128.33475 * DEG
        off = math.hypot(latitude - at.latitude_rad,
                         (longitude - at.longitude_rad) * math.cos(latitude))  # fmt: skip
        # DOP853 of the plan, whose timers and turning Earth are the real ones, against nodes
        assert off * 6_371e3 < 60.0


def test_rows_are_the_flown_distance_inside(free: Flown, shipped_world: World) -> None:
    at = impact(free, "core")
    latitude, longitude = at.latitude_rad / DEG, at.longitude_rad / DEG
    target = DropTarget("core", "zone", box(latitude + 0.1, longitude, 0.3, 0.5), margin_m=0.0)
    p = programme(asked(target), shipped_world)
    flight = free.solution.flight
    (one,) = falls.falls_for(p, falls.fallen(p, flight))
    phases = free.solution.sequence.phases
    rows = falls.fall_rows(p.planet, one, phases)
    assert rows is not None
    arc = flight.arcs[rows.phase]
    assert "core" in arc.phase.drops
    length = p.planet.equatorial_radius_m
    speed = math.sqrt(p.planet.mu / length)
    values = rows.formula(
        SCALAR, tuple(arc.r_m[-1] / length), tuple(arc.v_m_s[-1] / speed), arc.end_s
    )
    # 0.2 deg of latitude to the southern edge, 0.4 to the northern, 0.5 of longitude to the sides
    meridian, side = 111.5, 111.5 * math.cos(latitude * DEG)
    wanted = sorted([0.2 * meridian, 0.4 * meridian, 0.5 * side, 0.5 * side])
    # edges are great circles and the Earth is flat at the poles
    assert sorted(v * 6_371.0 for v in values) == pytest.approx(wanted, rel=0.02, abs=0.3)


# optima --------------------------------------------------------------------------------------
def test_what_falls_inside_changes_nothing(free: Flown, shipped_world: World) -> None:
    at = impact(free, "core")
    around = box(at.latitude_rad / DEG, at.longitude_rad / DEG, 0.2, 0.3)
    town = KeepOut("far away", box(10.0, 20.0, 1.0, 1.0))
    inside = fly(asked(DropTarget("core", "zone", around), keep_out=(town,)), shipped_world)
    assert inside.solution.falls == ()
    assert inside.solution.capability_kg == free.solution.capability_kg
    for a, b in zip(inside.solution.flight.arcs, free.solution.flight.arcs, strict=True):
        assert np.array_equal(a.r_m, b.r_m)


def test_a_range_is_kept_by_the_flown_core(free: Flown, farther: Flown) -> None:
    start = math.floor(km_from_pad(impact(free, "core")))
    # a kilometre of margin, 100 m of what programme and flight may differ by
    assert km_from_pad(impact(farther, "core")) == pytest.approx(start + 46.0, abs=0.11)
    assert 5.0 < free.solution.capability_kg - farther.solution.capability_kg < 60.0
    assert farther.stack.solve.residuals["position_m"] < 0.1


def test_a_kilometre_more_buys_what_is_said(
    farther: Flown, free: Flown, shipped_world: World
) -> None:
    start = 1e3 * math.floor(km_from_pad(impact(free, "core")))
    wider = fly(
        asked(DropTarget("core", nearest_m=start + 40e3, farthest_m=start + 60e3)), shipped_world
    )
    here = farther.solution.multipliers["fall_kg_per_km_core"]
    there = wider.solution.multipliers["fall_kg_per_km_core"]
    gained = wider.solution.capability_kg - farther.solution.capability_kg
    moved = km_from_pad(impact(farther, "core")) - km_from_pad(impact(wider, "core"))
    assert moved == pytest.approx(5.0, abs=0.2)
    # the trapezium of both slopes; secants leave each of them some per cent
    assert gained == pytest.approx(0.5 * (here + there) * moved, rel=0.05)
    assert any("more room where core falls" in x
               for x in ascent.limits_in_words(farther.solution.multipliers))  # fmt: skip


def test_a_zone_that_is_not_convex_and_one_beside_the_track(
    free: Flown, shipped_world: World
) -> None:
    core, straps = impact(free, "core"), impact(free, "strap-ons")
    latitude, longitude = core.latitude_rad / DEG, core.longitude_rad / DEG
    # an L that leaves the impact out in its notch: the bounding box would not move it
    bend = ((-0.4, -0.9), (-0.4, 0.9), (0.5, 0.9), (0.5, 0.15), (0.02, 0.15), (0.02, -0.9))
    ell = tuple(((latitude - 0.05 + a) * DEG, (longitude + b) * DEG) for a, b in bend)
    aside = box(straps.latitude_rad / DEG, straps.longitude_rad / DEG + 0.25, 0.1, 0.15)
    flown = fly(
        asked(DropTarget("core", "ell", ell), DropTarget("strap-ons", "box", aside)),
        shipped_world,
    )
    for body, zone in (("core", ell), ("strap-ons", aside)):
        assert not holds(zone, impact(free, body))
        assert holds(zone, impact(flown, body))
    assert 0.0 < free.solution.capability_kg - flown.solution.capability_kg < 40.0


def test_nothing_is_hit_that_is_kept_out(free: Flown, shipped_world: World) -> None:
    at = impact(free, "core")
    town = KeepOut("town", box(at.latitude_rad / DEG + 0.03, at.longitude_rad / DEG, 0.1, 0.2))
    flown = fly(asked(keep_out=(town,)), shipped_world)
    assert holds(town.polygon_rad, impact(free, "core"))
    safety = ascent.range_safety(flown.legs, flown.mission, shipped_world)
    bodies = {a.object: a for a in safety.areas}
    for area in bodies.values():
        for place in (area.low, area.nominal, area.high):
            assert not holds(
                town.polygon_rad, replace(at, latitude_rad=place[0], longitude_rad=place[1])
            )
    (margin,) = bodies["core"].margins
    assert margin.point_m > 900.0
    lifted = fly(replace(asked(keep_out=(town,)), keeps_clear=False), shipped_world)
    assert lifted.solution.capability_kg == free.solution.capability_kg


def test_a_fixed_load_keeps_its_zone(shipped_world: World) -> None:
    m = mission()
    free = fly(m, shipped_world)
    start = 1e3 * math.floor(km_from_pad(impact(free, "core")))
    there = fly(replace(m, drops=(DropTarget("core", farthest_m=start - 30e3),)), shipped_world)
    assert km_from_pad(impact(there, "core")) < 1e-3 * start - 31.0 + 0.12
    assert 0.0 < free.solution.margin_kg - there.solution.margin_kg < 100.0
    assert there.solution.payload_kg == free.solution.payload_kg
    assert there.stack.solve.residuals["position_m"] < 1.0


# what cannot be ------------------------------------------------------------------------------
def test_a_body_that_stays_up(shipped_world: World) -> None:
    with pytest.raises(InfeasibleError, match="third is to fall within 900 km of the pad, but"):
        fly(asked(DropTarget("third", farthest_m=900e3)), shipped_world)


@pytest.mark.slow
def test_a_zone_out_of_reach(shipped_world: World) -> None:
    with pytest.raises(
        SolverError,
        match="strap-ons falling 450 km to 470 km from the pad, from one where strap-ons falls",
    ):
        fly(asked(DropTarget("strap-ons", nearest_m=450e3, farthest_m=470e3)), shipped_world)
