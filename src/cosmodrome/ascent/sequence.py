"""From a vehicle's timeline to the phases the optimiser flies.

Adds what the timeline leaves to the plan: the vertical rise and the pitch-over, the fairing
somewhere inside a section, the last stage's own burns and coasts, and the release.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.powered.phases import Path, Phase, uniform
from cosmodrome.vehicle import display_name, timeline

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Limits, Vehicle
    from cosmodrome.vehicle import Section

__all__ = [
    "COAST_CAP_REVOLUTIONS",
    "FREE_FLIGHT_S",
    "PITCH_OVER_S",
    "Q_ALPHA_PA_RAD",
    "RELEASE_S",
    "VERTICAL_RISE_S",
    "Sequence",
    "sequence",
]

# vertical until clear of the tower, then a smooth pitch-over; assumed, of R-7 practice
VERTICAL_RISE_S = 10.0
PITCH_OVER_S = 15.0
# an upper stage lights a minute after it is free (flown practice of Fregat from Kourou)
FREE_FLIGHT_S = 60.0
_LONGEST_FREE_FLIGHT_S = 900.0
# spacecraft separation after the upper stage's last cut-off; assumed
RELEASE_S = 60.0
# q sin(alpha) where the vehicle's file states none: 2,500 Pa rad is 143 kPa deg
Q_ALPHA_PA_RAD = 2_500.0
# longer coasts between two burns hold local optima that cost payload
COAST_CAP_REVOLUTIONS = 0.72
_SHORTEST_BURN_S = 2.0
# the optimiser stays this far inside q and heat limits, which it knows on its nodes only
_LIMIT_MARGIN = 1e-3
_AIR_ENDS_S = 160.0


@dataclass(frozen=True, slots=True)
class Sequence:
    """The phases of one ascent and the masses they do not show.

    liftoff_dry_kg   the stack at lift-off without payload
    end_dry_kg       what is neither payload nor usable propellant after the last phase
    left_max_kg      usable propellant of the last stage when it first lights
    burns            indices of the last stage's burns
    release_s        the last phase's length
    """

    phases: tuple[Phase, ...]
    liftoff_dry_kg: float
    end_dry_kg: float
    left_max_kg: float
    burns: tuple[int, ...]
    fairing: int | None


def _intervals(start_s: float, length_s: float) -> tuple[tuple[float, ...], int]:
    """Mesh and points of a burning phase: finer in the air."""
    if length_s < 6.0:
        return uniform(1), 3
    step = 12.0 if start_s < 130.0 else 30.0
    return uniform(max(1, math.ceil(length_s / step))), 4


def _inside(limit: float | None) -> float | None:
    return None if limit is None else limit * (1.0 - _LIMIT_MARGIN)


def _path(start_s: float, fairing_on: bool, limits: Limits, heat: float | None) -> Path:
    in_air = start_s < _AIR_ENDS_S
    q_alpha = limits.q_alpha_pa_rad or Q_ALPHA_PA_RAD
    return Path(
        dynamic_pressure_pa=_inside(limits.dynamic_pressure_pa) if in_air else None,
        q_alpha_pa_rad=q_alpha if in_air else None,
        heat_flux_w_m2=None if fairing_on else _inside(heat),
    )


def _cut(sections: list[Section], at_s: float, name: str) -> list[Section]:
    """The section that holds `at_s`, split there; its drops stay at its own end."""
    out = []
    for s in sections:
        end = math.inf if s.end_s is None else s.end_s
        if s.start_s < at_s < end:
            out.append(replace(s, name=name, end_s=at_s, drops=()))
            out.append(replace(s, start_s=at_s))
        else:
            out.append(s)
    return out


def sequence(
    vehicle: Vehicle,
    limits: Limits,
    fairing_s: float,
    last_burn_s: float,
    burn_s: tuple[float, float],
    coast_s: tuple[float, float],
    revolution_s: float,
) -> Sequence:
    """The phases, with first guesses of what the plan chooses.

    fairing_s     about when the fairing goes (seconds after lift-off)
    last_burn_s   burn of a last stage that already burns when the sections end
    burn_s, coast_s   the upper stage's two burns and the coasts before them
    revolution_s  period of the target orbit
    """
    tl = timeline(vehicle)
    last = tl.last
    fairing = vehicle.fairing
    heat = None
    if fairing is not None:
        given = [x for x in (fairing.heat_flux_w_m2, limits.heat_flux_w_m2) if x is not None]
        heat = min(given) if given else None
    sections = _cut(list(tl.sections), VERTICAL_RISE_S, "end of vertical rise")
    sections = _cut(sections, VERTICAL_RISE_S + PITCH_OVER_S, "end of pitch-over")
    by_rule = fairing is not None and fairing.time_s is None
    if fairing is not None and heat is None and by_rule:
        raise InputError(
            f"vehicle {vehicle.id!r}: its fairing has neither a heat-flux limit nor a time; write"
            " `jettison: {heat_flux: 1135 W/m^2}` or `jettison: {time: 200 s}`"
        )
    when = fairing_s if by_rule or fairing is None else float(fairing.time_s or 0.0)
    phases: list[Phase] = []
    fairing_index: int | None = None
    fairing_on = fairing is not None
    start = 0.0
    for s in sections:
        open_end = s.end_s is None
        length = last_burn_s if s.end_s is None else s.end_s - s.start_s
        mesh, points = _intervals(s.start_s, length)
        steering = "free"
        if s.start_s < VERTICAL_RISE_S:
            steering = "held"
        elif s.start_s < VERTICAL_RISE_S + PITCH_OVER_S - 1e-9:
            steering = "pitch-over"
        most = length
        if open_end:
            flow = sum(last.count * last.mass_flow_kg_s for i in s.burning if i == last.id)
            most = (
                last.count * (last.usable_kg - _used(last, tl.tanks[last.id].propellant_kg)) / flow
            )
        base = Phase(
            name=s.name,
            duration_s=length,
            lower_s=_SHORTEST_BURN_S if open_end else length,
            upper_s=most,
            thrust_vacuum_n=s.thrust_vacuum_n,
            exit_area_m2=s.exit_area_m2,
            flow_kg_s=s.flow_kg_s,
            drop_kg=sum(d.mass_kg for d in s.drops),
            burning=s.burning,
            drops=tuple(d.id for d in s.drops if d.id),
            steering=steering if s.burning else "none",  # type: ignore[arg-type]
            suborbital_end=(
                tl.upper
                and s.burning != ()
                and vehicle.stage(s.burning[-1]).suborbital
                and s.burning[-1] == vehicle.stages[-2].id
                and s is _last_burning(sections)
            ),
            calm=True,
            path=_path(s.start_s, fairing_on, limits, heat),
            mesh=mesh,
            points=points,
        )
        if fairing_on and fairing is not None and s.start_s <= when < s.start_s + length:
            first = min(max(when - s.start_s, 0.1 * length), 0.9 * length)
            gap = min(0.5, 0.05 * length)
            mesh1, points1 = _intervals(s.start_s, first)
            mesh2, points2 = _intervals(s.start_s, length - first)
            free = by_rule
            phases.append(
                replace(
                    base,
                    name="fairing jettison",
                    duration_s=first if free else when - s.start_s,
                    lower_s=gap if free else when - s.start_s,
                    upper_s=most - gap if free else when - s.start_s,
                    drop_kg=fairing.mass_kg,
                    drops=("fairing",),
                    suborbital_end=False,
                    mesh=mesh1,
                    points=points1,
                    group="" if open_end or not free else "fairing",
                    group_s=length,
                )
            )
            fairing_index = len(phases) - 1
            rest = length - (first if free else when - s.start_s)
            phases.append(
                replace(
                    base,
                    duration_s=rest,
                    lower_s=gap if free else (_SHORTEST_BURN_S if open_end else rest),
                    upper_s=(most - gap) if free or open_end else rest,
                    mesh=mesh2,
                    points=points2,
                    path=_path(s.start_s, False, limits, heat),
                    group="" if open_end or not free else "fairing",
                    group_s=length,
                )
            )
            fairing_on = False
        else:
            phases.append(base)
        start += length
    if fairing_on:
        raise InputError(
            f"the fairing of {vehicle.id!r} would leave at T+{when:.1f} s, after the last stage's"
            f" sections end at T+{start:.1f} s: state an earlier time or a higher heat flux"
        )

    clean = Path(heat_flux_w_m2=_inside(heat))
    consumables = tl.tanks[last.id].consumables_kg
    end_dry = vehicle.adapter_kg + last.count * (last.dry_mass_kg + last.residual_kg) + consumables
    loss = last.count * last.ignition_loss_kg
    usable = tl.tanks[last.id].propellant_kg - last.count * last.residual_kg
    burns: list[int] = []
    name = display_name(vehicle, last)
    if not tl.upper:
        burns.append(len(phases) - 1)
        end_dry -= sum(last.count * j.mass_kg for j in last.jettisons)
        # consumables that flow while burning leave with the last burn's flow
        release = last.separation_delay_s if last.separation_delay_s > 0.0 else 3.0
        phases.append(
            Phase("spacecraft separation", release, release, release, path=clean, points=4)
        )
    else:
        # the coast's mass bookkeeping: ignition losses leave when the burn begins
        push = last.count * last.thrust_vacuum_n
        flow = last.count * last.mass_flow_kg_s
        longest = usable / flow
        count = 2 if last.restarts >= 1 else 1
        settle = last.settling_s if count == 2 else 0.0
        cap = COAST_CAP_REVOLUTIONS * revolution_s
        for k in range(count):
            lower = FREE_FLIGHT_S if k == 0 else max(60.0, 0.02 * revolution_s)
            upper = _LONGEST_FREE_FLIGHT_S if k == 0 else cap - settle
            with_settling = k > 0 and settle > 0.0
            phases.append(
                Phase(
                    f"{name} settling" if with_settling else f"{name} burn {k + 1} start",
                    min(max(coast_s[k] - (settle if k else 0.0), lower), upper),
                    lower,
                    upper,
                    drop_kg=0.0 if with_settling else loss,
                    path=clean,
                    mesh=uniform(1 if k == 0 else 6),
                    points=7,
                )
            )
            if with_settling:
                phases.append(
                    Phase(
                        f"{name} burn {k + 1} start",
                        settle,
                        settle,
                        settle,
                        flow_kg_s=last.settling_flow_kg_s,
                        drop_kg=loss,
                        settling=(last.id,),
                        path=clean,
                        points=4,
                    )
                )
            burns.append(len(phases))
            guess = min(max(burn_s[k], 2 * _SHORTEST_BURN_S), longest)
            phases.append(
                Phase(
                    f"{name} burn {k + 1} end",
                    guess,
                    _SHORTEST_BURN_S,
                    longest,
                    thrust_vacuum_n=push,
                    exit_area_m2=last.count * last.exit_area_m2,
                    flow_kg_s=flow,
                    burning=(last.id,),
                    steering="free",
                    joined=False,
                    calm=True,
                    path=clean,
                    mesh=uniform(max(1, math.ceil(guess / 60.0))),
                    points=4,
                )
            )
        phases.append(
            Phase("spacecraft separation", RELEASE_S, RELEASE_S, RELEASE_S, path=clean, points=4)
        )
    return Sequence(
        tuple(phases),
        _liftoff_dry(vehicle),
        end_dry,
        usable,
        tuple(burns),
        fairing_index,
    )


def _used(stage: object, tank_kg: float) -> float:
    """Main propellant of one unit already gone when the last section begins."""
    from cosmodrome.catalog.nouns import Stage

    assert isinstance(stage, Stage)
    return stage.load_kg - tank_kg / stage.count


def _last_burning(sections: list[Section]) -> Section:
    return [s for s in sections if s.burning][-1]


def _liftoff_dry(vehicle: Vehicle) -> float:
    from cosmodrome.vehicle import liftoff_mass

    return liftoff_mass(vehicle, 0.0)
