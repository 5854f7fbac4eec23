"""From the first orbit on: releases, coasts and burns to the next orbits, one programme in all.

The ascent to the first orbit is found as ever, with everything that is released later on board.
Then one orbit after another is added at its end, from a guess of impulses, and all of it is
solved again each time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.building import Builder
from cosmodrome.ascent.coarse import arrives, attempt, carrying
from cosmodrome.ascent.manifest import words
from cosmodrome.ascent.programme import Optimum, Task, fixed, free
from cosmodrome.ascent.shape import RELEASE_S, Burn, Shape
from cosmodrome.ascent.sketch import sketched
from cosmodrome.ascent.transfers import Impulse, after, burns_between, transfer
from cosmodrome.errors import InfeasibleError, InputError, SolverError
from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.powered.phases import Phase
from cosmodrome.watch import Watch, stop_if_cancelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.manifest import Leaving
    from cosmodrome.ascent.programme import Programme
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.powered.statement import Powered

    Vector = NDArray[np.float64]

__all__ = ["Both", "found", "refuse_restarts"]

# what a guess of impulses leaves out: finite burns, J2, settling
_RESERVE, _RESERVE_M_S = 0.01, 3.0
# parts of what impulses promise that are tried in turn
_PARTS = (0.98, 0.8, 0.6)
# the next payload on the way down to a wanted one, as a part of the last
_STEP_DOWN = 0.7
# a burn may wait a revolution for its place; the second of a pair comes within the first arc
_WAIT_REVOLUTIONS, _ARC_REVOLUTIONS = 1.1, 0.72


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """The coarse optimum that carries most, and the one with the wanted mass (or the same)."""

    most: Optimum
    wanted: Optimum


# up front: how many burns ---------------------------------------------------------------------
def refuse_restarts(problem: Programme) -> None:
    """InputError where the last stage cannot light as often as the orbits ask for."""
    last = problem.mission.vehicle.stages[-1]
    burns = burns_between(problem.insertion, tuple(problem.onward))
    needed = sum(burns)
    if last.solid and needed:
        raise InputError(
            f"{last.id!r} of {problem.mission.vehicle.name} is a solid and burns once: it cannot go"
            " on to a second orbit; release all spacecraft in the first, or take a vehicle whose"
            " last stage restarts"
        )
    if needed > last.restarts:
        crafts = [s.craft for s in problem.stops[1:]]
        told = ", ".join(f"{n} to the orbit of {c}" for n, c in zip(burns, crafts, strict=True))
        raise InputError(
            f"{needed} restarts of {last.id!r} needed after the first release ({told}),"
            f" {last.restarts} available: release more spacecraft in the same orbit, let orbits"
            " touch at an apsis (one burn instead of two), or take another vehicle"
        )


# the search -----------------------------------------------------------------------------------
def found(
    problem: Programme, base: Optimum, northbound: bool, wanted_kg: float | None, watch: Watch
) -> Both:
    """Coarse optima of the whole mission: with as much payload as can be, and as wanted.

    base  the ascent to the first orbit that carries most, with everything on board
    The payload is that of `manifest.priced`. Raises InfeasibleError with what is short.
    """
    able = _about_able(problem, base)
    watch.tell("ascent", 0.2, "on to the other orbits with as much as can be")
    loaded = _heaviest(problem, base, able, northbound, watch)
    most = _tried(problem, loaded, free(loaded.sequence))
    if not most.solved:
        raise SolverError(
            f"what can be carried through all orbits was not found ({most.result.status});"
            " nothing is proven: please report this mission"
        )
    if wanted_kg is None:
        return Both(most, most)
    if most.flight.payload_kg < wanted_kg:
        raise InfeasibleError(
            f"{wanted_kg:.0f} kg of {problem.priced!r} cannot be carried through all"
            f" {len(problem.stops)} orbits by {problem.vehicle.name}: the capability is"
            f" {most.flight.payload_kg:.0f} kg beside the other spacecraft,"
            f" {wanted_kg - most.flight.payload_kg:.0f} kg short; lower a mass, or bring the"
            " orbits closer together"
        )
    watch.tell("ascent", 0.3, f"on to the other orbits with {wanted_kg:.0f} kg")
    best = _chain(problem, base, wanted_kg, northbound, watch)
    if not _through(problem, best):
        best = _lightened(problem, most, wanted_kg)
    if not best.solved:
        raise SolverError(
            f"the flight with {wanted_kg:.0f} kg did not converge ({best.result.status}), though"
            f" {most.flight.payload_kg:.0f} kg can be carried; nothing is proven: please report"
            " this mission"
        )
    return Both(most, best)


def _lightened(problem: Programme, most: Optimum, wanted_kg: float) -> Optimum:
    """From the flight that carries most to the wanted mass, in steps where that is far."""
    best, kg = most, most.flight.payload_kg
    while kg > wanted_kg:
        kg = max(_STEP_DOWN * kg, wanted_kg)
        best = _tried(problem, best, fixed(kg, best.sequence))
        if not best.solved:
            break
    return best


def _heaviest(
    problem: Programme, base: Optimum, able_kg: float, northbound: bool, watch: Watch
) -> Optimum:
    """A flight through all orbits with about as much as can be carried, and some propellant left.

    Raises InfeasibleError where none arrives, SolverError where none is found.
    """
    best: Optimum | None = None
    for part in _PARTS:
        stop_if_cancelled(watch)
        best = _chain(problem, base, part * able_kg, northbound, watch)
        if _through(problem, best):
            return best
    assert best is not None
    if best.solved:
        raise _too_far(problem, best.flight)
    raise SolverError(
        f"no flight through all {len(problem.stops)} orbits was found ({best.result.status});"
        " nothing is proven: fly the orbits one by one to see which is hard, or change their order"
    )


def _chain(
    problem: Programme,
    base: Optimum,
    payload_kg: float,
    northbound: bool,
    watch: Watch,
) -> Optimum:
    """The first orbit with this payload, then one orbit after another added."""
    best = carrying(problem, base, payload_kg, northbound)
    for k in range(len(problem.stops)):
        if k > 0:
            watch.tell("ascent", 0.2 + 0.1 * k / len(problem.stops), f"on to orbit {k + 1}")
        seq, start = _extended(problem, best, k)
        task = replace(fixed(payload_kg, seq), elastic=k > 0)
        best = attempt(problem, seq, start, task)
        if not best.solved or not arrives(best):
            break
    return best


def _tried(problem: Programme, start: Optimum, task: Task) -> Optimum:
    """Another task on the same mesh, from its optimum; in rounds where that is far off."""
    near: dict[str, Any] = {"reach": 1.0, "mu_strategy": "monotone", "mu_init": 1e-4}
    best = problem.again(start, start.flight, task, 100, **near)
    if not best.solved:
        best = attempt(problem, start.sequence, start.flight, replace(task, elastic=True))
    return best


def _through(problem: Programme, best: Optimum) -> bool:
    """Does it reach all orbits?"""
    every = len(best.sequence.stops) == len(problem.stops)
    return every and best.solved and arrives(best)


def _too_far(problem: Programme, flight: Powered) -> InfeasibleError:
    seen = ", or leave out what stations must see" if problem.sights else ""
    return InfeasibleError(
        f"{problem.mission.vehicle.name} does not reach all {len(problem.stops)} orbits: even with"
        f" {flight.payload_kg:.0f} kg of {problem.priced!r} its best flight ends"
        f" {flight.miss_m_s:.0f} m/s and {flight.miss_m / 1e3:.0f} km short of the last one it"
        f" tries; bring the orbits closer together, lower a mass, take a stronger vehicle{seen}"
    )


def _about_able(problem: Programme, base: Optimum) -> float:
    """The payload that impulses would carry through all orbits, kg.

    What arrives in the first orbit weighs about the same whatever of it is propellant. From the
    last burn backwards the mass that must arrive is a straight line of the payload.
    Raises InfeasibleError where even none is too much.
    """
    last = problem.mission.vehicle.stages[-1]
    ve = G0_M_S2 * last.isp_vacuum_s
    final = base.flight.arcs[-1]
    r, v = final.r_m[-1], final.v_m_s[-1]
    mass = np.array([problem.vehicle.adapter_kg, 1.0])  # constant, and per kg of payload
    mass[0] += final.end_mass_kg - base.flight.payload_kg - problem.vehicle.adapter_kg
    for stop in problem.stops[:-1]:
        for x in stop.leavings:
            mass -= (x.kg, float(x.priced))
    hops: list[tuple[Impulse, ...]] = []
    for now, to in pairwise((problem.insertion, *problem.onward)):
        hops.append(transfer(problem.planet.mu, r, v, now, to))
        r, v = after(problem.planet.mu, r, v, hops[-1])
    lost = last.count * (last.ignition_loss_kg + last.settling_s * last.settling_flow_kg_s)
    total = 0.0
    for stop, burns in zip(reversed(problem.stops[:-1]), reversed(hops), strict=True):
        for impulse in reversed(burns):
            dv = (1.0 + _RESERVE) * impulse.size_m_s + _RESERVE_M_S
            total += dv
            mass = mass * math.exp(dv / ve)
            mass[0] += lost
        for x in stop.leavings:
            mass += (x.kg, float(x.priced))
    able = float((final.end_mass_kg - mass[0]) / mass[1])
    if able <= 0.0:
        raise InfeasibleError(
            f"{problem.mission.vehicle.name} cannot go through all {len(problem.stops)} orbits:"
            f" {total:.0f} m/s after the first release need {mass[0]:.0f} kg there without any of"
            f" {problem.priced!r}, and {final.end_mass_kg:.0f} kg arrive,"
            f" {mass[0] - final.end_mass_kg:.0f} kg short; lower the masses of the others, or"
            " bring the orbits closer together"
        )
    return able


# one orbit more -------------------------------------------------------------------------------
def _extended(problem: Programme, best: Optimum, k: int) -> tuple[Sequence, Powered]:
    """The phases of `best` and those to stop k, with a sketch flown on them."""
    seq, flight = best.sequence, best.flight
    arcs = [replace(a, phase=replace(a.phase, duration_s=a.duration_s)) for a in flight.arcs]
    build = Builder(problem.vehicle, problem.limits, seq.shape)
    build.phases = [a.phase for a in arcs]
    stops, releases = list(seq.stops), list(seq.releases)
    directions: dict[int, Vector] = {}
    burns = list(seq.shape.burns)
    if k == 0:
        stops.append(len(build.phases) - 1)
    else:
        _separate(build, problem.stops[k - 1].leavings[-1])
        entry = build.timeline.tail[-1]
        for impulse, burn in _burns(problem, flight, k):
            lit = sum(b.stage == burn.stage for b in burns)
            burns.append(burn)
            build.shape = Shape(seq.shape.fairing_s, tuple(burns), seq.shape.way)
            first = len(build.phases)
            build.coast(entry, burn, lit, len(burns))
            if impulse.anytime:
                # a choice that nothing depends on is no choice of the solver's
                coast = build.phases[first]
                length = coast.duration_s
                build.phases[first] = replace(coast, lower_s=length, upper_s=length)
            directions[len(build.phases)] = impulse.dv_m_s / impulse.size_m_s
            build.burn(entry.stage, burn, lit, len(burns), lit=False)
        stops.append(len(build.phases))
        build.phases.append(_waiting(build, RELEASE_S))
    leavings = problem.stops[k].leavings
    for j, x in enumerate(leavings):
        if j > 0:
            build.phases.append(_waiting(build, x.wait_s))
        releases.append((len(build.phases) - 1, x.ids))
        last = build.phases[-1]
        build.phases[-1] = replace(last, name=words(x.ids))
        if j + 1 < len(leavings):
            _separate(build, x)
    more = replace(
        seq,
        phases=tuple(build.phases),
        last=build.last(),
        burns=(*seq.burns, *directions),
        parked=(*seq.parked, *build.parked),
        shape=build.shape,
        stops=tuple(stops),
        releases=tuple(releases),
    )
    arcs = [replace(a, phase=p) for a, p in zip(arcs, more.phases, strict=False)]
    flown = sketched(problem, more, arcs, flight, directions)
    return more, flown


def _waiting(build: Builder, seconds: float) -> Phase:
    return Phase("", seconds, seconds, seconds, path=build.path(math.inf), points=4)


def _separate(build: Builder, x: Leaving) -> None:
    """What separates at the end of the last phase so far."""
    build.phases[-1] = replace(build.phases[-1], drop_kg=x.kg, drops_payload=x.priced, drops=x.ids)


def _burns(problem: Programme, flight: Powered, k: int) -> list[tuple[Impulse, Burn]]:
    """Impulses from the end of a flight, at stop k - 1, to stop k, and the burns they stand for."""
    now, to = (problem.insertion, *problem.onward)[k - 1 : k + 1]
    stage = problem.vehicle.stages[-1]
    ve, flow = G0_M_S2 * stage.isp_vacuum_s, stage.count * stage.mass_flow_kg_s
    final = flight.arcs[-1]
    r, v = final.r_m[-1], final.v_m_s[-1]
    x = problem.stops[k - 1].leavings[-1]
    mass = final.end_mass_kg - x.kg - (flight.payload_kg if x.priced else 0.0)
    out = []
    late = 0.0
    for j, impulse in enumerate(transfer(problem.planet.mu, r, v, now, to)):
        period = _period(problem.planet.mu, r, v)
        gone = mass * -math.expm1(-impulse.size_m_s / ve)
        length = max(gone / flow, 4.0)
        coast = max(impulse.coast_s - 0.5 * length - late, 60.0)
        most = (_ARC_REVOLUTIONS if j else _WAIT_REVOLUTIONS) * period
        out.append((impulse, Burn(stage.id, coast, length, max(most, 1.2 * coast))))
        mass -= gone
        late = 0.5 * length
        r, v = after(problem.planet.mu, r, v, (impulse,))
    return out


def _period(mu: float, r: Vector, v: Vector) -> float:
    a = 1.0 / (2.0 / float(np.linalg.norm(r)) - float(v @ v) / mu)
    return 2.0 * math.pi * math.sqrt(a**3 / mu)
