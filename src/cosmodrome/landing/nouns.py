"""What is asked of a landing, and what is answered: frozen, SI, axes fixed in the body."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import CraftEngine

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cosmodrome.physics.turning import Globe
    from cosmodrome.powered.collocation import Track

    Array = NDArray[np.float64]

__all__ = ["Arc", "Engine", "Gate", "Landing", "LandingProblem", "Phase"]

#: what the spacecraft of a mission thrusts with, at full thrust
Engine = CraftEngine

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Gate:
    """What holds where a phase ends; None leaves a quantity free.

    height_m      above the site's level, least and most
    range_m       from the site across the ground, most
    sink_m_s      downward speed, least and most
    across_m_s    speed across the ground, most
    """

    height_m: Range | None = None
    range_m: float | None = None
    sink_m_s: Range | None = None
    across_m_s: float | None = None

    def __post_init__(self) -> None:
        for name, pair in (("height_m", self.height_m), ("sink_m_s", self.sink_m_s)):
            if pair is not None and not pair[0] <= pair[1]:
                raise InputError(f"a gate's {name} from {pair[0]} to {pair[1]}: swap the two")
        for name, most in (("range_m", self.range_m), ("across_m_s", self.across_m_s)):
            if most is not None and not most >= 0.0:
                raise InputError(f"a gate's {name} of {most}: give 0 or more")


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of powered descent.

    throttle         least and most part of the engine's full thrust; equal: held there
    isp_s            specific impulse in this phase; None: the engine's
    duration_s       least and most
    rate_rad_s       most the thrust direction turns; None: any
    glide_slope_rad  least elevation of the craft seen from the site; None: any
    tilt_rad         most between thrust and the site's vertical; None: any
    lowest_m         height above the site's level it stays above; None: any
    gate             what holds at its end; the last phase ends at the touchdown
    """

    name: str
    throttle: Range = (0.0, 1.0)
    isp_s: float | None = None
    duration_s: Range = (0.1, 2000.0)
    rate_rad_s: float | None = None
    glide_slope_rad: float | None = None
    tilt_rad: float | None = None
    lowest_m: float | None = None
    gate: Gate | None = None

    def __post_init__(self) -> None:
        low, high = self.throttle
        if not 0.0 <= low <= high <= 1.0 or high == 0.0:
            raise InputError(
                f"phase {self.name!r}: a throttle from {low} to {high} is no range within 0 to 1"
                " with thrust in it; give parts of the full thrust"
            )
        if not 0.0 < self.duration_s[0] <= self.duration_s[1]:
            raise InputError(
                f"phase {self.name!r}: a duration from {self.duration_s[0]} to"
                f" {self.duration_s[1]} s; give a positive one, the least first"
            )
        for name, angle in (("glide slope", self.glide_slope_rad), ("tilt", self.tilt_rad)):
            if angle is not None and not 0.0 <= angle < 0.5 * math.pi:
                raise InputError(
                    f"phase {self.name!r}: a {name} of {math.degrees(angle):g} deg; give 0 to"
                    " below 90"
                )
        if self.rate_rad_s is not None and not self.rate_rad_s > 0.0:
            raise InputError(
                f"phase {self.name!r}: turning by {self.rate_rad_s} rad/s at most holds it still;"
                " give a positive rate"
            )


@dataclass(frozen=True, slots=True)
class LandingProblem:
    """A powered descent to a site.

    globe          the body in its own fixed axes, SI
    r_m, v_m_s     (3,) start from the body's centre, and velocity relative to the ground
    site_m         (3,) the site from the centre
    engine         at full thrust
    phases         in order; the last ends on the site
    coast_s        least and most time before ignition; (0, 0): it burns at once
    sink_m_s       downward speed at touchdown
    propellant_kg  what there is to burn, reserve among it; None: no limit but the mass
    reserve_kg     of it, not to be touched
    aim            (6,) added to place and velocity at gates and touchdown, site's axes east, north,
                   up: shifted so that what the model leaves out brings the flight to the site
    """

    globe: Globe
    r_m: Array
    v_m_s: Array
    mass_kg: float
    site_m: Array
    engine: Engine
    phases: tuple[Phase, ...]
    coast_s: Range = (0.0, 0.0)
    sink_m_s: float = 0.0
    propellant_kg: float | None = None
    reserve_kg: float = 0.0
    aim: tuple[float, ...] = (0.0,) * 6

    def __post_init__(self) -> None:
        if not self.phases:
            raise InputError("a landing needs a phase of powered descent at least")
        if not self.mass_kg > 0.0:
            raise InputError(f"a lander of {self.mass_kg} kg: give a positive mass")
        if not 0.0 <= self.coast_s[0] <= self.coast_s[1]:
            raise InputError(
                f"a coast from {self.coast_s[0]} to {self.coast_s[1]} s before ignition: give 0 or"
                " more, the least first"
            )
        usable = self.propellant_kg is not None and self.reserve_kg >= self.propellant_kg
        if not self.reserve_kg >= 0.0 or usable:
            raise InputError(
                f"a reserve of {self.reserve_kg} kg out of {self.propellant_kg} kg: give 0 or more,"
                " less than there is"
            )

    @property
    def least_kg(self) -> float:
        """Mass that must be left."""
        if self.propellant_kg is None:
            return 1e-3 * self.mass_kg
        return self.mass_kg - self.propellant_kg + self.reserve_kg

    def isp_s(self, phase: Phase) -> float:
        """Specific impulse in a phase."""
        return self.engine.isp_s if phase.isp_s is None else phase.isp_s


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """A piece of a landing on one side of a switch, sampled; axes fixed in the body.

    phase        index in the problem's; -1: the coast before ignition
    t_s          (n,) seconds after the start of the problem, evenly within each of `pieces`: a
                 polynomial each
    r_m, v_m_s   (n, 3) from the centre, relative to the ground
    mass_kg      (n,)
    u            (n, 3) unit thrust direction; throttle (n,), 0 on a coast
    """

    phase: int
    t_s: Array
    r_m: Array
    v_m_s: Array
    mass_kg: Array
    u: Array
    throttle: Array
    pieces: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Landing:
    """An optimum.

    arcs         in order of time
    convex_kg    propellant of the convexified solution it was started from: the independent road
    residuals    "mesh": sum of the local errors of the collocation, in units of the descent
    budget       iterations and meshes of the collocation, "convex": cone programmes before it
    tracks       as solved, from which a like problem starts warm
    """

    problem: LandingProblem
    arcs: tuple[Arc, ...]
    propellant_kg: float
    delta_v_m_s: float
    convex_kg: float
    residuals: Mapping[str, float] = field(default_factory=dict)
    budget: Mapping[str, float] = field(default_factory=dict)
    tracks: tuple[Track, ...] = field(default=(), repr=False)

    @property
    def ignition_s(self) -> float:
        """Seconds from the start of the problem to the ignition."""
        return float(next(a.t_s[0] for a in self.arcs if a.phase >= 0))

    @property
    def touchdown_s(self) -> float:
        """Seconds from the start of the problem to the touchdown."""
        return float(self.arcs[-1].t_s[-1])

    @property
    def left_kg(self) -> float:
        """Propellant left above the reserve; infinite where none was given."""
        there = self.problem.propellant_kg
        return math.inf if there is None else there - self.problem.reserve_kg - self.propellant_kg

    def end_s(self, phase: int) -> float:
        """Seconds from the start of the problem to the end of a phase."""
        return float([a for a in self.arcs if a.phase == phase][-1].t_s[-1])
