"""Burns of a plan, as they were flown: what they took, what they gave, where they pointed.

What a burn did is read off its path: mass by mass, velocity by velocity less the specification's
gravity. The direction is made here again from the mission's own words, or from the plan's
programme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.forces import specification
from cosmodrome.checks.plan_flown import MASS_KG, legs_of
from cosmodrome.checks.series import sample
from cosmodrome.checks.verdicts import Judged, NotJudged, at_least, at_most, not_judged
from cosmodrome.checks.view import moon_equator
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.nouns import Manoeuvre, Transfer
from cosmodrome.mission.steps import Rise
from cosmodrome.record.nouns import Plan
from cosmodrome.world.bodies import G0
from cosmodrome.world.trajectory import STEERED_COLUMNS, Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.nouns import CraftEngine
    from cosmodrome.mission.steps import Release
    from cosmodrome.record.nouns import AttitudeProgramme, Leg, PlanPhase
    from cosmodrome.world.epoch import Epoch

    Array = NDArray[np.float64]

__all__ = [
    "burn_direction",
    "burn_size",
    "burns_of",
    "direction_of",
    "planned_of",
    "programmed",
    "tank",
]

# what the specification's forces leave over a burn: steps of quadrature, and of the density table
PUSH_M_S = 1e-3
PUSH_FRACTION = 1e-6
# deg of a direction told along the path: 3e-13 are left where a step says it; of programmes 1e-5
# were seen over hours of burning, 0.004 in the turns of an ascent, which series of their own tell
TOLD_DEG, TOLD_PLANNED_DEG, TOLD_RISING_DEG = 1e-6, 1e-3, 0.02


def burns_of(view: View) -> list[tuple[Leg, Manoeuvre]]:
    """Burns that the plan says, each with the leg that flew it."""
    return [(g, s) for g in legs_of(view) for s in g.steps if isinstance(s, Manoeuvre)]


def _masses(path: Trajectory) -> tuple[float, float]:
    """Mass at the two ends of a path, kg."""
    y = path.columns_at(path.breaks_s[[0, -1]])
    return float(y[0, 6]), float(y[1, 6])


def planned_of(view: View) -> list[tuple[Leg, PlanPhase]]:
    """Burns that a plan carries: each with the leg that flew it."""
    return [
        (g, p)
        for g in legs_of(view)
        if _held_full(g) and isinstance(g.plan, Plan)
        for p in g.plan.phases
        if p.burning
    ]


def _held_full(leg: Leg) -> bool:
    """Does the leg burn at full thrust, unthrottled?"""
    return leg.chapter == "transfer" or any(isinstance(s, Rise) for s in leg.steps)


def burn_size(view: View) -> Iterator[Judged]:
    """What each burn took and gave, by the mass along its path, against what was asked."""
    burns = burns_of(view)
    planned = planned_of(view)
    spirals = [
        g for g in legs_of(view) if any(isinstance(s, Transfer) and s.low_thrust for s in g.steps)
    ]
    if not (burns or planned or spirals):
        yield not_judged("the plan burns nothing")
        return
    for leg in spirals:
        engine = _engine(view, leg)
        c = engine.isp_s * G0
        m0, m1 = _masses(view.inertial(leg.path))
        lit = (m0 - m1) * c / engine.thrust_n
        yield at_most(
            lit,
            (leg.end.epoch - leg.start.epoch) * (1.0 + 1e-9),
            "s",
            f"low thrust from {leg.start.epoch.utc(0)}",
            f"time that {m0 - m1:.3f} kg last at {engine.thrust_n:g} N, within the whole leg",
            object=leg.object,
        )
        yield at_most(
            abs(c * float(np.log(m0 / m1)) - leg.ledger.delta_v_m_s),
            0.05,
            "m/s",
            f"low thrust from {leg.start.epoch.utc(0)}",
            f"{leg.ledger.delta_v_m_s:.3f} m/s in the ledger against c ln m0/m1",
            object=leg.object,
        )
    for leg, step in burns:
        engine = _engine(view, leg)
        c = engine.isp_s * G0
        path = view.inertial(leg.path)
        m0, m1 = (
            float(path.columns_at(float(t))[6]) for t in (path.breaks_s[0], path.breaks_s[-1])
        )
        where = f"{step.name}, {leg.start.epoch.utc(0)}"
        if step.delta_v_m_s is not None:
            found, asked, unit = c * float(np.log(m0 / m1)), step.delta_v_m_s, "m/s"
        elif step.propellant_kg is not None:
            found, asked, unit = m0 - m1, step.propellant_kg, "kg"
        else:
            found, asked, unit = leg.end.epoch - leg.start.epoch, step.duration_s or 0.0, "s"
        # a nanosecond of cut-off
        limit = max(1e-6, 1e-9 * asked)
        yield at_most(
            abs(found - asked),
            limit,
            unit,
            where,
            f"{asked:g} {unit} asked, {found:.6f} {unit} by the mass along the path (c ln m0/m1)",
            object=leg.object,
        )
        if not step.impulsive:
            yield _flow(leg, m0 - m1, leg.end.epoch - leg.start.epoch, engine, where)
    for leg, phase in planned:
        path = view.inertial(leg.path)
        t0, t1 = (float(np.clip(t, *path.breaks_s[[0, -1]])) for t in (phase.start_s, phase.end_s))
        m0, m1 = (float(path.columns_at(t)[6]) for t in (t0, t1))
        where = f"{phase.name}, {(path.epoch + t0).utc(0)}"
        yield _flow(leg, m0 - m1, t1 - t0, _engine(view, leg), where)


def _engine(view: View, leg: Leg) -> CraftEngine:
    """Of the spacecraft that flies a leg. Raises NotJudged where it has none."""
    engine = view.craft_of(leg).engine
    if engine is None:
        raise NotJudged(f"{leg.object} has no engine, and burns")
    return engine


def _flow(leg: Leg, burnt: float, lasted: float, engine: CraftEngine, where: str) -> Judged:
    return at_most(
        abs(burnt / lasted * engine.isp_s * G0 / engine.thrust_n - 1.0),
        # both ends of a short burn are told to a nanosecond
        max(1e-8, 2e-9 / lasted),
        "1",
        where,
        f"mass flow times Isp g0 against the thrust of {engine.thrust_n:g} N",
        object=leg.object,
    )


def burn_direction(view: View) -> Iterator[Judged]:
    """The push along each burn's path, gravity taken off, against size and direction asked."""
    burns = burns_of(view)
    planned = planned_of(view)
    if not (burns or planned):
        yield not_judged("the plan burns nothing")
        return
    for leg, step in burns:
        engine = _engine(view, leg)
        path = view.inertial(leg.path)
        where = f"{step.name}, {leg.start.epoch.utc(0)}"

        def along(_: Array, y: Array, step: Manoeuvre = step, at: Epoch = path.epoch) -> Array:
            return direction_of(view, step, at, y)

        if step.impulsive:
            y = path.columns_at(path.breaks_s[[0, -1]])
            felt = y[1, 3:6] - y[0, 3:6]
            size = engine.isp_s * G0 * float(np.log(y[0, 6] / y[1, 6]))
            wanted = size * direction_of(view, step, path.epoch, y[:1])[0]
        else:
            felt, wanted = _pushed(view, path, engine, along)
        asked = f"{step.direction} in {step.axes}"
        judged = _along(leg, felt, wanted, where, asked)
        yield judged
        # a push that is wrong is told once
        if judged.verdict == "holds" and not step.impulsive:
            yield from _as_told(leg, path, along, where, TOLD_DEG)
    for leg, phase in planned:
        cut = _between(view.inertial(leg.path), phase.start_s, phase.end_s)
        programme = leg.plan.attitude  # type: ignore[union-attr]

        def planned_along(
            t: Array, _: Array, programme: AttitudeProgramme = programme, phase: PlanPhase = phase
        ) -> Array:
            return programmed(programme, _inside(t, phase))

        where = f"{phase.name}, {(cut.epoch + phase.start_s).utc(0)}"
        felt, wanted = _pushed(view, cut, _engine(view, leg), planned_along)
        judged = _along(leg, felt, wanted, where, "the plan's own directions")
        yield judged
        if judged.verdict == "holds":
            wide = TOLD_PLANNED_DEG if leg.chapter == "transfer" else TOLD_RISING_DEG
            yield from _as_told(leg, cut, planned_along, where, wide)


def _as_told(
    leg: Leg,
    path: Trajectory,
    along: Callable[[Array, Array], Array],
    where: str,
    limit_deg: float,
) -> Iterator[Judged]:
    """The direction that the path itself tells, which people and files are given."""
    if path.columns != STEERED_COLUMNS:
        return
    s = sample(path, 9)
    off = np.linalg.norm(s.values[:, 7:10] - along(s.t_s, s.values), axis=1)
    yield at_most(
        float(np.degrees(off.max())),
        limit_deg,
        "deg",
        where,
        "direction told along the path against the one asked for",
        object=leg.object,
    )


def _along(leg: Leg, felt: Array, wanted: Array, where: str, asked: str) -> Judged:
    return at_most(
        float(np.linalg.norm(felt - wanted)),
        PUSH_M_S + PUSH_FRACTION * float(np.linalg.norm(wanted)),
        "m/s",
        where,
        f"velocity gained beside gravity, {float(np.linalg.norm(felt)):.4f} m/s, against"
        f" thrust over mass along {asked}",
        object=leg.object,
    )


def _pushed(
    view: View,
    path: Trajectory,
    engine: CraftEngine,
    along: Callable[[Array, Array], Array],
) -> tuple[Array, Array]:
    """Velocity gained beside the specification's forces, and what the thrust should have given."""
    longest = float(np.diff(path.breaks_s).max())
    s = sample(path, int(np.clip(8 + longest / 20.0, 9, 65)) | 1)
    gravity, _, _ = specification(view, path, s.t_s, s.values)
    felt = s.values[-1, 3:6] - s.values[0, 3:6] - s.weights @ gravity
    push = engine.thrust_n / s.values[:, 6:7]
    return felt, s.weights @ (push * along(s.t_s, s.values))


def _between(path: Trajectory, start_s: float, end_s: float) -> Trajectory:
    """The pieces of a path between two of its breaks."""
    first = int(np.argmin(np.abs(path.breaks_s - start_s)))
    last = int(np.argmin(np.abs(path.breaks_s - end_s)))
    return Trajectory(
        path.epoch,
        path.frame,
        path.breaks_s[first : last + 1].copy(),
        path.coefficients[first:last].copy(),
        path.columns,
    )


def _inside(t_s: Array, phase: PlanPhase) -> Array:
    """Instants of a phase, its ends moved in: there the programme may be the neighbour's."""
    edge = 1e-9 * (phase.end_s - phase.start_s)
    return np.clip(t_s, phase.start_s + edge, phase.end_s - edge)


def programmed(programme: AttitudeProgramme, t_s: Array) -> Array:
    """Unit vectors (N, 3) of a direction programme by Chebyshev sums of their own."""
    breaks = np.array(programme.breaks_s)
    k = np.clip(np.searchsorted(breaks, t_s, side="left") - 1, 0, len(breaks) - 2)
    x = np.clip((2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k]), -1.0, 1.0)
    angle = np.arccos(x)
    terms = np.asarray(programme.coefficients).shape[1]
    basis = np.cos(np.arange(terms)[None, :] * angle[:, None])
    u: Array = np.einsum("nk,nkc->nc", basis, np.asarray(programme.coefficients)[k])
    return np.asarray(u / np.linalg.norm(u, axis=1)[:, None])


def direction_of(view: View, step: Manoeuvre | Release, epoch: Epoch, y: Array) -> Array:
    """Unit thrust directions (N, 3) in GCRF at path values."""
    u = np.array(step.direction, dtype=np.float64)
    u = u / np.linalg.norm(u)
    r, v = y[:, 0:3], y[:, 3:6]
    n = cross(r, v)
    n = n / np.linalg.norm(n, axis=1)[:, None]
    if step.axes == "gcrf":
        return np.tile(u, (len(y), 1))
    if step.axes == "moon-equator":
        return np.tile(moon_equator(view.world, epoch).T @ u, (len(y), 1))
    if step.axes == "tod":
        return np.tile(view.world.orientation.tod_from_gcrf(epoch).matrix.T @ u, (len(y), 1))
    x = r if step.axes == "rtn" else v
    x = x / np.linalg.norm(x, axis=1)[:, None]
    across = cross(n, x)
    if step.axes == "rtn":
        out: Array = u[0] * x + u[1] * across + u[2] * n
    else:
        out = u[0] * x + u[1] * n - u[2] * across
    return out


def tank(view: View) -> Iterator[Judged]:
    """What the burns took was in the tank of what burnt."""
    burns = [g for g in legs_of(view) if g.chapter == "transfer" or _held_full(g)]
    if not burns:
        yield not_judged("the plan burns nothing")
        return
    for name in dict.fromkeys(g.object for g in burns):
        yield from _tank(view, [g for g in burns if g.object == name])


def _tank(view: View, burns: list[Leg]) -> Iterator[Judged]:
    craft = view.craft_of(burns[0])
    taken = 0.0
    last = burns[-1]
    for leg in [g for g in legs_of(view) if g.object == craft.id]:
        if leg in burns or leg.chapter in ("landing", "orbit"):
            m0, m1 = _masses(view.inertial(leg.path))
            taken += m0 - m1
        if leg is last:
            break
    where = f"after {len(burns)} {'leg' if len(burns) == 1 else 'legs'} with burns"
    yield at_least(
        craft.propellant_kg - taken,
        -MASS_KG,
        "kg",
        where,
        f"{craft.propellant_kg:g} kg loaded less {taken:.3f} kg by the mass along the paths",
        object=craft.id,
    )
    given = last.handover_out
    if given is not None:
        told = given.propellant_kg.get(craft.id, np.nan)
        yield at_most(
            abs(craft.propellant_kg - taken - told),
            MASS_KG,
            "kg",
            where,
            f"{told:.3f} kg left by the handover, against the mass along the paths",
            object=craft.id,
        )
