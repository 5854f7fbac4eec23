"""Dynamic pressure, heat flux and acceleration recomputed from the flown path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.motion import felt_acceleration
from cosmodrome.checks.verdicts import Judged, at_most, not_judged
from cosmodrome.checks.winds import air_relative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View

__all__ = ["axial_acceleration", "dynamic_pressure", "heat_flux", "max_q_event", "q_alpha"]

G0 = 9.80665
# an optimum flies along its limits: this much is rounding between two points of its mesh
EDGE = 1.002
# the angle of attack swings between two points of the mesh where the flow does, about jets
Q_ALPHA_EDGE = 1.02
# the fairing's rule sits on the limit too, where a metre of height is worth 0.02 %
HEAT_EDGE = 1.005


def _pressure(view: View) -> NDArray[np.float64]:
    out: NDArray[np.float64] = 0.5 * view.air.rho_kg_m3 * view.air.speed_m_s**2
    return out


def dynamic_pressure(view: View) -> Iterator[Judged]:
    """Largest 0.5 rho v^2 on the path against the limit."""
    q = _pressure(view)
    k = int(np.argmax(q))
    where = f"T+{view.stack_t_s[k]:.1f} s, {view.air.h_m[k] / 1e3:.2f} km"
    limit = view.limits.dynamic_pressure_pa
    if limit is None:
        yield not_judged(
            f"no limit is given; the largest is {q[k] / 1e3:.2f} kPa",
            where=where,
            object=view.stack.object,
        )
        return
    yield at_most(
        q[k] / 1e3,
        limit * EDGE / 1e3,
        "kPa",
        where,
        f"{view.air.speed_m_s[k]:.0f} m/s relative to the air; limit {limit / 1e3:.2f} kPa"
        " and 0.2 %",
        object=view.stack.object,
    )


def q_alpha(view: View) -> Iterator[Judged]:
    """Largest dynamic pressure times the sine of the angle of attack, while an engine pushes."""
    w = air_relative(view)
    speed = np.linalg.norm(w, axis=1)
    u = np.stack([view.column(name) for name in ("ux", "uy", "uz")], axis=1)
    sine = np.linalg.norm(np.cross(u, w), axis=1) / np.maximum(speed, 0.1)
    load = np.where(view.column("thrust_n") > 0.0, _pressure(view) * sine, 0.0)
    k = int(np.argmax(load))
    alpha = float(np.degrees(np.arctan2(sine[k], abs(float(u[k] @ w[k])) / max(speed[k], 0.1))))
    where = f"T+{view.stack_t_s[k]:.1f} s, {view.air.h_m[k] / 1e3:.2f} km"
    limit = view.limits.q_alpha_pa_rad
    wind = view.flight.mission.wind
    blowing = "" if wind is None else f"; wind: {wind.text}"
    if limit is None:
        yield not_judged(
            f"no limit is given; the largest is {load[k]:.0f} Pa rad, at {alpha:.2f} deg{blowing}",
            where=where,
            object=view.stack.object,
        )
        return
    yield at_most(
        float(load[k]),
        limit * Q_ALPHA_EDGE,
        "Pa rad",
        where,
        f"thrust {alpha:.2f} deg off the flow; limit {limit:.0f} Pa rad and"
        f" {100.0 * (Q_ALPHA_EDGE - 1.0):.0f} %{blowing}",
        object=view.stack.object,
    )


def max_q_event(view: View) -> Iterator[Judged]:
    """The recorded instant of greatest dynamic pressure against the path's own."""
    event = view.event("max-q")
    if event is None:
        yield not_judged("no max-q event is recorded")
        return
    q = _pressure(view)
    then = float(np.interp(event.t_s, view.stack_t_s, q))
    yield at_most(
        100.0 * abs(1.0 - then / float(q.max())),
        0.5,
        "%",
        f"T+{event.t_s:.1f} s",
        f"dynamic pressure at the recorded instant {then / 1e3:.3f} kPa, largest on the path"
        f" {float(q.max()) / 1e3:.3f} kPa at T+{view.stack_t_s[int(np.argmax(q))]:.1f} s",
        object=view.stack.object,
    )


def heat_flux(view: View) -> Iterator[Judged]:
    """Largest 0.5 rho v^3 from the fairing's jettison on, against the limit."""
    event = view.event("fairing jettison")
    times = [g.start.epoch - view.lift_off for g in view.dropped if g.object.startswith("fairing")]
    if event is None and not times:
        yield not_judged("no fairing was dropped")
        return
    t0 = min(times) if times else (event.t_s if event else 0.0)
    fairing = view.mission.vehicle.fairing
    rules = (view.limits.heat_flux_w_m2, None if fairing is None else fairing.heat_flux_w_m2)
    limit = min((x for x in rules if x is not None), default=None)
    flux = 0.5 * view.air.rho_kg_m3 * view.air.speed_m_s**3
    bare = np.where(view.stack_t_s >= t0 - 1e-6, flux, -np.inf)
    k = int(np.argmax(bare))
    where = f"T+{view.stack_t_s[k]:.1f} s, {view.air.h_m[k] / 1e3:.2f} km"
    if limit is None:
        yield not_judged(
            f"no limit is given; the largest is {flux[k]:.0f} W/m^2",
            where=where,
            object=view.stack.object,
        )
        return
    yield at_most(
        float(flux[k]),
        limit * HEAT_EDGE,
        "W/m^2",
        where,
        f"fairing off at T+{t0:.1f} s; limit {limit:.0f} W/m^2 with 0.5 % for the density model's"
        " rounding",
        object=view.stack.object,
    )


def axial_acceleration(view: View) -> Iterator[Judged]:
    """Largest felt acceleration: thrust column over mass, and the path's own derivative."""
    s, t = view.stack_samples, view.stack_t_s
    felt = np.linalg.norm(felt_acceleration(view), axis=1)
    inner = np.ones(len(t), dtype=bool)
    # a derivative at the very end of a segment is the noisiest place of a series
    inner[np.concatenate([[True], np.diff(s.segment) != 0])] = False
    inner[np.concatenate([np.diff(s.segment) != 0, [True]])] = False
    k = int(np.argmax(np.where(inner, felt, -np.inf)))
    limit = view.limits.axial_acceleration_m_s2
    where = f"T+{t[k]:.1f} s"
    if limit is None:
        yield not_judged(
            f"no limit is given; the largest is {felt[k] / G0:.3f} g0",
            where=where,
            object=view.stack.object,
        )
    else:
        yield at_most(
            felt[k] / G0,
            limit * EDGE / G0,
            "g0",
            where,
            f"derivative of the path's velocity less gravity; limit {limit / G0:.2f} g0 and 0.2 %",
            object=view.stack.object,
        )
    thrust = view.column("thrust_n") / s.values[:, 6]
    j = int(np.argmax(thrust))
    if limit is not None:
        yield at_most(
            thrust[j] / G0,
            limit * EDGE / G0,
            "g0",
            f"T+{t[j]:.1f} s",
            f"thrust column over mass; limit {limit / G0:.2f} g0 and 0.2 %",
            object=view.stack.object,
        )
