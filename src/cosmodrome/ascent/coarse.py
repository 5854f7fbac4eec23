"""From nothing to a coarse optimum: which way, which payload, which section drops the fairing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.apogee_side import mirrored
from cosmodrome.ascent.climb import shape_of
from cosmodrome.ascent.guess import estimate, guess, ways_of
from cosmodrome.ascent.heading import direct_heading
from cosmodrome.ascent.programme import Optimum, Programme, fixed, free
from cosmodrome.ascent.sequence import sequence
from cosmodrome.ascent.shape import Shape
from cosmodrome.errors import InfeasibleError, SolverError
from cosmodrome.powered.mesh import heat_flux, resample
from cosmodrome.site import in_corridor
from cosmodrome.watch import Watch, stop_if_cancelled

if TYPE_CHECKING:
    from cosmodrome.ascent.guess import Estimate
    from cosmodrome.ascent.programme import Task
    from cosmodrome.ascent.sequence import Sequence
    from cosmodrome.ascent.shape import Way
    from cosmodrome.powered.statement import Powered

__all__ = [
    "arrives",
    "attempt",
    "best_of_tries",
    "carrying",
    "empty_in_words",
    "goes_north",
    "refuse_miss",
    "short_in_words",
]

_FAIRING_MOVES, _MOVED_ROUNDS = 6, 3
# an earlier burn that ends below is no place for the fairing to go: no path leaves that much air
_DEEP_AIR_M = 75e3
_LONG_PHASE_S = 20.0
# a phase this near its shortest length would be shorter
_SQUEEZED = 1.05
# a target is met when the elastic end lacks less than this
_MET_M = 10.0
_MET_M_S = 0.01
_MET_KG = 1e-3
_NEAR_M = 1e3
_MOST_TRIES, _MOST_SOLVED, _MOST_SHORT = 4, 3, 2
# an optimum that carries this part of what was promised needs no second try of its way
_AS_PROMISED = 0.7
# another way is tried that promises this part of what the best did: nearly all where both are a
# burn, a coast and a burn, which the solver turns into each other unless a floor holds one of them
_NOT_MUCH_LESS, _LIKE_THE_BEST = 0.75, 0.97
_ALIKE = {"apogee", "perigee"}
# onto an ellipse the way that lifts the perigee last is seldom beaten by much, and others have
# more optima that are not the best: it comes first unless another promises far more. Where it ends
# otherwise, or on the shortest burn there may be, another that promises this part is tried
_FIRST_OF_ALL, _NEARLY = "lift", 0.9
# promises are worth little where an optimum carries more or less than these parts of its own
_TRUSTED, _HARDLY_LESS = (0.8, 1.25), 0.5
# how many ways are tried in turn; what the first guess of one carries of what coarse climbs
# promise, and each later one of the one before
_WAYS, _A_LITTLE_LESS, _THEN_LIGHTER = 2, 0.9, 0.6
# A solve goes in rounds, each within a reach of where it starts, until none holds it. Without it
# a long coast's end is moved by a radian along a straight line, and the flight never comes back.
# The reach, the rounds and IPOPT's settings are by measurement on random ascents: adaptive from a
# small barrier takes the fewest iterations from a guess, monotone where the start is near.
# A first guess of a way that wanders is given up for a lighter one
_ROUNDS, _FIRST_ROUNDS, _HOPELESS_ROUNDS, _ROUND_ITERATIONS = 8, 4, 3, 60
_FIRST: dict[str, Any] = {"reach": 0.5, "mu_strategy": "adaptive", "mu_max": 1e-2}
_LOST: dict[str, Any] = {"reach": 1.0, "mu_strategy": "monotone", "mu_init": 1e-4}
_HELD: dict[str, Any] = {"reach": 2.0, "mu_strategy": "monotone", "mu_init": 1e-4}


def goes_north(problem: Programme) -> bool:
    """The branch to fly: northbound unless only the southbound heading is in a corridor."""
    corridors = problem.mission.site.corridors
    inside = []
    for north in (True, False):
        heading, azimuth = direct_heading(problem, north)
        kinds = {"relative": heading, "inertial": azimuth}
        inside.append(not corridors or any(in_corridor(kinds[c.kind], c) for c in corridors))
    return inside[0] or not inside[1]


def attempt(
    problem: Programme, seq: Sequence, start: Powered, task: Task, rounds: int = _ROUNDS
) -> Optimum:
    """Rounds from a start that may be a mere guess; see whether the last one is solved."""
    best = problem.run(seq, start, task, _ROUND_ITERATIONS, **_FIRST)
    for _ in range(rounds - 1):
        if best.solved:
            break
        options = _HELD if best.strained else _LOST
        best = problem.again(best, best.flight, task, _ROUND_ITERATIONS, **options)
    return best


def _cold(problem: Programme, northbound: bool, start: Estimate, seed: int, rounds: int) -> Optimum:
    """From a seeded guess to a coarse optimum that carries as much as can be."""
    found = guess(problem, northbound, start.way, start.payload_kg, seed)
    task = free(found.sequence, elastic=True)
    best = attempt(problem, found.sequence, found.flight, task, rounds)
    # what ends far from the orbit proves that much, and need not be the last word on its fairing
    near = best.solved and best.flight.miss_m < _NEAR_M
    return _fairing_moved(problem, best, task) if near else best


def _fairing_moved(problem: Programme, best: Optimum, task: Task) -> Optimum:
    """Let the fairing go in a neighbouring section while it sticks to the end of its own."""
    seen: list[float] = []
    for _ in range(_FAIRING_MOVES):
        when = _where_it_wants(problem, best)
        if when is None or any(abs(when - t) < 1e-6 for t in seen):
            return best
        seen.append(when)
        seq = _resequenced(problem, best, when)
        moved = attempt(problem, seq, resample(best.flight, seq.phases), task, _MOVED_ROUNDS)
        if not moved.solved or moved.result.objective > best.result.objective - 1e-9:
            return best
        best = moved
    return best


def _where_it_wants(problem: Programme, best: Optimum) -> float | None:
    """A time in an earlier or a later burn, where the fairing's phase is squeezed to its end."""
    k = best.sequence.fairing
    if k is None:
        return None
    arcs = best.flight.arcs
    first, second = arcs[k], arcs[k + 1]
    if first.phase.fixed:
        return None
    early = first.duration_s < _SQUEEZED * first.phase.lower_s
    late = second.duration_s < _SQUEEZED * second.phase.lower_s
    long = [a for a in arcs if a.phase.burning and a.duration_s > _LONG_PHASE_S]
    if early:
        before = [a for a in long if a.end_s <= first.start_s + 1e-3]
        if not before:
            return None
        height_m = float(np.linalg.norm(before[-1].r_m[-1])) - problem.planet.equatorial_radius_m
        if problem.heat_limit_w_m2 is not None and height_m < _DEEP_AIR_M:
            return None
        cool = _cool_since_s(problem, best, first.end_s)
        return min(cool, before[-1].end_s - 0.15 * before[-1].duration_s)
    if late:
        after = [a for a in long if a.start_s >= second.end_s - 1e-3]
        return after[0].start_s + min(10.0, 0.15 * after[0].duration_s) if after else None
    return None


def _cool_since_s(problem: Programme, best: Optimum, before_s: float) -> float:
    """Since when the heat flux of this flight has stayed below the fairing's limit."""
    limit = problem.heat_limit_w_m2
    since = before_s
    for arc in reversed(best.flight.arcs):
        if arc.start_s >= before_s or limit is None:
            continue
        flux = heat_flux(problem.planet, arc.r_m, arc.v_m_s)
        times = arc.start_s + arc.phase.node_fractions * arc.duration_s
        hot = np.nonzero(flux > limit)[0]
        if hot.size:
            return min(since, float(times[min(hot[-1] + 1, times.size - 1)]))
        since = arc.start_s
    return since


def _resequenced(problem: Programme, best: Optimum, fairing_s: float) -> Sequence:
    """The same durations with the fairing in the phase that holds `fairing_s`."""
    arcs = best.flight.arcs
    shape = best.sequence.shape
    burns = []
    for k, burn in enumerate(shape.burns):
        i = best.sequence.burns[k]
        # a burn that the fairing cuts in two is one burn
        tail = [j for j in (i - 1, i, i + 1) if arcs[j].phase.burning == (burn.stage,)]
        start_s, end_s = arcs[min(tail)].start_s, arcs[max(tail)].end_s
        before = [a.end_s for a in arcs[: min(tail)] if a.phase.burning]
        coast_s = start_s - before[-1] if before else 0.0
        burns.append(replace(burn, burn_s=end_s - start_s, coast_s=coast_s))
    when = _in_timeline_s(best, fairing_s)
    return sequence(problem.vehicle, problem.limits, Shape(when, tuple(burns), shape.way))


def _in_timeline_s(best: Optimum, when_s: float) -> float:
    """An instant of this flight in the vehicle's timeline, whose throttled stretches it stretched.

    Burns of the tail are rebuilt with the lengths flown, sections with those of the timeline.
    """
    tail = {burn.stage for burn in best.sequence.shape.burns}
    late = 0.0
    for arc in best.flight.arcs:
        if arc.start_s >= when_s or tail & set(arc.phase.burning):
            break
        part = min((when_s - arc.start_s) / arc.duration_s, 1.0)
        late += part * (arc.duration_s - arc.phase.duration_s)
    return when_s - late


def _tries(problem: Programme, northbound: bool) -> list[tuple[Estimate, int]]:
    """Ways with a payload to begin with, and seeds, in the order they are tried."""
    seed = 10 * problem.seed + 1
    found = [estimate(problem, northbound, way, seed) for way in ways_of(problem)]
    most = max(e.able_kg for e in found)

    def rank(e: Estimate) -> tuple[bool, float]:
        ahead = e.way == _FIRST_OF_ALL and e.able_kg > max(_NOT_MUCH_LESS * most, 0.0)
        return not ahead, -e.able_kg

    ranked = sorted(found, key=rank)
    pairs = [
        (replace(e, payload_kg=_lighter(e.payload_kg, k)), seed + k)
        for k in range(_MOST_TRIES)
        for e in ranked[:_WAYS]
        if k == 0 or e.arrives
    ]
    return pairs[:_MOST_TRIES]


def _lighter(payload_kg: float, k: int) -> float:
    """What the k-th guess of a way carries: one too heavy has nothing left for its last burn."""
    return _A_LITTLE_LESS * _THEN_LIGHTER**k * payload_kg if payload_kg > 0.0 else payload_kg


def best_of_tries(problem: Programme, northbound: bool, watch: Watch) -> Optimum:
    """The coarse optimum that carries most, over ways to the orbit and seeds.

    One seed is enough for a way that carries about what its coarse climbs promised.

    Raises InfeasibleError when not even an empty flight succeeds, SolverError when nothing
    converges.
    """
    best: Optimum | None = None
    status = ""
    tried = solved = 0
    promised_kg = 0.0
    # ways solved so far, and whether they did and carried what their climbs promised
    kept: dict[str, bool] = {}
    asked: set[Way] = set()
    tries = _tries(problem, northbound)
    for start, seed in tries:
        if best is not None and not _worth_a_try(problem, start, best, promised_kg, kept, solved):
            continue
        stop_if_cancelled(watch)
        watch.tell(
            "ascent", 0.05 + 0.1 * tried, f"guess {tried + 1} ({start.way}) and coarse optimum"
        )
        rounds = _ROUNDS if start.way in asked else _FIRST_ROUNDS
        rounds = rounds if start.arrives else _HOPELESS_ROUNDS
        asked.add(start.way)
        candidate = _cold(problem, northbound, start, seed, rounds)
        status = candidate.result.status
        tried += 1
        if candidate.solved:
            solved += 1
            carried = candidate.flight.payload_kg
            # one that should have lifted the perigee last and did not is asked again
            strayed = start.way == _FIRST_OF_ALL and _instead(problem, candidate) == "perigee"
            kept[start.way] = kept.get(start.way, False) or (
                carried >= _AS_PROMISED * start.able_kg and not strayed
            )
            if best is None or candidate.result.objective < best.result.objective - 1e-7:
                best, promised_kg = candidate, start.able_kg
    if best is None:
        _refuse_hopeless(problem, [start for start, _ in tries])
        raise SolverError(
            f"no ascent found within {_ROUNDS * _ROUND_ITERATIONS} iterations from {tried} guesses"
            f" (last: {status}); nothing is proven: check thrust, masses and limits, or loosen"
            " the limits"
        )
    refuse_miss(problem, best)
    return _better_side(problem, best)


def _better_side(problem: Programme, best: Optimum) -> Optimum:
    """The burn that lifts the perigee before or after the apogee, whichever carries more."""
    other = mirrored(problem, best)
    if other is None:
        return best
    seq, start = other
    moved = attempt(problem, seq, start, free(seq, elastic=True), _MOVED_ROUNDS)
    better = moved.solved and moved.result.objective < best.result.objective - 1e-7
    return moved if better else best


def _worth_a_try(
    problem: Programme,
    start: Estimate,
    best: Optimum,
    promised_kg: float,
    kept: dict[str, bool],
    solved: int,
) -> bool:
    """Another seed where a way fell short of its promise; another way that may carry as much.

    promised_kg  by the way of the best
    """
    if not arrives(best):
        # an optimum that says no where coarse climbs arrive is asked again
        return solved < _MOST_SHORT and start.able_kg > 0.0
    if solved >= _MOST_SOLVED:
        return False
    if start.way in kept:
        return not kept[start.way]
    if best.way == _FIRST_OF_ALL:
        enough = _LIKE_THE_BEST * best.flight.payload_kg
        if start.way == _instead(problem, best):
            enough = _NEARLY * min(promised_kg, best.flight.payload_kg)
        return start.able_kg > enough
    carried = best.flight.payload_kg / promised_kg if promised_kg > 0.0 else math.inf
    if not _TRUSTED[0] < carried < _TRUSTED[1]:
        return start.able_kg > _HARDLY_LESS * promised_kg
    limits = problem.limits
    floored = limits.coast_altitude_m is not None or limits.perigee_altitude_m is not None
    alike = not floored and {start.way, best.way} <= _ALIKE
    share = _LIKE_THE_BEST if alike else _NOT_MUCH_LESS
    return start.able_kg > share * min(promised_kg, best.flight.payload_kg)


def _instead(problem: Programme, best: Optimum) -> Way | None:
    """The way to try beside one that should lift the perigee last.

    Where it did not, the other that does; where the last burn would be shorter than it may be, the
    one whose last burn is a longer one.
    """
    last = best.flight.arcs[best.sequence.burns[-1]]
    _, _, apogee, _ = shape_of(problem.planet.mu, last.r_m[:1].T, last.v_m_s[:1].T)
    # the middle between the target's apsides
    if float(apogee[0]) < problem.insertion.a_aim_m:
        return "perigee"
    return "apogee" if last.duration_s < _SQUEEZED * last.phase.lower_s else None


def arrives(best: Optimum) -> bool:
    """Does it meet the orbit, and not with a stage that has been made lighter?"""
    flight = best.flight
    return flight.miss_m < _MET_M and flight.miss_m_s < _MET_M_S and flight.payload_kg > -_MET_KG


def _refuse_hopeless(problem: Programme, starts: list[Estimate]) -> None:
    """InfeasibleError where no coarse climb came near the orbit, and no optimum was found."""
    if any(start.arrives for start in starts):
        return
    best = max(starts, key=lambda start: start.able_kg)
    raise InfeasibleError(
        f"{problem.vehicle.name} cannot reach this orbit from {problem.mission.site.name}: with"
        f" {empty_in_words(problem)} and a last stage of less than half its dry mass, the best of a"
        f" thousand coarse ascents is {best.payload_kg - best.able_kg:.0f} kg too heavy, and no"
        " optimum was found that says it better; lower the altitude or the plane change, or take a"
        " stronger vehicle (is a thrust or a mass mistyped?)"
    )


def short_in_words(problem: Programme, best: Optimum) -> str:
    """What an optimum that does not arrive lacks, as the end of "its best flight ends"."""
    flight = best.flight
    heavy = max(-flight.payload_kg, 0.0)
    mass = flight.arcs[-1].end_mass_kg
    speed = 9.80665 * problem.vehicle.stages[-1].isp_vacuum_s * math.log1p(heavy / mass)
    far = flight.miss_m >= _MET_M
    short = []
    if far:
        lighter = f", even with a last stage {heavy:.0f} kg lighter" if heavy > _MET_KG else ""
        short.append(f"{flight.miss_m / 1e3:.0f} km away from the orbit{lighter}")
    elif heavy > _MET_KG:
        what = "what it carries" if problem.stops else "its last stage"
        short.append(f"{speed:.0f} m/s short: {what} is {heavy:.0f} kg too heavy")
    if flight.miss_m_s >= _MET_M_S:
        short.append(f"{flight.miss_m_s:.0f} m/s {'off its speed' if far else 'short'}")
    return " and ".join(short)


def empty_in_words(problem: Programme) -> str:
    """What a flight that carries nothing more has no more of."""
    if not problem.stops:
        return "no spacecraft at all"
    others = sum(c.id != problem.priced for c in problem.mission.crafts)
    return f"none of {problem.priced!r} beside the other {others} spacecraft"


def refuse_miss(problem: Programme, best: Optimum) -> None:
    """InfeasibleError where even an empty flight falls short, with what is missing."""
    if arrives(best):
        return
    raise InfeasibleError(
        f"{problem.vehicle.name} cannot reach this orbit from {problem.mission.site.name}: with"
        f" {empty_in_words(problem)} its best flight ends {short_in_words(problem, best)};"
        " lower the altitude or the plane change, give the last stage a restart, or take a stronger"
        " vehicle"
    )


def carrying(problem: Programme, most: Optimum, wanted_kg: float, northbound: bool) -> Optimum:
    """The optimum that carries `wanted_kg` and keeps as much propellant as can be.

    From a guess of its own, which is nearer than the optimum that carries most (20 to 80 iterations
    instead of 20 to 170); from that one where it fails.
    Raises InfeasibleError when `wanted_kg` is more than can be carried.
    """
    able = most.flight.payload_kg
    if able < wanted_kg:
        raise InfeasibleError(
            f"{wanted_kg:.0f} kg cannot be carried to this orbit by {problem.vehicle.name} from"
            f" {problem.mission.site.name}: the capability is {able:.0f} kg,"
            f" {wanted_kg - able:.0f} kg short; lower the mass, the altitude or the plane change,"
            " or take a stronger vehicle"
        )
    way: Way = most.sequence.shape.way
    starts = [(most.sequence, most.flight)]
    if not problem.falls:
        # a guess knows nothing of zones, and may not even come down
        found = guess(problem, northbound, way, wanted_kg, 10 * problem.seed + 1)
        starts.insert(0, (found.sequence, found.flight))
    for seq, start in starts:
        task = fixed(wanted_kg, seq)
        best = attempt(problem, seq, start, task)
        if best.solved:
            return _fairing_moved(problem, best, task)
    raise SolverError(
        f"the ascent with {wanted_kg:.0f} kg did not converge ({best.result.status}), though"
        f" {able:.0f} kg can be carried; nothing is proven: please report this mission"
    )
