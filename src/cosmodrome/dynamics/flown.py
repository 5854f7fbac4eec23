"""What a propagation gives back: arcs, the end, events, the audit, variations."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError
from cosmodrome.world.frame import gcrf
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.dynamics.events import DynamicsEvent
    from cosmodrome.record.nouns import ForceAudit
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

    Array = NDArray[np.float64]

__all__ = ["Propagation"]


@dataclass(frozen=True, eq=False)
class Propagation:
    """What was flown.

    arcs        paths in order of time, each in the frame of its own centre; none where no dense
                path was asked for
    end         where it ended (backward: at its earliest instant), about the centre of the
                dynamics
    events      in order of time
    audit       largest and mean acceleration of each force
    samples     (m, 7) at the `times` asked for, about the centre of the dynamics; shorter
                where it ended early
    stm         (6, 6) d(end) / d(start), or None
    partials    (6,) d(end) / d(factor on a force), by name
    stopped     kind of the event that ended it, or None
    notes       forces asked for that had no effect, and why
    data        data of the span that are predicted or extrapolated
    stats       segments, evaluations, SIMD level, sunlit fraction of the time
    """

    arcs: tuple[Trajectory, ...]
    end: State
    events: tuple[DynamicsEvent, ...]
    audit: tuple[ForceAudit, ...]
    samples: Array
    stm: Array | None = None
    partials: Mapping[str, Array] = field(default_factory=dict)
    stopped: str | None = None
    notes: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    stats: Mapping[str, Any] = field(default_factory=dict)
    world: World | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        kept = ", ".join(repr(arc) for arc in self.arcs) or "no dense path"
        ended = f", stopped by {self.stopped}" if self.stopped else ""
        return (
            f"Propagation({kept}, end {self.end.epoch} about {self.end.frame.centre}{ended},"
            f" {len(self.events)} events, {len(self.audit)} forces, {len(self.samples)} samples)"
        )

    @functools.cached_property
    def trajectory(self) -> Trajectory:
        """The whole path about the centre of the dynamics.

        Arcs of another centre are refitted with the ephemeris, to the rounding of the distance.
        Raises InputError where no dense path was asked for.
        """
        if not self.arcs:
            raise InputError("no dense path was kept: propagate with dense=True, or give times")
        home = self.end.frame
        return Trajectory.joined(
            [a if a.frame == home else _refitted(a, home.centre, self) for a in self.arcs]
        )


def _refitted(arc: Trajectory, centre: str, flown: Propagation) -> Trajectory:
    assert flown.world is not None
    ephemeris, of = flown.world.ephemeris, arc.frame.centre

    def columns(t: Array, _: int) -> Array:
        y = arc.columns_at(t).copy()
        y[:, :3] += ephemeris.positions_m(of, arc.epoch, t, centre)
        y[:, 3:6] += ephemeris.velocities_m_s(of, arc.epoch, t, centre)
        return y

    return Trajectory.fit(arc.epoch, gcrf(centre), arc.breaks_s, columns, arc.coefficients.shape[1])
