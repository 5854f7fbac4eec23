"""Flown headings against the plan, the corridor, the claim and spherical trigonometry.

Ariane VA241 flew 20 deg south of its plan for nine minutes with every system healthy; the
heading of the first minute shows it while the vehicle is still above its own pad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import (
    E2,
    azimuth_of,
    azimuth_with_the_ground,
    great_circle_azimuths,
    signed_turn,
    turn_of,
    within_arc,
)
from cosmodrome.checks.orbit_reached import target_inclination
from cosmodrome.checks.places import geodetic
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.checks.winds import Blowing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import PlaneChange

__all__ = ["claimed_azimuth", "corridor", "first_minute", "flown_heading", "planned_azimuth"]

# early in the climb the heading still settles while the Earth-relative speed grows out of
# nothing and the plane is yawed to its place; 5 deg is far above that and far below VA241's 20
FIRST_MINUTE_DEG = 5.0
# the plan states this very heading: what is left is reading it off the path
FIRST_STAGE_DEG = 0.5
# a plan that states another heading than it flies misleads people; a flight this far from its
# plan is lost
FIRST_STAGE_LOST_DEG = 3.0
# a spherical Earth and a two-body plane against an optimum with J2 and yaw steering
GEOMETRY_DEG = 2.0
# the optimum and its re-flight turn the plane alike, to centimetres a second
TURN_DEG = 0.01
# below this horizontal speed a heading is noise
SLOWEST_M_S = 5.0


def flown_heading(view: View) -> Iterator[Judged]:
    """The heading over the ground against the planned one, as soon as it means something and where
    the first stage ends, which is what the plan's relative azimuth is told for."""
    yield from first_minute(view)
    yield from _first_stage(view)


def first_minute(view: View) -> Iterator[Judged]:
    """Azimuth of the Earth-relative velocity at T+60 s against the planned heading."""
    end = view.since_lift_off(view.stack.path, view.stack.path.breaks_s[-1:])[0]
    t = 60.0
    if end < t:
        yield not_judged(f"the stack flew for {end:.1f} s only")
        return
    azimuth, speed = view.heading_at(t)
    if speed < SLOWEST_M_S:
        yield not_judged(f"at T+60 s the stack still climbs straight up ({speed:.1f} m/s aside)")
        return
    planned = view.launch.azimuth_relative_rad
    off = np.degrees(float(signed_turn(azimuth, planned)))
    wind = _wind_turn_deg(view, t, azimuth)
    blown = f"; the wind turns the flow by {wind:.2f} deg" if wind > 0.0 else ""
    yield at_most(
        abs(off),
        FIRST_MINUTE_DEG + wind,
        "deg",
        "T+60 s",
        f"flies {np.degrees(azimuth):.2f} deg at {speed:.0f} m/s, {off:+.2f} deg from the planned"
        f" {np.degrees(planned):.2f} deg{blown}",
        object=view.stack.object,
    )


def _wind_turn_deg(view: View, t_s: float, azimuth_rad: float) -> float:
    """By how much the wind turns the heading through the air from that over the ground.

    A path that keeps the planned heading through the air is off it over the ground by as much.
    """
    wind = view.flight.mission.wind
    if wind is None:
        return 0.0
    path = view.inertial(view.stack.path)
    t = np.array([view.in_path(path, t_s)])
    r, v = view.earth_fixed(path, t, path.columns_at(t))
    latitude, longitude, h = geodetic(r)
    through = v - Blowing(wind, (0.0, 0.0, 1.0))(r, h)
    heading, _ = azimuth_of(through[0], float(latitude[0]), float(longitude[0]))
    return abs(float(np.degrees(signed_turn(heading, azimuth_rad))))


def _first_stage(view: View) -> Iterator[Judged]:
    """The heading where the first stage ends, which is what the plan's relative azimuth means."""
    t = view.first_stage_end_s
    azimuth, speed = view.heading_at(t)
    planned = view.launch.azimuth_relative_rad
    off = np.degrees(float(signed_turn(azimuth, planned)))
    yield at_most(
        abs(off),
        FIRST_STAGE_DEG,
        "deg",
        f"end of the first stage, T+{t:.1f} s",
        f"flies {np.degrees(azimuth):.2f} deg at {speed:.0f} m/s, {off:+.3f} deg from the planned"
        f" {np.degrees(planned):.2f} deg",
        object=view.stack.object,
        otherwise="warns" if abs(off) <= FIRST_STAGE_LOST_DEG else "fails",
    )


def corridor(view: View) -> Iterator[Judged]:
    """The flown heading inside the azimuths that range safety allows at the site.

    Where the first stage ends: what follows may turn out of the corridor (a dogleg). An inertial
    corridor is held against the orbit which that heading leads to, with the ground's speed added.
    """
    site = view.mission.site
    corridors = site.corridors
    if not corridors:
        yield not_judged(f"no corridor is known for {site.name}")
        return
    t = view.first_stage_end_s
    best: tuple[float, str, int] | None = None
    for number, c in enumerate(corridors):
        if c.kind == "relative":
            flown, how = view.heading_at(t)[0], f"Earth-relative, T+{t:.1f} s"
        else:
            flown = azimuth_with_the_ground(site.latitude_rad, view.heading_at(t)[0])
            how = f"inertial, of the heading at T+{t:.1f} s"
        inside = np.degrees(within_arc(flown, c.first_rad, c.last_rad))
        text = (
            f"{np.degrees(flown):.2f} deg in {np.degrees(float(turn_of(c.first_rad))):.1f} .."
            f" {np.degrees(float(turn_of(c.last_rad))):.1f} deg clockwise"
        )
        if best is None or inside > best[0]:
            best = (float(inside), f"{how}: {text}", number)
    assert best is not None
    ends = [site.figures.get(f"corridors.{best[2]}.{end}_rad") for end in ("first", "last")]
    guessed = any(f is not None and f.status == "estimated" for f in ends)
    lifted = not view.mission.keeps_corridor
    yield at_least(
        best[0],
        0.0,
        "deg",
        best[1],
        "distance of the flown heading inside the widest-fitting corridor (negative: outside)"
        + ("; the corridor's ends are estimated, so leaving it warns" if guessed else "")
        + ("; the mission lifts the corridor, so leaving it warns" if lifted else ""),
        object=view.stack.object,
        # an estimate may be wrong: it can warn, it cannot stop a countdown
        otherwise="warns" if guessed or lifted else "fails",
    )


def claimed_azimuth(view: View) -> Iterator[Judged]:
    """The azimuth claimed in the mission file against the flown one of the same kind."""
    claim = view.mission.launch.azimuth
    if claim is None:
        yield not_judged("the mission claims no azimuth")
        return
    if claim.kind == "relative":
        t = view.first_stage_end_s
        flown, where = view.heading_at(t)[0], f"end of the first stage, T+{t:.1f} s"
    else:
        found = _inertial_azimuth(view)
        if found is None:
            yield not_judged("the plane reached never crosses the site's latitude")
            return
        flown, where = found, "plane reached, at the site's latitude"
    off = np.degrees(float(signed_turn(flown, claim.value_rad)))
    yield at_most(
        abs(off),
        np.degrees(claim.tolerance_rad),
        "deg",
        where,
        f"claimed {np.degrees(claim.value_rad):.2f} deg ({claim.kind}), flown"
        f" {np.degrees(flown):.2f} deg, {off:+.2f} deg apart",
        object=view.stack.object,
    )


def planned_azimuth(view: View) -> Iterator[Judged]:
    """The planned inertial azimuth against cos i / cos lat, on the planned branch."""
    launch = view.launch
    site = view.mission.site
    i = target_inclination(view)
    pair = great_circle_azimuths(_geocentric(site.latitude_rad), i)
    if pair is None:
        if launch.plane_change is None:
            yield not_judged(
                f"|cos i / cos lat| > 1 at {np.degrees(site.latitude_rad):.2f} deg: the site cannot"
                f" reach {np.degrees(i):.2f} deg directly, and no plane change is recorded"
            )
            return
        yield from _turned_later(view, launch.plane_change)
        return
    wanted = pair[0] if launch.branch.startswith("asc") else pair[1]
    off = np.degrees(float(signed_turn(launch.azimuth_inertial_rad, wanted)))
    yield at_most(
        abs(off),
        GEOMETRY_DEG,
        "deg",
        f"{site.name}, {launch.branch} branch",
        f"planned inertial azimuth {np.degrees(launch.azimuth_inertial_rad):.2f} deg,"
        f" spherical trigonometry {np.degrees(wanted):.2f} deg ({off:+.2f} deg)",
        object=view.stack.object,
    )


def _turned_later(view: View, change: PlaneChange) -> Iterator[Judged]:
    """Where no target plane passes over the pad: the plane flown first, and each turn of it."""
    t = view.first_stage_end_s
    flown, normal = _heading_and_normal(view, t)
    planned = view.launch.azimuth_inertial_rad
    off = np.degrees(float(signed_turn(planned, flown)))
    inclination = np.degrees(np.arccos(float(normal @ view.axis)))
    yield at_most(
        abs(off),
        FIRST_STAGE_DEG,
        "deg",
        f"end of the first stage, T+{t:.1f} s",
        f"no plane of the target's inclination passes over the site: planned inertial azimuth"
        f" {np.degrees(planned):.2f} deg, flown {np.degrees(flown):.2f} deg into"
        f" {inclination:.2f} deg",
        object=view.stack.object,
    )
    burns = {(b.stage, round(b.start_s, 3)): b for b in view.stack.ledger.burns}
    for stage, start, told in change.burns:
        burn = burns.get((stage, round(start, 3)))
        where = f"{stage}, T+{start:.0f} s"
        if burn is None:
            yield Judged(
                "fails", None, None, "", None, where,
                "a turn of the plane is recorded for a burn that the ledger does not list", stage,
            )  # fmt: skip
            continue
        ends = [_heading_and_normal(view, x)[1] for x in (burn.start_s, burn.end_s)]
        turned = np.degrees(np.arccos(min(1.0, float(ends[0] @ ends[1]))))
        yield at_most(
            abs(float(turned - np.degrees(told))),
            TURN_DEG,
            "deg",
            where,
            f"the path's r x v turns by {turned:.3f} deg in the burn, recorded"
            f" {np.degrees(told):.3f} deg",
            object=stage,
        )


def _heading_and_normal(view: View, t_s: float) -> tuple[float, NDArray[np.float64]]:
    """Azimuth of the inertial velocity, and the unit normal of its plane (3,), t after lift-off."""
    path = view.inertial(view.stack.path)
    t = np.array([view.in_path(path, t_s)])
    y = path.columns_at(t)
    r, v = y[0, 0:3], y[0, 3:6]
    turn = view.world.orientation.itrf_from_gcrf_many(path.epoch, t)
    fixed = turn.vector(y[:, 0:3])[0]
    latitude, longitude, _ = geodetic(fixed)
    h = np.cross(r, v)
    inertial = azimuth_of(turn.vector(y[:, 3:6])[0], float(latitude[0]), float(longitude[0]))[0]
    return inertial, h / np.linalg.norm(h)


def _geocentric(latitude: float) -> float:
    """Geocentric latitude of a geodetic one: planes pass through the Earth's centre."""
    return float(np.arctan((1.0 - E2) * np.tan(latitude)))


def _inertial_azimuth(view: View) -> float | None:
    """Azimuth at the site's latitude of the plane reached, on the flown branch."""
    pair = great_circle_azimuths(_geocentric(view.mission.site.latitude_rad), view.mean.i_rad)
    if pair is None:
        if view.launch.plane_change is None:
            return None
        return _heading_and_normal(view, view.first_stage_end_s)[0]
    northbound = np.cos(view.heading_at(view.first_stage_end_s)[0]) >= 0.0
    return pair[0] if northbound else pair[1]
