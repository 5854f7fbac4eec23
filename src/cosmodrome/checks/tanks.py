"""What the stages had and what was asked of them: lift-off, tanks, margin, ignitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.checks.propulsion import throttle
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View

__all__ = ["lift_off", "payload_margin", "restarts", "tanks"]

G0 = 9.80665
# the optimum against its re-flight: metres and cm/s at insertion are worth grams
MARGIN_KG = 0.5


def tanks(view: View) -> Iterator[Judged]:
    """No stage burnt more than it had, and what is left at release is at least the residual."""
    ledger = view.stack.ledger
    if not ledger.burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    for stage in view.flight.mission.vehicle.stages:
        burnt = sum(b.propellant_kg for b in ledger.burns if b.stage == stage.id)
        left = stage.count * stage.load_kg - burnt
        required = stage.count * stage.residual_kg
        yield at_least(
            left,
            required - 1e-3,
            "kg",
            f"{stage.id}, end of its last burn",
            f"loaded {stage.count * stage.load_kg:.1f} kg, burnt {burnt:.1f} kg; the unusable"
            f" residual is {required:.1f} kg",
            object=stage.id,
        )
    for tank, kg in ledger.propellant_kg.items():
        if kg < 0.0:
            yield at_least(
                kg, 0.0, "kg", "release", "the ledger shows a negative tank", object=tank
            )


def payload_margin(view: View) -> Iterator[Judged]:
    """The margin on record against what the last stage has left by its burns."""
    burns = view.stack.ledger.burns
    if not burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    stage = view.flight.mission.vehicle.stages[-1]
    mine = [b for b in burns if b.stage == stage.id]
    left = stage.count * (stage.load_kg - stage.residual_kg) - sum(b.propellant_kg for b in mine)
    # settling may come out of the same tank or out of its own
    settled = stage.count * max(len(mine) - 1, 0) * stage.settling_s * stage.settling_flow_kg_s
    payload = view.flight.payload
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
    for stage in view.flight.mission.vehicle.stages:
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


def lift_off(view: View) -> Iterator[Judged]:
    """Thrust to weight at first motion above one, and the mass that was weighed on the pad."""
    vehicle = view.flight.mission.vehicle
    lit = [s for s in vehicle.stages if s.ignition.kind == "lift-off"]
    # throttled vacuum thrust less back-pressure on the whole exit area
    thrust = sum(
        s.count
        * (
            throttle(s, 0.0, 0.0) * s.thrust_vacuum_n
            - (s.thrust_vacuum_n - (s.thrust_sea_level_n or s.thrust_vacuum_n))
        )
        for s in lit
    )
    path = view.inertial(view.stack.path)
    mass = float(path.columns_at(float(path.breaks_s[0]))[6])
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
