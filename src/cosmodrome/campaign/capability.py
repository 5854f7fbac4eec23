"""How much a vehicle carries from a pad to an orbit: solved, then flown again as planned."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome import ascent, site, targets
from cosmodrome.ascent.rungs import solve_by_rungs
from cosmodrome.campaign.asked import mission_to
from cosmodrome.dynamics.elements import elements_from_state
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.mission import read_orbit
from cosmodrome.vehicle.losses import GLOBAL, spent
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cosmodrome.ascent import AscentSolution
    from cosmodrome.catalog.nouns import Rating
    from cosmodrome.mission import Mission, Quantity, Target
    from cosmodrome.mission.orbit_text import OrbitAsked
    from cosmodrome.record import Elements, Ledger
    from cosmodrome.targets import Insertion
    from cosmodrome.vehicle.losses import Spent
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["Capability", "comparable", "flown_again", "payload", "same_orbit"]


@dataclass(frozen=True, slots=True, eq=False)
class Capability:
    """What can be carried, and how it was found.

    capability_kg     separated spacecraft, nothing usable left in the tanks
    orbit             osculating at release; angles from the launch frame (z: the spin axis, x: the
                      pad's meridian at lift-off)
    ledger            of the flown ascent
    miss_m, miss_m_s  between the optimum and its own re-flight at release
    limited_by        what holds the heading, and what a looser limit would buy, in words
    published         ratings of the vehicle for orbits of the same family
    expected_kg, expected_sigma_kg   what a maker would print, by the global loss model
    """

    mission: Mission
    asked: OrbitAsked
    insertion: Insertion
    solution: AscentSolution
    orbit: Elements
    ledger: Ledger
    miss_m: float
    miss_m_s: float
    limited_by: tuple[str, ...]
    published: tuple[Rating, ...]

    @property
    def capability_kg(self) -> float:
        return self.solution.capability_kg

    @property
    def spent(self) -> Spent:
        """What its losses follow from."""
        s = self.solution
        return spent(self.mission.vehicle, self.ledger, s.capability_kg, s.mass_kg)

    @property
    def expected_kg(self) -> float:
        return GLOBAL.payload(self.spent)[0]

    @property
    def expected_sigma_kg(self) -> float:
        return GLOBAL.payload(self.spent)[1]

    @property
    def c3_m2_s2(self) -> float:
        """v^2 - 2 mu / r at release."""
        r, v = self.solution.r_m, self.solution.v_m_s
        return float(v @ v) - 2.0 * self.solution.planet.mu / float(np.linalg.norm(r))

    @property
    def perigee_m(self) -> float:
        """Radius of the osculating perigee, h^2 / mu / (1 + e): closed or open orbit alike."""
        h = np.cross(self.solution.r_m, self.solution.v_m_s)
        return float(h @ h) / self.solution.planet.mu / (1.0 + self.orbit.e)


def payload(
    site_name: str,
    vehicle: str,
    orbit: str,
    world: World,
    *,
    limits: Mapping[str, str] | None = None,
    wind: Mapping[str, str] | None = None,
    folder: Path | None = None,
    watch: Watch = SILENT,
) -> Capability:
    """The payload of `vehicle` from `site_name` to `orbit` (`mission.read_orbit`).

    site_name, vehicle   catalogue ids, or paths from `folder`
    limits   as in a mission file: {"dynamic_pressure": "45 kPa", "corridor": "none"}; the
             vehicle's own and the site's corridor otherwise
    wind     as in a mission file: {"profile": "jet-stream", "speed": "60 m/s", "from": "270 deg"}
             or {"table": "noon.csv"}; still air otherwise
    Raises InputError for what cannot be read, InfeasibleError for what cannot be flown (what is
    short in m/s, kg or degrees), SolverError when no answer is found within the budget.
    """
    asked = read_orbit(orbit)
    mission = mission_to(site_name, vehicle, asked.file, limits, folder, wind)
    insertion = aim(mission, world)
    solution = solve_by_rungs(mission, insertion, world, watch)
    ledger, miss_m, miss_m_s = flown_again(mission, solution, world, watch)
    return Capability(
        mission=mission,
        asked=asked,
        insertion=insertion,
        solution=solution,
        orbit=elements_from_state(solution.r_m, solution.v_m_s, solution.planet.mu),
        ledger=ledger,
        miss_m=miss_m,
        miss_m_s=miss_m_s,
        limited_by=(
            *ascent.held_in_words(solution),
            *ascent.limits_in_words(solution.multipliers),
        ),
        published=comparable(asked, mission.vehicle.payloads),
    )


def aim(mission: Mission, world: World) -> Insertion:
    """The insertion of a mission's target; a free inclination is the pad's cheapest one."""
    about = mission.launch.time
    if about is None:
        raise InputError("a capability is solved for one instant; write launch: {time: ...}")
    return targets.insertion(mission.target, about, world, site.cheapest_inclination(mission.site))


def flown_again(
    mission: Mission, solution: AscentSolution, world: World, watch: Watch = SILENT
) -> tuple[Ledger, float, float]:
    """Fly the optimum's plan: its ledger, and by how much it misses the optimum, m and m/s."""
    watch.begin("flight", "re-flying the plan")
    assert mission.launch.time is not None
    loaded = replace(mission, spacecraft=replace(mission.spacecraft, mass_kg=solution.payload_kg))
    stack = ascent.fly_stack(ascent.plan(solution, mission.launch.time, world), loaded, world).leg
    watch.end("flight", "plan flown again")
    miss = stack.solve.residuals
    return stack.ledger, miss["position_m"], miss["velocity_m_s"]


# a multiplier's name -> (what is raised, step people think in, its unit)
_FAMILIES = (
    ("gto", r"\bgto\b|transfer"),
    ("geostationary", r"\bgeo\b|geostationary"),
    ("sun-synchronous", r"\bsso\b|sun-?synchronous|9[6-9](\.\d+)? deg"),
    ("molniya", r"molniya"),
    ("c3", r"\bc3\b|moon|lunar|\btli\b|escape|mars|venus|jupiter"),
)


def _family(words: str) -> str:
    text = words.lower()
    return next((name for name, pattern in _FAMILIES if re.search(pattern, text)), "low")


def comparable(asked: OrbitAsked, ratings: tuple[Rating, ...]) -> tuple[Rating, ...]:
    """The ratings whose words name the same family of orbits."""
    kind = asked.target.kind
    family = "low" if kind in ("circular", "elliptic") else kind
    i = asked.target.inclination_rad
    if kind == "circular" and i is not None and math.degrees(i.value) > 95.0:
        family = "sun-synchronous"
    return tuple(r for r in ratings if _family(r.orbit) == family)


def same_orbit(target: Target, words: str) -> bool:
    """Do the words of a rating, where they are the orbit's language, mean this very orbit?

    Within 1 deg of plane, 50 km of semi-major axis, 0.01 of eccentricity, 0.5 km^2/s^2 of C3.
    """
    try:
        other = read_orbit(words).target
    except (InputError, InfeasibleError):
        return False

    def near(a: Quantity | None, b: Quantity | None, width: float) -> bool:
        if a is None or b is None:
            return a is b
        return abs(a.value - b.value) <= width

    return (
        near(target.semi_major_axis_m, other.semi_major_axis_m, 50e3)
        and near(target.eccentricity, other.eccentricity, 0.01)
        and near(target.inclination_rad, other.inclination_rad, math.radians(1.0))
        and near(target.c3_m2_s2, other.c3_m2_s2, 0.5e6)
        and near(target.declination_rad, other.declination_rad, math.radians(1.0))
    )
