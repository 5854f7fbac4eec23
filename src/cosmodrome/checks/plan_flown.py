"""The plan after release, or from a start in orbit: every step flown, as it was asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.checks.view import MOON_RADIUS_M
from cosmodrome.mission.nouns import (
    Coast,
    Deorbit,
    Land,
    Manoeuvre,
    Solve,
    StationKeep,
    ToLibration,
    ToMoon,
    Transfer,
    Until,
)
from cosmodrome.mission.steps import (
    B_PLANE,
    OF_THE_MOON,
    QUANTITIES,
    SPHERE,
    Phase,
    Release,
    Rise,
    Stay,
)
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M
from cosmodrome.world.body_orientation import fixed_from_gcrf_many
from cosmodrome.world.centres import MOON_SPHERE_M
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View
    from cosmodrome.mission.steps import Condition, Step
    from cosmodrome.record.nouns import Leg
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = [
    "MASS_KG",
    "PLACE_M",
    "VELOCITY_M_S",
    "coast_ends",
    "conditions_met",
    "legs_of",
    "spans_of",
    "steps_flown",
]

# house rule for seams
PLACE_M = 1e-3
VELOCITY_M_S = 1e-6
MASS_KG = 1e-3
# how near an event a coast must end
EVENT_S = 0.01


def legs_of(view: View) -> list[Leg]:
    """Legs of the spacecraft that fly steps of the plan, in order; of what rose from the ground
    without the rest, its own from then on."""
    mission = view.flight.mission
    mine = {mission.spacecraft.id, *(s.object for s in mission.plan if isinstance(s, Rise))}
    return [g for g in view.flight.legs if g.object in mine and g.steps]


def spans_of(view: View) -> list[tuple[Step, list[Leg]]]:
    """Steps of the plan in order, each with the legs that flew it; none for one not flown whole.

    A phase step becomes coasts and burns, and stands itself after the last of them, as an ascent
    does after the wait for it; what a planner
    chose to keep an orbit or to leave it names its step.
    """
    flown = _flown(legs_of(view))
    out: list[tuple[Step, list[Leg]]] = []
    first = 0
    for step in view.flight.mission.plan:
        count = _answers(step, [s for _, s in flown[first:]])
        cut = flown[first : first + count] if count else []
        whole = bool(cut) and len(cut) == count
        legs = {id(g): g for mine, _ in cut for g in mine}
        out.append((step, list(legs.values()) if whole else []))
        # where one is not flown whole the flight ended
        first = first + count if count else len(flown)
    return out


def _flown(legs: Sequence[Leg]) -> list[tuple[list[Leg], Step]]:
    """Every step flown, with its legs: of a coast that goes on about another body, all of them."""
    out: list[tuple[list[Leg], Step]] = []
    goes_on = False
    for leg in legs:
        for step in leg.steps:
            if goes_on:
                out[-1][0].append(leg)
            else:
                out.append(([leg], step))
            goes_on = isinstance(step, Coast) and step.goes_on
    return out


def _answers(step: Step, flown: Sequence[object]) -> int:
    """How many of the flown steps, from the first on, are the answer to a step; 0: none is."""
    if isinstance(step, Phase | Rise):
        return flown.index(step) + 1 if step in flown else 0
    if isinstance(step, StationKeep | Deorbit | ToMoon | ToLibration):
        return len(list(takewhile(lambda s: getattr(s, "part_of", "") == step.name, flown)))
    return len(step.steps) if isinstance(step, Solve) else 1


def _told(view: View, flown: Sequence[object]) -> list[object]:
    """Steps asked for, one for each that was flown: of one that a planner answers, its answer."""
    out: list[object] = []
    for step in view.flight.mission.plan:
        if isinstance(step, Solve):
            out += step.steps
            continue
        count = _answers(step, flown[len(out) :])
        chosen = Phase | Rise | StationKeep | Deorbit | ToMoon | ToLibration
        planned = isinstance(step, chosen) and count
        out += flown[len(out) : len(out) + count] if planned else [step]
    return out


def steps_flown(view: View) -> Iterator[Judged]:
    """Every step of the plan in its order, and each leg beginning where the last one ended."""
    legs = legs_of(view)
    asked = view.flight.mission.plan
    if not asked:
        yield not_judged("the mission ends at release")
        return
    flown = [s for _, s in _flown(legs)]
    single = _told(view, flown)
    matching = sum(_same(a, b) for a, b in zip(single, flown, strict=False))
    yield at_least(
        float(matching),
        float(max(len(single), len(flown))),
        "steps",
        "mission file against the legs' own record",
        f"{len(single)} steps asked, {len(flown)} flown, {matching} the same at the same place",
        object=view.flight.mission.spacecraft.id,
    )
    worst: dict[str, Judged] = {}
    for before, after in pairwise(legs):
        a, b = _seen_from(view, before.end, after.start.frame.centre), after.start
        given, taken = before.handover_out, after.handover_in
        tanks = 0.0
        if given is not None and taken is not None:
            names = {*given.propellant_kg, *taken.propellant_kg}
            tanks = max(
                (
                    abs(given.propellant_kg.get(n, np.inf) - taken.propellant_kg.get(n, np.inf))
                    for n in names
                ),
                default=0.0,
            )
        rows = (
            ("ns", float(abs(b.epoch.ns - a.epoch.ns)), 0.0, "epoch"),
            ("m", float(np.linalg.norm(b.r_m - a.r_m)), PLACE_M, "place"),
            ("m/s", float(np.linalg.norm(b.v_m_s - a.v_m_s)), VELOCITY_M_S, "velocity"),
            ("kg", abs(b.mass_kg - a.mass_kg), MASS_KG, "mass"),
            ("kg in tanks", tanks, MASS_KG, "propellant"),
        )
        for key, value, limit, what in rows:
            if what in _excused(before, after):
                continue
            j = at_most(
                value,
                limit,
                key.split()[0],
                f"{before.chapter} to {after.chapter}, {b.epoch.utc(3)}",
                f"largest gap in {what} over {len(legs) - 1} seams of the plan",
                object=after.object,
            )
            if key not in worst or (j.margin or 0.0) < (worst[key].margin or 0.0):
                worst[key] = j
    yield from worst.values()


def _excused(before: Leg, after: Leg) -> tuple[str, ...]:
    """What may jump from one leg to the next: legs take up a touchdown (`touchdown` judges it), and
    what rises may leave the rest behind (`lunar-ascent` does)."""
    out: tuple[str, ...] = ()
    if any(isinstance(s, Land) for s in before.steps):
        out = ("velocity",)
    return out if after.object == before.object else (*out, "mass", "propellant")


def _seen_from(view: View, state: State, centre: str) -> State:
    """A state counted from another body, by the places of the ephemeris and their derivative."""
    here = state.frame.centre
    if here == centre:
        return state
    eph, h = view.world.ephemeris, 60.0
    around = eph.positions_m(here, state.epoch, np.array([-2, -1, 0, 1, 2]) * h, centre)
    # differences of fourth order: 1e-9 m/s on the Moon's orbit
    v = (around[0] - 8.0 * around[1] + 8.0 * around[3] - around[4]) / (12.0 * h)
    return replace(state, frame=gcrf(centre), r_m=state.r_m + around[2], v_m_s=state.v_m_s + v)


def _same(asked: object, flown: object) -> bool:
    """Is what was flown what was asked, but for numbers that were to be found?"""
    if isinstance(asked, Transfer | Phase | Release | Land | Rise | Stay):
        return asked == flown
    if isinstance(asked, Coast) and isinstance(flown, Coast):
        plain = replace(flown, duration_s=None, goes_on=False)
        return replace(asked, free=False, duration_s=None, goes_on=False) == plain and (
            asked.free or asked.duration_s == flown.duration_s
        )
    if not (isinstance(asked, Manoeuvre) and isinstance(flown, Manoeuvre)):
        return False
    # a burn whose size is to be found along a line may be found to point the other way
    along = np.abs(np.array(asked.direction)) == np.abs(np.array(flown.direction))
    turned = asked.free_direction or (asked.free_size and bool(np.all(along)))
    return (
        (asked.name, asked.axes, asked.impulsive) == (flown.name, flown.axes, flown.impulsive)
        and (turned or asked.direction == flown.direction)
        and (asked.free_size or _sizes(asked) == _sizes(flown))
    )


def _sizes(step: Manoeuvre) -> tuple[float | None, float | None, float | None]:
    return step.delta_v_m_s, step.duration_s, step.propellant_kg


def conditions_met(view: View) -> Iterator[Judged]:
    """Each condition of a sequence that was to be found, read off where its last leg ends."""
    judged = False
    for step, legs in spans_of(view):
        if not isinstance(step, Solve | Transfer | Phase) or not legs:
            continue
        conditions: tuple[Condition, ...]
        if isinstance(step, Phase):
            conditions = () if step.condition is None else (step.condition,)
        else:
            conditions = step.conditions
        if not conditions:
            continue
        last = legs[-1]
        if isinstance(step, Transfer) and step.within_s is not None:
            yield at_most(
                (last.end.epoch - legs[0].start.epoch) / 3600.0,
                step.within_s / 3600.0,
                "h",
                f"{step.name}, {last.end.epoch.utc(0)}",
                "from the end of the step before to the last cut-off",
                object=last.object,
            )
        judged = True
        path = view.inertial(last.path)
        y = path.columns_at(path.breaks_s[-1:])
        for c in conditions:
            name = OF_THE_MOON.get(c.quantity, c.quantity)
            if (name != c.quantity or name in B_PLANE) and path.frame.centre != "moon":
                yield Judged(
                    "fails", None, None, "", None, f"{step.name}, {last.end.epoch.utc(0)}",
                    f"{c.quantity} was asked, and the last leg is about the {path.frame.centre}",
                    last.object,
                )  # fmt: skip
                continue
            off = _quantity(view, name, last, path.breaks_s[-1:], y) - c.value
            if name in ("raan", "argument_of_perigee", "argument_of_latitude", "longitude"):
                off = (off + np.pi) % (2.0 * np.pi) - np.pi
            scale, unit = _SHOWN[QUANTITIES[c.quantity]]
            yield at_most(
                abs(off) * scale,
                c.tolerance * scale,
                unit,
                f"{step.name}, {last.end.epoch.utc(0)}",
                f"{c.quantity} {off * scale:+.6g} {unit} from the {c.value * scale:g} asked",
                object=last.object,
            )
    if not judged:
        yield not_judged("the plan asks for no condition")


#: how a quantity of a dimension is shown
_SHOWN = {
    "length": (1e-3, "km"),
    "ratio": (1.0, "1"),
    "time": (1.0, "s"),
    "angle": (180.0 / np.pi, "deg"),
}


def _quantity(view: View, name: str, leg: Leg, t: Array, y: Array) -> float:
    """A quantity of the orbit at a path's value, from r, v and the conic (SI)."""
    if name in ("longitude", "altitude"):
        _, longitude, height = view.place(leg.path, view.earth_fixed(leg.path, t, y)[0])
        return float((longitude if name == "longitude" else height)[0])
    turn = view.equator_of(leg.path, leg.path.epoch + float(t[-1]))
    r, v = turn @ y[0, 0:3], turn @ y[0, 3:6]
    centre = leg.path.frame.centre
    mu = float(view.field(centre).mu_m3_s2)
    radius = EARTH_EQUATORIAL_RADIUS_M if centre == "earth" else MOON_RADIUS_M
    h = np.cross(r, v)
    e = np.cross(v, h) / mu - r / np.linalg.norm(r)
    a = 1.0 / (2.0 / np.linalg.norm(r) - float(v @ v) / mu)
    size = float(np.linalg.norm(e))
    node = np.array([-h[1], h[0], 0.0])
    ahead = np.cross(h, node)

    def angle(x: Array) -> float:
        return float(np.arctan2(x @ ahead / np.linalg.norm(ahead), x @ node / np.linalg.norm(node)))

    if name in B_PLANE:
        # B = S x h / v, S along the incoming asymptote
        speed = float(np.sqrt(-mu / a)) if a < 0.0 else np.nan
        s = (e / size + np.sqrt(size**2 - 1.0) * np.cross(h, e) / size / np.linalg.norm(h)) / size
        t = np.cross(s, [0.0, 0.0, 1.0])
        t = t / np.linalg.norm(t)
        b = np.cross(s, h) / speed
        return float(b @ (t if name == "b_dot_t" else np.cross(s, t)))
    if name.startswith("argument"):
        return angle(e if name == "argument_of_perigee" else r)
    return float(
        {
            "semi_major_axis": a,
            "perigee": a * (1.0 - size) - radius,
            "apogee": a * (1.0 + size) - radius,
            "eccentricity": size,
            "period": 2.0 * np.pi * np.sqrt(a**3 / mu) if a > 0.0 else np.inf,
            "inclination": np.arctan2(np.hypot(h[0], h[1]), h[2]),
            "raan": np.arctan2(h[0], -h[1]),
        }[name]
    )


def coast_ends(view: View) -> Iterator[Judged]:
    """Each coast ends when it was told to: after its time, at its instant, at its event."""
    judged = False
    whole: tuple[Epoch, Coast] | None = None
    for leg in legs_of(view):
        ends = [e for e in leg.events if e.name.startswith("end of coast")]
        coasts = [s for s in leg.steps if isinstance(s, Coast)]
        if not coasts:
            continue
        # a coast that goes on about another body began with the first of its legs
        begun, first = whole or (leg.start.epoch, coasts[0])
        coasts = [first, *coasts[1:]]
        whole = None
        if any(isinstance(s, Coast) and s.goes_on for s in leg.steps):
            whole = (ends[-1].epoch if ends else begun), coasts.pop()
        if len(ends) != len(coasts):
            if coasts:
                yield at_least(
                    float(len(ends)),
                    float(len(coasts)),
                    "ends",
                    f"{leg.chapter}, {leg.start.epoch.utc(0)}",
                    "coasts that came to their end; the leg ended before",
                    object=leg.object,
                )
            continue
        before = begun
        for step, event in zip(coasts, ends, strict=True):
            judged = True
            late, what = _late_s(view, leg, step, before, event.epoch)
            yield at_most(
                abs(late),
                EVENT_S,
                "s",
                f"{event.name}, {event.epoch.utc(3)}",
                what,
                object=leg.object,
            )
            before = event.epoch
    if not judged:
        yield not_judged("the plan has no coast")


def _late_s(view: View, leg: Leg, step: Coast, begun: Epoch, ended: Epoch) -> tuple[float, str]:
    """How long after its cue a coast ended, and what the cue is."""
    until = step.until
    if isinstance(until, Epoch):
        return ended - until, f"end of the coast until {until.utc(0)}"
    if not isinstance(until, Until):
        return (ended - begun) - (step.duration_s or 0.0), "length of the coast"
    path = view.inertial(leg.path)
    t = ended - path.epoch
    # the cue's function on both sides of the end: its zero by a straight line
    span = np.clip(np.array([t - 1.0, t]), path.breaks_s[0], path.breaks_s[-1])
    f = _cue(view, until, path.columns_at(span), leg, span)
    slope = (f[1] - f[0]) / (span[1] - span[0])
    sense = _SENSES.get(until.kind, np.sign(slope))
    if slope * sense <= 0.0:
        return np.inf, f"the coast ends at the opposite of its {until.kind}"
    return float(f[1] / slope), f"end of the coast against its {until.kind} by the path itself"


#: whether the cue's function rises or falls through zero
_SENSES = {
    "periapsis": 1.0,
    "apoapsis": -1.0,
    "ascending node": 1.0,
    "descending node": -1.0,
    "umbra entry": -1.0,
    "umbra exit": 1.0,
    "penumbra entry": -1.0,
    "penumbra exit": 1.0,
}


def _cue(view: View, until: Until, y: Array, leg: Leg, t: Array) -> Array:
    """A function (N,) that is zero at the event."""
    r, v = y[:, 0:3], y[:, 3:6]
    if "apsis" in until.kind:
        out: Array = np.einsum("ij,ij->i", r, v)
    elif "node" in until.kind and leg.path.frame.centre == "moon":
        axes = view.field("moon").axes
        turn = fixed_from_gcrf_many(view.world, "moon", axes, leg.path.epoch, t)
        out = np.einsum("nc,nc->n", r, turn.matrix[:, 2])
    elif "node" in until.kind:
        axis = view.world.orientation.cip_gcrf(leg.path.epoch + float(t[-1]))
        out = r @ np.asarray(axis)
    elif until.kind == "altitude":
        fixed, _ = view.earth_fixed(leg.path, t, y)
        out = view.place(leg.path, fixed)[2] - until.altitude_m
    elif until.kind == SPHERE:
        moon = np.zeros(3)
        if leg.path.frame.centre != "moon":
            moon = view.world.ephemeris.positions_m("moon", leg.path.epoch, t)
        out = np.linalg.norm(r - moon, axis=1) - MOON_SPHERE_M
    else:
        from cosmodrome.checks.forces import SHADOWS_M, discs

        centre = leg.path.frame.centre
        sun = view.world.ephemeris.positions_m("sun", leg.path.epoch, t, centre)
        apart, sun_radius, earth_radius = discs(r, sun, SHADOWS_M[centre])
        out = apart - earth_radius + (sun_radius if "penumbra" not in until.kind else -sun_radius)
    return out
