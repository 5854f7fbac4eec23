"""A phase step: the burns to another place along the orbit, or to an object in nearly the same one.

At any instant the place to be is known (`followed`): the problem is a rendezvous in a given time.
Impulses are found that arrive (`few_burns`), flown as the engine makes them, and corrected by what
the flight misses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.dynamics.coasting import coast
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.maths.vectors import cross
from cosmodrome.mission.nouns import Coast, Manoeuvre
from cosmodrome.record import met
from cosmodrome.transfer.burn import about_the_earth, basis_of, flown_burn
from cosmodrome.transfer.conditions import Frame, misses
from cosmodrome.transfer.few_burns import INSTANTS, least_impulses
from cosmodrome.transfer.followed import along
from cosmodrome.transfer.phase_problem import PhaseProblem
from cosmodrome.watch import SILENT, stop_if_cancelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.mission.steps import Phase
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.transfer.followed import Followed
    from cosmodrome.transfer.phase_problem import Impulse
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Found", "find", "object_leg", "told"]

_CORRECTIONS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """steps with every number in them, their velocity change in m/s, what they go after, how many
    revolutions they take, how far the plane was off without them, and how they were found."""

    steps: tuple[Coast | Manoeuvre, ...]
    delta_v_m_s: float
    followed: Followed
    revolutions: float
    plane_rad: float
    method: str


def find(
    given: Handover, step: Phase, mission: AnyMission, world: World, watch: Watch = SILENT
) -> Found:
    """The burns of a phase step from the state that is handed over.

    About the Moon it goes to an object alone. Raises InputError for a place along an orbit about
    it, InfeasibleError where the time, the plane, the height of the drift orbit or the propellant
    do not suffice, with what is short; SolverError where no burns were found.
    """
    if step.object is None:
        about_the_earth(step.name, "phasing to a place along the orbit", given.state)
    problem = PhaseProblem(given, step, mission, world)
    watch.tell("transfer", None, f"looking for {step.name}")
    problem.look()
    if problem.there_already():
        steps: tuple[Coast | Manoeuvre, ...] = (Coast(until=problem.arrival),)
        spent = problem.span_s / problem.period
        return Found(steps, 0.0, problem.followed, spent, problem.plane_rad, "no burn at all")
    impulses = least_impulses(problem, watch)
    problem.above_air(impulses)
    problem.suffices(sum(b.size for b in impulses))
    steps, total = _flown_as_asked(problem, impulses, watch)
    problem.suffices(total)
    fit = problem.followed.fit_m
    method = (
        f"{len(impulses)} burns by reweighted least squares over {INSTANTS} instants and finer,"
        " corrected in full dynamics"
    )
    if fit:
        method += f"; the object flown within {fit:.0f} m (rms) of SGP4"
    revolutions = problem.span_s / problem.period
    return Found(steps, total, problem.followed, revolutions, problem.plane_rad, method)


def told(step: Phase, found: Found, last: Leg, world: World) -> Leg:
    """The last leg of a phase step with how the step was found and how it ended."""
    end = last.end
    wanted = found.followed.wanted(end.epoch)
    residuals: dict[str, float] = {}
    if step.condition is not None:
        ((_, off),) = misses((step.condition,), end, Frame(end.epoch, world))
        residuals[f"{step.condition.quantity} (rad)"] = off
    radius = float(np.linalg.norm(wanted.r_m))
    normal = cross(wanted.r_m, wanted.v_m_s)
    residuals |= {
        "along (m)": along(wanted, end) * radius,
        "height (m)": float(np.linalg.norm(end.r_m)) - radius,
        "across (m)": float(end.r_m @ normal / np.linalg.norm(normal)),
        "speed (m/s)": float(np.linalg.norm(end.v_m_s) - np.linalg.norm(wanted.v_m_s)),
    }
    budget = {
        "delta_v_m_s": found.delta_v_m_s,
        "revolutions": found.revolutions,
        "plane_rad": found.plane_rad,
    }
    solve = replace(
        last.solve,
        method=f"{last.solve.method}; {step.name} found by {found.method}",
        residuals={**last.solve.residuals, **residuals},
        budget={**last.solve.budget, **budget},
    )
    return replace(last, solve=solve, steps=(*last.steps, step))


def object_leg(step: Phase, found: Found, zero: Epoch, world: World) -> Leg:
    """The flight of the object that a step goes to, from the start of the step to its end.

    zero  instant from which event times count
    """
    given = step.object
    assert given is not None
    fit = {"fit (m)": found.followed.fit_m} if given.sgp4 is not None else None
    return met.object_leg(step.object_id, given.source, found.followed.path, zero, world, fit)


def _flown_as_asked(
    problem: PhaseProblem, burns: list[Impulse], watch: Watch
) -> tuple[tuple[Coast | Manoeuvre, ...], float]:
    """The burns as the engine makes them, about the same instants, corrected by what the flight
    misses with the slopes of the impulses, which learn from each flight (Broyden 1965); and their
    sum, m/s."""
    step = problem.step
    axes = [basis_of("rtn", b.r_m, b.v_m_s + 0.5 * b.dv, np.eye(3)) for b in burns]
    x = np.array([basis @ b.dv for basis, b in zip(axes, burns, strict=True)])
    _, slopes, _ = problem.flight(np.array([b.t_s for b in burns]), np.array([b.dv for b in burns]))
    turned = np.hstack(
        [slopes[:, 3 * k : 3 * k + 3] @ basis.T for k, basis in enumerate(axes)]
    )[problem.kept]  # fmt: skip
    scale = problem.accepted[problem.kept]
    turned = turned / scale[:, None]
    before: tuple[Array, Array] | None = None
    best: tuple[float, tuple[Coast | Manoeuvre, ...], float] | None = None
    for _ in range(_CORRECTIONS):
        stop_if_cancelled(watch)
        made = _steps(problem, _ignitions(problem, burns, x), x)
        end = _end(problem, made)
        off = problem.less(end, problem.followed.wanted(end.epoch))
        lack = off[problem.kept] / scale
        missed = float(np.max(np.abs(lack)))
        total = float(np.linalg.norm(x, axis=1).sum())
        if best is None or missed < best[0]:
            best = (missed, made, total)
        if problem.met(off):
            problem.arrival = end.epoch
            return made, total
        if before is not None:
            moved = x.ravel() - before[0]
            wrong = before[1] - lack - turned @ moved
            turned = turned + np.outer(wrong, moved) / float(moved @ moved)
        before = x.ravel().copy(), lack
        w = np.repeat(np.sqrt(np.linalg.norm(x, axis=1) + 1e-3), 3)
        change = np.linalg.lstsq(turned * w, lack, rcond=1e-10)[0]
        x = x + (w * change).reshape(-1, 3)
    assert best is not None
    if best[0] <= 0.2:
        return best[1], best[2]
    raise SolverError(
        f"{step.name!r}: flown by the engine the burns miss by {best[0]:.2g} of what is accepted"
        f" after {_CORRECTIONS} corrections; burns are long for impulses here: write more time, a"
        " wider tolerance, or a stronger engine"
    )


def _ignitions(problem: PhaseProblem, burns: list[Impulse], x: Array) -> list[Epoch]:
    """When burns of velocity changes (k, 3) begin: half of each before its impulse's instant."""
    start = problem.start
    if problem.step.impulsive:
        return [start.epoch + b.t_s for b in burns]
    mass = start.mass_kg
    spans: list[tuple[float, float]] = []
    for b, dv in zip(burns, x, strict=True):
        size = float(np.linalg.norm(dv))
        lasts = problem.burn_s(size, mass)
        mass -= problem.engine.burnt_kg(mass, size)
        begins = max(b.t_s - 0.5 * lasts, 0.0)
        if problem.step.at is not None:
            begins = min(begins, problem.step.at - start.epoch - lasts - 1e-3)
        spans.append((begins, lasts))
    for (a, lasts), (b_s, _) in pairwise(spans):
        if a + lasts >= b_s:
            raise InfeasibleError(
                f"{problem.step.name!r}: burns of {lasts:.0f} s would overlap; give it more time,"
                " or a stronger engine"
            )
    return [start.epoch + a for a, _ in spans]


def _steps(problem: PhaseProblem, starts: list[Epoch], x: Array) -> tuple[Coast | Manoeuvre, ...]:
    """Coasts and burns of radial, transverse and normal velocity changes (k, 3)."""
    step = problem.step
    out: list[Coast | Manoeuvre] = []
    for number, (begins, dv) in enumerate(zip(starts, x, strict=True), 1):
        if begins > problem.start.epoch:
            out.append(Coast(until=begins))
        size = float(np.linalg.norm(dv))
        a, b, c = (float(u) for u in dv / size)
        out.append(
            Manoeuvre(
                (a, b, c), "rtn", delta_v_m_s=size, impulsive=step.impulsive,
                name=f"{step.name}, burn {number}",
            )
        )  # fmt: skip
    if step.at is not None:
        out.append(Coast(until=step.at))
    return tuple(out)


def _end(problem: PhaseProblem, steps: tuple[Coast | Manoeuvre, ...]) -> State:
    """Where steps end in full dynamics."""
    state = problem.start
    for step in steps:
        if isinstance(step, Coast):
            if step.until is not None and step.until == state.epoch:
                continue
            state = coast(state, step, problem.dynamics, problem.world, dense=False).end
        else:
            state = flown_burn(state, step, problem.mission, problem.world, dense=False).end
    return state
