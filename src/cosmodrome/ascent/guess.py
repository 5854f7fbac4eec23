"""A first guess without the user: a searched climb, then coarse burns, cut into phases."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cosmodrome.ascent.after import After, tail_burns
from cosmodrome.ascent.climb import Climb
from cosmodrome.ascent.sequence import Sequence, sequence
from cosmodrome.ascent.shape import Burn, Shape
from cosmodrome.errors import InfeasibleError
from cosmodrome.powered.mesh import guessed_arc
from cosmodrome.powered.statement import Powered
from cosmodrome.vehicle import liftoff_mass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.ascent.lanes import Lanes
    from cosmodrome.ascent.shape import Way
    from cosmodrome.catalog.nouns import Limits, Vehicle
    from cosmodrome.physics.powered import Body, Planet
    from cosmodrome.targets.insertion import Insertion

__all__ = ["Estimate", "Guess", "Problem", "estimate", "guess", "ways", "ways_of"]

_BURNS_AFTER: dict[str, int] = {"direct": 0, "apogee": 1, "perigee": 1, "node": 2, "lift": 1}
_LOW_ORBIT_M = 300_000.0
# a perigee that a climb does not leave behind by itself
_LIFTED_M = 200_000.0
# payloads tried, as parts of the lift-off mass, and the rounds of search each is given
_PAYLOAD_PARTS = (0.001, 0.003, 0.008, 0.015, 0.025, 0.04)
_SCAN_ROUNDS = 5
# and where none of them arrives: as if the last stage were lighter by these parts of its dry mass
_LIGHTER_PARTS = (0.0, -0.3, -0.6)
# a payload under which even the best climb falls this low is tried lighter
_CRASH_M = 60e3
_LIGHTER, _LIGHTER_TRIES = 0.3, 3
_FASTEST_M_S = 14e3
_PLANE_SHORT_RAD = math.radians(3.0)


class Problem(Protocol):
    """What a guess must know of a programme.

    axes (3, 3) up, east, north; r0, v0 (3,) the pad; all in the launch frame
    """

    planet: Planet
    body: Body
    vehicle: Vehicle
    limits: Limits
    insertion: Insertion
    axes: NDArray[np.float64]
    r0: NDArray[np.float64]
    v0: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A way to the orbit, a payload to begin with, and what could about be carried, kg.

    Where no coarse climb arrives, however light its last stage, less could be carried than that.
    """

    way: Way
    payload_kg: float
    able_kg: float

    @property
    def arrives(self) -> bool:
        """Does any coarse climb?"""
        return self.able_kg >= self.payload_kg


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A coarse flight on the phases of `sequence`, and its figure of merit in kg."""

    sequence: Sequence
    flight: Powered
    merit_kg: float


def ways(vehicle: Vehicle, insertion: Insertion, latitude_rad: float, re_m: float) -> list[Way]:
    """How this vehicle may meet the orbit, the likeliest first.

    A burn at a node turns a plane the pad cannot reach; a burn at the perigee puts it where a
    transfer orbit wants it; a low orbit is met by the climb itself, unless the last stage is
    a weak one that is lit at a free moment anyway.
    """
    last = vehicle.stages[-1]
    restarts = last.restarts if not last.solid else 0
    free = sum(s.ignition.kind == "free" for s in vehicle.stages)
    more = (
        restarts + max(free - 1, 0) + sum(s.restarts for s in vehicle.stages[1:-1] if not s.solid)
    )
    elliptic = insertion.elliptic
    perigee_m = insertion.a_aim_m * (1.0 - (insertion.e_aim if elliptic else 0.0)) - re_m
    i = insertion.i_aim_rad
    short = abs(latitude_rad) - min(i, math.pi - i)
    out: list[Way] = []
    if more >= 2 and short > _PLANE_SHORT_RAD:
        out.append("node")
    if more >= 1 and elliptic and insertion.argp_rad is not None:
        out.append("perigee")
    if more >= 1 and perigee_m > _LOW_ORBIT_M:
        out.append("apogee")
    if more >= 1 and last.ignition.kind == "free" and "apogee" not in out:
        out.append("apogee")
    if more >= 1 and elliptic and "perigee" not in out:
        out.append("perigee")
    if more >= 1 and elliptic and insertion.argp_rad is None and perigee_m > _LIFTED_M:
        out.append("lift")
    if perigee_m <= _LOW_ORBIT_M or not out:
        out.append("direct")
    return out


def ways_of(problem: Problem) -> list[Way]:
    """`ways` of a programme's vehicle, orbit and pad."""
    latitude = math.asin(float(problem.r0[2] / math.sqrt(float(problem.r0 @ problem.r0))))
    return ways(problem.vehicle, problem.insertion, latitude, problem.planet.equatorial_radius_m)


def _climb(problem: Problem, payload_kg: float, northbound: bool, way: Way) -> Climb:
    return Climb(
        problem.planet,
        problem.body,
        problem.vehicle,
        problem.limits,
        problem.insertion,
        problem.axes,
        problem.r0,
        problem.v0,
        payload_kg,
        northbound,
        way,
    )


def estimate(problem: Problem, northbound: bool, way: Way, seed: int) -> Estimate:
    """The payload that coarse climbs carry to the orbit this way.

    Climbs with payloads over two decades; what each brings to the orbit, less what is not
    payload, is what could be carried. The answer is where that is the payload itself.
    Raises InfeasibleError when no lane leaves the ground.
    """
    liftoff = liftoff_mass(problem.vehicle, 0.0)

    def able(payload_kg: float) -> float:
        climb = _climb(problem, payload_kg, northbound, way)
        _, merit = climb.search(seed, _SCAN_ROUNDS)
        at_orbit = merit * math.exp(-climb.after_m_s() / climb.exhaust_m_s(-1))
        return at_orbit - climb.kept_kg

    tried = [(part * liftoff, able(part * liftoff)) for part in _PAYLOAD_PARTS]
    if max(x for _, x in tried) < -1e8:
        raise InfeasibleError(
            f"{problem.vehicle.id!r} does not leave the ground: its thrust at lift-off is below"
            " its weight; raise the thrust or lower the masses"
        )
    if not any(x >= payload for payload, x in tried):
        last = problem.vehicle.stages[-1]
        empty = last.count * last.dry_mass_kg
        tried = [(part * empty, able(part * empty)) for part in _LIGHTER_PARTS]
    tried.sort()
    held = [k for k, (payload, x) in enumerate(tried) if x >= payload]
    if not held:
        payload, best = max(tried, key=lambda x: x[1])
        return Estimate(way, tried[0][0], best)
    payload, best = tried[held[-1]]
    if held[-1] + 1 < len(tried):
        # where the line to the next one meets what it is asked to carry
        heavier, less = tried[held[-1] + 1]
        share = (best - payload) / (best - payload + heavier - less)
        payload = best = payload + share * (heavier - payload)
    return Estimate(way, payload, best)


def guess(problem: Problem, northbound: bool, way: Way, payload_kg: float, seed: int) -> Guess:
    """The phases and a coarse flight on them, with this payload."""
    for _ in range(_LIGHTER_TRIES):
        climb = _climb(problem, payload_kg, northbound, way)
        best, merit = climb.search(seed)
        climbed = climb.fly(best[:, None], record=True)
        if climbed.lowest_m[0] > _CRASH_M or payload_kg <= 0.0:
            break
        payload_kg *= _LIGHTER
    lanes, last = climbed.lanes, int(climbed.last[0])
    tail = climb.timeline.tail
    burns = [
        Burn(tail[k].stage.id, climb.first_coast_s(k), max(float(climbed.burns_s[k, 0]), 4.0))
        for k in range(last + 1)
        if tail
    ]
    after = After(climb, lanes, burns)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        if way == "apogee" and last + 1 < len(tail) and tail[last + 1].stage.restarts > 0:
            # the stage above may finish the climb before it meets the orbit: a touch, to begin with
            last += 1
            after.touch(tail[last].stage.id, climb.first_coast_s(last))
        stages = tail_burns(climb, last, _BURNS_AFTER[way])
        after.fly(stages if stages is not None else tail_burns(climb, last, 0) or ())
    fairing_s = float(lanes.fairing_s[0])
    if not math.isfinite(fairing_s):
        # no rule was met on the way: once out of the air
        fairing_s = float(lanes.high_s[0])
    if not math.isfinite(fairing_s):
        fairing_s = climb.timeline.end_s - 20.0
        if len(burns) > 0 and tail[0].lit:
            fairing_s = climb.timeline.end_s + 0.8 * burns[0].burn_s
    shape = Shape(fairing_s, tuple(after.burns), way)
    seq = sequence(problem.vehicle, problem.limits, shape)
    return Guess(seq, _on_phases(seq, lanes, climb.payload_kg, climb), merit)


def _tame(
    r: NDArray[np.float64],
    v: NDArray[np.float64],
    before: tuple[NDArray[np.float64], NDArray[np.float64]],
    nearest_m: float,
    farthest_m: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes (n, 3) of a guess that ran away, or fell through the ground: kept between two radii.

    Far away it would meet no air at all; near the centre nothing is smooth.
    before  the last place and velocity (3,), (3,) that are known: they stay where none are
    """
    for k in range(len(r)):
        if not (np.isfinite(r[k]).all() and np.isfinite(v[k]).all()):
            r[k], v[k] = before
        before = r[k], v[k]
    d = np.linalg.norm(r, axis=1, keepdims=True)
    speed = np.linalg.norm(v, axis=1, keepdims=True)
    # a pad lies a little below the equator's radius, and is left alone
    low = np.where(d < 0.99 * nearest_m, nearest_m / np.maximum(d, 1.0), 1.0)
    return r * np.minimum(low, farthest_m / d), v / np.maximum(speed / _FASTEST_M_S, 1.0)


def _on_phases(seq: Sequence, lanes: Lanes, payload_kg: float, climb: Climb) -> Powered:
    track = lanes.track
    assert track is not None
    arcs = []
    start, mass = 0.0, seq.liftoff_dry_kg + payload_kg
    kick = np.zeros(2)
    used = 0.0
    before = climb.r0, climb.v0
    farthest_m = 4.0 * max(abs(climb.target_a_m), climb.enter_m)
    for phase in seq.phases:
        times = start + phase.duration_s * phase.node_fractions
        r, v, u = track.at(np.minimum(times, track.t_s[-1]))
        r, v = _tame(r, v, before, climb.planet.equatorial_radius_m, farthest_m)
        before = r[-1], v[-1]
        if phase.steered:
            # a node that fell on a coast sample has no direction of its own
            bad = np.linalg.norm(u, axis=1) < 0.5
            u[bad] = v[bad] / np.linalg.norm(v[bad], axis=1, keepdims=True)
        if phase.steering == "pitch-over":
            d = u[-1] / (u[-1] @ climb.axes[0])
            kick = np.array([d @ climb.axes[1], d @ climb.axes[2]])
        arcs.append(guessed_arc(phase, start, mass, r, v, u if phase.steered else None))
        if seq.last is not None:
            own = dict(phase.draws).get(seq.last.stage, 0.0)
            if phase.free is not None:
                own += dict(phase.free.shares).get(seq.last.stage, 0.0) * phase.free.flow_kg_s
            used += own * phase.duration_s
        mass = arcs[-1].end_mass_kg - phase.drop_kg
        if phase.resets_to_kg is not None:
            mass = phase.resets_to_kg + payload_kg
        start += phase.duration_s
    left = 0.0 if seq.last is None else max(seq.last.usable_kg - used, 1.0)
    return Powered(tuple(arcs), payload_kg, left, kick)
