"""A launch to a libration point of Sun and Earth: when, and with how much energy.

Where in its plane the ascent injects is its own cheapest choice. The instant of lift-off turns that
perigee, with all the rest, about the Earth's axis: of the lift-offs in the window that one is taken
whose flight goes round the point nearest to the orbit asked for. The energy with which it stays
there is asked of the ascent, and corrected by what was flown.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from cosmodrome.dynamics.elements import state_from_elements
from cosmodrome.errors import InputError
from cosmodrome.flight.aiming import Passed
from cosmodrome.flight.departed import departed
from cosmodrome.mission import Quantity, ToLibration
from cosmodrome.targets.libration import find, read_libration
from cosmodrome.transfer.libration import Nearness, Point, departure, dynamics_near, sped
from cosmodrome.watch import stop_if_cancelled
from cosmodrome.world.bodies import OMEGA_EARTH_RAD_S, body
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from cosmodrome.flight.stages import Run
    from cosmodrome.mission import Mission
    from cosmodrome.record import LaunchSolution

__all__ = ["towards_the_point"]

_MU = body("earth").mu_m3_s2
_TURN = 2.0 * math.pi
_ROUNDS = 5
# the aim is kept where it changes by less: 0.1 m/s of a correction, m^2/s^2
_AIM_C3 = 0.002e6
_HALF_C3, _HALF_RAD = 0.05e6, math.radians(0.5)
# of the orbit's period: how long a flight must stay
_STAYS = 1.2
# the energy that is needed lies no farther from that flown, m^2/s^2
_NEAR_C3 = 0.4e6


class Launched(Passed, Protocol):
    """The same, with the launch."""

    @property
    def launch(self) -> LaunchSolution:
        """When it lifted off."""


P = TypeVar("P", bound=Launched)


def towards_the_point(
    mission: Mission, run: Run, fly: Callable[[Mission, Run, P | None], P]
) -> tuple[Mission, P]:
    """The mission with the energy and direction its ascent aims at, and that ascent flown.

    Raises InfeasibleError where no lift-off of the window leads near the point, InputError without
    a launch time or window, and what `fly` raises.
    """
    step = next((s for s in mission.plan if isinstance(s, ToLibration)), None)
    window = mission.launch.window
    if step is None or (window is None and mission.launch.time is None):
        raise InputError(
            "a launch to a libration point needs a window and a plan that begins with to-libration;"
            " write launch: {window: 2027-03-01T00:00Z / 2027-03-02T00:00Z}"
        )
    design = find(read_libration(step.orbit))
    dynamics = dynamics_near(mission, design)
    point = Point(design.system, design.wanted.point, dynamics, run.world)
    passed = fly(mission, run, None)
    aimed = mission
    if window is not None:
        with run.stage("libration", "finding the instant of launch"):
            aimed = _turned(mission, passed, Nearness(design, point), run)
        passed = fly(aimed, run, passed)
    for _ in range(_ROUNDS):
        stop_if_cancelled(run.watch)
        left = passed.released(mission.spacecraft.id)
        with run.stage("libration", "finding the energy that stays near the point"):
            flown = _c3(left)
            needs = point.edge(
                lambda x, left=left: sped(left, x),  # type: ignore[misc]
                flown - _NEAR_C3,
                flown + _NEAR_C3,
                _STAYS * design.period_s,
            )
        if abs(needs - flown) < _AIM_C3:
            break
        asked = aimed.target.c3_m2_s2
        assert asked is not None
        c3 = Quantity(asked.value + needs - flown, _HALF_C3)
        aimed = replace(aimed, target=replace(aimed.target, c3_m2_s2=c3))
        passed = fly(aimed, run, passed)
    return aimed, passed


def _turned(mission: Mission, passed: Launched, near: Nearness, run: Run) -> Mission:
    """With the right ascension of the apogee of the best lift-off in the window, and its energy."""
    assert mission.launch.window is not None
    first, last = mission.launch.window
    orientation = run.world.orientation
    left = passed.released(mission.spacecraft.id)
    flown = departed(left, run.world)
    r, v = state_from_elements(replace(flown.elements, true_anomaly_rad=0.0), _MU)
    travel = flown.at_perigee() - passed.launch.epoch

    def perigee(angle: float) -> State | None:
        lift_off = first + angle / OMEGA_EARTH_RAD_S
        if lift_off > last:
            return None
        # turned with the Earth since the lift-off that was flown
        by = OMEGA_EARTH_RAD_S * (lift_off - passed.launch.epoch)
        turn = np.array(
            [[math.cos(by), -math.sin(by), 0.0], [math.sin(by), math.cos(by), 0.0], [0.0, 0.0, 1.0]]
        )
        epoch = lift_off + travel
        out = np.asarray(orientation.tod_from_gcrf(epoch).matrix).T @ turn
        return State(epoch, gcrf("earth"), out @ r, out @ v, left.mass_kg)

    best = departure(perigee, near, near.point, run.watch)
    tod = np.asarray(orientation.tod_from_gcrf(best.state.epoch).matrix)
    away = -(tod @ best.state.r_m)
    target = replace(
        mission.target,
        c3_m2_s2=Quantity(best.c3_m2_s2, _HALF_C3),
        right_ascension_rad=Quantity(math.atan2(away[1], away[0]) % _TURN, _HALF_RAD),
    )
    return replace(mission, target=target)


def _c3(state: State) -> float:
    return float(state.v_m_s @ state.v_m_s) - 2.0 * _MU / float(np.linalg.norm(state.r_m))
