"""Thrust in the air and where the velocity went, recomputed along the flown path.

The derivative of the path's velocity, less gravity and the catalogue's drag, is the thrust that
was really there; it meets the catalogue's F_vac - p A_e or the back-pressure, the drag or the
throttle were flown wrong. The same pieces, integrated along the Earth-relative velocity,
are the losses of the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.engines import engine
from cosmodrome.checks.motion import felt_acceleration, zonal_gravity
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.checks.winds import air_relative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View

    Array = NDArray[np.float64]

__all__ = ["losses", "thrust_in_air"]

EARTH_RATE = 7.292115e-5
_GAMMA = 1.4
# the drag curve is rounded where it is flown and a broken line here: 0.3 % of thrust at Mach 1
AIR_FRACTION = 0.01
# above this `thrust-felt` judges more sharply, without a word about air
AIR_TOP_M = 130_000.0
# along the path by another quadrature; drag by the broken line, which others feel through it
LOSS_M_S = 2.0
DRAG_FRACTION = 0.02
DRAG_LOST_FRACTION = 0.1
CLOSURE_M_S = 0.1
# an insertion into geostationary orbit ends so
AT_REST_M_S, AFTER_PAD_S = 50.0, 100.0
# at an engine's mark the catalogue steps between two samples
_MARK_S = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class _Along:
    """At the stack's samples: unit Earth-relative velocity and its size, weight in the turning
    axes, drag and thrust acceleration (N, 3), catalogue thrust in vacuum,
    in air and in vacuum at level 1, N."""

    w_hat: Array
    speed_m_s: Array
    weight: Array
    drag: Array
    thrust: Array
    vacuum_n: Array
    in_air_n: Array
    full_n: Array
    steady: NDArray[np.bool_]


def _along(view: View) -> _Along:
    s, t = view.stack_samples, view.stack_t_s
    r, v, mass = s.values[:, 0:3], s.values[:, 3:6], s.values[:, 6]
    k = view.axis
    w = v - EARTH_RATE * np.cross(k, r)
    speed = np.linalg.norm(w, axis=1)
    w_hat = w / np.maximum(speed, 1e-9)[:, None]
    at_rest = np.flatnonzero(speed < 1e-3)
    # on the pad there is no direction yet: the one it is about to take
    w_hat[at_rest] = w_hat[np.minimum(at_rest + 1, len(t) - 1)]
    centrifugal = EARTH_RATE**2 * (r - np.outer(r @ k, k))
    weight = zonal_gravity(view, r) + centrifugal
    air = view.air
    sound = np.sqrt(_GAMMA * air.pressure_pa / air.rho_kg_m3)
    # a segment's two ends burn, and are shaped, as its middle does
    first = np.flatnonzero(np.diff(s.segment, prepend=-1))
    last = np.append(first[1:] - 1, len(t) - 1)
    middle = (0.5 * (t[first] + t[last]))[s.segment]
    flow = air_relative(view)
    airspeed = np.linalg.norm(flow, axis=1)
    tables = view.mission.vehicle.drag_tables
    which = view.drag_index(middle)
    cd = np.choose(which, [np.interp(airspeed / sound, x.mach, x.cd) for x in tables])
    area = np.array([x.area_m2 for x in tables])[which]
    drag = -(0.5 * air.rho_kg_m3 * airspeed * cd * area / mass)[:, None] * flow
    vacuum, in_air = np.zeros(len(t)), np.zeros(len(t))
    steady = np.ones(len(t), dtype=bool)
    full = np.zeros(len(t))
    for burn in view.stack.ledger.burns:
        it = engine(view, burn)
        inside = (middle > burn.start_s) & (middle < burn.end_s)
        push = it.full_n * it.level(t[inside])
        vacuum[inside] += push
        in_air[inside] += push - it.exit_area_m2 * air.pressure_pa[inside]
        full[inside] += it.full_n
        for mark in it.marks():
            steady &= np.abs(t - mark) > _MARK_S
    return _Along(
        w_hat, speed, weight, drag, felt_acceleration(view) - drag, vacuum, in_air, full, steady
    )


def thrust_in_air(view: View) -> Iterator[Judged]:
    """Thrust felt below 130 km, drag put back, against F_vac - p A_e of the catalogue."""
    if not view.stack.ledger.burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    a = _along(view)
    low = (view.air.h_m < AIR_TOP_M) & (a.in_air_n > 0.0) & a.steady
    if low.sum() < 20:
        yield not_judged("hardly any of the powered flight is below 130 km")
        return
    felt = np.linalg.norm(a.thrust, axis=1)[low] * view.stack_samples.values[low, 6]
    # a motor that burns out is judged by parts of a tenth of its thrust at the end
    off = (felt - a.in_air_n[low]) / np.maximum(a.in_air_n[low], 0.1 * a.full_n[low])
    k = int(np.argmax(np.abs(off)))
    yield at_most(
        100.0 * abs(float(off[k])),
        100.0 * AIR_FRACTION,
        "%",
        f"T+{view.stack_t_s[low][k]:.1f} s, {view.air.h_m[low][k] / 1e3:.2f} km",
        "largest difference below 130 km between mass times (path's acceleration less gravity and"
        " drag) and the catalogue's vacuum thrust less pressure times exit area",
        object=view.stack.object,
    )


def losses(view: View) -> Iterator[Judged]:
    """The ledger's losses against integrals along the path, and their sum against its end."""
    ledger = view.stack.ledger
    if not ledger.losses_m_s:
        yield not_judged("the ledger lists no losses")
        return
    a = _along(view)
    s = view.stack_samples
    burning = a.vacuum_n > 0.0
    along = np.einsum("ij,ij->i", a.thrust, a.w_hat)
    # air may press a motor back that is burning out
    push = np.copysign(np.linalg.norm(a.thrust, axis=1), a.in_air_n)
    own = {
        "gravity": -np.einsum("ij,ij->i", a.weight, a.w_hat),
        "drag": -np.einsum("ij,ij->i", a.drag, a.w_hat),
        "steering": np.where(burning, push - along, 0.0),
        "back-pressure": (a.vacuum_n - a.in_air_n) / s.values[:, 6],
    }
    slowest = float(a.speed_m_s[view.stack_t_s > AFTER_PAD_S].min(initial=np.inf))
    for name, booked in ledger.losses_m_s.items():
        if name not in own:
            continue
        if slowest < AT_REST_M_S:
            yield not_judged(
                f"the flight comes to rest over the ground ({slowest:.2f} m/s): the direction that"
                " losses are counted along turns faster than the path is sampled",
                where=f"lift-off to release, {name}",
                object=view.stack.object,
            )
            continue
        found = float(s.weights @ own[name])
        # a curve with sharp corners is flown rounded: worth a look, not a no-go
        rounded = name == "drag" and abs(booked - found) < DRAG_LOST_FRACTION * abs(found)
        yield at_most(
            abs(booked - found),
            LOSS_M_S + (DRAG_FRACTION * abs(found) if name == "drag" else 0.0),
            "m/s",
            f"lift-off to release, {name}",
            f"ledger {booked:.2f} m/s, along the path {found:.2f} m/s",
            object=view.stack.object,
            otherwise="warns" if rounded else "fails",
        )
    gained = float(a.speed_m_s[-1] - a.speed_m_s[0])
    yield at_most(
        abs(ledger.delta_v_m_s - sum(ledger.losses_m_s.values()) - gained),
        CLOSURE_M_S,
        "m/s",
        "lift-off to release",
        f"delta-v {ledger.delta_v_m_s:.2f} m/s less all losses against the Earth-relative speed"
        f" gained, {gained:.2f} m/s",
        object=view.stack.object,
    )
