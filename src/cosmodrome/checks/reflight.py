"""Flown again: a coast of the ascent by SciPy, and the orbit by its own residual.

The coast between the upper stage's burns is integrated afresh (DOP853, zonal field, air drag)
from its first state to its last. In orbit the specification's full field costs milliseconds a
point, so the path is judged by its defect instead: the specification is evaluated along the
path, the impulse by which the path departs from it is summed over each piece of path, and the
departures are carried forward with the two-body transition. For a path that obeys the
specification the sum is rounding; for one that does not, it is the error to first order.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.forces import specification
from cosmodrome.checks.motion import Ballistic, fly
from cosmodrome.checks.series import sample
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Leg

    Array = NDArray[np.float64]

__all__ = ["coast_reflown", "defect", "optimum_reflown", "orbit_defect"]

# the same forces by another integrator, over at most an hour: what is left is drag area
COAST_M = 20.0
COAST_M_S = 0.02
# first revolution in full forces: the penumbra's edge and the sampling are worth millimetres
ORBIT_M = 1.0
# the flown density is a table of the model: it comes to five parts in a hundred thousand of what
# drag does in a revolution, at 210 km and on a night when the indices step; what is judged is a
# drag area or a density of another kind
DRAG_FRACTION = 0.005
# what a re-flight of the optimum may differ by (acceptance of the ascent)
OPTIMUM_M = 50.0
OPTIMUM_M_S = 0.05


def coast_reflown(view: View) -> Iterator[Judged]:
    """Longest coast between burns, integrated again and compared at its end, and half-way."""
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    path = view.inertial(view.stack.path)
    end = float(view.since_lift_off(path, path.breaks_s[-1:])[0])
    gaps = [
        (a.end_s, b.start_s, b.stage)
        for a, b in pairwise(burns)
        if b.start_s - a.end_s > 1.0 and not any(x.start_s < a.end_s < x.end_s for x in burns)
    ]
    if burns and end - burns[-1].end_s > 30.0:
        gaps.append((burns[-1].end_s, end, "release"))
    if not gaps:
        yield not_judged("the ascent has no coast between burns")
        return
    a, b, then = max(gaps, key=lambda g: g[1] - g[0])
    # mass may still leave by settling thrusters just before ignition: stop where it begins
    b = _steady_until(view, a, b)
    y0 = path.columns_at(view.in_path(path, a))
    tables = view.mission.vehicle.drag_tables
    drag = tables[int(view.drag_index(np.array([a + 1e-6]))[0])]
    motion = Ballistic(view, drag.area_m2 * drag.cd[-1], float(y0[6]))
    where = f"coast T+{a:.1f} .. T+{b:.1f} s before {then}"
    # a path may leave and come back: half-way too
    off = []
    for t in (0.5 * (a + b), b):
        _, y1 = fly(motion, y0[0:6], t - a)
        off.append(y1 - path.columns_at(view.in_path(path, t))[0:6])
    for what, part, limit, unit in (
        ("place", slice(0, 3), COAST_M, "m"), ("velocity", slice(3, 6), COAST_M_S, "m/s"),
    ):  # fmt: skip
        halfway, end = (float(np.linalg.norm(y[part])) for y in off)
        at = "half-way through" if halfway > max(end, limit) else "at the end of"
        yield at_most(
            max(halfway, end) if halfway > limit else end,
            limit,
            unit,
            where,
            f"{what} {at} the coast, DOP853 with J2 to J4 and air drag",
            object=view.stack.object,
        )


def _steady_until(view: View, a: float, b: float) -> float:
    """The end of constant mass in a coast that begins at `a`, s after lift-off."""
    path = view.stack.path
    t = np.linspace(a + 1e-3, b - 1e-3, 400)
    m = path.columns_at(view.all_in_path(path, t))[:, 6]
    steady = np.abs(m - m[0]) < 1e-3
    return float(b if steady.all() else t[int(np.argmin(steady)) - 1])


def orbit_defect(view: View) -> Iterator[Judged]:
    """The first revolution of the orbit against the full specification."""
    yield from defect(view, view.orbit)


def defect(view: View, leg: Leg) -> Iterator[Judged]:
    """The first revolution of a leg without thrust, with the spacecraft of the view's mission."""
    path = view.inertial(leg.path)
    mu = float(view.field(path.frame.centre).mu_m3_s2)
    r0, v0 = leg.start.r_m, leg.start.v_m_s
    a = 1.0 / (2.0 / np.linalg.norm(r0) - float(v0 @ v0) / mu)
    if a <= 0.0:
        yield not_judged("the orbit is open: no revolution to judge")
        return
    period = 2.0 * np.pi * float(np.sqrt(a**3 / mu))
    breaks = path.breaks_s
    last = int(np.searchsorted(breaks, breaks[0] + period))
    last = min(max(last, 1), len(breaks) - 1)
    if breaks[last] - breaks[0] > 3.0 * period:
        yield not_judged("the first piece of the path is longer than three revolutions")
        return
    cut = Trajectory(
        path.epoch,
        path.frame,
        breaks[: last + 1].copy(),
        path.coefficients[:last].copy(),
        path.columns,
    )
    # pieces up to 900 s need some thirty points for a field of degree 70
    longest = float(np.diff(cut.breaks_s).max())
    points = int(np.clip(8 + longest / 20.0, 9, 65)) | 1
    s = sample(cut, points)
    acceleration, drag, names = specification(view, path, s.t_s, s.values)
    n = len(cut.breaks_s) - 1
    t = s.t_s.reshape(n, points)
    w = s.weights.reshape(n, points)
    acc = acceleration.reshape(n, points, 3)
    y = s.values.reshape(n, points, -1)
    span = np.diff(cut.breaks_s)
    impulse = np.einsum("nm,nmc->nc", w, acc) - (y[:, -1, 3:6] - y[:, 0, 3:6])
    # place gained within the piece by the specification: integral of (end - t) a
    lever = (t[:, -1:] - t) * w
    shift = (
        y[:, 0, 3:6] * span[:, None]
        + np.einsum("nm,nmc->nc", lever, acc)
        - (y[:, -1, 0:3] - y[:, 0, 0:3])
    )
    dr, dv = np.zeros(3), np.zeros(3)
    for k in range(n):
        dr, dv = _carry(y[k, :, 0:3], t[k], mu, dr, dv)
        dr, dv = dr + shift[k], dv + impulse[k]
    yield at_most(
        float(np.linalg.norm(dr)),
        # a steady push along the track moves a body by 3/2 a t^2 (Clohessy & Wiltshire 1960)
        ORBIT_M + DRAG_FRACTION * 1.5 * drag * float(breaks[last] - breaks[0]) ** 2,
        "m",
        f"first {(breaks[last] - breaks[0]) / period:.2f} revolutions of the orbit leg",
        f"departure of the path from the specification ({', '.join(names)}) at {s.t_s.size} points,"
        f" carried to the end; velocity {float(np.linalg.norm(dv)):.2e} m/s",
        object=leg.object,
    )


def _carry(r: Array, t: Array, mu: float, dr: Array, dv: Array) -> tuple[Array, Array]:
    """A small departure over one piece, by the gradient of the central field (RK4 on the nodes).

    Two nodes a step: start, middle, end, with the true unequal middles handled by using the
    gradient at the two ends' mean place.
    """
    for k in range(len(t) - 1):
        h = float(t[k + 1] - t[k])
        middle = 0.5 * (r[k] + r[k + 1])
        d = float(np.linalg.norm(middle))
        g = mu / d**3 * (3.0 * np.outer(middle, middle) / d**2 - np.eye(3))
        # exact to third order for a gradient held over the step
        gh = g * h * h
        a = np.eye(3) + gh / 2.0 + gh @ gh / 24.0
        b = h * (np.eye(3) + gh / 6.0)
        c = g @ b
        dr, dv = a @ dr + b @ dv, c @ dr + a @ dv
    return dr, dv


def optimum_reflown(view: View) -> Iterator[Judged]:
    """The re-flight's own residual at insertion against the optimiser's state."""
    residuals = view.stack.solve.residuals
    place = _first(residuals, ("insertion_position_m", "position_m", "reflight_position_m"))
    speed = _first(residuals, ("insertion_velocity_m_s", "velocity_m_s", "reflight_velocity_m_s"))
    if place is None or speed is None:
        yield not_judged(
            "the ascent records no insertion residual"
            + (f"; it records {', '.join(residuals)}" if residuals else "")
        )
        return
    where = "insertion, execute against the optimum"
    yield at_most(place, OPTIMUM_M, "m", where, view.stack.solve.method, object=view.stack.object)
    yield at_most(
        speed, OPTIMUM_M_S, "m/s", where, view.stack.solve.method, object=view.stack.object
    )
    for given in view.stack_released[:-1]:
        for (craft,), name, limit, unit in (
            (given.attached, "position_m", OPTIMUM_M, "m"),
            (given.attached, "velocity_m_s", OPTIMUM_M_S, "m/s"),
        ):
            off = residuals.get(f"{craft} {name}")
            if off is not None:
                yield at_most(
                    off,
                    limit,
                    unit,
                    f"release of {craft}, execute against the optimum",
                    view.stack.solve.method,
                    object=view.stack.object,
                )


def _first(found: object, names: tuple[str, ...]) -> float | None:
    for name in names:
        if name in found:  # type: ignore[operator]
            return float(found[name])  # type: ignore[index]
    return None
