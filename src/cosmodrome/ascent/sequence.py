"""From a vehicle's timeline to the phases the optimiser flies.

Adds what the timeline leaves to the plan: the vertical rise and the pitch-over, the burns and
coasts of the tail, the fairing somewhere inside, and the release.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cosmodrome.ascent.building import Builder
from cosmodrome.ascent.fairing import drop_fairing
from cosmodrome.vehicle import liftoff_mass

if TYPE_CHECKING:
    from cosmodrome.ascent.shape import Shape
    from cosmodrome.catalog.nouns import Limits, Vehicle
    from cosmodrome.powered.phases import Phase
    from cosmodrome.powered.statement import Budget, Span

__all__ = ["Sequence", "sequence"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """The phases of one ascent and the masses they do not show.

    spans, budgets   durations tied together; propellant that is shared out over phases
    last             the last stage's propellant, what is left of which is the margin
    liftoff_dry_kg   the stack at lift-off without payload
    last_dry_kg      the last stage, empty
    burns            indices of the tail's burns
    low              indices of phases that must end with the vacuum perigee below ground
    parked           indices of phases that end with a burn onto an orbit to be coasted along
    fairing          index of the phase that ends with the fairing's jettison
    stops            of several orbits: index of the phase at whose end each is reached, with the
                     first separation there
    releases         (index of the phase, what separates at its end), in order
    """

    phases: tuple[Phase, ...]
    spans: tuple[Span, ...]
    budgets: tuple[Budget, ...]
    last: Budget | None
    liftoff_dry_kg: float
    last_dry_kg: float
    burns: tuple[int, ...]
    low: tuple[int, ...]
    parked: tuple[int, ...]
    fairing: int | None
    shape: Shape
    stops: tuple[int, ...] = ()
    releases: tuple[tuple[int, tuple[str, ...]], ...] = ()


def sequence(vehicle: Vehicle, limits: Limits, shape: Shape) -> Sequence:
    """The phases, with first guesses of what the plan chooses.

    Raises InputError where the fairing has no rule or its time lies outside.
    """
    build = Builder(vehicle, limits, shape)
    build.sections()
    build.tail()
    build.release()
    build.suborbital()
    drop_fairing(build)
    return Sequence(
        tuple(build.phases),
        tuple(build.spans),
        build.budgets(),
        build.last(),
        liftoff_mass(vehicle, 0.0),
        vehicle.stages[-1].count * vehicle.stages[-1].dry_mass_kg,
        tuple(build.burns),
        tuple(build.low),
        tuple(build.parked),
        build.fairing,
        shape,
    )
