"""What the burns of a step to a libration orbit take, and from which tank."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cosmodrome.errors import InfeasibleError
from cosmodrome.mission.nouns import Coast, Manoeuvre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.mission.nouns import ToLibration
    from cosmodrome.record.nouns import Handover, Leg
    from cosmodrome.transfer.nouns import Engine
    from cosmodrome.watch import Watch
    from cosmodrome.world.state import State

__all__ = ["Spending"]


@dataclass(slots=True)
class Spending:
    """The account of one step: names and sizes of its burns, m/s."""

    step: ToLibration
    craft: str
    engine: Engine
    watch: Watch
    spent: list[tuple[str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lasts(self, state: State, delta_v_m_s: float) -> float:
        """How long a burn of so much takes, s."""
        return self.engine.burnt_kg(state.mass_kg, delta_v_m_s) / self.engine.flow_kg_s

    def burn(
        self,
        given: Handover,
        along: tuple[float, float, float],
        axes: Literal["vnc", "gcrf"],
        size: float,
        name: str,
    ) -> Manoeuvre:
        """The next burn, on the account. Raises InfeasibleError where the tank does not suffice."""
        self._suffices(given, size)
        self.count(name, size)
        return Manoeuvre(
            along,
            axes,
            delta_v_m_s=size,
            impulsive=self.step.impulsive,
            name=f"{self.step.name}, {name}",
        )

    def count(self, name: str, delta_v_m_s: float) -> None:
        """A burn, or one that was not needed."""
        self.spent.append((name, delta_v_m_s))
        self.watch.tell("libration", None, f"{self.step.name}: {name} {delta_v_m_s:.2f} m/s")

    def own(self, steps: Sequence[Coast | Manoeuvre]) -> tuple[Coast | Manoeuvre, ...]:
        """Steps that name the one whose planner chose them."""
        return tuple(replace(s, part_of=self.step.name) for s in steps)

    def told(self, last: Leg, found: str) -> Leg:
        """The last leg with how the step was found and what its burns took."""
        burns = ", ".join(f"{name} {dv:.2f} m/s" for name, dv in self.spent)
        said = "".join(f"; {note}" for note in self.notes)
        method = f"{last.solve.method}; {self.step.name} by {found}: {burns}{said}"
        budget = {**last.solve.budget, "delta_v_m_s": sum(dv for _, dv in self.spent)}
        return replace(last, solve=replace(last.solve, method=method, budget=budget))

    def _suffices(self, given: Handover, delta_v_m_s: float) -> None:
        held = given.propellant_kg.get(self.craft, 0.0)
        mass = given.state.mass_kg
        burnt = self.engine.burnt_kg(mass, delta_v_m_s)
        if burnt > held:
            raise InfeasibleError(
                f"{self.step.name!r} takes {delta_v_m_s:.1f} m/s next, {burnt:.1f} kg of"
                f" propellant; {held:.1f} kg are left, good for"
                f" {self.engine.delta_v_m_s(mass, held):.1f} m/s: {burnt - held:.1f} kg are short."
                " Load more, or be set on the way by the launcher"
            )
