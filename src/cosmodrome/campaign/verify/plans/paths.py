"""Slips in the paths that are told of a flight: smooth, so that no seam gives them away.

An ephemeris that was smoothed with another figure, an attitude that goes once round, a body that
comes back; and a tank that is told too full from one step on.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.campaign.verify.plans.slips import (
    Slip,
    first_dropped,
    fitted_again,
    launcher,
    mine,
    with_coefficients,
    with_leg,
)
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.campaign.verify.plans.slips import Make
    from cosmodrome.record.nouns import Flight, Leg

    Array = NDArray[np.float64]
    Change = Callable[[Array, Array], Array]

__all__ = ["OF_PATHS"]

# a coast that there is room in
_COAST_S = 300.0
_BUMP_M = 60.0
# a burn that there is room in, and a push that its engine did not give
_BURN_S, _PUSH_M_S2 = 5.0, 0.5
# when a body comes back, and for how long it is near
_BACK_S, _NEAR_S, _WATCHED_S = 60.0, 10.0, 200.0
_DEEP_M, _PIECE_S = 60e3, 5.0


def _coast(stack: Leg) -> tuple[int, int] | None:
    """Pieces of the stack's path inside its longest coast between burns."""
    burns = sorted(stack.ledger.burns, key=lambda b: b.start_s)
    gaps = [(a.end_s, b.start_s) for a, b in pairwise(burns) if b.start_s - a.end_s > _COAST_S]
    if not gaps:
        return None
    begins, ends = max(gaps, key=lambda g: g[1] - g[0])
    marks = np.asarray(stack.path.breaks_s)
    first = int(np.searchsorted(marks, begins + 30.0))
    last = int(np.searchsorted(marks, ends - 30.0)) - 1
    return (first, last) if last - first >= 2 else None


def _restart(stack: Leg) -> tuple[int, int] | None:
    """Pieces of the stack's path inside the longest burn of a stage that was lit before."""
    burns = sorted(stack.ledger.burns, key=lambda b: b.start_s)
    again = [b for k, b in enumerate(burns) if any(a.stage == b.stage for a in burns[:k])]
    if not again:
        return None
    own = max(again, key=lambda b: b.end_s - b.start_s)
    marks = np.asarray(stack.path.breaks_s)
    first = int(np.searchsorted(marks, own.start_s - 1e-6))
    last = int(np.searchsorted(marks, own.end_s + 1e-6)) - 1
    return (first, last) if last > first and own.end_s - own.start_s > _BURN_S else None


def _within(
    where_of: Callable[[Leg], tuple[int, int] | None],
    change: Callable[[Trajectory, float, float], Change],
) -> Make:
    def make(flight: Flight) -> Flight | None:
        stack = launcher(flight)
        where = None if stack is None else where_of(stack)
        if stack is None or where is None or stack.path.columns != STEERED_COLUMNS:
            return None
        first, last = where
        marks = stack.path.breaks_s
        bent = change(stack.path, float(marks[first]), float(marks[last]))
        return with_leg(flight, stack, path=fitted_again(stack.path, first, last, bent))

    return make


def _bump(_: Trajectory, begins: float, ends: float) -> Change:
    return _aside_and_back(_BUMP_M, begins, ends)


def _push(_: Trajectory, begins: float, ends: float) -> Change:
    """As pushes of `_PUSH_M_S2` at most, one way and the other, would have it."""
    return _aside_and_back(0.5 * _PUSH_M_S2 * ((ends - begins) / math.pi) ** 2, begins, ends)


def _aside_and_back(by_m: float, begins: float, ends: float) -> Change:
    """Place and velocity are without a step at both ends."""

    def change(t: Array, y: Array) -> Array:
        x = math.pi / (ends - begins)
        y[:, 2] += by_m * np.sin(x * (t - begins)) ** 2
        y[:, 5] += by_m * x * np.sin(2.0 * x * (t - begins))
        return y

    return change


def _once_round(path: Trajectory, begins: float, ends: float) -> Change:
    k = path.columns.index("ux")
    u = np.asarray(path.columns_at(begins))[k : k + 3]
    across = np.cross(u, np.eye(3)[int(np.argmin(np.abs(u)))])
    across /= np.linalg.norm(across)

    def change(t: Array, y: Array) -> Array:
        angle = 2.0 * math.tau * ((t - begins) / (ends - begins))[:, None]
        own = y[:, k : k + 3]
        along = (own @ across)[:, None] * across
        y[:, k : k + 3] = (
            along + np.cos(angle) * (own - along) + np.sin(angle) * np.cross(across, own)
        )
        return y

    return change


def _dropped(change: Callable[[Leg, Leg, Array, Array], tuple[Array, Array]]) -> Make:
    """What was dropped first, its path told with something added to places and velocities, (n, 3)
    each, made from the leg, the stack, times and columns."""

    def make(flight: Flight) -> Flight | None:
        stack = launcher(flight)
        leg = first_dropped(flight)
        if stack is None or leg is None or leg.path.end - leg.start.epoch < _WATCHED_S:
            return None
        own = leg.path

        def columns(t: Array, _: int) -> Array:
            y = np.array(own.columns_at(t))
            place, velocity = change(leg, stack, t, y)
            y[:, 0:3] += place
            y[:, 3:6] += velocity
            return y

        count = math.ceil(float(own.breaks_s[-1] - own.breaks_s[0]) / _PIECE_S)
        marks = np.linspace(float(own.breaks_s[0]), float(own.breaks_s[-1]), count + 1)
        path = Trajectory.fit(own.epoch, own.frame, marks, columns, nodes=14, columns=own.columns)
        return with_leg(flight, leg, path=path)

    return make


def _near(t: Array, at_s: float) -> tuple[Array, Array]:
    """A bell about an instant and its rate, (n, 1) each."""
    x = ((t - at_s) / _NEAR_S)[:, None]
    bell = np.exp(-x * x)
    return bell, -2.0 * x / _NEAR_S * bell


def _comes_back(leg: Leg, stack: Leg, t: Array, y: Array) -> tuple[Array, Array]:
    """Pushed by what still burns in it, it meets the stack a minute after it left."""
    bell, rate = _near(t, leg.start.epoch - leg.path.epoch + _BACK_S)
    lag = leg.path.epoch - stack.path.epoch
    there = stack.path.columns_at(np.clip(t + lag, 0.0, stack.path.breaks_s[-1]))
    off = there[:, 0:3] - y[:, 0:3]
    return bell * off, rate * off + bell * (there[:, 3:6] - y[:, 3:6])


def _dips(leg: Leg, _: Leg, t: Array, y: Array) -> tuple[Array, Array]:
    """A minute before its end it is told below the ground."""
    bell, rate = _near(t, leg.path.end - leg.path.epoch - _BACK_S)
    up = y[:, 0:3] / np.linalg.norm(y[:, 0:3], axis=1)[:, None]
    return -_DEEP_M * bell * up, -_DEEP_M * rate * up


def _lags(leg: Leg, _: Leg, t: Array, y: Array) -> tuple[Array, Array]:
    """Its velocities told by backward differences of its places over two seconds, which are those
    of a second ago; at both ends of the path they are the states' own."""
    p = leg.path
    first, last = float(p.breaks_s[0]), float(p.breaks_s[-1])
    ends = np.exp(-(t - first) / _NEAR_S), np.exp(-(last - t) / _NEAR_S)
    span = (2.0 * (1.0 - ends[0]) * (1.0 - ends[1]))[:, None]
    before = p.columns_at(np.maximum(t - span[:, 0], first))[:, 0:3]
    differences = (y[:, 0:3] - before) / np.maximum(span, 1e-3)
    velocity = np.where(span > 1e-2, differences - y[:, 3:6], 0.0)
    return np.zeros_like(velocity), velocity


def _aside(flight: Flight) -> Flight | None:
    """All that is told of a dropped stage lies half a metre from where it left the stack."""
    leg = first_dropped(flight)
    if leg is None:
        return None
    p = leg.path
    c = np.array(p.coefficients)
    c[:, 0, 1] += 0.5
    off = np.array([0.0, 0.5, 0.0])
    return with_leg(
        flight, leg,
        path=with_coefficients(p, c),
        start=replace(leg.start, r_m=leg.start.r_m + off),
        end=replace(leg.end, r_m=leg.end.r_m + off),
    )  # fmt: skip


def _too_full(flight: Flight) -> Flight | None:
    """From the first burn on every hand-over tells a kilogramme more in the tank."""
    own = flight.mission.spacecraft.id
    own_legs = mine(flight)
    first = next((k for k, g in enumerate(own_legs) if g.chapter == "transfer"), None)
    if first is None:
        return None

    def more(given: Any) -> Any:
        if given is None:
            return None
        left = {k: v + 1.0 if k == own else v for k, v in given.propellant_kg.items()}
        return replace(given, propellant_kg=left)

    told: dict[int, Leg] = {}
    for k, leg in enumerate(own_legs[first:]):
        given = leg.handover_in if k == 0 else more(leg.handover_in)
        told[id(leg)] = replace(leg, handover_in=given, handover_out=more(leg.handover_out))
    return replace(flight, legs=tuple(told.get(id(g), g) for g in flight.legs))


OF_PATHS: dict[str, Slip] = {
    "path.bump": Slip("a coast of the stack told 60 m aside, smoothly", _within(_coast, _bump)),
    "path.push": Slip(
        "a restart told with a push aside and back that no engine gave", _within(_restart, _push)
    ),
    "path.turn": Slip("the attitude of a coast told twice round", _within(_coast, _once_round)),
    "path.back": Slip("a dropped stage told to come back", _dropped(_comes_back)),
    "path.dips": Slip("a dropped stage told below the ground on its way", _dropped(_dips)),
    "path.lags": Slip(
        "velocities of a dropped stage by differences over two seconds", _dropped(_lags)
    ),
    "path.aside": Slip("a dropped stage told half a metre aside, all the way", _aside),
    "tank.full": Slip("a kilogramme more in the tank in every hand-over", _too_full),
}
