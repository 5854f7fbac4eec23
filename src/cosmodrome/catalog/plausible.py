"""Is this a launch vehicle? What its figures imply, against what engines and tanks can do.

A figure that is mis-scaled or mis-typed (newtons for kilonewtons, an exhaust velocity for a
specific impulse, tonnes for kilograms, a forgotten stage) makes its neighbours imply something
absurd: a burn of 0.1 s, a stage that is all tank. What cannot be is a fault of the file; what is
only unusual is a doubt that the vehicle carries along. The bounds are wide on purpose: every
vehicle of the catalogue passes without a doubt, and a test keeps it so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.catalog.burning import (
    G0,
    burn_time_s,
    highest_level,
    ideal_delta_v_m_s,
    mass_without_spacecraft_kg,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cosmodrome.catalog.nouns import Stage, Vehicle

__all__ = ["Doubt", "doubts"]

# chemical engines lie between cold gas (60 s) and hydrogen with oxygen (470 s)
_ISP_IMPOSSIBLE = (60.0, 550.0)
_ISP_UNUSUAL = (150.0, 490.0)
# part of a full stage that is not propellant: 0.036 on Falcon 9's second stage, 0.54 on AVUM
_DRY_IMPOSSIBLE = (0.02, 0.92)
_DRY_UNUSUAL = (0.03, 0.60)
# seconds at full flow: 63 s for the shortest solid of the catalogue, 1,550 s for its kick stage
_BURN_IMPOSSIBLE = (4.0, 10_000.0)
_BURN_UNUSUAL = (10.0, 5_000.0)
# computed over stated burn time: 0.82 for the worst of the catalogue
_STATED_IMPOSSIBLE = (0.5, 2.0)
_STATED_UNUSUAL = (0.8, 1.25)
# part of vacuum thrust that air pressure takes: 0.31 on Vulcain 2, 0.05 on Rutherford
_AIR_IMPOSSIBLE = (0.0, 0.5)
_AIR_UNUSUAL = (0.01, 0.35)
# thrust over weight at first motion, without spacecraft: 1.2 on Saturn V, 1.9 on Electron
_LIFT_IMPOSSIBLE = (1.0, 20.0)
_LIFT_UNUSUAL = (1.1, 4.0)
# a stage thrusting less than this part of its weight may be electric, whose Isp is high
_ELECTRIC = 0.01
# mass on the pad over frontal area, kg/m^2: 11,000 to 36,000 in the catalogue
_LOADING_UNUSUAL = (1e3, 1e5)
# fairing over frontal area, kg/m^2: 39 on Electron
_FAIRING_UNUSUAL = 4.0
# what a low orbit takes of ideal velocity, m/s: 9,140 for the heaviest rating of Soyuz-2.1a
_LOW_ORBIT_M_S = 8_800.0
# of the lift-off mass, where no rating says what the spacecraft weighs
_SPACECRAFT = 0.03
_ROUNDING = 0.02


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the figures imply that launch vehicles do not do.

    path     of the figure to look at, in the noun's names: "stages.core.thrust_vacuum_n"
    certain  it cannot be; otherwise it is unusual
    why      what follows from the figure, ending without a full stop
    write    what to write instead
    """

    path: str
    certain: bool
    why: str
    write: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}. {self.write}"


def _outside(value: float, impossible: tuple[float, float], unusual: tuple[float, float]) -> int:
    """2 beyond the first bounds, 1 beyond the second, 0 within both."""
    for grade, (low, high) in ((2, impossible), (1, unusual)):
        if not low <= value <= high:
            return grade
    return 0


def doubts(vehicle: Vehicle) -> tuple[Doubt, ...]:
    """Everything about a vehicle that cannot be, or is unusual; the certain ones first.

    Rules go from the single figure to the sum; a certain doubt about a stage or the vehicle
    hides what the rules after it would say, as they would only repeat it.
    """
    found: list[Doubt] = []
    for stage in vehicle.stages:
        found += _until_certain(r(stage, f"stages.{stage.id}.") for r in _STAGE_RULES)
    if not any(d.certain for d in found):
        mass = mass_without_spacecraft_kg(vehicle)
        found += _until_certain(r(vehicle, mass) for r in _VEHICLE_RULES)
    return tuple(sorted(found, key=lambda d: not d.certain))


def _until_certain(rules: Iterable[Iterable[Doubt]]) -> list[Doubt]:
    """What the rules say, one after the other, up to the first that is certain."""
    found: list[Doubt] = []
    for said in rules:
        found += said
        if any(d.certain for d in found):
            break
    return found


def _kg(mass: float) -> str:
    return f"{mass:,.0f} kg" if mass >= 100.0 else f"{mass:.4g} kg"


def _kn(thrust: float) -> str:
    return f"{thrust / 1e3:,.0f} kN" if thrust >= 1e5 else f"{thrust / 1e3:.4g} kN"


def _carried(stage: Stage, at: str) -> Iterator[Doubt]:
    own = stage.load_kg + stage.dry_mass_kg
    for part in stage.consumables:
        if part.mass_kg > own:
            yield Doubt(
                f"{at}consumables.{part.name}.mass_kg",
                True,
                f"{part.name} of {_kg(part.mass_kg)} outweighs the stage that carries it"
                f" ({_kg(own)})",
                f"Write its mass for one unit, like {_kg(part.mass_kg / 1000)}.",
            )


def _isp(stage: Stage, at: str) -> Iterator[Doubt]:
    isp = stage.isp_vacuum_s
    grade = _outside(isp, _ISP_IMPOSSIBLE, _ISP_UNUSUAL)
    weight = (stage.load_kg + stage.dry_mass_kg) * G0
    if grade == 0 or (isp > _ISP_UNUSUAL[1] and stage.thrust_vacuum_n < _ELECTRIC * weight):
        return
    why = f"a specific impulse (isp_vacuum) of {isp:g} s is no chemical engine's (150 to 490 s)"
    write = "Write it in seconds, like 320 s."
    if _ISP_UNUSUAL[0] <= isp / G0 <= _ISP_UNUSUAL[1]:
        write = f"An exhaust velocity of {isp:g} m/s is {isp / G0:.4g} s: write that."
    elif isp > _ISP_IMPOSSIBLE[1] and isp / G0 < _ISP_UNUSUAL[0]:
        grade = 1  # nuclear engines reach 900 s
    yield Doubt(f"{at}isp_vacuum_s", grade == 2, why, write)


def _tanks(stage: Stage, at: str) -> Iterator[Doubt]:
    dry, full = stage.dry_mass_kg, stage.propellant_kg + stage.burnt_before_liftoff_kg
    part = dry / (dry + full)
    grade = _outside(part, _DRY_IMPOSSIBLE, _DRY_UNUSUAL)
    if grade == 0:
        return
    pair = f"dry_mass {_kg(dry)} beside propellant {_kg(full)}"
    if part < 0.5:
        why = f"{pair}: tanks and engines would be {part:.2g} of the full stage"
        write = "No stage is below 0.03; one of the two is in the wrong unit, or has lost digits."
    else:
        why = f"{pair}: the empty stage would weigh {dry / full:.3g} times its propellant"
        write = "One of the two is in the wrong unit, or the propellant has lost digits."
    wrong = "propellant_kg" if _burn_disagrees(stage) else "dry_mass_kg"
    yield Doubt(at + wrong, grade == 2, why, write)


def _burn_disagrees(stage: Stage) -> bool:
    """Is it the propellant that is out of line, by the stated burn time or what burns last?"""
    full = stage.usable_kg / stage.mass_flow_kg_s
    if stage.burn_time_s:
        return _outside(full / stage.burn_time_s, _STATED_IMPOSSIBLE, _STATED_IMPOSSIBLE) > 0
    return _outside(full, (20.0, 3_000.0), (20.0, 3_000.0)) > 0


def _burn(stage: Stage, at: str) -> Iterator[Doubt]:
    full = stage.usable_kg / stage.mass_flow_kg_s
    grade = _outside(full, _BURN_IMPOSSIBLE, _BURN_UNUSUAL)
    if full > _BURN_UNUSUAL[1] and stage.isp_vacuum_s > _ISP_IMPOSSIBLE[1]:
        grade = 0  # electric thrusters push for months
    if grade:
        lasts = f"{full:.2g} s" if full < 100.0 else f"{full / 3600:,.3g} hours"
        yield Doubt(
            f"{at}thrust_vacuum_n",
            grade == 2,
            f"at thrust_vacuum {_kn(stage.thrust_vacuum_n)} and {stage.isp_vacuum_s:g} s the stage"
            f" burns its propellant of {_kg(stage.usable_kg)} in {lasts}",
            "Stages burn for a minute to half an hour: look at the units of thrust and propellant.",
        )
        return
    stated = stage.burn_time_s
    if not stated:
        return
    ratio = burn_time_s(stage) / stated
    if stage.throttle_range is not None:
        low, high = full / stage.throttle_range[1], full / stage.throttle_range[0]
        ratio = min(max(stated, low), high) / stated
    grade = _outside(ratio, _STATED_IMPOSSIBLE, _STATED_UNUSUAL)
    if grade:
        yield Doubt(
            f"{at}burn_time_s",
            grade == 2,
            f"propellant, thrust_vacuum and isp_vacuum give {ratio * stated:,.4g} s of burning,"
            f" burn_time says {stated:g} s",
            "Correct the figure that is wrong, or leave burn_time out.",
        )


def _air(stage: Stage, at: str) -> Iterator[Doubt]:
    sea = stage.thrust_sea_level_n
    if sea is None:
        return
    lost = 1.0 - sea / stage.thrust_vacuum_n
    grade = _outside(lost, _AIR_IMPOSSIBLE, _AIR_UNUSUAL)
    if grade:
        width = 2.0 * (stage.exit_area_m2 / math.pi) ** 0.5
        yield Doubt(
            f"{at}thrust_sea_level_n",
            grade == 2,
            f"air pressure takes {lost:.3g} of thrust_vacuum {_kn(stage.thrust_vacuum_n)} down to"
            f" thrust_sea_level {_kn(sea)}: a nozzle {width:.3g} m wide",
            "First stages lose 0.05 to 0.3: look at the units of both thrusts.",
        )
    elif stage.isp_sea_level_s:
        ratio = (stage.isp_vacuum_s / stage.isp_sea_level_s) * (1.0 - lost)
        grade = _outside(ratio, (0.85, 1.15), (0.95, 1.05))
        if grade:
            yield Doubt(
                f"{at}isp_sea_level_s",
                grade == 2,
                f"the thrusts ask for {ratio * stage.isp_sea_level_s:.4g} s at sea level at"
                f" constant flow, isp_sea_level says {stage.isp_sea_level_s:g} s",
                "Correct the figure that is wrong, or leave isp_sea_level out.",
            )


def _reach(vehicle: Vehicle, mass: float) -> Iterator[Doubt]:
    heaviest = max((p.mass_kg for p in vehicle.payloads), default=0.0)
    speed = ideal_delta_v_m_s(vehicle, heaviest)
    if speed < _LOW_ORBIT_M_S:
        top = f"its heaviest payload of {_kg(heaviest)}" if heaviest else "nothing"
        yield Doubt(
            f"stages.{vehicle.stages[-1].id}",
            False,
            f"with {top} on top the stages give {speed / 1e3:.2f} km/s without gravity and drag,"
            " and a low orbit takes about 9 km/s",
            "Look for a stage or a count left out, and at propellant and isp_vacuum.",
        )


def _sum_of_masses(vehicle: Vehicle, mass: float) -> Iterator[Doubt]:
    stated = vehicle.liftoff_mass_kg
    if not stated:
        return
    heaviest = max((p.mass_kg / stated for p in vehicle.payloads), default=_SPACECRAFT)
    missing = 1.0 - mass / stated
    if -_ROUNDING <= missing <= heaviest + _ROUNDING:
        return
    if missing > 0.0:
        what = f"{missing * stated:,.0f} kg are missing"
        if vehicle.payloads:
            what += f", of which {heaviest * stated:,.0f} kg may be the heaviest spacecraft"
        write = "Look for a stage or a count that was left out, and at the units of the masses."
    else:
        what = f"{-missing * stated:,.0f} kg too many"
        write = "Masses are for one unit of count; look at the units of the masses."
    yield Doubt(
        "liftoff_mass_kg",
        not -0.1 <= missing <= heaviest + 0.1,
        f"the stages, with count, propellant, dry_mass, interstage, consumables, fairing and"
        f" adapter, sum to {mass:,.0f} kg, liftoff_mass says {stated:,.0f} kg: {what}",
        write,
    )


def _lift_off(vehicle: Vehicle, mass: float) -> Iterator[Doubt]:
    thrust = 0.0
    for stage in vehicle.stages:
        if stage.ignition.kind == "lift-off":
            level = highest_level(stage, within_s=10.0)
            lost = stage.exit_area_m2 * 101_325.0
            thrust += stage.count * (level * stage.thrust_vacuum_n - lost)
    ratio = thrust / (mass * G0)
    grade = _outside(ratio, _LIFT_IMPOSSIBLE, _LIFT_UNUSUAL)
    if not grade:
        return
    first = vehicle.stages[0]
    why = (
        f"what burns at lift-off pushes with {thrust / 1e3:,.0f} kN at sea level and the vehicle"
        f" weighs {mass * G0 / 1e3:,.0f} kN without spacecraft: {ratio:.3g} times its weight"
    )
    write = "Launchers leave the pad at 1.2 to 2 times: look at thrust, count and masses."
    if ratio < 1.0:
        write = f"It would not leave the pad. {write}"
    yield Doubt(f"stages.{first.id}.thrust_vacuum_n", grade == 2, why, write)


def _shell(vehicle: Vehicle, mass: float) -> Iterator[Doubt]:
    area = vehicle.drag.area_m2
    cover = vehicle.fairing
    for path, name, part in (
        ("fairing.mass_kg", "fairing", cover.mass_kg if cover else 0.0),
        ("adapter_kg", "adapter", vehicle.adapter_kg),
    ):
        if part > 0.1 * mass:
            yield Doubt(
                path,
                True,
                f"the {name} of {_kg(part)} would be {part / mass:.2g} of the whole vehicle",
                f"Write its own mass, like {_kg(part / 1000)}.",
            )
    if cover and cover.mass_kg < _FAIRING_UNUSUAL * area:
        yield Doubt(
            "fairing.mass_kg",
            False,
            f"a fairing mass of {_kg(cover.mass_kg)} on a reference_area of {area:g} m^2 is"
            f" {cover.mass_kg / area:.2g} kg for a square metre",
            "Fairings weigh 40 and more: look at the unit of the mass.",
        )
    loading = mass / area
    if not _LOADING_UNUSUAL[0] <= loading <= _LOADING_UNUSUAL[1]:
        yield Doubt(
            "drag.area_m2",
            False,
            f"a reference_area of {area:g} m^2 carries {_kg(loading)} on each square metre",
            "Launchers carry 10,000 to 40,000: look at the unit of the area.",
        )


def _drag_later(vehicle: Vehicle, mass: float) -> Iterator[Doubt]:
    """A part that leaves takes its drag along."""
    areas = [table.area_m2 * max(table.cd) for table in vehicle.drag_tables]
    for k, (id_, _) in enumerate(vehicle.drag_after):
        if areas[k + 1] > areas[k]:
            yield Doubt(
                f"drag_after.{k}.1.cd",
                False,
                f"the largest drag area grows from {areas[k]:.3g} to {areas[k + 1]:.3g} m^2 when"
                f" {id_} has gone",
                "Look at the order of the tables, and at their reference_area.",
            )


_STAGE_RULES = (_isp, _carried, _tanks, _burn, _air)
_VEHICLE_RULES = (_shell, _drag_later, _sum_of_masses, _lift_off, _reach)
