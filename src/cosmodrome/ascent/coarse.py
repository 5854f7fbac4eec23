"""From nothing to a coarse optimum: which way, which payload, which section drops the fairing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.ascent.guess import guess, launch_heading
from cosmodrome.ascent.programme import FREE, Optimum, Programme, fixed
from cosmodrome.ascent.sequence import sequence
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.powered.mesh import resample
from cosmodrome.site import in_corridor
from cosmodrome.vehicle import liftoff_mass, timeline
from cosmodrome.watch import Watch, stop_if_cancelled

if TYPE_CHECKING:
    from cosmodrome.ascent.programme import Task
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.powered.statement import Powered

__all__ = ["COARSE_ITERATIONS", "best_of_seeds", "capability", "goes_north"]

_SEEDS = (1, 2)
COARSE_ITERATIONS = 120
_CAPABILITY_ITERATIONS = 90
_FAIRING_MOVES = 3
_LONG_SECTION_S = 20.0
# IPOPT's settings by measurement: monotone from 1e-3 converged on every case tried, in the
# fewest iterations; the adaptive strategy is the second try
_TRIES: tuple[dict[str, Any], ...] = (
    {"mu_strategy": "monotone", "mu_init": 1e-3},
    {"mu_strategy": "adaptive"},
)
_TO_CAPABILITY: tuple[dict[str, Any], ...] = (
    {"mu_strategy": "monotone", "mu_init": 1e-4},
    {"mu_strategy": "monotone", "mu_init": 1e-3},
    {"mu_strategy": "adaptive"},
)


def goes_north(problem: Programme) -> bool:
    """The branch to fly: northbound unless only the southbound heading is in a corridor."""
    corridors = problem.mission.site.corridors
    inside = []
    for north in (True, False):
        _, relative, azimuth = launch_heading(
            problem.r0,
            problem.axes,
            problem.planet.omega_rad_s,
            problem.insertion.i_aim_rad,
            north,
            math.sqrt(problem.planet.mu / problem.insertion.a_aim_m),
        )
        heading = math.atan2(float(relative @ problem.axes[1]), float(relative @ problem.axes[2]))
        kinds = {"relative": heading, "inertial": azimuth}
        inside.append(not corridors or any(in_corridor(kinds[c.kind], c) for c in corridors))
    return inside[0] or not inside[1]


def _first_payload(problem: Programme) -> float:
    """A payload to begin with where it is solved for: light enough to fly almost anywhere."""
    upper = problem.vehicle.stages[-1].ignition.kind == "free"
    return (0.008 if upper else 0.015) * liftoff_mass(problem.vehicle, 0.0)


def _attempt(problem: Programme, seq: Sequence, start: Powered, task: Task) -> Optimum:
    best: Optimum | None = None
    for options in _TRIES:
        if best is None:
            best = problem.run(seq, start, task, COARSE_ITERATIONS, **options)
        else:
            best = problem.again(best, start, task, COARSE_ITERATIONS, **options)
        if best.solved:
            return best
    assert best is not None
    return best


def _cold(problem: Programme, payload_kg: float | None, northbound: bool, seed: int) -> Optimum:
    """From a seeded guess to a coarse optimum."""
    mass = payload_kg if payload_kg is not None else _first_payload(problem)
    found = guess(
        problem.planet,
        problem.body,
        problem.vehicle,
        problem.limits,
        problem.insertion,
        problem.axes,
        problem.r0,
        problem.v0,
        mass,
        northbound,
        seed,
    )
    task = fixed(mass, found.sequence)
    best = _attempt(problem, found.sequence, found.flight, task)
    if payload_kg is None:
        # a payload that certainly flies first, then as much as can be: a walk of two short steps
        task = FREE
        if best.solved:
            best = _to_capability(problem, best)
        if not best.solved:
            best = _attempt(problem, found.sequence, found.flight, task)
    return _fairing_moved(problem, best, task) if best.solved else best


def _to_capability(problem: Programme, best: Optimum) -> Optimum:
    """From an optimum of a fixed payload to as much as can be carried, on the same mesh."""
    free = best
    for options in _TO_CAPABILITY:
        free = problem.again(best, best.flight, FREE, _CAPABILITY_ITERATIONS, **options)
        if free.solved:
            break
    return free


def _fairing_moved(problem: Programme, best: Optimum, task: Task) -> Optimum:
    """Let the fairing go in a neighbouring section while it sticks to the end of its own."""
    seen: list[float] = []
    for _ in range(_FAIRING_MOVES):
        when = _where_it_wants(problem, best)
        if when is None or any(abs(when - t) < 1e-6 for t in seen):
            return best
        seen.append(when)
        seq = _resequenced(problem, best, when)
        moved = _attempt(problem, seq, resample(best.flight, seq.phases), task)
        if not moved.solved or moved.result.objective > best.result.objective - 1e-9:
            return best
        best = moved
    return best


def _where_it_wants(problem: Programme, best: Optimum) -> float | None:
    """A time inside the next long section on the side where the fairing's phase is squeezed."""
    k = best.sequence.fairing
    if k is None:
        return None
    first, second = best.flight.arcs[k], best.flight.arcs[k + 1]
    if first.phase.lower_s == first.phase.upper_s:
        return None
    early = first.duration_s < 1.05 * first.phase.lower_s
    late = second.duration_s < 1.05 * second.phase.lower_s
    sections = [
        (s.start_s, math.inf if s.end_s is None else s.end_s)
        for s in timeline(problem.vehicle).sections
        if s.burning
    ]
    long = [(a, b) for a, b in sections if b - a > _LONG_SECTION_S]
    if early:
        before = [(a, b) for a, b in long if b <= first.start_s + 1e-3]
        return before[-1][1] - 0.15 * (before[-1][1] - before[-1][0]) if before else None
    if late:
        after = [(a, b) for a, b in long if a >= second.end_s - 1e-3]
        return after[0][0] + min(10.0, 0.15 * (after[0][1] - after[0][0])) if after else None
    return None


def _resequenced(problem: Programme, best: Optimum, fairing_s: float) -> Sequence:
    """The same durations with the fairing in the section that holds `fairing_s`."""
    arcs = best.flight.arcs
    burns = best.sequence.burns
    revolution = 2.0 * math.pi * math.sqrt(problem.insertion.a_aim_m**3 / problem.planet.mu)
    last = timeline(problem.vehicle).sections[-1]
    open_burn = arcs[burns[-1]].end_s - last.start_s
    durations = [arcs[b].duration_s for b in burns]
    coasts = [arcs[b].start_s - arcs[max(b - 1, 0)].start_s for b in burns]
    if len(burns) > 1:
        coasts[1] = arcs[burns[1]].start_s - arcs[burns[0]].end_s
    seq = sequence(
        problem.vehicle,
        problem.limits,
        fairing_s,
        open_burn,
        (durations[0], durations[-1]),
        (coasts[0], coasts[-1]),
        revolution,
    )
    return seq


def best_of_seeds(
    problem: Programme, wanted_kg: float | None, northbound: bool, watch: Watch
) -> Optimum:
    """The best coarse optimum of all seeds, or the reason there is none.

    Raises InfeasibleError when the capability is below the wanted payload, SolverError when
    nothing converges.
    """
    best: Optimum | None = None
    status = ""
    for k, seed in enumerate(_SEEDS):
        stop_if_cancelled(watch)
        watch.tell("ascent", 0.05 + 0.2 * k, f"guess {k + 1} and coarse optimum")
        candidate = _cold(problem, wanted_kg, northbound, seed)
        status = candidate.result.status
        if not candidate.solved and wanted_kg is not None:
            watch.tell("ascent", 0.1 + 0.2 * k, "no ascent with this payload: what could fly?")
            candidate = _by_way_of_capability(problem, wanted_kg, northbound, seed)
        if candidate.solved and (
            best is None or candidate.result.objective < best.result.objective - 1e-7
        ):
            best = candidate
    if best is None:
        raise SolverError(
            f"no ascent found within {COARSE_ITERATIONS} iterations from {len(_SEEDS)} guesses"
            f" (last: {status}); nothing is proven: check thrust, masses and limits, or loosen"
            " the limits"
        )
    return best


def _by_way_of_capability(
    problem: Programme, wanted_kg: float, northbound: bool, seed: int
) -> Optimum:
    """The capability first; then, when it suffices, back to the wanted payload."""
    free = _cold(problem, None, northbound, seed)
    if not free.solved:
        return free
    most = free.flight.payload_kg
    if most < wanted_kg:
        raise InfeasibleError(
            f"{wanted_kg:.0f} kg cannot be carried to this orbit by {problem.vehicle.name} from"
            f" {problem.mission.site.name}: the capability is {most:.0f} kg,"
            f" {wanted_kg - most:.0f} kg short; lower the mass, the altitude or the plane change,"
            " or take a stronger vehicle"
        )
    task = fixed(wanted_kg, free.sequence)
    return problem.again(free, free.flight, task, COARSE_ITERATIONS, **_TRIES[0])


def capability(problem: Programme, best: Optimum, northbound: bool) -> float:
    """Payload with nothing left in the tanks, starting from the fixed-payload optimum.

    On the coarse mesh: its error of some cm/s is worth grams.
    """
    free = _to_capability(problem, best)
    found = free.flight.payload_kg if free.solved else 0.0
    if not free.solved:
        for seed in _SEEDS:
            cold = _cold(problem, None, northbound, seed)
            if cold.solved:
                found = max(found, cold.flight.payload_kg)
    if found <= 0.0:
        raise SolverError(
            f"the payload capability did not converge ({free.result.status}); nothing is proven"
        )
    return found
