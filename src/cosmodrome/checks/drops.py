"""Where the spent bodies fall: flown again with drag by SciPy from the moment they let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.catalog.nouns import DropZone
from cosmodrome.checks.closures import ellipse_places
from cosmodrome.checks.motion import Ballistic, fly
from cosmodrome.checks.places import geodesic_m, geodetic, great_circle_m, inside_polygon_m
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import DropTarget
    from cosmodrome.record.nouns import Impact, Leg

__all__ = ["drop_points", "drop_zones", "third_stage_suborbital"]

# two integrators and two forms of the height formula over a fall of thousands of km
IMPACT_KM = 3.0
LONGEST_FALL_S = 7200.0


def ballistic_area(view: View, leg: Leg) -> float | None:
    """Drag area (cd times area) of the falling body from the catalogue, m^2, or None."""
    vehicle = view.mission.vehicle
    if leg.object.startswith("fairing") and vehicle.fairing is not None:
        return vehicle.fairing.ballistic_cd_area_m2
    for stage in vehicle.stages:
        if leg.object == stage.id or leg.object.startswith(stage.id + "-"):
            return stage.ballistic_cd_area_m2
    return None


def _units(view: View, leg: Leg) -> int:
    """How many like bodies the leg's mass stands for."""
    vehicle = view.mission.vehicle
    ledger = view.stack.ledger.separated_kg
    count = 1
    if leg.object == "fairing" and vehicle.fairing is not None:
        count = vehicle.fairing.pieces
    else:
        for stage in vehicle.stages:
            if leg.object == stage.id:
                count = stage.count
    whole = ledger.get(leg.object)
    if whole is None:
        return 1
    return count if abs(leg.start.mass_kg - whole) < 1e-3 else 1


def drop_points(view: View) -> Iterator[Judged]:
    """Own fall of every body with an impact, against the impact on record."""
    falling = [g for g in view.dropped if g.impact is not None]
    if not falling:
        yield not_judged("no separated body is recorded down to the ground")
        return
    for leg in falling:
        impact = leg.impact
        assert impact is not None
        area = ballistic_area(view, leg)
        if area is None:
            yield not_judged(
                "the catalogue gives no drag area for this body, so its fall cannot be flown again",
                where=leg.object,
                object=leg.object,
            )
            continue
        motion = Ballistic(view, area, leg.start.mass_kg / _units(view, leg))
        y0 = np.concatenate([leg.start.r_m, leg.start.v_m_s])
        t, y = fly(
            motion,
            y0,
            LONGEST_FALL_S,
            ground=motion.ground,
            rtol=1e-8,
            atol=1e-3,
        )
        where = f"{leg.object}, released T+{leg.start.epoch - view.lift_off:.1f} s"
        if t >= LONGEST_FALL_S:
            yield at_most(
                t,
                LONGEST_FALL_S,
                "s",
                where,
                "the body does not come down by this road",
                object=leg.object,
            )
            continue
        turn = view.world.orientation.itrf_from_gcrf(leg.start.epoch + t)
        latitude, longitude, _ = geodetic(turn.vector(y[0:3]))
        apart = great_circle_m(
            float(latitude[0]), float(longitude[0]), impact.latitude_rad, impact.longitude_rad
        )
        yield at_most(
            apart / 1e3,
            IMPACT_KM,
            "km",
            where,
            f"falls at {np.degrees(latitude[0]):.3f} N {np.degrees(longitude[0]):.3f} E after"
            f" {t:.0f} s; recorded {np.degrees(impact.latitude_rad):.3f} N"
            f" {np.degrees(impact.longitude_rad):.3f} E",
            object=leg.object,
        )


def drop_zones(view: View) -> Iterator[Judged]:
    """Recorded impacts where the mission wants them, or inside the site's zones for the body."""
    mission = view.mission
    zones = mission.site.drop_zones
    wanted = {target.body: target for target in mission.drops}
    for body in wanted:
        if not any(leg.object == body and leg.impact is not None for leg in view.dropped):
            yield not_judged(
                f"the mission says where {body!r} falls, and no impact of it is recorded",
                where=body,
                object=body,
            )
    for leg in view.dropped:
        if leg.impact is None:
            continue
        if leg.object in wanted:
            yield from _where_wanted(view, leg, leg.impact, wanted[leg.object])
            continue
        own = [z for z in zones if leg.object == z.body or leg.object.startswith(z.body + "-")]
        own = [z for z in own if len(z.polygon_rad) >= 3]
        if not own:
            yield not_judged(
                f"no zone with coordinates is known for {leg.object!r} at {view.mission.site.name}",
                where=leg.object,
                object=leg.object,
            )
            continue
        inside = [
            (inside_polygon_m(leg.impact.latitude_rad, leg.impact.longitude_rad, z.polygon_rad), z)
            for z in own
        ]
        best, zone = max(inside, key=lambda pair: pair[0])
        yield from _ellipse_inside(view, leg.object, zone)
        yield at_least(
            best / 1e3,
            0.0,
            "km",
            f"{leg.object}, zone {zone.name}",
            "distance of the impact inside the zone's edge (negative: outside)",
            object=leg.object,
        )
    if not any(g.impact for g in view.dropped):
        yield not_judged("no separated body is recorded down to the ground")


def _where_wanted(view: View, leg: Leg, impact: Impact, target: DropTarget) -> Iterator[Judged]:
    """One impact in the polygon or the range that the mission asks for."""
    if target.polygon_rad:
        zone = DropZone(target.name or "of the mission", target.body, target.polygon_rad)
        yield from _ellipse_inside(view, leg.object, zone)
        yield at_least(
            inside_polygon_m(impact.latitude_rad, impact.longitude_rad, zone.polygon_rad) / 1e3,
            0.0,
            "km",
            f"{leg.object}, zone {zone.name}",
            "distance of the impact inside the edge of the zone that the mission asks for"
            " (negative: outside)",
            object=leg.object,
        )
        return
    site = view.mission.site
    far = geodesic_m(
        site.latitude_rad, site.longitude_rad, impact.latitude_rad, impact.longitude_rad
    )
    ends = [far - target.nearest_m] if target.nearest_m is not None else []
    ends += [target.farthest_m - far] if target.farthest_m is not None else []
    yield at_least(
        min(ends) / 1e3,
        0.0,
        "km",
        f"{leg.object}, {far / 1e3:.1f} km from the pad",
        "distance of the impact inside the range that the mission asks for (negative: outside)",
        object=leg.object,
    )


def _ellipse_inside(view: View, object: str, zone: DropZone) -> Iterator[Judged]:
    """The 3-sigma ellipse inside the zone; its size rests on assumed scatter, so it only warns."""
    areas = view.flight.range_safety.areas if view.flight.range_safety else ()
    for area in areas:
        if area.object == object and area.spread is not None:
            edge = [
                inside_polygon_m(latitude, longitude, zone.polygon_rad)
                for latitude, longitude in ellipse_places(area.spread)
            ]
            yield at_least(
                min(edge) / 1e3,
                0.0,
                "km",
                f"{object}, zone {zone.name}, 3-sigma ellipse",
                "distance of the ellipse inside the zone's edge (negative: it sticks out)",
                object=object,
                otherwise="warns",
            )


def third_stage_suborbital(view: View) -> Iterator[Judged]:
    """Stages that must not stay in orbit: vacuum perigee at or below the ground."""
    asked = [s for s in view.mission.vehicle.stages if s.suborbital]
    if not asked:
        yield not_judged("no stage is required to stay suborbital")
        return
    mu = float(view.world.gravity().mu_m3_s2)
    for stage in asked:
        legs = [g for g in view.dropped if g.object == stage.id]
        if not legs:
            yield not_judged(f"{stage.id!r} was not flown after its separation", object=stage.id)
            continue
        leg = legs[0]
        r, v = leg.start.r_m, leg.start.v_m_s
        radius = float(np.linalg.norm(r))
        h = np.cross(r, v)
        energy = 0.5 * float(v @ v) - mu / radius
        e = float(np.sqrt(max(0.0, 1.0 + 2.0 * energy * float(h @ h) / mu**2)))
        perigee = float(h @ h) / mu / (1.0 + e) - EARTH_EQUATORIAL_RADIUS_M
        # the rule sits on zero; 100 m for J2 in the optimum against the conic here
        yield at_most(
            perigee / 1e3,
            0.1,
            "km",
            f"{stage.id}, separation",
            "vacuum perigee of the spent stage: it comes down on its own",
            object=stage.id,
        )
