"""What states carry across a seam beside place, velocity and mass: frame, scale of time, units,
attitude, covariance.

A frame or a unit that is only a label cannot be compared with anything; it can be held against
nature. A coast falls as its centre attracts it, and place changes by the velocity.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.conics import RADII_M
from cosmodrome.checks.small_forces import given_in
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.mission.steps import Stay
from cosmodrome.world.bodies import BODIES, EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.frame import GCRF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["attitudes", "covariances", "frames", "scales", "units"]

#: zonal terms and mascons, a push by light, air above AIRLESS_M: what a coast may feel beside
#: attraction by points, as part of it
FALLS = 0.02
AIRLESS_M = {"earth": 200_000.0, "moon": 5_000.0}
#: what differences over 0.1 s leave of a velocity where thrust sets in
MOVES = 1e-3
_STEP_S = 0.05
#: places in m from a centre: from below the ground of either body to where the Sun's pull is all
DEEPEST, FARTHEST_M = 0.99, 5e9
#: a quaternion's length, and two attitudes, rad
UNIT, TURN_RAD = 1e-9, 1e-6
#: what of a covariance may lie on the wrong side of symmetry or of nothing, as part of its largest
SKEW = 1e-9
SAME = 1e-6
_ONE_NS = 1.0


def _states(view: View) -> Iterator[tuple[str, str, State]]:
    """Every state on record: where it stands, its object, and itself."""
    for leg in view.flight.legs:
        name = f"{leg.chapter}/{leg.object}"
        yield f"{name} start", leg.object, leg.start
        yield f"{name} end", leg.object, leg.end
        given = (("handed in", leg.handover_in), ("handed out", leg.handover_out))
        for what, hand in given:
            if hand is not None:
                yield f"{name} {what}", leg.object, hand.state
        for hand in leg.released:
            yield f"{name} release of {', '.join(hand.attached)}", leg.object, hand.state


def _seams(view: View) -> Iterator[tuple[str, str, State, State]]:
    """Pairs of states that should carry the same: where, object, given, taken."""
    for leg in view.flight.legs:
        name = f"{leg.chapter}/{leg.object}"
        if leg.handover_in is not None:
            yield f"{name}, handed in", leg.object, leg.handover_in.state, leg.start
    # the path of an object that is met is told anew for each meeting
    own = [leg for leg in view.flight.legs if leg.kind != "object"]
    for object in dict.fromkeys(leg.object for leg in own):
        mine = [leg for leg in own if leg.object == object]
        for one, two in pairwise(mine):
            yield f"{one.chapter} to {two.chapter}, {object}", object, one.end, two.start


# ---------------------------------------------------------------------------------------- frames
def frames(view: View) -> Iterator[Judged]:
    """Each leg's states stand in the frame of its path, and its coasts fall as in that frame."""
    legs = view.flight.legs
    if not legs:
        yield not_judged("nothing was flown")
        return
    others = [
        f"{leg.object}: path in {leg.path.frame}, {what} in {state.frame}"
        for leg in legs
        for what, state in (("start", leg.start), ("end", leg.end))
        if state.frame != leg.path.frame
    ]
    others += [
        f"{where}: {given.frame} and {taken.frame}"
        for where, _, given, taken in _seams(view)
        if (given.frame.axes, given.frame.inertial) != (taken.frame.axes, taken.frame.inertial)
    ]
    yield at_most(
        float(len(others)),
        0.0,
        "states",
        "all legs",
        f"states in another frame than their path or the leg before: {'; '.join(others) or 'none'}",
    )
    worst: Judged | None = None
    for leg in legs:
        if leg.chapter == "transfer" or leg.path.frame.axes != GCRF.axes:
            continue
        if any(isinstance(step, Stay) for step in leg.steps):
            continue  # what rests is held up by the ground: at-rest
        for t in _inside(leg):
            found = _falling(view, leg, t)
            if found is not None and (worst is None or found > (worst.measured or 0.0)):
                worst = at_most(
                    found,
                    FALLS,
                    "1",
                    f"{leg.object}, {(leg.path.epoch + t).utc(0)}",
                    f"acceleration along a coast told in {leg.path.frame} against the attraction"
                    " of its centre, Sun, Moon and Earth, as part of it; the largest of all legs",
                    object=leg.object,
                )
    yield worst or not_judged("no coast above the air was flown")


def _inside(leg: Leg) -> list[float]:
    """Three instants well inside a path, s from its epoch, none of them that of a small impulse;
    none in one shorter than 10 s."""
    a, b = float(leg.path.breaks_s[0]), float(leg.path.breaks_s[-1])
    if b - a <= 10.0:
        return []
    kicks = [event.epoch - leg.path.epoch for _, event in given_in(leg)]
    return [
        t
        for t in (a + x * (b - a) for x in (0.2, 0.5, 0.8))
        if all(abs(t - kick) > 2.0 * _STEP_S for kick in kicks)
    ]


def _falling(view: View, leg: Leg, t_s: float) -> float | None:
    """|acceleration less attraction| over attraction at an instant; None under thrust or in air."""
    path = leg.path
    centre = path.frame.centre
    y = path.columns_at(np.array([t_s - _STEP_S, t_s, t_s + _STEP_S]))
    if "thrust_n" in path.columns and y[:, path.columns.index("thrust_n")].any():
        return None
    r = y[1, 0:3]
    distance = float(np.linalg.norm(r))
    if centre not in RADII_M or distance < RADII_M[centre] + AIRLESS_M[centre]:
        return None
    g = -BODIES[centre].mu_m3_s2 / distance**3 * r
    size = float(np.linalg.norm(g))
    for body in ("sun", "moon", "earth"):
        if body == centre:
            continue
        s = np.asarray(view.world.ephemeris.position_m(body, path.epoch + t_s, centre))
        d = s - r
        tide = BODIES[body].mu_m3_s2 * (
            d / np.linalg.norm(d) ** 3 - s / np.linalg.norm(s) ** 3
        )  # fmt: skip
        g, size = g + tide, size + float(np.linalg.norm(tide))
    felt = (y[2, 3:6] - y[0, 3:6]) / (2.0 * _STEP_S)
    return float(np.linalg.norm(felt - g)) / size


# ----------------------------------------------------------------------------------------- units
def units(view: View) -> Iterator[Judged]:
    """Places lie where a body's flights do, in metres; velocities are what places change by."""
    legs = view.flight.legs
    if not legs:
        yield not_judged("nothing was flown")
        return
    low: tuple[float, str, str] = (np.inf, "", "")
    far = (0.0, "", "")
    for where, object, state in _states(view):
        radius = float(np.linalg.norm(state.r_m))
        share = radius / RADII_M.get(state.frame.centre, EARTH_EQUATORIAL_RADIUS_M)
        low, far = min(low, (share, where, object)), max(far, (radius, where, object))
    yield at_least(
        low[0], DEEPEST, "radii", low[1],
        "least distance from its centre, in radii of the body, of any state on record",
        object=low[2],
    )  # fmt: skip
    yield at_most(
        far[0] / 1e3, FARTHEST_M / 1e3, "km", far[1],
        "largest distance from its centre of any state on record", object=far[2],
    )  # fmt: skip
    worst: tuple[float, str, str] | None = None
    for leg in legs:
        for t in _inside(leg):
            y = leg.path.columns_at(np.array([t - _STEP_S, t, t + _STEP_S]))
            moved = (y[2, 0:3] - y[0, 0:3]) / (2.0 * _STEP_S)
            speed = max(float(np.linalg.norm(y[1, 3:6])), 1.0)
            off = float(np.linalg.norm(moved - y[1, 3:6])) / speed
            if worst is None or not off <= worst[0]:
                worst = (off, f"{leg.object}, {(leg.path.epoch + t).utc(0)}", leg.object)
    if worst is not None:
        yield at_most(
            worst[0], MOVES, "1", worst[1],
            "what places along a path change by against its velocity, as part of it; the largest"
            " of all legs",
            object=worst[2],
        )  # fmt: skip


# ---------------------------------------------------------------------------------------- scales
def scales(view: View) -> Iterator[Judged]:
    """Every record of one instant says the same nanosecond: no scale of time for another."""
    pairs = list(_told_twice(view))
    if not pairs:
        yield not_judged("no instant is on record twice")
        return
    gap, where, object, epoch = max(
        ((abs(b.ns - a.ns), where, object, a) for where, object, a, b in pairs),
        key=lambda p: p[0],
    )
    yield at_most(
        float(gap),
        _ONE_NS,
        "ns",
        where,
        f"largest gap between two records of one instant, over {len(pairs)}"
        f"{_looks_like(1e-9 * gap, epoch)}",
        object=object,
    )


def _told_twice(view: View) -> Iterator[tuple[str, str, Epoch, Epoch]]:
    flight = view.flight
    for where, object, given, taken in _seams(view):
        yield where, object, given.epoch, taken.epoch
    for leg in flight.legs:
        name = f"{leg.chapter}/{leg.object}"
        if leg.impact is not None:
            told = flight.zero + leg.impact.t_s
            yield f"{name}, impact", leg.object, leg.impact.epoch, told
            yield f"{name}, end of its fall", leg.object, leg.impact.epoch, leg.end.epoch
        if leg.plan is not None and leg.chapter == "ascent" and leg.kind == "stack":
            yield f"{name}, plan", leg.object, leg.plan.epoch, flight.zero
        if leg.handover_out is not None and leg.kind != "stack":
            yield f"{name}, handed out", leg.object, leg.handover_out.state.epoch, leg.end.epoch
    if flight.launch is not None and flight.legs:
        yield "first motion", "", flight.launch.epoch, flight.legs[0].start.epoch


def _looks_like(gap_s: float, epoch: Epoch) -> str:
    """Which scale was taken for which, where a gap tells."""
    leap = epoch.tai_minus_utc_s
    known = {
        leap: "UTC taken for TAI",
        leap + 32.184: "UTC taken for TT",
        32.184: "TAI taken for TT",
        leap - 19.0: "UTC taken for GPS time",
        19.0: "GPS time taken for TAI",
        51.184: "GPS time taken for TT",
        1.0: "a leap second",
    }
    for gap, words in known.items():
        if abs(gap_s - gap) < 5e-3:
            return f"; {gap_s:.3f} s is {words}"
    return ""


# -------------------------------------------------------------------------- attitude, covariance
def attitudes(view: View) -> Iterator[Judged]:
    """Attitudes are unit quaternions, and cross a seam unturned."""
    carried = [(w, o, s) for w, o, s in _states(view) if s.attitude is not None]
    if not carried:
        yield not_judged("no state on record carries an attitude")
        return
    off, where, object = max(
        ((abs(float(np.linalg.norm(s.attitude)) - 1.0), w, o) for w, o, s in carried),  # type: ignore[arg-type]
        key=lambda x: x[0],
    )
    yield at_most(off, UNIT, "1", where, "length of the quaternion less one", object=object)
    for where, object, given, taken in _seams(view):
        if given.attitude is None and taken.attitude is None:
            continue
        if given.attitude is None or taken.attitude is None:
            yield _dropped("attitude", where, object, given.attitude is None)
            continue
        cosine = abs(float(given.attitude @ taken.attitude))
        across = float(np.linalg.norm(given.attitude - np.sign(
            given.attitude @ taken.attitude) * taken.attitude))  # fmt: skip
        turn = 2.0 * float(np.arctan2(across, cosine))
        yield at_most(
            turn, TURN_RAD, "rad", where, "turn between two records of one attitude", object=object
        )


def covariances(view: View) -> Iterator[Judged]:
    """Covariances are symmetric, of no negative variance, and cross a seam unchanged."""
    carried = [(w, o, s) for w, o, s in _states(view) if s.covariance is not None]
    if not carried:
        yield not_judged("no state on record carries a covariance")
        return
    for where, object, state in carried:
        p = np.asarray(state.covariance)
        size = np.sqrt(np.maximum(np.diag(p), 0.0))
        scale = np.outer(size, size)
        skew = float(np.max(np.abs(p - p.T) / np.maximum(scale, 1e-300)))
        yield at_most(skew, SKEW, "1", where, "asymmetry of the correlations", object=object)
        correlations = 0.5 * (p + p.T) / np.maximum(scale, 1e-300)
        yield at_least(
            float(np.linalg.eigvalsh(correlations).min()),
            -SKEW,
            "1",
            where,
            "least eigenvalue of the correlations: below zero a direction has a negative variance",
            object=object,
        )
    for where, object, given, taken in _seams(view):
        if given.covariance is None and taken.covariance is None:
            continue
        if given.covariance is None or taken.covariance is None:
            yield _dropped("covariance", where, object, given.covariance is None)
            continue
        size = np.sqrt(np.maximum(np.diag(given.covariance), 1e-300))
        off = np.abs(given.covariance - taken.covariance) / np.outer(size, size)
        yield at_most(
            float(off.max()), SAME, "1", where,
            "difference of two records of one covariance, in its own sizes", object=object,
        )  # fmt: skip


def _dropped(what: str, where: str, object: str, before: bool) -> Judged:
    side = "after it only" if before else "before it only"
    return Judged(
        "warns", 1.0, 0.0, "states", -1.0, where, f"the {what} is on record {side}: it is"
        f" {'made up' if before else 'dropped'} at the seam", object,
    )  # fmt: skip
