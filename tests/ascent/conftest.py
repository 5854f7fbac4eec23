"""One solved and flown mission for all of the room's tests."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from cosmodrome import ascent, catalog
from cosmodrome.catalog.nouns import DragTable, Fairing, Ignition, Limits, Stage, Vehicle
from cosmodrome.mission.nouns import Launch, Mission, Quantity, Spacecraft, Target
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from cosmodrome.ascent import AscentSolution
    from cosmodrome.record import Leg, Plan
    from cosmodrome.targets.insertion import Insertion
    from cosmodrome.world.world import World


def mission(
    vehicle: str = "soyuz-2.1b-fregat",
    site: str = "vostochny",
    mass_kg: float | None = 2_900.0,
    altitude_m: float = 820e3,
    inclination_deg: float | None = None,
    limits: Limits | None = None,
) -> Mission:
    """A mission by hand: Sun-synchronous unless an inclination is given."""
    a = Quantity(6_378_137.0 + altitude_m, 5e3)
    e = Quantity(0.0, 1e-3)
    if inclination_deg is None:
        target = Target("sun-synchronous", a, e, ltan_s=Quantity(54_000.0, 120.0))
    else:
        target = Target(
            "circular", a, e, inclination_rad=Quantity(math.radians(inclination_deg), 1e-3)
        )
    return Mission(
        "test",
        catalog.site(site),
        catalog.vehicle(vehicle),
        Spacecraft("spacecraft", mass_kg, 12.0, 2.2, 12.0, 1.3),
        Launch(window=(Epoch.parse("2027-03-01T00:00Z"), Epoch.parse("2027-03-03T00:00Z"))),
        target,
        limits or Limits(45e3, 1135.0, 6.0 * 9.80665),
    )


def two_stages() -> Vehicle:
    """Two serial stages of 23 t to a low orbit, strong enough to leave the Earth with 7 t."""
    first = Stage(
        "first", "first", 1, 395.7e3, 395.7e3, 0.0, 25.6e3, 8.23e6, 311.0, Ignition("lift-off"),
        thrust_sea_level_n=7.6e6, separation_delay_s=3.0,
    )  # fmt: skip
    second = Stage(
        "second", "second", 1, 92.67e3, 92.67e3, 0.0, 3.9e3, 934e3, 348.0,
        Ignition("after", "first", 6.0),
    )  # fmt: skip
    drag = DragTable(10.5, (0.0, 0.8, 1.2, 3.0, 10.0), (0.3, 0.4, 0.6, 0.35, 0.25))
    return Vehicle("two", "Two stages", (first, second), drag, Fairing(1_900.0, 1135.0))


@dataclass(frozen=True)
class Flown:
    """A mission with its insertion, optimum, plan and legs."""

    mission: Mission
    insertion: Insertion
    solution: AscentSolution
    plan: Plan
    legs: tuple[Leg, ...]
    world: World

    @property
    def stack(self) -> Leg:
        return self.legs[0]

    def event(self, name: str) -> float:
        (t,) = [e.t_s for e in self.stack.events if e.name == name]
        return t


def fly(m: Mission, world: World) -> Flown:
    about = Epoch.parse("2027-03-01T05:41:46Z")
    aim = insertion(m.target, about, world)
    solution = ascent.solve(m, aim, world)
    plan = ascent.plan(solution, about, world)
    return Flown(m, aim, solution, plan, ascent.execute(plan, m, world), world)


@pytest.fixture(scope="session")
def sso(shipped_world: World) -> Flown:
    """2,900 kg on Soyuz-2.1b/Fregat from Vostochny to 820 km, Sun-synchronous."""
    return fly(mission(), shipped_world)
