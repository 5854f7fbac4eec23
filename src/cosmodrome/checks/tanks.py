"""What the stages had and what was asked of them: lift-off, tanks, margin, ignitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.continuity import MASS_KG, whole_mass
from cosmodrome.checks.engines import G0, ignitions, lit_on_pad, thrust_on_pad_n
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.view import View

__all__ = [
    "dropped_mass",
    "ignition_loss_kg",
    "lift_off",
    "payload_margin",
    "propellant_left_kg",
    "restarts",
    "settling_kg",
    "tanks",
    "unusual_figures",
]

# the optimum against its re-flight: metres and cm/s at insertion are worth grams
MARGIN_KG = 0.5


def tanks(view: View) -> Iterator[Judged]:
    """No stage burnt more than it had, and what is left at release is at least the residual."""
    ledger = view.stack.ledger
    if not ledger.burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    for stage in view.mission.vehicle.stages:
        left = propellant_left_kg(view, stage)
        required = stage.count * stage.residual_kg
        told = (
            f"loaded {stage.count * stage.load_kg:.1f} kg, {left:.1f} kg are left after burns,"
            f" settling and ignitions; the unusable residual is {required:.1f} kg"
        )
        where = f"{stage.id}, end of its last burn"
        yield at_least(left, required - 1e-3, "kg", where, told, object=stage.id)
        if stage.solid:
            most = required + stage.count * _unburnt_kg(stage)
            yield at_most(
                left,
                most + max(1.0, 1e-4 * stage.count * stage.usable_kg),
                "kg",
                where,
                f"{told}, and a solid burns until no more than {most:.1f} kg are left",
                object=stage.id,
            )
        flowing = stage.count * sum(c.mass_kg for c in stage.consumables if c.flow_kg_s)
        if flowing > 0.0:
            spent = sum(b.consumables_kg for b in ledger.burns if b.stage == stage.id)
            yield at_least(
                flowing - spent,
                -1e-3,
                "kg",
                f"{stage.id}, consumables",
                f"{flowing:.1f} kg that flow out while it burns, of which {spent:.1f} kg did",
                object=stage.id,
            )
    for tank, kg in ledger.propellant_kg.items():
        if kg < 0.0:
            yield at_least(
                kg, 0.0, "kg", "release", "the ledger shows a negative tank", object=tank
            )
    last = view.mission.vehicle.stages[-1]
    if last.id in ledger.propellant_kg:
        left, kg = propellant_left_kg(view, last), ledger.propellant_kg[last.id]
        yield at_most(
            abs(kg - left), MARGIN_KG, "kg", f"{last.id}, at release",
            f"the ledger tells {kg:.1f} kg left, loads less burns are {left:.1f} kg",
            object=last.id,
        )  # fmt: skip


def settling_kg(view: View, stage: Stage) -> float:
    """What settling before every ignition but the first needs, by the catalogue."""
    lit = len(ignitions(view, stage.id))
    return stage.count * max(lit - 1, 0) * stage.settling_s * stage.settling_flow_kg_s


def ignition_loss_kg(view: View, stage: Stage) -> float:
    """What the ignitions in flight lose; one on the pad loses it before first motion."""
    lit = [t for t in ignitions(view, stage.id) if t > 0.0]
    return stage.count * len(lit) * stage.ignition_loss_kg


def propellant_left_kg(view: View, stage: Stage) -> float:
    """Main propellant in all units after burns, settling and ignitions, by the ledger's burns."""
    burnt = sum(b.propellant_kg for b in view.stack.ledger.burns if b.stage == stage.id)
    lost = settling_kg(view, stage) + ignition_loss_kg(view, stage)
    return stage.count * stage.load_kg - burnt - lost


def _unburnt_kg(stage: Stage) -> float:
    """Usable propellant of one unit that a thrust curve leaves, where it ends before."""
    if not stage.thrust_curve:
        return 0.0
    at, levels = np.array(stage.thrust_curve).T
    flow = stage.thrust_vacuum_n / (G0 * stage.isp_vacuum_s)
    return max(stage.usable_kg - flow * float(np.trapezoid(levels, at)), 0.0)


def dropped_mass(view: View) -> Iterator[Judged]:
    """Every spent stage weighs its dry mass and what its burns have left in its tanks."""
    stages = {s.id: s for s in view.mission.vehicle.stages[:-1]}
    legs = [g for g in view.dropped if g.object in stages]
    if not legs:
        yield not_judged("no spent stage was flown on")
        return
    for leg in legs:
        stage = stages[leg.object]
        parts = {j.name: stage.count * j.mass_kg for j in stage.jettisons}
        gone = sum(
            kg
            for g in view.dropped
            if g.start.epoch <= leg.start.epoch
            for name, kg in parts.items()
            if g.object == name
        )
        spent = sum(b.consumables_kg for b in view.stack.ledger.burns if b.stage == stage.id)
        carried = stage.count * sum(c.mass_kg for c in stage.consumables) - spent
        left = propellant_left_kg(view, stage)
        built = stage.count * stage.dry_mass_kg - gone + carried + left
        yield at_most(
            abs(whole_mass(view, leg) - built),
            MASS_KG,
            "kg",
            f"{stage.id}, T+{leg.start.epoch - view.lift_off:.1f} s",
            f"{whole_mass(view, leg):.3f} kg leave; dry mass {stage.count * stage.dry_mass_kg:.1f}"
            f" kg, {left:.3f} kg of propellant and {carried:.3f} kg of consumables make"
            f" {built:.3f} kg",
            object=stage.id,
        )


def payload_margin(view: View) -> Iterator[Judged]:
    """The margin on record against what the last stage has left by its burns."""
    burns = view.stack.ledger.burns
    if not burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    stage = view.mission.vehicle.stages[-1]
    # settling may come out of the same tank or out of its own
    settled = settling_kg(view, stage)
    left = propellant_left_kg(view, stage) + settled - stage.count * stage.residual_kg
    payload = view.payload
    yield at_most(
        abs(left - 0.5 * settled - payload.margin_kg) - 0.5 * settled,
        MARGIN_KG,
        "kg",
        f"{stage.id}, release",
        f"reported margin {payload.margin_kg:.2f} kg; loads less residual less burns leave"
        f" {left:.2f} kg, of which settling may take {settled:.2f} kg",
        object=stage.id,
    )
    yield at_least(
        payload.capability_kg - payload.mass_kg,
        -MARGIN_KG,
        "kg",
        "release",
        f"capability {payload.capability_kg:.1f} kg, carried {payload.mass_kg:.1f} kg",
        object=view.flight.mission.spacecraft.id,
    )


def restarts(view: View) -> Iterator[Judged]:
    """Ignitions of each stage against those it has."""
    burns = view.stack.ledger.burns
    if not burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    for stage in view.mission.vehicle.stages:
        lit = sum(b.stage == stage.id for b in burns)
        if lit == 0:
            yield Judged(
                "fails", 0.0, 1.0, "ignitions", -1.0, stage.id, "the stage never burnt", stage.id
            )
            continue
        yield at_most(
            float(lit - 1),
            float(stage.restarts),
            "restarts",
            stage.id,
            f"ignitions after the first; the stage has {stage.restarts}",
            object=stage.id,
        )


def unusual_figures(view: View) -> Iterator[Judged]:
    """What the vehicle's file implies that is unusual: no fault, but somebody should look."""
    vehicle = view.mission.vehicle
    for doubt in vehicle.doubts:
        yield Judged("warns", None, None, "", None, vehicle.id, doubt, vehicle.id)
    if not vehicle.doubts:
        yield at_most(
            0.0, 0.0, "doubts", vehicle.id, "no figure of the vehicle implies what is unusual"
        )


def lift_off(view: View) -> Iterator[Judged]:
    """Thrust to weight at first motion above one, and the mass that was weighed on the pad."""
    vehicle = view.mission.vehicle
    thrust = sum(s.count * thrust_on_pad_n(view, s) for s in lit_on_pad(view))
    mass = view.first_mass_kg
    yield at_least(
        thrust / (mass * G0),
        1.0,
        "1",
        "first motion",
        f"{thrust / 1e3:.0f} kN at sea level on {mass / 1e3:.1f} t, both as they are at"
        " first motion",
        object=view.stack.object,
    )
    built = (
        sum(
            s.count * (s.load_kg + s.dry_mass_kg + sum(c.mass_kg for c in s.consumables))
            for s in vehicle.stages
        )
        + (vehicle.fairing.mass_kg if vehicle.fairing else 0.0)
        + vehicle.adapter_kg
        + view.orbit.start.mass_kg
        + sum(g.start.mass_kg for g in view.others)
        + sum(c.adapter_kg for c in view.mission.crafts)
    )
    yield at_most(
        abs(mass - built),
        1e-3,
        "kg",
        "first motion",
        f"the stack weighs {mass:.3f} kg, its parts by the catalogue {built:.3f} kg",
        object=view.stack.object,
    )
    if vehicle.liftoff_mass_kg is not None:
        yield at_most(
            100.0 * abs(mass / vehicle.liftoff_mass_kg - 1.0),
            2.0,
            "%",
            "first motion",
            f"{mass / 1e3:.2f} t against the published {vehicle.liftoff_mass_kg / 1e3:.1f} t, which"
            " holds for another payload and load",
            object=view.stack.object,
            otherwise="warns",
        )
