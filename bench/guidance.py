"""Guided dispersed ascents: flights per second on one core, and where they end.

    python -m bench.guidance

Soyuz-2.1b to 200 km (the third stage inserts) and Soyuz-2.1b/Fregat to 820 km Sun-synchronous
(three guided legs, a transfer between two burns), both from Vostochny, under the documented
dispersions. CPU time of one process; "all" includes drawing the lanes and their sequences.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import ascent
from cosmodrome.ascent import Dispersions, Draw, fly_guided, guided_programme
from cosmodrome.solvers import guided as kernel
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World
from tests.ascent.conftest import mission
from tests.levels import available

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.ascent.guided import GuidedProgramme

LANES = (256, 1_024)
REPEATS = 5


def seconds(work: Callable[[], object]) -> float:
    """The least CPU time of a few repeats."""
    spent = []
    for _ in range(REPEATS):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def rates(programme: GuidedProgramme) -> None:
    vehicle = programme.schedule.vehicle
    print(f"  {'level':>9} {'lanes':>6} {'kernel/s':>9} {'all/s':>9}")
    for level in available():
        for n in LANES:
            draw = Dispersions().draw(vehicle, n).after(Draw.nominal(vehicle))
            _, lanes, _ = programme.schedule.lanes(draw)
            alone = seconds(lambda x=lanes, s=level: kernel.fly(programme.core, x, s))  # type: ignore[misc]
            whole = seconds(lambda n=n, s=level: fly_guided(programme, Dispersions(), n, level=s))  # type: ignore[misc]
            print(f"  {level:>9} {n:>6} {n / alone:>9.0f} {n / whole:>9.0f}")


def spread(programme: GuidedProgramme) -> None:
    guidance_alone = Dispersions(cutoff_s=0.0, navigation_m=0.0, navigation_m_s=0.0)
    for name, d in (("documented", Dispersions()), ("guidance alone", guidance_alone)):
        batch = fly_guided(programme, d, 4_096)
        ok = batch.flown
        print(
            f"  {name:>15}: {ok.sum()} of {ok.size} flown; 1 sigma of a"
            f" {batch.a_m[ok].std():.4g} m, i {np.degrees(batch.i_rad[ok].std()):.2g} deg,"
            f" perigee {batch.perigee_m[ok].std():.4g} m; margin"
            f" {batch.margin_kg[ok].mean():.0f} +- {batch.margin_kg[ok].std():.0f} kg"
        )


def main() -> None:
    world = World.shipped()
    about = Epoch.parse("2027-03-01T05:41:46Z")
    cases = {
        "Soyuz-2.1b, 7,500 kg to 200 km": mission("soyuz-2.1b", "vostochny", 7_500.0, 200e3, 64.8),
        "Soyuz-2.1b/Fregat, 2,900 kg to 820 km": mission(),
    }
    for name, m in cases.items():
        solution = ascent.solve(m, insertion(m.target, about, world), world)
        programme = guided_programme(solution, ascent.plan(solution, about, world), m, world)
        nominal = fly_guided(programme, Draw.nominal(m.vehicle))
        print(
            f"{name}: margin {nominal.margin_kg[0]:.1f} kg guided,"
            f" {solution.margin_kg:.1f} kg at the optimum"
        )
        rates(programme)
        spread(programme)


if __name__ == "__main__":
    main()
