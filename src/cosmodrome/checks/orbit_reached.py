"""Was the orbit that was asked for reached? Plane, node and shape from what was flown.

Judged against the mission's target and tolerances, with the checks' own averaging, own mean
Sun and own condition for Sun-synchronism.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import signed_turn
from cosmodrome.checks.clocks import (
    DAY,
    MEAN_SUN_RATE_RAD_S,
    TWO_PI,
    equation_of_equinoxes,
    mean_sun_right_ascension,
    ut1_days,
)
from cosmodrome.checks.departing import departure
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most, not_judged
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import Quantity

__all__ = [
    "clock_of",
    "eccentricity",
    "inclination",
    "local_time",
    "node",
    "node_rate",
    "node_time_s",
    "perigee_floor",
    "release_of",
    "secular_node_rate",
    "semi_major_axis",
    "sun_synchronous_inclination",
    "target_inclination",
    "where_read",
]

# a target that fixes no tolerance of its own for the plane (Sun-synchronous): 0.05 deg drifts
# the local time by two minutes in a month or so, the usual acceptance of launch services
DEFAULT_INCLINATION_TOLERANCE = np.radians(0.05)
# air makes an orbit last hours below this; no launch claims one lower
PERIGEE_FLOOR_M = 150_000.0
# an apogee beyond comes within 135,000 km of the Moon
TO_THE_MOON_M = 250e6
# between burns the stack may swing low, but not into air that brakes and heats it
COAST_FLOOR_M = 110_000.0


def secular_node_rate(
    a_m: float, e: float, i_rad: float, mu: float, re: float, j2: float, j4: float = 0.0
) -> float:
    """Secular rate of the node, rad/s, by the closed form of SGP4's first lines.

    Terms in J2, J2^2 and J4 (Hoots & Roehrich 1980, Spacetrack Report No. 3, section 6, with
    k2 = J2 Re^2 / 2, k4 = -3 J4 Re^4 / 8); mean elements in Brouwer's sense. Within 1e-5 of the
    rate of an integrated orbit under J2 to J4.
    """
    n = np.sqrt(mu / a_m**3)
    p2 = (re / (a_m * (1.0 - e * e))) ** 2
    k2, k4 = 0.5 * j2, -0.375 * j4
    c = np.cos(i_rad)
    first = 3.0 * k2 * p2 * n
    second = 0.5 * first * k2 * p2 * (4.0 - 19.0 * c * c)
    fourth = 2.5 * k4 * p2 * p2 * n * (3.0 - 7.0 * c * c)
    return float((-first + second + fourth) * c)


def sun_synchronous_inclination(
    a_m: float, e: float, mu: float, re: float, j2: float, j4: float = 0.0
) -> float:
    """Inclination whose secular node rate equals the mean Sun's, rad; NaN where none exists.

    The first-order answer, cos i = -2 w (a/Re)^2 (1 - e^2)^2 / (3 J2 n) (Vallado 2013, eq.
    11-15), then Newton's rule on the closed form above.
    """
    n = np.sqrt(mu / a_m**3)
    c = -2.0 * MEAN_SUN_RATE_RAD_S * (a_m / re) ** 2 * (1.0 - e * e) ** 2 / (3.0 * j2 * n)
    for _ in range(8):
        if abs(c) > 1.0:
            return float("nan")
        # the rate is very nearly proportional to cos i
        c *= MEAN_SUN_RATE_RAD_S / secular_node_rate(a_m, e, float(np.arccos(c)), mu, re, j2, j4)
    return float(np.arccos(c)) if abs(c) <= 1.0 else float("nan")


def where_read(view: View) -> str:
    """What a mean element was read from, and when."""
    return (
        f"{view.around.words}, {view.mean.revolutions} revolutions averaged, read at release"
        f" {release_of(view)}"
    )


def release_of(view: View) -> str:
    """UTC of the instant that elements are read at."""
    return view.around.path.start.utc(3)


def _asked(quantity: Quantity | None, what: str) -> Quantity:
    """A quantity of the target; NotJudged where the target leaves it free."""
    if quantity is None:
        raise NotJudged(f"the target leaves the {what} free")
    return quantity


def target_inclination(view: View) -> float:
    """The inclination the target asks for, by the checks' own condition when Sun-synchronous."""
    target = view.target
    if target.inclination_rad is not None:
        return target.inclination_rad.value
    if target.plane_of is not None:
        target = target.plane_of
        if target.inclination_rad is not None:
            return target.inclination_rad.value
    if not target.turns_with_sun:
        raise NotJudged("the target leaves the inclination free")
    field = view.world.gravity()
    return sun_synchronous_inclination(
        _asked(target.semi_major_axis_m, "semi-major axis").value,
        _asked(target.eccentricity, "eccentricity").value,
        float(field.mu_m3_s2),
        float(field.radius_m),
        float(field.zonal_j(2)),
        float(field.zonal_j(4)),
    )


def inclination(view: View) -> Iterator[Judged]:
    """Mean inclination from r x v against the target's, or the Sun-synchronous one."""
    target = view.target
    measured = view.mean.i_rad
    if target.inclination_rad is not None:
        tolerance, whence = target.inclination_rad.tolerance, "asked for"
    elif target.turns_with_sun:
        tolerance = target.inclination_tolerance_rad or DEFAULT_INCLINATION_TOLERANCE
        whence = "that keeps pace with the Sun at the target's altitude (J2, J2^2, J4)"
    else:
        yield not_judged("the target leaves the inclination free", where=where_read(view))
        return
    wanted = target_inclination(view)
    off = np.degrees(measured - wanted)
    yield at_most(
        abs(off),
        np.degrees(tolerance),
        "deg",
        where_read(view),
        f"mean inclination {np.degrees(measured):.4f} deg lies {off:+.4f} deg from"
        f" {np.degrees(wanted):.4f} deg {whence}",
        object=view.around.object,
    )


def node_rate(view: View) -> Iterator[Judged]:
    """For a Sun-synchronous target: the node's flown drift against the mean Sun's."""
    target = view.target
    if not target.turns_with_sun:
        yield not_judged("the target is not Sun-synchronous")
        return
    rate = view.mean.raan_rate_rad_s
    if rate is None or view.mean.revolutions < 10:
        yield not_judged(
            f"{view.mean.revolutions} revolutions are too few for a slope; ten are needed",
            where=where_read(view),
        )
        return
    tolerance = (
        target.inclination_rad.tolerance
        if target.inclination_rad is not None
        else target.inclination_tolerance_rad or DEFAULT_INCLINATION_TOLERANCE
    )
    axis = _asked(target.semi_major_axis_m, "semi-major axis")
    # d(rate)/di = -rate tan i; 0.004 deg/day more for tesseral and lunisolar wiggles over a day
    allowed = (
        abs(MEAN_SUN_RATE_RAD_S * np.tan(view.mean.i_rad)) * tolerance * DAY
        + abs(MEAN_SUN_RATE_RAD_S) * 3.5 * axis.tolerance / axis.value * DAY
        + np.radians(0.004)
    )
    off = (rate - MEAN_SUN_RATE_RAD_S) * DAY
    yield at_most(
        np.degrees(abs(off)),
        np.degrees(allowed),
        "deg/day",
        where_read(view),
        f"the node moves {np.degrees(rate) * DAY:.5f} deg/day where the mean Sun moves"
        f" {np.degrees(MEAN_SUN_RATE_RAD_S) * DAY:.5f}; the local time drifts"
        f" {off / TWO_PI * DAY * 30.0:+.1f} s in 30 days",
        object=view.around.object,
    )


def local_time(view: View) -> Iterator[Judged]:
    """Local mean solar time of the node, by the averaged node and by the crossings themselves."""
    target = view.target
    if target.ltan_s is None:
        yield not_judged("the target asks for no local time")
        return
    ltan = node_time_s(view)
    off = float(signed_turn((ltan - target.ltan_s.value) / DAY * TWO_PI)) / TWO_PI * DAY
    yield at_most(
        abs(off),
        target.ltan_s.tolerance,
        "s",
        where_read(view),
        f"the node stands at {clock_of(ltan)} local mean time, {off:+.1f} s from"
        f" {clock_of(target.ltan_s.value)}",
        object=view.around.object,
    )
    # second road: UT1 and longitude where the path itself crosses the equator
    path = view.around.path
    nodes = view.mean.nodes_s
    r, _ = view.earth_fixed(path, nodes, path.columns_at(nodes))
    longitude = np.arctan2(r[:, 1], r[:, 0])
    ut = np.array([ut1_days(path.epoch + float(t), view.world) + 0.5 for t in nodes])
    seen = np.mod(longitude / TWO_PI + ut, 1.0)
    # the plain average over all crossings, compared at their mean instant
    early = float(nodes.mean()) - float(path.breaks_s[0])
    rate = view.mean.raan_rate_rad_s or MEAN_SUN_RATE_RAD_S
    drift = (rate - MEAN_SUN_RATE_RAD_S) * early / TWO_PI * DAY
    apart = np.mean(signed_turn(TWO_PI * (seen - ltan / DAY))) / TWO_PI * DAY - drift
    yield at_most(
        abs(float(apart)),
        3.0,
        "s",
        f"{len(nodes)} ascending crossings, {view.around.words}",
        f"clock and longitude at the crossings give a local time {float(apart):+.2f} s from that"
        " of the averaged node; 3 s covers short-period terms of order J2 e and the tesserals",
        object=view.around.object,
    )


def node_time_s(view: View) -> float:
    """Local mean solar time of the averaged node at release, s of day."""
    epoch = view.around.path.start
    day, fraction = epoch.jd_tt
    raan = view.mean.raan_rad - equation_of_equinoxes(day - 2451545.0 + fraction)
    sun = mean_sun_right_ascension(ut1_days(epoch, view.world))
    return float(signed_turn(raan - sun)) / TWO_PI * DAY + 0.5 * DAY


def clock_of(seconds: float) -> str:
    """hh:mm:ss of seconds of a day."""
    s = round(seconds) % 86400
    return f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def node(view: View) -> Iterator[Judged]:
    """Right ascension of the node, when the target fixes it."""
    target = view.target
    if target.raan_rad is None:
        yield not_judged("the target fixes no right ascension of the node")
        return
    off = np.degrees(float(signed_turn(view.mean.raan_rad, target.raan_rad.value)))
    yield at_most(
        abs(off),
        np.degrees(target.raan_rad.tolerance),
        "deg",
        where_read(view),
        f"mean node {np.degrees(view.mean.raan_rad):.4f} deg, {off:+.4f} deg from the target",
        object=view.around.object,
    )


def semi_major_axis(view: View) -> Iterator[Judged]:
    """Mean semi-major axis against the target's band; of a departure, its energy."""
    target = view.target
    if target.c3_m2_s2 is not None:
        yield from departure(view, target.c3_m2_s2)
        return
    wanted = _asked(target.semi_major_axis_m, "semi-major axis")
    off = view.mean.a_m - wanted.value
    yield at_most(
        abs(off) / 1e3,
        wanted.tolerance / 1e3,
        "km",
        where_read(view),
        f"mean altitude {(view.mean.a_m - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.3f} km,"
        f" {off / 1e3:+.3f} km from the target; flown radii"
        f" {(view.mean.lowest_m - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.1f} to"
        f" {(view.mean.highest_m - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.1f} km above the equator's",
        object=view.around.object,
    )


def eccentricity(view: View) -> Iterator[Judged]:
    """Mean eccentricity, and the argument of perigee when it is asked for."""
    target = view.target
    wanted = _asked(target.eccentricity, "eccentricity")
    off = view.mean.e - wanted.value
    yield at_most(
        abs(off),
        wanted.tolerance,
        "1",
        where_read(view),
        f"mean eccentricity {view.mean.e:.6f}, {off:+.6f} from the target",
        object=view.around.object,
    )
    if target.argument_of_perigee_rad is not None:
        argp = target.argument_of_perigee_rad
        turn = np.degrees(float(signed_turn(view.mean.argp_rad, argp.value)))
        if target.perigee_at_either_node:
            turn = (turn + 90.0) % 180.0 - 90.0
        yield at_most(
            abs(turn),
            np.degrees(argp.tolerance),
            "deg",
            where_read(view),
            f"mean argument of perigee {np.degrees(view.mean.argp_rad):.3f} deg, {turn:+.3f} deg"
            " from the target",
            object=view.around.object,
        )


def perigee_floor(view: View) -> Iterator[Judged]:
    """Perigee after the burn that claims the orbit, and the lowest point between burns."""
    stack = view.stack
    mu = float(view.world.gravity().mu_m3_s2)
    floor = view.limits.perigee_altitude_m or 0.0
    burns = sorted(stack.ledger.burns, key=lambda b: b.start_s)
    burns = [b for b in burns if b.start_s < view.release_s]
    if burns:
        path = view.inertial(stack.path)
        last = burns[-1]
        y = path.columns_at(view.in_path(path, last.end_s))
        perigee, apogee = _apsides(y[0:3], y[3:6], mu)
        if np.isinf(apogee) and y[0:3] @ y[3:6] > 0.0:
            yield not_judged("it leaves outwards on an open orbit: no perigee lies ahead of it")
        else:
            yield at_least(
                (perigee - EARTH_EQUATORIAL_RADIUS_M) / 1e3,
                max(PERIGEE_FLOOR_M, floor) / 1e3,
                "km",
                f"end of the last burn ({last.stage}), T+{last.end_s:.1f} s",
                f"vacuum orbit {(perigee - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.1f} x"
                f" {(apogee - EARTH_EQUATORIAL_RADIUS_M) / 1e3:.1f} km from r and v where thrust"
                " ends",
                object=stack.object,
            )
        uppers = [b for b in burns if b.stage == last.stage]
        for one, two in pairwise(uppers):
            inside = (view.stack_t_s >= one.end_s) & (view.stack_t_s <= two.start_s)
            if not inside.any():
                continue
            low = float(view.air.h_m[inside].min())
            yield at_least(
                low / 1e3,
                COAST_FLOOR_M / 1e3,
                "km",
                f"coast T+{one.end_s:.0f} .. T+{two.start_s:.0f} s",
                "lowest height between two burns of the upper stage",
                object=stack.object,
            )
    else:
        yield not_judged("the ledger lists no burn of the stack")
    if view.mission.target.kind in ("lunar-orbit", "libration"):
        yield not_judged(
            "the way out is no orbit to be flown on by J2 alone: what its perigee becomes, the"
            " Moon and the Sun decide"
        )
        return
    try:
        lowest = view.mean.lowest_m
    except NotJudged as e:
        yield not_judged(str(e))
        return
    yield at_least(
        (lowest - EARTH_EQUATORIAL_RADIUS_M) / 1e3,
        PERIGEE_FLOOR_M / 1e3,
        "km",
        f"{view.around.words}, {view.mean.revolutions} revolutions",
        "lowest flown radius above the equatorial one",
        object=view.around.object,
    )


def _apsides(r: NDArray[np.float64], v: NDArray[np.float64], mu: float) -> tuple[float, float]:
    """Perigee and apogee radius, m, from the conic; apogee infinite on an open orbit."""
    radius = float(np.linalg.norm(r))
    h2 = float(np.dot(np.cross(r, v), np.cross(r, v)))
    energy = 0.5 * float(v @ v) - mu / radius
    e = float(np.sqrt(max(0.0, 1.0 + 2.0 * energy * h2 / mu**2)))
    p = h2 / mu
    return p / (1.0 + e), p / (1.0 - e) if e < 1.0 else float("inf")
