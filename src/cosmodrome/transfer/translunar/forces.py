"""The forces of a mission on its whole way to the Moon, as one set with a change of centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.dynamics import Dynamics, Gravity, PointMass
from cosmodrome.errors import InputError
from cosmodrome.world.centres import MOON_SPHERE_M

if TYPE_CHECKING:
    from cosmodrome.dynamics import Force
    from cosmodrome.mission.nouns import AnyMission

__all__ = ["way_dynamics"]

#: fields beyond this are nothing to a search: 2 m at the Moon, and every burn is planned anew
_SEARCH_DEGREE = 30


def way_dynamics(mission: AnyMission) -> Dynamics:
    """As the mission flies them about the Earth, with the Moon's field, and the Moon's sphere.

    The fields are cut to degree 30 and 60. Raises InputError where the mission leaves the Moon out.
    """
    physics = mission.physics
    if "moon" not in physics.third_bodies:
        raise InputError(
            "the way to the Moon needs its attraction: write physics: {third_bodies: [sun, moon]}"
        )
    declared = Dynamics.of(physics, mission.spacecraft, mission.space_weather)
    forces: list[Force] = []
    for force in declared.forces:
        if isinstance(force, PointMass) and force.body == "moon":
            degree = min(physics.moon_gravity_degree, 2 * _SEARCH_DEGREE)
            forces.append(Gravity("moon", degree, min(physics.moon_gravity_order, degree)))
        elif isinstance(force, Gravity) and force.body == "earth":
            degree = min(physics.gravity_degree, _SEARCH_DEGREE)
            forces.append(Gravity("earth", degree, min(physics.gravity_order, degree)))
        else:
            forces.append(force)
    return Dynamics(tuple(forces), "earth", (("moon", MOON_SPHERE_M),))
