"""Guided flights of an optimum: open loop through the air, explicit guidance from there on.

The programme is what a flight computer would carry: an attitude table cut from the plan, and for
each guided leg the state the optimum has at its end (radius, speed, flight-path angle, plane).
`fly_guided` flies it with any number of dispersed or faulted vehicles at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.ascent.dispersions import Dispersions, Draw
from cosmodrome.ascent.launch import pad_in_launch_frame
from cosmodrome.ascent.manifest import carried_kg
from cosmodrome.ascent.nominal import Flown, Optimal
from cosmodrome.ascent.schedule import Schedule, schedule
from cosmodrome.ascent.shape import vertical_rise_s
from cosmodrome.ascent.wind_bias import wind_biased
from cosmodrome.errors import InputError
from cosmodrome.maths import NUMPY, Cubics
from cosmodrome.mission.nouns import Mission
from cosmodrome.physics import powered
from cosmodrome.physics.thrust import G0_M_S2
from cosmodrome.powered.guided_flight import NO_WIND, surroundings
from cosmodrome.solvers import guided as kernel
from cosmodrome.solvers.guided import Aim, Held, Programme, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from cosmodrome.ascent.nominal import Nominal
    from cosmodrome.ascent.optimum import AscentSolution
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.physics.powered import Planet
    from cosmodrome.record.nouns import AttitudeProgramme, Flight, Plan
    from cosmodrome.solvers.guided import Section
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]
    Wind = Callable[[Array], tuple[Array, Array]]

__all__ = [
    "GuidedBatch",
    "GuidedProgramme",
    "flown_programme",
    "fly_guided",
    "guided_programme",
    "marked",
]

# the optimum's table is flown until the dynamic pressure has fallen below this; assumed
GUIDED_BELOW_PA = 1_000.0
_TABLE_STEP_S = 0.5
# a burn that goes farther around the planet than this is flown in parts; about where the passes
# of the law still converge, and of a stage whose weight is so many times its thrust
_FARTHEST_RAD = math.radians(60.0)
_FARTHEST_WEAK_RAD, _WEAK = math.radians(20.0), 12.0
# a leg that ends this steeply passes through its radius whether it is steered there or not
_STEEP = 0.25
# the shortest burn that a plan has, and some: no place can be mended in it
_SHORTEST_S = 2.5
# instants at which the energy of a burn that lowers it is looked at
_LOOKS = 17


@dataclass(frozen=True, slots=True, eq=False)
class GuidedProgramme:
    """What is carried, and what lanes are made from.

    core      sections, aims and attitude table, as the kernel takes them
    cutoffs   index of the section at whose end each guided leg ends
    releases  of each spacecraft, the primary one first: its id, and the index of the section at
              whose end it separates
    """

    schedule: Schedule
    core: Programme
    cutoffs: tuple[int, ...]
    releases: tuple[tuple[str, int], ...]

    def leg_of(self, craft: str) -> int:
        """The last guided leg before a spacecraft leaves."""
        at = dict(self.releases)[craft]
        return max(leg for leg, k in enumerate(self.cutoffs) if k <= at)


@dataclass(frozen=True, slots=True, eq=False)
class GuidedBatch:
    """What n guided flights came to; (n,) unless said otherwise.

    r_m, v_m_s   (3, n) in the launch frame at the last cut-off
    a_m, e, i_rad, perigee_m, apogee_m   osculating there; the last two are radii
    cutoffs_s    (legs, n): when each guided leg ended, s after lift-off
    release_s, release_r_m, release_v_m_s   (n,), (3, n), (3, n): as long after the last cut-off as
                 planned; of a lane on the ground, where and when it met it
    energies_j_kg  (legs, n): of the orbit where each guided leg ended
    releases     of each spacecraft by its id, the primary one first: seconds (n,), place and
                 velocity (3, n) at its release, or where the lane met the ground before
    margin_kg    usable propellant of the last stage left
    max_q_pa, max_q_alpha_pa_rad   the latter is pressure times the sine of the angle of attack
    status       of `solvers.guided.Status`
    unconverged  guidance cycles whose answer was not taken
    """

    r_m: Array
    v_m_s: Array
    a_m: Array
    e: Array
    i_rad: Array
    perigee_m: Array
    apogee_m: Array
    cutoffs_s: Array
    margin_kg: Array
    max_q_pa: Array
    max_q_alpha_pa_rad: Array
    status: NDArray[np.int64]
    unconverged: NDArray[np.int64]
    release_s: Array
    release_r_m: Array
    release_v_m_s: Array
    energies_j_kg: Array
    releases: Mapping[str, tuple[Array, Array, Array]]

    def __repr__(self) -> str:
        ok = self.flown
        text = f"{ok.sum()} of {ok.size} flown"
        if ok.any():
            a, i = self.a_m[ok], np.degrees(self.i_rad[ok])
            text += (
                f"; a {a.mean():.0f} +- {a.std():.0f} m, i {i.mean():.4f} +- {i.std():.4f} deg,"
                f" margin {self.margin_kg[ok].mean():.0f} +- {self.margin_kg[ok].std():.0f} kg"
            )
        return f"GuidedBatch({text})"

    @property
    def flown(self) -> NDArray[np.bool_]:
        """Lanes that reached every cut-off."""
        out: NDArray[np.bool_] = self.status == Status.FLOWN
        return out


def guided_programme(
    solution: AscentSolution,
    plan: Plan,
    mission: Mission,
    world: World,
    wind: Wind | None = None,
    biased: bool = True,
) -> GuidedProgramme:
    """The programme for a plan and the optimum it was cut from.

    wind    mean wind at heights in m (n,), to the east and to the north in m/s, that lanes fly in
            (times their own factor); None: the wind of the mission, which the optimum was made in
    biased  cut the attitude table again, so that in the mean wind given here the angle of attack is
            the optimum's (`wind_bias`)
    Raises InputError where a second wind is to bias an optimum that has its own.
    """
    return _programme(Optimal(solution), plan, mission, world, wind, biased)


def flown_programme(flight: Flight, world: World) -> GuidedProgramme:
    """The programme from what a flown flight carries: its plan, and the path of its stack.

    Raises InputError for a flight that begins in orbit, or that guidance cannot fly.
    """
    mission = flight.mission
    if flight.launch is None or not isinstance(mission, Mission):
        raise InputError(
            f"mission {mission.name!r} begins in orbit: there is no ascent that guidance could fly"
        )
    nominal = Flown(flight.legs[0], mission, world)
    return _programme(nominal, nominal.plan, mission, world)


def _programme(
    nominal: Nominal,
    plan: Plan,
    mission: Mission,
    world: World,
    wind: Wind | None = None,
    biased: bool = True,
) -> GuidedProgramme:
    planet = nominal.planet
    own = planet.wind
    if wind is not None and own is not None and biased:
        raise InputError(
            "the optimum was made in the mission's wind; a table for another one starts from still"
            " air: remove wind from the mission, or pass biased=False to fly this plan in it"
        )
    masses = carried_kg(mission, nominal.payload_kg)
    guided_s = _guided_from(nominal)
    times = schedule(
        plan,
        mission.vehicle,
        sum(masses.values()),
        guided_s,
        _waypoints(nominal, plan, mission.vehicle),
        masses,
    )
    sections = times.sections()
    aims = tuple(_aim(nominal, begin, end) for begin, end in times.legs)
    _refuse_turning(nominal, times.legs, aims)

    def optimum(t_s: Array) -> Array:
        return _direction(plan.attitude, t_s)

    def table(directions: Callable[[Array], Array]) -> Cubics:
        cells = math.ceil(guided_s / _TABLE_STEP_S)
        return Cubics.of(directions, 0.0, guided_s, cells)

    r0, v0, _ = pad_in_launch_frame(mission.site, plan.epoch, world)
    cutoffs, releases = _cutoffs(sections), _releases(times, sections, mission)
    # the plane that the primary spacecraft is left in
    left_in = aims[max(leg for leg, k in enumerate(cutoffs) if k <= releases[0][1])].normal
    core = Programme(
        surroundings(
            planet,
            nominal.bodies[0],
            wind or _blowing(planet),
            nominal.bodies[1:],
        ),
        np.concatenate([r0, v0]),
        table(optimum),
        sections,
        aims,
        side=(float(left_in[0]), float(left_in[1]), float(left_in[2])),
    )
    if wind is not None and biased:
        _, alone, _ = times.lanes(Draw.nominal(times.vehicle))
        core = replace(
            core,
            attitude=wind_biased(core, alone, table, optimum, vertical_rise_s(times.vehicle)),
        )
    return GuidedProgramme(times, core, cutoffs, releases)


def marked(programme: GuidedProgramme, marks_s: tuple[float, ...]) -> GuidedProgramme:
    """The same with a section's end at each of these seconds after lift-off, where no rule has one:
    an engine that fails there fails at once. Only before the first burn of the plan's own."""
    clock = tuple(("mark", at, 0.0) for at in marks_s)
    times = replace(programme.schedule, clock=(*programme.schedule.clock, *clock))
    sections = times.sections()
    more = len(sections) - len(programme.core.sections)
    # marks come before all releases
    releases = tuple((craft, k + more) for craft, k in programme.releases)
    core = replace(programme.core, sections=sections)
    return GuidedProgramme(times, core, _cutoffs(sections), releases)


def _cutoffs(sections: tuple[Section, ...]) -> tuple[int, ...]:
    """The section at whose end each leg ends."""
    legs = range(1 + max(s.leg for s in sections))
    return tuple(max(k for k, s in enumerate(sections) if s.leg == leg) for leg in legs)


def _releases(
    times: Schedule, sections: tuple[Section, ...], mission: Mission
) -> tuple[tuple[str, int], ...]:
    """The section at whose end each spacecraft leaves; the last one where the plan names it not."""
    ends = np.cumsum([s.duration_s for s in sections])
    gone = {id_: t for t, id_ in times.gone}
    last = len(sections) - 1
    return tuple(
        (c.id, int(np.argmin(np.abs(ends - gone[c.id]))) if c.id in gone else last)
        for c in mission.crafts
    )


def fly_guided(
    programme: GuidedProgramme,
    dispersions: Dispersions | Draw,
    lanes: int = 1_024,
    seed: int = 1,
    level: str = "",
) -> GuidedBatch:
    """Fly `lanes` draws of `dispersions`, or the very flights of a Draw (a fault is one).

    Never raises for what happens to a lane: `status` tells. `level` as in `solvers.guided.fly`.
    """
    vehicle = programme.schedule.vehicle
    draw = dispersions
    if isinstance(draw, Dispersions):
        draw = draw.draw(vehicle, lanes, seed)
    _, truth, share = programme.schedule.lanes(draw.after(Draw.nominal(vehicle)))
    out = kernel.fly(programme.core, truth, level)
    end = out.marks[programme.cutoffs[-1], :, 1:]
    r, v = end[1:4], end[4:7]
    mu = programme.core.surroundings.mu
    a, e, i = _elements(r, v, mu)
    return GuidedBatch(
        r,
        v,
        a,
        e,
        i,
        a * (1.0 - e),
        a * (1.0 + e),
        out.marks[list(programme.cutoffs), 0, 1:],
        (out.left_kg * share)[1:],
        out.max_q_pa[1:],
        out.max_q_alpha_pa_rad[1:],
        out.status[1:],
        out.unconverged[1:],
        *_place(out.marks[-1]),
        np.stack([_energies(out.marks[k], mu) for k in programme.cutoffs]),
        {craft: _place(out.marks[k]) for craft, k in programme.releases},
    )


def _place(mark: Array) -> tuple[Array, Array, Array]:
    """When and where a section ended, lane 0 aside."""
    return mark[0, 1:], mark[1:4, 1:], mark[4:7, 1:]


def _energies(mark: Array, mu: float) -> Array:
    """(n,) of the orbits where a section ended, lane 0 aside."""
    _, r, v = _place(mark)
    out: Array = 0.5 * np.sum(v * v, axis=0) - mu / np.sqrt(np.sum(r * r, axis=0))
    return out


def _elements(r: Array, v: Array, mu: float) -> tuple[Array, Array, Array]:
    """a, e and i of states (3, n)."""
    d = np.sqrt(np.sum(r * r, axis=0))
    h = np.cross(r, v, axis=0)
    a = 1.0 / (2.0 / d - np.sum(v * v, axis=0) / mu)
    e = np.linalg.norm(np.cross(v, h, axis=0) / mu - r / d, axis=0)
    return a, e, np.arctan2(np.hypot(h[0], h[1]), h[2])


def _blowing(planet: Planet) -> Wind:
    """The planet's wind as the kernel's tables take it."""
    curve = planet.wind
    return NO_WIND if curve is None else lambda h: curve(NUMPY, h)


# cut from the nominal flight -----------------------------------------------------------------
def _guided_from(nominal: Nominal) -> float:
    """When the first separation is past and the air thin enough to steer freely."""
    parts, planet = nominal.parts, nominal.planet
    # a vehicle of one stage is guided as soon as the air is thin
    separated = min((p.end_s for p in parts if set(p.drops) - {"fairing"}), default=0.0)
    fractions = np.linspace(0.0, 1.0, 65)
    for k, part in enumerate(parts):
        if part.start_s < separated - 1e-9:
            continue
        r, v = nominal.states(k, fractions)
        q = powered.air(NUMPY, planet, tuple(r.T), tuple(v.T)).q
        thin = np.flatnonzero(q < GUIDED_BELOW_PA)
        if thin.size and part.burning:
            return round(part.start_s + float(fractions[thin[0]]) * (part.end_s - part.start_s), 3)
    raise InputError(
        f"the dynamic pressure of this ascent never falls below {GUIDED_BELOW_PA:.0f} Pa while an"
        " engine burns: there is nothing that guidance could fly"
    )


def _waypoints(nominal: Nominal, plan: Plan, vehicle: Vehicle) -> tuple[float, ...]:
    """Instants at which burns of the last stage that go too far around go on with another leg.

    Each part ends where the energy is that of the nominal flight there.
    """
    last = vehicle.stages[-1]
    # the weaker the full stage, the sooner the passes of the law swing
    full_kg = last.count * (last.load_kg + last.dry_mass_kg) + nominal.payload_kg
    weak = G0_M_S2 * full_kg / (last.count * last.thrust_vacuum_n)
    farthest = _FARTHEST_WEAK_RAD if weak > _WEAK else _FARTHEST_RAD
    out: list[float] = []
    for k, phase in enumerate(plan.phases):
        if phase.burning != (last.id,) or last.solid:
            continue
        r, _ = nominal.states(k, np.array([0.0, 1.0]))
        d = np.linalg.norm(r, axis=1)
        parts = math.ceil(math.acos(float(r[0] @ r[1]) / float(d[0] * d[1])) / farthest)
        length = phase.end_s - phase.start_s
        out += [round(phase.start_s + j / parts * length, 3) for j in range(1, parts)]
    return tuple(out)


def _part_at(nominal: Nominal, t_s: float) -> int:
    """The phase that `t_s` falls into, the later one of two that meet there."""
    return next(k for k, part in enumerate(nominal.parts) if part.end_s > t_s)


def _state(nominal: Nominal, t_s: float) -> tuple[Array, Array]:
    """Of the nominal flight at `t_s`, (3,) each."""
    k = _part_at(nominal, t_s)
    part = nominal.parts[k]
    r, v = nominal.states(k, np.array([(t_s - part.start_s) / (part.end_s - part.start_s)]))
    return r[0], v[0]


def _refuse_turning(
    nominal: Nominal, legs: tuple[tuple[float, float], ...], aims: tuple[Aim, ...]
) -> None:
    """A burn that lowers the orbit is cut off where the energy has fallen to the aim's: it must
    have been above it until then."""
    for (begin, end), aim in zip(legs, aims, strict=True):
        times = begin + (end - begin) * np.linspace(0.0, 1.0, _LOOKS)[:-1]
        states = [_state(nominal, float(t)) for t in times] if aim.sense < 0.0 else []
        if _turns_back(np.array([_energy_j_kg(*state, nominal.planet.mu) for state in states])):
            raise InputError(
                f"the burn at T+{begin:.0f} s lowers the energy of the orbit and raises it again,"
                " and guidance flies only burns that do one of them: execute the plan by its"
                " timers (ascent.execute)"
            )


def _turns_back(energies_j_kg: Array) -> bool:
    """Does an energy that falls over a burn rise within it?"""
    return bool(np.any(np.diff(energies_j_kg) > 0.0)) and energies_j_kg[-1] < energies_j_kg[0]


def _energy_j_kg(r: Array, v: Array, mu: float) -> float:
    """Of the orbit through r and v, (3,) each."""
    return 0.5 * float(v @ v) - mu / float(np.linalg.norm(r))


def _aim(nominal: Nominal, begin_s: float, end_s: float) -> Aim:
    """The state at `end_s`, for a leg that begins at `begin_s`."""
    ending = [k for k, part in enumerate(nominal.parts) if abs(part.end_s - end_s) < 1e-6]
    from_m, from_m_s = _state(nominal, begin_s)
    r, v = nominal.end(ending[0]) if ending else _state(nominal, end_s)
    if ending:
        end_s = nominal.parts[ending[0]].end_s
    d, speed = float(np.linalg.norm(r)), float(np.linalg.norm(v))
    h = np.cross(r, v)
    sine = float(r @ v) / (d * speed)
    mu = nominal.planet.mu
    lowers = _energy_j_kg(from_m, from_m_s, mu) > _energy_j_kg(r, v, mu)
    return Aim(
        d,
        speed,
        sine,
        math.sqrt(1.0 - sine * sine),
        h / np.linalg.norm(h),
        math.acos(float(r @ from_m) / (d * float(np.linalg.norm(from_m)))),
        end_s - begin_s,
        -1.0 if lowers else 1.0,
        _held(end_s - begin_s, sine),
    )


def _held(length_s: float, sine: float) -> Held:
    """What of its place a leg of this length can hold, that ends at the sine of this angle."""
    if length_s <= _SHORTEST_S:
        return Held.VELOCITY
    return Held.PLANE if abs(sine) > _STEEP else Held.RADIUS


def _direction(attitude: AttitudeProgramme, t_s: Array) -> Array:
    """Unit vectors (3, n) of an attitude programme."""
    breaks = np.asarray(attitude.breaks_s)
    k = np.clip(np.searchsorted(breaks, t_s, side="right") - 1, 0, breaks.size - 2)
    x = (2.0 * t_s - breaks[k] - breaks[k + 1]) / (breaks[k + 1] - breaks[k])
    c = np.asarray(attitude.coefficients)[k]
    basis = np.polynomial.chebyshev.chebvander(x, c.shape[1] - 1)
    u = np.einsum("nk,nkc->cn", basis, c)
    out: Array = u / np.linalg.norm(u, axis=0)
    return out
