"""What an ideal capability leaves out, as one small model over the whole catalogue.

An ideal ascent knows no flight performance reserve, no spread of motors and loads, no chill-down
or boil-off. All of it is counted as mass carried to the end in the payload's place: the path and
the mass at the end stay the optimum's, and it is missing from the payload, kilogram for kilogram.
As propellant held back on top of what is burnt, a reserve of delta-v D weighs M (1 - exp(-D / c)),
M the mass at the end and c the exhaust speed of the last stage (Tsiolkovsky). Taken out of a load
that cannot grow, it costs more payload than that.

That rated payloads hold back such a reserve, the root-sum-square of what stages and motors may
lack: General Dynamics 1964, Flight Performance Reserve for Atlas/Centaur Missions; Hanson, Pinson
and Beard 2011, Calculating Launch Vehicle Flight Performance Reserve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.physics.thrust import G0_M_S2

if TYPE_CHECKING:
    from cosmodrome.catalog.nouns import Vehicle
    from cosmodrome.record.nouns import Ledger

__all__ = ["GLOBAL", "LossModel", "Spent", "spent"]

# no other propellants reach it in vacuum
_HYDROGEN_ISP_S = 400.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What an ideal ascent spent, as far as its losses follow from it.

    ideal_kg     capability; cutoff_kg everything that is released with it included
    exhaust_m_s  vacuum exhaust speed of the stage that burns last
    delta_v_m_s  of all engines; solid_m_s of it by solids
    hydrogen_kg  load of the stage that burns last where it burns hydrogen, else 0
    """

    ideal_kg: float
    cutoff_kg: float
    exhaust_m_s: float
    delta_v_m_s: float
    solid_m_s: float
    hydrogen_kg: float


def spent(vehicle: Vehicle, ledger: Ledger, ideal_kg: float, cutoff_kg: float) -> Spent:
    """From the ledger of a flown ascent. Raises ValueError where nothing burnt."""
    last = vehicle.stage(max(ledger.burns, key=lambda b: b.end_s).stage)
    solids = {s.id for s in vehicle.stages if s.solid}
    return Spent(
        ideal_kg=ideal_kg,
        cutoff_kg=cutoff_kg,
        exhaust_m_s=G0_M_S2 * last.isp_vacuum_s,
        delta_v_m_s=sum(b.delta_v_m_s for b in ledger.burns),
        solid_m_s=sum(b.delta_v_m_s for b in ledger.burns if b.stage in solids),
        hydrogen_kg=last.load_kg * last.count if last.isp_vacuum_s > _HYDROGEN_ISP_S else 0.0,
    )


@dataclass(frozen=True, slots=True)
class LossModel:
    """Three parameters for every vehicle, none of its own.

    reserve   part of the whole delta-v held back
    solid     part of the delta-v of solids held back besides
    hydrogen  part of the load of a last stage on hydrogen that its losses weigh at the end
    scatter   1 sigma of published over expected payload, vehicles left out one by one
    vehicles  how many it was fitted over
    """

    reserve: float
    solid: float
    hydrogen: float
    scatter: float = 0.0
    vehicles: int = 0

    def loss_kg(self, x: Spent) -> float:
        """What is missing from the ideal capability, kg."""
        held_m_s = self.reserve * x.delta_v_m_s + self.solid * x.solid_m_s
        kept = -x.cutoff_kg * math.expm1(-held_m_s / x.exhaust_m_s)
        return kept + self.hydrogen * x.hydrogen_kg

    def payload(self, x: Spent) -> tuple[float, float]:
        """The payload to be expected of a published rating and its 1 sigma, kg."""
        expected = max(x.ideal_kg - self.loss_kg(x), 0.0)
        return expected, self.scatter * expected


#: fitted over the catalogue's ratings by `python -m bench.ratings`
GLOBAL = LossModel(reserve=0.0, solid=0.0, hydrogen=0.0430, scatter=0.084, vehicles=8)
