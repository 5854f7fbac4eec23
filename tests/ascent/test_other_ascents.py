"""Other vehicles, sites, orbits; what cannot be done and how it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome import ascent
from cosmodrome.catalog.nouns import Limits
from cosmodrome.errors import Cancelled, InfeasibleError
from cosmodrome.targets.insertion import Bias, insertion
from tests.ascent.conftest import fly, mission, two_stages

if TYPE_CHECKING:
    from cosmodrome.world.world import World
    from tests.ascent.conftest import Flown


def test_direct_insertion_with_the_third_stage(shipped_world: World) -> None:
    flown = fly(mission("soyuz-2.1a", "baikonur", None, 200e3, 51.7), shipped_world)
    # RKTs Progress prints 7,430 kg from Baikonur to 200 x 240 km, 51.6 deg
    assert 0.9 * 7_430.0 < flown.solution.capability_kg < 1.15 * 7_430.0
    assert flown.solution.payload_kg == flown.solution.capability_kg
    assert flown.solution.margin_kg < 0.01
    assert flown.stack.solve.residuals["position_m"] < 1.0
    assert flown.stack.solve.residuals["velocity_m_s"] < 1e-3
    # the last stage burns its usable load to the end
    third = flown.mission.vehicle.stage("third")
    burnt = sum(b.propellant_kg for b in flown.stack.ledger.burns if b.stage == "third")
    assert burnt == pytest.approx(third.usable_kg, abs=0.05)
    assert [leg.object for leg in flown.legs][-1] == "third"
    assert flown.legs[-1].impact is None


@pytest.mark.slow
@pytest.mark.parametrize("site", ["vostochny", "baikonur", "plesetsk"])
@pytest.mark.parametrize(("vehicle", "inclination"), [("soyuz-2.1a", 64.8), ("soyuz-2.1b", 64.8)])
def test_every_site(site: str, vehicle: str, inclination: float, shipped_world: World) -> None:
    flown = fly(mission(vehicle, site, None, 200e3, inclination), shipped_world)
    assert flown.stack.solve.residuals["position_m"] < 1.0
    assert 6_000.0 < flown.solution.capability_kg < 9_500.0


@pytest.mark.slow
def test_an_inclination_the_pad_can_barely_reach(shipped_world: World) -> None:
    # Vostochny lies at 51.88 deg (geocentric 51.69): 51.7 deg is due east
    flown = fly(mission("soyuz-2.1b", "vostochny", None, 200e3, 51.7), shipped_world)
    assert flown.solution.capability_kg > 8_000.0


def test_too_heavy_says_what_is_short(shipped_world: World) -> None:
    m = mission("soyuz-2.1a", "baikonur", 9_000.0, 200e3, 51.7)
    aim = insertion(m.target, m.launch.window[0], shipped_world)  # type: ignore[index]
    with pytest.raises(InfeasibleError, match=r"the capability is 7\d\d\d kg, 1\d\d\d kg short"):
        ascent.solve(m, aim, shipped_world)


def test_an_acceleration_limit_that_thrust_alone_breaks(shipped_world: World) -> None:
    m = mission("soyuz-2.1b", "baikonur", 5_000.0, 200e3, 51.7, Limits(None, 1135.0, 3.0 * 9.80665))
    aim = insertion(m.target, m.launch.window[0], shipped_world)  # type: ignore[index]
    with pytest.raises(InfeasibleError, match=r"axial acceleration reaches .* g0 at T\+112"):
        ascent.solve(m, aim, shipped_world)


def test_a_warm_solve_follows_a_shifted_aim(sso: Flown) -> None:
    shifted = sso.insertion.with_bias(Bias(da_m=800.0, di_rad=5e-5))
    near = ascent.solve(sso.mission, shifted, sso.world, previous=sso.solution)
    assert near.budget["iterations"] < 100
    # 800 m of altitude cost a few tenths of a m/s, a kilogram or two
    assert -5.0 < near.margin_kg - sso.solution.margin_kg < 5.0
    assert near.margin_kg != sso.solution.margin_kg
    assert np.linalg.norm(near.r_m) - np.linalg.norm(sso.solution.r_m) == pytest.approx(
        800.0, abs=200.0
    )


def test_two_solves_are_bit_equal(shipped_world: World) -> None:
    m = mission("soyuz-2.1a", "baikonur", 5_000.0, 200e3, 51.7)
    aim = insertion(m.target, m.launch.window[0], shipped_world)  # type: ignore[index]
    one, two = (ascent.solve(m, aim, shipped_world) for _ in range(2))
    assert one.margin_kg == two.margin_kg
    assert one.capability_kg == two.capability_kg
    for a, b in zip(one.flight.arcs, two.flight.arcs, strict=True):
        assert np.array_equal(a.r_m, b.r_m)
        assert a.u is None or np.array_equal(a.u, b.u)  # type: ignore[arg-type]


def test_a_watch_can_stop_it(sso: Flown) -> None:
    class Impatient:
        def begin(self, stage: str, text: str) -> None: ...

        def tell(self, stage: str, fraction: float | None, text: str) -> None: ...

        def end(self, stage: str, text: str) -> None: ...

        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        ascent.solve(sso.mission, sso.insertion, sso.world, Impatient())


@pytest.mark.slow
def test_multiplier_of_the_dynamic_pressure_limit(sso: Flown, shipped_world: World) -> None:
    # what a kilopascal more is worth, against solving with a kilopascal more
    more = fly(mission(limits=Limits(45.5e3, 1135.0, 6.0 * 9.80665)), shipped_world).solution
    price = sso.solution.multipliers["dynamic_pressure_kg_per_kPa"]
    assert price > 0.0
    assert (more.margin_kg - sso.solution.margin_kg) / 0.5 == pytest.approx(price, rel=0.25)


def test_a_vehicle_of_the_users_own(shipped_world: World) -> None:
    """Two serial stages; the guess drops the fairing in the first, the optimum in the second."""
    m = replace(
        mission("soyuz-2.1b", "baikonur", None, 200e3, 51.7, Limits()), vehicle=two_stages()
    )
    flown = fly(m, shipped_world)
    assert flown.stack.solve.residuals["position_m"] < 1.0
    assert flown.event("fairing jettison") > flown.event("first-stage separation") + 10.0
    # stages of this size are rated at 22.8 t to low orbit expended; an optimum may beat it a little
    assert 21_000.0 < flown.solution.capability_kg < 25_500.0
    assert [leg.object for leg in flown.legs] == ["stack", "first", "fairing", "second"]
