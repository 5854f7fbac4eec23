"""A state seen from another centre, or in any other frame.

Centres are apart by DE440: places of the ephemeris in metres as they stand (TDB-compatible), and
velocities that are the exact derivative of those places by TT: the ephemeris gives metres per
second of TDB, which are multiplied by dTDB/dTT (1 +- 3.3e-10; up to 1e-5 m/s for the Sun as a
centre, 3e-7 m/s for the Moon). No other relativistic change of scale is made: GCRS and BCRS
lengths differ by 1.55e-8, which is 6 m on the distance of the Moon and is left out by every
Newtonian propagation with DE440.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import FrameMismatchError, UnknownNameError, did_you_mean
from cosmodrome.world.bodies import BODIES
from cosmodrome.world.body_orientation import axes_of, fixed_from_gcrf
from cosmodrome.world.centres import moon_equator_from_gcrf
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.frame import Frame, Rotation
from cosmodrome.world.slow_series import TDB_MINUS_TT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.state import State
    from cosmodrome.world.world import World

__all__ = ["expressed", "offset", "recentred"]

_STEP_S = 60.0


def offset(
    world: World, body: str, centre: str, epoch: Epoch
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place (3,) m and velocity (3,) m/s by TT of a body relative to a centre, GCRF axes.

    Raises UnknownNameError for a body without ephemeris, DataSpanError outside 1962-2060.
    """
    day, s = tdb_clock(epoch, np.array([-_STEP_S, _STEP_S]))
    shift = TDB_MINUS_TT.at(day, s)[1]
    rate = 1.0 + float(shift.mean())
    r = world.ephemeris.position_m(body, epoch, centre)
    return r, world.ephemeris.velocity_m_s(body, epoch, centre) * rate


def recentred(state: State, centre: str, world: World) -> State:
    """The same state about another centre, on the same axes, which must not turn.

    There and back is exact to the last bit of the larger distance: 6e-8 m between Earth and
    Moon, 3e-5 m from the Sun.

    Raises FrameMismatchError for a turning frame (use `expressed`), UnknownNameError for a
    centre without ephemeris, DataSpanError outside 1962-2060.
    """
    if state.frame.axes != "gcrf":
        raise FrameMismatchError(
            f"a state in {state.frame} cannot change its centre on its own axes; write"
            f" expressed(state, gcrf({centre!r}), world)"
        )
    if centre == state.frame.centre:
        return state
    r, v = offset(world, state.frame.centre, centre, state.epoch)
    return replace(
        state,
        frame=Frame(centre, "gcrf", inertial=True),
        r_m=state.r_m + r,
        v_m_s=state.v_m_s + v,
    )


def expressed(state: State, frame: Frame, world: World) -> State:
    """The same state in another frame: other axes, another centre, or both.

    Velocities follow the transport theorem with the complete rate of turning axes ("tod"
    included, which turns by 1e-11 rad/s). The covariance goes along; attitude and rate are
    against GCRF and stay.

    Raises UnknownNameError for axes or a centre nothing is known of, DataSpanError outside the
    data.
    """
    if frame == state.frame:
        return state
    r, v, p = state.r_m, state.v_m_s, state.covariance
    if state.frame.axes != "gcrf":
        r, v, p = _turned(_axes_from_gcrf(world, state.frame, state.epoch).T, r, v, p)
    if frame.centre != state.frame.centre:
        dr, dv = offset(world, state.frame.centre, frame.centre, state.epoch)
        r, v = r + dr, v + dv
    if frame.axes != "gcrf":
        r, v, p = _turned(_axes_from_gcrf(world, frame, state.epoch), r, v, p)
    return replace(state, frame=frame, r_m=r, v_m_s=v, covariance=p)


def _axes_from_gcrf(world: World, frame: Frame, epoch: Epoch) -> Rotation:
    if frame.axes == "tod":
        return world.orientation.tod_from_gcrf(epoch)
    if frame.axes == "moon-equator":
        return moon_equator_from_gcrf(epoch)
    for body in BODIES:
        if frame.axes in axes_of(body):
            return fixed_from_gcrf(world, body, frame.axes, epoch)
    known = ["gcrf", "tod", "moon-equator", *(a for body in BODIES for a in axes_of(body))]
    raise UnknownNameError(
        f"the axes of {frame} are not known to the world (a launch frame is turned by its maker)."
        f" {did_you_mean(frame.axes, known)}"
    )


def _turned(
    rotation: Rotation,
    r: NDArray[np.float64],
    v: NDArray[np.float64],
    covariance: NDArray[np.float64] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    r_to, v_to = rotation.velocity(r, v)
    if covariance is None:
        return r_to, v_to, None
    whole = np.zeros((6, 6))
    whole[:3, :3] = whole[3:, 3:] = rotation.matrix
    if rotation.rate is not None:
        x, y, z = rotation.rate
        whole[3:, :3] = -np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]]) @ rotation.matrix
    return r_to, v_to, whole @ covariance @ whole.T
