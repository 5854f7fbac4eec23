"""Orbits that the tests of the propagator start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = Epoch.from_utc("2024-03-18T05:41:46Z")
DAY = 86_400.0


def orbit(
    q_m: float,
    e: float = 0.0,
    i_deg: float = 0.0,
    node_deg: float = 0.0,
    argument_deg: float = 0.0,
    anomaly_deg: float = 0.0,
    *,
    centre: str = "earth",
    mass_kg: float = 1_000.0,
    epoch: Epoch = EPOCH,
) -> State:
    """Osculating conic by its pericentre distance, any e >= 0 (Montenbruck & Gill 2000, 2.2)."""
    mu, p = body(centre).mu_m3_s2, q_m * (1.0 + e)
    i, node, w, f = np.radians([i_deg, node_deg, argument_deg, anomaly_deg])
    n = np.array([np.cos(node), np.sin(node), 0.0])
    m = np.array([-np.sin(node) * np.cos(i), np.cos(node) * np.cos(i), np.sin(i)])
    P, Q = np.cos(w) * n + np.sin(w) * m, -np.sin(w) * n + np.cos(w) * m
    r = p / (1.0 + e * np.cos(f)) * (np.cos(f) * P + np.sin(f) * Q)
    v = np.sqrt(mu / p) * (-np.sin(f) * P + (e + np.cos(f)) * Q)
    return State(epoch, gcrf(centre), r, v, mass_kg)


def shifted(state: State, dy: NDArray[np.float64]) -> State:
    """The same with (6,) added to place and velocity."""
    return State(state.epoch, state.frame, state.r_m + dy[:3], state.v_m_s + dy[3:], state.mass_kg)


def seven(state: State) -> NDArray[np.float64]:
    """Place, velocity, mass as the core takes them."""
    return np.array([*state.r_m, *state.v_m_s, state.mass_kg])


LEO = orbit(6_878e3, 0.001, 97.4, 40.0, 70.0)
GTO = orbit(6_778e3, 0.7273, 27.0, 10.0, 178.0, 30.0)
MOLNIYA = orbit(6_978e3, 0.737, 63.4, 100.0, 270.0)
GEO = orbit(42_164e3, 0.0002, 0.05, 30.0)
HYPERBOLA = orbit(6_678e3, 1.4, 40.0, 10.0, 20.0, -60.0)
LOW_LUNAR = orbit(1_837.4e3, 0.001, 88.0, 20.0, 40.0, centre="moon")
