"""From where a spacecraft is onto a path near a libration orbit, with the least burn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cosmodrome.errors import SolverError
from cosmodrome.targets.libration import Arcs, correct, find, held, read_libration
from cosmodrome.world.bodies import BODIES
from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.targets.libration import Corrected
    from cosmodrome.world.world import World

EPOCH = Epoch.parse("2027-03-01T00:00Z")
APART_M = 1e6


@pytest.fixture(scope="module")
def path(shipped_world: World) -> Corrected:
    design = find(read_libration("halo sun-earth l2 az 350000 km"))
    return correct(design, EPOCH, 2, shipped_world)


def arcs_and_guess(path: Corrected, world: World) -> tuple[Arcs, NDArray[np.float64]]:
    times = np.round(np.arange(11) * path.design.period_s / 7.0 * 1e9) / 1e9
    guess = path.path.columns_at(times)[:, :6].copy()
    return Arcs(path.dynamics, EPOCH, times, guess, world), guess


def lead(path: Corrected, world: World, off: NDArray[np.float64], burn: float = 0.01):
    arcs, guess = arcs_and_guess(path, world)
    guess[0] += off
    speed = APART_M * 2.0 * np.pi / path.design.period_s
    return arcs, guess, held(arcs, guess, burn_m_s=burn, place_m=APART_M, speed_m_s=speed)


def test_on_the_path_nothing_is_burnt(path: Corrected, shipped_world: World) -> None:
    _, _, found = lead(path, shipped_world, np.zeros(6))
    assert np.linalg.norm(found.burn_m_s) < 1e-6
    assert found.jump_m < 0.1


def test_off_the_path_the_burn_leads_back(path: Corrected, shipped_world: World) -> None:
    off = np.array([1e4, -2e4, 5e3, 0.05, 0.02, -0.01])
    _, guess, found = lead(path, shipped_world, off)
    assert found.jump_m < 0.1
    assert found.jump_m_s < 1e-7
    # the place is given, only the velocity is changed
    assert np.array_equal(found.states[0, :3], guess[0, :3])
    assert 0.005 < np.linalg.norm(found.burn_m_s) < 0.1
    # and the path stays as near as it began, where the flight without the burn leaves
    apart = np.linalg.norm(found.states[1:, :3] - guess[1:, :3], axis=1)
    assert apart.max() < 300e3
    arcs, y = found.arcs, guess[0]
    for k in range(10):
        y = arcs.arc(k, y).end_state[:6]
    assert np.linalg.norm(y[:3] - guess[10, :3]) > 20.0 * apart.max()


def test_no_smaller_burn_along_it_does(path: Corrected, shipped_world: World) -> None:
    """The burn is the least: half of it leaves the flight to depart, as twice of it does."""
    off = np.array([1e4, -2e4, 5e3, 0.05, 0.02, -0.01])
    arcs, guess, found = lead(path, shipped_world, off)
    ends = []
    for share in (0.5, 1.0, 2.0):
        y = guess[0].copy()
        y[3:] += share * found.burn_m_s
        for k in range(10):
            y = arcs.arc(k, y).end_state[:6]
        ends.append(float(np.linalg.norm(y[:3] - guess[10, :3])))
    assert ends[1] < 0.1 * min(ends[0], ends[2])


def test_an_arc_by_another_integrator(path: Corrected, shipped_world: World) -> None:
    """DOP853 over point masses of DE440 meets the second cut within metres."""
    arcs, _, found = lead(path, shipped_world, np.zeros(6))
    names = ("sun", "moon", "venus", "mars", "jupiter")
    eph = shipped_world.ephemeris

    def rates(t: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
        r = y[:3]
        a = -BODIES["earth"].mu_m3_s2 * r / np.linalg.norm(r) ** 3
        for name in names:
            s = eph.positions_m(name, EPOCH, np.array([t]))[0]
            d = s - r
            mu = BODIES[name].mu_m3_s2
            a = a + mu * (d / np.linalg.norm(d) ** 3 - s / np.linalg.norm(s) ** 3)
        return np.concatenate([y[3:], a])

    out = solve_ivp(
        rates, (0.0, float(arcs.times[1])), found.states[0], method="DOP853", rtol=1e-11, atol=1e-4
    )
    assert np.linalg.norm(out.y[:3, -1] - found.states[1, :3]) < 5.0


def test_what_is_too_far_off_is_told(path: Corrected, shipped_world: World) -> None:
    off = np.array([0.0, 0.0, 0.0, 900.0, 900.0, 0.0])
    with pytest.raises(SolverError, match="begin nearer to the orbit"):
        lead(path, shipped_world, off, burn=1e-6)
