"""One fault put into what a flight carries; nothing is flown and nothing is optimised.

A path of a fault leads from the whole to the part: `ascent.phases.3.end_s`, `ascent.axes.up`,
`stretches.1.steps.0.delta_v_m_s`, `stretches.2.handed.r_m`, `start.mass_kg`. The generator is
`plan_faults`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import erfa
import numpy as np

from cosmodrome.ascent.engines import direction_at
from cosmodrome.campaign.verify.plans.firings import with_firing_fault
from cosmodrome.errors import InputError
from cosmodrome.mission.steps import Coast, Manoeuvre, Until
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cosmodrome.flight.again import Carried, Stretch
    from cosmodrome.mission.steps import Step
    from cosmodrome.record.faults import Fault
    from cosmodrome.record.nouns import AttitudeProgramme, Handover, Plan, PlanPhase
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["corrupted", "turned"]

#: the other of two events or axes that are taken for each other
OTHER = {
    "apoapsis": "periapsis",
    "periapsis": "apoapsis",
    "ascending node": "descending node",
    "descending node": "ascending node",
    "umbra entry": "umbra exit",
    "umbra exit": "umbra entry",
    "penumbra entry": "penumbra exit",
    "penumbra exit": "penumbra entry",
    "vnc": "rtn",
    "rtn": "vnc",
    "gcrf": "tod",
    "tod": "gcrf",
    "moon-equator": "gcrf",
}
# pieces of a coast whose attitude goes the long way round: an eighth of a turn each at most
_LONG_WAY = 12


def corrupted(carried: Carried, fault: Fault) -> Carried:
    """What is carried, with one thing wrong. Raises InputError for a path that leads nowhere."""
    head, *rest = fault.path.split(".")
    if head == "ascent" and carried.ascent is not None:
        return replace(carried, ascent=_plan(carried.ascent, rest, fault))
    if head == "start" and carried.start is not None:
        return replace(carried, start=_handed(carried.start, rest, fault))
    if head == "stretches" and rest and int(rest[0]) < len(carried.stretches):
        k = int(rest[0])
        own = carried.stretches
        if len(rest) == 1:  # the whole leg is left out
            return replace(carried, stretches=(*own[:k], *own[k + 1 :]))
        changed = _stretch(own[k], rest[1:], fault)
        return replace(carried, stretches=(*own[:k], changed, *own[k + 1 :]))
    raise _nowhere(fault)


def _nowhere(fault: Fault) -> InputError:
    return InputError(
        f"the fault {fault.path!r} ({fault.kind}) leads to nothing this flight carries; generate"
        " the list from the flight itself with plan_faults"
    )


def _number(value: float, fault: Fault) -> float:
    """A number with a factor, an offset, a new value or the other sign."""
    if fault.kind == "factor":
        return value * fault.value
    if fault.kind == "offset":
        return value + fault.value
    if fault.kind == "set":
        return fault.value
    if fault.kind == "sign":
        return -value
    raise _nowhere(fault)


def turned(axis: Array, angle_rad: float) -> Array:
    """(3, 3) active rotation about an axis of any length (Rodrigues 1840)."""
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    out: Array = np.eye(3) + math.sin(angle_rad) * k + (1.0 - math.cos(angle_rad)) * k @ k
    return out


def _axes(name: str, epoch: Epoch) -> Array:
    """(3, 3) of axes at an instant from GCRF's: TOD (IAU 2006/2000A), or Earth-fixed without polar
    motion and UT1: what somebody might take for them."""
    day, fraction = epoch.jd_tt
    tod = np.asarray(erfa.pnm06a(day, fraction), dtype=np.float64)
    if name == "tod":
        return tod
    angle = float(erfa.gst06a(day, fraction - 69.184 / 86400.0, day, fraction))
    out: Array = turned(np.array([0.0, 0.0, 1.0]), -angle) @ tod
    return out


# a plan ---------------------------------------------------------------------------------------
def _plan(plan: Plan, rest: list[str], fault: Fault) -> Plan:
    part, *more = rest
    if part == "epoch":
        late = fault.value
        axes = np.asarray(plan.launch_axes)
        if more == ["axes"]:  # made for the wrong instant as a whole
            axes = axes @ turned(axes[2], OMEGA_EARTH_RAD_S * late).T
        return replace(plan, epoch=plan.epoch + late, launch_axes=axes)
    if part == "axes":
        return replace(plan, launch_axes=_turned_axes(plan, more[0], fault))
    if part == "attitude":
        return replace(plan, attitude=_attitude(plan, more, fault))
    if part == "phases":
        return replace(plan, phases=_phases(plan.phases, int(more[0]), more[1], fault))
    if part == "targets":
        key = ".".join(more)
        values = {**plan.targets, key: _number(plan.targets[key], fault)}
        return replace(plan, targets=values)
    if part == "speeds" or part == "places":  # the three components of the state aimed at
        keys = [k for k in plan.targets if k.endswith("_m_s" if part == "speeds" else "_m")]
        values = {k: _number(plan.targets[k], fault) for k in keys}
        return replace(plan, targets={**plan.targets, **values})
    if part == "throttle" and plan.throttle is not None:
        scaled = _number(1.0, fault) * np.asarray(plan.throttle.coefficients)
        return replace(plan, throttle=replace(plan.throttle, coefficients=scaled))
    if part == "initial_mass_kg":
        return replace(plan, initial_mass_kg=_number(plan.initial_mass_kg, fault))
    raise _nowhere(fault)


def _turned_axes(plan: Plan, which: str, fault: Fault) -> Array:
    """The launch frame's axes turned about the pad's vertical, the pole or east, or told in the
    components of other axes. The vertical is where the thrust points at first motion."""
    axes = np.asarray(plan.launch_axes, dtype=np.float64)
    if fault.kind == "frame":
        out: Array = axes @ _axes(which, plan.epoch).T
        return out
    if which == "pole":
        about = np.array([0.0, 0.0, 1.0])
    elif which == "east":
        about = np.array([0.0, 1.0, 0.0])
    else:
        about = direction_at(plan.attitude, 0.0)
    # what the plan calls its axes stands turned by the angle: so does all it commands
    turned_from: Array = turned(about, fault.value).T @ axes
    return turned_from


def _attitude(plan: Plan, rest: list[str], fault: Fault) -> AttitudeProgramme:
    own = plan.attitude
    c = np.array(own.coefficients, dtype=np.float64)
    breaks = np.asarray(own.breaks_s)
    if not rest:
        if fault.kind == "offset":  # the table is read late; its first line holds until then
            late = breaks + fault.value
            late[0] = min(0.0, late[0])
            return replace(own, breaks_s=tuple(float(b) for b in late))
        if fault.kind == "sign":
            return replace(own, coefficients=-c)
        raise _nowhere(fault)
    if rest[0] == "phase":
        phase = plan.phases[int(rest[1])]
        middle = 0.5 * (breaks[1:] + breaks[:-1])
        inside = (middle > phase.start_s) & (middle < phase.end_s)
        if fault.kind == "sign":
            c[inside] = -c[inside]
            return replace(own, coefficients=c)
        if fault.kind == "turn":
            c[inside] = c[inside] @ turned(_across(own, phase), fault.value).T
            return replace(own, coefficients=c)
        return _long_way(own, phase)
    # one component, or two that are changed for each other
    column = "xyz".index(rest[0][0])
    if fault.kind == "sign":
        c[:, :, column] *= -1.0
    else:
        other = "xyz".index(rest[0][1])
        c[:, :, [column, other]] = c[:, :, [other, column]]
    return replace(own, coefficients=c)


def _across(own: AttitudeProgramme, phase: PlanPhase) -> Array:
    """An axis across the thrust at the start of a phase: in the plane of the flight where it turns,
    else across the pole."""
    u = direction_at(own, phase.start_s)
    axis = np.cross(u, direction_at(own, phase.end_s - 1e-3))
    size = float(np.linalg.norm(axis))
    out: Array = axis / size if size > 1e-3 else np.cross(u, [0.0, 0.0, 1.0])
    return out


def _long_way(own: AttitudeProgramme, phase: PlanPhase) -> AttitudeProgramme:
    """In one phase the attitude goes once round on its way: both ends are as they were."""
    across = _across(own, phase)
    terms = np.asarray(own.coefficients).shape[1]
    marks = np.linspace(phase.start_s, phase.end_s, _LONG_WAY + 1)
    x = np.polynomial.chebyshev.chebpts1(terms)
    pieces, breaks = [], []
    for a, b in pairwise(marks):
        t = a + 0.5 * (x + 1.0) * (b - a)
        share = (t - phase.start_s) / (phase.end_s - phase.start_s)
        u = [
            turned(across, 2.0 * math.pi * s) @ direction_at(own, float(at))
            for s, at in zip(share, t, strict=True)
        ]
        pieces.append(np.polynomial.chebyshev.chebfit(x, np.array(u), terms - 1))
        breaks.append(float(a))
    old = np.asarray(own.breaks_s)
    before = [k for k in range(old.size - 1) if old[k + 1] <= phase.start_s + 1e-6]
    after = [k for k in range(old.size - 1) if old[k] >= phase.end_s - 1e-6]
    c = np.asarray(own.coefficients)
    coefficients = np.array([*(c[k] for k in before), *pieces, *(c[k] for k in after)])
    joined = (*(float(old[k]) for k in before), *breaks, *(float(old[k]) for k in after))
    return replace(own, breaks_s=(*joined, float(old[-1])), coefficients=coefficients)


def _phases(
    phases: tuple[PlanPhase, ...], k: int, field: str, fault: Fault
) -> tuple[PlanPhase, ...]:
    own = list(phases)
    if field == "end_s" and fault.kind == "omit":
        # the mark never comes: what ran runs on to the next one, and what should begin does not
        after = own.pop(k + 1)
        own[k] = replace(own[k], end_s=after.end_s, drops_at_end=after.drops_at_end)
    elif field == "end_s":
        end = round(_number(own[k].end_s, fault), 9)
        own[k] = replace(own[k], end_s=end)
        if k + 1 < len(own):
            own[k + 1] = replace(own[k + 1], start_s=end)
    elif field == "burning":
        own[k] = replace(own[k], burning=())
    elif field == "throttle":
        own[k] = replace(own[k], throttle=_number(own[k].throttle, fault))
    elif field == "drops_at_end" and fault.kind == "retain":
        own[k] = replace(own[k], drops_at_end=())
    elif field == "drops_at_end":  # with the mark before or after
        other = k + (1 if fault.value > 0.0 else -1)
        moved = (*own[other].drops_at_end, *own[k].drops_at_end)
        own[k], own[other] = (
            replace(own[k], drops_at_end=()),
            replace(own[other], drops_at_end=moved),
        )
    else:
        raise _nowhere(fault)
    return tuple(own)


# a hand-over ----------------------------------------------------------------------------------
def _handed(given: Handover, rest: list[str], fault: Fault) -> Handover:
    part, *more = rest
    if part == "propellant":
        left = {name: _number(kg, fault) for name, kg in given.propellant_kg.items()}
        return replace(given, propellant_kg=left)
    if part == "attached":
        return replace(given, attached=(*given.attached, "adapter"))
    return replace(given, state=_state(given.state, part, more, fault))


def _state(state: State, part: str, more: list[str], fault: Fault) -> State:
    if part == "epoch":
        return replace(state, epoch=state.epoch + fault.value)
    if part == "mass_kg":
        return replace(state, mass_kg=_number(state.mass_kg, fault))
    if part in ("r_m", "v_m_s"):
        value = np.array(getattr(state, part))
        if not more:
            return replace(state, **cast("Any", {part: _number(1.0, fault) * value}))
        column = "xyz".index(more[0][0])
        if fault.kind == "sign":
            value[column] = -value[column]
        else:
            other = "xyz".index(more[0][1])
            value[[column, other]] = value[[other, column]]
        return replace(state, **cast("Any", {part: value}))
    if part == "axes":
        turn = _axes(more[0], state.epoch)
        r, v = turn @ state.r_m, turn @ state.v_m_s
        if more[0] == "itrf":  # as seen from the ground
            v = v - np.cross([0.0, 0.0, OMEGA_EARTH_RAD_S], r)
        return replace(state, r_m=r, v_m_s=v)
    raise _nowhere(fault)


# steps ----------------------------------------------------------------------------------------
def _stretch(stretch: Stretch, rest: list[str], fault: Fault) -> Stretch:
    part, *more = rest
    if part == "handed":
        return replace(stretch, handed=_then(stretch.handed, more, fault))
    if part == "plan" and stretch.plan is not None:
        return replace(stretch, plan=_plan(stretch.plan, more, fault))
    if part == "steps":
        k, own = int(more[0]), stretch.steps
        if len(more) == 1:
            return replace(stretch, steps=(*own[:k], *own[k + 1 :]))
        changed = _step(own[k], more[1], fault)
        return replace(stretch, steps=(*own[:k], changed, *own[k + 1 :]))
    raise _nowhere(fault)


def _then(
    before: Callable[[Handover], Handover] | None, rest: list[str], fault: Fault
) -> Callable[[Handover], Handover]:
    """A hand-over with the fault, after whatever is done to it already."""

    def handed(given: Handover) -> Handover:
        return _handed(given if before is None else before(given), rest, fault)

    return handed


def _step(step: Step, field: str, fault: Fault) -> Step:
    if isinstance(step, Coast):
        return _coast(step, field, fault)
    if field in ("speed_m_s", "coast_s", "delta_v_m_s", "duration_s", "propellant_kg"):
        return replace(step, **cast("Any", {field: _number(getattr(step, field), fault)}))
    if field == "direction":
        u = np.array(cast("Manoeuvre", step).direction)
        if fault.kind == "sign":
            u = -u
        elif fault.kind == "turn":
            across = np.cross(u, np.eye(3)[int(np.argmin(np.abs(u)))])
            u = turned(across, fault.value) @ u
        else:
            u = u[[1, 0, 2]]
        return replace(step, **cast("Any", {"direction": tuple(float(x) for x in u)}))
    if field == "axes":
        return replace(step, **cast("Any", {"axes": OTHER[cast("Manoeuvre", step).axes]}))
    raise _nowhere(fault)


def _coast(step: Coast, field: str, fault: Fault) -> Coast:
    if field == "impulses" and step.impulses is not None:
        return replace(step, impulses=with_firing_fault(step.impulses, fault))
    if field == "duration_s" and step.duration_s is not None:
        return replace(step, duration_s=_number(step.duration_s, fault))
    if field == "until" and isinstance(step.until, Until):
        return replace(step, until=replace(step.until, kind=OTHER[step.until.kind]))
    if field == "until" and step.until is not None and not isinstance(step.until, Until):
        return replace(step, until=step.until + fault.value)
    if field == "count" and isinstance(step.until, Until):
        return replace(
            step, until=replace(step.until, count=round(_number(step.until.count, fault)))
        )
    if field == "altitude_m" and isinstance(step.until, Until):
        altitude = _number(step.until.altitude_m, fault)
        return replace(step, until=replace(step.until, altitude_m=altitude))
    raise _nowhere(fault)
