"""What must be left: against dispersions, and at the gate before every restart.

The need for dispersions is linear: what each one-sigma deviation of each stage costs, by
Tsiolkovsky's formula (1903) along the flown burns, added in squares. Lower stages burn out, so
that all they lack the last stage makes up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.continuity import whole_mass
from cosmodrome.checks.engines import G0
from cosmodrome.checks.losses import EARTH_RATE
from cosmodrome.checks.motion import zonal_gravity
from cosmodrome.checks.tanks import propellant_left_kg
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.view import View
    from cosmodrome.record.nouns import Burn

    Array = NDArray[np.float64]

__all__ = ["SIGMAS", "Needed", "needed", "reserve", "restart_gate"]

#: one sigma, as docs/guidance.md states them: thrust, Isp, dry mass and load relative and by stage;
#: air of density and drag coefficient together; s of an ignition and of a tail-off
SIGMAS = {
    "thrust": 0.005,
    "isp": 0.002,
    "dry mass": 0.005,
    "load": 0.0025,
    "air": 0.1 * np.sqrt(2.0),
    "ignition": 0.1,
    "tail-off": 0.010,
}
HOW_MANY = 3.0
#: what open-loop flight and guidance make of the linear figure. 4,096 guided flights scatter 1.4
#: (Soyuz-2.1b to 200 km) and 2.6 times as much (Soyuz-2.1b/Fregat to 820 km): the larger
FLOWN = 2.6
# the path gives masses to a gram
_MASS_KG = 0.01


@dataclass(frozen=True, slots=True)
class Needed:
    """One sigma of the last stage's propellant, kg, part by part."""

    parts_kg: dict[str, float]

    @property
    def sigma_kg(self) -> float:
        """All parts in squares, by the linear road alone."""
        return float(np.hypot.reduce(np.array(list(self.parts_kg.values()))))

    @property
    def largest(self) -> str:
        """The parts that matter most, in words."""
        order = sorted(self.parts_kg.items(), key=lambda p: -p[1])[:3]
        return ", ".join(f"{name} {kg:.0f} kg" for name, kg in order)


def reserve(view: View) -> Iterator[Judged]:
    """What the last stage has left, against three sigma of what dispersions may take of it."""
    stage = view.mission.vehicle.stages[-1]
    if not view.stack.ledger.burns:
        yield not_judged("the ledger lists no burn of the stack")
        return
    if stage.solid:
        yield not_judged("the last stage is solid: it makes up for nothing", object=stage.id)
        return
    need = needed(view)
    left = propellant_left_kg(view, stage) - stage.count * stage.residual_kg
    three = HOW_MANY * FLOWN * need.sigma_kg
    told = (
        f"{left:.1f} kg usable are left; {HOW_MANY:g} sigma of dispersions need {three:.1f} kg"
        f" (1 sigma by Tsiolkovsky {need.sigma_kg:.1f} kg: {need.largest}, in squares; {FLOWN:g}"
        " times that is flown)"
    )
    if any(c.mass_kg is None for c in view.mission.crafts):
        yield not_judged(
            f"the mass is the largest that can be carried, so nothing is held back: {told}",
            where=f"{stage.id}, release",
            object=stage.id,
        )
        return
    yield at_least(
        left, three, "kg", f"{stage.id}, release", told, object=stage.id, otherwise="warns"
    )


def needed(view: View) -> Needed:
    """What one sigma of every dispersion takes of the last stage's propellant."""
    vehicle = view.mission.vehicle
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    last = vehicle.stages[-1]
    ends = {id(b): float(_just_before(view, b)[6]) for b in burns}
    gravity, rate = _gravity_lost(view, burns)
    cost: dict[str, list[float]] = {name: [] for name in SIGMAS}

    def lacking(until_s: float) -> float:
        """m/s that a kilogramme more on board until an instant costs."""
        return sum(_weighed_down(view, b, until_s) for b in burns)

    for stage in vehicle.stages:
        mine = [b for b in burns if b.stage == stage.id]
        if not mine:
            continue
        left_s = view.dropped_s.get(stage.id, np.inf)
        cost["isp"].append(SIGMAS["isp"] * sum(b.delta_v_m_s for b in mine))
        cost["thrust"].append(SIGMAS["thrust"] * sum(gravity[id(b)] for b in mine))
        dry = stage.count * stage.dry_mass_kg
        cost["dry mass"].append(SIGMAS["dry mass"] * dry * lacking(left_s))
        if stage is not last:
            # a kilogramme more weighs until it is burnt, the last of its stage, and pushes then
            load = stage.count * stage.load_kg
            pushes = _exhaust(view, mine[-1]) / ends[id(mine[-1])]
            weighs = lacking(left_s)
            cost["load"].append(SIGMAS["load"] * load * (pushes - weighs))
        if mine[0].start_s > 0.0:
            cost["ignition"].append(SIGMAS["ignition"] * rate[id(mine[0])] * len(mine))
    cost["air"].append(SIGMAS["air"] * view.stack.ledger.losses_m_s.get("drag", 0.0))
    per_m_s = ends[id(burns[-1])] / (G0 * last.isp_vacuum_s)
    parts = {
        name: float(np.hypot.reduce(np.array([*v, 0.0]))) * per_m_s for name, v in cost.items()
    }
    parts["load"] = float(np.hypot(parts["load"], SIGMAS["load"] * last.count * last.load_kg))
    flow = last.count * last.thrust_vacuum_n / (G0 * last.isp_vacuum_s)
    parts["tail-off"] = SIGMAS["tail-off"] * flow
    return Needed(parts)


def _exhaust(view: View, burn: Burn) -> float:
    return G0 * view.mission.vehicle.stage(burn.stage).isp_vacuum_s


def _weighed_down(view: View, burn: Burn, until_s: float) -> float:
    """What a kilogramme more costs in a burn, m/s: the integral of thrust over mass squared."""
    s, t = view.stack_samples, view.stack_t_s
    inside = (t >= burn.start_s) & (t <= min(burn.end_s, until_s))
    thrust = burn.impulse_n_s / (burn.end_s - burn.start_s)
    return thrust * float(s.weights[inside] @ s.values[inside, 6] ** -2.0)


def _share(burn: Burn, burns: list[Burn]) -> float:
    """Of what all burns that run beside it give in its time, the part of this one, by impulse."""
    beside = sum(b.impulse_n_s * _overlap(b, burn) for b in burns)
    return burn.impulse_n_s / beside if beside > 0.0 else 1.0


def _overlap(other: Burn, burn: Burn) -> float:
    """Part of another burn that lies inside this one."""
    common = min(other.end_s, burn.end_s) - max(other.start_s, burn.start_s)
    return max(common, 0.0) / max(other.end_s - other.start_s, 1e-9)


def _just_before(view: View, burn: Burn) -> Array:
    path = view.inertial(view.stack.path)
    t = view.in_path(path, burn.end_s) - 1e-6 * (burn.end_s - burn.start_s)
    return path.columns_at(t)


def _gravity_lost(view: View, burns: list[Burn]) -> tuple[dict[int, float], dict[int, float]]:
    """Of each burn what gravity took along the velocity while it ran, its share where others ran
    beside it, m/s; and how fast it took it where the burn begins, m/s^2."""
    s, t = view.stack_samples, view.stack_t_s
    r, v = s.values[:, 0:3], s.values[:, 3:6]
    w = v - np.cross(EARTH_RATE * view.axis, r)
    speed = np.maximum(np.linalg.norm(w, axis=1), 1.0)
    taken = -np.einsum("ij,ij->i", zonal_gravity(view, r), w) / speed
    # on the pad all thrust but its excess goes to standing still
    lost: dict[int, float] = {}
    rate: dict[int, float] = {}
    for burn in burns:
        inside = (t >= burn.start_s) & (t <= burn.end_s)
        lost[id(burn)] = float(s.weights[inside] @ taken[inside]) * _share(burn, burns)
        rate[id(burn)] = abs(float(np.interp(burn.start_s, t, taken)))
    return lost, rate


def restart_gate(view: View) -> Iterator[Judged]:
    """Before each restart: propellant for all that follows, by the masses on the path; tanks
    settled as long and by as much as the catalogue says. `restarts` counts the ignitions."""
    burns = sorted(view.stack.ledger.burns, key=lambda b: b.start_s)
    stage = view.mission.vehicle.stages[-1]
    mine = [b for b in burns if b.stage == stage.id]
    if len(mine) < 2:
        yield not_judged("the last stage is lit once")
        return
    for k, burn in enumerate(mine[1:], 1):
        yield from _gate(view, stage, mine, k, burn)


def _gate(view: View, stage: Stage, mine: list[Burn], k: int, burn: Burn) -> Iterator[Judged]:
    path = view.inertial(view.stack.path)
    where = f"{stage.id} burn {k + 1}, T+{burn.start_s:.1f} s"
    weighs = float(path.columns_at(view.in_path(path, burn.start_s - 1e-6))[6])
    aboard = weighs - _without_propellant_kg(view, stage, burn.start_s)
    # each burn that follows, from what it must gain
    c = G0 * stage.isp_vacuum_s
    need, mass = 0.0, weighs
    lost = stage.count * (stage.settling_s * stage.settling_flow_kg_s + stage.ignition_loss_kg)
    for later in mine[k:]:
        mass -= lost if later is not burn else 0.0
        takes = mass * -float(np.expm1(-later.delta_v_m_s / c))
        need += takes + (lost if later is not burn else 0.0)
        mass -= takes
        mass -= _leaves_kg(view, later.end_s, mine)
    required = need + stage.count * stage.residual_kg
    yield at_least(
        aboard,
        required - _MASS_KG,
        "kg",
        where,
        f"aboard by the mass of the stack; {need:.1f} kg for the velocity that follows, and"
        f" {stage.count * stage.residual_kg:.1f} kg that cannot be used",
        object=stage.id,
    )
    if stage.settling_s > 0.0:
        coast = burn.start_s - mine[k - 1].end_s
        yield at_most(
            stage.settling_s, coast + 1e-6, "s", where,
            f"settling before the ignition, in a coast of {coast:.1f} s", object=stage.id,
        )  # fmt: skip
        yield from _settled(view, stage, burn, mine[k - 1].end_s)


def _settled(view: View, stage: Stage, burn: Burn, since_s: float) -> Iterator[Judged]:
    """What settling takes leaves evenly until the ignition, and not before it should begin."""
    begins = burn.start_s - stage.settling_s
    leaves = (leg.start.epoch - view.lift_off for leg in view.left_before_end)
    if begins < since_s or any(begins <= t < burn.start_s for t in leaves):
        return
    path = view.inertial(view.stack.path)
    t = burn.start_s - stage.settling_s * np.array([1.0, 0.75, 0.5, 0.25])
    lit = float(path.columns_at(view.in_path(path, burn.start_s - 1e-6))[6])
    gone = path.columns_at(view.all_in_path(path, t))[:, 6] - lit
    off = np.abs(gone - stage.count * stage.settling_flow_kg_s * (burn.start_s - t))
    yield at_most(
        float(off.max()), _MASS_KG, "kg", f"{stage.id}, before T+{burn.start_s:.1f} s",
        f"mass that leaves in the last {stage.settling_s:g} s before the ignition, at four"
        f" instants, against {stage.count * stage.settling_flow_kg_s:g} kg/s of settling",
        object=stage.id,
    )  # fmt: skip


def _without_propellant_kg(view: View, stage: Stage, t_s: float) -> float:
    """What of the stack before an ignition is not propellant of its last stage."""
    mission = view.mission
    spent = sum(
        b.consumables_kg
        for b in view.stack.ledger.burns
        if b.stage == stage.id and b.end_s <= t_s + 1e-6
    )
    built = stage.count * (stage.dry_mass_kg + sum(c.mass_kg for c in stage.consumables))
    gone = {
        leg.object for leg in view.left_before_end if leg.start.epoch - view.lift_off < t_s - 1e-6
    }
    parts = sum(stage.count * j.mass_kg for j in stage.jettisons if j.name in gone)
    fairing = mission.vehicle.fairing
    nose = fairing.mass_kg if fairing is not None and "fairing" not in gone else 0.0
    crafts = [c for c in mission.crafts if c.id not in gone]
    carried = sum(_craft_kg(view, c.id) + c.adapter_kg for c in crafts)
    return built - spent - parts + nose + mission.vehicle.adapter_kg + carried


def _craft_kg(view: View, id: str) -> float:
    for leg in view.flight.legs:
        if leg.object == id and leg.chapter == "orbit":
            return leg.start.mass_kg
    given = view.handover
    return given.state.mass_kg if given is not None and id in given.attached else 0.0


def _leaves_kg(view: View, t_s: float, mine: list[Burn]) -> float:
    """What leaves the stack after a burn and before the next of the last stage."""
    later = [b.start_s for b in mine if b.start_s > t_s]
    until = min(later, default=np.inf)
    return sum(
        whole_mass(view, leg)
        for leg in view.left_before_end
        if t_s - 1e-6 <= leg.start.epoch - view.lift_off < until
    )
