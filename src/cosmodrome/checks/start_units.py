"""The start of a mission in orbit, against what else is known of it: is it in another unit?

A state alone is held against the body that it is about: its radius, and the conic that it begins.
Where a message says more - elements beside a state, the next line of an ephemeris, mean motion and
inclination of two-line elements - that is the other road.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.conics import axis_m, period_s
from cosmodrome.checks.factors import named
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.nouns import Coast, OrbitMission
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.starts import Start, StartBeside
    from cosmodrome.record.nouns import Verdict
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["start_units"]

_FARTHEST_M = 1.5e9
# what begins lower is a fall, not an orbit; in radii of the body
_LOWEST_PERIGEE = 0.75
# far away, m/s: C3 of 120 km^2/s^2, beyond a way to Jupiter; and what comes to the Moon
_FASTEST_M_S = {"earth": 11e3, "moon": 3e3}
# osculating against mean, and a month of drag
_PERIOD, _TILT_RAD = 0.02, math.radians(0.3)
# elements of a message are those of its state, rounded
_STATED, _STATED_RAD = 1e-3, math.radians(0.02)
# a chord is shorter than its arc; lines farther apart than this part of a turn are not compared
_CHORD, _APART_RAD = 0.1, 1.0
_ALIKE = 1e-6


def start_units(view: View) -> Iterator[Judged]:
    """The start's radius, speed and conic; what its message says beside it."""
    mission = view.flight.mission
    if not isinstance(mission, OrbitMission):
        raise NotJudged("the mission begins on a pad")
    start = mission.start
    if start.ground is not None:
        raise NotJudged("the mission begins at rest on the ground")
    state = _flown(view)
    mu = float(view.field(state.frame.centre).mu_m3_s2)
    yield from _conic(view, state, mu)
    yield from _message(start, state)
    if start.sgp4 is not None:
        yield from _mean(view, start, state, mu)
    if start.beside is not None and start.state is not None:
        r, v = (np.array(x) for x in (start.state.r_m, start.state.v_m_s))
        yield from _elements(start.beside, r, v)
        yield from _points(start.beside, mu)


def _flown(view: View) -> State:
    wanted = view.flight.mission.spacecraft.id
    for leg in view.flight.legs:
        if leg.object == wanted:
            return leg.start
    raise NotJudged(f"no leg of {wanted!r} was flown")


def _conic(view: View, state: State, mu: float) -> Iterator[Judged]:
    """Radius and speed about the body that the state is counted from."""
    centre = state.frame.centre
    body = MOON_RADIUS_M if centre == "moon" else EARTH_EQUATORIAL_RADIUS_M
    lowest = body if centre == "moon" else body + 80e3
    r, v = float(np.linalg.norm(state.r_m)), float(np.linalg.norm(state.v_m_s))
    where = f"start, {state.epoch.utc(0)}"
    why = "radius above the ground and the air"
    if r < lowest:
        why += f"; over the body's own: {named(r / body)}"
    yield at_least(r / 1e3, lowest / 1e3, "km", where, why)
    yield at_most(r / 1e3, _FARTHEST_M / 1e3, "km", where, f"radius within the {centre}'s reach")
    escape = math.sqrt(2.0 * mu / r)
    too_fast = f"; speed over a circle's: {named(v / escape * math.sqrt(2.0))}"
    left, most = math.sqrt(max(v * v - escape * escape, 0.0)), _FASTEST_M_S[centre]
    why = f"what is left of {v:.1f} m/s far from the {centre}" + (too_fast if left > most else "")
    yield at_most(left / 1e3, most / 1e3, "km/s", where, why)
    if v < escape:
        h = float(np.linalg.norm(np.cross(state.r_m, state.v_m_s)))
        a = 1.0 / (2.0 / r - v * v / mu)
        e = math.sqrt(max(1.0 - h * h / (mu * a), 0.0))
        low = a * (1.0 - e)
        why = f"perigee of the conic at {(low - body) / 1e3:.1f} km, speed {v:.1f} m/s"
        why += too_fast if low < _LOWEST_PERIGEE * body else ""
        # what burns at once may begin on a climb
        plan = view.flight.mission.plan
        burns = bool(plan) and not isinstance(plan[0], Coast)
        otherwise: Verdict = "warns" if burns else "fails"
        least = _LOWEST_PERIGEE
        yield at_least(low / body, least, "radii", where, why, otherwise=otherwise)


def _message(start: Start, state: State) -> Iterator[Judged]:
    """The state as written against the state as flown: lengths that no rotation changes."""
    told = start.state
    if told is None:
        return
    where = start.source or "start"
    pairs = [("radius", told.r_m, state.r_m)]
    if told.axes not in ("itrf", "moon-me", "moon-pa"):  # a velocity over the ground is another
        pairs.append(("speed", told.v_m_s, state.v_m_s))
    for what, written, flown in pairs:
        ratio = float(np.linalg.norm(flown) / np.linalg.norm(written))
        why = f"{what} flown over {what} written"
        if abs(ratio - 1.0) > _ALIKE:
            why += f": {named(ratio)}"
        yield at_most(abs(ratio - 1.0), _ALIKE, "1", where, why)


def _mean(view: View, start: Start, state: State, mu: float) -> Iterator[Judged]:
    """Mean motion against the energy, inclination against r x v."""
    sets = start.sgp4
    assert sets is not None
    r, v = (np.asarray(x) for x in (state.r_m, state.v_m_s))
    where = start.source or "start"
    period = period_s(r, v, mu)
    if math.isinf(period):
        a = axis_m(r, v, mu)
        yield at_least(a, 0.0, "m", where, "semi-major axis of elements that go round")
        return
    ratio = period * sets.n_rad_s / (2.0 * math.pi)
    why = f"period by energy {period:.1f} s against the mean motion's"
    if abs(ratio - 1.0) > _PERIOD:
        why += f": {named(ratio)}"
    yield at_most(abs(ratio - 1.0), _PERIOD, "1", where, why)
    turn = view.world.orientation.tod_from_gcrf(state.epoch).matrix
    off = abs(_tilt(turn @ r, turn @ v) - sets.i_rad)
    yield at_most(
        math.degrees(off), math.degrees(_TILT_RAD), "deg", where, "r x v against the inclination"
    )


def _tilt(r: Array, v: Array) -> float:
    h = np.cross(r, v)
    return math.atan2(math.hypot(h[0], h[1]), h[2])


def _elements(beside: StartBeside, r: Array, v: Array) -> Iterator[Judged]:
    """Elements that a message states, against its own state."""
    if beside.a_m is None or beside.mu_m3_s2 is None or beside.i_rad is None:
        return
    where = "elements of the message"
    mu = beside.mu_m3_s2
    a = axis_m(r, v, mu)
    ratio = a / beside.a_m
    why = f"a of the state {a / 1e3:.3f} km, of the elements {beside.a_m / 1e3:.3f} km"
    if not abs(ratio - 1.0) <= _STATED:
        why += f": {named(ratio)}"
    yield at_most(abs(ratio - 1.0), _STATED, "1", where, why)
    off = abs(_tilt(r, v) - beside.i_rad)
    why = f"r x v of the state against the stated {math.degrees(beside.i_rad):.4f} deg"
    yield at_most(math.degrees(off), math.degrees(_STATED_RAD), "deg", where, why)


def _points(beside: StartBeside, mu: float) -> Iterator[Judged]:
    """The way between two lines of an ephemeris against the mean of their velocities."""
    if len(beside.points) < 2:
        return
    (t0, r0, v0), (t1, r1, v1) = beside.points[:2]
    where = "two lines of the ephemeris"
    first, second = np.array(r0), np.array(r1)
    mean = 0.5 * (np.array(v0) + np.array(v1))
    swept = (t1 - t0) * math.sqrt(mu / min(np.linalg.norm(first), np.linalg.norm(second)) ** 3)
    if not swept <= _APART_RAD:
        raise NotJudged(f"the lines of the ephemeris are {t1 - t0:g} s apart, {swept:.2f} rad")
    went, said = second - first, mean * (t1 - t0)
    ratio = float(np.linalg.norm(went) / np.linalg.norm(said))
    why = f"way between them over their mean velocity times {t1 - t0:g} s"
    if not abs(ratio - 1.0) <= _CHORD:
        why += f": {named(ratio)}"
    yield at_most(abs(ratio - 1.0), _CHORD, "1", where, why)
    along = float(went @ said / np.linalg.norm(went) / np.linalg.norm(said))
    angle = math.degrees(math.acos(max(-1.0, min(1.0, along))))
    yield at_most(angle, 5.0, "deg", where, "direction of that way against the mean velocity")
