"""Where dropped bodies fall, as a constraint of the optimal ascent.

A zone's edges, ends of a ground range and edges of keep-out zones are all half-spaces n . d >= s
of the unit vector d to the impact. The optimiser knows the impact in vacuum, in closed form, at the
height where it is as far away as the body falls with drag, shifted by what is still between the
two. Then every body is flown to the ground, height and shift are taken anew, and the optimum is
solved again from where it was, until both agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.ascent.debris import DEFAULT_BALLISTIC_KG_M2, pieces_of
from cosmodrome.ascent.safety.areas import LONGEST_FALL_S, vacuum_height_m
from cosmodrome.ascent.safety.dispersions import ASSUMED_BAND, STATED_BAND
from cosmodrome.ascent.safety.falling import Bodies, fall
from cosmodrome.errors import InfeasibleError
from cosmodrome.maths import SCALAR
from cosmodrome.physics.impact import convex_parts, edge_normals, vacuum_impact
from cosmodrome.powered.formulas import Units
from cosmodrome.powered.statement import Waypoint
from cosmodrome.vehicle import timeline
from cosmodrome.world.geodesy import geodetic_from_itrf, itrf_from_geodetic, surface_distance_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.ascent.programme import Programme
    from cosmodrome.maths import Ops, Vector
    from cosmodrome.mission.nouns import DropTarget
    from cosmodrome.physics.powered import Planet
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Powered

    Array = NDArray[np.float64]

__all__ = [
    "Fall",
    "Fallen",
    "asked",
    "fall_prices",
    "fall_rows",
    "fallen",
    "falls_for",
    "in_words",
    "near",
    "off_in_words",
    "settled",
]

# where the programme puts an impact and where it is flown to agree when they are this near
AGREES_M = 100.0
_SMALL_STEP_M = 2e3
# what a secant may say
_GAINS = (0.25, 4.0)
# what a keep-out zone is given besides
_CLEAR_M = 1_000.0
_MEAN_RADIUS_M = 6_371e3


@dataclass(frozen=True, slots=True, eq=False)
class Fall:
    """The condition on one body: normals . (gain x vacuum direction + shift) >= bounds.

    normals (n, 3) in axes that turn with the Earth from the launch frame; bounds, scales (n,):
    a row times its scale is the distance inside over the planet's radius, near enough
    height_m   where the vacuum path is cut off for drag
    gain, shift   from the vacuum direction there to the flown one: by how much it moves more or
               less, and (3,) what is left where it was flown
    zone       in words
    """

    body: str
    zone: str
    height_m: float
    gain: float
    shift: Array
    normals: Array
    bounds: Array
    scales: Array

    def eased(self, direction: Array, part: float) -> Fall:
        """The same with bounds that `direction` breaks loosened by a part of what it lacks."""
        lacks = np.minimum(self.normals @ direction - self.bounds, 0.0)
        return replace(self, bounds=self.bounds + part * lacks)

    def inside_m(self, direction: Array) -> float:
        """How far inside the nearest bound a direction lies, m; negative: outside."""
        return float(np.min((self.normals @ direction - self.bounds) * self.scales)) * (
            _MEAN_RADIUS_M
        )


@dataclass(frozen=True, slots=True, eq=False)
class Fallen:
    """A body flown to the ground with drag: direction (3,) in turned launch axes, and its drop.

    vacuum  direction of the vacuum impact at `height_m`, which is as far from the drop
    ends    directions (2, 3) with the low and the high ballistic coefficient, where they come down
    gain    by how much the flown impact moves when the vacuum one does, from the flight before
    """

    body: str
    direction: Array
    vacuum: Array
    height_m: float
    y: Array
    t_s: float
    ends: Array
    gain: float = 1.0


def asked(problem: Programme) -> bool:
    """Does this mission bind where anything falls?"""
    m = problem.mission
    return bool(m.drops) or (m.keeps_clear and bool(m.site.keep_out))


def fall_rows(planet: Planet, one: Fall, phases: Sequence[Phase]) -> Waypoint | None:
    """The rows of one body at the end of the phase that drops it; None where none does."""
    at = next((i for i, p in enumerate(phases) if one.body in p.drops), None)
    if at is None:
        return None
    units = Units.of(planet)

    def rows(ops: Ops, r: Vector, v: Vector, t: Any) -> Sequence[Any]:
        place = (r[0] * units.length_m, r[1] * units.length_m, r[2] * units.length_m)
        speed = (v[0] * units.speed_m_s, v[1] * units.speed_m_s, v[2] * units.speed_m_s)
        d = vacuum_impact(ops, planet, place, speed, one.height_m, t).direction
        d = (
            one.gain * d[0] + float(one.shift[0]),
            one.gain * d[1] + float(one.shift[1]),
            one.gain * d[2] + float(one.shift[2]),
        )
        return [
            float(scale) * (ops.dot(d, (float(n[0]), float(n[1]), float(n[2]))) - float(bound))
            for n, bound, scale in zip(one.normals, one.bounds, one.scales, strict=True)
        ]

    count = len(one.bounds)
    return Waypoint(f"fall {one.body}", at, rows, (0.0,) * count, (1e19,) * count, timed=True)


# what is flown ---------------------------------------------------------------------------------
def fallen(
    problem: Programme, flight: Powered, before: dict[str, Fallen] | None = None
) -> dict[str, Fallen]:
    """Every dropped body that comes down, flown to the ground from the optimiser's own nodes.

    before  the same of another flight: its heights are kept, and gains are taken from it
    """
    vehicle, planet = problem.vehicle, problem.planet
    known = {d.id: d.mass_kg for s in timeline(vehicle).sections for d in s.drops if d.id}
    if vehicle.fairing is not None:
        known["fairing"] = vehicle.fairing.mass_kg
    # spacecraft and their adapters stay in orbit
    released = {id_ for c in problem.mission.crafts for id_ in (c.id, c.adapter_id)}
    arcs = flight.arcs
    drops: list[tuple[str, float, Array, float]] = []
    for k, arc in enumerate(arcs[:-1]):
        others = sum(known.get(id_, 0.0) for id_ in arc.phase.drops)
        for id_ in arc.phase.drops:
            if id_ in released:
                continue
            whole = known.get(id_) or arc.end_mass_kg - arcs[k + 1].mass_kg - others
            _, pieces, area = pieces_of(vehicle, id_)
            ballistic = DEFAULT_BALLISTIC_KG_M2 if area is None else whole / pieces / area
            band = (1.0, *(ASSUMED_BAND if area is None else STATED_BAND))
            y = np.r_[arc.r_m[-1], arc.v_m_s[-1]]
            drops += [(id_, arc.end_s, y, ballistic * part) for part in band]
    n = len(drops)
    if n == 0:
        return {}
    bodies = Bodies(
        np.stack([d[2] for d in drops], axis=1),
        np.array([d[3] for d in drops]),
        np.ones(n),
        np.zeros((2, n)),
    )
    landed = fall(planet, bodies, LONGEST_FALL_S)

    def places(lanes: list[int]) -> Array:
        turns = [planet.omega_rad_s * (drops[k][1] + landed.t_s[k]) for k in lanes]
        at = [_turned(landed.y[:3, k], turn) for k, turn in zip(lanes, turns, strict=True)]
        return np.reshape([r / np.linalg.norm(r) for r in at], (-1, 3))

    out = {}
    for k in range(0, n, 3):
        id_, t_s, y, _ = drops[k]
        if not landed.hit[k]:
            continue
        there = _on_ground(planet, places([k])[0])
        ends = places([j for j in (k + 1, k + 2) if landed.hit[j]])
        below = _turned(y[:3], planet.omega_rad_s * t_s)

        def range_m(place: Array, below: Array = below) -> float:
            return _ground_m(below, _on_ground(planet, place))

        known_before = (before or {}).get(id_)
        if known_before is None:
            height = vacuum_height_m(planet, y, t_s, range_m, range_m(there)) or 0.0
        else:
            # one and the same function for the secant
            height = known_before.height_m
        hit = vacuum_impact(SCALAR, planet, tuple(y[:3]), tuple(y[3:]), height, t_s)
        one = Fallen(
            id_, there / np.linalg.norm(there), np.array(hit.direction), height, y, t_s, ends
        )
        out[id_] = one if known_before is None else _with_gain(planet, one, known_before)
    return out


def _with_gain(planet: Planet, one: Fallen, before: Fallen) -> Fallen:
    """The body with how much more it moved, flown, than its vacuum impact did: a secant."""
    old, at = before.y, before.t_s
    hit = vacuum_impact(SCALAR, planet, tuple(old[:3]), tuple(old[3:]), one.height_m, at)
    moved = one.vacuum - np.array(hit.direction)
    square = float(moved @ moved)
    if square * _MEAN_RADIUS_M**2 < AGREES_M**2:
        return replace(one, gain=before.gain)
    gain = float((one.direction - before.direction) @ moved) / square
    return replace(one, gain=min(max(gain, _GAINS[0]), _GAINS[1]))


def _turned(r: Array, angle: float) -> Array:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([c * r[0] + s * r[1], c * r[1] - s * r[0], r[2]])


def _on_ground(planet: Planet, r: Array) -> Array:
    """The place of the ellipsoid in the geocentric direction of r."""
    size = np.linalg.norm(r / np.array([1.0, 1.0, 1.0 - planet.flattening]))
    out: Array = r * (planet.equatorial_radius_m / size)
    return out


def _ground_m(a: Array, b: Array) -> float:
    """Geodesic between the places under two points in turned axes."""
    (lat1, lat2), (lon1, lon2), _ = geodetic_from_itrf(np.stack([a, b]))
    return float(surface_distance_m(lat1, lon1, lat2, lon2))


# what is asked -------------------------------------------------------------------------------
def falls_for(problem: Programme, found: dict[str, Fallen]) -> tuple[Fall, ...]:
    """The conditions as they stand for bodies that fell there.

    Raises InfeasibleError for a body that is to fall somewhere and does not come down.
    """
    out = []
    for target in problem.mission.drops:
        if target.body not in found:
            raise InfeasibleError(
                f"{target.body} is to fall {words(target)}, but its best ascent leaves it flying"
                " for two hours and more; ask for it of a body that comes down"
            )
        one = found[target.body]
        out.append(_fall(one, words(target), *_bounds(problem, target, one)))
    if problem.mission.keeps_clear:
        out += [clear for one in found.values() for clear in _clear(problem, one)]
    return tuple(out)


def words(target: DropTarget) -> str:
    """Where a body is to fall, in words."""
    if target.polygon_rad:
        return f"in {target.name}" if target.name else "in its polygon"
    ends = [None if x is None else f"{x / 1e3:g} km" for x in (target.nearest_m, target.farthest_m)]
    if ends[0] and ends[1]:
        return f"{ends[0]} to {ends[1]} from the pad"
    return f"{ends[0]} or more from the pad" if ends[0] else f"within {ends[1]} of the pad"


def _fall(one: Fallen, zone: str, normals: Array, bounds: Array, scales: Array) -> Fall:
    shift = one.direction - one.gain * one.vacuum
    return Fall(one.body, zone, one.height_m, one.gain, shift, normals, bounds, scales)


def _corners(problem: Programme, polygon_rad: tuple[tuple[float, float], ...]) -> Array:
    """Geocentric directions (n, 3) of geodetic corners in turned launch axes."""
    corners = np.array(polygon_rad)
    out: Array = itrf_from_geodetic(
        corners[:, 0], corners[:, 1] - problem.mission.site.longitude_rad, 0.0
    )
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    return out


def _bounds(problem: Programme, target: DropTarget, one: Fallen) -> tuple[Array, Array, Array]:
    margin = target.margin_m / _MEAN_RADIUS_M
    if target.polygon_rad:
        parts = [edge_normals(p) for p in convex_parts(_corners(problem, target.polygon_rad))]
        # of a zone that is not convex, the part that is nearest to be met
        normals = max(parts, key=lambda n: float(np.min(n @ one.direction)))
        return normals, np.full(len(normals), math.sin(margin)), np.ones(len(normals))
    pad = problem.r0 / np.linalg.norm(problem.r0)
    turn = math.acos(float(np.clip(pad @ one.direction, -1.0, 1.0)))
    # metres of the geodesic to a radian of the geocentric angle, as it is out there
    per_rad = _ground_m(problem.r0, _on_ground(problem.planet, one.direction)) / turn
    rows = []
    if target.farthest_m is not None:
        angle = (target.farthest_m - target.margin_m) / per_rad
        rows.append((pad, math.cos(angle), 1.0 / math.sin(angle)))
    if target.nearest_m is not None:
        angle = (target.nearest_m + target.margin_m) / per_rad
        rows.append((-pad, -math.cos(angle), 1.0 / math.sin(angle)))
    return (
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
    )


def _clear(problem: Programme, one: Fallen) -> list[Fall]:
    """Out of every keep-out zone that this body hit, or was held out of before.

    With all of its band of ballistic coefficients, over the edge that is nearest; one that has
    been chosen is kept to.
    """
    out = []
    clear = math.sin(_CLEAR_M / _MEAN_RADIUS_M)
    band = np.vstack([one.direction, one.ends])

    def beyond(edge: Array) -> Array:
        """The bound of the nominal impact that has the worst end of the band clear."""
        return np.array([clear + float(edge @ one.direction - np.min(band @ edge))])

    for zone in problem.mission.site.keep_out:
        name = f"outside {zone.name}"
        before = [f for f in problem.falls if f.body == one.body and f.zone == name]
        if before:
            kept = before[0]
            bounds = beyond(kept.normals[0])
            out.append(_fall(one, name, kept.normals, bounds, kept.scales))
            continue
        for part in convex_parts(_corners(problem, zone.polygon_rad)):
            sines = edge_normals(part) @ band.T
            if np.any(np.min(sines, axis=0) > -clear):
                edge = -edge_normals(part)[int(np.argmin(np.max(sines, axis=1)))]
                out.append(_fall(one, name, edge[None], beyond(edge), np.ones(1)))
                break
    return out


def in_words(wanted: tuple[Fall, ...]) -> str:
    """What is asked of all bodies."""
    return ", ".join(f"{f.body} falling {f.zone}" for f in wanted)


def off_in_words(wanted: tuple[Fall, ...], found: dict[str, Fallen]) -> str:
    """How far from where they may fall bodies came down."""
    off = [(f, -f.inside_m(found[f.body].direction) / 1e3) for f in wanted]
    return " and ".join(f"{f.body} falls {km:.0f} km outside" for f, km in off if km > 0.0) or (
        "all fall where they may"
    )


def near(wanted: tuple[Fall, ...], found: dict[str, Fallen]) -> bool:
    """Do all bodies fall where they may, but for what a small step mends?"""
    return all(f.inside_m(found[f.body].direction) > -_SMALL_STEP_M for f in wanted)


# how it stands -------------------------------------------------------------------------------
def settled(problem: Programme, found: dict[str, Fallen]) -> bool:
    """Do the programme's own impacts agree with the flown ones, and are all where they may be?"""
    for one in problem.falls:
        if one.body not in found:
            return False
        at = found[one.body]
        hit = vacuum_impact(
            SCALAR, problem.planet, tuple(at.y[:3]), tuple(at.y[3:]), one.height_m, at.t_s
        )
        apart = one.gain * np.array(hit.direction) + one.shift - at.direction
        if float(np.linalg.norm(apart)) * _MEAN_RADIUS_M > AGREES_M:
            return False
    return all(
        one.inside_m(found[one.body].direction) > -AGREES_M for one in falls_for(problem, found)
    )


def fall_prices(
    names: dict[str, list[int]], multipliers: Array, unit_kg: float
) -> dict[str, float]:
    """What a kilometre more room for each body buys, kg."""
    return {
        f"fall_kg_per_km_{name.removeprefix('fall ')}": -unit_kg
        * float(sum(multipliers[rows]))
        * 1e3
        / _MEAN_RADIUS_M
        for name, rows in names.items()
        if name.startswith("fall ")
    }
