"""Small impulses: what a firing of thrusters does to a state, at one instant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.maths.vectors import cross

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.formats.impulses import Impulse
    from cosmodrome.mission.nouns import CraftEngine, Spacecraft
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

__all__ = ["basis_of", "fired", "kick_of", "lost_kg", "thrusters_of"]


def basis_of(axes: str, r_m: Array, v_m_s: Array, equator: Array) -> Array:
    """The axes of a burn as rows (..., 3, 3) in GCRF, at places and velocities (..., 3).

    axes     of mission.steps.AXES
    equator  (3, 3) from GCRF, as `transfer.burn.equator_axes` gives it for these axes
    """
    if axes in ("gcrf", "tod", "moon-equator"):
        fixed = np.eye(3) if axes == "gcrf" else equator
        return np.broadcast_to(fixed, (*r_m.shape, 3))
    h = cross(r_m, v_m_s)
    normal = h / np.linalg.norm(h, axis=-1, keepdims=True)
    first = r_m if axes == "rtn" else v_m_s
    first = first / np.linalg.norm(first, axis=-1, keepdims=True)
    # (radial, transverse, normal) and (velocity, normal, their product)
    second = cross(normal, first) if axes == "rtn" else normal
    return np.stack([first, second, cross(first, second)], axis=-2)


def thrusters_of(craft: Spacecraft) -> CraftEngine:
    """What a spacecraft gives small impulses with. Raises InputError where it has none."""
    if craft.thrusters is None:
        raise InputError(
            f"{craft.id} has no thrusters to give impulses with; write thrusters: {{thrust: 0.9 N,"
            " isp: 220 s}} and propellant under spacecraft"
        )
    return craft.thrusters


def lost_kg(impulse: Impulse, thrusters: CraftEngine) -> float:
    """What a firing takes out of the tank, kg: the flow of a thruster for as long as they were
    open. It is more than impulse over exhaust velocity where thrusters work against each other."""
    return impulse.on_time_s * thrusters.flow_kg_s


def kick_of(
    impulse: Impulse, axes: str, r_m: Array, v_m_s: Array, mass_kg: float, lost: float
) -> Array:
    """(3,) velocity change in GCRF, m/s: the impulse over the mean of the masses before and after
    a firing that takes `lost` kg (Tsiolkovsky's to the third order of lost / mass_kg)."""
    given = np.asarray(impulse.impulse_ns, dtype=np.float64)
    kick: Array = given @ basis_of(axes, r_m, v_m_s, np.eye(3)) / (mass_kg - 0.5 * lost)
    return kick


def fired(state: State, impulse: Impulse, axes: str, thrusters: CraftEngine) -> State:
    """The state after a firing, in GCRF's axes about any body; place and instant stay.

    Raises InputError for a firing that takes more than the spacecraft weighs.
    """
    lost = lost_kg(impulse, thrusters)
    if lost >= state.mass_kg:
        raise InputError(
            f"the impulse of {impulse.epoch.utc(3)} takes {lost:.6g} kg in {impulse.on_time_s:g} s"
            f" and the whole spacecraft weighs {state.mass_kg:.6g} kg; is its time open in s?"
        )
    kick = kick_of(impulse, axes, state.r_m, state.v_m_s, state.mass_kg, lost)
    return replace(state, v_m_s=state.v_m_s + kick, mass_kg=state.mass_kg - lost)
