"""The masses that an ascent's plan was made for, against what was flown and what is carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.checks.verdicts import Judged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.checks.view import View

__all__ = ["plan_masses"]

# the optimum's propellant at first motion and the vehicle's are the same numbers; of a free payload
# the mass is the solver's, to its feasibility of a part in a hundred million
MASS_KG = 0.05


def plan_masses(view: View) -> Iterator[Judged]:
    """Lift-off mass and payload that the plan says it was made for."""
    plan, stack = view.stack.plan, view.stack
    if plan is None:
        yield not_judged("the stack's leg carries no plan")
        return
    start = view.first_mass_kg
    yield at_most(
        abs(plan.initial_mass_kg - start), MASS_KG, "kg", "first motion",
        f"the plan was made for {plan.initial_mass_kg:.3f} kg at first motion, the path begins with"
        f" {start:.3f} kg",
        object=stack.object,
    )  # fmt: skip
    told = plan.targets.get("payload_kg")
    solved = view.payload.solved
    if told is None:
        return
    # of several spacecraft the one that the optimum carries as payload
    craft = next(iter(solved), view.mission.spacecraft.id)
    masses = {c.id: c.mass_kg for c in view.mission.crafts}
    carried = masses.get(craft)
    if carried is None:
        carried = solved.get(craft, view.payload.mass_kg)
    yield at_most(
        abs(told - carried), MASS_KG, "kg", "release",
        f"the plan was made for {told:.3f} kg of {craft}, {carried:.3f} kg are carried",
        object=craft,
    )  # fmt: skip
