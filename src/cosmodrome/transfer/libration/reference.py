"""The path near a libration orbit that a mission follows, corrected in the mission's own forces."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosmodrome.dynamics import Drag, Dynamics
from cosmodrome.record.libration import LibrationRecord
from cosmodrome.targets.libration import correct, find, read_libration
from cosmodrome.targets.libration.shooting import rules_alone
from cosmodrome.transfer.translunar.forces import way_dynamics
from cosmodrome.watch import SILENT
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.mission.nouns import AnyMission, OrbitMission
    from cosmodrome.targets.libration import LibrationOrbit
    from cosmodrome.watch import Watch
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Reference", "begun", "dynamics_near"]

_TURN = 2.0 * math.pi
#: revolutions beyond the end of what is flown, which burns look ahead to
AHEAD = 3
# of the Earth's field, near a point of Sun and Earth and on the way there
_DEGREE = 12


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A path that stays near a periodic orbit.

    design   that orbit
    zero     when the path passes its first crossing, about so
    path     GCRF axes about the system's body
    apart_m  how far from the orbit the mission lets it be; None: nothing is said
    """

    design: LibrationOrbit
    zero: Epoch
    path: Trajectory
    dynamics: Dynamics
    apart_m: float | None = None

    def at(self, epoch: Epoch) -> Array:
        """Place and velocity (6,) at an instant."""
        y: Array = self.path.columns_at(epoch - self.path.epoch)[:6]
        return y

    @property
    def until(self) -> Epoch:
        """Where the path ends."""
        return self.path.epoch + float(self.path.breaks_s[-1])

    def told(self, first: Epoch, last: Epoch) -> LibrationRecord:
        """Which orbit was to be kept from when until when, as data."""
        s = self.design.system
        return LibrationRecord(
            orbit=self.design.wanted.text,
            larger=s.larger,
            smaller=s.smaller,
            body=s.body,
            mass_ratio=s.mu,
            length_m=s.length_m,
            time_s=s.time_s,
            state=tuple(float(x) for x in self.design.orbit.state),
            period_s=self.design.period_s,
            breathes=not rules_alone(self.design),
            start=first,
            end=last,
            apart_m=self.apart_m,
        )


def dynamics_near(mission: AnyMission, design: LibrationOrbit) -> Dynamics:
    """The forces of a mission near a libration orbit, counted from the body it is told from."""
    if design.system.body == "moon":
        return way_dynamics(mission).about("moon").without(Drag)
    # there is no air out there; what high terms of the Earth's field do to a departure, corrections
    # take out
    degree = min(mission.physics.gravity_degree, _DEGREE)
    order = min(mission.physics.gravity_order, degree)
    physics = replace(mission.physics, gravity_degree=degree, gravity_order=order)
    return Dynamics.of(physics, mission.spacecraft, mission.space_weather).without(Drag)


def begun(
    mission: OrbitMission, span_s: float, world: World, watch: Watch = SILENT
) -> tuple[State, Reference]:
    """Where a mission begins that starts on a libration orbit, and the path it is on.

    span_s   how long the plan may take; the path reaches some revolutions further

    Raises InfeasibleError for an orbit its family does not have, SolverError where the arcs of the
    path do not meet.
    """
    told = mission.start.libration
    mass = mission.spacecraft.mass_kg
    assert told is not None
    assert mass is not None
    design = find(read_libration(told.orbit))
    since = (told.phase_rad % _TURN) / _TURN * design.period_s
    zero = mission.start.epoch + -since
    revolutions = math.ceil((since + span_s) / design.period_s) + AHEAD
    dynamics = dynamics_near(mission, design)
    made = correct(design, zero, revolutions, world, dynamics=dynamics, mass_kg=mass, watch=watch)
    reference = Reference(design, zero, made.path, dynamics)
    y = reference.at(mission.start.epoch)
    state = State(mission.start.epoch, gcrf(dynamics.centre), y[:3], y[3:], mass)
    return state, reference
