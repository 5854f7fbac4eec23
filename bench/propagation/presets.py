"""What each preset leaves out: python -m bench.propagation.presets

Largest distance over a day from the preset that is most complete for the orbit, in metres; the
table is docs/propagation.md's. Solar and geomagnetic activity are fixed: it can be made again.
"""

from __future__ import annotations

import numpy as np

from cosmodrome.dynamics import Drag, Radiation, preset, propagate
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.world.bodies import body
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from cosmodrome.world.world import World

EPOCH = Epoch.from_utc("2024-03-15T00:00:00Z")
AIR = Drag(10.0, 2.2, space_weather=SpaceWeather(150.0, 150.0, 8.0))
LIGHT = Radiation(10.0, 1.3)
# name: centre, periapsis height km, e, inclination deg, reference, presets
ORBITS = {
    "400 km, 51.6 deg": ("earth", 400.0, 0.001, 51.6, "precise", ("two-body", "fast", "standard")),
    "800 km, 98.6 deg": ("earth", 800.0, 0.001, 98.6, "precise", ("two-body", "fast", "standard")),
    "GTO 250 km": ("earth", 250.0, 0.728, 6.0, "precise", ("two-body", "fast", "standard")),
    "geostationary": ("earth", 35786.0, 0.0001, 0.1, "precise", ("two-body", "fast", "standard")),
}


def main() -> None:
    world = World.shipped()
    t = np.linspace(0.0, 86_400.0, 289)
    print(f"{'orbit':20}" + "".join(f"{n:>12}" for n in ("two-body", "fast", "standard")))
    for name, (centre, height, e, inclination, reference, others) in ORBITS.items():
        figure = body(centre)
        r, i = figure.figure_m + 1e3 * height, np.radians(inclination)
        v = np.sqrt(figure.mu_m3_s2 * (1.0 + e) / r)
        start = State(
            EPOCH, gcrf(centre), [r, 0.0, 0.0], [0.0, v * np.cos(i), v * np.sin(i)], 1000.0
        )

        def path(which: str, start: State = start) -> np.ndarray:
            full = which in ("standard", "precise")
            forces = preset(which, **({"drag": AIR, "radiation": LIGHT} if full else {}))
            return propagate(start, forces, 86_400.0, world=world, dense=False, times=t).samples

        want = path(reference)[:, :3]
        row = [np.linalg.norm(path(o)[:, :3] - want, axis=1).max() for o in others]
        print(f"{name:20}" + "".join(f"{x:12.3g}" for x in row))


if __name__ == "__main__":
    main()
