"""Time and self-consistency of the propagator: python -m bench.propagation.own

For each case: CPU time of the tables and of the core (best of several), segments, full-field
evaluations, and the largest distance on the path from a run with 48 nodes and a thousandth of the
tolerance.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.solvers import core
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

MU = 3.986004415e14
EPOCH = Epoch.from_utc("2027-03-01T05:41:46Z")
T = TypeVar("T")

AIR = {"drag": "nrlmsise00", "drag_area_m2": 12.0}
LIGHT = {"radiation_pressure": True, "srp_area_m2": 12.0}
# name: semi-major axis, eccentricity, inclination, days, forces
CASES = {
    "LEO 820 km 70x70, all forces, 1 day": (
        7.198e6,
        0.001,
        98.7,
        1,
        Dynamics.earth(**AIR, **LIGHT),
    ),
    "LEO 820 km 70x70, Sun, Moon, 1 day": (7.198e6, 0.001, 98.7, 1, Dynamics.earth()),
    "LEO 820 km 20x20, light, 1 day": (7.198e6, 0.001, 98.7, 1, Dynamics.earth(20, 20, **LIGHT)),
    "LEO 820 km 150x150, Sun, Moon, 1 day": (7.198e6, 0.001, 98.7, 1, Dynamics.earth(150, 150)),
    "GTO 20x20, light, 10 days": (2.44e7, 0.72, 6.0, 10, Dynamics.earth(20, 20, **LIGHT)),
    "GEO 20x20, light, 10 days": (4.2164e7, 1e-4, 0.1, 10, Dynamics.earth(20, 20, **LIGHT)),
}


def best(f: Callable[[], T], runs: int) -> tuple[float, T]:
    """Smallest CPU time in ms, and the result."""
    times = []
    for _ in range(runs):
        before = time.process_time()
        result = f()
        times.append(time.process_time() - before)
    return 1e3 * min(times), result


def main() -> None:
    world = World.shipped()
    print(f"SIMD level {core.simd_level()}")
    heads = ("tables", "core", "+events", "segments", "full", "error")
    print(f"{'case':38}" + "".join(f" {x:>8}" for x in heads))
    for name, (a, e, inclination, days, forces) in CASES.items():
        i, span = np.radians(inclination), days * 86_400.0
        r, v = a * (1 - e), np.sqrt(MU / a * (1 + e) / (1 - e))
        state = State(EPOCH, GCRF, [r, 0, 0], [0, v * np.cos(i), v * np.sin(i)], 2900.0)
        y0 = np.concatenate([state.r_m, state.v_m_s, [state.mass_kg]])
        tables, setting = best(lambda s=state, f=forces, d=span: set_up(s, f, d, world), 3)

        def fly(
            search: core.Search = core.Search(),  # noqa: B008 - frozen
            settings: core.Settings = core.Settings(),  # noqa: B008 - frozen
            model: core.Model = setting.model,
            y0: np.ndarray = y0,
            span: float = span,
        ) -> core.CorePath:
            return core.propagate(model, y0, 0.0, span, search, settings)

        plain, path = best(fly, 7)
        events, _ = best(lambda f=fly: f(core.Search(True, True, True, True)), 5)
        fine = fly(settings=core.Settings(48, 1e-9))
        t = np.random.default_rng(0).uniform(0.0, span, 3000)
        places = [
            Trajectory(EPOCH, GCRF, p.breaks_s, p.coefficients).columns_at(t)[:, :3]
            for p in (path, fine)
        ]
        error = np.linalg.norm(places[0] - places[1], axis=1).max()
        print(
            f"{name:38} {tables:5.1f} ms {plain:5.1f} ms {events:5.1f} ms"
            f" {path.counts['segments']:8d} {path.counts['full']:6d} {error:7.1e} m"
        )


if __name__ == "__main__":
    main()
